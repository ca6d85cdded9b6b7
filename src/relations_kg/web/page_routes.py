"""The routes of the pages of a server."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from functools import lru_cache, partial
from typing import Any

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

from relations_kg.answers.evaluation import LONGEST_PART, warning_search
from relations_kg.answers.queries import StoredQuery
from relations_kg.answers.rows import Rows, Triples
from relations_kg.authoring.forms import forms
from relations_kg.errors import QueryError, RelationsError
from relations_kg.rdf import formats
from relations_kg.rdf.days import day_of
from relations_kg.rdf.spelling import did_you_mean
from relations_kg.web import (
    compare_pages,
    day_pages,
    form_pages,
    new_facts,
    suggestions,
    thing_pages,
)
from relations_kg.web.addresses import name_of
from relations_kg.web.answering import ROWS, TRIPLES, Question
from relations_kg.web.pages import PAGES, Page
from relations_kg.web.paging import number_of
from relations_kg.web.problems import Problem, linked_advice
from relations_kg.web.rendering import media_type, static_files
from relations_kg.web.responses import reply
from relations_kg.web.site import Site

_HTML = "text/html"
# The SPARQL editor sets style attributes, which need 'unsafe-inline'.
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
_CACHED, _LONGEST_WORDS, _LONGEST_ANSWER = 256, 200, 8 << 20


def routes(site: Site) -> list[Route]:
    """Return the routes of the pages."""
    renderer, files = site.renderer, static_files()

    @lru_cache(_CACHED)
    def written(write: Callable[..., str], *parameters: str, **optional: str) -> str:
        return write(renderer, *parameters, **optional)

    def shown(page: Page) -> Callable[[Request], Response]:
        def show(request: Request) -> Response:
            given = request.query_params
            optional = {name: given[name] for name in page.optional if name in given}
            parameters = request.path_params.values()
            return _page(request, written(page.write, *parameters, **optional))

        return show

    def days(request: Request) -> Response:
        given = request.query_params
        if on := given.get("on"):
            of = {"of": name_of(site.graph.names.find(given["of"]))} if given.get("of") else {}
            address = renderer.addresses.page("day", day_of(on).isoformat(), **of)
            return RedirectResponse(address, 303)
        return _page(request, written(day_pages.days, page=given.get("page", "")))

    def api(request: Request) -> Response:
        return _page(request, written(form_pages.api, str(request.base_url).rstrip("/")))

    def search(request: Request) -> Response:
        words = request.query_params.get("q")
        if words is not None:
            words = " ".join(words.split())[:_LONGEST_WORDS]
        return _form(site, request, thing_pages.things, words)

    def compare(request: Request) -> Response:
        return _form(site, request, compare_pages.compare, dict(request.query_params))

    def explain(request: Request) -> Response:
        return _form(site, request, form_pages.explain, dict(request.query_params))

    def suggest(request: Request) -> Response:
        given = request.query_params
        text = given.get("q", "")[:_LONGEST_WORDS]
        kinds = given.get("kinds", "")[:_LONGEST_WORDS]
        found = suggestions.completed(renderer, text, kinds)
        return reply(request, json.dumps(found, ensure_ascii=False), "application/json")

    async def query(request: Request) -> Response:
        given = request.query_params
        text = given.get("query", "").replace("\r\n", "\n").strip()
        if not text:
            stored = given.get("stored")
            example = site.graph.queries[stored].text if stored else _EXAMPLE
            return _editor(site, request, example)
        try:
            if format := given.get("format"):
                return await _download(site, text, format)
            found = await site.pool.untrusted(Question(text))
            content = await _whole(found.content)
        except Problem as problem:
            return await run_in_threadpool(_editor, site, request, text, problem=problem)
        answer = await run_in_threadpool(_answer, site, content, found.head.media_type)
        count = partial(_counted, site, asyncio.get_running_loop())
        known = tuple(found.head.warnings)
        warnings = await run_in_threadpool(_warnings, site, text, answer, known, count)
        return await run_in_threadpool(_editor, site, request, text, answer, warnings)

    async def validate(request: Request) -> Response:
        if request.method != "POST":
            example = new_facts.example() if "example" in request.query_params else ""
            return _page(request, form_pages.validate(renderer, example))
        text, report, refused = "", None, None
        try:
            text = await new_facts.pasted(request)
            report = await new_facts.report(site, text)
        except Problem as problem:
            refused = problem
        content = await run_in_threadpool(form_pages.validate, renderer, text, report, refused)
        status, headers = (refused.status_code, refused.headers) if refused else (200, None)
        return Response(content, status, headers, _HTML)

    async def new(request: Request) -> Response:
        try:
            form = forms()[request.path_params["name"]]
        except QueryError as error:
            raise Problem(404, error.message, error.help) from None
        if request.method != "POST":
            # The query parameters of a link fill in fields of the form.
            given = dict(request.query_params)
            form.check_names(given)
            empty = await run_in_threadpool(form_pages.new_fact, renderer, form, given)
            return _page(request, empty)
        given = await new_facts.values(request, form)
        facts = await new_facts.new_facts(site, form, given)
        if given.get(new_facts.DOWNLOAD) and facts.turtle:
            headers = {"Content-Disposition": f'attachment; filename="{form.name}.ttl"'}
            return Response(facts.turtle, 200, headers, "text/turtle")
        content = await run_in_threadpool(form_pages.new_fact, renderer, form, given, facts)
        return Response(content, media_type=_HTML)

    def file(request: Request) -> Response:
        name = request.path_params.get("name", "icon.svg")
        if name not in files:
            raise Problem(404, f"there is no file {name!r}", f"available: {', '.join(files)}")
        return reply(request, files[name], media_type(name))

    return [
        Route("/day/", days),
        *(Route(page.path, shown(page)) for page in PAGES),
        Route("/api", api),
        Route("/search", search),
        Route("/suggest", suggest),
        Route("/compare", compare),
        Route("/explain", explain),
        Route("/query", query),
        Route("/validate", validate, methods=["GET", "POST"]),
        Route("/new/", shown(Page("/new/", form_pages.new))),
        Route("/new/{name}", new, methods=["GET", "POST"]),
        Route("/static/{name}", file),
        Route("/favicon.ico", file),
    ]


def question_page(site: Site, request: Request, query: StoredQuery | None) -> Response:
    """Return the page of a stored query with form and answer; for None, the list of all queries."""
    if query is None:
        return _page(request, form_pages.questions(site.renderer))
    values = dict(request.query_params)
    values.pop("format", None)
    sort, number = values.pop("sort", ""), number_of(values.pop("page", ""))
    return _form(site, request, form_pages.question, query, values, sort, number)


def problem_page(site: Site, problem: Problem, path: str) -> Response:
    """Return the problem of a request for a path as a page, for browsers."""
    content = site.renderer.page(
        "problem.html",
        problem.title,
        status=problem.status_code,
        detail=problem.detail,
        help=linked_advice(site.renderer, problem.help or "", path),
        sought=path.rpartition("/")[2].replace("-", " ") if problem.status_code == 404 else "",
    )
    return Response(content, problem.status_code, problem.headers, _HTML)


def _page(request: Request, content: str) -> Response:
    return reply(request, content, _HTML, headers={"Vary": "Accept"})


def _form(site: Site, request: Request, write: Callable[..., str], *parts: Any) -> Response:
    """Return a form with its answer, or with the error of its values."""
    try:
        return _page(request, write(site.renderer, *parts))
    except RelationsError as error:
        problem = Problem.of(error)
        content = write(site.renderer, *parts, problem=problem)
        return Response(content, problem.status_code, media_type=_HTML)


def _editor(
    site: Site,
    request: Request,
    text: str,
    answer: Rows | Triples | bool | None = None,
    warnings: tuple[str, ...] = (),
    problem: Problem | None = None,
) -> Response:
    return reply(
        request,
        form_pages.sparql(site.renderer, text, answer, warnings, problem),
        _HTML,
        status=problem.status_code if problem else 200,
        headers={"Content-Security-Policy": _EDITOR_POLICY},
    )


async def _download(site: Site, text: str, format: str) -> Response:
    """Return the answer to a query as a file; raise Problem for an unknown format."""
    known = {
        each.name: each for each in (*formats.containing("rows"), *formats.containing("answers"))
    }
    if format not in known:
        help = did_you_mean(format, known) or f"use one of {', '.join(known)}"
        raise Problem(400, f"unknown format {format!r}", help, where="format")
    (media_type, *_), (ending, *_) = known[format].media_types, known[format].suffixes
    rows, triples = (media_type if media_type in each else None for each in (ROWS, TRIPLES))
    found = await site.pool.untrusted(Question(text, rows, triples))
    headers = {"Content-Disposition": f'attachment; filename="answer{ending}"'}
    return Response(await _whole(found.content), 200, headers, found.head.media_type)


def _answer(site: Site, content: bytes, media_type: str) -> Rows | Triples | bool:
    names = site.graph.names
    if media_type == "text/turtle":
        triples = (quad.triple for quad in parse(content, RdfFormat.TURTLE))
        return Triples(list(triples), names)
    found = parse_query_results(content, QueryResultsFormat.JSON)
    if isinstance(found, QueryBoolean):
        return bool(found)
    assert isinstance(found, QuerySolutions)
    return Rows([variable.value for variable in found.variables], list(found), names)


def _warnings(
    site: Site,
    text: str,
    answer: Rows | Triples | bool,
    found: tuple[str, ...],
    count: Callable[[str, int], int | None],
) -> tuple[str, ...]:
    """Return the warnings about a text, or the reasons why its answer is empty or repeats rows."""
    find = warning_search(answer, lambda: found, count, text, {}, site.graph.warnings, is_own=True)
    return find()


def _counted(site: Site, loop: asyncio.AbstractEventLoop, sparql: str, _: int) -> int | None:
    """Return the number of rows of a part of a query, or None if it fails or takes too long.

    It must be called outside the thread of the loop.
    """

    async def count() -> int | None:
        try:
            question = Question(sparql)
            found = await site.pool.untrusted(question, keep=False, timeout=LONGEST_PART)
            content = await _whole(found.content)
        except Problem:
            return None
        return len(json.loads(content)["results"]["bindings"])

    return asyncio.run_coroutine_threadsafe(count(), loop).result()


async def _whole(content: bytes | AsyncIterator[bytes]) -> bytes:
    if isinstance(content, bytes):
        return content
    whole = b""
    try:
        async for piece in content:
            whole += piece
            if len(whole) > _LONGEST_ANSWER:
                help = "add LIMIT, or send the query to the endpoint"
                raise Problem(413, "the answer is too long for a page", help)
    finally:
        await content.aclose()  # type: ignore[attr-defined]
    return whole
