"""Files of facts parsed with the place of every term, whatever their format."""

from __future__ import annotations

from pyoxigraph import RdfFormat

from relations_kg.reader import jsonld, turtle
from relations_kg.reader.places import Reading
from relations_kg.reader.pointers import JsonReading


def parse(
    content: bytes, file: str, format: RdfFormat, *, scope: str = "b"
) -> Reading | JsonReading:
    """Return the statements and the mistakes of a file, without raising for what is in it.

    Labels of blank nodes begin with `scope`: give files that are read together different ones.

    >>> print(parse(b"<urn:a> <urn:b> 1", "facts.ttl", RdfFormat.TURTLE).errors[0].place)
    facts.ttl:1:18
    """
    if format == RdfFormat.JSON_LD:
        return jsonld.read(content, file, scope=scope)
    return turtle.read(content.decode(errors="replace"), file, format, scope=scope)
