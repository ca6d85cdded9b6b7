"""Tests of converted figures, several statistics of one figure, and parts of objects."""

from examples import codes, ids

import relations_kg as rk
from relations_kg.rdf.namespaces import ID

EXAMPLE = "conversions-and-parts"


def test_a_sum_in_dollars_is_the_conversion_of_one_in_roubles(example: rk.Graph) -> None:
    payments = {row.payment: row.conversionOf for row in example.run("payments")}
    (dollars,) = example.run("figures", unit="usd")

    assert {
        ID + "credit-for-selmar": None,
        ID + "credit-for-selmar-in-dollars": ID + "credit-for-selmar",
    } == payments
    assert ID + "credit-for-selmar" == dollars.conversionOf


def test_a_limit_of_an_average_is_one_figure_and_in_no_total(example: rk.Graph) -> None:
    (row,) = example.run("figures", within="boats-of-dorvik")

    assert (24, codes("average", "limit-at-one-time")) == (row.atLeast, row.statistics)
    assert [] == list(example.run("figure-totals", within="boats-of-dorvik"))


def test_a_windscreen_is_a_part_of_a_car_and_a_figurehead_of_a_ship(example: rk.Graph) -> None:
    parts = {row.part: row.whole for row in example.run("containments")}

    assert {
        ID + "windscreen-of-the-guest": ID + "car-of-the-guest",
        ID + "figurehead": ID + "merrow",
    } == parts
    (row,) = example.run("containments", whole="merrow")
    assert ID + "figurehead-of-the-merrow" == row.situation


def test_a_recognition_depends_on_a_sum_of_money(example: rk.Graph) -> None:
    (row,) = example.run("recognitions")

    assert ids("credit-for-selmar") == row.conditions
