"""Tests that responses match the OpenAPI document, for valid and nearly valid requests."""

from importlib.metadata import version
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis import checks

import relations_kg as rk
from relations_kg.web.application import application

ANSWERED = [
    checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
    checks.unsupported_method,
]


schema = schemathesis.openapi.from_asgi("/openapi.json", application(rk.load(), timeout=2))


def suite() -> tuple[str, str]:
    return "schemathesis, each operation of the OpenAPI document", version("schemathesis")


@schemathesis.serializer("application/sparql-query")
def as_text(context: Any, value: Any) -> bytes:
    return str(value).encode()


@pytest.mark.sampled
@schema.parametrize()
@settings(max_examples=25, derandomize=True, suppress_health_check=list(HealthCheck))
def test_it_is_answered(case: Any) -> None:
    case.call_and_validate(checks=ANSWERED)
