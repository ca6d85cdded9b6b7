"""Sets of facts of a store, and their ends, looked up when they are needed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Set
from functools import partial
from typing import Any, TypeVar, cast

from relations_kg.reasoning.fact_sets import FactSet, Pair

T = TypeVar("T")


class StoredPairs:
    """The pairs of a predicate in a set of facts of a store.

    It has those operations of a set that the reasoner uses. An operation with a set looks up only
    the pairs of that set. `seen` has each pair that was looked up or changed, and whether it is in
    the set now.
    """

    def __init__(self, holds: Callable[[Pair], bool], read: Callable[[], Iterable[Pair]]) -> None:
        self._holds, self._read = holds, read
        self.seen: dict[Pair, bool] = {}
        self._has_any: bool | None = None

    def __contains__(self, pair: Any) -> bool:
        held = self.seen.get(pair)
        if held is None:
            held = self.seen[pair] = self._holds(pair)
        return held

    def __iter__(self) -> Iterator[Pair]:
        """Yield all pairs, which reads all facts of the predicate."""
        found = dict.fromkeys(self._read())
        for pair, held in list(self.seen.items()):
            if held:
                found[pair] = None
            else:
                found.pop(pair, None)
        return iter(found)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __bool__(self) -> bool:
        """Return whether there are pairs, or were any in the store."""
        if self._has_any is None:
            self._has_any = any(True for _ in self._read())
        return self._has_any or any(self.seen.values())

    def __rsub__(self, pairs: Set[Pair]) -> set[Pair]:
        return {pair for pair in pairs if pair not in self}

    def __and__(self, pairs: Set[Pair]) -> set[Pair]:
        return {pair for pair in pairs if pair in self}

    __rand__ = __and__

    def intersection(self, pairs: Collection[Pair]) -> set[Pair]:
        """Return the pairs that are also among others."""
        return {pair for pair in pairs if pair in self}

    def update(self, pairs: Iterable[Pair]) -> None:
        """Add pairs."""
        self.seen.update(dict.fromkeys(pairs, True))

    def __ior__(self, pairs: Set[Pair]) -> StoredPairs:
        self.update(pairs)
        return self

    def __isub__(self, pairs: Set[Pair]) -> StoredPairs:
        self.seen.update(dict.fromkeys(pairs, False))
        return self


class _ByPredicate(dict[int, StoredPairs]):
    def __init__(self, make: Callable[[int], StoredPairs]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, predicate: int) -> StoredPairs:
        return self.setdefault(predicate, self._make(predicate))


class StoredSet(FactSet):
    """A set of facts of a store; `len` needs `size`, the number of facts in the store."""

    def __init__(
        self,
        holds: Callable[[int, Pair], bool],
        read: Callable[[int], Iterable[Pair]],
        size: int = 0,
    ) -> None:
        super().__init__()
        self._holds, self._read, self._size = holds, read, size
        stored = _ByPredicate(lambda name: StoredPairs(partial(holds, name), partial(read, name)))
        self.pairs = cast(Any, stored)

    def seen(self, predicate: int) -> Set[Pair]:
        """Return the pairs of a predicate that were looked up or changed."""
        return cast(StoredPairs, self.pairs[predicate]).seen.keys()

    def __contains__(self, fact: Any) -> bool:
        subject, predicate, object_ = fact
        return (subject, object_) in self.pairs[predicate]

    def __len__(self) -> int:
        return self._size

    def update(self, other: FactSet) -> None:
        """Add the facts of another set."""
        for predicate, pairs in other.pairs.items():
            self._size += len(pairs - self.pairs[predicate])
            self.pairs[predicate].update(pairs)

    def difference_update(self, other: FactSet) -> None:
        """Remove the facts of another set."""
        for predicate, pairs in other.pairs.items():
            self._size -= len(pairs & self.pairs[predicate])
            self.pairs[predicate] -= pairs


class Ends:
    """The facts with a term at one end, each as its predicate and its other end.

    `look` reads those in the store, of one predicate or of all.
    """

    def __init__(self, look: Callable[[int | None, int], Iterable[Pair]]) -> None:
        self._look = look
        self._looked: dict[Pair, dict[int, None]] = {}
        self._changed: defaultdict[int, dict[Pair, bool]] = defaultdict(dict)

    def of(self, predicate: int, term: int) -> Collection[int]:
        """Return the other ends of the facts of a predicate with a term."""
        ends = self._looked.get((predicate, term))
        if ends is None:
            ends = dict.fromkeys(end for _, end in self._look(predicate, term))
            for (name, end), is_known in self._changed.get(term, {}).items():
                if name == predicate:
                    _set(ends, end, is_known)
            self._looked[predicate, term] = ends
        return ends.keys()

    def of_all(self, term: int) -> Iterable[Pair]:
        """Return the predicates and the other ends of all facts with a term."""
        ends = dict.fromkeys(self._look(None, term))
        for end, is_known in self._changed.get(term, {}).items():
            _set(ends, end, is_known)
        return ends

    def change(self, predicate: int, pairs: Iterable[Pair], *, is_known: bool) -> None:
        """Add facts of a predicate, or remove them; each pair is a term and the other end."""
        for term, end in pairs:
            self._changed[term][predicate, end] = is_known
            if (ends := self._looked.get((predicate, term))) is not None:
                _set(ends, end, is_known)


def _set(ends: dict[T, None], end: T, is_known: bool) -> None:
    if is_known:
        ends[end] = None
    else:
        ends.pop(end, None)


class Having:
    """A container of the terms for which `ends` has a fact of a predicate."""

    def __init__(self, ends: Ends, predicate: int) -> None:
        self._ends, self._predicate = ends, predicate

    def __contains__(self, term: Any) -> bool:
        return bool(self._ends.of(self._predicate, term))
