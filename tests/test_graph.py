"""Tests of the graph: loading and querying."""

import io
import sys
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest
from pyoxigraph import NamedNode, Quad

import relations_kg as rk
from relations_kg.rdf.namespaces import DATES, ID, IDENTIFIERS, INFERRED, ONTOLOGY, RDF, RKG, STATED

HEADER = """
@prefix id: <https://w3id.org/relations-kg/id/> .
@prefix rkg: <https://w3id.org/relations-kg/ontology#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix edtf: <http://id.loc.gov/datatypes/edtf/> .
"""
MISSION = """
id:embassy-of-freedonia a rkg:Embassy ; rdfs:label "Embassy of Freedonia"@en ;
    rkg:sendingParty id:freedonia ; rkg:receivingParty id:peru ;
    rkg:openedBy id:opening-of-the-embassy-of-freedonia .
id:opening-of-the-embassy-of-freedonia rkg:when "1933-11"^^edtf:EDTF .
"""


def facts(folder: Path, text: str, name: str = "facts.ttl") -> Path:
    path = folder / name
    path.write_text(HEADER + text)
    return path


def quads(graph: rk.Graph) -> set[Quad]:
    """Return the quads outside the ontology, whose blank nodes differ after each load."""
    return {quad for quad in graph.quad_store if quad.graph_name != NamedNode(ONTOLOGY)}


@pytest.mark.slow
def test_loading_twice_gives_the_same_graph(kg: rk.Graph) -> None:
    assert quads(rk.load()) == quads(kg)


def test_facts_are_added_to_the_bundled_ones(kg: rk.Graph, tmp_path: Path) -> None:
    graph = rk.load(facts(tmp_path, MISSION))

    assert quads(kg) < quads(graph)
    assert "id:embassy-of-freedonia" in [
        row.mission.curie for row in graph.run("mission-history", sender="id:freedonia")
    ]


@pytest.mark.slow
def test_only_these_facts_stand_beside_the_ontology(tmp_path: Path) -> None:
    path = facts(tmp_path, MISSION)
    graph = rk.load(only=[path])

    assert ["Embassy of Freedonia"] == [row.mission.label for row in graph.run("mission-history")]
    assert graph.query("ASK { rkg:Embassy a owl:Class }")
    assert quads(graph) == quads(rk.load(path, only=[])) == quads(rk.load(path, path, only=[path]))


def test_one_file_can_be_named_as_only_without_a_list(tmp_path: Path) -> None:
    """A str is one name, not a list of one-letter names."""
    path = facts(tmp_path, MISSION)

    assert quads(rk.load(only=[path])) == quads(rk.load(only=str(path)))


def test_no_facts_at_all_are_a_graph_too() -> None:
    graph = rk.load(only=[])

    assert [0, 0, 0] == [graph.count(STATED), graph.count(DATES), len(graph.passages())]
    assert 0 == len(graph.run("mission-history"))


def test_files_are_read_whole_or_the_graph_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(rk.InputError, match=r"bad\.ttl:7:"):
        rk.load(facts(tmp_path, MISSION), facts(tmp_path, "id:a id:b .", "bad.ttl"))


def test_stated_dated_and_inferred_facts_are_distinguished(tmp_path: Path) -> None:
    graph = rk.load(only=[facts(tmp_path, MISSION)])

    def in_graph(name: str, pattern: str) -> object:
        return graph.query(f"ASK {{ GRAPH <{name}> {{ {pattern} }} }}")

    assert in_graph(STATED, "id:embassy-of-freedonia a rkg:Embassy")
    assert in_graph(INFERRED, "id:embassy-of-freedonia a rkg:Mission")
    assert in_graph(INFERRED, "id:freedonia rkg:hasEverBeenRepresentedIn id:peru")
    assert in_graph(
        DATES, 'id:opening-of-the-embassy-of-freedonia rkg:earliestStart "1933-11-01"^^xsd:date'
    )
    assert not in_graph(STATED, "?s rkg:earliestStart ?day")
    assert in_graph(ONTOLOGY, "rkg:Embassy a owl:Class")


@pytest.mark.slow
def test_no_fact_is_in_two_graphs(kg: rk.Graph) -> None:
    """A stated fact is not inferred again."""
    assert len({quad.triple for quad in kg.quad_store}) == len(kg.quad_store)


def test_what_the_ontology_says_is_not_stated_again(tmp_path: Path) -> None:
    """A file may repeat the codes that its facts use."""
    value = '<https://w3id.org/relations-kg/code/official> skos:prefLabel "official"@en .'
    path = facts(tmp_path, f"{value} id:a a rkg:Embassy .")

    assert 1 == rk.load(only=[path]).count(STATED)


@pytest.mark.parametrize(
    "text",
    [
        'rkg:Embassy rdfs:label "embassy"@en .',
        "rkg:Embassy rdfs:subClassOf rkg:Person .",
        "id:a rdfs:subClassOf id:b .",
        "id:a a rdfs:Class .",
        "id:a rdfs:domain id:b .",
    ],
)
def test_facts_cannot_change_the_ontology(tmp_path: Path, text: str) -> None:
    with pytest.raises(rk.InputError, match=r"facts\.ttl:\d+:\d+: .*vocabular(y|ies)"):
        rk.load(only=[facts(tmp_path, text)])


@pytest.mark.parametrize("when", ['"circa 1946"^^edtf:EDTF', '"1946-13"', "id:x", "1946.5"])
def test_a_date_that_is_none_is_reported_with_its_thing_and_place(
    tmp_path: Path, when: str
) -> None:
    file = facts(tmp_path, f"id:a rkg:when {when} .")
    for read in (rk.load, lambda file: rk.load(only=[file]), rk.load().add):
        with pytest.raises(rk.InputError, match=r"facts\.ttl:\d+:15: id:a: "):
            read(file)


@pytest.mark.parametrize(
    "fact", ['rkg:amount "many"^^rkg:Amount', 'rkg:duration "long"', 'rkg:lag "soon"']
)
def test_another_value_without_bounds_is_reported_with_its_place(tmp_path: Path, fact: str) -> None:
    right, wrong = tmp_path / "right.ttl", facts(tmp_path, f"id:a {fact} .")
    right.write_text(wrong.read_text("utf-8").replace(fact, 'rkg:when "1946"'), "utf-8")
    with pytest.raises(rk.InputError, match=r"facts\.ttl:\d+:\d+: id:a: "):
        rk.load(right, wrong)


def test_a_date_of_standard_input_that_is_none_is_reported_with_its_thing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = facts(tmp_path, 'id:a rkg:when "1946-13" .').read_bytes()
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(text)))
    with pytest.raises(rk.InputError, match=r"^id:a: "):
        rk.load("-")


def test_every_kind_of_query_has_its_answer(kg: rk.Graph) -> None:
    rows = kg.query("SELECT ?capital WHERE { id:peru rkg:inRegion ?capital }")
    triples = kg.query("CONSTRUCT WHERE { id:peru rkg:inRegion ?region }")
    described = kg.query("DESCRIBE id:peru")

    assert isinstance(rows, rk.Rows)
    assert isinstance(triples, rk.Triples)
    assert isinstance(described, rk.Triples)
    assert len(rows) == len(triples) < len(described)
    assert kg.query("ASK { id:peru a rkg:State }") is True
    assert kg.query("ASK { id:peru a rkg:Person }") is False


def test_a_query_may_declare_prefixes_of_its_own(kg: rk.Graph) -> None:
    assert kg.query("PREFIX p: <https://w3id.org/relations-kg/id/> ASK { p:peru a rkg:State }")
    assert kg.query("PREFIX id: <https://w3id.org/relations-kg/ontology#> ASK { ?x a id:State }")


@pytest.mark.parametrize(
    ("sparql", "place"),
    [
        ("SELECT * WHERE { ?s ?p }", (1, 24)),
        ("SELECT *\nWHERE { ?s\n ?p }", (3, 5)),
        ("", (1, 1)),
        ("DELETE WHERE { ?s ?p ?o }", (1, None)),
        ("INSERT DATA { <urn:a> <urn:b> <urn:c> }", (1, None)),
        ("DROP ALL", (1, None)),
        ("SELECT ?a WHERE { ?s ?p ?o } DROP ALL", (1, None)),
        ("SELECT * WHERE { wd:Q419 ?p ?o }", (None, None)),
        ("SELECT (COUNT(?s) AS ?n) ?p WHERE { ?s ?p ?o }", (None, None)),
        ("SELECT ?s WHERE { ?s ?p 'a }", (1, None)),
    ],
)
def test_what_is_not_a_query_of_sparql_is_refused(
    kg: rk.Graph, sparql: str, place: tuple[int | None, int | None]
) -> None:
    before = len(kg.quad_store)

    with pytest.raises(rk.QueryError) as caught:
        kg.query(sparql)

    assert "\n" not in str(caught.value)
    assert place[0] is None or place[0] == caught.value.line
    assert place[1] is None or place[1] == caught.value.column
    assert len(kg.quad_store) == before


def test_an_unknown_prefix_in_a_query_is_reported_with_the_known(kg: rk.Graph) -> None:
    with pytest.raises(rk.RelationsError) as caught:
        kg.query("SELECT * WHERE { rgk:Embassy ?p ?o }")

    assert 'unknown prefix "rgk:"' in str(caught.value)
    assert "rkg" in (caught.value.help or "")


@pytest.mark.parametrize("party", ["peru", "id:peru", ID + "peru", "Peru"])
def test_a_stored_query_is_run_by_name(kg: rk.Graph, party: str) -> None:
    """The value of a parameter can be a slug, a CURIE, an IRI or a name."""
    expected = list(kg.run("policies", party="peru"))

    assert expected == list(kg.run("policies", party=party)) != []


def test_a_day_may_be_given_as_a_date(kg: rk.Graph) -> None:
    text = kg.run("timeline", since="1990-01-01", until="1999-12-31")

    assert list(text) == list(kg.run("timeline", since=date(1990, 1, 1), until=date(1999, 12, 31)))
    assert 0 < len(text) < len(kg.run("timeline"))


def test_passages_come_in_their_order_each_once(kg: rk.Graph) -> None:
    both = kg.passages("embassy-of-china-in-lima", "One China policy", "lima")
    places = [(p.document, p.position) for p in both]

    assert sorted({*places}) == places
    assert {p.curie for p in kg.passages("lima")} < {p.curie for p in both}
    assert set(both) < set(kg.passages())
    with pytest.raises(rk.UnknownName):
        kg.passages("nowhere")


def test_the_basis_of_an_answer_is_the_passages_of_its_first_column(kg: rk.Graph) -> None:
    rows = kg.run("policies")

    evidence = kg.evidence(rows)

    assert "\nPassages\n" == evidence[:10]
    assert [p.curie for p in kg.passages(*(row.commitment for row in rows))] == [
        line.split()[0] for line in evidence[10:].splitlines()
    ]
    assert "" == kg.evidence(rows[:0])
    assert "" == kg.evidence(kg.query("SELECT (1 AS ?n) WHERE {}"))  # type: ignore[arg-type]


@pytest.mark.slow
def test_a_copy_for_rdflib_is_independent(kg: rk.Graph) -> None:
    before = len(kg.quad_store)

    copy = kg.to_rdflib()
    copy.remove((None, None, None, None))

    assert len(kg.quad_store) == before
    assert 0 == len(copy)


@pytest.mark.slow
def test_a_literal_without_a_value_in_python_is_copied_for_rdflib_silently(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    early = '"-0012-11-29"^^<http://www.w3.org/2001/XMLSchema#date>'
    (tmp_path / "a.nt").write_text(f"<u:a> <u:p> {early} .", encoding="utf-8")

    copy = rk.load(only=[tmp_path / "a.nt"]).to_rdflib()

    assert "-0012-11-29" in {str(quad[2]) for quad in copy.quads()}
    assert not caplog.records


def test_the_same_thing_may_be_of_the_data_and_of_added_facts(tmp_path: Path) -> None:
    graph = rk.load(facts(tmp_path, "id:peru rkg:governmentSeat id:lima ."))

    assert graph.query("ASK { id:peru rkg:governmentSeat id:lima ; rkg:inRegion id:latin-america }")


def test_counting_a_graph_counts_its_triples(kg: rk.Graph) -> None:
    names = (STATED, DATES, INFERRED, IDENTIFIERS, ONTOLOGY)

    assert len(kg.quad_store) == sum(kg.count(name) for name in names)
    assert all(kg.count(name) > 0 for name in names)


def test_a_graph_reasons_over_everything_added(kg: rk.Graph) -> None:
    """Things that meet the definition of a class become its instances."""
    closed = NamedNode(RKG + "ClosedMission")

    found = {
        quad.subject.value
        for quad in kg.quad_store.quads_for_pattern(None, NamedNode(RDF + "type"), closed)
    }

    assert ID + "embassy-of-the-republic-of-china-in-lima" in found
    assert found == {str(r.m) for r in kg.query("SELECT ?m WHERE { ?m rkg:closedBy ?c }")}  # type: ignore[union-attr]


def origin(graph: rk.Graph, thing: str, predicate: str, object: str) -> tuple[object, ...] | None:
    place = graph.place(graph.names.statement(thing, predicate, object))
    return place and (Path(place.file).name, *place[1:])


def test_the_origin_of_a_fact_is_where_its_object_stands(tmp_path: Path) -> None:
    one = facts(tmp_path, 'id:freedonia a rkg:State ;\n  rdfs:label "Freedonia"@en .\n', "one.ttl")
    other = facts(tmp_path, "id:freedonia a rkg:Polity , rkg:State .\n", "other.ttl")
    line = HEADER.count("\n") + 1
    graph = rk.load(one)
    graph.add(other)

    assert ("one.ttl", line, 16, line, 25) == origin(graph, "freedonia", "a", "State")
    assert ("one.ttl", line + 1, 14, line + 1, 28) == origin(
        graph, "freedonia", "rdfs:label", "Freedonia"
    )
    assert ("other.ttl", line, 16, line, 26) == origin(graph, "freedonia", "a", "Polity")


def test_what_is_inferred_or_comes_from_standard_input_has_no_origin(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "facts.jsonld"
    file.write_text(f'{{"@id": "{ID}freedonia", "@type": "{RKG}State"}}')
    text = f"{HEADER} id:ruritania a rkg:State .".encode()
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(text)))
    graph = rk.load(file, "-")

    assert origin(graph, "freedonia", "a", "State") == ("facts.jsonld", 1, 55, 1, 110)
    assert origin(graph, "ruritania", "a", "State") is None
    assert origin(graph, "peru", "a", "Polity") is None
    assert origin(graph, "peru", "a", "State") is not None
