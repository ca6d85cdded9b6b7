"""A report as HTML for notebooks: a summary, and a table of the findings."""

from __future__ import annotations

from operator import attrgetter

from relations_kg.rdf import markup
from relations_kg.validation.findings import Report, one_line
from relations_kg.validation.reports.text import summary

_COLUMNS = ("severity", "code", "place", "line of the file", "message", "what would be right")
_CELLS = attrgetter("severity", "code", "where", "excerpt", "message", "remedy")


def write(report: Report) -> str:
    """Return a report as escaped HTML; the numbers of omitted and ignored findings come last.

    >>> write(Report((), facts=4, checked=1, shapes=2))
    '<h3>the graph: no errors in 4 facts; checked 1 thing against 2 shapes</h3>'
    """
    rows = [[one_line(text or "") for text in _CELLS(finding)] for finding in report.findings]
    found = markup.table(_COLUMNS, rows, len(rows)) if rows else ""
    notes = [kind.omitted(number) for kind, number in report.omitted]
    omitted = markup.items(filter(None, (*notes, report.ignored_text)))
    return markup.element("h3", summary(report)) + found + omitted
