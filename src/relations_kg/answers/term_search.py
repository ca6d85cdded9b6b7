"""Search for classes, properties and codes by words of their names and definitions."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property
from typing import NamedTuple

from pyoxigraph import NamedNode, Store

from relations_kg.names.abbreviations import without_linking
from relations_kg.names.database import Database
from relations_kg.names.search_index import MOST_WORDS, word_forms
from relations_kg.rdf.namespaces import ONTOLOGY, OWL, RDFS, RKG, SKOS, shorten
from relations_kg.rdf.spelling import counted, nearest_phrases
from relations_kg.rdf.spelling import words as separated
from relations_kg.rdf.terms import TYPE, named, pairs, value
from relations_kg.rdf.words import words
from relations_kg.reader.code_lists import code_lists

_LABELS = (RDFS + "label", *(SKOS + name for name in ("prefLabel", "altLabel", "hiddenLabel")))
# The titles of the groups of terms that are not codes of a list.
_TITLES = {
    OWL + "Class": "classes",
    OWL + "ObjectProperty": "properties",
    OWL + "DatatypeProperty": "properties",
    OWL + "AnnotationProperty": "properties",
    SKOS + "ConceptScheme": "code lists",
}
_CODES, _CLASSES = "codes of ", [_TITLES[OWL + "Class"]]
_IN_SCHEME = SKOS + "inScheme"
_GRAPH, _ANNOTATION = NamedNode(ONTOLOGY), NamedNode(OWL + "AnnotationProperty")
# A word that occurs in no name. It is put around each name, so that a phrase can match it whole.
_BOUND = "_"
# If nothing has the noun for an agent, the noun for its activity is searched for, which has another
# stem: "smuggling" for "smugglers".
_AGENTS = r"(?<=\w{3})ers?\b", "ing"
_MOST_GROUPS, _MOST_OF_GROUP, _MOST_CLAUSES, _MOST_ROWS = 12, 5, 2, 500


class _Match(NamedTuple):
    """A term that matches a text, and the number of words in what was matched.

    Matches of a lower `rank` come first. Among matching names, rank 0 is a name with exactly the
    words of the text.
    """

    rank: int
    length: int
    iri: str


class TermSearch:
    """A full-text index of the terms of an ontology, by the stems of English words.

    Properties of terms, such as rkg:longestDuration, are left out together with their codes, since
    facts do not use them.
    """

    def __init__(self, ontology: Store) -> None:
        self._ontology = ontology

    def named(self, text: str) -> list[str]:
        """Return the terms with a name that has all words of a text, as lines of groups.

        Each line is a group: classes, properties, code lists, or the codes of one list with the
        properties that take them. The best matches come first.

        >>> from relations_kg.reader.bundled import ontology_store
        >>> TermSearch(ontology_store()).named("free passages")
        ['codes of rkg:undertakingKind: code:free-passage']
        """
        return self._lines(self._named(text) or self._named(re.sub(*_AGENTS, text)))

    def of_list(self, text: str, scheme: str) -> list[str]:
        """Return the codes of a list with a name that has all words of a text, best first."""
        member = {iri for iri, of in self._pairs(_IN_SCHEME) if of == scheme}
        return [match.iri for match in sorted(self._named(text)) if match.iri in member]

    def classes(self, word: str) -> list[NamedNode]:
        """Return the classes that a word names, in the singular or plural."""
        found = (match for match in sorted(self._named(word)) if match.length == 1)
        kinds = dict.fromkeys(match.iri for match in found if self._titles[match.iri] == _CLASSES)
        return [NamedNode(iri) for iri in kinds]

    def elsewhere(self, text: str) -> str | None:
        """Return a clause with the codes, of any list, whose names have the words, or None."""
        lines = [line for line in self.named(text) if line.startswith(_CODES)]
        return "; ".join(lines[:_MOST_CLAUSES]) or None

    def takers(self, iri: str) -> str | None:
        """Return the properties that take a code, or else its list; None if it is no code.

        >>> from relations_kg.rdf.namespaces import expand
        >>> from relations_kg.reader.bundled import ontology_store
        >>> TermSearch(ontology_store()).takers(expand("code:embassy"))
        'rkg:absentKind and rkg:missionKind'
        """
        titles = [title for title in self._titles.get(iri, ()) if title.startswith(_CODES)]
        return " and ".join(title.removeprefix(_CODES) for title in titles) or None

    def _named(self, text: str) -> list[_Match]:
        """Return the terms with a name that has all words of a text."""
        asked = words(text)[:MOST_WORDS]
        if not (significant := without_linking(asked)):
            return []
        whole = f'"{_BOUND} {" ".join(asked)} {_BOUND}"'
        found = []
        for iri, name in _rows(self._names, whole):
            known = name.split()[1:-1]
            found.append(_Match(0 if known == asked else 1, len(known), iri))
        for iri, name in _rows(self._names, _all(significant)):
            known = name.split()[1:-1]
            found.append(_Match(2 if {*asked} <= {*known} else 3, len(known), iri))
        return found

    def meant(self, text: str) -> list[str]:
        """Return the terms with only some words of a text in their names, as lines of groups.

        The other words are in the names near the term (see `_texts`) or in its definition. If there
        are no such terms, the codes are returned whose definitions have all words.
        """
        asked = without_linking(words(text)[:MOST_WORDS])
        if not asked:
            return []
        every, some = _all(asked), " OR ".join(map(quoted, asked))
        for columns in ("names near", "names near meaning"):
            query = f"({{{columns}}} : ({every})) AND (names : ({some})) NOT (names : ({every}))"
            found = _rows(self._texts, query) if len(asked) > 1 else []
            if found:
                return self._lines(_Match(0, len(words(row[1])), row[0]) for row in found)
        # A definition has many words, so equal stems are often a coincidence: the inflections are
        # compared. Definitions of classes and properties are even longer, so they are left out.
        forms = [set(word_forms(word)) for word in asked]
        rows = _rows(self._texts, f"({every}) NOT (names : ({every}))")
        defined = ((iri, words(meaning)) for iri, _, _, meaning in rows)
        return self._lines(
            _Match(0, len(known), iri)
            for iri, known in defined
            if self._is_code(iri) and all(map({*known}.intersection, forms))
        )

    def knows(self, text: str) -> bool:
        """Return whether each word of a text is in the name or the definition of some term."""
        asked = words(text)[:MOST_WORDS]
        return all(_rows(self._texts, quoted(word)) for word in asked)

    def near(self, text: str) -> list[str]:
        """Return the names of terms that a text misspells.

        >>> from relations_kg.reader.bundled import ontology_store
        >>> TermSearch(ontology_store()).near("recogniton")
        ['recognition']
        """
        return nearest_phrases(" ".join(words(text)), set().union(*self._by_term.values()))

    def _lines(self, matches: Iterable[_Match]) -> list[str]:
        groups: dict[str, dict[str, None]] = {}
        for match in sorted(matches):
            for title in self._titles[match.iri]:
                groups.setdefault(title, {})[self._shown(match.iri)] = None
        lines = []
        for title, found in groups.items():
            shown, more = [*found][:_MOST_OF_GROUP], len(found) - _MOST_OF_GROUP
            lines.append(f"{title}: {', '.join(shown)}" + (f" and {more} more" if more > 0 else ""))
        more = len(lines) - _MOST_GROUPS
        return lines[:_MOST_GROUPS] + (
            [f"{counted(more, 'more group')}; add a word"] if more > 0 else []
        )

    def _shown(self, iri: str) -> str:
        """Return the CURIE of a term, with a property's class, or a code's label if it differs."""
        label = self._labels.get(iri, "")
        if iri in self._domains:
            return f"{shorten(iri)} (of {shorten(self._domains[iri])})"
        is_clear = words(_local(iri)) == words(label) or not self._is_code(iri)
        return shorten(iri) if is_clear else f"{shorten(iri)} ({label})"

    def _is_code(self, iri: str) -> bool:
        return any(title.startswith(_CODES) for title in self._titles[iri])

    @cached_property
    def _labels(self) -> dict[str, str]:
        return dict(self._pairs(SKOS + "prefLabel"))

    @cached_property
    def _domains(self) -> dict[str, str]:
        return dict(self._pairs(RDFS + "domain"))

    @cached_property
    def _internal(self) -> set[str]:
        """The properties that describe terms of the ontology, and code lists that only they use."""
        find = self._ontology.quads_for_pattern
        annotations = named(q.subject for q in find(None, TYPE, _ANNOTATION, _GRAPH))
        found = {
            each.value
            for each in annotations
            if each.value.startswith(RKG) and any(find(None, each, None, _GRAPH))
        }
        of_facts = {scheme for name, scheme in code_lists()[0].items() if name not in found}
        return found | ({*code_lists()[0].values()} - of_facts)

    @cached_property
    def _titles(self) -> dict[str, list[str]]:
        """The titles of the groups to which each term belongs, without internal terms."""
        takers: dict[str, list[str]] = {}
        for name, scheme in code_lists()[0].items():
            takers.setdefault(scheme, []).append(shorten(name))
        found: dict[str, list[str]] = {}
        for iri, kind in self._pairs(TYPE.value):
            # If a property takes the codes of a list, facts use the property and not the list.
            if kind in _TITLES and iri not in self._internal and iri not in takers:
                found[iri] = [_TITLES[kind]]
        for iri, scheme in self._pairs(_IN_SCHEME):
            if scheme not in self._internal:
                *others, last = takers.get(scheme, [f"the list {shorten(scheme)}"])
                of = f"{', '.join(others)} and {last}" if others else last
                found.setdefault(iri, []).append(_CODES + of)
        return found

    @cached_property
    def _names(self) -> Database:
        """An index with a row for each name of a term."""
        rows = (
            (iri, f"{_BOUND} {name} {_BOUND}")
            for iri in sorted(self._titles)
            for name in sorted(self._by_term[iri])
        )
        return _index(rows, "name")

    @cached_property
    def _texts(self) -> Database:
        """An index with the names of each term, the names near it, and its definition.

        The names near a code are those of its list, of the property that takes its codes and of
        this property's class; the name near a property is that of its class.
        """
        near: dict[str, tuple[str, ...]] = {iri: (kind,) for iri, kind in self._domains.items()}
        of_list: dict[str, tuple[str, ...]] = {}
        for name, scheme in code_lists()[0].items():
            of_list[scheme] = (*of_list.get(scheme, (scheme,)), name, *near.get(name, ()))
        near |= {iri: of_list.get(scheme, (scheme,)) for iri, scheme in self._pairs(_IN_SCHEME)}
        joined = {iri: " ".join(sorted(names)) for iri, names in self._by_term.items()}
        around = {
            iris: " ".join(joined.get(iri, "") for iri in iris) for iris in {*near.values(), ()}
        }
        meanings = dict(self._pairs(SKOS + "definition"))
        rows = (
            (iri, joined[iri], around[near.get(iri, ())], meanings.get(iri, ""))
            for iri in sorted(self._titles)
        )
        return _index(rows, "names, near, meaning")

    @cached_property
    def _by_term(self) -> dict[str, set[str]]:
        """The names of each term, as words in lower case."""
        found = {iri: {" ".join(words(_local(iri)))} for iri in self._titles}
        for predicate in _LABELS:
            for iri, text in self._pairs(predicate):
                if iri in found:
                    found[iri].add(" ".join(words(text)))
        return found

    def _pairs(self, predicate: str) -> list[tuple[str, str]]:
        found = pairs(self._ontology, predicate, ONTOLOGY)
        return [(value(iri), value(text)) for iri, text in found if isinstance(iri, NamedNode)]


def _index(rows: Iterable[tuple[str, ...]], columns: str) -> Database:
    """Return a new in-memory index of rows, which have the IRI of a term and these columns."""
    database = Database.make()
    with database.changing() as connection:
        connection.execute(
            f"CREATE VIRTUAL TABLE terms USING fts5(iri UNINDEXED, {columns}, "
            f"tokenize = \"porter unicode61 tokenchars '{_BOUND}'\")"
        )
        values = ", ".join("?" * (columns.count(",") + 2))
        connection.executemany(f"INSERT INTO terms VALUES ({values})", rows)
    return database


def _rows(index: Database, query: str) -> list[tuple[str, ...]]:
    return index.rows(f"SELECT * FROM terms WHERE terms MATCH ? LIMIT {_MOST_ROWS}", query)


def _local(iri: str) -> str:
    return separated(re.split("[/#]", iri)[-1])


def _all(asked: Iterable[str]) -> str:
    """Return the full-text query for all words; each may be a Spanish plural, such as "soles"."""
    forms = (dict.fromkeys((word, word.removesuffix("es") or word)) for word in asked)
    return " AND ".join(f"({' OR '.join(map(quoted, each))})" for each in forms)


def quoted(word: str) -> str:
    """Return a word or a phrase as a part of a full-text query."""
    return f'"{word}"'
