"""Validation of files of facts together with a graph, or of the graph alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from itertools import islice
from types import MappingProxyType

from pyoxigraph import NamedNode, Quad, Store

from relations_kg._collection import paused
from relations_kg.answers.contradictions import contradictions
from relations_kg.answers.knowledge import Knowledge, extended
from relations_kg.errors import InputError
from relations_kg.names.spellings import Spellings
from relations_kg.rdf.namespaces import DATES, IDENTIFIERS, INFERRED, ONTOLOGY, STATED, SUBMITTED
from relations_kg.rdf.terms import Statement, absent, in_graph, named, statements
from relations_kg.reader import identifiers
from relations_kg.reader.files import Source, name_of
from relations_kg.reader.places import ComposedFacts
from relations_kg.reader.refusals import Refusal, refuser
from relations_kg.reasoning.bounds import CALCULATED, own_bounds
from relations_kg.reasoning.changes import Difference
from relations_kg.validation.duplicates import duplicates
from relations_kg.validation.findings import Finding, Kind, Report
from relations_kg.validation.identifiers import identifier_violations
from relations_kg.validation.messages import Messages, reported_values
from relations_kg.validation.ordering import ordered
from relations_kg.validation.requirements import mergeable, merged
from relations_kg.validation.rules import ALL, Rules
from relations_kg.validation.shape_files import shapes_of
from relations_kg.validation.shapes import Examination
from relations_kg.validation.submission import Submission
from relations_kg.validation.violations import Violation

_NOTHING = "nothing-checked", "nothing in the file could be checked"
_FEW = 1_000  # more facts are checked in a copy of the graph if the graph is smaller
_MANY = 10_000  # more facts are written by the store's bulk writer
_STATE_FACTS = "state facts about a thing of a class that rkg: defines"


@paused()
def validate(
    graph: Knowledge,
    files: Sequence[Source] = (),
    contents: Mapping[Source, bytes | ComposedFacts] = MappingProxyType({}),
    *,
    allow_changes: bool = False,
    rules: Rules = ALL,
) -> Report:
    """Check files of facts together with a graph, or the graph alone if no files are given.

    With files, violations that the graph already has are not reported. Raises InputError if no file
    can be read; if some can be read, an unreadable file is a finding. During the check,
    `graph.scratch` may contain the facts of the files. `contents` has texts or composed facts that
    are read instead of files. Findings of rules outside `rules` are only counted.

    >>> import relations_kg as rk
    >>> validate(rk.load()).conforms
    True
    """
    graph = graph.scratch
    if not files:
        return _validate_graph(graph, rules)
    for file in files:
        name_of(file)  # raises InputError if it is not a path
    # Blank nodes are not refused here, since a shape reports them.
    refuse = refuser(graph.quad_store, allow_changes=allow_changes, blank_nodes=True)
    submissions, unreadable = _submissions(graph, files, contents, refuse)
    facts = dict.fromkeys(fact for each in submissions for fact in each.facts)
    identifying = dict.fromkeys(fact for each in submissions for fact in each.identifying)
    new = list(absent(facts, graph.quad_store, STATED, DATES, ONTOLOGY))
    focus = set(named(subject for subject, _, _ in facts))
    shapes = shapes_of(graph.quad_store)
    spellings = Spellings(new), graph.spellings
    subjects = named(subject for subject, _, _ in new)
    things = [each for each in subjects if not any(_quads(graph.quad_store, STATED, each))]
    # If the graph is smaller than the files, they affect most of it, so all of it is checked.
    is_small = _is_smaller(graph.quad_store, len(new))
    known = set(named(q.subject for q in _quads(graph.quad_store, STATED))) if is_small else set()
    base = graph
    with (_extending if is_small else _supposing)(graph, new) as (graph, difference):
        store = graph.quad_store
        examination = shapes.examine(
            store,
            focus,
            None if is_small else _touched(new),
            known=known,
            infer=partial(getattr, graph, "inference"),
        )
        alike = list(duplicates(store, things, identifying, spellings))
        about = difference and {subject for subject, _, _ in difference.added}
        contradicting = list(contradictions(graph, about))
        violations = examination.violations
        messages = Messages(graph, shapes, submissions)
        every = [*violations, *alike, *identifier_violations(store, identifying)]
        # Only the first mistakes get suggestions, so their order must not depend on sets.
        every.sort(key=lambda violation: str(violation.key))
        unread = {node for each in submissions for node in each.unread}
        certain = set(things) - unread
        merging = mergeable(
            every,
            lambda v: v.focus in certain and v.value not in unread and rules.keep(v.code, v.rule),
            facts,
            base.quad_store,
            shapes,
        )
        found = _findings(messages, every, rules, merging)
        errors, _ = rules.part(finding for _, finding in found if finding)
        clashes = [(clash, messages.contradiction(clash, errors)) for clash in contradicting]
    old = _known_violations(base, violations)
    names = [name_of(file) for file in files]
    shaped, ignored = rules.part(f for v, f in found if f and v.key not in old)
    shaped = merged(shaped, facts, base.quad_store, shapes, merging)
    kept, further = rules.part(messages.with_texts(shaped))
    new_clashes = _distinct(
        finding
        for clash, finding in clashes
        if finding and not all(fact in base.inference for fact in clash.facts)
    )
    clashing, ignored_clashes = rules.part(new_clashes)
    findings = [*ordered((*kept, *unreadable), names), *clashing]
    findings = list(map(rules.graded, findings))
    checked = len(focus - examination.unmet) + len(identifiers.described(identifying))
    if not checked and not any(finding.severity == "error" for finding in findings):
        findings = _nothing_checked(findings, names)
    counts = len(facts) + len(identifying), checked, examination.shapes
    ignored += further + ignored_clashes
    return _report(findings, names, counts, examination, ignored)


def _findings(
    messages: Messages,
    violations: Sequence[Violation],
    rules: Rules,
    merging: Sequence[Violation] = (),
) -> list[tuple[Violation, Finding | None]]:
    """Return each violation with its finding, or with None if another finding covers it.

    Of the violations in `merging`, the first of each rule covers all.
    """
    reported = [rules.keep(each.code, each.rule) for each in violations]
    every = reported_values(violations)
    chosen = reported_values(each for each, kept in zip(violations, reported, strict=True) if kept)
    made: dict[Violation, Finding | None] = dict.fromkeys(merging)
    for first in {each.rule: each for each in reversed(merging)}.values():
        made[first] = messages.unplaced(first)
    return [
        (each, made[each] if each in made else messages.finding(each, chosen if kept else every))
        for each, kept in zip(violations, reported, strict=True)
    ]


def _report(
    findings: Iterable[Finding],
    names: Iterable[str],
    counts: tuple[int, int, int],
    examination: Examination,
    ignored: Mapping[Kind, int],
) -> Report:
    unchecked, left_out = examination.unchecked, tuple(ignored.items())
    return Report(tuple(findings), tuple(names), *counts, unchecked, ignored=left_out)


def _validate_graph(graph: Knowledge, rules: Rules) -> Report:
    facts = list(statements(_quads(graph.quad_store, STATED)))
    focus = set(named(subject for subject, _, _ in facts))
    shapes = shapes_of(graph.quad_store)
    examination = shapes.examine(graph.quad_store, focus, facts=STATED)
    violations = examination.violations
    messages = Messages(graph, shapes, [])
    identifying = list(statements(_quads(graph.quad_store, IDENTIFIERS)))
    every = [*violations, *identifier_violations(graph.quad_store, identifying)]
    found = [finding for _, finding in _findings(messages, every, rules) if finding]
    shaped, ignored = rules.part(found)
    kept = merged(shaped, facts, graph.quad_store, shapes)
    findings = map(rules.graded, ordered(kept, []))
    counts = len(facts), len(focus - examination.unmet), examination.shapes
    return _report(findings, (), counts, examination, ignored)


def _nothing_checked(findings: Sequence[Finding], names: Iterable[str]) -> list[Finding]:
    """Return findings with an error for each file, since nothing in the files could be checked."""
    empty = {finding.file for finding in findings if finding.code == "empty"}
    error = Finding("error", *_NOTHING, help=_STATE_FACTS)
    return [
        *(
            replace(f, severity="error", help=_STATE_FACTS) if f.code == "empty" else f
            for f in findings
        ),
        *(replace(error, file=name) for name in names if name not in empty),
    ]


def _distinct(findings: Iterable[Finding]) -> Iterable[Finding]:
    """Return the findings, each message only once for a place."""
    found: dict[object, Finding] = {}
    for finding in findings:
        found.setdefault((finding.message, finding.extent), finding)
    return found.values()


def _submissions(
    graph: Knowledge,
    files: Iterable[Source],
    contents: Mapping[Source, bytes | ComposedFacts],
    refuse: Callable[[Quad], Refusal | None],
) -> tuple[list[Submission], list[Finding]]:
    """Return the files that can be read, and findings for unreadable files.

    Raises InputError if no file can be read.
    """
    submissions: list[Submission] = []
    unreadable: list[Finding] = []
    errors: list[InputError] = []
    datatypes = shapes_of(graph.quad_store).expected_datatypes
    for number, file in enumerate(files):
        try:
            content = contents.get(file)
            ontology = graph.inference.ontology
            submissions.append(Submission(file, number, content, ontology, refuse, datatypes))
        except InputError as error:
            errors.append(error)
            finding = Finding("error", "unreadable", error.message, file=name_of(file))
            unreadable.append(replace(finding, help=error.help))
    if errors and not submissions:
        raise errors[0]
    return submissions, unreadable


@contextmanager
def _supposing(
    graph: Knowledge, facts: Sequence[Statement]
) -> Iterator[tuple[Knowledge, Difference]]:
    """Add facts to a graph until the block ends.

    Those that are not inferred are also in the named graph `SUBMITTED`, which is checked.
    """
    store = graph.quad_store
    # Inference raises an error at a malformed date or amount.
    malformed = dict.fromkeys(fact for fact in facts if _is_malformed(fact))
    # A file may state inferred triples of an earlier export, which are not checked. The bulk writer
    # writes a file for each index of a store on disk, which pays only for many facts.
    write = store.bulk_extend if len(facts) > _MANY else store.extend
    write(in_graph(absent(facts, store, INFERRED), SUBMITTED))
    try:
        with graph.inference.supposing(f for f in facts if f not in malformed) as difference:
            store.extend(in_graph(malformed, STATED))
            try:
                yield graph, difference
            finally:
                for quad in in_graph(malformed, STATED):
                    store.remove(quad)
    finally:
        store.remove_graph(NamedNode(SUBMITTED))


@contextmanager
def _extending(graph: Knowledge, facts: Sequence[Statement]) -> Iterator[tuple[Knowledge, None]]:
    """Yield a copy of a graph with further facts in the graphs to which `_supposing` adds them.

    The copy computes its inference at first use.
    """
    malformed = dict.fromkeys(fact for fact in facts if _is_malformed(fact))
    made = extended(graph, (fact for fact in facts if fact not in malformed))
    submitted = in_graph(absent(facts, graph.quad_store, INFERRED), SUBMITTED)
    made.quad_store.bulk_extend(submitted)
    if malformed:
        made.inference  # noqa: B018  It would raise an error at these facts.
        made.quad_store.extend(in_graph(malformed, STATED))
    yield made, None


def _is_malformed(fact: Statement) -> bool:
    """Return whether a fact is a date or an amount whose bounds cannot be calculated."""
    if fact[1] not in CALCULATED:
        return False
    try:
        list(own_bounds(next(in_graph([fact], STATED))))
    except InputError:
        return True
    return False


def _touched(facts: Iterable[Statement]) -> dict[str, set[NamedNode]]:
    """Return the subjects of facts by property, including the calculated properties."""
    touched: dict[str, set[NamedNode]] = {}
    for subject, predicate, _ in facts:
        if isinstance(subject, NamedNode) and isinstance(predicate, NamedNode):
            for name in (predicate, *CALCULATED.get(predicate, ())):
                touched.setdefault(name.value, set()).add(subject)
    return touched


def _is_smaller(store: Store, number: int) -> bool:
    """Return whether the number of facts in files is large and a store has fewer stated facts.

    For few facts, copying the graph and its ontology takes longer than adding and removing them.
    """
    return number > _FEW and sum(1 for _ in islice(_quads(store, STATED), number)) < number


def _known_violations(graph: Knowledge, violations: list[Violation]) -> set[tuple[object, ...]]:
    """Return the keys of violations that the graph already has without the files."""
    blamed = named(violation.focus for violation in violations)
    focus = {node for node in blamed if any(_quads(graph.quad_store, STATED, node))}
    if not focus:
        return set()
    broken = {violation.rule for violation in violations if violation.rule}
    examination = shapes_of(graph.quad_store).examine(graph.quad_store, focus, only=broken)
    return {violation.key for violation in examination.violations}


def _quads(store: Store, name: str, subject: NamedNode | None = None) -> Iterator[Quad]:
    return store.quads_for_pattern(subject, None, None, NamedNode(name))
