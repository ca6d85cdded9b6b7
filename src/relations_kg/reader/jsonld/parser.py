"""A JSON-LD 1.1 parser that keeps locations and rejects data that would be lost.

Most JSON-LD processors drop keys without a term and relative IRIs without a base. This parser
reports them as errors, like the safe mode of jsonld.js.
"""

from __future__ import annotations

import json
import re
from typing import Any

from relations_kg.reader.jsonld.expansion import Expansion
from relations_kg.reader.jsonld.pointers import JsonReading, escaped
from relations_kg.reader.places import Mistake, Place

# Expansion recurses into nested objects, and Python's default limit is a thousand nested calls.
NESTING = 100
_LONGEST_POINTER = 2_000


def read(content: bytes, file: str, *, base: str | None = None, scope: str = "b") -> JsonReading:
    r"""Return the statements and the mistakes of a JSON-LD document, without raising for mistakes.

    Labels of blank nodes begin with `scope`, which must differ between documents that are read
    together. A remote context other than the project's is an error, since it is not fetched.

    >>> reading = read(b'{"@id": "urn:a",\n "urn:b": ["x", {"@id": "c"}]}', "facts.jsonld")
    >>> print(reading.quads[0], reading.where(0, 2))
    <urn:a> <urn:b> "x" facts.jsonld:2:12
    >>> print(*reading.errors)
    facts.jsonld:2:18: "c" is a relative IRI, and there is no base; write it in full
    """
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        text = content.decode(errors="replace")
        reading = JsonReading(text, file)
        start = len(content[: error.start].decode())
        place = reading.place(start, start + 1)
        message, help = "this is not text in UTF-8", "save the file in UTF-8"
        reading.add(Mistake(message, place, help))
        return reading
    reading = JsonReading(text, file)
    document, repeats = _parsed(text, reading)
    if repeats:
        reading.blame_repeated()
    if (pointer := _too_deep(document)) is not None:
        help = "give each nested thing an @id, and refer to it by its @id"
        limits = f"{NESTING} brackets and {_LONGEST_POINTER:,} characters of keys"
        reading.blame(f"this is nested too deeply, more than {limits}", pointer, help)
    elif not reading.errors or repeats:
        try:
            Expansion(reading, scope).read(document, base)
        except RecursionError:
            reading.blame("this is nested too deeply", "")
    reading.errors.sort(key=lambda mistake: mistake.place)
    return reading


def _parsed(text: str, reading: JsonReading) -> tuple[Any, bool]:
    """Return the value of a JSON text, and whether an object in it has a duplicate key.

    For a text that is not JSON, a mistake is added to the reading, and the value is None.
    """
    repeats = False

    def pairs(members: list[tuple[str, Any]]) -> dict[str, Any]:
        nonlocal repeats
        found = dict(members)
        repeats = repeats or len(found) < len(members)
        return found

    def refused(name: str) -> None:
        raise ValueError(f"{name} is not a number in JSON")

    try:
        document = json.loads(
            text, object_pairs_hook=pairs, parse_constant=refused, parse_int=_integer
        )
        return document, repeats
    except RecursionError:
        reading.blame(f"this is nested too deeply, more than {NESTING} brackets", "")
    except json.JSONDecodeError as error:
        place = Place(reading.file, error.lineno, error.colno, error.lineno, error.colno)
        message, help = _explained(text, error)
        reading.add(Mistake(message, place, help))
    except ValueError as error:
        place = Place(reading.file, 1, 1, 1, 1)
        reading.add(Mistake(str(error), place))
    return None, False


def _explained(text: str, error: json.JSONDecodeError) -> tuple[str, str | None]:
    """Return what is wrong with a text that is not JSON, and what would be right, if known."""
    before, after = text[: error.pos].rstrip(), text[error.pos :].lstrip()
    if error.msg == "Extra data":
        return "a second document follows", "put all objects into one array, or into @graph"
    if not text.strip():
        return "the document is empty", "give an object with an @id"
    if not after:
        return "the text ends before its last bracket is closed", "the file may be incomplete"
    if after.startswith(("//", "/*", "#")):
        return "JSON has no comments", "remove it"
    if after[0] in "'\u2018\u2019\u201c\u201d":
        return f"{after[0]} is not a quotation mark of JSON", 'write "…"'
    if before.endswith(",") and after[0] in "}]":
        return "a comma is before the end of an object or array", "remove it"
    if after[0] in "}]" and before.endswith(":"):
        return "a key has no value", "give it a value, or remove it"
    message = error.msg[0].lower() + error.msg[1:]
    if word := re.match(r"\w[\w-]*", after):
        is_constant = word[0].lower() in ("true", "false", "null")
        help = word[0].lower() if is_constant else f'"{word[0][:40]}" if it is a text'
        return f"{message}, not {word[0][:40]}", f"write {help}"
    return message, None


def _integer(digits: str) -> int | float:
    """Return the number that digits denote, or infinity if JSON-LD would round it."""
    if len(digits) < 22:
        return int(digits)
    number = float(digits)
    exact = number < 1e300 and int(number) == int(digits)
    return number if exact else float("inf")


def _too_deep(document: Any) -> str | None:
    """Return the pointer of an object or list nested too deeply or in too long keys, or None."""
    level = [("", document)] if isinstance(document, dict | list) else []
    for _ in range(NESTING):
        level = [
            (f"{pointer}/{escaped(str(key))}", value)
            for pointer, parent in level
            for key, value in (parent.items() if isinstance(parent, dict) else enumerate(parent))
            if isinstance(value, dict | list)
        ]
        for pointer, _ in level:
            if len(pointer) > _LONGEST_POINTER:
                return pointer
    return level[0][0] if level else None
