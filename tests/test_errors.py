"""Tests of the errors: one line each, the place first, the remedy last."""

import pytest

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
