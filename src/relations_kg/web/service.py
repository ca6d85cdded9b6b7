"""The Service Description of the endpoint: what it speaks, and which graphs it has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from relations_kg.rdf.namespaces import RDF, XSD
from relations_kg.web.answering import serialized
from relations_kg.web.problems import Problem

if TYPE_CHECKING:
    from relations_kg.web.application import Site

_SD = "http://www.w3.org/ns/sparql-service-description#"
_VOID = "http://rdfs.org/ns/void#"
_FORMATS = "http://www.w3.org/ns/formats/"
_WRITTEN = (
    "SPARQL_Results_JSON",
    "SPARQL_Results_XML",
    "SPARQL_Results_CSV",
    "SPARQL_Results_TSV",
    "Turtle",
    "N-Triples",
    "JSON-LD",
    "RDF_XML",
)
PREFIXES = {"sd": _SD, "void": _VOID, "formats": _FORMATS, "rdf": RDF, "xsd": XSD}


def describe(site: Site, endpoint: str, media_type: str) -> bytes:
    """Describe the endpoint at an address."""
    try:
        address = NamedNode(endpoint)
    except ValueError:
        raise Problem(400, "the host named in the request is none") from None
    service, dataset = NamedNode(f"{endpoint}#service"), NamedNode(f"{endpoint}#dataset")
    default = NamedNode(f"{endpoint}#default")
    store = site.graph.store
    graphs = sorted(store.named_graphs(), key=str)
    said: list[tuple[NamedNode, str, NamedNode | Literal | BlankNode]] = [
        (service, RDF + "type", NamedNode(_SD + "Service")),
        (service, _SD + "endpoint", address),
        (service, _SD + "supportedLanguage", NamedNode(_SD + "SPARQL11Query")),
        (service, _SD + "feature", NamedNode(_SD + "UnionDefaultGraph")),
        *((service, _SD + "resultFormat", NamedNode(_FORMATS + name)) for name in _WRITTEN),
        (service, _SD + "defaultDataset", dataset),
        (dataset, RDF + "type", NamedNode(_SD + "Dataset")),
        (dataset, _SD + "defaultGraph", default),
        (default, RDF + "type", NamedNode(_SD + "Graph")),
        (default, _VOID + "triples", _number(len(store))),
    ]
    for graph in graphs:
        named = NamedNode(f"{endpoint}#{str(graph.value).rpartition('/')[2]}")
        content = NamedNode(f"{named.value}-graph")
        count = sum(1 for _ in store.quads_for_pattern(None, None, None, graph))
        said += [
            (dataset, _SD + "namedGraph", named),
            (named, RDF + "type", NamedNode(_SD + "NamedGraph")),
            (named, _SD + "name", graph),
            (named, _SD + "graph", content),
            (content, RDF + "type", NamedNode(_SD + "Graph")),
            (content, _VOID + "triples", _number(count)),
        ]
    triples = [Triple(subject, NamedNode(name), object) for subject, name, object in said]
    return serialized(triples, media_type, PREFIXES)


def _number(count: int) -> Literal:
    return Literal(str(count), datatype=NamedNode(XSD + "integer"))
