"""Mistakes whose repair is certain, repaired in the files, and nothing else in them changed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from relations_kg.answers.knowledge import Knowledge
from relations_kg.errors import InputError
from relations_kg.export.files import write
from relations_kg.reader.files import BYTE_ORDER_MARK, Source, content_of, name_of
from relations_kg.reader.places import Lines
from relations_kg.validation.checking import validate
from relations_kg.validation.findings import Finding, Fix
from relations_kg.validation.reports import Report

# What a repair brings to light is repaired too, but not for ever.
_ROUNDS = 20
_NO_END = "\n\\ No newline at end of file\n"


class Fixed(NamedTuple):
    """Hold a file as it was and as it is once repaired, without a byte order mark."""

    file: Source
    before: bytes
    after: bytes

    @property
    def diff(self) -> str:
        """The difference, in the unified format."""
        from difflib import unified_diff

        name = name_of(self.file)
        before, after = (
            re.findall(r"[^\n]*\n|[^\n]+", content.decode(errors="replace"))
            for content in (self.before, self.after)
        )
        lines = unified_diff(before, after, name, name)
        return "".join(line if line.endswith("\n") else f"{line}{_NO_END}" for line in lines)

    def write(self) -> None:
        """Write the file, whole or not at all; nothing but what was repaired has changed."""
        with open(self.file, "rb") as file:
            mark = file.read(3) == BYTE_ORDER_MARK
        write(self.file, BYTE_ORDER_MARK * mark + self.after)


def fixed(
    graph: Knowledge, files: Sequence[Source], *, allow_changes: bool = False
) -> tuple[list[Fixed], Report]:
    """Repair what is certain in texts; return those that changed and what is left to say of all.

    Nothing is written. Standard input is left alone.
    """
    contents = {file: content for file in files if (content := _content(file)) is not None}
    now = {file: content_of(file) for file in files if _is_standard_input(file)}
    now |= contents
    report = validate(graph, files, now, allow_changes=allow_changes)
    for _ in range(_ROUNDS):
        changed = False
        for file in contents:
            fixes = list(_fixes(report.findings, name_of(file)))
            after = _applied(now[file], fixes)
            changed = changed or after != now[file]
            now[file] = after
        if not changed:
            break
        report = validate(graph, files, now, allow_changes=allow_changes)
    result = [Fixed(file, before, now[file]) for file, before in contents.items()]
    return [each for each in result if each.before != each.after], report


def _content(file: Source) -> bytes | None:
    """Return what a file holds; None for what cannot be read, of which validation tells."""
    if _is_standard_input(file):
        return None
    try:
        content = content_of(file)
        content.decode()
    except (InputError, UnicodeDecodeError):
        return None
    return content


def _is_standard_input(file: Source) -> bool:
    return name_of(file) == "standard input"


def _fixes(findings: Iterable[Finding], name: str) -> Iterator[Fix]:
    """Yield the fixes for a file; a prefix comes first, as it changes what all else means."""
    here = [each for each in findings if each.file == name]
    prefixes = [each for each in here if each.code == "wrong-prefix"]
    for finding in prefixes or here:
        if finding.fix is not None:
            yield finding.fix


def _applied(content: bytes, fixes: Iterable[Fix]) -> bytes:
    """Put in the texts of fixes; of two that touch each other, the first one only."""
    text = content.decode()
    lines = Lines(text)
    parts: list[str] = []
    end = 0
    for fix in sorted(dict.fromkeys(fixes), key=lambda fix: fix.place):
        start = lines.offset(fix.place.line, fix.place.column)
        if start < end or (start == end and parts):
            continue
        parts += text[end:start], fix.text
        end = lines.offset(fix.place.end_line, fix.place.end_column)
    return "".join((*parts, text[end:])).encode()
