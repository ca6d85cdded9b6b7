"""The shapes and checks that facts are validated against.

A SHACL processor checks the Core constraints. SPARQL constraints run unchanged on the graph's own
engine, which takes milliseconds instead of the processor's seconds; the result is the same. Checks
are queries that need the whole ontology.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Container, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, replace
from functools import cache, cached_property
from itertools import chain, islice
from typing import Any

from pyoxigraph import BlankNode, NamedNode, Quad, RdfFormat, Store

from relations_kg._background import background
from relations_kg.errors import RelationsError
from relations_kg.rdf.namespaces import ONTOLOGY, RDF, RDFS, RKG, SH, STATED, SUBMITTED
from relations_kg.rdf.terms import TYPE, Term, named, objects, statements, value
from relations_kg.validation.classes import Classes
from relations_kg.validation.constraints import Check, Constraint, Touched, seen, solutions
from relations_kg.validation.shacl_core import SEVERITIES, check, in_python
from relations_kg.validation.violations import Violation

SUBCLASS = NamedNode(RDFS + "subClassOf")

_EXPECTED = f"""PREFIX rdf: <{RDF}> PREFIX sh: <{SH}> SELECT ?kind WHERE {{{{
    [] sh:path <{{path}}> ; sh:{{kind}}|sh:or/rdf:rest*/rdf:first/sh:{{kind}} ?kind }}}}"""
_INSTANCES = f"SELECT DISTINCT ?node {{{{ ?node a/<{RDFS}subClassOf>* {{kind}} }}}}"
_TARGETS = ("targetClass", "targetSubjectsOf", "targetObjectsOf")
_PATTERN = NamedNode(SH + "pattern")
_NODE = NamedNode(SH + "targetNode")
_AT_ONCE = 2_500  # the number of nodes in a batch for Core constraints
_ASKING_FOR_MORE = ("minCount", "qualifiedMinCount")


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

    `unmet` are the nodes that no shape targets, and `shapes` counts the shapes with targets.
    `core` returns the violations of Core constraints, which may still be in computation: do not
    change the store before you have read `violations`.
    """

    core: Callable[[], list[Violation]]
    others: list[Violation]
    unmet: set[NamedNode]
    shapes: int

    @property
    def violations(self) -> list[Violation]:
        """The violations of Core constraints, then all others."""
        return [*self.core(), *self.others]

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
        """The shapes that have a target, sorted by name."""
        nodes = named(
            quad.subject
            for kind in _TARGETS
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
            # A test checks those of the package, which would delay each start.
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
    ) -> Examination:
        """Find the violations of nodes in a store, and of nodes that new facts about them affect.

        `touched` are the subjects of new facts by property. SPARQL constraints are checked for the
        nodes that these affect or, if `touched` is None, for the focus and all `known` nodes. Core
        constraints are checked for the focus, since they read only the facts of a node and the
        classes of its values. Checks run on the graph `facts`; `only` names the rules to check.
        """
        classes = Classes(store)
        shapes_of = cache(lambda node: self._about(store, node, classes))
        everything = focus | known
        targeted: dict[NamedNode, list[NamedNode]] = {}
        for node in everything if touched is None else ():
            for name in shapes_of(node):
                targeted.setdefault(name, []).append(node)
        shapes = {shape for node in focus for shape in shapes_of(node)}
        asked = [shape for shape in self.node_shapes if shape.node in shapes]
        # A compiled engine releases the GIL, so the SPARQL constraints can run meanwhile.
        later = background if len(focus) > _AT_ONCE else cache
        core = later(lambda: list(self._core(store, focus, asked, shapes_of)))
        violations: list[Violation] = []
        for shape in self.node_shapes:
            for constraint in shape.constraints:
                if only is not None and constraint.name not in only:
                    continue
                targets = targeted.get(shape.node, [])
                if touched is not None:
                    nodes = shape.reached(store, constraint, touched)
                    targets = [node for node in nodes if shape.node in shapes_of(node)]
                violations += constraint.run(store, targets)
        for query in self.checks:
            if only is None or query.name in only:
                violations += query.run(store, facts)
        return Examination(
            core,
            violations,
            {node for node in focus if not shapes_of(node)},
            sum(1 + len(shape.properties) for shape in asked),
        )

    def expected_classes(self, path: str) -> set[Term]:
        """Return the classes that shapes accept for the values of a property."""
        return self._expected_of(path, "class")

    def expected_datatypes(self, path: str) -> set[Term]:
        """Return the datatypes that shapes accept for the values of a property."""
        return self._expected_of(path, "datatype")

    def _expected_of(self, path: str, kind: str) -> set[Term]:
        if (path, kind) not in self._expected_kinds:
            found: Any = self.store.query(
                _EXPECTED.format(path=path, kind=kind), use_default_graph_as_union=True
            )
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

    def _about(self, store: Store, node: NamedNode, classes: Classes) -> set[NamedNode]:
        """Return the shapes that target a node."""
        targets: set[tuple[str, Term]] = {("targetClass", kind) for kind in classes.of(node)}
        targets |= {("targetSubjectsOf", quad.predicate) for quad in seen(store, node)}
        targets |= {
            (kind, predicate)
            for kind, predicate in self._targeting
            if kind == "targetObjectsOf" and any(seen(store, None, predicate, node))
        }
        return {shape for target in targets for shape in self._targeting.get(target, ())}

    def _core(
        self,
        store: Store,
        focus: set[NamedNode],
        shapes: Iterable[Shape],
        shapes_of: Callable[[NamedNode], set[NamedNode]],
    ) -> Iterator[Violation]:
        nodes, shapes = iter(focus), list(shapes)
        # Engines copy the facts, so batches save memory.
        while part := set(islice(nodes, _AT_ONCE)):
            facts = list(_neighbourhood(store, part))
            values: dict[Term, set[Term]] = {}
            for quad in facts:
                if quad.subject in part:
                    values.setdefault(quad.predicate, set()).add(quad.object)  # type: ignore[arg-type]
            # Shapes target nodes instead of classes, since the facts include incomplete
            # descriptions of values.
            targets = (Quad(shape, _NODE, node) for node in part for shape in shapes_of(node))
            for violation in check(facts, chain(self._core_shapes(shapes, values), targets)):
                yield replace(
                    violation,
                    message=self._text(NamedNode(violation.rule or ""), "message"),
                    expected=self._expected(violation, store),
                )

    def _core_shapes(
        self, shapes: Iterable[Shape], values: Mapping[Term, set[Term]]
    ) -> Iterator[Quad]:
        """Yield the Core part of shapes, without constraints that are certainly satisfied.

        Such constraints are property shapes for absent properties, and patterns that all values
        match.
        """
        asked = {shape.node for shape in shapes}
        left_out: set[Term] = {each.node for each in self.node_shapes if each.node not in asked}
        for shape in self.node_shapes:
            unasked = shape.node in left_out
            left_out.update(p for p in shape.properties if unasked or not self._asks(p, values))
        for subject, object_, quad in self._core_quads:
            if not (subject in left_out or object_ in left_out) and not (
                quad.predicate == _PATTERN and self._matches(quad, values)
            ):
                yield quad

    def _matches(self, pattern: Quad, values: Mapping[Term, set[Term]]) -> bool:
        """Return whether all values of a property match the pattern of a property shape.

        The result is computed here, since an engine may compile a pattern again for each value. For
        a line of ASCII and a pattern without flags, Python and the engines give the same result.
        """
        shape, _, expression = next(statements([pattern]))
        paths = named(objects(self.store, shape, SH + "path"))
        compiled = in_python(value(expression))
        if not paths or not compiled or objects(self.store, shape, SH + "flags"):
            return False
        terms = chain.from_iterable(values.get(path, ()) for path in paths)
        return not any(
            isinstance(term, BlankNode) or "\n" in value(term) or not compiled.search(value(term))
            for term in terms
        )

    @cached_property
    def _core_quads(self) -> list[tuple[object, object, Quad]]:
        """The SHACL Core triples of all shapes, as (subject, object, triple)."""
        left_out = {SH + name for name in ("sparql", *_TARGETS)}
        return [(q.subject, q.object, q) for q in self.store if q.predicate.value not in left_out]

    def _asks(self, shape: Term, values: Container[Term]) -> bool:
        paths = objects(self.store, shape, SH + "path")
        return any(path in values for path in paths) or any(
            objects(self.store, shape, SH + name) for name in _ASKING_FOR_MORE
        )

    def _expected(self, violation: Violation, store: Store) -> Term | None:
        """Return the violated parameter of a constraint."""
        first, *rest = violation.code.split("-")
        parameter = SH + first + "".join(map(str.capitalize, rest))
        expected = objects(self.store, NamedNode(violation.rule or ""), parameter)
        shared = [
            term
            for term in expected
            if isinstance(term, NamedNode)
            and violation.value in objects(store, violation.focus, term.value)
        ]
        return next(iter(shared or expected), None)

    def _shape(self, node: NamedNode) -> Shape:
        severity = SEVERITIES.get(self._text(node, "severity"), "error")
        constraints = [
            Constraint(
                value(name),
                severity,
                self._text(name, "message"),
                self._prefixes + self._text(name, "select"),
            )
            for name in objects(self.store, node, SH + "sparql")
        ]
        targets = {kind: objects(self.store, node, SH + kind) for kind in _TARGETS}
        return Shape(node, targets, objects(self.store, node, SH + "property"), constraints)

    @cached_property
    def _prefixes(self) -> str:
        return "".join(
            f"PREFIX {self._text(node, 'prefix')}: <{self._text(node, 'namespace')}>\n"
            for _, _, node in statements(
                self.store.quads_for_pattern(None, NamedNode(SH + "declare"), None)
            )
        )

    def _text(self, subject: Term, name: str) -> str:
        texts = objects(self.store, subject, SH + name)
        texts.sort(key=lambda text: (getattr(text, "language", None) or "") != "en")
        return "".join(value(text) for text in texts[:1])


def _neighbourhood(store: Store, focus: set[NamedNode]) -> Iterator[Quad]:
    """Yield the facts that Core constraints read: facts about nodes, and their values' classes."""
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
        yield from store.quads_for_pattern(one, TYPE, None, NamedNode(STATED))
