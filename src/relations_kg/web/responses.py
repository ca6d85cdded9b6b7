"""Responses with entity tags, compressed in pieces."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from hashlib import sha256

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

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
    """Return a response compressed in pieces, so that other requests are served meanwhile."""
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
