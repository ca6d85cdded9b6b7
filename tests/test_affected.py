"""Tests that validation checks all things that new facts affect, and few others."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest
from examples import BAD, GOOD, empty, file_of, stated
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, NamedNode, Quad, RdfFormat, Triple, parse, serialize
from trials import trials

import relations_kg as rk
from relations_kg._files import folder
from relations_kg.errors import InputError, RelationsError
from relations_kg.rdf.namespaces import ID, PREFIXES, RKG, STATED
from relations_kg.rdf.terms import TYPE, Statement, Term, statements
from relations_kg.reader.bundled import ontology_store
from relations_kg.reasoning.bounds import CALCULATED, LAG_FROM, own_bounds
from relations_kg.validation import checking, core
from relations_kg.validation.affected import Routes
from relations_kg.validation.shape_files import bundled
from relations_kg.validation.submission import Submission

# The code, the rule, the thing and the value of a violation.
Found = tuple[str, str, str, str | None]

DATA = sorted(Path(folder("data")).rglob("*.ttl"))
FILES = [*BAD, *GOOD]
TEMPORAL = {
    NamedNode(RKG + name)
    for name in ["when", "speaksFrom", "startedBy", "endedBy", "openedBy", "closedBy", "attestedBy"]
}
HEADER = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items())


class Split(NamedTuple):
    """Facts of which some are new."""

    facts: list[Statement]
    new: list[Statement]

    def __repr__(self) -> str:
        lines = [" ".join(map(str, fact)) for fact in self.new]
        return "\n".join([f"{len(self.facts)} facts, of which these are new:", *lines])


@cache
def facts_of(file: Path) -> list[Statement]:
    """Return the facts of a file without blank nodes, invalid dates and lags from oneself."""
    return [fact for fact in Submission(file).facts if is_usable(fact)]


def is_usable(fact: Statement) -> bool:
    subject, predicate, object_ = fact
    if not isinstance(subject, NamedNode) or isinstance(object_, BlankNode):
        return False
    # If a thing has a lag from itself, each round of inference shifts its bounds again, until a
    # limit is reached. The bounds then depend on the order of changes.
    if predicate == LAG_FROM and subject == object_:
        return False
    try:
        if predicate in CALCULATED:
            list(own_bounds(Quad(*fact)))  # type: ignore[arg-type]
    except InputError:
        return False
    return True


@cache
def known() -> tuple[dict[Term, list[Statement]], dict[Term, list[Term]]]:
    """Return the facts of each thing in all files, and the things that point to it."""
    about: dict[Term, list[Statement]] = {}
    pointing: dict[Term, list[Term]] = {}
    for fact in dict.fromkeys(fact for file in [*DATA, *FILES] for fact in facts_of(file)):
        about.setdefault(fact[0], []).append(fact)
        pointing.setdefault(fact[2], []).append(fact[0])
    return about, pointing


def around(file: Path, hops: int, chance: random.Random) -> list[Statement]:
    """Return the facts of a file, of things that it leads to, and of some that link to these."""
    about, pointing = known()
    things = dict.fromkeys(fact[0] for fact in facts_of(file))
    for _ in range(hops):
        near = [fact[2] for thing in things for fact in about[thing] if fact[2] in about]
        things |= dict.fromkeys(near[:40])
    for thing in list(things)[:20]:
        others = pointing.get(thing, [])
        things |= dict.fromkeys(chance.sample(others, min(2, len(others))))
    return [fact for thing in list(things)[:60] for fact in about[thing]]


@st.composite
def splits(draw: st.DrawFn) -> Split:
    """Draw facts around a file; new are the facts about some things, or random ones."""
    file = draw(st.sampled_from([file for file in FILES if facts_of(file)]))
    chance = random.Random(draw(st.integers(0, 1 << 16)))
    near = around(file, draw(st.integers(0, 2)), chance)
    facts = list(dict.fromkeys([*facts_of(file), *near]))
    pool = draw(st.sampled_from([facts_of(file), facts]))
    dated = [fact for fact in facts if fact[1] in TEMPORAL]
    if draw(st.booleans()):
        subjects = list(dict.fromkeys(fact[0] for fact in pool))
        taken = draw(st.sets(st.sampled_from(subjects), min_size=1, max_size=4))
        new = {fact for fact in facts if fact[0] in taken}
    else:
        pool = draw(st.sampled_from([pool, dated])) or pool
        new = draw(st.sets(st.sampled_from(pool), min_size=1, max_size=12))
    return Split(facts, [fact for fact in facts if fact in new])


@pytest.fixture(scope="module")
def graph() -> rk.Graph:
    """A graph without facts, to which each case adds its own."""
    return rk.load(only=[])


@pytest.fixture(scope="module")
def folder_of_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("splits")


@contextmanager
def containing(graph: rk.Graph, facts: Iterable[Statement]) -> Iterator[None]:
    facts = list(facts)
    graph.inference.add(facts)
    try:
        yield
    finally:
        graph.inference.remove(facts)


def all_found(graph: rk.Graph) -> set[Found]:
    """Return all violations of all rules."""
    stated = statements(graph.quad_store.quads_for_pattern(None, None, None, NamedNode(STATED)))
    focus = {subject for subject, _, _ in stated if isinstance(subject, NamedNode)}
    violations = bundled().examine(graph.quad_store, focus, facts=STATED).violations
    return {
        (v.code, v.rule, v.focus.value, str(v.value) if v.value is not None else None)
        for v in violations
        if v.rule
    }


def difference(graph: rk.Graph, split: Split, place: Path) -> tuple[set[Found], set[Found]]:
    """Return the new violations that validation misses, and those it reports that are not new."""
    file = place / "new.nt"
    file.write_bytes(serialize((Triple(*f) for f in split.new), format=RdfFormat.N_TRIPLES))  # type: ignore[arg-type]
    new = set(split.new)
    with containing(graph, (fact for fact in split.facts if fact not in new)):
        before = all_found(graph)
        state = set(graph.quad_store)
        report = graph.validate(file)
        assert state == set(graph.quad_store)
    with containing(graph, split.facts):
        after = all_found(graph)
    found = set()
    for finding in report.findings:
        if finding.shape and finding.focus:
            prefix, _, name = finding.shape.partition(":")
            found.add((finding.code, PREFIXES[prefix] + name, finding.focus, finding.value))
    return (after - before) - found, found - (after - before)


cases = settings(
    max_examples=trials(8, whole=240).max_examples,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@pytest.mark.slow
@cases
@given(split=splits())
def test_the_rules_find_in_new_facts_what_they_find_in_all_and_not_in_the_old(
    graph: rk.Graph, folder_of_files: Path, split: Split
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        # Core constraints take longest; without them, more cases can be tried.
        patch.setattr(core, "check", lambda *_: iter(()))

        assert (set(), set()) == difference(graph, split, folder_of_files)


@pytest.mark.slow
@settings(cases, max_examples=trials(3, whole=45).max_examples)
@given(split=splits())
def test_all_constraints_find_in_new_facts_what_they_find_in_all_and_not_in_the_old(
    graph: rk.Graph, folder_of_files: Path, split: Split
) -> None:
    assert (set(), set()) == difference(graph, split, folder_of_files)


@cache
def one_thing_of_each_bad_file() -> list[Split]:
    chance = random.Random(20261123)
    found = []
    for file in BAD:
        if facts := list(dict.fromkeys([*facts_of(file), *around(file, 1, chance)])):
            thing = chance.choice(facts_of(file))[0] if facts_of(file) else facts[0][0]
            found.append(Split(facts, [fact for fact in facts if fact[0] == thing]))
    return found


@pytest.mark.slow
def test_what_is_not_reached_would_be_missed(
    graph: rk.Graph, folder_of_files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(core, "check", lambda *_: iter(()))
    monkeypatch.setattr(Routes, "reached", lambda *_: set())

    assert any(
        difference(graph, split, folder_of_files)[0] for split in one_thing_of_each_bad_file()[3::9]
    )


@pytest.mark.whole
@pytest.mark.slow
@pytest.mark.parametrize("part", range(108))
def test_new_facts_of_every_bad_file_are_reached(
    graph: rk.Graph, folder_of_files: Path, monkeypatch: pytest.MonkeyPatch, part: int
) -> None:
    """In `make check`, the tests above draw some of these files at random."""
    monkeypatch.setattr(core, "check", lambda *_: iter(()))
    for split in one_thing_of_each_bad_file()[part::108]:
        assert (set(), set()) == difference(graph, split, folder_of_files)


## Hubs

MANY = 5_000
SINCE = 'rkg:latestStart "{}-01-01"^^xsd:date ; rkg:ongoing true'
HUB = "".join(
    f"id:relations-{n} a rkg:DiplomaticRelations ; rkg:firstParty id:hub ; "
    f"rkg:secondParty id:state-{n} ; rkg:startedBy id:day ; {SINCE.format(1980)} . "
    f"id:visit-{n} a rkg:StateVisit ; rkg:hostParty id:hub ; rkg:capacity id:office-{n} . "
    f"id:mission-{n} a rkg:Embassy ; rkg:receivingParty id:hub ; rkg:sendingParty id:state-{n} . "
    f"id:view-{n} a rkg:Recognition ; rkg:recognizingParty id:hub ; "
    f"rkg:recognizedEntity id:state-{n} ; rkg:recognizedAs code:state-government . "
    f"src:p-{n} a rkg:Passage ; rkg:inDocument id:hub ; rkg:position {n} .\n"
    for n in range(MANY)
)
NEW = f"""
id:new-relations a rkg:DiplomaticRelations ; rkg:firstParty id:hub ; rkg:secondParty id:state-7 ;
    {SINCE.format(1990)} .
id:new-visit a rkg:StateVisit ; rkg:hostParty id:hub ; rkg:capacity id:office-7 ;
    {SINCE.format(1990)} .
id:new-mission a rkg:Embassy ; rkg:receivingParty id:hub ; rkg:sendingParty id:state-7 .
id:new-view a rkg:Recognition ; rkg:recognizingParty id:hub ; rkg:recognizedEntity id:state-7 ;
    rkg:recognizedAs code:state-government .
src:new a rkg:Passage ; rkg:inDocument id:hub ; rkg:position 7 .
id:hub rdfs:comment "The middle of it all."@en .
"""


@pytest.mark.slow
def test_little_is_asked_where_much_is_linked() -> None:
    store = ontology_store()
    for text in (HUB, NEW):
        store.load((HEADER + text).encode(), RdfFormat.TURTLE, to_graph=NamedNode(STATED))
    touched: dict[str, set[NamedNode]] = {}
    for quad in parse(HEADER + NEW, RdfFormat.TURTLE):
        if isinstance(quad.subject, NamedNode):
            touched.setdefault(quad.predicate.value, set()).add(quad.subject)
    asked = {
        constraint: constraint.reached(store, touched)
        for shape in bundled().node_shapes
        for constraint in shape.constraints
    }
    found = {v.code for constraint, nodes in asked.items() for v in constraint.run(store, nodes)}

    assert {"same-position", "at-once", "not-by-head-of-state"} <= found
    assert {} == {each.name: len(nodes) for each, nodes in asked.items() if len(nodes) > 20}


def test_a_route_to_many_is_gone_where_there_is_no_other(graph: rk.Graph) -> None:
    found = Routes("SELECT $this WHERE { $this rkg:hostParty ?host . ?host rkg:seat ?value }")
    host = NamedNode(ID + "host")
    visits = [NamedNode(f"{ID}visit-{n}") for n in range(700)]
    with containing(graph, [(visit, NamedNode(RKG + "hostParty"), host) for visit in visits]):
        assert set(visits) == found.reached(graph.quad_store, "?host", {host})


## How variables are connected


@pytest.mark.parametrize(
    ("body", "variable", "routes"),
    [
        ("$this rkg:office ?o . ?value rkg:office ?o", "?value", [["?o", "$this"]]),
        ("$this rkg:a|^rkg:b ?value", "?value", [["$this"]]),
        ("$this rkg:a ?x ; rkg:b ?y . ?x rkg:c ?y", "?x", [["$this"], ["?y", "$this"]]),
        ("OPTIONAL { $this rkg:a ?x . ?x rkg:b ?y }", "?x", [["$this"]]),
        # In the first branch, no other pattern has ?x, so only the second branch gives a route.
        ("{ $this rkg:a ?x } UNION { ?x rkg:b $this }", "?x", [["$this"]]),
        ("{ ?x rkg:a $this } UNION { ?x rkg:b $this }", "?x", [["$this"], ["$this"]]),
        ("$this rkg:a ?x . ?x rkg:b 1 . OPTIONAL { ?x rkg:c $this }", "?x", [["$this"]]),
        ("$this rkg:a ?y . OPTIONAL { ?y rkg:c ?x . ?x rkg:b 1 }", "?x", [["?y", "$this"]]),
        ("$this rkg:a/rkg:b ?x . ?x rkg:c 1", "?x", [["$this"]]),
        ("$this (rkg:a|rkg:b)?/rkg:c ?x . ?x rkg:d 1", "?x", [["$this"]]),
        ("# rkg:a\n $this rkg:a ?x . # more\n ?x rkg:b 1", "?x", [["$this"]]),
        ("$this rkg:a ?x . ?x rkg:c 1 . FILTER NOT EXISTS { ?x rkg:b $this }", "?x", [["$this"]]),
        ("$this rkg:a ?x . FILTER (?x != $this && (STR(?x) < 'a')) ?x rkg:b 1", "?x", [["$this"]]),
        ("$this rkg:a ?x . ?z rkg:b ?y", "?z", []),
    ],
)
def test_a_variable_leads_to_the_focus_by_patterns_and_not_by_conditions(
    body: str, variable: str, routes: list[list[str]]
) -> None:
    found = Routes(f"SELECT DISTINCT $this ?value WHERE {{ {body} }}")

    assert routes == [[step.target for step in route] for route in found.to_focus(variable)]


def test_what_leads_nowhere_is_an_error(graph: rk.Graph) -> None:
    with pytest.raises(RelationsError, match=r"no path of .* leads from \?z to \$this"):
        Routes("SELECT $this WHERE { ?z rkg:b ?y }").reached(graph.quad_store, "?z", set())


def test_a_step_goes_forwards_backwards_and_not_at_all(graph: rk.Graph) -> None:
    one, other = NamedNode(ID + "one"), NamedNode(ID + "other")
    starts = NamedNode(RKG + "startedBy")
    found = Routes("SELECT $this WHERE { $this rkg:startedBy? ?start . ?start rkg:when ?day }")
    with containing(graph, [(one, TYPE, NamedNode(RKG + "Recognition")), (one, starts, other)]):
        assert {one, other} == found.reached(graph.quad_store, "?start", {other})
        assert {one} == found.reached(graph.quad_store, "?start", {one})


PATHS = [
    ("rkg:startedBy/rkg:latestStart", {"direct"}),
    ("rkg:latestStart|rkg:startedBy/rkg:latestStart", {"direct"}),
    ("rkg:latestStart|(rkg:openedBy|rkg:startedBy)/rkg:latestStart", {"direct", "opened"}),
    ("rkg:startedBy?/rkg:latestStart", {"direct"}),
    ("rkg:phaseOf/rkg:startedBy/rkg:latestStart", {"part"}),
    ("^(rkg:continues/^rkg:startedBy)/rkg:latestStart", set()),
]


@pytest.mark.parametrize(("path", "found"), PATHS)
def test_a_node_inside_a_path_leads_to_the_focus(
    graph: rk.Graph, path: str, found: set[str]
) -> None:
    names = ("direct", "opened", "part", "event")
    direct, opened, part, event = (NamedNode(ID + name) for name in names)
    facts: list[Statement] = [
        (direct, NamedNode(RKG + "startedBy"), event),
        (opened, NamedNode(RKG + "openedBy"), event),
        (part, NamedNode(RKG + "phaseOf"), direct),
    ]
    routes = Routes(f"SELECT $this WHERE {{ $this {path} ?from }}")
    with containing(graph, facts):
        reached = {
            node.value.removeprefix(ID)
            for variable in routes.subjects
            for node in routes.reached(graph.quad_store, variable, {event})
        }

    assert found <= reached <= {*names}


def test_a_solution_of_one_branch_need_not_match_the_other(graph: rk.Graph) -> None:
    one, other, day = (NamedNode(ID + name) for name in ("one", "other", "day"))
    routes = Routes("SELECT $this WHERE { { ?x rkg:a $this } UNION { $this rkg:when/rkg:b ?x } }")
    optional = Routes("SELECT $this WHERE { $this rkg:a ?x . OPTIONAL { ?x rkg:b $this } }")
    with containing(graph, [(one, NamedNode(RKG + "a"), other)]):
        assert {other} == routes.reached(graph.quad_store, "?x", {one})
        assert {one} == optional.reached(graph.quad_store, "?x", {other, day})


@pytest.mark.parametrize("path", ["rkg:a+", "rkg:a/rkg:b*", "rkg:a!rkg:b"])
def test_a_path_without_a_known_length_is_an_error(path: str) -> None:
    with pytest.raises(RelationsError, match="is not supported"):
        Routes(f"SELECT $this WHERE {{ $this {path} ?x }}")


def test_a_bracket_that_is_not_closed_is_an_error() -> None:
    with pytest.raises(RelationsError, match="is not closed"):
        Routes("SELECT $this WHERE { $this rkg:a ?x FILTER (?x }")


@pytest.mark.slow
@pytest.mark.parametrize("is_empty", [False, True])
def test_files_larger_than_the_graph_have_the_same_findings(
    kg: rk.Graph, monkeypatch: pytest.MonkeyPatch, is_empty: bool
) -> None:
    base = empty() if is_empty else kg
    files = [file for file in BAD[::60] if file.suffix == ".ttl"]
    found = [base.validate(file) for file in files]
    monkeypatch.setattr(checking, "_is_smaller", lambda *_: True)

    assert found == [base.validate(file) for file in files]
    assert len({finding.code for report in found for finding in report.findings}) > 3


@pytest.mark.parametrize("is_smaller", [False, True])
def test_new_facts_about_an_event_can_contradict_a_known_thing_that_it_begins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_smaller: bool
) -> None:
    known = (
        "id:tenure a rkg:OfficeTenure ; rkg:startedBy id:entry ; rkg:endedBy id:exit . "
        'id:exit a rkg:Event ; rkg:when "1950"^^edtf:EDTF .'
    )
    graph = stated(known, tmp_path)
    monkeypatch.setattr(checking, "_is_smaller", lambda *_: is_smaller)
    new = 'id:entry a rkg:Event ; rkg:when "1960"^^edtf:EDTF .'

    found = graph.validate(file_of(new, tmp_path)).findings

    assert (ID + "tenure", "before-start") in {(each.focus, each.code) for each in found}
