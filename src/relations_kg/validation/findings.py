"""Findings: the results of validation, each with its place, its rule and a correction."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from importlib import import_module
from typing import Any, Self

from relations_kg.rdf.formats import find
from relations_kg.rdf.spelling import counted
from relations_kg.rdf.terms import printable
from relations_kg.reader.places import Place
from relations_kg.validation import excerpts

SEVERITIES = ("error", "warning", "info")

_STYLES = {"error": "1;31", "warning": "1;33", "info": "1;36", "message": "1", "gutter": "1;34"}
# Several mistakes share each of these codes. Findings of the same mistake have the same message,
# apart from names and numbers, which the pattern matches.
_VARIED = ("cell", "value")
_NAME_OR_NUMBER = r"'[^']*'|\"[^\"]*\"|\d+"
_GUTTER = 2  # the minimum width of line numbers, so that most findings are indented alike


@dataclass(frozen=True, slots=True)
class Fix:
    """The text that certainly repairs a mistake, and the place where it replaces the present text.

    At a place of zero width, the text is inserted.
    """

    place: Place
    text: str


@dataclass(frozen=True, slots=True)
class Related:
    """Another place to look at, with a reason."""

    message: str
    place: Place


@dataclass(frozen=True, slots=True)
class Kind:
    """The severity, code and rule that findings share; `shape` is the CURIE of the rule.

    If several mistakes share the code, `message` is the message without names and numbers.
    """

    severity: str
    code: str
    shape: str | None
    message: str | None = None

    @property
    def rule(self) -> str | None:
        """The name of the rule without the prefix of the ontology, or None."""
        return self.shape and self.shape.removeprefix("rkg:")

    def omitted(self, number: int) -> str:
        """Return the line that counts the omitted findings of this kind.

        >>> Kind("error", "class", "rkg:MissionShape-sendingParty").omitted(41)
        '+ 41 more of this kind (error[class], MissionShape-sendingParty)'
        """
        kind = f"{self.severity}[{self.code}]"
        kind += f", {self.rule}" if self.rule else ""
        kind += f": {self.message}" if self.message else ""
        return one_line(f"+ {number} more of this kind ({kind})")


@dataclass(frozen=True, repr=False)
class Finding:
    """A mistake: what is wrong, where, by which rule, and what would be right.

    `severity` is error, warning or info. `code` is the kind of mistake: a constraint of SHACL such
    as `class` or `min-count`, the name of a rule such as `before-start`, or another code of
    docs/mistakes.md. `shape` is the CURIE of the rule, `focus` the IRI of the thing that broke it.
    Lines and columns count from one, columns in characters; `end_column` is exclusive. In JSON-LD,
    `pointer` is the JSON Pointer of the same place. In a table, columns count cells; in a workbook
    without lines, `pointer` is the sheet and the cell. `excerpt` is the line of the file. `path` is
    the IRI of the property, and `value` the wrong value in N-Triples, if the rule has a property
    and a value. `follows` is the place of the mistake that caused this mistake. Unknown fields are
    None.

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
        """The place, as far as known: file, line, column, and JSON Pointer or cell."""
        place = (self.file, self.line, self.column, self.pointer)
        mark = "!" if self.pointer and self.line is None and self.pointer[0] != "/" else ":"
        return mark.join(str(part) for part in place if part not in (None, ""))

    @property
    def extent(self) -> tuple[str | int | None, ...]:
        """The whole place: file, beginning, end and JSON Pointer."""
        ends = (self.line, self.column, self.end_line, self.end_column)
        return (self.file, *ends, self.pointer)

    @property
    def kind(self) -> Kind:
        """The kind of the finding: its severity, code and rule."""
        is_varied = self.code in _VARIED and self.shape is None
        message = re.sub(_NAME_OR_NUMBER, "…", self.message) if is_varied else None
        return Kind(self.severity, self.code, self.shape, message)

    @property
    def remedy(self) -> str | None:
        """What would be right: the help, or else the fix in words, or else None.

        >>> fix = Fix(Place("a.ttl", 1, 9, 1, 9), ";")
        >>> Finding("error", "syntax", "no end", fix=fix).remedy
        'write ";"'
        """
        if self.help or self.fix is None:
            return self.help
        return f'write "{self.fix.text}"' if self.fix.text else "leave it out"

    @property
    def concise(self) -> str:
        """The finding on one line, as compilers print it.

        >>> Finding("warning", "empty", "there are no facts", file="facts.ttl").concise
        'facts.ttl: warning[empty] there are no facts'
        """
        where = f"{self.where}: " if self.file else ""
        return one_line(f"{where}{self.severity}[{self.code}] {self.message}")

    def text(self, *, colour: bool = False) -> str:
        """Return the finding as human-readable text, with the line of the file if known.

        >>> place = ("facts.ttl", 3, 10, 3, 14)
        >>> finding = Finding("error", "date", "no", None, None, *place, excerpt="rkg:when 1874")
        >>> print(finding.text())
        error[date]: no
          --> facts.ttl:3:10
            |
          3 | rkg:when 1874
            |          ^^^^
        """

        def styled(text: str, style: str) -> str:
            return f"\x1b[{_STYLES[style]}m{text}\x1b[0m" if colour else text

        shown = self.excerpt is not None and self.line is not None
        width = max(_GUTTER, len(str(self.line))) if shown else _GUTTER
        gutter = " " * (width + 2)
        head = styled(one_line(f"{self.severity}[{self.code}]"), self.severity)
        lines = [head + styled(one_line(f": {self.message}"), "message")]
        if self.file:
            lines.append(" " * width + styled("-->", "gutter") + one_line(f" {self.where}"))
        if shown:
            bar = styled(f"{gutter}|", "gutter")
            line, marks = self._underlined()
            number = styled(f" {self.line:>{width}} |", "gutter")
            lines += [bar, f"{number} {line}".rstrip()]
            if self.column is not None:
                carets = marks.lstrip()
                indent = " " * (len(marks) - len(carets))
                lines.append(f"{bar} {indent}{styled(carets, self.severity)}")
        notes = [f"rule: {self.kind.rule}"] if self.shape else []
        notes += [f"help: {self.remedy}"] if self.remedy else []
        notes += [f"see: {each.place}: {each.message}" for each in self.related]
        notes += [f"cause: {self.follows}"] if self.follows else []
        sign = gutter + styled("=", "gutter")
        return "\n".join((*lines, *(sign + one_line(f" {note}") for note in notes)))

    def _underlined(self) -> tuple[str, str]:
        line = self.excerpt or ""
        start = (self.column or 1) - 1
        if (self.end_line or 0) > (self.line or 0):
            end = len(line.rstrip())
        else:
            end = start if self.end_column is None else self.end_column - 1
        return excerpts.underlined(line, start, end)

    def __str__(self) -> str:
        return self.text()

    def __repr__(self) -> str:
        return f"<Finding: {self.concise}>"


@dataclass(frozen=True, repr=False)
class Report:
    """The outcome of a validation: findings in a stable order, and counts of the checked facts.

    `files` are the checked files, or empty for the graph itself, and `facts` counts their triples.
    `checked` counts the things that a shape targets, `shapes` these shapes with their property
    shapes; `unchecked` lists the IRIs of the other things. `omitted` counts the findings of each
    kind that `limited` has left out, and `ignored` the findings of ignored rules.

    >>> print(Report((), files=("facts.ttl",), facts=4, checked=1, shapes=2), end="")
    facts.ttl: no errors in 4 facts; checked 1 thing against 2 shapes
    """

    findings: tuple[Finding, ...]
    files: tuple[str, ...] = ()
    facts: int = 0
    checked: int = 0
    shapes: int = 0
    unchecked: tuple[str, ...] = ()
    omitted: tuple[tuple[Kind, int], ...] = ()
    ignored: tuple[tuple[Kind, int], ...] = ()

    @property
    def conforms(self) -> bool:
        """Whether there is no error; warnings do not count."""
        return not self.count("error")

    @property
    def conforms_strictly(self) -> bool:
        """Whether there are facts, no findings, and a shape for every thing."""
        return not (self.findings or self.unchecked or self.omitted) and self.facts > 0

    def count(self, severity: str) -> int:
        """Return the number of findings of a severity, including omitted ones."""
        shown = sum(1 for finding in self.findings if finding.severity == severity)
        return shown + sum(number for kind, number in self.omitted if kind.severity == severity)

    @property
    def ignored_text(self) -> str:
        """The line that counts the findings of ignored rules, or "".

        >>> Report((), ignored=((Kind("error", "class", None), 12),)).ignored_text
        '12 findings of 1 ignored rule (class)'
        """
        number = sum(number for _, number in self.ignored)
        rules = {(kind.code, kind.shape) for kind, _ in self.ignored}
        codes = ", ".join(sorted({code for code, _ in rules}))
        text = f"{counted(number, 'finding')} of {counted(len(rules), 'ignored rule')} ({codes})"
        return text * bool(number)

    def limited(self, most: int) -> Self:
        """Return a copy with up to `most` findings of each kind; `omitted` counts the others."""
        seen: Counter[Kind] = Counter()
        kept: list[Finding] = []
        for finding in self.findings:
            seen[finding.kind] += 1
            if seen[finding.kind] <= most:
                kept.append(finding)
        omitted = Counter(dict(self.omitted))
        omitted.update({kind: number - most for kind, number in seen.items() if number > most})
        return replace(self, findings=tuple(kept), omitted=tuple(omitted.items()))

    def serialize(self, format: str = "text", *, colour: bool = False) -> str:
        """Return the report in a format for findings; raise InputError for any other format.

        `colour` is for text on a terminal.

        >>> Report(()).serialize("concise")
        ''
        """
        # Each format has a module of its name, imported at first use: importing XML, SARIF and
        # hashes takes longer than writing a report as text.
        name = find(format, "findings").name
        module: Any = import_module(f"relations_kg.validation.reports.{name}")
        text: str = module.write(self, colour=True) if colour else module.write(self)
        return text

    def __str__(self) -> str:
        return self.serialize()

    def __repr__(self) -> str:
        text: Any = import_module("relations_kg.validation.reports.text")
        return f"<Report: {text.summary(self)}>"

    def _repr_html_(self) -> str:
        notebook: Any = import_module("relations_kg.validation.reports.notebook")
        html: str = notebook.write(self)
        return html


def one_line(text: str) -> str:
    """Return a text that is safe to print on a terminal, on one line.

    >>> one_line("no\\nend ")
    'no end'
    """
    return printable(text).rstrip()
