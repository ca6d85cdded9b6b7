"""Answers to SPARQL queries: their media types, and the limits on their size."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import IO, Any

from pyoxigraph import (
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    Store,
)

from relations_kg.answers.knowledge import Knowledge
from relations_kg.engines.guard import check
from relations_kg.engines.limits import LONGEST, limited, too_large, too_many
from relations_kg.errors import InputError, QueryError, Refused, RelationsError
from relations_kg.export.export import serialize_triples
from relations_kg.rdf import formats, results, xml
from relations_kg.rdf.namespaces import BASE
from relations_kg.sparql.evaluation import FAILURES, Answer, ask, failure

# The formats of rows by media type; the first is the default.
ROWS = {"application/sparql-results+json": QueryResultsFormat.JSON}
ROWS |= {type: each.results for type, each in formats.media_types("rows").items() if each.results}
TRIPLES = {each.media_types[0]: each.name for each in formats.containing("answers")}
# For each result format, a byte string that marks a row, and how many more marks than rows there
# are: TSV has a line of headings, and in JSON no mark follows the last row. No cell contains a
# mark, since quotes are escaped in JSON, "<" in XML, and line feeds in TSV, from which CSV is made.
# JSON rows without values are not counted; only their bytes are limited.
_MARKS = {
    QueryResultsFormat.JSON: (b'},{"', -1),
    QueryResultsFormat.XML: (b"</result>", 0),
    QueryResultsFormat.TSV: (b"\n", 1),
    QueryResultsFormat.CSV: (b"\n", 1),
}
# The approximate size in bytes of a block of rows, which are converted and written together.
_BLOCK = 1 << 16


@dataclass(frozen=True)
class Question:
    """A query with the media types for rows and for triples, and its dataset.

    A media type is None if the client does not accept such an answer; the graphs are None if all
    graphs are queried.
    """

    sparql: str
    rows: str | None = "application/sparql-results+json"
    triples: str | None = "text/turtle"
    default: tuple[str, ...] | None = None
    named: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Head:
    """The status and media type of an answer, sent before its content.

    `error` has the fields of an error, if any. `warnings` are about the text of the query.
    """

    status: int = 200
    media_type: str = ""
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


def write(graph: Knowledge, question: Question, most: int | None, pipe: IO[bytes]) -> bytes:
    """Write the head of an answer, and its content while it is computed.

    Returns b"" or, if an error ends the answer, the error's head as JSON; more than `most` rows are
    such an error. The check of the query and the warnings, which may take long, run here too, in
    the worker.
    """
    try:
        _check(question.sparql)
        found = _asked(graph.quad_store, question)
        warnings = graph.warnings(question.sparql)
        if isinstance(found, QuerySolutions) and question.rows:
            pipe.write(Head(200, question.rows, warnings=warnings).to_json())
            _Rows(pipe, ROWS[question.rows], most).take(found)
        else:
            head, content = _whole(found, question, most)
            pipe.write(replace(head, warnings=warnings).to_json())
            pipe.write(content)
    except FAILURES as error:
        return Head.of(failure(error), 400).to_json()
    except QueryError as error:
        return Head.of(error, 403 if isinstance(error, Refused) else 400).to_json()
    except InputError as error:  # the requested format cannot express the answer
        return Head.of(error, 406).to_json()
    return b""


def _check(sparql: str) -> None:
    try:
        check(sparql)
    except Refused as error:
        raise Refused(error.message, help="this server does not query other servers") from None


def answer(store: Store, question: Question) -> tuple[Head, bytes]:
    """Return the head of an answer and its content.

    Raises QueryError if the query fails, and InputError if no accepted media type fits the answer.
    """
    return _whole(_asked(store, question), question, None)


def _asked(store: Store, question: Question) -> Answer:
    """Return the engine's answer, with the base for relative IRIs that the protocol requires."""
    return ask(store, question.sparql, default=question.default, named=question.named, base=BASE)


def _whole(found: Answer, question: Question, most: int | None) -> tuple[Head, bytes]:
    try:
        if isinstance(found, QueryTriples):
            media_type = _accepted("triples", question.triples, TRIPLES)
            content = serialize_triples(limited(found, most), TRIPLES[media_type])
            if most is not None and len(content) > LONGEST:
                raise too_large(LONGEST)
            return Head(200, media_type), content
        media_type = _accepted("rows", question.rows, ROWS)
        if isinstance(found, QueryBoolean):
            return Head(200, media_type), found.serialize(format=ROWS[media_type]) or b""
        lines = found.serialize(format=QueryResultsFormat.TSV) or b""
        return Head(200, media_type), results.serialize(results.ordered(lines), ROWS[media_type])
    finally:
        # An error's traceback would keep the answer alive, but only this thread may free it.
        del found


def _accepted(what: str, media_type: str | None, available: Iterable[str]) -> str:
    """Return a media type; raise InputError for None, if the client accepts no available one."""
    if media_type is None:
        help = f"available: {', '.join(available)}"
        raise InputError(f"cannot write {what} in an accepted format", help=help)
    return media_type


class _Rows:
    """A file object for the engine's rows, which are converted and written to a pipe in blocks.

    Raises QueryError above `most` rows, if it is not None, or LONGEST bytes, and InputError for a
    character that the format cannot express.
    """

    def __init__(self, pipe: IO[bytes], format: QueryResultsFormat, most: int | None) -> None:
        self._pipe, self._format, self._most = pipe, format, most
        self._mark, self._besides = _MARKS[format]
        self._text = bytearray()
        self._marks = self._size = 0
        self._head = b""

    def take(self, rows: QuerySolutions) -> None:
        """Write all rows."""
        is_csv = self._format == QueryResultsFormat.CSV
        format = QueryResultsFormat.TSV if is_csv else self._format
        rows.serialize(self, format)  # type: ignore[arg-type]
        self._put(len(self._text))

    def write(self, piece: bytes) -> int:
        """Buffer a piece of the engine's text, and write a block when enough rows are complete."""
        self._text += piece
        self._size += len(piece)
        if self._size > LONGEST:
            raise too_large(LONGEST)
        if len(self._text) >= _BLOCK and self._mark in piece:
            self._put(self._text.rindex(self._mark) + len(self._mark))
        return len(piece)

    def flush(self) -> None: ...

    def _put(self, end: int) -> None:
        """Write the first `end` bytes of the buffer, which are whole rows, as a block."""
        text = bytes(self._text[:end])
        del self._text[:end]
        self._marks += text.count(self._mark)
        if self._most is not None and self._marks - self._besides > self._most:
            raise too_many(self._most)
        if self._format == QueryResultsFormat.XML:
            text = xml.checked(text)
        elif self._format == QueryResultsFormat.CSV:
            text = self._csv(text)
        self._pipe.write(text)

    def _csv(self, lines: bytes) -> bytes:
        """Return lines of TSV as CSV, with a head only before the first block."""
        if self._head:
            text = results.serialize(self._head + lines, QueryResultsFormat.CSV)
            return text[text.index(b"\n") + 1 :]
        self._head = lines[: lines.index(b"\n") + 1]
        return results.serialize(lines, QueryResultsFormat.CSV)
