"""Checks of stores on disk, and the recovery of facts from damaged ones."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from os.path import join
from shlex import quote

from pyoxigraph import NamedNode, Quad, Store

from relations_kg.engines import generations, rocksdb
from relations_kg.engines.disk import NO_STORE, Folder
from relations_kg.engines.generations import Record
from relations_kg.errors import InputError
from relations_kg.rdf import extensions
from relations_kg.rdf.namespaces import (
    DATES,
    IDENTIFIERS,
    INFERRED,
    ONTOLOGY,
    STATED,
    VOCABULARY,
    shorten,
)
from relations_kg.reader.bundled import ontology_store
from relations_kg.reader.sources import names_of

_KEPT = (STATED, IDENTIFIERS)
# Reading an index stops after this many errors.
_MOST_FAILURES = 1000


@dataclass(frozen=True)
class Recovered:
    """The stated facts and identifiers of a store, with the ontology, and the store's problems.

    `facts` counts the facts and identifiers. `whole` is true if all of them could be read.
    """

    store: Store
    facts: int
    problems: list[str]
    whole: bool


def check(path: str) -> tuple[list[str], str]:
    """Return the faults of a store, and a description of its content, or "" if it cannot be opened.

    Every file is compared with its checksum, and every triple is read. Raises InputError if there
    is no store, and for one that cannot be opened although its files have no faults.
    """
    folder = Folder(path)
    if not os.path.isdir(path):
        raise InputError("there is no such folder", where=path)
    try:
        opened = folder.read()
    except InputError:
        with suppress(OSError, ValueError):
            if record := folder.recorded():
                place = join(path, record.generation)
                if problems := list(generations.damages(place, record, whole=True)):
                    return problems, ""
        raise
    place = join(path, opened.record.generation)
    problems = list(generations.damages(place, opened.record, whole=True))
    counts = []
    for graph in (STATED, IDENTIFIERS, DATES, INFERRED, ONTOLOGY, VOCABULARY):
        try:
            node = NamedNode(graph)
            number = sum(1 for _ in opened.store.quads_for_pattern(None, None, None, node))
            if number or graph != VOCABULARY:
                counts.append(f"{number:>8}  {shorten(graph)}\n")
        except (OSError, RuntimeError) as error:
            problems.append(f"{shorten(graph)} cannot be read: {error}")
    return problems, f"loaded from {names_of(opened.record.origins)}\n" + "".join(counts)


def recover(path: str) -> Recovered:
    """Read the stated facts of a store, from the current or else the newest readable generation.

    If none can be read whole, the generation with the most facts is read. The store may be damaged,
    without its record, or of another version; it is not changed. Raises InputError if there is not
    even a damaged store.
    """
    folder = Folder(path)
    record = None
    problems = []
    try:
        record = folder.recorded()
    except (OSError, ValueError):
        problems.append("store.json is missing or damaged")
    current = [record.generation] if record else []
    names = list(dict.fromkeys((*current, *folder.candidates())))
    if not names:
        raise InputError("the folder has no store", where=path, help=NO_STORE)
    read = []
    for name in names:
        known = record if record and record.generation == name else None
        found = _read(join(path, name), known)
        found.problems[:0] = problems
        if found.whole and found.facts:
            return found
        read.append(found)
    return max(read, key=lambda found: found.facts)


def _read(place: str, record: Record | None) -> Recovered:
    """Read a generation; if it is damaged, read a copy with the small files from the record."""
    found = ontology_store()
    problems = list(generations.damages(place, record, whole=True)) if record else []
    before = len(found)
    with tempfile.TemporaryDirectory() as copy:
        opened = place
        try:
            if record and problems:
                generations.restore(place, copy, record)
                opened = copy
            store = rocksdb.read_only(opened)
            failures = _copy(store, found)
            problems += _vocabulary(store)
        except (OSError, RuntimeError, ValueError) as error:
            failures = [f"the engine cannot open it: {error}"]
    facts = len(found) - before
    name = os.path.basename(place)
    problems = [f"{name}: {problem}" for problem in (*problems, *failures)]
    return Recovered(found, facts, problems, whole=not failures)


def _vocabulary(store: Store) -> list[str]:
    """Return a problem for each file of a store's vocabulary, which is not recovered."""
    try:
        names = sorted(extensions.files(store).values())
    except (OSError, RuntimeError) as error:
        return [f"{shorten(VOCABULARY)} cannot be read: {error}"]
    lost = "the vocabulary {} is not recovered; name it for the new store: --vocabulary {}"
    return [lost.format(name, quote(name)) for name in names]


def _copy(store: Store, found: Store) -> list[str]:
    """Copy the facts that can be read, by a second index if the first is damaged; return errors."""
    failures: list[str] = []
    for graph in map(NamedNode, _KEPT):
        ways = (
            store.quads_for_pattern(None, None, None, graph),
            (quad for quad in _each(store, failures) if quad.graph_name == graph),
        )
        for way in ways:
            before = len(failures)
            found.extend(_each(way, failures))
            if len(failures) == before:
                break
    return list(dict.fromkeys(failures))


def _each(quads: Iterable[Quad], failures: list[str]) -> Iterator[Quad]:
    """Yield the quads that can be read; append the errors to `failures`."""
    rest = iter(quads)
    for _ in range(_MOST_FAILURES):
        try:
            yield from rest
            return
        except (OSError, RuntimeError) as error:
            failures.append(f"a part cannot be read: {error}")
