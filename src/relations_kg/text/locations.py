"""Where a file says what it says: by line and column, or by JSON Pointer."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any, Protocol

from pyoxigraph import Literal, Quad, RdfFormat, Store, parse

from relations_kg.namespaces import XSD
from relations_kg.terms import Statement, statements
from relations_kg.text.places import Place, Reading

# A place in a text, or a JSON Pointer (RFC 6901).
Spot = Place | str

# JSON-LD keys that say how to read the others, or hold things and no values.
_GRAPHS = ("@graph", "@included")


class Locations(Protocol):
    """Find what a file says by its terms, as the engine has them."""

    def term(self, fact: Statement, role: int) -> list[Spot]:
        """Return where a fact's subject (0), predicate (1) or object (2) stands."""

    def facts(self) -> Iterable[Statement]:
        """List the facts in the file's order."""


class TextLocations:
    """Find what a text says that the reader with places has read."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._indices: dict[Statement, list[int]] = {}
        for index, fact in enumerate(statements(reading.quads)):
            self._indices.setdefault(canonical(fact), []).append(index)

    def term(self, fact: Statement, role: int) -> list[Spot]:
        """Return where a fact's subject (0), predicate (1) or object (2) stands."""
        return [self._reading.term(index, role) for index in self._indices.get(fact, ())]

    def facts(self) -> Iterable[Statement]:
        """List the facts in the file's order."""
        return self._indices


class JsonLocations:
    """Find what a JSON-LD document says, by reading each of its values alone.

    The pointer of a subject is that of its object, that of a predicate and of a single object is
    that of the key.
    """

    def __init__(self, content: bytes) -> None:
        self._pointers: dict[Statement, list[tuple[str, str, str]]] = {}
        document = json.loads(content)
        for pointer, context, node in _nodes(document, "", []):
            self._read(pointer, context, node)

    def term(self, fact: Statement, role: int) -> list[Spot]:
        """Return where a fact's subject (0), predicate (1) or object (2) stands."""
        return [pointers[role] for pointers in self._pointers.get(fact, ())]

    def facts(self) -> Iterable[Statement]:
        """List the facts in the file's order."""
        return self._pointers

    def _read(self, pointer: str, context: list[Any], node: dict[str, Any]) -> None:
        for key, values in node.items():
            if key in ("@context", "@id", *_GRAPHS):
                continue
            several = isinstance(values, list)
            for index, one in enumerate(values if several else [values]):
                place = f"{pointer}/{_escaped(key)}"
                alone = {"@context": context, key: _reference(one)}
                if "@id" in node:
                    alone["@id"] = node["@id"]
                for fact in _facts(alone):
                    pointers = (pointer, place, f"{place}/{index}" if several else place)
                    self._pointers.setdefault(canonical(fact), []).append(pointers)


def canonical(fact: Statement) -> Statement:
    """Return a fact as the engine keeps it, which writes numbers and the like in its own way.

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


def _nodes(
    value: Any, pointer: str, context: list[Any]
) -> Iterator[tuple[str, list[Any], dict[str, Any]]]:
    """Yield the objects of a document that stand for things, with the contexts they stand in."""
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from _nodes(item, f"{pointer}/{index}", context)
    elif isinstance(value, dict) and "@value" not in value:
        if "@context" in value:
            own = value["@context"]
            context = [*context, *(own if isinstance(own, list) else [own])]
        if not set(value) <= {"@context", *_GRAPHS}:
            yield pointer, context, value
        for key, item in value.items():
            if key != "@context":
                yield from _nodes(item, f"{pointer}/{_escaped(key)}", context)


def _reference(value: Any) -> Any:
    """Leave of a thing only what names it."""
    if isinstance(value, dict) and "@id" in value:
        return {"@id": value["@id"]}
    return value


def _facts(document: dict[str, Any]) -> list[Statement]:
    try:
        return list(statements(parse(json.dumps(document), RdfFormat.JSON_LD)))
    except (SyntaxError, ValueError):
        return []


def _escaped(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")
