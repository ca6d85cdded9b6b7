"""The drawing of timelines, maps and neighbourhoods as stand-alone pictures."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from textwrap import wrap

from relations_kg.errors import InputError
from relations_kg.pictures import mission_map
from relations_kg.pictures.map_layout import LINE, SYMBOL, coastlines, shortened
from relations_kg.pictures.mission_map import ROUTE, SYMBOLS, MissionMap, Place, Route, State
from relations_kg.pictures.neighbourhood import Group, Neighbourhood
from relations_kg.pictures.picture import (
    LOOKS,
    MARGIN,
    SMALL,
    WIDTH,
    Picture,
    arrow_head,
    bar,
    fitted,
    lane,
    legend,
    picture,
    sample,
    sign,
    spot,
    symbol,
    tag,
)
from relations_kg.pictures.timeline import Row, Timeline
from relations_kg.rdf.date_words import date_in_words
from relations_kg.rdf.markup import Html, joined

_TOP, _MOST = 42.0, 1_000
# A timeline has labels on the left and bars on the right.
_LABELS, _AXIS, _ROW = 400, 420, 36
# A neighbourhood has three columns: incoming facts, the thing, and outgoing facts.
_LEFT, _CENTRE, _RIGHT, _LINE = 350, (400, 560), 610, 18
_HEAD = "relations-kg-head"


def timeline_picture(drawn: Timeline) -> Picture:
    """Return a timeline as a picture; raise InputError if it has no rows, or too many."""
    number = sum(map(len, drawn.lanes.values()))
    if not 0 < number <= _MOST:
        message = f"there are {number:,} dated things, but a picture has room for {_MOST:,}"
        raise InputError(
            message if number else f"nothing dated concerns {drawn.title}",
            where="timeline",
            help="choose some kinds" if number else "name a relationship, a party or two parties",
        )
    samples = ((words, sample(look), 36.0) for look, words in LOOKS.items())
    explained, y = legend("bar", samples, _TOP)
    parts: list[Html] = [explained]
    for title, rows in drawn.lanes.items():
        parts += _lane(drawn, title, rows, y)
        y += 46 + _ROW * len(rows)
    return picture(f"Timeline: {drawn.title}", y + MARGIN, *parts)


def _lane(drawn: Timeline, title: str, rows: list[Row], y: float) -> Iterator[Html]:
    wide = WIDTH - MARGIN - _AXIS
    height = 26 + _ROW * len(rows)
    place = drawn.places[title]
    yield tag("svg", sign(place), class_=f"sign {lane(place)}", x=MARGIN, y=y + 6)
    yield tag("text", f"{title} ({len(rows)})", class_="heading", x=MARGIN + 16, y=y + 16)
    ticks = (
        joined(
            tag("line", x1=f"{tick.at:.1f}%", x2=f"{tick.at:.1f}%", y1=20, y2="100%"),
            tag("text", tick.label, x=f"{tick.at:.1f}%", y=14, text_anchor="middle"),
        )
        for tick in drawn.ticks
    )
    yield tag("svg", *ticks, class_="axis", x=_AXIS, y=y, width=wide, height=height)
    for index, row in enumerate(rows):
        at = y + 28 + _ROW * index
        about = " · ".join(filter(None, (row.thing.kind, row.thing.in_words)))
        yield tag(
            "g",
            tag("title", row.thing.title),
            tag("text", fitted(row.thing.label, _LABELS), x=MARGIN, y=at + 12),
            tag("text", fitted(about, _LABELS, SMALL), class_="small", x=MARGIN, y=at + 26),
            tag(
                "svg",
                bar(row.bar),
                class_=f"bar {lane(place)}",
                x=_AXIS,
                y=at + 4,
                width=wide,
                height=16,
            ),
        )


def mission_map_picture(drawn: MissionMap) -> Picture:
    """Return a map of missions and visits as a picture; raise InputError if there are none."""
    if not (drawn.places or drawn.unplaced):
        raise InputError(
            f"nothing is on the {drawn.title[0].lower()}{drawn.title[1:]}",
            where="map",
            help="name a relationship, a party or two parties, or another day",
        )
    samples = ((words, shape, 14.0) for words, shape in map_legend(drawn))
    explained, y = legend("symbol", samples, _TOP)
    parts = [explained, tag("g", map_picture(drawn), transform=f"translate(0 {y:.0f})")]
    y += drawn.view.height + 10
    if drawn.unplaced:
        parts.append(tag("text", "Not shown at a place:", class_="heading", x=MARGIN, y=y + 16))
        y += 24
    for mark in drawn.unplaced:
        if mark.symbol:
            shape = symbol(mark.symbol, mark.look)
            parts.append(tag("g", shape, transform=f"translate({MARGIN} {y + 2:.0f})"))
        text = fitted(mark.title, WIDTH - 2 * MARGIN - 20)
        parts.append(tag("text", text, x=MARGIN + 20, y=y + 13))
        y += _LINE
    return picture(drawn.title, y + MARGIN, *parts)


def neighbourhood_picture(drawn: Neighbourhood, label: Callable[[str], str]) -> Picture:
    """Return the neighbourhood of a thing as a picture; raise InputError if it is empty."""
    if not drawn.groups:
        message = f"no fact connects {label(drawn.iri)} to another thing"
        raise InputError(message, where="network", help="name a thing that has facts about others")
    sides = [[g for g in drawn.groups if g.is_incoming == incoming] for incoming in (True, False)]
    heights = [sum(map(_height, groups)) for groups in sides]
    tall = max(*heights, 90)
    middle = _TOP + tall / 2
    parts: list[Html] = [tag("defs", arrow_head(_HEAD))]
    for groups, height in zip(sides, heights, strict=True):
        y = middle - height / 2
        for group in groups:
            parts += _group(group, label, y, middle)
            y += _height(group)
    parts += _centre(label(drawn.iri), middle)
    end = _TOP + tall + MARGIN
    if drawn.more:
        words = f"and {drawn.more} more (further properties: {drawn.more_properties})"
        parts.append(tag("text", words, class_="small", x=MARGIN, y=end + 8))
        end += 24
    return picture(f"Neighbourhood: {label(drawn.iri)}", end + MARGIN, *parts)


def _height(group: Group) -> float:
    return 34 + _LINE * (len(group.neighbours) + bool(group.more))


def _group(group: Group, label: Callable[[str], str], top: float, middle: float) -> Iterator[Html]:
    """Yield the heading and the neighbours of a group, and the arrow between it and the thing."""
    incoming = group.is_incoming
    x, edge = (_LEFT - 10, _LEFT) if incoming else (_RIGHT + 10, _RIGHT)
    room, anchor = _LEFT - 10 - MARGIN, "end" if incoming else "start"
    bottom = top + _height(group) - 10
    note = " (inferred)" if group.is_inferred else ""
    lines = [fitted(each, room) for each in _lines(group, label)]
    heading = fitted(label(group.predicate), room - 70, 7.8) + note
    yield tag("text", heading, class_="heading", x=x, y=top + 16, text_anchor=anchor)
    for index, line in enumerate(lines):
        yield tag("text", line, x=x, y=top + 34 + _LINE * index, text_anchor=anchor)
    look = "inferred" if group.is_inferred else "rule"
    yield tag("path", class_=look, d=f"M{edge} {top:.0f}V{bottom:.0f}")
    outside, inside = (edge, (top + bottom) / 2), (_CENTRE[0 if incoming else 1], middle)
    start, end = (outside, inside) if incoming else (inside, outside)
    bend = (start[0] + end[0]) / 2
    way = f"M{start[0]:.0f} {start[1]:.0f}C{bend:.0f} {start[1]:.0f} {bend:.0f} {end[1]:.0f} "
    yield tag(
        "path",
        class_="way",
        d=f"{way}{end[0]:.0f} {end[1]:.0f}",
        marker_end=f"url(#{_HEAD})",
    )


def _lines(group: Group, label: Callable[[str], str]) -> Iterator[str]:
    for each in group.neighbours:
        yield " · ".join(filter(None, (label(each.iri), date_in_words(each.when))))
    if group.more:
        yield f"and {group.more} more"


def _centre(words: str, middle: float) -> Iterator[Html]:
    left, right = _CENTRE
    lines = wrap(words, 19, max_lines=4, placeholder="…") or [words]
    tall = 24 + _LINE * len(lines)
    top = middle - tall / 2
    yield tag("rect", class_="centre", x=left, y=top, width=right - left, height=tall, rx=6)
    for index, line in enumerate(lines):
        at = top + 25 + _LINE * index
        middle_x = (left + right) / 2
        yield tag("text", line, class_="heading", x=middle_x, y=at, text_anchor="middle")


_ROUTE = tag("path", class_="voyage", d="M0 6.5H14")


def map_picture(drawn: MissionMap, address: Callable[[str], str] | None = None) -> Html:
    """Return a map as SVG; `address` returns the link for a mission, a place or a state."""
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


def map_legend(drawn: MissionMap) -> Iterator[tuple[str, Html]]:
    """Yield the meanings of the symbols of a map, with the symbols."""
    for shape in SYMBOLS:
        yield drawn.symbols[shape], symbol(shape, "standing")
    for look, words in mission_map.LOOKS.items():
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
