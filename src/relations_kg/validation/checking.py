"""Files of facts checked together with what is known."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from types import MappingProxyType

from pyoxigraph import NamedNode, Quad, Store

from relations_kg.answers.contradictions import contradictions
from relations_kg.answers.knowledge import Knowledge
from relations_kg.errors import InputError
from relations_kg.rdf.namespaces import (
    DATES,
    IDENTIFIERS,
    INFERRED,
    ONTOLOGY,
    RKG,
    STATED,
    SUBMITTED,
)
from relations_kg.rdf.terms import TYPE, Statement, in_graph, statements
from relations_kg.reader import identifiers
from relations_kg.reader.files import Source, name_of
from relations_kg.reader.refusals import Refusal, refuser
from relations_kg.reasoning.inference import BOUNDS, Difference, own_dates
from relations_kg.validation.duplicates import duplicates, identifier_violations
from relations_kg.validation.findings import Finding
from relations_kg.validation.ordering import ordered
from relations_kg.validation.reports import Report
from relations_kg.validation.shapes import bundled
from relations_kg.validation.submission import Submission
from relations_kg.validation.verdicts import Verdicts
from relations_kg.validation.violations import Violation

_DATED = (RKG + "when", RKG + "speaksFrom")
_NOTHING = "nothing-checked", "nothing in it could be checked"
_SAY = "state facts about a thing of a class that rkg: defines"
_CALCULATED = [*(bound.value for bound in BOUNDS), RKG + "ongoing"]


def validate(
    graph: Knowledge,
    files: Sequence[Source] = (),
    contents: Mapping[Source, bytes] = MappingProxyType({}),
    *,
    allow_changes: bool = False,
) -> Report:
    """Check files of facts together with a graph, or the graph alone if there are none.

    What is wrong with the graph already is not held against the files. Raises InputError for a
    file that cannot be read; where another can, it is a finding. While it is at work, the graph
    holds the facts of the files. `contents` are read in the place of what the files hold.

    >>> import relations_kg as rk
    >>> validate(rk.load()).conforms
    True
    """
    if not files:
        return _validate_graph(graph)
    refuse = refuser(graph.store, allow_changes=allow_changes)
    submissions, unreadable = _submissions(graph, files, contents, refuse)
    facts = dict.fromkeys(fact for each in submissions for fact in each.facts)
    identifying = dict.fromkeys(fact for each in submissions for fact in each.identifying)
    new = [fact for fact in facts if not _is_seen(graph.store, fact)]
    focus = {subject for subject, _, _ in facts if isinstance(subject, NamedNode)}
    shapes = bundled()
    with _supposing(graph, new) as difference:
        store = graph.store
        examination = shapes.examine(store, focus, _touched(new))
        verdicts = Verdicts(graph, shapes, submissions, examination.violations)
        found = [(v, verdicts.finding(v)) for v in examination.violations]
        found += [(v, verdicts.finding(v)) for v in duplicates(store, _described(graph, new))]
        found += [(v, verdicts.finding(v)) for v in identifier_violations(store, identifying)]
        about = {subject for subject, _, _ in difference.added}
        findings = [finding for _, finding in found if finding]
        clashes = [(c, verdicts.contradiction(c, findings)) for c in contradictions(graph, about)]
    old = _old(graph, examination.violations)
    told = verdicts.settled(finding for violation, finding in found if violation.key not in old)
    last = [f for c, f in clashes if not all(fact in graph.inference for fact in c.facts)]
    names = [name_of(file) for file in files]
    findings = [*ordered((*told, *unreadable), names), *_once(f for f in last if f)]
    checked = len(focus - examination.unmet) + len(identifiers.described(identifying))
    if not checked and not any(finding.severity == "error" for finding in findings):
        findings = _nothing_checked(findings, names)
    return Report(
        findings=tuple(findings),
        files=tuple(names),
        facts=len(facts) + len(identifying),
        checked=checked,
        shapes=examination.shapes,
        unchecked=tuple(sorted(node.value for node in examination.unmet)),
    )


def _nothing_checked(findings: Sequence[Finding], names: Iterable[str]) -> list[Finding]:
    """Make it an error of each file that nothing in it could be checked."""
    empty = {finding.file for finding in findings if finding.code == "empty"}
    return [
        *(replace(f, severity="error", help=_SAY) if f.code == "empty" else f for f in findings),
        *(Finding("error", *_NOTHING, file=n, help=_SAY) for n in names if n not in empty),
    ]


def _once(findings: Iterable[Finding]) -> list[Finding]:
    """Keep the first of the findings that say the same of the same place."""
    told: dict[object, Finding] = {}
    for finding in findings:
        told.setdefault((finding.message, finding.extent), finding)
    return list(told.values())


def _validate_graph(graph: Knowledge) -> Report:
    facts = list(statements(_quads(graph.store, STATED)))
    focus = {subject for subject, _, _ in facts if isinstance(subject, NamedNode)}
    examination = bundled().examine(graph.store, focus, facts=STATED)
    verdicts = Verdicts(graph, bundled(), [], examination.violations)
    identifying = statements(_quads(graph.store, IDENTIFIERS))
    found = [*examination.violations, *identifier_violations(graph.store, identifying)]
    findings = verdicts.settled(map(verdicts.finding, found))
    return Report(
        findings=tuple(ordered(findings, [])),
        facts=len(facts),
        checked=len(focus - examination.unmet),
        shapes=examination.shapes,
        unchecked=tuple(sorted(node.value for node in examination.unmet)),
    )


def _submissions(
    graph: Knowledge,
    files: Iterable[Source],
    contents: Mapping[Source, bytes],
    refuse: Callable[[Quad], Refusal | None],
) -> tuple[list[Submission], list[Finding]]:
    submissions: list[Submission] = []
    unreadable: list[Finding] = []
    errors: list[InputError] = []
    terms = {
        quad.subject.value
        for quad in graph.store.quads_for_pattern(None, TYPE, None, NamedNode(ONTOLOGY))
        if isinstance(quad.subject, NamedNode)
    }
    for number, file in enumerate(files):
        try:
            submissions.append(Submission(file, number, contents.get(file), terms, refuse))
        except InputError as error:
            errors.append(error)
            name = name_of(file)
            finding = Finding("error", "unreadable", error.message, file=name, help=error.help)
            unreadable.append(finding)
    if errors and not submissions:
        raise errors[0]
    return submissions, unreadable


@contextmanager
def _supposing(graph: Knowledge, facts: Sequence[Statement]) -> Iterator[Difference]:
    """Have a graph hold facts, and keep them apart for the checks of them, for a while."""
    store = graph.store
    # What was inferred before, and exported, is not held against the file that states it.
    inferred = set(statements(quad for quad in in_graph(facts, INFERRED) if quad in store))
    submitted = list(in_graph((fact for fact in facts if fact not in inferred), SUBMITTED))
    undated = [quad for quad in in_graph(facts, STATED) if _is_undatable(quad)]
    datable = set(facts).difference(statements(undated))
    with graph.inference.supposing(fact for fact in facts if fact in datable) as difference:
        # Inference would stop at a date that is none.
        store.extend([*submitted, *undated])
        try:
            yield difference
        finally:
            store.remove_graph(NamedNode(SUBMITTED))
            for quad in undated:
                store.remove(quad)


def _is_undatable(quad: Quad) -> bool:
    if quad.predicate.value not in _DATED:
        return False
    try:
        list(own_dates(quad))
    except InputError:
        return True
    return False


def _touched(facts: Iterable[Statement]) -> dict[str, set[NamedNode]]:
    """Map properties, calculated ones included, to the things of which facts give a value."""
    touched: dict[str, set[NamedNode]] = {}
    for subject, predicate, _ in facts:
        if isinstance(subject, NamedNode) and isinstance(predicate, NamedNode):
            calculated = _CALCULATED if predicate.value in _DATED else ()
            for name in (predicate.value, *calculated):
                touched.setdefault(name, set()).add(subject)
    return touched


def _described(graph: Knowledge, facts: Iterable[Statement]) -> set[NamedNode]:
    """Return the things of which nothing was known before the facts."""
    new = set(facts)
    subjects = {subject for subject, _, _ in new if isinstance(subject, NamedNode)}
    return {
        subject
        for subject in subjects
        if all(
            fact in new
            for fact in statements(
                graph.store.quads_for_pattern(subject, None, None, NamedNode(STATED))
            )
        )
    }


def _old(graph: Knowledge, violations: list[Violation]) -> set[tuple[object, ...]]:
    """Return what tells violations that the graph alone has."""
    blamed = {v.focus for v in violations if isinstance(v.focus, NamedNode)}
    focus = {node for node in blamed if any(_quads(graph.store, STATED, node))}
    if not focus:
        return set()
    broken = {violation.rule for violation in violations if violation.rule}
    return {v.key for v in bundled().examine(graph.store, focus, only=broken).violations}


def _quads(store: Store, name: str, subject: NamedNode | None = None) -> Iterator[Quad]:
    return store.quads_for_pattern(subject, None, None, NamedNode(name))


def _is_seen(store: Store, fact: Statement) -> bool:
    """Tell whether rules see a fact in the graph already."""
    return any(
        quad in store for graph in (STATED, DATES, ONTOLOGY) for quad in in_graph([fact], graph)
    )
