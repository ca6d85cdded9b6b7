"""A parser of Turtle and TriG that keeps locations and recovers from every mistake."""

from __future__ import annotations

from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat

from relations_kg.rdf.namespaces import PREFIXES, RDF
from relations_kg.reader import separators
from relations_kg.reader.cursor import CLOSING, Broken, Cursor, Node
from relations_kg.reader.iris import is_absolute
from relations_kg.reader.lexicon import Lexicon
from relations_kg.reader.places import Reading
from relations_kg.reader.tokens import DIRECTIVES, FOLLOWERS, IRIS, STARTS, printable, tokenize

NESTING = 100


_FIRST, _REST, _NIL = (NamedNode(RDF + name) for name in ("first", "rest", "nil"))
DEFAULT_GRAPH: Node = DefaultGraph(), 0, 0


class Parser(Cursor):
    """A parser that adds the statements and mistakes of a text to a reading.

    A method that reads a production of https://www.w3.org/TR/trig/#sec-grammar has its name. It
    raises Broken after a mistake that makes the rest of the statement unreadable.
    """

    by_line = False  # whether each statement is on a line of its own

    def __init__(
        self, text: str, reading: Reading, format: RdfFormat, base: str | None, scope: str
    ) -> None:
        self.format = format
        tokens = tokenize(text)
        lexicon = Lexicon(tokens, base, scope, relative=not self.by_line)
        super().__init__(tokens, lexicon, reading)
        self.graph = DEFAULT_GRAPH

    def parse(self) -> None:
        """Read all statements."""
        for space in self.tokens.spaces:
            char = printable(self.tokens.text[space])
            message = f'"{char}" is not white space here'
            self.blame(message, space, space + 1, help="put a plain space", fix=" ")
        while self.kinds[self.i] != "end":
            self._statement()

    def _statement(self) -> None:
        """Read one statement; if a mistake makes it unreadable, skip to the next."""
        begun = self.subject = self.i
        self.topic = None, 0, 0
        self.doubt = False
        self.brackets.clear()
        try:
            self._block()
        except Broken:
            self._skip(begun)

    def _skip(self, begun: int) -> None:
        """Skip the rest of a statement that cannot be parsed.

        It ends at a ".", or before the "}" of its graph; a directive, and a statement of a format
        with one on each line, ends with its line. If the "." is missing, it ends before a line that
        clearly begins a statement.
        """
        kinds, line = self.kinds, self.tokens.line(begun)
        in_line = self.by_line or kinds[begun] in {*DIRECTIVES, "word", "lang"}
        while (kind := kinds[self.i]) != "end":
            if in_line and self.tokens.line(self.i) > line:
                return
            if kind == "}" and self.brace is not None:
                return
            clear = kind in DIRECTIVES or (kind in STARTS and kinds[self.i + 1] == "a")
            if clear and self.i > begun and self.tokens.outdented(self.i, begun):
                return
            self.i += 1
            if kind == "." and not in_line and kinds[self.i] in STARTS:
                return

    def _block(self) -> None:
        kind = self.kinds[self.i]
        if kind in ("word", "lang"):
            kind = self._misspelt_directive() or kind
        if kind in DIRECTIVES:
            self._directive(kind)
        elif kind == "{":
            self._wrapped_graph()
        elif kind == "graph":
            self.i += 1
            name, label = self.i, self._subject("graph name")
            if self.kinds[self.i] != "{":
                raise self.broken('expected "{" after the name of a graph')
            self._wrapped_graph(label, name)
        else:
            self._triples()

    def _misspelt_directive(self) -> str | None:
        """Return the directive that a word probably misspells, or None."""
        spelling = self.tokens.spelling(self.i)
        following = self.kinds[self.i + 1 : self.i + 3]
        at = "@" * spelling.startswith("@")
        if following == ["pname", "iri"] and self.tokens.spelling(self.i + 1).endswith(":"):
            meant = "prefix"
        elif at and following[0] == "iri":
            meant = "base"
        else:
            return None
        right = at + (meant if at else meant.upper())
        message = f'"{printable(spelling)}" is not a directive'
        self.blame(message, help=f'write "{right}"', fix=right)
        return at + meant

    def _directive(self, kind: str) -> None:
        if self.brace is not None:
            self.blame("a directive is not allowed in a graph", help='move it before the "{"')
        self.i += 1
        if kind in ("@base", "base"):
            if base := self._namespace():
                self.lexicon.rebase(base)
        elif kind in ("@version", "version"):
            self._version()
        else:
            prefix = self._prefix()
            # After a mistake in its declaration, a well-known prefix keeps its usual namespace.
            self.lexicon.declare(prefix, PREFIXES.get(prefix))
            if namespace := self._namespace():
                self.lexicon.declare(prefix, namespace)
                self.reading.prefixes[prefix] = namespace
        ended = self.kinds[self.i] == "."
        if kind.startswith("@") and not ended:
            help = separators.remedy(self.tokens, ".", self.i)
            self.missing('expected "." after this directive', help, ".")
        elif ended and not kind.startswith("@"):
            help = f'remove it, or write "@{kind}"'
            self.blame(f'{kind.upper()} without "@" does not end in "."', help=help, fix="")
        self.i += ended

    def _version(self) -> None:
        """Skip the declared version of RDF; the syntax of RDF 1.2 is a mistake in any case."""
        if self.kinds[self.i] != "string" or self.tokens.spelling(self.i)[:3] in ('"""', "'''"):
            raise self.broken("expected a version", help='write it as "1.2"')
        self.i += 1

    def _prefix(self) -> str:
        kind, spelling = self.kinds[self.i], self.tokens.spelling(self.i)
        if kind == "pname" and spelling.index(":") == len(spelling) - 1:
            self.i += 1
            return spelling[:-1]
        if kind != "pname" and spelling[:1].isalpha() and self.kinds[self.i + 1] == "iri":
            self.i += 1
            self.missing('expected ":" after this prefix', f'write "{printable(spelling)}:"', ":")
            return spelling
        raise self.broken('expected a prefix that ends in ":"')

    def _namespace(self) -> str | None:
        if self.kinds[self.i] in ("iri", "open_iri"):
            unclosed = self.kinds[self.i] == "open_iri"
            spelling = self.tokens.spelling(self.i)
            term, _, _ = self.term("object")
            if unclosed:  # the intended IRI is clear
                return spelling[1:] if is_absolute(spelling[1:]) else None
            return term.value if isinstance(term, NamedNode) else None
        spelling = self.lexicon.up_to_space(self.i)
        help = f'write "<{printable(spelling)}>"' if ":" in spelling else None
        raise self.broken('expected an IRI between "<" and ">"', help)

    def _wrapped_graph(self, label: Node = DEFAULT_GRAPH, name: int | None = None) -> None:
        if name is not None and self.kinds[name] in ("[", "(") and self.kinds[name + 1] != "]":
            self.blame("only an IRI or a blank node can name a graph", label[1], label[2])
        inside = self.brace is not None
        if self.brace is not None:
            self.unclosed(self.brace)
        if self.format == RdfFormat.TURTLE:
            self.blame("Turtle has no graphs", help='give the file a name that ends in ".trig"')
            self.format = RdfFormat.TRIG
        self.graph, self.brace = label, self.i
        self.i += 1
        if inside:
            # The loop below is already running: this graph begins inside an unclosed graph.
            return
        while self.kinds[self.i] not in ("}", "end"):
            self._statement()
        if self.kinds[self.i] == "end":
            self.unclosed(self.brace)
        else:
            self.i += 1
        self.graph, self.brace = DEFAULT_GRAPH, None

    def _triples(self) -> None:
        kind = self.kinds[self.i]
        if kind in (".", "}"):
            what = "ends nothing" if kind == "." else 'closes no "{"'
            self.blame(f'this "{kind}" {what}', help="remove it", fix="")
            self.i += 1
            return
        self.topic = subject = self._subject("subject")
        if self.doubt and self.tokens.outdented(self.i, self.subject):
            # The mistake is confined to the subject's own lines, so a new statement begins here.
            return
        if self.kinds[self.i] == "{":
            self._wrapped_graph(subject, self.subject)
        elif kind == "[" and self.kinds[self.subject + 1] != "]" and not self._properties_follow():
            if self.separator(self.subject) != ".":
                raise Broken
        else:
            self._predicate_object_list(subject)

    def _properties_follow(self) -> bool:
        """Return whether the optional properties follow a blankNodePropertyList."""
        due = separators.expected(self.tokens, self.i, self.subject, self.subject, ";")
        return due != "." and self.kinds[self.i] in {*IRIS, "a", ";", ","}

    def _subject(self, role: str) -> Node:
        if self.kinds[self.i] not in ("[", "("):
            return self.term(role)
        node = self._bracket()
        self._inside(node)
        return node

    def _predicate_object_list(self, subject: Node, opening: int | None = None) -> None:
        while True:
            while (kind := self.kinds[self.i]) in (";", ","):
                self.blame(f'expected a predicate, not "{kind}"', help="remove it", fix="")
                self.i += 1
            verb, predicate = self.i, self.term("predicate")
            separator = ","
            while separator == ",":
                self._object(subject, predicate)
                separator = self.separator(verb, opening)
            while separator == ";" and self.kinds[self.i] in (";", ".", "]", ")", "}", "end"):
                separator = self.separator(verb, opening)
            if separator != ";":
                return

    def _object(self, subject: Node, predicate: Node) -> None:
        if self.kinds[self.i] in ("[", "("):
            node = self._bracket()
            self._emit(subject, predicate, node)
            self._inside(node)
        else:
            self._emit(subject, predicate, self.term("object"))

    def _bracket(self) -> Node:
        """Return the node of an opening bracket; `[]` and `()` have the place of both brackets."""
        opening = self.kinds[self.i]
        empty = self.kinds[self.i + 1] == CLOSING[opening]
        term = _NIL if empty and opening == "(" else self.lexicon.blank_node()
        return term, self.starts[self.i], self.ends[self.i + empty]

    def _inside(self, node: Node) -> None:
        """Read the content of a bracket and the closing bracket."""
        opening = self.i
        if len(self.brackets) == NESTING:
            raise self.broken(f"brackets are nested deeper than {NESTING}")
        self.i += 1
        self.brackets.append(opening)
        if self.kinds[opening] == "(":
            self._collection(node, opening)
        elif self.kinds[self.i] == "]":
            self.i += 1
        else:
            self._predicate_object_list(node, opening)
        self.brackets.pop()

    def _collection(self, cell: Node, opening: int) -> None:
        start, end = self.starts[opening], self.ends[opening]
        first, rest = (_FIRST, start, end), (_REST, start, end)
        empty = True
        while (kind := self.kinds[self.i]) != ")":
            if kind == ",":
                help = "put only spaces between the members"
                self.blame('a collection has no ","', help=help, fix="")
                self.i += 1
                continue
            if kind in FOLLOWERS or kind == "{":
                self.unclosed(opening)
                return
            if not empty:
                following = self.lexicon.blank_node(), start, end
                self._emit(cell, rest, following)
                cell = following
            self._object(cell, first)
            empty = False
        if not empty:
            self._emit(cell, rest, (_NIL, self.starts[self.i], self.ends[self.i]))
        self.i += 1

    def _emit(self, subject: Node, predicate: Node, object_: Node) -> None:
        s, s_start, s_end = subject
        p, p_start, p_end = predicate
        o, o_start, o_end = object_
        g, g_start, g_end = self.graph
        if s is None or p is None or o is None or g is None:
            return
        self.reading.quads.append(Quad(s, p, o, g))  # type: ignore[arg-type]
        self.reading.spans.extend((s_start, s_end, p_start, p_end, o_start, o_end, g_start, g_end))
