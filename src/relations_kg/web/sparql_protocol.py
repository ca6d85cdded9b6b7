"""The SPARQL 1.1 Protocol, and the read operations of the Graph Store Protocol."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Coroutine
from contextlib import suppress
from hashlib import sha256
from typing import Any, TypeVar

from pyoxigraph import NamedNode, RdfFormat, parse
from starlette.requests import ClientDisconnect, Request
from starlette.responses import RedirectResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from relations_kg.answers.queries import check_text
from relations_kg.engines import guard
from relations_kg.errors import InputError
from relations_kg.export.export import serialize_triples
from relations_kg.rdf import formats, namespaces
from relations_kg.rdf.namespaces import RDF, SH, XSD
from relations_kg.web import bodies
from relations_kg.web.answering import ROWS, TRIPLES, Question
from relations_kg.web.problems import Problem
from relations_kg.web.responses import accepted, as_header, chosen, in_pieces, is_known, reply
from relations_kg.web.site import Site

T = TypeVar("T")

# The parameters by which clients of some other endpoints name a format.
_FORMAT_NAMES = ("format", "output")
_QUERY, _UPDATE = "application/sparql-query", "application/sparql-update"
_GRAPH = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"
# The maximum size of a body in bytes. Percent-encoding in a form can triple the size of a query in
# ASCII, and a form has other parameters.
_LONGEST = 4 * guard.LONGEST
_LONGEST_IRI = 2_000
# Checking a text with fewer characters than this takes less time than starting a thread.
_SHORT = 1 << 14
# Queries with these functions have a different answer each time. The pattern is matched in lower
# case and without \b, since a slow search of a long query would block all threads.
_CHANGING = re.compile(r"(?:rand|now|uuid|bnode)\s*\(")

Parameters = list[tuple[str, str]]


def routes(site: Site) -> list[BaseRoute]:
    """Return the routes of the endpoint and of the graph store."""

    async def sparql(request: Request) -> Response:
        content = b""
        if request.method == "POST":
            content = await bodies.body(request, _LONGEST, _too_large())
        size = len(content) + len(request.scope["query_string"])
        question = await _not_blocking(size, _question, request, content)
        return await _answer(site, request, question) if question else _description(site, request)

    async def graph_store(request: Request) -> Response:
        triples = chosen(request, TRIPLES)
        question = Question(_GRAPH, None, triples, _graph(site, request))
        return await _answer(site, request, question, whole=True)

    return [
        Route("/sparql", sparql, methods=["GET", "POST"]),
        Route("/graph-store", graph_store, methods=["GET"]),
    ]


async def _answer(
    site: Site, request: Request, question: Question, *, whole: bool = False
) -> Response:
    is_stable, etag = await _not_blocking(len(question.sparql), _identity, site, question)
    headers = {"Vary": "Accept", "Cache-Control": "no-cache" if is_stable else "no-store"}
    if is_stable and request.method != "POST":
        headers["ETag"] = etag
        if is_known(request, etag):
            return Response(None, 304, headers)
    answer = site.pool.known(question)
    if answer is None:
        work = site.pool.untrusted(question, keep=is_stable, whole=whole)
        answer = await _until_disconnected(request, work)
    if not whole:
        headers["Relations-KG-Limits"] = f"rows={site.pool.rows}, seconds={site.pool.timeout:g}"
    if answer.head.warnings:
        headers["Relations-KG-Warnings"] = as_header(answer.head.warnings)
    if isinstance(answer.content, bytes):
        return in_pieces(answer.content, 200, headers, answer.head.media_type)
    return StreamingResponse(answer.content, 200, headers, answer.head.media_type)


async def _not_blocking(size: int, function: Callable[..., T], *given: object) -> T:
    """Return the result of a function for a text with this number of characters.

    For a long text, the function runs in a thread, so that other requests are served meanwhile.
    """
    return function(*given) if size < _SHORT else await asyncio.to_thread(function, *given)


def _identity(site: Site, question: Question) -> tuple[bool, str]:
    """Return whether the answer to a question is always the same, and its entity tag."""
    tag = sha256(f"{site.fingerprint} {question!r}".encode()).hexdigest()[:32]
    return not _CHANGING.search(question.sparql.lower()), f'W/"{tag}"'


async def _until_disconnected(request: Request, work: Coroutine[Any, Any, T]) -> T:
    """Return the result of a coroutine.

    If the client disconnects, cancels the coroutine and raises ClientDisconnect.
    """

    async def disconnected() -> None:
        while (await request.receive())["type"] != "http.disconnect":
            pass

    working, leaving = asyncio.ensure_future(work), asyncio.ensure_future(disconnected())
    try:
        await asyncio.wait((working, leaving), return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            raise ClientDisconnect
        return working.result()
    finally:
        working.cancel()
        leaving.cancel()


def _question(request: Request, content: bytes) -> Question | None:
    """Return the question of a request, or None if it asks for the service description.

    Raises Problem or QueryError for any other request.
    """
    parameters = _parameters(request, content)
    if request.method != "POST" and not parameters:
        return None
    named = dict.fromkeys(name for name, _ in parameters)
    if "update" in named:
        raise Problem(403, "updates are not supported", "the graph is read-only: send query=…")
    queries = [value for name, value in parameters if name == "query"]
    if len(queries) != 1:
        number = len(queries) or "no"
        raise Problem(400, f"the request has {number} queries", "send one: query=…")
    if len(queries[0]) > guard.LONGEST:
        raise _too_large()
    check_text(queries[0])
    rows, triples = _media_types(request, parameters)
    graphs = [_graphs(parameters, f"{kind}-graph-uri") for kind in ("default", "named")]
    if not any(graphs):
        return Question(queries[0], rows, triples)
    return Question(queries[0], rows, triples, *graphs)


def _media_types(request: Request, parameters: Parameters) -> tuple[str | None, str | None]:
    """Return the media types for rows and for triples that a request accepts, or None.

    A parameter `format` or `output`, as some endpoints have, takes precedence over Accept. Raises
    Problem if neither type can be written.
    """
    asked = list(dict.fromkeys(value for name, value in parameters if name in _FORMAT_NAMES))
    if not asked:
        chosen(request, [*ROWS, *TRIPLES])
        return accepted(request, ROWS), accepted(request, TRIPLES)
    if len(asked) > 1:
        raise Problem(400, f"the request asks for {len(asked)} formats", "give one: format=json")
    # A plus sign in an address is read as a blank.
    name = asked[0].strip().replace(" ", "+").lower()
    types = [name]
    for content in ("rows", "answers"):
        with suppress(InputError):
            types += formats.find(name, content).media_types
    # JSON means JSON-LD for triples.
    types += ["application/ld+json"] if name == "json" else []
    found = [next((each for each in types if each in offered), None) for offered in (ROWS, TRIPLES)]
    if not any(found):
        written = [each.name for each in formats.containing("rows") if each.results]
        names = ", ".join((*written, *formats.names("answers")))
        help = f"use one of {names}, or a media type, or the Accept header"
        raise Problem(400, f"unknown format {asked[0][:80]!r}", help, where="format")
    return found[0], found[1]


def _graphs(parameters: Parameters, name: str) -> tuple[str, ...]:
    return tuple(_iri(name, value) for known, value in parameters if known == name)


def _iri(name: str, value: str) -> str:
    if len(value) > _LONGEST_IRI:
        help = f"the limit is {_LONGEST_IRI:,}"
        raise Problem(413, f"{name} has {len(value):,} characters", help)
    try:
        return NamedNode(value).value
    except ValueError as error:
        message = f"{name} is not an absolute IRI: {error}"
        raise Problem(400, message, "write it as http://…, percent-encoded") from None


def _graph(site: Site, request: Request) -> tuple[str, ...] | None:
    """Return the graph that a request to the graph store names, or None for the default graph.

    Raises Problem if it names no graph or an unknown one.
    """
    parameters = bodies.fields(request.scope["query_string"])
    match parameters:
        case [("default", "")]:
            return None
        case [("graph", value)]:
            graph = _iri("graph", value)
            if NamedNode(graph) not in list(site.graph.quad_store.named_graphs()):
                known = ", ".join(
                    sorted(str(each) for each in site.graph.quad_store.named_graphs())
                )
                raise Problem(404, f"there is no graph {value}", f"available: {known}")
            return (graph,)
    raise Problem(400, "the request names no graph", "add ?default or ?graph=IRI")


def _parameters(request: Request, content: bytes) -> Parameters:
    """Return the parameters in a request's address and body; raise Problem for other content."""
    parameters = bodies.fields(request.scope["query_string"])
    if request.method != "POST":
        return parameters
    kind = bodies.content_type(request)
    if coding := request.headers.get("content-encoding", "").strip():
        message = f"cannot read a body with the Content-Encoding {coding}"
        raise Problem(415, message, "send it unencoded", {"Accept-Encoding": "identity"})
    charset = re.search(r"charset\s*=\s*\"?([\w-]+)", request.headers.get("content-type", ""))
    if kind == _UPDATE:
        raise Problem(403, "updates are not supported", "the graph is read-only: send a query")
    if kind not in (bodies.FORM, _QUERY) or (
        charset and charset[1].lower() not in ("utf-8", "us-ascii")
    ):
        message = f"cannot read {kind or 'content without a type'}"
        message += f" in {charset[1]}" if charset else ""
        accepted = {"Accept-Post": f"{_QUERY}, {bodies.FORM}"}
        raise Problem(415, message, f"send {_QUERY} or {bodies.FORM}, in UTF-8", accepted)
    if kind == bodies.FORM:
        return parameters + bodies.fields(content)
    return [*parameters, ("query", bodies.text(content))]


def _too_large() -> Problem:
    return Problem(413, "the query is too long", f"the limit is {guard.LONGEST:,} characters")


def _description(site: Site, request: Request) -> Response:
    found = chosen(request, [*TRIPLES, "text/html"])
    if found == "text/html":
        editor = site.renderer.addresses.page("query")
        return RedirectResponse(editor, 303, {"Vary": "Accept"})
    content = describe(site, str(request.url.replace(query="", fragment="")), found)
    return reply(request, content, found, headers={"Vary": "Accept"})


PREFIXES = {
    "sd": "http://www.w3.org/ns/sparql-service-description#",
    "void": "http://rdfs.org/ns/void#",
    "formats": "http://www.w3.org/ns/formats/",
    "rdf": RDF,
    "sh": SH,
    "xsd": XSD,
}


def describe(site: Site, endpoint: str, media_type: str) -> bytes:
    """Return the description of the endpoint at an address; raise Problem if it is not an IRI."""
    try:
        NamedNode(endpoint)
    except ValueError:
        help = "send the name of this server in the Host header"
        raise Problem(400, "the host of the request is not valid in an IRI", help) from None
    store = site.graph.quad_store
    counts = {
        graph: sum(1 for _ in store.quads_for_pattern(None, None, None, graph))
        for graph in sorted(store.named_graphs(), key=str)
    }
    template = site.renderer.environment.get_template("service.ttl")
    text = template.render(prefixes=PREFIXES, known=namespaces.PREFIXES, counts=counts)
    quads = parse(text, RdfFormat.TURTLE, base_iri=endpoint)
    triples = (quad.triple for quad in quads)
    return serialize_triples(triples, TRIPLES[media_type], PREFIXES)
