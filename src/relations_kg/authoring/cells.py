"""The cells of tables, and their addresses in findings."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from os.path import basename, splitext

from relations_kg.export.spreadsheets import FORMULA
from relations_kg.validation.findings import Finding

MOST_ROWS = 100_000
# The column of a copied cell is a multiple of this number plus the column of the original.
COPIED = 1 << 20
# Serial numbers of spreadsheet days from 1927 to 2119; other numbers are not read as days.
_LEAST_SERIAL, _MOST_SERIAL = 10_000, 80_000
# An apostrophe marks text that looks like a formula or a comment. Only the first is removed.
_GUARDED = re.compile(f"'+[{re.escape(''.join(FORMULA))}#]")


@dataclass(frozen=True, slots=True)
class Cell:
    """A value with its row and column, which count from one.

    `problem` is an error in the value. `is_text` is true if an apostrophe before it was removed,
    and `is_none` if the settings replace the text by no value.
    """

    value: object
    row: int
    column: int
    problem: str | None = None
    help: str | None = None
    is_text: bool = False
    is_none: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether the cell has no value and no error."""
        return self.problem is None and (self.value is None or not str(self.value).strip())

    @property
    def text(self) -> str:
        """The value as text without blanks at its ends."""
        return "" if self.value is None else str(self.value).strip()


@dataclass(frozen=True)
class Table:
    """The rows of a file or of a sheet, without empty rows.

    `serial` is the day with the serial number 0. `is_alone` is true for a sheet if no other sheet
    of its workbook has facts, so that its name does not matter.
    """

    file: str
    rows: Sequence[Sequence[Cell]]
    sheet: str | None = None
    in_lines: bool = False
    serial: date = date(1899, 12, 30)
    is_alone: bool = False
    findings: Sequence[Finding] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The name of the sheet, or of the file without its suffix."""
        return self.sheet or splitext(basename(self.file))[0]

    def finding(
        self, cell: Cell, code: str, message: str, help: str | None = None, severity: str = "error"
    ) -> Finding:
        """Return a finding at the address of a cell."""
        finding = Finding(severity, code, message, file=self.file, help=help)
        return self.located(finding, cell)

    def located(self, finding: Finding, cell: Cell) -> Finding:
        """Return a finding with the address of a cell: a line and a column, or sheet and cell."""
        column = cell.column % COPIED
        if self.in_lines:
            return replace(finding, file=self.file, line=cell.row, column=column)
        address = f"{letters(column)}{cell.row}"
        return replace(
            finding, file=self.file, pointer=f"{self.sheet}!{address}" if self.sheet else address
        )

    def row_name(self, cell: Cell) -> str:
        """Return the row of a cell in words, for messages about another row."""
        of = "" if self.sheet is None or self.is_alone else f" of the sheet {self.sheet}"
        return f"line {cell.row}" if self.in_lines else f"row {cell.row}{of}"


def letters(column: int) -> str:
    """Return the name of a column in a spreadsheet.

    >>> letters(1), letters(28)
    ('A', 'AB')
    """
    name = ""
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def unguarded(text: str) -> str | None:
    """Return a cell's content without the apostrophe that marks it as text; None if it has none."""
    return text[1:] if _GUARDED.match(text) else None


def guarded(text: str) -> str:
    """Return the content of a cell that `import` reads as a text.

    Texts that look like formulas are guarded later, by the writers of CSV and workbooks.

    >>> [guarded(text) for text in ("Peru", "#1", "'=a")]
    ['Peru', "'#1", "''=a"]
    """
    return f"'{text}" if text.startswith("#") or _GUARDED.match(text) else text


def with_error(cell: Cell, text: str) -> Cell:
    """Return a cell with an error of the spreadsheet, such as #REF!, as its problem."""
    return Cell(
        text, cell.row, cell.column, f"the cell has the error {text}", "correct its formula"
    )


def keep(
    cells: Sequence[Cell], table: Table, rows: list[list[Cell]], findings: list[Finding]
) -> bool:
    """Add a row unless it is empty; add a finding and return False for the first row too many."""
    if all(cell.is_empty for cell in cells):
        return True
    if len(rows) > MOST_ROWS:
        message, help = f"there are more than {MOST_ROWS:,} rows", "split the table"
        findings.append(table.finding(Cell(None, cells[0].row, 1), "too-long", message, help))
        return False
    rows.append(list(cells))
    return True


def shown_day(value: date, format: str) -> str:
    """Return a date as the format of its cell shows it: a day, a month or a year."""
    shown = re.sub(r'"[^"]*"|\[[^\]]*\]|\\.', "", format.lower())
    day = value.date() if isinstance(value, datetime) else value
    if re.search("[dh]", shown) or not re.search("[my]", shown):
        return day.isoformat()
    return f"{day:%Y-%m}" if "m" in shown else f"{day:%Y}"


def serial_day(cell: Cell, epoch: date) -> date | None:
    """Return the day that a number may mean in a spreadsheet, or None."""
    if not re.fullmatch(r"\d{5}(\.\d+)?", cell.text):
        return None
    number = float(cell.text)
    return epoch + timedelta(days=int(number)) if _LEAST_SERIAL <= number < _MOST_SERIAL else None
