"""Translation of Spanish and Chinese dates, abbreviated months and Roman numerals into English."""

import re

_ENGLISH = (
    *("January", "February", "March", "April", "May", "June", "July", "August", "September"),
    *("October", "November", "December"),
)
_SPANISH = {
    **{"enero": 0, "febrero": 1, "marzo": 2, "abril": 3, "mayo": 4, "junio": 5, "julio": 6},
    **{"agosto": 7, "septiembre": 8, "setiembre": 8, "octubre": 9, "noviembre": 10},
    "diciembre": 11,
}
_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
# Genealogies abbreviate the qualifiers of dates.
_ABBREVIATED = {"abt": "about", "bef": "before", "aft": "after", "bet": "between"}
_ANY_SPANISH = "|".join(_SPANISH)
_ANY_ROMAN = "|".join(reversed(_ROMAN))


def in_english(text: str) -> str:
    """Return a text with its dates in English; the rest of the text is unchanged.

    The time 00:00, which spreadsheets and databases write after a day, is removed.

    >>> in_english("del 17 al 19 de noviembre de 2016"), in_english("2016年11月18日")
    ('17-19 November 2016', '18 November 2016')
    """
    text = re.sub(
        rf"^({'|'.join(_ABBREVIATED)})\b\.?",
        lambda match: _ABBREVIATED[match[1].lower()],
        text,
        flags=re.IGNORECASE,
    )
    text = re.sub(
        r"(?<!\d)(\d{4})\s*年(?:\s*(0?[1-9]|1[0-2])\s*月(?:\s*(\d{1,2})\s*[日号號])?)?",
        _chinese,
        text,
    )
    text = re.sub(
        rf"\b(?:(?:del|el)\s+)?(?:(\d{{1,2}})(?:\s+al?\s+(\d{{1,2}}))?\s+(?:de\s+)?)?"
        rf"({_ANY_SPANISH})(?:,|\s+del?)?\s+(\d{{4}})\b",
        _spanish,
        text,
        flags=re.IGNORECASE,
    )
    text = re.sub(
        rf"\b(\d{{1,2}})(\.\s*|[ /-])({_ANY_ROMAN})\2(\d{{4}})\b", _roman, text, flags=re.IGNORECASE
    )
    return re.sub(r"(?<=\b\d{4})\s+(?:12:00(?::00)? ?AM|0?0:00(?::00)?)$", "", text)


def _chinese(match: re.Match[str]) -> str:
    year, month, day = match.groups()
    if month is None:
        return year
    name = f"{_ENGLISH[int(month) - 1]} {year}"
    return f"{day} {name}" if day else name


def _spanish(match: re.Match[str]) -> str:
    first, last, month, year = match.groups()
    days = f"{first}-{last} " if last else f"{first} " if first else ""
    return f"{days}{_ENGLISH[_SPANISH[month.lower()]]} {year}"


def _roman(match: re.Match[str]) -> str:
    day, _, month, year = match.groups()
    return f"{day} {_ENGLISH[_ROMAN.index(month.upper())]} {year}"
