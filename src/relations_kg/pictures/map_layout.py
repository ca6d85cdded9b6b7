"""The layout of a map: the part of the world in view, and the positions of names and lines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from math import atan2, cos, pi, sin
from os.path import dirname
from unicodedata import east_asian_width

from relations_kg._files import content

_NORTH, _SOUTH = 84.0, -56.0
# The minimum width of a map, in degrees.
_LEAST = 50.0
# The width in pixels from which a map is half as high as it is wide.
WIDE = 600
# The margins in pixels, for the names of the outermost places, of wide and of narrow maps.
_MARGIN, _NARROW_MARGIN = 105, 70
SYMBOL = 15  # the width of a symbol with the gap after it
LINE = 18
_LETTER = 7.2  # the width of an average letter, in a font of 12 pixels
_LONGEST = 24
# The directions from a dot in which its name may be placed, in order of preference: right, left,
# above, below, and the diagonals.
_DIRECTIONS = tuple(
    pi * part for part in (0, 1, -0.5, 0.5, -0.2, 0.2, -0.8, 0.8, -0.35, 0.35, -0.65, 0.65)
)

Spot = tuple[float, float]


@dataclass(frozen=True)
class Point:
    """A place on earth, in degrees."""

    east: float
    north: float


@dataclass(frozen=True)
class Box:
    """A rectangle, given by its upper left corner."""

    x: float
    y: float
    width: float
    height: float

    def meets(self, other: Box) -> bool:
        """Return whether two rectangles overlap."""
        return (
            self.x < other.x + other.width
            and other.x < self.x + self.width
            and self.y < other.y + other.height
            and other.y < self.y + self.height
        )


@dataclass(frozen=True)
class Line:
    """A curved line for visits between two dots, with boxes along its course."""

    start: Spot
    bend: Spot
    end: Spot
    course: list[Box]


class View:
    """The part of the world that contains the given points, and its projection to the picture."""

    def __init__(self, points: Sequence[Point], width: int) -> None:
        west, span = _span([point.east for point in points])
        norths = [point.north for point in points] or [0.0]
        top, bottom = max(_NORTH, max(norths) + 4), min(_SOUTH, min(norths) - 4)
        tall = max(max(norths) - min(norths), 10) * 1.5
        margin = _MARGIN if width >= WIDE else _NARROW_MARGIN
        wide = max(span * width / (width - 2 * margin), tall / 0.6, _LEAST)
        wide = min(wide, 360.0)
        self.width, self.scale = width, width / wide
        tall = min(wide * (0.5 if width >= WIDE else 0.8), top - bottom)
        self.height = round(tall * self.scale)
        self.west = west + span / 2 - wide / 2
        self.north = min(max((max(norths) + min(norths) + tall) / 2, bottom + tall), top)

    def at(self, point: Point) -> Spot:
        """Return the position of a point in the picture."""
        east = (point.east - self.west) % 360
        return east * self.scale, (self.north - point.north) * self.scale

    def contains(self, box: Box) -> bool:
        """Return whether a rectangle lies inside the picture."""
        right, bottom = box.x + box.width + 2, box.y + box.height + 2
        return box.x >= 2 and box.y >= 2 and right <= self.width and bottom <= self.height

    @property
    def copies(self) -> list[str]:
        """The transformations of the coastlines, one for each copy of them in view."""
        factor = f"scale({self.scale / 10:.4f})"
        shifts = (turn * 360 - self.west for turn in (-1, 0, 1))
        wide = self.width / self.scale
        return [
            f"{factor} translate({shift * 10:.1f} {self.north * 10:.1f})"
            for shift in shifts
            if shift - 180 < wide
            and shift + 200 > 0  # the coastline of Asia extends beyond the 180th meridian
        ]


class Room:
    """The free space in a view for names and lines."""

    def __init__(self, view: View, dots: Iterable[Spot]) -> None:
        self._view = view
        self._taken = [Box(x - 3, y - 3, 6, 6) for x, y in dots]

    def take(self, boxes: Iterable[Box]) -> None:
        """Reserve rectangles, so that no name covers them."""
        self._taken += boxes

    def beside(self, dot: Spot, width: float) -> tuple[Box, Spot | None] | None:
        """Reserve the nearest free rectangle beside a dot, or return None if there is no room.

        If the rectangle is far from the dot, the second value is where a line from the dot ends.
        """
        for distance in range(10, 160 if self._view.width >= WIDE else 60, 14):
            for turn in _DIRECTIONS:
                x, y = dot[0] + distance * cos(turn), dot[1] + distance * sin(turn)
                side = round(cos(turn) * 1.4)  # right, middle or left of the dot
                box = Box(x - width * (1 - side) / 2, y - LINE / 2, width, LINE)
                way = [
                    Box(dot[0] + (x - dot[0]) * part, dot[1] + (y - dot[1]) * part, 1, 1)
                    for part in (0.4, 0.6, 0.8)
                ]
                if self._view.contains(box) and self._is_free(box, *way):
                    self.take([box, *way])
                    return box, (x, y) if distance > 10 else None
        return None

    def near(self, dots: Sequence[Spot], width: float, lines: int) -> Box | None:
        """Reserve the free rectangle nearest to the middle of some dots, for lines of text.

        Returns None if there is no room.
        """
        height = LINE * lines
        x, y = (sum(each) / len(dots) for each in zip(*dots, strict=True))
        for distance in range(LINE, 120 if self._view.width >= WIDE else 70, 8):
            for turn in _DIRECTIONS:
                # The rectangle is moved out until it does not contain the middle.
                across, down = distance + width / 2, distance + height / 2
                middle = x + across * cos(turn), y + down * sin(turn)
                box = Box(middle[0] - width / 2, middle[1] - height / 2, width, height)
                if self._view.contains(box) and self._is_free(box):
                    self.take([box])
                    return box
        return None

    def along(self, line: Line, width: float) -> Spot | None:
        """Reserve the free rectangle nearest to the middle of a line.

        Returns its centre, or None if there is no room.
        """
        middle = len(line.course) // 2
        for number in sorted(range(3, len(line.course) - 3), key=lambda n: abs(n - middle)):
            x, y = line.course[number].x + 1, line.course[number].y
            box = Box(x - width / 2, y - LINE / 2, width, LINE)
            if self._view.contains(box) and self._is_free(box):
                self.take([box])
                return x, y
        return None

    def _is_free(self, *boxes: Box) -> bool:
        return not any(box.meets(other) for box in boxes for other in self._taken)


def line(start: Spot, end: Spot) -> Line:
    """Return a line that is bent to the right, so that lines in opposite directions do not overlap.

    >>> line((0, 0), (100, 0)).bend
    (50.0, 18.0)
    """
    (x0, y0), (x1, y1) = start, end
    bend = (x0 + x1) / 2 - (y1 - y0) * 0.18, (y0 + y1) / 2 + (x1 - x0) * 0.18
    turn = atan2(y1 - bend[1], x1 - bend[0])
    tip = x1 - 6 * cos(turn), y1 - 6 * sin(turn)
    course = []
    for step in range(1, 40):
        part = step / 40
        x, y = (
            (1 - part) ** 2 * a + 2 * part * (1 - part) * b + part**2 * c
            for a, b, c in zip(start, bend, end, strict=True)
        )
        course.append(Box(x - 1, y - 1, 2, 2))
    return Line(start, bend, tip, course)


def shortened(name: str) -> str:
    """Return a name that is short enough for a map.

    >>> shortened("Lima"), shortened("San Fernando del Valle de Catamarca")
    ('Lima', 'San Fernando del Valle…')
    """
    return name if len(name) <= _LONGEST else name[: _LONGEST - 1].rstrip() + "…"


def room_for(name: str) -> float:
    """Return the width reserved for a name, enough for most names in common fonts."""
    return _LETTER * sum(2 if east_asian_width(letter) in "WF" else 1 for letter in name)


def _span(easts: Sequence[float]) -> tuple[float, float]:
    """Return the west end and the length of the shortest arc that contains all the longitudes."""
    ring = sorted({round(east, 5) % 360 for east in easts})
    if not ring:
        return -180.0, 360.0
    gaps = [
        ((after - before) % 360 or 360.0, after)
        for before, after in zip(ring, [*ring[1:], ring[0]], strict=True)
    ]
    gap, west = max(gaps)
    return west, 360 - gap


@cache
def coastlines() -> str:
    """Return the coastlines of the world as an SVG path, in tenths of a degree east and south."""
    text = content(dirname(__file__), "coastlines.path").decode()
    return "".join(line for line in text.splitlines() if not line.startswith("#"))
