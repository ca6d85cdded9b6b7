"""The reach of things: the plausible days of their existence; outside, nothing is known.

A trace of a thing is a day on which it is known to have existed; the traces of a party are those of
things that name it or an office of it. If a class other than mission or situation gives a thing a
longest duration, its reach extends by that duration before its first trace and after its last. The
reach of another mission, relations or situation is the time between the traces of its parties. If
nothing is known of its start, only traces of parties before its own first trace count there;
without any, the longest duration of its class counts. The reach of a phase extends to the phases
before and after it, that of a diplomatic mission to the ends of its relations.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from functools import cache
from itertools import islice

from pyoxigraph import Literal, NamedNode, Store

from relations_kg.rdf import durations
from relations_kg.rdf.namespaces import ONTOLOGY, RKG, XSD
from relations_kg.rdf.terms import TYPE, Statement, Term, pairs, value
from relations_kg.reasoning.bounds import BOUNDS, LAST_KNOWN, WITHIN_RELATIONS, Bounds
from relations_kg.reasoning.closure import Closure
from relations_kg.reasoning.ontology import superclasses
from relations_kg.reasoning.reach_rules import BY_DURATION, BY_PARTIES, LONGEST, REACH
from relations_kg.reasoning.rules import Derivation
from relations_kg.reasoning.traces import Traces

_XSD_DATE = NamedNode(XSD + "date")
_OUTER, _BEGUN, _UNTIL = (BOUNDS[0], BOUNDS[3]), BOUNDS[1], BOUNDS[2]
_SITUATION, _MISSION, _RELATIONS, _RELATIONSHIP, _PARTY = (
    NamedNode(RKG + name)
    for name in ("Situation", "Mission", "BilateralRelations", "Relationship", "Party")
)
_SENDER, _RECEIVER, _CONTINUES = (
    NamedNode(RKG + name) for name in ("sendingParty", "receivingParty", "continues")
)
_SIDES = NamedNode(RKG + "firstParty"), NamedNode(RKG + "secondParty")
# A thing that names an office also names the party of the office, and the party of its post.
_OFFICES = NamedNode(RKG + "officeOf"), NamedNode(RKG + "postedTo")
# The longest duration of these classes counts only for a thing without a known start, and only if
# its parties have no trace before its own first trace.
_BETWEEN_PARTIES = (_SITUATION, _MISSION)
# The most pieces of evidence that are listed for one trace of a party.
_MOST_WITNESSES = 20

_Days = tuple[str | None, str | None]  # A first and a last day, each None if it is not known.
_NEVER: _Days = (None, None)


class Reach:
    """The reach of the things of a closure; `traces` has the first and last trace of each party."""

    def __init__(
        self, store: Store, closure: Closure, bounds: Bounds, traces: Traces | None = None
    ) -> None:
        self._closure = closure
        self._bounds = bounds
        longest = pairs(store, LONGEST.value, ONTOLOGY)
        self._durations = {kind: value(duration) for kind, duration in longest}
        self._above = {kind: superclasses(store, kind) for kind in self._durations}
        # Any of our properties, including inferred ones, may name a party. The properties of an
        # extension vocabulary must not change the reach of other things.
        ours = {each for each in closure.predicates if value(each).startswith(RKG)}
        self._properties = sorted(ours - {*_OFFICES}, key=str)
        self.traces = Traces() if traces is None else traces
        if traces is None:
            self._find_traces()

    def _find_traces(self) -> None:
        """Find the first and the last trace of each party."""
        closure = self._closure
        terms = closure.subjects(TYPE, _PARTY)
        terms += [office for name in _OFFICES for office, _ in closure.pairs(name)]
        parties = {term: self._parties_of(term) for term in terms}
        for thing, objects in closure.naming(parties, self._properties):
            self._extend({party for each in objects for party in parties[each]}, thing)

    def of(self, thing: Term) -> list[Statement]:
        """Return the facts about the reach of a thing."""
        return [
            (thing, name, Literal(day, datatype=_XSD_DATE))
            for name, day in zip(REACH, self._days(thing), strict=True)
            if day
        ]

    def everything(self) -> Iterable[Term]:
        """Return the things that may have a reach."""
        kinds = (_SITUATION, _MISSION, *self._durations)
        return dict.fromkeys(x for kind in kinds for x in self._closure.subjects(TYPE, kind))

    def affected(self, added: Iterable[Statement], removed: Iterable[Statement]) -> set[Term]:
        """Update the traces for a change of facts; return the things whose reach it may alter."""
        changes = [*added, *removed]
        changed = {subject for subject, _, _ in changes}
        parties_of = cache(self._parties_of)
        named: dict[Term, set[Term]] = {thing: set() for thing in changed}
        for thing, object_ in self._closure.links(changed, self._properties):
            named[thing].update(parties_of(object_))
        new = {subject for subject, _, kind in changes if kind == _PARTY}
        parties = new.union(*named.values())
        parties.update(party for _, _, object_ in changes for party in parties_of(object_))
        is_office_moved = any(name in _OFFICES for _, name, _ in changes)
        for party in parties:
            before = self.traces[party]
            witnesses = {trace[1] for trace in before if trace}
            if is_office_moved or party in new or not changed.isdisjoint(witnesses):
                self.traces[party] = None, None
                for thing in self._naming(party):
                    self._extend([party], thing)
            else:
                for thing in named:
                    if party in named[thing]:
                        self._extend([party], thing)
            if party in new or self.traces[party] != before:
                changed.update(self._naming(party))
        for thing in list(changed):
            changed.update(
                self._closure.objects(thing, _CONTINUES), self._closure.subjects(_CONTINUES, thing)
            )
        for thing in list(changed):
            changed.update(self._closure.subjects(WITHIN_RELATIONS, thing))
        return changed

    def derivations(self, fact: Statement) -> list[Derivation]:
        """Return the derivations of a fact about the reach of a thing; none if it does not hold."""
        thing, name, day = fact
        if name not in REACH or fact not in self.of(thing):
            return []
        side = REACH.index(name)
        kind = self._kind(thing)
        is_limited = kind in _BETWEEN_PARTIES and (side == 1 or self._limits(thing)[0])
        if kind is not None and not is_limited:
            of_kind = (thing, TYPE, kind), (kind, LONGEST, Literal(self._durations[kind]))
            return [Derivation(BY_DURATION, (*of_kind, *self._shown(thing, side)))]
        if self._closure.objects(thing, WITHIN_RELATIONS):
            return [Derivation(BY_PARTIES, tuple(self._shown_by_relations(thing, side, day)))]
        shown = dict.fromkeys(self._shown_by_parties(thing, side, value(day)))
        return [Derivation(BY_PARTIES, premises) for premises in shown]

    def _days(self, thing: Term) -> _Days:
        """Return the first and the last day of the reach of a thing."""
        kind = self._kind(thing)
        longest = self._durations[kind] if kind is not None else None
        if longest and kind not in _BETWEEN_PARTIES:
            first, last = self._trace(thing)
            end = _shifted(last, longest, durations.later)
            return _shifted(first, longest, durations.earlier), end
        start, end = self._limits(thing)
        if longest and not start:
            first = self._first_of_unknown_start(thing)
            start = _shifted(first, longest, durations.earlier)
        return start, end

    def _limits(self, thing: Term) -> _Days:
        """Return the days to which the parties, phases and relations of a thing limit its reach."""
        if relations := self._closure.objects(thing, WITHIN_RELATIONS):
            return self._within(thing, relations)
        start, end = self._between_traces(thing)
        for before in self._closure.objects(thing, _CONTINUES):
            start = _least(start, self._between_traces(before)[1])
        for after in self._closure.subjects(_CONTINUES, thing):
            end = _greatest(end, self._between_traces(after)[0])
        return start, end

    def _within(self, mission: Term, relations: list[Term]) -> _Days:
        """Return the reach of a mission: the reach of its relations, widened to its own traces."""
        first, last = self._trace(mission)
        starts, ends = ([self._side(each, side) for each in relations] for side in (0, 1))
        start = None if None in starts else _least(*starts, first)
        # If nothing is known of the mission's start, its own first trace is not the start.
        is_own = start == self._first_of_unknown_start(mission)
        return None if is_own else start, None if None in ends else _greatest(*ends, last)

    def _side(self, relations: Term, side: int) -> str | None:
        return self._day(relations, _OUTER[side]) or self._days(relations)[side]

    def _between_traces(self, thing: Term) -> _Days:
        """Return the latest first and the earliest last trace among the parties of a thing."""
        traces = [self.traces[party] for party in self._parties(thing)]
        # If nothing is known of the thing's start, only traces before its own count as first ones.
        known = self._first_of_unknown_start(thing)
        firsts = (first[0] for first, _ in traces if first and (not known or first[0] < known))
        return _greatest(*firsts), _least(*(last[0] for _, last in traces if last))

    def _first_of_unknown_start(self, thing: Term) -> str | None:
        """Return the first day of a thing's traces if nothing is known of its start, or None."""
        (first, last), begun = self._trace(thing), self._day(thing, _BEGUN)
        # Rules infer that a thing began no later than it ended or is known to have existed.
        is_known = (begun or last or "") < (last or "") or self._day(thing, _OUTER[0])
        return None if is_known else first or last

    def _parties(self, thing: Term) -> list[Term]:
        """Return the parties whose traces bound the reach of a thing."""
        kinds = self._closure.objects(thing, TYPE)
        if _MISSION in kinds:
            ends = (_SENDER, _RECEIVER)
            return [party for end in ends for party in self._closure.objects(thing, end)]
        if _RELATIONS in kinds:
            return [party for end in _SIDES for party in self._closure.objects(thing, end)]
        # Another situation without a trace of its own has no reach, even if its parties have some.
        if _SITUATION in kinds and self._trace(thing) != _NEVER:
            links = self._closure.links([thing], self._properties)
            return sorted({party for _, o in links for party in self._parties_of(o)}, key=str)
        return []

    def _kind(self, thing: Term) -> Term | None:
        """Return the most specific class with a longest duration of a thing, or None."""
        kinds = [kind for kind in self._closure.objects(thing, TYPE) if kind in self._durations]
        above = {kind for each in kinds for kind in self._above[each]}
        return min((kind for kind in kinds if kind not in above), key=str, default=None)

    def _trace(self, thing: Term) -> _Days:
        """Return the first and the last day on which a thing is known to have existed.

        A single known day is the last if the thing had begun by it, or else the first.
        """
        begun = self._day(thing, _BEGUN)
        until = _greatest(self._day(thing, _UNTIL), self._day(thing, LAST_KNOWN))
        return (
            (_least(begun, until), _greatest(begun, until)) if begun and until else (until, begun)
        )

    def _day(self, thing: Term, bound: Term) -> str | None:
        return None if (day := self._bounds.of(thing, bound)) is None else value(day)

    def _parties_of(self, term: Term) -> list[Term]:
        """Return the parties of an office; for a party, also the party itself."""
        found = [o for name in _OFFICES for o in self._closure.objects(term, name)]
        return [term, *found] if _PARTY in self._closure.objects(term, TYPE) else found

    def _naming(self, party: Term) -> set[Term]:
        """Return the things that name a party or an office of it."""
        names = self._names_of(party)
        return {s for _, s in self._closure.links(names, self._properties, reverse=True)}

    def _names_of(self, party: Term) -> set[Term]:
        """Return a party and its offices."""
        return {party, *(x for name in _OFFICES for x in self._closure.subjects(name, party))}

    def _extend(self, parties: Iterable[Term], thing: Term) -> None:
        """Extend the traces of parties by the traces of a thing."""
        first, last = days = self._trace(thing)
        # A relationship names its present party, but may have begun before that party existed.
        if days == _NEVER or _RELATIONSHIP in self._closure.objects(thing, TYPE):
            return
        first, last = first or last, last or first
        for party in parties:
            start, end = self.traces[party]
            if first and (start is None or first < start[0]):
                start = first, thing
            if last and (end is None or last > end[0]):
                end = last, thing
            self.traces[party] = start, end

    def _shown(self, thing: Term, side: int) -> list[Statement]:
        """Return the facts that give the first or the last trace of a thing."""
        begun = self._bounds.of(thing, _BEGUN)
        known = [(bound, self._bounds.of(thing, bound)) for bound in (_UNTIL, LAST_KNOWN)]
        found = [(thing, bound, day) for bound, day in known if day is not None]
        until = max(found, key=lambda fact: value(fact[2]), default=None)
        facts: list[Statement] = [(thing, _BEGUN, begun)] if begun is not None else []
        if until is None or begun is None:
            return [*facts, *([until] if until else [])]
        if value(until[2]) <= value(begun):
            return [until] if side == 0 else facts
        return [*facts, until]

    def _shown_by_relations(self, mission: Term, side: int, day: Term) -> Iterator[Statement]:
        """Yield the premises for the reach of a mission that lies within relations."""
        edges = set()
        for relations in self._closure.objects(mission, WITHIN_RELATIONS):
            yield mission, WITHIN_RELATIONS, relations
            edges.add(self._side(relations, side))
            bound = self._bounds.of_relations(relations, _OUTER[side])
            if bound is not None:
                yield relations, _OUTER[side], bound
            else:
                yield from (fact for fact in self.of(relations) if fact[1] == REACH[side])
        if value(day) not in edges:
            yield from self._shown(mission, side)

    def _shown_by_parties(
        self, thing: Term, side: int, day: str
    ) -> Iterator[tuple[Statement, ...]]:
        """Yield the premises for a reach that is limited by traces of the parties or by a phase."""
        phases: list[tuple[Term, int, list[Statement]]] = [(thing, side, [])]
        if side == 0:
            for last in self._closure.objects(thing, _CONTINUES):
                phases.append((last, 1, [(thing, _CONTINUES, last)]))
        else:
            for following in self._closure.subjects(_CONTINUES, thing):
                phases.append((following, 0, [(following, _CONTINUES, thing)]))
        for phase, end, continued in phases:
            kinds = self._closure.objects(phase, TYPE)
            bilateral = [kind for kind in (_MISSION, _RELATIONS) if kind in kinds]
            continued += [(phase, TYPE, kind) for kind in bilateral]
            if not bilateral:
                continued += [(phase, TYPE, _SITUATION), *self._shown(phase, 1)]
            # Relations and missions may name further parties, but only their two sides count.
            names = (*_SIDES, _SENDER, _RECEIVER) if bilateral else self._properties
            for party in self._parties(phase):
                is_party = (party, TYPE, _PARTY)
                trace = self.traces[party][end]
                if trace and trace[0] == day:
                    for links in self._links(phase, party, names):
                        for witness in islice(self._witnesses(party, day), _MOST_WITNESSES):
                            yield (*continued, *links, is_party, *witness)

    def _witnesses(self, party: Term, day: str) -> Iterator[tuple[Statement, ...]]:
        """Yield the facts that show a trace of a party on a day."""
        bounds, term = (_BEGUN, _UNTIL, LAST_KNOWN), Literal(day, datatype=_XSD_DATE)
        things = {each for bound in bounds for each in self._closure.subjects(bound, term)}
        things.update(trace[1] for trace in self.traces[party] if trace)  # days of any datatype
        names, linked = self._names_of(party), self._closure.links(things, self._properties)
        for thing in sorted({thing for thing, named in linked if named in names}, key=str):
            for bound in bounds:
                found = self._bounds.of(thing, bound)
                if found is not None and value(found) == day:
                    for links in self._links(thing, party, self._properties):
                        yield (*links, (thing, bound, found))

    def _links(
        self, thing: Term, party: Term, names: Iterable[NamedNode]
    ) -> Iterator[tuple[Statement, ...]]:
        """Yield the facts in which a thing names a party, or an office of it, by properties."""
        for name in names:
            for object_ in self._closure.objects(thing, name):
                if object_ == party:
                    yield ((thing, name, party),)
                for office in _OFFICES:
                    if party in self._closure.objects(object_, office):
                        yield (thing, name, object_), (object_, office, party)


def _least(*days: str | None) -> str | None:
    return min(filter(None, days), default=None)


def _greatest(*days: str | None) -> str | None:
    return max(filter(None, days), default=None)


def _shifted(day: str | None, duration: str, shift: Callable[[date, str], date]) -> str | None:
    try:
        return day and shift(date.fromisoformat(day), duration).isoformat()
    except ValueError:  # Bounds and days in the data may be invalid.
        return None
