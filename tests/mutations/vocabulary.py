"""The parts of the ontology, the shapes and the known graph that mistakes depend on."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cached_property
from pathlib import Path

from rdflib import OWL, RDF, RDFS, SH, SKOS, Graph, URIRef
from rdflib.term import Node

from relations_kg._files import folder

TYPE = str(RDF.type)
LABEL = str(RDFS.label)
BASE = "https://w3id.org/relations-kg/"
PREFIXES = {
    "rkg": BASE + "ontology#",
    "id": BASE + "id/",
    "src": BASE + "source/",
    "code": BASE + "code/",
    "rdf": str(RDF),
    "rdfs": str(RDFS),
    "owl": str(OWL),
    "skos": str(SKOS),
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "edtf": "http://id.loc.gov/datatypes/edtf/",
    "nif": "http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#",
    "dcterms": "http://purl.org/dc/terms/",
}
RKG = PREFIXES["rkg"]

# The codes for a missing property that is found by another constraint than a minimum count.
SPECIAL = {
    ("Event", "when"): "undated",
    ("Observation", "when"): "undated",
    ("Statement", "when"): "undated",
    ("Visit", "visitor"): "without-visitor",
    ("Visit", "capacity"): "without-office",
    ("Mission", "receivingParty"): "without-receiver",
    ("Observation", "currency"): "without-currency",
    ("Claim", "claimedValue"): "without-value",
    ("Claim", "claimedObject"): "without-value",
}


class Vocabulary:
    """The terms of the ontology and the known things, by their IRIs."""

    def __init__(self) -> None:
        self.ontology, self.shapes, self.known = Graph(), Graph(), Graph()
        root = Path(folder("ontology"))
        for name in ("relations.ttl", "codelists.ttl"):
            self.ontology.parse(root / name)
        self.shapes.parse(root / "shapes.ttl")
        for path in sorted(Path(folder("data")).rglob("*.ttl")):
            self.known.parse(path)

    @cached_property
    def classes(self) -> dict[str, set[str]]:
        """Each class with its superclasses, itself included."""
        return {
            str(kind): {str(c) for c in self.ontology.transitive_objects(kind, RDFS.subClassOf)}
            for kind in self.ontology.subjects(RDF.type, OWL.Class)
            if isinstance(kind, URIRef)
        }

    def is_a(self, types: set[str], *wanted: str) -> bool:
        """Return whether a thing of some classes is an instance of one of the wanted ones."""
        return any(not self.classes.get(t, set()).isdisjoint(wanted) for t in types)

    @cached_property
    def terms(self) -> set[str]:
        """The local names of all terms of the ontology."""
        named = (str(s) for s in self.ontology.subjects(RDF.type))
        return {s.removeprefix(RKG) for s in named if s.startswith(RKG)}

    @cached_property
    def domains(self) -> dict[str, str]:
        return {str(p): str(c) for p, c in self.ontology.subject_objects(RDFS.domain)}

    @cached_property
    def wanted(self) -> dict[str, set[str]]:
        """The classes of which each property's values must have one."""
        wanted: dict[str, set[str]] = defaultdict(set)
        for shape, path in self.shapes.subject_objects(SH.path):
            wanted[str(path)].update(map(str, self.shapes.objects(shape, SH["class"])))
            if (either := self.shapes.value(shape, SH["or"])) is not None:
                for helper in self.shapes.items(either):
                    wanted[str(path)].update(map(str, self.shapes.objects(helper, SH["class"])))
        return {path: classes for path, classes in wanted.items() if classes}

    def datatype(self, types: set[str], path: str) -> str:
        """Return the datatype that shapes require of a property, or "" if none."""
        for kind, ruled, shape in self._rules:
            if ruled == path and self.is_a(types, kind):
                for datatype in self.shapes.objects(shape, SH.datatype):
                    return str(datatype)
        return ""

    @cached_property
    def single(self) -> list[tuple[str, str]]:
        """The pairs of a class and a property that its things have at most once."""
        return sorted(
            (kind, path)
            for kind, path, shape in self._rules
            if (shape, SH.maxCount, None) in self.shapes
        )

    @cached_property
    def required(self) -> dict[tuple[str, str], str]:
        """The code of the finding if a thing of a class lacks a property, by class and property."""
        required = {(RKG + c, RKG + p): code for (c, p), code in SPECIAL.items()}
        for kind, path, shape in self._rules:
            if (shape, SH.minCount, None) in self.shapes:
                required[kind, path] = "min-count"
            elif (shape, SH.qualifiedMinCount, None) in self.shapes:
                required[kind, path] = "qualified-min-count"
        for node, rule in self.shapes.subject_objects(SH.sparql):
            if str(rule).endswith("-missing"):
                select = str(self.shapes.value(rule, SH.select))
                for target in self.shapes.objects(node, SH.targetClass):
                    for local in re.findall(r"BIND \(rkg:(\w+) AS", select):
                        required[str(target), RKG + local] = "missing"
        # A passage that is a span of a text needs a section, and only these have one in the good
        # files.
        required[RKG + "Passage", RKG + "section"] = "min-count"
        return required

    @cached_property
    def _rules(self) -> list[tuple[str, str, Node]]:
        return [
            (str(kind), str(self.shapes.value(shape, SH.path)), shape)
            for node, shape in self.shapes.subject_objects(SH.property)
            for kind in self._targets(node)
        ]

    def _targets(self, node: Node) -> set[str]:
        if (node, SH.targetSubjectsOf, URIRef(RKG + "when")) in self.shapes:
            return {RKG + "Event", RKG + "Situation", RKG + "Mission", RKG + "Observation"}
        return {str(kind) for kind in self.shapes.objects(node, SH.targetClass)}

    @cached_property
    def codes(self) -> dict[str, list[str]]:
        """The local names of the codes that each property with a code list takes."""
        check = (Path(folder("ontology")) / "checks" / "code-list.rq").read_text(encoding="utf-8")
        return {
            RKG + path: sorted(
                str(concept).removeprefix(PREFIXES["code"])
                for concept in self.ontology.subjects(
                    SKOS.inScheme, URIRef(PREFIXES["code"] + scheme)
                )
            )
            for path, scheme in re.findall(r"\(rkg:(\w+) code:([\w-]+)\)", check)
        }

    @cached_property
    def things(self) -> dict[str, set[str]]:
        """The known things and their classes."""
        things: dict[str, set[str]] = defaultdict(set)
        for thing, kind in self.known.subject_objects(RDF.type):
            things[str(thing)].add(str(kind))
        return things

    def known_of(self, *classes: str) -> list[str]:
        """Return the known things that are instances of one of some classes."""
        return sorted(t for t, types in self.things.items() if self.is_a(types, *classes))

    def known_types(self, term: object) -> set[str]:
        """Return the classes of a known thing."""
        return self.things.get(str(getattr(term, "value", "")), set())

    def label(self, thing: str) -> str:
        """Return the English label of a known thing."""
        labels = self.known.objects(URIRef(thing), RDFS.label)
        return next(str(text) for text in labels if getattr(text, "language", "") == "en")
