"""Tests of the worked examples as tables: they give the facts that were written by hand."""

from pathlib import Path

import pytest
from pair_tables import LABEL, NAMES, PAIRS, by_hand, compare, costs, imported, lines_of_a_fact

import relations_kg as rk

# The maximum number of lines per fact: its row in a table, and its share of the gists of passages.
MOST_LINES = 3


@pytest.mark.slow
@pytest.mark.parametrize(
    "pair",
    [
        name if name == "japan-peru" else pytest.param(name, marks=pytest.mark.whole)
        for name in NAMES
    ],
)
def test_tables_give_the_facts_that_were_written_by_hand(
    kg: rk.Graph, tmp_path: Path, pair: str
) -> None:
    found = imported(pair, tmp_path)
    facts = [triple for each in found.values() for triple in each.triples]
    same = compare(facts, by_hand(pair))

    assert [] == [
        f for each in found.values() for f in each.report.findings if f.severity == "error"
    ]
    assert ([], []) == (same.by_hand_only, same.by_tables_only)
    report = kg.validate(PAIRS / pair / "passages.ttl", *sorted(tmp_path.glob("*.ttl")))
    assert [] == list(report.findings)
    hand = [fact for fact in by_hand(pair) if fact.predicate != LABEL]
    for missing in hand[:: len(hand) // 3]:
        less = [fact for fact in by_hand(pair) if fact != missing]
        assert compare(facts, less).by_tables_only, str(missing)
    lines = {form: cost.written for form, cost in costs(pair, found).items()}
    assert {} == {form: each for form, each in lines.items() if each > MOST_LINES}
    assert lines_of_a_fact(pair) <= MOST_LINES
