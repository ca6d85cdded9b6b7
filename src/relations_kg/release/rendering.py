"""The templates of published files, and the queries that provide their content."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from pyoxigraph import Store

from relations_kg._files import content, folder
from relations_kg.errors import InputError
from relations_kg.rdf.terms import Term

if TYPE_CHECKING:
    from jinja2 import Template


def template(name: str, filters: Mapping[str, Callable[..., object]]) -> Template:
    """Return a template of this package; HTML is escaped. Raises InputError without jinja2."""
    try:
        # jinja2 belongs to the extra `serve`.
        from jinja2 import Environment, FileSystemLoader, StrictUndefined
    except ImportError:
        help = "pip install 'relations-kg[serve]'"
        raise InputError("jinja2, which renders templates, is not installed", help=help) from None
    environment = Environment(
        loader=FileSystemLoader(folder("release/templates")),
        autoescape=name.endswith(".html"),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        undefined=StrictUndefined,
    )
    environment.filters.update(filters)
    return environment.get_template(name)


def rows(store: Store, name: str, **options: Any) -> list[dict[str, Term]]:
    """Return the solutions of a query of this package, without unbound variables.

    `options` are passed to the engine and select the dataset.
    """
    text = content(folder("release/queries"), f"{name}.rq").decode()
    solutions: Any = store.query(text, **options)
    names = [variable.value for variable in solutions.variables]
    return [
        {name: term for name in names if (term := solution[name]) is not None}
        for solution in solutions
    ]
