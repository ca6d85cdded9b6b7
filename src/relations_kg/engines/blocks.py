"""The lines of an answer in blocks, each available before the whole answer has been read."""

from __future__ import annotations

import threading
from bisect import bisect
from collections.abc import Iterator
from weakref import ReferenceType, ref

from relations_kg.engines import limits
from relations_kg.engines.limits import LONGEST, LONGEST_ROW, MOST_ROWS

# The approximate size of a block in bytes; a longer line is its own block.
_BLOCK = 1 << 16
# The bytes of an answer that are read before it is returned; a thread reads the rest.
_AT_ONCE = 1 << 18


class Blocks:
    """The lines of an answer in blocks, read from pieces of its text.

    An answer has at most LONGEST bytes and MOST_ROWS + 1 lines, the first of which may be a head. A
    thread reads the rest of a long answer, so that its timeout does not depend on how fast its
    lines are used.

    >>> blocks = Blocks(iter([b"?x\\n1\\n", b"2\\n"]))
    >>> blocks.text(0), blocks.text(1), blocks.text(2), len(blocks)
    (b'?x\\n1\\n', b'2\\n', b'', 3)
    """

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces: Iterator[bytes] = pieces
        self._texts: list[bytes] = []
        # The number of lines before each block, and in all blocks.
        self.firsts = [0]
        self._rest = bytearray()
        self._size = 0
        self._error: BaseException | None = None
        self._is_over = False
        self._changed = threading.Condition()
        while self._size < _AT_ONCE and not self._is_over:
            self._read()
        if self._error:
            raise self._error
        if not self._is_over:
            threading.Thread(target=_read_all, args=(ref(self),), daemon=True).start()

    def text(self, number: int) -> bytes:
        """Return a block as soon as it has been read, or b"" after the last block.

        Raises the error that ended the answer, such as QueryError, in place of a missing block.
        """
        with self._changed:
            while number >= len(self._texts) and not self._is_over:
                self._changed.wait()
        if number < len(self._texts):
            return self._texts[number]
        if self._error:
            raise self._error
        return b""

    def __iter__(self) -> Iterator[bytes]:
        number = 0
        while text := self.text(number):
            yield text
            number += 1

    def number_of(self, line: int) -> int:
        """Return the number of the block with a line, once the block has been read."""
        while line >= self.firsts[-1] and self.text(len(self.firsts) - 1):
            pass
        return bisect(self.firsts, line) - 1

    def __len__(self) -> int:
        """Return the number of lines, once all of them have been read."""
        for _ in self:
            pass
        return self.firsts[-1]

    def _read(self) -> None:
        """Read a piece; an error is stored, and raised where a block is missing because of it."""
        try:
            piece = next(self._pieces, None)
            is_over = piece is None
            if piece:
                self._size += len(piece)
                self._rest += piece
            if piece is None or b"\n" in piece:
                self._split(len(self._rest) if is_over else self._rest.rindex(b"\n") + 1)
            if self._size > LONGEST:
                raise limits.too_large(LONGEST)
            if len(self._rest) > LONGEST_ROW:
                raise limits.too_wide()
        except BaseException as error:
            in_main_thread = threading.current_thread() is threading.main_thread()
            if in_main_thread and not isinstance(error, Exception):
                raise
            self._error, is_over = error, True
        if is_over:
            # Dropping the last reference ends the generator, so that its worker can be reused.
            self._pieces = iter(())
            with self._changed:
                self._is_over = True
                self._changed.notify_all()

    def _split(self, size: int) -> None:
        """Make blocks of the first `size` bytes that have been read, which are whole lines."""
        rest, start = self._rest, 0
        found: list[bytes] = []
        while start < size:
            end = rest.find(b"\n", start + _BLOCK, size) + 1 or size
            found.append(bytes(rest[start:end]))
            start = end
        del rest[:start]
        with self._changed:
            for text in found:
                if len(text) > LONGEST_ROW:
                    raise limits.too_wide()
                lines = self.firsts[-1] + text.count(b"\n")
                if lines > MOST_ROWS + 1:
                    raise limits.too_many(MOST_ROWS)
                self._texts.append(text)
                self.firsts.append(lines)
            self._changed.notify_all()


def _read_all(blocks: ReferenceType[Blocks]) -> None:
    """Read the rest of an answer, unless its blocks are no longer referenced."""
    while (one := blocks()) is not None and not one._is_over:
        one._read()
        del one
