"""The words of names and texts, folded so that case, diacritics and punctuation do not matter."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from relations_kg._files import toml

_POSSESSIVE = re.compile(r"['\u2019]s\b", re.IGNORECASE)
_APOSTROPHES = re.compile("['`\u00b4\u02bc\u2018\u2019]")
# Most texts have no apostrophes or initials, so these are only removed if this pattern matches.
_RARE = re.compile(_APOSTROPHES.pattern + r"|\.\w")
# "U.S.A." counts as one word.
_INITIALS = re.compile(r"(?<=\b\w)\.(?=\w\b)")
_WORD = re.compile(r"[^\W_]+")
_BETWEEN = re.compile(r"[\W_]+")
_THE = re.compile(r"[\W_]*the[\W_]+(?=[^\W_])")
# Letters that Unicode does not decompose into a letter and a diacritic.
_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe"}
    # Turkish, Azerbaijani, Maltese, Sami, Hausa, Ewe and Akan.
    | {"\u0131": "i", "ə": "e", "ħ": "h", "ŧ": "t", "ŋ": "ng", "ɓ": "b", "ɗ": "d", "ƙ": "k"}
    | {"ɛ": "e", "ɔ": "o", "ɖ": "d", "ƒ": "f", "\u0263": "g", "\u028b": "v", "ƴ": "y"}
    # The signs for the Hawaiian okina and, in transliterated Arabic, for hamza and ayn.
    | dict.fromkeys("\u02bb\u02bc\u02bd\u02be\u02bf", "")
)


def words(text: str) -> list[str]:
    """Return the words of a text, folded.

    >>> words("U.S.A. and  Peru's César A. del Río")
    ['usa', 'and', 'peru', 'cesar', 'a', 'del', 'rio']
    """
    plain = text.replace("-", " ")
    if plain.replace(" ", "").isalnum() and plain.isascii():
        # Most names need no regular expression, and an index has tens of thousands of them.
        return plain.lower().split()
    if _RARE.search(text):
        text = _INITIALS.sub("", _APOSTROPHES.sub("", _POSSESSIVE.sub("", text)))
    return _WORD.findall(_folded(text))


def key(text: str) -> str:
    """Return the key of a name, ignoring case, accents, spaces, punctuation and a leading "the".

    >>> key("Far  East Trade-Center") == key("the Far-East trade center")
    True
    """
    folded = _folded(text)
    plain = folded.replace(" ", "").replace("-", "")
    if plain.isalnum() and folded[:1].isalnum() and not folded.startswith("the"):
        return plain
    start = _THE.match(folded)
    return _BETWEEN.sub("", folded[start.end() :] if start else folded)


def stands_for_nothing(text: str) -> bool:
    """Return whether a text stands for a missing value.

    >>> [stands_for_nothing(text) for text in ("\u2013", "N/A", "non applicable", "Peru")]
    [True, True, True, False]
    """
    return _pattern("nothing").fullmatch(text.strip()) is not None or is_vacant(text)


def is_vacant(text: str) -> bool:
    """Return whether a text, given instead of a name, means that a post has no holder.

    >>> [is_vacant(text) for text in ("(vacant)", "to be appointed", "noch unbesetzt", "Ada Vaga")]
    [True, True, True, False]
    """
    beside = toml("rdf/words.toml")["beside"].split()
    rest = " ".join(word for word in words(text) if word not in beside)
    return _pattern("vacant").fullmatch(rest) is not None


@cache
def _pattern(kind: str) -> re.Pattern[str]:
    return re.compile("|".join(toml("rdf/words.toml")[kind]), re.IGNORECASE)


def _folded(text: str) -> str:
    text = text.casefold()
    if "&" in text:
        text = text.replace("&", " and ")
    if text.isascii():
        return text
    parts = unicodedata.normalize("NFKD", text).translate(_LETTERS)
    return "".join(c for c in parts if c.isascii() or not unicodedata.category(c).startswith("M"))
