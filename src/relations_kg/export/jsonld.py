"""The writer of JSON-LD 1.1, compacted with the project's context, which is embedded."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Mapping
from functools import cache
from itertools import groupby
from json.encoder import encode_basestring as quoted
from operator import itemgetter
from typing import Any

from relations_kg.errors import InputError
from relations_kg.export.entries import TYPE, Facts
from relations_kg.rdf.namespaces import RKG, XSD
from relations_kg.reader.jsonld import published

# JSON parsers preserve only 15 digits of a number, and not its lexical form.
_NATIVE = {
    XSD + "integer": re.compile(r"0|-?[1-9][0-9]{0,13}"),
    XSD + "boolean": re.compile(r"true|false"),
}
# A nested object of at most this many characters is written on one line.
_SHORT = 96


@cache
def context() -> dict[str, Any]:
    """Return the published JSON-LD context."""
    terms: dict[str, Any] = published.context()
    return terms


@cache
def _written() -> dict[str, str]:
    """Return the keys of the published context with their values, as JSON."""
    return {name: f"{quoted(name)}: {_json(meaning)}" for name, meaning in context().items()}


def write(facts: Facts) -> bytes:
    """Return one document, with nodes and keys in the order of the facts.

    If the facts have a root, it is the only top-level node: things that point to it are nested
    under @reverse, and other things where they are first mentioned. If the facts have prefixes,
    the context has only these and @vocab. Graph names are left out.
    """
    entries, root = facts.entries(), facts.root
    own = {"@vocab": RKG, **facts.prefixes} if facts.prefixes else None
    terms = own or {**context(), **facts.own_prefixes}
    schemes = set[str]()
    while True:
        writer = _Writer(terms, schemes)
        if root is None:
            nodes = [_object(writer.fields(*entry, 2), 2) for entry in entries]
            fields = [f'"@graph": {_listed(nodes)}']
        else:
            fields = writer.tree(dict(entries), root)
        if writer.confused <= schemes:
            return f"{_object([_head(terms, schemes), *fields], 0)}\n".encode()
        schemes |= writer.confused


def _head(terms: Mapping[str, Any], schemes: set[str]) -> str:
    """Return the context, with a second context that removes the prefixes in `schemes`."""
    shipped, written = context(), _written()
    meanings = [
        written[name] if shipped.get(name) is meaning else f"{quoted(name)}: {_json(meaning)}"
        for name, meaning in terms.items()
    ]
    if not schemes:
        return f'"@context": {_object(meanings, 1)}'
    removed = [f"{quoted(scheme)}: null" for scheme in sorted(schemes)]
    return f'"@context": {_listed([_object(meanings, 2), _object(removed, 2)])}'


class Context:
    """The terms and prefixes of a JSON-LD context, used for compaction.

    No IRI is shortened with the prefixes in `schemes`. `confused` collects the schemes of IRIs that
    would be read as prefixes.
    """

    def __init__(self, terms: Mapping[str, Any], schemes: Collection[str] = ()) -> None:
        self.terms = terms
        self.confused = set[str]()
        self._schemes = schemes
        self._namespaces = {
            key: value for key, value in terms.items() if isinstance(value, str) and key[0] != "@"
        }
        self._keys = {
            self.expanded(definition["@id"] if "@id" in definition else terms["@vocab"] + key): key
            for key, definition in terms.items()
            if isinstance(definition, dict)
        }

    def key(self, iri: str) -> str:
        """Return the key of a property."""
        return self._keys.get(iri) or self.identifier(iri)

    def identifier(self, iri: str) -> str:
        """Return the compact IRI of an IRI, or the IRI itself if no prefix fits."""
        for prefix, namespace in self._namespaces.items():
            # A compact IRI with // after its colon would be read as an absolute IRI.
            if (
                iri.startswith(namespace)
                and not iri.startswith("//", len(namespace))
                and prefix not in self._schemes
            ):
                return f"{prefix}:{iri[len(namespace) :]}"
        scheme, _, rest = iri.partition(":")
        if scheme in self._namespaces and not rest.startswith("//"):
            self.confused.add(scheme)
        return iri

    def expanded(self, curie: str) -> str:
        """Return the IRI of a compact IRI."""
        prefix, _, local = curie.partition(":")
        return self._namespaces[prefix] + local if prefix in self._namespaces else curie


class _Writer:
    def __init__(self, terms: Mapping[str, Any], schemes: Collection[str]) -> None:
        self._context = Context(terms, schemes)
        self.confused = self._context.confused
        self._identifiers: dict[str, str] = {}
        self._values: dict[tuple[str, str], str] = {}
        # The things that are still to be written, each nested in another thing.
        self._inside: dict[str, list[tuple[str, str]]] = {}

    def fields(self, thing: str, facts: list[tuple[str, str]], depth: int) -> list[str]:
        """Return the keys of a thing with their values."""
        fields = [f'"@id": {self._identifier(thing)}']
        for predicate, same in groupby(facts, itemgetter(0)):
            objects = [object_ for _, object_ in same]
            if predicate == TYPE:
                kinds = [self._kind(term) for term in objects if term[0] == "<"]
                fields += [f'"@type": [{", ".join(kinds)}]'] if kinds else []
                objects = [term for term in objects if term[0] != "<"]
            fields += self._values_of(predicate[1:-1], objects, depth)
        return fields

    def tree(self, found: dict[str, list[tuple[str, str]]], root: str) -> list[str]:
        """Return the keys of the root, with all other things nested in it."""
        own = found.pop(root, [])
        reverse: dict[str, dict[str, None]] = {}
        for thing, facts in found.items():
            for predicate, object_ in facts:
                if object_ == root:
                    reverse.setdefault(predicate, {})[thing] = None
        pointing = {
            thing: found.pop(thing)
            for things in reverse.values()
            for thing in things
            if thing in found
        }
        self._inside = found
        fields = self.fields(root, own, 0)
        keys = []
        for predicate, things in sorted(reverse.items()):
            nodes = []
            for thing in things:
                facts = pointing.pop(thing, [])
                # @reverse already states this fact; only a class is repeated.
                kept = [fact for fact in facts if fact[1] != root or fact[0] == TYPE]
                nodes.append(_object(self.fields(thing, kept, 3), 3))
            keys.append(f"{self._key(predicate[1:-1])}: {_listed(nodes, 2)}")
        return [*fields, f'"@reverse": {_object(keys, 1)}'] if keys else fields

    def _values_of(self, predicate: str, objects: list[str], depth: int) -> list[str]:
        key = self._context.key(predicate)
        definition = self._context.terms.get(key, {})
        fields = []
        if isinstance(definition, dict) and definition.get("@container") == "@language":
            texts: dict[str, list[str]] = {}
            rest = []
            for term in objects:
                body, _, suffix = term.rpartition('"')
                # A language map can contain only strings.
                if not body or suffix.startswith("^^") or "--" in suffix:
                    rest.append(term)
                else:
                    texts.setdefault(suffix[1:] or "@none", []).append(_text(body))
            maps = [f"{quoted(tag)}: [{', '.join(same)}]" for tag, same in texts.items()]
            fields += [f"{quoted(key)}: {{{', '.join(maps)}}}"] if maps else []
            objects, definition = rest, {}
            key = self._context.identifier(predicate)
        if objects:
            coerced = definition.get("@type", "") if isinstance(definition, dict) else ""
            values = [self._value(term, coerced, depth) for term in objects]
            fields.append(f"{quoted(key)}: [{', '.join(values)}]")
        return fields

    def _value(self, term: str, coerced: str, depth: int) -> str:
        if self._inside and (facts := self._inside.pop(term, None)) is not None:
            fields = self.fields(term, facts, depth + 1)
            line = f"{{{', '.join(fields)}}}"
            return line if len(line) <= _SHORT else _object(fields, depth + 1)
        known = self._values.get((term, coerced))
        if known is None:
            known = self._values[term, coerced] = (
                self._literal(term, coerced) if term[0] == '"' else self._link(term, coerced)
            )
        return known

    def _link(self, term: str, coerced: str) -> str:
        identifier = self._identifier(term)
        return identifier if coerced == "@id" else f'{{"@id": {identifier}}}'

    def _literal(self, term: str, coerced: str) -> str:
        body, _, suffix = term.rpartition('"')
        text = _text(body)
        if suffix.startswith("@"):
            tag, _, direction = suffix[1:].partition("--")
            more = f', "@direction": "{direction}"' if direction else ""
            return f'{{"@value": {text}, "@language": "{tag}"{more}}}'
        datatype = suffix[3:-1] or XSD + "string"
        if coerced and self._context.expanded(coerced) == datatype:
            return text
        if not coerced and datatype in _NATIVE and _NATIVE[datatype].fullmatch(body, 1):
            return body[1:]
        if not coerced and not suffix:
            return text
        return f'{{"@value": {text}, "@type": {quoted(self._context.identifier(datatype))}}}'

    def _kind(self, term: str) -> str:
        iri = term[1:-1]
        vocabulary = self._context.terms["@vocab"]
        if iri.startswith(vocabulary):
            return quoted(iri.removeprefix(vocabulary))
        return self._identifier(term)

    def _key(self, predicate: str) -> str:
        return quoted(self._context.key(predicate))

    def _identifier(self, term: str) -> str:
        known = self._identifiers.get(term)
        if known is None:
            if term.startswith("<<"):
                raise InputError("JSON-LD cannot contain triple terms", help="use turtle")
            iri = term[1:-1] if term[0] == "<" else term
            known = self._identifiers[term] = quoted(self._context.identifier(iri))
        return known


def _text(body: str) -> str:
    """Return the JSON string for an N-Triples literal, given with its opening quote."""
    # All escapes that the engine writes are valid in JSON.
    return quoted(json.loads(f'{body}"', strict=False) if "\\" in body else body[1:])


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _object(fields: Iterable[str], depth: int) -> str:
    start = "\n" + " " * (depth + 1)
    return f"{{{start}{f',{start}'.join(fields)}{start[:-1]}}}"


def _listed(nodes: list[str], depth: int = 1) -> str:
    start = "\n" + " " * (depth + 1)
    return f"[{start}{f',{start}'.join(nodes)}{start[:-1]}]" if nodes else "[]"
