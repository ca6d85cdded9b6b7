"""A table of the missions that only the old of two versions has, closed between their days."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import zip_longest

from pyoxigraph import NamedNode

from relations_kg.comparison import days, kept_rows
from relations_kg.comparison.differences import PHASE_OF, Row
from relations_kg.comparison.heads import Head, local_name, named
from relations_kg.comparison.normalized import NormalizedGraph
from relations_kg.errors import InputError
from relations_kg.rdf.namespaces import CODE, RKG, shorten
from relations_kg.rdf.terms import Term, value

# The properties of a mission and of its phases by the columns of the form `mission`.
_OF_MISSION = {
    name: NamedNode(RKG + property)
    for name, property in (
        ("sender", "sendingParty"),
        ("receiver", "receivingParty"),
        ("accredited", "alsoAccreditedTo"),
        ("seat", "seat"),
    )
}
_OF_PHASE = {
    f"phase.{name}": NamedNode(RKG + property)
    for name, property in (
        ("seat", "phaseSeat"),
        ("receiver", "phaseReceiver"),
        ("accredited", "phaseAccreditedTo"),
        ("kind", "missionKind"),
        ("rank", "headRank"),
        ("residence", "residence"),
        ("operation", "operatingStatus"),
    )
}
_KIND, _PHASE_OF = NamedNode(RKG + "missionKind"), NamedNode(PHASE_OF)
_WHEN = NamedNode(RKG + "when")
_DATES = ("when", "since", "until", "on")
_COLUMNS = (
    *("key", "mission", "kind", *_OF_MISSION, "opened", "closed"),
    *("head.tenure", "head.holder", "head.rank", *(f"head.{name}" for name in _DATES)),
    *("phase.phase", *_OF_PHASE, *(f"phase.{name}" for name in _DATES)),
)


def rows(
    gone: Iterable[Term],
    old: NormalizedGraph,
    new: NormalizedGraph,
    heads: Mapping[Term, Head],
    label: Callable[[Term], str],
) -> Iterator[Row]:
    """Yield the rows of a table of the form `mission`.

    A mission has as many rows as it has heads or phases, and at least one. A mission that is `gone`
    in the new version, and has no end in the old one, is taken to have closed between the days of
    the two versions, and so are heads and phases that lasted on the day of the old version.
    """
    after = days.spoken(new)
    for mission in sorted(gone, key=str):
        kinds = old.links(_KIND).get(mission) or map(NamedNode, old.kinds(mission))
        closed = days.end_of(old, mission) or days.between(days.day_of(old, mission), after)
        own = {
            "key": local_name(mission).removesuffix("-mission"),
            "mission": named(mission, label),
            "kind": min(map(label, kinds), default=""),
            **_values(old, mission, _OF_MISSION, label),
            "opened": days.start_of(old, mission),
            "closed": closed,
        }
        tenures = sorted(
            (h for h in heads.values() if h.mission == mission),
            key=lambda head: (head.since, str(head.tenure)),
        )
        of_heads = [
            {
                "head.tenure": shorten(value(head.tenure)),
                "head.holder": named(head.holder, label),
                "head.rank": min(map(label, head.ranks), default=""),
                **_dates("head", old, head.tenure, closed),
            }
            for head in tenures
        ]
        phases = sorted((p for p, of in old.links(_PHASE_OF).items() if mission in of), key=str)
        of_phases = [
            {
                "phase.phase": shorten(value(phase)),
                **_values(old, phase, _OF_PHASE, label),
                **_dates("phase", old, phase, closed),
            }
            for phase in phases
        ]
        day = days.first_day(days.day_of(old, mission))
        if days.is_certain(old, mission, day) and not any(each["phase.on"] for each in of_phases):
            of_phases.append({"phase.on": day})
        nothing: dict[str, str] = {}
        for head, phase in zip_longest(of_heads, of_phases, fillvalue=nothing):
            yield own | head | phase
        if not (of_heads or of_phases):
            yield own


def _values(
    graph: NormalizedGraph,
    thing: Term,
    properties: Mapping[str, NamedNode],
    label: Callable[[Term], str],
) -> dict[str, str]:
    """Return the values of properties by column; a code is named by its label alone."""
    return {
        column: "; ".join(
            sorted(
                label(each) if value(each).startswith(CODE) else named(each, label)
                for each in graph.links(property).get(thing, [])
            )
        )
        for column, property in properties.items()
    }


def _dates(form: str, graph: NormalizedGraph, thing: Term, closed: str) -> dict[str, str]:
    """Return the dates of a tenure or phase, which ended by the closure if it lasted until then."""
    day = days.first_day(days.day_of(graph, thing))
    on = day if days.is_certain(graph, thing, day) else ""
    when = next(map(value, graph.links(_WHEN).get(thing, [])), "")
    if when and "/" not in when:
        return {f"{form}.when": when, f"{form}.on": on}
    until = days.end_of(graph, thing) or (closed if on else "")
    return {
        f"{form}.since": days.start_of(graph, thing),
        f"{form}.until": until,
        f"{form}.on": on,
    }


def write(found: Sequence[Row], path: str, between: Sequence[str]) -> str:
    """Write rows as `kept_rows.write` does; raise InputError for a row without a closure."""
    if not all(row["closed"] for row in found):
        message = "the closures have no dates, since the new version is not of a later day"
        help = "write the day of each version as as-of in relations-kg.toml, and import it again"
        raise InputError(message, where=path, help=help)
    return kept_rows.write(_COLUMNS, found, path, between)
