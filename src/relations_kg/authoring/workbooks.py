"""A reader of XLSX workbooks."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

import openpyxl

from relations_kg.authoring.cells import Cell, Table, keep, shown_day, unguarded, with_error
from relations_kg.errors import InputError
from relations_kg.rdf.spelling import listed
from relations_kg.validation.findings import Finding

# The maximum uncompressed size of a workbook, in bytes; reading takes some twenty times as much
# memory.
_LARGEST = 64 << 20


def read(content: bytes, name: str) -> list[Table]:
    """Return the tables of the visible sheets of a workbook."""
    book, calculated = _open(content, name, formulas=True), _open(content, name, formulas=False)
    visible = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    tables = [_sheet(each, calculated[each.title], name, book.epoch.date()) for each in visible]
    hidden = [
        Table(name, (), sheet.title).finding(
            Cell(None, 1, 1),
            "heading",
            "this sheet is hidden and is not read",
            "show it if it has facts",
            "warning",
        )
        for sheet in book.worksheets
        if sheet not in visible
    ]
    return [replace(tables[0], findings=[*tables[0].findings, *hidden]), *tables[1:]]


def _open(content: bytes, name: str, *, formulas: bool) -> Any:
    """Return a workbook with its formulas, or with the values that they had when it was saved."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            size = sum(each.file_size for each in archive.infolist())
        if size > _LARGEST:
            help = "split it, or save it as CSV"
            raise InputError("the workbook is too large", where=name, help=help)
        with warnings.catch_warnings():
            # openpyxl warns about content that it ignores, such as pictures.
            warnings.simplefilter("ignore")
            return openpyxl.load_workbook(io.BytesIO(content), data_only=not formulas)
    except (InputError, MemoryError):
        raise
    # openpyxl raises errors of all types for malformed files.
    except Exception as error:
        help = "open it in a spreadsheet and save it as .xlsx"
        raise InputError(f"this workbook cannot be read: {error}", where=name, help=help) from None


def _sheet(sheet: Any, calculated: Any, name: str, epoch: date) -> Table:
    findings: list[Finding] = []
    rows: list[list[Cell]] = []
    table = Table(name, rows, sheet.title, serial=epoch, findings=findings)
    for row, stored in sorted(_filled(sheet).items()):
        cells = [Cell(None, row, column) for column in range(1, max(stored) + 1)]
        for column, cell in stored.items():
            cells[column - 1] = _of_workbook(cell, calculated)
        if not keep(cells, table, rows, findings):
            break
    titles = []
    for area in sorted(sheet.merged_cells.ranges, key=lambda each: each.bounds[1::-1]):
        within = [row for row in rows if area.min_row <= row[0].row <= area.max_row]
        filled = [cell for row in within for cell in row if not cell.is_empty]
        if area.min_col == area.max_col:
            _fill_down(within, area.min_col)
        elif len(filled) == 1 and area.min_row == area.max_row:
            titles.append(filled[0])
        # Other merged cells above the headings are allowed, since a title may span several rows.
        elif len(rows) > 1 and area.max_row >= rows[1][0].row:
            cell = Cell(None, area.min_row, area.min_col)
            help = "split the merged cells, and write the value in each of their rows"
            findings.append(table.finding(cell, "merged", f"{area.coord} are merged", help))
    first = next((row[0].row for row in rows if sum(not c.is_empty for c in row) > 1), 0)
    if below := [cell for cell in titles if cell.row > first > 0]:
        gone = {cell.row for cell in below}
        rows[:] = [row for row in rows if row[0].row not in gone]
        texts = listed([repr(cell.text[:60]) for cell in below])
        message = f"titles in merged cells are not read: {texts}"
        findings.append(table.finding(below[0], "heading", message, None, "info"))
    return table


def _fill_down(rows: Sequence[list[Cell]], column: int) -> None:
    """Write the text of merged cells of one column into each of their rows."""
    for row in rows:
        row += [Cell(None, row[0].row, each) for each in range(len(row) + 1, column + 1)]
        row[column - 1] = replace(rows[0][column - 1], row=row[0].row)


def _filled(sheet: Any) -> dict[int, dict[int, Any]]:
    """Return the cells of a sheet that are not blank, by row and column.

    `iter_rows` would create all cells up to the last, possibly 17 thousand million.
    """
    filled: dict[int, dict[int, Any]] = {}
    for (row, column), cell in sheet._cells.items():
        if cell.value is not None and str(cell.value).strip():
            filled.setdefault(row, {})[column] = cell
    return filled


def _of_workbook(stored: Any, calculated: Any) -> Cell:
    value, row, column = stored.value, stored.row, stored.column
    if stored.data_type == "f" or (isinstance(value, str) and value.startswith("=")):
        formula = getattr(value, "text", value)
        stored = calculated.cell(row, column)
        value = stored.value
        if value is None:
            help = "open the file in a spreadsheet and save it, or write the value"
            message = f"the formula {formula!r} has no stored value"
            return Cell(None, row, column, message, help)
    if getattr(stored, "data_type", "") == "e":
        return with_error(Cell(None, row, column), str(value))
    if isinstance(value, datetime | date):
        return Cell(shown_day(value, getattr(stored, "number_format", "")), row, column)
    if isinstance(value, time | timedelta):
        help = "format the cell as text or as a date"
        return Cell(value, row, column, f"{value} is a time of day", help)
    if isinstance(value, bool):
        return Cell(str(value).lower(), row, column)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, str):
        value = _unescaped(value)
    # An export guards texts with an apostrophe, but a name may also begin with one.
    if isinstance(value, str) and (plain := unguarded(value)) is not None:
        return Cell(plain.strip(), row, column, is_text=True)
    return Cell(value.strip() if isinstance(value, str) else value, row, column)


def _unescaped(text: str) -> str:
    """Decode the escapes of the format, such as "_x0041_" for "A"."""
    text = re.sub("_x([0-9A-Fa-f]{4})_", lambda match: chr(int(match[1], 16)), text)
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
