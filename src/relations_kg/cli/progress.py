"""Work that takes long, shown at a terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from threading import Event

_PATIENCE = 1.0


@contextmanager
def shown(what: str) -> Iterator[None]:
    """Show at a terminal that work goes on, once it has taken more than a second."""
    if sys.stderr is None or not sys.stderr.isatty():
        yield
        return
    # A short command should not pay for this either.
    from threading import Event, Thread

    done = Event()
    watcher = Thread(target=_show, args=(what, done), daemon=True)
    watcher.start()
    try:
        yield
    finally:
        done.set()
        watcher.join()


def _show(what: str, done: Event) -> None:
    if done.wait(_PATIENCE):
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        progress.add_task(what, total=None)
        done.wait()
