"""Explanations of wrong calls of the Python interface."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import FunctionType

from relations_kg.answers import guesses
from relations_kg.rdf.spelling import asked_back


def explanation(function: FunctionType, given: tuple[object, ...], message: str) -> str:
    """Return the message for a wrong call, or Python's `message` if it is of no known kind."""
    name, code = function.__name__, function.__code__
    first = code.co_varnames[: code.co_argcount]
    plain = [each for each in first if each != "self"]
    only_named = code.co_varnames[code.co_argcount :][: code.co_kwonlyargcount]
    rest = code.co_varnames[code.co_argcount + code.co_kwonlyargcount :][: bool(code.co_flags & 4)]
    if unknown := re.search(r"unexpected keyword argument '(\w+)'", message):
        by_name = [*plain[code.co_posonlyargcount :], *only_named]
        first = tuple(plain[: code.co_posonlyargcount]) or rest
        return f"{name}() has no argument {unknown[1]!r}; " + _instead(
            name, unknown[1], by_name, first
        )
    calls = guesses.table()["calls"]
    example = f"; write {calls[name]}" if name in calls else ""
    if "positional-only" in message:
        return f"{name}() takes {plain[0]} as a positional argument{example}"
    if "missing" in message:
        required = len(plain) - len(function.__defaults__ or ())
        absent = re.findall(r"'(\w+)'", message)
        positional = "positional arguments" if absent[1:] else "a positional argument"
        where = f" as {positional}" if code.co_posonlyargcount else ""
        written = example or f"; write {name}({', '.join(plain[:required])})"
        return f"{name}() needs {' and '.join(absent)}{where}{written}"
    if "were given" in message:
        surplus = given[len(first) :]
        if surplus and isinstance(surplus[0], Mapping) and code.co_flags & 8:
            written = f"{name}(…, {guesses.named(surplus[0])})"
            return f"{name}() takes values as keyword arguments; write {written}"
        takes = f"{len(plain) or 'no'} positional argument{'s'[: len(plain) - 1]}"
        others = f"; pass the others by name: {', '.join(only_named)}" if only_named else example
        return f"{name}() takes {takes}{others}"
    return message


def _instead(name: str, unknown: str, known: list[str], first: tuple[str, ...]) -> str:
    """Return what to write instead of an unknown keyword.

    `first` are the parameters that take no keyword: those before `/`, or else `*args`.
    """
    table = guesses.table()
    if instead := table["instead"].get(f"{name} {unknown}"):
        return f"{instead}"
    alike = [each for each in known if each.rstrip("s") == unknown.rstrip("s")]
    meant = {
        each
        for words, meant in table["arguments"]
        if unknown in words.split()
        for each in meant.split()
    }
    if found := alike or [each for each in known if each in meant]:
        return f"{asked_back(found)}"
    if meant_parameters := guesses.parameters_meant(unknown, known):
        return meant_parameters
    if name in table["drawn"] and unknown in table["period"].split():
        return f"{table['drawn'][name]}"
    if first:
        written = f"write {table['calls'][name]}" if name in table["calls"] else ""
        return written or f"pass {first[0]} as a positional argument"
    return f"it has {', '.join(known)}" if known else "it takes no keyword arguments"
