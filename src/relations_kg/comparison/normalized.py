"""A normal form of graphs, for comparing two graphs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad

from relations_kg.engines import endpoint
from relations_kg.rdf.namespaces import DATES, INFERRED, ONTOLOGY, OWL, RKG, VOCABULARY
from relations_kg.rdf.terms import TYPE, Statement, Term, statements, value
from relations_kg.reasoning.bounds import BOUNDS, LAST_KNOWN, WITHIN_RELATIONS
from relations_kg.reasoning.derivable import Derivable
from relations_kg.reasoning.ontology import superclasses
from relations_kg.reasoning.reach_rules import REACH
from relations_kg.reasoning.source_dates import all_bounds

if TYPE_CHECKING:
    from relations_kg.graph.graph import Graph

_NOT_STATED = (DATES, INFERRED, ONTOLOGY, VOCABULARY)
# Properties whose values are inferred from dates. If a graph states all these values, inference
# has no derivations of them.
_DERIVED = frozenset((*BOUNDS, *REACH, LAST_KNOWN, WITHIN_RELATIONS, NamedNode(RKG + "ongoing")))
_INVERSE = NamedNode(OWL + "inverseOf")
_SYMMETRIC = NamedNode(OWL + "SymmetricProperty")


class NormalizedGraph:
    """The stated facts of a graph, each once, with inverse properties in one direction.

    `facts` maps each normalised fact to the fact as it is shown. The label of a blank node is a
    hash of its description, so that nodes with equal descriptions are equal.
    """

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        store = graph.quad_store
        self._inverses = {
            subject: object_
            for subject, _, object_ in statements(store.quads_for_pattern(None, _INVERSE, None))
        }
        self._symmetric = {quad.subject for quad in store.quads_for_pattern(None, TYPE, _SYMMETRIC)}
        graphs: list[Any] = [
            name for name in store.named_graphs() if value(name) not in _NOT_STATED
        ]
        # A remote store has no default graph.
        graphs += [] if isinstance(store, endpoint.Endpoint) else [DefaultGraph()]
        stated = [
            fact
            for name in graphs
            for fact in statements(store.quads_for_pattern(None, None, None, name))
        ]
        self._names = _names(stated)
        self._classes: dict[frozenset[Term], set[str]] = {}
        self._stated: dict[Statement, Statement] = {}
        self.facts: dict[Statement, Statement] = {}
        for fact in stated:
            compared = self._named(self._straight(fact))
            known = self._stated.get(compared)
            if known is None or self._is_better(fact, known):
                self._stated[compared] = fact
                self.facts[compared] = self._named(fact)
        # Computing the bounds also checks all dates.
        self._own_bounds = list(all_bounds(store))

    def beyond(self, other: NormalizedGraph) -> list[Statement]:
        """Return the facts that are stated here and not in the other graph, except inferable facts.

        A fact that other facts of this graph entail is left out if it also holds in the other graph
        or if this graph states all its entailments, as an export with inferred facts does.
        """
        new = {fact: self._stated[fact] for fact in self.facts if fact not in other.facts}
        if self._complete:
            known = set(new)
        else:
            known = {compared for compared, fact in new.items() if other._contains(fact)}
        if known:
            following = self._following(map(self._straight, new.values()), other)
            known = {each for each in known if self._straight(new[each]) in following}
        return [self.facts[compared] for compared in new if compared not in known]

    def _contains(self, fact: Statement) -> bool:
        """Return whether a fact, not normalised, is in the ontology or follows from this graph."""
        if Quad(*fact, NamedNode(ONTOLOGY)) in self.graph.quad_store:  # type: ignore[arg-type]
            return True
        return fact in self._derivable and fact in self.graph.inference

    @cached_property
    def _derivable(self) -> Derivable:
        return Derivable(self.graph.quad_store)

    @cached_property
    def subjects(self) -> set[Term]:
        """The subjects of the stated facts."""
        return {subject for subject, _, _ in self.facts.values()}

    def links(self, predicate: Term) -> Mapping[Term, list[Term]]:
        """Return the values of a property by subject, in the normal direction of the property."""
        return self._links.get(predicate, {})

    @cached_property
    def _links(self) -> dict[Term, dict[Term, list[Term]]]:
        found: dict[Term, dict[Term, list[Term]]] = defaultdict(dict)
        for subject, predicate, object_ in self.facts:
            found[predicate].setdefault(subject, []).append(object_)
        return found

    @cached_property
    def bounds(self) -> set[Statement]:
        """The facts, inferred or stated, that give the bounds of a thing's dates."""
        _ = self.graph.inference  # adds the inferred bounds to the store
        store = self.graph.quad_store
        return {
            self._named(fact)
            for bound in BOUNDS
            for fact in statements(store.quads_for_pattern(None, bound, None))
        }

    def kinds(self, thing: Term) -> list[str]:
        """Return the IRIs of the most specific stated classes of a thing."""
        stated = self._types.get(thing, set())
        several = stated if len(stated) > 1 else ()
        above = {each for kind in several for each in superclasses(self.graph.quad_store, kind)}
        return sorted(value(kind) for kind in stated - above or stated)

    def classes(self, thing: Term) -> set[str]:
        """Return the IRIs of the stated classes of a thing, with their superclasses."""
        stated = frozenset(self._types.get(thing, ()))
        if stated not in self._classes:
            above = {each for kind in stated for each in superclasses(self.graph.quad_store, kind)}
            self._classes[stated] = set(map(value, stated | above))
        return self._classes[stated]

    def named(self, term: Term) -> Term:
        """Return a term; the label of a blank node is replaced by the hash of its description."""
        return self._names.get(term, term)

    @cached_property
    def _types(self) -> dict[Term, set[Term]]:
        types: dict[Term, set[Term]] = defaultdict(set)
        for subject, predicate, object_ in self.facts.values():
            if predicate == TYPE:
                types[subject].add(object_)
        return types

    @cached_property
    def _complete(self) -> bool:
        """Whether all entailments are also stated, including the bounds of dates."""
        if not self._own_bounds or not all(map(self._states, self._own_bounds)):
            return False
        _ = self.graph.inference  # adds the inferred triples to the store
        find = self.graph.quad_store.quads_for_pattern
        return all(
            self._states(fact)
            for fact in statements(find(None, None, None, NamedNode(INFERRED)))
            if fact[1] not in _DERIVED
        )

    def _states(self, fact: Statement) -> bool:
        return self._named(self._straight(fact)) in self.facts

    def _following(self, facts: Iterable[Statement], other: NormalizedGraph) -> set[Statement]:
        """Return the facts that follow from facts of both graphs, or from each other.

        Of facts that can only be inferred from each other in a circle, one is not returned.
        """
        asked = list(facts)
        ways: dict[Statement, list[tuple[Statement, ...]]] = {}
        queue = list(asked)
        while queue:
            fact = queue.pop()
            if fact in ways:
                continue
            if (compared := self._named(fact)) in self.facts and compared in other.facts:
                ways[fact] = []
                continue
            found = (
                tuple(map(self._straight, derivation.premises))
                for derivation in self.graph.inference.derivations(fact)
            )
            ways[fact] = [way for way in found if fact not in way]
            queue += [premise for way in ways[fact] for premise in way]
        founded = {fact for fact, found in ways.items() if not found}
        alone = set(founded)
        circular = sorted((fact for fact in asked if ways[fact]), key=str, reverse=True)
        while True:
            while more := [
                fact
                for fact, found in ways.items()
                if fact not in founded and any(founded.issuperset(way) for way in found)
            ]:
                founded.update(more)
            while circular and circular[-1] in founded:
                circular.pop()
            if not circular:
                break
            # The first of a circle of facts must be stated, as it can only be inferred from the
            # others.
            alone.add(circular[-1])
            founded.add(circular.pop())
        return {fact for fact in asked if fact not in alone or fact[1] in _DERIVED}

    def _is_better(self, fact: Statement, known: Statement) -> bool:
        """Return whether a fact is shown rather than another that is equal in normal form."""
        is_straight, was_straight = (self._straight(each) == each for each in (fact, known))
        if is_straight != was_straight:
            return is_straight
        return (str(fact) > str(known)) == is_straight

    def _straight(self, fact: Statement) -> Statement:
        """Return a fact in its normal direction, for inverse and symmetric properties."""
        subject, predicate, object_ = fact
        if isinstance(object_, Literal):
            return fact
        if predicate in self._inverses:
            return object_, self._inverses[predicate], subject
        if predicate in self._symmetric and str(object_) < str(subject):
            return object_, predicate, subject
        return fact

    def _named(self, fact: Statement) -> Statement:
        if not self._names:
            return fact
        subject, predicate, object_ = fact
        return self.named(subject), predicate, self.named(object_)


def _names(facts: Iterable[Statement]) -> dict[Term, Term]:
    """Return a label for each blank node: the hash of its description, nested nodes included."""
    described: dict[Term, set[tuple[Term, Term]]] = defaultdict(set)
    above: dict[Term, set[Term]] = defaultdict(set)
    for subject, predicate, object_ in facts:
        if isinstance(subject, BlankNode):
            described[subject].add((predicate, object_))
        if isinstance(object_, BlankNode):
            described.setdefault(object_, set())
            above[object_].update([subject] if isinstance(subject, BlankNode) else ())
    waiting = {
        node: len({o for _, o in known if o in described}) for node, known in described.items()
    }
    names: dict[Term, Term] = {}

    def name(node: Term) -> BlankNode:
        lines = sorted(
            f"{p} {names.get(o, '_:' if o in described else o)}" for p, o in described[node]
        )
        return BlankNode("n" + sha256("\n".join(lines).encode()).hexdigest()[:16])

    ready = [node for node, number in waiting.items() if not number]
    while ready:
        node = ready.pop()
        names[node] = name(node)
        for other in above[node]:
            waiting[other] -= 1
            if not waiting[other]:
                ready.append(other)
    # Nodes in a cycle have no such hash, so their neighbourhoods are hashed in eight rounds.
    rest = [node for node in described if node not in names]
    for _ in range(8 if rest else 0):
        names.update({node: name(node) for node in rest})
    return names
