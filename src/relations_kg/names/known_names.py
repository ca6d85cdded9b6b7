"""The names that a store gives things: labels, former names, identifiers and slugs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from enum import IntEnum
from itertools import product
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode, Store

from relations_kg.rdf import extensions
from relations_kg.rdf.namespaces import CODE, ID, IDENTIFIER, OWL, RDFS, RKG, SKOS
from relations_kg.rdf.terms import Statement, Term, objects, statements, value

LABEL_PROPERTIES = (RDFS + "label", SKOS + "prefLabel", SKOS + "altLabel")
SAME_AS, SEE_ALSO = OWL + "sameAs", RDFS + "seeAlso"
_HAS_IDENTIFIER = "http://www.w3.org/ns/adms#identifier"
_NOTATION, _IN_SCHEME = SKOS + "notation", SKOS + "inScheme"
_TITLE, _NAME, _NAME_OF = RKG + "title", RKG + "name", RKG + "nameOf"
# The properties whose values are names of their subjects.
_OF_SUBJECTS = {*LABEL_PROPERTIES, _TITLE, _HAS_IDENTIFIER, SEE_ALSO, SAME_AS}
# Matches an address that ends with an identifier; the groups are its scheme and the identifier.
_ENTITY = re.compile(r"https?://(?:\w+\.)?(wikidata|geonames)\.org/(?:entity/|wiki/)?(Q?[0-9]+)/?")


class Tier(IntEnum):
    """The ranks of names by how directly they name a thing, most direct first."""

    LABEL = 0
    NAME = 1
    IDENTIFIER = 2
    NEAR_IDENTIFIER = 3
    SLUG = 4

    @property
    def is_name(self) -> bool:
        """Whether the name consists of words, rather than being an identifier."""
        return self <= Tier.NAME

    @property
    def has_words(self) -> bool:
        """Whether users may misspell the name or give a part of it."""
        return self.is_name or self is Tier.SLUG


class Name(NamedTuple):
    """A name of a thing: an identifier of a `scheme`, a further label, or another name."""

    text: str
    iri: str
    tier: Tier
    scheme: str = ""
    is_further: bool = False


def read(store: Store, things: Sequence[NamedNode | None] = (None,)) -> Iterator[Name]:
    """Yield the names of some things or, by default, of all things that have an IRI."""
    own = (ID, CODE, *extensions.spaces(store))
    for thing in things:
        yield from _labels(store, thing, own)
        for subject, object_ in _facts(store, thing, _TITLE):
            yield Name(value(object_), subject.value, Tier.NAME)
        for use, _, named in statements(store.quads_for_pattern(None, NamedNode(_NAME_OF), thing)):
            for name in objects(store, use, _NAME):
                yield Name(value(name), value(named), Tier.NAME)
        yield from _identifiers(store, thing)


def _labels(store: Store, thing: NamedNode | None, own: tuple[str, ...]) -> Iterator[Name]:
    slugs: dict[str, str] = {}
    for predicate in LABEL_PROPERTIES:
        for subject, object_ in _facts(store, thing, predicate):
            if isinstance(object_, Literal):
                iri = subject.value
                is_further = predicate != LABEL_PROPERTIES[0]
                yield Name(object_.value, iri, Tier.LABEL, is_further=is_further)
                if iri.startswith(own):
                    slugs[iri] = iri.rpartition("/")[2].rpartition("#")[2]
    yield from (Name(slug, iri, Tier.SLUG) for iri, slug in slugs.items())


def _identifiers(store: Store, thing: NamedNode | None) -> Iterator[Name]:
    for predicate, tier in (
        (_HAS_IDENTIFIER, Tier.IDENTIFIER),
        (SEE_ALSO, Tier.NEAR_IDENTIFIER),
    ):
        for subject, node in _facts(store, thing, predicate):
            if value(node).startswith(IDENTIFIER):
                both = (map(value, objects(store, node, each)) for each in (_IN_SCHEME, _NOTATION))
                for scheme, text in product(*both):
                    yield Name(text, subject.value, tier, scheme.removeprefix(IDENTIFIER))
    for subject, address in _facts(store, thing, SAME_AS):
        if entity := _ENTITY.fullmatch(value(address)):
            yield Name(entity[2], subject.value, Tier.IDENTIFIER, entity[1])


def _facts(
    store: Store, thing: NamedNode | None, predicate: str
) -> Iterator[tuple[NamedNode, Term]]:
    """Yield the subjects that are IRIs with their values of a property, for one or all things."""
    for subject, _, object_ in statements(
        store.quads_for_pattern(thing, NamedNode(predicate), None)
    ):
        if isinstance(subject, NamedNode):
            yield subject, object_


def renamed(store: Store, changed: Iterable[Statement]) -> list[NamedNode]:
    """Return the things whose names may differ after facts were added or removed."""
    found: dict[Term, None] = {}
    for subject, predicate, object_ in changed:
        name = value(predicate)
        if name in _OF_SUBJECTS:
            found[subject] = None
        elif name == _NAME_OF:
            found[object_] = None
        elif name == _NAME:
            found.update(dict.fromkeys(objects(store, subject, _NAME_OF)))
        elif name in (_NOTATION, _IN_SCHEME):
            for link in (_HAS_IDENTIFIER, SEE_ALSO):
                for thing, _, _ in statements(
                    store.quads_for_pattern(None, NamedNode(link), subject)
                ):
                    found[thing] = None
    return [thing for thing in found if isinstance(thing, NamedNode)]
