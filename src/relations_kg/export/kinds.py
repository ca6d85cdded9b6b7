"""The kind of a thing: its most specific stated class."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product

from pyoxigraph import NamedNode, Store

from relations_kg.rdf.namespaces import IDENTIFIERS, STATED
from relations_kg.rdf.terms import TYPE, EngineTerm
from relations_kg.reasoning.ontology import superclasses


def kinds(
    store: Store, things: Iterable[NamedNode | None] = (None,)
) -> dict[EngineTerm, NamedNode]:
    """Return the most specific stated class of each thing, by default of all.

    Of several, it is the one with the most superclasses, and of these the first by IRI.

    >>> import relations_kg as rk
    >>> graph = rk.load()
    >>> str(kinds(graph.store)[NamedNode(graph.names.find("embassy-of-china-in-lima"))])
    '<https://w3id.org/relations-kg/ontology#Embassy>'
    """
    stated: dict[EngineTerm, list[NamedNode]] = {}
    for thing, graph in product(things, (STATED, IDENTIFIERS)):
        for quad in store.quads_for_pattern(thing, TYPE, None, NamedNode(graph)):
            if isinstance(quad.object, NamedNode):
                stated.setdefault(quad.subject, []).append(quad.object)
    return {
        thing: classes[0] if len(classes) == 1 else most_specific(store, classes)
        for thing, classes in stated.items()
    }


def most_specific(store: Store, classes: Iterable[NamedNode]) -> NamedNode:
    """Return the class with the most superclasses; of several, the first by IRI."""
    # The class with the most superclasses is more specific than each of its superclasses.
    return min(classes, key=lambda kind: (-len(superclasses(store, kind)), kind.value))
