"""Checks for texts that are very likely not the name of a new thing, with corrections."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence

from relations_kg.answers import misfits
from relations_kg.answers.kinds import Kind
from relations_kg.answers.parameters import Parameter
from relations_kg.authoring.usual_words import begins_with_post, begins_with_surname, pattern
from relations_kg.authoring.value_texts import several
from relations_kg.errors import InputError, UnknownName
from relations_kg.names.name_lists import is_alone, two_parties, usual_of
from relations_kg.names.names import Names
from relations_kg.rdf.encodings import LOST, misread
from relations_kg.rdf.namespaces import RKG, shorten
from relations_kg.rdf.spelling import asked_back
from relations_kg.rdf.words import key, stands_for_nothing, words

_PARTY, _PASSAGE = RKG + "Party", RKG + "Passage"
_MOST_NEAR = 3
# Identifiers in other datasets: Q419, PER, geonames:3932488.
_IDENTIFIER = re.compile(r"[A-Z]{2,3}|[QP]\d+|\w+:\w*\d+")
_NUMBER = re.compile(r"[\d\s.,/+-]*\d[\d\s.,/+-]*")
_ANSWERS = frozenset(("true", "false", "yes", "no", "\u2713"))
_DITTO = frozenset(('"', "''", "\u3003", "\u201d", "ditto", "idem", "id.", "do."))
_NOTE = re.compile(
    r"(.*\w.*?)\s*(\[(?:note )?\w{1,3}\]|\(\d{1,2}\)|[*\u2020\u2021\u00b9\u00b2\u00b3]+)"
)
_LISTED = re.compile(
    r"(?:[-*\u2020\u2021\u00b9\u00b2\u00b3\u00b7\u2013\u2014\u2022]+\s*|\(?\d{1,3}[.)]\s+)(\w.*)"
)
# Words that say that a post has no holder, and are hardly ever the first or last of a name.
_VACANT = frozenset(("vacant", "vacante", "vakant", "vacancia", "unbesetzt"))
_IN_BRACKETS = re.compile(r"(.*?)\s*[(\[]([^()\[\]]*)[)\]]\s*(.*)")
# Two names with a dash between them, the first of several words; "Guinea - Bissau" is one name.
_DASHED = re.compile(r"(\w+\W+\w.*?) [-\u2013\u2014] (\w.*)")
# Names with slashes between them, each of two letters or more; "S/A" is one name.
_SLASHED = re.compile(r"[^/;]*\w{2}[^/;]*(?:/[^/;]*\w{2}[^/;]*)+")
_ENTITY = re.compile(r"&(#\d+|#x[0-9a-f]+|\w+)(?:;|$)", re.IGNORECASE)
# Invisible characters: soft hyphens, zero-width spaces, directional marks.
_INVISIBLE = dict.fromkeys(
    [0xAD, 0x200B, 0x200E, 0x200F, *range(0x202A, 0x202F), 0x2060, *range(0x2066, 0x206A), 0xFEFF]
)


def tidied(text: str) -> str:
    """Return a name without invisible characters, and with single spaces.

    >>> tidied("Pact of\\u200b  Osk")
    'Pact of Osk'
    """
    return " ".join(text.translate(_INVISIBLE).split())


def check(text: str, type: str = "") -> None:
    """Raise InputError if a text is very likely not the name of a new thing.

    `type` is the type of the parameter, such as "person" or "state|party".
    """
    anyway = f'"new: {text}" if it is one'
    if text.lower() in _DITTO:
        help = "write the value of the row above again"
        raise InputError(f"{text!r} stands for the value above", help=help)
    if stands_for_nothing(text):
        help = f'leave the value out, or write "new: {text}" if it is a name'
        raise InputError(f"{text!r} stands for a missing value", help=help)
    every = words(text) if type == "person" else []
    if every and not _VACANT.isdisjoint((every[0], every[-1])):
        help = f"write only the name of the person, or leave the cell empty, or write {anyway}"
        raise InputError(f"{text!r} means that a post is vacant", help=help)
    # A later check reports a text with several names.
    if type == "person" and ";" not in text:
        _check_person(text, anyway)
    if (is_of_party(type) or type.startswith("city")) and ";" not in text:
        _check_place(text, anyway)
    if is_of_party(type) and says_none(text):
        help = f"leave the value out, or write {anyway}"
        raise InputError(f"{text!r} says that there is none", help=help)
    if is_of_party(type) and (dashed := _DASHED.fullmatch(text)):
        help = f"write '{dashed[1]}; {dashed[2]}' for two parties, or write {anyway}"
        raise InputError(f"{text!r} may be two names", help=help)
    if _NUMBER.fullmatch(text) or text.lower() in _ANSWERS:
        what = "a number" if _NUMBER.fullmatch(text) else "an answer"
        raise InputError(f"{text!r} is {what}, not a name", help=f"write the name, or {anyway}")
    # A party may be known by its initials, so the table of parties may name it by them.
    if _IDENTIFIER.fullmatch(text) and not (type == "party" and text.isalpha()):
        help = f"write the name, or {anyway}"
        what = "nothing here has the abbreviation or code" if text.isalpha() else "nothing has the"
        what += "" if text.isalpha() else " identifier"
        raise InputError(f"{what} {text!r}", help=help)
    if LOST in text:
        help = "write the character, and save the table in UTF-8"
        raise InputError(f"{text!r} has lost a character", help=help)
    if right := misread(text):
        message = f"{text!r} was read in another encoding than UTF-8"
        raise InputError(message, help=f"write {right!r}, or {anyway}")
    if listed := _LISTED.fullmatch(text):
        help = f"write {listed[1]!r}, or {anyway}"
        raise InputError(
            f"{text!r} begins with a bullet, a number of a list or a note mark", help=help
        )
    if note := _NOTE.fullmatch(text):
        help = f'write {note[1]!r}, or "new: {text}" for a name with {note[2]}'
        raise InputError(f"{text!r} ends with a note", help=help)


def check_single(
    parameter: Parameter, text: str, kinds: Sequence[Kind], is_party: Callable[[str], bool]
) -> None:
    """Raise InputError if a text is very likely several names rather than one new name.

    `is_party` decides whether a text is the name of a known party.
    """
    anyway = f'"new: {text}" if it is one'
    if ";" in text and not parameter.several:
        help = f"give one name, or {anyway}"
        raise InputError(f"{text!r} has a semicolon, which separates values", help=help)
    if usual := usual_of(text) if is_of_party(parameter.type) else None:
        help = f"write {usual!r}, or {anyway}"
        raise InputError(f"{text!r} is two names of one party", help=help)
    if (number := misfits.names_in(text, kinds)) > 1:
        help = 'separate them by ";"' if parameter.several else "give one of them"
        raise InputError(f"{text!r} is {number} names", help=f"{help}, or write {anyway}")
    if is_of_party(parameter.type) and _SLASHED.fullmatch(text):
        each = "; ".join(part.strip() for part in text.split("/"))
        right = f"write {each!r}" if parameter.several else "give one of them"
        help = f"{right} if they are several parties, or write {anyway}"
        raise InputError(f"{text!r} may be several names", help=help)
    # A short word such as "og" may join the names of two parties.
    if is_of_party(parameter.type) and (both := two_parties(text, is_party)):
        right = f"write {'; '.join(both)!r}" if parameter.several else "write a row for each"
        raise InputError(f"{text!r} seems to be two parties", help=f"{right}, or {anyway}")


def is_party(text: str, names: Names, others: Collection[str] = ()) -> bool:
    """Return whether a text names a known party or is one of the `others`, given as keys."""
    if key(text) in others:
        return True
    try:
        found = names.find_whole(text, [_PARTY])
    except UnknownName:
        return False
    return any(names.is_a(iri, [_PARTY]) for iri in found)


def is_of_party(type: str) -> bool:
    """Return whether a parameter of a type takes states, such as "state|party"."""
    return type.partition("|")[0] == "state"


def says_none(text: str) -> bool:
    """Return whether the text of a party says that there is none.

    >>> says_none("sin concurrencias"), says_none("Sint Maarten")
    (True, False)
    """
    return pattern("without").match(text) is not None


def alone(texts: Iterable[str]) -> set[str]:
    """Return the keys, made by `words.key`, of the texts that are not lists of parties."""
    return {key(text) for text in texts if is_alone(text)} - {""}


def repeated(texts: Iterable[str]) -> set[str]:
    """Return the values, as words, that occur more than once in texts, some of which are lists."""
    counts = Counter(" ".join(words(each)) for text in texts for each in several(text))
    return {text for text, count in counts.items() if count > 1}


def no_passage(text: str, names: Names) -> InputError:
    """Return the error for a text that names no passage, with the passages that it may mean."""
    every = [each.value for each in names.instances(_PASSAGE)]
    near = [shorten(iri) for iri in every if iri.endswith(f"/{text}")][:_MOST_NEAR]
    help = "see relations-kg source, or load the file of the passages with --facts"
    return InputError(f"there is no passage {text!r}", help=asked_back(near) or help)


def _check_place(text: str, anyway: str) -> None:
    """Raise InputError if a text has a note, such as a date, beside the name of a state or city."""
    noted = pattern("after-party").fullmatch(text)
    bracketed = _IN_BRACKETS.fullmatch(text)
    if bracketed and pattern("on-party").search(bracketed[2]):
        noted = bracketed
    name = f"{noted[1]} {noted[3]}".strip() if noted else ""
    if noted and name:
        help = f"write {name!r}, and the rest in columns of its own, or write {anyway}"
        raise InputError(f"{text!r} has {noted[2]!r} beside the name", help=help)


def _check_person(text: str, anyway: str) -> None:
    """Raise InputError if a text begins with a surname or rank, or has words of a post or brackets.

    The text should be only the name of a person.
    """
    if begins_with_surname(text):
        first, _, rest = (part.strip() for part in text.partition(","))
        help = f"write '{rest} {first}' for the surname, '{first} {rest}' for the rank, or {anyway}"
        raise InputError(f"{text!r} begins with a surname or with a rank", help=help)
    bracketed = _IN_BRACKETS.fullmatch(text)
    of_post = pattern("of-post")
    if not bracketed and not of_post.search(text) and not begins_with_post(text):
        return
    name = f"{bracketed[1]} {bracketed[3]}".strip() if bracketed else ""
    if bracketed and name and not of_post.search(name):
        help = f"write {name!r}, and the rest in columns of its own, or write {anyway}"
        raise InputError(f"{text!r} has {bracketed[2]!r} beside the name", help=help)
    help = f"write only the name of the person, or leave the cell empty, or write {anyway}"
    is_post = of_post.search(text) or begins_with_post(text)
    what = "is about a post, and not only a name" if is_post else "is in brackets, like a note"
    raise InputError(f"{text!r} {what}", help=help)


def is_plain(text: str, type: str = "") -> bool:
    """Return whether `check` accepts a text, and `tidied` does not change it.

    >>> [is_plain(text) for text in ("Osk", "Osk[1]", "7", "PÃ©rou", "n.d.")]
    [True, False, False, False, False]
    """
    try:
        check(text, type)
    except InputError:
        return False
    return tidied(text) == text


def unescaped(text: str) -> InputError | None:
    """Return the error for a text with an entity of HTML, such as `&amp;`, or None."""
    if "&" not in text or not (match := _ENTITY.search(text)):
        return None
    # Imported here, since few names have "&", and the table of entities is long.
    from html.entities import html5

    if match[1][0] != "#" and f"{match[1]};" not in html5:
        return None
    message = f"{text!r} has an entity of HTML, {match[0]}"
    return InputError(message, help="write the character itself")
