"""A reader of tables in CSV, TSV, XLSX and Parquet that keeps the address of each cell."""

from __future__ import annotations

import csv
import io
import re
from os.path import exists, isdir, splitext

from pyoxigraph import RdfFormat

from relations_kg.authoring import parquet_tables, workbooks
from relations_kg.authoring.cells import Cell, Table, keep, unguarded, with_error
from relations_kg.errors import InputError, missing
from relations_kg.reader import unreadable
from relations_kg.reader.files import (
    BEGINNING,
    BYTE_ORDER_MARK,
    Source,
    bytes_of,
    name_of,
    recognised,
)
from relations_kg.validation.findings import Finding

SUFFIXES = (".csv", ".tsv", ".xlsx", ".parquet")
_LARGEST = 256 << 20
_LONGEST_CELL = 32_767
_DELIMITERS = ",;\t|"
_ERRORS = ("#N/A", "#REF!", "#NAME?", "#VALUE!", "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!", "#CALC!")
_BEGINNINGS = ((b"PK\3\4", ".xlsx"), (b"PAR1", ".parquet"))
# What to do with tables in other formats, by suffix.
_OTHERS = {
    ".xls .xlsm .xlsb .ods .numbers .dta .sav": "save it as .xlsx or .csv",
    ".txt .tab .dat": "name it .tsv if tabs separate its cells, or else .csv",
    ".gz .zip .bz2 .xz .7z": "unpack it",
    ".html .htm .md .docx .pdf": "copy the table into a spreadsheet, and save it as .xlsx or .csv",
    ".json .jsonl .sqlite .db .xml": "export it as .csv or .parquet",
    ".ttl .jsonld .nt .nq .trig .rdf": "relations-kg validate checks facts",
}
_ENCODED = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (BYTE_ORDER_MARK, "utf-8-sig"))


def read(source: Source, format: str | None = None) -> list[Table]:
    """Return the tables of a file; raise InputError if it is not a table.

    `format` is the format of standard input, by default recognised from its beginning. Mistakes in
    single cells are in `findings` and in the cells.
    """
    name = name_of(source)
    suffix = splitext(name)[1].lower()
    if name == "standard input":
        suffix = f".{format.lower().removeprefix('.')}" if format else ""
        if format and suffix not in SUFFIXES:
            listed = ", ".join(each[1:] for each in SUFFIXES)
            message = f"{format!r} is not a format of tables"
            raise InputError(message, where="--input-format", help=f"use one of {listed}")
    elif isdir(name):
        help = "import one table after another, with parties, places and persons first"
        raise unreadable.folder(name, SUFFIXES, help)
    # A missing file is reported when it is read.
    elif suffix not in SUFFIXES and exists(name):
        others = (help for suffixes, help in _OTHERS.items() if suffix in suffixes.split())
        help = next(others, f"name a file that ends in {', '.join(SUFFIXES)}")
        raise InputError("this is not a table that can be read", where=name, help=help)
    content = bytes_of(source, _LARGEST)
    if not content.strip():
        raise InputError(
            "the file is empty", where=name, help=("give a row of headings, and rows below it")
        )
    start = content[:BEGINNING]
    if found := recognised(start) if suffix in ("", ".csv", ".tsv") else None:
        what = found.name if b'"@' in start or found != RdfFormat.JSON_LD else "JSON"
        help = f"relations-kg validate {'-' if name == 'standard input' else name} checks facts"
        help = "export it as .csv or .parquet" if what == "JSON" else help
        raise InputError(f"this begins like {what}, not like a table", where=name, help=help)
    if re.match(rb"(?i)\s*<(?:!doctype|html|table|\?xml)\b", start):
        help = "open it in a spreadsheet, and save it as .xlsx or .csv"
        raise InputError("this is a web page or XML, not a table", where=name, help=help)
    if name == "standard input" and not suffix:
        suffix = next((each for start, each in _BEGINNINGS if content.startswith(start)), "")
    return parsed(content, name, suffix)


def parsed(content: bytes, name: str, suffix: str) -> list[Table]:
    """Return the tables of the content of a file, as `read` does."""
    try:
        if suffix == ".xlsx":
            return workbooks.read(content, name)
        if suffix == ".parquet":
            return [parquet_tables.read(content, name)]
    except ModuleNotFoundError as error:
        raise missing(error, "tables", name) from None
    return [_text(content, name, "\t" if suffix == ".tsv" else "")]


def _text(content: bytes, name: str, delimiter: str) -> Table:
    """Return the table of a text with separators."""
    if content.startswith((b"PK\3\4", b"\xd0\xcf\x11\xe0", b"PAR1")):
        raise InputError(
            "this is not text, but a workbook or Parquet", where=name, help="rename it"
        )
    encoding = next((e for mark, e in _ENCODED if content.startswith(mark)), "utf-8")
    if encoding == "utf-8" and b"\0" in content:
        raise InputError("this is a binary file", where=name, help="save it as CSV in UTF-8")
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        before = content[: error.start]
        line = before.count(b"\n") + 1
        raise InputError(
            f"this text is not in {encoding.upper().removesuffix('-SIG')}",
            where=name,
            line=line,
            help='save it as "CSV UTF-8"',
        ) from None
    findings: list[Finding] = []
    rows: list[list[Cell]] = []
    table = Table(name, rows, in_lines=True, findings=findings)
    delimiter = delimiter or _delimiter(text)
    # An unclosed quotation mark would make the rest of the file one cell.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    start = 1
    while True:
        try:
            record = next(reader)
        except StopIteration:
            break
        except csv.Error as error:
            help = "close the quotation mark, or write it twice if it is part of the text"
            cell = Cell(None, start, 1)
            findings.append(table.finding(cell, "row", f"this row cannot be read: {error}", help))
            break
        cells = [_checked(Cell(t, start, n)) for n, t in enumerate(record, 1)]
        start = reader.line_num + 1
        if not keep(cells, table, rows, findings):
            break
    return table


def _delimiter(text: str) -> str:
    """Return the separator that divides the first row with content into the most cells."""
    lines = (line for line in text.splitlines() if line.strip(" \t,;|"))
    first = next(lines, "")
    counts = {each: len(next(csv.reader([first], delimiter=each), [])) for each in _DELIMITERS}
    return max(_DELIMITERS, key=lambda each: counts[each])


def _checked(cell: Cell) -> Cell:
    """Return a cell of a text file, with a problem if it is a formula, an error or too long.

    An apostrophe that marks the content as text, not as a formula, is removed.
    """
    text = cell.text
    if (plain := unguarded(text)) is not None:
        return Cell(plain, cell.row, cell.column, is_text=True)
    if text.startswith("="):
        help = f"write its result; if it is a text, write '{text}"
        return Cell(text, cell.row, cell.column, f"{text!r} is a formula", help)
    if text in _ERRORS:
        return with_error(cell, text)
    if len(text) > _LONGEST_CELL:
        return Cell(None, cell.row, cell.column, "the text is longer than 32,767 characters")
    return Cell(text, cell.row, cell.column)
