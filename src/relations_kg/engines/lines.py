"""Answers stored as the serialised lines of the engine and parsed a block at a time."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import TypeVar, overload

from pyoxigraph import (
    QueryResultsFormat,
    QuerySolution,
    QuerySolutions,
    RdfFormat,
    Triple,
    parse,
    parse_query_results,
)

from relations_kg.engines.limits import LONGEST_ROW, too_wide

T = TypeVar("T")

# The approximate size of a block in bytes; a longer line is a block of its own.
_BLOCK = 1 << 16


class Lines(Sequence[T]):
    """A sequence of solutions or triples that is stored as text.

    The terms of a million rows take several times the memory of their text, so they exist only
    while a block is read.
    """

    def __init__(self, content: bytes, head: bytes = b"") -> None:
        self.head = head
        self._content = content
        starts, firsts = [len(head)], [0]
        while starts[-1] < len(content):
            end = content.find(b"\n", starts[-1] + _BLOCK) + 1 or len(content)
            if end - starts[-1] > LONGEST_ROW:
                raise too_wide()
            firsts.append(firsts[-1] + content.count(b"\n", starts[-1], end))
            starts.append(end)
        self._starts, self._firsts = starts, firsts
        self._read: tuple[int, list[T]] = (-1, [])

    @overload
    def __getitem__(self, place: int) -> T: ...
    @overload
    def __getitem__(self, place: slice) -> list[T]: ...
    def __getitem__(self, place: int | slice) -> T | list[T]:
        if isinstance(place, slice):
            return [self[each] for each in range(*place.indices(len(self)))]
        place = range(len(self))[place]
        number = bisect(self._firsts, place) - 1
        return self._block(number)[place - self._firsts[number]]

    def __iter__(self) -> Iterator[T]:
        for number in range(len(self._starts) - 1):
            yield from self._block(number)

    def __len__(self) -> int:
        return self._firsts[-1]

    @property
    def texts(self) -> Iterator[bytes]:
        """Yield the text of each block, without the head."""
        return (self._content[start:end] for start, end in pairwise(self._starts))

    def has(self, text: bytes) -> bool:
        """Return whether a text occurs in the lines."""
        return text in self._content

    def _parse(self, content: bytes) -> Iterable[T]:
        raise NotImplementedError

    def _block(self, number: int) -> list[T]:
        last, block = self._read
        if last != number:
            start, end = self._starts[number : number + 2]
            block = list(self._parse(self.head + self._content[start:end]))
            self._read = number, block
        return block


class SolutionLines(Lines[QuerySolution]):
    """Solutions as the lines of the SPARQL 1.1 TSV results.

    >>> found = SolutionLines(b"?x\\t?y\\n1\\t<urn:a>\\n\\t\\n")
    >>> found.columns, [solution["y"] for solution in found]
    (['x', 'y'], [<NamedNode value=urn:a>, None])
    """

    def __init__(self, content: bytes) -> None:
        super().__init__(content, content[: content.index(b"\n") + 1])
        self.columns = [variable.value for variable in self._parse(self.head).variables]

    def _parse(self, content: bytes) -> QuerySolutions:
        found = parse_query_results(content, QueryResultsFormat.TSV)
        assert isinstance(found, QuerySolutions)
        return found


class TripleLines(Lines[Triple]):
    """Triples as the lines of N-Triples.

    >>> TripleLines(b"<urn:s> <urn:p> <urn:o> .\\n")[0].object
    <NamedNode value=urn:o>
    """

    def _parse(self, content: bytes) -> Iterator[Triple]:
        return (quad.triple for quad in parse(content, RdfFormat.N_TRIPLES))
