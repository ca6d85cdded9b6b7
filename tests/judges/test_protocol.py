"""Tests that the endpoint answers the requests of the W3C's SPARQL 1.1 Protocol tests."""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pytest
from pyoxigraph import NamedNode, Quad
from rdflib import RDF, Graph, Namespace
from rdflib.collection import Collection
from rdflib.term import Node
from starlette.applications import Starlette

import relations_kg as rk
from relations_kg.rdf.terms import TYPE
from relations_kg.web.application import application

MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
UT = Namespace("http://www.w3.org/2009/sparql/tests/test-update#")
HT = Namespace("http://www.w3.org/2011/http#")
CNT = Namespace("http://www.w3.org/2011/content#")
DATA = "http://kasei.us/2009/09/sparql/data/"
FORMATS = {
    "boolean": {"application/sparql-results+json", "application/sparql-results+xml"},
    "tabular": {
        "application/sparql-results+json",
        "application/sparql-results+xml",
        "text/csv",
        "text/tab-separated-values",
    },
    "RDF": {"text/turtle", "application/n-triples", "application/rdf+xml", "application/ld+json"},
}
# Every test of updates that expects success then checks that the facts have changed, so our
# read-only endpoint fails it.
REFUSED = {
    "the endpoint is read-only and refuses updates": [
        "update_base_uri",
        "update_dataset_default_graph",
        "update_dataset_default_graphs",
        "update_dataset_full",
        "update_dataset_named_graphs",
        "update_post_direct",
        "update_post_form",
    ],
}


class Exchange(NamedTuple):
    """A request of the manifest, and what may answer it."""

    request: dict[str, Any]
    statuses: set[int]
    boolean: bool | None
    format: str | None


def exchanges(manifest: Graph, test: Node) -> Iterator[Exchange]:
    action: Any = manifest.value(test, MF.action)
    for request in Collection(manifest, manifest.value(action, HT.requests)):
        answer = manifest.value(request, HT.resp)
        headers: Any = manifest.value(request, HT.headers)
        body = manifest.value(request, HT.body)
        encoding = str(manifest.value(body, CNT.characterEncoding) or "utf-8") if body else ""
        boolean = manifest.value(answer, MF.expectedBoolean)
        yield Exchange(
            {
                "method": str(manifest.value(request, HT.methodName)),
                "url": str(manifest.value(request, HT.absolutePath)).replace("/sparql/", "/sparql"),
                "headers": {
                    str(manifest.value(header, HT.fieldName)): str(
                        manifest.value(header, HT.fieldValue)
                    )
                    for header in (Collection(manifest, headers) if headers else ())
                },
                "content": str(manifest.value(body, CNT.chars)).encode(encoding) if body else b"",
            },
            {int(str(status)[-3]) for status in manifest.objects(answer, MF.expectedStatus)},
            None if boolean is None else bool(boolean.toPython()),  # type: ignore[attr-defined]
            str(manifest.value(answer, MF.expectedFormat, default="")) or None,
        )


async def complaint(app: Starlette, exchanges: list[Exchange]) -> str | None:
    """Return what is wrong with the first wrong answer, or None."""
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        for request, statuses, boolean, format in exchanges:
            answer = await client.request(**request)
            type = answer.headers.get("content-type", "").partition(";")[0]
            if answer.status_code // 100 not in statuses:
                return f"{answer.status_code}: {answer.text[:200]}"
            if format and type not in FORMATS[format]:
                return f"{type} is not {format}"
            if boolean is not None and boolean is not answer.json()["boolean"]:
                return f"not {boolean}"
    return None


@pytest.fixture(scope="module")
def app() -> Starlette:
    """The application over the bundled graph with the graphs that the tests name."""
    graph = rk.load()
    for number in range(4):
        name = NamedNode(f"{DATA}data{number}.rdf")
        graph.store.add(Quad(name, TYPE, NamedNode("http://xmlns.com/foaf/0.1/Document"), name))
    return application(graph)


def test_the_protocol_tests_of_the_w3c(
    judges: Path, app: Starlette, judge: Callable[..., None]
) -> None:
    manifest = Graph().parse(judges / "sparql-protocol" / "manifest.ttl")
    failed, cases = {}, []
    for test in sorted(manifest.subjects(RDF.type, MF.ProtocolTest)):
        cases.append(name := str(test).rpartition("#")[2])
        if why := asyncio.run(complaint(app, list(exchanges(manifest, test)))):
            failed[name] = why

    judge("SPARQL 1.1 Protocol (W3C)", "2012-11-20", cases, failed, REFUSED)
