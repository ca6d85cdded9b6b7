"""What others call the things of the graph, kept apart from the facts: nothing follows from it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from pyoxigraph import Literal, NamedNode, Quad, Store

from relations_kg.rdf.namespaces import (
    BASE,
    DCTERMS,
    ID,
    IDENTIFIER,
    IDENTIFIERS,
    OWL,
    PREFIXES,
    RDF,
    RDFS,
    SH,
    SKOS,
    STATED,
    shorten,
)
from relations_kg.rdf.terms import TYPE, Statement, Term, objects, printable, statements, value

if TYPE_CHECKING:
    from relations_kg.graph.graph import Graph
    from relations_kg.validation.violations import Violation

_ADMS, _GEO = PREFIXES["adms"], PREFIXES["geo"]
SAME_AS, SEE_ALSO, HAS_IDENTIFIER = OWL + "sameAs", RDFS + "seeAlso", _ADMS + "identifier"
_LARGEST = {_GEO + "lat": 90, _GEO + "long": 180}
# What is said of things, and what of identifiers, their schemes and where they were seen.
_OF_THINGS = (SAME_AS, SEE_ALSO, HAS_IDENTIFIER, *_LARGEST)
_TEXTS = (SKOS + "notation", SKOS + "note", RDFS + "label", RDFS + "comment")
_LINKS = (TYPE.value, SKOS + "inScheme", DCTERMS + "source", DCTERMS + "license", SEE_ALSO)
_CLASSES = (_ADMS + "Identifier", SKOS + "ConceptScheme", DCTERMS + "BibliographicResource")
OF_IDENTIFIERS = (*_TEXTS, *_LINKS, *_CLASSES)
PREDICATES = frozenset((*_OF_THINGS, *_TEXTS, *_LINKS))
_NOT_OTHERS = (RDF, RDFS, OWL, SH, BASE, BASE.replace("https:", "http:"))

_NO_CLASS = '{$this} has no class; add its class with "a".'
_ONE_PLACE = "{$this} lies in one place: at {?other}, and not at {?value} too"
_ALREADY = "{$this} cannot be the same as {?value}; {?other} is"


def identifies(quad: Quad) -> bool:
    """Tell whether a statement is about identifiers or coordinates, and so no fact.

    That is one of an identifier, or one that leads from a thing to its identifier or to what
    others say of it. Only to IRIs that are not ours can a thing be the same.

    >>> peru, same = NamedNode(ID + "peru"), NamedNode(SAME_AS)
    >>> [identifies(Quad(peru, same, NamedNode(iri))) for iri in ("urn:peru", ID + "japan")]
    [True, False]
    """
    predicate = quad.predicate.value
    if value(quad.subject).startswith(IDENTIFIER):
        return isinstance(quad.subject, NamedNode)
    if predicate not in _OF_THINGS or not value(quad.subject).startswith(ID):
        return False
    if predicate in _LARGEST:
        return True
    if not isinstance(quad.object, NamedNode):
        return False
    ours = quad.object.value.startswith(IDENTIFIER)
    foreign = not quad.object.value.startswith(_NOT_OTHERS)
    return (ours and predicate != SAME_AS) or (foreign and predicate != HAS_IDENTIFIER)


def flaw(quad: Quad) -> tuple[str, str, int] | None:
    """Tell what is wrong with a statement that identifies: code, words, and which of its terms."""
    predicate, object_ = quad.predicate.value, quad.object
    short = shorten(predicate)
    if largest := _LARGEST.get(predicate):
        message = f"{short} takes a number of degrees from -{largest} to {largest}"
        return None if _is_degrees(object_, largest) else ("identifier", message, 2)
    if not value(quad.subject).startswith(IDENTIFIER):
        return None
    if predicate in _TEXTS:
        message = f"{short} takes a text"
        return None if isinstance(object_, Literal) else ("identifier", message, 2)
    if predicate not in _LINKS:
        known = ", ".join(map(shorten, (*_LINKS, *_TEXTS)))
        message = f"{short} is not said of identifiers, which have {known}"
        return "unknown-term", message, 1
    if not isinstance(object_, NamedNode):
        return "identifier", f"{short} takes an IRI", 2
    if predicate == TYPE.value and object_.value not in _CLASSES:
        known = ", ".join(map(shorten, _CLASSES))
        message = f"{shorten(object_.value)} is no class of identifiers, which are {known}"
        return "unknown-term", message, 2
    return None


def _is_degrees(term: object, largest: int) -> bool:
    try:
        return isinstance(term, Literal) and abs(float(term.value)) <= largest
    except ValueError:
        return False


def part(quads: Iterable[Quad]) -> tuple[list[Statement], list[Statement]]:
    """Part what was read into facts and what identifies."""
    parts: tuple[list[Quad], list[Quad]] = [], []
    for quad in quads:
        parts[identifies(quad)].append(quad)
    return list(statements(parts[False])), list(statements(parts[True]))


def described(identifying: Iterable[Statement]) -> set[Term]:
    """Return the identifiers and schemes that are given a class."""
    return {s for s, p, _ in identifying if p == TYPE and value(s).startswith(IDENTIFIER)}


def violations(store: Store, identifying: Iterable[Statement]) -> Iterator[Violation]:
    """Yield what is wrong with identifiers beside what is known, while it holds their facts.

    A thing is to be described, it lies at one latitude and longitude, and no two of ours are the
    same as one of another's.
    """
    from relations_kg.validation.violations import Violation

    known = store.quads_for_pattern(None, NamedNode(SAME_AS), None, NamedNode(IDENTIFIERS))
    same: dict[Term, Term] = {}
    for subject, _, object_ in sorted(statements(known), key=str):
        same.setdefault(object_, subject)
    told = set()
    degrees: dict[tuple[Term, Term], Term] = {}
    for name in _LARGEST:
        there = store.quads_for_pattern(None, NamedNode(name), None, NamedNode(IDENTIFIERS))
        degrees |= {
            (subject, predicate): object_ for subject, predicate, object_ in statements(there)
        }
    for subject, predicate, object_ in identifying:
        if not isinstance(subject, NamedNode) or subject.value.startswith(IDENTIFIER):
            continue
        if subject not in told and not any(
            store.quads_for_pattern(subject, TYPE, None, NamedNode(STATED))
        ):
            told.add(subject)
            yield Violation("error", "no-class", _NO_CLASS, subject)
        if value(predicate) in _LARGEST:
            given = degrees.setdefault((subject, predicate), object_)
            if float(value(given)) != float(value(object_)):
                yield Violation(
                    "error",
                    "identifier",
                    _ONE_PLACE,
                    subject,
                    object_,
                    path=value(predicate),
                    bindings={"other": given},
                )
        if value(predicate) == SAME_AS and same.setdefault(object_, subject) != subject:
            bindings = {"other": same[object_]}
            yield Violation(
                "error", "identifier", _ALREADY, subject, object_, path=SAME_AS, bindings=bindings
            )


class Identifier(NamedTuple):
    """Hold one identifier of a thing; one that is near is of something that is not quite it."""

    scheme: str
    text: str
    link: str
    near: bool
    note: str


def identifiers_of(graph: Graph, thing: str) -> list[Identifier]:
    """List the identifiers of a thing by their schemes, those that are its own first.

    >>> import relations_kg as rk
    >>> identifiers_of(rk.load(), "https://w3id.org/relations-kg/id/lima")[0].link
    'https://sws.geonames.org/3936456/'
    """
    found = []
    for predicate in (HAS_IDENTIFIER, SEE_ALSO):
        for node in objects(graph.store, NamedNode(thing), predicate):
            if not isinstance(node, NamedNode) or not node.value.startswith(IDENTIFIER):
                continue
            scheme, text, link, note = (
                " ".join(sorted(map(value, objects(graph.store, node, name))))
                for name in (SKOS + "inScheme", SKOS + "notation", SEE_ALSO, SKOS + "note")
            )
            found.append(
                Identifier(
                    graph.names.label(scheme),
                    printable(text),
                    printable(link),
                    predicate == SEE_ALSO,
                    printable(note),
                )
            )
    return sorted(found, key=lambda one: (one.near, one))


def point_of(graph: Graph, thing: str) -> str:
    """Write latitude and longitude of a thing in degrees, or nothing if they are not known."""
    found = [objects(graph.store, NamedNode(thing), name) for name in _LARGEST]
    return ", ".join(printable(value(terms[0])) for terms in found) if all(found) else ""
