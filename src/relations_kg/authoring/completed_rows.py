"""Rows with cells that the settings complete: keys with a prefix, and cells with the text above."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from relations_kg.authoring.cells import Cell, Table
from relations_kg.rdf.spelling import counted, listed
from relations_kg.validation.findings import Finding

# A row with fewer texts is a title, whose missing cells mean nothing.
_FEWEST = 2


def with_prefix(
    rows: Sequence[Sequence[Cell]], columns: Collection[int], prefix: str
) -> list[Sequence[Cell]]:
    """Return rows whose cells in the columns of keys begin with a prefix, except in titles.

    >>> row = [Cell(7, 2, 1), Cell("Peru", 2, 2)]
    >>> [[cell.text for cell in row] for row in with_prefix([row], [1], "D")]
    [['D7', 'Peru']]
    """

    def read(cell: Cell) -> Cell:
        is_key = cell.column in columns and not cell.is_empty
        return replace(cell, value=prefix + cell.text) if is_key else cell

    return [row if _is_title(row) else [*map(read, row)] for row in rows]


def filled_down(rows: Sequence[Sequence[Cell]], column: int) -> list[Sequence[Cell]]:
    """Return rows whose empty cells in a column have the text of the cell above.

    A row of one text, such as `Europe` above its missions, is a title: nothing below it is filled
    with what is above it.
    """
    return list(_filled_down(rows, column))


def _filled_down(rows: Sequence[Sequence[Cell]], column: int) -> Iterator[Sequence[Cell]]:
    above: Cell | None = None
    for row in rows:
        own = next((cell for cell in row if cell.column == column), None)
        if _is_title(row):
            above = None
        elif own and not own.is_empty:
            above = own
        elif above:
            others = [cell for cell in row if cell is not own]
            yield [*others, replace(above, row=row[0].row)]
            continue
        yield row


def notes_on_filled(
    table: Table,
    before: Sequence[Sequence[Cell]],
    after: Sequence[Sequence[Cell]],
    parameters: Mapping[int, str],
) -> Iterator[Finding]:
    """Yield a note for each column on the empty cells that got the text of the cell above."""
    found: dict[int, list[Cell]] = {}
    for was, row in zip(before, after, strict=True):
        there = {cell.column for cell in was if not cell.is_empty}
        for cell in row:
            if not cell.is_empty and cell.column not in there:
                found.setdefault(cell.column, []).append(cell)
    for column, cells in found.items():
        texts = listed([f"{cell.text[:60]!r} in {table.row_name(cell)}" for cell in cells])
        number = f"{counted(len(cells), 'empty cell')} {'has' if len(cells) == 1 else 'have'}"
        message = f"{parameters[column]}: {number} the text of the cell above: {texts}"
        help = "write its own text in a cell that means something else"
        yield table.finding(cells[0], "fill", message, help, "info")


def _is_title(row: Sequence[Cell]) -> bool:
    return sum(not cell.is_empty for cell in row) < _FEWEST
