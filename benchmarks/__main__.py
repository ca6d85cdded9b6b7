"""The benchmark of commands and of load(), as ratios to `python -c pass`.

Each command is a process of its own. The wheel is built and installed in a fresh environment, and
the commands are timed in turn with the interpreter of this environment.
"""

import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parent.parent
RUNS = 21
COMMANDS = {
    "--help": ["--help"],
    "a stored query": ["query", "mission-history", "--sender", "peru"],
}


def installed(folder: Path) -> Path:
    """Install the project in a fresh environment, not editable; return its folder of commands."""
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    pip: list[str | Path] = [folder / "bin" / "python", "-m", "pip", "install", "--quiet"]
    subprocess.run([*pip, "-c", ROOT / "constraints.txt", ROOT], check=True)
    return folder / "bin"


def seconds(command: list[str | Path], output: Path) -> float:
    """Return the seconds that one run of a command takes."""
    with open(output, "wb") as file:
        start = time.perf_counter()
        subprocess.run(command, stdout=file, check=True)
        return time.perf_counter() - start


def main() -> None:
    """Run everything and print a line per figure."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        binaries = installed(folder / "venv")
        commands: dict[str, list[str | Path]] = {
            "python -c pass": [binaries / "python", "-c", "pass"],
            "load()": [binaries / "python", "-c", "import relations_kg; relations_kg.load()"],
            **{name: [binaries / "relations-kg", *words] for name, words in COMMANDS.items()},
        }
        times: dict[str, list[float]] = {name: [] for name in commands}
        for run in range(RUNS + 1):
            for name, command in commands.items():
                taken = seconds(command, folder / "output")
                if run:  # The first run only fills the caches.
                    times[name].append(taken)
    base = median(times["python -c pass"])
    print(f"median of {RUNS} interleaved runs, whole processes")
    for name, taken_all in times.items():
        low, middle, high = min(taken_all), median(taken_all), max(taken_all)
        print(
            f"{name:<16} {middle * 1e3:7.1f} ms  {middle / base:5.2f} × python -c pass"
            f"  (from {low * 1e3:.1f} to {high * 1e3:.1f} ms)"
        )


if __name__ == "__main__":
    main()
