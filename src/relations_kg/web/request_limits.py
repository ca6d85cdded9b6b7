"""Limits on the memory that requests take, and on the hosts that they are for."""

from __future__ import annotations

from collections.abc import Collection

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from relations_kg.web.problems import Problem

# The maximum size of the bodies of all requests in progress together, in bytes.
_MOST_BODIES = 64 << 20
# The names by which a browser reaches its own machine.
LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})


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
