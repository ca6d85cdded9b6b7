"""Warnings about parts of a SPARQL text that cannot match or are very likely mistakes.

The text is parsed but not evaluated, and warnings never change an answer.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import lru_cache

from pyoxigraph import NamedNode, Store

from relations_kg.names.names import Names
from relations_kg.rdf.namespaces import (
    BASE,
    DATES,
    ID,
    IDENTIFIERS,
    INFERRED,
    ONTOLOGY,
    STATED,
    SUBMITTED,
    VOCABULARY,
)
from relations_kg.reader.iris import is_absolute
from relations_kg.sparql.cursor import Mistake, Unknown
from relations_kg.sparql.parser import parse
from relations_kg.sparql.shape import shape
from relations_kg.warnings import constants, joins, values, variables
from relations_kg.warnings.names import NameWarnings, iris

# The maximum length of a text that is checked, and the maximum number of warnings about it.
LONGEST, _MOST = 1 << 16, 20
_CACHED = 256
# The named graphs that may be empty without a warning.
_GRAPHS = (STATED, DATES, INFERRED, ONTOLOGY, IDENTIFIERS, SUBMITTED, VOCABULARY)


class QueryWarnings:
    """The warnings about queries on one store; `of` returns the warnings about a text."""

    def __init__(
        self,
        store: Store,
        names: Names,
        *,
        ontology: Store | None = None,
        known: Callable[[Collection[str]], set[str]] | None = None,
    ) -> None:
        self._store, self._ontology = store, ontology or store
        self._known = known or self._in_store
        self._all_names = names
        self._names = NameWarnings(store, names, self._ontology, self._known)
        # The shapes of queries without warnings, with the classes of the things in them; an equal
        # query is not checked again.
        self._clean: set[tuple[str, tuple[frozenset[str], ...]]] = set()
        # The cache of a method would be shared by all objects, and would keep them alive.
        self.of = lru_cache(_CACHED)(self._of)
        self._classes = lru_cache(_CACHED)(self._classes_of)

    def _of(self, sparql: str) -> tuple[str, ...]:
        """Return the warnings about a query, each with its place.

        A query that cannot be parsed, or is longer than LONGEST, has no warnings.
        """
        if len(sparql) > LONGEST:
            return ()
        general, things = shape(sparql) or ("", [])
        key = general, tuple(map(self._classes, things))
        if key in self._clean and self._known({*things}) == {*things}:
            return ()
        try:
            sparql.encode()
            query = parse(sparql)
        except (Mistake, Unknown, UnicodeEncodeError):
            return ()
        addresses = {index: iri for index, iri in iris(query).items() if is_absolute(iri)}
        found = [
            *self._names.findings(query, addresses),
            *variables.findings(query),
            *joins.findings(query),
        ]
        if self._ontology is self._store:
            found += constants.Constants(query, addresses, self._store, self._all_names).findings()
        if query.has_values():
            names = self._all_names if self._ontology is self._store else None
            found += values.Values(query, addresses, self._ontology, self._store, names).findings()
        written: dict[str, str] = {}
        for index, message, help in sorted(found, key=lambda finding: finding[0]):
            text = f"{message}{f'; {help}' if help else ''}"
            written.setdefault(text, f"{query.location(index)}: {text}")
        if general and not found:
            if len(self._clean) == _CACHED:
                self._clean.clear()
            self._clean.add(key)
        return tuple(written.values())[:_MOST]

    def _classes_of(self, iri: str) -> frozenset[str]:
        """Return the classes of a thing in `id:`.

        On a server, where each look-up is a request, return no classes.
        """
        is_asked = self._ontology is self._store and iri.startswith(ID)
        return frozenset(self._all_names.kinds(iri) if is_asked else ())

    def _in_store(self, addresses: Collection[str]) -> set[str]:
        return {iri for iri in addresses if self._is_known(iri)}

    def _is_known(self, iri: str) -> bool:
        node = NamedNode(iri)
        if iri.startswith(BASE + "graph/"):
            return iri in _GRAPHS or node in list(self._store.named_graphs())
        patterns = ((node, None, None), (None, None, node), (None, node, None))
        return any(any(self._store.quads_for_pattern(*pattern)) for pattern in patterns)
