"""The pages of the server: what a browser asks for, and what it gets."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from pyoxigraph import (
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    parse,
    parse_query_results,
)
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from relations_kg.answers.rows import Rows, Triples
from relations_kg.errors import RelationsError
from relations_kg.rdf import dates
from relations_kg.rdf.namespaces import SOURCE
from relations_kg.web import articles, asking, submissions
from relations_kg.web.addresses import Addresses, iri_of
from relations_kg.web.answering import Question
from relations_kg.web.application import Site, reply
from relations_kg.web.dress import Dress, media_type, static
from relations_kg.web.problems import Problem

if TYPE_CHECKING:
    from relations_kg.answers.queries import StoredQuery

_HTML = "text/html"
# The editor sets the style of what it draws.
_EDITOR_POLICY = (
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "object-src 'none'; base-uri 'none'; frame-ancestors 'none'"
)
_EXAMPLE = """\
SELECT ?visit ?visitor ?when
WHERE {
  ?visit a rkg:Visit ; rkg:visitor ?visitor ; rkg:when ?when .
}
ORDER BY ?when ?visit ?visitor
"""
_KEPT, _LONGEST_WORDS, _LONGEST_ANSWER = 256, 200, 8 << 20


def routes(site: Site) -> list[Route]:
    """Make the routes of the pages, and let the other parts answer with pages."""
    pages = _Pages(site)
    site.page_of_problem = pages.problem
    site.page_of_question = pages.question
    site.editor = pages.dress.addresses.page("query")
    return [
        Route("/", pages.shown(articles.overview)),
        Route("/things", pages.shown(articles.index)),
        Route("/thing/{name:path}", pages.shown(articles.thing, iri_of)),
        Route("/timeline/{name}", pages.shown(articles.relationship, iri_of)),
        Route("/timeline/{name}/{kind}", pages.shown(articles.relationship, iri_of)),
        Route("/map/{name}", pages.map),
        Route("/document/", pages.shown(articles.documents)),
        Route("/document/{name}", pages.shown(articles.document, SOURCE.__add__)),
        Route("/day/", pages.days),
        Route("/day/{name}", pages.shown(articles.day, dates.parse_day)),
        Route("/search", pages.search),
        Route("/explain", pages.explain),
        Route("/query", pages.query),
        Route("/validate", pages.validate, methods=["GET", "POST"]),
        Route("/static/{name}", pages.file),
        Route("/favicon.ico", lambda request: pages.file(request, "icon.svg")),
    ]


class _Pages:
    def __init__(self, site: Site) -> None:
        self.site = site
        self.dress = Dress(site.graph, Addresses(site.base))
        self._static = static()
        self._written = lru_cache(_KEPT)(self._write)

    def shown(
        self, write: Callable[..., str], subject: Callable[[str], Any] = str
    ) -> Callable[[Request], Response]:
        """Make the endpoint of a page that nothing but its path is asked for."""

        def endpoint(request: Request) -> Response:
            path = request.path_params
            parts = (subject(path["name"]),) if "name" in path else ()
            return self._page(request, self._written(write, *parts, *list(path.values())[1:]))

        return endpoint

    def map(self, request: Request) -> Response:
        on = request.query_params.get("on")
        day = dates.parse_day(on) if on else None
        iri = iri_of(request.path_params["name"])
        return self._page(request, self._written(articles.map_page, iri, day))

    def days(self, request: Request) -> Response:
        if on := request.query_params.get("on"):
            day = dates.parse_day(on).isoformat()
            return RedirectResponse(self.dress.addresses.page("day", day), 303)
        return self._page(request, self._written(articles.days))

    def search(self, request: Request) -> Response:
        words = " ".join(request.query_params.get("q", "").split())[:_LONGEST_WORDS]
        return self._page(request, articles.index(self.dress, words))

    def explain(self, request: Request) -> Response:
        return self._tried(request, asking.explain, dict(request.query_params))

    def question(self, request: Request, query: StoredQuery | None) -> Response:
        if query is None:
            return self._page(request, self._written(asking.questions))
        values = dict(request.query_params)
        values.pop("format", None)
        return self._tried(request, asking.question, query, values)

    async def query(self, request: Request) -> Response:
        given = request.query_params
        text = given.get("query", "").replace("\r\n", "\n").strip()
        if not text:
            stored = given.get("stored", "")
            return self._editor(
                request, self.dress.graph.queries[stored].text if stored else _EXAMPLE
            )
        try:
            found = await self.site.pool.others(Question(text))
            content = await _whole(found.content)
        except Problem as problem:
            return await run_in_threadpool(self._editor, request, text, problem=problem)
        answer = await run_in_threadpool(self._read, content, found.head.media_type)
        return await run_in_threadpool(self._editor, request, text, answer=answer)

    async def validate(self, request: Request) -> Response:
        if request.method != "POST":
            return self._page(request, asking.validate(self.dress))
        text = ""
        try:
            text = await submissions.pasted(request)
            report = await submissions.report(self.site, text)
            content = await run_in_threadpool(asking.validate, self.dress, text, report)
        except Problem as problem:
            content = await run_in_threadpool(asking.validate, self.dress, text, problem=problem)
            return Response(content, problem.status_code, problem.headers, _HTML)
        return Response(content, media_type=_HTML)

    def file(self, request: Request, name: str = "") -> Response:
        name = name or request.path_params["name"]
        if name not in self._static:
            raise Problem(404, f"there is no file {name!r}")
        return reply(request, self._static[name], media_type(name))

    def problem(self, request: Request, problem: Problem) -> Response:
        content = self.dress.page(
            "problem.html",
            problem.title,
            status=problem.status_code,
            detail=problem.detail,
            help=problem.help,
        )
        return Response(content, problem.status_code, problem.headers, _HTML)

    def _write(self, write: Callable[..., str], *parts: Any) -> str:
        return write(self.dress, *parts)

    def _page(self, request: Request, content: str) -> Response:
        return reply(request, content, _HTML, headers={"Vary": "Accept"})

    def _tried(self, request: Request, write: Callable[..., str], *parts: Any) -> Response:
        """Show a form with the answer to it, or with what is wrong in it."""
        try:
            return self._page(request, write(self.dress, *parts))
        except RelationsError as error:
            problem = Problem.of(error)
            content = write(self.dress, *parts, problem=problem)
            return Response(content, problem.status_code, media_type=_HTML)

    def _editor(self, request: Request, text: str, **found: Any) -> Response:
        problem = found.get("problem")
        return reply(
            request,
            asking.sparql(self.dress, text, **found),
            _HTML,
            status=problem.status_code if problem else 200,
            headers={"Content-Security-Policy": _EDITOR_POLICY},
        )

    def _read(self, content: bytes, media_type: str) -> Rows | Triples | bool:
        """Read an answer, as far as a page shows it."""
        if media_type == "text/turtle":
            triples = (quad.triple for quad in parse(content, RdfFormat.TURTLE))
            return Triples(list(triples), self.dress.graph.names)
        found = parse_query_results(content, QueryResultsFormat.JSON)
        if isinstance(found, QueryBoolean):
            return bool(found)
        assert isinstance(found, QuerySolutions)
        columns = [variable.value for variable in found.variables]
        return Rows(columns, list(found), self.dress.graph.names)


async def _whole(content: Any) -> bytes:
    if isinstance(content, bytes):
        return content
    whole = b""
    try:
        async for piece in content:
            whole += piece
            if len(whole) > _LONGEST_ANSWER:
                help = "ask for less, or ask the endpoint"
                raise Problem(413, "the answer is too long for a page", help)
    finally:
        await content.aclose()
    return whole
