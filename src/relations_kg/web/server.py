"""The HTTP server: an application on a port of this machine."""

from __future__ import annotations

import asyncio
import gc
import ipaddress
import os
import resource
import socket
import struct
from typing import Any

import h11
import uvicorn
from starlette.applications import Starlette
from uvicorn.protocols.http.h11_impl import H11Protocol

from relations_kg.errors import InputError
from relations_kg.web.middleware import LOOPBACK

# The timeouts, in seconds, for the head of a request, for its body, and for a client that does not
# read its response.
_HEAD, _BODY, _READ = 15.0, 30.0, 60.0
# The number of seconds between two checks whether a connection has timed out.
_INTERVAL = 1.0
# The maximum number of connections that are served. The same number again gets status 503, and
# further connections are closed.
_MOST_CONNECTIONS = 400


def listen(host: str, port: int) -> socket.socket:
    """Return a socket on a port, or on any free port for 0; raise InputError if that fails."""
    try:
        sock = socket.create_server(
            (host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET, backlog=1024
        )
        # Without TCP_NODELAY, the body of a response waits 40 ms until the client acknowledges its
        # head. Connections inherit the option; asyncio sets it only on sockets that it creates.
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return sock
    except (OSError, OverflowError) as error:
        number = getattr(error, "errno", None) or 0
        reason = os.strerror(number) if number > 0 else getattr(error, "strerror", str(error))
        help = "name another --port, or 0 for any free port"
        raise InputError(reason.lower(), where=f"{host}:{port}", help=help) from None


def address(sock: socket.socket) -> str:
    """Return the address that a socket listens on."""
    host, port = sock.getsockname()[:2]
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def hosts(sock: socket.socket, host: str) -> frozenset[str] | None:
    """Return the allowed host names of a server, or None (any) if other machines can reach it."""
    bound = sock.getsockname()[0]
    if not ipaddress.ip_address(bound).is_loopback:
        return None
    own = {f"[{name}]" if ":" in name else name.lower() for name in (host, bound)}
    return LOOPBACK | own


def run(application: Starlette, sock: socket.socket) -> None:
    """Serve an application until it is interrupted."""
    # A server runs for a long time, so the garbage of its requests is collected. Collections never
    # traverse the graph, since it is frozen.
    gc.freeze()
    gc.enable()
    # The application logs its own errors, one line each.
    config = uvicorn.Config(
        application,
        http=_Protocol,
        log_level="critical",
        access_log=False,
        server_header=False,
        # uvicorn may accept this many connections before it can close any of them.
        backlog=64,
        limit_concurrency=_most_connections(),
    )
    uvicorn.Server(config).run(sockets=[sock])


def _most_connections() -> int:
    """Return the maximum number of connections, which leaves file descriptors for workers."""
    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return min(_MOST_CONNECTIONS, files // 4) if files > 0 else _MOST_CONNECTIONS


class _Protocol(H11Protocol):
    """The HTTP/1.1 protocol with timeouts for slow clients."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._state: object = None
        self._since = 0.0
        if len(self.connections) > 2 * (self.limit_concurrency or _MOST_CONNECTIONS):
            transport.abort()
        else:
            self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        one = self.cycle
        is_cut = one is not None and one.response_started and not one.response_complete
        if is_cut and self.scope["http_version"] == "1.0":
            # In HTTP/1.0, the end of the connection is the end of the response. So the connection
            # of an incomplete response is reset.
            sock = self.transport.get_extra_info("socket")
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        super().connection_lost(exc)

    def _watch(self) -> None:
        if self.transport.is_closing() and not self.transport.get_write_buffer_size():
            return
        now = self.loop.time()
        state, seconds = self._waited_for()
        if state != self._state:
            self._state, self._since = state, now
        elif seconds is not None and now - self._since >= seconds:
            self.transport.abort()
            return
        self.loop.call_later(_INTERVAL, self._watch)

    def _waited_for(self) -> tuple[Any, float | None]:
        """Return the state in which the server waits, and its timeout in seconds, or None."""
        requests = id(self.cycle)
        if left := self.transport.get_write_buffer_size():
            return (requests, left), _READ
        if self.conn.their_state is h11.SEND_BODY:
            return (requests, "body"), _BODY
        if self.conn.their_state is h11.IDLE:
            return (requests, "head"), _HEAD
        return requests, None
