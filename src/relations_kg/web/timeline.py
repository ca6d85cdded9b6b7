"""The timeline of a relationship, a pair or a thing, as SVG."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from relations_kg.errors import UnknownName
from relations_kg.web.display import Display
from relations_kg.web.pictures import (
    FONT,
    Box,
    Link,
    Shape,
    clip,
    flow,
    join_shapes,
    path,
    rectangle,
    template,
    text_width,
    wrap,
)
from relations_kg.web.scope import Dated, concerning

if TYPE_CHECKING:
    from relations_kg.graph.graph import Graph

_PAD = 10
_ROW = 19
_HEADING = 42
_AXIS = 26
_BESIDE = 8  # between a mark and its label
_GAP = 14  # between neighbours in a row
_FADE = 34
_SAMPLE = 32
_WORDS = (
    ("day", "on that day"),
    ("month", "in that month"),
    ("years", "in that year or decade"),
    ("certain", "certain"),
    ("possible", "possible"),
    ("ongoing", "still going on"),
    ("fading", "end unknown"),
)


class Mark(NamedTuple):
    """Hold a dated thing where it is drawn: its shapes, and its label from the first line on."""

    thing: Dated
    address: str
    lines: list[str]
    x: float
    y: float
    anchor: str
    reach: Box
    shapes: list[Shape]


class Lane(NamedTuple):
    """Hold a lane with its marks."""

    title: str
    y: float
    marks: list[Mark]


class Tick(NamedTuple):
    """Hold a line of the time axis."""

    label: str
    x: float


def draw(
    graph: Graph,
    *things: str,
    link: Link,
    width: int = 960,
    kinds: Collection[str] | None = None,
) -> str:
    """Draw what happened and held in a relationship, between two parties or around a thing.

    `things` are IRIs: a relationship, any one thing, or two parties. `kinds` are names of
    lanes, which the ontology assigns to classes; without them all lanes are drawn.
    It is SVG for a page that has the style sheet of pictures; `standalone` makes a file of it.

    >>> import relations_kg as rk
    >>> graph = rk.load()
    >>> picture = draw(graph, graph.names.find("china-peru-relations"), link=str, width=340)
    >>> "Opening of the Taipei Trade Office" in picture
    True
    """
    display = Display.of(graph.store)
    for kind in kinds or ():
        if kind not in display.lanes:
            known = ", ".join(display.lanes)
            raise UnknownName(f"unknown kind {kind!r} of a timeline", help=f"use {known}")
    found: dict[str, list[Dated]] = {
        name: [] for name in display.lanes if kinds is None or name in kinds
    }
    for thing in concerning(graph, *things):
        if (lane := display.lane(thing.kinds)) in found:
            found[lane].append(thing)
    shown = [thing for lane in found.values() for thing in lane]
    time = _Time(shown, width)
    lanes = []
    y = float(_AXIS)
    for name, members in found.items():
        if members:
            marks, bottom = _rows(members, time, y + _HEADING, link)
            lanes.append(Lane(display.lanes[name], y + 20, marks))
            y = bottom + 16
    legend = _legend(width, y + 26)
    name = " and ".join(graph.names.label(thing) for thing in things)
    return template("timeline.svg").render(
        name=f"Timeline: {name}",
        description=f"{len(shown)} dated things, in lanes by kind.",
        width=width,
        height=legend[-1][3] + _PAD,
        bottom=y + 4,
        axis=_AXIS,
        ticks=time.ticks,
        lanes=lanes,
        legend=legend,
        pad=_PAD,
        row=_ROW,
        sample=_SAMPLE,
        font=FONT,
    )


class _Unit(NamedTuple):
    """Count time in days, months or years, of which each so many are a tick."""

    letters: int  # of an ISO date, in a tick
    days: int
    steps: tuple[int, ...]
    count: Callable[[date], int]
    day: Callable[[int], date]


_UNITS = (
    _Unit(10, 1, (1, 2, 5, 10), date.toordinal, date.fromordinal),
    _Unit(
        7,
        30,
        (1, 3, 6),
        lambda day: day.year * 12 + day.month - 1,
        lambda n: date(n // 12, n % 12 + 1, 1),
    ),
    _Unit(
        4,
        365,
        (1, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500, 1000, 2000, 5000),
        lambda day: day.year,
        lambda n: date(n, 1, 1),
    ),
)


class _Time:
    """Lead from days to places on the axis."""

    def __init__(self, things: Collection[Dated], width: int) -> None:
        known = [day for thing in things for day in (*thing.bounds, thing.last_known) if day]
        days = [day.toordinal() for day in known]
        first, last = (min(days), max(days) + 1) if days else (1, 366)
        margin = max((last - first) // 40, 20)
        self._first, last = max(first - margin, 1), min(last + margin, date.max.toordinal())
        self.left, self.right = float(_PAD), float(width - _PAD)
        self._scale = (self.right - self.left) / (last - self._first)
        self.ticks = list(self._ticks(date.fromordinal(self._first), date.fromordinal(last)))

    def start(self, day: date) -> float:
        """Return where a day begins."""
        return self.left + (day.toordinal() - self._first) * self._scale

    def end(self, day: date) -> float:
        """Return where a day ends."""
        return self.start(day) + self._scale

    def _ticks(self, first: date, last: date) -> Iterator[Tick]:
        for unit in _UNITS:
            room = text_width("0" * unit.letters)
            fitting = (n for n in unit.steps if n * unit.days * self._scale >= room + 2 * _GAP)
            step = next(fitting, 0)
            if step:
                for index in range(unit.count(first) // step * step, unit.count(last) + 1, step):
                    day = unit.day(index) if index >= unit.count(first) else first
                    x = self.start(day)
                    if day > first and self.left + room / 2 <= x <= self.right - room / 2:
                        yield Tick(day.isoformat()[: unit.letters], x)
                return


def _rows(things: list[Dated], time: _Time, y: float, link: Link) -> tuple[list[Mark], float]:
    """Lay things out in as few rows as hold them all without touching.

    A label stands right or left of its mark; where there is no room for it, above.
    """
    marks = []
    taken: list[list[tuple[float, float]]] = []
    for thing in things:
        left, right = _extent(thing, time)
        lines = [clip(thing.label, time.right - time.left)]
        wide = text_width(lines[0])
        if right + _BESIDE + wide <= time.right:
            x, anchor = right + _BESIDE, "start"
            spans = [(left, x + wide)]
        elif left - _BESIDE - wide >= time.left:
            x, anchor = left - _BESIDE, "end"
            spans = [(x - wide, right)]
        else:
            lines = wrap(thing.label, time.right - time.left, 2)
            wide = max(map(text_width, lines))
            x, anchor = (left, "start") if left + wide <= time.right else (time.right, "end")
            start = x if anchor == "start" else x - wide
            spans = [*((start, start + wide) for _ in lines), (left, right)]
        row = next(
            row
            for row in range(len(taken) + 1)
            if all(
                end + _GAP <= start or stop + _GAP <= begin
                for (start, stop), row_taken in zip(spans, taken[row:], strict=False)
                for begin, end in row_taken
            )
        )
        for place, span in enumerate(spans, row):
            if place == len(taken):
                taken.append([])
            taken[place].append(span)
        top = y + row * _ROW
        shapes = join_shapes(_shapes(thing, time, top + (len(spans) - 1) * _ROW - 4))
        start, end = min(span[0] for span in spans), max(span[1] for span in spans)
        reach = Box(start, top - 14, end - start, _ROW * len(spans))
        marks.append(Mark(thing, link(thing.iri), lines, x, top, anchor, reach, shapes))
    return marks, y + (len(taken) - 1) * _ROW


def _extent(thing: Dated, time: _Time) -> tuple[float, float]:
    left, right = time.start(thing.bounds[0]), time.end(thing.bounds[-1])
    if not thing.earliest_start:
        left = max(left - _FADE, time.left)
    if thing.ongoing:
        right = time.right
    elif not thing.latest_end:
        right = min(right + _FADE, time.right)
    return left, max(right, left + 8)


def _shapes(thing: Dated, time: _Time, y: float) -> Iterator[Shape]:
    """Yield the shapes of a mark whose middle is at `y`.

    The day of an event that is known thinly, else all that is possible; of what lasts, the days
    it certainly held solid, those it possibly held hatched, and an unknown end fading.
    """
    starts = thing.earliest_start, thing.latest_start
    ends = thing.earliest_end, thing.latest_end
    if starts[0] and starts[1] and starts == ends:
        yield _moment(starts[0], starts[1], time, y)
        return
    left, right = _extent(thing, time)
    solid_from = time.start(thing.latest_start) if thing.latest_start else None
    until = thing.last_known if thing.ongoing else thing.earliest_end
    solid_to = time.end(until) if until else None
    low = time.start(thing.earliest_start) if thing.earliest_start else None
    high = time.end(thing.latest_end) if thing.latest_end else None
    if starts == ends:  # on or after a day, or on or before one
        solid_from = solid_to = None
    if solid_from is not None and solid_to is not None and solid_from < solid_to:
        start, end = solid_from, max(solid_to, solid_from + 3)
        yield Shape("certain", path("M", start, y, "H", end))
        if low is not None and low < start - 0.5:
            yield Shape("possible", path("M", low, y, "H", start))
        if high is not None and high > end + 0.5:
            yield Shape("possible", path("M", end, y, "H", high))
    else:
        start, end = time.start(thing.bounds[0]), time.end(thing.bounds[-1])
        if end > start + 0.5:
            yield Shape("possible", path("M", start, y, "H", end))
        else:
            yield Shape("day", path("M", start, y - 6, "V", y + 6))
    if low is None and start - 2 > left:
        yield Shape("fading", path("M", start - 2, y, "H", left))
    if thing.ongoing:
        tip = time.right
        yield Shape("ongoing", path("M", tip - 7, y - 6, "L", tip, y, "L", tip - 7, y + 6))
        if end < tip - 8:
            yield Shape("ongoing", path("M", end, y, "H", tip))
    elif high is None and end + 2 < right:
        yield Shape("fading", path("M", end + 2, y, "H", right))


def _moment(first: date, last: date, time: _Time, y: float) -> Shape:
    days = (last - first).days + 1
    left, right = time.start(first), time.end(last)
    if days == 1:
        return Shape("day", path("M", left, y - 6, "V", y + 6))
    # Never so narrow that a month is taken for a day.
    least, height = (5, 6) if days < 32 else (8, 10)
    width = max(right - left, least)
    left = min((left + right - width) / 2, time.right - width)
    return Shape("month" if days < 32 else "years", rectangle(left, y - height / 2, width, height))


def _legend(width: int, y: float) -> list[tuple[str, Shape, float, float]]:
    samples = {
        "day": ("M", 12, -6, "V", 6),
        "month": ("M", 9, -3, "h", 6, "v", 6, "h", -6, "z"),
        "years": ("M", 3, -5, "h", 18, "v", 10, "h", -18, "z"),
        "ongoing": ("M", 0, 0, "H", 24, "M", 17, -6, "L", 24, 0, "L", 17, 6),
    }
    places = flow([words for _, words in _WORDS], width, y, _SAMPLE)
    return [
        (words, Shape(look, path(*samples.get(look, ("M", 0, 0, "H", 24)))), *place)
        for (look, words), place in zip(_WORDS, places, strict=True)
    ]
