"""Tests of the reference pages: complete, linked, well formed, and safe to open."""

import re
import sys
from collections import Counter
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from urllib.parse import urljoin

import pytest
from pyoxigraph import NamedNode, RdfFormat, parse
from rdflib import RDF, RDFS, SH, Dataset, Graph, URIRef

import relations_kg as rk
from relations_kg._files import content, folder
from relations_kg.rdf.namespaces import CODE, INFERRED, ONTOLOGY, OWL, PREFIXES, RKG, SKOS, STATED
from relations_kg.rdf.terms import TYPE, value
from relations_kg.reader.code_lists import code_lists
from relations_kg.release.parts import PARTS
from relations_kg.release.reference import Reference, file_of

pytest.importorskip("jinja2")

# The void elements that the pages use, which have no end tag.
VOID = {"br", "link", "meta"}
LARGEST = 300_000


class Page(HTMLParser):
    """The parts of a page, which must be well formed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, str] = {}
        self.examples: dict[str, str] = {}
        self._open: list[str] = []
        self._article = ""
        self.feed(text)
        self.close()
        assert [] == self._open

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        assert len(attributes) == len(dict(attributes))
        self.elements.append((tag, dict(attributes)))
        if tag not in VOID:
            self._open.append(tag)
        if tag == "article":
            self._article = dict(attributes)["id"] or ""

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts[self._article] = self.texts.get(self._article, "") + data
        if "figure" in self._open and "pre" in self._open:
            self.examples[self._article] = self.examples.get(self._article, "") + data

    @property
    def anchors(self) -> list[str]:
        return [found for _, attributes in self.elements if (found := attributes.get("id"))]

    @property
    def links(self) -> list[str]:
        return [found for _, attributes in self.elements if (found := attributes.get("href"))]


@pytest.fixture(scope="module")
def texts(kg: rk.Graph) -> dict[str, str]:
    """The index and the parts, by name."""
    pages = Reference(kg)
    return {name: pages.page(name) for name in ("", *PARTS)}


@pytest.fixture(scope="module")
def pages(texts: dict[str, str]) -> dict[str, Page]:
    return {name: Page(text) for name, text in texts.items()}


@pytest.fixture(scope="module")
def page(texts: dict[str, str]) -> Page:
    """The texts and examples of all parts."""
    return Page("".join(text for name, text in texts.items() if name))


@pytest.fixture(scope="module")
def ontology(rdflib_dataset: Dataset) -> Graph:
    return rdflib_dataset.graph(URIRef(ONTOLOGY))


@pytest.fixture(scope="module")
def shapes() -> Graph:
    return Graph().parse(data=content(folder("ontology"), "shapes.ttl"), format="turtle")


@pytest.mark.slow
def test_every_term_value_and_shape_has_the_anchor_that_its_iri_names(
    pages: dict[str, Page], ontology: Graph, shapes: Graph
) -> None:
    named = {str(node) for graph in (ontology, shapes) for node in graph.subjects(RDF.type)}
    expected = {iri.removeprefix(RKG) for iri in named if iri.startswith(RKG)}
    expected |= {"code-" + iri.removeprefix(CODE) for iri in named if iri.startswith(CODE)}

    assert {"Embassy", "sendingParty", "MissionShape", "code-official"} <= expected
    assert expected <= set(pages[""].anchors)
    assert expected <= _of_parts(pages)


@pytest.mark.slow
def test_every_query_and_every_check_has_an_anchor(kg: rk.Graph, pages: dict[str, Page]) -> None:
    checks = [path.stem for path in Path(folder("ontology"), "checks").iterdir()]

    assert checks
    for anchors in (set(pages[""].anchors), _of_parts(pages)):
        assert {f"query-{name}" for name in kg.queries} <= anchors
        assert {f"check-{name}" for name in checks} <= anchors


def _of_parts(pages: dict[str, Page]) -> set[str]:
    return {anchor for name, page in pages.items() if name for anchor in page.anchors}


@pytest.mark.slow
def test_no_anchor_is_there_twice_and_no_term_in_two_parts(pages: dict[str, Page]) -> None:
    for page in pages.values():
        assert [] == [name for name, number in Counter(page.anchors).items() if number > 1]
    entries = [a for name, page in pages.items() if name for a in page.anchors]
    entries = [each for each in entries if not each.startswith("section-")]
    assert len(entries) == len(set(entries))


@pytest.mark.slow
def test_no_page_is_too_large_to_read_on_a_phone(texts: dict[str, str]) -> None:
    assert {} == {n: len(text) for n, text in texts.items() if len(text.encode()) > LARGEST}


@pytest.mark.slow
def test_a_place_in_the_index_leads_to_the_entry(texts: dict[str, str]) -> None:
    assert '<li id="Embassy"><a href="ontology/missions.html#Embassy">' in texts[""]
    assert '<li id="seat"><a href="ontology/missions.html#seat">' in texts[""]
    code_list = texts[""].partition('id="code-event-kind"')[2].partition("</li>")[0]
    assert code_list.startswith('><a href="ontology/codes-of-events.html#code-event-kind">')
    assert '<b id="code-world-fair"></b>' in code_list


@pytest.mark.slow
def test_every_link_leads_somewhere_and_others_are_of_the_web(pages: dict[str, Page]) -> None:
    files = {file_of(name): set(page.anchors) for name, page in pages.items()}
    for name, page in pages.items():
        for link in page.links:
            path, _, fragment = urljoin(file_of(name), link).partition("#")
            if path in files:
                assert not fragment or fragment in files[path], (name, link)
            else:
                assert path.startswith(("https://", "http://", "queries/")), (name, link)


@pytest.mark.slow
def test_headings_go_down_one_step_at_a_time(pages: dict[str, Page]) -> None:
    for page in pages.values():
        levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch("h[1-6]", tag)]

        assert 1 == levels.count(1)
        assert all(one + 1 >= other for one, other in pairwise(levels))


@pytest.mark.slow
@pytest.mark.parametrize("name", ["", "events", "codes", "shapes"])
def test_a_page_needs_nothing_from_elsewhere(
    pages: dict[str, Page], texts: dict[str, str], name: str
) -> None:
    page, text = pages[name], texts[name]
    tags = {tag for tag, _ in page.elements}
    attributes = {name for _, found in page.elements for name in found}
    style = text[text.index("<style>") : text.index("</style>")]

    assert not tags & {"script", "link", "img", "iframe", "object", "form"}
    assert not {name for name in attributes if name.startswith("on") or name in ("src", "style")}
    assert "url(" not in style
    assert "@import" not in style


def test_a_page_that_refers_to_a_style_sheet_brings_none(kg: rk.Graph) -> None:
    page = Page(Reference(kg).page("missions", stylesheet="/style.css"))

    assert ["/style.css"] == [found["href"] for tag, found in page.elements if tag == "link"]
    assert "style" not in [tag for tag, _ in page.elements]


@pytest.mark.slow
def test_a_class_is_shown_with_what_guards_it(page: Page, shapes: Graph) -> None:
    for shape, kind in shapes.subject_objects(SH.targetClass):
        if not str(kind).startswith(RKG):
            continue
        for part in (*shapes.objects(shape, SH.property), *shapes.objects(shape, SH.sparql)):
            assert str(part).removeprefix(RKG) in page.texts[str(kind).removeprefix(RKG)]


@pytest.mark.slow
def test_a_property_is_shown_with_what_guards_it(page: Page, shapes: Graph) -> None:
    for part, path in shapes.subject_objects(SH.path):
        if str(path).startswith(RKG):
            (message,) = shapes.objects(part, SH.message)

            assert f"{message}\n" in page.texts[str(path).removeprefix(RKG)]


@pytest.mark.slow
def test_an_entry_leads_to_the_terms_that_its_axioms_name(
    texts: dict[str, str], ontology: Graph
) -> None:
    predicates = (RDFS.subClassOf, RDFS.domain, RDFS.range, RDFS.subPropertyOf)
    pairs = [pair for name in predicates for pair in ontology.subject_objects(name)]
    ours = [pair for pair in pairs if all(str(node).startswith(RKG) for node in pair)]
    articles = {
        part.partition('"')[0]: part
        for text in texts.values()
        for part in text.split('<article id="')
    }

    assert ours
    for pair in ours:
        one, other = (str(node).removeprefix(RKG) for node in pair)
        assert f'#{other}"' in articles[one]
        assert f'#{one}"' in articles[other]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("term", "words"),
    [
        ("sendsMission", "If A · sending party · B, then B · sends mission · A."),
        ("contradicts", "a link to a thing, symmetric, irreflexive"),
        ("position", "a value, functional"),
        ("ClosedMission", "A · closed by · B and B is of the class closure of a mission, then"),
        ("lastKnown", "Whatever is still going on had begun when the source's own time began"),
        ("Legation", "For example: The legation of the United States"),
        ("Embassy", "Wikidata's embassy is at once the mission, its staff and its building"),
        ("Amount", "For example: 450; 40~ for about 40"),
        ("deaths", "For deaths elsewhere"),
        ("Place", "a kind of schema:Place"),
        ("level", "its value is one of\nlevel of representation"),
        ("UndatedShape", "warning X has no date"),
        (
            "ThingShape",
            "A resource has a label, if possible in English, and at most one in each language",
        ),
        ("query-missions", "on\ndate, required"),
        ("check-blank-node", "error X is or points to a blank node"),
    ],
)
def test_an_entry_says(page: Page, term: str, words: str) -> None:
    assert words in page.texts[term]


@pytest.mark.slow
def test_an_example_is_turtle_from_the_data(page: Page, kg: rk.Graph) -> None:
    known = {quad.triple for quad in kg.quad_store}
    own = own_examples(kg)
    prefixes = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())

    for term, example in page.examples.items():
        facts = {quad.triple for quad in parse(prefixes + example, RdfFormat.TURTLE)}

        assert facts
        assert facts <= known or example.strip() == own[term]
        assert any(RKG + term in str(fact) for fact in facts)


@pytest.mark.slow
def test_every_term_that_the_data_uses_has_an_example_rather_a_stated_one(
    page: Page, kg: rk.Graph
) -> None:
    for name in (STATED, INFERRED):
        quads = [*kg.quad_store.quads_for_pattern(None, None, None, NamedNode(name))]
        used = {value(q.object if q.predicate == TYPE else q.predicate) for q in quads}
        for article in [iri.removeprefix(RKG) for iri in used if iri.startswith(RKG)]:
            assert article in page.examples
            assert name == INFERRED or "Example: " in page.texts[article]


def own_examples(kg: rk.Graph) -> dict[str, str]:
    """Return the example that the ontology gives of each property, by name."""
    find, example = kg.quad_store.quads_for_pattern, NamedNode(SKOS + "example")
    kinds = ("ObjectProperty", "DatatypeProperty", "AnnotationProperty")
    properties = {q.subject for kind in kinds for q in find(None, TYPE, NamedNode(OWL + kind))}
    found = find(None, example, None, NamedNode(ONTOLOGY))
    return {
        value(quad.subject).removeprefix(RKG): value(quad.object)
        for quad in found
        if quad.subject in properties
    }


@pytest.mark.slow
def test_every_property_has_an_example(page: Page, texts: dict[str, str]) -> None:
    articles = {
        name for text in texts.values() for name in re.findall(r'<article id="(\w+)">', text)
    }
    properties = {name for name in articles if name[0].islower()}

    assert len(properties) > 400
    assert properties <= page.examples.keys()


@pytest.mark.slow
def test_the_example_of_a_property_is_one_fact_with_it_and_with_codes_of_its_list(
    kg: rk.Graph,
) -> None:
    prefixes = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())
    lists, _ = code_lists()
    found = own_examples(kg)

    assert len(found) > 200
    for name, text in found.items():
        parsed = [quad.triple for quad in parse(prefixes + text, RdfFormat.TURTLE)]
        facts = [fact for fact in parsed if not fact.predicate.value.startswith(str(RDF))]
        assert [RKG + name] == [fact.predicate.value for fact in facts]
        for term in (facts[0].subject, facts[0].object):
            if value(term).startswith((CODE, RKG)):
                assert any(kg.quad_store.quads_for_pattern(term, None, None)), text
        if RKG + name in lists:
            scheme = NamedNode(lists[RKG + name])
            in_scheme = NamedNode(SKOS + "inScheme")
            assert any(kg.quad_store.quads_for_pattern(facts[0].object, in_scheme, scheme)), text


@pytest.mark.slow
def test_without_facts_only_examples_of_the_ontology_are_left(kg: rk.Graph) -> None:
    empty = Reference(rk.load(only=[]))
    shown = {name: text for part in PARTS for name, text in Page(empty.page(part)).examples.items()}
    assert own_examples(kg) == {name: text.strip() for name, text in shown.items()}


@pytest.mark.slow
def test_a_label_does_nothing_but_be_read(tmp_path: Path) -> None:
    hostile = (
        "</code></pre><script>alert(1)</script>\\\"' onload='x <img src=x onerror=y> {{ 7*7 }}"
    )
    path = tmp_path / "hostile.ttl"
    path.write_text(
        f"<https://w3id.org/relations-kg/id/x> a <{RKG}Embassy> , <{RKG}Visit> ;\n"
        f'  <{RDFS.label}> "{hostile}"@en ; <{RKG}description> "{hostile}"@en ;\n'
        f"  <{RKG}seat> <javascript:alert(1)> .\n"
        f'<javascript:alert(1)> <{RDFS.label}> "{hostile}"@en .\n'
    )

    hostile_pages = Reference(rk.load(only=[path]))
    for name, articles in {"missions": ("Embassy", "seat"), "anything": ("description",)}.items():
        page = Page(hostile_pages.page(name))

        assert not {tag for tag, _ in page.elements} & {"script", "img"}
        assert not {name for _, found in page.elements for name in found if name.startswith("on")}
        assert not [link for link in page.links if link.startswith("javascript")]
        for article in articles:
            assert "<script>alert(1)</script>" in page.texts[article]
            assert "{{ 7*7 }}" in page.texts[article]


def test_without_jinja2_the_error_says_what_to_install(
    kg: rk.Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "jinja2", None)

    with pytest.raises(rk.InputError, match=r"jinja2.*is not installed; pip install.*\[serve\]"):
        Reference(kg).page()


def test_an_unknown_part_is_refused_with_the_one_meant(kg: rk.Graph) -> None:
    with pytest.raises(rk.UnknownName, match=r"no part .event.; did you mean .events"):
        Reference(kg).page("event")
