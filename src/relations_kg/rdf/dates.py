"""Dates in a small profile of EDTF (ISO 8601-2), read as inclusive bounds.

A date is a year, month or day (`1971`, `2009-04`, `1971-11-02`), a decade (`196X`) or a century
(`19XX`), with at most one qualifier: `~` approximate, `?` uncertain, `%` both. A text is a date,
an interval of two dates (`184X/1949`; an empty start or end is unknown, `..` as the end means
ongoing), or a one-sided set: `[1971-11-02..]` on or after, `[..1865]` on or before. Years run from
0001 to 9999.

An approximate date may be off by one unit of its precision in either direction: `1923~` is a day
from 1922 to 1924, `196X~` one from 1950 to 1979. The ontology documents this margin.
"""

import re
from datetime import date, timedelta
from typing import NamedTuple

from relations_kg.errors import InputError

DATATYPE = "http://id.loc.gov/datatypes/edtf/EDTF"

# Patterns are compiled at first use, since a query of the bundled graph parses no dates.
_DATE = r"([0-9]{4}|[0-9]{3}X|[0-9]{2}XX)(?:(?<!X)-([0-9]{2})(?:-([0-9]{2}))?)?([~?%]?)"
_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_DURATION = r"P(?!$)(?:([0-9]{1,9})Y)?(?:([0-9]{1,9})M)?(?:([0-9]{1,9})D)?"

_LONGEST_SHOWN = 60
_HELP = "write year, month, day in that order: '1971-11-02', '196X', '2009-04/..'"
_SAYS_NOTHING = (
    "say what is known: '1878-05-20/' (end unknown), '/1949' (start unknown), "
    "'2009-04/..' (still going on); or leave the date out"
)

# Corrections of common mistakes and of the 2012 draft of EDTF. All are applied, in this order, and
# they are compiled only when a text is rejected.
_REWRITES = (
    (r"\s*/\s*", "/"),
    (r"(?<=\d-\d\d)[T ]\d\d:[\d:.,]*(?:Z|[+-]\d\d(?::?\d\d)?)?", ""),
    (r"\bunknown\b", ""),
    (r"\b(?:open|ongoing|present|now)\b", ".."),
    (r"^\.\./", "/"),
    (r"(?<=\b[12]\d{3})\s*[-\u2013\u2014]\s*(?=[12]\d{3}\b|\.\.)", "/"),
    (r"\b(\d\d[1-9])0'?s\b", r"\1X"),
    (r"(?<!\w)(?:approx(?:imately)?|about|around|circa|ca?|~)\.?\s*(\d[\dXU-]*)", r"\1~"),
    (r"[XU]", "X"),
    (r"(?:-XX)+(?![-\d])", ""),
    (r"\?~|~\?", "%"),
    (r"\b(\d{4})[/.](\d\d?)[/.](\d\d?)\b", r"\1-\2-\3"),
    (r"\b(\d{4})(0[1-9]|1[0-2])([0-3]\d)\b", r"\1-\2-\3"),
    (r"-(\d)\b", r"-0\1"),
)


class Bounds(NamedTuple):
    """The earliest and latest first day and last day of a date; all bounds are inclusive.

    A bound is None if the text does not give it. `~` and `%` widen the bounds of the date that they
    qualify by one unit of its precision; `?` leaves them as they are. `approximate` and `uncertain`
    apply to the whole text. `ongoing` refers to the date of the source, not to today.

    >>> Bounds(date(1978, 1, 1), date(1978, 12, 31), None, None, ongoing=True) == parse("1978/..")
    True
    """

    earliest_start: date | None
    latest_start: date | None
    earliest_end: date | None
    latest_end: date | None
    ongoing: bool = False
    approximate: bool = False
    uncertain: bool = False

    @property
    def in_order(self) -> bool:
        """Whether the start can precede the end; a missing bound excludes nothing.

        >>> parse("1949/184X").in_order
        False
        """
        first, last = self.earliest_start, self.latest_end
        return first is None or last is None or first <= last


class _Span(NamedTuple):
    first: date | None
    last: date | None
    qualifier: str


_UNKNOWN = _Span(None, None, "")


def parse(text: str) -> Bounds:
    """Return the bounds of an EDTF text; raise InputError if it is not in the profile.

    A reversed interval is accepted: see `Bounds.in_order`.

    >>> print(*parse("184X/1949")[:4])
    1840-01-01 1849-12-31 1949-01-01 1949-12-31
    """
    try:
        return _read(text)
    except ValueError:
        message = f"not a date of the EDTF profile: {_shown(text)}"
        raise InputError(message, help=_help(text)) from None


def parse_day(text: str) -> date:
    """Return a calendar day written as year-month-day; raise InputError for any other text.

    >>> parse_day("1971-11-02")
    datetime.date(1971, 11, 2)
    """
    try:
        if not re.fullmatch(_DAY, text):
            raise ValueError("write year, month and day: '1971-11-02'")
        return _days(*text.split("-"))[0]
    except ValueError as error:
        raise InputError(f"not a calendar day: {_shown(text)}", help=str(error)) from None


def _read(text: str) -> Bounds:
    """Return the bounds of a text; raise ValueError with a correction if it is invalid."""
    if text in ("", "/", ".."):
        raise ValueError(_SAYS_NOTHING)
    start_text, slash, end_text = text.partition("/")
    if slash:
        start = _span(start_text) if start_text else _UNKNOWN
        end = _span(end_text) if end_text not in ("", "..") else _UNKNOWN
    elif text.startswith("[") and text.endswith("..]"):
        start = end = _span(text[1:-3])._replace(last=None)
    elif text.startswith("[..") and text.endswith("]"):
        start = end = _span(text[3:-1])._replace(first=None)
    else:
        start = end = _span(text)
    qualifiers = {start.qualifier, end.qualifier}
    return Bounds(
        start.first,
        start.last,
        end.first,
        end.last,
        ongoing=end_text == "..",
        approximate=not qualifiers.isdisjoint("~%"),
        uncertain=not qualifiers.isdisjoint("?%"),
    )


def _span(text: str) -> _Span:
    match = re.fullmatch(_DATE, text)
    if not match:
        raise ValueError(_HELP)
    year, month, day, qualifier = match.groups()
    first, last = _days(year, month, day)
    if qualifier and qualifier in "~%":
        margin = _margin(year, month, day)
        first, last = earlier(first, margin), later(last, margin)
    return _Span(first, last, qualifier)


def _margin(year: str, month: str | None, day: str | None) -> str:
    """Return one unit of the precision of a date as a duration of ISO 8601."""
    if day is not None:
        return "P1D"
    return f"P{10 ** year.count('X')}Y" if month is None else "P1M"


def earlier(day: date, duration: str) -> date:
    """Return the day that lies a duration of ISO 8601 before another, or the first of all days.

    >>> earlier(date(2024, 2, 29), "P1Y")
    datetime.date(2023, 2, 28)
    """
    return _shifted(day, duration, -1)


def later(day: date, duration: str) -> date:
    """Return the day that lies a duration of ISO 8601 after another, or the last of all days.

    The last day of a month is shifted by months and years to the last day of a month. Raises
    InputError for a duration that is negative or has a time.

    >>> later(date(1923, 12, 31), "P1Y2M")
    datetime.date(1925, 2, 28)
    """
    return _shifted(day, duration, 1)


def _shifted(day: date, duration: str, sign: int) -> date:
    match = re.fullmatch(_DURATION, duration)
    if not match:
        message = f"not a duration of years, months and days: {_shown(duration)}"
        raise InputError(message, help="write 'P8Y', 'P18M' or 'P40D'")
    years, months, days = (int(number or 0) for number in match.groups())
    year, month = divmod(12 * day.year + day.month - 1 + sign * (12 * years + months), 12)
    try:
        length = _length(year, month + 1)
        is_last = day.day == _length(day.year, day.month)
        of_month = length if is_last and (years or months) else min(day.day, length)
        return date(year, month + 1, of_month) + timedelta(sign * days)
    except (ValueError, OverflowError):  # There is no day before year 1 or after year 9999.
        return date.min if sign < 0 else date.max


def _days(year: str, month: str | None, day: str | None) -> tuple[date, date]:
    first_year, last_year = int(year.replace("X", "0")), int(year.replace("X", "9"))
    if first_year == 0:
        raise ValueError("years run from 0001 to 9999; '000X' and '00XX' would include a year 0")
    if month is None:
        return date(first_year, 1, 1), date(last_year, 12, 31)
    if not 1 <= int(month) <= 12:
        raise ValueError("months run from 01 to 12")
    first = date(first_year, int(month), 1)
    length = _length(first_year, int(month))
    if day is None:
        return first, first.replace(day=length)
    if not 1 <= int(day) <= length:
        raise ValueError(f"{year}-{month} has {length} days")
    only = first.replace(day=int(day))
    return only, only


def _length(year: int, month: int) -> int:
    """Return the number of days of a month; importing `calendar` would slow a cold start."""
    first = date(year, month, 1)
    # December is handled separately, since `date` has no January 10000.
    return 31 if month == 12 else (first.replace(month=month + 1) - first).days


def _help(text: str) -> str:
    # Some corrections take quadratic time, so they are tried on short texts only.
    if len(text) > _LONGEST_SHOWN:
        return _HELP
    text = text.strip()
    for pattern, replacement in _REWRITES:
        text = re.sub(pattern, replacement, text, flags=re.ASCII | re.IGNORECASE)
    try:
        _read(text)
    except ValueError as error:
        return str(error)
    return f"write {text!r}"


def _shown(text: str) -> str:
    return repr(text if len(text) <= _LONGEST_SHOWN else text[:_LONGEST_SHOWN] + "…")
