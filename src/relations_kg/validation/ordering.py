"""The order of findings: by file and line, with consequences after their cause."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from relations_kg.rdf.namespaces import RKG
from relations_kg.validation.findings import SEVERITIES, Finding

_MALFORMED = ("lexical", "date", "amount", "datatype")
# Codes of mistakes, from causes to possible consequences.
_RANKS = {
    code: rank
    for rank, codes in enumerate(
        (
            ("syntax", "triple-term", "unknown-prefix", "wrong-prefix", "short-form"),
            ("vocabulary", "identifier", "unknown-term", "foreign-term", "language", "blank-node"),
            ("no-class",),
            ("disjoint-classes", "wrong-subject", "misplaced", "derived", *_MALFORMED),
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
    """Mistakes that may be causes, indexed by what they share with their consequences."""

    def __init__(self, findings: list[Finding]) -> None:
        self.findings = findings
        self._by_key: dict[_Key, Finding] = {}
        for finding in sorted(findings, key=_rank):
            for key in _given(finding):
                self._by_key.setdefault(key, finding)
        wrong = (_iri(finding) for finding in findings if finding.code == "wrong-prefix")
        self._namespaces = [*dict.fromkeys(filter(None, wrong))]

    def of(self, finding: Finding) -> Finding | None:
        """Return the mistake from which a finding follows, or None."""
        sought = _sought(finding, self._namespaces) if _rank(finding) else ()
        known = (self._by_key.get(key) for key in sought)
        return next((cause for cause in known if cause not in (None, finding)), None)

    def root(self, cause: Finding) -> Finding:
        """Return the mistake from which a cause follows if that ranks first, or else the cause."""
        before = self.of(cause)
        return before if before is not None and _rank(before) < _rank(cause) else cause


def _given(finding: Finding) -> Iterator[_Key]:
    """Yield the keys by which a mistake is found as the cause of others."""
    if finding.line or finding.pointer:
        yield _start(finding)
    if finding.focus and _rank(finding) <= _LAST_CAUSE:
        yield "thing", finding.file, finding.focus
    is_second_date = finding.code == "max-count" and finding.path == RKG + "when"
    if finding.focus and (is_second_date or finding.code in _ABOUT_DATES):
        yield "date", finding.focus
    if finding.code == "unknown-term" and finding.end_column:
        yield _end(finding)
    if finding.code == "datatype":
        yield "value", finding.focus, finding.path
    if finding.code == "wrong-prefix":
        yield "namespace", finding.file, _iri(finding)


def _sought(finding: Finding, namespaces: Sequence[str]) -> Iterator[_Key]:
    """Yield the keys by which to look up the cause of a finding, likeliest first."""
    value = _iri(finding)
    if finding.code in _ABOUT_GAPS or finding.code.startswith("without-"):
        yield "thing", finding.file, finding.focus
        yield "value", finding.focus, finding.path
    elif finding.code == "foreign-term":
        yield from (("namespace", finding.file, n) for n in namespaces if value.startswith(n))
    elif finding.code in _ABOUT_CLASSES and value:
        yield "thing", finding.file, value
    elif finding.code == "datatype":
        # A literal ends with its datatype, which may be the misspelt term.
        yield _end(finding)
    elif finding.code in _ABOUT_TIMES:
        yield from (("date", finding.focus), ("date", value))
    yield _start(finding)


def _start(finding: Finding) -> _Key:
    return "start", finding.file, finding.line, finding.column, finding.pointer


def _end(finding: Finding) -> _Key:
    return "end", finding.file, finding.end_line, finding.end_column


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


def _iri(finding: Finding) -> str:
    """Return the wrong value, without the brackets of an IRI."""
    return (finding.value or "").strip("<>")
