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
    """Yield warnings about missions whose dates in the new version contradict the old one."""
    both = sorted(old.links(_RECEIVER).keys() & new.links(_RECEIVER).keys(), key=str)
    denied: list[str] = []
    again: list[str] = []
    for mission in both:
        was_start, was_end = days.start_of(old, mission), days.end_of(old, mission)
        start, end = days.start_of(new, mission), days.end_of(new, mission)
        if (start, end) == (was_start, was_end):
            continue
        day = days.first_day(days.day_of(old, mission))
        if not day:
            continue
        held, holds = (days.may_hold(graph, mission, day) for graph in (old, new))
        if not holds and days.is_certain(old, mission, day):
            which = f"opened {start}" if days.first_day(start) > day else f"closed {end}"
            denied.append(f"{label(mission)}: {which}")
        elif holds and not held and was_end and days.first_day(was_end) <= day:
            again.append(f"{label(mission)}: closed {was_end}")
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
