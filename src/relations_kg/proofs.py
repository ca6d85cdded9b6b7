"""Proofs of facts from what is stated, and the rules that come nearest where there is none."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice, product
from typing import NamedTuple

from relations_kg.inference import Inference
from relations_kg.ontology import Pattern
from relations_kg.reasoning import Derivation
from relations_kg.rules import Rule
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
        found = self._proofs(self._fact, frozenset())
        return tuple(found[:MOST_PROOFS]), len(found) > MOST_PROOFS

    def essential(self) -> frozenset[Statement]:
        """Return the stated facts without which the fact would not follow."""
        found, _ = self.minimal()
        shared = frozenset.intersection(*(proof.leaves for proof in found))
        return frozenset(leaf for leaf in shared if not self._follows_without(leaf))

    def _proofs(self, fact: Statement, path: frozenset[Statement]) -> list[Proof]:
        found = [Proof(fact, None, (), frozenset([fact]))] if fact in self._stated else []
        path = path | {fact}
        for rule, premises in self._derivations[fact]:
            if path.isdisjoint(premises):
                choices = [self._proofs(premise, path) for premise in dict.fromkeys(premises)]
                for chosen in islice(product(*choices), 4 * MOST_PROOFS):
                    leaves = frozenset().union(*(proof.leaves for proof in chosen))
                    found.append(Proof(fact, rule, chosen, leaves))
        return _minimal(found)[: MOST_PROOFS + 1]

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


def _minimal(proofs: Iterable[Proof]) -> list[Proof]:
    kept: list[Proof] = []
    for proof in sorted(proofs, key=lambda p: (len(p.leaves), _size(p))):
        if not any(other.leaves <= proof.leaves for other in kept):
            kept.append(proof)
    return kept


def _size(proof: Proof) -> int:
    return 1 + sum(_size(premise) for premise in proof.premises)
