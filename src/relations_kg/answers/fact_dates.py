"""The dates of facts: those of the things that they are about."""

from __future__ import annotations

from collections.abc import Callable

from pyoxigraph import NamedNode, Quad

from relations_kg.rdf.namespaces import RKG
from relations_kg.rdf.terms import EngineTerm
from relations_kg.reasoning.bounds import BOUNDS

# A function that returns the first value of a property of a term as text, or "".
Texts = Callable[[EngineTerm, NamedNode], str]
WHEN = NamedNode(RKG + "when")
# Properties of a mission whose values may have changed, so that its dates are not theirs, and those
# that lead to a mission from something with dates of its own.
_OF_MISSION = frozenset(
    RKG + name
    for name in (
        "accreditedTo",
        "alsoAccreditedTo",
        "closedBy",
        "missionKind",
        "openedBy",
        "representationScope",
        "seat",
        "seatPolity",
    )
)
_TO_MISSION = frozenset(
    RKG + name
    for name in (
        "headOf",
        "maintainedThrough",
        "phaseOfMission",
        "protectedThrough",
        "targetedMission",
    )
)


def dated(quad: Quad, node: NamedNode, texts: Texts) -> EngineTerm | None:
    """Return the subject or object whose date is the date of a fact about a thing, or None."""
    name = quad.predicate.value
    if name in _OF_MISSION or name in _TO_MISSION:
        other = quad.object if name in _OF_MISSION else quad.subject
        return other if texts(other, WHEN) else None
    other = quad.object if quad.subject == node else quad.subject
    return next((term for term in (node, other) if texts(term, WHEN)), node)


def day(term: EngineTerm | None, texts: Texts) -> str:
    """Return the earliest start of a thing, or else its latest end, or "" if neither is known."""
    if term is None:
        return ""
    return next(filter(None, (texts(term, bound) for bound in (BOUNDS[0], BOUNDS[3]))), "")
