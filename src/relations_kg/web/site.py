"""The static site: the pages of the server as files, with links that lead from one to another."""

from __future__ import annotations

from collections.abc import Iterator
from os import PathLike, fspath, makedirs
from os.path import dirname, join
from typing import TYPE_CHECKING
from urllib.parse import unquote

from pyoxigraph import NamedNode

from relations_kg._files import content, folder
from relations_kg.errors import InputError
from relations_kg.export import export
from relations_kg.rdf.namespaces import ID, INFERRED, SOURCE
from relations_kg.release import reference
from relations_kg.web import articles, asking
from relations_kg.web.addresses import Addresses, name_of
from relations_kg.web.dress import Dress, static

if TYPE_CHECKING:
    from relations_kg.graph.graph import Graph

_INFERRED = NamedNode(INFERRED)
_DATA = {"ttl": "turtle", "jsonld": "jsonld"}


def write(graph: Graph, target: str | PathLike[str]) -> int:
    """Write the pages of a graph, and the files that they refer to, into a folder; count them.

    What asks for a server is left out: a question is answered as it stands, days are those on
    which something begins or ends, and why a fact follows is told on a page for each thing.
    """
    number = 0
    for path, written in files(graph):
        place = join(target, path)
        try:
            makedirs(dirname(place), exist_ok=True)
        except OSError as error:
            reason = error.strerror or error
            raise InputError(f"no folder can be made: {reason}", where=fspath(target)) from None
        export.write(place, written.encode() if isinstance(written, str) else written)
        number += 1
    return number


def files(graph: Graph) -> Iterator[tuple[str, str | bytes]]:
    """Yield the path and the content of each file of the site."""
    top = Dress(graph, Addresses("", live=False))
    catalogue = top.catalogue
    within = Dress(graph, Addresses("../", live=False), catalogue)
    below = Dress(graph, Addresses("../../", live=False), catalogue)
    name = Addresses.file_of
    yield name(""), articles.overview(top)
    yield name("things"), articles.index(top)
    home = top.addresses.page("")
    yield name("ontology"), reference.page(graph, stylesheet="ontology.css", home=home)
    yield "ontology.css", content(folder("release/templates"), "style.css")
    for path, written in static().items():
        yield f"static/{path}", written
    for entry in catalogue.entries:
        yield name("thing", name_of(entry.iri)), articles.thing(within, entry.iri)
        if any(graph.store.quads_for_pattern(NamedNode(entry.iri), None, None, _INFERRED)):
            yield name("why", name_of(entry.iri)), asking.why(within, entry.iri)
        for ending, format in _DATA.items() if entry.iri.startswith(ID) else ():
            path = within.addresses.data(entry.iri, ending).removeprefix("../")
            yield unquote(path), graph.export(format=format, of=f"<{entry.iri}>")
    for entry in catalogue.relationships:
        slug = name_of(entry.iri)
        yield name("timeline", slug), articles.relationship(within, entry.iri)
        for kind in articles.lanes(graph, entry.iri):
            yield name("timeline", slug, kind), articles.relationship(below, entry.iri, kind)
        yield name("map", slug), articles.map_page(within, entry.iri)
    yield name("document", ""), articles.documents(within)
    for iri in catalogue.documents:
        if iri.startswith(SOURCE):
            yield name("document", iri.removeprefix(SOURCE)), articles.document(within, iri)
    yield name("day", ""), articles.days(within)
    for day in catalogue.days:
        yield name("day", day.isoformat()), articles.day(within, day)
    yield name("q", ""), asking.questions(within)
    for query in graph.queries.values():
        values = asking.assumed(within, query)
        yield name("q", query.name), asking.question(within, query, values)
        if all(p.name in values for p in query.parameters if p.required):
            rows = graph.run(query.name, **values)
            for ending in ("csv", "json"):
                yield f"q/{query.name}.{ending}", rows.serialize(ending)
