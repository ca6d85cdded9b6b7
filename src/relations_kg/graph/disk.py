"""A graph in a folder on disk, for many readers and one writer at a time."""

from __future__ import annotations

import os
from functools import cache, cached_property, partial
from os import fspath
from os.path import join
from shutil import rmtree
from tempfile import mkdtemp
from weakref import finalize

from pyoxigraph import Store

from relations_kg._lazy import TYPE_CHECKING
from relations_kg.engines import generations, rocksdb
from relations_kg.errors import InputError
from relations_kg.graph.graph import Graph
from relations_kg.names import search_index, spellings
from relations_kg.names.names import Names
from relations_kg.rdf import extensions
from relations_kg.reader.files import Document
from relations_kg.reader.sources import Sources
from relations_kg.reasoning import inference, stored_facts, stored_state

if TYPE_CHECKING:
    from collections.abc import Sequence

    from relations_kg.engines.disk import Folder
    from relations_kg.names.name_table import NameTable
    from relations_kg.names.search_index import SearchIndex
    from relations_kg.names.spellings import Spellings
    from relations_kg.reader.files import Source
    from relations_kg.reasoning.changes import Difference
    from relations_kg.reasoning.inference import Inference


class DiskGraph(Graph):
    """A graph in a folder on disk, with the interface of Graph.

    The graph is as it was when this object opened or last changed it; later changes by other
    processes are not visible. For `validate`, the facts are added to a temporary copy,
    whose data files are links to those of the folder. In a forked process, which cannot write files
    of the engine, the copy is in memory.
    """

    def __init__(self, place: Folder) -> None:
        self._place = place
        self._open()

    def _open(self) -> None:
        opened = self._place.read()
        self.bundled = opened.record.bundled
        self._lock = opened.lock
        self._generation = opened.place
        files = [origin.name for origin in opened.record.origins]
        extensions.declare_prefixes(opened.store)
        super().__init__(opened.store, files, materialized=True, private=True)
        self.sources = Sources(opened.record.origins)
        self._copies: dict[int, Graph] = {}
        for derived in ("_query_warnings", "_spellings"):
            self.__dict__.pop(derived, None)
        index = self._index = cache(partial(_search_index, opened.store, opened.place))
        self.names = Names(opened.store, lambda: index().names)

    @property
    def store(self) -> Store:
        """The engine's store, open for reading only, so that workers can keep using it."""
        return self.quad_store

    @property
    def search_index(self) -> SearchIndex:
        """The full-text index, which was made with the store."""
        return self._index()

    @cached_property
    def _spellings(self) -> Spellings | NameTable:
        return self.search_index.names or spellings.Spellings.of(self.quad_store)

    @property
    def inference(self) -> Inference:
        """The entailments, which are looked up in the store."""
        if self._inference is None:
            self._inference = self._inference_of(self.quad_store)
        return self._inference

    @property
    def scratch(self) -> Graph:
        """A copy whose store can be changed, one for each process."""
        process = os.getpid()
        if process not in self._copies:
            self._copies = {process: self._copy()}
        return self._copies[process]

    def _copy(self) -> Graph:
        """Return a copy in a temporary folder that is removed with it, or else in memory."""
        if not rocksdb.can_write():
            store = Store()
            store.bulk_extend(self.quad_store)
            return self._graph_of(store)
        folder = mkdtemp(prefix="relations-kg-")
        generations.link(self._generation, folder)
        graph = self._graph_of(rocksdb.writable(folder, folder))
        finalize(graph, _remove, folder, os.getpid())
        return graph

    def _graph_of(self, store: Store) -> Graph:
        inference = self._inference_of(store)
        graph = Graph(store, self._files, inference, materialized=True, private=True)
        graph._spellings = self._spellings
        return graph

    def _inference_of(self, store: Store) -> Inference:
        """Return the inference of the store, or of a copy of it."""
        return known(store, self.quad_store, self._generation)

    def _change(
        self, gone: Sequence[Source], new: Sequence[Source], *, allow_changes: bool = False
    ) -> Difference:
        """Apply a change to the latest state of the folder, and save it."""
        gone, new = list(map(document, gone)), list(map(document, new))

        def work(
            store: Store, sources: Sources, place: str, former: str
        ) -> tuple[Sources, Difference]:
            entailed = known(store, rocksdb.read_only(former), former)
            graph = Graph(store, (), entailed, materialized=True)
            graph.sources = sources
            path = join(place, generations.TEXTS)
            if index := search_index.SearchIndex.open(path, writable=True):
                graph.search_index = index
            difference = graph._change(gone, new, allow_changes=allow_changes)
            (index or search_index.SearchIndex.make(store, path)).close()
            keep_state(entailed, place)
            return sources, difference

        difference = self._place.change(work)
        self._open()
        return difference


def _search_index(store: Store, place: str) -> SearchIndex:
    """Return the index in the folder of a store, or make one in memory if it cannot be used."""
    made = search_index.SearchIndex
    return made.open(join(place, generations.TEXTS)) or made.make(store)


def known(store: Store, origin: Store, place: str) -> Inference:
    """Return the inference of a store, which may be a copy of the store `origin` in a folder.

    It looks up facts in `origin` or, if the folder has no state, infers everything again.
    """
    state = stored_state.StoredState.open(join(place, generations.STATE))
    snapshot = stored_facts.Snapshot(origin, state) if state else None
    return inference.Inference(store, known=True, state=snapshot)


def keep_state(entailed: Inference, place: str) -> None:
    """Write the state of an inference, or its changes, into the folder of its store."""
    path, content = join(place, generations.STATE), entailed.content()
    made = stored_state.StoredState
    state = None if content.is_whole else made.open(path, writable=True)
    (state or made.make(path)).keep(content)


def _remove(folder: str, creator: int) -> None:
    """Remove a temporary folder, unless this is a fork of the process that created it."""
    if os.getpid() == creator:
        rmtree(folder, ignore_errors=True)


def document(source: Source) -> Document:
    """Return a file of facts; raise InputError for standard input, which has no path to record."""
    if fspath(source) == "-":
        raise InputError("a store cannot keep facts from standard input", help="name a file")
    return Document.of(source)
