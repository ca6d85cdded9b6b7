"""Cells with ambiguous dates and numbers, such as 05/06/2001 or 1.234."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress

from relations_kg.answers.parameters import Parameter
from relations_kg.authoring import usual_words
from relations_kg.authoring.cells import Cell, serial_day
from relations_kg.authoring.columns import Columns
from relations_kg.authoring.event_dates import read_date
from relations_kg.errors import QueryError, RelationsError
from relations_kg.names.names import Names
from relations_kg.rdf import dates
from relations_kg.rdf.digit_dates import ORDERS, order_of, ordered, readings
from relations_kg.rdf.namespaces import XSD
from relations_kg.reader.identifiers import LARGEST
from relations_kg.validation.findings import Finding

# A date, and what stands after it: marks of notes, or brackets without a number.
_NOTED = re.compile(
    r"(.*\d)((?:\s*(?:\[\w{1,3}\]|[*\u2020\u2021\u00b9\u00b2\u00b3]+|\([^()\d]*\)))+)"
)
# A finding and its group. Only the first finding of a group is reported, with the number of others.
_Grouped = tuple[Finding, object]


class DateColumns:
    """The columns of dates in a table, with the order of day and month if it is given."""

    def __init__(self, columns: Columns, order: str | None) -> None:
        self._columns, self._order = columns, order
        # The first date in each column with a clear order of day and month, and this order.
        self._first: dict[str, tuple[str, Cell]] = {}
        self._unclear: dict[int, bool] = {}
        every = columns.types.items()
        self._dated = {n for n, type in every if type in ("edtf", "date", dates.DATATYPE)}

    def read(self, name: str, text: str) -> str:
        """Return the text of a value; that of a date is read by `read_date`."""
        return read_date(name, text, self._order) if name in self._dated else text

    def is_wrong(self, name: str, cell: Cell) -> bool:
        """Return whether a cell has a number for a date, or a date in another order than given."""
        return name in self._dated and self._mistake(cell) is not None

    def finding(self, name: str, cell: Cell) -> _Grouped:
        """Return the finding about a cell that is wrong."""
        what, message, help = self._mistake(cell) or ("", "", "")
        finding = self._columns.table.finding(cell, "value", f"{name}: {message}", help)
        return finding, self._group(cell, what)

    def other_order(self, name: str, cell: Cell) -> Finding | None:
        """Return the warning about a date whose order differs from that of an earlier row.

        If the column has unclear dates, too, the error about them names both orders already.
        """
        own = order_of(cell.text) if name in self._dated and not self._order else None
        if own is None:
            return None
        order, other = self._first.setdefault(name, (own, cell))
        if order == own or self._is_unclear(cell.column):
            return None
        table = self._columns.table
        message = f"{name}: {cell.text!r} is {own}, but {table.row_name(other)} has {other.text!r}"
        help = f"check both, or add --dates {order}, which refuses dates that are {own}"
        return table.finding(cell, "value", message, help, "warning")

    def _is_unclear(self, column: int) -> bool:
        """Return whether the order of any date of a column is unclear."""
        if column not in self._unclear:
            cells = map(self._text, self._cells(column))
            self._unclear[column] = any(map(readings, cells))
        return self._unclear[column]

    def problem(self, cell: Cell, problem: RelationsError) -> _Grouped:
        """Return the finding about a problem with the value of a cell.

        The cells of a column with dates in the same notation are one group.
        """
        name, message, help, group = problem.where, problem.message, problem.help, None
        if name in self._dated:
            group = self._group(cell, re.sub("'[^']*'", "", message), _notation(cell.text))
        if name in self._dated and (found := readings(self._text(cell))):
            message = f"{cell.text!r} may be {' or '.join(found)}"
            help, group = self._help(cell, found), self._group(cell, "order")
        table = self._columns.table
        return table.finding(cell, "value", f"{name}: {message}", help), group

    def _mistake(self, cell: Cell) -> tuple[str, str, str] | None:
        """Return the kind of mistake, the message and the correction, or None."""
        if serial := serial_day(cell, self._columns.table.serial):
            help = f"as a date of a spreadsheet it is '{serial}'; format the cell as a date"
            return "number", f"{cell.text} is a number, not a date", help
        found = order_of(cell.text) if self._order else None
        if found and found != self._order:
            message = f"{cell.text!r} is {found}, but --dates is {self._order}"
            return "order", message, "write year, month and day, such as '1971-11-02'"
        return None

    def _help(self, cell: Cell, found: list[str]) -> str:
        """Return what to do about a date with two readings, from other dates in its column."""
        table = self._columns.table
        known: dict[str, Cell] = {}
        for each in self._cells(cell.column):
            if order := order_of(each.text):
                known.setdefault(order, each)
        if len(known) == 1:
            order, other = next(iter(known.items()))
            return f"add --dates {order}, since {table.row_name(other)} has {other.text!r}"
        if known:
            one, other = known.values()
            both = f"this column has both {one.text!r} and {other.text!r}"
            return f"{both}: write year, month and day, such as {found[0]!r}"
        options = {ordered(self._text(cell), order): order for order in ORDERS}
        return " or ".join(f"add --dates {options[each]} for {each}" for each in found)

    def _cells(self, column: int) -> Iterator[Cell]:
        return (cell for row in self._columns.rows for cell in row if cell.column == column)

    def _text(self, cell: Cell) -> str:
        """Return the text of a cell without words that its column says already."""
        name = self._columns.parameters.get(cell.column, "")
        return " ".join(read_date(name, cell.text, None).split())

    def _group(self, cell: Cell, *what: str) -> object:
        return (self._columns.table.file, self._columns.table.sheet, cell.column, *what)


def _notation(text: str) -> str:
    """Return the pattern of a text, with a placeholder for each number and each word.

    >>> _notation("2/11/71") == _notation("12/1/98") != _notation("12/1/1998")
    True
    """
    pattern = re.sub(r"[^\W\d_]+", "a", text)
    return re.sub(r"\d+", lambda match: "99" if len(match[0]) < 3 else "9999", pattern)


_UNCLEAR = re.compile(r"([1-9]\d{0,2})[.,](\d{3})~?", re.ASCII)
# Numbers that show that a column has decimal commas, or decimal points.
_COMMAS = re.compile(r"\d\.\d{3}[.,]\d|^[^.]*\d,\d{1,2}(?!\d)", re.ASCII)
_POINTS = re.compile(r"\d,\d{3}\.\d|\.\d{1,2}(?!\d)|\.\d{4}|\b0\.\d", re.ASCII)


class NumberColumns:
    """The columns of amounts and decimals in a table, except coordinates."""

    def __init__(self, columns: Columns) -> None:
        self._table = columns.table
        degrees = {n for n, each in columns.properties.items() if each.iri.value in LARGEST}
        types = columns.types.items()
        numeric = {n for n, type in types if type in ("amount", XSD + "decimal")} - degrees
        self._read = {each: name for each, name in columns.parameters.items() if name in numeric}
        # The first cell with a decimal comma in each column, and the columns with decimal points.
        self._commas: dict[str, Cell] = {}
        self._points: set[str] = set()
        for cell in (cell for row in columns.rows for cell in row if cell.column in self._read):
            if _COMMAS.search(cell.text):
                self._commas.setdefault(self._read[cell.column], cell)
            elif _POINTS.search(cell.text):
                self._points.add(self._read[cell.column])

    def finding(self, name: str, cell: Cell) -> Finding | None:
        """Return the error or the warning about an ambiguous number, or None.

        It is an error if another cell of the column has a decimal comma.
        """
        # A number of a spreadsheet is not a text, and is clear.
        known = cell.column in self._read and isinstance(cell.value, str)
        if not known or not (match := _UNCLEAR.fullmatch(cell.text)):
            return None
        whole, decimal = f"{match[1]}{match[2]}", f"{match[1]}.{match[2]}"
        if other := self._commas.get(name):
            meant = whole if "." in cell.text else decimal
            row = self._table.row_name(other)
            message = f"{name}: {cell.text!r} may mean {meant}, since {row} has {other.text!r}"
            help = f"write {whole!r} for thousands, and all decimals of the column with a point"
            return self._table.finding(cell, "value", message, help)
        if "," in cell.text or name in self._points:
            return None
        message = f"{name}: {cell.text!r} is read as a number below a thousand, with decimals"
        help = f"write {whole!r} if its point separates thousands"
        return self._table.finding(cell, "value", message, help, "warning")


def refused_date(parameter: Parameter, text: str, names: Names) -> tuple[str, str] | None:
    """Return a replacement for what is not a date, or "", with the reason; None for a date."""
    return _of_status(parameter, text) or _misdated(parameter, text, names)


def _of_status(parameter: Parameter, text: str) -> tuple[str, str] | None:
    """Return a replacement for a status in the column "closed", such as "suspended", and a reason.

    Returns None for any other text.
    """
    if parameter.name != "closed" or any(map(str.isdigit, text)):
        return None
    if usual_words.is_open(text):
        return "present", "a guess: it exists"
    if usual_words.is_of_residence(text) or any(
        usual_words.says(text, each) for each in ("suspended", "move")
    ):
        return "present", "a guess: it exists; import --template phase may draft the rest"
    if usual_words.says(text, "closed"):
        return "", f'write its date for each row, "KEY: {text}", or "[..DAY]" if it was by a day'
    return None


def _misdated(parameter: Parameter, text: str, names: Names) -> tuple[str, str] | None:
    """Return a replacement for what is not a date, with the reason, or None for a date.

    The replacement is the date before a note, or "" if there is none.
    """
    if (noted := _NOTED.fullmatch(text)) and (rest := dates.correction(noted[1]) or noted[1]):
        with suppress(QueryError):
            parameter.term(rest, names)
            return rest, f"a guess, without {noted[2].strip()!r}"
    try:
        parameter.term(text, names)
    except QueryError as error:
        return "", "; ".join(filter(None, (error.message, error.help)))
    return None
