"""Tests of the closure: against a naive evaluator for any rules, against owlrl for the ontology."""

import random
from collections.abc import Iterable
from itertools import product
from pathlib import Path

import owlrl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from owlrl.Namespaces import ERRNS
from pyoxigraph import NamedNode
from rdflib import OWL, RDF, RDFS, BNode, Dataset, Graph, Literal, URIRef
from rdflib.term import Node
from trials import seeds, trials

import relations_kg as rk
from relations_kg.rdf.namespaces import CODE, DATES, ID, INFERRED, ONTOLOGY, RKG, SOURCE, STATED
from relations_kg.reasoning.closure import Closure
from relations_kg.reasoning.rules import Rule

Triple = tuple[NamedNode, NamedNode, NamedNode]


def nodes(letters: str) -> list[NamedNode]:
    return [NamedNode(f"urn:{letter}") for letter in letters]


INDIVIDUALS, PREDICATES = nodes("abc"), nodes("pq")
TERMS = st.sampled_from(INDIVIDUALS)
VARIABLES = st.sampled_from(["x", "y", "z", "w"])
TRIPLES = st.tuples(TERMS, st.sampled_from(PREDICATES), TERMS)
PATTERNS = st.tuples(
    VARIABLES | VARIABLES | TERMS, st.sampled_from(PREDICATES), VARIABLES | VARIABLES | TERMS
)


@st.composite
def rules(draw: st.DrawFn) -> Rule:
    """Draw a rule with one to three patterns, constants, and repeated or separate variables."""
    body = tuple(draw(st.lists(PATTERNS, min_size=1, max_size=3)))
    bound = sorted({term for pattern in body for term in pattern[::2] if isinstance(term, str)})
    places = st.sampled_from(bound) | TERMS if bound else TERMS
    return Rule("a rule", body, (draw(places), draw(st.sampled_from(PREDICATES)), draw(places)))


def naive(rules: list[Rule], facts: Iterable[Triple]) -> set[Triple]:
    """Return the closure, by matching every pattern with every fact until nothing new follows."""
    known = set(facts)
    while True:
        new = {
            head
            for rule in rules
            for matched in product(*([f for f in known if f[1] == p] for _, p, _ in rule.body))
            if (head := conclusion(rule, matched)) and head not in known
        }
        if not new:
            return known
        known |= new


def conclusion(rule: Rule, matched: tuple[Triple, ...]) -> Triple | None:
    """Return the head if each pattern of the body matches its fact, or None."""
    values: dict[object, NamedNode] = {}
    for pattern, fact in zip(rule.body, matched, strict=True):
        for term, value in zip(pattern, fact, strict=True):
            if (values.setdefault(term, value) if isinstance(term, str) else term) != value:
                return None
    subject, predicate, object_ = (values.get(term, term) for term in rule.head)
    return subject, predicate, object_  # type: ignore[return-value]


@trials(300)
@given(
    st.lists(rules(), min_size=1, max_size=3),
    st.lists(TRIPLES, min_size=2, max_size=8),
    st.lists(TRIPLES, max_size=3),
)
def test_the_closure_is_what_trying_everything_finds(
    rules: list[Rule], first: list[Triple], then: list[Triple]
) -> None:
    """Facts are added at once or in two steps; each new fact is returned once."""
    expected = naive(rules, [*first, *then])
    at_once, in_steps = Closure(rules), Closure(rules)

    inferred = at_once.add([*first, *then]).added
    early = in_steps.add(first).added
    late = in_steps.add(then).added

    assert expected - {*first, *then} == set(inferred)
    assert naive(rules, first) - {*first} == set(early)
    assert expected == {*first, *then, *early, *late}
    assert len(inferred) == len(set(inferred))
    assert not {*first, *early, *then} & set(late)
    assert not {*first} & set(early)


@given(
    st.lists(rules(), min_size=1, max_size=3),
    st.lists(TRIPLES, min_size=3, max_size=8, unique=True).flatmap(
        lambda facts: st.tuples(st.just(facts), st.permutations(facts))
    ),
)
def test_the_order_of_facts_does_not_matter(
    rules: list[Rule], orders: tuple[list[Triple], list[Triple]]
) -> None:
    one, other = (set(Closure(rules).add(order).added) for order in orders)

    assert one == other


def test_adding_what_is_known_yields_nothing() -> None:
    a, b, c, p = nodes("abcp")
    closure = Closure([Rule("p is transitive", (("x", p, "y"), ("y", p, "z")), ("x", p, "z"))])

    assert [(a, p, c)] == closure.add([(a, p, b), (b, p, c)]).added
    assert [] == closure.add([(a, p, b), (a, p, c), (a, p, c)]).added


def test_a_long_body_is_matched_in_every_way() -> None:
    """A later variable is unbound again before the next binding of an earlier one."""
    p, q = PREDICATES
    a, b, c, d, e, f = nodes("abcdef")
    chain = Rule("p p p gives q", (("x", p, "y"), ("y", p, "z"), ("z", p, "w")), ("x", q, "w"))
    apart = Rule("p p p gives q", (("x", p, "x"), ("y", p, "z"), ("w", p, "w")), ("y", q, "w"))
    facts = [(b, p, c), (b, p, d), (c, p, a), (c, p, b), (d, p, e), (d, p, f), (f, p, f), (e, p, e)]

    for rule in (chain, apart):
        for last in ((a, p, b), (a, p, a)):
            order = [*facts, last]

            assert naive([rule], order) == {*order, *Closure([rule]).add(order).added}


def test_a_rule_without_variables_holds() -> None:
    a, b, p, q = nodes("abpq")
    closure = Closure([Rule("a p b, so b q a", ((a, p, b),), (b, q, a))])

    assert [] == closure.add([(b, p, a)]).added
    assert [(b, q, a)] == closure.add([(a, p, b)]).added


def test_a_closure_knows_the_predicates_of_its_rules() -> None:
    p, q, r = nodes("pqr")
    closure = Closure([Rule("p then q gives r", (("x", p, "y"), ("y", q, "z")), ("x", r, "z"))])

    assert {p, q, r} == closure.predicates


## The ontology, with owlrl as the judge


def materialised_by_owlrl(dataset: Dataset, *, with_texts: bool = True) -> Graph:
    """Return owlrl's closure of a graph, in half the time without the literals about terms.

    No fact follows from these literals.
    """
    graph = Graph()
    for name in (STATED, DATES, ONTOLOGY):
        graph += (
            (s, p, o)
            for s, p, o in dataset.graph(URIRef(name))
            if with_texts or not isinstance(o, Literal) or s.startswith((ID, SOURCE, CODE))
        )
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(graph)
    return graph


def about_our_individuals(triples: Iterable[tuple[Node, ...]]) -> set[tuple[Node, ...]]:
    """Return the facts about things, passages and codes, without those that hold for all."""
    return {
        (s, p, o)
        for s, p, o in triples
        if isinstance(s, URIRef)
        and s.startswith((ID, SOURCE, CODE))
        and not (p == OWL.sameAs and s == o)
        and not (p == RDF.type and (o == OWL.Thing or isinstance(o, BNode)))
    }


@pytest.fixture(scope="module")
def judged(rdflib_dataset: Dataset) -> Graph:
    return materialised_by_owlrl(rdflib_dataset, with_texts=False)


@pytest.mark.whole
@pytest.mark.slow
def test_the_closure_of_the_graph_is_owlrls(rdflib_dataset: Dataset, judged: Graph) -> None:
    """In `make check`, random facts of all classes and properties use more of the rules."""
    ours = about_our_individuals(quad[:3] for quad in rdflib_dataset.quads())

    assert about_our_individuals(judged) == ours


@pytest.mark.whole
@pytest.mark.slow
def test_the_closure_of_the_graph_with_another_document_is_owlrls() -> None:
    files = sorted(Path(__file__).with_name("pairs").glob("japan-peru/*.ttl"))
    dataset = rk.load(*files).to_rdflib()
    materialised = materialised_by_owlrl(dataset)

    assert about_our_individuals(materialised) == about_our_individuals(
        quad[:3] for quad in dataset.quads()
    )
    assert not list(materialised.subjects(RDF.type, ERRNS.ErrorMessage))


@pytest.mark.whole
@pytest.mark.slow
def test_owlrl_finds_no_contradiction_in_the_graph(judged: Graph) -> None:
    nodes = judged.subjects(RDF.type, ERRNS.ErrorMessage)

    assert [] == [str(judged.value(node, ERRNS.error)) for node in nodes]


@pytest.mark.slow
def test_owlrl_finds_a_contradiction_where_there_is_one(tmp_path: Path) -> None:
    """This shows that the other tests can fail."""
    path = tmp_path / "facts.ttl"
    path.write_text(f"<{ID}x> a <{RKG}Person> , <{RKG}Embassy> .")

    graph = materialised_by_owlrl(rk.load(only=[path]).to_rdflib(), with_texts=False)

    assert list(graph.subjects(RDF.type, ERRNS.ErrorMessage))


def random_facts(seed: int) -> str:
    """Return facts about individuals of any classes, linked by any properties."""
    chance = random.Random(seed)
    ontology = rk.load(only=[]).to_rdflib().graph(URIRef(ONTOLOGY))

    def terms(kind: Node) -> list[Node]:
        return sorted(term for term in ontology.subjects(RDF.type, kind) if term.startswith(RKG))

    classes, properties = terms(OWL.Class), terms(OWL.ObjectProperty)
    datatype_properties = [
        name
        for name in terms(OWL.DatatypeProperty)
        if str(ontology.value(name, RDFS.range, default="")).endswith("#string")
    ]
    things = [f"<{ID}thing-{number}>" for number in range(12)]
    lines = [f"{thing} a <{chance.choice(classes)}> ." for thing in things for _ in range(2)]
    lines += [
        f"{chance.choice(things)} <{chance.choice(properties)}> {chance.choice(things)} ."
        for _ in range(60)
    ]
    lines += [f"{chance.choice(things)} <{name}> 'P1D' ." for name in datatype_properties]
    return "\n".join(lines)


@pytest.mark.slow
@pytest.mark.parametrize("seed", seeds(8))
def test_the_closure_of_random_facts_is_owlrls(tmp_path: Path, seed: int) -> None:
    path = tmp_path / "facts.ttl"
    path.write_text(random_facts(seed))
    graph = rk.load(only=[path])
    dataset = graph.to_rdflib()

    ours = about_our_individuals(quad[:3] for quad in dataset.quads())

    assert graph.count(INFERRED) > 100
    assert about_our_individuals(materialised_by_owlrl(dataset, with_texts=False)) == ours
