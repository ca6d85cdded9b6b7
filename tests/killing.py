"""Processes killed at random moments while they change a store or push to a server."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from typing import NamedTuple

from pyoxigraph import NamedNode

import relations_kg as rk
from relations_kg.rdf.namespaces import DATES, IDENTIFIERS, INFERRED, STATED

OPERATIONS = ("load", "add", "remove", "replace", "push")
SIZES = (5, 200, 1500)
_HEADER = (
    "@prefix rkg: <https://w3id.org/relations-kg/ontology#> .\n"
    "@prefix id: <https://w3id.org/relations-kg/id/> .\n"
)
_CALLS = {
    "load": "rk.load({one!r}, store={store!r})",
    "add": "rk.load(store={store!r}).add({two!r})",
    "remove": "rk.load(store={store!r}).remove({one!r})",
    "replace": "rk.load(store={store!r}).replace({one!r}, {two!r})",
    "push": "rk.load(only=[{one!r}]).push({url!r})",
}


class Trial(NamedTuple):
    """A process to be killed: its operation, its number of things, and when it is killed.

    `moment` is a fraction of the longest time, and `full` is whether its disk is full.
    """

    operation: str
    size: int
    moment: float
    full: bool


def trials(number: int, seed: int) -> Iterator[Trial]:
    """Yield trials of all operations and sizes, one in ten of them on a full disk."""
    chance = random.Random(seed)
    for index in range(number):
        operation = OPERATIONS[index % len(OPERATIONS)]
        size = SIZES[index // len(OPERATIONS) % len(SIZES)]
        # Each operation except push has its turn on a full disk.
        full = index % 10 == index // 10 % 4
        yield Trial(operation, size, chance.random(), full)


def run(trial: Trial, place: Path, url: str = "") -> None:
    """Kill a process; assert that the store is the old or the new one, and user files remain.

    After a push, assert instead that a further push succeeds.
    """
    place.mkdir()
    with mounted(place, "48m") if trial.full else nullcontext():
        _run(trial, place, url)


def _run(trial: Trial, place: Path, url: str) -> None:
    one, two = (_written(place / f"{n}.ttl", trial.size, n * trial.size // 2) for n in (0, 1))
    store = place / "store"
    own = store / "generation-of-1968" / "letter.txt"
    old: set[str] | None = None
    if trial.operation not in ("load", "push"):
        old = _contents(rk.load(one, store=store))
        own.parent.mkdir()
        own.write_text("mine", encoding="utf-8")
    call = _CALLS[trial.operation].format(one=str(one), two=str(two), store=str(store), url=url)
    files: dict[str, list[Path]] = {
        "load": [one],
        "add": [one, two],
        "remove": [],
        "replace": [two],
        "push": [],
    }
    new = _contents(rk.load(*files[trial.operation]))
    filler = place / "filler"
    if trial.full:
        _fill(filler)
    longest = 0.4 + trial.size / 1500
    _killed(call, trial.moment * longest)
    if trial.operation == "push":
        counts = rk.load(only=[one]).push(url)
        remote = rk.connect(f"{url}/query")
        assert counts == {graph: remote.count(graph) for graph in counts}
        return
    if old is not None:
        assert _contents(rk.load(store=store)) in (old, new)
        assert own.read_text(encoding="utf-8") == "mine"
    with suppress(FileNotFoundError):
        filler.unlink()
    if old is None or _contents(rk.load(store=store)) == old != new:
        exec(call, {"rk": rk})
    assert _contents(rk.load(store=store)) == new


def _written(path: Path, size: int, first: int) -> Path:
    """Write a file of `size` embassies with dates, numbered from `first`."""
    facts = "".join(
        f"id:mission-{n} a rkg:Embassy ; rkg:sendingParty id:state-{n % 9} ;\n"
        f'    rkg:when "19{n % 90 + 10}" .\n'
        for n in range(first, first + size)
    )
    path.write_text(_HEADER + facts, encoding="utf-8")
    return path


def _contents(graph: rk.Graph) -> set[str]:
    return {
        str(quad)
        for name in (STATED, DATES, INFERRED, IDENTIFIERS)
        for quad in graph.quad_store.quads_for_pattern(None, None, None, NamedNode(name))
    }


def _killed(call: str, delay: float) -> None:
    script = f"import relations_kg as rk; rk.load; print(flush=True); {call}"
    process = subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    assert process.stdout
    process.stdout.readline()
    time.sleep(delay)
    process.kill()
    process.communicate(timeout=60)


def _fill(path: Path) -> None:
    """Fill a disk until about 300 KiB are left."""
    with open(path, "wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(bytes(1 << 12))
    os.truncate(path, max(path.stat().st_size - (300 << 10), 0))


def can_mount() -> bool:
    """Return whether this process is root and has the command `mount`."""
    return not os.geteuid() and shutil.which("mount") is not None


@contextmanager
def mounted(place: Path, size: str) -> Iterator[None]:
    """Mount a file system in memory until the block ends."""
    command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "none", str(place)]
    subprocess.run(command, capture_output=True, check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)
