"""Loading a graph: the bundled facts, files of facts, a folder on disk."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from os import PathLike, fspath
from typing import Literal

from pyoxigraph import RdfFormat, Store

from relations_kg.errors import InputError
from relations_kg.graph.graph import Graph
from relations_kg.reader import reading
from relations_kg.reader.bundled import fact_files, ontology_store
from relations_kg.reader.files import Document, Source
from relations_kg.reader.refusals import refuser
from relations_kg.reader.sources import Origin, Sources, names_of
from relations_kg.reasoning import bundled_graph
from relations_kg.reasoning.inference import Inference


def load(
    *facts: Source,
    only: Source | Iterable[Source] | None = None,
    store: Source | None = None,
    reasoner: Literal["own", "owlrl"] = "own",
    allow_changes: bool = False,
) -> Graph:
    """Load the bundled graph with further files of facts, or with `only` these instead of it.

    Files are Turtle, TriG, N-Triples, N-Quads or JSON-LD, told by their names; "-" is standard
    input. Their named graphs become one: what counts here is stated or inferred. Raises
    InputError for a file that cannot be read, for facts that would make more than a million
    inferred triples and ten for each fact and, unless `allow_changes` is true, for a file that
    changes a bundled code or label. With `store` the graph is kept in that folder, and opened from
    there the next time; files that it does not hold yet are added to it. The `reasoner` owlrl
    gives the same inferred facts as ours, some hundred times more slowly, for who wants to hold
    one against the other.

    >>> load().run("mission-history", sender="peru", seat="guangzhou")[0].mission.label
    'Consulate-General of Peru in Guangzhou'
    """
    alone = [only] if isinstance(only, str | PathLike) else only
    if store is not None:
        return _stored(store, facts, alone, allow_changes=allow_changes)
    if reasoner not in ("own", "owlrl"):
        raise InputError(f"unknown reasoner {reasoner!r}", help='use "own" or "owlrl"')
    if alone is None and not facts:
        graph = _bundled()
    else:
        bundled = map(Document.of, fact_files() if alone is None else ())
        files = map(Document.of, (*facts, *(alone or ())))
        graph = _with_facts(list(bundled), list(files), allow_changes=allow_changes)
    if reasoner == "owlrl":
        from relations_kg.reasoning.owlrl_closure import closure

        graph.inference.replace(closure(graph.store))
    return graph


def _bundled() -> Graph:
    """Load the bundled graph as it was materialised before."""
    content = bundled_graph.read()
    if content is None:
        # Reasoning is imported only where the file is missing or outdated.
        from relations_kg.reasoning import materialization

        content = materialization.make_again()
    store = Store()
    # Lenient loading skips the checks of terms, which passed when the sources were read.
    store.load(content, RdfFormat.N_QUADS, lenient=True)
    return Graph(store, fact_files(), materialized=True)


def _with_facts(
    bundled: Sequence[Document], files: Sequence[Document], *, allow_changes: bool
) -> Graph:
    """Load files of facts beside bundled ones, and infer what follows from all of them."""
    engine = ontology_store()
    refuse = refuser(engine, allow_changes=allow_changes)
    shared = reading.load(files, engine, refuse, bundled)
    graph = Graph(engine, map(fspath, (*bundled, *files)), Inference(engine))
    graph.sources = Sources(dict.fromkeys(map(Origin.of, (*bundled, *files))), shared)
    return graph


def _stored(
    path: Source,
    facts: Sequence[Source],
    only: Iterable[Source] | None,
    *,
    allow_changes: bool = False,
) -> Graph:
    """Open the graph in a folder, or load it into one that has none, as `load` does.

    Without any files it is opened as it is; files of facts that it does not hold yet are added
    to it, whatever it was made with. Raises InputError where it holds other facts than `only`.
    """
    from relations_kg.engines.disk import Folder
    from relations_kg.graph.disk import DiskGraph, document

    place = Folder(fspath(path))
    more = list(map(document, facts))
    base = None if only is None else list(map(document, only))
    if not place:
        graph = load(*more, only=base, allow_changes=allow_changes)

        def fill(store: Store) -> Sources:
            store.bulk_extend(graph.store)
            return graph.sources

        # Where another process was first, its store is treated like any that was there before.
        if place.create(base is None, fill):
            return DiskGraph(place)
    opened = DiskGraph(place)
    known = set(opened.sources.origins)
    contents = {origin.sha256 for origin in known}
    if base is not None:
        asked = {document.sha256 for document in (*base, *more)}
        if opened.bundled or not {one.sha256 for one in base} <= contents <= asked:
            raise InputError(
                f"holds other facts, from {names_of(opened.sources.origins)}",
                where=place.path,
                help="name another folder, or add to these with --facts",
            )
    if new := [document for document in more if Origin.of(document) not in known]:
        opened.add(*new, allow_changes=allow_changes)
    return opened
