"""The names that the cells of tables have in common, which tell what is a misspelling or a list."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence

from relations_kg.authoring.columns import Columns
from relations_kg.authoring.forms import several
from relations_kg.names.name_lists import is_alone
from relations_kg.rdf.words import key, words


def parties(tables: Sequence[Columns]) -> set[str]:
    """Return the names of parties that have a cell of their own, as keys."""
    found: set[str] = set()
    for each in tables:
        own = {name for name, type in each.types.items() if type.partition("|")[0] == "state"}
        found |= alone((*_texts(each, own), *map(str, each.given.values())))
    return found


def repeated(tables: Sequence[Columns]) -> set[str]:
    """Return the values, as words, that occur more than once in the cells of parameters."""
    return more_than_once(text for each in tables for text in _texts(each, each.types))


def _texts(columns: Columns, names: Collection[str]) -> Iterator[str]:
    """Yield the texts in the columns of the named parameters."""
    parameters = columns.parameters
    return (c.text for row in columns.rows for c in row if parameters.get(c.column) in names)


def alone(texts: Iterable[str]) -> set[str]:
    """Return the texts that are no list of parties, as keys."""
    return {key(text) for text in texts if is_alone(text)} - {""}


def more_than_once(texts: Iterable[str]) -> set[str]:
    """Return the values, as words, that occur more than once in texts, some of which are lists."""
    counts = Counter(" ".join(words(each)) for text in texts for each in several(text))
    return {text for text, count in counts.items() if count > 1}
