"""Texts that list several states, as distinct from one name with a comma, a slash or "and"."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from relations_kg._files import content, folder, toml
from relations_kg.names.nations import FORMS, usual_names
from relations_kg.rdf.words import key, words

# Short words for "and" in several languages, which also join the parts of one name.
_AND = re.compile(r"\s+(?:and|e|ed|i|y|et|og|och|en|und|u|a|ja|ve|és|și|şi|и|та|&|\+)\s+", re.I)
# Bosnia and Herzegovina, in several languages: one state, although "Bosnia" alone names it, too.
_WITH_AND = re.compile("bosn|bósn|босн", re.IGNORECASE)
_COMMA = r"\s*[,;]\s*(?:and\s+)?"
# The separators of a list, in the order in which they split a text.
_SEPARATORS = (_COMMA, r"\s*/\s*", r"\s*&\s*|\s+(?:and|y|et|und)\s+")


def table() -> dict[str, Any]:
    """Return the content of words.toml: tables of words for reading lists of names."""
    return toml("names/words.toml")


@cache
def words_of(kind: str) -> frozenset[str]:
    """Return the words of a kind, such as titles; "one_state" has pairs of words.

    >>> "union" in words_of("bodies"), "trinidad tobago" in words_of("one_state")
    (True, True)
    """
    listed = table()["words"][kind]
    return frozenset(listed.split() if isinstance(listed, str) else listed)


def pieces(text: str) -> list[str]:
    """Return the parts of a text between commas; an inverted name is one part.

    >>> pieces("Chile, Congo, Dem. Rep."), pieces("Korea, Rep. of")
    (['Chile', 'Congo, Dem. Rep.'], ['Korea, Rep. of'])
    """
    found: list[str] = []
    for part in re.split(_COMMA, text.strip()):
        if found and _is_form(part):
            found[-1] += f", {part}"
        else:
            found.append(part)
    return found


def _is_form(part: str) -> bool:
    own = words(part)
    return part.endswith(" of") or (bool(own) and (FORMS | words_of("forms")).issuperset(own))


def usual_of(text: str) -> str | None:
    """Return the usual name of a nation from a text with two of its names, or None.

    >>> usual_of("Burma/Myanmar"), usual_of("Chile/Peru")
    ('Myanmar', None)
    """
    parts = re.split(_SEPARATORS[1], text.strip())
    if len(parts) == 2:
        for other, usual in (parts, parts[::-1]):
            if key(usual) in map(key, usual_names(other)):
                return usual
    return None


def parties(text: str, is_known: Callable[[str], bool]) -> tuple[list[str], list[str]]:
    """Return the names of parties that a text lists, and those that are not known.

    `is_known` decides about names other than the usual ones of states.

    >>> parties("Cambodia, Burma/Myanmar", lambda name: False)
    (['Cambodia', 'Myanmar'], [])
    >>> parties("Bosnia & Herzegovina/Nicaragua & Osk", lambda name: False)
    (['Bosnia & Herzegovina', 'Nicaragua', 'Osk'], ['Osk'])
    """

    def is_name(name: str) -> bool:
        first = name.partition(",")[0]
        return is_known(name) or is_state(name) or (first != name and is_state(first))

    found = _split(text, is_name, _SEPARATORS)
    return found, [name for name in found if not is_name(name)]


def is_alone(text: str) -> bool:
    """Return whether a text has no separator of a list of parties.

    >>> is_alone("Belmark"), is_alone("Belmark og Corvia"), is_alone("Belmark, Corvia")
    (True, False, False)
    """
    return not _AND.search(text) and _split(text, lambda name: False, _SEPARATORS) == [text]


def two_parties(text: str, is_known: Callable[[str], bool]) -> tuple[str, str] | None:
    """Return the two names that a short word joins in a text if one of them is known, or None.

    `is_known` decides about names other than the usual ones of states.

    >>> two_parties("Sudan e Jordânia", lambda name: False)
    ('Sudan', 'Jordânia')
    >>> two_parties("Trinidad & Tobago", lambda name: False)
    >>> two_parties("Bosnia i Hercegovina", lambda name: False)
    """
    if is_known(text) or is_state(text) or _WITH_AND.match(text):
        return None
    for match in _AND.finditer(text.strip()):
        both = text.strip()[: match.start()], text.strip()[match.end() :]
        if any(is_known(each) or is_state(each) for each in both):
            return both
    return None


def _split(text: str, is_name: Callable[[str], bool], separators: Sequence[str]) -> list[str]:
    if is_name(text) and len(pieces(text)) == 1:
        return [text]
    if usual := usual_of(text):
        return [usual]
    if not separators:
        return [text]
    first, *others = separators
    parts = pieces(text) if first is _COMMA else re.split(first, text)
    return [name for part in parts for name in _split(part, is_name, others)]


def is_state(name: str) -> bool:
    """Return whether a text is the usual name of a state, perhaps with abbreviated words.

    >>> is_state("Dominican Rep."), is_state("FAO")
    (True, False)
    """
    return _spelt_out(name) in _states()


def _spelt_out(name: str) -> str:
    short = table()["short"]
    return key(" ".join(short.get(word, word) for word in words(name)))


@cache
def _states() -> frozenset[str]:
    """Return the usual names of states in lists of missions, as keys with all words spelt out."""
    return frozenset(map(_spelt_out, content(folder("names"), "states.txt").decode().splitlines()))
