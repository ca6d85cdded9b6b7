"""The dates of facts: those of the things that they are about."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode, Quad

from relations_kg.rdf.namespaces import RKG
from relations_kg.rdf.terms import TYPE, EngineTerm
from relations_kg.reasoning.bounds import BOUNDS, LAST_KNOWN
from relations_kg.reasoning.reach import REACH

if TYPE_CHECKING:
    from relations_kg.answers.knowledge import Knowledge

# A function that returns the first text of a property of a term, or "".
Texts = Callable[[EngineTerm, NamedNode], str]
WHEN = NamedNode(RKG + "when")
_MISSION = NamedNode(RKG + "Mission")
# The facts about a mission that hold as long as it exists. Its seat, its kind and its further
# accreditations may have changed, so its dates are not theirs.
_AS_LONG = {
    *(each.value for each in (WHEN, *BOUNDS, LAST_KNOWN, *REACH)),
    *(RKG + name for name in ("ongoing", "sendingParty", "receivingParty", "sendsMission")),
    RKG + "withinRelations",
}


def dated(graph: Knowledge, quad: Quad, node: NamedNode, texts: Texts) -> EngineTerm | None:
    """Return the term of a fact about a thing whose date is that of the fact, or None."""
    other = quad.object if quad.subject == node else quad.subject
    found = [term for term in (node, other) if texts(term, WHEN)]
    if not found or quad.predicate.value in _AS_LONG:
        return found[0] if found else node
    return next((term for term in found if not _is_mission(graph, term)), None)


def day(term: EngineTerm | None, texts: Texts) -> str:
    """Return the earliest start of a thing, or its latest end; the text is empty for no thing."""
    if term is None:
        return ""
    return next(filter(None, (texts(term, bound) for bound in (BOUNDS[0], BOUNDS[3]))), "")


def _is_mission(graph: Knowledge, term: EngineTerm) -> bool:
    return any(True for _ in graph.quad_store.quads_for_pattern(term, TYPE, _MISSION))  # type: ignore[arg-type]
