"""The application: the graph as a place on the web, put together from the parts of this package.

Each part is a module with `routes(site) -> list[Route]`. A route's endpoint takes a request and
answers with `reply`, which knows of entity tags; what goes wrong it raises as one of the project's
errors or as `Problem`, which become problem+json, or a page where `site.page_of_problem` is set.
All there is is read-only, and what is said of every answer (security, CORS, compression) is said
here. What a part keeps for later it keeps in its own closure, made once in `routes`.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from hashlib import sha256
from importlib import import_module
from os.path import basename
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import BaseRoute, Mount

from relations_kg.errors import RelationsError
from relations_kg.web.bounds import Bounds
from relations_kg.web.manners import Manners
from relations_kg.web.problems import Problem

if TYPE_CHECKING:
    from relations_kg.answers.queries import StoredQuery
    from relations_kg.graph.graph import Graph
    from relations_kg.web.pool import Pool

# In the order in which they are asked for their routes; the first that fits a path has it.
_PARTS = ("protocol", "resources", "questions", "pages")


_PIECE = 1 << 18


@dataclass
class Site:
    """Hold what the parts share: the graph, what tells it from others, where it is, its workers.

    `base` is the path under which all is found, "/" or "/name/". `fingerprint` changes whenever
    the graph or this software does: entity tags are made from it.
    """

    graph: Graph
    base: str
    fingerprint: str
    pool: Pool
    # Set by `pages`: what a browser gets instead of problem+json, and the address of the editor.
    page_of_problem: Callable[[Request, Problem], Response] | None = None
    editor: str | None = None
    # Set by `pages` too: the page of a stored query, with its form and its answer, or of all.
    page_of_question: Callable[[Request, StoredQuery | None], Response] | None = None

    def address(self, path: str) -> str:
        """Return the address, on this host, of a path written from the root: "id/peru"."""
        return self.base + path.lstrip("/")


def application(
    graph: Graph,
    *,
    base: str = "/",
    timeout: float = 60.0,
    hosts: Collection[str] | None = None,
    origins: Collection[str] | None = None,
) -> Starlette:
    """Return the application that serves a graph; untrusted queries have so many seconds each.

    The graph must not change: answers are cached. Only requests for one of `hosts` are answered,
    where these are given. Pages of other sites may read the answers if their origin is one of
    `origins`, or that is "*"; without `origins`, any may read a graph that is published, and none
    another one.
    """
    if origins is None:
        origins = ("*",) if graph.is_published else ()
    from relations_kg.web.pool import Pool

    if not base.endswith("/"):
        base += "/"
    summary = graph.summary()
    mark = sha256(f"{summary.fingerprint} {summary.versions}".encode()).hexdigest()[:32]
    site = Site(graph, base, mark, Pool(graph.store, timeout=timeout))
    routes: list[BaseRoute] = []
    for name in _PARTS:
        routes += import_module(f"relations_kg.web.{name}").routes(site)

    def problem(request: Request, error: Exception) -> Response:
        if isinstance(error, RelationsError):
            error = Problem.of(error)
        elif not isinstance(error, Problem):
            if isinstance(error, HTTPException):
                error = Problem(error.status_code, error.detail, headers=error.headers)
            elif isinstance(error.__cause__, HTTPException):
                # The answer had begun: it is broken off, as for a client that reads too slowly.
                return Response(status_code=499)
            else:
                _tell(request, error)
                error = Problem(500, "this is a mistake of ours")
        if site.page_of_problem and "text/html" in request.headers.get("accept", ""):
            return site.page_of_problem(request, error)
        headers = dict(error.headers or {})
        return Response(error.to_json(), error.status_code, headers, "application/problem+json")

    async def left(request: Request, error: Exception) -> Response:
        return Response(status_code=499)

    return Starlette(
        routes=routes if base == "/" else [Mount(base.rstrip("/"), routes=routes)],
        exception_handlers={
            ClientDisconnect: left,
            HTTPException: problem,
            RelationsError: problem,
            Exception: problem,
        },
        middleware=[
            Middleware(Manners, origins=origins),
            Middleware(Bounds, hosts=hosts),
            Middleware(GZipMiddleware, compresslevel=5),
        ],
    )


def _tell(request: Request, error: Exception) -> None:
    place = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{basename(place.filename)}:{place.lineno}"
    message = f"{request.url.path}: {type(error).__name__}: {error}; this is a mistake, at {where}"
    logging.getLogger("relations_kg").error(message)


def reply(
    request: Request,
    content: bytes | str,
    media_type: str,
    *,
    tag: str | None = None,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Answer with some content, or with 304 to those who have it already.

    The `tag` is what the content is told by; without it, by its bytes.
    """
    body = content.encode() if isinstance(content, str) else content
    etag = f'W/"{tag or sha256(body).hexdigest()[:32]}"'
    shown = {"ETag": etag, "Cache-Control": "no-cache", **(headers or {})}
    if status == 200 and is_known(request, etag):
        return Response(None, 304, shown)
    return sent(body, status, shown, media_type)


def sent(body: bytes, status: int, headers: Mapping[str, str], media_type: str) -> Response:
    """Return a response that is compressed in pieces, between which others are served."""
    if len(body) <= _PIECE:
        return Response(body, status, headers, media_type)
    pieces = (body[start : start + _PIECE] for start in range(0, len(body), _PIECE))
    headers = {**headers, "Content-Length": str(len(body))}
    return StreamingResponse(pieces, status, headers, media_type)


def is_known(request: Request, etag: str) -> bool:
    """Tell whether the client has already what an entity tag stands for."""
    known = request.headers.get("if-none-match", "")
    return known.strip() == "*" or etag in (each.strip() for each in known.split(","))
