"""Advice on dates that are ambiguous or that EDTF cannot express."""

from __future__ import annotations

import re
from datetime import date, timedelta

from relations_kg.rdf.date_corrections import EXACT, MONTHS, rewritten
from relations_kg.rdf.digit_dates import readings
from relations_kg.rdf.durations import days_of_month

_DECADE = "write the decade with four digits, such as '1990s'"
_NO_YEAR = r"\d{1,2}[-/. ][A-Za-z]{3,9}\.?|[A-Za-z]{3,9}\.? \d{1,2}"
_SHORT_YEAR = r"(\d{1,2})[-/. ] ?(\d{1,2}|[A-Za-z]{3,9})\.?[-/. ] ?'?(\d{2})"
_YEARS = "write the year with four digits"
# A note after a date: 1971[2], 1971 [a], 1971*.
_NOTE = r"(.*[0-9Xs)])\s*(\[(?:note )?\w{1,3}\]|\*+|[\u2020\u2021\u00b9\u00b2\u00b3])"

# The words for a part of a period, with its first and last day in a month, month in a year, year in
# a decade, and year in a century.
_PARTS_IN_WORDS = (
    (r"early|beginning|start", (1, 10), (1, 3), (0, 3), (0, 33)),
    (r"mid|middle", (11, 20), (5, 8), (4, 6), (34, 66)),
    (r"late|end", (21, 31), (10, 12), (7, 9), (67, 99)),
    (r"(?:first|1st) half", (1, 15), (1, 6), (0, 4), (0, 49)),
    (r"(?:second|2nd|latter|last) half", (16, 31), (7, 12), (5, 9), (50, 99)),
)


def choices(text: str) -> str | None:
    """Return advice for a date that is ambiguous, incomplete or in another notation, or None."""
    if several := readings(text):
        return f"write {' or '.join(map(repr, several))}, whichever is meant"
    if re.fullmatch(_SHORT_YEAR, text, re.ASCII) or re.search(r"(?<!\w)['\u2019]\d\d$", text):
        return _YEARS
    if re.fullmatch(rf"(?i)-?\d{{1,3}}|(?:{MONTHS})\.?[-/. ](?:3[2-9]|[4-9]\d)", text, re.ASCII):
        return f"{_YEARS}: '-{text[1:]:0>4}'" if text[0] == "-" else _YEARS
    if note := re.fullmatch(_NOTE, text):
        return f"leave out {note[2]!r}, and write {rewritten(note[1])!r}"
    if days := _numbered_day(text):
        return days
    if unknown := re.fullmatch(r"(\d{3})[-?]{1,2}|(\d{2})[-?]{2,3}", text, re.ASCII):
        return f"write X for each unknown digit: '{unknown[1] or unknown[2]:X<4}'"
    if known := re.fullmatch(r"(\d{4})S([1-3])", text, re.ASCII):
        return f"write X for each unknown digit: '{text[: int(known[2])]:X<4}'"
    if re.fullmatch(r"Y-?\d+(?:E\d+)?", text):
        return "years run from -9999 to 9999"
    if years := re.fullmatch(r"(\d{4})/\+?P?(\d{1,4})Y", text, re.ASCII):
        last = f"{int(years[1]) + int(years[2]):04}"
        return f"write '{years[1]}/{last}', the first and the last date"
    if re.fullmatch(r".+/\+?P?(?:\d+[YMWD])+", text, re.ASCII):
        return "write the last date, and not how long it lasted, after the slash"
    if re.fullmatch(r"(?i)(?:the )?(?:['\u2019]?\d0['\u2019]?s|(?:twen|\w{2,4})ties)", text):
        return _DECADE
    in_words = re.fullmatch(r"(?i)[^\W\d]+\.? '?[1-9]0(?:[^\W\d]+)?", text)
    if in_words and not re.search(r" [123]0$", text):
        return _DECADE
    if match := re.fullmatch(r"(?i)(?:the )?(\d\d)00['\u2019]?s", text, re.ASCII):
        return f"write '{match[1]}0X' for the decade, or '{match[1]}XX' for the century"
    if match := re.fullmatch(r"([0-9]{3})([0-9])-([0-9])", text):
        decade, first, last = match.groups()
        if first < last:
            return f"write '{decade}{first}-0{last}' or '{decade}{first}/{decade}{last}'"
    if re.fullmatch(_NO_YEAR, text, re.ASCII):
        return "add the year"
    return _incomplete_interval(text)


def _incomplete_interval(text: str) -> str | None:
    """Return advice for an interval or a set without its brackets or one of its dates, or None."""
    if match := re.fullmatch(rf"{EXACT}\.\.+{EXACT}", text):
        first, last = match.groups()
        lasted = f"'{first}/{last}' for a state that lasted all the time"
        return f"write {lasted}, '[{first}..{last}]' for one date within it"
    if re.fullmatch(r"\[[^][{}/]+|[^][{}/]+\]", text):
        return f"write '[{text.strip('[] ')}]', with both brackets"
    if match := re.fullmatch(rf"{EXACT}/\?+", text):
        return f"write '{match[1]}/' if the end is unknown, '{match[1]}/..' if it is still going on"
    if match := re.fullmatch(rf"\?+/{EXACT}", text):
        return f"write '/{match[1]}' if the start is unknown"
    if match := re.fullmatch(r"(\d{4})/(0[1-9]|1[0-2])", text, re.ASCII):
        year, number = match.groups()
        if number <= year[2:]:
            return f"write '{year}-{number}'"
        return f"write '{year}-{number}' or '{year}/{year[:2]}{number}', whichever is meant"
    return None


def _numbered_day(text: str) -> str | None:
    """Return advice for a week (2024-W05) or a numbered day of a year (2024-060), or None."""
    if match := re.fullmatch(r"(\d{4})-?W(\d\d)(?:-?([1-7]))?", text, re.ASCII):
        year, week, day = (int(number or 1) for number in match.groups())
        try:
            first = date.fromisocalendar(year, week, day)
        except ValueError:
            return f"{year} has no week {week}"
        last = first + timedelta(6)
        return f"write '{first}'" if match[3] else f"write '[{first}..{last}]', a day of that week"
    if match := re.fullmatch(r"(\d{4})-(\d{3})", text, re.ASCII):
        year, number = int(match[1]), int(match[2])
        if year and 1 <= number <= 365:
            return f"write '{date(year, 1, 1) + timedelta(number - 1)}'"
    return None


def likely_set(text: str) -> str | None:
    """Return the EDTF set that words such as "late 2023" probably mean, or None.

    Opinions differ on what such words cover, so the set is only a suggestion, as it is for "before"
    or "after" a decade or a century, and for an open date.

    >>> likely_set("late 2023"), likely_set("mid-1950s"), likely_set("early May 1921")
    ('[2023-10..2023-12]', '[1954..1956]', '[1921-05-01..1921-05-10]')
    >>> likely_set("before the 1950s"), likely_set("1984.."), likely_set("winter 1971/72")
    ('[..1949]', '[1984..]', '[1971-12..1972-02]')
    """
    text = text.strip()
    for names, *covered in _PARTS_IN_WORDS:
        pattern = rf"(?:(?:in|at|by|during|towards?|the|very)\s+)*(?:{names})[\s-]+(?:of\s+)?(.+)"
        if match := re.fullmatch(pattern, text, re.IGNORECASE):
            return _covering(_period(match[1]), *covered)
    if match := re.fullmatch(r"(before|prior to|by|after)\s+(.+)", text, re.IGNORECASE):
        return _beside(_period(match[2]), is_after=match[1].lower() == "after")
    winter = r"winter\s+(?:of\s+)?(\d{4})[-/\u2013](\d{2}|\d{4})"
    if match := re.fullmatch(winter, text, re.IGNORECASE):
        year = int(match[1])
        is_next = match[2] in (f"{year + 1}", f"{(year + 1) % 100:02}")
        return f"[{year:04}-12..{year + 1:04}-02]" if is_next else None
    if match := re.fullmatch(rf"(\.\.)?{EXACT}(\.\.|-)?", text):
        before, day, after = match.groups("")
        return f"[{before}{day}{after and '..'}]" if bool(before) != bool(after) else None
    return None


def _period(text: str) -> str:
    """Return a month, year, decade or century in EDTF; "1900s" is read as a century."""
    period = re.sub(r"^(1\d)00'?s$", r"\1XX", rewritten(text))
    return re.sub(r"^2000'?s$", "200X", period)


def _beside(period: str, *, is_after: bool) -> str | None:
    """Return the EDTF set of the years before or after a decade or a century, or None."""
    if not re.fullmatch(r"\d{3}X|\d{2}XX", period):
        return None
    first, last = int(period.replace("X", "0")), int(period.replace("X", "9"))
    return f"[{last + 1:04}..]" if is_after else f"[..{first - 1:04}]" if first > 1 else None


def _covering(
    period: str,
    days: tuple[int, int],
    months: tuple[int, int],
    years: tuple[int, int],
    of_century: tuple[int, int],
) -> str | None:
    if match := re.fullmatch(r"(\d{4})-(0[1-9]|1[0-2])", period):
        most = days_of_month(int(match[1]), int(match[2]))
        ends = [f"{period}-{min(day, most):02}" for day in days]
    elif re.fullmatch(r"\d{4}", period):
        ends = [f"{period}-{month:02}" for month in months]
    elif re.fullmatch(r"\d{3}X", period):
        ends = [f"{period[:3]}{year}" for year in years]
    elif re.fullmatch(r"\d{2}XX", period):
        ends = [f"{period[:2]}{year:02}" for year in of_century]
    else:
        return None
    return f"[{ends[0]}..{ends[1]}]"
