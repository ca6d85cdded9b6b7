"""A single passage of a document, given by its words."""

from __future__ import annotations

import re
from dataclasses import replace

from relations_kg.answers.knowledge import Knowledge
from relations_kg.answers.passages import passages, sha256_of
from relations_kg.articles.blocks import Writer, new_head, passage_values
from relations_kg.articles.passages import article_text, document_iri, stem
from relations_kg.articles.units import Unit, units
from relations_kg.errors import InputError


def passage(graph: Knowledge, document: str, words: str) -> str:
    """Return a Turtle block for the passage of a document's file that has these words.

    A block for the document precedes it if the graph has no passage of the document yet.

    The gist is left empty, for you to write in words other than the document's. Raises InputError
    if the document does not contain the words, or contains them more than once.
    """
    text = article_text(document)
    if not words.strip():
        raise InputError("no words are given", where=document, help="copy those of the passage")
    begin = text.find(words)
    if begin < 0:
        raise InputError(
            "the document does not contain these words",
            where=document,
            help="copy them exactly, with quotes and spaces",
        )
    if (again := text.find(words, begin + 1)) >= 0:
        raise InputError(
            f"the document contains these words more than once, at characters {begin} and {again}",
            where=document,
            help="give more of the passage",
        )
    found = units(text, stem(document))
    unit = next((unit for unit in reversed(found) if unit.begin <= begin), found[0])
    if (unit.begin, unit.end) != (begin, begin + len(words)):
        unit = Unit("sentence", begin, begin + len(words), unit.path)
    source = document_iri(document, found)
    known = [each for each in passages(graph.quad_store) if each.document == source]
    numbers = [int(number[0]) for each in known if (number := re.search(r"\d{1,9}$", each.iri))]
    iri = f"{source}/s{1 + max(numbers, default=0):03d}"
    position = max((each.position for each in known), default=0)
    title = found[0].path[0]
    writer = Writer(new_head(source, title), {})
    # The file may have no passage for the heading above, so none is named.
    values = passage_values(replace(unit, parent=None), position, [], source, sha256_of(words), {})
    block = writer.passage(iri, values)
    if known:
        return f"{_prefixes(writer.head)}\n{block}"
    return "\n".join([writer.head, writer.document(source, title, sha256_of(text), {}), block])


def _prefixes(head: str) -> str:
    """Return the lines of a head that declare prefixes."""
    return "".join(line for line in head.splitlines(keepends=True) if line.startswith("@prefix"))
