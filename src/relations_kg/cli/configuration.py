"""The configuration of validation and imports in relations-kg.toml or pyproject.toml."""

from __future__ import annotations

import os
from typing import Any

from relations_kg.authoring import settings
from relations_kg.errors import InputError, RelationsError
from relations_kg.rdf.digit_dates import ORDERS
from relations_kg.rdf.spelling import did_you_mean
from relations_kg.reader.files import content_of
from relations_kg.validation.rules import ALL, Rules
from relations_kg.validation.shapes import Shapes

OWN = "relations-kg.toml"
_SHARED, _TABLE = "pyproject.toml", "relations-kg"
_OF_RULES = ("select", "ignore", "severity")
_TEXTS, _TABLE_OF_TEXTS, _ORDER = "a list of strings", "a table of strings", " or ".join(ORDERS)
_TAG = "the tag of a language"
_TABLE_OF_HEADINGS = "a table of strings or lists of strings"
_TABLES_OF_TEXTS = "a table of strings for each column"
# The settings with their types, and an example of each.
_SETTINGS = {
    "select": (_TEXTS, '["duplicate"]'),
    "ignore": (_TEXTS, '["duplicate"]'),
    "severity": (_TABLE_OF_TEXTS, '{ duplicate = "error" }'),
    "dataset": (_TABLE_OF_TEXTS, '{ version = "2024" }'),
    "columns": (_TABLE_OF_HEADINGS, '{ sender = "Country" }'),
    "values": (_TABLE_OF_TEXTS, '{ sender = "Peru" }'),
    "replacements": (_TABLES_OF_TEXTS, '{ kind = { EMB = "embassy" } }'),
    "without": (_TEXTS, '["Remarks"]'),
    "distinct": (_TEXTS, '["head.holder"]'),
    "split": (_TEXTS, '["accredited"]'),
    "dates": (_ORDER, '"day-first"'),
    "fill": (_TEXTS, '["receiver"]'),
    "prefixes": (_TABLE_OF_TEXTS, '{ Consulates = "C" }'),
    "language": (_TAG, '"es"'),
}


def rules(shapes: Shapes) -> Rules:
    """Return the rules of the nearest configuration, or all rules if it has no setting of rules.

    The names of rules are those of `shapes`. Raises InputError for a file that is not TOML, and for
    unknown keys and values.
    """
    table, file = _nearest()
    own = {name: each for name, each in table.items() if name in _OF_RULES}
    return Rules.of(**own, where=f"{file}: ", shapes=shapes) if own else ALL


def of_imports() -> settings.Settings:
    """Return the settings of the nearest configuration for the import of tables.

    Raises InputError as `rules` does, and QueryError for the name of a column that no form has.
    """
    table, file = _nearest()
    # A new configuration has empty texts for what is still to be completed.
    columns, values = (
        {name: each for name, each in settings.flat(table.get(part, {})).items() if each}
        for part in ("columns", "values")
    )
    try:
        return settings.Settings(
            settings.Dataset(table.get("dataset", {})),
            {name: _listed(each)[0] for name, each in columns.items()},
            values,
            tuple(table.get("without", ())),
            table.get("dates"),
            _maps(table.get("replacements", {})),
            tuple(table.get("distinct", ())),
            tuple(table.get("split", ())),
            {n: tuple(_listed(each)[1:]) for n, each in columns.items() if _listed(each)[1:]},
            table.get("language", "en"),
            tuple(table.get("fill", ())),
            table.get("prefixes", {}),
        )
    except RelationsError as error:
        error.where = f"{file}: {error.where}"
        raise


def _nearest() -> tuple[dict[str, Any], str]:
    """Return the nearest configuration and its file; both are empty if there is none.

    It is relations-kg.toml, or else a pyproject.toml with a table `tool.relations-kg`, in the
    current folder or a folder above it.
    """
    try:
        folder = os.getcwd()
    except OSError:  # The current folder was deleted.
        return {}, ""
    while True:
        for name in (OWN, _SHARED):
            path = os.path.join(folder, name)
            if os.path.isfile(path) and (table := _table(path)) is not None:
                return _checked(table, os.path.relpath(path)), os.path.relpath(path)
        above = os.path.dirname(folder)
        if above == folder:
            return {}, ""
        folder = above


def _table(path: str) -> Any:
    """Return the configuration in a file, or None if it has none."""
    text = content_of(path)
    if os.path.basename(path) == _SHARED and _TABLE.encode() not in text:
        return None
    # Imported here, since most folders have no configuration.
    import tomllib

    try:
        content = tomllib.loads(text.decode())
    except (ValueError, RecursionError) as error:
        problem = f"invalid TOML: {error}"
        raise InputError(problem, where=os.path.relpath(path), help="correct the syntax") from error
    if os.path.basename(path) == OWN:
        return content
    tool = content.get("tool")
    return tool.get(_TABLE) if isinstance(tool, dict) else None


def _checked(table: Any, file: str) -> dict[str, Any]:
    """Return a configuration; raise InputError for an unknown key or a value of the wrong type."""
    if not isinstance(table, dict):
        raise InputError(f"tool.{_TABLE} is not a table", where=file, help=f"write [tool.{_TABLE}]")
    for key, value in table.items():
        where = f"{file}: {key}"
        if key not in _SETTINGS:
            *others, last = _SETTINGS
            help = did_you_mean(key, _SETTINGS) or f"write {', '.join(others)} or {last}"
            raise InputError("there is no such setting", where=where, help=help)
        type, example = _SETTINGS[key]
        if not _is(value, type):
            raise InputError(f"it is not {type}", where=where, help=f"write {key} = {example}")
    return table


def _is(value: Any, type: str) -> bool:
    if type == _TEXTS:
        return isinstance(value, list) and all(isinstance(each, str) for each in value)
    if type == _TAG:
        return isinstance(value, str)
    if type == _ORDER:
        return value in ORDERS
    if type == _TABLES_OF_TEXTS:
        tables = value.values() if isinstance(value, dict) else [None]
        return all(isinstance(each, dict) and _is(each, _TABLE_OF_TEXTS) for each in tables)
    every = value.values() if isinstance(value, dict) else [None]
    inner = [each for each in every if not isinstance(each, str)]
    if type == _TABLE_OF_HEADINGS:
        inner = [each for each in inner if not (_is(each, _TEXTS) and each)]
    return all(isinstance(each, dict) and _is(each, type) for each in inner)


def _listed(headings: str | list[str]) -> list[str]:
    return headings if isinstance(headings, list) else [headings]


def _maps(table: dict[str, Any], prefix: str = "") -> dict[str, dict[str, str]]:
    """Return the tables of texts in a table by their dotted keys, without empty texts.

    >>> _maps({"kind": {"EMB": "embassy"}, "head": {"rank": {"Amb.": "ambassador", "CdA": ""}}})
    {'kind': {'EMB': 'embassy'}, 'head.rank': {'Amb.': 'ambassador'}}
    """
    found: dict[str, dict[str, str]] = {}
    for key, value in table.items():
        if isinstance(value, dict):
            found |= _maps(value, f"{prefix}{key}.")
        elif value:
            found.setdefault(prefix[:-1], {})[key] = value
    return found
