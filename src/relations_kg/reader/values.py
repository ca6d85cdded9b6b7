"""Conversion of the literals in a JSON-LD document: strings, numbers, booleans and JSON."""

from __future__ import annotations

import json
import math
from decimal import Decimal
from typing import Any

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from relations_kg.rdf.namespaces import XSD
from relations_kg.rdf.terms import Term as Node
from relations_kg.reader.contexts import UNSET, Context, Term
from relations_kg.reader.iris import is_language
from relations_kg.reader.nodes import Field, Nodes, Part

PLAIN = Term()
_OF_VALUES = frozenset(("@value", "@type", "@language", "@direction", "@index"))


class Values(Nodes):
    """The part of the conversion that turns values into terms and reports those it cannot keep."""

    def _coerced(self, key: str | None, part: Part) -> Node | None:
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

    def _value_object(self, types: Context, fields: list[Field], part: Part) -> Literal | None:
        """Return the literal of a value object; `types` is the context of its @type."""
        parts: dict[str, Part] = {}
        for field in fields:
            if field.meaning not in _OF_VALUES or field.meaning in parts:
                message = f'"{field.key}" is not allowed beside @value'
                self._blame(message, field.part.pointer)
                return None
            parts[field.meaning] = field.part
        values = {meaning: each.value for meaning, each in parts.items()}
        value, language, base_direction = map(values.get, ("@value", "@language", "@direction"))
        if not isinstance(values.get("@index", ""), str):
            self._blame("@index must be a string", parts["@index"].pointer)
            return None
        kind = None
        if "@type" in parts:
            kind, is_valid = self._datatype(types, parts["@type"])
            if kind == "@json":
                return self._json(value, part.pointer)
            if not is_valid:
                return None
        if value is None:
            message = "a @value of null would be lost"
            self._blame(message, parts["@value"].pointer, "leave it out")
        elif isinstance(value, dict | list):
            message = "@value must be a string, a number or a boolean"
            self._blame(message, parts["@value"].pointer)
        elif "@language" not in parts and base_direction is None:
            return self._native(Part(value, part.pointer, part.context, part.graph), kind)
        elif "@type" in parts:
            self._blame("a value cannot have both @type and @language", part.pointer)
        elif not isinstance(value, str):
            self._blame("only a string can have a @language or a @direction", part.pointer)
        elif language is not None and not isinstance(language, str):
            self._blame("@language must be a string", parts["@language"].pointer)
        else:
            place = parts.get("@direction") or parts["@language"]
            return self._text(value, language, base_direction, place.pointer)
        return None

    def _datatype(self, types: Context, part: Part) -> tuple[str | None, bool]:
        """Return the IRI of the @type of a value, and whether it can be a datatype."""
        if not isinstance(part.value, str):
            self._blame("the @type of a value must be an IRI", part.pointer)
            return None, False
        iri = types.expand(part.value, vocab=True, relative=True)
        return iri, iri != "@json" and self._is_datatype(iri, part)

    def _is_datatype(self, iri: str | None, part: Part) -> bool:
        node = self._named(iri, part)
        if node is not None and not isinstance(node, NamedNode):
            self._blame("a datatype must be an IRI", part.pointer)
        return isinstance(node, NamedNode)

    def _text(
        self, text: str, language: str | None, base_direction: str | None, place: str
    ) -> Literal | None:
        if base_direction is not None:
            help = "leave @direction out"
            self._blame("RDF 1.1 does not support the base direction of strings", place, help)
            return None
        if language is not None and not is_language(language):
            right = language.replace("_", "-")
            help = f'write "{right}"' if is_language(right) else "write one such as en or pt-BR"
            self._blame(f'"{language}" is not a language tag', place, help, "language")
            return None
        return self._literal(text, place, language=language)

    def _native(self, part: Part, kind: str | None) -> Literal | None:
        """Return the literal of a string, number or boolean, with its datatype if given."""
        value = part.value
        if isinstance(value, str):
            text, own = value, XSD + "string"
        elif isinstance(value, bool):
            text, own = str(value).lower(), XSD + "boolean"
        elif not math.isfinite(value):
            help = 'write it as a string: {"@value": "…", "@type": "…"}'
            message = "this number is too long for JSON-LD, which would round it"
            self._blame(message, part.pointer, help)
            return None
        elif kind != XSD + "double" and value == int(value) and abs(value) < 1e21:
            text, own = str(int(value)), XSD + "integer"
        else:
            text, own = _double(value), XSD + "double"
        datatype = own if kind is None else kind
        if not self._is_datatype(datatype, part):
            return None
        return self._literal(text, part.pointer, datatype=NamedNode(datatype))

    def _literal(self, text: str, place: str, **kind: Any) -> Literal | None:
        try:
            return Literal(text, **kind)
        except ValueError:
            self._blame("this is not a character", place)
            return None

    def _json(self, value: Any, place: str) -> Literal | None:
        """Return the rdf:JSON literal of a value, in the canonical form of RFC 8785."""
        document = {"urn:p": {"@value": value, "@type": "@json"}}
        try:
            (quad,) = parse(json.dumps(document), RdfFormat.JSON_LD)
        except (SyntaxError, ValueError):
            self._blame("this JSON has no canonical form", place)
            return None
        return quad.object if isinstance(quad.object, Literal) else None


def direction(context: Context, term: Term) -> str | None:
    """Return the base direction of a term's strings."""
    found = context.direction if term.direction is UNSET else term.direction
    return str(found) if found is not None else None


def _double(value: float) -> str:
    """Return the shortest canonical xsd:double of a number."""
    sign, digits, exponent = Decimal(repr(float(value))).normalize().as_tuple()
    first, *rest = map(str, digits)
    fraction = "".join(rest) or "0"
    return f"{'-' if sign else ''}{first}.{fraction}E{int(exponent) + len(digits) - 1}"
