"""Pages as a browser parses them: their references, and the scripts that would run."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import NamedTuple

_REFERRING = {"href", "src", "action", "data", "poster", "srcset", "xlink:href"}
_VOID = {"meta", "link", "input", "br", "img", "hr"}


class Reference(NamedTuple):
    element: str
    address: str


class Page(HTMLParser):
    """A parsed page: its `references`, `ids` and `blocks` of data, and its faults."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.references: list[Reference] = []
        self.ids: list[str] = []
        self.blocks: list[str] = []
        self.faults: list[str] = []
        self.words = ""
        self.elements: list[str] = []
        self._open: list[str] = []
        self._labelled: set[str] = set()
        self._fields: list[str] = []
        self.feed(text)
        self.close()
        self.faults += [f"<{tag}> is left open" for tag in self._open]
        self.faults += [
            f"{i!r} is there twice" for i in {i for i in self.ids if self.ids.count(i) > 1}
        ]
        self.faults += [
            f"{field!r} has no label" for field in self._fields if field not in self._labelled
        ]
        if self.elements.count("h1") != 1:
            self.faults.append(f"{self.elements.count('h1')} <h1>")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.elements.append(tag)
        if tag not in _VOID:
            self._open.append(tag)
        self.faults += [f"{name}= would run" for name in given if name.startswith("on")]
        if "style" in given or tag == "style":
            self.faults.append(f"<{tag}> has a style of its own")
        if tag == "script" and "src" not in given and given.get("type") != "application/ld+json":
            self.faults.append("a script of its own")
        if tag == "script" and "src" not in given:
            self.blocks.append("")
        if "id" in given:
            self.ids.append(given["id"])
        if tag == "label" and "for" in given:
            self._labelled.add(given["for"])
        hidden = given.get("type") == "hidden" or "aria-label" in given or "label" in self._open
        if tag in ("input", "select", "textarea") and not hidden:
            self._fields.append(given.get("id", ""))
        for name in _REFERRING & given.keys():
            self.references.append(Reference(tag, given[name]))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self._open.pop()

    def handle_endtag(self, tag: str) -> None:
        if tag in ("p", "li") and tag not in self._open:
            self.faults.append(f"</{tag}> ends nothing")
        elif self._open and self._open[-1] == tag:
            self._open.pop()
        else:
            self.faults.append(f"</{tag}> within {self._open[-3:]}")

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] == "script":
            self.blocks[-1] += data
        else:
            self.words += data
