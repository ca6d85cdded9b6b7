"""The kinds of values, such as text or date, of properties and of literals.

The kinds for properties come from the ontology and from the published JSON-LD context.
"""

from __future__ import annotations

from functools import cache
from itertools import islice

from pyoxigraph import Literal, NamedNode, Store

from relations_kg.export import jsonld
from relations_kg.rdf import extensions
from relations_kg.rdf.namespaces import ONTOLOGY, OWL, PREFIXES, RDF, RDFS, RKG, XSD, shorten
from relations_kg.rdf.terms import TYPE
from relations_kg.sparql.structure import Query

NUMBERS = ("integer", "decimal", "double", "float", "int", "long", "nonNegativeInteger")
_EDTF = PREFIXES["edtf"] + "EDTF"
_AMOUNT, _MOST = NamedNode(RKG + "Amount"), 1000
_DURATIONS = ("", "AtLeast", "AtMost")
_FIXED = {
    **{f"{RKG}{name}{end}": "duration" for name in ("duration", "lag") for end in _DURATIONS},
    RKG + "noticePeriod": "duration",
    RKG + "longestDuration": "duration",
    RKG + "amount": "amount",
    RKG + "atLeast": "number",
    RKG + "atMost": "number",
    RKG + "outOf": "number",
    RKG + "claimedValue": "",
    RDF + "type": "thing",
}


class Kinds:
    """The kinds of the values of properties in one store.

    A kind is thing, text, language, number, boolean, date, edtf, duration or amount.
    """

    def __init__(self, ontology: Store, store: Store) -> None:
        self._ontology, self._store = ontology, store
        self._spaces = extensions.spaces(ontology)

    def of(self, property: str) -> str:
        """Return the kind of a property's values, or "" if it is unknown.

        It is also "" for properties with values of several kinds, and for amounts if none of the
        first values of the property in the graph is an amount such as 40~.
        """
        kind = self._declared(property)
        return "" if kind == "amount" and not self._has_amounts(property) else kind

    def _has_amounts(self, property: str) -> bool:
        """Return whether the first values of a property include an amount such as 40~."""
        find, node = self._store.quads_for_pattern, NamedNode(property)
        return any(
            isinstance(quad.object, Literal) and quad.object.datatype == _AMOUNT
            for quad in islice(find(None, node, None), _MOST)
        )

    def _declared(self, property: str) -> str:
        if property == "subject":
            return "thing"
        kinds = _kinds()
        if property in kinds:
            return kinds[property]
        if not property.startswith(self._spaces):
            return ""
        node, graph = NamedNode(property), NamedNode(ONTOLOGY)
        find = self._ontology.quads_for_pattern
        if any(find(node, TYPE, NamedNode(OWL + "ObjectProperty"), graph)):
            return "thing"
        for quad in find(node, NamedNode(RDFS + "range"), None, graph):
            name = shorten(str(getattr(quad.object, "value", "")))
            if name.startswith("xsd:"):
                is_number = name.lower().endswith(("integer", "decimal"))
                kinds = {"xsd:string": "text", "xsd:boolean": "boolean"}
                return "number" if is_number else kinds.get(name, "")
        return ""


@cache
def _kinds() -> dict[str, str]:
    """Return the kinds of values by property, from the published context and from `_FIXED`."""
    types = {"@id": "thing", "edtf:EDTF": "edtf", "xsd:date": "date", "xsd:decimal": "number"}
    found = {}
    for name, meaning in jsonld.context().items():
        if isinstance(meaning, dict):
            prefix, _, local = meaning.get("@id", f"rkg:{name}").partition(":")
            kind = types.get(meaning.get("@type", ""), "")
            kind = "language" if meaning.get("@container") == "@language" else kind
            if kind:
                found[PREFIXES[prefix] + local] = kind
    return found | _FIXED


class Literals:
    """The literals of one query."""

    def __init__(self, query: Query, iris: dict[int, str]) -> None:
        self._query, self._iris = query, iris

    def of(self, index: int) -> tuple[str, str] | None:
        """Return the kind and the text of a literal at a token; None for any other term.

        The kinds are those of `Kinds`, "time" and "year", and "other" for a datatype outside xsd:
        and edtf:.
        """
        text, following = self._query.word(index), self._query.word(index + 1)
        if not text:
            return None
        kind = self._query.tokens[index].lastgroup
        if text in ("+", "-"):
            return ("number", text + following)
        if kind == "number":
            return ("number", text)
        if text.upper() in ("TRUE", "FALSE"):
            return ("boolean", text)
        if kind != "string":
            return None
        if following.startswith("@"):
            return ("language", text)
        if following != "^^":
            return ("text", text)
        datatype = self._iris.get(index + 2, "")
        if datatype == _EDTF:
            return ("edtf", text)
        name = datatype.removeprefix(XSD)
        if datatype.startswith(XSD):
            if name in NUMBERS:
                return ("number", text)
            kinds = {"string": "text", "date": "date", "dateTime": "time", "boolean": "boolean"}
            return (kinds.get(name, "year" if name.startswith("gYear") else "duration"), text)
        return ("other", text)
