"""Search in a graph on a server, by SPARQL."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from pyoxigraph import Literal, NamedNode

from relations_kg.names.abbreviations import without_linking
from relations_kg.names.labels import Labels
from relations_kg.names.search_index import MOST_WORDS, NAMES, TEXTS, rank
from relations_kg.rdf.terms import EngineTerm
from relations_kg.rdf.words import words

# The maximum numbers of texts that a server sends, and of things whose classes are looked up.
_MOST_TEXTS, _MOST_RANKED = 2_000, 200
_MARKED = {"a": "àáâãäåāăą", "c": "çćč", "e": "èéêëēęě", "i": "ìíîïī", "l": "ł", "n": "ñńň"}
_MARKED |= {"o": "òóôõöøō", "s": "śşš", "u": "ùúûüūů", "y": "ýÿ", "z": "źżž"}


def query(text: str, kind: str | None) -> str:
    """Return SPARQL that selects the things with a text that has all words of `text`."""
    properties = " ".join(f"<{name}>" for name in (*NAMES, *TEXTS))
    filters = " ".join(
        f'FILTER(REGEX(STR(?text), "(^|\\\\W){_pattern(word)}(\\\\W|$)", "i"))'
        for word in _significant(text)
    )
    of_class = f"?thing a <{kind}> ." if kind else ""
    return (
        f"SELECT DISTINCT ?thing ?name ?text WHERE {{ VALUES ?name {{ {properties} }} "
        f"?thing ?name ?text . {of_class} {filters} FILTER(ISIRI(?thing)) }} LIMIT {_MOST_TEXTS}"
    )


def ranked(
    rows: Iterable[tuple[EngineTerm | None, ...]], labels: Labels, text: str, limit: int
) -> list[str]:
    """Return the things in the rows that `query` selects, the best matches first."""
    asked = words(text)[:MOST_WORDS]
    best: dict[str, tuple[bool, bool, bool, int]] = {}
    for thing, name, found in rows:
        if isinstance(thing, NamedNode) and isinstance(name, NamedNode | Literal):
            known = words(found.value) if isinstance(found, Literal) else []
            if set(_significant(text)) <= set(known):
                begins = known[: len(asked)] == asked
                absent = not set(asked) <= set(known)
                match = (name.value in TEXTS or absent, known != asked, not begins, len(known))
                best[thing.value] = min(match, best.get(thing.value, match))
    first = islice(sorted(best, key=lambda iri: (best[iri], iri)), _MOST_RANKED)
    order = {iri: (best[iri][:3], rank(labels.kinds(iri)), best[iri], iri) for iri in first}
    return sorted(order, key=lambda iri: order[iri])[:limit]


def _significant(text: str) -> list[str]:
    """Return the words of a text without words such as "in", or all if it has no others."""
    asked = list(dict.fromkeys(words(text)[:MOST_WORDS]))
    return without_linking(asked) or asked


def _pattern(word: str) -> str:
    """Return a pattern for a word with optional diacritics."""
    return "".join(f"[{c}{_MARKED[c]}]" if c in _MARKED else c for c in word)
