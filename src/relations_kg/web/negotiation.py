"""Content negotiation: the Accept header and the suffixes of addresses."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Mapping, Sequence

from relations_kg.web.problems import Problem

_RANGE = re.compile(r"\s*([\w!#$&^.+*-]+)/([\w!#$&^.+*-]+)\s*((?:;[^,]*)?)")
_QUALITY = re.compile(r";\s*q\s*=\s*([0-9.]+)")


def preferred(accept: str | None, offered: Sequence[str]) -> str | None:
    """Return the offered media type with the highest quality; if several are equal, the first.

    The quality of a media type is that of the most specific range that includes it. Without an
    Accept header anything is acceptable. Returns None if no offered media type is.

    >>> preferred("text/html;q=0.5, text/*", ["text/html", "text/turtle"])
    'text/turtle'
    >>> preferred("image/png", ["text/html"])
    """
    if not accept or not accept.strip():
        return offered[0]
    ranges = [_RANGE.match(each) for each in accept.split(",")]
    weights = {
        (match[1].lower(), match[2].lower()): _quality(match[3]) for match in ranges if match
    }

    def weight(media_type: str) -> float:
        kind, _, subtype = media_type.partition("/")
        for asked in ((kind, subtype), (kind, "*"), ("*", "*")):
            if asked in weights:
                return weights[asked]
        return 0

    best = max(offered, key=weight)
    return best if weight(best) > 0 else None


def _quality(parameters: str) -> float:
    found = _QUALITY.search(parameters)
    try:
        return min(float(found[1]), 1) if found else 1
    except ValueError:
        return 0


def chosen(accept: str | None, formats: Mapping[str, str]) -> str:
    """Return the preferred format, of those given with their media types.

    Raises Problem 406 if none is acceptable.

    >>> chosen("*/*", {"turtle": "text/turtle", "jsonld": "application/ld+json"})
    'turtle'
    """
    names = {media_type: name for name, media_type in reversed(list(formats.items()))}
    found = preferred(accept, list(dict.fromkeys(formats.values())))
    if found is None:
        raise not_acceptable(accept, formats.values())
    return names[found]


def not_acceptable(accept: str | None, offered: Iterable[str]) -> Problem:
    """Return the problem of a request that accepts none of the offered media types."""
    available = ", ".join(dict.fromkeys(offered))
    return Problem(406, f"cannot produce {accept}", f"available: {available}")


def without_suffix(path: str, known: Container[str]) -> tuple[str, str | None]:
    """Return a path without its suffix, and the suffix; None if it is not a known one.

    >>> without_suffix("peru.ttl", ["ttl"]), without_suffix("v1.0", ["ttl"])
    (('peru', 'ttl'), ('v1.0', None))
    """
    stem, _, ending = path.rpartition(".")
    return (stem, ending) if stem and ending in known else (path, None)
