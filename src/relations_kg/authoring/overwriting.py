"""Checks before a table is overwritten, so that no row is lost."""

from __future__ import annotations

from collections.abc import Sequence
from os.path import exists, getsize, splitext

from relations_kg.authoring import tables
from relations_kg.authoring.cells import Cell
from relations_kg.authoring.headings import is_comment
from relations_kg.errors import InputError
from relations_kg.rdf.spelling import counted
from relations_kg.reader.files import LARGEST, bytes_of


def keep_rows(path: str, help: str = "name another file with -o") -> None:
    """Raise InputError if a new table would replace one with rows below its headings."""
    if exists(path) and getsize(path):
        rows = [row for table in tables.read(path) for row in table.rows[1:]]
        if filled := [row for row in rows if not is_comment(row)]:
            message = f"the table has {counted(len(filled), 'row')}, which a new one would replace"
            raise InputError(message, where=path, help=help)


def keep_edits(path: str, content: bytes) -> None:
    """Raise InputError if a table has rows that are not in its new content."""
    if not exists(path) or not getsize(path) or bytes_of(path, LARGEST) == content:
        return
    help = "import it first, move it away, or name another place"
    try:
        before = _rows(bytes_of(path, LARGEST), path)
    except InputError as error:
        message = f"this is not an exported table, since {error.message}"
        raise InputError(message, where=path, help=help) from None
    if lost := before - _rows(content, path):
        message = (
            f"the table has {counted(len(lost), 'row')} that would be lost, since the new "
            "table differs"
        )
        raise InputError(message, where=path, help=help)


def _rows(content: bytes, path: str) -> set[tuple[str, ...]]:
    found = tables.parsed(content, path, splitext(path)[1].lower())
    return {(table.sheet or "", *_texts(row)) for table in found for row in table.rows}


def _texts(row: Sequence[Cell]) -> list[str]:
    """Return the texts of a row without empty cells at its end."""
    texts = [cell.text for cell in row]
    while texts and not texts[-1]:
        texts.pop()
    return texts
