"""The facts that a form composes, and writers of these facts to Turtle files."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from os.path import exists, splitext

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple

from relations_kg.answers.parameters import Term
from relations_kg.authoring.things import Thing
from relations_kg.errors import InputError, RelationsError
from relations_kg.export import files
from relations_kg.export.export import serialize_triples
from relations_kg.rdf.formats import suffixes
from relations_kg.rdf.namespaces import PREFIXES, SOURCE, XSD
from relations_kg.rdf.terms import TYPE
from relations_kg.reader.files import format_of, text_of
from relations_kg.reader.parsing import parse_text

_PASSAGE = rf"({SOURCE}([a-z][a-z0-9-]*)/)[\w-]+"


@dataclass(frozen=True, repr=False)
class Composed:
    """The facts that a form composes, and the new things in them.

    `str` returns Turtle. `terms` are the terms of each parameter. `problems` are the errors in
    values; a form composes no facts from values with errors. `moved` maps a parameter to the one
    whose text gave its value: `when` to `closed` if `closed` is "present".
    """

    triples: tuple[Triple, ...]
    new: tuple[Thing, ...] = ()
    terms: Mapping[str, Sequence[Term]] = field(default_factory=dict)
    problems: tuple[RelationsError, ...] = ()
    moved: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return turtle(self.triples).decode()

    def joined(self, other: Composed, prefix: str) -> Composed:
        """Return these facts and those of another form, whose parameters get a prefix."""
        for problem in other.problems:
            problem.where = f"{prefix}{problem.where}"
        return replace(
            self,
            triples=self.triples + other.triples,
            new=self.new + other.new,
            terms={**self.terms, **{prefix + name: each for name, each in other.terms.items()}},
            problems=self.problems + other.problems,
        )

    def named(self, term: str) -> list[str]:
        """Return the parameters that have a term, given in N-Triples, among their values."""
        return [name for name, terms in self.terms.items() if term in map(str, terms)]

    def __repr__(self) -> str:
        new = ", ".join(thing.label for thing in self.new) or "no thing"
        return f"<Composed: {len(self.triples)} triples; {new} new>"


def turtle(triples: Iterable[Triple], declared: Mapping[str, str] | None = None) -> bytes:
    """Return triples as readable Turtle, with the prefixes that they use.

    The `declared` prefixes of a file that the text is added to are not declared again.
    """
    triples, declared = list(triples), declared or {}
    nodes = {node for triple in triples for node in triple if node != TYPE}
    iris = {node.value for node in nodes if isinstance(node, NamedNode)}
    # A text, with or without a language, is written without its datatype.
    literals = (node for node in nodes if isinstance(node, Literal) and not node.language)
    iris |= {literal.datatype.value for literal in literals} - {XSD + "string"}
    used: dict[str, str] = {}
    for iri in iris:
        # A passage needs the prefix of its document, since a local name cannot contain a slash.
        passage = re.fullmatch(_PASSAGE, iri)
        is_free = passage is not None and passage[2] not in PREFIXES
        found = [(passage[2], passage[1])] if passage and is_free else PREFIXES.items()
        used.update((name, start) for name, start in found if iri.startswith(start))
    own = {name: iri for name, iri in declared.items() if iri in used.values()}
    used = {n: iri for n, iri in used.items() if n not in declared and iri not in own.values()}
    # The longest namespace comes first, since the first match is used.
    prefixes = dict(sorted((own | used).items(), key=lambda item: (-len(item[1]), item)))
    text = serialize_triples(triples, "turtle", prefixes)
    lines = {f"@prefix {name}: <{iri}> ." for name, iri in declared.items()}
    kept = [line for line in text.decode().splitlines(True) if line.rstrip() not in lines]
    return "".join(kept).lstrip("\n").encode()


def states_facts(path: str) -> bool:
    """Return whether a Turtle file has facts, or content that is not valid Turtle.

    Raises InputError for a file that does not have the suffix of a Turtle file.
    """
    _check_turtle(path)
    reading = parse_text(text_of(path), path, RdfFormat.TURTLE)
    return bool(reading.quads or reading.errors)


def _check_turtle(path: str) -> None:
    if splitext(path)[1].lower() not in suffixes() or format_of(path) is not RdfFormat.TURTLE:
        raise InputError(
            "facts can only be added to a Turtle file", where=path, help="name a file in .ttl"
        )


def append(composed: Composed, path: str) -> int:
    """Append facts to a Turtle file, or to a new file; return the number of added facts.

    Facts that the file already states are not repeated, and its text is unchanged. Raises
    InputError for a file that does not have the suffix of a Turtle file.
    """
    _check_turtle(path)
    text = text_of(path) if exists(path) else ""
    reading = parse_text(text, path, RdfFormat.TURTLE)
    stated = {quad.triple for quad in reading.quads}
    new = [triple for triple in composed.triples if triple not in stated]
    if new:
        before = f"{text.rstrip()}\n\n" if text.strip() else ""
        files.write(path, before.encode() + turtle(new, reading.prefixes))
    return len(new)
