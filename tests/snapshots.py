"""Snapshots of stores and of the state of their closure, as stores on disk have them."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pyoxigraph import Quad, Store

from relations_kg.reasoning.stored_facts import Snapshot
from relations_kg.reasoning.stored_state import Content, StoredState


def snapshot(quads: Iterable[Quad], content: Content, path: Path) -> Snapshot:
    """Return a snapshot of quads and of a closure's state, which is written to a file.

    A whole state replaces that of the file; any other content changes it.
    """
    store = Store()
    store.bulk_extend(quads)
    state = None if content.is_whole else StoredState.open(str(path), writable=True)
    (state or StoredState.make(str(path))).keep(content)
    kept = StoredState.open(str(path))
    assert kept
    return Snapshot(store, kept)


class CountingStore:
    """A store that counts the quads which are read from it and the look-ups."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.looks = self.quads = 0

    def __contains__(self, quad: Quad) -> bool:
        self.looks += 1
        return quad in self._store

    def quads_for_pattern(self, *pattern: Any) -> Iterable[Quad]:
        self.looks += 1
        for quad in self._store.quads_for_pattern(*pattern):
            self.quads += 1
            yield quad
