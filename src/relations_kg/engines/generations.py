"""Generations of a store on disk: the engine's files, their checksums and their record."""

from __future__ import annotations

import json
import os
import re
import shutil
import zlib
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from os.path import join, realpath
from typing import Any, Literal

from pyoxigraph import Quad, RdfFormat, parse
from pyoxigraph import serialize as write_rdf

from relations_kg._files import content, folder, paths
from relations_kg.engines import rocksdb
from relations_kg.rdf import extensions
from relations_kg.reader.sources import Origin

PREFIX = "generation-"
_FORMAT = 2
_SHARED = "shared.jsonl"
# The full-text index, which the graph makes and updates.
TEXTS = "texts.sqlite"
# The file with the saved state of the inference.
STATE = "inference.state"
_OWN = re.compile(
    r"\d{6,}\.(sst|log|dbtmp)|(MANIFEST|OPTIONS)-\d+(\.dbtmp)?"
    rf"|CURRENT|IDENTITY|LOCK|LOG(\.old\.\d+)?|{re.escape(_SHARED)}|{re.escape(TEXTS)}|{re.escape(STATE)}"
)
# Files that need no checksum, since the engine does not read them.
_UNREAD = re.compile(r"LOCK|LOG(\.old\.\d+)?|OPTIONS-.*|IDENTITY|.*\.dbtmp")
_NAME = re.compile(re.escape(PREFIX) + r"\w+")
# For a store larger than this, opening compares only the sizes of data files. `store check` reads
# all files, and the engine verifies a checksum of each block when it reads it.
_READ_WHOLE = 64 << 20


@dataclass(frozen=True)
class Record:
    """The content of `store.json`: the current generation, its sources and its files.

    `bundled` is true if the store includes the bundled graph. `files` maps the names of files to
    their sizes and CRC-32, and `spare` the names of small files to their content in Base64.
    """

    ontology: str
    generation: str
    bundled: bool
    origins: tuple[Origin, ...]
    files: Mapping[str, tuple[int, int]]
    spare: Mapping[str, str]

    @classmethod
    def of(cls, known: Any) -> Record | None:
        """Read a record; return None for another format, raise ValueError if it is not a record."""
        try:
            if type(known["format"]) is int and known["format"] != _FORMAT:
                return None
            record = cls(
                known["ontology"],
                known["generation"],
                known["bundled"],
                tuple(Origin(name, hash) for name, hash in known["facts"]),
                {name: (size, crc) for name, (size, crc) in known["files"].items()},
                dict(known["spare"]),
            )
        except (TypeError, KeyError, AttributeError) as error:
            raise ValueError from error
        texts = [record.ontology, *(text for origin in record.origins for text in origin)]
        if (
            known["format"] != _FORMAT
            or not all(isinstance(text, str) for text in (record.generation, *texts))
            or not _NAME.fullmatch(record.generation)
            or not all(map(_OWN.fullmatch, (*record.files, *record.spare)))
            or not isinstance(record.bundled, bool)
        ):
            raise ValueError("not a record of a store")
        return record

    def to_json(self) -> dict[str, Any]:
        """Return the record as a value for JSON."""
        return {
            "format": _FORMAT,
            "ontology": self.ontology,
            "generation": self.generation,
            "bundled": self.bundled,
            "facts": [list(origin) for origin in self.origins],
            "files": {name: list(each) for name, each in sorted(self.files.items())},
            "spare": dict(sorted(self.spare.items())),
        }


def version(bundled: bool) -> str:
    """Return a hash of the ontology and its rules and, if `bundled`, of the bundled facts."""
    place = folder("ontology")
    files = [join(place, name) for name in ("relations.ttl", "codelists.ttl", "time.n3")]
    if bundled:
        files += paths(folder("data"), ".ttl")
    return sha256(b"".join(map(content, files))).hexdigest()


def vocabulary(places: Iterable[str]) -> list[str]:
    """Return the names of the vocabulary files of the first generation that can be read."""
    for place in places:
        with suppress(OSError, RuntimeError):
            return sorted(extensions.files(rocksdb.read_only(place)).values())
    return []


def is_own(name: str) -> bool:
    """Return whether a file of this name in a generation belongs to the store."""
    return _OWN.fullmatch(name) is not None


def copy(known: str, place: str) -> None:
    """Copy a generation, with hard links to its data files, which are immutable."""
    for name in os.listdir(known):
        if not is_own(name) or name == "LOCK":
            continue
        with suppress(OSError):
            # Some file systems have no hard links.
            if name.endswith(".sst"):
                os.link(join(known, name), join(place, name))
                continue
        shutil.copyfile(join(known, name), join(place, name))


def link(known: str, place: str) -> None:
    """Copy a generation without its text index and state, with symbolic links to its data files.

    The copy can be changed, and is valid as long as the original exists.
    """
    for name in os.listdir(known):
        if name.endswith(".sst"):
            with suppress(OSError, NotImplementedError):
                os.symlink(realpath(join(known, name)), join(place, name))
                continue
        if is_own(name) and name not in ("LOCK", TEXTS, STATE):
            shutil.copyfile(join(known, name), join(place, name))


def remove(place: str) -> None:
    """Remove a generation, except for files in it that do not belong to the store."""
    with suppress(OSError):
        for name in filter(is_own, os.listdir(place)):
            os.unlink(join(place, name))
        os.rmdir(place)


def spare(place: str) -> dict[str, str]:
    """Return, in Base64, the small files without which the data files cannot be read."""
    names = [n for n in os.listdir(place) if n == "CURRENT" or n.startswith("MANIFEST-")]
    return {name: b64encode(content(place, name)).decode() for name in names}


def sums(place: str, known: Mapping[str, tuple[int, int]]) -> dict[str, tuple[int, int]]:
    """Return size and CRC-32 of each checked file; `known` data files are not read again."""
    found = {}
    for name in os.listdir(place):
        if is_own(name) and not _UNREAD.fullmatch(name):
            same = name.endswith(".sst") and name in known
            found[name] = known[name] if same else _sum(join(place, name))
    return found


def damages(place: str, record: Record, *, whole: bool = False) -> Iterator[str]:
    """Yield the faults of the files of a generation; with `whole`, also read large stores."""
    whole = whole or sum(size for size, _ in record.files.values()) <= _READ_WHOLE
    for name, (size, crc) in sorted(record.files.items()):
        path = join(place, name)
        try:
            has = os.stat(path).st_size
        except FileNotFoundError:
            yield f"{name} is missing"
            continue
        if has != size:
            yield f"{name} has {has:,} bytes and should have {size:,}"
        elif (whole or not name.endswith((".sst", TEXTS, STATE))) and _sum(path)[1] != crc:
            yield f"{name} does not have the recorded checksum"


def restore(known: str, place: str, record: Record) -> None:
    """Copy a generation, but take the small files from the record."""
    copy(known, place)
    for name, text in record.spare.items():
        with open(join(place, name), "wb") as file:
            file.write(b64decode(text))


def shared(place: str) -> dict[Quad, int]:
    """Read the facts that several sources state, with the number of further sources."""
    found: dict[Quad, int] = {}
    with suppress(FileNotFoundError), open(join(place, _SHARED), "rb") as file:
        for line in file:
            count, fact = json.loads(line)
            found.update((quad, count) for quad in parse(fact, RdfFormat.N_QUADS))
    return found


def write_shared(place: str, shared: Mapping[Quad, int]) -> None:
    """Write the facts that several sources state, which `shared` reads."""
    lines = []
    for quad, count in shared.items():
        fact = write_rdf([quad], format=RdfFormat.N_QUADS) or b""
        lines.append(json.dumps([count, fact.decode()]) + "\n")
    write(join(place, _SHARED), "".join(lines))


def write(path: str, text: str, mode: Literal["w", "x"] = "w") -> None:
    """Write a file and flush it to the disk."""
    with open(path, mode, encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def sync(folder: str) -> None:
    """Flush the entries of a folder to the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _sum(path: str) -> tuple[int, int]:
    size = crc = 0
    with open(path, "rb") as file:
        while piece := file.read(1 << 20):
            size += len(piece)
            crc = zlib.crc32(piece, crc)
    return size, crc
