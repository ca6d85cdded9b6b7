"""The terms of a JSON-LD document, and the parts of the document that state them."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import islice
from typing import Any, cast

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, RdfFormat, parse

from relations_kg.rdf.namespaces import XSD
from relations_kg.rdf.spelling import did_you_mean
from relations_kg.rdf.terms import Term as Node
from relations_kg.reader.iris import NOT_IN_IRI, SCHEME, is_language
from relations_kg.reader.jsonld.contexts import KEYWORDS, UNSET, Context, Invalid, Term
from relations_kg.reader.jsonld.pointers import JsonReading, escaped

PLAIN = Term()
_OF_VALUES = frozenset(("@value", "@type", "@language", "@direction", "@index"))
_MOST_HELPED, _MOST_TERMS = 50, 1_000
_TAG = "write a language tag such as en or pt-BR"

GraphName = NamedNode | BlankNode | DefaultGraph
# A function that is called with each node and its pointer when the node is read.
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
        """Yield the items of an array, or the part itself if it is not an array."""
        if not isinstance(self.value, list):
            yield self
            return
        for index, item in enumerate(self.value):
            yield Part(item, f"{self.pointer}/{index}", self.context, self.graph)

    def fields(self) -> list[Field]:
        """Return the keys of an object with their meanings and values."""
        return [Field(key, self.context.key(key), self.member(key)) for key in self.value]

    def has(self, *meanings: str) -> bool:
        """Return whether this is an object with a key that has one of the meanings."""
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
    """A context manager that records a mistake raised in its body, instead of raising it."""

    def __init__(self, note: Callable[[Invalid], None]) -> None:
        self._note = note

    def __enter__(self) -> None:
        """Enter the body."""

    def __exit__(self, kind: object, error: BaseException | None, traceback: object) -> bool:
        """Record the mistake, if there is one."""
        if isinstance(error, Invalid):
            self._note(error)
        return isinstance(error, Invalid)


class Terms:
    """The part of the conversion that turns keys and values into terms, and adds statements.

    Methods raise Invalid for a mistake; a `with` block of `_noting` records it instead.
    """

    def __init__(self, reading: JsonReading, scope: str) -> None:
        self._reading = reading
        self._scope = scope
        self._count = 0
        self._nodes: dict[str, NamedNode | BlankNode] = {}
        self._subject: Node | None = None  # the subject of the statements that are being read
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
        """Return the node for a part that expands to an IRI or a blank node label."""
        known = self._nodes.get(iri) if iri is not None else None
        if known is not None:
            return known
        if iri is None or iri in KEYWORDS:
            if iri in KEYWORDS:
                reason = f"stands for the keyword {iri}"
            elif str(part.value).startswith("@"):
                reason = "has the form of a keyword"
            else:
                reason = "is defined as null in the context"
            raise Invalid(f'"{part.value}" {reason}; write an IRI', part.pointer)
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
        # Suggestions are limited, since comparing all keys with all terms would take too long.
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

    def _coerced(self, key: str | None, part: Part) -> Node:
        """Return the term for a string, number or boolean, by the definition of its key."""
        context, value = part.context, part.value
        term = context.term(key) or PLAIN
        kind = term.type
        if isinstance(value, str):
            if kind == "@id":
                return self._identified(part)
            if kind == "@vocab":
                return self._named(context.expand(value, vocab=True, relative=True), part)
            if kind is None or kind == "@none":
                language = context.language if term.language is UNSET else term.language
                return self._text(value, language, direction(context, term), part.pointer)
        return self._native(part, None if kind in ("@id", "@vocab", "@none") else kind)

    def _value_object(self, types: Context, fields: list[Field], part: Part) -> Literal:
        """Return the literal of a value object; `types` is the context of its @type."""
        parts: dict[str, Part] = {}
        for field in fields:
            if field.meaning not in _OF_VALUES or field.meaning in parts:
                raise Invalid(f'"{field.key}" is not allowed beside @value', field.part.pointer)
            parts[field.meaning] = field.part
        values = {meaning: each.value for meaning, each in parts.items()}
        value, language, base_direction = map(values.get, ("@value", "@language", "@direction"))
        if not isinstance(values.get("@index", ""), str):
            raise Invalid("@index must be a string", parts["@index"].pointer)
        kind = self._datatype(types, parts["@type"]) if "@type" in parts else None
        if kind == "@json":
            return json_literal(value, part.pointer)
        if value is None:
            message = "a @value of null would be lost"
            raise Invalid(message, parts["@value"].pointer, "leave it out")
        if isinstance(value, dict | list):
            message = "@value must be a string, a number or a boolean"
            raise Invalid(message, parts["@value"].pointer)
        if "@language" not in parts and base_direction is None:
            return self._native(replace(part, value=value), kind)
        if "@type" in parts:
            raise Invalid("a value cannot have both @type and @language", part.pointer)
        if not isinstance(value, str):
            raise Invalid("only a string can have a @language or a @direction", part.pointer)
        if language is not None and not isinstance(language, str):
            raise Invalid("@language must be a string", parts["@language"].pointer)
        place = parts.get("@direction") or parts["@language"]
        return self._text(value, language, base_direction, place.pointer)

    def _datatype(self, types: Context, part: Part) -> str | None:
        """Return the IRI of the @type of a value, or @json."""
        if not isinstance(part.value, str):
            raise Invalid("the @type of a value must be an IRI", part.pointer)
        iri = types.expand(part.value, vocab=True, relative=True)
        if iri != "@json":
            self._check_datatype(iri, part)
        return iri

    def _check_datatype(self, iri: str | None, part: Part) -> None:
        if not isinstance(self._named(iri, part), NamedNode):
            raise Invalid("a datatype must be an IRI", part.pointer)

    def _text(
        self, text: str, language: str | None, base_direction: str | None, pointer: str
    ) -> Literal:
        if base_direction is not None:
            message = "RDF 1.1 does not support the base direction of strings"
            raise Invalid(message, pointer, "leave @direction out")
        if language is not None and not is_language(language):
            right = language.replace("_", "-")
            help = f'write "{right}"' if is_language(right) else _TAG
            raise Invalid(f'"{language}" is not a language tag', pointer, help, "language")
        return _literal(text, pointer, language=language)

    def _native(self, part: Part, kind: str | None) -> Literal:
        """Return the literal of a string, number or boolean, with its datatype if given."""
        value = part.value
        if isinstance(value, str):
            text, own = value, XSD + "string"
        elif isinstance(value, bool):
            text, own = str(value).lower(), XSD + "boolean"
        elif not math.isfinite(value):
            message = "JSON-LD would round this number, since it is too long"
            help = 'write it as a string: {"@value": "…", "@type": "…"}'
            raise Invalid(message, part.pointer, help)
        elif kind != XSD + "double" and value == int(value) and abs(value) < 1e21:
            text, own = str(int(value)), XSD + "integer"
        else:
            text, own = _double(value), XSD + "double"
        datatype = own if kind is None else kind
        self._check_datatype(datatype, part)
        return _literal(text, part.pointer, datatype=NamedNode(datatype))


def direction(context: Context, term: Term) -> str | None:
    """Return the base direction of a term's strings, or None."""
    found = context.direction if term.direction is UNSET else term.direction
    return str(found) if found is not None else None


def json_literal(value: Any, pointer: str) -> Literal:
    """Return the rdf:JSON literal of a value, in the canonical form of RFC 8785."""
    document = {"urn:p": {"@value": value, "@type": "@json"}}
    try:
        (quad,) = parse(json.dumps(document), RdfFormat.JSON_LD)
    except (SyntaxError, ValueError):
        raise Invalid("this JSON has no canonical form", pointer) from None
    return cast(Literal, quad.object)


def _literal(text: str, pointer: str, **kind: Any) -> Literal:
    try:
        return Literal(text, **kind)
    except ValueError:
        raise Invalid("a lone surrogate is not a character", pointer) from None


def _double(value: float) -> str:
    """Return the shortest canonical xsd:double of a number."""
    sign, digits, exponent = Decimal(repr(float(value))).normalize().as_tuple()
    first, *rest = map(str, digits)
    fraction = "".join(rest) or "0"
    return f"{'-' if sign else ''}{first}.{fraction}E{int(exponent) + len(digits) - 1}"


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
