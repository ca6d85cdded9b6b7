"""The dates of facts: those of the things that they are about."""

from __future__ import annotations

from functools import cache

from pyoxigraph import NamedNode, Quad, Store

from relations_kg.rdf.namespaces import CODE, ONTOLOGY, RKG
from relations_kg.rdf.terms import EngineTerm, pairs, printable, value
from relations_kg.reasoning.bounds import BOUNDS

WHEN = NamedNode(RKG + "when")
_OF_SUBJECT = CODE + "date-of-subject"


class FactDates:
    """The dates of the facts of a store, by the annotation rkg:factDate of their properties."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._ends = {
            value(name): value(end) for name, end in pairs(store, RKG + "factDate", ONTOLOGY)
        }
        # Cached, since many facts are about one thing, and each look-up in a remote store is slow.
        self._text = cache(self._first)

    def dated(self, quad: Quad, node: NamedNode) -> EngineTerm | None:
        """Return the subject or object whose date is the date of a fact about `node`.

        If the property's annotation names an end without a date, this is None. Without an
        annotation, it is `node`, or else the other end if only that has a date.
        """
        if end := self._ends.get(quad.predicate.value):
            other = quad.subject if end == _OF_SUBJECT else quad.object
            return other if self.when(other) else None
        other = quad.object if quad.subject == node else quad.subject
        return next(filter(self.when, (node, other)), node)

    def when(self, term: EngineTerm | None) -> str:
        """Return the date of a thing in EDTF, or "" if it has none."""
        return self._text(term, WHEN)

    def day(self, term: EngineTerm | None) -> str:
        """Return the earliest start of a thing, or else its latest end, or "" without either."""
        return self._text(term, BOUNDS[0]) or self._text(term, BOUNDS[3])

    def _first(self, term: EngineTerm | None, predicate: NamedNode) -> str:
        if isinstance(term, NamedNode):
            for quad in self._store.quads_for_pattern(term, predicate, None):
                return printable(value(quad.object))
        return ""
