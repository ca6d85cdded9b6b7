"""The static site: the pages of the server as linked files."""

from __future__ import annotations

from collections.abc import Iterator
from os import PathLike
from urllib.parse import unquote

from pyoxigraph import NamedNode

from relations_kg._files import content, folder
from relations_kg.export.files import write_folder
from relations_kg.graph.graph import Graph
from relations_kg.rdf.namespaces import ID, INFERRED
from relations_kg.release import dataset, reference
from relations_kg.web import form_pages
from relations_kg.web.addresses import Addresses, name_of
from relations_kg.web.index import Index
from relations_kg.web.pages import PAGES
from relations_kg.web.rendering import Renderer, static_files
from relations_kg.web.thing_pages import dataset_page

_INFERRED = NamedNode(INFERRED)


def write(graph: Graph, target: str | PathLike[str]) -> int:
    """Write the pages of a graph and the files they refer to into a folder; return their number.

    Pages with input fields are left out, since they need a server. Stored queries are answered with
    default values, there is a page for each day of a beginning or end, and a thing has one page
    with the proofs of its inferred facts.
    """
    return write_folder(target, files(graph))


def files(graph: Graph) -> Iterator[tuple[str, str | bytes]]:
    """Yield the path and the content of each file of the site."""
    index, name = Index(graph), Addresses.file_of

    def renderer(depth: int) -> Renderer:
        return Renderer(graph, Addresses("../" * depth, live=False), index)

    for page in PAGES:
        kind, *parameters = page.path[1:].split("/")
        within = renderer(len(parameters))
        for values in page.instances(within):
            yield name(kind, *(values or parameters)), page.write(within, *values)
    for path, written in static_files().items():
        yield f"static/{path}", written
    around = renderer(0).addresses.main.items()
    yield name("ontology"), reference.page(graph, stylesheet="ontology.css", around=around)
    yield "ontology.css", content(folder("release/templates"), "style.css")
    yield name("dataset"), dataset_page(renderer(0))
    described = dataset.describe(graph, {}, {})
    for ending in ("ttl", "jsonld"):
        yield f"dataset.{ending}", dataset.serialize(described, ending)
    yield "data.ttl", graph.export(format="turtle")
    within = renderer(1)
    for entry in index.entries:
        if any(graph.quad_store.quads_for_pattern(NamedNode(entry.iri), None, None, _INFERRED)):
            yield name("why", name_of(entry.iri)), form_pages.inferred_facts(within, entry.iri)
        for ending in ("ttl", "jsonld") if entry.iri.startswith(ID) else ():
            path = within.addresses.data(entry.iri, ending).removeprefix("../")
            yield unquote(path), graph.export(format=ending, of=f"<{entry.iri}>")
    yield name("q", ""), form_pages.questions(within)
    for query in graph.queries.values():
        given = form_pages.default_values(within, query)
        yield name("q", query.name), form_pages.question(within, query, given)
        if all(p.name in given for p in query.parameters if p.required):
            rows = graph.run(query.name, **given)
            for ending in ("csv", "json"):
                yield f"q/{query.name}.{ending}", rows.serialize(ending)
