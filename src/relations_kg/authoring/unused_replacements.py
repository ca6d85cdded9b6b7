"""Findings about the replacements of the settings that match no cell of the tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from relations_kg.authoring import ranks
from relations_kg.authoring.cells import Cell
from relations_kg.authoring.columns import Columns
from relations_kg.rdf.spelling import counted, listed
from relations_kg.validation.findings import Finding


def findings(found: Sequence[Columns]) -> Iterator[Finding]:
    """Yield a warning for the replacements for one row that has another text, and a note on others.

    A replacement for one row that has another text is the sign of a table that was renumbered.
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
            "remove what was only corrected; if the table was renumbered, keep the old keys below "
            "[replacements.row], since other replacements would be for the wrong rows, too"
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


def _listed(texts: Sequence[tuple[str, str]]) -> str:
    """Return replaced texts after their parameters, in words."""
    return listed([f"{name} {text!r}" for name, text in texts])
