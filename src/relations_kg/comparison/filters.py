"""Filters of a comparison: facts about sources, and facts about instances of a class."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pyoxigraph import NamedNode

from relations_kg.answers.search import class_of
from relations_kg.comparison.normalized import NormalizedGraph
from relations_kg.errors import UnknownName
from relations_kg.rdf.namespaces import RKG
from relations_kg.rdf.spelling import asked_back, nearest
from relations_kg.rdf.terms import Statement, Term

PROVENANCE = "provenance"
_SOURCES = frozenset((RKG + "Passage", RKG + "SourceDocument"))
_STATED_IN = NamedNode(RKG + "statedIn")


def leaves_out(
    without: Sequence[str], old: NormalizedGraph, new: NormalizedGraph
) -> Callable[[Statement], bool]:
    """Return a function that decides which facts are left out.

    Facts of "provenance" are about passages and documents, or link a thing to them. Any other word
    is the name of a class, whose instances are left out. Raises UnknownName if there is no such
    class.
    """
    classes = {_class(new, each) for each in without if each != PROVENANCE}

    def is_left_out(fact: Statement) -> bool:
        subject, predicate, object_ = fact
        return (bool(classes) and _is_any(subject, classes)) or (
            PROVENANCE in without
            and (predicate == _STATED_IN or any(_is_any(e, _SOURCES) for e in (subject, object_)))
        )

    def _is_any(thing: Term, kinds: frozenset[str] | set[str]) -> bool:
        return any(not kinds.isdisjoint(graph.classes(thing)) for graph in (old, new))

    return is_left_out


def _class(graph: NormalizedGraph, word: str) -> str:
    if near := nearest(word, [PROVENANCE]):
        problem = f"{word!r} is neither provenance nor the name of a class"
        raise UnknownName(problem, where="without", help=asked_back(near))
    return class_of(graph.graph.names, word, where="without") or ""
