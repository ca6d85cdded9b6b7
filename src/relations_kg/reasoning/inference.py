"""The entailments of a store's stated facts, kept in separate named graphs."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from copy import copy
from functools import partial
from itertools import chain, islice

from pyoxigraph import Literal, NamedNode, Quad, Store

from relations_kg._collection import paused
from relations_kg.errors import InputError
from relations_kg.rdf.namespaces import DATES, INFERRED, ONTOLOGY, STATED
from relations_kg.rdf.terms import Statement, Term, absent, in_graph, statements
from relations_kg.reasoning import notation3, premises, stored_facts, stored_state
from relations_kg.reasoning.bounds import (
    CALCULATED,
    CALCULATIONS,
    CLOSEST,
    DATED,
    DEFAULTS,
    SPANS,
    WIDEST,
    WITHIN_RELATIONS,
    Bounds,
    is_calculated,
    own_bounds,
)
from relations_kg.reasoning.changes import Change, Difference, net
from relations_kg.reasoning.closure import Closure, predicates
from relations_kg.reasoning.ontology import Ontology
from relations_kg.reasoning.reach import Reach
from relations_kg.reasoning.reach_rules import REACH
from relations_kg.reasoning.readings import reading_rules
from relations_kg.reasoning.rules import Derivation, compile_rules
from relations_kg.reasoning.source_dates import bounds_of, limited
from relations_kg.reasoning.states import State
from relations_kg.reasoning.traces import Traces
from relations_kg.reasoning.writer import Writer, line

# A graph, and the facts that were added to it and removed from it.
_Written = tuple[str, Collection[Statement], Collection[Statement]]

# The store's bulk writer is used for more facts than the first number, in batches of the second.
_MANY, _AT_ONCE = 10_000, 200_000
_OF_TIME = {*CLOSEST, *SPANS, WITHIN_RELATIONS, *REACH}


class Inference:
    """The dates and the inferred facts of a store, updated with every change of its stated facts.

    With `known`, the store already contains both. With the `state` of an inference of the same
    facts, nothing is computed, and a Snapshot reads each fact when it is first needed. Without
    `reach`, facts about reach, which no rule reads, are left out. `check` is called after the facts
    were read, and returns whether it has changed them. Facts cannot change `ontology`.
    """

    def __init__(
        self,
        store: Store,
        *,
        known: bool = False,
        state: State | stored_facts.Snapshot | None = None,
        reach: bool = True,
        check: Callable[[], bool] = bool,
    ) -> None:
        self._store, self._written = store, list[_Written]()
        self.changes = 0  # the number of changes so far
        self.ontology = axioms = Ontology(store)
        if isinstance(state, State):
            rules = state.rules
        else:
            rules = [*compile_rules(axioms), *reading_rules(axioms), *notation3.time_rules()]
        facts = state.facts(predicates(rules)) if state else None
        self.closure = Closure(rules, DEFAULTS, CLOSEST, facts)
        self._bounds = Bounds(self.closure)
        if state:
            if isinstance(state, State):
                self.closure.restore(state.links())
            self._reach = Reach(store, self.closure, self._bounds, state.traces)
            return
        with paused():
            self._begin(known, reach, check)

    def _begin(self, known: bool, reach: bool, check: Callable[[], bool]) -> None:
        dates, given = premises.read(self._store, self.closure, check)
        traces = None if reach else Traces()
        if known:
            self.closure.fill(given)
            self._reach = Reach(self._store, self.closure, self._bounds, traces)
            return
        with Writer(self._store) as writer:
            writer.write(DATES, map(line, dates))
            with writer.parts(INFERRED, partial(self.closure.lines, but=CLOSEST)) as found:
                self.closure.fill(given, found)
            with self._bounds.at_hand():
                self._reach = Reach(self._store, self.closure, self._bounds, traces)
                things = self._reach.everything() if reach else ()
                reached = chain.from_iterable(map(self._reach.of, things))
                writer.write(INFERRED, map(line, [*self._bounds.every(), *reached]))

    def state(self) -> bytes:
        """Return the state of this inference as bytes that `State` can read."""
        return self.closure.state(self._reach.traces.copied())

    def content(self) -> stored_state.Content:
        """Return the content for a `StoredState`: from a Snapshot, only what may differ."""
        return self.closure.content(CLOSEST, self._reach.traces)

    def copied(self, store: Store) -> Inference:
        """Return an inference in memory for a store with the same facts."""
        made = copy(self)
        made._store, made._written, made.ontology = store, [], Ontology(store)
        made._copy_closure()
        return made

    def _copy_closure(self) -> None:
        self.closure = self.closure.copied()
        self._bounds = Bounds(self.closure)
        self._reach = Reach(self._store, self.closure, self._bounds, self._reach.traces.copied())

    def add(self, facts: Iterable[Statement]) -> Difference:
        """Add stated facts.

        Raises InputError, and changes nothing, for an invalid date, amount, duration or lag, and
        for facts that entail too many triples.
        """
        return self.change(facts, ())

    def remove(self, facts: Iterable[Statement]) -> Difference:
        """Remove stated facts."""
        return self.change((), facts)

    def change(self, facts: Iterable[Statement], gone: Iterable[Statement]) -> Difference:
        """Add stated facts and remove others in one step; raise InputError as `add` does."""
        return self._step(facts, gone)[0]

    @contextmanager
    def supposing(self, facts: Iterable[Statement]) -> Iterator[Difference]:
        """Add stated facts within a `with` block, and restore the store afterwards."""
        traces = copy(self._reach.traces)
        difference, inferred, written = self._step(facts, ())
        try:
            yield difference
        finally:
            self.closure.undo(inferred)
            self._reach.traces = traces
            self._take_back(written)

    def _step(
        self, facts: Iterable[Statement], past: Iterable[Statement]
    ) -> tuple[Difference, Change, list[_Written]]:
        """Make a change; return it, the closure's change by new facts, and the writes."""
        new = list(absent(dict.fromkeys(facts), self._store, STATED, ONTOLOGY))
        for fact in new:
            if fact[1] in CALCULATED:
                list(own_bounds(self._quad(fact, STATED)))
        gone = list(self._as_stored(f for f in past if self._quad(f, STATED) in self._store))
        if self.closure.needs_all(len(new) + len(gone)):
            self._copy_closure()
        self._written = []
        try:
            self._write(STATED, new, gone)
            return *self._changed(list(self._as_stored(new)), gone), self._written
        except InputError:
            self._take_back(self._written)
            raise
        finally:
            self.changes += 1
            self._written = []

    def _take_back(self, written: list[_Written]) -> None:
        """Undo the writes of a change to the store."""
        for graph, new, gone in reversed(written):
            self._write(graph, gone, new)
        self._written = []
        self.changes += 1

    def _as_stored(self, facts: Iterable[Statement]) -> Iterator[Statement]:
        """Yield stated facts as the store returns them, with numbers in canonical form."""
        for fact in facts:
            is_text = isinstance(fact[2], Literal)
            yield from statements(self._quads(*fact, STATED)) if is_text else (fact,)

    def replace(self, inferred: Iterable[Statement]) -> None:
        """Replace the inferred facts, except those about time, by other facts."""
        known = statements(self._quads(None, None, None, INFERRED))
        ours = [fact for fact in known if fact[1] not in _OF_TIME]
        self._write(INFERRED, list(inferred), ours)
        self.changes += 1

    def derivations(self, fact: Statement) -> list[Derivation]:
        """Return each derivation of a fact in one step from facts that hold.

        The order depends on the facts alone, not on the order in which they were loaded.
        """
        if fact[1] in REACH:
            return self._reach.derivations(fact)
        if own := self._given(fact):
            return sorted((Derivation(CALCULATIONS[fact[1]], (each,)) for each in own), key=_place)
        return sorted(self.closure.derivations(fact), key=_place)

    def instead(self, fact: Statement) -> list[Derivation]:
        """Return the derivations of a bound that the thing's own date overrides."""
        return sorted(self.closure.derivations(fact), key=_place) if self._given(fact) else []

    def within_relations(self, fact: Statement) -> list[Derivation]:
        """Return the derivation of a mission's bound from those of its relations, if any."""
        return self._bounds.within_relations(fact)

    @staticmethod
    def is_date(fact: Statement) -> bool:
        """Return whether a fact states a thing's date."""
        return fact[1] in DATED

    def is_stated(self, fact: Statement) -> bool:
        """Return whether a fact is stated, or part of the ontology."""
        return any(self._quad(fact, graph) in self._store for graph in (STATED, ONTOLOGY))

    def __contains__(self, fact: Statement) -> bool:
        graphs = STATED, DATES, INFERRED, ONTOLOGY
        return any(self._quad(fact, graph) in self._store for graph in graphs)

    def _given(self, fact: Statement) -> list[Statement]:
        """Return the dates, amounts, durations and lags from which a bound is calculated."""
        return [
            given
            for predicate, calculated in CALCULATED.items()
            if fact[1] in calculated
            for quad in self._quads(fact[0], predicate, None, STATED)
            if is_calculated(quad, fact)
            for given in statements([quad])
        ]

    def _quad(self, fact: Statement, graph: str) -> Quad:
        return next(in_graph([fact], graph))

    def _changed(self, new: list[Statement], gone: list[Statement]) -> tuple[Difference, Change]:
        dated = {fact[0] for fact in new + gone if fact[1] in CALCULATED}
        new_dates, gone_dates = self._calculate({*dated, *limited(self._store, new + gone)})
        leaving = [*(fact for fact in gone if fact[1] in self.closure.predicates), *gone_dates]
        coming = [*(fact for fact in new if fact[1] in self.closure.predicates), *new_dates]
        lost = self.closure.remove(leaving)
        try:
            won = self.closure.add(coming)
        except InputError:
            self.closure.remove(coming)
            self.closure.add(leaving)
            raise
        added_to, removed_from = net([lost, won])
        dated = {fact[0] for fact in (*new_dates, *gone_dates)}
        followed, ceased = self._follow(added_to, removed_from, dated)
        reached, missed = self._reach_again([*coming, *followed], [*leaving, *ceased])
        followed += reached
        ceased += missed
        added = frozenset([*new, *new_dates, *followed])
        removed = frozenset([*gone, *gone_dates, *ceased])
        return Difference(added - removed, removed - added), won

    def _calculate(self, subjects: Iterable[Term]) -> tuple[list[Statement], list[Statement]]:
        """Recalculate the bounds of subjects; return the added and the removed bounds."""
        new, gone = list[Statement](), list[Statement]()
        for subject in subjects:
            old = set(statements(self._quads(subject, None, None, DATES)))
            now = {
                fact
                for predicate in CALCULATED
                for quad in self._quads(subject, predicate, None, STATED)
                for fact in bounds_of(self._store, quad)
            }
            new += now - old
            gone += old - now
        self._write(DATES, new, gone)
        return new, gone

    def _follow(
        self, added: Iterable[Statement], removed: Iterable[Statement], dated: Collection[Term] = ()
    ) -> tuple[list[Statement], list[Statement]]:
        """Update the inferred graph; return the added and the removed facts.

        `dated` are the things whose own dates have changed.
        """
        bounds: dict[tuple[Term, Term], None] = {}
        new, gone = list[Statement](), list[Statement]()
        for changed, others in ((added, new), (removed, gone)):
            for fact in changed:
                if fact[1] in CLOSEST:
                    bounds[fact[:2]] = None
                else:
                    others.append(fact)
        missions = [fact[0] for fact in (*new, *gone) if fact[1] == WITHIN_RELATIONS]
        for subject in {*dated, *(subject for subject, _ in bounds)}:
            missions += self.closure.subjects(WITHIN_RELATIONS, subject)
            if self.closure.objects(subject, WITHIN_RELATIONS):
                missions.append(subject)
        bounds.update(dict.fromkeys((mission, bound) for mission in missions for bound in WIDEST))
        for subject, bound in bounds:
            day = self._bounds.followed(subject, bound)
            now = [(subject, bound, day)] if day else []
            before = list(statements(self._quads(subject, bound, None, INFERRED)))
            if now != before:
                new += now
                gone += before
        self._write(INFERRED, new, gone)
        return new, gone

    def _reach_again(
        self, added: list[Statement], removed: list[Statement]
    ) -> tuple[list[Statement], list[Statement]]:
        """Update the reach of things after a change; return the added and the removed facts."""
        new, gone = list[Statement](), list[Statement]()
        for thing in self._reach.affected(added, removed):
            each = (self._quads(thing, name, None, INFERRED) for name in REACH)
            held = list(statements(chain.from_iterable(each)))
            now = self._reach.of(thing)
            new += [fact for fact in now if fact not in held]
            gone += [fact for fact in held if fact not in now]
        self._write(INFERRED, new, gone)
        return new, gone

    def _quads(
        self, subject: Term | None, predicate: Term | None, object_: Term | None, graph: str
    ) -> Iterator[Quad]:
        return self._store.quads_for_pattern(subject, predicate, object_, NamedNode(graph))  # type: ignore[arg-type]

    def _write(
        self, graph: str, new: Collection[Statement], gone: Collection[Statement] = ()
    ) -> None:
        self._written.append((graph, new, gone))
        for quad in in_graph(gone, graph):
            self._store.remove(quad)
        # `extend` keeps all writes of its transaction in memory, and takes twice as long on disk.
        write = self._store.bulk_extend if len(new) > _MANY else self._store.extend
        facts = iter(new)
        for _ in range(0, len(new), _AT_ONCE):  # in batches, since the engine copies them
            write(in_graph(islice(facts, _AT_ONCE), graph))


def _place(derivation: Derivation) -> tuple[str, list[str]]:
    """Return the sort key of a derivation: its rule's name, then its premises."""
    return derivation.rule.name, [str(term) for fact in derivation.premises for term in fact]
