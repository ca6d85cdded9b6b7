"""Proofs of facts from stated facts, and the rules that come nearest to giving a missing fact."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, reduce
from itertools import islice, product
from operator import or_
from time import monotonic
from typing import NamedTuple

from relations_kg.rdf.terms import Statement, Term
from relations_kg.reasoning.inference import Inference
from relations_kg.reasoning.ontology import Pattern
from relations_kg.reasoning.readings import READING
from relations_kg.reasoning.rules import Derivation, Rule
from relations_kg.reasoning.transitivity import is_transitivity

MOST_PROOFS = 20
# The time limit of the search for further proofs, in seconds.
TIMEOUT = 5.0
# The maximum number of derivations of a fact; a party's class follows from each of its missions.
_MOST_DERIVATIONS = 1000
# The maximum number of steps that the search may collect, which take some 200 MB.
MOST_STEPS = 300_000


class Proof(NamedTuple):
    """A proof of a fact: a rule with proofs of its premises, or no rule if the fact is stated."""

    fact: Statement
    rule: Rule | None
    premises: tuple[Proof, ...]
    leaves: frozenset[Statement]
    size: int = 1


class _Way(NamedTuple):
    """A proof during the search, with its leaves as a bit set."""

    leaves: int
    size: int
    fact: Statement
    rule: Rule | None
    premises: tuple[_Way, ...]


@dataclass(frozen=True, slots=True)
class Missing:
    """A rule that would give a fact, with the premises that hold and the unmatched patterns."""

    rule: Rule
    held: tuple[Statement, ...]
    missing: tuple[Pattern, ...]


class Proofs:
    """The facts that can occur in proofs of a fact, with their derivations.

    If there are more than MOST_STEPS derivations, `exceeded` is true and some are missing. Of each
    fact, at most _MOST_DERIVATIONS are used.
    """

    def __init__(self, inference: Inference, fact: Statement) -> None:
        self._fact = fact
        self._stated: dict[Statement, None] = {}
        self._derivations: dict[Statement, list[Derivation]] = {}
        # The derivations of bounds that the thing's own date overrides.
        self._instead: dict[Statement, list[Derivation]] = {}
        self.exceeded = False
        self._complete = True
        self._is_date = inference.is_date
        steps = 0
        queue = [fact]
        for known in queue:
            if known in self._derivations:
                continue
            if steps > MOST_STEPS:
                self.exceeded = True
                self._complete = False
                self._derivations[known] = self._instead[known] = []
                continue
            if inference.is_stated(known):
                self._stated[known] = None
            found = inference.derivations(known)[:_MOST_DERIVATIONS]
            if known == fact:
                found += inference.within_relations(known)
            self._derivations[known] = found
            instead = inference.instead(known)[:_MOST_DERIVATIONS]
            self._instead[known] = instead
            steps += len(found) + len(instead)
            queue += [premise for d in (*found, *instead) for premise in d.premises]

    def minimal(self) -> tuple[tuple[Proof, ...], bool]:
        """Return the proofs that are minimal: no other proof uses fewer of the same stated facts.

        Proofs from fewer stated facts come first. There are at most MOST_PROOFS; the second value
        is true if there are more, or if the search stopped early.
        """
        found = self._ways[self._fact]
        shown = tuple(self._proof(way) for way in found[:MOST_PROOFS])
        return shown, len(found) > MOST_PROOFS or not self._complete

    def essential(self) -> frozenset[Statement]:
        """Return the stated facts without which the fact would not follow.

        The essential leaves of a fact are the intersection, over its derivations, of the union of
        the essential leaves of the premises. They are computed as bit sets, as a greatest fixpoint.
        """
        leaves = self._bits
        everything = (1 << len(leaves)) - 1
        dates: dict[Term, int] = {}
        for leaf, bit in leaves.items():
            if self._is_date(leaf):
                dates[leaf[0]] = dates.get(leaf[0], 0) | bit
        needed = dict.fromkeys(self._derivations, everything)
        queue = dict.fromkeys(self._stated)
        while queue:
            fact = next(iter(queue))
            del queue[fact]
            left = leaves[fact] if fact in self._stated else everything
            for derivation in self._derivations[fact]:
                left &= _union(needed[premise] for premise in derivation.premises)
            # Without its own date, a thing would have the overridden bounds.
            for derivation in self._instead[fact]:
                others = everything & ~dates.get(fact[0], 0)
                left &= others | _union(needed[premise] for premise in derivation.premises)
            if left != needed[fact]:
                needed[fact] = left
                queue.update(dict.fromkeys(user for user, _ in self._users.get(fact, ())))
        return frozenset(leaf for leaf, bit in leaves.items() if bit & needed[self._fact])

    @cached_property
    def _bits(self) -> dict[Statement, int]:
        return {leaf: 1 << number for number, leaf in enumerate(self._stated)}

    @cached_property
    def _users(self) -> dict[Statement, list[tuple[Statement, Derivation]]]:
        """The derivations that use a fact as a premise, with their conclusions."""
        users: dict[Statement, list[tuple[Statement, Derivation]]] = {}
        for derivations in (self._derivations, self._instead):
            for fact, found in derivations.items():
                for derivation in found:
                    for premise in dict.fromkeys(derivation.premises):
                        users.setdefault(premise, []).append((fact, derivation))
        return users

    @cached_property
    def _ways(self) -> dict[Statement, list[_Way]]:
        """The minimal proofs of each fact; those from fewer stated facts come first.

        A circular proof is not minimal, since it contains a smaller proof of the same fact. After
        TIMEOUT seconds the search ends as soon as the fact has a proof.
        """
        ways: dict[Statement, list[_Way]] = {fact: [] for fact in self._derivations}
        given = {id(d) for found in self._derivations.values() for d in found}
        for fact, bit in self._bits.items():
            ways[fact].append(_Way(bit, 1, fact, None, ()))
        deadline = monotonic() + TIMEOUT
        queue = dict.fromkeys(self._stated)
        while queue:
            used = dict.fromkeys(
                (user, derivation)
                for fact in queue
                for user, derivation in self._users.get(fact, ())
                if id(derivation) in given
            )
            queue = {}
            for fact, derivation in used:
                if ways[self._fact] and monotonic() > deadline:
                    self._complete = False
                    return ways
                if _keep(ways[fact], _combined(fact, derivation, ways)):
                    queue[fact] = None
        return ways

    def _proof(self, way: _Way) -> Proof:
        """Convert a `_Way` to a proof; a long transitive path becomes a balanced tree."""
        rule = way.rule
        if rule is None:
            return Proof(way.fact, None, (), frozenset([way.fact]))
        if not is_transitivity(rule) or len(way.premises) == 1:
            return _step(way.fact, rule, tuple(map(self._proof, way.premises)))
        path: list[_Way] = []
        while way.rule == rule and len(way.premises) == 2:
            way, last = way.premises
            path.append(last)
        return _halved(rule, [self._proof(link) for link in (way, *reversed(path))])


def _halved(rule: Rule, links: list[Proof]) -> Proof:
    if len(links) == 1:
        return links[0]
    middle = len(links) // 2
    first, last = _halved(rule, links[:middle]), _halved(rule, links[middle:])
    subject, predicate, _ = first.fact
    return _step((subject, predicate, last.fact[2]), rule, (first, last))


def _step(fact: Statement, rule: Rule, premises: tuple[Proof, ...]) -> Proof:
    leaves = frozenset().union(*(premise.leaves for premise in premises))
    return Proof(fact, rule, premises, leaves, 1 + sum(premise.size for premise in premises))


def _union(sets: Iterable[int]) -> int:
    return reduce(or_, sets, 0)


def nearest(inference: Inference, fact: Statement, most: int = 3) -> list[Missing]:
    """Return the rules that come nearest to giving a fact that does not hold, nearest first."""
    found = [
        Missing(rule, held, missing)
        for rule in inference.closure.rules
        # Readings are left out, since a reading could give any fact.
        if rule.name != READING
        for held, missing in inference.closure.nearest(rule, fact)
    ]
    return sorted(found, key=lambda near: (len(near.missing), -len(near.held)))[:most]


def _combined(
    fact: Statement, derivation: Derivation, ways: dict[Statement, list[_Way]]
) -> Iterator[_Way]:
    choices = [ways[premise] for premise in dict.fromkeys(derivation.premises)]
    for chosen in islice(product(*choices), 4 * MOST_PROOFS):
        leaves = _union(way.leaves for way in chosen)
        size = 1 + sum(way.size for way in chosen)
        yield _Way(leaves, size, fact, derivation.rule, chosen)


def _keep(kept: list[_Way], found: Iterable[_Way]) -> bool:
    """Add minimal proofs to `kept`, up to MOST_PROOFS + 1; return whether any was added."""
    before = {way.leaves for way in kept}
    for way in found:
        if not any(other.leaves & way.leaves == other.leaves for other in kept):
            kept[:] = [other for other in kept if way.leaves & other.leaves != way.leaves]
            kept.append(way)
    if len(kept) > 1:
        kept.sort(key=lambda way: (way.leaves.bit_count(), way.size))
        del kept[MOST_PROOFS + 1 :]
    return any(way.leaves not in before for way in kept)
