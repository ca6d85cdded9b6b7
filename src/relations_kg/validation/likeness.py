"""Nodes that Core constraints cannot distinguish: if one of a group conforms, all do."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable
from datetime import date
from functools import cache

from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from relations_kg.rdf.namespaces import RDF, SH, XSD
from relations_kg.rdf.terms import TYPE, EngineTerm, Statement, value

# Two properties, and a function of the values of both.
_Pair = tuple[object, object, Callable[[Iterable[EngineTerm], Iterable[EngineTerm]], Hashable]]
# Constraints on the kinds and numbers of values, and properties that do not affect the result.
_OF_KINDS = frozenset(
    SH + name
    for name in (
        *("class", "datatype", "nodeKind", "languageIn", "uniqueLang", "minCount", "maxCount"),
        *("qualifiedValueShape", "qualifiedMinCount", "qualifiedMaxCount", "or", "and", "not"),
        *("property", "path", "targetNode", "severity", "message", "name", "description", "order"),
        # These compare the values of two properties with each other.
        *("disjoint", "equals", "lessThan", "lessThanOrEquals"),
    )
)
_COUNTS = tuple(
    SH + name for name in ("minCount", "maxCount", "qualifiedMinCount", "qualifiedMaxCount")
)
_DATE, _STRING = XSD + "date", XSD + "string"
# Engines check whether a literal of these vocabularies is valid for its datatype.
_CHECKED = (XSD, RDF)
# The constraints by which one shape refers to others, besides sh:property.
_INNER = (SH + "qualifiedValueShape", SH + "node", SH + "not", RDF + "first")
_PLAIN = {
    _DATE: re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}"),
    XSD + "integer": re.compile("-?[0-9]{1,15}"),
}


class Likeness:
    """What Core constraints can find out about a node, besides its IRI.

    Most constraints depend on the kinds of values: their classes, datatypes and languages. Values
    of a property with another constraint, such as a pattern, are compared as they are. `classes`
    returns the classes of a value.
    """

    def __init__(
        self, shapes: Iterable[Quad], classes: Callable[[NamedNode | BlankNode], Hashable]
    ) -> None:
        self._kind = cache(lambda term: _kind(term, classes))
        shapes = list(shapes)
        paths = {q.subject: q.object for q in shapes if q.predicate.value == SH + "path"}
        self._literal: set[object] = {TYPE}
        self._compared: list[_Pair] = [
            (paths[quad.subject], quad.object, _COMPARED[quad.predicate.value])
            for quad in shapes
            if quad.predicate.value in _COMPARED and quad.subject in paths
        ]
        # Not a cached method, which would keep this object until the next garbage collection.
        self._pairs: dict[frozenset[object], list[_Pair]] = {}
        numbers = (q.object for q in shapes if q.predicate.value in _COUNTS)
        # No constraint distinguishes this number of values from more; sh:uniqueLang needs two.
        self._most = 1 + max((1, *(int(value(number)) for number in numbers)))
        # If a shape of values has properties, it reads facts about the values, so no two nodes are
        # known to be alike.
        inner = {quad.object for quad in shapes if quad.predicate.value in _INNER} | paths.keys()
        self._is_exact = not all(isinstance(path, NamedNode) for path in paths.values())
        for quad in shapes:
            name, path = quad.predicate.value, paths.get(quad.subject)
            self._is_exact |= name == SH + "property" and quad.subject in inner
            # Without a path, the node itself is compared with values.
            self._is_exact |= name in _COMPARED and path is None
            if name.startswith(SH) and name not in _OF_KINDS:
                self._is_exact |= path is None
                self._literal.add(path)

    def of(self, node: NamedNode, facts: Iterable[Statement]) -> Hashable:
        """Return what constraints can find out about a node with these facts.

        If the shapes may distinguish any two nodes, it is the node itself.
        """
        if self._is_exact:
            return node
        facts = list(facts)
        literal, kind_of, most = self._literal, self._kind, self._most
        kinds: dict[Hashable, int] = {}
        for _, name, term in facts:
            kind = name, term if name in literal else kind_of(term)
            number = kinds.get(kind, 0)
            if number < most:
                kinds[kind] = number + 1
        properties = frozenset(name for _, name, _ in facts)

        def values(of: object) -> list[EngineTerm]:
            return [term for _, name, term in facts if name == of]

        return (
            properties,
            frozenset(kinds.items()),
            tuple(f(values(one), values(other)) for one, other, f in self._between(properties)),
        )

    def _between(self, properties: frozenset[object]) -> list[_Pair]:
        """Return the pairs of properties whose values constraints compare, if a node has both."""
        if properties not in self._pairs:
            pairs = [pair for pair in self._compared if properties.issuperset(pair[:2])]
            self._pairs[properties] = pairs
        return self._pairs[properties]


def _shared(ours: Iterable[EngineTerm], theirs: Iterable[EngineTerm]) -> Hashable:
    """Return whether two properties have a common value, and whether all values are common."""
    return not {*ours}.isdisjoint(theirs), {*ours} == {*theirs}


def _kind(term: EngineTerm, classes: Callable[[NamedNode | BlankNode], Hashable]) -> Hashable:
    """Return the kind of a value, and its text if engines may find it invalid."""
    if isinstance(term, NamedNode | BlankNode):
        return isinstance(term, BlankNode), classes(term)
    if not isinstance(term, Literal):
        return term
    datatype = term.datatype.value
    is_certain = (
        term.language is not None
        or datatype == _STRING
        or not datatype.startswith(_CHECKED)
        or _comparable(term) is not None
    )
    return datatype, term.language, None if is_certain else term.value


def _order(ours: Iterable[EngineTerm], theirs: Iterable[EngineTerm]) -> Hashable:
    """Return how the values of two properties compare, or the values if that is uncertain."""
    ours, theirs = list(ours), list(theirs)
    pairs = [(_comparable(one), _comparable(other)) for one in ours for other in theirs]
    if any(one is None or other is None or one[0] != other[0] for one, other in pairs):
        return frozenset(ours), frozenset(theirs)
    return frozenset((one > other) - (one < other) for one, other in pairs if one and other)


def _comparable(term: EngineTerm) -> tuple[str, int] | None:
    """Return the datatype of a plain date or integer and a number that orders it, or None."""
    if not isinstance(term, Literal):
        return None
    text, datatype = term.value, term.datatype.value
    if datatype not in _PLAIN or not _PLAIN[datatype].fullmatch(text):
        return None
    try:
        return datatype, date.fromisoformat(text).toordinal() if datatype == _DATE else int(text)
    except ValueError:  # a day such as 31 February
        return None


_COMPARED = {
    **dict.fromkeys((SH + "disjoint", SH + "equals"), _shared),
    **dict.fromkeys((SH + "lessThan", SH + "lessThanOrEquals"), _order),
}
