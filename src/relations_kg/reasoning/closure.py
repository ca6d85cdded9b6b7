"""The closure of facts under rules, kept up to date as facts come and go."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import combinations
from typing import NamedTuple

from pyoxigraph import NamedNode

from relations_kg.reasoning.facts import UNBOUND, Fact, Facts, Numbered, bind, connected, filled
from relations_kg.reasoning.ontology import Pattern
from relations_kg.reasoning.rules import Rule
from relations_kg.terms import Statement, Term

# Takes the subject and the object of a fact and hands on each head that follows from it.
_Fire = Callable[[int, int, Callable[[Fact], None]], None]
# A rule to fire, if the fact's subject (else its object) is found there: mostly it is not.
_Plan = tuple[Mapping[int, Sequence[int]] | None, bool, _Fire]


class Change(NamedTuple):
    """Say what follows now and did not before, and what followed before and does not now."""

    added: list[Statement]
    removed: list[Statement]


class Derivation(NamedTuple):
    """Say by which rule a fact follows, and from which premises in the order of its body."""

    rule: Rule
    premises: tuple[Statement, ...]


class Closure:
    """Keep given facts and what follows from them.

    Facts are taken one by one and joined with those already there, so that adding and removing
    cost what they bring about and not what was known before. A predicate in `defaults` is
    derived only for subjects that are given no value for it.

    >>> a, b, c, p = (NamedNode("urn:" + name) for name in "abcp")
    >>> closure = Closure([Rule("p is transitive", (("x", p, "y"), ("y", p, "z")), ("x", p, "z"))])
    >>> [(s.value, o.value) for s, _, o in closure.add([(a, p, b), (b, p, c)]).added]
    [('urn:a', 'urn:c')]
    >>> len(closure.remove([(a, p, b)]).removed)
    1
    """

    def __init__(self, rules: Iterable[Rule], defaults: Iterable[NamedNode] = ()) -> None:
        self.rules = list(rules)
        self.predicates = {p for rule in self.rules for _, p, _ in (*rule.body, rule.head)}
        self._facts = Facts()
        self._given: set[Fact] = set()
        self._defaults = {self._facts.number(predicate) for predicate in defaults}
        # How many values a subject is given for a default predicate.
        self._own: dict[tuple[int, int], int] = {}
        # What to do about a new fact, by its predicate or by predicate and object.
        self._plans: dict[int | tuple[int, int], list[_Plan]] = {}
        for rule in self.rules:
            for trigger in range(len(rule.body)):
                self._plan(rule, trigger)

    def add(self, statements: Iterable[Statement]) -> Change:
        """Give facts."""
        told = dict.fromkeys(map(self._facts.fact, statements))
        given = [fact for fact in told if fact not in self._given]
        del told
        blocked = self._give(given)
        was_derived = {fact for fact in given if fact in self._facts.known} | blocked
        if blocked:
            self._delete(blocked, was_derived)
        emitted = self._spread([fact for fact in given if fact not in self._facts.known])
        return self._change(was_derived, emitted)

    def remove(self, statements: Iterable[Statement]) -> Change:
        """Take given facts back; what still follows from others stays as a derived fact."""
        taken = {fact for fact in map(self._facts.fact, statements) if fact in self._given}
        self._given -= taken
        unblocked = []
        for fact in taken:
            if fact[1] in self._defaults:
                self._own[fact[:2]] -= 1
                if not self._own[fact[:2]]:
                    unblocked.append(fact[:2])
        was_derived: set[Fact] = set()
        emitted = self._delete(taken, was_derived)
        for subject, predicate in unblocked:
            heads = {head for head, _, _ in self._backward(subject, predicate, UNBOUND)}
            emitted += self._spread(
                [head for head in heads if head not in self._facts.known], heads
            )
        was_derived -= taken
        return self._change(was_derived, emitted)

    def derivations(self, statement: Statement) -> Iterator[Derivation]:
        """Yield each way in which one rule gives a fact from facts that hold.

        A default predicate's value that the subject is given is derived as if it were not given.
        """
        subject, predicate, object_ = self._facts.fact(statement)
        for _, rule, premises in self._backward(subject, predicate, object_):
            yield Derivation(rule, tuple(map(self._facts.statement, premises)))

    def nearest(
        self, rule: Rule, statement: Statement
    ) -> list[tuple[tuple[Statement, ...], tuple[Pattern, ...]]]:
        """Return the premises of a rule for a fact that hold, and the patterns that nothing fits.

        The list is empty where the rule cannot give the fact, and else has one entry, with as few
        patterns left as can be; what is known of their variables is filled in.
        """
        subject, predicate, object_ = self._facts.fact(statement)
        places: dict[str, int] = {}
        head = self._facts.pattern(rule.head, places)
        body = [self._facts.pattern(pattern, places) for pattern in rule.body]
        for size in range(len(body), -1, -1):
            for kept in combinations(body, size):
                values = [UNBOUND] * len(places)
                if head[1] != predicate or not (
                    bind(head[0], subject, values) and bind(head[2], object_, values)
                ):
                    return []
                for _ in self._facts.solutions(list(kept), values):
                    names = {place: name for name, place in places.items()}
                    held = tuple(self._facts.statement(filled(pattern, values)) for pattern in kept)
                    left = [pattern for pattern in body if pattern not in kept]
                    return [(held, tuple(self._pattern(p, values, names) for p in left))]
        return []

    def _pattern(self, numbered: Numbered, values: list[int], names: dict[int, str]) -> Pattern:
        def term(place: int) -> Term | str:
            number = values[place] if place >= 0 else ~place
            return names[place] if number == UNBOUND else self._facts.terms[number]

        predicate = self._facts.terms[numbered[1]]
        assert isinstance(predicate, NamedNode)
        return term(numbered[0]), predicate, term(numbered[2])

    def objects(self, subject: Term, predicate: Term) -> list[Term]:
        """List the objects that hold of a subject and a predicate."""
        number, terms = self._facts.number, self._facts.terms
        return [terms[o] for o in self._facts.objects(number(predicate), number(subject))]

    def subjects(self, predicate: Term, object_: Term) -> list[Term]:
        """List the subjects that hold of a predicate and an object."""
        number, terms = self._facts.number, self._facts.terms
        return [terms[s] for s in self._facts.subjects(number(predicate), number(object_))]

    def pairs(self, predicate: Term) -> list[tuple[Term, Term]]:
        """List the subjects and objects that hold of a predicate."""
        terms = self._facts.terms
        return [(terms[s], terms[o]) for s, o in self._facts.pairs(self._facts.number(predicate))]

    def has_own(self, subject: Term, predicate: Term) -> bool:
        """Tell whether a subject is given a value for a default predicate."""
        return bool(self._own.get((self._facts.number(subject), self._facts.number(predicate))))

    def is_given(self, statement: Statement) -> bool:
        """Tell whether a fact was given, whatever else it follows from."""
        return self._facts.fact(statement) in self._given

    def __contains__(self, statement: Statement) -> bool:
        return self._facts.fact(statement) in self._facts.known

    def _give(self, given: list[Fact]) -> set[Fact]:
        """Note facts as given; return the derived ones that they stand in the way of."""
        blocked: set[Fact] = set()
        self._given.update(given)
        for subject, predicate, _ in given if self._defaults else ():
            if predicate in self._defaults:
                key = (subject, predicate)
                if not self._own.get(key):
                    known = self._facts.objects(predicate, subject)
                    blocked.update((subject, predicate, object_) for object_ in known)
                self._own[key] = self._own.get(key, 0) + 1
        return blocked - self._given

    def _spread(self, queue: list[Fact], derived: Iterable[Fact] = ()) -> list[Fact]:
        """Take in facts and all that follows; return what follows, and those already `derived`."""
        facts, own, defaults = self._facts.known, self._own, self._defaults
        literals, index, fire = self._facts.literals, self._facts.index, self._fire
        facts.update(queue)
        count = len(queue)

        def emit(fact: Fact) -> None:
            if fact in facts or fact[0] in literals:
                return
            if not (fact[1] in defaults and own.get(fact[:2])):
                facts.add(fact)
                queue.append(fact)

        for fact in queue:
            index(fact)
            fire(fact, emit)
        return [*derived, *queue[count:]]

    def _fire(self, fact: Fact, emit: Callable[[Fact], None]) -> None:
        """Hand on each head that follows in one step from a fact and those already there."""
        s, p, o = fact
        for key in (p, (p, o)):
            for known, by_subject, fire in self._plans.get(key, ()):
                if known is None or known.get(s if by_subject else o):
                    fire(s, o, emit)

    def _delete(self, roots: set[Fact], was_derived: set[Fact]) -> list[Fact]:
        """Delete facts and all that rested on them, then derive again what still follows.

        First all that may rest on the roots goes, then what other facts bear out comes back:
        facts that only bear out one another would else never go.
        """
        doomed = set(roots)
        stack = list(roots)

        def doom(fact: Fact) -> None:
            if fact in self._facts.known and fact not in self._given and fact not in doomed:
                doomed.add(fact)
                stack.append(fact)

        while stack:
            self._fire(stack.pop(), doom)
        was_derived |= doomed
        self._facts.discard(doomed)
        back = [
            fact
            for fact in doomed
            if not (fact[1] in self._defaults and self._own.get(fact[:2]))
            and any(True for _ in self._backward(*fact))
        ]
        return self._spread(back, list(back))

    def _change(self, was_derived: set[Fact], emitted: list[Fact]) -> Change:
        facts, given = self._facts.known, self._given
        terms = self._facts.terms
        if was_derived:
            emitted = [fact for fact in emitted if fact not in was_derived]
        return Change(
            [(terms[s], terms[p], terms[o]) for s, p, o in emitted],
            [self._facts.statement(f) for f in was_derived if f not in facts or f in given],
        )

    def _backward(
        self, subject: int, predicate: int, object_: int
    ) -> Iterator[tuple[Fact, Rule, tuple[Fact, ...]]]:
        """Yield the rules and premises that give facts of this pattern from facts that hold."""
        for rule, head in self._by_head.get(predicate, ()):
            values = [UNBOUND] * 3 * (1 + len(rule.body))
            if not (bind(head[0], subject, values) and bind(head[2], object_, values)):
                continue
            places: dict[str, int] = {}
            self._facts.pattern(rule.head, places)
            known = {name for name, place in places.items() if values[place] != UNBOUND}
            body = [self._facts.pattern(pattern, places) for pattern in rule.body]
            ordered = [self._facts.pattern(p, places) for p in connected(list(rule.body), known)]
            for _ in self._facts.solutions(ordered, values):
                premises = tuple(filled(pattern, values) for pattern in body)
                yield filled(head, values), rule, premises

    @cached_property
    def _by_head(self) -> dict[int, list[tuple[Rule, Numbered]]]:
        """The rules by the predicate of what they give, which most facts are not of."""
        rules: dict[int, list[tuple[Rule, Numbered]]] = {}
        for rule in self.rules:
            head = self._facts.pattern(rule.head, {})
            rules.setdefault(head[1], []).append((rule, head))
        return rules

    def _plan(self, rule: Rule, trigger: int) -> None:
        places: dict[str, int] = {}
        first = self._facts.pattern(rule.body[trigger], places)
        rest = [pattern for place, pattern in enumerate(rule.body) if place != trigger]
        joins = [self._facts.pattern(pattern, places) for pattern in connected(rest, set(places))]
        head = self._facts.pattern(rule.head, places)
        key = (first[1], ~first[2]) if first[2] < 0 else first[1]
        fire = self._firing(first, joins, head, len(places))
        self._plans.setdefault(key, []).append((*self._first_look(first, joins), fire))

    def _firing(self, first: Numbered, joins: list[Numbered], head: Numbered, width: int) -> _Fire:
        (s, _, o), (head_s, head_p, head_o) = first, head

        if not joins and s >= 0 and s != o:
            # Most rules have one premise, and most facts meet several of them.
            def fire_one(subject: int, object_: int, emit: Callable[[Fact], None]) -> None:
                emit(
                    (
                        ~head_s if head_s < 0 else subject if head_s == s else object_,
                        head_p,
                        ~head_o if head_o < 0 else subject if head_o == s else object_,
                    )
                )

            return fire_one

        def fire(subject: int, object_: int, emit: Callable[[Fact], None]) -> None:
            values = [UNBOUND] * width
            if bind(s, subject, values) and bind(o, object_, values):
                for _ in self._facts.solutions(joins, values):
                    emit(filled(head, values))

        return fire

    def _first_look(
        self, first: Numbered, joins: list[Numbered]
    ) -> tuple[Mapping[int, Sequence[int]] | None, bool]:
        """Return where to look whether a rule can fire at all, and whether for the subject.

        There is nowhere to look if the first join shares no variable with the new fact.
        """
        if joins:
            (s, _, o), (j_s, predicate, j_o) = first, joins[0]
            for place, look in ((j_s, self._facts.by_subject), (j_o, self._facts.by_object)):
                if place >= 0 and place in (s, o):
                    return look(predicate), place == s
        return None, False
