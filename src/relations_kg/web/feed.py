"""The Atom feed of the latest events."""

from __future__ import annotations

from xml.etree.ElementTree import Element, SubElement, tostring

from relations_kg.answers.cells import Thing
from relations_kg.release.dataset import DATASET
from relations_kg.web import queries
from relations_kg.web.leads import lead
from relations_kg.web.rendering import Renderer


def feed(renderer: Renderer, here: str) -> bytes:
    """Return the feed of a server at an address.

    An entry has the date of its event, so that feed readers show the latest event first.
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
