"""The limits of an answer: its number of rows or triples, its size in bytes, and its time."""

from collections.abc import Iterable
from itertools import islice
from typing import TypeVar

from relations_kg.errors import QueryError
from relations_kg.rdf.spelling import counted

T = TypeVar("T")

MOST_ROWS, LONGEST = 1_000_000, 256 << 20
# The engine's parsers reject tokens of 16 MiB.
LONGEST_ROW = 15 << 20
# The maximum number of bytes that a server may send when a whole graph is copied.
LONGEST_GRAPH = 4 << 30
# The longest timeout, in seconds, that the system supports.
_LONGEST_TIMEOUT = 1e6
_HELP = "add LIMIT, or write all facts with export"


def checked_timeout(timeout: float) -> float:
    """Return a timeout that the system supports; raise QueryError for a text and for 0 or less."""
    if isinstance(timeout, str):
        raise QueryError(f"the timeout {timeout!r} is a text", help="give a number of seconds")
    if not timeout > 0:
        message = f"the timeout must be above 0, not {counted(timeout, 'second')}"
        raise QueryError(message, help="give a timeout above 0")
    return min(timeout, _LONGEST_TIMEOUT)


def too_many(rows: int = MOST_ROWS) -> QueryError:
    """Return the error for an answer with more rows or triples than allowed."""
    return QueryError(f"the answer has more than {rows:,} rows", where="query", help=_HELP)


def too_large(size: int = LONGEST, *, where: str = "query") -> QueryError:
    """Return the error for an answer with more bytes than allowed."""
    return QueryError(f"the answer is larger than {size >> 20} MiB", where=where, help=_HELP)


def too_wide(where: str = "query") -> QueryError:
    """Return the error for a row that is too long for the engine's parsers."""
    message = f"a row of the answer is larger than {LONGEST_ROW >> 20} MiB"
    return QueryError(message, where=where, help="ask for a part of its texts, with SUBSTR")


def limited(items: Iterable[T], most: int | None = MOST_ROWS) -> list[T]:
    """Return a list of rows or triples; raise QueryError if there are more than `most`."""
    try:
        found = list(islice(items, None if most is None else most + 1))
    finally:
        del items
    if most is not None and len(found) > most:
        raise too_many(most)
    return found
