"""Verdicts of third-party suites, and the page that lists those of the last run."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

PAGE = """\
# Judges

Third-party test suites and tools check this project. `make check-full` wrote this page on {day}.
We refuse some cases on purpose, and in a few the judge is wrong. `tests/judges/` pins each of
these: another case that fails, or a refused one that passes, fails the test.

| suite or tool | version | cases | passed | not passed |
|---|---|--:|--:|--:|
{rows}

## Why cases do not pass

{reasons}

`docs/conformance.md` compares findings with other SHACL processors. The W3C's tests of RDF 1.1 are
run by `make check`.
"""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option `--verdicts`."""
    parser.addoption("--verdicts", type=Path, help="write the verdicts of the judges to this page")


def pytest_itemcollected(item: Any) -> None:
    """Give each item an ID of its own.

    schemathesis gives all cases of a test the ID of the test, and xdist runs one item of each ID.
    """
    _, _, parameters = item.name.partition("[")
    if parameters and "[" not in item.nodeid:
        item._id = replace(item._id, params=parameters.removesuffix("]"))


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


@pytest.fixture(autouse=True)
def suite(request: pytest.FixtureRequest, record_property: Callable[[str, object], None]) -> None:
    """Record the suite and its version if each test of a module is a case of it."""
    if suite := getattr(request.module, "suite", None):
        record_property("suite", suite())


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Write the page that `--verdicts` names."""
    page: Path | None = config.getoption("verdicts")
    if page is None:
        return
    verdicts = []
    cases, refused = Counter[tuple[str, str]](), defaultdict[tuple[str, str], Counter[str]](Counter)
    for outcome in ("passed", "xfailed"):
        for report in terminalreporter.stats.get(outcome, []):
            properties = dict(report.user_properties)
            if "verdict" in properties:
                verdicts.append(properties["verdict"])
            # A test that only shows that the tool works is not one of its cases.
            elif "suite" in properties and report.when == "call" and "awake" not in report.nodeid:
                suite, version = properties["suite"]
                cases[suite, version] += 1
                if outcome == "xfailed":
                    refused[suite, version][report.wasxfail.removeprefix("reason: ")] += 1
    verdicts += [[*suite, number, refused[suite]] for suite, number in cases.items()]
    verdicts.sort(key=lambda verdict: verdict[0].casefold())
    rows = [
        f"| {suite} | {version} | {number} | {number - sum(why.values())} | {sum(why.values())} |"
        for suite, version, number, why in verdicts
    ]
    reasons = [
        f"- {suite}: {number} × {reason}."
        for suite, _, _, why in verdicts
        for reason, number in why.items()
    ]
    text = PAGE.format(day=date.today(), rows="\n".join(rows), reasons="\n".join(reasons))
    page.write_text(text, encoding="utf-8")
