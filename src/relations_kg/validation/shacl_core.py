"""SHACL Core validation through pyshifty or pyshacl."""

from __future__ import annotations

import re
import typing
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.machinery import PathFinder
from importlib.util import find_spec, module_from_spec
from types import ModuleType

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Triple, parse, serialize

from relations_kg.errors import RelationsError
from relations_kg.rdf.namespaces import SH
from relations_kg.rdf.terms import TYPE, Statement, Term, statements, value
from relations_kg.validation import pyshacl_engine
from relations_kg.validation.violations import Violation, kebab

Engine = typing.Literal["pyshacl", "pyshifty"]

SEVERITIES = {SH + "Warning": "warning", SH + "Info": "info"}


def check(
    facts: Iterable[Quad], shapes: Iterable[Quad], *, engine: Engine | None = None
) -> Iterator[Violation]:
    """Yield the violations of the Core constraints of shapes, in any order.

    They have no message and no expected value. The default engine is pyshifty if it is installed,
    otherwise pyshacl. Both find the same violations. Raises RelationsError for shapes that the
    engine cannot run, and if the requested engine is not installed.
    """
    shapes = list(shapes)
    if not shapes:
        return iter(())
    pyshifty = None if engine == "pyshacl" else _pyshifty()
    if pyshifty:
        report = _run_pyshifty(pyshifty, facts, shapes)
    elif engine != "pyshifty":
        report = pyshacl_engine.report_of(list(facts), shapes)
    else:
        raise RelationsError("pyshifty is not installed", help="pip install 'relations-kg[fast]'")
    return _violations(report)


def in_python(pattern: str) -> re.Pattern[str] | None:
    """Return a regular expression compiled by Python, or None if Python cannot compile it.

    >>> in_python("(") or in_python("\\\\p{L}")
    """
    try:
        return re.compile(pattern, re.ASCII)
    except (re.error, OverflowError, RecursionError):
        return None


def can_compile(pattern: str) -> bool:
    """Return whether the default engine can compile a regular expression of `sh:pattern`."""
    if not _pyshifty():
        return in_python(pattern) is not None
    # pyshifty reports every value as a violation of a pattern that it cannot compile. An empty
    # alternative matches every value.
    node = NamedNode("urn:x:shape")
    terms = {"targetNode": Literal("a"), "pattern": Literal(f"|{pattern}")}
    shape = [Quad(node, TYPE, NamedNode(SH + "NodeShape"))]
    shape += [Quad(node, NamedNode(SH + name), term) for name, term in terms.items()]
    return not any(check((), shape))


def _violations(report: Iterable[Statement]) -> Iterator[Violation]:
    results: list[Term] = []
    properties: dict[Term, dict[str, Term]] = {}
    for subject, predicate, object_ in report:
        name = value(predicate).removeprefix(SH)
        properties.setdefault(subject, {})[name] = object_
        # Only top-level results are violations; nested results are explanations.
        if name == "result":
            results.append(object_)
    for result in map(properties.__getitem__, results):
        component = value(result["sourceConstraintComponent"]).removeprefix(SH)
        path = result.get("resultPath")
        yield Violation(
            SEVERITIES.get(value(result["resultSeverity"]), "error"),
            kebab(component.removesuffix("ConstraintComponent")),
            "",
            result["focusNode"],
            result.get("value"),
            value(result["sourceShape"]),
            path.value if isinstance(path, NamedNode) else None,
        )


@cache
def _pyshifty() -> ModuleType | None:
    """Return the compiled module in pyshifty, or None if pyshifty is not installed.

    The whole package takes ten times as long to import, and needs rdflib for a report that names
    components and shapes.
    """
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
    # Arguments are named, as pyshifty's functions differ in the order of facts and shapes.
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
    return serialize(map(_undirected, quads), format=RdfFormat.N_TRIPLES) or b""


def _undirected(quad: Quad) -> Triple:
    """Return a triple for pyshifty, which reads RDF 1.1, where a text has no direction."""
    if not isinstance(quad.object, Literal) or not quad.object.direction:
        return quad.triple
    text = Literal(quad.object.value, language=quad.object.language)
    return Triple(quad.subject, quad.predicate, text)
