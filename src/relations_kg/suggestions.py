"""What a misspelt name was probably meant to be."""

import re
from collections.abc import Iterable
from difflib import get_close_matches


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
    if not near:
        return None
    return "did you mean " + " or ".join(f'"{folded[name]}"' for name in near) + "?"
