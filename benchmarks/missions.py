"""The benchmark of importing a table of ten thousand generated missions.

Each step from the rows to a store is a command in a process of its own. Its time, processor time
and peak memory are printed. `python -m benchmarks.missions 10000 missions.csv` only writes the
table.
"""

import csv
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from pathlib import Path
from random import Random

ROWS, STATES, CITIES, TWENTY = 10_000, 200, 4, 20
HEADINGS = ("kind", "sender", "receiver", "seat", "opened")
_SYLLABLES = [first + last for first in "bdfgklmnprstvz" for last in "aeiou"][:37]


@dataclass(frozen=True)
class Run:
    """The seconds, the processor seconds and the peak memory in MiB of a process."""

    wall: float
    processor: float
    memory: float


def name(number: int) -> str:
    """Return one of 1,332 names, any two of which agree in at most one of their five syllables."""
    size = len(_SYLLABLES)
    slope, start = divmod(size + number, size)
    return "".join(_SYLLABLES[(start + slope * place) % size] for place in range(5)).capitalize()


def missions(rows: int, seed: int = 1) -> Iterator[tuple[str, ...]]:
    """Yield the rows of a table of missions, the same for the same seed."""
    random = Random(seed)
    states = range(STATES)
    pairs = [(one, other) for one in states for other in states if one != other]
    random.shuffle(pairs)
    for number in range(rows):
        # The first row of four pairs in five is an embassy in the capital. That of the fifth, and
        # all further rows of a pair, are consulates-general in other cities.
        turn, index = divmod(number, len(pairs))
        sender, receiver = pairs[index]
        city = turn or (number % 5 == 0) * random.randrange(1, CITIES)
        opened = date(1900, 1, 1) + timedelta(days=random.randrange(45_000))
        seat = STATES + receiver * CITIES + city
        kind = "consulate-general" if city else "embassy"
        when = str(opened)[: random.choice((4, 7, 10))]
        yield kind, name(sender), name(receiver), name(seat), when


def write(path: Path, rows: Iterator[tuple[str, ...]]) -> Path:
    """Write rows below the headings of the form, and return the path."""
    with open(path, "w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEADINGS, *rows])
    return path


def run(*words: str | Path, output: Path, good: tuple[int, ...] = (0,)) -> Run:
    """Run Python with its output in a file, and measure it; raise RuntimeError if it fails."""
    start = time.perf_counter()
    with open(output, "wb") as file:
        streams = [(os.POSIX_SPAWN_DUP2, file.fileno(), stream) for stream in (1, 2)]
        command = [sys.executable, *map(str, words)]
        process = os.posix_spawn(sys.executable, command, os.environ, file_actions=streams)
        _, status, usage = os.wait4(process, 0)
    if os.waitstatus_to_exitcode(status) not in good:
        raise RuntimeError(f"{command}: {output.read_text(encoding='utf-8')[:2_000]}")
    wall = time.perf_counter() - start
    return Run(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def main() -> None:
    """Run the benchmark and print a line for each step, or only write a table."""
    if sys.argv[1:]:
        write(Path(sys.argv[2]), missions(int(sys.argv[1])))
        return
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        table = write(folder / "missions.csv", missions(ROWS))
        new = write(folder / "twenty.csv", islice(missions(ROWS + TWENTY), ROWS, None))
        # The next version of the table has the same name and lacks its first rows.
        (folder / "next").mkdir()
        later = write(folder / "next" / "missions.csv", islice(missions(ROWS), TWENTY, None))
        newer = folder / "next" / "missions.ttl"
        facts, store, output = folder / "missions.ttl", folder / "store", folder / "output"
        relations = (Path(sys.executable).with_name("relations-kg"),)
        steps: dict[str, tuple[str | Path, ...]] = {
            "import": (*relations, "import", table, "-o", facts),
            "validate": (*relations, "validate", facts),
            "load and infer": ("-c", f"import relations_kg as rk; rk.load({str(facts)!r})"),
            "make a store": (*relations, "info", "--facts", facts, "--store", store),
            "import 20 rows": (*relations, "import", new, "--store", store),
            "next version": (*relations, "import", later, "-o", newer),
            "diff": (*relations, "diff", facts, newer, "--without", "provenance"),
            "export of one": (*relations, "export", "--of", name(0), "--store", store),
            "of the bundled": (*relations, "export", "--of", "peru"),
        }
        print(f"{ROWS:,} missions of {STATES} states")
        for step, words in steps.items():
            took = run(*words, output=output, good=(0, 1) if step == "diff" else (0,))
            print(
                f"  {step:<15} {took.wall:6.2f} s, {took.processor:6.2f} s of processors, "
                f"at most {took.memory:5.0f} MiB",
                flush=True,
            )
        print(f"  the file of facts has {facts.stat().st_size / 2**20:.1f} MiB")


if __name__ == "__main__":
    main()
