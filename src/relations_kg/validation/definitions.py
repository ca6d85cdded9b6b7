"""The words in the definitions of an ontology, used to suggest a code by its meaning."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property

from pyoxigraph import NamedNode, Store

from relations_kg.rdf.namespaces import ONTOLOGY, SKOS
from relations_kg.rdf.terms import objects, pairs, value


class Definitions:
    """The definitions in the ontology graph of a store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    @cached_property
    def words(self) -> set[str]:
        """The words of all definitions in lower case, which count as spelt correctly."""
        texts = pairs(self._store, SKOS + "definition", ONTOLOGY)
        return {word for _, text in texts for word in _words(value(text))}

    def with_words(self, words: Iterable[str], codes: Iterable[NamedNode]) -> list[NamedNode]:
        """Return up to three codes whose definitions have all of the words."""
        asked = set(words)
        found = [
            code
            for code in codes
            for text in objects(self._store, code, SKOS + "definition", ONTOLOGY)
            if asked <= _words(value(text))
        ]
        return sorted(found, key=value)[:3]


def _words(text: str) -> set[str]:
    return {*re.findall(r"[a-z]+", text.lower())}
