"""Repairs of files, by fixes that are certain."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import unified_diff

from relations_kg.answers.knowledge import Knowledge
from relations_kg.errors import InputError
from relations_kg.export.files import write
from relations_kg.reader.files import BYTE_ORDER_MARK, Source, content_of, name_of
from relations_kg.reader.places import Lines
from relations_kg.validation.checking import validate
from relations_kg.validation.findings import Finding, Fix, Report
from relations_kg.validation.rules import ALL, Rules

# The maximum number of rounds of repairs; a repair can reveal further mistakes.
_ROUNDS = 20
_NO_END = "\n\\ No newline at end of file\n"


@dataclass(frozen=True)
class Fixed:
    """A file before and after its repair, without a byte order mark."""

    file: Source
    before: bytes
    after: bytes

    @property
    def diff(self) -> str:
        """The changes as a unified diff."""
        name = name_of(self.file)
        before, after = (
            re.findall(r"[^\n]*\n|[^\n]+", content.decode(errors="replace"))
            for content in (self.before, self.after)
        )
        lines = unified_diff(before, after, name, name)
        return "".join(line if line.endswith("\n") else f"{line}{_NO_END}" for line in lines)

    def write(self) -> None:
        """Replace the file atomically, and keep its byte order mark."""
        with open(self.file, "rb") as file:
            mark = file.read(3) == BYTE_ORDER_MARK
        write(self.file, BYTE_ORDER_MARK * mark + self.after)


def fixed(
    graph: Knowledge, files: Sequence[Source], *, allow_changes: bool = False, rules: Rules = ALL
) -> tuple[list[Fixed], Report]:
    """Return the repaired files, and the findings on all files after the repairs.

    Nothing is written to disk. Standard input is not repaired, nor are findings outside `rules`.
    Raises InputError for a packed file, and if no file can be read.
    """
    for packed in (file for file in files if name_of(file).lower().endswith(".gz")):
        help = "unpack it first"
        raise InputError("a packed file cannot be repaired", where=name_of(packed), help=help)
    contents = {file: content for file in files if (content := _content(file)) is not None}
    now = {file: content_of(file) for file in files if _is_standard_input(file)}
    now |= contents
    report = validate(graph, files, now, allow_changes=allow_changes, rules=rules)
    for _ in range(_ROUNDS):
        changed = False
        for file in contents:
            fixes = list(_fixes(report.findings, name_of(file)))
            after = _applied(now[file], fixes)
            changed = changed or after != now[file]
            now[file] = after
        if not changed:
            break
        report = validate(graph, files, now, allow_changes=allow_changes, rules=rules)
    result = [Fixed(file, before, now[file]) for file, before in contents.items()]
    return [each for each in result if each.before != each.after], report


def _content(file: Source) -> bytes | None:
    """Return the content of a file, or None for standard input and for an unreadable file."""
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
    """Yield the fixes for a file.

    If a prefix is wrong, yield only fixes of prefixes, since they affect other names.
    """
    here = [each for each in findings if each.file == name]
    prefixes = [each for each in here if each.code == "wrong-prefix"]
    for finding in prefixes or here:
        if finding.fix is not None:
            yield finding.fix


def _applied(content: bytes, fixes: Iterable[Fix]) -> bytes:
    """Return a content with fixes applied; of two that overlap or touch, only the first."""
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
