"""JSON Pointers (RFC 6901), and where in a text of JSON they lead."""

from __future__ import annotations

import json
import re

_DEEPEST = 500
_TOKEN = re.compile(
    r'[\s,:]*+(?:("(?:[^"\\]|\\.)*+")|([\[{])|([\]}])|([^\s,:\[\]{}"]++))', re.DOTALL
)


def escaped(key: str) -> str:
    """Return a key as JSON Pointers have it.

    >>> escaped("http://e.org/~a")
    'http:~1~1e.org~1~0a'
    """
    return key.replace("~", "~0").replace("/", "~1") if "~" in key or "/" in key else key


class Pointers:
    """The spans of all values of a text, which is JSON, by their pointers.

    The span of a member of an object begins with its key; that of an object or a list is its key,
    or its bracket where it has none. `repeated` are the spans of keys that an object has already,
    by their pointers. What is nested in more than 500 brackets is not looked at.
    """

    def __init__(self, text: str) -> None:
        self.spans: dict[str, tuple[int, int]] = {}
        self.repeated: dict[str, tuple[int, int]] = {}
        # The objects and lists around a token: pointer, and the next index of a list or None.
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
        """Return where a pointer leads, or the nearest that it passes on the way."""
        while pointer not in self.spans and pointer:
            pointer = pointer.rpartition("/")[0]
        return self.spans.get(pointer, (0, 0))
