"""Tests of the command `diff`: its output and its exit status."""

import json
from pathlib import Path

import pytest
from command_line import complaint, printed, run
from test_cli import HEADER, VISIT

EMBASSY = HEADER + 'id:x a rkg:Embassy ; rdfs:label "Embassy %s"@en .\n'


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with two files that differ in an inferable fact, and one with other facts."""
    place = tmp_path_factory.mktemp("some files")
    (place / "old.ttl").write_text(EMBASSY % "X")
    (place / "same.trig").write_text(EMBASSY % "X" + "id:x a rkg:Mission .\n")
    (place / "new.ttl").write_text(EMBASSY % "Y")
    return place


def test_files_that_say_the_same_do_not_differ(place: Path) -> None:
    old, same = place / "old.ttl", place / "same.trig"

    assert f"{old} → {same}: no difference\n" == printed("diff", old, same)


def test_a_difference_is_reported_and_ends_with_1(place: Path) -> None:
    result = run("diff", place / "old.ttl", place / "new.ttl")

    assert (1, "") == (result.returncode, result.stderr)
    assert '    ~ label: "Embassy X"@en → "Embassy Y"@en\n' in result.stdout


def test_a_saved_answer_is_not_compared_as_facts(place: Path) -> None:
    answer = place / "answer.csv"
    printed("query", "visits", "-f", "csv", "-o", answer)

    assert "diff compares files of facts; diff OLD.ttl --answers lists" in complaint("diff", answer)
    assert "this is a table" in complaint("diff", place / "old.ttl", answer)
    assert "columns of the query visits: this is an answer" in complaint("import", answer)


def test_instances_of_a_class_are_left_out(place: Path) -> None:
    files = place / "old.ttl", place / "new.ttl"

    left = printed("diff", *files, "--without", "embassy", "--without", "provenance")

    assert left.endswith(": no difference, without embassy, provenance\n")


@pytest.mark.slow
def test_one_file_is_compared_with_the_graph(place: Path) -> None:
    """The graph is the newer side: facts that the file lacks count as added."""
    current = run("export").stdout

    same = run("diff", "-", text=current)
    more = run("diff", "-", "--facts", VISIT, "--format", "json", text=current)
    own = run("diff", place / "old.ttl", "--only", place / "same.trig")

    assert (0, "standard input → the graph: no difference\n") == (same.returncode, same.stdout)
    assert 1 == more.returncode
    assert "State visit of Ada Ruiz to Belmora" in [
        thing["label"] for thing in json.loads(more.stdout)["added"]
    ]
    assert 0 == own.returncode


@pytest.mark.slow
def test_answers_are_reported_when_asked_for(place: Path) -> None:
    before, after = place / "old.ttl", VISIT

    assert "answers" not in json.loads(run("diff", before, after, "--format", "json").stdout)
    answers = json.loads(run("diff", before, after, "--answers", "--format", "json").stdout)
    assert "visits" in [answer["query"] for answer in answers["answers"]]
    assert "\nNo answer changes\n" in run("diff", before, before, "--answers").stdout


def test_a_difference_is_written_to_a_file(place: Path, tmp_path: Path) -> None:
    path = tmp_path / "diff.md"

    result = run("diff", place / "old.ttl", place / "new.ttl", "--format", "markdown", "-o", path)

    assert (1, "", "") == (result.returncode, result.stdout, result.stderr)
    assert "*label*" in path.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["-", "-"], "standard input can be read only once"),
        (["{}/old.ttl", "{}/none.ttl"], "none.ttl: there is no such file"),
        (
            ["{}/old.ttl", "{}/new.ttl", "--only", "{}/new.ttl"],
            "--facts, --only and --store name",
        ),
        (
            ["{}/old.ttl", "--format", "html"],
            "unknown format 'html'; use one of text, json",
        ),
        ([], "Missing argument"),
    ],
)
def test_what_cannot_be_compared_is_said(place: Path, arguments: list[str], reason: str) -> None:
    assert reason in complaint("diff", *(word.format(place) for word in arguments))
