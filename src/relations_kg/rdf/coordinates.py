"""Latitudes and longitudes as people write them."""

from __future__ import annotations

import re

_NUMBER = r"\d{1,3}(?:[.,]\d+)?"
_LETTER = "[NSEWO]"
_COORDINATE = rf"""
    (?P<before>{_LETTER})? \s* (?P<sign>[-+\u2212]?) \s*
    (?P<degrees>{_NUMBER}) \s* [°\u00ba]? \s*
    (?: (?P<minutes>{_NUMBER}) \s* ['\u2032\u2019] \s* )?
    (?: (?P<seconds>{_NUMBER}) \s* (?: ["\u2033\u201d] | '' ) \s* )?
    (?P<after>{_LETTER})?
"""
# In Spanish, O is the west.
_NEGATIVE = "SWO"


def degrees(text: str, *, is_latitude: bool) -> str | None:
    """Return a coordinate in decimal degrees, or None for any other text.

    >>> degrees("12°03'S", is_latitude=True), degrees("-12,05", is_latitude=True)
    ('-12.05', '-12.05')
    >>> degrees("O 77° 1' 48\\"", is_latitude=False), degrees("12°03'S", is_latitude=False)
    ('-77.03', None)
    """
    match = re.fullmatch(_COORDINATE, text.strip(), re.VERBOSE | re.IGNORECASE)
    if not match or (match["before"] and match["after"]):
        return None
    letter = (match["before"] or match["after"] or "").upper()
    if letter and (match["sign"] or (letter in "NS") != is_latitude):
        return None
    parts = [float((match[part] or "0").replace(",", ".")) for part in ("minutes", "seconds")]
    if any(part >= 60 for part in parts):
        return None
    whole = float(match["degrees"].replace(",", ".")) + parts[0] / 60 + parts[1] / 3600
    is_negative = match["sign"] in ("-", "\u2212") if match["sign"] else letter in tuple(_NEGATIVE)
    number = f"{whole:.6f}".rstrip("0").rstrip(".")
    return f"-{number}" if is_negative and whole else number
