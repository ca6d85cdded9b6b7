"""The views of a report: text for people, and the formats that other programs read."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from relations_kg.errors import InputError
from relations_kg.rdf.namespaces import shorten
from relations_kg.rdf.terms import printable

if TYPE_CHECKING:
    from relations_kg.validation.findings import Finding, Report

FORMATS = ("text", "concise", "json", "github", "sarif", "junit", "turtle")

_NAMED = 5  # how many of the things that met no shape are named
_STYLES = {"error": "1;31", "warning": "1;33", "info": "1;36", "message": "1", "gutter": "1;34"}
_COMMANDS = {"error": "error", "warning": "warning", "info": "notice"}
_GUTTER = 2  # the least width of line numbers, so that most findings are indented alike
_NOT_PLAIN = re.compile(r"[^\n -~]")


def serialize(report: Report, format: str, *, colour: bool = False) -> str:
    """Write a report in one of FORMATS; raise InputError for another.

    `colour` is for text on a terminal.

    >>> from relations_kg.validation.findings import Finding, Report
    >>> report = Report((Finding("error", "date", "no such day", file="facts.ttl", line=3),))
    >>> serialize(report, "concise")
    'facts.ttl:3: error[date] no such day\\n'
    """
    match format:
        case "text":
            return _text(report, colour)
        case "concise":
            return _concise(report)
        case "json":
            return _dumped(_plain_report(report))
        case "github":
            return _github(report)
        case "sarif":
            from relations_kg.validation.sarif import sarif

            return _dumped(sarif(report))
        case "junit":
            from relations_kg.validation.junit import junit

            return junit(report)
        case "turtle":
            from relations_kg.validation.shacl import turtle

            return turtle(report)
    raise InputError(f"unknown format {format!r}", help=f"use one of {', '.join(FORMATS)}")


def finding_text(finding: Finding, *, colour: bool = False) -> str:
    """Write a finding for people: what is wrong, where, by which rule, what would be right.

    >>> from relations_kg.validation.findings import Finding
    >>> place = ("facts.ttl", 3, 10, 3, 14)
    >>> finding = Finding("error", "date", "no", None, None, *place, excerpt="rkg:when 1874")
    >>> print(finding_text(finding))
    error[date]: no
      --> facts.ttl:3:10
        |
      3 | rkg:when 1874
        |          ^^^^
    """
    head = _styled(_line(f"{finding.severity}[{finding.code}]"), finding.severity, colour)
    lines = [head + _styled(_line(f": {finding.message}"), "message", colour)]
    shown = finding.excerpt is not None and finding.line is not None
    width = max(_GUTTER, len(str(finding.line))) if shown else _GUTTER
    if finding.file:
        lines.append(" " * width + _styled("-->", "gutter", colour) + _line(f" {finding.where}"))
    if shown:
        lines += _excerpt(finding, width, colour)
    sign = " " * (width + 2) + _styled("=", "gutter", colour)
    return "\n".join((*lines, *(sign + _line(f" {note}") for note in _notes(finding))))


def summary(report: Report) -> str:
    """Say in a line what was found, in how much, and what was not checked.

    >>> from relations_kg.validation.findings import Report
    >>> print(summary(Report((), facts=4, checked=1, shapes=2)))
    the graph: no errors in 4 facts; checked 1 thing against 2 shapes
    """
    where = {0: "the graph", 1: "".join(report.files)}.get(len(report.files), "all files")
    found = ["no errors" if report.conforms else _counted(report.count("error"), "error")]
    if warnings := report.count("warning"):
        found.append(_counted(warnings, "warning"))
    line = f"{where}: {', '.join(found)} in {_counted(report.facts, 'fact')}; "
    if report.checked:
        things, shapes = _counted(report.checked, "thing"), _counted(report.shapes, "shape")
        line += f"checked {things} against {shapes}" if report.shapes else f"checked {things}"
    else:
        line += "nothing was checked"
    if report.unchecked:
        names = ", ".join(shorten(iri) for iri in report.unchecked[:_NAMED])
        line += f", {_counted(len(report.unchecked), 'thing')} met no shape: {names}"
        if len(report.unchecked) > _NAMED:
            line += f" and {len(report.unchecked) - _NAMED} more"
    return _line(line)


def concise_line(finding: Finding) -> str:
    """Write a finding on one line, as compilers do.

    >>> from relations_kg.validation.findings import Finding
    >>> concise_line(Finding("warning", "empty", "there are no facts in it", file="facts.ttl"))
    'facts.ttl: warning[empty] there are no facts in it'
    """
    where = f"{finding.where}: " if finding.file else ""
    return _line(f"{where}{finding.severity}[{finding.code}] {finding.message}")


def more(kind: tuple[str, str, str | None], number: int) -> str:
    """Say how many findings of a kind are left out.

    >>> more(("error", "class", "rkg:MissionShape-sendingParty"), 41)
    '+ 41 more of this kind (error[class], MissionShape-sendingParty)'
    """
    severity, code, shape = kind
    rule = f", {rule_name(shape)}" if shape else ""
    return _line(f"+ {number} more of this kind ({severity}[{code}]{rule})")


def rule_name(shape: str) -> str:
    """Take the prefix of the ontology off the CURIE of a rule.

    >>> rule_name("rkg:MissionShape-sendingParty")
    'MissionShape-sendingParty'
    """
    return shape.removeprefix("rkg:")


def remedy(finding: Finding) -> str | None:
    """Return what would be right: the help, or else the fix in words.

    >>> from relations_kg.validation.findings import Finding, Fix
    >>> from relations_kg.reader.places import Place
    >>> remedy(Finding("error", "syntax", "no end", fix=Fix(Place("a.ttl", 1, 9, 1, 9), ";")))
    'write ";"'
    """
    if finding.help or finding.fix is None:
        return finding.help
    return f'write "{finding.fix.text}"' if finding.fix.text else "leave it out"


def _text(report: Report, colour: bool) -> str:
    last = {finding.kind: index for index, finding in enumerate(report.findings)}
    omitted = dict(report.omitted)
    lines: list[str] = []
    for index, finding in enumerate(report.findings):
        lines.append(finding_text(finding, colour=colour))
        if last[finding.kind] == index and finding.kind in omitted:
            lines.append(more(finding.kind, omitted.pop(finding.kind)))
    lines += [more(kind, number) for kind, number in omitted.items()]
    return "".join(f"{line}\n" for line in (*lines, summary(report)))


def _excerpt(finding: Finding, width: int, colour: bool) -> list[str]:
    from relations_kg.validation.excerpts import underlined

    line = finding.excerpt or ""
    start = (finding.column or 1) - 1
    if (
        finding.end_line is not None
        and finding.line is not None
        and finding.end_line > finding.line
    ):
        end = len(line.rstrip())
    else:
        end = start if finding.end_column is None else finding.end_column - 1
    shown, marks = underlined(line, start, end)
    bar = _styled(" " * (width + 2) + "|", "gutter", colour)
    number = _styled(f" {finding.line:>{width}} |", "gutter", colour)
    lines = [bar, f"{number} {shown}".rstrip()]
    if finding.column is not None:
        indent = len(marks) - len(marks.lstrip())
        lines.append(f"{bar} {marks[:indent]}{_styled(marks[indent:], finding.severity, colour)}")
    return lines


def _notes(finding: Finding) -> list[str]:
    notes = [f"rule: {rule_name(finding.shape)}"] if finding.shape else []
    if help := remedy(finding):
        notes.append(f"help: {help}")
    notes += [f"see: {place}: {message}" for message, place in finding.related]
    return notes + ([f"cause: {finding.follows}"] if finding.follows else [])


def _concise(report: Report) -> str:
    lines = [concise_line(finding) for finding in report.findings]
    if report.omitted:
        lines.append(f"+ {sum(number for _, number in report.omitted)} more")
    return "".join(f"{line}\n" for line in lines)


def _plain_report(report: Report) -> dict[str, Any]:
    """Return what docs/report.schema.json describes."""
    return {
        "version": 1,
        "conforms": report.conforms,
        "files": list(report.files),
        "facts": report.facts,
        "checked": report.checked,
        "shapes": report.shapes,
        "unchecked": list(report.unchecked),
        "findings": [_plain(finding) for finding in report.findings],
        "omitted": [
            {"severity": severity, "code": code, "shape": shape, "count": number}
            for (severity, code, shape), number in report.omitted
        ],
    }


def _plain(value: Any) -> Any:
    """Turn named tuples into dictionaries, however deep, and other tuples into lists."""
    if hasattr(value, "_asdict"):
        return {name: _plain(part) for name, part in value._asdict().items()}
    return [_plain(part) for part in value] if isinstance(value, tuple) else value


def _dumped(content: Any) -> str:
    import json

    # Letters are written as such, and escaped is what a terminal would obey or no encoding has.
    text = json.dumps(content, ensure_ascii=False, indent=2)
    return (
        _NOT_PLAIN.sub(lambda m: m[0] if m[0].isprintable() else json.dumps(m[0])[1:-1], text)
        + "\n"
    )


def _github(report: Report) -> str:
    """Write the workflow commands of GitHub Actions."""
    lines = [_command(finding) for finding in report.findings]
    lines += [f"::notice::{_escaped(more(kind, number))}" for kind, number in report.omitted]
    return "".join(f"{line}\n" for line in lines)


def _command(finding: Finding) -> str:
    title = f"{finding.code} ({rule_name(finding.shape)})" if finding.shape else finding.code
    properties: dict[str, str | int | None] = {
        "file": finding.file or None,
        "line": finding.line,
        "endLine": finding.end_line,
        "col": finding.column,
        "endColumn": finding.end_column,
        "title": title,
    }
    # GitHub takes columns of one line only.
    if finding.end_line != finding.line:
        del properties["col"], properties["endColumn"]
    written = ",".join(
        f"{name}={_escaped(_line(str(value)), ':,')}"
        for name, value in properties.items()
        if value is not None
    )
    message = f"{finding.pointer}: {finding.message}" if finding.pointer else finding.message
    lines = [message, *filter(None, [remedy(finding)])]
    lines += [f"see {place}: {reason}" for reason, place in finding.related]
    lines += [f"cause: {finding.follows}"] if finding.follows else []
    command = _COMMANDS[finding.severity]
    return f"::{command} {written}::{_escaped(chr(10).join(map(_line, lines)))}"


def _escaped(text: str, marks: str = "") -> str:
    for mark in ("%", "\r", "\n", *marks):
        text = text.replace(mark, f"%{ord(mark):02X}")
    return text


def _line(text: str) -> str:
    return printable(text).rstrip()


def _styled(text: str, style: str, colour: bool) -> str:
    return f"\x1b[{_STYLES[style]}m{text}\x1b[0m" if colour else text


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
