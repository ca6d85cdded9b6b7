"""JSON-LD for script elements of pages."""

from __future__ import annotations

import json

from markupsafe import Markup


def data_block(content: bytes) -> Markup:
    """Return JSON-LD for a script element, with only the used part of the context.

    It is escaped so that it cannot contain the end of the element.
    """
    data = json.loads(content)
    if isinstance(context := data.get("@context"), dict):
        used = _keys({name: each for name, each in data.items() if name != "@context"})
        data["@context"] = {
            term: meant
            for term, meant in context.items()
            if term in used or term.startswith("@") or isinstance(meant, str)
        }
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return Markup(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))


def _keys(data: object) -> set[str]:
    """Return the keys of all objects in a JSON value."""
    if isinstance(data, list):
        return set().union(*map(_keys, data))
    if isinstance(data, dict):
        return set(data).union(*map(_keys, data.values()))
    return set()
