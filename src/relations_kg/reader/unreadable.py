"""Errors for names that cannot be files of facts: folders, tables, queries and other formats."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from glob import glob
from os.path import join

from pyoxigraph import RdfFormat

from relations_kg._files import toml
from relations_kg.errors import InputError
from relations_kg.rdf.formats import suffixes

_MOST_NAMED = 3


def unknown_suffix(path: str, suffix: str, format: RdfFormat | None) -> InputError:
    """Return the error for a file with the suffix of an unsupported format, or without a suffix.

    `format` is the format recognised in its content, if any.
    """
    message = f'"{suffix}" is not the suffix of a format that can be read'
    known = f"use one of {', '.join(suffixes())}"
    if not suffix:
        message = "the name has no suffix to show the format"
        known += ", or give it as standard input with -"
    if format:
        name = f"{path[: len(path) - len(suffix)]}.{format.file_extension}"
        return InputError(f"{message}: this is {format.name}", where=path, help=f"name it {name}")
    for other in toml("reader/unreadable.toml")["files"]:
        if suffix in other["suffixes"].split():
            help = other["help"].format(path=path)
            return InputError(f"{message}: this is {other['what']}", where=path, help=help)
    return InputError(message, where=path, help=known)


def if_pattern(path: str) -> str | None:
    """Return what to write instead of a pattern such as *.ttl, or None for other names."""
    if not re.search(r"[*?\[]", path):
        return None
    found = sorted(glob(path))
    more = " …" if len(found) > _MOST_NAMED else ""
    named = f": {' '.join(found[:_MOST_NAMED])}{more}" if found else ", and no file matches it"
    return f"a pattern in quotes is not expanded; name each file{named}"


def if_text(path: str) -> str | None:
    """Return what to do with Turtle given in place of a file's name, or None for a name."""
    if re.search(r"\s", path) and re.search(r"\n|[.}]\s*$", path) and ":" in path:
        return "this looks like the facts themselves; write them to a file such as facts.ttl"
    return None


def folder(path: str, wanted: Iterable[str], help: str = "name the files in it") -> InputError:
    """Return the error for a folder given as a file, listing its files with `wanted` suffixes."""
    try:
        found = sorted(name for name in os.listdir(path) if name.lower().endswith((*wanted,)))
    except OSError:
        found = []
    shown = [join(path, name) for name in found[:_MOST_NAMED]]
    more = " …" if len(found) > _MOST_NAMED else ""
    named = f"{help}: {' '.join(shown)}{more}" if found else "name a file"
    return InputError("this is a folder", where=path, help=named)


def too_large(where: str, largest: int) -> InputError:
    """Return the error for a file of more than `largest` bytes."""
    most = f"{largest >> 30} GiB" if largest >> 30 else f"{largest >> 20} MiB"
    return InputError(f"the file is larger than {most}", where=where, help="split it")
