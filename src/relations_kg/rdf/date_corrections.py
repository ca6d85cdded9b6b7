"""Rewriting of dates in words and other notations to EDTF, if their meaning is certain."""

import re
from collections.abc import Callable

from relations_kg.rdf.date_notations import in_english

MONTHS = (
    r"jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
)
_MONTH = rf"\b({MONTHS})\b\.?"
_MONTHS = "janfebmaraprmayjunjulaugsepoctnovdec"
_WORDS = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth "
    "fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth twenty-first"
)
_ORDINALS = _WORDS.split()
_ORDINAL = r"\b(\d{1,2}(?:st|nd|rd|th)|" + "|".join(reversed(_ORDINALS)) + r")\b"
_SEASONS = {"spring": 21, "summer": 22, "autumn": 23, "fall": 23, "winter": 24}
# The parts of a year: the number of them in a year, and the EDTF code of the first.
_PARTS = {"quarter": (4, 33), "half": (2, 40)}
_BEFORE_CHRIST = r"(?:b\.?c\.?(?:e\.?)?)(?!\w)"
_AFTER_CHRIST = r"(?:a\.?d\.?|c\.?e\.?)(?!\w)"
_LAST_SEASON = 41
# 24:00 is not matched as a time of day, since it belongs to the next day.
_TIME = r"(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:[.,]\d+)?)?"
_MIDNIGHT = "T00:00:00Z"
_DASH = r"[-\u2013\u2014]"
# Dates contain hyphens, so a hyphen between two dates needs spaces around it.
_BETWEEN = r"(?:\s*[\u2013\u2014]\s*|\s+-\s+)"
# A date in EDTF, once its words have been rewritten.
_DATE = r"(-?[\dX]{4}(?:-[\dX]{2}){0,2}[~?%]?)"
# A year, a month or a day. Decades are excluded, as it would be unclear which year is meant.
EXACT = r"(-?\d{4}(?:-\d\d){0,2}[~?%]?)"


def _number(ordinal: str) -> int:
    digits = re.match(r"\d+", ordinal)
    return int(digits[0]) if digits else _ORDINALS.index(ordinal.lower()) + 1


def _day(year: str, month: str, day: str) -> str:
    return f"{_month(year, month)}-{int(day):02}"


def _month(year: str, month: str) -> str:
    return f"{year}-{_MONTHS.index(month[:3].lower()) // 3 + 1:02}"


def _part(match: re.Match[str]) -> str:
    parts, first = _PARTS[match[2].lower()]
    number = _number(match[1])
    return f"{match[3]}-{first + number - 1}" if number <= parts else match[0]


def _century(match: re.Match[str]) -> str:
    number = _number(match[1])
    # The first century before Christ would include a year -0000.
    if match[2]:
        return f"-{number - 1:02}XX" if number > 1 else match[0]
    return f"{number - 1:02}XX" if number else match[0]


def _before_christ(match: re.Match[str]) -> str:
    # The year before 1 is 0000 in EDTF.
    year = int(match[1]) - 1
    return match[0] if year < 0 else f"-{year:04}" if year else "0000"


def _apart(match: re.Match[str]) -> str:
    """Return a numeric date as EDTF if it has only one reading, else unchanged."""
    one, other, year = int(match[1]), int(match[3]), match[4]
    day, month = max(one, other), min(one, other)
    certain = month <= 12 and (day > 12 or day == month)
    return f"{year}-{month:02}-{day:02}" if certain else match[0]


def _two_days(year: str, month: str, first: str, last: str) -> str:
    return f"{_day(year, month, first)}/{_day(year, month, last)}"


def _unbracketed(match: re.Match[str]) -> str:
    """Return a text without its brackets, unless it is a set in EDTF."""
    content = next(group for group in match.groups() if group is not None)
    return match[0] if ".." in content else content


def _month_in_digits(match: re.Match[str]) -> str:
    """Return `1979-3` as `1979-03`; keep `1973-9`, which may mean the years from 1973 to 1979."""
    year, month = match.groups()
    return f"{year}-0{month}" if month <= year[-1] else match[0]


def _years(match: re.Match[str]) -> str:
    """Return `1941-45` as `1941/1945`; keep `1941-12`, a month, and `1941-21`, a season."""
    century, first, last = match.groups()
    certain = int(last) > max(int(first), _LAST_SEASON)
    return f"{century}{first}/{century}{last}" if certain else match[0]


# Characters that word processors, web pages and East Asian keyboards write instead of ASCII, and
# invisible characters.
_PLAIN = {
    **{0xFF10 + digit: str(digit) for digit in range(10)},
    **dict.fromkeys([0x2010, 0x2011, 0x2212, 0xFE63, 0xFF0D], "-"),
    **dict.fromkeys([0xA0, 0x2007, 0x2009, 0x202F, 0x3000], " "),
    **dict.fromkeys([0xAD, 0x200B, 0x200E, 0x200F, 0x2060, 0xFEFF]),
    0xFF0F: "/",
}
# All rewrites are applied, in this order. They are compiled at first use, which takes a while.
_REWRITES: tuple[tuple[str, str | Callable[[re.Match[str]], str]], ...] = (
    # Wikidata writes 00 for an unknown month or day, and the precision after a slash.
    (rf"^[+^]*(-?\d{{4}})-(?:00-00{_MIDNIGHT}(?:/9)?|\d\d-\d\d{_MIDNIGHT}/9)$", r"\1"),
    (rf"^[+^]*(-?\d{{4}}-\d\d)-(?:00{_MIDNIGHT}(?:/10)?|\d\d{_MIDNIGHT}/10)$", r"\1"),
    (rf"^[+^]*(-?\d{{4}}-\d\d-\d\d){_MIDNIGHT}(?:/11)?$", r"\1"),
    # Texts in brackets, years that a program read as numbers, and days with the zone of xsd:date.
    (r"^\(([^()]*)\)$|^\[([^\[\],]*)\]$|^\{([^{},]*)\}$", _unbracketed),
    (r"\s*\(\?\)", "?"),
    (r"^['\u2019+](?=\d{4}\b)", ""),
    (r"^(\d{4})\.0+$", r"\1"),
    (r"^(\d{4})-00-00$", r"\1"),
    (r"^(\d{4}-\d\d)-00$", r"\1"),
    (r"^(\d{4}-\d\d-\d\d)(?:Z|[+-]\d\d:\d\d)$", r"\1"),
    # Directly before a year, ~ is EDTF and applies to the year alone.
    (r"(?<![\w~?%-])~(?:\s+|(?!-?[\dX]{4}|[~?%]))", "about "),
    (r"\b(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\b[.,]*\s+(?=\S)", ""),
    (r"^(?:(?:on(?!\s+or\b)|in|of|the|year|some ?time)\s+)+(?=\S)", ""),
    (r"(?<!\w)(?:in\s+)?the\s+", ""),
    (r"\bdecade\s+of\s+", ""),
    (r"(?<![\d-])(\d{1,2}) ?([-/.]) ?(\d{1,2}) ?\2 ?(\d{4})\b(?!-)", _apart),
    (
        rf"\b(\d{{1,2}})\s*{_DASH}\s*(\d{{1,2}})\s+{_MONTH},?\s+(\d{{4}})\b",
        lambda m: _two_days(m[4], m[3], m[1], m[2]),
    ),
    (
        rf"{_MONTH}\s+(\d{{1,2}})\s*{_DASH}\s*(\d{{1,2}}),?\s+(\d{{4}})\b",
        lambda m: _two_days(m[4], m[1], m[2], m[3]),
    ),
    (
        rf"\b(\d{{1,2}})(?:st|nd|rd|th)?[\s-]+(?:(?:de|of)\s+)?{_MONTH},?[\s-]+(\d{{4}})\b",
        lambda m: _day(m[3], m[2], m[1]),
    ),
    (rf"{_MONTH}\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+(\d{{4}})\b", lambda m: _day(m[3], m[1], m[2])),
    (rf"\b(\d{{4}})\s+{_MONTH}\s+(\d{{1,2}})(?:st|nd|rd|th)?\b", lambda m: _day(*m.groups())),
    (
        rf"{_MONTH}\s*{_DASH}\s*{_MONTH},?\s+(\d{{4}})\b",
        lambda m: f"{_month(m[3], m[1])}/{_month(m[3], m[2])}",
    ),
    (rf"{_MONTH},?[\s-]+(?:of\s+)?(\d{{4}})\b", lambda m: _month(m[2], m[1])),
    (
        rf"\b({'|'.join(_SEASONS)}),?\s+(?:of\s+)?(\d{{4}})\b(?!\s*[-/\u2013]\s*\d)",
        lambda m: f"{m[2]}-{_SEASONS[m[1].lower()]}",
    ),
    (rf"{_ORDINAL}\s+({'|'.join(_PARTS)}),?\s+(?:of\s+)?(\d{{4}})\b", _part),
    (r"\bQ([1-4])[\s,-]*(?:of\s+)?(\d{4})\b", lambda m: f"{m[2]}-{32 + int(m[1])}"),
    (r"\b(\d{4})[\s-]*Q([1-4])\b", lambda m: f"{m[1]}-{32 + int(m[2])}"),
    (rf"{_ORDINAL}\s+century(?:\s+({_BEFORE_CHRIST})|\s+{_AFTER_CHRIST})?", _century),
    (rf"\b(\d{{1,4}})\s*{_BEFORE_CHRIST}", _before_christ),
    (rf"\b(\d{{1,4}})\s*{_AFTER_CHRIST}", lambda m: m[1].zfill(4)),
    (rf"(?<!\w){_AFTER_CHRIST}\s*(\d{{1,4}})\b", lambda m: m[1].zfill(4)),
    (r"\s*/\s*", "/"),
    (r"(?<![\d/.-])(0?[1-9]|1[0-2])[/.](\d{4})\b(?![/.-]?\d)", lambda m: f"{m[2]}-{m[1]:0>2}"),
    (rf"(?<=\d-\d\d)[T ]{_TIME}(?:Z|[+-]\d\d(?::?\d\d)?)?(?![\d:])", ""),
    (r"\bunknown\b", ""),
    (r"\b(?:open|ongoing|(?:the\s+)?present|now|today)\b", ".."),
    (rf"(?<=\b[12]\d{{3}})\s*{_DASH}\s*(?=[12]\d{{3}}\b|\.\.)", "/"),
    (rf"(?<=\b\d{{4}}-\d\d){_BETWEEN}(?=\d{{4}}-\d\d\b)", "/"),
    (rf"(?<=\b\d{{4}}-\d\d-\d\d){_BETWEEN}(?=\d{{4}}-\d\d-\d\d\b)", "/"),
    (r"(?<![-\w])([12]\d)(\d\d)[-/\u2013\u2014](\d\d)\b(?!-)", _years),
    (rf"\b(\d\d)([1-9]0'?s\s*{_DASH}\s*)(?=[1-9]0'?s)", r"\1\2\1"),
    (r"\b(\d\d[1-9])0'?s\b", r"\1X"),
    (rf"(?<=\b[12]\d\dX)\s*{_DASH}\s*(?=[12]\d\dX\b)", "/"),
    (r"(?:(?<=\d)[xu]+|(?<=[\dxu]-)[xu]{2})(?![a-z])", lambda m: "X" * len(m[0])),
    (r"(?<![\w-])(?:approx(?:imately)?|about|around|roughly|circa|ca?)\.?\s*(-?\d[\dX-]*)", r"\1~"),
    (r"\b(?:perhaps|possibly|probably|maybe)\s+(-?\d[\dX-]*)(~?)", r"\1\2?"),
    (r"\s+([~?%])", r"\1"),
    (r"\?~|~\?", "%"),
    (rf"\b(\d{{4}}){_DASH}(\d\d){_DASH}(\d\d)\b", r"\1-\2-\3"),
    (r"\b(\d{4})[/.](\d\d?)[/.](\d\d?)\b", r"\1-\2-\3"),
    (r"\b(\d{4})(0[1-9]|1[0-2])([0-3]\d)\b", r"\1-\2-\3"),
    (r"\b(\d{4})-(\d\d?)-(\d\d?)\b", lambda m: f"{m[1]}-{m[2]:0>2}-{m[3]:0>2}"),
    (r"\b(\d{4})-(\d)\b(?!-)", _month_in_digits),
    (
        rf"^(?:(?:on\s+or\s+)?before|prior\s+to|by|(?:not|no)\s+(?:later\s+than|after))\s+{EXACT}$",
        r"[..\1]",
    ),
    (rf"^(?:(?:on\s+or\s+)?after|(?:not|no)\s+(?:earlier\s+than|before))\s+{EXACT}$", r"[\1..]"),
    (rf"^(?:since|from)\s+{_DATE}(?:\s+on(?:wards?)?)?$", r"\1/.."),
    (rf"^{_DATE}(?:\s+on(?:wards?)?|\s*[\u2013\u2014])$", r"\1/.."),
    (rf"^(?:until|till|up\s+to)\s+{_DATE}$", r"/\1"),
    (rf"^between\s+{_DATE}\s*(?:and|to|/)\s*{_DATE}$", r"[\1..\2]"),
    (rf"^from\s+{_DATE}\s+(?:to|until|till)\s+{_DATE}$", r"\1/\2"),
    (rf"^{_DATE}\s+(?:to|until|till)\s+{_DATE}$", r"\1/\2"),
    (rf"^(?:either\s+)?{_DATE}((?:,\s*{_DATE})*),?\s+or\s+{_DATE}$", r"[\1\2,\4]"),
    (rf"^(?:both\s+)?{_DATE}((?:,\s*{_DATE})*),?\s+and\s+{_DATE}$", r"{\1\2,\4}"),
    (r"(?<=[\dX~?%])\s*,\s*(?=[-\d])", ","),
    (r"(?<=[\dX~?%])\s*\.\.\s*(?=[-\d])", ".."),
)
# Matches a year, a month or a day. Most dates are one of these, and need no other pattern.
_PLAIN_DATE = re.compile(r"[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?")


def rewritten(text: str) -> str:
    """Return a text with dates in words and frequent mistakes rewritten to EDTF.

    Text that is not recognised is left unchanged, so the result may be invalid. Dates in the 2012
    draft of EDTF are also rewritten. Some rewrites take quadratic time in the length of the text.

    >>> rewritten("before 5 Nov. 1990"), rewritten("c. 1923"), rewritten("2nd century BC")
    ('[..1990-11-05]', '1923~', '-01XX')
    """
    if re.fullmatch(_PLAIN_DATE, text):
        return text
    text = in_english(text.translate(_PLAIN).strip())
    for pattern, replacement in _REWRITES:
        text = re.sub(pattern, replacement, text, flags=re.ASCII | re.IGNORECASE)
    return text
