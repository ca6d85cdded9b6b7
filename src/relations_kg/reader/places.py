"""Files of facts read with the place of every term, and with every mistake at its place."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from typing import NamedTuple

from pyoxigraph import BlankNode, NamedNode, Quad, RdfFormat

from relations_kg.reader.tokens import Lines

_FORMATS = (RdfFormat.TURTLE, RdfFormat.TRIG, RdfFormat.N_TRIPLES, RdfFormat.N_QUADS)


class Place(NamedTuple):
    """Say where in a file something stands.

    Lines and columns count from one, columns in characters. `end_column` is that of the character
    after the last; where something is missing, it is `column`, and so the place has no width.

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


class Mistake(NamedTuple):
    """Say what is wrong with a text, where, and what would be right.

    `code` is `syntax`, `triple-term`, or `unknown-prefix` where `prefix` is not declared. `fix` is
    the text that repairs it if put in its place, where that is certain. `subject` is that of the
    statement, of which something may be unread. `pointer` leads to it in JSON.

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


class Located(NamedTuple):
    """Hold a statement and the places of its terms.

    What is written as `;`, `,`, `[ ]` or `( )` has the place of what is repeated: the subject or
    the predicate where it is written once, a node without a name at its opening bracket. So have
    rdf:first and rdf:rest; rdf:nil is at the closing one, or the whole of `()`. `graph` is None
    in the default graph.
    """

    quad: Quad
    subject: Place
    predicate: Place
    object: Place
    graph: Place | None


class Reading:
    """Hold what a text states and what is wrong with it, both in its order.

    Positions are kept beside the quads as offsets, and become places when asked for. Of the
    mistakes, `errors` are the first 10,000.
    """

    def __init__(self, text: str, file: str) -> None:
        self.file = file
        self.quads: list[Quad] = []
        self.prefixes: dict[str, str] = {}
        self.errors: list[Mistake] = []
        # Of each quad: subject, predicate, object and graph, start and end. No graph is 0, 0.
        self.spans = array("I")
        self.lines = Lines(text)

    def place(self, start: int, end: int) -> Place:
        """Return the place between two offsets."""
        return Place(self.file, *self.lines.at(start), *self.lines.at(end))

    def located(self, index: int) -> Located:
        """Return the statement at an index of `quads`."""
        spans = self.spans[8 * index : 8 * index + 8]
        subject, predicate, object_, graph = map(self.place, spans[::2], spans[1::2])
        return Located(self.quads[index], subject, predicate, object_, graph if spans[7] else None)

    def term(self, index: int, role: int) -> Place:
        """Return where the subject (0), predicate (1) or object (2) of a statement stands."""
        at = 8 * index + 2 * role
        return self.place(self.spans[at], self.spans[at + 1])

    where = term

    @property
    def statements(self) -> Iterator[Located]:
        """All statements with their places, in the order of the text."""
        return map(self.located, range(len(self.quads)))


def read(
    text: str,
    file: str,
    format: RdfFormat = RdfFormat.TURTLE,
    graph: NamedNode | None = None,
    *,
    base: str | None = None,
    scope: str = "b",
) -> Reading:
    """Read a text in Turtle, TriG, N-Triples or N-Quads, and never raise for what is in it.

    After a mistake the reading goes on: with the statement where its meaning is plain, else with
    the next. All quads go into `graph` if one is given. Labels of blank nodes begin with `scope`:
    give texts that are read together different ones. Raises ValueError for another format.

    >>> reading = read("<urn:a> <urn:b> 1 ,\\n  2\\n  ; <urn:c> 3", "facts.ttl")
    >>> [str(statement.object) for statement in reading.statements]
    ['facts.ttl:1:17', 'facts.ttl:2:3', 'facts.ttl:3:13']
    >>> print(*reading.errors)
    facts.ttl:3:14: expected ";" or "." after this object; end the last statement with "."
    """
    from relations_kg.reader.grammar import Parser

    if format not in _FORMATS:
        raise ValueError(f"{format} has no places")
    reading = Reading(text, file)
    try:
        text.encode()
    except UnicodeEncodeError as error:  # a str can hold halves of characters, a file cannot
        place = reading.place(error.start, error.end)
        reading.errors.append(Mistake("this is no character", place))
        text = text.encode(errors="replace").decode()
    Parser(text, reading, format, graph, base, scope).parse()
    reading.errors.sort(key=lambda mistake: mistake.place)
    return reading
