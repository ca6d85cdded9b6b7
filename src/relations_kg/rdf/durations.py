"""Durations as a source gives them, and arithmetic of days and durations of ISO 8601.

A duration has years, months, weeks and days (`P2Y`, `P1Y6M`, `P3D`), and may be approximate
(`P50Y~`); a duration below a day or counted in hours has hours, minutes and seconds (`PT40M`,
`PT34S`). A duration in days, hours, minutes and seconds is exact. Any other may be off by one unit
of its last part, since a source that says "two years" seldom counts days: `P2Y` is a time from one
year to three. An approximate duration may be off by one unit of the last non-zero digit of its last
part, but by no more than half of this part (or 1, if that is more): `P50Y~` is a time from 40 to 60
years. A range has one or two ends, which are exact: `[P2Y..P3Y]`, `[P100Y..]`, `[..P6M]`. The
ontology documents this.
"""

import re
from datetime import date, timedelta
from typing import NamedTuple

from relations_kg.errors import InputError

# The pattern is compiled at first use, since a query of the bundled graph parses no durations.
_DURATION = r"P(?!$)(?:([0-9]{1,4})Y)?(?:([0-9]{1,4})M)?(?:([0-9]{1,4})W)?(?:([0-9]{1,4})D)?"
_TIME = r"PT(?!$)(?:([0-9]{1,4})H)?(?:([0-9]{1,4})M)?(?:([0-9]{1,4})S)?"
_RANGE = r"\[([^.\]]*)\.\.([^.\]]*)\]"
_LONGEST_SHOWN = 60
_HELP = (
    "write 'P8Y', 'P18M', 'P2W', 'P40D' or 'PT90M', 'P50Y~' if it is approximate, or '[P100Y..]' "
    "(at least)"
)


class Span(NamedTuple):
    """The shortest and longest time that a duration can mean, in ISO 8601; None if unknown."""

    at_least: str | None
    at_most: str | None


def parse(text: str) -> Span:
    """Return the bounds of a duration; raise InputError if the text is not a duration.

    >>> print(*parse("P2Y"), *parse("P50Y~"), *parse("P1D"), *parse("[P100Y..]"))
    P1Y P3Y P40Y P60Y P1D P1D P100Y None
    """
    ends = re.fullmatch(_RANGE, text)
    if ends and any(ends.groups()):
        for end in filter(None, ends.groups()):
            _check(end)
        return Span(*(end or None for end in ends.groups()))
    approximate = text.endswith("~")
    _check(text.removesuffix("~"))
    whole, number, unit = re.fullmatch(r"(.*?)([0-9]+)([YMWDHS])~?", text).groups()  # type: ignore[union-attr]
    margin = 0 if unit == "D" or whole.startswith("PT") else 1
    if approximate:
        digits = number.lstrip("0").rstrip("0")
        place = 10 ** (len(number) - len(number.rstrip("0"))) if digits else 1
        margin = max(1, min(place, int(number) // 2))
    least = max(0, int(number) - margin)
    return Span(f"{whole}{least}{unit}", f"{whole}{int(number) + margin}{unit}")


def between_days(text: str) -> Span:
    """Return the shortest and longest time between two days that are a duration apart.

    Two times that are hours, minutes or seconds apart may be on one day or on two.

    >>> print(*between_days("P3Y"), *between_days("PT40M"), *between_days("PT36H"))
    P2Y P4Y P0D P1D P1D P2D
    """
    least, most = parse(text)
    return Span(least and _in_days(least, True), most and _in_days(most, False))


def from_first_to_last(text: str) -> Span:
    """Return the time from the first to the last day of an event, given its duration.

    A duration in days counts both the first and the last day, so the time is a day shorter.

    >>> print(*from_first_to_last("P3D"), *from_first_to_last("P2Y"), *from_first_to_last("PT40M"))
    P2D P2D P1Y P3Y P0D P1D
    """

    def last_day(duration: str | None) -> str | None:
        return duration and re.sub(
            r"[0-9]+(?=D)", lambda days: str(max(0, int(days[0]) - 1)), duration
        )

    return between_days(text) if "T" in text else Span(*map(last_day, parse(text)))


def earlier(day: date, duration: str) -> date:
    """Return the day that lies a duration of ISO 8601 before another, or the first of all days.

    >>> earlier(date(2024, 2, 29), "P1Y")
    datetime.date(2023, 2, 28)
    """
    return _shifted(day, duration, -1)


def later(day: date, duration: str) -> date:
    """Return the day that lies a duration of ISO 8601 after another, or the last of all days.

    Adding months or years to the last day of a month gives the last day of a month. Raises
    InputError for any other text, such as a duration that is negative, approximate or has a time.

    >>> later(date(1923, 12, 31), "P1Y2M")
    datetime.date(1925, 2, 28)
    """
    return _shifted(day, duration, 1)


def days_of_month(year: int, month: int) -> int:
    """Return the number of days of a month; importing `calendar` would slow a cold start."""
    first = date(year, month, 1)
    # December is handled separately, since `date` has no January 10000.
    return 31 if month == 12 else (first.replace(month=month + 1) - first).days


def _in_days(duration: str, shortest: bool) -> str:
    """Return a duration of hours, minutes and seconds in days, rounded down if `shortest`.

    A duration in other units is returned unchanged.
    """
    time = re.fullmatch(_TIME, duration)
    if not time:
        return duration
    hours, minutes, seconds = (int(number or 0) for number in time.groups())
    days, rest = divmod(3600 * hours + 60 * minutes + seconds, 24 * 3600)
    return f"P{days if shortest or not rest else days + 1}D"


def _check(duration: str) -> None:
    if not re.fullmatch(_TIME, duration):
        _match(duration)


def _match(duration: str) -> re.Match[str]:
    match = re.fullmatch(_DURATION, duration)
    if not match:
        text = duration if len(duration) <= _LONGEST_SHOWN else duration[:_LONGEST_SHOWN] + "…"
        units = "years, months, weeks and days, or hours, minutes and seconds"
        message = f"not a duration of {units}: {text!r}"
        raise InputError(message, help=_HELP)
    return match


def _shifted(day: date, duration: str, sign: int) -> date:
    years, months, weeks, days = (int(number or 0) for number in _match(duration).groups())
    year, month = divmod(12 * day.year + day.month - 1 + sign * (12 * years + months), 12)
    try:
        last = days_of_month(year, month + 1)
        is_last = day.day == days_of_month(day.year, day.month)
        of_month = last if is_last and (years or months) else min(day.day, last)
        return date(year, month + 1, of_month) + timedelta(sign * (7 * weeks + days))
    except (ValueError, OverflowError):  # `date` has no day before year 1 or after year 9999.
        return date.min if sign < 0 else date.max
