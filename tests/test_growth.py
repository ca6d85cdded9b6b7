"""Tests that the checks of new facts take no longer beside a larger graph."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from examples import GOOD

import relations_kg as rk
from relations_kg.rdf.namespaces import RKG
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
