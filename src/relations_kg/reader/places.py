"""Places in a text: the location of each term of a statement and of each mistake."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from pyoxigraph import BlankNode, NamedNode, Quad

from relations_kg.rdf.terms import Statement

MOST_MISTAKES = 10_000
_BYTE_ORDER_MARK = "\ufeff"
_LINE_END = re.compile(r"\r\n?|\n")
_LINE = re.compile(r"[^\r\n]*")


class Lines:
    r"""The lines of a text; lines and columns count from one.

    Columns count characters: a tab is one character, a byte order mark none. A line ends with a
    line feed, a carriage return, or both.

    >>> Lines("a\r\nbc").at(4)
    (2, 2)
    """

    def __init__(self, text: str) -> None:
        self._text = text

    @cached_property
    def _starts(self) -> list[int]:
        first = int(self._text.startswith(_BYTE_ORDER_MARK))
        return [first, *(match.end() for match in _LINE_END.finditer(self._text))]

    def at(self, offset: int) -> tuple[int, int]:
        """Return the line and the column of an offset."""
        line = max(bisect_right(self._starts, offset), 1)
        return line, offset - self._starts[line - 1] + 1

    def place(self, file: str, start: int, end: int) -> Place:
        """Return the place between two offsets, in a file with this text."""
        return Place(file, *self.at(start), *self.at(end))

    def offset(self, line: int, column: int) -> int:
        """Return the offset of a line and a column."""
        return self._starts[line - 1] + column - 1

    def text(self, line: int) -> str:
        """Return the text of a line, without the line break."""
        found = _LINE.match(self._text, self._starts[line - 1])
        return found[0] if found else ""

    def length(self, line: int) -> int:
        """Return the number of characters of a line, line end included."""
        after = self._starts[line] if line < len(self._starts) else len(self._text)
        return after - self._starts[line - 1]


class Place(NamedTuple):
    """A range in a file; lines and columns count from one, columns in characters.

    `end_column` is exclusive. The place of something missing is empty: its start and end are equal.

    >>> print(Place("facts.ttl", 11, 22, 11, 35))
    facts.ttl:11:22
    """

    file: str
    line: int
    column: int
    end_line: int
    end_column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


# A place in a text, or a JSON Pointer (RFC 6901).
Spot = Place | str


@dataclass(frozen=True, slots=True)
class Mistake:
    """A mistake in a text: its message, its place and a correction.

    `code` is `syntax` or the code of a more special rule, such as `unknown-prefix` if `prefix` is
    not declared. `fix` is the replacement text that repairs the mistake, if certain. `subject` is
    the subject of the statement, which may be incomplete. `pointer` is the JSON Pointer of the
    mistake in JSON.

    >>> print(Mistake("no prefix ex:", Place("facts.ttl", 3, 9, 3, 12), help="declare it"))
    facts.ttl:3:9: no prefix ex:; declare it
    """

    message: str
    place: Place
    help: str | None = None
    code: str = "syntax"
    prefix: str | None = None
    fix: str | None = None
    subject: NamedNode | BlankNode | None = None
    pointer: str | None = None

    def __str__(self) -> str:
        text = f"{self.place}: {self.message}"
        return f"{text}; {self.help}" if self.help else text


class Reading:
    """The statements and the mistakes of a text, in order, with the prefixes that it declares.

    A subject or predicate that `;` or `,` repeats has the place where it is written. A blank node
    without a label, rdf:first and rdf:rest have the place of the opening bracket, or of the whole
    `[]`; rdf:nil has the place of the closing bracket, or of the whole `()`. At most 10,000
    `errors` are kept.
    """

    def __init__(self, text: str, file: str) -> None:
        self.file = file
        self.quads: list[Quad] = []
        self.prefixes: dict[str, str] = {}
        self.errors: list[Mistake] = []
        # The start and end offsets of subject, predicate, object and graph of each quad; 0, 0 for
        # the default graph.
        self.spans = array("I")
        self.lines = Lines(text)

    def place(self, start: int, end: int) -> Place:
        """Return the place between two offsets."""
        return self.lines.place(self.file, start, end)

    def where(self, index: int, role: int) -> Place:
        """Return the place of the subject (0), predicate (1) or object (2) of a statement."""
        at = 8 * index + 2 * role
        return self.place(self.spans[at], self.spans[at + 1])

    def term(self, index: int, role: int) -> Spot:
        """Return the place of a term, or its JSON Pointer in JSON."""
        return self.where(index, role)

    def add(self, mistake: Mistake) -> None:
        """Add a mistake, unless there are too many."""
        if len(self.errors) < MOST_MISTAKES:
            self.errors.append(mistake)


class ComposedFacts(Reading):
    """Facts composed by a program, located by their numbers instead of lines."""

    def __init__(self, facts: Iterable[Statement], file: str) -> None:
        super().__init__("", file)
        self.quads = _Quads(facts)  # type: ignore[assignment]
        self.lines = _NoLines()

    def where(self, index: int, role: int) -> Place:
        """Return the place of the subject (0), predicate (1) or object (2) of a statement."""
        return Place(self.file, index + 1, role + 1, index + 1, role + 2)


class _Quads(Sequence[Quad]):
    """Facts as quads, each made when it is read, since quads take more memory."""

    def __init__(self, facts: Iterable[Statement]) -> None:
        self._facts = list(facts)

    def __len__(self) -> int:
        return len(self._facts)

    def __getitem__(self, index: Any) -> Any:
        return Quad(*self._facts[index])


class _NoLines(Lines):
    """The lines of composed facts, which have no text: each line is empty."""

    def __init__(self) -> None:
        super().__init__("")

    def text(self, line: int) -> str:
        return ""

    def length(self, line: int) -> int:
        return 0
