"""Comparison of the names in the table of a store with those that are read from the store."""

from collections.abc import Iterable

from pyoxigraph import Store

import relations_kg as rk
from relations_kg.names.name_index import NameIndex
from relations_kg.names.name_table import NameTable

TEXTS = (
    *(
        "peru",
        "PERU",
        "the Peru",
        "Prc",
        "China Peru",
        "Embassy of Peru",
        "embasy of peru",
        "P.R. C.",
    ),
    *(
        "Lima Embassy",
        "CCP",
        "Q419",
        "PER",
        "st",
        "pe",
        "Sandhaven",
        "Sandhavn",
        "isle",
        "Москва",
        "?!",
    ),
)


def compare(store: Store, table: NameTable | None, texts: Iterable[str] = TEXTS) -> None:
    """Assert that a table has the names in a store, and that an index answers the same with it."""
    assert table
    read, kept = NameIndex(store), NameIndex(store, table)
    for one, other in ((read._by_key, kept._by_key), (read._phrases, kept._phrases)):
        assert {text: set(one[text]) for text in one} == {text: set(other[text]) for text in other}
    for text in texts:
        assert read.named(text) == kept.named(text)
        assert read.containing(text) == kept.containing(text)
        assert read.alike(text) == kept.alike(text)
        assert read.with_most(text) == kept.with_most(text)
        assert read.with_initials(text) == kept.with_initials(text)
        assert read.abbreviated(text) == kept.abbreviated(text)
        assert read.misspelt(text) == kept.misspelt(text)
        assert read.corrected(text) == kept.corrected(text)
        assert read.has_letters(text) == kept.has_letters(text)
        assert {*read.beginning(text)} == {*kept.beginning(text)}
        assert {*read.labels_with(text)} == {*kept.labels_with(text)}
        for prefix in ("wd", "gn", "example-gazetteer"):
            assert read.identified(prefix, text) == kept.identified(prefix, text)


def check(graph: rk.Graph) -> None:
    """Assert that a graph on disk has the names of its store in its table."""
    compare(graph.quad_store, graph.search_index.names, TEXTS[:6])
