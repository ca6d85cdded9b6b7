"""Tests of the static site: its files, their links, and equal bytes for equal facts."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from click.testing import CliRunner
from webpages import Page

import relations_kg as rk
from relations_kg.cli import commands
from relations_kg.errors import InputError
from relations_kg.web import period_pages, static_site
from relations_kg.web.index import Index
from relations_kg.web.rendering import Renderer

SMALL = "tests/facts/good/visit.ttl"
ODD = f"""\
@prefix rkg: <https://w3id.org/relations-kg/ontology#> .
@base <https://w3id.org/relations-kg/id/> .
<https://w3id.org/relations-kg/id/..> a rkg:City .
<a/b> a rkg:City ; rkg:place <https://w3id.org/relations-kg/id/..> , <urn:x> .
<urn:x> a rkg:City .
<http://e.test/?a=b%2F> a rkg:City .
<{"long" * 100}> a rkg:City .
"""


def wrong_links(pages: dict[str, str | bytes]) -> list[str]:
    """Return the links and other references whose target does not exist."""
    read = {path: Page(str(text)) for path, text in pages.items() if path.endswith(".html")}
    wrong = []
    for path, page in read.items():
        for element, address in page.references:
            parts = urlsplit(address)
            if parts.scheme in ("http", "https") and element == "a":
                continue
            to = os.path.normpath(os.path.join(os.path.dirname(path), unquote(parts.path)))
            to = to if parts.path else path
            if parts.scheme or parts.query or address.startswith("/") or to not in pages:
                wrong.append(f"{path}: {element} {address}")
            elif parts.fragment and unquote(parts.fragment) not in read[to].ids:
                wrong.append(f"{path}: no {parts.fragment} in {to}")
        home = os.path.relpath("index.html", os.path.dirname(path) or ".")
        if home not in [address for _, address in page.references]:
            wrong.append(f"{path}: no way back to {home}")
    return wrong


@pytest.mark.slow
def test_every_thing_has_a_page_and_every_link_leads_to_a_file(kg: rk.Graph) -> None:
    pages = dict(static_site.files(kg))
    assert wrong_links(pages) == []
    things = Index(kg).things
    assert all(f"thing/{entry.iri.rpartition('/')[2]}.html" in pages for entry in things)
    assert {f"q/{name}.html" for name in kg.queries} <= pages.keys()
    assert "Honorary consulate for Macau" in str(pages["day/1950-01-01.html"])
    assert 'href="data.ttl"' in str(pages["dataset.html"])
    assert pages["data.ttl"] == kg.export(format="turtle")
    assert ", because" in str(pages["why/peru.html"])
    faults = {path: Page(str(text)).faults for path, text in pages.items() if path.endswith("html")}
    assert {path: found for path, found in faults.items() if found} == {}
    assert not any("<form" in str(text) for path, text in pages.items() if path.endswith("html"))


@pytest.mark.slow
def test_names_that_are_no_file_names_have_pages_too(tmp_path: Path) -> None:
    facts = tmp_path / "odd.ttl"
    facts.write_text(ODD)
    graph = rk.load(only=facts)
    pages = dict(static_site.files(graph))
    assert wrong_links(pages) == []
    assert all(".." not in Path(path).parts and len(Path(path).name) < 250 for path in pages)
    assert sum(path.startswith("thing/") for path in pages) == 5


@pytest.mark.slow
def test_files_are_written_where_they_belong_and_equal_facts_give_equal_bytes(
    tmp_path: Path, pytestconfig: pytest.Config
) -> None:
    number = static_site.write(rk.load(only=SMALL), tmp_path / "site")
    found = {
        path.relative_to(tmp_path / "site").as_posix(): hashlib.sha256(path.read_bytes())
        for path in (tmp_path / "site").rglob("*")
        if path.is_file()
    }
    assert len(found) == number
    code = (
        "import hashlib, relations_kg as rk\n"
        "from relations_kg.web import static_site\n"
        f"for path, text in static_site.files(rk.load(only={SMALL!r})):\n"
        "    text = text.encode() if isinstance(text, str) else text\n"
        "    print(path, hashlib.sha256(text).hexdigest())\n"
    )
    # This process has another hash seed, which is random.
    for seed in ("1", *(("2", "3") if pytestconfig.getoption("--whole") else ())):
        made = subprocess.run(
            [sys.executable, "-c", code],
            env=os.environ | {"PYTHONHASHSEED": seed},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        lines = [f"{path} {digest.hexdigest()}" for path, digest in found.items()]
        assert sorted(lines) == sorted(made.splitlines())


@pytest.mark.slow
def test_of_many_days_only_the_first_of_each_year_has_a_page(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(period_pages, "_MOST_STATIC_DAYS", 0)
    pages = dict(
        static_site.files(rk.load(only="tests/facts/good/mission-closed-and-reopened.ttl"))
    )
    days = [path for path in pages if path.startswith("day/") and "index" not in path]
    assert days
    assert all(day.endswith("-01-01.html") for day in days)
    assert wrong_links(pages) == []


@pytest.mark.slow
def test_an_error_in_a_worker_is_raised(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(renderer: Renderer) -> str:
        raise InputError("a broken page")

    monkeypatch.setattr(static_site.form_pages, "questions", fail)
    with pytest.raises(InputError, match="a broken page"):
        static_site.write(rk.load(only=SMALL), tmp_path)


@pytest.mark.slow
def test_the_command_says_where_to_begin(tmp_path: Path) -> None:
    result = CliRunner().invoke(commands, ["site", "-o", str(tmp_path), "--only", SMALL])
    assert (result.exit_code, result.stdout) == (0, "")
    assert "start with index.html" in result.stderr
    assert (tmp_path / "index.html").is_file()


def test_a_folder_that_is_a_file_is_reported(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    with pytest.raises(InputError, match="the folder cannot be created"):
        static_site.write(rk.load(only=SMALL), tmp_path / "taken")
