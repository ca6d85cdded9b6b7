"""Tests that random ontologies and facts that come and go are closed as owlrl closes them."""

import random
from collections.abc import Callable, Iterable

import owlrl
import pytest
from pyoxigraph import NamedNode, RdfFormat, Store, Triple, parse, serialize
from rdflib import OWL, BNode, Graph
from test_rules import HEADER

from relations_kg.rdf.namespaces import INFERRED, ONTOLOGY, STATED
from relations_kg.rdf.terms import Statement
from relations_kg.reasoning.inference import Inference

# Three classes and three properties, by their places in a shuffled order.
AXIOMS = (
    "{a} rdfs:subClassOf {b}",
    "{a} owl:equivalentClass {b}",
    "{p} rdfs:subPropertyOf {q}",
    "{p} rdfs:domain {a}",
    "{p} rdfs:range {a}",
    "{p} owl:inverseOf {q}",
    "{p} a owl:SymmetricProperty",
    "{p} a owl:TransitiveProperty",
    "{p} owl:propertyChainAxiom ({q} {r})",
    "{p} owl:propertyChainAxiom ({q} {p})",
    "[ a owl:Restriction ; owl:onProperty {p} ; owl:someValuesFrom {a} ] rdfs:subClassOf {b}",
    "[ a owl:Restriction ; owl:onProperty {p} ; owl:hasValue :v ] rdfs:subClassOf {a}",
    "{a} rdfs:subClassOf [ a owl:Restriction ; owl:onProperty {p} ; owl:hasValue :v ]",
    "{a} rdfs:subClassOf [ a owl:Restriction ; owl:onProperty {p} ; owl:allValuesFrom {b} ]",
    "[ a owl:Class ; owl:intersectionOf ({a} {b}) ] rdfs:subClassOf {c}",
    "{a} rdfs:subClassOf [ a owl:Class ; owl:intersectionOf ({b} {c}) ]",
    "[ a owl:Class ; owl:unionOf ({a} {b}) ] rdfs:subClassOf {c}",
)
DECLARED = ":A a owl:Class . :B a owl:Class . :C a owl:Class . " + "".join(
    f":{p} a owl:ObjectProperty . " for p in "pqr"
)


def ontology(chance: random.Random) -> str:
    """Return some axioms about three classes and three properties."""
    lines = []
    for _ in range(chance.randint(2, 7)):
        names = zip("abcpqr", chance.sample("ABC", 3) + chance.sample("pqr", 3), strict=True)
        axiom = chance.choice(AXIOMS).format(**{place: f":{name}" for place, name in names})
        lines.append(f"{axiom} .")
    return HEADER + DECLARED + "\n".join(dict.fromkeys(lines))


def facts(chance: random.Random, number: int) -> list[Statement]:
    """Return random facts about five individuals."""
    lines = []
    for _ in range(number):
        x, y = chance.choices("vwxyz", k=2)
        is_type = chance.random() < 0.4
        lines.append(
            f":{x} a :{chance.choice('ABC')} ."
            if is_type
            else f":{x} :{chance.choice('pqr')} :{y} ."
        )
    text = HEADER + "\n".join(lines)
    return [(quad.subject, quad.predicate, quad.object) for quad in parse(text, RdfFormat.TURTLE)]


def of_individuals(triples: Iterable[tuple[object, ...]]) -> set[str]:
    """Return the facts about individuals, without those that hold for every one."""
    return {
        " ".join(map(str, (s, p, o)))
        for s, p, o in triples
        if str(s)[-2:] in ("/v", "/w", "/x", "/y", "/z")
        and o != OWL.Thing
        and p != OWL.sameAs
        and not isinstance(o, BNode)
    }


def by_owlrl(axioms: str, stated: Iterable[Statement]) -> set[str]:
    graph = Graph().parse(data=axioms, format="turtle")
    lines = serialize([Triple(*fact) for fact in stated], format=RdfFormat.N_TRIPLES)
    graph.parse(data=lines, format="nt")
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(graph)
    return of_individuals(graph)


def by_us(store: Store) -> set[str]:
    quads = [
        q
        for name in (STATED, INFERRED)
        for q in store.quads_for_pattern(None, None, None, NamedNode(name))
    ]
    return {" ".join(t.value for t in q.triple) for q in quads}


def difference(seed: int) -> str | None:
    """Return where our closure of a random ontology differs after additions and removals."""
    chance = random.Random(seed)
    axioms = ontology(chance)
    store = Store()
    store.load(axioms.encode(), RdfFormat.TURTLE, to_graph=NamedNode(ONTOLOGY))
    inference, stated = Inference(store), set[Statement]()
    for step in range(4):
        some = facts(chance, 6)
        if step == 2:
            some = chance.sample(sorted(stated, key=str), len(stated) // 2)
            inference.remove(some)
            stated -= {*some}
        else:
            inference.add(some)
            stated |= {*some}
        if different := by_us(store) ^ by_owlrl(axioms, stated):
            return f"{axioms.removeprefix(HEADER + DECLARED)} step {step}: {sorted(different)}"
    return None


def test_random_ontologies(judge: Callable[..., None], pytestconfig: pytest.Config) -> None:
    seeds = range(200 if pytestconfig.getoption("whole") else 20)
    failed = {str(seed): why for seed in seeds if (why := difference(seed))}

    judge(
        "owlrl, random ontologies and facts that come and go",
        owlrl.__version__,
        [*map(str, seeds)],
        failed,
    )
