"""Parsing of files in any format, with the location of every term and every mistake."""

from __future__ import annotations

from pyoxigraph import RdfFormat

from relations_kg.reader import rdfxml
from relations_kg.reader.jsonld import parser
from relations_kg.reader.ntriples import LineParser
from relations_kg.reader.places import Mistake, Reading
from relations_kg.reader.turtle import Parser

_PARSERS = {
    RdfFormat.TURTLE: Parser,
    RdfFormat.TRIG: Parser,
    RdfFormat.N_TRIPLES: LineParser,
    RdfFormat.N_QUADS: LineParser,
}


def parse(content: bytes, file: str, format: RdfFormat, *, scope: str = "b") -> Reading:
    """Return the statements and the mistakes of a file, without raising for mistakes.

    Labels of blank nodes begin with `scope`, which must differ between files read together.
    """
    if format == RdfFormat.RDF_XML:
        return rdfxml.read(content, file, scope=scope)
    if format == RdfFormat.JSON_LD:
        return parser.read(content, file, scope=scope)
    return parse_text(content.decode(errors="replace"), file, format, scope=scope)


def parse_text(
    text: str,
    file: str,
    format: RdfFormat = RdfFormat.TURTLE,
    *,
    base: str | None = None,
    scope: str = "b",
) -> Reading:
    """Return the statements and the mistakes of a text in Turtle, TriG, N-Triples or N-Quads.

    After a mistake, parsing continues within the statement if the intended term is clear, and
    otherwise with the next statement. Labels of blank nodes begin with `scope`, which must differ
    between texts read together. Raises ValueError for other formats.

    >>> reading = parse_text("<urn:a> <urn:b> 1 ,\\n  2\\n  ; <urn:c> 3", "facts.ttl")
    >>> [str(reading.where(index, 2)) for index in range(3)]
    ['facts.ttl:1:17', 'facts.ttl:2:3', 'facts.ttl:3:13']
    >>> print(*reading.errors)
    facts.ttl:3:14: expected ";" or "." after this object; end the last statement with "."
    """
    if format not in _PARSERS:
        raise ValueError(f"terms of {format} cannot be located")
    reading = Reading(text, file)
    try:
        text.encode()
    except UnicodeEncodeError as error:  # a str, unlike a file, can contain lone surrogates
        place = reading.place(error.start, error.end)
        reading.add(Mistake("a lone surrogate is not a character", place))
        text = text.encode(errors="replace").decode()
    _PARSERS[format](text, reading, format, base, scope).parse()
    reading.errors.sort(key=lambda mistake: mistake.place)
    return reading
