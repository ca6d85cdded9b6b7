"""The Core constraints of SHACL, checked by an engine that was made for them."""

from __future__ import annotations

import logging
import re
import typing
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Triple, parse, serialize

from relations_kg.errors import RelationsError
from relations_kg.rdf.namespaces import SH
from relations_kg.rdf.terms import Statement, Term, statements, value

if TYPE_CHECKING:
    from types import ModuleType

    from rdflib import Graph

Engine = typing.Literal["pyshacl", "pyshifty"]

_COMPARISONS = (SH + "lessThan", SH + "lessThanOrEquals")
_PATTERN = SH + "pattern"


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


def check(
    facts: Iterable[Quad], shapes: Iterable[Quad], *, engine: Engine | None = None
) -> Iterator[Result]:
    """Yield what breaks the Core constraints of shapes, in no order.

    Without an engine named, it is pyshifty if that is installed and else pyshacl: they find the
    same. Raises RelationsError for shapes that cannot be run.
    """
    shapes = list(shapes)
    if not shapes:
        return iter(())
    pyshifty = None if engine == "pyshacl" else _pyshifty()
    if pyshifty:
        report = _run_pyshifty(pyshifty, facts, shapes)
    elif engine != "pyshifty":
        report = _run_pyshacl(list(facts), shapes)
    else:
        raise RelationsError("pyshifty is not installed", help="pip install 'relations-kg[fast]'")
    return _results(report)


def _results(report: Iterable[Statement]) -> Iterator[Result]:
    results: list[Term] = []
    found: dict[Term, dict[str, Term]] = {}
    for subject, predicate, object_ in report:
        name = value(predicate).removeprefix(SH)
        found.setdefault(subject, {})[name] = object_
        # Only these: results within results say why, not what.
        if name == "result":
            results.append(object_)
    for said in map(found.__getitem__, results):
        component = value(said["sourceConstraintComponent"]).removeprefix(SH)
        path = said.get("resultPath")
        yield Result(
            said["focusNode"],
            said["sourceShape"],
            component.removesuffix("ConstraintComponent"),
            value(said["resultSeverity"]),
            path.value if isinstance(path, NamedNode) else None,
            said.get("value"),
        )


@cache
def _pyshifty() -> ModuleType | None:
    """Load the engine within pyshifty.

    Not the package around it, which takes ten times as long to import and wants rdflib for the
    only report that names components and shapes.
    """
    from importlib.machinery import PathFinder
    from importlib.util import find_spec, module_from_spec

    package = find_spec("shifty")
    spec = package and PathFinder.find_spec("_shifty", package.submodule_search_locations)
    if spec is None or spec.loader is None:
        return None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _run_pyshifty(
    pyshifty: ModuleType, facts: Iterable[Quad], shapes: Iterable[Quad]
) -> Iterator[Statement]:
    # By name, as the order of facts and shapes is not the same in all of its functions.
    try:
        validator = pyshifty.PreparedValidator(shapes=_text(shapes), shapes_format="nt")
        outcome = validator.validate_w3c(
            data=_text(facts),
            data_format="nt",
            graph_mode="data",
            run_infer=False,
            on_unsupported="error",
        )
    except ValueError as error:
        raise RelationsError(f"the shapes cannot be run: {error}", where="shapes.ttl") from error
    if outcome.diagnostics:
        reason = "; ".join(outcome.diagnostics)
        raise RelationsError(f"the shapes cannot be run: {reason}", where="shapes.ttl")
    return statements(parse(outcome.report_turtle, RdfFormat.TURTLE))


def _text(quads: Iterable[Quad]) -> bytes:
    # Without the direction that RDF 1.2 gives a text: it reads RDF 1.1, as rdflib has it.
    triples = (
        Triple(
            quad.subject, quad.predicate, Literal(quad.object.value, language=quad.object.language)
        )
        if isinstance(quad.object, Literal) and quad.object.direction
        else quad.triple
        for quad in quads
    )
    return serialize(triples, format=RdfFormat.N_TRIPLES) or b""


def _run_pyshacl(facts: list[Quad], shapes: list[Quad]) -> Iterator[Statement]:
    import pyshacl
    import rdflib

    from relations_kg.rdf.conversion import from_rdflib

    def run(shapes: list[Quad]) -> Graph:
        try:
            _, report, reason = pyshacl.validate(_copy(facts), shacl_graph=_copy(shapes))
        except RuntimeError as error:
            report, reason = None, str(error)
        if not isinstance(report, rdflib.Graph):
            raise RelationsError(f"the shapes cannot be run: {reason}", where="shapes.ttl")
        return report

    with _silent("rdflib.term"):
        try:
            report = run(shapes)
        except (TypeError, ArithmeticError, RelationsError):
            # It stops at what has no place in an order, such as "seven"^^xsd:integer. Another
            # constraint names that mistake, and until it is mended nothing can be compared.
            report = run([quad for quad in shapes if quad.predicate.value not in _COMPARISONS])
    for subject, predicate, object_ in report:
        yield from_rdflib(subject), from_rdflib(predicate), from_rdflib(object_)


def _copy(quads: Iterable[Quad]) -> Graph:
    from rdflib import Graph

    from relations_kg.rdf.conversion import term_to_rdflib

    convert = cache(term_to_rdflib)
    graph = Graph()
    for subject, predicate, object_ in statements(quads):
        if predicate.value == _PATTERN:
            # Python's $ also comes before a line end, that of the standard only at the end.
            object_ = Literal(re.sub(r"\$$", r"\\Z", value(object_)))
        graph.add((convert(subject), convert(predicate), convert(object_)))
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
