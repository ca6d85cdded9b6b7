"""Linked data: the IRIs of things, of the ontology, of code lists and of the dataset; the feed.

The IRI of a thing redirects with 303 to its page or its data, by the Accept header; an address with
the suffix of a format returns this format.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import cache, partial
from itertools import chain, islice
from urllib.parse import quote
from xml.etree.ElementTree import Element, SubElement, tostring

from pyoxigraph import (
    CanonicalizationAlgorithm,
    Dataset,
    NamedNode,
    RdfFormat,
    Triple,
    parse,
)
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from relations_kg._files import content, folder
from relations_kg.answers.cells import Thing
from relations_kg.export.export import serialize, serialize_triples
from relations_kg.rdf import formats
from relations_kg.rdf.namespaces import BASE, CODE, IDENTIFIERS, ONTOLOGY, STATED, shorten
from relations_kg.rdf.spelling import asked_back, one_error_away
from relations_kg.release import dataset
from relations_kg.release.dataset import DATASET
from relations_kg.release.parts import PARTS
from relations_kg.web import queries
from relations_kg.web.leads import lead
from relations_kg.web.problems import Problem
from relations_kg.web.rendering import Renderer
from relations_kg.web.responses import chosen, reply, without_suffix
from relations_kg.web.site import Site
from relations_kg.web.thing_pages import dataset_page, reference_page

# Media types by the suffixes of addresses, which also name formats; the first is the default.
DATA = {
    suffix[1:]: media_type
    for each in formats.containing("answers")
    for suffix, media_type in zip(each.suffixes, each.media_types, strict=False)
}
PAGE = {"html": "text/html"}
# Turtle is a subset of N3, so a client that accepts only N3 gets Turtle.
_ENDINGS = {media_type: ending for ending, media_type in {**DATA, **PAGE}.items()} | {
    "text/n3": "ttl"
}
_THINGS = ("id/{name}", "code/{name}", "source/{name:path}", "identifier/{name}")
_ENDPOINT = NamedNode("http://rdfs.org/ns/void#sparqlEndpoint")
_GRAPHS = (STATED, IDENTIFIERS, ONTOLOGY)
# The maximum number of addresses that the protocol allows in one sitemap.
_MOST_ADDRESSES = 50_000
# The longest name for which similar names are suggested.
_LONGEST = 80

# A function that returns a document in the format of a suffix.
_Writer = Callable[[Request, str], str | bytes]


def routes(site: Site) -> list[Route]:
    """Return the routes of the IRIs of this project, and of robots.txt, sitemap and feed."""
    file = site.renderer.addresses.file
    return [
        Route("/context.jsonld", partial(_file, "ontology/context.jsonld", DATA["jsonld"])),
        Route("/ontology.css", partial(_file, "release/templates/style.css", "text/css")),
        *(Route(f"/{path}", partial(_thing, site, path.partition("/")[0])) for path in _THINGS),
        *_document(site, "ontology", {**DATA, **PAGE}, _authored("relations.ttl", site)),
        *_document(site, "code", DATA, _authored("codelists.ttl")),
        *_document(site, "dataset", {**DATA, **PAGE}, _dataset(site)),
        Route("/robots.txt", partial(_robots, site)),
        Route("/sitemap.xml", partial(_sitemap, site)),
        Route("/feed.atom", partial(_feed, site)),
        Route("/.well-known/void", lambda request: RedirectResponse(file("dataset"), 302)),
    ]


def links(site: Site, path: str, relation: str, *, page: str | None, but: str = "") -> str:
    """Return a Link header with the page, the licences and the data in the three main formats.

    The format `but`, which is that of the response, is left out.
    """
    file = site.renderer.addresses.file
    found = [
        (file(f"{path}.{ending}"), DATA[ending])
        for ending in ("ttl", "jsonld", "nt")
        if ending != but
    ]
    found += [(page, PAGE["html"])] if page and but not in PAGE else []
    written = [f'<{address}>; rel="{relation}"; type="{type}"' for address, type in found]
    licences = site.renderer.index.licences
    return ", ".join([*written, *(f'<{licence}>; rel="license"' for licence in licences)])


def _thing(site: Site, kind: str, request: Request) -> Response:
    path, ending = without_suffix(f"{kind}/{request.path_params['name']}", _ENDINGS.values())
    thing = _known(site, path)
    addresses = site.renderer.addresses
    page = site.renderer.address(thing.value)
    if ending in DATA:
        itself = f'<{BASE}{quote(path)}>; rel="describes"'
        headers = {"Link": f"{itself}, {links(site, path, 'alternate', page=page, but=ending)}"}
        return reply(request, _data(site, thing, ending), DATA[ending], headers=headers)
    ending = ending or _ENDINGS[chosen(request, _ENDINGS)]
    return RedirectResponse(
        page if ending in PAGE else addresses.file(f"{path}.{ending}"),
        303,
        {"Vary": "Accept", "Link": links(site, path, "describedby", page=page)},
    )


def _known(site: Site, path: str) -> NamedNode:
    with suppress(ValueError):
        thing = NamedNode(BASE + path)
        if _is_known(site, thing):
            return thing
    kind, _, name = path.partition("/")
    message = f"nothing in the graph is called {shorten(BASE + path)!r}"
    raise Problem(404, message, _near(site, kind, name))


def _near(site: Site, kind: str, name: str) -> str | None:
    """Return a suggestion of names that differ by one typing error, or None.

    Each possible name is looked up, which is fast in a graph of any size.
    """
    slug = re.sub(r"[\s_]+", "-", name.casefold())
    if len(slug) > _LONGEST or not re.fullmatch(r"[a-z0-9/-]+", slug):
        return None
    near = dict.fromkeys(chain([slug], one_error_away(slug)))
    known = (each for each in near if _is_known(site, NamedNode(f"{BASE}{kind}/{each}")))
    return asked_back(islice(known, 3))


def _is_known(site: Site, thing: NamedNode) -> bool:
    find = site.graph.quad_store.quads_for_pattern
    return any(True for graph in _GRAPHS for _ in find(thing, None, None, NamedNode(graph)))


def _data(site: Site, thing: NamedNode, ending: str) -> bytes:
    if not thing.value.startswith(CODE):
        return serialize(site.graph.quad_store, ending, of=thing)
    # The data about a code include its code list, and the data about a code list its codes.
    find, ontology = site.graph.quad_store.quads_for_pattern, NamedNode(ONTOLOGY)
    quads = [*find(thing, None, None, ontology), *find(None, None, thing, ontology)]
    return serialize_triples((quad.triple for quad in quads), ending)


def _document(site: Site, path: str, types: Mapping[str, str], write: _Writer) -> list[Route]:
    """Return the routes of a document: of its IRI, which follows Accept, and of its files."""
    file = site.renderer.addresses.file

    def answer(request: Request) -> Response:
        ending = request.path_params.get("ending")
        if ending is not None and ending not in types:
            known = ", ".join(f"{path}.{each}" for each in types)
            raise Problem(404, f"there is no {path}.{ending}", f"available: {known}")
        page = file(f"{path}.html") if "html" in types else None
        headers = {}
        if ending is None:
            offered = [media_type for media_type, end in _ENDINGS.items() if end in types]
            ending = _ENDINGS[chosen(request, offered)]
            headers = {"Vary": "Accept", "Content-Location": file(f"{path}.{ending}")}
        headers["Link"] = links(site, path, "alternate", page=page, but=ending)
        return reply(request, write(request, ending), types[ending], headers=headers)

    return [Route(f"/{path}", answer), Route(f"/{path}.{{ending}}", answer)]


def _authored(file: str, site: Site | None = None) -> _Writer:
    """Return a writer of an ontology file; with a site, it can also write the index of terms."""

    @cache
    def written(ending: str) -> str | bytes:
        if site and ending in PAGE:
            return reference_page(site.renderer)
        authored = content(folder("ontology"), file)
        if ending == "ttl":
            return authored
        quads = Dataset(parse(authored, RdfFormat.TURTLE))
        quads.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
        return serialize_triples([quad.triple for quad in quads], ending)

    return lambda request, ending: written(ending)


def _dataset(site: Site) -> _Writer:
    @cache
    def described() -> list[Triple]:
        return dataset.describe(site.graph, {}, {})

    def written(request: Request, ending: str) -> str | bytes:
        if ending in PAGE:
            return dataset_page(site.renderer)
        triples = [*described()]
        with suppress(ValueError):  # the Host header of a client may be invalid in an IRI
            here = str(request.base_url).rstrip("/")
            endpoint = NamedNode(here + site.renderer.addresses.file("sparql"))
            for node in (dataset.DATASET, dataset.COMPLETE):
                triples.append(Triple(NamedNode(node), _ENDPOINT, endpoint))
        return dataset.serialize(triples, ending)

    return written


def _robots(site: Site, request: Request) -> Response:
    """Return robots.txt, which excludes pages with input fields, as their number is unlimited."""
    to = site.renderer.addresses
    left_out = [
        to.page(name) for name in ("query", "explain", "search", "validate", "new", "sparql")
    ]
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in left_out)]
    here = str(request.base_url).rstrip("/")
    text = "\n".join([*lines, f"Sitemap: {here}{to.file('sitemap.xml')}", ""])
    return reply(request, text, "text/plain")


def _sitemap(site: Site, request: Request) -> Response:
    """Return a sitemap with the pages of things and of stored queries, up to the allowed number."""
    to, here = site.renderer.addresses, str(request.base_url).rstrip("/")
    pages = (("",), ("things",), ("q", ""), ("document", ""), ("dataset",), ("ontology",))
    fixed = [to.page(*path) for path in (*pages, *(("ontology", name) for name in PARTS))]
    queries = [to.page("q", name) for name in site.graph.queries]
    things = [to.thing(entry.iri) for entry in site.renderer.index.things]
    urlset = Element("urlset", xmlns="http://www.sitemaps.org/schemas/sitemap/0.9")
    for address in [*fixed, *queries, *things][:_MOST_ADDRESSES]:
        SubElement(SubElement(urlset, "url"), "loc").text = here + address
    content = tostring(urlset, encoding="utf-8", xml_declaration=True)
    return reply(request, content, "application/xml")


def _feed(site: Site, request: Request) -> Response:
    """Return the feed of the latest events."""
    content = feed(site.renderer, str(request.base_url).rstrip("/"))
    return reply(request, content, "application/atom+xml")


def _file(name: str, media_type: str, request: Request) -> Response:
    top, _, rest = name.partition("/")
    return reply(request, content(folder(top), rest), media_type)


def feed(renderer: Renderer, here: str) -> bytes:
    """Return the feed of a server at an address.

    An entry has the last day on which its event can have happened, so that feed readers show the
    latest event first.
    """
    rows = queries.run(renderer.graph, "latest-events")
    root = Element("feed", xmlns="http://www.w3.org/2005/Atom")
    to, title = renderer.addresses, renderer.index.title or "Relations between states"
    SubElement(root, "id").text = DATASET
    SubElement(root, "title").text = f"{title}: the latest events"
    SubElement(SubElement(root, "author"), "name").text = "relations-kg"
    SubElement(root, "link", rel="self", href=here + to.file("feed.atom"))
    SubElement(root, "link", rel="alternate", href=here + to.page(""))
    SubElement(root, "updated").text = _time(rows[0].day) if rows else _time("1970-01-01")
    for row in rows:
        assert isinstance(row.event, Thing)
        entry = SubElement(root, "entry")
        SubElement(entry, "id").text = str(row.event)
        SubElement(entry, "title").text = row.event.label
        SubElement(entry, "link", rel="alternate", href=here + to.thing(row.event))
        SubElement(entry, "updated").text = _time(row.day)
        summary = " ".join(map(str, lead(renderer.writer, row.event)))
        SubElement(entry, "summary").text = summary or row.event.label
    return bytes(tostring(root, encoding="utf-8", xml_declaration=True))


def _time(day: object) -> str:
    return f"{day}T00:00:00Z"
