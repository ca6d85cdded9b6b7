"""The files beside a table that describe what its rows name by IRI, such as exported tables."""

from __future__ import annotations

import csv
import os
import re
from functools import cache
from os.path import basename, dirname, getsize, join

from relations_kg.authoring.slugs import iri_of
from relations_kg.errors import RelationsError
from relations_kg.rdf.namespaces import ID, expand, shorten

_TABLES = (".csv", ".tsv")
# Larger files are not searched, since only an error needs them.
_LARGEST = 16 << 20
_UNKNOWN = re.compile(r"'((?:id|src):[\w./-]+)'")


def help_of(problem: RelationsError, file: str) -> str | None:
    """Return which file beside a table describes the thing that a problem does not find, or None.

    A table has to be imported first; a file of facts only has to be named.
    """
    match = _UNKNOWN.search(problem.message)
    found = _describing(file, match[1]) if match else None
    if not found:
        return None
    if found.endswith(".ttl"):
        return f"{found} describes it: name it with --only, or with --facts"
    return f"{found} describes it: import it first, and name its facts with --only or --facts"


@cache
def _describing(file: str, curie: str) -> str | None:
    """Return the file beside a table that describes the thing or passage with a CURIE, or None."""
    folder = dirname(file)
    try:
        names = sorted(os.listdir(folder or "."))
    except OSError:
        return None
    paths = [join(folder, name) for name in names if name != basename(file)]
    for suffixes, describes in ((".ttl", _states), (_TABLES, _has_row)):
        for path in paths:
            if path.lower().endswith(suffixes) and getsize(path) <= _LARGEST:
                with open(path, encoding="utf-8-sig", errors="replace", newline="") as content:
                    if describes(content.read(), curie):
                        return path
    return None


def _states(text: str, curie: str) -> bool:
    """Return whether Turtle has a subject with a CURIE, under any prefix for its namespace.

    >>> text = "@prefix a: <https://w3id.org/relations-kg/source/osk/> .\\na:s1 a rkg:Passage ."
    >>> _states(text, "src:osk/s1"), _states(text, "src:osk/s2"), _states(text, "id:s1")
    (True, False, False)
    """
    namespace, local = re.fullmatch("(.*[/#])(.+)", expand(curie)).groups()  # type: ignore[union-attr]
    declared = re.findall(rf"^@prefix ([\w-]*:) <{re.escape(namespace)}>", text, re.MULTILINE)
    subjects = "|".join(map(re.escape, [f"{prefix}{local}" for prefix in declared]))
    return bool(subjects) and re.search(rf"^(?:{subjects}) a ", text, re.MULTILINE) is not None


def _has_row(text: str, curie: str) -> bool:
    """Return whether a table has the name of a thing with a CURIE, which its row describes.

    >>> _has_row("name\\nArvenia\\nOsk <id:b>\\n", "id:arvenia"), _has_row("a\\nid:b\\n", "id:b")
    (True, False)
    """
    if f"<{curie}>" in text:
        return True
    beginning, _, _ = text.partition("\n")
    rows = csv.reader(text.splitlines(), delimiter="\t" if "\t" in beginning else ",")
    names = (cell for row in rows for cell in row if cell and ":" not in cell)
    return any(iri.startswith(ID) and shorten(iri) == curie for iri in map(iri_of, names))
