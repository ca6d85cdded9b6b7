"""Warnings about the names in a query: unknown terms, and prefixes with a wrong address."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from functools import cached_property
from itertools import takewhile
from typing import NamedTuple

from pyoxigraph import NamedNode, Store

from relations_kg.answers import query_vocabularies
from relations_kg.answers.names import Names
from relations_kg.answers.query_variables import Finding
from relations_kg.errors import UnknownName
from relations_kg.rdf.namespaces import (
    BASE,
    CODE,
    ID,
    IDENTIFIER,
    ONTOLOGY,
    OWL,
    PREFIXES,
    RDF,
    RDFS,
    RKG,
    SKOS,
    SOURCE,
    shorten,
)
from relations_kg.rdf.sparql_structure import Query
from relations_kg.rdf.spelling import nearest, one_error_away, words
from relations_kg.rdf.terms import TYPE, value

_GRAPHS = BASE + "graph/"
_OURS = {
    RKG: "is not in the ontology",
    ID: "is not in the graph",
    CODE: "is in no code list",
    SOURCE: "is not a passage of the graph",
    IDENTIFIER: "is not an identifier of the graph",
    _GRAPHS: "is not a graph of this store",
}
# The endings of names of properties for which the ontology has classes, such as Recognition.
_VERB = re.compile(r"(s|ed|ing|By|With|In|To|Of)$")
_MOST_CLASSES = 2
_STEM = 5  # the number of letters that a verb and a class have in common
_ENDINGS = ("", "s", "es", "d", "ed", "r", "er", "or", "e", "ing", "ion", "al")
_CLASSES = {NamedNode(OWL + "Class"), NamedNode(RDFS + "Class"), NamedNode(RDFS + "Datatype")}
_LABELS = [
    NamedNode(iri)
    for iri in (RDFS + "label", SKOS + "prefLabel", SKOS + "altLabel", SKOS + "hiddenLabel")
]


def _normal(address: str) -> str:
    """Return an address without its scheme, "www." and final "/" or "#", which are often wrong."""
    return re.sub(r"^https?://(www\.)?", "", address.lower()).rstrip("#/")


_NORMAL = {_normal(namespace): namespace for namespace in PREFIXES.values()}


class Name(NamedTuple):
    """A name in a query: its IRI, the index of its token, and its role there.

    The role is class, property, graph, new in a template, or "".
    """

    iri: str
    place: int
    role: str


def iris(query: Query) -> dict[int, str]:
    """Return the absolute IRIs of the names and addresses in a query by their indices."""
    declared = dict(PREFIXES)
    skipped = {index for span in query.prefixes for index in span}
    for name, address in query.prefixes:
        declared[query.tokens[name][0][:-1]] = query.tokens[address][0][1:-1]
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
        if end == start + 1 and (known.get(start) == RDF + "type" or query.tokens[start][0] == "a"):
            roles[triple.object] = "class"
    template = range(0)
    if query.form == "CONSTRUCT" and query.template and query.where:
        template = range(query.template.start, query.where.start)
    seen = set()
    for index, iri in known.items():
        role = roles.get(index, "")
        if index in template:
            # A template may make new things, and its terms need no instances.
            role = "new"
            if not iri.startswith((RKG, CODE)):
                continue
        following = query.tokens[index + 1][0].upper() if index + 1 < len(query.tokens) else ""
        if following != "AS" and (iri, role) not in seen:
            seen.add((iri, role))
            yield Name(iri, index, role)


class NameWarnings:
    """Warnings about names, with the terms of one store.

    `known` returns which of some IRIs the store has; `ontology` has the terms that are suggested.
    """

    def __init__(
        self,
        store: Store,
        names: Names,
        ontology: Store,
        known: Callable[[Collection[str]], set[str]],
    ) -> None:
        self._store, self._names, self._ontology, self._known = store, names, ontology, known
        self._is_local = store is ontology

    def findings(self, query: Query, addresses: dict[int, str]) -> Iterator[Finding]:
        """Yield what is wrong with the names of a query."""
        moved = [*self._of_addresses(query, addresses)]
        yield from (finding for finding, _ in moved)
        others = {index for _, indices in moved for index in indices}
        found = [
            name
            for name in names(query, addresses)
            if name.iri.startswith(BASE) and name.iri not in _OURS and name.place not in others
        ]
        known = self._known({name.iri for name in found})
        for name in found:
            shown = shorten(name.iri) if not name.iri.startswith(_GRAPHS) else f"<{name.iri}>"
            if name.iri not in known:
                near = [shorten(iri) for iri in self._near(name)][:3]
                local = name.iri.removeprefix(RKG)
                if self._terms.get(RKG + local[:1].upper() + local[1:]) and name.role == "property":
                    near = [f"a thing of the class rkg:{local[:1].upper()}{local[1:]}"]
                elif name.role == "property" and (not near or _VERB.search(name.iri)):
                    near += [f"a thing of the class {each}" for each in self._classes(name.iri)]
                said = next((said for ns, said in _OURS.items() if name.iri.startswith(ns)), "")
                help = f"did you mean {' or '.join(near)}?" if near else None
                yield name.place, f"{shown} {said or 'is not in the graph'}", help
            elif wrong := self._of_role(name):
                yield name.place, f"{shown} {wrong[0]}", wrong[1]
        rest = {index: iri for index, iri in addresses.items() if index not in others}
        yield from query_vocabularies.findings(query, rest, self._known, self._near_terms)
        if self._is_local:
            yield from self._of_graphs(query, addresses, others)

    def _of_graphs(
        self, query: Query, addresses: dict[int, str], others: Collection[int]
    ) -> Iterator[Finding]:
        """Yield the names of graphs that the store does not have; none of them is fetched."""
        for index in query.graphs:
            iri = addresses.get(index, BASE)
            if index in others:
                continue
            if not iri.startswith(BASE) and not self._store.contains_named_graph(NamedNode(iri)):
                yield index, f"<{iri}> is not a graph of this store, and nothing is fetched", None

    def _of_addresses(
        self, query: Query, addresses: dict[int, str]
    ) -> Iterator[tuple[Finding, list[int]]]:
        """Yield addresses that are nearly those of known prefixes, with the names affected."""
        for index, address in query.prefixes:
            prefix, iri = query.tokens[index][0], query.tokens[address][0][1:-1]
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
        prefixes = {*PREFIXES, *(query.tokens[index][0][:-1] for index, _ in query.prefixes)}
        for index, iri in addresses.items():
            if not iri.startswith(BASE) and query.tokens[index].lastgroup == "iri":
                # geo:-12.04,-77.03 is an address in a scheme of that name.
                if re.match(r"([^:/]*):(?![-/0-9])", iri) and iri.split(":")[0] in prefixes:
                    help = "write it without brackets"
                    yield (index, f"<{iri}> is a prefixed name", help), [index]
                at = iri.lower().find(base)
                if 0 < at < len("https://www.") + 1:
                    right = BASE + iri[at + len(base) :]
                    yield (index, f"<{iri}> has another address", f"write <{right}>"), [index]

    def _of_role(self, name: Name) -> tuple[str, str] | None:
        """Return what is wrong with a term that is used as a class or a property but is not one."""
        local = name.iri.removeprefix(RKG)
        # By convention classes begin with a capital and properties do not.
        if name.role not in ("class", "property") or (
            local[0].isupper() == (name.role == "class") and local != name.iri
        ):
            return None
        node = NamedNode(name.iri)
        find = self._ontology.quads_for_pattern
        is_class = bool({quad.object for quad in find(node, TYPE, None)} & _CLASSES)
        if name.role == "property":
            return (
                ("is a class, not a property", f"write a {shorten(name.iri)}") if is_class else None
            )
        if is_class or any(True for _ in self._store.quads_for_pattern(None, TYPE, node)):
            return None
        kinds = {RKG: "a property", CODE: "a value of a code list"}
        kind = next((what for ns, what in kinds.items() if name.iri.startswith(ns)), "a thing")
        near = self._near_terms(RKG, re.split("[/#]", name.iri)[-1], "class")
        help = f"did you mean {shorten(near[0])}?" if near else "name a class after a"
        return f"is {kind}, not a class", help

    def _near(self, name: Name) -> list[str]:
        """Return the IRIs that were probably meant."""
        namespace = next((ns for ns in _OURS if name.iri.startswith(ns)), BASE)
        local = name.iri[len(namespace) :]
        standard = query_vocabularies.terms(local)
        if namespace in (RKG, CODE):
            is_standard = namespace == RKG and name.role == "property"
            near = self._near_terms(namespace, local, name.role)
            return [*(standard if is_standard else ()), *near]
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
        try:
            return [self._names.find(local.replace("-", " "))]
        except UnknownName:
            return []

    def _classes(self, iri: str) -> list[str]:
        """Return the classes, such as rkg:Recognition, whose names begin like an IRI of ours."""
        if not iri.startswith(RKG):
            return []
        asked = [word for word in words(iri[len(RKG) :]).split() if len(word) >= _STEM]
        found = {}
        for term, is_class in self._terms.items():
            name = term[len(RKG) :]
            same = max((_same(w, each) for w in asked for each in words(name).split()), default=0)
            if is_class and same:
                found[term] = (-same, len(words(name).split()))
        first = [shorten(term) for term in sorted(found) if found[term] == min(found.values())]
        return first if len(first) <= _MOST_CLASSES else []

    def _near_terms(self, namespace: str, local: str, role: str) -> list[str]:
        terms = {
            iri[len(namespace) :]: iri
            for iri, is_class in self._terms.items()
            if iri.startswith(namespace)
            and (
                role not in ("class", "property")
                or is_class is None
                or is_class == (role == "class")
            )
        }
        for word in dict.fromkeys((local, re.sub(r"^(has|is|get)(?=[A-Z])|(Of|By)$", "", local))):
            plain = words(word).replace(" ", "")
            same = [iri for name, iri in terms.items() if words(name).replace(" ", "") == plain]
            if same:
                return same
            called = [iri for iri in self._called.get(words(word), ()) if iri in terms.values()]
            if called:
                return called
            if near := nearest(word, terms):
                alike = [name for name in near if name[0].isupper() == word[0].isupper()]
                return [terms[name] for name in alike or near]
        alike = sorted(terms, key=lambda name: (-_shared(local, name), len(name), name))
        most = _shared(local, alike[0]) if alike else 0
        found = [terms[name] for name in alike if _shared(local, name) == most > 0]
        # A word that many terms share, such as "kind", suggests none of them.
        return found if len(found) <= 3 else []

    @cached_property
    def _terms(self) -> dict[str, bool | None]:
        """The terms of the ontology and the code lists, with whether each is a class."""
        found: dict[str, bool | None] = {}
        for quad in self._ontology.quads_for_pattern(None, TYPE, None, NamedNode(ONTOLOGY)):
            if isinstance(quad.subject, NamedNode) and quad.subject.value.startswith((RKG, CODE)):
                is_class = None if quad.subject.value.startswith(CODE) else quad.object in _CLASSES
                found[quad.subject.value] = found.get(quad.subject.value) or is_class
        return found

    @cached_property
    def _called(self) -> dict[str, list[str]]:
        """The terms by their labels and alternative labels, as words in lower case."""
        found: dict[str, list[str]] = {}
        for label in _LABELS:
            for quad in self._ontology.quads_for_pattern(None, label, None, NamedNode(ONTOLOGY)):
                if isinstance(quad.subject, NamedNode) and quad.subject.value in self._terms:
                    iris = found.setdefault(words(value(quad.object)), [])
                    if quad.subject.value not in iris:
                        iris.append(quad.subject.value)
        return found


def _same(one: str, other: str) -> int:
    """Return the number of first letters that two words have in common, or 0 if it is small.

    >>> _same("recognises", "recognition"), _same("visitor", "vision")
    (7, 0)
    """
    same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
    return same if same >= max(_STEM, 0.6 * max(len(one), len(other))) else 0


def _shared(one: str, other: str) -> float:
    """Return the share of the words of a name that begin like words of another name.

    >>> _shared("sender", "sendingParty"), _shared("startDate", "place")
    (1.0, 0.0)
    """
    long = [word for word in words(one).split() if len(word) > 3]
    others = words(other).split()
    alike = [word for word in long if any(_begin_alike(word, each) for each in others)]
    return len(alike) / len(long) if long else 0.0


def _begin_alike(one: str, other: str) -> bool:
    """Return whether two words differ in an ending such as -er or -ing only."""
    same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
    return same >= 4 and one[same:] in _ENDINGS and other[same:] in _ENDINGS
