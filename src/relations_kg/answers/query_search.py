"""Search for stored queries by the words in which people ask."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from pyoxigraph import NamedNode, Store

from relations_kg.answers.guesses import OF_QUESTIONS
from relations_kg.answers.queries import StoredQuery
from relations_kg.answers.term_search import TermSearch, quoted
from relations_kg.names.abbreviations import without_linking
from relations_kg.names.database import Database
from relations_kg.names.search_index import MOST_WORDS
from relations_kg.rdf.namespaces import ONTOLOGY, RDFS, RKG
from relations_kg.rdf.terms import objects, value
from relations_kg.rdf.words import words
from relations_kg.reasoning.ontology import superclasses

_NEGATIVE = ("without", "not", "no", "none", "never", "lack", "lacking", "missing")
# The groups of columns that are searched in turn: for the words of a text themselves, and for these
# words or the names of the classes that they name.
_LITERAL = ("question", "name question asked")
_WIDER = ("name", "question", "name question asked", "name question asked summary")
_MOST = 4
_AMERICAN = re.compile(r"iz(?=(?:e[ds]?|ers?|ing|ations?)$)")
# Classes so wide that most queries mention them.
_WIDEST = {NamedNode(RKG + name) for name in ("Event", "Situation")}
# If no query matches, words for these classes are left out, since most queries are about parties
# or persons.
_ASKED_OF = {NamedNode(RKG + name) for name in ("Party", "Person")}


class QuerySearch:
    """A full-text index of stored queries, by the stems of English words.

    A word also stands for the class that it names and the classes above it, so that "embassy" finds
    queries about missions, and "country" those about states and parties.
    """

    def __init__(
        self, queries: Mapping[str, StoredQuery], terms: TermSearch, ontology: Store
    ) -> None:
        self._queries, self._terms, self._ontology = queries, terms, ontology

    def find(self, text: str, *, literally: bool = False) -> list[str]:
        """Return up to four lines with the queries that match all words of a text, best first.

        Words of questions, such as "who", are ignored. If no query matches all other words, words
        for parties and persons, such as "country", are ignored too. With `literally`, a word stands
        only for itself, and not for classes.

        >>> import relations_kg as rk
        >>> rk.load().query_search.find("countries without an embassy")
        ['query parties-without-mission: Where was a party not represented on a day?']
        """
        asked = [w for w in without_linking(words(text)[:MOST_WORDS]) if w not in OF_QUESTIONS]
        if not asked:
            return []
        literal = [_spellings(word) for word in asked]
        every = ("name", *_LITERAL)
        found = {name: None for columns in every for name in self._matching(literal, columns)}
        if not (found or literally):
            subjects = [word for word in asked if not _ASKED_OF.intersection(self._above(word))]
            tiers = (
                self._matching([self._alternatives(word) for word in dict.fromkeys(some)], columns)
                for wider in (_WIDER[:-1], _WIDER[-1:])
                for some in (asked, subjects)
                if some
                for columns in wider
            )
            found = dict.fromkeys(next(filter(None, tiers), ()))

        def unlike(name: str) -> tuple[bool, int, int]:
            # Whole words are compared, since different words may have one stem, as "consul" and
            # "consulate" do. The first words of the line `asked` of a query describe it best.
            places = [place for place, word in enumerate(self._asked(name)) if word in asked]
            return name != "-".join(asked), -len(places), sum(places)

        listed = sorted(found, key=unlike)[:_MOST]
        return [f"query {name}: {self._shown(name)}" for name in listed]

    def _matching(self, parts: Sequence[str], columns: str) -> list[str]:
        """Return the queries that match all parts in some columns, the best matches first."""
        select = "SELECT name FROM queries WHERE queries MATCH ? ORDER BY rank"
        rows = self._index.rows(select, f"{{{columns}}} : ({' AND '.join(parts)})")
        names = [name for (name,) in rows]
        # The query whose name has the fewest words is the widest: visits before repeat-visitors.
        return sorted(names, key=lambda name: len(words(name))) if columns == "name" else names

    def _asked(self, name: str) -> list[str]:
        return self._queries[name].asked.split()

    def _shown(self, name: str) -> str:
        return self._queries[name].question or self._queries[name].summary

    def _alternatives(self, word: str) -> str:
        """Return the full-text query for a word or its alternatives.

        The alternatives are other negations or the names of the classes from `_above`.
        """
        if word in _NEGATIVE:
            phrases: Iterable[str] = _NEGATIVE
        else:
            phrases = (word, _AMERICAN.sub("is", word), *self._names_above(word))
        return f"({' OR '.join(map(quoted, dict.fromkeys(phrases)))})"

    def _names_above(self, word: str) -> Iterator[str]:
        """Yield the labels of the classes that a word names, and of the classes above them."""
        for kind in self._above(word):
            for label in objects(self._ontology, kind, RDFS + "label", ONTOLOGY):
                yield " ".join(words(value(label)))

    def _above(self, word: str) -> list[NamedNode]:
        """Return the classes that a word names and their superclasses, without the widest ones."""
        return [
            each
            for kind in self._terms.classes(word)
            for each in (kind, *superclasses(self._ontology, kind))
            if each not in _WIDEST
        ]

    @cached_property
    def _index(self) -> Database:
        database = Database.make()
        rows = [
            (name, query.question, query.asked, query.summary)
            for name, query in self._queries.items()
        ]
        with database.changing() as connection:
            connection.execute(
                "CREATE VIRTUAL TABLE queries"
                " USING fts5(name, question, asked, summary, tokenize = 'porter')"
            )
            connection.executemany("INSERT INTO queries VALUES (?, ?, ?, ?)", rows)
        return database


def _spellings(word: str) -> str:
    """Return the full-text query for a word, which may be in American spelling.

    >>> _spellings("visits"), _spellings("recognized")
    ('"visits"', '("recognized" OR "recognised")')
    """
    british = _AMERICAN.sub("is", word)
    return quoted(word) if british == word else f"({quoted(word)} OR {quoted(british)})"
