"""The shapes and checks that facts are validated against.

A SHACL processor checks the Core constraints. SPARQL constraints run on the graph's own engine,
which takes milliseconds instead of the processor's seconds; the result is the same. Checks are
queries that need the whole ontology.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Set
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

from pyoxigraph import NamedNode, Quad, RdfFormat, Store

from relations_kg._background import background
from relations_kg.errors import RelationsError
from relations_kg.rdf import terms
from relations_kg.rdf.namespaces import RDF, RDFS, RKG, SH, STATED, SUBMITTED
from relations_kg.rdf.terms import TYPE, Term, named, objects, statements, value
from relations_kg.validation.classes import Classes
from relations_kg.validation.constraints import Check, Constraint, Touched, seen, solutions
from relations_kg.validation.core import AT_ONCE, TARGETS, Core, ShapesOf, text_of
from relations_kg.validation.shacl_core import SEVERITIES
from relations_kg.validation.violations import Violation

_EXPECTED = f"""PREFIX rdf: <{RDF}> PREFIX sh: <{SH}> SELECT ?kind WHERE {{{{
    [] sh:path <{{path}}> ; sh:{{kind}}|sh:or/rdf:rest*/rdf:first/sh:{{kind}} ?kind }}}}"""
_INSTANCES = f"SELECT DISTINCT ?node {{{{ ?node a/<{RDFS}subClassOf>* {{kind}} }}}}"


@dataclass(frozen=True)
class Shape:
    """A node shape: its targets by kind, its property shapes and its SPARQL constraints."""

    node: NamedNode
    targets: dict[str, list[Term]]
    properties: list[Term]
    constraints: list[Constraint]

    def joined(self, touched: Touched) -> set[NamedNode]:
        """Return the nodes that new facts may have made targets of this shape."""
        names = [TYPE.value] if self.targets["targetClass"] else []
        names += map(value, self.targets["targetSubjectsOf"])
        return {node for name in names for node in touched.get(name, ())}

    def reached(
        self, store: Store, constraint: Constraint, touched: Touched
    ) -> Iterable[NamedNode]:
        """Return the nodes that may violate a constraint because of new facts.

        Constraints of a vocabulary may have any form, so they are checked for all targets.
        """
        if self.node.value.startswith(RKG):
            return constraint.reached(store, touched) | self.joined(touched)
        found: list[Any] = []
        for kind in self.targets["targetClass"]:
            found += (row["node"] for row in solutions(store, _INSTANCES.format(kind=kind)))
        for name in self.targets["targetSubjectsOf"]:
            found += (quad.subject for quad in seen(store, None, name))
        for name in self.targets["targetObjectsOf"]:
            found += (quad.object for quad in seen(store, None, name))
        return named(found)


@dataclass(frozen=True)
class Examination:
    """The result of checking nodes against shapes.

    `unmet` are the nodes that no shape targets. `shapes` counts the other nodes' shapes and their
    property shapes.
    `core` and `others` return the violations of Core constraints and of all other rules, which may
    still be in computation: do not change the store before you have read `violations`.
    """

    core: Callable[[], list[Violation]]
    others: Callable[[], list[Violation]]
    unmet: set[NamedNode]
    shapes: int

    @property
    def violations(self) -> list[Violation]:
        """The violations of Core constraints, then all others."""
        return [*self.core(), *self.others()]

    @property
    def unchecked(self) -> tuple[str, ...]:
        """The IRIs of the nodes that no shape targets, sorted."""
        return tuple(sorted(node.value for node in self.unmet))


class Shapes:
    """A graph of SHACL shapes with further checks."""

    def __init__(
        self, turtle: bytes, checks: Iterable[Check] = (), further: Iterable[Quad] = ()
    ) -> None:
        self.store = Store()
        self.store.load(turtle, RdfFormat.TURTLE, to_graph=NamedNode(STATED))
        self.store.extend(
            Quad(quad.subject, quad.predicate, quad.object, NamedNode(STATED)) for quad in further
        )
        self.checks = tuple(checks)
        self._expected_kinds: dict[tuple[str, str], set[Term]] = {}

    @cached_property
    def node_shapes(self) -> list[Shape]:
        """The shapes that have a target, sorted by IRI.

        Raises RelationsError for a SPARQL constraint elsewhere, and for one that cannot be read.
        """
        nodes = named(
            quad.subject
            for kind in TARGETS
            for quad in self.store.quads_for_pattern(None, NamedNode(SH + kind), None)
        )
        shapes = [self._shape(node) for node in sorted(nodes, key=value)]
        read = {shape.node for shape in shapes}
        for quad in self.store.quads_for_pattern(None, NamedNode(SH + "sparql"), None):
            if quad.subject not in read:
                raise RelationsError(
                    "sh:sparql is read only on a node shape with a target",
                    where=value(quad.subject),
                    help="move the constraint to the node shape that contains this shape",
                )
        for shape in shapes:
            # A test checks the package's own constraints; checking them here delays each start.
            for constraint in () if shape.node.value.startswith(RKG) else shape.constraints:
                constraint.check()
        return shapes

    def examine(
        self,
        store: Store,
        focus: set[NamedNode],
        touched: Touched | None = None,
        *,
        known: Set[NamedNode] = frozenset(),
        facts: str = SUBMITTED,
        only: Collection[str] | None = None,
        infer: Callable[[], object] = lambda: None,
    ) -> Examination:
        """Find the violations of nodes in a store, and of nodes that new facts about them affect.

        `touched` are the subjects of new facts by property. SPARQL constraints are checked for the
        nodes that these affect or, if `touched` is None, for the focus and all `known` nodes. Core
        constraints are checked for the focus, since they read only the facts of a node and the
        classes of its values. Checks run on the graph `facts`; `only` names the rules to check.
        `infer` adds the dates to the store; checks may run before, since they do not read dates.
        """
        # The engine releases the GIL, so Python can work meanwhile.
        later = background if len(focus) > AT_ONCE else cache
        checks = later(lambda: list(self._checked(store, facts, only)))
        infer()
        shapes_of = self._shapes_of(store)
        everything = focus | known
        targeted: dict[NamedNode, list[NamedNode]] = {}
        for node in everything if touched is None else ():
            for name in shapes_of(node):
                targeted.setdefault(name, []).append(node)
        shapes = {shape for node in focus for shape in shapes_of(node)}

        def targets(shape: Shape, constraint: Constraint) -> Collection[NamedNode]:
            if touched is None:
                return targeted.get(shape.node, [])
            nodes = shape.reached(store, constraint, touched)
            return [node for node in nodes if shape.node in shapes_of(node)]

        constraints = later(lambda: list(self._constraints(store, targets, only)))
        return Examination(
            cache(lambda: list(self._core.violations(store, focus, shapes, shapes_of))),
            lambda: [*constraints(), *checks()],
            {node for node in focus if not shapes_of(node)},
            sum(1 + len(each.properties) for each in self.node_shapes if each.node in shapes),
        )

    def _constraints(
        self,
        store: Store,
        targets: Callable[[Shape, Constraint], Collection[NamedNode]],
        only: Collection[str] | None,
    ) -> Iterator[Violation]:
        """Yield the violations of SPARQL constraints by their targets."""
        for shape in self.node_shapes:
            for constraint in shape.constraints:
                if only is None or constraint.name in only:
                    yield from constraint.run(store, targets(shape, constraint))

    def _checked(
        self, store: Store, facts: str, only: Collection[str] | None
    ) -> Iterator[Violation]:
        """Yield the violations of checks."""
        for query in self.checks:
            if only is None or query.name in only:
                yield from query.run(store, facts)

    @cached_property
    def _core(self) -> Core:
        """The Core constraints of the shapes."""
        return Core(self.store, {shape.node: shape.properties for shape in self.node_shapes})

    def expected_classes(self, path: str) -> set[Term]:
        """Return the classes that shapes accept for the values of a property."""
        return self._expected_of(path, "class")

    def expected_datatypes(self, path: str) -> set[Term]:
        """Return the datatypes that shapes accept for the values of a property."""
        return self._expected_of(path, "datatype")

    def _expected_of(self, path: str, kind: str) -> set[Term]:
        if (path, kind) not in self._expected_kinds:
            select = _EXPECTED.format(path=path, kind=kind)
            found = terms.solutions(self.store, select, use_default_graph_as_union=True)
            self._expected_kinds[path, kind] = {solution["kind"] for solution in found}
        return self._expected_kinds[path, kind]

    @cached_property
    def _targeting(self) -> dict[tuple[str, Term], list[NamedNode]]:
        """The shapes by each of their targets."""
        found: dict[tuple[str, Term], list[NamedNode]] = {}
        for shape in self.node_shapes:
            for kind, targets in shape.targets.items():
                for target in targets:
                    found.setdefault((kind, target), []).append(shape.node)
        return found

    def _shapes_of(self, store: Store) -> ShapesOf:
        """Return a function that returns the shapes that target a node of a store."""
        classes = Classes(store)
        objects_of = [name for kind, name in self._targeting if kind == "targetObjectsOf"]

        @cache  # Many nodes have the same classes and properties.
        def shapes(
            kinds: Set[Term], properties: Set[Term], objects_of: Iterable[Term]
        ) -> frozenset[NamedNode]:
            targets = [
                *(("targetClass", above) for kind in kinds for above in classes.above(kind)),
                *(("targetSubjectsOf", name) for name in properties),
                *(("targetObjectsOf", name) for name in objects_of),
            ]
            return frozenset(each for key in targets for each in self._targeting.get(key, ()))

        @cache
        def shapes_of(node: NamedNode) -> frozenset[NamedNode]:
            facts = list(statements(seen(store, node)))
            return shapes(
                frozenset(kind for _, name, kind in facts if name == TYPE),
                frozenset(name for _, name, _ in facts),
                tuple(name for name in objects_of if any(seen(store, None, name, node))),
            )

        return shapes_of

    def _shape(self, node: NamedNode) -> Shape:
        severity = SEVERITIES.get(text_of(self.store, node, "severity"), "error")
        constraints = [
            Constraint(
                value(name),
                severity,
                text_of(self.store, name, "message"),
                self._prefixes + text_of(self.store, name, "select"),
            )
            for name in objects(self.store, node, SH + "sparql")
        ]
        targets = {kind: objects(self.store, node, SH + kind) for kind in TARGETS}
        return Shape(node, targets, objects(self.store, node, SH + "property"), constraints)

    @cached_property
    def _prefixes(self) -> str:
        parts = [
            [text_of(self.store, node, name) for name in ("prefix", "namespace")]
            for _, _, node in statements(
                self.store.quads_for_pattern(None, NamedNode(SH + "declare"), None)
            )
        ]
        return "".join(f"PREFIX {prefix}: <{namespace}>\n" for prefix, namespace in parts)
