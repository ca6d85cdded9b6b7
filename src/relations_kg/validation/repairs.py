"""What would be right in the place of what is wrong, by spelling and by what rules accept."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any, NamedTuple

from pyoxigraph import Literal, NamedNode, Store

from relations_kg.rdf import literals
from relations_kg.rdf.namespaces import (
    CODE,
    ID,
    ONTOLOGY,
    OWL,
    PREFIXES,
    RDF,
    RDFS,
    RKG,
    SKOS,
    STATED,
    XSD,
    shorten,
)
from relations_kg.rdf.spelling import asked_back, did_you_mean, nearest, one_error_away
from relations_kg.rdf.terms import TYPE, Term, named, objects, value
from relations_kg.validation.constraints import SEEN
from relations_kg.validation.shapes import Classes, Shapes
from relations_kg.validation.violations import Violation

_PROPERTIES = ("ObjectProperty", "DatatypeProperty", "AnnotationProperty")
_OF_LINKS = ("class", "or", "dangling-link", "node-kind", "code-list")
_LABELS = (NamedNode(RDFS + "label"), NamedNode(SKOS + "prefLabel"), NamedNode(SKOS + "altLabel"))
_LANGUAGES = ("en", "es", "pt", "zh")
_SHORTHANDS = {XSD + "integer": r"[+-]?\d+", XSD + "decimal": r"[+-]?\d*\.\d+"}
# Of a graph with more things, those with one typing error are found, and no others.
_LOOKED_THROUGH = 4_000
# For how many mistakes it is sought what would be right: nobody reads more.
_MOST = 500


class Repair(NamedTuple):
    """Say what was probably meant; `term` is that which certainly was, spelled for the file."""

    help: str | None = None
    term: Term | None = None


class Repairs:
    """Find what would be right in a store that holds new facts together with what is known."""

    def __init__(self, store: Store, shapes: Shapes, new: Iterable[NamedNode] = ()) -> None:
        self._store = store
        self._shapes = shapes
        self._new = list(new)
        self._classes = Classes(store)
        self._sought = 0

    def of(self, violation: Violation) -> Repair:
        """Find what would be right in the place of a violation's value."""
        self._sought += 1
        if self._sought > _MOST:
            return Repair()
        wrong = violation.value
        if violation.code in ("foreign-term", "unknown-term") and isinstance(wrong, NamedNode):
            return self._term(wrong, violation.focus, foreign=violation.code == "foreign-term")
        if violation.code == "bad-iri":
            return Repair(f"write {shorten(_slugged(value(violation.focus)))}")
        if violation.code == "code-list" and isinstance(wrong, NamedNode):
            return self._code(wrong, violation.bindings["list"])
        if violation.code == "datatype" and isinstance(wrong, Literal):
            return self._datatype(violation, wrong)
        if violation.code not in _OF_LINKS:
            return Repair()
        if isinstance(wrong, NamedNode) and not self._is_known(wrong):
            return self._thing(wrong, self._accepted(violation))
        if isinstance(wrong, Literal):
            return self._named(wrong, self._accepted(violation))
        return Repair()

    def above(self, kind: Term) -> set[Term]:
        """Return a class and all those above it."""
        return self._classes.above(kind)

    def _term(self, wrong: NamedNode, focus: Term, *, foreign: bool) -> Repair:
        local = _local(wrong)
        elsewhere = [NamedNode(space + local) for space in (ID, CODE, RKG)]
        known = [node for node in elsewhere if self._is_known(node)]
        if known or foreign:
            return _asked(known)
        is_property = bool(self._said(focus, wrong))
        kinds = _PROPERTIES if is_property else ("Class",)
        pool = {
            quad.subject.value: quad.subject
            for kind in kinds
            for quad in self._store.quads_for_pattern(
                None, TYPE, NamedNode(OWL + kind), NamedNode(ONTOLOGY)
            )
            if isinstance(quad.subject, NamedNode)
        }
        if is_property:
            pool |= {name: NamedNode(name) for name in (RDFS + "label", RDFS + "comment")}
        names: dict[str, list[NamedNode]] = {}
        for node in pool.values():
            names.setdefault(_local(node), []).append(node)
        near = [node for name in nearest(local, names) for node in names[name]]
        if near:
            values = self._said(focus, wrong)
            fitting = [
                node
                for node in near
                if (
                    self._fits_property(node, focus, values)
                    if is_property
                    else self._fits_class(node, focus)
                )
            ]
            return _asked(fitting) if fitting else _asked(near)._replace(term=None)
        return Repair(did_you_mean(shorten(wrong.value), map(shorten, pool)))

    def _fits_property(self, node: NamedNode, focus: Term, values: list[Term]) -> bool:
        """Tell whether a property fits the class of a thing and the kind of its values."""
        literal = any(isinstance(each, Literal) for each in values)
        kind = "ObjectProperty" if literal else "DatatypeProperty"
        if NamedNode(OWL + kind) in objects(self._store, node, TYPE.value):
            return False
        domains = objects(self._store, node, RDFS + "domain")
        return not domains or not self._of(focus).isdisjoint(domains)

    def _fits_class(self, node: NamedNode, focus: Any) -> bool:
        """Tell whether a class fits what is said of a thing, and what points to it."""
        above = self._classes.above(node)
        for quad in self._store.quads_for_pattern(focus, None, None, NamedNode(STATED)):
            domains = objects(self._store, quad.predicate, RDFS + "domain")
            if domains and above.isdisjoint(domains):
                return False
        links = self._store.quads_for_pattern(None, None, focus, NamedNode(STATED))
        for quad in islice(links, 100):
            accepted = self._shapes.expected_classes(quad.predicate.value)
            if accepted and above.isdisjoint(accepted):
                return False
        return True

    def _code(self, wrong: NamedNode, scheme: Term) -> Repair:
        listed = self._store.quads_for_pattern(None, NamedNode(SKOS + "inScheme"), scheme)
        by_name = {_local(node): node for node in named(quad.subject for quad in listed)}
        if near := nearest(_local(_slugged_node(wrong)), by_name):
            return _asked([by_name[name] for name in near])
        names = ", ".join(sorted(by_name))
        return Repair(did_you_mean(_local(wrong), by_name) or f"use one of {names}")

    def _thing(self, wrong: NamedNode, accepted: set[Term]) -> Repair:
        """Find the things that a link to nothing can have meant."""
        local, space = _local(wrong), wrong.value.removesuffix(_local(wrong))
        others = [NamedNode(other + local) for other in (ID, CODE, RKG)]
        found = [node for node in (*others, _slugged_node(wrong)) if self._is_known(node)]
        if not found:
            new = {_local(node): node for node in self._new if node.value.startswith(space)}
            found = [new[name] for name in nearest(local, new)]
            for name in one_error_away(local):
                node = _node(space + name)
                if node is not None and node not in found and self._is_known(node):
                    found.append(node)
        if not found:
            kinds = self._store.quads_for_pattern(None, TYPE, None, NamedNode(STATED))
            many = (q.subject for q in islice(kinds, _LOOKED_THROUGH))
            by_name = {
                _local(node): node
                for node in many
                if isinstance(node, NamedNode) and node.value.startswith(space)
            }
            found = [by_name[name] for name in nearest(local, by_name)]
            if not found:
                fitting = {n: t for n, t in by_name.items() if self._fits(t, accepted)}
                near = did_you_mean(local, fitting)
                return Repair(near and re.sub(r'"(.+?)"', _shortened(space), near))
        right = [node for node in found if self._fits(node, accepted)]
        return _asked(right) if right else _asked(found)._replace(term=None)

    def _named(self, wrong: Literal, accepted: set[Term]) -> Repair:
        """Find the things that a text names where a thing has to be."""
        spelt = [Literal(wrong.value), *(Literal(wrong.value, language=t) for t in _LANGUAGES)]
        found = {
            quad.subject
            for label in _LABELS
            for text in spelt
            for quad in self._store.quads_for_pattern(None, label, text)
            if isinstance(quad.subject, NamedNode) and self._fits(quad.subject, accepted)
        }
        node = _node(ID + _slug(wrong.value))
        if not found and node and self._is_known(node) and self._fits(node, accepted):
            found = {node}
        return _asked(sorted(found, key=value))

    def _datatype(self, violation: Violation, wrong: Literal) -> Repair:
        """Write a literal with the datatype or the language that its shape asks for."""
        expected = value(violation.expected) if violation.expected else ""
        right: Literal | None = None
        if expected == RDF + "langString":
            if wrong.datatype.value == XSD + "string" and self._lacks_english(violation):
                right = Literal(wrong.value, language="en")
            help = f"write {right}" if right else 'say its language, as in "Lima"@es'
            return Repair(help, right)
        if expected == XSD + "string" and wrong.language:
            right = Literal(wrong.value)
            return Repair(f'leave out "@{wrong.language}"', right)
        text = wrong.value.strip()
        candidate = Literal(text, datatype=NamedNode(expected)) if expected else None
        if candidate is not None and not list(literals.flaws(candidate)):
            return Repair(f"write {written(candidate, PREFIXES)}", candidate)
        return Repair()

    def _lacks_english(self, violation: Violation) -> bool:
        if violation.path is None or not violation.path.endswith(("label", "gist")):
            return False
        texts = objects(self._store, violation.focus, violation.path)
        tags = [text.language or "" for text in texts if isinstance(text, Literal)]
        return not any(tag.partition("-")[0] == "en" for tag in tags)

    def _accepted(self, violation: Violation) -> set[Term]:
        if violation.code == "class" and violation.expected is not None:
            return {violation.expected}
        focus: Any = violation.focus
        links = self._store.quads_for_pattern(focus, None, violation.value, NamedNode(STATED))
        paths = {quad.predicate.value for quad in links}
        return {kind for path in paths for kind in self._shapes.expected_classes(path)}

    def _fits(self, node: NamedNode, accepted: set[Term]) -> bool:
        return not accepted or not self._of(node).isdisjoint(accepted)

    def _of(self, node: Term) -> set[Term]:
        return self._classes.of(node) if isinstance(node, NamedNode) else set()

    def _is_known(self, node: NamedNode) -> bool:
        return any(
            True for graph in SEEN for _ in self._store.quads_for_pattern(node, None, None, graph)
        )

    def _said(self, focus: Term, predicate: NamedNode) -> list[Term]:
        return objects(self._store, focus, predicate.value)


def spelled(iri: str, prefixes: Mapping[str, str]) -> str:
    """Write an IRI by the prefixes of a file, in full where none fits.

    >>> spelled("urn:a", {})
    '<urn:a>'
    """
    fitting = [
        (len(namespace), prefix)
        for prefix, namespace in prefixes.items()
        if iri.startswith(namespace) and re.fullmatch(r"\w[\w-]*", iri[len(namespace) :], re.ASCII)
    ]
    if not fitting:
        return f"<{iri}>"
    length, prefix = max(fitting)
    return f"{prefix}:{iri[length:]}"


def written(term: Term, prefixes: Mapping[str, str], *, short: bool = True) -> str:
    """Write a term as Turtle by the prefixes of a file, without `short` as N-Triples do.

    >>> written(Literal("Lima", language="es"), {})
    '"Lima"@es'
    """
    if isinstance(term, NamedNode):
        return spelled(term.value, prefixes)
    if isinstance(term, Literal) and not term.language:
        datatype = term.datatype.value
        if short and datatype == XSD + "boolean" and term.value in ("true", "false"):
            return term.value
        if (
            short
            and datatype in _SHORTHANDS
            and re.fullmatch(_SHORTHANDS[datatype], term.value, re.ASCII)
        ):
            return term.value
        if datatype != XSD + "string":
            return f"{Literal(term.value)}^^{spelled(datatype, prefixes)}"
    return str(term)


def _asked(nodes: list[NamedNode]) -> Repair:
    nodes = list(dict.fromkeys(nodes))
    names = [shorten(node.value) for node in nodes[:3]]
    return Repair(asked_back(names), nodes[0] if len(nodes) == 1 else None)


def _local(node: NamedNode) -> str:
    return re.split("[/#]", node.value)[-1]


def _slug(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")


def _slugged(iri: str) -> str:
    local = re.split("[/#]", iri)[-1]
    return iri.removesuffix(local) + _slug(re.sub(r"(?<=[a-z])(?=[A-Z])", "-", local))


def _slugged_node(node: NamedNode) -> NamedNode:
    return _node(_slugged(node.value)) or node


def _node(iri: str) -> NamedNode | None:
    try:
        return NamedNode(iri)
    except ValueError:
        return None


def _shortened(space: str) -> str:
    return rf'"{shorten(space + "x")[:-1]}\1"'
