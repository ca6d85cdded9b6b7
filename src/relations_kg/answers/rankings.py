"""Ordinals that give the same place in a ranking to different holders."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from pyoxigraph import Literal, NamedNode, Store

from relations_kg.rdf.dates import DATATYPE
from relations_kg.rdf.namespaces import CODE, RKG, STATED, XSD
from relations_kg.rdf.terms import TYPE, Statement, Term, objects, statements, value

PLACES = (RKG + "rank", RKG + "rankFromEnd")
_HOLDER, _ACT, _REGION = RKG + "rankedParty", RKG + "rankedAct", RKG + "amongRegion"
# The properties of an ordinal (a thing's place in a ranking) that do not define the ranking.
_ASIDE = {_HOLDER, _ACT, RKG + "statedIn", RKG + "leavesOpen", RKG + "asGiven", RKG + "accordingTo"}
_DEFINING = {DATATYPE, XSD + "integer", XSD + "decimal", XSD + "boolean"}
_WHEN, _MEASURE = NamedNode(RKG + "when"), NamedNode(RKG + "rankedBy")
# A ranking by time, which is the default measure.
_CHRONOLOGY = (_MEASURE, NamedNode(CODE + "chronology"))
# The office distinguishes the first visit of a president from the first visit of a minister.
_OFFICES = (RKG + "capacity", RKG + "office")


def rivals(store: Store) -> Iterator[tuple[Statement, Statement]]:
    """Yield the pairs of facts that give different holders the same place in a ranking.

    Two ordinals belong to the same ranking if their properties are equal, except for holder, act,
    names and sources, if their acts have the same classes, and if they share an office unless one
    of them has none. Rankings by time never change; rankings by size or another measure are
    compared only for the same date.
    """
    rankings: dict[object, list[Statement]] = {}
    for place in PLACES:
        for fact in statements(
            store.quads_for_pattern(None, NamedNode(place), None, NamedNode(STATED))
        ):
            if ranking := _ranking(store, fact):
                rankings.setdefault(ranking, []).append(fact)
    for facts in rankings.values():
        for one, other in combinations(sorted(facts, key=str), 2):
            if _exclude_each_other(store, one[0], other[0]):
                yield one, other


def _ranking(store: Store, fact: Statement) -> object:
    """Return the criteria of a fact's ranking, or None if there are too few to compare it."""
    criteria = {
        (predicate, object_)
        for _, predicate, object_ in statements(
            store.quads_for_pattern(fact[0], None, None, NamedNode(STATED))  # type: ignore[arg-type]
        )
        if value(predicate) not in _ASIDE and _defines(object_)
    } - {_CHRONOLOGY}
    predicates = {predicate for predicate, _ in criteria}
    acts = objects(store, fact[0], _ACT, STATED)
    kinds = frozenset(kind for act in acts for kind in objects(store, act, TYPE.value, STATED))
    # Besides the class and the place itself, at least one criterion is needed.
    enough = _WHEN in predicates if _MEASURE in predicates else kinds and len(criteria) > 2
    return (fact[1:], frozenset(criteria), kinds) if enough else None


def _defines(term: Term) -> bool:
    return not isinstance(term, Literal) or term.datatype.value in _DEFINING


def _exclude_each_other(store: Store, one: Term, other: Term) -> bool:
    """Return whether two ordinals for the same place in a ranking exclude each other.

    They do if both have holders, but none in common, and if they rank acts of the same office or
    one of them ranks acts without an office.
    """
    holders = [set(objects(store, each, _HOLDER, STATED)) for each in (one, other)]
    if not all(holders) or not holders[0].isdisjoint(holders[1]):
        return False
    offices = [_offices(store, each) for each in (one, other)]
    return not all(offices) or not offices[0].isdisjoint(offices[1])


def _offices(store: Store, ordinal: Term) -> set[Term]:
    """Return the offices of the acts that an ordinal ranks.

    For a ranking within a region, the kinds of these offices are returned.
    """
    acts = objects(store, ordinal, _ACT, STATED)
    found = {office for act in acts for name in _OFFICES for office in objects(store, act, name)}
    if objects(store, ordinal, _REGION, STATED):
        found = {k for office in found for k in objects(store, office, RKG + "officeKind")}
    return found
