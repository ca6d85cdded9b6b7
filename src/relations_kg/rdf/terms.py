"""The engine's RDF terms, and common operations on them."""

from __future__ import annotations

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Store, Triple

from relations_kg._lazy import TYPE_CHECKING
from relations_kg.rdf.namespaces import RDF, RKG

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

Term = NamedNode | BlankNode | Literal
# The engine's types include the triple terms of RDF 1.2, which the reader of facts rejects.
EngineTerm = NamedNode | BlankNode | Literal | Triple
Statement = tuple[Term, Term, Term]

TYPE = NamedNode(RDF + "type")
# The datatype of a cell that contains several values, separated by spaces.
LIST = NamedNode(RKG + "List")
# The nodes looked up lately. `functools` does not cache them, since it is imported only after the
# bundled graph has begun to load.
_nodes: dict[str, NamedNode] = {}
_MOST_NODES = 1_000


def value(term: EngineTerm | DefaultGraph) -> str:
    """Return an IRI, the label of a blank node, the text of a literal, or another term's text."""
    return term.value if isinstance(term, Term) else str(term)


def is_iri(text: str) -> bool:
    """Return whether a value of a `LIST` cell is an IRI rather than a date."""
    return text[:1].isalpha()


def in_order(solution: Iterable[EngineTerm | None]) -> tuple[EngineTerm | None, ...]:
    """Return the terms of a solution, with the values of each `LIST` in alphabetical order.

    An engine concatenates the values of a group in any order.

    >>> [term.value for term in in_order([Literal("urn:b urn:a", datatype=LIST)])]
    ['urn:a urn:b']
    """
    return tuple(
        Literal(" ".join(sorted(term.value.split())), datatype=LIST)
        if isinstance(term, Literal) and term.datatype == LIST
        else term
        for term in solution
    )


def printable(text: str) -> str:
    """Return a text on one line, without control characters that a terminal would interpret."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else " " for c in text)


def statements(quads: Iterable[Quad | Triple]) -> Iterator[Statement]:
    """Yield quads as statements, without their graphs."""
    for quad in quads:
        yield quad.subject, quad.predicate, quad.object  # type: ignore[misc]


def shared(
    quads: Iterable[Quad | Triple], terms: dict[Term, Term] | None = None
) -> Iterator[Statement]:
    """Yield quads as statements in which equal terms are one object, which saves memory.

    Pass the same `terms` for several sets of quads to share objects between them.
    """
    known = ({} if terms is None else terms).setdefault
    for s, p, o in statements(quads):
        yield known(s, s), known(p, p), known(o, o)


def absent(facts: Iterable[Statement], store: Store, *graphs: str) -> Iterator[Statement]:
    """Yield the facts that are in none of the named graphs `graphs` of a store.

    For new things, this is fast if the facts about each thing are adjacent.
    """
    find, nodes, known = store.quads_for_pattern, [*map(NamedNode, graphs)], list[NamedNode]()
    last: Term | None = None
    for fact in facts:
        subject, predicate, object_ = fact
        if subject != last:
            last = subject
            known = [graph for graph in nodes if any(find(subject, None, None, graph))]  # type: ignore[arg-type]
        if not any(Quad(subject, predicate, object_, graph) in store for graph in known):  # type: ignore[arg-type]
            yield fact


def in_graph(triples: Iterable[Statement], graph: str) -> Iterator[Quad]:
    """Yield statements as quads of a graph."""
    node = NamedNode(graph)
    for subject, predicate, object_ in triples:
        yield Quad(subject, predicate, object_, node)  # type: ignore[arg-type]


def named(terms: Iterable[EngineTerm]) -> list[NamedNode]:
    """Return the terms that are IRIs, each once, in order."""
    return [term for term in dict.fromkeys(terms) if isinstance(term, NamedNode)]


def pairs(store: Store, predicate: str, graph: str | None = None) -> list[tuple[Term, Term]]:
    """Return the subjects and objects of a predicate, in one graph or in all."""
    where = None if graph is None else _node(graph)
    return [
        (quad.subject, quad.object)  # type: ignore[misc]
        for quad in store.quads_for_pattern(None, _node(predicate), None, where)
    ]


def objects(store: Store, subject: Term, predicate: str, graph: str | None = None) -> list[Term]:
    """Return the objects of a subject and a predicate, in one graph or in all."""
    if not isinstance(subject, (NamedNode, BlankNode)):
        return []
    where = None if graph is None else _node(graph)
    return [
        quad.object  # type: ignore[misc]
        for quad in store.quads_for_pattern(subject, _node(predicate), None, where)
    ]


def solutions(store: Store, select: str, **options: Any) -> Iterator[dict[str, Any]]:
    """Yield the solutions of a SELECT as terms by variable, without unbound variables.

    `options` are passed to the engine and select the dataset.
    """
    yield from bindings(store.query(select, **options))


def bindings(found: Any) -> Iterator[dict[str, Any]]:
    """Yield the engine's solutions as terms by variable, without unbound variables."""
    try:
        names = [variable.value for variable in found.variables]
        for solution in found:
            yield {name: term for name in names if (term := solution[name]) is not None}
    finally:
        # An error's traceback would keep the solutions alive, but only this thread may free them.
        del found


def _node(iri: str) -> NamedNode:
    """Return the node of an IRI, cached since checking the IRI takes longer than a lookup."""
    found = _nodes.get(iri)
    if found is None:
        if len(_nodes) >= _MOST_NODES:
            _nodes.clear()
        found = _nodes[iri] = NamedNode(iri)
    return found
