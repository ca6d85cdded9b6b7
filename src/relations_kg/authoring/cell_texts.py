"""The names that the cells of tables have in common, which tell what is a misspelling or a list."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from relations_kg.authoring.columns import Columns
from relations_kg.authoring.forms import several
from relations_kg.names.name_lists import is_alone
from relations_kg.rdf.words import key, words


def parties(tables: Sequence[Columns]) -> set[str]:
    """Return the names of parties that have a cell of their own, as keys."""
    found: set[str] = set()
    for each in tables:
        own = {name for name, type in each.types.items() if type.partition("|")[0] == "state"}
        columns = {column for column, name in each.parameters.items() if name in own}
        texts = (cell.text for row in each.rows for cell in row if cell.column in columns)
        found |= {key(text) for text in (*texts, *map(str, each.given.values())) if is_alone(text)}
    return found - {""}


def repeated(tables: Sequence[Columns]) -> set[str]:
    """Return the values, as words, that occur more than once in the cells of parameters."""
    cells = (
        cell
        for each in tables
        for row in each.rows
        for cell in row
        if cell.column in each.parameters
    )
    counts = Counter(" ".join(words(text)) for cell in cells for text in several(cell.text))
    return {text for text, count in counts.items() if count > 1}
