"""Rows as text: aligned, Markdown, HTML, and the SPARQL 1.1 result formats."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import Protocol

from pyoxigraph import (
    QueryResultsFormat,
    QuerySolution,
    parse_query_results,
)

from relations_kg.answers.cells import Cell, Thing
from relations_kg.engines.limits import too_wide
from relations_kg.engines.lines import SolutionLines
from relations_kg.errors import InputError
from relations_kg.rdf import markdown, markup, results
from relations_kg.rdf.formats import find
from relations_kg.rdf.terms import printable


class Table(Protocol):
    """Rows of cells under named columns, with the engine's own solutions."""

    columns: list[str]
    solutions: Sequence[QuerySolution]

    def __len__(self) -> int: ...
    def __iter__(self) -> Iterator[Iterable[Cell]]: ...


# For each format, the texts before the rows, after them and between two of them.
_FRAMES = {
    "csv": (b"\n", b"", b""),
    "tsv": (b"\n", b"", b""),
    "json": (b'"bindings":[', b"]}}", b","),
    "xml": (b"<results>", b"</results>", b""),
}
# The methods of a pandas DataFrame that write formats which are not text.
_OF_FRAMES = {
    **dict.fromkeys(("xlsx", "excel", "xls"), 'to_excel("rows.xlsx")'),
    "parquet": 'to_parquet("rows.parquet")',
}
# The maximum numbers of characters of a cell, and of rows that a terminal shows in a fitted table.
WIDEST, MOST_SHOWN = 300, 1_000
# The number of rows written at once, and the maximum number of rows whose cells are kept between
# two passes.
_TOGETHER, _FEW = 1_000, 10_000


def serialize(rows: Table, format: str) -> str:
    """Return rows in a format for tables; raise InputError for any other format."""
    return b"".join(pieces(rows, format)).decode()


def pieces(rows: Table, format: str) -> Iterator[bytes]:
    """Yield the text of rows in a format for tables, in pieces; raise InputError for any other."""
    if method := _OF_FRAMES.get(format.lower()):
        help = f"write to_pandas().{method}"
        raise InputError(f"{format} is not text", help=help)
    known = find(format, "rows")
    if known.results is None:
        return _encoded(_markdown(rows) if known.name == "markdown" else _table(rows))
    return _results(rows, known.name, known.results)


def _encoded(lines: Iterator[str]) -> Iterator[bytes]:
    while together := "".join(islice(lines, _TOGETHER)):
        yield together.encode()


def _results(rows: Table, name: str, format: QueryResultsFormat) -> Iterator[bytes]:
    opening, closing, between = _FRAMES[name]
    tail = b""
    for number, lines in enumerate(_blocks(rows)):
        try:
            text = results.serialize(lines, format)
        except MemoryError:
            raise too_wide() from None
        start = text.index(opening) + len(opening)
        end = text.rindex(closing) if closing else len(text)
        yield between if number else text[:start]
        yield text[start:end]
        tail = text[end:]
    yield tail + b"\n" if name == "json" else tail


def _blocks(rows: Table) -> Iterator[bytes]:
    """Yield the rows as SPARQL 1.1 TSV in one or more blocks, each with the header line."""
    head = "\t".join(f"?{column}" for column in rows.columns).encode() + b"\n"
    for text in _texts(rows.solutions):
        yield head + text


def _texts(solutions: Sequence[QuerySolution]) -> Iterator[bytes]:
    if isinstance(solutions, SolutionLines):
        for text in solutions.texts:
            is_other = b"<<" in text or results.has_lists(text)
            yield b"".join(map(results.line, solutions.parsed(text))) if is_other else text
        return
    for start in range(0, len(solutions) or 1, _TOGETHER):
        yield b"".join(map(results.line, solutions[start : start + _TOGETHER]))


def serialize_boolean(answer: bool, format: str) -> str:
    """Return the answer of an ASK: a SPARQL 1.1 result in json and xml, else "true" or "false"."""
    known = find(format, "rows")
    word = "true" if answer else "false"
    if known.name in ("json", "xml"):
        text = f'{{"head": {{}}, "boolean": {word}}}'
        result = parse_query_results(text, QueryResultsFormat.JSON)
        return (result.serialize(format=known.results) or b"").decode() + "\n"
    return word + "\n"


def _table(rows: Table) -> Iterator[str]:
    """Yield the lines of an aligned table; the first pass over the rows finds the widths."""
    columns = [_clip(column) for column in rows.columns]
    few = list(clipped_cells(rows)) if len(rows) <= _FEW else None
    widths = [*map(len, columns)]
    for line in clipped_cells(rows) if few is None else few:
        widths = [max(width, len(text)) for width, text in zip(widths, line, strict=True)]
    head = [columns, ["-" * width for width in widths]]
    for line in chain(head, clipped_cells(rows) if few is None else few):
        padded = (text.ljust(width) for text, width in zip(line, widths, strict=True))
        yield "  ".join(padded).rstrip() + "\n"


def _markdown(rows: Table) -> Iterator[str]:
    yield f"| {' | '.join(map(markdown.escaped, rows.columns))} |\n"
    yield f"| {' | '.join('---' for _ in rows.columns)} |\n"
    for line in shown_cells(rows):
        yield f"| {' | '.join(map(markdown.escaped, line))} |\n"


def html_table(rows: Table) -> str:
    """Return an escaped HTML table of the first rows, with labels for things."""
    return markup.table(rows.columns, clipped_cells(rows), len(rows))


def shown_cells(rows: Table) -> Iterator[list[str]]:
    """Yield the cells of each row as human-readable text, each on one line."""
    for row in rows:
        yield [_shown(cell) for cell in row]


def clipped_cells(rows: Iterable[Iterable[Cell]]) -> Iterator[list[str]]:
    """Yield the first WIDEST characters of the cells of each row, as human-readable text."""
    for row in rows:
        yield [_clip(_shown(cell, WIDEST + 1)) for cell in row]


def _shown(cell: Cell, most: int | None = None) -> str:
    if cell is None:
        return ""
    if isinstance(cell, list):
        return "; ".join(_shown(value, most) for value in cell)[:most]
    return cell.label if isinstance(cell, Thing) else printable(str(cell)[:most])


def _clip(text: str) -> str:
    return text if len(text) <= WIDEST else text[: WIDEST - 1] + "…"
