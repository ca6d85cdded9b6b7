"""The bundled graph with its inferred triples materialised, cached in a file.

The file is built with the wheel, or in a checkout at first use. It is N-Quads, the format that the
engine loads fastest. Its first line lists the size and CRC-32 of everything it was built from:
the ontology, the facts, and the code that reads them and infers. When any of these has changed,
the line no longer matches and the file is rebuilt. CRC-32 needs no import of hashlib, which
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
    return text if text[:end] == heading(sources(), memoryview(text)[end:]) else None


def path() -> str:
    """Return the path of the file: in an installed package, or in the `build` of a checkout."""
    return join(folder("build") if is_checkout() else PACKAGE, FILE)


def sources() -> str:
    """Return the names, sizes and CRC-32 checksums of everything the file is built from."""
    files = [*ontology_files(), join(folder("ontology"), "time.n3"), *fact_files()]
    return f"{_sums(dirname(folder('data')), files)}, {_CODE}"


def heading(sources: str, quads: bytes | memoryview) -> bytes:
    """Return the first line of the file: the checksums of its quads and of its sources."""
    return f"# {_sum(FILE, quads)} from {sources}\n".encode()


def _sums(root: str, files: Iterable[str]) -> str:
    return ", ".join(_sum(file[len(root) + 1 :], content(file)) for file in files)


def _sum(name: str, text: bytes | memoryview) -> str:
    return f"{name} {len(text)} {crc32(text):08x}"


def _code() -> str:
    files = [join(PACKAGE, "reader", "bundled.py")]
    for name in ("rdf", "reasoning"):
        files += paths(join(PACKAGE, name), ".py")
    return _sums(PACKAGE, files)


# The code is read at import, so that a later edit cannot pass for the code that is running.
_CODE = _code()
