"""Suggestions for misspelt names, and forms of names for sentences."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence

# Importing rapidfuzz takes 16 ms, so only the functions that need it import it.

_SHORTEST_BEGINNING = 3
# A replaced letter counts twice: as one deleted and one inserted.
_MOST_INDELS = 3
_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789-"
# The endings of nouns whose singular and plural are the same.
_PLURALS = ("conditions", "relations", "series")
# The beginnings of nouns that take "an".
_VOWEL = r"(?i)(?!uni(?![mn])|eu|one)[aeiou]|hono|hour|heir"


def did_you_mean(word: str, candidates: Iterable[str]) -> str | None:
    """Return a question that suggests up to three candidates similar to a word, or None.

    If none is similar, candidates that contain the word are suggested.

    >>> did_you_mean("missons", ["missions", "visits"])
    'did you mean "missions"?'
    """
    # rapidfuzz is imported only for a misspelt name.
    from rapidfuzz import fuzz, process

    names = list(dict.fromkeys(candidates))
    word = word[:200].strip()
    if not word:
        return None
    found = process.extract(
        word, names, scorer=fuzz.ratio, processor=str.casefold, limit=3, score_cutoff=66
    )
    near = [name for name, _, _ in found] or [
        name for name in names if word.casefold() in re.split(r"\W+", name.casefold())
    ]
    return asked_back(near[:3])


def asked_back(names: Iterable[str]) -> str | None:
    """Return a question that suggests these names, or None if there are none.

    >>> asked_back(["rkg:Visit"])
    'did you mean "rkg:Visit"?'
    """
    quoted = " or ".join(f'"{name}"' for name in names)
    return f"did you mean {quoted}?" if quoted else None


def nearest(word: str, candidates: Iterable[str], most: int = 2) -> list[str]:
    """Return the candidates with the fewest typing errors from a word, sorted.

    A typing error inserts, deletes or replaces a letter, or swaps two neighbours (the optimal
    string alignment distance). At most `most` errors are allowed, and fewer in short words; case is
    ignored.

    >>> nearest("Embasy", ["Embassy", "Event"])
    ['Embassy']
    """
    # rapidfuzz is imported only for a misspelt name.
    from rapidfuzz.distance import OSA

    word = word.casefold()
    most = min(most, max(1, len(word) // 3))
    errors = [(OSA.distance(word, name.casefold(), score_cutoff=most), name) for name in candidates]
    fewest = min((number for number, _ in errors), default=most + 1)
    return sorted(name for number, name in errors if number == fewest <= most)


def nearest_codes(word: str, codes: Iterable[str], known: Collection[str] = ()) -> list[str]:
    """Return the codes that a word probably misspells; stricter than `nearest`.

    In a short code such as `usd` each letter counts: `sur` does not mean `eur`. A word with two
    replaced letters is a different word. So is a word whose parts are all `known` words, unless it
    begins like the code: `detection` does not mean `detention`.

    >>> nearest_codes("uds", ["eur", "usd"]), nearest_codes("sur", ["eur", "usd"])
    (['usd'], [])
    >>> [nearest_codes(each, ["confiscation"]) for each in ("confiscatoin", "confirmation")]
    [['confiscation'], []]
    """
    if len(word) <= _SHORTEST_BEGINNING:
        return [code for code in codes if sorted(code) == sorted(word.casefold())]
    is_known = all(part in known for part in word.casefold().split("-"))
    return [
        code
        for code in nearest(word, codes)
        if is_misspelling(word, code) and not (is_known and not begin_alike(word, code))
    ]


def is_misspelling(word: str, code: str) -> bool:
    """Return whether a word differs from a code by at most three letters, or only in their order.

    A letter added or left out counts once, a replaced letter twice. Case is ignored.

    >>> is_misspelling("vistors", "visitor"), is_misspelling("country", "countOf")
    (True, False)
    """
    # rapidfuzz is imported only for a misspelt name.
    from rapidfuzz.distance import Indel

    word, code = word.casefold(), code.casefold()
    return Indel.distance(word, code) <= _MOST_INDELS or sorted(word) == sorted(code)


def similar_codes(word: str, codes: Iterable[str]) -> list[str]:
    """Return up to three codes that are similar to a slug, or an empty list.

    They have all words of the slug and more, or only some of them. If there are none, codes that
    begin like the slug are returned.

    >>> codes = ["free-trade", "naval-visit", "tonnes"]
    >>> [similar_codes(each, codes) for each in ("slave-trade", "naval", "tons")]
    [[], ['naval-visit'], ['tonnes']]
    """
    codes, words = sorted(codes), set(word.split("-"))
    found = [code for code in codes if words < (own := {*code.split("-")}) or own < words]
    return (found or [code for code in codes if begin_alike(word, code)])[:3]


def begin_alike(one: str, other: str) -> bool:
    """Return whether two words begin alike, for three quarters of the length of the shorter one.

    >>> begin_alike("dollars", "dollar"), begin_alike("soles", "solomon")
    (True, False)
    """
    letters = -(-3 * min(len(one), len(other)) // 4)
    return letters >= _SHORTEST_BEGINNING and one[:letters] == other[:letters]


def nearest_phrases(phrase: str, candidates: Iterable[str], most: int = 3) -> list[str]:
    """Return up to `most` phrases with few typing errors in each word, the nearest first.

    Short words are compared exactly, since most of them are one letter from another word.

    >>> nearest_phrases("united states", ["united nations"]), nearest_phrases("usa", ["usd"])
    ([], [])
    >>> nearest_phrases("xi jinpin", ["xi jinping", "xi"])
    ['xi jinping']
    """
    # rapidfuzz is imported only for a misspelt name.
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    asked = phrase.split()
    allowed = [errors_allowed(word) for word in asked]
    near = process.extract(
        phrase,
        list(candidates),
        scorer=OSA.distance,
        score_cutoff=sum(allowed) or 1,
        limit=None,
    )
    found = []
    for candidate, errors, _ in near:
        known = candidate.split()
        if len(known) == len(asked):
            each = zip(asked, known, allowed, strict=True)
            if all(OSA.distance(a, b) <= errors_of for a, b, errors_of in each):
                found.append((errors, candidate))
        # A space is missing or superfluous.
        elif "".join(known) == "".join(asked) or (len(phrase) > 6 and errors <= 1):
            found.append((errors, candidate))
    return [candidate for _, candidate in sorted(found)[:most]]


def errors_allowed(word: str) -> int:
    """Return how many typing errors a word may have: none in a number, more in a long word."""
    return 0 if len(word) < 4 or word.isdecimal() else 1 if len(word) < 8 else 2


def one_error_away(word: str) -> Iterator[str]:
    """Yield all slugs one typing error away from a word, the likeliest errors first.

    >>> "peru" in one_error_away("pero")
    True
    """
    cuts = [(word[:i], word[i:]) for i in range(len(word) + 1)]
    yield from (a + b[1] + b[0] + b[2:] for a, b in cuts if len(b) > 1)
    yield from (a + b[1:] for a, b in cuts if b)
    for letter in _LETTERS:
        yield from (a + letter + b for a, b in cuts)
        yield from (a + letter + b[1:] for a, b in cuts if b)


def words(name: str) -> str:
    """Return a name or a label as words in lower case.

    >>> words("ArmedConflict"), words("armed conflict"), words("de-jure")
    ('armed conflict', 'armed conflict', 'de jure')
    """
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|[-_\s]+", " ", name)
    return " ".join(spaced.lower().split())


def counted(number: float, noun: str) -> str:
    """Return a number with a noun in the singular or the plural.

    >>> counted(2, "error"), counted(1.0, "second"), counted(0.5, "second"), counted(2, "city")
    ('2 errors', '1 second', '0.5 seconds', '2 cities')
    """
    shown = f"{number:g}" if isinstance(number, float) else f"{number}"
    return f"{shown} {noun if number == 1 else plural(noun)}"


def listed(texts: Sequence[str], most: int = 5) -> str:
    """Return the first texts with commas, and the number of the others.

    >>> listed(["Lima", "Beijing"]), listed(["Lima", "Beijing", "Hong Kong"], 1)
    ('Lima, Beijing', 'Lima and 2 more')
    """
    more = f" and {len(texts) - most} more" if len(texts) > most else ""
    return ", ".join(texts[:most]) + more


def plural(noun: str) -> str:
    """Return the plural of a noun; words after a preposition stay the same.

    >>> plural("city"), plural("membership in an organisation"), plural("person")
    ('cities', 'memberships in an organisation', 'people')
    >>> plural("consulate-general"), plural("entry into force"), plural("living conditions")
    ('consulates-general', 'entries into force', 'living conditions')
    """
    head, *rest = re.split(r"(?= (?:for|from|in|into|of|on|to|with) |-general$)", noun, maxsplit=1)
    if re.search(r"[^aeiou]y$", head):
        head = f"{head[:-1]}ies"
    elif head.casefold().endswith("person"):
        head = f"{head[:-4]}ople"
    elif not head.endswith(_PLURALS):
        head += "es" if re.search(r"(?:s|x|z|ch|sh)$", head) else "s"
    return "".join((head, *rest))


def with_article(noun: str) -> str:
    """Return a noun with "a" or "an".

    >>> with_article("embassy"), with_article("undertaking"), with_article("union")
    ('an embassy', 'an undertaking', 'a union')
    """
    return f"an {noun}" if re.match(_VOWEL, noun) else f"a {noun}"
