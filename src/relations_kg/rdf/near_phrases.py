"""An index of phrases, to find those with few typing errors among very many."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from relations_kg.rdf.spelling import errors_allowed, nearest_phrases

# Only so many letters at the beginning of a word are indexed: two words with few differences also
# have few there, and `nearest_phrases` then compares the whole words.
_PREFIX = 7


class NearPhrases:
    """Phrases with few typing errors, found as `nearest_phrases` does, in nearly constant time.

    Two texts that differ by a few typing errors are equal after so many letters of each are left
    out, so each word is indexed by what is left of it.

    >>> NearPhrases(["xi jinping", "united nations"]).of("xi jinpin")
    ['xi jinping']
    """

    def __init__(self, phrases: Iterable[str] = ()) -> None:
        self._words: dict[int, set[str]] = defaultdict(set)
        self._with_word: dict[str, list[str]] = defaultdict(list)
        self._joined: dict[str, list[str]] = defaultdict(list)
        self._cut: dict[int, list[str]] = defaultdict(list)
        for phrase in phrases:
            self.add(phrase)

    def add(self, phrase: str) -> None:
        """Add a phrase to the index, unless it is there."""
        if phrase in (joined := self._joined["".join(phrase.split())]):
            return
        joined.append(phrase)
        for word in {*phrase.split()}:
            if word not in self._with_word:
                for left in _without_letters(word[:_PREFIX], 2):
                    self._words[hash(left)].add(word)
            self._with_word[word].append(phrase)
        for left in _without_letters(phrase, 1):
            self._cut[hash(left)].append(phrase)

    def of(self, phrase: str) -> list[str]:
        """Return up to three indexed phrases near a phrase, the nearest first."""
        asked = phrase.split()
        found = dict.fromkeys(self._joined.get("".join(asked), ()))
        for left in _without_letters(phrase, 1):
            found.update(dict.fromkeys(self._cut.get(hash(left), ())))
        if asked:
            # Each word of a near phrase is near the asked word, so the rarest word is enough.
            rarest = min((self._with_words(word) for word in asked), key=len)
            found.update(dict.fromkeys(rarest))
        return nearest_phrases(phrase, found)

    def _with_words(self, word: str) -> list[str]:
        """Return the phrases with a word like this one in its first letters and its length."""
        near = {word} if word in self._with_word else set()
        allowed = errors_allowed(word)
        for left in _without_letters(word[:_PREFIX], allowed) if allowed else ():
            near |= self._words.get(hash(left), set())
        near = {each for each in near if abs(len(each) - len(word)) <= allowed}
        return [phrase for each in sorted(near) for phrase in self._with_word[each]]


def _without_letters(text: str, most: int) -> Iterator[str]:
    """Yield a text without some of its letters, at most `most`; some results may repeat."""
    yield text
    for place in range(len(text)) if most else ():
        yield from _without_letters(text[:place] + text[place + 1 :], most - 1)
