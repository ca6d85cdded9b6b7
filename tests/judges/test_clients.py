"""Tests of the endpoint with third-party clients: rdflib, Jena and Comunica."""

import json
import subprocess
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

import processors
import pytest
import servers
from pyoxigraph import RdfFormat, parse
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from rdflib.term import URIRef
from versions import of_package

import relations_kg as rk
from relations_kg.rdf.namespaces import PREFIXES, RKG, STATED

PACKAGE = "@comunica/query-sparql"
COMUNICA = Path("build/judges/node_modules/.bin/comunica-sparql")
DECLARED = "".join(f"PREFIX {prefix}: <{PREFIXES[prefix]}>\n" for prefix in ("rkg", "rdfs"))
CITIES = f"{DECLARED}SELECT ?city ?name WHERE {{ ?city a rkg:City ; rdfs:label ?name }}"
STATED_CITIES = CITIES.replace("WHERE", f"FROM <{STATED}> WHERE")
HOLDS = f"{DECLARED}ASK {{ ?city a rkg:City }}"
TYPES = f"{DECLARED}CONSTRUCT {{ ?s a ?t }} WHERE {{ ?s a rkg:City ; a ?t }}"
QUERIES = pytest.mark.parametrize("query", [CITIES, STATED_CITIES])

Rows = set[tuple[str, ...]]


def suite() -> tuple[str, str]:
    versions = version("rdflib"), processors.jar_version("jena-arq"), of_package(PACKAGE)
    return "rdflib, Jena and Comunica as clients of the endpoint", ", ".join(versions)


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    with servers.relations_kg() as address:
        yield f"{address}/sparql"


def expected(kg: rk.Graph, query: str) -> Rows:
    found = kg.query(query)
    assert isinstance(found, rk.Rows)
    assert found
    return {tuple(str(cell) for cell in row) for row in found}


def triples(kg: rk.Graph) -> set[object]:
    found = kg.query(TYPES)
    assert isinstance(found, rk.Triples)
    return set(found.terms)


@QUERIES
@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
@pytest.mark.parametrize("format", ["xml", "json", "csv", "tsv"])
def test_rdflib(kg: rk.Graph, endpoint: str, query: str, method: Any, format: str) -> None:
    store = SPARQLStore(endpoint, returnFormat=format, method=method)

    rows: Any = store.query(query)
    assert expected(kg, query) == {tuple(map(str, row)) for row in rows}


def test_rdflib_reads_triples_and_looks_up(kg: rk.Graph, endpoint: str) -> None:
    store = SPARQLStore(endpoint)
    graph = store.query(TYPES).graph
    assert graph is not None
    city = URIRef(RKG + "City")
    kind = URIRef(PREFIXES["rdf"] + "type")

    found = parse(graph.serialize(format="nt", encoding="utf-8"), RdfFormat.N_TRIPLES)
    assert triples(kg) == {quad.triple for quad in found}
    assert {row[0] for row in expected(kg, CITIES)} == {
        str(s) for (s, _, _), _ in store.triples((None, kind, city))
    }


@pytest.fixture(scope="module")
def jena(endpoint: str) -> Callable[[str], Any]:
    processors._java()
    import jpype

    builder = jpype.JClass("org.apache.jena.sparql.exec.http.QueryExecutionHTTP")
    return lambda query: builder.service(endpoint).query(query).build()


@QUERIES
def test_jena(kg: rk.Graph, jena: Callable[[str], Any], query: str) -> None:
    rows = jena(query).execSelect()
    found = set()
    while rows.hasNext():
        row = rows.next()
        found.add((str(row.getResource("city").getURI()), str(row.getLiteral("name").getString())))

    assert expected(kg, query) == found


def test_jena_reads_triples(kg: rk.Graph, jena: Callable[[str], Any]) -> None:
    import jpype

    lines = jpype.JClass("java.io.ByteArrayOutputStream")()
    jena(TYPES).execConstruct().write(lines, "N-TRIPLES")

    found = parse(bytes(lines.toByteArray()), RdfFormat.N_TRIPLES)
    assert triples(kg) == {quad.triple for quad in found}
    assert jena(HOLDS).execAsk()


@pytest.fixture(scope="module")
def comunica(endpoint: str) -> Callable[..., str]:
    def ask(query: str, type: str) -> str:
        command = [COMUNICA, f"sparql@{endpoint}", "-q", query, "-t", type]
        outcome = subprocess.run(command, capture_output=True, text=True, timeout=120)
        assert outcome.returncode == 0, outcome.stderr
        return outcome.stdout

    return ask


@QUERIES
def test_comunica(kg: rk.Graph, comunica: Callable[..., str], query: str) -> None:
    rows = json.loads(comunica(query, "application/sparql-results+json"))["results"]["bindings"]

    assert expected(kg, query) == {(row["city"]["value"], row["name"]["value"]) for row in rows}


def test_comunica_reads_triples(kg: rk.Graph, comunica: Callable[..., str]) -> None:
    found = parse(comunica(TYPES, "application/n-triples").encode(), RdfFormat.N_TRIPLES)

    assert triples(kg) == {quad.triple for quad in found}
    assert "true" in comunica(HOLDS, "application/sparql-results+json")
