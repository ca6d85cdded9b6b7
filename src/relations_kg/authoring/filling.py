"""Templates of simple forms, filled in without the engine."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from pyoxigraph import NamedNode, Triple

from relations_kg.answers.queries import parts
from relations_kg.rdf.terms import TYPE, Term
from relations_kg.sparql.parser import parse
from relations_kg.warnings.names import iris

# The subject, the predicate and the object, each a term or the name of a variable.
Slots = tuple[Term | str, Term | str, Term | str]


def template(text: str) -> Sequence[Slots] | None:
    """Return the triples of a CONSTRUCT's template, or None if it needs the engine.

    The engine is needed for patterns besides the VALUES line, and for literals or blank nodes in
    the template.
    """
    before, *after = parts(text)
    if not re.search(r"(?i)\bWHERE\s*\{\s*$", before) or [end.strip() for end in after] != ["}"]:
        return None
    query = parse(text)
    addresses = iris(query)
    found: list[Slots] = []
    for triple in query.triples:
        if triple.scope is query.template:
            slots: list[Term | str] = []
            for index in (triple.subject, *range(*triple.predicate), triple.object):
                token = query.tokens[index]
                if token.lastgroup == "variable":
                    slots.append(token[0][1:])
                elif token[0] == "a" or index in addresses:
                    slots.append(TYPE if token[0] == "a" else NamedNode(addresses[index]))
            if len(slots) != 3:
                return None
            found.append((slots[0], slots[1], slots[2]))
    return found


def filled(slots: Sequence[Slots], terms: Mapping[str, Term]) -> Iterator[Triple]:
    """Yield the triples of a template whose variables all have terms, as the engine does."""
    for one, two, three in slots:
        subject = terms.get(one) if isinstance(one, str) else one
        predicate = terms.get(two) if isinstance(two, str) else two
        object_ = terms.get(three) if isinstance(three, str) else three
        is_fact = isinstance(subject, NamedNode) and isinstance(predicate, NamedNode)
        if is_fact and object_ is not None:
            yield Triple(subject, predicate, object_)  # type: ignore[arg-type]
