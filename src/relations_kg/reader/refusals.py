"""Refusal of statements that are not facts, or that change bundled facts."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache, lru_cache
from typing import NamedTuple

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Store, Triple, parse

from relations_kg._files import content, folder, paths
from relations_kg.rdf.namespaces import (
    CODE,
    IDENTIFIER,
    ONTOLOGY,
    OWL,
    PREFIXES,
    RDF,
    RDFS,
    RKG,
    SH,
    SKOS,
    STATED,
    is_bundled,
    shorten,
)
from relations_kg.rdf.terms import TYPE, value
from relations_kg.reader import identifiers

BUNDLED = "bundled"
# `geo:` is the only URI scheme that is also one of our prefixes.
_POSITION = re.compile(r"geo:-?[0-9.]+,-?[0-9.]+", re.ASCII)
_LABELS = (NamedNode(RDFS + "label"), NamedNode(SKOS + "prefLabel"))
_STATED, _KNOWN = NamedNode(STATED), NamedNode(ONTOLOGY)
_VOCABULARIES = (RDF, RDFS, OWL, SH)
_DESCRIBED_ELSEWHERE = (*_VOCABULARIES, RKG, IDENTIFIER)
FOR_FACTS = (RDF + "type", RDFS + "label", RDFS + "comment", RDFS + "seeAlso")

# This query, which is much faster than a loop in Python, finds the statements to check: those that
# `refusal` refuses, those about identifiers, and a few others.
_SHORT = f"({'|'.join(PREFIXES)}):"
_NAMED = "|".join(_VOCABULARIES)
_SAID_OF = "|".join((*_VOCABULARIES, RKG, CODE, IDENTIFIER))
_SAID = "|".join((*_VOCABULARIES, PREFIXES["adms"], PREFIXES["geo"]))
SUSPECTS = f"""
SELECT ?s ?p ?o WHERE {{
  GRAPH <{STATED}> {{ ?s ?p ?o }}
  FILTER (
    REGEX(STR(?s), "^({_SAID_OF}|{_SHORT})")
    || ?p NOT IN (<{RDF}type>, <{RDFS}label>, <{RDFS}comment>)
       && REGEX(STR(?p), "^({_SAID}|{_SHORT})")
    || isIRI(?o) && REGEX(STR(?o), "^({_NAMED}|{_SHORT})")
    || DATATYPE(?o) = <{RDF}dirLangString> || isTRIPLE(?o) || isBLANK(?s) || isBLANK(?o)
  )
}}"""
# Finds resources with several labels in one language; a label without a language is English.
RELABELLED = f"""
SELECT ?s ?p ?o WHERE {{
  VALUES ?p {{ <{RDFS}label> <{SKOS}prefLabel> }}
  GRAPH <{STATED}> {{ ?s ?p ?o }}
  {{
    SELECT ?s WHERE {{
      VALUES ?p {{ <{RDFS}label> <{SKOS}prefLabel> }}
      GRAPH <{STATED}> {{ ?s ?p ?o }}
      BIND(COALESCE(IF(LANG(?o) = "", "en", LANG(?o)), "") AS ?language)
    }}
    GROUP BY ?s ?language HAVING (COUNT(*) > 1)
  }}
}}"""


class Refusal(NamedTuple):
    """The reason why a statement is refused; `role` is the position of the wrong term, from 0."""

    code: str
    message: str
    role: int
    help: str | None = None


Refuse = Callable[[Quad], Refusal | None]


def refusal(quad: Quad) -> Refusal | None:
    """Return why a statement cannot be a fact, or None."""
    if _is_plain(quad):
        return None
    subject, predicate, object_ = value(quad.subject), quad.predicate.value, value(quad.object)
    if isinstance(quad.object, Triple):
        message = f"{shorten(predicate)} has a triple term as its value; describe it as a resource"
        return Refusal("triple-term", message, 2)
    if isinstance(quad.object, Literal) and quad.object.direction:
        message = "RDF 1.1 does not support the base direction of strings"
        return Refusal("syntax", message, 2, f'leave "--{quad.object.direction}" out')
    if subject.startswith((*_VOCABULARIES, RKG)):
        message = f"{shorten(subject)} is a term of a vocabulary, which facts cannot describe"
        return Refusal("vocabulary", message, 0)
    identifies = identifiers.identifies(quad)
    if identifies and (flaw := identifiers.flaw(quad)):
        return Refusal(*flaw)
    if predicate.startswith(_VOCABULARIES) and predicate not in FOR_FACTS and not identifies:
        message = f"{shorten(predicate)} describes vocabularies and cannot be used in facts"
        return Refusal("vocabulary", message, 1)
    if predicate == TYPE.value and object_.startswith(_VOCABULARIES):
        message = f"{shorten(object_)} is a class of vocabulary terms, not of things"
        return Refusal("vocabulary", message, 2)
    for role, term in enumerate((quad.subject, quad.predicate, quad.object)):
        if isinstance(term, NamedNode) and is_short_form(term.value):
            message = f"<{term.value}> is a CURIE; write it without the angle brackets"
            return Refusal("short-form", message, role)
    return None


def _is_plain(quad: Quad) -> bool:
    """Return whether no term of a statement can be a reason to refuse it, as in most statements."""
    object_ = quad.object
    if isinstance(object_, NamedNode):
        if not _is_plain_iri(object_.value, _VOCABULARIES):
            return False
    elif not isinstance(object_, Literal) or object_.direction:
        return False
    subject = quad.subject
    return (
        isinstance(subject, NamedNode)
        and _is_plain_iri(subject.value, _DESCRIBED_ELSEWHERE)
        and _is_plain_property(quad.predicate.value)
    )


@lru_cache(10_000)
def _is_plain_iri(iri: str, reserved: tuple[str, ...]) -> bool:
    return not (iri.startswith(reserved) or is_short_form(iri))


@lru_cache(1_000)
def _is_plain_property(iri: str) -> bool:
    is_for_facts = iri in FOR_FACTS or not iri.startswith(_VOCABULARIES)
    return is_for_facts and iri not in identifiers.LARGEST and not is_short_form(iri)


@lru_cache(10_000)
def is_short_form(iri: str) -> bool:
    """Return whether an IRI is a CURIE with a prefix of ours; a geo URI (RFC 5870) is not.

    >>> is_short_form("geo:lat"), is_short_form("geo:-12.04,-77.03")
    (True, False)
    """
    return is_bundled(iri.partition(":")[0]) and not _POSITION.match(iri)


def refuser(store: Store, *, allow_changes: bool = False, blank_nodes: bool = False) -> Refuse:
    """Return a function like `refusal` that also refuses blank nodes and changes of bundled facts.

    With `allow_changes`, the function accepts such changes; with `blank_nodes`, it accepts blank
    nodes.
    """

    @lru_cache(1)  # Most statements about a thing are adjacent.
    def is_defined(subject: NamedNode | BlankNode) -> bool:
        return subject.value.startswith(CODE) or any(
            store.quads_for_pattern(subject, None, None, _KNOWN)
        )

    def refuse(quad: Quad) -> Refusal | None:
        may_change = not allow_changes and (quad.predicate in _LABELS or is_defined(quad.subject))
        return (
            refusal(quad)
            or (None if blank_nodes else _blank_node(quad))
            or (change(quad, store) if may_change else None)
        )

    return refuse


def _blank_node(quad: Quad) -> Refusal | None:
    """Return the refusal of a statement with a blank node, or None.

    The label of a blank node changes each time the file is read, so exports and fingerprints would
    not be repeatable.
    """
    for role, node in ((0, quad.subject), (2, quad.object)):
        if isinstance(node, BlankNode):
            message = "a blank node cannot be loaded, since it has no name of its own"
            return Refusal("blank-node", message, role, "give each resource an IRI")
    return None


def change(quad: Quad, store: Store) -> Refusal | None:
    """Return the refusal of a statement that changes a bundled code or label, or None.

    Every new statement about a code or another term of the ontology is a change. For any other
    thing, only another label in the language of its bundled label, or without one, is a change.

    >>> import relations_kg as rk
    >>> peru, label = NamedNode("https://w3id.org/relations-kg/id/peru"), NamedNode(RDFS + "label")
    >>> change(Quad(peru, label, Literal("Chile", language="en")), rk.load().store).message
    'id:peru has the bundled label "Peru"'
    >>> change(Quad(peru, label, Literal("Piruw", language="qu")), rk.load().store)
    """
    subject, predicate, object_ = quad.subject, quad.predicate, quad.object
    if not isinstance(subject, NamedNode):
        return None
    if any(store.quads_for_pattern(subject, None, None, _KNOWN)):
        if Quad(subject, predicate, object_, _KNOWN) in store:
            return None
        kind = "a bundled code" if subject.value.startswith(CODE) else "a term of the vocabulary"
        message = f"{shorten(subject.value)} is {kind}, which new facts cannot change"
        help = "define a code of your own, or allow it with --allow-changes"
        return Refusal(BUNDLED, message, 0, help)
    if subject.value.startswith(CODE):
        message = f"{shorten(subject.value)} is not a bundled code, and code: has no others"
        help = f"write id:{subject.value.removeprefix(CODE)} for a code of your own"
        return Refusal(BUNDLED, message, 0, help)
    if predicate not in _LABELS or not isinstance(object_, Literal):
        return None
    # The bundled files are read only if the subject already has a label.
    for quad in store.quads_for_pattern(subject, _LABELS[0], None, _STATED):
        known = quad.object
        # A label without a language clashes with a label in any language.
        is_same = isinstance(known, Literal) and object_.language in (None, known.language)
        if known != object_ and is_same and (subject, known) in _bundled_labels():
            message = f'{shorten(subject.value)} has the bundled label "{value(known)}"'
            help = "write skos:altLabel for another name, or allow it with --allow-changes"
            return Refusal(BUNDLED, message, 2, help)
    return None


@cache
def _bundled_labels() -> frozenset[tuple[object, object]]:
    return frozenset(
        (quad.subject, quad.object)
        for path in paths(folder("data"), ".ttl")
        for quad in parse(content(path), RdfFormat.TURTLE)
        if quad.predicate == _LABELS[0]
    )
