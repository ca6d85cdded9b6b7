"""The kinds of things that a parameter accepts: classes, kinds of a class, and code lists."""

from __future__ import annotations

from typing import NamedTuple

from pyoxigraph import NamedNode

from relations_kg.names.names import Names
from relations_kg.rdf.namespaces import CODE, OWL, RKG, SKOS, expand
from relations_kg.rdf.terms import TYPE
from relations_kg.reasoning import ontology

_CLASS = NamedNode(OWL + "Class")
_LIST = NamedNode(SKOS + "ConceptScheme")
_IN_SCHEME = NamedNode(SKOS + "inScheme")
_KIND_OF = "kind-of-"


class Kind(NamedTuple):
    """The values that a parameter accepts: a class's instances, a class and subclasses, or codes.

    `text` is the kind as written in headers of stored queries, such as `person`, `kind-of-visit`,
    `visit-kind` or `skos:ConceptScheme`; `iri` is its class or its code list.
    """

    text: str
    iri: str
    is_list: bool = False

    @classmethod
    def of(cls, text: str, names: Names) -> Kind:
        """Return the kind for the text of a header; a code list takes precedence over a class."""
        slug = text.removeprefix(_KIND_OF)
        if ":" in slug:
            return cls(text, expand(slug))
        if text == slug and _has(names, NamedNode(CODE + text), TYPE, _LIST):
            return cls(text, CODE + text, is_list=True)
        # The slug of a class is its name in lower case: population-group is rkg:PopulationGroup.
        return cls(text, RKG + "".join(word.capitalize() for word in slug.split("-")))

    @property
    def has_classes(self) -> bool:
        """Whether the values are classes, and not instances or codes."""
        return self.text.startswith(_KIND_OF)

    @property
    def sought(self) -> str:
        """The class whose instances take precedence when a name is looked up.

        For a code list, it is the list.
        """
        return _CLASS.value if self.has_classes else self.iri

    def includes(self, iri: str, names: Names) -> bool:
        """Return whether a thing, a class or a code is of this kind."""
        if self.is_list:
            return _has(names, NamedNode(iri), _IN_SCHEME, NamedNode(self.iri))
        if not self.has_classes:
            return _has(names, NamedNode(iri), TYPE, NamedNode(self.iri))
        node = NamedNode(iri)
        return NamedNode(self.iri) in {node, *ontology.superclasses(names.store, node)}

    def is_defined(self, names: Names) -> bool:
        """Return whether the graph has the list, or the class or an instance of it.

        A class is also regarded as defined if the graph has no classes at all.
        """
        return (
            self.is_list
            or _has(names, NamedNode(self.iri), None, None)
            or _has(names, None, TYPE, NamedNode(self.iri))
            or not _has(names, None, TYPE, _CLASS)
        )


def _has(
    names: Names, subject: NamedNode | None, predicate: NamedNode | None, thing: NamedNode | None
) -> bool:
    return any(True for _ in names.store.quads_for_pattern(subject, predicate, thing))
