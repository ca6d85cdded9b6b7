"""The sources of a graph: its files, and the facts that several of them state."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from os.path import join
from typing import TYPE_CHECKING, NamedTuple

from pyoxigraph import NamedNode, Quad, Store

from relations_kg._files import folder
from relations_kg.errors import InputError
from relations_kg.rdf.namespaces import ONTOLOGY, STATED
from relations_kg.reader import reading, refusals
from relations_kg.reader.files import Document, Source, name_of, path_of

if TYPE_CHECKING:
    from relations_kg.reader.refusals import Refuse

_STATED, _KNOWN = NamedNode(STATED), NamedNode(ONTOLOGY)


class Origin(NamedTuple):
    """A file that was loaded: its path and the SHA-256 of its content."""

    name: str
    sha256: str

    @classmethod
    def of(cls, document: Document) -> Origin:
        """Return the origin of a document."""
        return cls(path_of(document), document.sha256)


class Step(NamedTuple):
    """A change of sources: the resulting origins, and the added and removed facts.

    `counts` maps each fact of the changed files to the resulting number of further sources.
    """

    origins: tuple[Origin, ...]
    counts: Mapping[Quad, int]
    new: Sequence[Quad]
    gone: Sequence[Quad]


class Sources:
    """The files that a graph was loaded from, and the facts that several of them state.

    `shared` maps each fact with several sources to the number of further sources. Files
    with the same content count as one source.
    """

    def __init__(
        self, origins: Iterable[Origin] = (), shared: Mapping[Quad, int] | None = None
    ) -> None:
        self.origins = tuple(origins)
        self.shared = dict(shared or {})

    def __repr__(self) -> str:
        return f"<Sources: {', '.join(origin.name for origin in self.origins) or 'none'}>"

    @classmethod
    def of(cls, files: Iterable[Source]) -> Sources:
        """Return the sources for bundled files."""
        bundled = [*map(Document.of, files)]
        several = reading.are_of_several_documents(bundled)
        shared = reading.load((), Store(), bundled=bundled) if several else None
        return cls(map(Origin.of, bundled), shared)

    def find(self, document: Document) -> Origin:
        """Return the origin of a loaded document; raise InputError if it was not loaded."""
        asked = Origin.of(document)
        if asked in self.origins:
            return asked
        for origin in reversed(self.origins):
            if origin.sha256 == asked.sha256:
                return origin
        # An error in the file itself takes precedence over the error below.
        for _ in reading.read(document, _STATED):
            pass
        where = name_of(document)
        if any(origin.name == asked.name for origin in self.origins):
            help = "name a file with the content that was loaded, and write later versions of it "
            help += "to other files; if no file has it, load all files anew"
            raise InputError("has changed since it was loaded", where=where, help=help)
        help = f"the graph has {names_of(self.origins)}"
        raise InputError("is not loaded", where=where, help=help)

    def step(
        self,
        gone: Sequence[Document],
        new: Sequence[Document],
        store: Store,
        refuse: Refuse,
    ) -> Step:
        """Return the change that removing and adding documents would make.

        The cost is proportional to the number of facts in the documents. Raises InputError if a
        removed document is not loaded, or if `refuse` rejects a statement of an added document.
        """
        left = dict.fromkeys(self.origins)
        for origin in set(map(self.find, gone)):
            del left[origin]
        origins = tuple(dict.fromkeys((*left, *map(Origin.of, new))))
        before, after = ({origin.sha256 for origin in each} for each in (self.origins, origins))
        change: Counter[Quad] = Counter()
        for sha256, document in {one.sha256: one for one in gone}.items():
            if sha256 not in after:
                change.subtract(_facts(document, store, refusals.refusal))
        for sha256, document in {one.sha256: one for one in new}.items():
            if sha256 not in before:
                change.update(_facts(document, store, refuse))
        had = {fact: 1 + self.shared.get(fact, 0) if fact in store else 0 for fact in change}
        has = {fact: had[fact] + change[fact] for fact in change}
        return Step(
            origins,
            {fact: max(has[fact] - 1, 0) for fact in change},
            [fact for fact in change if has[fact] and not had[fact]],
            [fact for fact in change if had[fact] and not has[fact]],
        )

    def take(self, step: Step) -> None:
        """Apply a step to these sources."""
        self.origins = step.origins
        for fact, count in step.counts.items():
            if count:
                self.shared[fact] = count
            else:
                self.shared.pop(fact, None)


def names_of(origins: Iterable[Origin]) -> str:
    """Return the names of files for a message, with a single name for the bundled files."""
    bundled = join(folder("data"), "")
    names = (origin.name for origin in origins)
    shown = ("the bundled graph" if name.startswith(bundled) else name for name in names)
    return ", ".join(dict.fromkeys(shown)) or "no files"


def _facts(document: Document, store: Store, refuse: Refuse) -> set[Quad]:
    """Return the facts of a document that are not in the ontology of a store.

    Literals are in the engine's canonical form, so that facts with equal numbers are the same.
    """
    engine = Store()
    engine.extend(reading.read(document, _STATED, refuse))
    return {
        quad
        for quad in engine
        if Quad(quad.subject, quad.predicate, quad.object, _KNOWN) not in store
    }
