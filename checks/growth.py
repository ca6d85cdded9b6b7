"""Measure how rules and stored queries grow with the graph, and fail if one grows too fast.

The rules of new facts read about as much beside a large graph as beside a small one. A stored query
takes longer at most in proportion to the graph. The times are processor times, and the margins are
so large that a busy machine exceeds none. Each margin is also tried on a rule or on queries that
must exceed it. benchmarks/queries.py prints how the time of each query grows.
"""

import gc
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import Any

from pyoxigraph import NamedNode, RdfFormat, Triple, serialize

TOP = Path(__file__).parent.parent
sys.path[:0] = [str(TOP), str(TOP / "tests")]

from documents import DOCUMENTS, files  # noqa: E402
from examples import GOOD  # noqa: E402

import relations_kg as rk  # noqa: E402
from benchmarks import queries  # noqa: E402
from benchmarks.world import write  # noqa: E402
from relations_kg.answers.contradictions import contradictions  # noqa: E402
from relations_kg.answers.queries import StoredQuery  # noqa: E402
from relations_kg.rdf.namespaces import ID, RKG, SOURCE  # noqa: E402
from relations_kg.reader import reading  # noqa: E402
from relations_kg.validation import checking, core  # noqa: E402
from relations_kg.validation.constraints import Check, Constraint  # noqa: E402
from relations_kg.validation.duplicates import duplicates  # noqa: E402

SMALL, LARGE, COPIES = 3_000, 300_000, 8  # triples, triples, and copies of all facts
# Reading the whole of the larger graph takes several times as long as NOISE.
SAME, NOISE, PROPORTION = 5, 0.05, 3  # a factor, seconds, and a factor
ROUNDS = 2
READER = RKG + "VisitShape-missing"
FEWEST = 80  # timed rules for a file
SQUARES = {
    "OPTIONAL": "OPTIONAL {{ {0} }}",
    "NOT EXISTS": "FILTER NOT EXISTS {{ {0} }}",
    "EXISTS": "BIND (EXISTS {{ {0} }} AS ?is)",
}
PAIRS = "?other rkg:latestEnd ?end . FILTER (?end < ?day && ?end > ?day)"


def seconds(work: Callable[[], object]) -> float:
    """Return the processor seconds of a function, the least of several rounds."""
    rounds = []
    for _ in range(ROUNDS):
        start = time.thread_time()
        work()
        rounds.append(time.thread_time() - start)
    return min(rounds)


@contextmanager
def changed(owner: Any, name: str, value: object) -> Iterator[None]:
    """Replace an attribute until the block ends."""
    old = getattr(owner, name)
    setattr(owner, name, value)
    try:
        yield
    finally:
        setattr(owner, name, old)


@contextmanager
def timed(taken: dict[str, float]) -> Iterator[None]:
    """Add the processor seconds of each rule to `taken` until the block ends."""

    def wrapped(function: Any, name: str | None = None) -> Any:
        def run(*given: Any, **named: Any) -> Iterator[Any] | list[Any]:
            start = time.thread_time()
            result = function(*given, **named)
            found = list(result) if isinstance(result, Iterable) else result
            rule = name or given[0].name
            taken[rule] = taken.get(rule, 0) + time.thread_time() - start
            return found

        return run

    with (
        # Core constraints are checked by other software, which gets only the facts of the file.
        changed(core, "check", lambda *_: iter(())),
        changed(Constraint, "run", wrapped(Constraint.run)),
        changed(Check, "run", wrapped(Check.run)),
        changed(checking, "duplicates", wrapped(duplicates, "duplicates")),
        changed(checking, "contradictions", wrapped(contradictions, "contradictions")),
    ):
        yield


def is_larger(few: float, many: float) -> bool:
    """Return whether the larger of two graphs took clearly longer, given the seconds in both."""
    return many > SAME * few + NOISE


def rule_seconds(graph: rk.Graph, file: Path) -> dict[str, float]:
    """Return the processor seconds of each rule for a file, the least of several rounds."""
    least: dict[str, float] = {}
    for _ in range(ROUNDS):
        taken: dict[str, float] = {}
        with timed(taken):
            graph.validate(file)
        least = {rule: min(value, least.get(rule, value)) for rule, value in taken.items()}
    return least


def grown_rules(graphs: list[rk.Graph], file: Path) -> dict[str, tuple[float, float]]:
    """Return the rules that took clearly longer on the larger graph, with the seconds on both."""
    small, large = (rule_seconds(graph, file) for graph in graphs)
    both = {rule: (small.get(rule, 0), taken) for rule, taken in large.items()}
    return {rule: pair for rule, pair in both.items() if is_larger(*pair)}


@contextmanager
def reading_all() -> Iterator[None]:
    """Let the rule READER read all labels of the graph until the block ends."""
    old = Constraint._text

    def text(self: Constraint, this: str) -> str:
        written = old(self, this)
        if self.name != READER:
            return written
        every = "WHERE { ?any rdfs:label ?text . FILTER (STRLEN(?text) > 0) "
        return written.replace("WHERE {", every, 1)

    with changed(Constraint, "_text", text):
        yield


def renamed(term: Any, copy: int) -> Any:
    """Return the name of a thing or passage in a copy of a graph; another term stays as it is."""
    is_own = isinstance(term, NamedNode) and term.value.startswith((ID, SOURCE))
    return NamedNode(f"{term.value}-{copy}") if is_own else term


def copies(folder: Path) -> list[rk.Graph]:
    """Return a graph of the data and all valid files, and one of several copies of them.

    No two copies have a thing in common, and each stored query finds rows in a copy.
    """
    data = [file for document in DOCUMENTS for file in files(document)]
    facts = [fact for file in (*data, *GOOD) for fact in reading.read(file, NamedNode("urn:f"))]
    graphs = []
    for number in (1, COPIES):
        path = folder / f"{number}.nt"
        several = (
            Triple(renamed(fact.subject, copy), fact.predicate, renamed(fact.object, copy))
            for copy in range(1, number + 1)
            for fact in facts
        )
        serialize(several, path, RdfFormat.N_TRIPLES)
        graphs.append(rk.load(only=path))
    return graphs


def worlds(folder: Path) -> list[rk.Graph]:
    """Return a small and a large synthetic graph."""
    graphs = []
    for size in (SMALL, LARGE):
        path = folder / f"world-{size}.nt"
        write(size, path)
        graphs.append(rk.load(only=path))
    return graphs


def questions(graph: rk.Graph) -> dict[str, dict[str, object]]:
    """Return values for the required parameters of each stored query, from the first copy."""
    party, event = f"{ID}peru-1", f"{ID}further-visit-1"
    values = {"date": queries.DAY, "event": event}
    return {
        name: {
            p.name: values.get(p.type.split("|")[0], party) for p in query.parameters if p.required
        }
        for name, query in graph.queries.items()
    }


def is_square(graphs: list[rk.Graph], query: StoredQuery, values: dict[str, object]) -> bool:
    """Return whether the time of a query grows clearly faster than the number of copies."""
    few, many = (seconds(lambda: graph.run(query, **values)) for graph in graphs)  # noqa: B023
    return many > PROPORTION * COPIES * few


def rules(graphs: list[rk.Graph]) -> Iterator[str]:
    """Yield a line for each file and each rule that took clearly longer on the larger graph.

    Yields another if too few rules are timed or if a rule that reads the whole graph is not found.
    """
    for file in GOOD:
        for rule, (few, many) in grown_rules(graphs, file).items():
            yield f"{file.name}: {rule} took {few * 1e3:.1f} ms, beside more {many * 1e3:.1f} ms"
    timed = rule_seconds(graphs[0], GOOD[0])
    if len(timed) < FEWEST or not timed.keys() >= {"duplicates", "contradictions"}:
        yield f"only {len(timed)} rules were timed; change what timed() replaces"
    with reading_all():
        file = next(file for file in GOOD if file.name == "sixty-visits.ttl")
        if READER not in grown_rules(graphs, file):
            yield "a rule that reads the whole graph was not found; enlarge LARGE"


def two_states(graphs: list[rk.Graph]) -> Iterator[str]:
    """Yield a line for each query about two states that took clearly longer on the larger graph."""
    for both in zip(*map(queries.questions, graphs), strict=True):
        if both[0].about != "two states":
            continue
        few, many = (
            seconds(lambda: graph.run(name, **values))  # noqa: B023
            for graph, (name, _, values) in zip(graphs, both, strict=True)
        )
        if is_larger(few, many):
            yield f"{both[0].name} of two states took {few * 1e3:.1f} ms, then {many * 1e3:.1f} ms"


def all_rows(graphs: list[rk.Graph]) -> Iterator[str]:
    """Yield a line for each query that has no rows or grows faster than the graph.

    Yields another for each query of SQUARES that is not found to grow faster.
    """
    for name, values in questions(graphs[0]).items():
        query = graphs[0].queries[name]
        if not graphs[0].run(query, **values):
            yield f"{name} has no row; give it an example in tests/facts/good"
        if is_square(graphs, query, values):
            yield f"{name} grows faster than the graph"
    for kind, square in SQUARES.items():
        start = (
            "#+ summary: Missions.\nSELECT ?one { ?one a rkg:Mission ; rkg:earliestStart ?day . "
        )
        query = StoredQuery.parse("square", f"{start}{square.format(PAIRS)} }}\n")
        if not is_square(graphs, query, {}):
            yield f"a query that compares all pairs by {kind} was not found; enlarge COPIES"


def main() -> int:
    """Print a line for each failure; return 1 if there is one."""
    with tempfile.TemporaryDirectory() as name:
        growing, copied = worlds(Path(name)), copies(Path(name))
    # Otherwise garbage collection would take longer with a larger graph.
    gc.freeze()
    failures = 0
    for line in chain(rules(growing), two_states(growing), all_rows(copied)):
        failures += 1
        print(line, flush=True)
    print(
        f"the rules for {len(GOOD)} files and {len(copied[0].queries)} queries: {failures} failed"
    )
    return min(failures, 1)


if __name__ == "__main__":
    sys.exit(main())
