"""Statements with the places of their terms, for tests."""

from collections.abc import Iterator
from typing import NamedTuple

from pyoxigraph import Quad

from relations_kg.reader.places import Place, Reading


class Located(NamedTuple):
    """A statement with the places of its terms; `graph` is None for the default graph."""

    quad: Quad
    subject: Place
    predicate: Place
    object: Place
    graph: Place | None


def statements(reading: Reading) -> Iterator[Located]:
    """Yield all statements with their places, in the order of the text."""
    for index, quad in enumerate(reading.quads):
        subject, predicate, object_, graph = (reading.where(index, role) for role in range(4))
        named = graph if reading.spans[8 * index + 7] else None
        yield Located(quad, subject, predicate, object_, named)
