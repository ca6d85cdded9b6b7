"""The check that an extension vocabulary adds no entailment about other terms.

Facts without terms of the vocabulary must entail the same triples of other terms whether it is
loaded or not. The vocabulary's axioms are compiled into rules, in which an inverse of one of our
properties is replaced by our property. A term of the vocabulary is *reachable* if facts without
terms of the vocabulary may entail a fact with it: a property that is defined by a chain of our
properties is reachable. A rule whose conditions are all reachable, and whose conclusion has no term
of the vocabulary, would add an entailment, unless our axioms already entail it. Disjointness and
other restrictions of reachable terms are not conservative either, since they could make facts
inconsistent. Reachability is approximated from above, so a vocabulary that passes is conservative.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cached_property
from itertools import combinations
from typing import NamedTuple, cast
from uuid import uuid4

from pyoxigraph import NamedNode, Quad, Store

from relations_kg.rdf.namespaces import ONTOLOGY, OWL, RDF, RKG
from relations_kg.rdf.terms import TYPE, Statement, Term, value
from relations_kg.reasoning.closure import Closure
from relations_kg.reasoning.ontology import Ontology, Pattern
from relations_kg.reasoning.rules import AXIOMS, Rule, compile_rules

_GRAPH = NamedNode(ONTOLOGY)
_DISJOINT = (OWL + "disjointWith", OWL + "propertyDisjointWith")
_RESTRICTING = {
    (RDF + "type", OWL + name)
    for name in ("IrreflexiveProperty", "AsymmetricProperty", "FunctionalProperty")
}
_DATATYPE_PROPERTY = NamedNode(OWL + "DatatypeProperty")
_LONGEST = RKG + "longestDuration"


class Overreach(NamedTuple):
    """An axiom that is not conservative, with the reachable terms of the vocabulary in it."""

    axiom: Quad
    terms: tuple[str, ...]


def overreach(vocabulary: Collection[Quad], bundled: Ontology) -> Overreach | None:
    """Return an axiom of a vocabulary that is not conservative over an ontology, or None.

    Raises RelationsError for an axiom that the reasoner does not cover.
    """
    typed = (quad.subject for quad in vocabulary if quad.predicate == TYPE)
    own = {subject for subject in typed if isinstance(subject, NamedNode)}

    def terms(*parts: object) -> frozenset[NamedNode]:
        return frozenset(part for part in parts if isinstance(part, NamedNode) and part in own)

    inverses = _inverses(vocabulary, own)
    entailments = _Entailments(bundled)
    rules = []
    for rule in compile_rules(_ontology(vocabulary, bundled)):
        *body, head = (_rewritten(pattern, inverses) for pattern in (*rule.body, rule.head))
        asked = terms(*(term for pattern in body for term in pattern))
        if asked or terms(*head) or not entailments.have(body, head):
            rules.append((rule, asked, terms(*head)))
    reachable = set(inverses)
    before = -1
    while before < len(reachable):
        before = len(reachable)
        for _, body_terms, head_terms in rules:
            if body_terms <= reachable:
                reachable |= head_terms
    for rule, body_terms, head_terms in rules:
        if body_terms <= reachable and not head_terms:
            because = terms(*(term for pattern in rule.body for term in pattern))
            return Overreach(_source(rule, vocabulary, bundled), _sorted(because))
    ontology = _ontology(vocabulary, bundled)
    for quad in vocabulary:
        for group in _restricted(quad, ontology):
            if (named := terms(*group)) <= reachable:
                return Overreach(quad, _sorted(named))
    return None


def _inverses(
    vocabulary: Iterable[Quad], own: Collection[NamedNode]
) -> dict[NamedNode, tuple[NamedNode, bool]]:
    """Return the properties of a vocabulary that equal or invert a bundled one, each with that one.

    The second value is true if it inverts the bundled property.
    """
    pairs = [
        pair
        for quad in vocabulary
        if quad.predicate.value == OWL + "inverseOf"
        for one, other in [(quad.subject, quad.object)]
        if isinstance(one, NamedNode) and isinstance(other, NamedNode)
        for pair in ((one, other), (other, one))
    ]
    found: dict[NamedNode, tuple[NamedNode, bool]] = {}
    for _ in pairs:
        for one, other in pairs:
            if one in own and one not in found:
                if other not in own:
                    found[one] = other, True
                elif other in found:
                    found[one] = found[other][0], not found[other][1]
    return found


def _rewritten(pattern: Pattern, inverses: Mapping[NamedNode, tuple[NamedNode, bool]]) -> Pattern:
    subject, predicate, object_ = pattern
    name, is_inverse = inverses.get(predicate, (predicate, False))
    return (object_, name, subject) if is_inverse else (subject, name, object_)


class _Entailments:
    """The entailments of an ontology, without those of a vocabulary."""

    def __init__(self, ontology: Ontology) -> None:
        self._ontology = ontology

    @cached_property
    def _closure(self) -> Closure:
        return Closure(compile_rules(self._ontology))

    def have(self, body: Iterable[Pattern], head: Pattern) -> bool:
        """Return whether the ontology entails a head wherever a body holds."""
        things: dict[str, NamedNode] = {}

        def fact(pattern: Pattern) -> Statement:
            subject, predicate, object_ = (
                things.setdefault(term, NamedNode(f"urn:uuid:{uuid4()}"))
                if isinstance(term, str)
                else term
                for term in pattern
            )
            return subject, predicate, object_

        self._closure.add(map(fact, body))
        return fact(head) in self._closure


def _restricted(quad: Quad, ontology: Ontology) -> Iterator[tuple[Term, ...]]:
    """Yield the terms that an axiom restricts together, such as two disjoint classes."""
    predicate = quad.predicate.value
    subject, object_ = cast(Term, quad.subject), cast(Term, quad.object)
    if predicate == OWL + "members":
        yield from combinations(ontology.members(object_), 2)
    elif predicate in _DISJOINT:
        yield subject, object_
    elif predicate == _LONGEST or (predicate, value(object_)) in _RESTRICTING:
        yield (subject,)
    elif ontology.value(object_, OWL + "maxCardinality") is not None:
        yield subject, cast(Term, ontology.value(object_, OWL + "onProperty"))


def _source(rule: Rule, vocabulary: Iterable[Quad], bundled: Ontology) -> Quad:
    """Return an axiom that alone gives a rule, or the first axiom if the rule takes several."""
    quads = list(vocabulary)
    axioms = [quad for quad in quads if quad.predicate.value in AXIOMS]
    for axiom in axioms:
        others = {id(quad) for quad in axioms if quad is not axiom and not _declares(quad)}
        alone = [quad for quad in quads if id(quad) not in others]
        if any(rule.name == each.name for each in compile_rules(_ontology(alone, bundled))):
            return axiom
    return axioms[0]


def _declares(quad: Quad) -> bool:
    return quad.predicate == TYPE


def _ontology(quads: Iterable[Quad], bundled: Ontology) -> Ontology:
    """Return the ontology of a vocabulary, which also declares the bundled datatype properties."""
    store = Store()
    store.extend(Quad(quad.subject, quad.predicate, quad.object, _GRAPH) for quad in quads)
    store.extend(
        Quad(name, TYPE, _DATATYPE_PROPERTY, _GRAPH)  # type: ignore[arg-type]
        for name in bundled.datatype_properties
    )
    return Ontology(store)


def _sorted(terms: Iterable[NamedNode]) -> tuple[str, ...]:
    return tuple(sorted(term.value for term in terms))
