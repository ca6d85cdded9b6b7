"""Translation of dates in other languages, eras and notations into English."""

import re
from functools import cache
from typing import Any

from relations_kg._files import toml
from relations_kg.rdf.date_words import MONTHS

# Until 1872, Japanese months and days are those of another calendar.
_GREGORIAN = 1873
_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
_ANY_ROMAN = "|".join(reversed(_ROMAN))


def in_english(text: str) -> str:
    """Return a text with its dates in English; the rest of the text is unchanged.

    The time 00:00, which spreadsheets and databases write after a day, is removed.

    >>> in_english("del 17 al 19 de noviembre de 2016"), in_english("2016年11月18日")
    ('17-19 November 2016', '18 November 2016')
    """
    short: dict[str, str] = _table()["abbreviated"]
    if abbreviated := re.match(rf"({'|'.join(short)})\b\.?", text, re.IGNORECASE):
        text = short[abbreviated[1].lower()] + text[abbreviated.end() :]
    text = _words_in_english(text)
    era = rf"(?<!\w)({'|'.join(_table()['eras'])})\s*(\d{{1,3}}|元)(?!\d)"
    text = re.sub(era, _of_era, text, flags=re.IGNORECASE)
    chinese = r"(?<!\d)(\d{4})\s*年(?:\s*(0?[1-9]|1[0-2])\s*月(?:\s*(\d{1,2})\s*[日号號])?)?"
    text = re.sub(chinese, _chinese, text)
    months = "|".join(sorted(_months(), key=len, reverse=True))
    foreign = (
        rf"\b(?:(?:del|el|le|am|il|em)\s+)?(?:(\d{{1,2}})(?:\s+al?\s+(\d{{1,2}}))?(?:er|º|°|\.)?"
        rf"\s*(?:d[ei]\s+)?)?\b({months})\b\.?(?:,|\s+d[ei]l?)?\s+(\d{{4}})\b"
    )
    text = re.sub(foreign, _foreign, text, flags=re.IGNORECASE)
    text = re.sub(r"(?<=\b\d{4})\s*\u0433(?:\.|од[\u0430\u0443]?)?$", "", text)
    # In German, a dot follows the day.
    text = re.sub(r"(?<!\d)(\d{1,2})\.\s*(?=[A-Za-z]{3,9}\.?,?\s+\d{4}\b)", r"\1 ", text)
    text = re.sub(r"(?<!\d)(\d{1,2})\.\s*([-\u2013])\s*(?=\d{1,2}\s+[A-Z])", r"\1\2", text)
    roman = rf"\b(\d{{1,2}})(\.\s*|[ /-])({_ANY_ROMAN})\2(\d{{4}})\b"
    text = re.sub(roman, _roman, text, flags=re.IGNORECASE)
    return re.sub(r"(?<=\b\d{4})\s+(?:12:00(?::00)? ?AM|0?0:00(?::00)?)$", "", text)


def without_first_word(text: str, *words: str) -> str:
    """Return a date without its first word if this means one of the English `words`.

    >>> without_first_word("desde 12/2009", "since"), without_first_word("bis 2011", "since")
    ('12/2009', 'bis 2011')
    """
    first, space, rest = _words_in_english(text).partition(" ")
    return rest if space and first.lower().replace("from", "since") in words else text


def _words_in_english(text: str) -> str:
    """Return a date with its first words, such as "since", and its word for now in English."""
    present = rf"(?<!\w)(?:{'|'.join(_table()['present'])})(?!\w)"
    text = re.sub(present, "present", text, flags=re.IGNORECASE)
    for english, others in _table()["first"].items():
        first = rf"^(?:{'|'.join(others)})\s+(?=.*\d|present$)"
        text = re.sub(first, f"{english} ", text, flags=re.IGNORECASE)
    decade = r"^(?:d[eé]cada de|los años|os anos|les années|gli anni|die)\s+(1\d\d0)(?:er)?$"
    text = re.sub(decade, r"\1s", text, flags=re.IGNORECASE)
    # "1º" is the first day of a month in Portuguese and Spanish.
    return re.sub(r"\b1[º°][/.-](0?[1-9]|1[0-2])[/.-](\d{4})\b", _first_of_month, text)


def _first_of_month(match: re.Match[str]) -> str:
    return f"{match[2]}-{match[1]:0>2}-01"


def _table() -> dict[str, Any]:
    return toml("rdf/date_notations.toml")


@cache
def _months() -> dict[str, int]:
    """Return the position in the year, from 0, of each name of a month in another language."""
    names = enumerate(_table()["months"])
    return {name: place for place, of_month in names for name in of_month.split()}


def _chinese(match: re.Match[str]) -> str:
    year, month, day = match.groups()
    if month is None:
        return year
    name = f"{MONTHS[int(month) - 1]} {year}"
    return f"{day} {name}" if day else name


def _of_era(match: re.Match[str]) -> str:
    """Return the year of a date in an era; one in another calendar, before 1873, is unchanged."""
    number = 1 if match[2] == "元" else int(match[2])
    year = int(_table()["eras"][match[1].lower()]) + number
    return str(year) if number and year >= _GREGORIAN else match[0]


def _foreign(match: re.Match[str]) -> str:
    first, last, month, year = match.groups()
    days = f"{first}-{last} " if last else f"{first} " if first else ""
    return f"{days}{MONTHS[_months()[month.lower()]]} {year}"


def _roman(match: re.Match[str]) -> str:
    day, _, month, year = match.groups()
    return f"{day} {MONTHS[_ROMAN.index(month.upper())]} {year}"
