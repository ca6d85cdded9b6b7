"""A report with one line for each finding, as compilers print them."""

from __future__ import annotations

from relations_kg.validation.findings import Report


def write(report: Report) -> str:
    """Return a line for each finding, and lines that count omitted and ignored findings."""
    lines = [finding.concise for finding in report.findings]
    if report.omitted:
        lines.append(f"+ {sum(number for _, number in report.omitted)} more")
    lines += filter(None, [report.ignored_text])
    return "".join(f"{line}\n" for line in lines)
