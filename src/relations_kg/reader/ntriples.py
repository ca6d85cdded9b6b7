"""A parser of N-Triples and N-Quads that keeps locations and recovers from every mistake."""

from __future__ import annotations

from pyoxigraph import RdfFormat

from relations_kg.rdf.namespaces import RDF
from relations_kg.reader.cursor import Broken, Node
from relations_kg.reader.lexicon import DATATYPES
from relations_kg.reader.tokens import FOLLOWERS, printable
from relations_kg.reader.turtle import DEFAULT_GRAPH, Parser


class LineParser(Parser):
    """A parser of formats with one statement on each line and no abbreviated terms."""

    by_line = True

    def _block(self) -> None:
        """Read the terms of a triple or quad, the "." after them, and the end of the line."""
        line = self.tokens.line(self.i)

        def over() -> bool:
            return self.kinds[self.i] in (".", "end") or self.tokens.line(self.i) > line

        nodes = []
        for role in ("subject", "predicate", "object"):
            if over():
                self.missing(f"expected {'an' if role == 'object' else 'a'} {role} after this term")
                raise Broken
            nodes.append(self._plain_term(role))
            self.topic = nodes[0]
        quads = self.format == RdfFormat.N_QUADS
        if quads and not over() and self.kinds[self.i] not in FOLLOWERS:
            self.graph = self._plain_term("graph name")
        self._emit(*nodes)
        self.graph = DEFAULT_GRAPH
        if self.kinds[self.i] != "." or self.tokens.line(self.i) > line:
            if over():
                self.missing('expected "." after this term', f'end line {line} with "."', ".")
            else:
                self.missing('expected "." after this term', "remove what follows")
            raise Broken
        self.i += 1
        if self.kinds[self.i] != "end" and self.tokens.line(self.i) == line:
            raise self.broken("a line can have only one statement", "put this on a line of its own")

    def _plain_term(self, role: str) -> Node:
        i = self.i
        if self.kinds[i] == "string" and self.kinds[i + 1] == "^^":
            i += 2
        kind, spelling = self.kinds[i], self.tokens.spelling(i)
        help = f"write <{RDF}type>" if kind == "a" else None
        if kind == "pname":
            help = 'write the IRI in full, between "<" and ">"'
        elif kind in DATATYPES:
            help = f'write "{printable(spelling)}"^^{DATATYPES[kind]}'
        elif kind == "string" and spelling.startswith(("'", '"""')):
            help = 'write it on one line, between " and "'
        elif kind not in {*FOLLOWERS, "a", "[", "(", "{"}:
            return self.term(role)
        self.i = i
        raise self.broken(f'"{printable(spelling)}" is Turtle syntax, not allowed here', help)
