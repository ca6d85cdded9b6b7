"""Tests of attempts, of what is aboard a craft, and of rankings within an organisation."""

import pytest
from examples import codes, ids

import relations_kg as rk
from relations_kg.rdf.namespaces import ID

EXAMPLE = "attempts-and-craft"


def test_an_attempt_is_listed_with_what_became_of_it(example: rk.Graph) -> None:
    (row,) = example.run("acts", kind="eavesdropping")

    assert codes("attempted", "eavesdropping") == row.kinds


@pytest.mark.parametrize(
    ("query", "column", "thing", "place"),
    [
        ("legal-statuses", "situation", "asylum-aboard-the-gull", "gull"),
        ("services", "service", "care-aboard-the-gull", "gull"),
        ("presences", "presence", "rebels-aboard-the-gull", "gull"),
        ("legal-statuses", "situation", "asylum-on-the-trawlers", "trawlers-of-corvania"),
        ("services", "service", "care-on-the-trawlers", "trawlers-of-corvania"),
        ("presences", "presence", "rebels-on-the-trawlers", "trawlers-of-corvania"),
        ("undertakings", "undertaking", "free-movement-in-the-union", "bay-union"),
    ],
)
def test_a_craft_and_an_organisation_are_where_something_holds(
    example: rk.Graph, query: str, column: str, thing: str, place: str
) -> None:
    where = {getattr(row, column): row.where for row in example.run(query)}

    assert where[ID + thing] == ids(place)


@pytest.mark.parametrize("query", ["services", "presences"])
def test_what_is_aboard_is_found_by_the_craft(example: rk.Graph, query: str) -> None:
    assert len(example.run(query, place="gull")) == 1
    assert not example.run(query, place="corvania")


def test_an_arrest_was_made_on_craft_that_nobody_names(example: rk.Graph) -> None:
    (arrest,) = example.run("acts", kind="arrest")

    assert ids("trawlers-of-corvania") == arrest.places


def test_meetings_are_held_by_turns(example: rk.Graph) -> None:
    rows = {row.thing: row.criteria for row in example.run("manners")}

    assert codes("by-rotation") == rows[ID + "meetings-of-the-union"]


def test_a_ranking_is_limited_to_an_organisation(example: rk.Graph) -> None:
    (row,) = example.run("ordinals", among="bay-union")

    assert row.ordinal == ID + "largest-community-in-the-union"


def test_a_movement_has_members(example: rk.Graph) -> None:
    (row,) = example.run("memberships", organization="lantern-movement")

    assert row.party == ID + "ottilie-crane"


def test_a_state_is_appointed(example: rk.Graph) -> None:
    (row,) = example.run("postings", person="corvania")

    assert row.event == ID + "choice-of-corvania"
    assert row.persons == ids("corvania")


def test_an_event_was_in_progress_on_the_day_of_a_letter(example: rk.Graph) -> None:
    (row,) = example.query(
        "SELECT ?start ?end { id:siege-of-adelport rkg:latestStart ?start ; rkg:earliestEnd ?end }"
    )

    assert "2015-07-16" == str(row.start) == str(row.end)
