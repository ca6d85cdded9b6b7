"""The closure of facts under rules, maintained incrementally."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from math import inf

from pyoxigraph import NamedNode, Quad

from relations_kg.rdf.terms import Statement, Term
from relations_kg.reasoning import size_limit, states, stored_state
from relations_kg.reasoning.backward import Backward
from relations_kg.reasoning.changes import Change
from relations_kg.reasoning.defaults import Defaults
from relations_kg.reasoning.fact_sets import Fact, FactSet, Pair
from relations_kg.reasoning.facts import UNBOUND, Facts
from relations_kg.reasoning.forward import Forward
from relations_kg.reasoning.lookups import Lookups
from relations_kg.reasoning.ontology import Pattern
from relations_kg.reasoning.propagation import Found, Propagation, TooMany
from relations_kg.reasoning.rules import Derivation, Rule
from relations_kg.reasoning.traces import Traces
from relations_kg.reasoning.transitivity import Links, is_transitivity


class Closure(Lookups):
    """Given facts and everything that follows from them.

    The closure begins with `facts`, which must include everything that follows from them.

    Evaluation is semi-naive: new facts, of one predicate at a time, are joined with the known
    facts, so the cost of an update depends on its effect and not on the size of the closure. A
    predicate in `defaults` is derived only for subjects without a given value of any predicate to
    which `defaults` maps it. Rules that shift a day derive only days that are closer, by the
    function in `closest`, than the known days. At most MOST_INFERRED facts, plus
    MOST_INFERRED_PER_FACT for each given fact, are inferred in one addition.

    >>> a, b, c, p = (NamedNode("urn:" + name) for name in "abcp")
    >>> closure = Closure([Rule("p is transitive", (("x", p, "y"), ("y", p, "z")), ("x", p, "z"))])
    >>> [(s.value, o.value) for s, _, o in closure.add([(a, p, b), (b, p, c)]).added]
    [('urn:a', 'urn:c')]
    >>> len(closure.remove([(a, p, b)]).removed)
    1
    """

    def __init__(
        self,
        rules: Iterable[Rule],
        defaults: Mapping[NamedNode, Iterable[NamedNode]] | None = None,
        closest: Mapping[Term, Callable[..., Term]] | None = None,
        facts: Facts | None = None,
    ) -> None:
        self.rules = list(rules)
        self.predicates = predicates(self.rules)
        self._facts = Facts() if facts is None else facts
        self._given = self._facts.given
        self._arguments = defaults or {}, closest or {}
        number = self._facts.number
        self._defaults = Defaults(
            {number(p): map(number, others) for p, others in self._arguments[0].items()},
            self._facts.given_at_first,
        )
        shifted = {rule.head[1] for rule in self.rules if rule.shift}
        self._closest = {number(p): self._arguments[1][p] for p in shifted}
        self._transitivities: dict[int, list[Rule]] = {}
        for rule in filter(is_transitivity, self.rules):
            self._transitivities.setdefault(number(rule.head[1]), []).append(rule)
        # A path of a default predicate can pass through subjects whose defaults are overridden,
        # so its facts cannot be composed from links.
        for predicate in self._defaults.predicates:
            self._transitivities.pop(predicate, None)
        self._links = Links(self._facts, self._transitivities)
        composing = self._transitivities.get
        others = [rule for rule in self.rules if rule not in composing(number(rule.head[1]), ())]
        self._forward = Forward(self._facts, others)
        self._backward = Backward(self._facts, others)

    def add(self, statements: Iterable[Statement]) -> Change:
        """Add given facts.

        Raises InputError, and changes nothing, if too many facts would be inferred.
        """
        return self._change(*self._added(self._facts.facts(statements)))

    def encoded(
        self, quads: Iterable[tuple[Term, Iterable[Quad]]], statements: Iterable[Statement]
    ) -> FactSet:
        """Return the encoded forms of quads, which are given by predicate, and of statements."""
        found = FactSet()
        for predicate, some in quads:
            found.pairs[self._facts.number(predicate)] |= self._facts.ends(some)
        found.update(self._facts.facts(statements))
        return found

    def fill(self, given: FactSet, found: Found | None = None) -> None:
        """Add encoded given facts to a closure without facts; `found` takes what follows.

        Raises InputError as `add` does.
        """
        self._added(given, found)

    def _added(
        self, facts: FactSet, found: Found | None = None
    ) -> tuple[FactSet, Iterator[Fact], FactSet]:
        """Add given facts; return three kinds of facts for `_change`.

        They are the facts that were derived before and have been given or deleted, the facts
        that are derived now, and the facts that were not given before.
        """
        given = facts - self._given
        blocked = self._give(given)
        was_derived = blocked | (given & self._facts.known)
        if blocked:
            self._delete(blocked, was_derived)
        new = given - self._facts.known
        try:
            most = size_limit.most_inferred(len(self._given))
            emitted = self._spread(new, most=most, found=found)
        except TooMany as reached:
            names = (self._facts.terms[predicate] for _, predicate, _ in reached.derived)
            error = size_limit.exceeded(len(self._given), names)
            self._forget((new | FactSet(reached.derived)) & self._facts.known)
            self.remove(map(self._facts.statement, given))
            raise error from None
        return was_derived, emitted, given

    def copied(self) -> Closure:
        """Return a copy in memory, whose changes do not change this one."""
        made = Closure(self.rules, *self._arguments, facts=self._facts.copied())
        made.restore(self._links)
        return made

    def restore(self, links: Iterable[Fact]) -> None:
        """Restore the links of known facts, and record the defaults that given facts override."""
        self._defaults.give(self._given)
        self._links.restore(links)

    def state(self, traces: Traces) -> bytes:
        """Return the closure and the traces of parties as bytes that `State` can read."""
        return states.write(self.rules, self._facts, self._given, iter(self._links), traces)

    def needs_all(self, number: int) -> bool:
        """Return whether a change of a number of facts is faster with a copy in memory."""
        return self._facts.needs_all(number)

    def content(self, predicates: Iterable[Term], traces: Traces) -> stored_state.Content:
        """Return the content of a `StoredState`, with the days of these predicates."""
        terms, known = self._facts.terms, self._facts.known
        numbers = map(self._facts.number, predicates)
        facts = ((s, p, o) for p in numbers for s, o in self._facts.seen(p))
        derived = ((fact, fact in known and fact not in self._given) for fact in facts)
        links = self._links.of_subjects()
        return stored_state.Content(
            len(self._given),
            ((self._facts.statement(fact), is_derived) for fact, is_derived in derived),
            ((terms[s], terms[p], [terms[o] for o in objects]) for s, p, objects in links),
            traces,
            is_whole=type(self._facts) is Facts,
        )

    def undo(self, change: Change) -> None:
        """Undo the last addition.

        If it removed no derived fact, nothing has to be derived again.
        """
        if change.removed:
            self.remove(map(self._facts.statement, change.given))
            return
        self._given.difference_update(change.given)
        self._defaults.take(change.given)
        self._forget(change.given | self._facts.facts(change.added))

    def remove(self, statements: Iterable[Statement]) -> Change:
        """Remove given facts; a fact that still follows from others remains as a derived fact."""
        taken = self._facts.facts(statements) & self._given
        self._given.difference_update(taken)
        unblocked = self._defaults.take(taken)
        was_derived = FactSet()
        emitted = self._delete(taken, was_derived)
        for subject, predicate in unblocked:
            found = self._backward.derivations(subject, predicate, UNBOUND)
            emitted += self._spread(FactSet(head for head, _, _ in found))
        was_derived.difference_update(taken)
        return self._change(was_derived, emitted)

    def derivations(self, statement: Statement) -> Iterator[Derivation]:
        """Yield each way in which one rule gives a fact from facts that hold.

        For a transitive predicate the last premise is a link, so that each path yields the fact
        only once. A value of a default predicate is derived even if a given value overrides it.
        """
        fact = subject, predicate, object_ = self._facts.fact(statement)
        for _, rule, premises in self._backward.derivations(subject, predicate, object_):
            yield Derivation(rule, tuple(map(self._facts.statement, premises)))
        for rule in self._transitivities.get(predicate, ()):
            for between in self._facts.subjects(predicate, object_):
                first, last = (subject, predicate, between), (between, predicate, object_)
                if between not in fact[::2] and first in self._facts.known and self._is_link(last):
                    yield Derivation(
                        rule, (self._facts.statement(first), self._facts.statement(last))
                    )

    def shifted(self, subject: Term, predicate: Term) -> Iterator[tuple[Term, Derivation]]:
        """Yield the days that rules derive by a shift, even if overridden, with derivations."""
        number, statement = self._facts.number, self._facts.statement
        found = self._backward.derivations(number(subject), number(predicate), UNBOUND)
        for head, rule, premises in found:
            if rule.shift:
                yield statement(head)[2], Derivation(rule, tuple(map(statement, premises)))

    def nearest(
        self, rule: Rule, statement: Statement
    ) -> list[tuple[tuple[Statement, ...], tuple[Pattern, ...]]]:
        """Return which premises of a rule for a fact hold, and which have no match.

        The list is empty if the rule cannot give the fact. Otherwise it has one entry, with as few
        unmatched patterns as possible, in which known variables are filled in.
        """
        return self._backward.nearest(rule, statement)

    def is_given(self, statement: Statement) -> bool:
        """Return whether a fact was given, even if it also follows from others."""
        return self._facts.fact(statement) in self._given

    def __contains__(self, statement: Statement) -> bool:
        return self._facts.fact(statement) in self._facts.known

    def _give(self, given: FactSet) -> FactSet:
        """Record facts as given; return the derived defaults that they override."""
        self._given.update(given)
        overridden = FactSet(
            (subject, default, object_)
            for subject, default in self._defaults.give(given)
            if self._facts.known.pairs[default]
            for object_ in self._facts.objects(default, subject)
        )
        return overridden - self._given

    def _spread(
        self,
        roots: FactSet,
        composed: FactSet | None = None,
        most: float = inf,
        found: Found | None = None,
    ) -> Iterator[Fact]:
        """Add facts and everything that follows from them; return the derived facts.

        Raises TooMany for more than `most` derived facts. `composed` facts are known, but their
        consequences are not.
        """
        parts = self._facts, self._given, self._defaults, self._links, self._forward
        return Propagation(*parts, self._closest, most, found).run(roots, composed or FactSet())

    def _is_link(self, fact: Fact) -> bool:
        """Return whether a fact of a transitive predicate is given or follows without composition.

        A fact that was composed before it was given is not in `_links`. A fact that follows only
        from a composed fact of an inverse or a sub-property is not a link.
        """
        return fact in self._links or self._backward.is_founded(fact, self._given)

    def _delete(self, roots: FactSet, was_derived: FactSet) -> list[Fact]:
        """Delete facts and everything that depends on them, then rederive what still follows.

        Adds the deleted derived facts to `was_derived`, and returns those that still follow, with
        the days that take the place of deleted days. This is the delete-and-rederive algorithm
        (DRed). So facts that only support each other are also removed.
        """
        links, known, given = self._links, self._facts.known, self._given
        composed = FactSet(f for f in roots if links.covers(f[1]) and f not in links)
        doomed = (roots - composed) & known
        waiting = (doomed | FactSet()).pairs
        lost = defaultdict[int, set[Pair]](set)

        def doom(predicate: int, pairs: Collection[Pair]) -> None:
            new = known.pairs[predicate].intersection(pairs) - given.pairs[predicate]
            new = new - doomed.pairs[predicate]
            if links.covers(predicate):
                # A composed fact depends on a path of links, even if another rule also gives it.
                new = {pair for pair in new if (pair[0], predicate, pair[1]) in links}
            if new:
                doomed.pairs[predicate] |= new
                waiting[predicate] |= new

        while waiting:
            predicate, pairs = waiting.popitem()
            if links.covers(predicate):
                cut = links.cut(predicate, pairs, lost[predicate]) - doomed.pairs[predicate]
                doomed.pairs[predicate] |= cut
                pairs |= cut
            self._forward.fire(predicate, pairs, doom)
        was_derived.update(doomed - given)
        self._forget(doomed)
        back = FactSet(links.composed(doomed))
        for predicate, pairs in back.pairs.items():
            self._facts.add(predicate, pairs)
        roots = FactSet(
            fact
            for fact in doomed - back
            if fact[:2] not in self._defaults and (fact in given or self._backward.follows(fact))
        )
        still = ((composed - doomed) & known) | back
        emitted = [*(still - given), *self._spread(roots, back)]
        # Rules derived no day that is less close than a deleted day, so such days are derived now.
        for subject, predicate in {fact[:2] for fact in doomed if fact[1] in self._closest}:
            if (subject, predicate) not in self._defaults:
                found = self._backward.derivations(subject, predicate, UNBOUND)
                emitted += self._spread(FactSet(head for head, rule, _ in found if rule.shift))
        return emitted

    def _forget(self, facts: FactSet) -> None:
        self._links.discard(facts)
        self._facts.discard(facts)

    def _change(
        self, was_derived: FactSet, emitted: Iterable[Fact], new: FactSet | None = None
    ) -> Change:
        facts, given, terms = self._facts.known, self._given, self._facts.terms
        if was_derived:
            emitted = [fact for fact in emitted if fact not in was_derived]
        return Change(
            [(terms[s], terms[p], terms[o]) for s, p, o in emitted],
            [self._facts.statement(f) for f in was_derived if f not in facts or f in given],
            new or FactSet(),
        )


def predicates(rules: Iterable[Rule]) -> set[NamedNode]:
    """Return the predicates of the facts that rules use or infer."""
    return {predicate for rule in rules for _, predicate, _ in (*rule.body, rule.head)}
