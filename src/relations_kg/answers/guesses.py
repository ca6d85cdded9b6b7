"""Suggestions for guessed names of parameters and stored queries."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping
from typing import Any

from relations_kg._files import toml
from relations_kg.rdf.spelling import asked_back, nearest
from relations_kg.rdf.words import words

# Words of questions that do not describe what is asked for.
OF_QUESTIONS = frozenset(
    words("""already an any are been by did do does ever find from give had has have how i is it its
    list lists me my on or our s show still tell that their them there these they this
    those to us was we were what when where which who whom whose with you your""")
)


def table() -> dict[str, Any]:
    """Return the names that people guess, as guesses.toml lists them."""
    return toml("answers/guesses.toml")


def queries_meant(word: str, queries: Mapping[str, str]) -> str | None:
    """Return a question that suggests the stored queries that a word or text may mean, or None.

    `queries` maps their names to other words by which users ask for them, the most typical first.
    If the text lists the names of several queries, the advice to run each alone is returned.

    >>> known = {"conflicts": "war wars", "figures": "numbers", "works": ""}
    >>> queries_meant("Wars and numbers", known)
    'did you mean "conflicts" or "figures"?'
    >>> queries_meant("figures works", known)
    'run them one by one: figures and works'
    """
    asked = word.lower()
    several = re.split(r"[\s,;+&]+", asked)
    if len(several) > 1 and all(each in queries for each in several):
        return f"run them one by one: {' and '.join(several)}"
    # A word that is the name of a query counts twice.
    votes: Counter[str] = Counter()
    parts = (part for part in words(asked) if part not in OF_QUESTIONS)
    for each in dict.fromkeys((asked, *parts)):
        said = {name: text.split() for name, text in queries.items()}
        meant = [name for name in sorted(said) if each in said[name]]
        meant.sort(key=lambda name: said[name].index(each))
        votes.update([each, each] if each in queries else meant)
    return asked_back([name for name, _ in votes.most_common(3)]) or None


def by_summary(name: str, summaries: Mapping[str, str], shortest: int) -> str | None:
    """Return a question that suggests queries whose summaries have a word like an unknown name.

    The words are alike if the summary's word begins with the name without its last four letters,
    but with at least its first five. Returns None if there is no such query, or if this beginning
    has fewer than `shortest` letters.

    >>> by_summary("exported", {"trade": "Exports and imports.", "visits": "Visits."}, 5)
    'did you mean "trade"?'
    """
    stem = name.lower()[: max(5, len(name) - 4)]
    if len(stem) < shortest:
        return None
    begun = re.compile(rf"(?i)\b{re.escape(stem)}")
    return asked_back([each for each in summaries if begun.search(summaries[each])][:3])


def named(values: Mapping[object, object]) -> str:
    """Return a mapping as keyword arguments of Python.

    >>> named({"party": "peru"})
    "party='peru'"
    """
    return ", ".join(f"{name}={value!r}" for name, value in values.items())


def is_mapping(word: str) -> bool:
    """Return whether other libraries use this word for the argument with the variables' values."""
    return word.lower().replace("_", "-") in table()["mappings"].split()


def instead_of_parameter(word: str, names: Collection[str]) -> str | None:
    """Return what to write instead of a parameter that a stored query does not have, or None.

    >>> instead_of_parameter("limit", ["visitor", "host"])
    'it lists all rows; in Python, rows[:10]; it has visitor, host'
    """
    if is_mapping(word):
        example = f", such as {next(iter(names))}='peru'" if names else ""
        return f"give each value by the name of its parameter{example}"
    asked = word.lower().replace("_", "-")
    if meant := parameters_meant(word, names):
        return meant
    settings = [help for help, words in table()["settings"].items() if asked in words.split()]
    return f"{settings[0]}; it has {', '.join(names)}" if settings else None


def parameters_meant(word: str, names: Collection[str]) -> str | None:
    """Return a question that suggests parameters that a word may mean, or None.

    >>> parameters_meant("from", ["visitor", "origin", "host", "since"])
    'did you mean "origin" or "since"?'
    >>> parameters_meant("orgin", ["visitor", "origin"])
    'did you mean "origin"?'
    """
    asked = word.lower().replace("_", "-").strip("-")
    tried = {each for words, _ in table()["parameters"] for each in words.split()}
    if asked not in tried and (near := nearest(asked, names)):
        return asked_back(near)
    alike = {asked} if asked in tried else {*nearest(asked, tried)}
    found = [
        name
        for words, meant in table()["parameters"]
        if alike.intersection(words.split())
        for name in meant.split()
        if name in names
    ]
    return asked_back([*dict.fromkeys(found)][:3])
