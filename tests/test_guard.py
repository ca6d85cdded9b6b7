"""Tests of the guard of SPARQL texts; test_hostile tests that no host is called."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from hostile import Listener
from pyoxigraph import Literal, NamedNode, Quad, Store

import relations_kg as rk
from relations_kg.engines.guard import DEEPEST, LONGEST, MOST_GROUPS, check, check_addresses
from relations_kg.engines.untrusted import QueryWorkers
from relations_kg.errors import QueryError, Refused
from relations_kg.sparql.evaluation import ask

CALL = "SERVICE <http://example.org/sparql> {}"


@pytest.mark.parametrize("host", ["example.org", "EXAMPLE.org"])
def test_an_allowed_host_passes(host: str) -> None:
    check(f"ASK {{ {CALL} }}", [host])
    check(f"ASK {{ {CALL.replace('SERVICE', 'service silent')} }}", [host])
    check(f"ASK {{ {CALL.replace('.org', '.org:8080')} }}", [host])


def test_a_host_is_allowed_for_one_check_only() -> None:
    text = "ASK { SERVICE <http://example.org/sparql> {} }"

    for _ in range(2):
        assert {"example.org"} == check(text, ["example.org"])
        with pytest.raises(rk.QueryError, match=r"example\.org"):
            check(text, ["example.net"])


def test_every_call_has_to_be_allowed() -> None:
    with pytest.raises(QueryError, match=r"other\.org"):
        check(f"ASK {{ {CALL} {CALL.replace('example', 'other')} }}", ["example.org"])


def test_a_call_is_reported_with_its_place_and_what_allows_it() -> None:
    with pytest.raises(QueryError) as caught:
        check(f"ASK {{\n  {CALL} }}")

    assert (2, 3) == (caught.value.line, caught.value.column)
    assert "allow it with --allow-service example.org" == caught.value.help


@pytest.mark.parametrize("brackets", ["{}", "()", "[]"])
def test_brackets_may_be_so_deep_and_no_deeper(brackets: str) -> None:
    opening, closing = brackets
    within = "ASK " + opening * DEEPEST + closing * DEEPEST

    check(within)
    with pytest.raises(QueryError, match="nested too deeply") as caught:
        check(within.replace(opening, opening * 2, 1))

    assert (1, DEEPEST + 5) == (caught.value.line, caught.value.column)


@pytest.mark.parametrize("quote", ['"', "'", '"""', "'''"])
def test_brackets_in_strings_iris_and_comments_do_not_count(quote: str) -> None:
    brackets = "(" * (DEEPEST + 1)
    check(f"ASK {{ ?s ?p {quote}{brackets}{quote} }}")
    check(f"ASK {{ ?s ?p {quote}\\{quote[0]}{brackets}{quote} }}")
    check(f"ASK {{ ?s <urn:{brackets}> ?o # {brackets}\n }}")


def test_there_may_be_so_many_groups_and_no_more() -> None:
    check("ASK {" + "{}" * (MOST_GROUPS - 1) + "}")
    with pytest.raises(QueryError, match="too many groups"):
        check("ASK {" + "{}" * MOST_GROUPS + "}")


def test_a_text_may_be_so_long_and_no_longer() -> None:
    check("#" * LONGEST)
    with pytest.raises(QueryError, match="1,048,577 characters"):
        check("#" * (LONGEST + 1))


SECOND = 1.0
HOSTILE = [
    *("SERVICE", "SERVICE ", "SERVICE#", "SERVICE#\n", "#SERVICE\n", "SERVICE<", "SERVICE?a", "?"),
    *(
        "SERVICE a",
        "SERVICEa.",
        "SERVICE SILENT#",
        "a:SERVICE#",
        "'SERVICE",
        "<SERVICE",
        "SERVICE'",
    ),
    *(
        "\\u0053ERVICE",
        "é SERVICE",
        "SERVICE{",
        "(",
        "[ ",
        "()",
        "<<(",
        "'",
        '"\\',
        "{'",
        "<a#SERVICE> ",
    ),
    *("a-", "a.SERVICE", "a:SERVICE ", "_:SERVICE.", "1SERVICE", "SERVICE<a", "?SERVICE ", "\\"),
]


@pytest.mark.sampled
@pytest.mark.slow
@pytest.mark.parametrize("piece", HOSTILE)
def test_a_mebibyte_is_checked_in_a_second(piece: str) -> None:
    start = "<a#> " if piece.startswith("SERVICE") else ""
    text = start + piece * ((LONGEST - 20) // len(piece))
    before = time.process_time()
    with suppress(QueryError):
        check(text)
    assert time.process_time() - before < SECOND


@pytest.fixture(scope="module")
def listener() -> Iterator[Listener]:
    listener = Listener()
    yield listener
    listener.close()


BOUND = "VALUES (?a ?b) { (1 2) }"
ODD = [*"\u00a0\u1680\u2000\u2005\u200a\u2028\u2029\u202f\u205f\u3000\u200b\u200d\u0300\u00b7"]
# The engine reads each of these as a call.
READ = {
    "plain": "SERVICE <http://HOST/> {}",
    "no spaces": "ServicE<http://HOST/>{}",
    "silent": "SERVICE SILENT <http://HOST/> {}",
    "silent at once": "SERVICESILENT<http://HOST/> {}",
    "comments between": "SERVICE#'\n#<\r<http://HOST/>#{\n{}",
    "comment with a quote before": "# '''\nSERVICE <http://HOST/> {}",
    "less than": "FILTER(?a<?b#>\n) SERVICE <http://HOST/> {}",
    "less than, and behind it": "BIND(e: AS ?h) LATERAL { FILTER(?a<?b)SERVICE ?h#>\n{} }",
    "less than an IRI": "FILTER(true||?a<<urn:a#>)SERVICE <http://HOST/> {}",
    "a number before": "?s ?p 1SERVICE <http://HOST/> {}",
    "a prefix before": "?s ?p h:SERVICE <http://HOST/> {}",
    "a string that is none": "VALUES ?w {'''a' '\\\\'} SERVICE <http://HOST/> {} FILTER(?w != '')",
    "an escape that is none": "VALUES ?w { '''a'#\\uD800\n} SERVICE <http://HOST/> {} #'''\n",
    "escaped host": "SERVICE <http:\\u002F/HOST/> {}",
    "optional": "OPTIONAL { SERVICE <http://HOST/> {} }",
    "union": "{ ?s ?p 2 } UNION { SERVICE <http://HOST/> {} }",
    "minus": "MINUS { SERVICE <http://HOST/> { ?a ?p ?o } }",
    "exists": "FILTER EXISTS { SERVICE <http://HOST/> {} }",
    "not exists": "FILTER NOT EXISTS { SERVICE <http://HOST/> {} }",
    "exists in an expression": "BIND(EXISTS { SERVICE <http://HOST/> {} } AS ?w)",
    "sub-select": "{ SELECT * { SERVICE <http://HOST/> {} } }",
    "lateral": "LATERAL { SERVICE <http://HOST/> {} }",
    "built IRI": "BIND(IRI(CONCAT('http://HOST/', STR(?a))) AS ?h) LATERAL { SERVICE ?h {} }",
    "variable": "BIND(<http://HOST/> AS ?h) LATERAL { SERVICE ?h {} }",
    "prefixed name": "SERVICE e:x {}",
    "prefix": "SERVICE e: {}",
    **{f"{ord(c):04x} in the IRI": f"SERVICE <http://HOST/a{c}b> {{}}" for c in ODD},
    "joiner in the variable": "BIND(<http://HOST/> AS ?h\u200d) LATERAL { SERVICE ?h\u200d {} }",
    "accent in the variable": "BIND(<http://HOST/> AS ?h\u0301) LATERAL { SERVICE ?h\u0301 {} }",
    "ogham space in the prefix": "SERVICE e\u1680f: {}",
}
START = "PREFIX e: <http://HOST/> PREFIX e\u1680f: <http://HOST/> PREFIX h: <http://h:8>"
FORMS = ["SELECT * {{ {} }}", "ASK {{ {} }}", "CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {} }}"]
# The engine does not decode these, but a server that gets the text might.
UNREAD = [
    *("\\u0053ERVICE <http://HOST/> {}", "SERV\\U00000049CE <http://HOST/> {}"),
    *("#\\u000ASERVICE <http://HOST/> {}", "'\\u0027 SERVICE <http://HOST/> {} '"),
    *("SERV\\u005Cu0049CE <http://HOST/> {}", "SERVICE\\u0020<http://HOST/> {}"),
    *("\u00a0SERVICE <http://HOST/> {}", "\0SERVICE <http://HOST/> {}", "'''a' SERVICE ?h {}"),
]


@pytest.mark.sampled
@pytest.mark.slow
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", READ)
def test_a_call_is_refused_and_without_the_guard_cannot_be_made(
    listener: Listener, name: str, form: str
) -> None:
    """In a worker that may open sockets the same text calls the host, so the test can fail."""
    text = f"{START} {form.format(f'{BOUND} {READ[name]}')}".replace("HOST", listener.host)
    store = Store()
    # A fact that the patterns before the call match.
    for thing in (Literal(1), NamedNode("http://h:8")):
        store.add(Quad(NamedNode("urn:s"), NamedNode("urn:p"), thing))
    before = listener.calls

    with pytest.raises(Refused, match="SERVICE asks another host"):
        check(text)
    with suppress(QueryError):
        QueryWorkers(store, stay=False).query(text, 20)
    assert before == listener.calls
    with suppress(QueryError):
        QueryWorkers(store, calls=True, stay=False).query(text, 20)
    wait_for(lambda: listener.calls > before)


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 5
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.001)


@pytest.mark.parametrize("text", UNREAD)
@pytest.mark.parametrize("start", ["", "\ufeff", "\0", "# x\n"])
def test_what_another_server_could_read_as_a_call_is_refused(text: str, start: str) -> None:
    with pytest.raises(Refused, match="SERVICE asks another host"):
        check(f"{start}ASK {{ {text} }}")


@pytest.mark.parametrize(
    "text",
    [
        *("?service ?p $SERVICE", "?s ex:service ?o", "?s service:a ?o", "?s ?p 'SERVICE <x> {}'"),
        *("?s rkg:service ?o { ?a ?b ?c }", "?s ex:SERVICE ?o { ?a ?b ?c }", "?s a ex:Service"),
        *("# SERVICE <http://e/> {}\n", "?s ?p <http://e/SERVICE>", "?s ?p <http://e#SERVICE>"),
        *("?s ?p '''\nSERVICE ?x {}'''", '?s ?p "\\"SERVICE ?x {}"', "?s ?p _:service"),
        *("?s ?p 'x'@service", "?s ex:a?/ex:service* ?o", "LATERAL { ?service ex:service ?o }"),
        *("?s ?p <<( ?service ex:service 'SERVICE' )>>", "<< ?service ?p ?o >> ex:service 1 ."),
        *(
            "?s ?p 'é' # SERVICE ?x {}\n",
            "FILTER(?a < 1 && ?service > 2) # SERVICE <http://e/> {}\n",
        ),
        *("?s a <http://e/x#y> # SERVICE ?x {}\n", "?s ?p ?o {| ex:service ?service |}"),
    ],
)
def test_what_only_has_the_word_passes(text: str) -> None:
    sparql = f"PREFIX ex: <http://e/> PREFIX service: <urn:> ASK {{ {text} }}"
    check(sparql)
    ask(Store(), sparql)


@pytest.mark.slow
def test_random_texts_call_nobody() -> None:
    script = Path(__file__).parent.parent / "checks" / "service.py"
    done = subprocess.run(
        [sys.executable, script, "--texts", "1000", "--seed", "7"], capture_output=True, text=True
    )
    assert (0, "") == (done.returncode, done.stderr)
    assert "0 wrong calls" in done.stdout
    needless = re.search("needlessly: ([0-9]+)", done.stdout)
    assert not needless or int(needless[1]) < 5


class Server:
    """A local server that counts requests, and answers with a redirect or without rows."""

    def __init__(self, redirect: str = "", status: int = 200) -> None:
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                server.calls += 1
                content = b'{"head": {"vars": []}, "results": {"bindings": []}}'
                self.send_response(status)
                if redirect:
                    self.send_header("Location", redirect)
                self.send_header("Content-Type", "application/sparql-results+json")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            do_GET = do_POST

            def log_message(self, *_: object) -> None: ...

        self.calls = 0
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.host = f"127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def __enter__(self) -> Server:
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_of_an_allowed_host_is_followed(kg: rk.Graph, status: int) -> None:
    with Server() as other, Server(f"http://{other.host}/", status) as allowed:
        with pytest.raises(QueryError, match=r"the query failed"):
            kg.query(
                f"ASK {{ SERVICE <http://{allowed.host}/> {{}} }}", allow_service=["127.0.0.1"]
            )
        assert (1, 0) == (allowed.calls, other.calls)


@pytest.mark.parametrize("timeout", [20, None])
@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("127.0.0.1", "loopback or link-local"),
        ("169.254.169.254", "loopback or link-local"),
        ("::1", "loopback or link-local"),
        ("::ffff:127.0.0.1", "loopback or link-local"),
        ("0.0.0.0", "unspecified"),
    ],
)
def test_an_allowed_name_may_not_mean_this_machine(
    kg: rk.Graph, monkeypatch: pytest.MonkeyPatch, address: str, kind: str, timeout: float | None
) -> None:
    entry = (socket.AF_INET6, socket.SOCK_STREAM, 6, "", (address, 0, 0, 0))
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_: [entry])
    with pytest.raises(QueryError, match=rf"SERVICE asks name\.example; its address .* is {kind};"):
        kg.query(
            "ASK { SERVICE <http://name.example/> {} }",
            allow_service=["name.example"],
            timeout=timeout,
        )
    check_addresses(["name.example"], ["name.example", address])
    check_addresses(["localhost", "a.localhost", address], [])


def test_a_host_that_is_allowed_and_not_called_opens_no_socket(
    kg: rk.Graph, listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = f"ASK {{ SERVICE <http://{listener.host}/> {{}} }}"
    monkeypatch.setattr("relations_kg.engines.guard.check", lambda *_: frozenset())
    before = listener.calls
    with pytest.raises(QueryError, match="the query failed"):
        kg.query(text, allow_service=["127.0.0.1"])
    assert before == listener.calls
