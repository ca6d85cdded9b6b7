"""The names of things: what a user writes resolved to an IRI, and an IRI to its label."""

from __future__ import annotations

import re
from functools import cached_property

from pyoxigraph import Literal, NamedNode, Store

from relations_kg.errors import UnknownName
from relations_kg.rdf.namespaces import (
    CODE,
    ID,
    IDENTIFIER,
    PREFIXES,
    RDFS,
    RKG,
    SKOS,
    XSD,
    expand,
    shorten,
)
from relations_kg.rdf.spelling import did_you_mean
from relations_kg.rdf.terms import TYPE, EngineTerm, Statement, named, objects, printable, value

_LABEL_PROPERTIES = (NamedNode(RDFS + "label"), NamedNode(SKOS + "prefLabel"))
_IN_SCHEME = NamedNode(SKOS + "inScheme")
_NAME_PROPERTIES = (*_LABEL_PROPERTIES, NamedNode(SKOS + "altLabel"))
# The most labels that are cached, and the longest IRIs they are cached for, in characters.
_MOST_LABELS, _LONGEST_IRI = 200_000, 500


class Names:
    """The names of a store's things: IRI, CURIE, slug and labels."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._labels: dict[str, str] = {}

    def label(self, iri: str) -> str:
        """Return the English label of a thing, else any label, else its short form.

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

    def shown(self, term: EngineTerm) -> str:
        """Return the label of a thing, or the text of any other term on one line."""
        return self.label(term.value) if isinstance(term, NamedNode) else printable(value(term))

    def find(self, name: str) -> str:
        """Return the IRI of the thing with a name; raise UnknownName if none or several have it.

        A name is an IRI, a CURIE, the slug of a thing (`peru`), of a value in a code list
        (`de-jure`), of a term of the ontology (`Embassy`) or of an identifier (`wikidata`), or a
        label in any language. A class comes before a code with the slug that is its label.

        >>> import relations_kg as rk
        >>> rk.load().names.find("People's Republic of China")
        'https://w3id.org/relations-kg/id/peoples-republic-of-china'
        """
        iri = name.removeprefix("<").removesuffix(">")
        if "://" in iri or iri != name:
            return self._existing(iri, name)
        if ":" in iri and iri.partition(":")[0] in PREFIXES:
            return self._existing(expand(iri), name)
        for namespace in (ID, CODE, RKG, IDENTIFIER):
            if self._exists(namespace + name):
                alike = self._things.get(name.casefold(), ()) if namespace == CODE else ()
                terms = [term for term in alike if term.startswith(RKG)]
                return terms[0] if len(terms) == 1 else namespace + name
        fitting = sorted(self._things.get(name.casefold(), ()))
        if len(fitting) == 1:
            return fitting[0]
        if fitting:
            both = " and ".join(f"{shorten(iri)} ({self.label(iri)})" for iri in fitting)
            raise UnknownName(f"{name!r} is ambiguous: {both}", help="write the CURIE of one")
        if ":" in name and " " not in name:
            expand(name)
        raise self._unknown(name)

    def find_in_list(self, name: str, scheme: str) -> str:
        """Return the IRI of the value of a code list that has a slug or label."""
        # An error keeps the variables of this frame alive, and pyoxigraph's iterators must be freed
        # in their own thread: so none is assigned to a variable.
        find = self._store.quads_for_pattern
        codes = named(quad.subject for quad in find(None, _IN_SCHEME, NamedNode(scheme)))
        members = [code.value for code in codes]
        for iri in members:
            names = (iri, shorten(iri), iri.removeprefix(CODE))
            if name in names or name.casefold() == self.label(iri).casefold():
                return iri
        listed = ", ".join(sorted(iri.removeprefix(CODE) for iri in members))
        raise UnknownName(f"{name!r} is not in the code list", help=f"use one of {listed}")

    def statement(self, subject: str, predicate: str, object: str) -> Statement:
        """Return the statement of three names; the object may be a literal's text."""
        node = NamedNode(self.find(subject))
        relation = TYPE if predicate == "a" else NamedNode(self.find(predicate))
        for known in objects(self._store, node, relation.value):
            if isinstance(known, Literal) and known.value == object:
                return node, relation, known
        try:
            return node, relation, NamedNode(self.find(object))
        except UnknownName:
            if re.fullmatch(r"\d{4}-\d\d-\d\d", object):
                return node, relation, Literal(object, datatype=NamedNode(XSD + "date"))
            if re.fullmatch(r"\d+(\.\d+)?", object):
                return node, relation, Literal(object, datatype=NamedNode(XSD + "decimal"))
            raise

    @cached_property
    def _things(self) -> dict[str, set[str]]:
        things: dict[str, set[str]] = {}
        for predicate in _NAME_PROPERTIES:
            for quad in self._store.quads_for_pattern(None, predicate, None):
                if isinstance(quad.subject, NamedNode) and isinstance(quad.object, Literal):
                    name = quad.object.value.casefold()
                    things.setdefault(name, set()).add(quad.subject.value)
        return things

    def _existing(self, iri: str, name: str) -> str:
        if not self._exists(iri):
            raise self._unknown(name)
        return iri

    def _exists(self, iri: str) -> bool:
        try:
            node = NamedNode(iri)
        except ValueError:
            return False
        return any(True for _ in self._store.quads_for_pattern(node, None, None))

    def _unknown(self, name: str) -> UnknownName:
        local = shorten(name).rpartition(":")[2] if ":" in name else name
        shorts = (shorten(iri) for iris in self._things.values() for iri in iris)
        slugs = {short.rpartition(":")[2] for short in shorts if "//" not in short}
        return UnknownName(
            f"nothing in the graph is called {name!r}",
            help=did_you_mean(local, sorted(slugs.union(self._things))),
        )

    def _read_label(self, iri: str) -> str:
        try:
            node = NamedNode(iri)
        except ValueError:
            return iri
        found = [
            quad.object
            for predicate in _LABEL_PROPERTIES
            for quad in self._store.quads_for_pattern(node, predicate, None)
            if isinstance(quad.object, Literal) and quad.object.value.strip()
        ]
        found.sort(key=lambda each: (each.language != "en", each.language or "", each.value))
        return printable(found[0].value) if found else shorten(iri)
