"""Tests of duties and choices, ends of terms, uses of money, groups, and what is only alleged."""

import re
from collections.abc import Iterable
from pathlib import Path

import pytest
from examples import ALONE, FACTS, codes, file_of, ids, loaded

import relations_kg as rk
from relations_kg.answers.queries import stored_queries
from relations_kg.rdf.namespaces import CODE, ID, RKG

EXAMPLE = "must-may-and-alleged"


def test_one_text_binds_and_the_other_permits(example: rk.Graph) -> None:
    found = {
        kind: [row.undertaking for row in example.run("undertakings", kind=kind)]
        for kind in ("duty", "permitted", "conduct-of-foreign-affairs")
    }

    assert ids("dealing-through-orrel") == found["duty"]
    assert ids("leave-to-deal-through-orrel") == found["permitted"]
    assert (
        ids("dealing-through-orrel", "leave-to-deal-through-orrel")
        == (found["conduct-of-foreign-affairs"])
    )


def test_a_duty_is_against_one_state_or_its_friends(example: rk.Graph) -> None:
    (row,) = example.run("undertakings", kind="self-defence-duty")

    assert ids("friends-of-norrick", "norrick") == row.enemies
    assert [RKG + "againstParty"] == row.alternatives
    assert ids("attack-through-tamber") == row.conditions


def test_a_treaty_was_renewed_until_a_day(example: rk.Graph) -> None:
    (row,) = example.run("terms")

    assert ("1925-12-31", ids("treaty-of-sallow")) == (row.until, row.of)
    assert ids("orrel", "tamber") == row.parties


def test_a_loan_was_meant_for_one_work_and_spent_on_another(example: rk.Graph) -> None:
    (row,) = example.run("payments", kind="loan")

    assert (ids("railway-of-tamber"), ids("dam-of-tamber")) == (row.meant, row.spent)


def test_a_group_is_found_by_a_wider_group_kind_and_sector(example: rk.Graph) -> None:
    within = [row.group for row in example.run("groups", within="foreign-oil-firms")]
    (hands,) = example.run("groups", kind="workers")

    assert ids("lampwick-oil", "oil-firms-of-orrel") == sorted(map(str, within))
    assert (codes("farm-sector"), ids("tamber")) == (hands.mainly, hands.origins)
    assert ids("foreign-oil-firms")[0] in [
        row.group for row in example.run("groups", sector="resources")
    ]
    assert example.run("services", kind="temporary-work")[0].service == ID + "work-of-the-hands"


def test_an_allegation_is_reported_with_who_says_it_of_whom(example: rk.Graph) -> None:
    rows = {str(row.alleged): row for row in example.run("allegations", by="tamber", of="norrick")}
    help, raid = (rows[ID + name] for name in ("help-for-the-rebels", "raid-by-norrick"))

    assert (ids("tamber"), ids("norrick")) == (help.speakers, help.accused)
    assert (codes("arming", "help-to-a-side"), ids("rebels-of-tamber")) == (
        help.kinds,
        help.targets,
    )
    assert ids("accusation-of-norrick") == raid.sayings


def test_an_act_has_a_purpose_a_pretext_and_an_act_it_took_the_place_of() -> None:
    graph = loaded("motives-and-relatives")
    (row,) = graph.run("motives", objective="collection-of-debts")
    (held,) = graph.run("terms")

    assert sorted([*codes("collection-of-debts"), *ids("cession-of-tolly-sound")]) == row.objectives
    assert (ids("hessal"), ids("wend")) == (row.actors, row.behalf)
    assert (codes("protection-of-nationals"), ids("blockade-of-brune")) == (
        row.pretexts,
        row.instead,
    )
    assert (ids("hessal"), ids("payment-of-brune")) == (held.parties, held.event)


def test_a_sum_that_was_replaced_and_a_peak_are_in_no_total() -> None:
    graph = loaded("motives-and-relatives")
    replaced = {row.payment: row.replaced for row in graph.run("payments")}
    (total,) = graph.run("figure-totals", within="holding-of-tolly-sound")
    peaks = [row.figure for row in graph.run("figures") if row.statistics == codes("peak")]

    assert {ID + "sum-of-1856": ids("sum-of-1860"), ID + "sum-of-1860": None} == replaced
    assert (1, 320, 320) == (total.figures, total.atLeast, total.atMost)
    assert ids("garrison-at-its-height") == peaks


@pytest.mark.slow
def test_a_person_owns_a_part_of_a_mill_and_promises_grain() -> None:
    graph = loaded("motives-and-relatives")
    (row,) = graph.run("ownerships", owner="tom-hale")
    (sale,) = graph.run("acts", kind="sale")

    assert (ids("mill-of-brune"), ["60"], "1861/1870") == (row.things, row.parts, row.when)
    assert ids("tolly-sound", "wend") == sale.via
    assert ids("promise-of-tom-hale") == [
        each.undertaking for each in graph.run("undertakings", party="tom-hale")
    ]


def test_a_person_has_a_calling_and_kin_in_both_directions() -> None:
    rows = {str(row.person): row for row in loaded("motives-and-relatives").run("people")}
    ada, tom, una = (rows[ID + name] for name in ("ada-hale", "tom-hale", "una-brack"))

    assert (codes("missionaries"), ids("jon-hale")) == (ada.professions, ada.parents)
    assert ids("ada-hale") == tom.siblings
    assert ids("jon-hale", "tom-hale") == ada.relatives == una.relatives
    assert ids("jon-hale") == una.spouses


# Answers about statements, requests, texts and marks, which mention things without asserting them.
SPOKEN_OF = {
    *("allegations", "assessments", "causes", "claims", "corroboration", "disagreements"),
    *("discrepancies", "disputes", "estimates", "gaps", "imprecise-dates", "instruments"),
    *("names-in-languages", "ordinals", "precedents", "prohibitions", "projects", "recognitions"),
    *("recognitions-on", "rival-claims", "stages", "statements"),
}
MAY_BE_ALLEGED = """
    rkg:Absence rkg:Event rkg:Observation rkg:Alliance rkg:Cooperation rkg:FacilityUse
    rkg:LegalStatus rkg:LivingConditions rkg:MigrationFlow rkg:Negotiation rkg:Occupation
    rkg:Ownership rkg:Presence rkg:Sanction rkg:Service rkg:Statement rkg:TransportService
    rkg:Undertaking
"""


# Situations that may be planned; an undertaking exists even if it was not carried out.
MAY_BE_PLANNED = """
    rkg:Absence rkg:Alliance rkg:Cooperation rkg:FacilityUse rkg:LegalStatus rkg:LivingConditions
    rkg:MigrationFlow rkg:Occupation rkg:Ownership rkg:Presence rkg:Sanction rkg:Service
    rkg:TransportService
"""
ALL_DAYS = {"since": "1500-01-01", "until": "2030-01-01"}
# Further answers that mention planned things.
PLANNED = {"motives", "payments", "plans", "terms"}


def marked(folder: Path, names: Iterable[str], became: str) -> rk.Graph:
    """Return the graph of all examples, in which these things have this fulfilment."""
    marks = "".join(f"<{ID}{name}> <{RKG}fulfilment> <{CODE}{became}> .\n" for name in names)
    (folder / "marks.ttl").write_text(marks, encoding="utf-8")
    return rk.load(only=[*ALONE, folder / "marks.ttl"])


def things(classes: str) -> set[str]:
    """Return the instances of classes that have no fulfilment and neither begin nor end a thing."""
    rows = rk.load(only=ALONE).query(f"""
        SELECT DISTINCT ?x {{
          VALUES ?class {{ {classes} }} ?x a ?class .
          FILTER NOT EXISTS {{ ?x rkg:fulfilment ?became }}
          FILTER NOT EXISTS {{
            ?thing rkg:accededAt|rkg:adoptedAt|rkg:attestedBy|rkg:closedBy|rkg:endedBy|
              rkg:openedBy|rkg:ratifiedAt|rkg:signedAt|rkg:startedBy ?x
          }}
        }}""")
    return {str(row[0]).removeprefix(ID) for row in rows}  # type: ignore[union-attr]


def listed(graph: rk.Graph, left_out: set[str], names: set[str], on: str) -> dict[str, set[str]]:
    """Return the things among `names` that each stored query lists, without empty sets."""
    found = {}
    for name, query in stored_queries().items():
        required = [each for each in query.parameters if each.required]
        given = {each.name: on if each.type == "date" else "lune" for each in required}
        if name not in left_out:
            texts = re.findall(r"id:([\w-]+)", repr(list(graph.run(name, **given))))
            found |= {name: names & {*texts}} if names & {*texts} else {}
    return found


@pytest.mark.slow
@pytest.mark.parametrize("became", ["not-carried-out", "pending"])
def test_a_situation_that_was_only_planned_is_in_no_answer_as_a_fact(
    tmp_path: Path, became: str
) -> None:
    # Something else is dated by its lag from the landing.
    planned = things(MAY_BE_PLANNED) - {"landing-at-sund"}
    graph = marked(tmp_path, planned, became)
    left_out = {"days-between", "evidence"} | SPOKEN_OF | PLANNED
    changed = {str(row.thing).removeprefix(ID) for row in graph.run("changes", **ALL_DAYS)}

    assert len(planned) > 30
    assert set() == changed & planned
    for on in ("1880-01-01", "1995-01-01"):
        assert {} == listed(graph, left_out, planned, on)


@pytest.mark.slow
def test_what_is_only_alleged_is_in_no_answer_as_a_fact(tmp_path: Path) -> None:
    """The test marks as alleged each thing in the examples that `things` selects."""
    alleged = things(MAY_BE_ALLEGED)
    graph = marked(tmp_path, alleged, "alleged")
    left_out = {"days-between", "evidence"} | SPOKEN_OF

    assert len(alleged) > 300
    assert {} == listed(graph, left_out, alleged, "1990-01-01")


@pytest.mark.parametrize("became", ["alleged", "foreseen", "not-carried-out", "pending"])
def test_a_tenure_that_never_was_is_not_asserted(kg: rk.Graph, tmp_path: Path, became: str) -> None:
    """The office is inferred from a tenure, whatever became of it."""
    text = (FACTS / "bad/not-asserted-inferred-from.ttl").read_text(encoding="utf-8")
    path = tmp_path / "facts.ttl"
    path.write_text(text.replace("code:alleged", f"code:{became}"), encoding="utf-8")

    report = kg.validate(path)

    assert ["inferred-from"] == [finding.code for finding in report.findings]


@pytest.mark.parametrize(
    ("text", "working"),
    [
        (
            "rkg:Recognition ; rkg:recognizingParty id:varrin ; "
            "rkg:recognizedEntity id:holm-islands",
            "rkg:undertakingKind code:recognition-duty",
        ),
        (
            "rkg:OrganizationMembership ; rkg:member id:varrin ; "
            "rkg:membershipIn id:league-of-the-isles",
            "rkg:eventKind code:admission-of-a-member",
        ),
    ],
)
def test_an_error_names_how_a_foreseen_stance_or_membership_is_recorded(
    tmp_path: Path, text: str, working: str
) -> None:
    """The example `neighbouring-kinds` records both in the ways that the error names."""
    path = file_of(f"id:made-up a {text} ; rkg:fulfilment code:foreseen .", tmp_path)
    graph = loaded("neighbouring-kinds")

    (finding,) = [f for f in graph.validate(path).findings if f.code == "inferred-from"]

    assert working in finding.message
    assert ids("admission-of-the-holm-islands") == [row.plan for row in graph.run("plans")]
    assert ids("recognition-by-varrin") == [
        row.undertaking for row in graph.run("undertakings", kind="recognition-duty")
    ]


def test_people_may_come_from_an_organisation_of_states() -> None:
    graph = loaded("neighbouring-kinds")

    origins = {row.group: row.origins for row in graph.run("groups")}
    (arrival,) = graph.run("migrations", origin="league-of-the-isles")
    (leaving,) = graph.run("migrations", destination="league-of-the-isles")

    assert ids("league-of-the-isles") == origins[ID + "citizens-of-the-league"]
    assert ID + "migration-within-the-league" == arrival.migration
    assert ID + "return-to-the-league" == leaving.migration
