"""The stored queries as an API, `q/NAME?parameter=…`, and its OpenAPI document."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache, partial
from importlib.metadata import metadata
from itertools import pairwise
from typing import Any

from pyoxigraph import NamedNode
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from relations_kg._files import content, folder
from relations_kg.answers import frames
from relations_kg.answers.parameters import Parameter
from relations_kg.answers.queries import StoredQuery
from relations_kg.errors import InputError, QueryError
from relations_kg.graph.graph import Graph
from relations_kg.rdf import formats
from relations_kg.rdf.namespaces import STATED, expand, shorten
from relations_kg.rdf.spelling import did_you_mean
from relations_kg.rdf.terms import TYPE
from relations_kg.sparql.lexer import tokens
from relations_kg.web import answering
from relations_kg.web.page_routes import question_page
from relations_kg.web.problems import Problem
from relations_kg.web.responses import as_header, chosen, reply, without_suffix
from relations_kg.web.site import Site

_PAGE = "text/html"
_JSON = "application/json"
_WORKBOOK = "xlsx"
# The formats with one line for the columns, and one for each row.
_WITH_LINES = ("text/csv", "text/tab-separated-values")
# Media types by the suffixes of addresses, which are also the values of `format`.
FORMATS = {
    **{each.name: each.media_types[0] for each in formats.containing("rows") if each.results},
    "html": _PAGE,
}


def routes(site: Site) -> list[Route]:
    """Return the routes of the stored queries, of their list, and of the OpenAPI document."""
    return [
        Route("/q/", partial(_list, site)),
        Route("/q/{name}", partial(_question, site)),
        Route("/openapi.json", partial(_document, cache(partial(_described, site)))),
    ]


def _asked(request: Request) -> dict[str, str]:
    """Return the parameters of a request that are not empty, by name.

    Raises Problem if a parameter is given twice.
    """
    found: dict[str, str] = {}
    for name, text in request.query_params.multi_items():
        if name in found:
            raise Problem(400, f"{name!r} is given twice", "give one value")
        if text:
            found[name] = text
    return found


async def _question(site: Site, request: Request) -> Response:
    name, format = without_suffix(request.path_params["name"], {**FORMATS, _WORKBOOK: ""})
    try:
        query = site.graph.queries[name]
    except QueryError as error:
        help = did_you_mean(name, site.graph.queries) or f"see {site.renderer.addresses.file('q/')}"
        raise Problem(404, error.message, help) from None
    headers = {"Link": _links(site)}
    parameters = _asked(request)
    format = format or parameters.pop("format", None)
    if format == _WORKBOOK:
        return await run_in_threadpool(_workbook, site, request, query, parameters)
    if format:
        media_type = _media_type(format)
    else:
        media_type = chosen(request, [*answering.ROWS, _PAGE])
        headers["Vary"] = "Accept"
    if media_type == _PAGE:
        return await run_in_threadpool(question_page, site, request, query)
    query.check_required(parameters, site.graph.names, "{name}={value}")
    sparql = await run_in_threadpool(query.bind, parameters, site.graph.names)
    answer = await site.pool.stored(answering.Question(sparql, rows=media_type))
    assert isinstance(answer.content, bytes)  # stored queries always return rows
    leaves_out, is_empty = (
        query.leaves_out_unknown(parameters),
        _is_empty(answer.content, media_type),
    )
    if leaves_out or is_empty:
        rows = await run_in_threadpool(partial(site.graph.run, query.name, **parameters))
        if leaves_out:
            headers["Unknown-Rows"] = str(await run_in_threadpool(lambda: rows.unknown))
        if is_empty:
            found = await run_in_threadpool(lambda: rows.warnings)
            headers["Relations-KG-Warnings"] = as_header(found)
    return reply(request, answer.content, media_type, headers=headers)


def _workbook(
    site: Site, request: Request, query: StoredQuery, parameters: dict[str, str]
) -> Response:
    query.check_required(parameters, site.graph.names, "{name}={value}")
    rows = site.graph.run(query.name, **parameters)
    try:
        content = frames.serialize(rows, _WORKBOOK)
    except InputError as error:  # a library is missing, or a text is too long for a cell
        raise Problem(406, error.message, error.help) from None
    return reply(request, content, formats.find(_WORKBOOK, "cells").media_types[0])


def _is_empty(content: bytes, media_type: str) -> bool:
    """Return whether results in one of the formats have no rows."""
    if media_type in _WITH_LINES:
        return content.count(b"\n") == 1
    return content.endswith((b'"bindings":[]}}', b"<results></results></sparql>"))


def _media_type(name: str) -> str:
    if name not in FORMATS:
        help = did_you_mean(name, FORMATS) or f"use one of {', '.join(FORMATS)}"
        raise Problem(400, f"unknown format {name!r}", help, where="format")
    return FORMATS[name]


def _list(site: Site, request: Request) -> Response:
    if chosen(request, [_JSON, _PAGE]) == _PAGE:
        return question_page(site, request, None)
    queries = {"queries": [_description(site, query) for query in site.graph.queries.values()]}
    content = json.dumps(queries, ensure_ascii=False, indent=1) + "\n"
    return reply(request, content, _JSON, headers={"Link": _links(site), "Vary": "Accept"})


def _description(site: Site, query: StoredQuery) -> dict[str, object]:
    return {
        "name": query.name,
        "summary": query.summary,
        "address": site.renderer.addresses.file(f"q/{query.name}"),
        "parameters": [
            {
                "name": each.name,
                "type": each.type,
                "required": each.required,
                "default": each.default,
            }
            for each in query.parameters
        ],
    }


def _links(site: Site) -> str:
    return f'<{site.renderer.addresses.file("openapi.json")}>; rel="service-desc"; type="{_JSON}"'


def _described(site: Site) -> str:
    described = document(site.graph, site.base)
    return json.dumps(described, ensure_ascii=False, indent=1) + "\n"


def _document(described: Callable[[], str], request: Request) -> Response:
    return reply(request, described(), _JSON)


Schema = dict[str, Any]

# The path that describes the responses and parameters that all stored queries share.
_STORED_QUERY = "/q/{name}"
_EXAMPLES: dict[str, Any] = {"date": "1985-01-01", "decade": "1980s", "year": 1985}


def document(graph: Graph, base: str = "/") -> Schema:
    """Return the OpenAPI document of a server of this graph that is mounted at the path `base`.

    >>> import relations_kg as rk
    >>> "/q/missions" in document(rk.load())["paths"]
    True
    """
    about = metadata("relations-kg")
    described: Schema = json.loads(content(folder("web"), "openapi.json"))
    described["info"] |= {"summary": f"{about['Summary']}.", "version": about["Version"]}
    described["servers"] = [{"url": base.rstrip("/") or "/"}]
    paths = described["paths"]
    common = paths.pop(_STORED_QUERY)["get"]
    types = described["components"]["schemas"]
    for query in graph.queries.values():
        parameters = [_parameter(graph, query, each, types) for each in query.parameters]
        own = {"summary": query.summary, "operationId": query.name}
        paths[f"/q/{query.name}"] = {
            "get": {**common, **own, "parameters": [*parameters, *common["parameters"]]}
        }
    return described


def _parameter(graph: Graph, query: StoredQuery, parameter: Parameter, types: Schema) -> Schema:
    schema: Schema = {"$ref": f"#/components/schemas/{parameter.type}"}
    described: Schema = {"name": parameter.name, "in": "query", "required": parameter.required}
    if parameter.type not in types:
        options = parameter.options(graph.names)
        schema = {"enum": options} if options else {"$ref": "#/components/schemas/thing"}
        words, _ = parameter.asked_for(graph.names)
        described["description"] = f"{words[:1].upper()}{words[1:]}."
    described["schema"] = schema
    if parameter.default is not None:
        is_boolean = parameter.type == "boolean"
        default = parameter.default == "true" if is_boolean else parameter.default
        described["schema"]["default"] = default
    example = _example(graph, query, parameter)
    return described if example is None else {**described, "example": example}


def _example(graph: Graph, query: StoredQuery, parameter: Parameter) -> Any:
    """Return an example value for a parameter, or None.

    For a parameter that takes a thing, the example is a value of the property that precedes the
    parameter's variable in the query or, without such a value, the usual example of its type.
    """
    if not parameter.is_thing:
        return _EXAMPLES.get(parameter.type)
    variable = f"?{parameter.name}"
    before = [left for left, right in pairwise(tokens(query.text)) if right[0] == variable]
    for name in [token[0] for token in before if token.lastgroup == "name" or token[0] == "a"]:
        predicate = TYPE if name == "a" else NamedNode(expand(name))
        for quad in graph.quad_store.quads_for_pattern(None, predicate, None, NamedNode(STATED)):
            if isinstance(quad.object, NamedNode) and parameter.accepts(
                quad.object.value, graph.names
            ):
                return shorten(quad.object.value).removeprefix("id:")
    example = parameter.asked_for(graph.names)[1]
    return None if example == "…" else example
