"""Suggestions for unknown terms of the ontology."""

from __future__ import annotations

import re
from functools import cached_property
from itertools import takewhile

from pyoxigraph import NamedNode, Store

from relations_kg.rdf import extensions
from relations_kg.rdf.namespaces import CODE, ONTOLOGY, OWL, RDFS, RKG, SKOS, shorten
from relations_kg.rdf.spelling import is_misspelling, nearest, words
from relations_kg.rdf.terms import TYPE, value

CLASSES = {NamedNode(OWL + "Class"), NamedNode(RDFS + "Class"), NamedNode(RDFS + "Datatype")}
_MOST_CLASSES = 2
_STEM = 5  # the number of first letters that a verb and its class must share
_ENDINGS = ("", "s", "es", "d", "ed", "r", "er", "or", "e", "ing", "ion", "al")
# Words in the names of many properties, which are too general for suggestions.
_GENERIC = ("date", "kind", "name", "number", "time", "type")
_LABELS = [
    NamedNode(iri)
    for iri in (RDFS + "label", SKOS + "prefLabel", SKOS + "altLabel", SKOS + "hiddenLabel")
]


class TermSuggestions:
    """A search for terms of the ontology and of code lists by similar names."""

    def __init__(self, ontology: Store) -> None:
        self._ontology = ontology

    @cached_property
    def own(self) -> list[str]:
        """The namespaces of an extension vocabulary."""
        return extensions.namespaces(self._ontology)

    def is_class(self, iri: str) -> bool:
        """Return whether the ontology has a class with this IRI."""
        return bool(self._terms.get(iri))

    def classes(self, iri: str) -> list[str]:
        """Return the classes with a word that begins like a word of an unknown rkg: term.

        Only the best matches are returned, and none if there are more than _MOST_CLASSES.
        """
        if not iri.startswith(RKG):
            return []
        asked = [word for word in words(iri[len(RKG) :]).split() if len(word) >= _STEM]
        found = {}
        for term, is_class in self._terms.items():
            name = re.split("[/#]", term)[-1]
            same = max((_same(w, each) for w in asked for each in words(name).split()), default=0)
            if is_class and same:
                found[term] = (-same, len(words(name).split()))
        first = [shorten(term) for term in sorted(found) if found[term] == min(found.values())]
        return first if len(first) <= _MOST_CLASSES else []

    def near(self, namespace: str, local: str, role: str) -> list[str]:
        """Return the terms of a namespace that a name may mean; `role` is class, property or "".

        For our namespace, terms of an extension vocabulary are found too.
        """
        spaces = (*self.own, RKG) if namespace == RKG else (namespace,)
        terms = {
            iri[len(space) :]: iri
            for space in spaces
            for iri, is_class in self._terms.items()
            if iri.startswith(space)
            and (
                role not in ("class", "property")
                or is_class is None
                or is_class == (role == "class")
            )
        }
        bare = re.sub(r"^(has|is|get)(?=[A-Z])|(Of|By)$", "", local)
        for word in dict.fromkeys((local, bare, re.sub("ies$", "y", local))):
            plain = words(word).replace(" ", "")
            same = [iri for name, iri in terms.items() if words(name).replace(" ", "") == plain]
            if same:
                return same
            called = [iri for iri in self._called.get(words(word), ()) if iri in terms.values()]
            if called:
                return called
            if near := [each for each in nearest(word, terms) if is_misspelling(word, each)]:
                alike = [name for name in near if name[0].isupper() == word[0].isupper()]
                return [terms[name] for name in alike or near]
        alike = sorted(terms, key=lambda name: (-_shared(local, name), len(name), name))
        most = _shared(local, alike[0]) if alike else 0
        found = [terms[name] for name in alike if _shared(local, name) == most > 0]
        # A word such as "kind", which many terms share, gives no suggestion.
        return found if len(found) <= 3 else []

    @cached_property
    def _terms(self) -> dict[str, bool | None]:
        """The terms of the ontology with whether each is a class, and codes and lists with None."""
        found: dict[str, bool | None] = {}
        spaces = (RKG, CODE, *self.own)
        for quad in self._ontology.quads_for_pattern(None, TYPE, None, NamedNode(ONTOLOGY)):
            if isinstance(quad.subject, NamedNode) and quad.subject.value.startswith(spaces):
                is_class = None if quad.subject.value.startswith(CODE) else quad.object in CLASSES
                found[quad.subject.value] = found.get(quad.subject.value) or is_class
        return found

    @cached_property
    def _called(self) -> dict[str, list[str]]:
        """The terms by their labels, also alternative and hidden ones, as words in lower case."""
        found: dict[str, list[str]] = {}
        for label in _LABELS:
            for quad in self._ontology.quads_for_pattern(None, label, None, NamedNode(ONTOLOGY)):
                if isinstance(quad.subject, NamedNode) and quad.subject.value in self._terms:
                    iris = found.setdefault(words(value(quad.object)), [])
                    if quad.subject.value not in iris:
                        iris.append(quad.subject.value)
        return found


def _same(one: str, other: str) -> int:
    """Return the length of the common beginning of two words, or 0 if they are not similar.

    >>> _same("recognises", "recognition"), _same("visitor", "vision")
    (7, 0)
    """
    same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
    return same if same >= max(_STEM, 0.6 * max(len(one), len(other))) else 0


def _shared(one: str, other: str) -> float:
    """Return the share of the words of a name that begin like words of another name.

    >>> _shared("sender", "sendingParty"), _shared("startDate", "place")
    (1.0, 0.0)
    """
    long = [word for word in words(one).split() if len(word) > 3 and word not in _GENERIC]
    others = words(other).split()
    alike = [word for word in long if any(_begin_alike(word, each) for each in others)]
    return len(alike) / len(long) if long else 0.0


def _begin_alike(one: str, other: str) -> bool:
    """Return whether two words differ only in an ending such as -er or -ing."""
    same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
    return same >= 4 and one[same:] in _ENDINGS and other[same:] in _ENDINGS
