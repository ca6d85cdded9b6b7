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
from relations_kg.validation.findings import Finding, Fix, Report
from relations_kg.validation.reports.json import dumped

_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
_LEVELS = {"error": "error", "warning": "warning", "info": "note"}
_ROOT = "%SRCROOT%"
_MISTAKES = "docs/mistakes.md of relations-kg"
_LONGEST = 1000  # the maximum length of a quoted line, in characters

Json = dict[str, Any]


def write(report: Report) -> str:
    """Return a log of one run as a JSON document."""
    return dumped(log(report))


def log(report: Report) -> Json:
    """Return a log of one run, ready to be written as JSON.

    >>> run = log(Report((Finding("info", "date", "it is late", file="a.ttl"),)))["runs"][0]
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
    texts = [kind.omitted(number) for kind, number in report.omitted]
    texts += filter(None, [report.ignored_text])
    notes = [{"level": "note", "message": _message(text)} for text in texts]
    run: Json = {
        "tool": {"driver": driver},
        "invocations": [_given(executionSuccessful=True, toolExecutionNotifications=notes)],
        "originalUriBaseIds": {
            _ROOT: {"description": _message("The folder that file names are relative to")}
        },
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
    mistake = f'The mistake "{finding.code}" found by {finding.shape or "validation"}'
    prefix, _, _ = (finding.shape or "").partition(":")
    parts = [part[0].upper() + part[1:] for part in re.findall(r"\w+", name)]
    return {
        "id": name,
        "name": "".join((*parts, "Mistake")),  # the name must differ from the id in more than case
        "shortDescription": _message(mistake),
        "fullDescription": _message(f"{mistake}. {_MISTAKES} explains it"),
        "help": _message(f'See "{finding.code}" in {_MISTAKES}'),
        "helpUri": expand(finding.shape) if finding.shape and prefix in PREFIXES else BASE,
        "defaultConfiguration": {"level": _LEVELS[finding.severity]},
    }


def _artifact(file: str) -> Json:
    format = RdfFormat.from_extension(os.path.splitext(file)[1].lower().removeprefix("."))
    return _given(
        location=_artifact_location(file),
        roles=["analysisTarget"],
        encoding="UTF-8",
        mimeType=format and format.media_type,
    )


def _result(finding: Finding, rule: int, files: Sequence[str]) -> Json:
    help = finding.remedy
    # The help is in brackets, so that a full stop ends the text even after a question mark.
    text = f"{finding.message} ({help.removesuffix('.')})" if help else finding.message
    # The fingerprint consists of parts of a finding that do not change when lines move.
    lasting = (finding.code, finding.shape or "", finding.focus or "", finding.message)
    fingerprint = sha256("\0".join(lasting).encode(errors="surrogatepass")).hexdigest()
    location = _location(finding, files)
    return _given(
        ruleId=_rule_id(finding),
        ruleIndex=rule,
        level=_LEVELS[finding.severity],
        message=_message(text),
        partialFingerprints={"mistake/v1": fingerprint},
        locations=location and [location],
        relatedLocations=[
            {
                "id": number,
                "physicalLocation": {
                    "artifactLocation": _artifact_location(related.place.file),
                    "region": _region(*related.place[1:]),
                },
                "message": _message(related.message),
            }
            for number, related in enumerate(finding.related, start=1)
        ],
        fixes=finding.fix and [_fix(finding.fix)],
    )


def _location(finding: Finding, files: Sequence[str]) -> Json:
    # Code scanning rejects a result without a file and a line. The default is the first line, and
    # the first file.
    file = finding.file or next(iter(files), None)
    logical: list[Json] = []
    if finding.focus:
        name = shorten(finding.focus)
        logical.append({"fullyQualifiedName": finding.focus, "name": name, "kind": "resource"})
    if finding.pointer:
        logical.append({"fullyQualifiedName": finding.pointer, "kind": "value"})
    return _given(physicalLocation=file and _physical(finding, file), logicalLocations=logical)


def _physical(finding: Finding, file: str) -> Json:
    line, column, end = finding.line, finding.column, finding.end_column
    located = finding.file is not None and line is not None
    region = _region(line, column, finding.end_line, end) if located else _region(1, 1, 1, 1)
    physical: Json = {"artifactLocation": _artifact_location(file), "region": region}
    text = finding.excerpt
    if not located or not text or len(text) > _LONGEST or finding.end_line not in (line, None):
        return physical
    part = text if column is None or end is None else text[column - 1 : end - 1]
    if part:
        region["snippet"] = {"text": part}
    if part != text:
        physical["contextRegion"] = {"startLine": line, "snippet": {"text": text}}
    return physical


def _region(line: int | None, column: int | None, end_line: int | None, end: int | None) -> Json:
    return _given(startLine=line, startColumn=column, endLine=end_line, endColumn=end)


def _fix(fix: Fix) -> Json:
    replacement = _given(
        deletedRegion=_region(*fix.place[1:]), insertedContent=fix.text and {"text": fix.text}
    )
    location = _artifact_location(fix.place.file)
    change = {"artifactLocation": location, "replacements": [replacement]}
    action = f'Write "{fix.text}"' if fix.text else "Leave it out"
    return {"description": _message(action), "artifactChanges": [change]}


def _artifact_location(file: str) -> Json:
    path = quote(file.replace(os.sep, "/"), errors="surrogatepass")
    if os.path.isabs(file):
        return {"uri": f"file:///{path.removeprefix('/')}"}
    return {"uri": path.removeprefix("./"), "uriBaseId": _ROOT}


def _message(text: str) -> Json:
    return {"text": printable(text).strip().removesuffix(".") + "."}


def _given(**properties: Any) -> Json:
    """Return a JSON object without properties that are None."""
    return {name: each for name, each in properties.items() if each or each == 0}
