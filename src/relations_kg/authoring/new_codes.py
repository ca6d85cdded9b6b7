"""The names of new codes, where another thing may already have the name."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress

from pyoxigraph import NamedNode

from relations_kg.answers.parameters import Parameter
from relations_kg.authoring.definitions import Definition
from relations_kg.authoring.new_things import NewThings
from relations_kg.authoring.slugs import slug
from relations_kg.errors import InputError, UnknownName
from relations_kg.rdf.namespaces import ID, SKOS, code_name, shorten
from relations_kg.rdf.terms import objects

_LIST = "skos:ConceptScheme"


def named(
    form: Definition,
    parameter: Parameter,
    text: str,
    given: Mapping[str, object],
    things: NewThings,
) -> str:
    """Return the name of a new code with an IRI of its own if a thing of another kind has the name.

    So "consul general" can be a rank although it is a kind of office. The name of a code in the
    given code list is returned as its CURIE, and other texts are returned unchanged.
    """
    of_list = next((p for p in form.parameters if p.type == _LIST), None)
    if of_list is None or not form.may_be_new(parameter) or ":" in text:
        return text
    names = things.names
    with suppress(InputError, UnknownName):
        scheme = things.find(of_list, str(given.get(of_list.name)), may_be_new=False).iri
        own = ID + slug(text)
        others = {iri: None for _, iri in names.index.named(text)}
        others |= {own: None} if names.kinds(own) else {}
        for iri in others:
            if NamedNode(scheme) in objects(names.store, NamedNode(iri), SKOS + "inScheme"):
                return shorten(iri)
        if others:
            iri = f"{own}-{code_name(scheme)}" if own in others else own
            return text if names.kinds(iri) else f"{text} <{shorten(iri)}>"
    return text
