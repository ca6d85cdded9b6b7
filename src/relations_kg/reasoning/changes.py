"""Changes of a closure, and the triples that a change of a graph added and removed."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from relations_kg.rdf.terms import Statement
from relations_kg.reasoning.fact_sets import FactSet


@dataclass(frozen=True, slots=True)
class Change:
    """The inferred facts that a change added and removed, and the new given facts."""

    added: list[Statement]
    removed: list[Statement]
    given: FactSet = field(default_factory=FactSet, compare=False, repr=False)


def net(changes: Iterable[Change]) -> tuple[Collection[Statement], Collection[Statement]]:
    """Return the facts that changes in turn added and removed, without those that they undid."""
    added: dict[Statement, None] = {}
    removed: dict[Statement, None] = {}
    for change in changes:
        both = (change.removed, removed, added), (change.added, added, removed)
        for facts, these, others in both:
            for fact in facts:
                if fact in others:
                    del others[fact]
                else:
                    these[fact] = None
    return added, removed


class Difference(NamedTuple):
    """The triples that a change added and removed: stated, from dates, and inferred."""

    added: frozenset[Statement]
    removed: frozenset[Statement]

    def __repr__(self) -> str:
        return f"<Difference: {len(self.added)} triples added, {len(self.removed)} removed>"
