"""Tests of workers that stay for further queries with a copy of the graph."""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO

import pytest
from command_line import children, wait_until_it_ends
from pyoxigraph import NamedNode, Quad, Store

import relations_kg as rk
from relations_kg.engines import child, confinement, untrusted, worker
from relations_kg.engines.standby import Workers
from relations_kg.errors import QueryTimeout
from relations_kg.rdf.namespaces import ID, RKG
from relations_kg.rdf.terms import TYPE

VISIT = Path(__file__).with_name("facts") / "good" / "visit.ttl"
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
VISITS = "SELECT ?visit { ?visit a rkg:Visit }"


def descriptors() -> int:
    """Return the number of open files, except those of a store on disk."""
    links = [f"/dev/fd/{name}" for name in os.listdir("/dev/fd")]
    files = [os.readlink(link) for link in links if os.path.islink(link)]
    return sum(not name.endswith(".sst") for name in files)


@pytest.fixture
def graph(request: pytest.FixtureRequest, tmp_path: Path, frozen: None) -> Iterator[rk.Graph]:
    """A graph of its own; nothing is left of its workers once they are ended."""
    place = tmp_path / "store" if getattr(request, "param", "") == "on disk" else None
    graph = rk.load(only=VISIT, store=place)
    gc.collect()
    before = descriptors(), children()
    yield graph
    if graph.workers:
        graph.workers.end()
    gc.collect()
    assert before == (descriptors(), children())


on_disk = pytest.param("on disk", marks=pytest.mark.slow)
anywhere = pytest.mark.parametrize("graph", ["in memory", on_disk], indirect=True)


def only_worker(graph: rk.Graph) -> int:
    assert graph.workers
    (one,) = graph.workers._idle
    return one.process


def number(graph: rk.Graph, sparql: str = VISITS) -> int:
    rows = graph.query(sparql)
    assert isinstance(rows, rk.Rows)
    return len(rows)


@pytest.mark.slow
def test_one_worker_answers_all_queries(graph: rk.Graph) -> None:
    assert number(graph) == 1
    first = only_worker(graph)
    kinds = (
        "ASK { ?s ?p ?o }",
        "CONSTRUCT { ?s a ?c } WHERE { ?s a ?c } LIMIT 9",
        "SELECT * { ?s a ?o }",
    )
    for sparql in kinds * 3:
        here, there = graph.query(sparql, timeout=None), graph.query(sparql)

        assert str(here) == str(there)
    assert first == only_worker(graph)


def test_a_mistake_ends_no_worker(graph: rk.Graph) -> None:
    number(graph)
    first = only_worker(graph)

    with pytest.raises(rk.QueryError, match="not SPARQL"):
        graph.query("SELECT ?x { ?x ?y }")
    assert first == only_worker(graph)


@pytest.mark.slow
def test_an_answer_is_of_the_graph_as_it_is(graph: rk.Graph) -> None:
    """A change by files, by the inference or by a supposition needs a new worker."""
    other = VISIT.with_name("denial.ttl")
    everything = "SELECT * { ?s ?p ?o }"
    before = number(graph, everything)

    added = graph.add(other).added
    assert before + len(added) == number(graph, everything)
    graph.remove(other)
    assert before == number(graph, everything)
    lima = NamedNode(f"{ID}lima"), TYPE, NamedNode(f"{RKG}City")
    with graph.inference.supposing([lima]):
        assert before < number(graph, everything)
    assert before == number(graph, everything)
    graph.validate(other)
    assert before == number(graph, everything)


@pytest.mark.slow
@pytest.mark.parametrize("graph", ["on disk"], indirect=True)
def test_an_answer_is_of_the_store_on_disk_as_it_is(graph: rk.Graph) -> None:
    everything = "SELECT * { ?s ?p ?o }"
    before = number(graph, everything)
    first = only_worker(graph)
    assert len(graph.store) > 0  # Nobody can change this store.
    assert before == number(graph, everything)
    assert first == only_worker(graph)

    assert graph.warnings("ASK { id:pravelle a rkg:State }")
    added = graph.add(VISIT.with_name("denial.ttl")).added

    assert before + len(added) == number(graph, everything)
    assert first not in children()
    assert not graph.warnings("ASK { id:pravelle a rkg:State }")


def test_whoever_has_the_store_may_change_it(graph: rk.Graph) -> None:
    number(graph)
    store = graph.store
    for place in "ab":
        store.add(Quad(NamedNode("urn:s"), NamedNode("urn:p"), NamedNode(f"urn:{place}")))
        assert graph.query(f"ASK {{ <urn:s> <urn:p> <urn:{place}> }}")

    assert graph.workers is None
    assert rk.Graph(Store()).workers is None


@anywhere
def test_a_worker_that_ended_is_replaced(graph: rk.Graph) -> None:
    for _ in range(3):
        number(graph)
        first = only_worker(graph)
        os.kill(first, signal.SIGKILL)

        assert number(graph) == 1
        assert first != only_worker(graph)


def test_a_query_that_is_interrupted_is_asked_again(graph: rk.Graph) -> None:
    """The end of a worker that has answered before is not blamed on the query."""
    number(graph)
    some = "{ SELECT ?%s { ?%s ?p ?o } LIMIT 1000 }"
    slow = f"SELECT (COUNT(*) AS ?n) {{ {some % ('a', 'a')} {some % ('b', 'b')} }}"
    first = only_worker(graph)
    timer = threading.Timer(0.02, os.kill, (first, signal.SIGKILL))
    timer.start()

    assert number(graph, slow) == 1
    timer.join()


@pytest.mark.slow
@anywhere
def test_a_query_that_crashes_or_takes_too_long_ends_its_worker(
    graph: rk.Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(confinement, "MEMORY", 1 << 28)
    binds = " ".join(f"BIND(CONCAT(?x{i}, ?x{i}) AS ?x{i + 1})" for i in range(40))
    huge = f"SELECT ?x40 {{ BIND('0123456789' AS ?x0) {binds} }}"
    for _ in range(2):
        with pytest.raises(rk.QueryError, match="too much memory"):
            graph.query(huge)
        with pytest.raises(QueryTimeout, match=r"within 0\.2 seconds"):
            graph.query(ENDLESS, timeout=0.2)
        assert number(graph) == 1


def test_a_worker_that_has_grown_leaves(graph: rk.Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    number(graph)
    first = only_worker(graph)
    monkeypatch.setattr(child, "_GROWTH", -1)
    number(graph)
    assert first == only_worker(graph)  # It was forked before the limit changed.
    os.kill(first, signal.SIGKILL)

    assert number(graph) == 1
    assert graph.workers
    assert graph.workers._idle == []


def test_random_numbers_differ_from_worker_to_worker(graph: rk.Graph) -> None:
    found = set()
    for _ in range(3):
        rows = graph.query("SELECT (STRUUID() AS ?id) (RAND() AS ?n) {}")
        assert isinstance(rows, rk.Rows)
        found |= {(row.id, row.n) for row in rows}
        os.kill(only_worker(graph), signal.SIGKILL)

    assert len(found) == 3


def test_ctrl_c_ends_the_query_and_its_worker(graph: rk.Graph) -> None:
    number(graph)
    timer = threading.Timer(0.1, os.kill, (os.getpid(), signal.SIGINT))
    timer.start()

    with pytest.raises(KeyboardInterrupt):
        graph.query(ENDLESS)
    timer.join()
    assert number(graph) == 1


@pytest.mark.slow
@anywhere
def test_threads_that_ask_while_facts_come_and_go_get_right_answers(
    graph: rk.Graph, pytestconfig: pytest.Config
) -> None:
    done = threading.Event()
    rounds = 10 if pytestconfig.getoption("--whole") else 3
    texts = [f"ASK {{ FILTER({number} >= 0) ?s a rkg:Visit }}" for number in range(40)]

    def change() -> None:
        while not done.is_set():
            graph.add(VISIT.with_name("denial.ttl"))
            graph.remove(VISIT.with_name("denial.ttl"))

    changing = threading.Thread(target=change)
    changing.start()
    try:
        with ThreadPoolExecutor(8) as pool:
            assert all(pool.map(graph.query, texts * rounds))
    finally:
        done.set()
        changing.join()
    assert graph.workers
    assert len(graph.workers._idle) <= (os.cpu_count() or 1)


def test_a_forked_process_has_workers_of_its_own(graph: rk.Graph) -> None:
    number(graph)
    first = only_worker(graph)
    process = os.fork()
    if not process:
        assert graph.workers
        is_right = not graph.workers._idle and number(graph) == 1 and first != only_worker(graph)
        graph.workers.end()
        os._exit(not is_right)

    assert 0 == os.waitpid(process, 0)[1]
    assert number(graph) == 1
    assert first == only_worker(graph)


PROGRAM = """
import os, signal, sys
import relations_kg as rk
kg = rk.load()
kg.query("ASK {}")
print(*[each.process for each in kg.workers._idle], flush=True)
if sys.argv[1] == "killed":
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.slow
@pytest.mark.parametrize("way", ["ended", "killed"])
def test_no_worker_outlives_its_parent(way: str) -> None:
    command = [sys.executable, "-c", PROGRAM, way]
    worker = subprocess.run(command, capture_output=True, text=True).stdout.strip()

    assert worker
    wait_until_it_ends(worker)


@pytest.mark.slow
def test_a_lock_that_was_held_at_the_fork_costs_one_worker(
    graph: rk.Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock, respond, tries = threading.Lock(), untrusted.respond, []

    def slow(store: Store, sparql: str, pipe: IO[bytes], before: Callable[[], object]) -> bytes:
        with lock:
            return respond(store, sparql, pipe, before)

    start = worker.start

    def counted(job: child.Job, version: object, *, calls: bool) -> worker.Worker:
        tries.append(lock.locked())
        begun = start(job, version, calls=calls)
        if len(tries) == 2:
            lock.release()
        return begun

    monkeypatch.setattr(untrusted, "respond", slow)
    monkeypatch.setattr(worker, "start", counted)
    lock.acquire()

    assert number(graph) == 1
    assert [True, True, False] == tries


def test_a_worker_can_have_workers_of_its_own() -> None:
    """The lock that prevents simultaneous forks is free in a forked process."""
    inner = Workers(lambda request, pipe: pipe.write(request) and b"")

    def pass_on(request: bytes, pipe: IO[bytes]) -> bytes:
        pipe.writelines(inner.answer(request, 10))
        return b""

    assert [b"a"] == list(Workers(pass_on).answer(b"a", 10))


@pytest.mark.slow
@anywhere
def test_a_thousand_queries_leave_nothing(graph: rk.Graph) -> None:
    number(graph)
    before = descriptors(), children()
    for each in range(1000):
        graph.query(f"SELECT * {{ ?s a rkg:Visit FILTER({each} > 0) }}")

    assert before == (descriptors(), children())
