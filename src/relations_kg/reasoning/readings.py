"""Readings, which record what a source implies without stating it, as rules."""

from __future__ import annotations

from pyoxigraph import NamedNode, Store

from relations_kg.rdf.namespaces import RKG, STATED
from relations_kg.rdf.terms import Statement, pairs, value
from relations_kg.reasoning.ontology import Ontology
from relations_kg.reasoning.rules import Rule

READING = "reading"

_SUBJECT, READ_PROPERTY, _OBJECT, _GROUND = (
    NamedNode(RKG + name) for name in ("readSubject", "readProperty", "readObject", "ground")
)
_WORDS = "A fact that a reading gives is inferred, for the reason that the reading states."


def reading_rules(ontology: Ontology) -> list[Rule]:
    """Return for each object property a rule that infers the values given by readings.

    >>> import relations_kg as rk
    >>> [rule.name for rule in reading_rules(Ontology(rk.load().store))][0]
    'reading'
    """
    properties = sorted(map(value, ontology.instances("ObjectProperty")))
    return [_rule(NamedNode(name)) for name in properties]


def _rule(property: NamedNode) -> Rule:
    body = (
        ("reading", READ_PROPERTY, property),
        ("reading", _SUBJECT, "x"),
        ("reading", _OBJECT, "y"),
        ("reading", _GROUND, "ground"),
    )
    return Rule(READING, body, ("x", property, "y"), _WORDS)


def grounds(store: Store) -> dict[Statement, str]:
    """Return the facts that a store's stated readings give, each with the reason for its reading.

    >>> import relations_kg as rk
    >>> graph = rk.load()
    >>> graph.names.statement("overseas-ministry", "bodyOf", "portugal") in grounds(graph.store)
    True
    """
    # Each property is read for all readings at once, since the store may be a remote server.
    parts = [
        dict(pairs(store, property.value, STATED))
        for property in (_SUBJECT, READ_PROPERTY, _OBJECT, _GROUND)
    ]
    whole = sorted(set(parts[0]).intersection(*parts[1:]), key=value, reverse=True)
    found = {}
    for reading in whole:
        subject, property, object_, ground = (part[reading] for part in parts)
        found[subject, property, object_] = value(ground)
    return found
