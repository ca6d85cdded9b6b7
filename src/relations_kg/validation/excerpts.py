"""A line of a file for a terminal, with marks under a part of the line."""

from __future__ import annotations

from unicodedata import category, east_asian_width

from relations_kg.rdf.terms import printable

_LONGEST = 160  # the longest line that is shown whole, in characters
_LEAD = 60  # how many characters of a longer line are shown before the marked part
_TAB = "    "


def underlined(line: str, start: int, end: int) -> tuple[str, str]:
    r"""Return a line, and at least one mark under its characters from `start` to `end`.

    A long line is cut around these characters. A tab is as wide as four spaces.

    >>> print(*underlined("\ta rkg:Visit ;", 3, 12), sep="\n")
        a rkg:Visit ;
          ^^^^^^^^^
    """
    start = min(max(start, 0), len(line))
    end = min(max(end, start), len(line))
    if len(line) > _LONGEST:
        first = max(0, min(start - _LEAD, len(line) - _LONGEST))
        last = first + _LONGEST
        before, after = "…" if first else "", "…" if last < len(line) else ""
        start, end = (min(offset, last) - first + len(before) for offset in (start, end))
        line = before + line[first:last] + after
    marks = " " * _width(line[:start]) + "^" * max(1, _width(line[start:end]))
    return _shown(line).rstrip(), marks


def _shown(text: str) -> str:
    return _TAB.join(map(printable, text.split("\t")))


def _width(text: str) -> int:
    """Return the number of columns that a text takes on a terminal."""
    shown = _shown(text)
    return len(shown) if shown.isascii() else sum(map(_columns, shown))


def _columns(character: str) -> int:
    if category(character) in ("Mn", "Me"):  # a combining mark, which takes no column
        return 0
    return 2 if east_asian_width(character) in ("W", "F") else 1
