"""Tests of the things that are listed if they have only some of the words of a text."""

import pytest

import relations_kg as rk
from relations_kg.answers.partial_matches import PartialMatches, without_names
from relations_kg.rdf.namespaces import ID

TEXTS = {
    "alpha": "tariff ports peru",
    "beta": "tariff ports copper",
    "gamma": "guano railway loan bonds",
    "delta": "peru china",
    "epsilon": "harbour silver",
    **{f"many-{number}": "wool" for number in range(5)},
}


def listed(kg: rk.Graph, text: str) -> list[str]:
    def find(asked: str, most: int) -> list[str]:
        wanted = set(asked.split())
        return [ID + name for name, own in TEXTS.items() if wanted <= {*own.split()}][:most]

    return [line.partition(" (")[0] for line in PartialMatches(find, kg.names).lines(text)]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        (
            "guano railway zinc",
            ["these have the words 'guano railway', but not 'zinc':", "id:gamma"],
        ),
        (
            "guano railway loan zinc tin",
            ["these have the words 'guano railway loan', but not 'zinc tin':", "id:gamma"],
        ),
        # Two of five words are fewer than half, and one of two is too few.
        ("tariff ports zinc tin lead", []),
        ("silver zinc", []),
        # Of two words and two others, the rarer ones are kept.
        (
            "tariff ports harbour silver",
            ["these have the words 'harbour silver', but not 'tariff ports':", "id:epsilon"],
        ),
        # Parties alone are listed only if the text has no other word.
        ("peru china zinc", []),
        ("peru china", ["these have the words 'peru china':", "id:delta"]),
        (
            "tariff peru zinc",
            ["these have the words 'tariff peru', but not 'zinc':", "id:alpha"],
        ),
    ],
)
def test_at_least_half_of_the_words_are_kept(kg: rk.Graph, text: str, lines: list[str]) -> None:
    assert lines == listed(kg, text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        # The two rarest words are listed alone, but neither a name nor a word of many things.
        ("who has tariff silver loan copper guano zinc tin", "silver loan"),
        ("who has wool zinc", ""),
        ("which wool and tariff in peru for zinc and tin", "tariff"),
        ("wool silver zinc", ""),
    ],
)
def test_a_question_of_which_no_thing_has_half_lists_those_of_rare_words(
    kg: rk.Graph, text: str, words: str
) -> None:
    titles = [line for line in listed(kg, text) if line.startswith("these")]

    assert [title.split("'")[1] for title in titles] == words.split()


def test_a_long_text_is_not_combined(kg: rk.Graph) -> None:
    eight = "guano railway loan bonds zinc tin lead iron"
    searches: list[str] = []

    def find(asked: str, most: int) -> list[str]:
        searches.append(asked)
        return [] if asked == "bismuth" else [ID + "peru"]

    partial = PartialMatches(find, kg.names)
    assert ["these have the words"] == [line[:20] for line in partial.lines(eight)[:1]]
    assert "no name or text has 'bismuth'" == partial.unknown("guano bismuth")
    searches.clear()
    assert [] == partial.lines(f"{eight} bismuth")
    assert None is partial.unknown(f"{eight} bismuth")
    assert None is partial.unknown("bismuth")
    assert [] == searches


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("embassy in Lima", "embassy in"),
        ("visit of Xi Jinping", "visit of"),
        ("treaty with the People's Republic of China", "treaty with"),
        ("embassy in Nationalist China", "embassy in"),
        ("exile of Kuomintang government", "exile of"),
        ("Peruvian embassy", "Peruvian embassy"),
        ("which Peruvian embassy", "which embassy"),
    ],
)
def test_names_of_parties_persons_and_places_are_left_out(
    kg: rk.Graph, text: str, left: str
) -> None:
    assert left == without_names(text, kg.names)
