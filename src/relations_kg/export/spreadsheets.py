"""The facts as tables for spreadsheets, one for each kind of thing: CSV files or a workbook.

Each thing is a row in the table of its most specific stated kind: an embassy in `embassy.csv`, a
thing without a kind in `thing.csv`. The columns are `iri`, `label` and `kind`, then a column for
each property that occurs in the table, in alphabetical order. Texts have a column for each
language: `label_es`. Passages have a column `citation`. Links have two columns, with labels in
`seat` and IRIs in `seat_iri`, in the same order. Several values are joined by " | ", which no IRI
can contain. Rows are ordered by day and IRI.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Mapping

from pyoxigraph import Literal, NamedNode, Quad

from relations_kg.export.jsonld import Context, context
from relations_kg.rdf.namespaces import RDFS, shorten
from relations_kg.rdf.terms import TYPE, EngineTerm, value

_JOINT = " | "
# A cell that begins with one of these characters is read as a formula.
FORMULA = tuple("=+-@\t\r\n＝＋－＠")  # noqa: RUF001
_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?")
_LABEL = RDFS + "label"

Row = dict[str, list[str]]
Lines = list[list[str]]


def tables(sheets: Mapping[str, Iterable[Iterable[str]]]) -> dict[str, bytes]:
    """Return sheets as tables of CSV, by file name."""
    return {f"{name}.csv": table(lines) for name, lines in sheets.items()}


def table(lines: Iterable[Iterable[str]], delimiter: str = ",") -> bytes:
    """Return lines as CSV.

    It is UTF-8 with a byte order mark, without which Excel reads Perú as PerÃº. A cell that a
    spreadsheet would read as a formula gets a leading apostrophe, but numbers do not.
    """
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows(map(_guarded, line) for line in lines)
    return text.getvalue().encode("utf-8-sig")


def sheets(
    quads: Iterable[Quad],
    kinds: Mapping[EngineTerm, NamedNode],
    days: Mapping[str, str],
    label: Callable[[str], str],
    cite: Callable[[NamedNode], str] | None = None,
) -> dict[str, Lines]:
    """Return the lines of each table, its heading first, by the name of its kind.

    `cite` returns the citation of a passage, or an empty text.
    """
    key = Context(context()).key
    things: dict[EngineTerm, list[tuple[str, EngineTerm]]] = {}
    for quad in quads:
        things.setdefault(quad.subject, []).append((quad.predicate.value, quad.object))
    rows: dict[str, list[tuple[str, str, Row]]] = {}
    for thing, facts in things.items():
        iri, kind = value(thing), kinds.get(thing)
        row: Row = {
            "iri": [iri],
            "label": [label(iri)],
            "kind": [label(kind.value)] if kind else [],
        }
        # Values are sorted by label and then by term, so that equal facts give equal tables.
        for predicate, object_ in sorted(set(facts), key=lambda fact: _place(fact, label)):
            if predicate != TYPE.value:
                _fill(row, shorten(key(predicate)), predicate, object_, label)
        if cite and isinstance(thing, NamedNode) and (citation := cite(thing)):
            row["citation"] = [citation]
        rows.setdefault(_name(kind), []).append((days.get(str(thing), ""), iri, row))
    return {
        name: _table([row for *_, row in sorted(found, key=lambda row: row[:2])])
        for name, found in sorted(rows.items())
    }


def _fill(
    row: Row, name: str, predicate: str, object_: EngineTerm, label: Callable[[str], str]
) -> None:
    if not isinstance(object_, Literal):
        row.setdefault(name, []).append(label(value(object_)))
        row.setdefault(f"{name}_iri", []).append(value(object_))
    elif predicate != _LABEL or object_.value != row["label"][0]:
        column = f"{name}_{object_.language}" if object_.language else name
        row.setdefault(column, []).append(object_.value)


def _place(fact: tuple[str, EngineTerm], label: Callable[[str], str]) -> tuple[str, str, str]:
    predicate, object_ = fact
    shown = "" if isinstance(object_, Literal) else label(value(object_))
    return predicate, shown, str(object_)


def _name(kind: NamedNode | None) -> str:
    if kind is None:
        return "thing"
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", shorten(kind.value).removeprefix("rkg:"))
    slug = re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-")
    return slug[-80:] or "thing"


def _table(rows: list[Row]) -> Lines:
    first = ["iri", "label", "kind"]
    columns = [*first, *sorted({column for row in rows for column in row}.difference(first))]
    return [columns, *([_JOINT.join(row.get(each, ())) for each in columns] for row in rows)]


def _guarded(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA) and not _NUMBER.fullmatch(cell) else cell
