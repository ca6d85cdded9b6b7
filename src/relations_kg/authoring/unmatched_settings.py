"""Findings about headings and replacements of the settings that tables lack."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence

from relations_kg.authoring import ranks, usual_words
from relations_kg.authoring.cells import Cell, Table
from relations_kg.authoring.columns import Columns, headings_of_facts
from relations_kg.authoring.further_forms import types
from relations_kg.authoring.things import ROW
from relations_kg.rdf.spelling import counted, listed
from relations_kg.validation.findings import Finding


def findings(found: Sequence[Columns]) -> Iterator[Finding]:
    """Yield a warning about replacements for single rows that have another text, and a note.

    Such a row shows that the table may have been renumbered. The note is on other replacements that
    match no cell.
    """
    misplaced = [
        (each.table, cell, (name, text))
        for each in found
        for name, text, cell in each.reading.misplaced(each.table.rows, each.parameters)
    ]
    of_rows = [text for _, _, text in misplaced]
    if misplaced:
        table, cell, _ = misplaced[0]
        match = "is" if len(of_rows) == 1 else "are"
        number = f"{counted(len(of_rows), 'replacement')} in the settings {match} for one row"
        message = f"{number}, which has another text in this table: {_listed(of_rows)}"
        help = (
            "remove those whose text was corrected in the table; if the table was renumbered, keep "
            "the old keys below [replacements.row], since other replacements would be for the "
            "wrong rows, too"
        )
        yield table.finding(cell, "replacements", message, help, "warning")
    rows = [row for each in found for row in each.table.rows]
    names = {name for each in found for name in each.parameters.values()}
    texts = found[0].reading.unmatched(rows, names) if found else []
    texts = list(dict.fromkeys([*texts, *ranks.unmatched(found)]))
    if others := [each for each in texts if each not in of_rows]:
        match = "matches" if len(others) == 1 else "match"
        number = f"{counted(len(others), 'replacement')} in the settings {match}"
        message = f"{number} no cell of this table: {_listed(others)}"
        help = "compare the spelling, or remove what no table has any longer"
        yield found[0].table.finding(Cell(None, 1, 1), "replacements", message, help, "info")


def renamed(
    table: Table, columns: Columns, named: Mapping[str, Sequence[str]]
) -> Iterator[Finding]:
    """Yield an error for each heading that seems to be another one of the settings, renamed.

    `named` are the headings of the settings by parameter. The table has none of those for the
    parameter that the heading seems to mean, so the facts of this column would be lost.
    """
    of_form = types(columns.form).keys() | {ROW}
    lacking = (named.keys() & of_form) - {*columns.parameters.values()}
    for cell in headings_of_facts(table, columns.form, {}) if lacking else ():
        meant = next(usual_words.meant(cell.text), "")
        if meant in lacking and cell.column not in columns.parameters:
            every = ", ".join(json.dumps(e, ensure_ascii=False) for e in (*named[meant], cell.text))
            message = f"{cell.text!r} seems to be {meant}, whose heading in the settings this table"
            message = f"{message} lacks: {named[meant][0]!r}"
            help = f"write {meant} = [{every}] below [columns], or add it to without"
            yield table.finding(cell, "heading", message, help)


def _listed(texts: Sequence[tuple[str, str]]) -> str:
    """Return replaced texts after their parameters, in words."""
    return listed([f"{name} {text!r}" for name, text in texts])
