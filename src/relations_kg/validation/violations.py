"""What breaks a rule, as the engines find it, before it has a place and is put into words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from pyoxigraph import BlankNode

from relations_kg.rdf.terms import Term


class Violation(NamedTuple):
    """Say which rule a node breaks and with which value.

    `rule` is the IRI of a shape or a SPARQL constraint, None for a check. `expected` is what a
    Core constraint asks for, such as the class; `bindings` are the variables of a query.
    """

    severity: str
    code: str
    message: str
    focus: Term
    value: Term | None = None
    rule: str | None = None
    path: str | None = None
    expected: Term | None = None
    bindings: Mapping[str, Term] = {}

    @property
    def key(self) -> tuple[object, ...]:
        """What tells it from others: not the value of a node without a name, which changes."""
        named = [None if isinstance(t, BlankNode) else t for t in (self.focus, self.value)]
        return (self.code, self.rule, *named)


def kebab(name: str) -> str:
    """Write a name in camel case with hyphens.

    >>> kebab("MinCount")
    'min-count'
    """
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", name).lower()
