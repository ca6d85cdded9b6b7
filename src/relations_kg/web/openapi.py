"""The OpenAPI document: what programs can ask the server for, and what it answers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from importlib.metadata import metadata
from typing import TYPE_CHECKING, Any

from pyoxigraph import NamedNode

from relations_kg.namespaces import CODE, PREFIXES, SKOS, STATED, shorten
from relations_kg.terms import TYPE, value
from relations_kg.web.answering import ROWS, TRIPLES
from relations_kg.web.resources import DATA

if TYPE_CHECKING:
    from relations_kg.graph import Graph
    from relations_kg.queries import Parameter, StoredQuery

Schema = dict[str, Any]

PROBLEM = "application/problem+json"
_QUESTIONS, _LINKED, _SPARQL = "questions", "linked data", "SPARQL"
_JSON_ROWS = ("application/sparql-results+json", "application/json")
_ROWS = {name: "Results" if name in _JSON_ROWS else None for name in ROWS}
_ANSWERS: dict[str, str | None] = dict.fromkeys([*ROWS, *TRIPLES])
_TYPES = {
    "thing": "A thing by its slug, label, CURIE or IRI.",
    "date": "A day, as YYYY-MM-DD.",
    "year": "A year.",
    "integer": "A whole number.",
    "text": "A text.",
}
_EXAMPLES: dict[str, Any] = {"date": "1985-01-01", "year": 1985}
_NUMBER = {"type": "integer", "minimum": 1 - 10**18, "maximum": 10**18 - 1}


def _object(required: Mapping[str, Schema], optional: Mapping[str, Schema] | None = None) -> Schema:
    properties = {**required, **(optional or {})}
    return {"type": "object", "required": list(required), "properties": properties}


def _several(items: Schema) -> Schema:
    return {"type": "array", "items": items}


_TEXT, _COUNT = {"type": "string"}, {"type": "integer"}
_TERM = _object(
    {"type": {"enum": ["uri", "literal", "bnode"]}, "value": _TEXT},
    {"xml:lang": _TEXT, "datatype": _TEXT},
)
_BINDING = {"type": "object", "additionalProperties": _TERM}
_PARAMETER = _object(
    {
        "name": _TEXT,
        "type": _TEXT,
        "required": {"type": "boolean"},
        "default": {"type": ["string", "null"]},
    }
)
_QUERY = _object(
    {"name": _TEXT, "summary": _TEXT, "address": _TEXT, "parameters": _several(_PARAMETER)}
)
_SCHEMAS: Schema = {
    "Problem": {
        **_object(
            {"title": _TEXT, "status": _COUNT, "detail": _TEXT},
            {"help": _TEXT, "where": _TEXT, "line": _COUNT, "column": _COUNT},
        ),
        "description": "RFC 9457: what is wrong as `detail`, what would be right as `help`, and "
        "`where`: the parameter, or the text, with the place in it.",
        "examples": [
            {
                "title": "What was asked cannot be answered",
                "status": 400,
                "detail": "nothing in the graph is called 'peruu'",
                "help": 'did you mean "peru"?',
                "where": "sender",
            }
        ],
    },
    "Results": {
        **_object(
            {
                "head": _object({"vars": _several(_TEXT)}),
                "results": _object({"bindings": _several(_BINDING)}),
            }
        ),
        "description": "SPARQL 1.1 Query Results JSON.",
    },
    "Queries": _object({"queries": _several(_QUERY)}),
}


def document(graph: Graph, base: str = "/") -> Schema:
    """Describe a server of a graph: its stored queries, and all else that programs can ask for.

    `base` is the path under which it is found.

    >>> import relations_kg as rk
    >>> "/q/missions" in document(rk.load())["paths"]
    True
    """
    about = metadata("relations-kg")
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Relations between states",
            "summary": f"{about['Summary']}.",
            "description": "All there is is read-only. What comes with an ETag can be asked for "
            "anew with If-None-Match.",
            "version": about["Version"],
            "license": {"name": "CC BY-SA 4.0", "identifier": "CC-BY-SA-4.0"},
        },
        "servers": [{"url": base.rstrip("/") or "/"}],
        "tags": [
            {"name": _QUESTIONS, "description": "Stored queries."},
            {"name": _LINKED, "description": "What is known of a thing, at its IRI."},
            {"name": _SPARQL, "description": "Queries of your own, and whole graphs."},
        ],
        "paths": {
            "/q/": _get(_QUESTIONS, "List the stored queries.", {"application/json": "Queries"}),
            **{f"/q/{query.name}": _question(graph, query) for query in graph.queries.values()},
            **_things(),
            **_documents(),
            **_endpoint(),
        },
        "components": {
            "schemas": _SCHEMAS,
            "responses": {
                "Problem": {
                    "description": "What is wrong with the request, and what would be right.",
                    "content": _content({PROBLEM: "Problem", "text/html": None}),
                }
            },
        },
    }


def _get(
    tag: str,
    summary: str,
    content: Mapping[str, str | None],
    *parameters: Schema,
    refused: Iterable[int] = (406,),
) -> Schema:
    """Describe a GET, by the media types of its answers and the names of their schemas."""
    return {
        "get": {
            "tags": [tag],
            "summary": summary,
            "parameters": list(parameters),
            "responses": {
                "200": {"description": "It is answered.", "content": _content(content)},
                **_refused(*refused),
            },
        }
    }


def _content(content: Mapping[str, str | None]) -> Schema:
    return {
        media_type: {"schema": _reference(name) if name else _any(media_type)}
        for media_type, name in content.items()
    }


def _any(media_type: str) -> Schema:
    return {"type": "object" if media_type.endswith("json") else "string"}


def _refused(*statuses: int) -> Schema:
    return {str(status): {"$ref": "#/components/responses/Problem"} for status in statuses}


def _reference(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _question(graph: Graph, query: StoredQuery) -> Schema:
    format = {
        "name": "format",
        "in": "query",
        "description": "What to answer in, whatever the header Accept says; an ending of the "
        f"path says the same: /q/{query.name}.csv.",
        "schema": {"type": "string", "enum": ["json", "csv", "tsv", "xml", "html"]},
    }
    parameters = [_parameter(graph, query, parameter) for parameter in query.parameters]
    content = {**_ROWS, "text/html": None}
    described = _get(_QUESTIONS, query.summary, content, *parameters, format, refused=(400, 406))
    described["get"]["operationId"] = query.name
    return described


def _parameter(graph: Graph, query: StoredQuery, parameter: Parameter) -> Schema:
    said = _TYPES.get(parameter.type, f"A value of the code list {parameter.type}.")
    schema = _schema(graph, parameter)
    if parameter.default is not None:
        schema["default"] = parameter.default
    elif not parameter.required:
        said += " Without it, any."
    described: Schema = {
        "name": parameter.name,
        "in": "query",
        "description": said,
        "required": parameter.required,
        "schema": schema,
    }
    example = _example(graph, query, parameter)
    return described if example is None else {**described, "example": example}


def _schema(graph: Graph, parameter: Parameter) -> Schema:
    match parameter.type:
        case "date":
            return {"type": "string", "format": "date"}
        case "year" | "integer":
            return dict(_NUMBER)
        case "thing" | "text":
            return {"type": "string"}
    list_, within = NamedNode(CODE + parameter.type), NamedNode(SKOS + "inScheme")
    values = graph.store.quads_for_pattern(None, within, list_)
    return {"enum": sorted(value(quad.subject).removeprefix(CODE) for quad in values)}


def _example(graph: Graph, query: StoredQuery, parameter: Parameter) -> Any:
    """Return a value that the parameter can have: of things, one that stands where it stands."""
    if parameter.type != "thing":
        return _EXAMPLES.get(parameter.type)
    before = re.findall(rf"(?:(\w+):(\w+)|\ba)\s+\?{parameter.name}\b", query.text)
    for prefix, local in [*before, ("rkg", "firstParty")]:
        predicate = NamedNode(PREFIXES[prefix] + local) if prefix else TYPE
        quads = graph.store.quads_for_pattern(None, predicate, None, NamedNode(STATED))
        for quad in quads:
            if isinstance(quad.object, NamedNode):
                return shorten(quad.object.value).removeprefix("id:")
    return None


def _things() -> Schema:
    kinds = {
        "id/{name}": "a thing",
        "code/{name}": "a code list, or a value of one",
        "identifier/{name}": "an identifier",
        "source/{name}": "a source document",
        "source/{name}/{passage}": "a passage of a source document",
    }
    found: Schema = {}
    for path, what in kinds.items():
        parameters = [
            {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
            for name in re.findall(r"\{(\w+)\}", path)
        ]
        described = _get(_LINKED, f"Find {what}.", {}, *parameters, refused=(404, 406))
        responses = described["get"]["responses"]
        del responses["200"]
        responses["303"] = {"description": "It is at another address, in what Accept asks for."}
        found[f"/{path}"] = described
        for ending in DATA:
            summary = f"Read what is known of {what}."
            data = _get(_LINKED, summary, {DATA[ending]: None}, *parameters, refused=(404,))
            # A name that ends in another format's is the name of that.
            data["get"]["responses"]["303"] = responses["303"]
            found[f"/{path}.{ending}"] = data
    return found


def _documents() -> Schema:
    data: dict[str, str | None] = dict.fromkeys(DATA.values())
    return {
        "/ontology": _get(_LINKED, "Read the ontology.", {**data, "text/html": None}),
        "/code": _get(_LINKED, "Read the code lists.", data),
        "/dataset": _get(_LINKED, "Read what the dataset is, in DCAT and VoID.", data),
        "/context.jsonld": _get(
            _LINKED, "Read the context of JSON-LD.", {DATA["jsonld"]: None}, refused=()
        ),
        "/openapi.json": _get(
            _QUESTIONS, "Read this document.", {"application/json": None}, refused=()
        ),
    }


def _endpoint() -> Schema:
    graphs = [
        {
            "name": f"{kind}-graph-uri",
            "in": "query",
            "description": f"Graphs that are the {what} of the query.",
            "schema": {"type": "array", "items": {"type": "string", "format": "iri"}},
        }
        for kind, what in (("default", "default graph"), ("named", "named graphs"))
    ]
    query = {
        "name": "query",
        "in": "query",
        "description": "SPARQL 1.1; our prefixes are known. Without any, the service is described.",
        "schema": {"type": "string"},
        "example": "SELECT ?embassy WHERE { ?embassy a rkg:Embassy }",
    }
    refused = (400, 403, 406, 413, 503, 504)
    asked = _get(_SPARQL, "Ask a query.", _ANSWERS, query, *graphs, refused=refused)
    sent = _get(_SPARQL, "Send a query.", _ANSWERS, *graphs, refused=(*refused, 415))["get"]
    sent["requestBody"] = {
        "required": True,
        "content": {
            "application/sparql-query": {"schema": {"type": "string"}},
            "application/x-www-form-urlencoded": {
                "schema": {
                    "type": "object",
                    "required": ["query"],
                    "properties": {"query": {"type": "string"}},
                }
            },
        },
    }
    graph = {
        "name": "graph",
        "in": "query",
        "description": "The IRI of the graph.",
        "required": True,
        "schema": {"type": "string", "format": "iri"},
        "example": STATED,
    }
    read = _get(
        _SPARQL, "Read a graph.", dict.fromkeys(TRIPLES), graph, refused=(400, 404, 406, 503, 504)
    )
    return {"/sparql": {**asked, "post": sent}, "/graph-store": read}
