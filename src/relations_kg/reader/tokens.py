"""A lexer for Turtle, TriG, N-Triples and N-Quads that accepts any text."""

from __future__ import annotations

import re
from array import array
from dataclasses import dataclass
from functools import cache

from relations_kg.rdf.xml import LETTERS, MARKS
from relations_kg.reader.places import Lines


@cache
def _terminals(*, ascii: bool) -> re.Pattern[str]:
    """Return a pattern for the terminals of https://www.w3.org/TR/turtle/#terminals.

    Repetitions are possessive, so that matching takes linear time for any text.
    """
    # An ASCII text needs no other letters, and compiling a pattern with them takes longer than
    # reading most texts.
    base = "A-Za-z" if ascii else f"A-Za-z{LETTERS}"
    chars = rf"{base}_0-9\-" + ("" if ascii else MARKS)
    plx = r"%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?#@%]"
    prefix = rf"[{base}](?:\.*+[{chars}]++)*+"
    local = rf"(?:[{base}_:0-9]|{plx})(?:\.*+(?:[{chars}:]++|{plx}))*+"
    return re.compile(
        rf"""(?:[ \t\r\n]++|\#[^\r\n]*+)*+(?:
          (?P<pname>(?:{prefix})?+:(?:{local})?+)
        | (?P<double>[+-]?(?:[0-9]++\.?[0-9]*+|\.[0-9]++)[eE][+-]?[0-9]++)
        | (?P<decimal>[+-]?[0-9]*+\.[0-9]++)
        | (?P<triple><<\(?|\{{\||~)
        | (?P<punctuation>\^\^|[.,;\[\](){{}}])
        | (?P<long>"{{3}}|'{{3}})
        | (?P<string>"(?:[^"\\\r\n]++|\\[^\r\n])*+"|'(?:[^'\\\r\n]++|\\[^\r\n])*+')
        | (?P<iri><[^<>\r\n]*+>)
        | (?P<word>{prefix})
        | (?P<blank>_:[{base}_0-9](?:\.*+[{chars}]++)*+)
        | (?P<lang>@[A-Za-z][A-Za-z0-9_\-]*+)
        | (?P<integer>[+-]?[0-9]++)
        | (?P<open_iri><(?:[^\s<>"]*[^\s<>",.;])?)
        | (?P<quote>["'])
        | (?P<space>[\x0b\x0c\x85\xa0\u2000-\u200b\u2028\u2029\u202f\u205f\u3000])
        | (?P<end>\Z)
        | (?P<bad>(?s:.))
        )""",
        re.VERBOSE,
    )


_KEYWORDS = {"a", "true", "false", "@prefix", "@base", "@version"}
_SPARQL_KEYWORDS = {"prefix", "base", "version", "graph"}
_LONG = {
    '"""': re.compile(r'(?s:[^"\\]++|\\.|"(?!""))*+"""'),
    "'''": re.compile(r"(?s:[^'\\]++|\\.|'(?!''))*+'''"),
}
# A string that is probably closed on a later line: a plausible token follows its quote.
_TORN = re.compile(r"""(["'])[^"'\\]{0,2000}\1(?=[ \t]*(?:[.,;\])]|\^\^|@[A-Za-z]))""")
_LINE_END = re.compile(r"[\r\n]|\Z")
_AHEAD = 6  # the number of `end` tokens, so that lookahead needs no bounds check

IRIS = {"iri", "pname"}
LITERALS = {"string", "integer", "decimal", "double", "true", "false"}
TERMS = {*IRIS, *LITERALS, "blank"}
DIRECTIVES = {"@prefix", "@base", "@version", "prefix", "base", "version"}
SEPARATORS = {",", ";", "."}
# The tokens that can follow an object, and those that can follow a statement.
FOLLOWERS = {*SEPARATORS, *DIRECTIVES, "]", ")", "}", "graph", "end"}
STARTS = {*IRIS, *DIRECTIVES, "blank", "[", "(", "{", "}", "graph", "end"}


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of a text: their kinds, and the offsets at which they start and end.

    Each punctuation character and keyword is a kind of its own; the last tokens have the kind
    `end`. Text outside the grammar also becomes tokens: `word`, `bad` (a character), `triple` (the
    syntax of RDF 1.2) and, with a guessed end, `open_iri`, `open_string`, `open_long` and `torn` (a
    string broken over lines). `spaces` are the offsets of characters that only look like white
    space.
    """

    text: str
    lines: Lines
    kinds: list[str]
    starts: array[int]
    ends: array[int]
    spaces: list[int]

    def spelling(self, i: int) -> str:
        """Return the text of a token."""
        return self.text[self.starts[i] : self.ends[i]]

    def at(self, i: int) -> tuple[int, int]:
        """Return the line and the column at which a token begins."""
        return self.lines.at(self.starts[i])

    def line(self, i: int) -> int:
        """Return the line on which a token begins."""
        return self.at(i)[0]

    def end_line(self, i: int) -> int:
        """Return the line on which a token ends."""
        return self.lines.at(self.ends[i])[0]

    def touches(self, i: int) -> bool:
        """Return whether there is no white space before a token."""
        return self.starts[i] == self.ends[i - 1]

    def begins_line(self, i: int) -> bool:
        """Return whether a token is the first of its line."""
        return i == 0 or self.end_line(i - 1) < self.line(i)

    def outdented(self, i: int, subject: int) -> bool:
        """Return whether a token begins its line and is indented no further than a subject."""
        return self.at(i)[1] <= self.at(subject)[1] and self.begins_line(i)


def tokenize(text: str) -> Tokens:
    """Return the tokens of any text.

    >>> tokens = tokenize("ex:s a 1.5 .")
    >>> tokens.kinds[:5]
    ['pname', 'a', 'decimal', '.', 'end']
    >>> list(tokens.starts)[:4]
    [0, 5, 7, 11]
    """
    return _split(text, ascii=True)


def _split(text: str, *, ascii: bool) -> Tokens:
    kinds: list[str] = []
    starts, ends = array("I"), array("I")
    spaces: list[int] = []
    unclosed: set[str] = set()
    terminals = _terminals(ascii=ascii)
    position = int(text.startswith("\ufeff"))
    while True:
        for match in terminals.finditer(text, position):
            kind = match.lastgroup or "end"
            start, end = match.span(kind)
            if kind == "punctuation":
                kind = text[start:end]
            elif kind in ("word", "lang"):
                spelling = text[start:end]
                if spelling in _KEYWORDS:
                    kind = spelling
                elif spelling.lower() in _SPARQL_KEYWORDS:
                    kind = spelling.lower()
            elif kind == "bad" and ascii and not text[start].isascii():
                return _split(text, ascii=False)
            elif kind == "long":
                kind, end = _long_string(text, start, unclosed, terminals)
            elif kind == "quote":
                kind, end = _open_string(text, start)
            elif kind == "space":
                spaces.append(start)
                continue
            elif kind == "end":
                kinds += ["end"] * _AHEAD
                starts.extend([end] * _AHEAD)
                ends.extend([end] * _AHEAD)
                return Tokens(text, Lines(text), kinds, starts, ends, spaces)
            kinds.append(kind)
            starts.append(start)
            ends.append(end)
            if end != match.end():
                position = end
                break


def _long_string(
    text: str, start: int, unclosed: set[str], terminals: re.Pattern[str]
) -> tuple[str, int]:
    """Return the kind and the end of a token that begins a long string.

    A string counts as unclosed if it spans lines and a word follows its closing quotes, since these
    are probably the opening quotes of another string.
    """
    quotes = text[start : start + 3]
    if quotes not in unclosed:
        if match := _LONG[quotes].match(text, start + 3):
            after = terminals.match(text, match.end())
            in_words = after and after["word"] not in {None, *_KEYWORDS}
            if not in_words or not ("\n" in match[0] or "\r" in match[0]):
                return "string", match.end()
        else:
            unclosed.add(quotes)  # so that the rest of the text is searched only once
    return "open_long", _line_end(text, start)


def _open_string(text: str, start: int) -> tuple[str, int]:
    """Return the kind and the guessed end of a string that is not closed on its line."""
    if match := _TORN.match(text, start):
        return "torn", match.end()
    line = text[start : _line_end(text, start)].rstrip()
    if line[-1] in ".,;":
        line = line[:-1].rstrip()
    return "open_string", start + len(line)


def _line_end(text: str, start: int) -> int:
    match = _LINE_END.search(text, start)
    return match.start() if match else len(text)


def printable(text: str) -> str:
    r"""Return a text for a message, on one line and shortened.

    >>> printable("a\tb")
    'a\\tb'
    """
    text = text if len(text) <= 60 else text[:57] + "..."
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
