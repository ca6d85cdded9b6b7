"""The phases of missions in a comparison: a mission that moved is one that has changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pyoxigraph import NamedNode

from relations_kg.comparison.differences import PHASE_OF
from relations_kg.comparison.normalized import NormalizedGraph
from relations_kg.rdf.namespaces import RDFS, RKG
from relations_kg.rdf.terms import TYPE, Statement, Term

# The properties that do not distinguish a phase from another phase of the mission.
_COMMON = {TYPE, NamedNode(RDFS + "label"), NamedNode(RKG + "statedIn"), NamedNode(PHASE_OF)}


def missions_by_phase(
    facts: Mapping[Term, Sequence[Statement]], own: NormalizedGraph, other: NormalizedGraph
) -> dict[Term, Term]:
    """Return the mission, which both graphs have, of each phase that only one of them has.

    `facts` are the facts by subject that only the graph `own` states.
    """
    missions: dict[Term, Term] = {}
    for thing, every in facts.items():
        found = [object_ for _, predicate, object_ in every if predicate == NamedNode(PHASE_OF)]
        is_in_both = all(each in own.subjects and each in other.subjects for each in found)
        if len(found) == 1 and is_in_both and thing not in other.subjects:
            missions[thing] = found[0]
    return missions


def described(facts: Sequence[Statement]) -> list[Statement]:
    """Return the facts about a phase that distinguish it from other phases of the mission."""
    return [fact for fact in facts if fact[1] not in _COMMON]
