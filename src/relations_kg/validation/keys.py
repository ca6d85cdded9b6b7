"""The keys of classes: the properties that distinguish their instances, by the ontology."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from itertools import chain

from pyoxigraph import NamedNode, Store

from relations_kg.rdf.namespaces import ONTOLOGY, RDF, RKG
from relations_kg.rdf.terms import Term, named, objects
from relations_kg.reasoning.ontology import with_superclasses

_SHARED = f"""
SELECT ?class ?list ?property WHERE {{ GRAPH <{ONTOLOGY}> {{
  ?class <{RKG}distinguishedBy> ?list . ?list <{RDF}rest>*/<{RDF}first> ?property
}} }}"""
_KIND = RKG + "kindGivenBy"


@dataclass(frozen=True)
class Key:
    """Properties whose values show that two instances of a class are probably the same thing.

    Two instances match if they share a value of some property of each set in `shared`, and have the
    same values, or none, of each property in `kinds`. Dates need only overlap.
    """

    shared: tuple[frozenset[NamedNode], ...]
    kinds: frozenset[NamedNode]


class Keys:
    """The keys of the classes of a store."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lists: dict[Term, dict[Term, set[NamedNode]]] = {}
        for kind, head, name in store.query(_SHARED):  # type: ignore[union-attr]
            self._lists.setdefault(kind, {}).setdefault(head, set()).add(name)
        # Cached, since many things have the same classes.
        self._of = cache(self._find)

    def of(self, kinds: Iterable[Term]) -> list[Key]:
        """Return the keys of the classes and of their superclasses."""
        return self._of(frozenset(kinds))

    def _find(self, kinds: frozenset[Term]) -> list[Key]:
        above = sorted(with_superclasses(self._store, kinds), key=str)
        given = (objects(self._store, kind, _KIND, ONTOLOGY) for kind in above)
        properties = frozenset(named(chain.from_iterable(given)))
        lists = (self._lists[kind].values() for kind in above if kind in self._lists)
        return [Key(tuple(map(frozenset, each)), properties) for each in lists]
