"""Rules that apply only to data with things of a required class."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from pyoxigraph import NamedNode, Store

from relations_kg.rdf.namespaces import DCTERMS, expand, shorten
from relations_kg.rdf.spelling import counted
from relations_kg.rdf.terms import TYPE, Statement, value
from relations_kg.reasoning.ontology import with_superclasses
from relations_kg.validation.findings import Finding
from relations_kg.validation.shapes import Shapes
from relations_kg.validation.violations import Violation

_REQUIRES = NamedNode(DCTERMS + "requires")
_FEW = 10  # the maximum number of findings of a rule that are reported one by one


def mergeable(
    violations: Sequence[Violation],
    is_finding: Callable[[Violation], bool],
    facts: Iterable[Statement],
    store: Store,
    shapes: Shapes,
) -> list[Violation]:
    """Return the violations whose findings `merged` certainly merges.

    They need no places and no messages, which take much longer to find than the violations.
    `is_finding` returns whether a violation certainly becomes a finding. Errors are left out, since
    contradictions are compared with their places.
    """
    times = Counter((each.rule, each.focus, each.value) for each in violations)
    certain = [
        (shorten(each.rule), each)
        for each in violations
        if each.rule and each.severity != "error" and is_finding(each)
        if times[each.rule, each.focus, each.value] == 1
    ]
    lacking = _lacking(Counter(rule for rule, _ in certain), facts, store, shapes)
    return [each for rule, each in certain if rule in lacking]


def merged(
    findings: Sequence[Finding],
    facts: Iterable[Statement],
    store: Store,
    shapes: Shapes,
    merging: Iterable[Violation] = (),
) -> list[Finding]:
    """Return findings, with one instead of many for each rule whose required class is missing.

    Thousands of findings would say the same. Of the violations in `merging`, only the finding of
    the first of each rule is among the findings.
    """
    numbers = Counter(finding.shape for finding in findings)
    further = Counter(shorten(each.rule) for each in merging if each.rule)
    numbers.update({shape: number - 1 for shape, number in further.items()})
    lacking = _lacking(numbers, facts, store, shapes)
    result: list[Finding] = []
    for finding in findings:
        shape = finding.shape
        if shape not in lacking:
            result.append(finding)
        elif number := numbers.pop(shape, 0):
            required = lacking[shape]
            message = f"{counted(number, 'thing')} need a {required}, but none is stated"
            help = f"state them, or leave the rule out with --ignore {finding.code}"
            kind = (finding.severity, finding.code, message, shape)
            result.append(replace(Finding(*kind), file=finding.file, help=help))
    return result


def _lacking(
    numbers: Mapping[str, int] | Mapping[str | None, int],
    facts: Iterable[Statement],
    store: Store,
    shapes: Shapes,
) -> dict[str | None, str]:
    """Return the CURIE of the class that each rule with many findings requires, if facts lack it.

    A constraint names the class with dcterms:requires.
    """
    required = [
        (shape, quad.object)
        for shape, number in numbers.items()
        if shape and number > _FEW
        for quad in shapes.store.quads_for_pattern(NamedNode(expand(shape)), _REQUIRES, None)
    ]
    if not required:
        return {}
    stated = {object_ for _, predicate, object_ in facts if predicate == TYPE}
    known = with_superclasses(store, stated)
    return {shape: shorten(value(kind)) for shape, kind in required if kind not in known}
