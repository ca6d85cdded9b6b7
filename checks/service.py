"""Run random SPARQL queries that try to reach a listener on this machine; none may reach it.

Each query has the word SERVICE in some position, spelling and encoding. The queries that the guard
accepts are run in a process that may open sockets, and all queries in one that may not, as in a
worker. Finally the refused ones are run in a process that may open sockets. Only then does the
listener get requests, which shows that it works.

Run by `make check`; `--texts N` sets the number of queries and `--seed N` the seed.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import socket
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import NoReturn

from pyoxigraph import Literal, NamedNode, Quad, QueryBoolean, Store

from relations_kg.engines import confinement, isolation
from relations_kg.engines.guard import check
from relations_kg.errors import QueryError
from relations_kg.rdf.namespaces import RDF
from relations_kg.sparql.evaluation import ask

BATCH = 500
# Unicode spaces, joiners and controls; some parsers take them for spaces, others for letters.
ODD: list[str] = [
    *"\u00a0\u1680\u2000\u2003\u2009\u200a\u2028\u2029\u202f\u205f\u3000\u0085\u200b\u200c\u200d",
    *"\u2060\ufeff\x00\x0b\x0c\x1c\x1f\x7f\u00b7\u0300\u203f\u00aa\u180e\ufffd\U00010000\u017f",
]
PUNCTUATION = list("<>{}()[]'\"#?$:;,.|/*+-!=&^@\\_~%")


class Draw(random.Random):
    """Random choices for one query, with a rate of odd choices that differs between queries."""

    odd = 1.0

    def is_odd(self) -> bool:
        """Return whether the next choice is an odd one."""
        return self.random() < self.odd


class Listener:
    """A listener that records the numbers of the queries from which it got a request."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=512)
        self.host = f"127.0.0.1:{self._socket.getsockname()[1]}"
        self.heard: list[int] = []
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        while True:
            connection, _ = self._socket.accept()
            with connection, suppress(OSError):
                connection.settimeout(1)
                found = re.search(rb"n([0-9]+)n", connection.recv(4096))
                self.heard.append(int(found[1]) if found else -1)

    def settle(self) -> list[int]:
        """Return the recorded numbers, once a request of our own has arrived after them."""
        with socket.create_connection(tuple(self._socket.getsockname())) as own:
            own.sendall(b"GET /n0n HTTP/1.1\r\n\r\n")
            own.settimeout(10)
            with suppress(OSError):
                own.recv(1)
        heard, self.heard = self.heard, []
        assert heard[-1] == 0
        return heard[:-1]


def gap(draw: Draw) -> str:
    """Return text that may come between two words."""
    if not draw.is_odd():
        return " "
    kind = draw.random()
    if kind < 0.9:
        comments = ["#\n", "# {\r", "#'\n", '#"""\n', "#SERVICE\n", "# <\n"]
        return "".join(draw.choices(["", " ", "\t", "\n", "\r", *comments], k=2))
    return draw.choice([*ODD, "\\u0020", "\\u000A", "\\U00000009", "#\\u000A"])


def word(draw: Draw, text: str) -> str:
    """Return a keyword in a random spelling."""
    if not draw.is_odd():
        return text
    if draw.random() < 0.5:
        return "".join(draw.choice([letter.lower(), letter]) for letter in text)
    place = draw.randrange(len(text))
    letter = text[place]
    spelt = draw.choice(
        [
            *(f"\\u{ord(letter):04x}", f"\\U{ord(letter):08X}", f"\\u005Cu{ord(letter):04X}"),
            *("\\" + letter, letter + draw.choice(ODD), chr(ord(letter) + 0xFEE0), "\u017f"),
        ]
    )
    return text[:place] + spelt + text[place + 1 :]


def term(draw: Draw, host: str) -> str:
    """Return a term in the place of a service: it names a host, or looks as if it could."""
    odd = draw.choice(ODD)
    if not draw.is_odd():
        return draw.choice([f"<http://{host}>", "?h", "e:", f"<http://{host}/{odd}>"])
    return draw.choice(
        [
            *(f"<http://{host}/a{odd}b>", f"<http://{host}?{odd}#{odd}>", f"<HTTP://{host}#'>"),
            *(f"<//{host}>", "<#x>", "<>", f"<http://a@{host}>", f"<http:\\u002F/{host}>"),
            *(f"\\u003Chttp://{host}>", f"<http://{host}\\u003E", f"<http://{host}\\u00a0>"),
            *("e:", "e:x", "e:SERVICE", f"e{odd}f:", f"e{odd}f:x", "e:%20", "e:\\'", "e:a.b.c"),
            *("?h", "$h", f"?h{odd}", f"?h{odd}i", "?service", "?h", "?b", f"?{odd}h", "p:"),
        ]
    )


def call(draw: Draw, host: str) -> str:
    """Return a service clause."""
    silent = draw.choice(["", "", word(draw, "SILENT") + gap(draw)])
    group = draw.choice(["{}", "{ ?x ?y ?z }", "{ SELECT * { ?x ?y ?z } }", "{ ?x ?y '#' }"])
    name = word(draw, "SERVICE")
    return f"{name}{gap(draw)}{silent}{term(draw, host)}{gap(draw)}{group}"


BEFORE = [
    *(
        "?s ?p ?o .",
        "?s ?p ?o",
        "FILTER(?a<?b)",
        "FILTER(?a<?b#>\n)",
        "FILTER(?a<?b'#>\n)",
        "?s ?p",
    ),
    *("FILTER(?a <e:x) ", "FILTER(1<<urn:a#>\n)", "FILTER(?a<<urn:a#b>)", "FILTER(?a<e:#>", "1.e0"),
    *(
        "?s ?p '",
        '?s ?p "',
        "?s ?p '''",
        '?s ?p """',
        "'a' .",
        "?s ?p 'a\\'",
        "'''a'",
        "?s ?p ''''",
    ),
    *(
        "?s ?p e:",
        "?s ?p e:x",
        "?s ?p p:",
        "?s ?p p:a.b.c.",
        "?s ?p <urn:a#b>",
        "?s ?p <",
        "?s a e:",
    ),
    *("# ", "#\n", "# '\n", "#\r", "?s ?p 'x'@en-", "?s ?p _:", "?s ?p _:a.b", "?s ?p true", "?"),
    *("VALUES ?w { '''a' } ", "VALUES ?w { 'a' '''#' } ", "BIND('\\uD800' AS ?w)", "?s ?p 1", "$"),
    *(
        "BIND('''\\uD800''' AS ?w)",
        "BIND('#' AS ?w)",
        'BIND("\'" AS ?w)',
        "<http://x#> ?p ?o .",
        ".",
    ),
    *(
        "?s e:x/e:y ?o .",
        "?s e:x?",
        "<<( ?s ?p ?o )>>",
        "<< ?s ?p ?o >> ?q 1 .",
        "?s ?p ?o {| ?q 1 |}",
    ),
    *(
        "'\\u0027",
        "\\u0022",
        "<urn:\\u003E",
        "?s ?p '\\u005C'",
        "\\u0023",
        "{}",
        "FILTER(true)",
        "e:",
    ),
]
AFTER = [
    *(
        "",
        "",
        "",
        " ?s ?p ?o",
        "'",
        '"',
        "'''",
        '"""',
        ">",
        "\n",
        " .",
        "# x",
        "#>\n",
        "''' }",
        "#'''",
    ),
    *(
        " BIND('#' AS ?q)",
        " FILTER(?a>?b)",
        "\n} #'''",
        '\n} #"""',
        "'#>",
        " }",
        "{",
        " ?s ?p '\\u0027",
    ),
]
AROUND = [
    *(
        "{}",
        "{}",
        "{}",
        "OPTIONAL {{ {} }}",
        "{{ {} }} UNION {{}}",
        "MINUS {{ {} }}",
        "LATERAL {{ {} }}",
    ),
    *(
        "GRAPH ?g {{ {} }}",
        "FILTER EXISTS {{ {} }}",
        "FILTER NOT EXISTS {{ {} }}",
        "{{ SELECT * {{ {} }} }}",
    ),
    *(
        "BIND(EXISTS {{ {} }} AS ?w)",
        "FILTER(?a = 1 || EXISTS {{ {} }})",
        "?s ?p ?o LATERAL {{ {} }}",
    ),
    "BIND(IRI(CONCAT('http://{host}#', STR(?a))) AS ?c) LATERAL {{ {} }}",
]
FORMS = [
    *("SELECT * {{ {} }}", "ASK {{ {} }}", "CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {} }}"),
    *("SELECT (1 AS ?one) WHERE {{ {} }} GROUP BY ?a", "DESCRIBE ?s {{ {} }}", "SELECT*{{{}}}#"),
    *("CONSTRUCT WHERE {{ {} }}", "SELECT * FROM <urn:g> {{ {} }}", "\ufeffSELECT * {{ {} }}"),
]
# Places where the word SERVICE is not a keyword; a query that must be accepted has it only there.
HARMLESS = [
    *(
        "?service ?p ?o",
        "?s p:service ?o",
        "?s p:Service ?x { ?a ?b ?c }",
        "?s ?p 'SERVICE <x> {}'",
    ),
    *(
        "?s ?p '''SERVICE ?x {}'''",
        "# SERVICE <http://e/> { }\n",
        "?s a <http://e/SERVICE>",
        "$service ?p 1",
    ),
    *('?s ?p "a\\"SERVICE ?x {" ', "?s ?p _:service", "?s ?p 'x'@service", "?s p:a/p:service* ?o"),
    *(
        "?s ?p <http://e/x#SERVICE> # SERVICE ?x {}\n",
        "<< ?s ?p 'service ?x {' >> ?q p:service-x",
        "?s p:aservice ?o",
    ),
    *(
        "VALUES ?w { 'SERVICE' '''\n# SERVICE ?h {}\n''' }",
        "FILTER(?a < 1 && ?b > 2) # SERVICE e:x {}\n",
    ),
    *("BIND(p:service AS ?w)", "OPTIONAL { ?s p:service ?service } # SERVICE ?x {\n"),
]


def text(draw: Draw, host: str) -> str:
    """Return a query that can call no host but the given one."""
    draw.odd = draw.choice([0.05, 0.2, 0.6])
    if draw.random() < 0.15:
        body = " . ".join(draw.sample(HARMLESS, draw.randint(1, 2)))
    else:
        before = "".join(draw.choice(BEFORE) for _ in range(draw.choice([0, 1, 1, 2])))
        after = draw.choice(AFTER) if draw.is_odd() else ""
        body = before + gap(draw) * draw.randint(0, 1) + call(draw, host) + after
        body = draw.choice(AROUND).replace("{host}", host).format(body)
    odd = draw.choice(ODD)
    base = draw.choice(["", "", f"BASE <http://{host}> "])
    start = f"PREFIX p: <http://p/> PREFIX e: <http://{host}> PREFIX e{odd}f: <http://{host}#> "
    if not draw.is_odd():
        start = start.partition(" PREFIX e" + odd)[0] + " "
    bound = f"VALUES (?a ?b ?h) {{ (1 2 <http://{host}>) }} "
    if draw.is_odd() and draw.is_odd():
        bound = f"VALUES (?a ?b ?h{odd}) {{ (1 2 <http://{host}>) }} "
    form = draw.choice(FORMS)
    written = base + start + form.format(("" if "CONSTRUCT WHERE" in form else bound) + body)
    for _ in range(draw.choice([0, 1, 2]) if draw.is_odd() else 0):
        place = draw.randrange(len(written))
        written = written[:place] + draw.choice(
            [
                *(written[place + 1 :], draw.choice(PUNCTUATION) + written[place:]),
                *(
                    draw.choice(ODD) + written[place:],
                    f"\\u{ord(written[place]):04X}" + written[place + 1 :],
                ),
            ]
        )
    return written


def passes(sparql: str) -> bool:
    """Return whether the guard accepts a query."""
    try:
        check(sparql)
    except QueryError:
        return False
    return True


def _answers(
    store: Store, texts: Sequence[str], pipe: int, prepare: Callable[[], object]
) -> NoReturn:
    prepare()
    kinds = []
    for sparql in texts:
        try:
            answer = ask(store, sparql)
            for _ in [] if isinstance(answer, QueryBoolean) else answer:
                pass
            kinds.append("answered")
        except QueryError as error:
            kinds.append("failed" if "failed" in error.message else "refused")
        except Exception:
            kinds.append("failed")
    with open(pipe, "w") as file:
        json.dump(kinds, file)
    os._exit(0)


def answers(store: Store, texts: Sequence[str], prepare: Callable[[], object]) -> list[str]:
    """Run queries in another process and return the outcome of each."""
    reader, writer = os.pipe()
    process = os.fork()
    if not process:
        try:
            _answers(store, texts, writer, prepare)
        finally:
            os._exit(1)
    os.close(writer)
    with open(reader) as file:
        content = file.read()
    status = os.waitpid(process, 0)[1]
    if status:
        raise SystemExit(f"a batch ended with status {status}")
    return list(json.loads(content))


def main() -> int:
    """Run all queries; return 1 if one reached the listener although it may not.

    Returns 1 also if no refused query reaches it in the last run, without the guard.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--texts", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    draw = Draw(options.seed)
    listener, store = Listener(), Store()
    # The patterns before a call must match, or the engine never evaluates the call.
    literals = (Literal(""), Literal("a"), Literal("o"), Literal(1), Literal(True))
    for thing in (*literals, NamedNode("urn:a#b"), NamedNode("http://p/")):
        for predicate in (NamedNode("urn:p"), NamedNode(RDF + "type")):
            store.add(Quad(NamedNode("urn:s"), predicate, thing))
    counts: Counter[str] = Counter()
    wrong, needless = 0, ""
    began = time.monotonic()
    for first in range(1, options.texts + 1, BATCH):
        numbers = range(first, min(first + BATCH, options.texts + 1))
        texts = {n: text(draw, f"{listener.host}/n{n}n") for n in numbers}
        passing = [n for n in numbers if passes(texts[n])]
        refused = sorted(set(numbers) - set(passing))
        kinds = answers(store, [texts[n] for n in passing], lambda: None)
        counts.update(f"passed, {kind}" for kind in kinds)
        heard = [("the guard", number) for number in listener.settle()]
        answers(store, list(texts.values()), confinement.disconnect)
        heard += [("the worker", number) for number in listener.settle()]
        for wall, number in heard:
            wrong += 1
            query = texts.get(number, "a text with another number")
            print(f"{wall} let {query!r} call", flush=True)
        kinds = answers(store, [texts[n] for n in refused], lambda: None)
        called = set(listener.settle())
        silent = []
        for number, kind in zip(refused, kinds, strict=True):
            counts["refused, " + ("called" if number in called else kind)] += 1
            if kind != "refused" and number not in called:
                silent.append(texts[number])
        # If a query is still valid with another word instead of SERVICE, its refusal was needless.
        other = [re.sub("(?ai)service", "serviqe", sparql) for sparql in silent]
        for sparql, kind in zip(silent, answers(store, other, lambda: None), strict=True):
            if kind != "refused":
                counts["refused, needlessly"] += 1
                needless = needless or sparql
    seconds = time.monotonic() - began
    print(f"{options.texts:,} texts in {seconds:.0f} s, seed {options.seed}: {wrong} wrong calls")
    for name, number in sorted(counts.items()):
        print(f"  {name}: {number:,}")
    if needless:
        print(f"  needlessly, for example: {needless!r}")
    if not isolation.available():
        print("  no seccomp here: workers opened nothing at all")
    return int(wrong > 0 or not counts["refused, called"])


if __name__ == "__main__":
    sys.exit(main())
