"""The Core constraints of shapes, checked by a SHACL processor."""

from __future__ import annotations

import re
from collections.abc import (
    Callable,
    Collection,
    Container,
    Hashable,
    Iterable,
    Iterator,
    Mapping,
    Set,
)
from dataclasses import replace
from functools import cache, cached_property
from itertools import chain, islice

from pyoxigraph import BlankNode, NamedNode, Quad, Store

from relations_kg.rdf.namespaces import ONTOLOGY, RDFS, SH, STATED
from relations_kg.rdf.terms import TYPE, Statement, Term, named, objects, statements, value
from relations_kg.validation.constraints import seen
from relations_kg.validation.likeness import Likeness
from relations_kg.validation.shacl_core import check, in_python
from relations_kg.validation.violations import Violation

AT_ONCE = 2_500  # the number of nodes in a batch
FEW = 100  # the most nodes that are all checked, since grouping them would take longer
TARGETS = ("targetClass", "targetSubjectsOf", "targetObjectsOf")
SUBCLASS = NamedNode(RDFS + "subClassOf")
_TEXTS = ("message", "declare", "prefix", "namespace")
_PATTERN = NamedNode(SH + "pattern")
_NODE = NamedNode(SH + "targetNode")
_ASKING_FOR_MORE = ("minCount", "qualifiedMinCount")
# Matches a part of a pattern that may match more text if compiled for ASCII than in an engine.
_NEGATED = re.compile(r"\\[BDSWb]|\[\^")
# A function that returns the shapes that target a node.
ShapesOf = Callable[[NamedNode], Set[NamedNode]]


class Core:
    """The Core constraints of a graph of shapes; `properties` has each shape's property shapes."""

    def __init__(self, shapes: Store, properties: Mapping[NamedNode, list[Term]]) -> None:
        self._shapes, self._properties = shapes, properties

    def violations(
        self, store: Store, focus: Set[NamedNode], names: Set[NamedNode], shapes_of: ShapesOf
    ) -> Iterator[Violation]:
        """Yield the violations of the Core constraints of named shapes by nodes.

        Many nodes are grouped, and one of each group is checked first. The others are checked only
        if this one violates a constraint.
        """
        if len(focus) <= FEW:
            yield from self._checked(store, focus, names, shapes_of)
            return
        groups = self._alike(store, focus, names, shapes_of)
        broken: set[Term] = set()
        for violation in self._checked(store, (each[0] for each in groups), names, shapes_of):
            broken.add(violation.focus)
            yield violation
        others = (node for each in groups if each[0] in broken for node in each[1:])
        yield from self._checked(store, others, names, shapes_of)

    def _alike(
        self, store: Store, focus: Iterable[NamedNode], names: Set[NamedNode], shapes_of: ShapesOf
    ) -> Collection[list[NamedNode]]:
        """Return nodes in groups, within which Core constraints cannot distinguish the nodes."""
        groups: dict[Hashable, list[NamedNode]] = {}
        classes = cache(lambda node: frozenset(q.object for q in _types(store, node)))
        for part in _parts(focus):
            facts = {node: list(statements(seen(store, node))) for node in part}
            core = self._quads_for(names, _values(chain.from_iterable(facts.values())))
            likeness = Likeness(core, classes)
            for node in part:
                key = frozenset(shapes_of(node)), likeness.of(node, facts[node])
                groups.setdefault(key, []).append(node)
        return groups.values()

    def _checked(
        self, store: Store, focus: Iterable[NamedNode], names: Set[NamedNode], shapes_of: ShapesOf
    ) -> Iterator[Violation]:
        # Engines copy the facts, so batches save memory.
        for part in _parts(focus):
            facts = list(_neighbourhood(store, part))
            values = _values(fact for fact in statements(facts) if fact[0] in part)
            # Shapes target nodes instead of classes, since the facts include incomplete
            # descriptions of values.
            targets = (Quad(shape, _NODE, node) for node in part for shape in shapes_of(node))
            for violation in check(facts, chain(self._quads_for(names, values), targets)):
                yield replace(
                    violation,
                    message=text_of(self._shapes, NamedNode(violation.rule or ""), "message"),
                    expected=self._expected(violation, store),
                )

    def _quads_for(self, names: Set[NamedNode], values: Mapping[Term, set[Term]]) -> Iterator[Quad]:
        """Yield the Core part of named shapes, without constraints that are certainly satisfied.

        Such constraints are property shapes for absent properties that require no value, and
        patterns that all values match.
        """
        left_out: set[Term] = set(self._properties.keys() - names)
        for name, properties in self._properties.items():
            unasked = name not in names
            left_out.update(p for p in properties if unasked or not self._asks(p, values))
        for subject, object_, quad in self._quads:
            if not (subject in left_out or object_ in left_out) and not (
                quad.predicate == _PATTERN and self._matches(quad, values)
            ):
                yield quad

    def _matches(self, pattern: Quad, values: Mapping[Term, set[Term]]) -> bool:
        """Return whether all values of a property match the pattern of a property shape.

        The result is computed here, since an engine may compile a pattern again for each value. A
        class such as \\w matches only ASCII here, so it matches no more than in an engine.
        """
        shape, _, expression = next(statements([pattern]))
        paths = named(objects(self._shapes, shape, SH + "path"))
        compiled = in_python(value(expression))
        if not paths or not compiled or objects(self._shapes, shape, SH + "flags"):
            return False
        terms = list(chain.from_iterable(values.get(path, ()) for path in paths))
        texts = list(map(value, terms))
        if any(isinstance(term, BlankNode) for term in terms):
            return False
        if _NEGATED.search(compiled.pattern) and not all(map(str.isascii, texts)):
            return False
        return not any("\n" in text or not compiled.search(text) for text in texts)

    @cached_property
    def _quads(self) -> list[tuple[object, object, Quad]]:
        """The Core triples of all shapes without targets and texts: (subject, object, triple)."""
        sparql = SH + "sparql"
        constraints = {quad.object for quad in self._shapes if quad.predicate.value == sparql}
        left_out = {sparql, *(SH + name for name in (*TARGETS, *_TEXTS))}
        return [
            (quad.subject, quad.object, quad)
            for quad in self._shapes
            if quad.predicate.value not in left_out and quad.subject not in constraints
        ]

    def _asks(self, shape: Term, values: Container[Term]) -> bool:
        paths = objects(self._shapes, shape, SH + "path")
        return any(path in values for path in paths) or any(
            objects(self._shapes, shape, SH + name) for name in _ASKING_FOR_MORE
        )

    def _expected(self, violation: Violation, store: Store) -> Term | None:
        """Return the value of the violated parameter, such as the class of sh:class, or None.

        Of several properties, such as those of sh:disjoint, return one with the violation's value.
        """
        first, *rest = violation.code.split("-")
        parameter = SH + first + "".join(map(str.capitalize, rest))
        expected = objects(self._shapes, NamedNode(violation.rule or ""), parameter)
        shared = [
            term
            for term in expected
            if isinstance(term, NamedNode)
            and violation.value in objects(store, violation.focus, term.value)
        ]
        return next(iter(shared or expected), None)


def text_of(shapes: Store, subject: Term, name: str) -> str:
    """Return the text of a SHACL property of a shape, in English if there are several, or ""."""
    texts = objects(shapes, subject, SH + name)
    texts.sort(key=lambda text: (getattr(text, "language", None) or "") != "en")
    return "".join(value(text) for text in texts[:1])


def _neighbourhood(store: Store, focus: set[NamedNode]) -> Iterator[Quad]:
    """Yield what Core constraints read: facts about nodes, their values' classes, superclasses."""
    for quad in store.quads_for_pattern(None, SUBCLASS, None, NamedNode(ONTOLOGY)):
        if isinstance(quad.object, NamedNode):
            yield quad
    values: set[NamedNode | BlankNode] = set()
    for node in focus:
        for quad in seen(store, node):
            if isinstance(quad.object, NamedNode | BlankNode):
                values.add(quad.object)
            yield quad
    for one in values - focus:
        yield from _types(store, one)


def _types(store: Store, node: NamedNode | BlankNode) -> Iterator[Quad]:
    return store.quads_for_pattern(node, TYPE, None, NamedNode(STATED))


def _values(facts: Iterable[Statement]) -> dict[Term, set[Term]]:
    """Return the values of each property."""
    values: dict[Term, set[Term]] = {}
    for _, predicate, object_ in facts:
        values.setdefault(predicate, set()).add(object_)
    return values


def _parts(nodes: Iterable[NamedNode]) -> Iterator[set[NamedNode]]:
    waiting = iter(nodes)
    while part := set(islice(waiting, AT_ONCE)):
        yield part
