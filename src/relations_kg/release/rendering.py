"""The templates of pages and published files, and the queries that provide their content."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pyoxigraph import Store

from relations_kg._files import content, folder
from relations_kg.errors import InputError
from relations_kg.rdf.terms import Term, solutions

if TYPE_CHECKING:
    from jinja2 import Environment


def templates(package: str) -> Environment:
    """Return the environment for the templates of a package; values in HTML are escaped.

    Raises InputError if jinja2 is not installed.
    """
    try:
        # Imported here, since jinja2 is optional: it belongs to the extra `serve`.
        from jinja2 import Environment, FileSystemLoader, StrictUndefined
    except ImportError:
        help = "pip install 'relations-kg[serve]'"
        raise InputError("jinja2, which renders templates, is not installed", help=help) from None
    return Environment(
        loader=FileSystemLoader(folder(f"{package}/templates")),
        autoescape=lambda name: name is None or name.endswith(".html"),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        undefined=StrictUndefined,
    )


def rows(store: Store, name: str, **options: Any) -> list[dict[str, Term]]:
    """Return the solutions of a query of this package, without unbound variables.

    `options` are passed to the engine and select the dataset.
    """
    text = content(folder("release/queries"), f"{name}.rq").decode()
    return [*solutions(store, text, **options)]
