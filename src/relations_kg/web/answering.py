"""The answer to a question: what is written for each media type, and how much of it."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Mapping
from contextlib import suppress
from itertools import islice
from typing import IO, Any, NamedTuple

from pyoxigraph import (
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Store,
    Triple,
    parse_query_results,
)
from pyoxigraph import serialize as write_rdf

from relations_kg.engines import guard
from relations_kg.engines.limits import LONGEST, too_large
from relations_kg.errors import QueryError, Refused
from relations_kg.rdf.sparql import FAILURES, ask, failure

# What is written for each media type; those who do not mind get the first.
ROWS = {
    "application/sparql-results+json": QueryResultsFormat.JSON,
    "application/sparql-results+xml": QueryResultsFormat.XML,
    "text/csv": QueryResultsFormat.CSV,
    "text/tab-separated-values": QueryResultsFormat.TSV,
    "application/json": QueryResultsFormat.JSON,
    "application/xml": QueryResultsFormat.XML,
}
TRIPLES = {
    "text/turtle": "turtle",
    "application/n-triples": "ntriples",
    "application/ld+json": "jsonld",
    "application/rdf+xml": "xml",
}
# What occurs at least so many times, more or less, as there are rows.
_MARKS = {
    QueryResultsFormat.JSON: (b"},{", -1),
    QueryResultsFormat.XML: (b"</result>", 0),
    QueryResultsFormat.CSV: (b"\n", 1),
    QueryResultsFormat.TSV: (b"\n", 1),
}


class Question(NamedTuple):
    """Hold a query, the media types wanted for rows and for triples, and the dataset it is put to.

    A media type is None where the client has no use for such an answer; the graphs are None where
    all of them count.
    """

    sparql: str
    rows: str | None = "application/sparql-results+json"
    triples: str | None = "text/turtle"
    default: tuple[str, ...] | None = None
    named: tuple[str, ...] | None = None


class Head(NamedTuple):
    """Say of an answer what comes before it: its status and type, and how many rows were left.

    Of an answer that is an error it holds the fields.
    """

    status: int = 200
    media_type: str = ""
    cut: int | None = None
    error: dict[str, Any] | None = None

    @classmethod
    def parse(cls, line: bytes) -> Head:
        """Read what `to_json` wrote."""
        return cls(*json.loads(line))

    def to_json(self) -> bytes:
        """Write it as one line."""
        return json.dumps(self).encode() + b"\n"


def write(store: Store, question: Question, most: int | None, pipe: IO[bytes]) -> None:
    """Write the head of an answer and its content, cut to so many rows.

    It runs in a worker, as do the checks of the text, whose time grows with its length.
    """
    let_go()
    content = b""
    try:
        _check(question.sparql)
        head, content = answer(store, question, most)
    except FAILURES as error:
        head = _refusal(400, failure(error))
    except QueryError as error:
        head = _refusal(403 if isinstance(error, Refused) else 400, error)
    pipe.write(head.to_json())
    pipe.write(content)


def _check(sparql: str) -> None:
    try:
        guard.check(sparql)
    except Refused as error:
        raise Refused(error.message, help="this server asks no other") from None


def let_go() -> None:
    """Close all connections in a copy of the server: others would wait for their end."""
    for number in map(int, os.listdir("/dev/fd")):
        with suppress(OSError):
            if stat.S_ISSOCK(os.fstat(number).st_mode):
                os.close(number)


def answer(store: Store, question: Question, most: int | None = None) -> tuple[Head, bytes]:
    """Return the head of an answer and its content; raise what `ask` raises."""
    found = ask(store, question.sparql, default=question.default, named=question.named)
    if isinstance(found, QueryBoolean | QuerySolutions):
        if question.rows is None:
            return _refusal(406, QueryError("rows are not written like this")), b""
        format = ROWS[question.rows]
        if most is None or isinstance(found, QueryBoolean):
            return Head(200, question.rows), found.serialize(format=format) or b""
        mark, more = _MARKS[format]
        written = _Written(mark, most + more)
        if written.takes(found, format):
            return Head(200, question.rows), bytes(written.content)
        return _cut(store, question, most)
    if question.triples is None:
        return _refusal(406, QueryError("triples are not written like this")), b""
    triples = list(found if most is None else islice(found, most + 1))
    cut = most if most is not None and len(triples) > most else None
    content = serialized(triples[:most], question.triples)
    if most is not None and len(content) > LONGEST:
        raise too_large(LONGEST)
    return Head(200, question.triples, cut), content


def _cut(store: Store, question: Question, most: int) -> tuple[Head, bytes]:
    """Answer with the first rows, counted one by one: a line each, after that with the names."""
    found = ask(store, question.sparql, default=question.default, named=question.named)
    assert isinstance(found, QuerySolutions)
    assert question.rows is not None
    written = _Written(b"\n", most + 1)
    cut = None if written.takes(found, QueryResultsFormat.TSV) else most
    lines = bytes(written.content)
    if cut:
        lines = b"\n".join([*lines.split(b"\n", most + 1)[: most + 1], b""])
    rows = parse_query_results(lines, QueryResultsFormat.TSV)
    assert isinstance(rows, QuerySolutions)
    return Head(200, question.rows, cut), rows.serialize(format=ROWS[question.rows]) or b""


class _Written:
    """Take what is written until something has come up too often in it."""

    def __init__(self, mark: bytes, most: int) -> None:
        self.content = bytearray()
        self._mark, self._most = mark, most
        self._seen = 0

    def takes(self, rows: QuerySolutions, format: QueryResultsFormat) -> bool:
        """Have rows written here; tell whether all of them were."""
        try:
            rows.serialize(self, format)  # type: ignore[arg-type]
        except _Enough:
            return False
        return True

    def write(self, piece: bytes) -> int:
        start = max(0, len(self.content) - len(self._mark) + 1)
        self.content += piece
        self._seen += self.content.count(self._mark, start)
        if self._seen > self._most:
            raise _Enough
        if len(self.content) > LONGEST:
            raise too_large(LONGEST)
        return len(piece)

    def flush(self) -> None: ...


class _Enough(Exception):
    pass


def serialized(
    triples: list[Triple], media_type: str, prefixes: Mapping[str, str] | None = None
) -> bytes:
    """Write triples for a media type; `prefixes` replace ours."""
    if media_type == "application/rdf+xml":
        return write_rdf(dict.fromkeys(triples), format=RdfFormat.RDF_XML) or b""
    from relations_kg.export.export import serialize_triples

    return serialize_triples(triples, TRIPLES[media_type], prefixes)


def _refusal(status: int, error: QueryError) -> Head:
    place = {"where": error.where, "line": error.line, "column": error.column}
    return Head(status, error={"detail": error.message, "help": error.help, **place})
