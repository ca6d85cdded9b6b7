"""The places of violations in the submitted files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

from pyoxigraph import Literal, NamedNode

from relations_kg.answers.knowledge import Knowledge
from relations_kg.rdf.namespaces import RKG, STATED
from relations_kg.rdf.terms import TYPE, Statement, Term, objects, value
from relations_kg.reader.places import Place
from relations_kg.reasoning.bounds import CALCULATED
from relations_kg.reasoning.ontology import superclasses
from relations_kg.validation.findings import Related
from relations_kg.validation.submission import Spot, Submission
from relations_kg.validation.violations import Violation

_ABOUT_TERMS = (
    *("derived", "disjoint-classes", "foreign-term", "misplaced", "unknown-term"),
    "wrong-subject",
)
_ABOUT_PAIRS = ("disjoint", "less-than", "less-than-or-equals")
_ABOUT_COUNTS = ("max-count", "unique-lang")

# The place of the wrong term, and other places to look at.
Placed = tuple[Spot | None, list[Related]]


class Placing:
    """The facts of submissions by their terms, and the places of the terms."""

    def __init__(self, graph: Knowledge, submissions: Sequence[Submission]) -> None:
        self._graph = graph
        self._submissions = submissions
        self._by_predicate: dict[Term, dict[Term, list[Statement]]] = {}

    def of(self, violation: Violation) -> Placed:
        """Return the place of the wrong term of a violation, and other places to look at."""
        focus, at_fault = violation.focus, violation.value
        if not self._submissions:
            return None, []
        if violation.code in _ABOUT_COUNTS:
            return self._one_too_many(violation)
        if violation.code in _ABOUT_PAIRS:
            return self._later_value(violation)
        spots: list[Spot] = []
        if violation.code in _ABOUT_TERMS and at_fault is not None:
            if other := violation.bindings.get("other"):
                spots = self._classes_below(focus, at_fault) + self._classes_below(focus, other)
                return _placed(sorted(spots, key=_order, reverse=True), "the other class")
            spots = self.spots(self._facts_with(focus, at_fault), 1)
            spots += self.spots(self._facts_with(focus, None, at_fault), 2)
        elif violation.path and at_fault is not None:
            spots = self.spots([(focus, NamedNode(violation.path), at_fault)], 2)
        elif at_fault is not None and at_fault != focus:
            links = self._facts_with(focus, None, at_fault)
            spots = self.spots(links or self._facts_with(at_fault, None, focus), 2)
            if not spots and not value(at_fault).startswith(RKG):
                return self._later_thing(focus, at_fault)
        return _placed((spots or self._head(focus) or self._mention(violation))[:1])

    def contradicting(self, leaves: Sequence[Statement]) -> tuple[list[Spot], list[Related]]:
        """Return the places of the objects of stated facts, and other places to look at."""
        spots = self.spots(leaves, 2)
        known = [Related("this fact contradicts it", place) for place in self._origins(leaves)]
        return spots, [*_placed(spots, "this fact too")[1], *known[:1]]

    def spots(self, facts: Iterable[Statement], role: int) -> list[Spot]:
        """Return the places of the subjects (0), predicates (1) or objects (2) of facts."""
        return [
            spot
            for fact in facts
            for submission in self._submissions
            for spot in submission.spots(fact, role)
        ]

    def is_unread(self, violation: Violation, spot: Spot) -> bool:
        """Return whether a missing value or class may be in text that cannot be parsed."""
        if violation.focus in self._unread and spot in self._head(violation.focus):
            return True
        is_link = violation.code in ("dangling-link", "class", "or")
        return is_link and violation.value in self._unread

    @cached_property
    def _unread(self) -> set[Term]:
        return {node for submission in self._submissions for node in submission.unread}

    @cached_property
    def _indexes(self) -> tuple[dict[Term, list[Statement]], dict[Term, list[Statement]]]:
        """The facts by subject, and the facts by object."""
        by_subject: dict[Term, list[Statement]] = {}
        by_object: dict[Term, list[Statement]] = {}
        for submission in self._submissions:
            for fact in submission.locations.facts():
                by_subject.setdefault(fact[0], []).append(fact)
                by_object.setdefault(fact[2], []).append(fact)
        return by_subject, by_object

    def _of_subject(self, subject: Term) -> dict[Term, list[Statement]]:
        """Return the facts about a subject by predicate, cached for many violations."""
        if subject not in self._by_predicate:
            found = self._by_predicate[subject] = {}
            for fact in self._indexes[0].get(subject, []):
                found.setdefault(fact[1], []).append(fact)
        return self._by_predicate[subject]

    def _facts_with(
        self, subject: Term | None, predicate: Term | None = None, object_: Term | None = None
    ) -> list[Statement]:
        by_subject, by_object = self._indexes
        if subject is None:
            assert object_ is not None
            found = by_object.get(object_, [])
        elif predicate is None:
            found = by_subject.get(subject, [])
        else:
            found = self._of_subject(subject).get(predicate, [])
        if object_ is None or (subject is None and predicate is None):
            return found
        return [fact for fact in found if predicate in (None, fact[1]) and object_ == fact[2]]

    def _head(self, subject: Term) -> list[Spot]:
        """Return the beginning of the first block about a thing, if any."""
        return self.spots(self._facts_with(subject)[:1], 0)[:1]

    def _classes_below(self, focus: Term, kind: Term) -> list[Spot]:
        """Return the places where a thing is given a class or one of its subclasses."""
        stated = self._facts_with(focus, TYPE)
        return self.spots(
            (f for f in stated if kind in (f[2], *superclasses(self._graph.quad_store, f[2]))), 2
        )

    def _one_too_many(self, violation: Violation) -> Placed:
        """Return the place of the second value if there are too many."""
        focus, path = violation.focus, NamedNode(violation.path or "")
        facts = self._facts_with(focus, path)
        if violation.code == "unique-lang":
            texts = objects(self._graph.quad_store, focus, path.value)
            tags = Counter(text.language for text in texts if isinstance(text, Literal))
            facts = [f for f in facts if isinstance(f[2], Literal) and tags[f[2].language] > 1]
        spots = sorted(self.spots(facts, 2), key=_order)
        if len(spots) == 1:
            known = self._known(focus, path, without=facts)
            return spots[0], [Related("the known value", place) for place in known]
        return _placed(spots[1::-1] or self._head(focus), "the first value")

    def _later_value(self, violation: Violation) -> Placed:
        """Return the place of the later of two conflicting values."""
        spots: list[Spot] = []
        for path in (violation.path, violation.expected and value(violation.expected)):
            bound = NamedNode(path or "")
            names = [name for name, bounds in CALCULATED.items() if bound in bounds] or [bound]
            facts = [fact for name in names for fact in self._facts_with(violation.focus, name)]
            if violation.code == "disjoint":
                facts = [fact for fact in facts if fact[2] == violation.value]
            spots += self.spots(facts, 2)
        spots = sorted(dict.fromkeys(spots), key=_order)
        if len(spots) > 1:
            spots = [spots[-1], spots[0]]
        return _placed(spots or self._head(violation.focus), "the other value")

    def _later_thing(self, one: Term, other: Term) -> Placed:
        """Return the place of the later of two conflicting things."""
        spots = sorted([*self._head(one), *self._head(other)], key=_order, reverse=True)
        if len(spots) == 1:
            known = self._known(other if self._facts_with(one) else one, TYPE)
            return spots[0], [Related("the other thing", place) for place in known]
        if spots:
            return _placed(spots, "the other thing")
        links = [*self._facts_with(None, None, other), *self._facts_with(None, None, one)]
        return _placed((self.spots(links, 2) or self._beginning())[:1])

    def _mention(self, violation: Violation) -> list[Spot]:
        """Return the places that mention a term of a violation, or the beginning of the facts."""
        for term in (violation.value, *violation.bindings.values(), violation.focus):
            if term is not None:
                links = self._facts_with(None, None, term)
                if found := self.spots(links, 2) or self._head(term):
                    return found
        return self._beginning()

    def _beginning(self) -> list[Spot]:
        facts = (fact for submission in self._submissions for fact in submission.facts)
        return next(filter(None, (self.spots([fact], 0) for fact in facts)), [])

    def _known(
        self, subject: Term, predicate: NamedNode, without: Sequence[Statement] = ()
    ) -> Iterator[Place]:
        """Yield the places of facts in the graph's own files."""
        if not isinstance(subject, Literal):
            stated = objects(self._graph.quad_store, subject, predicate.value, STATED)
            facts = ((subject, predicate, object_) for object_ in stated)
            yield from self._origins(fact for fact in facts if fact not in without)

    def _origins(self, facts: Iterable[Statement]) -> Iterator[Place]:
        return (place for fact in facts if (place := self._graph.place(fact)))


def _order(spot: Spot) -> tuple[object, ...]:
    return (spot.submission.name, spot.place)


def _placed(spots: Sequence[Spot], message: str = "") -> Placed:
    """Return the first place as the place of the mistake, and the second as a related place."""
    first = spots[0] if spots else None
    return first, [Related(message, spot.place) for spot in spots[1:2]]
