"""The bundled graph with its inferred triples materialised, cached in a file.

The file is built with the wheel, or in a checkout at first use. It is N-Quads, the format that the
engine loads fastest. Its first line lists the size and CRC-32 of the ontology and the facts that it
was built from, the second those of the code that reads them and infers. When any of these has
changed, the lines no longer match and the file is rebuilt; in an installed package, whose code
comes with the file, the second line is not compared. CRC-32 needs no import of hashlib, which
takes as long as loading the graph, and it detects every change of up to four bytes in a row.
"""

from __future__ import annotations

from collections.abc import Iterable
from os.path import dirname, join
from zlib import crc32

from relations_kg._files import PACKAGE, content, folder, is_checkout, paths
from relations_kg.reader.bundled import fact_files, ontology_files

FILE = "bundled.nq"


def read() -> bytes | None:
    """Return the content of the file, or None if it is missing, damaged or outdated."""
    try:
        text = content(path())
    except OSError:
        return None
    end = text.find(b"\n") + 1
    first = heading(sources(), memoryview(text)[end:])
    return text if text[:end] == first and text.startswith(CODE, end) else None


def path() -> str:
    """Return the path of the file: in an installed package, or in the `build` of a checkout."""
    return join(folder("build") if is_checkout() else PACKAGE, FILE)


def sources() -> str:
    """Return the names, sizes and CRC-32 checksums of the ontology and the facts."""
    files = [*ontology_files(), join(folder("ontology"), "time.n3"), *fact_files()]
    return _sums(dirname(folder("data")), files)


def heading(sources: str, rest: bytes | memoryview) -> bytes:
    """Return the first line of the file: the checksums of the rest of it and of its sources."""
    return f"# {_sum(FILE, rest)} from {sources}\n".encode()


def _sums(root: str, files: Iterable[str]) -> str:
    return ", ".join(_sum(file[len(root) + 1 :], content(file)) for file in files)


def _sum(name: str, text: bytes | memoryview) -> str:
    return f"{name} {len(text)} {crc32(text):08x}"


def _code() -> bytes:
    files = [join(PACKAGE, "reader", "bundled.py")]
    for name in ("rdf", "reasoning"):
        files += paths(join(PACKAGE, name), ".py")
    return f"# by {_sums(PACKAGE, files)}\n".encode()


# The code is read at import, so that a later edit cannot pass for the code that is running.
CODE = _code() if is_checkout() else b""
