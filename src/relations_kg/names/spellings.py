"""An index of things by the words of their labels."""

from __future__ import annotations

from collections.abc import Iterable
from zlib import crc32

from pyoxigraph import Literal, NamedNode, Store

from relations_kg.rdf.namespaces import RDFS, STATED
from relations_kg.rdf.terms import Statement, statements
from relations_kg.rdf.words import words

_LABEL = NamedNode(RDFS + "label")


class Spellings:
    """An index of things by the words of their labels, in any order, without case and accents.

    >>> label = Literal("Embassy of Peru, Tokyo", language="en")
    >>> known = Spellings([(NamedNode("urn:embassy"), _LABEL, label)])
    >>> known.spelt(["tokyo", "embassy", "of", "peru"])
    ['urn:embassy']
    """

    def __init__(self, facts: Iterable[Statement] = ()) -> None:
        self._things: dict[int, list[str]] = {}
        self.update(facts)

    @classmethod
    def of(cls, store: Store) -> Spellings:
        """Return the index of the stated labels of a store."""
        return cls(statements(store.quads_for_pattern(None, _LABEL, None, NamedNode(STATED))))

    def update(self, changed: Iterable[Statement]) -> None:
        """Add the labels among facts."""
        for subject, predicate, object_ in changed:
            is_label = predicate == _LABEL and isinstance(object_, Literal)
            if is_label and isinstance(subject, NamedNode):
                self._things.setdefault(spelling(words(object_.value)), []).append(subject.value)

    def spelt(self, folded: Iterable[str]) -> list[str]:
        """Return the IRIs of the things that have, or once had, a label with these folded words.

        A few other things may be among them, since the index has checksums of the words.
        """
        return list(dict.fromkeys(self._things.get(spelling(folded), ())))


def spelling(words: Iterable[str]) -> int:
    """Return a checksum of words, the same for each order.

    >>> spelling(["rio", "de", "janeiro"]) == spelling(["janeiro", "rio", "de"])
    True
    """
    return crc32(" ".join(sorted(words)).encode())
