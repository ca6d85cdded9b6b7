"""A corpus of files with one mistake each, and what validation reports about them.

`PYTHONPATH=tests python -m mutations.corpus SEED` validates the corpus of a seed and prints a
table of what was found by kind, with what was not.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple
from zlib import crc32

import relations_kg as rk
from mutations import known, shapes, syntax, typos, values
from mutations.bases import MUTATORS, Case, Span, Unfit, bases
from mutations.vocabulary import Vocabulary
from relations_kg.validation.findings import Finding

# Each module registers its mutators when it is imported.
PLANTERS = (typos, syntax, shapes, values, known)
# The mistakes that people make most often; a corpus has twice as many of these kinds.
TWICE = {
    "typo: class",
    "typo: property",
    "typo: individual as object",
    "missing property",
    "contradiction with what is known",
}


def corpus(seed: int, size: int = 330) -> list[Case]:
    """Return cases of all kinds in turn; the same seed gives the same cases."""
    good, vocabulary = list(bases()), Vocabulary()
    kinds = sorted(MUTATORS, key=lambda kind: (not kind.startswith("typo"), kind))
    turns = [kind for kind in kinds for _ in range(1 + (kind in TWICE))]
    cases: list[Case] = []
    texts = {base.text for base in good}
    counts: Counter[str] = Counter()
    while len(cases) < size:
        kind = turns[sum(counts.values()) % len(turns)]
        ways = MUTATORS[kind]
        way = ways[counts[kind] % len(ways)]
        turn = f"{seed}/{kind}/{counts[kind]}"
        counts[kind] += 1
        # The order depends on the names of the good files, so a new one changes few cases.
        for base in sorted(good, key=lambda base: crc32(f"{turn}/{base.path.name}".encode())):
            try:
                case = way(base, random.Random(f"{turn}/{base.path.name}"), vocabulary)
            except Unfit:
                continue
            if case and case.text not in texts:
                texts.add(case.text)
                name = f"{way.__name__}-{len(cases):03}-{base.path.stem}"
                cases.append(case._replace(name=name, kind=kind))
                break
    return cases


class Result(NamedTuple):
    """The findings of validation for a case.

    `right` are the findings that report the mistake on the right line; `exact` those of them
    that also underline the right term.
    """

    case: Case
    findings: Sequence[Finding]
    right: Sequence[Finding]
    exact: Sequence[Finding]

    @property
    def offered(self) -> bool:
        """Whether a finding suggests a right repair."""
        texts = [t for f in self.right for t in (f.help, f.fix and f.fix.text) if t]
        return any(repair in text for repair in self.case.repairs for text in texts)

    @property
    def first(self) -> bool:
        """Whether the first finding reports the mistake."""
        return bool(self.findings) and self.findings[0] in self.right

    @property
    def others(self) -> int:
        """The number of findings that report neither the mistake nor its consequences."""
        return len([finding for finding in causes(self.findings) if finding not in self.right])

    def __str__(self) -> str:
        found = [
            f"{f.line}:{f.column}-{f.end_column} {f.code} {f.help or ''}".strip()
            for f in self.findings[:4]
        ]
        more = f" and {len(self.findings) - 4} more" if len(self.findings) > 4 else ""
        return f"{self.case} repairs {self.case.repairs}; found {found or 'nothing'}{more}"


def causes(findings: Iterable[Finding]) -> list[Finding]:
    """Return the findings that are not marked as consequences of another one."""
    return [finding for finding in findings if finding.follows is None]


def judge(case: Case, findings: Iterable[Finding]) -> Result:
    """Compare the findings with the expected ones."""
    findings = [f for f in findings if f.severity != "info"]
    lines = {span.line for span in case.spans}
    right = [f for f in findings if f.line in lines and (not case.codes or f.code in case.codes)]
    exact = [f for f in right if Span(f.line or 0, f.column or 0, f.end_column or 0) in case.spans]
    return Result(case, findings, right, exact)


def results(kg: rk.Graph, cases: Iterable[Case], folder: Path) -> Iterator[Result]:
    """Validate each case as a file of its own."""
    for case in cases:
        path = folder / f"{case.name}{case.suffix}"
        path.write_text(case.text, encoding="utf-8")
        try:
            findings = kg.validate(path).findings
        except Exception as error:  # counts as finding nothing, and the other cases are still run
            findings = (Finding("error", type(error).__name__, str(error)),)
        yield judge(case, findings)


def main(seed: int, size: int) -> None:
    kg = rk.load()
    start = time.perf_counter()
    by_kind: dict[str, list[Result]] = defaultdict(list)
    with tempfile.TemporaryDirectory() as folder:
        for result in results(kg, corpus(seed, size), Path(folder)):
            by_kind[result.case.kind].append(result)
    print(f"{'kind':34} cases found exact offered first others")
    every = [result for results in by_kind.values() for result in results]
    for kind, some in [*sorted(by_kind.items()), ("all", every)]:
        repairable = [r for r in some if r.case.repairs]
        print(
            f"{kind:34} {len(some):5} {sum(bool(r.right) for r in some):5} "
            f"{sum(bool(r.exact) for r in some):5} "
            f"{sum(r.offered for r in repairable):3}/{len(repairable):3} "
            f"{sum(r.first for r in some):5} {sum(r.others for r in some):6}"
        )
    for result in every:
        wrong = not result.exact or not result.first or result.others > 3
        if wrong or (result.case.repairs and not result.offered):
            print(f"- {result}")
    print(f"{time.perf_counter() - start:.1f} s")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 330)
