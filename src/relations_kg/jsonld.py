"""JSON-LD 1.1, compact with the project's context, which comes along in the document."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from relations_kg._files import content, folder
from relations_kg.namespaces import RDF, XSD, shorten
from relations_kg.terms import EngineTerm, value

_NATIVE: dict[str, Callable[[str], object]] = {
    XSD + "integer": int,
    XSD + "boolean": {"true": True, "false": False}.get,
}


def context() -> dict[str, Any]:
    """Read the published context: what each key of the JSON means."""
    text = content(folder("ontology"), "context.jsonld")
    terms: dict[str, Any] = json.loads(text)["@context"]
    return terms


def serialize(quads: Iterable[Quad]) -> bytes:
    """Write quads as one document, its nodes and their keys in the order the quads come in.

    Graph names are left out: JSON-LD here is a view of the facts for readers of JSON.
    """
    writer = _Writer(context())
    nodes: dict[str, dict[str, Any]] = {}
    for quad in quads:
        identifier = writer.identifier(quad.subject)
        node = nodes.setdefault(identifier, {"@id": identifier})
        writer.add(node, quad)
    document = {"@context": writer.terms, "@graph": list(nodes.values())}
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


class _Writer:
    def __init__(self, terms: dict[str, Any]) -> None:
        self.terms = terms
        self._namespaces = {
            key: value for key, value in terms.items() if isinstance(value, str) and key[0] != "@"
        }
        self._keys = {
            self._expanded(definition["@id"] if "@id" in definition else terms["@vocab"] + key): key
            for key, definition in terms.items()
            if isinstance(definition, dict)
        }

    def identifier(self, term: EngineTerm) -> str:
        if isinstance(term, BlankNode):
            return str(term)
        iri = value(term)
        for prefix, namespace in self._namespaces.items():
            # What begins with // after the colon would be read as an IRI and not as a short form.
            if iri.startswith(namespace) and not iri.startswith("//", len(namespace)):
                return f"{prefix}:{iri[len(namespace) :]}"
        return iri

    def add(self, node: dict[str, Any], quad: Quad) -> None:
        if quad.predicate.value == RDF + "type" and isinstance(quad.object, NamedNode):
            node.setdefault("@type", []).append(self._type(quad.object.value))
            return
        key = self._keys.get(quad.predicate.value)
        definition = self.terms[key] if key else {}
        if key and definition.get("@container") == "@language":
            if isinstance(quad.object, Literal) and _is_text(quad.object):
                values = node.setdefault(key, {}).setdefault(quad.object.language or "@none", [])
                values.append(quad.object.value)
                return
            # A map from languages to texts has no place for anything else.
            key, definition = None, {}
        key = key or self.identifier(quad.predicate)
        node.setdefault(key, []).append(self._value(quad.object, definition.get("@type")))

    def _type(self, iri: str) -> str:
        vocabulary: str = self.terms["@vocab"]
        return iri.removeprefix(vocabulary) if iri.startswith(vocabulary) else shorten(iri)

    def _value(self, term: Any, coerced: str | None) -> Any:
        if not isinstance(term, Literal):
            identifier = self.identifier(term)
            return identifier if coerced == "@id" else {"@id": identifier}
        datatype = term.datatype.value
        if term.language:
            return {"@value": term.value, "@language": term.language}
        if coerced and self._expanded(coerced) == datatype:
            return term.value
        # Readers of JSON keep 15 digits of a number, and only its shortest form.
        if not coerced and datatype in _NATIVE and len(term.value) <= 15:
            with suppress(ValueError):
                native = _NATIVE[datatype](term.value)
                if native is not None and json.dumps(native) == term.value:
                    return native
        if not coerced and datatype == XSD + "string":
            return term.value
        return {"@value": term.value, "@type": self.identifier(term.datatype)}

    def _expanded(self, curie: str) -> str:
        prefix, _, local = curie.partition(":")
        return self._namespaces[prefix] + local if prefix in self._namespaces else curie


def _is_text(literal: Literal) -> bool:
    return bool(literal.language) or literal.datatype.value == XSD + "string"
