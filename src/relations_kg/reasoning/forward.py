"""Rules applied forwards: from new facts and the known facts to the heads that follow."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Container, Iterable

from relations_kg.reasoning.fact_sets import Pair
from relations_kg.reasoning.facts import UNBOUND, Facts, Numbered, bind, filled
from relations_kg.reasoning.rules import Rule, connected

# A function that receives facts which follow: their predicate, and their subjects and objects.
Emit = Callable[[int, Collection[Pair]], None]
# A function that takes facts of one predicate and emits each head that follows.
_Fire = Callable[[Collection[Pair], Emit], None]
# The predicate of a fact, or its predicate and object.
_Key = int | tuple[int, int]
_FEW = 50  # the most facts that are joined without looking up their matches first


class Forward:
    """Rules compiled into functions, found by the predicate and object of new facts."""

    def __init__(self, facts: Facts, rules: Iterable[Rule]) -> None:
        self._facts = facts
        # The rules that a new fact may fire, by its predicate or by its predicate and object, each
        # with the place of the fact in its body. They are compiled when such a fact is first added.
        self._rules: dict[_Key, list[tuple[Rule, int]]] = {}
        self._plans: dict[_Key, list[tuple[bool, _Fire]]] = {}
        # For some predicates, the objects with rules of their own.
        self._selective: dict[int, set[int]] = {}
        for rule in rules:
            for trigger, (_, name, object_) in enumerate(rule.body):
                predicate = facts.number(name)
                key: _Key = predicate
                if not isinstance(object_, str):
                    key = predicate, facts.number(object_)
                    self._selective.setdefault(predicate, set()).add(key[1])
                self._rules.setdefault(key, []).append((rule, trigger))

    def fire(
        self,
        predicate: int,
        pairs: Collection[Pair],
        emit: Emit,
        emit_shifted: Emit | None = None,
    ) -> None:
        """Emit each head that follows in one step from facts of a predicate and the known facts.

        Heads of rules that shift a day go to `emit_shifted`, if it is given.
        """
        for shifts, fire in self._compiled(predicate):
            fire(pairs, emit_shifted if shifts and emit_shifted else emit)
        if objects := self._selective.get(predicate):
            groups = defaultdict[int, list[Pair]](list)
            for pair in pairs:
                if pair[1] in objects:
                    groups[pair[1]].append(pair)
            for object_, group in groups.items():
                for shifts, fire in self._compiled((predicate, object_)):
                    fire(group, emit_shifted if shifts and emit_shifted else emit)

    def _compiled(self, key: _Key) -> list[tuple[bool, _Fire]]:
        """Return the compiled rules that facts may fire, and whether each shifts a day."""
        plans = self._plans.get(key)
        if plans is None:
            rules = self._rules.pop(key, ())
            plans = [(each.shift is not None, self._firing(each, place)) for each, place in rules]
            self._plans[key] = plans
        return plans

    def _firing(self, rule: Rule, trigger: int) -> _Fire:
        places: dict[str, int] = {}
        first = self._facts.pattern(rule.body[trigger], places)
        rest = [pattern for place, pattern in enumerate(rule.body) if place != trigger]
        joins = [self._facts.pattern(pattern, places) for pattern in connected(rest, set(places))]
        head = self._facts.pattern(rule.head, places)
        if not joins and not rule.shift and (copied := self._copying(first, head)):
            return copied
        looks = self._first_looks(first, joins)
        needed = [self._facts.known.pairs[name] for _, name, _ in joins]
        shift = self._facts.shift(rule.shift, places) if rule.shift else None
        width, literals = len(places), self._facts.literals

        def fire(pairs: Collection[Pair], emit: Emit) -> None:
            if not all(needed):
                return
            # Many new facts are filtered first, since few of them match all other premises. For
            # only a few new facts, the joins are fast enough: they stop at a premise without a
            # match, and build no index for the premises after it.
            for end, look, name in looks if len(pairs) > _FEW else ():
                known = look(name)
                pairs = [pair for pair in pairs if pair[end] in known]
            for subject, object_ in pairs:
                values, found = [UNBOUND] * width, []
                if bind(first[0], subject, values) and bind(first[2], object_, values):
                    for _ in self._facts.solutions(joins, values):
                        if shift is None or shift(values):
                            subject, _, object_ = filled(head, values)
                            if subject not in literals:
                                found.append((subject, object_))
                if found:
                    emit(head[1], found)

        return fire

    def _copying(self, first: Numbered, head: Numbered) -> _Fire | None:
        """Return a function that copies ends of a rule's only premise to its head, or None.

        Most rules have one premise and most facts match several rules, so this must be fast.
        """
        (s, _, o), (head_s, name, head_o) = first, head
        literals, constant = self._facts.literals, ~head_o
        if s < 0 or s == o or head_s < 0:
            return None
        if (s, o) == (head_s, head_o):
            return lambda pairs, emit: emit(name, pairs)
        if (s, o) == (head_o, head_s):
            return lambda pairs, emit: emit(name, [(y, x) for x, y in pairs if y not in literals])
        if head_o < 0 and s == head_s:
            return lambda pairs, emit: emit(name, [(x, constant) for x, _ in pairs])
        if head_o < 0 and o == head_s:
            return lambda pairs, emit: emit(
                name, [(y, constant) for _, y in pairs if y not in literals]
            )
        return None

    def _first_looks(
        self, first: Numbered, joins: list[Numbered]
    ) -> list[tuple[int, Callable[[int], Container[int]], int]]:
        """Return the joins that share a variable with a new fact.

        Each has the end of the fact, a function that looks up the terms of a predicate at the end
        of the join, and the predicate.
        """
        ends = {place: end for end, place in ((1, first[2]), (0, first[0])) if place >= 0}
        return [
            (ends[place], look, predicate)
            for subject, predicate, object_ in joins
            for place, look in ((subject, self._facts.by_subject), (object_, self._facts.by_object))
            if place in ends
        ]
