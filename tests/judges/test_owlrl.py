"""Tests that we infer what owlrl does, by each rule of OWL 2 RL and with random ontologies."""

import logging
import random
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

import owlrl
import pytest
from owlrl.Namespaces import ERRNS
from pyoxigraph import NamedNode, RdfFormat, Store, Triple, parse, serialize
from rdflib import OWL, BNode, Graph
from test_rules import HEADER

import relations_kg as rk
from relations_kg.answers.contradictions import contradictions
from relations_kg.answers.knowledge import Knowledge
from relations_kg.errors import RelationsError
from relations_kg.rdf.namespaces import INFERRED, ONTOLOGY, STATED
from relations_kg.rdf.terms import Statement
from relations_kg.reasoning.inference import Inference

PAGE = Path(__file__).parents[2] / "docs/owl-rl.md"
RULES = """
eq-ref eq-sym eq-trans eq-rep-s eq-rep-p eq-rep-o eq-diff1 eq-diff2 eq-diff3
prp-ap prp-dom prp-rng prp-fp prp-ifp prp-irp prp-symp prp-asyp prp-trp prp-spo1 prp-spo2
prp-eqp1 prp-eqp2 prp-pdw prp-adp prp-inv1 prp-inv2 prp-key prp-npa1 prp-npa2
cls-thing cls-nothing1 cls-nothing2 cls-int1 cls-int2 cls-uni cls-com cls-svf1 cls-svf2 cls-avf
cls-hv1 cls-hv2 cls-maxc1 cls-maxc2 cls-maxqc1 cls-maxqc2 cls-maxqc3 cls-maxqc4 cls-oo
cax-sco cax-eqc1 cax-eqc2 cax-dw cax-adc dt-type1 dt-type2 dt-eq dt-diff dt-not-type
scm-cls scm-sco scm-eqc1 scm-eqc2 scm-op scm-dp scm-spo scm-eqp1 scm-eqp2 scm-dom1 scm-dom2
scm-rng1 scm-rng2 scm-hv scm-svf1 scm-svf2 scm-avf1 scm-avf2 scm-int scm-uni
"""
# owlrl has no rules that compare literals.
NOT_JUDGED = {"dt-type2", "dt-eq", "dt-diff", "prp-fp, of data", "cls-maxc2, of data"}
WHY = {
    "refused": "an ontology with such an axiom is refused by name, see docs/owl-rl.md",
    "left out": "what follows is true of every class, property, literal or thing",
}

# Templates of axioms: a, b and c are different classes, p, q and r different properties.
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


def stated(text: str) -> list[Statement]:
    quads = parse(HEADER + text, RdfFormat.TURTLE)
    return [(quad.subject, quad.predicate, quad.object) for quad in quads]


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
    return stated("\n".join(lines))


def of_individuals(triples: Iterable[tuple[object, ...]]) -> set[str]:
    """Return the facts about individuals, without those that owlrl infers about every one."""
    return {
        " ".join(map(str, (s, p, o)))
        for s, p, o in triples
        if str(s)[-2:] in ("/v", "/w", "/x", "/y", "/z")
        and o != OWL.Thing
        and p != OWL.sameAs
        and not isinstance(o, BNode)
    }


def by_owlrl(axioms: str, stated: Iterable[Statement]) -> Graph:
    graph = Graph().parse(data=axioms, format="turtle")
    lines = serialize([Triple(*fact) for fact in stated], format=RdfFormat.N_TRIPLES)
    graph.parse(data=lines, format="nt")
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(graph)
    return graph


def by_us(store: Store) -> set[str]:
    quads = [
        q
        for name in (STATED, INFERRED)
        for q in store.quads_for_pattern(None, None, None, NamedNode(name))
    ]
    return {" ".join(t.value for t in q.triple) for q in quads}


def difference(seed: int) -> str | None:
    """Return how our closure differs from owlrl's after an addition or removal, or None.

    The ontology and the facts are random.
    """
    chance = random.Random(seed)
    axioms = ontology(chance)
    store = Store()
    store.load(axioms.encode(), RdfFormat.TURTLE, to_graph=NamedNode(ONTOLOGY))
    inference, known = Inference(store), set[Statement]()
    for step in range(4):
        some = facts(chance, 6)
        if step == 2:
            some = chance.sample(sorted(known, key=str), len(known) // 2)
            inference.remove(some)
            known -= {*some}
        else:
            inference.add(some)
            known |= {*some}
        if different := by_us(store) ^ of_individuals(by_owlrl(axioms, known)):
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


class Row(NamedTuple):
    """A row of the page: a rule, its example, what follows from it, and what we do."""

    rule: str
    axioms: str
    facts: str
    follows: str
    here: str


def rows() -> list[Row]:
    return [
        Row(*(cell.strip(" `") for cell in line.strip("|").split("|")))
        for line in PAGE.read_text(encoding="utf-8").splitlines()
        if line.startswith("| ") and not line.startswith("| rule")
    ]


def is_entailed(row: Row, graph: Graph) -> bool:
    """Return whether owlrl infers what follows, and a contradiction only where there is one."""
    contradicts = row.follows == "contradiction"
    expected = Graph().parse(data=HEADER + ("" if contradicts else row.follows))
    return set(expected) <= set(graph) and contradicts == ((None, ERRNS.error, None) in graph)


def what_we_do(kg: rk.Graph, row: Row, theirs: Graph, path: Path) -> str:
    """Return what belongs in the last column, or how we differ from owlrl."""
    path.write_text(HEADER + row.facts)
    if "lexical" in [finding.code for finding in kg.validate(path).findings]:
        return "reported: lexical"
    store = Store()
    store.load((HEADER + row.axioms).encode(), RdfFormat.TURTLE, to_graph=NamedNode(ONTOLOGY))
    store.load((HEADER + row.facts).encode(), RdfFormat.TURTLE, to_graph=NamedNode(STATED))
    before = by_us(store)
    try:
        kinds = [found.kind for found in contradictions(Knowledge(store))]
    except RelationsError as error:
        message = str(error).partition(" does not cover ")[2]
        return f"refused: {message.replace('http://example.org/', ':')}"
    if different := by_us(store) ^ of_individuals(theirs):
        return f"differs: {sorted(different)}"
    if kinds:
        return f"reported: {kinds[0]}"
    return "left out" if by_us(store) == before else "applied"


def test_each_rule(
    kg: rk.Graph, judge: Callable[..., None], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL)  # rdflib logs the literal that is not an integer
    failed = {}
    refused: dict[str, list[str]] = {reason: [] for reason in WHY.values()}
    for row in rows():
        theirs = by_owlrl(HEADER + row.axioms, stated(row.facts))
        if row.rule not in NOT_JUDGED and not is_entailed(row, theirs):
            failed[row.rule] = "owlrl does not infer this"
        ours = what_we_do(kg, row, theirs, tmp_path / "facts.ttl")
        if not ours.startswith(row.here):
            failed[row.rule] = ours
        elif reason := WHY.get(row.here.partition(":")[0]):
            failed[row.rule] = row.here
            refused[reason].append(row.rule)

    assert {row.rule.partition(",")[0] for row in rows()} == {*RULES.split()}
    names = [row.rule for row in rows()]
    judge("OWL 2 RL/RDF rules (W3C), with owlrl", owlrl.__version__, names, failed, refused)
