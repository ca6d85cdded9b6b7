"""The facts of a store, each looked up when it is first needed, with later changes in memory."""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable, Iterator, Set
from typing import Any, NamedTuple, cast

from pyoxigraph import Literal, NamedNode, Quad, Store

from relations_kg.rdf.namespaces import DATES, INFERRED, ONTOLOGY, STATED
from relations_kg.rdf.terms import EngineTerm, Term
from relations_kg.reasoning.bounds import CALCULATIONS, CLOSEST
from relations_kg.reasoning.fact_sets import FactSet, Pair
from relations_kg.reasoning.facts import Facts
from relations_kg.reasoning.stored_sets import Ends, Having, StoredSet
from relations_kg.reasoning.stored_state import StoredState
from relations_kg.reasoning.traces import Traces

# Reading this many facts takes about as long as looking up all that one changed fact needs.
_MOST_PER_CHANGE = 40
_STATED, _ONTOLOGY, _DATES, _INFERRED = map(NamedNode, (STATED, ONTOLOGY, DATES, INFERRED))


class Snapshot(NamedTuple):
    """A store that does not change any longer, and the rest of the state of its closure."""

    store: Store
    state: StoredState

    def facts(self, predicates: Collection[Term]) -> StoredFacts:
        """Return the facts with the predicates of rules."""
        return StoredFacts(self, predicates)

    @property
    def traces(self) -> Traces:
        """The first and the last trace of each party."""
        return Traces(self.state.traces_of, self.state.parties)


class StoredFacts(Facts):
    """The facts of a snapshot, and the changes made to them since, which are kept in memory.

    A fact is looked up in the store when it is first needed, and its terms get their numbers then.
    So an addition costs no more in a large store than in a small one. `predicates` are those of the
    rules; of the facts with other predicates, the closure has only calculated ones.
    """

    def __init__(self, snapshot: Snapshot, predicates: Collection[Term]) -> None:
        super().__init__()
        self._snapshot, self._predicates = snapshot, predicates
        self._store, self._state = snapshot
        self._graphs: dict[Term, tuple[list[NamedNode], list[NamedNode]]] = {}
        self._known = StoredSet(self._is_known, self._all_known)
        self._given = StoredSet(self._is_given, self._all_given, self._state.given)
        self.known, self.given = self._known, self._given
        self._ends = Ends(self._from_subject), Ends(self._from_object)

    def copied(self) -> Facts:
        """Return a copy in memory."""
        numbers = [self.number(term) for term in {*self._predicates, *CALCULATIONS}]
        every = [({*self.known.pairs[p]}, {*self.given.pairs[p]}) for p in numbers]
        made = Facts(self.terms)
        for predicate, (known, given) in zip(numbers, every, strict=True):
            made.known.pairs[predicate] |= known
            made.given.pairs[predicate] |= given
        return made

    def needs_all(self, number: int) -> bool:
        """Return whether a change of a number of facts is faster with all facts in memory."""
        return number * _MOST_PER_CHANGE > self._state.given

    def linked_at_first(self, predicate: int) -> Iterable[int]:
        """Return the subjects that the snapshot links."""
        return map(self.number, self._state.with_links(self.terms[predicate]))

    def seen(self, predicate: int) -> Set[Pair]:
        """Return the pairs of a predicate that were looked up or changed."""
        return self._known.seen(predicate) | self._given.seen(predicate)

    def links_at_first(self, predicate: int, subject: int) -> Iterable[int]:
        """Return the objects to which the snapshot links a subject."""
        return map(self.number, self._state.linked(self.terms[subject], self.terms[predicate]))

    def given_at_first(self, predicate: int, subject: int) -> int:
        """Return the number of objects of a subject and a predicate that the snapshot gives."""
        graphs = self._graphs_of(self.terms[predicate])[0]
        found = self._quads(self.terms[subject], self.terms[predicate], None)
        return len({quad.object for quad in found if quad.graph_name in graphs})

    def add(self, predicate: int, pairs: Collection[Pair]) -> None:
        """Add facts of a predicate, none of which is known."""
        self.known.pairs[predicate].update(pairs)
        self._change(predicate, pairs, is_known=True)

    def discard(self, facts: FactSet) -> None:
        """Remove known facts."""
        self.known.difference_update(facts)
        for predicate, pairs in facts.pairs.items():
            self._change(predicate, pairs, is_known=False)

    def _change(self, predicate: int, pairs: Collection[Pair], *, is_known: bool) -> None:
        self._ends[0].change(predicate, pairs, is_known=is_known)
        self._ends[1].change(predicate, [(o, s) for s, o in pairs], is_known=is_known)

    def by_subject(self, predicate: int) -> Container[int]:
        """Return a live view of the subjects of a predicate."""
        return Having(self._ends[0], predicate)

    def by_object(self, predicate: int) -> Container[int]:
        """Return a live view of the objects of a predicate."""
        return Having(self._ends[1], predicate)

    def objects(self, predicate: int, subject: int) -> Collection[int]:
        """Return the objects of a subject and a predicate."""
        return () if subject in self.literals else self._ends[0].of(predicate, subject)

    def subjects(self, predicate: int, object_: int) -> Collection[int]:
        """Return the subjects of a predicate and an object."""
        return self._ends[1].of(predicate, object_)

    def links(
        self, terms: Set[int], predicates: Iterable[int], *, reverse: bool = False
    ) -> set[tuple[int, int]]:
        """Return subjects with their objects or, with `reverse`, objects with their subjects."""
        names, ends = {*predicates}, self._ends[reverse]
        return {(term, end) for term in terms for name, end in ends.of_all(term) if name in names}

    def pairs(self, predicate: int) -> Collection[Pair]:
        """Return the subjects and objects of a predicate."""
        return self.known.pairs[predicate]

    def _graphs_of(self, predicate: Term) -> tuple[list[NamedNode], list[NamedNode]]:
        """Return the graphs with the given and with the derived facts of a predicate.

        The derived days of bounds are in the state, since the store has only the closest of them.
        """
        graphs = self._graphs.get(predicate)
        if graphs is None:
            is_used = predicate in self._predicates
            given = [_STATED, _ONTOLOGY] if is_used else []
            given += [_DATES] if predicate in CALCULATIONS else []
            derived = [_INFERRED] if is_used and predicate not in CLOSEST else []
            graphs = self._graphs[predicate] = given, derived
        return graphs

    def _quads(self, subject: Term | None, predicate: Term | None, object_: Term | None) -> Any:
        # No fact has a literal as its subject.
        if isinstance(subject, Literal):
            return ()
        return self._store.quads_for_pattern(subject, cast(Any, predicate), object_, None)

    def _from_subject(self, predicate: int | None, subject: int) -> Iterator[Pair]:
        term = self.terms[subject]
        name = None if predicate is None else self.terms[predicate]
        for quad in self._quads(term, name, None):
            if self._is_part(quad):
                yield self.number(quad.predicate), self.number(quad.object)
        if name is None:
            for bound, day in self._state.bounds(term):
                yield self.number(bound), self.number(day)
        elif name in CLOSEST:
            for day in self._state.days(term, name):
                yield self.number(name), self.number(day)

    def _from_object(self, predicate: int | None, object_: int) -> Iterator[Pair]:
        term = self.terms[object_]
        name = None if predicate is None else self.terms[predicate]
        for quad in self._quads(None, name, term):
            if self._is_part(quad):
                yield self.number(quad.predicate), self.number(quad.subject)
        for bound in CLOSEST if isinstance(term, Literal) else ():
            if name in (None, bound):
                for thing in self._state.dated(bound, term):
                    yield self.number(bound), self.number(thing)

    def _is_part(self, quad: Any) -> bool:
        given, derived = self._graphs_of(quad.predicate)
        return quad.graph_name in given or quad.graph_name in derived

    def _is_given(self, predicate: int, pair: Pair) -> bool:
        return self._is_in(self._graphs_of(self.terms[predicate])[0], predicate, pair)

    def _is_known(self, predicate: int, pair: Pair) -> bool:
        name = self.terms[predicate]
        given, derived = self._graphs_of(name)
        return self._is_in([*given, *derived], predicate, pair) or (
            name in CLOSEST and self.terms[pair[1]] in self._state.days(self.terms[pair[0]], name)
        )

    def _is_in(self, graphs: Iterable[NamedNode], predicate: int, pair: Pair) -> bool:
        if pair[0] in self.literals:
            return False
        s, p, o = self.statement((pair[0], predicate, pair[1]))
        return any(Quad(s, p, o, graph) in self._store for graph in graphs)  # type: ignore[arg-type]

    def _all_given(self, predicate: int) -> Iterator[Pair]:
        return self._all(predicate, self._graphs_of(self.terms[predicate])[0])

    def _all_known(self, predicate: int) -> Iterator[Pair]:
        name = self.terms[predicate]
        given, derived = self._graphs_of(name)
        yield from self._all(predicate, [*given, *derived])
        for thing, day in self._state.all_days(name) if name in CLOSEST else ():
            yield self.number(thing), self.number(day)

    def _all(self, predicate: int, graphs: Iterable[NamedNode]) -> Iterator[Pair]:
        name: Any = self.terms[predicate]
        for graph in graphs:
            for quad in self._store.quads_for_pattern(None, name, None, graph):
                yield self._number(quad.subject), self._number(quad.object)

    def _number(self, term: EngineTerm) -> int:
        return self.number(cast(Term, term))
