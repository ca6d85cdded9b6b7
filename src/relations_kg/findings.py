"""What validation found: each mistake with its place, and the verdict on all of them."""

from __future__ import annotations

from html import escape
from typing import NamedTuple

SEVERITIES = ("error", "warning", "info")


class Finding(NamedTuple):
    """Say what is wrong, where, by which rule, and what would be right.

    `severity` is error, warning or info. `code` is the kind of mistake: a constraint of SHACL
    such as `class` or `min-count`, the name of a rule such as `before-start`, or `syntax`.
    `shape` is the CURIE of the rule, `focus` the IRI of the thing that broke it. What is not
    known is None.

    >>> print(Finding("error", "date", "there is no such day", file="facts.ttl", line=3))
    error[date]: there is no such day
      --> facts.ttl:3
    """

    severity: str
    code: str
    message: str
    shape: str | None = None
    focus: str | None = None
    file: str | None = None
    line: int | None = None
    column: int | None = None
    help: str | None = None

    def __str__(self) -> str:
        lines = [f"{self.severity}[{self.code}]: {self.message}"]
        if self.file:
            place = (self.file, self.line, self.column)
            lines.append("  --> " + ":".join(str(part) for part in place if part is not None))
        if self.shape:
            lines.append(f"    = rule: {self.shape.removeprefix('rkg:')}")
        if self.help:
            lines.append(f"    = help: {self.help}")
        return "\n".join(lines)


class Report(NamedTuple):
    """Hold the findings in a stable order, and how much they are drawn from.

    `files` are those that were checked, none for the graph itself; `facts` counts their triples,
    `checked` the things that met a shape and `shapes` the shapes that they met; `unchecked`
    lists the things that met none.

    >>> print(Report((), files=("facts.ttl",), facts=4, checked=1, shapes=2), end="")
    facts.ttl: no errors in 4 facts; checked 1 thing against 2 shapes
    """

    findings: tuple[Finding, ...]
    files: tuple[str, ...] = ()
    facts: int = 0
    checked: int = 0
    shapes: int = 0
    unchecked: tuple[str, ...] = ()

    @property
    def conforms(self) -> bool:
        """Whether there is no error; warnings do not count."""
        return not self._count("error")

    def __str__(self) -> str:
        return "".join(f"{part}\n" for part in (*self.findings, self._summary()))

    def _repr_html_(self) -> str:
        return f"<pre>{escape(str(self))}</pre>"

    def _summary(self) -> str:
        where = {0: "the graph", 1: "".join(self.files)}.get(len(self.files), "all files")
        found = [_counted(self._count("error"), "error") if not self.conforms else "no errors"]
        if warnings := self._count("warning"):
            found.append(_counted(warnings, "warning"))
        checked = (
            f"checked {_counted(self.checked, 'thing')} against {_counted(self.shapes, 'shape')}"
            if self.checked
            else "nothing was checked"
        )
        summary = f"{where}: {', '.join(found)} in {_counted(self.facts, 'fact')}; {checked}"
        if self.unchecked:
            summary += f", {_counted(len(self.unchecked), 'thing')} met no shape"
        return summary

    def _count(self, severity: str) -> int:
        return sum(1 for finding in self.findings if finding.severity == severity)


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
