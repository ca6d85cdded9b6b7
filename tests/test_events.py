"""Tests of events of a kind, of what did not happen, and of figures with their sources."""

import pytest
from examples import FACTS

import relations_kg as rk
from relations_kg.rdf.namespaces import CODE, ID


@pytest.fixture(scope="module")
def events() -> rk.Graph:
    return rk.load(only=[FACTS / "good" / "events-and-absences.ttl"])


def ids(*names: str) -> list[str]:
    return sorted(ID + name for name in names)


@pytest.mark.parametrize("kind", ["flood", "natural-disaster"])
def test_an_event_is_found_by_its_kind_and_by_a_broader_one(events: rk.Graph, kind: str) -> None:
    found = [row.act for row in events.run("acts", kind=CODE + kind)]

    assert ids("flood-of-1931")[0] in found


def test_an_event_says_whom_or_what_it_happened_to(events: rk.Graph) -> None:
    (opening,) = events.run("acts", kind="opening-of-a-crossing")
    (carried,) = events.run("acts", kind="bringing-out")
    returns = [row.act for row in events.run("acts", kind="restitution")]

    assert ids("long-bridge") == opening.things
    assert (ids("tarn", "vellin"), ids("oskar-brandt")) == (carried.actors, carried.counterparts)
    assert ids("return-of-the-sun-stone") == returns


def test_what_was_not_said_or_granted_is_reported(events: rk.Graph) -> None:
    (unsaid,) = events.run("absences", kind="apology")
    (ungranted,) = events.run("absences", kind="asylum", by="vellin")

    assert ids("condolences-of-vellin") == unsaid["in"]
    assert ids("oskar-brandt") == ungranted.affected
    # A kind is found together with the narrower ones, such as refugee status.
    granted, _ = events.run("legal-statuses", kind="asylum", holder="oskar-brandt")
    assert ids("tarn") == granted.parties


def test_figures_are_reported_with_those_who_stand_by_them(events: rk.Graph) -> None:
    deaths = events.run("estimates", within="flood-of-1931", kind="deaths")
    (unknown,) = events.run("estimates", by="ostmark", kind="wounded")
    (said,) = events.run("estimates", by="tarn")

    assert [
        (ids("ostmark"), "[..10000]"),
        (ids("survivors"), "[5000..]"),
        (ids("vellin"), "[2000..2100~]"),
    ] == [(row.sources, row.amount) for row in deaths]
    assert unknown.amount is None
    assert ids("dispute-over-the-wounded") == unknown.disputes
    assert 30000 == said.amount


def test_a_rank_has_a_span_a_period_a_criterion_or_a_poll(events: rk.Graph) -> None:
    ranks = {row.ordinal.removeprefix(ID): row for row in events.run("ordinals")}

    assert "P40Y~" == ranks["first-passage-of-the-long-bridge"].span
    assert "193X" == ranks["most-homeless-of-the-decade"].period
    assert 1 == ranks["shortest-war"].fromEnd
    assert ids("poll-of-2021") == ranks["ostmark-as-a-threat"].source


def test_what_came_to_nothing_is_reported(events: rk.Graph) -> None:
    (talks,) = events.run("negotiations")
    (threat,) = events.run("statements", kind="threat")
    (spoken,) = events.run("statements", kind="condolence")

    assert [CODE + "without-result"] == talks.outcome
    assert (ids("vellin"), ids("extradition-text")) == (talks.places, talks.objectives)
    assert CODE + "not-carried-out" == threat.outcome
    assert ids("day-of-remembrance-of-1954") == spoken.at
    assert CODE + "in-a-speech" in spoken.media  # type: ignore[operator]


def test_an_honour_is_reported_with_who_gave_it_to_whom(events: rk.Graph) -> None:
    (award,) = events.run("acts", kind="award-of-an-honour")

    assert (ids("tarn"), ids("oskar-brandt")) == (award.actors, award.counterparts)
    assert ids("order-of-the-gull") == award.things
