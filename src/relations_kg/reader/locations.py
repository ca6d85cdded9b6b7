"""The locations of facts in a file, by line and column or by JSON Pointer."""

from __future__ import annotations

from collections.abc import Iterable

from pyoxigraph import Literal, Quad, Store

from relations_kg.rdf.namespaces import XSD
from relations_kg.rdf.terms import Statement, shared, statements
from relations_kg.reader.places import Reading, Spot


class Locations:
    """The facts of a file with their places, and with literals in the engine's canonical form."""

    def __init__(self, source: Reading) -> None:
        self._source = source
        self._first: dict[Statement, int] = {}
        # Few facts are repeated, and a list for each fact would take much memory.
        self._further: dict[Statement, list[int]] = {}
        for index, fact in enumerate(map(canonical, shared(source.quads))):
            if self._first.setdefault(fact, index) != index:
                self._further.setdefault(fact, []).append(index)

    def term(self, fact: Statement, role: int) -> list[Spot]:
        """Return the places of a fact's subject (0), predicate (1) or object (2)."""
        if fact not in self._first:
            return []
        indices = self._first[fact], *self._further.get(fact, ())
        return [self._source.term(index, role) for index in indices]

    def facts(self) -> Iterable[Statement]:
        """Return the facts in the order of the file."""
        return self._first


def canonical(fact: Statement) -> Statement:
    """Return a fact as the engine stores it, with its literal in canonical form.

    >>> from pyoxigraph import NamedNode
    >>> zeroes = Literal("007", datatype=NamedNode(XSD + "integer"))
    >>> canonical((NamedNode("urn:a"), NamedNode("urn:b"), zeroes))[2].value
    '7'
    """
    object_ = fact[2]
    if not isinstance(object_, Literal):
        return fact
    datatype = object_.datatype.value
    if not datatype.startswith(XSD) or datatype == XSD + "string":
        return fact
    store = Store()
    store.add(Quad(*fact))  # type: ignore[arg-type]
    return next(statements(store))
