"""The outline of the world, and the part of it that a map shows."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from os.path import dirname
from typing import NamedTuple

from relations_kg._files import content
from relations_kg.web.pictures import Box

_NORTH, _SOUTH = 84.0, -56.0
_LEAST = 50.0  # degrees from side to side
_MARGIN = 105  # for names beside the outermost places
WIDE = 600  # from here on half as high as wide


class Point(NamedTuple):
    """Hold where a place lies, in degrees."""

    east: float
    north: float


class View:
    """Lead from degrees to places on the picture: the part of the world that holds all points."""

    def __init__(self, points: Sequence[Point], width: int) -> None:
        west, span = _span([point.east for point in points])
        norths = [point.north for point in points] or [0.0]
        top, bottom = max(_NORTH, max(norths) + 4), min(_SOUTH, min(norths) - 4)
        tall = max(max(norths) - min(norths), 10) * 1.5
        wide = max(span * width / (width - 2 * _MARGIN), tall / 0.6, _LEAST)
        wide = min(wide, 360.0)
        self.width, self.scale = width, width / wide
        tall = min(wide * (0.5 if width >= WIDE else 0.8), top - bottom)
        self.height = round(tall * self.scale)
        self.west = west + span / 2 - wide / 2
        self.north = min(max((max(norths) + min(norths) + tall) / 2, bottom + tall), top)

    def at(self, point: Point) -> tuple[float, float]:
        """Return where a point lies."""
        east = (point.east - self.west) % 360
        return east * self.scale, (self.north - point.north) * self.scale

    def holds(self, box: Box) -> bool:
        """Tell whether a rectangle lies inside."""
        right, bottom = box.x + box.width + 2, box.y + box.height + 2
        return box.x >= 2 and box.y >= 2 and right <= self.width and bottom <= self.height

    @property
    def copies(self) -> list[str]:
        """How to move the outline, once for each time the view reaches round the world."""
        factor = f"scale({self.scale / 10:.4f})"
        shifts = (turn * 360 - self.west for turn in (-1, 0, 1))
        wide = self.width / self.scale
        return [
            f"{factor} translate({shift * 10:.1f} {self.north * 10:.1f})"
            for shift in shifts
            if shift - 180 < wide and shift + 200 > 0  # Asia ends beyond the 180th meridian
        ]


def _span(easts: Sequence[float]) -> tuple[float, float]:
    """Find the shortest stretch around the world that has all of some longitudes."""
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
def outline() -> str:
    """Return the coastlines as a path, in tenths of a degree east and south."""
    text = content(dirname(__file__), "outline.path").decode()
    return "".join(line for line in text.splitlines() if not line.startswith("#"))
