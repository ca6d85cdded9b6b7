"""Facts with terms encoded as numbers and indexed, and the solutions of patterns in them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Container, Iterable, Iterator, Sequence, Set
from datetime import date

from pyoxigraph import Literal, NamedNode, Quad

from relations_kg.errors import InputError
from relations_kg.rdf.namespaces import XSD
from relations_kg.rdf.terms import Statement, Term, value
from relations_kg.reasoning.fact_sets import Fact, FactSet, Pair
from relations_kg.reasoning.ontology import Pattern
from relations_kg.reasoning.rules import Shift

# An encoded pattern. A subject or object is the index of a variable's value, or ~number, which is
# negative, for a constant. The predicate is the number of a term.
Numbered = tuple[int, int, int]

UNBOUND = -1
_ONCE = (None,)  # the only solution of no patterns, which needs no generator
_DATE = NamedNode(XSD + "date")

# The terms at the other end of a predicate's facts; a single term needs no list, to save memory.
_Ends = int | list[int]


class _Numbers(dict[Term, int]):
    """The numbers of terms; a new term gets the next number."""

    def __init__(self, terms: list[Term], literals: set[int]) -> None:
        super().__init__(zip(terms, range(len(terms)), strict=True))
        self._terms, self._literals = terms, literals

    def __missing__(self, term: Term) -> int:
        number = self[term] = len(self._terms)
        self._terms.append(term)
        if isinstance(term, Literal):
            self._literals.add(number)
        return number


class _Index(dict[int, dict[int, _Ends]]):
    """Predicate → subject → objects or, reversed, predicate → object → subjects.

    The index of a predicate is built when it is first used, since few predicates need one.
    """

    def __init__(self, known: FactSet, *, reverse: bool = False) -> None:
        super().__init__()
        self._known, self._reverse = known, reverse

    def __missing__(self, predicate: int) -> dict[int, _Ends]:
        # It is built in another object, since other threads may ask for it meanwhile.
        built = _Index(self._known, reverse=self._reverse)
        built[predicate] = {}
        built.add(predicate, self._known.pairs.get(predicate, ()))
        return self.setdefault(predicate, built[predicate])

    def add(self, predicate: int, pairs: Iterable[Pair]) -> None:
        """Add new pairs to the index of a predicate, if it is built."""
        ends = self.get(predicate)
        if ends is None:
            return
        for key, other in [(o, s) for s, o in pairs] if self._reverse else pairs:
            if (known := ends.setdefault(key, other)) is not other:
                if isinstance(known, int):
                    ends[key] = [known, other]
                else:
                    known.append(other)

    def discard(self, predicate: int, pairs: Iterable[Pair]) -> None:
        """Remove pairs from the index of a predicate.

        Each list of ends is read once, from its last end, until all removed ends are found. So what
        was added last is removed without reading the whole list, which is long for a hub.
        """
        entries = self.get(predicate)
        if entries is None:
            return
        gone: dict[int, set[int]] = defaultdict(set)
        for key, other in ((o, s) for s, o in pairs) if self._reverse else pairs:
            gone[key].add(other)
        for key, others in gone.items():
            ends = entries[key]
            if isinstance(ends, int):
                ends = [ends]
            start, left = len(ends), len(others)
            while left and start:
                start -= 1
                left -= ends[start] in others
            ends[start:] = [end for end in ends[start:] if end not in others]
            if not ends:
                del entries[key]
            elif len(ends) == 1:
                entries[key] = ends[0]


class Facts:
    """Facts encoded as triples of numbers, one for each term, indexed by subject and by object.

    `given` are the facts that were added as given, whether or not they also follow from others.
    """

    def __init__(self, terms: Iterable[Term] = ()) -> None:
        """Begin without facts, with terms that are numbered by their positions."""
        self.terms = list(terms)
        self.literals = {n for n, term in enumerate(self.terms) if isinstance(term, Literal)}
        self.known, self.given = FactSet(), FactSet()
        self._numbers = _Numbers(self.terms, self.literals)
        self._objects, self._subjects = _Index(self.known), _Index(self.known, reverse=True)

    def copied(self) -> Facts:
        """Return a copy, whose changes do not change this one."""
        made = Facts(self.terms)
        made.known.update(self.known)
        made.given.update(self.given)
        return made

    def seen(self, predicate: int) -> Set[Pair]:
        """Return the pairs of a predicate that a saved state must cover: all derived ones.

        A subclass that knows a saved state returns only the pairs whose derivation may differ.
        """
        return self.known.pairs[predicate] - self.given.pairs[predicate]

    def needs_all(self, number: int) -> bool:
        """Return whether a change of a number of facts is faster with all facts in memory."""
        return False

    def linked_at_first(self, predicate: int) -> Iterable[int]:
        """Return the subjects that a transitive predicate links in a saved state; here, none."""
        return ()

    def links_at_first(self, predicate: int, subject: int) -> Iterable[int]:
        """Return the objects to which a predicate links a subject in a saved state; here, none."""
        return ()

    def given_at_first(self, predicate: int, subject: int) -> int:
        """Return how many objects of a subject and a predicate a saved state gives; here, none."""
        return 0

    def number(self, term: Term) -> int:
        """Return the number of a term; a new term gets the next number."""
        return self._numbers[term]

    def fact(self, statement: Statement) -> Fact:
        """Return the encoded form of a statement."""
        subject, predicate, object_ = statement
        numbers = self._numbers
        return numbers[subject], numbers[predicate], numbers[object_]

    def facts(self, statements: Iterable[Statement]) -> FactSet:
        """Return the encoded forms of statements."""
        found, numbers = FactSet(), self._numbers
        pairs = found.pairs
        for subject, predicate, object_ in statements:
            pairs[numbers[predicate]].add((numbers[subject], numbers[object_]))
        return found

    def ends(self, quads: Iterable[Quad]) -> set[Pair]:
        """Return the encoded subjects and objects of quads; each quad is freed at once."""
        numbers = self._numbers
        return {(numbers[q.subject], numbers[q.object]) for q in quads}  # type: ignore[index]

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

        The function returns whether the day and the duration are valid.
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

    def add(self, predicate: int, pairs: Collection[Pair]) -> None:
        """Add facts of a predicate, none of which is known."""
        self.known.pairs[predicate].update(pairs)
        self._objects.add(predicate, pairs)
        self._subjects.add(predicate, pairs)

    def discard(self, facts: FactSet) -> None:
        """Remove known facts."""
        self.known.difference_update(facts)
        for predicate, pairs in facts.pairs.items():
            self._objects.discard(predicate, pairs)
            self._subjects.discard(predicate, pairs)

    def by_subject(self, predicate: int) -> Container[int]:
        """Return a live view of the subjects of a predicate."""
        return self._objects[predicate]

    def by_object(self, predicate: int) -> Container[int]:
        """Return a live view of the objects of a predicate."""
        return self._subjects[predicate]

    def objects(self, predicate: int, subject: int) -> Collection[int]:
        """Return the objects of a subject and a predicate."""
        ends = self._objects[predicate].get(subject, ())
        return (ends,) if isinstance(ends, int) else ends

    def subjects(self, predicate: int, object_: int) -> Collection[int]:
        """Return the subjects of a predicate and an object."""
        ends = self._subjects[predicate].get(object_, ())
        return (ends,) if isinstance(ends, int) else ends

    def links(
        self, terms: Set[int], predicates: Iterable[int], *, reverse: bool = False
    ) -> set[tuple[int, int]]:
        """Return subjects with their objects or, with `reverse`, objects with their subjects."""
        index, found = self._subjects if reverse else self._objects, set[tuple[int, int]]()
        for predicate in filter(self.known.pairs.get, predicates):
            ends = index[predicate]
            for term in ends.keys() & terms:
                found.update([(term, end) for end in _all(ends[term])])
        return found

    def naming(self, objects: Set[int], predicates: Iterable[int]) -> dict[int, set[int]]:
        """Return the subjects of predicates, each with those of the objects that it has.

        This reads all facts of the predicates, and needs no index.
        """
        found: dict[int, set[int]] = defaultdict(set)
        for predicate in predicates:
            for subject, object_ in self.pairs(predicate):
                if object_ in objects:
                    found[subject].add(object_)
        return found

    def pairs(self, predicate: int) -> Collection[Pair]:
        """Return the subjects and objects of a predicate."""
        return self.known.pairs.get(predicate, ())

    def solutions(self, patterns: list[Numbered], values: list[int]) -> Iterator[None]:
        """Store each solution of the patterns in `values` in turn, and yield after each."""
        if not patterns:
            yield
            return
        (s, p, o), rest = patterns[0], patterns[1:]
        subject = values[s] if s >= 0 else ~s
        object_ = values[o] if o >= 0 else ~o
        if subject >= 0 and object_ >= 0:
            if (subject, object_) in self.pairs(p):
                yield from self.solutions(rest, values) if rest else _ONCE
        elif subject >= 0:
            for values[o] in self.objects(p, subject):
                yield from self.solutions(rest, values) if rest else _ONCE
            values[o] = UNBOUND
        elif object_ >= 0:
            for values[s] in self.subjects(p, object_):
                yield from self.solutions(rest, values) if rest else _ONCE
            values[s] = UNBOUND
        else:
            for subject, object_ in list(self.pairs(p)):
                if s != o or subject == object_:
                    values[s], values[o] = subject, object_
                    yield from self.solutions(rest, values)
            values[s] = values[o] = UNBOUND


def _all(ends: int | Sequence[int]) -> Sequence[int]:
    return (ends,) if isinstance(ends, int) else ends


def bind(place: int, value: int, values: list[int]) -> bool:
    """Bind a place of a pattern to a value; return False if its constant or value differs."""
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
