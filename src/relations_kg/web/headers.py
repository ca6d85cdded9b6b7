"""The security and CORS headers of all responses."""

from __future__ import annotations

from collections.abc import Collection
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_POLICY = "default-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'"
_HEADERS = {
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_EXPOSED = "ETag, Link, Location, Relations-KG-Truncated, Retry-After"
_PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, HEAD, POST, OPTIONS",
    "Access-Control-Allow-Headers": "Accept, Content-Type, If-None-Match",
    "Access-Control-Max-Age": "86400",
}


class SecurityHeaders:
    """ASGI middleware that adds headers to responses, and answers OPTIONS.

    Pages of `origins` may read the responses; "*" is any origin. A page that needs another
    Content-Security-Policy sets its own.
    """

    def __init__(self, app: ASGIApp, origins: Collection[str] = ()) -> None:
        self.app = app
        self._origins = frozenset(origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, with the headers added to its response."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        allowed = self._allowed(Headers(scope=scope).get("origin"))

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(_HEADERS)
                headers.setdefault("Content-Security-Policy", _POLICY)
                if allowed:
                    headers["Access-Control-Allow-Origin"] = allowed
                    headers["Access-Control-Expose-Headers"] = _EXPOSED
                if "*" not in self._origins:
                    headers["Cross-Origin-Resource-Policy"] = "same-origin"
                if self._origins and allowed != "*":
                    headers.add_vary_header("Origin")
                if "Location" in headers:
                    headers["Location"] = _path(headers["Location"])
            await send(message)

        if scope["method"] == "OPTIONS":
            await Response(None, 204, _PREFLIGHT if allowed else None)(
                scope, receive, send_with_headers
            )
        else:
            await self.app(scope, receive, send_with_headers)

    def _allowed(self, origin: str | None) -> str | None:
        return "*" if "*" in self._origins else origin if origin in self._origins else None


def _path(location: str) -> str:
    """Return the path and the query of a redirect, without the host, which the client has chosen.

    >>> _path("http://elsewhere.example//map/?on=1971-11-02")
    '/map/?on=1971-11-02'
    """
    path = urlsplit(location)._replace(scheme="", netloc="").geturl()
    return "/" + path.lstrip("/")
