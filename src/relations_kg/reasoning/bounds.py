"""The bounds of things: first and last days of start and end, from EDTF dates or by rules."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache

from pyoxigraph import Literal, NamedNode, Quad

from relations_kg.errors import InputError
from relations_kg.rdf import dates
from relations_kg.rdf.namespaces import RKG, XSD, shorten
from relations_kg.rdf.terms import Statement, Term, value
from relations_kg.reasoning.closure import Closure

# The properties whose values are dates in the project's profile of EDTF.
DATED = (NamedNode(RKG + "when"), NamedNode(RKG + "speaksFrom"))
_XSD_DATE = NamedNode(XSD + "date")
_ONGOING = (NamedNode(RKG + "ongoing"), Literal(True))
BOUNDS = tuple(
    NamedNode(RKG + name) for name in ("earliestStart", "latestStart", "earliestEnd", "latestEnd")
)
# The properties that are calculated from such a date.
CALCULATED = (*BOUNDS, _ONGOING[0])
LAST_KNOWN = NamedNode(RKG + "lastKnown")
WITHIN_RELATIONS = NamedNode(RKG + "withinRelations")
# If several days follow for a bound, the tightest holds; for lastKnown, the latest.
CLOSEST: dict[Term, Callable[..., Term]] = dict(zip(BOUNDS, (max, min, max, min), strict=True))
CLOSEST[LAST_KNOWN] = max
# A mission may lie within any of several relations, so its bounds have to cover all of them.
WIDEST: dict[Term, Callable[..., Term]] = {BOUNDS[0]: min, BOUNDS[3]: max}


class Bounds:
    """The bounds of the things of a closure."""

    def __init__(self, closure: Closure) -> None:
        self._closure = closure

    def of(self, thing: Term, bound: Term) -> Term | None:
        """Return a bound as the graph has it: the thing's own, inferred, or of its relations."""
        return self.own(thing, bound) or self.followed(thing, bound)

    def own(self, thing: Term, bound: Term) -> Term | None:
        """Return a bound that is calculated from the date of the thing itself.

        Of several dates, which are a mistake, the first counts, in whatever order they were loaded.
        """
        if not self._closure.has_own(thing, bound):
            return None
        return min(self._closure.objects(thing, bound), key=value)

    def followed(self, thing: Term, bound: Term) -> Term | None:
        """Return a bound that the thing does not have of its own."""
        return self._closest(thing, bound) or self.widest(thing, bound)

    def widest(self, mission: Term, bound: Term) -> Term | None:
        """Return the bound of a mission that covers all relations that it lies within."""
        if bound not in WIDEST or self.own(mission, bound):
            return None
        days = [
            self.of_relations(relations, bound)
            for relations in self._closure.objects(mission, WITHIN_RELATIONS)
        ]
        return WIDEST[bound](days, key=value) if days and None not in days else None

    def of_relations(self, relations: Term, bound: Term) -> Term | None:
        """Return a bound of relations, which lie within no others."""
        return self.own(relations, bound) or self._closest(relations, bound)

    def _closest(self, thing: Term, bound: Term) -> Term | None:
        days = [] if self.own(thing, bound) else self._closure.objects(thing, bound)
        return CLOSEST[bound](days, key=value) if days else None


def own_dates(quad: Quad) -> Iterator[Statement]:
    """Yield the bounds calculated from the thing's own date."""
    subject: Term = quad.subject  # type: ignore[assignment]
    try:
        text = value(quad.object)
        # A source's own time is taken as it is written: a margin would make too much certain.
        bounds = _bounds(text.rstrip("~?%") if quad.predicate == DATED[1] else text)
    except InputError as error:
        where = shorten(value(quad.subject))
        raise InputError(error.message, where=where, help=error.help) from None
    for bound in bounds:
        yield subject, *bound


def is_calculated(quad: Quad, bound: Statement) -> bool:
    """Return whether a bound is calculated from the date in a quad."""
    try:
        return bound in own_dates(quad)
    except InputError:  # A fact that is being checked may have an invalid date.
        return False


@lru_cache(maxsize=1 << 16)
def _bounds(text: str) -> tuple[tuple[NamedNode, Literal], ...]:
    """Return the properties and values of a date, cached since many things share a date."""
    bounds = dates.parse(text)
    days = [
        (predicate, Literal(day.isoformat(), datatype=_XSD_DATE))
        for predicate, day in zip(BOUNDS, bounds[:4], strict=True)
        if day is not None
    ]
    return (*days, _ONGOING) if bounds.ongoing else tuple(days)
