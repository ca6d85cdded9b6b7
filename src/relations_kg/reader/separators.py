"""Guessing of the separator that is missing or wrong after an object."""

from __future__ import annotations

from relations_kg.reader.tokens import (
    DIRECTIVES,
    FOLLOWERS,
    IRIS,
    LITERALS,
    TERMS,
    Tokens,
    printable,
)


def expected(
    tokens: Tokens, i: int, subject: int, verb: int, written: str | None = None
) -> str | None:
    """Return the separator that is expected before token i, after an object.

    The result is None or `written` if the `written` separator can be right; otherwise, `written` is
    certainly wrong. The expected separator is guessed from the number of terms that follow (1 for a
    further object, 2 for a property and its value, 3 for a statement), and then from line breaks
    and indentation.

    >>> from relations_kg.reader.tokens import tokenize
    >>> expected(tokenize("ex:s ex:p ex:o ex:q 1 ."), 3, subject=0, verb=1)
    ';'
    """
    kinds, first = tokens.kinds, tokens.kinds[i]
    if first == "a":
        return ";"
    if first in DIRECTIVES or first in ("graph", "end"):
        return "."
    if first in LITERALS:
        return ","
    if first in ("[", "("):
        if written in (",", "."):
            return None
        return "." if tokens.outdented(i, subject) else ","
    terms: list[int] = []
    while len(terms) < 3 and kinds[i] in TERMS:
        terms.append(i)
        i += 1
        if kinds[i] in ("lang", "^^"):
            i += 1 if kinds[i] == "lang" else 2
    match [kinds[term] in IRIS for term in terms], kinds[i]:
        case [_], after if after in FOLLOWERS:
            likely = ","
        case [_], "{":
            return "."
        case [True], "[" | "(":
            return ";"
        case ([True, _], after) if after in FOLLOWERS:
            likely = ";"
        case [True, False, _], _:
            likely = ";"
        case ([_], "a") | ([_, True], "[" | "(") | ([_, True, _], _):
            likely = "."
        case _:
            return None
    if likely == written:
        return likely
    return _by_lines(tokens, likely, [*terms, i], subject, verb, written)


def _by_lines(
    tokens: Tokens, likely: str, following: list[int], subject: int, verb: int, written: str | None
) -> str | None:
    first, second = following[:2]
    begins_line, outdented = tokens.begins_line(first), tokens.outdented(first, subject)
    (line, column), (second_line, second_column) = tokens.at(first), tokens.at(second)
    # In a text where each property begins a line, the next term is an object if it does not begin
    # a line or is indented more deeply than the property.
    is_object = tokens.begins_line(verb) and (not begins_line or column > tokens.at(verb)[1])
    if likely == "," or written == ".":
        # The written separator can be right if the next term begins a triple that is not complete.
        is_open = (written == ";" and not is_object) or (likely == "," and outdented)
        return None if written and is_open else likely
    if likely == "." and outdented:
        return "."
    ends_line = second_line > line and second_column <= column
    if ends_line and not outdented:
        return ","
    if written == "," and (is_object or not begins_line):
        return ","
    if written == ";" or likely == ";":
        return ";"
    alone = tokens.kinds[second] != "a" and (written or tokens.at(following[2])[0] > line)
    return ";" if begins_line and alone else "."


def remedy(tokens: Tokens, separator: str, following: int) -> str:
    """Return advice on where to put a separator, given the token that should follow it."""
    kind, spelling = tokens.kinds[following], printable(tokens.spelling(following))
    if kind == "end":
        return f'end the last statement with "{separator}"'
    if separator == ",":
        if following > 1 and tokens.kinds[following - 2] == ",":
            property = printable(tokens.spelling(following - 1))
            return f'if {property} is a property, put ";" before it, not ","'
        return f'if {spelling} is one more object, put "," before it'
    what = "a new property" if separator == ";" else "a new subject"
    if kind in DIRECTIVES or kind == "graph":
        what = "a graph" if kind == "graph" else "a directive"
    before, line = tokens.end_line(following - 1), tokens.line(following)
    if before < line:
        return f'line {line} starts {what}, so end line {before} with "{separator}"'
    return f'{spelling} starts {what}, so put "{separator}" before it'
