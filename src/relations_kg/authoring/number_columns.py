"""Columns of numbers in which a point may separate thousands: 1.234 in a European table."""

from __future__ import annotations

import re

from relations_kg.authoring.cells import Cell
from relations_kg.authoring.columns import Columns
from relations_kg.rdf.namespaces import XSD
from relations_kg.reader.identifiers import LARGEST
from relations_kg.validation.findings import Finding

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
        # The first cell with a decimal comma, and the columns with decimal points.
        self._commas: dict[str, Cell] = {}
        self._points: set[str] = set()
        for cell in (cell for row in columns.rows for cell in row if cell.column in self._read):
            if _COMMAS.search(cell.text):
                self._commas.setdefault(self._read[cell.column], cell)
            elif _POINTS.search(cell.text):
                self._points.add(self._read[cell.column])

    def finding(self, name: str, cell: Cell) -> Finding | None:
        """Return the error or the warning about a number that may be another one, or None.

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
