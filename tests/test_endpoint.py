"""Tests of graphs on servers: queries, pushes, and failures of the connection."""

import json
import re
import socket
import subprocess
import sys
import time
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from threading import Thread
from urllib.parse import unquote

import command_line
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Store
from servers import Handler, Request, behaving, oxigraph, relay
from test_queries import (
    GIVEN,
    NAMES,
    NOWHERE,
    PARAMETERS,
    QUERIES,
    found_in,
    given_for,
    texts,
)

import relations_kg as rk
from relations_kg.engines.endpoint import Endpoint
from relations_kg.engines.push import Push
from relations_kg.errors import QueryTimeout
from relations_kg.graph.remote import RemoteGraph
from relations_kg.rdf.namespaces import BASE, ID, INFERRED, ONTOLOGY, PREFIXES, RDFS, RKG, STATED
from relations_kg.sparql.evaluation import with_prefixes

VISIT = Path(__file__).parent / "facts" / "good" / "visit.ttl"
MISSPELT = Path(__file__).parent / "facts" / "mistakes" / "misspelt-port.ttl"
ROWS = b'{"head":{"vars":["s"]},"results":{"bindings":[{"s":{"type":"uri","value":"urn:a"}}]}}'
JSON = "application/sparql-results+json"
LISTS = (
    "SELECT ?a ?b { ?x owl:propertyChainAxiom/rdf:first ?a ;"
    " owl:propertyChainAxiom/rdf:rest/rdf:first ?b } ORDER BY ?a ?b"
)


def containing(quads: Iterable[Quad]) -> Store:
    store = Store()
    store.extend(quads)
    return store


@pytest.fixture(scope="module")
def server(kg: rk.Graph) -> Iterator[str]:
    with oxigraph() as base:
        kg.push(base)
        yield base


@pytest.fixture(scope="module")
def remote(server: str) -> rk.Graph:
    return rk.connect(f"{server}/query")


@pytest.fixture
def empty() -> Iterator[str]:
    with oxigraph() as base:
        yield base


def test_a_list_has_the_order_that_it_has_here(kg: rk.Graph, remote: rk.Graph) -> None:
    lists = 'SELECT ?x { VALUES ?x { "urn:b urn:a"^^rkg:List "urn:a urn:b"^^rkg:List } }'

    assert kg.query(lists) == remote.query(lists)
    assert [["urn:a", "urn:b"]] * 2 == [row.x for row in remote.query(lists)]  # type: ignore[union-attr]


# Oxigraph answers on both sides of these two tests, so they test only how a text is sent and its
# rows are read; the judges query other engines.
@pytest.mark.sampled
@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_a_stored_query_has_the_same_answer_on_a_server(
    kg: rk.Graph, remote: rk.Graph, name: str
) -> None:
    for sparql in (QUERIES[name].text, QUERIES[name].bind(GIVEN.get(name, {}), kg.names)):
        assert texts(kg, sparql) == texts(remote, sparql)


@pytest.mark.sampled(9)
@pytest.mark.slow
@pytest.mark.parametrize(("name", "parameter"), PARAMETERS)
def test_a_stored_query_has_the_same_answer_with_a_parameter_bound(
    kg: rk.Graph, remote: rk.Graph, name: str, parameter: str
) -> None:
    values = found_in(kg, name, parameter)[:1]
    if next(p.type for p in QUERIES[name].parameters if p.name == parameter) == "thing":
        values = [*values, NOWHERE]
    for value in values:
        asked = given_for(name, **{parameter: value})
        assert list(kg.run(name, **asked)) == list(remote.run(name, **asked))


@pytest.mark.slow
@pytest.mark.parametrize(
    "look",
    [
        lambda graph: str(graph.show("peru")),
        lambda graph: str(graph.show("People's Republic of China")),
        lambda graph: graph.passages(),
        lambda graph: graph.passages("one-china-policy"),
        lambda graph: graph.summary(),
        lambda graph: graph.run("visits").serialize("table"),
        lambda graph: graph.evidence(graph.run("visits")),
        lambda graph: graph.query("ASK { id:peru a rkg:State }"),
        lambda graph: graph.query("ASK { id:peru a rkg:Embassy }"),
        lambda graph: graph.query("CONSTRUCT WHERE { id:lima ?p ?o }").serialize(),
        lambda graph: graph.query("DESCRIBE id:lima").serialize("ntriples"),
        lambda graph: list(graph.query("SELECT ?l { id:peru rdfs:label ?l } ORDER BY ?l")),
        lambda graph: graph.contradictions(),
        lambda graph: graph.validate(VISIT).facts,
        lambda graph: str(graph.explain("peru", "hasEverBeenRepresentedIn", "qing-dynasty")),
        lambda graph: str(graph.explain("embassy-of-china-in-lima", "a", "Mission").proofs[0].rule),
        lambda graph: sorted(map(str, graph.to_rdflib().graph(NamedNode(STATED).value))),
        *(
            lambda graph, format=format: graph.export(format=format, inferred=True)
            for format in ("turtle", "jsonld", "ntriples", "nquads", "trig")
        ),
    ],
)
def test_what_is_shown_is_the_same(
    kg: rk.Graph, remote: rk.Graph, look: Callable[[rk.Graph], object]
) -> None:
    assert look(kg) == look(remote)


@pytest.mark.slow
def test_a_fact_that_needs_no_inference_here_is_known_as_inferred(remote: rk.Graph) -> None:
    assert "(inferred)" in str(remote.show("embassy-of-china-in-lima"))
    assert remote.count(INFERRED) > 100
    assert 0 == remote.count(BASE + "graph/nowhere")


@pytest.mark.slow
def test_things_are_looked_up_together(server: str, kg: rk.Graph) -> None:
    """Showing Peru and its hundred facts takes fewer requests than one for each label and date."""

    def forward(request: Request, handler: Handler) -> None:
        relay(server, request, handler)

    with behaving(forward) as (url, requests):
        graph = rk.connect(url)
        facts = graph.show("peru").facts
        assert len(requests) < 40 < len(facts)
        del requests[:]
        assert len(graph.run("visits")) > 10
        graph.run("visits").serialize("table")
        assert len(requests) < 10


def test_what_changes_on_the_server_is_seen_by_the_next_query(empty: str) -> None:
    def state(label: str) -> None:
        Push(empty).send(
            containing([Quad(NamedNode(ID + "x"), NamedNode(RDFS + "label"), Literal(label), node)])
        )

    node = NamedNode(STATED)
    asked = "SELECT ?l { id:x rdfs:label ?l }"
    state("old")
    graph = rk.connect(f"{empty}/query")
    assert "old" == graph.query(asked)[0].l  # type: ignore[union-attr, index]
    state("new")

    assert "new" == graph.query(asked)[0].l  # type: ignore[union-attr, index]
    assert ["new"] == [
        q.object.value  # type: ignore[union-attr]
        for q in graph.store.quads_for_pattern(NamedNode(ID + "x"), None, None)
    ]


@pytest.mark.parametrize("change", ["add", "remove"])
def test_a_graph_on_a_server_is_not_changed_fact_by_fact(remote: rk.Graph, change: str) -> None:
    with pytest.raises(rk.InputError, match="load the facts and push the new graph"):
        getattr(remote, change)(VISIT)


@pytest.mark.slow
def test_new_facts_are_compared_with_those_of_the_server(empty: str) -> None:
    """The pushed graph does not contain Peru and its ports."""
    rk.load(only=[]).push(empty)

    said = str(rk.connect(f"{empty}/query").validate(MISSPELT))

    assert str(rk.load(only=[]).validate(MISSPELT)) == said != str(rk.load().validate(MISSPELT))


def test_a_mistake_in_a_query_is_reported_with_its_place(remote: rk.Graph) -> None:
    with pytest.raises(rk.QueryError) as caught:
        remote.query("SELECT ?s WHERE {\n  ?s ?p }")

    assert (2, 9) == (caught.value.line, caught.value.column)


def test_an_update_is_refused(server: str, remote: rk.Graph) -> None:
    with pytest.raises(rk.RelationsError):
        remote.query(f"DROP GRAPH <{STATED}>")

    assert remote.count(STATED) > 2000


def test_a_service_is_refused_before_the_server_sees_it() -> None:
    asked = "ASK { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }"
    with behaving(lambda _, handler: handler.reply()) as (url, requests):
        graph = rk.connect(url)
        del requests[:]
        with pytest.raises(rk.QueryError, match="SERVICE"):
            graph.query(asked)
        assert [] == requests
        assert graph.query(asked, allow_service=["127.0.0.1"]) is True


@pytest.mark.slow
def test_a_server_whose_default_graph_has_it_all_can_be_asked(empty: str, kg: rk.Graph) -> None:
    def everything_at_once(request: Request, handler: Handler) -> None:
        path = "/store?default" if request.method == "PUT" else request.path
        relay(empty, request._replace(path=path), handler)

    facts = b"".join(
        kg.quad_store.dump(format=RdfFormat.N_TRIPLES, from_graph=NamedNode(g)) or b""
        for g in (STATED, INFERRED, ONTOLOGY)
    )
    relay_to = Endpoint(f"{empty}/query")._connection
    answer = relay_to.send(
        "PUT", f"{empty}/store?default", facts, {"Content-Type": "application/n-triples"}, timeout=9
    )
    assert 204 == answer.status
    with behaving(everything_at_once) as (url, _):
        graph = rk.connect(url)

        assert list(kg.run("policies")) == list(graph.run("policies"))
        assert kg.show("one-china-policy").passages == graph.show("one-china-policy").passages
        assert graph.count(STATED) > kg.count(STATED)
        assert 0 == graph.count(INFERRED)


# -- push --------------------------------------------------------------------------------------


def counted(kg: rk.Graph) -> dict[str, int]:
    graphs = {str(q.graph_name).strip("<>") for q in kg.quad_store}
    return {graph: kg.count(graph) for graph in graphs}


@pytest.mark.parametrize("address", ["", "/", "/query", "/update", "/store"])
def test_any_address_of_the_server_will_do(empty: str, kg: rk.Graph, address: str) -> None:
    assert counted(kg) == kg.push(empty + address)


def without_graph_store(base: str) -> Callable[[Request, Handler], None]:
    def behave(request: Request, handler: Handler) -> None:
        if request.path.startswith("/store"):
            handler.reply(404, "text/plain", b"no such thing")
        else:
            relay(base, request, handler)

    return behave


@pytest.mark.slow
def test_a_server_without_a_graph_store_gets_updates(empty: str, kg: rk.Graph) -> None:
    with behaving(without_graph_store(empty)) as (url, requests):
        assert counted(kg) == kg.push(url)
        assert not [request for request in requests if request.method == "PUT"]

    graph = rk.connect(f"{empty}/query")
    assert kg.export(format="nquads", inferred=True) == graph.export(format="nquads", inferred=True)
    assert texts(kg, LISTS) == texts(graph, LISTS)
    assert len(texts(graph, LISTS)) > 3


@pytest.mark.slow
def test_pushing_twice_is_pushing_once_and_replaces_what_was_there(
    empty: str, kg: rk.Graph
) -> None:
    rk.load(VISIT).push(empty)
    for _ in range(2):
        assert counted(kg) == kg.push(empty)

    with behaving(without_graph_store(empty)) as (url, _):
        rk.load(VISIT).push(url)
        for _ in range(2):
            assert counted(kg) == kg.push(url)


@pytest.mark.parametrize("last", [6, 8, 11, 13])
def test_a_push_that_was_interrupted_is_mended_by_the_next(
    empty: str, kg: rk.Graph, last: int
) -> None:
    def break_off(request: Request, handler: Handler) -> None:
        if len(handler.requests) > last:
            handler.connection.shutdown(socket.SHUT_RDWR)
        else:
            without_graph_store(empty)(request, handler)

    with behaving(break_off) as (url, _), pytest.raises(rk.InputError):
        kg.push(url)

    assert counted(kg) == kg.push(empty)


def version(number: int, blank: str = "urn:list") -> Store:
    """Return a store with a version of some facts and an ontology with a blank node."""
    known, label = NamedNode(ONTOLOGY), NamedNode(RDFS + "label")
    facts = [
        Quad(NamedNode(f"{ID}p{n}"), label, text, NamedNode(STATED))
        for n in range(4 - number)
        for text in [Literal(f'"{number if n == 1 else 0}"\n of {n}', language="en")]
    ]
    node = BlankNode()
    return containing(
        [
            *facts,
            Quad(NamedNode(RKG + "Mission"), label, node, known),
            Quad(node, label, NamedNode(blank), known),
        ]
    )


def lines(store: Store | Endpoint) -> set[str]:
    return {str(quad) for quad in store if not _is_anonymous(quad)}


def _is_anonymous(quad: Quad) -> bool:
    return BlankNode in (type(quad.subject), type(quad.object))


def sent(requests: list[Request], verb: bytes) -> list[str]:
    texts = (r.body.decode() for r in requests if r.body.startswith(verb + b" DATA { GRAPH"))
    return [re.sub(r" (\.|\} \})$", "", line) for text in texts for line in text.splitlines()[1:]]


def test_an_update_sends_only_the_differences(empty: str) -> None:
    old, new = version(1), version(2)

    with behaving(lambda request, handler: relay(empty, request, handler)) as (url, requests):
        Push(url).send(old, update=True)
        # The server had nothing.
        assert 2 == len([r for r in requests if r.method == "PUT"])
        assert [] == sent(requests, b"INSERT")

        requests.clear()
        Push(url).send(new, update=True)
        # The blank nodes are equal, though their labels are not.
        assert [] == [request for request in requests if request.method == "PUT"]
        assert [f'<{ID}p1> <{RDFS}label> "\\"2\\"\\n of 1"@en'] == sent(requests, b"INSERT")
        assert 2 == len(sent(requests, b"DELETE"))

        requests.clear()
        Push(url).send(new, update=True)
        assert not [r for r in requests if b" DATA { GRAPH" in r.body or r.method == "PUT"]

    assert lines(new) == lines(Endpoint(f"{empty}/query"))


@pytest.mark.parametrize(
    ("fault", "replaced"),
    [
        ("no updates", {"stated"}),
        ("no graph store", set()),
        ("cut short", {"stated", "ontology"}),
        ("no answer", {"stated", "dates", "inferred", "ontology", "identifiers"}),
        ("other blank nodes", {"ontology"}),
    ],
)
def test_an_update_replaces_what_it_cannot_change(
    empty: str, fault: str, replaced: set[str]
) -> None:
    old = version(1, "urn:other" if fault == "other blank nodes" else "urn:list")
    Push(empty).send(old)

    def behave(request: Request, handler: Handler) -> None:
        if fault == "no updates" and b"INSERT" in request.body:
            handler.reply(405, "text/plain", b"read only")
        elif fault == "no graph store":
            without_graph_store(empty)(request, handler)
        elif fault == "cut short" and b"CONSTRUCT" in request.body:
            handler.reply(body=b"", type="application/n-triples")
        elif fault == "no answer" and b"CONSTRUCT" in request.body:
            handler.reply(500, "text/plain", b"too many triples")
        else:
            relay(empty, request, handler)

    with behaving(behave) as (url, requests):
        Push(url).send(version(2), update=True)

    puts = {unquote(r.path).rpartition("/")[2] for r in requests if r.method == "PUT"}
    assert replaced == puts
    assert lines(version(2)) == lines(Endpoint(f"{empty}/query"))
    assert len(list(Endpoint(f"{empty}/query"))) == len(version(2))


@pytest.mark.slow
def test_the_command_sends_only_the_differences(empty: str, kg: rk.Graph) -> None:
    for _ in range(2):
        status, printed, said = command("push", empty, "--update")

        assert (0, "") == (status, said)
        assert f"{kg.count(STATED):>8}  {STATED}" in printed.splitlines()


def test_triples_that_the_server_does_not_count_are_reported(kg: rk.Graph, empty: str) -> None:
    def forget(request: Request, handler: Handler) -> None:
        if request.body.startswith(b"INSERT DATA { GRAPH"):
            handler.reply(204, "text/plain", b"")
        else:
            without_graph_store(empty)(request, handler)

    with behaving(forget) as (url, _), pytest.raises(rk.InputError, match="triples were sent"):
        kg.push(url)


def test_a_server_that_takes_nothing_is_reported(kg: rk.Graph) -> None:
    def only_queries(request: Request, handler: Handler) -> None:
        if b"query=" in request.body:
            handler.reply()
        else:
            handler.reply(405, "text/plain", b"read only")

    with behaving(only_queries) as (url, _), pytest.raises(rk.InputError) as caught:
        kg.push(url)

    message = "there is no graph store and no update service"
    help = "name the address of the server's graph store or update service"
    assert str(caught.value).endswith(f": {message}; {help}")


def test_a_server_without_queries_is_reported(kg: rk.Graph) -> None:
    def nothing(request: Request, handler: Handler) -> None:
        handler.reply(404, "text/plain", b"")

    with behaving(nothing) as (url, _), pytest.raises(rk.InputError) as caught:
        kg.push(url)

    help = "name the address of the server's query service"
    assert str(caught.value).endswith(f": there is no query service; {help}")


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=20),
        min_size=1,
        max_size=8,
        unique=True,
    )
)
def test_any_text_arrives_as_it_was(server_for_texts: str, words: list[str]) -> None:
    node = NamedNode(STATED)
    predicate = NamedNode(RDFS + "comment")
    quads = {Quad(NamedNode("urn:a"), predicate, Literal(text), node) for text in words}
    for url in (server_for_texts, server_for_texts + "/update"):
        Push(url).send(containing(quads))
        assert quads == set(Endpoint(f"{server_for_texts}/query"))


@pytest.fixture(scope="module")
def server_for_texts() -> Iterator[str]:
    with oxigraph() as base:
        yield base


# -- failures ----------------------------------------------------------------------------------


def error_of(behave: Callable[[Request, Handler], None], *, timeout: float = 30) -> str:
    """Return the error for a server with this behaviour; a second attempt gives the same."""
    with behaving(behave) as (url, _):
        said = set()
        for _ in range(2):
            with pytest.raises(rk.RelationsError) as caught:
                list(Endpoint(url, timeout=timeout).query("SELECT ?s { ?s ?p ?o }").rows)  # type: ignore[union-attr]
            said.add(str(caught.value).replace(url, "URL"))
    assert 1 == len(said)
    return said.pop()


@pytest.mark.parametrize(
    ("status", "body", "words"),
    [
        (400, b"unexpected FOO", "URL: the server refuses the query: unexpected FOO"),
        (401, b"who?", "URL: access denied (HTTP 401): who?; give the authorization that"),
        (403, b"", "URL: access denied (HTTP 403); give"),
        (404, b"", "URL: there is no such service (HTTP 404); name the address"),
        (405, b"", "URL: there is no such service (HTTP 405)"),
        (408, b"late", "URL: the server timed out (HTTP 408): late"),
        (500, b"Transaction timed out", "URL: the server timed out (HTTP 500)"),
        (500, b"a\x1b[31m\nb" + 5000 * b"x", "URL: the server failed (HTTP 500): a [31m bxxx"),
        (503, b"busy", "URL: the server failed (HTTP 503): busy"),
        (204, b"", "URL: answered with application/x-nothing, which is not a format"),
    ],
)
def test_a_status_is_reported_with_the_servers_words(status: int, body: bytes, words: str) -> None:
    text = error_of(lambda _, handler: handler.reply(status, "application/x-nothing", body))

    assert text.startswith(words)
    assert len(text) < 320
    assert text.isprintable()


def test_of_a_page_only_its_text_is_reported() -> None:
    page = b"<html><head><title>T</title></head><script>x()</script><p>Out &amp; about</p>"

    assert "x()" not in error_of(lambda _, handler: handler.reply(500, "text/html", page))


@pytest.mark.parametrize("type", ["text/html", "text/csv", "text/plain", "image/png", ""])
def test_an_answer_of_another_type_is_reported(type: str) -> None:
    assert "which is not a format of query results" in error_of(
        lambda _, h: h.reply(200, type, ROWS)
    )


@pytest.mark.parametrize(
    ("type", "body"),
    [
        (JSON, ROWS),
        (f"{JSON}; charset=utf-8", ROWS),
        ("application/json", ROWS),
        ("text/tab-separated-values", b"?s\n<urn:a>\n"),
        (
            "application/sparql-results+xml",
            b"<sparql xmlns='http://www.w3.org/2005/sparql-results#'><head><variable name='s'/>"
            b"</head><results><result><binding name='s'><uri>urn:a</uri></binding></result>"
            b"</results></sparql>",
        ),
    ],
)
def test_rows_are_read_in_each_format_of_the_protocol(type: str, body: bytes) -> None:
    with behaving(lambda _, handler: handler.reply(200, type, body)) as (url, _):
        answer = Endpoint(url).query("SELECT ?s { ?s ?p ?o }")

        assert ["urn:a"] == [row["s"].value for row in answer.rows]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("type", "body", "words"),
    [
        ("application/n-triples", b"<urn:a> <urn:b> <urn:c> .\n", "urn:c"),
        ("text/turtle", b"<urn:a> <urn:b> <urn:c> .", "urn:c"),
        ("application/rdf+xml", b"<x/>", "which is not a format of query results"),
        ("text/turtle", b"<urn:a> <urn:b> ", "malformed"),
    ],
)
def test_triples_are_read_too(type: str, body: bytes, words: str) -> None:
    with behaving(lambda _, handler: handler.reply(200, type, body)) as (url, _):
        try:
            text = str([*Endpoint(url).query("CONSTRUCT WHERE { ?s ?p ?o }")])  # type: ignore[misc]
        except rk.InputError as error:
            text = str(error)

    assert words in text


@pytest.mark.parametrize(
    "body", [b"", b"garbage", b"{", b'{"head":{}}', b"\xff\xfe\x00", b"[" * 10_000, ROWS[:-20]]
)
def test_a_garbled_answer_is_reported(body: bytes) -> None:
    assert error_of(lambda _, handler: handler.reply(body=body)).startswith(
        "URL: the answer cannot be read: it is malformed"
    )


def raw(content: bytes) -> Callable[[Request, Handler], None]:
    def behave(_: Request, handler: Handler) -> None:
        handler.wfile.write(content)
        handler.close_connection = True

    return behave


@pytest.mark.parametrize(
    "content",
    [
        b"HTTP/1.1 200 OK\r\nContent-Type: %s\r\nContent-Length: 999\r\n\r\n%s",
        b"HTTP/1.1 200 OK\r\nContent-Type: %s\r\nTransfer-Encoding: chunked\r\n\r\n10\r\n%.16s\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Type: %s\r\nTransfer-Encoding: chunked\r\n\r\n99\r\n%s",
    ],
)
def test_an_answer_that_breaks_off_is_reported(content: bytes) -> None:
    words = error_of(raw(content % (JSON.encode(), ROWS)))

    assert "URL: the answer is incomplete; ask again" == words


@pytest.mark.parametrize("content", [b"220 mail.example ESMTP\r\n", b"\x00\x01", b"<html>"])
def test_what_does_not_speak_http_is_reported(content: bytes) -> None:
    assert "URL: does not answer in HTTP; check the address" == error_of(raw(content))


def test_a_server_that_hangs_up_is_reported() -> None:
    assert "URL: cannot be reached" in error_of(raw(b""))


def test_a_server_that_is_not_there_is_reported() -> None:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        place = f"http://127.0.0.1:{sock.getsockname()[1]}/query"
    for act in (rk.connect, rk.load(only=[]).push):
        with pytest.raises(rk.InputError, match=r"cannot be reached: .*; is the server running"):
            act(place)


def test_a_name_that_no_host_has_is_reported() -> None:
    with pytest.raises(rk.InputError, match="cannot be reached"):
        rk.connect("http://relations-kg.invalid/query")


def test_https_to_a_server_that_speaks_http_is_named() -> None:
    with behaving(lambda _, handler: handler.reply()) as (url, _):
        secure = url.replace("http:", "https:")
        with pytest.raises(rk.InputError, match=f"if the server uses HTTP, write {re.escape(url)}"):
            rk.connect(secure)


def test_rows_that_the_server_leaves_out_are_reported() -> None:
    words = error_of(lambda _, handler: handler.reply(body=ROWS, X_SPARQL_MaxRows="1"))

    assert (
        "URL: the server leaves out all rows after 1; ask for less, or raise the server's limit"
        == words
    )


def silent(_: Request, __: Handler) -> None:
    time.sleep(3)


def dripping(_: Request, handler: Handler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: %s\r\n\r\n" % JSON.encode())
    for byte in ROWS * 30:
        handler.wfile.write(bytes([byte]))
        time.sleep(0.02)


def stalling(_: Request, handler: Handler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: %s\r\n\r\n" % JSON.encode())
    time.sleep(0.25)
    handler.wfile.write(ROWS[:5])
    time.sleep(3)


def dripping_headers(_: Request, handler: Handler) -> None:
    for byte in b"HTTP/1.1 200 OK\r\n" + b"X-A: b\r\n" * 20:
        handler.wfile.write(bytes([byte]))
        time.sleep(0.02)


@pytest.mark.slow
@pytest.mark.parametrize("behave", [silent, dripping, stalling, dripping_headers])
def test_an_answer_that_takes_too_long_is_given_up(
    behave: Callable[[Request, Handler], None],
) -> None:
    with behaving(behave) as (url, _):
        start = time.monotonic()
        with pytest.raises(QueryTimeout, match=r"no answer within 0\.3 seconds"):
            list(Endpoint(url, timeout=0.3).query("SELECT ?s { ?s ?p ?o }").rows)  # type: ignore[union-attr]
        assert time.monotonic() - start < 2.5


def test_a_connection_is_kept_and_one_that_was_closed_is_made_anew(server: str) -> None:
    places = set()

    def behave(request: Request, handler: Handler) -> None:
        places.add(handler.client_address)
        handler.reply()
        if len(handler.requests) == 5:  # closes the idle connection without notice, as servers do
            handler.close_connection = True

    with behaving(behave) as (url, _):
        endpoint = Endpoint(url)
        for _ in range(9):
            assert endpoint.query("ASK {}") is True
            time.sleep(0.01)

    assert 2 == len(places)


@pytest.mark.slow
def test_an_answer_may_come_in_parts_that_take_longer_together_without_a_limit() -> None:
    with behaving(stalling) as (url, _):
        connection = Endpoint(url)._connection
        with pytest.raises(QueryTimeout, match=r"no answer within 1 second$"):
            connection.send("GET", url, timeout=None, wait=1)
        start = time.monotonic()
        with pytest.raises(QueryTimeout, match=r"no answer within 0\.3 seconds"):
            connection.send("GET", url, timeout=0.3)
        assert time.monotonic() - start < 0.45


def test_a_redirect_takes_from_the_same_time() -> None:
    def behave(request: Request, handler: Handler) -> None:
        time.sleep(0.2)
        handler.reply(307, Location=request.path + "x") if "xx" not in request.path else silent(
            request, handler
        )

    with behaving(behave) as (url, _):
        start = time.monotonic()
        with pytest.raises(QueryTimeout, match=r"no answer within 0\.5 seconds"):
            Endpoint(url, timeout=0.5).query("ASK {}")
        assert time.monotonic() - start < 0.7


def test_of_an_answer_that_is_a_probe_nothing_is_read() -> None:
    """A store that is asked for its default graph would send all of it."""

    def endless(_: Request, handler: Handler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/n-triples\r\n\r\n")
        while True:
            handler.wfile.write(b"<urn:a> <urn:b> <urn:c> .\n" * 1000)

    with behaving(endless) as (url, _):
        answer = Endpoint(url)._connection.send("GET", url, timeout=9, longest=None)

    assert (200, "application/n-triples", b"") == (answer.status, answer.type, answer.content)


def test_the_proxy_of_the_environment_gets_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    with behaving(lambda _, handler: handler.reply(404)) as (proxy, received):
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy)
        with behaving(lambda _, handler: handler.reply()) as (url, _):
            assert Endpoint(url, authorization="Bearer secret").query("ASK {}") is True
    assert [] == received


def test_an_address_may_have_characters_beyond_ascii() -> None:
    with behaving(lambda _, handler: handler.reply()) as (url, requests):
        assert Endpoint(f"{url}/gráfico?x=ä#y").query("ASK {}") is True
    assert ["/query/gr%C3%A1fico?x=%C3%A4"] == [request.path for request in requests]


def test_threads_may_ask_at_once(remote: rk.Graph) -> None:
    found: list[int] = []
    threads = [Thread(target=lambda: found.append(len(remote.run("visits")))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert 8 * [len(remote.run("visits"))] == found


# -- redirects and authorization ---------------------------------------------------------------


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_on_the_same_host_is_followed_with_the_query(status: int) -> None:
    def behave(request: Request, handler: Handler) -> None:
        if request.path == "/query":
            handler.reply(status, Location="/there?x=1")
        else:
            handler.reply(body=ROWS)

    with behaving(behave) as (url, requests):
        rows = list(Endpoint(url).query("SELECT ?s { ?s ?p ?o }").rows)  # type: ignore[union-attr]

    assert 1 == len(rows)
    assert ["/query", "/there?x=1"] == [request.path for request in requests]
    assert requests[0].body == requests[1].body != b""


def test_after_see_other_the_answer_is_fetched() -> None:
    def behave(request: Request, handler: Handler) -> None:
        if request.method == "POST":
            handler.reply(303, Location="/answer")
        else:
            handler.reply(body=ROWS)

    with behaving(behave) as (url, requests):
        assert Endpoint(url).query("SELECT ?s { ?s ?p ?o }")
    assert ("GET", "/answer", b"") == (requests[1].method, requests[1].path, requests[1].body)


def test_five_redirects_are_followed() -> None:
    def behave(request: Request, handler: Handler) -> None:
        number = int(request.path.removeprefix("/query").removeprefix("/") or 0)
        if number < 5:
            handler.reply(307, Location=f"/{number + 1}")
        else:
            handler.reply(body=ROWS)

    with behaving(behave) as (url, requests):
        assert Endpoint(url).query("SELECT ?s { ?s ?p ?o }")
    assert 6 == len(requests)


def test_redirects_in_a_circle_are_reported() -> None:
    words = error_of(lambda request, handler: handler.reply(307, Location=request.path))

    assert "URL: redirects more than 5 times; name the address to which it leads" == words


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_nothing_is_sent_to_another_host_that_a_server_names(status: int) -> None:
    with behaving(lambda _, handler: handler.reply()) as (other, received):
        for target in (other, other.replace("http://", "//"), "http://u:p@127.0.0.1/", "ftp://x"):

            def behave(_: Request, handler: Handler, target: str = target) -> None:
                handler.reply(status, Location=target)

            with behaving(behave) as (url, _):
                endpoint = Endpoint(url, authorization="Bearer secret")
                with pytest.raises(rk.InputError, match="redirects to another host") as caught:
                    endpoint.query("ASK {}")
            assert "secret" not in str(caught.value)
    assert [] == received


def test_the_authorization_is_sent_and_never_reported() -> None:
    def behave(request: Request, handler: Handler) -> None:
        known = request.headers.get("authorization") in (
            "Bearer token",
            "Basic " + b64encode("me:pä:ss".encode()).decode(),
        )
        handler.reply() if known else handler.reply(401, "text/plain", b"")

    with behaving(behave) as (url, _):
        named = url.replace("//", "//me:p%C3%A4%3Ass@")
        for endpoint in (Endpoint(url, authorization="Bearer token"), Endpoint(named)):
            assert endpoint.query("ASK {}") is True
        with pytest.raises(rk.InputError) as caught:
            Endpoint(url.replace("//", "//me:wrong@")).query("ASK {}")
        with pytest.raises(rk.InputError, match="access denied"):
            rk.load(only=[]).push(url)
    assert "wrong" not in str(caught.value)


def test_headers_are_sent_along() -> None:
    with behaving(lambda _, handler: handler.reply()) as (url, requests):
        rk.connect(url, headers={"X-Tenant": "a"})

    assert {"a"} == {request.headers["x-tenant"] for request in requests}


@pytest.mark.parametrize(
    "url",
    ["", "x", "127.0.0.1:7878", "ftp://host/", "http://", "http://host:x/", "http://h ost/",
     "http://host/\r\nX: y", "file:///etc/passwd", "http://[::1/"],
)  # fmt: skip
def test_what_is_no_address_of_a_server_is_reported(url: str) -> None:
    with pytest.raises(rk.InputError, match="is not the address of a server"):
        rk.connect(url)


@pytest.mark.parametrize("text", ["a\r\nX: y", "ä\n"])
def test_a_header_that_would_be_two_is_refused(text: str) -> None:
    with pytest.raises(rk.InputError, match="has a forbidden character"):
        Endpoint("http://127.0.0.1:1/", authorization=text)


def test_a_server_that_holds_nothing_is_reported(empty: str) -> None:
    with pytest.raises(rk.InputError, match="has no triples in these graphs; push a graph"):
        rk.connect(f"{empty}/query")


# -- texts and the command line ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("sparql", "declared"),
    [
        ("ASK { id:peru a rkg:State }", ["id", "rkg"]),
        ("PREFIX id: <urn:> ASK { id:peru ?p ?o }", []),
        ("prefix\nid: <urn:> ASK { id:peru ?p rkg:x }", ["rkg"]),
        ("ASK { ?s ?p 'id:x', \"rkg:y\", <rkg:z> } # src:a", []),
        ("ASK { ?s ?p '''it's id:x''' ; rdfs:label ?l }", ["rdfs"]),
        ("ASK { _:id ?p foo:bar ; ^rkg:when ?d }", ["rkg"]),
    ],
)
def test_the_prefixes_that_a_query_uses_are_declared_in_it(
    sparql: str, declared: list[str]
) -> None:
    lines = "".join(f"PREFIX {prefix}: <{PREFIXES[prefix]}> " for prefix in declared)

    assert lines + sparql == with_prefixes(sparql)


def test_asking_a_graph_here_imports_nothing_of_the_network() -> None:
    program = (
        "import sys, relations_kg as rk\nrk.load().run('policies')\n"
        "sys.exit('http.client' in sys.modules or 'ssl' in sys.modules)"
    )

    subprocess.run([sys.executable, "-c", program], check=True)


def command(*arguments: str | Path, **surroundings: str) -> tuple[int, str, str]:
    done = command_line.run(*arguments, **surroundings)
    return done.returncode, done.stdout, done.stderr


@pytest.mark.slow
@pytest.mark.parametrize(
    "arguments",
    [
        ("info", "--format", "json"),
        ("query", "policies", "--party", "peru"),
        ("query", "ASK { id:peru a rkg:State }"),
        ("show", "lima"),
        ("explain", "peru", "hasEverBeenRepresentedIn", "qing-dynasty"),
        ("export", "--format", "nquads", "--all"),
        ("validate", str(VISIT)),
        ("source",),
    ],
    ids=lambda arguments: arguments[0],
)
def test_a_command_says_the_same_of_a_graph_on_a_server(
    server: str, arguments: tuple[str, ...]
) -> None:
    assert command(*arguments) == command(*arguments, "--endpoint", f"{server}/query")


def test_files_and_a_server_are_not_asked_together(server: str) -> None:
    status, _, said = command("info", "--endpoint", f"{server}/query", "--facts", str(VISIT))

    assert 2 == status
    assert "--facts" in said
    assert "--endpoint" in said


def test_push_reports_what_the_server_has(empty: str, kg: rk.Graph) -> None:
    status, printed, said = command("push", empty)

    assert (0, "") == (status, said)
    assert f"{kg.count(STATED):>8}  {STATED}" in printed.splitlines()


def test_the_command_takes_the_authorization_from_its_surroundings() -> None:
    with behaving(lambda _, handler: handler.reply(body=ROWS)) as (url, requests):
        command(
            "query", "ASK { ?s ?p ?o }", "--endpoint", url, RELATIONS_KG_AUTHORIZATION="Bearer x"
        )

    assert {"Bearer x"} == {request.headers["authorization"] for request in requests}
    assert json.loads(ROWS)


def test_a_remote_graph_is_a_graph(remote: rk.Graph) -> None:
    assert isinstance(remote, RemoteGraph)
    assert isinstance(remote, rk.Graph)
