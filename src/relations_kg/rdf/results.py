"""Rows in the SPARQL 1.1 result formats."""

import re
from collections.abc import Iterable

from pyoxigraph import QueryResultsFormat, QuerySolutions, Triple, parse_query_results

from relations_kg.rdf import xml
from relations_kg.rdf.terms import LIST, EngineTerm, in_order

# Matches an IRI with a comma in a cell of TSV, which the engine's CSV writer would not quote.
_COMMA = rb"(?<![^\t\n])<([^<>\"\t\n]*,[^<>\"\t\n]*)>(?![^\t\n])"
# Matches a triple term in a cell of TSV, which the engine's CSV writer would not quote.
_TRIPLE = rb"(?<![^\t\n])<<\([^\t\n]*\)>>(?![^\t\n])"
_LIST = str(LIST).encode()


def serialize(lines: bytes, format: QueryResultsFormat) -> bytes:
    """Return rows in a format, from their SPARQL 1.1 TSV result.

    Raises InputError for a character that the format does not allow.

    >>> serialize(b"?x\\t?y\\n<http://example.org/a,b>\\t1\\n", QueryResultsFormat.CSV)
    b'x,y\\r\\n"http://example.org/a,b",1\\r\\n'
    >>> serialize(b'?x\\n<<( <urn:a,b> <urn:p> "c" )>>\\n', QueryResultsFormat.CSV)
    b'x\\r\\n"<<( <urn:a,b> <urn:p> ""c"" )>>"\\r\\n'
    """
    if format == QueryResultsFormat.CSV and b"," in lines:
        lines = re.sub(_COMMA, rb'"\1"', lines)
    if format == QueryResultsFormat.CSV and b"<<" in lines:
        lines = re.sub(_TRIPLE, _quoted, lines)
    content = solutions(lines).serialize(format=format) or b""
    return xml.checked(content) if format == QueryResultsFormat.XML else content


def solutions(lines: bytes) -> QuerySolutions:
    """Return the engine's rows of a SPARQL 1.1 TSV result."""
    rows = parse_query_results(lines, QueryResultsFormat.TSV)
    assert isinstance(rows, QuerySolutions)
    return rows


def has_lists(lines: bytes) -> bool:
    """Return whether rows in TSV can have lists, whose values the engine gives in any order."""
    return _LIST in lines


def ordered(lines: bytes) -> bytes:
    """Return a SPARQL 1.1 TSV result with the values of each list in order."""
    if not has_lists(lines):
        return lines
    return lines[: lines.index(b"\n") + 1] + b"".join(map(line, solutions(lines)))


def line(solution: Iterable[EngineTerm | None]) -> bytes:
    """Return a row as a line of TSV, with ordered lists and triple terms as in SPARQL 1.2."""
    return "\t".join(map(_cell, in_order(solution))).encode() + b"\n"


def _cell(term: EngineTerm | None) -> str:
    if isinstance(term, Triple):
        return f"<<( {term} )>>"
    return "" if term is None else str(term)


def _quoted(match: re.Match[bytes]) -> bytes:
    escaped = match[0].replace(b"\\", b"\\\\").replace(b'"', b'\\"')
    return b'"' + escaped + b'"'
