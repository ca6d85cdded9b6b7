"""A report as a SHACL validation report, in Turtle."""

from __future__ import annotations

import re

from pyoxigraph import Literal, NamedNode

from relations_kg.rdf.namespaces import ID, PREFIXES, RKG, SH, shorten
from relations_kg.rdf.terms import printable
from relations_kg.validation.findings import Finding, Report

_CORE = {
    *("class", "datatype", "node-kind", "min-count", "max-count", "min-exclusive"),
    *("min-inclusive", "max-exclusive", "max-inclusive", "min-length", "max-length", "pattern"),
    *("language-in", "unique-lang", "equals", "disjoint", "less-than", "less-than-or-equals"),
    *("not", "and", "or", "xone", "node", "property", "qualified-min-count"),
    *("qualified-max-count", "closed", "has-value", "in"),
}
_SEVERITIES = {"error": "sh:Violation", "warning": "sh:Warning", "info": "sh:Info"}
# dc:source may have a literal as its value, unlike dcterms:source.
_HEAD = f"""\
@prefix dc: <http://purl.org/dc/elements/1.1/> .
@prefix id: <{ID}> .
@prefix rkg: <{RKG}> .
@prefix sh: <{SH}> .

"""
_SHORT = re.compile(r"(?:id|rkg):[A-Za-z][A-Za-z0-9_-]*")


def write(report: Report) -> str:
    """Return a report as SHACL defines it; by that standard, data with a warning does not conform.

    The standard requires a constraint component in every result, and allows new components: a
    finding without a shape, such as a syntax error, has a component of our own. If a finding has no
    thing with an IRI, the focus is a blank node.

    >>> print(write(Report(())).splitlines()[-2:])
    ['[] a sh:ValidationReport ;', '    sh:conforms true .']
    """
    conforms = "false" if report.findings or report.omitted else "true"
    parts = ["[] a sh:ValidationReport", f"sh:conforms {conforms}"]
    if report.findings:
        parts.append("sh:result " + " , ".join(map(_result, report.findings)))
    note = f"# {report.ignored_text}\n" if report.ignored else ""
    return _HEAD + " ;\n    ".join(parts) + " .\n" + note


def _result(finding: Finding) -> str:
    component, shape, constraint = _source(finding)
    parts = {
        "a": "sh:ValidationResult",
        "sh:resultSeverity": _SEVERITIES[finding.severity],
        "sh:focusNode": _iri(finding.focus) or "[]",
        "sh:resultPath": _iri(finding.path),
        "sh:value": finding.value,
        "sh:sourceConstraintComponent": component,
        "sh:sourceShape": _iri(shape),
        "sh:sourceConstraint": _iri(constraint),
        "sh:resultMessage": str(Literal(printable(finding.message), language="en")),
        "dc:source": str(Literal(printable(finding.where))) if finding.file else None,
    }
    lines = [f"{name} {value}" for name, value in parts.items() if value]
    return "[\n        " + " ;\n        ".join(lines) + "\n    ]"


def _source(finding: Finding) -> tuple[str, str | None, str | None]:
    """Return the component, the shape and the constraint of a finding."""
    name = "".join(part.capitalize() for part in re.split("[^A-Za-z0-9]+", finding.code))
    if finding.code in _CORE:
        return f"sh:{name}ConstraintComponent", finding.shape, None
    if finding.shape:  # the name of a SPARQL constraint consists of its shape's name and the code
        shape, _, _ = finding.shape.rpartition("-")
        return "sh:SPARQLConstraintComponent", shape, finding.shape
    return f"rkg:{name}ConstraintComponent", None, None


def _iri(name: str | None) -> str | None:
    """Return an IRI or a CURIE of ours in Turtle, or None for other names."""
    prefix, _, local = (name or "").partition(":")
    iri = PREFIXES[prefix] + local if prefix in PREFIXES else name or ""
    if _SHORT.fullmatch(shorten(iri)):
        return shorten(iri)
    try:
        return str(NamedNode(iri))
    except ValueError:
        return None
