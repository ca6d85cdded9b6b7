"""The bounds of things: the first and last days of start and end, calculated from EDTF dates."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from pyoxigraph import Literal, NamedNode, Quad

from relations_kg.errors import InputError
from relations_kg.rdf import dates
from relations_kg.rdf.namespaces import RKG, XSD, shorten
from relations_kg.rdf.terms import Statement, Term, value

# The properties whose values are dates of the profile of EDTF.
DATED = (NamedNode(RKG + "when"), NamedNode(RKG + "speaksFrom"))
_XSD_DATE = NamedNode(XSD + "date")
_ONGOING = (NamedNode(RKG + "ongoing"), Literal(True))
BOUNDS = tuple(
    NamedNode(RKG + name) for name in ("earliestStart", "latestStart", "earliestEnd", "latestEnd")
)
# The properties that are calculated from such a date.
CALCULATED = (*BOUNDS, _ONGOING[0])


def own_dates(quad: Quad) -> Iterator[Statement]:
    """Yield the bounds calculated from the thing's own date."""
    subject: Term = quad.subject  # type: ignore[assignment]
    try:
        bounds = _bounds(value(quad.object))
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
