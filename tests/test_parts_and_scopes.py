"""Tests of parts of sums, nearby places, where duties apply, diseases and repeated words."""

import pytest
from examples import codes, ids, loaded

import relations_kg as rk
from relations_kg.rdf.namespaces import CODE, ID, RKG


@pytest.fixture(scope="module")
def told() -> rk.Graph:
    return loaded("parts-and-scopes")


def test_a_sum_is_a_part_of_a_larger_one(told: rk.Graph) -> None:
    wholes = {row.payment: row.wholes for row in told.run("payments")}

    assert wholes[ID + "debt-cancelled-by-brannock"] == ids("aid-of-brannock")
    assert wholes[ID + "aid-of-brannock"] is None


def test_a_part_of_a_sum_that_was_only_foreseen_was_not_paid_either(told: rk.Graph) -> None:
    payments = {row.payment for row in told.run("payments")}
    figures = {row.figure for row in told.run("figures")}

    assert not {ID + "second-aid-of-brannock", ID + "part-of-the-second-aid"} & (payments | figures)


def test_what_belongs_to_a_figure_is_found_within_it(told: rk.Graph) -> None:
    within = [row.figure for row in told.run("figures", within="sailors-in-the-roads")]

    assert within == ids("naval-crews-in-the-roads", "sailors-in-the-roads")


def test_a_part_of_a_number_is_not_added_to_it(told: rk.Graph) -> None:
    (row,) = told.run("figure-totals", within="roads-of-selhaven")

    assert (1, 40, 40) == (row.figures, row.atLeast, row.atMost)


def test_a_village_lies_near_a_city_and_the_city_near_it(told: rk.Graph) -> None:
    (row,) = told.run("neighbours", place="old-selhaven")

    assert (row.neighbour, row.relation) == (ID + "adel", RKG + "near")


@pytest.mark.parametrize(
    ("query", "column", "thing", "place"),
    [
        ("undertakings", "undertaking", "limit-of-boats", "outer-zone"),
        ("sanctions", "sanction", "embargo-in-the-outer-zone", "outer-zone"),
        ("legal-statuses", "situation", "language-of-adel", "adel"),
    ],
)
def test_a_rule_applies_in_a_place(
    told: rk.Graph, query: str, column: str, thing: str, place: str
) -> None:
    where = {getattr(row, column): row.where for row in told.run(query)}

    assert where[ID + thing] == ids(place)


def test_acts_services_and_duties_are_found_by_the_disease(told: rk.Graph) -> None:
    (act,) = told.run("acts", kind="ebola")
    (service,) = told.run("services", kind="ebola")
    (duty,) = told.run("undertakings", kind="cholera")

    assert act.act == ID + "epidemic-in-adel"
    assert service.kinds == codes("ebola", "medical-service")
    assert duty.undertaking == ID + "quarantine-of-adel"
    assert CODE + "cholera" in duty.kinds


def test_towns_that_the_source_does_not_name_are_twinned(told: rk.Graph) -> None:
    found = told.run("exchanges", kind="sister-cities")

    assert [ID + "twinning-of-towns"] == [row.exchange for row in found]


def test_what_is_owed_every_year_recurs_between_both_parties(told: rk.Graph) -> None:
    (row,) = told.run("recurrences", party="selhaven")

    assert ids("brannock", "selhaven") == row.parties
    assert codes("payment") == row.kinds


def test_words_are_said_at_a_series_of_events(told: rk.Graph) -> None:
    (row,) = told.run("statements", speaker="selhaven")

    assert ids("receptions-at-court") == row.at


def test_a_sum_that_is_a_part_of_another_is_no_group(told: rk.Graph) -> None:
    assert ID + "debt-cancelled-by-brannock" not in [row.group for row in told.run("groups")]
