"""The OWL 2 RL closure by owlrl, which is slow and serves to verify our own reasoner."""

from __future__ import annotations

import owlrl
from pyoxigraph import NamedNode, RdfFormat, Store, parse
from rdflib import Graph, URIRef

from relations_kg.rdf.conversion import term_to_rdflib, to_rdflib
from relations_kg.rdf.namespaces import CODE, DATES, ID, ONTOLOGY, OWL, SOURCE, STATED
from relations_kg.rdf.terms import Statement, statements
from relations_kg.reasoning.readings import grounds

_OUR_THINGS = (ID, CODE, SOURCE)


def closure(store: Store) -> set[Statement]:
    """Return the facts about things that owlrl infers from the stated facts and dates of a store.

    Trivial entailments are left out: that each thing is owl:sameAs itself and an owl:Thing,
    membership in anonymous classes, and statements about literals. The rules of readings and of
    time are not OWL. So the facts that readings give are put in, and are part of the result; rules
    about time are not applied.
    """
    dataset = to_rdflib(store)
    graph = Graph()
    for name in (STATED, DATES, ONTOLOGY):
        graph += dataset.graph(URIRef(name))
    known = set(graph)
    # Readings are not OWL, so owlrl gets the facts that they give as input.
    for fact in grounds(store):
        s, p, o = map(term_to_rdflib, fact)
        graph.add((s, p, o))
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(graph)
    inferred = Graph()
    for subject, predicate, object_ in set(graph) - known:
        if isinstance(subject, URIRef) and str(subject).startswith(_OUR_THINGS):
            inferred.add((subject, predicate, object_))
    text = inferred.serialize(format="nt", encoding="utf-8")
    return {fact for fact in statements(parse(text, RdfFormat.N_TRIPLES)) if not _is_noise(fact)}


def _is_noise(fact: Statement) -> bool:
    subject, predicate, object_ = fact
    if predicate == NamedNode(OWL + "sameAs"):
        return subject == object_
    return object_ == NamedNode(OWL + "Thing") or str(object_).startswith("_:")
