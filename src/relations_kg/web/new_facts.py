"""New facts on pages, composed by a form or pasted, and validated in a worker."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from starlette.requests import Request

from relations_kg._files import content, folder
from relations_kg.authoring.composed import turtle
from relations_kg.authoring.forms import Form
from relations_kg.authoring.new_things import NewThings
from relations_kg.authoring.wording import of_fields
from relations_kg.graph.graph import Graph
from relations_kg.validation.checking import validate
from relations_kg.validation.findings import Finding, Report
from relations_kg.web import bodies
from relations_kg.web.problems import Problem
from relations_kg.web.site import Site

# The maximum sizes of pasted facts, and of the values in a form, in bytes.
LARGEST, _LARGEST_FORM = 1 << 20, 1 << 16
# The maximum number of findings of each kind that a page shows.
_MOST_FINDINGS = 20
_PASTED = "pasted.ttl"
# The field of the Download button, which is not a parameter.
DOWNLOAD = "download"


@dataclass(frozen=True)
class NewFacts:
    """The facts of a form as Turtle, their new things, and the findings by field.

    `findings` are about the value of a field. If a value has an error, there are no facts, and
    `report` has only the errors that are about no field.
    """

    turtle: str
    new: Sequence[str]
    findings: Mapping[str, Sequence[Finding]]
    report: Report

    @property
    def others(self) -> list[Finding]:
        """The findings that are not about a single field."""
        beside = [finding for found in self.findings.values() for finding in found]
        return [finding for finding in self.report.findings if finding not in beside]


async def values(request: Request, form: Form) -> dict[str, str]:
    """Return the values in a submitted form.

    Raises Problem if they are too long, and QueryError for a name that the form does not have.
    """
    too_large = Problem(
        413, f"more than {_LARGEST_FORM >> 10} KiB of values", "write shorter values"
    )
    given = await bodies.submitted(request, _LARGEST_FORM, too_large)
    form.check_names(name for name in given if name != DOWNLOAD)
    return given


def example() -> str:
    """Return facts with mistakes, as an example for the page that validates pasted facts."""
    return content(folder("web/templates"), "mistakes.ttl").decode()


async def pasted(request: Request) -> str:
    """Return the facts in a submitted form; raise Problem if they are empty or too large."""
    help = "validate them on the command line"
    too_large = Problem(413, f"more than {LARGEST >> 20} MiB of facts", help)
    given = await bodies.uploaded(request, LARGEST, too_large)
    facts = given.get("file", "") or given.get("facts", "")
    if len(facts.encode()) > LARGEST:
        raise too_large
    if not facts.strip():
        raise Problem(400, "there are no facts to check", "paste facts in Turtle, or choose a file")
    return facts


async def report(site: Site, facts: str) -> Report:
    """Return the report on pasted facts, checked together with the graph of a site."""
    return await site.computed(lambda: _report(site.graph, _PASTED, facts.encode()))


async def new_facts(site: Site, form: Form, values: Mapping[str, str]) -> NewFacts:
    """Return the facts for values of fields, validated with the graph of a site."""
    return await site.computed(lambda: _compose(site.graph, form, values))


def _compose(graph: Graph, form: Form, values: Mapping[str, str]) -> NewFacts:
    given = {name: value for name, value in values.items() if name != DOWNLOAD}
    composed = form.compose(given, NewThings(graph.names))
    findings: dict[str, list[Finding]] = {}
    for error in composed.problems:
        finding = Finding("error", "value", error.message, help=error.help)
        findings.setdefault(error.where or "", []).append(finding)
    if not composed.triples:
        return NewFacts("", (), findings, Report(tuple(findings.pop("", ()))))
    name, text = f"{form.name}.ttl", turtle(composed.triples)
    report = _report(graph, name, text)
    worded = [of_fields(form, finding, composed.terms) for finding in report.findings]
    for finding, field in worded:
        terms = (finding.value or "", f"<{finding.focus}>")
        fields = [field] if field else [name for term in terms for name in composed.named(term)]
        if fields:
            findings.setdefault(fields[0], []).append(finding)
    report = replace(report, findings=tuple(finding for finding, _ in worded))
    return NewFacts(text.decode(), tuple(map(str, composed.new)), findings, report)


def _report(graph: Graph, name: str, facts: bytes) -> Report:
    return validate(graph, [name], {name: facts}).limited(_MOST_FINDINGS)
