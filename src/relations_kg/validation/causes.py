"""Findings in their order: by file and line, and what follows from another mistake after it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from relations_kg.validation.findings import SEVERITIES, Finding

# From what is worst for all that comes after it to what may be its consequence.
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
_OF_KINDS = ("class", "or")
_OF_WHAT_IS_NOT_THERE = ("min-count", "missing", "no-class", "qualified-min-count", "undated")
_OF_TIMES = ("at-another-time", "before-start", "on-another-date")
_OF_DATES = ("date", "less-than-or-equals", "pattern")


def ordered(findings: Iterable[Finding], names: Sequence[str]) -> list[Finding]:
    """Put findings in the order of the files and their lines, consequences after their cause.

    >>> typo = Finding("error", "unknown-term", "", focus="urn:a", file="f", line=9, column=5)
    >>> gap = Finding("error", "min-count", "", focus="urn:a", file="f", line=8, column=1)
    >>> [finding.code for finding in ordered([gap, typo], ["f"])]
    ['unknown-term', 'min-count']
    """
    causes = _Causes(sorted(findings, key=lambda finding: _key(finding, names)))
    result: list[tuple[tuple[object, ...], tuple[object, ...], Finding]] = []
    for finding in causes.findings:
        cause = causes.of(finding)
        if cause is None:
            result.append((_key(finding, names), (), finding))
        else:
            follows = finding._replace(follows=cause.where)
            result.append((_key(causes.root(cause), names), _key(finding, names), follows))
    return [finding for _, _, finding in sorted(result, key=lambda entry: entry[:2])]


class _Causes:
    """Look up mistakes by what they make go wrong elsewhere."""

    def __init__(self, findings: list[Finding]) -> None:
        self.findings = findings
        self._at: dict[tuple[object, ...], Finding] = {}
        self._about: dict[tuple[str | None, str], Finding] = {}
        self._ending: dict[tuple[object, ...], Finding] = {}
        self._valued: dict[tuple[str | None, str | None], Finding] = {}
        self._dated: dict[str, Finding] = {}
        self._namespaces: dict[str, Finding] = {}
        for finding in sorted(findings, key=_rank):
            if finding.line or finding.pointer:
                self._at.setdefault(_spot(finding), finding)
            if finding.focus and _rank(finding) <= _LAST_CAUSE:
                self._about.setdefault((finding.file, finding.focus), finding)
            if finding.code == "unknown-term" and finding.end_column:
                self._ending.setdefault((finding.file, *finding[8:10]), finding)
            if finding.code == "datatype":
                self._valued.setdefault((finding.focus, finding.path), finding)
            if finding.focus and finding.code in _OF_DATES:
                self._dated.setdefault(finding.focus, finding)
            if finding.code == "wrong-prefix" and finding.value:
                self._namespaces[finding.value] = finding

    def of(self, finding: Finding) -> Finding | None:
        """Return the mistake that another one follows from, if there is one."""
        cause = None
        if finding.code in _OF_WHAT_IS_NOT_THERE or finding.code.startswith("without-"):
            cause = self._about.get((finding.file, finding.focus or ""))
            cause = cause or self._valued.get((finding.focus, finding.path))
        elif finding.code == "foreign-term":
            term = (finding.value or "")[1:]
            spelled = [name for name in self._namespaces if term.startswith(name)]
            cause = self._namespaces[spelled[0]] if spelled else None
        elif finding.code in _OF_KINDS and finding.value:
            cause = self._about.get((finding.file, finding.value.strip("<>")))
        elif finding.code == "datatype":
            # The datatype itself is misspelt, with which a literal ends.
            cause = self._ending.get((finding.file, *finding[8:10]))
        elif finding.code in _OF_TIMES:
            ends = (finding.focus or "", (finding.value or "").strip("<>"))
            cause = next((self._dated[end] for end in ends if end in self._dated), None)
        if cause is None or cause is finding:
            cause = self._at.get(_spot(finding))
        return None if cause is finding or _rank(finding) == 0 else cause

    def root(self, cause: Finding) -> Finding:
        """Return the first of a chain of mistakes."""
        before = self.of(cause)
        return before if before is not None and _rank(before) < _rank(cause) else cause


def _spot(finding: Finding) -> tuple[object, ...]:
    return finding.file, finding.line, finding.column, finding.pointer


def _key(finding: Finding, names: Sequence[str]) -> tuple[object, ...]:
    return (
        names.index(finding.file) if finding.file in names else -1,
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
