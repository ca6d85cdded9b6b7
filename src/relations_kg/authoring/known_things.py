"""Remarks on rows with a different or an additional value for a known thing."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Triple

from relations_kg.answers.knowledge import Knowledge
from relations_kg.authoring.composed import Composed
from relations_kg.authoring.forms import Form
from relations_kg.authoring.patterns import described_by_values, links
from relations_kg.rdf.namespaces import RDFS, RKG, SKOS, STATED, shorten
from relations_kg.rdf.terms import TYPE, Statement, Term, objects, statements, value
from relations_kg.validation.findings import Related

_STATED = NamedNode(STATED)
# Properties that often have several values.
_OFTEN_SEVERAL = {
    TYPE.value,
    RDFS + "label",
    SKOS + "altLabel",
    RKG + "leavesOpen",
    RKG + "statedIn",
}


@dataclass(frozen=True)
class Remark:
    """A remark on a value, with the parameters that it concerns and the places of known facts."""

    parameters: tuple[str, ...]
    fact: Triple
    message: str
    help: str
    related: tuple[Related, ...]


def remarks(graph: Knowledge, form: Form, composed: Composed) -> Iterator[Remark]:
    """Yield a remark on each value that adds to, or differs from, the facts about a known thing.

    A known thing is not described again, so a different value would be silently lost. An additional
    link is written, but may be meant to correct the known link.
    """
    new = {thing.iri for thing in composed.new}
    for fact in _without_effect(graph, form, composed, new):
        message = "is known, and this does not change its"
        help = "edit the file that states the known value, or restore the cell"
        if names := _parameters(form, composed, fact):
            yield _remark(graph, names, fact, message, help, _known(graph, fact))
    several = {parameter.name for parameter in form.parameters if parameter.several}
    for fact in composed.triples:
        if value(fact.subject) in new or fact.predicate.value in _OFTEN_SEVERAL:
            continue
        known = _known(graph, fact)
        alike = [each for each in known if _may_be_the_same(graph, composed, fact, each[2])]
        if not alike or any(each[2] == fact.object for each in known):
            continue
        listed = ", ".join(sorted(graph.names.shown(each[2]) for each in alike))
        message = f"is known with {listed}, and this table adds another"
        help = "edit the file that states the known value if it is wrong"
        names = _parameters(form, composed, fact)
        if names and several.isdisjoint(names):
            yield _remark(graph, names, fact, message, help, alike)


def _remark(
    graph: Knowledge,
    names: tuple[str, ...],
    fact: Triple,
    message: str,
    help: str,
    known: Sequence[Statement],
) -> Remark:
    label, property = graph.names.label(value(fact.subject)), shorten(fact.predicate.value)
    places = [place for each in known if (place := graph.place(each))]
    related = tuple(Related("the known value", place) for place in places)
    return Remark(names, fact, f"{label} {message} {property}", help, related)


def _known(graph: Knowledge, fact: Triple) -> list[Statement]:
    """Return the stated facts with the subject and the property of a fact."""
    find = graph.quad_store.quads_for_pattern
    return [*statements(find(fact.subject, fact.predicate, None, _STATED))]


def _without_effect(
    graph: Knowledge, form: Form, composed: Composed, new: Collection[str]
) -> Iterator[Triple]:
    """Yield the facts that the form would add about known things if they were new."""
    labels: dict[str, dict[str, Literal]] = {}
    for name in described_by_values(form):
        iris = [value(term) for term in composed.terms.get(name, ())]
        labels[name] = {
            iri: graph.names.tagged_label(iri) or Literal(graph.names.label(iri), language="en")
            for iri in iris
            if iri not in new
        }
    known = {iri for each in labels.values() for iri in each}
    if composed.problems or not known:
        return
    written = {*composed.triples}
    for fact in form.facts(composed.terms, labels):
        if value(fact.subject) in known and fact not in written:
            find = graph.quad_store.quads_for_pattern
            if not any(True for _ in find(fact.subject, fact.predicate, fact.object)):
                yield fact


def _may_be_the_same(graph: Knowledge, composed: Composed, fact: Triple, known: Term) -> bool:
    """Return whether no link to a thing distinguishes a value from a known value.

    Ratifications by different parties, for example, are not the same.
    """
    own: dict[NamedNode, set[object]] = {}
    for each in composed.triples:
        is_link = isinstance(each.object, NamedNode) and each.predicate.value not in _OFTEN_SEVERAL
        if each.subject == fact.object and is_link:
            own.setdefault(each.predicate, set()).add(each.object)
    for predicate, values in own.items():
        others = objects(graph.quad_store, known, predicate.value, STATED)
        if others and values.isdisjoint(others):
            return False
    return True


def _parameters(form: Form, composed: Composed, fact: Triple) -> tuple[str, ...]:
    """Return the parameters that give a fact its object, or from which the object is composed."""
    found: dict[str, None] = {}
    for subject, predicate, every in links(form):
        if predicate == fact.predicate.value and fact.subject in composed.terms.get(subject, ()):
            own = [name for name in every if fact.object in composed.terms.get(name, ())]
            names = (*own, *form.made_of(own))
            found.update((name, None) for name in names if name != subject)
    return tuple(found)
