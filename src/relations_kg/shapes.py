"""The shapes that facts have to fit, each part of them on the engine that is good at it.

pyshacl checks the Core constraints. A SPARQL constraint runs as it is on the graph's own engine,
which does in milliseconds what takes pyshacl seconds; together they find what pyshacl finds alone.
Checks are queries that need the whole ontology in view.
"""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cache, cached_property
from typing import Any, NamedTuple

from pyoxigraph import BlankNode, NamedNode, Quad, RdfFormat, Store

from relations_kg._files import content, folder, paths
from relations_kg.conformance import Result, check
from relations_kg.errors import RelationsError
from relations_kg.namespaces import DATES, ONTOLOGY, RDFS, SH, STATED
from relations_kg.terms import TYPE, Term, objects, value

HIERARCHY = NamedNode("https://w3id.org/relations-kg/graph/hierarchy")

_SUBCLASS = NamedNode(RDFS + "subClassOf")
_SEEN = (NamedNode(STATED), NamedNode(DATES), HIERARCHY)
_ALL = (NamedNode(STATED), NamedNode(DATES), NamedNode(ONTOLOGY))
_TARGETS = {
    "targetClass": "?this a/rdfs:subClassOf* ?target",
    "targetSubjectsOf": "?this ?target ?object",
    "targetObjectsOf": "?subject ?target ?this",
}
_SEVERITIES = {SH + "Warning": "warning", SH + "Info": "info"}
_PLACE = re.compile(r"WHERE\s*\{")
_MESSAGE = "#+ message:"


class Violation(NamedTuple):
    """Say which rule a node breaks and with which value.

    `rule` is the IRI of a shape or a SPARQL constraint, None for a check. `expected` is what a
    Core constraint asks for, such as the class; `bindings` are the variables of a query.
    """

    severity: str
    code: str
    message: str
    focus: Term
    value: Term | None = None
    rule: str | None = None
    path: str | None = None
    expected: Term | None = None
    bindings: Mapping[str, Term] = {}

    @property
    def key(self) -> tuple[object, ...]:
        """What tells it from others: not the value of a node without a name, which changes."""
        named = [None if isinstance(t, BlankNode) else t for t in (self.focus, self.value)]
        return (self.code, self.rule, *named)


class Constraint(NamedTuple):
    """Hold a SPARQL constraint: its name, the SELECT that finds mistakes, and what to say."""

    name: str
    severity: str
    message: str
    select: str

    def run(self, store: Store, nodes: Iterable[NamedNode]) -> Iterator[Violation]:
        """Run the SELECT on what shapes see of a store, for the given nodes only."""
        row = f"WHERE {{ VALUES $this {{ {' '.join(str(node) for node in nodes)} }}"
        select = _PLACE.sub(lambda _: row, self.select, count=1)
        code = kebab(self.name.rpartition("-")[2])
        for bindings in _solutions(store, select, _SEEN):
            yield Violation(
                self.severity,
                code,
                self.message,
                bindings["this"],
                # The default of the standard: without ?value, the node itself is the value.
                bindings.get("value", bindings["this"]),
                self.name,
                bindings=bindings,
            )


class Check(NamedTuple):
    """Hold a check of the whole graph: its name, the SELECT that finds mistakes, what to say."""

    name: str
    message: str
    select: str

    @classmethod
    def parse(cls, name: str, text: str) -> Check:
        """Read a query whose first line is `#+ message: …`."""
        first, _, _ = text.partition("\n")
        if not first.startswith(_MESSAGE):
            raise RelationsError(
                "no message", where=f"{name}.rq", line=1, help=f'start with "{_MESSAGE} …"'
            )
        return cls(name, first.removeprefix(_MESSAGE).strip(), text)

    def run(self, store: Store) -> Iterator[Violation]:
        """Run the SELECT on all of a store."""
        for bindings in _solutions(store, self.select, _ALL):
            this, value = bindings["this"], bindings.get("value")
            yield Violation("error", self.name, self.message, this, value, bindings=bindings)


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
    def node_shapes(self) -> list[NamedNode]:
        """The shapes that have a target, sorted."""
        targeting = {shape for name in _TARGETS for shape, _ in self._pairs(name)}
        return sorted((s for s in targeting if isinstance(s, NamedNode)), key=str)

    def property_shapes(self, shape: Term) -> list[Term]:
        """List the property shapes of a node shape."""
        return objects(self.store, shape, SH + "property")

    def constraints(self, shape: NamedNode) -> list[Constraint]:
        """List the SPARQL constraints of a node shape."""
        return [
            Constraint(
                value(node),
                _SEVERITIES.get(self._text(shape, "severity"), "error"),
                self._text(node, "message"),
                self._prefixes + self._text(node, "select"),
            )
            for node in objects(self.store, shape, SH + "sparql")
        ]

    def examine(
        self, store: Store, focus: set[NamedNode], only: Collection[str] | None = None
    ) -> Examination:
        """Find what is wrong in a store that `with_hierarchy` made.

        Core constraints are checked for the focus, as they look no further than a node and the
        classes of its values; SPARQL constraints and checks for all nodes, or only those named.
        """
        targets = {shape: set(self._targeted(store, shape)) for shape in self.node_shapes}
        met = [shape for shape, nodes in targets.items() if nodes & focus]
        violations = list(self._core(store, focus, met))
        for shape, nodes in targets.items():
            for constraint in self.constraints(shape) if nodes else ():
                if only is None or constraint.name in only:
                    violations += constraint.run(store, nodes)
        for query in self.checks:
            if only is None or query.name in only:
                violations += query.run(store)
        return Examination(
            violations,
            focus.difference(*targets.values()),
            sum(1 + len(self.property_shapes(shape)) for shape in met),
        )

    def _core(
        self, store: Store, focus: set[NamedNode], met: Collection[NamedNode]
    ) -> Iterator[Violation]:
        for result in check(_neighbourhood(store, focus), self._core_shapes(met)):
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

    def _core_shapes(self, met: Collection[NamedNode]) -> Iterator[Quad]:
        """Yield the Core part of the shapes that are met, and those that have no target."""
        unmet: set[Term] = {shape for shape in self.node_shapes if shape not in met}
        unmet.update([term for shape in unmet for term in self.property_shapes(shape)])
        for quad in self.store:
            if quad.subject not in unmet and quad.predicate.value != SH + "sparql":
                yield quad

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

    def _targeted(self, store: Store, shape: NamedNode) -> Iterator[NamedNode]:
        for name, pattern in _TARGETS.items():
            if declared := objects(self.store, shape, SH + name):
                row = " ".join(str(target) for target in declared)
                select = f"SELECT ?this WHERE {{ VALUES ?target {{ {row} }} {pattern} }}"
                text = f"PREFIX rdfs: <{RDFS}> {select}"
                for bindings in _solutions(store, text, _SEEN):
                    if isinstance(bindings["this"], NamedNode):
                        yield bindings["this"]

    def _pairs(self, name: str) -> list[tuple[Term, Term]]:
        quads = self.store.quads_for_pattern(None, NamedNode(SH + name), None)
        return [(quad.subject, quad.object) for quad in quads]  # type: ignore[misc]

    @cached_property
    def _prefixes(self) -> str:
        return "".join(
            f"PREFIX {self._text(node, 'prefix')}: <{self._text(node, 'namespace')}>\n"
            for _, node in self._pairs("declare")
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


def with_hierarchy(quads: Iterable[Quad]) -> Store:
    """Put quads into a store, with the class hierarchy of the ontology in a graph of its own."""
    store = Store()
    store.bulk_extend(quads)
    ontology = NamedNode(ONTOLOGY)
    for quad in list(store.quads_for_pattern(None, _SUBCLASS, None, ontology)):
        if isinstance(quad.object, NamedNode):
            store.add(Quad(quad.subject, quad.predicate, quad.object, HIERARCHY))
    return store


def kebab(name: str) -> str:
    """Write a name in camel case with hyphens.

    >>> kebab("MinCount")
    'min-count'
    """
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", name).lower()


def _neighbourhood(store: Store, focus: set[NamedNode]) -> Iterator[Quad]:
    """Yield all that a Core constraint can ask about some nodes.

    That is what is said of them and what their values are; no property shape has a longer path.
    """
    yield from store.quads_for_pattern(None, None, None, HIERARCHY)
    values: set[NamedNode] = set()
    for node in focus:
        for graph in _SEEN:
            for quad in store.quads_for_pattern(node, None, None, graph):
                if isinstance(quad.object, NamedNode):
                    values.add(quad.object)
                yield quad
    for node in values - focus:
        yield from store.quads_for_pattern(node, TYPE, None, NamedNode(STATED))


def _solutions(store: Store, select: str, graphs: Iterable[NamedNode]) -> Iterator[dict[str, Any]]:
    solutions: Any = store.query(select, default_graph=list(graphs), named_graphs=list(_ALL))
    names = [variable.value for variable in solutions.variables]
    for solution in solutions:
        yield {name: term for name in names if (term := solution[name]) is not None}
