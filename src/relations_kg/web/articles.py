"""The pages that tell what is in the graph, the same on a server and in a static site."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from relations_kg.answers.passages import Passage, passages_of
from relations_kg.answers.portrait import Portrait
from relations_kg.answers.rows import Row, Rows
from relations_kg.errors import UnknownName
from relations_kg.rdf.namespaces import IDENTIFIER, RKG, shorten
from relations_kg.rdf.terms import value
from relations_kg.web import map as map_of_missions
from relations_kg.web import neighbourhood, timeline
from relations_kg.web.display import Display
from relations_kg.web.dress import data_block
from relations_kg.web.scope import Dated, concerning, dated

if TYPE_CHECKING:
    from relations_kg.graph.graph import Graph
    from relations_kg.web.dress import Dress

# More is in the data than a page can show.
_MOST_FACTS, _MOST_JSON = 600, 300_000
_DATES = frozenset(
    RKG + name
    for name in (
        "when",
        "earliestStart",
        "latestStart",
        "earliestEnd",
        "latestEnd",
        "lastKnown",
        "ongoing",
    )
)
# What is asked of a day, in the order of the page, and what stands in the place of the first name.
_ON_A_DAY = {
    "relations-on": "Relations",
    "levels-on": "Level of representation",
    "missions": "Missions",
    "recognitions-on": "Recognition",
    "administrations-on": "Administration of territories",
    "agreements-on": "Agreements",
    "office-holders-on": "Offices",
    "names-on": "Names in use",
}
_CERTAINTIES = ("certain", "last known", "possible")


class Held(NamedTuple):
    """Hold what stood on a day, by how certain that is."""

    title: str
    query: str
    columns: list[str]
    rows: list[tuple[str, Sequence[object]]]


def overview(dress: Dress) -> str:
    """Tell what there is and where to begin."""
    graph, catalogue = dress.graph, dress.catalogue
    first = catalogue.relationships[0].iri if catalogue.relationships else None
    summary = graph.summary()
    return dress.page(
        "overview.html",
        "Relations between states",
        summary=summary,
        things=sum(summary.kinds.values()),
        first=first,
        timeline=first and dress.drawn(timeline.draw, first),
        map=first and dress.drawn(map_of_missions.draw, first),
    )


def index(dress: Dress, words: str = "") -> str:
    """List all things by kind, or those with some words in a name."""
    title = f"Search: {words}" if words else "All things"
    found = dress.catalogue.search(words)[:200] if words else []
    return dress.page("things.html", title, words=words, found=found)


def thing(dress: Dress, iri: str) -> str:
    """Tell all that is known of a thing."""
    graph = dress.graph
    dress.label(iri)  # which says what was meant if there is none
    portrait = Portrait.of(graph, iri)
    facts = [
        fact
        for fact in portrait.facts
        if not (value(fact.statement[0]) == iri and value(fact.statement[1]) in _DATES)
    ]
    claims: dict[str, list[tuple[Row, list[Passage]]]] = {}
    for row in graph.run("claims", subject=f"<{iri}>"):
        found = passages_of(graph.store, [str(row.claim)])
        claims.setdefault(str(row.property), []).append((row, found))
    for accounts in claims.values():  # the preferred one first
        accounts.sort(key=lambda account: not str(account[0].status).endswith("preferred"))
    drawn = not iri.startswith(IDENTIFIER) and facts
    return dress.page(
        "thing.html",
        portrait.label,
        portrait=portrait,
        names=[name for name in map(_name, portrait.labels) if name[0] != portrait.label],
        facts=facts[:_MOST_FACTS],
        left_out=max(0, len(facts) - _MOST_FACTS),
        claims=claims,
        dated=dated(graph, iri),
        is_relationship=any(entry.iri == iri for entry in dress.catalogue.relationships),
        neighbourhood=dress.drawn(neighbourhood.draw, iri) if drawn else "",
        json=_json(dress, iri),
    )


def relationship(dress: Dress, iri: str, kind: str = "") -> str:
    """Show a relationship in time, or what of it is of one kind; with a list of the same."""
    titles = Display.of(dress.graph.store).lanes
    if kind and kind not in titles:
        from relations_kg.rdf.spelling import did_you_mean

        raise UnknownName(f"there is no kind {kind!r}", help=did_you_mean(kind, titles))
    label = dress.label(iri)
    members = lanes(dress.graph, iri)
    title = f"{label}: {titles[kind].lower()}" if kind else f"{label} in time"
    options = {"kinds": [kind]} if kind else {}
    return dress.page(
        "timeline.html",
        title,
        iri=iri,
        label=label,
        kind=kind,
        lanes={name: titles[name] for name in members},
        listed=members if not kind else {kind: members.get(kind, [])},
        picture=dress.drawn(timeline.draw, iri, **options),
    )


def lanes(graph: Graph, iri: str) -> dict[str, list[Dated]]:
    """Sort what concerns a relationship into the lanes of its timeline."""
    display = Display.of(graph.store)
    found: dict[str, list[Dated]] = {}
    for each in concerning(graph, iri):
        found.setdefault(display.lane(each.kinds), []).append(each)
    return {name: found[name] for name in display.lanes if name in found}


def map_page(dress: Dress, iri: str, on: date | None = None) -> str:
    """Show the missions and visits of a relationship on a map, and in tables."""
    graph = dress.graph
    label = dress.label(iri)
    found = [each for each in concerning(graph, iri) if not on or each.certainty(on) != "absent"]
    return dress.page(
        "map.html",
        f"{label} on the map" + (f", {on}" if on else ""),
        iri=iri,
        label=label,
        on=on,
        picture=dress.drawn(map_of_missions.draw, iri, on=on),
        missions=_kept(graph.run("mission-history"), found),
        visits=_kept(graph.run("visits"), found),
    )


def documents(dress: Dress) -> str:
    """List the documents that facts are drawn from."""
    passages = dress.graph.passages()
    listed = []
    for iri in dress.catalogue.documents:
        own = [passage for passage in passages if passage.document == iri]
        covered = sum(1 for passage in own if passage.things)
        listed.append((iri, len(own), covered))
    return dress.page("documents.html", "Sources", documents=listed)


def document(dress: Dress, iri: str) -> str:
    """Show each passage of a document with what was drawn from it."""
    passages = [p for p in dress.graph.passages() if p.document == iri]
    if not passages:
        dress.label(iri)
        raise UnknownName(f"no passage is drawn from {shorten(iri)!r}")
    return dress.page(
        "document.html",
        dress.graph.names.label(iri),
        iri=iri,
        sections=[
            (section, list(members))
            for section, members in groupby(passages, lambda passage: passage.section)
        ],
        passages=passages,
        covered=sum(1 for passage in passages if passage.things),
    )


def days(dress: Dress) -> str:
    """List the days that can be looked at."""
    return dress.page("days.html", "What stood on a day", days=dress.catalogue.days)


def day(dress: Dress, on: date) -> str:
    """Tell what stood on a day, certainly or possibly."""
    catalogue = dress.catalogue
    held = [
        part
        for name, title in _ON_A_DAY.items()
        if (part := _held(dress.graph.run(name, on=on), title, name)).rows
    ]
    first = catalogue.relationships[0].iri if catalogue.relationships else None
    return dress.page(
        "day.html",
        f"What stood on {on.day} {on:%B} {on.year}",
        on=on,
        held=held,
        counts={
            name: sum(1 for part in held for certainty, _ in part.rows if certainty == name)
            for name in _CERTAINTIES
        },
        before=max((known for known in catalogue.days if known < on), default=None),
        after=min((known for known in catalogue.days if known > on), default=None),
        map=first and dress.drawn(map_of_missions.draw, first, on=on),
    )


def _name(label: str) -> tuple[str, str]:
    """Part a label, which is written as in Turtle, from its language."""
    text, _, language = label.rpartition('"')
    return text.removeprefix('"'), language.removeprefix("@")


def _held(rows: Rows, title: str, query: str) -> Held:
    """Order rows by certainty, which is told by how they look and in a word."""
    found: list[tuple[str, Sequence[object]]] = [
        (str(row.certainty), list(row)[:-1]) for row in rows
    ]
    # Relations are told from either side, which on a page is once too often.
    found = list({frozenset(map(str, row)): (word, row) for word, row in reversed(found)}.values())
    found.reverse()
    found.sort(key=lambda pair: _CERTAINTIES.index(pair[0]))
    return Held(title, query, rows.columns[:-1], found)


def _kept(rows: Rows, found: list[Dated]) -> tuple[list[str], list[list[object]]]:
    """Keep the rows about some things."""
    iris = {each.iri for each in found}
    return rows.columns, [list(row) for row in rows if str(row[0]) in iris]


def _json(dress: Dress, iri: str) -> str:
    content = dress.graph.export(format="jsonld", of=f"<{iri}>")
    return data_block(content) if len(content) <= _MOST_JSON else ""
