"""The neighbourhood of a thing: what it leads to and what leads to it, as SVG."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pyoxigraph import NamedNode

from relations_kg.rdf.namespaces import INFERRED, RKG
from relations_kg.rdf.terms import objects, printable, value
from relations_kg.web.pictures import (
    FONT,
    LINE,
    Box,
    Link,
    clip,
    path,
    rectangle,
    template,
    text_width,
    wrap,
)
from relations_kg.web.scope import neighbours

if TYPE_CHECKING:
    from relations_kg.graph.graph import Graph

MOST = 24
_PAD = 10
_ROW = 22
_GROUP = 16  # between groups
_INDENT = 14
_BESIDE = 10  # between a label and its date
_WIDE = 600  # from here on the thing stands in the middle, below that at the top


class Neighbour(NamedTuple):
    """Hold a thing next to another: where its page is, its label, and its date if it has one."""

    address: str
    title: str
    label: str
    when: str
    y: float
    beside: float


class Slot(NamedTuple):
    """Hold where a group stands: its heading, and the lines that tie it to the thing."""

    x: float
    y: float
    anchor: str
    line: str
    head: str


class Group(NamedTuple):
    """Hold the neighbours by one property; `look` tells facts that follow from stated ones."""

    slot: Slot
    title: str
    label: str
    look: str
    neighbours: list[Neighbour]
    more: str
    last: float


class _Found(NamedTuple):
    incoming: bool
    predicate: str
    inferred: bool
    others: list[str]


def draw(graph: Graph, thing: str, *, link: Link, width: int = 960, most: int = MOST) -> str:
    """Draw a thing with at most some of its neighbours, by property; how many more is told.

    Heads of arrows tell what leads to the thing and what it leads to. Facts that follow are
    dashed, and left out where a stated one leads to the same.

    >>> import relations_kg as rk
    >>> graph = rk.load()
    >>> picture = draw(graph, graph.names.find("port-of-chancay"), link=str)
    >>> "COSCO Shipping Ports" in picture
    True
    """
    found = _found(graph, thing)
    shares = _share([len(group.others) for group in found], most)
    shown = [(group, count) for group, count in zip(found, shares, strict=True) if count]
    middle = width >= _WIDE
    column = width * 0.36 if middle else width - 2 * _PAD - _INDENT
    room = width - 2 * column - 2 * _PAD - 80 if middle else width - 2 * _PAD - 28
    name = graph.names.label(thing)
    label = wrap(name, room, 4)
    box = Box(_PAD, _PAD, max(map(text_width, label)) + 28, len(label) * LINE + 16)
    tall = [_height(group, count) for group, count in shown]
    if middle:
        half = next((n for n in range(len(tall)) if sum(tall[:n]) >= sum(tall) / 2), len(tall))
        sides = [(True, shown[:half], sum(tall[:half])), (False, shown[half:], sum(tall[half:]))]
        height = max(box.height, *(high for _, _, high in sides)) + 2 * _PAD
        box = box._replace(x=(width - box.width) / 2, y=(height - box.height) / 2)
        tops = [(height - high) / 2 for _, _, high in sides]
    else:
        sides = [(False, shown, sum(tall))]
        height = box.height + sum(tall) + 2 * _PAD
        tops = [box.y + box.height]
    groups = []
    for (left, members, _), y in zip(sides, tops, strict=True):
        for group, count in members:
            high = _height(group, count)
            if middle:
                slot = _beside(box, left, group.incoming, width, column, y, high)
            else:
                slot = _under(box, group.incoming, y)
            groups.append(_group(graph, group, count, slot, column - _INDENT, link))
            y += high
    hidden = len({other for group in found[len(shown) :] for other in group.others})
    return template("neighbourhood.svg").render(
        name=f"Neighbourhood: {name}",
        description=f"{len({o for group in found for o in group.others})} neighbours by property.",
        width=width,
        height=height + (_ROW if hidden else 0),
        hidden=f"and {hidden} more by {len(found) - len(shown)} other properties" if hidden else "",
        pad=_PAD,
        title=name,
        address=link(thing),
        label=label,
        box=rectangle(*box),
        centre=box.x + box.width / 2,
        first=box.y + 8 + LINE - 4,
        line=LINE,
        groups=groups,
        font=FONT,
    )


def _beside(
    box: Box, left: bool, incoming: bool, width: int, column: float, y: float, high: float
) -> Slot:
    """Place a group left or right of the thing, with a bracket and a curve to it."""
    out = -1 if left else 1  # the way from the thing to the group
    inner = _PAD + column if left else width - _PAD - column
    near = box.x if left else box.x + box.width
    first, last = y + 6, y + high - 14
    level, middle = (first + last) / 2, box.y + box.height / 2
    bend = (inner + near) / 2
    line = path("M", near, middle, "C", bend, middle, bend, level, inner, level)
    line += path("M", inner, first, "V", last)
    head = _head(inner - out * (9 if incoming else 1), level, -out if incoming else out)
    return Slot(inner + out * _INDENT, y + 18, "end" if left else "start", line, head)


def _under(box: Box, incoming: bool, y: float) -> Slot:
    """Place a group below the thing, on a branch of a line that leads down from it."""
    trunk, level, x = box.x + 6, y + 24, box.x + _INDENT + 12
    line = path("M", trunk, box.y + box.height, "V", level, "H", x - 6)
    head = _head(trunk + 4 if incoming else x - 5, level, -1 if incoming else 1)
    return Slot(x, y + 28, "start", line, head)


def _head(x: float, y: float, way: int) -> str:
    return path("M", x, y, "l", -8 * way, -4, "v", 8, "z")


def _found(graph: Graph, thing: str) -> list[_Found]:
    """Group the neighbours: stated ones first, and of these those that lead to the thing."""
    node = NamedNode(thing)
    stated: dict[tuple[bool, str], set[str]] = {}
    inferred: dict[tuple[bool, str], set[str]] = {}
    for quad, other in neighbours(graph.store, node):
        if other.value.startswith(RKG):
            continue
        kind = inferred if value(quad.graph_name) == INFERRED else stated
        kind.setdefault((quad.subject != node, quad.predicate.value), set()).add(other.value)
    known = {other for others in stated.values() for other in others}
    label = graph.names.label

    def by_day(other: str) -> tuple[str, ...]:
        return _day(graph, other), label(other), other

    def by_label(item: tuple[tuple[bool, str], set[str]]) -> tuple[bool, str, str]:
        (incoming, predicate), _ = item
        return not incoming, label(predicate), predicate

    return [
        _Found(incoming, predicate, kind is inferred, sorted(others, key=by_day))
        for kind in (stated, inferred)
        for (incoming, predicate), members in sorted(kind.items(), key=by_label)
        if (others := members if kind is stated else members - known)
    ]


def _share(sizes: list[int], most: int) -> list[int]:
    """Share out places to groups, one each and then in turn, until they are all given.

    >>> _share([1, 30, 4], 8)
    [1, 4, 3]
    """
    shares = [0] * len(sizes)
    while most and shares != sizes:
        for group, size in enumerate(sizes):
            if most and shares[group] < size:
                shares[group] += 1
                most -= 1
    return shares


def _height(group: _Found, count: int) -> float:
    return _GROUP + LINE + 6 + _ROW * (count + (count < len(group.others)))


def _group(graph: Graph, group: _Found, count: int, slot: Slot, room: float, link: Link) -> Group:
    out = -1 if slot.anchor == "end" else 1
    shown = []
    for row, other in enumerate(group.others[:count], 1):
        name, when = graph.names.label(other), _when(graph, other)
        dates = text_width(when) + _BESIDE if when else 0
        label = clip(name, room - dates)
        beside = slot.x + out * (text_width(label) + _BESIDE)
        title = " · ".join(filter(None, (name, when)))
        shown.append(Neighbour(link(other), title, label, when, slot.y + 3 + row * _ROW, beside))
    label = graph.names.label(group.predicate)
    rest = len(group.others) - count
    return Group(
        slot,
        f"{label}, inferred" if group.inferred else label,
        clip(label, room / 1.15),  # it is bold
        "follows" if group.inferred else "edge",
        shown,
        f"and {rest} more" if rest else "",
        slot.y + 3 + (count + 1) * _ROW,
    )


def _when(graph: Graph, iri: str) -> str:
    dates = objects(graph.store, NamedNode(iri), RKG + "when")
    return clip(printable(min(map(value, dates), default="")), 160)


def _day(graph: Graph, iri: str) -> str:
    for name in ("earliestStart", "latestEnd"):
        for day in objects(graph.store, NamedNode(iri), RKG + name):
            return value(day)
    return "~"
