"""The dated things that concern a relationship, two parties or one thing."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, partial
from itertools import chain

from pyoxigraph import Literal, NamedNode, Quad, Store

from relations_kg.pictures.display import Display, Labelled
from relations_kg.rdf import extensions
from relations_kg.rdf.date_words import (
    between_in_words,
    by_in_words,
    date_in_words,
    since_in_words,
)
from relations_kg.rdf.namespaces import CODE, DATES, INFERRED, RKG, STATED
from relations_kg.rdf.terms import TYPE, named, objects, printable, value

# The named graphs with facts; the graph of identifiers is excluded.
_FACTS = (STATED, INFERRED, DATES)
Reached = Callable[[NamedNode], Collection[NamedNode]]
BOUNDS = ("earliestStart", "latestStart", "earliestEnd", "latestEnd", "lastKnown")


@dataclass(frozen=True)
class Dated:
    """A thing with its date as the source gives it, and the bounds of the date.

    With a `Snapshot`, `certainty` says whether the thing existed on its day: "certain", "last
    known" or "possible". Otherwise it is "".
    """

    iri: str
    label: str
    kind: str
    kinds: frozenset[str]
    when: str
    earliest_start: date | None
    latest_start: date | None
    earliest_end: date | None
    latest_end: date | None
    last_known: date | None
    ongoing: bool
    certainty: str = ""

    @property
    def bounds(self) -> list[date]:
        """The known bounds of the thing's start and end, sorted."""
        days = (self.earliest_start, self.latest_start, self.earliest_end, self.latest_end)
        return sorted(day for day in days if day)

    @property
    def title(self) -> str:
        """The thing's label, kind, and date in words."""
        return " · ".join(filter(None, (self.label, self.kind, self.in_words)))

    @property
    def in_words(self) -> str:
        """The thing's date as the source gives it, or else its bounds, in words.

        Bounds are also used for a date with an open start, if other facts, such as the date of the
        event that began the thing, give an earliest start.
        """
        is_open = self.when.startswith("/") and self.earliest_start
        return date_in_words(self.when) if self.when and not is_open else self.days

    @property
    def days(self) -> str:
        """The bounds of the thing's date in words."""
        start = between_in_words(self.earliest_start, self.latest_start)
        if self.ongoing and not self.latest_end:
            return since_in_words(self.earliest_start, self.latest_start) or "ongoing"
        end = between_in_words(self.earliest_end, self.latest_end)
        if start == end:
            return start
        if self.latest_start and not self.earliest_start:
            start = by_in_words(self.latest_start)
        elif start and not start.startswith("between"):
            start = f"from {start}"
        if not self.latest_end:
            return start
        if self.earliest_end in (None, self.earliest_start):
            end = by_in_words(self.latest_end)
        return f"{start}, ended {end}" if start else f"ended {end}"


@dataclass(frozen=True)
class Snapshot:
    """A day, and a function that returns the certainty of a thing on it, given the thing's IRI."""

    day: date
    certainty: Callable[[str], str]


def concerning(graph: Labelled, *things: str, on: Snapshot | None = None) -> list[Dated]:
    """Return the dated things that concern a relationship, two parties or one thing, by day.

    A thing concerns a relationship if it involves both sides; the parties of the phases belong to
    the sides too. If the relationship is a phase or part of another one, things between one of its
    sides and a third party do not concern it. A thing concerns two parties if it involves both,
    directly or through things that it begins, ends or is part of. It concerns any other thing if
    it is this thing or linked with it. With `on`, only things of this day are returned.
    """
    found = in_order(graph, concerned(graph, things))
    return existing(found, on) if on else found


def in_order(graph: Labelled, things: Iterable[NamedNode]) -> list[Dated]:
    """Return the things that have dates, by day."""
    read = (dated(graph, thing.value) for thing in things)
    return sorted(filter(None, read), key=by_day)


def existing(things: Iterable[Dated], on: Snapshot) -> list[Dated]:
    """Return the things that existed or happened on a day, or may have, with their certainty."""
    found = (replace(each, certainty=on.certainty(each.iri)) for each in things)
    return [each for each in found if each.certainty not in ("absent", "unknown")]


def concerned(
    graph: Labelled,
    things: Sequence[str],
    reached: Reached | None = None,
    display: Display | None = None,
) -> set[NamedNode]:
    """Return the things that concern the given ones, as in `concerning`, even without a date.

    `reached` returns the same as `reach` for a party, and may cache it.
    """
    store = graph.quad_store
    display = display or Display(store)
    reached = reached or partial(reach, graph, display=display)
    if len(things) > 1:
        ends = [[NamedNode(thing)] for thing in things]
        both = set.intersection(*({*reached(node)} for (node,) in ends))
        return {thing for thing in both if _touches(store, thing, ends)}
    node = NamedNode(things[0])
    pair = sides(graph, things[0], display)
    if not all(pair):
        return reach(graph, node, 1, to_subjects=False, display=display) | {node}
    first, second = ({*chain(*map(reached, side))}.difference(side) for side in pair)
    both = first & second
    if any(objects(store, node, name) for name in display.with_role("whole")):
        both = {thing for thing in both if _is_own(store, display, thing, node, pair)}
    return {thing for thing in both if _touches(store, thing, pair)} - {node}


def by_day(thing: Dated) -> tuple[date, date, str, str]:
    """Return the key that sorts dated things by their first day."""
    first = thing.earliest_start or thing.latest_start or thing.latest_end
    return first or date.max, thing.latest_end or date.max, thing.label, thing.iri


def sides(
    graph: Labelled, relationship: str, display: Display | None = None
) -> tuple[list[NamedNode], list[NamedNode]]:
    """Return the parties on each side of a relationship and of its phases, sorted by IRI.

    Both sides are empty for other things.
    """
    store = graph.quad_store
    node = NamedNode(relationship)
    display = display or Display(store)
    roles = display.with_role("side")
    parts = [node]
    for name in display.with_role("whole"):
        parts += named(
            quad.subject for quad in store.quads_for_pattern(None, NamedNode(name), node)
        )
    pairs = [
        pair
        for part in parts
        if len(pair := [p for name in roles for p in named(objects(store, part, name))]) == 2
    ]
    first: list[NamedNode] = []
    second: list[NamedNode] = []
    for _ in pairs:  # each round places at least one more pair, if any can be placed
        for one, other in (*pairs, *(pair[::-1] for pair in pairs)):
            if not first:
                first.append(one)
            if one in first and other not in (*first, *second):
                second.append(other)
            if one in second and other not in (*first, *second):
                first.append(other)
    return sorted(first, key=value), sorted(second, key=value)


def dated(graph: Labelled, iri: str) -> Dated | None:
    """Return a thing with its bounds, or None if it has none."""
    node = NamedNode(iri)
    values: dict[str, list[str]] = {}
    for quad in graph.quad_store.quads_for_pattern(node, None, None):
        if quad.predicate == TYPE or isinstance(quad.object, Literal):
            name = quad.predicate.value.removeprefix(RKG)
            values.setdefault(name, []).append(value(quad.object))
    earliest_start, latest_start, earliest_end, latest_end, last_known = (
        min(filter(None, map(_day, values.get(name, ()))), default=None) for name in BOUNDS
    )
    if not (earliest_start or latest_start or earliest_end or latest_end):
        return None
    kind = min(map(value, objects(graph.quad_store, node, TYPE.value, STATED)), default="")
    return Dated(
        iri,
        graph.names.label(iri),
        graph.names.label(kind) if kind else "",
        frozenset(name.removeprefix(RKG) for name in values.get(TYPE.value, ())),
        printable(max(values.get("when", ()), default="")),
        earliest_start,
        latest_start,
        earliest_end,
        latest_end,
        last_known,
        ongoing="true" in values.get("ongoing", ()),
    )


def neighbours(store: Store, node: NamedNode) -> Iterator[tuple[Quad, NamedNode]]:
    """Yield each fact between a thing and another, in either direction, with the other thing."""
    own, find = extensions.spaces(store), store.quads_for_pattern
    for quad in chain(find(node, None, None), find(None, None, node)):
        other = quad.object if quad.subject == node else quad.subject
        is_fact = value(quad.graph_name) in _FACTS and _is_ours(quad.predicate.value, own)
        if is_fact and isinstance(other, NamedNode) and other != node:
            yield quad, other


def reach(
    graph: Labelled,
    party: NamedNode,
    steps: int = 2,
    *,
    to_subjects: bool = True,
    display: Display | None = None,
) -> set[NamedNode]:
    """Return the things linked with a party, and those reached from these in up to `steps` steps.

    Each step follows the properties of `Display.extending`. Without `to_subjects`, it leaves out
    those that only lead to their subjects.
    """
    store = graph.quad_store
    display = display or Display(store)
    found = _linked(store, party, display)
    # Looking up these properties alone is faster than reading all facts about thousands of things.
    to_objects, to_subject = (
        _used(store, display.extending(to_subject=each)) for each in (False, to_subjects)
    )
    edge: Collection[NamedNode] = found
    for _ in range(steps):
        edge = set(_extended(store, edge, to_objects, to_subject)) - found
        found |= edge
    return found - {party}


def _linked(store: Store, node: NamedNode, display: Display) -> set[NamedNode]:
    """Return the things that are linked with a thing by facts that pictures show.

    Whether a fact is shown is tested last, since another fact has already linked most things.
    """
    own, find = extensions.spaces(store), store.quads_for_pattern
    is_shown = cache(lambda name: _is_ours(name.value, own) and not display.ignores(name.value))
    found: set[NamedNode] = set()
    for graph in map(NamedNode, _FACTS):
        for other, quad in chain(
            ((quad.object, quad) for quad in find(node, None, None, graph)),
            ((quad.subject, quad) for quad in find(None, None, node, graph)),
        ):
            if isinstance(other, NamedNode) and other not in found and is_shown(quad.predicate):
                found.add(other)
    return found - {node}


def _is_ours(name: str, own: tuple[str, ...]) -> bool:
    return name.startswith(own) and name != RKG + "statedIn"


def _used(store: Store, properties: Iterable[str]) -> list[NamedNode]:
    nodes = map(NamedNode, properties)
    return [node for node in nodes if any(store.quads_for_pattern(None, node, None))]


def _extended(
    store: Store,
    nodes: Iterable[NamedNode],
    to_objects: Iterable[NamedNode],
    to_subjects: Iterable[NamedNode],
) -> Iterator[NamedNode]:
    """Yield the things that are linked to these nodes by properties that extend a picture."""
    find = store.quads_for_pattern
    for node in nodes:
        if node.value.startswith((RKG, CODE)):
            continue
        for name in to_objects:
            for quad in find(node, name, None):
                if isinstance(quad.object, NamedNode):
                    yield quad.object
        for name in to_subjects:
            for quad in find(None, name, node):
                if isinstance(quad.subject, NamedNode):
                    yield quad.subject


def _is_own(
    store: Store,
    display: Display,
    thing: NamedNode,
    relationship: NamedNode,
    sides: Iterable[Collection[NamedNode]],
) -> bool:
    """Return whether a thing belongs to this relationship.

    A thing that is only part of other relationships does not, nor does a thing that involves one
    side and a third polity.
    """
    wholes = [each for name in display.with_role("whole") for each in objects(store, thing, name)]
    if wholes and relationship not in wholes:
        return False
    own = _polities(store, thing)
    first, second = (own.intersection(side) for side in sides)
    return bool(first and second) or own <= first | second


def _touches(store: Store, thing: NamedNode, sides: Iterable[Collection[NamedNode]]) -> bool:
    """Return whether a thing involves a polity of either side, or no polity at all."""
    ours = {party for side in sides for party in side}
    own = _polities(store, thing)
    return not own or bool(own & ours)


def _polities(store: Store, thing: NamedNode) -> set[NamedNode]:
    polity = NamedNode(RKG + "Polity")
    others = named(quad.object for quad in store.quads_for_pattern(thing, None, None))
    return {other for other in others if Quad(other, TYPE, polity, NamedNode(INFERRED)) in store}


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
