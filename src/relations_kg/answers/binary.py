"""Rows as binary files: workbooks and Parquet."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import TYPE_CHECKING

from relations_kg.answers import frames
from relations_kg.answers.cells import Cell, Thing
from relations_kg.answers.tables import Table
from relations_kg.errors import missing
from relations_kg.export import workbooks
from relations_kg.rdf.formats import find

if TYPE_CHECKING:
    from relations_kg.export.workbooks import Value

_JOINT = " | "


def serialize(rows: Table, format: str) -> bytes:
    """Return rows as xlsx or parquet; raise InputError for any other format.

    In a workbook, things have two columns, such as `at` with labels and `at_iri` with IRIs. Parquet
    has only IRIs. Workbooks need the extra `tables`, Parquet the extra `frames`.
    """
    if find(format, "cells").name == "xlsx":
        try:
            return workbooks.workbook({"answer": [*_lines(rows)]})
        except ModuleNotFoundError as error:
            raise missing(error, "tables", "xlsx") from None
    content = BytesIO()
    frames.library("pyarrow.parquet", "Parquet").write_table(frames.to_arrow(rows), content)
    return content.getvalue()


def _lines(rows: Table) -> Iterator[list[Value]]:
    lines = [list(row) for row in rows]
    cells = {name: [line[n] for line in lines] for n, name in enumerate(rows.columns)}
    columns: dict[str, list[Value]] = {}
    for name, values in cells.items():
        columns[name] = [_value(cell) for cell in values]
        if any(isinstance(one, Thing) for cell in values for one in _listed(cell)):
            free = f"{name}_iri" if f"{name}_iri" not in cells else f"{name}_iri_"
            columns[free] = [_value(cell, iris=True) for cell in values]
    yield [*columns]
    for number in range(len(lines)):
        yield [values[number] for values in columns.values()]


def _listed(cell: Cell) -> list[Cell]:
    return [*cell] if isinstance(cell, list) else [cell]


def _value(cell: Cell, *, iris: bool = False) -> Value:
    if isinstance(cell, list):
        return _JOINT.join(str(_value(one, iris=iris)) for one in cell)
    if isinstance(cell, Thing):
        return str(cell) if iris else cell.label
    return None if iris else cell
