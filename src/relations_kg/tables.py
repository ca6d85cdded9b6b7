"""Answers written as text: aligned, Markdown, HTML, and the SPARQL 1.1 result formats."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    parse_query_results,
)

from relations_kg.errors import InputError
from relations_kg.namespaces import XSD
from relations_kg.rows import Cell, Thing
from relations_kg.terms import EngineTerm, printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from relations_kg.rows import Rows

_RESULT_FORMATS = {
    "csv": QueryResultsFormat.CSV,
    "tsv": QueryResultsFormat.TSV,
    "json": QueryResultsFormat.JSON,
    "xml": QueryResultsFormat.XML,
}
FORMATS = ("table", *_RESULT_FORMATS, "markdown")


def serialize(rows: Rows, format: str) -> str:
    """Write rows in one of FORMATS; raise InputError for another."""
    if format == "table":
        return text_table(rows)
    if format == "markdown":
        return markdown_table(rows)
    if format not in _RESULT_FORMATS:
        raise InputError(f"unknown format {format!r}", help=f"use one of {', '.join(FORMATS)}")
    import json

    bindings = [
        {
            column: json_term(term)
            for column, term in zip(rows.columns, terms, strict=True)
            if term is not None
        }
        for terms in rows.terms
    ]
    content = json.dumps({"head": {"vars": rows.columns}, "results": {"bindings": bindings}})
    if format == "json":
        return content + "\n"
    solutions = parse_query_results(content, QueryResultsFormat.JSON)
    return solutions.serialize(format=_RESULT_FORMATS[format]).decode()  # type: ignore[union-attr]


def serialize_boolean(answer: bool, format: str) -> str:
    """Write the answer of an ASK: a SPARQL 1.1 result in json and xml, else a word."""
    if format not in FORMATS:
        raise InputError(f"unknown format {format!r}", help=f"use one of {', '.join(FORMATS)}")
    word = "true" if answer else "false"
    if format in ("json", "xml"):
        result = parse_query_results(
            f'{{"head": {{}}, "boolean": {word}}}', QueryResultsFormat.JSON
        )
        assert isinstance(result, QueryBoolean)
        content = result.serialize(format=_RESULT_FORMATS[format]) or b""
        return content.decode() + "\n"
    return word + "\n"


def text_table(rows: Rows) -> str:
    """Align the columns, with labels for things."""
    return aligned(rows.columns, shown_cells(rows))


def print_table(rows: Rows) -> None:
    """Print rows on a terminal, their cells folded to its width."""
    from rich.console import Console
    from rich.table import Column, Table
    from rich.text import Text

    table = Table(*map(Column, rows.columns), box=None, pad_edge=False)
    for line in shown_cells(rows):
        # As Text, so that brackets in a label are not taken for markup.
        table.add_row(*(Text(text) for text in line))
    Console().print(table)


def aligned(columns: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    """Align columns of text under their names, without trailing spaces."""
    table = [list(columns), *map(list, lines)]
    widths = [max(len(line[i]) for line in table) for i in range(len(columns))]
    table.insert(1, ["-" * width for width in widths])
    padded = (
        "  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True))
        for line in table
    )
    return "".join(line.rstrip() + "\n" for line in padded)


def markdown_table(rows: Rows) -> str:
    """Write a table of GitHub's Markdown, with labels for things."""
    lines = [rows.columns, ["---"] * len(rows.columns), *shown_cells(rows)]
    quoted = ([text.replace("\\", "\\\\").replace("|", "\\|") for text in line] for line in lines)
    return "".join(f"| {' | '.join(line)} |\n" for line in quoted)


def html_table(rows: Rows) -> str:
    """Write an escaped HTML table, with labels for things."""
    from html import escape

    head = "".join(f"<th>{escape(column)}</th>" for column in rows.columns)
    body = "".join(
        f"<tr>{''.join(f'<td>{escape(text)}</td>' for text in line)}</tr>"
        for line in shown_cells(rows)
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def shown_cells(rows: Rows) -> list[list[str]]:
    """Return the cells as people read them, each on one line."""
    return [[_shown(cell) for cell in row] for row in rows]


def _shown(cell: Cell) -> str:
    if cell is None:
        return ""
    return cell.label if isinstance(cell, Thing) else printable(str(cell))


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
