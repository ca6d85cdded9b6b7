"""Tests of the ontology: its prose, its profile, and that every term is used."""

import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path

import pytest
from examples import GOOD
from pyoxigraph import Literal as Term
from pyoxigraph import NamedNode
from rdflib import (
    DC,
    DCTERMS,
    OWL,
    RDF,
    RDFS,
    SKOS,
    VANN,
    XSD,
    Dataset,
    Graph,
    Literal,
    Namespace,
    URIRef,
)
from rdflib.collection import Collection
from rdflib.term import Node

import relations_kg as rk
from relations_kg._files import content, folder
from relations_kg.rdf.namespaces import CODE, ONTOLOGY, PREFIXES, RKG, shorten
from relations_kg.rdf.terms import TYPE
from relations_kg.reader.bundled import ontology_store
from relations_kg.reasoning.ontology import Ontology
from relations_kg.reasoning.rules import compile_rules

ADMS = Namespace("http://www.w3.org/ns/adms#")

KINDS = (
    OWL.Class,
    OWL.ObjectProperty,
    OWL.DatatypeProperty,
    OWL.AnnotationProperty,
    RDFS.Datatype,
)
# The part of OWL 2 RL that the reasoner covers.
VOCABULARY = (
    "Ontology versionInfo versionIRI "
    "Class Restriction ObjectProperty DatatypeProperty AnnotationProperty "
    "onProperty someValuesFrom allValuesFrom hasValue intersectionOf unionOf complementOf Thing "
    "equivalentClass disjointWith AllDisjointClasses members inverseOf propertyChainAxiom "
    "SymmetricProperty TransitiveProperty AsymmetricProperty IrreflexiveProperty "
    "propertyDisjointWith FunctionalProperty maxCardinality"
)
DATATYPES = {
    XSD.string,
    XSD.integer,
    XSD.nonNegativeInteger,
    XSD.positiveInteger,
    XSD.decimal,
    XSD.boolean,
    XSD.anyURI,
    RDFS.Literal,
}


@pytest.fixture(scope="module")
def ontology(rdflib_dataset: Dataset) -> Graph:
    return rdflib_dataset.graph(URIRef(ONTOLOGY))


@pytest.fixture(scope="module")
def terms(ontology: Graph) -> list[URIRef]:
    found = {t for kind in KINDS for t in ontology.subjects(RDF.type, kind)}
    return sorted(t for t in found if isinstance(t, URIRef) and t.startswith(RKG))


@pytest.fixture(scope="module")
def headers() -> Graph:
    """Return the ontology headers of the files in the folder."""
    found = Graph()
    for name in ("relations.ttl", "codelists.ttl", "shapes.ttl"):
        graph = Graph().parse(data=content(folder("ontology"), name), format="turtle")
        (node,) = graph.subjects(RDF.type, OWL.Ontology)
        found += graph.triples((node, None, None))
    return found


def short(nodes: Iterable[Node]) -> list[str]:
    return sorted(shorten(str(node)) for node in nodes)


def test_every_term_has_one_english_label_and_one_definition(
    ontology: Graph, terms: list[URIRef]
) -> None:
    assert terms
    for term in terms:
        (label,) = ontology.objects(term, RDFS.label)
        (definition,) = ontology.objects(term, SKOS.definition)

        assert isinstance(label, Literal)
        assert isinstance(definition, Literal)
        assert "en" == label.language == definition.language


def test_no_two_terms_have_the_same_label_or_definition(
    ontology: Graph, terms: list[URIRef]
) -> None:
    for predicate in (RDFS.label, SKOS.definition):
        texts = Counter(str(ontology.value(term, predicate)).casefold() for term in terms)

        assert [] == [text for text, number in texts.items() if number > 1]


def test_a_definition_is_full_sentences(ontology: Graph) -> None:
    for definition in ontology.objects(None, SKOS.definition):
        assert re.fullmatch(r"[A-Z].*\.", str(definition))
        assert not re.search(
            r"^(This|The) (class|property) (is|of|that)|\s{2}|\.\.", str(definition)
        )


def test_a_label_is_words_that_begin_small(ontology: Graph, terms: list[URIRef]) -> None:
    """Only an abbreviation begins with a capital."""
    for term in terms:
        label = str(ontology.value(term, RDFS.label))

        assert label == label.strip()
        assert re.match(r"[a-z]|[A-Z]{2}", label)


# The words of these names are not a phrase, or are already the label of a class.
OTHER_LABELS = {
    "Amount": "amount as told",
    "duringEvent": "during",
    "office": "office held",
    "place": "took place in",
    "territory": "territory administered",
    "towardsKind": "towards a kind of agreement",
    "vessel": "made by vessel",
}
# Joining words in labels, which names often omit.
JOINING = {"a", "an", "at", "by", "for", "from", "in", "of", "on", "the", "to", "with"}


def words_of(text: str) -> list[str]:
    """Return the words of a name or label, in American spelling."""
    parts = re.sub("(?<=[a-z0-9])(?=[A-Z])", " ", text).replace("SHA-", "sha").lower().split()
    found = [part for word in parts for part in word.split("-")]
    return sorted(re.sub("(?<=[gn])is(?=[ei])|(?<=[an])is(?=a)", "iz", w) for w in found)


def test_a_label_has_the_words_of_the_name(ontology: Graph, terms: list[URIRef]) -> None:
    differing = {}
    for term in terms:
        name, label = term.removeprefix(RKG), str(ontology.value(term, RDFS.label))
        if [w for w in words_of(name) if w not in JOINING] != [
            w for w in words_of(label) if w not in JOINING
        ]:
            differing[name] = label

    assert OTHER_LABELS == differing


def test_a_definition_says_what_a_term_means(ontology: Graph, terms: list[URIRef]) -> None:
    """It neither describes a link in a graph nor repeats the label."""
    for term in terms:
        label = str(ontology.value(term, RDFS.label))
        definition = str(ontology.value(term, SKOS.definition))

        assert not re.match("Leads? |Links? |Points? |Connects? |Relates? |Names? ", definition)
        without_references = re.sub(r"\([^)]*\)", "", definition)
        assert not re.search(rf"\b{re.escape(label)}\b", without_references, re.IGNORECASE)
        assert len({*words_of(definition)} - {*words_of(label)} - JOINING) >= 2


def test_a_class_has_a_scope_note_and_an_example(ontology: Graph) -> None:
    """Each of them has at most three sentences."""
    classes = [c for c in ontology.subjects(RDF.type, OWL.Class) if isinstance(c, URIRef)]

    assert classes
    for term in classes:
        (note,) = ontology.objects(term, SKOS.scopeNote)
        (example,) = ontology.objects(term, SKOS.example)
        for text in (note, example):
            assert isinstance(text, Literal)
            assert "en" == text.language
            assert re.fullmatch(r"""["A-Z][^\n]*[a-z0-9)]\.""", text)
            assert len(re.findall(r"\.(?= |$)", text)) <= 3
            assert len(text) <= 260


def test_classes_and_datatypes_begin_with_a_capital_and_properties_do_not(
    ontology: Graph, terms: list[URIRef]
) -> None:
    kinds = (OWL.Class, RDFS.Datatype)
    for term in terms:
        is_class = any((term, RDF.type, kind) in ontology for kind in kinds)

        assert re.fullmatch("[A-Z][A-Za-z]+" if is_class else "[a-z][A-Za-z0-9]+", term[len(RKG) :])


def test_a_term_is_of_one_kind_and_every_mention_is_of_a_term(
    ontology: Graph, terms: list[URIRef]
) -> None:
    mentioned = {node for triple in ontology for node in triple if isinstance(node, URIRef)} - {
        URIRef(RKG.removesuffix("#"))
    }

    assert short(t for t in mentioned if t.startswith(RKG)) == short(terms)
    for term in terms:
        assert 1 == sum((term, RDF.type, kind) in ontology for kind in KINDS)


def test_every_value_of_a_code_list_is_described(ontology: Graph) -> None:
    concepts = set(ontology.subjects(RDF.type, SKOS.Concept))
    schemes = set(ontology.subjects(RDF.type, SKOS.ConceptScheme))

    assert {node for node in ontology.subjects() if str(node).startswith(CODE)} == (
        concepts | schemes
    )
    for predicate in (SKOS.prefLabel, SKOS.definition):
        given = {node: list(ontology.objects(node, predicate)) for node in concepts | schemes}
        assert [] == short(node for node, texts in given.items() if len(texts) != 1), (
            f"these have no {predicate}, or several, as when two lists use one name for a code"
        )
        for (text,) in given.values():
            assert isinstance(text, Literal)
            assert "en" == text.language
    for node in concepts | schemes:
        assert re.fullmatch("[a-z0-9]+(-[a-z0-9]+)*", str(node).removeprefix(CODE))
    lists = {code: list(ontology.objects(code, SKOS.inScheme)) for code in concepts}
    assert [] == short(code for code, found in lists.items() if len(found) != 1), (
        "these codes are in no list or in several"
    )
    assert {scheme for (scheme,) in lists.values()} <= schemes
    for scheme in schemes:
        assert list(ontology.subjects(SKOS.inScheme, scheme))


def test_another_name_of_a_code_leads_to_no_second_code_of_its_list(ontology: Graph) -> None:
    """Neither do its singular and its plural."""

    def names(code: Node, *predicates: URIRef) -> set[str]:
        labels = (label for each in predicates for label in ontology.objects(code, each))
        return {str(label).casefold().removesuffix("s") for label in labels}

    others = (SKOS.altLabel, SKOS.hiddenLabel)
    for scheme in ontology.subjects(RDF.type, SKOS.ConceptScheme):
        codes = sorted(ontology.subjects(SKOS.inScheme, scheme))
        known = {code: names(code, SKOS.prefLabel, *others) for code in codes}
        found = {(name, code) for code in codes for name in names(code, *others)}

        assert [] == [
            f"{name}: {code} and {other}"
            for name, code in sorted(found)
            for other in codes
            if other != code and name in known[other]
        ]


@pytest.fixture(scope="module")
def everything() -> rk.Graph:
    """The bundled graph together with all valid example files."""
    return rk.load(*GOOD)


@pytest.mark.slow
def test_every_term_is_used(everything: rk.Graph, ontology: Graph, terms: list[URIRef]) -> None:
    """A term is used by the data, a valid example, their entailments, or the ontology.

    A datatype is used by a value, or by the answers of stored queries.
    """
    outside = f"FILTER NOT EXISTS {{ GRAPH <{ONTOLOGY}> {{ ?s ?p ?o }} }}"
    used = {
        str(row[0])
        for pattern in ("?s ?term ?o . BIND (?term AS ?p)", "?s a ?term . BIND (rdf:type AS ?p)")
        for row in everything.query(  # type: ignore[union-attr]
            f"SELECT DISTINCT ?term WHERE {{ {pattern} OPTIONAL {{ ?s ?p ?o }} {outside} }}"
        )
    }

    annotations = set(ontology.predicates())
    cells = [term for row in everything.run("visits").terms for term in row]
    values = [*cells, *(quad.object for quad in everything.quad_store)]
    datatypes = {term.datatype.value for term in values if isinstance(term, Term)}
    assert [] == short(set(terms) - annotations - {URIRef(term) for term in used | datatypes})


@pytest.mark.slow
def test_every_value_of_a_code_list_is_used(everything: rk.Graph, ontology: Graph) -> None:
    """A code is used by the data, by the axiom of a class, or by an annotation."""
    implied = set(ontology.objects(None, OWL.hasValue))
    implied |= {o for _, p, o in ontology if str(p).startswith(RKG)}
    implied |= set(ontology.subjects(URIRef(RKG + "laneOrder")))
    used = {
        row[0]
        for row in everything.query(  # type: ignore[union-attr]
            "SELECT DISTINCT ?value WHERE { ?s ?p ?value . FILTER STRSTARTS(STR(?p), STR(rkg:)) }"
        )
    }
    concepts = set(ontology.subjects(RDF.type, SKOS.Concept))

    assert [] == short(concepts - implied - {URIRef(str(value)) for value in used})


## The headers of the files


@pytest.mark.slow
def test_the_version_is_the_same_everywhere(headers: Graph) -> None:
    top = Path(__file__).parent.parent
    project = tomllib.loads((top / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    (cited,) = re.findall(r"(?m)^version: (\S+)$", (top / "CITATION.cff").read_text("utf-8"))
    (latest, *_) = re.findall(r"(?m)^## (\d\S+)", (top / "CHANGELOG.md").read_text("utf-8"))
    files = [str(version) for version in headers.objects(None, OWL.versionInfo)]
    (iri,) = headers.objects(None, OWL.versionIRI)

    assert {project["version"]} == {cited, latest, *files, str(iri).rpartition("/")[2]}
    assert 3 == len(files)


@pytest.mark.slow
def test_the_ontology_says_what_it_is_whose_and_since_when(headers: Graph) -> None:
    node = URIRef(RKG.removesuffix("#"))
    (namespace,) = headers.objects(node, VANN.preferredNamespaceUri)
    (prefix,) = headers.objects(node, VANN.preferredNamespacePrefix)
    (created,) = headers.objects(node, DCTERMS.created)
    (modified,) = headers.objects(node, DCTERMS.modified)

    assert PREFIXES[str(prefix)] == str(namespace)
    assert created.toPython() <= modified.toPython()
    for predicate in (DCTERMS.title, DCTERMS.description, DC.creator, ADMS.status):
        assert 1 == len(list(headers.objects(node, predicate)))


@pytest.mark.slow
def test_every_file_says_its_licence(headers: Graph) -> None:
    licensed = set(headers.subjects(DCTERMS.license))

    assert set(headers.subjects(RDF.type, OWL.Ontology)) == licensed


@pytest.mark.slow
def test_what_the_files_say_of_themselves_is_no_axiom_and_no_term(headers: Graph) -> None:
    store = ontology_store()
    rules = compile_rules(Ontology(store))
    about = {NamedNode(str(node)) for node in headers.subjects()}
    quads = [quad for quad in store if quad.subject in about]
    for quad in quads:
        store.remove(quad)

    assert quads
    assert rules == compile_rules(Ontology(store))
    declared = {str(quad.subject) for quad in store if quad.predicate == TYPE}
    described_with = {f"<{name}>" for name in headers.predicates()} - {f"<{RDFS.label}>"}
    assert {f"<{DCTERMS.license}>"} == declared & described_with


## OWL 2 RL


def test_only_constructs_of_owl_2_rl_are_used(ontology: Graph) -> None:
    used = {node for triple in ontology for node in triple if str(node).startswith(str(OWL))}

    assert {str(node).removeprefix(str(OWL)) for node in used} <= {*VOCABULARY.split()}


def members(ontology: Graph, node: Node, predicate: URIRef) -> list[Node] | None:
    head = ontology.value(node, predicate)
    return None if head is None else list(Collection(ontology, head))


def fits(ontology: Graph, node: Node, place: str) -> bool:
    """Return whether OWL 2 RL allows a class expression in this position of an axiom."""
    if isinstance(node, URIRef):
        return node != OWL.Thing or place == "right"
    if (parts := members(ontology, node, OWL.intersectionOf)) is not None:
        return all(fits(ontology, part, place) for part in parts)
    if (parts := members(ontology, node, OWL.unionOf)) is not None:
        return place == "left" and all(fits(ontology, part, place) for part in parts)
    if (filler := ontology.value(node, OWL.someValuesFrom)) is not None:
        return place == "left" and (filler == OWL.Thing or fits(ontology, filler, "left"))
    if (filler := ontology.value(node, OWL.allValuesFrom)) is not None:
        return place == "right" and fits(ontology, filler, "right")
    if (most := ontology.value(node, OWL.maxCardinality)) is not None:
        return place == "right" and int(most) <= 1
    return ontology.value(node, OWL.hasValue) is not None


@pytest.mark.parametrize(
    ("predicate", "left", "right"),
    [
        (RDFS.subClassOf, "left", "right"),
        (OWL.equivalentClass, "equal", "equal"),
        (OWL.disjointWith, "left", "left"),
        (RDFS.domain, None, "right"),
        (RDFS.range, None, "right"),
    ],
)
def test_a_class_expression_stands_only_where_owl_2_rl_has_it(
    ontology: Graph, predicate: URIRef, left: str | None, right: str
) -> None:
    """`someValuesFrom` and unions belong on the left of an inclusion, and in no equivalence."""
    for subject, object_ in ontology.subject_objects(predicate):
        if (subject, RDF.type, OWL.DatatypeProperty) in ontology:
            continue
        assert left is None or fits(ontology, subject, left), subject
        assert fits(ontology, object_, right), subject


def test_the_range_of_a_datatype_property_is_a_datatype_of_owl_2_rl(ontology: Graph) -> None:
    """`xsd:date` and `xsd:gYear` are not among them; shapes check such values."""
    for name in ontology.subjects(RDF.type, OWL.DatatypeProperty):
        assert set(ontology.objects(name, RDFS.range)) <= DATATYPES


def test_links_lead_to_classes_and_values_have_datatypes(ontology: Graph) -> None:
    classes = set(ontology.subjects(RDF.type, OWL.Class))

    for name in ontology.subjects(RDF.type, OWL.ObjectProperty):
        for predicate in (RDFS.domain, RDFS.range):
            assert set(ontology.objects(name, predicate)) <= classes
    for name in ontology.subjects(RDF.type, OWL.AnnotationProperty):
        assert not set(ontology.objects(name, RDFS.domain))
        assert not set(ontology.objects(name, RDFS.range))


def not_simple(ontology: Graph) -> set[Node]:
    """Return the transitive properties, those with chains, their inverses and superproperties."""
    found: set[Node] = {
        *ontology.subjects(RDF.type, OWL.TransitiveProperty),
        *ontology.subjects(OWL.propertyChainAxiom),
    }
    while True:
        more = {
            other
            for name in found
            for other in (
                *ontology.objects(name, RDFS.subPropertyOf),
                *ontology.objects(name, OWL.inverseOf),
                *ontology.subjects(OWL.inverseOf, name),
                *ontology.objects(name, OWL.equivalentProperty),
                *ontology.subjects(OWL.equivalentProperty, name),
            )
        }
        if more <= found:
            return found
        found |= more


def test_a_property_that_is_not_simple_is_not_restricted_as_only_simple_ones_may_be(
    ontology: Graph,
) -> None:
    restricted = {
        name
        for kind in (
            OWL.FunctionalProperty,
            OWL.InverseFunctionalProperty,
            OWL.IrreflexiveProperty,
            OWL.AsymmetricProperty,
        )
        for name in ontology.subjects(RDF.type, kind)
    }
    disjoint = set(ontology.subjects(OWL.propertyDisjointWith)) | set(
        ontology.objects(None, OWL.propertyDisjointWith)
    )

    assert URIRef(RKG + "follows") in not_simple(ontology)
    assert URIRef(RKG + "precedes") in not_simple(ontology)
    assert [] == short(not_simple(ontology) & (restricted | disjoint))


def test_no_chain_leads_back_into_itself(ontology: Graph) -> None:
    """The order of properties that OWL 2 requires exists: no property depends on itself.

    A property depends on its subproperties and on the members of its chains; an inverse counts as
    the property itself.
    """
    direct = dict(ontology.subject_objects(OWL.inverseOf))
    needs: dict[Node, set[Node]] = defaultdict(set)
    for name, head in ontology.subject_objects(OWL.propertyChainAxiom):
        needs[direct.get(name, name)] |= {direct.get(n, n) for n in Collection(ontology, head)}
    for name, above in ontology.subject_objects(RDFS.subPropertyOf):
        needs[direct.get(above, above)].add(direct.get(name, name))

    def reached(name: Node, seen: frozenset[Node]) -> bool:
        return name in seen or any(reached(n, seen | {name}) for n in needs.get(name, ()))

    assert [] == short(name for name in needs if reached(name, frozenset()))


def test_no_class_is_a_kind_of_itself_or_of_what_it_is_disjoint_with(ontology: Graph) -> None:
    disjoint = set(ontology.subject_objects(OWL.disjointWith))
    for node in ontology.subjects(RDF.type, OWL.AllDisjointClasses):
        parts = members(ontology, node, OWL.members) or []
        disjoint |= {(one, other) for one in parts for other in parts if one != other}

    assert disjoint
    for name in ontology.subjects(RDF.type, OWL.Class):
        above = {
            one_up
            for parent in ontology.objects(name, RDFS.subClassOf)
            for one_up in ontology.transitive_objects(parent, RDFS.subClassOf)
        }

        assert name not in above
        assert not [pair for pair in disjoint if {*pair} <= {name, *above}]
