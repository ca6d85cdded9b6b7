"""Tests of inference over a store: it follows every change, and resists hostile facts."""

import random
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pytest
import snapshots
from examples import FACTS, GOOD
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store, parse
from trials import seeds

import relations_kg as rk
from relations_kg._files import folder
from relations_kg.rdf.namespaces import (
    DATES,
    ID,
    IDENTIFIERS,
    INFERRED,
    ONTOLOGY,
    PREFIXES,
    RKG,
    STATED,
    XSD,
)
from relations_kg.rdf.terms import TYPE, Statement, in_graph, statements
from relations_kg.reader.bundled import ontology_store
from relations_kg.reasoning.bounds import BOUNDS, LAST_KNOWN, SPANS, WITHIN_RELATIONS
from relations_kg.reasoning.inference import Inference
from relations_kg.reasoning.notation3 import time_rules
from relations_kg.reasoning.reach_rules import REACH
from relations_kg.reasoning.states import State
from relations_kg.validation.submission import Submission

DATA = sorted(Path(folder("data")).rglob("*.ttl"))
HEADER = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items())
LINES = HEADER.count("\n")


def written(folder: Path, text: str, name: str = "facts.ttl") -> Path:
    path = folder / name
    path.write_text(HEADER + text)
    return path


def facts_in(store: Store, *graphs: str) -> set[Statement]:
    return {
        fact
        for graph in graphs
        for fact in statements(store.quads_for_pattern(None, None, None, NamedNode(graph)))
    }


def snapshot(store: Store) -> list[set[Quad]]:
    graphs = map(NamedNode, (STATED, DATES, INFERRED, ONTOLOGY))
    return [set(store.quads_for_pattern(None, None, None, graph)) for graph in graphs]


def anew(stated: Iterable[Statement]) -> Store:
    store = ontology_store()
    store.extend(list(in_graph(stated, STATED)))
    Inference(store)
    return store


@cache
def bundled() -> tuple[Statement, ...]:
    return tuple(sorted(facts_in(rk.load().store, STATED), key=str))


def day(text: str) -> Literal:
    return Literal(text, datatype=NamedNode(XSD + "date"))


def thing(slug: str) -> NamedNode:
    return NamedNode(ID + slug)


ES, LS, EE, LE = BOUNDS
ENDS_BEFORE = NamedNode(RKG + "endsBefore")


## Added and removed facts


def test_a_state_of_another_shape_is_refused() -> None:
    head, _, rest = Inference(Store()).state().partition(b"\n")
    text = head.replace(b'"iris": ', b'"iris": "", "": ')
    for wrong in (b"{}", b"[]", b"null", b"[" * 100_000, text):
        with pytest.raises(ValueError, match="damaged"):
            State(wrong + b"\n" + rest)


def test_a_state_has_the_rules_of_its_closure(kg: rk.Graph) -> None:
    made = Inference(ontology_store())
    rules = State(made.state()).rules

    assert any(rule.shift for rule in rules)
    assert rules == made.closure.rules
    assert [rule.name for rule in rules] == [rule.name for rule in kg.inference.closure.rules]


@pytest.mark.slow
def test_a_date_in_the_place_of_another_leaves_no_duration_that_it_overrides() -> None:
    """Between the removal and the addition, rules derive the duration."""
    facts = Submission(FACTS / "good" / "durations-and-lags.ttl").facts
    store = anew(facts)
    inference = Inference(store, known=True)
    for old in [fact for fact in facts if inference.is_date(fact)]:
        new = (*old[:2], Literal("1901-05", datatype=old[2].datatype))  # type: ignore[union-attr]
        inference.change([new], [old])

        others = [new if fact == old else fact for fact in facts]
        assert facts_in(anew(others), INFERRED) == facts_in(store, INFERRED)
        inference.change([old], [new])


@pytest.mark.slow
@pytest.mark.parametrize("seed", seeds(6))
def test_facts_that_come_and_go_leave_what_loading_them_gives(seed: int, tmp_path: Path) -> None:
    """This holds after every step, and the difference is what the graphs gained and lost.

    Each step continues from a snapshot of what the last one left.
    """
    chance = random.Random(seed)
    stated = {fact for fact in bundled() if chance.random() < (0.0, 0.5, 1.0)[seed % 3]}
    store = anew(stated)
    store.clear_graph(NamedNode(DATES))
    store.clear_graph(NamedNode(INFERRED))
    inference = Inference(store)
    for size in (1, 30, 400, 3, 100):
        kept = snapshots.snapshot(store, inference.content(), tmp_path / "state")
        inference = Inference(store, known=True, state=kept)
        before = facts_in(store, STATED, DATES, INFERRED)
        if chance.random() < 0.5 and stated:
            some = chance.sample([f for f in bundled() if f in stated], min(size, len(stated)))
            some += chance.sample(bundled(), 2)
            difference = inference.remove(some)
            stated -= {*some}
        else:
            some = chance.sample(bundled(), size)
            difference = inference.add(some)
            stated |= {*some}
        after = facts_in(store, STATED, DATES, INFERRED)

        assert snapshot(anew(stated))[:3] == snapshot(store)[:3]
        assert after - before == difference.added
        assert before - after == difference.removed


@pytest.mark.slow
@pytest.mark.parametrize("seed", seeds(3))
def test_facts_about_time_that_come_and_go_leave_what_loading_them_gives(seed: int) -> None:
    """Facts that bounds and missions depend on are added and removed one by one."""
    chance = random.Random(100 + seed)
    names = {"when", "speaksFrom", "startedBy", "endedBy", "openedBy", "closedBy"}
    names |= {"continues", "continuesAtOnce"}
    names |= {"attestedBy", "levelOf", "inDocument", "firstParty", "secondParty", "sendingParty"}
    names |= {"receivingParty"}
    timely = [f for f in bundled() if f[1].value.removeprefix(RKG) in names or f[1] == TYPE]
    graph = rk.load()
    stated = set(bundled())
    for _ in range(4):
        for fact in chance.sample(timely, 12):
            step = graph.inference.remove if fact in stated else graph.inference.add
            before = facts_in(graph.store, STATED, DATES, INFERRED)
            difference = step([fact])
            after = facts_in(graph.store, STATED, DATES, INFERRED)
            stated ^= {fact}

            assert after - before == difference.added
            assert before - after == difference.removed

        assert snapshot(anew(stated))[:3] == snapshot(graph.store)[:3]


@pytest.mark.sampled(9)
@pytest.mark.slow
@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.name)
def test_a_file_added_is_as_if_loaded_and_removed_as_if_never_there(
    kg: rk.Graph, changing: rk.Graph, path: Path
) -> None:
    graph = changing
    difference = graph.add(path)
    kept = (STATED, DATES, INFERRED, IDENTIFIERS)
    known = facts_in(kg.quad_store, *kept)

    assert snapshot(rk.load(path).store)[:3] == snapshot(graph.store)[:3]
    assert (known - difference.removed) | difference.added == facts_in(graph.store, *kept)
    # A new fact may widen the reach of things that are known.
    assert {predicate for _, predicate, _ in difference.removed} <= set(REACH)

    back = graph.remove(path)

    assert snapshot(kg.quad_store)[:3] == snapshot(graph.store)[:3]
    assert (difference.removed, difference.added) == back


@pytest.mark.slow
def test_files_of_the_graph_can_come_in_any_order(kg: rk.Graph) -> None:
    for seed in range(3):
        files = random.Random(seed).sample(DATA, len(DATA))
        graph = rk.load(only=files[:1])
        for file in files[1:]:
            graph.add(file)

        assert snapshot(kg.quad_store)[:3] == snapshot(graph.store)[:3]


@pytest.mark.slow
def test_nothing_is_left_when_all_is_removed() -> None:
    graph = rk.load()
    graph.remove(*DATA)
    empty = snapshot(rk.load(only=[]).store)

    assert empty[:3] == snapshot(graph.store)[:3]


def test_what_is_added_twice_or_removed_twice_changes_nothing(tmp_path: Path) -> None:
    graph = rk.load(only=[])
    path = written(tmp_path, 'id:x a rkg:Embassy ; rkg:when "1950"^^edtf:EDTF .')
    first = graph.add(path, path)

    assert (frozenset(), frozenset()) == graph.add(path)
    assert graph.remove(path, path).removed == first.added
    with pytest.raises(rk.InputError, match=r"is not loaded; the graph has no files"):
        graph.remove(path)


@pytest.mark.slow
def test_a_fact_inferred_and_then_stated_is_no_difference(tmp_path: Path) -> None:
    """It moves from one named graph to another, and back when it is removed."""
    graph = rk.load(only=[written(tmp_path, "id:x a rkg:Embassy .")])
    before = snapshot(graph.store)
    path = written(tmp_path, "id:x a rkg:Mission .", "more.ttl")

    assert (frozenset(), frozenset()) == graph.add(path)
    assert not facts_in(graph.store, STATED) & facts_in(graph.store, INFERRED)
    assert (frozenset(), frozenset()) == graph.remove(path)
    assert before[:3] == snapshot(graph.store)[:3]


def test_what_the_ontology_says_can_be_neither_added_nor_removed(tmp_path: Path) -> None:
    """As in loading, a fact of the code lists is not stated again, so it cannot be removed."""
    graph = rk.load(only=[])
    before = snapshot(graph.store)
    path = written(tmp_path, "code:official skos:prefLabel 'official'@en .")

    assert (frozenset(), frozenset()) == graph.add(path)
    assert (frozenset(), frozenset()) == graph.remove(path)
    assert before[:3] == snapshot(graph.store)[:3]


@pytest.mark.slow
def test_without_reach_all_else_is_inferred() -> None:
    """Validation of many new facts leaves the reach out."""
    found = []
    for reach in (True, False):
        store = ontology_store()
        for file in DATA:
            facts = [quad.triple for quad in parse(file.read_bytes(), RdfFormat.TURTLE)]
            store.extend(Quad(*fact, NamedNode(STATED)) for fact in facts)
        Inference(store, reach=reach)
        graphs = map(NamedNode, (STATED, DATES, INFERRED))
        found.append(
            {quad for each in graphs for quad in store.quads_for_pattern(None, None, None, each)}
        )

    assert found[1] < found[0]
    assert set(REACH) == {quad.predicate for quad in found[0] - found[1]}


def test_what_is_asked_after_a_change_is_answered_from_it(tmp_path: Path) -> None:
    graph = rk.load()
    path = written(
        tmp_path,
        "id:embassy-of-freedonia a rkg:Embassy ; rdfs:label 'Embassy of Freedonia'@en ;\n"
        "    rkg:sendingParty id:freedonia ; rkg:receivingParty id:peru ; rkg:seat id:lima .",
    )

    def missions() -> list[str]:
        return [str(row.mission.label) for row in graph.run("missions", on="1950-01-01")]

    assert "Embassy of Freedonia" not in missions()
    graph.add(path)
    assert "Embassy of Freedonia" in missions()
    place = graph.place(graph.names.statement("embassy-of-freedonia", "seat", "lima"))
    assert place is not None
    assert (str(path), LINES + 2) == (place.file, place.line)
    graph.remove(path)
    assert "Embassy of Freedonia" not in missions()


## Dates and bounds


@pytest.mark.slow
def test_an_own_bound_is_never_touched_and_an_unknown_one_is_filled(tmp_path: Path) -> None:
    text = (
        'id:e rkg:when "1950-05"^^edtf:EDTF . id:f rkg:when "1960"^^edtf:EDTF .\n'
        'id:x a rkg:Recognition ; rkg:startedBy id:e ; rkg:endedBy id:f ; rkg:when "1951/".'
    )
    graph = rk.load(only=[written(tmp_path, text)])
    x = thing("x")

    assert {(x, ES, day("1951-01-01")), (x, LS, day("1951-12-31"))} == {
        fact for fact in facts_in(graph.store, DATES) if fact[0] == x
    }
    assert {(x, EE, day("1960-01-01")), (x, LE, day("1960-12-31"))} == {
        fact for fact in facts_in(graph.store, INFERRED) if fact[0] == x and fact[1] in BOUNDS
    }


def test_of_several_days_that_follow_the_closest_holds(tmp_path: Path) -> None:
    text = (
        'id:e rkg:when "1950"^^edtf:EDTF . id:f rkg:when "1960"^^edtf:EDTF .\n'
        "id:x a rkg:OfficeTenure ; rkg:attestedBy id:e , id:f ."
    )
    path = written(tmp_path, text)
    graph = rk.load(only=[path])
    more = written(
        tmp_path, 'id:x rkg:attestedBy id:g . id:g rkg:when "1948"^^edtf:EDTF .', "g.ttl"
    )

    def bounds() -> set[Statement]:
        facts = facts_in(graph.store, INFERRED)
        return {fact for fact in facts if fact[0] == thing("x") and fact[1] in BOUNDS}

    x = thing("x")
    attested = {(x, LS, day("1950-12-31")), (x, EE, day("1960-01-01"))}
    earlier = {(x, LS, day("1948-12-31")), (x, EE, day("1960-01-01"))}

    assert attested == bounds()

    difference = graph.add(more)

    assert earlier == bounds()
    removed = {fact for fact in difference.removed if fact[1] in BOUNDS}
    assert {(x, LS, day("1950-12-31"))} == removed

    graph.remove(more)

    assert attested == bounds()


RELATIONS = """
id:first a rkg:DiplomaticRelations ; rkg:firstParty id:a ; rkg:secondParty id:b ;
    rkg:when "1900/1910"^^edtf:EDTF .
id:second a rkg:DiplomaticRelations ; rkg:firstParty id:a ; rkg:secondParty id:b ;
    rkg:when "1920/1930"^^edtf:EDTF .
id:embassy a rkg:Embassy ; rkg:sendingParty id:b ; rkg:receivingParty id:a .
"""


def test_a_mission_lies_within_all_relations_that_it_may_belong_to(tmp_path: Path) -> None:
    graph = rk.load(only=[written(tmp_path, RELATIONS)])
    embassy = thing("embassy")
    facts = facts_in(graph.store, INFERRED)

    assert {(embassy, ES, day("1900-01-01")), (embassy, LE, day("1930-12-31"))} == {
        fact for fact in facts if fact[0] == embassy and fact[1] in BOUNDS
    }
    assert {thing("first"), thing("second")} == {
        o for s, p, o in facts if (s, p) == (embassy, WITHIN_RELATIONS)
    }
    for fact in ((embassy, ES, day("1900-01-01")), (embassy, LE, day("1930-12-31"))):
        (derivation,) = graph.inference.within_relations(fact)

        assert "within-relations" == derivation.rule.name
        assert all(premise in graph.inference for premise in derivation.premises)
        assert 4 == len(derivation.premises)


def test_a_mission_is_not_bounded_by_relations_of_unknown_length(tmp_path: Path) -> None:
    path = written(tmp_path, RELATIONS)
    open_ended = written(
        tmp_path,
        "id:third a rkg:DiplomaticRelations ; rkg:firstParty id:a ; rkg:secondParty id:b ;\n"
        '    rkg:when "1915/"^^edtf:EDTF .',
        "third.ttl",
    )
    graph = rk.load(only=[path])
    difference = graph.add(open_ended)
    embassy = thing("embassy")

    assert {(embassy, LE, day("1930-12-31"))} == difference.removed
    assert (embassy, ES, day("1900-01-01")) in graph.inference
    assert [] == graph.inference.within_relations((embassy, LE, day("1930-12-31")))

    graph.remove(open_ended)

    assert (embassy, LE, day("1930-12-31")) in graph.inference


def test_other_missions_are_not_bounded_by_relations(tmp_path: Path) -> None:
    """Consulates and trade offices need no diplomatic relations."""
    for kind in ("ConsulateGeneral", "TradeOffice"):
        path = written(tmp_path, RELATIONS.replace("rkg:Embassy", f"rkg:{kind}"))

        assert [] == [
            fact
            for fact in facts_in(rk.load(only=[path]).store, INFERRED)
            if fact[0] == thing("embassy") and fact[1] in (*BOUNDS, WITHIN_RELATIONS)
        ]


def test_what_goes_on_is_known_up_to_the_date_of_its_source(tmp_path: Path) -> None:
    text = (
        'id:x a rkg:Recognition ; rkg:when "1978/.."^^edtf:EDTF ; rkg:statedIn id:p .\n'
        'id:p rkg:inDocument id:d . id:d rkg:speaksFrom "2025"^^edtf:EDTF .'
    )
    graph = rk.load(only=[written(tmp_path, text)])

    assert (thing("x"), LAST_KNOWN, day("2025-12-31")) in facts_in(graph.store, INFERRED)
    for date, certainty in (
        ("1977-12-31", "absent"),
        ("1978-12-30", "possible"),
        ("1978-12-31", "certain"),
        ("2025-12-31", "certain"),
        ("2026-01-01", "last known"),
    ):
        (row,) = graph.run("situations-on", named="id:x", on=date)

        assert certainty == row.certainty


def test_derivations_of_a_date_name_what_it_is_read_from(kg: rk.Graph) -> None:
    inference = kg.inference
    relations = thing("peru-prc-relations")
    event = thing("establishment-of-peru-prc-relations")
    start = (event, ES, day("1971-11-02"))
    (derivation,) = inference.derivations(start)

    assert "date" == derivation.rule.name
    assert [NamedNode(RKG + "when")] == [premise[1] for premise in derivation.premises]
    assert [] == inference.instead(start)
    assert start in inference
    assert not inference.is_stated(start)
    assert inference.is_stated((relations, TYPE, NamedNode(RKG + "DiplomaticRelations")))
    assert inference.is_date(derivation.premises[0])


@pytest.mark.slow
def test_every_rule_about_time_has_an_example_in_the_graph(kg: rk.Graph) -> None:
    """The examples of some rules are in valid files, and two rules have none in either."""
    names = "durations-and-lags", "events-and-absences", "kinds-of-mission", "sides-in-a-conflict"
    valid = [FACTS / f"good/{name}.ttl" for name in names]
    used = {
        derivation.rule.name
        for graph in (kg, rk.load(only=valid))
        for predicate in (*BOUNDS, *SPANS, LAST_KNOWN, WITHIN_RELATIONS, ENDS_BEFORE)
        for subject, object_ in graph.inference.closure.pairs(predicate)
        for derivation in graph.inference.closure.derivations((subject, predicate, object_))
    }

    elsewhere = {
        *("existed-when-attacked", "unofficial-before-official"),
    }
    assert elsewhere == {rule.name for rule in time_rules()} - used


## Facts within a `supposing` block


@pytest.mark.slow
def test_what_is_supposed_holds_for_a_while_with_all_that_follows(kg: rk.Graph) -> None:
    visit, when = thing("visit-of-an-envoy"), NamedNode(RKG + "when")
    mission = thing("embassy-of-china-in-lima")
    new = [
        (visit, TYPE, NamedNode(RKG + "Visit")),
        (visit, when, Literal("1990", datatype=NamedNode(PREFIXES["edtf"] + "EDTF"))),
    ]
    old = [(mission, TYPE, NamedNode(RKG + "Embassy"))]
    before = snapshot(kg.quad_store)
    with kg.inference.supposing([*new, *old, *new]) as difference:
        assert set(new) <= difference.added
        assert (visit, ES, day("1990-01-01")) in difference.added
        assert (visit, TYPE, NamedNode(RKG + "Event")) in difference.added
        assert not difference.added & set(old)
        assert all(fact in kg.inference for fact in difference.added)

    # Facts that were known before remain.
    assert before == snapshot(kg.quad_store)
    assert all(fact in kg.inference for fact in old)


@pytest.mark.slow
def test_after_a_supposition_everything_follows_as_before(kg: rk.Graph) -> None:
    # The facts include dates of things with inferred bounds, and facts that were inferred before.
    files = [fact for file in GOOD[::5] for fact in Submission(file).facts]
    inferred = facts_in(kg.quad_store, INFERRED)
    held = next(fact for fact in sorted(inferred, key=str) if fact[1] == TYPE)
    bounded = next(fact for fact in sorted(inferred, key=str) if fact[1] == ES)
    dated = (bounded[0], NamedNode(RKG + "when"), Literal("1801"))
    before = snapshot(kg.quad_store)
    for facts in (files, [held], [dated]):
        with kg.inference.supposing(facts) as supposed:
            during = snapshot(kg.quad_store)
        assert before == snapshot(kg.quad_store)
        try:
            assert supposed == kg.inference.add(facts)
            assert during == snapshot(kg.quad_store)
        finally:
            kg.inference.remove(statements(during[0] - before[0]))
        assert before == snapshot(kg.quad_store)


def test_what_is_supposed_goes_where_something_else_goes_wrong(kg: rk.Graph) -> None:
    before = snapshot(kg.quad_store)
    with (
        pytest.raises(ZeroDivisionError),
        kg.inference.supposing([(thing("x"), TYPE, NamedNode(RKG + "State"))]),
    ):
        raise ZeroDivisionError

    assert before == snapshot(kg.quad_store)


def test_a_date_that_is_none_is_not_supposed(kg: rk.Graph) -> None:
    before = snapshot(kg.quad_store)
    wrong = [(thing("x"), NamedNode(RKG + "when"), Literal("soon"))]
    with pytest.raises(rk.InputError), kg.inference.supposing(wrong):
        pass

    assert before == snapshot(kg.quad_store)


## Hostile vocabulary

HOSTILE = {
    "rdf:type a owl:InverseFunctionalProperty .": (1, 1),
    "id:a a rkg:State .\n  rdf:type a owl:InverseFunctionalProperty .": (2, 3),
    "rdfs:subPropertyOf rdfs:subPropertyOf owl:sameAs .": (1, 1),
    "rdf:type rdfs:subPropertyOf rkg:sendingParty .": (1, 1),
    "rkg:statedIn rdfs:subPropertyOf rdf:type .": (1, 1),
    "id:mine rdfs:subPropertyOf rdf:type .": (1, 9),
    "id:mine rdfs:subPropertyOf rkg:sendingParty .\nid:x id:mine id:y .": (1, 9),
    "id:x rdfs:label 'x'@en ;\n  rdfs:subClassOf rkg:State .": (2, 3),
    "rkg:Embassy rdfs:subClassOf rkg:Person .": (1, 1),
    "rkg:State a rkg:State .": (1, 1),
    "id:mine a owl:TransitiveProperty .": (1, 11),
    "id:mine a rdf:Property .": (1, 11),
    "id:mine a rdfs:Class .": (1, 11),
    "id:a owl:sameAs id:b .": (1, 6),
    "id:a owl:differentFrom id:b .": (1, 6),
    "id:mine owl:propertyChainAxiom ( rkg:when rkg:when ) .": (1, 9),
    "id:shape sh:deactivated true .": (1, 10),
    "rkg:StateShape sh:deactivated true .": (1, 1),
    "id:shape a sh:NodeShape .": (1, 12),
    "id:a a rkg:State .\nid:a a\n    owl:Thing .": (3, 5),
    "[] rdfs:domain rkg:State .": (1, 4),
}
SHACL = "@prefix sh: <http://www.w3.org/ns/shacl#> .\n"


@pytest.mark.slow
@pytest.mark.parametrize(("text", "place"), HOSTILE.items(), ids=range(len(HOSTILE)))
def test_hostile_vocabulary_is_refused_with_its_place_and_changes_nothing(
    kg: rk.Graph, tmp_path: Path, text: str, place: tuple[int, int]
) -> None:
    path = written(tmp_path, SHACL + text)
    line, column = place[0] + LINES + 1, place[1]
    before, rules = snapshot(kg.quad_store), len(kg.inference.closure.rules)
    with pytest.raises(rk.InputError) as added:
        kg.add(path)
    with pytest.raises(rk.InputError) as loaded:
        rk.load(path)

    for caught in (added, loaded):
        assert (str(path), line) == (caught.value.where, caught.value.line)
        assert caught.value.column is not None
        assert str(caught.value).startswith(f"{path}:{line}:{column}: ")
    assert before == snapshot(kg.quad_store)
    assert rules == len(kg.inference.closure.rules)
    assert kg.query("ASK { id:embassy-of-china-in-lima a rkg:Mission }")


@pytest.mark.parametrize("suffix", [".nt", ".nq", ".trig", ".jsonld"])
def test_hostile_vocabulary_is_refused_in_every_format(
    kg: rk.Graph, tmp_path: Path, suffix: str
) -> None:
    path = tmp_path / f"facts{suffix}"
    rdf, owl = PREFIXES["rdf"], PREFIXES["owl"]
    path.write_text(
        f'{{"@id": "{rdf}type", "@type": "{owl}InverseFunctionalProperty"}}'
        if suffix == ".jsonld"
        else f"<{ID}a> <{RKG}seat> <{ID}b> .\n"
        f"<{rdf}type> <{rdf}type> <{owl}InverseFunctionalProperty> .\n"
    )
    before = snapshot(kg.quad_store)
    place = ":1:1" if suffix == ".jsonld" else ":2:1"
    with pytest.raises(rk.InputError, match="vocabulary") as caught:
        kg.add(path)

    assert str(caught.value).startswith(f"{path}{place}: ")
    assert before == snapshot(kg.quad_store)


@pytest.mark.slow
def test_a_hostile_file_keeps_those_beside_it_out(tmp_path: Path) -> None:
    graph = rk.load(only=[])
    good = written(tmp_path, "id:a a rkg:State .", "good.ttl")
    bad = written(tmp_path, "rdf:type a owl:TransitiveProperty .", "bad.ttl")
    for files in ((good, bad), (bad, good)):
        with pytest.raises(rk.InputError, match=r"bad\.ttl"):
            graph.add(*files)

        assert 0 == graph.count(STATED) == len(graph.inference.add([]).added)


def test_worked_out_graphs_in_a_file_are_not_believed(tmp_path: Path) -> None:
    """Dates and inferred facts in an export are ignored, including hostile ones."""
    path = tmp_path / "facts.trig"
    path.write_text(
        f"{HEADER}id:a a rkg:City .\n<{INFERRED}> {{ id:a a rkg:State }}\n"
        f"<{ONTOLOGY}> {{ id:a rdfs:label 'a'@en }}\n"
        f'<{DATES}> {{ id:a rkg:earliestStart "1900-01-01"^^xsd:date }}'
    )
    graph = rk.load(only=[path])

    assert 2 == graph.count(STATED)
    assert not graph.query("ASK { id:a a rkg:State }")
    assert 0 == graph.count(DATES)


@pytest.mark.slow
@pytest.mark.parametrize("when", ['"circa 1946"^^edtf:EDTF', '"1946-13"^^edtf:EDTF', "id:e"])
def test_a_date_that_is_none_changes_nothing(tmp_path: Path, when: str) -> None:
    """The date is rejected before any fact of its file is added."""
    graph = rk.load()
    before = snapshot(graph.store)
    path = written(
        tmp_path,
        'id:e rkg:when "1950"^^edtf:EDTF . id:x a rkg:Embassy ; rkg:openedBy id:e .\n'
        f"id:f rkg:when {when} .",
    )
    with pytest.raises(rk.InputError, match="id:f"):
        graph.add(path)

    assert before == snapshot(graph.store)

    good = GOOD[-1]
    graph.add(good)

    assert snapshot(rk.load(good).store)[:3] == snapshot(graph.store)[:3]
