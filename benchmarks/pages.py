"""The benchmark of web pages, on the bundled graph and on a generated world.

Each page is written by a new renderer, so that only templates and the graph's index are cached.
Times are processor times; the limits are 60 ms on the bundled graph and 150 ms on the world.
"""

import gc
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import relations_kg as rk
from benchmarks import world
from relations_kg.web import day_pages, thing_pages, timeline_pages
from relations_kg.web.addresses import Addresses, name_of
from relations_kg.web.index import Index
from relations_kg.web.rendering import Renderer

RUNS, TRIPLES = 9, 1_000_000
DAY = "1971-11-02"


def pages(index: Index, state: str) -> dict[str, Callable[[Renderer], str]]:
    """Return a function for each kind of page that shows many facts, which writes one."""
    first = name_of(index.relationships[0].iri)
    return {
        "home": thing_pages.overview,
        "relationship": lambda renderer: thing_pages.thing(renderer, first),
        "state": lambda renderer: thing_pages.thing(renderer, state),
        "timeline": lambda renderer: timeline_pages.relationship(renderer, first),
        "map": lambda renderer: thing_pages.map_page(renderer, first),
        "day": lambda renderer: day_pages.day(renderer, DAY),
    }


def measure(graph: rk.Graph, state: str) -> None:
    """Print the median time of each page; the first run, which fills the index, is left out."""
    # The server, too, exempts the objects of the loaded graph from garbage collection.
    gc.collect()
    gc.freeze()
    index = Index(graph)
    times: dict[str, list[float]] = {}
    for run in range(RUNS + 1):
        for name, write in pages(index, state).items():
            renderer = Renderer(graph, Addresses(), index)
            for template in renderer.environment.list_templates():
                renderer.environment.get_template(template)
            start = time.process_time()
            write(renderer)
            if run:
                times.setdefault(name, []).append(time.process_time() - start)
    for name, taken in times.items():
        print(f"  {name:<14} {median(taken) * 1e3:7.1f} ms (up to {max(taken) * 1e3:.1f})")


def main() -> None:
    """Measure the bundled graph, then a synthetic graph of a given number of triples."""
    triples = int(sys.argv[1]) if len(sys.argv) > 1 else TRIPLES
    print(f"processor time, medians of {RUNS} interleaved runs")
    print("the bundled graph")
    measure(rk.load(), "peru")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "world.nt")
        world.write(triples, file)
        print(f"a synthetic graph of {triples:,} triples")
        measure(rk.load(only=[file]), "state-s000")


if __name__ == "__main__":
    main()
