"""Tests of facts that are looked up in a store: answers are the same as with facts in memory."""

import random
from collections.abc import Iterable
from pathlib import Path

import pytest
from examples import BAD, FACTS, GOOD
from pyoxigraph import BlankNode, NamedNode, RdfFormat, Store, parse
from snapshots import CountingStore, snapshot
from trials import seeds

import relations_kg as rk
from benchmarks.world import World
from relations_kg.errors import InputError
from relations_kg.rdf.namespaces import PREFIXES, STATED
from relations_kg.rdf.terms import Statement, statements
from relations_kg.reader.bundled import ontology_store
from relations_kg.reasoning.bounds import BOUNDS, LAST_KNOWN
from relations_kg.reasoning.inference import Inference
from relations_kg.reasoning.stored_facts import Snapshot
from relations_kg.reasoning.stored_state import Content, StoredState
from relations_kg.reasoning.traces import Traces
from relations_kg.validation.submission import Submission

PREFIX_LINES = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())
NEW = f"""{PREFIX_LINES}
id:new-visit a rkg:HighLevelVisit ; rdfs:label "A visit"@en ; rkg:when "1950"^^edtf:EDTF ;
  rkg:visitingParty id:state-s000 ; rkg:hostParty id:state-s001 ; rkg:statedIn id:new-passage .
id:new-embassy a rkg:Embassy ; rdfs:label "An embassy"@en ; rkg:sendingParty id:state-s000 ;
  rkg:receivingParty id:state-s001 ; rkg:openedBy id:new-opening ; rkg:seat id:city-s001 .
id:new-opening a rkg:MissionOpening ; rkg:when "1951-05"^^edtf:EDTF ;
  rkg:actor id:state-s000 ; rkg:follows id:new-visit .
"""


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> rk.Graph:
    return rk.load(store=tmp_path_factory.mktemp("stored") / "store")


def facts_of(path: Path) -> list[Statement]:
    return list(dict.fromkeys(Submission(path).facts))


def outcome(graph: rk.Graph, facts: Iterable[Statement]) -> object:
    """Return what facts would change in a graph and the proofs, or the error that refuses them."""
    inference = graph.scratch.inference
    try:
        with inference.supposing(facts) as difference:
            new = sorted(difference.added, key=str)
            # The variables of a rule are numbered in the order in which the axioms are read.
            proofs = [
                sorted((each.rule.name, str(each.premises)) for each in inference.derivations(fact))
                for fact in new
            ]
            return difference, proofs
    except InputError as error:
        return str(error)


@pytest.mark.sampled(9)
@pytest.mark.slow
@pytest.mark.parametrize("path", GOOD + BAD, ids=lambda path: path.name)
def test_a_file_has_the_same_findings_and_effects_with_a_store(
    kg: rk.Graph, stored: rk.Graph, path: Path
) -> None:
    assert str(kg.validate(path)) == str(stored.validate(path))
    if path.suffix == ".ttl":
        facts = facts_of(path)
        assert outcome(kg, facts) == outcome(stored, facts)


@pytest.mark.slow
@pytest.mark.parametrize("seed", seeds(6))
def test_facts_of_several_files_have_the_same_effects_with_a_store(
    kg: rk.Graph, stored: rk.Graph, seed: int
) -> None:
    chance = random.Random(seed)
    several = [fact for path in chance.sample(GOOD, 12) for fact in facts_of(path)]
    for size in (5, 50, 200):
        some = chance.sample(several, min(size, len(several)))
        assert outcome(kg, some) == outcome(stored, some)


@pytest.mark.slow
def test_a_large_change_of_a_small_store_is_as_in_memory(tmp_path: Path) -> None:
    visit, place = FACTS / "good" / "visit.ttl", tmp_path / "store"
    (tmp_path / "world.nt").write_text(World(1_000).ntriples())
    memory, disk = rk.load(only=visit), rk.load(only=visit, store=place)
    assert str(memory.validate(*GOOD[:40])) == str(disk.validate(*GOOD[:40]))
    for path in (tmp_path / "world.nt", FACTS / "good" / "denial.ttl"):
        assert memory.add(path) == disk.add(path)
    for path in (FACTS / "good" / "denial.ttl", tmp_path / "world.nt"):
        assert memory.remove(path) == disk.remove(path)
        graphs = (memory, disk, rk.load(store=place))
        whole = [graph.export(format="nquads", inferred=True) for graph in graphs]
        assert whole[0] == whole[1] == whole[2]
        states = [graph.inference.copied(Store()).content() for graph in (graphs[0], graphs[2])]
        assert states[0].given == states[1].given
        assert set(states[0].days) == set(states[1].days)


@pytest.mark.slow
def test_all_facts_of_a_store_are_those_of_its_closure(kg: rk.Graph, stored: rk.Graph) -> None:
    ours, theirs = kg.inference.closure, stored.inference.closure
    for predicate in sorted(ours.predicates, key=str):
        pairs, others = (
            # Blank nodes of the ontology have other names in each graph.
            [pair for pair in closure.pairs(predicate) if not isinstance(pair[0], BlankNode)]
            for closure in (theirs, ours)
        )
        assert len(pairs) == len(set(pairs))
        assert set(pairs) == set(others)
        for subject, object_ in pairs[:5]:
            assert sorted(ours.objects(subject, predicate), key=str) == sorted(
                theirs.objects(subject, predicate), key=str
            )
            assert sorted(ours.subjects(predicate, object_), key=str) == sorted(
                theirs.subjects(predicate, object_), key=str
            )
            fact = (subject, predicate, object_)
            assert ours.is_given(fact) == theirs.is_given(fact)


def looks(triples: int, folder: Path) -> tuple[int, int]:
    """Return the number of look-ups and of quads read for new facts in a world of this size."""
    store = ontology_store()
    text = World(triples).ntriples().encode()
    store.bulk_load(text, RdfFormat.N_TRIPLES, to_graph=NamedNode(STATED))
    inference = Inference(store)
    origin, state = snapshot(store, inference.content(), folder / str(triples))
    counting = CountingStore(origin)
    stored = Inference(store, known=True, state=Snapshot(counting, state))  # type: ignore[arg-type]
    new = list(statements(parse(NEW, RdfFormat.TURTLE)))
    with inference.supposing(new) as expected:
        pass
    with stored.supposing(new) as difference:
        assert difference == expected
    return counting.looks, counting.quads


@pytest.mark.slow
def test_the_look_ups_for_new_facts_do_not_grow_with_the_store(tmp_path: Path) -> None:
    small, large = (looks(triples, tmp_path) for triples in (6_000, 60_000))

    assert large[0] < 1.3 * small[0] < 10_000
    assert large[1] < 1.5 * small[1] < 10_000


def test_a_state_keeps_what_it_is_given(tmp_path: Path) -> None:
    a, b, c = (NamedNode(f"urn:{name}") for name in "abc")
    day = next(iter(parse("<urn:a> <urn:b> '1971-11-02'^^<urn:x> .", RdfFormat.TURTLE))).object
    path = str(tmp_path / "state")
    traces = Traces()
    traces[a] = ("1971-11-02", b), None
    facts = [((a, BOUNDS[0], day), True), ((b, LAST_KNOWN, day), True)]
    StoredState.make(path).keep(Content(3, facts, [(a, b, {c})], traces))

    state = StoredState.open(path)
    assert state
    assert state.given == 3
    assert state.days(a, BOUNDS[0]) == [day]
    assert state.dated(LAST_KNOWN, day) == [b]
    assert list(state.all_days(LAST_KNOWN)) == [(b, day)]
    assert state.bounds(a) == [(BOUNDS[0], day)]
    assert state.linked(a, b) == [c]
    assert state.traces_of(a) == (("1971-11-02", b), None)
    assert state.traces_of(b) == (None, None)

    further = StoredState.open(path, writable=True)
    assert further
    traces[a] = None, None
    assert (state.parties(), state.with_links(b)) == ([a], [a])
    gone = [((a, BOUNDS[0], day), False)]
    further.keep(Content(2, gone, [(a, b, ())], traces, is_whole=False))
    state = StoredState.open(path)
    assert state
    assert (state.given, state.days(a, BOUNDS[0]), state.linked(a, b)) == (2, [], [])
    assert state.traces_of(a) == (None, None)
