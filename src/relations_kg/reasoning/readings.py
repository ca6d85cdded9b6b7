"""Readings: what a source implies without stating it, as rules that infer it."""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import NamedNode, Store

from relations_kg.rdf.namespaces import RKG, STATED
from relations_kg.rdf.terms import Statement, Term, statements, value
from relations_kg.reasoning.ontology import Ontology
from relations_kg.reasoning.rules import Rule

READING = "reading"

_SUBJECT, _PROPERTY, _OBJECT, _GROUND = (
    NamedNode(RKG + name) for name in ("readSubject", "readProperty", "readObject", "ground")
)
_STATED = NamedNode(STATED)
_WORDS = "What a reading takes its source to imply holds, on the ground that the reading gives."


def reading_rules(store: Store) -> list[Rule]:
    """Return a rule for each object property, which infers the values that readings give for it.

    >>> import relations_kg as rk
    >>> [rule.name for rule in reading_rules(rk.load().store)][0]
    'reading'
    """
    properties = sorted(map(value, Ontology(store).instances("ObjectProperty")))
    return [_rule(NamedNode(name)) for name in properties]


def _rule(property: NamedNode) -> Rule:
    body = (
        ("reading", _PROPERTY, property),
        ("reading", _SUBJECT, "x"),
        ("reading", _OBJECT, "y"),
        ("reading", _GROUND, "ground"),
    )
    return Rule(READING, body, ("x", property, "y"), _WORDS)


def readings(store: Store) -> Iterator[Statement]:
    """Yield the facts that the stated readings of a store give."""
    for quad in store.quads_for_pattern(None, _PROPERTY, None, _STATED):
        reading, property = quad.subject, quad.object
        if isinstance(reading, NamedNode) and isinstance(property, NamedNode):
            for subject in _values(store, reading, _SUBJECT):
                for object_ in _values(store, reading, _OBJECT):
                    if _values(store, reading, _GROUND):
                        yield subject, property, object_


def ground(store: Store, fact: Statement) -> str:
    """Return the ground of the reading that gives a fact, or "" if none does.

    >>> import relations_kg as rk
    >>> graph = rk.load()
    >>> fact = graph.names.statement("overseas-ministry", "bodyOf", "portugal")
    >>> bool(ground(graph.store, fact))
    True
    """
    subject, property, object_ = fact
    grounds = [
        value(each)
        for quad in store.quads_for_pattern(None, _SUBJECT, subject, _STATED)
        if isinstance(reading := quad.subject, NamedNode)
        if property in _values(store, reading, _PROPERTY)
        if object_ in _values(store, reading, _OBJECT)
        for each in _values(store, reading, _GROUND)
    ]
    return min(grounds, default="")


def _values(store: Store, reading: NamedNode, name: NamedNode) -> list[Term]:
    quads = store.quads_for_pattern(reading, name, None, _STATED)
    return [object_ for _, _, object_ in statements(quads)]
