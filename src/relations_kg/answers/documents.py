"""A listing of the passages of a document with their text."""

from __future__ import annotations

from collections import Counter

from pyoxigraph import Literal, NamedNode

from relations_kg.answers.knowledge import Knowledge
from relations_kg.answers.passages import Passage, passages, sha256_of
from relations_kg.rdf.namespaces import RKG, shorten
from relations_kg.rdf.terms import printable, value
from relations_kg.reader.files import text_of

_SHA256 = NamedNode(RKG + "sha256")


def listing(graph: Knowledge, document: str | None = None) -> tuple[str, int]:
    """Return a text that lists each passage with its facts, and the number of mismatches.

    With the file of a document, only the passages of that document are listed, with their text; a
    mismatch is a passage whose text in the file has another hash.
    """
    words = text_of(document) if document is not None else None
    found = passages(graph.quad_store)
    lines: list[str] = []
    mismatches = 0
    for p in found if words is None else _passages_in(graph, found, words):
        lines.append(f"{p.curie}  {p.place}")
        lines.append(f"    {p.gist}")
        if words is not None and p.sha256:
            text = p.text(words)
            mismatches += text is None
            lines.append(
                f"    {'! not in this document' if text is None else f'“{printable(text)}”'}"
            )
        if p.carries_no_fact:
            lines.append(f"    no fact: {p.carries_no_fact}")
        lines += [f"    · {graph.names.label(thing)} ({shorten(thing)})" for thing in p.things]
    return "".join(f"{line}\n" for line in lines), mismatches


def _passages_in(graph: Knowledge, found: list[Passage], words: str) -> list[Passage]:
    """Return the passages of the document whose whole text is `words`.

    If no document has the hash of this text, the text is read as another version of the document of
    which it has the most passages. If it has none, all passages are returned.
    """
    hashed = Literal(sha256_of(words))
    known = {
        value(quad.subject) for quad in graph.quad_store.quads_for_pattern(None, _SHA256, hashed)
    }
    if not known.intersection(p.document for p in found):
        matching = Counter(p.document for p in found if p.text(words) is not None)
        most = max(matching.values(), default=0)
        known = {p.document for p in found if matching[p.document] == most}
    return [p for p in found if p.document in known]
