"""Violations put into sentences, with labels for things and short forms for terms."""

from __future__ import annotations

import re

from pyoxigraph import BlankNode, Literal, NamedNode, Store

from relations_kg.answers.names import Names
from relations_kg.rdf.namespaces import RDF, RKG, STATED, XSD, shorten
from relations_kg.rdf.terms import TYPE, Term, value
from relations_kg.validation.violations import Violation

# By the kind of a Core constraint. The rule itself, in its own words, then tells what is right.
_CORE = {
    "class": "{path} of {this} must point to a {expected}; {value} is {kinds}",
    "datatype": "{path} of {this} must be a {expected}; {value} is {kinds}",
    "disjoint": "{path} and {expected} of {this} are both {value}",
    "less-than": "{path} of {this} is {value}, which is not less than its {expected}",
    "less-than-or-equals": "{path} of {this} is {value}, which is more than its {expected}",
    "max-count": "{this} has more than one {path}",
    "min-count": "{this} needs {path}",
    "min-inclusive": "{path} of {this} is {value}, which is less than {expected}",
    "node-kind": "{path} of {this} is {value}",
    "or": "{path} of {this} points to {value}, which is {kinds}",
    "pattern": "{path} of {this} is {value}",
    "qualified-min-count": "{this} has no {path} that fits",
    "unique-lang": "{this} has more than one {path} in one language",
}
_TEXTS = {RDF + "langString": "text with a language", XSD + "string": "text without a language"}
_NUMBERS = (XSD + "integer", XSD + "decimal")
_NUMBER = re.compile(r"[+-]?[0-9.]+")
_PLACEHOLDER = re.compile(r"\{[$?]?(\w+)\}")


class Wording:
    """Word violations found in a store."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._names = Names(store)

    def sentence(self, violation: Violation) -> tuple[str, str | None]:
        """Return what is wrong, and the rule if that says what would be right."""
        template = _CORE.get(violation.code) if violation.path else None
        words = {name: self.name(term) for name, term in violation.bindings.items()}
        words["this"] = self.name(violation.focus)
        words["value"] = self.name(violation.value)
        words["path"] = shorten(violation.path or "")
        words["expected"] = self.name(violation.expected)
        words["kinds"] = self._kinds(violation.value, violation.expected)
        text = _PLACEHOLDER.sub(
            lambda match: words.get(match[1], match[0]), template or violation.message
        )
        return text.removesuffix("."), violation.message if template else None

    def name(self, term: Term | None) -> str:
        """Name a term: a thing by its label in quotes, a term of a vocabulary by its short form."""
        if isinstance(term, NamedNode):
            if term.value in _TEXTS:
                return _TEXTS[term.value]
            short = shorten(term.value)
            label = short if term.value.startswith(RKG) else self._names.label(term.value)
            return short if label == short else f'"{label}"'
        if isinstance(term, Literal):
            number = term.datatype.value in _NUMBERS and _NUMBER.fullmatch(term.value)
            return term.value if number else f'"{term.value}"'
        return "a node without an IRI"

    def _kinds(self, term: Term | None, expected: Term | None = None) -> str:
        if isinstance(term, Literal) and term.datatype == expected:
            return "none"
        if isinstance(term, Literal) and term.language:
            return f"a text in {term.language}"
        if isinstance(term, Literal):
            return f"a {self.name(term.datatype)}"
        if not isinstance(term, NamedNode | BlankNode):
            return ""
        graph = NamedNode(STATED)
        kinds = sorted(
            shorten(value(quad.object))
            for quad in self._store.quads_for_pattern(term, TYPE, None, graph)
        )
        if kinds:
            return "a " + " and a ".join(kinds)
        described = any(True for _ in self._store.quads_for_pattern(term, None, None, graph))
        return "of no class" if described else "described nowhere"
