"""The neighbourhood of a thing: the things that it points to and that point to it."""

from __future__ import annotations

from dataclasses import dataclass

from pyoxigraph import NamedNode, Store

from relations_kg.graph.graph import Graph
from relations_kg.rdf.namespaces import INFERRED, RKG
from relations_kg.rdf.terms import objects, printable, value
from relations_kg.web.related_events import neighbours

MOST = 24


@dataclass(frozen=True)
class Neighbour:
    """A thing that a fact connects to another, with its date as the source gives it."""

    iri: str
    when: str


@dataclass(frozen=True)
class Group:
    """The neighbours by one property; `more` is how many of them are left out."""

    predicate: str
    is_incoming: bool
    is_inferred: bool
    neighbours: list[Neighbour]
    more: int


@dataclass(frozen=True)
class Neighbourhood:
    """Groups of neighbours, and the numbers of properties and neighbours that are left out."""

    iri: str
    groups: list[Group]
    more_properties: int
    more: int


def neighbourhood(graph: Graph, thing: str, most: int = MOST) -> Neighbourhood:
    """Return a limited number of neighbours of a thing, given by its IRI, evenly by property.

    An inferred fact is left out if a stated one has the same neighbour.

    >>> import relations_kg as rk
    >>> graph = rk.load()
    >>> found = neighbourhood(graph, graph.names.find("port-of-chancay"))
    >>> [group.predicate.partition("#")[2] for group in found.groups if not group.is_incoming]
    ['builtBy', 'partOfInitiative']
    """
    found = _groups(graph, thing)
    shares = _share([len(others) for *_, others in found], most)
    groups = [
        Group(
            predicate,
            is_incoming,
            is_inferred,
            [Neighbour(other, _when(graph.store, other)) for other in others[:count]],
            len(others) - count,
        )
        for (predicate, is_incoming, is_inferred, others), count in zip(found, shares, strict=True)
        if count
    ]
    hidden = found[len(groups) :]
    return Neighbourhood(
        thing, groups, len(hidden), len({o for *_, others in hidden for o in others})
    )


def _groups(graph: Graph, thing: str) -> list[tuple[str, bool, bool, list[str]]]:
    """Return property, direction, origin and neighbours: first stated, first incoming facts."""
    node = NamedNode(thing)
    stated: dict[tuple[bool, str], set[str]] = {}
    inferred: dict[tuple[bool, str], set[str]] = {}
    for quad, other in neighbours(graph.store, node):
        if not other.value.startswith(RKG):
            facts = inferred if value(quad.graph_name) == INFERRED else stated
            key = quad.subject == node, quad.predicate.value
            facts.setdefault(key, set()).add(other.value)
    known = {other for others in stated.values() for other in others}
    label = graph.names.label

    def by_day(other: str) -> tuple[str, ...]:
        return _day(graph.store, other), label(other), other

    return [
        (predicate, not is_outgoing, facts is inferred, sorted(others, key=by_day))
        for facts in (stated, inferred)
        for (is_outgoing, predicate), members in sorted(
            facts.items(), key=lambda item: (item[0][0], label(item[0][1]), item[0][1])
        )
        if (others := members if facts is stated else members - known)
    ]


def _share(sizes: list[int], most: int) -> list[int]:
    """Return how many places each group gets: one each, then another each, until none is left.

    >>> _share([1, 30, 4], 8)
    [1, 4, 3]
    """
    shares = [0] * len(sizes)
    while most and shares != sizes:
        for group, size in enumerate(sizes):
            if most and shares[group] < size:
                shares[group] += 1
                most -= 1
    return shares


def _when(store: Store, iri: str) -> str:
    dates = objects(store, NamedNode(iri), RKG + "when")
    return printable(min(map(value, dates), default=""))


def _day(store: Store, iri: str) -> str:
    for name in ("earliestStart", "latestEnd"):
        for day in objects(store, NamedNode(iri), RKG + name):
            return value(day)
    return "~"  # sorts after all digits, so undated things come last
