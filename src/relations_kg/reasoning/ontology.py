"""The axioms of an ontology, and the conditions and consequences of its class expressions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import count

from pyoxigraph import NamedNode, Store

from relations_kg.errors import RelationsError
from relations_kg.rdf.namespaces import ONTOLOGY, OWL, RDF, RDFS, shorten
from relations_kg.rdf.terms import TYPE, Term, named, objects, pairs, value

# A pattern of a triple; a `str` is a variable.
Pattern = tuple[Term | str, NamedNode, Term | str]

_OF_AXIOMS = (OWL, RDF, RDFS)
_PREDICATES = f"SELECT DISTINCT ?predicate {{ GRAPH <{ONTOLOGY}> {{ ?x ?predicate ?y }} }}"
_THING, _NOTHING = NamedNode(OWL + "Thing"), NamedNode(OWL + "Nothing")


class Ontology:
    """The axioms of one ontology graph, which are read when they are needed."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._pairs: dict[str, list[tuple[Term, Term]]] = {}
        self._first: dict[str, dict[Term, Term]] = {}
        self._fresh = count()

    def __contains__(self, iri: object) -> bool:
        """Return whether an IRI is that of a class, a property, a code or another term."""
        return bool(objects(self._store, NamedNode(str(iri)), RDF + "type", ONTOLOGY))

    @cached_property
    def datatype_properties(self) -> set[Term]:
        """The properties with literals as values."""
        return set(self.instances("DatatypeProperty"))

    def predicates(self) -> list[str]:
        """Return the predicates of the axioms: those of OWL, RDF and RDFS, without rdfs:label.

        Labels, annotations and SKOS are three quarters of the ontology's triples.
        """
        used = [name.value for (name,) in self._store.query(_PREDICATES)]  # type: ignore[union-attr]
        return [name for name in used if name.startswith(_OF_AXIOMS) and name != RDFS + "label"]

    def pairs(self, predicate: str) -> list[tuple[Term, Term]]:
        """Return the subjects and objects of a predicate."""
        if predicate not in self._pairs:
            self._pairs[predicate] = pairs(self._store, predicate, ONTOLOGY)
        return self._pairs[predicate]

    def instances(self, kind: str) -> list[Term]:
        """Return the instances of an OWL class, such as SymmetricProperty."""
        find, graph = self._store.quads_for_pattern, NamedNode(ONTOLOGY)
        return [quad.subject for quad in find(None, TYPE, NamedNode(OWL + kind), graph)]  # type: ignore[misc]

    def restrictions(self, kind: str) -> Iterator[tuple[Term, Term]]:
        """Yield the restrictions of a kind, such as owl:maxCardinality, as (class, restriction)."""
        for sub, sup in self.pairs(RDFS + "subClassOf"):
            if self.value(sup, kind) is not None:
                yield sub, sup

    def value(self, subject: Term, predicate: str) -> Term | None:
        """Return an object of a subject and a predicate, or None."""
        first = self._first.get(predicate)
        if first is None:
            # Of several objects, the first is kept.
            first = self._first[predicate] = dict(reversed(self.pairs(predicate)))
        return first.get(subject)

    def members(self, head: Term) -> list[Term]:
        """Return the members of an RDF collection; raise RelationsError if it is malformed."""
        items: list[Term] = []
        node: Term | None = head
        seen: set[Term] = set()
        while node is not None and node != NamedNode(RDF + "nil"):
            if node in seen:
                message = "a list in the ontology is cyclic"
                raise RelationsError(message, where="ontology", help="end it with rdf:nil")
            seen.add(node)
            item = self.value(node, RDF + "first")
            if item is None:
                message = "a list in the ontology has no rdf:first"
                raise RelationsError(message, where="ontology", help="give each node one")
            items.append(item)
            node = self.value(node, RDF + "rest")
        if not items:
            message = "a list in the ontology has no members"
            raise RelationsError(message, where="ontology", help="give it members, or remove it")
        return items

    def variable(self) -> str:
        """Return the name of a fresh variable."""
        return f"v{next(self._fresh)}"

    def words(self, expression: Term) -> str:
        """Return a class expression in the notation of description logics.

        >>> import relations_kg as rk
        >>> Ontology(rk.load().store).words(NamedNode(OWL + "Thing"))
        'owl:Thing'
        """
        if head := self.value(expression, OWL + "intersectionOf"):
            return " ⊓ ".join(map(self.words, self.members(head)))
        if head := self.value(expression, OWL + "unionOf"):
            return " ⊔ ".join(map(self.words, self.members(head)))
        for kind, sign in (("someValuesFrom", "∃"), ("allValuesFrom", "∀"), ("hasValue", "∃")):
            if filler := self.value(expression, OWL + kind):
                what = self.words(filler)
                what = f"{{{what}}}" if kind == "hasValue" else what
                return f"{sign}{shorten(value(self._property(expression)))}.{what}"
        return shorten(value(expression)) if isinstance(expression, NamedNode) else "an expression"

    def conditions(self, expression: Term, subject: str) -> Iterator[list[Pattern]]:
        """Yield each rule body that makes the variable `subject` an instance of a class.

        Raises RelationsError for a class expression that the reasoner does not cover.
        """
        if isinstance(expression, NamedNode) and expression != _THING:
            yield [(subject, TYPE, expression)]
        elif head := self.value(expression, OWL + "intersectionOf"):
            bodies: list[list[Pattern]] = [[]]
            for member in self.members(head):
                bodies = [b + more for b in bodies for more in self.conditions(member, subject)]
            yield from bodies
        elif head := self.value(expression, OWL + "unionOf"):
            for member in self.members(head):
                yield from self.conditions(member, subject)
        elif filler := self.value(expression, OWL + "someValuesFrom"):
            value = self.variable()
            link: Pattern = (subject, self._property(expression), value)
            if filler == _THING:
                yield [link]
            else:
                for body in self.conditions(filler, value):
                    yield [link, *body]
        elif constant := self.value(expression, OWL + "hasValue"):
            yield [(subject, self._property(expression), constant)]
        else:
            raise _not_covered(
                self.words(expression),
                "as a subclass",
                "an intersection, a union, someValuesFrom or hasValue",
            )

    def consequences(
        self, expression: Term, subject: str
    ) -> Iterator[tuple[list[Pattern], Pattern]]:
        """Yield what follows for an instance of a class: further patterns of a body, and a head.

        Raises RelationsError for a class expression that the reasoner does not cover.
        """
        if isinstance(expression, NamedNode) and expression != _NOTHING:
            if expression != _THING:
                yield [], (subject, TYPE, expression)
        elif head := self.value(expression, OWL + "intersectionOf"):
            for member in self.members(head):
                yield from self.consequences(member, subject)
        elif constant := self.value(expression, OWL + "hasValue"):
            yield [], (subject, self._property(expression), constant)
        elif filler := self.value(expression, OWL + "allValuesFrom"):
            value = self.variable()
            link: Pattern = (subject, self._property(expression), value)
            for body, consequence in self.consequences(filler, value):
                yield [link, *body], consequence
        elif self.value(expression, OWL + "maxCardinality") is None:  # a maximum entails no fact
            raise _not_covered(
                self.words(expression),
                "as a superclass",
                "an intersection, hasValue or allValuesFrom",
            )

    def _property(self, expression: Term) -> NamedNode:
        name = self.value(expression, OWL + "onProperty")
        if not isinstance(name, NamedNode):
            raise _not_covered("a restriction", "of a property that has no IRI", "a named property")
        return name


def superclasses(store: Store, kind: Term) -> set[NamedNode]:
    """Return the named superclasses of a class, without itself."""
    found: set[NamedNode] = set()
    queue = [kind]
    while queue:
        above = set(named(objects(store, queue.pop(), RDFS + "subClassOf"))) - found
        found |= above
        queue += above
    return {each for each in found if each != kind}


def with_superclasses(store: Store, kinds: Iterable[Term]) -> set[Term]:
    """Return some classes and their named superclasses."""
    return {each for kind in kinds for each in (kind, *superclasses(store, kind))}


def _not_covered(what: str, why: str, instead: str) -> RelationsError:
    return RelationsError(
        f"the reasoner does not cover {what} {why}", where="ontology", help=f"use {instead}"
    )
