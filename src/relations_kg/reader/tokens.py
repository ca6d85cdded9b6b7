"""The tokens of Turtle and TriG, where they stand in a text, and what that tells of lost marks."""

from __future__ import annotations

import re
from array import array
from functools import cache
from typing import NamedTuple

from relations_kg.reader.places import Lines

# The characters of names that are not ASCII. Few texts have any, and to compile an expression
# with them takes longer than to read most texts.
_PN_CHARS_BASE = (
    r"\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d"
    r"\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_PN_CHARS = _PN_CHARS_BASE + r"\u00b7\u0300-\u036f\u203f\u2040"


@cache
def _terminals(*, ascii: bool) -> re.Pattern[str]:
    """Compile the terminals of https://www.w3.org/TR/turtle/#terminals.

    What repeats is possessive: no text takes longer than in proportion to its length.
    """
    base = "A-Za-z" if ascii else f"A-Za-z{_PN_CHARS_BASE}"
    chars = r"A-Za-z_0-9\-" if ascii else rf"A-Za-z_0-9\-{_PN_CHARS}"
    plx = r"%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?#@%]"
    prefix = rf"[{base}](?:\.*+[{chars}]++)*+"
    local = rf"(?:[{base}_:0-9]|{plx})(?:\.*+(?:[{chars}:]++|{plx}))*+"
    return re.compile(
        rf"""(?:[ \t\r\n]++|\#[^\r\n]*+)*+(?:
          (?P<pname>(?:{prefix})?+:(?:{local})?+)
        | (?P<double>[+-]?(?:[0-9]++\.?[0-9]*+|\.[0-9]++)[eE][+-]?[0-9]++)
        | (?P<decimal>[+-]?[0-9]*+\.[0-9]++)
        | (?P<triple><<\(?|\{{\||~)
        | (?P<mark>\^\^|[.,;\[\](){{}}])
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


_KEYWORDS = {"a", "true", "false", "@prefix", "@base"}
_SPARQL_KEYWORDS = {"prefix", "base", "graph"}
_LONG = {
    '"""': re.compile(r'(?s:[^"\\]++|\\.|"(?!""))*+"""'),
    "'''": re.compile(r"(?s:[^'\\]++|\\.|'(?!''))*+'''"),
}
# A string that is closed on a later line, to judge by what follows.
_TORN = re.compile(r"""(["'])[^"'\\]{0,2000}\1(?=[ \t]*(?:[.,;\])]|\^\^|@[A-Za-z]))""")
_LINE_END = re.compile(r"[\r\n]|\Z")
_AHEAD = 6  # how many tokens may be asked for after the last

IRIS = {"iri", "pname"}
LITERALS = {"string", "integer", "decimal", "double", "true", "false"}
TERMS = {*IRIS, *LITERALS, "blank"}
DIRECTIVES = {"@prefix", "@base", "prefix", "base"}
SEPARATORS = {",", ";", "."}
# What can come after an object, and what can begin a statement.
FOLLOWERS = {*SEPARATORS, *DIRECTIVES, "]", ")", "}", "graph", "end"}
STARTS = {*IRIS, *DIRECTIVES, "blank", "[", "(", "{", "}", "graph", "end"}


class Tokens(NamedTuple):
    """Hold the kinds of tokens, and the offsets of their starts and of their ends.

    A mark or a keyword is a kind of its own; the last tokens are of the kind `end`. What is none
    is one too: a `word`, a `bad` character, a `triple` term of RDF 1.2; and by a guess at their
    ends `open_iri`, `open_string`, `open_long` and `torn`, a string broken over lines. `spaces`
    are the offsets of what only looks like white space.
    """

    text: str
    lines: Lines
    kinds: list[str]
    starts: array[int]
    ends: array[int]
    spaces: list[int]

    def spelling(self, i: int) -> str:
        """Return what a token is written as."""
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
        """Tell whether nothing stands between a token and the one before."""
        return self.starts[i] == self.ends[i - 1]

    def begins_line(self, i: int) -> bool:
        """Tell whether a token is the first of its line."""
        return i == 0 or self.end_line(i - 1) < self.line(i)

    def outdented(self, i: int, subject: int) -> bool:
        """Tell whether a token is the first of its line, and no further in than a subject."""
        return self.at(i)[1] <= self.at(subject)[1] and self.begins_line(i)

    def remedy(self, due: str, following: int) -> str:
        """Tell where a mark has to stand, and which token makes that plain."""
        kind, spelling = self.kinds[following], printable(self.spelling(following))
        if kind == "end":
            return f'end the last statement with "{due}"'
        if due == ",":
            return f'if {spelling} is one more object, put "," before it'
        what = "a new property" if due == ";" else "a new subject"
        if kind in DIRECTIVES or kind == "graph":
            what = "a graph" if kind == "graph" else "a directive"
        before, line = self.end_line(following - 1), self.line(following)
        if before < line:
            return f'line {line} starts {what}, so end line {before} with "{due}"'
        return f'{spelling} starts {what}, so put "{due}" before it'

    def due(self, i: int, subject: int, verb: int, written: str | None = None) -> str | None:
        """Tell which mark has to stand before token i, after an object; None if that is open.

        It is open where the mark that is written there can be right. So what differs from it is a
        mistake for certain; what would be right is a guess, first by what follows (one term is one
        more object, two are a property with its value, three a statement), then by the lines.

        >>> tokenize("ex:s ex:p ex:o ex:q 1 .").due(3, subject=0, verb=1)
        ';'
        """
        kinds, first = self.kinds, self.kinds[i]
        if first == "a":
            return ";"
        if first in DIRECTIVES or first in ("graph", "end"):
            return "."
        if first in LITERALS:
            return ","
        if first in ("[", "("):
            if written in (",", "."):
                return None
            return "." if self.outdented(i, subject) else ","
        terms: list[int] = []
        while len(terms) < 3 and kinds[i] in TERMS:
            terms.append(i)
            i += 1
            if kinds[i] in ("lang", "^^"):
                i += 1 if kinds[i] == "lang" else 2
        match [kinds[term] in IRIS for term in terms], kinds[i]:
            case [_], after if after in FOLLOWERS:
                due = ","
            case [_], "{":
                return "."
            case [True], "[" | "(":
                return ";"
            case ([True, _], after) if after in FOLLOWERS:
                due = ";"
            case [True, False, _], _:
                due = ";"
            case ([_], "a") | ([_, True], "[" | "(") | ([_, True, _], _):
                due = "."
            case _:
                return None
        return (
            due if due == written else self._due_by_lines(due, [*terms, i], subject, verb, written)
        )

    def _due_by_lines(
        self, due: str, following: list[int], subject: int, verb: int, written: str | None
    ) -> str | None:
        first, second = following[:2]
        begins_line, outdented = self.begins_line(first), self.outdented(first, subject)
        (line, column), (second_line, second_column) = self.at(first), self.at(second)
        # Where properties begin lines, what does not or is further in is an object.
        is_object = self.begins_line(verb) and (not begins_line or column > self.at(verb)[1])
        if due == "," or written == ".":
            # It may as well lack its value, or be the first of a statement that lacks the rest.
            is_open = (written == ";" and not is_object) or (due == "," and outdented)
            return None if written and is_open else due
        if due == "." and outdented:
            return "."
        ends_line = second_line > line and second_column <= column
        if ends_line and not outdented:
            return ","
        if written == "," and (is_object or not begins_line):
            return ","
        if written == ";" or due == ";":
            return ";"
        alone = self.kinds[second] != "a" and (written or self.at(following[2])[0] > line)
        return ";" if begins_line and alone else "."


def tokenize(text: str) -> Tokens:
    """Split a text into tokens, whatever it is.

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
            if kind == "mark":
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
    """Find the end of a long string.

    One that is not closed takes the opening of the next for its end, and so goes over lines and
    has the words of that one after it.
    """
    quotes = text[start : start + 3]
    if quotes not in unclosed:
        if match := _LONG[quotes].match(text, start + 3):
            after = terminals.match(text, match.end())
            in_words = after and after["word"] not in {None, *_KEYWORDS}
            if not in_words or not ("\n" in match[0] or "\r" in match[0]):
                return "string", match.end()
        else:
            unclosed.add(quotes)  # there are none up to the end of the text: look no more
    return "open_long", _line_end(text, start)


def _open_string(text: str, start: int) -> tuple[str, int]:
    """Guess the end of a string that is not closed on its line."""
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
    r"""Return a text as a message can show it: on one line, and not for ever.

    >>> printable("a\tb")
    'a\\tb'
    """
    text = text if len(text) <= 60 else text[:57] + "..."
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
