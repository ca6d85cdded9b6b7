"""Rules applied forwards: from a new fact and the known facts to the heads that follow."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable

from relations_kg.reasoning.facts import UNBOUND, Fact, Facts, Numbered, bind, connected, filled
from relations_kg.reasoning.rules import Rule

# A function that takes the subject and the object of a fact and emits each head that follows.
_Fire = Callable[[int, int, Callable[[Fact], None]], None]
# A rule: the terms of its first look-up, whether the fact's subject is looked up there (or else its
# object), whether the rule shifts a day, and its function. The rule fires only if the look-up
# succeeds, which is rare.
_Plan = tuple[Container[int] | None, bool, bool, _Fire]
# The predicate of a fact, or its predicate and object.
_Key = int | tuple[int, int]


class Forward:
    """Rules compiled into functions, found by the predicate and object of a new fact."""

    def __init__(self, facts: Facts, rules: Iterable[Rule]) -> None:
        self._facts = facts
        # The rules that a new fact may fire, by its predicate or by its predicate and object, each
        # with the place of the fact in its body. They are compiled when such a fact is added.
        self._rules: dict[_Key, list[tuple[Rule, int]]] = {}
        self._plans: dict[_Key, list[_Plan]] = {}
        # The predicates with rules that a fact fires only if it has a particular object.
        self._selective: set[int] = set()
        for rule in rules:
            for trigger, (_, name, object_) in enumerate(rule.body):
                predicate = facts.number(name)
                key: _Key = predicate
                if not isinstance(object_, str):
                    key = predicate, facts.number(object_)
                    self._selective.add(predicate)
                self._rules.setdefault(key, []).append((rule, trigger))

    def fire(
        self,
        fact: Fact,
        emit: Callable[[Fact], None],
        emit_shifted: Callable[[Fact], None] | None = None,
    ) -> None:
        """Emit each head that follows in one step from a fact and the known facts.

        Heads of rules that shift a day go to `emit_shifted`, if it is given.
        """
        s, p, o = fact
        for key in (p, (p, o)) if p in self._selective else (p,):
            plans = self._plans.get(key)
            if plans is None:
                if key not in self._rules:
                    continue
                plans = self._plans[key] = [self._plan(*each) for each in self._rules.pop(key)]
            for known, by_subject, shifts, fire in plans:
                if known is None or (s if by_subject else o) in known:
                    fire(s, o, emit_shifted if shifts and emit_shifted else emit)

    def _plan(self, rule: Rule, trigger: int) -> _Plan:
        places: dict[str, int] = {}
        first = self._facts.pattern(rule.body[trigger], places)
        rest = [pattern for place, pattern in enumerate(rule.body) if place != trigger]
        joins = [self._facts.pattern(pattern, places) for pattern in connected(rest, set(places))]
        head = self._facts.pattern(rule.head, places)
        shift = self._facts.shift(rule.shift, places) if rule.shift else None
        fire = self._firing(first, joins, head, len(places), shift)
        return (*self._first_look(first, joins), shift is not None, fire)

    def _firing(
        self,
        first: Numbered,
        joins: list[Numbered],
        head: Numbered,
        width: int,
        shift: Callable[[list[int]], bool] | None,
    ) -> _Fire:
        (s, _, o), (head_s, head_p, head_o) = first, head

        if not joins and s >= 0 and s != o:
            # Most rules have one premise and most facts match several rules: this path is hot.
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
                    if shift is None or shift(values):
                        emit(filled(head, values))

        return fire

    def _first_look(
        self, first: Numbered, joins: list[Numbered]
    ) -> tuple[Container[int] | None, bool]:
        """Return the terms among which a rule first looks up the new fact's subject or object.

        The second value is whether it looks up the subject. The terms are None if the first join
        shares no variable with the new fact.
        """
        if joins:
            (s, _, o), (j_s, predicate, j_o) = first, joins[0]
            for place, look in ((j_s, self._facts.by_subject), (j_o, self._facts.by_object)):
                if place >= 0 and place in (s, o):
                    return look(predicate), place == s
        return None, False
