"""Corrections of values that are not in the code list of their property."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from pyoxigraph import NamedNode

from relations_kg.answers.knowledge import Knowledge
from relations_kg.rdf.namespaces import CODE, SKOS, shorten
from relations_kg.rdf.spelling import asked_back, nearest_codes, similar_codes
from relations_kg.rdf.terms import TYPE, named, objects, value
from relations_kg.reader.code_lists import code_lists, own_code
from relations_kg.validation.classes import Classes
from relations_kg.validation.correction import Correction, local_name, slug, slugged
from relations_kg.validation.definitions import Definitions
from relations_kg.validation.violations import Violation

# For a longer code list, the message only names the command that prints it.
_MOST_LISTED, _MOST_SUGGESTED = 40, 3
_IN_SCHEME, _CONCEPT = NamedNode(SKOS + "inScheme"), NamedNode(SKOS + "Concept")


class CodeCorrections:
    """Suggestions of what to write instead of values that are not in a property's code list."""

    def __init__(self, graph: Knowledge, classes: Classes, definitions: Definitions) -> None:
        self._graph, self._store = graph, graph.quad_store
        self._classes = classes
        self._definitions = definitions

    def of(self, violation: Violation, wrong: NamedNode) -> Correction:
        """Return what to write instead of a value that is not in the code list of a property."""
        scheme, name = (value(violation.bindings[each]) for each in ("list", "property"))
        codes = self._codes(scheme)
        by_name: dict[str, NamedNode] = {}
        for code in codes:
            for label in objects(self._store, code, SKOS + "prefLabel"):
                by_name.setdefault(slug(value(label)), code)
        by_name.update((local_name(code.value), code) for code in codes)
        local = local_name(slugged(wrong.value))
        takers = self._graph.term_search.takers(wrong.value)
        # A code of another list is not misspelt.
        near = [] if takers else nearest_codes(local, by_name, self._definitions.words)
        if near:
            return Correction.of((by_name[each] for each in near), bool)
        similar = [] if takers else [by_name[each].value for each in similar_codes(local, by_name)]
        meant = similar or self._with_words(wrong, local, scheme, codes)
        question = asked_back(map(shorten, dict.fromkeys(meant))) or ""
        clauses = [] if meant else [_listed(codes, scheme)]
        if takers:
            clauses.append(f"{shorten(wrong.value)} is a code of {takers}")
        about = [*self._about_things(wrong, name, scheme)]
        if not (meant or takers or self._is_thing(wrong)):
            about.append(self._graph.term_search.elsewhere(local) or "")
        if not self._is_thing(wrong) and (command := own_code(local, scheme)):
            about.append(f"or write id:{local}, a code of your own: {command}")
        clauses += filter(None, about)
        return Correction(f"{question} {'; '.join(clauses)}".strip())

    def _codes(self, scheme: str) -> list[NamedNode]:
        """Return the codes of a list, with those that facts add to it."""
        find: Any = self._store.quads_for_pattern
        found = dict.fromkeys(q.subject for q in find(None, _IN_SCHEME, NamedNode(scheme)))
        return named(each for each in found if any(find(each, TYPE, _CONCEPT)))

    def _with_words(
        self, wrong: NamedNode, local: str, scheme: str, codes: Iterable[NamedNode]
    ) -> list[str]:
        """Return the codes of a list with the words of a value in their names or definitions."""
        labels = [value(each) for each in objects(self._store, wrong, SKOS + "prefLabel")]
        for text in (local.replace("-", " "), *labels):
            if found := self._graph.term_search.of_list(text, scheme)[:_MOST_SUGGESTED]:
                return found
        return [each.value for each in self._definitions.with_words(local.split("-"), codes)]

    def _is_thing(self, node: NamedNode) -> bool:
        """Return whether a node is described and is not a code."""
        is_code = node.value.startswith(CODE) or bool(objects(self._store, node, _IN_SCHEME.value))
        return not is_code and bool(self._classes.of(node))

    def _about_things(self, wrong: NamedNode, name: str, scheme: str) -> Iterator[str]:
        """Yield notes on the classes that this property, or one with the same code list, takes."""
        lists, classes = code_lists()
        if name in classes:
            yield f"besides codes, {shorten(name)} takes {_one_of(classes[name])}"
        elif self._is_thing(wrong):
            yield f"{shorten(name)} takes only codes"
            for other, taken in classes.items():
                fitting = [kind for kind in taken if NamedNode(kind) in self._classes.of(wrong)]
                if lists.get(other) == scheme and fitting:
                    yield f"{shorten(other)} also takes {_one_of(fitting)}"


def _listed(codes: Iterable[NamedNode], scheme: str) -> str:
    slugs = sorted(local_name(code.value) for code in codes)
    if len(slugs) > _MOST_LISTED:
        return f"find one with: relations-kg show {shorten(scheme)}"
    return f"use one of {', '.join(slugs)}"


def _one_of(kinds: Iterable[str]) -> str:
    """Return classes as alternatives.

    >>> from relations_kg.rdf.namespaces import RKG
    >>> _one_of([RKG + "Artefact", RKG + "Vessel"])
    'a rkg:Artefact or a rkg:Vessel'
    """
    *others, last = (f"a {shorten(kind)}" for kind in kinds)
    return f"{', '.join(others)} or {last}" if others else last
