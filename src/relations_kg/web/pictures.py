"""What pictures share: the room that text takes, shapes, templates and the style."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from os.path import dirname, join
from typing import TYPE_CHECKING, NamedTuple
from unicodedata import combining, east_asian_width

from relations_kg._files import content
from relations_kg.errors import InputError

if TYPE_CHECKING:
    from jinja2 import Template

# Leads from the IRI of a thing to the address of its page.
Link = Callable[[str], str]

FONT = 12
LINE = 16
_FOLDER = join(dirname(__file__), "templates")

# In hundredths of the font size, of the widest common fonts (DejaVu Sans, Verdana), rounded up.
_WIDTHS = {
    character: width
    for width, characters in (
        (30, "'IJijl"),
        (35, " ,./:;\\|"),
        (40, "()-[]ft"),
        (45, "!r"),
        (50, '"*_`–·'),
        (55, "?csz"),
        (60, "FLkvxy"),
        (65, "$0123456789EPSTYabdeghnopqu{}"),
        (70, "ABCKRVXZ"),
        (75, "NU"),
        (80, "&DGHOQ"),
        (85, "#+<=>^w~→"),
        (90, "M"),
    )
    for character in characters
}


class Shape(NamedTuple):
    """Hold a path with the class that says how it looks."""

    look: str
    path: str


class Box(NamedTuple):
    """Hold a rectangle, from its upper left corner."""

    x: float
    y: float
    width: float
    height: float

    def meets(self, other: Box) -> bool:
        """Tell whether two rectangles share some of their area."""
        return (
            self.x < other.x + other.width
            and other.x < self.x + self.width
            and self.y < other.y + other.height
            and other.y < self.y + self.height
        )


def text_width(text: str, size: float = FONT) -> float:
    """Return the room a text takes in any common font, rather too much than too little.

    >>> text_width("Lima") < text_width("Limaaa") < text_width("利马利马利马")
    True
    """
    return sum(map(_width, text)) * size / 100


def clip(text: str, room: float, size: float = FONT) -> str:
    """Shorten a text to what fits, with an ellipsis.

    >>> clip("Embassy of Peru, Beijing", 100), clip("Lima", 100)
    ('Embassy of P…', 'Lima')
    """
    used, fits = 0.0, 0
    for place, character in enumerate(text):
        used += _width(character) * size / 100
        if used > room:
            return text[:fits].rstrip() + "…" if room >= size else ""
        if used + size <= room:  # no ellipsis is wider than that
            fits = place + 1
    return text


def wrap(text: str, room: float, lines: int, size: float = FONT) -> list[str]:
    """Break a text at spaces into at most some lines, the last one clipped.

    >>> wrap("Dates are as the source gives them", 150, 2)
    ['Dates are as the', 'source gives them']
    """
    broken = [""]
    for word in text.split():
        longer = f"{broken[-1]} {word}".lstrip()
        if len(broken) == lines or not broken[-1] or text_width(longer, size) <= room:
            broken[-1] = longer
        else:
            broken.append(word)
    return [clip(line, room, size) for line in broken]


def number(value: float) -> str:
    """Write a coordinate, to a tenth.

    >>> number(3.04), number(-0.01), number(2.25)
    ('3', '0', '2.2')
    """
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


def path(*parts: str | float) -> str:
    """Write a path of letters and coordinates.

    >>> path("M", 1, 2.5, "H", 10)
    'M1 2.5H10'
    """
    written = ""
    for part in parts:
        if isinstance(part, str):
            written += part
        else:
            gap = "" if not written or written[-1].isalpha() else " "
            written += gap + number(part)
    return written


def rectangle(x: float, y: float, width: float, height: float) -> str:
    """Write a rectangle as a path."""
    return path("M", x, y, "h", width, "v", height, "h", -width, "z")


def join_shapes(shapes: Iterable[Shape]) -> list[Shape]:
    """Put paths that look the same into one, in the order of their looks."""
    paths: dict[str, str] = {}
    for shape in shapes:
        paths[shape.look] = paths.get(shape.look, "") + shape.path
    return [Shape(look, joined) for look, joined in paths.items()]


def flow(words: Iterable[str], width: float, y: float, indent: float) -> list[tuple[float, float]]:
    """Place texts one after another in lines, each with an indent; return where each entry begins.

    >>> flow(["certain", "possible"], 340, 20, 30), flow(["certain", "possible"], 100, 20, 30)
    ([(10.0, 20), (99.8, 20)], [(10.0, 20), (10.0, 42)])
    """
    placed = []
    x = left = 10.0
    for text in words:
        wide = indent + text_width(text)
        if x + wide > width - left and x > left:
            x, y = left, y + 22
        placed.append((x, y))
        x += wide + 16
    return placed


@cache
def template(name: str) -> Template:
    """Return the template of a picture; raise InputError where jinja2 is missing."""
    try:
        from jinja2 import Environment, FileSystemLoader, StrictUndefined
    except ImportError:
        help = "pip install 'relations-kg[serve]'"
        raise InputError("jinja2, which draws pictures, is not installed", help=help) from None
    environment = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        undefined=StrictUndefined,
    )
    environment.filters["n"] = number
    return environment.get_template(name)


def standalone(picture: str) -> str:
    """Turn a picture made for a page into a file of its own, which brings the style along."""
    opening, end, rest = picture.partition(">")
    return f"{opening}{end}<style>{style()}</style>{rest}"


def style() -> str:
    """Return the style sheet of all pictures: pages link to it, or show it once."""
    return content(_FOLDER, "pictures.css").decode()


def _width(character: str) -> int:
    known = _WIDTHS.get(character)
    if known is not None:
        return known
    if combining(character):
        return 0
    if character.isascii():
        return 100
    if east_asian_width(character) in "WF":
        return 110
    return 125 if character.isalpha() and ord(character) > 0x250 else 100
