"""The nodes and statements of a JSON-LD document, and the parts of it that state them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, cast

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad

from relations_kg.rdf.spelling import did_you_mean
from relations_kg.rdf.terms import Term as Node
from relations_kg.reader.contexts import KEYWORDS, Context, Invalid
from relations_kg.reader.iris import NOT_IN_IRI, SCHEME
from relations_kg.reader.pointers import JsonReading, escaped

_MOST_HELPED, _MOST_TERMS = 50, 1_000

GraphName = NamedNode | BlankNode | DefaultGraph
# A function that is called with each node that is read and with its pointer.
Link = Callable[[Node, str], None]


@dataclass(frozen=True, slots=True)
class Part:
    """A value in a document, with its pointer, active context and graph."""

    value: Any
    pointer: str
    context: Context
    graph: GraphName

    def within(self, context: Context) -> Part:
        """Return the same part in another context."""
        return self if context is self.context else replace(self, context=context)

    def member(self, key: str) -> Part:
        """Return the value of a key."""
        pointer = f"{self.pointer}/{escaped(key)}"
        return Part(self.value[key], pointer, self.context, self.graph)

    def items(self) -> Iterator[Part]:
        """Yield the part itself or, for an array, its items, with nested arrays flattened."""
        if isinstance(self.value, list):
            for item in self.elements():
                yield from item.items()
        else:
            yield self

    def elements(self) -> Iterator[Part]:
        """Yield the items of an array, or the part itself if it is not one."""
        if not isinstance(self.value, list):
            yield self
            return
        for index, item in enumerate(self.value):
            yield Part(item, f"{self.pointer}/{index}", self.context, self.graph)

    def fields(self) -> list[Field]:
        """Return the keys of an object with their meanings and values."""
        return [Field(key, self.context.key(key), self.member(key)) for key in self.value]

    def has(self, *meanings: str) -> bool:
        """Return whether this is an object that has a key with one of some meanings."""
        return isinstance(self.value, dict) and any(
            self.context.key(key) in meanings for key in self.value
        )


@dataclass(frozen=True, slots=True)
class Field:
    """A key of an object, the IRI or keyword that it expands to, and its value."""

    key: str
    meaning: str | None
    part: Part


class Noting:
    """A context manager that notes a mistake raised in its body, instead of raising it."""

    def __init__(self, note: Callable[[Invalid], None]) -> None:
        self._note = note

    def __enter__(self) -> None:
        """Enter the body."""

    def __exit__(self, kind: object, error: BaseException | None, traceback: object) -> bool:
        """Note the mistake, if there is one."""
        if isinstance(error, Invalid):
            self._note(error)
        return isinstance(error, Invalid)


class Nodes:
    """The node identifiers of a document, and the reading that collects statements and mistakes."""

    def __init__(self, reading: JsonReading, scope: str) -> None:
        self._reading = reading
        self._scope = scope
        self._count = 0
        self._nodes: dict[str, NamedNode | BlankNode] = {}
        self._subject: Node | None = None  # of the statements that are being read
        self._noting = Noting(self._note)

    def _blank(self) -> BlankNode:
        self._count += 1
        return BlankNode(f"{self._scope}{self._count}")

    def _identified(self, part: Part) -> NamedNode | BlankNode:
        """Return the node that an @id names."""
        if not isinstance(part.value, str):
            raise Invalid("@id must be a string with an IRI", part.pointer)
        return self._named(part.context.expand(part.value, relative=True), part)

    def _named(self, iri: str | None, part: Part) -> NamedNode | BlankNode:
        """Return the node for the IRI or blank node label to which a part expands."""
        known = self._nodes.get(iri) if iri is not None else None
        if known is not None:
            return known
        if iri is None or iri in KEYWORDS:
            message = f'"{part.value}" is not an IRI; it is reserved for keywords'
            raise Invalid(message, part.pointer)
        try:
            if iri.startswith("_:"):
                BlankNode(iri[2:])
                node: NamedNode | BlankNode = self._blank()
            else:
                node = NamedNode(iri)
        except ValueError as error:
            message, help = _invalid(iri, str(error))
            raise Invalid(message, part.pointer, help) from None
        self._nodes[iri] = node
        return node

    def _predicate(self, key: str, part: Part) -> NamedNode:
        """Return the property that a key expands to; `part` provides its place and context."""
        context, place = part.context, part.pointer
        meaning = context.key(key)
        if meaning is None and context.term(key) is not None:
            raise Invalid(f'"{key}" is defined as null, so its values would be lost', place)
        if meaning is None:
            help = did_you_mean(key, KEYWORDS)
            raise Invalid(f'"{key}" is not a keyword of JSON-LD', place, help)
        if meaning.startswith("_:"):
            raise Invalid("a property must be an IRI, not a blank node", place)
        if ":" not in meaning:
            help = self._near(key, context) or "add it to the context, or write an IRI"
            raise Invalid(f'"{key}" is not a term of the context', place, help, "unknown-term")
        return cast(NamedNode, self._named(meaning, part))

    def _near(self, key: str, context: Context) -> str | None:
        # Suggestions are limited, since comparing all keys with all terms would take longer than
        # reading the document.
        if len(self._reading.errors) >= _MOST_HELPED:
            return None
        return did_you_mean(key, islice((name for name, _ in context.terms), _MOST_TERMS))

    def _state(
        self,
        subject: Node | None,
        predicate: NamedNode,
        object_: Node | None,
        graph: GraphName,
        pointers: tuple[str, str, str],
    ) -> None:
        if subject is not None and object_ is not None:
            quad = Quad(subject, predicate, object_, graph)  # type: ignore[arg-type]
            self._reading.quads.append(quad)
            self._reading.pointers.append(pointers)

    def _blame(self, message: str, pointer: str, help: str | None = None) -> None:
        self._note(Invalid(message, pointer, help))

    def _note(self, error: Invalid) -> None:
        self._reading.blame(error.message, error.pointer, error.help, error.code, self._subject)


def _invalid(iri: str, reason: str) -> tuple[str, str | None]:
    """Return the message and the help for a string that should be an absolute IRI."""
    if iri == "":
        return "an IRI cannot be empty, since there is no base", "write it in full"
    if bad := NOT_IN_IRI.search(iri):
        escape = "".join(f"%{byte:02X}" for byte in bad[0].encode())
        return f'"{iri}" is not an IRI: it contains {bad[0]!r}', f"write {escape} for it"
    if not SCHEME.match(iri) and not iri.startswith("_:"):
        return f'"{iri}" is a relative IRI, and there is no base', "write it in full"
    return f'"{iri}" is not an IRI: {reason[:1].lower()}{reason[1:]}', None
