"""Proofs of facts from what is stated, and the rules that come nearest where there is none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import islice, product
from typing import NamedTuple

from relations_kg.reasoning.closure import Derivation
from relations_kg.reasoning.inference import Inference
from relations_kg.reasoning.ontology import Pattern
from relations_kg.reasoning.rules import Rule
from relations_kg.terms import Statement, Term

MOST_PROOFS = 20
# A fact such as the kind of a busy party can follow from every one of its missions.
_MOST_DERIVATIONS = 1000


class Proof(NamedTuple):
    """Prove a fact: by a rule from premises that are proven, or, without a rule, as stated."""

    fact: Statement
    rule: Rule | None
    premises: tuple[Proof, ...]
    leaves: frozenset[Statement]
    size: int = 1


class Missing(NamedTuple):
    """Name a rule that would give a fact, the premises that hold and the patterns that do not."""

    rule: Rule
    held: tuple[Statement, ...]
    missing: tuple[Pattern, ...]


class Proofs:
    """Hold all that can take part in proofs of a fact: facts that hold, and how each follows."""

    def __init__(self, inference: Inference, fact: Statement) -> None:
        self._fact = fact
        self._stated: set[Statement] = set()
        self._derivations: dict[Statement, list[Derivation]] = {}
        # What would follow for a thing if it had no date of its own, by that thing.
        self._instead: dict[Term, dict[Statement, list[Derivation]]] = {}
        self._is_date = inference.is_date
        queue = [fact]
        for known in queue:
            if known in self._derivations:
                continue
            if inference.is_stated(known):
                self._stated.add(known)
            found = inference.derivations(known)[:_MOST_DERIVATIONS]
            if known == fact:
                found += inference.within_relations(known)
            self._derivations[known] = found
            instead = inference.instead(known)[:_MOST_DERIVATIONS]
            self._instead.setdefault(known[0], {})[known] = instead
            queue += [premise for d in (*found, *instead) for premise in d.premises]

    def minimal(self) -> tuple[tuple[Proof, ...], bool]:
        """Return the proofs none of which rests on all that another does and more.

        Shorter ones come first. There are at most MOST_PROOFS; the second value tells whether
        others were left out.
        """
        found = self._all[self._fact]
        return tuple(found[:MOST_PROOFS]), len(found) > MOST_PROOFS

    def essential(self) -> frozenset[Statement]:
        """Return the stated facts without which the fact would not follow."""
        found, _ = self.minimal()
        shared = frozenset.intersection(*(proof.leaves for proof in found))
        return frozenset(leaf for leaf in shared if not self._follows_without(leaf))

    @cached_property
    def _all(self) -> dict[Statement, list[Proof]]:
        """The minimal proofs of each fact, found from the stated ones upwards, shortest first.

        A proof that went in a circle would rest on more than the one it contains, and so is never
        kept.
        """
        proofs: dict[Statement, list[Proof]] = {fact: [] for fact in self._derivations}
        users: dict[Statement, list[tuple[Statement, Derivation]]] = {}
        for fact, derivations in self._derivations.items():
            for derivation in derivations:
                for premise in set(derivation.premises):
                    users.setdefault(premise, []).append((fact, derivation))
        queue = list(self._stated)
        for fact in queue:
            proofs[fact].append(Proof(fact, None, (), frozenset([fact])))
        while queue:
            used = (pair for fact in dict.fromkeys(queue) for pair in users.get(fact, ()))
            queue = [
                fact
                for fact, derivation in dict.fromkeys(used)
                if _keep(proofs[fact], _combined(fact, derivation, proofs))
            ]
        return proofs

    def _follows_without(self, leaf: Statement) -> bool:
        known = self._stated - {leaf}
        instead = self._instead.get(leaf[0], {}) if self._is_date(leaf) else {}
        while self._fact not in known:
            new = {
                fact
                for fact, found in self._derivations.items()
                if fact not in known
                and any(known.issuperset(d.premises) for d in (*found, *instead.get(fact, ())))
            }
            if not new:
                return False
            known |= new
        return True


def nearest(inference: Inference, fact: Statement, most: int = 3) -> list[Missing]:
    """List the rules that come nearest to giving a fact that does not hold, the nearest first."""
    found = [
        Missing(rule, held, missing)
        for rule in inference.closure.rules
        for held, missing in inference.closure.nearest(rule, fact)
    ]
    return sorted(found, key=lambda near: (len(near.missing), -len(near.held)))[:most]


def _combined(
    fact: Statement, derivation: Derivation, proofs: dict[Statement, list[Proof]]
) -> Iterator[Proof]:
    choices = [proofs[premise] for premise in dict.fromkeys(derivation.premises)]
    for chosen in islice(product(*choices), 4 * MOST_PROOFS):
        leaves = frozenset().union(*(proof.leaves for proof in chosen))
        size = 1 + sum(proof.size for proof in chosen)
        yield Proof(fact, derivation.rule, chosen, leaves, size)


def _keep(kept: list[Proof], found: Iterable[Proof]) -> bool:
    """Add the proofs that are minimal to those kept, as far as there is room; tell if any was."""
    before = {proof.leaves for proof in kept}
    for proof in found:
        if not any(other.leaves <= proof.leaves for other in kept):
            kept[:] = [other for other in kept if not proof.leaves <= other.leaves]
            kept.append(proof)
    kept.sort(key=lambda proof: (len(proof.leaves), proof.size))
    del kept[MOST_PROOFS + 1 :]
    return any(proof.leaves not in before for proof in kept)
