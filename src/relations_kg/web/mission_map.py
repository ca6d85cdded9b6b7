"""The map of missions and visits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from pyoxigraph import Literal, NamedNode, Store

from relations_kg.graph.graph import Graph
from relations_kg.rdf.namespaces import PREFIXES, RKG
from relations_kg.rdf.terms import TYPE, named, objects
from relations_kg.web.display import Display
from relations_kg.web.map_layout import (
    SYMBOL,
    Box,
    Line,
    Point,
    Room,
    Spot,
    View,
    line,
    room_for,
    shortened,
)
from relations_kg.web.related_events import Dated, concerning

_MOST = 10  # the most missions drawn at one place; further ones are listed below the map
# The symbols that the ontology may give a class: of missions, of closed ones, and of visits.
SYMBOLS = ("square", "circle", "triangle")
_CLOSED, ROUTE = "hollow", "route"
_SENDER, _RECEIVER = "sender-of-route", "receiver-of-route"
LOOKS = {"standing": "open", "unsure": "possibly open", "closed": "closed"}


@dataclass(frozen=True)
class Mark:
    """A mission with a symbol, whose look shows whether it is open; or a visit without one."""

    thing: Dated
    symbol: str = ""
    look: str = ""

    @property
    def title(self) -> str:
        """The name, kind and date, and whether a mission is closed or possibly open."""
        state = "" if self.look in ("", "standing") else f" · {LOOKS[self.look]}"
        return self.thing.title + state


@dataclass(frozen=True)
class Place:
    """A named place with its missions, and the line to its dot if that is far away."""

    iri: str
    name: str
    marks: list[Mark]
    box: Box
    leader: tuple[Spot, Spot] | None


@dataclass(frozen=True)
class Route:
    """The visits from one place to another: their line, and where their number is written."""

    line: Line
    words: str
    title: str
    number_at: Spot | None


@dataclass(frozen=True)
class MissionMap:
    """Places and routes on a map, and the missions and visits that could not be placed."""

    title: str
    view: View
    dots: list[Spot]
    places: list[Place]
    routes: list[Route]
    unplaced: list[Mark]
    symbols: dict[str, str]


def mission_map(graph: Graph, *things: str, width: int, on: date | None = None) -> MissionMap:
    """Return the map of a relationship, of two parties or of one thing, given by their IRIs.

    Given a day, missions that did not exist and visits that did not happen on it are left out.
    Visits start at the seat of government of the visitors' party, or else at the seat of an embassy
    to that party. `width` is in pixels.

    >>> import relations_kg as rk
    >>> graph = rk.load()
    >>> drawn = mission_map(graph, graph.names.find("china-peru-relations"), width=340)
    >>> "Lima" in [place.name for place in drawn.places]
    True
    """
    display = Display.of(graph.store)
    store, label = graph.store, graph.names.label
    where: dict[NamedNode, list[Mark]] = {}
    visits: list[Dated] = []
    unplaced: list[Mark] = []
    for thing in concerning(graph, *things):
        if on and thing.certainty(on) == "absent":
            continue
        if display.symbol(thing.kinds, ROUTE):
            visits.append(thing)
        if symbol := display.symbol(thing.kinds, *SYMBOLS):
            seat = _place(store, display, thing)
            marks = where.setdefault(seat, []) if seat else unplaced
            mark = Mark(thing, symbol, _look(display, thing, on))
            (marks if len(marks) < _MOST else unplaced).append(mark)
    trips, lost = _trips(store, display, visits)
    points = {
        place: point
        for place in (*where, *(place for trip in trips for place in trip))
        if (point := _point(store, place))
    }
    view = View(list(points.values()), width)
    dots = {place: view.at(point) for place, point in points.items()}
    lines = {trip: line(*(dots[place] for place in trip)) for trip in trips}
    # Names do not cover the lines of visits, nor do the numbers of visits cover names.
    room_of_names, room_of_numbers = (Room(view, dots.values()) for _ in range(2))
    room_of_names.take(box for each in lines.values() for box in each.course)
    places = []
    # The places with the most missions are placed first, as they need the most room.
    for place in sorted(dots, key=lambda each: (-len(where.get(each, ())), label(each.value))):
        marks, name = where.get(place, []), label(place.value)
        wide = len(marks) * SYMBOL + 2 + room_for(shortened(name))
        if found := room_of_names.beside(dots[place], wide):
            box, end = found
            room_of_numbers.take([box])
            leader = (dots[place], end) if end else None
            places.append(Place(place.value, name, marks, box, leader))
        else:
            unplaced += marks
    routes = []
    for trip, members in trips.items():
        words = f"{len(members)} visits" if len(members) > 1 else "1 visit"
        parties = (_parties(graph, display, members, role) for role in (_SENDER, _RECEIVER))
        title = f"{words} from {' to '.join(parties)}: {'; '.join(v.title for v in members)}"
        number_at = room_of_numbers.along(lines[trip], room_for(words))
        routes.append(Route(lines[trip], words, title, number_at))
    title = "Map of missions and visits: " + " and ".join(map(label, things))
    return MissionMap(
        f"{title} on {on}" if on else title,
        view,
        list(dots.values()),
        places,
        routes,
        [*unplaced, *map(Mark, lost)],
        dict(display.symbols),
    )


def _look(display: Display, mission: Dated, on: date | None) -> str:
    if on:
        return "unsure" if mission.certainty(on) == "possible" else "standing"
    if display.symbol(mission.kinds, _CLOSED) or mission.latest_end:
        return "closed"
    return "standing" if mission.ongoing else "unsure"


def _place(store: Store, display: Display, thing: Dated) -> NamedNode | None:
    places = _values(store, display, NamedNode(thing.iri), "location")
    return min((place for place in places if _point(store, place)), key=str, default=None)


def _point(store: Store, place: NamedNode) -> Point | None:
    degrees = []
    for name in ("long", "lat"):
        for value in objects(store, place, PREFIXES["geo"] + name):
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
    store: Store, display: Display, visits: Sequence[Dated]
) -> tuple[dict[tuple[NamedNode, NamedNode], list[Dated]], list[Dated]]:
    """Return the visits by their origin and destination, and those without a known one."""
    trips: dict[tuple[NamedNode, NamedNode], list[Dated]] = {}
    lost = []
    for visit in visits:
        source = _home(store, display, visit, _SENDER)
        target = _place(store, display, visit) or _home(store, display, visit, _RECEIVER)
        if source and target and source != target:
            trips.setdefault((source, target), []).append(visit)
        else:
            lost.append(visit)
    return dict(sorted(trips.items(), key=str)), lost


def _home(store: Store, display: Display, visit: Dated, role: str) -> NamedNode | None:
    """Return the place on the map that represents a party of a visit."""
    for party in sorted(_values(store, display, NamedNode(visit.iri), role), key=str):
        embassies = [
            mission
            for name in display.playing("host")
            for mission in named(
                quad.subject for quad in store.quads_for_pattern(None, NamedNode(name), party)
            )
            if display.symbol(_classes(store, mission), *SYMBOLS) == SYMBOLS[0]
        ]
        governing = _values(store, display, party, "home")
        seats = [s for embassy in embassies for s in _values(store, display, embassy, "location")]
        for place in (*sorted(governing, key=str), *sorted(seats, key=str)):
            if _point(store, place):
                return place
    return None


def _values(store: Store, display: Display, thing: NamedNode, role: str) -> list[NamedNode]:
    return [other for name in display.playing(role) for other in named(objects(store, thing, name))]


def _classes(store: Store, thing: NamedNode) -> list[str]:
    return [kind.value.removeprefix(RKG) for kind in named(objects(store, thing, TYPE.value))]


def _parties(graph: Graph, display: Display, visits: Sequence[Dated], role: str) -> str:
    found = {
        party.value
        for visit in visits
        for party in _values(graph.store, display, NamedNode(visit.iri), role)
    }
    return ", ".join(sorted(map(graph.names.label, found)))
