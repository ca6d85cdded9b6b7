"""The description of the dataset: what it is, what it holds and how it was made.

In the terms of DCAT 3, VoID and PROV, all of it counted in the graph and none of it from a clock.
The dataset is what is authored; a second one is that together with its dates and what follows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from hashlib import sha256
from importlib.metadata import metadata
from os.path import dirname, join, relpath
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from pyoxigraph import Literal, NamedNode, Triple

from relations_kg._files import content, folder, paths
from relations_kg.namespaces import (
    BASE,
    DATES,
    INFERRED,
    ONTOLOGY,
    OWL,
    PREFIXES,
    RDFS,
    RKG,
    SKOS,
    XSD,
    shorten,
)
from relations_kg.terms import TYPE, named, objects, value

if TYPE_CHECKING:
    from relations_kg.graph import Graph

DATASET = BASE + "dataset"
COMPLETE = DATASET + "#all"
_LICENCE = NamedNode("https://creativecommons.org/licenses/by-sa/4.0/")
_TERMS = {
    **PREFIXES,
    "dataset": DATASET + "#",
    "graph": BASE + "graph/",
    "dcat": "http://www.w3.org/ns/dcat#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "prov": "http://www.w3.org/ns/prov#",
    "spdx": "http://spdx.org/rdf/terms#",
    "void": "http://rdfs.org/ns/void#",
}
_MEDIA_TYPES = {
    "ttl": "text/turtle",
    "trig": "application/trig",
    "nt": "application/n-triples",
    "nq": "application/n-quads",
    "jsonld": "application/ld+json",
    "csv": "text/csv",
    "zip": "application/zip",
}
_LINKS = (
    OWL + "sameAs",
    RDFS + "seeAlso",
    *(SKOS + kind + "Match" for kind in ("exact", "close", "broad", "narrow", "related")),
)
_COUNTS: Mapping[str, Callable[[Collection[Triple]], Collection[object]]] = {
    "triples": lambda triples: triples,
    "entities": lambda triples: {t.subject for t in triples if value(t.subject).startswith(BASE)},
    "classes": lambda triples: {t.object for t in triples if t.predicate == TYPE},
    "properties": lambda triples: {t.predicate for t in triples},
    "distinctSubjects": lambda triples: {t.subject for t in triples},
    "distinctObjects": lambda triples: {t.object for t in triples},
}
_COUNTS_OF_PARTS = {
    "class": ("triples", "entities"),
    "property": ("triples", "distinctSubjects", "distinctObjects"),
}
_TITLES = {
    "dbpedia.org": "DBpedia",
    "en.wikipedia.org": "Wikipedia in English",
    "sws.geonames.org": "GeoNames",
    "www.wikidata.org": "Wikidata",
}


def describe(
    graph: Graph, files: Mapping[str, bytes], complete: Mapping[str, bytes]
) -> list[Triple]:
    """Describe the graph of the bundled facts, and the files that it is distributed as.

    The `files` hold what is authored, the `complete` ones also dates and what follows; both are
    told by their names, whose endings say what kind of file each is, and how it is packed.

    >>> import relations_kg as rk
    >>> Triple(NamedNode(DATASET), TYPE, _term("dcat:Dataset")) in describe(rk.load(), {}, {})
    True
    """
    # A term is said to be of its kind wherever it comes up.
    return list(dict.fromkeys(_Description(graph, files, complete).triples))


def serialize(triples: Iterable[Triple], format: str) -> bytes:
    """Write a description as turtle, jsonld or ntriples, in a fixed order."""
    from relations_kg.publishing.export import serialize_triples

    return serialize_triples(triples, format, prefixes=_TERMS)


class _Description:
    def __init__(
        self, graph: Graph, files: Mapping[str, bytes], complete: Mapping[str, bytes]
    ) -> None:
        self.triples: list[Triple] = []
        self._graph = graph
        self._summary = graph.summary()
        self._about = metadata("relations-kg")
        graphs: dict[str, set[Triple]] = defaultdict(set)
        for quad in graph.store:
            graphs[value(quad.graph_name)].add(quad.triple)
        graphs.pop(ONTOLOGY, None)
        derived = {name: graphs.pop(name, set()) for name in (DATES, INFERRED)}
        authored = set[Triple]().union(*graphs.values())

        self._dataset(DATASET, "Relations between states", authored, "", [*graphs])
        self._dataset(
            COMPLETE,
            "Relations between states, with dates in days and what follows",
            authored.union(*derived.values()),
            "all-",
            [DATASET, *derived],
        )
        for name, triples in {**graphs, **derived}.items():
            self._say(name, "a", _term("void:Dataset"))
            self._say(name, "rdfs:label", _text(f"{name.rpartition('/')[2]} triples"))
            self._count(name, triples)
        self._link_sets(authored)
        self._build()
        self._checksum(DATASET, self._summary.fingerprint)
        self._distributions(DATASET, files)
        self._distributions(COMPLETE, complete)

    def _say(self, subject: str, predicate: str, *values: NamedNode | Literal) -> None:
        property_ = TYPE if predicate == "a" else _term(predicate)
        self.triples += [Triple(NamedNode(subject), property_, value) for value in values]

    def _dataset(
        self,
        dataset: str,
        title: str,
        triples: set[Triple],
        prefix: str,
        subsets: Iterable[str],
    ) -> None:
        self._say(dataset, "a", _term("dcat:Dataset"), _term("void:Dataset"), _term("prov:Entity"))
        self._say(dataset, "dcterms:title", _text(title))
        self._say(dataset, "dcterms:description", _text(f"{self._about['Summary']}."))
        self._say(dataset, "dcat:version", Literal(self._about["Version"]))
        self._say(dataset, "dcterms:license", _LICENCE)
        self._say(_LICENCE.value, "a", _term("dcterms:LicenseDocument"))
        agent = _part("developers")
        self._say(dataset, "dcterms:creator", agent)
        self._say(dataset, "dcterms:publisher", agent)
        self._say(agent.value, "a", _term("foaf:Agent"), _term("prov:Agent"))
        self._say(agent.value, "foaf:name", Literal(self._about["Author"]))
        ontology = RKG.removesuffix("#")
        self._say(dataset, "dcterms:conformsTo", NamedNode(ontology))
        self._say(ontology, "a", _term("dcterms:Standard"))
        for day in objects(self._graph.store, NamedNode(ontology), _iri("dcterms:modified")):
            self._say(dataset, "dcterms:modified", Literal(value(day), datatype=_term("xsd:date")))
        self._subjects(dataset)
        self._languages(dataset, triples)
        self._say(dataset, "void:uriSpace", Literal(BASE))
        self._say(dataset, "void:subset", *map(NamedNode, subsets))
        self._count(dataset, triples)
        self._partitions(dataset, triples, prefix)

    def _subjects(self, dataset: str) -> None:
        """Say what the dataset is about: parties, where they are, and when."""
        store = self._graph.store
        kind = NamedNode(RKG + "BilateralRelationship")
        relations = named(quad.subject for quad in store.quads_for_pattern(None, TYPE, kind))
        parties = named(
            party
            for relation in relations
            for role in ("firstParty", "secondParty")
            for party in objects(store, relation, RKG + role)
        )
        words = {"diplomacy", "international relations"}
        words.update(self._graph.names.label(node.value) for node in [*relations, *parties])
        self._say(dataset, "dcat:keyword", *map(_text, sorted(words)))
        self._say(dataset, "void:exampleResource", *relations, *parties)
        # What GeoNames describes are territories: where a state is, and not the state itself.
        for party in parties:
            for link in named(objects(store, party, RDFS + "seeAlso")):
                if urlsplit(link.value).netloc == "sws.geonames.org":
                    self._say(dataset, "dcterms:spatial", link)
                    self._say(link.value, "a", _term("dcterms:Location"))
        if span := self._summary.span:
            time = _part("time")
            self._say(dataset, "dcterms:temporal", time)
            self._say(time.value, "a", _term("dcterms:PeriodOfTime"))
            for property_, day in zip(("startDate", "endDate"), span, strict=True):
                self._say(time.value, f"dcat:{property_}", Literal(day, datatype=_term("xsd:date")))

    def _languages(self, dataset: str, triples: set[Triple]) -> None:
        tags = {t.object.language for t in triples if isinstance(t.object, Literal)} - {None}
        for tag in sorted(str(tag).partition("-")[0] for tag in tags):
            language = f"http://id.loc.gov/vocabulary/iso639-1/{tag}"
            self._say(dataset, "dcterms:language", NamedNode(language))
            self._say(language, "a", _term("dcterms:LinguisticSystem"))

    def _count(
        self, dataset: str, triples: Collection[Triple], names: Iterable[str] = _COUNTS
    ) -> None:
        for name in names:
            self._say(dataset, f"void:{name}", _number(len(_COUNTS[name](triples))))

    def _partitions(self, dataset: str, triples: set[Triple], prefix: str) -> None:
        by_property: dict[str, list[Triple]] = defaultdict(list)
        by_subject: dict[str, list[Triple]] = defaultdict(list)
        members: dict[str, list[str]] = defaultdict(list)
        for triple in triples:
            by_property[triple.predicate.value].append(triple)
            by_subject[value(triple.subject)].append(triple)
            if triple.predicate == TYPE:
                members[value(triple.object)].append(value(triple.subject))
        parts = {
            **{("property", iri): found for iri, found in by_property.items()},
            **{
                ("class", iri): [triple for thing in things for triple in by_subject[thing]]
                for iri, things in members.items()
            },
        }
        for (kind, iri), found in parts.items():
            part = _part(f"{prefix}{kind}-{_short(iri)}")
            self._say(dataset, f"void:{kind}Partition", part)
            self._say(part.value, "a", _term("void:Dataset"))
            self._say(part.value, f"void:{kind}", NamedNode(iri))
            self._count(part.value, found, _COUNTS_OF_PARTS[kind])
        used = [*by_property, *members]
        for namespace in PREFIXES.values():
            if any(iri.startswith(namespace) for iri in used):
                self._say(dataset, "void:vocabulary", NamedNode(namespace))

    def _link_sets(self, triples: set[Triple]) -> None:
        """Count the links that lead to each other dataset, which is known by its host."""
        links: dict[tuple[str, str], list[Triple]] = defaultdict(list)
        for triple in triples:
            to = value(triple.object)
            if triple.predicate.value in _LINKS and not to.startswith(BASE):
                links[urlsplit(to).netloc, triple.predicate.value].append(triple)
        for (host, predicate), found in links.items():
            target = _part(f"target-{host}")
            scheme = min(urlsplit(value(triple.object)).scheme for triple in found)
            self._say(target.value, "a", _term("void:Dataset"))
            self._say(target.value, "dcterms:title", _text(_TITLES.get(host, host)))
            self._say(target.value, "void:uriSpace", Literal(f"{scheme}://{host}/"))
            link_set = _part(f"links-{host}-{_short(predicate)}")
            self._say(DATASET, "void:subset", link_set)
            self._say(link_set.value, "a", _term("void:Linkset"))
            self._say(link_set.value, "void:linkPredicate", NamedNode(predicate))
            self._say(link_set.value, "void:subjectsTarget", NamedNode(DATASET))
            self._say(link_set.value, "void:objectsTarget", target)
            self._count(link_set.value, found, _COUNTS_OF_PARTS["property"])

    def _build(self) -> None:
        """Say what the datasets were made from, and with what."""
        store = self._graph.store
        software, build = _part("software"), _part("build")
        self._say(software.value, "a", _term("prov:SoftwareAgent"))
        self._say(software.value, "foaf:name", Literal(self._about["Name"]))
        self._say(software.value, "dcat:version", Literal(self._about["Version"]))
        self._say(build.value, "a", _term("prov:Activity"))
        self._say(build.value, "prov:wasAssociatedWith", software)
        for dataset in (DATASET, COMPLETE):
            self._say(dataset, "prov:wasGeneratedBy", build)
        self._say(COMPLETE, "prov:wasDerivedFrom", NamedNode(DATASET))
        root = dirname(folder("data"))
        names = ("relations.ttl", "codelists.ttl", "time.n3")
        used = [join(folder("ontology"), name) for name in names]
        for path in [*paths(folder("data"), ".ttl"), *used]:
            name = relpath(path, root).replace("\\", "/")
            file = _part(name)
            self._say(build.value, "prov:used", file)
            self._say(file.value, "a", _term("prov:Entity"))
            self._say(file.value, "rdfs:label", Literal(name))
            self._checksum(file.value, sha256(content(path)).hexdigest())
        sources = (NamedNode(RKG + "SourceDocument"), _term("dcterms:BibliographicResource"))
        for quad in [q for kind in sources for q in store.quads_for_pattern(None, TYPE, kind)]:
            source = value(quad.subject)
            self._say(DATASET, "prov:wasDerivedFrom", NamedNode(source))
            self._say(source, "a", _term("prov:Entity"))
            self._say(source, "dcterms:title", _text(self._graph.names.label(source)))
            licences = objects(store, NamedNode(source), _iri("dcterms:license"))
            self._say(source, "dcterms:license", *named(licences))
            for digest in objects(store, NamedNode(source), RKG + "sha256"):
                self._checksum(source, value(digest))

    def _distributions(self, dataset: str, files: Mapping[str, bytes]) -> None:
        for name, written in files.items():
            file = _part(name)
            _, *endings = name.split(".")
            address = NamedNode(f"{BASE}release/{self._about['Version']}/{quote(name)}")
            self._say(dataset, "dcat:distribution", file)
            self._say(dataset, "void:dataDump", address)
            self._say(file.value, "a", _term("dcat:Distribution"))
            self._say(file.value, "dcterms:title", _text(name))
            self._say(file.value, "dcterms:license", _LICENCE)
            self._say(file.value, "dcat:accessURL", NamedNode(DATASET))
            self._say(file.value, "dcat:downloadURL", address)
            for role, ending in zip(("mediaType", "packageFormat"), endings, strict=False):
                kind = f"https://www.iana.org/assignments/media-types/{_MEDIA_TYPES[ending]}"
                self._say(file.value, f"dcat:{role}", NamedNode(kind))
                self._say(kind, "a", _term("dcterms:MediaType"))
            size = Literal(str(len(written)), datatype=NamedNode(XSD + "nonNegativeInteger"))
            self._say(file.value, "dcat:byteSize", size)
            self._checksum(file.value, sha256(written).hexdigest())

    def _checksum(self, subject: str, digest: str) -> None:
        """Tell a SHA-256; what is named by it is the same wherever the same bytes are."""
        node = _part(f"sha256-{digest}")
        algorithm = _term("spdx:checksumAlgorithm_sha256")
        self._say(subject, "spdx:checksum", node)
        self._say(node.value, "a", _term("spdx:Checksum"))
        self._say(node.value, "spdx:algorithm", algorithm)
        self._say(algorithm.value, "a", _term("spdx:ChecksumAlgorithm"))
        text = Literal(digest, datatype=NamedNode(XSD + "hexBinary"))
        self._say(node.value, "spdx:checksumValue", text)


def _iri(curie: str) -> str:
    prefix, _, local = curie.partition(":")
    return _TERMS[prefix] + local


def _term(curie: str) -> NamedNode:
    return NamedNode(_iri(curie))


def _part(name: str) -> NamedNode:
    return NamedNode(f"{DATASET}#{quote(name)}")


def _short(iri: str) -> str:
    return shorten(iri).replace(":", "-", 1)


def _text(text: str) -> Literal:
    return Literal(text, language="en")


def _number(number: int) -> Literal:
    return Literal(str(number), datatype=NamedNode(XSD + "integer"))
