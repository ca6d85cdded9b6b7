"""Warnings about constants in a query that no fact of the store matches, such as unknown labels."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from itertools import islice

from pyoxigraph import Literal, NamedNode, Store, Triple

from relations_kg.errors import UnknownName
from relations_kg.names.names import Names
from relations_kg.rdf.namespaces import BASE, OWL, RDF, RDFS, SKOS, shorten
from relations_kg.rdf.terms import TYPE, named, objects, value
from relations_kg.reasoning.ontology import with_superclasses
from relations_kg.sparql.structure import Query, Scope, Span
from relations_kg.sparql.structure import Triple as Pattern
from relations_kg.warnings.variables import Finding

# The kinds of groups whose matches are joined with the matches of the group around them.
_JOINED = ("{", "GRAPH", "LATERAL", "OPTIONAL")
_LABELS = (RDFS + "label", *(SKOS + name for name in ("prefLabel", "altLabel", "hiddenLabel")))
# Only these addresses are looked up in the index of names.
_DATASETS = r"https?://([^/]+\.)?(wikidata|geonames|dbpedia)\."
_NIL = NamedNode(RDF + "nil")
_MOST_NEAR = 3
_MOST_INSTANCES = 1000


class Constants:
    """The constants of a query on one store."""

    def __init__(self, query: Query, iris: dict[int, str], store: Store, names: Names) -> None:
        self.query, self.iris, self.store, self.names = query, iris, store, names
        # A template composes new facts, and facts on another server are unknown here.
        self.triples = [
            triple
            for triple in query.triples
            if triple.scope is not query.template and not triple.scope.is_within("SERVICE")
        ]

    def findings(self) -> Iterator[Finding]:
        """Yield the constants that cannot match, with what to write instead."""
        yield from self.addresses()
        yield from self.labels()
        yield from self.ends()

    def addresses(self) -> Iterator[Finding]:
        """Yield the addresses in other datasets that are used instead of things of the graph."""
        find = self.store.quads_for_pattern
        own = [triple for triple in self.triples if self._is_own(triple.predicate)]
        places = [index for triple in own for index in (triple.subject, triple.object)]
        if self.query.form == "DESCRIBE":
            end = self.query.where.start if self.query.where else len(self.query.tokens)
            places += (index for index in self.iris if index < end)
        for index in places:
            iri = self.iris.get(index, BASE)
            if re.match(_DATASETS, iri) and not any(find(NamedNode(iri), None, None)):
                try:
                    thing = shorten(self.names.find(iri))
                except UnknownName:
                    continue
                shown = self.query.word(index)
                yield index, f"{shown} identifies {thing}", f"write {thing}"

    def _is_own(self, predicate: Span) -> bool:
        """Return whether a predicate is rdf:type, a label property or a property of ours."""
        start, end = predicate
        iri = RDF + "type" if self.query.word(start) == "a" else self.iris.get(start, "")
        is_ours = iri.startswith(self.names.spaces) or iri in (RDF + "type", *_LABELS)
        return end == start + 1 and is_ours

    def labels(self) -> Iterator[Finding]:
        """Yield the labels in the query that no thing has."""
        tokens = self.query.tokens
        tagged = {i - 1 for i, token in enumerate(tokens) if token[0].startswith("@")}
        if not tagged:
            return
        properties: dict[str, set[str]] = {}
        for triple in self.triples:
            start, end = triple.predicate
            property = self.iris.get(start, "") if end == start + 1 else ""
            if triple.object in tagged and property in _LABELS:
                yield from self._label(triple.object, property)
            properties.setdefault(tokens[triple.object][0], set()).add(property)
        for _, name, index in self._compared:
            found = properties.get(name, {""})
            # A variable with labels of several properties may match any of them.
            if index in tagged and len(found) == 1 and found.issubset(_LABELS):
                yield from self._label(index, *found)

    @cached_property
    def _compared(self) -> list[tuple[Scope | None, str, int]]:
        """The variables that are compared, each with its group and the index of the other term.

        The group is None for a comparison outside FILTER and VALUES, such as one in BIND.
        """
        tokens, found = self.query.tokens, []
        for side, operator, other in self.query.compared():
            if side[1] != side[0] + 1 or tokens[side[0]].lastgroup != "variable":
                continue
            # Conditions are recorded when they end, so the innermost is the first.
            spans = (scope for scope, span in self.query.conditions if side[0] in range(*span))
            scope = next(spans, None)
            places = [other[0]] if operator == "=" and other[1] <= other[0] + 2 else []
            places = self.query.members(other) if operator == "IN" else places
            found += [(scope, tokens[side[0]][0], index) for index in places]
        for scope, names, rows in self.query.values:
            for row in rows:
                pairs = zip(names, row, strict=True)
                found += [(scope, f"?{name}", index) for name, index in pairs]
        return found

    def _label(self, index: int, property: str) -> Iterator[Finding]:
        written, tag = self.query.word(index), self.query.word(index + 1)[1:]
        text = written[1:-1]
        if "\\" in text or written[:3] in ('"""', "'''"):
            return
        label = Literal(text, language=tag.lower())
        find, node = self.store.quads_for_pattern, NamedNode(property)
        if any(find(None, node, label)):
            return
        if other := next(
            (quad for each in _LABELS for quad in find(None, NamedNode(each), label)), None
        ):
            help = f"it is the {shorten(other.predicate.value)} of {shorten(value(other.subject))}"
        else:
            near = self._near(text, tag.lower(), property)
            help = f"did you mean {' or '.join(near)}?" if near else ""
        yield index, f"no {shorten(property)} is {written}@{tag}", help or None

    def _near(self, text: str, tag: str, property: str) -> list[str]:
        """Return the labels of things that a text may name, in its language if possible."""
        found = [iri for _, iri in self.names.index.named(text)]
        if not found:
            return []
        nodes = map(NamedNode, found[:_MOST_NEAR])
        texts = (each for node in nodes for each in objects(self.store, node, property))
        values = [each for each in texts if isinstance(each, Literal)]
        same = [each for each in values if each.language == tag]
        return [str(each) for each in dict.fromkeys(same or values)][:_MOST_NEAR]

    def ends(self) -> Iterator[Finding]:
        """Yield the things that are not instances of the domain or the range of their property.

        Also yield the properties that no instance of the class of their subject has.
        Since the store has all inferred triples, a thing with the property would be an instance.
        """
        classes = self._classes()
        for triple in self.triples:
            start, end = triple.predicate
            property = self.iris.get(start, "")
            if end != start + 1 or not property.startswith(self.names.spaces):
                continue
            if known := self._class_within(triple, classes):
                asked = self._class_of(property, "domain")
                if asked and self._are_apart(known, asked):
                    message = f"only a {shorten(asked)} has {shorten(property)}"
                    yield start, message, f"no {shorten(known)} is one"
            for place, index in (("domain", triple.subject), ("range", triple.object)):
                yield from self._end(property, place, index)
                for scope, name, other in self._compared:
                    if scope is triple.scope and name == self.query.word(index):
                        yield from self._end(property, place, other)

    def _end(self, property: str, place: str, index: int) -> Iterator[Finding]:
        iri = self.iris.get(index, "")
        asked = self._class_of(property, place) if iri.startswith(BASE) else None
        kinds = self.names.kinds(iri) if asked else set()
        if asked is None or not kinds or asked in kinds or self._has(iri, property, place):
            return
        what = {"domain": "has", "range": "is a value of"}[place]
        is_class = OWL + "Class" in kinds
        message = f"{shorten(iri)} is {'a class' if is_class else f'not a {shorten(asked)}'}"
        other = self._class_of(property, "range" if place == "domain" else "domain")
        help = "exchange subject and object" if other in kinds else None
        yield index, f"{message}, and never {what} {shorten(property)}", help

    def _classes(self) -> dict[tuple[int, str], str]:
        """Return the classes of our ontology that patterns give to variables, by group."""
        tokens = self.query.tokens
        return {
            (id(triple.scope), tokens[triple.subject][0]): self.iris[triple.object]
            for triple in self.triples
            if tokens[triple.subject][0][:1] in "?$"
            and triple.predicate[1] == triple.predicate[0] + 1
            and tokens[triple.predicate[0]][0] == "a"
            and self.iris.get(triple.object, "").startswith(self.names.spaces)
        }

    def _class_within(self, triple: Pattern, classes: dict[tuple[int, str], str]) -> str | None:
        """Return the class of a triple's subject in its group or in a joined group, or None."""
        variable, scope = self.query.word(triple.subject), triple.scope
        while (found := classes.get((id(scope), variable))) is None:
            if scope.parent is None or scope.kind not in _JOINED:
                return None
            scope = scope.parent
        return found

    def _are_apart(self, one: str, other: str) -> bool:
        """Return whether two classes are disjoint and no thing of the graph is in both.

        Of the instances of the first class, only the first _MOST_INSTANCES are looked at.
        """
        find, other_class = self.store.quads_for_pattern, NamedNode(other)
        some = [*islice(find(None, TYPE, NamedNode(one)), _MOST_INSTANCES)]
        if some and any(find(some[0].subject, TYPE, other_class)):
            return False
        first, second = (
            {value(each) for each in with_superclasses(self.store, [NamedNode(kind)])}
            for kind in (one, other)
        )
        if one in second or other in first:
            return False
        are_disjoint = any(
            first & group and second & group and not first & second & group
            for group in self._disjoint
        )
        return are_disjoint and not any(any(find(q.subject, TYPE, other_class)) for q in some)

    @cached_property
    def _disjoint(self) -> list[set[str]]:
        """The groups of classes of which no two have a common instance."""
        found = []
        find, group = self.store.quads_for_pattern, NamedNode(OWL + "AllDisjointClasses")
        nodes = [quad.subject for quad in find(None, TYPE, group)]
        for node in [each for each in nodes if not isinstance(each, Triple)]:
            rest, members = objects(self.store, node, OWL + "members"), set()
            while rest and rest[0] != _NIL:
                first = objects(self.store, rest[0], RDF + "first")
                members |= {each.value for each in named(first)}
                rest = objects(self.store, rest[0], RDF + "rest")
            found.append(members)
        return found

    def _class_of(self, property: str, place: str) -> str | None:
        """Return the domain or range of a property if it is one class of our ontology, or None.

        A property without its own domain has the range of its inverse, and the other way round.
        """
        found = objects(self.store, NamedNode(property), RDFS + place)
        if not found:
            other = "range" if place == "domain" else "domain"
            inverse = objects(self.store, NamedNode(property), OWL + "inverseOf")
            found = [
                one for each in named(inverse) for one in objects(self.store, each, RDFS + other)
            ]
        iris = [each.value for each in found if isinstance(each, NamedNode)]
        is_class = len(found) == len(iris) == 1 and iris[0].startswith(self.names.spaces)
        return iris[0] if is_class else None

    def _has(self, iri: str, property: str, place: str) -> bool:
        """Return whether a thing is the subject, or the object, of a property in the graph."""
        node, find = NamedNode(iri), self.store.quads_for_pattern
        pattern = (node, None) if place == "domain" else (None, node)
        return any(find(pattern[0], NamedNode(property), pattern[1]))
