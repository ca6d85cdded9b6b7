"""The bundled graph with its inferred triples materialised, cached in a file.

The file is built with the wheel, or in a checkout at first use. It has two parts in N-Quads, the
format that the engine loads fastest, and between them the state of the inference with its compiled
rules, which proofs and validation restore. The second part is loaded at first need, see
`bundled_store`. The first line lists the sizes and CRC-32 checksums of the three, and of the
ontology and the facts from which they were built; the second line those of the code for reading and
inference. If they do not match, the file is rebuilt. The second line is not compared in an
installed package, where the code comes with the file. The last comment lists the checksums of the
stored queries that need the first part only. CRC-32 needs no import of hashlib, which takes
milliseconds, and detects every change of up to four consecutive bytes.
"""

from __future__ import annotations

import os
from os.path import dirname, join
from zlib import crc32

from pyoxigraph import RdfFormat, Store

from relations_kg._background import background
from relations_kg._files import PACKAGE, content, folder, is_checkout, paths
from relations_kg._lazy import TYPE_CHECKING
from relations_kg.reader.bundled import fact_files, ontology_files
from relations_kg.reasoning.bundled_store import BundledStore, checksum

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

FILE = "bundled.nq"
# The first line, a store with the first part, the checksums of the queries that need no more, and
# whether the store also has the second part.
_Loaded = tuple[bytes, Store, frozenset[bytes], bool]
_QUERIES = b"# queries "
# The stores that `begin` is loading.
_loading: list[Callable[[], _Loaded | None]] = []


def read() -> tuple[bytes, bytes] | None:
    """Return the first line and the first part; None if they are absent, damaged or old."""
    try:
        with open(path(), "rb") as file:
            line = file.readline()
            first = file.read(_sizes(line)[0])
    except (OSError, ValueError, IndexError):
        return None
    others = line.rpartition(b", state ")[2].decode(errors="replace").removesuffix("\n")
    is_same = line == _heading(sources(), first, others)
    return (line, first) if is_same and first.startswith(CODE) else None


def read_part(line: bytes, number: int) -> bytes | None:
    """Return the state (1) or the second part (2) of the file with this first line.

    Returns None if the file has changed or cannot be read, or if this part is damaged.
    """
    sizes = _sizes(line)
    try:
        with open(path(), "rb") as file:
            is_same = file.readline() == line
            file.seek(sum(sizes[:number]), os.SEEK_CUR)
            part = file.read(sizes[number])
    except OSError:
        return None
    is_same = is_same and _sum(part).encode() in line.rpartition(b", state ")[2]
    return part if is_same else None


def begin(*, whole: bool = False) -> None:
    """Begin to load the first part, or both, in another thread, since loading needs no GIL.

    Nothing is done if an earlier call has begun it and `store` has not been called since.
    """
    if _loading:
        return
    # The file is read here, since in the thread each short read would wait for the GIL.
    found = read()
    second = read_part(found[0], 2) if found and whole else None
    _loading.append(background(lambda: _load(found, second)))


def store(make: Callable[[], bytes]) -> BundledStore:
    """Return a store with the graph; if the file cannot be used, `make` returns its content.

    If `begin` was called, wait for what it loads; otherwise, load the first part now.
    """
    loaded = _loading.pop()() if _loading else _load(read())
    made: list[bytes] = []
    if loaded is None:
        made = _split(make())
        loaded = _load((made[0], made[1]))
        assert loaded
    line, engine, queries, is_whole = loaded

    def part(number: int) -> bytes:
        return made[number + 1] if made else read_part(line, number) or _split(make())[number + 1]

    second = None if is_whole else lambda: part(2)
    return BundledStore(engine, queries, second, lambda: part(1))


def _load(found: tuple[bytes, bytes] | None, second: bytes | None = None) -> _Loaded | None:
    if found is None:
        return None
    line, first = found
    engine = Store()
    # Lenient loading skips the checks of terms, which passed when the sources were read.
    for part in (first, second or b""):
        engine.load(part, RdfFormat.N_QUADS, lenient=True)
    start = first.index(_QUERIES)
    queries = frozenset(first[start : first.index(b"\n", start)].split())
    return line, engine, queries, second is not None


def _split(text: bytes) -> list[bytes]:
    """Return the first line of the file, the first part, the state and the second part."""
    start = text.index(b"\n") + 1
    parts = [text[:start]]
    for size in _sizes(parts[0]):
        parts.append(text[start : start + size])
        start += size
    return parts


def path() -> str:
    """Return the path of the file: in the package, or in the folder `build` of a checkout."""
    return join(folder("build") if is_checkout() else PACKAGE, FILE)


def sources() -> str:
    """Return the names, sizes and CRC-32 checksums of the ontology and the facts."""
    files = [*ontology_files(), join(folder("ontology"), "time.n3"), *fact_files()]
    return _sums(dirname(folder("data")), files)


def joined(
    sources: str, queries: Iterable[str], first: bytes, state: bytes, second: bytes
) -> bytes:
    """Return the content of the file; `queries` are those that need the first part only."""
    listed = b" ".join(sorted(map(checksum, queries)))
    first = CODE + _QUERIES + listed + b"\n" + first
    others = f"{_sum(state)}, second part {_sum(second)}"
    return _heading(sources, first, others) + first + state + second


def _heading(sources: str, first: bytes, others: str) -> bytes:
    return f"# first part {_sum(first)}, from {sources}, state {others}\n".encode()


def _sizes(heading: bytes) -> list[int]:
    """Return the sizes of the first part, the state and the second part."""
    words = heading.split(b" ")
    return [int(words[place]) for place in (3, -6, -2)]


def _sums(root: str, files: Iterable[str]) -> str:
    return ", ".join(f"{file[len(root) + 1 :]} {_sum(content(file))}" for file in files)


def _sum(text: bytes) -> str:
    return f"{len(text)} {crc32(text):08x}"


def _code() -> bytes:
    files = [join(PACKAGE, "reader", "bundled.py")]
    for name in ("rdf", "reasoning"):
        files += paths(join(PACKAGE, name), ".py")
    return f"# by {_sums(PACKAGE, files)}\n".encode()


# The code is read at import, so that a later edit is not taken for the running code.
CODE = _code() if is_checkout() else b""
