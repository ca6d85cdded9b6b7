"""The limits of the engine's parser, and checks for files that exceed them."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pyoxigraph
from pyoxigraph import Quad, RdfFormat

from relations_kg.errors import InputError

DEEPEST = 500  # the deepest nesting of the brackets of triple terms
# The longest token that the engine accepts, in bytes.
LONGEST = 1 << 24
OVERLONG = (
    "a literal, an IRI or a comment is longer than 16 MiB",
    "shorten it, or break it into several",
)
# Strings, IRIs and comments are matched first, so that brackets inside them are skipped.
_TRIPLE_BRACKETS = rb"""
    "{3}(?:[^"\\]|\\.|"(?!""))*+"{3} | '{3}(?:[^'\\]|\\.|'(?!''))*+'{3}
    | "(?:[^"\\\n]|\\[^\n])*+"? | '(?:[^'\\\n]|\\[^\n])*+'? | <[^<>"\s]*+> | \#[^\n]*+ | << | >>
"""
# With a long namespace, each short name expands to a long IRI: a small file could exhaust memory.
LONG_NAMESPACE = "a namespace is longer than 1,000 characters", "choose a shorter one"
_LONG_IRI = rb"<[^<>\s\"]{1001}"
_DECLARED = rb"(?:prefix\s+[^\s:<>\"']*+:|base)\s*+<[^<>\s\"]{1001}"
_JSON_STRING = rb'"(?:[^"\\]|\\.)*+"'


def parse(content: bytes, format: RdfFormat, where: str) -> Iterator[Quad]:
    """Yield the quads of a file from the engine's parser; raise InputError as `check` does."""
    check(content, format, where)
    yield from pyoxigraph.parse(content, format, rename_blank_nodes=True)


def check(content: bytes, format: RdfFormat, where: str) -> None:
    """Raise InputError for a file that the engine's parser should not read.

    Triple terms that are nested too deeply would crash it; a namespace of more than 1,000
    characters may use too much memory.
    """
    # N-Triples have no namespaces.
    if format != RdfFormat.N_TRIPLES and (line := line_of_long_namespace(content)):
        message, help = LONG_NAMESPACE
        raise InputError(message, where=where, line=line, help=help)
    depth, deep = 0, content.count(b"<<") > DEEPEST
    for token in re.finditer(_TRIPLE_BRACKETS, content, re.DOTALL | re.VERBOSE) if deep else ():
        depth += (token[0] == b"<<") - (token[0] == b">>")
        if depth > DEEPEST:
            line = content.count(b"\n", 0, token.start()) + 1
            help = "describe each nested triple as a resource of its own"
            raise InputError("this is nested too deeply", where=where, line=line, help=help)


def line_of_long_namespace(content: bytes) -> int | None:
    """Return the line of a prefix or base whose IRI is too long, or None."""
    # Few files have a long IRI, and a search for one is three times as fast as for declarations.
    found = re.search(_LONG_IRI, content) and re.search(_DECLARED, content, re.IGNORECASE)
    return content.count(b"\n", 0, found.start()) + 1 if found else None


def is_overlong(content: bytes) -> bool:
    """Return whether a text has a string in double quotes too long for the engine's parsers."""
    strings = re.finditer(_JSON_STRING, content, re.DOTALL) if len(content) > LONGEST else ()
    return any(string.end() - string.start() > LONGEST for string in strings)


def line_of_longest(content: bytes) -> int | None:
    """Return the line of a token that is too long for the engine, or None."""
    for mark in (b"\n", b'"""', b"'''"):
        start = 0
        while len(content) - start > LONGEST:
            end = content.rfind(mark, start, start + LONGEST)
            if end < 0:
                # Only a string in triple quotes can span lines.
                if mark == b"\n" or content.count(mark, 0, start) % 2:
                    return content.count(b"\n", 0, start) + 1
                end = start + LONGEST - len(mark)
            start = end + len(mark)
    return None
