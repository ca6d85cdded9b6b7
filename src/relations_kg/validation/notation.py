"""Terms in the notation of a file: Turtle with its prefixes, or its style of JSON-LD."""

import re
from collections.abc import Mapping

from pyoxigraph import Literal, NamedNode

from relations_kg.rdf.namespaces import XSD
from relations_kg.rdf.terms import Term

_SHORTHANDS = {
    XSD + "integer": r"[+-]?[0-9]+",
    XSD + "decimal": r"[+-]?[0-9]*\.[0-9]+",
    XSD + "boolean": "true|false",
}


def spelled(iri: str, prefixes: Mapping[str, str]) -> str:
    """Return an IRI shortened with the prefixes of a file, or in full if no prefix fits.

    >>> spelled("urn:a", {})
    '<urn:a>'
    """
    fitting = [
        (len(namespace), prefix)
        for prefix, namespace in prefixes.items()
        if iri.startswith(namespace) and re.fullmatch(r"\w[\w-]*", iri[len(namespace) :], re.ASCII)
    ]
    if not fitting:
        return f"<{iri}>"
    length, prefix = max(fitting)
    return f"{prefix}:{iri[length:]}"


def respelled(text: str, wrong: str, right: str) -> str | None:
    """Return the JSON-LD text for the IRI `right`, abbreviated like the text for `wrong`.

    The text may be a full IRI, or be abbreviated by a prefix or the vocabulary. Returns None if it
    is unclear how it abbreviates `wrong`.

    >>> respelled("ex:limma", "urn:x/limma", "urn:x/lima")
    'ex:lima'
    """
    if text == wrong:
        return right
    old, new = (re.split("[/#]", iri)[-1] for iri in (wrong, right))
    alike = wrong.removesuffix(old) == right.removesuffix(new) and text.endswith(old)
    return text.removesuffix(old) + new if alike else None


def written(term: Term, prefixes: Mapping[str, str], *, short: bool = True) -> str:
    """Return a term in Turtle with the prefixes of a file; without `short`, numbers in quotes.

    >>> written(Literal("Lima", language="es"), {})
    '"Lima"@es'
    """
    if isinstance(term, NamedNode):
        return spelled(term.value, prefixes)
    if isinstance(term, Literal) and not term.language:
        datatype = term.datatype.value
        if short and re.fullmatch(_SHORTHANDS.get(datatype, "(?!)"), term.value):
            return term.value
        if datatype != XSD + "string":
            return f"{Literal(term.value)}^^{spelled(datatype, prefixes)}"
    return str(term)
