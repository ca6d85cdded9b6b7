"""A knowledge graph of relations between states, with SPARQL access."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from relations_kg.engines.remote import connect
    from relations_kg.errors import InputError, QueryError, RelationsError, UnknownName
    from relations_kg.graph import Graph, load
    from relations_kg.publishing.comparison import compare
    from relations_kg.queries import Parameter, StoredQuery
    from relations_kg.rows import Row, Rows, Text, Thing, Triples
    from relations_kg.validation.findings import Finding, Report

    __version__: str

_HOMES = {
    "Finding": "validation.findings",
    "Graph": "graph",
    "InputError": "errors",
    "Parameter": "queries",
    "QueryError": "errors",
    "RelationsError": "errors",
    "Report": "validation.findings",
    "Row": "rows",
    "Rows": "rows",
    "StoredQuery": "queries",
    "Text": "rows",
    "Thing": "rows",
    "Triples": "rows",
    "UnknownName": "errors",
    "compare": "publishing.comparison",
    "connect": "engines.remote",
    "load": "graph",
}

__all__ = [
    "Finding",
    "Graph",
    "InputError",
    "Parameter",
    "QueryError",
    "RelationsError",
    "Report",
    "Row",
    "Rows",
    "StoredQuery",
    "Text",
    "Thing",
    "Triples",
    "UnknownName",
    "compare",
    "connect",
    "load",
]


def __getattr__(name: str) -> object:
    # Each name is imported when first used: asking a question must not pay for validation.
    if name == "__version__":
        from importlib.metadata import version

        return version("relations-kg")
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
