"""Tests of the size of the hostile corpus; `make check` runs the corpus itself."""

from hostile import files, queries

CASES = [*files.cases(), *queries.cases()]


def test_there_are_hundreds_of_each_and_no_two_of_one_name() -> None:
    assert len(files.cases()) >= 500
    assert len(queries.cases()) >= 500
    assert len(CASES) == len({(case.kind, case.name, case.suffix) for case in CASES})
