"""Explanations of wrong calls of the Python interface."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import FunctionType

from relations_kg.answers import guesses
from relations_kg.rdf.spelling import asked_back

_EXAMPLES = {
    "query": 'query("SELECT …", party="peru")',
    "run": 'run("visits", host="peru")',
    "new": 'new("visit", visitor="Xi Jinping")',
    "search": 'search("port of chancay", kind="place")',
    "timeline": 'timeline("peru", kinds="visits")',
    "map": 'map("peru", on="1990-01-01")',
    "network": 'network("peru", most=24)',
    "explain": 'explain("peru", "sendsMission", "embassy-of-peru-in-beijing")',
    "connect": 'connect("http://127.0.0.1:7878/query")',
}
# Names that users guess for arguments, with the arguments that they may mean.
_MEANT = (
    ("fmt output_format file_format mimetype", "format"),
    ("file filename fname out output", "path"),
    ("limit n max top first", "limit most"),
    ("endpoint server address uri", "url"),
    ("cache dir folder database", "store"),
    ("all include_inferred reasoning", "inferred"),
)
_INSTEAD = {
    ("show", "format"): 'export(of="peru", format="jsonld") returns linked data',
    ("show", "on"): 'explain("embassy-of-china-lima", on="1985-01-01") is about a day',
    ("validate", "strict"): "read .findings, which includes the warnings",
    ("load", "format"): "the suffix of the file decides the format",
    ("load", "endpoint"): "write connect(URL)",
    ("load", "url"): "write connect(URL)",
}
# Names that users guess for a period; the methods that draw pictures have no such argument.
_PERIOD = "since until start end begin from_ after before year years date dates period decade"
_DRAWN = {
    "timeline": 'draw rows: run("timeline", party="peru", since="1990").timeline()',
    "map": 'on="1990-01-01" draws one day',
}


def explanation(function: FunctionType, given: tuple[object, ...], message: str) -> str:
    """Return the message for a wrong call."""
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
    example = f"; write {_EXAMPLES[name]}" if name in _EXAMPLES else ""
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
    """Return what to write instead of an unknown keyword; `first` are the positional parameters."""
    if instead := _INSTEAD.get((name, unknown)):
        return instead
    alike = [each for each in known if each.rstrip("s") == unknown.rstrip("s")]
    meant = {each for words, meant in _MEANT if unknown in words.split() for each in meant.split()}
    if found := alike or [each for each in known if each in meant]:
        return f"{asked_back(found)}"
    if meant_parameters := guesses.parameters_meant(unknown, known):
        return meant_parameters
    if name in _DRAWN and unknown in _PERIOD.split():
        return _DRAWN[name]
    if first:
        written = f"write {_EXAMPLES[name]}" if name in _EXAMPLES else ""
        return written or f"pass {first[0]} as a positional argument"
    return f"it has {', '.join(known)}" if known else "it takes no keyword arguments"
