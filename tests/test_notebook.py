"""Tests of what a notebook or an interpreter shows of each answer."""

from html.parser import HTMLParser
from pathlib import Path

import relations_kg as rk

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


def test_each_answer_has_a_representation_of_one_line(kg: rk.Graph) -> None:
    """And HTML, if its parts deserve more than a line."""
    visits = kg.run("visits")
    embassy, sends = "embassy-of-peru-in-beijing", ("peru", "sendsMission")
    report = kg.validate("tests/facts/bad/claim-without-value.ttl")
    size = f"{len(kg.store):,} triples with the ontology, from 11 files"
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


def test_html_escapes_what_files_say(tmp_path: Path) -> None:
    """Graphs, things, explanations, reports, differences and rows are of hostile facts here."""
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
