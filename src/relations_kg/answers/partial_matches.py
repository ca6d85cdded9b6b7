"""Things that have most of the words of a text, if nothing has all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import combinations

from pyoxigraph import NamedNode

from relations_kg.answers.guesses import OF_QUESTIONS
from relations_kg.names.abbreviations import without_linking
from relations_kg.names.names import Names
from relations_kg.names.nations import usual_names
from relations_kg.names.search_index import FIRST
from relations_kg.rdf.namespaces import RKG, STATED, shorten
from relations_kg.rdf.terms import objects, value
from relations_kg.rdf.words import words

# The maximum number of words that are combined, the minimum number that a match has (unless the
# text has fewer), and the maximum numbers of listed things and of single words that are tried.
_MOST_WORDS, _LEAST, _MOST_SHOWN, _MOST_SINGLE = 8, 2, 4, 2
_MOST_COUNTED = 200  # the number of things up to which words are compared by how rare they are
# The classes of things that a question may name, and the maximum numbers of words of such a name
# and of the question that are read.
_NAMED = tuple(RKG + name for name in ("Party", "Person", "Place"))
_LONGEST_NAME, _MOST_NAMED = 5, 20
# Words of questions that tell nothing about the things in question.
_VAGUE = OF_QUESTIONS | {*words("come came happen happened into long make many much take took")}


class PartialMatches:
    """A search for things that have at least half of the words of a text.

    `find` returns the things that have all words of its first argument, at most as many as its
    second argument. Linking words and words of questions, such as "who", are ignored.
    """

    def __init__(self, find: Callable[[str, int], list[str]], names: Names) -> None:
        self._find, self._names = find, names

    def lines(self, text: str) -> list[str]:
        """Return a line with the words that are found and those that are not, and the things.

        As many words as possible are kept, and rare words rather than others: at least half of the
        words or, for a question, single words that few things have. A match of names of parties,
        persons and places alone is not listed unless these are all words.

        >>> import relations_kg as rk
        >>> print(*rk.load().search("When was the Albert built?").warnings, sep="\\n")
        nothing has the words 'When was the Albert built?'
        these have the words 'built', but not 'albert':
        src:china-peru/s034 (COSCO Shipping Ports built the port.)
        these have the words 'albert', but not 'built':
        id:albert (Albert)
        id:voyage-of-the-albert (Voyage of the Albert, 1850)
        """
        asked = _telling(text)
        if not 0 < len(asked) <= _MOST_WORDS:
            return []
        counts = {word: len(self._find(word, _MOST_COUNTED)) for word in asked}
        known = {word: count for word, count in counts.items() if count}
        least = min(len(asked), max(_LEAST, -(-len(asked) // 2)))
        for kept in _parts(known, least):
            is_enough = len(kept) == len(asked) or without_names(" ".join(kept), self._names)
            if is_enough and (lines := self._having(kept, asked)):
                return lines
        if not is_question(text):
            return []
        rare = [word for word in sorted(known, key=known.__getitem__) if known[word] <= _MOST_SHOWN]
        single = [word for word in rare if without_names(word, self._names)][:_MOST_SINGLE]
        return [line for word in single for line in self._having((word,), asked)]

    def _having(self, kept: tuple[str, ...], asked: Sequence[str]) -> list[str]:
        """Return a line with some of the words and the missing ones, and the things, if any."""
        found = self._find(" ".join(kept), _MOST_SHOWN)
        gone = " ".join(word for word in asked if word not in kept)
        but = f", but not {gone!r}" if gone else ""
        title = f"these have the words {' '.join(kept)!r}{but}:"
        return [title, *map(self._shown, found)] if found else []

    def unknown(self, text: str) -> str | None:
        """Return a name that is like a word that nothing has, or else all such words, or None.

        Returns None, too, for a text of one word, and of more words than can be combined.

        >>> import relations_kg as rk
        >>> print(*rk.load().search("consulate in Chengdu").warnings)
        nothing has the words 'consulate in Chengdu'; no name or text has 'chengdu'
        """
        asked = _telling(text)
        if not 1 < len(asked) <= _MOST_WORDS:
            return None
        gone = [word for word in asked if not self._find(word, 1)]
        for word in gone:
            help = self._names.suggestions.instead_of(word, FIRST, with_terms=False)
            if help and help.startswith("did you mean"):
                return f"for {word!r}, {help}"
        listed = " or ".join(map(repr, gone))
        return f"no name or text has {listed}" if gone else None

    def _shown(self, iri: str) -> str:
        gists = objects(self._names.store, NamedNode(iri), RKG + "gist", STATED)
        return f"{shorten(iri)} ({next(map(value, gists), self._names.label(iri))})"


def is_question(text: str) -> bool:
    """Return whether a text has a word of questions, such as "who"."""
    return not OF_QUESTIONS.isdisjoint(words(text))


def without_names(text: str, names: Names) -> str:
    """Return the words of a text that name no party, person or place.

    Adjectives of nations are left out only if the text is a question, since "Peruvian embassy"
    names a mission.

    >>> import relations_kg as rk
    >>> without_names("which Chinese ministers visited Peru?", rk.load().names)
    'which ministers visited'
    """
    left, asked = list[str](), text.split()[:_MOST_NAMED]
    asks = is_question(text)
    while asked:
        for length in range(min(_LONGEST_NAME, len(asked)), 0, -1):
            name = " ".join(asked[:length])
            found = (
                each for text in (name, *usual_names(name)) for each in names.index.named(text)
            )
            if any(names.is_a(iri, _NAMED) for _, iri in found):
                del asked[:length]
                break
        else:
            word = asked.pop(0)
            if not (asks and names.suggestions.parties.nations(word, ())):
                left.append(word)
    return " ".join(left)


def _telling(text: str) -> list[str]:
    """Return the words of a text without linking words and words of questions."""
    return [word for word in dict.fromkeys(without_linking(words(text))) if word not in _VAGUE]


def _parts(counts: Mapping[str, int], least: int) -> Iterator[tuple[str, ...]]:
    """Yield the combinations of at least that many words, the longest first, then the rarest."""

    def total(kept: tuple[str, ...]) -> int:
        return sum(map(counts.__getitem__, kept))

    for length in range(len(counts), least - 1, -1):
        yield from sorted(combinations(counts, length), key=total)
