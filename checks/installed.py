"""Run the tests against a built wheel, in a fresh environment without the package's sources.

python checks/installed.py WHEEL            all tests, with the pinned versions
python checks/installed.py WHEEL --lowest   a fifth of the quick tests, with the lowest versions
"""

import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path


def lowest(pins: str) -> str:
    """Return the pins with each declared requirement at its lower bound."""
    project = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = [project["dependencies"], *project["optional-dependencies"].values()]
    bounds = dict(requirement.split(">=") for group in declared for requirement in group)
    kept = [pin for pin in pins.splitlines() if pin.split("==")[0] not in bounds]
    return "\n".join([*kept, *(f"{name}=={bound}" for name, bound in bounds.items())])


def main(wheel: str, *options: str) -> int:
    """Install the wheel in a folder that has the tests but not the sources, and run the tests."""
    pins = Path("constraints.txt").read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory(prefix="relations-kg ") as name:
        place = Path(name)
        # One test reads a store as another user, who has to read the package too.
        place.chmod(0o755)
        (place / "constraints.txt").write_text(lowest(pins) if "--lowest" in options else pins)
        for folder in ("benchmarks", "checks", "docs", "tests"):
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(folder, place / folder, ignore=ignored)
        for file in (
            "pyproject.toml",
            "README.md",
            "CHANGELOG.md",
            "CITATION.cff",
            "CONTRIBUTING.md",
            "Makefile",
        ):
            shutil.copy(file, place)
        subprocess.run([sys.executable, "-m", "venv", place / "venv"], check=True)
        surroundings = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}

        def python(*arguments: str) -> int:
            command = [str(place / "venv/bin/python"), *arguments]
            return subprocess.run(command, cwd=place, env=surroundings).returncode

        # The extra `fast` replaces pyshacl by pyshifty, so each SHACL engine is used in one run.
        extras = "frames,serve,tables,test" + (",fast" if "--lowest" in options else "")
        package = f"{Path(wheel).resolve()}[{extras}]"
        # The tests import few of the installed modules, so pip need not compile all of them.
        quick = ("--quiet", "--no-compile")
        if python("-m", "pip", "install", *quick, "-c", "constraints.txt", package):
            return 1
        failed = python("-m", "pip", "check")
        (modules,) = place.glob("venv/lib/python*/site-packages/relations_kg")
        selected = ["-m", "not slow", "--fifth"] if "--lowest" in options else ["-m", ""]
        # An idle worker takes over tests of another worker, so that all are busy until the end.
        tests = ["-q", "-n", "auto", "--dist", "worksteal", *selected, "tests", str(modules)]
        return python("-m", "pytest", *tests) or failed


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
