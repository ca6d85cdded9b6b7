"""Print the figures of the stored queries, as ratios from one run.

Each is asked through the public API, of the engine itself, of rdflib and, where it is installed,
of oxrdflib, in the same words: once for all there is and once for two states. What takes rdflib
more than PATIENCE seconds is not waited for, is not tried on a larger world, and counts as that.
"""

import argparse
import gc
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from statistics import geometric_mean, median
from typing import NamedTuple

from rdflib import Graph as Peer

import relations_kg as rk
from benchmarks.inference import seconds
from benchmarks.world import write
from relations_kg.rdf.conversion import to_rdflib
from relations_kg.rdf.namespaces import DATES, INFERRED, ONTOLOGY, PREFIXES, STATED

SIZES = (3_000, 100_000, 1_000_000)
RUNS, SLOW, PATIENCE = 9, 3.0, 5.0
GIVEN: dict[str, object] = {"on": "1990-01-01"}
ONES, OTHERS = ("party", "sender", "origin", "subject"), ("counterpart", "receiver", "host")
PAIR = ("timeline", "two states")


class Question(NamedTuple):
    """Hold a stored query and what it is asked for."""

    name: str
    about: str
    parameters: dict[str, object]


class Figures(NamedTuple):
    """Hold median seconds, the least and most of ours, and rows; of peers where they ended."""

    own: float
    spread: tuple[float, float]
    raw: float
    rdflib: float | None
    oxrdflib: float | None
    rows: int


class Impatience(Exception):
    """Say that a peer took too long."""


def two_states(kg: rk.Graph) -> tuple[str, str]:
    """Name two states that have relations, in each world."""
    rows = kg.query(
        "SELECT ?one ?other { ?r a rkg:BilateralRelationship ; rkg:firstParty ?one ; "
        "rkg:secondParty ?other } ORDER BY ?r LIMIT 1"
    )
    assert isinstance(rows, rk.Rows)
    return str(rows[0].one), str(rows[0].other)


def questions(kg: rk.Graph) -> Iterator[Question]:
    """Yield each stored query for all there is, and for two states where it can be."""
    one, other = two_states(kg)
    bound = {**dict.fromkeys(ONES, one), **dict.fromkeys(OTHERS, other)}
    for name, query in kg.queries.items():
        names = {parameter.name for parameter in query.parameters}
        needed = {p.name: GIVEN.get(p.name, one) for p in query.parameters if p.required}
        yield Question(name, "all", needed)
        if given := {key: value for key, value in bound.items() if key in names - set(needed)}:
            yield Question(name, "two states", {**needed, **given})


def peers_of(kg: rk.Graph) -> dict[str, Peer]:
    """Copy what a graph holds into one graph of each peer."""
    dataset, peers = to_rdflib(kg.store), {"rdflib": Peer()}
    if find_spec("oxrdflib"):
        peers["oxrdflib"] = Peer("Oxigraph")
    for peer in peers.values():
        for name in (STATED, DATES, INFERRED, ONTOLOGY):
            peer.addN((*fact, peer) for fact in dataset.graph(name))
        for prefix, namespace in PREFIXES.items():
            peer.bind(prefix, namespace)
    return peers


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
    kg: rk.Graph, peers: dict[str, Peer], question: Question, limit: float = PATIENCE
) -> Figures:
    """Ask a question of ours, of the engine and of the peers, in turn."""
    name, _, parameters = question
    text = kg.queries[name].bind(parameters, kg.names)

    def raw() -> None:
        list(kg.store.query(text, prefixes=PREFIXES, use_default_graph_as_union=True))  # type: ignore[arg-type]

    ways: dict[str, Callable[[], object]] = {"own": lambda: kg.run(name, **parameters), "raw": raw}
    times: dict[str, list[float]] = {way: [] for way in (*ways, "rdflib", "oxrdflib")}
    waiting = dict(peers)
    for _ in range(RUNS):
        for peer, graph in list(waiting.items()):
            try:
                with patience(limit):
                    times[peer].append(seconds(lambda: list(graph.query(text))))  # noqa: B023
                if sum(times[peer]) > SLOW:
                    del waiting[peer]
            except Impatience:
                del waiting[peer]
        ways = dict(reversed(ways.items()))
        for work in ways.values():
            work()  # what comes after a peer would find the caches full of the peer's
        for way, work in ways.items():
            times[way].append(seconds(work))
    own, rdflib, oxrdflib = times["own"], times["rdflib"], times["oxrdflib"]
    return Figures(
        median(own),
        (min(own), max(own)),
        median(times["raw"]),
        median(rdflib) if rdflib else None,
        median(oxrdflib) if oxrdflib else None,
        len(kg.run(name, **parameters)),
    )


def line(question: Question, told: Figures, limit: float) -> str:
    """Write what a question took."""
    theirs = f"{told.rdflib * 1e3:10.2f}" if told.rdflib else f"> {limit:.0f} s"
    ratio = f"{told.rdflib / told.own:8.1f} ×" if told.rdflib else ""
    return (
        f"  {question.name:<25} {question.about:<10} {told.rows:6} {told.own * 1e3:9.2f}"
        f" ({told.spread[0] * 1e3:.2f} to {told.spread[1] * 1e3:.2f})"
        f" {told.raw * 1e3:9.2f} {theirs:>12} {ratio}"
    )


def summary(figures: list[Figures], limit: float) -> str:
    """Write what all questions of one world took together."""
    known = [(one.rdflib or limit) / one.own for one in figures]
    beside = [one.oxrdflib / one.own for one in figures if one.oxrdflib]
    overheads = [one.own / one.raw for one in figures]
    text = f"  rdflib / ours: geometric mean {geometric_mean(known):.1f}, least {min(known):.1f}\n"
    if beside:
        mean = geometric_mean(beside)
        text += f"  oxrdflib / ours: geometric mean {mean:.1f}, least {min(beside):.1f}\n"
    mean = geometric_mean(overheads)
    return text + f"  ours / engine: geometric mean {mean:.2f}, most {max(overheads):.2f}"


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
        peers = peers_of(kg)
        gc.collect()
        gc.freeze()
        print(f"{size:,} triples: ours, raw engine, rdflib in ms")
        figures: list[Figures] = []
        for question in questions(kg):
            key = question[:2]
            asked = {n: p for n, p in peers.items() if n != "rdflib" or key not in beyond}
            told = measured(kg, asked, question, arguments.patience)
            figures.append(told)
            if told.rdflib is None:
                beyond.add(key)
            if key == PAIR:
                pairs[size] = told.own
            print(line(question, told, arguments.patience), flush=True)
        print(summary(figures, arguments.patience), flush=True)
        gc.unfreeze()
    for size, pair in pairs.items():
        least = pairs[min(pairs)]
        print(f"a pair's timeline at {size:,}: {pair * 1e3:.2f} ms, {pair / least:.2f} ×")


if __name__ == "__main__":
    sys.exit(main())
