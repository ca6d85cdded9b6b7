"""A search for stored queries whose answers differ between two graphs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from relations_kg.answers.queries import StoredQuery
from relations_kg.answers.rows import Rows
from relations_kg.answers.tables import shown_cells
from relations_kg.comparison.differences import Cells, ChangedAnswer
from relations_kg.comparison.normalized import NormalizedGraph
from relations_kg.rdf.terms import Term, value


def changed(
    before: NormalizedGraph, after: NormalizedGraph, things: set[Term]
) -> tuple[ChangedAnswer, ...]:
    """Return the differing answers of the stored queries that require no parameter except a day.

    Queries are run for each day on which `things`, or things whose dates have changed, begin or end
    in either graph.
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
    query: StoredQuery, before: NormalizedGraph, after: NormalizedGraph, days: Iterable[str]
) -> Iterable[ChangedAnswer]:
    needed = [p.name for p in query.parameters if p.required]
    defaults = {p.name: p.default for p in query.parameters if p.default is not None}
    asked: dict[tuple[Cells, Cells], list[str]] = {}
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
        yield ChangedAnswer(
            query.name,
            query.summary,
            tuple(filter(None, when)),
            defaults,
            tuple(columns),
            added,
            removed,
        )


def _beyond(rows: Rows, own: NormalizedGraph, others: Rows, other: NormalizedGraph) -> Cells:
    left = Counter(_terms(others, other))
    lines = []
    for terms, cells in zip(_terms(rows, own), shown_cells(rows), strict=True):
        left[terms] -= 1
        if left[terms] < 0:
            lines.append(tuple(cells))
    return tuple(lines)


def _terms(rows: Rows, graph: NormalizedGraph) -> list[tuple[object, ...]]:
    return [tuple(term and graph.named(term) for term in row) for row in rows.terms]  # type: ignore[arg-type]
