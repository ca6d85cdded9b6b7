"""Search for things by the words of their names and texts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import islice
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode, QuerySolution, Store

from relations_kg.answers.guesses import OF_QUESTIONS
from relations_kg.answers.partial_matches import PartialMatches, is_question, without_names
from relations_kg.answers.rows import Rows
from relations_kg.errors import QueryError, UnknownName
from relations_kg.export.kinds import most_specific
from relations_kg.names.abbreviations import without_linking
from relations_kg.names.labels import Labels
from relations_kg.names.name_suggestions import SOUGHT
from relations_kg.names.names import Names
from relations_kg.names.search_index import MOST_WORDS, NAMES, TEXTS, rank, uses, word_forms
from relations_kg.rdf.namespaces import OWL, RKG, STATED
from relations_kg.rdf.spelling import asked_back, nearest
from relations_kg.rdf.terms import LIST, TYPE, EngineTerm, Statement, named, statements, value
from relations_kg.rdf.words import words

if TYPE_CHECKING:
    from relations_kg.answers.query_search import QuerySearch
    from relations_kg.answers.term_search import TermSearch

_CLASS = OWL + "Class"
_STATED = NamedNode(STATED)
_STATED_IN, _IN_DOCUMENT = RKG + "statedIn", RKG + "inDocument"
_TEXTS = {*NAMES, *TEXTS}
_LONGEST_SHOWN, _MOST_WORDS, _MOST_LINES = 60, 5, 8
# A search finds only things that match all words, so AND is redundant and is removed.
_AND = re.compile(r"(?<=\s)(?:AND|&&)\s+(?=\S)")
_OPERATOR = re.compile(r"\s(OR|NOT)\s|\s(\|\|?)\s")
# An identifier such as Q419, wd:Q419 or an address.
_IDENTIFIER = re.compile(r"(?:\w+:)?[A-Za-z]{1,4}-?[0-9]+|https?:\S+")
_CLASS_EXAMPLE = "write the name of a class, such as embassy; relations-kg info lists them"
_COLUMNS = ("thing", "kind", "text", "passages")


def class_of(names: Names, kind: str | None, where: str = "kind") -> str | None:
    """Return the class with a name, in the singular or plural, or None if `kind` is None.

    Raises UnknownName if there is no such class.
    """
    if kind is None:
        return None
    if not isinstance(kind, str):
        raise UnknownName(f"{kind!r} is not a text", where=where, help=_CLASS_EXAMPLE)
    for form in word_forms(kind) if kind.endswith("s") else [kind]:
        with suppress(UnknownName):
            found = names.find(form, [_CLASS])
            if names.is_a(found, [_CLASS]):
                return found
    raise UnknownName(f"there is no class {kind!r}", where=where, help=_near_class(names, kind))


def _near_class(names: Names, kind: str) -> str:
    """Return a question that suggests the classes closest to a word, or else an example."""
    near = [*names.suggestions.of(kind, [_CLASS]), *names.index.guessed(kind)]
    labels = [names.label(iri) for iri in near if names.is_a(iri, [_CLASS])]
    known = (names.label(each.value) for each in names.instances(_CLASS))
    found = labels or nearest(kind, sorted(known))
    if near and not found:
        place, label = min(map(names.suggestions.class_of, near))
        found = [label] if place < len(SOUGHT) else []
    return asked_back(dict.fromkeys(found)) or _CLASS_EXAMPLE


def sought(text: str) -> str:
    """Return a text without redundant operators.

    >>> sought("coolie AND trade"), sought("AND")
    ('coolie trade', 'AND')
    """
    return _AND.sub("", text)


def check(text: str, limit: int) -> None:
    """Raise QueryError unless the text has a word, and the limit is at least 1."""
    help = "write words of a name or a description: 'port of chancay'"
    if not isinstance(text, str):
        raise QueryError(f"{text!r} is not a text", where="search", help=help)
    if not words(text):
        raise QueryError(f"{_clipped(text)!r} has no words", where="search", help=help)
    if not isinstance(limit, int):
        raise QueryError(f"{limit!r} is not a whole number", where="limit", help="give 1 or more")
    if limit < 1:
        raise QueryError(
            f"the limit must be at least 1, not {limit}", where="limit", help="give 1 or more"
        )


def identified(names: Names, text: str, kind: str | None) -> list[str]:
    """Return the things, of a class if given, that a text such as Q419 or wd:Q419 identifies."""
    if not _IDENTIFIER.fullmatch(text.strip()):
        return []
    try:
        found = names.find_whole(text)
    except UnknownName:
        return []
    return [iri for iri in found if kind is None or names.is_a(iri, [kind])]


def rows(
    store: Store,
    names: Names,
    things: Sequence[str],
    text: str,
    kind: str | None = None,
    known: Callable[[], tuple[TermSearch, QuerySearch]] | None = None,
    find: Callable[[str, int], list[str]] | None = None,
) -> Rows:
    """Return a row for each found thing: its class, the text that matched, its passages.

    The passages are those that state the thing; a passage is its own passage. With `known`, which
    returns two searches, the warnings list the terms of the ontology and the stored queries with
    the words of the text. If nothing was found, they also list the nearest names and, with `find`,
    the things that have most of the words.
    """
    kinds: dict[frozenset[NamedNode], NamedNode | None] = {}
    lines = []
    for iri in things:
        thing = NamedNode(iri)
        facts = [*statements(store.quads_for_pattern(thing, None, None, _STATED))]
        classes = frozenset(named(each for _, predicate, each in facts if predicate == TYPE))
        if classes not in kinds:
            kinds[classes] = most_specific(store, classes) if classes else None
        of_text = {text for _, name, text in facts if value(name) in _TEXTS}
        matched = _matched([*of_text, *uses(store, thing)], words(text))
        cited = _passages(thing, facts)
        cells = (thing, kinds[classes], matched, Literal(cited, datatype=LIST) if cited else None)
        lines.append(f"({' '.join('UNDEF' if cell is None else str(cell) for cell in cells)})")
    variables = " ".join(f"?{column}" for column in _COLUMNS)
    select = f"SELECT {variables} WHERE {{ VALUES ({variables}) {{ {' '.join(lines)} }} }}"
    answer = Rows([*_COLUMNS], _solutions(select), names)

    # Warnings are found on demand, since the search for the nearest names is slow in large graphs.
    def warnings() -> tuple[str, ...]:
        searches = known() if known else (None, None)
        if things:
            return tuple(_also_found(text, *searches))
        partial = PartialMatches(find, names) if find else None
        return tuple(_nothing_found(names, text, kind, partial, *searches))

    answer.find_warnings = warnings
    return answer


def _solutions(select: str) -> list[QuerySolution]:
    """Return the engine's rows of a query that only lists values and needs no graph."""
    return list(Store().query(select))  # type: ignore[arg-type]


def _also_found(text: str, terms: TermSearch | None, queries: QuerySearch | None) -> Iterator[str]:
    """Yield advice about an operator in a text or, without one, terms and queries for the text."""
    if help := _of_operators(text):
        yield help
        return
    yield from _of_terms(text, terms)[0]
    yield from _of_queries(queries.find(text, literally=True) if queries else [])


def _nothing_found(
    names: Names,
    text: str,
    kind: str | None,
    partial: PartialMatches | None,
    terms: TermSearch | None,
    queries: QuerySearch | None,
) -> Iterator[str]:
    """Yield why nothing was found, with advice, and the terms and queries that a text may mean."""
    of_class = f" of the class {names.label(kind)}" if kind else ""
    nothing = f"nothing{of_class} has the words {_clipped(text)!r}"
    if help := _of_operators(text) or _of_wildcards(names, text, kind):
        yield f"{nothing}; {help}"
        return
    named, meant = _of_terms(text, terms)
    asked = queries.find(text) or queries.find(without_names(text, names)) if queries else []
    help = None
    if not (named or asked) and not (terms and len(words(text)) == 1 and terms.knows(text)):
        # A single word that the ontology uses is probably not a misspelt name.
        help = names.suggestions.instead_of(text, [kind] if kind else (), with_terms=False)
    if terms and not (help or named or meant or asked):
        help = asked_back(terms.near(text)) or _alone(sought(text), terms)
    some = list[str]()
    if partial and (is_question(text) or not (help or named or meant or asked)):
        some = partial.lines(sought(text))
        # The nearest names are no advice for a question that has its names right.
        if some or (is_question(text) and without_names(text, names) != " ".join(text.split())):
            help = None
        if not (help or some or asked):
            help = partial.unknown(sought(text))
    if not (help or some or named or meant or asked):
        help = "try other or fewer words"
    yield f"{nothing}; {help}" if help else nothing
    yield from some
    yield from named
    yield from meant
    yield from _of_queries(asked)


def _of_queries(lines: list[str]) -> list[str]:
    return lines and ["stored queries answer such questions:", *lines]


def _of_terms(text: str, terms: TermSearch | None) -> tuple[list[str], list[str]]:
    """Return the lines of the terms with all words of a text in their names, and of other terms.

    The other terms have some of the words in names near them or in their definitions.
    """
    if terms is None:
        return [], []
    named, meant = terms.named(sought(text)), terms.meant(sought(text))
    meant = meant[: max(0, _MOST_LINES - len(named))]
    return (
        named and ["terms of the ontology have the words in their names:", *named],
        meant and ["terms of the ontology have the words in their definitions:", *meant],
    )


def _alone(text: str, terms: TermSearch) -> str | None:
    """Return the advice to search for each word alone, if there are terms for each, or None.

    Words of questions and linking words are ignored.
    """
    asked = [word for word in without_linking(words(text)) if word not in OF_QUESTIONS]
    if len(asked) < 2 or not all(map(terms.named, asked)):
        return None
    quoted = " and for ".join(map(repr, asked))
    return f"no term of the ontology has all of them; search for {quoted} alone"


def _of_operators(text: str) -> str | None:
    """Return what to write instead of an operator in a text, or None without one."""
    if not (operator := _OPERATOR.search(f" {text} ")):
        return None
    help = "a search cannot exclude words" if operator[1] == "NOT" else "search for each separately"
    return f"{operator[0].strip()} is not an operator; {help}"


def _of_wildcards(names: Names, text: str, kind: str | None) -> str | None:
    """Return what to write instead of a wildcard in a text, or None without one."""
    # After several words, a question mark ends a question and is no wildcard.
    if not (wildcard := re.search(r"\w*([*%])" if " " in text else r"\w*([*?%])", text)):
        return None
    begun = "".join(words(text[: wildcard.start(1)])[-1:])
    kinds = [kind] if kind else SOUGHT
    found = {word for word, iri in names.index.beginning(begun) if names.is_a(iri, kinds)}
    near = asked_back(sorted(found)[:_MOST_WORDS])
    return (f"{wildcard[1]} is not a wildcard; search finds whole words") + (
        f"; {near}" if near else ""
    )


def _clipped(text: str) -> str:
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"


def _matched(texts: Iterable[EngineTerm], asked: list[str]) -> Literal | None:
    """Return the shortest of the texts with the most matching words, or None without texts."""

    def order(text: Literal) -> tuple[int, int, str]:
        found = {*words(text.value)}
        absent = [word for word in asked if found.isdisjoint(word_forms(word))]
        return len(absent), len(text.value), str(text)

    return min((text for text in texts if isinstance(text, Literal)), key=order, default=None)


def _passages(thing: NamedNode, facts: Iterable[Statement]) -> str:
    """Return the IRIs of the passages that state a thing, or its own IRI if it is a passage."""
    cited = sorted(value(each) for _, name, each in facts if value(name) == _STATED_IN)
    is_passage = any(value(name) == _IN_DOCUMENT for _, name, _ in facts)
    return " ".join([thing.value, *cited] if is_passage else cited)


# The maximum numbers of texts that a server sends, and of things whose classes are looked up.
_MOST_TEXTS, _MOST_RANKED = 2_000, 200
_MARKED = {"a": "àáâãäåāăą", "c": "çćč", "e": "èéêëēęě", "i": "ìíîïī", "l": "ł", "n": "ñńň"}
_MARKED |= {"o": "òóôõöøō", "s": "śşš", "u": "ùúûüūů", "y": "ýÿ", "z": "źżž"}


def query(text: str, kind: str | None) -> str:
    """Return SPARQL that selects things with a text that has all significant words of `text`."""
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
