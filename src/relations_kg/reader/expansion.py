"""The walk through a JSON-LD document: expansion and conversion to RDF in one.

https://www.w3.org/TR/json-ld11-api/#expansion-algorithm
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from itertools import islice
from typing import Any, NamedTuple

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, RdfFormat, parse

from relations_kg.rdf.namespaces import RDF, XSD
from relations_kg.rdf.spelling import did_you_mean
from relations_kg.rdf.terms import TYPE
from relations_kg.rdf.terms import Term as Node
from relations_kg.reader.contexts import KEYWORDS, UNSET, Context, ContextError, Term, is_language
from relations_kg.reader.pointers import JsonReading, escaped

_FIRST, _REST, _NIL = (NamedNode(RDF + name) for name in ("first", "rest", "nil"))
_PLAIN = Term(None)
_BAD = re.compile(r'[\x00-\x20<>"{}|\\^`]')
_OF_VALUES = frozenset(("@value", "@type", "@language", "@direction", "@index"))
_MOST_HELPED, _MOST_TERMS = 50, 1_000
_MAPS = frozenset(("@id", "@index", "@type"))

Graph = NamedNode | BlankNode | DefaultGraph
# What is done with a value that was read, at its pointer.
Link = Callable[[Node, str], None]


class Field(NamedTuple):
    """A key of an object, what it stands for, and its value."""

    key: str
    meaning: str | None
    value: Any


class Expansion:
    """Read a document into a reading."""

    def __init__(self, reading: JsonReading, scope: str) -> None:
        self._reading = reading
        self._scope = scope
        self._labels: dict[str, BlankNode] = {}
        self._count = 0
        self._nodes: dict[str, NamedNode | BlankNode] = {}
        self._subject: Node | None = None

    def read(self, document: Any, base: str | None) -> None:
        """Read all of a document."""
        context = Context(base)
        if isinstance(document, dict):
            self._object(context, None, document, "", DefaultGraph(), None, at_top=True, root=True)
        elif isinstance(document, list):
            self._graph(context, None, document, "", DefaultGraph())
        else:
            self._blame("a document is an object or a list of them", "")

    # Objects

    def _graph(
        self, context: Context, term: Term | None, value: Any, pointer: str, graph: Graph
    ) -> None:
        """Read what stands by itself in a graph."""
        for item, place in _items(value, pointer):
            if isinstance(item, dict):
                self._object(context, term, item, place, graph, None, at_top=True)
            elif item is not None:
                self._blame("this value belongs to no property", place)

    def _object(
        self,
        context: Context,
        term: Term | None,
        element: dict[str, Any],
        pointer: str,
        graph: Graph,
        link: Link | None,
        *,
        key: str | None = None,
        at_top: bool = False,
        root: bool = False,
        in_map: bool = False,
        named: str | None = None,
    ) -> None:
        """Read an object: a value, a list, a set, or what is said of a node."""
        if context.previous is not None and not in_map:
            meanings = [context.key(each) for each in element]
            if "@value" not in meanings and meanings != ["@id"]:
                context = context.previous
        try:
            context = context.scoped(term)
            if "@context" in element:
                context = self._extended(context, element["@context"], f"{pointer}/@context")
            types = context
            for kind in self._kinds(context, element):
                context = context.scoped(types.terms.get(kind), propagate=False)
        except ContextError as error:
            self._blame(error.message, f"{pointer}{error.path}", error.help)
            return
        fields = [
            Field(each, context.key(each), value)
            for each, value in element.items()
            if each != "@context"
        ]
        meanings = [field.meaning for field in fields]
        if "@value" in meanings:
            literal = self._value_object(types, fields, pointer)
            if link is None:
                self._blame("this value belongs to no property", pointer)
            elif literal is not None and named is not None:
                self._blame("a value has no @id", pointer)
            elif literal is not None:
                link(literal, pointer)
        elif "@list" in meanings or "@set" in meanings:
            self._collection(context, key, fields, pointer, graph, link, at_top)
        elif root and not fields:
            return
        elif root and meanings == ["@graph"]:
            self._graph(context, None, fields[0].value, _below(pointer, fields[0].key), graph)
        else:
            said = at_top and not root
            self._node(context, types, fields, pointer, graph, link, said, named)

    def _extended(self, context: Context, local: Any, pointer: str) -> Context:
        try:
            return context.extended(local)
        except ContextError as error:
            error.path = f"/@context{error.path}"
            raise

    def _kinds(self, context: Context, element: dict[str, Any]) -> list[str]:
        """List what may have scoped contexts, in the order in which these are applied."""
        return [
            kind
            for key in sorted(key for key in element if context.key(key) == "@type")
            for kind in sorted(
                kind for kind, _ in _items(element[key], "") if isinstance(kind, str)
            )
        ]

    def _node(
        self,
        context: Context,
        types: Context,
        fields: list[Field],
        pointer: str,
        graph: Graph,
        link: Link | None,
        at_top: bool,
        named: str | None,
    ) -> None:
        ids = list(self._ids(context, fields, pointer))
        subject: NamedNode | BlankNode | None
        if ids:
            subject = self._identified(context, *ids[0])
        elif named is not None:
            subject = self._identified(context, named, pointer)
        else:
            subject = self._blank()
        for _, place in ids[1:]:
            self._blame("this has two keys for @id", place)
        if link is not None and subject is not None:
            link(subject, pointer)
        before, self._subject = self._subject, subject
        rest = [field for field in fields if field.meaning != "@id"]
        if at_top and not any(self._is_said(context, field) for field in rest):
            self._blame("this says nothing of anything", pointer, "say something, or leave it out")
        self._fields(context, types, rest, pointer, subject, graph)
        self._subject = before

    def _ids(
        self, context: Context, fields: list[Field], pointer: str
    ) -> Iterator[tuple[Any, str]]:
        """Yield the values for @id of an object and of what is nested in it, with pointers."""
        for key, meaning, value in fields:
            if meaning == "@id":
                yield value, _below(pointer, key)
            elif meaning == "@nest":
                for item, place, inner in self._nests(context, key, value, _below(pointer, key)):
                    yield from self._ids(inner, item, place)

    def _nests(
        self, context: Context, key: str, value: Any, place: str
    ) -> Iterator[tuple[list[Field], str, Context]]:
        """Yield the fields of the objects that are nested in a node, with their contexts."""
        try:
            context = context.scoped(context.terms.get(key))
        except ContextError:
            return
        for item, at in _items(value, place):
            if isinstance(item, dict):
                fields = [Field(each, context.key(each), inner) for each, inner in item.items()]
                yield fields, at, context

    def _is_said(self, context: Context, field: Field) -> bool:
        if field.value is not None:
            return True
        term = context.terms.get(field.key)
        return term is not None and term.type == "@json"

    def _fields(
        self,
        context: Context,
        types: Context,
        fields: list[Field],
        pointer: str,
        subject: NamedNode | BlankNode | None,
        graph: Graph,
    ) -> None:
        """Read what the keys of an object say of a node."""
        seen = set()
        for key, meaning, value in fields:
            place = _below(pointer, key)
            if meaning is None or meaning not in KEYWORDS:
                term = context.terms.get(key) or _PLAIN
                if (predicate := self._predicate(context, key, meaning, place)) is not None:
                    self._property(
                        context, key, term, predicate, value, pointer, place, subject, graph
                    )
                continue
            if meaning in seen and meaning not in ("@type", "@included", "@nest"):
                self._blame(f"this has two keys for {meaning}", place)
            seen.add(meaning)
            if meaning == "@type":
                self._classes(types, value, pointer, place, subject, graph)
            elif meaning == "@graph":
                if subject is not None:
                    self._graph(context, None, value, place, subject)
            elif meaning == "@included":
                self._included(context, value, place, graph)
            elif meaning == "@reverse":
                self._reverse(context, value, pointer, place, subject, graph)
            elif meaning == "@nest":
                self._nested(context, types, key, value, place, subject, graph)
            elif meaning == "@index":
                if not isinstance(value, str):
                    self._blame("@index is a text", place)
            elif meaning in ("@language", "@direction"):
                self._blame(f"{meaning} belongs to a @value", place)
            elif meaning != "@id":
                self._blame(f"{meaning} means nothing here", place)

    def _predicate(
        self, context: Context, key: str, meaning: str | None, place: str
    ) -> NamedNode | None:
        """Return the property that a key stands for."""
        if meaning is None and key in context.terms:
            self._blame(f'"{key}" is defined as null, and its values would be lost', place)
        elif meaning is None:
            help = did_you_mean(key, KEYWORDS)
            self._blame(f'"{key}" is no keyword of JSON-LD', place, help)
        elif meaning.startswith("_:"):
            self._blame("a property is an IRI and no blank node", place)
        elif ":" not in meaning:
            help = self._near(key, context) or "add it to the context, or write an IRI"
            self._blame(f'"{key}" is no term of the context', place, help, "unknown-term")
        else:
            node = self._named(meaning, place)
            return node if isinstance(node, NamedNode) else None
        return None

    def _near(self, key: str, context: Context) -> str | None:
        # To compare all keys of a large document with all terms would take longer than to read it.
        if len(self._reading.errors) >= _MOST_HELPED:
            return None
        return did_you_mean(key, islice(context.terms, _MOST_TERMS))

    def _classes(
        self,
        context: Context,
        value: Any,
        pointer: str,
        place: str,
        subject: Node | None,
        graph: Graph,
    ) -> None:
        for kind, at in _items(value, place):
            if not isinstance(kind, str):
                self._blame("@type is an IRI or a list of IRIs", at)
                continue
            iri = context.expand(kind, vocab=True, relative=True)
            self._say(subject, TYPE, self._named(iri, at, kind), graph, (pointer, place, at))

    def _included(self, context: Context, value: Any, place: str, graph: Graph) -> None:
        for item, at in _items(value, place):
            meanings = [context.key(key) for key in item] if isinstance(item, dict) else None
            if meanings is None or {"@value", "@list", "@set"} & set(meanings):
                self._blame("@included holds nodes", at)
            else:
                self._object(context, None, item, at, graph, None, at_top=True)

    def _reverse(
        self,
        context: Context,
        value: Any,
        pointer: str,
        place: str,
        subject: NamedNode | BlankNode | None,
        graph: Graph,
    ) -> None:
        if not isinstance(value, dict):
            self._blame("@reverse is an object", place)
            return
        context = context.previous or context
        for key, each in value.items():
            at = _below(place, key)
            meaning = context.key(key)
            if meaning in KEYWORDS:
                self._blame(f"{meaning} may not be in @reverse", at)
            elif (predicate := self._predicate(context, key, meaning, at)) is not None:
                term = context.terms.get(key) or _PLAIN
                turned = term._replace(reverse=not term.reverse)
                self._property(context, key, turned, predicate, each, pointer, at, subject, graph)

    def _nested(
        self,
        context: Context,
        types: Context,
        key: str,
        value: Any,
        place: str,
        subject: NamedNode | BlankNode | None,
        graph: Graph,
    ) -> None:
        for item, at in _items(value, place):
            if not isinstance(item, dict):
                self._blame("@nest holds objects", at)
        try:
            context.scoped(context.terms.get(key))
        except ContextError as error:
            self._blame(error.message, place, error.help)
        for fields, at, inner in self._nests(context, key, value, place):
            if any(field.meaning in ("@value", "@list", "@set") for field in fields):
                self._blame("@nest holds nodes and no values", at)
            else:
                self._fields(inner, types, fields, at, subject, graph)

    # Properties

    def _property(
        self,
        context: Context,
        key: str,
        term: Term,
        predicate: NamedNode,
        value: Any,
        pointer: str,
        place: str,
        subject: NamedNode | BlankNode | None,
        graph: Graph,
    ) -> None:
        """Read the values of a property."""

        def said(object_: Node, at: str) -> None:
            self._say(subject, predicate, object_, graph, (pointer, place, at))

        def said_in_reverse(object_: Node, at: str) -> None:
            if isinstance(object_, Literal):
                self._blame("a value points to nothing; in @reverse are nodes", at)
            else:
                self._say(object_, predicate, subject, graph, (at, place, pointer))

        link = said_in_reverse if term.reverse else said
        container = term.container
        if term.type == "@json":
            literal = self._json(value, place)
            if literal is not None:
                link(literal, place)
        elif "@language" in container and isinstance(value, dict):
            self._languages(context, term, value, place, link)
        elif container & _MAPS and isinstance(value, dict):
            self._map(context, key, term, value, place, graph, link)
        elif "@list" in container and not self._is_list(context, value):
            if value is not None:
                self._list(context, key, term, value, place, graph, link)
        else:
            for item, at in _items(value, place):
                if term.reverse and self._is_list(context, item):
                    self._blame("a list points to nothing; in @reverse are nodes", at)
                elif "@graph" in container and item is not None:
                    self._in_graph(context, key, term, item, at, graph, link, None)
                else:
                    self._value(context, key, term, item, at, graph, link)

    def _is_list(self, context: Context, value: Any) -> bool:
        return isinstance(value, dict) and any(context.key(key) == "@list" for key in value)

    def _value(
        self,
        context: Context,
        key: str | None,
        term: Term | None,
        value: Any,
        place: str,
        graph: Graph,
        link: Link,
        *,
        in_map: bool = False,
        named: str | None = None,
    ) -> None:
        """Read one value of a property."""
        if isinstance(value, dict):
            self._object(
                context, term, value, place, graph, link, key=key, in_map=in_map, named=named
            )
            return
        if value is None:
            return
        try:
            context = context.scoped(term)
        except ContextError as error:
            self._blame(error.message, place, error.help)
            return
        object_ = self._coerced(context, key, value, place)
        if object_ is None:
            return
        if named is not None:
            self._blame(f'its key says "{named}", of what is no node object', place)
            return
        link(object_, place)

    def _coerced(self, context: Context, key: str | None, value: Any, place: str) -> Node | None:
        """Return what a text, number or boolean is by the definition of its key."""
        term = (context.terms.get(key) if key is not None else None) or _PLAIN
        kind = term.type
        if isinstance(value, str):
            if kind == "@id":
                return self._identified(context, value, place)
            if kind == "@vocab":
                iri = context.expand(value, vocab=True, relative=True)
                return self._named(iri, place, value)
            if kind is None or kind == "@none":
                language = context.language if term.language is UNSET else term.language
                direction = context.direction if term.direction is UNSET else term.direction
                return self._text(value, language, direction, place)
        return self._native(value, None if kind in ("@id", "@vocab", "@none") else kind, place)

    def _collection(
        self,
        context: Context,
        key: str | None,
        fields: list[Field],
        pointer: str,
        graph: Graph,
        link: Link | None,
        at_top: bool,
    ) -> None:
        """Read a @list or a @set."""
        content = next(field for field in fields if field.meaning in ("@list", "@set"))
        for field in fields:
            if field is not content and field.meaning != "@index":
                message = f"{content.meaning} is alone but for @index"
                self._blame(message, _below(pointer, field.key))
        place = _below(pointer, content.key)
        term = context.terms.get(key) if key is not None else None
        if content.meaning == "@set":
            if link is None:
                self._graph(context, None, content.value, place, graph)
            else:
                for item, at in _items(content.value, place):
                    self._value(context, key, term, item, at, graph, link)
        elif link is None:
            self._blame("this list belongs to no property", pointer)
        elif content.value is None:
            self._blame("this is no list", place)
        else:
            self._list(context, key, term, content.value, place, graph, link)

    def _list(
        self,
        context: Context,
        key: str | None,
        term: Term | None,
        value: Any,
        place: str,
        graph: Graph,
        link: Link,
    ) -> None:
        last: Node | None = None

        def element(object_: Node, at: str) -> None:
            nonlocal last
            cell = self._blank()
            if last is None:
                link(cell, place)
            else:
                self._say(last, _REST, cell, graph, (place, at, at))
            self._say(cell, _FIRST, object_, graph, (place, at, at))
            last = cell

        items = value if isinstance(value, list) else [value]
        for number, item in enumerate(items):
            at = f"{place}/{number}" if isinstance(value, list) else place
            if isinstance(item, list):
                self._list(context, key, term, item, at, graph, element)
            else:
                for each, where in _items(item, at):
                    self._value(context, key, term, each, where, graph, element)
        if last is None:
            link(_NIL, place)
        else:
            self._say(last, _REST, _NIL, graph, (place, place, place))

    def _languages(
        self, context: Context, term: Term, value: dict[str, Any], place: str, link: Link
    ) -> None:
        direction = context.direction if term.direction is UNSET else term.direction
        for tag, texts in value.items():
            language = None if context.expand(tag, vocab=True) == "@none" else tag
            for text, at in _items(texts, _below(place, tag)):
                if isinstance(text, str):
                    literal = self._text(text, language, direction, at)
                    if literal is not None:
                        link(literal, at)
                elif text is not None:
                    self._blame("a map of languages holds texts", at)

    def _map(
        self,
        context: Context,
        key: str,
        term: Term,
        value: dict[str, Any],
        place: str,
        graph: Graph,
        link: Link,
    ) -> None:
        """Read values by their @index, @id or @type."""
        container = term.container
        for index, inner in value.items():
            below = _below(place, index)
            is_none = context.expand(index, vocab=True) == "@none"
            inside, linked, named = context, link, None
            try:
                if container & {"@id", "@type"}:
                    inside = context.previous or context
                if "@type" in container:
                    inside = inside.scoped(inside.terms.get(index))
            except ContextError as error:
                self._blame(error.message, below, error.help)
                continue
            if is_none:
                pass
            elif "@id" in container:
                named = index
            elif "@type" in container:
                iri = context.expand(index, vocab=True, relative=True)
                linked = self._with(TYPE, self._named(iri, below, index), below, graph, link)
            elif term.indexed_by is not None and term.indexed_by != "@index":
                meaning = context.key(term.indexed_by)
                predicate = self._predicate(context, term.indexed_by, meaning, below)
                if predicate is not None:
                    object_ = self._coerced(context, term.indexed_by, index, below)
                    linked = self._with(predicate, object_, below, graph, link)
            for item, at in _items(inner, below):
                if "@graph" in container and item is not None:
                    self._in_graph(inside, key, term, item, at, graph, linked, named)
                else:
                    self._value(
                        inside, key, term, item, at, graph, linked, in_map=True, named=named
                    )

    def _with(
        self, predicate: NamedNode, value: Node | None, place: str, graph: Graph, link: Link
    ) -> Link:
        """Link a node and say one more thing of it."""

        def linked(node: Node, at: str) -> None:
            if isinstance(node, Literal):
                self._blame("the key would be said of a value; write a node object", at)
                return
            link(node, at)
            self._say(node, predicate, value, graph, (at, place, place))

        return linked

    def _in_graph(
        self,
        context: Context,
        key: str,
        term: Term,
        item: Any,
        place: str,
        graph: Graph,
        link: Link,
        named: str | None,
    ) -> None:
        """Read a value that is a graph, or stands in one of its own."""
        if isinstance(item, dict) and term.container & {"@id", "@index"}:
            meanings = {context.key(each) for each in item} - {"@context"}
            if "@graph" in meanings and meanings <= {"@graph", "@id", "@index"}:
                self._object(context, term, item, place, graph, link, in_map=True, named=named)
                return
        name = self._blank() if named is None else self._identified(context, named, place)
        if name is not None:
            link(name, place)
            self._graph(context, term, item, place, name)

    # Terms

    def _value_object(self, types: Context, fields: list[Field], pointer: str) -> Literal | None:
        parts: dict[str, Any] = {}
        places: dict[str, str] = {}
        for key, meaning, part in fields:
            if meaning not in _OF_VALUES or meaning in parts:
                message = f'"{key}" may not stand beside @value'
                self._blame(message, _below(pointer, key))
                return None
            parts[meaning] = part
            places[meaning] = _below(pointer, key)
        value, kind = parts["@value"], parts.get("@type")
        if not isinstance(parts.get("@index", ""), str):
            self._blame("@index is a text", places["@index"])
            return None
        if "@type" in parts:
            if not isinstance(kind, str):
                self._blame("the @type of a value is an IRI", places["@type"])
                return None
            kind = types.expand(kind, vocab=True, relative=True)
            if kind == "@json":
                return self._json(value, pointer)
            datatype = self._named(kind, places["@type"], parts["@type"])
            if not isinstance(datatype, NamedNode):
                if datatype is not None:
                    self._blame("a datatype is an IRI", places["@type"])
                return None
        if value is None:
            self._blame("a @value of null would be lost", places["@value"], "leave it out")
        elif isinstance(value, dict | list):
            self._blame("a @value is a text, a number or a boolean", places["@value"])
        elif "@language" not in parts and parts.get("@direction") is None:
            return self._native(value, kind, pointer)
        elif "@type" in parts:
            self._blame("a value has a @type or a @language", pointer)
        elif not isinstance(value, str):
            self._blame("only a text has a @language or a @direction", pointer)
        else:
            language = parts.get("@language")
            if language is not None and not isinstance(language, str):
                self._blame("@language is a text", places["@language"])
            else:
                place = places.get("@direction") or places["@language"]
                return self._text(value, language, parts.get("@direction"), place)
        return None

    def _text(
        self, text: str, language: str | None, direction: str | None, place: str
    ) -> Literal | None:
        if direction is not None:
            help = "leave @direction out"
            self._blame("RDF 1.1 has no base direction of texts", place, help)
            return None
        if language is None:
            return self._native(text, None, place)
        if not is_language(language):
            right = language.replace("_", "-")
            help = f'write "{right}"' if is_language(right) else "write one such as en or pt-BR"
            self._blame(f'"{language}" is no language tag', place, help, "language")
            return None
        try:
            return Literal(text, language=language)
        except ValueError:
            self._blame("this is no character", place)
            return None

    def _native(self, value: Any, kind: str | None, place: str) -> Literal | None:
        """Return a literal of a text, number or boolean, of a datatype if it has one."""
        if isinstance(value, str):
            written, own = value, XSD + "string"
        elif isinstance(value, bool):
            written, own = str(value).lower(), XSD + "boolean"
        elif not math.isfinite(value):
            help = 'write it as a text: {"@value": "…", "@type": "…"}'
            self._blame("this number is too long for JSON-LD, which would round it", place, help)
            return None
        elif kind != XSD + "double" and value == int(value) and abs(value) < 1e21:
            written, own = str(int(value)), XSD + "integer"
        else:
            written, own = _double(value), XSD + "double"
        datatype = self._named(own if kind is None else kind, place)
        if not isinstance(datatype, NamedNode):
            if datatype is not None:
                self._blame("a datatype is an IRI", place)
            return None
        try:
            return Literal(written, datatype=datatype)
        except ValueError:
            self._blame("this is no character", place)
            return None

    def _json(self, value: Any, place: str) -> Literal | None:
        """Return a literal of JSON as the engine writes it, which is RFC 8785."""
        document = {"urn:p": {"@value": value, "@type": "@json"}}
        try:
            (quad,) = parse(json.dumps(document), RdfFormat.JSON_LD)
        except (SyntaxError, ValueError):
            self._blame("this is no JSON that can be kept", place)
            return None
        return quad.object if isinstance(quad.object, Literal) else None

    def _identified(self, context: Context, value: Any, place: str) -> NamedNode | BlankNode | None:
        """Return the node that an @id names."""
        if not isinstance(value, str):
            self._blame("@id is an IRI", place)
            return None
        return self._named(context.expand(value, relative=True), place, value)

    def _named(
        self, iri: str | None, place: str, written: str | None = None
    ) -> NamedNode | BlankNode | None:
        """Return the node of an IRI or of the label of a blank node."""
        known = self._nodes.get(iri) if iri is not None else None
        if known is not None:
            return known
        if iri is None or iri in KEYWORDS:
            self._blame(f'"{written}" is no IRI, but reserved for keywords', place)
            return None
        try:
            if iri.startswith("_:"):
                BlankNode(iri[2:])
                node: NamedNode | BlankNode = self._blank()
            else:
                node = NamedNode(iri)
        except ValueError as error:
            self._blame(*_unnamed(iri, str(error), place))
            return None
        self._nodes[iri] = node
        return node

    def _blank(self) -> BlankNode:
        self._count += 1
        return BlankNode(f"{self._scope}{self._count}")

    def _say(
        self,
        subject: Node | None,
        predicate: NamedNode,
        object_: Node | None,
        graph: Graph,
        pointers: tuple[str, str, str],
    ) -> None:
        if subject is not None and object_ is not None:
            quad = Quad(subject, predicate, object_, graph)  # type: ignore[arg-type]
            self._reading.quads.append(quad)
            self._reading.pointers.append(pointers)

    def _blame(
        self, message: str, pointer: str, help: str | None = None, code: str = "syntax"
    ) -> None:
        self._reading.blame(message, pointer, help, code, self._subject)


def _unnamed(iri: str, reason: str, place: str) -> tuple[str, str, str | None]:
    """Return what is wrong with what should be an absolute IRI."""
    if iri == "":
        return "an IRI may not be empty, as there is no base", place, "write it in full"
    if bad := _BAD.search(iri):
        escape = "".join(f"%{byte:02X}" for byte in bad[0].encode())
        return f'"{iri}" is no IRI: it has {bad[0]!r} in it', place, f"write {escape} for it"
    if not re.match("[A-Za-z][A-Za-z0-9+.-]*:", iri) and not iri.startswith("_:"):
        return f'"{iri}" is a relative IRI, and there is no base', place, "write it in full"
    return f'"{iri}" is no IRI: {reason[:1].lower()}{reason[1:]}', place, None


def _items(value: Any, pointer: str) -> Iterator[tuple[Any, str]]:
    """Yield a value, or those of a list and of the lists in it, with their pointers."""
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from _items(item, f"{pointer}/{index}")
    else:
        yield value, pointer


def _below(pointer: str, key: str) -> str:
    return f"{pointer}/{escaped(key)}"


def _double(value: float) -> str:
    """Write a number as xsd:double has it, with no more digits than tell it apart."""
    sign, digits, exponent = Decimal(repr(float(value))).normalize().as_tuple()
    first, *rest = map(str, digits)
    fraction = "".join(rest) or "0"
    return f"{'-' if sign else ''}{first}.{fraction}E{int(exponent) + len(digits) - 1}"
