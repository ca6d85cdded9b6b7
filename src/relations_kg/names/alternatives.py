"""Things of the required kind that a user may have meant, found by names and by facts."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import islice

from pyoxigraph import NamedNode

from relations_kg.names.names import Names
from relations_kg.rdf.namespaces import CODE, IDENTIFIER, OWL, RDF, RDFS, RKG, SKOS, SOURCE
from relations_kg.rdf.terms import value

_NAMES = tuple(NamedNode(iri) for iri in (RDFS + "label", SKOS + "prefLabel", SKOS + "altLabel"))
# Links to passages, terms and codes are not followed, since these connect almost all things.
_APART = (RKG, CODE, SOURCE, IDENTIFIER, OWL, RDF, RDFS, SKOS)
_POLITY = (RKG + "Polity",)
_NAMED_AFTER = (*_POLITY, RKG + "Place")
# The maximum length of a path of links from a thing to an alternative: a person and a state are
# three links apart, through a tenure and an office.
_STEPS = 3
# The links of a thing with more links than this, such as a state, are not followed.
_MOST_LINKS = 60
# The maximum number of links to count in each direction.
_MOST_COUNTED = 1000
# The maximum number of things whose links are followed in each step; each is a request on a server.
_WIDTH = 30


def alternatives(iri: str, fits: Callable[[str], bool], names: Names, most: int = 3) -> list[str]:
    """Return up to `most` things that a user may have meant and `fits` accepts, likeliest first.

    `iri` is the thing that the user named. The first of these groups with a thing is returned:
    polities and places whose names contain a name of `iri`, such as the region around a place;
    polities whose names occur in a name of `iri`, such as the state of an embassy; the things with
    the closest links to `iri`, such as the parties that administered a place. If the group has
    polities, only these are returned.
    """
    own = {*all_names(iri, names)}
    found = [
        other
        for other in containing(own, names)
        if other != iri and fits(other) and names.is_a(other, _NAMED_AFTER)
    ]
    found = found or list(filter(fits, _polities_in(own, names))) or _linked(iri, fits, names)
    polities = [other for other in found if names.is_a(other, _POLITY)]
    return (polities or found)[:most]


def all_names(iri: str, names: Names) -> Iterator[str]:
    """Yield the labels and other names of a thing, in all languages."""
    for predicate in _NAMES:
        for quad in names.store.quads_for_pattern(NamedNode(iri), predicate, None):
            if text := value(quad.object).strip():
                yield text


def containing(texts: set[str], names: Names) -> list[str]:
    """Return the things with a name that contains one of the texts as whole words.

    The things with the shortest names come first.
    """
    found: dict[str, int] = {}
    for text in texts:
        pattern = _any_of([text])
        for iri, name in names.index.labels_with(text):
            if pattern.search(name):
                found[iri] = min(len(name), found.get(iri, len(name)))
    return sorted(found, key=lambda iri: (found[iri], iri))


def _any_of(texts: Iterable[str]) -> re.Pattern[str]:
    return re.compile(rf"(?i)\b(?:{'|'.join(map(re.escape, sorted(texts)))})\b")


def _polities_in(texts: set[str], names: Names) -> list[str]:
    """Return the polities whose names occur in the texts, ignoring a name within a longer name."""
    within = [text.casefold() for text in texts]
    found: dict[str, str] = {}
    for polity in names.instances(*_POLITY):
        for name in all_names(polity.value, names):
            folded = name.casefold()
            # Initials may match by chance. The substring test avoids most of the slower regular
            # expressions.
            is_in = len(name) > 3 and any(folded in text for text in within)
            if is_in and any(_any_of([name]).search(text) for text in texts):
                found[polity.value] = max(name, found.get(polity.value, ""), key=len)
    return sorted(
        iri
        for iri, name in found.items()
        if not any(name != other and _any_of([name]).search(other) for other in found.values())
    )


def _linked(iri: str, fits: Callable[[str], bool], names: Names) -> list[str]:
    """Return the things accepted by `fits` that have the closest links to `iri`.

    A link counts less the more links its two ends have, since some parties are linked to almost
    everything.
    """
    scores: defaultdict[str, float] = defaultdict(float)
    seen, edge, found = {iri}, {iri: 1.0}, False
    for _ in range(_STEPS):
        reached: defaultdict[str, float] = defaultdict(float)
        for node, weight in sorted(edge.items(), key=lambda item: (-item[1], item[0]))[:_WIDTH]:
            links = set(_links(node, names))
            further = links - seen if len(links) <= _MOST_LINKS else set()
            for other in further:
                reached[other] += weight / len(further)
        seen |= set(reached)
        edge = reached
        for other, weight in reached.items():
            if fits(other) and (not found or names.is_a(other, _POLITY)):
                scores[other] += weight / len(set(_links(other, names))) ** 0.25
        found = found or bool(scores)
        if any(names.is_a(other, _POLITY) for other in scores):
            break
    ranked = sorted(scores, key=lambda other: (-scores[other], other))
    polities = [other for other in ranked if names.is_a(other, _POLITY)]
    # Polities are preferred even if their missions and bodies are linked somewhat more closely.
    near = [other for other in polities if scores[other] * 8 >= scores[ranked[0]]] or ranked
    return [other for other in near if scores[other] * 2 >= scores[near[0]]]


def _links(iri: str, names: Names) -> Iterator[str]:
    node = NamedNode(iri)
    apart = (*_APART, *names.kinds(iri))
    find = names.store.quads_for_pattern
    for quad in islice(find(node, None, None), _MOST_COUNTED):
        if isinstance(quad.object, NamedNode) and not quad.object.value.startswith(apart):
            yield quad.object.value
    for quad in islice(find(None, None, node), _MOST_COUNTED):
        if isinstance(quad.subject, NamedNode) and not quad.subject.value.startswith(apart):
            yield quad.subject.value
