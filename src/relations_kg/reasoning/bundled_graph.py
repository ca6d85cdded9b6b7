"""The bundled graph with its inferred triples materialised, cached in a file.

The file is built with the wheel, or in a checkout at first use. It is N-Quads, the format that the
engine loads fastest. Its first line lists the size and CRC-32 of the ontology and the facts from
which it was built, and its second line those of the code for reading and inference. If they do not
match, the file is rebuilt. The second line is not compared in an installed package, where the code
comes with the file. CRC-32 needs no import of hashlib, which takes as long as loading the graph,
and detects every change of up to four consecutive bytes.
"""

from __future__ import annotations

from collections.abc import Iterable
from os.path import dirname, join
from zlib import crc32

from pyoxigraph import RdfFormat, Store

from relations_kg._background import Background
from relations_kg._files import PACKAGE, content, folder, is_checkout, paths
from relations_kg.reader.bundled import fact_files, ontology_files

FILE = "bundled.nq"
# The graphs that `begin` is loading.
_loading: list[Background[Store | None]] = []


def read() -> bytes | None:
    """Return the content of the file, or None if it is missing, damaged or outdated."""
    try:
        text = content(path())
    except OSError:
        return None
    end = text.find(b"\n") + 1
    first = heading(sources(), memoryview(text)[end:])
    return text if text[:end] == first and text.startswith(CODE, end) else None


def begin() -> None:
    """Begin to load the graph in another thread, since loading needs no GIL."""
    # The file is read here, since in the thread each short read would wait for the GIL.
    content = read()
    _loading.append(Background(lambda: _load(content), beside=True))


def store() -> Store | None:
    """Return a store with the graph, or None if the file is missing, damaged or outdated.

    If `begin` was called, wait for its graph; otherwise, load the graph now.
    """
    return _loading.pop().result() if _loading else _load(read())


def _load(content: bytes | None) -> Store | None:
    if content is None:
        return None
    store = Store()
    # Lenient loading skips the checks of terms, which passed when the sources were read.
    store.load(content, RdfFormat.N_QUADS, lenient=True)
    return store


def path() -> str:
    """Return the path of the file: in the package, or in the folder `build` of a checkout."""
    return join(folder("build") if is_checkout() else PACKAGE, FILE)


def sources() -> str:
    """Return the names, sizes and CRC-32 checksums of the ontology and the facts."""
    files = [*ontology_files(), join(folder("ontology"), "time.n3"), *fact_files()]
    return _sums(dirname(folder("data")), files)


def heading(sources: str, rest: bytes | memoryview) -> bytes:
    """Return the first line of the file: the checksums of the other lines and of the sources."""
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


# The code is read at import, so that a later edit is not taken for the running code.
CODE = _code() if is_checkout() else b""
