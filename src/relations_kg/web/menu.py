"""The menu of the site, which all pages have."""

from __future__ import annotations

from typing import NamedTuple

from relations_kg.web.addresses import Addresses, name_of
from relations_kg.web.index import Index


class Link(NamedTuple):
    """A link of the menu: its title, its address, and the templates of the pages below it."""

    title: str
    address: str
    templates: tuple[str, ...]


def links(to: Addresses, index: Index, relationship: str = "") -> list[Link]:
    """Return the links of the menu that follow the link to the home page.

    The timeline and the map are of the `relationship`, or else of the one with the most facts.
    """
    pictures: list[Link] = []
    if index.relationships:
        name = name_of(relationship or index.relationships[0].iri)
        pictures = [
            Link("Timeline", to.page("timeline", name), ("timeline.html",)),
            Link("Map", to.page("map", name), ("map.html", "maps.html")),
        ]
    elif index.missions:
        pictures = [Link("Map", to.page("map", ""), ("maps.html",))]
    days = ("days.html", "day.html", "changes.html", "period.html")
    found = [
        Link("Things", to.page("things"), ("things.html", "subject.html")),
        *pictures,
        Link("On a day", to.page("day", ""), days),
        Link("Questions", to.page("q", ""), ("questions.html", "question.html")),
        Link("Sources", to.page("document", ""), ("documents.html", "document.html")),
        Link("Ontology", to.page("ontology"), ()),
    ]
    if to.live:
        # A static site has no pages with input fields.
        found += [
            Link("SPARQL", to.page("query"), ("query.html",)),
            Link("New fact", to.page("new", ""), ("forms.html", "form.html")),
            Link("Validate", to.page("validate"), ("validate.html",)),
        ]
    return found
