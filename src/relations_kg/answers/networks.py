"""The facts of a graph as a network of things for networkx."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode

from relations_kg.answers.frames import library
from relations_kg.answers.passages import sources
from relations_kg.rdf import extensions
from relations_kg.rdf.namespaces import DATES, INFERRED, RKG, STATED, shorten
from relations_kg.rdf.terms import TYPE, printable

if TYPE_CHECKING:
    import networkx

    from relations_kg.answers.knowledge import Knowledge

# The properties whose values become attributes of the nodes. The two days are the first and the
# last possible day of the date.
_DATES = {"when": "when", "earliestStart": "earliest", "latestEnd": "latest"}


def to_networkx(graph: Knowledge, *, inferred: bool = False) -> networkx.MultiDiGraph:
    """Return the things of a graph and the facts between them as a network.

    Raises InputError if networkx is not installed.
    """
    network: networkx.MultiDiGraph = library("networkx", "to_networkx").MultiDiGraph()
    label = graph.names.label
    kinds, dates = _kinds(graph), _dates(graph)
    for iri in sorted(kinds):
        kind = label(min(kinds[iri]))
        network.add_node(iri, label=label(iri), kind=kind, curie=shorten(iri), **dates[iri])
    for name in (STATED, INFERRED) if inferred else (STATED,):
        for subject, object_, property in sorted(_facts(graph, name)):
            if subject in kinds and object_ in kinds:
                network.add_edge(
                    subject,
                    object_,
                    key=shorten(property),
                    property=label(property),
                    inferred=name == INFERRED,
                    **(dates[subject] or dates[object_]),
                )
    return network


def _facts(graph: Knowledge, name: str) -> set[tuple[str, str, str]]:
    """Return the facts of a named graph that link two IRIs by a property of the vocabulary.

    Each is a tuple of its subject, object and property.
    """
    own = extensions.spaces(graph.quad_store)
    return {
        (quad.subject.value, quad.object.value, quad.predicate.value)
        for quad in graph.quad_store.quads_for_pattern(None, None, None, NamedNode(name))
        if isinstance(quad.subject, NamedNode)
        and isinstance(quad.object, NamedNode)
        and quad.predicate.value.startswith(own)
    }


def _kinds(graph: Knowledge) -> dict[str, list[str]]:
    """Return the stated classes of each thing; passages and documents are not things."""
    kinds: dict[str, list[str]] = {}
    left_out = sources(graph.quad_store)
    for quad in graph.quad_store.quads_for_pattern(None, TYPE, None, NamedNode(STATED)):
        if (
            isinstance(quad.subject, NamedNode)
            and isinstance(quad.object, NamedNode)
            and quad.subject not in left_out
        ):
            kinds.setdefault(quad.subject.value, []).append(quad.object.value)
    return kinds


def _dates(graph: Knowledge) -> dict[str, dict[str, str]]:
    """Return the date of each dated thing, with the first and the last possible day."""
    dates: dict[str, dict[str, str]] = defaultdict(dict)
    places = [(name, NamedNode(graph_name)) for name in _DATES for graph_name in (STATED, DATES)]
    for name, place in places:
        for quad in graph.quad_store.quads_for_pattern(None, NamedNode(RKG + name), None, place):
            if isinstance(quad.subject, NamedNode) and isinstance(quad.object, Literal):
                known, text = dates[quad.subject.value], printable(quad.object.value)
                known[_DATES[name]] = min(text, known.get(_DATES[name], text))
    return dates
