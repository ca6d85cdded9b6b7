"""Sets of encoded facts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

# A fact as the numbers of its subject, predicate and object.
Fact = tuple[int, int, int]
# The subject and the object of a fact.
Pair = tuple[int, int]


class FactSet:
    """A set of facts, with a set of pairs for each predicate.

    Sets of pairs are combined faster than single facts, and a pair can be shared by predicates.
    """

    def __init__(self, facts: Iterable[Fact] = ()) -> None:
        self.pairs: defaultdict[int, set[Pair]] = defaultdict(set)
        for subject, predicate, object_ in facts:
            self.pairs[predicate].add((subject, object_))

    def __contains__(self, fact: Any) -> bool:
        subject, predicate, object_ = fact
        return (subject, object_) in self.pairs.get(predicate, ())

    def __iter__(self) -> Iterator[Fact]:
        for predicate, pairs in self.pairs.items():
            for subject, object_ in pairs:
                yield subject, predicate, object_

    def __len__(self) -> int:
        return sum(map(len, self.pairs.values()))

    def __or__(self, other: FactSet) -> FactSet:
        return self._of({p: self.pairs[p] | other.pairs[p] for p in {**self.pairs, **other.pairs}})

    def __and__(self, other: FactSet) -> FactSet:
        return self._of({p: pairs & other.pairs[p] for p, pairs in self.pairs.items()})

    def __sub__(self, other: FactSet) -> FactSet:
        return self._of({p: pairs - other.pairs[p] for p, pairs in self.pairs.items()})

    @staticmethod
    def _of(pairs: dict[int, set[Pair]]) -> FactSet:
        found = FactSet()
        found.pairs.update(pairs)
        return found

    def update(self, other: FactSet) -> None:
        """Add the facts of another set."""
        for predicate, pairs in other.pairs.items():
            self.pairs[predicate] |= pairs

    def difference_update(self, other: FactSet) -> None:
        """Remove the facts of another set."""
        for predicate, pairs in other.pairs.items():
            self.pairs[predicate] -= pairs
