"""A progress indicator for long work, on a terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

from relations_kg.cli import terminal

_DELAY = 1.0  # the seconds of work before the indicator is shown


@contextmanager
def shown(what: str) -> Iterator[None]:
    """Show a progress indicator on a terminal while the block runs, after the first second."""
    if sys.stderr is None or not sys.stderr.isatty():
        yield
        return
    done = Event()
    watcher = Thread(target=_show, args=(what, done), daemon=True)
    watcher.start()
    try:
        yield
    finally:
        done.set()
        watcher.join()


def _show(what: str, done: Event) -> None:
    if not done.wait(_DELAY):
        terminal.show_progress(what, done)
