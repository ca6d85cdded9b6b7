"""An index of the names in a store: labels, former names, identifiers and slugs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, wraps
from operator import attrgetter
from typing import TypeVar, cast
from urllib.parse import unquote, urlsplit

from pyoxigraph import NamedNode, Store

from relations_kg._lazy import TYPE_CHECKING
from relations_kg.names import abbreviations
from relations_kg.names.abbreviations import without_linking
from relations_kg.names.known_names import SAME_AS, SEE_ALSO, Name, Tier, read
from relations_kg.rdf.namespaces import ID, SKOS
from relations_kg.rdf.spelling import begin_alike, nearest_phrases
from relations_kg.rdf.terms import pairs, value
from relations_kg.rdf.words import key, words

if TYPE_CHECKING:
    from relations_kg.names.name_table import NameTable

# The prefixes of other datasets, each with the slug of its identifier scheme.
_SCHEMES = {"wd": "wikidata", "dbr": "dbpedia", "wiki": "wikipedia", "gn": "geonames"}
_FIRST = attrgetter("tier", "is_further", "text")
_Found = TypeVar("_Found")
_MIRROR = re.compile(r"^(www|sws|m|api)\.")


def _cached(search: Callable[[NameIndex, str], _Found]) -> Callable[[NameIndex, str], _Found]:
    """Return a search that caches its last result: parameters of a form seek the same text."""

    @wraps(search)
    def found(self: NameIndex, text: str) -> _Found:
        asked, result = self._last.get(search, (None, None))
        if asked != text:
            result = search(self, text)
            self._last[search] = text, result
        return cast(_Found, result)

    return found


class NameIndex:
    """An index of the names in a store, which must not change."""

    def __init__(self, store: Store, table: NameTable | None = None) -> None:
        self._store = store
        self._table = table
        self._by_key = table.by_key if table else _by_key(store)
        self._last: dict[object, tuple[str, object]] = {}

    def named(self, text: str) -> list[tuple[tuple[Tier, bool], str]]:
        """Return the things that a text names, with the ranks of the names, sorted by rank.

        Names that differ from the text only in case rank before names with other differences.
        """
        asked = _plain(text)
        best: dict[str, tuple[Tier, bool]] = {}
        for name in self._by_key.get(key(text), ()):
            rank = name.tier, _plain(name.text) != asked
            best[name.iri] = min(rank, best.get(name.iri, rank))
        return sorted((rank, iri) for iri, rank in best.items())

    def labels_with(self, text: str) -> Iterator[tuple[str, str]]:
        """Yield the things with their labels that contain a text, compared by their keys."""
        asked = key(text)
        for known in self._by_key:
            if asked in known:
                labels = (name for name in self._by_key[known] if name.tier is Tier.LABEL)
                yield from ((name.iri, name.text) for name in labels)

    def guessed(self, text: str) -> list[str]:
        """Return the terms of the ontology that a text may mean although it is not their name.

        >>> import relations_kg as rk
        >>> rk.load().names.index.guessed("Country")
        ['https://w3id.org/relations-kg/ontology#State']
        """
        return self._guesses.get(key(text), [])

    @cached_property
    def _guesses(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for term, guess in pairs(self._store, SKOS + "hiddenLabel"):
            found.setdefault(key(value(guess)), []).append(value(term))
        return found

    def identified(self, prefix: str, local: str) -> list[str]:
        """Return the things with an identifier in another dataset, such as wd:Q419."""
        scheme = _SCHEMES.get(prefix.casefold(), prefix.casefold())
        return list(
            dict.fromkeys(
                name.iri
                for name in sorted(self._by_key.get(key(local), ()), key=attrgetter("tier", "iri"))
                if scheme and name.scheme.startswith(scheme)
            )
        )

    def at_address(self, address: str) -> list[str]:
        """Return the things with an address in another dataset, in any of its usual forms."""
        host, parts = _address(address)
        found = {iri: near for part in parts for near, iri in self._addresses.get((host, part), ())}
        exact = [iri for iri, near in found.items() if not near]
        return sorted(exact or found)

    def containing(self, text: str) -> list[Name]:
        """Return, for each thing of our namespace, its first name that has all words of a text.

        The main label of a thing comes before its further labels and former names.
        """
        asked = words(text)
        found: dict[str, Name] = {}
        longest = max(asked, key=len, default="")
        for known in self._by_key if asked else ():
            if longest in known:
                for name in self._by_key[known]:
                    ours = name.tier.is_name and name.iri.startswith(ID)
                    if ours and set(asked) <= set(words(name.text)):
                        best = found.setdefault(name.iri, name)
                        found[name.iri] = min(best, name, key=_FIRST)
        return [found[iri] for iri in sorted(found)]

    @_cached
    def alike(self, text: str) -> list[str]:
        """Return the things with a name that has all words of a text, up to their endings.

        "Chinese" and "China" differ only in their endings. The things with the shortest names come
        first.

        >>> import relations_kg as rk
        >>> index = rk.load().names.index
        >>> index.alike("Chinese Embassy in Lima")[0].rpartition("/")[2]
        'embassy-of-china-in-lima'
        """
        asked = without_linking(words(text))

        def rank(known: list[str]) -> tuple[int, ...] | None:
            are_in = (
                any(word == each or begin_alike(word, each) for each in known) for word in asked
            )
            return (len(known),) if all(are_in) else None

        return self._ranked(rank) if len(asked) > 1 else []

    @_cached
    def with_most(self, text: str) -> list[str]:
        """Return the things with a name that has most words of a text, the best matches first.

        At least two words of the text, and two thirds of its words, are in the name.

        >>> import relations_kg as rk
        >>> rk.load().names.index.with_most("Fujimori's first visit to China")[0].rpartition("/")[2]
        'visit-of-alberto-fujimori-1999'
        """
        asked = {*without_linking(words(text))}
        least = max(2, -(-2 * len(asked) // 3))

        def rank(known: list[str]) -> tuple[int, ...] | None:
            same = len(asked.intersection(known))
            return (-same, len(known)) if same >= least else None

        return self._ranked(rank)

    def _ranked(self, rank: Callable[[list[str]], tuple[int, ...] | None]) -> list[str]:
        """Return the things of our namespace, sorted by the lowest rank of their names.

        `rank` takes the words of a name, and returns None for a name that does not count.
        """
        found: dict[str, tuple[int, ...]] = {}
        for phrase in self._phrases:
            if best := rank(phrase.split()):
                for name in self._phrases[phrase]:
                    if name.tier.is_name and name.iri.startswith(ID):
                        found[name.iri] = min(best, found.get(name.iri, best))
        return sorted(found, key=lambda iri: (found[iri], iri))

    def has_letters(self, text: str) -> bool:
        """Return whether a name shares a letter, and probably the script, with a text.

        A text without letters shares them with any name.
        """
        asked = {letter for letter in key(text) if letter.isalpha()}
        return not asked or any(not asked.isdisjoint(known) for known in self._by_key)

    @_cached
    def with_initials(self, text: str) -> list[str]:
        """Return the things with a name of which a text gives all or some words by initials."""
        return self._things(abbreviations.expanded(text, self._phrases))

    @_cached
    def abbreviated(self, text: str) -> list[str]:
        """Return the things with a name that abbreviates a text, or that the text abbreviates."""
        return self._things(abbreviations.shortened(text, self._phrases))

    def _things(self, phrases: Iterable[str]) -> list[str]:
        """Return the things of our namespace with any of the names, each once."""
        names = (name for phrase in phrases for name in self._phrases[phrase])
        return sorted({name.iri for name in names if name.iri.startswith(ID)})

    def near(self, text: str) -> list[str]:
        """Return the names and slugs that a text misspells, one for each thing."""
        return list(dict.fromkeys(self.misspelt(text).values()))

    @_cached
    def misspelt(self, text: str) -> dict[str, str]:
        """Return the things whose names or slugs a text misspells, with the names.

        The names are in lower case if the text is. A word of three letters counts only if it lacks
        a letter and is not in capitals.
        """
        lower, asked = text == text.casefold(), " ".join(words(text))
        near = nearest_phrases(asked, self._phrases)
        if not near and re.fullmatch(r"\w{3}", asked) and not text.isupper():
            lacking = "|".join(f"{asked[:end]}.{asked[end:]}" for end in (1, 2, 3))
            near = [phrase for phrase in self._phrases if re.fullmatch(lacking, phrase)]
        found: dict[str, str] = {}
        for phrase in near:
            name = max(self._phrases[phrase], key=attrgetter("tier", "text", "iri"))
            found.setdefault(name.iri, name.text.casefold() if lower else name.text)
        return found

    def beginning(self, start: str) -> Iterator[tuple[str, str]]:
        """Yield the words in names that begin with `start`, each with a thing of this name."""
        for phrase in self._phrases if start else ():
            for word in phrase.split():
                if word.startswith(start):
                    yield from ((word, name.iri) for name in self._phrases[phrase])

    @_cached
    def corrected(self, text: str) -> str:
        """Return a text with each unknown word replaced by the nearest word of a name."""
        known = dict.fromkeys(word for phrase in self._phrases for word in phrase.split())
        asked = words(text)
        near = ([word] if word in known else nearest_phrases(word, known, 1) for word in asked)
        return " ".join(each[0] if each else word for word, each in zip(asked, near, strict=True))

    @cached_property
    def _phrases(self) -> Mapping[str, Sequence[Name]]:
        """The names other than identifiers, by their words."""
        if self._table:
            return self._table.by_phrase
        found: dict[str, list[Name]] = {}
        for names in self._by_key.values():
            for name in names:
                if name.tier.has_words:
                    found.setdefault(" ".join(words(name.text)), []).append(name)
        return dict(sorted(found.items()))

    @cached_property
    def _addresses(self) -> dict[tuple[str, str], set[tuple[bool, str]]]:
        found: dict[tuple[str, str], set[tuple[bool, str]]] = {}
        for predicate in (SAME_AS, SEE_ALSO):
            for thing, address in pairs(self._store, predicate):
                if isinstance(address, NamedNode) and value(thing).startswith(ID):
                    host, parts = _address(address.value)
                    for part in parts[-1:]:
                        near = predicate == SEE_ALSO
                        found.setdefault((host, part), set()).add((near, value(thing)))
        return found


def _by_key(store: Store) -> dict[str, list[Name]]:
    found: dict[str, list[Name]] = {}
    for name in read(store):
        if known := key(name.text):
            found.setdefault(known, []).append(name)
    return found


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


def _address(address: str) -> tuple[str, list[str]]:
    """Return the host of a URL, without prefixes such as `m.`, and the segments of its path.

    A malformed URL has an empty host and no segments.
    """
    try:
        split = urlsplit(address if "://" in address else f"//{address}")
        host = _MIRROR.sub("", (split.hostname or "").replace(".m.", "."))
    except ValueError:
        return "", []
    return host, [unquote(part) for part in split.path.split("/") if part]
