"""The drawing of a map of missions and visits, for web pages and stand-alone pictures."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from relations_kg.pictures.map_layout import LINE, SYMBOL, coastlines, shortened
from relations_kg.pictures.mission_map import LOOKS, ROUTE, SYMBOLS, MissionMap, Place, Route, State
from relations_kg.pictures.shapes import arrow_head, spot, symbol, tag
from relations_kg.rdf.markup import Html

_ROUTE = tag("path", class_="voyage", d="M0 6.5H14")


def map_picture(drawn: MissionMap, address: Callable[[str], str] | None = None) -> Html:
    """Return a map as SVG; `address` returns the link for a mission or a place."""
    view = drawn.view
    head = f"head-{view.width}"
    frame = f"M.5 .5H{view.width - 0.5}V{view.height - 0.5}H.5z"
    ground = [tag("path", class_="land", transform=c, d=coastlines()) for c in view.copies]
    return tag(
        "svg",
        arrow_head(head),
        tag("g", *ground, tag("path", class_="frame", d=frame), aria_hidden="true"),
        *(_route(route, head) for route in drawn.routes),
        tag("g", *_notes(drawn), aria_hidden="true"),
        *(_state(state, address) for state in drawn.states),
        *(part for place in drawn.places for part in _place(place, address)),
        class_="picture",
        role="group",
        aria_label=drawn.title,
        width=view.width,
        height=view.height,
        viewBox=f"0 0 {view.width} {view.height}",
    )


def legend(drawn: MissionMap) -> Iterator[tuple[str, Html]]:
    """Yield the meanings of the symbols of a map, with the symbols."""
    for shape in SYMBOLS:
        yield drawn.symbols[shape], symbol(shape, "standing")
    for look, words in LOOKS.items():
        yield words, symbol("square", look)
    yield drawn.symbols[ROUTE], _ROUTE


def _route(route: Route, head: str) -> Html:
    line = route.line
    way = f"M{spot(line.start)}Q{spot(line.bend)} {spot(line.end)}"
    return tag(
        "g",
        tag("title", route.title),
        tag("path", class_="voyage", d=way, marker_end=f"url(#{head})"),
        role="img",
        aria_label=route.title,
    )


def _notes(drawn: MissionMap) -> Iterator[Html]:
    """Yield the dots of places, the lines to their names, and the numbers of visits."""
    for x, y in drawn.dots:
        yield tag("circle", class_="dot", cx=x, cy=y, r=3)
    for place in drawn.places:
        if place.leader:
            way = f"M{spot(place.leader[0])}L{spot(place.leader[1])}"
            yield tag("path", class_="leader", d=way)
    for route in drawn.routes:
        if route.number_at:
            x, y = route.number_at
            yield tag("text", route.words, class_="quiet", x=x, y=y + 5, text_anchor="middle")


def _state(state: State, address: Callable[[str], str] | None) -> Html:
    box = state.box
    lines = (
        tag("text", line, class_="state", x=box.x, y=box.y + LINE * number + 13.0)
        for number, line in enumerate(state.lines)
    )
    return _linked(address, state.iri, *lines)


def _place(place: Place, address: Callable[[str], str] | None) -> Iterator[Html]:
    """Yield the symbols of the missions at a place, and its name."""
    x, y = place.box.x, place.box.y
    for index, mark in enumerate(place.marks):
        move = f"translate({spot((x + SYMBOL * index, y + 2))})"
        shape = tag("g", symbol(mark.symbol, mark.look), transform=move)
        title = tag("title", mark.title)
        yield _linked(address, mark.thing.iri, title, shape, aria_label=mark.title)
    at = x + SYMBOL * len(place.marks) + 2
    name = tag("text", shortened(place.name), x=float(at), y=float(y + 13))
    yield _linked(address, place.iri, tag("title", place.name), name)


def _linked(
    address: Callable[[str], str] | None, iri: str, *content: str, **attributes: object
) -> Html:
    if address is None:
        return tag("g", *content)
    return tag("a", *content, href=address(iri), **attributes)
