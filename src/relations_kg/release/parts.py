"""The parts of the reference of the vocabulary, which have a page each, and the terms in them."""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import NamedNode, Store

from relations_kg._files import toml
from relations_kg.rdf.namespaces import ONTOLOGY, OWL, RDFS, RKG, SKOS
from relations_kg.rdf.terms import TYPE, named, objects, value
from relations_kg.reader.code_lists import code_lists

_TABLE = toml("release/parts.toml")
SUBJECTS: dict[str, str] = _TABLE["subjects"]
CODES: dict[str, str] = _TABLE["codes"]
PARTS: dict[str, str] = {**SUBJECTS, **CODES, **_TABLE["others"]}
_ANYTHING, _OTHER_CODES = "anything", "codes"
_PART_OF = {RKG + name: part for part, names in _TABLE["topmost"].items() for name in names.split()}
_KINDS = ("Class", "ObjectProperty", "DatatypeProperty", "AnnotationProperty")
_CODE_LIST = NamedNode(SKOS + "ConceptScheme")


def parts_of(store: Store) -> dict[str, str]:
    """Return the part of each class, property, datatype, code list and code of a graph, by IRI.

    >>> import relations_kg as rk
    >>> from relations_kg.rdf.namespaces import CODE
    >>> parts = parts_of(rk.load().store)
    >>> parts[RKG + "Embassy"], parts[RKG + "seat"], parts[CODE + "arbitration"]
    ('missions', 'missions', 'codes-of-events')
    """
    types = [*(OWL + name for name in _KINDS), RDFS + "Datatype"]
    terms = [term.value for name in types for term in _instances(store, NamedNode(name))]
    found = {term: _part(store, term) for term in dict.fromkeys(terms)}
    lists, taken = code_lists()[0], dict[str, str]()
    for name in sorted(lists):
        part = f"codes-of-{found.get(name, _ANYTHING)}"
        taken.setdefault(lists[name], part if part in CODES else _OTHER_CODES)
    for scheme in _instances(store, _CODE_LIST):
        found[scheme.value] = taken.get(scheme.value, _OTHER_CODES)
    for code in store.quads_for_pattern(None, NamedNode(SKOS + "inScheme"), None, None):
        if (part := found.get(value(code.object), "")) in CODES:
            found[value(code.subject)] = part
    return found


def _instances(store: Store, kind: NamedNode) -> list[NamedNode]:
    find = store.quads_for_pattern
    return named(quad.subject for quad in find(None, TYPE, kind, NamedNode(ONTOLOGY)))


def _part(store: Store, term: str) -> str:
    """Return the part of a class or property.

    It is the first, in the order of SUBJECTS, of the parts of the term itself, its superclasses,
    superproperties and domains, or else "anything".
    """
    return min(_parts(store, term, set()), key=[*SUBJECTS].index, default=_ANYTHING)


def _parts(store: Store, term: str, seen: set[str]) -> Iterator[str]:
    if term in _PART_OF:
        yield _PART_OF[term]
    elif term not in seen:
        seen.add(term)
        for name in ("domain", "subClassOf", "subPropertyOf"):
            for above in named(objects(store, NamedNode(term), RDFS + name, ONTOLOGY)):
                yield from _parts(store, above.value, seen)
