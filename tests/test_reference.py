"""Tests of the reference page: complete, linked, well formed, and safe to open."""

import os
import re
import subprocess
import sys
from collections import Counter
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, RdfFormat, parse
from rdflib import RDF, RDFS, SH, Dataset, Graph, URIRef

import relations_kg as rk
from relations_kg._files import content, folder
from relations_kg.rdf.namespaces import CODE, INFERRED, ONTOLOGY, PREFIXES, RKG, STATED
from relations_kg.rdf.terms import TYPE, value
from relations_kg.release import reference

pytest.importorskip("jinja2")

# The void elements that the page uses, which have no end tag.
VOID = {"br", "link", "meta"}


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
def text(kg: rk.Graph) -> str:
    return reference.page(kg)


@pytest.fixture(scope="module")
def page(text: str) -> Page:
    return Page(text)


@pytest.fixture(scope="module")
def ontology(rdflib_dataset: Dataset) -> Graph:
    return rdflib_dataset.graph(URIRef(ONTOLOGY))


@pytest.fixture(scope="module")
def shapes() -> Graph:
    return Graph().parse(data=content(folder("ontology"), "shapes.ttl"), format="turtle")


@pytest.mark.slow
def test_every_term_value_and_shape_has_the_anchor_that_its_iri_names(
    page: Page, ontology: Graph, shapes: Graph
) -> None:
    named = {str(node) for graph in (ontology, shapes) for node in graph.subjects(RDF.type)}
    expected = {iri.removeprefix(RKG) for iri in named if iri.startswith(RKG)}
    expected |= {"code-" + iri.removeprefix(CODE) for iri in named if iri.startswith(CODE)}

    assert {"Embassy", "sendingParty", "MissionShape", "code-official"} <= expected
    assert expected <= set(page.anchors)


@pytest.mark.slow
def test_every_query_and_every_check_has_an_anchor(kg: rk.Graph, page: Page) -> None:
    checks = [path.stem for path in Path(folder("ontology"), "checks").iterdir()]

    assert checks
    assert {f"query-{name}" for name in kg.queries} <= set(page.anchors)
    assert {f"check-{name}" for name in checks} <= set(page.anchors)


def test_no_anchor_is_there_twice(page: Page) -> None:
    assert [] == [name for name, number in Counter(page.anchors).items() if number > 1]


def test_every_link_within_the_page_leads_somewhere_and_others_are_of_the_web(page: Page) -> None:
    inside = {link[1:] for link in page.links if link.startswith("#")}

    assert inside
    assert inside <= set(page.anchors)
    assert all(link.startswith(("#", "https://", "http://")) for link in page.links)


def test_headings_go_down_one_step_at_a_time(page: Page) -> None:
    levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch("h[1-6]", tag)]

    assert 1 == levels.count(1) == levels[0]
    assert all(one + 1 >= other for one, other in pairwise(levels))


def test_the_page_needs_nothing_from_elsewhere(page: Page, text: str) -> None:
    tags = {tag for tag, _ in page.elements}
    attributes = {name for _, found in page.elements for name in found}
    style = text[text.index("<style>") : text.index("</style>")]

    assert not tags & {"script", "link", "img", "iframe", "object", "form"}
    assert not {name for name in attributes if name.startswith("on") or name in ("src", "style")}
    assert "url(" not in style
    assert "@import" not in style


@pytest.mark.slow
def test_a_page_that_refers_to_a_style_sheet_brings_none(kg: rk.Graph) -> None:
    page = Page(reference.page(kg, stylesheet="/style.css"))

    assert ["/style.css"] == [found["href"] for tag, found in page.elements if tag == "link"]
    assert "style" not in [tag for tag, _ in page.elements]


def test_a_class_is_shown_with_what_guards_it(page: Page, shapes: Graph) -> None:
    for shape, kind in shapes.subject_objects(SH.targetClass):
        if not str(kind).startswith(RKG):
            continue
        for part in (*shapes.objects(shape, SH.property), *shapes.objects(shape, SH.sparql)):
            assert str(part).removeprefix(RKG) in page.texts[str(kind).removeprefix(RKG)]


def test_a_property_is_shown_with_what_guards_it(page: Page, shapes: Graph) -> None:
    for part, path in shapes.subject_objects(SH.path):
        if str(path).startswith(RKG):
            (message,) = shapes.objects(part, SH.message)

            assert f"{message}\n" in page.texts[str(path).removeprefix(RKG)]


@pytest.mark.slow
def test_an_entry_leads_to_the_terms_that_its_axioms_name(text: str, ontology: Graph) -> None:
    predicates = (RDFS.subClassOf, RDFS.domain, RDFS.range, RDFS.subPropertyOf)
    pairs = [pair for name in predicates for pair in ontology.subject_objects(name)]
    ours = [pair for pair in pairs if all(str(node).startswith(RKG) for node in pair)]
    articles = {part.partition('"')[0]: part for part in text.split('<article id="')}

    assert ours
    for pair in ours:
        one, other = (str(node).removeprefix(RKG) for node in pair)
        assert f'href="#{other}"' in articles[one]
        assert f'href="#{one}"' in articles[other]


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
        ("ThingShape", "qualified min count 1; qualified value shape rkg:EnglishValue"),
        ("query-missions", "on\ndate, required"),
        ("check-blank-node", "error X is or points to a blank node"),
    ],
)
def test_an_entry_says(page: Page, term: str, words: str) -> None:
    assert words in page.texts[term]


def test_an_example_is_turtle_from_the_data(page: Page, kg: rk.Graph) -> None:
    known = {quad.triple for quad in kg.store}
    prefixes = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())

    for term, example in page.examples.items():
        facts = {quad.triple for quad in parse(prefixes + example, RdfFormat.TURTLE)}

        assert facts
        assert facts <= known
        assert any(RKG + term in str(fact) for fact in facts)


def test_every_term_that_the_data_uses_has_an_example_rather_a_stated_one(
    page: Page, kg: rk.Graph
) -> None:
    for name in (STATED, INFERRED):
        quads = [*kg.store.quads_for_pattern(None, None, None, NamedNode(name))]
        used = {value(q.object if q.predicate == TYPE else q.predicate) for q in quads}
        for article in [iri.removeprefix(RKG) for iri in used if iri.startswith(RKG)]:
            assert article in page.examples
            assert name == INFERRED or "Example: " in page.texts[article]


@pytest.mark.slow
def test_without_facts_there_are_no_examples() -> None:
    assert not Page(reference.page(rk.load(only=[]))).examples


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

    page = Page(reference.page(rk.load(only=[path])))

    assert not {tag for tag, _ in page.elements} & {"script", "img"}
    assert not {name for _, found in page.elements for name in found if name.startswith("on")}
    assert not [link for link in page.links if link.startswith("javascript")]
    assert page.texts["Embassy"].strip().startswith("embassy")
    for article in ("Embassy", "description", "seat"):
        assert "<script>alert(1)</script>" in page.texts[article]
        assert "{{ 7*7 }}" in page.texts[article]


@pytest.mark.slow
def test_the_page_is_the_same_bytes_whatever_the_hash_seed(text: str) -> None:
    program = (
        "import sys, relations_kg as rk\n"
        "from relations_kg.release import reference\n"
        "sys.stdout.buffer.write(reference.page(rk.load()).encode())"
    )
    for seed in ("1", "2"):
        surroundings = {**os.environ, "PYTHONHASHSEED": seed}
        run = subprocess.run(
            [sys.executable, "-c", program], env=surroundings, capture_output=True, check=True
        )

        assert text.encode() == run.stdout


def test_without_jinja2_it_is_told_what_to_install(
    kg: rk.Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "jinja2", None)

    with pytest.raises(rk.InputError, match=r"jinja2.*is not installed; pip install.*\[serve\]"):
        reference.page(kg)
