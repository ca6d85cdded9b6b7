"""Tests of the description of the dataset: every number is counted again in SPARQL."""

import random
import re
from collections.abc import Iterable, Iterator
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

import pytest
import rdflib
from documents import DOCUMENTS
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, NamedNode, Quad, QuerySolutions, RdfFormat, Store, parse
from rdflib.namespace import DCAT, DCTERMS, FOAF, PROV, VOID
from rdflib.term import Node
from rdflib.void import generateVoID

import relations_kg as rk
from relations_kg._files import folder
from relations_kg.graph.graph import Graph
from relations_kg.rdf.namespaces import BASE, DATES, ID, INFERRED, ONTOLOGY, OWL, RDFS, STATED
from relations_kg.release.dataset import COMPLETE, DATASET, describe, serialize

pytest.importorskip("jinja2", reason="the description is a template")

PREFIXES = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "prov": "http://www.w3.org/ns/prov#",
    "rdfs": RDFS,
    "rkg": BASE + "ontology#",
    "spdx": "http://spdx.org/rdf/terms#",
    "void": "http://rdfs.org/ns/void#",
}
FORMATS = {"nt": "ntriples", "nq": "nquads", "ttl": "turtle", "jsonld": "jsonld"}
COUNTS = {
    "triples": "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
    "entities": f"""SELECT (COUNT(DISTINCT ?s) AS ?n) {{
        ?s ?p ?o FILTER(STRSTARTS(STR(?s), "{BASE}")) }}""",
    "classes": "SELECT (COUNT(DISTINCT ?o) AS ?n) { ?s a ?o }",
    "properties": "SELECT (COUNT(DISTINCT ?p) AS ?n) { ?s ?p ?o }",
    "distinctSubjects": "SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s ?p ?o }",
    "distinctObjects": "SELECT (COUNT(DISTINCT ?o) AS ?n) { ?s ?p ?o }",
}
COUNTS_OF_PARTS = {
    "class": {
        "triples": "SELECT (COUNT(*) AS ?n) { ?s a <%s> ; ?p ?o }",
        "entities": "SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s a <%s> }",
    },
    "property": {
        "triples": "SELECT (COUNT(*) AS ?n) { ?s <%s> ?o }",
        "distinctSubjects": "SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s <%s> ?o }",
        "distinctObjects": "SELECT (COUNT(DISTINCT ?o) AS ?n) { ?s <%s> ?o }",
    },
}


def rows(store: Store, query: str) -> Iterator[tuple[str, ...]]:
    answer = store.query(query, prefixes=PREFIXES)
    assert isinstance(answer, QuerySolutions)
    for solution in answer:
        yield tuple("" if term is None else term.value for term in solution)


def count(store: Store, query: str) -> int:
    ((number,),) = rows(store, query)
    return int(number)


def files(kg: rk.Graph, *, inferred: bool) -> dict[str, bytes]:
    stem = "relations-kg-all" if inferred else "relations-kg"
    texts = {f"{stem}.{end}": kg.export(format=f, inferred=inferred) for end, f in FORMATS.items()}
    return {**texts, f"{stem}.csv.zip": b"packed"}


def described(kg: rk.Graph) -> Store:
    triples = describe(kg, files(kg, inferred=False), files(kg, inferred=True))
    store = Store()
    store.extend(Quad(t.subject, t.predicate, t.object) for t in triples)
    return store


def read_back(kg: rk.Graph, dataset: str) -> Store:
    store = Store()
    store.load(kg.export(format="ntriples", inferred=dataset == COMPLETE), RdfFormat.N_TRIPLES)
    return store


def linked() -> rk.Graph:
    """Return the graph with links to other data sets in a named graph."""
    graph = rk.load()
    name = NamedNode(BASE + "graph/links")
    for thing, predicate, other in [
        ("peru", OWL + "sameAs", "http://www.wikidata.org/entity/Q1"),
        ("lima", OWL + "sameAs", "http://www.wikidata.org/entity/Q2"),
        ("lima", RDFS + "seeAlso", "http://www.wikidata.org/entity/Q3"),
        ("peru", RDFS + "seeAlso", "https://sws.geonames.org/4/"),
        ("lima", RDFS + "seeAlso", "https://example.org/5"),
        ("lima", RDFS + "seeAlso", ID + "peru"),
    ]:
        graph.store.add(Quad(NamedNode(ID + thing), NamedNode(predicate), NamedNode(other), name))
    return graph


@pytest.fixture(scope="module")
def store(kg: rk.Graph) -> Store:
    return described(kg)


@pytest.mark.parametrize("dataset", [DATASET, COMPLETE])
def test_a_dataset_is_counted_as_sparql_counts_its_export(
    kg: rk.Graph, store: Store, dataset: str
) -> None:
    data = read_back(kg, dataset)

    for name, query in COUNTS.items():
        number = count(store, f"SELECT ?n {{ <{dataset}> void:{name} ?n }}")
        assert count(data, query) == number, name


@pytest.mark.parametrize("dataset", [DATASET, COMPLETE])
@pytest.mark.parametrize("kind", ["class", "property"])
def test_each_part_is_counted_and_none_is_missing(
    kg: rk.Graph, store: Store, dataset: str, kind: str
) -> None:
    data = read_back(kg, dataset)
    pattern = f"<{dataset}> void:{kind}Partition ?part . ?part void:{kind} ?of"
    terms = "{ ?s a ?of }" if kind == "class" else "{ ?s ?of ?o }"

    parts = sorted(of for (of,) in rows(store, f"SELECT ?of {{ {pattern} }}"))
    assert sorted(of for (of,) in rows(data, f"SELECT DISTINCT ?of {terms}")) == parts
    for name, query in COUNTS_OF_PARTS[kind].items():
        for of, number in rows(store, f"SELECT ?of ?n {{ {pattern} ; void:{name} ?n }}"):
            assert count(data, query % of) == int(number), (of, name)


@pytest.mark.parametrize("dataset", [DATASET, COMPLETE])
def test_the_parts_by_property_add_up_to_the_whole(store: Store, dataset: str) -> None:
    query = "SELECT (SUM(?n) AS ?sum) { <%s> void:propertyPartition/void:triples ?n }"

    assert count(store, f"SELECT ?n {{ <{dataset}> void:triples ?n }}") == count(
        store, query % dataset
    )


def test_the_subsets_are_the_named_graphs(kg: rk.Graph, store: Store) -> None:
    names = {quad.graph_name for quad in kg.quad_store if isinstance(quad.graph_name, NamedNode)}
    authored = {name.value for name in names} - {ONTOLOGY, DATES, INFERRED}
    subsets = "SELECT ?part { <%s> void:subset ?part MINUS { ?part a void:Linkset } }"

    assert STATED in authored
    assert authored == {part for (part,) in rows(store, subsets % DATASET)}
    assert {DATASET, DATES, INFERRED} == {part for (part,) in rows(store, subsets % COMPLETE)}
    for name in (*authored, DATES, INFERRED):
        number = count(store, f"SELECT ?n {{ <{name}> void:triples ?n }}")
        assert kg.count(name) == number


@pytest.mark.slow
@settings(max_examples=20)
@given(chance=st.randoms(use_true_random=False), size=st.integers(0, 60))
def test_any_graph_is_counted_as_sparql_counts_it(
    kg: rk.Graph, chance: random.Random, size: int
) -> None:
    facts = sorted(kg.quad_store.quads_for_pattern(None, None, None, NamedNode(STATED)), key=str)
    own = Store()
    own.extend(chance.sample(facts, size))
    counted = described(Graph(own))
    data = read_back(Graph(own), DATASET)

    for name, query in COUNTS.items():
        number = count(counted, f"SELECT ?n {{ <{DATASET}> void:{name} ?n }}")
        assert count(data, query) == number, name


@pytest.mark.slow
def test_link_sets_are_counted_by_the_dataset_and_the_property_they_lead_by() -> None:
    counted = described(linked())
    before = described(rk.load())
    query = """SELECT ?title ?predicate ?n {
        ?links a void:Linkset ; void:linkPredicate ?predicate ; void:triples ?n ;
            void:subjectsTarget ?from ; void:objectsTarget/dcterms:title ?title .
        ?from void:subset ?links }"""

    def numbers(store: Store) -> dict[tuple[str, str], int]:
        return {(title, predicate): int(n) for title, predicate, n in rows(store, query)}

    grown = {
        key: number - numbers(before).get(key, 0)
        for key, number in numbers(counted).items()
        if number != numbers(before).get(key, 0)
    }
    assert {
        ("Wikidata", OWL + "sameAs"): 2,
        ("Wikidata", RDFS + "seeAlso"): 1,
        ("GeoNames", RDFS + "seeAlso"): 1,
        ("example.org", RDFS + "seeAlso"): 1,
    } == grown


def test_a_party_is_where_geonames_has_its_territory() -> None:
    assert ("https://sws.geonames.org/4/",) in rows(
        described(linked()), f"SELECT ?where {{ <{DATASET}> dcterms:spatial ?where }}"
    )


def test_each_file_has_its_size_and_its_checksum(kg: rk.Graph, store: Store) -> None:
    query = """SELECT ?title ?size ?sum {
        <%s> dcat:distribution ?file . ?file dcterms:title ?title ; dcat:byteSize ?size ;
            spdx:checksum/spdx:checksumValue ?sum }"""

    for dataset, inferred in ((DATASET, False), (COMPLETE, True)):
        expected = {
            (name, str(len(content)), sha256(content).hexdigest())
            for name, content in files(kg, inferred=inferred).items()
        }
        assert expected == set(rows(store, query % dataset))


def test_what_is_packed_is_distinguished_from_how(store: Store) -> None:
    query = """SELECT ?kind ?package { ?file dcterms:title "relations-kg.csv.zip"@en ;
        dcat:mediaType ?kind ; dcat:packageFormat ?package }"""

    assert [("text/csv", "application/zip")] == [
        tuple(iri.removeprefix("https://www.iana.org/assignments/media-types/") for iri in row)
        for row in rows(store, query)
    ]


def test_the_checksum_of_the_dataset_is_its_fingerprint(kg: rk.Graph, store: Store) -> None:
    query = f"SELECT ?sum {{ <{DATASET}> spdx:checksum/spdx:checksumValue ?sum }}"

    assert [(kg.summary().fingerprint,)] == list(rows(store, query))


def test_the_files_it_was_built_from_have_their_checksums(store: Store) -> None:
    query = """SELECT ?name ?sum {
        ?build a prov:Activity ; prov:used ?file .
        ?file rdfs:label ?name ; spdx:checksum/spdx:checksumValue ?sum }"""
    found = {row[0]: row[1] for row in rows(store, query)}
    root = Path(folder("data")).parent

    assert {path.relative_to(root).as_posix() for path in root.glob("data/**/*.ttl")} <= set(found)
    assert found == {name: sha256((root / name).read_bytes()).hexdigest() for name in found}


def test_it_was_derived_from_the_document_under_its_licence(kg: rk.Graph, store: Store) -> None:
    query = f"""SELECT ?document ?title ?licence ?sum {{
        <{DATASET}> prov:wasDerivedFrom ?document . ?document dcterms:title ?title ;
            dcterms:license ?licence ; spdx:checksum/spdx:checksumValue ?sum }}"""
    ((stated,),) = rows(
        read_back(kg, DATASET), f"SELECT ?sum {{ <{BASE}source/china-peru> rkg:sha256 ?sum }}"
    )

    assert [
        (
            BASE + "source/china-peru",
            "China–Peru relations (encyclopedia article)",
            "https://creativecommons.org/licenses/by-sa/4.0/",
            stated,
        )
    ] == [row for row in rows(store, query) if row[0] == BASE + "source/china-peru"]


def test_it_was_derived_from_each_document(store: Store) -> None:
    found = rows(store, f"SELECT ?document {{ <{DATASET}> prov:wasDerivedFrom ?document }}")

    assert {BASE + f"source/{name}" for name in DOCUMENTS} <= {row[0] for row in found}


def test_the_time_it_covers_goes_from_the_first_to_the_last_day(kg: rk.Graph, store: Store) -> None:
    days = "VALUES ?p { rkg:earliestStart rkg:latestStart rkg:earliestEnd rkg:latestEnd } ?s ?p ?d"
    span = rows(
        read_back(kg, COMPLETE), f"SELECT (MIN(?d) AS ?first) (MAX(?d) AS ?last) {{ {days} }}"
    )

    assert list(span) == list(
        rows(
            store,
            f"""SELECT ?first ?last {{ <{DATASET}> dcterms:temporal ?time .
                ?time dcat:startDate ?first ; dcat:endDate ?last }}""",
        )
    )


def test_version_and_date_are_those_that_are_authored(store: Store) -> None:
    citation = Path(__file__).parents[1].joinpath("CITATION.cff").read_text("utf-8")
    authored = dict(re.findall(r'^(version|date-released): "?([^"\n]+)"?$', citation, re.M))
    query = f"SELECT ?version ?day {{ <{DATASET}> dcat:version ?version ; dcterms:modified ?day }}"

    assert [(authored["version"], authored["date-released"])] == list(rows(store, query))
    assert version("relations-kg") == authored["version"]


# What catalogues expect: a class, a property, and its least and greatest number of values.
@pytest.mark.parametrize(
    ("kind", "name", "least", "most"),
    [
        ("dcat:Dataset", "dcterms:title", 1, 9),
        ("dcat:Dataset", "dcterms:description", 1, 9),
        ("dcat:Dataset", "dcterms:publisher", 1, 1),
        ("dcat:Dataset", "dcterms:modified", 1, 1),
        ("dcat:Dataset", "dcat:version", 1, 1),
        ("dcat:Distribution", "dcat:accessURL", 1, 9),
        ("dcat:Distribution", "dcat:byteSize", 1, 1),
        ("dcat:Distribution", "dcat:mediaType", 1, 1),
        ("dcat:Distribution", "dcterms:license", 1, 1),
        ("dcat:Distribution", "spdx:checksum", 1, 1),
        ("spdx:Checksum", "spdx:algorithm", 1, 1),
        ("spdx:Checksum", "spdx:checksumValue", 1, 1),
        ("foaf:Agent", "foaf:name", 1, 9),
        ("dcterms:PeriodOfTime", "dcat:startDate", 1, 1),
        ("dcterms:PeriodOfTime", "dcat:endDate", 1, 1),
    ],
)
def test_a_catalogue_gets_all_it_asks_for(
    store: Store, kind: str, name: str, least: int, most: int
) -> None:
    query = f"SELECT ?x (COUNT(?y) AS ?n) {{ ?x a {kind} OPTIONAL {{ ?x {name} ?y }} }} GROUP BY ?x"
    numbers = [int(number) for _, number in rows(store, query)]

    assert numbers
    assert all(least <= number <= most for number in numbers)


def test_no_node_is_blank(store: Store) -> None:
    assert not [q for q in store if isinstance(q.subject, BlankNode)]
    assert not [q for q in store if isinstance(q.object, BlankNode)]


@pytest.mark.parametrize(
    ("format", "reader"), [("turtle", RdfFormat.TURTLE), ("jsonld", RdfFormat.JSON_LD)]
)
def test_what_is_written_is_what_is_described(kg: rk.Graph, format: str, reader: RdfFormat) -> None:
    triples = describe(kg, files(kg, inferred=False), files(kg, inferred=True))

    content = serialize(triples, format)

    assert set(triples) == {quad.triple for quad in parse(content, reader)}


def test_its_terms_are_written_in_short(kg: rk.Graph) -> None:
    content = serialize(describe(kg, {}, {}), "jsonld").decode()

    assert '"dcat:version"' in content
    assert not re.search(r'"http[^"]*":', content)


@pytest.mark.slow
@pytest.mark.parametrize("dataset", [DATASET, COMPLETE])
def test_rdflib_counts_the_same(
    kg: rk.Graph, store: Store, dataset: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rdflib.NORMALIZE_LITERALS", False)
    data = rdflib.Graph().parse(
        data=kg.export(format="ntriples", inferred=dataset == COMPLETE), format="nt"
    )
    theirs, node = generateVoID(data, rdflib.URIRef(dataset))

    def numbers(part: Node, names: Iterable[str]) -> tuple[int, ...]:
        return tuple(int(str(theirs.value(part, VOID[name]))) for name in names)

    names = [name for name in COUNTS if name != "entities"]
    assert numbers(node, names) == tuple(
        count(store, f"SELECT ?n {{ <{dataset}> void:{name} ?n }}") for name in names
    )
    for kind, counts in COUNTS_OF_PARTS.items():
        variables = " ".join(f"?{name}" for name in counts)
        values = " ; ".join(f"void:{name} ?{name}" for name in counts)
        query = f"""SELECT ?of {variables} {{
            <{dataset}> void:{kind}Partition ?part . ?part void:{kind} ?of ; {values} }}"""
        assert {
            str(theirs.value(part, VOID[kind])): numbers(part, counts)
            for part in theirs.objects(node, VOID[f"{kind}Partition"])
        } == {of: tuple(map(int, found)) for of, *found in rows(store, query)}


def test_every_term_of_another_vocabulary_exists(store: Store) -> None:
    """rdflib contains these vocabularies, but DCAT only in version 2."""
    terms = {quad.predicate.value for quad in store}
    terms |= {of for (of,) in rows(store, "SELECT DISTINCT ?of { ?x a ?of }")}

    for vocabulary in (DCAT, DCTERMS, FOAF, PROV, VOID):
        used = {term for term in terms if term.startswith(str(vocabulary))}
        assert used
        assert not [term for term in used - {f"{DCAT}version"} if term not in vocabulary]
