"""Opening of stores on disk by the engine.

RocksDB starts its background threads when a process opens its first store, and they do not survive
a fork. A forked process can still read, but a write would wait for these threads for ever.
"""

from __future__ import annotations

import os

from pyoxigraph import Store

from relations_kg.errors import InputError

# The ID of the process that opened the first store, if there is one.
_first: list[int] = []


def read_only(path: str) -> Store:
    """Open a store for reading."""
    _note()
    return Store.read_only(path)


def writable(path: str, where: str) -> Store:
    """Open a store for writing; raise InputError if this process cannot write."""
    if not can_write():
        message = "cannot be written by a forked process, since its parent has opened a store"
        raise InputError(message, where=where, help='start the process with the method "spawn"')
    _note()
    return Store(path)


def can_write() -> bool:
    """Return whether this process can write stores.

    >>> can_write()
    True
    """
    return not _first or _first[0] == os.getpid()


def _note() -> None:
    if not _first:
        _first.append(os.getpid())
