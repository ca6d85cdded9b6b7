"""The benchmark of the server under load, compared with Oxigraph's.

Both serve the same graph and get the same queries from `wrk` on 64 connections. Our server caches
the answer to a repeated query; in the lines "each new", no query is repeated. Small queries mainly
measure HTTP, which our server implements in Python. The last lines are the times from a request
to the first bytes of an answer of a million rows.
"""

import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from urllib.parse import quote, urlencode
from urllib.request import Request, urlopen

import relations_kg as rk
from relations_kg.rdf.namespaces import ID, STATED
from relations_kg.sparql.evaluation import with_prefixes

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

import servers

RUNS, CONNECTIONS, ASKED = 3, 64, 15
# The seconds of a run with light queries, and with heavy ones, which need longer so that each
# connection gets an answer.
BRIEF, LONG = 4, 20
BINARIES = Path(sys.executable).parent
SMALL = f"SELECT * WHERE {{ <{ID}peru> a ?kind }}"
LIGHT = ("mission-history", {"sender": "peru"})
HEAVY = f"""SELECT ?kind (COUNT(*) AS ?n) (COUNT(DISTINCT ?there) AS ?ends)
WHERE {{ GRAPH <{STATED}> {{ ?a a ?kind ; ?p ?b . ?b ?q ?there }} }}
GROUP BY ?kind ORDER BY ?kind"""
MILLION = "SELECT ?a ?b ?c ?d WHERE { ?a ?b ?c . ?d a ?e } LIMIT 1000000"
ROWS = {
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
    "json": "application/sparql-results+json",
    "xml": "application/sparql-results+xml",
}
RUNAWAY = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
# Each query ends with a different comment, so that no cached response is sent.
NEW = """local mark, counter = tostring({}):gsub("%W", ""), 0
request = function()
  counter = counter + 1
  return wrk.format("GET", wrk.path .. "%20%23" .. mark .. counter)
end"""


@contextmanager
def oxigraph(kg: rk.Graph) -> Iterator[str]:
    """Run Oxigraph's server with the facts of a graph, and yield its address.

    Its default graph is the union of the named graphs."""
    place = f"127.0.0.1:{servers.free_port()}"
    with tempfile.TemporaryDirectory() as folder:
        facts = Path(folder, "facts.nq")
        kg.store.dump(str(facts))
        program = BINARIES / "oxigraph"
        store = Path(folder, "store")
        subprocess.run(
            [program, "load", "--location", store, "--file", facts],
            check=True,
            stderr=subprocess.DEVNULL,
        )
        command: list[str | Path] = [
            program,
            "serve-read-only",
            "--location",
            store,
            "--bind",
            place,
        ]
        server = subprocess.Popen(
            [*command, "--union-default-graph"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            servers.wait_for(place)
            yield f"http://{place}/"
        finally:
            server.kill()
            server.wait()


def rate(url: str, script: Path | None = None, seconds: int = BRIEF) -> float:
    """Return the number of answers that wrk gets per second; exit if one of them is an error."""
    command = ["wrk", "-t2", f"-c{CONNECTIONS}", f"-d{seconds}s", "--timeout", "60s"]
    command += ["-H", "Accept: application/sparql-results+json"]
    more = ["-s", str(script)] if script else []
    printed = subprocess.run(
        [*command, *more, url], check=True, capture_output=True, text=True
    ).stdout
    if errors := re.search(r"Non-2xx.*|Socket errors.*", printed):
        raise SystemExit(f"{url[:80]}: {errors[0]}")
    found = re.search(r"Requests/sec:\s*([\d.]+)", printed)
    assert found
    return float(found[1])


def both(name: str, own: str, other: str, script: Path | None = None, seconds: int = BRIEF) -> None:
    """Measure both servers in turn, and print the ratio of the medians."""
    rates: tuple[list[float], list[float]] = [], []
    for _ in range(RUNS):
        rates[0].append(rate(own, script, seconds))
        rates[1].append(rate(other, script, seconds))
    mine, theirs = map(median, rates)
    ratio = f"{mine / theirs:.2f} ×" if theirs else "it had no answer in time"
    print(f"  {name:<28} {mine:9.1f} /s, Oxigraph {theirs:9.1f} /s: {ratio}", flush=True)


def main() -> None:
    """Run the benchmark, and print a line for each figure."""
    if not shutil.which("wrk"):
        print("  wrk is not installed here")
        return
    kg = rk.load()
    name, values = LIGHT
    # Oxigraph refuses a request whose head is longer than 8 KiB.
    light = with_prefixes(re.sub(r"(?m)^#.*\n", "", kg.queries[name].bind(values, kg.names)))
    print(f"{CONNECTIONS} connections, medians of {RUNS} runs of {BRIEF} or {LONG} s in turn")
    with (
        tempfile.TemporaryDirectory() as folder,
        oxigraph(kg) as theirs,
        servers.relations_kg() as own,
    ):
        script = Path(folder, "new.lua")
        script.write_text(NEW)
        other = f"{theirs}query?query={quote(light)}"
        both("light, stored", f"{own}/q/{name}?{urlencode(values)}", other)
        both("light, as SPARQL", f"{own}/sparql?query={quote(light)}", other)
        both("light, each new", f"{own}/sparql?query={quote(light)}", other, script)
        query = f"query={quote(SMALL)}"
        both("small, each new", f"{own}/sparql?{query}", f"{theirs}query?{query}", script)
        other = f"{theirs}query?query={quote(HEAVY)}"
        both("heavy", f"{own}/sparql?query={quote(HEAVY)}", other, None, LONG)
        both("heavy, each new", f"{own}/sparql?query={quote(HEAVY)}", other, script, LONG)
        runaway(f"{own}/q/{name}?{urlencode(values)}", f"{own}/sparql?query={quote(RUNAWAY)}")
        url = f"{own}/sparql?query={quote(MILLION)}"
        for format, media_type in ROWS.items():
            times = [first_bytes(url, media_type) for _ in range(ASKED)]
            name = f"first of a million, {format}"
            print(f"  {name:<28} {median(times) * 1e3:7.1f} ms ({max(times) * 1e3:.1f} at most)")


def first_bytes(url: str, media_type: str) -> float:
    """Return the seconds until the first bytes of an answer arrive; the rest is not read."""
    start = time.perf_counter()
    with urlopen(Request(url, headers={"Accept": media_type})) as response:
        response.read(100)
        return time.perf_counter() - start


def runaway(url: str, bad: str) -> None:
    """Print how much a query that takes very long slows down other queries."""
    before = rate(url)
    command = [sys.executable, "-c", "import sys, urllib.request as u; u.urlopen(sys.argv[1])"]
    query = subprocess.Popen([*command, bad], stderr=subprocess.DEVNULL)
    time.sleep(1)
    meanwhile = rate(url)
    query.kill()
    query.wait()
    print(
        f"  {'beside a runaway query':<28} {meanwhile:9.1f} /s, "
        f"without {before:9.1f} /s: {meanwhile / before:.2f} ×"
    )


if __name__ == "__main__":
    main()
