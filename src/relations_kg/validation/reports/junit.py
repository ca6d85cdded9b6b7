"""A report as JUnit XML: a suite for each file, a case for each finding."""

from __future__ import annotations

from xml.etree.ElementTree import Element, SubElement, indent, tostring

from relations_kg.rdf.terms import printable
from relations_kg.validation.findings import Finding, Report

_GRAPH = "the graph"


def write(report: Report) -> str:
    """Return a report as JUnit XML.

    An error is a failed case. A warning does not affect conformance, so it is a passed case with
    output. A file without findings is a passed case, and the findings of all ignored rules are one
    skipped case.

    >>> print(write(Report((), files=("facts.ttl",))), end="")
    <?xml version="1.0" encoding="UTF-8"?>
    <testsuites name="relations-kg validate" tests="1" failures="0" errors="0" time="0">
      <testsuite name="facts.ttl" tests="1" failures="0" errors="0" skipped="0" time="0">
        <testcase classname="facts.ttl" name="conforms" time="0" />
      </testsuite>
    </testsuites>
    """
    suites: dict[str, list[Finding]] = {file: [] for file in report.files}
    for finding in report.findings:
        suites.setdefault(finding.file or _GRAPH, []).append(finding)
    if not suites:
        suites[_GRAPH] = []
    root = Element("testsuites", name="relations-kg validate")
    for name, findings in suites.items():
        suite = SubElement(root, "testsuite", name=printable(name))
        for finding in findings:
            _add_case(suite, finding.concise, finding.severity, finding.text())
        if not findings:
            _add_case(suite, "conforms")
    if report.omitted:
        suite = SubElement(root, "testsuite", name="left out")
        for kind, number in report.omitted:
            _add_case(suite, kind.omitted(number), kind.severity, kind.omitted(number))
    if report.ignored:
        suite = SubElement(root, "testsuite", name="ignored")
        text = report.ignored_text
        case = SubElement(suite, "testcase", classname="ignored", name=text, time="0")
        SubElement(case, "skipped", message=text)
    _count(root)
    indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{tostring(root, encoding="unicode")}\n'


def _add_case(suite: Element, name: str, severity: str | None = None, text: str = "") -> None:
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
            element.set("skipped", str(sum(1 for _ in element.iter("skipped"))))
        element.set("time", "0")
