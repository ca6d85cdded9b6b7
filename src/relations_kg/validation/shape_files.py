"""The shapes and checks of a graph, from the package and from its vocabulary."""

from __future__ import annotations

import os
from functools import cache, lru_cache

from pyoxigraph import NamedNode, Quad, Store

from relations_kg._files import content, folder, paths
from relations_kg.errors import InputError, RelationsError
from relations_kg.rdf import extensions
from relations_kg.rdf.namespaces import SH, shorten
from relations_kg.rdf.terms import value
from relations_kg.validation import constraint_patterns
from relations_kg.validation.constraints import Check
from relations_kg.validation.shacl_core import can_compile
from relations_kg.validation.shapes import Shapes


@cache
def bundled() -> Shapes:
    """Return the shapes and checks that come with the package, read once."""
    return _with(frozenset())


def constraint_file() -> str:
    """Return the content of the wheel's file with the patterns of the bundled constraints."""
    constraints = (each for shape in bundled().node_shapes for each in shape.constraints)
    return constraint_patterns.build(c.select for c in constraints if c.has_other_subjects)


def shapes_of(store: Store) -> Shapes:
    """Return the bundled shapes and checks, with the shapes of the vocabulary of a store."""
    own = frozenset(store.quads_for_pattern(None, None, None, extensions.GRAPH))
    return _with(own) if own else bundled()


def check_shapes(store: Store) -> None:
    """Raise InputError if shapes in a store's vocabulary, or their patterns, cannot be read."""
    try:
        shapes_of(store).node_shapes  # noqa: B018
    except RelationsError as error:
        where = shorten(error.where) if error.where else None
        raise InputError(error.message, where=where, help=error.help) from None
    pattern = NamedNode(SH + "pattern")
    for quad in sorted(store.quads_for_pattern(None, pattern, None, extensions.GRAPH), key=str):
        if not can_compile(text := value(quad.object)):
            is_named = isinstance(quad.subject, NamedNode)
            names = ", ".join(extensions.files(store).values())
            raise InputError(
                f"the SHACL engine cannot compile the regular expression {text!r} of sh:pattern",
                where=shorten(value(quad.subject)) if is_named else names,
                help="close all brackets, and write no look-around; only pyshifty knows \\p{L}",
            )


@lru_cache(4)
def _with(own: frozenset[Quad]) -> Shapes:
    place = folder("ontology")
    checks = _checks("checks") + (_checks("vocabulary") if own else [])
    return Shapes(content(place, "shapes.ttl"), checks, own)


def _checks(name: str) -> list[Check]:
    """Return the checks in a folder of the ontology."""
    return [
        Check.parse(os.path.basename(path).removesuffix(".rq"), content(path).decode())
        for path in paths(os.path.join(folder("ontology"), name), ".rq")
    ]
