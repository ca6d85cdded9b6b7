"""Tests of transport services with their craft, of averted dangers, and of usual names of codes."""

import pytest
from examples import codes, ids

import relations_kg as rk
from relations_kg.rdf.namespaces import CODE, ID

EXAMPLE = "works-and-crafts"


@pytest.mark.parametrize(
    "given",
    [
        {"operator": "orrel-air"},
        {"place": "tamsin-haven"},
        {"place": "strait-of-orrel"},
        {"kind": "airborne"},
        {"kind": "direct-service"},
    ],
)
def test_a_transport_service_is_found_by_operator_place_and_kind(
    example: rk.Graph, given: dict[str, str]
) -> None:
    (row,) = example.run("transport-services", **given)

    assert ID + "hop-over-the-strait" == row.service


def test_a_transport_service_has_its_craft_its_way_and_the_date_of_its_first_flight(
    example: rk.Graph,
) -> None:
    (row,) = example.run("transport-services")

    assert ids("hopper") == row.means
    assert ids("strait-of-orrel") == row.via
    assert ids("port-orrel", "tamsin-haven") == row.places
    assert codes("airborne", "direct-service") == row.kinds
    assert ("P1D", "1983-04/") == (row.frequency, str(row.when))


def test_a_transport_service_of_another_kind_is_not_found(example: rk.Graph) -> None:
    assert not example.run("transport-services", kind="car-ferry")


def test_a_danger_that_was_averted_did_not_happen_and_is_what_the_rescue_sought_to_prevent(
    example: rk.Graph,
) -> None:
    averted = ID + "bankruptcy-of-the-bank"

    assert averted in {row.plan for row in example.run("plans")}
    assert averted not in {row.event for row in example.run("timeline")}
    (row,) = [row for row in example.run("motives") if row.thing == ID + "rescue-of-the-bank"]
    assert {CODE + "prevention", averted} == set(row.objectives)


def test_a_group_may_export(example: rk.Graph) -> None:
    rows = example.run("exchanges", party="packers-of-orrel", other="tamsin")

    assert [ID + "beef-of-the-packers"] == [row.exchange for row in rows]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("waterworks", "waterworks"),
        ("lieutenant colonel", "lieutenant-colonel"),
        ("bailout", "rescue-of-a-company"),
        ("corned beef", "tinned-beef"),
    ],
)
def test_a_usual_name_leads_to_the_code(name: str, code: str) -> None:
    rows = rk.load().query(
        "SELECT DISTINCT ?code { ?code skos:prefLabel|skos:hiddenLabel ?name "
        f'FILTER (STR(?name) = "{name}") }}'
    )

    assert [CODE + code] == [row.code for row in rows]
