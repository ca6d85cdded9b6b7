"""The addition of facts with everything that follows from them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from math import inf

from relations_kg.rdf.terms import Term
from relations_kg.reasoning.defaults import Defaults
from relations_kg.reasoning.fact_sets import Fact, FactSet, Pair
from relations_kg.reasoning.facts import Facts
from relations_kg.reasoning.forward import Forward
from relations_kg.reasoning.transitivity import Links

# How often a change may tighten a bound by rules that shift days. Without this limit, contradictory
# facts, such as two things that each follow the other after a year, would tighten it for ever.
_MOST_CLOSER = 10


class TooMany(Exception):
    """The exception for more derived facts than are allowed."""

    def __init__(self, derived: list[Fact]) -> None:
        super().__init__()
        self.derived = derived


@dataclass(slots=True)
class Propagation:
    """One addition of facts to the known facts, with everything that follows from them.

    `derived` are the new facts that are not given. More of them than `most` raise TooMany. Facts
    are added and fire rules in sets, each of one predicate.
    """

    facts: Facts
    given: FactSet
    defaults: Defaults
    links: Links
    forward: Forward
    closest: Mapping[int, Callable[..., Term]]
    most: float = inf
    derived: list[Fact] = field(default_factory=list)
    # The facts to be added: those that rules without a shift emitted, and those of other rules.
    _emitted: FactSet = field(default_factory=FactSet)
    _shifted: FactSet = field(default_factory=FactSet)
    # The composed facts of transitive predicates: they are known, but have fired no rules.
    _composed: FactSet = field(default_factory=FactSet)
    # How often the value of a subject and a predicate became closer.
    _closer: Counter[Pair] = field(default_factory=Counter)

    def run(self, roots: FactSet, composed: FactSet) -> list[Fact]:
        """Add facts and what follows from them and from composed facts; return derived facts.

        Links of transitive predicates are processed before the facts that they compose fire rules.
        Otherwise the composed pairs of a symmetric predicate would be mistaken for links in the
        reverse direction.
        """
        self._composed.update(composed)
        for predicate, pairs in roots.pairs.items():
            if new := pairs - self.facts.known.pairs[predicate]:
                self._add(predicate, new)
                self._add_emitted()
        while waiting := self._composed.pairs:
            predicate, pairs = waiting.popitem()
            self.forward.fire(predicate, pairs, self._emit, self._emit_shifted)
            self._add_emitted()
        return self.derived

    def _emit(self, predicate: int, pairs: Collection[Pair]) -> None:
        new = self._emitted.pairs[predicate]
        new.update(pairs)
        if len(self.derived) + len(new) > self.most:
            new -= self.facts.known.pairs[predicate]
            self._check(len(new))

    def _emit_shifted(self, predicate: int, pairs: Collection[Pair]) -> None:
        self._shifted.pairs[predicate].update(pairs)

    def _check(self, more: int = 0) -> None:
        if len(self.derived) + more > self.most:
            raise TooMany(self.derived)

    def _add_emitted(self) -> None:
        emitted, shifted = self._emitted.pairs, self._shifted.pairs
        while emitted or shifted:
            if emitted:
                self._add_derived(*emitted.popitem())
                continue
            predicate, pairs = shifted.popitem()
            for subject, object_ in pairs:
                key, fact = (subject, predicate), (subject, predicate, object_)
                is_closer = self.facts.is_closer(fact, self.closest[predicate])
                if is_closer and self._closer[key] < _MOST_CLOSER:
                    self._closer[key] += 1
                    self._add_derived(predicate, {(subject, object_)})

    def _add_derived(self, predicate: int, pairs: set[Pair]) -> None:
        """Add facts that rules emitted, except values of defaults that are overridden."""
        new = pairs - self.facts.known.pairs[predicate]
        if predicate in self.defaults.predicates:
            new = {pair for pair in new if (pair[0], predicate) not in self.defaults}
        if new:
            self._add(predicate, new)

    def _add(self, predicate: int, new: set[Pair]) -> None:
        """Add new facts, and fire rules with them."""
        if self.links.covers(predicate):
            new = self._add_links(predicate, new)
        else:
            self._know(predicate, new)
        self.forward.fire(predicate, new, self._emit, self._emit_shifted)

    def _add_links(self, predicate: int, new: set[Pair]) -> set[Pair]:
        """Add facts of a transitive predicate; return those that earlier ones do not compose."""
        links = set[Pair]()
        for pair in new:
            if pair not in self.facts.known.pairs[predicate]:
                links.add(pair)
                self._know(predicate, {pair})
                for more in self.links.add((pair[0], predicate, pair[1])):
                    self._composed.pairs[predicate].update(more)
                    self._derive(predicate, {*more})
        return links

    def _know(self, predicate: int, new: set[Pair]) -> None:
        self.facts.add(predicate, new)
        self._derive(predicate, new)

    def _derive(self, predicate: int, new: set[Pair]) -> None:
        own = self.given.pairs[predicate]
        self.derived += [(subject, predicate, object_) for subject, object_ in new - own]
        self._check()
