"""Checks of the durations, codes, lists and prefixes of an extension vocabulary."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from datetime import date

from pyoxigraph import BlankNode, NamedNode, Quad, Store

from relations_kg.errors import InputError
from relations_kg.rdf import durations
from relations_kg.rdf.namespaces import (
    BASE,
    ONTOLOGY,
    PREFIXES,
    RDF,
    RKG,
    SKOS,
    is_bundled,
    shorten,
)
from relations_kg.rdf.terms import Term, value
from relations_kg.reader.code_lists import code_lists
from relations_kg.reader.places import Reading
from relations_kg.reader.refusals import Refusal
from relations_kg.reasoning.reach_rules import LONGEST

_FIRST, _REST, _NIL = (NamedNode(RDF + name) for name in ("first", "rest", "nil"))
_IN_SCHEME = NamedNode(SKOS + "inScheme")
# Names of prefixes that would be mistaken for the scheme of an IRI.
_SCHEMES = ("http", "https", "urn", "file", "mailto", "tag", "data")
_IN_BRACKETS = "write the list as ( … )"


def error_at(reading: Reading, index: int, refused: Refusal) -> InputError:
    """Return the error for a refused statement of a file, with its place."""
    place = reading.where(index, refused.role)
    return InputError(
        refused.message,
        where=reading.file,
        line=place.line,
        column=place.column,
        help=refused.help,
    )


def refused_duration(quad: Quad) -> Refusal | None:
    """Return why reach cannot be calculated with a value of rkg:longestDuration, or None.

    Unlike a duration in facts, such a value is exact and has no hours.
    """
    if quad.predicate != LONGEST:
        return None
    try:
        durations.later(date.min, value(quad.object))
    except InputError:
        message = f"{value(quad.object)!r} is not the longest duration of a class"
        help = "write years, months, weeks or days, such as P8Y or P18M"
        return Refusal("vocabulary", message, 2, help)
    return None


def refused_code(quad: Quad, ontology: Store) -> Refusal | None:
    """Return the refusal of a value that is not in the code list of its property, or None."""
    name = quad.predicate.value
    scheme = code_lists()[0].get(name) if name.startswith(RKG) else None
    if scheme is None:
        return None
    graph = NamedNode(ONTOLOGY)
    in_list = ontology.quads_for_pattern(None, _IN_SCHEME, NamedNode(scheme), graph)
    codes = {value(each.subject) for each in in_list}
    if value(quad.object) in codes:
        return None
    given = quad.object
    shown = shorten(given.value) if isinstance(given, NamedNode) else repr(value(given))
    message = f"{shown} is not a code of {shorten(scheme)}, the list of {shorten(name)}"
    return Refusal("vocabulary", message, 2, f"use {' or '.join(map(shorten, sorted(codes)))}")


def check_lists(readings: Iterable[Reading]) -> None:
    """Raise InputError for a malformed list, or a blank node that is a part of itself.

    The compiler of axioms and the SHACL engines would follow a cycle for ever.
    """
    for reading in readings:
        if refused := _malformed(reading.quads) or _endless(reading.quads):
            raise error_at(reading, *refused)


def check_prefixes(readings: Iterable[Reading], of_terms: Collection[str]) -> None:
    """Raise InputError for a prefix that cannot stand for its namespace.

    `of_terms` are the namespaces in which the vocabulary defines terms.
    """
    known: dict[str, tuple[str, str]] = {}
    ours = (BASE, *(PREFIXES[prefix] for prefix in PREFIXES if is_bundled(prefix)))
    for reading in readings:
        for prefix, namespace in reading.prefixes.items():
            before, file = known.setdefault(prefix, (namespace, reading.file))
            shown = f"the prefix {prefix}:" if prefix else "a prefix without a name"
            message, help = f"{shown} cannot stand for <{namespace}>", "choose another, such as ex:"
            if before != namespace:
                message += f", since it stands for <{before}> in {file}"
                raise InputError(message, where=reading.file, help=help)
            is_ours = is_bundled(prefix) and PREFIXES[prefix] != namespace
            if is_ours or (prefix in ("", *_SCHEMES) and namespace in of_terms):
                raise InputError(message, where=reading.file, help=help)
            within = [space for space in ours if space.startswith(namespace)]
            if within and namespace in of_terms:
                message += f", which contains <{within[0]}>"
                help = f"define your terms in a narrower namespace, such as <{namespace}own#>"
                raise InputError(message, where=reading.file, help=help)


def _malformed(quads: Sequence[Quad]) -> tuple[int, Refusal] | None:
    """Return the index of a statement of a malformed list, and its refusal, or None."""
    links = Counter((q.subject, q.predicate) for q in quads if q.predicate in (_FIRST, _REST))
    for index, quad in enumerate(quads):
        nodes = [quad.subject] if quad.predicate in (_FIRST, _REST) else []
        nodes += [quad.object] if quad.predicate == _REST and quad.object != _NIL else []  # type: ignore[list-item]
        for node in nodes:
            for link, name in ((_FIRST, "rdf:first"), (_REST, "rdf:rest")):
                if (number := links[node, link]) != 1:
                    message = f"a node of this list has {number or 'no'} {name}"
                    return index, Refusal("vocabulary", message, 1, _IN_BRACKETS)
    return None


def _endless(quads: Collection[Quad]) -> tuple[int, Refusal] | None:
    """Return the index and refusal of a statement that closes a cycle of nodes, or None."""
    parts: dict[Term, list[tuple[int, Quad]]] = {}
    for index, quad in enumerate(quads):
        is_part = isinstance(quad.subject, BlankNode) and isinstance(quad.object, BlankNode)
        if is_part or quad.predicate == _REST:
            parts.setdefault(quad.subject, []).append((index, quad))  # type: ignore[arg-type]
    # A depth-first search without recursion, since a list may have thousands of members.
    done: set[Term] = set()
    for start in parts:
        path: dict[Term, None] = {}
        stack = [start]
        while stack:
            node = stack[-1]
            if node in done or node in path:
                stack.pop()
                if path and next(reversed(path)) == node:
                    del path[node]
                    done.add(node)
                continue
            path[node] = None
            for index, quad in parts.get(node, ()):
                if quad.object in path:
                    is_list = quad.predicate == _REST
                    message = f"this {'list' if is_list else 'blank node'} is a part of itself"
                    help = (
                        _IN_BRACKETS if is_list else "write it as [ … ], inside what it describes"
                    )
                    return index, Refusal("vocabulary", message, 2, help)
                stack.append(quad.object)  # type: ignore[arg-type]
    return None
