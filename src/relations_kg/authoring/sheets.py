"""The sheets of a workbook as one table, for guesses at settings that hold for all of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from relations_kg.authoring.cells import Cell, Table
from relations_kg.authoring.column_guesses import ColumnGuesses
from relations_kg.authoring.further_forms import types
from relations_kg.rdf.words import key

# A sheet with fewer columns of the form than this is taken for notes.
_FEWEST = 2
_SENDER = "sender"


def with_facts(sheets: Iterable[ColumnGuesses]) -> list[ColumnGuesses]:
    """Return the sheets that have columns of the form, the widest first."""
    in_order = sorted(sheets, key=lambda each: -sum(map(len, each.table.rows)))
    return [each for each in in_order if len(each.columns) >= _FEWEST] or in_order[:1]


def joined(sheets: Sequence[ColumnGuesses]) -> Table:
    """Return a table with the rows of all sheets; those with one heading share a column."""
    first = sheets[0]
    if len(sheets) == 1:
        return first.table
    places: dict[str, int] = {}
    headings: list[Cell] = []
    rows: list[list[Cell]] = []
    for sheet in sheets:
        columns: dict[int, int] = {}
        for cell in sheet.headings:
            own = key(cell.text) or cell.text
            columns[cell.column] = places.setdefault(own, len(places) + 1)
            if columns[cell.column] > len(headings):
                headings.append(replace(cell, row=1, column=columns[cell.column]))
        for row in sheet.rows:
            number = len(rows) + 2
            kept = [cell for cell in row if cell.column in columns]
            rows.append([replace(c, row=number, column=columns[c.column]) for c in kept])
    return replace(first.table, rows=[headings, *filter(None, rows)])


def headings_by_parameter(sheets: Sequence[ColumnGuesses]) -> dict[str, tuple[str, ...]]:
    """Return the headings of each parameter in all sheets, without its own name alone.

    A heading that means another parameter in an earlier sheet keeps this meaning.
    """
    found: dict[str, dict[str, str]] = {}
    taken: dict[str, str] = {}
    for sheet in sheets:
        for name, cells in sheet.columns.items():
            for cell in cells:
                own = key(cell.text) or cell.text
                if taken.setdefault(own, name) == name:
                    found.setdefault(name, {}).setdefault(own, cell.text)
    known = types(sheets[0].form)
    every = {name: tuple(texts.values()) for name, texts in found.items()}
    return {n: texts for n, texts in every.items() if n not in known or texts != (n,)}


def needed(sheets: Sequence[ColumnGuesses]) -> dict[str, str]:
    """Return the parameters that need a value, since a sheet has no column for them, with reasons.

    The receiver of the missions of other states is the state of their city.
    """
    senders = [sheet for sheet in sheets if _SENDER in sheet.columns]
    without = [f"'{sheet.table.sheet}'" for sheet in sheets if senders and sheet not in senders]
    found = {_SENDER: f"that of the missions in {', '.join(without)}"} if without else {}
    hosts = dict.fromkeys(sheet.host for sheet in senders if sheet.host)
    return found | ({"receiver": f"the state of {', '.join(hosts)}"} if hosts else {})


def differing(
    sheets: Sequence[ColumnGuesses], headings: Mapping[str, Sequence[str]]
) -> Iterator[str]:
    """Yield a warning for each heading that means another parameter in another sheet."""
    meant = {key(text): name for name, texts in headings.items() for text in texts}
    for sheet in sheets[1:]:
        for name, cells in sheet.columns.items():
            for cell in cells:
                other = meant.get(key(cell.text), name)
                if other != name:
                    yield (
                        f"{cell.text!r} seems to be {other} in one sheet and {name} in "
                        f"{sheet.table.sheet!r}; rename one of them"
                    )


def lacking(
    known: Collection[str],
    headings: Mapping[str, Sequence[str]],
    named: Mapping[str, Sequence[str]],
) -> Iterator[str]:
    """Yield a warning for each parameter of the settings that lacks the heading of a sheet."""
    for name in known:
        every = headings.get(name, ())
        if not {*map(key, every)} <= {*map(key, named.get(name, every))}:
            texts = ", ".join(f'"{text}"' for text in every)
            yield f"not all sheets have the heading for {name}; write {name} = [{texts}]"
