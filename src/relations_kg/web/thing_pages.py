"""The pages about the contents of the graph, which servers and static sites share.

A function for a page takes a renderer and the parameters in the path of the page, and returns HTML.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import groupby
from numbers import Number

from pyoxigraph import NamedNode

from relations_kg.answers.day import snapshot
from relations_kg.answers.description import Description
from relations_kg.answers.passages import Passage, passages_of
from relations_kg.answers.rows import Row
from relations_kg.errors import UnknownName
from relations_kg.export.export import own_facts
from relations_kg.pictures.mission_map import MissionMap, is_on_map, map_of
from relations_kg.pictures.neighbourhood import neighbourhood
from relations_kg.pictures.related_events import (
    BOUNDS,
    Dated,
    Snapshot,
    by_day,
    existing,
    in_order,
)
from relations_kg.rdf.date_words import as_adverb, between_in_words
from relations_kg.rdf.days import asked_days, day_of
from relations_kg.rdf.namespaces import IDENTIFIER, RKG, SOURCE, STATED, shorten
from relations_kg.rdf.spelling import counted, did_you_mean
from relations_kg.rdf.terms import value
from relations_kg.web import leads, linked_warnings, menu, period_pages
from relations_kg.web.addresses import iri_of
from relations_kg.web.leads import lead
from relations_kg.web.paging import Paged, number_of
from relations_kg.web.problems import Problem
from relations_kg.web.profiles import Entry, Profile, data_block, listed, passages_in
from relations_kg.web.rendering import Renderer, slug
from relations_kg.web.sentences import cited
from relations_kg.web.timeline_pages import timeline

# The maximum numbers of facts on the page of a thing, and of results of a search.
_MOST_FACTS = _MOST_FOUND = 200
# A longer name is not repeated in each row of its page.
_SHORT = 25
# The maximum numbers of things of a subject on the page of all subjects, and on its own page.
_FIRST_OF_A_SUBJECT, _ON_A_PAGE = 24, 200
# A map is drawn twice, for wide and for narrow screens; the style sheet shows one of them.
_WIDTHS = (960, 340)
_DATES = {RKG + name for name in ("when", "ongoing", "reachStart", "reachEnd", *BOUNDS)}
# The maximum number of relationships on the home page and on one map.
_MOST_RELATIONSHIPS = 5
# The maximum number of missions on the map of all missions.
_MOST_MISSIONS = 1_000
# The properties that the lead (the first sentences) of a page states.
_IN_LEADS = {RKG + name for name in ("description", "firstParty", "secondParty", "partyLabel")}
# The classes whose things the home page counts, each with its noun.
_COUNTED = (("Mission", "mission"), ("Visit", "visit"), ("Signing", "signed agreement"))


def overview(renderer: Renderer) -> str:
    """Return the home page."""
    index = renderer.index
    first = index.relationships[0].iri if index.relationships else None
    shown = largest(renderer)
    drawn, mapped = _maps_of(renderer, shown)
    return renderer.page(
        "overview.html",
        index.title or "Relations between states",
        first=first,
        questions=len(renderer.graph.queries),
        timeline=timeline(renderer, first) if first else None,
        relationships=index.relationships[:_MOST_RELATIONSHIPS],
        about={iri: _about_relationship(renderer, iri) for iri in shown},
        maps=drawn,
        mapped=mapped,
    )


def relationships(renderer: Renderer, page: str = "") -> str:
    """Return a page of the list of all relationships, sorted by the number of facts."""
    size = _ON_A_PAGE if renderer.addresses.live else None
    paged = Paged.of(renderer.index.relationships, number_of(page), size)
    return renderer.page("subject.html", "Relationships", name="", paged=paged)


def things(renderer: Renderer, words: str | None = None, problem: Problem | None = None) -> str:
    """Return the page that lists the first things of each subject, or the results of a search."""
    if words is None or problem:
        subjects = {
            slug(title): (title, Paged.of(members, 1, _FIRST_OF_A_SUBJECT))
            for title, members in renderer.index.by_subject.items()
        }
        return renderer.page(
            "things.html", "All things", words=words or "", problem=problem, subjects=subjects
        )
    found = renderer.graph.search(words, limit=_MOST_FOUND)
    return renderer.page(
        "things.html",
        f"Search: {words}",
        words=words,
        found=found,
        linked=lambda text: linked_warnings.linked_warning(renderer, text),
        days=_about_days(renderer, words),
        problem=None,
        sources=SOURCE,
    )


def _about_days(renderer: Renderer, words: str) -> tuple[str, str] | None:
    """Return the address of the page about the period that words mean, and the period in words.

    Returns None if the words mean no period.
    """
    if not (days := asked_days(words)):
        return None
    first, last = days
    path = ("day", first.isoformat()) if first == last else ("in", period_pages.name_of(*days))
    return renderer.addresses.page(*path), as_adverb(between_in_words(first, last))


def subject(renderer: Renderer, name: str, page: str = "") -> str:
    """Return a page of the list of a subject's things; raise UnknownName for an unknown subject."""
    titles = {slug(title): title for title in renderer.index.by_subject}
    if name not in titles:
        raise UnknownName(f"{name!r} is not a subject", help=did_you_mean(name, titles))
    members = renderer.index.by_subject[titles[name]]
    size = _ON_A_PAGE if renderer.addresses.live else None
    paged = Paged.of(members, number_of(page), size)
    return renderer.page("subject.html", titles[name], name=name, paged=paged)


def thing(renderer: Renderer, name: str) -> str:
    """Return the page of a thing; raise UnknownName for an unknown one."""
    graph, iri = renderer.graph, iri_of(name)
    renderer.label(iri)  # this raises UnknownName for an unknown thing
    description = Description.of(graph, iri, _MOST_FACTS)
    own_dates = {
        fact
        for fact in description.facts
        if value(fact.statement[0]) == iri and value(fact.statement[1]) in _DATES
    }
    sentences = lead(renderer.writer, iri)
    stated = {fact for sentence in sentences for each in sentence.clauses for fact in each.facts}
    facts = [
        fact
        for fact in description.facts
        if fact not in own_dates
        and not (
            value(fact.statement[0]) == iri
            and (value(fact.statement[1]) in _IN_LEADS or fact.statement in stated)
        )
    ]
    claims: dict[str, list[tuple[Row, list[Passage]]]] = {}
    for row in graph.run("claims", subject=f"<{iri}>"):
        found = passages_of(graph.quad_store, [str(row.claim)])
        claims.setdefault(str(row.property), []).append((row, found))
    # The preferred account comes first.
    for accounts in claims.values():
        accounts.sort(key=lambda account: not str(account[0].status).endswith("preferred"))
    shown_claims = {str(row.claim) for accounts in claims.values() for row, _ in accounts}
    label, kind = description.label, renderer.writer.kind(iri) or " · ".join(description.kinds)
    is_relationship = "BilateralRelationship" in renderer.writer.kinds(iri)
    others = renderer.writer.concerning(iri)[:_MOST_FACTS] if is_relationship else ()
    profile = Profile.of(renderer.writer, description, facts, others)
    # If the thing has too many facts, a picture would show only a small part of its neighbourhood.
    has_neighbours = not iri.startswith(IDENTIFIER) and facts and not description.left_out
    box = leads.glance(renderer.writer, iri)
    passages = [*cited(sentences), *leads.cited(box)]
    return renderer.page(
        "thing.html",
        description.label,
        description=description,
        names=[name for name in map(_name, description.labels) if name[0] != description.label],
        profile=profile,
        editorial=[each for each in profile.editorial if value(each.other) not in shown_claims],
        short_name=label if len(label) <= _SHORT else f"this {kind}",
        lead=sentences,
        dates_in_lead={part.text for sentence in sentences for part in sentence.parts},
        glance=box,
        kind=kind,
        is_relationship=is_relationship,
        passages=list(dict.fromkeys((*passages, *profile.passages, *description.passages))),
        claims=claims,
        dated=renderer.writer.dated(iri),
        disputed=next((fact.disputed for fact in own_dates if fact.disputed), ()),
        relationship=renderer.index.relationship_of(iri),
        neighbourhood=neighbourhood(graph, iri) if has_neighbours else None,
        json=data_block(own_facts(graph.quad_store, NamedNode(iri))),
    )


def map_page(renderer: Renderer, name: str, on: str = "") -> str:
    """Return the page with the missions and visits of a relationship, on a map and in lists."""
    graph, iri = renderer.graph, iri_of(name)
    day = day_of(on) if on else None
    label = renderer.label(iri)
    situation = snapshot(graph, day) if day else None
    display, sections = renderer.writer.display, dict[str, list[Entry]]()
    found = renderer.writer.concerning(iri)
    for each in existing(found, situation) if situation else found:
        if is_on_map(display, each):
            entry = listed(renderer.writer, each)
            sections.setdefault(display.lanes[display.lane(each.kinds)], []).append(entry)
    shown = f", {between_in_words(day, day)}" if day else ""
    return renderer.page(
        "map.html",
        f"{label} on the map{shown}",
        relationship=iri,
        on=day,
        maps=maps(renderer, [iri], situation),
        sections=sections,
        passages=passages_in(sections.values()),
    )


def world_map(renderer: Renderer) -> str:
    """Return the page with a map of all missions, or of the first thousand."""
    graph, every = renderer.graph, renderer.index.missions
    found = in_order(graph, every[:_MOST_MISSIONS])
    title = "Map of missions"
    return renderer.page(
        "maps.html",
        title,
        maps=[map_of(graph, found, title, width=width) for width in _WIDTHS] if found else [],
        shown=len(found),
        missions=len(every),
        relationships=renderer.index.relationships[:_ON_A_PAGE],
    )


def documents(renderer: Renderer) -> str:
    """Return the page that lists the source documents."""
    return renderer.page("documents.html", "Sources", passages=renderer.graph.passages())


def document(renderer: Renderer, name: str) -> str:
    """Return the page of a document: its passages, each with the things that cite it.

    Raises UnknownName for an unknown document, and for a thing without passages.
    """
    iri = SOURCE + name
    passages = [p for p in renderer.graph.passages() if p.document == iri]
    if not passages:
        renderer.label(iri)  # this raises UnknownName for an unknown thing
        help = f"{renderer.addresses.page('document', '')} lists the documents with passages"
        raise UnknownName(f"{shorten(iri)!r} has no passage", help=help)
    return renderer.page(
        "document.html",
        renderer.graph.names.label(iri),
        sections=[
            (section, list(members))
            for section, members in groupby(passages, lambda passage: passage.section)
        ],
        passages=passages,
        relationship=renderer.index.relationship_of(iri),
    )


def dataset_page(renderer: Renderer) -> str:
    """Return the page about the data as a whole, with its downloads."""
    summary = renderer.graph.summary()
    return renderer.page("dataset.html", "The data", summary=summary, stated=STATED)


def reference_page(renderer: Renderer, name: str = "") -> str:
    """Return the index of the ontology, or the page of a part of it."""
    to = renderer.addresses
    return renderer.index.reference.page(
        name,
        suffix="" if to.live else ".html",
        query_at=lambda query: to.page("q", query),
        stylesheet=to.file("ontology.css"),
        script=to.file("static/entries.js"),
        around=[
            ("relations-kg", to.page("")),
            *((link.title, link.address) for link in menu.links(to, renderer.index)),
        ],
        search=to.page("search") if to.live else "",
    )


def maps(
    renderer: Renderer, relationships: Iterable[str], on: Snapshot | None = None
) -> list[MissionMap]:
    """Return the map of relationships, for wide and for narrow screens."""
    return _maps_of(renderer, relationships, on)[0]


def largest(renderer: Renderer) -> list[str]:
    """Return the IRIs of the largest relationships."""
    return [entry.iri for entry in renderer.index.relationships[:_MOST_RELATIONSHIPS]]


def _maps_of(
    renderer: Renderer, relationships: Iterable[str], on: Snapshot | None = None
) -> tuple[list[MissionMap], list[str]]:
    """Return a map of relationships, drawn in each width, and the relationships in its title.

    The title leaves out a relationship if earlier ones include all of its missions and visits.
    """
    graph = renderer.graph
    display = renderer.writer.display
    shown: dict[str, Dated] = {}
    needed: list[str] = []
    for relationship in relationships:
        members = renderer.writer.concerning(relationship)
        own = {each.iri: each for each in (existing(members, on) if on else members)}
        if not needed or any(is_on_map(display, own[iri]) for iri in own.keys() - shown):
            needed.append(relationship)
            shown |= own
    if not needed:
        return [], []
    title = f"Map of missions and visits: {', '.join(map(graph.names.label, needed))}"
    title += f" on {on.day}" if on else ""
    things = sorted(shown.values(), key=by_day)
    return [map_of(graph, things, title, width=width) for width in _WIDTHS], needed


def _name(label: str) -> tuple[str, str]:
    """Return the text and the language of a label in Turtle notation."""
    text, _, language = label.rpartition('"')
    return text.removeprefix('"'), language.removeprefix("@")


def _about_relationship(renderer: Renderer, iri: str) -> str:
    """Return a description of a relationship: how its parties are related, and its contents."""
    # The first sentence only names the parties, so it is left out if other sentences follow.
    every = lead(renderer.writer, iri)
    sentences = map(str, every[1:] or every)
    found = renderer.writer.concerning(iri)
    numbers = Counter(kind for each in found for kind in each.kinds)
    known = [counted(numbers[kind], word) for kind, word in _COUNTED if numbers[kind]]
    return " ".join([*sentences, *([f"{', '.join(known)}."] if known else [])])


def columns_with_values(
    columns: Iterable[str], rows: Sequence[Row], without: str = ""
) -> list[str]:
    """Return the columns with a value in at least one row, except the column `without`."""
    return [
        each
        for each in columns
        if each != without and any(isinstance(row[each], Number) or row[each] for row in rows)
    ]
