"""Tests of the suggestions for misspelt names."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relations_kg.rdf.spelling import asked_back, did_you_mean, nearest, one_error_away


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
    """Case is ignored; a whole word of a name is near it, but a few common letters are not."""
    assert expected == did_you_mean(word, candidates)


def test_the_nearest_three_are_suggested_at_most() -> None:
    candidates = [f"stage-{number}" for number in range(9)]

    assert 3 == (did_you_mean("stage-0", candidates) or "").count('"stage-')


def test_a_huge_word_is_compared_quickly() -> None:
    start = time.perf_counter()
    did_you_mean("a" * 1_000_000, ["a" * 100] * 100)

    assert time.perf_counter() - start < 1


@pytest.mark.parametrize(
    ("word", "candidates", "expected"),
    [
        ("Embasy", ["Embassy", "Event"], ["Embassy"]),
        ("Embsasy", ["Embassy"], ["Embassy"]),
        ("EMBASSY", ["Embassy"], ["Embassy"]),
        ("Embass", ["Embassy", "Embasso"], ["Embasso", "Embassy"]),
        ("Embassi", ["Embassies", "Embassy"], ["Embassy"]),
        ("Embassies", ["Embassy"], []),
        ("Embbbassy", ["Embassy"], ["Embassy"]),
        ("Visti", ["Visit", "Vista"], ["Visit", "Vista"]),
        ("Cty", ["City", "Cities"], ["City"]),
        ("Xty", ["City"], []),
        ("ab", ["cd"], []),
        ("a", ["b", "ab"], ["ab", "b"]),
        ("", ["a"], ["a"]),
        ("Visit", [], []),
    ],
)
def test_nearest_are_those_with_the_fewest_errors_and_not_many(
    word: str, candidates: list[str], expected: list[str]
) -> None:
    assert expected == nearest(word, candidates)
    assert expected == nearest(word, candidates[::-1])


def test_more_errors_are_allowed_where_that_is_asked() -> None:
    word, right = "https://w3id.org/relation-kg/ontolgy", "https://w3id.org/relations-kg/ontology#"

    assert [] == nearest(word, [right])
    assert [right] == nearest(word, [right], 3)


def osa(one: str, other: str) -> int:
    """Return the optimal string alignment distance of two words, by its definition."""
    if not one or not other:
        return len(one) + len(other)
    counts = [
        osa(one[:-1], other) + 1,
        osa(one, other[:-1]) + 1,
        osa(one[:-1], other[:-1]) + (one[-1] != other[-1]),
    ]
    if one[-2:] == other[-2:][::-1] and len(one) > 1 < len(other):
        counts.append(osa(one[:-2], other[:-2]) + 1)
    return min(counts)


words = st.text("ab-", max_size=5)


@given(words, st.lists(words, max_size=4), st.integers(1, 3))
def test_nearest_counts_errors_by_their_definition(
    word: str, candidates: list[str], most: int
) -> None:
    errors = {candidate: osa(word, candidate) for candidate in candidates}
    fewest = min(errors.values(), default=9)
    allowed = fewest <= min(most, max(1, len(word) // 3))
    expected = [each for each in candidates if errors[each] == fewest] if allowed else []

    assert sorted(expected) == nearest(word, candidates, most)


@given(words, words)
def test_a_slug_is_one_error_away_if_one_error_leads_to_it(one: str, other: str) -> None:
    assert (osa(one, other) == 1) == (other in set(one_error_away(one)) - {one})


@given(st.text("abcdefghijklmnopqrstuvwxyz0123456789-", min_size=1, max_size=12))
def test_errors_put_in_small_letters_digits_and_hyphens_only(word: str) -> None:
    for other in one_error_away(word):
        assert re.fullmatch(r"[a-z0-9-]*", other)
        assert abs(len(word) - len(other)) <= 1


def test_letters_in_a_wrong_order_are_most_likely() -> None:
    assert ["epru", "preu", "peur"] == list(one_error_away("peru"))[:3]


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ([], None),
        (["rkg:Visit"], 'did you mean "rkg:Visit"?'),
        (["id:a", "id:b"], 'did you mean "id:a" or "id:b"?'),
        (["a", "b", "c"], 'did you mean "a" or "b" or "c"?'),
    ],
)
def test_what_may_be_meant_is_asked_back(names: list[str], expected: str | None) -> None:
    assert expected == asked_back(names)
    assert expected == asked_back(iter(names))


def test_the_nearest_of_many_names_is_found_quickly() -> None:
    names = [f"embassy-of-country-{number}-in-the-city-{number}" for number in range(4_000)]
    start = time.perf_counter()
    found = nearest("embassy-of-contry-7-in-the-city-7", names)

    assert ["embassy-of-country-7-in-the-city-7"] == found
    assert time.perf_counter() - start < 10  # seconds; it usually takes one
