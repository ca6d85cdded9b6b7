"""Tests of the pages that are generated from the data, and of lists in other pages."""

import importlib.util
import random
import re
from pathlib import Path
from types import ModuleType

import pytest
from documents import CHINA_PERU, files
from pyoxigraph import RdfFormat, Store

import relations_kg as rk
from relations_kg.authoring.forms import forms
from relations_kg.rdf.namespaces import XSD

DOCS = Path(__file__).parent.parent / "docs"
PAGES = sorted((DOCS / "discrepancies").glob("*.md"))


@pytest.fixture(scope="module")
def generate() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate", DOCS / "generate.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_there_is_a_page_of_discrepancies() -> None:
    assert CHINA_PERU in [page.stem for page in PAGES]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_page_of_the_discrepancies_of_a_document_is_up_to_date(
    generate: ModuleType, page: Path
) -> None:
    """Facts of other documents do not change it."""
    written = generate.discrepancies(rk.load(only=files(page.stem)))

    assert written.splitlines() == page.read_text(encoding="utf-8").splitlines()


@pytest.mark.slow
def test_the_page_of_rules_has_each_rule_once_and_depends_on_no_order(
    kg: rk.Graph, generate: ModuleType, tmp_path: Path
) -> None:
    """The same facts in another order give the same examples."""
    kg.export(tmp_path / "facts.nq", format="nquads")
    lines = (tmp_path / "facts.nq").read_text(encoding="utf-8").splitlines(keepends=True)
    random.Random(4).shuffle(lines)
    (tmp_path / "facts.nq").write_text("".join(lines), encoding="utf-8")

    page = generate.rules(kg)

    assert page == generate.rules(rk.load(only=[tmp_path / "facts.nq"]))
    names = [line for line in page.splitlines() if line.startswith("### ")]
    assert {f"### {rule.name}" for rule in kg.inference.closure.rules} == set(names)
    assert len(names) == len(set(names))


def test_every_discrepancy_is_on_the_page_with_its_decision(
    kg: rk.Graph, generate: ModuleType
) -> None:
    page = generate.discrepancies(kg)

    for row in kg.run("discrepancies"):
        assert f"### {row.discrepancy.label}\n" in page  # type: ignore[union-attr]
        assert f"**Decision.** {row.decision}\n" in page


def test_the_page_of_forms_names_each_form() -> None:
    text = (DOCS / "forms.md").read_text(encoding="utf-8")

    assert [] == [name for name in forms() if f"`{name}`" not in text]


def test_the_engine_changes_literals_as_the_page_says() -> None:
    table = (DOCS / "validate.md").read_text(encoding="utf-8").partition("| written | kept as |")[2]
    rows = [line.split("|")[1:3] for line in table.partition("\n\n")[0].splitlines()[2:]]
    sides = [[re.findall('`(".+?)`', side) for side in row] for row in rows]
    pairs = [
        (text, kept[place % len(kept)])
        for written, kept in sides
        for place, text in enumerate(written)
    ]
    store = Store()
    prefix = "@prefix xsd: <http://www.w3.org/2001/XMLSchema#> ."
    for number, pair in enumerate(pairs):
        facts = "".join(f"<u:{side}{number}> <u:p> {text} ." for side, text in enumerate(pair))
        store.load((prefix + facts).encode(), RdfFormat.TURTLE)
    stored = {quad.subject.value: str(quad.object) for quad in store}

    assert len(pairs) > 10
    for number, (written, kept) in enumerate(pairs):
        assert written != kept
        whole = re.sub(r"xsd:(\w+)", rf"<{XSD}\1>", kept)
        assert [whole, whole] == [stored[f"u:{side}{number}"] for side in (0, 1)]
