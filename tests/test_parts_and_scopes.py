"""Tests of parts of sums, nearby places, where duties apply, diseases and repeated words."""

import pytest
from examples import codes, ids

import relations_kg as rk
from relations_kg.rdf.namespaces import CODE, ID, RKG

EXAMPLE = "parts-and-scopes"


def test_a_sum_is_a_part_of_a_larger_one(example: rk.Graph) -> None:
    wholes = {row.payment: row.wholes for row in example.run("payments")}

    assert wholes[ID + "debt-cancelled-by-brannock"] == ids("aid-of-brannock")
    assert wholes[ID + "aid-of-brannock"] is None


def test_a_part_of_a_sum_that_was_only_foreseen_was_not_paid_either(example: rk.Graph) -> None:
    payments = {row.payment for row in example.run("payments")}
    figures = {row.figure for row in example.run("figures")}

    assert not {ID + "second-aid-of-brannock", ID + "part-of-the-second-aid"} & (payments | figures)


def test_what_belongs_to_a_figure_is_found_within_it(example: rk.Graph) -> None:
    within = [row.figure for row in example.run("figures", within="sailors-in-the-roads")]

    assert within == ids("naval-crews-in-the-roads", "sailors-in-the-roads")


def test_a_part_of_a_number_is_not_added_to_it(example: rk.Graph) -> None:
    (row,) = example.run("figure-totals", within="roads-of-selhaven")

    assert (1, 40, 40) == (row.figures, row.atLeast, row.atMost)


def test_a_village_lies_near_a_city_and_the_city_near_it(example: rk.Graph) -> None:
    (row,) = example.run("neighbours", place="old-selhaven")

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
    example: rk.Graph, query: str, column: str, thing: str, place: str
) -> None:
    where = {getattr(row, column): row.where for row in example.run(query)}

    assert where[ID + thing] == ids(place)


def test_acts_services_and_duties_are_found_by_the_disease(example: rk.Graph) -> None:
    (act,) = example.run("acts", kind="ebola")
    (service,) = example.run("services", kind="ebola")
    (duty,) = example.run("undertakings", kind="cholera")

    assert act.act == ID + "epidemic-in-adel"
    assert service.kinds == codes("ebola", "medical-service")
    assert duty.undertaking == ID + "quarantine-of-adel"
    assert CODE + "cholera" in duty.kinds


def test_towns_that_the_source_does_not_name_are_twinned(example: rk.Graph) -> None:
    found = example.run("exchanges", kind="sister-cities")

    assert [ID + "twinning-of-towns"] == [row.exchange for row in found]


def test_what_is_owed_every_year_recurs_between_both_parties(example: rk.Graph) -> None:
    (row,) = example.run("recurrences", party="selhaven")

    assert ids("brannock", "selhaven") == row.parties
    assert codes("payment") == row.kinds


def test_words_are_said_at_a_series_of_events(example: rk.Graph) -> None:
    (row,) = example.run("statements", speaker="selhaven")

    assert ids("receptions-at-court") == row.at


def test_a_sum_that_is_a_part_of_another_is_no_group(example: rk.Graph) -> None:
    assert ID + "debt-cancelled-by-brannock" not in [row.group for row in example.run("groups")]
