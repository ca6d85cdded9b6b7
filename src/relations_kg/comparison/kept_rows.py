"""Tables of what one of two versions lacks, which keep edited rows when they are written again."""

from __future__ import annotations

from collections.abc import Sequence
from os.path import exists, getsize

from relations_kg.authoring import tables
from relations_kg.authoring.cells import guarded
from relations_kg.authoring.headings import is_comment
from relations_kg.comparison.differences import Row
from relations_kg.errors import InputError
from relations_kg.export import files, spreadsheets
from relations_kg.rdf.spelling import counted

_ANOTHER = "name another file with --ended, --phases or --closed, or move this one away"
_KEY, _ON = "key", "on"


def write(columns: Sequence[str], rows: Sequence[Row], path: str, between: Sequence[str]) -> str:
    """Write rows to a table, CSV or TSV, and return in words how many rows it has.

    If an earlier comparison of the versions wrote this table, its rows with the keys of new rows
    stay as they are, and those of what no longer differs are left out. The dates `between` the days
    of the versions show which rows these are. Raises InputError for another suffix, and for a table
    with other rows, which would be lost.
    """
    if not path.lower().endswith((".csv", ".tsv")):
        help = "name a file that ends in .csv or .tsv"
        raise InputError("the table is written as CSV or TSV", where=path, help=help)
    before, keys = _read(path), {row[_KEY] for row in rows}
    own = [
        row
        for row in before
        if _is_of(row, between) or (row.get(_KEY) in keys and not row.get(_ON))
    ]
    if others := len(before) - len(own):
        message = f"the table has {counted(others, 'other row')}, which a new one would replace"
        raise InputError(message, where=path, help=_ANOTHER)
    in_order = dict.fromkeys(row[_KEY] for row in rows)
    kept = {key: [row for row in own if row.get(_KEY) == key] for key in in_order}
    new = {key: [row for row in rows if row[_KEY] == key] for key in in_order}
    merged = [row for key in in_order for row in kept[key] or new[key]]
    further = [name for row in own for name in row if name not in columns]
    names = [*columns, *dict.fromkeys(further)]
    cells = ([row.get(name, "") for name in names] for row in merged)
    delimiter = "\t" if path.lower().endswith(".tsv") else ","
    files.write(path, spreadsheets.table([names, *cells], delimiter))
    there = sum(map(len, kept.values()))
    said = f", {there} of them as they were" if there else ""
    said += f"; {len(own) - there} left out, since the versions no longer differ in them" * (
        there < len(own)
    )
    return counted(len(merged), "row") + said


def _is_of(row: Row, between: Sequence[str]) -> bool:
    """Return whether a cell of a row has one of these dates, or a set that begins with one.

    For example, `[2020-01-01..2021-01-01]` begins with `2020-01-01`.
    """
    return any(
        text == date or text.startswith(f"[{date}..") for text in row.values() for date in between
    )


def _read(path: str) -> list[Row]:
    """Return the rows of a table by the texts of their headings; none if there is no file."""
    if not exists(path) or not getsize(path):
        return []
    found: list[Row] = []
    for table in tables.read(path):
        headings = {cell.column: cell.text for cell in table.rows[0]} if table.rows else {}
        for row in table.rows[1:]:
            if not is_comment(row):
                found.append({headings.get(c.column, ""): guarded(c.text) for c in row})
    return found
