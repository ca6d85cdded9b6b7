"""Conversion of tokens to terms: IRIs, literals and blank nodes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, parse

from relations_kg.rdf.namespaces import PREFIXES, RDF, XSD
from relations_kg.rdf.spelling import asked_back, did_you_mean, nearest
from relations_kg.reader.iris import SCHEME, is_absolute
from relations_kg.reader.tokens import IRIS, TERMS, Tokens, printable

_BOOLEAN = NamedNode(XSD + "boolean")
DATATYPES = {kind: NamedNode(XSD + kind) for kind in ("integer", "decimal", "double")}
DATATYPES |= {"true": _BOOLEAN, "false": _BOOLEAN}

_TAGGED = {NamedNode(RDF + "langString"), NamedNode(RDF + "dirLangString")}

_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(?s:.))")
_ESCAPES = {"\\" + c: char for c, char in zip("tbnrf\"'\\", "\t\b\n\r\f\"'\\", strict=True)}
_DIGITS = {r"\u": "needs four hexadecimal digits", r"\U": "needs eight hexadecimal digits"}
_NOT_IN_IRI = re.compile(r'[\x00-\x20<>"{}|^`]')
_ESCAPABLE = "_~.-!$&'()*+,;=/?#@%"
_UP_TO_SPACE = re.compile(r"[^\s,;]*[^\s,;.]")
_LONG_QUOTES = ('"""', "'''")
# The largest number of declared or undeclared prefixes for which suggestions are sought.
_ADVISED = 200


@dataclass(eq=False)
class Misspelling(Exception):
    """A mistake in a term, between two offsets; `term` is the intended term, if that is clear."""

    message: str
    start: int
    end: int
    help: str | None = None
    prefix: str | None = None
    term: NamedNode | Literal | None = None


class Lexicon:
    """The prefixes, the base and the blank node labels with which a text's tokens become terms.

    A term is None if its prefix was declared wrongly. Other invalid terms raise Misspelling.

    >>> from relations_kg.reader.tokens import tokenize
    >>> lexicon = Lexicon(tokenize('ex:peru "Per\\\\u00FA"@es'))
    >>> lexicon.declare("ex", "http://example.org/")
    >>> print(lexicon.iri(0), lexicon.literal(1))
    <http://example.org/peru> "Perú"@es
    """

    def __init__(
        self, tokens: Tokens, base: str | None = None, scope: str = "b", *, relative: bool = True
    ) -> None:
        self._tokens, self._text = tokens, tokens.text
        self._kinds, self._starts, self._ends = tokens.kinds, tokens.starts, tokens.ends
        self._base = base
        self._scope = scope
        self._relative = relative  # whether relative IRIs are allowed
        self._namespaces: dict[str, str | None] = {}
        self._iris: dict[str, NamedNode] = {}
        self._blank_nodes: dict[str, BlankNode] = {}
        self._count = 0
        self._advice: dict[str, tuple[str, str | None]] = {}

    def declare(self, prefix: str, namespace: str | None) -> None:
        """Set the namespace of a prefix, or None if its declaration is a mistake."""
        self._namespaces[prefix] = namespace
        self._iris.clear()

    def rebase(self, base: str) -> None:
        """Set the base against which relative IRIs are resolved."""
        self._base = base
        self._iris.clear()

    def blank_node(self, i: int | None = None) -> BlankNode:
        """Return the blank node of a label token, or a new blank node without a token."""
        label = None if i is None else self._tokens.spelling(i)
        if label in self._blank_nodes:
            return self._blank_nodes[label]
        self._count += 1
        node = BlankNode(f"{self._scope}{self._count}")
        if label is not None:
            self._blank_nodes[label] = node
        return node

    def iri(self, i: int) -> NamedNode | None:
        """Return the IRI of a token, which is an IRI reference or a prefixed name."""
        spelling = self._text[self._starts[i] : self._ends[i]]
        term = self._iris.get(spelling)
        if term is None:
            term = self._prefixed_name(i) if self._kinds[i] == "pname" else self._iriref(i)
            if term is not None:
                self._iris[spelling] = term
        return term

    def literal(self, i: int) -> Literal | None:
        """Return the literal that starts with a token; raise Misspelling if it is invalid."""
        kinds, start, end = self._kinds, self._starts[i], self._ends[i]
        if kinds[i] != "string":
            return Literal(self._text[start:end], datatype=DATATYPES[kinds[i]])
        quotes = 3 if self._text.startswith(_LONG_QUOTES, start) else 1
        value = unescape(self._text, start + quotes, end - quotes)
        following = self.after_literal(i)
        if following == i + 1:
            return Literal(value)
        start, end = self._starts[following - 1], self._ends[following - 1]
        if kinds[i + 1] != "^^":
            try:
                return Literal(value, language=self._text[start + 1 : end])
            except ValueError as error:
                tag = self._text[start:end]
                message = f'"{tag}" is not a language tag: {_problem(error)}'
                help = f'write "{tag.replace("_", "-")}"' if "_" in tag else None
                if direction := re.search(r"--(?:ltr|rtl)$", tag):
                    message = "RDF 1.1 does not support the base direction of strings"
                    help = f'leave "{direction[0]}" out'
                raise Misspelling(message, start, end, help) from None
        if kinds[following - 1] not in IRIS:
            message = "a datatype must be an IRI"
            if following == i + 2:
                message = 'expected a datatype after "^^"'
            raise Misspelling(message, start, end)
        try:
            datatype = self.iri(i + 2)
        except Misspelling as error:
            if isinstance(error.term, NamedNode):
                error.term = Literal(value, datatype=error.term)
            raise
        if datatype in _TAGGED:
            help = 'write the tag after the string, such as "Lima"@es'
            message = "this datatype requires a language tag"
            raise Misspelling(message, start, end, help)
        return Literal(value, datatype=datatype) if datatype else None

    def after_literal(self, i: int) -> int:
        """Return the index of the token after a literal with its language tag or datatype."""
        kind = self._kinds[i + 1]
        if self._kinds[i] != "string":
            return i + 1
        if kind == "^^":
            return i + 3 if self._kinds[i + 2] in TERMS else i + 2
        # The tokens @prefix and @base can also be the language tag of a string.
        tagged = kind == "lang" or (
            kind in ("@prefix", "@base")
            and (self._tokens.touches(i + 1) or self._kinds[i + 2] not in IRIS)
        )
        return i + 1 + tagged

    def up_to_space(self, i: int) -> str:
        """Return the text from a token to the next space or separator."""
        match = _UP_TO_SPACE.match(self._text, self._starts[i])
        return match[0] if match else ""

    def run_on(self, i: int, following: int) -> Misspelling:
        """Return the mistake of a term without a space before the next token."""
        kind, start, at = self._kinds[i], self._starts[i], self._starts[following]
        char, whole = printable(self._text[at]), self.up_to_space(i)
        if kind == "pname" and self._text.startswith("//", at):
            help = f'write "<{printable(whole)}>"'
            return Misspelling('an IRI needs "<" and ">"', start, start + len(whole), help)
        if kind == "pname":
            help = 'write the IRI in full, between "<" and ">"'
            if char in _ESCAPABLE:
                help = f'write "\\{char}", or the IRI in full, between "<" and ">"'
            return Misspelling(f'"{char}" is not allowed in a prefixed name', at, at + 1, help)
        if kind in DATATYPES:
            help = f'write "{printable(whole)}" in quotation marks'
            return Misspelling("this is not a number", start, start + len(whole), help)
        if kind == "string" and (char in "\"'" or self._kinds[following] == "word"):
            help = 'write "\\" before a quotation mark inside it'
            return Misspelling("the string ends here", at - 1, at, help)
        return Misspelling(f'"{char}" cannot follow this term', at, at + 1)

    def _prefixed_name(self, i: int) -> NamedNode | None:
        start, end = self._starts[i], self._ends[i]
        spelling = self._text[start:end]
        prefix, _, local = spelling.partition(":")
        if prefix not in self._namespaces:
            message = f'the prefix "{printable(prefix)}:" is not declared'
            end = start + len(prefix) + 1
            help, namespace = self._undeclared(prefix)
            iri = namespace + local if namespace else ""
            term = NamedNode(iri) if is_absolute(iri) else None
            raise Misspelling(message, start, end, help, prefix, term)
        namespace = self._namespaces[prefix]
        if namespace is None:
            return None
        try:
            return NamedNode(namespace + re.sub(r"\\(.)", r"\1", local))
        except ValueError as error:
            message = f"{printable(spelling)} expands to an invalid IRI: {_problem(error)}"
            raise Misspelling(message, start, end) from None

    def _iriref(self, i: int) -> NamedNode:
        start, end = self._starts[i], self._ends[i]
        value = unescape(self._text, start + 1, end - 1, iri=True)
        try:
            return NamedNode(value)
        except ValueError as error:
            problem = _problem(error)
        if bad := _NOT_IN_IRI.search(self._text, start + 1, end - 1):
            message = f'"{printable(bad[0])}" is not allowed in an IRI'
            raise Misspelling(message, *bad.span(), f'write "%{ord(bad[0]):02X}" for it')
        if not SCHEME.match(value):
            if not self._relative:
                raise Misspelling("this IRI is relative", start, end, "write it in full")
            if self._base is None:
                help = "write it in full, or declare a @base"
                raise Misspelling("this IRI is relative, and there is no base", start, end, help)
            try:  # The engine has no other way to resolve an IRI.
                statement = f"{self._text[start:end]} a <a:>."
                quad = next(parse(statement, RdfFormat.TURTLE, base_iri=self._base))
                return NamedNode(quad.subject.value)
            except (SyntaxError, ValueError) as error:
                problem = _problem(error)
        raise Misspelling(f"this is not an IRI: {problem}", start, end)

    def _undeclared(self, prefix: str) -> tuple[str, str | None]:
        """Return advice on an undeclared prefix, and the namespace that it may mean, or None."""
        if namespace := PREFIXES.get(prefix):
            return f"declare it: @prefix {prefix}: <{namespace}> .", namespace
        if prefix not in self._advice:
            if len(self._advice) == _ADVISED:
                return "declare it", None
            declared = [name for name in islice(self._namespaces, _ADVISED) if len(name) < 50]
            near = nearest(prefix, declared)
            help = asked_back(near) or did_you_mean(prefix, declared)
            self._advice[prefix] = (
                help or f"declare it: @prefix {printable(prefix)}: <...> .",
                self._namespaces[near[0]] if len(near) == 1 else None,
            )
        return self._advice[prefix]


def _problem(error: SyntaxError | ValueError) -> str:
    """Return the engine's message without its position, with a lower-case initial."""
    text = error.msg.partition(": ")[2] if isinstance(error, SyntaxError) else str(error)
    return text[:1].lower() + text[1:]


def unescape(text: str, start: int, end: int, *, iri: bool = False) -> str:
    r"""Return the text between two offsets with its escapes replaced; IRIs have fewer escapes.

    Raises Misspelling for an escape that denotes no character.

    >>> unescape(r'"Per\u00FA"', 1, 10)
    'Perú'
    """
    value = text[start:end]
    if "\\" not in value:
        return value

    def char(match: re.Match[str]) -> str:
        escape = match[0]
        if digits := match[1] or match[2]:
            code = int(digits, 16)
            if code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF:
                return chr(code)
            problem, help = "does not denote a character", None
        elif not iri and escape in _ESCAPES:
            return _ESCAPES[escape]
        else:
            problem = _DIGITS.get(escape, "is not an escape")
            help = 'write "%5C" for a backslash' if iri else r'write "\\" for a backslash'
        at = start + match.start()
        raise Misspelling(f'"{printable(escape)}" {problem}', at, at + len(escape), help)

    return _ESCAPE.sub(char, value)
