"""Files of facts read into quads, with a clear error for what is no such file."""

import sys
from collections.abc import Iterator
from os import PathLike, fspath
from os.path import splitext

from pyoxigraph import NamedNode, Quad, RdfFormat, Triple, parse

from relations_kg.errors import InputError

FORMATS = {
    ".ttl": RdfFormat.TURTLE,
    ".trig": RdfFormat.TRIG,
    ".nt": RdfFormat.N_TRIPLES,
    ".nq": RdfFormat.N_QUADS,
    ".jsonld": RdfFormat.JSON_LD,
}
LARGEST = 1 << 30


def read(source: str | PathLike[str], graph: NamedNode) -> Iterator[Quad]:
    """Read a file of facts ("-" is standard input, as TriG) into quads of one graph.

    Raises InputError for a file that is missing, unreadable, empty, binary, larger than
    1 GiB or not in its format, with line and column where the parser gives them.

    >>> next(read("tests/facts/good/none.ttl", NamedNode("urn:g")))
    Traceback (most recent call last):
    relations_kg.errors.InputError: tests/facts/good/none.ttl: there is no such file
    """
    where = name_of(source)
    content, format = content_of(source), format_of(source)
    quads = parse(content, format, rename_blank_nodes=True)
    empty = True
    try:
        for quad in quads:
            empty = False
            if isinstance(quad.object, Triple):
                raise InputError("a triple is used as a term", where=where, help="use a node")
            yield Quad(quad.subject, quad.predicate, quad.object, graph)
    except SyntaxError as error:
        message = error.msg.partition(": ")[2] or error.msg
        raise InputError(message, where=where, line=error.lineno, column=error.offset) from None
    except (ValueError, OSError) as error:
        raise InputError(str(error), where=where) from None
    if empty:
        raise InputError(
            "there are no facts in it", where=where, help="give a file with at least one triple"
        )


def name_of(source: str | PathLike[str]) -> str:
    """Name a source in messages."""
    return "standard input" if fspath(source) == "-" else fspath(source)


def format_of(source: str | PathLike[str]) -> RdfFormat:
    """Tell the format of a file by its name; raise InputError for a name that tells none."""
    if fspath(source) == "-":
        return RdfFormat.TRIG
    suffix = splitext(source)[1].lower()
    if suffix not in FORMATS:
        raise InputError(
            f'a name ending in "{suffix}" tells no format that is read here',
            where=name_of(source),
            help=f"use one of {', '.join(FORMATS)}",
        )
    return FORMATS[suffix]


def content_of(source: str | PathLike[str]) -> bytes:
    """Return the bytes of a file or of standard input, without a byte order mark."""
    where = name_of(source)
    try:
        if where == "standard input":
            content = sys.stdin.buffer.read(LARGEST + 1)
        else:
            with open(source, "rb") as file:
                content = file.read(LARGEST + 1)
    except FileNotFoundError:
        raise InputError("there is no such file", where=where) from None
    except IsADirectoryError:
        raise InputError("this is a folder", where=where, help="name the files in it") from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise InputError(f"cannot be read: {reason}", where=where) from None
    if len(content) > LARGEST:
        raise InputError("the file is larger than 1 GiB", where=where, help="split it")
    if b"\0" in content[:8192]:
        raise InputError("this is a binary file", where=where, help="give RDF text in UTF-8")
    return content.removeprefix(b"\xef\xbb\xbf")


def text_of(source: str | PathLike[str]) -> str:
    """Return the text of a file or of standard input, which must be UTF-8."""
    try:
        return content_of(source).decode()
    except UnicodeDecodeError:
        raise InputError("this is not text in UTF-8", where=name_of(source)) from None
