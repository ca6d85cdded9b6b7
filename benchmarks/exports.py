"""The benchmark of exports, compared with rdflib.

Each library exports the same loaded facts to bytes, ours from a store and rdflib from its graph.
Our exports give equal bytes for equal facts; for this, rdflib has to canonicalise the graph, write
N-Quads and sort the lines.
"""

import gc
import tempfile
import warnings
from collections.abc import Callable
from pathlib import Path
from statistics import median

from rdflib import Dataset, Graph, URIRef
from rdflib.compare import to_canonical_graph

import relations_kg as rk
from benchmarks.inference import seconds
from benchmarks.world import World
from relations_kg.rdf.conversion import to_rdflib
from relations_kg.rdf.namespaces import PREFIXES, STATED

RUNS, THEIR_RUNS = 15, 3


def both(name: str, ours: Callable[[], object], theirs: Callable[[], object]) -> None:
    """Time our function and rdflib's in turn, and print the ratio of the medians."""
    times: tuple[list[float], list[float]] = [], []
    for run in range(RUNS):
        times[0].append(seconds(ours))
        if run < THEIR_RUNS:
            times[1].append(seconds(theirs))
    own, other = map(median, times)
    print(f"  {name:<19} {own * 1e3:9.1f} ms, rdflib {other * 1e3:9.1f} ms: {other / own:.1f} ×")


def lines(dataset: Dataset) -> bytes:
    """Return rdflib's N-Quads with sorted lines."""
    content = dataset.serialize(format="nquads", encoding="utf-8")
    return b"".join(sorted(content.splitlines(keepends=True)))


def canonical(graph: Graph) -> bytes:
    """Return rdflib's N-Quads of a canonicalised graph, with sorted lines."""
    dataset = Dataset()
    named = dataset.graph(graph.identifier)
    for triple in to_canonical_graph(graph):
        named.add(triple)
    return lines(dataset)


def main() -> None:
    """Run the benchmark, and print a line for each format."""
    warnings.simplefilter("ignore", DeprecationWarning)
    with tempfile.TemporaryDirectory() as folder:
        world = Path(folder, "world.nt")
        world.write_text(World(100_000).ntriples(), encoding="utf-8")
        kg = rk.load(only=[world])
    copy = to_rdflib(kg.store)
    dataset = Dataset()
    graph = dataset.graph(URIRef(STATED))
    for triple in copy.graph(URIRef(STATED)):
        graph.add(triple)
    for prefix, namespace in PREFIXES.items():
        graph.bind(prefix, namespace)
    del copy
    gc.collect()
    gc.freeze()
    print(f"exports of {len(graph):,} triples")
    for name, theirs in (("turtle", "turtle"), ("jsonld", "json-ld"), ("ntriples", "nt")):
        both(
            name,
            lambda: kg.export(format=name),  # noqa: B023
            lambda: graph.serialize(format=theirs, encoding="utf-8"),  # noqa: B023
        )
    both(
        "trig",
        lambda: kg.export(format="trig"),
        lambda: dataset.serialize(format="trig", encoding="utf-8"),
    )
    both("nquads", lambda: kg.export(format="nquads"), lambda: lines(dataset))
    both("nquads, canonical", lambda: kg.export(format="nquads"), lambda: canonical(graph))


if __name__ == "__main__":
    main()
