"""Tests of the summary of a graph."""

import json
from dataclasses import fields
from importlib.metadata import version
from pathlib import Path

import relations_kg as rk
from relations_kg.rdf.namespaces import DATES, INFERRED, STATED

FACTS = """
@prefix id: <https://w3id.org/relations-kg/id/> .
@prefix rkg: <https://w3id.org/relations-kg/ontology#> .
@prefix edtf: <http://id.loc.gov/datatypes/edtf/> .
id:a a rkg:Visit ; rkg:when "1933-05"^^edtf:EDTF .
id:b a rkg:Visit , rkg:StateVisit ; rkg:when "[1999..]"^^edtf:EDTF .
id:c a rkg:Person .
id:p a rkg:Passage ; rkg:inDocument id:d .
id:q a rkg:Passage ; rkg:inDocument id:d ; rkg:carriesNoFact "a heading"@en .
"""


def test_a_summary_counts_what_is_there(tmp_path: Path) -> None:
    path = tmp_path / "facts.ttl"
    path.write_text(FACTS)
    graph = rk.load(only=[path])

    summary = graph.summary()

    assert {"visit": 2, "person": 1, "state visit": 1} == summary.kinds
    assert ["visit", "person", "state visit"] == list(summary.kinds)
    assert (11, 6) == (summary.stated, summary.dates)
    assert ("1933-05-01", "1999-01-01") == summary.span
    assert (1, 2) == (summary.passages, summary.all_passages)
    assert summary.inferred == graph.count(INFERRED) > 0


def test_the_summary_of_the_bundled_graph_agrees_with_it(kg: rk.Graph) -> None:
    summary = kg.summary()
    passages = kg.passages()

    assert (kg.count(STATED), kg.count(DATES)) == (summary.stated, summary.dates)
    assert len(passages) == summary.all_passages
    assert sum(1 for p in passages if p.things or p.carries_no_fact) == summary.passages
    assert len(list(kg.queries)) == summary.queries
    assert summary.shapes > 0
    assert version("relations-kg") == summary.versions["relations-kg"]
    assert sum(summary.kinds.values()) > len(summary.kinds)


def test_a_graph_without_facts_is_counted_too() -> None:
    summary = rk.load(only=[]).summary()

    assert (0, 0, {}, None, 0) == (
        summary.stated,
        summary.dates,
        summary.kinds,
        summary.span,
        summary.all_passages,
    )
    assert "nothing is dated" in str(summary)


def test_the_fingerprint_is_that_of_the_stated_facts(kg: rk.Graph, tmp_path: Path) -> None:
    path = tmp_path / "facts.ttl"
    path.write_text(FACTS)
    again, more = rk.load().summary(), rk.load(path).summary()

    assert kg.summary().fingerprint == again.fingerprint != more.fingerprint
    assert 64 == len(again.fingerprint)


def test_text_and_json_report_the_same(kg: rk.Graph) -> None:
    summary = kg.summary()
    text, read = str(summary), json.loads(summary.to_json())

    assert [field.name for field in fields(summary)] == list(read)
    assert summary.kinds == read["kinds"]
    for value in ("stated", "inferred", "passages", "shapes", "queries", "fingerprint"):
        assert str(read[value]) in text
    for kind, number in summary.kinds.items():
        assert f"{number:>6}  {kind}\n" in text
