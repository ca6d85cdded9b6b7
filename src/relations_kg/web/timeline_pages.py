"""The pages with the timeline of a relationship."""

from __future__ import annotations

from relations_kg.errors import UnknownName
from relations_kg.pictures.timeline import Period, Timeline, kinds_meant, timeline_of
from relations_kg.rdf.days import day_of
from relations_kg.rdf.namespaces import RKG
from relations_kg.rdf.terms import objects
from relations_kg.web.addresses import iri_of
from relations_kg.web.rendering import Renderer

# The classes of things that happened or existed at some time, whether or not the source gives it.
_TIMED = {"Event", "Situation", "Mission", "Agreement"}


def relationship(
    renderer: Renderer, name: str, kind: str = "", since: str = "", until: str = ""
) -> str:
    """Return the page with a relationship's timeline or a lane of it.

    Raises UnknownName for an unknown relationship, and for a `kind` that is not a lane.
    """
    iri = iri_of(name)
    titles = renderer.writer.display.lanes
    if kind and kind not in titles:
        raise UnknownName(f"unknown kind {kind!r}", help=kinds_meant(kind, titles))
    label = renderer.label(iri)
    return renderer.page(
        "timeline.html",
        f"{label}: {titles[kind].lower()}" if kind else f"{label} in time",
        relationship=iri,
        kind=kind,
        lanes=lanes(renderer, iri),
        since=since,
        until=until,
        timeline=timeline(renderer, iri, kind, _period(since, until)),
        undated=[] if kind or since or until else _undated(renderer, iri),
    )


def lanes(renderer: Renderer, iri: str) -> dict[str, str]:
    """Return the titles of the lanes of a relationship's timeline, by name."""
    display = renderer.writer.display
    filled = {display.lane(each.kinds) for each in renderer.writer.concerning(iri)}
    return {name: title for name, title in display.lanes.items() if name in filled}


def timeline(
    renderer: Renderer, iri: str, kind: str = "", period: Period = (None, None)
) -> Timeline:
    """Return the timeline of a relationship, limited to a lane and to a period if given."""
    found, label = renderer.writer.concerning(iri), renderer.graph.names.label(iri)
    kinds = [kind] if kind else None
    return timeline_of(renderer.graph, found, label, kinds=kinds, period=period)


def _period(since: str, until: str) -> Period:
    """Return the period between two years, in either order; a missing year leaves it open."""
    first, last = sorted((since, until)) if since and until else (since, until)
    start = day_of(f"{first}-01-01") if first else None
    return start, day_of(f"{last}-12-31") if last else None


def _undated(renderer: Renderer, iri: str) -> list[str]:
    """Return the IRIs of the things that the timeline of a thing would show if they had dates."""
    writer, label = renderer.writer, renderer.graph.names.label
    found = [
        thing.value
        for thing in writer.concerned(iri)
        if writer.kinds(thing.value) & _TIMED
        and not writer.dated(thing.value)
        # A thing with events, such as an agreement with its signing, has the dates of its events.
        and not objects(renderer.graph.quad_store, thing, RKG + "hasEvent")
    ]
    return sorted(found, key=lambda iri: (label(iri).casefold(), iri))
