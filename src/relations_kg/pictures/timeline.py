"""The timeline of a relationship, of two parties or of one thing: rows with bars, in lanes."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from relations_kg.errors import UnknownName
from relations_kg.pictures.display import Display, Labelled
from relations_kg.pictures.related_events import Dated, concerning
from relations_kg.rdf.spelling import asked_back, did_you_mean, nearest

# The length of the part that shows an unknown start or end. Lengths are percentages of the axis, so
# that a browser can draw a timeline at any width.
_FADE = 4.0
_LEAST = 0.4
_DAYS_OF_A_MONTH = 31


# The first and the last day of a period, each None if that end is open.
Period = tuple[date | None, date | None]


@dataclass(frozen=True)
class Span:
    """A part of a bar from `start` to `end`, with a look that shows its certainty."""

    look: str
    start: float
    end: float


@dataclass(frozen=True)
class Row:
    """A dated thing with its bar."""

    thing: Dated
    bar: list[Span]


@dataclass(frozen=True)
class Tick:
    """A labelled line of the time axis."""

    label: str
    at: float


@dataclass(frozen=True)
class Timeline:
    """Rows under the titles of their lanes, on one time axis.

    `places` are the positions of all lanes of the graph, from 0, for colours and symbols.
    """

    title: str
    lanes: dict[str, list[Row]]
    ticks: list[Tick]
    places: dict[str, int]


def timeline(graph: Labelled, *things: str, kinds: Collection[str] | None = None) -> Timeline:
    """Return the timeline of a relationship, of two parties or of one thing, given by their IRIs.

    `kinds` are names of lanes, which the ontology assigns to classes; by default all lanes are
    included. Lanes without a row are left out.

    >>> import relations_kg as rk
    >>> graph = rk.load()
    >>> drawn = timeline(graph, graph.names.find("china-peru-relations"), kinds=["visits"])
    >>> list(drawn.lanes)
    ['Visits and meetings']
    """
    title = " and ".join(map(graph.names.label, things))
    return timeline_of(graph, concerning(graph, *things), title, kinds=kinds)


def timeline_of(
    graph: Labelled,
    things: Iterable[Dated],
    title: str,
    *,
    kinds: Collection[str] | None = None,
    period: Period = (None, None),
) -> Timeline:
    """Return the timeline of the dated things within a period, whose ends may be open.

    Raises UnknownName if one of the `kinds` is not the name of a lane.
    """
    display = Display(graph.quad_store)
    for kind in kinds or ():
        if kind not in display.lanes:
            raise UnknownName(
                f"unknown kind {kind!r}", where="kinds", help=kinds_meant(str(kind), display.lanes)
            )
    found: dict[str, list[Dated]] = {
        name: [] for name in display.lanes if kinds is None or name in kinds
    }
    for thing in things:
        if not _overlaps(thing, *period):
            continue
        if (lane := display.lane(thing.kinds)) in found:
            found[lane].append(thing)
    axis = _Axis([thing for lane in found.values() for thing in lane], period)
    return Timeline(
        title,
        {
            display.lanes[name]: [Row(thing, _visible(_bar(thing, axis))) for thing in members]
            for name, members in found.items()
            if members
        },
        list(axis.ticks()),
        {title: place for place, title in enumerate(display.lanes.values())},
    )


def kinds_meant(text: str, titles: Mapping[str, str]) -> str:
    """Return what to write instead of an unknown kind; `titles` are those of lanes, by name.

    >>> titles = {"visits": "Visits and meetings", "missions": "Missions"}
    >>> kinds_meant("visits, mission", titles), kinds_meant("meeting", titles)
    ('give several as a list, ["visits", "missions"]', 'did you mean "visits"?')
    """
    parts = [part for part in re.split(r"[\s,;|+]+", text) if part]
    meant = [nearest(part, titles, 1)[:1] for part in parts]
    if len(parts) > 1 and all(meant):
        listed = ", ".join(f'"{name}"' for (name,) in meant)
        return f"give several as a list, [{listed}]"
    titled = [name for name, title in titles.items() if nearest(text, [title, *title.split()], 1)]
    return did_you_mean(text, titles) or asked_back(titled) or f"use {', '.join(titles)}"


def _overlaps(thing: Dated, first: date | None, last: date | None) -> bool:
    """Return whether a thing possibly exists or happens in a period."""
    is_after = first is None or thing.ongoing or thing.bounds[-1] >= first
    return is_after and (last is None or thing.bounds[0] <= last)


def _visible(bar: Iterable[Span]) -> list[Span]:
    """Return the parts of a bar that have a length on the axis."""
    return [span for span in bar if span.start != span.end]


@dataclass(frozen=True)
class _Unit:
    """A unit of time, with the allowed numbers of units between two ticks (`steps`).

    `letters` is the number of characters of an ISO date in the label of a tick, and `most` the
    number of ticks that fit on a narrow screen. `count` returns the number of a day's unit, and
    `day` the first day of a unit.
    """

    letters: int
    most: int
    days: int
    steps: tuple[int, ...]
    count: Callable[[date], int]
    day: Callable[[int], date]


_UNITS = (
    _Unit(10, 3, 1, (1, 2, 5, 10), date.toordinal, date.fromordinal),
    _Unit(
        7,
        5,
        30,
        (1, 3, 6),
        lambda day: day.year * 12 + day.month - 1,
        lambda n: date(n // 12, n % 12 + 1, 1),
    ),
    _Unit(
        4,
        8,
        365,
        (1, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500, 1000, 2000, 5000),
        lambda day: day.year,
        lambda n: date(n, 1, 1),
    ),
)


class _Axis:
    """The time axis: days as percentages of its length."""

    def __init__(self, things: Collection[Dated], period: Period) -> None:
        known = [day for thing in things for day in (*thing.bounds, thing.last_known) if day]
        days = [day.toordinal() for day in known]
        first, last = (min(days), max(days) + 1) if days else (1, 366)
        margin = max((last - first) // 40, 20)
        self._first = max(first - margin, 1)
        self._last = min(last + margin, date.max.toordinal())
        since, until = period
        self._first = since.toordinal() if since else self._first
        self._last = until.toordinal() if until else self._last
        self._scale = 100 / (self._last - self._first)

    def start(self, day: date) -> float:
        """Return the position of the start of a day, or of the nearer end of the axis."""
        return self._at(day.toordinal())

    def end(self, day: date) -> float:
        """Return the position of the end of a day, or of the nearer end of the axis."""
        return self._at(day.toordinal() + 1)

    def _at(self, ordinal: int) -> float:
        return min(max((ordinal - self._first) * self._scale, 0), 100)

    def ticks(self) -> Iterator[Tick]:
        """Yield ticks in the smallest unit of time for which all ticks fit."""
        first, last = date.fromordinal(self._first), date.fromordinal(self._last)
        for unit in _UNITS:
            fitting = (n for n in unit.steps if n * unit.days * self._scale * unit.most >= 100)
            if step := next(fitting, 0):
                # Ticks near the ends are left out, since half of their labels would be cut off.
                half = unit.letters * 1.1
                for index in range(unit.count(first) // step * step, unit.count(last) + 1, step):
                    day = unit.day(index) if index >= unit.count(first) else first
                    if half <= self.start(day) <= 100 - half:
                        yield Tick(day.isoformat()[: unit.letters], self.start(day))
                return


def _bar(thing: Dated, axis: _Axis) -> Iterator[Span]:
    """Yield the parts of a bar.

    An event has one part: the day, month or years within which it happened. A thing that lasts is
    "certain" on the days on which it certainly existed, "possible" on days of possible existence,
    "ongoing" after that if it still went on at the date of its source, and "fading" at any other
    unknown start or end. If only one day of it is known, that day is a "day".
    """
    starts = thing.earliest_start, thing.latest_start
    ends = thing.earliest_end, thing.latest_end
    if starts[0] and starts[1] and starts == ends:
        days = (starts[1] - starts[0]).days + 1
        look = "day" if days == 1 else "month" if days <= _DAYS_OF_A_MONTH else "years"
        yield Span(look, axis.start(starts[0]), axis.end(starts[1]))
        return
    start, end = axis.start(thing.bounds[0]), axis.end(thing.bounds[-1])
    certain = _certain_days(thing)
    if certain:
        start, end = axis.start(certain[0]), axis.end(certain[1])
        end = max(end, start + _LEAST) if start < end else end
        yield Span("certain", start, end)
        if thing.earliest_start and (low := axis.start(thing.earliest_start)) < start:
            yield Span("possible", low, start)
        if thing.latest_end and (high := axis.end(thing.latest_end)) > end:
            yield Span("possible", end, high)
    elif len(set(thing.bounds)) > 1:
        end = max(end, start + _LEAST)
        yield Span("possible", start, end)
    else:
        yield Span("day", start, end)
    if not thing.earliest_start:
        yield Span("fading", start, max(start - _FADE, 0))
    if thing.ongoing:
        yield Span("ongoing", end, 100)
    elif not thing.latest_end:
        yield Span("fading", end, min(end + _FADE, 100))


def _certain_days(thing: Dated) -> tuple[date, date] | None:
    """Return the first and the last day on which a thing certainly existed, or None."""
    until = thing.last_known if thing.ongoing else thing.earliest_end
    if not (thing.latest_start and until and thing.latest_start <= until):
        return None
    # "On or after a day" bounds both the start and the end, but makes no day certain.
    is_one_bound = (thing.earliest_start, thing.latest_start) == (
        thing.earliest_end,
        thing.latest_end,
    )
    return None if is_one_bound else (thing.latest_start, until)
