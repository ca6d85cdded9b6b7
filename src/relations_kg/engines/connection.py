"""Connections to a server: requests sent to it, answers read while they come in."""

from __future__ import annotations

import re
import socket
from base64 import b64encode
from collections.abc import Mapping
from contextlib import suppress
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from threading import Timer
from typing import IO
from urllib.parse import quote, unquote, urljoin, urlsplit, urlunsplit

from relations_kg.engines.limits import LONGEST, too_large
from relations_kg.errors import InputError, QueryError, QueryTimeout, RelationsError
from relations_kg.rdf.terms import printable

_MOVED = (301, 302, 303, 307, 308)
_MOST_MOVES = 5
_PORTS = {"http": 80, "https": 443}
# What servers say in their own words when a query took them too long.
_TOO_LONG = re.compile(r"(?i)time[ -]?(d[ -]?)?out|S1T00|cancelled")


class Answer:
    """An answer that is read while it comes in; `type` is its media type, in lower case."""

    def __init__(
        self, response: HTTPResponse, where: str, owner: Connection, alarm: _Alarm
    ) -> None:
        self.status = response.status
        self.headers = response.headers
        self.type = response.headers.get_content_type()
        self._response = response
        self._where = where
        self._owner = owner
        self._alarm = alarm
        self._over = False
        # The number of bytes that may still come.
        self.left = LONGEST

    def read(self, size: int = -1) -> bytes:
        """Read some bytes, none at the end.

        Raises InputError for an answer that breaks off, and QueryError for one that is too large.
        """
        response = self._response
        if size < 0:
            return b"".join(iter(lambda: self.read(1 << 20), b""))
        try:
            data = response.read(size)
            whole = bool(data) or size == 0 or not response.length
        except (HTTPException, OSError, ValueError):
            data, whole = b"", False
        if self._alarm.rung:
            raise self._alarm.error(self._where)
        if not whole:
            self.close()
            raise InputError("the answer breaks off", where=self._where, help="ask again")
        self.left -= len(data)
        if self.left < 0:
            self.close()
            raise too_large(where=self._where)
        if response.isclosed() and not self._over:
            self._over = True
            self._alarm.stop()
            if not response.will_close:
                self._owner.keep(self._alarm.connection)
        return data

    def close(self) -> None:
        """Leave the rest of the answer unread."""
        if not self._over:
            self._over = True
            self._alarm.stop()
            self._alarm.connection.close()
            self._response.close()

    def __del__(self) -> None:
        self.close()


class _Alarm:
    """Break a connection off when an answer takes too long, however slowly it drips."""

    def __init__(self, connection: HTTPConnection, seconds: float | None) -> None:
        self.connection = connection
        self.rung = False
        self._seconds = seconds
        # With "Connection: close" only the response still knows it.
        self._socket = connection.sock
        self._timer = Timer(seconds, self._ring) if seconds is not None else None
        if self._timer:
            self._timer.daemon = True
            self._timer.start()

    def _ring(self) -> None:
        self.rung = True
        with suppress(OSError):
            socket.socket.shutdown(self._socket, socket.SHUT_RDWR)

    def stop(self) -> None:
        if self._timer:
            self._timer.cancel()

    def error(self, where: str) -> QueryTimeout:
        self.connection.close()
        return QueryTimeout(f"no answer within {self._seconds:g} seconds", where=where)


class Connection:
    """Send requests to one server, on connections that are kept for the next one.

    A name and a password in the URL are sent as Basic authorization. Redirects are followed on
    the same host only, so that nothing that is sent ends up with another.
    """

    def __init__(
        self,
        url: str,
        *,
        authorization: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        try:
            parts = urlsplit(url)
            known = parts.scheme in _PORTS and parts.hostname and (parts.port or True)
        except ValueError:
            known = False
        if not known or re.search(r"[\s\x00-\x1f\x7f]", url):
            shown = printable(re.sub(r"//[^/@]*@", "//", url))
            raise InputError(
                f"{shown!r} is not the address of a server",
                help="write it like http://127.0.0.1:7878/query",
            )
        if parts.username is not None and authorization is None:
            pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
            authorization = "Basic " + b64encode(pair.encode()).decode()
        host = parts.netloc.rpartition("@")[2]
        self.url = urlunsplit((parts.scheme, host, parts.path or "/", parts.query, ""))
        self._headers = {"User-Agent": "relations-kg", **(headers or {})}
        if authorization:
            self._headers["Authorization"] = authorization
        for name, text in self._headers.items():
            if not re.fullmatch(r"[!-~]+", name) or not re.fullmatch(r"[ -~]*", text):
                raise InputError(f"the header {printable(name)!r} has characters that none may")
        self._idle: dict[tuple[str, int], list[HTTPConnection]] = {}

    def __del__(self) -> None:
        for idle in getattr(self, "_idle", {}).values():
            for connection in idle:
                connection.close()

    def keep(self, connection: HTTPConnection) -> None:
        """Keep a connection whose answer has been read for the next request."""
        self._idle.setdefault((connection.host, connection.port), []).append(connection)

    def send(
        self,
        method: str,
        url: str,
        body: bytes | IO[bytes] | None = None,
        headers: Mapping[str, str] | None = None,
        *,
        timeout: float | None,
        wait: float = 60,
    ) -> Answer:
        """Send a request; return the answer, whatever its status says.

        The whole answer may take `timeout` seconds, and each part of it `wait`. Raises
        InputError for a server that cannot be reached or does not speak HTTP, and QueryTimeout.
        """
        headers = {**self._headers, **(headers or {})}
        for _ in range(_MOST_MOVES):
            answer = self._exchange(method, url, body, headers, timeout, wait)
            target = answer.headers.get("Location")
            if answer.status not in _MOVED or target is None:
                return answer
            answer.close()
            moved = urljoin(url, quote(target, safe="%/:=&?~#+!$,;'@()*[]"))
            if not _same_host(url, moved):
                raise InputError(
                    "redirects to another host", where=_place(url), help=f"name {moved} itself"
                )
            url = moved
            if answer.status == 303:
                method, body = "GET", None
        raise InputError("redirects in a circle", where=_place(url))

    def _exchange(
        self,
        method: str,
        url: str,
        body: bytes | IO[bytes] | None,
        headers: Mapping[str, str],
        timeout: float | None,
        wait: float,
    ) -> Answer:
        parts = urlsplit(url)
        fresh = _new(parts.scheme, parts.netloc)
        idle = self._idle.setdefault((fresh.host, fresh.port), [])
        target = urlunsplit(("", "", parts.path or "/", parts.query, ""))
        length = {} if body is None else {"Content-Length": str(_length(body))}
        while True:
            try:
                connection = idle.pop()
                used = True
            except IndexError:
                connection = fresh
                used = False
            alarm = None
            try:
                connection.timeout = wait if timeout is None else min(wait, timeout)
                if connection.sock is None:
                    connection.connect()
                connection.sock.settimeout(connection.timeout)
                alarm = _Alarm(connection, timeout)
                if body is not None and not isinstance(body, bytes):
                    body.seek(0)
                connection.request(method, target, body, {**headers, **length})
                response = connection.getresponse()
                # A connection that is broken off reads like the end of the headers.
                if alarm.rung:
                    response.close()
                    raise TimeoutError
                return Answer(response, _place(url), self, alarm)
            except (HTTPException, OSError, ValueError) as error:
                connection.close()
                if alarm:
                    alarm.stop()
                    if alarm.rung:
                        raise alarm.error(_place(url)) from None
                # A server may close a connection that it kept; nothing came of the request then.
                if used and isinstance(error, ConnectionError):
                    continue
                raise _unreachable(error, _place(url), connection.timeout) from None
            except BaseException:
                connection.close()
                if alarm:
                    alarm.stop()
                raise


def refusal(answer: Answer, where: str) -> RelationsError:
    """Say what a server means by a status that is no success, with its own words shortened."""
    try:
        text = answer.read(4096).decode(errors="replace")
    except RelationsError:
        text = ""
    answer.close()
    if answer.type == "text/html":
        text = re.sub(r"(?is)<(script|style|head)\b.*?</\1>|<[^>]*>", " ", text)
    said = " ".join(printable(text).split())
    said = said if len(said) <= 200 else said[:199] + "…"
    match answer.status:
        case 401 | 403 | 407:
            return InputError(
                f"does not let us in (HTTP {answer.status})" + (f": {said}" if said else ""),
                where=where,
                help="give the authorization that it asks for",
            )
        case 404 | 405 | 415 | 501:
            return InputError(
                f"there is no such service (HTTP {answer.status})",
                where=where,
                help="name the address of the server's SPARQL endpoint",
            )
        case 400:
            return QueryError(f"the server refuses the query: {said}", where=where)
    if answer.status in (408, 504) or _TOO_LONG.search(said):
        return QueryTimeout(f"the server gave up (HTTP {answer.status}): {said}", where=where)
    return InputError(f"the server failed (HTTP {answer.status}): {said}", where=where)


def _new(scheme: str, netloc: str) -> HTTPConnection:
    return (HTTPSConnection if scheme == "https" else HTTPConnection)(netloc)


def _length(body: bytes | IO[bytes]) -> int:
    return len(body) if isinstance(body, bytes) else body.seek(0, 2)


def _same_host(url: str, moved: str) -> bool:
    """Tell whether a request may follow: the same host, and never from https back to http."""
    try:
        old, new = urlsplit(url), urlsplit(moved)
        old_port, new_port = (p.port or _PORTS.get(p.scheme) for p in (old, new))
    except ValueError:
        return False
    if old.hostname != new.hostname or "@" in new.netloc:
        return False
    if (old.scheme, new.scheme) == ("http", "https"):
        return new_port == _PORTS["https"]
    return old.scheme == new.scheme and old_port == new_port


def _place(url: str) -> str:
    return urlunsplit(urlsplit(url)._replace(query="", fragment=""))


def _unreachable(error: Exception, where: str, seconds: float | None) -> RelationsError:
    if isinstance(error, TimeoutError):
        return QueryTimeout(f"no answer within {seconds:g} seconds", where=where)
    if isinstance(error, HTTPException) and not isinstance(error, ConnectionError):
        return InputError("does not speak HTTP", where=where, help="check the address")
    reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
    return InputError(f"cannot be reached: {reason}", where=where, help="is the server running?")
