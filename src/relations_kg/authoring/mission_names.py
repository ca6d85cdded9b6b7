"""The names of missions in a table, with the latest seat and, if names are equal, the receiver."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from relations_kg.names.names import Names
from relations_kg.rdf.namespaces import RDFS, RKG, SKOS
from relations_kg.rdf.terms import Statement, Term, value

_LABEL, _ALSO_CALLED = NamedNode(RDFS + "label"), NamedNode(SKOS + "altLabel")
_PHASE_OF, _PHASE_SEAT = NamedNode(RKG + "phaseOfMission"), NamedNode(RKG + "phaseSeat")
_SEAT, _RECEIVER = NamedNode(RKG + "seat"), NamedNode(RKG + "receivingParty")
_WHEN, _ENDED_BY = NamedNode(RKG + "when"), NamedNode(RKG + "endedBy")
_OPENED_BY, _CLOSED_BY = NamedNode(RKG + "openedBy"), NamedNode(RKG + "closedBy")
# The properties that link a thing to a mission or an office whose name is part of its own name.
_NAMED_AFTER = tuple(NamedNode(RKG + name) for name in ("headOf", "office", "capacity"))
_READ = (_LABEL, _PHASE_OF, _PHASE_SEAT, _SEAT, _RECEIVER, _WHEN, _ENDED_BY, _OPENED_BY, _CLOSED_BY)

Links = Mapping[Term, Mapping[Term, Term]]


@dataclass(frozen=True)
class _Name:
    """The names of a mission: as composed, with its first seat, and with its latest seat."""

    composed: str
    first: str
    latest: str


def named_apart(facts: Iterable[Statement], names: Names) -> list[Statement]:
    """Return the facts of a table, with each mission named by its latest seat.

    The former name is another name of it. If two missions would have one name, or another thing has
    it already, the names have the receivers, too, such as "Embassy of Ruritania to Tuscany in
    Florence". The names of offices, tenures, phases and closures change with that of the mission;
    an opening is named by the first seat. A mission whose name does not end with its seat keeps it.
    """
    every = list(facts)
    links: dict[Term, dict[Term, Term]] = {name: {} for name in (*_READ, *_NAMED_AFTER)}
    for subject, predicate, object_ in every:
        if predicate in links:
            links[predicate].setdefault(subject, object_)
    changed = {
        mission: name
        for mission, name in _names(links, names).items()
        if name.composed != name.latest or name.composed != name.first
    }
    if not changed:
        return every
    missions = _missions(links)
    openings = set(links[_OPENED_BY].values())
    result: list[Statement] = []
    for subject, predicate, object_ in every:
        name = changed.get(missions.get(subject, subject)) if predicate == _LABEL else None
        if name is None or not isinstance(object_, Literal):
            result.append((subject, predicate, object_))
            continue
        new = name.first if subject in openings else name.latest
        text = object_.value.replace(name.composed, new, 1)
        result.append((subject, predicate, Literal(text, language=object_.language)))
        if subject in changed and name.first != name.latest:
            former = Literal(name.first, language=object_.language)
            result.append((subject, _ALSO_CALLED, former))
    return result


def _names(links: Links, names: Names) -> dict[Term, _Name]:
    """Return the names of the missions whose composed name ends with their seat."""

    def label(thing: Term) -> str:
        return value(links[_LABEL][thing]) if thing in links[_LABEL] else names.label(value(thing))

    latest = _latest_seats(links)
    found: dict[Term, _Name] = {}
    for mission, seat in links[_SEAT].items():
        composed = value(links[_LABEL].get(mission, _LABEL))
        if composed.endswith(end := f" in {label(seat)}"):
            new = f" in {label(latest.get(mission, seat))}"
            found[mission] = _Name(composed, composed, composed.removesuffix(end) + new)
    same = Counter(name.latest for name in found.values())
    for mission, name in found.items():
        others = {iri for _, iri in names.index.named(name.latest)} - {value(mission)}
        if (same[name.latest] > 1 or others) and mission in links[_RECEIVER]:
            to = f" to {label(links[_RECEIVER][mission])}"
            first, latest_ = (_with(text, to) for text in (name.first, name.latest))
            found[mission] = _Name(name.composed, first, latest_)
    return found


def _with(name: str, receiver: str) -> str:
    before, word, seat = name.rpartition(" in ")
    return name if before.endswith(receiver) else f"{before}{receiver}{word}{seat}"


def _latest_seats(links: Links) -> dict[Term, Term]:
    """Return the seat in the last phase that goes on, by mission."""
    found: dict[Term, tuple[str, str, Term]] = {}
    for phase, mission in links[_PHASE_OF].items():
        start, slash, end = value(links[_WHEN].get(phase, _LABEL)).partition("/")
        goes_on = slash and not end.strip(".") and phase not in links[_ENDED_BY]
        if goes_on and phase in links[_PHASE_SEAT]:
            each = (start, value(phase), links[_PHASE_SEAT][phase])
            found[mission] = max(found.get(mission, each), each, key=lambda known: known[:2])
    return {mission: seat for mission, (_, _, seat) in found.items()}


def _missions(links: Links) -> dict[Term, Term]:
    """Return the mission after which each event, office, tenure or phase is named."""
    above = dict(links[_PHASE_OF])
    for property in (_OPENED_BY, _CLOSED_BY):
        above |= {event: mission for mission, event in links[property].items()}
    above |= {event: phase for phase, event in links[_ENDED_BY].items() if phase in above}
    for property in _NAMED_AFTER:
        above |= links[property]
    found: dict[Term, Term] = {}
    for thing in above:
        mission = thing
        for _ in range(len(_NAMED_AFTER) + 1):
            mission = above.get(mission, mission)
        found[thing] = mission
    return found
