"""Entries: the facts of an export thing by thing, as texts and in their order.

The terms are as N-Triples writes them: that is how they come out of the engine fastest, and their
escapes are those of Turtle. A line of N-Triples is a fact, and its terms have a space between them.
"""

from __future__ import annotations

from collections.abc import Mapping

from relations_kg.rdf.namespaces import RDF, RDFS

# A thing, and what is said of it: properties with their values, each in its place.
Entry = tuple[str, list[tuple[str, str]]]

TYPE = f"<{RDF}type>"
_FIRST = {TYPE: 0, f"<{RDFS}label>": 1}


def entries(
    content: bytes, kinds: Mapping[str, str] | None = None, days: Mapping[str, str] | None = None
) -> list[Entry]:
    """Put N-Triples in order: things by kind, day and IRI; kinds and labels before other facts.

    Without `kinds`, a thing's kind is the first of its classes.

    >>> entries(b'<urn:b> <urn:p> "1" .\\n<urn:a> <urn:p> "2" .\\n')
    [('<urn:a>', [('<urn:p>', '"2"')]), ('<urn:b>', [('<urn:p>', '"1"')])]
    """
    found: dict[str, list[tuple[str, str]]] = {}
    # In the order of the engine the facts of a thing lie together: a set would lose that.
    for line in dict.fromkeys(sorted(content.splitlines(keepends=True))):
        subject, predicate, rest = line.decode().split(" ", 2)
        found.setdefault(subject, []).append((predicate, rest[:-3]))
    for facts in found.values():
        facts.sort(key=lambda fact: _FIRST.get(fact[0], len(_FIRST)))
    if kinds is None:
        # The first fact of a thing of some kind is that it is.
        kinds = {thing: facts[0][1] for thing, facts in found.items() if facts[0][0] == TYPE}
    days = days or {}
    order = {thing: (kinds.get(thing, ""), days.get(thing, ""), thing) for thing in found}
    return [(thing, found[thing]) for thing in sorted(found, key=order.__getitem__)]
