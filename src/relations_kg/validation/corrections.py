"""Corrections: the terms that were probably meant, found by spelling and by the shapes."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from functools import cached_property
from itertools import chain, islice
from typing import Any

from pyoxigraph import Literal, NamedNode

from relations_kg.answers.knowledge import Knowledge
from relations_kg.rdf import extensions, literals
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
from relations_kg.rdf.spelling import (
    asked_back,
    did_you_mean,
    nearest,
    nearest_codes,
    one_error_away,
    words,
)
from relations_kg.rdf.terms import TYPE, Term, named, objects, pairs, value
from relations_kg.validation.classes import Classes
from relations_kg.validation.code_corrections import CodeCorrections
from relations_kg.validation.constraints import seen
from relations_kg.validation.correction import Correction, local_name, slug, slugged
from relations_kg.validation.definitions import Definitions
from relations_kg.validation.fitting_properties import FittingProperties
from relations_kg.validation.notation import written
from relations_kg.validation.shapes import Shapes
from relations_kg.validation.violations import Violation

_PROPERTIES = ("ObjectProperty", "DatatypeProperty", "AnnotationProperty")
_ABOUT_LINKS = ("class", "or", "dangling-link", "node-kind", "code-list")
_LABELS = (NamedNode(RDFS + "label"), NamedNode(SKOS + "prefLabel"), NamedNode(SKOS + "altLabel"))
_LANGUAGES = ("en", "es", "pt", "zh")
# In data with more things than this, corrections of names allow only one typing error.
_MOST_THINGS = 4_000
# Corrections are suggested for the first violations only, since few users read more.
_MOST_CORRECTIONS = 500
_MOST_CLAUSES = 3


class Corrections:
    """The corrections of violations in a graph with the new and the known facts."""

    def __init__(self, graph: Knowledge, shapes: Shapes, new: Iterable[NamedNode] = ()) -> None:
        self._store = store = graph.quad_store
        self._shapes = shapes
        self._new = new
        self._classes = Classes(store)
        self._spaces = extensions.spaces(store)
        self._definitions = Definitions(store)
        self._properties = FittingProperties(store, self._classes, shapes)
        self._codes = CodeCorrections(graph, self._classes, self._definitions)
        self._sought = 0
        self._fitting: dict[tuple[str, frozenset[Term]], list[str]] = {}

    def of(self, violation: Violation) -> Correction:
        """Return the correction of a violation's value; it is empty if there is no suggestion."""
        self._sought += 1
        if self._sought > _MOST_CORRECTIONS:
            return Correction()
        code, wrong = violation.code, violation.value
        if code == "bad-iri":
            return Correction(f"write {shorten(slugged(value(violation.focus)))}")
        if isinstance(wrong, NamedNode):
            if code in ("foreign-term", "unknown-term"):
                return self._term(wrong, violation.focus, foreign=code == "foreign-term")
            if code == "code-list":
                return self._codes.of(violation, wrong)
            if code == "wrong-subject" and (others := self._instead(violation.focus, wrong)):
                return Correction(asked_back(others))
            if code in ("wrong-subject", "misplaced"):
                notes = objects(self._store, wrong, SKOS + "scopeNote", ONTOLOGY)
                return Correction(value(notes[0]).removesuffix(".")) if notes else Correction()
            if code in _ABOUT_LINKS and not self._is_known(wrong):
                return self._thing(wrong, self._accepted(violation))
            if code in ("class", "or") and isinstance(violation.focus, NamedNode):
                return Correction(note=self._fitting_instead(violation, wrong))
        if isinstance(wrong, Literal):
            if code == "datatype":
                return self._datatype(violation, wrong)
            if code in ("or", "pattern") and (correction := self._respelt(violation, wrong)):
                return correction
            if code in _ABOUT_LINKS:
                return self._named(wrong, self._accepted(violation))
        return Correction()

    def _term(self, wrong: NamedNode, focus: Term, *, foreign: bool) -> Correction:
        local, values = local_name(wrong.value), objects(self._store, focus, wrong.value)
        # A thing or a code can be neither a property nor a class.
        is_object = not values and wrong not in objects(self._store, focus, TYPE.value)
        spaces = (*((ID, CODE) if is_object else ()), *self._spaces)
        known = self._known(space + local for space in spaces)
        if known or (foreign and not wrong.value.startswith((ID, CODE))):
            return Correction.of(known, bool)
        ontology = NamedNode(ONTOLOGY)
        pool = named(
            quad.subject
            for kind in (_PROPERTIES if values else ("Class",))
            for quad in self._store.quads_for_pattern(None, TYPE, NamedNode(OWL + kind), ontology)
        )
        if values:
            pool += NamedNode(RDFS + "label"), NamedNode(RDFS + "comment")
        near = self._called(local, pool) or _nearest(local, pool)
        if not near and values and (others := self._instead(focus, wrong)):
            return Correction(asked_back(others))
        if not near:
            return Correction(did_you_mean(shorten(wrong.value), map(shorten, map(value, pool))))
        if values:
            return Correction.of(near, lambda node: self._fits_property(node, focus, values))
        return Correction.of(near, lambda node: self._fits_class(node, focus))

    def _instead(self, focus: Term, wrong: NamedNode) -> list[str]:
        """Return the properties that accept a thing's value for a wrong property."""
        # A set, since the store has each checked fact in two graphs.
        values = {*objects(self._store, focus, wrong.value)}
        if not isinstance(focus, NamedNode) or len(values) != 1:
            return []
        (node,) = values
        found = self._properties.of(focus, node) if isinstance(node, NamedNode) else []
        return [shorten(name.value) for name in found if name != wrong]

    def _fitting_instead(self, violation: Violation, wrong: NamedNode) -> str | None:
        """Return advice for a value of the wrong class, or None.

        It names the properties that accept the value, and the things linked from it that fit.
        """
        assert isinstance(violation.focus, NamedNode)
        found = self._properties.of(violation.focus, wrong)
        names = [shorten(name.value) for name in found if name.value != violation.path]
        clauses = [f"{' or '.join(names)} takes such a value"] if names else []
        accepted = self._accepted(violation)
        for quad in self._store.quads_for_pattern(wrong, None, None, NamedNode(STATED)):
            fits = isinstance(quad.object, NamedNode) and self._fits(quad.object, accepted)
            if fits and accepted and quad.predicate != TYPE:
                thing, name = shorten(value(quad.object)), shorten(quad.predicate.value)
                clauses.append(f"{thing} fits, the {name} of {shorten(wrong.value)}")
        return "; ".join(clauses[:_MOST_CLAUSES]) or None

    def _called(self, local: str, pool: Collection[NamedNode]) -> list[NamedNode]:
        """Return the terms of `pool` that have a name as a label, also without "has" or "is"."""
        asked = words(local), words(re.sub(r"^(has|is)(?=[A-Z])", "", local))
        found = {term for text in asked for term in self._terms.get(text, ())}
        return [node for node in pool if node in found]

    @cached_property
    def _terms(self) -> dict[str, list[Term]]:
        """The terms of the ontology by the words of their labels and hidden labels."""
        found: dict[str, list[Term]] = {}
        for label in (*_LABELS, NamedNode(SKOS + "hiddenLabel")):
            for term, text in pairs(self._store, label.value, ONTOLOGY):
                found.setdefault(words(value(text)), []).append(term)
        return found

    def _fits_property(self, node: NamedNode, focus: Term, values: list[Term]) -> bool:
        """Return whether a property fits the class of a thing and the kind of its values."""
        literal = any(isinstance(each, Literal) for each in values)
        kind = "ObjectProperty" if literal else "DatatypeProperty"
        if NamedNode(OWL + kind) in objects(self._store, node, TYPE.value):
            return False
        return self._fits(focus, objects(self._store, node, RDFS + "domain"))

    def _fits_class(self, node: NamedNode, focus: Any) -> bool:
        """Return whether a class fits the facts about a thing and the links to it."""
        stated = NamedNode(STATED)
        facts = list(self._store.quads_for_pattern(focus, None, None, stated))
        links = list(islice(self._store.quads_for_pattern(None, None, focus, stated), 100))
        above = self._classes.above(node)
        domains = (objects(self._store, quad.predicate, RDFS + "domain") for quad in facts)
        ranges = (self._shapes.expected_classes(quad.predicate.value) for quad in links)
        return not any(each and above.isdisjoint(each) for each in chain(domains, ranges))

    def _thing(self, wrong: NamedNode, accepted: set[Term]) -> Correction:
        """Return a correction with the things to which a dangling link probably should point."""
        local, space = local_name(wrong.value), wrong.value.removesuffix(local_name(wrong.value))
        found = self._known((ID + local, CODE + local, RKG + local, slugged(wrong.value)))
        if not found and len(self._known_things) > _MOST_THINGS:
            found = self._known(space + name for name in one_error_away(local))
        names, of = self._things.get(space, {}), self._definitions
        near = nearest_codes(local, names, of.words) if space == CODE else nearest(local, names)
        if space == ID and not found:
            found = self._called_things(local.replace("-", " "), accepted)
        if not any(node.value.startswith(space) for node in found):
            found += [names[name] for name in near]
        if found:
            return Correction.of(found, lambda node: self._fits(node, accepted))
        if space == CODE:
            return Correction()
        key = (space, frozenset(accepted))
        if key not in self._fitting:
            self._fitting[key] = [n for n, node in names.items() if self._fits(node, accepted)]
        near_it = did_you_mean(local, self._fitting[key])
        prefix = shorten(space + "x")[:-1]
        return Correction(near_it and re.sub(r'"(.+?)"', rf'"{prefix}\1"', near_it))

    def _called_things(self, name: str, accepted: set[Term]) -> list[NamedNode]:
        """Return the things of accepted classes with a name as a label, or else of any class."""
        found = [node for node in self._by_name.get(name.casefold(), ()) if self._is_known(node)]
        return [node for node in found if self._fits(node, accepted)] or found

    @cached_property
    def _by_name(self) -> dict[str, list[NamedNode]]:
        """The known things by their labels in lower case; empty if there are too many."""
        found: dict[str, list[NamedNode]] = {}
        if len(self._known_things) > _MOST_THINGS:
            return found
        for label in _LABELS:
            for quad in self._store.quads_for_pattern(None, label, None, NamedNode(STATED)):
                if isinstance(quad.subject, NamedNode):
                    found.setdefault(value(quad.object).casefold(), []).append(quad.subject)
        return found

    @cached_property
    def _things(self) -> dict[str, dict[str, NamedNode]]:
        """The ontology's terms, the new and up to _MOST_THINGS known things by local name.

        The outer key is the namespace.
        """
        found: dict[str, dict[str, NamedNode]] = {}
        find, ontology = self._store.quads_for_pattern, NamedNode(ONTOLOGY)
        terms = named(quad.subject for quad in find(None, TYPE, None, ontology))
        for node in (*terms, *self._known_things[:_MOST_THINGS], *self._new):
            local = local_name(node.value)
            found.setdefault(node.value.removesuffix(local), {})[local] = node
        return found

    @cached_property
    def _known_things(self) -> list[NamedNode]:
        """The things of the first _MOST_THINGS + 1 facts that state a class."""
        find, stated, most = self._store.quads_for_pattern, NamedNode(STATED), _MOST_THINGS + 1
        return named(quad.subject for quad in islice(find(None, TYPE, None, stated), most))

    def _named(self, wrong: Literal, accepted: set[Term]) -> Correction:
        """Return a correction with the things that a text names in place of a link.

        If none fits and a class is expected, it advises how to describe one.
        """
        spelt = [Literal(wrong.value), *(Literal(wrong.value, language=t) for t in _LANGUAGES)]
        found = named(
            quad.subject
            for label in _LABELS
            for text in spelt
            for quad in self._store.quads_for_pattern(None, label, text)
        )
        fitting = [node for node in found if self._fits(node, accepted)]
        if not fitting:
            by_slug = self._known([ID + slug(wrong.value)])
            fitting = [node for node in by_slug if self._fits(node, accepted)]
        if not fitting and accepted:
            kind = min(shorten(value(each)) for each in accepted)
            name = slug(wrong.value) or "a-thing"
            return Correction(note=f"describe it, such as id:{name} a {kind}, and write id:{name}")
        return Correction.of(sorted(fitting, key=value), bool)

    def _datatype(self, violation: Violation, wrong: Literal) -> Correction:
        """Return a correction to the datatype or the language that a literal's shape asks for."""
        expected = value(violation.expected) if violation.expected else ""
        if expected == RDF + "langString":
            if wrong.datatype.value == XSD + "string" and self._lacks_english(violation):
                right = Literal(wrong.value, language="en")
                return Correction(f"write {right}", right)
            return Correction('add its language, as in "Lima"@es')
        if expected == XSD + "string" and wrong.language:
            return Correction(f'leave out "@{wrong.language}"', Literal(wrong.value))
        if expected:
            right = Literal(wrong.value.strip(), datatype=NamedNode(expected))
            for flaw in literals.flaws(right):
                right = Literal(flaw.right or wrong.value, datatype=NamedNode(expected))
            if not any(literals.flaws(right)):
                return Correction(f"write {written(right, PREFIXES)}", right)
        return Correction()

    def _respelt(self, violation: Violation, wrong: Literal) -> Correction | None:
        """Return a correction to a datatype that a literal's shape accepts, or None."""
        datatypes = named(self._shapes.expected_datatypes(violation.path or ""))
        found, helps = literals.respelt(wrong.value, datatypes)
        if found and violation.code != "pattern":
            right = min(found, key=lambda each: len(written(each, PREFIXES)))
            return Correction(f"write {written(right, PREFIXES)}", right)
        return Correction(helps[0]) if helps else None

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
        find, stated = self._store.quads_for_pattern, NamedNode(STATED)
        paths = {quad.predicate.value for quad in find(focus, None, violation.value, stated)}
        return {kind for path in paths for kind in self._shapes.expected_classes(path)}

    def _fits(self, node: Term, accepted: Collection[Term]) -> bool:
        """Return whether a thing is of an accepted class; return true if none is given."""
        kinds = self._classes.of(node) if isinstance(node, NamedNode) else set()
        return not accepted or not kinds.isdisjoint(accepted)

    def _known(self, iris: Iterable[str]) -> list[NamedNode]:
        """Return the things with facts among the IRIs, some of which may be malformed."""
        return [node for iri in iris if (node := _node(iri)) and self._is_known(node)]

    def _is_known(self, node: NamedNode) -> bool:
        return any(seen(self._store, node))


def _nearest(name: str, nodes: Iterable[NamedNode]) -> list[NamedNode]:
    """Return the nodes whose local names differ from a name by the fewest typing errors."""
    by_name: dict[str, list[NamedNode]] = {}
    for node in nodes:
        by_name.setdefault(local_name(node.value), []).append(node)
    return [node for near in nearest(name, by_name) for node in by_name[near]]


def _node(iri: str) -> NamedNode | None:
    try:
        return NamedNode(iri)
    except ValueError:
        return None
