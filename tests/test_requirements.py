"""Tests of what a class requires, of properties that do not fit it, and of severed relations."""

from collections.abc import Callable
from pathlib import Path

import pytest

import relations_kg as rk
from relations_kg.rdf.namespaces import PREFIXES

HEAD = "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in PREFIXES.items())
REST = (
    'rdfs:label "Made up"@en ; rkg:statedIn <https://w3id.org/relations-kg/source/china-peru/s009>'
)
Check = Callable[[str], list[tuple[str, str]]]


@pytest.fixture
def check(kg: rk.Graph, tmp_path: Path) -> Check:
    """Return a function that returns the codes and messages of the findings on a text."""

    def check(text: str) -> list[tuple[str, str]]:
        (tmp_path / "facts.ttl").write_text(HEAD + text)
        return [(f.code, f.message) for f in kg.validate(tmp_path / "facts.ttl").findings]

    return check


@pytest.mark.parametrize(
    ("kind", "needs"),
    [
        ("AgreementAct", {"actor", "actOn", "agreementActKind"}),
        ("Answer", {"actor", "answers", "answerKind"}),
        ("AttackOnPremises", {"attackKind", "targetedMission"}),
        ("Dependence", {"dominantParty", "dependentParty", "dependenceKind"}),
        ("FacilityUse", {"facilityUser", "facilityHost", "facilityKind"}),
        ("ForcedRemoval", {"actor", "removalKind"}),
        ("GoodsTransfer", {"actor", "goods"}),
        ("LegalAct", {"actor", "legalActKind"}),
        ("MilitaryAct", {"actor", "militaryActKind"}),
        ("Request", {"actor", "requestKind"}),
        ("Sanction", {"sanctioningParty", "sanctionedParty", "sanctionKind"}),
        ("Service", {"serviceProvider", "beneficiary", "serviceKind"}),
        ("Undertaking", {"undertakingParty", "undertakingKind"}),
    ],
)
def test_a_class_needs_what_makes_it_say_something_unless_the_source_leaves_it_open(
    check: Check, kind: str, needs: set[str]
) -> None:
    undated = f"id:made-up a rkg:{kind} ; rkg:leavesOpen rkg:when ; {REST}"
    open_ = ", ".join(f"rkg:{name}" for name in sorted(needs))

    found = check(f"{undated} .")

    assert {f'"Made up" has no rkg:{name}' for name in needs} == {
        message.partition(";")[0] for _, message in found
    }
    assert {"missing"} == {code for code, _ in found}
    assert [] == check(f"{undated} ; rkg:leavesOpen {open_} .")


@pytest.mark.parametrize(
    "facts",
    [
        'a rkg:Count ; rkg:amount "9"^^rkg:Amount ; rkg:unit code:persons ; rkg:countOf id:peru',
        'a rkg:Count ; rkg:amount "9"^^rkg:Amount ; rkg:unit code:ships',
        'a rkg:Count ; rkg:amount "9"^^rkg:Amount ; rkg:unit code:items ; '
        "rkg:leavesOpen rkg:countKind",
        "a rkg:Occupation ; rkg:occupyingParty id:peru ; rkg:occupiedPlace id:lima",
        "a rkg:Occupation ; rkg:occupyingParty id:peru ; rkg:leavesOpen rkg:occupiedPlace",
        "a rkg:Dispute ; rkg:disputeKind code:border-dispute",
        "a rkg:Cancellation ; rkg:actor id:peru ; rkg:calledOff rkg:StateVisit",
        "a rkg:Statement ; rkg:speaker id:peru ; rkg:about id:lima",
        "a rkg:Treaty ; rkg:leavesOpen rkg:signedAt ; rkg:about id:lima ; rkg:exceptFor id:beijing",
        "a rkg:Undertaking ; rkg:undertakingParty id:peru ; rkg:exceptFor id:lima ; "
        'rkg:undertakingKind code:lasting-neutrality ; rkg:deadline "1900"^^edtf:EDTF',
        "a rkg:Office ; rkg:officeOf id:peru ; rkg:residence code:non-resident",
    ],
)  # fmt: skip
def test_what_a_source_may_say_is_accepted(check: Check, facts: str) -> None:
    assert [] == check(f"id:made-up {facts} ; rkg:leavesOpen rkg:when ; {REST} .")


@pytest.mark.parametrize(
    ("kind", "fact"),
    [
        ("State", "rkg:about id:lima"),
        ("Person", 'rkg:deadline "1900"^^edtf:EDTF'),
        ("Person", 'rkg:duration "P2Y"'),
        ("City", "rkg:conditionalOn id:establishment-of-peru-prc-relations"),
        ("Person", "rkg:charge code:espionage"),
        ("PopulationGroup", "rkg:goods code:guano"),
        ("DomesticInstrument", 'rkg:language "es"'),
    ],
)
def test_a_property_of_many_classes_is_not_said_of_every_class(
    check: Check, kind: str, fact: str
) -> None:
    found = check(f"id:made-up a rkg:{kind} ; {fact} ; {REST} .")

    name = fact.split()[0]
    assert ["misplaced"] == [code for code, _ in found]
    assert found[0][1].startswith(f"{name} is not a property of a rkg:")


# Severed relations


def severance(when: str = "1942-01-24", more: str = "") -> str:
    return (
        "id:severance a rkg:SeveranceOfRelations ; rkg:actor id:japan ; rkg:counterpart id:peru ; "
        f'rkg:when "{when}"^^edtf:EDTF ; {REST} {more} .\n'
    )


def between(kind: str, when: str, more: str = "") -> str:
    name = f"id:{kind.lower()}-of-japan-and-peru"
    return (
        f"{name} a rkg:{kind} ; rkg:firstParty id:japan ; rkg:secondParty id:peru ; "
        f'rkg:when "{when}"^^edtf:EDTF ; {REST.replace("Made up", "Between")} {more} .\n'
    )


@pytest.mark.parametrize(
    ("severed", "relations"),
    [
        ("1942-01-24", between("DiplomaticRelations", "1873/1950")),
        ("1942-01-24", between("DiplomaticRelations", "1873/..")),
        ("1942", between("DiplomaticRelations", "1873/1943")),
        ("1942", between("RelationsStatus", "1873/1950", "; rkg:status code:in-force")),
    ],
)
def test_relations_that_are_certainly_in_force_when_they_are_severed_are_a_mistake(
    check: Check, severed: str, relations: str
) -> None:
    found = check(severance(severed) + relations)

    assert ["yet-in-force"] == [code for code, _ in found]
    # With rkg:asGiven, the date of the severance is accepted as the source gives it.
    assert [] == check(severance(severed, "; rkg:asGiven rkg:when") + relations)


@pytest.mark.parametrize(
    "facts",
    [
        # The relations may have ended, or begun, on that day.
        severance() + between("DiplomaticRelations", "1873/1942"),
        severance() + between("DiplomaticRelations", "1873/1942-01-24"),
        severance() + between("DiplomaticRelations", "1942/1950"),
        severance("[1942-01-24..]") + between("DiplomaticRelations", "1873/1950"),
        severance("194X") + between("DiplomaticRelations", "1873/1945"),
        severance() + between("DiplomaticRelations", "/1950"),
        severance() + between("DiplomaticRelations", "1873/"),
        # The relations were of another kind, or interrupted.
        severance() + between("UnofficialRelations", "1873/1950"),
        severance()
        + between("DiplomaticRelations", "1873/1950")
        + between("RelationsStatus", "1942/1945", "; rkg:status code:severed"),
        severance()
        + between("DiplomaticRelations", "1873/1950")
        + between(
            "RelationsStatus", "/1945", "; rkg:startedBy id:severance ; rkg:status code:frozen"
        ),
    ],
)  # fmt: skip
def test_relations_that_may_have_ended_or_were_interrupted_can_be_severed(
    check: Check, facts: str
) -> None:
    assert "yet-in-force" not in [code for code, _ in check(facts)]


@pytest.mark.slow
def test_severed_relations_in_force_are_found_whichever_is_loaded_first(tmp_path: Path) -> None:
    """The finding names the places of both."""
    relations, act = tmp_path / "relations.ttl", tmp_path / "act.ttl"
    relations.write_text(HEAD + between("DiplomaticRelations", "1873/1950"))
    act.write_text(HEAD + severance())
    for known, new in ((relations, act), (act, relations)):
        graph = rk.load(known)
        (finding,) = graph.validate(new).findings

        assert ("yet-in-force", str(new)) == (finding.code, finding.file)
        assert "Between" in finding.message
        (both,) = [f for f in rk.load().validate(known, new).findings if f.code == "yet-in-force"]
        files = {both.file, *(str(related.place.file) for related in both.related)}
        assert files == {str(relations), str(act)}
