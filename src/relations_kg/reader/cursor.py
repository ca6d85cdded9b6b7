"""A cursor that reads terms and separators from tokens, and records each mistake."""

from __future__ import annotations

import re

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode

from relations_kg.rdf.namespaces import RDF
from relations_kg.reader import separators
from relations_kg.reader.lexicon import DATATYPES, Lexicon, Misspelling
from relations_kg.reader.places import Mistake, Reading
from relations_kg.reader.tokens import (
    FOLLOWERS,
    IRIS,
    LITERALS,
    SEPARATORS,
    STARTS,
    TERMS,
    Tokens,
    printable,
)

# A term, or None if it is unknown, with the offsets of its start and its end.
Node = tuple[NamedNode | BlankNode | Literal | DefaultGraph | None, int, int]

CLOSING = {"[": "]", "(": ")", "{": "}"}

_OPENING = {closing: opening for opening, closing in CLOSING.items()}
_TYPE = NamedNode(RDF + "type")
_UNCLOSED = {
    "open_iri": ("this IRI is not closed", 'close it with ">"'),
    "open_string": ("this string is not closed", "close it with {0} on the same line"),
    "open_long": ("this string is not closed", "close it with {0}{0}{0}"),
    "torn": ("this string is not closed on its line", "put it between {0}{0}{0} and {0}{0}{0}"),
}
# An absolute IRI that begins with two brackets and ends with one.
_DOUBLED = re.compile(r"<<[A-Za-z][\w+.-]*:[^\s<>]*>(?!>)")
_WORDS = {"word", "bad", "triple"}
_NO_TERMS = {*_UNCLOSED, *_WORDS}
_COMMENTS = ("//", "/*", "--", "<!--")
_QUOTATION_MARKS = "\u2018\u2019\u201a\u201c\u201d\u201e\u00ab\u00bb\u00b4`"


class Broken(Exception):
    """The exception that ends a statement after a syntax error, which has been recorded."""


class Cursor:
    """A position in the tokens of a text; mistakes are added to a reading."""

    def __init__(self, tokens: Tokens, lexicon: Lexicon, reading: Reading) -> None:
        self.tokens = tokens
        self.kinds, self.starts, self.ends = tokens.kinds, tokens.starts, tokens.ends
        self.lexicon = lexicon
        self.reading = reading
        self.i = 0  # the token that is read next
        self.subject = 0  # the token that begins the statement
        self.topic: Node = None, 0, 0  # the subject of the statement
        self.brackets: list[int] = []  # the tokens of the brackets that are still open
        self.brace: int | None = None  # the token that opened the graph
        # After a mistake that makes the rest of the statement ambiguous, further mistakes in the
        # statement are not recorded, since they may follow from the first.
        self.doubt = False

    def term(self, role: str) -> Node:
        """Read a term; after a mistake, it is None unless the intended term is clear."""
        i, kind = self.i, self.kinds[self.i]
        term: NamedNode | BlankNode | Literal | None = None
        try:
            if kind in LITERALS:
                self.i = self.lexicon.after_literal(i)
            elif kind in TERMS or (kind == "a" and role == "predicate"):
                self.i += 1
            else:
                self._no_term(role)
                return None, 0, 0
            if self.starts[self.i] == self.ends[self.i - 1]:
                self._check_touching(i, role)
            if kind in IRIS:
                term = self.lexicon.iri(i)
            elif kind in LITERALS:
                term = self.lexicon.literal(i)
            else:
                term = _TYPE if kind == "a" else self.lexicon.blank_node(i)
        except Misspelling as error:
            span, prefix = (error.start, error.end), error.prefix
            self.blame(error.message, *span, help=error.help, prefix=prefix, certain=True)
            term = error.term
        start, end = self.starts[i], self.ends[self.i - 1]
        if (kind in LITERALS and role != "object") or (kind == "blank" and role == "predicate"):
            what = "a literal" if kind in LITERALS else "a blank node"
            help = "only an IRI can" if role == "predicate" else "only an IRI or a blank node can"
            self.blame(f"{what} cannot be a {role}", start, end, help=help)
            self.doubt = True
            term = None
        return term, start, end

    def _check_touching(self, i: int, role: str) -> None:
        """Raise Misspelling if a token that needs a space before it directly follows a term."""
        kind, following = self.kinds[i], self.i
        numbers = kind in DATATYPES and self.kinds[following] in DATATYPES
        call = kind == "pname" and self.kinds[following] == "("
        if numbers or call:
            # The token can be the next member of a collection, or the object after a predicate.
            if role != "object" or (self.brackets and self.kinds[self.brackets[-1]] == "("):
                return
        elif self.kinds[following] not in _NO_TERMS:
            return
        run = {*TERMS, *_NO_TERMS, *"()"} if call else {*TERMS, *_NO_TERMS}
        while self.tokens.touches(self.i) and self.kinds[self.i] in run:
            self.i += 1
        self.doubt = True
        raise self.lexicon.run_on(i, following)

    def separator(self, verb: int, opening: int | None = None) -> str:
        """Read the separator after an object: ",", ";" or, at the end of the statement, ".".

        Inside a bracket, which begins at `opening`, the end is "]". A missing or wrong separator is
        recorded as a mistake, and the expected separator is returned.
        """
        end = "." if opening is None else "]"
        while True:
            kind = self.kinds[self.i]
            if kind == "]" == end:
                self.i += 1
                return end
            if kind in ("}", "end") and opening is None and self.brace is not None:
                return end
            written = kind if kind in SEPARATORS else None
            following = self.i + (written is not None)
            due = separators.expected(self.tokens, following, self.subject, verb, written)
            if opening is not None and self._is_over(written, due, following):
                self.unclosed(opening)
                return end
            if written and due in (None, written):
                self.i = following
                # After an ambiguous mistake, "." may be a full stop inside an unclosed string.
                if not self.doubt or written != "." or self.kinds[following] in STARTS:
                    return written
            elif due and (not self.doubt or self._is_plain(following)):
                self._wrong_separator(written, due, following)
                self.i = following
                return due
            elif self.doubt:
                self.i += 1
            else:
                self._no_separator()

    def _is_over(self, written: str | None, due: str | None, following: int) -> bool:
        """Return whether the statement ends before its bracket is closed."""
        if written == ".":
            return due != ";" or self.tokens.outdented(following, self.subject)
        return due == "." or self.kinds[self.i] in (")", "}")

    def _is_plain(self, following: int) -> bool:
        return self.kinds[following] == "end" or self.tokens.begins_line(following)

    def _wrong_separator(self, written: str | None, due: str, following: int) -> None:
        help = separators.remedy(self.tokens, due, following)
        if written:
            self.blame(f'expected "{due}" here, not "{written}"', help=help, fix=due)
        else:
            certain = due != "," and self._is_plain(following)
            self.missing(f"expected {self._choice(due)}", help, due if certain else None)

    def _choice(self, due: str | None = None) -> str:
        separators = '";" or "]"' if self.brackets else '";" or "."'
        return ('",", ' if due == "," else "") + separators + " after this object"

    def _no_separator(self) -> None:
        """Add a mistake for a token that cannot follow an object."""
        kind = self.kinds[self.i]
        if kind in _NO_TERMS:
            self._no_term("object")
        elif kind in _OPENING:
            self.blame(f'this "{kind}" closes no "{_OPENING[kind]}"', help="remove it", fix="")
            self.i += 1
        elif kind in ("^^", "lang"):
            self.blame("only a string has a language tag or a datatype, and only one of them")
        else:
            self.missing(f"expected {self._choice()}")
        self.doubt = True

    def unclosed(self, opening: int) -> None:
        """Add a mistake for a bracket that is unclosed or closed by the wrong bracket."""
        kind, bracket = self.kinds[self.i], self.kinds[opening]
        closing = CLOSING[bracket]
        opened = {self.kinds[i] for i in (self.brace, *self.brackets) if i is not None}
        if kind in _OPENING and _OPENING[kind] not in opened:
            help = f'"{closing}" closes the "{bracket}" of line {self.tokens.line(opening)}'
            self.blame(f'expected "{closing}" here, not "{kind}"', help=help, fix=closing)
            self.i += 1
            self.doubt = True
            return
        help = f'close it with "{closing}"'
        if end := self._end_by_lines(opening):
            help += f" before line {self.tokens.line(end)}"
        elif kind in SEPARATORS:
            help += f' before the "{kind}" of line {self.tokens.line(self.i)}'
        start, end = self.starts[opening], self.ends[opening]
        self.blame(f'this "{bracket}" is not closed', start, end, help=help)
        self.doubt = True

    def _end_by_lines(self, opening: int) -> int | None:
        """Return the first token indented no further than the line with the bracket, or None."""
        tokens = self.tokens
        line = next((i for i in (opening, opening - 1) if tokens.begins_line(i)), self.subject)
        inside = range(opening + 1, self.i + (self.kinds[self.i] not in {*SEPARATORS, "end"}))
        return next((i for i in inside if tokens.outdented(i, line)), None)

    def _no_term(self, role: str) -> None:
        """Add a mistake for a token that is not a term, and skip it unless it is punctuation.

        Raises Broken if the statement cannot be read any further.
        """
        i, kind = self.i, self.kinds[self.i]
        if kind in FOLLOWERS or kind == "{":
            self._absent(role)
            return
        if kind in _UNCLOSED:
            message, help = _UNCLOSED[kind]
            start = self.starts[i]
            length = 3 if kind == "open_long" else 1
            help = help.format(self.tokens.text[start])
            self.blame(message, start, start + length, help=help, certain=True)
        elif kind in _WORDS:
            self._blame_word(i)
        elif kind == "a":
            self.blame('"a" can only be a predicate', help="write rdf:type")
        elif kind in ("[", "("):
            what = "a collection" if kind == "(" else "a blank node"
            raise self.broken(f"{what} cannot be a {role}", "only an IRI can")
        elif kind == "lang" and role == "subject":
            raise self.broken(f"{self._name(i)} is not a directive")
        else:
            article = "an" if role == "object" else "a"
            raise self.broken(f"expected {article} {role}, not {self._name(i)}")
        self.doubt = True
        self.i += 1
        while kind in _WORDS and (
            self.kinds[self.i] in _WORDS
            or (self.tokens.touches(self.i) and self.kinds[self.i] in {*TERMS, *_NO_TERMS})
        ):
            self.i += 1

    def _blame_word(self, i: int) -> None:
        spelling = self.tokens.spelling(i)
        message, help, fix, code = f"{self._name(i)} is not a term", None, None, "syntax"
        if spelling.lower() in ("true", "false"):
            help, fix = f'write "{spelling.lower()}"', spelling.lower()
        elif self.tokens.text.startswith(_COMMENTS, self.starts[i]):
            message, help = "this does not begin a comment", "write # instead"
        elif self.kinds[i] == "word":
            help = "put it in quotation marks, or put a prefix before it"
        elif self.kinds[i] == "triple":
            message = "a triple cannot be a term, since RDF 1.2 is not supported"
            help, code = "make the statement a thing of its own", "triple-term"
            if _DOUBLED.match(self.tokens.text, self.starts[i]):
                message = 'one "<" too many before an IRI'
                help, code = "remove it", "syntax"
        elif spelling in _QUOTATION_MARKS:
            help = "use straight quotation marks"
        self.blame(message, help=help, fix=fix, code=code)

    def _absent(self, role: str) -> None:
        """Add a mistake for a term missing before punctuation; raise Broken for a subject."""
        i, kind, before = self.i, self.kinds[self.i], self.kinds[self.i - 1]
        if role == "subject" and kind in _OPENING:
            raise self.broken(f'this "{kind}" closes no "{_OPENING[kind]}"', "remove it")
        if role == "subject":
            help = 'remove the "." before it' if before == "." else "remove it"
            raise self.broken(f'"{kind}" cannot begin a statement', help)
        if role == "predicate":
            self.missing("expected a predicate after this subject")
        elif role != "object":
            self.missing("expected a name for this graph", "remove GRAPH if it has none")
        elif kind == before == ",":
            self.blame('expected an object, not a second ","', help="remove it", fix="")
        elif before == ",":
            start, end = self.starts[i - 1], self.ends[i - 1]
            self.blame('expected an object after this ","', start, end, help="remove it")
        else:
            help = f"give {printable(self.tokens.spelling(i - 1))} a value"
            if self.kinds[i - 2] == ";" and not self.tokens.begins_line(i - 1):
                help += ', or if it is one more object, put "," before it, not ";"'
            self.missing("expected an object after this predicate", help)
        self.doubt = self.doubt or role != "object" or kind not in SEPARATORS

    def missing(self, message: str, help: str | None = None, fix: str | None = None) -> None:
        """Add a mistake for something that is missing before the next token."""
        end = self.ends[self.i - 1]
        self.blame(message, end, end, help=help, fix=fix)

    def broken(self, message: str, help: str | None = None) -> Broken:
        """Add a mistake at the next token, and return the exception that ends the statement."""
        self.blame(message, help=help)
        return Broken()

    def blame(
        self,
        message: str,
        start: int | None = None,
        end: int | None = None,
        *,
        help: str | None = None,
        fix: str | None = None,
        prefix: str | None = None,
        code: str = "syntax",
        certain: bool = False,
    ) -> None:
        """Add a mistake between two offsets, or at the next token.

        After an ambiguous mistake, only `certain` mistakes are added.
        """
        if self.doubt and not certain:
            return
        if start is None or end is None:
            start, end = self.starts[self.i], self.ends[self.i]
        place = self.reading.place(start, end)
        code = code if prefix is None else "unknown-prefix"
        subject = self.topic[0] if isinstance(self.topic[0], NamedNode | BlankNode) else None
        self.reading.add(Mistake(message, place, help, code, prefix, fix, subject))

    def _name(self, i: int) -> str:
        return f'"{printable(self.tokens.spelling(i))}"'
