"""A correction: what was probably meant by a wrong term, and the slugs of names."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.parse import unquote

from pyoxigraph import NamedNode

from relations_kg.rdf.namespaces import shorten
from relations_kg.rdf.spelling import asked_back
from relations_kg.rdf.terms import Term


@dataclass(frozen=True)
class Correction:
    """A suggestion of the intended term; `term` is set only if it is certain.

    `help` is shown instead of the rule's message, and `note` after this message.
    """

    help: str | None = None
    term: Term | None = None
    note: str | None = None

    @classmethod
    def of(cls, nodes: Iterable[NamedNode], fitting: Callable[[NamedNode], bool]) -> Correction:
        """Return a correction that suggests up to three fitting nodes, or other nodes if none fits.

        Its `term` is the fitting node if there is exactly one.
        """
        nodes = list(dict.fromkeys(nodes))
        right = list(filter(fitting, nodes))
        question = asked_back(shorten(node.value) for node in (right or nodes)[:3])
        return cls(question, right[0] if len(right) == 1 else None)


def local_name(iri: str) -> str:
    """Return the part of an IRI after the last slash or hash."""
    return re.split("[/#]", iri)[-1]


def slug(text: str) -> str:
    """Return a text as lower-case ASCII words with hyphens.

    >>> slug("Sol de Oro")
    'sol-de-oro'
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")


def slugged(iri: str) -> str:
    """Return an IRI with its local name as a slug.

    >>> slugged("https://w3id.org/relations-kg/code/headOfState")
    'https://w3id.org/relations-kg/code/head-of-state'
    >>> slugged("https://w3id.org/relations-kg/id/M%C3%BCller")
    'https://w3id.org/relations-kg/id/muller'
    """
    local = local_name(iri)
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", "-", unquote(local))
    return iri.removesuffix(local) + slug(words)
