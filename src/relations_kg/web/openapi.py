"""The OpenAPI document: the static file openapi.json, with a path for each stored query."""

from __future__ import annotations

import json
from importlib.metadata import metadata
from itertools import pairwise
from typing import Any

from pyoxigraph import NamedNode

from relations_kg._files import content, folder
from relations_kg.answers.parameters import Parameter
from relations_kg.answers.queries import StoredQuery
from relations_kg.graph.graph import Graph
from relations_kg.rdf.namespaces import STATED, expand, shorten
from relations_kg.rdf.terms import TYPE
from relations_kg.sparql.lexer import tokens

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
    parameter's variable in the query.
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
