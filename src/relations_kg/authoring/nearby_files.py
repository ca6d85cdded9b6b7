"""The files beside a table that describe what its rows name by IRI, such as exported tables."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import cached_property
from os.path import basename, dirname, getsize, isfile, join

from relations_kg.authoring import tables
from relations_kg.authoring.value_texts import iri_of
from relations_kg.errors import InputError, RelationsError
from relations_kg.rdf.namespaces import shorten
from relations_kg.reader.files import content_of

_FACTS, _TABLES = (".ttl",), (".csv", ".tsv")
# Larger files are not searched, since the search only improves the help of an error.
_LARGEST = 16 << 20
_UNKNOWN = re.compile(r"'((?:id|src):[\w./-]+)'")
_WITH_IRI = re.compile(r"<((?:id|src):[\w./-]+)>")
_PREFIX = re.compile(r"^@prefix ([\w-]*:) <([^<>]*)>", re.MULTILINE)
_SUBJECT = re.compile(r"^([\w-]*:)(\S+) a ", re.MULTILINE)


class NearbyFiles:
    """The files beside a table. They are read once, and only if an error needs them."""

    def __init__(self, table: str) -> None:
        self._table = table

    def help_of(self, problem: RelationsError) -> str | None:
        """Return which file describes the thing that a problem does not find, or None.

        A table has to be imported first; a file of facts only has to be named.
        """
        match = _UNKNOWN.search(problem.message)
        found = self._describing.get(match[1]) if match else None
        if not found:
            return None
        if found.lower().endswith(_FACTS):
            return f"{found} describes it: name it with --only, or with --facts"
        return f"{found} describes it: import it first, and name its facts with --only or --facts"

    @cached_property
    def _describing(self) -> dict[str, str]:
        """The file that describes a thing or a passage, by its CURIE; files of facts come first."""
        folder = dirname(self._table)
        found: dict[str, str] = {}
        # Files that cannot be read describe nothing.
        with suppress(OSError):
            names = sorted(os.listdir(folder or "."))
            paths = [join(folder, name) for name in names if name != basename(self._table)]
            paths = [path for path in paths if isfile(path) and getsize(path) <= _LARGEST]
            for suffixes in (_FACTS, _TABLES):
                for path in [path for path in paths if path.lower().endswith(suffixes)]:
                    with suppress(OSError, InputError):
                        found = dict.fromkeys(_described(path), path) | found
        return found


def _described(path: str) -> Iterator[str]:
    """Yield the CURIEs of the things that a file of facts describes, or that a table names."""
    if path.lower().endswith(_FACTS):
        return _subjects(content_of(path).decode(errors="replace"))
    return _named({cell.text for table in tables.read(path) for row in table.rows for cell in row})


def _subjects(text: str) -> Iterator[str]:
    """Yield the CURIEs of the subjects of Turtle, under any prefix for their namespace.

    >>> text = "@prefix a: <https://w3id.org/relations-kg/source/osk/> .\\na:s1 a rkg:Passage ."
    >>> list(_subjects(text))
    ['src:osk/s1']
    """
    prefixes = dict(_PREFIX.findall(text))
    for prefix, local in _SUBJECT.findall(text):
        if prefix in prefixes:
            yield shorten(prefixes[prefix] + local)


def _named(texts: Iterable[str]) -> Iterator[str]:
    """Yield the CURIEs of the things whose names are texts of a table.

    >>> list(_named(["Arvenia", "Osk <id:b>", "id:c"]))
    ['id:arvenia', 'id:b']
    """
    for text in texts:
        yield from _WITH_IRI.findall(text)
        if text and ":" not in text:
            yield shorten(iri_of(text))
