"""Graphs loaded from files of facts, in memory or into a folder on disk."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from os import fspath
from os.path import join, splitext

from pyoxigraph import Store

from relations_kg.engines import generations
from relations_kg.engines.disk import Folder
from relations_kg.errors import InputError
from relations_kg.graph.disk import DiskGraph, document, keep_state
from relations_kg.graph.graph import Graph
from relations_kg.names import search_index
from relations_kg.rdf.formats import containing
from relations_kg.reader import reading, refusals
from relations_kg.reader.bundled import fact_files, ontology_store
from relations_kg.reader.files import Document, Source, format_of
from relations_kg.reader.sources import Origin, Sources, names_of
from relations_kg.reasoning import extensions, inference, value_places
from relations_kg.validation import shape_files

_DATA = {
    suffix for format in containing("triples", "quads", "tables") for suffix in format.suffixes
}


def load(
    facts: Iterable[Source],
    only: Iterable[Source] | None,
    *,
    vocabulary: Iterable[Source] = (),
    allow_changes: bool = False,
    blank_nodes: bool = False,
    materialize: bool = True,
) -> Graph:
    """Load files of facts together with the bundled files, or with `only` instead of these.

    Without `materialize`, the inferred triples are added when `Graph.inference` is first used.
    Raises InputError for blank nodes unless `blank_nodes` is true.
    """
    bundled = [Document.of(path) for path in (fact_files() if only is None else ())]
    files = [Document.of(source) for source in (*facts, *(only or ()))]
    # A file of another kind is refused before the ontology is read, which takes longer.
    for file in files:
        format_of(file, file.content)
    engine = ontology_store()
    if own := list(vocabulary):
        extensions.Vocabulary(own, engine).add()
        shape_files.check_shapes(engine)
    refuse = refusals.refuser(engine, allow_changes=allow_changes, blank_nodes=blank_nodes)
    shared, check = reading.begin(files, engine, refuse, bundled)
    paths = [*map(fspath, (*bundled, *files))]
    sources = Sources(dict.fromkeys(map(Origin.of, (*bundled, *files))), shared)
    # The texts are freed, since they may take as much memory as the store.
    del bundled, files
    entailed = None
    if materialize:
        with value_places.located(paths):
            entailed = inference.Inference(engine, check=check)
    else:
        check()
    graph = Graph(engine, paths, entailed, private=True)
    graph.sources = sources
    return graph


def open_folder(
    path: Source,
    facts: Sequence[Source],
    only: Iterable[Source] | None,
    *,
    vocabulary: Sequence[Source] = (),
    allow_changes: bool = False,
) -> Graph:
    """Open the graph in a folder, or load one into a folder without a graph.

    Files of facts that the graph does not contain yet are added to it. Raises InputError if a
    vocabulary is given with which it was not made. With `only`, also raises InputError if the graph
    lacks one of these files or contains facts of files that are not given.
    """
    place = Folder(fspath(path))
    more, own = list(map(document, facts)), list(map(document, vocabulary))
    base = None if only is None else list(map(document, only))
    if not place:
        if splitext(place.path)[1].lower() in _DATA:
            help = (
                f"read a file with load({place.path!r}) or --facts, and name a folder as the store"
            )
            raise InputError("this is the name of a file", where=place.path, help=help)
        graph = load(more, base, vocabulary=own, allow_changes=allow_changes)

        def fill(store: Store, place: str) -> Sources:
            store.bulk_extend(graph.quad_store)
            search_index.SearchIndex.make(graph.quad_store, join(place, generations.TEXTS)).close()
            keep_state(graph.inference, place)
            return graph.sources

        # If another process has created the store first, that store is opened like an existing one.
        if place.create(base is None, fill):
            return DiskGraph(place)
    opened = DiskGraph(place)
    if own:
        extensions.refuse_others(own, opened.quad_store, place.path)
    known = set(opened.sources.origins)
    contents = {origin.sha256 for origin in known}
    if base is not None:
        asked = {document.sha256 for document in (*base, *more)}
        if opened.bundled or not {one.sha256 for one in base} <= contents <= asked:
            raise InputError(
                f"contains other facts, from {names_of(opened.sources.origins)}",
                where=place.path,
                help="name another folder, or add to these facts with --facts",
            )
    if new := [document for document in more if Origin.of(document) not in known]:
        opened.add(*new, allow_changes=allow_changes)
    return opened
