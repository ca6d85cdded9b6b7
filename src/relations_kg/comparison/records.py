"""The records of a comparison: what differs between two graphs."""

from __future__ import annotations

from dataclasses import dataclass

from relations_kg.rdf.terms import Term

# The cells of some rows.
Cells = tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Value:
    """A value of a property: the term, and the text that shows it."""

    term: Term
    text: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Change:
    """A value that a property had before, has after, or both; `property` is its IRI."""

    property: str
    label: str
    before: Value | None
    after: Value | None


@dataclass(frozen=True)
class Entity:
    """A thing that was added, removed or changed; `kind` is empty if it has no class."""

    iri: str
    label: str
    kind: str
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class ChangedAnswer:
    """The rows that the answer of a stored query gains and loses, with labels in their cells.

    `days` are the days for which this is the result, none if the query has no day; `defaults` are
    the values of its other parameters.
    """

    query: str
    summary: str
    days: tuple[str, ...]
    defaults: dict[str, str]
    columns: tuple[str, ...]
    added: Cells
    removed: Cells


@dataclass(frozen=True)
class Differences:
    """The differences between two graphs; true if there are any.

    `before` and `after` are the names of the two. Things are sorted by kind and label. `answers`
    are the answers that differ, or None if they were not compared.

    >>> bool(Differences("a.ttl", "b.ttl"))
    False
    """

    before: str
    after: str
    added: tuple[Entity, ...] = ()
    removed: tuple[Entity, ...] = ()
    changed: tuple[Entity, ...] = ()
    answers: tuple[ChangedAnswer, ...] | None = None

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed)
