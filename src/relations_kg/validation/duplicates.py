"""New things that are likely known ones under another IRI."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from itertools import islice

from pyoxigraph import NamedNode, Quad, Store

from relations_kg.rdf.namespaces import IDENTIFIER, IDENTIFIERS, RDFS, RKG, SKOS, STATED
from relations_kg.rdf.terms import TYPE, EngineTerm, Statement, Term, objects, statements, value
from relations_kg.reader.identifiers import LARGEST, SAME_AS
from relations_kg.validation.violations import Violation

_NO_CLASS = '{$this} has no class; add its class with "a".'
_ONE_PLACE = "{$this} lies in one place: at {?other}, and not at {?value} too"
_ALREADY = "{$this} cannot be the same as {?value}; {?other} is"
_SAME_NAME = "{$this} has the name of {?value}, which is a {?kind} too"
_SAME_FACTS = "{$this} has the date and the links of {?value}, which is a {?kind} too"

_LABEL = NamedNode(RDFS + "label")
_FURTHER_LABEL = NamedNode(SKOS + "altLabel")
_NAMES = (_LABEL, _FURTHER_LABEL)
_WHEN = NamedNode(RKG + "when")
_GRAPH = NamedNode(STATED)
# Where something is written tells nothing of what it is.
_OF_WRITING = {RKG + "statedIn", RKG + "leavesOpen", RKG + "inDocument", RKG + "attestedBy"}
_FEW = 200


def duplicates(store: Store, new: Iterable[NamedNode]) -> Iterator[Violation]:
    """Yield a warning for each new thing that another thing of its kind is just like.

    Alike are things of one class with a name in common, or with a date and two links in common
    and no link that differs. What many things have is passed over.
    """
    told: set[frozenset[Term]] = set()
    new = set(new)
    for thing in sorted(new, key=str):
        kinds = _kinds(store, thing)
        for message, other in (*_named_alike(store, thing, new), *_linked_alike(store, thing)):
            shared = kinds & _kinds(store, other)
            pair = frozenset((thing, other))
            if other == thing or pair in told or not shared or _differ(store, thing, other):
                continue
            told.add(pair)
            kind = min(shared, key=str)
            bindings: dict[str, Term] = {"kind": kind}
            yield Violation("warning", "duplicate", message, thing, other, bindings=bindings)


def _named_alike(
    store: Store, thing: NamedNode, new: Collection[NamedNode]
) -> Iterator[tuple[str, NamedNode]]:
    for label in objects(store, thing, _LABEL.value):
        alike = _having(store, _LABEL, label)
        for other in alike if len(alike) < _FEW else ():
            yield _SAME_NAME, other
        for other in _having(store, _FURTHER_LABEL, label):
            # A file that has two things of one name tells them apart by their labels.
            if other not in new:
                yield _SAME_NAME, other


def _linked_alike(store: Store, thing: NamedNode) -> Iterator[tuple[str, NamedNode]]:
    links = {pair for pair in _links(store, thing) if pair[0] != TYPE}
    if len(links) < 2 or not objects(store, thing, _WHEN.value):
        return
    rarest = min((_having(store, *link) for link in sorted(links, key=str)), key=len)
    for other in rarest if len(rarest) < _FEW else ():
        theirs = {pair for pair in _links(store, other) if pair[0] != TYPE}
        if links == theirs:
            yield _SAME_FACTS, other


def _differ(store: Store, thing: NamedNode, other: NamedNode) -> bool:
    """Tell whether two things have dates that differ, or properties with no value in common."""
    for predicate in {quad.predicate for quad in _said(store, thing)}:
        if predicate.value in _OF_WRITING or predicate in (*_NAMES, TYPE):
            continue
        ours = set(objects(store, thing, predicate.value))
        theirs = set(objects(store, other, predicate.value))
        if theirs and ours.isdisjoint(theirs):
            return True
    return False


def _links(store: Store, thing: NamedNode) -> set[tuple[NamedNode, EngineTerm]]:
    """Return what tells a thing from others of its class: its links and its dates."""
    return {
        (quad.predicate, quad.object)
        for quad in _said(store, thing)
        if quad.predicate.value not in _OF_WRITING
        and (isinstance(quad.object, NamedNode) or quad.predicate == _WHEN)
    }


def _kinds(store: Store, thing: NamedNode) -> set[Term]:
    return {fact[2] for fact in statements(store.quads_for_pattern(thing, TYPE, None, _GRAPH))}


def _having(store: Store, predicate: NamedNode, object_: EngineTerm) -> list[NamedNode]:
    quads = store.quads_for_pattern(None, predicate, object_, _GRAPH)
    return [q.subject for q in islice(quads, _FEW) if isinstance(q.subject, NamedNode)]


def _said(store: Store, thing: NamedNode) -> Iterator[Quad]:
    return store.quads_for_pattern(thing, None, None, _GRAPH)


def identifier_violations(store: Store, identifying: Iterable[Statement]) -> Iterator[Violation]:
    """Yield what is wrong with identifiers beside what is known, while it holds their facts.

    A thing is to be described, it lies at one latitude and longitude, and no two of ours are the
    same as one of another's.
    """
    known = store.quads_for_pattern(None, NamedNode(SAME_AS), None, NamedNode(IDENTIFIERS))
    same: dict[Term, Term] = {}
    for subject, _, object_ in sorted(statements(known), key=str):
        same.setdefault(object_, subject)
    told = set()
    degrees: dict[tuple[Term, Term], Term] = {}
    for name in LARGEST:
        there = store.quads_for_pattern(None, NamedNode(name), None, NamedNode(IDENTIFIERS))
        degrees |= {
            (subject, predicate): object_ for subject, predicate, object_ in statements(there)
        }
    for subject, predicate, object_ in identifying:
        if not isinstance(subject, NamedNode) or subject.value.startswith(IDENTIFIER):
            continue
        if subject not in told and not any(
            store.quads_for_pattern(subject, TYPE, None, NamedNode(STATED))
        ):
            told.add(subject)
            yield Violation("error", "no-class", _NO_CLASS, subject)
        if value(predicate) in LARGEST:
            given = degrees.setdefault((subject, predicate), object_)
            if float(value(given)) != float(value(object_)):
                yield Violation(
                    "error",
                    "identifier",
                    _ONE_PLACE,
                    subject,
                    object_,
                    path=value(predicate),
                    bindings={"other": given},
                )
        if value(predicate) == SAME_AS and same.setdefault(object_, subject) != subject:
            bindings = {"other": same[object_]}
            yield Violation(
                "error", "identifier", _ALREADY, subject, object_, path=SAME_AS, bindings=bindings
            )
