"""Stores on disk: a folder in which a graph stays, closure included.

A folder holds generations. The one that `store.json` names is never written again, so that any
number of processes can read it; a change is made in a copy, whose data files are hard links, and
counts from the moment at which `store.json` names it. Whatever is killed in between leaves an
unnamed generation, which the next writer removes.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Callable
from contextlib import suppress
from hashlib import sha256
from os.path import basename, exists, isdir, join
from typing import Any, NamedTuple, TypeVar

from pyoxigraph import Store

from relations_kg._files import content, folder
from relations_kg.errors import InputError

T = TypeVar("T")

_NAMES, _LOCK = "store.json", "lock"
_GENERATION = "generation-"
_FORMAT = 1


class Lock:
    """Lock a file until this is closed or gone; raise BlockingIOError where that cannot be."""

    def __init__(self, path: str, *, shared: bool) -> None:
        import fcntl

        self._file = -1
        self._file = os.open(path, os.O_CREAT | os.O_RDWR, 0o644)
        try:
            fcntl.flock(self._file, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Let others have it."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1

    def __enter__(self) -> None:
        pass

    def __exit__(self, *_: object) -> None:
        self.close()

    def __del__(self) -> None:
        self.close()


class Origin(NamedTuple):
    """Say which file of facts went into a store, and which bytes it had."""

    name: str
    sha256: str

    @classmethod
    def of(cls, name: str, content: bytes) -> Origin:
        """Name a file by its bytes too."""
        return cls(name, sha256(content).hexdigest())


class Opened(NamedTuple):
    """Hold a generation that is open for reading, and may not be removed for as long."""

    store: Store
    origins: tuple[Origin, ...]
    lock: Lock


class Folder:
    """Keep a store in a folder, for many readers and one writer at a time."""

    def __init__(self, path: str) -> None:
        self.path = path

    def __bool__(self) -> bool:
        return exists(join(self.path, _NAMES))

    def read(self) -> Opened:
        """Open the store for reading; raise InputError for what is none of ours."""
        while True:
            known = self._names()
            generation = join(self.path, known["generation"])
            try:
                lock = Lock(generation + ".lock", shared=True)
                store = Store.read_only(generation)
            except (OSError, RuntimeError) as error:
                # A writer may have put another in its place in between.
                if self._names() == known:
                    raise InputError(
                        f"cannot be read as a store: {error}",
                        where=self.path,
                        help="remove the folder and load the facts into it again",
                    ) from None
                continue
            return Opened(store, tuple(Origin(*each) for each in known["facts"]), lock)

    def write(self, origins: tuple[Origin, ...], work: Callable[[Store], T]) -> T:
        """Let some work write on top of what is there; that counts if it raises no error.

        The store is open for as long as the work goes on. Raises InputError if another process
        is writing, or if the folder holds something else.
        """
        try:
            os.makedirs(self.path, exist_ok=True)
            lock = Lock(join(self.path, _LOCK), shared=False)
        except BlockingIOError:
            raise InputError(
                "another process is writing into this store", where=self.path, help="try again"
            ) from None
        except OSError as error:
            raise InputError(
                f"cannot be written: {error.strerror or error}", where=self.path
            ) from None
        with lock:
            known = self._names() if self else None
            if known is None and (foreign := self._foreign()):
                raise InputError(
                    f"holds {foreign!r} and no store", where=self.path, help="name an empty folder"
                )
            self._tidy(known)
            place = tempfile.mkdtemp(prefix=_GENERATION, dir=self.path)
            try:
                if known:
                    _copy(join(self.path, known["generation"]), place)
                done = _written(place, work)
            except BaseException:
                shutil.rmtree(place, ignore_errors=True)
                raise
            self._name(basename(place), origins)
            self._tidy(self._names(), told=False)
            return done

    def _name(self, generation: str, origins: tuple[Origin, ...]) -> None:
        """Make a generation the one that counts, at once and for good."""
        known = {
            "format": _FORMAT,
            "generation": generation,
            "ontology": _ontology(),
            "facts": [list(origin) for origin in origins],
        }
        draft = join(self.path, _NAMES + ".new")
        with open(draft, "w", encoding="utf-8") as file:
            json.dump(known, file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, join(self.path, _NAMES))
        # Whoever finds a generation without it knows that it was never finished.
        Lock(join(self.path, generation + ".lock"), shared=True).close()

    def _names(self) -> dict[str, Any]:
        where = join(self.path, _NAMES)
        try:
            known: dict[str, Any] = json.loads(content(where))
            same = known["format"] == _FORMAT and known["ontology"] == _ontology()
        except (OSError, ValueError, TypeError, KeyError):
            help = "name a folder that was made with --store"
            raise InputError("there is no store in it", where=self.path, help=help) from None
        if not same:
            raise InputError(
                "was made with another version of the ontology",
                where=self.path,
                help="remove the folder and load the facts into it again",
            )
        return known

    def _foreign(self) -> str | None:
        """Return the name of something in the folder that is not ours."""
        ours = (_NAMES, _NAMES + ".new", _LOCK)
        for name in sorted(os.listdir(self.path)):
            if name not in ours and not name.startswith(_GENERATION):
                return name
        return None

    def _tidy(self, known: dict[str, Any] | None, *, told: bool = True) -> None:
        """Remove generations that nobody reads; tell of those that were never finished."""
        for name in sorted(os.listdir(self.path)):
            place = join(self.path, name)
            if not isdir(place) or (known and name == known["generation"]):
                continue
            finished = exists(place + ".lock")
            with suppress(OSError), Lock(place + ".lock", shared=False):
                shutil.rmtree(place)
                os.unlink(place + ".lock")
                if told and not finished:
                    _tell(f"{self.path}: a change that was not finished has been taken back")


def _written(place: str, work: Callable[[Store], T]) -> T:
    store = Store(place)
    done = work(store)
    store.flush()
    return done


def _copy(known: str, place: str) -> None:
    """Copy a generation; its data files, which are never changed, by hard links."""
    for name in os.listdir(known):
        copied = os.link if name.endswith(".sst") else shutil.copyfile
        if name != "LOCK":
            copied(join(known, name), join(place, name))


def _ontology() -> str:
    """Return what tells one state of the ontology and its rules from another."""
    place = folder("ontology")
    names = ("relations.ttl", "codelists.ttl", "time.n3")
    return sha256(b"".join(content(place, name) for name in names)).hexdigest()


def _tell(message: str) -> None:
    import logging

    logging.getLogger("relations_kg").warning(message)
