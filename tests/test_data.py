"""Tests that the data follows the project's rules on sources, names and dates."""

import re
from pathlib import Path

import pytest
from documents import CHINA_PERU, DATA, DOCUMENTS, files
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, parse

import relations_kg as rk
from relations_kg._files import folder
from relations_kg.answers.passages import Passage
from relations_kg.rdf import dates
from relations_kg.rdf.namespaces import (
    CODE,
    ID,
    INFERRED,
    ONTOLOGY,
    OWL,
    RDF,
    RDFS,
    RKG,
    SOURCE,
    STATED,
)

FACTS = sorted(Path(__file__).with_name("facts").glob("*/*.ttl"))
WORDS = 8  # a run of this many of the document's words must not be repeated


def value(term: object) -> str:
    return str(getattr(term, "value", term))


@pytest.fixture(scope="module")
def stated(kg: rk.Graph) -> list[Quad]:
    return list(kg.quad_store.quads_for_pattern(None, None, None, NamedNode(STATED)))


@pytest.fixture(scope="module")
def passages(kg: rk.Graph) -> dict[str, list[Passage]]:
    """The passages of each document, in their order."""
    found: dict[str, list[Passage]] = {}
    for passage in kg.passages():
        found.setdefault(passage.document, []).append(passage)
    return found


def test_there_are_no_blank_nodes(stated: list[Quad]) -> None:
    assert [] == [quad for quad in stated if {BlankNode} & {type(quad.subject), type(quad.object)}]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_no_fact_of_a_document_is_written_twice(name: str) -> None:
    triples = [
        quad.triple for path in files(name) for quad in parse(path=path, format=RdfFormat.TURTLE)
    ]

    assert len(set(triples)) == len(triples) > len(files(name))


def test_every_thing_cites_a_passage_that_exists(kg: rk.Graph, stated: list[Quad]) -> None:
    known = {passage.iri for passage in kg.passages()}
    cited: dict[str, set[str]] = {}
    for quad in stated:
        of_thing = cited.setdefault(value(quad.subject), set())
        if quad.predicate.value == RKG + "statedIn":
            of_thing.add(value(quad.object))

    assert [] == [thing for thing in cited if thing not in known and not cited[thing]]
    assert [] == [thing for thing, passages in cited.items() if not passages <= known]


def test_every_link_leads_to_something_that_is_described(kg: rk.Graph, stated: list[Quad]) -> None:
    described = {value(quad.subject) for quad in kg.quad_store}

    assert [] == [
        str(quad)
        for quad in stated
        if value(quad.object).startswith((ID, SOURCE, CODE, RKG))
        and isinstance(quad.object, NamedNode)
        and value(quad.object) not in described
    ]


def test_iris_are_lower_case_words_with_hyphens(stated: list[Quad]) -> None:
    word = "[a-z0-9]+(-[a-z0-9]+)*"
    ours = re.compile(f"{ID}{word}|{SOURCE}{word}(/s[0-9]{{3,}})?|{CODE}{word}")

    for quad in stated:
        assert ours.fullmatch(value(quad.subject))


def test_every_thing_has_one_english_label_and_at_most_one_of_a_language(
    stated: list[Quad],
) -> None:
    labels: dict[str, list[str]] = {}
    for quad in stated:
        texts = labels.setdefault(value(quad.subject), [])
        if quad.predicate.value == RDFS + "label":
            assert isinstance(quad.object, Literal)
            texts.append(quad.object.language or "")

    for thing, languages in labels.items():
        if thing.startswith(ID):
            assert "en" in languages
        assert len(set(languages)) == len(languages)


def test_every_kind_and_property_is_one_of_the_ontology(kg: rk.Graph, stated: list[Quad]) -> None:
    declared = {
        value(quad.subject): value(quad.object).removeprefix(OWL)
        for quad in kg.quad_store.quads_for_pattern(
            None, NamedNode(RDF + "type"), None, NamedNode(ONTOLOGY)
        )
        if value(quad.object).endswith(("#Class", "Property"))
    }
    for quad in stated:
        if quad.predicate.value == RDF + "type":
            assert declared.get(value(quad.object)) == "Class"
        else:
            assert quad.predicate.value in declared


def test_links_are_links_and_texts_are_texts(kg: rk.Graph, stated: list[Quad]) -> None:
    kinds = {
        kind: {
            quad.subject
            for quad in kg.quad_store.quads_for_pattern(None, None, NamedNode(OWL + kind))
        }
        for kind in ("ObjectProperty", "DatatypeProperty")
    }
    for quad in stated:
        if quad.predicate in kinds["ObjectProperty"]:
            assert isinstance(quad.object, NamedNode)
        if quad.predicate in kinds["DatatypeProperty"]:
            assert isinstance(quad.object, Literal)


def test_what_is_inferred_or_calculated_is_not_written_by_hand(
    kg: rk.Graph, stated: list[Quad]
) -> None:
    """The definition of such a property or class says that it is inferred or calculated."""
    rows = kg.query("SELECT ?term ?text WHERE { ?term skos:definition ?text }")
    never = {
        str(row.term)
        for row in rows  # type: ignore[union-attr]
        if re.search(r"(It|Membership) is (inferred|calculated)\b", str(row.text))
    }

    assert RKG + "hasEverServed" in never
    assert RKG + "earliestStart" in never
    for quad in stated:
        assert quad.predicate.value not in never
        assert quad.predicate.value != RDF + "type" or value(quad.object) not in never


def test_every_date_is_edtf_and_in_order(stated: list[Quad]) -> None:
    found = 0
    for quad in stated:
        if quad.predicate.value in (RKG + "when", RKG + "speaksFrom"):
            found += 1
            assert isinstance(quad.object, Literal)
            assert dates.DATATYPE == quad.object.datatype.value
            assert dates.parse(quad.object.value).in_order
    assert found


def test_a_thing_has_at_most_one_date_and_words_only_with_it(stated: list[Quad]) -> None:
    def having(name: str) -> list[str]:
        return [value(quad.subject) for quad in stated if quad.predicate.value == RKG + name]

    assert len(set(having("when"))) == len(having("when"))
    assert len(set(having("whenText"))) == len(having("whenText"))
    assert set(having("whenText")) <= {*having("when"), *having("lag"), *having("duration")}


def test_what_the_source_leaves_open_is_not_filled_in(stated: list[Quad]) -> None:
    given = {(value(quad.subject), quad.predicate.value) for quad in stated}
    left_open = [
        (value(quad.subject), value(quad.object))
        for quad in stated
        if quad.predicate.value == RKG + "leavesOpen"
    ]

    assert [] == [pair for pair in left_open if pair in given]


def test_texts_are_trimmed_and_composed(stated: list[Quad]) -> None:
    import unicodedata

    for quad in stated:
        if isinstance(quad.object, Literal):
            text = quad.object.value

            assert text == " ".join(text.split())
            assert text == unicodedata.normalize("NFC", text)
            assert text


def test_passages_are_in_order_and_do_not_overlap(passages: dict[str, list[Passage]]) -> None:
    assert passages
    for document, found in passages.items():
        assert document
        assert list(range(1, len(found) + 1)) == [p.position for p in found]
        assert [f"{document}/s{p.position:03}" for p in found] == [p.iri for p in found]
        places = [place for p in found for place in (p.begin, p.end)]
        assert sorted(places) == places
        assert all(p.begin < p.end for p in found)


def test_every_passage_has_a_gist_of_one_sentence_a_section_and_a_hash(
    passages: dict[str, list[Passage]],
) -> None:
    for found in passages.values():
        for p in found:
            assert re.fullmatch(r"[A-Z0-9‘“].*\.", p.gist)
            assert p.section
            assert re.fullmatch("[0-9a-f]{64}", p.sha256)


def test_a_passage_that_carries_no_fact_has_none(passages: dict[str, list[Passage]]) -> None:
    for found in passages.values():
        assert [] == [p.curie for p in found if p.carries_no_fact and p.things]


def test_every_passage_is_where_it_says_in_the_document(
    china_peru: rk.Graph, document: Path
) -> None:
    text = document.read_text(encoding="utf-8")

    assert [] == [p.curie for p in china_peru.passages() if p.text(text) is None]


def test_nothing_of_the_document_lies_between_passages(
    china_peru: rk.Graph, document: Path
) -> None:
    """Only the markup of headings and lists is left out."""
    text = document.read_text(encoding="utf-8")
    end = 0
    for p in [*china_peru.passages(), Passage("end", "", begin=len(text))]:
        assert not re.search(r"\w", text[end : p.begin])
        end = p.end


def runs(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", text.casefold())
    return {tuple(words[start : start + WORDS]) for start in range(len(words) - WORDS + 1)}


def test_no_file_repeats_the_documents_own_words(document: Path) -> None:
    """Names, titles and figures in quotation marks or brackets are facts and may be repeated."""
    parts = re.split(r'"[^"\n]*"|\([^)\n]*\)', document.read_text(encoding="utf-8"))
    own = {run for part in parts for run in runs(part)}
    ontology = sorted(Path(folder("ontology")).rglob("*.ttl"))
    texts = [
        (path.name, text)
        for path in [*files(CHINA_PERU), DATA / "identifiers.ttl", *ontology, *FACTS]
        for text in re.findall(r'"((?:[^"\\]|\\.)*)"', path.read_text(encoding="utf-8"))
    ]

    assert own
    assert [] == [(name, text) for name, text in texts if runs(text) & own]


def test_nothing_contradicts_the_order_of_parties(kg: rk.Graph) -> None:
    """In a relationship, the first party is the one whose slug sorts first."""
    rows = kg.query("SELECT ?r ?a ?b WHERE { ?r rkg:firstParty ?a ; rkg:secondParty ?b }")

    assert [] == [str(row.r) for row in rows if not row.a < row.b]  # type: ignore[union-attr]


def test_inference_adds_only_things_that_are_described(kg: rk.Graph) -> None:
    described = {
        value(quad.subject) for quad in kg.quad_store if value(quad.graph_name) != INFERRED
    }

    assert {value(q.subject) for q in kg.quad_store if value(q.graph_name) == INFERRED} <= described
