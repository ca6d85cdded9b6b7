"""A report as JSON for programs, with the schema in docs/report.schema.json."""

from __future__ import annotations

import json
import re
from dataclasses import fields, is_dataclass
from typing import Any

from relations_kg.validation.findings import Report

_NOT_PLAIN = re.compile(r"[^\n -~]")


def write(report: Report) -> str:
    """Return a report as a JSON document."""
    return dumped(
        {
            "version": 1,
            "conforms": report.conforms,
            "files": report.files,
            "facts": report.facts,
            "checked": report.checked,
            "shapes": report.shapes,
            "unchecked": report.unchecked,
            "findings": [_plain(finding) for finding in report.findings],
            "omitted": [{**_plain(kind), "count": number} for kind, number in report.omitted],
            "ignored": [{**_plain(kind), "count": number} for kind, number in report.ignored],
        }
    )


def dumped(content: Any) -> str:
    """Return indented JSON in which only unprintable characters are escaped."""
    text = json.dumps(content, ensure_ascii=False, indent=2)
    return _NOT_PLAIN.sub(_escaped, text) + "\n"


def _escaped(match: re.Match[str]) -> str:
    return match[0] if match[0].isprintable() else json.dumps(match[0])[1:-1]


def _plain(value: Any) -> Any:
    """Return records as dictionaries, at any depth."""
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if hasattr(value, "_asdict"):
        return {name: _plain(part) for name, part in value._asdict().items()}
    return [_plain(part) for part in value] if isinstance(value, tuple) else value
