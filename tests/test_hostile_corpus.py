"""Tests of the size and the parts of the hostile corpus; `make check` runs the corpus itself."""

from hostile import files, queries
from hostile.run import PARTS, part_of_each_kind

CASES = [*files.cases(), *queries.cases()]


def test_there_are_hundreds_of_each_and_no_two_of_one_name() -> None:
    assert len(files.cases()) >= 500
    assert len(queries.cases()) >= 500
    assert len(CASES) == len({(case.kind, case.name, case.suffix) for case in CASES})


def test_the_parts_have_all_cases_and_each_has_some_of_each_kind() -> None:
    parts = [list(part_of_each_kind(CASES, part)) for part in range(PARTS)]

    # Comparing the large contents would take longer.
    assert sorted(map(id, CASES)) == sorted(id(case) for part in parts for case in part)
    for part in parts:
        assert {case.kind for case in part} == {case.kind for case in CASES}
        assert abs(len(part) - len(CASES) / PARTS) <= len({case.kind for case in CASES})
