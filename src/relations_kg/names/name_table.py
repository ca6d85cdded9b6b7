"""A table of the names in a store, in SQLite, so that no command has to read all of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from pyoxigraph import Store

from relations_kg._lazy import TYPE_CHECKING
from relations_kg.names.database import Database
from relations_kg.names.known_names import Name, Tier, read, renamed
from relations_kg.names.spellings import spelling
from relations_kg.rdf.terms import Statement
from relations_kg.rdf.words import key, words

if TYPE_CHECKING:
    import sqlite3

_TABLE = "CREATE TABLE names (text, iri, tier, scheme, is_further, key, phrase, spelling)"
_INDEXED = ("iri", "key", "phrase", "spelling")
_MOST_THINGS = 100_000


class NameTable:
    """The names in a store, in a table of a database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.by_key: Mapping[str, list[Name]] = _Named(database, "key")
        self.by_phrase: Mapping[str, list[Name]] = _Named(database, "phrase")

    def make(self, connection: sqlite3.Connection, store: Store) -> None:
        """Create the table and fill it with the names in a store."""
        connection.execute(_TABLE)
        _insert(connection, read(store))
        for column in _INDEXED:
            connection.execute(f"CREATE INDEX names_by_{column} ON names ({column})")

    def update(
        self, connection: sqlite3.Connection, store: Store, changed: Iterable[Statement]
    ) -> None:
        """Replace the names of the things that added or removed triples may have renamed."""
        things = renamed(store, changed)
        gone = ((thing.value,) for thing in things)
        connection.executemany("DELETE FROM names WHERE iri = ?", gone)
        _insert(connection, read(store, things))

    def spelt(self, folded: Iterable[str]) -> list[str]:
        """Return the IRIs of the things that have a label with these folded words in any order.

        A few other things may be among them, since the table has checksums of the words.
        """
        found = self._database.rows(
            "SELECT DISTINCT iri FROM names WHERE spelling = ? LIMIT ?",
            spelling(folded),
            _MOST_THINGS,
        )
        return [iri for (iri,) in found]


def _insert(connection: sqlite3.Connection, names: Iterable[Name]) -> None:
    rows = ((*name, known, *_worded(name)) for name in names if (known := key(name.text)))
    connection.executemany("INSERT INTO names VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)


def _worded(name: Name) -> tuple[str | None, int | None]:
    """Return the words of a name, None for an identifier, and their checksum, only for a label."""
    split = words(name.text) if name.tier.has_words else None
    phrase = None if split is None else " ".join(split)
    return phrase, spelling(split) if split is not None and name.tier is Tier.LABEL else None


class _Named(Mapping[str, list[Name]]):
    """The names in a table by one of its columns."""

    def __init__(self, database: Database, column: str) -> None:
        self._database = database
        self._query = f"SELECT text, iri, tier, scheme, is_further FROM names WHERE {column} = ?"
        self._every = f"SELECT DISTINCT {column} FROM names WHERE {column} NOTNULL"

    def __getitem__(self, text: str) -> list[Name]:
        rows = self._database.rows(self._query, text)
        if not rows:
            raise KeyError(text)
        return [
            Name(text, iri, Tier(int(tier)), scheme, bool(is_further))
            for text, iri, tier, scheme, is_further in rows
        ]

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def __len__(self) -> int:
        return len(self._texts)

    @cached_property
    def _texts(self) -> list[str]:
        """The distinct values of the column, which are read once."""
        return [text for (text,) in self._database.rows(self._every)]
