"""Tests of linked data: each IRI leads to its page and to the same facts in each format."""

import json
import re
from pathlib import Path
from urllib.parse import quote
from xml.etree.ElementTree import fromstring

import asgi
import pytest
from pyoxigraph import (
    CanonicalizationAlgorithm,
    Dataset,
    NamedNode,
    RdfFormat,
    Triple,
    parse,
)
from starlette.applications import Starlette

import relations_kg as rk
from relations_kg._files import folder
from relations_kg.rdf.namespaces import (
    BASE,
    DCTERMS,
    ID,
    IDENTIFIERS,
    ONTOLOGY,
    RKG,
    SOURCE,
    STATED,
)
from relations_kg.release import dataset
from relations_kg.web.application import application
from relations_kg.web.linked_data import DATA

READERS = {
    "ttl": RdfFormat.TURTLE,
    "jsonld": RdfFormat.JSON_LD,
    "json": RdfFormat.JSON_LD,
    "nt": RdfFormat.N_TRIPLES,
    "rdf": RdfFormat.RDF_XML,
}
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
LICENCE = '<https://creativecommons.org/licenses/by-sa/4.0/>; rel="license"'


@pytest.fixture(scope="module")
def app(kg: rk.Graph) -> Starlette:
    return application(kg)


def triples(content: bytes, ending: str) -> set[Triple]:
    return {quad.triple for quad in parse(content, READERS[ending])}


@pytest.mark.parametrize(
    ("accept", "place"),
    [
        (BROWSER, "/thing/lima"),
        ("text/turtle", "/id/lima.ttl"),
        ("application/ld+json", "/id/lima.jsonld"),
        ("application/json", "/id/lima.json"),
        ("application/n-triples", "/id/lima.nt"),
        ("application/rdf+xml", "/id/lima.rdf"),
        ("text/n3", "/id/lima.ttl"),
        ("text/html;q=0.4, application/*;q=0.8", "/id/lima.jsonld"),
        ("*/*", "/id/lima.ttl"),
        ("", "/id/lima.ttl"),
    ],
)
def test_the_iri_of_a_thing_leads_to_what_is_accepted(
    app: Starlette, accept: str, place: str
) -> None:
    answer = asgi.get(app, "/id/lima", accept=accept)

    assert (303, place) == (answer.status_code, answer.headers["location"])
    assert "Accept" in answer.headers["vary"]
    assert '</id/lima.ttl>; rel="describedby"; type="text/turtle"' in answer.headers["link"]
    assert '</thing/lima>; rel="describedby"; type="text/html"' in answer.headers["link"]
    assert LICENCE in answer.headers["link"]


@pytest.mark.parametrize(
    ("path", "page"),
    [
        ("source/china-peru", "/document/china-peru"),
        ("source/china-peru/s013", "/document/china-peru#s013"),
        ("code/de-jure", "/ontology/codes-of-situations#code-de-jure"),
    ],
)
def test_other_iris_lead_to_their_pages(app: Starlette, path: str, page: str) -> None:
    assert page == asgi.get(app, f"/{path}", accept=BROWSER).headers["location"]
    assert page == asgi.get(app, f"/{path}.html").headers["location"]
    assert asgi.get(app, f"/{path}").headers["location"] == f"/{path}.ttl"


def test_nothing_else_than_there_is_can_be_had(app: Starlette) -> None:
    answer = asgi.get(app, "/id/lima", accept="image/png")

    assert answer.status_code == 406
    assert "text/turtle" in answer.json()["help"]


def test_the_data_has_a_page_for_browsers(app: Starlette) -> None:
    answer = asgi.get(app, "/dataset", accept=BROWSER)

    assert "text/html" == answer.headers["content-type"].partition(";")[0]
    assert 'href="/dataset.ttl"' in answer.text
    download = "/graph-store?graph=https%3A%2F%2Fw3id.org%2Frelations-kg%2Fgraph%2Fstated"
    assert f'href="{download}"' in answer.text
    assert b"id:peru" in asgi.get(app, download, accept=BROWSER).content


def test_crawlers_find_each_thing_once(app: Starlette, kg: rk.Graph) -> None:
    robots, sitemap = asgi.get(app, "/robots.txt").text, asgi.get(app, "/sitemap.xml")
    (address,) = re.findall("Sitemap: http://localhost(.*)", robots)
    places = re.findall("<loc>http://localhost(/[^<]*)</loc>", sitemap.text)

    assert ("/sitemap.xml", "application/xml") == (address, sitemap.headers["content-type"])
    assert len(places) == len(set(places))
    assert {"/", "/dataset", "/thing/lima", "/q/visits"} <= {*places}
    assert not [place for place in places if place.startswith(("/explain", "/query"))]


def test_a_feed_has_the_latest_events_in_sentences(app: Starlette) -> None:
    answer = asgi.get(app, "/feed.atom")
    atom = "{http://www.w3.org/2005/Atom}"
    entries = [
        {part.tag.removeprefix(atom): part for part in entry}
        for entry in fromstring(answer.text).iter(atom + "entry")
    ]

    assert "application/atom+xml" == answer.headers["content-type"]
    days = [entry["updated"].text for entry in entries]
    assert days == sorted(days, reverse=True)
    ids = [entry["id"].text for entry in entries]
    visit = entries[ids.index("https://w3id.org/relations-kg/id/visit-of-xi-jinping-2024")]
    assert "2024-11-30T00:00:00Z" == visit["updated"].text
    assert "http://localhost/thing/visit-of-xi-jinping-2024" == visit["link"].attrib["href"]
    assert str(visit["summary"].text).endswith("visited Peru in November 2024.")
    assert 'type="application/atom+xml"' in asgi.get(app, "/", accept=BROWSER).text


@pytest.mark.slow
def test_licences_are_those_of_the_sources() -> None:
    """The licence of the bundled facts is not claimed for facts from other files."""
    own = application(rk.load(only="tests/facts/good/sources-of-every-kind.ttl"))
    given = application(rk.load(only="tests/facts/good/visit.ttl"))
    for path in ("/", "/dataset.ttl"):
        assert "by-sa" not in asgi.get(given, path).headers.get("link", "")
    for path in ("/", "/dataset", "/dataset.ttl"):
        assert "by-sa" not in asgi.get(given, path, accept=BROWSER).text
    assert "CC BY 4.0" in asgi.get(own, "/", accept=BROWSER).text


def test_coordinates_of_others_are_not_credited_to_geonames(app: Starlette, tmp_path: Path) -> None:
    file = tmp_path / "facts.ttl"
    file.write_text(
        "@prefix geo: <http://www.w3.org/2003/01/geo/wgs84_pos#> .\n"
        f"<{ID}x> a <{RKG}City> ; geo:lat 1.5 ; geo:long 2.5 .\n"
        f"<{SOURCE}x> a <{RKG}Dataset> ; <{DCTERMS}license> <urn:licence> .\n"
    )
    own = application(rk.load(only=[file]))

    assert 'href="urn:licence"' in asgi.get(own, "/", accept=BROWSER).text
    assert "GeoNames" not in asgi.get(own, "/", accept=BROWSER).text
    assert "GeoNames" in asgi.get(app, "/", accept=BROWSER).text


@pytest.mark.parametrize("ending", DATA)
@pytest.mark.parametrize("thing", ["id/lima", "source/china-peru/s013", "identifier/wikidata"])
def test_data_is_what_is_exported_of_a_thing(
    app: Starlette, kg: rk.Graph, thing: str, ending: str
) -> None:
    answer = asgi.get(app, f"/{thing}.{ending}", accept="image/png")

    assert answer.status_code == 200
    assert answer.headers["content-type"].partition(";")[0] == DATA[ending]
    expected = kg.export(of=BASE + thing, format="ntriples")
    assert triples(answer.content, ending) == triples(expected, "nt")
    assert f'<{BASE}{thing}>; rel="describes"' in answer.headers["link"]
    assert f"</{thing}.{ending}>" not in answer.headers["link"]
    assert LICENCE in answer.headers["link"]


@pytest.mark.parametrize("ending", DATA)
def test_a_code_list_comes_with_its_codes_and_their_definitions(
    app: Starlette, ending: str
) -> None:
    code, scheme = (
        triples(asgi.get(app, f"/code/{name}.{ending}").content, ending)
        for name in ("de-jure", "recognition-mode")
    )

    assert {triple.predicate.value.rpartition("#")[2] for triple in code} >= {
        "definition",
        "inScheme",
        "prefLabel",
    }
    assert len({triple.subject for triple in scheme}) == 3
    assert code & scheme


@pytest.mark.slow
def test_every_iri_of_ours_answers(app: Starlette, kg: rk.Graph) -> None:
    """The IRIs of terms of the ontology differ from its IRI only after the hash."""
    iris = {
        quad.subject.value.partition("#")[0]
        for graph in (STATED, IDENTIFIERS, ONTOLOGY)
        for quad in kg.quad_store.quads_for_pattern(None, None, None, NamedNode(graph))
        if isinstance(quad.subject, NamedNode) and quad.subject.value.startswith(BASE)
    }

    found = {iri: asgi.get(app, f"/{iri.removeprefix(BASE)}") for iri in iris}

    assert len(iris) > 400
    assert {answer.status_code for answer in found.values()} == {200, 303}
    assert {iri for iri, answer in found.items() if answer.status_code == 200} == {
        f"{BASE}ontology",
        f"{BASE}code",
    }


@pytest.mark.parametrize(
    ("path", "help"),
    [
        ("id/peruu", 'did you mean "peru"?'),
        ("id/Peru", 'did you mean "peru"?'),
        ("id/Republic%20of%20China", 'did you mean "republic-of-china"?'),
        ("id/peru.pdf", None),
        ("id/" + "peru" * 1000, None),
        ("id/%3Cscript%3E", None),
        ("id/%ff%00", None),
        ("code/de-jur", 'did you mean "de-jure"?'),
        ("source/china-peru/s013x", 'did you mean "china-peru/s013"?'),
        ("source/", None),
        ("identifier/wikidatum", None),
        ("ontology.pdf", "ontology.ttl"),
    ],
)
def test_what_is_not_there_is_reported_with_what_is(
    app: Starlette, path: str, help: str | None
) -> None:
    answer = asgi.get(app, f"/{path}")

    assert (404, "application/problem+json") == (
        answer.status_code,
        answer.headers["content-type"],
    )
    if help:
        assert help in answer.json()["help"]
    else:
        assert "help" not in answer.json()


def test_an_iri_in_any_script_passes_through_the_headers(tmp_path: Path) -> None:
    facts = tmp_path / "facts.ttl"
    facts.write_text(f"<{BASE}id/città;,> a <{RKG}City> .", "utf-8")
    app = application(rk.load(only=facts))

    answer = asgi.get(app, f"/id/{quote('città;,')}")

    assert answer.status_code == 303
    data = asgi.get(app, answer.headers["location"])
    assert NamedNode(f"{BASE}id/città;,") in {t.subject for t in triples(data.content, "ttl")}


@pytest.mark.parametrize("path", ["/id/lima.ttl", "/ontology.ttl", "/dataset", "/context.jsonld"])
def test_what_is_known_is_not_sent_again(app: Starlette, path: str) -> None:
    tag = asgi.get(app, path).headers["etag"]

    again = asgi.get(app, path, if_none_match=f'"other", {tag}')

    assert (304, b"", tag) == (again.status_code, again.content, again.headers["etag"])


@pytest.mark.slow
@pytest.mark.parametrize(
    ("path", "file"), [("ontology", "relations.ttl"), ("code", "codelists.ttl")]
)
def test_the_ontology_is_what_is_authored(app: Starlette, path: str, file: str) -> None:
    authored = canonical((Path(folder("ontology")) / file).read_bytes(), "ttl")

    answer = asgi.get(app, f"/{path}", accept="text/turtle")

    assert answer.headers["content-location"] == f"/{path}.ttl"
    assert "Accept" in answer.headers["vary"]
    assert canonical(answer.content, "ttl") == authored
    for ending in DATA:
        assert canonical(asgi.get(app, f"/{path}.{ending}").content, ending) == authored


def canonical(content: bytes, ending: str) -> Dataset:
    quads = Dataset(parse(content, READERS[ending]))
    quads.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return quads


@pytest.mark.slow
def test_the_ontology_is_a_page_for_browsers(app: Starlette) -> None:
    answer = asgi.get(app, "/ontology", accept=BROWSER)

    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert 'id="Embassy"' in answer.text
    assert "<style" not in answer.text
    assert asgi.get(app, "/ontology.css").headers["content-type"] == "text/css; charset=utf-8"


def test_the_dataset_is_described_with_the_endpoint_of_this_server(
    app: Starlette, kg: rk.Graph
) -> None:
    void = asgi.get(app, "/.well-known/void")
    described = triples(asgi.get(app, void.headers["location"]).content, "ttl")
    endpoint = Triple(
        NamedNode(dataset.DATASET),
        NamedNode("http://rdfs.org/ns/void#sparqlEndpoint"),
        NamedNode("http://localhost/sparql"),
    )

    assert void.status_code == 302
    assert endpoint in described
    assert described > set(dataset.describe(kg, {}, {}))
    assert triples(asgi.get(app, "/dataset.jsonld").content, "jsonld") == described


def test_whatever_name_a_client_gives_us_the_dataset_is_described(app: Starlette) -> None:
    for host in ("", "<>", "a b", "[", "x" * 300):
        assert asgi.get(app, "/dataset.nt", host=host).status_code == 200


def test_the_context_can_be_read_from_anywhere(app: Starlette) -> None:
    answer = asgi.get(app, "/context.jsonld", origin="http://example.org")

    assert answer.headers["content-type"] == "application/ld+json"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "@context" in json.loads(answer.content)


def test_below_a_path_all_addresses_are_below_it(kg: rk.Graph) -> None:
    app = application(kg, base="/graph/")

    answer = asgi.get(app, "/graph/id/lima")

    assert answer.headers["location"] == "/graph/id/lima.ttl"
    assert asgi.get(app, answer.headers["location"]).status_code == 200
    assert asgi.get(app, "/graph/.well-known/void").headers["location"] == "/graph/dataset"
    links = asgi.get(app, "/graph/ontology").headers["link"]
    assert "</graph/ontology.jsonld>" in links
    assert asgi.get(app, "/id/lima").status_code == 404
