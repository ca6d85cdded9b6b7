"""What a misspelt name was probably meant to be."""

import re
from collections.abc import Iterable, Iterator
from difflib import get_close_matches

_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789-"


def did_you_mean(word: str, candidates: Iterable[str]) -> str | None:
    """Ask back with the nearest candidates, or return None where none is near.

    >>> did_you_mean("missons", ["missions", "visits"])
    'did you mean "missions"?'
    """
    folded = {candidate.casefold(): candidate for candidate in candidates}
    word = word.casefold()[:200].strip()
    if not word:
        return None
    near = (
        get_close_matches(word, folded, n=3, cutoff=0.66)
        or [name for name in folded if word in re.split(r"\W+", name)][:3]
    )
    return asked_back(folded[name] for name in near)


def asked_back(names: Iterable[str]) -> str | None:
    """Ask whether one of a few names was meant; None if there are none.

    >>> asked_back(["rkg:Visit"])
    'did you mean "rkg:Visit"?'
    """
    quoted = " or ".join(f'"{name}"' for name in names)
    return f"did you mean {quoted}?" if quoted else None


def nearest(word: str, candidates: Iterable[str], most: int = 2) -> list[str]:
    """List the candidates that the fewest typing errors lead to, with at most so many of them.

    An error is a letter left out, put in, put in the place of another, or changed with the next
    one. A short word is allowed fewer, and case does not count.

    >>> nearest("Embasy", ["Embassy", "Event"])
    ['Embassy']
    """
    word = word.casefold()
    most = min(most, max(1, len(word) // 3))
    found: dict[int, list[str]] = {}
    for candidate in candidates:
        errors = _errors(word, candidate.casefold(), most)
        if errors <= most:
            most = errors
            found.setdefault(errors, []).append(candidate)
    return sorted(found[min(found)]) if found else []


def one_error_away(word: str) -> Iterator[str]:
    """Yield all slugs from which one typing error leads to a word, most likely first.

    >>> "peru" in one_error_away("pero")
    True
    """
    cuts = [(word[:i], word[i:]) for i in range(len(word) + 1)]
    yield from (a + b[1] + b[0] + b[2:] for a, b in cuts if len(b) > 1)
    yield from (a + b[1:] for a, b in cuts if b)
    for letter in _LETTERS:
        yield from (a + letter + b for a, b in cuts)
        yield from (a + letter + b[1:] for a, b in cuts if b)


def _errors(one: str, other: str, most: int) -> int:
    """Count the typing errors between two words, or return more than `most`."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        last, before, row = before, row, [i]
        for j, against in enumerate(other, 1):
            errors = min(before[j] + 1, row[-1] + 1, before[j - 1] + (letter != against))
            if i > 1 < j and letter == other[j - 2] and one[i - 2] == against:
                errors = min(errors, last[j - 2] + 1)
            row.append(errors)
        if min(row) > most:
            return most + 1
    return row[-1]
