"""Tests of what the stored queries promise together: rows that can be counted, marks, agreement."""

from collections import Counter, defaultdict
from os.path import join
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat, parse, serialize
from test_queries import GIVEN, NAMES

import relations_kg as rk
from relations_kg._files import folder
from relations_kg.rdf.namespaces import ID, OWL, SH, STATED
from relations_kg.rdf.terms import value

# The columns that tell the rows of a query apart; without an entry it is the first alone.
KEYS = {
    "administrations-on": ("administration", "polity"),
    "agreements-on": ("agreement", "step"),
    "causes": ("effect", "cause"),
    "counterparts": ("counterpart", "party"),
    "evidence": ("passage", "thing"),
    "frameworks": ("inner", "outer"),
    "identifiers": ("thing", "scheme", "notation", "fit"),
    "meetings": ("event", "person", "other", "basis"),
    "one-sided-representation": ("mission", "receiver"),
    "phases": ("phase", "relationship"),
    "precedents": ("thing", "earlier"),
    "relations": ("relations", "party"),
    "relations-on": ("relations", "party"),
    "relations-without-embassy": ("relations", "party"),
    "rival-claims": ("claim", "other"),
    "shared-organizations": ("membership", "other_membership"),
    "trade-balances": ("flow", "party", "other"),
    "visit-counts": ("party", "basis"),
}


def holding(facts: list[Quad], place: Path) -> rk.Graph:
    """A graph with these facts alone."""
    path = place / "facts.nt"
    triples = (fact.triple for fact in facts)
    path.write_bytes(serialize(triples, format=RdfFormat.N_TRIPLES) or b"")
    return rk.load(only=[path])


def several() -> set[NamedNode]:
    """The properties between things that no shape limits to one value."""
    quads = list(parse(path=join(folder("ontology"), "shapes.ttl"), format=RdfFormat.TURTLE))
    one = {q.subject for q in quads if value(q.predicate) == SH + "maxCount"}
    limited = {q.object for q in quads if value(q.predicate) == SH + "path" and q.subject in one}
    ontology = parse(path=join(folder("ontology"), "relations.ttl"), format=RdfFormat.TURTLE)
    return {
        quad.subject
        for quad in ontology
        if quad.object == NamedNode(OWL + "ObjectProperty") and quad.subject not in limited
    }  # type: ignore[return-value]


@pytest.fixture(scope="module")
def doubled(kg: rk.Graph, tmp_path_factory: pytest.TempPathFactory) -> rk.Graph:
    """The bundled graph with a second value wherever the shapes allow one."""
    facts = list(kg.store.quads_for_pattern(None, None, None, NamedNode(STATED)))
    values: dict[NamedNode, list[NamedNode]] = defaultdict(list)
    for fact in facts:
        if isinstance(fact.object, NamedNode) and value(fact.object).startswith(ID):
            values[fact.predicate].append(fact.object)
    free = several()
    for fact in list(facts):
        if fact.predicate in free and (known := values[fact.predicate]):
            second = known[(known.index(fact.object) + 1) % len(known)]  # type: ignore[arg-type]
            facts.append(Quad(fact.subject, fact.predicate, second, fact.graph_name))
    return holding(facts, tmp_path_factory.mktemp("doubled"))


def repeated(graph: rk.Graph, name: str) -> list[tuple[object, ...]]:
    rows = graph.run(name, **GIVEN.get(name, {}))
    key = KEYS.get(name, (rows.columns[0],))
    counts = Counter(tuple(row[column] for column in key) for row in rows)
    return [row for row, count in counts.items() if count > 1]


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_each_thing_has_one_row(kg: rk.Graph, doubled: rk.Graph, name: str) -> None:
    """Also if it has several values of each property that can have several."""
    assert not repeated(kg, name)
    assert not repeated(doubled, name)


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_a_column_has_lists_or_single_values(kg: rk.Graph, doubled: rk.Graph, name: str) -> None:
    for graph in (kg, doubled):
        rows = graph.run(name, **GIVEN.get(name, {}))
        for column in rows.columns:
            assert len({isinstance(row[column], list) for row in rows if row[column]}) < 2
