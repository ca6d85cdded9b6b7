"""The neighbourhood of a thing: facts about it or pointing to it, with their evidence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pyoxigraph import BlankNode, NamedNode, Quad, Store

from relations_kg.rdf.namespaces import ONTOLOGY, PREFIXES, RDFS, RKG, SKOS
from relations_kg.rdf.terms import TYPE, EngineTerm, named

# Passages and identifiers are exported with all their facts.
_WHOLE = tuple(
    map(NamedNode, (RKG + "statedIn", PREFIXES["adms"] + "identifier", RDFS + "seeAlso"))
)
_NAMED_BY = (TYPE, NamedNode(RDFS + "label"), NamedNode(SKOS + "prefLabel"))


def neighbourhood(store: Store, thing: NamedNode, graphs: Iterable[NamedNode]) -> set[Quad]:
    """Return the facts about a thing, and about the things that point to it.

    Their passages and identifiers are included with all facts, other things and codes with label
    and kind.
    """
    graphs = list(graphs)

    def facts(nodes: Iterable[EngineTerm]) -> Iterator[Quad]:
        for node in nodes:
            if isinstance(node, NamedNode | BlankNode):
                for graph in graphs:
                    yield from store.quads_for_pattern(node, None, None, graph)

    pointing = {
        quad.subject
        for graph in graphs
        for quad in store.quads_for_pattern(None, None, thing, graph)
    }
    found = set(facts({thing, *pointing}))
    found |= set(facts({quad.object for quad in found if quad.predicate in _WHOLE}))
    described = {quad.subject for quad in found}
    for other in named(quad.object for quad in found if quad.predicate != TYPE):
        if other in described or other.value.startswith(RKG):
            continue
        for graph in (*graphs, NamedNode(ONTOLOGY)):
            for predicate in _NAMED_BY:
                found |= set(store.quads_for_pattern(other, predicate, None, graph))
    return found
