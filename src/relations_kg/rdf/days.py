"""Calendar days as people write them, and as programs pass them."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import Literal

from relations_kg.errors import InputError
from relations_kg.rdf import date_advice, dates

# Which day of a month, a year or another span of days is meant.
Side = Literal["first", "last"]

_SEASON = r"\b(\d{4})-2[1-4]\b"
_QUESTION = re.compile(
    r"(?:what\s+(?:has\s+)?(?:happened|occurred|took\s+place|was\s+so)\s+)?(?:(?:in|on|during)\s+)?(.*?)\??",
    re.I | re.S,
)
# Only this many characters of a text are searched for a date.
_LONGEST = 100
_ISO = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"


def day_of(given: object, side: Side | None = None) -> date:
    """Return the calendar day that a text or date object means, if only one is possible.

    With `side`, a month, a year or another span of days is replaced by its first or last day.
    The object may be of any library, such as pandas. Raises InputError for any other text, with
    the possible days if it is ambiguous.

    >>> day_of("5 Nov 1990"), day_of("Nov 1990", "last")
    (datetime.date(1990, 11, 5), datetime.date(1990, 11, 30))
    """
    # NaT, the missing day of pandas, is a date that does not equal itself.
    if isinstance(given, date) and given == given:
        return given.date() if isinstance(given, datetime) else given
    shown = str(given)
    text = " ".join(shown.split())
    if re.fullmatch(_ISO, text):
        # For other texts, many patterns are needed, which take 20 ms to compile.
        with suppress(ValueError):
            return date.fromisoformat(text)
    if span := _span(text):
        first, last = span
        if side or first == last:
            return last if side == "last" else first
    help = date_advice.choices(text) or _of_days(text, side) or _of_number(text)
    help = help or dates.reason_of_day(text)
    raise InputError(dates.refused_day(shown), help=help)


def days_of(text: str) -> tuple[date | None, date | None]:
    """Return the first and the last day that a text certainly or probably means, as far as known.

    >>> days_of("1990/1995"), days_of("before 1949")
    ((datetime.date(1990, 1, 1), datetime.date(1995, 12, 31)), (None, datetime.date(1949, 12, 31)))
    """
    meant = _meaning(text)
    if meant is None:
        return None, None
    # A season counts as its whole year, since opinions differ on its months.
    bounds = dates.parse(re.sub(_SEASON, r"\1", meant))
    last = bounds.latest_end
    return bounds.earliest_start, None if last == date.min else last


def asked_days(text: str) -> tuple[date, date] | None:
    """Return the first and the last day of a date, or of a question about it, or None.

    >>> asked_days("What happened in 1971?")
    (datetime.date(1971, 1, 1), datetime.date(1971, 12, 31))
    """
    first, last = days_of(_QUESTION.fullmatch(text.strip())[1])  # type: ignore[index]
    return (first, last) if first and last else None


def _meaning(text: str) -> str | None:
    """Return the EDTF that a text certainly or probably means, or None."""
    return dates.correction(text) or dates.correction(
        date_advice.likely_set(text[:_LONGEST]) or text
    )


def _of_days(text: str, side: Side | None) -> str | None:
    """Return advice on writing one of the days that a text means, or None if it means none."""
    meant, (first, last) = _meaning(text), days_of(text)
    if meant is None or first is last is None:
        return None
    shown = f"it is {meant!r} in EDTF; " if meant != text and not _span(text) else ""
    if side == "first" and first:
        return f"{shown}write its first day, '{first}'"
    if side == "last" and last:
        return f"{shown}write its last day, '{last}'"
    if side:
        other = f"last day, '{last}', as the end" if last else f"first day, '{first}', as the start"
        return f"{shown}its {side} day is unknown; give its {other} of the period"
    if first and last:
        return f"{shown}it covers several days; write a day from '{first}' to '{last}'"
    side_known = f"from '{first}' on" if first else f"until '{last}'"
    return f"{shown}write a day {side_known}"


def _of_number(text: str) -> str | None:
    """Return advice with the date for a five-digit day number of a spreadsheet, or None."""
    if not re.fullmatch("[1-9][0-9]{4}", text, re.ASCII):
        return None
    return f"in a spreadsheet it is the day '{date(1899, 12, 30) + timedelta(int(text))}'"


def _span(text: str) -> tuple[date, date] | None:
    """Return the first and the last day of a date without a qualifier; None for other texts."""
    right = dates.correction(text)
    # An interval or a set has several dates, and opinions differ on the months of a season.
    if not right or not re.fullmatch(r"(?!.{4}-2[1-4]$)[\dX]{4}(-[\dX]{2}){0,2}", right):
        return None
    bounds = dates.parse(right)
    first, last = bounds.earliest_start, bounds.latest_end
    return (first, last) if first and last else None
