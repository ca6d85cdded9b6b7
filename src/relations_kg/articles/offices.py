"""Recognition of a person's name and office in a text, as in lists of visits."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache

from relations_kg._files import toml

_JOINTS = ("and", "&", "of", "the", "for")
_NAME = re.compile(
    r"[^\W\d_a-z][\w’'.-]*(?: (?:[^\W\d_a-z][\w’'.-]*|d[aeiou]l?|van|von|bin|la|al|y|of)){0,5}"
)

_GROUPS = re.compile(r"delegation|group|mission|treaty|agreement", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Office:
    """The title of an office, and the code of its kind if the title determines the kind."""

    title: str
    kind: str


@dataclass(frozen=True, slots=True)
class Visitor:
    """A person's name and office; `is_sure` is true if the boundary between them is certain."""

    name: str
    office: str
    is_sure: bool


def visitor_of(text: str, places: Collection[str]) -> Visitor | None:
    """Return the person that a text names, or None; `places` are names of known places.

    >>> visitor_of("Minister of Trade and Tourism Ada Ode", [])
    Visitor(name='Ada Ode', office='Minister of Trade and Tourism', is_sure=True)
    >>> visitor_of("Ada Ode, President of Avaria", ["Avaria"])
    Visitor(name='Ada Ode', office='President of Avaria', is_sure=True)
    """
    name, comma, office = text.partition(", ")
    if comma and _length_of_title(office.split(), places)[0] == len(office.split()):
        return Visitor(name, office, True) if _NAME.fullmatch(name) else None
    words = text.split()
    length, is_sure = _length_of_title(words, places)
    if not length:
        # The first word may be an adjective, as in "Avarian President"; it is part of the office.
        length, is_sure = _length_of_title(words[1:], places)
        length += length > 0
    name = _without_place(" ".join(words[length:]), places)
    has_other_words = any(map(_is_role, name.split())) or _GROUPS.search(name)
    if has_other_words or not _NAME.fullmatch(name) or not (length or " " in name):
        return None
    return Visitor(name, " ".join(words[:length]), is_sure)


def office_of(title: str, party: str, places: Collection[str]) -> Office:
    """Return an office by its title; the party is added to a title that every state has.

    >>> office_of("President", "Avaria", ["Avaria"])
    Office(title='President of Avaria', kind='head-of-state')
    """
    bare = _without_place(title, places)
    known = toml("articles/offices.toml")["kinds"]
    kinds = (kind for kind, pattern in known.items() if re.fullmatch(pattern, bare))
    kind = next(kinds, "")
    return Office(f"{bare} of {party}" if kind and party and bare == title else title, kind)


def _without_place(words: str, places: Collection[str]) -> str:
    """Return a name or a title without a known place at its end."""
    for place in places:
        words = words.removesuffix(f" of {place}").removesuffix(f" of the {place}")
    return words


def _length_of_title(words: list[str], places: Collection[str]) -> tuple[int, bool]:
    """Return the number of words of the titles at the start, and whether this number is certain."""
    length, is_sure = 0, True
    while True:
        end = length + (length > 0 and words[length : length + 1] in (["and"], ["&"]))
        role = end
        while role < len(words) - 1 and _words("before_roles").fullmatch(words[role]):
            role += 1
        while role > end and not _is_role(words[role]):
            role -= 1
        if role >= len(words) or not _is_role(words[role]):
            return length, is_sure
        length = role + 1
        if words[length : length + 1] in (["of"], ["for"], ["to"]):
            length, found = _end_of_complement(words, length, places)
            is_sure = is_sure and found


@cache
def _words(kind: str) -> re.Pattern[str]:
    return re.compile("|".join(toml("articles/offices.toml")[kind].split()))


def _is_role(word: str) -> bool:
    return bool(_words("roles").fullmatch(word.rstrip(",").removeprefix("Vice-")))


def _end_of_complement(words: list[str], start: int, places: Collection[str]) -> tuple[int, bool]:
    """Return the index after the words that complete a title, and whether these are known.

    They follow "of", "for" or "to".
    """
    end = position = start
    while position < len(words):
        known = [place.split() for place in places if place]
        sizes = [len(each) for each in known if words[position : position + len(each)] == each]
        if sizes or _words("institutions").fullmatch(words[position].rstrip(",")):
            position += max(sizes, default=1)
            end = position
        elif words[position].rstrip(",") in _JOINTS:
            position += 1
        else:
            break
    if end > start:
        return end, True
    # If no word of the title is known, the last two words are taken as the person's name.
    return max(start + 2, len(words) - 2), False
