"""Tests of the query for what was planned and had not come about."""

from pathlib import Path

import pytest
from examples import codes, ids, loaded, stated

from relations_kg.rdf.namespaces import CODE, ID


def test_a_planned_act_is_listed_with_who_planned_it_and_what_became_of_it() -> None:
    rows = {row.plan: row for row in loaded("motives-and-relatives").run("plans")}
    blockade = rows[ID + "blockade-of-brune"]
    cession = rows[ID + "cession-of-tolly-sound"]

    assert codes("blockade") == blockade.kinds
    assert (ids("hessal"), ids("brune")) == (blockade.actors, blockade.targets)
    assert codes("not-carried-out") == blockade.ends
    assert ids("landing-at-tolly-sound") == cession.basis


def test_a_part_of_a_planned_sum_was_planned_too() -> None:
    rows = {row.plan: row for row in loaded("parts-and-scopes").run("plans", by="brannock")}
    part = rows[ID + "part-of-the-second-aid"]

    assert (30000000, CODE + "eur", ids("second-aid-of-brannock")) == (
        part.amount,
        part.measure,
        part.things,
    )
    assert ID + "aid-of-brannock" not in rows


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({"towards": "brune"}, {"blockade-of-brune"}),
        ({"by": "hessal"}, {"blockade-of-brune"}),
        ({"became": "foreseen"}, {"cession-of-tolly-sound"}),
    ],
)
def test_plans_are_asked_by_party_and_by_what_became_of_them(
    given: dict[str, str], found: set[str]
) -> None:
    rows = loaded("motives-and-relatives").run("plans", **given)

    assert {row.plan for row in rows} == {ID + name for name in found}


def test_the_basis_and_the_things_of_a_plan_and_of_its_parts_are_listed(tmp_path: Path) -> None:
    graph = stated(
        "id:bridge a rkg:Event ; rkg:fulfilment code:foreseen ; rkg:basedOn id:treaty ; "
        "    rkg:about id:river . "
        "id:law a rkg:Law ; rkg:providesFor id:bridge . "
        "id:talks a rkg:Negotiation ; rkg:objective id:bridge . "
        "id:plea a rkg:Request ; rkg:about id:bridge . "
        "id:essay a rkg:Event ; rkg:about id:bridge . "
        "id:cost a rkg:MonetaryObservation ; rkg:countedIn id:bridge ; rkg:amount 5 .",
        tmp_path,
    )
    rows = {row.plan: row for row in graph.run("plans")}

    assert {ID + "bridge", ID + "cost"} == rows.keys()
    assert all(row.basis == ids("law", "plea", "talks", "treaty") for row in rows.values())
    assert [ids("river"), ids("bridge")] == [rows[ID + each].things for each in ("bridge", "cost")]


def test_a_pending_request_and_its_words_were_spoken(tmp_path: Path) -> None:
    graph = stated(
        "id:plea a rkg:Request ; rkg:fulfilment code:pending . "
        "id:vow a rkg:Statement ; rkg:fulfilment code:pending . "
        "id:visit a rkg:Visit ; rkg:fulfilment code:pending .",
        tmp_path,
    )

    assert [ID + "visit"] == [row.plan for row in graph.run("plans")]
