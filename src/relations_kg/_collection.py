"""Pauses of Python's garbage collection."""

from __future__ import annotations

import gc
from contextlib import contextmanager

from relations_kg._lazy import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def paused() -> Iterator[None]:
    """Pause the garbage collection, which would traverse many new objects repeatedly.

    >>> with paused():
    ...     gc.isenabled()
    False
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            # All objects are moved to the oldest generation, or the next collection, of the
            # youngest, would traverse every one of the new objects.
            if not gc.get_freeze_count():
                gc.freeze()
                gc.unfreeze()
            gc.enable()
