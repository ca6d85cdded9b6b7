"""Tests of JSON-LD: the context fits the ontology, and the JSON is readable without it."""

import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import rdflib
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pyld import jsonld
from pyoxigraph import Literal, RdfFormat, Triple, parse
from test_export import FACTS, THINGS, loaded

import relations_kg as rk
from relations_kg.export.jsonld import context
from relations_kg.rdf.namespaces import ONTOLOGY, PREFIXES, RKG, XSD, expand, shorten
from relations_kg.reader.identifiers import PREDICATES

pytestmark = pytest.mark.filterwarnings("ignore:(Dataset|ConjunctiveGraph):DeprecationWarning")

CONTEXT = context()
TERMS = {name: meaning for name, meaning in CONTEXT.items() if isinstance(meaning, dict)}


@pytest.fixture(scope="module")
def document(kg: rk.Graph) -> dict[str, Any]:
    parsed: dict[str, Any] = json.loads(kg.export(format="jsonld", inferred=True))
    return parsed


@pytest.fixture(scope="module")
def nodes(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {node["@id"]: node for node in document["@graph"]}


def properties(kg: rk.Graph, kind: str) -> set[str]:
    rows = kg.query(f"SELECT ?p WHERE {{ GRAPH <{ONTOLOGY}> {{ ?p a owl:{kind} }} }}")
    return {str(row.p) for row in rows}  # type: ignore[union-attr]


def ours(iris: set[str]) -> set[str]:
    return {iri.removeprefix(RKG) for iri in iris if iri.startswith(RKG)}


def test_the_prefixes_of_the_context_are_ours() -> None:
    prefixes = {name: meaning for name, meaning in CONTEXT.items() if isinstance(meaning, str)}

    assert {"@vocab": RKG, **PREFIXES} == prefixes


def test_the_context_has_every_property_of_the_ontology_and_no_other(kg: rk.Graph) -> None:
    kinds = ("ObjectProperty", "DatatypeProperty", "AnnotationProperty")
    known = set().union(*(properties(kg, kind) for kind in kinds))

    assert ours(known) == {name for name, meaning in TERMS.items() if "@id" not in meaning}
    assert {meaning["@id"] for meaning in TERMS.values() if "@id" in meaning} <= set(
        map(shorten, known | PREDICATES)
    )


@pytest.mark.slow
def test_exactly_the_properties_between_things_have_links_as_values(kg: rk.Graph) -> None:
    """An annotation property has links as values in the context if it has them in the data."""
    links = {name for name, meaning in TERMS.items() if meaning.get("@type") == "@id"}
    texts = ours(properties(kg, "DatatypeProperty"))
    annotations = ours(properties(kg, "AnnotationProperty"))

    assert ours(properties(kg, "ObjectProperty")) <= links
    assert not texts & links
    for name in annotations:
        rows = kg.query(f"SELECT (isIRI(?o) AS ?link) WHERE {{ ?s rkg:{name} ?o }}")
        assert {name in links} >= {row.link for row in rows}  # type: ignore[union-attr]


def test_the_context_gives_no_property_a_datatype_or_language_that_its_values_lack(
    kg: rk.Graph,
) -> None:
    rows = kg.query(
        "SELECT DISTINCT ?p (DATATYPE(?o) AS ?type) WHERE { ?s ?p ?o FILTER (isLiteral(?o)) "
        f"FILTER NOT EXISTS {{ GRAPH <{ONTOLOGY}> {{ ?s ?p ?o }} }} }}"
    )
    for row in rows:  # type: ignore[union-attr]
        name = shorten(row.p).partition(":")[2]
        kind = shorten(row.type)
        meaning = TERMS[name]
        by_language = meaning.get("@container") == "@language"

        assert by_language == (kind == "rdf:langString")
        assert meaning.get("@type") in (None, kind)


def test_nothing_in_an_export_falls_through_to_a_full_iri(nodes: dict[str, Any]) -> None:
    for node in nodes.values():
        assert set(node) - {"@id", "@type"} <= set(TERMS)
        assert not [kind for kind in node.get("@type", []) if ":" in kind and "rkg" in kind]
        assert ":" in node["@id"]
        assert "://" not in node["@id"]


def test_a_key_has_the_same_shape_wherever_it_is(nodes: dict[str, Any]) -> None:
    """Texts by language are an object of arrays; everything else is an array."""
    for node in nodes.values():
        for key in set(node) - {"@id"}:
            if TERMS.get(key, {}).get("@container") == "@language":
                assert all(isinstance(texts, list) for texts in node[key].values())
            else:
                assert isinstance(node[key], list)
                assert all(
                    isinstance(value, (str, int, bool)) or set(value) == {"@value", "@type"}
                    for value in node[key]
                )


def test_an_export_reads_without_knowing_linked_data(nodes: dict[str, Any]) -> None:
    embassy = nodes["id:embassy-of-china-in-lima"]

    assert ["Embassy of China, Lima"] == embassy["label"]["en"]
    assert "Embassy" in embassy["@type"]
    assert ["id:peru"] == embassy["receivingParty"]
    assert ["/.."] == embassy["when"]
    assert [True] == embassy["ongoing"]
    assert [1972] == [int(when) for when in nodes[embassy["openedBy"][0]]["when"]]
    assert [22] == nodes["src:china-peru/s022"]["position"]


def test_each_thing_is_one_node_that_brings_its_context_along(
    kg: rk.Graph, document: dict[str, Any], nodes: dict[str, Any]
) -> None:
    assert ["@context", "@graph"] == list(document)
    assert CONTEXT == document["@context"]
    assert len(nodes) == len(document["@graph"])
    assert {"id:peru", "src:china-peru"} <= set(nodes)
    assert len(kg.passages()) == sum("Passage" in node.get("@type", []) for node in nodes.values())


def test_values_are_written_as_json_has_them_or_in_full(tmp_path: Path) -> None:
    """A JSON number is used if JSON parsers preserve its lexical form."""
    path = tmp_path / "facts.ttl"
    path.write_text(
        "@prefix id: <https://w3id.org/relations-kg/id/> .\n"
        "@prefix rkg: <https://w3id.org/relations-kg/ontology#> .\n"
        "@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n"
        'id:a rkg:rank 7 , 7.5 , "seven" , 12345678901234567890 ; rkg:ongoing true ;\n'
        '  rkg:whenText "two"@en , "one" ; rkg:earliestStart "1971"^^xsd:gYear .'
    )
    (node,) = json.loads(rk.load(only=[path]).export(format="jsonld"))["@graph"]

    assert [7] == [value for value in node["rank"] if isinstance(value, int)]
    assert "seven" in node["rank"]
    assert {"@value": "12345678901234567890", "@type": "xsd:integer"} in node["rank"]
    assert {"@value": "7.5", "@type": "xsd:decimal"} in node["rank"]
    assert [True] == node["ongoing"]
    assert ["one", {"@value": "two", "@language": "en"}] == node["whenText"]
    assert [{"@value": "1971", "@type": "xsd:gYear"}] == node["earliestStart"]


def by_pyld(content: bytes) -> set[Triple]:
    """Return the triples that pyld, an independent processor, reads from a document."""
    lines = jsonld.to_rdf(json.loads(content), {"format": "application/n-quads"})
    return {folded(quad.triple) for quad in parse(lines, RdfFormat.N_QUADS)}


def folded(triple: Triple) -> Triple:
    """Return a triple with its language tag in lower case and a double as Python writes it."""
    text = triple.object
    if isinstance(text, Literal) and text.datatype.value == XSD + "double":
        with suppress(ValueError):
            text = Literal(str(float(text.value)), datatype=text.datatype)
    if isinstance(text, Literal) and text.language:
        text = Literal(text.value, language=text.language.lower())
    return Triple(triple.subject, triple.predicate, text)


def facts(kg: rk.Graph, **choice: Any) -> set[Triple]:
    content = kg.export(format="ntriples", **choice)
    return {folded(quad.triple) for quad in parse(content, RdfFormat.N_TRIPLES)}


@pytest.mark.slow
@pytest.mark.parametrize("inferred", [False, True])
def test_pyld_reads_an_export_as_the_same_facts(kg: rk.Graph, inferred: bool) -> None:
    assert facts(kg, inferred=inferred) == by_pyld(kg.export(format="jsonld", inferred=inferred))


@pytest.mark.parametrize("thing", THINGS)
def test_pyld_and_rdflib_read_one_thing_as_the_same_facts(kg: rk.Graph, thing: str) -> None:
    content = kg.export(format="jsonld", of=thing)
    lines = kg.export(format="ntriples", of=thing)

    assert facts(kg, of=thing) == by_pyld(content)
    assert set(rdflib.Graph().parse(data=lines, format="nt")) == set(
        rdflib.Graph().parse(data=content, format="json-ld")
    )


@pytest.mark.slow
@settings(max_examples=25)
@given(FACTS)
def test_pyld_reads_any_facts_as_they_were(said: list[Triple]) -> None:
    graph = loaded(said)

    assert facts(graph) == by_pyld(graph.export(format="jsonld"))


@pytest.mark.slow
@settings(max_examples=25)
@given(FACTS, st.data())
def test_any_one_thing_comes_back_as_it_was(said: list[Triple], data: st.DataObject) -> None:
    graph = loaded(said)
    things = {str(fact.subject.value) for fact in said}  # type: ignore[union-attr]
    thing = data.draw(st.sampled_from(sorted(t for t in things if "://" in t) or [""]))
    assume(thing)

    assert facts(graph, of=thing) == by_pyld(graph.export(format="jsonld", of=thing))


def objects(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, list):
        for each in value:
            yield from objects(each)
    elif isinstance(value, dict):
        yield value
        for key, each in value.items():
            if key != "@context":
                yield from objects(each)


@pytest.mark.parametrize("thing", THINGS)
def test_one_thing_is_one_object_with_others_in_it_once(kg: rk.Graph, thing: str) -> None:
    document = json.loads(kg.export(format="jsonld", of=thing))
    within = [part for part in objects(document) if set(part) - {"@id"} and "@id" in part]
    whole = [part["@id"] for part in within]

    assert "@graph" not in document
    assert kg.names.find(thing) == expand(document["@id"])
    assert len(whole) == len(set(whole)) > 1


def test_json_alone_answers_questions(china_peru: rk.Graph) -> None:
    """Only the standard library is used, on the export of all things and of one."""
    nodes = {node["@id"]: node for node in json.loads(china_peru.export(format="jsonld"))["@graph"]}
    embassies = [node for node in nodes.values() if "Embassy" in node.get("@type", [])]

    # Which embassies are there in Lima?
    assert {"Embassy of China, Lima", "Embassy of the Republic of China in Lima"} == {
        node["label"]["en"][0] for node in embassies if "id:lima" in node["seat"]
    }
    # When did Peru and the People's Republic take up relations, and where is that stated?
    (phase,) = [
        node
        for node in nodes.values()
        if "DiplomaticRelations" in node.get("@type", [])
        and {"id:peru", "id:peoples-republic-of-china"}
        == {*node["firstParty"], *node["secondParty"]}
    ]
    start = nodes[phase["startedBy"][0]]
    assert ["1971-11-02"] == start["when"]
    assert 22 in [nodes[passage]["position"][0] for passage in start["statedIn"]]
    # What has its seat in Lima, according to the export of Lima?
    lima = json.loads(china_peru.export(format="jsonld", of="Lima"))
    seated = {mission["label"]["en"][0] for mission in lima["@reverse"]["seat"]}
    assert {
        node["label"]["en"][0] for node in nodes.values() if "id:lima" in node.get("seat", [])
    } == seated
