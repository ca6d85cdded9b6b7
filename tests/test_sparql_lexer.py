"""Tests of the lexer for SPARQL."""

import time

import pytest

from relations_kg.sparql.lexer import decoded, place, tokens

SIZE = 1 << 20


def kinds(text: str) -> list[tuple[str | None, str]]:
    return [(token.lastgroup, token[0]) for token in tokens(text)]


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        *[("iri", text) for text in ("<>", "<a>", "<http://e/#x'>", "<a\u00a0b>", "<a\\u0062>")],
        *[("variable", text) for text in ("?a", "$1", "?_", "?h\u200d", "?a\u00b7", "?SERVICE")],
        *[("name", text) for text in (":", "a:", "a.b:c.d", "a:1", "a::", "a:%41", "a:\\#\\'")],
        *[("name", text) for text in ("\u1680:a", "a-b:c-d", "a:\U00010000")],
        *[("blank", text) for text in ("_:a", "_:1.b", "_:\u00e9")],
        *[("word", text) for text in ("SELECT", "a", "SHA256", "GROUP_CONCAT")],
        *[("string", text) for text in ("''", '""', "'a'", '"\\""', "'\\u0027'", "''''''")],
        *[("string", text) for text in ("'''a''b'c\n'''", '"""\n"" """', "''''a'''")],
        *[("number", text) for text in ("1", ".5", "1.5", "1e0", "1.E+3", ".5e-1")],
        *[("language", text) for text in ("@en", "@en-GB-1", "@en--ltr")],
        *[("nil", "()"), ("nil", "( \t\n)"), ("anon", "[]"), ("anon", "[ ]")],
        *[("comment", "# x \u2028 SERVICE"), ("comment", "#")],
        *[
            ("punctuation", text)
            for text in ("<", "<=", "<<", "<<(", ")>>", ">>", "{|", "|}", "^^", "~")
        ],
        *[("error", text) for text in ("\u00a0", "\u2028", "\x0b", "\0", "\ufeff", "_", "\\", "%")],
        *[("error", text) for text in ("'a", "'", "'''a", '"""a')],
    ],
)
def test_each_token_has_its_kind(kind: str, text: str) -> None:
    assert [(kind, text)] == kinds(f" {text}")
    assert kind == "error" or (kind, text) == kinds(f"{text}\r\n")[0]


@pytest.mark.parametrize("text", ["'\\q'", "'''\\uD800'''", '"\\UFFFFFFFF"', "'a\nb'"])
def test_what_no_string_may_hold_ends_it_as_an_error(text: str) -> None:
    assert "error" == kinds(text)[0][0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1.?a", ["1", ".", "?a"]),
        ("?s a.OPTIONAL", ["?s", "a", ".", "OPTIONAL"]),
        ("true-1", ["true", "-", "1"]),
        ("a:b.", ["a:b", "."]),
        ("?a<?b", ["?a", "<", "?b"]),
        ("?a<?b>?c", ["?a", "<?b>", "?c"]),
        ("ex:p?o", ["ex:p", "?o"]),
        ("'a'^^<b>", ["'a'", "^^", "<b>"]),
        ("FILTER(?a)#x\r}", ["FILTER", "(", "?a", ")", "#x", "}"]),
        ("a-b:c a-b", ["a-b:c", "a", "-", "b"]),
    ],
)
def test_tokens_are_as_long_as_they_can_be(text: str, expected: list[str]) -> None:
    assert expected == [found for _, found in kinds(text)]


def test_a_text_not_in_ascii_has_the_same_tokens() -> None:
    text = "SELECT ?a { ?a ex:b-c 'x'@en . FILTER(?a<?b#>\n&& 1.5e0 >= .5) } "
    assert [*kinds(text), ("comment", "# é")] == kinds(text + "# é")


def test_nothing_is_left_out() -> None:
    text = "".join(map(chr, range(1, 0x3000))) * 2
    left = "".join(found for _, found in kinds(text))
    assert [c for c in text if c not in " \t\r\n"] == [c for c in left if c not in " \t\r\n"]


def test_escapes_are_decoded_once() -> None:
    assert "S\\u0041" == decoded("\\u0053\\u005Cu0041")
    assert "\U0001f600\\UFFFFFFFF\\u12" == decoded("\\U0001F600\\UFFFFFFFF\\u12")


def test_a_place_is_a_line_and_a_column() -> None:
    assert [(1, 1), (2, 1), (2, 2)] == [place("\nab", offset) for offset in range(3)]


HOSTILE = [
    *(
        "<",
        "<<",
        "'",
        '"',
        "''''",
        '"\\',
        "'\\",
        "'a\n",
        "#",
        "#\n",
        "a-",
        "a.",
        "a:",
        "a:b.",
        "1.",
    ),
    *(
        "<a",
        "<a-",
        "1e",
        "_:a.",
        "_",
        "\\",
        "\\u0041",
        "@a-",
        "(",
        "( ",
        "[ ",
        "é-",
        "a:%4",
        "?",
        "%",
    ),
    *(
        "a:\\",
        "'''a'",
        '"""',
        "'\\u004",
        "<\\u0041",
        "a a",
        "SERVICE",
        "service<",
        "-a.",
        "é",
        "é ",
    ),
]


@pytest.mark.sampled
@pytest.mark.slow
@pytest.mark.parametrize("piece", HOSTILE)
@pytest.mark.parametrize("start", ["", "'''", "<"])
def test_time_grows_with_the_length_only(start: str, piece: str) -> None:
    """A text that is 16 times as long takes 16 times as long; quadratic time would be 256 times."""

    def seconds(size: int) -> float:
        text = start + piece * (size // len(piece))
        times = []
        for _ in range(3):
            before = time.process_time()
            for _ in tokens(text):
                pass
            times.append(time.process_time() - before)
        return min(times)

    assert seconds(1 << 16) < 64 * seconds(1 << 12) + 0.02
