"""The store of the bundled graph, which loads the texts about terms at first need.

A third of the triples of the bundled graph are definitions, notes and examples of terms, words for
search, and links from codes to their lists. Few queries need them, and loading them takes a third
of the time. So they are a second part of the file of the graph, which is loaded before the first
query or look-up whose result it may change.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from threading import Lock
from zlib import crc32

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Store

from relations_kg.rdf.namespaces import CODE, ONTOLOGY, RKG, SKOS

_GRAPH = NamedNode(ONTOLOGY)
_TERMS = (RKG, CODE)
# Properties of terms, whose triples are in the second part.
SECOND = frozenset(
    NamedNode(SKOS + name)
    for name in ("definition", "scopeNote", "example", "hiddenLabel", "inScheme")
)


def is_second(quad: Quad) -> bool:
    """Return whether a quad of the bundled graph is in the second part."""
    return (
        quad.predicate in SECOND
        and quad.graph_name == _GRAPH
        and isinstance(quad.subject, NamedNode)
        and quad.subject.value.startswith(_TERMS)
    )


class BundledStore:
    """The store of the bundled graph, with the methods of the engine's Store.

    `store` has the first part, and `second` returns the second one. `answered` has the checksums of
    the stored queries that the second part cannot change.

    >>> bundled = BundledStore(Store(), (), lambda: b"<urn:a> <urn:b> <urn:c> .")
    >>> any(bundled.quads_for_pattern(None, NamedNode("urn:d"), None)), len(bundled)
    (False, 1)
    """

    def __init__(
        self, store: Store, answered: Collection[bytes], second: Callable[[], bytes]
    ) -> None:
        self._store, self._answered = store, answered
        self._second: Callable[[], bytes] | None = second
        self._lock = Lock()

    @property
    def whole(self) -> Store:
        """The engine's store, with both parts."""
        if self._second is not None:
            with self._lock:
                if self._second is not None:
                    self._store.load(self._second(), RdfFormat.N_QUADS, lenient=True)
                    self._second = None
        return self._store

    def for_query(self, query: str) -> Store:
        """Return the engine's store with all triples that a stored query may need."""
        return self._store if checksum(query) in self._answered else self.whole

    def quads_for_pattern(
        self,
        subject: NamedNode | BlankNode | None,
        predicate: NamedNode | None,
        object: NamedNode | BlankNode | Literal | None,
        graph_name: NamedNode | None = None,
    ) -> Iterator[Quad]:
        """Return the quads that match a pattern, as the engine's Store does."""
        if (
            self._second is not None
            and (predicate is None or predicate in SECOND)
            and (graph_name is None or graph_name == _GRAPH)
            and (subject is None or subject.value.startswith(_TERMS))
        ):
            return self.whole.quads_for_pattern(subject, predicate, object, graph_name)
        return self._store.quads_for_pattern(subject, predicate, object, graph_name)

    def __getattr__(self, name: str) -> object:
        return getattr(self.whole, name)

    def __len__(self) -> int:
        return len(self.whole)

    def __iter__(self) -> Iterator[Quad]:
        return iter(self.whole)

    def __contains__(self, quad: Quad) -> bool:
        return quad in self.whole


def whole(store: Store) -> Store:
    """Return the engine's store, with both parts if it is that of a BundledStore."""
    return store.whole if isinstance(store, BundledStore) else store


def for_query(store: Store, query: str) -> Store:
    """Return the engine's store, with all triples that a query may need."""
    return store.for_query(query) if isinstance(store, BundledStore) else store


def checksum(query: str) -> bytes:
    """Return the checksum of the text of a stored query."""
    return f"{crc32(query.encode()):08x}".encode()
