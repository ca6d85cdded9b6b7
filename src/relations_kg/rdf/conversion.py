"""Lossless conversion of terms between the engine and rdflib."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import rdflib
from pyoxigraph import BlankNode, Literal, NamedNode, Store, Triple
from rdflib.term import Identifier, Node

from relations_kg.errors import InputError
from relations_kg.rdf.namespaces import PREFIXES, XSD
from relations_kg.rdf.terms import EngineTerm, Term, value


def term_to_rdflib(term: EngineTerm) -> Identifier:
    """Return a term of the engine as a term of rdflib; raise InputError for a triple term."""
    if isinstance(term, Triple):
        raise InputError("rdflib does not support triple terms")
    if isinstance(term, NamedNode):
        return rdflib.URIRef(term.value)
    if isinstance(term, BlankNode):
        return rdflib.BNode(term.value)
    if term.language:
        return rdflib.Literal(term.value, lang=term.language)
    if term.datatype.value == XSD + "string":
        return rdflib.Literal(term.value)
    # rdflib's normalisation would change the text of some literals and could hide an invalid date.
    datatype = rdflib.URIRef(term.datatype.value)
    return rdflib.Literal(term.value, datatype=datatype, normalize=False)


def from_rdflib(node: Node) -> Term:
    """Return a term of rdflib as a term of the engine."""
    if isinstance(node, rdflib.URIRef):
        return NamedNode(node)
    if isinstance(node, rdflib.Literal):
        datatype = NamedNode(node.datatype) if node.datatype and not node.language else None
        return Literal(str(node), language=node.language, datatype=datatype)
    return BlankNode(str(node))


def to_rdflib(store: Store) -> rdflib.Dataset:
    """Return a copy of a store as an rdflib Dataset whose default graph is the union of its graphs.

    Literals keep their lexical form, which rdflib's own parser would normalise.
    """
    dataset = rdflib.Dataset(default_union=True)
    for prefix, namespace in PREFIXES.items():
        dataset.bind(prefix, namespace)
    with without_tracebacks():
        for quad in store:
            subject, predicate, object_ = map(term_to_rdflib, quad.triple)
            graph = dataset.graph(rdflib.URIRef(value(quad.graph_name)))
            graph.add((subject, predicate, object_))
    return dataset


@contextmanager
def without_tracebacks() -> Iterator[None]:
    """Suppress the tracebacks that rdflib logs for literals without a value in Python.

    A date before the year 1 is such a literal.
    """
    logger = logging.getLogger("rdflib.term")
    before, logger.disabled = logger.disabled, True
    try:
        yield
    finally:
        logger.disabled = before
