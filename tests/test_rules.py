"""Tests of the rules for axioms: they follow OWL 2 RL, and other axioms are rejected."""

import pytest
from pyoxigraph import NamedNode, RdfFormat, Store, parse

from relations_kg.errors import RelationsError
from relations_kg.rdf.namespaces import ONTOLOGY, PREFIXES
from relations_kg.reader.bundled import ontology_store
from relations_kg.reasoning.closure import Closure
from relations_kg.reasoning.ontology import Ontology
from relations_kg.reasoning.rules import compile_rules

HEADER = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items())
HEADER += "@prefix : <http://example.org/> .\n"


def ontology(axioms: str) -> Store:
    store = Store()
    store.load((HEADER + axioms).encode(), RdfFormat.TURTLE, to_graph=NamedNode(ONTOLOGY))
    return store


def triples(text: str) -> set[tuple[object, ...]]:
    return {
        (quad.subject, quad.predicate, quad.object)
        for quad in parse(HEADER + text, RdfFormat.TURTLE)
    }


def follows(axioms: str, facts: str) -> set[tuple[object, ...]]:
    closure = Closure(compile_rules(Ontology(ontology(axioms))))
    return set(closure.add(triples(facts)).added)  # type: ignore[arg-type]


RESTRICTION = "a owl:Restriction ; owl:onProperty :p"


@pytest.mark.parametrize(
    ("axioms", "facts", "expected"),
    [
        (":A rdfs:subClassOf :B .", ":x a :A .", ":x a :B ."),
        (":A rdfs:subClassOf :B . :B rdfs:subClassOf :C .", ":x a :A .", ":x a :B , :C ."),
        (":A rdfs:subClassOf :B .", ":x a :B .", ""),
        (":A rdfs:subClassOf owl:Thing .", ":x a :A .", ""),
        (":A owl:equivalentClass :B .", ":x a :A . :y a :B .", ":x a :B . :y a :A ."),
        (":p rdfs:subPropertyOf :q .", ":x :p :y .", ":x :q :y ."),
        (":p rdfs:subPropertyOf :q .", ':x :p "1" .', ':x :q "1" .'),
        (":p rdfs:domain :A .", ":x :p :y .", ":x a :A ."),
        (":p rdfs:range :A .", ":x :p :y .", ":y a :A ."),
        (":p a owl:DatatypeProperty ; rdfs:range xsd:string .", ':x :p "1" .', ""),
        (":p owl:inverseOf :q .", ":x :p :y . :z :q :w .", ":y :q :x . :w :p :z ."),
        (":p a owl:SymmetricProperty .", ":x :p :y .", ":y :p :x ."),
        (":p a owl:SymmetricProperty .", ":x :p :x .", ""),
        (":p a owl:TransitiveProperty .", ":x :p :y . :y :p :z .", ":x :p :z ."),
        (":p a owl:TransitiveProperty .", ":x :p :y . :y :p :x .", ":x :p :x . :y :p :y ."),
        (":c owl:propertyChainAxiom (:p :q) .", ":x :p :y . :y :q :z .", ":x :c :z ."),
        (":c owl:propertyChainAxiom (:p :p) .", ":x :p :y .", ""),
        (
            ":c owl:propertyChainAxiom (:p :q :r) .",
            ":x :p :y . :y :q :z . :z :r :w .",
            ":x :c :w .",
        ),
        (
            ":c owl:propertyChainAxiom (:p :q) . :d owl:propertyChainAxiom (:c :r) .",
            ":x :p :y . :y :q :z . :z :r :w .",
            ":x :c :z ; :d :w .",
        ),
        (
            f"[ {RESTRICTION} ; owl:someValuesFrom :A ] rdfs:subClassOf :B .",
            ":x :p :y . :y a :A . :z :p :w .",
            ":x a :B .",
        ),
        (
            f"[ {RESTRICTION} ; owl:someValuesFrom owl:Thing ] rdfs:subClassOf :B .",
            ":x :p :y .",
            ":x a :B .",
        ),
        (
            f"[ {RESTRICTION} ; owl:someValuesFrom [ {RESTRICTION} ; owl:hasValue :v ] ] "
            "rdfs:subClassOf :B .",
            ":x :p :y . :y :p :v . ",
            ":x a :B .",
        ),
        (
            f"[ {RESTRICTION} ; owl:hasValue :v ] rdfs:subClassOf :B .",
            ":x :p :v . :y :p :w .",
            ":x a :B .",
        ),
        (f":A rdfs:subClassOf [ {RESTRICTION} ; owl:hasValue :v ] .", ":x a :A .", ":x :p :v ."),
        (
            f":A rdfs:subClassOf [ {RESTRICTION} ; owl:hasValue 1 ] .",
            ":x a :A .",
            ":x :p 1 .",
        ),
        (
            f":A rdfs:subClassOf [ {RESTRICTION} ; owl:allValuesFrom :B ] .",
            ":x a :A ; :p :y . :z :p :w .",
            ":y a :B .",
        ),
        (
            f":A rdfs:subClassOf [ {RESTRICTION} ; owl:allValuesFrom "
            f"[ {RESTRICTION} ; owl:allValuesFrom :B ] ] .",
            ":x a :A ; :p :y . :y :p :z .",
            ":z a :B .",
        ),
        (
            "[ a owl:Class ; owl:intersectionOf (:A :B) ] rdfs:subClassOf :C .",
            ":x a :A , :B . :y a :A .",
            ":x a :C .",
        ),
        (
            ":A rdfs:subClassOf [ a owl:Class ; owl:intersectionOf (:B :C) ] .",
            ":x a :A .",
            ":x a :B , :C .",
        ),
        (
            "[ a owl:Class ; owl:unionOf (:A :B) ] rdfs:subClassOf :C .",
            ":x a :A . :y a :B . :z a :D .",
            ":x a :C . :y a :C .",
        ),
        (
            "[ a owl:Class ; owl:intersectionOf (:A [ a owl:Class ; owl:unionOf (:B :C) ]) ] "
            "rdfs:subClassOf :D .",
            ":x a :A , :C . :y a :C .",
            ":x a :D .",
        ),
        (
            ":C owl:equivalentClass "
            f"[ owl:intersectionOf (:A [ {RESTRICTION} ; owl:hasValue :v ]) ] .",
            ":x a :A ; :p :v . :y a :C .",
            ":x a :C . :y a :A ; :p :v .",
        ),
        (":A owl:disjointWith :B .", ":x a :A , :B .", ""),
        (":p owl:propertyDisjointWith :q .", ":x :p :y ; :q :y .", ""),
        (":p a owl:AsymmetricProperty , owl:IrreflexiveProperty .", ":x :p :x .", ""),
        (":p a owl:DatatypeProperty , owl:FunctionalProperty .", ':x :p "1" , "2" .', ""),
        (
            ":p a owl:DatatypeProperty . "
            f":A rdfs:subClassOf [ {RESTRICTION} ; owl:maxCardinality 1 ] .",
            ':x a :A ; :p "1" , "2" .',
            "",
        ),
        ("[] a owl:AllDisjointClasses ; owl:members (:A :B) .", ":x a :A , :B .", ""),
        (":A rdfs:label 'a label' ; skos:definition 'A.' .", ":x a :A .", ""),
    ],
)
def test_an_axiom_says_what_follows(axioms: str, facts: str, expected: str) -> None:
    assert triples(expected) == follows(axioms, facts)


@pytest.mark.parametrize(
    "axioms",
    [
        "[ a owl:Class ; owl:complementOf :A ] rdfs:subClassOf :B .",
        "[ a owl:Class ; owl:oneOf (:x :y) ] rdfs:subClassOf :B .",
        f"[ {RESTRICTION} ; owl:minCardinality 2 ] rdfs:subClassOf :B .",
        f"[ {RESTRICTION} ; owl:hasSelf true ] rdfs:subClassOf :B .",
        f":A rdfs:subClassOf [ {RESTRICTION} ; owl:maxCardinality 1 ] .",
        ":A rdfs:subClassOf [ a owl:Class ; owl:unionOf (:B :C) ] .",
        f":A rdfs:subClassOf [ {RESTRICTION} ; owl:someValuesFrom :B ] .",
        f":A owl:equivalentClass [ {RESTRICTION} ; owl:someValuesFrom :B ] .",
        f"[ {RESTRICTION} ; owl:allValuesFrom :B ] rdfs:subClassOf :A .",
        f":A owl:equivalentClass [ {RESTRICTION} ; owl:allValuesFrom :B ] .",
        ":A rdfs:subClassOf owl:Nothing .",
        "owl:Thing rdfs:subClassOf :A .",
        "[ a owl:Class ; owl:intersectionOf (:A owl:Thing) ] rdfs:subClassOf :B .",
        "[ a owl:Class ; owl:intersectionOf () ] rdfs:subClassOf :A .",
        ":p owl:propertyChainAxiom () .",
        ":p rdfs:domain [ a owl:Class ; owl:unionOf (:B :C) ] .",
        ":p rdfs:range [ a owl:Class ; owl:unionOf (:B :C) ] .",
        ":A rdfs:subClassOf [ a owl:Restriction ; owl:onProperty [ owl:inverseOf :p ] ; "
        "owl:hasValue :v ] .",
        "[ owl:inverseOf :p ] rdfs:subPropertyOf :q .",
        ":c owl:propertyChainAxiom (:p [ owl:inverseOf :q ]) .",
        "[ owl:onProperty [ owl:inverseOf :p ] ; owl:someValuesFrom :A ] rdfs:subClassOf :B .",
        ":p owl:inverseOf [ owl:inverseOf :q ] .",
        "[ a owl:Class ; owl:intersectionOf [ rdf:rest () ] ] rdfs:subClassOf :A .",
        ":p a owl:FunctionalProperty .",
        ":p a owl:InverseFunctionalProperty .",
        ":p owl:equivalentProperty :q .",
        ":A owl:hasKey (:p) .",
        ":x owl:sameAs :y .",
        ":A a owl:Class ; owl:unionOf (:B :C) .",
        ":A a owl:Class ; owl:intersectionOf (:B :C) .",
        f":A {RESTRICTION} ; owl:hasValue :v .",
        ":A owl:onProperty :p ; owl:someValuesFrom :B .",
        ":A owl:disjointWith [ a owl:Class ; owl:unionOf (:B :C) ] .",
        f"[] a owl:AllDisjointClasses ; owl:members (:A [ {RESTRICTION} ; owl:hasValue :v ]) .",
        ":p owl:propertyDisjointWith [ owl:inverseOf :q ] .",
        "[] a owl:AllDisjointProperties ; owl:members (:p :q) .",
        "[ owl:inverseOf :p ] a owl:IrreflexiveProperty .",
        "[ owl:inverseOf :p ] a owl:AsymmetricProperty .",
    ],
)
def test_an_axiom_that_is_not_covered_is_refused_rather_than_passed_over(axioms: str) -> None:
    """Therefore, no entailment of an axiom is silently missing from the closure."""
    with pytest.raises(RelationsError) as caught:
        compile_rules(Ontology(ontology(axioms)))

    assert "ontology" == caught.value.where


def test_an_ontology_contains_its_terms() -> None:
    found = Ontology(ontology_store())
    ours, codes = PREFIXES["rkg"], PREFIXES["code"]

    assert all(iri in found for iri in (ours + "Embassy", ours + "when", codes + "head-of-state"))
    assert not any(iri in found for iri in (ours + "Embasy", codes + "Embassy", "urn:x"))


def test_rules_are_named_for_their_axioms_and_come_in_a_stable_order() -> None:
    axioms = ":p a owl:SymmetricProperty ; rdfs:domain :A . :c owl:propertyChainAxiom (:p :q) ."
    short = {
        name.replace("http://example.org/", ":")
        for name in (rule.name for rule in compile_rules(Ontology(ontology(axioms))))
    }
    names = [rule.name for rule in compile_rules(Ontology(ontology_store()))]

    assert {":p is symmetric", "domain of :p", ":p ∘ :q ⊑ :c"} == short
    assert sorted(names) == names
    assert names == [rule.name for rule in compile_rules(Ontology(ontology_store()))]


def test_every_variable_of_a_head_is_in_the_body() -> None:
    """Otherwise the head would have an unbound variable."""
    for rule in compile_rules(Ontology(ontology_store())):
        variables = {term for pattern in rule.body for term in pattern if isinstance(term, str)}

        assert {term for term in rule.head if isinstance(term, str)} <= variables
