"""Expansion of a JSON-LD document and conversion to RDF, in one pass.

See https://www.w3.org/TR/json-ld11-api/#expansion-algorithm.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from pyoxigraph import DefaultGraph

from relations_kg.rdf.terms import TYPE
from relations_kg.reader.jsonld.contexts import KEYWORDS, Context, Invalid, Term, below
from relations_kg.reader.jsonld.definitions import extended, scoped
from relations_kg.reader.jsonld.properties import NO_LIST, Properties, Property, Subject
from relations_kg.reader.jsonld.terms import Field, Part


class Expansion(Properties):
    """The conversion of a document to the statements of a reading."""

    def read(self, document: Any, base: str | None) -> None:
        """Read a whole document."""
        part = Part(document, "", Context(base), DefaultGraph())
        if isinstance(document, dict):
            self._object(part, None, root=True)
        elif isinstance(document, list):
            self._graph(part)
        else:
            self._blame("a document must be an object or an array of objects", "")

    def _graph(self, part: Part, term: Term | None = None) -> None:
        for item in part.items():
            if isinstance(item.value, dict):
                self._object(item, None, term=term)
            elif item.value is not None:
                self._blame("this value belongs to no property", item.pointer)

    def _object(
        self, part: Part, property: Property | None, *, term: Term | None = None, root: bool = False
    ) -> None:
        with self._noting:
            in_map = property is not None and property.in_map
            part, types = self._in_context(part, property.term if property else term, in_map=in_map)
            fields = [field for field in part.fields() if field.key != "@context"]
            meanings = [field.meaning for field in fields]
            if "@value" in meanings:
                if property is None:
                    self._blame("this value belongs to no property", part.pointer)
                literal = self._value_object(types, fields, part)
                if property is not None:
                    if property.name is not None:
                        raise Invalid("an @value object cannot have an @id", part.pointer)
                    property.link(literal, part.pointer)
            elif "@list" in meanings or "@set" in meanings:
                self._collection(fields, part, property)
            elif root and meanings == ["@graph"]:
                self._graph(fields[0].part)
            elif not root or fields:
                self._node(types, fields, part, property, must_state=not (root or property))

    def _in_context(self, part: Part, term: Term | None, *, in_map: bool) -> tuple[Part, Context]:
        """Return an object in its own context, and the context in which its types are expanded."""
        context = part.context
        if context.previous is not None and not in_map:
            meanings = [context.key(each) for each in part.value]
            if "@value" not in meanings and meanings != ["@id"]:
                context = context.previous
        context = self._scoped(part.within(context), term).context
        if "@context" in part.value:
            with below(f"{part.pointer}/@context"):
                context = extended(context, part.value["@context"])
        types = context
        for key in sorted(key for key in part.value if types.key(key) == "@type"):
            kinds = (kind.value for kind in part.member(key).items())
            with below(part.pointer):
                for kind in sorted(kind for kind in kinds if isinstance(kind, str)):
                    context = scoped(context, types.term(kind), propagate=False)
        return part.within(context), types

    def _collection(self, fields: list[Field], part: Part, property: Property | None) -> None:
        content = next(field for field in fields if field.meaning in ("@list", "@set"))
        for field in fields:
            if field is not content and field.meaning != "@index":
                self._blame(f"only @index is allowed beside {content.meaning}", field.part.pointer)
        if property is not None:
            term = part.context.term(property.key)
            property = replace(property, term=term, in_map=False, name=None)
        if content.meaning == "@set":
            if property is None:
                self._graph(content.part)
            else:
                for item in content.part.items():
                    self._value(item, property)
        elif property is None:
            raise Invalid("this list belongs to no property", part.pointer)
        elif property.reverse:
            raise Invalid(NO_LIST, part.pointer)
        elif content.part.value is None:
            help = "write [] for an empty list"
            raise Invalid("@list cannot be null", content.part.pointer, help)
        else:
            self._list(content.part, property)

    def _node(
        self,
        types: Context,
        fields: list[Field],
        part: Part,
        property: Property | None,
        *,
        must_state: bool,
    ) -> None:
        ids = list(self._ids(fields))
        if not ids and property is not None and property.name is not None:
            ids = [replace(part, value=property.name)]
        node = None
        with self._noting:
            node = self._identified(ids[0]) if ids else self._blank()
        for other in ids[1:]:
            self._blame("this has two keys for @id", other.pointer)
        if property is not None and node is not None:
            property.link(node, part.pointer)
        before, self._subject = self._subject, node
        rest = [field for field in fields if field.meaning != "@id"]
        if must_state and not any(map(_states, rest)):
            message = "this node object states nothing"
            self._blame(message, part.pointer, "give it a property, or leave it out")
        self._fields(types, rest, Subject(node, part.pointer))
        self._subject = before

    def _ids(self, fields: list[Field]) -> Iterator[Part]:
        """Yield the values for @id of an object, and of objects nested in it by @nest."""
        for field in fields:
            if field.meaning == "@id":
                yield field.part
            elif field.meaning == "@nest":
                for nested in self._nests(field):
                    yield from self._ids(nested.fields())

    def _nests(self, field: Field) -> Iterator[Part]:
        """Yield the objects that are nested in a node by @nest."""
        context = field.part.context
        try:
            context = scoped(context, context.term(field.key))
        except Invalid:
            return
        for item in field.part.within(context).elements():
            if isinstance(item.value, dict):
                yield item

    def _fields(self, types: Context, fields: list[Field], subject: Subject) -> None:
        """Read the keys of an object as statements about a node."""
        seen = set()
        for field in fields:
            meaning = field.meaning
            with self._noting:
                if meaning is None or meaning not in KEYWORDS:
                    self._property(field, subject)
                    continue
                if meaning in seen and meaning not in ("@type", "@included", "@nest"):
                    self._blame(f"this has two keys for {meaning}", field.part.pointer)
                seen.add(meaning)
                self._keyword(types, field, subject)

    def _keyword(self, types: Context, field: Field, subject: Subject) -> None:
        meaning, part = field.meaning, field.part
        if meaning == "@type":
            self._types(types, part, subject)
        elif meaning == "@graph":
            if subject.node is not None:
                self._graph(replace(part, graph=subject.node))
        elif meaning == "@included":
            self._included(part)
        elif meaning == "@reverse":
            self._reverse(part, subject)
        elif meaning == "@nest":
            self._nested(types, field, subject)
        elif meaning == "@index":
            if not isinstance(part.value, str):
                raise Invalid("@index must be a string", part.pointer)
        elif meaning in ("@language", "@direction"):
            raise Invalid(f"{meaning} is allowed only beside @value", part.pointer)
        elif meaning != "@id":
            raise Invalid(f"{meaning} is not allowed here", part.pointer)

    def _types(self, types: Context, part: Part, subject: Subject) -> None:
        for kind in part.items():
            with self._noting:
                if not isinstance(kind.value, str):
                    raise Invalid("@type must be an IRI or an array of IRIs", kind.pointer)
                node = self._named(types.expand(kind.value, vocab=True, relative=True), kind)
                pointers = (subject.pointer, part.pointer, kind.pointer)
                self._state(subject.node, TYPE, node, part.graph, pointers)

    def _included(self, part: Part) -> None:
        for item in part.items():
            if not isinstance(item.value, dict) or item.has("@value", "@list", "@set"):
                self._blame("@included must contain node objects", item.pointer)
            else:
                self._object(item, None)

    def _reverse(self, part: Part, subject: Subject) -> None:
        if not isinstance(part.value, dict):
            raise Invalid("@reverse must be an object", part.pointer)
        for field in part.within(part.context.previous or part.context).fields():
            with self._noting:
                if field.meaning in KEYWORDS:
                    message = f"{field.meaning} is not allowed in @reverse"
                    raise Invalid(message, field.part.pointer)
                self._property(field, subject, turned=True)

    def _nested(self, types: Context, field: Field, subject: Subject) -> None:
        part = field.part
        for item in part.elements():
            if not isinstance(item.value, dict):
                self._blame("@nest must contain objects", item.pointer)
        with self._noting:
            self._scoped(part, part.context.term(field.key))
        for nested in self._nests(field):
            if nested.has("@value", "@list", "@set"):
                self._blame("@nest cannot contain @value, @list or @set", nested.pointer)
            else:
                self._fields(types, nested.fields(), replace(subject, pointer=nested.pointer))


def _states(field: Field) -> bool:
    """Return whether a key has a value; null is a value only if the key has @type @json."""
    term = field.part.context.term(field.key)
    return field.part.value is not None or (term is not None and term.type == "@json")
