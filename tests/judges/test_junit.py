"""Tests that JUnit reports follow the schema with which Jenkins' xUnit plugin reads them."""

from collections.abc import Callable
from pathlib import Path

import pytest
from examples import BAD, GOOD
from lxml import etree

import relations_kg as rk


@pytest.fixture(scope="module")
def schema(judges: Path) -> etree.XMLSchema:
    return etree.XMLSchema(file=judges / "junit-10.xsd")


def test_every_report_follows_the_schema(
    kg: rk.Graph, schema: etree.XMLSchema, judge: Callable[..., None]
) -> None:
    failed = {}
    cases = {file.name: [file] for file in [*BAD[::20], *GOOD[::20]]} | {"all bad files": BAD}
    for name, files in cases.items():
        report = etree.fromstring(kg.validate(*files).serialize("junit").encode())
        if not schema.validate(report):
            failed[name] = str(schema.error_log)

    judge("JUnit XML, as Jenkins' xUnit plugin reads it", "10", cases, failed)


def test_the_schema_refuses_another_report(schema: etree.XMLSchema) -> None:
    assert not schema.validate(etree.fromstring("<testsuite><case/></testsuite>"))
