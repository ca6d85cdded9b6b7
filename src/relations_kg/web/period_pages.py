"""The pages about what happened in a period, such as a month, a year or a decade."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import chain, islice

from pyoxigraph import Literal, NamedNode

from relations_kg.errors import InputError
from relations_kg.pictures.related_events import Dated, by_day
from relations_kg.rdf.date_words import as_adverb, between_in_words
from relations_kg.rdf.days import days_of
from relations_kg.rdf.namespaces import CODE, RKG, XSD
from relations_kg.rdf.terms import objects, value
from relations_kg.web.profiles import listed, passages_in
from relations_kg.web.rendering import Renderer

_DAY = timedelta(days=1)
# The maximum length of a period, which is a century.
_MOST_DAYS = 36_525
# If there are more days of known beginnings and ends than this, a static site has no page for each.
_MOST_STATIC_DAYS = 500
# The maximum number of things, and of days, that a page shows.
_MOST = 200
_TIMED = {"Event", "Situation", "Mission"}
_LASTING = {"Situation", "Mission"}
_BOUNDS = [
    NamedNode(RKG + name) for name in ("earliestStart", "latestStart", "earliestEnd", "latestEnd")
]
# The fulfilments of acts that have not happened, or are only said to have happened.
_UNREAL = {CODE + name for name in ("alleged", "foreseen", "not-carried-out", "pending")}


def period(renderer: Renderer, name: str) -> str:
    """Return the page about a period, which a date in EDTF or in words means.

    Raises InputError for any other text, and for a period longer than a century.
    """
    first, last = days_of(name)
    if not (first and last):
        help = "write a year, a month or a decade: 1971, 1971-11, 1970s"
        raise InputError(f"{name!r} is not a period", help=help)
    if (last - first).days >= _MOST_DAYS:
        raise InputError(f"{name!r} is longer than a century", help="write a shorter period")
    found = list(islice(_found(renderer, first, last), _MOST + 1))
    groups: dict[str, list[Dated]] = {"Events": [], "What began": [], "What ended": []}
    possible: list[Dated] = []
    for each in sorted(found[:_MOST], key=by_day):
        started = _is_within(each.earliest_start, each.latest_start, first, last)
        ended = _is_within(each.earliest_end, each.latest_end, first, last)
        if not each.kinds & _LASTING:
            (groups["Events"] if started and ended else possible).append(each)
            continue
        if started:
            groups["What began"].append(each)
        if ended:
            groups["What ended"].append(each)
        if not (started or ended):
            possible.append(each)
    sections = {
        title: [listed(renderer.writer, each) for each in members]
        for title, members in {**groups, "Possible": possible}.items()
        if members
    }
    when = between_in_words(first, last)
    known = renderer.index.known_years
    name = name_of(first, last)
    is_year = (first, last) == (date(first.year, 1, 1), date(first.year, 12, 31))
    is_decade = name == _decade_of(first.year)
    alike = _years(renderer) if is_year else [*renderer.index.decades] if is_decade else []
    place = sum(_number(each) < _number(name) for each in alike)
    return renderer.page(
        "period.html",
        f"What happened {as_adverb(when)}",
        sections=sections,
        is_part=len(found) > _MOST,
        passages=passages_in(sections.values()),
        before=alike[place - 1] if place else None,
        after=next((each for each in alike[place:] if each != name), None),
        decade=_decade_of(first.year) if is_year else "",
        years=[year for year in known if not is_year and first.year <= year <= last.year],
        days=[day for day in _linked(renderer) if first <= day <= last][:_MOST],
        since=first,
        until=last,
    )


def names(renderer: Renderer) -> list[str]:
    """Return the names of the years and decades that pages link to."""
    return [*_years(renderer), *renderer.index.decades]


def _years(renderer: Renderer) -> list[str]:
    return [*map(str, renderer.index.known_years)]


def _number(name: str) -> int:
    return int(name.rstrip("X"))


def name_of(first: date, last: date) -> str:
    """Return the name of a period in the address of its page.

    >>> name_of(date(1970, 1, 1), date(1979, 12, 31))
    '197X'
    """
    short = (str(first.year), _decade_of(first.year), f"{first:%Y-%m}")
    return next((name for name in short if days_of(name) == (first, last)), f"{first} to {last}")


def _decade_of(year: int) -> str:
    return f"{year // 10}X"


def linked_days(renderer: Renderer) -> list[date]:
    """Return the days that pages link to.

    These are the days of known beginnings and ends and the first day of each decade or, in a static
    site with many such days, only the first day of each year.
    """
    index = renderer.index
    is_all = renderer.addresses.live or len(index.exact_days) <= _MOST_STATIC_DAYS
    return index.days if is_all else index.years


def _linked(renderer: Renderer) -> list[date]:
    """Return the days of known beginnings and ends that have pages."""
    return sorted({*linked_days(renderer)}.intersection(renderer.index.exact_days))


def _found(renderer: Renderer, first: date, last: date) -> Iterator[Dated]:
    """Yield what certainly or possibly happened, began or ended in a period.

    Things are in the order of their first bound in the period; those that only have bounds after
    the period come last.
    """
    store, writer = renderer.graph.quad_store, renderer.writer
    days = (first + _DAY * count for count in range((last - first).days + 1))
    on = ((bound, day) for day in days for bound in _BOUNDS)
    # If the period is within the year or decade that dates an event, the event's latest start is
    # the last day of this year or decade.
    later = ((_BOUNDS[1], date(each, 12, 31)) for each in (first.year, first.year // 10 * 10 + 9))
    seen: set[str] = set()
    for iri in (iri for bound in chain(on, later) for iri in _on(renderer, *bound)):
        if iri in seen:
            continue
        seen.add(iri)
        each = writer.dated(iri) if writer.kinds(iri) & _TIMED else None
        became = objects(store, NamedNode(iri), RKG + "fulfilment")
        if each and _UNREAL.isdisjoint(map(value, became)) and _overlaps(each, first, last):
            yield each


def _on(renderer: Renderer, bound: NamedNode, day: date) -> Iterable[str]:
    text = Literal(day.isoformat(), datatype=NamedNode(XSD + "date"))
    find = renderer.graph.quad_store.quads_for_pattern
    return (value(quad.subject) for quad in find(None, bound, text))


def _is_within(earliest: date | None, latest: date | None, first: date, last: date) -> bool:
    """Return whether a beginning or an end is certainly in a period."""
    return bool(earliest and latest) and first <= earliest and latest <= last  # type: ignore[operator]


def _overlaps(each: Dated, first: date, last: date) -> bool:
    """Return whether the beginning or the end of a thing can be in a period."""
    bounds = ((each.earliest_start, each.latest_start), (each.earliest_end, each.latest_end))
    return any(
        (early or late) and (early or late) <= last and (late or early) >= first  # type: ignore[operator]
        for early, late in bounds
    )
