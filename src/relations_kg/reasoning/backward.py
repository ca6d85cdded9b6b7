"""Rules applied backwards: from a fact to the premises from which it follows."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, combinations

from pyoxigraph import NamedNode

from relations_kg.rdf.terms import Statement, Term
from relations_kg.reasoning.fact_sets import Fact
from relations_kg.reasoning.facts import UNBOUND, Facts, Numbered, bind, filled
from relations_kg.reasoning.ontology import Pattern
from relations_kg.reasoning.rules import Rule, connected


@dataclass(frozen=True, slots=True)
class _Plan:
    """An encoded rule with two join orders of its body: for a known fact or a known subject."""

    rule: Rule
    head: Numbered
    body: list[Numbered]
    from_both: list[Numbered]
    from_subject: list[Numbered]
    size: int
    shift: Callable[[list[int]], bool] | None


class Backward:
    """Rules indexed by the predicate and object of their head."""

    def __init__(self, facts: Facts, rules: Iterable[Rule]) -> None:
        self._facts = facts
        self._rules = list(rules)

    def derivations(
        self, subject: int, predicate: int, object_: int
    ) -> Iterator[tuple[Fact, Rule, tuple[Fact, ...]]]:
        """Yield each derivation of a fact in one step: the fact, the rule and the premises.

        The object may be UNBOUND, to match any object.
        """
        rules = self._by_head.get(predicate, {})
        fitting = (
            chain.from_iterable(rules.values())
            if object_ == UNBOUND
            else chain(rules.get(UNBOUND, ()), rules.get(object_, ()))
        )
        for plan in fitting:
            values = [UNBOUND] * plan.size
            # A rule that shifts a day needs its premises before its result is known.
            known = UNBOUND if plan.shift else object_
            if bind(plan.head[0], subject, values) and bind(plan.head[2], known, values):
                ordered = plan.from_subject if known == UNBOUND else plan.from_both
                for _ in self._facts.solutions(ordered, values):
                    if plan.shift and not plan.shift(values):
                        continue
                    head = filled(plan.head, values)
                    if object_ in (UNBOUND, head[2]):
                        premises = tuple(filled(pattern, values) for pattern in plan.body)
                        yield head, plan.rule, premises

    def follows(self, fact: Fact) -> bool:
        """Return whether a fact follows from known facts in one step."""
        if any(True for _ in self._originals(fact)):
            return True
        return fact[1] in self._otherwise and any(True for _ in self.derivations(*fact))

    def is_founded(self, fact: Fact, given: Container[Fact]) -> bool:
        """Return whether a fact has support besides facts that follow from it.

        A fact and its inverse entail each other. So the fact is founded only if it is given or
        follows by another rule, or if this is true of a fact of an inverse or a sub-property from
        which it follows.
        """
        seen = {fact}
        queue = [fact]
        for image in queue:
            if image in given:
                return True
            new = [original for original in self._originals(image) if original not in seen]
            seen.update(new)
            queue += new
            if image[1] in self._otherwise and any(
                len(premises) > 1 or premises[0] not in seen
                for _, _, premises in self.derivations(*image)
            ):
                return True
        return False

    def _originals(self, fact: Fact) -> Iterator[Fact]:
        """Yield the known facts of sub-properties and inverses from which a fact follows."""
        s, p, o = fact
        for q, turned in self._images.get(p, ()):
            original = (o, q, s) if turned else (s, q, o)
            if original in self._facts.known:
                yield original

    def nearest(
        self, rule: Rule, statement: Statement
    ) -> list[tuple[tuple[Statement, ...], tuple[Pattern, ...]]]:
        """Return which premises of a rule for a fact hold, and which have no match.

        The list is empty if the rule cannot give the fact. Otherwise it has one entry, with as few
        unmatched patterns as possible, in which known variables are filled in.
        """
        subject, predicate, object_ = self._facts.fact(statement)
        places: dict[str, int] = {}
        head = self._facts.pattern(rule.head, places)
        body = [self._facts.pattern(pattern, places) for pattern in rule.body]
        # If every premise of a rule that shifts a day matched, the rule would infer the shifted day
        # and not the day in this fact. So at least one premise stays unmatched.
        for size in range(len(body) - (rule.shift is not None), -1, -1):
            for kept in combinations(body, size):
                values = [UNBOUND] * len(places)
                if head[1] != predicate or not (
                    bind(head[0], subject, values) and bind(head[2], object_, values)
                ):
                    return []
                found = [
                    (tuple(self._facts.statement(filled(each, values)) for each in kept), [*values])
                    for _ in self._facts.solutions(list(kept), values)
                ]
                if found:
                    # The order of solutions is that in which facts were added, so the text decides.
                    held, values = min(found, key=str)
                    names = {place: name for name, place in places.items()}
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

    @cached_property
    def _by_head(self) -> dict[int, dict[int, list[_Plan]]]:
        """The rules by the predicate and object of their head; a variable object is UNBOUND.

        Hundreds of rules have rdf:type in their head, so the predicate alone would not be
        selective.
        """
        plans: dict[int, dict[int, list[_Plan]]] = {}
        for plan in map(self._plan, self._rules):
            object_ = ~plan.head[2] if plan.head[2] < 0 else UNBOUND
            plans.setdefault(plan.head[1], {}).setdefault(object_, []).append(plan)
        return plans

    def _plan(self, rule: Rule) -> _Plan:
        places: dict[str, int] = {}
        head, *body = (self._facts.pattern(pattern, places) for pattern in (rule.head, *rule.body))

        def ordered(*ends: Term | str) -> list[Numbered]:
            known = {end for end in ends if isinstance(end, str)}
            return [self._facts.pattern(p, places) for p in connected(list(rule.body), known)]

        subject, _, object_ = rule.head
        shift = self._facts.shift(rule.shift, places) if rule.shift else None
        both, one = ordered(subject, object_), ordered(subject)
        return _Plan(rule, head, body, both, one, len(places), shift)

    @cached_property
    def _images(self) -> dict[int, list[tuple[int, bool]]]:
        """The sub-properties and inverses of each predicate, and whether each is an inverse."""
        images: dict[int, list[tuple[int, bool]]] = {}
        for rule in self._rules:
            ends = rule.head[::2]
            if len(rule.body) == 1 and len({*ends}) == 2 and all(isinstance(e, str) for e in ends):
                ((subject, predicate, object_),) = rule.body
                if {subject, object_} == {*ends}:
                    of = images.setdefault(self._facts.number(rule.head[1]), [])
                    of.append((self._facts.number(predicate), subject != ends[0]))
        return images

    @cached_property
    def _otherwise(self) -> frozenset[int]:
        """The predicates that occur in the head of a rule that `_images` does not cover."""
        return frozenset(
            predicate
            for predicate, rules in self._by_head.items()
            if sum(map(len, rules.values())) > len(self._images.get(predicate, ()))
        )
