"""A graph in a folder on disk, for many readers and one writer at a time."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from os import fspath
from typing import TYPE_CHECKING

from pyoxigraph import Store

from relations_kg.answers.search_index import SearchIndex
from relations_kg.engines.disk import Folder
from relations_kg.errors import InputError
from relations_kg.graph.graph import Graph
from relations_kg.reader.files import Document, Source
from relations_kg.reader.sources import Sources

if TYPE_CHECKING:
    from relations_kg.reasoning.inference import Difference


class DiskGraph(Graph):
    """A graph in a folder on disk, with the interface of Graph.

    It has the state of the folder when it was opened, or after its own last change. For `validate`
    the facts are copied once into a graph in memory.
    """

    def __init__(self, place: Folder) -> None:
        self._place = place
        self._open()

    def _open(self) -> None:
        opened = self._place.read()
        self.bundled = opened.record.bundled
        self._lock = opened.lock
        self._texts = opened.texts
        files = [origin.name for origin in opened.record.origins]
        super().__init__(opened.store, files, materialized=True, private=True)
        self.sources = Sources(opened.record.origins)
        for derived in ("_copy", "_query_warnings", "search_index"):
            self.__dict__.pop(derived, None)

    @property
    def store(self) -> Store:
        """The engine's store, open for reading only, so that workers can go on using it."""
        return self.quad_store

    @cached_property
    def search_index(self) -> SearchIndex:
        """The full-text index, which was made with the store."""
        return SearchIndex.open(self._texts) or SearchIndex.make(self.quad_store)

    @cached_property
    def _copy(self) -> Graph:
        """The same facts in memory."""
        store = Store()
        store.bulk_extend(self.quad_store)
        return Graph(store, self._files, materialized=True, private=True)

    @property
    def scratch(self) -> Graph:
        """A copy in memory."""
        return self._copy

    def _change(
        self, gone: Sequence[Source], new: Sequence[Source], *, allow_changes: bool = False
    ) -> Difference:
        """Remove files and add others in the latest state of the folder, and save it."""
        gone, new = list(map(document, gone)), list(map(document, new))

        def work(store: Store, sources: Sources, texts: str) -> tuple[Sources, Difference]:
            graph = Graph(store, materialized=True)
            graph.sources = sources
            if index := SearchIndex.open(texts, writable=True):
                graph.search_index = index
            difference = graph._change(gone, new, allow_changes=allow_changes)
            if index:
                index.close()
            return sources, difference

        difference = self._place.change(work)
        self._open()
        return difference


def document(source: Source) -> Document:
    """Return a file of facts; raise InputError for standard input, which has no name to store."""
    if fspath(source) == "-":
        raise InputError("a store cannot keep facts from standard input", help="name a file")
    return Document.of(source)
