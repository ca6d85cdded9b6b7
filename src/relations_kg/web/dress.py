"""What all pages share: the frame around them, and how things, facts and cells are shown."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from functools import cached_property
from os.path import dirname, join
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape
from pyoxigraph import NamedNode

from relations_kg._files import content
from relations_kg.answers.rows import Text, Thing, cell
from relations_kg.errors import UnknownName
from relations_kg.rdf.namespaces import CODE, IDENTIFIERS, ONTOLOGY, RKG, SOURCE, STATED, shorten
from relations_kg.rdf.terms import TYPE, Statement, printable, value
from relations_kg.web import pictures
from relations_kg.web.addresses import Addresses, name_of
from relations_kg.web.catalogue import Catalogue
from relations_kg.web.scope import Dated, between

if TYPE_CHECKING:
    from relations_kg.graph.graph import Graph
    from relations_kg.validation.findings import Finding

WIDE, NARROW = 960, 340

_HERE = dirname(__file__)
_OURS = (RKG, CODE, SOURCE)
_WEB = ("http://", "https://")
_MEDIA_TYPES = {
    "css": "text/css",
    "js": "text/javascript",
    "svg": "image/svg+xml",
    "txt": "text/plain",
}


class Dress:
    """Put what a page says into the frame of all pages, with links to where things are."""

    def __init__(
        self, graph: Graph, addresses: Addresses, catalogue: Catalogue | None = None
    ) -> None:
        self.graph = graph
        self.addresses = addresses
        self.catalogue = catalogue or Catalogue(graph)

    def page(self, template: str, title: str, **values: object) -> str:
        """Write a page from a template; `title` is told in the window and found by search."""
        return self._environment.get_template(template).render(title=title, **values)

    def address(self, iri: str) -> str:
        """Return where a link to a thing leads, empty if nowhere safe."""
        if self.has_page(iri):
            return self.addresses.thing(iri)
        return iri if iri.startswith(_WEB) and not iri.startswith(_OURS) else ""

    def of_picture(self, iri: str) -> str:
        """Return where a link in a picture leads."""
        return self.address(iri) or self.addresses.page("")

    def has_page(self, iri: str) -> bool:
        """Tell whether there is a page of a thing, or a place on one."""
        try:
            node = NamedNode(iri)
        except ValueError:
            return False
        if iri.startswith(SOURCE):
            name = iri.removeprefix(SOURCE).partition("/")[0]
            if SOURCE + name not in self.catalogue.documents:
                return False
        graphs = (ONTOLOGY,) if iri.startswith((RKG, CODE)) else (STATED, IDENTIFIERS)
        store = self.graph.store
        return any(
            True
            for graph in graphs
            for _ in store.quads_for_pattern(node, TYPE, None, NamedNode(graph))
        )

    def label(self, iri: str) -> str:
        """Return the label of a thing; raise UnknownName, with what was meant, if there is none."""
        with suppress(ValueError):
            if any(self.graph.store.quads_for_pattern(NamedNode(iri), None, None)):
                return self.graph.names.label(iri)
        self.graph.names.find(shorten(iri))
        raise UnknownName(f"nothing in the graph is called {shorten(iri)!r}")

    def link(self, iri: str, label: str | None = None) -> Markup:
        """Show a thing by its label, with a link to its page."""
        shown = label or self.graph.names.label(iri)
        address = self.address(iri)
        if not address:
            return escape(shown)
        return Markup('<a href="{}">{}</a>').format(address, shown)

    def cell(self, value: object) -> Markup:
        """Show a cell of an answer."""
        if value is None:
            return Markup("")
        if isinstance(value, Thing):
            return self.link(value)
        text = printable(str(value))
        if isinstance(value, Text) and value.language != "en":
            return Markup('<span lang="{}">{}</span>').format(value.language, text)
        return escape(text)

    def fact(self, statement: Statement, here: str) -> Markup:
        """Show a fact on the page of the thing that it is about."""
        subject, predicate, object_ = statement
        shown = [
            Markup("<b>this</b>")
            if value(term) == here
            else self.cell(cell(term, self.graph.names))
            for term in (subject, object_)
        ]
        address = self.address(value(predicate))
        label = self.graph.names.label(value(predicate))
        said = Markup('<a class="property" href="{}">{}</a>').format(address, label)
        return Markup(" · ").join((shown[0], said if address else escape(label), shown[1]))

    def drawn(self, draw: Any, *things: str, **options: object) -> Markup:
        """Draw a picture twice, for wide and for narrow windows, of which one is shown."""
        parts = (
            Markup('<div class="{}">{}</div>').format(
                look,
                Markup(draw(self.graph, *things, link=self.of_picture, width=width, **options)),
            )
            for look, width in (("wide", WIDE), ("narrow", NARROW))
        )
        return Markup("").join(parts)

    @cached_property
    def _environment(self) -> Environment:
        environment = Environment(
            loader=FileSystemLoader(join(_HERE, "templates")),
            autoescape=True,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            undefined=StrictUndefined,
        )
        environment.filters |= {
            "address": self.address,
            "cell": self.cell,
            "date": _date,
            "fact": self.fact,
            "fragment": lambda iri: iri.removeprefix(SOURCE).partition("/")[2],
            "link": self.link,
            "marked": _marked,
            "name": name_of,
            "short": shorten,
            "slug": lambda text: re.sub(r"\W+", "-", text.casefold()),
            "spans": _spans,
            "words": lambda name: re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower(),
        }
        environment.globals |= {"to": self.addresses, "catalogue": self.catalogue}
        return environment


def _date(thing: Dated) -> str:
    return thing.when or thing.days


def _spans(thing: Dated) -> list[tuple[str, str]]:
    """Say when a thing began and ended, or when it was, as far as its bounds tell."""
    start = between(thing.earliest_start, thing.latest_start)
    end = between(thing.earliest_end, thing.latest_end)
    if start and start == end:
        return [] if start == thing.when else [("When", start)]
    found = [("Began", start), ("Ended", end)]
    if thing.ongoing and not thing.latest_end:
        found[1] = ("Going on", f"as of {thing.last_known}" if thing.last_known else "still")
    return [(word, days) for word, days in found if days]


def _marked(finding: Finding) -> str:
    """Show the line of a finding with what is wrong in it underlined."""
    line = (finding.excerpt or "").replace("\t", " ")
    start = (finding.column or 1) - 1
    end = finding.end_column - 1 if finding.end_column and finding.end_line == finding.line else 0
    return f"{line}\n{' ' * start}{'^' * max(1, min(end, len(line)) - start)}"


def data_block(content: bytes) -> Markup:
    """Write JSON for a data block of a page, which no text in it can end."""
    text = json.dumps(json.loads(content), ensure_ascii=False, separators=(",", ":"))
    return Markup(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))


def static() -> dict[str, bytes]:
    """Return the files that pages refer to, by their names."""
    from relations_kg._files import paths

    files = {path.rpartition("/")[2]: content(path) for path in paths(join(_HERE, "static"), "")}
    files["style.css"] += pictures.style().encode()
    return files


def media_type(name: str) -> str:
    """Return the media type of one of these files."""
    return _MEDIA_TYPES[name.rpartition(".")[2]]
