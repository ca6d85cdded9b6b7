"""Rows in the SPARQL 1.1 result formats."""

import re

from pyoxigraph import QueryResultsFormat, QuerySolutions, parse_query_results

from relations_kg.rdf import xml

# Matches an IRI with a comma in a cell of TSV, which the engine's CSV writer would not quote.
_COMMA = rb"(?<![^\t\n])<([^<>\"\t\n]*,[^<>\"\t\n]*)>(?![^\t\n])"
# Matches a triple term in a cell of TSV, which the engine's CSV writer would not quote.
_TRIPLE = rb"(?<![^\t\n])<<\([^\t\n]*\)>>(?![^\t\n])"


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
    rows = parse_query_results(lines, QueryResultsFormat.TSV)
    assert isinstance(rows, QuerySolutions)
    content = rows.serialize(format=format) or b""
    return xml.checked(content) if format == QueryResultsFormat.XML else content


def _quoted(match: re.Match[bytes]) -> bytes:
    escaped = match[0].replace(b"\\", b"\\\\").replace(b'"', b'\\"')
    return b'"' + escaped + b'"'
