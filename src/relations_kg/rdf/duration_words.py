"""Durations as people write them ("three years", "at least 90 days"), as ISO 8601 or its ranges."""

import re

from pyoxigraph import Literal

from relations_kg.errors import InputError
from relations_kg.rdf import amounts, durations
from relations_kg.rdf.namespaces import RKG

# The duration of something without an end, such as a treaty concluded for ever.
WITHOUT_END = ".."
_UNITS = {"year": "Y", "month": "M", "week": "W", "day": "D"}
_UNITS_OF_TIME = {"hour": "H", "minute": "M", "second": "S"}
_SHORT = {"y": "year", "yr": "year", "mo": "month", "mth": "month", "wk": "week", "d": "day"}
_SHORT |= {"h": "hour", "hr": "hour", "min": "minute", "sec": "second"}
_UNIT = rf"\b(?:calendar )?({'|'.join((*_UNITS, *_UNITS_OF_TIME, *_SHORT))})s?\b\.?"
_FOR_EVER = "for ever|forever|for good|in perpetuity|perpetual|indefinite(?:ly)?|no end|unlimited"
_LONGEST = 60


def literal(text: str, *, may_be_endless: bool = False) -> Literal:
    """Return the literal of a duration as people write it; raise InputError for any other text.

    With `may_be_endless`, it may be `..`, also in words such as "for ever".

    >>> [literal(text).value for text in ("three years", "1 year and 6 months", "about 2 weeks")]
    ['P3Y', 'P1Y6M', 'P2W~']
    >>> literal("at least 100 years").value, literal("2-3 hours").value
    ('[P100Y..]', '[PT2H..PT3H]')
    """
    plain = " ".join(text.lower().split())
    if may_be_endless and (plain == WITHOUT_END or re.fullmatch(_FOR_EVER, plain)):
        return Literal(WITHOUT_END)
    right = _in_units(plain) if len(text) <= _LONGEST else None
    for written in filter(None, (text.strip(), text.strip().upper(), right)):
        try:
            durations.parse(written)
        except InputError:
            continue
        return Literal(written)
    try:
        durations.parse(text)
    except InputError as error:
        error.help = f"{error.help}, or words such as 'three years'"
        if may_be_endless:
            error.help += f", or {WITHOUT_END!r} if it has no end"
        raise
    raise AssertionError(text)


def _in_units(text: str) -> str | None:
    """Return a duration for a text whose units are words, or None."""
    text = re.sub(r"(?<=\d)(?=[a-z])", " ", text)
    text = re.sub(r"\ban? (?=calendar|year|month|week|day|hour|minute|second)", "1 ", text)
    text = re.sub(rf"-(?={_UNIT})", " ", text)
    names = [_SHORT.get(name, name) for name in re.findall(_UNIT, text)]
    if not names:
        return None
    if len(set(names)) == 1:
        return _with_unit(re.sub(r"\s+", " ", re.sub(_UNIT, " ", text)).strip(), names[0])
    parts = re.split(_UNIT, text)
    numbers = [re.sub(r"^(?:\s|,|\band\b)+", "", part).strip() for part in parts[:-1:2]]
    try:
        figures = [amounts.literal(number).value for number in numbers]
    except InputError:
        return None
    units = _UNITS_OF_TIME if names[0] in _UNITS_OF_TIME else _UNITS
    if parts[-1].strip() or not set(names) <= set(units):
        return None
    # The qualifier applies to the whole duration.
    about = "~" if figures[0].endswith("~") or figures[-1].endswith("~") else ""
    written = "".join(
        f"{each.rstrip('~')}{units[name]}" for each, name in zip(figures, names, strict=True)
    )
    return f"P{'T' if units is _UNITS_OF_TIME else ''}{written}{about}"


def _with_unit(number: str, unit: str) -> str | None:
    """Return the duration of an amount of one unit, or None."""
    try:
        amount = amounts.literal(number)
    except InputError:
        return None
    time = unit in _UNITS_OF_TIME
    prefix, letter = ("PT", _UNITS_OF_TIME[unit]) if time else ("P", _UNITS[unit])
    figure = amount.value
    if not re.fullmatch(r"[0-9.~\[\]]+", figure):
        return None
    if amount.datatype.value == RKG + "Amount" and figure.startswith("["):
        # The ends of a range of durations are exact.
        return re.sub("[0-9]+", lambda end: f"{prefix}{end[0]}{letter}", figure)
    return f"{prefix}{figure.removesuffix('~')}{letter}{'~' if figure.endswith('~') else ''}"
