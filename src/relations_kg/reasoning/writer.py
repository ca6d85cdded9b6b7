"""Writes of many facts into a store, in another thread."""

from __future__ import annotations

# Not `queue`, which imports `threading`.
from _queue import SimpleQueue
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import islice
from typing import TypeVar

from pyoxigraph import NamedNode, Quad, RdfFormat, Store, parse

from relations_kg._background import background
from relations_kg.rdf.terms import Statement

_AT_ONCE = 20_000  # lines, since the engine copies them
_FORMAT = RdfFormat.N_TRIPLES
_Part = TypeVar("_Part")


class Writer:
    """A writer of facts into the graphs of a store, in order, while this thread computes.

    The engine takes quads of Python under the interpreter's lock, but parses a text without it.
    At the end of a `with` block, all facts are written.

    >>> store, a = Store(), NamedNode("urn:a")
    >>> with Writer(store) as writer:
    ...     writer.write("urn:graph", [line((a, a, a))])
    >>> len(store)
    1
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._wait: Callable[[], None] = lambda: None

    def __enter__(self) -> Writer:
        return self

    def __exit__(self, *_: object) -> None:
        self._wait()

    def write(self, graph: str, lines: Iterable[str]) -> None:
        """Begin to write lines of N-Triples, which are read in another thread.

        IRIs are not checked, and blank nodes keep their labels.
        """
        self._wait = background(partial(self._write, NamedNode(graph), iter(lines), self._wait))

    @contextmanager
    def parts(
        self, graph: str, lines: Callable[[Iterable[_Part]], Iterable[str]]
    ) -> Iterator[Callable[[_Part], None]]:
        """Write the lines of parts that are found within a `with` block.

        `lines` returns the lines of parts; the block gets a function that takes a part.
        """
        found = SimpleQueue[_Part | None]()
        self.write(graph, lines(iter(found.get, None)))
        try:
            yield found.put
        finally:
            found.put(None)

    def _write(self, graph: NamedNode, lines: Iterator[str], wait: Callable[[], None]) -> None:
        wait()
        while text := "".join(islice(lines, _AT_ONCE)).encode():
            if b"_:" in text:  # `load` would rename blank nodes.
                quads = parse(text, _FORMAT, lenient=True)
                self._store.bulk_extend(
                    Quad(q.subject, q.predicate, q.object, graph) for q in quads
                )
            else:
                self._store.load(text, _FORMAT, to_graph=graph, lenient=True)


def line(statement: Statement) -> str:
    """Return a statement as a line of N-Triples."""
    subject, predicate, object_ = statement
    return f"{subject} {predicate} {object_} .\n"
