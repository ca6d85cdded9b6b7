"""Answers stored as the serialised lines of the engine and parsed a block at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar, overload

from pyoxigraph import QuerySolution, QuerySolutions, RdfFormat, Triple, parse

from relations_kg.engines.blocks import Blocks
from relations_kg.rdf import results

T = TypeVar("T")


class Lines(Sequence[T]):
    """A sequence of solutions or triples, stored as text and parsed a block at a time.

    The terms of a million rows take several times the memory of their text, so they exist only
    while their block is read. The first items can be read before the last is found.
    """

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._blocks = Blocks(iter(pieces))
        # The line before the first solution, which is the first line of the first block.
        self.head = b""
        self._read: tuple[int, list[T]] = (-1, [])

    @overload
    def __getitem__(self, place: int) -> T: ...
    @overload
    def __getitem__(self, place: slice) -> list[T]: ...
    def __getitem__(self, place: int | slice) -> T | list[T]:
        if isinstance(place, slice):
            return [self[each] for each in range(*place.indices(len(self)))]
        line = bool(self.head) + (place if place >= 0 else range(len(self))[place])
        number = self._blocks.number_of(line)
        begin = self._blocks.firsts[number] if number else bool(self.head)
        return self._block(number)[line - begin]

    def __iter__(self) -> Iterator[T]:
        number = 0
        while self._blocks.text(number):
            yield from self._block(number)
            number += 1

    def __bool__(self) -> bool:
        """Return whether there is an item, without waiting for the last."""
        return len(self._blocks.text(0)) > len(self.head)

    def __len__(self) -> int:
        return len(self._blocks) - bool(self.head)

    @property
    def texts(self) -> Iterator[bytes]:
        """The texts of the blocks, without the head; the first text may then be empty."""
        for number, text in enumerate(self._blocks):
            yield text if number else text[len(self.head) :]

    def parsed(self, text: bytes) -> Iterable[T]:
        """Return the items of a text without the head."""
        return self._parse(self.head + text)

    def _parse(self, content: bytes) -> Iterable[T]:
        raise NotImplementedError

    def _block(self, number: int) -> list[T]:
        last, block = self._read
        if last != number:
            text = self._blocks.text(number)
            block = list(self.parsed(text) if number else self._parse(text))
            self._read = number, block
        return block


class SolutionLines(Lines[QuerySolution]):
    """Solutions stored as the lines of SPARQL 1.1 TSV results.

    >>> found = SolutionLines([b"?x\\t?y\\n1\\t<urn:a>\\n\\t\\n"])
    >>> found.columns, [solution["y"] for solution in found]
    (['x', 'y'], [<NamedNode value=urn:a>, None])
    """

    def __init__(self, pieces: Iterable[bytes]) -> None:
        super().__init__(pieces)
        first = self._blocks.text(0)
        self.head = first[: first.index(b"\n") + 1]
        self.columns = [variable.value for variable in self._parse(self.head).variables]

    def _parse(self, content: bytes) -> QuerySolutions:
        return results.solutions(content)


class TripleLines(Lines[Triple]):
    """Triples stored as the lines of N-Triples.

    >>> TripleLines([b"<urn:s> <urn:p> <urn:o> .\\n"])[0].object
    <NamedNode value=urn:o>
    """

    def _parse(self, content: bytes) -> Iterator[Triple]:
        return (quad.triple for quad in parse(content, RdfFormat.N_TRIPLES))
