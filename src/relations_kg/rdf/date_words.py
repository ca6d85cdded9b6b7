"""Translation of EDTF dates, and of bounds of dates, into English."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date

MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
_PARTS = {
    **{21: "spring", 22: "summer", 23: "autumn", 24: "winter"},
    **{33: "the first quarter of", 34: "the second quarter of"},
    **{35: "the third quarter of", 36: "the last quarter of"},
    **{40: "the first half of", 41: "the second half of"},
}
_QUALIFIERS = {"~": "about ", "?": "perhaps ", "%": "perhaps about "}
_DATE = re.compile(r"(-?)([0-9X]{4})(?:-([0-9X]{2}))?(?:-([0-9X]{2}))?")


def date_in_words(text: str) -> str:
    """Return an EDTF date in English words; return any other text as it is.

    >>> [date_in_words(text) for text in ("1971-11-02/..", "196X", "[..1883]", "1923~")]
    ['since 2 November 1971', 'the 1960s', '1883 or earlier', 'about 1923']
    """
    if "/" in text:
        return _interval(*text.split("/", 1)) or text
    if text.startswith(("[", "{")) and text.endswith(("]", "}")):
        return _set(text[1:-1], "and" if text[0] == "{" else "or") or text
    return _date(text) or text


def as_adverb(words: str) -> str:
    """Return a date in words as an adverbial, such as "in 1883"; "" if no day is known.

    >>> [as_adverb(words) for words in ("2 November 1971", "the 1960s", "1883 or earlier")]
    ['on 2 November 1971', 'in the 1960s', 'in or before 1883']
    """
    if not words or words.startswith("ongoing"):
        return ""
    if words.startswith(("since ", "from ", "until ", "between ", "by ")):
        return words
    if words.startswith("perhaps "):
        return f"perhaps {as_adverb(words.removeprefix('perhaps '))}"
    bare = words.removeprefix("about ")
    word = "on" if re.match(r"[0-9]{1,2} [A-Z]", bare) else "in"
    for ending, other in ((" or earlier", "before"), (" or later", "after")):
        if bare.endswith(ending):
            return f"{word} or {other} {words.removesuffix(ending)}"
    return f"from {words}" if " to " in words else f"{word} {words}"


def between_in_words(first: date | None, last: date | None) -> str:
    """Return in English the range of days in which an unknown day lies.

    >>> between_in_words(date(1960, 1, 1), date(1969, 12, 31))
    'the 1960s'
    >>> between_in_words(date(1800, 1, 1), date(1809, 12, 31))
    'the decade 1800–1809'
    >>> between_in_words(date(1874, 6, 26), None)
    '26 June 1874 or later'
    """
    if first and last:
        return _span(first, last)
    return f"{_first(first)} or later" if first else f"{_last(last)} or earlier" if last else ""


def by_in_words(last: date) -> str:
    """Return "by" with the last possible day, or "in or before" the month or year that it ends.

    >>> by_in_words(date(1878, 5, 20)), by_in_words(date(1944, 12, 31))
    ('by 20 May 1878', 'in or before 1944')
    """
    words = _last(last)
    return f"by {words}" if words == _day(last) else f"in or before {words}"


def since_in_words(first: date | None, last: date | None) -> str:
    """Return "since" with the range of days in which a state began; "" if the range is unknown.

    >>> since_in_words(date(1960, 1, 1), date(1969, 12, 31))
    'since the 1960s'
    >>> since_in_words(date(1960, 1, 1), date(1962, 12, 31))
    'since some time between 1960 and 1962'
    """
    start = between_in_words(first, last)
    return f"since {'some time ' * start.startswith('between')}{start}" if start else ""


def _span(first: date, last: date) -> str:
    """Return a range of days in words, a whole month, year, decade or century by its name."""
    if first == last:
        return _day(first)
    if (first.day, first.month, last.day, last.month) == (1, 1, 31, 12):
        year, years = first.year, last.year - first.year + 1
        names = {1: f"{year:04}", 10: f"{year // 10:03}X", 100: f"{year // 100:02}XX"}
        if years in names and year % years == 0:
            return _date(names[years])
        return f"between {first.year} and {last.year}"
    if first.day == 1 and _is_last_of_month(last):
        months = [_month(first), _month(last)]
        return months[0] if months[0] == months[1] else f"between {months[0]} and {months[1]}"
    return f"between {_day(first)} and {_last(last)}"


def _first(day: date) -> str:
    """Return the year or month that begins on a day, or else the day, in words."""
    if day.day > 1:
        return _day(day)
    return str(day.year) if day.month == 1 else _month(day)


def _last(day: date) -> str:
    """Return the year or month that ends on a day, or else the day, in words."""
    if not _is_last_of_month(day):
        return _day(day)
    return str(day.year) if day.month == 12 else _month(day)


def _is_last_of_month(day: date) -> bool:
    return day.day == monthrange(day.year, day.month)[1]


def _month(day: date) -> str:
    return f"{MONTHS[day.month - 1]} {day.year}"


def _day(day: date) -> str:
    return f"{day.day} {_month(day)}"


def _interval(start: str, end: str) -> str:
    first, last = _date(start), _date(end)
    if first and last and end != "..":
        return f"{_without_end_of(first, last)} to {last}"
    if end == "..":
        return f"since {first}" if first else "ongoing, start unknown" if not start else ""
    if start in ("", "..") and last:
        return f"until {last}"
    if first and not end:
        return f"from {first}"
    return ""


def _without_end_of(first: str, last: str) -> str:
    """Return a day in words, without a month and year that another day repeats.

    >>> _without_end_of("25 June 2024", "29 June 2024")
    '25'
    """
    ours, others = first.split(), last.split()
    if len(ours) != 3 or len(others) != 3 or not ours[0].isdigit() or first == last:
        return first
    kept = 1 if ours[1:] == others[1:] else 2 if ours[2] == others[2] else 3
    return " ".join(ours[:kept])


def _set(members: str, word: str) -> str:
    shown = []
    for member in members.split(","):
        start, dots, end = member.strip().partition("..")
        first, last = _date(start), _date(end)
        if not dots:
            shown.append(first)
        elif first and last:
            shown.append(f"between {first} and {last}" if word == "or" else f"{first} to {last}")
        else:
            shown.append(f"{first} or later" if first else f"{last} or earlier" if last else "")
    if not all(shown):
        return ""
    *most, final = shown
    return f"{', '.join(most)} {word} {final}" if most else final


def _date(text: str) -> str:
    """Return a single date in words, or "" for any other text."""
    qualifiers = set(re.findall("[~?%]", text))
    found = _DATE.fullmatch(re.sub("[~?%]", "", text))
    if not found:
        return ""
    sign, year, month, day = found.groups("")
    era = " BC" if sign else ""
    shown = _year(year) if not sign else f"{int(year) + 1}" if year.isdigit() else ""
    if not shown:
        return ""
    if month.isdigit() and int(month) > 12:
        part = _PARTS.get(int(month))
        shown = f"{part} {shown}" if part else ""
    elif month.isdigit() and int(month):
        of = " in " if "X" in year else " "
        name = f"{MONTHS[int(month) - 1]}{of}{shown}"
        shown = f"{int(day)} {name}" if day.isdigit() else name
    elif day.isdigit() or (month and month != "XX"):
        return ""  # a day of an unknown month
    if not shown:
        return ""
    qualifier = "%" if {"~", "?"} <= qualifiers else "".join(qualifiers)[:1]
    return f"{_QUALIFIERS.get(qualifier, '')}{shown}{era}"


def _year(year: str) -> str:
    digits = year.rstrip("X")
    if "X" in digits or len(digits) < 2:
        return ""
    if len(digits) == 4:
        return str(int(year))
    if len(digits) == 3:
        decade = int(digits)
        # "The 1800s" can also mean the century.
        return f"the {decade}0s" if decade % 10 else f"the decade {decade}0–{decade}9"
    century = int(digits) + 1
    return f"the {century}{_ordinal(century)} century"


def _ordinal(number: int) -> str:
    if number % 100 in (11, 12, 13):
        return "th"
    return {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
