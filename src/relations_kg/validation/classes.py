"""The classes of nodes, which shapes use as targets."""

from __future__ import annotations

from pyoxigraph import NamedNode, Store

from relations_kg.rdf.terms import TYPE, Term
from relations_kg.reasoning.ontology import superclasses
from relations_kg.validation.constraints import seen


class Classes:
    """The stated classes of nodes, with their superclasses."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._above: dict[Term, set[Term]] = {}
        self._of: dict[NamedNode, set[Term]] = {}

    def of(self, node: NamedNode) -> set[Term]:
        """Return the classes of a node and their superclasses."""
        if node not in self._of:
            kinds = seen(self._store, node, TYPE)
            self._of[node] = {above for quad in kinds for above in self.above(quad.object)}  # type: ignore[arg-type]
        return self._of[node]

    def above(self, kind: Term) -> set[Term]:
        """Return a class and its superclasses."""
        if kind not in self._above:
            self._above[kind] = {kind, *superclasses(self._store, kind)}
        return self._above[kind]
