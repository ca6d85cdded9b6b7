"""Tests of duties and choices, ends of terms, uses of money, groups, and what is only alleged."""

import re
from pathlib import Path

import pytest
from examples import ALONE, FACTS
from test_force_and_law import codes, ids, loaded

import relations_kg as rk
from relations_kg.answers.queries import stored_queries
from relations_kg.rdf.namespaces import CODE, ID, RKG


@pytest.fixture(scope="module")
def told() -> rk.Graph:
    return loaded("must-may-and-alleged")


def test_one_text_binds_and_the_other_permits(told: rk.Graph) -> None:
    found = {
        kind: [row.undertaking for row in told.run("undertakings", kind=kind)]
        for kind in ("duty", "permitted", "conduct-of-foreign-affairs")
    }

    assert ids("dealing-through-orrel") == found["duty"]
    assert ids("leave-to-deal-through-orrel") == found["permitted"]
    assert (
        ids("dealing-through-orrel", "leave-to-deal-through-orrel")
        == (found["conduct-of-foreign-affairs"])
    )


def test_a_duty_is_against_one_state_or_its_friends(told: rk.Graph) -> None:
    (row,) = told.run("undertakings", kind="self-defence-duty")

    assert ids("friends-of-norrick", "norrick") == row.enemies
    assert [RKG + "againstParty"] == row.alternatives
    assert ids("attack-through-tamber") == row.conditions


def test_a_treaty_was_renewed_until_a_day(told: rk.Graph) -> None:
    (row,) = told.run("terms")

    assert ("1925-12-31", ids("treaty-of-sallow")) == (row.until, row.of)
    assert ids("orrel", "tamber") == row.parties


def test_a_loan_was_meant_for_one_work_and_spent_on_another(told: rk.Graph) -> None:
    (row,) = told.run("payments", kind="loan")

    assert (ids("railway-of-tamber"), ids("dam-of-tamber")) == (row.meant, row.spent)


def test_a_group_is_found_by_a_wider_group_kind_and_sector(told: rk.Graph) -> None:
    within = [row.group for row in told.run("groups", within="foreign-oil-firms")]
    (hands,) = told.run("groups", kind="workers")

    assert ids("lampwick-oil", "oil-firms-of-orrel") == sorted(map(str, within))
    assert (codes("farm-sector"), ids("tamber")) == (hands.mainly, hands.origins)
    assert ids("foreign-oil-firms")[0] in [
        row.group for row in told.run("groups", sector="resources")
    ]
    assert told.run("services", kind="temporary-work")[0].service == ID + "work-of-the-hands"


def test_an_allegation_is_told_with_who_says_it_of_whom(told: rk.Graph) -> None:
    rows = {str(row.alleged): row for row in told.run("allegations", by="tamber", of="norrick")}
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
    peaks = [row.figure for row in graph.run("figures") if row.statistic == CODE + "peak"]

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


# Answers about statements, requests, texts and marks, which say of a thing that it is spoken of.
SPOKEN_OF = {
    *("allegations", "assessments", "causes", "claims", "corroboration", "disagreements"),
    *("discrepancies", "disputes", "estimates", "imprecise-dates", "instruments"),
    *("names-in-languages", "ordinals", "precedents", "prohibitions", "projects", "recognitions"),
    *("recognitions-on", "rival-claims", "stages", "statements"),
}
MAY_BE_ALLEGED = """
    rkg:Event rkg:Observation rkg:Alliance rkg:Cooperation rkg:FacilityUse rkg:LivingConditions
    rkg:MigrationFlow rkg:Negotiation rkg:Occupation rkg:Service rkg:Undertaking
"""


@pytest.mark.slow
def test_what_is_only_alleged_is_in_no_answer_as_a_fact(tmp_path: Path) -> None:
    """Everything in the examples that may be alleged is marked so."""
    facts = rk.load(only=ALONE)
    rows = facts.query(f"""
        SELECT DISTINCT ?x {{
          VALUES ?class {{ {MAY_BE_ALLEGED} }} ?x a ?class .
          FILTER NOT EXISTS {{ ?x rkg:fulfilment ?became }}
          FILTER NOT EXISTS {{
            ?thing rkg:accededAt|rkg:adoptedAt|rkg:attestedBy|rkg:closedBy|rkg:endedBy|
              rkg:openedBy|rkg:ratifiedAt|rkg:signedAt|rkg:startedBy ?x
          }}
        }}""")
    alleged = {str(row[0]).removeprefix(ID) for row in rows}  # type: ignore[union-attr]
    marks = "".join(f"<{ID}{name}> <{RKG}fulfilment> <{CODE}alleged> .\n" for name in alleged)
    (tmp_path / "marks.ttl").write_text(marks, encoding="utf-8")
    marked = rk.load(only=[*ALONE, tmp_path / "marks.ttl"])
    listed = {}
    for name, query in stored_queries().items():
        required = [each for each in query.parameters if each.required]
        given = {each.name: "1990-01-01" if each.type == "date" else "lune" for each in required}
        if name not in ("days-between", "evidence") and name not in SPOKEN_OF:
            found = set(re.findall(r"id:([\w-]+)", repr(list(marked.run(name, **given)))))
            listed |= {name: found & alleged} if found & alleged else {}

    assert len(alleged) > 300
    assert {} == listed


@pytest.mark.parametrize("became", ["alleged", "foreseen", "not-carried-out"])
def test_a_tenure_that_never_was_is_not_asserted(kg: rk.Graph, tmp_path: Path, became: str) -> None:
    """The office is inferred from a tenure, whatever became of it."""
    text = (FACTS / "bad/not-asserted-inferred-from.ttl").read_text(encoding="utf-8")
    path = tmp_path / "facts.ttl"
    path.write_text(text.replace("code:alleged", f"code:{became}"), encoding="utf-8")

    report = kg.validate(path)

    assert ["inferred-from"] == [finding.code for finding in report.findings]
