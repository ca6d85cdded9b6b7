"""ASGI middleware: security and CORS headers, limits on memory, and allowed hosts."""

from __future__ import annotations

from collections.abc import Collection
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from relations_kg.web.problems import Problem

_POLICY = "default-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'"
_HEADERS = {
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_EXPOSED = "ETag, Link, Location, Relations-KG-Limits, Retry-After"
_PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, HEAD, POST, OPTIONS",
    "Access-Control-Allow-Headers": "Accept, Content-Type, If-None-Match",
    "Access-Control-Max-Age": "86400",
}
# The maximum size of the bodies of all requests in progress together, in bytes.
_MOST_BODIES = 64 << 20
# The names by which a browser reaches its own machine.
LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})


class SecurityHeaders:
    """ASGI middleware that adds headers to responses, and answers OPTIONS.

    Pages of `origins` may read the responses; "*" is any origin. A page may set a different
    Content-Security-Policy.
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
    """Return the path and the query of a redirect, without the host from the client's Host header.

    >>> _path("http://elsewhere.example//map/?on=1971-11-02")
    '/map/?on=1971-11-02'
    """
    path = urlsplit(location)._replace(scheme="", netloc="").geturl()
    return "/" + path.lstrip("/")


class RequestLimits:
    """ASGI middleware that refuses requests for other hosts, and bodies that would fill the memory.

    A page of another site whose name resolves to this machine (DNS rebinding) could read the
    responses of a local server, but it sends its own name as Host. Without `hosts`, any host is
    allowed.
    """

    def __init__(self, app: ASGIApp, hosts: Collection[str] | None = None) -> None:
        self.app = app
        self._hosts = hosts
        self._bodies = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        host = b"".join(text for name, text in scope["headers"] if name == b"host")
        if self._hosts is not None and _name(host.decode("latin-1")) not in self._hosts:
            problem = Problem(
                421,
                f"this server is not {host.decode('latin-1')!r}",
                f"use the host {sorted(self._hosts)[-1]}",
            )
            content = problem.to_json()
            await Response(content, 421, media_type="application/problem+json")(
                scope, receive, send
            )
            return
        size = 0

        async def counted() -> Message:
            nonlocal size
            message = await receive()
            length = len(message.get("body", b""))
            size += length
            self._bodies += length
            if self._bodies > _MOST_BODIES:
                help = "try again in 5 seconds"
                raise Problem(503, "too many large requests at once", help, {"Retry-After": "5"})
            return message

        try:
            await self.app(scope, counted, send)
        finally:
            self._bodies -= size


def _name(host: str) -> str:
    """Return the name in a Host header, without its port.

    >>> _name("LocalHost:8000"), _name("[::1]:8000"), _name("127.0.0.1")
    ('localhost', '[::1]', '127.0.0.1')
    """
    name, colon, port = host.rpartition(":")
    return (name if colon and (port.isdigit() or not port) else host).lower().rstrip(".")
