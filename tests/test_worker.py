"""Tests of queries that are each answered in a worker process of their own."""

from __future__ import annotations

import gc
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import IO

import pytest
from command_line import children, wait_until_it_ends
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Store, Triple

import relations_kg as rk
from relations_kg.engines import blocks, child, confinement, isolation, untrusted, worker
from relations_kg.engines.standby import Workers
from relations_kg.engines.untrusted import QueryWorkers
from relations_kg.errors import QueryTimeout
from relations_kg.rdf.namespaces import XSD

ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
TERMS = [
    NamedNode("http://example.org/é"),
    BlankNode("b1"),
    Literal("a\tb\n\r\"'\\ \x7f\u2028"),
    Literal("x", language="en-gb"),
    Literal("01", datatype=NamedNode(XSD + "integer")),
    Literal("1.50", datatype=NamedNode(XSD + "decimal")),
    Literal("no number", datatype=NamedNode(XSD + "integer")),
    Literal("1e0", datatype=NamedNode(XSD + "double")),
    Literal("2020-02-30", datatype=NamedNode(XSD + "date")),
    Literal(""),
    Literal(True),
    Triple(NamedNode("urn:s"), NamedNode("urn:p"), Literal("q", language="en")),
]


@pytest.fixture(scope="module")
def kg() -> rk.Graph:
    """A graph whose store others may change, so that each query starts a new worker."""
    return rk.Graph(rk.load().store)


def answer(store: Store, sparql: str, timeout: float = 20, *, calls: bool = False) -> object:
    """Return the answer of a new worker."""
    return QueryWorkers(store, calls=calls, stay=False).query(sparql, timeout)


@pytest.fixture(autouse=True)
def nothing_left(frozen: None) -> Iterator[None]:
    """Assert that no descriptor stays open and that every process is reaped."""
    gc.collect()  # Files that earlier tests left open are closed.
    before, processes = len(os.listdir("/dev/fd")), children()
    yield
    gc.collect()
    assert len(os.listdir("/dev/fd")) <= before
    assert children() <= processes  # Other tests may have left some.


@pytest.mark.parametrize(
    "sparql",
    [
        "SELECT ?p ?o { ?s ?p ?o } ORDER BY ?p",
        "SELECT * {}",
        "SELECT ?x {}",
        "SELECT ?x ?y { VALUES (?x ?y) { (UNDEF 1) (2 UNDEF) (UNDEF UNDEF) } }",
        "SELECT ?x { FILTER(false) }",
    ],
)
def test_rows_are_those_of_the_engine(sparql: str) -> None:
    store = Store()
    store.extend(Quad(NamedNode("urn:s"), NamedNode(f"urn:{i}"), t) for i, t in enumerate(TERMS))
    graph = rk.Graph(store)

    here, there = graph.query(sparql, timeout=None), graph.query(sparql)

    assert isinstance(here, rk.Rows)
    assert isinstance(there, rk.Rows)
    assert here.columns == there.columns
    assert here.terms == there.terms


def test_triples_and_truths_are_those_of_the_engine(kg: rk.Graph) -> None:
    sparql = "CONSTRUCT { ?s a ?c } WHERE { ?s a ?c }"
    here, there = kg.query(sparql, timeout=None), kg.query(sparql)

    assert isinstance(here, rk.Triples)
    assert isinstance(there, rk.Triples)
    assert here.terms == there.terms
    assert kg.query("ASK { ?s ?p ?o }") is True
    assert kg.query("ASK { ?s id:peru ?o }") is False


def test_a_query_sees_the_graph_as_it_is_now() -> None:
    graph = rk.load(only=[])
    graph.query("ASK {}")
    graph.store.add(Quad(NamedNode("urn:s"), NamedNode("urn:p"), NamedNode("urn:o")))

    assert graph.query("ASK { <urn:s> <urn:p> <urn:o> }")


def test_a_worker_asks_a_store_on_disk_that_its_parent_has_opened(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.add(Quad(NamedNode("urn:s"), NamedNode("urn:p"), NamedNode("urn:o")))
    store.flush()

    assert answer(Store.read_only(str(tmp_path)), "ASK { <urn:s> ?p ?o }") is True


def test_what_takes_too_long_is_ended(kg: rk.Graph) -> None:
    with pytest.raises(QueryTimeout, match=r"no answer within 0\.2 seconds"):
        kg.query(ENDLESS, timeout=0.2)


@pytest.mark.parametrize("timeout", [0, -1, float("nan")])
def test_no_time_is_no_timeout(kg: rk.Graph, timeout: float) -> None:
    with pytest.raises(rk.QueryError, match="the timeout must be above 0"):
        kg.query("ASK {}", timeout=timeout)


def test_all_the_time_there_is_may_be_given(kg: rk.Graph) -> None:
    assert kg.query("ASK {}", timeout=float("inf"))


@pytest.mark.slow
def test_what_takes_too_much_memory_is_ended(
    kg: rk.Graph, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(confinement, "MEMORY", 1 << 28)
    binds = " ".join(f"BIND(CONCAT(?x{i}, ?x{i}) AS ?x{i + 1})" for i in range(40))

    with pytest.raises(rk.QueryError, match="too much memory"):
        kg.query(f"SELECT ?x40 {{ BIND('0123456789' AS ?x0) {binds} }}")

    assert ("", "") == capfd.readouterr()


def test_an_answer_that_is_too_large_is_not_read_to_its_end(
    kg: rk.Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blocks, "LONGEST", 1 << 20)

    rows = kg.query("SELECT * { ?a ?b ?c . ?d ?e ?f }")
    assert isinstance(rows, rk.Rows)
    with pytest.raises(rk.QueryError, match=r"the answer is larger than 1 MiB; .*LIMIT"):
        len(rows)


def test_a_crash_of_the_engine_is_one_line_and_nothing_else(
    capfd: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(rk.QueryError, match="the engine crashed"):
        answer(Store(), "ASK " + "{" * 20_000 + "}" * 20_000)

    assert ("", "") == capfd.readouterr()


def test_a_failure_on_the_way_is_reported(kg: rk.Graph) -> None:
    with pytest.raises(rk.QueryError, match=r"^query: the query failed: "):
        answer(kg.quad_store, "SELECT * { ?s ?p ?o SERVICE ?x {} }")


@pytest.mark.slow
def test_threads_may_ask_at_once(kg: rk.Graph) -> None:
    def ask(number: int) -> object:
        if number % 8 == 0:
            with pytest.raises(QueryTimeout):
                kg.query(ENDLESS, timeout=0.3)
        return kg.query(f"ASK {{ FILTER({number} >= 0) }}")

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(ask, range(48)))


@pytest.mark.slow
def test_one_may_ask_while_another_thread_loads_and_reads(kg: rk.Graph) -> None:
    done = threading.Event()

    def work() -> None:
        while not done.is_set():
            rk.load(only=[]).query("ASK { ?s ?p ?o }", timeout=None)
            kg.query("SELECT * { ?s ?p ?o }", timeout=None)

    worker = threading.Thread(target=work)
    worker.start()
    try:
        assert all(kg.query("ASK { ?s ?p ?o }", timeout=20) for _ in range(20))
    finally:
        done.set()
        worker.join()


def test_a_worker_that_deadlocked_is_restarted(
    kg: rk.Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A lock that another thread holds during the fork is never released in the worker."""
    lock, tries = threading.Lock(), []

    def start(job: child.Job, version: object, *, calls: bool) -> worker.Worker:
        def locked(request: bytes, pipe: IO[bytes]) -> bytes:
            with lock:
                return job(request, pipe)

        tries.append(lock.locked())
        begun = first(locked, version, calls=calls)
        if len(tries) == 2:
            lock.release()
        return begun

    first = worker.start
    monkeypatch.setattr(worker, "start", start)
    lock.acquire()

    assert kg.query("ASK { ?s ?p ?o }", timeout=20)
    assert [True, True, False] == tries


@pytest.mark.slow
def test_a_lock_that_never_opens_is_no_answer_in_time(
    kg: rk.Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = threading.Lock()
    monkeypatch.setattr(untrusted, "respond", lambda *_: lock.acquire())
    lock.acquire()

    with pytest.raises(QueryTimeout, match=r"no answer within 1 second;"):
        kg.query("ASK {}", timeout=1)


@pytest.mark.slow
def test_a_host_that_is_slow_is_called_once(kg: rk.Graph) -> None:
    calls = 0

    class Slow(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            nonlocal calls
            calls += 1
            time.sleep(1.5)
            content = b'{"head": {"vars": ["x"]}, "results": {"bindings": []}}'
            self.send_response(200)
            self.send_header("Content-Type", "application/sparql-results+json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None: ...

    with HTTPServer(("127.0.0.1", 0), Slow) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        query = f"SELECT ?x {{ SERVICE <http://127.0.0.1:{server.server_port}/> {{ ?x ?y ?z }} }}"
        rows = kg.query(query, timeout=20, allow_service=["127.0.0.1"])
        server.shutdown()

    assert isinstance(rows, rk.Rows)
    assert (0, 1) == (len(rows), calls)


@pytest.mark.slow
def test_an_answer_that_is_read_slowly_is_not_made_again(monkeypatch: pytest.MonkeyPatch) -> None:
    size = 1 << 22
    pieces = Workers(lambda _, pipe: pipe.write(bytes(size)) and b"", stay=False).answer(b"", 20)
    first = next(pieces)
    time.sleep(1)

    assert bytes(size) == first + b"".join(pieces)


@pytest.mark.parametrize("handler", [signal.SIG_IGN, signal.SIG_DFL])
def test_it_does_not_matter_who_waits_for_processes(kg: rk.Graph, handler: signal.Handlers) -> None:
    before = signal.signal(signal.SIGCHLD, handler)
    try:
        assert kg.query("ASK {}")
        with pytest.raises(QueryTimeout):
            kg.query(ENDLESS, timeout=0.1)
    finally:
        signal.signal(signal.SIGCHLD, before)


def test_ctrl_c_ends_the_query_and_its_worker(kg: rk.Graph) -> None:
    timer = threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT))
    timer.start()

    with pytest.raises(KeyboardInterrupt):
        kg.query(ENDLESS)
    timer.join()


@pytest.mark.slow
def test_ctrl_c_at_any_moment_leaves_nothing(kg: rk.Graph) -> None:
    """The signal may arrive in the middle of a fork."""

    def ask(moment: float) -> None:
        signal.setitimer(signal.ITIMER_REAL, moment)
        kg.query(ENDLESS, timeout=20)

    before = signal.signal(signal.SIGALRM, lambda *_: signal.raise_signal(signal.SIGINT))
    try:
        for moment in range(1, 41):
            with pytest.raises(KeyboardInterrupt):
                ask(0.0002 * moment)
    finally:
        signal.signal(signal.SIGALRM, before)


PROGRAM = """
import relations_kg as rk
print("ready", flush=True)
rk.load().query({sparql!r}, timeout={timeout})
"""


@pytest.mark.slow
def test_a_worker_that_is_left_alone_ends_with_its_time() -> None:
    """The parent is killed, so the worker must end by itself."""
    program = PROGRAM.format(sparql=ENDLESS, timeout=1)
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE) as process:
        assert process.stdout
        assert b"ready\n" == process.stdout.readline()
        workers: list[str] = []
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
        while process.poll() is None and not workers:
            workers = children.read_text().split()
        process.kill()

    assert workers
    wait_until_it_ends(workers[0])


@pytest.mark.parametrize(("arguments", "status"), [(["--timeout", "0.3"], 124), ([], 130)])
def test_the_command_line_ends_with_the_right_status(arguments: list[str], status: int) -> None:
    command = [sys.executable, "-c", "from relations_kg.cli import main; main()", "query", ENDLESS]
    with subprocess.Popen(
        [*command, *arguments], stderr=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        if status == 130:
            children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
            while process.poll() is None and not children.read_text():
                time.sleep(0.05)
            process.send_signal(signal.SIGINT)
        _, said = process.communicate()

    assert status == process.returncode
    assert (b"no answer within 0.3 seconds" in said) == (status == 124)
    assert b"Traceback" not in said


@pytest.mark.slow
@pytest.mark.parametrize("on_disk", [False, True])
def test_a_worker_opens_no_socket_unless_it_may_call(tmp_path: Path, on_disk: bool) -> None:
    Store(tmp_path).flush()
    store = Store.read_only(str(tmp_path)) if on_disk else Store()
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        text = f"ASK {{ SERVICE <http://127.0.0.1:{server.getsockname()[1]}/> {{}} }}"

        with pytest.raises(rk.QueryError, match="Permission denied"):
            answer(store, text)
        with pytest.raises(BlockingIOError):
            server.accept()
        with pytest.raises(rk.QueryError):
            answer(store, text, 1, calls=True)
        server.accept()[0].close()


def test_work_and_the_threads_it_starts_open_no_socket() -> None:
    def work(_: bytes, pipe: IO[bytes]) -> bytes:
        def attempt(number: int) -> bytes:
            try:
                [socket.socket, socket.socketpair][number]()
            except PermissionError:
                return b"refused\n"
            return b"opened\n"

        with ThreadPoolExecutor(2) as pool:
            pipe.writelines([*map(attempt, range(2)), *pool.map(attempt, range(2))])
        return b""

    assert b"refused\n" * 4 == b"".join(Workers(work, stay=False).answer(b"", 20))


def test_without_seccomp_a_worker_opens_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(isolation, "available", lambda: False)
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        text = f"ASK {{ SERVICE <http://127.0.0.1:{server.getsockname()[1]}/> {{}} }}"

        with pytest.raises(rk.QueryError, match="Too many open files"):
            answer(Store(), text)
        with pytest.raises(BlockingIOError):
            server.accept()
        assert answer(Store(), "ASK {}") is True
