"""The vocabulary as a page: classes, properties, code lists, shapes and queries, with examples."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from pyoxigraph import BlankNode, NamedNode, Quad

from relations_kg._files import folder
from relations_kg.errors import InputError
from relations_kg.namespaces import (
    CODE,
    DATES,
    INFERRED,
    ONTOLOGY,
    OWL,
    PREFIXES,
    RDF,
    RDFS,
    RKG,
    SKOS,
    STATED,
    expand,
    shorten,
)
from relations_kg.publishing.export import serialize_triples
from relations_kg.reasoning.ontology import Ontology
from relations_kg.release.alignments import Alignment, Alignments
from relations_kg.release.requirements import Requirement, Requirements, requirements
from relations_kg.release.sentences import Sentence
from relations_kg.terms import TYPE, Term, printable, value
from relations_kg.validation.shapes import bundled

if TYPE_CHECKING:
    from relations_kg.graph import Graph
    from relations_kg.reasoning.rules import Rule

_KINDS = {
    "ObjectProperty": "a link to a thing",
    "DatatypeProperty": "a value",
    "AnnotationProperty": "a note, from which nothing follows",
}
_CHARACTERISTICS = {
    "SymmetricProperty": "symmetric",
    "TransitiveProperty": "transitive",
    "AsymmetricProperty": "asymmetric",
    "IrreflexiveProperty": "irreflexive",
    "FunctionalProperty": "functional",
}
_OURS = re.compile(r"\brkg:\w+(?!-)\b")
_LIST_OF_PROPERTY = re.compile(r"\((rkg:\w+) (code:[\w-]+)\)")


class Example(NamedTuple):
    """Hold Turtle from the data, what it is about in labels, and whether it was inferred."""

    words: str
    turtle: str
    inferred: bool


class Entry(NamedTuple):
    """Hold what is said of a class or a property.

    `facets` map words such as "a kind of" to terms, or to class expressions in the signs of
    description logics. `requirements` are the parts of shapes that are about it, `inherited` the
    shapes of the classes above; `near` are terms of others, with `remarks` on how they differ.
    """

    iri: str
    definition: str
    facets: dict[str, list[str]]
    rules: list[Sentence]
    requirements: list[Requirement]
    inherited: list[str]
    near: list[Alignment]
    remarks: list[str]
    queries: list[str]
    example: Example | None


class CodeList(NamedTuple):
    """Hold a code list with its values and the properties that take them."""

    iri: str
    values: list[str]
    properties: list[str]


def page(graph: Graph, *, stylesheet: str | None = None, home: str | None = None) -> str:
    """Write the vocabulary of a graph as an HTML page that needs nothing else.

    The anchor of a term is the fragment of its IRI. With the address of a `stylesheet` the page
    refers to it in the place of bringing its own; `home` is the address of the page that it leads
    back to. Raises InputError where jinja2 is missing.
    """
    try:
        from jinja2 import Environment, FileSystemLoader, StrictUndefined
    except ImportError:
        help = "pip install 'relations-kg[serve]'"
        raise InputError("jinja2, which writes pages, is not installed", help=help) from None
    environment = Environment(
        loader=FileSystemLoader(folder("release/templates")),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        undefined=StrictUndefined,
    )
    environment.filters |= {"address": address, "anchor": anchor, "short": shorten}
    template = environment.get_template("reference.html")
    return template.render(
        vocabulary=Vocabulary(graph),
        prefixes=PREFIXES,
        stylesheet=stylesheet,
        home=home,
        a=TYPE.value,
        code=CODE,
    )


def anchor(iri: str) -> str:
    """Name the place on the page where a term, a value of a code list or a shape is described.

    >>> anchor("https://w3id.org/relations-kg/ontology#Embassy")
    'Embassy'
    """
    if iri.startswith(CODE):
        return f"code-{iri.removeprefix(CODE)}"
    return iri.removeprefix(RKG) if iri.startswith(RKG) else ""


def address(term: str) -> str:
    """Return where a link to a term leads, empty for what is none."""
    if place := anchor(term):
        return f"#{place}"
    return term if _is_iri(term) else ""


class Vocabulary:
    """Gather what there is to say of the terms of a graph's ontology, in a fixed order."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.shapes: list[Requirements] = requirements(bundled())
        self.checks = bundled().checks
        self._ontology = Ontology(graph.store)
        self._alignments = Alignments.read()

    @cached_property
    def about(self) -> dict[str, str]:
        """What the ontology says of itself, by the last part of each property's IRI."""
        said = self._quads(NamedNode(RKG.removesuffix("#")), None, None)
        return {re.split("[/#]", q.predicate.value)[-1]: value(q.object) for q in said}

    @cached_property
    def classes(self) -> dict[str, Entry]:
        """The classes, by IRI."""
        return {iri: self._class(iri) for iri in self._terms("Class")}

    @property
    def top(self) -> list[str]:
        """The classes that are below no other."""
        return [iri for iri in self.classes if not self._above(iri)]

    @cached_property
    def properties(self) -> dict[str, Entry]:
        """The properties, by IRI."""
        return {iri: self._property(iri) for iri in self._terms(*_KINDS)}

    @property
    def borrowed(self) -> list[str]:
        """The properties of others that the data uses."""
        return sorted({value(t) for t in self._of_kind(*_KINDS)} - self.properties.keys())

    @cached_property
    def code_lists(self) -> dict[str, CodeList]:
        """The code lists, by IRI."""
        return {
            iri: CodeList(
                iri,
                self._subjects(SKOS + "inScheme", iri),
                sorted(name for name, taken in self._lists.items() if taken == iri),
            )
            for iri in self._subjects(RDF + "type", SKOS + "ConceptScheme")
        }

    def label(self, term: str) -> str:
        """Return the label of a term or a thing; what is no IRI stands for itself."""
        if not _is_iri(term):
            return term
        own = self._text(term, RDFS + "label") or self._text(term, SKOS + "prefLabel")
        return own or self.graph.names.label(term)

    def definition(self, term: str) -> str:
        """Return the definition of a term."""
        return self._text(term, SKOS + "definition")

    def _class(self, iri: str) -> Entry:
        above = list(dict.fromkeys(self._above(iri)))
        facets = {
            "a kind of": self._objects(iri, RDFS + "subClassOf"),
            "kinds of it": self._subjects(RDFS + "subClassOf", iri),
            "never also": self._disjoint(iri),
            "properties": self._subjects(RDFS + "domain", iri),
            "properties from above": [p for c in above for p in self._subjects(RDFS + "domain", c)],
            "properties that lead to it": self._subjects(RDFS + "range", iri),
        }
        # That what is below it or is said of it belongs to it, its facets say.
        heads = (rule for rule in self._rules if rule.head[1:] == (TYPE, NamedNode(iri)))
        return self._entry(
            iri,
            facets,
            [rule for rule in heads if len(rule.body) > 1],
            [part for shape in self.shapes if iri in shape.classes for part in shape.parts],
            [shape.iri for shape in self.shapes if not {*above}.isdisjoint(shape.classes)],
            self._example(TYPE, NamedNode(iri)),
        )

    def _property(self, iri: str) -> Entry:
        inverse = OWL + "inverseOf"
        facets = {
            "is": [
                words
                for kind, words in {**_KINDS, **_CHARACTERISTICS}.items()
                if NamedNode(iri) in self._of_kind(kind)
            ],
            "said of": self._objects(iri, RDFS + "domain"),
            "its value is": self._objects(iri, RDFS + "range"),
            "its value is one of": [self._lists[iri]] if iri in self._lists else [],
            "inverse of": sorted({*self._objects(iri, inverse), *self._subjects(inverse, iri)}),
            "a kind of": self._objects(iri, RDFS + "subPropertyOf"),
            "kinds of it": self._subjects(RDFS + "subPropertyOf", iri),
            "never to the same as": self._disjoint(iri),
        }
        return self._entry(
            iri,
            facets,
            [rule for rule in self._rules if rule.head[1] == NamedNode(iri)],
            [
                part
                for shape in self.shapes
                for part in shape.parts
                if part.path == iri or iri in self._mentioned[part.iri]
            ],
            [],
            self._example(NamedNode(iri), None),
        )

    def _entry(
        self,
        iri: str,
        facets: dict[str, list[str]],
        rules: Iterable[Rule],
        own: list[Requirement],
        inherited: list[str],
        example: Example | None,
    ) -> Entry:
        return Entry(
            iri,
            self.definition(iri),
            {name: terms for name, terms in facets.items() if terms},
            list(dict.fromkeys(map(Sentence.of, rules))),
            own,
            inherited,
            self._alignments.of.get(iri, []),
            self._alignments.remarks.get(iri, []),
            [name for name in self.graph.queries if iri in self._mentioned[name]],
            example,
        )

    def _example(self, predicate: NamedNode, object_: NamedNode | None) -> Example | None:
        """Return the first fact, rather a stated one; of a thing of a class, all its facts."""
        for name in (STATED, DATES, INFERRED):
            graph = NamedNode(name)
            quads = self.graph.store.quads_for_pattern(None, predicate, object_, graph)
            first = min(quads, key=str, default=None)
            if first is None:
                continue
            facts, words = [first], (first.subject, first.predicate, first.object)
            if object_ is not None and name == STATED:
                facts = [*self.graph.store.quads_for_pattern(first.subject, None, None, graph)]
            turtle = serialize_triples([quad.triple for quad in facts], "turtle").decode()
            return Example(
                " · ".join(
                    self.label(printable(value(term))) for term in words[: 1 if object_ else 3]
                ),
                turtle.partition("\n\n")[2].strip(),
                name != STATED,
            )
        return None

    @cached_property
    def _rules(self) -> list[Rule]:
        return self.graph.inference.closure.rules

    @cached_property
    def _mentioned(self) -> dict[str, set[str]]:
        """The terms that each query and each constraint names."""
        texts = {part.iri: part.select for shape in self.shapes for part in shape.parts}
        texts |= {name: query.text for name, query in self.graph.queries.items()}
        return {name: set(map(expand, _OURS.findall(text))) for name, text in texts.items()}

    @cached_property
    def _lists(self) -> dict[str, str]:
        """The code lists that properties take their values from, as the check has them."""
        text = next((check.select for check in self.checks if check.name == "code-list"), "")
        return {expand(name): expand(taken) for name, taken in _LIST_OF_PROPERTY.findall(text)}

    def _terms(self, *kinds: str) -> list[str]:
        """List our terms of some kinds of OWL by name, whatever its case."""
        found = {value(t) for t in self._of_kind(*kinds) if isinstance(t, NamedNode)}
        return sorted((t for t in found if t.startswith(RKG)), key=lambda t: (t.casefold(), t))

    def _of_kind(self, *kinds: str) -> Iterator[Term]:
        return (term for kind in kinds for term in self._ontology.instances(kind))

    def _above(self, iri: str) -> list[str]:
        found = [above for above in self._objects(iri, RDFS + "subClassOf") if _is_iri(above)]
        return [*found, *(further for above in found for further in self._above(above))]

    def _disjoint(self, iri: str) -> list[str]:
        predicates = (OWL + "disjointWith", OWL + "propertyDisjointWith")
        sets = [{*map(value, pair)} for name in predicates for pair in self._ontology.pairs(name)]
        heads = (head for _, head in self._ontology.pairs(OWL + "members"))
        sets += [{*map(value, self._ontology.members(head))} for head in heads]
        return sorted({term for together in sets if iri in together for term in together} - {iri})

    def _text(self, subject: str, predicate: str) -> str:
        return next(iter(self._objects(subject, predicate)), "")

    def _objects(self, subject: str, predicate: str) -> list[str]:
        quads = self._quads(NamedNode(subject), NamedNode(predicate), None)
        return sorted(
            self._ontology.words(quad.object)
            if isinstance(quad.object, BlankNode)
            else value(quad.object)
            for quad in quads
        )

    def _subjects(self, predicate: str, object_: str) -> list[str]:
        quads = self._quads(None, NamedNode(predicate), NamedNode(object_))
        return sorted(q.subject.value for q in quads if isinstance(q.subject, NamedNode))

    def _quads(
        self, subject: NamedNode | None, predicate: NamedNode | None, object_: NamedNode | None
    ) -> Iterator[Quad]:
        graph = NamedNode(ONTOLOGY)
        return self.graph.store.quads_for_pattern(subject, predicate, object_, graph)


def _is_iri(term: str) -> bool:
    return term.startswith(("https://", "http://"))
