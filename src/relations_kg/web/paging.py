"""The division of long lists into pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from relations_kg.errors import QueryError

Item = TypeVar("Item")


@dataclass(frozen=True)
class Paged(Generic[Item]):
    """The items on one page of a list; the first page has the number 1."""

    items: Sequence[Item]
    number: int
    pages: int
    every: int

    @classmethod
    def of(cls, items: Sequence[Item], number: int, size: int | None) -> Paged[Item]:
        """Return a page of some items, or a page with all items if no size is given.

        Raises QueryError if there is no page with this number.

        >>> Paged.of("abcde", 2, 2)
        Paged(items='cd', number=2, pages=3, every=5)
        """
        pages = max(1, -(-len(items) // size)) if size else 1
        if not 1 <= number <= pages:
            raise QueryError(f"there is no page {number}", where="page", help=f"give 1 to {pages}")
        first = (number - 1) * size if size else 0
        return cls(items[first : first + size] if size else items, number, pages, len(items))


def number_of(text: str) -> int:
    """Return the number of a page from the text of a parameter; 1 if the text is empty.

    Raises QueryError if the text is not a whole number.
    """
    if not text:
        return 1
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise QueryError(
            f"{text[:40]!r} is not the number of a page", where="page", help="give 1 or more"
        )
    return int(text)
