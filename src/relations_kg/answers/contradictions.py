"""Contradictions: facts that cannot all be true under the ontology."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from itertools import chain, combinations, islice, product, starmap
from typing import TYPE_CHECKING, Any

from pyoxigraph import Literal, NamedNode

from relations_kg.answers import passages
from relations_kg.answers.rankings import PLACES, rivals
from relations_kg.names.names import Names
from relations_kg.rdf.namespaces import CODE, OWL, RKG, STATED
from relations_kg.rdf.terms import TYPE, Statement, Term, named, objects, value
from relations_kg.reasoning import proofs
from relations_kg.reasoning.bounds import BOUNDS, LAG_FROM, LAG_TO_END_OF, LAGS, LIMITS, SPANS

if TYPE_CHECKING:
    from relations_kg.answers.knowledge import Knowledge
    from relations_kg.answers.passages import Passage

_START_1, _START_2, _END_1, _END_2 = BOUNDS
# Pairs of bounds in which the first can never be later than the second.
_ORDER = ((_START_1, _START_2), (_END_1, _END_2), (_START_1, _END_2))
_CROSSING = "{0} would begin or end on {1} at the earliest and on {2} at the latest"
_APART = "{0} would have an amount of at least {1} and of at most {2}"
_TIMED = "{0} is dated to {1}, but by its {2} it would {3} on {4} at the {5}"

_STATUS, _REJECTED = NamedNode(RKG + "claimStatus"), NamedNode(CODE + "rejected")
_CLAIM_SUBJECT = NamedNode(RKG + "claimSubject")
_CLAIM = ("claimSubject", "claimProperty", "claimedObject")
# Pairs of bounds that cannot cross, each with whether its first must not be later than its second.
_OPPOSITE = tuple(
    found
    for early, late in reversed(_ORDER)
    for found in ((early, late, True), (late, early, False))
)

# A function that converts a bound to a value that can be compared.
_Reading = Callable[[str], Any]
# The kind, the message and the facts of a contradiction.
_Found = Iterator[tuple[str, str, tuple[Statement, ...]]]


@dataclass(frozen=True, repr=False)
class Contradiction:
    """Facts that cannot all be true under the ontology, the reason, and their passages.

    `kind` is the violated axiom: disjoint-classes, disjoint-properties, functional, irreflexive,
    asymmetric or max-cardinality; or bounds, for dates or amounts whose bounds cross; ordinals, for
    two holders of the same place in a ranking; rejected-claim, for an inferred fact that the source
    denies. `sides` has the passages of each fact and, for bounds and rejected-claim, those of the
    facts that prove it.
    """

    kind: str
    message: str
    facts: tuple[Statement, ...]
    passages: tuple[Passage, ...]
    sides: tuple[tuple[Passage, ...], ...]

    def __repr__(self) -> str:
        return f"<Contradiction: {self.kind}: {self.message}>"


def contradictions(graph: Knowledge, about: Collection[Term] | None = None) -> list[Contradiction]:
    """Return the contradictions among the stated and inferred facts of a graph, in a stable order.

    With `about`, only contradictions with a fact whose subject is one of these things are returned.
    Situations are resources with their own dates, so facts of different times never contradict
    each other.

    >>> import relations_kg as rk
    >>> contradictions(rk.load())
    []
    """
    return sorted(
        (
            Contradiction(
                kind,
                message,
                facts,
                tuple(_passages(graph, kind, facts)),
                tuple(tuple(_passages(graph, kind, [fact])) for fact in facts),
            )
            for kind, message, facts in _Search(graph, about).found()
        ),
        key=lambda found: (found.kind, found.message, str(found.facts)),
    )


def _passages(graph: Knowledge, kind: str, facts: Iterable[Statement]) -> list[Passage]:
    """Return the passages of facts and, for bounds and rejected-claim, of the leaves of proofs."""
    stated = list(facts)
    if kind in ("bounds", "rejected-claim"):
        proved = (proofs.Proofs(graph.inference, fact).minimal()[0] for fact in facts)
        stated += (leaf for minimal in proved for proof in minimal for leaf in proof.leaves)
    ends = (end.value for fact in stated for end in fact[::2] if isinstance(end, NamedNode))
    return passages.passages_of(graph.quad_store, ends)


class _Search:
    """The search for contradictions among the facts about all or some things."""

    def __init__(self, graph: Knowledge, about: Collection[Term] | None) -> None:
        self._graph = graph
        self._about = None if about is None else sorted(about, key=str)
        self._axioms = graph.inference.ontology
        self._closure = graph.inference.closure
        self._label = Names(graph.quad_store).shown

    def found(self) -> _Found:
        """Yield the kind, the message and the facts of each contradiction."""
        yield from self._disjoint_classes()
        yield from self._disjoint_properties()
        yield from self._too_many()
        yield from self._reflexive()
        yield from self._asymmetric()
        yield from self._crossing()
        yield from self._timed_otherwise()
        yield from self._shared_places()
        yield from self._rejected()

    def _instances(self, kind: Term) -> list[Term]:
        if self._about is None:
            return self._closure.subjects(TYPE, kind)
        return [thing for thing in self._about if (thing, TYPE, kind) in self._closure]

    def _pairs(self, predicate: Term) -> list[tuple[Term, Term]]:
        if self._about is None:
            inferred = self._closure.pairs(predicate)
        else:
            of = self._closure.objects
            inferred = [(thing, each) for thing in self._about for each in of(thing, predicate)]
        # The store is read too, since the closure lacks facts with a predicate that is in no rule.
        stated = ((s, each) for s, known in self._values(predicate).items() for each in known)
        return list(dict.fromkeys([*inferred, *stated]))

    def _holds(self, fact: Statement) -> bool:
        if isinstance(fact[0], Literal):
            return False
        find: Any = self._graph.quad_store.quads_for_pattern
        return fact in self._closure or any(find(*fact, None))

    def _values(self, predicate: Term) -> dict[Term, list[Term]]:
        """Return the values of a property for each thing, from all graphs."""
        values: dict[Term, list[Term]] = {}
        if self._about is None:
            for subject, _, object_ in self._graph.facts(predicate):
                values.setdefault(subject, []).append(object_)
        else:
            for thing in self._about:
                if known := objects(self._graph.quad_store, thing, value(predicate)):
                    values[thing] = known
        # During validation, a fact can be in two graphs.
        return {thing: list(dict.fromkeys(known)) for thing, known in values.items()}

    def _disjoint_classes(self) -> _Found:
        pairs = [*self._axioms.pairs(OWL + "disjointWith")]
        for node in self._axioms.instances("AllDisjointClasses"):
            members = self._axioms.value(node, OWL + "members")
            pairs += combinations(self._axioms.members(members), 2) if members else ()
        instances = cache(lambda kind: frozenset(self._instances(kind)))
        for one, other in pairs:
            for thing in sorted(instances(one) & instances(other), key=str):
                kinds = f"a {self._label(one)} and a {self._label(other)}"
                message = f"{self._label(thing)} cannot be both {kinds}"
                yield "disjoint-classes", message, ((thing, TYPE, one), (thing, TYPE, other))

    def _disjoint_properties(self) -> _Found:
        for one, other in self._axioms.pairs(OWL + "propertyDisjointWith"):
            for subject, object_ in sorted(self._pairs(one), key=str):
                if self._holds((subject, other, object_)):
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
        # An asymmetric property is also irreflexive.
        kinds = ("IrreflexiveProperty", "AsymmetricProperty")
        named = dict.fromkeys(chain.from_iterable(map(self._axioms.instances, kinds)))
        for predicate in named:
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
                if all(map(self._holds, facts)):
                    both = f"{self._label(first)} and {self._label(second)}"
                    message = f"{both} cannot be {self._label(predicate)} each other"
                    yield "asymmetric", message, facts

    def _crossing(self) -> _Found:
        for first, second in _ORDER:
            yield from self._beyond(first, second, str, _CROSSING)
        yield from self._beyond(LIMITS[0], LIMITS[1], Decimal, _APART)

    def _beyond(self, first: Term, second: Term, read: _Reading, message: str) -> _Found:
        """Yield each thing whose bound `first` is greater than its bound `second`."""
        upper = self._values(second)
        for thing, lower in self._values(first).items():
            for low, high in product(lower, upper.get(thing, ())):
                if read(value(low)) > read(value(high)):
                    words = message.format(self._label(thing), value(low), value(high))
                    yield "bounds", words, ((thing, first, low), (thing, second, high))

    def _shared_places(self) -> _Found:
        if self._about is not None and not any(map(self._is_ranked, self._about)):
            return
        for one, other in rivals(self._graph.quad_store):
            if self._about is None or not {one[0], other[0]}.isdisjoint(self._about):
                place = f"{self._label(one[1])} {value(one[2])}"
                both = f"{self._label(one[0])} and {self._label(other[0])}"
                yield "ordinals", f"{both} cannot both have {place} in one ranking", (one, other)

    def _is_ranked(self, thing: Term) -> bool:
        return any(objects(self._graph.quad_store, thing, place, STATED) for place in PLACES)

    def _rejected(self) -> _Found:
        """Yield the rejected claims whose fact is only inferred; shapes report stated facts."""
        find = self._graph.quad_store.quads_for_pattern
        if self._about is None:
            claims = named(quad.subject for quad in find(None, _STATUS, _REJECTED, None))
        else:
            claims = named(self._about)
            claims += named(
                quad.subject for thing in claims for quad in find(None, _CLAIM_SUBJECT, thing, None)
            )
        rejections = {
            (each, _STATUS, _REJECTED)
            for each in claims
            if any(find(each, _STATUS, _REJECTED, None))
        }
        inference = self._graph.inference
        for rejection in sorted(rejections, key=str):
            claim = rejection[0]
            given = [objects(self._graph.quad_store, claim, RKG + name) for name in _CLAIM]
            for fact in dict.fromkeys(product(given[0], given[1], given[2])):
                if self._about is not None and {claim, fact[0]}.isdisjoint(self._about):
                    continue
                if fact in inference and not inference.is_stated(fact):
                    proved = " ".join(map(self._label, fact))
                    message = f"{self._label(claim)} is rejected, but it is inferred that {proved}"
                    yield "rejected-claim", message, (rejection, fact)

    def _timed_otherwise(self) -> _Found:
        """Yield for each thing at most one date that contradicts its duration or its lag."""
        if self._about is None:
            timed = {thing for name in (*SPANS, *LAGS) for thing, _ in self._closure.pairs(name)}
        else:
            counted = product((LAG_FROM, LAG_TO_END_OF), self._about)
            lagging = starmap(self._closure.subjects, counted)
            timed = {
                thing
                for thing in {*self._about, *chain.from_iterable(lagging)}
                if any(self._closure.objects(thing, name) for name in (*SPANS, *LAGS))
            }
        for thing in sorted(timed, key=str):
            # The start and the end of a thing contradict the same duration or lag, so one suffices.
            yield from islice(self._timed(thing), 1)

    def _timed(self, thing: Term) -> _Found:
        for bound, opposite, is_late in _OPPOSITE:
            own, is_own = self._closure.values(thing, opposite)
            for given in own if is_own else ():
                for day, derivation in self._closure.shifted(thing, bound):
                    if value(day) > value(given) if is_late else value(day) < value(given):
                        by = "lag" if "lag" in derivation.rule.name else "duration"
                        side = "earliest" if is_late else "latest"
                        verb = "begin" if bound in (_START_1, _START_2) else "end"
                        words = self._label(thing), value(given), by, verb, value(day), side
                        facts = (thing, opposite, given), *derivation.premises
                        yield "bounds", _TIMED.format(*words), facts
