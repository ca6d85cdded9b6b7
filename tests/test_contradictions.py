"""Tests of contradictions: each kind is reported with its facts and passages."""

from pathlib import Path

import pytest
from examples import FACTS
from pyoxigraph import NamedNode, Quad, RdfFormat, parse

import relations_kg as rk
from relations_kg.answers.contradictions import contradictions
from relations_kg.answers.knowledge import Knowledge
from relations_kg.rdf.namespaces import ID, ONTOLOGY, PREFIXES, SOURCE

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
    "ordinals": (
        "id:x a rkg:Ordinal ; rkg:rank 1 ; rkg:rankedParty id:a ; rkg:rankedAct id:m ;\n"
        "    rkg:towards id:t .\n"
        "id:y a rkg:Ordinal ; rkg:rank 1 ; rkg:rankedParty id:b ; rkg:rankedAct id:n ;\n"
        "    rkg:towards id:t .\n"
        "id:m a rkg:Recognition . id:n a rkg:Recognition .",
        "Ex and Why cannot both have rank 1 in one ranking",
    ),
    "rejected-claim": (
        "id:x a rkg:Claim ; rkg:claimStatus code:rejected ; rkg:claimSubject id:y ;\n"
        "    rkg:claimProperty rkg:follows ; rkg:claimedObject id:z .\n"
        "id:y rkg:causedBy id:z .",
        "Ex is rejected, but it is inferred that Why follows id:z",
    ),
}


def test_texts_in_place_of_links_contradict_nothing_backwards(tmp_path: Path) -> None:
    """A text cannot be the subject of the opposite fact."""
    text = 'id:x rkg:causedBy "y" ; rkg:neighbourOf "x" . id:z rkg:regionOf "z" .'

    assert [] == list(load(tmp_path, text).contradictions())


def load(folder: Path, text: str) -> rk.Graph:
    path = folder / "facts.ttl"
    path.write_text(HEADER + text)
    return rk.load(only=[path])


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_alone_is_reported_in_labels_with_facts_and_passages_and_adds_nothing(
    tmp_path: Path, kind: str
) -> None:
    text, message = KINDS[kind]
    graph = load(tmp_path, LABELS + text)
    before = set(graph.quad_store)
    found = graph.contradictions()

    assert {kind} == {each.kind for each in found}
    assert message.casefold() in [each.message.casefold() for each in found]
    for each in found:
        assert each.facts
        assert all(fact in graph.inference for fact in each.facts)
        assert ID + "p" in [passage.iri for passage in each.passages]
    assert found == graph.contradictions()
    assert before == set(graph.quad_store)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("axiom", "facts", "kind"),
    [
        ("id:rivals a owl:IrreflexiveProperty .", "id:x id:rivals id:y , id:x .", "irreflexive"),
        (
            "id:feeds a owl:AsymmetricProperty .",
            "id:x id:feeds id:y . id:y id:feeds id:x .",
            "asymmetric",
        ),
        ("id:feeds a owl:AsymmetricProperty .", "id:x id:feeds id:x .", "irreflexive"),
        (
            "id:likes owl:propertyDisjointWith id:shuns .",
            "id:x id:likes id:y ; id:shuns id:y , id:z .",
            "disjoint-properties",
        ),
        (
            "id:code owl:propertyDisjointWith id:mark .",
            "id:x id:code 'K' ; id:mark 'K' .",
            "disjoint-properties",
        ),
        ("id:Tower owl:disjointWith id:Moat .", "id:x a id:Tower , id:Moat .", "disjoint-classes"),
    ],
)
def test_axioms_about_what_occurs_in_no_rule_are_checked(
    tmp_path: Path, axiom: str, facts: str, kind: str
) -> None:
    graph = load(tmp_path, facts)
    assert [] == contradictions(graph)
    owl = "@prefix owl: <http://www.w3.org/2002/07/owl#> . "
    for triple in parse((owl + HEADER + axiom).encode(), RdfFormat.TURTLE):
        quad = Quad(triple.subject, triple.predicate, triple.object, NamedNode(ONTOLOGY))
        graph.store.add(quad)
    extended = Knowledge(graph.store)

    for about in (None, [NamedNode(ID + "x")]):
        (found,) = contradictions(extended, about)
        assert kind == found.kind


def test_no_document_of_the_shipped_graph_contradicts_itself(
    kg: rk.Graph, china_peru: rk.Graph
) -> None:
    assert [] == china_peru.contradictions()
    for each in kg.contradictions():
        assert len({passage.document for passage in each.passages}) > 1


def test_what_held_at_different_times_does_not_contradict(tmp_path: Path) -> None:
    """This holds for tenures of one office and for relations of one pair."""
    text = (
        'id:x a rkg:OfficeTenure ; rkg:office id:o ; rkg:holder id:h ; rkg:when "1900/1910" .\n'
        'id:y a rkg:OfficeTenure ; rkg:office id:o ; rkg:holder id:i ; rkg:when "1910/1920" .\n'
        "id:r a rkg:DiplomaticRelations ; rkg:firstParty id:a ; rkg:secondParty id:b ;\n"
        '    rkg:when "1900/1910" .\n'
        "id:s a rkg:UnofficialRelations ; rkg:firstParty id:a ; rkg:secondParty id:b ;\n"
        '    rkg:when "1911/1920" .'
    )

    assert [] == list(load(tmp_path, text).contradictions())


FIRST = """
id:x a rkg:Ordinal ; rkg:rank 1 ; rkg:rankedParty id:a ; rkg:rankedAct id:m ; rkg:towards id:t .
id:m a rkg:Visit ; rkg:capacity id:president-of-a .
id:president-of-a rkg:officeKind code:head-of-state .
"""
NOT_RIVALS = {
    "another place": "rkg:rank 2 ; rkg:rankedParty id:b ; rkg:rankedAct id:n ; rkg:towards id:t",
    "the same holder": "rkg:rank 1 ; rkg:rankedParty id:a ; rkg:rankedAct id:n ; rkg:towards id:t",
    "another target": "rkg:rank 1 ; rkg:rankedParty id:b ; rkg:rankedAct id:n ; rkg:towards id:u",
    "within a region": "rkg:rank 1 ; rkg:rankedParty id:b ; rkg:rankedAct id:n ; rkg:towards id:t ;"
    " rkg:amongRegion id:r",
    "another kind of act": "rkg:rank 1 ; rkg:rankedParty id:b ; rkg:rankedAct id:o ;"
    " rkg:towards id:t",
    "another office": "rkg:rank 1 ; rkg:rankedParty id:b ; rkg:rankedAct id:p ; rkg:towards id:t",
    "no holder": "rkg:rank 1 ; rkg:rankedAct id:n ; rkg:towards id:t",
    "counted from the end": "rkg:rankFromEnd 1 ; rkg:rankedParty id:b ; rkg:rankedAct id:n ;"
    " rkg:towards id:t",
}
ACTS = "id:n a rkg:Visit . id:o a rkg:Signing . id:p a rkg:Visit ; rkg:capacity id:premier-of-a ."


@pytest.mark.slow
@pytest.mark.parametrize("case", NOT_RIVALS)
def test_ordinals_of_different_rankings_do_not_contradict(tmp_path: Path, case: str) -> None:
    text = f"{FIRST}{ACTS} id:y a rkg:Ordinal ; {NOT_RIVALS[case]} ."

    assert [] == list(load(tmp_path, text).contradictions())


LARGEST = "id:x a rkg:Ordinal ; rkg:rank 1 ; rkg:rankedParty id:a ; rkg:rankedBy code:trade-volume"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("dates", "kinds"),
    [
        ('rkg:when "2010"^^edtf:EDTF', ["ordinals"]),
        ("rkg:towards id:t", []),
        ("rkg:amongKind rkg:State", []),
    ],
)
def test_places_by_a_measure_are_compared_on_one_date(
    tmp_path: Path, dates: str, kinds: list[str]
) -> None:
    second = LARGEST.replace("id:x", "id:y").replace("id:a", "id:b")
    text = f"{LARGEST} ; {dates} .\n{second} ; {dates} ."

    assert kinds == [each.kind for each in load(tmp_path, text).contradictions()]


def test_in_a_region_offices_of_one_kind_are_compared(tmp_path: Path) -> None:
    second = FIRST.replace("id:x", "id:y").replace("id:a", "id:b").replace("id:m", "id:n")
    second = second.replace("president-of-a", "president-of-b")

    assert [] == load(tmp_path, FIRST + second).contradictions()

    text = (FIRST + second).replace("rkg:rank 1", "rkg:rank 1 ; rkg:amongRegion id:r")

    assert ["ordinals"] == [each.kind for each in load(tmp_path, text).contradictions()]


RIVAL = """
id:first-recognition-by-corlay a rkg:Ordinal ;
    rdfs:label "Corlay, the first of the Upper Reaches to recognise Inverra"@en ;
    rkg:rank 1 ;
    rkg:rankedParty id:corlay ;
    rkg:rankedAct id:recognition-of-inverra-by-corlay ;
    rkg:amongRegion id:upper-reaches ;
    rkg:towards id:inverra ;
    rkg:statedIn <https://w3id.org/relations-kg/source/rival/s001> .
src:rival a rkg:SourceDocument ; rdfs:label "Firsts of Corlay"@en .
<https://w3id.org/relations-kg/source/rival/s001> a rkg:Passage ;
    rkg:inDocument src:rival ; rkg:position 1 ; rkg:section "Firsts" ;
    nif:beginIndex 0 ; nif:endIndex 9 ; rkg:passageKind code:sentence ;
    rkg:sha256 "6f1cd8bec44b5ae5877dfac12e68e009f2812daf022a0e52378006f11d4bf703" ;
    rkg:gist "Corlay was the first of the Upper Reaches to recognise Inverra."@en .
"""


@pytest.mark.slow
def test_two_documents_with_a_first_each_can_be_loaded_and_are_reported(tmp_path: Path) -> None:
    """Validation refuses the second; the loaded graph lists both passages."""
    source = FACTS / "good" / "ordinals.ttl"
    rival = tmp_path / "rival.ttl"
    rival.write_text(source.read_text().partition("id:soveth a")[0] + RIVAL)
    graph = rk.load(source, rival)
    (found,) = (each for each in graph.contradictions() if "rival/s001" in str(each.passages))

    assert "ordinals" == found.kind
    assert {"ordinals/s001", "rival/s001"} == {
        passage.iri.removeprefix(SOURCE) for passage in found.passages
    }

    (finding,) = rk.load(source).validate(rival).findings

    assert ("error", "contradiction") == (finding.severity, finding.code)
    assert "cannot both have rank 1 in one ranking" in finding.message


def test_a_contradiction_comes_and_goes_with_its_facts(tmp_path: Path) -> None:
    graph = load(tmp_path, "id:x a rkg:Embassy .")
    path = tmp_path / "more.ttl"
    path.write_text(HEADER + "id:x a rkg:Person .")
    graph.add(path)

    assert ["disjoint-classes"] == [each.kind for each in graph.contradictions()]

    graph.remove(path)

    assert [] == graph.contradictions()


@pytest.mark.slow
def test_bounds_that_cross_name_both_passages(tmp_path: Path) -> None:
    text = KINDS["bounds"][0] + " id:y rkg:statedIn id:p . id:z rkg:statedIn id:q ."
    text += " id:p rkg:inDocument id:d . id:q rkg:inDocument id:d ."
    found = load(tmp_path, text).contradictions()

    assert any({ID + "p", ID + "q"} <= {passage.iri for passage in each.passages} for each in found)


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_of_some_things_what_contradicts_itself_about_these_is_reported(
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
        reported = contradictions(graph, [thing])

        assert [each.message for each in reported] == [
            each.message for each in found if thing in {fact[0] for fact in each.facts}
        ]


def test_the_help_names_each_side_with_its_passages_and_all_files(
    kg: rk.Graph, tmp_path: Path
) -> None:
    prefixes = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items())
    end, whole = tmp_path / "end.ttl", tmp_path / "whole.ttl"
    end.write_text(
        f'{prefixes}id:e a rkg:Event ; rdfs:label "E"@en ; rkg:when "1890"^^edtf:EDTF ; '
        f"rkg:statedIn <{SOURCE}china-peru/s010> ."
    )
    whole.write_text(
        f'{prefixes}id:x a rkg:Situation ; rdfs:label "X"@en ; rkg:when "1881/"^^edtf:EDTF ; '
        f'rkg:duration "P2Y" ; rkg:endedBy id:e ; rkg:statedIn <{SOURCE}china-peru/s009> .'
    )

    helps = [f.help or "" for f in kg.validate(end, whole).findings if f.code == "contradiction"]

    assert (
        f"run: relations-kg explain --facts {end} --facts {whole} "
        'id:x rkg:earliestEnd "1890-01-01" (from src:china-peru/s009, src:china-peru/s010), '
        'and with id:x rkg:latestEnd "1884-12-31" (from src:china-peru/s009)'
    ) in helps
