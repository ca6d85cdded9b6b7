"""A reader of tables in Parquet."""

from __future__ import annotations

import io
from datetime import date

import pyarrow
from pyarrow import parquet

from relations_kg.authoring.cells import MOST_ROWS, Cell, Table, shown_day
from relations_kg.errors import InputError


def read(content: bytes, name: str) -> Table:
    """Return the table of a file; its headings count as the first row.

    Raises InputError for a malformed file, and for one with too many rows.
    """
    try:
        file = parquet.ParquetFile(io.BytesIO(content))
        if file.metadata.num_rows > MOST_ROWS:
            message = f"there are more than {MOST_ROWS:,} rows"
            raise InputError(message, where=name, help="split the table")
        columns = file.read()
    except pyarrow.ArrowException as error:
        problem = f"this Parquet file cannot be read: {error}".rstrip(".")
        raise InputError(problem, where=name, help="write it again, or save it as CSV") from None
    rows = [[Cell(each, 1, n) for n, each in enumerate(columns.column_names, 1)]]
    lists = [column.to_pylist() for column in columns.columns]
    for number, values in enumerate(zip(*lists, strict=True), 2):
        cells = [_of_parquet(each, number, n) for n, each in enumerate(values, 1)]
        if not all(cell.is_empty for cell in cells):
            rows.append(cells)
    return Table(name, rows)


def _of_parquet(value: object, row: int, column: int) -> Cell:
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return Cell("; ".join(value), row, column)
    if isinstance(value, list | dict | bytes):
        return Cell(None, row, column, "the cell has no single value", "write text or numbers")
    if isinstance(value, float) and value != value:
        return Cell(None, row, column)
    if isinstance(value, date):
        return Cell(shown_day(value, ""), row, column)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return Cell(value, row, column)
