"""Print the figures of the stored queries, as ratios from one run.

Each is asked through the public API, of the engine itself and of rdflib, in the same words: once
for all there is and once for two states. What takes rdflib more than PATIENCE seconds is not
waited for, and not tried on a larger world.
"""

import argparse
import gc
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import geometric_mean, median
from typing import NamedTuple

from rdflib import Graph as Peer

import relations_kg as rk
from benchmarks.inference import seconds
from benchmarks.world import write
from relations_kg.namespaces import DATES, INFERRED, ONTOLOGY, PREFIXES, STATED
from relations_kg.publishing.export import to_rdflib

SIZES = (3_000, 100_000, 1_000_000)
RUNS, SLOW, PATIENCE = 15, 10.0, 120.0
ONE, OTHER = "id:state-s000", "id:state-s001"
GIVEN: dict[str, object] = {"on": "1990-01-01"}
BOUND: dict[str, object] = {
    **dict.fromkeys(("party", "sender", "visitor-of", "origin", "subject"), ONE),
    **dict.fromkeys(("counterpart", "receiver", "host"), OTHER),
}
PAIR = ("timeline", "two states")


class Question(NamedTuple):
    """Hold a stored query and what it is asked for."""

    name: str
    about: str
    parameters: dict[str, object]


class Figures(NamedTuple):
    """Hold median seconds, the least and most of ours, and rows; rdflib's where it ended."""

    own: float
    spread: tuple[float, float]
    raw: float
    peer: float | None
    rows: int


class Impatience(Exception):
    """Say that a peer took too long."""


def questions(kg: rk.Graph) -> Iterator[Question]:
    """Yield each stored query for all there is, and for two states where it can be."""
    for name, query in kg.queries.items():
        names = {parameter.name for parameter in query.parameters}
        needed = {p.name: GIVEN.get(p.name, ONE) for p in query.parameters if p.required}
        yield Question(name, "all", needed)
        if bound := {key: value for key, value in BOUND.items() if key in names - set(needed)}:
            yield Question(name, "two states", {**needed, **bound})


def peer_of(kg: rk.Graph) -> Peer:
    """Copy what a graph holds into one graph of rdflib's."""
    dataset, peer = to_rdflib(kg.store), Peer()
    for name in (STATED, DATES, INFERRED, ONTOLOGY):
        peer += dataset.graph(name)
    for prefix, namespace in PREFIXES.items():
        peer.bind(prefix, namespace)
    return peer


@contextmanager
def patience(limit: float) -> Iterator[None]:
    """Raise Impatience in what takes too long, which must be Python."""

    def end(*_: object) -> None:
        raise Impatience

    signal.signal(signal.SIGALRM, end)
    signal.setitimer(signal.ITIMER_REAL, limit)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def measured(
    kg: rk.Graph, peer: Peer | None, question: Question, limit: float = PATIENCE
) -> Figures:
    """Ask a question of ours, of the engine and of the peer, in turn."""
    name, _, parameters = question
    text = kg.queries[name].bind(parameters, kg.names)

    def raw() -> None:
        list(kg.store.query(text, prefixes=PREFIXES, use_default_graph_as_union=True))  # type: ignore[arg-type]

    def theirs() -> None:
        assert peer is not None
        list(peer.query(text))

    ways: dict[str, Callable[[], object]] = {"own": lambda: kg.run(name, **parameters), "raw": raw}
    times: dict[str, list[float]] = {way: [] for way in (*ways, "peer")}
    waiting = peer is not None
    for _ in range(RUNS):
        if waiting:
            try:
                with patience(limit):
                    times["peer"].append(seconds(theirs))
                waiting = sum(times["peer"]) < SLOW
            except Impatience:
                waiting = False
        raw()  # what comes after the peer would find the caches full of the peer's
        ways = dict(reversed(ways.items()))
        for way, work in ways.items():
            times[way].append(seconds(work))
    own, peers = times["own"], times["peer"]
    return Figures(
        median(own),
        (min(own), max(own)),
        median(times["raw"]),
        median(peers) if peers else None,
        len(kg.run(name, **parameters)),
    )


def main() -> None:
    """Run everything and print a line per question."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", nargs="*", type=int, default=SIZES)
    parser.add_argument("--patience", type=float, default=PATIENCE)
    arguments = parser.parse_args()
    beyond: set[tuple[str, str]] = set()
    pairs: dict[int, float] = {}
    for size in arguments.sizes:
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder, "world.nt")
            write(size, file)
            kg = rk.load(only=file)
        peer = peer_of(kg)
        gc.collect()
        gc.freeze()
        print(f"{size:,} triples: ours, raw engine, rdflib in ms")
        figures: list[Figures] = []
        for question in questions(kg):
            key = question[:2]
            told = measured(kg, None if key in beyond else peer, question, arguments.patience)
            figures.append(told)
            if told.peer is None:
                beyond.add(key)
            if key == PAIR:
                pairs[size] = told.own
            theirs = f"{told.peer * 1e3:10.2f}" if told.peer else f"> {arguments.patience:.0f} s"
            ratio = f"{told.peer / told.own:8.1f} ×" if told.peer else ""
            print(
                f"  {question.name:<25} {question.about:<10} {told.rows:6} {told.own * 1e3:9.2f}"
                f" ({told.spread[0] * 1e3:.2f} to {told.spread[1] * 1e3:.2f})"
                f" {told.raw * 1e3:9.2f} {theirs:>12} {ratio}",
                flush=True,
            )
        known = [one.peer / one.own for one in figures if one.peer]
        overheads = [one.own / one.raw for one in figures]
        print(
            f"  rdflib / ours: geometric mean {geometric_mean(known):.1f}, least {min(known):.1f}"
        )
        print(
            f"  ours / engine: geometric mean {geometric_mean(overheads):.2f},"
            f" most {max(overheads):.2f}"
        )
        gc.unfreeze()
    print({size: round(pair / pairs[min(pairs)], 2) for size, pair in pairs.items()})


if __name__ == "__main__":
    sys.exit(main())
