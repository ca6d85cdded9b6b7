"""The web application: pages, linked data, stored queries and the SPARQL endpoint of a graph.

Everything is read-only. Endpoints raise the project's errors or `Problem`, which become a page for
browsers and problem+json for other clients.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Collection
from os.path import basename

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount

from relations_kg.errors import RelationsError
from relations_kg.graph.graph import Graph
from relations_kg.web import linked_data, page_routes, query_api, sparql_protocol
from relations_kg.web.middleware import RequestLimits, SecurityHeaders
from relations_kg.web.problems import Problem
from relations_kg.web.responses import accepted
from relations_kg.web.site import Site

# The media types of an error; the first is the default.
_PROBLEMS = ("application/problem+json", "application/json", "text/html")


def application(
    graph: Graph,
    *,
    base: str = "/",
    timeout: float = 60.0,
    hosts: Collection[str] | None = None,
    origins: Collection[str] | None = None,
) -> Starlette:
    """Return the application that serves a graph, which must not change since answers are cached.

    `timeout` is in seconds, for each untrusted query. If `hosts` are given, requests for other
    hosts are refused. Pages of other sites may read the answers if `origins` contains their origin
    or "*". By default any site may read the published graph, but no site may read any other graph.
    """
    if origins is None:
        origins = ("*",) if graph.is_published else ()
    site = Site.of(graph, base if base.endswith("/") else f"{base}/", timeout)
    routes: list[BaseRoute] = [
        route
        for part in (sparql_protocol, linked_data, query_api, page_routes)
        for route in part.routes(site)
    ]

    def problem(request: Request, error: Exception) -> Response:
        if isinstance(error, RelationsError):
            error = Problem.of(error)
        elif not isinstance(error, Problem):
            if isinstance(error, HTTPException):
                detail, help = error.detail, None
                if error.status_code == 404:
                    detail, help = f"there is no page {request.url.path}", f"begin at {site.base}"
                elif error.status_code == 405:
                    allowed = (error.headers or {}).get("Allow", "GET")
                    detail = f"{request.method} is not possible here"
                    help = f"use {' or '.join(sorted(allowed.split(', ')))}"
                error = Problem(error.status_code, detail, help, headers=error.headers)
            elif isinstance(error.__cause__, HTTPException):
                # A part of the response has been sent, so the error cannot become a response.
                return Response(status_code=499)
            else:
                _log(request, error)
                error = Problem(500, "internal error in relations-kg")
        if accepted(request, _PROBLEMS) == "text/html":
            response = page_routes.problem_page(site, error, request.url.path)
        else:
            headers = dict(error.headers or {})
            response = Response(error.to_json(), error.status_code, headers, _PROBLEMS[0])
        response.headers.add_vary_header("Accept")
        return response

    async def disconnected(request: Request, error: Exception) -> Response:
        return Response(status_code=499)

    return Starlette(
        routes=routes if site.base == "/" else [Mount(site.base.rstrip("/"), routes=routes)],
        exception_handlers={
            ClientDisconnect: disconnected,
            HTTPException: problem,
            RelationsError: problem,
            Exception: problem,
        },
        middleware=[
            Middleware(SecurityHeaders, origins=origins),
            Middleware(RequestLimits, hosts=hosts),
            Middleware(GZipMiddleware, compresslevel=5),
        ],
    )


def _log(request: Request, error: Exception) -> None:
    place = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{basename(place.filename)}:{place.lineno}"
    message = f"{request.url.path}: internal error at {where}: {type(error).__name__}: {error}"
    logging.getLogger("relations_kg").error(message)
