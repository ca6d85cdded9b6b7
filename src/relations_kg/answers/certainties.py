"""The things that certainly or possibly existed or happened on a day, for pictures."""

from __future__ import annotations

from datetime import date
from functools import cache

from relations_kg._files import folder
from relations_kg.answers import evaluation
from relations_kg.answers.knowledge import Knowledge
from relations_kg.answers.queries import Queries, StoredQuery
from relations_kg.answers.rows import Rows
from relations_kg.pictures.related_events import Snapshot


def snapshot(graph: Knowledge, day: date) -> Snapshot:
    """Return the dated things that certainly or possibly existed or happened on a day.

    >>> import relations_kg as rk
    >>> graph = rk.load()
    >>> known = snapshot(graph, date(1990, 1, 1)).certainties
    >>> known[graph.names.find("china-peru-relations")]
    'possible'
    """
    text = _query().bind({"on": day}, graph.names)
    rows = evaluation.evaluate(graph.quad_store, text, graph.names)
    assert isinstance(rows, Rows)
    return Snapshot(day, {str(row.thing): str(row.certainty) for row in rows})


@cache
def _query() -> StoredQuery:
    return Queries(folder("answers"))["certainty"]
