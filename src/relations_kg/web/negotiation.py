"""What a client would like to get: the Accept header and the endings of addresses."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from relations_kg.web.problems import Problem

_RANGE = re.compile(r"\s*([\w!#$&^.+*-]+)/([\w!#$&^.+*-]+)\s*((?:;[^,]*)?)")
_QUALITY = re.compile(r";\s*q\s*=\s*([0-9.]+)")


def preferred(accept: str | None, offered: Sequence[str]) -> str | None:
    """Return what is accepted with most weight among media types; the first ones win a tie.

    The most specific range that fits a type counts. Nothing asked for means anything will do;
    None means that nothing offered will.

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
    """Return the name of the format that is preferred, of those mapped to their media types.

    Raises Problem 406 if none will do.

    >>> chosen("*/*", {"turtle": "text/turtle", "jsonld": "application/ld+json"})
    'turtle'
    """
    names = {media_type: name for name, media_type in reversed(list(formats.items()))}
    found = preferred(accept, list(dict.fromkeys(formats.values())))
    if found is None:
        known = ", ".join(dict.fromkeys(formats.values()))
        raise Problem(406, f"there is nothing of {accept!r}", f"accept one of {known}")
    return names[found]


def parted(path: str, formats: Mapping[str, str]) -> tuple[str, str | None]:
    """Part the ending from a path, if it names a format: endings mapped to the formats' names.

    >>> parted("peru.ttl", {"ttl": "turtle"})
    ('peru', 'turtle')
    >>> parted("v1.0", {"ttl": "turtle"})
    ('v1.0', None)
    """
    stem, dot, ending = path.rpartition(".")
    if dot and stem and ending in formats:
        return stem, formats[ending]
    return path, None
