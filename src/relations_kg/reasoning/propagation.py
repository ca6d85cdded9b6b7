"""The addition of facts with everything that follows from them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
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

# New facts that are not given, of one predicate, and a function that takes such facts.
Part = tuple[int, Collection[Pair]]
Found = Callable[[Part], object]


class TooMany(Exception):
    """The exception for more derived facts than are allowed."""

    def __init__(self, derived: Iterable[Fact]) -> None:
        super().__init__()
        self.derived = list(derived)


@dataclass(slots=True)
class Propagation:
    """One addition of facts to the known facts, with everything that follows from them.

    Raises TooMany if more than `most` of the new facts are not given. Facts are added and fire
    rules in sets, each of one predicate.
    """

    facts: Facts
    given: FactSet
    defaults: Defaults
    links: Links
    forward: Forward
    closest: Mapping[int, Callable[..., Term]]
    most: float = inf
    found: Found | None = None
    # The new facts that are not given, in lists of pairs to save memory, and their number.
    _derived: defaultdict[int, list[Pair]] = field(default_factory=partial(defaultdict, list))
    _number: int = 0
    # The facts to be added: those that rules without a shift emitted, and those of other rules.
    _emitted: FactSet = field(default_factory=FactSet)
    _shifted: FactSet = field(default_factory=FactSet)
    # The composed facts of transitive predicates: they are known, but have fired no rules.
    _composed: FactSet = field(default_factory=FactSet)
    # How often the value of a subject and a predicate became closer.
    _closer: Counter[Pair] = field(default_factory=Counter)

    def run(self, roots: FactSet, composed: FactSet) -> Iterator[Fact]:
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
        return self._facts()

    def _facts(self) -> Iterator[Fact]:
        for predicate, pairs in self._derived.items():
            yield from ((subject, predicate, object_) for subject, object_ in pairs)

    def _emit(self, predicate: int, pairs: Collection[Pair]) -> None:
        new = self._emitted.pairs[predicate]
        new.update(pairs)
        if self._number + len(new) > self.most:
            new -= self.facts.known.pairs[predicate]
            self._check(len(new))

    def _emit_shifted(self, predicate: int, pairs: Collection[Pair]) -> None:
        self._shifted.pairs[predicate].update(pairs)

    def _check(self, more: int = 0) -> None:
        if self._number + more > self.most:
            raise TooMany(self._facts())

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
        if self.links.are_apart(predicate, new):
            self._know(predicate, new)
            self.links.restore((subject, predicate, object_) for subject, object_ in new)
            return new
        links = set[Pair]()
        for pair in new:
            if pair not in self.facts.known.pairs[predicate]:
                links.add(pair)
                self.facts.add(predicate, (pair,))
                for more in self.links.add((pair[0], predicate, pair[1])):
                    self._composed.pairs[predicate].update(more)
                    self._derive(predicate, {*more})
        self._derive(predicate, links)
        return links

    def _know(self, predicate: int, new: set[Pair]) -> None:
        self.facts.add(predicate, new)
        self._derive(predicate, new)

    def _derive(self, predicate: int, new: set[Pair]) -> None:
        derived = new - self.given.pairs[predicate]
        if self.found and derived:
            self.found((predicate, derived))
        self._derived[predicate] += derived
        self._number += len(derived)
        self._check()
