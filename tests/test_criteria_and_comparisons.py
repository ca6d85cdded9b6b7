"""Tests of criteria of a choice, comparisons of figures, false statements, and who uses a name."""

from pathlib import Path

from examples import codes, ids
from form_examples import SOURCE

import relations_kg as rk
from relations_kg.rdf.namespaces import ID

EXAMPLE = "criteria-and-comparisons"


def test_people_were_exchanged_by_their_faith(example: rk.Graph) -> None:
    (row,) = example.run("manners", manner="by-religion")
    visas = [row.thing for row in example.run("manners", manner="by-lot")]

    assert (ID + "exchange-of-morrin-and-tarsey", codes("by-religion")) == (row.thing, row.criteria)
    assert ids("visas-of-tarsey") == visas


def test_a_coast_is_longer_than_another_though_its_length_is_not_known(example: rk.Graph) -> None:
    exceeded = {row.figure: row.exceeds for row in example.run("figures", kind="length-measured")}

    assert ids("length-of-the-coast-of-tarsey") == exceeded[ID + "length-of-the-coast-of-morrin"]
    assert exceeded[ID + "length-of-the-coast-of-tarsey"] is None


def test_two_figures_do_not_exceed_each_other(example: rk.Graph, tmp_path: Path) -> None:
    path = tmp_path / "rival.ttl"
    path.write_text(
        f"""
@prefix rkg: <https://w3id.org/relations-kg/ontology#> .
@base <{ID}> .
<length-of-the-coast-of-tarsey> rkg:exceeds <length-of-the-coast-of-morrin> .
"""
    )

    assert "contradiction" in {finding.code for finding in example.validate(path).findings}


def test_a_false_statement_does_not_make_true_what_it_is_about(example: rk.Graph) -> None:
    (row,) = example.run("statements", kind="false-statement")

    assert ids("blowing-up-of-the-bridge") == row.on
    assert ID + "blowing-up-of-the-bridge" not in [row.act for row in example.run("acts")]


def test_a_party_that_was_against_an_event_took_part_as_an_opponent(example: rk.Graph) -> None:
    (row,) = example.run("participations", role="opponent")

    assert (ids("tarsey"), ids("candidacy-of-morrin")) == (row.participants, row.events)
    assert codes("opponent") == row.roles


def test_a_name_has_those_who_use_it(example: rk.Graph) -> None:
    (row,) = example.run("names", thing="gull-isle")

    assert ("Isle of Gulls", ids("tarsey")) == (str(row.name), row.users)


def test_a_form_gives_an_act_and_a_duty_the_criterion_of_a_choice(kg: rk.Graph) -> None:
    exchange = kg.new(
        "act", act="Exchange of Osk", kind="ForcedRemoval", criterion="by religion", source=SOURCE
    )
    duty = kg.new(
        "undertaking", party="Peru", nature="quota", criterion="by-descent", source=SOURCE
    )

    assert "rkg:criterion code:by-religion" in str(exchange)
    assert "rkg:criterion code:by-descent" in str(duty)
