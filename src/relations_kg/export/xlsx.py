"""Workbooks for spreadsheet programs (Office Open XML), each sheet a table with a heading."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from io import BytesIO
from xml.sax.saxutils import escape, quoteattr
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from relations_kg.errors import InputError

Value = str | bool | int | float | Decimal | date | None

# The limits of the format: characters of a cell and of a name, rows of a sheet, digits of a number.
_MOST_CHARACTERS, _LONGEST_NAME, _MOST_ROWS, _MOST_DIGITS = 32_767, 31, 1_048_576, 15
_FIRST_DAY = date(1899, 12, 30)
# Before this day, the format counts a leap day that 1900 did not have.
_FIRST_SURE_DAY = date(1900, 3, 1)
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"
# The styles of plain cells, headings and days.
_STYLES = f"""<styleSheet xmlns="{_MAIN}">\
<numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/></numFmts>\
<fonts count="2"><font/><font><b/></font></fonts>\
<fills count="2"><fill/><fill><patternFill patternType="gray125"/></fill></fills>\
<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>\
<cellXfs count="3"><xf/><xf fontId="1" applyFont="1"/>\
<xf numFmtId="164" applyNumberFormat="1"/></cellXfs></styleSheet>"""


def workbook(sheets: Mapping[str, Sequence[Sequence[Value]]]) -> bytes:
    """Return a workbook of sheets by name; the first line of a sheet is its heading.

    Equal sheets give equal bytes. Raises InputError for a sheet that is too long for the format.
    """
    names = _names(sheets)
    sheet = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{number}" r:id="rId{number}"/>'
        for number, name in enumerate(names, 1)
    )
    own = "".join(
        f'<Relationship Id="rId{number}" Type="{_OFFICE}/worksheet"'
        f' Target="worksheets/sheet{number}.xml"/>'
        for number in range(1, len(names) + 1)
    )
    types = "".join(
        f'<Override PartName="/xl/worksheets/sheet{number}.xml"'
        f' ContentType="{_TYPES}.worksheet+xml"/>'
        for number in range(1, len(names) + 1)
    )
    parts = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/'
        'content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-'
        'package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPES}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_TYPES}.styles+xml"/>{types}</Types>',
        "_rels/.rels": f'<Relationships xmlns="{_RELATIONS}"><Relationship Id="rId1"'
        f' Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">'
        f"<sheets>{sheet}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_RELATIONS}">{own}'
        f'<Relationship Id="styles" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>',
        "xl/styles.xml": _STYLES,
    }
    packed = BytesIO()
    with ZipFile(packed, "w") as archive:
        for path, text in parts.items():
            _add(archive, path, [text])
        for number, (name, lines) in enumerate(sheets.items(), 1):
            _add(archive, f"xl/worksheets/sheet{number}.xml", _sheet(name, lines))
    return packed.getvalue()


def _add(archive: ZipFile, path: str, pieces: Iterable[str]) -> None:
    # A ZipInfo of its own has no time of writing, so that equal content gives equal bytes.
    entry = ZipInfo(path)
    entry.compress_type = ZIP_DEFLATED
    entry.create_system = 3
    entry.external_attr = 0o644 << 16
    with archive.open(entry, "w") as file:
        file.write(b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n')
        for piece in pieces:
            file.write(piece.encode())


def _names(sheets: Iterable[str]) -> list[str]:
    """Return names that the format allows: short, without some characters, and different."""
    found: dict[str, None] = {}
    taken: set[str] = set()
    for sheet in sheets:
        plain = re.sub(r"[\[\]:*?/\\\0-\x1f]", "-", sheet).strip("'") or "sheet"
        name, number = plain[:_LONGEST_NAME], 1
        while name.casefold() in taken:
            number += 1
            end = f"-{number}"
            name = plain[: _LONGEST_NAME - len(end)] + end
        taken.add(name.casefold())
        found[name] = None
    return list(found)


def _sheet(name: str, lines: Sequence[Sequence[Value]]) -> Iterator[str]:
    if len(lines) > _MOST_ROWS:
        message = f"a sheet of a workbook has at most {_MOST_ROWS:,} rows; {name} has more"
        raise InputError(message, help="write CSV or Parquet")
    yield (
        f'<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
        '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
        "</sheetView></sheetViews><sheetData>"
    )
    for number, line in enumerate(lines):
        cells = "".join(_cell(value, style=int(number == 0)) for value in line)
        yield f"<row>{cells}</row>"
    yield "</sheetData></worksheet>"


def _cell(value: Value, style: int) -> str:
    if value is None or value == "":
        return "<c/>"
    if isinstance(value, bool):
        return f'<c t="b"><v>{int(value)}</v></c>'
    if isinstance(value, date) and value >= _FIRST_SURE_DAY:
        return f'<c s="2"><v>{(value - _FIRST_DAY).days}</v></c>'
    if isinstance(value, int | float | Decimal) and _is_exact(value):
        return f"<c><v>{value}</v></c>"
    text = str(value)
    if len(text) > _MOST_CHARACTERS:
        text = text[: _MOST_CHARACTERS - 1] + "…"
    # The format reads "_x0041_" as "A", and XML has no control characters.
    text = re.sub(r"_(?=x[0-9A-Fa-f]{4}_)", "_x005F_", text)
    text = re.sub(r"[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]", "\ufffd", text)
    shown = f' s="{style}"' if style else ""
    return f'<c t="inlineStr"{shown}><is><t xml:space="preserve">{escape(text)}</t></is></c>'


def _is_exact(number: float | Decimal) -> bool:
    """Return whether a workbook keeps all digits of a number."""
    if isinstance(number, float):
        return number - number == 0
    return len(Decimal(number).as_tuple().digits) <= _MOST_DIGITS and Decimal(number).is_finite()
