"""Tests of a sample of the hostile corpus; `make check` runs all of it."""

import os
import random

import pytest
from hostile import files, queries
from hostile.run import failures

CASES = [*files.cases(), *queries.cases()]


def test_there_are_hundreds_of_each_and_no_two_of_one_name() -> None:
    assert len(files.cases()) >= 500
    assert len(queries.cases()) >= 500
    assert len(CASES) == len({(case.kind, case.name, case.suffix) for case in CASES})


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="children are watched as Linux does")
def test_a_sample_does_no_harm() -> None:
    small = [case for case in CASES if case.kind not in ("huge tokens", "closures", "products")]

    assert [] == list(map(str, failures(random.Random(5).sample(small, 40))))
