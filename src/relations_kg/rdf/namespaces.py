"""The namespaces of the graph, and the short forms of its IRIs."""

from __future__ import annotations

from relations_kg._lazy import TYPE_CHECKING
from relations_kg.errors import InputError, UnknownName
from relations_kg.rdf import spelling

if TYPE_CHECKING:
    from collections.abc import Collection

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

# The prefixes that queries may use without a declaration, and that exports declare.
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

_BUNDLED = frozenset(PREFIXES)

# The named graphs; they separate kinds of facts, not the files that state them.
STATED = BASE + "graph/stated"
DATES = BASE + "graph/dates"
INFERRED = BASE + "graph/inferred"
ONTOLOGY = BASE + "graph/ontology"
# The shapes, the prefixes and the names of the files of an extension vocabulary; its terms are in
# the graph of the ontology.
VOCABULARY = BASE + "graph/vocabulary"
# The graph of identifiers from other datasets; no rules or shapes apply to it.
IDENTIFIERS = BASE + "graph/identifiers"
# Facts under validation, which are removed afterwards.
SUBMITTED = BASE + "graph/submitted"


def declare(prefix: str, namespace: str) -> None:
    """Declare a prefix of an extension vocabulary for the whole process.

    Raises InputError if it is declared for another namespace, since the queries of a graph that was
    loaded before would then be about other terms.
    """
    if (known := PREFIXES.setdefault(prefix, namespace)) != namespace:
        message = f"the prefix {prefix}: stands for <{known}> in this process, not <{namespace}>"
        raise InputError(message, help="choose another, or load this vocabulary in a new process")


def prefixes_in(contents: Collection[bytes]) -> dict[str, str]:
    """Return the project's prefixes, and those of extension vocabularies that RDF files use.

    >>> prefixes_in([b"<urn:a> <urn:b> <urn:c> ."])["id"]
    'https://w3id.org/relations-kg/id/'
    """
    return {
        prefix: namespace
        for prefix, namespace in PREFIXES.items()
        if prefix in _BUNDLED or any(namespace.encode() in content for content in contents)
    }


def is_bundled(prefix: str) -> bool:
    """Return whether a prefix belongs to the project rather than to a vocabulary."""
    return prefix in _BUNDLED


def expand(curie: str) -> str:
    """Return the IRI of a CURIE; raise UnknownName for an unknown prefix.

    >>> expand("id:peru")
    'https://w3id.org/relations-kg/id/peru'
    """
    prefix, _, local = curie.partition(":")
    if prefix not in PREFIXES:
        help = spelling.did_you_mean(prefix, PREFIXES) or f"use one of {', '.join(PREFIXES)}"
        raise UnknownName(f'unknown prefix "{prefix}:" in {curie!r}', help=help)
    return PREFIXES[prefix] + local


def shorten(iri: str) -> str:
    """Return the CURIE of an IRI, or the IRI itself if no prefix matches.

    >>> shorten("https://w3id.org/relations-kg/source/china-peru/s010")
    'src:china-peru/s010'
    """
    for prefix, namespace in PREFIXES.items():
        if iri.startswith(namespace) and len(iri) > len(namespace):
            return f"{prefix}:{iri[len(namespace) :]}"
    return str(iri)


def code_name(iri: str) -> str:
    """Return the slug of a code or a code list, or its CURIE if it is of another namespace.

    >>> code_name("https://w3id.org/relations-kg/code/de-jure")
    'de-jure'
    """
    return shorten(iri).removeprefix("code:")
