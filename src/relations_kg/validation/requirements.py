"""Rules that apply only to data with things of a required class."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from pyoxigraph import NamedNode, Store

from relations_kg.rdf.namespaces import DCTERMS, expand, shorten
from relations_kg.rdf.spelling import counted
from relations_kg.rdf.terms import TYPE, Statement, value
from relations_kg.reasoning.ontology import with_superclasses
from relations_kg.validation.findings import Finding
from relations_kg.validation.shapes import Shapes

_REQUIRES = NamedNode(DCTERMS + "requires")
_FEW = 10  # the maximum number of findings of a rule that are reported one by one


def merged(
    findings: Sequence[Finding], facts: Iterable[Statement], store: Store, shapes: Shapes
) -> list[Finding]:
    """Return findings, with one instead of many for each rule whose required class is missing.

    A constraint names the class with dcterms:requires. If the facts have no instance of this class,
    thousands of findings would say the same.
    """
    found = Counter(finding.shape for finding in findings)
    many = {shape: number for shape, number in found.items() if shape and number > _FEW}
    if not many:
        return [*findings]
    stated = {object_ for _, predicate, object_ in facts if predicate == TYPE}
    known = with_superclasses(store, stated)
    lacking = {
        shape: required.object
        for shape in many
        for required in shapes.store.quads_for_pattern(NamedNode(expand(shape)), _REQUIRES, None)
        if required.object not in known
    }
    result: list[Finding] = []
    for finding in findings:
        if finding.shape not in lacking:
            result.append(finding)
        elif finding.shape in many:
            number = many.pop(finding.shape)
            required = shorten(value(lacking[finding.shape]))
            message = f"{counted(number, 'thing')} need a {required}, but none is stated"
            help = f"state them, or leave the rule out with --ignore {finding.code}"
            kind = (finding.severity, finding.code, message, finding.shape)
            result.append(replace(Finding(*kind), file=finding.file, help=help))
    return result
