"""A graph in a folder on disk: opened at once, read by many, changed by one at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from os import fspath
from typing import TYPE_CHECKING

from pyoxigraph import Store

from relations_kg import reading
from relations_kg._files import content, folder, paths
from relations_kg.engines.stores import Folder, Origin
from relations_kg.errors import InputError
from relations_kg.graph import Graph, Source, load
from relations_kg.reasoning.inference import Inference

if TYPE_CHECKING:
    from relations_kg.reasoning.inference import Difference
    from relations_kg.validation.findings import Report


def stored(
    path: Source,
    facts: Sequence[Source],
    only: Iterable[Source] | None,
    *,
    allow_changes: bool = False,
) -> StoredGraph:
    """Open the graph in a folder, or load it into one that has none, as `load` says.

    Without any files it is opened as it is; files of facts that it does not hold yet are added
    to it. Raises InputError where it holds other facts than those asked for.
    """
    place = Folder(fspath(path))
    bundled = [Origin.of(file, content(file)) for file in paths(folder("data"), ".ttl")]
    only = only if only is None else list(only)
    base = bundled if only is None else [_origin(file) for file in only]
    more = {_origin(file): file for file in facts}
    if not place:
        graph = load(*facts, only=only, allow_changes=allow_changes)
        place.write((*base, *more), lambda store: store.bulk_extend(graph.store))
        return StoredGraph(place)
    opened = StoredGraph(place)
    if not more and only is None:
        return opened
    known = {origin.sha256 for origin in opened.origins}
    if not known.issuperset(origin.sha256 for origin in base) or (
        only is not None and not known <= {origin.sha256 for origin in (*base, *more)}
    ):
        names = ", ".join(origin.name for origin in opened.origins)
        raise InputError(
            f"holds other facts, from {names}", where=place.path, help="name another folder"
        )
    if new := [file for origin, file in more.items() if origin.sha256 not in known]:
        opened.add(*new, allow_changes=allow_changes)
    return opened


class StoredGraph(Graph):
    """Answer the same questions as a Graph from a folder on disk.

    What it shows is the state of the folder when it was opened, and after its own changes. For
    `validate` the facts are copied once into `local`, a graph in memory.
    """

    def __init__(self, place: Folder) -> None:
        self._place = place
        self._open()

    def _open(self) -> None:
        opened = self._place.read()
        self.__dict__.pop("local", None)
        self.origins = opened.origins
        self._lock = opened.lock
        super().__init__(opened.store, [origin.name for origin in opened.origins])

    @property
    def inference(self) -> Inference:
        """What follows from the stated facts, which the folder holds already."""
        if self._inference is None:
            self._inference = Inference(self.store, known=True)
        return self._inference

    @cached_property
    def local(self) -> Graph:
        """The same facts in memory."""
        store = Store()
        store.bulk_extend(self.store)
        return Graph(store, self._files, Inference(store, known=True))

    def validate(self, *facts: Source, allow_changes: bool = False) -> Report:
        """Check files of facts together with a copy of the graph."""
        return self.local.validate(*facts, allow_changes=allow_changes)

    def add(self, *facts: Source, allow_changes: bool = False) -> Difference:
        """Add files of facts, for good; return the triples that this brought and took away."""
        origins = dict.fromkeys((*self.origins, *map(_origin, facts)))
        return self._change(
            tuple(origins), lambda graph: graph.add(*facts, allow_changes=allow_changes)
        )

    def remove(self, *facts: Source) -> Difference:
        """Take the facts in files out, for good; return what this brought and took."""
        gone = {_origin(file).sha256 for file in facts}
        origins = [origin for origin in self.origins if origin.sha256 not in gone]
        return self._change(tuple(origins), lambda graph: graph.remove(*facts))

    def _change(
        self, origins: tuple[Origin, ...], change: Callable[[Graph], Difference]
    ) -> Difference:
        def work(store: Store) -> Difference:
            return change(Graph(store, inference=Inference(store, known=True)))

        difference = self._place.write(origins, work)
        self._open()
        return difference


def _origin(file: Source) -> Origin:
    if fspath(file) == "-":
        raise InputError("standard input is not kept in a store", help="name a file")
    return Origin.of(reading.name_of(file), reading.content_of(file))
