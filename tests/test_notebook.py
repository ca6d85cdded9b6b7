"""Tests of what a notebook or an interpreter shows of each answer."""

import importlib.util
import json
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from xml.etree.ElementTree import fromstring

import pytest

import relations_kg as rk
from relations_kg.pictures.mission_map import mission_map
from relations_kg.pictures.picture import Picture

CHECKS = Path(__file__).parent.parent / "checks"
LABEL = "<script>alert(1)</script> & \\u001b[31m"
PERU = """
id:peru a rkg:State ; rdfs:label "Peru"@en .
"""
FACTS = f"""
@prefix id: <https://w3id.org/relations-kg/id/> .
@prefix rkg: <https://w3id.org/relations-kg/ontology#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix edtf: <http://id.loc.gov/datatypes/edtf/> .
id:x a rkg:Embassy ; rdfs:label "{LABEL}"@en ; rkg:sendingParty id:peru ;
    rkg:when "1971-11-02/.."^^edtf:EDTF .
id:king a rkg:Person, rkg:State ; rdfs:label "{LABEL}"@en .
"""


class Elements(HTMLParser):
    """The tags and the text of HTML, whose elements must be closed in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.texts: list[str] = []
        self._open: list[str] = []
        self.feed(html)
        self.close()
        assert not self._open

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.append(tag)
        self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert tag == self._open.pop()

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


@pytest.mark.slow
def test_each_answer_has_a_representation_of_one_line(kg: rk.Graph, tmp_path: Path) -> None:
    """An answer with several parts also has HTML."""
    article, passage = tmp_path / "article.txt", "src:china-peru/s024"
    article.write_text("Lima is a city. It is large.\n", encoding="utf-8")
    visits = kg.run("visits")
    embassy, sends = "embassy-of-peru-in-beijing", ("peru", "sendsMission")
    report = kg.validate("tests/facts/bad/claim-without-value.ttl")
    size = f"{len(kg.quad_store):,} triples with the ontology, from 11 files"
    fact = "Peru · sends mission · Embassy of Peru, Beijing"
    claim = "tests/facts/bad/claim-without-value.ttl"
    cases: list[tuple[object, str, list[str]]] = [
        (kg, f"<Graph: {size}>", [size, "high-level visit"]),
        (kg.summary(), "Summary(stated=", ["kind", "embassy"]),
        (kg.queries, f"<Queries: {len(kg.queries)}: absences, acts, ", ["visits", "party, policy"]),
        (kg.queries["missions"], "<StoredQuery: missions(named, sender, ", []),
        (kg.sources, "<Sources: ", []),
        (visits, f"<Rows: {len(visits)} of visit, who, ", ["visit", "Hong Kong", "Peru"]),
        (visits[0], "Row(visit=<Thing: Visit of a Peruvian delegation", ["from", "Peru"]),
        (visits[0].visit, "<Thing: Visit of a Peruvian delegation to Hong Kong, 1970, id:vis", []),
        (visits[:0], "<Rows: 0 of visit, who, ", ["visit"]),
        (kg.run("missions", on="1800-01-01"), "<Rows: 0 of mission, ", ["mission"]),
        (kg.query("CONSTRUCT WHERE { id:lima a ?class }"), "<Triples: ", ["Lima", "city"]),
        (kg.passages("one-china-policy")[0], "<Passage: src:china-peru/s024: Peru has ", []),
        (kg.show("peru"), "<Description: Peru, id:peru: facts: ", ["Facts", "Peru", "Passages"]),
        (kg.explain(*sends, embassy), f"<Explanation: {fact}: 1 proof>", [fact, "proof 1 of 1"]),
        (
            kg.explain("peru", "a", "Embassy"),
            "<Explanation: Peru · rdf:type · embassy: does not hold>",
            ["does not hold"],
        ),
        (
            kg.explain(embassy, on="1980-01-01"),
            "<DayExplanation: Embassy of Peru, Beijing · 1980-01-01: possible>",
            ["Embassy of Peru, Beijing · 1980-01-01"],
        ),
        (report, f"<Report: {claim}: 1 error in ", ["without-value", f"{claim}:9:1"]),
        (
            kg.new("membership", member="Peru", organization="Pact of Lima", source=passage),
            "<Composed: 8 triples; Pact of Lima, Membership of Peru in Pact of Lima new>",
            [],
        ),
        (rk.passages(article), "<ArticlePassages: 2, 2 without a gist>", []),
        (report.findings[0], f"<Finding: {claim}:9:1: error[without-value] ", []),
    ]
    for shown, start, texts in cases:
        assert repr(shown).startswith(start)
        assert "\n" not in repr(shown)
        if texts:
            html = Elements(shown._repr_html_())  # type: ignore[attr-defined]
            assert {"h3", "table", "pre"} & {*html.tags}
            assert {*texts} <= {*html.texts}, start
        else:
            assert not hasattr(shown, "_repr_html_")


@pytest.mark.slow
def test_html_escapes_what_files_say(tmp_path: Path) -> None:
    """Things, explanations, reports, differences and rows with hostile facts are shown."""
    facts = tmp_path / "facts.ttl"
    facts.write_text(FACTS, encoding="utf-8")
    peru = tmp_path / "peru.ttl"
    peru.write_text(FACTS.partition("id:x")[0] + PERU, encoding="utf-8")
    graph = rk.load(only=[peru])
    change = graph.add(facts)
    rows = graph.query("SELECT ?x ?label { ?x rdfs:label ?label VALUES ?x { id:x } }")
    assert isinstance(rows, rk.Rows)
    (contradiction,) = graph.contradictions()

    shown = [
        graph.show("id:x"),
        graph.explain("id:x", "a", "Mission"),
        graph.explain("id:x", "a", "State"),
        graph.explain("id:x", on="1980-01-01"),
        graph.validate(),
        rk.compare(rk.load(only=[peru]), graph),
        rows,
        rows[0],
        graph.query("CONSTRUCT { id:x rdfs:label ?label } { id:x rdfs:label ?label }"),
    ]

    for each in shown:
        html = each._repr_html_()
        assert "script" not in Elements(html).tags, repr(each)
        assert "&lt;script&gt;" in html, repr(each)
        assert "\x1b" not in html + repr(each)
    assert f"<Difference: {len(change.added)} triples added, 0 removed>" == repr(change)
    assert repr(contradiction).startswith("<Contradiction: disjoint-classes: ")
    assert "\x1b" not in repr(contradiction)
    assert "<Comparison: the graph → the graph: 2 things added>" == repr(shown[5])


def test_a_notebook_shows_the_first_rows_and_counts_all(kg: rk.Graph) -> None:
    rows = kg.query("SELECT ?s WHERE { ?s ?p ?o } LIMIT 1200")
    assert isinstance(rows, rk.Rows)

    html = Elements(rows._repr_html_())

    assert 1000 == html.tags.count("td")
    assert "1,000 of 1,200 rows" in html.texts


SVG = "{http://www.w3.org/2000/svg}"


def words(picture: Picture) -> set[str]:
    """Return the texts that a picture shows, which must be SVG without links."""
    root = fromstring(picture._repr_svg_())
    assert f"{SVG}svg" == root.tag
    assert {"script", "a", "image"}.isdisjoint(each.tag.removeprefix(SVG) for each in root.iter())
    shown = [each for each in root.iter(f"{SVG}text") if each.text]
    wide, tall = (float(root.attrib[name]) for name in ("width", "height"))
    nested = {text for svg in root.iter(f"{SVG}svg") if svg is not root for text in svg.iter()}
    for each in shown:
        assert each in nested or float(each.attrib["x"]) < wide > 0
        assert each in nested or float(each.attrib["y"]) < tall
    return {str(each.text) for each in shown}


def test_pictures_show_what_the_pages_show(kg: rk.Graph) -> None:
    lanes = kg.timeline("peru", "id:peoples-republic-of-china", kinds="visits")
    visit = "Visit of Xi Jinping to Peru, November 2024"
    assert {visit, "high-level visit · November 2024", "certain", "2020"} <= words(lanes)
    assert "Embassy of Peru, Beijing" not in words(lanes)
    assert "Embassy of Peru, Beijing" in words(kg.timeline("china-peru-relations"))

    drawn = mission_map(kg, kg.names.find("china-peru-relations"), width=960)
    whole = kg.map("china-peru-relations")
    names = {place.name for place in drawn.places} | {route.words for route in drawn.routes}
    assert {"Lima", "Beijing", "7 visits", *names} <= words(whole)
    assert {mark.title for mark in drawn.unplaced} <= words(whole)
    day = kg.map("Peru", on=date(1990, 1, 1))
    assert "Map of missions and visits: Peru on 1990-01-01" == day.title
    assert "7 visits" not in words(day)
    assert day.svg == kg.map("PER", on="1 Jan 1990").svg

    port = words(kg.network("port-of-chancay"))
    assert {"Port of Chancay", "built by", "COSCO Shipping Ports", "part of initiative"} <= port
    small = words(kg.network("peru", most=3))
    assert any(re.fullmatch(r"and \d+ more \(further properties: \d+\)", each) for each in small)


def test_rows_draw_their_things_once(kg: rk.Graph) -> None:
    visits = kg.run("visits", host="peru")
    drawn = visits.timeline("Visits to Peru")
    assert {row.visit.label for row in visits} <= words(drawn)  # type: ignore[union-attr]
    visits = kg.query("SELECT ?v ?p { ?v rkg:hostParty id:peru ; ?p ?o }")
    assert isinstance(visits, rk.Rows)
    assert len(visits) > 3
    assert {"Visits and meetings (3)", "Timeline: 3 things"} <= words(visits.timeline())


@pytest.mark.slow
def test_hostile_labels_are_only_text_in_pictures(tmp_path: Path) -> None:
    facts = tmp_path / "facts.ttl"
    facts.write_text(FACTS + 'id:peru a rkg:State ; rdfs:label "Peru"@en .', encoding="utf-8")
    graph = rk.load(only=[facts])
    shown = "<script>alert(1)</script> &  [31m"
    for picture in (graph.timeline("id:x"), graph.map("peru"), graph.network("peru")):
        assert any(shown in text for text in words(picture)), picture
        assert "\x1b" not in picture.svg + picture.title


def test_a_picture_is_saved_as_svg_and_under_no_other_name(kg: rk.Graph, tmp_path: Path) -> None:
    picture = kg.network("lima")
    picture.save(tmp_path / "lima.SVG")
    assert picture.svg == (tmp_path / "lima.SVG").read_text("utf-8")
    for name, right in (("lima.png", "lima.svg"), ("lima", "lima.svg"), ("a.b/c.", "a.b/c.svg")):
        with pytest.raises(rk.InputError) as caught:
            picture.save(name)
        assert f"{name}: a picture is saved as SVG; write {right}" == str(caught.value)
    with pytest.raises(rk.InputError, match="cannot be written: No such file"):
        picture.save(tmp_path / "none" / "lima.svg")


@pytest.mark.parametrize(
    ("draw", "error"),
    [
        (lambda kg: kg.timeline("perru"), "nothing in the graph is called 'perru'; did you mean"),
        (lambda kg: kg.map("peru", on="1 foo 1990"), "1 foo 1990"),
        (lambda kg: kg.map("peru", on="1500-01-01"), "map: nothing is on the map of missions and "),
        (
            lambda kg: kg.timeline("lima", kinds="conflicts"),
            "concerns Lima is of these kinds; name",
        ),
        (lambda kg: kg.timeline(None), "None does not name a thing; give its name, CURIE or IRI"),
        (lambda kg: kg.network(["peru"]), "['peru'] does not name a thing"),
        (lambda kg: kg.timeline("peru", kinds=["wars"]), "kinds: unknown kind 'wars'; use phases,"),
        (lambda kg: kg.timeline("peru", kinds="visit"), 'did you mean "visits"?'),
        (lambda kg: kg.timeline("peru", kinds=["trade"]), 'did you mean "figures"?'),
        (
            lambda kg: kg.timeline("peru", kinds="visits,mission"),
            'unknown kind \'visits,mission\'; give several as a list, ["visits", "missions"]',
        ),
        (lambda kg: kg.timeline("visits"), "'visits' is a kind of rows, not the name of a thing"),
        (lambda kg: kg.run("policies")[:0].timeline(), "timeline: no row has a dated thing"),
        (lambda kg: kg.network("peru", most=0), "most: 0 is not a whole number of"),
        (lambda kg: kg.network("peru", most="3"), "most: '3' is not a whole number of"),
    ],
)
def test_what_cannot_be_drawn_is_refused(
    kg: rk.Graph, draw: Callable[[rk.Graph], object], error: str
) -> None:
    with pytest.raises(rk.RelationsError) as caught:
        draw(kg)
    assert error in str(caught.value)


@pytest.mark.slow
def test_pictures_need_no_extra() -> None:
    """A stored query does not import the modules that draw them."""
    code = (
        "import sys, relations_kg as rk; kg = rk.load(); rows = kg.run('visits'); "
        "assert not any('pictures.' in name for name in sys.modules); "
        "sys.modules |= dict.fromkeys(('jinja2', 'markupsafe', 'starlette', 'networkx')); "
        "print(kg.timeline('peru'), kg.map('peru'), kg.network('peru'), rows.timeline())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert 4 == done.stdout.count("<Picture: "), done.stderr


def test_a_notebook_is_run_and_compared(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Wrong outputs are reported, and stored with `--write`."""
    spec = importlib.util.spec_from_file_location("notebook", CHECKS / "notebook.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    sources = ["x = 2\nprint(x)", "import os\nos.mkdir('y')", "x * 21", "x = None\nx"]
    cells = [{"cell_type": "code", "source": [each], "outputs": []} for each in sources]
    file = tmp_path / "a.ipynb"
    file.write_text(json.dumps({"cells": [{"cell_type": "markdown", "source": []}, *cells]}))

    assert 1 == module.main(str(file))
    assert "the outputs of 2 cells differ" in capsys.readouterr().out
    assert 0 == module.main(str(file), "--write")
    assert 0 == module.main(str(file))
    written = [cell["outputs"] for cell in json.loads(file.read_text())["cells"][1:]]
    assert ["2\n"] == written[0][0]["text"]
    assert ["42"] == written[2][0]["data"]["text/plain"]
    assert [] == written[3]
    file.write_text(file.read_text().replace("42", "43"))
    assert 1 == module.main(str(file))
    assert {"a.ipynb"} == {each.name for each in tmp_path.iterdir()}
