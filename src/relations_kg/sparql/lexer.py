"""A lexer for SPARQL 1.1, with the tokens that RDF 1.2 adds: linear in the length of the text.

A token is a regular-expression match: `token.lastgroup` is its kind, `token[0]` its text,
`token.start()` its offset. The kinds are:

comment, iri, variable, name (a prefixed name), blank (a blank-node label), word (a keyword or a
function), string, number (without a sign), language, nil, anon, punctuation, and error: a
character that starts no token, or an unclosed string.
"""

import re
from collections.abc import Iterator
from functools import cache

from relations_kg.rdf.xml import LETTERS, MARKS

Token = re.Match[str]

FORMS = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
# Words that begin texts in other query languages, for a helpful message.
OTHER_LANGUAGES = dict.fromkeys(("MATCH", "MERGE", "RETURN", "UNWIND"), "Cypher")

# The grammar's white space has fewer characters than Python's \s.
SPACE = r" \t\r\n"
_ESCAPE = r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})"

_HEX = "[0-9A-Fa-f]"
# A codepoint escape must not denote a surrogate.
_CHARACTER = (
    rf"\\u(?![Dd][89A-Fa-f]){_HEX}{{4}}"
    rf"|\\U(?:0000(?![Dd][89A-Fa-f])|000[1-9A-Fa-f]|0010){_HEX}{{4}}"
)
_IN_STRING = rf"""\\[tbnrf\\"']|{_CHARACTER}"""
_IN_LOCAL = rf"%{_HEX}{{2}}|\\[_~.\-!$&'()*+,;=/?\#@%]"
_NUMBER = r"(?:[0-9]++\.[0-9]*+|\.?[0-9]++)[eE][+-]?[0-9]++|[0-9]*+\.[0-9]++|[0-9]++"
_PUNCTUATION = (
    r"\^\^|\|\||&&|!=|<=|>=|<<\(|\)>>|<<|>>|\{\||\|\}|[{})\],;=<>!+\-*/|^?~]"
    # "(" and "[" can also begin NIL and ANON, and "." a number.
    rf"|\((?![{SPACE}]*+\))|\[(?![{SPACE}]*+\])|\.(?![0-9])"
)
# The pattern omits the closing ">", so that an unclosed IRI is scanned only once.
_OPEN_IRI = rf"""<(?:[^<>"{{}}|^`\\\x00-\x20]|{_CHARACTER})*+"""


def _open_long(quote: str) -> str:
    return rf"{quote * 3}(?:{quote}{{0,2}}+(?:[^{quote}\\]|{_IN_STRING}))*+"


def _open_short(quote: str) -> str:
    return rf"{quote}(?:[^{quote}\\\r\n]|{_IN_STRING})*+"


def _strings(quote: str) -> str:
    # Three quotes always begin a long string, even an unclosed one.
    return rf"{_open_long(quote)}{quote * 3}|(?!{quote * 3}){_open_short(quote)}{quote}"


class _Patterns:
    """The token patterns, for any text or for ASCII only; the latter compile faster.

    `part` and `term` are compiled at their first use, since few texts need them.
    """

    def __init__(self, ascii: bool) -> None:
        base = "A-Za-z" + ("" if ascii else LETTERS)
        begin = rf"_0-9{base}"
        inside = rf"\-{begin}" + ("" if ascii else MARKS)
        variable = rf"[?$][{begin}][{inside[2:]}]*+"
        prefix = rf"[{base}](?:[{inside}]|\.++[{inside}])*+"
        within = rf"(?:[:{inside}]|{_IN_LOCAL})"
        local = rf"(?:[:{begin}]|{_IN_LOCAL})(?:{within}|\.++{within})*+"
        word = r"(?P<word>[A-Za-z][A-Za-z0-9_]*+)"
        number = rf"(?P<number>{_NUMBER})"
        # The lookahead skips white space without trying the alternatives, the most frequent of
        # which come first.
        self.token = re.compile(
            rf"(?=[^{SPACE}])(?:(?P<variable>{variable})"
            rf"|{word}(?![\-.:]|[^\x00-\x7f])"
            rf"|(?P<name>(?:{prefix})?+:(?:{local})?+)"
            rf"|(?P<run>{prefix})"
            rf"|(?P<iri>{_OPEN_IRI}>)"
            rf"|(?P<punctuation>{_PUNCTUATION})"
            rf"|(?P<nil>\([{SPACE}]*+\))|(?P<anon>\[[{SPACE}]*+\])"
            rf"""|(?P<string>{_strings('"')}|{_strings("'")})"""
            rf"|(?P<comment>\#[^\r\n]*+)"
            rf"|{number}"
            rf"|(?P<blank>_:[{begin}](?:[{inside}]|\.++[{inside}])*+)"
            r"|(?P<language>@[A-Za-z]++(?:-[A-Za-z0-9]++)*+(?:--[A-Za-z]++)?+)"
            rf"""|(?P<error>{_open_long('"')}|{_open_long("'")}"""
            rf"""|{_open_short('"')}|{_open_short("'")}|[^{SPACE}]))"""
        )
        # A run such as "a-b-c" is a prefix only if a colon follows. It is matched whole and then
        # split, because searching for the colon from each of its letters would be quadratic.
        self.part = rf"{word}|{number}|(?P<punctuation>{_PUNCTUATION})|(?P<error>.)"
        # A variable, an IRI or a prefixed name, or the beginning of one.
        self.term = rf"{variable}|{_OPEN_IRI}>?+|(?:{prefix})?+(?::(?:{local})?+)?+"


@cache
def _patterns(ascii: bool) -> _Patterns:
    return _Patterns(ascii)


def tokens(text: str) -> Iterator[Token]:
    """Yield the tokens of a text, in order; text that is not a token has the kind `error`.

    >>> [(token.lastgroup, token[0]) for token in tokens("ASK { ?s a ex:b }")][2:5]
    [('variable', '?s'), ('word', 'a'), ('name', 'ex:b')]
    """
    patterns = _patterns(text.isascii())
    for token in patterns.token.finditer(text):
        if token.lastgroup == "run":
            yield from re.compile(patterns.part).finditer(text, *token.span())
        else:
            yield token


def term(text: str, offset: int) -> Token:
    """Return the match of an IRI, a variable or a prefixed name, or of the beginning of one."""
    match = re.compile(_patterns(text.isascii()).term).match(text, offset)
    assert match is not None
    return match


def is_iri(text: str, offset: int) -> bool:
    """Return whether an IRI reference starts at an offset."""
    return text.startswith("<", offset) and term(text, offset)[0].endswith(">")


def decoded(text: str) -> str:
    r"""Return a text with its codepoint escapes decoded, as SPARQL requires before parsing.

    >>> decoded(r"\u0041SK {}")
    'ASK {}'
    """
    return re.sub(_ESCAPE, _character, text)


def _character(escape: re.Match[str]) -> str:
    number = int(escape[1] or escape[2], 16)
    return chr(number) if number < 0x110000 else escape[0]


def attribute(text: str, offset: int) -> str | None:
    """Return how to write `?x.name` in SPARQL, or None if no such text is at the offset.

    >>> attribute("FILTER (?x.label = 'Xi')", 10)
    'write ?x rdfs:label ?label, and use ?label'
    """
    name = re.compile(r"\.([A-Za-z]\w*)").match(text, offset)
    variable = re.search(r"[?$]\w+$", text[:offset])
    if not name or not variable:
        return None
    local = "label" if name[1] in ("name", "title") else name[1]
    prefix = "rdfs" if local == "label" else "rkg"
    return f"write {variable[0]} {prefix}:{local} ?{local}, and use ?{local}"


def wrong_escape(text: str, offset: int, quote: str) -> tuple[str, int] | None:
    r"""Return the first wrong escape in a closed string, with its offset, or None.

    >>> wrong_escape(r'"\n\q"', 0, '"')
    ('\\q', 3)
    """
    plain = r"[^\\]" if len(quote) == 3 else r"[^\\\r\n]"
    closed = rf"{quote}((?:(?!{quote}){plain}|\\.)*+){quote}"
    string = re.compile(closed, re.DOTALL).match(text, offset)
    escape = rf"\\(?:u{_HEX}{{0,4}}|U{_HEX}{{0,8}}|.)"
    for found in re.finditer(escape, string[1] if string else "", re.DOTALL):
        if not re.fullmatch(_IN_STRING, found[0]):
            return found[0], offset + len(quote) + found.start()
    return None


def begins_lines(text: str) -> bool:
    """Return whether each line of a text certainly begins outside of strings and comments.

    Only a long string contains line breaks. A text without long strings needs no lexer, whose
    patterns take longer to compile than a stored query takes to answer.
    """
    return "'''" not in text and '"""' not in text


def place(text: str, offset: int) -> tuple[int, int]:
    r"""Return the line and the column of an offset, counted from one.

    >>> place("ASK {\n  }", 8)
    (2, 3)
    """
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)
