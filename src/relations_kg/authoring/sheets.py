"""The sheets of a workbook as one table, for guesses at settings that hold for all of them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from string import ascii_uppercase

from relations_kg.authoring.cells import Cell, Table
from relations_kg.authoring.column_guesses import ColumnGuesses
from relations_kg.authoring.completed_rows import with_prefix
from relations_kg.authoring.further_forms import types
from relations_kg.authoring.things import ROW
from relations_kg.rdf.words import key

# A sheet with fewer columns of the form than this is taken for notes.
_FEWEST = 2
_SENDER, _RECEIVER = "sender", "receiver"


def with_facts(sheets: Iterable[ColumnGuesses]) -> list[ColumnGuesses]:
    """Return the sheets that have columns of the form, those with the most cells first.

    If no sheet has enough of these columns, the one with the most cells is returned.
    """
    in_order = sorted(sheets, key=lambda each: -sum(map(len, each.table.rows)))
    return [each for each in in_order if len(each.columns) >= _FEWEST] or in_order[:1]


def joined(sheets: Sequence[ColumnGuesses], prefixes: Mapping[str, str]) -> Table:
    """Return a table with the rows of all sheets; columns with the same heading are one.

    `prefixes`, by sheet, are put before the keys.
    """
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
        keyed = [cell.column for cell in sheet.columns.get(ROW, ())]
        for row in with_prefix(sheet.rows, keyed, prefixes.get(sheet.table.sheet or "", "")):
            number = len(rows) + 2
            kept = [cell for cell in row if cell.column in columns]
            rows.append([replace(c, row=number, column=columns[c.column]) for c in kept])
    return replace(first.table, rows=[headings, *filter(None, rows)])


def headings_by_parameter(sheets: Sequence[ColumnGuesses]) -> dict[str, tuple[str, ...]]:
    """Return the headings of each parameter in all sheets.

    A parameter whose only heading is its own name is left out. A heading that means another
    parameter in an earlier sheet keeps this meaning.
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


def prefixes(sheets: Sequence[ColumnGuesses]) -> dict[str, str]:
    """Return prefixes of keys by sheet if most keys belong to different parties in other sheets.

    They are the first letters of the sheets or, if these are not different letters, A, B and so on.
    """
    parties: dict[str, set[str]] = {}
    for sheet in sheets:
        for found, party in _parties_by_key(sheet).items():
            parties.setdefault(found, set()).add(party)
    if 2 * sum(len(every) > 1 for every in parties.values()) <= len(parties):
        return {}
    names = [sheet.table.sheet or "" for sheet in sheets]
    first = [key(name)[:1].upper() for name in names]
    is_fit = len({*first}) == len(names) and all(re.fullmatch("[A-Z]", each) for each in first)
    return dict(zip(names, first if is_fit else ascii_uppercase, strict=False))


def _parties_by_key(sheet: ColumnGuesses) -> dict[str, str]:
    """Return the sender or the receiver in each row, whichever comes first, by the row's key."""
    keyed = {cell.column for cell in sheet.columns.get(ROW, ())}
    own = {cell.column for name in (_SENDER, _RECEIVER) for cell in sheet.columns.get(name, ())}
    found: dict[str, str] = {}
    for row in sheet.rows:
        number, party = (
            next((key(c.text) for c in row if c.column in columns), "") for columns in (keyed, own)
        )
        if number and party:
            found.setdefault(number, party)
    return found


def needed(sheets: Sequence[ColumnGuesses]) -> dict[str, str]:
    """Return the parameters that need a value, since a sheet has no column for them, with reasons.

    The receiver of the missions of other states is the state of their city.
    """
    senders = [sheet for sheet in sheets if _SENDER in sheet.columns]
    without = [f"'{sheet.table.sheet}'" for sheet in sheets if senders and sheet not in senders]
    found = {_SENDER: f"that of the missions in {', '.join(without)}"} if without else {}
    hosts = dict.fromkeys(sheet.host for sheet in senders if sheet.host)
    return found | ({_RECEIVER: f"the state of {', '.join(hosts)}"} if hosts else {})


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
