"""Phases of missions that have an end, but no beginning."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pyoxigraph import Triple

from relations_kg.answers.knowledge import Knowledge
from relations_kg.rdf.namespaces import RKG, STATED
from relations_kg.rdf.terms import Term, objects, statements, value

_WHEN, _PHASE_OF = RKG + "when", RKG + "phaseOfMission"
_STARTED_BY, _ENDED_BY = RKG + "startedBy", RKG + "endedBy"
_OPENED_BY = RKG + "openedBy", _STARTED_BY
# The properties whose value replaces that of the mission, with what they are called.
_REPLACING = {RKG + "phaseSeat": "seat", RKG + "phaseReceiver": "receiver"}
# A set or an interval, which cannot be the beginning of an interval.
_NO_START = frozenset("[{/")


def without_start(graph: Knowledge, triples: Sequence[Triple]) -> Iterator[tuple[str, str]]:
    """Yield what each phase without a beginning replaces, and when its mission opened.

    A phase replaces the seat, the receiver or both. The phases are those of the triples that have
    an end; the opening, of a mission in the triples or in the graph, is known.
    """
    every = [*statements(triples)]

    def found(thing: Term, *properties: str) -> Iterator[Term]:
        yield from (o for s, p, o in every if s == thing and value(p) in properties)
        for each in properties:
            yield from objects(graph.quad_store, thing, each, STATED)

    for phase, mission in [(s, o) for s, p, o in every if value(p) == _PHASE_OF]:
        dates = [value(date) for date in found(phase, _WHEN)]
        ends = any(date.rpartition("/")[2] for date in dates) or any(found(phase, _ENDED_BY))
        begins = any(date.partition("/")[0] for date in dates) or any(found(phase, _STARTED_BY))
        events = found(mission, *_OPENED_BY)
        opened = [value(date) for event in events for date in found(event, _WHEN)]
        opened += [value(date).partition("/")[0] for date in found(mission, _WHEN)]
        known = [date for date in opened if date.strip(".")]
        names = [name for each, name in _REPLACING.items() if any(found(phase, each))]
        if ends and not begins and known and names:
            yield " and the ".join(names), "" if _NO_START & set(known[0]) else known[0]
