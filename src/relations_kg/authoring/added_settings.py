"""The guesses at settings that an existing relations-kg.toml lacks, added to its text."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from relations_kg.authoring.new_settings import (
    SettingsGuesses,
    replacement_lines,
    text_lines,
    text_of,
)
from relations_kg.authoring.settings import flat
from relations_kg.authoring.value_texts import spelling
from relations_kg.errors import InputError
from relations_kg.rdf.words import key

_STRING = r"\"(?:[^\"\\\n]|\\.)*\"|'[^'\n]*'"
_LIST = rf"\[(?:\s|,|#[^\n]*\n|{_STRING})*\]"
_TABLE = re.compile(r"\s*\[")


def completed(text: str, guesses: SettingsGuesses, where: str) -> str:
    """Return the text of a configuration with the settings that it lacks for a table.

    Columns, values and replacements that it has are not changed, except empty values. Raises
    InputError if the text is written so that nothing can be added.
    """
    before = tomllib.loads(text)
    lines = text.rstrip("\n").split("\n")
    known = flat(before.get("columns", {}))
    found = [n for n in guesses.columns if n not in known and not guesses.is_own(n)]
    _add(lines, "columns", [*guesses.column_lines(found)] if found else [])
    values = flat(before.get("values", {}))
    added = [name for name in guesses.given if not values.get(name)]
    _remove_empty(lines, "values", added)
    missing = [name for name in guesses.required if name not in values]
    _add(lines, "values", [*guesses.value_lines(added), *guesses.required_lines(missing)])
    replaced = flat(before.get("replacements", {}))
    for name, refused in guesses.texts.items():
        start = f"{name}."
        there = {spelling(n[len(start) :]) for n in replaced if n.startswith(start)}
        is_new = not there and not _place(lines, f"replacements.{name}")
        refused.texts = {t: each for t, each in refused.texts.items() if spelling(t) not in there}
        refused.may_be_open = refused.may_be_open and is_new
        if refused.texts or refused.may_be_open:
            refused.choices = refused.choices if is_new else ()
            every = replacement_lines(name, refused) if is_new else text_lines(refused)
            _add(lines, f"replacements.{name}", list(every), is_new=is_new)
    result = "\n".join(lines) + "\n"
    result = _with_settings(result, before, guesses)
    try:
        after = tomllib.loads(result)
    except tomllib.TOMLDecodeError:
        after = {}
    if not _has(after, {name: each for name, each in before.items() if name not in _CHANGED}):
        message = "nothing can be added to this file as it is written"
        help = "write [columns], [values] and [replacements.COLUMN] as tables with such headers"
        raise InputError(message, where=where, help=f"{help}, or move it away")
    return result


_CHANGED = ("without", "split", "values")


def _with_settings(text: str, before: Mapping[str, Any], guesses: SettingsGuesses) -> str:
    """Return a text with the settings that belong above its tables."""
    read = {key(cell.text) for every in guesses.columns.values() for cell in every}
    old = list(before.get("without", ()))
    without = [each for each in old if key(each) not in read]
    listed = {key(each) for each in without}
    without += [each for each in guesses.column_guesses.without if key(each) not in listed]
    if without != old:
        text = _set(text, "without", f"without = [{', '.join(map(text_of, without))}]")
    if guesses.fill and "fill" not in before:
        text = _set(text, "fill", "".join(guesses.fill_lines()).rstrip("\n"))
    if guesses.split:
        text = _set(text, "split", "".join(guesses.split_lines()).rstrip("\n"))
    if guesses.order and "dates" not in before:
        text = _set(text, "dates", f'dates = "{guesses.order}"')
    return text


def _set(text: str, name: str, line: str) -> str:
    """Return a text with a setting above its tables replaced, or else added at its beginning."""
    start = re.search(r"^\s*\[", text, re.MULTILINE)
    end = start.start() if start else len(text)
    pattern = re.compile(rf"^{name}[ \t]*=[ \t]*(?:{_LIST}|[^\n]*)", re.MULTILINE)
    if (match := pattern.search(text)) and match.start() < end:
        return text[: match.start()] + line + text[match.end() :]
    return f"{line}\n{text}"


def _place(lines: Sequence[str], table: str) -> int | None:
    """Return the index of the line below the header of a table, or None if there is none."""
    parts = r"\s*\.\s*".join(rf"[\"']?{re.escape(each)}[\"']?" for each in table.split("."))
    pattern = re.compile(rf"\s*\[\s*{parts}\s*\]\s*(?:#.*)?")
    return next((n + 1 for n, line in enumerate(lines) if pattern.fullmatch(line)), None)


def _add(lines: list[str], table: str, added: Sequence[str], *, is_new: bool = False) -> None:
    """Add lines after the last value of a table, or a new table at the end."""
    if not added:
        return
    start = None if is_new else _place(lines, table)
    if start is None:
        lines += ["", *([] if is_new else [f"[{table}]"]), *added]
        return
    end = next((n for n in range(start, len(lines)) if _TABLE.match(lines[n])), len(lines))
    last = max((n + 1 for n in range(start, end) if _is_value(lines[n])), default=start)
    lines[last:last] = added


def _is_value(line: str) -> bool:
    return bool(line.strip()) and not line.lstrip().startswith("#")


def _remove_empty(lines: list[str], table: str, names: Iterable[str]) -> None:
    """Remove the lines of a table with empty values for these names."""
    start = _place(lines, table) or len(lines)
    end = next((n for n in range(start, len(lines)) if _TABLE.match(lines[n])), len(lines))
    empty = [
        re.compile(rf"\s*[\"']?{re.escape(n)}[\"']?\s*=\s*(?:\"\"|'')\s*(?:#.*)?") for n in names
    ]
    kept = [line for line in lines[start:end] if not any(each.fullmatch(line) for each in empty)]
    lines[start:end] = kept


def _has(after: Mapping[str, Any], before: Mapping[str, Any]) -> bool:
    """Return whether a configuration still has all values of an earlier one."""
    now = flat(after)
    return all(now.get(name) == value for name, value in flat(before).items())
