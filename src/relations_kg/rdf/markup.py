"""HTML for notebooks: elements of escaped text, lists and tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from itertools import islice

# The maximum number of rows of a table that a notebook shows.
MOST_SHOWN = 1_000


class Html(str):
    """HTML, with all text already escaped."""

    __slots__ = ()

    def __html__(self) -> Html:
        """Return the HTML itself, so that templates do not escape it again."""
        return self


def element(tag: str, *content: str) -> Html:
    """Return an element; content other than Html is escaped.

    >>> element("p", "a < b ", element("b", "c"))
    '<p>a &lt; b <b>c</b></p>'
    """
    return Html(f"<{tag}>{joined(*content)}</{tag}>")


def joined(*content: str) -> Html:
    """Concatenate HTML and text; the text is escaped."""
    return Html("".join(part if isinstance(part, Html) else escape(part) for part in content))


def items(content: Iterable[str]) -> Html:
    """Return a bulleted list, or "" if there are no items."""
    listed = [element("li", part) for part in content]
    return element("ul", *listed) if listed else Html()


def table(columns: Iterable[str], rows: Iterable[Iterable[str]], number: int) -> Html:
    """Return a table of the first MOST_SHOWN rows, with the total number if there are more."""
    head = element("tr", *(element("th", column) for column in columns))
    body = (element("tr", *(element("td", c) for c in row)) for row in islice(rows, MOST_SHOWN))
    more = number > MOST_SHOWN
    note = [element("caption", f"{MOST_SHOWN:,} of {number:,} rows")] if more else []
    return element("table", *note, element("thead", head), element("tbody", *body))


def section(title: str, columns: Iterable[str], rows: Sequence[Iterable[str]]) -> Html:
    """Return a table with a heading, or "" if there are no rows."""
    if not rows:
        return Html()
    return Html(element("h4", title) + table(columns, rows, len(rows)))
