"""Compare the findings of validation with those of SHACL processors that check the whole graph.

python checks/conformance.py                    the good and bad files of the tests
python checks/conformance.py FILE…              these files
python checks/conformance.py --seed 1           also files with randomly planted mistakes
python checks/conformance.py --write FILE       also write the page docs/conformance.md to FILE

Each processor gets the graph together with a file and checks everything, which takes seconds. The
result must equal that of validation, which checks only what the file can have broken.
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

`relations-kg validate` divides its work. A SHACL processor checks the Core constraints, and the
graph's own engine checks the SPARQL constraints, both only where a file can have broken
something. This page compares the result with SHACL processors that know nothing of this division:
they check the whole graph, together with the file, against all shapes. A file agrees if both
sides report the same rules violated by the same things.

`make check-full` wrote this page on {day} from {files} files: {corpus}. Other RDF parsers read no
facts from {unread} of them, for example because of a syntax error. In the other {compared},
{found} rules are violated, {rules} different ones.

| processor | version | files that agree | found only by it | found only by us |
|---|---|--:|--:|--:|
{rows}

The versions are pinned in `constraints.txt`. For a SPARQL constraint pyshifty reports only the
shape, so only the shapes are compared.

## Known differences

- In a SPARQL constraint, pyshifty takes an IRI and a text for equal. We use it for Core
  constraints only.
- Values that cannot be compared violate `sh:lessThanOrEquals` according to the standard, pyshifty
  and TopBraid. pyshacl compares some of them and stops at others, such as `"seven"^^xsd:integer`
  and a number; this comparison is left out. All of them report that the value is wrong.
- pyshacl accepts `1_000` and the digits of any script as integers, and `1e3` as a decimal. Our
  reader reports these before any shape is checked.
- In Python and Java, the `$` of a pattern also matches before a final line end; in the standard
  and in pyshifty it does not. We adapt the pattern for pyshacl.

{differences}"""


class Comparison(NamedTuple):
    """What validation found in a file, and what only a processor or only validation found.

    `differences` is empty for a file that cannot be read or loaded.
    """

    file: Path
    found: set[Broken]
    differences: dict[str, tuple[set[Broken], set[Broken]]]


@cache
def graph() -> rk.Graph:
    """Return the bundled graph, loaded once in each process."""
    return rk.load()


def compare(file: Path) -> Comparison:
    """Check one file with validation and with each processor."""
    facts = seen(file)
    if facts is None:
        return Comparison(file, set(), {})
    found = ours(graph(), file)
    return Comparison(file, found, {p.name: p.differences(facts, found) for p in processors()})


def planted(seed: int, folder: Path) -> list[Path]:
    """Write the files of the corpus of a seed, each with one mistake, and return their paths."""
    from mutations.corpus import corpus

    files = [(folder / f"{case.name}{case.suffix}", case.text) for case in corpus(seed)]
    for path, text in files:
        path.write_text(text, encoding="utf-8")
    return [path for path, _ in files]


def rows(compared: Sequence[Comparison]) -> str:
    """Return the lines of the table, one for each processor."""
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
    """Return the text of docs/conformance.md."""
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
    parser = argparse.ArgumentParser(description="Compare validation with SHACL processors.")
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--seed", type=int)
    parser.add_argument("--date", default=date.today().isoformat())
    parser.add_argument("--write", type=Path)
    parser.add_argument("--processes", type=int, default=min(2, os.cpu_count() or 1))
    options = parser.parse_args()
    files = options.files or sorted(
        path for kind in ("bad", "good") for path in Path("tests/facts", kind).iterdir()
    )
    corpus = f"{len(files)} named files" if options.files else "the good and bad files of the tests"
    with tempfile.TemporaryDirectory() as place:
        if options.seed is not None:
            files += planted(options.seed, Path(place))
            corpus += f", and files with randomly planted mistakes, seed {options.seed}"
        with ProcessPoolExecutor(options.processes) as pool:
            done = list(pool.map(compare, files))
    text = page(done, corpus, options.date)
    print(text, end="")
    if options.write:
        options.write.write_text(text, encoding="utf-8")
    return 1 if differences(done) else 0


if __name__ == "__main__":
    sys.exit(main())
