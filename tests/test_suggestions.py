"""Tests of what a misspelt name is taken to have been."""

import time

import pytest

from relations_kg.suggestions import did_you_mean


@pytest.mark.parametrize(
    ("word", "candidates", "expected"),
    [
        ("missons", ["missions", "visits"], 'did you mean "missions"?'),
        ("MISSIONS", ["missions", "visits"], 'did you mean "missions"?'),
        ("emb-lima", ["emb-lina", "visits"], 'did you mean "emb-lina"?'),
        ("Peru", ["Perù", "PERU"], 'did you mean "PERU" or "Perù"?'),
        ("lima", ["embassy-of-china-in-lima"], 'did you mean "embassy-of-china-in-lima"?'),
        ("shanghai", ["china", "lima"], None),
        ("missions", [], None),
        ("", ["missions", "/missions/"], None),
    ],
)
def test_only_a_near_name_is_suggested(
    word: str, candidates: list[str], expected: str | None
) -> None:
    """Case does not count, a whole word of a name is near it, a few letters in common are not."""
    assert expected == did_you_mean(word, candidates)


def test_the_nearest_three_are_suggested_at_most() -> None:
    candidates = [f"stage-{number}" for number in range(9)]

    assert 3 == (did_you_mean("stage-0", candidates) or "").count('"stage-')


def test_a_huge_word_is_compared_quickly() -> None:
    start = time.perf_counter()
    did_you_mean("a" * 1_000_000, ["a" * 100] * 100)

    assert time.perf_counter() - start < 1
