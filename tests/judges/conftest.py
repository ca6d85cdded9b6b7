"""Verdicts of third-party suites, and the page that lists those of the last run."""

import ast
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any

import pytest

PAGE = """\
# Judges

Other people's suites and tools judge this project. `make check-full` wrote this table. A refused
case is one that we do not pass on purpose or cannot pass; each is pinned in `tests/judges/`, so a
case that fails or passes unexpectedly fails the test.

| suite or tool | version | cases | passed | refused |
|---|---|--:|--:|--:|
{rows}

## Why cases are refused

{reasons}

`docs/conformance.md` compares findings with other SHACL processors. The W3C's tests of RDF 1.1 are
run by `make check`.
"""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option `--verdicts`."""
    parser.addoption("--verdicts", type=Path, help="write the verdicts of the judges to this page")


@pytest.fixture
def judge(record_property: Callable[[str, object], None]) -> Callable[..., None]:
    """A function that asserts that only the refused cases failed, and records the verdict."""

    def compare(
        suite: str,
        version: str,
        cases: Collection[str],
        failed: Mapping[str, object],
        refused: Mapping[str, Collection[str]] = {},
    ) -> None:
        known = {name for names in refused.values() for name in names}
        unexpected = {name: why for name, why in failed.items() if name not in known}
        assert {} == unexpected
        assert set() == known - failed.keys(), "these cases pass now"
        assert cases, "the suite is empty"
        counts = {reason: len(names) for reason, names in refused.items()}
        record_property("verdict", [suite, version, len(cases), counts])

    return compare


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Write the page if it is asked for."""
    page: Path | None = config.getoption("verdicts")
    if page is None:
        return
    passed = terminalreporter.stats.get("passed", [])
    verdicts = [
        (value, report.nodeid.partition("::")[0])
        for report in passed
        for name, value in report.user_properties
        if name == "verdict"
    ]
    judged = {module for _, module in verdicts}
    others = Counter(report.nodeid.partition("::")[0] for report in passed if report.when == "call")
    rows = [
        f"| {suite} | {version} | {number} | {number - sum(refused.values())} "
        f"| {sum(refused.values())} |"
        for (suite, version, number, refused), _ in sorted(verdicts)
    ]
    rows += [
        f"| {subject(config.rootpath / module)} | | {number} | {number} | 0 |"
        for module, number in sorted(others.items())
        if module not in judged and Path(module).parent == Path("tests/judges")
    ]
    reasons = [
        f"- {suite}: {number} × {reason}."
        for (suite, _, _, refused), _ in sorted(verdicts)
        for reason, number in refused.items()
    ]
    page.write_text(PAGE.format(rows="\n".join(rows), reasons="\n".join(reasons)), encoding="utf-8")


def subject(module: Path) -> str:
    """Return what a module tests, from its first line."""
    line, _, _ = str(ast.get_docstring(ast.parse(module.read_text("utf-8")))).partition("\n")
    return line.removeprefix("Tests ").removeprefix("that ").removeprefix("of ").rstrip(".")
