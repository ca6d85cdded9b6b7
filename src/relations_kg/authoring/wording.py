"""Findings in terms of a form: its parameters replace the properties that they state."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import replace
from functools import cache

from relations_kg.authoring.composed import Composed
from relations_kg.authoring.forms import Form
from relations_kg.authoring.patterns import links
from relations_kg.errors import InputError
from relations_kg.names.names import Names
from relations_kg.rdf.namespaces import RKG, SH, shorten
from relations_kg.rdf.terms import objects, pairs, value
from relations_kg.validation.findings import Finding
from relations_kg.validation.shape_files import bundled

# Matches the messages of shapes about a missing property.
_MISSING = re.compile(r"(.+); add .+, or rkg:leavesOpen rkg:(\w+) if the source gives none\.?")
_PROPERTY = re.compile(r"rkg:([a-z]\w*)")


def stating(form: Form, property: str) -> str | None:
    """Return the first parameter of a form that gives a property its value.

    >>> from relations_kg.authoring.forms import forms
    >>> stating(forms()["visit"], "capacity")
    'office'
    """
    known = [parameter.name for parameter in form.parameters]
    every = (names for _, predicate, names in links(form) if predicate == RKG + property)
    return next((name for names in every for name in known if name in names), None)


def missing(form: Form, finding: Finding) -> tuple[str, str, str] | None:
    """Return the parts of a finding about a missing value, or None for other findings.

    They are the message without its advice, the parameter, and the property.
    """
    match = _MISSING.fullmatch(finding.message)
    name = stating(form, match[2]) if match else None
    return (match[1], name, match[2]) if match and name else None


def leaving_open(form: Form, property: str) -> str:
    """Return how to state that the source leaves a property open, or "" if the form cannot."""
    is_there = any(parameter.name == "open" for parameter in form.parameters)
    return f", or give {property} in 'open' if the source gives none" if is_there else ""


def of_fields(form: Form, finding: Finding, filled: Collection[str]) -> tuple[Finding, str | None]:
    """Return a finding in terms of a form's fields, and the field with the mistake or None.

    `filled` are the fields with a value.
    """
    field: str | None = None
    if found := missing(form, finding):
        message, name, property = found
        field = name
        help = f"fill in {name!r}{leaving_open(form, property)}"
        finding = replace(finding, message=message, help=help)
    elif finding.path and (name := stating(form, finding.path.removeprefix(RKG)) or "") in filled:
        field = name

    def named(match: re.Match[str]) -> str:
        return stating(form, match[1]) or match[0]

    right = finding.help and _PROPERTY.sub(named, finding.help)
    return replace(finding, message=_PROPERTY.sub(named, finding.message), help=right), field


def alike(form: Form, composed: Composed, names: Names) -> Iterator[InputError]:
    """Yield an error for two values that are the same thing although the shapes forbid this."""
    labels = {thing.iri: thing.label for thing in composed.new}
    values: dict[tuple[str, str], set[str]] = {}
    for fact in composed.triples:
        key = value(fact.subject), fact.predicate.value
        values.setdefault(key, set()).add(value(fact.object))
    for one, other in _kept_apart():
        for subject in [subject for subject, predicate in values if predicate == one]:
            if both := values[subject, one] & values.get((subject, other), set()):
                names_of = [stating(form, p.removeprefix(RKG)) or shorten(p) for p in (one, other)]
                same = labels.get(min(both)) or names.label(min(both))
                message = f"{' and '.join(names_of)} are both {same}"
                yield InputError(message, where=form.name, help="give two different things")


@cache
def _kept_apart() -> list[tuple[str, str]]:
    """Return the pairs of properties that cannot have the same value according to the shapes."""
    shapes = bundled().store
    return [
        (value(path), value(other))
        for shape, other in pairs(shapes, SH + "disjoint")
        for path in objects(shapes, shape, SH + "path")
    ]
