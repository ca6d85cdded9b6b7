"""The order of findings: by file and line, with consequences after the mistake they come from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from relations_kg.validation.findings import SEVERITIES, Finding

# Codes of mistakes, from those that cause others to those that may be consequences.
_RANKS = {
    code: rank
    for rank, codes in enumerate(
        (
            ("syntax", "triple-term", "unknown-prefix", "wrong-prefix", "short-form"),
            ("vocabulary", "identifier", "unknown-term", "foreign-term", "language", "blank-node"),
            ("no-class",),
            ("disjoint-classes", "wrong-subject", "derived", "lexical", "date", "datatype"),
            ("max-count",),
            ("less-than", "less-than-or-equals", "class", "or"),
        )
    )
    for code in codes
}
_LAST_CAUSE = _RANKS["no-class"]
_ABOUT_CLASSES = ("class", "or")
_ABOUT_GAPS = ("min-count", "missing", "no-class", "qualified-min-count", "undated")
_ABOUT_TIMES = ("at-another-time", "before-start", "on-another-date")
_ABOUT_DATES = ("date", "less-than-or-equals", "pattern")

_Key = tuple[object, ...]


def ordered(findings: Iterable[Finding], names: Sequence[str]) -> list[Finding]:
    """Return findings in the order of the files and lines, consequences after their cause.

    >>> typo = Finding("error", "unknown-term", "", focus="urn:a", file="f", line=9, column=5)
    >>> gap = Finding("error", "min-count", "", focus="urn:a", file="f", line=8, column=1)
    >>> [finding.code for finding in ordered([gap, typo], ["f"])]
    ['unknown-term', 'min-count']
    """
    files = {name: number for number, name in enumerate(names)}
    causes = _Causes(sorted(findings, key=lambda finding: _key(finding, files)))
    result: list[tuple[_Key, _Key, Finding]] = []
    for finding in causes.findings:
        cause = causes.of(finding)
        if cause is None:
            result.append((_key(finding, files), (), finding))
        else:
            root = _key(causes.root(cause), files)
            result.append((root, _key(finding, files), replace(finding, follows=cause.where)))
    return [finding for _, _, finding in sorted(result, key=lambda entry: entry[:2])]


class _Causes:
    """Mistakes, indexed by the terms whose other mistakes they may cause."""

    def __init__(self, findings: list[Finding]) -> None:
        self.findings = findings
        self._at: dict[_Key, Finding] = {}
        self._about: dict[tuple[str | None, str], Finding] = {}
        self._ending: dict[_Key, Finding] = {}
        self._valued: dict[tuple[str | None, str | None], Finding] = {}
        self._dated: dict[str, Finding] = {}
        self._namespaces: dict[str, Finding] = {}
        for finding in sorted(findings, key=_rank):
            if finding.line or finding.pointer:
                self._at.setdefault(_start(finding), finding)
            if finding.focus and _rank(finding) <= _LAST_CAUSE:
                self._about.setdefault((finding.file, finding.focus), finding)
            if finding.code == "unknown-term" and finding.end_column:
                self._ending.setdefault(_end(finding), finding)
            if finding.code == "datatype":
                self._valued.setdefault((finding.focus, finding.path), finding)
            if finding.focus and finding.code in _ABOUT_DATES:
                self._dated.setdefault(finding.focus, finding)
            if finding.code == "wrong-prefix" and finding.value:
                self._namespaces[finding.value] = finding

    def of(self, finding: Finding) -> Finding | None:
        """Return the mistake that a finding follows from, if there is one."""
        cause = None
        value = (finding.value or "").strip("<>")
        if finding.code in _ABOUT_GAPS or finding.code.startswith("without-"):
            cause = self._about.get((finding.file, finding.focus or ""))
            cause = cause or self._valued.get((finding.focus, finding.path))
        elif finding.code == "foreign-term":
            found = (wrong for name, wrong in self._namespaces.items() if value.startswith(name))
            cause = next(found, None)
        elif finding.code in _ABOUT_CLASSES and value:
            cause = self._about.get((finding.file, value))
        elif finding.code == "datatype":
            # A literal ends with its datatype, which may be the misspelt term.
            cause = self._ending.get(_end(finding))
        elif finding.code in _ABOUT_TIMES:
            ends = (finding.focus or "", value)
            cause = next((self._dated[end] for end in ends if end in self._dated), None)
        if cause is None or cause is finding:
            cause = self._at.get(_start(finding))
        return None if cause is finding or _rank(finding) == 0 else cause

    def root(self, cause: Finding) -> Finding:
        """Return the first mistake in a chain of causes."""
        before = self.of(cause)
        return before if before is not None and _rank(before) < _rank(cause) else cause


def _start(finding: Finding) -> _Key:
    return finding.file, finding.line, finding.column, finding.pointer


def _end(finding: Finding) -> _Key:
    return finding.file, finding.end_line, finding.end_column


def _key(finding: Finding, files: dict[str, int]) -> _Key:
    return (
        files.get(finding.file or "", -1),
        finding.line or 0,
        SEVERITIES.index(finding.severity),
        _rank(finding),
        finding.column or 0,
        finding.pointer or "",
        finding.focus or "",
        finding.shape or finding.code,
        finding.message,
    )


def _rank(finding: Finding) -> int:
    return _RANKS.get(finding.code, len(_RANKS))
