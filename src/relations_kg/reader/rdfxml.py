"""A reader of RDF/XML that finds the locations which the engine's parser does not report.

From the place of the previous statement on, the reader searches the text for the local name or the
text of each term. A term that is not found gets the place of the term before it; a subject, that of
the previous statement.
"""

from __future__ import annotations

import re
from xml.parsers import expat
from xml.sax.saxutils import escape

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat
from pyoxigraph import parse as parsed

from relations_kg.rdf.terms import TYPE, EngineTerm, value
from relations_kg.reader.places import Mistake, Reading

# Entities that contain other entities could expand without limit and exhaust memory.
_ENTITY = re.compile(
    r"""<!ENTITY\s+(?:%\s+)?([\w.:-]+)\s+(?:(SYSTEM|PUBLIC)\b|"([^"]*)"|'([^']*)')"""
)
_REFERENCE = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)")
_LONGEST_ENTITY = 1_000
_NAMESPACE = re.compile(r"""xmlns:([\w.-]+)\s*=\s*["']([^"'&<>]+)["']""")
_LONGEST_SOUGHT = 80


def read(content: bytes, file: str, *, scope: str = "b") -> Reading:
    """Return the statements and the mistakes of a document, without raising for mistakes.

    If all entities are allowed, only the first mistake is found. Labels of blank nodes begin with
    `scope`.

    >>> print(*read(b"<a><b>", "facts.rdf").errors)
    facts.rdf:1:7: not well-formed XML: no element found
    """
    text = content.decode(errors="replace")
    reading = Reading(text, file)
    for entity in _ENTITY.finditer(text):
        expansion = entity[3] or entity[4] or ""
        if entity[2]:
            message, help = "a remote entity is not fetched", "write it in full"
        elif _REFERENCE.search(expansion) or len(expansion) > _LONGEST_ENTITY:
            message, help = "the entity contains other entities, or is too long", "write it in full"
        else:
            continue
        reading.add(Mistake(f"{message}: {entity[1]}", reading.place(*entity.span()), help))
    if not reading.errors:
        _read(content, text, reading, scope)
    return reading


def _read(content: bytes, text: str, reading: Reading, scope: str) -> None:
    reading.prefixes.update(_NAMESPACE.findall(text))
    blanks: dict[str, BlankNode] = {}

    def own(blank: BlankNode) -> BlankNode:
        return blanks.setdefault(blank.value, BlankNode(f"{scope}{len(blanks)}"))

    seeker = _Seeker(text)
    try:
        for quad in parsed(content, RdfFormat.RDF_XML):
            subject = own(quad.subject) if isinstance(quad.subject, BlankNode) else quad.subject
            object_ = own(quad.object) if isinstance(quad.object, BlankNode) else quad.object
            reading.quads.append(Quad(subject, quad.predicate, object_))
            for start, end in seeker.spans(subject, quad.predicate, object_):
                reading.spans.extend((start, end))
            reading.spans.extend((0, 0))
    except SyntaxError as error:
        reading.add(_mistake(error.msg, content, text, reading))


def _mistake(message: str, content: bytes, text: str, reading: Reading) -> Mistake:
    """Return the mistake in a document that the engine rejects, with its place if it is found."""
    parser = expat.ParserCreate()
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        start = min(parser.CurrentByteIndex, len(content))
        offset = len(content[:start].decode(errors="replace"))
        place = reading.place(offset, min(offset + 1, len(text)))
        return Mistake(f"not well-formed XML: {expat.ErrorString(error.code)}", place)
    found = re.search(r"'([^']+)'", message)
    start = max(text.find(f'"{found[1]}"'), 0) if found else 0
    place = reading.place(start, start + (len(found[1]) + 2 if found and start else 0))
    help = "write IRIs in full, or declare xml:base" if "IRI" in message else None
    return Mistake(message.removeprefix("syntax error: "), place, help)


class _Seeker:
    """A finder of the places of terms, for statements that are passed in the order of the text."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._subject: EngineTerm | None = None
        self._at = (0, 0)
        self._end = 0

    def spans(
        self, subject: EngineTerm, predicate: NamedNode, object_: EngineTerm
    ) -> list[tuple[int, int]]:
        """Return the spans of subject, predicate and object of the next statement."""
        if subject != self._subject:
            self._subject = subject
            self._at = self._find(subject, self._end) or (self._end, self._end)
        # The class may be the name of the element, which is written before the IRI of the thing.
        opened = self._text.rfind("<", 0, self._at[0])
        if predicate == TYPE and (span := self._find(object_, max(opened, 0), self._at[0])):
            return [self._at, span, span]
        begin = max(self._end, self._at[1])
        stated = self._find(predicate, begin) or self._at
        span = self._find(object_, stated[1]) or stated
        self._end = max(stated[0], begin)
        return [self._at, stated, span]

    def _find(self, term: EngineTerm, start: int, end: int | None = None) -> tuple[int, int] | None:
        word = value(term) if not isinstance(term, BlankNode) else ""
        if isinstance(term, Literal):
            lines = escape(word).strip().splitlines()
            word = lines[0][:_LONGEST_SOUGHT] if lines else ""
        else:
            word = re.split(r"[#/:]", word)[-1]
        at = self._text.find(word, start, len(self._text) if end is None else end) if word else -1
        return (at, at + len(word)) if at >= 0 else None
