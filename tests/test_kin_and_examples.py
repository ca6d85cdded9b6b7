"""Tests of kinship, of lists with some of their members, expelled groups, rates and bans."""

from pathlib import Path

import pytest
from examples import FACTS, codes, ids, stated

import relations_kg as rk
from relations_kg.rdf.namespaces import ID, RKG

EXAMPLE = "kin-and-examples"


def person(graph: rk.Graph, name: str) -> rk.Row:
    (row,) = graph.run("people", person=name)
    return row


def test_an_uncle_is_told_or_is_the_sibling_of_a_parent(example: rk.Graph) -> None:
    assert person(example, "princess-lirel").uncles == ids("king-oden")
    assert person(example, "princess-ulla").uncles == ids("king-oden")
    assert person(example, "king-oden").uncles is None


def test_a_grandparent_is_a_forebear_and_is_told_or_is_the_parent_of_a_parent(
    example: rk.Graph,
) -> None:
    assert person(example, "page-of-the-court").forebears == ids("duke-of-vessary")
    assert person(example, "princess-ulla").forebears == ids(
        "founder-of-the-house", "old-king-maran", "prince-tam"
    )
    assert person(example, "old-king-maran").forebears == ids("founder-of-the-house")


def test_a_cousin_has_the_other_as_a_cousin(example: rk.Graph) -> None:
    assert person(example, "princess-ulla").cousins == ids("princess-lirel")


def test_in_laws_are_told_or_follow_from_the_spouse(example: rk.Graph) -> None:
    assert person(example, "king-oden").inLaws == ids("duke-of-vessary", "young-duke")
    assert person(example, "general-brask").inLaws == ids("old-king-maran", "prince-tam")
    assert person(example, "duke-of-vessary").inLaws == ids("king-oden")
    assert person(example, "old-king-maran").inLaws == ids("general-brask", "queen-ysolt")
    assert person(example, "young-duke").inLaws == ids("king-oden")


def test_whoever_is_related_in_some_way_is_a_relative(example: rk.Graph) -> None:
    assert person(example, "princess-lirel").relatives == ids("king-oden", "princess-ulla")


def test_an_undertaking_says_of_which_property_the_values_are_examples(example: rk.Graph) -> None:
    some = {row.undertaking: row.someOf for row in example.run("undertakings")}

    assert some[ID + "lower-duties-of-vessary"] == [RKG + "goods"]
    assert some[ID + "travel-to-vessary"] is None


def test_a_gap_is_a_property_without_a_value_or_with_some_of_its_values(example: rk.Graph) -> None:
    (some,) = example.run("gaps", property="goods")
    (none,) = example.run("gaps", thing="sale-of-tea")

    assert (ID + "lower-duties-of-vessary", RKG + "someOf") == (some.thing, some.gap)
    assert codes("food", "sugar") == some.named
    assert (RKG + "amount", RKG + "leavesOpen", None) == (none.property, none.gap, none.named)


def test_texts_of_which_a_source_names_some_are_not_listed_as_things(tmp_path: Path) -> None:
    facts = 'id:law a rkg:Law ; rkg:someOf rkg:title ; rkg:title "Law on Tea"@en .'

    (row,) = stated(facts, tmp_path).run("gaps")

    assert (RKG + "someOf", None) == (row.gap, row.named)


@pytest.mark.parametrize("given", [{}, {"person": "envoys-of-corrane"}])
def test_a_group_can_be_expelled(example: rk.Graph, given: dict[str, str]) -> None:
    (row,) = example.run("postings", **given)

    assert row.persons == ids("envoys-of-corrane")


def test_a_figure_says_for_which_period_it_is_a_rate(example: rk.Graph) -> None:
    (row,) = example.run("figures", within="travel-to-vessary")

    assert (row.atMost, row.per, row.one) == (90, "P180D", None)


@pytest.mark.parametrize("became", ["", "rkg:fulfilment code:not-carried-out ;"])
def test_a_ban_names_the_event_that_lifted_it_but_not_one_that_was_only_planned(
    tmp_path: Path, became: str
) -> None:
    text = (FACTS / "good" / "kin-and-examples.ttl").read_text(encoding="utf-8")
    affected = "rkg:affects id:ban-on-tea ;"
    assert affected in text
    path = tmp_path / "facts.ttl"
    path.write_text(text.replace(affected, f"{affected} {became}"), encoding="utf-8")

    (row,) = rk.load(only=[path]).run("prohibitions")

    assert row.lifted == (None if became else ids("lifting-of-the-ban-on-tea"))


def test_an_event_of_another_kind_that_affects_a_ban_did_not_lift_it(tmp_path: Path) -> None:
    text = (FACTS / "good" / "kin-and-examples.ttl").read_text(encoding="utf-8")
    path = tmp_path / "facts.ttl"
    path.write_text(text.replace("code:lifting-of-a-measure", "code:petition"), encoding="utf-8")

    (row,) = rk.load(only=[path]).run("prohibitions")

    assert row.lifted is None


def test_talks_may_aim_at_a_treaty(example: rk.Graph) -> None:
    (row,) = example.run("motives", objective="tea-treaty")

    assert row.thing == ID + "talks-on-tea"


def test_a_series_and_a_ranking_may_name_a_kind_of_a_code_list(example: rk.Graph) -> None:
    kinds = [row.k for row in example.query("SELECT ?k { ?x rkg:seriesOf|rkg:amongKind ?k }")]

    assert sorted(kinds) == codes("refugee-camp", "seizure-of-a-craft")
