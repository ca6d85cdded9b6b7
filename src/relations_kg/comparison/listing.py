"""The differences as people read them: a change of head is a change of the mission."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from pyoxigraph import BlankNode, NamedNode

from relations_kg.comparison.differences import PHASE_OF, Change, Entity, Listing, Value, paired
from relations_kg.comparison.heads import Head
from relations_kg.comparison.normalized import NormalizedGraph
from relations_kg.rdf.namespaces import RDFS, RKG
from relations_kg.rdf.terms import TYPE, Term, value

_HEAD_OF = RKG + "headOf"
_SEAT, _PLACE, _PHASE_SEAT = RKG + "seat", RKG + "place", RKG + "phaseSeat"
_WHEN = RKG + "when"
_EVENTS = RKG + "openedBy", RKG + "closedBy"
_LABEL = RDFS + "label"
_LABELS = frozenset((_LABEL,))
_NAMES = frozenset((TYPE.value, _LABEL, RKG + "statedIn"))
# The properties that the change of a mission implies, for a tenure, an office and an event.
_OF_TENURE = _NAMES | {RKG + name for name in ("holder", "office", "when", "endedBy")}
_OF_OFFICE = _NAMES | {RKG + n for n in ("headOf", "officeOf", "officeKind", "diplomaticRank")}
_OF_EVENT = _NAMES | {RKG + name for name in ("actor", "place", "when")}

Sections = Mapping[str, tuple[Entity, ...]]


def listing(
    sections: Sections,
    old: tuple[NormalizedGraph, Mapping[Term, Head]],
    new: tuple[NormalizedGraph, Mapping[Term, Head]],
    label: Callable[[Term], str],
) -> Listing:
    """Return the differences with each change of a head as a change of the mission.

    `sections` are the things that were added, removed and changed. Tenures, persons, cities,
    offices and events that only come, go or change with a mission or its head are not listed.
    """
    every = {_term(thing): (name, thing) for name, things in sections.items() for thing in things}
    lines: dict[Term, list[Change]] = defaultdict(list)
    hidden: set[Term] = set()
    moves: dict[Term, tuple[list[Value], list[Value]]] = defaultdict(lambda: ([], []))
    for tenure in sorted({*old[1], *new[1]} & every.keys(), key=str):
        before, after = old[1].get(tenure), new[1].get(tenure)
        missions = {head.mission for head in (before, after) if head}
        if len(missions) != 1 or not missions <= old[0].subjects | new[0].subjects:
            continue
        (mission,) = missions
        texts = [Value(tenure, head.text(label)) if head else None for head in (before, after)]
        if not _implies(every[tenure][1], _OF_TENURE):
            continue
        if before is None or after is None:
            for side, text in enumerate(texts):
                moves[mission][side].extend([text] if text else [])
        elif str(texts[0]) != str(texts[1]):
            lines[mission].append(Change(_HEAD_OF, "head", *texts))
        elif mission not in every or not _implies(every[tenure][1], _LABELS):
            continue
        hidden.add(tenure)
    for mission, sides in moves.items():
        lines[mission] += paired(_HEAD_OF, "head", *sides)
    known = [head for side in (old, new) for tenure, head in side[1].items() if tenure in hidden]
    offices = {head.office for head in known}
    hidden |= _only(every, offices, _OF_OFFICE, "added", "removed")
    hidden |= _only(every, offices, _LABELS, "changed")
    hidden |= _only(every, {head.holder for head in known}, _NAMES, "added", "removed")
    hidden |= _only(every, set(_seats(every, old[0], new[0])), _NAMES, "added", "removed")
    hidden |= set(_implied_events(every, old[0], new[0]))
    shown = {
        name: [t for t in things if _term(t) not in hidden] for name, things in sections.items()
    }
    for mission, found in lines.items():
        name, thing = every.get(mission, ("changed", None))
        if thing is None:
            own = new[0] if mission in new[0].subjects else old[0]
            kinds = ", ".join(label(NamedNode(kind)) for kind in own.kinds(mission))
            shown[name].append(Entity(value(mission), label(mission), kinds, tuple(found)))
        else:
            place = shown[name].index(thing)
            shown[name][place] = replace(thing, changes=(*thing.changes, *found))

    def ordered(name: str) -> tuple[Entity, ...]:
        return tuple(sorted(shown[name], key=lambda each: (each.kind, each.label, each.iri)))

    unlisted = tuple(thing for term, (_, thing) in every.items() if term in hidden)
    return Listing(ordered("added"), ordered("removed"), ordered("changed"), unlisted)


def _term(thing: Entity) -> Term:
    return BlankNode(thing.iri[2:]) if thing.iri.startswith("_:") else NamedNode(thing.iri)


def _implies(thing: Entity, properties: frozenset[str]) -> bool:
    return all(change.property in properties for change in thing.changes)


def _only(
    every: Mapping[Term, tuple[str, Entity]],
    things: set[Term],
    properties: frozenset[str],
    *names: str,
) -> set[Term]:
    """Return those of `things` in the named sections whose changes are of these properties only."""
    return {
        term
        for term in things & every.keys()
        if every[term][0] in names and _implies(every[term][1], properties)
    }


def _seats(
    every: Mapping[Term, tuple[str, Entity]], old: NormalizedGraph, new: NormalizedGraph
) -> Iterator[Term]:
    """Yield the seats that missions gained or lost, also in phases."""
    for _, thing in every.values():
        for change in thing.changes:
            for side in (change.before, change.after):
                if side and change.property == _SEAT:
                    yield side.term
                elif side and change.property == PHASE_OF:
                    for graph in (old, new):
                        yield from graph.links(NamedNode(_PHASE_SEAT)).get(side.term, [])


def _implied_events(
    every: Mapping[Term, tuple[str, Entity]], old: NormalizedGraph, new: NormalizedGraph
) -> Iterator[Term]:
    """Yield openings and closures whose changes the changes of their missions imply.

    An event is added or removed with the link to it, and has a label with its date, which the link
    shows. Or it only changes its label and its place with those of its mission.
    """
    for mission, (_, thing) in every.items():
        linked = {
            side.term: str(side)
            for change in thing.changes
            for side in (change.before, change.after)
            if side and change.property in _EVENTS
        }
        for event in _only(every, {*linked}, _OF_EVENT, "added", "removed"):
            if all(date in linked[event] for date in _values(every[event][1], _WHEN)):
                yield event
        if _LABEL not in {change.property for change in thing.changes}:
            continue
        seats = _pairs(thing, _SEAT)
        for graph in (old, new):
            for each in _EVENTS:
                events = set(graph.links(NamedNode(each)).get(mission, []))
                for event in _only(every, events, _LABELS | {_PLACE}, "changed"):
                    if _pairs(every[event][1], _PLACE) <= seats:
                        yield event


def _values(thing: Entity, property: str) -> Iterator[str]:
    """Yield the texts of the values of a property that a thing gained or lost."""
    for change in thing.changes:
        if change.property == property:
            yield from (str(side) for side in (change.before, change.after) if side)


def _pairs(thing: Entity, property: str) -> set[tuple[Value | None, Value | None]]:
    """Return the former and the new value in each change of a property."""
    return {(each.before, each.after) for each in thing.changes if each.property == property}
