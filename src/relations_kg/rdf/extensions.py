"""The extension vocabulary of a store (terms that a user adds): namespaces, prefixes and files.

They are in a separate graph, in which each namespace names the files with its terms.
"""

from __future__ import annotations

from pyoxigraph import NamedNode, Store

from relations_kg.errors import InputError
from relations_kg.rdf.namespaces import DCTERMS, ONTOLOGY, RDFS, RKG, SH, VOCABULARY, declare
from relations_kg.rdf.terms import TYPE, named, value

GRAPH = NamedNode(VOCABULARY)
DEFINED_BY, TITLE = NamedNode(RDFS + "isDefinedBy"), NamedNode(DCTERMS + "title")
PREFIX = NamedNode(SH + "prefix")


def declare_prefixes(store: Store) -> None:
    """Declare the prefixes of a store's extension vocabulary, if the store has one.

    Raises InputError for a prefix that stands for another namespace in this process.
    """
    for namespace in namespaces(store):
        for quad in store.quads_for_pattern(NamedNode(namespace), PREFIX, None, GRAPH):
            try:
                declare(value(quad.object), namespace)
            except InputError as error:
                names = ", ".join(files(store).values())
                raise InputError(error.message, where=names, help=error.help) from None


def namespaces(store: Store) -> list[str]:
    """Return the namespaces in which the vocabulary of a store defines terms.

    >>> namespaces(Store())
    []
    """
    find = store.quads_for_pattern
    return sorted({value(quad.subject) for quad in find(None, DEFINED_BY, None, GRAPH)})


def spaces(store: Store) -> tuple[str, ...]:
    """Return the namespaces of classes and properties: ours, and those of the vocabulary."""
    return (RKG, *namespaces(store))


def terms(store: Store) -> list[NamedNode]:
    """Return the terms of the vocabulary of a store."""
    own = tuple(namespaces(store))
    found = store.quads_for_pattern(None, TYPE, None, NamedNode(ONTOLOGY)) if own else ()
    return named(quad.subject for quad in found if value(quad.subject).startswith(own))


def files(store: Store) -> dict[str, str]:
    """Return the names of a vocabulary's files in a store, by the IRIs of their contents."""
    find = store.quads_for_pattern
    return {value(quad.subject): value(quad.object) for quad in find(None, TITLE, None, GRAPH)}
