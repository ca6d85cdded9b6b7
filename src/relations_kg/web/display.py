"""The annotations of the ontology that determine how pictures show classes and properties."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Store

from relations_kg.rdf.namespaces import CODE, ONTOLOGY, RDFS, RKG, SKOS
from relations_kg.rdf.terms import value

_GRAPH = NamedNode(ONTOLOGY)


@dataclass(frozen=True)
class Display:
    """How pictures show classes and properties, by the annotations of the ontology.

    Classes are named as in a `Dated`: without the namespace of our ontology.

    >>> import relations_kg as rk
    >>> display = Display.of(rk.load().store)
    >>> display.lane(["Embassy", "DiplomaticMission", "Mission"]), display.lanes["visits"]
    ('missions', 'Visits and meetings')
    """

    lanes: Mapping[str, str]
    """The titles of a timeline's lanes by name, from the top."""
    symbols: Mapping[str, str]
    """The meanings of the symbols of a map by name."""
    _lane: Mapping[str, str]
    _symbol: Mapping[str, str]
    _depth: Mapping[str, int]
    _roles: Mapping[str, frozenset[str]]
    _scope: Mapping[str, str]

    @classmethod
    def of(cls, store: Store) -> Display:
        """Return the annotations of the ontology in a store."""
        order = {code: int(place) for code, place in _pairs(store, RKG + "laneOrder")}
        labels = dict(_pairs(store, SKOS + "prefLabel"))
        roles: dict[str, set[str]] = {}
        for name, role in _pairs(store, RKG + "pictureRole"):
            roles.setdefault(_code(role), set()).add(name)
        symbol = {_class(name): _code(code) for name, code in _pairs(store, RKG + "mapSymbol")}
        lanes = sorted(order, key=lambda code: (order[code], code))
        above: dict[str, set[str]] = {}
        for name, parent in _pairs(store, RDFS + "subClassOf"):
            above.setdefault(_class(name), set()).add(_class(parent))
        return cls(
            {_lane(code): labels[code][:1].upper() + labels[code][1:] for code in lanes},
            {name: labels[CODE + name] for name in symbol.values()},
            {_class(name): _lane(code) for name, code in _pairs(store, RKG + "lane")},
            symbol,
            {name: len(_ancestors(name, above)) for name in above},
            {role: frozenset(names) for role, names in roles.items()},
            {name: _code(code) for name, code in _pairs(store, RKG + "scopeDirection")},
        )

    def lane(self, classes: Collection[str]) -> str:
        """Return the lane of the most specific class that has one, else the last lane."""
        order = list(self.lanes)
        found = [name for name in classes if self._lane.get(name) in self.lanes]
        if not found:
            return order[-1]
        best = min(found, key=lambda c: (-self._depth.get(c, 0), order.index(self._lane[c])))
        return self._lane[best]

    def symbol(self, classes: Collection[str], *known: str) -> str:
        """Return the symbol, among some, of the most specific class that has one, else ""."""
        found = [name for name in classes if self._symbol.get(name) in known]
        best = min(found, key=lambda name: (-self._depth.get(name, 0), name), default="")
        return self._symbol.get(best, "")

    def playing(self, role: str) -> list[str]:
        """Return the IRIs of the properties that have a role in pictures, sorted."""
        return sorted(self._roles.get(role, ()))

    def extends(self, predicate: str, *, to_subject: bool) -> bool:
        """Return whether a picture with one end of a property also shows the other end."""
        direction = self._scope.get(predicate)
        return direction == "both-ways" or (to_subject and direction == "to-subject")

    def ignores(self, predicate: str) -> bool:
        """Return whether facts with a property are left out of pictures."""
        return self._scope.get(predicate) == "not-at-all"


def _pairs(store: Store, predicate: str) -> Iterator[tuple[str, str]]:
    for quad in store.quads_for_pattern(None, NamedNode(predicate), None, _GRAPH):
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode | Literal):
            yield quad.subject.value, value(quad.object)


def _ancestors(name: str, above: Mapping[str, set[str]]) -> set[str]:
    found: set[str] = set()
    ahead = [name]
    while ahead:
        for parent in above.get(ahead.pop(), set()) - found:
            found.add(parent)
            ahead.append(parent)
    return found


def _class(iri: str) -> str:
    return iri.removeprefix(RKG)


def _code(iri: str) -> str:
    return iri.removeprefix(CODE)


def _lane(iri: str) -> str:
    return _code(iri).removeprefix("lane-")
