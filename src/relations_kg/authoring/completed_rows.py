"""Rows with cells that the settings complete: keys with a prefix, and cells with the text above."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from relations_kg.authoring.cells import Cell

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


def _is_title(row: Sequence[Cell]) -> bool:
    return sum(not cell.is_empty for cell in row) < _FEWEST
