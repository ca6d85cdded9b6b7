"""Errors of requests, as problem+json (RFC 9457) or as a page."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from markupsafe import Markup, escape
from starlette.exceptions import HTTPException

from relations_kg.errors import QueryTimeout, RelationsError, UnknownName
from relations_kg.rdf.namespaces import expand
from relations_kg.web.addresses import iri_of
from relations_kg.web.headings import table
from relations_kg.web.rendering import Renderer

# A name that advice suggests: in quotation marks, or as a CURIE with its label.
_SUGGESTED = re.compile(
    r'"?\b(?P<curie>(?:id|src|rkg|code|ident):[^\s;?"]+)"?(?: \((?P<label>.+?)\)(?=[;?]))?'
    r'|"(?P<name>[^"\s]+)"'
)
# The kinds of pages whose advice suggests the names of other pages of their kind.
_OWN_NAMES = ("map", "new", "q", "things", "timeline")


class Problem(HTTPException):
    """An error of a request; `help` is what would be right, if known."""

    def __init__(
        self,
        status: int,
        detail: str,
        help: str | None = None,
        headers: Mapping[str, str] | None = None,
        **more: object,
    ) -> None:
        super().__init__(status, detail, headers)
        self.title = table()["problems"].get(str(status), "Request failed")
        self.help = help
        self.more = {name: value for name, value in more.items() if value is not None}

    @classmethod
    def of(cls, error: RelationsError) -> Problem:
        """Return the problem for one of the project's errors."""
        status = 400
        if isinstance(error, QueryTimeout):
            status = 504
        elif isinstance(error, UnknownName):
            status = 404
        place: dict[str, Any] = {"where": error.where, "line": error.line, "column": error.column}
        return cls(status, error.message, error.help, **place)

    def to_json(self) -> bytes:
        """Return the problem as problem+json (RFC 9457)."""
        fields = {"title": self.title, "status": self.status_code, "detail": self.detail}
        if self.help:
            fields["help"] = self.help
        return json.dumps(fields | self.more, ensure_ascii=False).encode() + b"\n"


def linked_advice(renderer: Renderer, text: str, path: str) -> Markup:
    """Return advice about a request for a path, in which suggested names are links."""
    parts, end = [], 0
    for found in _SUGGESTED.finditer(text):
        name = found["name"] or found["curie"]
        kind = path.split("/")[1]
        if kind in _OWN_NAMES:
            address = renderer.addresses.page(kind, name.removeprefix("id:"))
        else:
            address = renderer.address(expand(name) if found["curie"] else iri_of(name))
        shown = escape(found["label"] or name)
        link = Markup('<a href="{}">{}</a>').format(address, shown) if address else shown
        parts += [escape(text[end : found.start()]), link]
        end = found.end()
    return Markup("").join([*parts, escape(text[end:])])
