"""The SPARQL 1.1 Protocol, its Service Description, and reading by the Graph Store Protocol."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Coroutine
from hashlib import sha256
from typing import Any, NamedTuple, TypeVar
from urllib.parse import unquote_to_bytes

from pyoxigraph import NamedNode
from starlette.requests import ClientDisconnect, Request
from starlette.responses import RedirectResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from relations_kg.engines import guard
from relations_kg.web.answering import ROWS, TRIPLES, Question
from relations_kg.web.application import Site, is_known, reply, sent
from relations_kg.web.negotiation import preferred
from relations_kg.web.problems import Problem
from relations_kg.web.service import describe

T = TypeVar("T")

_FORM, _QUERY = "application/x-www-form-urlencoded", "application/sparql-query"
_UPDATE = "application/sparql-update"
_GRAPH = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"
# Of a form three characters may stand for one byte.
_LONGEST = 4 * guard.LONGEST
_LONGEST_IRI, _MOST_PARAMETERS = 2_000, 500
# Up to so many bytes are read at once.
_AT_ONCE = 1 << 14
# These have another answer each time.
_CHANGING = re.compile(r"(?i)\b(?:rand|now|uuid|struuid|bnode)\s*\(")
_BAD_ESCAPE = re.compile(rb"%(?![0-9A-Fa-f]{2})")

Parameters = list[tuple[str, str]]


def routes(site: Site) -> list[BaseRoute]:
    """Return the routes of the endpoint and of the graph store."""

    async def sparql(request: Request) -> Response:
        content = await _content(request)
        asked = await _apart(len(content), _asked, site, request, content)
        return asked if isinstance(asked, Response) else await _answer(site, request, asked)

    async def graph_store(request: Request) -> Response:
        _, triples = _accepted(request)
        if triples is None:
            raise _unacceptable(request, TRIPLES)
        default = _graph(site, request)
        question = Question(_GRAPH, None, triples, default)
        return await _answer(site, request, _Asked.of(site, question), whole=True)

    return [
        Route("/sparql", sparql, methods=["GET", "POST"]),
        Route("/graph-store", graph_store, methods=["GET"]),
    ]


class _Asked(NamedTuple):
    """A question, whether it has the same answer each time, and the entity tag of that."""

    question: Question
    stays: bool
    etag: str

    @classmethod
    def of(cls, site: Site, question: Question) -> _Asked:
        tag = sha256(f"{site.fingerprint} {question!r}".encode()).hexdigest()[:32]
        return cls(question, not _CHANGING.search(question.sparql), f'W/"{tag}"')


async def _apart(size: int, work: Callable[..., T], *parts: Any) -> T:
    """Do some work on so many bytes, in a thread if others would notice how long it takes."""
    return work(*parts) if size < _AT_ONCE else await asyncio.to_thread(work, *parts)


def _asked(site: Site, request: Request, content: bytes) -> _Asked | Response:
    """Read a request; return what it asks, or the description of the service."""
    parameters = _parameters(request, content)
    if request.method != "POST" and not parameters:
        return _description(site, request)
    return _Asked.of(site, _question(request, parameters))


async def _answer(site: Site, request: Request, asked: _Asked, *, whole: bool = False) -> Response:
    question, stays, etag = asked
    headers = {"Vary": "Accept", "Cache-Control": "no-cache" if stays else "no-store"}
    if stays and request.method != "POST":
        headers["ETag"] = etag
        if is_known(request, etag):
            return Response(None, 304, headers)
    answer = site.pool.known(question)
    if answer is None:
        work = site.pool.others(question, keep=stays, whole=whole)
        answer = await _unless_left(request, work)
    if not whole:
        headers["Relations-KG-Limits"] = f"rows={site.pool.rows}, seconds={site.pool.timeout:g}"
    if answer.head.cut:
        headers["Relations-KG-Truncated"] = f"rows={answer.head.cut}"
    if isinstance(answer.content, bytes):
        return sent(answer.content, 200, headers, answer.head.media_type)
    return StreamingResponse(answer.content, 200, headers, answer.head.media_type)


async def _unless_left(request: Request, work: Coroutine[Any, Any, T]) -> T:
    """Wait for some work, and give it up when the client is gone."""

    async def left() -> None:
        while (await request.receive())["type"] != "http.disconnect":
            pass

    working, leaving = asyncio.ensure_future(work), asyncio.ensure_future(left())
    try:
        await asyncio.wait((working, leaving), return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            raise ClientDisconnect
        return working.result()
    finally:
        working.cancel()
        leaving.cancel()


def _question(request: Request, parameters: Parameters) -> Question:
    named = dict.fromkeys(name for name, _ in parameters)
    if "update" in named:
        raise Problem(403, "this asks for an update", "the graph is read-only: ask with query=…")
    queries = [value for name, value in parameters if name == "query"]
    if len(queries) != 1:
        number = len(queries) or "no"
        raise Problem(400, f"there are {number} queries in the request", "send one: query=…")
    if len(queries[0]) > guard.LONGEST:
        raise _too_large()
    rows, triples = _accepted(request)
    if rows is None and triples is None:
        raise _unacceptable(request, ROWS | TRIPLES)
    graphs = [_graphs(parameters, f"{kind}-graph-uri") for kind in ("default", "named")]
    if not any(graphs):
        return Question(queries[0], rows, triples)
    return Question(queries[0], rows, triples, *graphs)


def _graphs(parameters: Parameters, name: str) -> tuple[str, ...]:
    return tuple(_iri(name, value) for known, value in parameters if known == name)


def _iri(name: str, value: str) -> str:
    if len(value) > _LONGEST_IRI:
        help = f"an IRI may have {_LONGEST_IRI:,}"
        raise Problem(413, f"{name} has {len(value):,} characters", help)
    try:
        return NamedNode(value).value
    except ValueError as error:
        message = f"{name} is no absolute IRI: {error}"
        raise Problem(400, message, "write it as http://…, percent-encoded") from None


def _graph(site: Site, request: Request) -> tuple[str, ...] | None:
    """Return the graph that a request to the graph store names, None for the default one."""
    parameters = _decoded(request.scope["query_string"])
    match parameters:
        case [("default", "")]:
            return None
        case [("graph", value)]:
            graph = _iri("graph", value)
            if NamedNode(graph) not in list(site.graph.store.named_graphs()):
                known = ", ".join(sorted(str(each) for each in site.graph.store.named_graphs()))
                raise Problem(404, f"there is no graph {value}", f"there are {known}")
            return (graph,)
    raise Problem(400, "the request names no graph", "ask for ?default or for one with ?graph=IRI")


def _parameters(request: Request, content: bytes) -> Parameters:
    """Return what is asked, in the address and in what was sent."""
    parameters = _decoded(request.scope["query_string"])
    if request.method != "POST":
        return parameters
    kind, _, more = request.headers.get("content-type", "").partition(";")
    kind = kind.strip().lower()
    charset = re.search(r"charset\s*=\s*\"?([\w-]+)", more)
    if kind == _UPDATE:
        raise Problem(403, "this is an update", "the graph is read-only: ask with a query")
    if kind not in (_FORM, _QUERY) or (charset and charset[1].lower() not in ("utf-8", "us-ascii")):
        help = f"send {_QUERY} or {_FORM}, in UTF-8"
        raise Problem(
            415, f"{kind or 'untyped'} content", help, {"Accept-Post": f"{_QUERY}, {_FORM}"}
        )
    if kind == _FORM:
        return parameters + _decoded(content)
    return [*parameters, ("query", _text(content))]


async def _content(request: Request) -> bytes:
    if request.method != "POST":
        return b""
    length = request.headers.get("content-length", "0")
    if length.isdigit() and int(length) > _LONGEST:
        raise _too_large()
    content = bytearray()
    async for piece in request.stream():
        content += piece
        if len(content) > _LONGEST:
            raise _too_large()
    return bytes(content)


def _decoded(content: bytes) -> Parameters:
    """Read a form; raise Problem for what is not written as forms are, or is too much."""
    if content.count(b"&") >= _MOST_PARAMETERS:
        raise Problem(413, "there are too many parameters", f"send at most {_MOST_PARAMETERS}")
    if bad := _BAD_ESCAPE.search(content):
        place = content[bad.start() : bad.start() + 3].decode("latin-1")
        raise Problem(400, f"{place!r} is no percent-encoding", "write % itself as %25")
    pairs = (each.replace(b"+", b" ").partition(b"=") for each in content.split(b"&") if each)
    return [(_text(unquote_to_bytes(k)), _text(unquote_to_bytes(v))) for k, _, v in pairs]


def _text(content: bytes) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        message = f"what was sent is not UTF-8 from byte {error.start} on"
        raise Problem(400, message, "encode the query in UTF-8") from None


def _accepted(request: Request) -> tuple[str | None, str | None]:
    accept = ", ".join(request.headers.getlist("accept"))
    return preferred(accept, list(ROWS)), preferred(accept, list(TRIPLES))


def _unacceptable(request: Request, known: dict[str, Any]) -> Problem:
    accept = request.headers.get("accept")
    return Problem(406, f"there is nothing of {accept!r}", f"accept one of {', '.join(known)}")


def _too_large() -> Problem:
    help = f"a query may have {guard.LONGEST:,} characters"
    return Problem(413, "this is too long for a query", help)


def _description(site: Site, request: Request) -> Response:
    accept = ", ".join(request.headers.getlist("accept"))
    offered = [*TRIPLES, *(["text/html"] if site.editor else [])]
    found = preferred(accept, offered)
    if found == "text/html":
        assert site.editor is not None
        return RedirectResponse(site.editor, 303, {"Vary": "Accept"})
    if found is None:
        raise _unacceptable(request, TRIPLES)
    content = describe(site, str(request.url.replace(query="", fragment="")), found)
    return reply(request, content, found, headers={"Vary": "Accept"})
