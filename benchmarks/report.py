"""Run the benchmarks named, or all, and write what they print to docs/benchmarks.md."""

import os
import platform
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "benchmarks.md"
PACKAGES = ("pyoxigraph", "rdflib", "oxrdflib", "owlrl", "reasonable", "pyshacl", "pyshifty")
# What is run, in this order, with its arguments.
RUNS = {
    "Commands": ("benchmarks",),
    "Loading": ("benchmarks.loading",),
    "Ten million triples": ("benchmarks.loading", "10000000"),
    "Stored queries": ("benchmarks.queries",),
    "Names and texts": ("benchmarks.asking",),
    "Inference": ("benchmarks.inference",),
    "Validation": ("benchmarks.validation",),
    "Ten thousand rows": ("benchmarks.missions",),
    "Exports": ("benchmarks.exports",),
    "Serving": ("benchmarks.serving",),
}
HEAD = """\
# Benchmarks

Written by `make bench-full`, each section from one run, on worlds that `benchmarks/world.py` makes
up. Trust the ratios. A peer is waited for a minute at most; where it took longer the line says so.

"""


def machine() -> str:
    """Tell of the machine what its figures depend on."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{os.cpu_count()} cores, {memory:.0f} GiB, Python {platform.python_version()}"


def packages() -> str:
    """List the versions of what is measured, and what is not here and so was not."""
    told = []
    for name in PACKAGES:
        try:
            told.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            told.append(f"{name} not installed")
    return ", ".join(told)


def output(module: str, *arguments: str) -> str:
    """Run a benchmark, show what it prints, and return it."""
    command = [sys.executable, "-u", "-m", module, *arguments]
    lines = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout is not None
        for line in process.stdout:
            print(line, end="", flush=True)
            lines.append(line)
    return "".join(lines) if not process.returncode else "".join(lines) + "it failed\n"


def main() -> None:
    """Run what is named and write the page; what was not run keeps its section."""
    names = sys.argv[1:] or list(RUNS)
    old = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
    sections = {part.partition("\n")[0]: part for part in old.split("\n## ")[1:]}
    for name in names:
        print(f"{name}:", flush=True)
        told = output(*RUNS[name])
        sections[name] = f"{name}\n\n{machine()}; {packages()}.\n\n```\n{told}```\n"
    body = "\n".join(f"## {sections[name].rstrip()}\n" for name in RUNS if name in sections)
    PAGE.write_text(HEAD + body, encoding="utf-8")


if __name__ == "__main__":
    main()
