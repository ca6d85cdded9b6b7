"""Tests of the store of the bundled graph, which loads the texts about terms at first need."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from itertools import product
from pathlib import Path
from time import sleep
from typing import cast

import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat, Store, serialize

import relations_kg as rk
from relations_kg._files import folder
from relations_kg.answers.queries import Queries
from relations_kg.rdf.namespaces import CODE, SKOS
from relations_kg.rdf.terms import TYPE
from relations_kg.reasoning import bundled_graph
from relations_kg.reasoning.bundled_parts import needs_first_part_only, second_part
from relations_kg.reasoning.bundled_store import BundledStore
from relations_kg.reasoning.materialization import make_again
from relations_kg.sparql.evaluation import ask

QUERIES = Queries(folder("queries"))
DEFINITION = NamedNode(SKOS + "definition")


@pytest.fixture(scope="module")
def second(kg: rk.Graph) -> list[Quad]:
    return sorted(second_part(kg.quad_store), key=str)


def parted() -> BundledStore:
    """Return the store with the first part only."""
    return bundled_graph.store(make_again)


def is_whole(store: BundledStore) -> bool:
    return store._second is None


@pytest.mark.parametrize(
    ("query", "is_enough"),
    [
        ("ASK { ?s a rkg:Mission ; rkg:seat/rdfs:label ?o }", True),
        ("ASK { ?s rkg:actKind/skos:broader* ?kind }", True),
        ("ASK { ?s rkg:actKind ?k . ?k skos:broader* ?kind }", True),
        ("ASK { id:peru rkg:within* ?s }", True),
        ("ASK { id:peru skos:altLabel ?name }", True),
        # The second part has the codes that no fact names, so a variable in a fact cannot be one.
        ("ASK { ?s a|^rkg:seat ?kind }", False),
        ("ASK { ?s rdf:type skos:Concept }", False),
        ("ASK { ?s a ?kind }", False),
        ("ASK { ?s a ?kind ; rkg:seat ?o }", True),
        ("ASK { ?s rkg:actKind ?k . ?k a ?kind ; skos:prefLabel ?name }", True),
        ("ASK { ?k skos:prefLabel ?name }", False),
        ("ASK { code:embassy skos:prefLabel ?name }", False),
        ("ASK { [ skos:prefLabel ?name ; rkg:seat ?o ] }", True),
        (
            "ASK { ?s rkg:actKind ?k { ?k skos:altLabel ?n } UNION { ?k a ?n } }",
            True,
        ),
        ("ASK { ?s rkg:actKind ?k OPTIONAL { ?k skos:prefLabel ?name } }", True),
        ("ASK { OPTIONAL { ?k skos:prefLabel ?name } ?s rkg:actKind ?k }", False),
        ("ASK { OPTIONAL { ?s rkg:actKind ?k } ?k skos:prefLabel ?name }", False),
        ("ASK { ?s rkg:actKind ?k FILTER EXISTS { ?k skos:prefLabel ?name } }", True),
        ("ASK { ?s rkg:actKind ?k MINUS { ?k skos:prefLabel ?name } }", True),
        ("ASK { ?s rkg:seat ?o { SELECT ?s { ?s a ?kind } } }", True),
        ("ASK { ?s rkg:seat ?o { SELECT ?kind { ?s a ?kind } } }", False),
        ("ASK { ?s rkg:seat ?o { SELECT ?s { ?s a ?kind } LIMIT 3 } }", False),
        ("ASK { ?s rkg:seat ?o { SELECT (COUNT(*) AS ?n) { ?s a ?kind } } }", False),
        ("ASK { ?s rkg:seat ?o { SELECT ?s (COUNT(*) AS ?n) { ?s a ?k } GROUP BY ?s } }", True),
        ("ASK { ?s rkg:seat ?o { SELECT (COUNT(*) AS ?n) { ?s a ?kind } GROUP BY ?kind } }", False),
        ("ASK { ?s rkg:actKind ?k . ?k ^skos:broader ?narrower }", False),
        ("ASK { ?s rkg:actKind/^(rkg:seat|skos:broader) ?narrower }", False),
        ("ASK { ?s (rkg:actKind*)/skos:broader ?kind }", False),
        ("ASK { ?s ^a ?kind . ?kind skos:prefLabel ?name }", False),
        ("ASK { VALUES ?kind { rkg:Visit rkg:Mission } ?s a ?kind }", True),
        ("ASK { VALUES ?kind { rkg:Visit skos:Concept } ?s a ?kind }", False),
        ("ASK { VALUES ?kind { rkg:Visit UNDEF } ?s a ?kind }", False),
        ("ASK { VALUES ?p { rkg:seat rkg:host } OPTIONAL { ?s ?p ?o } }", True),
        ("ASK { VALUES ?p { rkg:seat skos:example } ?s ?p ?o }", False),
        ("ASK { OPTIONAL { ?s ?p ?o } VALUES ?p { rkg:seat rkg:host } }", False),
        ("ASK { { VALUES ?p { rkg:seat } } ?s ?p ?o }", False),
        ("PREFIX s: <http://www.w3.org/2004/02/skos/core#> ASK { ?s s:prefLabel ?o }", False),
        ("PREFIX s: <http://www.w3.org/2004/02/skos/core#> ASK { id:peru s:altLabel ?o }", True),
        ("ASK { ?s ?p ?o }", False),
        ("ASK { id:peru ?p [] }", False),
        ("ASK { ?s rkg:seat ?o ; $p ?o }", False),
        ("ASK { ?s a ?kind FILTER EXISTS { ?kind ?p 'x' } }", False),
        ("SELECT * { ?s a ?kind MINUS { ?kind skos:definition ?o } }", False),
        ("SELECT ?s { { SELECT ?s { ?s skos:inScheme ?list } } }", False),
        ("ASK { ?s rkg:seat|(rkg:host/skos:definition) ?o }", False),
        ("ASK { ?s !rkg:seat ?o }", False),
        ("ASK { ?s !(a|rkg:seat) ?o }", False),
        ("ASK { ?s <http://www.w3.org/2004/02/skos/core#definition> ?o }", False),
        ("BASE <http://www.w3.org/2004/02/skos/> ASK { ?s <core#example> ?o }", False),
        ("PREFIX s: <http://www.w3.org/2004/02/skos/core#> ASK { ?s s:definition ?o }", False),
        ("PREFIX s: <http://www.w3.org/2004/02/skos/core#def> ASK { ?s s:inition ?o }", False),
        (r"PREFIX s: <http://www.w3.org/2004/02/skos/> ASK { ?s s:core\#example ?o }", False),
        # OPTIONAL and MINUS are first joined with the patterns before them in their own group.
        ("ASK { ?s rkg:actKind ?k { ?s rkg:seat ?o OPTIONAL { ?k skos:prefLabel ?n } } }", False),
        ("ASK { ?s rkg:actKind ?k { ?s rkg:seat ?o MINUS { ?k skos:prefLabel ?n } } }", False),
        ("ASK { ?s rkg:seat ?o MINUS { ?k skos:prefLabel ?n } ?s rkg:actKind ?k }", False),
        ("ASK { ?s rkg:actKind ?k { FILTER NOT EXISTS { ?k skos:prefLabel ?n } } }", False),
        ("ASK { BIND (EXISTS { ?k skos:prefLabel 'n' } AS ?x) ?s rkg:actKind ?k }", False),
        ("ASK { VALUES ?p { rkg:seat } { MINUS { ?s ?p ?o } } }", False),
        # VALUES and HAVING after a group belong to its counted solutions.
        ("SELECT (COUNT(*) AS ?n) { ?s ?p ?o } VALUES ?p { rkg:seat }", False),
        ("SELECT (COUNT(*) AS ?n) { ?s a ?o } VALUES ?o { rkg:Visit }", False),
        (
            "SELECT ?s { ?s rkg:actKind ?k } GROUP BY ?s HAVING (EXISTS { ?k skos:prefLabel 'n' })",
            False,
        ),
        (r"ASK { ?s <http://www.w3.org/2004/02/skos/core#d\u0065finition> ?o }", False),
        (r"ASK { <https://w3id.org/relations-kg/c\u006Fde/nunciature> rkg:seat? ?o }", False),
        (r"PREFIX s: <http://www.w3.org/2004/02/sk\u006Fs/core#> ASK { ?s s:example ?o }", False),
        # A path of length zero connects each thing with itself, definitions too.
        ("SELECT * { ?a skos:broader* ?b }", False),
        ("SELECT * { VALUES ?a { UNDEF } ?a (skos:broader|rkg:seat?)? ?b }", False),
        ("SELECT * { ?a skos:broader? ?b { ?b rkg:seat ?c } }", False),
        # The engine connects a term with itself only if the store has the term.
        ("ASK { code:nunciature rkg:seat? ?o }", False),
        ("ASK { ?o rkg:seat* 'a definition' }", False),
        ("ASK { ?s rkg:actKind ?o . ?o rkg:seat? code:nunciature }", True),
        # A description has the texts of a term.
        ("DESCRIBE ?s { ?s rdfs:label ?o }", False),
        ("not SPARQL", False),
    ],
)
def test_a_query_that_the_second_part_may_change_needs_it(query: str, is_enough: bool) -> None:
    assert needs_first_part_only(query) == is_enough


@pytest.mark.slow
def test_the_second_part_changes_no_answer_of_a_query_that_does_not_need_it() -> None:
    store, whole = parted(), parted().whole
    enough = [query.text for query in QUERIES.values() if needs_first_part_only(query.text)]

    assert len(enough) > len(QUERIES) / 2
    for text in enough:
        part = store.for_query(text)
        assert not is_whole(store)
        answers = [Counter(map(str, ask(each, text, together=True))) for each in (part, whole)]
        assert answers[0] == answers[1]


def test_a_text_that_is_no_stored_query_is_answered_from_both_parts() -> None:
    store = parted()

    assert store.for_query("ASK { ?s a rkg:Mission }") is store.whole


def test_every_pattern_finds_what_is_in_the_second_part(second: list[Quad]) -> None:
    for quad, chosen in product(second[:: len(second) // 3], product((True, False), repeat=4)):
        line = serialize([quad], format=RdfFormat.N_QUADS)
        assert line
        store = BundledStore(Store(), (), lambda line=line: line, bytes)
        pattern = [term if is_given else None for term, is_given in zip(quad, chosen, strict=True)]

        assert list(store.quads_for_pattern(*pattern)) == [quad]


def test_everything_but_patterns_and_stored_queries_is_about_both_parts() -> None:
    quad = Quad(NamedNode("urn:a"), NamedNode("urn:b"), NamedNode("urn:c"))
    for asked in (
        len,
        list,
        lambda store: quad in store,
        lambda store: store.query("ASK { ?s ?p ?o }"),
    ):
        store = BundledStore(Store(), (), lambda: b"<urn:a> <urn:b> <urn:c> .", bytes)

        assert asked(store)
        assert is_whole(store)


def test_codes_that_no_fact_names_are_in_the_second_part_alone(second: list[Quad]) -> None:
    store = parted()
    find = store.quads_for_pattern
    label, unnamed, named = NamedNode(SKOS + "prefLabel"), code("abdication"), code("preferred")

    assert any(find(named, label, None))
    assert any(find(named, TYPE, None))
    assert not is_whole(store)
    assert {quad.subject for quad in second} > {unnamed}
    assert any(find(unnamed, label, None))
    assert is_whole(store)


def code(name: str) -> NamedNode:
    return NamedNode(CODE + name)


def test_usual_questions_need_the_first_part_only() -> None:
    kg = rk.load()
    rows = kg.run("mission-history", sender="peru")
    things = [rows[0].mission.label, *rows.passages, kg.evidence(rows)]

    assert all(things)
    assert not is_whole(cast(BundledStore, kg.quad_store))
    assert any(kg.quad_store.quads_for_pattern(None, DEFINITION, None))
    assert is_whole(cast(BundledStore, kg.quad_store))


def test_a_caller_and_workers_get_the_engines_store() -> None:
    one, other = rk.load(), rk.load()

    assert type(one.store) is Store
    assert one.query("SELECT ?text { rkg:Mission skos:definition ?text }")
    assert other.query("SELECT ?text { rkg:Mission skos:definition ?text }")
    assert type(other.quad_store) is Store


def test_the_second_part_is_loaded_once_by_many_threads() -> None:
    calls: list[bytes] = []

    def load() -> bytes:
        calls.append(b"")
        sleep(0.01)
        return b"<urn:a> <urn:b> <urn:c> ."

    store = BundledStore(Store(), (), load, bytes)
    with ThreadPoolExecutor(8) as pool:
        assert {*pool.map(lambda _: len(store), range(8))} == {1}
    assert len(calls) == 1


@pytest.mark.parametrize("damaged", ["cut", "replaced", "gone"])
def test_a_second_part_that_is_damaged_later_is_made_again(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, damaged: str
) -> None:
    rk.load()  # In a checkout, this writes the file.
    file = tmp_path / bundled_graph.FILE
    text = Path(bundled_graph.path()).read_bytes()
    file.write_bytes(text)
    monkeypatch.setattr(bundled_graph, "path", lambda: str(file))
    whole = len(rk.load().store)
    store = bundled_graph.store(lambda: text)
    if damaged == "gone":
        file.unlink()
    else:
        file.write_bytes(text[:-1] if damaged == "cut" else text.replace(b"# by", b"# BY"))

    assert len(store) == whole
