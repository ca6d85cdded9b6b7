"""Tests of the index of phrases: it finds what a comparison with each phrase finds."""

import random
from collections.abc import Collection

import pytest
from hypothesis import given
from hypothesis import strategies as st
from trials import trials

from relations_kg.rdf import near_phrases
from relations_kg.rdf.near_phrases import NearPhrases
from relations_kg.rdf.spelling import nearest_phrases

WORDS = st.text("abcd1é", min_size=1, max_size=10)
PHRASES = st.lists(WORDS, min_size=1, max_size=3).map(" ".join)


@trials(60)
@given(phrases=st.lists(PHRASES, max_size=12), asked=PHRASES, errors=st.randoms())
def test_the_index_finds_what_a_comparison_with_each_phrase_finds(
    phrases: list[str], asked: str, errors: random.Random
) -> None:
    for phrase in (asked, *phrases):
        text = _misspelt(phrase, errors)
        assert nearest_phrases(text, dict.fromkeys(phrases)) == NearPhrases(phrases).of(text)


def test_the_order_of_many_near_phrases_does_not_matter() -> None:
    letters = "abcdefghijklmnopqrstuvwxyz"
    names = [f"{one}{other}da" for one in letters for other in letters]

    asked = "aada"
    assert ["aada", "abda", "acda"] == nearest_phrases(asked, names)
    assert nearest_phrases(asked, names) == nearest_phrases(asked, names[::-1])
    assert nearest_phrases(asked, names[::-1]) == NearPhrases(names[::-1]).of(asked)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        # A space is missing or superfluous.
        ("xijinping", ["xi jinping"]),
        ("xi jin ping", ["xi jinping"]),
        ("worldtradecentre", ["world trade centre"]),
        # A space replaces a letter, or a letter a space.
        ("uni ed nations", ["united nations"]),
        ("unitedxnations", ["united nations"]),
        ("xi xjinping", ["xi jinping"]),
        ("uni ed natios", []),
    ],
)
def test_spaces_may_be_wrong(text: str, found: list[str]) -> None:
    assert found == NearPhrases(["united nations", "xi jinping", "world trade centre"]).of(text)


def test_only_phrases_with_a_word_nearly_like_the_rarest_are_compared(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    letters = "bcdfghjklm"
    names = [f"Ada {one}{other}mar{one}tin" for one in letters for other in letters]
    index, compared = NearPhrases(names), []

    def counted(phrase: str, candidates: Collection[str]) -> list[str]:
        compared.append(len(candidates))
        return nearest_phrases(phrase, candidates)

    monkeypatch.setattr(near_phrases, "nearest_phrases", counted)
    assert "Ada bcmarbtin" == index.of("Ada bcmarbtinn")[0]
    assert [] == index.of("Ada Corlund")
    assert compared[0] < len(names) / 2
    assert 0 == compared[1]


def _misspelt(text: str, errors: random.Random) -> str:
    for _ in range(errors.randrange(4)):
        place = errors.randrange(len(text) + 1)
        kind = errors.randrange(4)
        if kind == 0:
            text = text[:place] + errors.choice("abcd é") + text[place:]
        elif kind == 1:
            text = text[:place] + text[place + 1 :]
        elif kind == 2:
            text = text[:place] + errors.choice("abcd") + text[place + 1 :]
        else:
            text = text[:place] + text[place : place + 2][::-1] + text[place + 2 :]
    return " ".join(text.split())
