"""Conversion of property values in a JSON-LD document: items, lists, maps and graphs."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, replace

from pyoxigraph import BlankNode, Literal, NamedNode

from relations_kg.rdf.namespaces import RDF
from relations_kg.rdf.terms import TYPE
from relations_kg.rdf.terms import Term as Node
from relations_kg.reader.jsonld.contexts import UNSET, Invalid, Term, below
from relations_kg.reader.jsonld.definitions import scoped
from relations_kg.reader.jsonld.terms import (
    PLAIN,
    Field,
    Link,
    Part,
    Terms,
    direction,
    json_literal,
)

_FIRST, _REST, _NIL = (NamedNode(RDF + name) for name in ("first", "rest", "nil"))
_MAPS = frozenset(("@id", "@index", "@type"))
NO_LIST = "@reverse cannot contain a list; it must contain nodes"


@dataclass(frozen=True, slots=True)
class Subject:
    """The node that an object describes; `node` is None after a mistake in its @id."""

    node: NamedNode | BlankNode | None
    pointer: str


@dataclass(frozen=True, slots=True)
class Property:
    """A property with the term definition of its key, and a function that links its values.

    `in_map` is true if the values are in an id, index or type map. `name` is their key in an id
    map.
    """

    key: str | None
    term: Term | None
    link: Link
    reverse: bool = False
    in_map: bool = False
    name: str | None = None


class Properties(Terms, ABC):
    """The part of the conversion that turns property values into statements."""

    @abstractmethod
    def _object(self, part: Part, property: Property | None) -> None:
        """Read a value object, list object, set object or node object."""

    @abstractmethod
    def _graph(self, part: Part, term: Term | None = None) -> None:
        """Read the nodes of a graph."""

    def _property(self, field: Field, subject: Subject, *, turned: bool = False) -> None:
        """Read the values of a key; with `turned`, swap subject and object, as @reverse does."""
        key, part = field.key, field.part
        predicate = self._predicate(key, part)
        term = part.context.term(key) or PLAIN
        if turned:
            term = replace(term, reverse=not term.reverse)

        def forward(object_: Node, at: str) -> None:
            pointers = (subject.pointer, part.pointer, at)
            self._state(subject.node, predicate, object_, part.graph, pointers)

        def backward(object_: Node, at: str) -> None:
            if isinstance(object_, Literal):
                raise Invalid("@reverse cannot contain a value; it must contain nodes", at)
            pointers = (at, part.pointer, subject.pointer)
            self._state(object_, predicate, subject.node, part.graph, pointers)

        property = Property(key, term, backward if term.reverse else forward, term.reverse)
        container = term.container
        if term.type == "@json":
            property.link(json_literal(part.value, part.pointer), part.pointer)
        elif "@language" in container and isinstance(part.value, dict):
            self._languages(term, part, property.link)
        elif container & _MAPS and isinstance(part.value, dict):
            for index in part.value:
                with self._noting:
                    self._member(index, key, term, part, property.link)
        elif "@list" in container and not part.has("@list"):
            if term.reverse:
                raise Invalid(NO_LIST, part.pointer)
            if part.value is not None:
                self._list(part, property)
        else:
            for item in part.items():
                if "@graph" in container and item.value is not None:
                    self._in_graph(term, item, property)
                else:
                    self._value(item, property)

    def _value(self, part: Part, property: Property) -> None:
        """Read one value of a property."""
        if isinstance(part.value, dict):
            self._object(part, property)
        elif part.value is not None:
            with self._noting:
                object_ = self._coerced(property.key, self._scoped(part, property.term))
                if property.name is not None:
                    message = f'the value for "{property.name}" must be a node object'
                    raise Invalid(message, part.pointer)
                property.link(object_, part.pointer)

    def _scoped(self, part: Part, term: Term | None) -> Part:
        """Return a part in the scoped context of a term, if it has one."""
        if term is None or term.context is UNSET:
            return part
        with below(part.pointer):
            return part.within(scoped(part.context, term))

    def _list(self, part: Part, property: Property) -> None:
        last: Node | None = None

        def append(object_: Node, at: str) -> None:
            nonlocal last
            cell = self._blank()
            if last is None:
                property.link(cell, part.pointer)
            else:
                self._state(last, _REST, cell, part.graph, (part.pointer, at, at))
            self._state(cell, _FIRST, object_, part.graph, (part.pointer, at, at))
            last = cell

        each = replace(property, link=append, reverse=False)
        for item in part.elements():
            if isinstance(item.value, list):
                self._list(item, each)
            else:
                self._value(item, each)
        if last is None:
            property.link(_NIL, part.pointer)
        else:
            self._state(last, _REST, _NIL, part.graph, (part.pointer,) * 3)

    def _languages(self, term: Term, part: Part, link: Link) -> None:
        for tag in part.value:
            language = None if part.context.expand(tag, vocab=True) == "@none" else tag
            for text in part.member(tag).items():
                with self._noting:
                    if isinstance(text.value, str):
                        base = direction(part.context, term)
                        link(self._text(text.value, language, base, text.pointer), text.pointer)
                    elif text.value is not None:
                        raise Invalid("a language map must contain strings", text.pointer)

    def _member(self, index: str, key: str, term: Term, part: Part, link: Link) -> None:
        """Read the values of a key of an id map, index map or type map."""
        container, member = term.container, part.member(index)
        named = replace(member, value=index)  # the key, to be read as a value
        if container & {"@id", "@type"}:
            member = member.within(part.context.previous or part.context)
        if "@type" in container:
            member = self._scoped(member, member.context.term(index))
        name: str | None = None
        predicate: NamedNode | None = None
        value: Node | None = None  # the value of `predicate` that the key gives
        with self._noting:
            if part.context.expand(index, vocab=True) == "@none":
                pass
            elif "@id" in container:
                name = index
            elif "@type" in container:
                predicate = TYPE
                value = self._named(part.context.expand(index, vocab=True, relative=True), named)
            elif term.indexed_by is not None and term.indexed_by != "@index":
                predicate = self._predicate(term.indexed_by, named)
                value = self._coerced(term.indexed_by, named)
        if predicate is not None:
            link = self._with(predicate, value, named, link)
        property = Property(key, term, link, in_map=True, name=name)
        for item in member.items():
            if "@graph" in container and item.value is not None:
                self._in_graph(term, item, property)
            else:
                self._value(item, property)

    def _with(self, predicate: NamedNode, value: Node | None, part: Part, link: Link) -> Link:
        """Return a link that also states the key of a map, as a value of the linked node."""

        def linked(node: Node, at: str) -> None:
            if isinstance(node, Literal):
                raise Invalid("the key of this map needs a node object, not a value", at)
            link(node, at)
            self._state(node, predicate, value, part.graph, (at, part.pointer, part.pointer))

        return linked

    def _in_graph(self, term: Term, part: Part, property: Property) -> None:
        """Read a graph object, or a value in a graph of its own."""
        if isinstance(part.value, dict) and term.container & {"@id", "@index"}:
            meanings = {part.context.key(each) for each in part.value} - {"@context"}
            if "@graph" in meanings and meanings <= {"@graph", "@id", "@index"}:
                self._object(part, replace(property, key=None, in_map=True))
                return
        with self._noting:
            key = replace(part, value=property.name)
            graph = self._blank() if property.name is None else self._identified(key)
            property.link(graph, part.pointer)
            self._graph(replace(part, graph=graph), term)
