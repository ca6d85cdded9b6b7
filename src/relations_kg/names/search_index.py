"""A full-text index of the names and texts of things, in SQLite."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from functools import cache
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode, Store

from relations_kg._lazy import TYPE_CHECKING
from relations_kg.names.abbreviations import without_linking
from relations_kg.names.database import Database
from relations_kg.names.name_table import NameTable
from relations_kg.rdf.namespaces import CODE, IDENTIFIER, RDFS, RKG, SKOS, STATED
from relations_kg.rdf.terms import TYPE, Statement, Term, named, objects, pairs, value
from relations_kg.rdf.words import key, words

if TYPE_CHECKING:
    import sqlite3

# The properties whose values are searched. A thing is also found by the names in its name uses.
_NAME = RKG + "name"
NAMES = (RDFS + "label", SKOS + "prefLabel", SKOS + "altLabel", _NAME, RKG + "title")
TEXTS = (RKG + "gist", RKG + "description", RKG + "purpose")
NAME_OF = RKG + "nameOf"
# The classes in the order of search results: those that users look for most come first.
FIRST = tuple(
    RKG + name
    for name in ("Party", "Person", "Mission", "Place", "Agreement", "Organization", "Event")
)
_SEARCHED = frozenset((*NAMES, *TEXTS, NAME_OF, TYPE.value))
_PASSAGE = RKG + "Passage"
_STATED = NamedNode(STATED)
# Terms and identifiers are not indexed, since users do not search for their texts.
_ELSEWHERE = (RKG, CODE, IDENTIFIER)
# A word that occurs in no text. It separates names, so that a phrase can match a whole name or its
# beginning.
_BOUND = "_"
_COLUMNS = ("names", "{names texts}")
# The maximum numbers of words to search for, and of things to return.
MOST_WORDS, _MOST_THINGS = 32, 100_000


class _Entry(NamedTuple):
    names: list[str]
    texts: list[str]
    kinds: set[str]


class SearchIndex:
    """A full-text index of a store, whose rows are sorted by class and length of the name.

    `names` is the table of the names in the store, which only an index in a file has.
    """

    def __init__(self, database: Database, names: NameTable | None = None) -> None:
        self._database = database
        self.names = names

    @classmethod
    def make(cls, store: Store, path: str | None = None) -> SearchIndex:
        """Make the index of a store, in memory or in a file, which replaces an existing one."""
        database = Database.make(path)
        index = cls(database, NameTable(database) if path else None)
        with database.changing() as connection:
            connection.execute(
                "CREATE VIRTUAL TABLE entries USING fts5"
                "(names, texts, kinds, tokenize = \"unicode61 remove_diacritics 0 tokenchars '_'\")"
            )
            connection.execute("CREATE TABLE things (row INTEGER PRIMARY KEY, iri TEXT UNIQUE)")
            _insert(connection, _entries(store))
            if index.names:
                index.names.make(connection, store)
        return index

    @classmethod
    def open(cls, path: str, *, writable: bool = False) -> SearchIndex | None:
        """Open the index in a file; return None if there is none or it cannot be used."""
        database = Database.open(path, writable=writable)
        return cls(database, NameTable(database)) if database else None

    def close(self) -> None:
        """Close the file of the index."""
        self._database.close()

    def update(self, store: Store, changed: Collection[Statement]) -> None:
        """Update the entries and the names of the things that added or removed triples describe."""
        things: set[Term] = set()
        for subject, predicate, object_ in changed:
            if value(predicate) in _SEARCHED:
                things.add(subject)
                if value(predicate) == NAME_OF:
                    things.add(object_)
                elif value(predicate) == _NAME:
                    things.update(objects(store, subject, NAME_OF))
        found = {thing.value: thing for thing in things if isinstance(thing, NamedNode)}
        with self._database.changing() as connection:
            for iri in found:
                row = connection.execute("SELECT row FROM things WHERE iri = ?", (iri,))
                for (number,) in row.fetchall():
                    connection.execute("DELETE FROM entries WHERE rowid = ?", (number,))
                    connection.execute("DELETE FROM things WHERE row = ?", (number,))
            _insert(connection, ((iri, _entry(store, thing)) for iri, thing in found.items()))
            if self.names:
                self.names.update(connection, store, changed)

    def find(self, text: str, kind: str | None, limit: int) -> list[str]:
        """Return the things that match all words of a text, the best first, at most `limit`.

        A whole name comes before the beginning of a name, words of a name before those of texts.
        Matches that ignore words such as "in" come last.
        """
        asked, limit = words(text)[:MOST_WORDS], min(limit, _MOST_THINGS)
        name, every = " ".join(asked), " AND ".join(f'"{word}"' for word in asked)
        forms = _with_forms(asked)
        # Users often leave out or exchange words such as "in" and "the", so these need not match.
        telling = _with_forms(without_linking(asked) or asked)
        queries = [
            f'names : "{_BOUND} {name} {_BOUND}"',
            f'names : "{_BOUND} {name}"',
            *(
                f"{columns} : ({words})"
                for words in (every, forms, telling)
                for columns in _COLUMNS
            ),
        ]
        found: dict[str, None] = {}
        for query in dict.fromkeys(queries):
            if kind is not None:
                query = f"({query}) AND kinds : {_quoted(_token(kind))}"
            found.update(dict.fromkeys(self._matching(query, limit)))
            if len(found) >= limit:
                break
        return list(found)[:limit]

    def complete(self, text: str, kinds: Collection[str], limit: int) -> list[str]:
        """Return things of the given classes by the beginnings of words in their names.

        Names that begin with the text come first. Without `kinds`, things of all classes are
        returned.
        """
        asked = words(text)[:MOST_WORDS]
        of_class = " OR ".join(_quoted(_token(kind)) for kind in kinds)
        found: dict[str, None] = {}
        for query in (
            f'names : "{" ".join([_BOUND, *asked])}" *',
            f"names : ({' AND '.join(f'{_quoted(word)} *' for word in asked)})",
        ):
            within = f"({query}) AND kinds : ({of_class})" if kinds else query
            if asked and len(found) < limit:
                found.update(dict.fromkeys(self._matching(within, limit)))
        return list(found)[:limit]

    def _matching(self, query: str, limit: int) -> list[str]:
        rows = self._database.rows(
            "SELECT iri FROM (SELECT rowid AS number FROM entries WHERE entries MATCH ? "
            "ORDER BY rowid LIMIT ?) JOIN things ON row = number ORDER BY row",
            query,
            limit,
        )
        return [iri for (iri,) in rows]


def _insert(connection: sqlite3.Connection, entries: Iterable[tuple[str, _Entry]]) -> None:
    """Add entries; their row numbers sort them by rank, then by the length of the shortest name."""
    execute = connection.execute
    serial = execute("SELECT max(row & 0xffffffff) FROM things").fetchone()[0] or 0
    for iri, entry in entries:
        if iri.startswith(_ELSEWHERE) or not (entry.names or entry.texts):
            continue
        serial += 1
        place, kinds = _classed(frozenset(entry.kinds))
        names = [" ".join(words(name)) for name in dict.fromkeys(entry.names)]
        length = min(255, min(map(len, names), default=255))
        number = place << 40 | length << 32 | serial
        row = (
            number,
            f" {_BOUND} ".join(["", *names, ""]),
            " ".join(" ".join(words(text)) for text in entry.texts),
            kinds,
        )
        execute("INSERT INTO things VALUES (?, ?)", (number, iri))
        execute("INSERT INTO entries (rowid, names, texts, kinds) VALUES (?, ?, ?, ?)", row)


def word_forms(word: str) -> list[str]:
    """Return a word with its likely singular or plural in English.

    >>> word_forms("embassies"), word_forms("visit"), word_forms("usa")
    (['embassies', 'embassy'], ['visit', 'visits'], ['usa'])
    """
    if len(word) < 4 or not word.isalpha():
        return [word]
    if word.endswith("ies"):
        return [word, word[:-3] + "y"]
    if word.endswith("s"):
        return [word, word[:-1]]
    return [word, word[:-1] + "ies" if word.endswith("y") else word + "s"]


def _literals(store: Store, thing: Term, predicates: Iterable[str]) -> list[Literal]:
    found = (each for name in predicates for each in objects(store, thing, name, STATED))
    return [each for each in dict.fromkeys(found) if isinstance(each, Literal)]


def uses(store: Store, thing: NamedNode) -> list[Literal]:
    """Return the present and former names of a thing, from its name uses (rkg:NameUse)."""
    find = store.quads_for_pattern
    uses = named(quad.subject for quad in find(None, NamedNode(NAME_OF), thing, _STATED))
    return [name for use in uses for name in _literals(store, use, [_NAME])]


def _entry(store: Store, thing: NamedNode) -> _Entry:
    names = [*_literals(store, thing, NAMES), *uses(store, thing)]
    texts = _literals(store, thing, TEXTS)
    kinds = objects(store, thing, TYPE.value)
    return _Entry(
        [name.value for name in names], [text.value for text in texts], set(map(value, kinds))
    )


def _entries(store: Store) -> Iterator[tuple[str, _Entry]]:
    """Yield an entry for each thing with a name or a text.

    The store is read one property at a time, which is fast.
    """
    entries: dict[str, _Entry] = {}
    for place, predicates in enumerate((NAMES, TEXTS)):
        for predicate in predicates:
            for subject, object_ in pairs(store, predicate, STATED):
                if isinstance(subject, NamedNode) and isinstance(object_, Literal):
                    entry = entries.get(subject.value)
                    if entry is None:
                        entry = entries[subject.value] = _Entry([], [], set())
                    entry[place].append(object_.value)  # type: ignore[union-attr]
    for use, thing in pairs(store, NAME_OF, STATED):
        if (entry := entries.get(value(thing))) is not None:
            entry.names.extend(each.value for each in _literals(store, use, [_NAME]))
    for thing, kind in pairs(store, TYPE.value):
        if (entry := entries.get(value(thing))) is not None:
            entry.kinds.add(value(kind))
    # The order in which a store yields its triples varies.
    return iter(sorted(entries.items()))


def rank(kinds: Collection[str]) -> int:
    """Return the rank of a thing with these classes; classes that users seek most come first."""
    if _PASSAGE in kinds:
        return len(FIRST) + 1
    return next((place for place, kind in enumerate(FIRST) if kind in kinds), len(FIRST))


@cache
def _classed(kinds: frozenset[str]) -> tuple[int, str]:
    """Return the rank of a thing with these classes, and the words for the classes in the index."""
    return rank(kinds), " ".join(sorted(map(_token, kinds)))


def _token(kind: str) -> str:
    """Return the word for a class in the index."""
    return key(kind.removeprefix(RKG))


def _with_forms(asked: Iterable[str]) -> str:
    """Return the FTS5 query for texts with all these words, each in the singular or the plural."""
    return " AND ".join(f"({' OR '.join(map(_quoted, word_forms(word)))})" for word in asked)


def _quoted(word: str) -> str:
    return f'"{word}"'
