"""The benchmark of the stored queries, compared with the engine alone, rdflib and oxrdflib.

Each query is timed without optional values and, if optional parameters take parties, for two
states. The same text is evaluated through the public API, by the engine, by rdflib and, if it is
installed, by oxrdflib. A query that takes rdflib more than PATIENCE seconds is stopped, counts as
PATIENCE, and is not run with rdflib on a larger world.
"""

import argparse
import gc
import signal
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
DAY = "1990-01-01"
ONES = ("party", "sender", "origin", "subject")
OTHERS = ("counterpart", "receiver", "host", "other")


class Question(NamedTuple):
    """A stored query with the values of its parameters, which `about` describes."""

    name: str
    about: str
    parameters: dict[str, object]


class Figures(NamedTuple):
    """The median seconds of each way, our range, and the number of rows.

    The seconds of a library are None if its first run was stopped or it was not run.
    """

    own: float
    spread: tuple[float, float]
    raw: float
    rdflib: float | None
    oxrdflib: float | None
    rows: int


class Impatience(Exception):
    """Raised if a query takes another library too long."""


def two_states(kg: rk.Graph) -> tuple[str, str]:
    """Return two states that have relations."""
    rows = kg.query(
        "SELECT ?one ?other { ?r a rkg:BilateralRelationship ; rkg:firstParty ?one ; "
        "rkg:secondParty ?other } ORDER BY ?r LIMIT 1"
    )
    assert isinstance(rows, rk.Rows)
    return str(rows[0].one), str(rows[0].other)


def questions(kg: rk.Graph) -> Iterator[Question]:
    """Yield each stored query without optional values and, if possible, for two states."""
    one, other = two_states(kg)
    rows = kg.query("SELECT ?event { ?event a rkg:Visit } ORDER BY ?event LIMIT 1")
    assert isinstance(rows, rk.Rows)
    values: dict[str, object] = {"date": DAY, "event": str(rows[0].event)}
    bound = {**dict.fromkeys(ONES, one), **dict.fromkeys(OTHERS, other)}
    for name, query in kg.queries.items():
        names = {parameter.name for parameter in query.parameters}
        needed = {
            p.name: values.get(p.type.split("|")[0], one) for p in query.parameters if p.required
        }
        yield Question(name, "all", needed)
        if given := {key: value for key, value in bound.items() if key in names - set(needed)}:
            yield Question(name, "two states", {**needed, **given})


def peers_of(kg: rk.Graph) -> dict[str, Peer]:
    """Return a copy of a graph for each installed library that is compared."""
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
    """Raise Impatience if Python code in the block takes longer than `limit` seconds."""

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
    """Run a query several times through our API, by the engine and by the other libraries."""
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
            work()  # This run is not timed, since another library has filled the caches.
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


def line(question: Question, result: Figures, limit: float) -> str:
    """Return the line about one query."""
    theirs = f"{result.rdflib * 1e3:10.2f}" if result.rdflib else f"> {limit:.0f} s"
    ratio = f"{result.rdflib / result.own:8.1f} ×" if result.rdflib else ""
    return (
        f"  {question.name:<25} {question.about:<10} {result.rows:6} {result.own * 1e3:9.2f}"
        f" ({result.spread[0] * 1e3:.2f} to {result.spread[1] * 1e3:.2f})"
        f" {result.raw * 1e3:9.2f} {theirs:>12} {ratio}"
    )


def summary(figures: list[Figures], limit: float) -> str:
    """Return the lines that summarise all queries on one world."""
    known = [(one.rdflib or limit) / one.own for one in figures]
    beside = [one.oxrdflib / one.own for one in figures if one.oxrdflib]
    overheads = [one.own / one.raw for one in figures]
    text = f"  rdflib / ours: geometric mean {geometric_mean(known):.1f}, least {min(known):.1f}\n"
    if beside:
        mean = geometric_mean(beside)
        text += f"  oxrdflib / ours: geometric mean {mean:.1f}, least {min(beside):.1f}\n"
    mean = geometric_mean(overheads)
    return text + f"  ours / engine: geometric mean {mean:.2f}, most {max(overheads):.2f}"


def growth(figures: dict[str, list[float]]) -> Iterator[str]:
    """Yield a summary and a line for each query about two states, given its seconds by world."""
    ratios = {name: times[-1] / times[0] for name, times in figures.items()}
    yield (
        f"growth of {len(ratios)} queries about two states from the smallest to the largest world: "
        f"geometric mean {geometric_mean(ratios.values()):.1f} ×, "
        f"{sum(ratio <= 3 for ratio in ratios.values())} at most 3 ×"
    )
    for name in sorted(ratios, key=ratios.__getitem__, reverse=True):
        times = " ".join(f"{taken * 1e3:9.2f}" for taken in figures[name])
        yield f"  {name:<25} {times} ms {ratios[name]:8.1f} ×"


def main() -> None:
    """Run the benchmark, and print a line for each query."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", nargs="*", type=int, default=SIZES)
    parser.add_argument("--patience", type=float, default=PATIENCE)
    arguments = parser.parse_args()
    beyond: set[tuple[str, str]] = set()
    pairs: dict[str, list[float]] = {}
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
            result = measured(kg, asked, question, arguments.patience)
            figures.append(result)
            if result.rdflib is None:
                beyond.add(key)
            if question.about == "two states":
                pairs.setdefault(question.name, []).append(result.own)
            print(line(question, result, arguments.patience), flush=True)
        print(summary(figures, arguments.patience), flush=True)
        gc.unfreeze()
    for text in growth(pairs):
        print(text)


if __name__ == "__main__":
    main()
