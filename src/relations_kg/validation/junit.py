"""A report as JUnit XML: a suite for each file, a case for each finding."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relations_kg.rdf.terms import printable
from relations_kg.validation.reports import concise_line, finding_text, more

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from relations_kg.validation.findings import Finding, Report

_GRAPH = "the graph"


def junit(report: Report) -> str:
    """Write a report as JUnit XML.

    An error is a case that failed. A warning is one that passed, as it does not keep facts from
    conforming, and tells of itself in its output. A file in which nothing was found is one case
    that passed.

    >>> from relations_kg.validation.findings import Report
    >>> print(junit(Report((), files=("facts.ttl",))), end="")
    <?xml version="1.0" encoding="UTF-8"?>
    <testsuites name="relations-kg validate" tests="1" failures="0" errors="0" time="0">
      <testsuite name="facts.ttl" tests="1" failures="0" errors="0" skipped="0" time="0">
        <testcase classname="facts.ttl" name="conforms" time="0" />
      </testsuite>
    </testsuites>
    """
    from xml.etree import ElementTree

    suites: dict[str, list[Finding]] = {file: [] for file in report.files}
    for finding in report.findings:
        suites.setdefault(finding.file or _GRAPH, []).append(finding)
    if not suites:
        suites[_GRAPH] = []
    root = ElementTree.Element("testsuites", name="relations-kg validate")
    for name, findings in suites.items():
        suite = ElementTree.SubElement(root, "testsuite", name=printable(name))
        for finding in findings:
            _case(suite, concise_line(finding), finding.severity, finding_text(finding))
        if not findings:
            _case(suite, "conforms")
    if report.omitted:
        suite = ElementTree.SubElement(root, "testsuite", name="left out")
        for kind, number in report.omitted:
            _case(suite, more(kind, number), kind[0], more(kind, number))
    _count(root)
    ElementTree.indent(root)
    text = ElementTree.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'


def _case(suite: Element, name: str, severity: str | None = None, text: str = "") -> None:
    from xml.etree.ElementTree import SubElement

    case = SubElement(suite, "testcase", classname=suite.attrib["name"], name=name, time="0")
    if severity == "error":
        SubElement(case, "failure", message=name, type="error").text = text
    elif severity:
        SubElement(case, "system-out").text = text


def _count(root: Element) -> None:
    for element in (root, *root):
        element.set("tests", str(sum(1 for _ in element.iter("testcase"))))
        element.set("failures", str(sum(1 for _ in element.iter("failure"))))
        element.set("errors", "0")
        if element is not root:
            element.set("skipped", "0")
        element.set("time", "0")
