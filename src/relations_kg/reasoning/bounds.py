"""The bounds of things: days from EDTF dates or by rules, and limits of amounts and times."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from itertools import chain

from pyoxigraph import Literal, NamedNode, Quad

from relations_kg.errors import InputError
from relations_kg.rdf import amounts, dates, durations
from relations_kg.rdf.namespaces import RKG, XSD, shorten
from relations_kg.rdf.terms import Statement, Term, value
from relations_kg.reasoning.closure import Closure
from relations_kg.reasoning.rules import Derivation, Rule

# The properties whose values are dates in the project's profile of EDTF.
DATED = (NamedNode(RKG + "when"), NamedNode(RKG + "speaksFrom"))
AMOUNT = NamedNode(RKG + "amount")
_XSD_DECIMAL = NamedNode(XSD + "decimal")
# Other numeric datatypes are reported when facts are checked.
_NUMBERS = {XSD + name for name in ("decimal", "integer", "double", "float")}
_XSD_DATE = NamedNode(XSD + "date")
_ONGOING = (NamedNode(RKG + "ongoing"), Literal(True))
BOUNDS = tuple(
    NamedNode(RKG + name) for name in ("earliestStart", "latestStart", "earliestEnd", "latestEnd")
)
# The properties of an amount: its least and greatest number, and the total of which it is a part.
LIMITS = tuple(NamedNode(RKG + name) for name in ("atLeast", "atMost", "outOf"))
DURATION, LAG = NamedNode(RKG + "duration"), NamedNode(RKG + "lag")
# The properties of a lag: the thing at whose end it begins, and the thing at whose end it stops.
LAG_FROM, LAG_TO_END_OF = NamedNode(RKG + "lagFrom"), NamedNode(RKG + "lagToEndOf")
# The properties of a duration and of a lag: the shortest and the longest time.
SPANS = tuple(NamedNode(RKG + name) for name in ("durationAtLeast", "durationAtMost"))
LAGS = tuple(NamedNode(RKG + name) for name in ("lagAtLeast", "lagAtMost"))
# The bounds and durations that rules may derive, each with the calculated values that override it.
# A thing's own date overrides a derived duration even if the date does not limit the duration.
DEFAULTS = {
    **{bound: (bound,) for bound in BOUNDS},
    **dict.fromkeys(SPANS, (*BOUNDS, *SPANS)),
}
# The properties that are calculated from a date, an amount, a duration and a lag.
CALCULATED = {
    **dict.fromkeys(DATED, (*BOUNDS, _ONGOING[0])),
    AMOUNT: LIMITS,
    DURATION: SPANS,
    LAG: LAGS,
}
_DATE = Rule(
    "date",
    (("x", DATED[0], "date"),),
    ("x", BOUNDS[0], "day"),
    "The first and last possible days of a start and an end are calculated from a date in EDTF.",
)
_AMOUNT = Rule(
    "amount",
    (("x", AMOUNT, "amount"),),
    ("x", LIMITS[0], "number"),
    "The least and the greatest possible number, and the total that it is part of, are calculated "
    "from an amount.",
)
_SPAN = Rule(
    "duration",
    (("x", DURATION, "duration"),),
    ("x", SPANS[0], "time"),
    "The shortest and the longest time from the first to the last day are calculated from a "
    "duration. In days, hours, minutes and seconds it is exact; otherwise it may be off by one "
    "unit of its last part.",
)
_LAG = Rule(
    "lag",
    (("x", LAG, "lag"),),
    ("x", LAGS[0], "time"),
    "The shortest and the longest time since the last day of the earlier thing are calculated from "
    "a lag. In days, hours, minutes and seconds it is exact; otherwise it may be off by one unit "
    "of its last part.",
)
# The rule that calculates each property.
CALCULATIONS: dict[Term, Rule] = {
    **dict.fromkeys((*BOUNDS, _ONGOING[0]), _DATE),
    **dict.fromkeys(LIMITS, _AMOUNT),
    **dict.fromkeys(SPANS, _SPAN),
    **dict.fromkeys(LAGS, _LAG),
}
LAST_KNOWN = NamedNode(RKG + "lastKnown")
WITHIN_RELATIONS = NamedNode(RKG + "withinRelations")
WITHIN = Rule(
    "within-relations",
    (("x", WITHIN_RELATIONS, "relations"),),
    ("x", BOUNDS[0], "day"),
    "A mission that lies within relations begins no earlier and ends no later than all of them.",
)
# If rules infer several days for a bound, the tightest is used; for lastKnown, the latest.
CLOSEST: dict[Term, Callable[..., Term]] = dict(zip(BOUNDS, (max, min, max, min), strict=True))
CLOSEST[LAST_KNOWN] = max
# A mission may lie within several relations, so its bounds have to cover all of them.
WIDEST: dict[Term, Callable[..., Term]] = {BOUNDS[0]: min, BOUNDS[3]: max}


class Bounds:
    """The bounds of the things of a closure."""

    def __init__(self, closure: Closure) -> None:
        self._closure = closure
        # Bound → thing → day, within `at_hand`: all days of the bounds that are not in WIDEST.
        self._days: dict[Term, dict[Term, Term]] = {}

    @contextmanager
    def at_hand(self) -> Iterator[None]:
        """Look up bounds in memory within a `with` block, in which no fact may change.

        Bounds in WIDEST are still looked up in the closure, since relations can give them.
        """
        for bound in CLOSEST.keys() - WIDEST.keys():
            pairs = self._closure.pairs(bound)
            days = dict(pairs)
            for thing in {thing for thing, day in pairs if days[thing] is not day}:
                if (closest := self.of(thing, bound)) is not None:
                    days[thing] = closest
            self._days[bound] = days
        try:
            yield
        finally:
            self._days.clear()

    def of(self, thing: Term, bound: Term) -> Term | None:
        """Return a bound of a thing, own, inferred or from its relations; None if it is unknown."""
        if (known := self._days.get(bound)) is not None:
            return known.get(thing)
        days, is_own = self._closure.values(thing, bound)
        return _chosen(min if is_own else CLOSEST[bound], days) or self.widest(thing, bound)

    def own(self, thing: Term, bound: Term) -> Term | None:
        """Return a bound that is calculated from the thing's own date, or None.

        If a thing has several dates, which is a mistake, the earliest bound is returned.
        """
        days, is_own = self._closure.values(thing, bound)
        return _chosen(min, days) if is_own else None

    def followed(self, thing: Term, bound: Term) -> Term | None:
        """Return a bound that rules or relations give; None if the thing's own date gives it.

        It is also None if nothing gives the bound.
        """
        return self._closest(thing, bound) or self.widest(thing, bound)

    def every(self) -> Iterator[Statement]:
        """Yield the bounds of all things, except those that are calculated from their own dates."""
        things = ((s, bound) for bound in CLOSEST for s, _ in self._closure.derived(bound))
        missions = (mission for mission, _ in self._closure.pairs(WITHIN_RELATIONS))
        widest = ((mission, bound) for mission in missions for bound in WIDEST)
        for thing, bound in dict.fromkeys(chain(things, widest)):
            if day := self.followed(thing, bound):
                yield thing, bound, day

    def widest(self, mission: Term, bound: Term) -> Term | None:
        """Return the earliest start, or the latest end, of the relations that a mission is part of.

        Returns None if the bound is neither of these, if the mission's own date gives it, or if the
        mission lies within no relations. It is also None if this bound of one of the relations is
        unknown, or if the mission is known to have existed outside the relations.
        """
        if bound not in WIDEST or self.own(mission, bound):
            return None
        days = [
            self.of_relations(relations, bound)
            for relations in self._closure.objects(mission, WITHIN_RELATIONS)
        ]
        if not days or None in days:
            return None
        day: Term = WIDEST[bound](days, key=value)
        facing = (BOUNDS[1], BOUNDS[3]) if bound == BOUNDS[0] else (BOUNDS[0], BOUNDS[2])
        known = [self.of_relations(mission, each) for each in facing]
        crossed = [each for each in known if each and WIDEST[bound]((each, day), key=value) != day]
        return None if crossed else day

    def of_relations(self, relations: Term, bound: Term) -> Term | None:
        """Return a bound of relations, or of a mission regardless of its relations, or None."""
        days, is_own = self._closure.values(relations, bound)
        return _chosen(min if is_own else CLOSEST[bound], days)

    def within_relations(self, fact: Statement) -> list[Derivation]:
        """Return the derivation of a mission's bound from those of its relations, if any."""
        mission, bound, day = fact
        if bound not in WIDEST or day != self.widest(mission, bound):
            return []
        premises: list[Statement] = []
        for relations in sorted(self._closure.objects(mission, WITHIN_RELATIONS), key=str):
            premises.append((mission, WITHIN_RELATIONS, relations))
            if (known := self.of_relations(relations, bound)) is not None:
                premises.append((relations, bound, known))
        return [Derivation(WITHIN, tuple(premises))]

    def _closest(self, thing: Term, bound: Term) -> Term | None:
        days, is_own = self._closure.values(thing, bound)
        return None if is_own else _chosen(CLOSEST[bound], days)


def _chosen(choose: Callable[..., Term], days: list[Term]) -> Term | None:
    return days[0] if len(days) == 1 else choose(days, key=value) if days else None


def own_bounds(quad: Quad) -> Iterator[Statement]:
    """Yield the bounds calculated from a date, an amount, a duration or a lag of a thing.

    Raises InputError if the value is invalid.
    """
    subject: Term = quad.subject  # type: ignore[assignment]
    try:
        bounds = _calculated(quad)
    except InputError as error:
        where = shorten(value(quad.subject))
        raise InputError(error.message, where=where, help=error.help) from None
    for bound in bounds:
        yield subject, *bound


def is_calculated(quad: Quad, bound: Statement) -> bool:
    """Return whether a bound is calculated from the value in a quad."""
    try:
        return bound in own_bounds(quad)
    except InputError:  # A fact that is being checked may have an invalid value.
        return False


def _calculated(quad: Quad) -> Iterable[tuple[NamedNode, Literal]]:
    text = value(quad.object)
    if quad.predicate == AMOUNT:
        return _limits(quad.object)  # type: ignore[arg-type]
    if quad.predicate in (DURATION, LAG):
        lasts = quad.predicate == DURATION
        span = durations.from_first_to_last(text) if lasts else durations.between_days(text)
        known = zip(SPANS if lasts else LAGS, span, strict=True)
        return [(predicate, Literal(time)) for predicate, time in known if time is not None]
    return _days(quad)


def _days(quad: Quad) -> tuple[tuple[NamedNode, Literal], ...]:
    text = value(quad.object)
    # The date of a source gets no margin: with a margin, too many answers would be certain.
    return _bounds(text.rstrip("~?%") if quad.predicate == DATED[1] else text)


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


def _limits(amount: Term) -> list[tuple[NamedNode, Literal]]:
    """Return the properties and values of an amount."""
    text = value(amount)
    if isinstance(amount, Literal) and amount.datatype.value in _NUMBERS:
        number = amounts.number(text)
        limits = amounts.Amount(number, number, None)
    else:
        limits = amounts.parse(text)
    return [
        (predicate, Literal(amounts.written(limit), datatype=_XSD_DECIMAL))
        for predicate, limit in zip(LIMITS, limits, strict=True)
        if limit is not None
    ]
