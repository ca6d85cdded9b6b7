"""HTTP requests to one server, with limits on the time and on the size of the response."""

from __future__ import annotations

import re
import ssl
import sys
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from io import BytesIO
from typing import IO
from urllib.parse import SplitResult, quote, unquote, urljoin, urlsplit, urlunsplit
from weakref import finalize

import httpcore

from relations_kg.engines.deadlines import Backend, Exchange
from relations_kg.engines.limits import LONGEST, too_large
from relations_kg.errors import InputError, QueryError, QueryTimeout, RelationsError
from relations_kg.rdf.spelling import counted
from relations_kg.rdf.terms import printable

_REDIRECTS = (301, 302, 303, 307, 308)
_MOST_REDIRECTS = 5
_PORTS = {"http": 80, "https": 443}
# The seconds for which an idle connection is kept. Servers close idle connections after five
# seconds or more, and a request sent at that moment would be lost.
_KEPT = 2
# The number of bytes that are read of an error response.
_LONGEST_ERROR = 4096
_PIECE = 1 << 16
# The ASCII characters of an address that are not percent-encoded.
_SAFE = "%/:=&?~+!$,;'@()*[]"
# Matches the messages by which servers report that a query took too long.
_TOO_LONG = re.compile(
    r"(?i)time[ -]?(d[ -]?)?out|S1T00|time limit|deadline|QueryCancelledException"
    r"|\b(query|operation|execution)( was| has been)? cancell?ed\b"
)


@dataclass(frozen=True)
class Answer:
    """An HTTP response: its URL without the query string, its headers by lower-case name."""

    url: str
    status: int
    headers: Mapping[str, str]
    content: bytes = b""

    @property
    def type(self) -> str:
        """The media type, in lower case and without parameters, or "no media type"."""
        type = self.headers.get("content-type", "").partition(";")[0].strip().lower()
        return type or "no media type"

    @property
    def succeeded(self) -> bool:
        """Whether the status is 2xx."""
        return 200 <= self.status < 300

    def error(self) -> RelationsError:
        """Return the error for an unsuccessful status, with the server's message shortened."""
        text = self.content[:_LONGEST_ERROR].decode(errors="replace")
        if self.type == "text/html":
            text = re.sub(r"(?is)<(script|style|head)\b.*?</\1>|<[^>]*>", " ", text)
        words = " ".join(printable(text).split())
        words = words if len(words) <= 200 else words[:199] + "…"
        status, help = f"HTTP {self.status}", None
        kind: type[RelationsError] = InputError
        if self.status in (401, 403, 407):
            message = f"access denied ({status})" + (f": {words}" if words else "")
            help = "give the authorization that the server asks for"
        elif self.status in (404, 405, 415, 501):
            message = f"there is no such service ({status})"
            help = "name the address of the server's SPARQL endpoint"
        elif self.status == 400:
            kind, message = QueryError, f"the server refuses the query: {words}"
        elif self.status in (408, 504) or _TOO_LONG.search(words):
            kind, message = QueryTimeout, f"the server timed out ({status}): {words}"
        else:
            message = f"the server failed ({status}): {words}"
        return kind(message, where=self.url, help=help)


class Connection:
    """Requests to one server, on connections that are kept for the next request.

    A name and a password in the URL are sent as Basic authorization, unless `authorization` is
    given. Redirects are followed on the same host only, so that no other host gets the
    authorization. No proxy is used.
    """

    def __init__(
        self,
        url: str,
        *,
        authorization: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        parts = _split(url)
        if parts is None or re.search(r"[\s\x00-\x1f\x7f\ud800-\udfff]", url):
            shown = printable(re.sub(r"//[^/@]*@", "//", url))
            help = "write it like http://127.0.0.1:7878/query"
            raise InputError(f"{shown!r} is not the address of a server", help=help)
        self.url = _ascii(parts)
        self._headers = {"User-Agent": "relations-kg", **(headers or {})}
        if authorization or parts.username is not None:
            pair = f"{unquote(parts.username or '')}:{unquote(parts.password or '')}"
            basic = f"Basic {b64encode(pair.encode()).decode()}"
            self._headers["Authorization"] = authorization or basic
        for name, text in self._headers.items():
            if not re.fullmatch(r"[!-~]+", name) or not re.fullmatch(r"[ -~]*", text):
                raise InputError(f"the header {printable(name)!r} has a forbidden character")
        self._exchange = Exchange()
        self._pool = httpcore.ConnectionPool(
            ssl.create_default_context() if parts.scheme == "https" else None,
            max_connections=sys.maxsize,
            keepalive_expiry=_KEPT,
            network_backend=Backend(self._exchange),
        )
        # A finalizer runs before the sockets are freed, even if all are part of one cycle.
        finalize(self, self._pool.close)

    def send(
        self,
        method: str,
        url: str,
        body: bytes | IO[bytes] = b"",
        headers: Mapping[str, str] | None = None,
        *,
        timeout: float | None,
        wait: float = 60,
        longest: int | None = LONGEST,
    ) -> Answer:
        """Send a request and return the response, whatever its status.

        The whole exchange may take `timeout` seconds. If `timeout` is None, each read and write may
        take `wait` seconds. The body is not read if `longest` is None. Raises InputError if the
        server cannot be reached, does not answer in HTTP, breaks off its answer, or redirects to
        another host or too often; QueryTimeout if it takes too long; and QueryError if the body of
        a successful answer has more than `longest` bytes.
        """
        headers = {**self._headers, "Accept-Encoding": "identity", **(headers or {})}
        self._exchange.begin(timeout, wait)
        for _ in range(_MOST_REDIRECTS + 1):
            answer = self._send(method, url, body, headers, longest)
            target = answer.headers.get("location")
            if answer.status not in _REDIRECTS or target is None:
                return answer
            moved = urljoin(url, quote(target, safe=_SAFE + "#"))
            if not _same_host(url, moved):
                help = f"name {moved} itself"
                raise InputError("redirects to another host", where=answer.url, help=help)
            url = moved.partition("#")[0]
            if answer.status == 303:
                method, body = "GET", b""
        message = f"redirects more than {_MOST_REDIRECTS} times"
        raise InputError(message, where=answer.url, help="name the address to which it leads")

    def _send(
        self,
        method: str,
        url: str,
        body: bytes | IO[bytes],
        headers: dict[str, str],
        longest: int | None,
    ) -> Answer:
        where = urlunsplit(urlsplit(url)._replace(query=""))
        if method != "GET":
            size = len(body) if isinstance(body, bytes) else body.seek(0, 2)
            headers = {**headers, "Content-Length": str(size)}
        content = body if isinstance(body, bytes) else _pieces(body)
        reading = False
        try:
            sent = [*headers.items()]
            with self._pool.stream(method, url, headers=sent, content=content) as response:
                reading = True
                named = {k.decode().lower(): v.decode("latin-1") for k, v in response.headers}
                answer = Answer(where, response.status, named)
                if longest is None:
                    return answer
                return replace(answer, content=_content(response.iter_stream(), answer, longest))
        except httpcore.TimeoutException:
            message = f"no answer within {counted(self._exchange.seconds, 'second')}"
            raise QueryTimeout(message, where=where) from None
        except (httpcore.NetworkError, httpcore.ProtocolError) as error:
            if reading:
                message = "the answer is incomplete"
                raise InputError(message, where=where, help="ask again") from None
            if isinstance(error, httpcore.ProtocolError) and self._exchange.answered:
                help = "check the address"
                raise InputError("does not answer in HTTP", where=where, help=help) from None
            reason = getattr(error.__cause__, "strerror", None) or error
            help = "is the server running?"
            if "WRONG_VERSION_NUMBER" in f"{error}":
                help = f"if the server uses HTTP, write http{where.removeprefix('https')}"
            raise InputError(f"cannot be reached: {reason}", where=where, help=help) from None


def _content(pieces: Iterable[bytes], answer: Answer, longest: int) -> bytes:
    """Return the body of a response, or the start of the body of an error."""
    content = BytesIO()
    for piece in pieces:
        content.write(piece)
        if content.tell() > _LONGEST_ERROR and not answer.succeeded:
            break
        if content.tell() > longest:
            raise too_large(longest, where=answer.url)
    # BytesIO.getvalue shares the memory; converting a bytearray to bytes would copy it.
    return content.getvalue()


def _pieces(body: IO[bytes]) -> Iterator[bytes]:
    body.seek(0)
    return iter(lambda: body.read(_PIECE), b"")


def _split(url: str) -> SplitResult | None:
    """Return the parts of an HTTP address with a host, or None."""
    try:
        parts = urlsplit(url)
        usable = parts.scheme in _PORTS and parts.hostname and (parts.port or True)
    except ValueError:
        return None
    return parts if usable else None


def _ascii(parts: SplitResult) -> str:
    """Return an address as it is sent: in ASCII, without user and fragment."""
    host = parts.netloc.rpartition("@")[2]
    try:
        host = host if host.isascii() else host.encode("idna").decode()
    except UnicodeError:
        raise InputError(f"{printable(host)!r} is not the name of a host") from None
    path, query = (quote(part, safe=_SAFE) for part in (parts.path or "/", parts.query))
    return urlunsplit((parts.scheme, host, path, query, ""))


def _same_host(url: str, moved: str) -> bool:
    """Return whether a redirect may be followed: to the same scheme, host and port.

    It may also lead from http to the port 443 of https on the same host.
    """
    old, new = _split(url), _split(moved)
    if old is None or new is None or old.hostname != new.hostname or "@" in new.netloc:
        return False
    old_port, new_port = (parts.port or _PORTS[parts.scheme] for parts in (old, new))
    if (old.scheme, new.scheme) == ("http", "https"):
        return new_port == _PORTS["https"]
    return old.scheme == new.scheme and old_port == new_port
