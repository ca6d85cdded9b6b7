"""The store of the bundled graph, which loads rarely needed triples at their first use.

More than half of the triples of the bundled graph are definitions, notes and examples of terms,
words for search, the lists of codes, and codes that no fact names. Few queries need them, and
loading them takes as long as loading all others. So they are a second part of the file of the
graph, which is loaded before the first query or look-up whose result it may change.
"""

from __future__ import annotations

from _thread import allocate_lock
from zlib import crc32

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Store

from relations_kg._lazy import TYPE_CHECKING
from relations_kg.rdf.namespaces import CODE, ONTOLOGY, RKG, SKOS
from relations_kg.rdf.terms import TYPE

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

_GRAPH = NamedNode(ONTOLOGY)
_TERMS = (RKG, CODE)
# Properties of terms, all of whose triples are in the second part.
TEXTS = frozenset(
    NamedNode(SKOS + name)
    for name in ("definition", "scopeNote", "example", "hiddenLabel", "inScheme")
)
# The class and the properties of codes. The triples of these properties are in the second part only
# if no fact names the code.
CODE_CLASS = NamedNode(SKOS + "Concept")
BROADER = NamedNode(SKOS + "broader")
OF_CODES = frozenset((TYPE, BROADER, NamedNode(SKOS + "prefLabel"), NamedNode(SKOS + "altLabel")))


def is_of_term(quad: Quad) -> bool:
    """Return whether a quad of the bundled graph describes a term or a code of the ontology."""
    return (
        quad.graph_name == _GRAPH
        and isinstance(quad.subject, NamedNode)
        and quad.subject.value.startswith(_TERMS)
    )


class BundledStore:
    """The store of the bundled graph, with the methods of the engine's Store.

    `store` has the first part, and `second` returns the second part; it is None if `store` has
    both. `answered` has the checksums of the stored queries whose answers the second part cannot
    change. `state` returns the state of an inference of the graph.

    >>> bundled = BundledStore(Store(), (), lambda: b"<urn:a> <urn:b> <urn:c> .", lambda: b"")
    >>> any(bundled.quads_for_pattern(None, NamedNode("urn:d"), None)), len(bundled)
    (False, 1)
    """

    def __init__(
        self,
        store: Store,
        answered: Collection[bytes],
        second: Callable[[], bytes] | None,
        state: Callable[[], bytes],
    ) -> None:
        self._store, self._answered = store, answered
        self.state = state
        self._second = second
        self._lock = allocate_lock()

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
            and (graph_name is None or graph_name == _GRAPH)
            and self._is_in_second(subject, predicate, object)
        ):
            return self.whole.quads_for_pattern(subject, predicate, object, graph_name)
        return self._store.quads_for_pattern(subject, predicate, object, graph_name)

    def _is_in_second(
        self,
        subject: NamedNode | BlankNode | None,
        predicate: NamedNode | None,
        object: NamedNode | BlankNode | Literal | None,
    ) -> bool:
        """Return whether a triple of the second part may match a pattern."""
        if predicate is not None and predicate not in TEXTS and predicate not in OF_CODES:
            return False
        if predicate == TYPE and object is not None and object != CODE_CLASS:
            return False
        if subject is None:
            return True
        if not subject.value.startswith(_TERMS):
            return False
        if predicate is None or predicate in TEXTS:
            return True
        # The first part has all triples of these properties for the codes that are in it.
        is_code = subject.value.startswith(CODE)
        return is_code and not any(self._store.quads_for_pattern(subject, TYPE, None, _GRAPH))

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
