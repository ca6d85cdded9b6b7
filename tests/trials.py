"""The number of examples and of seeds that a test of random facts runs."""

import os

import pytest
from _pytest.mark import ParameterSet
from hypothesis import settings

# Machines differ in speed, so examples have no deadline. If CI is set, each run tries the same
# examples, so that its result depends on the commit alone.
settings.register_profile("all", deadline=None, derandomize="CI" in os.environ)
settings.register_profile("quick", parent=settings.get_profile("all"), max_examples=20)
settings.register_profile("whole", parent=settings.get_profile("all"), max_examples=300)


def trials(number: int, *, whole: int = 0) -> settings:
    """Return the settings for this many examples, and for fewer in quick tests.

    With `--whole`, there are `whole` examples, by default three times the number.
    """
    chosen = settings().max_examples
    if chosen == settings.get_profile("quick").max_examples:
        number = min(number, chosen)
    elif chosen == settings.get_profile("whole").max_examples:
        number = whole or 3 * number
    return settings(max_examples=number)


def seeds(number: int) -> list[ParameterSet]:
    """Return this many seeds; without `--whole`, a test runs with the first third of them."""
    first = -(-number // 3)
    return [
        pytest.param(seed, marks=pytest.mark.whole if seed >= first else ())
        for seed in range(number)
    ]
