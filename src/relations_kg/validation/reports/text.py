"""A report as human-readable text: each finding with its line of the file, and a summary."""

from __future__ import annotations

from relations_kg.rdf.namespaces import shorten
from relations_kg.rdf.spelling import counted
from relations_kg.validation.findings import Finding, Kind, Report, one_line

_NAMED = 5  # the maximum number of unchecked things to name
# If a kind has this many findings and some are omitted, only the first is shown in full.
_MANY = 100


def write(report: Report, *, colour: bool = False) -> str:
    """Return a report as text; the number of omitted findings of a kind follows its last finding.

    If a kind has many findings and some are omitted, only the first is shown in full, with the
    places of the next findings: in a table, the same mistake can occur thousands of times.
    """
    omitted = dict(report.omitted)
    shown: dict[Kind, list[Finding]] = {}
    for finding in report.findings:
        shown.setdefault(finding.kind, []).append(finding)
    grouped = {kind for kind in omitted if omitted[kind] + len(shown.get(kind, ())) >= _MANY}
    lines: list[str] = []
    for finding in report.findings:
        kind = finding.kind
        first, *others = shown[kind]
        if kind in grouped and finding is not first:
            continue
        lines.append(finding.text(colour=colour))
        if kind in grouped and others:
            lines.append(one_line(f"    = also: {', '.join(each.where for each in others)}"))
        if kind in omitted and (kind in grouped or finding is shown[kind][-1]):
            lines.append(kind.omitted(omitted.pop(kind)))
    lines += [kind.omitted(number) for kind, number in omitted.items()]
    lines += filter(None, [report.ignored_text])
    return "".join(f"{line}\n" for line in (*lines, summary(report)))


def summary(report: Report) -> str:
    """Return a line that counts the findings, the facts, and the checked and unchecked things.

    >>> print(summary(Report((), facts=4, checked=1, shapes=2)))
    the graph: no errors in 4 facts; checked 1 thing against 2 shapes
    """
    where = {0: "the graph", 1: "".join(report.files)}.get(len(report.files), "all files")
    found = ["no errors" if report.conforms else counted(report.count("error"), "error")]
    if warnings := report.count("warning"):
        found.append(counted(warnings, "warning"))
    line = f"{where}: {', '.join(found)} in {counted(report.facts, 'fact')}; "
    if report.checked:
        things, shapes = counted(report.checked, "thing"), counted(report.shapes, "shape")
        line += f"checked {things} against {shapes}" if report.shapes else f"checked {things}"
    else:
        line += "nothing was checked"
    if report.unchecked:
        names = ", ".join(shorten(iri) for iri in report.unchecked[:_NAMED])
        line += f", {counted(len(report.unchecked), 'thing')} had no shape: {names}"
        if len(report.unchecked) > _NAMED:
            line += f" and {len(report.unchecked) - _NAMED} more"
    return one_line(line)
