"""A quick test of which facts can be inferred in a store, without running the inference."""

from __future__ import annotations

from pyoxigraph import Literal, Store

from relations_kg.rdf.terms import Statement, Term, pairs
from relations_kg.reasoning.bounds import CALCULATIONS
from relations_kg.reasoning.notation3 import time_rules
from relations_kg.reasoning.ontology import Ontology
from relations_kg.reasoning.reach_rules import REACH
from relations_kg.reasoning.readings import READ_PROPERTY
from relations_kg.reasoning.rules import compile_rules


class Derivable:
    """A superset of the facts that rules, calculations and readings infer in a store.

    >>> import relations_kg as rk
    >>> graph = rk.load()
    >>> derivable = Derivable(graph.store)
    >>> graph.names.statement("one-china-policy", "a", "Policy") in derivable
    True
    >>> graph.names.statement("one-china-policy", "when", "2024") in derivable
    False
    """

    def __init__(self, store: Store) -> None:
        rules = (*compile_rules(Ontology(store)), *time_rules())
        self._store = store
        self._properties: set[Term] = {rule.head[1] for rule in rules}
        self._properties.update(CALCULATIONS, REACH)
        self._properties.update(read for _, read in pairs(store, READ_PROPERTY.value))

    def __contains__(self, fact: Statement) -> bool:
        subject, predicate, object_ = fact
        # A rule only combines terms that it finds in the store, except for days and numbers.
        ends = [term for term in (subject, object_) if not isinstance(term, Literal)]
        return predicate in self._properties and all(map(self._occurs, ends))

    def _occurs(self, term: Term) -> bool:
        find = self._store.quads_for_pattern
        return any(find(term, None, None)) or any(find(None, None, term))  # type: ignore[arg-type]
