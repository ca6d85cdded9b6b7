"""The benchmark of searches by name in a large graph, and of the checks of SPARQL texts.

The search index of a synthetic graph is built before the searches, and timed too. The searched
words occur in few, many or no names. The texts are those of the stored queries, each time with
another constant; a text that was "seen before" is checked a second time.
"""

import argparse
import tempfile
import time
from pathlib import Path
from statistics import geometric_mean, median

import relations_kg as rk
from benchmarks.inference import seconds
from benchmarks.world import write
from relations_kg.engines import guard

SIZE, ROUNDS = 1_000_000, 15
LABEL = "SELECT ?label { ?thing a ?kind ; rdfs:label ?label } ORDER BY ?thing LIMIT 1"


def searches(kg: rk.Graph) -> dict[str, tuple[str, str | None]]:
    """Return the searches by their descriptions: words, and a class or None."""
    found: dict[str, tuple[str, str | None]] = {}
    for kind in ("State", "Person", "Visit"):
        rows = kg.query(LABEL, kind=f"rkg:{kind}")
        assert isinstance(rows, rk.Rows)
        label = str(rows[0].label)
        found[f"the name of one {kind.lower()}"] = (label, None)
        found[f"one word of it, {label.split()[0]!r}"] = (label.split()[0], None)
        found[f"the same among things of its class, {kind}"] = (label.split()[0], kind)
    return {**found, "words that nothing has": ("nothing likely zzyzx", None)}


def searching(size: int) -> None:
    """Print the times of searches in a synthetic graph of `size` triples."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "world.nt")
        write(size, file)
        kg = rk.load(only=file)
    asked = searches(kg)
    print(f"search in {size:,} triples, in a process that has loaded them")
    print(f"  the index is made in {seconds(lambda: kg.search_index):.2f} s", flush=True)
    for name, (words, kind) in asked.items():
        taken = [seconds(lambda: list(kg.search(words, kind=kind))) for _ in range(ROUNDS)]  # noqa: B023
        rows = len(kg.search(words, kind=kind))
        times = f"first {taken[0] * 1e3:6.1f} ms, median {median(taken) * 1e3:6.1f}"
        print(f"  {name:<46} {rows:3} rows, {times}", flush=True)


def looking_through() -> None:
    """Print the times of the guard and the warnings for new texts and for texts seen before."""
    kg = rk.load()
    # The first warning imports modules, which is not to be measured.
    kg.warnings("ASK { id:peru a rkg:State FILTER (1 = 2) }")

    def taken(text: str) -> float:
        start = time.perf_counter()
        guard.check(text)
        kg.warnings(text)
        return time.perf_counter() - start

    new, seen, first = {}, {}, {}
    for name, query in kg.queries.items():
        head, _, tail = query.text.rpartition("}")
        texts = [f"{head} FILTER (id:peru != {n}) }}{tail}" for n in range(ROUNDS + 1)]
        times = [(taken(text), taken(text)) for text in texts]
        first[name] = times[0][0]
        new[name], seen[name] = map(median, zip(*times[1:], strict=True))
    more = {name: new[name] - seen[name] for name in new}
    print(f"checks of the texts of {len(new)} stored queries, in a process that has loaded a graph")
    for title, figures in (
        ("seen before", seen),
        ("with other constants", new),
        ("more than for one seen before", more),
        ("the first of its kind", first),
    ):
        worst = max(figures, key=figures.__getitem__)
        mean = geometric_mean(figures.values()) * 1e3
        print(
            f"  {title:<30} geometric mean {mean:.3f} ms, most {figures[worst] * 1e3:.3f} ({worst})"
        )


def main() -> None:
    """Run the benchmark, and print a line for each figure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("size", nargs="?", type=int, default=SIZE)
    looking_through()
    searching(parser.parse_args().size)


if __name__ == "__main__":
    main()
