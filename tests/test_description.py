"""Tests of the description of a thing."""

from pathlib import Path

import pytest

import relations_kg as rk

FACTS = """
@prefix id: <https://w3id.org/relations-kg/id/> .
@prefix src: <https://w3id.org/relations-kg/source/> .
@prefix rkg: <https://w3id.org/relations-kg/ontology#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix edtf: <http://id.loc.gov/datatypes/edtf/> .

id:freedonia a rkg:State ; rdfs:label "Freedonia"@en ; skos:altLabel "<Fredonia>"@es ;
    rkg:description "A state at war."@en ; rkg:statedIn src:p .
id:visit-late a rkg:Visit ; rdfs:label "Late visit"@en ; rkg:hostParty id:freedonia ;
    rkg:when "1999"^^edtf:EDTF ; rkg:statedIn src:p .
id:visit-early a rkg:Visit ; rdfs:label "Early visit"@en ; rkg:hostParty id:freedonia ;
    rkg:when "[..1933-05]"^^edtf:EDTF .
id:visit-undated a rkg:Visit ; rdfs:label "Undated visit"@en ; rkg:hostParty id:freedonia .
src:p rkg:inDocument id:d ; rkg:position 1 ; rkg:section "Lead" ; rkg:gist "What it says."@en .
"""


@pytest.fixture(scope="module")
def fiction(tmp_path_factory: pytest.TempPathFactory) -> rk.Graph:
    path: Path = tmp_path_factory.mktemp("description") / "facts.ttl"
    path.write_text(FACTS)
    return rk.load(only=[path])


@pytest.mark.slow
def test_a_description_shows_all_that_is_known_in_the_order_of_dates(fiction: rk.Graph) -> None:
    expected = """\
Freedonia
  id:freedonia
  called  "<Fredonia>"@es, "Freedonia"@en
  a kind of  party, polity, state

Facts
  [..1933-05]  Early visit · host party · Freedonia
  1999         Late visit · host party · Freedonia
               Freedonia · description · A state at war.
               Undated visit · host party · Freedonia

Passages
  src:p  What it says.
"""

    assert expected == str(fiction.show("freedonia"))


def test_facts_lead_both_ways_and_carry_the_date_of_either_end(fiction: rk.Graph) -> None:
    seen_from_the_visit = fiction.show("visit-late").facts
    (fact,) = (fact for fact in seen_from_the_visit if fact.predicate == "host party")

    assert fact in fiction.show("freedonia").facts
    assert ("1999-01-01", "1999", "Late visit", "Freedonia", False) == (
        fact.day,
        fact.when,
        fact.subject,
        fact.object,
        fact.inferred,
    )


def test_inferred_facts_are_marked(kg: rk.Graph) -> None:
    inferred = [fact for fact in kg.show("peru").facts if fact.inferred]

    assert "has ever had relations with" in {fact.predicate for fact in inferred}
    text = str(kg.show("peru"))
    assert text.count("(inferred)") + text.count("(reading: ") == len(inferred)


@pytest.mark.slow
def test_every_thing_of_the_graph_has_a_description(kg: rk.Graph) -> None:
    rows = kg.query("SELECT DISTINCT ?thing WHERE { ?thing rkg:statedIn ?passage }")

    for row in rows:  # type: ignore[union-attr]
        description = kg.show(row.thing)

        assert row.thing.label == description.label == str(description).splitlines()[0]
        assert description.kinds
        assert description.passages
        assert [p for p in kg.passages() if row.thing in p.things] == list(description.passages)


def test_terms_values_and_passages_have_descriptions_too(kg: rk.Graph) -> None:
    assert "Consulate-General of Peru in Guangzhou · type" not in str(kg.show("ConsulateGeneral"))
    assert "official status" in str(kg.show("code:official"))
    assert "gist" in str(kg.show("src:china-peru/s022"))


def test_a_description_in_a_notebook_is_escaped(fiction: rk.Graph) -> None:
    html = fiction.show("freedonia")._repr_html_()

    assert "&lt;Fredonia&gt;" in html
    assert "<Fredonia>" not in html


def test_no_line_of_a_description_ends_in_a_space_or_is_broken_by_its_data(tmp_path: Path) -> None:
    path = tmp_path / "facts.ttl"
    path.write_text(
        "<https://w3id.org/relations-kg/id/a> "
        '<http://www.w3.org/2000/01/rdf-schema#label> "one\\ntwo\\u001B[31m" ; '
        '<http://www.w3.org/2000/01/rdf-schema#comment> "three\\r\\nfour\\u0007 " .'
    )

    text = str(rk.load(only=[path]).show("a"))

    assert all(line == line.rstrip() for line in text.split("\n"))
    assert all(character.isprintable() or character == "\n" for character in text)
    assert 6 >= text.count("\n")


CLAIMS = """
@prefix id: <https://w3id.org/relations-kg/id/> .
@prefix code: <https://w3id.org/relations-kg/code/> .
@prefix rkg: <https://w3id.org/relations-kg/ontology#> .
@prefix edtf: <http://id.loc.gov/datatypes/edtf/> .

id:visit a rkg:Visit ; rkg:hostParty id:freedonia ; rkg:visitor id:ann , id:bob , id:eve ;
    rkg:visitingParty id:sylvania , id:marshovia ; rkg:when "1933"^^edtf:EDTF .
id:a a rkg:Claim ; rkg:claimSubject id:visit ; rkg:claimProperty rkg:when ;
    rkg:claimedValue "1933"^^edtf:EDTF ; rkg:claimStatus code:preferred .
id:b a rkg:Claim ; rkg:claimSubject id:visit ; rkg:claimProperty rkg:when ;
    rkg:claimedValue "1934-05"^^edtf:EDTF ; rkg:claimStatus code:rejected .
id:c a rkg:Claim ; rkg:claimSubject id:visit ; rkg:claimProperty rkg:hostParty ;
    rkg:claimedObject id:sylvania ; rkg:claimStatus code:alternative .
id:d a rkg:Claim ; rkg:claimSubject id:visit ; rkg:claimProperty rkg:visitor ;
    rkg:claimedObject id:ann ; rkg:claimStatus code:preferred ; rkg:contradicts id:f .
id:e a rkg:Claim ; rkg:claimSubject id:visit ; rkg:claimProperty rkg:visitor ;
    rkg:claimedObject id:bob ; rkg:claimStatus code:preferred .
id:f a rkg:Claim ; rkg:claimSubject id:visit ; rkg:claimProperty rkg:capacity ;
    rkg:claimedObject id:envoy ; rkg:claimStatus code:alternative .
id:g a rkg:Claim ; rkg:claimSubject id:visit ; rkg:claimProperty rkg:visitingParty ;
    rkg:claimedObject id:marshovia ; rkg:claimStatus code:preferred .
id:h a rkg:Claim ; rkg:claimSubject id:visit ; rkg:claimProperty rkg:visitingParty ;
    rkg:claimedObject id:osterlich ; rkg:claimStatus code:alternative .
"""


def test_a_disputed_fact_carries_the_other_accounts(tmp_path: Path) -> None:
    path = tmp_path / "claims.ttl"
    path.write_text(CLAIMS)
    graph = rk.load(only=[path])
    seen = {
        (fact.predicate, fact.object): [account.text for account in fact.disputed]
        for fact in graph.show("id:visit").facts
        if fact.subject == "id:visit" and not fact.inferred
    }
    elsewhere = [
        [account.text for account in fact.disputed]
        for fact in graph.show("id:freedonia").facts
        if fact.predicate == "host party"
    ]

    assert seen == {
        ("when", "1933"): ["1934-05"],
        ("host party", "id:freedonia"): ["id:sylvania"],  # no claim gives the value itself
        ("visitor", "id:ann"): ["in the capacity of id:envoy"],  # claims of two properties
        ("visitor", "id:bob"): [],  # both visitors are preferred
        ("visitor", "id:eve"): [],
        ("visiting party", "id:sylvania"): [],  # the dispute is about the other one
        ("visiting party", "id:marshovia"): ["id:osterlich"],
    }
    assert elsewhere == [["id:sylvania", "when 1934-05"]]  # this page shows the date of the visit


def test_a_disputed_date_is_marked_where_it_is_shown(kg: rk.Graph) -> None:
    own = str(kg.show("establishment-of-peru-qing-relations"))
    treaty = str(kg.show("treaty-signed-in-tianjin-1874"))

    assert "when · 1874-06-26  (disputed: [..1865]; 1875-08)" in own
    assert "qing dynasty  (disputed: when [..1865]; when 1875-08)" in treaty.lower()
