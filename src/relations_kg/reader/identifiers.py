"""Identifiers and coordinates from other sources, kept in a graph that inference ignores."""

from __future__ import annotations

from collections.abc import Iterable

from pyoxigraph import Literal, NamedNode, Quad

from relations_kg.rdf.coordinates import degrees
from relations_kg.rdf.namespaces import (
    BASE,
    DCTERMS,
    ID,
    IDENTIFIER,
    OWL,
    PREFIXES,
    RDF,
    RDFS,
    SH,
    SKOS,
    shorten,
)
from relations_kg.rdf.terms import TYPE, Statement, Term, shared, value

_ADMS, _GEO = PREFIXES["adms"], PREFIXES["geo"]
SAME_AS, SEE_ALSO, HAS_IDENTIFIER = OWL + "sameAs", RDFS + "seeAlso", _ADMS + "identifier"
LATITUDE = _GEO + "lat"
LARGEST = {LATITUDE: 90, _GEO + "long": 180}
# Properties of things, and terms that describe identifiers, their schemes and their sources.
_OF_THINGS = (SAME_AS, SEE_ALSO, HAS_IDENTIFIER, *LARGEST)
_TEXTS = (SKOS + "notation", SKOS + "note", RDFS + "label", RDFS + "comment")
_LINKS = (TYPE.value, SKOS + "inScheme", DCTERMS + "source", DCTERMS + "license", SEE_ALSO)
_CLASSES = (_ADMS + "Identifier", SKOS + "ConceptScheme", DCTERMS + "BibliographicResource")
OF_IDENTIFIERS = (*_TEXTS, *_LINKS, *_CLASSES)
PREDICATES = frozenset((*_OF_THINGS, *_TEXTS, *_LINKS))
_NOT_OTHERS = (RDF, RDFS, OWL, SH, BASE, BASE.replace("https:", "http:"))


def identifies(quad: Quad) -> bool:
    """Return whether a statement is about identifiers or coordinates rather than a fact.

    Such a statement has an identifier as its subject, or links a thing to its identifier, its
    coordinates or an external page. owl:sameAs counts only if it links to an external IRI, and
    rdfs:seeAlso only if it links to an external IRI or an identifier.

    >>> peru, same = NamedNode(ID + "peru"), NamedNode(SAME_AS)
    >>> [identifies(Quad(peru, same, NamedNode(iri))) for iri in ("urn:peru", ID + "japan")]
    [True, False]
    """
    subject, predicate = value(quad.subject), quad.predicate.value
    if subject.startswith(IDENTIFIER):
        return isinstance(quad.subject, NamedNode)
    if predicate not in _OF_THINGS or not subject.startswith(ID):
        return False
    if predicate in LARGEST:
        return True
    if not isinstance(quad.object, NamedNode):
        return False
    ours = quad.object.value.startswith(IDENTIFIER)
    foreign = not quad.object.value.startswith(_NOT_OTHERS)
    return (ours and predicate != SAME_AS) or (foreign and predicate != HAS_IDENTIFIER)


def flaw(quad: Quad) -> tuple[str, str, int] | None:
    """Return the code, message and role of the Refusal of a statement on identifiers, or None."""
    predicate, object_ = quad.predicate.value, quad.object
    short = shorten(predicate)
    if largest := LARGEST.get(predicate):
        message = f"{short} takes a number of degrees from -{largest} to {largest}"
        written = object_.value if isinstance(object_, Literal) else ""
        number = degrees(written, is_latitude=predicate == LATITUDE)
        if number and abs(float(number)) <= largest:
            message = f'{message}, such as "{number}"'
        return None if _is_degrees(object_, largest) else ("identifier", message, 2)
    if not value(quad.subject).startswith(IDENTIFIER):
        return None
    if predicate in _TEXTS:
        message = f"{short} takes a text"
        return None if isinstance(object_, Literal) else ("identifier", message, 2)
    if predicate not in _LINKS:
        known = ", ".join(map(shorten, (*_LINKS, *_TEXTS)))
        message = f"{short} is not a property of identifiers ({known})"
        return "unknown-term", message, 1
    if not isinstance(object_, NamedNode):
        return "identifier", f"{short} takes an IRI", 2
    if predicate == TYPE.value and object_.value not in _CLASSES:
        known = ", ".join(map(shorten, _CLASSES))
        message = f"{shorten(object_.value)} is not a class of identifiers ({known})"
        return "unknown-term", message, 2
    return None


def _is_degrees(term: object, largest: int) -> bool:
    try:
        return isinstance(term, Literal) and abs(float(term.value)) <= largest
    except ValueError:
        return False


def part(quads: Iterable[Quad]) -> tuple[list[Statement], list[Statement]]:
    """Return the facts among the quads, and the statements about identifiers among them."""
    facts, identifying = list[Quad](), list[Quad]()
    for quad in quads:
        (identifying if identifies(quad) else facts).append(quad)
    terms: dict[Term, Term] = {}
    return [*shared(facts, terms)], [*shared(identifying, terms)]


def described(identifying: Iterable[Statement]) -> set[Term]:
    """Return the identifiers and schemes to which the statements give a class."""
    return {s for s, p, _ in identifying if p == TYPE and value(s).startswith(IDENTIFIER)}
