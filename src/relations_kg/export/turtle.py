"""The writer of readable Turtle and TriG, with prefixed names and a paragraph for each thing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import groupby
from operator import itemgetter

from relations_kg.export.entries import TYPE, Facts
from relations_kg.rdf.namespaces import XSD

# Local names in which only slashes need an escape.
_LOCAL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_/.-]*[A-Za-z0-9_-])?")
# Numbers and booleans whose lexical form every parser preserves; others are written in quotes.
_BARE = {
    f"<{XSD}integer>": re.compile(r"0|-?[1-9][0-9]{0,17}"),
    f"<{XSD}decimal>": re.compile(r"-?(?:0|[1-9][0-9]{0,15})\.[0-9]{1,6}"),
    f"<{XSD}boolean>": re.compile(r"true|false"),
}


def write(facts: Facts) -> bytes:
    """Return Turtle or, if graph names are requested, TriG."""
    graphs = facts.entries_by_graph() if facts.with_graphs else [("", facts.entries())]
    prefixes = facts.declared
    terms = Terms(prefixes)
    head = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in sorted(prefixes.items()))
    parts = [head]
    for name, entries in graphs:
        paragraphs = [_paragraph(thing, facts, terms) for thing, facts in entries]
        parts += [f"{name} {{\n", *paragraphs, "}\n"] if name else paragraphs
    return "\n".join(parts).encode()


class Terms(dict[str, str]):
    """The Turtle forms of N-Triples terms, each converted once."""

    def __init__(self, prefixes: Mapping[str, str]) -> None:
        self._prefixes = [(f"<{iri}", f"{name}:", len(iri) + 1) for name, iri in prefixes.items()]

    def __missing__(self, text: str) -> str:
        short = self[text] = self._literal(text) if text[0] == '"' else self._iri(text)
        return short

    def _iri(self, text: str) -> str:
        for start, prefix, length in self._prefixes:
            if text.startswith(start) and _LOCAL.fullmatch(text, length, len(text) - 1):
                return prefix + text[length:-1].replace("/", "\\/")
        return text

    def _literal(self, text: str) -> str:
        quoted, _, rest = text.rpartition('"')
        if not rest.startswith("^^"):
            return text
        datatype = rest[2:]
        if datatype in _BARE and _BARE[datatype].fullmatch(quoted, 1):
            return quoted[1:]
        return f'{quoted}"^^{self[datatype]}'


def _paragraph(thing: str, facts: list[tuple[str, str]], terms: Terms) -> str:
    properties = " ;\n    ".join(
        f"{'a' if predicate == TYPE else terms[predicate]} "
        + " , ".join([terms[object_] for _, object_ in same])
        for predicate, same in groupby(facts, itemgetter(0))
    )
    return f"{terms[thing]} {properties} .\n"
