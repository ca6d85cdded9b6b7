"""New things that probably duplicate known ones, and conflicting identifiers."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from itertools import islice

from pyoxigraph import NamedNode, Quad, Store

from relations_kg.rdf.namespaces import IDENTIFIER, IDENTIFIERS, RDFS, RKG, SKOS, STATED
from relations_kg.rdf.terms import (
    TYPE,
    EngineTerm,
    Statement,
    Term,
    objects,
    pairs,
    statements,
    value,
)
from relations_kg.reader.identifiers import LARGEST, SAME_AS
from relations_kg.validation.violations import Violation

_NO_CLASS = '{$this} has no class; add its class with "a".'
_ONE_PLACE = "{$this} has two values of one coordinate, {?other} and {?value}"
_ALREADY = "{$this} cannot be the same as {?value}, which is already the same as {?other}"
_ANSWER = "use one IRI for both, or add rkg:distinctFrom if they are two"
_SAME_NAME = f"{{$this}} has the name of {{?value}}, which is a {{?kind}} too; {_ANSWER}"
_SAME_FACTS = (
    f"{{$this}} has the date and the links of {{?value}}, which is a {{?kind}} too; {_ANSWER}"
)

_LABEL = NamedNode(RDFS + "label")
_FURTHER_LABEL = NamedNode(SKOS + "altLabel")
_NAMES = (_LABEL, _FURTHER_LABEL)
_WHEN = NamedNode(RKG + "when")
_GRAPH = NamedNode(STATED)
# A common source makes no two things alike, so these properties are not compared.
_ABOUT_SOURCES = {RKG + "statedIn", RKG + "leavesOpen", RKG + "inDocument", RKG + "attestedBy"}
_FEW = 200


def duplicates(store: Store, new: Iterable[NamedNode]) -> Iterator[Violation]:
    """Yield a warning for each new thing that resembles another thing of its class.

    Two things resemble each other if they share a name, or a date and all of at least two links.
    Names and links that many things share are ignored.
    """
    found: set[frozenset[Term]] = set()
    new = set(new)
    for thing in sorted(new, key=str):
        kinds = _kinds(store, thing)
        for message, other in (*_named_alike(store, thing, new), *_linked_alike(store, thing)):
            shared = kinds & _kinds(store, other)
            pair = frozenset((thing, other))
            if other == thing or pair in found or not shared or _differ(store, thing, other):
                continue
            found.add(pair)
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
            # Two new things with different labels may share a further name.
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
    """Return whether two things are said to be distinct, or differ in a date or all values."""
    for one, two in ((thing, other), (other, thing)):
        if two in objects(store, one, RKG + "distinctFrom", STATED):
            return True
    for predicate in {quad.predicate for quad in _said(store, thing)}:
        if predicate.value in _ABOUT_SOURCES or predicate in (*_NAMES, TYPE):
            continue
        ours = set(objects(store, thing, predicate.value))
        theirs = set(objects(store, other, predicate.value))
        if theirs and ours.isdisjoint(theirs):
            return True
    return False


def _links(store: Store, thing: NamedNode) -> set[tuple[NamedNode, EngineTerm]]:
    """Return the links and dates of a thing, which distinguish it from others of its class."""
    return {
        (quad.predicate, quad.object)
        for quad in _said(store, thing)
        if quad.predicate.value not in _ABOUT_SOURCES
        and (isinstance(quad.object, NamedNode) or quad.predicate == _WHEN)
    }


def _kinds(store: Store, thing: NamedNode) -> set[Term]:
    return {fact[2] for fact in statements(store.quads_for_pattern(thing, TYPE, None, _GRAPH))}


def _having(store: Store, predicate: NamedNode, object_: EngineTerm) -> list[NamedNode]:
    few = list(islice(store.quads_for_pattern(None, predicate, object_, _GRAPH), _FEW))
    return [quad.subject for quad in few if isinstance(quad.subject, NamedNode)]


def _said(store: Store, thing: NamedNode) -> Iterator[Quad]:
    return store.quads_for_pattern(thing, None, None, _GRAPH)


def identifier_violations(store: Store, identifying: Iterable[Statement]) -> Iterator[Violation]:
    """Yield the violations by new identifiers; the store contains these and the known ones.

    An identified thing needs a class and has one latitude and longitude, and two things cannot be
    the same as a third.
    """
    same: dict[Term, Term] = {}
    for subject, object_ in sorted(pairs(store, SAME_AS, IDENTIFIERS), key=str):
        same.setdefault(object_, subject)
    undescribed = set()
    degrees: dict[tuple[Term, Term], Term] = {}
    for name in LARGEST:
        degree = NamedNode(name)
        degrees |= {
            (subject, degree): object_ for subject, object_ in pairs(store, name, IDENTIFIERS)
        }
    for subject, predicate, object_ in identifying:
        if not isinstance(subject, NamedNode) or subject.value.startswith(IDENTIFIER):
            continue
        if subject not in undescribed and not any(
            store.quads_for_pattern(subject, TYPE, None, NamedNode(STATED))
        ):
            undescribed.add(subject)
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
