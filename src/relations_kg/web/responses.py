"""Responses: content negotiation, suffixes of addresses, entity tags, and compression in pieces."""

from __future__ import annotations

import json
import re
from collections.abc import Container, Iterable, Mapping, Sequence
from hashlib import sha256

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from relations_kg.web.problems import Problem

_PIECE = 1 << 18
_LONGEST_HEADER = 4_000


def reply(
    request: Request,
    content: bytes | str,
    media_type: str,
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Return a response with the content, or 304 if the client already has it."""
    body = content.encode() if isinstance(content, str) else content
    etag = f'W/"{sha256(body).hexdigest()[:32]}"'
    shown = {"ETag": etag, "Cache-Control": "no-cache", **(headers or {})}
    if status == 200 and is_known(request, etag):
        return Response(None, 304, shown)
    return in_pieces(body, status, shown, media_type)


def in_pieces(body: bytes, status: int, headers: Mapping[str, str], media_type: str) -> Response:
    """Return a response that is sent in pieces if it is large.

    The pieces are compressed one after another, and other requests are served meanwhile.
    """
    if len(body) <= _PIECE:
        return Response(body, status, headers, media_type)
    pieces = (body[start : start + _PIECE] for start in range(0, len(body), _PIECE))
    headers = {**headers, "Content-Length": str(len(body))}
    return StreamingResponse(pieces, status, headers, media_type)


def as_header(texts: Iterable[str]) -> str:
    """Return texts as a JSON array in ASCII, as many as fit into a header."""
    written = list(texts)
    while len(content := json.dumps(written)) > _LONGEST_HEADER:
        written.pop()
    return content


def is_known(request: Request, etag: str) -> bool:
    """Return whether the client already has the content with an entity tag.

    Tags are compared weakly, as RFC 9110 requires: W/"a" equals "a".
    """
    known = request.headers.get("if-none-match", "")
    return known.strip() == "*" or etag.removeprefix("W/") in re.findall(r'"[^"]*"', known)


_RANGE = re.compile(r"\s*([\w!#$&^.+*-]+)/([\w!#$&^.+*-]+)\s*((?:;[^,]*)?)")
_QUALITY = re.compile(r";\s*q\s*=\s*([0-9.]+)", re.IGNORECASE)


def preferred(accept: str | None, offered: Sequence[str]) -> str | None:
    """Return the first offered media type with the highest quality, or None if none is acceptable.

    The quality of a media type is the quality of the most specific range that includes it. Without
    an Accept header, all media types are acceptable.

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


def accepted(request: Request, offered: Iterable[str]) -> str | None:
    """Return the offered media type that a request prefers, or None if it accepts none."""
    return preferred(", ".join(request.headers.getlist("accept")), list(offered))


def chosen(request: Request, offered: Iterable[str]) -> str:
    """Return the offered media type that a request prefers; raise Problem 406 if there is none."""
    offered = list(dict.fromkeys(offered))
    if found := accepted(request, offered):
        return found
    accept = ", ".join(request.headers.getlist("accept"))
    raise Problem(406, f"cannot produce {accept}", f"available: {', '.join(offered)}")


def without_suffix(path: str, known: Container[str]) -> tuple[str, str | None]:
    """Return a path without its suffix, and the suffix, or None if the suffix is not `known`.

    >>> without_suffix("peru.ttl", ["ttl"]), without_suffix("v1.0", ["ttl"])
    (('peru', 'ttl'), ('v1.0', None))
    """
    stem, _, ending = path.rpartition(".")
    return (stem, ending) if stem and ending in known else (path, None)
