"""Lookups of the facts of a closure."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator

from relations_kg.rdf.terms import Term
from relations_kg.reasoning.defaults import Defaults
from relations_kg.reasoning.fact_sets import FactSet
from relations_kg.reasoning.facts import Facts
from relations_kg.reasoning.propagation import Part


class Lookups:
    """The facts of a closure, looked up by their terms."""

    _facts: Facts
    _given: FactSet
    _defaults: Defaults

    def derived(self, predicate: Term) -> Iterator[tuple[Term, Term]]:
        """Yield the subjects and objects of a predicate's facts that are not given."""
        number, terms = self._facts.number(predicate), self._facts.terms
        pairs = self._facts.known.pairs[number] - self._given.pairs[number]
        return ((terms[s], terms[o]) for s, o in pairs)

    def lines(self, parts: Iterable[Part], *, but: Container[Term]) -> Iterator[str]:
        """Yield facts that `fill` found as lines of N-Triples, except of some predicates."""
        terms, names = self._facts.terms, list[str]()
        for predicate, pairs in parts:
            if terms[predicate] not in but:
                names += map(str, terms[len(names) :])
                name = names[predicate]
                for subject, object_ in pairs:
                    yield f"{names[subject]} {name} {names[object_]} .\n"

    def objects(self, subject: Term, predicate: Term) -> list[Term]:
        """Return the objects of a subject and a predicate."""
        number, terms = self._facts.number, self._facts.terms
        return [terms[o] for o in self._facts.objects(number(predicate), number(subject))]

    def subjects(self, predicate: Term, object_: Term) -> list[Term]:
        """Return the subjects of a predicate and an object."""
        number, terms = self._facts.number, self._facts.terms
        return [terms[s] for s in self._facts.subjects(number(predicate), number(object_))]

    def links(
        self, ends: Iterable[Term], by: Iterable[Term], *, reverse: bool = False
    ) -> Iterator[tuple[Term, Term]]:
        """Yield subjects with their objects or, with `reverse`, objects with their subjects."""
        number, terms = self._facts.number, self._facts.terms
        found = self._facts.links(set(map(number, ends)), map(number, by), reverse=reverse)
        return ((terms[s], terms[o]) for s, o in found)

    def naming(
        self, objects: Iterable[Term], by: Iterable[Term]
    ) -> Iterator[tuple[Term, list[Term]]]:
        """Yield each subject of facts with these predicates and objects, with those objects."""
        number, terms = self._facts.number, self._facts.terms
        found = self._facts.naming(set(map(number, objects)), map(number, by))
        return ((terms[s], [terms[o] for o in ends]) for s, ends in found.items())

    def pairs(self, predicate: Term) -> list[tuple[Term, Term]]:
        """Return the subjects and objects of a predicate."""
        terms = self._facts.terms
        return [(terms[s], terms[o]) for s, o in self._facts.pairs(self._facts.number(predicate))]

    def values(self, subject: Term, predicate: Term) -> tuple[list[Term], bool]:
        """Return the objects of a subject and a predicate, and whether they override derived ones.

        They do if the predicate is a default predicate and its overriding values are given.
        """
        s, p, terms = self._facts.number(subject), self._facts.number(predicate), self._facts.terms
        ends = self._facts.objects(p, s)
        return [terms[o] for o in ends], bool(ends) and (s, p) in self._defaults
