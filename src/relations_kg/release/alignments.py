"""The alignments: how the ontology's terms stand to those of others, and why no closer."""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

from pyoxigraph import RdfFormat, parse

from relations_kg._files import content, folder
from relations_kg.namespaces import RDFS
from relations_kg.terms import value

_HOW = {
    RDFS + "subClassOf": "a kind of",
    RDFS + "subPropertyOf": "a kind of",
    RDFS + "seeAlso": "near to",
}


class Alignment(NamedTuple):
    """Say how a term of ours stands to one of others, and what that is called for short."""

    how: str
    short: str
    iri: str


class Alignments(NamedTuple):
    """Hold the alignments of each of our terms, and the remarks on them."""

    of: dict[str, list[Alignment]]
    remarks: dict[str, list[str]]

    @classmethod
    def read(cls) -> Alignments:
        """Read those that come with the ontology.

        >>> Alignments.read().of["https://w3id.org/relations-kg/ontology#Office"][0].short
        'org:Post'
        """
        aligned, remarks = defaultdict(list), defaultdict(list)
        found = parse(content(folder("ontology"), "alignments.ttl"), RdfFormat.TURTLE)
        for quad in sorted(found, key=str):
            subject, other = value(quad.subject), value(quad.object)
            if quad.predicate.value in _HOW:
                short = _shorten(other, found.prefixes)
                aligned[subject].append(Alignment(_HOW[quad.predicate.value], short, other))
            else:
                remarks[subject].append(other)
        return cls(dict(aligned), dict(remarks))


def _shorten(iri: str, prefixes: dict[str, str]) -> str:
    for prefix, namespace in prefixes.items():
        if iri.startswith(namespace):
            return f"{prefix}:{iri.removeprefix(namespace)}"
    return iri
