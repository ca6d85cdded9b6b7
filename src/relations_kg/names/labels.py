"""The labels and classes of the things in a store."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import cached_property
from itertools import islice

from pyoxigraph import Literal, NamedNode, Quad, Store

from relations_kg.rdf import extensions
from relations_kg.rdf.namespaces import RDFS, SKOS, SOURCE, shorten
from relations_kg.rdf.terms import TYPE, EngineTerm, named, objects, printable, value

_LABEL_PROPERTIES = (NamedNode(RDFS + "label"), NamedNode(SKOS + "prefLabel"))
# The maximum number of cached labels, and the maximum length of an IRI with a cached label.
_MOST_LABELS, _LONGEST_IRI = 200_000, 500
# The maximum number of facts about each of two things that are read to find their common subjects.
_MOST_COMPARED = 10_000


class Labels:
    """The labels and classes of the things in a store."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._labels: dict[str, str] = {}

    @property
    def store(self) -> Store:
        """The store that the labels are read from."""
        return self._store

    @cached_property
    def spaces(self) -> tuple[str, ...]:
        """The namespaces of classes and properties: ours, and those of an extension vocabulary."""
        return extensions.spaces(self._store)

    def label(self, iri: str) -> str:
        """Return the English label of a thing, or else any label, or else its CURIE.

        >>> import relations_kg as rk
        >>> rk.load().names.label("https://w3id.org/relations-kg/id/peru")
        'Peru'
        """
        label = self._labels.get(iri)
        if label is None:
            label = self._read_label(iri)
            # Untrusted queries can create any number of IRIs, so the cache is limited.
            if len(self._labels) < _MOST_LABELS and len(iri) < _LONGEST_IRI:
                self._labels[iri] = label
        return label

    def tagged_label(self, iri: str) -> Literal | None:
        """Return the label of a thing as `label` chooses it, with its language, or None."""
        found = [
            quad.object
            for predicate in _LABEL_PROPERTIES
            for quad in self._store.quads_for_pattern(NamedNode(iri), predicate, None)
            if isinstance(quad.object, Literal) and quad.object.value.strip()
        ]
        found.sort(key=lambda each: (each.language != "en", each.language or "", each.value))
        return found[0] if found else None

    def shown(self, term: EngineTerm) -> str:
        """Return the label of a thing, or the text of any other term on one line."""
        return self.label(term.value) if isinstance(term, NamedNode) else printable(value(term))

    def is_a(self, iri: str, kinds: Collection[str]) -> bool:
        """Return whether a thing is an instance of at least one of the classes."""
        return not self.kinds(iri).isdisjoint(kinds)

    def kinds(self, iri: str) -> set[str]:
        """Return the IRIs of the classes of a thing, stated and inferred."""
        return {value(kind) for kind in objects(self._store, NamedNode(iri), TYPE.value)}

    def instances(self, kind: str) -> list[NamedNode]:
        """Return the things of a class that have an IRI."""
        find = self._store.quads_for_pattern
        return named(quad.subject for quad in find(None, TYPE, NamedNode(kind)))

    def linking(self, one: str, other: str) -> set[str]:
        """Return the IRIs of the things that link to both `one` and `other`.

        Passages are left out, and rdf:type does not count as a link. If both have very many links
        to them, some of the things are not found.

        >>> import relations_kg as rk
        >>> graph = rk.load()
        >>> peru, xi = graph.names.find("peru"), graph.names.find("xi-jinping")
        >>> graph.names.find("visit-of-xi-jinping-2014") in graph.names.linking(peru, xi)
        True
        """
        ends = NamedNode(one), NamedNode(other)
        # `zip` stops at the end of the shorter iterator. By then it has read all facts about one of
        # the two things, and so all things that have facts about both.
        facts = zip(*(self._facts_about(end) for end in ends), strict=False)
        subjects = {quad.subject for pair in islice(facts, _MOST_COMPARED) for quad in pair}
        return {
            node.value
            for node in named(subjects)
            if one != other
            and not node.value.startswith(SOURCE)
            and all(any(self._facts_about(end, node)) for end in ends)
        }

    def _facts_about(self, thing: NamedNode, subject: NamedNode | None = None) -> Iterator[Quad]:
        find = self._store.quads_for_pattern
        return (quad for quad in find(subject, None, thing) if quad.predicate != TYPE)

    def _read_label(self, iri: str) -> str:
        try:
            label = self.tagged_label(iri)
        except ValueError:
            return iri
        return printable(label.value) if label else shorten(iri)
