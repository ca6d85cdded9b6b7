"""Tests of the limits on answers and requests: rows, bytes, time, memory and connections."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import os
import resource
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from io import BytesIO
from itertools import product
from pathlib import Path
from urllib.parse import urlencode, urlsplit
from xml.etree import ElementTree

import asgi
import command_line
import pytest
import servers
from command_line import COMMAND, children, complaint
from pyoxigraph import Literal, NamedNode, Quad, Store

import relations_kg as rk
from relations_kg.answers import evaluation, tables
from relations_kg.engines import blocks, limits, untrusted
from relations_kg.engines.connection import Connection
from relations_kg.engines.lines import SolutionLines
from relations_kg.rdf.formats import names
from relations_kg.web.answering import Question, write
from relations_kg.web.application import application
from relations_kg.web.pool import Pool

pytest.importorskip("uvicorn")

PAIRS = "?a ?b ?c . ?d ?e ?f"
RUNAWAY = f"SELECT (COUNT(*) AS ?n) {{ {PAIRS} . ?g ?h ?i . ?j ?k ?l }}"
FORM = "application/x-www-form-urlencoded"


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with servers.relations_kg() as address:
        yield address


def run(*words: str) -> tuple[int, str, float, int]:
    """Run the command; return its status, output, time in seconds and memory in MiB."""
    start = time.monotonic()
    with subprocess.Popen(
        [COMMAND, "query", *words], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr
        said = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    return process.returncode, said, time.monotonic() - start, usage.ru_maxrss >> 10


# Answers


@pytest.mark.slow
@pytest.mark.parametrize(
    "sparql",
    [
        f"SELECT ?nope {{ {PAIRS} }}",
        f"SELECT ?a {{ {PAIRS} }} LIMIT 8000000",
        f"SELECT * {{ {{ SELECT (1 AS ?x) {{ {PAIRS} }} }} FILTER(?x > 0) }}",
    ],
)
def test_too_many_rows_are_an_error_and_no_burden(sparql: str) -> None:
    status, said, _, memory = run(sparql, "--timeout", "30")

    help = "has more than 1,000,000 rows; add LIMIT, or write all facts with export\n"
    assert 2 == status
    assert said.endswith(help)
    assert memory < 1200


@pytest.mark.slow
def test_too_many_bytes_are_an_error() -> None:
    wide = 'BIND(CONCAT("0123456789abcdef", "0123456789abcdef") AS ?x0) '
    wide += " ".join(f"BIND(CONCAT(?x{n}, ?x{n}) AS ?x{n + 1})" for n in range(16))
    status, said, _, memory = run(f"SELECT ?x16 {{ ?a ?b ?c {wide} }}", "--timeout", "30")

    assert 2 == status
    assert "the answer is larger than 256 MiB; add LIMIT" in said
    assert memory < 1200


@pytest.mark.parametrize("timeout", [20.0, None])
@pytest.mark.parametrize("form", ["SELECT *", "SELECT ?nope", "CONSTRUCT { ?a ?b ?d }"])
def test_so_many_rows_or_triples_are_allowed_and_not_one_more(
    kg: rk.Graph, monkeypatch: pytest.MonkeyPatch, form: str, timeout: float | None
) -> None:
    for module in (blocks, untrusted, evaluation):
        monkeypatch.setattr(module, "MOST_ROWS", 500)
    ask = f"{form} {{ ?a ?b ?c . BIND(?c AS ?d) }} LIMIT"
    if form.startswith("CONSTRUCT"):
        ask = f"{form} {{ SELECT DISTINCT ?a ?b ?d {{ ?a ?b ?d }} LIMIT %d }}"
    else:
        ask += " %d"

    found = kg.query(ask % 500, timeout=timeout)
    assert not isinstance(found, bool)
    assert len(found) == 500
    with pytest.raises(rk.QueryError, match=r"more than 500 rows; add LIMIT"):
        kg.query(ask % 501, timeout=timeout)


def pieces(go_on: threading.Event, closed: threading.Event) -> Iterator[bytes]:
    """Yield more rows than are read at once, then wait, then fail."""
    try:
        yield b"?x\n" + b"1\n" * 200_000
        assert go_on.wait(20)
        yield b"2\n"
        yield b""
        yield b"3\n"
        raise rk.QueryError("it failed")
    finally:
        closed.set()


def test_the_first_rows_are_there_before_the_last_is_found() -> None:
    go_on, closed = threading.Event(), threading.Event()
    lines = SolutionLines(pieces(go_on, closed))

    assert bool(lines)
    assert lines.columns == ["x"]
    assert lines[199_000]["x"] == next(iter(lines))["x"] == Literal(1)
    go_on.set()
    assert [lines[200_000]["x"], lines[200_001]["x"]] == [Literal(2), Literal(3)]
    for use in (len, list, lambda lines: lines[200_002], lambda lines: lines[-1]):
        with pytest.raises(rk.QueryError, match="it failed"):
            use(lines)
    assert closed.wait(20)


def test_an_answer_that_nobody_keeps_is_not_read_to_its_end() -> None:
    go_on, closed = threading.Event(), threading.Event()
    lines = SolutionLines(pieces(go_on, closed))
    del lines
    go_on.set()

    assert closed.wait(20)


@pytest.mark.slow
def test_rows_are_written_as_they_are_found_and_a_cut_is_reported() -> None:
    command = [COMMAND, "query", f"SELECT * {{ {PAIRS} }}", "--format", "csv"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stderr
        assert process.stdout.read(1000)
        assert process.poll() is None
        while process.stdout.read(1 << 20):
            pass
        said = process.stderr.read().decode()

    assert process.returncode == 124
    assert "the answer is larger than 256 MiB; the output is cut off" in said.splitlines()[-1]


@pytest.mark.slow
@pytest.mark.parametrize("format", ["csv", "tsv", "json", "xml"])
def test_rows_found_before_a_cut_are_written_in_each_format(
    monkeypatch: pytest.MonkeyPatch, format: str
) -> None:
    monkeypatch.setattr(blocks, "LONGEST", 8 << 20)
    result = command_line.run("query", f"SELECT * {{ {PAIRS} }}", "--format", format)

    assert 124 == result.returncode
    assert "the answer is larger than 8 MiB; the output is cut off" in result.stderr
    assert len(result.stdout) > 1 << 20


@pytest.mark.slow
def test_the_timeout_counts_to_the_last_byte(tmp_path: Path) -> None:
    sparql = f"SELECT ?a ?b ?c {{ {PAIRS} }} LIMIT 900000"
    target = tmp_path / "table.txt"
    status, said, seconds, _ = run(sparql, "--timeout", "2", "-o", str(target))

    assert (124, True) == (status, "no answer within 2 seconds" in said)
    assert seconds < 8
    assert [] == list(tmp_path.iterdir())


@pytest.mark.slow
def test_a_reader_who_does_not_read_is_not_waited_for() -> None:
    command = [COMMAND, "query", f"SELECT * {{ {PAIRS} }} LIMIT 9000", "--timeout", "2"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert 124 == process.wait(20)


ROWS = """SELECT ?n ?x WHERE {
  VALUES (?a) { (1) (2) (3) (4) (5) (6) (7) (8) (9) (10) }
  VALUES (?b) { (1) (2) (3) (4) (5) (6) (7) (8) (9) (10) }
  BIND(?a * 10 + ?b AS ?n)
  BIND(IF(?n = 50, UNDEFINED, IF(?n = 60, "tab\\tline\\nquote\\"<&,é", STR(?n))) AS ?x)
}""".replace("UNDEFINED", "1 / 0")


def test_rows_are_the_same_wherever_they_are_kept(
    kg: rk.Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("relations_kg.engines.blocks._BLOCK", 64)
    monkeypatch.setattr(tables, "_TOGETHER", 7)
    monkeypatch.setattr(tables, "_FEW", 7)
    lines, listed = kg.query(ROWS), kg.query(ROWS, timeout=None)
    assert isinstance(lines, rk.Rows)
    assert isinstance(listed, rk.Rows)

    assert isinstance(lines.solutions, SolutionLines)
    assert lines.terms == listed.terms
    assert [lines[n] for n in range(-100, 100)] == [listed[n] for n in range(-100, 100)]
    assert list(lines[17:90:9]) == list(listed[17:90:9])
    with pytest.raises(IndexError):
        lines[100]
    for format in names("rows"):
        assert lines.serialize(format) == listed.serialize(format)
    assert 100 == len(json.loads(lines.serialize("json"))["results"]["bindings"])
    assert 100 == len(ElementTree.fromstring(lines.serialize("xml"))[1])
    assert 101 == len(list(csv.reader(io.StringIO(lines.serialize("csv")))))


@pytest.mark.slow
@pytest.mark.parametrize("size", [500_000, 2_000_000])
def test_a_huge_cell_makes_no_huge_table(size: int) -> None:
    store = Store()
    subject, predicate = NamedNode("urn:s"), NamedNode("urn:p")
    store.extend(Quad(subject, predicate, Literal(str(n))) for n in range(6_000))
    store.add(Quad(subject, predicate, Literal("x" * size)))
    rows = rk.Graph(store).query("SELECT ?p ?o { ?s ?p ?o } ORDER BY ?o")
    assert isinstance(rows, rk.Rows)

    text = str(rows)
    assert len(text) < 6_010 * 400
    assert {len(line) for line in text.splitlines() if "…" in line} == {len("urn:p  ") + 300}
    assert len(rows[3:]._repr_html_()) < 200_000
    assert size <= len(rows.serialize("markdown")) < size + 6_010 * 40
    for format in ("csv", "tsv", "json", "xml"):
        assert "x" * size in rows.serialize(format)


@pytest.mark.slow
@pytest.mark.parametrize("timeout", [20.0, None])
def test_a_cell_that_no_parser_takes_is_reported(timeout: float | None) -> None:
    store = Store()
    long = Literal("x" * (1 << 24))
    store.add(Quad(NamedNode("urn:s"), NamedNode("urn:p"), long))

    with pytest.raises(rk.QueryError, match="a row of the answer is larger than 15 MiB; ask for a"):
        _rows(rk.Graph(store).query("SELECT * { ?s ?p ?o }", timeout=timeout)).serialize("csv")


def _rows(answer: object) -> rk.Rows:
    assert isinstance(answer, rk.Rows)
    return answer


def test_a_notebook_shows_the_first_rows(kg: rk.Graph) -> None:
    rows = kg.query(f"SELECT ?a {{ {PAIRS} }} LIMIT 3000")
    assert isinstance(rows, rk.Rows)

    assert 1_001 == rows._repr_html_().count("<tr>")
    assert "1,000 of 3,000 rows" in rows._repr_html_()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("type", "start", "row"),
    [
        (
            "application/sparql-results+json",
            b'{"head":{"vars":["x"]},"results":{"bindings":[{}',
            b',{"x":{"type":"uri","value":"urn:a"}}',
        ),
        ("text/tab-separated-values", b"?x\n", b"<urn:a>\n"),
        ("text/tab-separated-values", b"?x\n", b"<urn:" + b"a" * 60_000 + b">\n"),
    ],
    ids=["json", "tsv", "wide"],
)
def test_an_endpoint_that_never_ends_is_left(
    monkeypatch: pytest.MonkeyPatch, type: str, start: bytes, row: bytes
) -> None:
    monkeypatch.setitem(Connection.send.__kwdefaults__, "longest", 1 << 24)
    monkeypatch.setattr(limits.limited, "__defaults__", (50_000,))

    def behave(request: servers.Request, handler: servers.Handler) -> None:
        if b"ASK" in request.body:
            handler.reply()
            return
        handler.send_response(200)
        handler.send_header("Content-Type", type)
        handler.send_header("Connection", "close")
        handler.end_headers()
        handler.wfile.write(start)
        while True:
            handler.wfile.write(row * max(1, 60_000 // len(row)))

    with servers.behaving(behave) as (url, _):
        graph = rk.connect(url)
        begun = time.monotonic()
        with pytest.raises(rk.QueryError, match=r"more than 50,000 rows|larger than"):
            graph.query("SELECT ?x { ?x ?y ?z }")

    assert time.monotonic() - begun < 20


# The server


@pytest.mark.parametrize("most", [1, 2, 3, 10])
@pytest.mark.parametrize(
    "type",
    [
        "application/sparql-results+json",
        "application/sparql-results+xml",
        "text/csv",
        "text/tab-separated-values",
    ],
)
@pytest.mark.parametrize("what", ["?a", "*", "?nope"])
def test_the_row_limit_is_exact(kg: rk.Graph, type: str, most: int, what: str) -> None:
    is_counted = what != "?nope" or "json" not in type
    for more in range(-1, 4):
        sparql = f"SELECT {what} {{ ?a ?b ?c }} LIMIT {most + more}"
        pipe = BytesIO()
        error = write(kg, Question(sparql, rows=type), most, pipe)

        assert (more > 0 and is_counted) == (b"more than" in error)
        if "json" in type and not error:
            content = json.loads(pipe.getvalue().partition(b"\n")[2])
            assert most + more == len(content["results"]["bindings"])


def post(server: str, path: str, body: bytes, **headers: str) -> tuple[int, bytes]:
    import http.client

    connection = http.client.HTTPConnection(urlsplit(server).netloc, timeout=60)
    try:
        named = {name.replace("_", "-"): text for name, text in headers.items()}
        connection.request("POST", path, body, named)
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


@pytest.mark.slow
@pytest.mark.parametrize(
    "body",
    [
        b"query=" + b"+".join([b"SERVICE %23%0A"] * 74_000),
        b"query=ASK{}" + b"&a" * 2_000_000,
        b"query=" + b"%41" * 1_300_000,
        b"query=ASK+%7B+FILTER%28%22" + b"now+" * 250_000 + b"%22%29+%7D",
    ],
    ids=["services", "parameters", "escapes", "changing"],
)
def test_a_large_request_holds_up_nobody(server: str, body: bytes) -> None:
    statuses: list[int] = []
    threads = [
        threading.Thread(
            target=lambda: statuses.append(post(server, "/sparql", body, content_type=FORM)[0])
        )
        for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    waits = []
    while any(thread.is_alive() for thread in threads):
        start = time.monotonic()
        with socket.create_connection(_place(server), timeout=60) as sock:
            sock.sendall(b"OPTIONS /sparql HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert sock.recv(20).startswith(b"HTTP/1.1 204")
        waits.append(time.monotonic() - start)
        time.sleep(0.02)

    assert max(waits, default=0) < 1.5
    assert 3 == len(statuses)
    assert all(status in (200, 400, 403, 413, 503, 504) for status in statuses)


def _place(server: str) -> tuple[str, int]:
    place = urlsplit(server)
    return place.hostname or "", place.port or 0


def _memory(process: int) -> int:
    status = Path(f"/proc/{process}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) >> 10


@pytest.fixture
def watched() -> Iterator[tuple[str, int]]:
    """A server and its process."""
    command = [COMMAND, "serve", "--port", "0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr
        yield process.stderr.readline().split()[0].rstrip("/"), process.pid
        process.terminate()


@pytest.mark.slow
def test_requests_leave_nothing_behind(watched: tuple[str, int]) -> None:
    server, process = watched
    post(server, "/sparql", b"query=ASK+%7B%7D", content_type=FORM)
    before = _memory(process)
    for number in range(50):
        fields = {"query": f"ASK {{}} # {number}", "default-graph-uri": f"urn:{number}"}
        body = urlencode(fields).encode() + b"x" * (1 << 22)
        assert 413 == post(server, "/sparql", body[: (1 << 22) - 10], content_type=FORM)[0]

    assert _memory(process) - before < 100


@pytest.mark.slow
def test_killed_workers_and_runaway_queries_cost_their_own_answers(tmp_path: Path) -> None:
    """Eight clients send a thousand queries while workers are killed; nothing is left over."""
    done, statuses, killed = threading.Event(), list[int](), list[int]()
    store = tmp_path / "store"
    rk.load(store=store)
    others = children()
    with servers.relations_kg("--store", str(store), "--timeout", "2") as server:
        (process,) = children() - others
        post(server, "/sparql", b"query=ASK+%7B%7D", content_type=FORM)
        before = len(os.listdir(f"/proc/{process}/fd")) - len(children(process))

        def kill() -> None:
            while len(statuses) < 500 and not done.wait(0.2):
                for child in sorted(children(process))[:1]:
                    with suppress(ProcessLookupError):
                        os.kill(child, signal.SIGKILL)
                        killed.append(child)

        def ask(number: int) -> None:
            sparql = f"SELECT ({number} AS ?n) {{}}" if number % 100 else f"{RUNAWAY} # {number}"
            query = urlencode({"query": sparql}).encode()
            status, content = post(server, "/sparql", query, content_type=FORM)
            statuses.append(status)
            if status == 200:
                assert f'"{number}"'.encode() in content

        killer = threading.Thread(target=kill)
        killer.start()
        try:
            with ThreadPoolExecutor(8) as pool:
                list(pool.map(ask, range(1, 1001)))
        finally:
            done.set()
            killer.join()
        time.sleep(0.5)
        left = children(process)

        assert killed
        assert {200, 504} <= set(statuses) <= {200, 400, 503, 504}
        assert statuses.count(400) <= len(killed)
        # Two runaway queries at once may use up the time of the queries that wait for a worker.
        assert statuses.count(200) + statuses.count(503) >= 990 - len(killed)
        assert statuses.count(200) > 900
        assert len(left) <= (os.cpu_count() or 1)
        assert len(os.listdir(f"/proc/{process}/fd")) <= before + 2 * len(left) + 2


def test_all_that_a_cached_answer_keeps_is_counted(
    kg: rk.Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("relations_kg.web.pool._CACHE", 1 << 20)
    pool = Pool(kg)
    for number in range(40):
        graphs = tuple(f"urn:{number}:{n}:" + "é" * 1_000 for n in range(50))
        asyncio.run(pool.stored(Question(f"ASK {{}} # {number}", default=graphs)))

    assert 0 < len(pool._cache) <= 20


@pytest.mark.parametrize(
    "fields",
    [
        [("default-graph-uri", "urn:" + "x" * 3_000)],
        [("named-graph-uri", "urn:" + "x" * 3_000)],
        [("default-graph-uri", f"urn:{n}") for n in range(600)],
        [("using-graph-uri", "")] * 600,
    ],
)
def test_parameters_are_limited(server: str, fields: list[tuple[str, str]]) -> None:
    body = urlencode([("query", "ASK {}"), *fields]).encode()

    assert 413 == post(server, "/sparql", body, content_type=FORM)[0]


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:8000", "127.0.0.1.evil.example", "localhost@x", "10.0.0.1"],
)
@pytest.mark.parametrize("path", ["/", "/sparql?query=ASK{}", "/q/missions", "/id/peru"])
def test_a_server_of_this_machine_goes_by_its_own_names(server: str, host: str, path: str) -> None:
    assert 421 == _status(server, path, host)
    for own in ("localhost", f"127.0.0.1:{_place(server)[1]}", "[::1]", "LOCALHOST"):
        assert _status(server, path, own) in (200, 303, 400)


def _status(server: str, path: str, host: str) -> int:
    with socket.create_connection(_place(server), timeout=60) as sock:
        sock.sendall(f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
        return int(sock.recv(12).split()[1])


@pytest.mark.parametrize(
    "path", ["/map/peru/", "/things/", "/q", "/document", "/day?on=1985-01-01"]
)
@pytest.mark.parametrize("base", ["/", "/graph/"])
def test_a_slash_more_or_less_leads_to_no_other_host(kg: rk.Graph, path: str, base: str) -> None:
    app = application(kg, base=base)
    found = asgi.request(app, "GET", base.rstrip("/") + path, host="evil.example")

    assert found.status_code in (307, 404)
    if found.status_code == 307:
        assert found.headers["location"].startswith(base)
        assert "evil" not in found.headers["location"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("options", "origins"),
    [
        ([], {"https://a.example": "*"}),
        (["--facts", "tests/facts/good/visit.ttl"], {"https://a.example": None}),
        (["--only", "tests/facts/good/visit.ttl"], {"null": None}),
        (
            ["--allow-origin", "https://a.example"],
            {"https://a.example": "https://a.example", "https://b.example": None},
        ),
        (
            ["--only", "tests/facts/good/visit.ttl", "--allow-origin", "*"],
            {"https://b.example": "*"},
        ),
    ],
)
def test_other_sites_read_what_is_public(
    options: list[str], origins: dict[str, str | None]
) -> None:
    import http.client

    with servers.relations_kg(*options) as server:
        for (origin, allowed), method in product(origins.items(), ("GET", "OPTIONS")):
            connection = http.client.HTTPConnection(urlsplit(server).netloc, timeout=60)
            connection.request(method, "/sparql?query=ASK%7B%7D", headers={"Origin": origin})
            response = connection.getresponse()
            response.read()
            connection.close()

            assert allowed == response.headers["Access-Control-Allow-Origin"]


@pytest.mark.parametrize("origin", ["a.example", "https://a.example/path", "https://*.example", ""])
def test_what_is_no_origin_is_reported(origin: str) -> None:
    assert "is not an origin; write it like https://HOST:PORT" in complaint(
        "serve", "--port", "0", "--allow-origin", origin
    )


HASTY = """
import sys
from relations_kg.web import server
server._HEAD = server._BODY = 1.0
server._READ, server._MOST_CONNECTIONS = 2.0, 20
sys.argv = ["relations-kg", "serve", "--port", "0"]
from relations_kg.cli import main
main()
"""


@pytest.fixture(scope="module")
def hasty() -> Iterator[str]:
    """A server that waits a second for a request, and serves 20 connections."""
    with subprocess.Popen(
        [sys.executable, "-c", HASTY], stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr
        yield process.stderr.readline().split()[0].rstrip("/")
        process.terminate()
        assert "" == process.stderr.read()


BEGINNINGS = [
    b"",
    b"GET",
    b"GET / HTTP/1.1\r\nHost: localhost\r\n",
    b"POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\nContent-Type: "
    b"application/sparql-query\r\n\r\nASK",
    b"OPTIONS / HTTP/1.1\r\nHost: localhost\r\n\r\nGET / HTTP",
]


@pytest.mark.slow
@pytest.mark.parametrize("start", BEGINNINGS, ids=len)
@pytest.mark.parametrize("drip", [b"", b"X"])
def test_a_request_that_never_ends_is_closed(hasty: str, start: bytes, drip: bytes) -> None:
    with socket.create_connection(_place(hasty), timeout=0.2) as sock:
        sock.sendall(start)
        begun = time.monotonic()
        while time.monotonic() - begun < 10:
            try:
                if drip:
                    sock.sendall(drip)
                if not sock.recv(4096):
                    break
            except TimeoutError:
                continue
            except OSError:
                break

    assert time.monotonic() - begun < 9


@pytest.mark.slow
def test_who_never_reads_is_closed(hasty: str) -> None:
    with socket.create_connection(_place(hasty), timeout=10) as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        query = b"SELECT%20*%7B%3Fa%20%3Fb%20%3Fc.%3Fd%20%3Fe%20%3Ff%7D"
        sock.sendall(b"GET /sparql?query=" + query + b" HTTP/1.1\r\nHost: localhost\r\n\r\n")
        with pytest.raises(ConnectionError):
            _go_on_sending(sock)


def _go_on_sending(sock: socket.socket) -> None:
    # The answer can be slow on a busy machine.
    for _ in range(400):
        sock.sendall(b"GET / HTTP/1.1\r\n")
        time.sleep(0.1)


@pytest.mark.slow
def test_too_many_connections_are_refused_and_pass(hasty: str) -> None:
    time.sleep(3)
    held = []
    try:
        for _ in range(30):
            held.append(socket.create_connection(_place(hasty), timeout=10))
        assert 503 == _status(hasty, "/sparql?query=ASK{}", "localhost")
        for _ in range(100):
            held.append(socket.create_connection(_place(hasty), timeout=10))
    finally:
        for sock in held:
            sock.close()
    time.sleep(1)
    assert 200 == _status(hasty, "/things", "localhost")


@pytest.mark.slow
def test_connections_leave_descriptors_free() -> None:
    from relations_kg.web import server

    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    assert 2 * server._most_connections() + 64 <= soft
