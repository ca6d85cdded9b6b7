"""The shapes as what they ask for, to be read: conditions, messages and what they are about."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import dedent
from typing import NamedTuple

from pyoxigraph import NamedNode, Store

from relations_kg.namespaces import RDF, SH
from relations_kg.terms import TYPE, Term, named, objects, statements, value
from relations_kg.validation.shapes import Shape, Shapes
from relations_kg.validation.violations import kebab

# What a shape says that is no condition.
_OTHERWISE = (
    *("path", "message", "severity", "property", "sparql"),
    *("targetClass", "targetSubjectsOf", "targetObjectsOf"),
)

# What is asked for, and of which values: IRIs, or texts.
Condition = tuple[str, tuple[str, ...]]


class Requirement(NamedTuple):
    """Hold a property shape or a SPARQL constraint; the one has a path, the other a SELECT."""

    iri: str
    severity: str
    message: str
    path: str = ""
    conditions: tuple[Condition, ...] = ()
    select: str = ""


class Requirements(NamedTuple):
    """Hold a node shape with its parts; without a target it is one of values, for others' use."""

    iri: str
    classes: tuple[str, ...]
    subjects_of: tuple[str, ...]
    objects_of: tuple[str, ...]
    conditions: tuple[Condition, ...]
    parts: tuple[Requirement, ...]


def requirements(shapes: Shapes) -> list[Requirements]:
    """List the node shapes by name, those of values included.

    >>> from relations_kg.validation.shapes import bundled
    >>> [s.conditions for s in requirements(bundled()) if s.iri.endswith("EnglishValue")]
    [(('language in', ('en',)),)]
    """
    store = shapes.store
    about = {shape.node: shape for shape in shapes.node_shapes}
    kind = NamedNode(SH + "NodeShape")
    nodes = named(quad.subject for quad in store.quads_for_pattern(None, TYPE, kind))
    return [_shape(store, node, about.get(node)) for node in sorted(nodes, key=value)]


def _shape(store: Store, node: NamedNode, shape: Shape | None) -> Requirements:
    if shape is None:
        return Requirements(value(node), (), (), (), _conditions(store, node), ())
    parts = [_property_shape(store, part) for part in shape.properties]
    for constraint in shape.constraints:
        select = dedent(_text(store, NamedNode(constraint.name), "select")).strip()
        parts.append(
            Requirement(constraint.name, constraint.severity, constraint.message, select=select)
        )
    return Requirements(
        value(node),
        _sorted(shape.classes),
        _sorted(shape.subjects_of),
        _sorted(shape.objects_of),
        _conditions(store, node),
        tuple(sorted(parts)),
    )


def _property_shape(store: Store, node: Term) -> Requirement:
    severity = _text(store, node, "severity").removeprefix(SH).lower()
    return Requirement(
        value(node),
        severity or "error",
        _text(store, node, "message"),
        _text(store, node, "path"),
        _conditions(store, node),
    )


def _conditions(store: Store, node: Term) -> tuple[Condition, ...]:
    found: list[Condition] = []
    for _, predicate, object_ in statements(store.quads_for_pattern(node, None, None)):  # type: ignore[arg-type]
        name = value(predicate).removeprefix(SH)
        if name not in _OTHERWISE and predicate != TYPE:
            found.append((kebab(name).replace("-", " "), tuple(_values(store, object_))))
    return tuple(sorted(found))


def _values(store: Store, term: Term) -> Iterator[str]:
    """Yield a value, or those in a list."""
    first = objects(store, term, RDF + "first")
    if not first:
        yield value(term).removeprefix(SH)
        return
    yield value(first[0])
    for rest in objects(store, term, RDF + "rest"):
        if value(rest) != RDF + "nil":
            yield from _values(store, rest)


def _text(store: Store, subject: Term, name: str) -> str:
    return "".join(map(value, objects(store, subject, SH + name)))


def _sorted(terms: set[Term] | list[Term]) -> tuple[str, ...]:
    return tuple(sorted(map(value, terms)))
