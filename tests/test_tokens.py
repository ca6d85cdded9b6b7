"""Tests of tokens: their kinds, their places, and the separators expected between them."""

import re
from bisect import bisect_left
from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relations_kg.reader.places import Lines
from relations_kg.reader.separators import expected as expected_separator
from relations_kg.reader.separators import remedy
from relations_kg.reader.tokens import SEPARATORS, Tokens, printable, tokenize


def tokens_of(text: str) -> list[tuple[str, str]]:
    """Return the kinds and spellings of tokens, without those that mark the end."""
    tokens = tokenize(text)
    found = [(kind, tokens.spelling(i)) for i, kind in enumerate(tokens.kinds)]
    return [(kind, spelling) for kind, spelling in found if kind != "end"]


@pytest.mark.parametrize(
    ("kind", "spellings"),
    [
        ("iri", ["<>", "<a>", "<http://example.org/\\u00e9>", "<a b{>"]),
        (
            "pname",
            [
                ":",
                "ex:",
                ":a",
                "ex:a",
                "e.x:a.b",
                "ex:1",
                "ex:a:b",
                r"ex:\,\%%2C",
                "é·:ü‿",
                "a-b:_",
            ],
        ),
        ("blank", ["_:a", "_:1", "_:a.b-c", "_:é"]),
        ("string", ['""', "''", '"a"', r'"\""', "'\"'", '""""""', '"""a""b"c"""', "'''\n'\\''''"]),
        ("integer", ["1", "-01", "+1"]),
        ("decimal", ["1.5", ".5", "-.5", "+00.0"]),
        ("double", ["1e5", "1.E-5", ".5e+5", "-1.5E5"]),
        ("lang", ["@en", "@en-US", "@en_US", "@prefixes"]),
        ("a", ["a"]),
        ("true", ["true"]),
        ("false", ["false"]),
        ("@prefix", ["@prefix"]),
        ("@base", ["@base"]),
        ("prefix", ["PREFIX", "prefix", "Prefix"]),
        ("base", ["BASE", "base"]),
        ("graph", ["GRAPH", "graph"]),
        ("word", ["A", "True", "x.y", "prefixes", "élan"]),
        ("triple", ["<<", "<<(", "{|", "~"]),
        ("bad", ["%", "=", "|", "\0", "“", "_", "\ufffe"]),
        ("^^", ["^^"]),
        *[(mark, [mark]) for mark in ".,;[](){}"],
    ],
)
def test_every_kind_of_token_is_known(kind: str, spellings: list[str]) -> None:
    for spelling in spellings:
        assert [(kind, spelling)] == tokens_of(spelling)
        assert [(kind, spelling), (".", ".")] == tokens_of(f" #\n{spelling} .# end")


@pytest.mark.parametrize(
    ("text", "spellings"),
    [
        ("ex:a.ex:b.", ["ex:a.ex:b", "."]),
        ("1.", ["1", "."]),
        ("1.5.", ["1.5", "."]),
        ("1.e5.", ["1.e5", "."]),
        ("1.e", ["1", ".", "e"]),
        ("_:a..", ["_:a", ".", "."]),
        ("1-1", ["1", "-1"]),
        ("ex:-a", ["ex:", "-", "a"]),
        ("ex:%zz", ["ex:", "%", "zz"]),
        ("a<b>a", ["a", "<b>", "a"]),
        ("[]()", ["[", "]", "(", ")"]),
        ('"a"@en^^<d>', ['"a"', "@en", "^^", "<d>"]),
        ('"a""b"', ['"a"', '"b"']),
        ('"""a""""', ['"""a"""', '"']),
        ("a#b\nc#d\re", ["a", "c", "e"]),
        ("\ufeffa\ufeffb", ["a\ufeffb"]),
    ],
)
def test_a_token_is_as_long_as_the_grammar_lets_it_be(text: str, spellings: list[str]) -> None:
    assert spellings == [spelling for _, spelling in tokens_of(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('"Peru ;\n<b>', [("open_string", '"Peru'), (";", ";"), ("iri", "<b>")]),
        ("'Peru.  \r\n<b>", [("open_string", "'Peru"), (".", "."), ("iri", "<b>")]),
        ('"', [("open_string", '"')]),
        ('"Peru\nLima" ;', [("torn", '"Peru\nLima"'), (";", ";")]),
        ('"Peru\n"Lima" ;', [("open_string", '"Peru'), ("string", '"Lima"'), (";", ";")]),
        ('"""Peru ;\n<b>', [("open_long", '"""Peru ;'), ("iri", "<b>")]),
        (
            '"""Peru ;\n<b> """Lima""" .',
            [("open_long", '"""Peru ;'), ("iri", "<b>"), ("string", '"""Lima"""'), (".", ".")],
        ),
        (
            "<http://example.org/ ;\n<b>",
            [("open_iri", "<http://example.org/"), (";", ";"), ("iri", "<b>")],
        ),
        ("<a, <b>", [("open_iri", "<a"), (",", ","), ("iri", "<b>")]),
    ],
)
def test_what_is_not_closed_ends_by_a_guess(text: str, expected: list[tuple[str, str]]) -> None:
    assert expected == tokens_of(text)


@pytest.mark.parametrize(
    "text", ['("""a\nb""" a:b)', '("""a\nb"""true)', '"""a\nb""" .', '"""a"""b']
)
def test_a_long_string_is_closed_where_a_term_or_punctuation_can_follow(text: str) -> None:
    assert ("string", re.search('""".*?"""', text, re.DOTALL)[0]) in tokens_of(text)  # type: ignore[index]


def test_what_only_looks_like_white_space_is_set_aside() -> None:
    tokens = tokenize("a\u00a0\u2003b\x0c'\u00a0'")

    assert ["a", "word", "string"] == tokens.kinds[:3]
    assert [1, 2, 4] == tokens.spaces


@given(st.text() | st.text(alphabet="\"'\\<>ae:.;[@_1 #\n\r\u00a0\u00e9\ufeff"))
def test_tokens_and_what_is_between_them_are_the_text(text: str) -> None:
    tokens = tokenize(text)
    end = 0
    for kind, start, next_end in zip(tokens.kinds, tokens.starts, tokens.ends, strict=True):
        between = text[end:start].removeprefix("\ufeff" if end == 0 else "")
        assert re.fullmatch(r"(\s|\u200b|#[^\r\n]*)*", between), text
        assert start < next_end or kind == "end" == tokens.kinds[-1]
        end = next_end

    assert len(text) == end


@given(st.text(alphabet="ab\r\n\t\ufeff\U0001f600"))
def test_lines_and_columns_are_those_of_an_editor(text: str) -> None:
    lines, line, column = Lines(text), 1, 1
    for offset, char in enumerate(text):
        if offset == 0 and char == "\ufeff":
            continue
        assert (line, column) == lines.at(offset)
        column += 1
        if char == "\n" or (char == "\r" and text[offset + 1 : offset + 2] != "\n"):
            line, column = line + 1, 1

    assert (line, column) == lines.at(len(text)) or text == "\ufeff"


def test_the_places_of_tokens_are_given_by_lines() -> None:
    tokens = tokenize("a:b a:c\n '''d\ne''' .\nf:g")

    assert [1, 1, 2, 3, 4] == [tokens.line(i) for i in range(5)]
    assert [1, 1, 3, 3, 4] == [tokens.end_line(i) for i in range(5)]
    assert [0, 2, 4] == [i for i in range(5) if tokens.begins_line(i)]
    assert [0, 4] == [i for i in range(5) if tokens.outdented(i, subject=0)]


def dues(text: str) -> list[str | None]:
    """Return the separators that are expected at each "!" in the text."""
    parts = text.split("!")
    offsets = accumulate(map(len, parts[:-1]))
    tokens = tokenize("".join(parts))
    return [due(tokens, bisect_left(tokens.starts, offset)) for offset in offsets]


def due(tokens: Tokens, i: int) -> str | None:
    written = tokens.kinds[i] if tokens.kinds[i] in SEPARATORS else None
    return expected_separator(tokens, i + (written is not None), subject=0, verb=1, written=written)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # One further term is an object, two are a property, three a statement.
        ("e:s e:p e:o !e:x .", [","]),
        ("e:s e:p e:o !'x'@en , 2 .", [","]),
        ("e:s e:p e:o !e:x 'y'^^e:d ;", [";"]),
        ("e:s e:p e:o !a e:x .", [";"]),
        ("e:s e:p e:o !e:x [ e:y 1 ] .", [";"]),
        ("e:s e:p e:o !e:x e:y e:z .", ["."]),
        ("e:s e:p e:o !e:x a e:z .", ["."]),
        ("e:s e:p e:o !_:x e:y 1 .", ["."]),
        ("e:s e:p e:o !e:x e:y ( 1 ) .", ["."]),
        ("e:s e:p e:o !@prefix e: <u:> .", ["."]),
        ("e:s e:p e:o !e:g { e:s e:p 1 }", ["."]),
        ("e:s e:p e:o!", ["."]),
        ("e:s e:p 1 !2 3 4 .", [","]),
        ("e:s e:p 1 !_:x _:y .", [None]),
        # Line breaks and indentation decide.
        ("e:s e:p e:o\n    !e:x e:y\n    e:z 1 .", [";"]),
        ("e:s e:p e:o\n!e:x e:y\n    e:z .", ["."]),
        ("e:s\n    e:p 1 ,\n        e:x !e:y ,\n        e:z .", [","]),
        ("e:s\n    e:p 1 !,\n        e:x e:y ,\n        e:z .", [","]),
        ("e:s\n    e:p 1 !,\n    e:x e:y ;\n    e:z 2 .", [";"]),
        ("e:s\n    e:p 1 , 2 !3\n    e:x e:y .", [","]),
        ("e:s e:p e:o\n![ e:x 1 ] e:y 2 .", ["."]),
        ("e:s e:p e:o ![ e:x 1 ] .", [","]),
        # The written separator may be wrong.
        ("e:s e:p e:o !;\ne:t a e:C .", ["."]),
        ("e:s e:p e:o !;\ne:t e:p 1 .", ["."]),
        ("e:s e:p e:o !.\n    e:q 1 ;", [";"]),
        ("e:s e:p e:o !.\n    a e:C .", [";"]),
        ("e:s e:p e:o !,\n    e:q 1 .", [";"]),
        ("e:s e:p 'a' !; 'b' .", [","]),
        ("e:s e:p 'a' !. 'b' .", [","]),
        ("e:s\n    e:p e:a !; e:b ;\n    e:q 1 .", [","]),
    ],
)
def test_the_expected_separator_depends_on_what_follows(
    text: str, expected: list[str | None]
) -> None:
    assert expected == dues(text)


@pytest.mark.parametrize(
    "text",
    [
        "e:s e:p e:o , e:x ; e:q 'x'@en , [ ] ; a e:C ; e:r ( 1 2 ) .",
        "e:s e:p e:o .\ne:t e:p 1 .\ne:t a e:C .\n[ e:p 1 ] .",
        "e:s e:p 1 . e:g { e:s e:p 1 . }",
        "e:s e:p e:o ;\n;; e:q\n e:x\n ;\n  e:r\n    1\n.\n  e:t\n a e:C\n. _:b e:p 1 .",
        "e:s e:p e:o , e:x ,\ne:y\n, e:z . PREFIX e: <u:>",
    ],
)
def test_a_separator_that_can_be_right_is_not_doubted(text: str) -> None:
    tokens = tokenize(text)

    for i, kind in enumerate(tokens.kinds):
        if kind in SEPARATORS:
            assert due(tokens, i) in (None, kind), i


@pytest.mark.parametrize(
    ("text", "due", "following", "expected"),
    [
        ("e:s e:p 1\n  e:q 2 .", ";", 3, 'line 2 starts a new property, so end line 1 with ";"'),
        ("e:s e:p 1\ne:t e:q 2 .", ".", 3, 'line 2 starts a new subject, so end line 1 with "."'),
        ("e:s e:p 1\n\n@base <u:> .", ".", 3, 'line 3 starts a directive, so end line 1 with "."'),
        ("e:s e:p 1\nGRAPH <g> { }", ".", 3, 'line 2 starts a graph, so end line 1 with "."'),
        ("e:s e:p 1 e:q 2 .", ";", 3, 'e:q starts a new property, so put ";" before it'),
        ("e:s e:p 1 2 .", ",", 3, 'if 2 is one more object, put "," before it'),
        ("e:s e:p 1", ".", 3, 'end the last statement with "."'),
    ],
)
def test_the_remedy_names_the_lines(text: str, due: str, following: int, expected: str) -> None:
    assert expected == remedy(tokenize(text), due, following)


def test_a_text_is_printable_on_one_short_line() -> None:
    assert "a\\n\\x1b\\u202eé" == printable("a\n\x1b\u202eé")
    assert 60 == len(printable("a" * 1000))
