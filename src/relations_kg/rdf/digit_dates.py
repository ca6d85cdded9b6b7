"""Numeric dates with the year last, whose order of day and month may be unclear: 05/06/2001."""

import re
from contextlib import suppress
from datetime import date

DAY_FIRST, MONTH_FIRST = "day-first", "month-first"
ORDERS = (DAY_FIRST, MONTH_FIRST)
_DATE = r"(\d{1,2}) ?([-/. ]) ?(\d{1,2}) ?\2 ?(\d{4})"
_WITHIN_TEXT = re.compile(rf"(?<![\d-]){_DATE}\b(?!-)", re.ASCII)


def readings(text: str) -> list[str]:
    """Return both readings of a numeric date if its order of day and month is unclear, or [].

    >>> readings("05/06/2001"), readings("31/12/2020")
    (['2001-05-06', '2001-06-05'], [])
    """
    match = re.fullmatch(_DATE, text, re.ASCII)
    if not match:
        return []
    one, _, other, year = match.groups()
    found = {_iso(one, other, year), _iso(other, one, year)} - {None}
    return sorted(filter(None, found)) if len(found) > 1 else []


def order_of(text: str) -> str | None:
    """Return the order of a numeric date if only one of its numbers can be the day, or None.

    >>> order_of("31/12/2020"), order_of("12/31/2020"), order_of("05/06/2001")
    ('day-first', 'month-first', None)
    """
    match = _WITHIN_TEXT.search(text)
    if not match or match[1] == match[3]:
        return None
    read = [each for each in ORDERS if _in_order(match, each)]
    return read[0] if len(read) == 1 else None


def ordered(text: str, order: str) -> str:
    """Return a text with its numeric dates, which have this order, rewritten to ISO 8601.

    A date that does not exist in this order is unchanged.

    >>> ordered("05/06/2001", "day-first"), ordered("c. 05/06/2001", "month-first")
    ('2001-06-05', 'c. 2001-05-06')
    """
    return _WITHIN_TEXT.sub(lambda match: _in_order(match, order) or match[0], text)


def _in_order(match: re.Match[str], order: str) -> str | None:
    day, month = (match[1], match[3]) if order == DAY_FIRST else (match[3], match[1])
    return _iso(day, month, match[4])


def _iso(day: str, month: str, year: str) -> str | None:
    with suppress(ValueError):
        return date(int(year), int(month), int(day)).isoformat()
    return None
