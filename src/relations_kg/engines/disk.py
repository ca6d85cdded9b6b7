"""Stores on disk: a folder that keeps a graph, with inferred triples materialised.

A folder contains generations. The generation that `store.json` names is current and immutable, so
that any number of processes can read it. A change is made in a copy, whose data files are hard
links, and takes effect when `store.json` is replaced to name the copy. A writer that is killed
earlier leaves an unnamed generation, which the next writer removes. Beside each generation is a
file with the store's id, which readers lock. It proves that the generation belongs to the store.
"""

from __future__ import annotations

import errno
import json
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from os.path import exists, isdir, join, realpath
from shlex import quote
from typing import TypeAlias, TypeVar

from pyoxigraph import Store

from relations_kg.engines import generations, rocksdb
from relations_kg.engines.generations import Record
from relations_kg.engines.locks import Lock
from relations_kg.errors import InputError
from relations_kg.reader.sources import Sources, names_of

T = TypeVar("T")
Work: TypeAlias = Callable[[Store, Sources, str, str], tuple[Sources, T]]

NO_STORE = "name a folder that was made with relations-kg info --only FILE --store DIR"
_RECORD, _DRAFT, _LOCK = "store.json", "store.json.new", "lock"
_ID, _WHOLE = re.compile("[0-9a-f]{32}"), " whole"


@dataclass(frozen=True)
class Opened:
    """A generation that is open for reading, and locked against removal."""

    store: Store
    record: Record
    lock: Lock | None
    place: str


class Folder:
    """A store in a folder, for many readers and one writer at a time."""

    def __init__(self, path: str) -> None:
        try:
            path.encode()
        except UnicodeEncodeError:
            self.path = path.encode(errors="backslashreplace").decode()
            message, help = "the path is not UTF-8, which the engine needs", "name another folder"
            raise InputError(message, where=self.path, help=help) from None
        self.path = path

    def __bool__(self) -> bool:
        """Return whether the folder has a store; raise InputError if only its record is missing."""
        if exists(join(self.path, _RECORD)):
            return True
        # If the first writer was killed, there are only incomplete generations, and no store.
        unfinished = set(self._own()).difference(self._own(whole=True))
        if not exists(join(self.path, _DRAFT)) and set(self.candidates()) - unfinished:
            raise self.damaged(f"{_RECORD} is missing")
        return False

    def read(self) -> Opened:
        """Open the store; raise InputError if it is missing, damaged or of another version."""
        while True:
            record = self.record()
            place = join(self.path, record.generation)
            lock = None
            try:
                # A generation without a lock file is never removed, and needs no lock.
                with suppress(FileNotFoundError):
                    lock = Lock(f"{place}.lock", shared=True)
                for damage in generations.damages(place, record):
                    raise OSError(f"{record.generation}: {damage}")
                return Opened(rocksdb.read_only(place), record, lock, place)
            except (OSError, RuntimeError) as error:
                if lock:
                    lock.close()
                if isinstance(error, PermissionError):
                    message = f"cannot be read: {error.strerror}: {error.filename}"
                    raise InputError(message, where=self.path) from None
                # A writer may have replaced the generation meanwhile.
                if self.record() == record:
                    raise self.damaged(str(error), record) from None

    def create(self, bundled: bool, work: Callable[[Store, str], Sources]) -> bool:
        """Create the store with a function that fills it; return False if the store already exists.

        The function is called with the store and its folder, where it may write further files. It
        returns the sources of the store.
        """
        self._refuse_foreign()
        with self.writing() as record:
            if record:
                return False
            self._refuse_foreign()
            self._write(None, bundled, lambda store, _, place, __: (work(store, place), None))
            return True

    def change(self, work: Work[T]) -> T:
        """Change a copy of the store with a function; drop the copy if the function fails.

        The function is called with the copy, its current sources, and the folders of the copy and
        of the store before the change. It returns the new sources and the result of `change`.
        """
        with self.writing() as record:
            if not record:
                raise InputError("the folder has no store", where=self.path, help=NO_STORE)
            place = join(self.path, record.generation)
            for damage in generations.damages(place, record):
                raise self.damaged(f"{record.generation}: {damage}", record)
            return self._write(record, record.bundled, work)

    def record(self) -> Record:
        """Read `store.json`; raise InputError if it is missing, damaged or of another version."""
        try:
            record = self.recorded()
        except PermissionError as error:
            raise InputError(f"cannot be read: {error.strerror}", where=self.path) from None
        except (OSError, ValueError) as error:
            if not self.candidates():
                raise InputError(
                    "the folder has no store", where=self.path, help=NO_STORE
                ) from None
            missing = isinstance(error, OSError)
            raise self.damaged(f"{_RECORD} is {'missing' if missing else 'damaged'}") from None
        if record is None or record.ontology != generations.version(record.bundled):
            names = generations.vocabulary(join(self.path, name) for name in self.candidates())
            own = "".join(f" --vocabulary {quote(name)}" for name in names)
            message = "was made with another version of the ontology or of relations-kg"
            recover = f"relations-kg store recover {quote(self.path)} -o FACTS.nq"
            load = f"relations-kg info --store NEW-DIR --only FACTS.nq{own}"
            help = f"move its facts: {recover} && {load}"
            raise InputError(message, where=self.path, help=help)
        return record

    def recorded(self) -> Record | None:
        """Read `store.json`; return None for another format.

        Raises OSError if it cannot be read, and ValueError if it is damaged.
        """
        with open(join(self.path, _RECORD), "rb") as file:
            try:
                return Record.of(json.loads(file.read()))
            except RecursionError as error:
                raise ValueError from error

    def candidates(self) -> list[str]:
        """List the folders that look like generations: complete generations first, newest first."""
        try:
            names = [name for name in os.listdir(self.path) if name.startswith(generations.PREFIX)]
        except OSError:
            return []
        whole = self._own(whole=True)
        return sorted(
            (name for name in names if exists(join(self.path, name, "CURRENT"))),
            key=lambda name: (name not in whole, -os.stat(join(self.path, name)).st_mtime_ns),
        )

    def damaged(self, damage: str, record: Record | None = None) -> InputError:
        """Return the error for a damaged store, which names the command that recovers its facts."""
        lost = f"; it was loaded from {names_of(record.origins)}" if record else ""
        command = f"relations-kg store recover {quote(self.path)} -o FACTS.nq"
        help = f"{command} writes the stated facts that can still be read{lost}"
        message = f"cannot be read as a store: {' '.join(damage.split())}"
        return InputError(message, where=self.path, help=help)

    @contextmanager
    def writing(self) -> Iterator[Record | None]:
        """Lock the folder for writing; yield the record of its store, or None without a store."""
        try:
            # On a dangling link, makedirs would fail, so the target of the link is created.
            os.makedirs(realpath(self.path), exist_ok=True)
            lock = Lock(join(self.path, _LOCK), shared=False)
        except BlockingIOError:
            message = "another process is writing into this store"
            raise InputError(message, where=self.path, help="try again") from None
        except OSError as error:
            raise self._unwritable(error) from None
        with lock:
            try:
                self._finish()
                record = self.record() if self else None
                yield record
            except OSError as error:
                raise self._unwritable(error) from None

    def _unwritable(self, error: OSError) -> InputError:
        # The engine reports the text of a system error without its number.
        full = error.errno == errno.ENOSPC or "No space left" in str(error)
        reason = os.strerror(errno.ENOSPC) if full else error.strerror or str(error)
        help = "free some space; the store is as it was" if full else None
        if isinstance(error, FileExistsError | NotADirectoryError):
            help = "it is a file; name a folder"
        return InputError(f"cannot be written: {reason}", where=self.path, help=help)

    def _write(self, record: Record | None, bundled: bool, work: Work[T]) -> T:
        """Write a generation and make it current; on any error, the store is unchanged."""
        mine = self._id()
        self._tidy(record, warn=True)
        name = generations.PREFIX + os.urandom(6).hex()
        place = join(self.path, name)
        try:
            generations.write(f"{place}.lock", mine, "x")
            os.mkdir(place)
            sources, former = Sources(), ""
            if record:
                former = join(self.path, record.generation)
                generations.copy(former, place)
                sources = Sources(record.origins, generations.shared(place))
            sources, done = self._worked(place, sources, work, former)
            generations.write_shared(place, sources.shared)
            named = Record(
                generations.version(bundled),
                name,
                bundled,
                sources.origins,
                generations.sums(place, record.files if record else {}),
                generations.spare(place),
            )
            draft = join(self.path, _DRAFT)
            generations.write(draft, json.dumps(named.to_json(), indent=1))
            self._mark_whole(name)
        except BaseException:
            self._remove(name)
            with suppress(OSError):
                os.unlink(join(self.path, _DRAFT))
            raise
        os.replace(draft, join(self.path, _RECORD))
        with suppress(OSError):
            generations.sync(self.path)
            self._tidy(named)
        return done

    def _worked(
        self, place: str, sources: Sources, work: Work[T], former: str
    ) -> tuple[Sources, T]:
        store = rocksdb.writable(place, self.path)
        done = work(store, sources, place, former)
        store.flush()
        return done

    def _finish(self) -> None:
        """Make the first generation current if its writer was killed just before doing so.

        A draft of `store.json` that names no complete generation is removed.
        """
        record, draft = join(self.path, _RECORD), join(self.path, _DRAFT)
        if exists(record) or not exists(draft) or not self._known_id():
            return
        with suppress(OSError, ValueError):
            with open(draft, "rb") as file:
                named = Record.of(json.loads(file.read()))
            if named and not any(generations.damages(join(self.path, named.generation), named)):
                self._mark_whole(named.generation)
                os.replace(draft, record)
                return
        os.unlink(draft)

    def _mark_whole(self, name: str) -> None:
        with open(join(self.path, f"{name}.lock"), "w", encoding="ascii") as marker:
            marker.write(self._id() + _WHOLE)

    def _known_id(self) -> str | None:
        """Return the id in the file that writers lock, or "" if the file is empty.

        Returns None if the file is missing or has something other than an id.
        """
        with suppress(OSError):
            known = _start(join(self.path, _LOCK))
            return known if not known or _ID.fullmatch(known) else None
        return None

    def _id(self) -> str:
        """Return the id of the store; create an id if the store has none."""
        known = self._known_id()
        if known is None:
            message = f"its file {_LOCK!r} does not belong to a store"
            raise InputError(message, where=self.path, help="name an empty folder")
        if not known:
            known = os.urandom(16).hex()
            with open(join(self.path, _LOCK), "w", encoding="ascii") as file:
                file.write(known)
        return known

    def _own(self, *, whole: bool = False) -> list[str]:
        """List the generations with the store's id; with `whole`, only completely written ones."""
        mine = self._known_id()
        if not mine:
            return []
        marks = (mine + _WHOLE,) if whole else (mine, mine + _WHOLE)
        own = []
        for name in sorted(os.listdir(self.path)):
            if name.startswith(generations.PREFIX) and name.endswith(".lock"):
                with suppress(OSError):
                    if _start(join(self.path, name)) in marks:
                        own.append(name.removesuffix(".lock"))
        return own

    def _refuse_foreign(self) -> None:
        """Raise InputError if the folder has no store but other files."""
        if not isdir(self.path) or self:
            return
        ours = {_RECORD, _DRAFT, _LOCK} if self._known_id() is not None else set()
        for name in self._own():
            ours |= {name, f"{name}.lock"}
        for name in sorted(os.listdir(self.path)):
            if name not in ours:
                message = f"contains {name!r} but no store"
                raise InputError(message, where=self.path, help="name an empty folder")

    def _tidy(self, record: Record | None, *, warn: bool = False) -> None:
        """Remove generations that no process reads, except that of `record`.

        If `warn` is true, log a warning for each unfinished change.
        """
        whole = self._own(whole=True)
        for name in self._own():
            if record and name == record.generation:
                continue
            with suppress(OSError), Lock(join(self.path, f"{name}.lock"), shared=False):
                self._remove(name)
                if warn and name not in whole:
                    # The import takes longer than opening a store, and is seldom needed.
                    import logging

                    message = f"{self.path}: an unfinished change has been rolled back"
                    logging.getLogger("relations_kg").warning(message)

    def _remove(self, name: str) -> None:
        place = join(self.path, name)
        generations.remove(place)
        with suppress(OSError):
            os.unlink(f"{place}.lock")


def _start(path: str) -> str:
    """Return the beginning of a file, where the store's id is."""
    with open(path, "rb") as file:
        return file.read(64).decode("ascii", "replace")
