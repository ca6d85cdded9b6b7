"""The configuration of validation in relations-kg.toml or pyproject.toml."""

from __future__ import annotations

import os
from typing import Any

from relations_kg.errors import InputError
from relations_kg.rdf.spelling import did_you_mean
from relations_kg.reader.files import content_of
from relations_kg.validation.rules import ALL, Rules
from relations_kg.validation.shapes import Shapes

_OWN, _SHARED, _TABLE = "relations-kg.toml", "pyproject.toml", "relations-kg"
_KEYS = ("select", "ignore", "severity")


def rules(shapes: Shapes) -> Rules:
    """Return the rules of the nearest configuration, in the current folder or a folder above it.

    The configuration is relations-kg.toml, or else a pyproject.toml with a table
    `tool.relations-kg`. Without it, all rules are returned. The names of rules are those of
    `shapes`. Raises InputError for a file that is not TOML, and for unknown keys and values.
    """
    try:
        folder = os.getcwd()
    except OSError:  # The current folder was deleted.
        return ALL
    while True:
        for name in (_OWN, _SHARED):
            path = os.path.join(folder, name)
            if os.path.isfile(path) and (table := _table(path)) is not None:
                return _rules(table, os.path.relpath(path), shapes)
        above = os.path.dirname(folder)
        if above == folder:
            return ALL
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
    if os.path.basename(path) == _OWN:
        return content
    tool = content.get("tool")
    return tool.get(_TABLE) if isinstance(tool, dict) else None


def _rules(table: Any, file: str, shapes: Shapes) -> Rules:
    if not isinstance(table, dict):
        raise InputError(f"tool.{_TABLE} is not a table", where=file, help=f"write [tool.{_TABLE}]")
    for key, value in table.items():
        where = f"{file}: {key}"
        if key not in _KEYS:
            help = did_you_mean(key, _KEYS) or f"write {', '.join(_KEYS[:-1])} or {_KEYS[-1]}"
            raise InputError("there is no such setting", where=where, help=help)
        if key == "severity" and not _is_of_texts(value, dict):
            help = 'write severity = { duplicate = "error" }'
            raise InputError("it is not a table of strings", where=where, help=help)
        if key != "severity" and not _is_of_texts(value, list):
            help = f'write {key} = ["duplicate"]'
            raise InputError("it is not a list of strings", where=where, help=help)
    return Rules.of(**table, where=f"{file}: ", shapes=shapes)


def _is_of_texts(value: Any, kind: type) -> bool:
    texts = value.values() if isinstance(value, dict) else value
    return isinstance(value, kind) and all(isinstance(text, str) for text in texts)
