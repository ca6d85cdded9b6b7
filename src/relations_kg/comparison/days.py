"""The day from which a version speaks, and what it knows of things on a day."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import timedelta

from pyoxigraph import NamedNode

from relations_kg.comparison.normalized import NormalizedGraph
from relations_kg.rdf import dates
from relations_kg.rdf.namespaces import RKG
from relations_kg.rdf.terms import Term, value

_WHEN, _KNOWN_ON = NamedNode(RKG + "when"), NamedNode(RKG + "knownOn")
_STATED_IN, _IN_DOCUMENT = NamedNode(RKG + "statedIn"), NamedNode(RKG + "inDocument")
_SPEAKS_FROM = NamedNode(RKG + "speaksFrom")
_BEGUN_BY = NamedNode(RKG + "startedBy"), NamedNode(RKG + "openedBy")
_ENDED_BY = NamedNode(RKG + "endedBy"), NamedNode(RKG + "closedBy")
_EVER, _NEVER = "0000", "9999"


def day_of(graph: NormalizedGraph, thing: Term) -> str:
    """Return the latest day from which a document that states a thing speaks, or an empty text."""
    found = (
        value(day)
        for passage in graph.links(_STATED_IN).get(thing, [])
        for document in graph.links(_IN_DOCUMENT).get(passage, [])
        for day in graph.links(_SPEAKS_FROM).get(document, [])
    )
    return max(found, default="")


def spoken(graph: NormalizedGraph) -> str:
    """Return the latest day from which a document of a version speaks, or an empty text."""
    found = (value(day) for every in graph.links(_SPEAKS_FROM).values() for day in every)
    return max(found, default="")


def first_day(date: str) -> str:
    """Return the first calendar day of a date, or an empty text if it has none."""
    first = dates.parse(date).earliest_start if date else None
    return first.isoformat() if first else ""


def between(before: str, after: str, limits: Iterable[str] = ()) -> str:
    """Return the dates from one day to the eve of another, or to the first of `limits`, as EDTF.

    The later day is left out, since a version is certain about the day from which it speaks. The
    text is empty if the days are not given in this order.
    """
    next = dates.parse(after).earliest_start if after else None
    eve = (next - timedelta(days=1)).isoformat() if next else ""
    if not before or not first_day(before) <= eve:
        return ""
    within = (each for each in limits if is_single(each) and before < each)
    last = min((each for each in within if _latest(each) <= eve), default=eve)
    return f"[{before}..{last}]" if before < last else last


def bounds_of(graph: NormalizedGraph) -> tuple[str, ...]:
    """Return the first dates of what ended and of what began after a version.

    They are the day from which the version speaks and the day after it. The tuple is empty if it
    has no such day.
    """
    day = spoken(graph)
    last = dates.parse(day).latest_end if day else None
    return (day, (last + timedelta(days=1)).isoformat()) if last else ()


def since(before: str, after: str) -> str:
    """Return the dates from the day after one day to another, as EDTF.

    The first day is left out, since a version is certain about the day from which it speaks.

    >>> since("2024-06-30", "2025-06-30")
    '[2024-07-01..2025-06-30]'
    """
    last = dates.parse(before).latest_end
    first = (last + timedelta(days=1)).isoformat() if last else ""
    return f"[{first}..{after}]" if first < first_day(after) else after


def is_single(date: str) -> bool:
    """Return whether a date is a year, a month or a day."""
    return re.fullmatch(r"\d{4}(-\d\d){0,2}", date) is not None


def start_of(graph: NormalizedGraph, thing: Term) -> str:
    """Return the date on which a thing began, or an empty text if none is stated."""
    starts = [value(date).partition("/") for date in graph.links(_WHEN).get(thing, [])]
    found = [*(start for start, slash, _ in starts if slash), *_dates(graph, thing, _BEGUN_BY)]
    return next((date for date in found if date.strip(".")), "")


def end_of(graph: NormalizedGraph, thing: Term) -> str:
    """Return the date on which a thing ended, or an empty text if none is stated."""
    ends = [value(date).rpartition("/") for date in graph.links(_WHEN).get(thing, [])]
    found = [*_dates(graph, thing, _ENDED_BY), *(end for _, slash, end in ends if slash)]
    return next((date for date in found if date.strip(".")), "")


def is_certain(graph: NormalizedGraph, thing: Term, day: str) -> bool:
    """Return whether a thing certainly existed or held on a calendar day."""
    spoken = first_day(day_of(graph, thing))
    known = [value(date) for date in graph.links(_KNOWN_ON).get(thing, [])]
    goes_on = any(value(date).endswith("..") for date in graph.links(_WHEN).get(thing, []))
    goes_on = goes_on and bool(spoken)
    begun = [_latest(start_of(graph, thing)), *known, *([spoken] if goes_on else [])]
    ended = [first_day(end_of(graph, thing)), *known, *([spoken] if goes_on else [])]
    return min(filter(None, begun), default=_NEVER) <= day <= max(ended, default=_EVER)


def may_hold(graph: NormalizedGraph, thing: Term, day: str) -> bool:
    """Return whether the dates of a thing allow that it existed or held on a calendar day."""
    start, end = start_of(graph, thing), end_of(graph, thing)
    return (first_day(start) or _EVER) <= day <= (_latest(end) or _NEVER)


def _dates(graph: NormalizedGraph, thing: Term, properties: Iterable[NamedNode]) -> Iterator[str]:
    for property in properties:
        for event in graph.links(property).get(thing, []):
            yield from map(value, graph.links(_WHEN).get(event, []))


def _latest(date: str) -> str:
    last = dates.parse(date).latest_end if date else None
    return last.isoformat() if last else ""
