"""The box of key facts on the page of a relationship, a party or a mission."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from relations_kg.answers.passages import Passage
from relations_kg.rdf.terms import named
from relations_kg.web.sentences import Writer

_MOST = 6
_MISSIONS = {
    "Missions abroad": ("^sendingParty",),
    "Missions accredited here": ("^receivingParty", "^accreditedTo", "^alsoAccreditedTo"),
}


@dataclass(frozen=True)
class Item:
    """A thing with a note on it and the first passages that it cites."""

    iri: str
    note: str
    passages: tuple[Passage, ...]


@dataclass(frozen=True)
class Row:
    """Things under a title; `more` counts the things left out."""

    title: str
    items: tuple[Item, ...]
    more: int


def glance(writer: Writer, iri: str) -> list[Row]:
    """Return the certain facts about a relationship, a party or a mission; [] for other things."""
    kinds = writer.kinds(iri)
    if "BilateralRelationship" in kinds:
        return list(filter(None, _of_relationship(writer, iri)))
    if "Mission" in kinds:
        return list(filter(None, _of_mission(writer, iri)))
    return list(filter(None, _of_party(writer, iri))) if "Polity" in kinds else []


def cited(rows: Iterable[Row]) -> list[Passage]:
    """Return the passages that rows cite, in order."""
    return [passage for row in rows for item in row.items for passage in item.passages]


def _of_relationship(writer: Writer, iri: str) -> Iterator[Row | None]:
    label = writer.graph.names.label
    every = [each.iri for each in writer.concerning(iri)]
    parties = [*_ends(writer, iri, "firstParty"), *_ends(writer, iri, "secondParty")]
    yield _row(writer, "Parties", parties, lambda _: "")
    relations = [each for each in _ends(writer, iri, "^phaseOf") if writer.is_going_on(each)]
    relations = [each for each in relations if "BilateralRelations" in writer.kinds(each)]
    yield _row(writer, "Relations", relations, writer.when)
    by_sender: dict[str, list[str]] = {}
    for each in every:
        if "Mission" in writer.kinds(each) and writer.is_going_on(each):
            for sender in _ends(writer, each, "sendingParty"):
                by_sender.setdefault(sender, []).append(each)
    for sender, missions in sorted(by_sender.items(), key=lambda pair: label(pair[0])):
        title = f"Missions of {''.join(part.text for part in writer.name(sender))}"
        yield _row(writer, title, missions, lambda each: _seat(writer, each))
    acts = [
        agreement
        for each in every
        for path in ("^signedAt", "^enteredIntoForceAt")
        for agreement in _ends(writer, each, path)
    ]
    yield _row(writer, "Agreements", acts, lambda each: _force(writer, each))
    yield _last(writer, "Latest visit", every)


def _of_party(writer: Writer, iri: str) -> Iterator[Row | None]:
    for title, paths in _MISSIONS.items():
        every = (each for path in paths for each in _ends(writer, iri, path))
        missions = [each for each in every if writer.is_going_on(each)]
        yield _row(writer, title, missions, lambda each: _seat(writer, each))
    memberships = [each for each in _ends(writer, iri, "^member") if writer.is_going_on(each)]
    organizations = [each for one in memberships for each in _ends(writer, one, "membershipIn")]
    yield _row(writer, "Member of", organizations, lambda _: "")
    yield _last(writer, "Latest visit abroad", _ends(writer, iri, "^visitingParty"))
    yield _last(writer, "Latest visit received", _ends(writer, iri, "^hostParty"))


def _of_mission(writer: Writer, iri: str) -> Iterator[Row | None]:
    tenures = _ends(writer, iri, "^headOf/^office")
    present = [each for each in tenures if writer.is_going_on(each)]
    earlier = [each for each in reversed(tenures) if each not in present]
    for title, every in (("Head", present), ("Earlier heads", earlier)):
        held = {
            holder: writer.when(each) for each in every for holder in _ends(writer, each, "holder")
        }
        yield _row(writer, title, held, held.__getitem__)


def _row(writer: Writer, title: str, iris: Iterable[str], note: Callable[[str], str]) -> Row | None:
    every = list(dict.fromkeys(iris))
    items = tuple(Item(each, note(each), writer.cited(each)[:1]) for each in every[:_MOST])
    return Row(title, items, len(every) - len(items)) if items else None


def _last(writer: Writer, title: str, iris: Iterable[str]) -> Row | None:
    visits = [each for each in iris if "Visit" in writer.kinds(each) and writer.when(each)]
    return _row(writer, title, visits[-1:], writer.when)


def _ends(writer: Writer, iri: str, path: str) -> list[str]:
    return [each.value for each in named(writer.things(iri, path))]


def _seat(writer: Writer, mission: str) -> str:
    places = _ends(writer, mission, "seat")
    label = writer.graph.names.label(places[0]) if places else ""
    return f"in {label}" if label and label not in writer.graph.names.label(mission) else ""


def _force(writer: Writer, agreement: str) -> str:
    for path, words in (("enteredIntoForceAt", "entered into force"), ("signedAt", "signed")):
        for event in _ends(writer, agreement, path):
            if when := writer.when(event):
                return f"{words} {when}"
    return ""
