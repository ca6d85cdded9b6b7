"""The queries of the pages, in files like those of the stored queries."""

from __future__ import annotations

from functools import cache

from relations_kg._files import folder
from relations_kg.answers.queries import Queries
from relations_kg.answers.rows import Rows
from relations_kg.graph.graph import Graph


def run(graph: Graph, name: str, **parameters: object) -> Rows:
    """Return the answer of the query in a file of the folder `web/queries`."""
    query = _queries()[name]
    rows = graph.query(query.bind(parameters, graph.names), timeout=None)
    assert isinstance(rows, Rows)
    return rows


@cache
def _queries() -> Queries:
    return Queries(folder("web/queries"))
