"""Dates in a profile of EDTF (ISO 8601-2), read as inclusive bounds.

A date is a year, month or day (`1971`, `2009-04`, `1971-11-02`) in which X stands for any digit
(`196X`, `19XX`, `156X-12-25`), or a part of a year: a season (`1971-21` for spring to `1971-24`), a
quarter (`1971-33` to `1971-36`) or a half (`1971-40`, `1971-41`). A qualifier is `~` approximate,
`?` uncertain or `%` both. After a part of the date, it applies to all parts to its left
(`1971-11~`, `1971?-11-02`); before a part, to this part only (`1971-~11`).

A text is a date, an interval of two dates (`184X/1949`; an empty start or end is unknown, `..` as
the end means ongoing), or a set: one of several dates (`[1874,1875]`), a date between two
(`[1874..1875]`), from a date on (`[1971-11-02..]`), up to a date (`[..1865]`), or all of several
dates (`{1874,1876..1878}`). A set is bounded by its first and its last day.

Years run from -9999 to 9999, but bounds begin on the first day of year 1: an earlier first day has
no bound, and the bound of an earlier last day is the first day of year 1. EDTF does not say which
months a season has; as in edtf.js, the seasons are the quarters of the year in their order.

Each `~` or `%` widens the bounds by one unit of the part beside it: `1923~` is a day from 1922 to
1924, `196X~` a day from 1950 to 1979, `1971~-11-02` a day from 1970-11-02 to 1972-11-02. The
ontology documents this margin.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache
from itertools import product
from typing import NamedTuple

from relations_kg.errors import InputError
from relations_kg.rdf import date_advice, date_corrections
from relations_kg.rdf.durations import days_of_month, earlier, later
from relations_kg.rdf.words import stands_for_nothing

DATATYPE = "http://id.loc.gov/datatypes/edtf/EDTF"

# Patterns are compiled at first use, since a query of the bundled graph parses no dates.
_PART = r"(?:-([~?%]?)([0-9X]{2})([~?%]?))?"
_DATE = rf"([~?%]?)(-?[0-9X]{{4}})([~?%]?){_PART}{_PART}"
_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
# The first and the last month of each part of a year: seasons, quarters and halves.
_QUARTERS = [(f"{3 * n + 1:02}", f"{3 * n + 3:02}") for n in range(4)]
_PARTS_OF_YEAR = {
    **{str(21 + n): months for n, months in enumerate(_QUARTERS)},
    **{str(33 + n): months for n, months in enumerate(_QUARTERS)},
    **{"40": ("01", "06"), "41": ("07", "12")},
}
_LEAP_YEAR = 2000
_LONGEST_SHOWN = 60
# Longer texts are not rewritten, since some rewrites take quadratic time.
_LONGEST_REWRITTEN = 100
HELP = "write year, month, day in that order: '1971-11-02', '196X', '2009-04/..'"
SAYS_NOTHING = (
    "give what is known: '1878-05-20/' (end unknown), '/1949' (start unknown), "
    "'2009-04/..' (still going on); or leave the date out"
)


class Bounds(NamedTuple):
    """The earliest and latest first day and last day of a date; all bounds are inclusive.

    A bound is None if the text does not give it. `~` and `%` widen the bounds, `?` does not.
    `approximate` and `uncertain` apply to the whole text. `ongoing` refers to the date of the
    source, not to today.

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
        """Whether the start can be on or before the end; true if either bound is missing.

        >>> parse("1949/184X").in_order
        False
        """
        first, last = self.earliest_start, self.latest_end
        return first is None or last is None or first <= last


class _Span(NamedTuple):
    first: date | None
    last: date | None
    qualifiers: str = ""


_UNKNOWN = _Span(None, None)


def parse(text: str) -> Bounds:
    """Return the bounds of an EDTF text; raise InputError if it is not in the profile.

    A reversed interval is accepted; `in_order` of its bounds is then false.

    >>> print(*parse("184X/1949")[:4])
    1840-01-01 1849-12-31 1949-01-01 1949-12-31
    """
    try:
        return _read(text)
    except ValueError:
        message = f"not a date of the EDTF profile: {_shown(text)}"
        raise InputError(message, help=_help(text)) from None


def refused_day(text: str) -> str:
    """Return the message for a text that is not a calendar day."""
    return f"not a calendar day: {_shown(text)}"


def reason_of_day(text: str) -> str:
    """Return advice for a text that is not a calendar day."""
    if not re.search("[0-9]", text):
        return "write year, month and day, such as '1971-11-02' or '2 Nov 1971'"
    try:
        _read_day(date_corrections.rewritten(text[:_LONGEST_REWRITTEN]))
    except ValueError as error:
        return str(error)
    return HELP


def correction(text: str) -> str | None:
    """Return the EDTF for a text with one possible meaning, or None for any other text.

    >>> correction("between 1874 and 1875"), correction("02/11/1971")
    ('[1874..1875]', None)
    """
    if len(text) > _LONGEST_REWRITTEN:
        return None
    right = date_corrections.rewritten(text)
    try:
        _read(right)
    except ValueError:
        return None
    return right


def _help(text: str) -> str:
    right = correction(text)
    if right or stands_for_nothing(text):
        return f"write {right!r}" if right else SAYS_NOTHING
    if part := correction(date_advice.likely_set(text[:_LONGEST_REWRITTEN]) or text):
        if ".." in part and text.strip()[0] in ".-0123456789":
            lasting = f"/{part[3:-1]}" if part[1] == "." else f"{part[1:-3]}/.."
            lasted = f"{lasting!r} for a state that lasted all the time"
            return f"write {lasted}, {part!r} for one date within it"
        return f"write a set of the dates that it can be, such as {part!r}"
    if help := date_advice.choices(" ".join(text.split())):
        return help
    for each in (text, date_corrections.rewritten(text[:_LONGEST_REWRITTEN])):
        try:
            _read(each)
        except ValueError as error:
            if str(error) != HELP:
                return str(error)
    return HELP


def _read(text: str) -> Bounds:
    """Return the bounds of a date; raise ValueError with a correction if the text is invalid."""
    if text in ("", "/", ".."):
        raise ValueError(SAYS_NOTHING)
    start_text, slash, end_text = text.partition("/")
    if slash:
        _check_start(start_text, end_text)
        _check_no_set(start_text, end_text)
        start = _span(start_text) if start_text else _UNKNOWN
        end = _span(end_text) if end_text not in ("", "..") else _UNKNOWN
    elif text[0] + text[-1] in ("[]", "{}"):
        start = end = _set(text[1:-1])
    else:
        start = end = _span(text)
    qualifiers = {*start.qualifiers, *end.qualifiers}
    is_approximate, is_uncertain = (not qualifiers.isdisjoint(each) for each in ("~%", "?%"))
    return Bounds(*start[:2], *end[:2], end_text == "..", is_approximate, is_uncertain)


def _check_start(start: str, end: str) -> None:
    """Raise ValueError with a correction if an interval has an open start."""
    if start == "..":
        unknown = f"/{end}"
        _read(unknown)
        raise ValueError(f"the start cannot be open; if it is unknown, write {unknown!r}")


def _check_no_set(start: str, end: str) -> None:
    """Raise ValueError with a correction if an interval starts or ends with a set."""
    ends = {"start": (start, "rkg:startedBy"), "end": (end, "rkg:endedBy")}
    sets = {name: each for name, each in ends.items() if re.fullmatch(r"[\[{].*[\]}]", each[0])}
    if not sets:
        return
    for text, _ in sets.values():
        _set(text[1:-1])
    rest = "/".join("" if name in sets else text for name, (text, _) in ends.items())
    if rest != "/":
        _read(rest)
    events = " and ".join(f"{text!r} to the event in {name}" for text, name in sets.values())
    here = f"write {rest!r} here" if rest != "/" else "leave the date out here"
    raise ValueError(
        f"an interval has one date at each end, not a set: give {events}, and {here}"
        "; rkg:attestedBy names what shows that it went on at a time"
    )


def _read_day(text: str) -> date:
    if re.fullmatch(f"-{_DAY}", text):
        raise ValueError("years run from 0001 to 9999")
    if not re.fullmatch(_DAY, text):
        raise ValueError("write year, month and day: '1971-11-02'")
    day = _span(text).first
    if day is None:
        raise ValueError("years run from 0001 to 9999")
    return day


def _set(text: str) -> _Span:
    """Return the span from the first to the last day of a set; raise ValueError as `_days` does."""
    members = [member.partition("..") for member in text.split(",")]
    is_open_before = members[0][:2] == ("", "..")
    is_open_after = members[-1][1:] == ("..", "")
    if (is_open_before and is_open_after) or (len(members) == 1 and ".." not in text):
        raise ValueError(HELP)
    spans: list[_Span] = []
    for number, (first, dots, last) in enumerate(members):
        if is_open_before and number == 0:
            spans.append(_span(last))
        elif not dots or (is_open_after and number == len(members) - 1):
            spans.append(_span(first))
        else:
            spans += _span(first), _span(last)
            start, end = spans[-2].first, spans[-1].last
            if start and end and start > end:
                raise ValueError("write the earlier date of a set first: '[1874..1875]'")
    firsts, lasts = {span.first for span in spans}, {span.last for span in spans}
    return _Span(
        None if is_open_before or None in firsts else min(filter(None, firsts)),
        None if is_open_after else max(filter(None, lasts)),
        "".join(span.qualifiers for span in spans),
    )


def _span(text: str) -> _Span:
    match = re.fullmatch(_DATE, text)
    if not match:
        raise ValueError(HELP)
    groups = match.groups("")
    year, month, day = groups[1::3]
    first, last = _days(year, month, day)
    for place, unit in enumerate(_units(year, month, day)):
        for qualifier in groups[3 * place] + groups[3 * place + 2]:
            if qualifier in "~%":
                first, last = first and earlier(first, unit), later(last, unit)
    return _Span(first, last, "".join(groups[::3] + groups[2::3]))


def _units(year: str, month: str, day: str) -> tuple[str, str, str]:
    """Return one unit of each part of a date as a duration of ISO 8601."""
    if month in _PARTS_OF_YEAR:
        of_month = "P6M" if month in ("40", "41") else "P3M"
    else:
        of_month = "P1Y" if "X" in month else "P1M"
    of_day = {"XX": "P1M"}.get(day, "P10D" if day.endswith("X") else "P1D")
    return f"P{10 ** (len(year) - len(year.rstrip('X')))}Y", of_month, of_day


def _days(year: str, month: str, day: str) -> tuple[date | None, date]:
    """Return the first and the last day that a date matches; X matches any digit.

    The first is None before the year 1. Raises ValueError with a correction if the date is invalid.
    """
    if not (year + month + day).strip("-X"):
        raise ValueError(SAYS_NOTHING)
    if year == "-0000":
        raise ValueError("write the year before 0001 as '0000'")
    first_month, last_month = _PARTS_OF_YEAR.get(month, (month or "XX", month or "XX"))
    if month in _PARTS_OF_YEAR and day:
        raise ValueError("a season, a quarter or a half of a year cannot have a day: '1971-21'")
    y, m, d = _match(year, first_month, day or "XX")
    first = date(y, m, d) if y > 0 else None
    y, m, d = _match(year, last_month, day or "XX", latest=True)
    return first, date(y, m, d) if y > 0 else date.min


def _match(year: str, month: str, day: str, *, latest: bool = False) -> tuple[int, int, int]:
    """Return the first or the last calendar day that digits match, as year, month and day.

    Raises ValueError with a correction if there is none.
    """
    months, days = _pairs(month, 12, latest), _pairs(day, 31, latest)
    for unit, digits, written in (("month", month, year), ("day", day, f"{year}-{month}")):
        if digits == "00":
            raise ValueError(f"leave out a {unit} that is unknown, or write '{written}-XX'")
    if not months:
        raise ValueError("months run from 01 to 12")
    # A leap year has every calendar day: a day that is missing there exists in no year.
    if "X" not in year or any(d <= _length(_LEAP_YEAR, m) for m in months for d in days):
        for y in _years(year, latest):
            for m in months:
                length = _length(y, m)
                for d in days:
                    if d <= length:
                        return y, m, d
    if "X" in year + month + day:
        raise ValueError(f"{year}-{month} has no day {day}")
    raise ValueError(f"{year}-{month} has {_length(int(year), months[0])} days")


@cache
def _pairs(digits: str, most: int, latest: bool) -> tuple[int, ...]:
    """Return the numbers up to `most` that match two digits or X; if `latest`, descending."""
    return tuple(n for n in map(int, _matches(digits, latest)) if 1 <= n <= most)


def _years(digits: str, latest: bool) -> Iterable[int]:
    """Return the years that match four digits or X; if `latest`, descending."""
    if "X" not in digits:
        return (int(digits),)
    if digits.startswith("-"):
        return (-int(year) for year in _matches(digits[1:], not latest))
    return map(int, _matches(digits, latest))


def _matches(digits: str, latest: bool) -> Iterator[str]:
    alphabet = "9876543210" if latest else "0123456789"
    return map("".join, product(*(alphabet if digit == "X" else digit for digit in digits)))


def _length(year: int, month: int) -> int:
    # The calendar repeats after 400 years, and `date` has no years before 1.
    return days_of_month(year % 400 + 400, month)


def _shown(text: str) -> str:
    return repr(text if len(text) <= _LONGEST_SHOWN else text[:_LONGEST_SHOWN] + "…")
