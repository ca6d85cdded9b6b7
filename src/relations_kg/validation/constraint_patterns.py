"""The triple patterns of SPARQL constraints, parsed at their use or when the wheel was built."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache
from os.path import isfile, join
from typing import TYPE_CHECKING

from relations_kg._files import PACKAGE, content
from relations_kg.errors import RelationsError
from relations_kg.sparql import cursor, parser

if TYPE_CHECKING:
    from relations_kg.sparql.structure import Scope as Group

FILE = "constraint_patterns.json"

# The numbers of the groups around a pattern, the outermost first.
Scope = tuple[int, ...]
# A subject, a path, an object, and the groups around them.
Pattern = tuple[str, str, str, Scope]


def patterns(select: str) -> list[Pattern]:
    """Return the triple patterns of a constraint outside EXISTS, each with its scope.

    Those of the package's own constraints come from a file of the wheel, so that validation need
    not import and run the parser. A checkout has no such file.

    >>> patterns("SELECT $this WHERE { $this rkg:actor/rkg:holder ?who }")
    [('$this', 'rkg:actor/rkg:holder', '?who', (3,))]
    """
    bare = _without_prefixes(select)
    return _built().get(bare) or _parsed(bare)


def build(selects: Iterable[str]) -> str:
    """Return the content of the file for constraints; equal constraints give equal contents."""
    return json.dumps({bare: _parsed(bare) for bare in sorted(map(_without_prefixes, selects))})


@cache
def _built() -> dict[str, list[Pattern]]:
    path = join(PACKAGE, FILE)
    found = json.loads(content(path)) if isfile(path) else {}
    return {
        select: [(*terms, tuple(scope)) for *terms, scope in each] for select, each in found.items()
    }


def _without_prefixes(select: str) -> str:
    """Return a SELECT without its prefixes, whose order varies and which patterns do not use."""
    _, word, rest = select.partition("SELECT ")
    return word + rest or select


def _parsed(select: str) -> list[Pattern]:
    try:
        query = parser.parse(select)
    except cursor.Mistake as mistake:
        message = f"a constraint is not supported: {mistake}"
        raise RelationsError(message, help=mistake.help) from None
    except cursor.Unknown:
        message = "a constraint is not supported: it has syntax of RDF 1.2, or is nested too deeply"
        raise RelationsError(message) from None
    found = [each for each in query.triples if not each.scope.is_within("EXISTS")]
    return [
        (
            query.word(each.subject),
            "".join(map(query.word, range(*each.predicate))),
            query.word(each.object),
            _around(each.scope),
        )
        for each in found
    ]


def _around(group: Group) -> Scope:
    return (*_around(group.parent), group.start) if group.parent else (group.start,)
