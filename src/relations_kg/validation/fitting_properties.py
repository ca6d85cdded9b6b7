"""Properties that fit a thing and a value, to suggest instead of a property that does not."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cached_property

from pyoxigraph import NamedNode, Store

from relations_kg._files import content, folder
from relations_kg.rdf.namespaces import ONTOLOGY, OWL, RDFS, SKOS, expand
from relations_kg.rdf.terms import TYPE, Term, named, objects, pairs, value
from relations_kg.reader.code_lists import code_lists
from relations_kg.validation.classes import Classes
from relations_kg.validation.shapes import Shapes

_MOST = 3


class FittingProperties:
    """The properties of an ontology by the classes of their subjects."""

    def __init__(self, store: Store, classes: Classes, shapes: Shapes) -> None:
        self._store = store
        self._classes = classes
        self._shapes = shapes

    def of(self, focus: NamedNode, node: NamedNode) -> list[NamedNode]:
        """Return the properties that take a value, of a thing's most specific class that has any.

        Returns an empty list if there are more than three.
        """
        found: dict[int, list[NamedNode]] = defaultdict(list)
        for kind in self._classes.of(focus):
            for name in self._by_domain.get(kind, ()):
                if self._takes(name, node):
                    found[len(self._classes.above(kind))].append(name)
        best = sorted(found[max(found)], key=value) if found else []
        return best if len(best) <= _MOST else []

    def _takes(self, name: NamedNode, node: NamedNode) -> bool:
        """Return whether a property is known to accept a value, which is a code or a thing."""
        lists, described = code_lists()
        if scheme := lists.get(name.value):
            if NamedNode(scheme) in objects(self._store, node, SKOS + "inScheme", ONTOLOGY):
                return True
            accepted: set[Term] = set(map(NamedNode, described.get(name.value, ())))
        else:
            accepted = self._shapes.expected_classes(name.value)
            accepted |= {*objects(self._store, name, RDFS + "range", ONTOLOGY)}
        return not accepted.isdisjoint(self._classes.of(node))

    @cached_property
    def _by_domain(self) -> dict[Term, list[NamedNode]]:
        """The object properties that are not derived, by their domains."""
        find = self._store.quads_for_pattern
        kind, graph = NamedNode(OWL + "ObjectProperty"), NamedNode(ONTOLOGY)
        known = {*named(quad.subject for quad in find(None, TYPE, kind, graph))}
        derived = _derived()
        by_domain: dict[Term, list[NamedNode]] = defaultdict(list)
        for name, domain in pairs(self._store, RDFS + "domain", ONTOLOGY):
            if isinstance(name, NamedNode) and name in known and name.value not in derived:
                by_domain[domain].append(name)
        return by_domain


def _derived() -> set[str]:
    """Return the properties that are calculated or inferred, so that no fact states them."""
    check = content(folder("ontology"), "checks", "derived.rq").decode()
    listed = re.findall(r"VALUES \?value \{([^}]*)\}", check)
    return {expand(name) for names in listed for name in names.split()}
