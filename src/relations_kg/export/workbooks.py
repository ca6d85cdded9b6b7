"""Workbooks for spreadsheet programs (XLSX), each sheet a table with a heading."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.writer.excel import ExcelWriter

from relations_kg.errors import InputError

Value = str | bool | int | float | Decimal | date | None

# The limits of the format: characters of a cell and of a sheet's name, rows, digits of a number.
_MOST_CHARACTERS, _LONGEST_NAME, _MOST_ROWS, _MOST_DIGITS = 32_767, 31, 1_048_576, 15
# Earlier days are written as text, since the format counts a leap day that 1900 did not have.
_FIRST_SURE_DAY = date(1900, 3, 1)
_HEADING = Font(bold=True)
_ELSE = "write CSV or Parquet"


def workbook(sheets: Mapping[str, Sequence[Sequence[Value]]], width: float | None = None) -> bytes:
    """Return a workbook of sheets by name; the first line of a sheet is its heading.

    `width` is the width of all columns, in characters. Equal sheets give equal bytes. Raises
    InputError for a sheet or a text that is too long for the format, and for a control character.
    Days before March 1900, and integers and decimals of more than 15 digits, become text.
    """
    book = Workbook()
    book.remove(book.active)
    book.properties.created = book.properties.modified = datetime(1980, 1, 1)
    for title, (name, lines) in zip(_titles(sheets), sheets.items(), strict=True):
        if len(lines) > _MOST_ROWS:
            raise _too_much(f"a sheet of a workbook has at most {_MOST_ROWS:,} rows", name)
        sheet = book.create_sheet(title)
        sheet.freeze_panes = "A2"
        for row, line in enumerate(lines, 1):
            for column, value in enumerate(line, 1):
                _fill(sheet.cell(row, column), value, name)
        for cell in sheet[1] if lines else ():
            cell.font = _HEADING
            if width:
                sheet.column_dimensions[cell.column_letter].width = width
    content = BytesIO()
    # Workbook.save would add the time of writing.
    with ZipFile(content, "w", ZIP_DEFLATED) as archive:
        ExcelWriter(book, archive).save()
    return _undated(content)


def _fill(cell: Cell, value: Value, sheet: str) -> None:
    """Write a value into a cell; a text that begins with "=" does not become a formula."""
    if isinstance(value, date) and value < _FIRST_SURE_DAY:
        value = value.isoformat()
    elif isinstance(value, int | float | Decimal) and not _is_exact(value):
        value = str(value)
    elif isinstance(value, str):
        if len(value) > _MOST_CHARACTERS:
            problem = f"a cell of a workbook has at most {_MOST_CHARACTERS:,} characters"
            raise _too_much(problem, sheet)
        if wrong := ILLEGAL_CHARACTERS_RE.search(value):
            problem = f"a workbook cannot express the character U+{ord(wrong[0]):04X}"
            raise _too_much(problem, sheet)
        # The format reads "_x0041_" as "A".
        value = re.sub(r"_(?=x[0-9A-Fa-f]{4}_)", "_x005F_", value)
    cell.value = value
    if isinstance(value, str) and value:
        cell.data_type = "s"


def _too_much(problem: str, sheet: str) -> InputError:
    return InputError(problem, where=f"sheet {sheet}", help=_ELSE)


def _is_exact(number: float | Decimal) -> bool:
    """Return whether a workbook preserves all digits of a number."""
    if isinstance(number, float):
        return number - number == 0
    return len(Decimal(number).as_tuple().digits) <= _MOST_DIGITS and Decimal(number).is_finite()


def _titles(sheets: Iterable[str]) -> list[str]:
    """Return distinct names for sheets that the format allows: short, without some characters."""
    found: list[str] = []
    taken: set[str] = set()
    for sheet in sheets:
        plain = re.sub(r"[\[\]:*?/\\\0-\x1f]", "-", sheet).strip("'") or "sheet"
        title, number = plain[:_LONGEST_NAME], 1
        while title.casefold() in taken:
            number += 1
            end = f"-{number}"
            title = plain[: _LONGEST_NAME - len(end)] + end
        taken.add(title.casefold())
        found.append(title)
    return found


def _undated(content: BytesIO) -> bytes:
    """Return an archive with the same members and no time of writing."""
    packed = BytesIO()
    with ZipFile(content) as source, ZipFile(packed, "w") as target:
        for name in source.namelist():
            member = ZipInfo(name)
            member.create_system = 3
            target.writestr(member, source.read(name), ZIP_DEFLATED)
    return packed.getvalue()
