"""Contradictions: facts that the ontology does not allow together."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

from pyoxigraph import NamedNode

from relations_kg.answers.names import Names
from relations_kg.answers.passages import Passage, passages_of
from relations_kg.rdf.namespaces import OWL
from relations_kg.rdf.terms import TYPE, EngineTerm, Statement, Term, objects, value
from relations_kg.reasoning.inference import BOUNDS
from relations_kg.reasoning.ontology import Ontology
from relations_kg.reasoning.proofs import Proofs

if TYPE_CHECKING:
    from relations_kg.answers.knowledge import Knowledge

_START_1, _START_2, _END_1, _END_2 = BOUNDS
# Pairs of bounds in which the first can never be later than the second.
_ORDER = ((_START_1, _START_2), (_END_1, _END_2), (_START_1, _END_2))
_CROSSING = "{0} would begin or end on {1} at the earliest and on {2} at the latest"


class Contradiction(NamedTuple):
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
    axioms = Ontology(graph.store)
    view = _View(graph, about)
    found: list[Contradiction] = []
    for kind, message, facts in (
        *_disjoint_classes(axioms, view),
        *_disjoint_properties(axioms, view),
        *_functional(axioms, view),
        *_max_cardinality(axioms, view),
        *_reflexive(axioms, view),
        *_asymmetric(axioms, view),
        *_crossing(view),
    ):
        passages = passages_of(graph.store, _things(graph, kind, facts))
        found.append(Contradiction(kind, message, tuple(facts), tuple(passages)))
    return sorted(found, key=lambda c: (c.kind, c.message, str(c.facts)))


def _things(graph: Knowledge, kind: str, facts: list[Statement]) -> Iterator[str]:
    """Yield the subjects of facts; for bounds, also the things that the bounds come from."""
    for fact in facts:
        proofs = Proofs(graph.inference, fact).minimal()[0] if kind == "bounds" else ()
        for statement in (fact, *(leaf for proof in proofs for leaf in proof.leaves)):
            yield from (term.value for term in statement[::2] if isinstance(term, NamedNode))


_Found = Iterator[tuple[str, str, list[Statement]]]


class _View:
    """The facts about all things or about some, with labels."""

    def __init__(self, graph: Knowledge, about: Collection[Term] | None) -> None:
        self._graph = graph
        self._names = Names(graph.store)
        self._about = None if about is None else sorted(about, key=str)
        self._closure = graph.inference.closure

    def label(self, term: EngineTerm) -> str:
        return self._names.label(term.value) if isinstance(term, NamedNode) else value(term)

    def instances(self, kind: Term) -> list[Term]:
        if self._about is None:
            return self._closure.subjects(TYPE, kind)
        return [thing for thing in self._about if (thing, TYPE, kind) in self._closure]

    def pairs(self, predicate: Term) -> list[tuple[Term, Term]]:
        if self._about is None:
            return self._closure.pairs(predicate)
        objects = self._closure.objects
        return [(thing, each) for thing in self._about for each in objects(thing, predicate)]

    def holds(self, fact: Statement) -> bool:
        return fact in self._closure

    def values(self, predicate: Term) -> dict[Term, list[Term]]:
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


def _disjoint_classes(axioms: Ontology, view: _View) -> _Found:
    pairs = [*axioms.pairs(OWL + "disjointWith")]
    for node in axioms.instances("AllDisjointClasses"):
        members = axioms.value(node, OWL + "members")
        pairs += combinations(axioms.members(members), 2) if members else ()
    for one, other in pairs:
        for thing in sorted(view.instances(one), key=str):
            if view.holds((thing, TYPE, other)):
                kinds = f"a {view.label(one)} and a {view.label(other)}"
                message = f"{view.label(thing)} cannot be both {kinds}"
                yield "disjoint-classes", message, [(thing, TYPE, one), (thing, TYPE, other)]


def _disjoint_properties(axioms: Ontology, view: _View) -> _Found:
    for one, other in axioms.pairs(OWL + "propertyDisjointWith"):
        for subject, object_ in sorted(view.pairs(one), key=str):
            if view.holds((subject, other, object_)):
                message = (
                    f"{view.label(object_)} cannot be both {view.label(one)} and "
                    f"{view.label(other)} of {view.label(subject)}"
                )
                facts: list[Statement] = [(subject, one, object_), (subject, other, object_)]
                yield "disjoint-properties", message, facts


def _functional(axioms: Ontology, view: _View) -> _Found:
    for predicate in axioms.instances("FunctionalProperty"):
        for subject, values in view.values(predicate).items():
            if len(values) > 1:
                yield _too_many("functional", subject, predicate, values, 1, view)


def _max_cardinality(axioms: Ontology, view: _View) -> _Found:
    for kind, restriction in axioms.restrictions(OWL + "maxCardinality"):
        predicate = axioms.value(restriction, OWL + "onProperty")
        limit = axioms.value(restriction, OWL + "maxCardinality")
        if predicate is None or limit is None:
            continue
        known = view.values(predicate)
        most = int(value(limit))
        for subject in view.instances(kind):
            values = known.get(subject, [])
            if len(values) > most:
                yield _too_many("max-cardinality", subject, predicate, values, most, view)


def _too_many(
    kind: str, subject: Term, predicate: Term, values: list[Term], limit: int, view: _View
) -> tuple[str, str, list[Statement]]:
    listed = ", ".join(sorted(map(view.label, values)))
    most = {0: "no", 1: "only one"}.get(limit, f"at most {limit}")
    message = f"{view.label(subject)} can have {most} {view.label(predicate)}, and has {listed}"
    return kind, message, [(subject, predicate, each) for each in values]


def _reflexive(axioms: Ontology, view: _View) -> _Found:
    for predicate in axioms.instances("IrreflexiveProperty"):
        for subject, object_ in view.pairs(predicate):
            if subject == object_:
                message = f"{view.label(subject)} cannot be {view.label(predicate)} itself"
                yield "irreflexive", message, [(subject, predicate, object_)]


def _asymmetric(axioms: Ontology, view: _View) -> _Found:
    for predicate in axioms.instances("AsymmetricProperty"):
        seen: set[frozenset[Term]] = set()
        for subject, object_ in view.pairs(predicate):
            pair = frozenset((subject, object_))
            if (
                subject != object_
                and pair not in seen
                and view.holds((object_, predicate, subject))
            ):
                seen.add(pair)
                first, second = sorted(pair, key=str)
                both = f"{view.label(first)} and {view.label(second)}"
                message = f"{both} cannot be {view.label(predicate)} each other"
                facts: list[Statement] = [(first, predicate, second), (second, predicate, first)]
                yield "asymmetric", message, facts


def _crossing(view: _View) -> _Found:
    for first, second in _ORDER:
        latest = view.values(second)
        for subject, days in view.values(first).items():
            for early in days:
                for late in latest.get(subject, ()):
                    if value(early) > value(late):
                        message = _CROSSING.format(view.label(subject), value(early), value(late))
                        facts: list[Statement] = [(subject, first, early), (subject, second, late)]
                        yield "bounds", message, facts
