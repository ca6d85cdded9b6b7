"""Extension vocabularies: a user's classes, properties, code lists, labels and shapes.

Their terms go into the graph of the ontology, so that everything that reads the ontology knows
them. Their shapes, prefixes and file names go into a separate graph.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Store, Triple

from relations_kg.errors import InputError, RelationsError
from relations_kg.rdf.extensions import DEFINED_BY, GRAPH, PREFIX, TITLE, declare_prefixes, files
from relations_kg.rdf.namespaces import (
    BASE,
    CODE,
    ID,
    ONTOLOGY,
    OWL,
    PREFIXES,
    RDF,
    RDFS,
    RKG,
    SH,
    SKOS,
    XSD,
    is_bundled,
    shorten,
)
from relations_kg.rdf.spelling import did_you_mean
from relations_kg.rdf.terms import TYPE, value
from relations_kg.reader import parsing
from relations_kg.reader.code_lists import closed_lists
from relations_kg.reader.files import Document, Source, format_of, name_of
from relations_kg.reader.places import Reading
from relations_kg.reader.refusals import Refusal
from relations_kg.reasoning.conservativity import overreach
from relations_kg.reasoning.ontology import Ontology
from relations_kg.reasoning.rules import COVERED_PROPERTIES
from relations_kg.reasoning.vocabulary_checks import (
    check_lists,
    check_prefixes,
    error_at,
    refused_code,
    refused_duration,
)

_TERMS = NamedNode(ONTOLOGY)
_DECLARE, _NAMESPACE = NamedNode(SH + "declare"), NamedNode(SH + "namespace")
_KINDS = (
    *(OWL + name for name in ("Ontology", "Class", "ObjectProperty", "DatatypeProperty")),
    *(OWL + name for name in ("AnnotationProperty", "Restriction", "AllDisjointClasses")),
    *(OWL + name for name in ("SymmetricProperty", "TransitiveProperty", "FunctionalProperty")),
    *(OWL + name for name in ("IrreflexiveProperty", "AsymmetricProperty")),
    *(SKOS + name for name in ("Concept", "ConceptScheme")),
    *(SH + name for name in ("NodeShape", "PropertyShape", "SPARQLConstraint")),
)
_OF_OWL = {
    OWL + "equivalentClass": "write rdfs:subClassOf",
    OWL + "equivalentProperty": "write rdfs:subPropertyOf",
    OWL + "sameAs": "write rdfs:seeAlso",
    OWL + "hasKey": "write a shape that checks the key",
    RDFS + "Class": "write owl:Class",
    RDF + "Property": "write owl:ObjectProperty or owl:DatatypeProperty",
}
_COVERED = "write it in the OWL 2 RL that the reasoner covers, or as a shape"
# Predicates that describe their object, and terms of SHACL that are not supported.
_OF_OTHERS = {SKOS + name for name in ("narrower", "narrowMatch", "hasTopConcept", "topConcept")}
_UNREAD = {SH + name for name in ("rule", "target", "targetNode", "js", "function")}
_NAMES = [NamedNode(iri) for iri in (RDFS + "label", SKOS + "prefLabel", SKOS + "altLabel")]
_NAMED = {SH + name for name in ("property", "sparql")}
_IN_FACTS = "put facts in a file of their own and name it with --facts"


class Vocabulary:
    """The files of an extension vocabulary, checked against the ontology in a store."""

    def __init__(self, sources: Iterable[Source], store: Store) -> None:
        """Read and check the files; raise InputError with the file and, if known, the place."""
        self._documents = list({each.sha256: each for each in map(Document.of, sources)}.values())
        self._store = store
        self._readings = [
            _read(document, number) for number, document in enumerate(self._documents)
        ]
        self._places = [
            (reading, index, quad)
            for reading in self._readings
            for index, quad in enumerate(reading.quads)
        ]
        for reading, index, quad in self._places:
            if refused := self._refusal(quad):
                raise error_at(reading, index, refused)
        check_lists(self._readings)
        check_prefixes(self._readings, self._namespaces)
        self._check_axioms()

    def add(self) -> None:
        """Add the vocabulary to the store, and declare its prefixes."""
        triples = [quad for _, _, quad in self._places]
        of_shapes = set(self._of_shapes(triples))
        self._store.extend(
            Quad(quad.subject, quad.predicate, quad.object, GRAPH if quad in of_shapes else _TERMS)
            for quad in triples
            if quad.predicate != _DECLARE
        )
        for document, reading in zip(self._documents, self._readings, strict=True):
            file = _node(document)
            self._store.add(Quad(file, TITLE, Literal(name_of(document)), GRAPH))
            for prefix, iri in reading.prefixes.items():
                namespace = NamedNode(iri)
                address = Literal(iri, datatype=NamedNode(XSD + "anyURI"))
                self._store.add(Quad(file, _DECLARE, namespace, GRAPH))
                self._store.add(Quad(namespace, PREFIX, Literal(prefix), GRAPH))
                self._store.add(Quad(namespace, _NAMESPACE, address, GRAPH))
                if iri in self._namespaces:
                    self._store.add(Quad(namespace, DEFINED_BY, file, GRAPH))
        declare_prefixes(self._store)

    @cached_property
    def _kinds(self) -> dict[NamedNode | BlankNode | Triple, set[str]]:
        """The classes of each subject; the subject of a SHACL property is also a sh:Shape."""
        found: dict[NamedNode | BlankNode | Triple, set[str]] = {}
        for _, _, quad in self._places:
            if quad.predicate == TYPE:
                found.setdefault(quad.subject, set()).add(value(quad.object))
            elif quad.predicate.value.startswith(SH):
                found.setdefault(quad.subject, set()).add(SH + "Shape")
        return found

    @cached_property
    def _values(self) -> set[object]:
        return {quad.object for _, _, quad in self._places}

    @cached_property
    def _namespaces(self) -> dict[str, str]:
        """The namespaces in which the vocabulary defines terms, with their prefixes."""
        found = {}
        for reading in self._readings:
            prefixes = sorted(reading.prefixes.items(), key=lambda item: -len(item[1]))
            for quad in reading.quads:
                term = value(quad.subject)
                if quad.predicate == TYPE and value(quad.object) != OWL + "Ontology":
                    for prefix, namespace in prefixes:
                        if term.startswith(namespace):
                            found[namespace] = prefix
                            break
        return found

    def _refusal(self, quad: Quad) -> Refusal | None:
        """Return why a statement cannot be part of a vocabulary, or None."""
        subject, predicate, object_ = quad.subject, quad.predicate.value, quad.object
        if isinstance(object_, Triple):
            return Refusal("triple-term", "a vocabulary has no triple terms", 2, "leave it out")
        if self._translates(quad):
            return None
        if isinstance(subject, NamedNode):
            if refused := self._of_subject(subject):
                return refused
        elif subject not in self._values and OWL + "AllDisjointClasses" not in self._kinds.get(
            subject, ()
        ):
            message = "the subject of an axiom must be a term of the vocabulary"
            return Refusal("vocabulary", message, 0, "write a class or a property as its subject")
        if predicate.startswith(OWL) and predicate.removeprefix(OWL) not in COVERED_PROPERTIES:
            help = _OF_OWL.get(predicate, _COVERED)
            return Refusal("vocabulary", f"{self._short(predicate)} is not supported", 1, help)
        if predicate == OWL + "imports" and not value(object_).startswith(BASE):
            message = "an imported ontology is not downloaded"
            return Refusal("vocabulary", message, 2, "also name its file with --vocabulary")
        if predicate in _UNREAD:
            help = "write sh:targetClass, sh:targetSubjectsOf or sh:targetObjectsOf"
            return Refusal(
                "vocabulary", f"sh:{predicate.removeprefix(SH)} is not supported", 1, help
            )
        if predicate in _NAMED and isinstance(object_, BlankNode):
            help = "give it an IRI, such as ex:MissionShape-website, which names the rule"
            return Refusal("vocabulary", "this part of a shape has no IRI", 2, help)
        if predicate == SH + "path" and isinstance(object_, BlankNode):
            help = "name a property, or write a sh:sparql constraint"
            return Refusal(
                "vocabulary", ("a shape can only read facts about the checked thing"), 2, help
            )
        if predicate == SH + "property" and subject in self._values:
            help = "write a sh:sparql constraint for facts about a value"
            message = "sh:property cannot be nested in another shape"
            return Refusal("vocabulary", message, 1, help)
        if predicate in _OF_OTHERS and object_ not in self._kinds:
            message = f"{self._short(predicate)} describes {self._short(value(object_))}"
            return Refusal("vocabulary", message, 2, "write skos:broader of a code of your own")
        if predicate == SKOS + "inScheme" and value(object_) in closed_lists():
            message = f"the code list {self._short(value(object_))} is closed"
            return Refusal("vocabulary", message, 2, "use one of its codes")
        if quad.predicate == TYPE and value(object_) not in _KINDS:
            kind = value(object_)
            help = _OF_OWL.get(kind, f"write owl:Class or another kind of term; {_IN_FACTS}")
            message = f"{self._short(kind)} is not a kind of term that a vocabulary can define"
            return Refusal("vocabulary", message, 2, help)
        if self._states_fact(quad.predicate):
            message = f"{self._short(predicate)} states a fact, and cannot be part of a vocabulary"
            return Refusal("vocabulary", message, 1, _IN_FACTS)
        return refused_duration(quad) or self._unknown(quad) or refused_code(quad, self._store)

    def _translates(self, quad: Quad) -> bool:
        """Return whether a statement gives a known term its first name in a language."""
        name = quad.object
        if quad.predicate not in _NAMES or not isinstance(name, Literal) or not name.language:
            return False
        known = list(self._store.quads_for_pattern(quad.subject, None, None, _TERMS))
        texts = (each.object for each in known if each.predicate in _NAMES)
        return bool(known) and all(getattr(t, "language", None) != name.language for t in texts)

    def _of_subject(self, subject: NamedNode) -> Refusal | None:
        iri, short = subject.value, self._short(subject.value)
        if iri.startswith(ID):
            return Refusal("vocabulary", f"{short} is a thing, not a term", 0, _IN_FACTS)
        ours = (BASE, *(PREFIXES[prefix] for prefix in PREFIXES if is_bundled(prefix)))
        if iri.startswith(ours) or any(self._store.quads_for_pattern(subject, None, None, _TERMS)):
            help = "describe a term of your own, such as a subclass or a subproperty of it"
            message = f"{short} is not a term of this vocabulary, which cannot describe it"
            return Refusal("vocabulary", message, 0, help)
        kinds = self._kinds.get(subject)
        if not kinds:
            message = f"{short} has no kind"
            return Refusal("vocabulary", message, 0, 'add one, such as "a owl:Class"')
        if {OWL + "Class", SH + "NodeShape"} <= kinds:
            message = f"{short} is both a class and a shape"
            help = f"give the shape another name, and write sh:targetClass {short}"
            return Refusal("vocabulary", message, 0, help)
        if kinds != {OWL + "Ontology"} and not any(map(iri.startswith, self._namespaces)):
            message = f"{short} has no prefix"
            return Refusal("vocabulary", message, 0, "declare one for it, such as @prefix ex: <…>")
        return None

    def _states_fact(self, predicate: NamedNode) -> bool:
        kinds = self._kinds.get(predicate) or {
            value(quad.object)
            for quad in self._store.quads_for_pattern(predicate, TYPE, None, _TERMS)
        }
        is_ours = predicate in self._kinds or predicate.value.startswith(RKG)
        return is_ours and OWL + "AnnotationProperty" not in kinds and bool(kinds)

    def _unknown(self, quad: Quad) -> Refusal | None:
        """Return the refusal of a statement with an undefined term, or None."""
        spaces = (RKG, CODE, *self._namespaces)
        for role, term in ((1, quad.predicate), (2, quad.object)):
            if not isinstance(term, NamedNode) or not term.value.startswith(spaces):
                continue
            if term in self._kinds or any(self._store.quads_for_pattern(term, None, None, _TERMS)):
                continue
            find = self._store.quads_for_pattern
            ours = [quad.subject for quad in find(None, TYPE, None, _TERMS)]
            known = dict.fromkeys((*ours, *self._kinds))
            names = [self._short(value(each)) for each in known]
            short = self._short(term.value)
            help = did_you_mean(short, names) or "define it in the vocabulary"
            return Refusal("unknown-term", f"{short} is not in the ontology", role, help)
        return None

    def _short(self, iri: str) -> str:
        """Return the CURIE of an IRI with a known prefix or one of the vocabulary, or the IRI."""
        short = shorten(iri)
        for reading in self._readings if short == iri else ():
            for prefix, namespace in reading.prefixes.items():
                if iri.startswith(namespace):
                    return f"{prefix}:{iri[len(namespace) :]}"
        return short

    def _check_axioms(self) -> None:
        quads = [quad for _, _, quad in self._places]
        try:
            found = overreach(quads, Ontology(self._store))
        except RelationsError as error:
            names = ", ".join(reading.file for reading in self._readings)
            raise InputError(error.message, where=names, help=error.help) from None
        if found is None:
            return
        terms = " and ".join(map(self._short, found.terms))
        message = "facts that use no term of the vocabulary would entail more with this axiom"
        help = "leave it out"
        if terms:
            message += f", since they already entail {terms}"
            help += f", or the axioms by which other terms entail {terms}"
        help = _OF_OWL.get(found.axiom.predicate.value, help)
        index = next(i for i, quad in enumerate(quads) if quad == found.axiom)
        refused = Refusal("vocabulary", message, 1, help)
        raise error_at(self._places[index][0], self._places[index][1], refused)

    def _of_shapes(self, quads: list[Quad]) -> Iterator[Quad]:
        """Yield the statements of shapes, including their lists and nested nodes."""
        nodes: set[object] = {
            quad.subject
            for quad in quads
            if quad.predicate.value.startswith(SH)
            or (quad.predicate == TYPE and value(quad.object).startswith(SH))
        }
        number = -1
        while number < len(nodes):
            number = len(nodes)
            nodes |= {
                quad.object
                for quad in quads
                if quad.subject in nodes and isinstance(quad.object, BlankNode)
            }
        return (quad for quad in quads if quad.subject in nodes)


def refuse_others(sources: Iterable[Source], store: Store, where: str) -> None:
    """Raise InputError if files are given, but a store was not made with the same vocabulary."""
    documents = list(map(Document.of, sources))
    known = files(store)
    if documents and known.keys() != {_node(document).value for document in documents}:
        names = ", ".join(known.values())
        message = "was made without a vocabulary"
        if names:
            message = f"was made with another vocabulary, {names}"
        raise InputError(message, where=where, help="name another folder")


def _node(document: Document) -> NamedNode:
    return NamedNode(f"urn:sha256:{document.sha256}")


def _read(document: Document, number: int) -> Reading:
    name = name_of(document)
    content = document.content
    reading = parsing.parse(content, name, format_of(document), scope=f"vocabulary{number}b")
    for mistake in reading.errors:
        place = mistake.place
        raise InputError(
            mistake.message, where=name, line=place.line, column=place.column, help=mistake.help
        )
    if not reading.quads:
        raise InputError("the file defines no terms", where=name, help="define at least one")
    return reading
