"""Default predicates: derived only for subjects without a given value that overrides them."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from relations_kg.reasoning.facts import FactSet

# A subject and a default predicate.
Key = tuple[int, int]


class Defaults:
    """The default predicates, and a record of the subjects whose given values override them.

    >>> defaults = Defaults({7: [7, 8]})
    >>> one, other = FactSet([(1, 8, 2)]), FactSet([(1, 7, 3)])
    >>> defaults.give(one | other), defaults.take(one), (1, 7) in defaults
    ([(1, 7)], [], True)
    """

    def __init__(self, overriding: Mapping[int, Iterable[int]]) -> None:
        self.predicates = set(overriding)
        self._overriding = {default: list(names) for default, names in overriding.items()}
        # The number of given values of each subject that override each default predicate.
        self._values = {default: Counter[int]() for default in overriding}

    def __contains__(self, key: Key) -> bool:
        """Return whether a default predicate of a subject is overridden."""
        subject, default = key
        return default in self._values and self._values[default].get(subject, 0) > 0

    def give(self, facts: FactSet) -> list[Key]:
        """Record given facts; return the subjects with the defaults that are now overridden."""
        new: list[Key] = []
        for default, subjects in self._overridden(facts):
            known = self._values[default]
            new += [(each, default) for each in dict.fromkeys(subjects) if not known.get(each)]
            known.update(subjects)
        return new

    def restore(self, facts: FactSet) -> None:
        """Record given facts whose overridden facts have already been removed."""
        for default, subjects in self._overridden(facts):
            self._values[default].update(subjects)

    def take(self, facts: FactSet) -> list[Key]:
        """Forget given facts; return the subjects with the defaults no longer overridden."""
        new: list[Key] = []
        for default, subjects in self._overridden(facts):
            known = self._values[default]
            known.subtract(subjects)
            new += [(each, default) for each in dict.fromkeys(subjects) if not known[each]]
        return new

    def _overridden(self, facts: FactSet) -> Iterator[tuple[int, list[int]]]:
        """Yield each default predicate with the subjects of the facts that override it."""
        for default, predicates in self._overriding.items():
            pairs = [facts.pairs[name] for name in predicates if facts.pairs[name]]
            if pairs:
                yield default, [subject for each in pairs for subject, _ in each]
