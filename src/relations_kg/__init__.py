"""A knowledge graph of relations between states, with SPARQL access."""

from __future__ import annotations

import sys
from importlib import import_module

TYPE_CHECKING = False  # Type checkers assume that it is true; see _lazy.

if TYPE_CHECKING:
    from relations_kg.answers.cells import Text, Thing
    from relations_kg.answers.parameters import Parameter
    from relations_kg.answers.queries import StoredQuery
    from relations_kg.answers.rows import Row, Rows, Triples
    from relations_kg.articles.draft import draft
    from relations_kg.articles.passages import passages
    from relations_kg.comparison.comparison import compare
    from relations_kg.errors import InputError, QueryError, RelationsError, UnknownName
    from relations_kg.graph.graph import Graph
    from relations_kg.graph.loading import load
    from relations_kg.graph.remote import connect
    from relations_kg.validation.findings import Finding, Report

    __version__: str

_HOMES = {
    "Finding": "validation.findings",
    "Graph": "graph.graph",
    "InputError": "errors",
    "Parameter": "answers.parameters",
    "QueryError": "errors",
    "RelationsError": "errors",
    "Report": "validation.findings",
    "Row": "answers.rows",
    "Rows": "answers.rows",
    "StoredQuery": "answers.queries",
    "Text": "answers.cells",
    "Thing": "answers.cells",
    "Triples": "answers.rows",
    "UnknownName": "errors",
    "compare": "comparison.comparison",
    "connect": "graph.remote",
    "draft": "articles.draft",
    "load": "graph.loading",
    "passages": "articles.passages",
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
    "draft",
    "load",
    "passages",
]


def __getattr__(name: str) -> object:
    # Names are imported at first use, so that a query does not import the validation.
    if name == "__version__":
        # Imported here, since importlib.metadata takes as long as a whole query.
        from importlib.metadata import version

        return version("relations-kg")
    if name not in _HOMES:
        # Imported here, since only a wrong name needs a suggestion.
        from relations_kg.answers.attributes import unknown

        raise unknown("module", name, sys.modules[__name__])
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
