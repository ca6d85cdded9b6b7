"""Tests of how the times of checks and of stored queries grow with the graph.

The checks of new facts take no longer beside a larger graph. A stored query takes longer at most in
proportion to the graph, and one about two states does not read what is known of all others.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from documents import DOCUMENTS, files
from examples import GOOD
from pyoxigraph import NamedNode, RdfFormat, Triple, serialize

import relations_kg as rk
from relations_kg.answers.queries import StoredQuery, stored_queries
from relations_kg.rdf.namespaces import ID, RKG, SOURCE
from relations_kg.reader import reading
from relations_kg.validation import checking, shapes
from relations_kg.validation.constraints import Check, Constraint

world = pytest.importorskip("benchmarks.world", reason="the benchmarks are not installed")

SMALL, LARGE = 3_000, 40_000  # triples
ROUNDS = 2
# A check that reads the larger graph takes at least as long for one of these files.
ALLOWED = 0.012  # seconds
VISIT = RKG + "VisitShape-missing"


@pytest.fixture(scope="module")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> list[rk.Graph]:
    folder = tmp_path_factory.mktemp("worlds")
    graphs = []
    for size in (SMALL, LARGE):
        path = folder / f"{size}.nt"
        world.write(size, path)
        graphs.append(rk.load(only=path))
    return graphs


def seconds(graph: rk.Graph, file: Path, patch: pytest.MonkeyPatch) -> dict[str, float]:
    """Return the processor seconds of each rule for a file, the least of several rounds."""
    least: dict[str, float] = {}

    def timed(function: Any, name: str | None = None) -> Any:
        def run(*given: Any, **named: Any) -> Iterator[Any] | list[Any]:
            start = time.thread_time()
            result = function(*given, **named)
            found = list(result) if isinstance(result, Iterable) else result
            rule = name or given[0].name
            taken[rule] = taken.get(rule, 0) + time.thread_time() - start
            return found

        return run

    with patch.context() as changed:
        # Core constraints are checked by other software, which gets only the facts of the file.
        changed.setattr(shapes, "check", lambda *_: iter(()))
        for kind in (Constraint, Check):
            changed.setattr(kind, "run", timed(kind.run))
        for name in ("duplicates", "contradictions"):
            changed.setattr(checking, name, timed(getattr(checking, name), name))
        for _ in range(ROUNDS):
            taken: dict[str, float] = {}
            graph.validate(file)
            least = {rule: min(value, least.get(rule, value)) for rule, value in taken.items()}
    return least


@pytest.mark.slow
@pytest.mark.parametrize(
    "part", [0, *(pytest.param(part, marks=pytest.mark.whole) for part in range(1, 36))]
)
def test_no_rule_reads_more_of_a_larger_graph(
    worlds: list[rk.Graph], monkeypatch: pytest.MonkeyPatch, part: int
) -> None:
    grown = {}
    for file in GOOD[part::36]:
        small, large = (seconds(graph, file, monkeypatch) for graph in worlds)
        assert len(small) > 80
        for rule, taken in large.items():
            if taken > 2 * small.get(rule, 0) + ALLOWED:
                grown[f"{file.name}: {rule}"] = small.get(rule), taken

    assert grown == {}


@pytest.mark.slow
@pytest.mark.whole
def test_a_rule_that_reads_the_graph_would_be_noticed(
    worlds: list[rk.Graph], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = next(file for file in GOOD if file.name == "sixty-visits.ttl")
    old = Constraint._text

    def text(self: Constraint, this: str) -> str:
        written = old(self, this)
        if self.name != VISIT:
            return written
        every = "WHERE { ?any rdfs:label ?text . FILTER (STRLEN(?text) > 0) "
        return written.replace("WHERE {", every, 1)

    monkeypatch.setattr(Constraint, "_text", text)
    small, large = (seconds(graph, file, monkeypatch)[VISIT] for graph in worlds)

    assert large > 2 * small + ALLOWED


# Stored queries

COPIES = 8
# A query that compares all pairs of things takes COPIES times as long as one in proportion.
MARGIN = 3
STATES = {
    **dict.fromkeys(("party", "sender", "origin", "subject"), f"{ID}peru-1"),
    **dict.fromkeys(
        ("counterpart", "receiver", "host", "other"), f"{ID}peoples-republic-of-china-1"
    ),
}
REQUIRED = {"date": "1990-01-01", "event": f"{ID}further-visit-1"}


def renamed(term: Any, copy: int) -> Any:
    """Return the name of a thing or passage in a copy of a graph; another term stays as it is."""
    is_own = isinstance(term, NamedNode) and term.value.startswith((ID, SOURCE))
    return NamedNode(f"{term.value}-{copy}") if is_own else term


@pytest.fixture(scope="module")
def copies(tmp_path_factory: pytest.TempPathFactory) -> list[rk.Graph]:
    """Return a graph of the data and all valid files, and one of several copies of them.

    No two copies have a thing in common, and each stored query finds rows in a copy.
    """
    data = [file for document in DOCUMENTS for file in files(document)]
    facts = [fact for file in (*data, *GOOD) for fact in reading.read(file, NamedNode("urn:f"))]
    graphs = []
    for number in (1, COPIES):
        path = tmp_path_factory.mktemp("copies") / f"{number}.nt"
        several = (
            Triple(renamed(fact.subject, copy), fact.predicate, renamed(fact.object, copy))
            for copy in range(1, number + 1)
            for fact in facts
        )
        serialize(several, path, RdfFormat.N_TRIPLES)
        graphs.append(rk.load(only=path))
    return graphs


def questions() -> Iterator[tuple[StoredQuery, str, dict[str, str]]]:
    """Yield each stored query without optional values and, if possible, for two states."""
    for query in stored_queries().values():
        needed = {
            parameter.name: REQUIRED.get(parameter.type.split("|")[0], STATES["party"])
            for parameter in query.parameters
            if parameter.required
        }
        yield query, "all", needed
        asked = {p.name: STATES[p.name] for p in query.parameters if p.name in STATES}
        if asked.keys() - needed:
            yield query, "two states", {**asked, **needed}


def query_seconds(graph: rk.Graph, query: StoredQuery, values: dict[str, str]) -> float:
    """Return the processor seconds of a query, the least of several rounds."""
    rounds = []
    for _ in range(ROUNDS):
        start = time.thread_time()
        graph.run(query, **values)
        rounds.append(time.thread_time() - start)
    return min(rounds)


@pytest.mark.slow
def test_no_query_grows_faster_than_the_graph(copies: list[rk.Graph]) -> None:
    grown = {}
    for query, about, values in questions():
        small, large = (query_seconds(graph, query, values) for graph in copies)
        if large > MARGIN * COPIES * small:
            grown[f"{query.name}, {about}"] = small, large

    assert grown == {}


@pytest.mark.slow
def test_every_query_has_rows_in_a_copy(copies: list[rk.Graph]) -> None:
    asked = [(query, values) for query, about, values in questions() if about == "all"]

    assert [query.name for query, values in asked if not copies[0].run(query, **values)] == []


@pytest.mark.slow
@pytest.mark.parametrize(
    "square",
    [
        "OPTIONAL { ?other rkg:latestEnd ?end . FILTER (?end < ?day && ?end > ?day) }",
        "FILTER NOT EXISTS { ?other rkg:latestEnd ?end . FILTER (?end < ?day && ?end > ?day) }",
        "BIND (EXISTS { ?other rkg:latestEnd ?end . FILTER (?end < ?day && ?end > ?day) } AS ?is)",
    ],
)
def test_a_query_that_compares_all_pairs_would_be_noticed(
    copies: list[rk.Graph], square: str
) -> None:
    text = f"SELECT ?one {{ ?one a rkg:Mission ; rkg:earliestStart ?day . {square} }}"
    query = StoredQuery.parse("square", f"#+ summary: Missions.\n{text}\n")

    small, large = (query_seconds(graph, query, {}) for graph in copies)

    assert large > MARGIN * COPIES * small


@pytest.mark.slow
def test_a_query_about_two_states_does_not_read_all_others(copies: list[rk.Graph]) -> None:
    grown = {}
    for query, about, values in questions():
        if about == "two states":
            small, large = (query_seconds(graph, query, values) for graph in copies)
            if large > 2 * small + 2 * ALLOWED:
                grown[query.name] = small, large

    assert grown == {}
