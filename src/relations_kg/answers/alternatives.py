"""Things of another kind that a user may have meant, found by names and by facts."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator

from pyoxigraph import Literal, NamedNode

from relations_kg.answers.names import Names
from relations_kg.rdf.namespaces import CODE, IDENTIFIER, OWL, RDF, RDFS, RKG, SKOS, SOURCE
from relations_kg.rdf.terms import value

_NAMES = tuple(NamedNode(iri) for iri in (RDFS + "label", SKOS + "prefLabel", SKOS + "altLabel"))
# Links to passages, classes and codes relate all things to all others.
_APART = (RKG, CODE, SOURCE, IDENTIFIER, OWL, RDF, RDFS, SKOS)
_POLITY = (RKG + "Polity",)
_NAMED_AFTER = (*_POLITY, RKG + "Place")
# The most steps between a thing and what was meant, such as person, tenure, office, state.
_STEPS = 3
# What has more links than this, such as a state, stands for nothing else.
_MOST_LINKS = 60
# The most things whose links are followed in each step; on a server, each is a request.
_WIDTH = 30


def alternatives(iri: str, fits: Callable[[str], bool], names: Names, most: int = 3) -> list[str]:
    """Return up to `most` fitting things that a thing may stand for, the likeliest first.

    These are the things whose names contain one of its names, such as the region that is named
    after a place. Otherwise they are those with the closest links: the parties that administered
    it, the state of an office that a person held, the party that sent a mission. If polities are
    among them, these alone are returned.
    """
    found = [
        other
        for other in containing({*all_names(iri, names)}, names)
        if other != iri and fits(other) and names.is_a(other, _NAMED_AFTER)
    ] or _linked(iri, fits, names)
    polities = [other for other in found if names.is_a(other, _POLITY)]
    return (polities or found)[:most]


def all_names(iri: str, names: Names) -> Iterator[str]:
    """Yield the labels and other names of a thing, in all languages."""
    for predicate in _NAMES:
        for quad in names.store.quads_for_pattern(NamedNode(iri), predicate, None):
            if text := value(quad.object).strip():
                yield text


def containing(texts: set[str], names: Names) -> list[str]:
    """Return the things with a name that contains one of some texts as whole words.

    Those with the shortest names come first.
    """
    if not texts:
        return []
    pattern = re.compile(rf"(?i)\b(?:{'|'.join(map(re.escape, sorted(texts)))})\b")
    found: dict[str, int] = {}
    for predicate in _NAMES:
        for quad in names.store.quads_for_pattern(None, predicate, None):
            if (
                isinstance(quad.subject, NamedNode)
                and isinstance(quad.object, Literal)
                and pattern.search(quad.object.value)
            ):
                length = len(quad.object.value)
                iri = quad.subject.value
                found[iri] = min(length, found.get(iri, length))
    return sorted(found, key=lambda iri: (found[iri], iri))


def _linked(iri: str, fits: Callable[[str], bool], names: Names) -> list[str]:
    """Return the fitting things with the closest links to a thing.

    A link counts for less the more links its two ends have, since a party that most facts are about
    is linked to everything.
    """
    scores: defaultdict[str, float] = defaultdict(float)
    seen, edge, found = {iri}, {iri: 1.0}, False
    for _ in range(_STEPS):
        reached: defaultdict[str, float] = defaultdict(float)
        for node, weight in sorted(edge.items(), key=lambda item: (-item[1], item[0]))[:_WIDTH]:
            links = set(_links(node, names))
            if len(links) > _MOST_LINKS:
                continue
            links -= seen
            for other in links:
                reached[other] += weight / len(links)
        seen |= set(reached)
        edge = {}
        for other, weight in reached.items():
            if not fits(other):
                edge[other] = weight
            elif not found or names.is_a(other, _POLITY):
                scores[other] += weight / len(set(_links(other, names))) ** 0.25
        found = found or bool(scores)
        if any(names.is_a(other, _POLITY) for other in scores):
            break
    ranked = sorted(scores, key=lambda other: (-scores[other], other))
    return [other for other in ranked if scores[other] * 2 >= scores[ranked[0]]]


def _links(iri: str, names: Names) -> Iterator[str]:
    node = NamedNode(iri)
    for quad in names.store.quads_for_pattern(node, None, None):
        if isinstance(quad.object, NamedNode) and not quad.object.value.startswith(_APART):
            yield quad.object.value
    for quad in names.store.quads_for_pattern(None, None, node):
        if isinstance(quad.subject, NamedNode) and not quad.subject.value.startswith(_APART):
            yield quad.subject.value
