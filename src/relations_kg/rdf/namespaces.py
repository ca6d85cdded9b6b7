"""The namespaces of the graph, and the short forms of its IRIs."""

from relations_kg.errors import UnknownName
from relations_kg.rdf.spelling import did_you_mean

BASE = "https://w3id.org/relations-kg/"
RKG = BASE + "ontology#"
ID = BASE + "id/"
CODE = BASE + "code/"
SOURCE = BASE + "source/"
IDENTIFIER = BASE + "identifier/"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
OWL = "http://www.w3.org/2002/07/owl#"
SH = "http://www.w3.org/ns/shacl#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
XSD = "http://www.w3.org/2001/XMLSchema#"
DCTERMS = "http://purl.org/dc/terms/"

# Known to every query and printed in every export.
PREFIXES = {
    "rkg": RKG,
    "id": ID,
    "src": SOURCE,
    "code": CODE,
    "ident": IDENTIFIER,
    "rdf": RDF,
    "rdfs": RDFS,
    "owl": OWL,
    "skos": SKOS,
    "xsd": XSD,
    "edtf": "http://id.loc.gov/datatypes/edtf/",
    "nif": "http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#",
    "dcterms": DCTERMS,
    "adms": "http://www.w3.org/ns/adms#",
    "geo": "http://www.w3.org/2003/01/geo/wgs84_pos#",
}

# The named graphs: what a fact is, not which file it came from.
STATED = BASE + "graph/stated"
DATES = BASE + "graph/dates"
INFERRED = BASE + "graph/inferred"
ONTOLOGY = BASE + "graph/ontology"
# What others call things: neither rules nor shapes see it.
IDENTIFIERS = BASE + "graph/identifiers"
# Facts that are checked, for as long as they are.
SUBMITTED = BASE + "graph/submitted"


def expand(curie: str) -> str:
    """Write a CURIE out as an IRI; raise UnknownName for a prefix that is not known.

    >>> expand("id:peru")
    'https://w3id.org/relations-kg/id/peru'
    """
    prefix, _, local = curie.partition(":")
    if prefix not in PREFIXES:
        raise UnknownName(
            f'unknown prefix "{prefix}:" in {curie!r}',
            help=did_you_mean(prefix, PREFIXES) or f"known are {', '.join(PREFIXES)}",
        )
    return PREFIXES[prefix] + local


def shorten(iri: str) -> str:
    """Write an IRI as a CURIE where a prefix fits, else as it is.

    >>> shorten("https://w3id.org/relations-kg/source/china-peru/s010")
    'src:china-peru/s010'
    """
    for prefix, namespace in PREFIXES.items():
        if iri.startswith(namespace) and len(iri) > len(namespace):
            return f"{prefix}:{iri[len(namespace) :]}"
    return iri
