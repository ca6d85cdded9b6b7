"""The facts of a store that rules may use: stated ones, the ontology and calculated bounds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress

from pyoxigraph import NamedNode, Quad, Store

from relations_kg.errors import InputError
from relations_kg.rdf.namespaces import ONTOLOGY, STATED
from relations_kg.rdf.terms import Statement, Term
from relations_kg.reasoning.closure import Closure
from relations_kg.reasoning.fact_sets import FactSet
from relations_kg.reasoning.source_dates import all_bounds


def read(
    store: Store, closure: Closure, check: Callable[[], bool]
) -> tuple[list[Statement], FactSet]:
    """Return the calculated bounds of a store, and with them all facts for a closure, encoded.

    `check` is called after the facts were read. If it returns true, since it has changed them,
    they are read again. Its errors take precedence over the InputError for an invalid date.
    """
    found = None
    with suppress(InputError):
        found = _read(store, closure)
    if check() or found is None:
        found = _read(store, closure)
    return found


def _read(store: Store, closure: Closure) -> tuple[list[Statement], FactSet]:
    bounds = list(all_bounds(store))
    return bounds, closure.encoded(_quads(store, closure.predicates), bounds)


def _quads(store: Store, predicates: Iterable[NamedNode]) -> Iterator[tuple[Term, Iterable[Quad]]]:
    """Yield predicates, each with quads that have it."""
    for predicate in predicates:
        for graph in (STATED, ONTOLOGY):
            yield predicate, store.quads_for_pattern(None, predicate, None, NamedNode(graph))
