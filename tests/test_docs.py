"""Tests of the pages that are generated from the data: they say what the data says now."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

import relations_kg as rk

DOCS = Path(__file__).parent.parent / "docs"


@pytest.fixture(scope="module")
def generate() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate", DOCS / "generate.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", ["discrepancies", "rules"])
def test_a_generated_page_is_up_to_date(kg: rk.Graph, generate: ModuleType, name: str) -> None:
    page = (DOCS / f"{name}.md").read_text(encoding="utf-8")

    assert getattr(generate, name)(kg).splitlines() == page.splitlines()


def test_every_discrepancy_is_on_the_page_with_its_decision(
    kg: rk.Graph, generate: ModuleType
) -> None:
    page = generate.discrepancies(kg)

    for row in kg.run("discrepancies"):
        assert f"### {row.discrepancy.label}\n" in page  # type: ignore[union-attr]
        assert f"**Decision.** {row.decision}\n" in page
