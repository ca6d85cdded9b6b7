"""Search for parties by adjectives, and for missions and offices by the names of their parties."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import cached_property

from pyoxigraph import NamedNode

from relations_kg.names.abbreviations import LINKING, without_linking
from relations_kg.names.known_names import LABEL_PROPERTIES
from relations_kg.names.labels import Labels
from relations_kg.names.nations import FORMS, is_adjective
from relations_kg.rdf.namespaces import RKG
from relations_kg.rdf.terms import named, objects, value
from relations_kg.rdf.words import words

# The properties of missions and offices for the sending and the receiving party.
_PARTIES = {
    "Mission": (("sendingParty",), ("receivingParty", "accreditedTo", "seat")),
    "Office": (("officeOf",), ()),
}


class PartyNames:
    """The words of the names of a graph's parties."""

    def __init__(self, labels: Labels) -> None:
        self._labels = labels
        self._known: dict[str, frozenset[str]] = {}

    def nations(self, name: str, kinds: Collection[str], *, in_part: bool = False) -> list[str]:
        """Return the polities of the classes that `name` means, by their names or adjectives.

        Each word of `name` or, with `in_part`, at least one must be a word of the polity's name, or
        an adjective from such a word, such as Peruvian.
        """
        asked = without_linking(words(name))
        found = []
        for polity in self._labels.instances(RKG + "Polity"):
            if kinds and not self._labels.is_a(polity.value, kinds):
                continue
            known = self._words(polity.value) - LINKING - FORMS
            enough = any if in_part else all
            if asked and enough(_is_in(word, known) for word in asked):
                found.append(polity.value)
        return sorted(found)

    def described(self, name: str) -> list[str]:
        """Return the missions and offices that a name describes by class and parties.

        Their own names may lack a party: the Chinese embassy in Peru is the Embassy of China, Lima.
        """
        head, _, tail = name.partition(" in ")
        asked, seats = without_linking(words(head)), without_linking(words(tail))
        found = []
        for thing, kinds, senders, receivers in self._posts:
            own = kinds if tail else kinds | self._words(thing)
            is_kind = not own.isdisjoint(asked)
            if is_kind and _all_in(asked, own | senders) and _all_in(seats, receivers):
                found.append(thing)
        return sorted(found)

    @cached_property
    def _posts(self) -> list[tuple[str, set[str], set[str], set[str]]]:
        """The missions and offices, with the words for their classes, senders and receivers."""
        return [
            (
                thing.value,
                {word for iri in self._labels.kinds(thing.value) for word in self._words(iri)},
                self._words_of_values(thing, senders),
                self._words_of_values(thing, receivers),
            )
            for kind, (senders, receivers) in _PARTIES.items()
            for thing in self._labels.instances(RKG + kind)
        ]

    def _words_of_values(self, thing: NamedNode, properties: Iterable[str]) -> set[str]:
        """Return the words in the names of the things that are values of these properties."""
        store = self._labels.store
        values = (named(objects(store, thing, RKG + name)) for name in properties)
        return {word for each in values for node in each for word in self._words(node.value)}

    def _words(self, iri: str) -> frozenset[str]:
        """Return the words of the names of a thing."""
        if iri not in self._known:
            store, node = self._labels.store, NamedNode(iri)
            texts = (text for each in LABEL_PROPERTIES for text in objects(store, node, each))
            self._known[iri] = frozenset(word for text in texts for word in words(value(text)))
        return self._known[iri]


def _all_in(asked: Iterable[str], known: Collection[str]) -> bool:
    return all(_is_in(word, known) for word in asked)


def _is_in(word: str, known: Collection[str]) -> bool:
    """Return whether a word is a known word or an adjective from one."""
    return word in known or any(is_adjective(word, each) for each in known)
