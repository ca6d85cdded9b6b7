"""Tests of validation on files with random mistakes and with mistakes made by hand."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import pytest
from mutations.bases import MUTATORS, Case, unmarked
from mutations.corpus import Result, causes, corpus, results
from pyoxigraph import RdfFormat, parse

import relations_kg as rk

FACTS = Path(__file__).with_name("facts")
GOOD = sorted(FACTS.glob("good/*"))
BY_HAND = sorted(path for path in FACTS.glob("mistakes/*") if path.suffix != ".expect")
SEED, SIZE = 2026, 330


@pytest.fixture(scope="module")
def cases(pytestconfig: pytest.Config) -> list[Case]:
    """The first third of the corpus or, with `--whole`, all of it."""
    return corpus(SEED, SIZE if pytestconfig.getoption("--whole") else SIZE // 3)


@pytest.fixture(scope="module")
def judged(
    kg: rk.Graph, cases: list[Case], tmp_path_factory: pytest.TempPathFactory
) -> list[Result]:
    """The findings of validation for each case."""
    return list(results(kg, cases, tmp_path_factory.mktemp("mutations")))


def names(results: Iterable[Result]) -> set[str]:
    return {result.case.name for result in results}


@pytest.mark.slow
def test_each_third_of_the_corpus_has_each_kind_of_mistake(cases: list[Case]) -> None:
    kinds = [case.kind for case in cases]

    for start in range(0, len(cases), SIZE // 3):
        assert set(MUTATORS) == set(kinds[start : start + SIZE // 3])
    assert len({case.text for case in cases}) == len(cases)


@pytest.mark.slow
def test_a_seed_gives_the_same_corpus_again(cases: list[Case]) -> None:
    assert cases[:20] == corpus(SEED, 20) != corpus(SEED + 1, 20)


def test_marks_in_a_text_become_places() -> None:
    text, spans = unmarked("a \ue000b\ue001\n\ue000\ue001c")

    assert "a b\nc" == text
    assert [(1, 3, 4), (2, 1, 1)] == [tuple(span) for span in spans]


def among(judged: list[Result], wrong: set[str]) -> set[str]:
    """Return which of the cases that are known to be wrong were validated."""
    return wrong & names(judged)


# Cases of this seed that validation gets wrong. Remove a case once it is right.
ON_ANOTHER_LINE = {
    "missing_property_of_several-197-must-may-and-alleged",
    "of_class-114-motives-and-relatives",
    "order_of_dates-262-port-and-initiative",
}
NOT_UNDERLINED = {*ON_ANOTHER_LINE}
NO_REPAIR = {"of_class-114-motives-and-relatives"}
NOT_FIRST = {
    *ON_ANOTHER_LINE,
    "day_by_hand-132-states-formed-and-ended",
    "day_by_hand-246-counts-and-shares",
    "order_of_dates-034-mediation",
    "party_with_itself-162-rankings",
}
MANY_CONSEQUENCES = {"of_namespace-168-non-recognition", "of_namespace-225-missions-with-heads"}


@pytest.mark.slow
def test_every_mistake_is_found_on_its_line(judged: list[Result]) -> None:
    assert among(judged, ON_ANOTHER_LINE) == names(result for result in judged if not result.right)


@pytest.mark.slow
def test_the_term_that_is_wrong_is_underlined(judged: list[Result]) -> None:
    assert among(judged, NOT_UNDERLINED) == names(result for result in judged if not result.exact)


@pytest.mark.slow
def test_the_right_repair_of_a_typo_is_offered(judged: list[Result]) -> None:
    typos = [result for result in judged if result.case.kind.startswith("typo")]

    assert len(typos) > len(judged) / 6
    assert among(judged, NO_REPAIR) == names(result for result in typos if not result.offered)


@pytest.mark.slow
def test_the_mistake_comes_before_what_follows_from_it(judged: list[Result]) -> None:
    assert among(judged, NOT_FIRST) == names(result for result in judged if not result.first)


@pytest.mark.slow
def test_a_mistake_has_few_consequences(judged: list[Result]) -> None:
    assert among(judged, MANY_CONSEQUENCES) == names(
        result for result in judged if result.others > 3
    )
    assert sum(result.others for result in judged) <= 0.2 * len(judged)


def test_there_are_enough_files() -> None:
    assert len(GOOD) >= 50
    assert len(BY_HAND) >= 36
    assert {".ttl", ".trig", ".nt", ".nq", ".jsonld"} == {path.suffix for path in BY_HAND}


@pytest.mark.parametrize("file", BY_HAND, ids=lambda file: file.name)
def test_a_file_with_mistakes_gives_the_findings_it_expects_and_no_others(
    kg: rk.Graph, file: Path
) -> None:
    report = kg.validate(file)
    findings = causes(report.findings)
    found = [f"{f.pointer or f'{f.line}:{f.column}'} {f.code}" for f in findings]

    assert sorted(expected(file)) == sorted(found)
    assert list(parse(report.serialize("turtle").encode(), RdfFormat.TURTLE))


def expected(file: Path) -> list[str]:
    """Read the place and the code of each mistake: `11:22 class`, or `/@graph/0/@type class`."""
    if file.suffix == ".jsonld":
        return file.with_name(f"{file.name}.expect").read_text(encoding="utf-8").splitlines()
    return re.findall(r"(?m)^# expect: (.*)$", file.read_text(encoding="utf-8"))
