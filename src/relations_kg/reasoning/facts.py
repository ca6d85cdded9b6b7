"""Facts with terms encoded as numbers, indexed by subject and by object, and patterns on them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, field
from datetime import date

from pyoxigraph import Literal, NamedNode

from relations_kg.errors import InputError
from relations_kg.rdf.namespaces import XSD
from relations_kg.rdf.terms import Statement, Term, value
from relations_kg.reasoning.ontology import Pattern
from relations_kg.reasoning.rules import Shift

Fact = tuple[int, int, int]
# An encoded pattern: a variable is the index of its value, a constant is ~number, so negative.
Numbered = tuple[int, int, int]

UNBOUND = -1
_DATE = NamedNode(XSD + "date")

# The terms at the other end of a predicate's facts; a single term needs no list, to save memory.
_Ends = int | list[int]
_Index = defaultdict[int, dict[int, _Ends]]


@dataclass(frozen=True, slots=True)
class Change:
    """The inferred facts that a change added and removed, and the new given facts."""

    added: list[Statement]
    removed: list[Statement]
    given: list[Fact] = field(default_factory=list, compare=False, repr=False)


class Facts:
    """Facts encoded as triples of numbers, one for each term, indexed by subject and by object."""

    def __init__(self) -> None:
        self.terms: list[Term] = []
        self.literals: set[int] = set()
        self.known: set[Fact] = set()
        self._numbers: dict[Term, int] = {}
        # predicate → subject → objects, and predicate → object → subjects
        self._objects: _Index = defaultdict(dict)
        self._subjects: _Index = defaultdict(dict)

    def restore(self, terms: Iterable[Term]) -> None:
        """Add terms to an empty collection, numbered by their positions."""
        self.terms = list(terms)
        self._numbers = {term: number for number, term in enumerate(self.terms)}
        self.literals.update(n for n, term in enumerate(self.terms) if isinstance(term, Literal))

    def number(self, term: Term) -> int:
        """Return the number of a term; a new term gets the next number."""
        number = self._numbers.get(term)
        if number is None:
            number = self._numbers[term] = len(self.terms)
            self.terms.append(term)
            if isinstance(term, Literal):
                self.literals.add(number)
        return number

    def fact(self, statement: Statement) -> Fact:
        """Return the encoded form of a statement."""
        subject, predicate, object_ = statement
        numbers = self._numbers
        try:
            return numbers[subject], numbers[predicate], numbers[object_]
        except KeyError:
            return self.number(subject), self.number(predicate), self.number(object_)

    def statement(self, fact: Fact) -> Statement:
        """Return the statement that a fact encodes."""
        subject, predicate, object_ = fact
        return self.terms[subject], self.terms[predicate], self.terms[object_]

    def pattern(self, pattern: Pattern, places: dict[str, int]) -> Numbered:
        """Return the encoded form of a pattern; each new variable gets an index in `places`."""
        subject, predicate, object_ = pattern

        def numbered(term: Term | str) -> int:
            if isinstance(term, str):
                return places.setdefault(term, len(places))
            return ~self.number(term)

        return numbered(subject), self.number(predicate), numbered(object_)

    def shift(self, shift: Shift, places: dict[str, int]) -> Callable[[list[int]], bool]:
        """Return a function that sets the result of a shift among the values of a rule.

        It returns whether the day and the duration are valid.
        """
        day, duration, result = (places[name] for name in shift[:3])

        def calculate(values: list[int]) -> bool:
            try:
                start = date.fromisoformat(value(self.terms[values[day]]))
                shifted = shift.shift(start, value(self.terms[values[duration]]))
            except (ValueError, InputError):  # Bounds in the data may be invalid.
                return False
            values[result] = self.number(Literal(shifted.isoformat(), datatype=_DATE))
            return True

        return calculate

    def is_closer(self, fact: Fact, closest: Callable[..., Term]) -> bool:
        """Return whether `closest` prefers a fact's object to all known objects of its subject."""
        subject, predicate, object_ = fact
        known = [self.terms[each] for each in self.objects(predicate, subject)]
        new = self.terms[object_]
        return new not in known and closest(*known, new, new, key=value) == new

    def index(self, fact: Fact) -> None:
        """Add a new fact to the indexes."""
        s, p, o = fact
        objects, subjects = self._objects[p], self._subjects[p]
        if (ends := objects.setdefault(s, o)) is not o:
            _append(objects, s, ends, o)
        if (ends := subjects.setdefault(o, s)) is not s:
            _append(subjects, o, ends, s)

    def index_pairs(self, predicate: int, subjects: list[int], objects: list[int]) -> None:
        """Index the facts of a predicate that has no facts yet."""
        for index, keys, values in (
            (self._objects[predicate], subjects, objects),
            (self._subjects[predicate], objects, subjects),
        ):
            for key, other in zip(keys, values, strict=True):
                if (ends := index.setdefault(key, other)) is not other:
                    _append(index, key, ends, other)

    def discard(self, facts: Iterable[Fact]) -> None:
        """Remove known facts from the indexes; each list that contains them is rewritten once."""
        gone = set(facts)
        self.known -= gone
        for p, s in _shared(self._objects, {(p, s) for s, p, _ in gone}):
            objects = self._objects[p]
            objects[s] = [o for o in _all(objects[s]) if (s, p, o) not in gone]
        for p, o in _shared(self._subjects, {(p, o) for _, p, o in gone}):
            subjects = self._subjects[p]
            subjects[o] = [s for s in _all(subjects[o]) if (s, p, o) not in gone]

    def by_subject(self, predicate: int) -> Container[int]:
        """Return a live view of the subjects of a predicate."""
        return self._objects[predicate]

    def by_object(self, predicate: int) -> Container[int]:
        """Return a live view of the objects of a predicate."""
        return self._subjects[predicate]

    def objects(self, predicate: int, subject: int) -> Sequence[int]:
        """Return the objects of a subject and a predicate."""
        ends = self._objects[predicate].get(subject, ())
        return (ends,) if isinstance(ends, int) else ends

    def subjects(self, predicate: int, object_: int) -> Sequence[int]:
        """Return the subjects of a predicate and an object."""
        ends = self._subjects[predicate].get(object_, ())
        return (ends,) if isinstance(ends, int) else ends

    def links(
        self, terms: Set[int], predicates: Iterable[int], *, reverse: bool = False
    ) -> set[tuple[int, int]]:
        """Return subjects with their objects or, with `reverse`, objects with their subjects."""
        index, found = self._subjects if reverse else self._objects, set[tuple[int, int]]()
        for predicate in predicates:
            ends = index.get(predicate, {})
            for term in ends.keys() & terms:
                found.update([(term, end) for end in _all(ends[term])])
        return found

    def by_predicate(self) -> Iterator[tuple[int, list[tuple[int, int]]]]:
        """Yield each predicate with the subjects and objects of its facts."""
        for predicate in self._objects:
            yield predicate, list(self.pairs(predicate))

    def pairs(self, predicate: int) -> Iterator[tuple[int, int]]:
        """Yield the subjects and objects of a predicate."""
        for subject, objects in self._objects[predicate].items():
            for object_ in _all(objects):
                yield subject, object_

    def solutions(self, patterns: list[Numbered], values: list[int]) -> Iterator[None]:
        """Store each solution of the patterns in `values` in turn, and yield after each."""
        if not patterns:
            yield
            return
        (s, p, o), rest = patterns[0], patterns[1:]
        subject = values[s] if s >= 0 else ~s
        object_ = values[o] if o >= 0 else ~o
        if subject >= 0 and object_ >= 0:
            if (subject, p, object_) in self.known:
                yield from self.solutions(rest, values)
        elif subject >= 0:
            for values[o] in self.objects(p, subject):
                yield from self.solutions(rest, values)
            values[o] = UNBOUND
        elif object_ >= 0:
            for values[s] in self.subjects(p, object_):
                yield from self.solutions(rest, values)
            values[s] = UNBOUND
        else:
            for subject, object_ in list(self.pairs(p)):
                if s != o or subject == object_:
                    values[s], values[o] = subject, object_
                    yield from self.solutions(rest, values)
            values[s] = values[o] = UNBOUND


def _append(index: dict[int, _Ends], term: int, ends: _Ends, end: int) -> None:
    if isinstance(ends, int):
        index[term] = [ends, end]
    else:
        ends.append(end)


def _all(ends: int | Sequence[int]) -> Sequence[int]:
    return (ends,) if isinstance(ends, int) else ends


def _shared(index: _Index, keys: set[tuple[int, int]]) -> set[tuple[int, int]]:
    """Delete an index's entries with a single term, which most are; return the other keys."""
    single = {(p, term) for p, term in keys if not _all(index[p][term])[1:]}
    for p, term in single:
        del index[p][term]
    return keys - single


def bind(place: int, value: int, values: list[int]) -> bool:
    """Bind a variable to a value; return whether the value agrees with an earlier binding."""
    if value == UNBOUND:
        return True
    if place < 0:
        return ~place == value
    if values[place] not in (UNBOUND, value):
        return False
    values[place] = value
    return True


def filled(pattern: Numbered, values: list[int]) -> Fact:
    """Return the fact that a pattern becomes when its variables have these values."""
    s, p, o = pattern
    return values[s] if s >= 0 else ~s, p, values[o] if o >= 0 else ~o


def connected(patterns: list[Pattern], bound: set[str]) -> list[Pattern]:
    """Return the patterns in join order, each as selective as possible after those before it.

    A bound variable is more selective than a constant, which many facts can share, and a subject
    more than an object, which can be a hub.
    """

    def told(pattern: Pattern) -> tuple[int, int, bool]:
        subject, _, object_ = pattern
        variables = sum(isinstance(term, str) and term in bound for term in (subject, object_))
        constants = sum(not isinstance(term, str) for term in (subject, object_))
        return variables, constants, subject in bound

    ordered: list[Pattern] = []
    while patterns:
        best = max(patterns, key=told)
        patterns.remove(best)
        ordered.append(best)
        bound.update(term for term in (best[0], best[2]) if isinstance(term, str))
    return ordered
