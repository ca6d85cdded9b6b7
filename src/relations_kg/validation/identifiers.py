"""Mistakes in identifiers: conflicts, and identifiers of things without a class."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pyoxigraph import NamedNode, Store

from relations_kg.rdf.namespaces import IDENTIFIER, IDENTIFIERS, STATED
from relations_kg.rdf.terms import TYPE, Statement, Term, pairs, value
from relations_kg.reader.identifiers import LARGEST, SAME_AS
from relations_kg.validation.violations import Violation

_WRONG = "error", "identifier"
_NO_CLASS = '{$this} has no class; add its class with "a".'
_ONE_PLACE = "{$this} has two values of one coordinate, {?other} and {?value}"
_ALREADY = "{$this} cannot be the same as {?value}, which is already the same as {?other}"


def identifier_violations(store: Store, identifying: Iterable[Statement]) -> Iterator[Violation]:
    """Yield the violations by new identifiers, in a store with new and known identifiers.

    An identified thing needs a class and has at most one latitude and one longitude. No two things
    can be owl:sameAs the same resource.
    """
    same: dict[Term, Term] = {}
    for subject, object_ in sorted(pairs(store, SAME_AS, IDENTIFIERS), key=str):
        same.setdefault(object_, subject)
    undescribed = set()
    degrees: dict[tuple[Term, Term], Term] = {}
    for name in LARGEST:
        degree = NamedNode(name)
        degrees |= {(thing, degree): each for thing, each in pairs(store, name, IDENTIFIERS)}
    for subject, predicate, object_ in identifying:
        if not isinstance(subject, NamedNode) or subject.value.startswith(IDENTIFIER):
            continue
        is_described = any(store.quads_for_pattern(subject, TYPE, None, NamedNode(STATED)))
        if not is_described and subject not in undescribed:
            undescribed.add(subject)
            yield Violation("error", "no-class", _NO_CLASS, subject)
        if value(predicate) in LARGEST:
            given = degrees.setdefault((subject, predicate), object_)
            if float(value(given)) != float(value(object_)):
                path, bindings = value(predicate), {"other": given}
                yield Violation(*_WRONG, _ONE_PLACE, subject, object_, None, path, None, bindings)
        if value(predicate) == SAME_AS and same.setdefault(object_, subject) != subject:
            bindings = {"other": same[object_]}
            yield Violation(*_WRONG, _ALREADY, subject, object_, None, SAME_AS, None, bindings)
