"""The benchmark of inference, compared with owlrl and reasonable.

"End to end" means from stated quads in the engine to inferred quads in the engine, by the axioms
alone. owlrl and reasonable start from an rdflib graph of the same facts; the result of reasonable
is a list of triples. Each of the two is stopped after PATIENCE seconds.
"""

import gc
import multiprocessing
import time
from collections.abc import Callable
from functools import partial
from importlib.util import find_spec
from statistics import median

from pyoxigraph import NamedNode, RdfFormat, Store
from rdflib import Graph, URIRef

from benchmarks.world import World
from relations_kg._files import content, folder, paths
from relations_kg.rdf.conversion import to_rdflib
from relations_kg.rdf.namespaces import DATES, ID, INFERRED, ONTOLOGY, RDF, RKG, STATED
from relations_kg.rdf.terms import Statement, in_graph, statements
from relations_kg.reader.bundled import ontology_store
from relations_kg.reasoning.closure import Closure
from relations_kg.reasoning.inference import Inference
from relations_kg.reasoning.ontology import Ontology
from relations_kg.reasoning.rules import compile_rules

PATIENCE = 60
GRAPH = NamedNode(STATED)


def shipped() -> Store:
    """Return a store with the bundled facts, without identifiers and inferred triples."""
    store = ontology_store()
    for path in paths(folder("data"), ".ttl"):
        if path.endswith("identifiers.ttl"):
            continue
        store.load(content(path), RdfFormat.TURTLE, to_graph=GRAPH)
    return store


def world(triples: int) -> Store:
    """Return a store with a generated world, without inferred triples."""
    store = ontology_store()
    store.bulk_load(World(triples).ntriples().encode(), RdfFormat.N_TRIPLES, to_graph=GRAPH)
    return store


def seconds(work: Callable[[], object]) -> float:
    """Return the seconds that a function takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def materialise(store: Store) -> None:
    """Add to a store what the axioms entail from its stated facts, dates and ontology."""
    closure = Closure(compile_rules(Ontology(store)))
    graphs = [NamedNode(name) for name in (STATED, DATES, ONTOLOGY)]
    facts = [
        fact
        for predicate in closure.predicates
        for graph in graphs
        for fact in statements(store.quads_for_pattern(None, predicate, None, graph))
    ]
    store.extend(list(in_graph(closure.add(facts).added, INFERRED)))


def dated(store: Store) -> Store:
    """Add the bounds of dates to a store, without other inferred triples; return the store."""
    Inference(store)
    store.clear_graph(NamedNode(INFERRED))
    return store


def by_owlrl(graph: Graph) -> object:
    """Materialise the entailments of a graph with owlrl."""
    import owlrl

    return owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(graph)


def by_reasonable(graph: Graph) -> object:
    """Return the materialised triples of a graph from reasonable."""
    import reasonable

    reasoner = reasonable.PyReasoner()
    reasoner.from_graph(graph)
    return reasoner.reason()


PEERS = {"owlrl": by_owlrl, "reasonable": by_reasonable}


def copied(store: Store) -> Graph:
    """Return an rdflib graph with the stated facts, bounds of dates and ontology of a store."""
    dataset, graph = to_rdflib(store), Graph()
    for name in (STATED, DATES, ONTOLOGY):
        graph += dataset.graph(URIRef(name))
    return graph


def patiently(work: Callable[[], object], limit: float = PATIENCE) -> float | None:
    """Return the seconds that a function takes in a forked process, or None above the limit."""
    context = multiprocessing.get_context("fork")
    queue = context.SimpleQueue()
    process = context.Process(target=lambda: queue.put(seconds(work)))
    process.start()
    process.join(limit)
    if process.exitcode is None:
        process.kill()
        process.join()
        return None
    taken: float = queue.get()
    return taken


def twenty_facts() -> list[Statement]:
    """Return twenty facts about four new visits between states of a synthetic graph."""
    facts: list[Statement] = []
    for number in range(4):
        visit = NamedNode(f"{ID}another-visit-{number}")
        person = NamedNode(f"{ID}another-visitor-{number}")
        state = NamedNode(f"{ID}state-s000")
        for predicate, object_ in (
            (RDF + "type", NamedNode(RKG + "HighLevelVisit")),
            (RKG + "visitor", person),
            (RKG + "visitingParty", state),
            (RKG + "hostParty", NamedNode(f"{ID}state-s001")),
            (RKG + "capacity", NamedNode(f"{ID}office-s000")),
        ):
            facts.append((visit, NamedNode(predicate), object_))
    return facts


def main() -> None:
    """Run the benchmark, and print a line for each figure."""
    print("closure, end to end")
    for name, make in (("shipped", shipped), ("100 k", lambda: world(100_000))):
        stores = [dated(make()) for _ in range(5)]
        gc.disable()
        ours = median(seconds(partial(materialise, store)) for store in stores)
        gc.enable()
        print(f"  {name:<8} {ours * 1e3:9.1f} ms")
        graph = copied(stores[0])
        for peer, work in PEERS.items():
            if find_spec(peer) is None:
                print(f"    {peer} is not installed here")
                continue
            theirs = patiently(partial(work, graph))
            sign = "" if theirs else "more than "
            taken = theirs or PATIENCE
            print(f"    {peer:<12} {sign}{taken:.2f} s: {sign}{taken / ours:.1f} ×", flush=True)
    facts = twenty_facts()
    times: dict[str, float] = {}
    print("20 facts added, in a loaded process")
    for name, make in (("shipped", shipped), ("1 M", lambda: world(1_000_000))):
        store = make()
        start = time.perf_counter()
        inference = Inference(store)
        whole = time.perf_counter() - start
        additions: list[float] = []
        for _ in range(15):
            additions.append(seconds(lambda: inference.add(facts)))  # noqa: B023
            inference.remove(facts)
        times[name] = median(additions)
        inferred = sum(1 for _ in store.quads_for_pattern(None, None, None, NamedNode(INFERRED)))
        print(f"  {name:<8} {times[name] * 1e3:9.2f} ms", end="")
        print(f" (materialised in {whole:.2f} s, {inferred} inferred)")
    print(f"  1 M / shipped: {times['1 M'] / times['shipped']:.2f}")


if __name__ == "__main__":
    main()
