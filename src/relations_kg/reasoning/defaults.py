"""Default predicates: derived only for subjects without a given value that overrides them."""

from collections import Counter
from collections.abc import Iterable, Mapping

from relations_kg.reasoning.facts import Fact

# A subject and a default predicate.
Key = tuple[int, int]


class Defaults:
    """The default predicates, and a record of the subjects whose given values override them.

    >>> defaults = Defaults({7: [7, 8]})
    >>> defaults.give([(1, 8, 2), (1, 7, 3)]), defaults.take([(1, 8, 2)]), (1, 7) in defaults
    ([(1, 7)], [], True)
    """

    def __init__(self, overriding: Mapping[int, Iterable[int]]) -> None:
        self.predicates = set(overriding)
        self._overrides: dict[int, list[int]] = {}
        for default, predicates in overriding.items():
            for predicate in predicates:
                self._overrides.setdefault(predicate, []).append(default)
        # The number of a subject's given values that override a default predicate.
        self._values: Counter[Key] = Counter()

    def __contains__(self, key: Key) -> bool:
        """Return whether a default predicate of a subject is overridden."""
        return self._values.get(key, 0) > 0

    def give(self, facts: Iterable[Fact]) -> list[Key]:
        """Record given facts; return the subjects with the defaults that are now overridden."""
        keys = self._keys(facts)
        new = [key for key in dict.fromkeys(keys) if key not in self]
        self._values.update(keys)
        return new

    def restore(self, facts: Iterable[Fact]) -> None:
        """Record given facts whose overridden facts have already been removed."""
        self._values.update(self._keys(facts))

    def take(self, facts: Iterable[Fact]) -> list[Key]:
        """Forget given facts; return the subjects with the defaults no longer overridden."""
        keys = self._keys(facts)
        self._values.subtract(keys)
        return [key for key in dict.fromkeys(keys) if key not in self]

    def _keys(self, facts: Iterable[Fact]) -> list[Key]:
        overrides = self._overrides
        return [(s, default) for s, p, _ in facts if p in overrides for default in overrides[p]]
