"""Files of facts checked together with what is known."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import chain
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode, Quad, Store, parse

from relations_kg import dates, reading
from relations_kg.errors import InputError
from relations_kg.findings import SEVERITIES, Finding, Report
from relations_kg.graph import Graph, Source
from relations_kg.inference import own_dates
from relations_kg.namespaces import (
    DATES,
    INFERRED,
    ONTOLOGY,
    RKG,
    STATED,
    shorten,
)
from relations_kg.shapes import Examination, Violation, bundled, with_hierarchy
from relations_kg.terms import EngineTerm, Statement, Term, in_graph, statements
from relations_kg.wording import Wording

__all__ = ["Finding", "Report", "validate"]

_DATED = (RKG + "when", RKG + "speaksFrom")
_NO_DATE = "{path} of {this} is {value}, which is no date"


class Submission(NamedTuple):
    """Hold what one file states, and what is wrong with it before any shape is asked."""

    name: str
    facts: Sequence[Statement] = ()
    findings: Sequence[Finding] = ()

    @classmethod
    def read(cls, source: Source) -> Submission:
        """Read a file; raise InputError for what cannot be read, find what is wrong in the rest.

        >>> Submission.read("tests/facts/bad/syntax.ttl").findings[0].line
        8
        """
        name = reading.name_of(source)
        content, format = reading.content_of(source), reading.format_of(source)
        try:
            quads = list(parse(content, format, rename_blank_nodes=True))
        except SyntaxError as error:
            message = error.msg.partition(": ")[2] or error.msg
            place = (None, None, name, error.lineno, error.offset)
            return cls(name, findings=[Finding("error", "syntax", message, *place)])
        if not quads:
            finding = Finding("warning", "empty", "there are no facts in it", file=name)
            return cls(name, findings=[finding])
        # What is refused meets no shape and changes no hierarchy.
        admitted: list[Quad] = []
        refused: dict[Finding, None] = {}
        for quad in quads:
            if reason := reading.refusal(quad):
                refused[Finding("error", *reason, focus=_iri(quad.subject), file=name)] = None
            else:
                admitted.append(quad)
        return cls(name, list(statements(admitted)), list(refused))


def validate(graph: Graph, files: Sequence[Source] = ()) -> Report:
    """Check files of facts together with a graph, or the graph alone if there are none.

    What is wrong with the graph already is not held against the files. Raises InputError for a
    file that cannot be read; where another can, it is a finding.

    >>> import relations_kg as rk
    >>> validate(rk.load()).conforms
    True
    """
    submissions = _submissions(files)
    if files:
        facts = [fact for submission in submissions for fact in submission.facts]
    else:
        facts = list(statements(_quads(graph, STATED)))
    focus = {subject for subject, _, _ in facts if isinstance(subject, NamedNode)}
    store, examination = examine(graph, facts, focus)
    violations = examination.violations
    if files:
        violations = _new(graph, violations)
    wording = Wording(store)
    places = _places(submissions)
    findings = [finding for submission in submissions for finding in submission.findings]
    findings += dict.fromkeys(_finding(violation, wording, places) for violation in violations)
    names = [submission.name for submission in submissions]
    return Report(
        findings=tuple(sorted(findings, key=lambda finding: _order(finding, names))),
        files=tuple(names),
        facts=len(facts),
        checked=len(focus - examination.unmet),
        shapes=examination.shapes,
        unchecked=tuple(sorted(node.value for node in examination.unmet)),
    )


def _submissions(files: Iterable[Source]) -> list[Submission]:
    submissions: list[Submission] = []
    errors: list[InputError] = []
    for file in files:
        try:
            submissions.append(Submission.read(file))
        except InputError as error:
            errors.append(error)
            name = reading.name_of(file)
            finding = Finding("error", "unreadable", error.message, file=name, help=error.help)
            submissions.append(Submission(name, findings=[finding]))
    if errors and len(errors) == len(submissions):
        raise errors[0]
    return submissions


def examine(
    graph: Graph,
    facts: Iterable[Statement],
    focus: set[NamedNode],
    only: Collection[str] | None = None,
) -> tuple[Store, Examination]:
    """Hold facts together with a graph against the shapes; return the store the shapes saw too.

    `only` names the rules to ask of all nodes; the Core constraints are always asked of the focus.
    """
    facts = [fact for fact in facts if not _restated(graph.store, fact)]
    bounds, undatable = _dated(facts)
    store = with_hierarchy(
        chain(
            *(_quads(graph, name) for name in (STATED, DATES, ONTOLOGY)),
            in_graph(facts, STATED),
            in_graph(bounds, DATES),
        )
    )
    examination = bundled().examine(store, focus, only)
    violations = [*examination.violations, *undatable]
    # A check says nothing where a shape has blamed the same value of the same thing.
    blamed = {(violation.focus, violation.value) for violation in violations if violation.rule}
    judged = [
        v for v in violations if v.rule or v.value is None or (v.focus, v.value) not in blamed
    ]
    return store, examination._replace(violations=judged)


def _quads(graph: Graph, name: str) -> Iterator[Quad]:
    return graph.store.quads_for_pattern(None, None, None, NamedNode(name))


def _restated(store: Store, fact: Statement) -> bool:
    """Tell whether the graph says a fact by itself, as it does of what was exported from it."""
    return any(
        quad in store for graph in (DATES, INFERRED, ONTOLOGY) for quad in in_graph([fact], graph)
    )


def _dated(facts: Iterable[Statement]) -> tuple[list[Statement], list[Violation]]:
    """Calculate the bounds of what is dated, and find the dates that are none."""
    bounds: list[Statement] = []
    violations: list[Violation] = []
    for quad in in_graph(facts, STATED):
        if quad.predicate.value in _DATED:
            try:
                bounds += own_dates(quad)
            except InputError:
                ((subject, _, date),) = statements([quad])
                path = quad.predicate.value
                violations.append(Violation("error", "date", _NO_DATE, subject, date, path=path))
    return bounds, violations


def _new(graph: Graph, violations: list[Violation]) -> list[Violation]:
    """Leave out what is wrong with the graph alone."""
    blamed = {v.focus for v in violations if isinstance(v.focus, NamedNode)}
    focus = blamed.intersection(quad.subject for quad in _quads(graph, STATED))
    if not focus:
        return violations
    broken = {violation.rule or violation.code for violation in violations}
    _, before = examine(graph, (), focus, broken)
    old = {violation.key for violation in before.violations}
    return [violation for violation in violations if violation.key not in old]


def _places(submissions: Iterable[Submission]) -> dict[Term, str]:
    """Map what files speak of to the first that does, the subjects of all before the objects."""
    places: dict[Term, str] = {}
    for role in (0, 2):
        for submission in submissions:
            for fact in submission.facts:
                places.setdefault(fact[role], submission.name)
    return places


def _finding(violation: Violation, wording: Wording, places: dict[Term, str]) -> Finding:
    message, help = wording.sentence(violation)
    return Finding(
        violation.severity,
        violation.code,
        message,
        shorten(violation.rule) if violation.rule else None,
        _iri(violation.focus),
        places.get(violation.focus) or next(iter(places.values()), None),
        help=_remedy(violation) or help,
    )


def _iri(term: EngineTerm) -> str | None:
    return term.value if isinstance(term, NamedNode) else None


def _remedy(violation: Violation) -> str | None:
    """Ask the reader of dates what would be right in place of something that is no date."""
    if violation.path in _DATED and isinstance(violation.value, Literal):
        try:
            dates.parse(violation.value.value)
        except InputError as error:
            return error.help
    return None


def _order(finding: Finding, names: list[str]) -> tuple[int, int, int, str, str, str]:
    return (
        names.index(finding.file) if finding.file in names else -1,
        finding.line or 0,
        SEVERITIES.index(finding.severity),
        finding.focus or "",
        finding.shape or finding.code,
        finding.message,
    )
