"""The static site: the pages of the server as linked files."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from os import PathLike
from typing import IO
from urllib.parse import unquote

from pyoxigraph import NamedNode

from relations_kg._files import content, folder
from relations_kg.answers.queries import StoredQuery
from relations_kg.engines import isolation
from relations_kg.engines.standby import Workers
from relations_kg.errors import QueryError
from relations_kg.export.files import write_folder
from relations_kg.graph.graph import Graph
from relations_kg.rdf.namespaces import ID, INFERRED
from relations_kg.release import dataset
from relations_kg.web import form_pages
from relations_kg.web.addresses import Addresses, name_of
from relations_kg.web.index import Index
from relations_kg.web.pages import PAGES
from relations_kg.web.rendering import Renderer, static_files
from relations_kg.web.thing_pages import dataset_page, reference_page

_INFERRED = NamedNode(INFERRED)
# The number of jobs in one request to a worker, and the timeout of the request in seconds.
_CHUNK, _TIMEOUT = 50, 3600.0

# A function that computes some files of the site, with their paths.
_Job = Callable[[], Iterable[tuple[str, str | bytes]]]
# A function that is called with the number of finished jobs and the number of all jobs.
Report = Callable[[int, int], None]


def write(graph: Graph, target: str | PathLike[str], report: Report = lambda done, of: None) -> int:
    """Write the pages of a graph and the files they refer to into a folder; return their number.

    Pages with input fields are left out, since they need a server. Stored queries are answered with
    default values, there is a page for each day of `period_pages.linked_days`, and a thing has one
    page with the proofs of its inferred facts. One worker per core writes the files. `report` is
    called with the number of jobs that are done, and the number of all jobs.
    """
    jobs = list(_jobs(graph))
    chunks = [jobs[start : start + _CHUNK] for start in range(0, len(jobs), _CHUNK)]

    def written(place: int) -> int:
        return write_folder(target, (file for job in chunks[place] for file in job()))

    # The folder is created, and all facts are inferred, before there are workers.
    write_folder(target, ())
    _ = graph.inference
    number = 0
    for place, count in enumerate(_results(written, len(chunks)), 1):
        number += count
        report(min(place * _CHUNK, len(jobs)), len(jobs))
    return number


def _results(work: Callable[[int], int], number: int) -> Iterator[int]:
    """Yield the results of a function for the numbers below `number`, in order.

    With several cores, there is one worker per core; otherwise this process calls the function.
    """
    cores = (os.cpu_count() or 1) if isolation.available() else 1
    if cores == 1:
        yield from map(work, range(number))
        return

    def answer(request: bytes, pipe: IO[bytes]) -> bytes:
        pipe.write(str(work(int(request))).encode())
        return b""

    def ask(place: int) -> int:
        try:
            return int(b"".join(workers.answer(str(place).encode(), _TIMEOUT)))
        except QueryError:  # The worker failed; this process succeeds, or raises the error.
            return work(place)

    workers = Workers(answer)
    with ThreadPoolExecutor(cores) as pool:
        yield from pool.map(ask, range(number))
    workers.end()


def files(graph: Graph) -> Iterator[tuple[str, str | bytes]]:
    """Yield the path and the content of each file of the site."""
    return (file for job in _jobs(graph) for file in job())


def _jobs(graph: Graph) -> Iterator[_Job]:
    """Yield functions that each compute some files of the site."""
    index, name = Index(graph), Addresses.file_of
    renderers = [Renderer(graph, Addresses("../" * depth, live=False), index) for depth in range(3)]

    for page in PAGES:
        kind, *parameters = page.path[1:].split("/")
        within = renderers[len(parameters)]
        for values in page.instances(within):
            path = name(kind, *(values or parameters))
            yield partial(_page, path, partial(page.write, within, *values))
    yield partial(_about, renderers[0])
    for entry in index.entries:
        yield partial(_data, renderers[1], entry.iri)
    yield partial(_page, name("q", ""), partial(form_pages.questions, renderers[1]))
    for query in graph.queries.values():
        yield partial(_answers, renderers[1], query)


def _page(path: str, write: Callable[[], str]) -> Iterator[tuple[str, str]]:
    yield path, write()


def _about(renderer: Renderer) -> Iterator[tuple[str, str | bytes]]:
    """Yield the files about the site as a whole."""
    graph, name = renderer.graph, Addresses.file_of
    for path, written in static_files().items():
        yield f"static/{path}", written
    yield name("ontology"), reference_page(renderer)
    yield "ontology.css", content(folder("release/templates"), "style.css")
    yield name("dataset"), dataset_page(renderer)
    described = dataset.describe(graph, {}, {})
    for ending in ("ttl", "jsonld"):
        yield f"dataset.{ending}", dataset.serialize(described, ending)
    yield "data.ttl", graph.export(format="turtle")


def _data(renderer: Renderer, iri: str) -> Iterator[tuple[str, str | bytes]]:
    """Yield the proofs of a thing's inferred facts, and its linked data."""
    graph = renderer.graph
    if any(graph.quad_store.quads_for_pattern(NamedNode(iri), None, None, _INFERRED)):
        path = Addresses.file_of("why", name_of(iri))
        yield path, form_pages.inferred_facts(renderer, iri)
    for ending in ("ttl", "jsonld") if iri.startswith(ID) else ():
        path = renderer.addresses.data(iri, ending).removeprefix("../")
        yield unquote(path), graph.export(format=ending, of=f"<{iri}>")


def _answers(renderer: Renderer, query: StoredQuery) -> Iterator[tuple[str, str | bytes]]:
    """Yield a stored query's page and, unless a value is missing, its answer in two formats."""
    given = form_pages.default_values(renderer, query)
    yield Addresses.file_of("q", query.name), form_pages.question(renderer, query, given)
    if all(p.name in given for p in query.parameters if p.required):
        rows = renderer.graph.run(query.name, **given)
        for ending in ("csv", "json"):
            yield f"q/{query.name}.{ending}", rows.serialize(ending)
