"""Tests of transitive properties: the closure after each change, its cost and its limit."""

import random
import subprocess
import sys
from collections.abc import Callable, Iterable
from itertools import pairwise
from pathlib import Path

import pytest
from pyoxigraph import NamedNode

import relations_kg as rk
from relations_kg.rdf.namespaces import DATES, INFERRED, PREFIXES, STATED
from relations_kg.reasoning import size_limit, transitivity
from relations_kg.reasoning.closure import Closure
from relations_kg.reasoning.facts import Facts
from relations_kg.reasoning.rules import Rule

Triple = tuple[NamedNode, NamedNode, NamedNode]
Links = list[tuple[int, int]]

HEADER = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items())
COMMAND = Path(sys.executable).with_name("relations-kg")
P, Q, R = (NamedNode(f"urn:{letter}") for letter in "pqr")
THINGS = [NamedNode(f"urn:{number}") for number in range(60)]


def transitive(p: NamedNode) -> Rule:
    return Rule("transitive", (("x", p, "y"), ("y", p, "z")), ("x", p, "z"))


def chain(q: NamedNode, p: NamedNode, r: NamedNode) -> Rule:
    return Rule("chain", (("x0", q, "x1"), ("x1", p, "x2")), ("x0", r, "x2"))


def below(p: NamedNode, q: NamedNode) -> Rule:
    return Rule("below", (("x", p, "y"),), ("x", q, "y"))


def inverse(p: NamedNode, q: NamedNode) -> Rule:
    return Rule("inverse", (("x", p, "y"),), ("y", q, "x"))


RULES = {
    "transitive": [transitive(P)],
    "symmetric": [transitive(P), inverse(P, P)],
    "with an inverse": [transitive(P), inverse(P, Q), inverse(Q, P)],
    "inverse of a transitive one": [transitive(P), transitive(Q), inverse(P, Q), inverse(Q, P)],
    "below another": [transitive(P), transitive(Q), below(P, Q), below(R, P)],
    "feeding each other": [transitive(P), transitive(Q), chain(P, Q, P), chain(Q, P, Q)],
    "equivalent": [transitive(P), transitive(Q), below(P, Q), inverse(Q, P)],
    "a chain of itself": [chain(P, P, P), chain(P, Q, P), transitive(Q)],
    "by way of a chain": [transitive(P), chain(P, Q, R), below(R, P)],
    "of some": [transitive(P), Rule("of some", (("x", Q, "y"), ("x", R, "x")), ("y", P, "x"))],
    "from a cycle": [transitive(P), Rule("cycle", (("x", P, "x"), ("x", Q, "y")), ("y", P, "x"))],
}
SHAPES: dict[str, Callable[[int], Links]] = {
    "chain": lambda n: list(pairwise(range(n))),
    "cycle": lambda n: [(i, (i + 1) % n) for i in range(n)],
    "clique": lambda n: [(i, j) for i in range(n // 2) for j in range(n // 2)],
    "two parts": lambda n: [(i, n // 2 + j) for i in range(n // 2) for j in range(n // 2)],
    "hub": lambda n: [(i, 0) for i in range(1, n // 2)] + [(0, j) for j in range(n // 2, n)],
    "tree": lambda n: [(i, (i - 1) // 2) for i in range(1, n)],
    "order": lambda n: [(i, j) for i in range(n) for j in range(i)],
    "ladder": lambda n: [(i, i + k) for i in range(n - 2) for k in (1, 2)],
    "two cycles": lambda n: [(i, i ^ 1) for i in range(n - n % 2)] + [(0, n - 2)],
}


def naive(rules: list[Rule], facts: Iterable[Triple]) -> set[Triple]:
    """Return the closure, by joining all facts with all until nothing new follows."""
    known = set(facts)
    while True:
        new = {head for rule in rules for head in heads(rule, known)} - known
        if not new:
            return known
        known |= new


def heads(rule: Rule, known: set[Triple]) -> Iterable[Triple]:
    solutions: list[dict[str, NamedNode]] = [{}]
    for s, p, o in rule.body:
        solutions = [
            {**values, s: subject, o: object_}  # type: ignore[dict-item]
            for values in solutions
            for subject, predicate, object_ in known
            if p == predicate
            and values.get(s, subject) == subject  # type: ignore[call-overload]
            and values.get(o, object_) == object_  # type: ignore[call-overload]
            and (s != o or subject == object_)
        ]
    s, p, o = rule.head
    return [(values[s], p, values[o]) for values in solutions]  # type: ignore[index]


def containing(closure: Closure) -> set[Triple]:
    return {(s, p, o) for p in (P, Q, R) for s, o in closure.pairs(p)}  # type: ignore[misc]


@pytest.mark.parametrize("kind", RULES)
@pytest.mark.parametrize("shape", SHAPES)
def test_what_follows_is_what_trying_everything_finds(kind: str, shape: str) -> None:
    """Facts are added at once or one by one, and some are removed and added again."""
    chance = random.Random(f"{kind}{shape}")
    given = [
        (THINGS[i], p, THINGS[j])
        for i, j in SHAPES[shape](7)
        for p in chance.sample((P, Q, R), chance.randint(1, 2))
    ]
    chance.shuffle(given)
    rules = RULES[kind]
    expected = naive(rules, given)
    at_once, one_by_one = Closure(rules), Closure(rules)

    assert expected - {*given} == set(at_once.add(given).added)
    for fact in given:
        one_by_one.add([fact])
    assert expected == containing(at_once) == containing(one_by_one)

    for fact in chance.sample(given, min(5, len(given))):
        without = [other for other in given if other != fact]
        change = at_once.remove([fact])

        assert naive(rules, without) == containing(at_once)
        assert expected - naive(rules, without) - {fact} == set(change.removed)

        back = at_once.add([fact])

        assert expected == containing(at_once)
        assert set(change.removed) == set(back.added)
        assert set(change.added) == set(back.removed)


@pytest.mark.parametrize("kind", RULES)
@pytest.mark.parametrize("seed", range(12))
def test_links_that_come_and_go_leave_what_starting_anew_gives(kind: str, seed: int) -> None:
    chance = random.Random(f"{kind}{seed}")
    rules = RULES[kind]
    closure = Closure(rules)
    given: set[Triple] = set()
    before: set[Triple] = set()
    for _ in range(10):
        if chance.random() < 0.55:
            some = {
                (chance.choice(THINGS[:6]), chance.choice((P, P, Q, R)), chance.choice(THINGS[:6]))
                for _ in range(chance.randint(1, 4))
            }
            change = closure.add(some)
            given |= some
        else:
            some = {*chance.sample(sorted(given, key=str), len(given) // 3)}
            change = closure.remove(some)
            given -= some
        inferred = naive(rules, given) - given

        assert inferred | given == containing(closure)
        assert inferred - before == set(change.added)
        assert before - inferred == set(change.removed)
        assert len(change.added) == len(set(change.added))

        before = inferred


@pytest.mark.parametrize("shape", ["chain", "cycle", "order", "ladder", "tree", "hub"])
def test_every_derived_fact_has_a_proof_from_given_ones(shape: str) -> None:
    """Derivations leave out most ways to cut a path, but still prove each fact without a circle."""
    for rules in RULES.values():
        given = {(THINGS[i], P, THINGS[j]) for i, j in SHAPES[shape](8)}
        closure = Closure(rules)
        closure.add(given)
        ways = {fact: list(closure.derivations(fact)) for fact in containing(closure)}
        proven = set(given)
        while new := {
            fact
            for fact, found in ways.items()
            if fact not in proven and any(proven.issuperset(d.premises) for d in found)
        }:
            proven |= new

        assert containing(closure) == proven


@pytest.mark.slow
def test_the_shapes_of_the_ontologys_transitive_property_are_materialised_as_by_owlrl(
    tmp_path: Path,
) -> None:
    """Facts are stated with the property, its inverse and its sub-properties."""
    chance = random.Random(7)
    lines = []
    for shape, links in SHAPES.items():
        for i, j in links(6):
            one, other = (f"id:{shape.replace(' ', '-')}-{number}" for number in (i, j))
            name = chance.choice(("follows", "precedes", "continues", "succeeds", "causedBy"))
            ends = (other, one) if name == "precedes" else (one, other)
            lines.append(f"{ends[0]} rkg:{name} {ends[1]} .\n")
    path = tmp_path / "facts.ttl"
    path.write_text(HEADER + "".join(lines))

    assert everything(rk.load(only=[path], reasoner="owlrl")) == everything(rk.load(only=[path]))


## Cost: all these take minutes if each pair is derived for every way to cut its path in two


@pytest.mark.sampled
@pytest.mark.slow
@pytest.mark.parametrize("kind", ["transitive", "symmetric", "with an inverse", "equivalent"])
@pytest.mark.parametrize("shape", ["chain", "cycle", "order", "clique", "tree"])
def test_the_cost_is_that_of_the_result(kind: str, shape: str) -> None:
    """The number of steps for each fact does not grow with the shape; time differs by machine."""
    small, large = (steps_for_each_fact(kind, shape, size) for size in (50, 150))

    assert large[0] < 1.3 * small[0] < 60
    assert large[1] < 1.3 * small[1] < 90


def steps_for_each_fact(kind: str, shape: str, size: int) -> tuple[float, float]:
    """Return the steps for adding and removing all links of a shape, divided by the facts."""
    things = [NamedNode(f"urn:{number}") for number in range(size)]
    given = [(things[i], P, things[j]) for i, j in SHAPES[shape](size)]
    random.Random(shape).shuffle(given)
    closure = Closure(RULES[kind])
    added = counted(lambda: closure.add(given))
    held = len(containing(closure))
    removed = counted(lambda: closure.remove(given))

    assert set() == containing(closure)

    return added / held, removed / held


def counted(work: Callable[[], object]) -> int:
    """Return the number of function calls that some work makes."""
    count = 0

    def step(frame: object, event: str, argument: object) -> None:
        nonlocal count
        count += 1

    sys.setprofile(step)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count


## The limit


def chained(length: int) -> str:
    return HEADER + "".join(f"id:e{i + 1} rkg:follows id:e{i} .\n" for i in range(length))


def hub(size: int) -> str:
    return HEADER + "".join(
        f"id:a{i} rkg:follows id:hub . id:hub rkg:follows id:b{i} .\n" for i in range(size)
    )


def everything(graph: rk.Graph) -> list[set[object]]:
    names = map(NamedNode, (STATED, DATES, INFERRED))
    return [set(graph.quad_store.quads_for_pattern(None, None, None, name)) for name in names]


@pytest.fixture
def low_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(size_limit, "MOST_INFERRED", 2_000)
    monkeypatch.setattr(size_limit, "MOST_INFERRED_PER_FACT", 1)


@pytest.mark.slow
@pytest.mark.usefixtures("low_limit")
@pytest.mark.parametrize("text", [chained(200), hub(100)], ids=["chain", "hub"])
def test_facts_from_which_too_much_follows_are_refused_and_change_nothing(
    tmp_path: Path, text: str
) -> None:
    path = tmp_path / "facts.ttl"
    path.write_text(text + 'id:e1 rkg:when "1950"^^edtf:EDTF .\nid:a1 a rkg:HighLevelVisit .\n')
    graph = rk.load()
    before = everything(graph)
    for attempt in (
        lambda: graph.add(path),
        lambda: graph.validate(path),
        lambda: rk.load(path),
        lambda: rk.load(only=[path]),
        lambda: rk.load(path, store=tmp_path / "store"),
    ):
        with pytest.raises(rk.InputError, match=r"facts entail more than .* rkg:follows") as e:
            attempt()

        assert e.value.where == "facts"
        assert e.value.help
        assert before == everything(graph)
    # Rejected facts have no effect on later inference.
    path.write_text(HEADER + "id:e9 rkg:follows id:e8 . id:e8 rkg:follows id:e7 .")
    graph.add(path)

    assert everything(rk.load(path)) == everything(graph)


@pytest.mark.slow
@pytest.mark.usefixtures("low_limit")
def test_what_is_refused_takes_no_own_bounds_away(tmp_path: Path) -> None:
    """A thing keeps its inferred bounds after facts that would date it were rejected."""
    known, refused = tmp_path / "known.ttl", tmp_path / "refused.ttl"
    known.write_text(
        HEADER + 'id:e rkg:when "1950"^^edtf:EDTF . id:x a rkg:Recognition ; rkg:startedBy id:e .\n'
    )
    refused.write_text(chained(200) + 'id:x rkg:when "1960"^^edtf:EDTF .\n')
    graph = rk.load(known)
    before = everything(graph)

    with pytest.raises(rk.InputError):
        graph.add(refused)

    assert before == everything(graph)
    assert graph.explain("id:x", "earliestStart", "1950-01-01")


def test_facts_that_are_taken_back_are_never_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    closure = Closure([transitive(P)])
    links = [(THINGS[i], P, THINGS[i + 1]) for i in range(50)]
    closure.add([*links, (THINGS[3], P, THINGS[20])])
    monkeypatch.setattr(size_limit, "MOST_INFERRED", 0)
    monkeypatch.setattr(size_limit, "MOST_INFERRED_PER_FACT", 0)
    closure.remove([links[10]])

    assert (THINGS[0], P, THINGS[30]) in closure


@pytest.mark.slow
def test_a_hub_of_a_hundred_kilobytes_is_refused_early(tmp_path: Path) -> None:
    """The hub would entail four million triples; the limit bounds the memory."""
    path = tmp_path / "facts.ttl"
    path.write_text(hub(2_000))
    ended = subprocess.run(
        ["sh", "-c", 'ulimit -v 1500000; exec "$0" validate "$1"', COMMAND, path],
        capture_output=True,
        text=True,
        timeout=120,
    )

    assert 2 == ended.returncode
    assert "facts entail more than" in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.slow
def test_a_chain_of_a_thousand_is_closed(tmp_path: Path) -> None:
    path = tmp_path / "facts.ttl"
    path.write_text(chained(1_000))
    graph = rk.load(only=[path])

    assert 1_001_000 - 1_000 == graph.count(INFERRED)


@pytest.mark.parametrize(
    ("known", "new", "is_apart"),
    [
        ([], [(0, 1), (2, 1), (0, 3)], True),
        ([], [(0, 1), (1, 2)], False),
        ([], [(0, 0)], False),
        ([(0, 1)], [(2, 3), (2, 1), (0, 3)], True),
        ([(0, 1)], [(1, 2)], False),
        ([(0, 1)], [(2, 0)], False),
    ],
)
def test_facts_are_apart_unless_a_thing_is_both_subject_and_object(
    known: Links, new: Links, is_apart: bool
) -> None:
    facts = Facts(THINGS)
    predicate = facts.number(P)
    facts.add(predicate, known)

    assert transitivity.Links(facts, [predicate]).are_apart(predicate, new) is is_apart
