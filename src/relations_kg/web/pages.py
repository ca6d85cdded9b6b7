"""The table of the pages that servers and static sites share.

A new page is a template, a function such as those of `thing_pages`, and an entry here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from relations_kg.rdf.namespaces import SOURCE
from relations_kg.release.parts import PARTS
from relations_kg.web import day_pages, period_pages, thing_pages, timeline_pages
from relations_kg.web.addresses import name_of
from relations_kg.web.rendering import Renderer, slug


@dataclass(frozen=True)
class Page:
    """A kind of page: its path with parameters, the function that writes it, and its instances.

    `write` takes a renderer and the parameters in the path; those of the `optional` query
    parameters that a request has are passed by name. `instances` returns the parameters of each
    page of a static site.
    """

    path: str
    write: Callable[..., str]
    instances: Callable[[Renderer], Iterable[tuple[str, ...]]] = lambda _: [()]
    optional: tuple[str, ...] = ()


def _relationships(renderer: Renderer) -> list[tuple[str, ...]]:
    return [(name_of(entry.iri),) for entry in renderer.index.relationships]


def _lanes(renderer: Renderer) -> list[tuple[str, ...]]:
    iris = [entry.iri for entry in renderer.index.relationships]
    lanes = timeline_pages.lanes
    return [(name_of(iri), lane) for iri in iris for lane in lanes(renderer, iri)]


def _documents(renderer: Renderer) -> list[tuple[str, ...]]:
    documents = renderer.index.documents
    return [(iri.removeprefix(SOURCE),) for iri in documents if iri.startswith(SOURCE)]


def _days(renderer: Renderer) -> list[tuple[str, ...]]:
    return [(day.isoformat(),) for day in period_pages.linked_days(renderer)]


PAGES = (
    Page("/", thing_pages.overview),
    Page("/relationships", thing_pages.relationships, optional=("page",)),
    Page("/things", thing_pages.things),
    Page(
        "/things/{name}",
        thing_pages.subject,
        lambda renderer: [(slug(title),) for title in renderer.index.by_subject],
        ("page",),
    ),
    Page(
        "/thing/{name:path}",
        thing_pages.thing,
        lambda renderer: [(name_of(entry.iri),) for entry in renderer.index.entries],
    ),
    Page("/timeline/{name}", timeline_pages.relationship, _relationships, ("since", "until")),
    Page("/timeline/{name}/{kind}", timeline_pages.relationship, _lanes, ("since", "until")),
    Page("/map/", thing_pages.world_map),
    Page("/map/{name}", thing_pages.map_page, _relationships, ("on",)),
    Page("/document/", thing_pages.documents),
    Page("/document/{name}", thing_pages.document, _documents),
    Page("/ontology/{name}", thing_pages.reference_page, lambda _: [(name,) for name in PARTS]),
    Page("/in/{name}", period_pages.period, lambda renderer: zip(period_pages.names(renderer))),
    Page("/day/", day_pages.days),
    Page("/day/{name}", day_pages.day, _days, ("since", "of")),
)
