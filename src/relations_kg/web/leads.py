"""Leads: the sentences at the beginning of a thing's page, and the box of key facts beside them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from relations_kg._files import toml
from relations_kg.answers.passages import Passage
from relations_kg.rdf.spelling import counted
from relations_kg.rdf.terms import Statement, Term, named
from relations_kg.web.sentences import Clause, Part, Sentence, Writer

_RENAMED = "It was called {name} until it was renamed {endedBy@when}."
_MOST_RELATIONS = 3


def lead(writer: Writer, iri: str) -> list[Sentence]:
    """Return a few sentences with certain facts about a thing, or [] if no template fits."""
    kinds = writer.kinds(iri)
    if "Person" in kinds:
        return [*_person(writer, iri), *_described(writer, iri)]
    found = (_first(writer, alternatives, iri) for alternatives in _templates(writer, iri))
    sentences = [sentence for sentence in found if sentence]
    if "Mission" in kinds:
        sentences[1:1] = _seats(writer, iri)
    if "BilateralRelationship" in kinds:
        sentences += _relations(writer, iri, ("^phaseOf",))
    if "Party" in kinds:
        sentences += _relations(writer, iri, ("^firstParty", "^secondParty"))
    for use in named(writer.things(iri, "^nameOf")):
        if sentence := writer.sentence(_RENAMED, use.value):
            sentences.append(sentence)
    return [*sentences, *_described(writer, iri)]


def in_one(writer: Writer, iri: str) -> Sentence | None:
    """Return the sentence for a thing in a list, without a date, or None if no template fits.

    The sentence links to the thing.
    """
    templates = chain.from_iterable(_templates(writer, iri))
    found = (writer.sentence(each, iri, is_dated=False) for each in templates if "{=" in each)
    return next(filter(None, found), None)


def _templates(writer: Writer, iri: str) -> list[list[str]]:
    """Return, for each sentence about a thing, its alternative templates."""
    kinds = writer.kinds(iri)
    table: dict[str, list[list[str]]] = toml("web/templates/leads.toml")
    found = next((each for name, each in table.items() if name in kinds), [])
    if "Mission" in kinds and _moves(writer, iri):
        # The first template gives the seat, but `_seats` gives all seats of a mission that moved.
        return [found[0][1:], *found[1:]]
    return found


def _described(writer: Writer, iri: str) -> Iterator[Sentence]:
    for text in writer.texts(iri, "description"):
        yield Sentence((Clause((Part(text),)),))


def _moves(writer: Writer, iri: str) -> list[tuple[str, Term]]:
    """Return the phases in which a mission had another seat, by date, each with this seat."""
    own = writer.things(iri, "seat")
    every = [each.value for each in named(writer.things(iri, "^phaseOfMission"))]
    seats = ((phase, seat) for phase in every for seat in writer.things(phase, "phaseSeat")[:1])
    return [(phase, seat) for phase, seat in seats if own and seat not in own]


def _seats(writer: Writer, iri: str) -> Iterator[Sentence]:
    """Yield a sentence on the latest seat of a mission that moved, and on those before it."""
    moves = _moves(writer, iri)
    if not moves:
        return
    phase, seat = moves[-1]
    own = writer.things(iri, "seat")[0]
    last, mission = writer.dated(phase), writer.dated(iri)
    over = last.latest_end if last else None
    end = mission.latest_end if mission else None
    former = [each for _, each in moves]
    if over and (not end or over < end):
        current, since = own, ""
    else:
        current, since = seat, writer.when(phase, "start")
        former = [own, *former[:-1]]
    verb = "has had" if writer.is_going_on(iri) else "had"
    dated = f" since {since.removeprefix('on ').removeprefix('in ')}" if since else ""
    parts = [Part(f"It {verb} its seat in "), *writer.name(current), Part(dated)]
    former = [each for each in dict.fromkeys(reversed(former)) if each != current]
    parts += [Part(", and before that in "), *writer.listed(former)]
    yield Sentence((Clause(tuple(parts), writer.cited(phase)[:1]), Clause((Part("."),))))


def _first(writer: Writer, templates: list[str], iri: str) -> Sentence | None:
    return next(filter(None, (writer.sentence(each, iri) for each in templates)), None)


def _relations(writer: Writer, iri: str, paths: tuple[str, ...]) -> Iterator[Sentence]:
    """Yield sentences on the ongoing relations, or on all relations if none is ongoing.

    Relations with the same first sentence share it. Relations beyond the maximum are only counted.
    """
    every = [thing.value for path in paths for thing in named(writer.things(iri, path))]
    every = [thing for thing in every if "BilateralRelations" in writer.kinds(thing)]
    every.sort(key=lambda thing: "DiplomaticRelations" not in writer.kinds(thing))
    ongoing = [thing for thing in every if writer.is_going_on(thing)]
    chosen = ongoing or every
    alike: dict[str, list[str]] = {}
    for thing in chosen[:_MOST_RELATIONS]:
        alike.setdefault(str(next(iter(lead(writer, thing)), "")), []).append(thing)
    for things in alike.values():
        sentences = lead(writer, things[0])[: 1 if ongoing else 2]
        yield from sentences if len(things) == 1 else _in_periods(writer, sentences[0], things)
    if len(chosen) > _MOST_RELATIONS:
        more = f"Further relations listed below: {len(chosen) - _MOST_RELATIONS}."
        yield Sentence((Clause((Part(more),)),))


def _in_periods(writer: Writer, sentence: Sentence, things: list[str]) -> Iterator[Sentence]:
    """Yield the sentence that is true of several relations, with the known time of each."""
    *clauses, end = sentence.clauses
    known = [(thing, words) for thing in things if (words := writer.when(thing))]
    clauses.append(Clause((Part(f" in {counted(len(things), 'period')}"),)))
    for index, (thing, words) in enumerate(known):
        label = writer.graph.names.label(thing)
        before = ": " if not index else "; "
        clauses.append(Clause((Part(before), Part(words, thing, label)), writer.cited(thing)[:1]))
    yield Sentence((*clauses, end))


def _person(writer: Writer, iri: str) -> Iterator[Sentence]:
    """Yield sentences on the known offices of a person, and on visits."""
    held, visited = list[_Act](), list[_Act]()
    for tenure in named(writer.things(iri, "^holder")):
        days = named(writer.things(tenure.value, "attestedBy")) or [tenure]
        held += [_Act(writer, tenure.value, "office", day.value) for day in days]
    for visit in named(writer.things(iri, "^visitor")):
        path = "hostParty" if writer.things(visit.value, "hostParty") else "placeVisited"
        visited.append(_Act(writer, visit.value, path, visit.value))
    yield from _merged(writer, iri, "was", held)
    yield from _merged(writer, iri, "visited", visited)


class _Act:
    """A tenure or a visit: the related things, and its known time."""

    def __init__(self, writer: Writer, iri: str, path: str, event: str) -> None:
        self.facts: list[Statement] = []
        self.others = tuple(writer.things(iri, path, self.facts))
        self.passages = tuple(writer.passages(self.facts))
        self.when = Part(writer.when(event), event, writer.graph.names.label(event))


def _merged(writer: Writer, iri: str, verb: str, acts: list[_Act]) -> Iterator[Sentence]:
    """Yield a sentence for each group of related things with the same times."""
    by_other: dict[Term, dict[str, _Act]] = {}
    for act in acts:
        for other in act.others:
            by_other.setdefault(other, {}).setdefault(act.when.text, act)
    groups: dict[tuple[str, ...], list[Term]] = {}
    for other, times in by_other.items():
        groups.setdefault(tuple(times), []).append(other)
    for others in groups.values():
        subject = (*writer.name(iri, linked=False), Part(f" {verb} "), *writer.listed(others))
        known = list(by_other[others[0]].values())
        known = [act for act in known if act.when.text] or known[:1]
        clauses = [Clause(subject)]
        for index, act in enumerate(known):
            before = " " if not index else " and " if index == len(known) - 1 else ", "
            parts = (Part(before), act.when) if act.when.text else (Part(""),)
            clauses.append(Clause(parts, act.passages))
        yield Sentence.of((*clauses, Clause((Part("."),))))


_MOST = 6
_MISSIONS = {
    "Missions abroad": ("^sendingParty",),
    "Missions accredited here": ("^receivingParty", "^accreditedTo", "^alsoAccreditedTo"),
}


@dataclass(frozen=True)
class Item:
    """A thing with a note on it, and the first passage that it cites, if any."""

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
    """Return the box of key facts about a relationship, a polity or a mission, or [] for others."""
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
