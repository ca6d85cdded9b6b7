"""The writer of RDF/XML."""

from __future__ import annotations

import re

from pyoxigraph import RdfFormat, parse, serialize

from relations_kg.errors import InputError
from relations_kg.export.entries import Facts
from relations_kg.rdf import xml

_OTHER = "choose another format"


def write(facts: Facts) -> bytes:
    """Return RDF/XML without graph names, in a fixed order.

    Raises InputError for a property without a local name, and for a character that XML forbids.
    """
    lines = [
        f"{thing} {predicate} {object_} .\n"
        for thing, properties in facts.entries()
        for predicate, object_ in properties
    ]
    triples = [quad.triple for quad in parse("".join(lines).encode(), RdfFormat.N_TRIPLES)]
    for property in dict.fromkeys(triple.predicate.value for triple in triples):
        if not re.search(rf"[{xml.NAME_START}][{xml.NAME}]*\Z", property):
            raise InputError(f"RDF/XML cannot express the property {property}", help=_OTHER)
    try:
        content = serialize(triples, format=RdfFormat.RDF_XML, prefixes=dict(facts.declared)) or b""
    except OSError as error:  # a property with a reserved name, such as rdf:li
        raise InputError(str(error), help=_OTHER) from None
    return xml.checked(content)
