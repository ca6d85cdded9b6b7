"""Tests of the errors: one line each, the place first, the remedy last."""

import gc
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

import relations_kg as rk
from relations_kg.answers.evaluation import evaluate
from relations_kg.errors import InputError, QueryError, RelationsError, UnknownName


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ({}, "no such day"),
        ({"where": "facts.ttl"}, "facts.ttl: no such day"),
        ({"where": "facts.ttl", "line": 3}, "facts.ttl:3: no such day"),
        ({"where": "facts.ttl", "line": 3, "column": 7}, "facts.ttl:3:7: no such day"),
        ({"help": "June has 30"}, "no such day; June has 30"),
        ({"where": "facts.ttl", "help": "June has 30"}, "facts.ttl: no such day; June has 30"),
    ],
)
def test_an_error_reads_where_then_what_is_wrong_then_what_would_be_right(
    place: dict[str, object], expected: str
) -> None:
    error = RelationsError("no such day", **place)  # type: ignore[arg-type]

    assert expected == str(error)


def test_the_parts_of_an_error_can_be_read_one_by_one() -> None:
    error = InputError("no such day", where="facts.ttl", line=3, column=7, help="June has 30")

    assert ("no such day", "facts.ttl", 3, 7, "June has 30") == (
        error.message,
        error.where,
        error.line,
        error.column,
        error.help,
    )


@pytest.mark.parametrize("kind", [InputError, QueryError, UnknownName])
def test_every_error_can_be_caught_as_one_kind(kind: type[RelationsError]) -> None:
    with pytest.raises(RelationsError, match="no such day"):
        raise kind("no such day")


def validate_a_missing_file(kg: rk.Graph, folder: Path) -> None:
    kg.validate(folder / "none.ttl")


def load_vocabulary(kg: rk.Graph, folder: Path) -> None:
    file = folder / "facts.ttl"
    file.write_text("<https://w3id.org/relations-kg/ontology#x> a <https://example.org/x> .")
    kg.add(file)


def ask_for_too_many_rows(kg: rk.Graph, folder: Path) -> None:
    evaluate(kg.quad_store, "SELECT * { ?s ?p ?o }", kg.names, most=1)


def ask_for_too_many_triples(kg: rk.Graph, folder: Path) -> None:
    evaluate(kg.quad_store, "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }", kg.names, most=1)


@pytest.mark.slow
@pytest.mark.parametrize(
    "fails",
    [
        validate_a_missing_file,
        load_vocabulary,
        ask_for_too_many_rows,
        ask_for_too_many_triples,
    ],
)
def test_what_an_error_keeps_can_be_freed_in_another_thread(
    fails: Callable[[rk.Graph, Path], None],
    kg: rk.Graph,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    faults: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", faults.append)
    kept = []
    try:
        fails(kg, tmp_path)
    except RelationsError as error:
        kept.append(error)
    assert kept

    def free() -> None:
        kept.clear()
        gc.collect()  # some errors are parts of cycles

    thread = threading.Thread(target=free)
    thread.start()
    thread.join()

    assert [] == faults
