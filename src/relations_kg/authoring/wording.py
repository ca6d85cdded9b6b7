"""Findings in the words of a form: its parameters in the place of the properties they state."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import replace
from functools import cache

from relations_kg.answers.names import Names
from relations_kg.authoring.composed import Composed
from relations_kg.authoring.forms import Form
from relations_kg.authoring.patterns import links
from relations_kg.errors import InputError
from relations_kg.rdf.namespaces import RKG, SH, shorten
from relations_kg.rdf.terms import objects, pairs, value
from relations_kg.validation.findings import Finding
from relations_kg.validation.shapes import bundled

# How the shapes end the message about a property that a thing does not have.
_MISSING = re.compile(r"(.+); add .+, or rkg:leavesOpen rkg:(\w+) if the source gives none\.?")
_PROPERTY = re.compile(r"rkg:([a-z]\w*)")


def stating(form: Form, property: str) -> str | None:
    """Return the parameter of a form whose value is that of a property, the first one of several.

    >>> from relations_kg.authoring.forms import forms
    >>> stating(forms()["visit"], "capacity")
    'office'
    """
    known = [parameter.name for parameter in form.parameters]
    every = (names for _, predicate, names in links(form) if predicate == RKG + property)
    return next((name for names in every for name in known if name in names), None)


def missing(form: Form, finding: Finding) -> tuple[str, str, str] | None:
    """Return what is missing, the parameter that would state it and the property to leave open.

    Return None for a finding about something else.
    """
    match = _MISSING.fullmatch(finding.message)
    name = stating(form, match[2]) if match else None
    return (match[1], name, match[2]) if match and name else None


def leaving_open(form: Form, property: str) -> str:
    """Return how to say that the source does not give the value of a property, if one can."""
    is_there = any(parameter.name == "open" for parameter in form.parameters)
    return f", or give {property} in 'open' if the source gives none" if is_there else ""


def of_fields(form: Form, finding: Finding, filled: Collection[str]) -> tuple[Finding, str | None]:
    """Return a finding in terms of the fields of a form, and the field that it is about.

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
    """Yield an error for two values that are the same thing, but that the shapes keep apart."""
    labels = {thing.iri: thing.label for thing in composed.new}
    said: dict[tuple[str, str], set[str]] = {}
    for fact in composed.triples:
        key = value(fact.subject), fact.predicate.value
        said.setdefault(key, set()).add(value(fact.object))
    for one, other in _kept_apart():
        for subject in [subject for subject, predicate in said if predicate == one]:
            if both := said[subject, one] & said.get((subject, other), set()):
                names_of = [stating(form, p.removeprefix(RKG)) or shorten(p) for p in (one, other)]
                same = labels.get(min(both)) or names.label(min(both))
                message = f"{' and '.join(names_of)} are both {same}"
                yield InputError(message, where=form.name, help="give two different things")


@cache
def _kept_apart() -> list[tuple[str, str]]:
    """Return the pairs of properties that have no value in common, by the shapes."""
    shapes = bundled().store
    return [
        (value(path), value(other))
        for shape, other in pairs(shapes, SH + "disjoint")
        for path in objects(shapes, shape, SH + "path")
    ]
