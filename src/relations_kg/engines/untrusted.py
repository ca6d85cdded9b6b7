"""Untrusted queries, answered by workers with limits on time and memory."""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain
from typing import IO

from pyoxigraph import QueryBoolean, QueryResultsFormat, QuerySolutions, Store

from relations_kg.engines import worker
from relations_kg.engines.limits import MOST_ROWS, too_many
from relations_kg.engines.lines import SolutionLines, TripleLines
from relations_kg.engines.standby import Workers
from relations_kg.errors import QueryError
from relations_kg.sparql.evaluation import FAILURES, ask, failure

# The kinds of answers; the kind is the first byte of an answer.
_ROWS, _TRIPLES, _TRUTH = b"R", b"T", b"B"


class QueryWorkers(Workers):
    """The workers that answer queries on a store.

    With `calls`, the queries may call other hosts and wait for their responses. A worker calls
    `before` first, within the timeout. Without `stay`, a new worker is started for each query.
    """

    def __init__(
        self,
        store: Store,
        *,
        calls: bool = False,
        stay: bool = True,
        before: Callable[[], object] = bool,
    ) -> None:
        self.store = store

        def job(request: bytes, pipe: IO[bytes]) -> bytes:
            return respond(store, request.decode(), pipe, before)

        super().__init__(job, calls=calls, stay=stay)

    def query(
        self, sparql: str, timeout: float, version: object = None
    ) -> bool | SolutionLines | TripleLines:
        """Run a query within a timeout in seconds.

        Rows are returned before all of them have been found. Triples are sorted.

        Raises QueryError for a text that is not SPARQL, and for a query that fails, crashes, takes
        too much memory, or has an answer of more than MOST_ROWS rows or LONGEST bytes; QueryTimeout
        for one that takes too long.

        >>> QueryWorkers(Store()).query("ASK { ?s ?p ?o }", 10)
        False
        """
        pieces = self.answer(sparql.encode(), timeout, version)
        first = next(pieces)
        kind, rest = first[:1], chain([first[1:]], pieces)
        if kind == _TRUTH:
            return b"".join(rest) == b"true"
        return TripleLines(rest) if kind == _TRIPLES else SolutionLines(rest)


def respond(
    store: Store, sparql: str, pipe: IO[bytes], before: Callable[[], object] = bool
) -> bytes:
    """Write an answer, preceded by its kind; return the error if the query fails, or b"".

    This runs in the worker.
    """
    try:
        before()
        found = ask(store, sparql)
        if isinstance(found, QueryBoolean):
            pipe.write(_TRUTH + (b"true" if found else b"false"))
        elif isinstance(found, QuerySolutions):
            pipe.write(_ROWS)
            found.serialize(pipe, QueryResultsFormat.TSV)
        else:
            triples = set()
            for triple in found:
                triples.add(f"{triple} .\n")
                if len(triples) > MOST_ROWS:
                    raise too_many(MOST_ROWS)
            pipe.write(_TRIPLES)
            pipe.writelines(line.encode() for line in sorted(triples))
        return b""
    except FAILURES as error:
        return worker.encoded(failure(error))
    except QueryError as error:
        return worker.encoded(error)
