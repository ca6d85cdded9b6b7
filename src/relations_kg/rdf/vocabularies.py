"""Other vocabularies and datasets: their usual prefixes, and equivalents in the graph."""

from __future__ import annotations

import re

# Common names of properties in other graphs, with advice on the properties to use in this graph.
_USUAL = {
    "name title label fullname preflabel givenname familyname": "names are rdfs:label",
    "kind category": "write rkg:missionKind, rkg:visitKind or another kind",
    "p31 instanceof": "write a, such as ?x a rkg:State",
    "date created issued time start startdate p580 p585": "dates are rkg:when, rkg:earliestStart",
    "abstract comment": "texts are rkg:gist and rkg:description",
    "country p17": "write rkg:sendingParty, rkg:hostParty or another property of parties",
}
_PREFIXES = {
    "dbo": "http://dbpedia.org/ontology/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "org": "http://www.w3.org/ns/org#",
    "prov": "http://www.w3.org/ns/prov#",
    "schema": "https://schema.org/",
    "sdo": "https://schema.org/",
    "void": "http://rdfs.org/ns/void#",
    "wdt": "http://www.wikidata.org/prop/direct/",
}
# The prefixes of datasets with identifiers in the graph.
_DATASETS = ("dbr", "gn", "wd", "wiki")


def usual(local: str) -> str | None:
    """Return advice on what to use in this graph for a property with this local name, or None.

    >>> usual("startDate")
    'dates are rkg:when, rkg:earliestStart'
    """
    return next((help for words, help in _USUAL.items() if local.lower() in words.split()), None)


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
    if prefix not in _PREFIXES:
        return None
    return usual(local) or f"write PREFIX {prefix}: <{_PREFIXES[prefix]}> before the query"
