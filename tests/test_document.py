"""Tests of the graph against two lists that a reader of the document made without the graph.

`reading/stated.tsv` lists what the document states, `reading/not_stated.tsv` what a reader could
expect but it does not state, each in the reader's words with the body of an ASK query. A row of the
first holds if the graph states the fact and cites the passage of its unit. A row of the second
would hold if the graph stated it, or stated it without the claim or discrepancy that it needs.
"""

import re
from collections import Counter
from pathlib import Path

import pytest
from documents import CHINA_PERU, graph_of
from pyoxigraph import NamedNode

import relations_kg as rk
from relations_kg.rdf.namespaces import ONTOLOGY, PREFIXES, RKG, SOURCE

READING = Path(__file__).with_name("reading")
Row = tuple[str, str, str]


@pytest.fixture(scope="module")
def kg(china_peru: rk.Graph) -> rk.Graph:
    """The graph of the document that these tests are about."""
    return china_peru


def rows(name: str) -> list[Row]:
    """Return the rows of a list: the unit, the reader's words, and the query."""
    lines = (READING / name).read_text(encoding="utf-8").splitlines()
    return [(unit, words, query) for unit, words, query in (line.split("\t") for line in lines[1:])]


def ids(rows: list[Row]) -> list[str]:
    """Return an id for each row: its unit, and its position within the unit."""
    count = Counter[str]()
    names = []
    for unit, _, _ in rows:
        count[unit] += 1
        names.append(f"{unit}.{count[unit]}")
    return names


def passage(unit: str) -> str:
    return SOURCE + "china-peru/s" + unit.removeprefix("u")


def passages(kg: rk.Graph, pattern: str) -> set[str]:
    """Return the passages that a pattern binds to `?passage`."""
    answer = kg.query(f"SELECT DISTINCT ?passage {{ {pattern} }}", timeout=None)
    assert isinstance(answer, rk.Rows)
    return {str(row.passage) for row in answer}


def holds(kg: rk.Graph, pattern: str) -> bool:
    """Return whether a pattern matches; a false ASK query would also search for the reason."""
    return bool(len(kg.query(f"SELECT (1 AS ?one) {{ {pattern} }} LIMIT 1", timeout=None)))  # type: ignore[arg-type]


STATED = rows("stated.tsv")
NOT_STATED = rows("not_stated.tsv")


@pytest.mark.parametrize(("unit", "fact", "query"), STATED, ids=ids(STATED))
def test_the_graph_holds_what_the_document_states(
    kg: rk.Graph, unit: str, fact: str, query: str
) -> None:
    assert holds(kg, query)


@pytest.mark.parametrize(("unit", "thing", "query"), NOT_STATED, ids=ids(NOT_STATED))
def test_the_graph_says_nothing_that_the_document_does_not(
    kg: rk.Graph, unit: str, thing: str, query: str
) -> None:
    assert not holds(kg, query)


def test_every_passage_that_carries_a_fact_was_asked_about(kg: rk.Graph) -> None:
    carrying = passages(
        kg, "?passage a rkg:Passage FILTER NOT EXISTS { ?passage rkg:carriesNoFact ?reason }"
    )

    assert set() == carrying - {passage(unit) for unit, _, _ in STATED}


def test_every_fact_is_asked_of_the_passage_of_its_unit() -> None:
    assert [] == [row for row in STATED if f"src:china-peru\\/s{row[0][1:]} " not in row[2] + " "]


def test_nothing_is_listed_twice_for_a_unit() -> None:
    for listed in (STATED, NOT_STATED):
        pairs = [(unit, words) for unit, words, _ in listed]

        assert [] == [pair for pair, n in Counter(pairs).items() if n > 1]


@pytest.mark.slow
def test_without_its_passage_no_fact_is_found() -> None:
    graph = graph_of(CHINA_PERU)
    found = []
    for unit in sorted({unit for unit, _, query in STATED if "rkg:statedIn" in query}):
        quads = list(
            graph.store.quads_for_pattern(
                None, NamedNode(RKG + "statedIn"), NamedNode(passage(unit))
            )
        )
        for quad in quads:
            graph.store.remove(quad)
        found += [
            (unit, fact)
            for of, fact, query in STATED
            if of == unit and "rkg:statedIn" in query and holds(graph, query)
        ]
        graph.store.extend(quads)

    assert [] == found


@pytest.mark.parametrize("listed", [STATED, NOT_STATED], ids=["stated", "not stated"])
def test_every_term_of_the_queries_is_in_the_ontology(kg: rk.Graph, listed: list[Row]) -> None:
    asked = {term for _, _, query in listed for term in re.findall(r"\b(?:rkg|code):[\w-]+", query)}
    known = NamedNode(ONTOLOGY)

    def exists(term: str) -> bool:
        prefix, _, local = term.partition(":")
        node = NamedNode(PREFIXES[prefix] + local)
        return any(kg.quad_store.quads_for_pattern(node, None, None, known))

    assert set() == {term for term in asked if not exists(term)}


@pytest.mark.slow
def test_every_name_that_a_thing_is_sought_by_in_vain_is_in_the_graph(kg: rk.Graph) -> None:
    names = {name for _, _, query in NOT_STATED for name in re.findall(r'"[^"]*"@\w+', query)}

    assert set() == {name for name in names if not holds(kg, f"?thing ?property {name}")}
