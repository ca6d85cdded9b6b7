"""SQLite databases of data derived from the facts of a store: in memory, or in a file."""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Lock
from urllib.parse import quote
from weakref import finalize

from relations_kg.errors import InputError

# The version of the files. A change of the tables, or of how `rdf.words` folds names, raises it.
_VERSION = 2
_DAMAGED = "relations-kg store recover DIR -o FACTS.nq writes the stated facts, to make it again"


class Database:
    """An SQLite database that several threads may read."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._lock = Lock()
        finalize(self, connection.close)

    @classmethod
    def make(cls, path: str | None = None) -> Database:
        """Make an empty database, in memory or in a file, which replaces an existing one.

        Raises OSError for a file that cannot be written.
        """
        if path:
            with suppress(FileNotFoundError):
                os.unlink(path)
        with _reported():
            connection = sqlite3.connect(path or ":memory:", check_same_thread=False)
            connection.execute("PRAGMA journal_mode = MEMORY")
            connection.execute(f"PRAGMA user_version = {_VERSION}")
        return cls(connection)

    @classmethod
    def open(cls, path: str, *, writable: bool = False) -> Database | None:
        """Open the database in a file; return None if there is none or it cannot be used."""
        mode = "mode=rw" if writable else "mode=ro&immutable=1"
        with suppress(sqlite3.DatabaseError):
            connection = sqlite3.connect(
                f"file:{quote(path)}?{mode}", uri=True, check_same_thread=False
            )
            opened = cls(connection)
            if connection.execute("PRAGMA user_version").fetchone() == (_VERSION,):
                if writable:
                    connection.execute("PRAGMA journal_mode = MEMORY")
                return opened
        return None

    def close(self) -> None:
        """Close the database."""
        self._connection.close()

    def rows(self, query: str, *values: object) -> list[tuple[str, ...]]:
        """Return the rows of a query; raise InputError or OSError if the file cannot be read."""
        with self._lock, _reported():
            return self._connection.execute(query, values).fetchall()

    @contextmanager
    def changing(self) -> Iterator[sqlite3.Connection]:
        """Yield the connection for a change, which an error rolls back.

        Raises OSError for a file that cannot be written, and InputError for a damaged file or if
        SQLite lacks FTS5.
        """
        with self._lock, _reported(), self._connection:
            yield self._connection


@contextmanager
def _reported() -> Iterator[None]:
    try:
        yield
    except sqlite3.OperationalError as error:
        if "fts5" in str(error):
            help = "use a Python whose sqlite3 has FTS5"
            raise InputError(f"SQLite cannot search texts: {error}", help=help) from None
        number = errno.ENOSPC if error.sqlite_errorcode == sqlite3.SQLITE_FULL else errno.EIO
        raise OSError(number, os.strerror(number)) from None
    except sqlite3.DatabaseError as error:
        message = f"a file of the store cannot be read: {error}"
        raise InputError(message, help=_DAMAGED) from None
