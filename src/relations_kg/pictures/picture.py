"""Pictures that notebooks show and that can be saved."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from os import PathLike, fsdecode
from os.path import dirname, splitext
from typing import TYPE_CHECKING

from relations_kg._files import content as content_of
from relations_kg.errors import InputError
from relations_kg.export import files
from relations_kg.pictures.map_layout import room_for
from relations_kg.pictures.shapes import tag
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
