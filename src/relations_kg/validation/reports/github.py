"""A report as workflow commands of GitHub Actions, which annotate the files of a pull request."""

from __future__ import annotations

from relations_kg.validation.findings import Finding, Report, one_line

_COMMANDS = {"error": "error", "warning": "warning", "info": "notice"}


def write(report: Report) -> str:
    """Return a command for each finding, and notices that count omitted and ignored findings."""
    lines = [_command(finding) for finding in report.findings]
    lines += [f"::notice::{_escaped(kind.omitted(number))}" for kind, number in report.omitted]
    lines += [f"::notice::{report.ignored_text}"] if report.ignored else []
    return "".join(f"{line}\n" for line in lines)


def _command(finding: Finding) -> str:
    rule = f" ({finding.kind.rule})" if finding.shape else ""
    # GitHub accepts columns only if the mistake is on one line.
    has_columns = finding.end_line == finding.line
    properties = {
        "file": finding.file or None,
        "line": finding.line,
        "endLine": finding.end_line,
        "col": finding.column if has_columns else None,
        "endColumn": finding.end_column if has_columns else None,
        "title": finding.code + rule,
    }
    known = ((name, str(each)) for name, each in properties.items() if each is not None)
    written = ",".join(f"{name}={_escaped(one_line(each), ':,')}" for name, each in known)
    lines = [f"{finding.pointer}: {finding.message}" if finding.pointer else finding.message]
    lines += [finding.remedy] if finding.remedy else []
    lines += [f"see {each.place}: {each.message}" for each in finding.related]
    lines += [f"cause: {finding.follows}"] if finding.follows else []
    text = _escaped("\n".join(map(one_line, lines)))
    return f"::{_COMMANDS[finding.severity]} {written}::{text}"


def _escaped(text: str, marks: str = "") -> str:
    for mark in ("%", "\r", "\n", *marks):
        text = text.replace(mark, f"%{ord(mark):02X}")
    return text
