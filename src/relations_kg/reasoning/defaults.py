"""Default predicates: derived only for subjects without a given value that overrides them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial

from relations_kg.reasoning.fact_sets import FactSet

# A subject and a default predicate.
Key = tuple[int, int]


class _Counts(dict[int, int]):
    """The number of values of each subject that override a default predicate."""

    def __init__(self, at_first: Callable[[int], int]) -> None:
        super().__init__()
        self._at_first = at_first

    def __missing__(self, subject: int) -> int:
        return self.setdefault(subject, self._at_first(subject))


class Defaults:
    """The default predicates, and a record of the subjects whose given values override them.

    `at_first` returns the number of objects of a predicate and a subject that are already given.

    >>> defaults = Defaults({7: [7, 8]})
    >>> one, other = FactSet([(1, 8, 2)]), FactSet([(1, 7, 3)])
    >>> defaults.give(one | other), defaults.take(one), (1, 7) in defaults
    ([(1, 7)], [], True)
    """

    def __init__(
        self,
        overriding: Mapping[int, Iterable[int]],
        at_first: Callable[[int, int], int] = lambda _, __: 0,
    ) -> None:
        self.predicates = set(overriding)
        self._overriding = {default: list(names) for default, names in overriding.items()}
        self._values = {
            default: _Counts(partial(_total, names, at_first))
            for default, names in self._overriding.items()
        }

    def __contains__(self, key: Key) -> bool:
        """Return whether a default predicate of a subject is overridden."""
        subject, default = key
        return default in self._values and self._values[default][subject] > 0

    def give(self, facts: FactSet) -> list[Key]:
        """Record given facts; return the subjects with the defaults that they newly override."""
        new: list[Key] = []
        for default, subjects in self._overridden(facts):
            known = self._values[default]
            for each in subjects:
                number = known[each]
                known[each] = number + 1
                if not number:
                    new.append((each, default))
        return new

    def take(self, facts: FactSet) -> list[Key]:
        """Forget given facts; return the subjects with the defaults not overridden any longer."""
        new: list[Key] = []
        for default, subjects in self._overridden(facts):
            known = self._values[default]
            for each in subjects:
                known[each] -= 1
                if not known[each]:
                    new.append((each, default))
        return new

    def _overridden(self, facts: FactSet) -> Iterator[tuple[int, list[int]]]:
        """Yield each default predicate with the subjects of the facts that override it."""
        for default, predicates in self._overriding.items():
            pairs = [facts.pairs[name] for name in predicates if facts.pairs[name]]
            if pairs:
                yield default, [subject for each in pairs for subject, _ in each]


def _total(names: Iterable[int], count: Callable[[int, int], int], subject: int) -> int:
    return sum(count(name, subject) for name in names)
