"""Tests of proofs: every inferred fact has some, and they are minimal and correct."""

import subprocess
import sys
from collections.abc import Iterable, Iterator
from itertools import combinations, permutations
from pathlib import Path

import pytest
from pyoxigraph import NamedNode

import relations_kg as rk
from relations_kg.rdf.namespaces import CODE, DATES, ID, INFERRED, PREFIXES, RKG, STATED
from relations_kg.rdf.terms import TYPE, Statement, statements
from relations_kg.reasoning.bounds import BOUNDS
from relations_kg.reasoning.inference import Inference
from relations_kg.reasoning.proofs import MOST_PROOFS, Proof, Proofs, nearest
from relations_kg.reasoning.reach_rules import REACH

HEADER = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items())
# The rules that are implemented in Python: those for bounds, for reach, and for the bounds of
# missions.
CALCULATED = (
    *("date", "amount", "duration", "lag", "within-relations"),
    *("reach-of-a-duration", "reach-of-the-parties"),
)
Proven = dict[Statement, tuple[tuple[Proof, ...], bool, frozenset[Statement]]]


def facts_in(graph: rk.Graph, name: str) -> set[Statement]:
    return set(statements(graph.quad_store.quads_for_pattern(None, None, None, NamedNode(name))))


def proven(graph: rk.Graph) -> Proven:
    """Return some proofs of each derived fact, whether there are more, and its essential facts."""
    found: Proven = {}
    for fact in facts_in(graph, INFERRED) | facts_in(graph, DATES):
        proofs = Proofs(graph.inference, fact)
        found[fact] = (*proofs.minimal(), proofs.essential())
    return found


@pytest.fixture(scope="module")
def proofs(kg: rk.Graph) -> Proven:
    return proven(kg)


def load(folder: Path, text: str) -> rk.Graph:
    path = folder / "facts.ttl"
    path.write_text(HEADER + text)
    return rk.load(only=[path])


def prove(graph: rk.Graph, *names: str) -> Proofs:
    return Proofs(graph.inference, graph.names.statement(*names))


def steps(proof: Proof) -> Iterator[Proof]:
    yield proof
    for premise in proof.premises:
        yield from steps(premise)


def is_from_all(fact: Statement, found: Iterable[Proof]) -> bool:
    """Return whether a fact is calculated from all things of some kind, which its proof names.

    These are reach, from all traces, and bounds within several relations of two parties. Without
    one of them the fact can still hold, by a proof that names the others.
    """
    return fact[1] in REACH or any(
        step.rule and step.rule.name == "within-relations" and len(step.premises) > 2
        for proof in found
        for step in steps(proof)
    )


def short(facts: frozenset[Statement]) -> set[str]:
    return {" ".join(t.value.removeprefix(ID).removeprefix(RKG) for t in f) for f in facts}  # type: ignore[union-attr]


## All facts of the shipped graph


@pytest.mark.slow
def test_every_inferred_fact_has_proofs_from_stated_ones(kg: rk.Graph, proofs: Proven) -> None:
    assert len(proofs) > 700
    for fact, (found, _, _) in proofs.items():
        assert found, fact
        for proof in found:
            leaves = {step.fact for step in steps(proof) if step.rule is None}

            assert fact == proof.fact
            assert leaves == proof.leaves
            assert all(kg.inference.is_stated(leaf) for leaf in leaves)


@pytest.mark.slow
def test_every_step_of_a_proof_is_a_rule_applied(kg: rk.Graph, proofs: Proven) -> None:
    """Premises bind the variables of the rule's body so that its head is the fact."""
    closure_rules = set(kg.inference.closure.rules)
    for found, _, _ in proofs.values():
        for proof in found:
            for step in steps(proof):
                rule = step.rule
                if rule is None or rule not in closure_rules:
                    assert rule is None or rule.name in CALCULATED
                    continue
                premises = [premise.fact for premise in step.premises]

                assert any(
                    applied(rule.body, rule.head, order) == step.fact
                    for size in range(len(premises), len(rule.body) + 1)
                    for order in permutations(premises * len(rule.body), size)
                    if {*order} == {*premises}
                )


def applied(body: tuple, head: tuple, premises: tuple[Statement, ...]) -> Statement | None:
    """Return the head of a rule as these premises bind it; None if they do not match the body."""
    values: dict[str, object] = {}
    if len(body) != len(premises):
        return None
    for pattern, premise in zip(body, premises, strict=True):
        for term, value in zip(pattern, premise, strict=True):
            if (values.setdefault(term, value) if isinstance(term, str) else term) != value:
                return None
    return tuple(values[t] if isinstance(t, str) else t for t in head)  # type: ignore[return-value]


@pytest.mark.slow
def test_no_proof_rests_on_itself(proofs: Proven) -> None:
    for found, _, _ in proofs.values():
        for proof in found:
            assert not looped(proof, frozenset())


def looped(proof: Proof, above: frozenset[Statement]) -> bool:
    here = above | {proof.fact}
    return proof.fact in above or any(looped(premise, here) for premise in proof.premises)


@pytest.mark.slow
def test_proofs_are_minimal_and_the_shortest_comes_first(proofs: Proven) -> None:
    for found, more, _ in proofs.values():
        sizes = [len(proof.leaves) for proof in found]

        assert sorted(sizes) == sizes
        assert len(found) == MOST_PROOFS if more else len(found) <= MOST_PROOFS
        for one, other in combinations(found, 2):
            assert not one.leaves <= other.leaves
            assert not other.leaves <= one.leaves


@pytest.mark.slow
def test_a_proof_needs_each_of_its_leaves(proofs: Proven) -> None:
    """A graph of the leaves entails the fact, and does not entail it without one of them.

    Facts about codes are left out, since the code lists are part of every graph.
    """
    sample = [fact for fact in sorted(proofs, key=str)[::40] if CODE not in str(fact[0])]
    graph = rk.load(only=[])
    empty = len(graph.quad_store)
    for fact in sample:
        found, _, _ = proofs[fact]
        for proof in found[:3]:
            graph.inference.add(proof.leaves)

            assert fact in graph.inference

            for leaf in proof.leaves if not is_from_all(fact, found) else ():
                graph.inference.remove([leaf])

                assert fact not in graph.inference

                graph.inference.add([leaf])

            graph.inference.remove(proof.leaves)

            assert empty == len(graph.quad_store)


@pytest.mark.slow
def test_what_is_in_every_proof_is_what_a_fact_cannot_do_without(
    proofs: Proven, pytestconfig: pytest.Config
) -> None:
    """Removing a stated triple removes exactly the facts for which it is essential.

    Facts that are calculated from all things of some kind are excepted, since any of these things
    may change them.
    """
    graph = rk.load()
    from_all = {fact for fact, (found, _, _) in proofs.items() if is_from_all(fact, found)}
    before = {name: facts_in(graph, name) for name in (STATED, DATES, INFERRED)}
    dependent: dict[Statement, set[Statement]] = {}
    for fact, (_, _, essential) in proofs.items():
        for leaf in essential if fact not in from_all else ():
            dependent.setdefault(leaf, set()).add(fact)
    step = 1 if pytestconfig.getoption("--whole") else 3
    for leaf in sorted(before[STATED], key=str)[::step]:
        gone = graph.inference.remove([leaf]).removed - {leaf}
        back = graph.inference.add([leaf]).added - {leaf}

        followed = gone - from_all
        assert dependent.get(leaf, set()) - {leaf} == followed, leaf
        assert gone == back
    assert before == {name: facts_in(graph, name) for name in (STATED, DATES, INFERRED)}


@pytest.mark.slow
def test_what_no_proof_has_in_common_is_reported_as_resting_on_several(proofs: Proven) -> None:
    several = [fact for fact, (_, _, essential) in proofs.items() if not essential]

    assert len(several) > 100
    assert all(len(proofs[fact][0]) > 1 for fact in several if fact[1] not in BOUNDS)
    assert all(
        essential <= frozenset.intersection(*(proof.leaves for proof in found))
        for found, _, essential in proofs.values()
    )


def test_a_stated_fact_is_proven_by_itself(kg: rk.Graph) -> None:
    for fact in sorted(facts_in(kg, STATED), key=str)[::60]:
        found, _ = Proofs(kg.inference, fact).minimal()

        assert (fact, None, (), frozenset([fact])) == found[0][:4]


## Small graphs


def test_a_fact_stated_and_inferred_rests_on_both(tmp_path: Path) -> None:
    graph = load(tmp_path, "id:x a rkg:Embassy , rkg:Mission .")
    proofs = prove(graph, "id:x", "a", "Mission")

    assert [None, "rkg:DiplomaticMission ⊑ rkg:Mission"] == [
        proof.rule and proof.rule.name for proof in proofs.minimal()[0]
    ]
    assert frozenset() == proofs.essential()


@pytest.mark.slow
def test_more_proofs_than_are_shown_are_reported(tmp_path: Path) -> None:
    for count, more in ((MOST_PROOFS, False), (MOST_PROOFS + 1, True), (300, True)):
        lines = [f"id:m{n} a rkg:Embassy ; rkg:sendingParty id:x ." for n in range(count)]
        proofs = prove(load(tmp_path, "\n".join(lines)), "id:x", "a", "Party")
        found, left_out = proofs.minimal()

        assert (MOST_PROOFS, more) == (len(found), left_out)
        assert frozenset() == proofs.essential()


@pytest.mark.slow
def test_what_is_in_every_proof_is_known_beyond_those_shown(tmp_path: Path) -> None:
    """Proofs through 40 missions share no fact; those through one mission share both its facts."""
    lines = [f"id:m{n} rkg:receivingParty id:y ; rkg:sendingParty id:x ." for n in range(40)]
    proofs = prove(load(tmp_path, "\n".join(lines)), "id:x", "hasEverBeenRepresentedIn", "id:y")

    assert proofs.minimal()[1]
    assert frozenset() == proofs.essential()

    lines = ["id:m rkg:sendingParty id:x ."]
    lines += [f"id:m rkg:alsoAccreditedTo id:y{n} ." for n in range(40)]
    proofs = prove(load(tmp_path, "\n".join(lines)), "id:x", "hasEverBeenRepresentedIn", "id:y7")

    assert {"m sendingParty x", "m alsoAccreditedTo y7"} == short(proofs.essential())


def test_a_bound_rests_on_the_date_that_gives_it(tmp_path: Path) -> None:
    graph = load(
        tmp_path,
        'id:e rkg:when "1950"^^edtf:EDTF . id:f rkg:when "1950"^^edtf:EDTF .\n'
        "id:x a rkg:OfficeTenure ; rkg:attestedBy id:e , id:f .",
    )
    proofs = prove(graph, "id:x", "latestStart", "1950-12-31")

    assert 2 == len(proofs.minimal()[0])
    assert frozenset() == proofs.essential()
    assert {"e when 1950"} == short(prove(graph, "id:e", "latestStart", "1950-12-31").essential())


@pytest.mark.slow
def test_an_own_date_is_not_needed_where_the_same_would_follow(tmp_path: Path) -> None:
    """Without its date a thing has the bound from the event that started it."""
    graph = load(
        tmp_path,
        'id:e rkg:when "1950"^^edtf:EDTF .\n'
        'id:x a rkg:Recognition ; rkg:startedBy id:e ; rkg:when "1950/"^^edtf:EDTF .',
    )
    fact = graph.names.statement("id:x", "latestStart", "1950-12-31")

    assert frozenset() == Proofs(graph.inference, fact).essential()

    date = graph.names.statement("id:x", "when", "1950/")
    graph.inference.remove([date])

    assert fact in graph.inference


def test_a_missions_outer_bound_rests_on_its_relations(tmp_path: Path) -> None:
    graph = load(
        tmp_path,
        "id:r a rkg:DiplomaticRelations ; rkg:firstParty id:a ; rkg:secondParty id:b ;\n"
        '    rkg:when "1900/1910"^^edtf:EDTF .\n'
        "id:m a rkg:Embassy ; rkg:sendingParty id:b ; rkg:receivingParty id:a .",
    )
    proofs = prove(graph, "id:m", "latestEnd", "1910-12-31")
    ((proof,), more) = proofs.minimal()

    assert not more
    assert proof.rule is not None
    assert "within-relations" == proof.rule.name
    assert facts_in(graph, STATED) == proof.leaves == proofs.essential()


@pytest.mark.slow
def test_facts_that_bear_each_other_out_are_proven_without_a_circle(tmp_path: Path) -> None:
    graph = load(tmp_path, "id:a rkg:contradicts id:b . id:b rkg:contradicts id:a .")
    found, _ = prove(graph, "id:b", "contradicts", "id:a").minimal()

    assert [{"b contradicts a"}, {"a contradicts b"}] == [short(proof.leaves) for proof in found]


@pytest.mark.parametrize("size", [4, 6])
def test_cycles_of_a_transitive_property_are_proven_in_seconds(tmp_path: Path, size: int) -> None:
    """The command runs in a process of its own, which can be killed if it does not end."""
    path = tmp_path / "facts.ttl"
    links = "".join(f"id:t{n} rkg:follows id:t{(n + 1) % size} .\n" for n in range(size))
    path.write_text(HEADER + links)
    command = Path(sys.executable).with_name("relations-kg")
    explained = subprocess.run(
        [command, "explain", "id:t0", "follows", "id:t0", "--only", path],
        capture_output=True,
        timeout=10,
    )

    assert (0, b"") == (explained.returncode, explained.stderr)


## Facts that do not hold


def test_a_fact_that_does_not_hold_names_the_rule_and_what_is_missing(tmp_path: Path) -> None:
    graph = load(tmp_path, "id:m a rkg:Embassy ; rkg:sendingParty id:x . id:y a rkg:State .")
    fact = graph.names.statement("id:x", "hasEverBeenRepresentedIn", "id:y")
    (near, *_) = nearest(graph.inference, fact)
    m, y, to = (NamedNode(iri) for iri in (ID + "m", ID + "y", RKG + "accreditedTo"))

    assert near.rule.head[1] == NamedNode(RKG + "hasEverBeenRepresentedIn")
    assert ((NamedNode(ID + "x"), NamedNode(RKG + "sendsMission"), m),) == near.held
    assert ((m, to, y),) == near.missing


def test_the_nearest_come_first_and_are_few(kg: rk.Graph) -> None:
    fact = kg.names.statement("lima", "a", "Mission")
    found = nearest(kg.inference, fact)

    assert 3 == len(found)
    assert sorted(len(near.missing) for near in found) == [len(near.missing) for near in found]
    for near in found:
        assert near.missing
        assert fact[1] == near.rule.head[1]
        assert len(near.rule.body) == len(near.held) + len(near.missing)
        assert all(held in kg.inference for held in near.held)


@pytest.mark.slow
def test_stating_what_is_missing_makes_it_hold(kg: rk.Graph) -> None:
    """Each variable may be replaced by any term."""
    for names in (
        ("id:lima", "a", "rkg:Mission"),
        ("id:peru", "hasEverBeenRepresentedIn", "id:lima"),
        ("id:qing-dynasty", "hasEverHadRelationsWith", "id:taiwan"),
        ("id:peru", "hasEverHeldOffice", "id:president-of-peru"),
    ):
        fact = kg.names.statement(*names)

        assert fact not in kg.inference

        for near in nearest(kg.inference, fact):
            graph = rk.load()
            graph.inference.add(
                tuple(NamedNode(ID + t) if isinstance(t, str) else t for t in pattern)
                for pattern in near.missing
            )

            assert fact in graph.inference


def test_nothing_comes_near_where_no_rule_gives_the_property(kg: rk.Graph) -> None:
    assert [] == nearest(kg.inference, kg.names.statement("lima", "statedIn", "peru"))


def test_a_circle_without_a_beginning_proves_nothing() -> None:
    """A broken closure would keep two facts that are each other's only premise."""
    inference = Inference(rk.load(only=[]).store)
    fact = (NamedNode(ID + "x"), TYPE, NamedNode(RKG + "Mission"))
    inference.add([(NamedNode(ID + "x"), TYPE, NamedNode(RKG + "Embassy"))])
    inference.remove([(NamedNode(ID + "x"), TYPE, NamedNode(RKG + "Embassy"))])

    assert fact not in inference
