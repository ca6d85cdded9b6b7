"""The rendering of pages from templates, with the links, facts and cells that they share."""

from __future__ import annotations

import re
from collections.abc import Collection
from contextlib import suppress
from datetime import date
from decimal import Decimal
from functools import cached_property, lru_cache, partial
from os.path import dirname, join
from urllib.parse import quote

from jinja2 import Environment
from markupsafe import Markup, escape
from pyoxigraph import NamedNode

from relations_kg._files import content, folder, paths
from relations_kg.answers.cells import Edtf, Text, Thing, cell
from relations_kg.answers.passages import Passage, passage
from relations_kg.errors import UnknownName
from relations_kg.graph.graph import Graph
from relations_kg.pictures import drawing, picture
from relations_kg.pictures.mission_map import MissionMap
from relations_kg.pictures.related_events import Dated
from relations_kg.rdf.amounts import in_words
from relations_kg.rdf.date_words import as_adverb, between_in_words, date_in_words
from relations_kg.rdf.namespaces import (
    CODE,
    IDENTIFIERS,
    ONTOLOGY,
    RKG,
    SOURCE,
    STATED,
    shorten,
)
from relations_kg.rdf.terms import TYPE, EngineTerm, printable, value
from relations_kg.release import reference
from relations_kg.release.rendering import templates
from relations_kg.validation.findings import Finding
from relations_kg.web import headings, menu
from relations_kg.web.addresses import Addresses, anchor, name_of
from relations_kg.web.index import Index, subject_of
from relations_kg.web.profiles import numbers
from relations_kg.web.sentences import Writer

_HERE = dirname(__file__)
_OURS = (RKG, CODE, SOURCE)
# A label that ends with one of these prepositions is followed by the name of the object.
_PREPOSITIONS = frozenset(
    (
        *("about", "against", "at", "before", "by", "during", "for"),
        *("from", "in", "of", "on", "to", "under", "with"),
    )
)
# The signs, beside a digit, of an approximate amount (~), a range (..) and a part of a total (/).
_AMOUNT_SIGN = r"[0-9](?:~|\.\.|/)|\.\.[0-9]"
_MOST_CACHED = 10_000
_WEB = ("http://", "https://")
_MEDIA_TYPES = {
    "css": "text/css",
    "js": "text/javascript",
    "svg": "image/svg+xml",
    "txt": "text/plain",
}


class Renderer:
    """A renderer of the pages of a graph."""

    def __init__(self, graph: Graph, addresses: Addresses, index: Index | None = None) -> None:
        self.graph = graph
        self.addresses = addresses
        self.index = index or Index(graph)
        # Addresses are cached, since the graph does not change and pages repeat the same links.
        self.address = lru_cache(_MOST_CACHED)(self._address)

    def page(self, template: str, title: str, **values: object) -> str:
        """Return a page made from a template."""
        return self.environment.get_template(template).render(
            title=title, template=template, **values
        )

    def _address(self, iri: str) -> str:
        """Return the address of a thing's page or else its IRI, or "" if neither can be linked.

        IRIs of the project without a page, and of other schemes than HTTP, cannot be linked.
        """
        if (part := self.index.parts.get(iri)) and (place := reference.anchor(iri)):
            return f"{self.addresses.page('ontology', part)}#{quote(place)}"
        if self.has_page(iri):
            return self.addresses.thing(iri)
        return iri if iri.startswith(_WEB) and not iri.startswith(_OURS) else ""

    def has_page(self, iri: str) -> bool:
        """Return whether a thing has a page, or a place on another page."""
        try:
            node = NamedNode(iri)
        except ValueError:
            return False
        if iri.startswith(SOURCE):
            name = iri.removeprefix(SOURCE).partition("/")[0]
            if SOURCE + name not in self.index.documents:
                return False
        graphs = (ONTOLOGY,) if iri.startswith((RKG, CODE)) else (STATED, IDENTIFIERS)
        store = self.graph.quad_store
        return any(
            True
            for graph in graphs
            for _ in store.quads_for_pattern(node, TYPE, None, NamedNode(graph))
        )

    def label(self, iri: str) -> str:
        """Return the label of a thing; raise UnknownName, with a suggestion, if it is unknown."""
        with suppress(ValueError):
            if any(self.graph.quad_store.quads_for_pattern(NamedNode(iri), None, None)):
                return self.graph.names.label(iri)
        found = self.graph.names.find(shorten(iri))
        help = f"did you mean {shorten(found)} ({self.graph.names.label(found)})?"
        raise UnknownName(f"nothing in the graph is called {shorten(iri)!r}", help=help)

    def link(self, iri: str, label: str | None = None) -> Markup:
        """Return the label of a thing, or the place of a passage, with a link to its page.

        A thing that has neither a page nor a web address has no link.
        """
        if not label and iri.startswith(SOURCE) and "/" in iri.removeprefix(SOURCE):
            cited = passage(self.graph.quad_store, NamedNode(iri))
            link = Markup('<a href="{}" title="{}">{}</a>')
            return link.format(self.address(iri), cited.gist, self.origin(cited) or cited.curie)
        shown = label or self.graph.names.label(iri)
        address = self.address(iri)
        if not address:
            return escape(shown)
        return Markup(f'<a href="{escape(address)}">{escape(shown)}</a>')

    def cell(self, value: object) -> Markup:
        """Return a cell of an answer as HTML."""
        if value is None:
            return Markup("")
        if isinstance(value, list):
            # The dates in a list are bare texts.
            return Markup("; ").join(
                self.cell(each if isinstance(each, Thing) else date_in_words(each))
                for each in value
            )
        if isinstance(value, Thing):
            return self.link(value)
        text = printable(str(value))
        if isinstance(value, Edtf):
            return Markup('<span title="{}">{}</span>').format(text, date_in_words(text))
        if isinstance(value, int | Decimal) and not isinstance(value, bool):
            return escape(f"{value:,}")
        if re.search(_AMOUNT_SIGN, text) and (words := in_words(text)) != text:
            return Markup('<span title="{}">{}</span>').format(text, words)
        if isinstance(value, date):
            return escape(between_in_words(value, value))
        if isinstance(value, Text) and value.language != "en":
            return Markup('<span lang="{}">{}</span>').format(value.language, text)
        return escape(text)

    def role(self, property: str, leads_here: bool, here: str) -> str:
        """Return the words for a property that relates another thing to the thing of a page.

        `leads_here` is true if the thing of the page, which is called `here`, is the object.
        """
        label = self.graph.names.label(property)
        if not leads_here:
            return label
        return f"{label} {here}" if label.rpartition(" ")[2] in _PREPOSITIONS else f"as {label}"

    def origin(self, passage: Passage, others: Collection[Passage] = ()) -> str:
        """Return the place of a passage in words: its citation, or its section and document.

        The document is left out if the `others`, or else all passages, are of a single document.
        """
        document = self.graph.names.label(passage.document) if passage.document else ""
        if passage.citation or not passage.section:
            return passage.citation or document
        listed = {each.document for each in others} or self.index.documents
        are_several = len(listed) > 1
        return f"{document}, {passage.section}" if are_several else passage.section

    def pattern(self, pattern: tuple[EngineTerm | str, ...]) -> Markup:
        """Return a fact, or a pattern of facts with named variables, as HTML."""
        return Markup(" · ").join(map(self._term, pattern))

    def sentence(self, pattern: tuple[EngineTerm | str, ...]) -> Markup:
        """Return a fact, or a pattern of facts, as a sentence in HTML."""
        return Markup(" ").join(
            self.link(TYPE.value, "is of the class") if each == TYPE else self._term(each)
            for each in pattern
        )

    def _term(self, term: EngineTerm | str) -> Markup:
        if isinstance(term, str):
            return Markup("<i>{}</i>").format("any " + printable(term))
        return self.cell(cell(term, self.graph.names))

    def picture(self, drawn: MissionMap) -> str:
        """Return a map as SVG, with links to the pages of missions and places."""
        home = self.addresses.page("")
        return drawing.map_picture(drawn, lambda iri: self.address(iri) or home)

    @cached_property
    def writer(self) -> Writer:
        """The writer of sentences about the things of the graph."""
        return Writer(self.graph, self.index.concerned)

    @cached_property
    def environment(self) -> Environment:
        """The environment of the templates, with the filters and the globals that they use."""
        environment = templates("web")
        environment.filters |= {
            "account": _account,
            "code": _with_code,
            "address": self.address,
            "anchor": anchor,
            "cell": self.cell,
            "date": _date,
            "dated": date_in_words,
            "term": self._term,
            "fragment": lambda iri: iri.removeprefix(SOURCE).partition("/")[2],
            "licence": _licence,
            "in_lead": _is_in_lead,
            "kind": lambda iri: self.writer.kind(iri),
            "label": lambda iri: printable(self.graph.names.label(iri)),
            "link": self.link,
            "marked": _marked,
            "n": picture.number,
            "numbers": numbers,
            "name": name_of,
            "origin": self.origin,
            "passages": lambda fact: self.writer.cited(value(fact[0]), fact[2]),
            "pattern": self.pattern,
            "picture": self.picture,
            "role": self.role,
            "sentence_text": lambda pattern: self.sentence(pattern).striptags(),
            "sentence": self.sentence,
            "map_legend": drawing.map_legend,
            "short": shorten,
            "slug": slug,
            "subject": subject_of,
            "spans": _spans,
            "words": headings.words,
        }
        environment.globals |= {
            "to": self.addresses,
            "index": self.index,
            "menu": partial(menu.links, self.addresses, self.index),
            "shapes": picture,
        }
        return environment


def slug(text: str) -> str:
    """Return the slug of a text, for URLs and anchors.

    >>> slug("Visits and meetings")
    'visits-and-meetings'
    """
    return re.sub(r"\W+", "-", text.casefold()).strip("-")


def _with_code(text: str) -> Markup:
    """Return a text as HTML, in which the parts between backticks are code."""
    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(text))))


def _is_in_lead(thing: Dated, texts: Collection[str]) -> bool:
    """Return whether the lead (the first sentences) of a page already gives a thing's date."""
    return thing.in_words in texts or as_adverb(thing.in_words) in texts


def _spans(thing: Dated, texts: Collection[str] = ()) -> list[tuple[str, str]]:
    """Return the days on which a thing began and ended, or happened, each with a label.

    Days that repeat the date of the thing or are among the texts of a lead are left out.
    """
    start = between_in_words(thing.earliest_start, thing.latest_start)
    end = between_in_words(thing.earliest_end, thing.latest_end)
    if start and start == end:
        return [] if start == date_in_words(thing.when) else [("When", start)]
    # If the start of an ongoing thing is unknown, its only bound is the date of the source.
    is_known = bool(thing.earliest_start) or not thing.ongoing
    found = [("Began", start)] if is_known and thing.in_words != f"since {start}" else []
    if thing.latest_end:
        found.append(("Ended", end))
    elif thing.ongoing:
        known = between_in_words(thing.last_known, thing.last_known)
        found.append(("Ongoing", f"as of {known}" if known else "as the source was written"))
    return [each for each in found if each[1] and not {each[1], as_adverb(each[1])} & {*texts}]


def _licence(iri: str) -> str:
    """Return the usual name of a Creative Commons licence, or the address of another licence."""
    found = re.search(r"creativecommons\.org/(?:licenses|publicdomain)/([a-z-]+)/([0-9.]+)", iri)
    if not found:
        return iri
    return f"CC0 {found[2]}" if found[1] == "zero" else f"CC {found[1].upper()} {found[2]}"


def _account(text: str) -> str:
    """Return the value that a rival claim gives; a date is written in words."""
    return date_in_words(text.removeprefix("when "))


def _date(thing: Dated) -> Markup:
    """Return the date of a thing in words, with EDTF as its title."""
    if thing.when:
        return Markup('<span title="{}">{}</span>').format(thing.when, thing.in_words)
    return escape(thing.days)


def _marked(finding: Finding) -> str:
    """Return the line of a finding, with carets under the mistake."""
    line = (finding.excerpt or "").replace("\t", " ")
    start = (finding.column or 1) - 1
    end = finding.end_column - 1 if finding.end_column and finding.end_line == finding.line else 0
    return f"{line}\n{' ' * start}{'^' * max(1, min(end, len(line)) - start)}"


def static_files() -> dict[str, bytes]:
    """Return the files that pages refer to, by their names."""
    found = {path.rpartition("/")[2]: content(path) for path in paths(join(_HERE, "static"), "")}
    found["style.css"] = content(folder("pictures"), "pictures.css") + found["style.css"]
    return found


def media_type(name: str) -> str:
    """Return the media type of a static file."""
    return _MEDIA_TYPES[name.rpartition(".")[2]]
