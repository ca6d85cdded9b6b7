"""The row of headings of a table, and the rows above and below the table itself."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from relations_kg.authoring.cells import Cell, Table
from relations_kg.rdf.words import key

# The first rows among which the headings are sought; titles and notes may be above them.
MOST_ABOVE = 20
COMMENT = "#"
# A row of headings has a text in so many of the columns of its table, at least.
_LEAST_FILLED = 0.7
_FEWEST_WANTED = 2
# The beginnings of rows below a table.
_BELOW = re.compile(
    r"\W*(?:grand total|totals?|sum|source|note|notes|fonte|fuente|quelle|bron|nota|notas"
    r"|remarque|anmerkung|opmerking|last updated|updated|as of|stand|atualizado|actualizado"
    r"|mise à jour|aggiornato|bijgewerkt|total geral|gesamt|summe|totale|totaal|источник|итого"
    r"|примечание|всего|copyright|©)(?!\w| verbal)",
    re.IGNORECASE,
)
# What follows such a word in the first of two cells, unless the second is a number.
_AFTER_WORD = re.compile(r"\W*(?:\d.*)?|\s*[:.].*")
_NUMBER = re.compile(r"[\d\s.,]+")
_WIDE = 3
_MOST_IN_FOOTER = 2


def wanted_by(heading: Cell, wanted: Mapping[str, str]) -> str | None:
    """Return the parameter that a heading names, of `wanted` parameters by keys of headings."""
    if heading.text == COMMENT:
        return wanted.get(COMMENT)
    return None if is_marked(heading) else wanted.get(key(heading.text))


def place_of_headings(table: Table, wanted: Mapping[str, str]) -> int:
    """Return the index of the row of headings.

    It is the first row with the largest number of wanted headings, or else the first row whose
    cells are filled as the table is wide, below headings of several columns, for example.
    """
    above = table.rows[:MOST_ABOVE]
    counts = [sum(1 for cell in row if wanted_by(cell, wanted)) for row in above]
    most = max(counts, default=0)
    wide = _first_wide(table)
    if counts and counts[wide] == most:
        return wide
    if most >= _FEWEST_WANTED or (most and counts.index(most) <= wide):
        return counts.index(most)
    return wide


def _first_wide(table: Table) -> int:
    """Return the index of the first row with texts in most of the columns of the table."""
    filled = [_filled(row) for row in table.rows]
    width = len({cell.column for row in filled for cell in row})
    for place, row in enumerate(filled[:MOST_ABOVE]):
        texts = {cell.text for cell in row if isinstance(cell.value, str)}
        if len(texts) >= _LEAST_FILLED * width:
            return place
    return 0


def without_footers(rows: Sequence[Sequence[Cell]]) -> tuple[list[Sequence[Cell]], list[Cell]]:
    """Return rows without those below the table, such as a source, and the first cells of these.

    They are the last rows with hardly any cell, below an empty row or with a word such as "Total".
    """
    kept = list(rows)
    below: list[Sequence[Cell]] = []
    if max((len(_filled(row)) for row in rows), default=0) < _WIDE:
        return kept, []
    while len(kept) > 1 and 1 <= len(_filled(kept[-1])) <= _MOST_IN_FOOTER:
        below.insert(0, kept.pop())
    while below and not _is_below(below[0], kept[-1]):
        kept.append(below.pop(0))
    return kept, [_filled(row)[0] for row in below]


def _is_below(row: Sequence[Cell], last: Sequence[Cell]) -> bool:
    """Return whether a row is below a table that ends with the row `last`."""
    filled = _filled(row)
    if match := _BELOW.match(filled[0].text):
        rest = filled[0].text[match.end() :]
        is_noted = _AFTER_WORD.fullmatch(rest) or _NUMBER.fullmatch(filled[-1].text)
        return bool(len(filled) == 1 or is_noted)
    return len(filled) == 1 and row[0].row > last[0].row + 1 and " " in filled[0].text


def _filled(row: Sequence[Cell]) -> list[Cell]:
    return [cell for cell in row if not cell.is_empty]


def is_marked(cell: Cell) -> bool:
    """Return whether a cell begins with the sign of a comment."""
    return cell.text.startswith(COMMENT) and not cell.is_text


def is_comment(row: Sequence[Cell]) -> bool:
    """Return whether a row is a comment, such as the explanations of a template."""
    first = next((cell for cell in row if not cell.is_empty), None)
    return first is not None and is_marked(first)
