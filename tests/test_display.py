"""Tests that annotations in the ontology determine pictures: a new class needs no code."""

import re
from pathlib import Path

import pytest
from projects import Project
from pyoxigraph import NamedNode
from rdflib import OWL, RDF, Dataset, URIRef

import relations_kg as rk
from relations_kg import pictures
from relations_kg.pictures.display import Display
from relations_kg.rdf.namespaces import CODE, ID, ONTOLOGY, RKG
from relations_kg.reader.bundled import ontology_store
from relations_kg.reasoning.ontology import Ontology
from relations_kg.reasoning.rules import compile_rules

OF_CLASSES = ("lane", "mapSymbol", "distinguishedBy", "kindGivenBy", "kindCode")
ANNOTATIONS = (*OF_CLASSES, "laneOrder", "pictureRole", "scopeDirection", "factDate")
TERMS = """
code:lane-disasters a skos:Concept ;
    skos:inScheme code:lane ;
    skos:prefLabel "disasters and relief"@en ;
    rkg:laneOrder 5 ;
    skos:definition "Earthquakes, floods and the help that followed."@en .

rkg:Earthquake a owl:Class ;
    rdfs:subClassOf rkg:Event ;
    rkg:lane code:lane-disasters .

rkg:ReliefVisit a owl:Class ;
    rdfs:subClassOf rkg:Visit ;
    rkg:lane code:lane-disasters .

rkg:Interlude a owl:Class ;
    rdfs:subClassOf rkg:Visit .

rkg:ReliefMission a owl:Class ;
    rdfs:subClassOf rkg:Mission ;
    rkg:mapSymbol code:circle .

rkg:depot a owl:ObjectProperty ;
    rkg:pictureRole code:location .

rkg:aftershockOf a owl:ObjectProperty ;
    rkg:scopeDirection code:both-ways .
"""
FACTS = """
@prefix id: <https://w3id.org/relations-kg/id/> .
@prefix rkg: <https://w3id.org/relations-kg/ontology#> .
@prefix edtf: <http://id.loc.gov/datatypes/edtf/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
id:quake a rkg:Earthquake ; rdfs:label "The quake"@en ;
    rkg:actor id:peru ; rkg:when "1970-05-31"^^edtf:EDTF .
id:tremor a rkg:Earthquake ; rdfs:label "The tremor"@en ;
    rkg:aftershockOf id:quake ; rkg:when "1970-06-04"^^edtf:EDTF .
id:relief a rkg:ReliefVisit ; rdfs:label "The relief"@en ;
    rkg:hostParty id:peru ; rkg:when "1970-06-01"^^edtf:EDTF .
id:interlude a rkg:Interlude ; rdfs:label "The interlude"@en ;
    rkg:hostParty id:peru ; rkg:when "1970-06-02"^^edtf:EDTF .
id:camp a rkg:ReliefMission ; rdfs:label "The camp"@en ;
    rkg:receivingParty id:peru ; rkg:depot id:lima ; rkg:when "1970-06-03/.."^^edtf:EDTF .
"""
# This program prints each lane with its things of the new classes, and the camp's mark on the map.
SCRIPT = """
import sys
import relations_kg as rk
from relations_kg.web import thing_pages
from relations_kg.web.addresses import Addresses
from relations_kg.web.rendering import Renderer
from relations_kg.pictures.timeline import timeline
graph = rk.load(sys.argv[1])
peru = graph.names.find("peru")
new = {peru[:-4] + name for name in ("quake", "tremor", "relief", "interlude", "camp")}
for title, rows in timeline(graph, peru).lanes.items():
    print(title, "|", ", ".join(row.thing.label for row in rows if row.thing.iri in new))
page = thing_pages.map_page(Renderer(graph, Addresses()), "peru")
placed = page.partition("Not shown at a place")[0]
(camp,) = [part for part in placed.split("<a ") if "The camp" in part]
print("map |", camp.partition('d="')[2].partition('"')[0])
"""


@pytest.fixture(scope="module")
def lanes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Return the lanes of Peru's timeline in a copy of the project with more classes and facts."""
    copy = Project(tmp_path_factory.mktemp("copy"))
    with (copy.root / "ontology" / "relations.ttl").open("a", encoding="utf-8") as file:
        file.write(TERMS)
    (copy.root / "facts.ttl").write_text(FACTS, encoding="utf-8")
    result = copy.python("-c", SCRIPT, "facts.ttl")
    assert "" == result.stderr
    return dict(line.split(" | ") for line in result.stdout.splitlines())


@pytest.mark.slow
def test_a_new_class_appears_in_the_lane_that_it_names(lanes: dict[str, str]) -> None:
    """The lane may be new, and its order gives its place. The nearest class with a lane decides."""
    titles = list(lanes)

    assert "The quake, The relief, The tremor" == ", ".join(
        sorted(lanes["Disasters and relief"].split(", "))
    )
    assert titles.index("Missions") < titles.index("Disasters and relief") < titles.index("Offices")


@pytest.mark.slow
def test_a_new_class_without_a_lane_appears_in_that_of_the_class_above(
    lanes: dict[str, str],
) -> None:
    assert "The interlude" == lanes["Visits and meetings"]
    assert "The camp" == lanes["Missions"]


@pytest.mark.slow
def test_a_new_class_and_property_place_a_mark_on_the_map(lanes: dict[str, str]) -> None:
    """The mark has the symbol of the class and is at the value of the property with the role."""
    assert lanes["map"].startswith("M1 6.5a5.5 5.5")


def test_what_no_class_assigns_is_in_the_last_lane(kg: rk.Graph) -> None:
    display = Display(kg.quad_store)

    assert [*display.lanes][-1] == display.lane([]) == display.lane(["Event"]) == "others"
    assert "missions" == display.lane(["Event", "Mission", "https://example.org/Nothing"])


def test_no_annotation_is_an_axiom() -> None:
    store = ontology_store()
    rules = compile_rules(Ontology(store))
    graph = NamedNode(ONTOLOGY)
    for name in ANNOTATIONS:
        for quad in list(store.quads_for_pattern(None, NamedNode(RKG + name), None, graph)):
            store.remove(quad)

    assert [] == [*Display(store).lanes]
    assert rules == compile_rules(Ontology(store))


@pytest.mark.slow
def test_every_annotation_is_of_a_term_of_its_kind(rdflib_dataset: Dataset) -> None:
    """Lanes, symbols and keys annotate classes; roles, directions and dates annotate properties."""
    ontology = rdflib_dataset.graph(URIRef(ONTOLOGY))
    for name in ANNOTATIONS:
        pairs = list(ontology.subject_objects(URIRef(RKG + name)))
        assert pairs
        for subject, _ in pairs:
            if name == "laneOrder":
                assert str(subject).startswith(CODE + "lane-")
            else:
                is_class = (subject, RDF.type, OWL.Class) in ontology
                assert is_class == (name in OF_CLASSES), subject


@pytest.mark.parametrize("name", ANNOTATIONS)
def test_facts_may_not_use_an_annotation(kg: rk.Graph, tmp_path: Path, name: str) -> None:
    """Annotations describe classes, properties and codes, and facts describe none of these."""
    (tmp_path / "facts.ttl").write_text(
        f"@prefix id: <{ID}> . @prefix rkg: <{RKG}> . @prefix code: <{CODE}> .\n"
        f"id:peru rkg:{name} code:circle .",
        encoding="utf-8",
    )

    findings = kg.validate(tmp_path / "facts.ttl").findings

    assert ("wrong-subject", 2, 9) in [(f.code, f.line, f.column) for f in findings]


def test_no_picture_names_a_class_of_the_ontology() -> None:
    """The exceptions are the class Polity and the properties of dates and passages."""
    names = {str(t).removeprefix(RKG) for t in _terms()}
    allowed = {"statedIn", "when", "ongoing", "lastKnown", "Polity"}
    allowed |= {"earliestStart", "latestStart", "earliestEnd", "latestEnd"}
    for module in ("display", "mission_map", "related_events", "timeline"):
        text = Path(pictures.__file__).with_name(f"{module}.py").read_text("utf-8")
        code = re.sub(r'"""(?:.|\n)*?"""', "", text)
        roles = {*ANNOTATIONS, "place", "side", "title", "whole"}
        quoted = set(re.findall(r'"(\w+)"', code)) - roles

        assert set() == (quoted & names) - allowed, module


def _terms() -> set[str]:
    store = ontology_store()
    return {
        quad.subject.value
        for quad in store.quads_for_pattern(None, NamedNode(str(RDF.type)), None)
        if isinstance(quad.subject, NamedNode) and quad.subject.value.startswith(RKG)
    }
