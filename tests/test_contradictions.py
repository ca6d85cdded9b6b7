"""Tests of contradictions: each kind is reported with its facts and passages."""

from pathlib import Path

import pytest
from examples import GOOD
from pyoxigraph import NamedNode

import relations_kg as rk
from relations_kg.answers.contradictions import contradictions
from relations_kg.rdf.namespaces import ID, PREFIXES

HEADER = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items())
LABELS = """
id:x rdfs:label "Ex"@en ; rkg:statedIn id:p . id:y rdfs:label "Why"@en ; rkg:statedIn id:q .
id:p rkg:inDocument id:d ; rkg:position 1 . id:q rkg:inDocument id:d ; rkg:position 2 .
"""
# Facts that contradict each other, and the expected messages.
KINDS = {
    "disjoint-classes": (
        "id:x a rkg:Embassy , rkg:ConsulateGeneral .",
        "Ex cannot be both a diplomatic mission and a consular post",
    ),
    "disjoint-properties": (
        "id:x rkg:sendingParty id:y ; rkg:receivingParty id:y .",
        "Why cannot be both sending party and receiving party of Ex",
    ),
    "functional": (
        "id:x rkg:rank 1 , 3 .",
        "Ex can have only one rank, and has 1, 3",
    ),
    "irreflexive": (
        "id:x rkg:neighbourOf id:x .",
        "Ex cannot be neighbour of itself",
    ),
    "asymmetric": (
        "id:x rkg:causedBy id:y . id:y rkg:causedBy id:x .",
        "Ex and Why cannot be caused by each other",
    ),
    "max-cardinality": (
        "id:x a rkg:Passage ; rkg:sha256 'b' , 'a' .",
        "Ex can have only one SHA-256, and has a, b",
    ),
    "bounds": (
        "id:x a rkg:Recognition ; rkg:startedBy id:y ; rkg:endedBy id:z .\n"
        'id:y rkg:when "1950"^^edtf:EDTF . id:z rkg:when "1940-05-06"^^edtf:EDTF .',
        "Ex would begin or end on 1950-01-01 at the earliest and on 1940-05-06 at the latest",
    ),
}


def load(folder: Path, text: str) -> rk.Graph:
    path = folder / "facts.ttl"
    path.write_text(HEADER + text)
    return rk.load(only=[path])


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_told_in_labels_with_facts_and_passages(tmp_path: Path, kind: str) -> None:
    text, message = KINDS[kind]
    graph = load(tmp_path, LABELS + text)
    found = [each for each in graph.contradictions() if each.kind == kind]

    assert message.casefold() in [each.message.casefold() for each in found]
    for each in found:
        assert each.facts
        assert all(fact in graph.inference for fact in each.facts)
        assert ID + "p" in [passage.iri for passage in each.passages]


@pytest.mark.parametrize("kind", KINDS)
def test_only_the_kind_that_is_there_is_told(tmp_path: Path, kind: str) -> None:
    graph = load(tmp_path, KINDS[kind][0])

    assert {kind} == {each.kind for each in contradictions(graph)}


@pytest.mark.parametrize("kind", KINDS)
def test_telling_adds_nothing_and_is_the_same_each_time(tmp_path: Path, kind: str) -> None:
    graph = load(tmp_path, KINDS[kind][0])
    before = set(graph.store)

    assert contradictions(graph) == contradictions(graph)
    assert before == set(graph.store)


def test_the_shipped_graph_has_none(kg: rk.Graph) -> None:
    assert [] == kg.contradictions()


@pytest.mark.slow
@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.name)
def test_the_good_examples_have_none(path: Path) -> None:
    assert [] == rk.load(path).contradictions()


def test_what_held_at_different_times_does_not_contradict(tmp_path: Path) -> None:
    """This holds for tenures of one office, for names, and for relations of one pair."""
    text = (
        'id:x a rkg:OfficeTenure ; rkg:office id:o ; rkg:holder id:h ; rkg:when "1900/1910" .\n'
        'id:y a rkg:OfficeTenure ; rkg:office id:o ; rkg:holder id:i ; rkg:when "1910/1920" .\n'
        "id:r a rkg:DiplomaticRelations ; rkg:firstParty id:a ; rkg:secondParty id:b ;\n"
        '    rkg:when "1900/1910" .\n'
        "id:s a rkg:UnofficialRelations ; rkg:firstParty id:a ; rkg:secondParty id:b ;\n"
        '    rkg:when "1911/1920" .'
    )

    assert [] == load(tmp_path, text).contradictions()


def test_a_contradiction_comes_and_goes_with_its_facts(tmp_path: Path) -> None:
    graph = load(tmp_path, "id:x a rkg:Embassy .")
    path = tmp_path / "more.ttl"
    path.write_text(HEADER + "id:x a rkg:Person .")
    graph.add(path)

    assert ["disjoint-classes"] == [each.kind for each in graph.contradictions()]

    graph.remove(path)

    assert [] == graph.contradictions()


def test_bounds_that_cross_name_both_passages(tmp_path: Path) -> None:
    text = KINDS["bounds"][0] + " id:y rkg:statedIn id:p . id:z rkg:statedIn id:q ."
    text += " id:p rkg:inDocument id:d . id:q rkg:inDocument id:d ."
    found = load(tmp_path, text).contradictions()

    assert any({ID + "p", ID + "q"} <= {passage.iri for passage in each.passages} for each in found)


@pytest.mark.parametrize("kind", KINDS)
def test_of_some_things_what_contradicts_itself_about_these_is_told(
    tmp_path: Path, kind: str
) -> None:
    graph = load(tmp_path, LABELS + KINDS[kind][0])
    found = contradictions(graph)
    about = {fact[0] for each in found for fact in each.facts}

    assert kind in {each.kind for each in found}
    assert found == contradictions(graph, about)
    assert [] == contradictions(graph, [])
    assert [] == contradictions(graph, [NamedNode(ID + "p"), NamedNode(ID + "nowhere")])
    for thing in about:
        told = contradictions(graph, [thing])

        assert [each.message for each in told] == [
            each.message for each in found if thing in {fact[0] for fact in each.facts}
        ]
