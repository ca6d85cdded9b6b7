"""Conversion of the literals in a JSON-LD document: strings, numbers, booleans and JSON."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from decimal import Decimal
from typing import Any, cast

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from relations_kg.rdf.namespaces import XSD
from relations_kg.rdf.terms import Term as Node
from relations_kg.reader.contexts import UNSET, Context, Invalid, Term
from relations_kg.reader.iris import is_language
from relations_kg.reader.nodes import Field, Nodes, Part

PLAIN = Term()
_OF_VALUES = frozenset(("@value", "@type", "@language", "@direction", "@index"))


class Values(Nodes):
    """The part of the conversion that turns values into terms and reports those it cannot keep."""

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
            help = f'write "{right}"' if is_language(right) else "write one such as en or pt-BR"
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
            message = "this number is too long for JSON-LD, which would round it"
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
    """Return the base direction of a term's strings."""
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
        raise Invalid("this is not a character", pointer) from None


def _double(value: float) -> str:
    """Return the shortest canonical xsd:double of a number."""
    sign, digits, exponent = Decimal(repr(float(value))).normalize().as_tuple()
    first, *rest = map(str, digits)
    fraction = "".join(rest) or "0"
    return f"{'-' if sign else ''}{first}.{fraction}E{int(exponent) + len(digits) - 1}"
