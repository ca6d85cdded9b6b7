"""The Core constraints of SHACL, checked by pyshacl on copies of the facts and the shapes."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from pyoxigraph import NamedNode, Quad

from relations_kg.errors import RelationsError
from relations_kg.namespaces import SH
from relations_kg.terms import Term, statements, value

if TYPE_CHECKING:
    from rdflib import Graph


class Result(NamedTuple):
    """Say which constraint of which shape a node breaks, and with which value.

    `constraint` is the name of a SHACL component without its ending, such as MinCount.
    """

    focus: Term
    shape: Term
    constraint: str
    severity: str
    path: str | None
    value: Term | None


def check(facts: Iterable[Quad], shapes: Iterable[Quad]) -> Iterator[Result]:
    """Yield what breaks the Core constraints of shapes, in no order.

    Raises RelationsError for shapes that cannot be run.
    """
    import pyshacl
    import rdflib

    from relations_kg.conversion import from_rdflib

    sh = rdflib.Namespace(SH)
    with _silent("rdflib.term"):
        _, results, _ = pyshacl.validate(
            _copy(facts),
            shacl_graph=_copy(shapes),
            inference="none",
            advanced=False,
            meta_shacl=False,
        )
    if not isinstance(results, rdflib.Graph):
        raise RelationsError(f"the shapes cannot be run: {results}", where="shapes.ttl")
    for result in results.objects(None, sh.result):
        found = {name: from_rdflib(term) for name, term in results.predicate_objects(result)}
        component = value(found[sh.sourceConstraintComponent])
        path = found.get(sh.resultPath)
        yield Result(
            found[sh.focusNode],
            found[sh.sourceShape],
            component.removeprefix(SH).removesuffix("ConstraintComponent"),
            value(found[sh.resultSeverity]),
            path.value if isinstance(path, NamedNode) else None,
            found.get(sh.value),
        )


def _copy(quads: Iterable[Quad]) -> Graph:
    from rdflib import Graph

    from relations_kg.conversion import to_rdflib

    graph = Graph()
    for subject, predicate, object_ in statements(quads):
        graph.add((to_rdflib(subject), to_rdflib(predicate), to_rdflib(object_)))
    return graph


@contextmanager
def _silent(name: str) -> Iterator[None]:
    # rdflib logs a traceback for each literal whose value it cannot make out.
    logger = logging.getLogger(name)
    before, logger.disabled = logger.disabled, True
    try:
        yield
    finally:
        logger.disabled = before
