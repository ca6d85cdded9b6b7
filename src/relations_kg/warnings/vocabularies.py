"""Warnings about unknown properties and classes of other vocabularies."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator

from relations_kg.rdf.namespaces import BASE, PREFIXES, RKG, shorten
from relations_kg.rdf.spelling import nearest
from relations_kg.rdf.vocabularies import usual
from relations_kg.sparql.structure import Query
from relations_kg.warnings.variables import Finding

# The properties of other vocabularies that the data uses or users may expect.
_STANDARD = {
    "rdf": "type first rest value",
    "rdfs": "label comment subClassOf subPropertyOf domain range seeAlso isDefinedBy",
    "skos": "prefLabel altLabel hiddenLabel definition scopeNote example note notation inScheme "
    "broader narrower related exactMatch closeMatch member topConceptOf hasTopConcept",
    "owl": "sameAs inverseOf versionInfo disjointWith equivalentClass",
    "dcterms": "title license source description created modified creator identifier",
    "geo": "lat long",
    "nif": "beginIndex endIndex",
}
_EXPECTED = {PREFIXES[prefix] + name for prefix in _STANDARD for name in _STANDARD[prefix].split()}

# Groups without which a query may match, or that another server evaluates.
_OPTIONAL = ("UNION", "MINUS", "EXISTS", "SERVICE")

NearTerms = Callable[[str, str, str], list[str]]


def terms(local: str) -> list[str]:
    """Return the properties of other vocabularies with a local name.

    >>> terms("prefLabel")
    ['http://www.w3.org/2004/02/skos/core#prefLabel']
    """
    return [PREFIXES[prefix] + local for prefix in _STANDARD if local in _STANDARD[prefix].split()]


def findings(
    query: Query,
    addresses: dict[int, str],
    known: Callable[[Collection[str]], set[str]],
    near_terms: NearTerms,
) -> Iterator[Finding]:
    """Yield the terms of other vocabularies that are not `known`, with what to write instead.

    Patterns whose subject is in another dataset, and those in UNION, MINUS, EXISTS or SERVICE, are
    left out. `near_terms` returns the terms of our ontology that a name may mean.
    """
    for triple in query.triples:
        start, end = triple.predicate
        is_ours = addresses.get(triple.subject, BASE).startswith(BASE)
        if triple.scope is query.template or not is_ours or triple.scope.is_within(*_OPTIONAL):
            continue
        words = {query.word(index) for index in range(start, end)}
        is_class = words == {"a"}
        places = [triple.object] if is_class else range(start, end)
        # A path with alternatives can match even if one of its properties is unknown.
        for index in places if words.isdisjoint("|!*?") else ():
            iri = addresses.get(index, BASE)
            if not iri.startswith(BASE) and iri not in _EXPECTED and not known({iri}):
                help = _instead(iri, is_class, near_terms)
                yield index, f"{query.word(index)} is not in the graph", help


def _instead(iri: str, is_class: bool, near_terms: NearTerms) -> str | None:
    """Return what to write instead of a term, or None."""
    prefix, _, local = shorten(iri).partition(":")
    if near := nearest(local, _STANDARD[prefix].split()) if prefix in _STANDARD else []:
        return f"did you mean {prefix}:{near[0]}?"
    local = re.split("[/#]", iri)[-1]
    if not is_class and (help := usual(local)):
        return help
    found = near_terms(RKG, local, "class" if is_class else "property")
    return f"did you mean {' or '.join(map(shorten, found[:3]))}?" if found else None
