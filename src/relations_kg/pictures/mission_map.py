"""The map of missions and visits."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from textwrap import wrap

from pyoxigraph import NamedNode, Store

from relations_kg.pictures import map_layout
from relations_kg.pictures.display import Display, Labelled
from relations_kg.pictures.related_events import Dated, Snapshot, concerning
from relations_kg.rdf.namespaces import PREFIXES, RKG
from relations_kg.rdf.terms import TYPE, named, objects, value

# The maximum number of missions drawn at a place; further missions are listed below the map.
_MOST = 10
# The maximum number of letters in a line of a state's name.
_LINE_OF_STATE = 18
# The symbols that the ontology may give to classes of missions.
SYMBOLS = ("square", "circle", "triangle")
_CLOSED, ROUTE = "hollow", "route"
_SENDER, _RECEIVER, _STATE = "sender-of-route", "receiver-of-route", "state-of-location"
LOOKS = {"standing": "open", "unsure": "possibly open", "closed": "closed"}


@dataclass(frozen=True)
class Mark:
    """A mission or a visit on the map.

    A mission has a symbol, and a `look` for whether it is open. A visit has neither.
    """

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
    """A named place with its missions, and a line to its dot if the name is far from the dot.

    The symbols of the missions come before the name.
    """

    iri: str
    name: str
    marks: list[Mark]
    box: map_layout.Box
    leader: tuple[map_layout.Spot, map_layout.Spot] | None


@dataclass(frozen=True)
class State:
    """The name of a state, wrapped into lines, near the seats of the missions in it."""

    iri: str
    lines: list[str]
    box: map_layout.Box


@dataclass(frozen=True)
class Route:
    """The visits from one place to another: their line, and their number with its position."""

    line: map_layout.Line
    words: str
    title: str
    number_at: map_layout.Spot | None


@dataclass(frozen=True)
class MissionMap:
    """Places and routes on a map, and the missions and visits that could not be placed.

    `states` are the names that the map has room for. `seats` maps the IRI of each state with a
    mission at one of `places`, with or without room for its name, to the names of these places.
    """

    title: str
    view: map_layout.View
    dots: list[map_layout.Spot]
    places: list[Place]
    states: list[State]
    routes: list[Route]
    unplaced: list[Mark]
    symbols: dict[str, str]
    seats: dict[str, list[str]]


def mission_map(
    graph: Labelled, *things: str, width: int, on: Snapshot | None = None
) -> MissionMap:
    """Return the map of a relationship, of two parties or of one thing, given by their IRIs.

    With `on`, only missions and visits of this day are included. Visits start at the seat of
    government of the visitors' party, or else at the seat of an embassy to this party. `width` is
    in pixels.

    >>> import relations_kg as rk
    >>> graph = rk.load()
    >>> drawn = mission_map(graph, graph.names.find("china-peru-relations"), width=340)
    >>> "Lima" in [place.name for place in drawn.places]
    True
    """
    title = "Map of missions and visits: " + " and ".join(map(graph.names.label, things))
    found = concerning(graph, *things, on=on)
    return map_of(graph, found, f"{title} on {on.day}" if on else title, width=width)


def map_of(graph: Labelled, found: Iterable[Dated], title: str, *, width: int) -> MissionMap:
    """Return the map of the missions and visits among dated things."""
    display, label = Display(graph.quad_store), graph.names.label
    atlas = _Atlas(graph.quad_store, display)
    where: dict[NamedNode, list[Mark]] = {}
    trips: dict[tuple[NamedNode, NamedNode], list[Dated]] = {}
    unplaced: list[Mark] = []
    lost: list[Dated] = []
    for thing in found:
        if display.symbol(thing.kinds, ROUTE):
            trip = atlas.trip(thing)
            (trips.setdefault(trip, []) if trip else lost).append(thing)
        if symbol := display.symbol(thing.kinds, *SYMBOLS):
            seat = atlas.seat(thing)
            marks = where.setdefault(seat, [])
            mark = Mark(thing, symbol, _look(display, thing))
            (marks if len(marks) < _MOST else unplaced).append(mark)
    places_of_trips = (place for trip in sorted(trips, key=str) for place in trip)
    points = {
        place: point
        for place in (*where, *places_of_trips)
        if (point := atlas.spot(place, (mark.thing for mark in where.get(place, ()))))
    }
    unplaced += [mark for place in where if place not in points for mark in where[place]]
    view = map_layout.View(list(points.values()), width)
    dots = {place: view.at(point) for place, point in points.items()}
    lines = {
        trip: map_layout.line(*(dots[place] for place in trip)) for trip in sorted(trips, key=str)
    }
    # Names must not cover the lines of visits, and numbers of visits must not cover names.
    room_of_names, room_of_numbers = (map_layout.Room(view, dots.values()) for _ in range(2))
    room_of_names.take(box for each in lines.values() for box in each.course)
    places = []
    # Names of places with the most missions come first, since they need the most room.
    for place in sorted(dots, key=lambda each: (-len(where.get(each, ())), label(each.value))):
        marks, name = where.get(place, []), label(place.value)
        wide = len(marks) * map_layout.SYMBOL + 2 + map_layout.room_for(map_layout.shortened(name))
        if spot := room_of_names.beside(dots[place], wide):
            box, end = spot
            room_of_numbers.take([box])
            leader = (dots[place], end) if end else None
            places.append(Place(place.value, name, marks, box, leader))
        else:
            unplaced += marks
    # A state with closed missions only is named below the map, not on it.
    sites = _sites(atlas, label, places, ("standing", "unsure"))
    states = list(_named_states(room_of_names, sites, dots, label))
    room_of_numbers.take(state.box for state in states)
    routes = []
    for trip, drawn in lines.items():
        visits = trips[trip]
        words = f"{len(visits)} visits" if len(visits) > 1 else "1 visit"
        sender, receiver = (
            ", ".join(sorted({label(p.value) for v in visits for p in atlas.values(v.iri, role)}))
            for role in (_SENDER, _RECEIVER)
        )
        titles = "; ".join(visit.title for visit in visits)
        described = f"{words} from {sender} to {receiver}: {titles}"
        number_at = room_of_numbers.along(drawn, map_layout.room_for(words))
        routes.append(Route(drawn, words, described, number_at))
    return MissionMap(
        title,
        view,
        list(dots.values()),
        places,
        states,
        routes,
        [*unplaced, *map(Mark, lost)],
        display.symbols,
        {
            state: sorted(place.name for place in seats)
            for state, seats in _sites(atlas, label, places, LOOKS).items()
        },
    )


def _sites(
    atlas: _Atlas, label: Callable[[str], str], places: Iterable[Place], looks: Collection[str]
) -> dict[str, list[Place]]:
    """Return the places of missions with these looks, by the IRI of the state they are in."""
    found: dict[str, dict[str, Place]] = {}
    for place in places:
        for mark in place.marks:
            for state in atlas.values(mark.thing.iri, _STATE) if mark.look in looks else ():
                found.setdefault(state.value, {})[place.iri] = place
    order = sorted(found, key=lambda state: (label(state), state))
    return {state: [*found[state].values()] for state in order}


def _named_states(
    room: map_layout.Room,
    sites: dict[str, list[Place]],
    dots: dict[NamedNode, map_layout.Spot],
    label: Callable[[str], str],
) -> Iterator[State]:
    """Yield the names of states for which there is room near their places."""
    for state, places in sites.items():
        lines = wrap(label(state), _LINE_OF_STATE)
        around = [dots[NamedNode(place.iri)] for place in places]
        if box := room.near(around, max(map(map_layout.room_for, lines)), len(lines)):
            yield State(state, lines, box)


def is_on_map(display: Display, thing: Dated) -> bool:
    """Return whether a dated thing is a mission or a visit."""
    return bool(display.symbol(thing.kinds, *SYMBOLS, ROUTE))


def _look(display: Display, mission: Dated) -> str:
    if mission.certainty:
        return "unsure" if mission.certainty == "possible" else "standing"
    if display.symbol(mission.kinds, _CLOSED) or mission.latest_end:
        return "closed"
    return "standing" if mission.ongoing else "unsure"


class _Atlas:
    """The coordinates of missions, visits and parties, found by the roles of properties."""

    def __init__(self, store: Store, display: Display) -> None:
        self._store, self._display = store, display
        self._home, self.point = cache(self._find_home), cache(self._point)

    def values(self, thing: str, role: str) -> list[NamedNode]:
        """Return a thing's values of the properties with a role in pictures, such as "host"."""
        properties = self._display.with_role(role)
        node = NamedNode(thing)
        return [each for name in properties for each in named(objects(self._store, node, name))]

    def _point(self, place: NamedNode) -> map_layout.Point | None:
        """Return the coordinates of a place, or None if they are missing or invalid."""
        try:
            east, north = (
                float(value(objects(self._store, place, PREFIXES["geo"] + name)[0]))
                for name in ("long", "lat")
            )
        except (IndexError, ValueError):
            return None
        return map_layout.Point(east, north) if abs(east) <= 180 and abs(north) <= 90 else None

    def spot(self, place: NamedNode, missions: Iterable[Dated]) -> map_layout.Point | None:
        """Return the coordinates of the first mission that has any, else of the place, or None."""
        nodes = sorted((NamedNode(mission.iri) for mission in missions), key=str)
        return next(filter(None, map(self.point, (*nodes, place))), None)

    def seat(self, mission: Dated) -> NamedNode:
        """Return the seat of a mission, preferably with coordinates, or else the mission itself."""
        seats = self.values(mission.iri, "location")
        return self._first(seats) or next(iter(sorted(seats, key=str)), NamedNode(mission.iri))

    def place(self, thing: Dated) -> NamedNode | None:
        """Return the place of a mission or a visit, or None if it has no coordinates."""
        return self._first(self.values(thing.iri, "location"))

    def trip(self, visit: Dated) -> tuple[NamedNode, NamedNode] | None:
        """Return the start and the destination of a visit, or None unless they are two places."""
        start = self._end(visit, _SENDER)
        end = self.place(visit) or self._end(visit, _RECEIVER)
        return (start, end) if start and end and start != end else None

    def _end(self, visit: Dated, role: str) -> NamedNode | None:
        """Return the place on the map that represents a party of a visit, or None."""
        parties = sorted(self.values(visit.iri, role), key=str)
        return next(filter(None, map(self._home, parties)), None)

    def _find_home(self, party: NamedNode) -> NamedNode | None:
        """Return the seat of a party's government, or else of an embassy to it, or None."""
        if governing := self._first(self.values(party.value, "home")):
            return governing
        # The classes of a mission are read last, since few places may have coordinates.
        seats = (
            (seat, mission)
            for mission in self._hosted(party)
            for seat in self.values(mission.value, "location")
            if self.point(seat)
        )
        return next(
            (seat for seat, mission in sorted(seats, key=str) if self._is_embassy(mission)), None
        )

    def _is_embassy(self, mission: NamedNode) -> bool:
        kinds = named(objects(self._store, mission, TYPE.value))
        classes = [kind.value.removeprefix(RKG) for kind in kinds]
        return self._display.symbol(classes, *SYMBOLS) == SYMBOLS[0]

    def _hosted(self, party: NamedNode) -> list[NamedNode]:
        """Return the missions to a party."""
        return named(
            quad.subject
            for name in self._display.with_role("host")
            for quad in self._store.quads_for_pattern(None, NamedNode(name), party)
        )

    def _first(self, places: list[NamedNode]) -> NamedNode | None:
        return min(filter(self.point, places), key=str, default=None)
