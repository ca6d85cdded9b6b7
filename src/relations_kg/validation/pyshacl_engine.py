"""SHACL Core validation through pyshacl, which runs in rdflib."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

import pyshacl
from pyoxigraph import Literal, Quad
from rdflib import Graph

from relations_kg.errors import RelationsError
from relations_kg.rdf.conversion import from_rdflib, term_to_rdflib, without_tracebacks
from relations_kg.rdf.namespaces import SH
from relations_kg.rdf.terms import Statement, statements, value

_COMPARISONS = (SH + "lessThan", SH + "lessThanOrEquals")
_PATTERN = SH + "pattern"
# Each validation copies the same shapes.
_convert = lru_cache(20_000)(term_to_rdflib)


def report_of(facts: list[Quad], shapes: list[Quad]) -> Iterator[Statement]:
    """Yield the statements of the validation report; raise RelationsError for invalid shapes."""

    def run(shapes: list[Quad]) -> Graph:
        try:
            _, report, reason = pyshacl.validate(_copy(facts), shacl_graph=_copy(shapes))
        except (RuntimeError, re.error) as error:
            report, reason = None, str(error)
        if not isinstance(report, Graph):
            raise RelationsError(f"the shapes cannot be run: {reason}", where="shapes.ttl")
        return report

    with without_tracebacks():
        try:
            report = run(shapes)
        except (TypeError, ArithmeticError, RelationsError):
            # pyshacl fails at values that cannot be compared, such as "seven"^^xsd:integer. Another
            # constraint reports these.
            report = run([quad for quad in shapes if quad.predicate.value not in _COMPARISONS])
    for subject, predicate, object_ in report:
        yield from_rdflib(subject), from_rdflib(predicate), from_rdflib(object_)


def _copy(quads: Iterable[Quad]) -> Graph:
    graph = Graph(bind_namespaces="none")
    for subject, predicate, object_ in statements(quads):
        if predicate.value == _PATTERN:
            # In Python, $ also matches before a final line feed, unlike in XPath.
            object_ = Literal(re.sub(r"\$$", r"\\Z", value(object_)))
        graph.add((_convert(subject), _convert(predicate), _convert(object_)))
    return graph
