"""The map of missions and visits on an outline of the world, as SVG."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from math import atan2, cos, pi, sin
from typing import TYPE_CHECKING, NamedTuple

from pyoxigraph import Literal, NamedNode, Store

from relations_kg.rdf.namespaces import PREFIXES, RKG
from relations_kg.rdf.terms import TYPE, named, objects
from relations_kg.web.display import Display
from relations_kg.web.outline import WIDE, Point, View, outline
from relations_kg.web.pictures import (
    FONT,
    Box,
    Link,
    Shape,
    clip,
    flow,
    path,
    rectangle,
    template,
    text_width,
)
from relations_kg.web.scope import Dated, concerning

if TYPE_CHECKING:
    from relations_kg.graph.graph import Graph

_MARK = 13
_TAG = 18  # the height of a place's name and marks
_PAD = 10
_MOST = 10  # marks at one place; the others are listed below
_LINE = 18
# The symbols that the ontology may give a class: of missions, of closed ones, and of visits.
_MARKS = ("square", "circle", "triangle")
_CLOSED, _ROUTE = "hollow", "route"
_SENDER, _RECEIVER = "sender-of-route", "receiver-of-route"
_LOOKS = {"standing": "standing", "unsure": "possibly standing", "closed": "closed"}
_OUTLINES = {
    "square": rectangle(1, 1, 11, 11),
    "circle": "M1 6.5a5.5 5.5 0 1 0 11 0a5.5 5.5 0 1 0-11 0z",
    "triangle": "M6.5 .5L12.5 11.5H.5z",
}
_HATCHES = {
    "square": "M3 11L11 3M1.5 7.5L7.5 1.5M5.5 11.5L11.5 5.5",
    "circle": "M3 10L10 3M1.5 7L7 1.5M6 11.5L11.5 6",
    "triangle": "M4 11L8.5 6.5M7.5 11L10 8.5",
}


# Where a name stands from its dot: right, left, above, below, and between.
_TURNS = tuple(
    pi * part for part in (0, 1, -0.5, 0.5, -0.2, 0.2, -0.8, 0.8, -0.35, 0.35, -0.65, 0.65)
)


class Mark(NamedTuple):
    """Hold a mission: what it is, where its page is, and its shapes."""

    title: str
    address: str
    shapes: list[Shape]


class Tag(NamedTuple):
    """Hold the name of a place and the missions there, with a line to its dot if it is far."""

    address: str
    name: str
    label: str
    marks: list[Mark]
    x: float
    y: float
    width: float
    leader: str


class Route(NamedTuple):
    """Hold visits from one place to another: a line, its head, what to say, and its course."""

    line: str
    head: str
    words: str
    title: str
    course: list[Box]


def draw(graph: Graph, *things: str, link: Link, width: int = 960, on: date | None = None) -> str:
    """Draw the missions and visits of a relationship, two parties or a thing on a map.

    `things` are IRIs, as for a timeline. Missions that stand are solid, those that possibly do
    hatched, closed ones hollow; `on` a day those that did not stand are left out. Visits lead from
    where the visitors' party has its seat of government, or else an embassy to it has its own. What
    has no place on the map is listed below it.

    >>> import relations_kg as rk
    >>> graph = rk.load()
    >>> picture = draw(graph, graph.names.find("china-peru-relations"), link=str, width=340)
    >>> ">Lima</text>" in picture
    True
    """
    found = concerning(graph, *things)
    display = Display.of(graph.store)
    missions = [
        (thing, _look(display, thing, on))
        for thing in found
        if display.symbol(thing.kinds, *_MARKS)
    ]
    visits = [
        thing
        for thing in found
        if display.symbol(thing.kinds, _ROUTE) and not (on and thing.certainty(on) == "absent")
    ]
    where: dict[NamedNode, list[Mark]] = {}
    below: list[Mark] = []
    for mission, look in missions:
        if look:
            seat = _place(graph, display, mission)
            marks = where.setdefault(seat, []) if seat else below
            (marks if len(marks) < _MOST else below).append(_mark(display, mission, look, link))
    trips, lost = _trips(graph, display, visits)
    points = {
        place: point
        for place in (*where, *(place for trip in trips for place in trip))
        if (point := _point(graph, place))
    }
    view = View(list(points.values()), width)
    dots = {place: view.at(point) for place, point in points.items()}
    taken = [Box(x - 3, y - 3, 6, 6) for x, y in dots.values()]
    routes = [_route(graph, display, trip, visits, dots) for trip, visits in trips.items()]
    boxes = [*taken]
    taken += [box for route in routes for box in route.course]
    tags = []
    names = {place: graph.names.label(place.value) for place in dots}
    # What is hardest to place comes first.
    for place in sorted(dots, key=lambda place: (-len(where.get(place, ())), names[place])):
        marks, address = where.get(place, []), link(place.value)
        tag = _tag(names[place], address, marks, dots[place], view, taken)
        if tag:
            tags.append(tag)
        else:
            below += marks
    boxes += [Box(tag.x, tag.y, tag.width, _TAG) for tag in tags]
    counts = [count for route in routes if (count := _count(route, view, boxes))]
    below += [Mark(visit.title, link(visit.iri), []) for visit in lost]
    entries = [
        *((display.symbols[shape], _symbol(shape, "standing")) for shape in _MARKS),
        *((words, _symbol("square", look)) for look, words in _LOOKS.items()),
        (display.symbols[_ROUTE], [Shape("voyage", "M0 6.5H14")]),
    ]
    legend = flow([words for words, _ in entries], width, view.height + 24, _MARK + 6)
    bottom = legend[-1][1] + 28
    name = " and ".join(graph.names.label(thing) for thing in things)
    day = f" on {on}" if on else ""
    shown = sum(len(tag.marks) for tag in tags)
    return template("map.svg").render(
        name=f"Map of missions and visits: {name}{day}",
        description=f"{shown} missions at {len(tags)} places, {len(visits)} visits.",
        width=width,
        height=bottom + (_LINE * (len(below) + 1) if below else -12),
        view=view,
        outline=outline(),
        dots=list(dots.values()),
        tags=tags,
        routes=routes,
        counts=counts,
        legend=[
            (words, shapes, x, y) for (words, shapes), (x, y) in zip(entries, legend, strict=True)
        ],
        below=[(mark, clip(mark.title, width - 4 * _PAD)) for mark in below],
        bottom=bottom,
        line=_LINE,
        pad=_PAD,
        font=FONT,
        step=_MARK + 2,
    )


def _look(display: Display, mission: Dated, on: date | None) -> str:
    if on:
        looks = {"certain": "standing", "last known": "standing", "possible": "unsure"}
        return looks.get(mission.certainty(on), "")
    if display.symbol(mission.kinds, _CLOSED) or mission.latest_end:
        return "closed"
    return "standing" if mission.ongoing else "unsure"


def _place(graph: Graph, display: Display, thing: Dated) -> NamedNode | None:
    places = _values(graph, display, thing, "location")
    return min((p for p in places if _point(graph, p)), key=str, default=None)


def _point(graph: Graph, place: NamedNode) -> Point | None:
    degrees = []
    for name in ("long", "lat"):
        for value in objects(graph.store, place, PREFIXES["geo"] + name):
            if isinstance(value, Literal):
                try:
                    degrees.append(float(value.value))
                except ValueError:
                    return None
                break
    if len(degrees) < 2 or not (abs(degrees[0]) <= 180 and abs(degrees[1]) <= 90):
        return None
    return Point(*degrees)


def _trips(
    graph: Graph, display: Display, visits: Sequence[Dated]
) -> tuple[dict[tuple[NamedNode, NamedNode], list[Dated]], list[Dated]]:
    """Group visits by where they lead from and to; list those that lead nowhere known."""
    trips: dict[tuple[NamedNode, NamedNode], list[Dated]] = {}
    lost = []
    for visit in visits:
        ends = [
            _place(graph, display, visit),
            *(_home(graph, display, visit, role) for role in (_RECEIVER, _SENDER)),
        ]
        target, source = ends[0] or ends[1], ends[2]
        if source and target and source != target:
            trips.setdefault((source, target), []).append(visit)
        else:
            lost.append(visit)
    return dict(sorted(trips.items(), key=str)), lost


def _home(graph: Graph, display: Display, visit: Dated, role: str) -> NamedNode | None:
    """Find the place that stands for a party of a visit."""
    store = graph.store
    for party in sorted(_values(graph, display, visit, role), key=str):
        missions = [
            mission
            for name in display.playing("host")
            for mission in named(
                q.subject for q in store.quads_for_pattern(None, NamedNode(name), party)
            )
        ]
        seats = [
            seat
            for mission in missions
            if display.symbol(_classes(store, mission), *_MARKS) == _MARKS[0]
            for name in display.playing("location")
            for seat in named(objects(store, mission, name))
        ]
        governing = [
            place
            for name in display.playing("home")
            for place in named(objects(store, party, name))
        ]
        places = [*sorted(governing, key=str), *sorted(seats, key=str)]
        for place in places:
            if _point(graph, place):
                return place
    return None


def _values(graph: Graph, display: Display, thing: Dated, role: str) -> list[NamedNode]:
    node = NamedNode(thing.iri)
    names = display.playing(role)
    return [other for name in names for other in named(objects(graph.store, node, name))]


def _classes(store: Store, thing: NamedNode) -> list[str]:
    return [kind.value.removeprefix(RKG) for kind in named(objects(store, thing, TYPE.value))]


def _mark(display: Display, mission: Dated, look: str, link: Link) -> Mark:
    shape = display.symbol(mission.kinds, *_MARKS)
    state = {"standing": "", "unsure": " · possibly standing", "closed": " · closed"}[look]
    return Mark(mission.title + state, link(mission.iri), _symbol(shape, look))


def _symbol(shape: str, look: str) -> list[Shape]:
    shapes = [Shape(look, _OUTLINES[shape])]
    return [*shapes, Shape("hatch", _HATCHES[shape])] if look == "unsure" else shapes


def _tag(
    name: str,
    address: str,
    marks: list[Mark],
    dot: tuple[float, float],
    view: View,
    taken: list[Box],
) -> Tag | None:
    """Put a place's name and marks where nothing else is, near its dot; None without room."""
    label = clip(name, view.width / 2 - len(marks) * _MARK)
    wide = len(marks) * (_MARK + 2) + 2 + text_width(label)
    for distance in range(10, 160 if view.width >= WIDE else 60, 14):
        for turn in _TURNS:
            x, y = dot[0] + distance * cos(turn), dot[1] + distance * sin(turn)
            side = round(cos(turn) * 1.4)  # right, middle or left of the dot
            box = Box(x - wide * (1 - side) / 2, y - _TAG / 2, wide, _TAG)
            if not view.holds(box) or any(map(box.meets, taken)):
                continue
            line = [
                Box(dot[0] + (x - dot[0]) * part, dot[1] + (y - dot[1]) * part, 1, 1)
                for part in (0.4, 0.6, 0.8)
            ]
            if not any(part.meets(other) for part in line for other in taken):
                taken += [box, *line]
                leader = path("M", *dot, "L", x, y) if distance > 10 else ""
                return Tag(address, name, label, marks, box.x, box.y, wide, leader)
    return None


def _route(
    graph: Graph,
    display: Display,
    trip: tuple[NamedNode, NamedNode],
    visits: list[Dated],
    dots: dict[NamedNode, tuple[float, float]],
) -> Route:
    """Draw a line of visits, bent to its right so that there and back lie apart."""
    (x0, y0), (x1, y1) = (dots[place] for place in trip)
    middle = (x0 + x1) / 2 - (y1 - y0) * 0.18, (y0 + y1) / 2 + (x1 - x0) * 0.18
    turn = atan2(y1 - middle[1], x1 - middle[0])
    end = x1 - 6 * cos(turn), y1 - 6 * sin(turn)
    wings = [(end[0] + 9 * cos(turn + side), end[1] + 9 * sin(turn + side)) for side in (2.7, -2.7)]
    words = f"{len(visits)} visits" if len(visits) > 1 else "1 visit"
    ends = " to ".join(_named(graph, display, visits, role) for role in (_SENDER, _RECEIVER))
    course = []
    for step in range(1, 40):
        part = step / 40
        x, y = (
            (1 - part) ** 2 * a + 2 * part * (1 - part) * b + part**2 * c
            for a, b, c in ((x0, middle[0], x1), (y0, middle[1], y1))
        )
        course.append(Box(x - 1, y - 1, 2, 2))
    return Route(
        path("M", x0, y0, "Q", *middle, *end),
        path("M", *end, "L", *wings[0], "L", *wings[1], "z"),
        words,
        f"{words} from {ends}: {'; '.join(visit.title for visit in visits)}",
        course,
    )


def _named(graph: Graph, display: Display, visits: list[Dated], role: str) -> str:
    parties = {party.value for visit in visits for party in _values(graph, display, visit, role)}
    return ", ".join(sorted(map(graph.names.label, parties)))


def _count(route: Route, view: View, taken: list[Box]) -> tuple[str, float, float] | None:
    """Put the number of visits on their line, as near to its middle as there is room."""
    wide = text_width(route.words)
    for point in sorted(route.course[3:-3], key=lambda point: abs(route.course.index(point) - 19)):
        box = Box(point.x + 1 - wide / 2, point.y - _TAG / 2, wide, _TAG)
        if view.holds(box) and not any(box.meets(other) for other in taken):
            taken.append(box)
            return route.words, point.x + 1, point.y + 5
    return None
