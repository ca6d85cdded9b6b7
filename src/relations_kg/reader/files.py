"""Files of facts: their names, formats and content."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from functools import cached_property
from os import PathLike, fspath
from os.path import abspath, exists, isdir, splitext

from pyoxigraph import RdfFormat

from relations_kg.errors import InputError
from relations_kg.rdf import formats
from relations_kg.reader import unreadable

Source = str | PathLike[str]

LARGEST = 1 << 30
BEGINNING = 2_000  # the number of bytes by which a format is recognised
# Files of other formats by their first bytes, with what they are and what to do.
_OF_OTHERS = {
    b"%PDF-": ("a PDF", "save its text in UTF-8"),
    b"PK\3\4": ("a ZIP archive or a workbook", "unpack it, or import the workbook"),
    b"BZh": ("packed by bzip2", "unpack it; only .gz is unpacked"),
    b"\xfd7zXZ": ("packed by xz", "unpack it; only .gz is unpacked"),
    b"SQLite format 3": ("a database", "export its tables as CSV for relations-kg import"),
}
_RDF = b"http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_GZIP = b"\x1f\x8b"
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class Document(PathLike[str]):
    """A file of facts whose content is read once; it can be used as a path.

    Its hash is that of the loaded content, even if the file has changed since.
    """

    def __init__(self, source: Source, format: RdfFormat | None = None) -> None:
        self.path = _path(source)
        # The format of standard input, if the caller gives it.
        self.format = format

    @classmethod
    def of(cls, source: Source) -> Document:
        """Return a source as a document; a document is returned as it is."""
        return source if isinstance(source, Document) else cls(source)

    @classmethod
    def each_of(cls, sources: Source | Iterable[Source]) -> list[Document]:
        """Return one source or several as documents."""
        given = [sources] if isinstance(sources, str | PathLike) else sources
        return [cls.of(each) for each in given]

    def __fspath__(self) -> str:
        return self.path

    @cached_property
    def content(self) -> bytes:
        """The bytes of the file, unpacked and without a byte order mark."""
        return content_of(self.path)

    @cached_property
    def sha256(self) -> str:
        """The SHA-256 of the content, in hexadecimal digits."""
        # hashlib is imported here, since it loads OpenSSL, which takes milliseconds, and most
        # commands read no file.
        from hashlib import sha256

        return sha256(self.content).hexdigest()


def name_of(source: Source) -> str:
    """Return the name of a source for messages."""
    path = _path(source)
    return "standard input" if path == "-" else path


def _path(source: Source) -> str:
    try:
        return fspath(source)
    except TypeError:
        message = f"a path cannot be of the type {type(source).__name__}"
        is_list = isinstance(source, list | tuple)
        help = "pass each path as an argument of its own" if is_list else "give a str or a Path"
        raise InputError(message, help=help) from None


def path_of(source: Source) -> str:
    """Return the absolute path of a source, or the name of standard input."""
    return name_of(source) if fspath(source) == "-" else abspath(source)


def format_of(source: Source, content: bytes | None = None) -> RdfFormat:
    """Return the format of a file by its suffix, or of standard input by its content.

    For `.ttl.gz`, it is the format of the packed file. A `.owl` file has the format that its
    content looks like, or Turtle. Raises InputError for an unknown suffix, and for a folder.
    """
    if isinstance(source, Document) and source.format is not None:
        return source.format
    path = fspath(source)
    if path == "-":
        return _looks_like(content_of(source) if content is None else content) or RdfFormat.TRIG
    stem, suffix = splitext(path.lower())
    suffix, known = splitext(stem)[1] if suffix == ".gz" else suffix, formats.suffixes()
    if isdir(path):
        raise unreadable.folder(path, known)
    if suffix not in known:
        # A missing file is reported as missing, whatever its suffix.
        start = (bytes_of(source, LARGEST) if content is None else content)[:BEGINNING]
        raise unreadable.unknown_suffix(path, suffix, _marked(start))
    if suffix == ".owl" and (content is not None or exists(path)):
        start = content_of(source) if content is None else content
        return _looks_like(start) or RdfFormat.TURTLE
    return known[suffix]


def _looks_like(content: bytes) -> RdfFormat | None:
    """Return JSON-LD or RDF/XML if a text begins like it, as Turtle and TriG seldom do, or None."""
    if re.match(rb"\s*(?:\{\s*[\"}]|\[\s*\{)", content[:BEGINNING]):
        return RdfFormat.JSON_LD
    if re.match(rb"(?i)\s*<(?:\?xml|!doctype|!--|[\w-]+:RDF)\b", content[:BEGINNING]):
        return RdfFormat.RDF_XML
    return None


def recognised(start: bytes) -> RdfFormat | None:
    """Return the format of RDF that the beginning of a text looks like, or None."""
    return _looks_like(start) or _marked(start)


def _marked(start: bytes) -> RdfFormat | None:
    """Return the format of RDF that a mark such as `@prefix` in a text shows, or None."""
    if re.match(rb"\s*(?:#.*\s+)*@prefix\s", start):
        return RdfFormat.TURTLE
    found = _looks_like(start)
    mark = {RdfFormat.RDF_XML: _RDF, RdfFormat.JSON_LD: b'"@context"'}
    return found if found and mark[found] in start else None


def check_beginning(content: bytes, format: RdfFormat, where: str) -> None:
    """Raise InputError if a malformed text begins like a web page or a text in another format."""
    if re.match(rb"(?i)\s*<(?:!doctype\s+html|html)\b", content[:BEGINNING]):
        help = "download the data itself, not the page about it"
        raise InputError("this is a web page, not RDF", where=where, help=help)
    found = _looks_like(content)
    marked = format in (RdfFormat.JSON_LD, RdfFormat.RDF_XML)
    if marked and re.match(rb"(?i)\s*(?:#.*\s+)*(?:@?prefix|@?base|<\w+:/)", content[:BEGINNING]):
        found = RdfFormat.TURTLE
    if found is not None and found != format:
        help = f"give it the suffix .{found.file_extension}"
        if where == "standard input":
            help = "leave out --input-format"
        raise InputError(f"this looks like {found.name}, not {format.name}", where=where, help=help)


def bytes_of(source: Source, largest: int) -> bytes:
    """Return the bytes of a file or of standard input unchanged.

    Raises InputError if there are more than `largest`, or if they cannot be read.
    """
    where = name_of(source)
    if isdir(source):
        raise unreadable.folder(fspath(source), formats.suffixes())
    try:
        if where == "standard input":
            if sys.stdin is None:
                raise InputError("it is closed", where=where, help="name a file")
            content = sys.stdin.buffer.read(largest + 1)
        else:
            with open(source, "rb") as file:
                content = file.read(largest + 1)
    except FileNotFoundError:
        is_address = re.match(r"(?i)(https?|ftp)://", where)
        help = "download it first, since files are not fetched from the web" if is_address else None
        help = help or unreadable.if_text(where) or unreadable.if_pattern(where)
        raise InputError("there is no such file", where=where, help=help) from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise InputError(f"cannot be read: {reason}", where=where) from None
    if len(content) > largest:
        raise unreadable.too_large(where, largest)
    return content


def content_of(source: Source) -> bytes:
    """Return the bytes of a file or of standard input, without a byte order mark.

    A gzip file is unpacked. Raises InputError for other binary files and for UTF-16.
    """
    if isinstance(source, Document):
        return source.content
    where, content = name_of(source), bytes_of(source, LARGEST)
    if content.startswith(_GZIP):
        content = _unpacked(content, where, LARGEST)
    for start, (what, help) in _OF_OTHERS.items():
        if content.startswith(start):
            raise InputError(f"this is {what}, not text", where=where, help=help)
    if _is_utf16(content[:200]):
        raise InputError("this is text in UTF-16", where=where, help="save it in UTF-8")
    if b"\0" in content[:8192]:
        raise InputError("this is a binary file", where=where, help="give text in UTF-8")
    return content.removeprefix(BYTE_ORDER_MARK)


def _unpacked(content: bytes, where: str, largest: int) -> bytes:
    """Return the content of a gzip file; raise InputError if it has more than `largest` bytes."""
    # Imported here, since few files are packed.
    import zlib

    pieces, size = [], 0
    try:
        while content and size <= largest:
            part = zlib.decompressobj(wbits=31)
            pieces.append(part.decompress(content, largest + 1 - size))
            size += len(pieces[-1])
            if not part.eof and size <= largest:
                raise InputError("the gzip file is cut off", where=where, help="pack it again")
            content = part.unused_data
    except zlib.error:
        raise InputError("the gzip file is damaged", where=where, help="pack it again") from None
    if size > largest:
        raise unreadable.too_large(where, largest)
    return b"".join(pieces)


def _is_utf16(start: bytes) -> bool:
    """Return whether bytes begin with a byte order mark of UTF-16, or every second byte is 0."""
    halves = (start[::2], start[1::2])
    zeros = sorted(half.count(0) for half in halves)
    return start[:2] in (b"\xff\xfe", b"\xfe\xff") or (
        zeros[0] == 0 < len(halves[1]) == zeros[1] and start.replace(b"\0", b"").isascii()
    )


def text_of(source: Source) -> str:
    """Return the text of a file or of standard input; raise InputError if it is not UTF-8."""
    if isdir(source):
        raise unreadable.folder(fspath(source), ())
    content = content_of(source)
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        message = f"this is not text in UTF-8: byte 0x{content[error.start]:02X} in line {line}"
        raise InputError(message, where=name_of(source), help="save it in UTF-8") from None
