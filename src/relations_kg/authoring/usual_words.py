"""The usual words of lists of missions, in eight languages, from the file usual_words.toml."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from relations_kg._files import PACKAGE, content
from relations_kg.authoring.things import ROW
from relations_kg.rdf.words import key, words

_SIGNS_OF_KEYS = ("#", "\u2116", "n.\u00ba", "n\u00ba", "n\u00b0", "n.\u00b0")
# The most letters of an abbreviation without a point.
_LONGEST_SHORT = 4
_LONGEST_STATUS = 3
_OPEN = ("open", "active", "operational")
_OF_CHARGE = "charge-d-affaires"
# An article or a preposition without its vowel, as in "Date d'ouverture".
_ELIDED = re.compile(r"\b(?:d|l|all|dall|dell|nell)['\u2019]", re.IGNORECASE)


def list_of(name: str) -> list[str]:
    """Return a list of words or of phrases by its name.

    >>> list_of("for-a-time")[:2]
    ['a.i.', 'ad interim']
    """
    phrases = _tables()["phrases"]
    return _phrases(phrases[name]) if name in phrases else _tables()["words"][name].split()


@cache
def pattern(name: str) -> re.Pattern[str]:
    """Return a regular expression by its name.

    >>> pattern("title").sub("", "Dr. Ada Ruiz")
    'Ada Ruiz'
    """
    return re.compile(_tables()["patterns"][name].replace("\n", ""))


@cache
def named(what: str) -> Mapping[str, str]:
    """Return the English name or the code for each usual name of a kind or a rank.

    `what` is "kinds", "ranks" or "kinds-of-parties".

    >>> named("kinds")["consulado honorário"], named("ranks")["enc. neg. a.i."]
    ('honorary consulate', 'charge-d-affaires-ad-interim')
    """
    found = {text: name for name, every in _tables()[what].items() for text in _phrases(every)}
    of_charge = (_OF_CHARGE, *(text for text, name in found.items() if name == _OF_CHARGE))
    for_a_time = f"{_OF_CHARGE}-ad-interim"
    own = of_charge if what == "ranks" else ()
    return found | {f"{text} {each}": for_a_time for text in own for each in list_of("for-a-time")}


@cache
def ranks() -> Mapping[str, str]:
    """Return the codes of ranks by the keys of their names in all languages.

    >>> ranks()[key("Enc. Neg. a.i.")], ranks()[key("Consul general")]
    ('charge-d-affaires-ad-interim', 'consul-general')
    """
    usual = named("ranks")
    return {key(text): rank for text, rank in usual.items()} | {key(r): r for r in usual.values()}


def meant(heading: str) -> Iterator[str]:
    """Yield the parameters that a heading may mean, the most likely first.

    >>> next(meant("Chef de mission")), next(meant("Eröffnungsdatum")), next(meant("ID_POSTO"))
    ('head.holder', 'opened', 'row')
    >>> next(meant("Date d'ouverture")), list(meant("Telefone"))
    ('opened', [])
    """
    if heading.lower() in _SIGNS_OF_KEYS:
        yield ROW
        return
    asked = _words(heading)
    if not asked or is_left_out(heading):
        return
    for name, own in _tables()["headings"].items():
        of_keys = f"{own} {_tables()['words']['beside-keys']}"
        if _have(asked, own) and (name != ROW or all(_have([word], of_keys) for word in asked)):
            yield name
    if _has(heading, "name") and not _has(heading, "mission"):
        yield "head.holder"


def language_of(texts: Iterable[str]) -> str | None:
    """Return the tag of the language of most headings and kinds, or None if it is not clear.

    >>> language_of(["País", "Ciudad", "Apertura"]), language_of(["ID", "País", "Tipo"])
    ('es', None)
    """
    every, languages = [_words(text) for text in texts], _tables()["languages"].items()
    counts = {tag: sum(_have(each, own) for each in every) for tag, own in languages}
    most = [tag for tag, number in counts.items() if number == max(counts.values())]
    return most[0] if len(most) == 1 else None


def is_left_out(heading: str) -> bool:
    """Return whether a heading means no parameter, such as that of deputies or of former heads.

    >>> is_left_out("Date of birth"), is_left_out("Ancien titulaire"), is_left_out("Titulaire")
    (True, True, False)
    """
    return _has(heading, "left-out") or _has(heading, "earlier")


def says(text: str, what: str) -> bool:
    """Return whether a text has a word for `what`, such as "closed", "move" or "remarks".

    >>> says("Fermée de 1990 à 1996", "closed"), says("Verlegt 1972", "move")
    (True, True)
    >>> says("Temporarily closed", "suspended"), says("Temporary office", "suspended")
    (True, False)
    >>> says("Observations", "remarks"), says("Telefon", "remarks")
    (True, False)
    """
    if what == "suspended" and _has(text, "closed") and _has(text, "for-a-while"):
        return True
    return _has(text, what)


def is_status(text: str) -> bool:
    """Return whether a text says, without a date, that a mission is open, closed or suspended.

    >>> is_status("Fermé"), is_status("in Betrieb"), is_status("Fermé en 1994")
    (True, True, False)
    """
    if any(map(str.isdigit, text)) or len(text.split()) > _LONGEST_STATUS:
        return False
    return is_open(text) or says(text, "closed") or says(text, "suspended")


def is_of_status(heading: str) -> bool:
    """Return whether a heading is that of statuses of missions, and not of other things.

    >>> is_of_status("Estado actual"), is_of_status("Status of the border"), is_of_status("Visas")
    (True, False, False)
    """
    asked = [
        word for word in _words(heading) if not _have([word], _tables()["words"]["beside-status"])
    ]
    return bool(asked) and all(_have([word], _tables()["words"]["status"]) for word in asked)


def is_open(text: str) -> bool:
    """Return whether a status says that a mission is open, alone or before other words.

    >>> is_open("In Betrieb"), is_open("Open - limited service"), is_open("Opening soon")
    (True, True, False)
    """
    asked = {key(text), key(text.split(" - ")[0]), key(text.split(",")[0].split("(")[0])}
    return not asked.isdisjoint((*map(key, list_of("open")), *_OPEN))


def is_of_residence(text: str) -> bool:
    """Return whether a text says that a mission is resident or not.

    >>> is_of_residence("non-résident"), is_of_residence("Residence")
    (True, False)
    """
    return pattern("on-residence").search(text) is not None


def is_of_receivers(heading: str) -> bool:
    """Return whether a heading says that its parties receive missions.

    >>> is_of_receivers("Receiving state"), is_of_receivers("État accréditaire")
    (True, True)
    >>> is_of_receivers("Country")
    False
    """
    return _has(heading, "of-receivers")


def begins_with_surname(name: str) -> bool:
    """Return whether the surname of an inverted name may also be a rank.

    >>> begins_with_surname("Console, Ada"), begins_with_surname("Ambassador, Ada Ruiz")
    (True, False)
    """
    first, comma, _ = name.partition(",")
    return bool(comma) and key(first) in list_of("surnames")


def begins_with_post(name: str) -> bool:
    """Return whether a name begins with a post, such as "First Secretary Ada Ruiz".

    >>> begins_with_post("First Secretary Ada Ruiz"), begins_with_post("Ada Minister")
    (True, False)
    """
    ends = [match.start() for match in re.finditer(r"\s+(?=\w)", name)]
    return any(key(name[:end]) in _posts() for end in ends)


def is_about(word: str, what: str) -> bool:
    """Return whether a word means `what`: "opened" or "closed". Return False for other meanings.

    >>> is_about("Cerrada", "closed"), is_about("Cerrada", "opened"), is_about("Cerrada", "since")
    (True, False, False)
    """
    return what in ("opened", "closed") and _has(word, what)


def is_of_move(heading: str) -> bool:
    """Return whether a heading is about the move of a mission.

    >>> is_of_move("Verlegt nach"), is_of_move("Sede")
    (True, False)
    """
    return _has(heading, "move")


def is_short_for(text: str, name: str) -> bool:
    """Return whether a text abbreviates a name by its initials or by the beginnings of its words.

    A longer beginning has a point after it: "General" is a word, and not short for "Generalkonsul".

    >>> names = ("consulate-general", "consulate-general", "embassy", "consulate", "generalkonsul")
    >>> list(map(is_short_for, ("CG", "Cons. Gen.", "Emb.", "CG", "General"), names))
    [True, True, True, False, False]
    """
    asked, parts = words(text), words(name.replace("-", " "))
    if "".join(asked) == "".join(part[0] for part in parts) and len(parts) > 1:
        return True
    before_points = {*words(" ".join(re.findall(r"\w+(?=\.)", text)))}
    pairs = zip(asked, parts, strict=False)
    return len(asked) == len(parts) and all(
        part == each
        or (part.startswith(each) and (len(each) <= _LONGEST_SHORT or each in before_points))
        for each, part in pairs
    )


def of_move(heading: str, value: str) -> str | None:
    """Return the parameter that a heading about a move means, from its words or else a value.

    Returns None if it means neither the new seat nor the time.
    """
    if "from" in _words(heading) or _has(heading, "earlier"):
        return None
    is_time = _has(heading, "time")
    if is_time or _has(heading, "place"):
        return "phase.since" if is_time else "phase.seat"
    if value:
        return "phase.since" if any(map(str.isdigit, value)) else "phase.seat"
    return None


def _has(heading: str, name: str) -> bool:
    return _have(_words(heading), _tables()["words"][name])


def _words(heading: str) -> list[str]:
    return words(_ELIDED.sub(" ", heading))


def _have(asked: Collection[str], meant: str) -> bool:
    """Return whether `meant` lists one of the words, or a beginning of one with "*" after it."""
    whole, beginnings = _folded(meant)
    return any(word in whole or word.startswith(beginnings) for word in asked)


@cache
def _posts() -> frozenset[str]:
    return frozenset(map(key, list_of("posts")))


@cache
def _folded(text: str) -> tuple[frozenset[str], tuple[str, ...]]:
    """Return the words of a text, folded, and the beginnings of words that end with "*"."""
    every = text.split()
    whole = frozenset(key(word) for word in every if not word.endswith("*"))
    return whole, tuple(key(word) for word in every if word.endswith("*"))


def _phrases(text: str) -> list[str]:
    return [" ".join(phrase.split()) for phrase in text.split("|")]


@cache
def _tables() -> dict[str, Any]:
    return tomllib.loads(content(PACKAGE, "authoring", "usual_words.toml").decode())
