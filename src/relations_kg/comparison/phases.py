"""The phases of missions in two versions, and a table of what only one of them has."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from pyoxigraph import NamedNode

from relations_kg.comparison import days, kept_rows
from relations_kg.comparison.differences import PHASE_OF, Row
from relations_kg.comparison.heads import local_name, named
from relations_kg.comparison.normalized import NormalizedGraph
from relations_kg.rdf.namespaces import RDFS, RKG
from relations_kg.rdf.terms import TYPE, Statement, Term, objects

_VALUES = ("seat", "receiver", "accredited", "kind", "operation")
_COLUMNS = ("key", "mission", *_VALUES, "since", "until", "on")
# The columns of values that the warnings name; a new seat has a warning of its own.
_NAMED = _VALUES[1:]
_PRESENT = "present"
_SENDER, _SEAT = NamedNode(RKG + "sendingParty"), NamedNode(RKG + "seat")
_RECEIVER, _ALSO = NamedNode(RKG + "receivingParty"), NamedNode(RKG + "alsoAccreditedTo")
_KIND = NamedNode(RKG + "missionKind")
_PHASE_OF, _PHASE_SEAT = NamedNode(PHASE_OF), NamedNode(RKG + "phaseSeat")
_OPERATION = NamedNode(RKG + "operatingStatus")
_PHASE_ALSO = NamedNode(RKG + "phaseAccreditedTo")
_PHASE_RECEIVER = NamedNode(RKG + "phaseReceiver")
# The properties that do not distinguish a phase from another phase of the mission.
_COMMON = {TYPE, NamedNode(RDFS + "label"), NamedNode(RKG + "statedIn"), _PHASE_OF}


def rows(old: NormalizedGraph, new: NormalizedGraph, label: Callable[[Term], str]) -> Iterator[Row]:
    """Yield the rows of a table of the form `phase` that keep the past beside the new version.

    A seat, a receiver, a kind or a further accreditation in the old version alone is taken to have
    ended between the days from which the two versions speak; a further accreditation in the new
    version alone, to have begun between them. A row states the day of the old version if both have
    a further accreditation, or if only the old version shows that the mission existed on that day
    and no other row does. There are no rows unless the new version speaks from a later day.
    """
    missions = old.links(_SENDER).keys() & new.links(_SENDER).keys()
    for mission in sorted(missions, key=str):
        before, after = days.day_of(old, mission), days.day_of(new, mission)
        day, key, name = days.first_day(before), _name_of(mission), named(mission, label)
        begun = [
            {
                "key": f"{key}-{_name_of(each)}",
                "mission": name,
                "accredited": named(each, label),
                "since": days.since(before, after),
                "until": _PRESENT,
            }
            for each in (_begun(old, new, mission) if day and before < after else ())
        ]
        was_certain = before < after and days.is_certain(old, mission, day)
        if not was_certain or not days.may_hold(new, mission, day):
            yield from begun
            continue
        until = days.between(before, after, [days.end_of(new, mission)])
        since = days.start_of(old, mission)
        since = since if days.is_single(since) else ""
        own, period = {"mission": name, "on": day}, {"since": since, "until": until}
        seats = _lost(old, new, mission, _SEAT, _PHASE_SEAT)
        receivers = _lost(old, new, mission, _RECEIVER, _PHASE_RECEIVER)
        parties = _lost(old, new, mission, _ALSO, _PHASE_ALSO, _RECEIVER)
        kinds = _kinds(old, mission) - _kinds(new, mission)
        lost = [(each, {"seat": named(each, label), **period}) for each in seats]
        lost += [(each, {"receiver": named(each, label), **period}) for each in receivers]
        lost += [(each, {"accredited": named(each, label), "until": until}) for each in parties]
        lost += [(each, {"kind": label(each), **period}) for each in kinds]
        # The new version states a status of its own day only.
        still = in_phases_of(new, mission, _OPERATION)
        for each in sorted(_statuses(old, mission, day), key=str):
            lost.append((each, {"operation": label(each), "until": "" if each in still else until}))
        found = [own | {"key": f"{key}-{_name_of(each)}"} | cells for each, cells in lost]
        going_on = set(old.links(_ALSO).get(mission, [])) & set(new.links(_ALSO).get(mission, []))
        if going_on or (not found and not days.is_certain(new, mission, day)):
            listed = sorted(named(party, label) for party in going_on)
            found.append(own | {"key": key, "accredited": "; ".join(listed)})
        yield from sorted([*found, *begun], key=lambda each: each["key"])


def values(found: Sequence[Row]) -> list[Row]:
    """Return the rows with a value, other than a seat, that the new version lacks."""
    return [row for row in found if row.get("until", _PRESENT) != _PRESENT and value_of(row)]


def begun(found: Sequence[Row]) -> list[Row]:
    """Return the rows with an accreditation that the old version lacks."""
    return [row for row in found if row.get("until") == _PRESENT]


def value_of(row: Row) -> str:
    """Return the receiver, accreditation, kind or status in a row, or an empty text."""
    return next((row[column] for column in _NAMED if row.get(column)), "")


def on_a_day(found: Sequence[Row]) -> list[Row]:
    """Return the rows without an end, which only state what held of a mission on a day."""
    return [row for row in found if not row.get("until")]


def write(found: Sequence[Row], path: str, between: Sequence[str]) -> str:
    """Write rows to a table of the form `phase` as `kept_rows.write` does."""
    return kept_rows.write(_COLUMNS, found, path, between)


def _lost(
    old: NormalizedGraph,
    new: NormalizedGraph,
    mission: Term,
    property: NamedNode,
    in_phases: NamedNode,
    *also: NamedNode,
) -> set[Term]:
    """Return the values that the new version has neither for the mission nor for a phase of it."""
    kept = {each for name in (property, *also) for each in new.links(name).get(mission, [])}
    kept |= in_phases_of(new, mission, in_phases)
    lost = set(old.links(property).get(mission, [])) - kept
    # Without any value, the new table has probably left out the column.
    return lost if kept or property == _ALSO else set()


def _begun(old: NormalizedGraph, new: NormalizedGraph, mission: Term) -> list[Term]:
    """Return the further accreditations of a mission that only the new version has.

    If no mission of the old version has one, its table has probably left out the column.
    """
    known = {each for graph in (old, new) for each in in_phases_of(graph, mission, _PHASE_ALSO)}
    for name in (_ALSO, _RECEIVER):
        known.update(old.links(name).get(mission, []))
    every = new.links(_ALSO).get(mission, []) if old.links(_ALSO) else []
    return sorted((each for each in every if each not in known), key=str)


def _statuses(graph: NormalizedGraph, mission: Term, day: str) -> set[Term]:
    """Return the codes of its phases for whether a mission certainly was in operation on a day."""
    phases = (phase for phase, found in graph.links(_PHASE_OF).items() if mission in found)
    certain = (phase for phase in phases if days.is_certain(graph, phase, day))
    return {each for phase in certain for each in graph.links(_OPERATION).get(phase, [])}


def _kinds(graph: NormalizedGraph, mission: Term) -> set[Term]:
    """Return the codes for the kinds of a mission: those stated, and those of its classes."""
    found = set(graph.links(_KIND).get(mission, []))
    for kind in graph.kinds(mission):
        found |= set(objects(graph.graph.quad_store, NamedNode(kind), RKG + "kindCode"))
    return found


def _name_of(thing: Term) -> str:
    return local_name(thing).removesuffix("-mission")


def in_phases_of(graph: NormalizedGraph, mission: Term, property: NamedNode) -> set[Term]:
    """Return the values of a property of the phases of a mission."""
    phases = (phase for phase, found in graph.links(_PHASE_OF).items() if mission in found)
    return {each for phase in phases for each in graph.links(property).get(phase, [])}


def missions_by_phase(
    facts: Mapping[Term, Sequence[Statement]], own: NormalizedGraph, other: NormalizedGraph
) -> dict[Term, Term]:
    """Return the mission of each phase that only the graph `own` has, if both have the mission.

    `facts` are the facts, by subject, that only `own` states.
    """
    missions: dict[Term, Term] = {}
    for thing, every in facts.items():
        found = [object_ for _, predicate, object_ in every if predicate == _PHASE_OF]
        is_in_both = all(each in own.subjects and each in other.subjects for each in found)
        if len(found) == 1 and is_in_both and thing not in other.subjects:
            missions[thing] = found[0]
    return missions


def described(facts: Sequence[Statement]) -> list[Statement]:
    """Return the facts about a phase that distinguish it from other phases of the mission."""
    return [fact for fact in facts if fact[1] not in _COMMON]
