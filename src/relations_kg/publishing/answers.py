"""The answers of the stored queries that differ between two graphs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from relations_kg.publishing.basis import Basis
from relations_kg.queries import StoredQuery
from relations_kg.rows import Rows
from relations_kg.tables import shown_cells
from relations_kg.terms import Term, value

_Lines = tuple[tuple[str, ...], ...]


class Answer(NamedTuple):
    """Say which rows a stored query has got and lost, cells as people read them.

    `days` are those it was asked for with this result, none if it does not ask for a day;
    `defaults` are the other parameters that have a value, with it.
    """

    query: str
    summary: str
    days: tuple[str, ...]
    defaults: tuple[tuple[str, str], ...]
    columns: tuple[str, ...]
    added: _Lines
    removed: _Lines


def changed(before: Basis, after: Basis, things: set[Term]) -> tuple[Answer, ...]:
    """Ask each stored query that needs no more than a day; return the answers that differ.

    It is asked for each day on which one of the things, or one whose days are others now, begins
    or ends in one of the graphs.
    """
    both = before.bounds | after.bounds
    moved = before.bounds ^ after.bounds
    days = sorted({value(fact[2]) for fact in both if fact[0] in things or fact in moved})
    return tuple(
        answer
        for query in after.graph.queries.values()
        if all(p.type == "date" for p in query.parameters if p.required)
        for answer in _answers(query, before, after, days)
    )


def _answers(
    query: StoredQuery, before: Basis, after: Basis, days: Iterable[str]
) -> Iterable[Answer]:
    needed = [p.name for p in query.parameters if p.required]
    defaults = tuple((p.name, p.default) for p in query.parameters if p.default is not None)
    asked: dict[tuple[_Lines, _Lines], list[str]] = {}
    columns: list[str] = []
    for day in days if needed else [""]:
        parameters = dict.fromkeys(needed, day)
        old = before.graph.run(query.name, **parameters)
        new = after.graph.run(query.name, **parameters)
        columns = new.columns
        difference = _beyond(new, after, old, before), _beyond(old, before, new, after)
        if any(difference):
            asked.setdefault(difference, []).append(day)
    for (added, removed), when in asked.items():
        yield Answer(
            query.name,
            query.summary,
            tuple(filter(None, when)),
            defaults,
            tuple(columns),
            added,
            removed,
        )


def _beyond(rows: Rows, own: Basis, others: Rows, other: Basis) -> _Lines:
    left = Counter(_terms(others, other))
    lines = []
    for terms, cells in zip(_terms(rows, own), shown_cells(rows), strict=True):
        left[terms] -= 1
        if left[terms] < 0:
            lines.append(tuple(cells))
    return tuple(lines)


def _terms(rows: Rows, basis: Basis) -> list[tuple[object, ...]]:
    return [tuple(term and basis.named(term) for term in row) for row in rows.terms]  # type: ignore[arg-type]
