"""Tests of changes of use and their permanence, of views, and of offices that act or are bound."""

from pathlib import Path

import pytest
from examples import codes, ids, stated

import relations_kg as rk
from relations_kg.rdf.namespaces import CODE, ID

EXAMPLE = "uses-and-judgements"


def test_a_cathedral_was_a_mosque_for_a_time(example: rk.Graph) -> None:
    uses = {row.act: row.into for row in example.run("acts", kind="change-of-use")}
    lasting = {row.thing: row.permanence for row in example.run("manners", manner="temporary")}

    assert uses[ID + "cathedral-in-another-use"] == codes("mosque")
    assert uses[ID + "house-in-another-use"] == codes("museum-premises")
    assert lasting == {
        ID + "cathedral-in-another-use": CODE + "temporary",
        ID + "line-of-1949": CODE + "provisional",
    }


def test_a_base_is_obsolete_by_its_military_value(example: rk.Graph) -> None:
    (row,) = example.run("opinions", opinion="seen-as-obsolete")

    assert ids("tamsin") == row.holders
    assert ids("base-at-sorrel") == row.on
    assert codes("by-military-value") == row.criteria


def test_views_in_words_are_listed_with_those_that_are_reported(example: rk.Graph) -> None:
    assert [row.view for row in example.run("opinions", by="ostrava-coast")] == ids(
        "words-on-the-return"
    )
    assert [row.view for row in example.run("opinions", about="return-of-sorrel")] == ids(
        "view-of-the-return", "words-on-the-return"
    )


def test_the_holders_of_an_office_are_bound(example: rk.Graph) -> None:
    (row,) = example.run("undertakings", party="agent-at-sorrel")

    assert ID + "homage-of-the-agent" == row.undertaking


def test_an_office_stands_for_its_holder_in_words_money_and_acts(example: rk.Graph) -> None:
    for party in ("ambassador-of-tamsin", "tamsin"):
        (row,) = example.run("statements", speaker=party, kind="protest")
        assert ids("ambassador-of-tamsin") == row.speakers
        (row,) = example.run("participations", participant=party)
        assert ids("ambassador-of-tamsin") == row.participants
    for party in ("ruler-of-the-coast", "ostrava-coast"):
        (row,) = example.run("payments", recipient=party, kind="ransom")
        assert ids("ruler-of-the-coast") == row.recipients
        (row,) = example.run("requests", to=party)
        assert ID + "request-to-the-ruler" == row.request
        assert ID + "request-to-the-ruler" in [row.act for row in example.run("acts", to=party)]


def test_the_opinions_and_gifts_of_an_office_are_found_by_its_party(tmp_path: Path) -> None:
    graph = stated(
        "id:corvia a rkg:State . id:treasurer a rkg:Office ; rkg:officeOf id:corvia . "
        "id:praise a rkg:Statement ; rkg:speaker id:treasurer ; rkg:opinion code:seen-as-useful . "
        "id:gift a rkg:MonetaryObservation ; rkg:giver id:treasurer ; rkg:amount 5 .",
        tmp_path,
    )

    for party in ("treasurer", "corvia"):
        (opinion,) = graph.run("opinions", by=party)
        assert (ID + "praise", ids("treasurer")) == (opinion.view, opinion.holders)
        (payment,) = graph.run("payments", giver=party)
        assert (ID + "gift", ids("treasurer")) == (payment.payment, payment.givers)


def test_what_the_holders_of_an_office_must_do_is_a_duty_of_its_party(example: rk.Graph) -> None:
    found = [row.undertaking for row in example.run("undertakings", party="tamsin")]

    assert ID + "homage-of-the-agent" in found


def test_a_movement_has_members(example: rk.Graph) -> None:
    (row,) = example.run("memberships", organization="order-of-saint-brannoc")

    assert ID + "hal-tregarth" == row.party


def test_an_act_has_exceptions(example: rk.Graph) -> None:
    exceptions = {row.act: row.exceptions for row in example.run("acts", kind="recall-of-persons")}

    assert exceptions == {ID + "recall-of-the-experts": ids("hal-tregarth")}


def test_that_there_were_many_can_be_asked(example: rk.Graph) -> None:
    (row,) = example.run("figures", within="recall-of-the-experts")

    assert CODE + "to-a-great-extent" == row.degree


def test_a_sum_and_a_share_have_their_conditions(example: rk.Graph) -> None:
    payments = {row.payment: row.conditions for row in example.run("payments")}
    figures = {row.figure: row.conditions for row in example.run("figures")}

    assert payments[ID + "rent-of-sorrel"] == ids("pledge-of-tamsin")
    assert figures[ID + "share-of-the-field"] == ids("pledge-of-tamsin")


def test_a_rank_was_held_from_the_event_that_started_it(example: rk.Graph) -> None:
    (row,) = example.run("ordinals", party="tamsin")

    assert "1967/" == row.when


def test_what_was_hardly_paid_is_listed_as_such(example: rk.Graph) -> None:
    degrees = {row.payment: row.degree for row in example.run("payments")}

    assert degrees[ID + "hardly-paid"] == CODE + "hardly"


def test_people_are_found_by_where_they_came_from(example: rk.Graph) -> None:
    (row,) = example.run("people", origin="tamsin")

    assert (ID + "hal-tregarth", ids("tamsin")) == (row.person, row.origins)


def test_an_event_takes_place_during_a_situation(example: rk.Graph, tmp_path: Path) -> None:
    path = tmp_path / "late.ttl"
    path.write_text(
        f"""
@prefix rkg: <https://w3id.org/relations-kg/ontology#> .
@base <{ID}> .
<return-of-sorrel> rkg:duringEvent <winter-at-port-merrin> .
"""
    )

    assert [finding.code for finding in example.validate(path).findings] == ["at-another-time"]


@pytest.mark.parametrize("thing", ["tamsin", "hal-tregarth", "experts-of-tamsin"])
def test_parties_and_people_have_no_permanence(
    example: rk.Graph, tmp_path: Path, thing: str
) -> None:
    path = tmp_path / "misplaced.ttl"
    path.write_text(
        f"""
@prefix rkg: <https://w3id.org/relations-kg/ontology#> .
@prefix code: <https://w3id.org/relations-kg/code/> .
@base <{ID}> .
<{thing}> rkg:permanence code:temporary .
"""
    )

    assert [finding.code for finding in example.validate(path).findings] == ["misplaced"]
