"""The facts of an export, grouped by thing, in a fixed order.

Terms are strings in N-Triples, which the engine serialises fastest and which has Turtle's escapes.
Each line of N-Triples is a fact, with spaces between its terms.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from pyoxigraph import NamedNode, Store

from relations_kg.export.kinds import kinds
from relations_kg.rdf.namespaces import RDF, RDFS, RKG, is_bundled, prefixes_in

# A thing with its properties and their values, in order.
Entry = tuple[str, list[tuple[str, str]]]

TYPE = f"<{RDF}type>"
_FIRST = {TYPE: 0, f"<{RDFS}label>": 1}


# A dataclass would add a millisecond to every query on the command line.
class Facts(NamedTuple):
    """The content of an export: N-Triples by graph name.

    `store` provides the kinds and days for the order of things; without it, a thing's kind is the
    first of its classes. `prefixes` replace those of the project. `root` is set if only one thing
    is exported, with its neighbourhood. With `with_graphs`, graph names are also written.
    """

    graphs: Mapping[str, bytes]
    store: Store | None = None
    prefixes: Mapping[str, str] | None = None
    root: str | None = None
    with_graphs: bool = False

    @property
    def declared(self) -> Mapping[str, str]:
        """The prefixes to declare: given prefixes, or else the project's and those in use."""
        return self.prefixes or prefixes_in(self.graphs.values())

    @property
    def own_prefixes(self) -> dict[str, str]:
        """The prefixes in use that extension vocabularies declare."""
        known = prefixes_in(self.graphs.values())
        return {prefix: iri for prefix, iri in known.items() if not is_bundled(prefix)}

    def entries(self) -> list[Entry]:
        """Return the things of all graphs together, in order."""
        return entries(b"".join(self.graphs.values()), *self._order())

    def entries_by_graph(self) -> list[tuple[str, list[Entry]]]:
        """Return the things of each graph, in order."""
        order = self._order()
        filled = [(name, content) for name, content in sorted(self.graphs.items()) if content]
        return [(name, entries(content, *order)) for name, content in filled]

    def _order(self) -> tuple[dict[str, str], dict[str, str]] | tuple[()]:
        if self.store is None:
            return ()
        things = self._things() if self.root else (None,)
        found = kinds(self.store, things)
        return {str(thing): str(kind) for thing, kind in found.items()}, days(self.store, things)

    def _things(self) -> list[NamedNode]:
        """Return the things with facts, without blank nodes."""
        lines = b"".join(self.graphs.values()).splitlines()
        subjects = {line.partition(b" ")[0].decode() for line in lines}
        return [NamedNode(subject[1:-1]) for subject in subjects if subject.startswith("<")]


def entries(
    content: bytes, kinds: Mapping[str, str] | None = None, days: Mapping[str, str] | None = None
) -> list[Entry]:
    """Return N-Triples as entries ordered by kind, day and IRI; kinds and labels come first.

    Without `kinds`, a thing's kind is the first of its classes.

    >>> entries(b'<urn:b> <urn:p> "1" .\\n<urn:a> <urn:p> "2" .\\n')
    [('<urn:a>', [('<urn:p>', '"2"')]), ('<urn:b>', [('<urn:p>', '"1"')])]
    """
    found: dict[str, list[tuple[str, str]]] = {}
    # A dict removes duplicates like a set, but keeps the order, in which a thing's facts are
    # adjacent.
    for line in dict.fromkeys(sorted(content.splitlines(keepends=True))):
        subject, predicate, rest = line.decode().split(" ", 2)
        found.setdefault(subject, []).append((predicate, rest[:-3]))
    for facts in found.values():
        facts.sort(key=lambda fact: _FIRST.get(fact[0], len(_FIRST)))
    if kinds is None:
        # After sorting, rdf:type is first among a thing's facts.
        kinds = {thing: facts[0][1] for thing, facts in found.items() if facts[0][0] == TYPE}
    days = days or {}
    order = {thing: (kinds.get(thing, ""), days.get(thing, ""), thing) for thing in found}
    return [(thing, found[thing]) for thing in sorted(found, key=order.__getitem__)]


def days(store: Store, things: Iterable[NamedNode | None] = (None,)) -> dict[str, str]:
    """Return the earliest start of each dated thing, by default of all, in N-Triples."""
    found: dict[str, str] = {}
    for each in things:
        for quad in store.quads_for_pattern(each, NamedNode(RKG + "earliestStart"), None):
            thing, day = str(quad.subject), str(quad.object)
            found[thing] = min(found.get(thing, day), day)
    return found
