"""Things that no file describes any longer, although some files still state facts about them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain, islice

from pyoxigraph import NamedNode

from relations_kg.answers.knowledge import Knowledge
from relations_kg.rdf.namespaces import IDENTIFIERS, ONTOLOGY, STATED, shorten
from relations_kg.rdf.spelling import counted
from relations_kg.rdf.terms import TYPE, Statement, Term, statements

_STATED = NamedNode(STATED)
_GRAPHS = (_STATED, NamedNode(IDENTIFIERS))
# The graphs that describe things and codes.
_DESCRIBING = (_STATED, NamedNode(ONTOLOGY))
_MOST_LISTED = 5


def report(graph: Knowledge, things: Iterable[Term]) -> str | None:
    """Return a warning about those of the given things that are undescribed but have facts.

    Returns None if there are no such things.

    >>> import relations_kg as rk
    >>> names = ("peru", "no-such-thing")
    >>> report(rk.load(), [NamedNode(f"https://w3id.org/relations-kg/id/{name}") for name in names])
    """
    found = [fact for thing in things for fact in islice(_left(graph, thing), 1)]
    if not found:
        return None
    places = [(thing, graph.place(fact)) for thing, fact in found[:_MOST_LISTED]]
    listed = ", ".join(f"{shorten(t.value)}{f' ({p})' if p else ''}" for t, p in places)
    more = f" and {len(found) - _MOST_LISTED} more" if len(found) > _MOST_LISTED else ""
    one = len(found) == 1
    are, them = ("is", "it") if one else ("are", "them")
    what = f"{counted(len(found), 'thing')} {are} no longer described"
    advice = f"remove these facts, or describe {them}"
    return f"{what}, but facts about {them} are left: {listed}{more}; {advice}"


def _left(graph: Knowledge, thing: Term) -> Iterator[tuple[NamedNode, Statement]]:
    """Yield a thing with each stated fact about it, if the thing has no class."""
    store = graph.quad_store
    find = store.quads_for_pattern
    if not isinstance(thing, NamedNode) or any(
        True for graph_name in _DESCRIBING for _ in find(thing, TYPE, None, graph_name)
    ):
        return
    for each in _GRAPHS:
        for fact in statements(chain(find(thing, None, None, each), find(None, None, thing, each))):
            yield thing, fact
