"""Contradictions: facts that the ontology does not allow together."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations, product
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode

from relations_kg.answers.names import Names
from relations_kg.answers.passages import Passage, passages_of
from relations_kg.rdf.namespaces import OWL
from relations_kg.rdf.terms import TYPE, Statement, Term, objects, value
from relations_kg.reasoning.bounds import BOUNDS
from relations_kg.reasoning.ontology import Ontology
from relations_kg.reasoning.proofs import Proofs

if TYPE_CHECKING:
    from relations_kg.answers.knowledge import Knowledge

_START_1, _START_2, _END_1, _END_2 = BOUNDS
# Pairs of bounds in which the first can never be later than the second.
_ORDER = ((_START_1, _START_2), (_END_1, _END_2), (_START_1, _END_2))
_CROSSING = "{0} would begin or end on {1} at the earliest and on {2} at the latest"

# The kind, the message and the facts of a contradiction.
_Found = Iterator[tuple[str, str, tuple[Statement, ...]]]


@dataclass(frozen=True)
class Contradiction:
    """Facts that the ontology does not allow together, the reason, and their passages.

    `kind` is the kind of axiom: disjoint-classes, disjoint-properties, functional, irreflexive,
    asymmetric, max-cardinality, or bounds for dates that cross.
    """

    kind: str
    message: str
    facts: tuple[Statement, ...]
    passages: tuple[Passage, ...]


def contradictions(graph: Knowledge, about: Collection[Term] | None = None) -> list[Contradiction]:
    """Return the contradictions among the stated and inferred facts of a graph, in a stable order.

    With `about`, only contradictions with a fact about one of these things are returned. Situations
    are nodes with dates of their own, so facts of different times never contradict each other.

    >>> import relations_kg as rk
    >>> contradictions(rk.load())
    []
    """
    return sorted(
        (
            Contradiction(kind, message, facts, tuple(_passages(graph, kind, facts)))
            for kind, message, facts in _Search(graph, about).found()
        ),
        key=lambda found: (found.kind, found.message, str(found.facts)),
    )


def _passages(graph: Knowledge, kind: str, facts: Iterable[Statement]) -> list[Passage]:
    """Return the passages of facts; for bounds, also those of the things that they come from."""
    stated = list(facts)
    if kind == "bounds":
        proofs = (proof for fact in facts for proof in Proofs(graph.inference, fact).minimal()[0])
        stated += (leaf for proof in proofs for leaf in proof.leaves)
    ends = (end.value for fact in stated for end in fact[::2] if isinstance(end, NamedNode))
    return passages_of(graph.store, ends)


class _Search:
    """The search for contradictions among the facts about all things or about some."""

    def __init__(self, graph: Knowledge, about: Collection[Term] | None) -> None:
        self._graph = graph
        self._about = None if about is None else sorted(about, key=str)
        self._axioms = Ontology(graph.store)
        self._closure = graph.inference.closure
        self._label = Names(graph.store).shown

    def found(self) -> _Found:
        """Yield the kind, the message and the facts of each contradiction."""
        yield from self._disjoint_classes()
        yield from self._disjoint_properties()
        yield from self._too_many()
        yield from self._reflexive()
        yield from self._asymmetric()
        yield from self._crossing()

    def _instances(self, kind: Term) -> list[Term]:
        if self._about is None:
            return self._closure.subjects(TYPE, kind)
        return [thing for thing in self._about if (thing, TYPE, kind) in self._closure]

    def _pairs(self, predicate: Term) -> list[tuple[Term, Term]]:
        if self._about is None:
            return self._closure.pairs(predicate)
        objects = self._closure.objects
        return [(thing, each) for thing in self._about for each in objects(thing, predicate)]

    def _values(self, predicate: Term) -> dict[Term, list[Term]]:
        """Return the values of a property for each thing, from all graphs."""
        values: dict[Term, list[Term]] = {}
        if self._about is None:
            for subject, _, object_ in self._graph.facts(predicate):
                values.setdefault(subject, []).append(object_)
        else:
            for thing in self._about:
                if known := objects(self._graph.store, thing, value(predicate)):
                    values[thing] = known
        # During a validation, a fact can be in two graphs.
        return {thing: list(dict.fromkeys(known)) for thing, known in values.items()}

    def _disjoint_classes(self) -> _Found:
        pairs = [*self._axioms.pairs(OWL + "disjointWith")]
        for node in self._axioms.instances("AllDisjointClasses"):
            members = self._axioms.value(node, OWL + "members")
            pairs += combinations(self._axioms.members(members), 2) if members else ()
        for one, other in pairs:
            for thing in sorted(self._instances(one), key=str):
                if (thing, TYPE, other) in self._closure:
                    kinds = f"a {self._label(one)} and a {self._label(other)}"
                    message = f"{self._label(thing)} cannot be both {kinds}"
                    yield "disjoint-classes", message, ((thing, TYPE, one), (thing, TYPE, other))

    def _disjoint_properties(self) -> _Found:
        for one, other in self._axioms.pairs(OWL + "propertyDisjointWith"):
            for subject, object_ in sorted(self._pairs(one), key=str):
                if (subject, other, object_) in self._closure:
                    roles = f"{self._label(one)} and {self._label(other)}"
                    message = f"{self._label(object_)} cannot be both {roles} of "
                    facts = (subject, one, object_), (subject, other, object_)
                    yield "disjoint-properties", message + self._label(subject), facts

    def _too_many(self) -> _Found:
        for predicate in self._axioms.instances("FunctionalProperty"):
            values = self._values(predicate)
            yield from self._more_than(1, "functional", predicate, values)
        for kind, restriction in self._axioms.restrictions(OWL + "maxCardinality"):
            limited = self._axioms.value(restriction, OWL + "onProperty")
            limit = self._axioms.value(restriction, OWL + "maxCardinality")
            if limited is not None and limit is not None:
                known = self._values(limited)
                values = {thing: known.get(thing, []) for thing in self._instances(kind)}
                yield from self._more_than(int(value(limit)), "max-cardinality", limited, values)

    def _more_than(
        self, limit: int, kind: str, predicate: Term, values: dict[Term, list[Term]]
    ) -> _Found:
        most = {0: "no", 1: "only one"}.get(limit, f"at most {limit}")
        for subject, known in values.items():
            if len(known) > limit:
                listed = ", ".join(sorted(map(self._label, known)))
                allowed = f"{most} {self._label(predicate)}"
                message = f"{self._label(subject)} can have {allowed}, and has {listed}"
                yield kind, message, tuple((subject, predicate, each) for each in known)

    def _reflexive(self) -> _Found:
        for predicate in self._axioms.instances("IrreflexiveProperty"):
            for subject, object_ in self._pairs(predicate):
                if subject == object_:
                    message = f"{self._label(subject)} cannot be {self._label(predicate)} itself"
                    yield "irreflexive", message, ((subject, predicate, object_),)

    def _asymmetric(self) -> _Found:
        for predicate in self._axioms.instances("AsymmetricProperty"):
            for pair in dict.fromkeys(map(frozenset, self._pairs(predicate))):
                if len(pair) < 2:
                    continue
                first, second = sorted(pair, key=str)
                facts = (first, predicate, second), (second, predicate, first)
                if all(fact in self._closure for fact in facts):
                    both = f"{self._label(first)} and {self._label(second)}"
                    message = f"{both} cannot be {self._label(predicate)} each other"
                    yield "asymmetric", message, facts

    def _crossing(self) -> _Found:
        for first, second in _ORDER:
            latest = self._values(second)
            for thing, days in self._values(first).items():
                for early, late in product(days, latest.get(thing, ())):
                    if value(early) > value(late):
                        message = _CROSSING.format(self._label(thing), value(early), value(late))
                        yield "bounds", message, ((thing, first, early), (thing, second, late))
