"""The replacements that the settings give for texts of a table, such as "embassy" for "EMB"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from relations_kg.authoring.cells import Cell
from relations_kg.authoring.forms import listed, several
from relations_kg.authoring.slugs import spelling
from relations_kg.rdf.words import stands_for_nothing


def replaced(row: Sequence[Cell], column: int, texts: Mapping[str, str]) -> Sequence[Cell]:
    """Return a row whose cell in a column has the text to read in place of its own.

    The keys of `texts` are those of `spelling`. A row that ends before the column has an empty cell
    there.
    """
    is_there = any(cell.column == column for cell in row)
    every = row if is_there else (*row, Cell(None, row[0].row, column))
    return [_read_as(cell, texts) if cell.column == column else cell for cell in every]


def _read_as(cell: Cell, texts: Mapping[str, str]) -> Cell:
    """Return a cell with the text that replaces its own or, of a list of values, their texts.

    A replacement such as "none" leaves the value out.
    """
    asked = spelling(cell.text)
    whole = texts.get(asked)
    own = several(cell.text if whole is None else whole)
    if whole is None and texts.keys().isdisjoint(map(spelling, own)):
        return cell
    if whole is not None and len(own) < 2:
        read = [whole]
    else:
        # The texts of a list are replaced in turn, except a text that the list itself replaces.
        others = {text: each for text, each in texts.items() if text != asked}
        read = [others.get(spelling(text), listed([text])) for text in own]
    read = [text for text in read if not stands_for_nothing(text)]
    return replace(cell, value="; ".join(read), is_none=not read)
