"""The shapes that facts have to fit, each part of them on the engine that is good at it.

A SHACL processor checks the Core constraints. A SPARQL constraint runs as it is on the graph's own
engine, which does in milliseconds what takes the processor seconds; together they find what it
finds alone. Checks are queries that need the whole ontology in view.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator
from functools import cache, cached_property
from typing import NamedTuple

from pyoxigraph import BlankNode, NamedNode, Quad, RdfFormat, Store

from relations_kg._files import content, folder, paths
from relations_kg.rdf.namespaces import ONTOLOGY, RDFS, SH, STATED, SUBMITTED
from relations_kg.rdf.terms import TYPE, Term, objects, value
from relations_kg.validation.constraints import SEEN, Check, Constraint, Touched
from relations_kg.validation.shacl_core import Result, check
from relations_kg.validation.violations import Violation, kebab

SUBCLASS = NamedNode(RDFS + "subClassOf")

_SEVERITIES = {SH + "Warning": "warning", SH + "Info": "info"}
_ASKING_FOR_MORE = ("minCount", "qualifiedMinCount")


class Shape(NamedTuple):
    """Hold a node shape: what it is about, its property shapes and its SPARQL constraints."""

    node: NamedNode
    classes: set[Term]
    subjects_of: list[Term]
    objects_of: list[Term]
    properties: list[Term]
    constraints: list[Constraint]

    def joined(self, touched: Touched) -> set[NamedNode]:
        """Return the nodes that new facts may have made it be about."""
        names = [TYPE.value] if self.classes else []
        names += map(value, self.subjects_of)
        return {node for name in names for node in touched.get(name, ())}

    def is_about(self, store: Store, node: NamedNode, classes: set[Term]) -> bool:
        """Tell whether a node with these classes is one of those that it is about."""
        return (
            not self.classes.isdisjoint(classes)
            or any(_said(store, node, predicate, None) for predicate in self.subjects_of)
            or any(_said(store, None, predicate, node) for predicate in self.objects_of)
        )


class Examination(NamedTuple):
    """Hold what came of holding nodes against shapes.

    `unmet` are the nodes that no shape has anything to say of, `shapes` counts the shapes that
    the others met.
    """

    violations: list[Violation]
    unmet: set[NamedNode]
    shapes: int


class Shapes:
    """Hold the shapes, and hold facts against them."""

    def __init__(self, turtle: bytes, checks: Iterable[Check] = ()) -> None:
        self.store = Store()
        self.store.load(turtle, RdfFormat.TURTLE, to_graph=NamedNode(STATED))
        self.checks = tuple(checks)

    @cached_property
    def node_shapes(self) -> list[Shape]:
        """The shapes that have a target, sorted by name."""
        targets = {
            name: self.store.quads_for_pattern(None, NamedNode(SH + name), None)
            for name in ("targetClass", "targetSubjectsOf", "targetObjectsOf")
        }
        nodes = {quad.subject for quads in targets.values() for quad in quads}
        named = sorted((node for node in nodes if isinstance(node, NamedNode)), key=value)
        return [self._shape(node) for node in named]

    def examine(
        self,
        store: Store,
        focus: set[NamedNode],
        touched: Touched | None = None,
        *,
        facts: str = SUBMITTED,
        only: Collection[str] | None = None,
    ) -> Examination:
        """Find what is wrong with nodes of a store, and with what new facts about them touch.

        `touched` are the nodes that new facts are about, by property: a rule in SPARQL is asked
        of what these can make it find, or without it of the focus. Core constraints are asked of
        the focus, as they look no further than a node and the classes of its values. `facts` is
        the graph that the checks go through; `only` names the rules that are asked at all.
        """
        classes = Classes(store)
        met = {node: self._about(store, node, classes) for node in focus}
        shapes = {shape.node: shape for about in met.values() for shape in about}
        violations = list(self._core(store, focus, shapes.values()))
        for shape in self.node_shapes:
            for constraint in shape.constraints:
                if only is not None and constraint.name not in only:
                    continue
                reached = focus
                if touched is not None:
                    reached = constraint.reached(store, touched) | shape.joined(touched)
                nodes = [n for n in reached if shape.is_about(store, n, classes.of(n))]
                if nodes:
                    violations += constraint.run(store, nodes)
        for query in self.checks:
            if only is None or query.name in only:
                violations += query.run(store, facts)
        return Examination(
            violations,
            {node for node, about in met.items() if not about},
            sum(1 + len(shape.properties) for shape in shapes.values()),
        )

    def expected_classes(self, path: str) -> set[Term]:
        """Return the classes that some shape accepts the values of a property from."""
        accepted: set[Term] = set()
        for quad in self.store.quads_for_pattern(None, NamedNode(SH + "path"), NamedNode(path)):
            for asked in (SH + "class", SH + "or"):
                for term in objects(self.store, _subject(quad), asked):
                    accepted.update(self._classes_in(term) if asked == SH + "or" else [term])
        return accepted

    def _classes_in(self, head: Term) -> Iterator[Term]:
        rdf = TYPE.value.removesuffix("type")
        for first in objects(self.store, head, rdf + "first"):
            yield from objects(self.store, first, SH + "class")
        for rest in objects(self.store, head, rdf + "rest"):
            yield from self._classes_in(rest)

    def _about(self, store: Store, node: NamedNode, classes: Classes) -> list[Shape]:
        return [s for s in self.node_shapes if s.is_about(store, node, classes.of(node))]

    def _core(
        self, store: Store, focus: set[NamedNode], shapes: Iterable[Shape]
    ) -> Iterator[Violation]:
        facts = list(_neighbourhood(store, focus))
        said = {quad.predicate for quad in facts if quad.subject in focus}
        for result in check(facts, self._core_shapes(shapes, said)):
            if result.focus in focus:
                yield Violation(
                    _SEVERITIES.get(result.severity, "error"),
                    kebab(result.constraint),
                    self._text(result.shape, "message"),
                    result.focus,
                    result.value,
                    value(result.shape),
                    result.path,
                    self._expected(result, store),
                )

    def _core_shapes(self, shapes: Iterable[Shape], said: set[NamedNode]) -> Iterator[Quad]:
        """Yield the Core part of shapes, without what can find nothing where a property is not."""
        asked = {shape.node: shape for shape in shapes}
        left_out: set[Term] = set()
        for shape in self.node_shapes:
            if shape.node not in asked:
                left_out.add(shape.node)
                left_out.update(shape.properties)
            else:
                left_out.update(p for p in shape.properties if not self._asks(p, said))
        for quad in self.store:
            if (
                quad.subject not in left_out
                and quad.object not in left_out
                and quad.predicate.value != SH + "sparql"
            ):
                yield quad

    def _asks(self, shape: Term, said: set[NamedNode]) -> bool:
        paths = objects(self.store, shape, SH + "path")
        return not said.isdisjoint(paths) or any(
            objects(self.store, shape, SH + name) for name in _ASKING_FOR_MORE
        )

    def _expected(self, result: Result, store: Store) -> Term | None:
        """Return what a constraint asks for; of several, the property that has the value too."""
        parameter = SH + result.constraint[0].lower() + result.constraint[1:]
        expected = objects(self.store, result.shape, parameter)
        shared = [
            term
            for term in expected
            if isinstance(term, NamedNode)
            and result.value in objects(store, result.focus, term.value)
        ]
        return next(iter(shared or expected), None)

    def _shape(self, node: NamedNode) -> Shape:
        severity = _SEVERITIES.get(self._text(node, "severity"), "error")
        return Shape(
            node,
            set(objects(self.store, node, SH + "targetClass")),
            objects(self.store, node, SH + "targetSubjectsOf"),
            objects(self.store, node, SH + "targetObjectsOf"),
            objects(self.store, node, SH + "property"),
            [
                Constraint(
                    value(name),
                    severity,
                    self._text(name, "message"),
                    self._prefixes + self._text(name, "select"),
                )
                for name in objects(self.store, node, SH + "sparql")
            ],
        )

    @cached_property
    def _prefixes(self) -> str:
        declared = self.store.quads_for_pattern(None, NamedNode(SH + "declare"), None)
        nodes = objects(self.store, next(declared).subject, SH + "declare")  # type: ignore[arg-type]
        return "".join(
            f"PREFIX {self._text(node, 'prefix')}: <{self._text(node, 'namespace')}>\n"
            for node in nodes
        )

    def _text(self, subject: Term, name: str) -> str:
        return "".join(value(term) for term in objects(self.store, subject, SH + name))


@cache
def bundled() -> Shapes:
    """Return the shapes and checks that come with the package, read once."""
    place = folder("ontology")
    checks = [
        Check.parse(os.path.basename(path).removesuffix(".rq"), content(path).decode())
        for path in paths(place, ".rq")
    ]
    return Shapes(content(place, "shapes.ttl"), checks)


class Classes:
    """Look up the classes of nodes that rules see, those above them included."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._above: dict[Term, set[Term]] = {}
        self._of: dict[NamedNode, set[Term]] = {}

    def of(self, node: NamedNode) -> set[Term]:
        """Return all classes of a node."""
        if node not in self._of:
            kinds = _said(self._store, node, TYPE, None)
            self._of[node] = {above for quad in kinds for above in self.above(quad.object)}  # type: ignore[arg-type]
        return self._of[node]

    def above(self, kind: Term) -> set[Term]:
        """Return a class and all those it is a subclass of."""
        if kind not in self._above:
            found, queue = {kind}, [kind]
            while queue:
                for term in objects(self._store, queue.pop(), SUBCLASS.value):
                    if isinstance(term, NamedNode) and term not in found:
                        found.add(term)
                        queue.append(term)
            self._above[kind] = found
        return self._above[kind]


def _neighbourhood(store: Store, focus: set[NamedNode]) -> Iterator[Quad]:
    """Yield all that a Core constraint can ask about some nodes.

    That is what is said of them and what their values are; no property shape has a longer path.
    """
    for quad in store.quads_for_pattern(None, SUBCLASS, None, NamedNode(ONTOLOGY)):
        if isinstance(quad.object, NamedNode):
            yield quad
    values: set[NamedNode | BlankNode] = set()
    for node in focus:
        for graph in SEEN:
            for quad in store.quads_for_pattern(node, None, None, graph):
                if isinstance(quad.object, NamedNode | BlankNode):
                    values.add(quad.object)
                yield quad
    for one in values - focus:
        yield from store.quads_for_pattern(one, TYPE, None, NamedNode(STATED))


def _said(
    store: Store, subject: NamedNode | None, predicate: Term, object_: NamedNode | None
) -> list[Quad]:
    return [
        quad
        for graph in SEEN
        for quad in store.quads_for_pattern(subject, predicate, object_, graph)  # type: ignore[arg-type]
    ]


def _subject(quad: Quad) -> Term:
    return quad.subject  # type: ignore[return-value]
