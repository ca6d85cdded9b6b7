"""Missions that existed on the day of the old version according to only one of two versions."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from pyoxigraph import NamedNode

from relations_kg.comparison import days
from relations_kg.comparison.normalized import NormalizedGraph
from relations_kg.rdf.namespaces import RKG
from relations_kg.rdf.spelling import counted, listed
from relations_kg.rdf.terms import Term

_RECEIVER = NamedNode(RKG + "receivingParty")


def warnings(
    old: NormalizedGraph, new: NormalizedGraph, label: Callable[[Term], str]
) -> Iterator[str]:
    """Yield warnings about missions of both versions whose dates contradict the old version."""
    both = sorted(old.links(_RECEIVER).keys() & new.links(_RECEIVER).keys(), key=str)
    denied: list[str] = []
    again: list[str] = []
    for mission in both:
        day = days.first_day(days.day_of(old, mission))
        held, holds = (days.may_hold(graph, mission, day) for graph in (old, new))
        start, end = days.start_of(new, mission), days.end_of(new, mission)
        if day and not holds and days.is_certain(old, mission, day):
            is_late = days.first_day(start) > day
            denied.append(
                f"{label(mission)}: " + (f"opened {start}" if is_late else f"closed {end}")
            )
        elif day and holds and not held and days.first_day(days.end_of(old, mission)) <= day:
            again.append(f"{label(mission)}: closed {days.end_of(old, mission)}")
    if denied:
        it = "it" if len(denied) == 1 else "they"
        yield (
            f"{counted(len(denied), 'mission')} existed on the day of the old version, and the new "
            f"one says that {it} did not ({listed(denied)}): correct opened or closed"
        )
    if again:
        was, it, its = ("was", "it", "its") if len(again) == 1 else ("were", "they", "their")
        yield (
            f"{counted(len(again), 'mission')} that {was} closed on the day of the old version "
            f"existed then according to the new one ({listed(again)}): if {it} opened again, keep "
            f"the closed {'mission' if it == 'it' else 'missions'} under the old key in a row of "
            f"{its} own, and give the row of the open one a key of its own; a correction needs "
            "nothing"
        )
