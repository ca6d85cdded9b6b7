"""Files of facts: their names, formats and content."""

from __future__ import annotations

import sys
from functools import cached_property
from os import PathLike, fspath
from os.path import abspath, splitext

from pyoxigraph import RdfFormat

from relations_kg.errors import InputError
from relations_kg.rdf import formats

Source = str | PathLike[str]

LARGEST = 1 << 30
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class Document(PathLike[str]):
    """A file of facts whose content is read once; it can be used as a path.

    Its hash matches the loaded content even if the file changes in between.
    """

    def __init__(self, source: Source) -> None:
        self.path = fspath(source)

    @classmethod
    def of(cls, source: Source) -> Document:
        """Return a source as a document; a document is returned as it is."""
        return source if isinstance(source, Document) else cls(source)

    def __fspath__(self) -> str:
        return self.path

    @cached_property
    def content(self) -> bytes:
        """The bytes of the file, without a byte order mark."""
        return content_of(self.path)

    @cached_property
    def sha256(self) -> str:
        """The SHA-256 of the content, in hexadecimal digits."""
        # hashlib is imported here, since it loads OpenSSL, which is as slow as loading the graph.
        from hashlib import sha256

        return sha256(self.content).hexdigest()


def name_of(source: Source) -> str:
    """Return the name of a source for messages."""
    return "standard input" if fspath(source) == "-" else fspath(source)


def path_of(source: Source) -> str:
    """Return the absolute path of a source, or the name of standard input."""
    return name_of(source) if fspath(source) == "-" else abspath(source)


def format_of(source: Source) -> RdfFormat:
    """Return the format of a file by its suffix; raise InputError for an unknown suffix."""
    if fspath(source) == "-":
        return RdfFormat.TRIG
    suffix, known = splitext(source)[1].lower(), formats.suffixes()
    if suffix not in known:
        raise InputError(
            f'"{suffix}" is not the suffix of a format that can be read'
            if suffix
            else "the name has no suffix, from which the format is known",
            where=name_of(source),
            help=f"use one of {', '.join(known)}",
        )
    return known[suffix]


def content_of(source: Source) -> bytes:
    """Return the bytes of a file or of standard input, without a byte order mark."""
    if isinstance(source, Document):
        return source.content
    where = name_of(source)
    try:
        if where == "standard input":
            if sys.stdin is None:
                raise InputError("it is closed", where=where, help="name a file")
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
    if _is_utf16(content[:200]):
        raise InputError("this is text in UTF-16", where=where, help="save it in UTF-8")
    if b"\0" in content[:8192]:
        raise InputError("this is a binary file", where=where, help="give text in UTF-8")
    return content.removeprefix(BYTE_ORDER_MARK)


def _is_utf16(start: bytes) -> bool:
    """Return whether bytes begin with the mark of UTF-16, or each second of them is 0."""
    halves = (start[::2], start[1::2])
    zeros = sorted(half.count(0) for half in halves)
    return start[:2] in (b"\xff\xfe", b"\xfe\xff") or (
        zeros[0] == 0 < len(halves[1]) == zeros[1] and start.replace(b"\0", b"").isascii()
    )


def text_of(source: Source) -> str:
    """Return the text of a file or of standard input, which must be UTF-8."""
    content = content_of(source)
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        message = f"this is not text in UTF-8: byte 0x{content[error.start]:02X} in line {line}"
        raise InputError(message, where=name_of(source), help="save it in UTF-8") from None
