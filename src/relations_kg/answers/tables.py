"""Answers written as text: aligned, Markdown, HTML, and the SPARQL 1.1 result formats."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import chain, islice
from typing import TYPE_CHECKING

from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    parse_query_results,
)

from relations_kg.answers.rows import Cell, Thing
from relations_kg.engines.limits import too_wide
from relations_kg.engines.lines import SolutionLines
from relations_kg.errors import InputError
from relations_kg.rdf.formats import find
from relations_kg.rdf.namespaces import XSD
from relations_kg.rdf.terms import EngineTerm, printable

if TYPE_CHECKING:
    from relations_kg.answers.rows import Rows

# The texts before and after the rows of each format, and between two rows.
_FRAMES = {
    "csv": (b"\n", b"", b""),
    "tsv": (b"\n", b"", b""),
    "json": (b'"bindings":[', b"]}}", b","),
    "xml": (b"<results>", b"</results>", b""),
}
# A table shows the first characters of a cell, and a notebook the first rows.
WIDEST, MOST_SHOWN = 300, 1_000
# So many rows are written at once, and of so many the cells are kept between two passes.
_TOGETHER, _FEW = 1_000, 10_000


def serialize(rows: Rows, format: str) -> str:
    """Return rows in a format that can hold them; raise InputError for another."""
    return b"".join(pieces(rows, format)).decode()


def pieces(rows: Rows, format: str) -> Iterator[bytes]:
    """Yield the text of rows piece by piece, in a format that can hold them."""
    known = find(format, "rows")
    if known.results is None:
        return _encoded(_markdown(rows) if known.name == "markdown" else _table(rows))
    return _results(rows, known.name, known.results)


def _encoded(lines: Iterator[str]) -> Iterator[bytes]:
    while together := "".join(islice(lines, _TOGETHER)):
        yield together.encode()


def _results(rows: Rows, name: str, format: QueryResultsFormat) -> Iterator[bytes]:
    opening, closing, between = _FRAMES[name]
    tail = b""
    for number, solutions in enumerate(_blocks(rows)):
        try:
            text = solutions.serialize(format=format) or b""
        except MemoryError:
            raise too_wide() from None
        start = text.index(opening) + len(opening)
        end = text.rindex(closing) if closing else len(text)
        yield between if number else text[:start]
        yield text[start:end]
        tail = text[end:]
    yield tail + b"\n" if name == "json" else tail


def _blocks(rows: Rows) -> Iterator[QuerySolutions]:
    """Yield the rows as the engine's own, a block at a time and at least one."""
    lines = rows.solutions
    # Triple terms are refused by `json_term`.
    if isinstance(lines, SolutionLines) and not lines.has(b"<<"):
        for text in chain(lines.texts, () if lines else (b"",)):
            found = parse_query_results(lines.head + text, QueryResultsFormat.TSV)
            assert isinstance(found, QuerySolutions)
            yield found
        return
    for start in range(0, len(rows) or 1, _TOGETHER):
        bindings = [
            {
                column: json_term(term)
                for column, term in zip(rows.columns, solution, strict=True)
                if term is not None
            }
            for solution in lines[start : start + _TOGETHER]
        ]
        content = json.dumps({"head": {"vars": rows.columns}, "results": {"bindings": bindings}})
        found = parse_query_results(content, QueryResultsFormat.JSON)
        assert isinstance(found, QuerySolutions)
        yield found


def serialize_boolean(answer: bool, format: str) -> str:
    """Write the answer of an ASK: a SPARQL 1.1 result in json and xml, else a word."""
    known = find(format, "rows")
    word = "true" if answer else "false"
    if known.name in ("json", "xml"):
        result = parse_query_results(
            f'{{"head": {{}}, "boolean": {word}}}', QueryResultsFormat.JSON
        )
        assert isinstance(result, QueryBoolean)
        content = result.serialize(format=known.results) or b""
        return content.decode() + "\n"
    return word + "\n"


def text_table(rows: Rows) -> str:
    """Align the columns, with labels for things and the first WIDEST characters of each cell."""
    return "".join(_table(rows))


def print_table(rows: Rows) -> None:
    """Print rows on a terminal, their cells folded to its width."""
    from rich.console import Console
    from rich.table import Column, Table
    from rich.text import Text

    table = Table(*map(Column, rows.columns), box=None, pad_edge=False)
    for line in _clipped(rows):
        # As Text, so that brackets in a label are not taken for markup.
        table.add_row(*(Text(text) for text in line))
    Console().print(table)


def _table(rows: Rows) -> Iterator[str]:
    """Yield the lines of an aligned table: one pass finds the widths, another one writes."""
    columns = [_clip(column) for column in rows.columns]
    few = list(_clipped(rows)) if len(rows) <= _FEW else None
    widths = [*map(len, columns)]
    for line in _clipped(rows) if few is None else few:
        widths = [max(width, len(text)) for width, text in zip(widths, line, strict=True)]
    head = [columns, ["-" * width for width in widths]]
    for line in chain(head, _clipped(rows) if few is None else few):
        padded = (text.ljust(width) for text, width in zip(line, widths, strict=True))
        yield "  ".join(padded).rstrip() + "\n"


def markdown_table(rows: Rows) -> str:
    """Write a table of GitHub's Markdown, with labels for things."""
    return "".join(_markdown(rows))


def _markdown(rows: Rows) -> Iterator[str]:
    for line in chain([rows.columns, ["---"] * len(rows.columns)], shown_cells(rows)):
        quoted = (text.replace("\\", "\\\\").replace("|", "\\|") for text in line)
        yield f"| {' | '.join(quoted)} |\n"


def html_table(rows: Rows) -> str:
    """Write an escaped HTML table of the first MOST_SHOWN rows, with labels for things."""
    from html import escape

    head = "".join(f"<th>{escape(column)}</th>" for column in rows.columns)
    body = "".join(
        f"<tr>{''.join(f'<td>{escape(text)}</td>' for text in line)}</tr>"
        for line in _clipped(rows[:MOST_SHOWN])
    )
    more = len(rows) - MOST_SHOWN
    note = f"<caption>{MOST_SHOWN:,} of {len(rows):,} rows</caption>" if more > 0 else ""
    return f"<table>{note}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def shown_cells(rows: Rows) -> Iterator[list[str]]:
    """Yield the cells of each row as people read them, each on one line."""
    for row in rows:
        yield [_shown(cell) for cell in row]


def _clipped(rows: Rows) -> Iterator[list[str]]:
    for row in rows:
        yield [_clip(_shown(cell, WIDEST + 1)) for cell in row]


def _shown(cell: Cell, most: int | None = None) -> str:
    if cell is None:
        return ""
    return cell.label if isinstance(cell, Thing) else printable(str(cell)[:most])


def _clip(text: str) -> str:
    return text if len(text) <= WIDEST else text[: WIDEST - 1] + "…"


def json_term(term: EngineTerm) -> dict[str, str]:
    """Write a term as an object of the SPARQL 1.1 JSON results."""
    if isinstance(term, NamedNode):
        return {"type": "uri", "value": term.value}
    if isinstance(term, BlankNode):
        return {"type": "bnode", "value": term.value}
    if not isinstance(term, Literal):
        raise InputError("triple terms have no place in these formats", help="use table")
    if term.language:
        return {"type": "literal", "value": term.value, "xml:lang": term.language}
    if term.datatype.value == XSD + "string":
        return {"type": "literal", "value": term.value}
    return {"type": "literal", "value": term.value, "datatype": term.datatype.value}
