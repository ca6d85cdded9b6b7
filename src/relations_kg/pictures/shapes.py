"""The shapes that pictures and web pages have in common, as elements of SVG."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from relations_kg.pictures.map_layout import Spot
from relations_kg.pictures.timeline import Span
from relations_kg.rdf.markup import Html, joined

# The styles of the parts of a bar, and their meanings.
LOOKS = {
    "day": "on that day",
    "month": "in that month",
    "years": "in that year or decade",
    "certain": "certain",
    "possible": "possible",
    "ongoing": "still going on",
    "fading": "start or end unknown",
}
# The outlines of the symbols of lanes, in a square of 10 units, one for each colour.
_SIGNS = (
    "M5 1a4 4 0 1 0 .01 0z",
    "M1.5 1.5h7v7h-7z",
    "M5 .3L9.7 5L5 9.7L.3 5z",
    "M3.6 .8h2.8v2.8h2.8v2.8h-2.8v2.8h-2.8v-2.8h-2.8v-2.8h2.8z",
    "M5 .8L9.6 9H.4z",
    "M1 1.5h8v2.6h-8zM1 5.9h8v2.6h-8z",
)
_OUTLINES = {
    "square": "M1 1h11v11h-11z",
    "circle": "M1 6.5a5.5 5.5 0 1 0 11 0a5.5 5.5 0 1 0-11 0z",
    "triangle": "M6.5 .5L12.5 11.5H.5z",
}
_HATCHES = {
    "square": "M3 11L11 3M1.5 7.5L7.5 1.5M5.5 11.5L11.5 5.5",
    "circle": "M3 10L10 3M1.5 7L7 1.5M6 11.5L11.5 6",
    "triangle": "M4 11L8.5 6.5M7.5 11L10 8.5",
}


def tag(name: str, *content: str, **attributes: object) -> Html:
    """Return an element with attributes; an underscore in an attribute's name becomes a hyphen.

    >>> tag("text", "a < b", class_="small", x=0.25, text_anchor="end")
    '<text class="small" x="0.2" text-anchor="end">a &lt; b</text>'
    """
    given = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(_text(value))}"'
        for key, value in attributes.items()
    )
    return Html(f"<{name}{given}>{joined(*content)}</{name}>" if content else f"<{name}{given}/>")


def number(coordinate: float) -> str:
    """Return a coordinate rounded to a tenth.

    >>> number(3.04), number(-0.01), number(2.25)
    ('3', '0', '2.2')
    """
    text = f"{coordinate:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


def spot(place: Spot) -> str:
    """Return a position in the syntax of SVG paths."""
    return " ".join(map(number, place))


def bar(spans: Iterable[Span]) -> Html:
    """Return the parts of a bar, whose lengths are percentages of the width of the axis."""
    return joined(*map(_part, spans))


def _part(span: Span) -> Html:
    look, start, end = span.look, f"{number(span.start)}%", f"{number(span.end)}%"
    if look == "day":
        return tag("line", class_=look, x1=start, x2=start, y1=2, y2=14)
    line = tag("line", class_=look, x1=start, x2=end, y1=8, y2=8)
    if look == "ongoing":
        return joined(line, tag("svg", tag("path", class_=look, d="M-7 2L-1 8L-7 14"), x=end))
    if look in ("month", "years"):
        return joined(tag("line", class_=f"{look} edge", x1=start, x2=end, y1=8, y2=8), line)
    return line


def lane(place: int) -> str:
    """Return the CSS class of a lane, given its position among all lanes.

    >>> lane(1), lane(7)
    ('lane-1', 'lane-1')
    """
    return f"lane-{place % len(_SIGNS)}"


def sign(place: int) -> Html:
    """Return the symbol that distinguishes a lane from its neighbours without colour."""
    return tag("path", d=_SIGNS[place % len(_SIGNS)])


def sample(look: str) -> Html:
    """Return a sample bar of a look for a legend."""
    start, end = 40 if look in ("day", "month") else 20, 60 if look == "month" else 90
    return bar([Span(look, start, end)])


def symbol(shape: str, look: str) -> Html:
    """Return the symbol of a mission, in a square of 13 units."""
    outline = tag("path", class_=look, d=_OUTLINES[shape])
    if look != "unsure":
        return outline
    return joined(outline, tag("path", class_="hatch", d=_HATCHES[shape]))


def arrow_head(id: str) -> Html:
    """Return the head of arrows, as a marker that lines refer to by its `id`."""
    return tag(
        "marker",
        tag("path", d="M8 4L0 7.8V.2z"),
        id=id,
        class_="head",
        markerUnits="userSpaceOnUse",
        markerWidth=9,
        markerHeight=8,
        refX=8,
        refY=4,
        orient="auto",
    )


def _text(value: object) -> str:
    return number(value) if isinstance(value, float) else str(value)
