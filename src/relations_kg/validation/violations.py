"""A violation of a rule, from which a finding with a place in a file is made."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from pyoxigraph import BlankNode

from relations_kg.rdf.terms import Term


@dataclass(frozen=True)
class Violation:
    """A node that breaks a rule, with the wrong value.

    `rule` is the IRI of a shape or a SPARQL constraint, or None for a check. `expected` is the
    parameter of a Core constraint, such as the class; `bindings` are the values of a query's
    variables.
    """

    severity: str
    code: str
    message: str
    focus: Term
    value: Term | None = None
    rule: str | None = None
    path: str | None = None
    expected: Term | None = None
    bindings: Mapping[str, Term] = field(default_factory=dict, hash=False)

    @property
    def key(self) -> tuple[object, ...]:
        """The fields that identify the violation, without labels of blank nodes, which change."""
        named = [None if isinstance(t, BlankNode) else t for t in (self.focus, self.value)]
        return (self.code, self.rule, *named)


def kebab(name: str) -> str:
    """Return a camel-case name in kebab case.

    >>> kebab("MinCount")
    'min-count'
    """
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", name).lower()
