"""A network backend of httpcore with a deadline for a whole HTTP exchange.

The timeouts of httpcore and httpx apply to each read, so a server that sends its headers one byte
at a time never times out. httpx does not accept a network backend, so httpcore is used directly.
"""

from __future__ import annotations

from threading import local
from time import monotonic
from typing import Any

import httpcore

_PIECE = 1 << 16


class Exchange(local):
    """The time limits of a thread's current request, and whether the response has begun."""

    def begin(self, timeout: float | None, wait: float) -> None:
        """Limit the exchange to `timeout` seconds; if that is None, limit each part to `wait`."""
        self.seconds = wait if timeout is None else timeout
        self.answered = False
        self._end = None if timeout is None else monotonic() + timeout

    def left(self) -> float:
        """Return how many seconds the next part may take; raise ReadTimeout if none are left."""
        left = self.seconds if self._end is None else self._end - monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout
        return left


class Backend(httpcore.SyncBackend):
    """The network backend whose streams observe the limits of an exchange."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange

    def connect_tcp(self, *place: Any, **options: Any) -> httpcore.NetworkStream:
        """Connect to a host."""
        options["timeout"] = self._exchange.left()
        return _Stream(super().connect_tcp(*place, **options), self._exchange)


class _Stream(httpcore.NetworkStream):
    def __init__(self, stream: httpcore.NetworkStream, exchange: Exchange) -> None:
        self._stream, self._exchange = stream, exchange

    def start_tls(self, *context: Any, **options: Any) -> httpcore.NetworkStream:
        options["timeout"] = self._exchange.left()
        return _Stream(self._stream.start_tls(*context, **options), self._exchange)

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        data = self._stream.read(max_bytes, self._exchange.left())
        self._exchange.answered |= bool(data)
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        for start in range(0, len(buffer), _PIECE):
            self._stream.write(buffer[start : start + _PIECE], self._exchange.left())

    def close(self) -> None:
        self._stream.close()

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
