"""Warnings about the names in a query: unknown terms, and prefixes with a wrong address."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from itertools import islice
from typing import NamedTuple

from pyoxigraph import NamedNode, Store

from relations_kg.errors import UnknownName
from relations_kg.names.names import Names
from relations_kg.names.term_suggestions import CLASSES, TermSuggestions
from relations_kg.rdf.namespaces import (
    BASE,
    CODE,
    ID,
    IDENTIFIER,
    PREFIXES,
    RDF,
    RKG,
    SOURCE,
    STATED,
    shorten,
)
from relations_kg.rdf.spelling import nearest, one_error_away, words
from relations_kg.rdf.terms import TYPE
from relations_kg.rdf.vocabularies import usual
from relations_kg.sparql.structure import Query
from relations_kg.warnings import vocabularies
from relations_kg.warnings.variables import Finding

_GRAPHS = BASE + "graph/"
_MOST, _MOST_LISTED, _MOST_INSTANCES, _MOST_FACTS = 3, 6, 1000, 1000
_OURS = {
    RKG: "is not in the ontology",
    ID: "is not in the graph",
    CODE: "is in no code list",
    SOURCE: "is not a passage of the graph",
    IDENTIFIER: "is not an identifier of the graph",
    _GRAPHS: "is not a graph of this store",
}
# The endings of properties that correspond to classes, such as recognises to Recognition.
_VERB = re.compile(r"(s|ed|ing|By|With|In|To|Of)$")


def _normal(address: str) -> str:
    """Return an address without its scheme, "www." and final "/" or "#", which are often wrong."""
    return re.sub(r"^https?://(www\.)?", "", address.lower()).rstrip("#/")


_NORMAL = {_normal(namespace): namespace for namespace in PREFIXES.values()}


class Name(NamedTuple):
    """A name in a query: its IRI, the index of its token, and its role.

    The role is class, property, graph, new (in a template) or "".
    """

    iri: str
    place: int
    role: str


def iris(query: Query) -> dict[int, str]:
    """Return the absolute IRIs of names and addresses in a query, by the index of their token."""
    declared = dict(PREFIXES)
    skipped = {index for span in query.prefixes for index in span}
    for name, address in query.prefixes:
        declared[query.word(name)[:-1]] = query.word(address)[1:-1]
    found: dict[int, str] = {}
    for index, token in enumerate(query.tokens):
        if token.lastgroup == "iri":
            if index not in skipped and ":" in token[0]:
                found[index] = token[0][1:-1]
        elif token.lastgroup == "name" and index not in skipped:
            prefix, _, local = token[0].partition(":")
            if prefix in declared:
                found[index] = declared[prefix] + re.sub(r"\\(.)", r"\1", local)
    return found


def names(query: Query, known: dict[int, str]) -> Iterator[Name]:
    """Yield the names that should be in the graph, once for each role."""
    roles = dict.fromkeys(query.graphs, "graph")
    for triple in query.triples:
        start, end = triple.predicate
        roles.update(dict.fromkeys(range(start, end), "property"))
        if end == start + 1 and (known.get(start) == RDF + "type" or query.word(start) == "a"):
            roles[triple.object] = "class"
    template = range(0)
    if query.form == "CONSTRUCT" and query.template and query.where:
        template = range(query.template.start, query.where.start)
    matched = {
        query.word(index)
        for triple in query.triples
        if triple.scope is not query.template
        for index in (triple.subject, triple.object)
    }
    seen = set()
    for index, iri in known.items():
        role = roles.get(index, "")
        if index in template:
            # A CONSTRUCT may name new things, but not new terms or codes.
            role = "new"
            if not iri.startswith((RKG, CODE)):
                continue
        after = [token[0] for token in query.tokens[index + 1 : index + 3]]
        # The result of BIND may be a new name, unless a pattern has to match it.
        is_new = after[:1] in (["AS"], ["as"]) and not matched.issuperset(after[1:])
        if not is_new and (iri, role) not in seen:
            seen.add((iri, role))
            yield Name(iri, index, role)


class NameWarnings:
    """Warnings about the names in queries on one store.

    `known` returns the IRIs among its arguments that are in the store; `ontology` has the terms
    that are suggested.
    """

    def __init__(
        self,
        store: Store,
        names: Names,
        ontology: Store,
        known: Callable[[Collection[str]], set[str]],
    ) -> None:
        self._store, self._names, self._ontology, self._known = store, names, ontology, known
        self._terms = TermSuggestions(ontology)
        self._is_local = store is ontology

    def findings(self, query: Query, addresses: dict[int, str]) -> Iterator[Finding]:
        """Yield the mistakes in the names of a query."""
        moved = [*self._of_addresses(query, addresses)]
        yield from (finding for finding, _ in moved)
        others = {index for _, indices in moved for index in indices}
        ours = (BASE, *self._terms.own)
        asked = (name for name in names(query, addresses) if name.place not in others)
        found = [name for name in asked if name.iri.startswith(ours) and name.iri not in _OURS]
        known = self._known({name.iri for name in found})
        for name in found:
            shown = shorten(name.iri) if not name.iri.startswith(_GRAPHS) else f"<{name.iri}>"
            if name.iri in known:
                if wrong := self._of_role(name):
                    yield name.place, f"{shown} {wrong[0]}", wrong[1]
            elif name.iri.startswith(BASE):
                problems = (text for ns, text in _OURS.items() if name.iri.startswith(ns))
                help = self._instead(query, addresses, name)
                yield name.place, f"{shown} {next(problems, 'is not in the graph')}", help
        rest = {index: iri for index, iri in addresses.items() if index not in others}
        yield from vocabularies.findings(query, rest, self._known, self._terms.near)
        if self._is_local:
            yield from self._of_graphs(query, addresses, others)
        for triple in query.triples:
            property = addresses.get(triple.predicate[0], "")
            if query.word(triple.object) == "(" and property.startswith(RKG):
                help = "write VALUES ?x { … } for several values"
                yield triple.object, "values in brackets make a single list", help

    def _of_graphs(
        self, query: Query, addresses: dict[int, str], others: Collection[int]
    ) -> Iterator[Finding]:
        """Yield the names of graphs that are not in the store; such graphs are not fetched."""
        for index in query.graphs:
            iri = BASE if index in others else addresses.get(index, BASE)
            if not iri.startswith(BASE) and not self._store.contains_named_graph(NamedNode(iri)):
                message = f"<{iri}> is not a graph of this store, and graphs are not fetched"
                yield index, message, None

    def _of_addresses(
        self, query: Query, addresses: dict[int, str]
    ) -> Iterator[tuple[Finding, list[int]]]:
        """Yield wrong namespaces and addresses, each with the indices of the names that use it."""
        for index, address in query.prefixes:
            prefix, iri = query.word(index), query.word(address)[1:-1]
            if PREFIXES.get(prefix[:-1]) == iri:
                continue
            right = _NORMAL.get(_normal(iri)) or PREFIXES.get(prefix[:-1])
            used = [
                i
                for i, token in enumerate(query.tokens)
                if i in addresses and token.lastgroup == "name" and token[0].startswith(prefix)
            ]
            if not used or right is None or right == iri:
                continue
            if _normal(iri) in _NORMAL or not self._known({addresses[i] for i in used}):
                message = f"{prefix} is declared as <{iri}>"
                yield (address, message, f"its address is <{right}>"), used
        base = _normal(BASE) + "/"
        prefixes = {*PREFIXES, *(query.word(index)[:-1] for index, _ in query.prefixes)}
        for index, iri in addresses.items():
            if not iri.startswith(BASE) and query.tokens[index].lastgroup == "iri":
                # geo:-12.04,-77.03 is an IRI with the scheme geo, not a prefixed name.
                if re.match(r"([^:/]*):(?![-/0-9])", iri) and iri.split(":")[0] in prefixes:
                    help = "write it without brackets"
                    yield (index, f"<{iri}> is a prefixed name", help), [index]
                at = iri.lower().find(base)
                if 0 < at < len("https://www.") + 1:
                    right = BASE + iri[at + len(base) :]
                    yield (index, f"<{iri}> has another address", f"write <{right}>"), [index]

    def _of_role(self, name: Name) -> tuple[str, str] | None:
        """Return the mistake in using a term as a class or a property, or None if it is right."""
        local = name.iri.removeprefix(RKG)
        # By convention, names of classes begin with a capital letter and names of properties do
        # not.
        if name.role not in ("class", "property") or (
            local[0].isupper() == (name.role == "class") and local != name.iri
        ):
            return None
        node = NamedNode(name.iri)
        find = self._ontology.quads_for_pattern
        is_class = bool({quad.object for quad in find(node, TYPE, None)} & CLASSES)
        if name.role == "property":
            mistake = "is a class, not a property", f"write a {shorten(name.iri)}"
            return mistake if is_class else None
        if is_class or any(self._store.quads_for_pattern(None, TYPE, node)):
            return None
        kinds = dict.fromkeys((*self._terms.own, RKG), "a property")
        kinds[CODE] = "a value of a code list"
        kind = next((what for ns, what in kinds.items() if name.iri.startswith(ns)), "a thing")
        near = self._terms.near(RKG, re.split("[/#]", name.iri)[-1], "class")
        help = f"did you mean {shorten(near[0])}?" if near else "name a class after a"
        return f"is {kind}, not a class", help

    def _instead(self, query: Query, addresses: dict[int, str], name: Name) -> str | None:
        """Return what to write instead of an unknown name, or None."""
        near = [shorten(iri) for iri in self._near(name)][:_MOST]
        if name.role == "property" and name.iri.startswith(RKG):
            local = name.iri[len(RKG) :]
            capital = local[:1].upper() + local[1:]
            if self._terms.is_class(RKG + capital):
                near = [f"a thing of the class rkg:{capital}"]
            elif not near and (help := usual(local)):
                return help
            elif not near or _VERB.search(local):
                near += [f"a thing of the class {each}" for each in self._terms.classes(name.iri)]
            if not near:
                return self._properties(query, addresses, name.place)
        return f"did you mean {' or '.join(near)}?" if near else None

    def _properties(self, query: Query, addresses: dict[int, str], place: int) -> str | None:
        """Return the properties of the subject's class if a pattern gives the class, or None."""
        tokens = query.tokens
        subjects = {tokens[t.subject][0] for t in query.triples if place in range(*t.predicate)}
        for triple in query.triples:
            kind = addresses.get(triple.object, "")
            is_class = tokens[triple.predicate[0]][0] == "a" and kind.startswith(RKG)
            if is_class and tokens[triple.subject][0] in subjects and self._is_local:
                has, of = self._used_with(NamedNode(kind))
                return f"a {shorten(kind)} has {has}, and is a value of {of}"
        return None

    def _used_with(self, kind: NamedNode) -> tuple[str, str]:
        """Return the most frequent stated properties from, and to, instances of a class."""
        find, stated = self._store.quads_for_pattern, NamedNode(STATED)
        has, of = Counter[str](), Counter[str]()
        for quad in islice(find(None, TYPE, kind), _MOST_INSTANCES):
            for counter, pattern in ((has, (quad.subject, None)), (of, (None, quad.subject))):
                facts = [*islice(find(pattern[0], None, pattern[1], stated), _MOST_FACTS)]
                counter.update({fact.predicate.value for fact in facts})
        return _most_frequent(has), _most_frequent(of)

    def _near(self, name: Name) -> list[str]:
        """Return the IRIs that a name probably means."""
        namespace = next((ns for ns in _OURS if name.iri.startswith(ns)), BASE)
        local = name.iri[len(namespace) :]
        standard = vocabularies.terms(local)
        if namespace in (RKG, CODE):
            is_standard = namespace == RKG and name.role == "property"
            near = self._terms.near(namespace, local, name.role)
            own = self._of_slug(local) if name.role == "" else []
            return own or [*(standard if is_standard else ()), *near] or self._things(name)
        if namespace == _GRAPHS:
            graphs = [graph.value for graph in self._store.named_graphs()]
            return nearest(name.iri, [graph for graph in graphs if isinstance(graph, str)])
        if namespace == BASE:
            last = re.split("[/#]", local)[-1]
            return [ns + last for ns in _OURS if last and self._known({ns + last})]
        if not self._is_local:
            return []
        for slug in one_error_away(local):
            if self._known({namespace + slug}):
                return [namespace + slug]
        text = local.replace("-", " ")
        try:
            return [self._names.find(text)]
        except UnknownName:
            return self._names.suggestions.of(text)[:_MOST]

    def _of_slug(self, local: str) -> list[str]:
        """Return the things or codes whose slug is the local name of an unknown term."""
        slug = words(local).replace(" ", "-")
        return [namespace + slug for namespace in (ID, CODE) if self._known({namespace + slug})]

    def _things(self, name: Name) -> list[str]:
        """Return the things and codes that a name may mean if the ontology has no such term."""
        local = name.iri.removeprefix(RKG)
        if name.role == "property" or name.iri == local:
            return []
        own = self._of_slug(local)
        return own if own or not self._is_local else self._names.suggestions.of(words(local))


def _most_frequent(properties: Counter[str]) -> str:
    """Return the most frequent rkg: properties, separated by commas, or "none"."""
    found = [iri for iri in properties if iri.startswith(RKG)]
    first = sorted(found, key=lambda iri: (-properties[iri], iri))[:_MOST_LISTED]
    return ", ".join(map(shorten, first)) or "none"
