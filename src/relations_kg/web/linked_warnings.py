"""Warnings and advice as HTML, with links to the things, terms and stored queries in them."""

from __future__ import annotations

import re
from contextlib import suppress

from markupsafe import Markup, escape

from relations_kg.errors import UnknownName
from relations_kg.rdf.namespaces import expand
from relations_kg.web.rendering import Renderer


def linked_warning(renderer: Renderer, text: str) -> Markup:
    """Return a warning with links for prefixed names, or as the link to what it lists.

    It lists a stored query (`query visits: Who visited whom?`) or a thing (`id:peru (Peru)`). Its
    first letter may be a capital.
    """
    line = re.fullmatch(r"query ([a-z0-9-]+): (.+)", text, re.IGNORECASE)
    if line and line[1] in renderer.graph.queries:
        address = renderer.addresses.page("q", line[1])
        return Markup('<a href="{}">{}</a>').format(address, line[2])
    if listed := re.fullmatch(r"((?:id|src):[\w/-]+) \((.+?)\.?\)", text, re.IGNORECASE):
        name = listed[1][0].lower() + listed[1][1:]
        return _linked(renderer, name, listed[2])
    names = re.split(r"([a-z]\w*:[A-Za-z](?:[\w/-]*\w)?)", text)
    return Markup("").join(_linked(renderer, name, name) for name in names)


def _linked(renderer: Renderer, name: str, shown: str) -> Markup:
    """Return a text as a link to what a prefixed name stands for, if that has a page."""
    with suppress(UnknownName):
        iri = expand(name)
        if iri in renderer.index.parts or renderer.has_page(iri):
            return renderer.link(iri, shown)
    return escape(shown)
