"""The dates of facts: a fact has the date of its subject or of its object."""

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
        # Dates are cached, since many facts are about the same thing and a remote store is slow.
        self._text = cache(self._first)

    def dated(self, quad: Quad, node: NamedNode) -> EngineTerm | None:
        """Return the subject or object whose date is the date of a fact about `node`.

        The annotation of the property names one of the two; returns None if this one has no date.
        Without an annotation, returns the other end of the fact if only that has a date, and
        otherwise `node`.
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
