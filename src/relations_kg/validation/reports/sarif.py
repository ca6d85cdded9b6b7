"""A report as a SARIF 2.1.0 log, the input of GitHub's code scanning."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from hashlib import sha256
from importlib.metadata import version
from typing import Any
from urllib.parse import quote

from pyoxigraph import RdfFormat

from relations_kg.rdf.namespaces import BASE, PREFIXES, expand, shorten
from relations_kg.rdf.terms import printable
from relations_kg.reader.places import Place
from relations_kg.validation.findings import Finding, Findings, Fix
from relations_kg.validation.reports.json import dumped

_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
_LEVELS = {"error": "error", "warning": "warning", "info": "note"}
_ROOT = "%SRCROOT%"
_MISTAKES = "docs/mistakes.md of relations-kg"
_LONGEST = 1000  # the maximum length of a quoted line, in characters

Json = dict[str, Any]


def write(report: Findings) -> str:
    """Return a log of one run as a JSON document."""
    return dumped(log(report))


def log(report: Findings) -> Json:
    """Return a log of one run, ready to be written as JSON.

    >>> run = log(Findings((Finding("info", "date", "it is late", file="a.ttl"),)))["runs"][0]
    >>> run["results"][0]["message"]
    {'text': 'it is late.'}
    """
    rules = {_rule_id(finding): finding for finding in reversed(report.findings)}
    order = {name: index for index, name in enumerate(sorted(rules))}
    driver = {
        "name": "relations-kg",
        "version": version("relations-kg"),
        "informationUri": BASE,
        "rules": [_rule(name, rules[name]) for name in order],
    }
    run: Json = {
        "tool": {"driver": driver},
        "invocations": [_invocation(report)],
        "originalUriBaseIds": {_ROOT: {"description": _message("What file names start from")}},
        "columnKind": "unicodeCodePoints",
        "artifacts": [_artifact(file) for file in dict.fromkeys(report.files)],
        "results": [
            _result(finding, order[_rule_id(finding)], report.files) for finding in report.findings
        ],
    }
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule_id(finding: Finding) -> str:
    return printable("/".join(filter(None, (finding.code, finding.kind.rule))))


def _rule(name: str, finding: Finding) -> Json:
    mistake = f'The mistake "{finding.code}" in what {finding.shape or "validation"} checks'
    prefix, _, _ = (finding.shape or "").partition(":")
    parts = [part[0].upper() + part[1:] for part in re.findall(r"\w+", name)]
    return {
        "id": name,
        "name": "".join((*parts, "Mistake")),  # must differ from the id in more than case
        "shortDescription": _message(mistake),
        "fullDescription": _message(f"{mistake}. What is underlined, and why: see {_MISTAKES}"),
        "help": _message(f'See "{finding.code}" in {_MISTAKES}'),
        "helpUri": expand(finding.shape) if finding.shape and prefix in PREFIXES else BASE,
        "defaultConfiguration": {"level": _LEVELS[finding.severity]},
    }


def _invocation(report: Findings) -> Json:
    notes = [
        {"level": "note", "message": _message(kind.omitted(number))}
        for kind, number in report.omitted
    ]
    invocation: Json = {"executionSuccessful": True}
    return {**invocation, "toolExecutionNotifications": notes} if notes else invocation


def _artifact(file: str) -> Json:
    artifact: Json = {
        "location": _artifact_location(file),
        "roles": ["analysisTarget"],
        "encoding": "UTF-8",
    }
    if format := RdfFormat.from_extension(os.path.splitext(file)[1].lower().removeprefix(".")):
        artifact["mimeType"] = format.media_type
    return artifact


def _result(finding: Finding, rule: int, files: Sequence[str]) -> Json:
    help = finding.remedy
    # The help is in brackets, so that a full stop ends the text even after a question mark.
    text = f"{finding.message} ({help.removesuffix('.')})" if help else finding.message
    result: Json = {
        "ruleId": _rule_id(finding),
        "ruleIndex": rule,
        "level": _LEVELS[finding.severity],
        "message": _message(text),
        "partialFingerprints": {"mistake/v1": _fingerprint(finding)},
    }
    if location := _location(finding, files):
        result["locations"] = [location]
    if finding.related:
        result["relatedLocations"] = [
            {
                "id": number,
                "physicalLocation": {
                    "artifactLocation": _artifact_location(related.place.file),
                    "region": _region_of(related.place),
                },
                "message": _message(related.message),
            }
            for number, related in enumerate(finding.related, start=1)
        ]
    if finding.fix:
        result["fixes"] = [_fix(finding.fix)]
    return result


def _fingerprint(finding: Finding) -> str:
    """Return a hash of the parts of a finding that do not change when lines move."""
    parts = (finding.code, finding.shape or "", finding.focus or "", finding.message)
    return sha256("\0".join(parts).encode(errors="surrogatepass")).hexdigest()


def _location(finding: Finding, files: Sequence[str]) -> Json:
    location: Json = {}
    # Code scanning rejects a result without a file and a line. A finding without a line is placed
    # on the first line of its file, and one without a file in the first file.
    if file := finding.file or next(iter(files), None):
        location["physicalLocation"] = _physical(finding, file)
    logical = []
    if finding.focus:
        name = shorten(finding.focus)
        logical.append({"fullyQualifiedName": finding.focus, "name": name, "kind": "resource"})
    if finding.pointer:
        logical.append({"fullyQualifiedName": finding.pointer, "kind": "value"})
    if logical:
        location["logicalLocations"] = logical
    return location


def _physical(finding: Finding, file: str) -> Json:
    physical: Json = {"artifactLocation": _artifact_location(file)}
    line, column, end = finding.line, finding.column, finding.end_column
    if finding.file is None or line is None:
        return {**physical, "region": _region(1, 1, 1, 1)}
    region = physical["region"] = _region(line, column, finding.end_line, end)
    text = finding.excerpt
    if text is None or len(text) > _LONGEST or finding.end_line not in (line, None):
        return physical
    part = text if column is None or end is None else text[column - 1 : end - 1]
    if part:
        region["snippet"] = {"text": part}
    if part != text:
        physical["contextRegion"] = {"startLine": line, "snippet": {"text": text}}
    return physical


def _region_of(place: Place) -> Json:
    return _region(place.line, place.column, place.end_line, place.end_column)


def _region(line: int, column: int | None, end_line: int | None, end_column: int | None) -> Json:
    region = {
        "startLine": line,
        "startColumn": column,
        "endLine": end_line,
        "endColumn": end_column,
    }
    return {name: number for name, number in region.items() if number is not None}


def _fix(fix: Fix) -> Json:
    replacement: Json = {"deletedRegion": _region_of(fix.place)}
    if fix.text:
        replacement["insertedContent"] = {"text": fix.text}
    change = {
        "artifactLocation": _artifact_location(fix.place.file),
        "replacements": [replacement],
    }
    action = f'Write "{fix.text}"' if fix.text else "Leave it out"
    return {"description": _message(action), "artifactChanges": [change]}


def _artifact_location(file: str) -> Json:
    path = quote(file.replace(os.sep, "/"), errors="surrogatepass")
    if os.path.isabs(file):
        return {"uri": f"file:///{path.removeprefix('/')}"}
    return {"uri": path.removeprefix("./"), "uriBaseId": _ROOT}


def _message(text: str) -> Json:
    return {"text": printable(text).strip().removesuffix(".") + "."}
