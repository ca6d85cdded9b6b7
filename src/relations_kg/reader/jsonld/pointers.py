"""JSON Pointers (RFC 6901), which locate terms in JSON-LD."""

from __future__ import annotations

import json
import re
from functools import cached_property
from typing import Any

from pyoxigraph import NamedNode

from relations_kg.reader.places import Mistake, Place, Reading

_DEEPEST = 500
_TOKEN = re.compile(
    r'[\s,:]*+(?:("(?:[^"\\]|\\.)*+")|([\[{])|([\]}])|([^\s,:\[\]{}"]++))', re.DOTALL
)


def escaped(key: str) -> str:
    """Return a key escaped for a JSON Pointer.

    >>> escaped("http://e.org/~a")
    'http:~1~1e.org~1~0a'
    """
    return key.replace("~", "~0").replace("/", "~1") if "~" in key or "/" in key else key


class Pointers:
    """The spans of all values in a JSON text, by pointer.

    The span of a member begins with its key. An object or array has the span of its key or, without
    a key, of its opening bracket. `repeated` contains the spans of duplicate keys. Reading stops at
    a value that is nested deeper than 500 brackets.
    """

    def __init__(self, text: str) -> None:
        self.spans: dict[str, tuple[int, int]] = {}
        self.repeated: dict[str, tuple[int, int]] = {}
        # The pointers of the enclosing arrays and objects; an array also has the next index.
        around: list[tuple[str, int | None]] = []
        key: re.Match[str] | None = None
        for token in _TOKEN.finditer(text):
            if len(around) > _DEEPEST:
                break
            if token[3]:
                around.pop()
                continue
            if around and around[-1][1] is None and key is None:
                key = token
                continue
            pointer, span = self._spot(token, key, around)
            if key is not None and pointer in self.spans:
                self.repeated.setdefault(pointer, key.span(1))
            self.spans[pointer] = span
            key = None
            if token[2]:
                around.append((pointer, 0 if token[2] == "[" else None))

    def _spot(
        self, token: re.Match[str], key: re.Match[str] | None, around: list[tuple[str, int | None]]
    ) -> tuple[str, tuple[int, int]]:
        start, end = token.span(token.lastindex or 0)
        if key is not None:
            name = json.loads(key[1], strict=False)
            end = key.end(1) if token[2] else end
            return f"{around[-1][0]}/{escaped(name)}", (key.start(1), end)
        if not around:
            return "", (start, end)
        pointer, index = around[-1]
        around[-1] = (pointer, (index or 0) + 1)
        return f"{pointer}/{index}", (start, end)

    def span(self, pointer: str) -> tuple[int, int]:
        """Return the span of a pointer, or of its nearest ancestor in the text."""
        while pointer not in self.spans and pointer:
            pointer = pointer.rpartition("/")[0]
        return self.spans.get(pointer, (0, 0))


class JsonReading(Reading):
    """The statements and the mistakes of a JSON-LD document, in order."""

    def __init__(self, text: str, file: str) -> None:
        super().__init__(text, file)
        # The pointers of subject, predicate and object of each quad.
        self.pointers: list[tuple[str, str, str]] = []
        self._text = text

    @cached_property
    def _places(self) -> Pointers:
        return Pointers(self._text)

    def at(self, pointer: str) -> Place:
        """Return the place that a pointer refers to."""
        return self.place(*self._places.span(pointer))

    def where(self, index: int, role: int) -> Place:
        """Return the place of the subject (0), predicate (1) or object (2) of a statement."""
        return self.at(self.pointers[index][role])

    def term(self, index: int, role: int) -> str:
        """Return the pointer of the subject (0), predicate (1) or object (2) of a statement."""
        return self.pointers[index][role]

    def blame(
        self,
        message: str,
        pointer: str,
        help: str | None = None,
        code: str = "syntax",
        subject: Any = None,
    ) -> None:
        """Add a mistake at a pointer."""
        named = subject if isinstance(subject, NamedNode) else None
        place = self.at(pointer)
        self.add(Mistake(message, place, help, code, subject=named, pointer=pointer))

    def blame_repeated(self) -> None:
        """Add a mistake for each duplicate key, since parsers of JSON keep only one of them."""
        message, help = "the object has this key twice", "put its values into one array"
        for pointer, span in self._places.repeated.items():
            self.add(Mistake(message, self.place(*span), help, pointer=pointer))
