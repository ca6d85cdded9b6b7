"""The SPARQL 1.1 Service Description of the endpoint."""

from __future__ import annotations

from pyoxigraph import NamedNode, RdfFormat, parse

from relations_kg.export.export import serialize_triples
from relations_kg.rdf.namespaces import RDF, XSD
from relations_kg.web.answering import TRIPLES
from relations_kg.web.problems import Problem
from relations_kg.web.site import Site

PREFIXES = {
    "sd": "http://www.w3.org/ns/sparql-service-description#",
    "void": "http://rdfs.org/ns/void#",
    "formats": "http://www.w3.org/ns/formats/",
    "rdf": RDF,
    "xsd": XSD,
}
_SERVICE = """\
<#service> a sd:Service ;
    sd:endpoint <> ;
    sd:supportedLanguage sd:SPARQL11Query ;
    sd:feature sd:UnionDefaultGraph ;
    sd:resultFormat formats:SPARQL_Results_JSON , formats:SPARQL_Results_XML ,
        formats:SPARQL_Results_CSV , formats:SPARQL_Results_TSV , formats:Turtle ,
        formats:N-Triples , formats:JSON-LD , formats:RDF_XML ;
    sd:defaultDataset <#dataset> .
<#dataset> a sd:Dataset ; sd:defaultGraph <#default> .
<#default> a sd:Graph ; void:triples %d .
"""
_GRAPH = """\
<#dataset> sd:namedGraph <#%(name)s> .
<#%(name)s> a sd:NamedGraph ; sd:name %(graph)s ; sd:graph <#%(name)s-graph> .
<#%(name)s-graph> a sd:Graph ; void:triples %(count)d .
"""


def describe(site: Site, endpoint: str, media_type: str) -> bytes:
    """Return the description of the endpoint at an address."""
    try:
        NamedNode(endpoint)
    except ValueError:
        raise Problem(400, "the host of the request is not valid in an IRI") from None
    store = site.graph.store
    turtle = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in PREFIXES.items())
    turtle += _SERVICE % len(store)
    for graph in sorted(store.named_graphs(), key=str):
        count = sum(1 for _ in store.quads_for_pattern(None, None, None, graph))
        name = str(graph.value).rpartition("/")[2]
        turtle += _GRAPH % {"name": name, "graph": graph, "count": count}
    quads = parse(turtle.encode(), RdfFormat.TURTLE, base_iri=endpoint)
    triples = (quad.triple for quad in quads)
    return serialize_triples(triples, TRIPLES[media_type], PREFIXES)
