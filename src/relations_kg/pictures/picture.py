"""Pictures that notebooks show and that can be saved, and the shapes in them and in pages."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from html import escape
from os import PathLike, fsdecode
from os.path import dirname, splitext
from typing import TYPE_CHECKING

from relations_kg._files import content as content_of
from relations_kg.errors import InputError
from relations_kg.export import files
from relations_kg.pictures.map_layout import Spot, room_for
from relations_kg.pictures.timeline import Span
from relations_kg.rdf.markup import Html, joined
from relations_kg.rdf.terms import printable

WIDTH = 960
MARGIN = 12
# The widths in pixels of an average letter, by text size, with some room for wide fonts.
SMALL, NORMAL, LARGE = 6.2, 6.8, 9.6
_LETTER = room_for("x")


@dataclass(frozen=True, repr=False)
class Picture:
    """A picture with its title, as SVG; a notebook shows it."""

    title: str
    svg: str

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> object:
            """Raise AttributeError with what to write instead."""
            help = 'a notebook shows a picture, and save("picture.svg") writes it to a file'
            raise AttributeError(f"a picture has no {name!r}; {help}", name=name, obj=self)

    def __repr__(self) -> str:
        return f"<Picture: {self.title}>"

    def _repr_svg_(self) -> str:
        return self.svg

    def save(self, path: str | PathLike[str]) -> None:
        """Write the picture to a file.

        Raises InputError if the name does not end in .svg, and if the file cannot be written.

        >>> Picture("Peru", "<svg/>").save("peru.png")
        Traceback (most recent call last):
        relations_kg.errors.InputError: peru.png: a picture is saved as SVG; write peru.svg
        """
        name = fsdecode(path)
        stem, suffix = splitext(name)
        if suffix.lower() != ".svg":
            right = f"{stem.rstrip('.') or 'picture'}.svg"
            raise InputError("a picture is saved as SVG", where=name, help=f"write {right}")
        files.write(path, self.svg.encode())


def picture(title: str, height: float, *content: str) -> Picture:
    """Return a picture of a given height, with its own style and a white background."""
    title = printable(title)
    svg = tag(
        "svg",
        tag("title", title),
        Html(f"<style>\n{_style()}</style>"),
        tag("rect", class_="ground", width="100%", height="100%"),
        tag("text", fitted(title, WIDTH - 2 * MARGIN, LARGE), class_="title", x=MARGIN, y=26),
        *content,
        xmlns="http://www.w3.org/2000/svg",
        class_="relations-kg",
        width=WIDTH,
        height=float(height),
        viewBox=f"0 0 {WIDTH} {height:.0f}",
        role="img",
    )
    return Picture(title, svg + "\n")


def legend(look: str, samples: Iterable[tuple[str, Html, float]], top: float) -> tuple[Html, float]:
    """Return a legend below `top`, and the position of its end.

    Each sample has words, a shape and its width. `look` is the CSS class of the shapes.
    """
    x, y, items = float(MARGIN), top, []
    for words, shape, width in samples:
        wide = width + 8 + room_for(words) * SMALL / _LETTER
        if x + wide > WIDTH - MARGIN and x > MARGIN:
            x, y = float(MARGIN), y + 20
        items += [
            tag("svg", shape, class_=look, x=x, y=y, width=width, height=16, overflow="visible"),
            tag("text", words, class_="small", x=x + width + 8, y=y + 12),
        ]
        x += wide + 14
    return joined(*items), y + 24


def fitted(text: str, room: float, letter: float = NORMAL) -> str:
    """Return a text shortened to a width; `letter` is the width of an average letter.

    >>> fitted("San Fernando del Valle de Catamarca", 160)
    'San Fernando del Valle…'
    """
    factor = letter / _LETTER
    if room_for(text) * factor <= room:
        return text
    while text and (room_for(text) + _LETTER) * factor > room:
        text = text[:-1]
    return text.rstrip() + "…"


@cache
def _style() -> str:
    """Return the style sheet of a stand-alone picture, in the colours for a white background.

    The rules apply only within the picture, since a notebook may embed it in its page. Variables
    are replaced, since drawing programs do not support them.
    """
    sheet = content_of(dirname(__file__), "pictures.css").decode()
    colours = dict(re.findall(r"--(\w+): (#\w+);", sheet))
    rules = []
    for line in sheet.splitlines():
        if line.startswith("."):
            selectors, rule = line.split(" {", 1)
            own = [
                one if one.startswith(".relations-kg") else f".relations-kg {one}"
                for one in selectors.split(", ")
            ]
            rules.append(f"{', '.join(own)} {{{rule}\n")
    return re.sub(r"var\(--(\w+)\)", lambda found: colours[found[1]], "".join(rules))


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
    """Return the parts of a bar as SVG, with lengths in percent of the width of the axis."""
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
