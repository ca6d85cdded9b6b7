"""Other vocabularies and datasets: their usual prefixes, and equivalents in the graph."""

from __future__ import annotations

import re

from relations_kg._files import toml

# The prefixes of datasets with identifiers in the graph.
_DATASETS = ("dbr", "gn", "wd", "wiki")


def usual(local: str) -> str | None:
    """Return advice on what to use in this graph for a property with this local name, or None.

    >>> usual("startDate")
    'dates are rkg:when, rkg:earliestStart'
    """
    known = toml("rdf/vocabularies.toml")["usual"].items()
    return next((help for help, words in known if local.lower() in words.split()), None)


def instead_of(name: str) -> str | None:
    """Return what to write instead of a name with an undeclared prefix, or None.

    >>> instead_of("foaf:name"), instead_of("cp:s032")
    ('names are rdfs:label', 'write src:DOCUMENT\\\\/s032, such as src:china-peru\\\\/s032')
    """
    prefix, _, local = name.partition(":")
    if re.fullmatch("s[0-9]+", local):
        # The files of data declare a prefix for the passages of their document.
        return f"write src:DOCUMENT\\/{local}, such as src:china-peru\\/{local}"
    if prefix in _DATASETS:
        return f"relations-kg show {name} finds what it identifies"
    if not (address := toml("rdf/vocabularies.toml")["prefixes"].get(prefix)):
        return None
    return usual(local) or f"write PREFIX {prefix}: <{address}> before the query"
