"""Generations of a store: the engine's files, their checksums and what is recorded of them."""

from __future__ import annotations

import json
import os
import re
import shutil
import zlib
from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping
from contextlib import suppress
from hashlib import sha256
from os.path import join
from typing import Any, NamedTuple

from pyoxigraph import Quad, RdfFormat, parse
from pyoxigraph import serialize as write_rdf

from relations_kg._files import content, folder, paths
from relations_kg.reader.sources import Origin

PREFIX = "generation-"
_FORMAT = 2
_SHARED = "shared.jsonl"
_OWN = re.compile(
    r"\d{6,}\.(sst|log|dbtmp)|(MANIFEST|OPTIONS)-\d+(\.dbtmp)?"
    rf"|CURRENT|IDENTITY|LOCK|LOG(\.old\.\d+)?|{re.escape(_SHARED)}"
)
# The engine reads neither its log nor its options, and a read changes none of the others.
_UNREAD = re.compile(r"LOCK|LOG(\.old\.\d+)?|OPTIONS-.*|IDENTITY|.*\.dbtmp")
_NAME = re.compile(re.escape(PREFIX) + r"\w+")
# Of a larger store, opening it compares the sizes of data files and leaves their content to
# `store check` and to the engine, which has a checksum for each block that it reads.
_READ_WHOLE = 64 << 20


class Record(NamedTuple):
    """What `store.json` says: the generation that counts, its sources and its files.

    `bundled` is whether the store was made with the bundled graph. `files` maps the names of
    files to size and CRC-32, `spare` has copies of the smallest.
    """

    ontology: str
    generation: str
    bundled: bool
    origins: tuple[Origin, ...]
    files: Mapping[str, tuple[int, int]]
    spare: Mapping[str, str]

    @classmethod
    def of(cls, known: Any) -> Record | None:
        """Read a record; return None for one of another format, raise ValueError for none."""
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
            or not all(isinstance(text, str) for text in texts)
            or not isinstance(record.generation, str)
            or not _NAME.fullmatch(record.generation)
            or not all(map(_OWN.fullmatch, (*record.files, *record.spare)))
            or not isinstance(record.bundled, bool)
        ):
            raise ValueError("not a record of a store")
        return record

    def to_json(self) -> dict[str, Any]:
        """Return the record as JSON has it."""
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
    """Return the hash of the ontology, its rules and, if they are in a store, the bundled facts."""
    place = folder("ontology")
    files = [join(place, name) for name in ("relations.ttl", "codelists.ttl", "time.n3")]
    if bundled:
        files += paths(folder("data"), ".ttl")
    return sha256(b"".join(map(content, files))).hexdigest()


def is_own(name: str) -> bool:
    """Return whether a file in a generation has a name that the engine or this module gives."""
    return _OWN.fullmatch(name) is not None


def copy(known: str, place: str) -> None:
    """Copy a generation; its data files, which are never changed, by hard links."""
    for name in os.listdir(known):
        if not is_own(name) or name == "LOCK":
            continue
        with suppress(OSError):
            # A file system may have no links.
            if name.endswith(".sst"):
                os.link(join(known, name), join(place, name))
                continue
        shutil.copyfile(join(known, name), join(place, name))


def remove(place: str) -> None:
    """Remove a generation, but for files in it that are not the store's."""
    with suppress(OSError):
        for name in filter(is_own, os.listdir(place)):
            os.unlink(join(place, name))
        os.rmdir(place)


def spare(place: str) -> dict[str, str]:
    """Return copies, in Base64, of the small files without which the data files mean nothing."""
    return {
        name: b64encode(content(place, name)).decode()
        for name in os.listdir(place)
        if name == "CURRENT" or name.startswith("MANIFEST-")
    }


def sums(place: str, known: Mapping[str, tuple[int, int]]) -> dict[str, tuple[int, int]]:
    """Return size and CRC-32 of the files of a generation; data files of the last one are known."""
    found = {}
    for name in os.listdir(place):
        if is_own(name) and not _UNREAD.fullmatch(name):
            same = name.endswith(".sst") and name in known
            found[name] = known[name] if same else _sum(join(place, name))
    return found


def damages(place: str, record: Record, *, whole: bool = False) -> Iterator[str]:
    """Yield what is wrong with the files of a generation; `whole` reads large ones, too."""
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
        elif (whole or not name.endswith(".sst")) and _sum(path)[1] != crc:
            yield f"{name} has another checksum than was recorded"


def restore(known: str, place: str, record: Record) -> None:
    """Copy a generation, with the record's copies of the files that say which data files count."""
    copy(known, place)
    for name, text in record.spare.items():
        with open(join(place, name), "wb") as file:
            file.write(b64decode(text))


def shared(place: str) -> dict[Quad, int]:
    """Return the facts that several sources state, with the number of further sources."""
    found: dict[Quad, int] = {}
    with suppress(FileNotFoundError), open(join(place, _SHARED), "rb") as file:
        for line in file:
            count, fact = json.loads(line)
            found.update((quad, count) for quad in parse(fact, RdfFormat.N_QUADS))
    return found


def write_shared(place: str, shared: Mapping[Quad, int]) -> None:
    """Write what `shared` returns."""
    with open(join(place, _SHARED), "w", encoding="utf-8") as file:
        for quad, count in shared.items():
            fact = write_rdf([quad], format=RdfFormat.N_QUADS) or b""
            file.write(json.dumps([count, fact.decode()]) + "\n")
        file.flush()
        os.fsync(file.fileno())


def sync(folder: str) -> None:
    """Have the system write the names in a folder to the disk."""
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
