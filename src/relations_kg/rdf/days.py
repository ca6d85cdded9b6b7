"""Calendar days as people write them, and as programs pass them."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date, datetime
from typing import Literal

from relations_kg.errors import InputError
from relations_kg.rdf import dates

# A span of days has a first and a last day, which bound a window.
Side = Literal["first", "last"]

_ISO = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_IN_DIGITS = r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})"
_NO_YEAR = r"\d{1,2}[-/. ][A-Za-z]{3,9}\.?|[A-Za-z]{3,9}\.? \d{1,2}"
_SHORT_YEAR = r"(\d{1,2})[-/. ](\d{1,2}|[A-Za-z]{3,9})\.?[-/. ]'?(\d{2})"


def day_of(given: object, side: Side | None = None) -> date:
    """Return the calendar day that a text or a date of any library certainly means.

    With a `side`, a month, a year or another span of days gives its first or its last day. Raises
    InputError, which repeats the date as it should be written, for a text with several readings.

    >>> day_of("5 Nov 1990"), day_of("Nov 1990", "last")
    (datetime.date(1990, 11, 5), datetime.date(1990, 11, 30))
    """
    # The missing day of pandas is a date that does not equal itself.
    if isinstance(given, date) and given == given:
        return given.date() if isinstance(given, datetime) else given
    shown = str(given)
    text = " ".join(shown.split())
    if re.fullmatch(_ISO, text):
        # Other texts are read by many patterns, which take 20 ms to compile.
        with suppress(ValueError):
            return date.fromisoformat(text)
    if span := _span(text):
        first, last = span
        if side or first == last:
            return last if side == "last" else first
        help = f"it has several days; write one of '{first}' to '{last}'"
        raise InputError(dates.refused_day(shown), help=help)
    raise InputError(dates.refused_day(shown), help=choices(text) or dates.reason_of_day(text))


def _readings(text: str) -> list[str]:
    """Return both days that digits mean if the day and the month can be exchanged."""
    match = re.fullmatch(_IN_DIGITS, text, re.ASCII)
    if not match:
        return []
    one, other, year = match.groups()
    written = {f"{year}-{month:0>2}-{day:0>2}" for day, month in ((one, other), (other, one))}
    found = [each for each in sorted(written) if dates.day_meant(each)]
    return found if len(found) > 1 else []


def _span(text: str) -> tuple[date, date] | None:
    """Return the first and the last day of a text that is one date without a qualifier."""
    right = dates.correction(text)
    # An interval or a set has several dates, and the seasons of EDTF are not everybody's.
    if not right or not re.fullmatch(r"(?!.{4}-2[1-4]$)[\dX]{4}(-[\dX]{2}){0,2}", right):
        return None
    bounds = dates.parse(right)
    first, last = bounds.earliest_start, bounds.latest_end
    return (first, last) if first and last else None


def choices(text: str) -> str | None:
    """Return what to write instead of a text with two readings or without a whole year, or None."""
    if several := _readings(text):
        return f"write {' or '.join(map(repr, several))}, whichever is meant"
    if re.fullmatch(_SHORT_YEAR, text, re.ASCII):
        return "write the year with four digits"
    if re.fullmatch(_NO_YEAR, text, re.ASCII):
        return "add the year"
    return None
