"""The number of examples and of seeds that a test of random facts runs."""

import pytest
from _pytest.mark import ParameterSet
from hypothesis import settings


def trials(number: int) -> settings:
    """Return the settings for this many examples, fewer in quick tests, thrice with `--whole`."""
    chosen = settings().max_examples
    if chosen == settings.get_profile("quick").max_examples:
        number = min(number, chosen)
    elif chosen == settings.get_profile("whole").max_examples:
        number *= 3
    return settings(max_examples=number)


def seeds(number: int) -> list[ParameterSet]:
    """Return this many seeds; without `--whole`, a test runs with the first third of them."""
    first = -(-number // 3)
    return [
        pytest.param(seed, marks=pytest.mark.whole if seed >= first else ())
        for seed in range(number)
    ]
