"""Contradictions: facts that the ontology says cannot hold together, told and never asserted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from pyoxigraph import NamedNode

from relations_kg.inference import BOUNDS
from relations_kg.namespaces import OWL
from relations_kg.ontology import Ontology
from relations_kg.passages import Passage, passages_of
from relations_kg.proofs import Proofs
from relations_kg.terms import TYPE, EngineTerm, Statement, Term, value

if TYPE_CHECKING:
    from relations_kg.graph import Graph
    from relations_kg.reasoning import Closure

_START_1, _START_2, _END_1, _END_2 = BOUNDS
# Pairs of bounds the first of which can never be later than the second.
_ORDER = ((_START_1, _START_2), (_END_1, _END_2), (_START_1, _END_2))
_CROSSING = "{0} would begin or end on {1} at the earliest and on {2} at the latest"


class Contradiction(NamedTuple):
    """Say which facts cannot hold together, why, and which passages they rest on.

    `kind` is the axiom's: disjoint-classes, disjoint-properties, functional, irreflexive,
    asymmetric, max-cardinality, or bounds for dates that cross.
    """

    kind: str
    message: str
    facts: tuple[Statement, ...]
    passages: tuple[Passage, ...]


def contradictions(graph: Graph) -> list[Contradiction]:
    """List the contradictions among the facts of a graph, stated and inferred, in a fixed order.

    Situations are nodes with dates of their own, so what held at different times is never told
    as a contradiction.

    >>> import relations_kg as rk
    >>> contradictions(rk.load())
    []
    """
    axioms = Ontology(graph.store)
    closure = graph.inference.closure
    label = _Labels(graph)
    found: list[Contradiction] = []
    for kind, message, facts in (
        *_disjoint_classes(axioms, closure, label),
        *_disjoint_properties(axioms, closure, label),
        *_functional(axioms, graph, label),
        *_max_cardinality(axioms, graph, closure, label),
        *_reflexive(axioms, closure, label),
        *_asymmetric(axioms, closure, label),
        *_crossing(graph, label),
    ):
        passages = passages_of(graph.store, _things(graph, kind, facts))
        found.append(Contradiction(kind, message, tuple(facts), tuple(passages)))
    return sorted(found, key=lambda c: (c.kind, c.message, str(c.facts)))


def _things(graph: Graph, kind: str, facts: list[Statement]) -> Iterator[str]:
    """Yield the things that facts are about; for bounds, those that the bounds come from too."""
    for fact in facts:
        proofs = Proofs(graph.inference, fact).minimal()[0] if kind == "bounds" else ()
        for statement in (fact, *(leaf for proof in proofs for leaf in proof.leaves)):
            yield from (term.value for term in statement[::2] if isinstance(term, NamedNode))


_T = TypeVar("_T")
_Found = Iterator[tuple[str, str, list[Statement]]]


class _Labels:
    def __init__(self, graph: Graph) -> None:
        self._names = graph.names

    def __call__(self, term: EngineTerm) -> str:
        return self._names.label(term.value) if isinstance(term, NamedNode) else value(term)


def _disjoint_classes(axioms: Ontology, closure: Closure, label: _Labels) -> _Found:
    pairs = [*axioms.pairs(OWL + "disjointWith")]
    for node in axioms.instances("AllDisjointClasses"):
        members = axioms.value(node, OWL + "members")
        pairs += combinations(axioms.members(members), 2) if members else ()
    for one, other in pairs:
        for thing in _shared(closure.subjects(TYPE, one), closure.subjects(TYPE, other)):
            message = f"{label(thing)} cannot be both a {label(one)} and a {label(other)}"
            yield (
                "disjoint-classes",
                message,
                [(thing, TYPE, one), (thing, TYPE, other)],
            )


def _disjoint_properties(axioms: Ontology, closure: Closure, label: _Labels) -> _Found:
    for one, other in axioms.pairs(OWL + "propertyDisjointWith"):
        for subject, object_ in _shared(closure.pairs(one), closure.pairs(other)):
            message = (
                f"{label(object_)} cannot be both {label(one)} and {label(other)} "
                f"of {label(subject)}"
            )
            facts: list[Statement] = [
                (subject, one, object_),
                (subject, other, object_),
            ]
            yield "disjoint-properties", message, facts


def _functional(axioms: Ontology, graph: Graph, label: _Labels) -> _Found:
    for predicate in axioms.instances("FunctionalProperty"):
        for subject, values in _values(graph, predicate).items():
            if len(values) > 1:
                yield _too_many("functional", subject, predicate, values, 1, label)


def _max_cardinality(axioms: Ontology, graph: Graph, closure: Closure, label: _Labels) -> _Found:
    for kind, restriction in axioms.restrictions(OWL + "maxCardinality"):
        predicate = axioms.value(restriction, OWL + "onProperty")
        limit = axioms.value(restriction, OWL + "maxCardinality")
        if predicate is None or limit is None:
            continue
        known = _values(graph, predicate)
        for subject in closure.subjects(TYPE, kind):
            values = known.get(subject, [])
            if len(values) > int(value(limit)):
                yield _too_many(
                    "max-cardinality",
                    subject,
                    predicate,
                    values,
                    int(value(limit)),
                    label,
                )


def _too_many(
    kind: str,
    subject: Term,
    predicate: Term,
    values: list[Term],
    limit: int,
    label: _Labels,
) -> tuple[str, str, list[Statement]]:
    listed = ", ".join(sorted(map(label, values)))
    most = {0: "no", 1: "only one"}.get(limit, f"at most {limit}")
    message = f"{label(subject)} can have {most} {label(predicate)}, and has {listed}"
    return kind, message, [(subject, predicate, each) for each in values]


def _reflexive(axioms: Ontology, closure: Closure, label: _Labels) -> _Found:
    for predicate in axioms.instances("IrreflexiveProperty"):
        for subject, object_ in closure.pairs(predicate):
            if subject == object_:
                message = f"{label(subject)} cannot be {label(predicate)} itself"
                yield "irreflexive", message, [(subject, predicate, object_)]


def _asymmetric(axioms: Ontology, closure: Closure, label: _Labels) -> _Found:
    for predicate in axioms.instances("AsymmetricProperty"):
        pairs = closure.pairs(predicate)
        known = set(pairs)
        for subject, object_ in pairs:
            if (object_, subject) in known and str(subject) < str(object_):
                message = (
                    f"{label(subject)} and {label(object_)} cannot be {label(predicate)} each other"
                )
                facts: list[Statement] = [
                    (subject, predicate, object_),
                    (object_, predicate, subject),
                ]
                yield "asymmetric", message, facts


def _crossing(graph: Graph, label: _Labels) -> _Found:
    for first, second in _ORDER:
        latest = _values(graph, second)
        for subject, days in _values(graph, first).items():
            for early in days:
                for late in latest.get(subject, ()):
                    if value(early) > value(late):
                        message = _CROSSING.format(label(subject), value(early), value(late))
                        facts: list[Statement] = [
                            (subject, first, early),
                            (subject, second, late),
                        ]
                        yield "bounds", message, facts


def _values(graph: Graph, predicate: Term) -> dict[Term, list[Term]]:
    values: dict[Term, list[Term]] = {}
    for subject, _, object_ in graph.facts(predicate):
        values.setdefault(subject, []).append(object_)
    return values


def _shared(these: Iterable[_T], those: Iterable[_T]) -> list[_T]:
    return sorted(set(these).intersection(those), key=str)
