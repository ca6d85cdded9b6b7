"""Tests of answers about a day, against an independent calculation from the EDTF literals.

The calculation does not apply rules: for each bound that a thing's own date does not give, it looks
up all bounds of other things that imply it, and takes the closest.
"""

import calendar
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache, cached_property
from random import Random

import pytest
from documents import CHINA_PERU, graph_of
from examples import GOOD
from pyoxigraph import NamedNode

import relations_kg as rk
from relations_kg.rdf import dates
from relations_kg.rdf.namespaces import CODE, ONTOLOGY, PREFIXES, RDFS, RKG, STATED
from relations_kg.rdf.terms import TYPE, statements, value

# The queries leave out things whose parties are left open, as in these files.
OPEN = ("kinds-left-general.trig", "things-left-open.trig")
# Durations and lags have tests of their own, with days worked out by hand; the document on China
# and Peru has none.
TIMED = ("durations-and-lags.ttl", "events-and-absences.ttl")
WHOLE = [file for file in GOOD if file.name not in (*OPEN, *TIMED)]
ES, LS, EE, LE = "earliest start", "latest start", "earliest end", "latest end"
CLOSEST = {ES: max, LS: min, EE: max, LE: min}
CERTAINTIES = ("certain", "possible", "last known", "absent", "unknown")
OFFICES = ("officeOf", "postedTo")
_DAY = r"(?:[\dX]{4}(?:-[01]\d(?:-\d\d)?)?[~?%]?)"
# The dates that this module reads itself.
COMMON = re.compile(rf"(?:{_DAY}|\.\.|)/?(?:{_DAY}|\.\.|)|\[{_DAY}?\.\.{_DAY}?\]")
# More situations than the document has: each rule alone, and several rules for one bound.
MORE = """
id:peace rkg:when "1815-06-09"^^edtf:EDTF ; rkg:statedIn id:passage .
id:war rkg:when "[1859..]"^^edtf:EDTF ; rkg:statedIn id:passage .
id:passage rkg:inDocument id:source .
id:source rkg:speaksFrom "1962"^^edtf:EDTF .
id:old a rkg:DiplomaticRelations ; rkg:firstParty id:a ; rkg:secondParty id:b ;
    rkg:startedBy id:peace .
id:middle a rkg:DiplomaticRelations ; rkg:continuesAtOnce id:old ; rkg:endedBy id:war ;
    rkg:firstParty id:a ; rkg:secondParty id:b ; rkg:when "183X/"^^edtf:EDTF .
id:new a rkg:DiplomaticRelations ; rkg:continuesAtOnce id:middle ; rkg:statedIn id:passage ;
    rkg:firstParty id:a ; rkg:secondParty id:c ; rkg:when "/.."^^edtf:EDTF .
id:interrupted a rkg:DiplomaticRelations ; rkg:firstParty id:c ; rkg:secondParty id:d ;
    rkg:endedBy id:war .
id:resumed a rkg:DiplomaticRelations ; rkg:firstParty id:c ; rkg:secondParty id:d ;
    rkg:continues id:interrupted ; rkg:startedBy id:opening .
id:part a rkg:Participation ; rkg:participationIn id:war ; rkg:participant id:c .
id:level a rkg:RepresentationLevel ; rkg:levelOf id:old ; rkg:level code:embassy-level .
id:other-level a rkg:RepresentationLevel ; rkg:levelOf id:middle ;
    rkg:level code:legation-level ; rkg:when "1844/1850-03" .
id:tenure a rkg:OfficeTenure ; rkg:attestedBy id:peace , id:visit ; rkg:endedBy id:war ;
    rkg:office id:office ; rkg:holder id:holder .
id:visit rkg:when "1820-05/1820-07"^^edtf:EDTF .
id:recognition a rkg:Recognition ; rkg:attestedBy id:tenure ;
    rkg:recognizingParty id:a ; rkg:recognizedEntity id:b .
id:embassy a rkg:Embassy ; rkg:sendingParty id:a ; rkg:receivingParty id:b .
id:legation a rkg:Legation ; rkg:sendingParty id:c ; rkg:receivingParty id:a ;
    rkg:openedBy id:visit .
id:name a rkg:NameUse ; rkg:nameOf id:embassy ; rkg:name "Embassy"@en ; rkg:when "184X/1851" .
id:consulate a rkg:ConsulateGeneral ; rkg:sendingParty id:a ; rkg:receivingParty id:b ;
    rkg:closedBy id:war .
id:war rkg:causedBy id:visit .
id:visit a rkg:Event .
id:informal a rkg:UnofficialRelations ; rkg:firstParty id:a ; rkg:secondParty id:c ;
    rkg:when "1850/"^^edtf:EDTF .
id:informal-since a rkg:UnofficialRelations ; rkg:firstParty id:a ; rkg:secondParty id:b ;
    rkg:when "187X/.."^^edtf:EDTF ; rkg:statedIn id:passage .
id:ended-rule a rkg:Administration ; rkg:territory id:land ; rkg:administeredBy id:a ;
    rkg:endedBy id:war .
id:present-rule a rkg:Administration ; rkg:territory id:land ; rkg:administeredBy id:b ;
    rkg:when "1880/.."^^edtf:EDTF ; rkg:statedIn id:passage .
id:commitment a rkg:PolicyCommitment ; rkg:committedParty id:d ; rkg:committedTo id:policy ;
    rkg:when "1900/.."^^edtf:EDTF ; rkg:statedIn id:passage .
id:policy rkg:rulesOutRelationsWith id:b .
id:ruled-out a rkg:DiplomaticRelations ; rkg:firstParty id:b ; rkg:secondParty id:d ;
    rkg:startedBy id:peace ; rkg:endedBy id:break .
id:break a rkg:SeveranceOfRelations ; rkg:when "[1899..]"^^edtf:EDTF .
id:stance a rkg:Recognition ; rkg:recognizingParty id:a ; rkg:recognizedEntity id:e ;
    rkg:startedBy id:opening .
id:opening rkg:when "1900"^^edtf:EDTF .
id:recognised a rkg:DiplomaticRelations ; rkg:firstParty id:a ; rkg:secondParty id:e ;
    rkg:startedBy id:opening ; rkg:when "1900/.."^^edtf:EDTF ; rkg:statedIn id:passage .
"""

Own = dict[tuple[str, str], date]


class Timeline:
    """An independent calculation of bounds from the stated facts."""

    def __init__(self, graph: rk.Graph) -> None:
        self.links: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        self.back: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        self.own: Own = {}
        self.ongoing: set[str] = set()
        self.below = below(graph)
        self.durations = durations(graph)
        # Classes and links count whether they are stated or inferred; other tests check inference.
        self.kinds: dict[str, set[str]] = defaultdict(set)
        for subject, _, kind in graph.facts(TYPE):
            self.kinds[value(subject)].add(value(kind).removeprefix(RKG))
        properties = graph.inference.closure.predicates - {TYPE}
        self.ties = [
            (value(subject), value(object_))
            for name in sorted(properties, key=value)
            if value(name).removeprefix(RKG) not in OFFICES
            for subject, _, object_ in graph.facts(name)
        ]
        quads = graph.quad_store.quads_for_pattern(None, None, None, NamedNode(STATED))
        for subject, predicate, object_ in statements(quads):
            name = value(predicate).removeprefix(RKG)
            if name in ("when", "speaksFrom"):
                # The qualifiers of the date from which a source speaks are ignored.
                text = value(object_)
                self._read(value(subject), text if name == "when" else text.rstrip("~?%"))
            name = {"openedBy": "startedBy", "closedBy": "endedBy"}.get(name, name)
            self._link(value(subject), name, value(object_))
        for reading, names in list(self.links["readProperty"].items()):
            (subject,), (object_,) = (
                self.links[end][reading] for end in ("readSubject", "readObject")
            )
            self._link(subject, names[0].removeprefix(RKG), object_)
        for thing in self.ongoing:
            self._begin_before_the_source(thing)

    def _begin_before_the_source(self, thing: str) -> None:
        """Limit an uncertain start by the days from which the sources of an ongoing thing speak."""
        first, last = self.own.get((thing, ES)), self.own.get((thing, LS))
        if last is not None and first != last:
            sources = [
                document
                for passage in self.links["statedIn"][thing]
                for document in self.links["inDocument"][passage]
            ]
            spoken = [self.own[each, ES] for each in sources if (each, ES) in self.own]
            self.own[thing, LS] = min([last, *(day for day in spoken if not first or day >= first)])

    def _link(self, subject: str, name: str, object_: str) -> None:
        self.links[name][subject].append(object_)
        self.back[name][object_].append(subject)

    @cache  # noqa: B019 (as few timelines as there are graphs)
    def of_kind(self, kind: str) -> frozenset[str]:
        """Return the instances of a class, without what is only alleged, foreseen or planned."""
        kinds = self.below[RKG + kind]
        types, became = self.links[TYPE.value], self.links["fulfilment"]
        listed = {CODE + "alleged", CODE + "foreseen"}
        # An undertaking exists even if it is not carried out.
        planned, undertakings = (
            {CODE + "not-carried-out", CODE + "pending"},
            self.below[RKG + "Undertaking"],
        )
        return frozenset(
            thing
            for thing, its in types.items()
            if kinds.intersection(its)
            and not listed.intersection(became[thing])
            and (undertakings.intersection(its) or not planned.intersection(became[thing]))
        )

    def _read(self, thing: str, text: str) -> None:
        start, slash, end = text.partition("/")
        if not slash:
            end = start
        if not COMMON.fullmatch(text):
            first, last, end_1, end_2, *_ = dates.parse(text)  # compared with edtf.js elsewhere
            spans = [(first, last), (end_1, end_2)]
        elif text.startswith("["):
            first, last = re.fullmatch(r"\[(\S*?)\.\.(\S*?)\]", text).groups()  # type: ignore[union-attr]
            spans = [(days(first)[0] if first else None, days(last)[1] if last else None)] * 2
        else:
            spans = [
                days(part) if part not in ("", "..") else (None, None) for part in (start, end)
            ]
        if end == "..":
            self.ongoing.add(thing)
        for bound, day in zip((ES, LS, EE, LE), (*spans[0], *spans[1]), strict=True):
            if day is not None:
                self.own[thing, bound] = day

    def written(self, thing: str, bound: str = LE) -> list[date]:
        """Return one bound, by default the latest end, of each document that a thing cites."""
        return [
            day
            for passage in self.links["statedIn"][thing]
            for document in self.links["inDocument"][passage]
            if (day := self.bound(document, bound))
        ]

    def stand_ins(self, thing: str, bound: str) -> Iterator[tuple[str, str]]:
        """Yield the bounds of other things that imply a bound according to the rules."""
        to, of = self.links, self.back
        if bound == ES:
            yield from ((event, ES) for event in to["startedBy"][thing])
            yield from ((last, EE) for last in self.continued(thing))
            yield from ((event, ES) for event in self.taken_part_in(thing))
            yield from ((relations, ES) for relations in to["levelOf"][thing])
            yield from ((mission, ES) for mission in to["phaseOfMission"][thing])
            yield from ((then, EE) for then, now in self.exclusions if now == thing)
        if bound == LS:
            yield from ((event, LE) for event in to["startedBy"][thing])
            yield from ((last, LE) for last in to["continuesAtOnce"][thing])
            yield from ((event, LS) for event in to["attestedBy"][thing])
            yield from ((level, LS) for level in of["levelOf"][thing])
            yield from ((use, LS) for use in of["nameOf"][thing])
            yield from ((phase, LS) for phase in of["phaseOfMission"][thing])
            yield from ((attack, LE) for attack in of["targetedMission"][thing])
            yield from ((event, LE) for event in self.causes_of_end(thing))
            yield thing, LE
        if bound == EE:
            yield from ((event, ES) for event in to["endedBy"][thing])
            yield from ((later, ES) for later in of["continuesAtOnce"][thing])
            yield from ((event, EE) for event in to["attestedBy"][thing])
            yield from ((level, EE) for level in of["levelOf"][thing])
            yield from ((use, EE) for use in of["nameOf"][thing])
            yield from ((phase, EE) for phase in of["phaseOfMission"][thing])
            yield from ((attack, ES) for attack in of["targetedMission"][thing])
            yield from ((event, ES) for event in self.causes_of_end(thing))
            yield thing, ES
        if bound == LE:
            yield from ((event, LE) for event in to["endedBy"][thing])
            yield from ((later, LS) for later in self.continuing(thing))
            yield from ((event, LE) for event in self.taken_part_in(thing))
            yield from ((relations, LE) for relations in to["levelOf"][thing])
            yield from ((mission, LE) for mission in to["phaseOfMission"][thing])
            yield from ((now, LS) for then, now in self.exclusions if then == thing)
            if thing in self.of_kind("SeveranceOfRelations"):
                yield from ((relations, LE) for relations in of["endedBy"][thing])

    def continued(self, thing: str) -> list[str]:
        return [*self.links["continues"][thing], *self.links["continuesAtOnce"][thing]]

    def continuing(self, thing: str) -> list[str]:
        return [*self.back["continues"][thing], *self.back["continuesAtOnce"][thing]]

    def taken_part_in(self, participation: str) -> list[str]:
        """Return the events in which someone takes part, without series of events."""
        found = self.links["participationIn"][participation]
        return [event for event in found if "Event" in self.kinds[event]]

    def causes_of_end(self, mission: str) -> Iterator[str]:
        """Yield the events that caused the closure of a mission."""
        if mission in self.of_kind("Mission"):
            for closure in self.links["endedBy"][mission]:
                yield from self.of_kind("Event").intersection(self.links["causedBy"][closure])

    @cached_property
    def exclusions(self) -> list[tuple[str, str]]:
        """Pairs of things that exclude each other; the second one is ongoing."""
        official, not_ = self.of_kind("DiplomaticRelations"), self.of_kind("UnofficialRelations")
        administrations = self.of_kind("Administration")
        found = []
        for now in self.ongoing:
            rivals = not_ if now in official else official if now in not_ else ()
            for then in rivals:
                ends = ("firstParty", "secondParty")
                if all(set(self.links[e][now]) & set(self.links[e][then]) for e in ends):
                    found.append((then, now))
            for then in administrations if now in administrations else ():
                same = set(self.links["territory"][now]) & set(self.links["territory"][then])
                if same and self.links["endedBy"][then]:
                    found.append((then, now))
        return found

    def ruled_out(self, relations: str) -> Iterator[date]:
        """Yield the last days on which sources know of a policy that rules the relations out."""
        parties = {p for end in ("firstParty", "secondParty") for p in self.links[end][relations]}
        for commitment in self.of_kind("PolicyCommitment") & self.ongoing:
            for policy in self.links["committedTo"][commitment]:
                for rival in parties.intersection(self.links["rulesOutRelationsWith"][policy]):
                    if (parties - {rival}).intersection(self.links["committedParty"][commitment]):
                        yield from self.written(commitment)

    def bound(self, thing: str, bound: str) -> date | None:
        days: list[date] = []
        seen = {(thing, bound)}
        stack = [(thing, bound)]
        while stack:
            thing, bound = stack.pop()
            if (thing, bound) in self.own:
                days.append(self.own[thing, bound])
                continue
            if bound == LE:
                for event in self.links["endedBy"][thing]:
                    days += self.written(event)
            if bound in (LS, EE):
                days += map(date.fromisoformat, self.links["knownOn"][thing])
            if bound == LS and thing in self.ongoing:
                days += self.written(thing, ES)
            if bound == LE and thing in self.of_kind("DiplomaticRelations"):
                days += self.ruled_out(thing)
            further = set(self.stand_ins(thing, bound)) - seen
            seen |= further
            stack += further
        return CLOSEST[bound](days) if days else None

    def relations(self, mission: str) -> set[str]:
        """Return the diplomatic relations between the sender and the receiver of a mission."""
        if mission not in self.of_kind("DiplomaticMission"):
            return set()
        to = self.links
        return {
            relations
            for relations in self.of_kind("DiplomaticRelations")
            for sender in to["sendingParty"][mission]
            for receiver in to["receivingParty"][mission]
            for one in to["firstParty"][relations]
            for other in to["secondParty"][relations]
            if {sender, receiver} == {one, other} and sender != receiver
        }

    def bounds(self, thing: str) -> list[date | None]:
        """Return all four bounds; a mission without outer bounds has those of its relations.

        A mission whose own bounds lie beyond those of its relations is not bounded by them.
        """
        start, end = self.bound(thing, ES), self.bound(thing, LE)
        latest, earliest = self.bound(thing, LS), self.bound(thing, EE)
        relations = self.relations(thing)
        starts = [self.bound(each, ES) for each in relations]
        ends = [self.bound(each, LE) for each in relations]
        outer = start, end
        if start is None and starts and None not in starts:
            first = min(filter(None, starts))
            start = first if all(day >= first for day in (latest, outer[1]) if day) else None
        if end is None and ends and None not in ends:
            last = max(filter(None, ends))
            end = last if all(day <= last for day in (earliest, outer[0]) if day) else None
        return [start, latest, earliest, end]

    def trace(self, thing: str) -> tuple[date | None, date | None]:
        """Return the first and the last day on which a thing is known to have existed."""
        begun, until = self.bound(thing, LS), self.bound(thing, EE)
        until = max(filter(None, (until, self.last_known(thing))), default=None)
        if begun and until:
            return min(begun, until), max(begun, until)
        return until, begun

    @cached_property
    def naming(self) -> dict[str, set[str]]:
        """Return the parties that each thing names, directly or by one of their offices."""
        found: dict[str, set[str]] = defaultdict(set)
        for thing, party in self.ties:
            if "Party" in self.kinds[party]:
                found[thing].add(party)
            for office in OFFICES:
                found[thing].update(self.links[office][party])
        return found

    @cached_property
    def traces(self) -> dict[str, list[date]]:
        """Return the days on which something that names a party is known to have existed."""
        found: dict[str, list[date]] = defaultdict(list)
        for thing, parties in self.naming.items():
            if "Relationship" not in self.kinds[thing]:
                for party in parties:
                    found[party] += filter(None, self.trace(thing))
        return found

    def between(self, thing: str) -> tuple[date | None, date | None]:
        """Return the first and the last day on which all parties of a thing are known to exist."""
        if "Mission" in self.kinds[thing]:
            parties = {
                p for end in ("sendingParty", "receivingParty") for p in self.links[end][thing]
            }
        elif "BilateralRelations" in self.kinds[thing]:
            parties = {p for end in ("firstParty", "secondParty") for p in self.links[end][thing]}
        elif "Situation" in self.kinds[thing] and any(self.trace(thing)):
            parties = self.naming[thing]
        else:
            parties = set()
        known = [self.traces[party] for party in parties if self.traces[party]]
        return max(map(min, known), default=None), min(map(max, known), default=None)

    def reach(self, thing: str) -> tuple[date | None, date | None]:
        general = {"Situation", "Mission"} & self.kinds[thing]
        longest = [kind for kind in self.durations.keys() - general if kind in self.kinds[thing]]
        first, last = self.trace(thing)
        if longest:
            # The most specific class has the fewest below it.
            years = self.durations[min(longest, key=lambda kind: len(self.below[RKG + kind]))]
            return first and shifted(first, -years), last and shifted(last, years)
        start, end = self.limits(thing)
        begun, known = self.bound(thing, LS), first or last
        is_begun = self.bound(thing, ES) or (begun and last and begun < last)
        for kind in general if known and not start and not is_begun else ():
            start = shifted(known, -self.durations[kind])
        return start, end

    def limits(self, thing: str) -> tuple[date | None, date | None]:
        """Return the days between which the parties, phases and relations of a thing limit it."""
        first, last = self.trace(thing)
        if relations := self.relations(thing):
            starts = [self.bound(r, ES) or self.reach(r)[0] for r in relations]
            ends = [self.bound(r, LE) or self.reach(r)[1] for r in relations]
            return (
                None if None in starts else min(filter(None, (*starts, first))),
                None if None in ends else max(filter(None, (*ends, last))),
            )
        start, end = self.between(thing)
        starts = [start, *(self.between(before)[1] for before in self.continued(thing))]
        ends = [end, *(self.between(after)[0] for after in self.continuing(thing))]
        return min(filter(None, starts), default=None), max(filter(None, ends), default=None)

    def last_known(self, thing: str) -> date | None:
        known = self.written(thing) if thing in self.ongoing else []
        for event in self.links["startedBy"][thing] if thing in self.of_kind("Recognition") else ():
            for relations in self.of_kind("DiplomaticRelations") & self.ongoing:
                parties = {
                    p for e in ("firstParty", "secondParty") for p in self.links[e][relations]
                }
                entities = parties.intersection(self.links["recognizedEntity"][thing])
                if entities and event in self.links["startedBy"][relations]:
                    known += self.written(relations)
        return max(known, default=None)


def certainty(
    bounds: list[date | None], known: date | None, reach: tuple[date | None, date | None], on: date
) -> str:
    """Return the certainty of a thing on a day, by its bounds and its reach."""
    first_start, last_start, first_end, last_end = bounds
    if first_start and on < first_start:
        return "absent"
    if last_end and on > last_end:
        return "absent"
    if last_start and on >= last_start:
        if any(until and on <= until for until in (first_end, known)):
            return "certain"
        if known:
            return "last known"
    start, end = reach
    if (start and on < start) or (end and on > end):
        return "unknown"
    return "possible" if any((last_start, first_end, start, end)) else "unknown"


def days(text: str) -> tuple[date, date]:
    """Return the first and last day of a date; an approximate one is widened by one unit."""
    exact = text.rstrip("~?%")
    parts = exact.split("-")
    first, last = (int(parts[0].replace("X", digit)) for digit in "09")
    month_1, month_2 = (int(parts[1]),) * 2 if len(parts) > 1 else (1, 12)
    length = calendar.monthrange(last, month_2)[1]
    day_1, day_2 = (int(parts[2]),) * 2 if len(parts) > 2 else (1, length)
    start, end = date(first, month_1, day_1), date(last, month_2, day_2)
    if text[-1] not in "~%":
        return start, end
    if len(parts) > 2:
        return start - timedelta(1), end + timedelta(1)
    months = 1 if len(parts) > 1 else 12 * 10 ** exact.count("X")
    return shifted(start, -months), shifted(end, months)


def below(graph: rk.Graph) -> dict[str, set[str]]:
    """Return the IRIs of each class and its subclasses, by the IRI of the class."""
    query = "SELECT ?c ?sub WHERE { GRAPH <%s> { ?sub <%ssubClassOf>* ?c . ?sub a ?k } }"
    classes: dict[str, set[str]] = defaultdict(set)
    for row in graph.query(query % (ONTOLOGY, RDFS)):  # type: ignore[union-attr]
        classes[str(row.c)].add(str(row.sub))
    return classes


def durations(graph: rk.Graph) -> dict[str, int]:
    """Return the longest durations of classes, in months."""
    rows = graph.query(f"SELECT ?c ?d WHERE {{ ?c <{RKG}longestDuration> ?d }}")
    found = {}
    for row in rows:  # type: ignore[union-attr]
        number, unit = re.fullmatch(r"P(\d+)([YM])", str(row.d)).groups()  # type: ignore[union-attr]
        found[str(row.c).removeprefix(RKG)] = int(number) * (12 if unit == "Y" else 1)
    return found


def shifted(day: date, months: int) -> date:
    """Return a day some months later or earlier; the last day of a month stays the last."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    length = calendar.monthrange(year, month + 1)[1]
    is_last = day.day == calendar.monthrange(day.year, day.month)[1]
    return date(year, month + 1, length if is_last else min(day.day, length))


def grid(timeline: Timeline, *kinds: str) -> list[date]:
    """Return days over the years, and the day before, at and after each known bound."""
    things = {
        thing for kind in kinds or ("Situation", "Mission") for thing in timeline.of_kind(kind)
    }
    edges = {day for thing in things for day in timeline.bounds(thing) if day}
    edges |= {day for thing in things if (day := timeline.last_known(thing))}
    edges |= {day for thing in things for day in timeline.reach(thing) if day}
    near = {edge + timedelta(step) for edge in edges for step in (-1, 0, 1)}
    return sorted(near | {date(year, 5, 17) for year in range(1835, 2036, 5)})


@pytest.fixture(scope="module", params=["bundled", "more", "good"])
def graph(
    request: pytest.FixtureRequest, china_peru: rk.Graph, tmp_path_factory: pytest.TempPathFactory
) -> rk.Graph:
    if request.param == "bundled":
        return china_peru
    if request.param == "good":
        graph = graph_of(CHINA_PERU)
        graph.add(*WHOLE)
        return graph
    path = tmp_path_factory.mktemp("as-of") / "more.ttl"
    path.write_text("".join(f"@prefix {p}: <{iri}> .\n" for p, iri in PREFIXES.items()) + MORE)
    return rk.load(only=[path])


@pytest.fixture(scope="module")
def timeline(graph: rk.Graph) -> Timeline:
    return Timeline(graph)


def answers(graph: rk.Graph, query: str, on: date) -> dict[str, str]:
    """Return the certainty of each thing in the first column; all rows of a thing must agree."""
    found: dict[str, str] = {}
    for row in graph.run(query, on=on, all=True):
        assert found.setdefault(str(row[0]), row.certainty) == row.certainty
    return found


def is_of_a_missing_mission(timeline: Timeline, tenure: str, on: date) -> bool:
    """Return whether a tenure is that of the head of a mission that did not exist on a day."""
    missions = (
        mission
        for office in timeline.links["office"][tenure]
        for mission in timeline.links["headOf"][office]
    )
    spans = [timeline.bounds(mission) for mission in missions]
    return any((span[0] or on) > on or (span[3] or on) < on for span in spans)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("query", "kind"),
    [
        ("situations-on", "Situation"),
        ("missions", "Mission"),
        ("names-on", "NameUse"),
        ("office-holders-on", "OfficeTenure"),
        ("administrations-on", "Administration"),
        ("recognitions-on", "Recognition"),
        ("relations-on", "BilateralRelations"),
        ("levels-on", "RepresentationLevel"),
    ],
)
def test_answers_as_of_every_day_are_what_the_dates_say(
    graph: rk.Graph, timeline: Timeline, query: str, kind: str, pytestconfig: pytest.Config
) -> None:
    most = 200 if pytestconfig.getoption("--whole") else 30
    things = {thing: timeline.bounds(thing) for thing in sorted(timeline.of_kind(kind))}
    known = {thing: timeline.last_known(thing) for thing in things}
    reach = {thing: timeline.reach(thing) for thing in things}
    days_asked = grid(timeline, kind)
    for on in Random(kind).sample(days_asked, min(most, len(days_asked))):
        found = answers(graph, query, on)
        expected = {
            thing: certainty(things[thing], known[thing], reach[thing], on) for thing in things
        }
        if kind == "OfficeTenure":
            heads = {thing for thing in things if is_of_a_missing_mission(timeline, thing, on)}
            sure = {thing for thing in heads if expected[thing] in ("certain", "last known")}
            expected |= dict.fromkeys(sure, "possible")
            expected |= {thing: "absent" for thing in heads if things[thing][0] is None}
        listed = {thing: expected[thing] for thing in things if expected[thing] != "absent"}

        assert listed == found, on

        rows = graph.run(query, on=on)
        plausible = {thing for thing in listed if listed[thing] != "unknown"}

        assert {str(row[0]) for row in rows} == plausible
        assert bool(rows.unknown) == (len(plausible) < len(listed))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("query", "kind"), [("situations-on", "Situation"), ("missions", "Mission")]
)
def test_what_is_named_is_reported_even_if_it_is_absent(
    graph: rk.Graph, timeline: Timeline, query: str, kind: str
) -> None:
    days_asked = grid(timeline)
    for number, thing in enumerate(sorted(timeline.of_kind(kind))):
        bounds, known = timeline.bounds(thing), timeline.last_known(thing)
        reach = timeline.reach(thing)
        outside = [bounds[0] and bounds[0] - timedelta(1), bounds[3] and bounds[3] + timedelta(1)]
        for on in (*outside, *Random(number).sample(days_asked, 3)):
            if on:
                rows = graph.run(query, named=thing, on=on)

                assert {(thing, certainty(bounds, known, reach, on))} == {
                    (str(row[0]), row.certainty) for row in rows
                }
        assert not outside[0] or "absent" == certainty(bounds, known, reach, outside[0])


@pytest.mark.slow
def test_the_bounds_in_the_graph_are_those_that_the_dates_say(
    graph: rk.Graph, timeline: Timeline
) -> None:
    """All things are compared, also events, documents and passages."""
    names = {ES: "earliestStart", LS: "latestStart", EE: "earliestEnd", LE: "latestEnd"}
    found = defaultdict(set)
    for bound, name in names.items():
        for subject, _, day in graph.facts(NamedNode(RKG + name)):
            found[value(subject)].add((bound, date.fromisoformat(value(day))))
    things = {value(q.subject) for q in graph.quad_store.quads_for_pattern(None, None, None, None)}
    lasting = {value(subject) for subject, *_ in graph.facts(NamedNode(RKG + "duration"))}
    for thing in sorted(things):
        expected = {
            (bound, day) for bound, day in zip(names, timeline.bounds(thing), strict=True) if day
        }
        if thing in lasting:
            # A duration only narrows the bounds; the tests of durations work them out by hand.
            narrowed = dict(found[thing])
            closest = {(each, CLOSEST[each]((day, narrowed[each]))) for each, day in expected}

            assert closest <= found[thing], thing
        else:
            assert expected == found[thing], thing


@pytest.mark.slow
def test_the_reach_in_the_graph_is_what_traces_and_durations_say(
    graph: rk.Graph, timeline: Timeline
) -> None:
    found: dict[str, list[date | None]] = defaultdict(lambda: [None, None])
    for side, name in enumerate(("reachStart", "reachEnd")):
        for subject, _, day in graph.facts(NamedNode(RKG + name)):
            found[value(subject)][side] = date.fromisoformat(value(day))
    kinds = ("Situation", "Mission", *timeline.durations)
    things = {thing for kind in kinds for thing in timeline.kinds if kind in timeline.kinds[thing]}

    assert found.keys() <= things
    for thing in sorted(things):
        assert [*timeline.reach(thing)] == found[thing], thing


@pytest.mark.slow
def test_agreements_have_come_as_far_as_their_acts(graph: rk.Graph, timeline: Timeline) -> None:
    steps = {"signedAt": "signed", "ratifiedAt": "ratified", "enteredIntoForceAt": "in force"}
    acts = {
        (agreement, step, event)
        for name, step in steps.items()
        for agreement in timeline.of_kind("Agreement")
        for event in timeline.links[name][agreement]
        if not {CODE + "not-carried-out", CODE + "pending"}.intersection(
            timeline.links["fulfilment"][event]
        )
    }
    for on in grid(timeline):
        expected = set()
        for agreement, step, event in acts:
            first, last = timeline.bound(event, ES), timeline.bound(event, LE)
            if not first or first <= on:
                done = "last known" if step == "in force" else "certain"
                else_ = "possible" if first or last else "unknown"
                expected.add((agreement, step, done if last and last <= on else else_))
        rows = graph.run("agreements-on", on=on, all=True)

        assert expected == {(str(row.agreement), row.step, row.certainty) for row in rows}, on


def test_the_grid_meets_every_answer(kg: rk.Graph) -> None:
    """Each certainty occurs for situations and for missions, so that agreement is meaningful."""
    timeline = Timeline(kg)
    for kind in ("Situation", "Mission"):
        things = timeline.of_kind(kind)
        known = [
            (timeline.bounds(thing), timeline.last_known(thing), timeline.reach(thing))
            for thing in things
        ]
        met = {certainty(*days, on) for days in known for on in grid(timeline)}

        assert {*CERTAINTIES} == met
    assert len(grid(timeline)) > 60
    assert len(timeline.of_kind("Situation")) >= 50


def test_the_calculation_reads_dates_as_the_table_says() -> None:
    """The table has the four bounds of each date."""
    table = {
        "2009-04": ("2009-04-01", "2009-04-30", "2009-04-01", "2009-04-30"),
        "196X": ("1960-01-01", "1969-12-31", "1960-01-01", "1969-12-31"),
        "2024-06-25/2024-06-29": ("2024-06-25", "2024-06-25", "2024-06-29", "2024-06-29"),
        "1978/..": ("1978-01-01", "1978-12-31", None, None),
        "1878-05-20/": ("1878-05-20", "1878-05-20", None, None),
        "[1971-11-02..]": ("1971-11-02", None, "1971-11-02", None),
        "[..1865]": (None, "1865-12-31", None, "1865-12-31"),
    }
    timeline = Timeline(rk.load(only=[]))
    for text, expected in table.items():
        timeline._read(text, text)
        bounds = [timeline.own.get((text, bound)) for bound in (ES, LS, EE, LE)]

        assert [*expected] == [day and day.isoformat() for day in bounds]
    assert {"1978/.."} == timeline.ongoing


@pytest.mark.parametrize(
    "wrong", [{}, {"on": "1971-13-01"}, {"on": "1971"}, {"on": "1971-11-02", "named": "nothing"}]
)
def test_a_day_is_required_and_has_to_be_one(kg: rk.Graph, wrong: dict[str, str]) -> None:
    with pytest.raises((rk.QueryError, rk.InputError, rk.UnknownName)):
        kg.run("situations-on", **wrong)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["Situation", "Mission"])
def test_what_is_known_on_a_day_is_explained(china_peru: rk.Graph, kind: str) -> None:
    """Each certainty but unknown has facts that decide it, with proofs and passages."""
    timeline = Timeline(china_peru)
    met = set()
    for number, thing in enumerate(sorted(timeline.of_kind(kind))):
        known = timeline.bounds(thing), timeline.last_known(thing), timeline.reach(thing)
        for on in grid(timeline)[number % 60 :: 60]:
            explained = china_peru.explain(thing, on=on)
            met.add(explained.certainty)

            assert certainty(*known, on) == explained.certainty
            assert bool(explained) == (explained.certainty not in ("absent", "unknown"))
            assert explained.because or explained.certainty == "unknown"
            for each in explained.because:
                assert each.proofs
                assert "  src:" in str(each)
    assert {"certain", "possible", "absent", "unknown"} <= met


def test_an_explanation_of_a_day_is_the_same_in_each_format(kg: rk.Graph) -> None:
    explained = kg.explain("peru-roc-relations", on="2024-12-31")
    read = json.loads(explained.serialize("json"))

    assert ("id:peru-roc-relations", "2024-12-31", "absent") == (
        read["thing"],
        read["on"],
        read["certainty"],
    )
    assert ["official-before-unofficial"] == [
        premise["rule"]
        for proof in read["because"][0]["proofs"][:1]
        for premise in proof["premises"]
        if premise.get("rule", "").startswith("official")
    ]
    for format in ("text", "markdown"):
        assert "absent: its bounds exclude the day" in explained.serialize(format)
        assert "ends before" in explained.serialize(format)
    with pytest.raises(rk.QueryError, match="neither"):
        kg.explain("peru", "a", "State", on="2024-12-31")  # type: ignore[call-overload]
    with pytest.raises(rk.InputError, match="not a calendar day"):
        kg.explain("peru", on="2024")


@pytest.mark.parametrize("name", ["peru", "lima", "xi-jinping", "china-peru-free-trade-agreement"])
def test_what_has_no_beginning_or_end_is_not_explained_as_unknown(kg: rk.Graph, name: str) -> None:
    with pytest.raises(rk.QueryError, match=f"id:{name}: .* has no beginning or end; name a"):
        kg.explain(name, on="1985-01-01")


# SPARQL has no include, so each of these queries contains a copy of the pattern.
COPIES = (
    "administrations-on",
    "containments-on",
    "levels-on",
    "missions",
    "missions-without-head",
    "names-on",
    "office-holders-on",
    "recognitions-on",
    "relations-on",
    "situations-on",
    "statuses-on",
)
# These have other patterns: sources give agreements no end, and the others take a window of days.
OTHER = ("agreements-on", "timeline", "visits")


def certainty_pattern(query: str) -> str:
    """Return the lines that calculate the certainty, with ?thing as the variable of the thing."""
    # The certainty of a mission may be less than that of its existence.
    lines = query.replace("?existence", "?certainty").splitlines()
    first = next(
        n for n, line in enumerate(lines) if "OPTIONAL" in line and "rkg:earliestStart" in line
    )
    last = next(n for n, line in enumerate(lines) if "FILTER (?certainty IN" in line)
    pattern = "\n".join(lines[first : last + 1])
    thing = re.search(r"\{ (\?\w+) rkg:earliestStart", pattern)
    assert thing
    return pattern.replace(f"{thing[1]} ", "?thing ")


def test_the_queries_about_a_day_hold_one_pattern_of_certainty(kg: rk.Graph) -> None:
    patterns = {name: certainty_pattern(kg.queries[name].text) for name in COPIES}

    assert {patterns["missions"]} == set(patterns.values())


def test_the_queries_with_a_window_hold_one_pattern_of_certainty(kg: rk.Graph) -> None:
    patterns = set()
    for name in ("timeline", "visits"):
        text = kg.queries[name].text
        start = text.index("  BIND (IF((!BOUND(?since)")
        patterns.add(text[start : text.index("COALESCE(?all, false))", start)])

    assert 1 == len(patterns)


def test_every_query_about_days_can_list_what_is_unknown(kg: rk.Graph) -> None:
    about_days = {
        name
        for name, query in kg.queries.items()
        if {"on", "since"} & {p.name for p in query.parameters if p.type == "date"}
    }

    # These leave out no unknown rows: a change either lies between two days or does not, and
    # parties-without-mission lists missions that are unknown on the day.
    about_days -= {"changes", "closed-missions", "parties-without-mission"}
    assert {*COPIES, *OTHER} <= about_days
    assert about_days == {name for name in kg.queries if kg.queries[name].leaves_out_unknown({})}


def test_every_query_about_a_day_holds_the_pattern(kg: rk.Graph) -> None:
    about_a_day = {name for name in kg.queries if "?certainty" in kg.queries[name].text}

    # Their certainty is not about a day: that of a figure is about its amounts, and that of a
    # closure about two bounds.
    about_a_day -= {"figures", "closed-missions"}
    assert {*COPIES, *OTHER} == about_a_day
