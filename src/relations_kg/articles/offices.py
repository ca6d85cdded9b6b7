"""Recognition of a person's name and office in a text, as in lists of visits."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

_BEFORE_ROLES = re.compile(
    r"[A-Z]{2,6}|Vice|Vice-|Deputy|Acting|Former|Prime|Foreign|Crown|First|Second|Chief|General|State"
    r"|Executive|Supreme|Defen[cs]e|Finance|Interior|Trade|Federal|Grand|Special|Minister-|National"
)
_ROLES = re.compile(
    r"(?:Vice-)?(?:President|Premier|Minister|Secretary|Secretary-General|Chancellor|King|Queen"
    r"|Emperor|Empress|Pope|Prince|Princess|Duke|Executive|Governor|Mayor|Speaker|Chair(?:man|woman"
    r"|person)?|Ambassador|Envoy|Nuncio|Senator|General|Admiral|Marshal|Council(?:l)?or|Sultan|Emir"
    r"|Shah|Taoiseach|Lady|Commissioner|Director|Leader|Cardinal|Archbishop|Governor-General|Commander"
    r"|President-elect)"
)
_INSTITUTIONS = re.compile(
    r"Affairs|Agriculture|Army|Assembly|Bank|Chamber|Civil|Commerce|Committee|Communications|Communist"
    r"|Congress|Construction|Cooperation|Council|Court|Culture|Defen[cs]e|Deputies|Development|Economic"
    r"|Economy|Education|Energy|Environment|External|Finance|Fisheries|Forces|Foreign|Government|Health"
    r"|Home|House|Industry|Interior|International|Investment|Justice|Labou?r|Mines|Mining|Ministers"
    r"|National|Navy|Parliament|Party|People['’]s|Planning|Production|Public|Relations|Representatives"
    r"|Republic|Science|Security|Senate|Services|Social|Sports?|Staff|Standing|State|States|Technology"
    r"|Tourism|Trade|Transport(?:ation)?|Treasury|Works|Women|Armed|Lords|Commons|Diet|Duma"
)
_JOINTS = ("and", "&", "of", "the", "for")
_NAME = re.compile(
    r"[^\W\d_a-z][\w’'.-]*(?: (?:[^\W\d_a-z][\w’'.-]*|d[aeiou]l?|van|von|bin|la|al|y|of)){0,5}"
)

_GROUPS = re.compile(r"delegation|group|mission|treaty|agreement", re.IGNORECASE)


# The titles that determine the kind of an office, by the code of the kind.
_KINDS = {
    "head-of-state": r"President|King|Queen|Emperor|Empress|Pope|Sultan|Emir|Shah",
    "head-of-government": r"Prime Minister|Premier|Chancellor|Taoiseach",
    "foreign-minister": r"Foreign Minister|Minister (?:of|for) Foreign (?:Affairs|Relations)",
    "minister": r"Minister of .+",
    "head-of-legislature": r"(?:President|Speaker) of (?:the )?"
    r"(?:Congress|Parliament|Senate|.*Assembly)",
}


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
        # "Avarian President": an adjective is part of the office.
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
    kinds = (kind for kind, pattern in _KINDS.items() if re.fullmatch(pattern, bare))
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
        while role < len(words) - 1 and _BEFORE_ROLES.fullmatch(words[role]):
            role += 1
        while role > end and not _is_role(words[role]):
            role -= 1
        if role >= len(words) or not _is_role(words[role]):
            return length, is_sure
        length = role + 1
        if words[length : length + 1] in (["of"], ["for"], ["to"]):
            length, found = _end_of_complement(words, length, places)
            is_sure = is_sure and found


def _is_role(word: str) -> bool:
    return bool(_ROLES.fullmatch(word.rstrip(",")))


def _end_of_complement(words: list[str], start: int, places: Collection[str]) -> tuple[int, bool]:
    """Return the index after the words that follow "of", and whether these words are known."""
    end = position = start
    while position < len(words):
        known = [place.split() for place in places if place]
        sizes = [len(each) for each in known if words[position : position + len(each)] == each]
        if sizes or _INSTITUTIONS.fullmatch(words[position].rstrip(",")):
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
