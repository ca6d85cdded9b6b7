"""Durations of ISO 8601 in years, months, weeks and days, and the days that lie them apart."""

import re
from datetime import date, timedelta

from relations_kg.errors import InputError

# The pattern is compiled at first use, since a query of the bundled graph parses no durations.
_DURATION = r"P(?!$)(?:([0-9]{1,9})Y)?(?:([0-9]{1,9})M)?(?:([0-9]{1,9})W)?(?:([0-9]{1,9})D)?"
_LONGEST_SHOWN = 60


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


def days_of_month(year: int, month: int) -> int:
    """Return the number of days of a month; importing `calendar` would slow a cold start."""
    first = date(year, month, 1)
    # December is handled separately, since `date` has no January 10000.
    return 31 if month == 12 else (first.replace(month=month + 1) - first).days


def _shifted(day: date, duration: str, sign: int) -> date:
    match = re.fullmatch(_DURATION, duration)
    if not match:
        text = duration if len(duration) <= _LONGEST_SHOWN else duration[:_LONGEST_SHOWN] + "…"
        message = f"not a duration of years, months, weeks and days: {text!r}"
        raise InputError(message, help="write 'P8Y', 'P18M', 'P2W' or 'P40D'")
    years, months, weeks, days = (int(number or 0) for number in match.groups())
    year, month = divmod(12 * day.year + day.month - 1 + sign * (12 * years + months), 12)
    try:
        last = days_of_month(year, month + 1)
        is_last = day.day == days_of_month(day.year, day.month)
        of_month = last if is_last and (years or months) else min(day.day, last)
        return date(year, month + 1, of_month) + timedelta(sign * (7 * weeks + days))
    except (ValueError, OverflowError):  # There is no day before year 1 or after year 9999.
        return date.min if sign < 0 else date.max
