"""Tests of corrections by meaning: terms that newcomers guess, things by their names."""

from pathlib import Path

import pytest

import relations_kg as rk
from relations_kg.rdf.namespaces import PREFIXES

HEAD = "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in PREFIXES.items())
PROPERTIES = """
date:when year:when eventDate:when source:statedIn reference:statedIn citedIn:statedIn
document:inDocument guest:visitor hostCountry:hostParty sendingState:sendingParty
receivingCountry:receivingParty sender:sendingParty headquarters:seat dateSigned:signedAt
signingDate:signedAt effectiveDate:enteredIntoForceAt signedBy:signatory memberOf:membershipIn
attendee:participant venue:place becauseOf:causedBy saidBy:speaker headOfState:ledBy
hasDate:when
"""
CLASSES = """
Country:State Nation:State Conflict:ArmedConflict Battle:MilitaryAct Consulate:ConsularPost
InternationalOrganization:IntergovernmentalOrganization Corporation:Company Human:Person
Politician:Person Town:City Location:Place Continent:WorldRegion Harbour:Port Job:Office
TermOfOffice:OfficeTenure OfficialVisit:HighLevelVisit Trip:Visit Accord:Agreement
Convention:Treaty Summit:Conference Talks:Negotiation BilateralTrade:TradeFlow
FTA:FreeTradeAgreement Investment:InvestmentObservation Membership:OrganizationMembership
Emigration:MigrationFlow Diaspora:PopulationGroup Embargo:Sanction Ship:Vessel
CourtCase:LegalCase Speech:Statement BreakOfRelations:SeveranceOfRelations
OpeningOfRelations:EstablishmentOfRelations
"""


@pytest.fixture(scope="module")
def guesses() -> dict[str, str]:
    return dict(pair.split(":") for pair in f"{PROPERTIES} {CLASSES}".split())


@pytest.mark.slow
def test_a_guessed_term_in_sparql_is_answered_with_the_one_that_is_meant(
    kg: rk.Graph, guesses: dict[str, str]
) -> None:
    wrong = {}
    for guess, right in guesses.items():
        text = f"a rkg:{guess}" if guess[0].isupper() else f"rkg:{guess} ?o"
        warnings = kg.query(f"SELECT ?s {{ ?s {text} }}", timeout=None).warnings  # type: ignore[union-attr]
        if not any(f"rkg:{right}" in warning for warning in warnings):
            wrong[guess] = warnings

    assert {} == wrong


@pytest.mark.slow
def test_a_guessed_term_in_facts_is_answered_with_the_one_that_is_meant(
    kg: rk.Graph, guesses: dict[str, str], tmp_path: Path
) -> None:
    lines = [
        f"id:new-{n} a rkg:{guess} ."
        if guess[0].isupper()
        else f"id:peru rkg:{guess} {'1990' if right == 'when' else 'id:china-x'} ."
        for n, (guess, right) in enumerate(guesses.items())
    ]
    path = tmp_path / "facts.ttl"
    path.write_text(HEAD + "\n".join(lines), encoding="utf-8")

    found = {f.message.split()[0]: f.help for f in kg.validate(path).findings if f.help}

    wrong = {
        guess: found.get(f"rkg:{guess}")
        for guess, right in guesses.items()
        if f'"rkg:{right}"' not in (found.get(f"rkg:{guess}") or "")
    }
    assert {} == wrong


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("id:china", "id:peoples-republic-of-china"),
        ("id:republic-of-peru", "id:peru"),
        ("id:perru", "id:peru"),
    ],
)
def test_an_unknown_thing_is_answered_by_its_names(
    kg: rk.Graph, tmp_path: Path, wrong: str, right: str
) -> None:
    path = tmp_path / "facts.ttl"
    path.write_text(f"{HEAD}id:e a rkg:Embassy ; rkg:sendingParty {wrong} .", encoding="utf-8")

    helps = [f.help for f in kg.validate(path).findings if f.message.find(wrong) >= 0]
    assert any(f'"{right}"' in (help or "") for help in helps), helps


@pytest.mark.slow
def test_a_second_record_of_a_known_thing_is_found_by_its_content(
    kg: rk.Graph, tmp_path: Path
) -> None:
    source = "rkg:statedIn <https://w3id.org/relations-kg/source/china-peru/s064> ."
    visit = "rkg:visitor id:xi-jinping ; rkg:visitingParty id:peoples-republic-of-china"
    embassy = "rkg:receivingParty id:peru ; rkg:seat id:lima"
    cases = {
        f'a rkg:Visit ; {visit} ; rkg:hostParty id:peru ; rkg:when "2014-11"^^edtf:EDTF': True,
        f'a rkg:Visit ; {visit} ; rkg:hostParty id:peru ; rkg:when "2013"^^edtf:EDTF': False,
        f'a rkg:Visit ; {visit} ; rkg:hostParty id:japan ; rkg:when "2014"^^edtf:EDTF': False,
        f"a rkg:Embassy ; rkg:sendingParty id:peoples-republic-of-china ; {embassy}": True,
        f"a rkg:Mission ; rkg:sendingParty id:peoples-republic-of-china ; {embassy}": True,
        f"a rkg:Embassy ; rkg:sendingParty id:japan ; {embassy}": False,
        'a rkg:Person ; rdfs:label "XI, Jinping"@en': True,
        'a rkg:Person ; rdfs:label "Xi Mingze"@en': False,
    }
    for facts, known in cases.items():
        label = "" if "label" in facts else ' ; rdfs:label "Something new"@en'
        path = tmp_path / "facts.ttl"
        path.write_text(f"{HEAD}id:new-one {facts}{label} ; {source}", encoding="utf-8")
        codes = [finding.code for finding in kg.validate(path).findings]
        assert known == ("duplicate" in codes), facts
