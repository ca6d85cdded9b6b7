"""The writer of RDF/XML, which only the SPARQL endpoint offers."""

from __future__ import annotations

from pyoxigraph import RdfFormat, parse, serialize

from relations_kg.export.entries import Facts


def write(facts: Facts) -> bytes:
    """Return RDF/XML without graph names, in the order of the facts."""
    quads = parse(b"".join(facts.graphs.values()), RdfFormat.N_TRIPLES)
    return serialize((quad.triple for quad in quads), format=RdfFormat.RDF_XML) or b""
