"""The number of examples and of seeds that a test of random facts runs."""

import pytest
from _pytest.mark import ParameterSet
from hypothesis import settings


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
