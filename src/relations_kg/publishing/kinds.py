"""The kinds of things: of the classes a thing is stated to be in, the most specific."""

from __future__ import annotations

from collections.abc import Iterable

from pyoxigraph import NamedNode, Store

from relations_kg.namespaces import IDENTIFIERS, ONTOLOGY, RDFS, STATED
from relations_kg.terms import TYPE, EngineTerm

_SUBCLASS = NamedNode(RDFS + "subClassOf")


def kinds(store: Store) -> dict[EngineTerm, NamedNode]:
    """Map each thing to its most specific stated class, of several to the first by IRI.

    >>> import relations_kg as rk
    >>> graph = rk.load()
    >>> str(kinds(graph.store)[NamedNode(graph.names.find("embassy-of-china-in-lima"))])
    '<https://w3id.org/relations-kg/ontology#Embassy>'
    """
    stated: dict[EngineTerm, list[NamedNode]] = {}
    for graph in (STATED, IDENTIFIERS):
        for quad in store.quads_for_pattern(None, TYPE, None, NamedNode(graph)):
            if isinstance(quad.object, NamedNode):
                stated.setdefault(quad.subject, []).append(quad.object)
    return {
        thing: classes[0] if len(classes) == 1 else _most_specific(store, classes)
        for thing, classes in stated.items()
    }


def _most_specific(store: Store, classes: Iterable[NamedNode]) -> NamedNode:
    # A class has more classes above it than any of these has.
    return min(classes, key=lambda kind: (-len(_above(store, kind)), kind.value))


def _above(store: Store, kind: NamedNode) -> set[NamedNode]:
    above, found = set(), [kind]
    while found:
        for quad in store.quads_for_pattern(found.pop(), _SUBCLASS, None, NamedNode(ONTOLOGY)):
            if isinstance(quad.object, NamedNode) and quad.object not in above:
                above.add(quad.object)
                found.append(quad.object)
    return above
