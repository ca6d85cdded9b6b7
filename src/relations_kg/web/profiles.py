"""The facts of a thing as its page shows them: its properties, then the things that involve it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from pyoxigraph import NamedNode

from relations_kg.answers.description import Description, Fact
from relations_kg.answers.passages import Passage
from relations_kg.graph.graph import Graph
from relations_kg.pictures.display import Display
from relations_kg.pictures.related_events import Dated, by_day, dated
from relations_kg.rdf.namespaces import RKG
from relations_kg.rdf.terms import TYPE, EngineTerm, named, objects, value

# Claims have a section of their own, and discrepancies are decisions about the sources.
_EDITORIAL = {"Claim", "Discrepancy"}


@dataclass(frozen=True)
class Entry:
    """Another thing or a text, with the facts that relate the described thing to it."""

    other: EngineTerm
    facts: tuple[Fact, ...]
    passages: tuple[Passage, ...]
    dated: Dated | None

    @property
    def roles(self) -> list[tuple[str, bool]]:
        """The properties of the facts, each with whether it leads to the described thing."""
        return [(value(fact.statement[1]), fact.statement[0] == self.other) for fact in self.facts]


@dataclass(frozen=True)
class Profile:
    """The properties of a thing by their IRIs, and the things that involve it by titles of lanes.

    `inferred` are the facts that relate other things to it without a reading or a statement of it.
    """

    properties: dict[str, list[Entry]]
    sections: dict[str, list[Entry]]
    editorial: list[Entry]
    inferred: list[Fact]

    @classmethod
    def of(
        cls,
        graph: Graph,
        description: Description,
        facts: Iterable[Fact],
        cited: Callable[[str], Sequence[Passage]],
    ) -> Profile:
        """Return the profile with some facts of the description.

        `cited` returns the passages that a thing cites.
        """
        node = NamedNode(description.iri)
        display, entries = Display(graph.quad_store), _Entries(graph, node, cited)
        by_other: dict[EngineTerm, list[Fact]] = {}
        for fact in facts:
            subject, _, object_ = fact.statement
            by_other.setdefault(object_ if subject == node else subject, []).append(fact)
        properties: dict[str, list[Entry]] = {}
        by_lane: dict[str, list[Entry]] = {name: [] for name in display.lanes}
        editorial: list[Entry] = []
        inferred: list[Fact] = []
        for other, about in by_other.items():
            # A reading has a ground of its own, beside which it is shown.
            shown = [fact for fact in about if not fact.inferred or fact.ground]
            if shown or any(fact.statement[0] == other for fact in about):
                inferred += [fact for fact in about if fact not in shown]
                about = shown
            if not about:
                continue
            incoming = [fact for fact in about if fact.statement[0] == other]
            if not incoming:
                for fact in about:
                    entry = entries.entry(other, [fact])
                    properties.setdefault(value(fact.statement[1]), []).append(entry)
                continue
            entry = entries.entry(other, about)
            kinds = _kinds(graph, other)
            if kinds & _EDITORIAL:
                editorial.append(entry)
            else:
                by_lane[display.lane(kinds)].append(entry)
        sections = {
            display.lanes[name]: sorted(members, key=_order)
            for name, members in by_lane.items()
            if members
        }
        return cls(properties, sections, editorial, inferred)

    @property
    def passages(self) -> list[Passage]:
        """The passages of all entries in the order in which they are first cited."""
        groups = (*self.properties.values(), *self.sections.values(), self.editorial)
        cited = (p for entries in groups for entry in entries for p in entry.passages)
        return list(dict.fromkeys(cited))


class _Entries:
    """The entries of a thing, with the passages that each cites."""

    def __init__(
        self, graph: Graph, node: NamedNode, cited: Callable[[str], Sequence[Passage]]
    ) -> None:
        self._graph = graph
        self._cited = cited
        self._here = cited(node.value)

    def entry(self, other: EngineTerm, facts: list[Fact]) -> Entry:
        """Return an entry with the passages that both things cite, else those of the subject."""
        if not isinstance(other, NamedNode):
            return Entry(other, tuple(facts), tuple(self._here), None)
        there = self._cited(other.value)
        found = there if facts[0].statement[0] == other else self._here
        shared = [passage for passage in self._here if passage in there]
        passages = () if facts[0].inferred else (shared or found)
        return Entry(other, tuple(facts), tuple(passages), dated(self._graph, other.value))


def _kinds(graph: Graph, thing: EngineTerm) -> set[str]:
    if not isinstance(thing, NamedNode):
        return set()
    classes = named(objects(graph.quad_store, thing, TYPE.value))
    return {kind.value.removeprefix(RKG) for kind in classes}


def _order(entry: Entry) -> tuple[object, ...]:
    return (not entry.dated, by_day(entry.dated) if entry.dated else (), str(entry.other))
