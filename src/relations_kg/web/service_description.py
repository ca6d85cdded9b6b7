"""The SPARQL 1.1 Service Description of the endpoint."""

from __future__ import annotations

from pyoxigraph import NamedNode, RdfFormat, parse

from relations_kg.export.export import serialize_triples
from relations_kg.rdf import namespaces
from relations_kg.rdf.namespaces import RDF, SH, XSD
from relations_kg.web.answering import TRIPLES
from relations_kg.web.problems import Problem
from relations_kg.web.site import Site

PREFIXES = {
    "sd": "http://www.w3.org/ns/sparql-service-description#",
    "void": "http://rdfs.org/ns/void#",
    "formats": "http://www.w3.org/ns/formats/",
    "rdf": RDF,
    "sh": SH,
    "xsd": XSD,
}


def describe(site: Site, endpoint: str, media_type: str) -> bytes:
    """Return the description of the endpoint at an address; raise Problem if it is not an IRI."""
    try:
        NamedNode(endpoint)
    except ValueError:
        help = "send the name of this server in the Host header"
        raise Problem(400, "the host of the request is not valid in an IRI", help) from None
    store = site.graph.quad_store
    counts = {
        graph: sum(1 for _ in store.quads_for_pattern(None, None, None, graph))
        for graph in sorted(store.named_graphs(), key=str)
    }
    template = site.renderer.environment.get_template("service.ttl")
    text = template.render(prefixes=PREFIXES, known=namespaces.PREFIXES, counts=counts)
    quads = parse(text, RdfFormat.TURTLE, base_iri=endpoint)
    triples = (quad.triple for quad in quads)
    return serialize_triples(triples, TRIPLES[media_type], PREFIXES)
