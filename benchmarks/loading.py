"""The benchmark of loading: seconds and peak memory, compared with rdflib and oxrdflib.

Each load runs in a process of its own. Our load includes the inferred triples; rdflib's does not.
oxrdflib is measured if it is installed. With a number of triples as argument, only this project
loads a synthetic graph of that size, and then a query, searches and validations of twenty facts are
timed.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from functools import partial
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from statistics import median

from benchmarks.__main__ import installed
from benchmarks.__main__ import seconds as lasting
from benchmarks.inference import seconds
from benchmarks.queries import two_states
from benchmarks.validation import twenty_facts
from benchmarks.world import World

SIZE, RUNS, ASKED, ANSWERED = 1_000_000, 3, 400, 15
QUESTION = ("representation", "id:state-s000")


def written(triples: int, folder: Path) -> list[str]:
    """Write a synthetic graph to files of at most about 512 MiB, and return their paths."""
    parts = World(triples).parts()
    files: list[str] = []
    while first := list(islice(parts, 1)):
        path = folder / f"world-{len(files)}.nt"
        with open(path, "w", encoding="utf-8") as file:
            file.writelines(first)
            size = 0
            for text in parts:
                size += file.write(text)
                if size > 1 << 29:
                    break
        files.append(str(path))
    return files


def ours(files: list[str]) -> object:
    """Load files with their inferred triples."""
    import relations_kg as rk

    return rk.load(only=files)


def rdflib(files: list[str], store: str = "default") -> object:
    """Parse files with rdflib, without inference."""
    from rdflib import Graph

    graph = Graph(store)
    for file in files:
        graph.parse(file, format="nt")
    return graph


def all_of_it(files: list[str]) -> object:
    """Load files, query, search and validate; return the seconds of each step."""
    import relations_kg as rk

    start = time.perf_counter()
    kg = rk.load(only=files)
    steps = {"load and infer": time.perf_counter() - start}
    with tempfile.TemporaryDirectory() as folder:
        new = Path(folder, "new.ttl")
        new.write_text(twenty_facts(kg), encoding="utf-8")
        steps["one answer"] = seconds(lambda: kg.run(QUESTION[0], party=QUESTION[1]))
        for name in ("index and one search", "50 found by words"):
            steps[name] = seconds(lambda: kg.search("state s000"))
        for name in ("20 facts validated", "the same again"):
            steps[name] = seconds(lambda: kg.validate(new))
    return steps


WAYS: dict[str, Callable[[list[str]], object]] = {
    "ours, inferred": ours,
    "rdflib": rdflib,
    "oxrdflib": partial(rdflib, store="Oxigraph"),
    "all of it": all_of_it,
}


def child(way: str, files: list[str]) -> None:
    """Load files in this process in one way, and print its time, memory and steps as JSON."""
    start = time.perf_counter()
    result = WAYS[way](files)
    taken = time.perf_counter() - start
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    steps = result if isinstance(result, dict) else {}
    print(json.dumps({"seconds": taken, "memory": memory, "steps": steps}))


def run(way: str, files: list[str]) -> dict[str, float]:
    """Return the time, memory and steps of one load in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.loading", "--way", way, *files]
    measured: dict[str, float] = json.loads(subprocess.check_output(command))
    return measured


def answers(place: str, times: int) -> None:
    """Answer a query repeatedly from a store on disk, as one of several readers."""
    import relations_kg as rk

    kg = rk.load(store=place)
    for _ in range(times):
        kg.run(QUESTION[0], party=QUESTION[1])


def throughput(pool: Executor, work: Callable[[int], object], workers: int) -> float:
    """Return how many queries this many workers answer in a second."""
    # The first query of each worker starts it and opens its store.
    list(pool.map(work, [1] * workers))
    start = time.perf_counter()
    list(pool.map(work, [ASKED] * workers))
    return workers * ASKED / (time.perf_counter() - start)


def readers(files: list[str], folder: Path) -> None:
    """Print the throughput of two threads, and of two processes, as a ratio to that of one."""
    import relations_kg as rk

    kg = rk.load(only=files)
    place = str(folder / "store")
    rk.load(only=files, store=place)

    def asked(times: int) -> None:
        for _ in range(times):
            kg.run(QUESTION[0], party=QUESTION[1])

    for name, executor, work in (
        ("threads", ThreadPoolExecutor, asked),
        ("processes on one store", ProcessPoolExecutor, partial(answers, place)),
    ):
        ratios = []
        for _ in range(RUNS):
            with executor(1) as one, executor(2) as two:
                alone = throughput(one, work, 1)
                ratios.append(throughput(two, work, 2) / alone)
        print(f"  two {name}: {median(ratios):.2f} × the answers of one")


def opened(files: list[str], folder: Path) -> None:
    """Print the time of one query of a store on disk, each time in a new process."""
    import relations_kg as rk

    place = folder / "large"
    kg = rk.load(only=files, store=place)
    one, other = two_states(kg)
    binaries = installed(folder / "venv")
    words: list[str | Path] = [
        "query",
        "mission-history",
        "--sender",
        one,
        "--receiver",
        other,
        "--store",
        place,
    ]
    times: tuple[list[float], list[float]] = [], []
    for _ in range(ANSWERED):
        times[0].append(lasting([binaries / "relations-kg", *words], folder / "output"))
        times[1].append(lasting([binaries / "python", "-c", "pass"], folder / "output"))
    own, base = map(median, times)
    print(f"  two states' missions from disk, cold: {own * 1e3:.0f} ms", end="")
    print(f", {own / base:.1f} × python -c pass")


def main() -> None:
    """Run the benchmark, and print a line for each figure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("triples", nargs="?", type=int)
    parser.add_argument("--way", nargs="+")
    arguments = parser.parse_args()
    if arguments.way:
        child(arguments.way[0], arguments.way[1:])
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = written(arguments.triples or SIZE, folder)
        print(f"{arguments.triples or SIZE:,} triples")
        if arguments.triples:
            figures = run("all of it", files)
            print(f"  all of it: at most {figures['memory'] / 2**30:.1f} GiB")
            for step, taken in figures["steps"].items():  # type: ignore[attr-defined]
                print(f"  {step:<20} {taken:8.2f} s")
            return
        medians: dict[str, tuple[float, float]] = {}
        ways = [way for way in WAYS if way != "all of it"]
        if find_spec("oxrdflib") is None:
            ways.remove("oxrdflib")
            print("  oxrdflib is not installed here")
        runs = [
            {way: run(way, files) for way in ways if way != "oxrdflib" or not turn}  # it is slow
            for turn in range(RUNS)
        ]
        for way in ways:
            known = [each[way] for each in runs if way in each]
            taken, memory = (median(one[key] for one in known) for key in ("seconds", "memory"))
            medians[way] = taken, memory
            own = medians["ours, inferred"]
            print(
                f"  {way:<14} {taken:7.2f} s {memory / 2**20:7.0f} MiB"
                f": {taken / own[0]:.2f} × our time, {memory / own[1]:.2f} × our memory"
            )
        opened(files, folder)
        (folder / "small").mkdir()
        readers(written(100_000, folder / "small"), folder)


if __name__ == "__main__":
    main()
