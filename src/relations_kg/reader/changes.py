"""What other facts may not change without leave: the bundled codes and labels."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store, parse

from relations_kg._files import content, folder, paths
from relations_kg.rdf.namespaces import ONTOLOGY, RDFS, SKOS, STATED, shorten
from relations_kg.rdf.terms import value
from relations_kg.reader.reading import Refusal, refusal

CODE = "bundled"

_LABELS = (NamedNode(RDFS + "label"), NamedNode(SKOS + "prefLabel"))
_STATED, _KNOWN = NamedNode(STATED), NamedNode(ONTOLOGY)


def refuser(store: Store, *, allow_changes: bool = False) -> Callable[[Quad], Refusal | None]:
    """Return what refuses the statements that are no facts to be stated in a store.

    These are those of `refusal` and, unless they are allowed, changes of what is bundled.
    """
    if allow_changes:
        return refusal
    return lambda quad: refusal(quad) or change(quad, store)


def change(quad: Quad, store: Store) -> Refusal | None:
    """Return why a statement changes a bundled code or label of a store, or None.

    Anything new about a code is a change. Of anything else only a second label in a language is;
    labels in other languages, alternative labels and all other facts are welcome.

    >>> import relations_kg as rk
    >>> peru, label = NamedNode("https://w3id.org/relations-kg/id/peru"), NamedNode(RDFS + "label")
    >>> change(Quad(peru, label, Literal("Chile", language="en")), rk.load().store).message
    'id:peru has the bundled label "Peru"'
    >>> change(Quad(peru, label, Literal("Piruw", language="qu")), rk.load().store)
    """
    subject, predicate, object_ = quad.subject, quad.predicate, quad.object
    if not isinstance(subject, NamedNode):
        return None
    if any(store.quads_for_pattern(subject, None, None, _KNOWN)):
        if Quad(subject, predicate, object_, _KNOWN) in store:
            return None
        message = f"{shorten(subject.value)} is a bundled code, of which facts say nothing new"
        help = "make a code of your own, or allow it with --allow-changes"
        return Refusal(CODE, message, 0, help)
    if predicate not in _LABELS or not isinstance(object_, Literal):
        return None
    # The bundled files are read only for what is labelled already.
    for quad in store.quads_for_pattern(subject, _LABELS[0], None, _STATED):
        known = quad.object
        if known != object_ and _clash(known, object_) and (subject, known) in _bundled_labels():
            message = f'{shorten(subject.value)} has the bundled label "{value(known)}"'
            help = "write skos:altLabel for another name, or allow it with --allow-changes"
            return Refusal(CODE, message, 2, help)
    return None


def _clash(known: object, label: Literal) -> bool:
    """Return whether two labels are in one language; one without a language is in each."""
    if not isinstance(known, Literal):
        return False
    return label.language in (None, known.language)


@cache
def _bundled_labels() -> frozenset[tuple[object, object]]:
    return frozenset(
        (quad.subject, quad.object)
        for path in paths(folder("data"), ".ttl")
        for quad in parse(content(path), RdfFormat.TURTLE)
        if quad.predicate == _LABELS[0]
    )
