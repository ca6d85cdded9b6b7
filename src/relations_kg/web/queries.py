"""The queries behind the pages: files of their own, and stored queries limited to some things."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from relations_kg._files import folder
from relations_kg.answers import evaluation
from relations_kg.answers.queries import Queries
from relations_kg.answers.rows import Rows
from relations_kg.graph.graph import Graph


def run(graph: Graph, name: str, **parameters: object) -> Rows:
    """Return the answer of the query in a file of the folder `web/queries`."""
    query = _queries()[name]
    rows = graph.query(query.bind(parameters, graph.names), timeout=None)
    assert isinstance(rows, Rows)
    return rows


def about(graph: Graph, name: str, things: Iterable[str], **parameters: object) -> Rows:
    """Return the rows of a stored query whose first column has one of the things, given by IRIs.

    The time depends on the number of these things, and not on the size of the graph.
    """
    text = graph.queries[name].bind(parameters, graph.names)
    first = re.search(r"SELECT (?:DISTINCT )?(\?\w+)", text)
    assert first
    listed = f" VALUES {first[1]} {{ {' '.join(f'<{iri}>' for iri in things)} }}"
    # An engine evaluates a sub-select on its own. So a sub-select that selects the things needs the
    # VALUES too, unless it only contains another sub-select, which gets them instead.
    inner = rf"SELECT (?:DISTINCT {re.escape(first[1])} \?each|{re.escape(first[1])} \(.*\)) {{"
    places = re.compile(rf"WHERE {{|{inner}(?!\s*SELECT)")
    text = places.sub(lambda place: place[0] + listed, text)
    rows = evaluation.evaluate(graph.quad_store, text, graph.names, together=True)
    assert isinstance(rows, Rows)
    return rows


@cache
def _queries() -> Queries:
    return Queries(folder("web/queries"))
