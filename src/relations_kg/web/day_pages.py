"""The pages about days: their list, the situation on a day, and the changes between two days."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from pyoxigraph import Literal, NamedNode

from relations_kg.answers.day import snapshot
from relations_kg.answers.queries import StoredQuery
from relations_kg.answers.rows import Row, Rows
from relations_kg.rdf.date_words import between_in_words
from relations_kg.rdf.days import day_of
from relations_kg.rdf.namespaces import RKG, XSD
from relations_kg.rdf.terms import value
from relations_kg.web import headings, queries
from relations_kg.web.addresses import iri_of
from relations_kg.web.paging import Paged, number_of
from relations_kg.web.period_pages import linked_days
from relations_kg.web.profiles import listed, passages_in
from relations_kg.web.rendering import Renderer
from relations_kg.web.thing_pages import columns_with_values, largest, maps

_CERTAINTIES = ("certain", "last known", "possible")
# The maximum numbers of days on a page of the list of days, and of rows in a table about a day.
_MOST_DAYS = _MOST_ROWS = 100
# A certainty or a change, and the row that it marks.
_Row = tuple[str, Row]


@dataclass(frozen=True)
class Table:
    """The first rows of an answer, each with its mark (a certainty or a change).

    `columns` are the headings of the columns with values, and `marks` counts the marks of all rows.
    """

    columns: list[str]
    rows: list[tuple[str, list[object]]]
    marks: Counter[str]

    @classmethod
    def of(cls, query: StoredQuery, columns: Sequence[str], rows: Sequence[_Row]) -> Table:
        """Return the table of rows of a query, without columns that are empty in those shown."""
        shown = rows[:_MOST_ROWS]
        used = columns_with_values(columns, [row for _, row in shown], "certainty")
        cells = [(mark, list[object](row[column] for column in used)) for mark, row in shown]
        return cls(
            [*headings.of_columns(query, used).values()], cells, Counter(mark for mark, _ in rows)
        )

    @property
    def more(self) -> int:
        """The number of rows left out."""
        return self.marks.total() - len(self.rows)


@dataclass(frozen=True)
class DayTable:
    """The answer of a stored query about a day, with its possible rows in a table of their own."""

    title: str
    query: str
    sure: Table
    possible: Table


@dataclass(frozen=True)
class Changes:
    """The rows of a stored query that differ on two days, each with its change.

    `sure` has the rows that are certain on one day and missing on the other, `possible` the other
    rows that differ, and `same` is the number of rows that do not.
    """

    title: str
    sure: Table
    possible: Table
    same: int


def days(renderer: Renderer, page: str = "") -> str:
    """Return the page that lists the days of known beginnings and ends."""
    index = renderer.index
    size = _MOST_DAYS if renderer.addresses.live else None
    paged = Paged.of(index.exact_days, number_of(page), size)
    return renderer.page(
        "days.html",
        "The situation on a day",
        paged=paged,
        happened={day: _happened(renderer, day) for day in paged.items},
        linked={*linked_days(renderer)},
        unit="decade" if linked_days(renderer) == index.days else "year",
        others=sorted({*linked_days(renderer)}.difference(index.exact_days)),
    )


def day(renderer: Renderer, name: str, since: str = "", of: str = "") -> str:
    """Return the page of the situation on a day, or of the changes since another day.

    `of` names a relationship to which the page is limited. Without it, the page of a large graph is
    limited to its largest relationships.
    """
    on = day_of(name)
    shown = _shown(renderer, of)
    ours = {each.value for iri in shown for each in renderer.writer.concerned(iri)}
    about = ours if shown else None
    if since:
        first, second = sorted((day_of(since), on))
        return _changes(renderer, first, second, of, about)
    asked = renderer.graph.queries
    tables = [
        table
        for query, title in headings.table()["days"].items()
        if (table := _day_table(_answer(renderer, query, on, about), title, asked[query]))
    ]
    happened = [iri for iri in _happened(renderer, on) if about is None or iri in about]
    dated = filter(None, map(renderer.writer.dated, happened))
    entries = [listed(renderer.writer, each) for each in dated]
    return renderer.page(
        "day.html",
        f"The situation on {between_in_words(on, on)}{_of_relationship(renderer, of)}",
        on=on,
        of=iri_of(of) if of else "",
        shown=shown,
        happened=entries,
        passages=passages_in([entries]),
        tables=tables,
        counts=sum((each.sure.marks + each.possible.marks for each in tables), Counter[str]()),
        before=max((known for known in linked_days(renderer) if known < on), default=None),
        after=min((known for known in linked_days(renderer) if known > on), default=None),
        maps=maps(renderer, shown or largest(renderer), snapshot(renderer.graph, on)),
    )


def _shown(renderer: Renderer, of: str) -> list[str]:
    """Return the relationships to which a page about a day is limited; [] if it is not limited."""
    if of:
        renderer.label(iri_of(of))  # this raises UnknownName for an unknown thing
        return [iri_of(of)]
    return largest(renderer) if renderer.index.is_large else []


def _of_relationship(renderer: Renderer, of: str) -> str:
    return f": {renderer.label(iri_of(of))}" if of else ""


def _answer(renderer: Renderer, query: str, on: date, about: Collection[str] | None) -> Rows:
    """Return the answer of a stored query about a day, limited to some things if given."""
    if about is None:
        return renderer.graph.run(query, on=on)
    return queries.about(renderer.graph, query, sorted(about), on=on)


def _happened(renderer: Renderer, day: date) -> list[str]:
    """Return the events that certainly began or ended on a day or, without events, other things."""
    store, kinds = renderer.graph.quad_store, renderer.writer.kinds
    text = Literal(day.isoformat(), datatype=NamedNode(XSD + "date"))
    found: set[str] = set()
    for bounds in (("earliestStart", "latestStart"), ("earliestEnd", "latestEnd")):
        first, last = (
            {
                value(quad.subject)
                for quad in store.quads_for_pattern(None, NamedNode(RKG + bound), text)
            }
            for bound in bounds
        )
        found |= first & last
    ordered = sorted(found, key=lambda iri: (renderer.graph.names.label(iri), iri))
    return [iri for iri in ordered if "Event" in kinds(iri)] or ordered


def _changes(
    renderer: Renderer, first: date, second: date, of: str, about: Collection[str] | None
) -> str:
    tables = [
        _changed(
            title,
            renderer.graph.queries[query],
            *(_answer(renderer, query, on, about) for on in (first, second)),
        )
        for query, title in headings.table()["days"].items()
    ]
    return renderer.page(
        "changes.html",
        f"What changed between {between_in_words(first, first)}"
        f" and {between_in_words(second, second)}{_of_relationship(renderer, of)}",
        first=first,
        second=second,
        of=of,
        is_part=about is not None and not of,
        tables=[table for table in tables if table.sure.rows or table.possible.rows],
        same=sum(table.same for table in tables),
    )


def _changed(title: str, query: StoredQuery, before: Rows, after: Rows) -> Changes:
    """Return the rows that occur on only one of two days, or with different certainty."""
    known, now = _once(before), _once(after)
    sure: list[_Row] = []
    possible: list[_Row] = []
    for key, (certainty, row) in now.items():
        earlier = known[key][0] if key in known else ""
        if not earlier:
            (sure if certainty == "certain" else possible).append((f"new: {certainty}", row))
        elif earlier != certainty:
            possible.append((f"{earlier} before, {certainty} now", row))
    for key, (certainty, row) in known.items():
        if key not in now:
            word = f"no longer: was {certainty}"
            (sure if certainty == "certain" else possible).append((word, row))
    same = sum(known[key][0] == now[key][0] for key in now.keys() & known.keys())
    certainly, possibly = (Table.of(query, before.columns, part) for part in (sure, possible))
    return Changes(title, certainly, possibly, same)


def _day_table(rows: Rows, title: str, query: StoredQuery) -> DayTable | None:
    """Return the table of an answer, or None without rows."""
    ordered = sorted(_once(rows).values(), key=lambda pair: _CERTAINTIES.index(pair[0]))
    parts = ([row for row in ordered if (row[0] == "possible") is so] for so in (False, True))
    sure, possible = (Table.of(query, rows.columns, part) for part in parts)
    return DayTable(title, query.name, sure, possible) if ordered else None


def _once(rows: Iterable[Row]) -> dict[frozenset[object], _Row]:
    """Return the rows with their certainty, by their other values.

    Of a relation that is listed from both sides, only one row is returned.
    """
    once: dict[frozenset[object], _Row] = {}
    for row in rows:
        certainty = str(row.certainty)
        key = frozenset(term for term in row.terms if not term or value(term) != certainty)
        once.setdefault(key, (certainty, row))
    return once
