"""Tests of graphs of several documents, which speak of some of the same things."""

import re
from pathlib import Path

import pytest
from command_line import run
from documents import ALDORA_PERU, CHINA_PERU, graph_of

import relations_kg as rk
from relations_kg.answers.documents import listing
from relations_kg.reader.sources import Sources

FILES = sorted(ALDORA_PERU.glob("*.ttl"))
TEXT = ALDORA_PERU / "aldora-peru.txt"


@pytest.fixture(scope="module")
def both() -> rk.Graph:
    """The document on China and Peru and the invented one."""
    graph = graph_of(CHINA_PERU)
    graph.add(*FILES)
    return graph


def documents_in(listed: str) -> set[str]:
    return set(re.findall(r"^src:([a-z-]+)/s\d+  ", listed, re.MULTILINE))


def test_the_text_of_a_document_is_compared_with_its_own_passages(both: rk.Graph) -> None:
    listed, mismatches = listing(both, str(TEXT))

    assert {"aldora-peru"} == documents_in(listed)
    assert 0 == mismatches
    assert 11 == listed.count("    “")
    assert {"aldora-peru", "china-peru"} == documents_in(listing(both)[0])


def test_another_version_of_a_document_is_compared_with_its_passages(
    both: rk.Graph, tmp_path: Path
) -> None:
    path = tmp_path / "another.txt"
    path.write_text(TEXT.read_text(encoding="utf-8").replace("1999.", "2000."), encoding="utf-8")
    listed, mismatches = listing(both, str(path))

    assert {"aldora-peru"} == documents_in(listed)
    assert 1 == mismatches == listed.count("! not in this document")


def test_the_text_of_no_document_matches_no_passage(both: rk.Graph, tmp_path: Path) -> None:
    path = tmp_path / "another.txt"
    path.write_text("Avaria has an embassy in Borduria.", encoding="utf-8")
    listed, mismatches = listing(both, str(path))

    assert {"aldora-peru", "china-peru"} == documents_in(listed)
    assert len(both.passages()) == mismatches


def test_the_command_checks_the_document_that_it_is_given() -> None:
    facts = [option for file in FILES for option in ("--facts", file)]
    ran = run("source", "--document", TEXT, *facts)

    assert (0, "") == (ran.returncode, ran.stderr)
    assert {"aldora-peru"} == documents_in(ran.stdout)


def test_facts_that_two_documents_state_stay_until_both_are_removed(tmp_path: Path) -> None:
    """The files of each document have a folder of their own, as those in data/ do."""
    peru = "<https://w3id.org/relations-kg/id/peru>"
    state = "a <https://w3id.org/relations-kg/ontology#State> ."
    paths = [tmp_path / name / "facts.ttl" for name in ("one", "other")]
    for path in paths:
        path.parent.mkdir()
        path.write_text(f"{peru} {state} # {path.parent.name}\n", encoding="utf-8")

    assert [1] == [*Sources.of(paths).shared.values()]
    assert {} == Sources.of(paths[:1]).shared
