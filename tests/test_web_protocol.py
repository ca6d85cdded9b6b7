"""Tests of the SPARQL endpoint: protocol, formats, service description, load and `serve`."""

from __future__ import annotations

import asyncio
import csv
import gc
import gzip
import http.client
import io
import json
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import IO, Any, NamedTuple
from urllib.parse import quote, unquote_to_bytes, urlencode, urlsplit
from xml.etree import ElementTree

import pytest
import servers
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store, Triple, parse
from starlette.applications import Starlette
from trials import trials

import relations_kg as rk
from relations_kg.engines import child, guard, worker
from relations_kg.rdf.namespaces import IDENTIFIERS, ONTOLOGY, PREFIXES, SH, STATED, is_bundled
from relations_kg.web import answering, bodies
from relations_kg.web.answering import Question
from relations_kg.web.pool import Pool
from relations_kg.web.problems import Problem
from relations_kg.web.server import listen, run

pytest.importorskip("uvicorn")

SD = "http://www.w3.org/ns/sparql-service-description#"
ROWS, FORM, QUERY = (
    "application/sparql-results+json",
    "application/x-www-form-urlencoded",
    "application/sparql-query",
)
ASK = "ASK { ?s ?p ?o }"
COUNT = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"
CITIES = "SELECT ?city WHERE { ?city a rkg:City } ORDER BY ?city"
TYPES = "CONSTRUCT { ?s a ?t } WHERE { ?s a rkg:City ; a ?t }"
CROSS = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"


class Answer(NamedTuple):
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def type(self) -> str:
        return self.headers.get_content_type()

    @property
    def count(self) -> int:
        return int(self.json["results"]["bindings"][0]["n"]["value"])


def send(server: str, method: str, path: str, body: bytes | None = None, **headers: str) -> Answer:
    """Send the bytes of a request unchanged."""
    connection = http.client.HTTPConnection(urlsplit(server).netloc, timeout=60)
    try:
        named = {name.replace("_", "-"): text for name, text in headers.items()}
        connection.request(method, path, body, named)
        response = connection.getresponse()
        return Answer(response.status, response.headers, response.read())
    finally:
        connection.close()


def ask(server: str, sparql: str, accept: str = "*/*", **more: str | list[str]) -> Answer:
    query = urlencode({"query": sparql, **more}, doseq=True)
    return send(server, "GET", f"/sparql?{query}", accept=accept)


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with servers.relations_kg() as address:
        yield address


@pytest.fixture(scope="module")
def hasty() -> Iterator[str]:
    """A server with a timeout of one second for queries."""
    with servers.relations_kg("--timeout", "1") as address:
        yield address


_ENCODED = st.binary(max_size=3).map(lambda raw: raw.replace(b"%", b"%25")) | st.sampled_from(
    [b"=", b"=\n", b"%20", b"%0d%0A", b"%3d", b"%25"]
)


@trials(200)
@given(st.lists(_ENCODED))
def test_percent_encoding_is_decoded_as_by_urllib(parts: list[bytes]) -> None:
    encoded = b"".join(parts)

    assert unquote_to_bytes(encoded) == bodies._decoded(encoded)


# The protocol tests of the W3C, by their names there; the queries are ours.


def test_query_get(server: str) -> None:
    answer = ask(server, ASK, ROWS)

    assert (200, ROWS, True) == (answer.status, answer.type, answer.json["boolean"])


def test_query_post_form(server: str) -> None:
    body = urlencode({"query": ASK}).encode()
    answer = send(server, "POST", "/sparql", body, content_type=FORM)

    assert (200, True) == (answer.status, answer.json["boolean"])


def test_query_post_direct(server: str) -> None:
    answer = send(server, "POST", "/sparql", ASK.encode(), content_type=f"{QUERY}; charset=utf-8")

    assert (200, True) == (answer.status, answer.json["boolean"])


@pytest.mark.parametrize("way", ["get", "form", "direct"])
@pytest.mark.parametrize(
    "dataset",
    [
        [("default-graph-uri", STATED)],
        [("default-graph-uri", STATED), ("default-graph-uri", IDENTIFIERS)],
        [("named-graph-uri", STATED)],
        [("named-graph-uri", STATED), ("named-graph-uri", IDENTIFIERS)],
        [("default-graph-uri", STATED), ("named-graph-uri", IDENTIFIERS)],
        [("default-graph-uri", "https://example.org/none")],
    ],
    ids=lambda dataset: f"{len(dataset)}-{dataset[0][0][:7]}",
)
def test_query_dataset(server: str, kg: rk.Graph, way: str, dataset: list[tuple[str, str]]) -> None:
    """The dataset of the request takes precedence over that of the query."""
    default = {graph for name, graph in dataset if name == "default-graph-uri"}
    named = {graph for name, graph in dataset if name == "named-graph-uri"}
    inside = COUNT.replace("{ ?s ?p ?o }", "{ GRAPH ?g { ?s ?p ?o } }")
    for sparql, graphs in ((COUNT, default), (inside, named)):
        sparql = sparql.replace("WHERE", f"FROM <{ONTOLOGY}> WHERE")
        parameters = urlencode(dataset)
        form = urlencode({"query": sparql})
        if way == "get":
            answer = send(server, "GET", f"/sparql?{form}&{parameters}")
        elif way == "form":
            body = f"{form}&{parameters}".encode()
            answer = send(server, "POST", "/sparql", body, content_type=FORM)
        else:
            place = f"/sparql?{parameters}"
            answer = send(server, "POST", place, sparql.encode(), content_type=QUERY)

        assert sum(map(kg.count, graphs)) == answer.count


def test_without_a_dataset_all_graphs_are_asked(server: str, kg: rk.Graph) -> None:
    assert len({quad.triple for quad in kg.quad_store}) == ask(server, COUNT).count


@pytest.mark.parametrize("query", [COUNT, TYPES])
def test_the_query_names_its_dataset(server: str, query: str) -> None:
    nothing = "FROM <https://example.org/none> WHERE"
    answer = ask(server, query.replace("WHERE", nothing), "application/json, text/turtle")

    assert b"City" not in answer.body
    assert query == TYPES or answer.count == 0


@pytest.mark.parametrize(
    ("method", "path", "body", "headers", "status"),
    [
        # The comments name the W3C's protocol tests that send such a request.
        # bad-query-method
        ("PUT", f"/sparql?query={quote(ASK)}", b"", {}, 405),
        (
            *("POST", "/sparql", gzip.compress(ASK.encode(), mtime=0)),
            *({"content_type": QUERY, "content_encoding": "gzip"}, 415),
        ),
        ("DELETE", f"/sparql?query={quote(ASK)}", None, {}, 405),
        # bad-multiple-queries
        ("GET", f"/sparql?query={quote(ASK)}&query={quote(ASK)}", None, {}, 400),
        ("POST", "/sparql", b"query=ASK%7B%7D&query=ASK%7B%7D", {"content_type": FORM}, 400),
        ("POST", "/sparql?query=ASK%7B%7D", ASK.encode(), {"content_type": QUERY}, 400),
        # bad-query-wrong-media-type, bad-query-missing-form-type, bad-query-missing-direct-type
        ("POST", "/sparql", ASK.encode(), {"content_type": "text/plain"}, 415),
        ("POST", "/sparql", ASK.encode(), {}, 415),
        ("POST", "/sparql", b"query=ASK%7B%7D", {"content_type": "multipart/form-data"}, 415),
        # bad-query-non-utf8
        (
            "POST",
            "/sparql",
            ASK.encode("utf-16"),
            {"content_type": f"{QUERY}; charset=UTF-16"},
            415,
        ),
        ("POST", "/sparql", b'ASK { ?s ?p "\xff" }', {"content_type": QUERY}, 400),
        ("POST", "/sparql", b"query=ASK%7B%FF%7D", {"content_type": FORM}, 400),
        ("GET", "/sparql?query=ASK%7B%FF%7D", None, {}, 400),
        # bad-query-syntax
        ("GET", "/sparql?query=ASK", None, {}, 400),
        ("POST", "/sparql", b"", {"content_type": QUERY}, 400),
        ("GET", "/sparql?query=", None, {}, 400),
        # similar cases
        ("GET", "/sparql?query=ASK%7B%ZZ%7D", None, {}, 400),
        ("GET", "/sparql?query=ASK%7B%7D%", None, {}, 400),
        ("GET", f"/sparql?default-graph-uri={quote(STATED)}", None, {}, 400),
        ("GET", "/sparql?query=ASK%7B%7D&default-graph-uri=stated", None, {}, 400),
        ("GET", "/sparql?query=ASK%7B%7D&named-graph-uri=%3C%3E", None, {}, 400),
        ("POST", "/sparql", b"", {"content_type": FORM}, 400),
        # updates
        ("POST", "/sparql", b"update=CLEAR+ALL", {"content_type": FORM}, 403),
        ("POST", "/sparql", b"CLEAR ALL", {"content_type": "application/sparql-update"}, 403),
        ("GET", "/sparql?update=CLEAR+ALL", None, {}, 403),
        ("GET", "/sparql?query=CLEAR+ALL", None, {}, 403),
        ("GET", f"/sparql?query={quote('INSERT DATA { id:x a rkg:City }')}", None, {}, 403),
        # other hosts
        (
            "GET",
            f"/sparql?query={quote('ASK { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }')}",
            None,
            {},
            403,
        ),
        # formats
        ("GET", f"/sparql?query={quote(ASK)}", None, {"accept": "image/png"}, 406),
        ("GET", f"/sparql?query={quote(ASK)}", None, {"accept": "text/turtle"}, 406),
        ("GET", f"/sparql?query={quote(TYPES)}", None, {"accept": "text/csv"}, 406),
        ("GET", f"/sparql?query={quote(ASK)}", None, {"accept": "*/*;q=0"}, 406),
        ("GET", "/sparql", None, {"accept": "image/png"}, 406),
        # sizes
        ("POST", "/sparql", b"#" * (guard.LONGEST + 1), {"content_type": QUERY}, 413),
        ("POST", "/sparql", b"query=" + b"%20" * 2_000_000, {"content_type": FORM}, 413),
        # the graph store
        ("GET", "/graph-store", None, {}, 400),
        ("GET", "/graph-store?graph=stated", None, {}, 400),
        ("GET", f"/graph-store?default&graph={quote(STATED)}", None, {}, 400),
        ("GET", "/graph-store?graph=https://example.org/none", None, {}, 404),
        ("GET", "/graph-store?default", None, {"accept": "text/csv"}, 406),
        ("PUT", "/graph-store?default", b"", {}, 405),
        ("POST", "/graph-store?default", b"", {}, 405),
        ("DELETE", "/graph-store?default", None, {}, 405),
    ],
)
def test_bad_requests(
    server: str,
    method: str,
    path: str,
    body: bytes | None,
    headers: dict[str, str],
    status: int,
) -> None:
    answer = send(server, method, path, body, **headers)

    assert status == answer.status
    assert "application/problem+json" == answer.type
    assert status == answer.json["status"]
    assert answer.json["detail"]
    assert (status == 405) == bool(answer.headers["Allow"])


def test_a_mistake_in_a_query_has_its_place(server: str) -> None:
    expected = ask(server, "SELECT * {\n ?s a rkg:City , }").json

    assert expected["line"] == 2
    assert expected["column"] > 10


# Formats


@pytest.mark.parametrize(
    "accept",
    [
        "application/sparql-results+json",
        "application/sparql-results+xml",
        "text/csv",
        "text/tab-separated-values",
        "application/json",
        "application/xml",
    ],
)
def test_rows_in_each_format(server: str, kg: rk.Graph, accept: str) -> None:
    answer = ask(server, CITIES, accept)
    expected = [str(row[0]) for row in kg.query(CITIES)]  # type: ignore[union-attr]
    text = answer.body.decode()

    assert accept == answer.type
    if "json" in accept:
        cells = [row["city"]["value"] for row in answer.json["results"]["bindings"]]
    elif "xml" in accept:
        cells = [
            str(cell.text) for cell in ElementTree.fromstring(text).iter() if "uri" in cell.tag
        ]
    else:
        cells = [line[0].strip("<>") for line in csv.reader(io.StringIO(text))][1:]
    assert expected == cells


@pytest.mark.parametrize(
    ("accept", "format"),
    [
        ("text/turtle", RdfFormat.TURTLE),
        ("application/n-triples", RdfFormat.N_TRIPLES),
        ("application/ld+json", RdfFormat.JSON_LD),
        ("application/rdf+xml", RdfFormat.RDF_XML),
    ],
)
def test_triples_in_each_format(server: str, kg: rk.Graph, accept: str, format: RdfFormat) -> None:
    answer = ask(server, TYPES, accept)
    expected = kg.query(TYPES)
    assert not isinstance(expected, bool)

    assert accept == answer.type
    assert set(expected.terms) == {quad.triple for quad in parse(answer.body, format)}


@pytest.mark.parametrize("name", ["format", "output"])
@pytest.mark.parametrize(
    ("query", "value", "type"),
    [
        (CITIES, "json", ROWS),
        (CITIES, "JSON", ROWS),
        (CITIES, "csv", "text/csv"),
        (CITIES, "xml", "application/sparql-results+xml"),
        (CITIES, "application/sparql-results+json", ROWS),
        (CITIES, "application%2Fsparql-results%2Bxml", "application/sparql-results+xml"),
        (ASK, "json", ROWS),
        (TYPES, "ttl", "text/turtle"),
        (TYPES, "turtle", "text/turtle"),
        (TYPES, "json", "application/ld+json"),
        (TYPES, "jsonld", "application/ld+json"),
        (TYPES, "application/n-triples", "application/n-triples"),
    ],
)
def test_a_parameter_names_the_format_before_the_accept_header(
    server: str, name: str, query: str, value: str, type: str
) -> None:
    address = f"/sparql?query={quote(query)}&{name}={value}"
    for accept in ("text/html", "text/turtle, text/csv, */*;q=0.1"):
        answer = send(server, "GET", address, accept=accept)
        assert (200, type) == (answer.status, answer.type)


@pytest.mark.parametrize(
    ("more", "status", "expected"),
    [
        ("format=josn", 400, "unknown format 'josn'"),
        ("output=", 400, "unknown format ''"),
        ("format=json&output=xml", 400, "the request asks for 2 formats"),
        ("format=turtle", 406, "cannot"),
    ],
)
def test_a_format_that_cannot_be_produced_is_an_error(
    server: str, more: str, status: int, expected: str
) -> None:
    answer = send(server, "GET", f"/sparql?query={quote(CITIES)}&{more}")

    assert status == answer.status
    assert expected in answer.json["detail"]
    if status == 400:
        assert "json" in answer.json["help"]


def test_what_an_answer_or_a_format_cannot_hold_is_reported(server: str) -> None:
    for query, accept in (
        ('SELECT ("a\\u0001" AS ?x) {}', "application/sparql-results+xml"),
        ("CONSTRUCT { <urn:a> <http://e.org/1> 1 } {}", "application/rdf+xml"),
        ("CONSTRUCT { <urn:a> <urn:b> <<( <urn:a> <urn:b> 1 )>> } {}", "application/ld+json"),
    ):
        answer = ask(server, query, accept)

        assert 406 == answer.status
        assert "cannot" in answer.json["detail"]
    assert b'x\r\n"urn:a,b"\r\n' == ask(server, "SELECT (<urn:a,b> AS ?x) {}", "text/csv").body
    triple = """SELECT (<<( <urn:a> <urn:p> 'b, "c"' )>> AS ?x) (1 AS ?y) {}"""
    rows = csv.reader(io.StringIO(ask(server, triple, "text/csv").body.decode(), newline=""))
    assert [["x", "y"], ['<<( <urn:a> <urn:p> "b, \\"c\\"" )>>', "1"]] == list(rows)


@pytest.mark.parametrize(
    ("accept", "type"),
    [
        ("*/*", ROWS),
        ("text/csv;q=0.1, application/*", ROWS),
        ("text/*", "text/csv"),
        ("text/csv;q=0.5, text/tab-separated-values;q=0.9, */*;q=0.1", "text/tab-separated-values"),
        ("nonsense, text/csv", "text/csv"),
        ("TEXT/CSV", "text/csv"),
        ("", ROWS),
    ],
)
def test_what_is_preferred(server: str, accept: str, type: str) -> None:
    assert type == ask(server, CITIES, accept).type


# Headers of the response


def test_it_is_known_again(server: str) -> None:
    first = ask(server, CITIES)
    path = f"/sparql?query={quote(CITIES)}"
    tag = str(first.headers["ETag"])

    assert (304, b"") == send(server, "GET", path, if_none_match=f'"x", {tag}')[::2]
    assert send(server, "GET", path, if_none_match='"x"').status == 200
    assert send(server, "GET", path, if_none_match=tag, accept="text/csv").status == 200
    assert tag != ask(server, CITIES + " LIMIT 1").headers["ETag"]


def test_entity_tags_are_compared_weakly(server: str) -> None:
    tag = str(ask(server, ASK).headers["ETag"])
    path = f"/sparql?query={quote(ASK)}"
    strong = tag.removeprefix("W/")
    known = [tag, strong, f'"a,b", {strong}', f'W/"a" ,{tag}', "*"]

    assert [304] * 5 == [send(server, "GET", path, if_none_match=each).status for each in known]
    assert 200 == send(server, "GET", path, if_none_match=strong.replace('"', "")).status


def test_relative_iris_have_a_base(server: str) -> None:
    answer = ask(server, "CONSTRUCT { <s> <p> 1 } WHERE {}", "application/n-triples")

    assert (200, 1) == (answer.status, answer.body.count(b"\n"))
    assert 1 == ask(server, "SELECT (COUNT(*) AS ?n) { <id/peru> a rkg:State }").count


def test_an_error_has_the_preferred_type(server: str) -> None:
    problem, page = "application/problem+json", "text/html"
    for path in ("/nowhere", "/id/nothing", "/sparql?query=nonsense"):
        for accept, type in (
            ("*/*", problem),
            ("text/html;q=0.1, application/json", problem),
            ("text/html; Q=0.1, */*", problem),
            ("text/html, application/json;q=0.9, */*;q=0.1", page),
        ):
            answer = send(server, "GET", path, accept=accept)
            assert type == answer.type
            assert "Accept" in answer.headers["Vary"].split(", ")


def test_what_changes_is_not_kept(server: str) -> None:
    first, second = (ask(server, "SELECT (UUID() AS ?u) {}") for _ in range(2))

    assert first.body != second.body
    assert first.headers["ETag"] is None
    assert "no-store" == first.headers["Cache-Control"]


def test_head_is_get_without_the_content(server: str) -> None:
    path = f"/sparql?query={quote(CITIES)}"
    head, get = (send(server, method, path) for method in ("HEAD", "GET"))

    assert (200, b"") == (head.status, head.body)
    assert head.headers["Content-Length"] == str(len(get.body))


def test_other_pages_may_ask(server: str) -> None:
    answer = send(server, "OPTIONS", "/sparql", origin="https://example.org")

    assert answer.status == 204
    assert "POST" in answer.headers["Access-Control-Allow-Methods"]
    for one in (answer, ask(server, ASK), ask(server, "nonsense")):
        assert "*" == one.headers["Access-Control-Allow-Origin"]
        assert "nosniff" == one.headers["X-Content-Type-Options"]
        assert "default-src 'self'" in one.headers["Content-Security-Policy"]


def test_it_is_compressed(server: str) -> None:
    path = f"/sparql?query={quote('SELECT * { ?s ?p ?o } ORDER BY ?s ?p ?o')}"
    plain, packed = (send(server, "GET", path, accept_encoding=e) for e in ("identity", "gzip"))

    assert "gzip" == packed.headers["Content-Encoding"]
    assert plain.body == gzip.decompress(packed.body)
    assert "Accept-Encoding" in packed.headers["Vary"]


# A text in a cell that looks like the end of a row does not end the row.
MANY = """SELECT (CONCAT("},{\\"</result>\\n,", STR(?a)) AS ?x) ?b ?none
WHERE { { SELECT ?a ?b WHERE { ?a ?b ?c } ORDER BY ?a ?b LIMIT 3000 } }"""


@pytest.mark.parametrize(
    "question",
    [
        Question("SELECT ?o { ?s ?p ?o }", rows="application/sparql-results+xml"),
        Question("SELECT ?o { ?s ?p ?o }", rows=None),
        Question("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }", triples="application/rdf+xml"),
        Question("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }", triples=None),
    ],
)
@pytest.mark.slow
def test_an_error_of_a_thread_keeps_no_answer_of_the_engine(
    question: Question, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only the thread that made an answer may free it, and another one handles the error."""
    lost: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", lost.append)
    node = NamedNode("urn:a")
    store = Store()
    store.add(Quad(node, node, Literal("\1")))

    with ThreadPoolExecutor(1) as pool:
        error = pool.submit(answering.answer, store, question).exception()
    assert isinstance(error, rk.InputError)
    error.__traceback__ = error.__context__ = None
    gc.collect()

    assert [] == lost


@pytest.mark.slow
@pytest.mark.parametrize("type", answering.ROWS)
def test_rows_are_written_in_blocks_up_to_the_limit(kg: rk.Graph, type: str) -> None:
    question = Question(MANY, type)
    pipe, cut = io.BytesIO(), io.BytesIO()

    assert b"" == answering.write(kg, question, 3_000, pipe)
    head, _, content = pipe.getvalue().partition(b"\n")
    assert type == answering.Head.parse(head).media_type
    assert answering.answer(kg.quad_store, question)[1] == content
    error = answering.Head.parse(answering.write(kg, question, 2_999, cut))
    assert "the answer has more than 2,999 rows" == (error.error or {})["detail"]
    assert 0 < len(cut.getvalue()) < len(pipe.getvalue())


@pytest.mark.slow
@pytest.mark.parametrize("type", [ROWS, pytest.param("text/csv", marks=pytest.mark.whole)])
def test_rows_are_sent_before_the_last_is_found(server: str, type: str) -> None:
    """An answer that is cut off is recognisable: its chunked encoding has no end."""
    path = f"/sparql?query={quote('SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }')}"
    connection = http.client.HTTPConnection(urlsplit(server).netloc, timeout=60)
    connection.request("GET", path, headers={"Accept": type})
    response = connection.getresponse()

    assert (200, "rows=1000000, seconds=60") == (
        response.status,
        response.headers["Relations-KG-Limits"],
    )
    assert response.read(1_000)
    with pytest.raises(http.client.IncompleteRead):
        response.read()
    connection.close()


@pytest.mark.slow
def test_a_response_that_is_cut_resets_a_connection_without_chunks(server: str) -> None:
    host, port = urlsplit(server).netloc.split(":")
    path = f"/sparql?query={quote('SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }')}"
    with socket.create_connection((host, int(port)), timeout=60) as client:
        client.sendall(f"GET {path} HTTP/1.0\r\nHost: {host}\r\nAccept: text/csv\r\n\r\n".encode())
        assert client.recv(1_000).startswith(b"HTTP/1.1 200 ")
        with pytest.raises(ConnectionResetError):
            list(iter(partial(client.recv, 1 << 20), b""))


def test_too_many_triples_are_an_error(kg: rk.Graph) -> None:
    asked = Pool(kg, rows=10).untrusted(Question("CONSTRUCT WHERE { ?s ?p ?o }"))
    with pytest.raises(Problem, match="the answer has more than 10 rows"):
        asyncio.run(asked)


def test_a_request_can_have_less_time_than_others(kg: rk.Graph) -> None:
    asked = Pool(kg).untrusted(
        Question("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f }"), timeout=0.1
    )
    with pytest.raises(Problem, match=r"no answer within 0\.1 seconds"):
        asyncio.run(asked)


# The service description


@pytest.mark.parametrize("accept", ["*/*", "application/ld+json", "application/n-triples"])
def test_the_service_describes_itself(server: str, kg: rk.Graph, accept: str) -> None:
    answer = send(server, "GET", "/sparql", accept=accept)
    format = RdfFormat.from_media_type(answer.type)
    assert format is not None
    said = {quad.triple for quad in parse(answer.body, format)}

    assert {f"{server}/sparql"} == objects(said, "endpoint")
    assert {f"{SD}SPARQL11Query"} == objects(said, "supportedLanguage")
    declared = {t.object.value for t in said if t.predicate.value == SH + "namespace"}  # type: ignore[union-attr]
    # This process, but not the server's, may know the prefixes of a vocabulary of another test.
    assert {PREFIXES[prefix] for prefix in PREFIXES if is_bundled(prefix)} == declared
    assert {graph.value for graph in kg.quad_store.named_graphs()} == objects(said, "name")  # type: ignore[union-attr]
    assert send(server, "GET", "/sparql", if_none_match=str(answer.headers["ETag"])).status in (
        200,
        304,
    )


def objects(said: set[Triple], name: str) -> set[str]:
    return {triple.object.value for triple in said if triple.predicate.value == SD + name}  # type: ignore[union-attr]


@pytest.mark.parametrize("graph", [STATED, IDENTIFIERS])
def test_a_graph_is_read(server: str, kg: rk.Graph, graph: str) -> None:
    path = f"/graph-store?graph={quote(graph)}"
    answer = send(server, "GET", path, accept="application/n-triples")

    assert kg.count(graph) == answer.body.count(b"\n")
    assert (200, b"") == send(server, "HEAD", path)[::2]
    assert send(server, "GET", path, if_none_match="*").status == 304


def test_the_default_graph_is_all_that_there_is(server: str, kg: rk.Graph) -> None:
    answer = send(server, "GET", "/graph-store?default")

    assert "text/turtle" == answer.type
    assert answer.body.count(b"\n") > 1000


# Load and hostile requests


@pytest.mark.slow
def test_a_query_without_end_is_ended(hasty: str) -> None:
    answer = ask(hasty, CROSS)

    assert (504, "no answer within 1 second") == (answer.status, answer.json["detail"])


def test_a_query_is_cancelled_when_its_client_disconnects(server: str) -> None:
    """Otherwise these queries would occupy all workers for a minute."""
    for _ in range(4):
        connection = http.client.HTTPConnection(urlsplit(server).netloc)
        connection.request("GET", f"/sparql?query={quote(CROSS)}")
        time.sleep(0.1)
        connection.close()
    start = time.monotonic()

    assert ask(server, "SELECT (1 AS ?left) {}").status == 200
    assert time.monotonic() - start < 30


def test_a_worker_that_deadlocked_is_restarted(
    kg: rk.Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A lock that another thread holds during the fork is never released in the worker."""
    lock, first = threading.Lock(), worker.start

    def start(job: child.Job, version: object, *, calls: bool) -> worker.Worker:
        def locked(request: bytes, pipe: IO[bytes]) -> bytes:
            with lock:
                return job(request, pipe)

        started = first(locked, version, calls=calls)
        if lock.locked():
            lock.release()
        return started

    monkeypatch.setattr(worker, "start", start)
    lock.acquire()
    pool = Pool(kg, timeout=20)
    answers = [asyncio.run(pool.untrusted(Question(f"ASK {{}} # {n}"))) for n in range(3)]

    assert [200] * 3 == [answer.head.status for answer in answers]


@pytest.mark.slow
def test_without_seccomp_everything_is_answered_too() -> None:
    """A worker can then open no file, not even that of a module to import."""
    program = (
        "import asyncio\n"
        "from pyoxigraph import Literal, NamedNode, Quad, Store\n"
        "import relations_kg as rk\n"
        "from relations_kg.engines import isolation\n"
        "from relations_kg.web.answering import ROWS, TRIPLES, Question\n"
        "from relations_kg.web.pool import Pool\n"
        "isolation.available = lambda: False\n"
        "store = Store()\n"
        "store.add(Quad(NamedNode('urn:s'), NamedNode('urn:p'), Literal('o')))\n"
        "async def answer(*question):\n"
        "    answer = await Pool(rk.Graph(store)).untrusted(Question(*question))\n"
        "    assert answer.content, question\n"
        "for rows in ROWS:\n"
        "    asyncio.run(answer('SELECT * { ?s ?p ?o }', rows))\n"
        "for triples in TRIPLES:\n"
        "    asyncio.run(answer('CONSTRUCT WHERE { ?s ?p ?o }', None, triples))\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_many_ask_at_once(server: str) -> None:
    answers: list[Answer] = []

    def work(number: int) -> None:
        for each in range(5):
            answers.append(ask(server, f"SELECT ({number * 5 + each} AS ?n) {{}}"))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert {200} == {answer.status for answer in answers}
    assert list(range(80)) == sorted(answer.count for answer in answers)


@pytest.mark.parametrize(
    "raw",
    [
        b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\nHost: \xff\r\n\r\n",
        b"GET /sparql HTTP/1.1\r\nHost: a b<>\r\nConnection: close\r\n\r\n",
        b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        b"GET /sparql?query=" + b"x" * 100_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"\x00\x01\x02\r\n\r\n",
    ],
    ids=len,
)
def test_what_is_hardly_a_request(server: str, raw: bytes) -> None:
    place = urlsplit(server)
    with socket.create_connection((place.hostname or "", place.port or 0), timeout=30) as sock:
        sock.sendall(raw)
        start = sock.recv(100)

    assert not start.startswith(b"HTTP/1.1 5")
    assert ask(server, ASK).status == 200


# The command


def command(*words: str) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).parent / "relations-kg"
    return subprocess.run([program, "serve", *words], capture_output=True, text=True, timeout=60)


def test_a_port_that_is_taken_is_reported(server: str) -> None:
    port = str(urlsplit(server).port)
    outcome = command("--port", port)

    assert (2, "") == (outcome.returncode, outcome.stdout)
    assert f"127.0.0.1:{port}: address already in use; name another --port" in outcome.stderr
    assert outcome.stderr.count("\n") == 1


def test_a_library_that_is_missing_is_reported() -> None:
    code = "import sys; sys.modules['uvicorn'] = None; sys.argv = ['relations-kg', 'serve']\n"
    code += "from relations_kg.cli import main; main()"
    outcome = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)

    expected = (
        "serve: this needs uvicorn, which is not installed; pip install 'relations-kg[serve]'\n"
    )
    assert (2, expected) == (outcome.returncode, outcome.stderr)


def test_a_host_that_is_none_is_reported() -> None:
    outcome = command("--host", "256.0.0.1")

    assert outcome.returncode == 2
    assert outcome.stderr.count("\n") == 1


def test_the_body_of_a_response_does_not_wait_until_its_head_is_acknowledged() -> None:
    with (
        listen("127.0.0.1", 0) as sock,
        socket.create_connection(sock.getsockname()),
        sock.accept()[0] as connection,
    ):
        assert connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_an_interrupt_ends_it() -> None:
    program = Path(sys.executable).parent / "relations-kg"
    words = [program, "serve", "--port", "0"]
    with subprocess.Popen(words, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        address = process.stderr.readline().split()[0]
        assert send(address, "GET", f"/sparql?query={quote(ASK)}").status == 200
        process.send_signal(signal.SIGINT)

        assert process.wait(30) == 130
        assert process.stderr.read().strip() == ""


@pytest.mark.slow
def test_it_serves_the_facts_it_is_given() -> None:
    with servers.relations_kg("--only", "tests/facts/good/visit.ttl") as address:
        assert ask(address, CITIES).json["results"]["bindings"] == []


@pytest.mark.slow
def test_a_server_frees_the_memory_of_its_requests(monkeypatch: pytest.MonkeyPatch) -> None:
    """The command line disables garbage collection, so a server has to enable it."""
    collecting: list[bool] = []
    monkeypatch.setattr("uvicorn.Server.run", lambda *_, **__: collecting.append(gc.isenabled()))
    gc.disable()
    try:
        with socket.socket() as sock:
            run(Starlette(), sock)
    finally:
        gc.unfreeze()
        gc.enable()
    assert collecting == [True]
