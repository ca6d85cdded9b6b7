"""A table of what only the old version of a table of missions knows of missions that go on."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from pyoxigraph import NamedNode

from relations_kg.authoring.cells import guarded
from relations_kg.comparison.days import (
    between,
    day_of,
    end_of,
    first_day,
    is_certain,
    may_hold,
    start_of,
)
from relations_kg.comparison.heads import written
from relations_kg.comparison.normalized import NormalizedGraph
from relations_kg.rdf.namespaces import CODE, RKG, shorten
from relations_kg.rdf.terms import Term, value

_COLUMNS = ("key", "mission", "seat", "accredited", "kind", "since", "until", "on")
_UNTIL = _COLUMNS.index("until")
_SENDER, _SEAT = NamedNode(RKG + "sendingParty"), NamedNode(RKG + "seat")
_RECEIVER, _ALSO = NamedNode(RKG + "receivingParty"), NamedNode(RKG + "alsoAccreditedTo")
_KIND = NamedNode(RKG + "missionKind")
_PHASE_OF, _PHASE_SEAT = NamedNode(RKG + "phaseOfMission"), NamedNode(RKG + "phaseSeat")
_PHASE_ALSO, _PHASE_KIND = NamedNode(RKG + "phaseAccreditedTo"), _KIND
_DATE = re.compile(r"\d{4}(-\d\d){0,2}")

Row = tuple[str, ...]


def rows(old: NormalizedGraph, new: NormalizedGraph, label: Callable[[Term], str]) -> Iterator[Row]:
    """Yield the rows of a table of the form `phase` that keep what the new version lacks.

    A seat, a kind or a further accreditation of a mission that only the old version has ended
    between the days from which the two speak. A mission that certainly existed on the day of the
    old version, but not according to the new one, is known on that day, and so is a further
    accreditation in both. Without days in this order there are no rows.
    """
    missions = old.links(_SENDER).keys() & new.links(_SENDER).keys()
    for mission in sorted(missions, key=str):
        before, after = day_of(old, mission), day_of(new, mission)
        day = first_day(before)
        if not before < after or not is_certain(old, mission, day):
            continue
        if not may_hold(new, mission, day):
            continue
        until = between(before, after, filter(None, [end_of(new, mission)]))
        since = start_of(old, mission)
        since = since if _DATE.fullmatch(since) else ""
        key, name = _key(mission), _named(mission, label)
        found: list[Row] = []
        for seat in _lost(old, new, mission, _SEAT, _PHASE_SEAT):
            text = _named(seat, label)
            found.append((f"{key}-{_key(seat)}", name, text, "", "", since, until, day))
        for party in _lost(old, new, mission, _ALSO, _PHASE_ALSO, _RECEIVER):
            text = _named(party, label)
            found.append((f"{key}-{_key(party)}", name, "", text, "", "", until, day))
        for kind in _kinds(old, mission) - _kinds(new, mission):
            found.append((f"{key}-{_key(kind)}", name, "", "", label(kind), since, until, day))
        going_on = set(old.links(_ALSO).get(mission, [])) & set(new.links(_ALSO).get(mission, []))
        if going_on or (not found and not is_certain(new, mission, day)):
            parties = "; ".join(sorted(_named(party, label) for party in going_on))
            found.append((key, name, "", parties, "", "", "", day))
        yield from sorted(found)


def values(found: Sequence[Sequence[str]]) -> list[Sequence[str]]:
    """Return the rows with an accreditation or a kind that the new version lacks."""
    return [row for row in found if row[_UNTIL] and (row[3] or row[4])]


def days(found: Sequence[Sequence[str]]) -> list[Sequence[str]]:
    """Return the rows that keep only that a mission existed, or was accredited, on a day."""
    return [row for row in found if not row[_UNTIL]]


def write(found: Sequence[Sequence[str]], path: str) -> None:
    """Write rows to a table of the form `phase`, CSV or TSV; raise InputError as `written`."""
    written(_COLUMNS, found, path)


def _lost(
    old: NormalizedGraph,
    new: NormalizedGraph,
    mission: Term,
    property: NamedNode,
    in_phases: NamedNode,
    *also: NamedNode,
) -> set[Term]:
    """Return the values of a property that the new version has neither for it nor for a phase."""
    kept = {each for name in (property, *also) for each in new.links(name).get(mission, [])}
    phases = [phase for phase, found in new.links(_PHASE_OF).items() if mission in found]
    kept |= {each for phase in phases for each in new.links(in_phases).get(phase, [])}
    lost = set(old.links(property).get(mission, [])) - kept
    # If a table leaves out a column, the value was not given up.
    return lost if kept or property == _ALSO else set()


def _kinds(graph: NormalizedGraph, mission: Term) -> set[Term]:
    """Return the codes for the kinds of a mission: those stated, and those named as its classes."""
    stated = set(graph.links(_KIND).get(mission, []))
    names = (kind.removeprefix(RKG) for kind in graph.kinds(mission))
    codes = (NamedNode(CODE + re.sub(r"(?<!^)(?=[A-Z])", "-", name).lower()) for name in names)
    return stated | {code for code in codes if graph.graph.names.kinds(code.value)}


def _key(thing: Term) -> str:
    return shorten(value(thing)).partition(":")[2].removesuffix("-mission")


def _named(thing: Term, label: Callable[[Term], str]) -> str:
    """Return the label of a thing with its IRI, or the IRI alone if another file describes it."""
    text, short = label(thing), shorten(value(thing))
    return guarded(f"{text} <{short}>" if text != short else text)
