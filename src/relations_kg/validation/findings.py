"""What validation found: each mistake with its place, and the verdict on all of them."""

from __future__ import annotations

from html import escape
from typing import NamedTuple

from relations_kg.reader.places import Place

SEVERITIES = ("error", "warning", "info")


class Fix(NamedTuple):
    """Say which text at a place repairs a mistake for certain; without width, it is inserted."""

    place: Place
    text: str


class Related(NamedTuple):
    """Say where else to look, and why."""

    message: str
    place: Place


class Finding(NamedTuple):
    """Say what is wrong, where, by which rule, and what would be right.

    `severity` is error, warning or info. `code` is the kind of mistake: a constraint of SHACL
    such as `class` or `min-count`, the name of a rule such as `before-start`, or one of those in
    docs/mistakes.md. `shape` is the CURIE of the rule, `focus` the IRI of the thing that broke it.
    Lines and columns count from one, columns in characters, and `end_column` is that of the
    character after the last; `pointer` is a JSON Pointer, for JSON-LD, which has no lines.
    `excerpt` is the line of the file. `path` is the IRI of the property and `value` the value at
    fault as N-Triples write it, where a rule is about these. `follows` is the place of another
    mistake that this one comes of. What is not known is None.

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
    end_line: int | None = None
    end_column: int | None = None
    pointer: str | None = None
    excerpt: str | None = None
    help: str | None = None
    fix: Fix | None = None
    related: tuple[Related, ...] = ()
    path: str | None = None
    value: str | None = None
    follows: str | None = None

    @property
    def where(self) -> str:
        """The place, as far as it is known: file:line:column, or file and JSON Pointer."""
        place = (self.file, self.line, self.column, self.pointer)
        return ":".join(str(part) for part in place if part not in (None, ""))

    @property
    def extent(self) -> tuple[str | int | None, ...]:
        """The whole of the place: the file, where it begins and ends, and the JSON Pointer."""
        return (
            self.file,
            self.line,
            self.column,
            self.end_line,
            self.end_column,
            self.pointer,
        )

    @property
    def kind(self) -> tuple[str, str, str | None]:
        """What it has in common with others of its kind: severity, code and rule."""
        return self.severity, self.code, self.shape

    def __str__(self) -> str:
        from relations_kg.validation.reports import finding_text

        return finding_text(self)


class Report(NamedTuple):
    """Hold the findings in a stable order, and how much they are drawn from.

    `files` are those that were checked, none for the graph itself; `facts` counts their triples,
    `checked` the things that met a shape and `shapes` the shapes that they met; `unchecked`
    lists the IRIs of the things that met none. `omitted` counts the findings of each kind that
    `limited` has left out.

    >>> print(Report((), files=("facts.ttl",), facts=4, checked=1, shapes=2), end="")
    facts.ttl: no errors in 4 facts; checked 1 thing against 2 shapes
    """

    findings: tuple[Finding, ...]
    files: tuple[str, ...] = ()
    facts: int = 0
    checked: int = 0
    shapes: int = 0
    unchecked: tuple[str, ...] = ()
    omitted: tuple[tuple[tuple[str, str, str | None], int], ...] = ()

    @property
    def conforms(self) -> bool:
        """Whether there is no error; warnings do not count."""
        return not self.count("error")

    @property
    def conforms_strictly(self) -> bool:
        """Whether there is no error, no warning and nothing that no shape was asked about."""
        return not (self.findings or self.unchecked or self.omitted) and self.facts > 0

    def count(self, severity: str) -> int:
        """Count the findings of a severity, with those left out."""
        shown = sum(1 for finding in self.findings if finding.severity == severity)
        return shown + sum(number for kind, number in self.omitted if kind[0] == severity)

    def limited(self, most: int) -> Report:
        """Keep no more than some findings of each kind, and count the others."""
        seen: dict[tuple[str, str, str | None], int] = {}
        kept: list[Finding] = []
        for finding in self.findings:
            seen[finding.kind] = seen.get(finding.kind, 0) + 1
            if seen[finding.kind] <= most:
                kept.append(finding)
        omitted = dict(self.omitted)
        for kind, number in seen.items():
            if number > most:
                omitted[kind] = omitted.get(kind, 0) + number - most
        return self._replace(findings=tuple(kept), omitted=tuple(omitted.items()))

    def serialize(self, format: str = "text") -> str:
        """Write the report as text, concise, json, github, sarif, junit or turtle.

        Raises InputError for another format.

        >>> Report(()).serialize("concise")
        ''
        """
        from relations_kg.validation.reports import serialize

        return serialize(self, format)

    def __str__(self) -> str:
        return self.serialize()

    def _repr_html_(self) -> str:
        return f"<pre>{escape(str(self))}</pre>"
