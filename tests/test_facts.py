"""Tests of added and removed facts: the updated closure equals one that is computed afresh."""

import random
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise, product
from pathlib import Path
from threading import Event

import pytest
from pyoxigraph import Literal, NamedNode
from snapshots import snapshot

from relations_kg.rdf.namespaces import INFERRED, STATED
from relations_kg.rdf.terms import Statement, in_graph
from relations_kg.reasoning.changes import Change
from relations_kg.reasoning.closure import Closure
from relations_kg.reasoning.fact_sets import FactSet
from relations_kg.reasoning.facts import UNBOUND, Facts, bind, filled
from relations_kg.reasoning.ontology import Pattern
from relations_kg.reasoning.rules import Rule, connected
from relations_kg.reasoning.stored_facts import StoredFacts
from relations_kg.reasoning.traces import Traces

PART, BESIDE, MARK, DAY, NEXT = (
    NamedNode(f"urn:{n}") for n in ("part", "beside", "mark", "day", "next")
)
THINGS = [NamedNode(f"urn:thing-{number}") for number in range(6)]
A, B, C, *_ = THINGS

RULES = [
    Rule("part is transitive", (("x", PART, "y"), ("y", PART, "z")), ("x", PART, "z")),
    Rule("beside is symmetric", (("x", BESIDE, "y"),), ("y", BESIDE, "x")),
    Rule("beside ⊑ part", (("x", BESIDE, "y"),), ("x", PART, "y")),
    Rule("part ∘ next ⊑ next", (("x", PART, "y"), ("y", NEXT, "z")), ("x", NEXT, "z")),
    Rule(
        "three premises",
        (("x", MARK, A), ("x", PART, "y"), ("y", BESIDE, "z")),
        ("z", MARK, A),
    ),
    Rule("a cycle is marked", (("x", PART, "x"),), ("x", MARK, B)),
    Rule("marks bear each other out", (("x", MARK, B),), ("x", MARK, C)),
    Rule("and back", (("x", MARK, C),), ("x", MARK, B)),
    Rule("a part has its whole's day", (("x", PART, "y"), ("y", DAY, "v")), ("x", DAY, "v")),
    Rule("what is next to a day is marked", (("x", DAY, "y"), ("x", NEXT, "y")), ("y", MARK, B)),
    Rule("apart", (("x", NEXT, "x"), ("y", MARK, C)), ("x", NEXT, "y")),
]
PREDICATES = [PART, BESIDE, MARK, DAY, NEXT]
# The predicates that are derived by default, each with those whose given values override it.
Defaults = dict[NamedNode, list[NamedNode]]


def naive(rules: list[Rule], given: Iterable[Statement], defaults: Defaults) -> set[Statement]:
    """Return the closure, by trying every rule on every fact until nothing new follows."""
    known = set(given)
    own = {(s, default) for s, p, _ in known for default in defaults if p in defaults[default]}
    while True:
        new = {
            head
            for rule in rules
            for matched in matches(rule.body, known, {})
            if (head := written(rule.head, matched)) not in known
            and head[:2] not in own
            and not isinstance(head[0], Literal)
        }
        if not new:
            return known
        known |= new


def matches(
    body: tuple[Pattern, ...], known: set[Statement], values: dict[str, object]
) -> Iterator[dict[str, object]]:
    if not body:
        yield values
        return
    for fact in known:
        extended = dict(values)
        if fact[1] == body[0][1] and all(
            (extended.setdefault(term, value) if isinstance(term, str) else term) == value
            for term, value in zip(body[0], fact, strict=True)
        ):
            yield from matches(body[1:], known, extended)


def written(pattern: Pattern, values: dict[str, object]) -> Statement:
    return tuple(values[t] if isinstance(t, str) else t for t in pattern)  # type: ignore[return-value]


def random_rules(chance: random.Random) -> list[Rule]:
    def term(names: str) -> NamedNode | str:
        return chance.choice(THINGS[:3]) if chance.random() < 0.2 else chance.choice(names)

    rules = []
    for number in range(3):
        body = tuple(
            (term("xyz"), chance.choice(PREDICATES), term("xyz"))
            for _ in range(chance.randint(1, 3))
        )
        bound = [t for pattern in body for t in pattern[::2] if isinstance(t, str)] or THINGS[:2]
        head = (chance.choice(bound), chance.choice(PREDICATES), chance.choice(bound))
        rules.append(Rule(f"rule {number}", body, head))
    return rules


def all_that_holds(closure: Closure) -> set[Statement]:
    return {(s, p, o) for p in PREDICATES for s, o in closure.pairs(p)}


def steps(chance: random.Random, count: int) -> Iterator[tuple[bool, list[Statement]]]:
    """Yield additions and removals, some of facts that are already present or absent."""
    given: list[Statement] = []
    for _ in range(count):
        some = [
            (chance.choice(THINGS), chance.choice(PREDICATES), chance.choice(THINGS))
            for _ in range(chance.randint(1, 4))
        ]
        if chance.random() < 0.55 or not given:
            given += some
            yield True, some
        else:
            some[1:] = chance.sample(given, min(len(given), chance.randint(1, 3)))
            given = [fact for fact in given if fact not in some]
            yield False, some


def continued(closure: Closure, defaults: Defaults, folder: Path) -> Closure:
    """Return a closure that looks up the facts of another in a store."""
    held = all_that_holds(closure)
    given = set(filter(closure.is_given, held))
    quads = [*in_graph(given, STATED), *in_graph(held - given, INFERRED)]
    kept = snapshot(quads, closure.content((), Traces()), folder / "state")
    return Closure(closure.rules, defaults, facts=StoredFacts(kept, closure.predicates))


@pytest.mark.parametrize("seed", range(90))
def test_additions_and_removals_leave_what_starting_anew_gives(seed: int, tmp_path: Path) -> None:
    """This holds after every step, and the returned change is exactly the difference.

    Some closures continue from a store with their facts before each step.
    """
    chance = random.Random(seed)
    rules = RULES if seed % 3 else random_rules(chance)
    defaults: Defaults = dict(list({DAY: [DAY], NEXT: [NEXT, DAY]}.items())[: seed % 4])
    closure = Closure(rules, defaults)
    given: set[Statement] = set()
    derived: set[Statement] = set()
    for adds, some in steps(chance, 8):
        if seed % 6 == 1:
            closure = continued(closure, defaults, tmp_path)
        change = closure.add(some) if adds else closure.remove(some)
        given = given | {*some} if adds else given - {*some}
        anew = Closure(rules, defaults)
        expected = set(anew.add(sorted(given, key=str)).added)

        assert expected - derived == set(change.added)
        assert derived - expected == set(change.removed)
        assert len(change.added) == len(set(change.added))
        assert len(change.removed) == len(set(change.removed))
        assert expected | given == all_that_holds(closure) == all_that_holds(anew)

        derived = expected


@pytest.mark.parametrize("seed", range(24))
def test_additions_and_removals_leave_what_trying_everything_finds(seed: int) -> None:
    chance = random.Random(1000 + seed)
    rules = RULES if seed % 2 else random_rules(chance)
    defaults: Defaults = {DAY: [DAY, NEXT]} if seed % 3 else {DAY: [DAY]}
    closure = Closure(rules, defaults)
    given: set[Statement] = set()
    for adds, some in steps(chance, 6):
        _ = closure.add(some) if adds else closure.remove(some)
        given = given | {*some} if adds else given - {*some}

    assert naive(rules, given, defaults) == all_that_holds(closure)


@pytest.mark.parametrize("seed", range(30))
def test_every_derived_fact_has_a_derivation_from_facts_that_hold(seed: int) -> None:
    chance = random.Random(2000 + seed)
    closure = Closure(RULES, {DAY: [DAY]})
    for adds, some in steps(chance, 8):
        _ = closure.add(some) if adds else closure.remove(some)

    for fact in all_that_holds(closure):
        derivations = list(closure.derivations(fact))

        assert derivations or closure.is_given(fact)
        for derivation in derivations:
            rule, premises = derivation.rule, derivation.premises
            assert all(premise in closure for premise in premises)
            assert fact in [
                written(rule.head, values) for values in matches(rule.body, {*premises}, {})
            ]


@pytest.mark.parametrize("seed", range(10))
def test_what_is_removed_and_added_back_leaves_no_trace(seed: int) -> None:
    chance = random.Random(3000 + seed)
    closure = Closure(RULES, {DAY: [DAY]})
    given = [
        (s, p, o)
        for s, p, o in product(THINGS, PREDICATES, THINGS)
        if chance.random() < 0.06
    ]  # fmt: skip
    closure.add(given)
    before = all_that_holds(closure)
    for fact in given:
        gone = closure.remove([fact])
        back = closure.add([fact])

        # The fact itself is derived in between if it follows from the others.
        assert before == all_that_holds(closure)
        assert set(gone.removed) == set(back.added)
        assert set(gone.added) == set(back.removed)


def test_facts_that_only_bear_out_one_another_go_together() -> None:
    closure = Closure(RULES)
    closure.add([(A, MARK, B)])

    assert [(A, MARK, C)] == closure.remove([(A, MARK, B)]).removed
    assert set() == all_that_holds(closure)


def test_a_fact_taken_back_stays_if_it_follows_from_others() -> None:
    closure = Closure(RULES)
    closure.add([(A, PART, B), (B, PART, C), (A, PART, C)])
    change = closure.remove([(A, PART, C)])

    assert Change([(A, PART, C)], []) == change
    assert (A, PART, C) in closure
    assert not closure.is_given((A, PART, C))


def test_a_derived_fact_that_is_given_is_derived_no_more() -> None:
    closure = Closure(RULES)
    closure.add([(A, PART, B), (B, PART, C)])

    assert Change([], [(A, PART, C)]) == closure.add([(A, PART, C)])
    assert closure.is_given((A, PART, C))


def test_a_default_gives_way_to_what_is_given_and_comes_back() -> None:
    """The consequences of a default are removed and restored with it."""
    closure = Closure(RULES, {DAY: [DAY]})
    closure.add([(A, PART, B), (B, PART, C), (C, DAY, C)])

    assert {(A, DAY, C), (B, DAY, C), (C, DAY, C)} == {(s, DAY, o) for s, o in closure.pairs(DAY)}

    closure.add([(B, DAY, A)])

    assert {(A, DAY, C), (A, DAY, A), (B, DAY, A), (C, DAY, C)} == {
        (s, DAY, o) for s, o in closure.pairs(DAY)
    }

    closure.remove([(B, DAY, A)])

    assert {(A, DAY, C), (B, DAY, C), (C, DAY, C)} == {(s, DAY, o) for s, o in closure.pairs(DAY)}


def test_a_second_own_value_keeps_the_default_away() -> None:
    closure = Closure(RULES, {DAY: [DAY]})
    closure.add([(A, PART, B), (B, DAY, B), (A, DAY, A), (A, DAY, C)])
    closure.remove([(A, DAY, A)])

    assert [C] == closure.objects(A, DAY)


def test_a_value_given_twice_counts_once() -> None:
    closure = Closure(RULES, {DAY: [DAY]})
    closure.add([(A, PART, B), (B, DAY, B), (A, DAY, A), (A, DAY, A)])
    closure.add([(A, DAY, A)])
    closure.remove([(A, DAY, A), (A, DAY, A)])

    assert [B] == closure.objects(A, DAY)


def test_removing_what_was_not_given_changes_nothing() -> None:
    closure = Closure(RULES)
    closure.add([(A, PART, B), (B, PART, C)])

    assert Change([], []) == closure.remove([(A, PART, C), (C, PART, A), (A, MARK, B)])
    assert (A, PART, C) in closure


def test_a_literal_is_no_subject_of_what_follows() -> None:
    closure = Closure([Rule("p is symmetric", (("x", BESIDE, "y"),), ("y", BESIDE, "x"))])

    assert [] == closure.add([(A, BESIDE, Literal("text"))]).added


def test_a_chain_cut_in_two_loses_what_spanned_the_cut() -> None:
    chain = [NamedNode(f"urn:link-{number}") for number in range(40)]
    closure = Closure(RULES)
    closure.add([(one, PART, other) for one, other in pairwise(chain)])
    change = closure.remove([(chain[19], PART, chain[20])])

    assert 20 * 20 - 1 == len(change.removed)
    assert 2 * (20 * 19 // 2) == len(closure.pairs(PART))


## The nearest rules


def test_the_nearest_premises_are_as_many_as_hold() -> None:
    closure = Closure(RULES)
    closure.add([(A, MARK, A), (A, PART, B)])
    three = RULES[4]

    assert [(((A, MARK, A), (A, PART, B)), ((B, BESIDE, C),))] == closure.nearest(
        three, (C, MARK, A)
    )
    assert [] == closure.nearest(three, (C, MARK, B))
    assert [] == closure.nearest(three, (C, PART, A))


def test_what_holds_lacks_no_premise() -> None:
    closure = Closure(RULES)
    closure.add([(A, PART, B), (B, PART, C)])

    assert [(((A, PART, B), (B, PART, C)), ())] == closure.nearest(RULES[0], (A, PART, C))


def test_variables_of_which_nothing_is_known_keep_their_names() -> None:
    assert [((), (("x", MARK, A), ("x", PART, "y"), ("y", BESIDE, C)))] == Closure(RULES).nearest(
        RULES[4], (C, MARK, A)
    )


## Encoded facts


def test_a_term_has_one_number_and_a_fact_is_written_back() -> None:
    facts = Facts()
    text = Literal("a")

    assert facts.number(A) == facts.number(NamedNode(A.value)) != facts.number(text)
    assert (A, MARK, text) == facts.statement(facts.fact((A, MARK, text)))
    assert {facts.number(text)} == facts.literals


def test_indexed_facts_are_found_both_ways_until_discarded() -> None:
    facts = Facts()
    one, other = facts.fact((A, PART, B)), facts.fact((C, PART, B))
    part, b = one[1], one[2]
    for subject, predicate, object_ in (one, other):
        facts.add(predicate, [(subject, object_)])
        # Both indexes are built with the first fact, and the second is added to them.
        assert facts.objects(part, subject)
        assert facts.subjects(part, b)

    assert [one[0], other[0]] == [*facts.subjects(part, b)]
    assert [b] == [*facts.objects(part, other[0])]
    assert {(one[0], b), (other[0], b)} == set(facts.pairs(part))
    assert {(one[0], b)} == facts.links({one[0]}, [part])
    assert {(b, one[0]), (b, other[0])} == facts.links({b}, [part], reverse=True)

    facts.discard(FactSet([one]))

    assert [other[0]] == [*facts.subjects(part, b)]
    assert not facts.objects(part, one[0])
    assert [other] == [*facts.known]


def test_solutions_leave_no_values_behind() -> None:
    facts = Facts()
    for statement in ((A, PART, B), (A, PART, C), (B, PART, B)):
        subject, predicate, object_ = facts.fact(statement)
        facts.add(predicate, [(subject, object_)])
    places: dict[str, int] = {}
    patterns = [facts.pattern(p, places) for p in (("x", PART, "y"), ("y", PART, "y"))]
    values = [UNBOUND] * len(places)
    found = [tuple(values) for _ in facts.solutions(patterns, values)]

    assert {(facts.number(A), facts.number(B)), (facts.number(B), facts.number(B))} == {*found}
    assert [UNBOUND, UNBOUND] == values


def test_a_place_takes_one_value() -> None:
    values = [UNBOUND, 7]

    assert bind(0, 5, values)
    assert bind(1, 7, values)
    assert bind(1, UNBOUND, values)
    assert not bind(1, 8, values)
    assert bind(~3, 3, values)
    assert not bind(~3, 4, values)
    assert [5, 7] == values
    assert (5, 2, 3) == filled((0, 2, ~3), values)


def test_patterns_are_ordered_by_what_is_known_of_them() -> None:
    far, near, constant = ("z", PART, "w"), ("y", PART, "z"), ("x", MARK, A)

    assert [constant, near, far] == connected([far, constant, near], {"x", "y"})
    assert [near, far] == connected([far, near], {"y"})


def test_a_thread_finds_all_facts_while_another_builds_the_index() -> None:
    facts, is_building, may_continue = Facts(), Event(), Event()

    class Pairs(set[tuple[int, int]]):
        def __iter__(self) -> Iterator[tuple[int, int]]:
            if not is_building.is_set():
                is_building.set()
                assert may_continue.wait(10)
            return super().__iter__()

    facts.known.pairs[0] = Pairs({(1, 2), (3, 4)})
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(facts.objects, 0, 1)
        assert is_building.wait(10)
        second = facts.objects(0, 3)
        may_continue.set()

    assert (first.result(), second) == ((2,), (4,))
