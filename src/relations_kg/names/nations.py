"""The usual names of nations and cities, for their other names and their adjectives.

They serve only to find things in the graph.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache

from relations_kg._files import toml
from relations_kg.rdf.words import key, words

# Pairs of names that differ in one or two letters, but are not misspellings of each other.
_NEAR = (
    *("australia austria", "gambia zambia", "iceland ireland", "iran iraq", "prussia russia"),
    "slovakia slovenia",
)
# Words for the form of a state, which many names share.
FORMS = {"republic", "kingdom", "empire", "dynasty", "state", "states", "union", "united"}
FORMS |= {"people", "peoples", "democratic", "government", "region", "special", "administrative"}
# The endings of adjectives that are derived from names of nations, in English and Spanish.
_ENDING = re.compile(r"((v|n|eg)?i?ana?|n|n?u?ese|ish|i|ic|er|(an|en)?[oa]|es|esa)s?")
_STEM = 4  # the number of letters that two forms of a word must share


def usual_names(name: str) -> list[str]:
    """Return the usual names of a nation or city for another of its names, such as a former one.

    >>> usual_names("Nationalist China"), usual_names("the Dutch Republic"), usual_names("Peru")
    (['Republic of China'], ['Netherlands'], [])
    """
    return list(_usual().get(key(name), ()))


def with_usual_names(text: str) -> str:
    """Return a text with the usual names of nations and cities, without words such as "republic".

    Its other words are folded. A text without a word for a nation or city is returned unchanged.

    >>> with_usual_names("British Empire"), with_usual_names("Dutch consulate in Canton")
    ('United Kingdom', 'Netherlands consulate in Guangzhou')
    >>> with_usual_names("Sino-Peruvian relations")
    'China peruvian relations'
    """
    asked, nations = words(text), _nations()
    if nations.keys().isdisjoint(asked):
        return text
    return " ".join(nations.get(word, word) for word in asked if word not in FORMS)


def are_two_nations(one: str, other: str) -> bool:
    """Return whether two similar names are those of two nations.

    >>> are_two_nations("Iran", "Iraq"), are_two_nations("Iran", "Irak")
    (True, False)
    """
    return " ".join(sorted((key(one), key(other)))) in _NEAR


@lru_cache(10_000)
def is_adjective(word: str, name: str) -> bool:
    """Return whether a word is an adjective derived from a name, such as that of a nation.

    >>> [is_adjective(word, "peru") for word in ("peruvian", "peruanos", "persian", "perugia")]
    [True, True, False, False]
    >>> is_adjective("afghan", "afghanistan"), is_adjective("uzbeks", "uzbekistan")
    (True, True)
    """
    if name.endswith("stan") and word.removesuffix("s") == name[:-4].removesuffix("i"):
        return True
    shared = next((n for n in range(len(name), _STEM - 1, -1) if word.startswith(name[:n])), 0)
    is_stem = shared >= max(_STEM, len(name) - 2)
    return is_stem and _ENDING.fullmatch(word, shared) is not None


@cache
def _usual() -> dict[str, tuple[str, ...]]:
    """Return the usual names of nations and cities by the keys of their other names."""
    found: dict[str, tuple[str, ...]] = {}
    for other, usual in _pairs():
        found[key(other)] = (*found.get(key(other), ()), usual)
    return found


@cache
def _nations() -> dict[str, str]:
    """Return the usual name of a nation or city, by each single word that stands for it."""
    table = toml("names/nations.toml")
    found = {words(other)[0]: usual for other, usual in _pairs() if " " not in other}
    found |= {word: nation for nation, own in table["adjectives"].items() for word in own}
    return {**found, **table["first"]}


def _pairs() -> Iterator[tuple[str, str]]:
    for usual, others in toml("names/nations.toml")["names"].items():
        for other in others:
            yield from ((other, each) for each in usual.split("|") if key(each) != key(other))
