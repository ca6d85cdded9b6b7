"""The neighbourhood of a thing: the things that it points to and that point to it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from pyoxigraph import NamedNode, Store

from relations_kg.pictures.display import Labelled
from relations_kg.pictures.related_events import neighbours
from relations_kg.rdf.namespaces import INFERRED, RKG
from relations_kg.rdf.terms import objects, printable, value

MOST = 24


@dataclass(frozen=True)
class Neighbour:
    """A thing that a fact links to the central thing; `when` is its own date as stated, or ""."""

    iri: str
    when: str


@dataclass(frozen=True)
class Group:
    """The neighbours by one property; `more` is the number of neighbours left out."""

    predicate: str
    is_incoming: bool
    is_inferred: bool
    neighbours: list[Neighbour]
    more: int = 0


@dataclass(frozen=True)
class Neighbourhood:
    """The groups of neighbours of a thing.

    `more_properties` is the number of groups left out, and `more` that of the neighbours in them.
    """

    iri: str
    groups: list[Group]
    more_properties: int
    more: int


def neighbourhood(graph: Labelled, thing: str, most: int = MOST) -> Neighbourhood:
    """Return up to `most` neighbours of a thing, given by its IRI, distributed over properties.

    An inferred fact is left out if a stated fact has the same neighbour.

    >>> import relations_kg as rk
    >>> graph = rk.load()
    >>> found = neighbourhood(graph, graph.names.find("port-of-chancay"))
    >>> [group.predicate.partition("#")[2] for group in found.groups if not group.is_incoming]
    ['builtBy', 'partOfInitiative']
    """
    groups = _groups(graph, thing)
    shares = _share([len(group.neighbours) for group in groups], most)
    shown = [
        replace(group, neighbours=group.neighbours[:share], more=len(group.neighbours) - share)
        for group, share in zip(groups, shares, strict=True)
        if share
    ]
    hidden = groups[len(shown) :]
    left_out = {each.iri for group in hidden for each in group.neighbours}
    return Neighbourhood(thing, shown, len(hidden), len(left_out))


def _groups(graph: Labelled, thing: str) -> list[Group]:
    """Return the groups of all neighbours: stated facts first, incoming before outgoing facts."""
    label = graph.names.label
    found: dict[tuple[bool, bool, str, str], set[str]] = {}
    for quad, other in neighbours(graph.quad_store, NamedNode(thing)):
        if not other.value.startswith(RKG):
            predicate, is_incoming = quad.predicate.value, quad.subject == other
            is_inferred = value(quad.graph_name) == INFERRED
            key = is_inferred, not is_incoming, label(predicate), predicate
            found.setdefault(key, set()).add(other.value)
    stated = {iri for key, iris in found.items() if not key[0] for iri in iris}

    def by_day(iri: str) -> tuple[str, ...]:
        return _day(graph.quad_store, iri), label(iri), iri

    return [
        Group(
            predicate,
            not is_outgoing,
            is_inferred,
            [Neighbour(iri, _when(graph.quad_store, iri)) for iri in sorted(iris, key=by_day)],
        )
        for (is_inferred, is_outgoing, _, predicate), members in sorted(found.items())
        if (iris := members - stated if is_inferred else members)
    ]


def _share(sizes: list[int], most: int) -> list[int]:
    """Distribute `most` places over groups: one for each group in turn, until none is left.

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
    return "~"  # "~" sorts after all digits, so undated things come last
