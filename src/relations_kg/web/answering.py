"""Answers to SPARQL queries: their media types, and the limits on their size."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import islice
from typing import IO, Any

from pyoxigraph import (
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    Store,
)

from relations_kg.answers.knowledge import Knowledge
from relations_kg.engines import guard
from relations_kg.engines.limits import LONGEST, too_large
from relations_kg.errors import InputError, QueryError, Refused, RelationsError
from relations_kg.export.export import serialize_triples
from relations_kg.rdf import formats, results, xml
from relations_kg.rdf.namespaces import BASE
from relations_kg.rdf.sparql import FAILURES, ask, failure

# The format of each media type; the first is the default.
ROWS = {"application/sparql-results+json": QueryResultsFormat.JSON}
ROWS |= {type: each.results for type, each in formats.media_types("rows").items() if each.results}
TRIPLES = {each.media_types[0]: each.name for each in formats.holding("answers")}
# Text that occurs once per row, and how many occurrences there are besides, in the formats that the
# engine can write without another pass over the rows.
_MARKS = {
    QueryResultsFormat.JSON: (b"},{", -1),
    QueryResultsFormat.XML: (b"</result>", 0),
    QueryResultsFormat.TSV: (b"\n", 1),
}


@dataclass(frozen=True)
class Question:
    """A query with the media types for rows and for triples, and the dataset that is queried.

    A media type is None if the client does not accept such an answer; the graphs are None if all
    of them are queried.
    """

    sparql: str
    rows: str | None = "application/sparql-results+json"
    triples: str | None = "text/turtle"
    default: tuple[str, ...] | None = None
    named: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Head:
    """The status and media type of an answer, sent before its content.

    `cut` is the number of rows of an answer that is cut off. An error has its fields in `error`.
    `warnings` are those about the text of the query.
    """

    status: int = 200
    media_type: str = ""
    cut: int | None = None
    error: dict[str, Any] | None = None
    warnings: Sequence[str] = ()

    @classmethod
    def of(cls, error: RelationsError, status: int) -> Head:
        """Return the head of an answer that is an error."""
        place = {"where": error.where, "line": error.line, "column": error.column}
        return cls(status, error={"detail": error.message, "help": error.help, **place})

    @classmethod
    def parse(cls, line: bytes) -> Head:
        """Return the head in a line written by `to_json`."""
        return cls(**json.loads(line))

    def to_json(self) -> bytes:
        """Return the head as one line of JSON."""
        return json.dumps(asdict(self)).encode() + b"\n"


def write(graph: Knowledge, question: Question, most: int | None, pipe: IO[bytes]) -> None:
    """Write the head of an answer and its content, cut off after `most` rows.

    This runs in a worker, as do the check of the query and the warnings about it, which take longer
    for longer texts.
    """
    content = b""
    try:
        _check(question.sparql)
        head, content = answer(graph.quad_store, question, most)
        head = replace(head, warnings=graph.warnings(question.sparql))
    except FAILURES as error:
        head = Head.of(failure(error), 400)
    except QueryError as error:
        head = Head.of(error, 403 if isinstance(error, Refused) else 400)
    except InputError as error:  # the requested format cannot express the answer
        head = Head.of(error, 406)
    pipe.write(head.to_json())
    pipe.write(content)


def _check(sparql: str) -> None:
    try:
        guard.check(sparql)
    except Refused as error:
        raise Refused(error.message, help="this server does not query other servers") from None


def _no_format(what: str, formats: Iterable[str]) -> Head:
    help = f"available: {', '.join(formats)}"
    return Head.of(QueryError(f"cannot write {what} in this format", help=help), 406)


def answer(store: Store, question: Question, most: int | None = None) -> tuple[Head, bytes]:
    """Return the head of an answer and its content; raises what `ask` raises."""
    found = _asked(store, question)
    if isinstance(found, QueryBoolean | QuerySolutions):
        if question.rows is None:
            return _no_format("rows", ROWS), b""
        format = ROWS[question.rows]
        if isinstance(found, QueryBoolean):
            return Head(200, question.rows), found.serialize(format=format) or b""
        if most is None:
            lines = found.serialize(format=QueryResultsFormat.TSV) or b""
            return Head(200, question.rows), results.serialize(lines, format)
        if format in _MARKS:
            mark, more = _MARKS[format]
            written = _Written(mark, most + more)
            if written.takes(found, format):
                content = bytes(written.content)
                is_xml = format == QueryResultsFormat.XML
                return Head(200, question.rows), xml.checked(content) if is_xml else content
        return _cut(store, question, most)
    if question.triples is None:
        return _no_format("triples", TRIPLES), b""
    triples = list(found if most is None else islice(found, most + 1))
    cut = most if most is not None and len(triples) > most else None
    content = serialize_triples(triples[:most], TRIPLES[question.triples])
    if most is not None and len(content) > LONGEST:
        raise too_large(LONGEST)
    return Head(200, question.triples, cut), content


def _asked(store: Store, question: Question) -> QueryBoolean | QuerySolutions | QueryTriples:
    """Return the engine's answer; the protocol asks for a base, which relative IRIs need."""
    return ask(store, question.sparql, default=question.default, named=question.named, base=BASE)


def _cut(store: Store, question: Question, most: int) -> tuple[Head, bytes]:
    """Return the first rows of a TSV text, which has one row on each line after the first."""
    found = _asked(store, question)
    assert isinstance(found, QuerySolutions)
    assert question.rows is not None
    written = _Written(b"\n", most + 1)
    cut = None if written.takes(found, QueryResultsFormat.TSV) else most
    lines = bytes(written.content)
    if cut:
        lines = b"\n".join([*lines.split(b"\n", most + 1)[: most + 1], b""])
    return Head(200, question.rows, cut), results.serialize(lines, ROWS[question.rows])


class _Written:
    """A file that rows are written to, up to a limit."""

    def __init__(self, mark: bytes, most: int) -> None:
        self.content = bytearray()
        self._mark, self._most = mark, most
        self._seen = 0

    def takes(self, rows: QuerySolutions, format: QueryResultsFormat) -> bool:
        """Write rows to this file; return whether all of them fit."""
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
