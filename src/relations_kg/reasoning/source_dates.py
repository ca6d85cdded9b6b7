"""Limits on the starts of things, from days on which they are known to exist.

These are the values of rkg:knownOn and, for an ongoing thing, the dates of its sources (rkg:when or
rkg:speaksFrom).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pyoxigraph import NamedNode, Quad, Store

from relations_kg.rdf.namespaces import RKG, STATED
from relations_kg.rdf.terms import Statement, Term, objects, value
from relations_kg.reasoning.bounds import BOUNDS, CALCULATED, DATED, own_bounds

_WHEN = DATED[0]
_KNOWN_ON = NamedNode(RKG + "knownOn")
_STATED_IN, _IN_DOCUMENT = NamedNode(RKG + "statedIn"), NamedNode(RKG + "inDocument")
_GRAPH = NamedNode(STATED)


def all_bounds(store: Store) -> Iterator[Statement]:
    """Yield the bounds calculated from the stated dates, amounts, durations and lags of a store."""
    for predicate in CALCULATED:
        for quad in store.quads_for_pattern(None, predicate, None, _GRAPH):
            yield from bounds_of(store, quad)


def bounds_of(store: Store, quad: Quad) -> Iterator[Statement]:
    """Yield the bounds calculated from a date, an amount, a duration or a lag of a thing.

    A thing that is ongoing according to a source began no later than the first day of the source's
    own date. So a date such as 2022/.. in a source of 16 November 2022 means a start by that day.
    A thing also began no later than a day on which it is known to exist. A day before its earliest
    start is ignored.
    """
    bounds = list(own_bounds(quad))
    if quad.predicate != _WHEN or "/" not in value(quad.object):
        yield from bounds
        return
    days = {predicate: day for _, predicate, day in bounds}
    earliest, latest = (value(days[bound]) if bound in days else "" for bound in BOUNDS[:2])
    for subject, predicate, day in bounds:
        if predicate == BOUNDS[1] and earliest != latest:
            known = objects(store, subject, _KNOWN_ON.value, STATED)
            limits = (*known, *(_days(store, subject) if _is_open(quad) else ()))
            limits = tuple(each for each in limits if earliest <= value(each))
            yield subject, predicate, min((day, *limits), key=value)
        else:
            yield subject, predicate, day


def limited(store: Store, changed: Iterable[Statement]) -> Iterator[Term]:
    """Yield the things whose bounds may change with the days on which they are known to exist."""
    things: dict[Term, None] = {}
    known: dict[Term, None] = {}
    passages: dict[Term, None] = {}
    for subject, predicate, _ in changed:
        if predicate == _STATED_IN:
            things[subject] = None
        elif predicate == _KNOWN_ON:
            known[subject] = None
        elif predicate == _IN_DOCUMENT:
            passages[subject] = None
        elif predicate in DATED:
            passages.update(dict.fromkeys(_subjects(store, _IN_DOCUMENT, subject)))
    for passage in passages:
        things.update(dict.fromkeys(_subjects(store, _STATED_IN, passage)))
    yield from known
    for thing in things:
        if any(map(_is_open, store.quads_for_pattern(thing, _WHEN, None, _GRAPH))):  # type: ignore[arg-type]
            yield thing


def _is_open(quad: Quad) -> bool:
    return quad.predicate == _WHEN and value(quad.object).endswith("..")


def _days(store: Store, thing: Term) -> Iterator[Term]:
    """Yield the first day of the date of each source of a thing."""
    for passage in objects(store, thing, _STATED_IN.value, STATED):
        for document in objects(store, passage, _IN_DOCUMENT.value, STATED):
            for name in DATED:
                for quad in store.quads_for_pattern(document, name, None, _GRAPH):  # type: ignore[arg-type]
                    yield from (day for _, bound, day in own_bounds(quad) if bound == BOUNDS[0])


def _subjects(store: Store, predicate: NamedNode, object_: Term) -> Iterator[Term]:
    for quad in store.quads_for_pattern(None, predicate, object_, _GRAPH):
        yield quad.subject  # type: ignore[misc]
