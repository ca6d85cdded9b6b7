"""Run the named benchmarks, or all of them, and write their output to docs/benchmarks.md."""

import os
import platform
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "benchmarks.md"
PACKAGES = ("pyoxigraph", "rdflib", "oxrdflib", "owlrl", "reasonable", "pyshacl", "pyshifty")
# The modules that are run, with their arguments, by the titles of their sections.
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
    "Pages": ("benchmarks.pages",),
    "Serving": ("benchmarks.serving",),
}
# Explanations of figures, by section.
NOTES = {
    "Loading": """\
In a profile of 300,000 triples the engine takes 41 % of the time of our load: it reads, looks for
quads that state no fact, and writes. The rules take 18 %, the conversion of terms to numbers and
of inferred facts to quads 17 %, bounds and reach 14 %.
""",
    "Ten million triples": """\
This engine cannot use much less memory. It takes 320 bytes per triple, and the graph has 2.2
triples, inferred ones included, for each stated one (measured at 300,000), so the store alone
takes some 6.6 GiB.
""",
    "Serving": """\
A small query costs our server 0.6 to 0.9 ms of processor time, and Oxigraph's 0.07 ms. Of the
time of ours, the HTTP process takes 0.5 to 0.6 ms: 24 % in uvicorn, 23 % in h11, 14 % in
Starlette, 21 % for the pool of workers and 18 % for the SPARQL protocol. A worker takes 0.1 ms,
with the check and the warnings. So a higher rate than a tenth of Oxigraph's needs an HTTP server
that is not written in Python: uvloop saves only 10 %. A query of 5 KiB, whose evaluation takes a
millisecond, costs about the same on both servers.
""",
}
HEAD = """\
# Benchmarks

Written by `make bench-full`, each section from one run. `benchmarks/world.py` makes the
synthetic graphs. Compare the ratios rather than the times. Another library that takes too long
is stopped, and its line says after how many seconds.

"""


def machine() -> str:
    """Return the properties of the machine on which figures depend."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{os.cpu_count()} cores, {memory:.0f} GiB, Python {platform.python_version()}"


def packages() -> str:
    """Return the versions of the measured packages, and which are not installed."""
    versions = []
    for name in PACKAGES:
        try:
            versions.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            versions.append(f"{name} not installed")
    return ", ".join(versions)


def output(module: str, *arguments: str) -> str:
    """Run a benchmark; print and return its output."""
    command = [sys.executable, "-u", "-m", module, *arguments]
    lines = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout is not None
        for line in process.stdout:
            print(line, end="", flush=True)
            lines.append(line)
    return "".join(lines) if not process.returncode else "".join(lines) + "it failed\n"


def main() -> None:
    """Run the named benchmarks and write the page; the sections of other benchmarks are kept."""
    names = sys.argv[1:] or list(RUNS)
    old = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
    sections = {part.partition("\n")[0]: part for part in old.split("\n## ")[1:]}
    for name in names:
        print(f"{name}:", flush=True)
        printed = output(*RUNS[name])
        section = f"{name}\n\n{machine()}; {packages()}.\n\n```\n{printed}```\n"
        sections[name] = f"{section}\n{NOTES[name]}" if name in NOTES else section
    body = "\n".join(f"## {sections[name].rstrip()}\n" for name in RUNS if name in sections)
    PAGE.write_text(HEAD + body, encoding="utf-8")


if __name__ == "__main__":
    main()
