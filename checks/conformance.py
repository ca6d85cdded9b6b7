"""Hold what validation finds by the shapes against SHACL processors that check them all at once.

python checks/conformance.py                    the good and bad files of the tests
python checks/conformance.py FILE…              these files
python checks/conformance.py --seed 1           files with mistakes planted by chance too
python checks/conformance.py --write FILE       and write the page docs/conformance.md as FILE

Each processor is given the graph together with a file and finds what it finds, taking seconds;
that has to be what validation finds, which looks only where the file can have broken something.
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from functools import cache
from pathlib import Path
from typing import NamedTuple

import relations_kg as rk
from relations_kg.rdf.namespaces import shorten

sys.path.insert(0, "tests")

from processors import Broken, ours, processors, seen

PAGE = """\
# Conformance

`relations-kg validate` shares its work: a SHACL processor checks the Core constraints of the
things in a file, the graph's own engine the constraints in SPARQL, and only where the file can
have broken something. So each file is checked once more by SHACL processors that know nothing of
this: they get the whole graph with the file, and all the shapes. A file agrees if both sides find
the same rules broken by the same things.

Written on {day} by `make check-full` from {files} files: {corpus}.
Other readers take nothing from {unread} of them, for a mistake of syntax or the like. In the
{compared} that are left {found} rules are broken, {rules} different ones.

| processor | version | files that agree | found by it alone | found by us alone |
|---|---|--:|--:|--:|
{rows}

The versions are pinned in `constraints.txt`. pyshifty says only of which shape a constraint in
SPARQL is, so there the shapes are compared.

## Known differences

- In a constraint in SPARQL, pyshifty does not take an IRI and a text for different. We only ask it
  for Core constraints.
- Values that cannot be compared break `sh:lessThanOrEquals` by the standard, for pyshifty and
  TopBraid. pyshacl compares some of them, and stops at others, such as `"seven"^^xsd:integer` and
  a number: there the comparison is left out. That something is wrong with the value, all say.
- pyshacl takes `1_000` and the digits of any script for integers, and `1e3` for a decimal. Our
  reader finds these before any shape does.
- The `$` of a pattern also comes before a line end that is last for Python and Java, not for the
  standard and pyshifty. We tell pyshacl so.

{differences}"""


class Comparison(NamedTuple):
    """Hold what we found in a file, and what each processor found alone and left to us alone.

    There are no processors for a file that other readers take nothing from.
    """

    file: Path
    found: set[Broken]
    differences: dict[str, tuple[set[Broken], set[Broken]]]


@cache
def graph() -> rk.Graph:
    """Load the bundled graph, once a process."""
    return rk.load()


def compare(file: Path) -> Comparison:
    """Check one file with everything."""
    facts = seen(file)
    if facts is None:
        return Comparison(file, set(), {})
    found = ours(graph(), file)
    return Comparison(file, found, {p.name: p.differences(facts, found) for p in processors()})


def planted(seed: int, folder: Path) -> list[Path]:
    """Write the files with one mistake each that a seed gives."""
    from mutations.corpus import corpus

    files = [(folder / f"{case.name}{case.suffix}", case.text) for case in corpus(seed)]
    for path, text in files:
        path.write_text(text, encoding="utf-8")
    return [path for path, _ in files]


def rows(compared: Sequence[Comparison]) -> str:
    """Write the table, a line for each processor."""
    lines = []
    for processor in processors():
        sides = [comparison.differences[processor.name] for comparison in compared]
        agreeing = sum(not theirs and not ours for theirs, ours in sides)
        alone = [sum(len(side[index]) for side in sides) for index in (0, 1)]
        share = f"{agreeing} of {len(sides)}"
        lines.append(
            f"| {processor.name} | {processor.version} | {share} | {alone[0]} | {alone[1]} |"
        )
    return "\n".join(lines)


def differences(compared: Iterable[Comparison]) -> list[str]:
    """List each difference: the file, who found it alone, the rule and what broke it."""
    return [
        f"- {comparison.file.stem}: {who} {alone} finds {shorten(rule)} broken by {shorten(thing)}"
        for comparison in compared
        for name, sides in comparison.differences.items()
        for who, alone, side in zip(
            (name, "validate"), ("alone", f"but not {name}"), sides, strict=True
        )
        for rule, thing in sorted(side)
    ]


def page(done: Sequence[Comparison], corpus: str, day: str) -> str:
    """Write the page."""
    compared = [comparison for comparison in done if comparison.differences]
    listed = differences(compared)
    return (
        PAGE.format(
            day=day,
            files=len(done),
            corpus=corpus,
            unread=len(done) - len(compared),
            compared=len(compared),
            found=sum(len(comparison.found) for comparison in compared),
            rules=len({rule for comparison in compared for rule, _ in comparison.found}),
            rows=rows(compared),
            differences="\n".join(["## Differences in these files", "", *listed, ""])
            if listed
            else "",
        ).rstrip()
        + "\n"
    )


def main() -> int:
    """Compare all files, print the page, and fail if there is a difference."""
    parser = argparse.ArgumentParser(description="Hold validate against SHACL processors.")
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--seed", type=int)
    parser.add_argument("--date", default=date.today().isoformat())
    parser.add_argument("--write", type=Path)
    parser.add_argument("--processes", type=int, default=min(2, os.cpu_count() or 1))
    options = parser.parse_args()
    files = options.files or sorted(
        path for kind in ("bad", "good") for path in Path("tests/facts", kind).iterdir()
    )
    corpus = (
        f"{len(files)} that are named" if options.files else "the good and the bad of the tests"
    )
    with tempfile.TemporaryDirectory() as place:
        if options.seed is not None:
            files += planted(options.seed, Path(place))
            corpus += f", and those with mistakes planted by chance, of seed {options.seed}"
        with ProcessPoolExecutor(options.processes) as pool:
            done = list(pool.map(compare, files))
    text = page(done, corpus, options.date)
    print(text, end="")
    if options.write:
        options.write.write_text(text, encoding="utf-8")
    return 1 if differences(done) else 0


if __name__ == "__main__":
    sys.exit(main())
