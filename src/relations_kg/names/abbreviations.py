"""Matching of abbreviations: names by their initials, and texts by acronyms among the names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from relations_kg.rdf.words import words

# Articles, conjunctions and prepositions, which are ignored when words of names are compared.
LINKING = frozenset({"a", "and", "at", "de", "del", "for", "in", "la", "of", "the"})


def without_linking(words: Iterable[str]) -> list[str]:
    """Return the words other than articles, conjunctions and prepositions.

    >>> without_linking(["port", "of", "lima"])
    ['port', 'lima']
    """
    return [word for word in words if word not in LINKING]


def expanded(text: str, phrases: Iterable[str]) -> Iterator[str]:
    """Yield the phrases that a text abbreviates by the initials of their words.

    Some of these words may be written in full.

    >>> [*expanded("P.R. of China", ["peoples republic of china", "peru"])]
    ['peoples republic of china']
    """
    written = re.findall(r"[A-Z](?:\.? ?[A-Z]){1,5}\b", text)
    if not written:
        return
    for initials in written:
        text = text.replace(initials, re.sub("[. ]", "", initials))
    parts = without_linking(words(text))
    short = {re.sub("[. ]", "", initials).casefold() for initials in written}
    for phrase in phrases:
        known = without_linking(phrase.split())
        if len(known) > len(parts) and _abbreviates(parts, known, short):
            yield phrase


def shortened(text: str, phrases: Iterable[str]) -> Iterator[str]:
    """Yield the phrases that abbreviate a text, or that are abbreviated by a text in capitals.

    Initials may be in another order than the words, as they are in acronyms from other languages.

    >>> known = ["ccp", "kuomintang", "special administrative region of hong kong"]
    >>> [[*shortened(text, known)] for text in ("Communist Party of China", "KMT", "HKSAR")]
    [['ccp'], ['kuomintang'], ['special administrative region of hong kong']]
    """
    initials, short = _initials(text), text.casefold()
    if is_short := re.fullmatch("[A-Z]{3,6}", text) is not None:
        within = re.compile(".*".join(short))
    for phrase in phrases:
        if is_short and " " not in phrase:
            is_meant = within.match(phrase) is not None
        elif is_short:
            is_meant = len(short) > 3 and sorted(_initials(phrase)) == sorted(short)
        else:
            is_meant = len(initials) > 2 and sorted(phrase) == sorted(initials)
        if is_meant:
            yield phrase


def _initials(text: str) -> str:
    return "".join(word[0] for word in without_linking(words(text)))


def _abbreviates(parts: list[str], known: list[str], short: set[str]) -> bool:
    """Return whether `parts` match all words of `known`, some of them by their initials."""
    for part in parts:
        if known[:1] == [part]:
            known = known[1:]
        elif part in short and "".join(word[0] for word in known[: len(part)]) == part:
            known = known[len(part) :]
        else:
            return False
    return not known
