"""The labels, and the annotations of the ontology, that pictures read from a graph."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from typing import Protocol

from pyoxigraph import NamedNode, Store

from relations_kg.rdf.namespaces import CODE, ONTOLOGY, RDFS, RKG, SKOS
from relations_kg.rdf.terms import objects, pairs, statements, value


class Display:
    """The annotations of the ontology that decide how pictures show classes and properties.

    Names of classes are given without our namespace. A lane is a group of rows of a timeline;
    `lanes` are the titles of lanes by name, from the top. `symbols` are the meanings of a map's
    symbols.

    >>> import relations_kg as rk
    >>> display = Display(rk.load().store)
    >>> display.lane(["Embassy", "DiplomaticMission", "Mission"]), display.lanes["visits"]
    ('missions', 'Visits and meetings')
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        order = sorted((int(place), code) for code, place in self._annotated(RKG + "laneOrder"))
        titles = {code: self._label(code) for _, code in order}
        self.lanes = {_name(code): text[:1].upper() + text[1:] for code, text in titles.items()}
        # One query reads all classes, since each query to a remote store takes some milliseconds.
        self._parents: dict[str, set[str]] = defaultdict(set)
        for kind, parent in pairs(store, RDFS + "subClassOf"):
            if isinstance(parent, NamedNode):
                self._parents[value(kind)].add(parent.value)
        symbols = dict.fromkeys(code for _, code in self._annotated(RKG + "mapSymbol"))
        self.symbols = {_name(code): self._label(code) for code in symbols}
        self._lanes = self._by_class("lane")
        self._symbols = self._by_class("mapSymbol")
        self._roles = [(role, name) for name, role in self._annotated(RKG + "pictureRole")]
        self._directions = dict(self._annotated(RKG + "scopeDirection"))

    def lane(self, classes: Collection[str]) -> str:
        """Return the lane of the most specific class with a lane, or else the last lane."""
        order = [*self.lanes]
        found = [self._lanes[name] for name in classes if name in self._lanes]
        _, lane = min(
            found, key=lambda each: (-each[0], order.index(each[1])), default=(0, order[-1])
        )
        return lane

    def symbol(self, classes: Collection[str], *known: str) -> str:
        """Return the symbol, among `known`, of the most specific class with a symbol, or ""."""
        found = [self._symbols[name] for name in classes if name in self._symbols]
        _, symbol = max((each for each in found if each[1] in known), default=(0, ""))
        return symbol

    def with_role(self, role: str) -> list[str]:
        """Return the IRIs of the properties with a role in pictures, such as "host", sorted."""
        return sorted(name for played, name in self._roles if played == CODE + role)

    def extending(self, *, to_subject: bool) -> frozenset[str]:
        """Return the properties that extend a picture from one end of a fact to the other.

        With `to_subject`, they lead from the object to the subject, otherwise from the subject to
        the object.
        """
        ways = {CODE + "both-ways", CODE + "to-subject"} if to_subject else {CODE + "both-ways"}
        return frozenset(name for name, way in self._directions.items() if way in ways)

    def ignores(self, predicate: str) -> bool:
        """Return whether facts with a property are left out of pictures."""
        return self._directions.get(predicate) == CODE + "not-at-all"

    def _by_class(self, annotation: str) -> dict[str, tuple[int, str]]:
        """Return, for each annotated class, the number of its superclasses and its code."""
        return {
            kind.removeprefix(RKG): (len(self._above(kind)), _name(code))
            for kind, code in self._annotated(RKG + annotation)
        }

    def _above(self, kind: str) -> set[str]:
        """Return the named superclasses of a class, without itself."""
        found: set[str] = set()
        queue = [kind]
        while queue:
            above = self._parents[queue.pop()] - found
            found |= above
            queue += above
        return found - {kind}

    def _label(self, code: str) -> str:
        return value(objects(self._store, NamedNode(code), SKOS + "prefLabel", ONTOLOGY)[0])

    def _annotated(self, predicate: str) -> Iterator[tuple[str, str]]:
        node, graph = NamedNode(predicate), NamedNode(ONTOLOGY)
        for term, _, code in statements(self._store.quads_for_pattern(None, node, None, graph)):
            yield value(term), value(code)


def _name(code: str) -> str:
    return code.removeprefix(CODE).removeprefix("lane-")


class Labels(Protocol):
    """The labels of things."""

    def label(self, iri: str, /) -> str:
        """Return the label of a thing, or else its short IRI."""
        ...


class Labelled(Protocol):
    """A store with the labels of its things."""

    @property
    def quad_store(self) -> Store:
        """The engine's own store."""
        ...

    @property
    def names(self) -> Labels:
        """The labels of its things."""
        ...
