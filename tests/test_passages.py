"""Tests of passages: their places, their texts and the facts drawn from them."""

from hashlib import sha256
from html import unescape
from pathlib import Path

import pytest
from asgi import get
from examples import FACTS
from hypothesis import given
from hypothesis import strategies as st

import relations_kg as rk
from relations_kg.answers.passages import Passage, listing, passages, passages_of
from relations_kg.web.application import application

SOURCES = FACTS / "good" / "sources-of-every-kind.ttl"

HEADER = """
@prefix id: <https://w3id.org/relations-kg/id/> .
@prefix src: <https://w3id.org/relations-kg/source/> .
@prefix rkg: <https://w3id.org/relations-kg/ontology#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix nif: <http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#> .
"""
TEXT = "Freedonia broke off its relations. Perú did not.\r\n"
CUTS = [(0, 34), (35, 48)]


def facts_about(text: str) -> str:
    lines = [HEADER, "src:a a rkg:SourceDocument ."]
    for number, (begin, end) in enumerate(CUTS, 1):
        digest = sha256(text[begin:end].encode()).hexdigest()
        lines.append(
            f"<https://w3id.org/relations-kg/source/a/s00{number}> a rkg:Passage ; "
            f'rkg:inDocument src:a ; rkg:position {number} ; rkg:section "Lead" ; '
            f'nif:beginIndex {begin} ; nif:endIndex {end} ; rkg:sha256 "{digest}" ; '
            f'rkg:gist "Gist {number}."@en .'
        )
    lines.append(
        'id:freedonia rdfs:label "Freedonia"@en ; '
        "rkg:statedIn <https://w3id.org/relations-kg/source/a/s001> ."
        '<https://w3id.org/relations-kg/source/a/s002> rkg:carriesNoFact "denial"@en .'
    )
    return "\n".join(lines)


@pytest.fixture
def fiction(tmp_path: Path) -> rk.Graph:
    path = tmp_path / "facts.ttl"
    path.write_text(facts_about(TEXT))
    return rk.load(only=[path])


def test_a_passage_is_read_with_all_it_has(fiction: rk.Graph) -> None:
    first, second = passages(fiction.store)

    assert "src:a/s001" == first.curie
    assert ("Lead", 1, 0, 34, "Gist 1.") == (
        first.section,
        first.position,
        first.begin,
        first.end,
        first.gist,
    )
    assert ("https://w3id.org/relations-kg/id/freedonia",) == first.things
    assert first.carries_no_fact is None
    assert ("denial", ()) == (second.carries_no_fact, second.things)


def test_passages_are_in_the_order_of_their_document(kg: rk.Graph) -> None:
    found = passages(kg.quad_store)

    assert sorted(found, key=lambda p: (p.document, p.position)) == found
    assert len({p.iri for p in found}) == len(found)


def test_the_passages_of_things_are_each_there_once(kg: rk.Graph) -> None:
    things = [kg.names.find(name) for name in ("lima", "peru", "lima")]

    found = passages_of(kg.quad_store, things)

    assert [p for p in passages(kg.quad_store) if set(things) & set(p.things)] == found


@given(st.text(max_size=30), st.integers(0, 30), st.integers(0, 30))
def test_the_words_of_a_passage_are_those_its_hash_was_made_of(
    text: str, begin: int, end: int
) -> None:
    words = text[begin:end]
    passage = Passage("a", "b", begin=begin, end=end, sha256=sha256(words.encode()).hexdigest())

    assert words == passage.text(text)
    assert passage.text(text[:begin] + "\0" + text[begin:]) is None or not words


def test_each_passage_is_listed_with_its_facts(fiction: rk.Graph) -> None:
    assert (
        """\
src:a/s001  Lead, characters 0 to 34
    Gist 1.
    · Freedonia (id:freedonia)
src:a/s002  Lead, characters 35 to 48
    Gist 2.
    no fact: denial
""",
        0,
    ) == listing(fiction.quad_store, fiction.names)


def test_with_the_document_each_passage_shows_its_words(fiction: rk.Graph, tmp_path: Path) -> None:
    path = tmp_path / "document.txt"
    path.write_bytes(TEXT.encode())

    text, mismatches = listing(fiction.quad_store, fiction.names, str(path))

    assert "    “Freedonia broke off its relations.”\n" in text
    assert "    “Perú did not.”\n" in text
    assert 0 == mismatches


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "expected"),
    [(TEXT.replace("Perú", "Peru"), 1), (" " + TEXT, 2), (TEXT[:10], 2), ("", 2)],
)
def test_a_passage_that_the_document_does_not_bear_out_is_marked_and_counted(
    fiction: rk.Graph, tmp_path: Path, text: str, expected: int
) -> None:
    path = tmp_path / "document.txt"
    path.write_bytes(text.encode())

    listed, mismatches = listing(fiction.quad_store, fiction.names, str(path))

    assert expected == mismatches == listed.count("! not in this document")


def test_the_document_bears_out_every_passage(
    kg: rk.Graph, china_peru: rk.Graph, document: Path
) -> None:
    """Only the passages of this document are listed, whatever else the graph has."""
    listed, mismatches = listing(kg.quad_store, kg.names, str(document))

    assert 0 == mismatches
    assert len(china_peru.passages()) == listed.count("    “")


@pytest.mark.parametrize("value", ['"first"', "1.5", "id:x", '"1"@en'])
def test_a_place_that_is_no_number_is_reported_with_its_passage(tmp_path: Path, value: str) -> None:
    """The passages of any file can be listed, or are rejected with one line."""
    path = tmp_path / "facts.ttl"
    path.write_text(HEADER + f"src:a rkg:inDocument id:d ; rkg:position {value} .")
    graph = rk.load(only=[path])

    try:
        shown = listing(graph.quad_store, graph.names)[0]
    except rk.RelationsError as error:
        shown = str(error)

    assert "src:a" in shown


CITATIONS = {
    "src:history-of-avaria/p30": "Ada Ode, A History of Avaria, 2nd edition, Avar University "
    "Press, 1995, pp. 30–32",
    "src:dispatches-from-avar/letter-4": "Dispatches from Avar, 1901–1902, State Archive, Bord, "
    "Foreign Ministry, box 12, folder 3, Letter of 5 May 1901, p. 2",
    "src:embassies-of-borduria/whole": "Embassies of Borduria, https://foreign.example/embassies, "
    "read on 2024-05-02",
    "src:diplomatic-exchange/row-17": "Diplomatic Exchange, version 2.1, row 17, CC BY 4.0",
    "src:text-of-the-treaty-of-avar/article-4": "Text of the Treaty of Avar, art. 4(2)",
}


@pytest.fixture(scope="module")
def cited() -> rk.Graph:
    """Facts from a source of each kind."""
    return rk.load(only=[SOURCES])


def test_a_citation_says_where_a_passage_of_any_source_is(cited: rk.Graph, kg: rk.Graph) -> None:
    assert {p.curie: p.citation for p in cited.passages()} == CITATIONS
    assert {""} == {p.citation for p in kg.passages()}
    assert kg.passages("one-china-policy")[0].place.startswith("Relations since 1971, characters ")


@pytest.mark.slow
def test_citations_are_written_out_wherever_passages_are_shown(
    cited: rk.Graph, tmp_path: Path
) -> None:
    page, row = (
        CITATIONS[f"src:{name}"]
        for name in ("embassies-of-borduria/whole", "diplomatic-exchange/row-17")
    )
    embassy = "embassy-of-borduria-in-avar"
    rows = cited.query("SELECT ?mission { ?mission a rkg:Embassy }")
    proof = cited.explain(f"id:{embassy}", "rkg:seat", "id:avar")
    shown = {
        "show": str(cited.show(embassy)),
        "notebook": unescape(cited.show(embassy)._repr_html_()),
        "source": listing(cited.quad_store, cited.names)[0],
        "evidence": cited.evidence(rows),
        "explain": str(proof),
        "markdown": proof.serialize("markdown").replace("\\:", ":"),
        "json": proof.serialize("json"),
        "page": unescape(get(application(cited), f"/thing/{embassy}", accept="text/html").text),
    }
    listed = unescape(
        get(application(cited), "/document/diplomatic-exchange", accept="text/html").text
    )
    cited.export(tmp_path, format="csv", by="kind")

    assert [] == [name for name, text in shown.items() if page not in text or row not in text]
    assert row in listed
    assert row in (tmp_path / "passage.csv").read_text(encoding="utf-8")
    assert [1, 2] == [
        len(cited.run("evidence", thing=name)) for name in ("borduria", "treaty-of-avar")
    ]


def test_only_spans_of_text_are_compared_with_a_document(cited: rk.Graph, tmp_path: Path) -> None:
    path = tmp_path / "document.txt"
    path.write_text("A text.")

    assert 0 == listing(cited.quad_store, cited.names, str(path))[1]


@pytest.mark.parametrize(
    ("given", "wrong", "right"),
    [
        ("rkg:position 1", "rkg:position -1", "'-1'; write its number in the document, from 1"),
        ("nif:endIndex 34", "nif:endIndex 3.4", "the number of characters before the passage ends"),
    ],
)
def test_a_place_that_is_no_number_is_explained(
    tmp_path: Path, given: str, wrong: str, right: str
) -> None:
    path = tmp_path / "facts.ttl"
    path.write_text(facts_about(TEXT).replace(given, wrong))

    with pytest.raises(rk.InputError) as caught:
        rk.load(only=[path]).passages()

    assert right in str(caught.value)
