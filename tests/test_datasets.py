"""Tests of a dataset of one's own: its dates, identifiers, coordinates, metadata and keys."""

from pathlib import Path

import pytest

import relations_kg as rk
from relations_kg.authoring.importing import import_table
from relations_kg.authoring.settings import Settings
from relations_kg.pictures.mission_map import mission_map
from relations_kg.rdf.namespaces import PREFIXES, RKG

HEADER = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items()) + (
    "@prefix posts: <https://w3id.org/relations-kg/source/posts/> .\n"
    "@prefix foaf: <http://xmlns.com/foaf/0.1/> .\n"
    "@prefix prov: <http://www.w3.org/ns/prov#> .\n"
)
MISSION = """
id:embassy-of-{0}land a rkg:Embassy ;
    rdfs:label "Embassy of {1}land"@en ;
    rkg:sendingParty id:{0}land ;
    rkg:receivingParty id:yland ;
    rkg:seat id:ytown ;
    rkg:leavesOpen rkg:withinRelations ;
    rkg:statedIn posts:row-{0} ;
    rkg:when "{2}"^^edtf:EDTF .
id:{0}land a rkg:State ; rdfs:label "{1}land"@en ; rkg:statedIn posts:row-{0} .
posts:row-{0} a rkg:Passage ; rkg:inDocument src:posts ; rkg:row "{0}" ; rkg:gist "A mission."@en .
"""
FACTS = (
    HEADER
    + """
src:posts a rkg:Dataset ;
    rdfs:label "Posts of the world"@en ;
    dcterms:license <https://creativecommons.org/publicdomain/zero/1.0/> ;
    rkg:version "5" .
id:yland a rkg:State ; rdfs:label "Yland"@en ; rkg:statedIn posts:row-x .
id:ytown a rkg:City ; rdfs:label "Ytown"@en ; rkg:statedIn posts:row-x .
"""
    + MISSION.format("x", "X", "1990/2001")
    + MISSION.format("w", "W", "2022/..")
)
SPEAKS = HEADER + 'src:posts rkg:speaksFrom "2022-11-16"^^edtf:EDTF .\n'
IDENTIFIED = (
    HEADER
    + """
id:embassy-of-xland owl:sameAs <http://www.wikidata.org/entity/Q4242424> ;
    geo:lat 10.5 ;
    geo:long 20.25 .
"""
)


def written(folder: Path, text: str, name: str) -> Path:
    path = folder / name
    path.write_text(text)
    return path


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> rk.Graph:
    folder = tmp_path_factory.mktemp("facts")
    texts = {"facts.ttl": FACTS, "speaks.ttl": SPEAKS, "identified.ttl": IDENTIFIED}
    return rk.load(only=[written(folder, text, name) for name, text in texts.items()])


@pytest.mark.parametrize("query", ["mission-history", "representation"])
def test_a_date_of_the_mission_itself_is_its_opening_and_its_closure(
    graph: rk.Graph, query: str
) -> None:
    given = {"party": "yland"} if query == "representation" else {}
    rows = {row.mission.label: row for row in graph.run(query, **given)}
    found = {label: (row.opened, row.closed, row.status) for label, row in rows.items()}

    assert {
        "Embassy of Xland": (["1990"], ["2001"], "closed"),
        "Embassy of Wland": (["2022"], None, "present"),
    } == found


@pytest.mark.parametrize(
    ("on", "certainties"),
    [("2022-11-15", []), ("2022-11-16", ["certain"]), ("2022-11-20", ["last known"])],
)
def test_what_is_going_on_had_begun_by_the_day_from_which_the_dataset_speaks(
    graph: rk.Graph, on: str, certainties: list[str]
) -> None:
    rows = graph.run("missions", on=on, sender="wland")

    assert certainties == [row.certainty for row in rows]


def test_bounds_follow_the_day_from_which_the_dataset_speaks(tmp_path: Path) -> None:
    graph = rk.load(only=written(tmp_path, FACTS, "facts.ttl"))
    dated = written(tmp_path, SPEAKS, "speaks.ttl")
    # This day is before the start, so it limits nothing.
    earlier = written(tmp_path, SPEAKS.replace("2022-11-16", "2021-05-01"), "earlier.ttl")
    ask = "SELECT ?day { id:embassy-of-wland rkg:latestStart ?day }"

    days = [[str(row.day) for row in graph.query(ask)]]
    for step, file in ((graph.add, dated), (graph.remove, dated), (graph.add, earlier)):
        step(file)
        days.append([str(row.day) for row in graph.query(ask)])

    assert [["2022-12-31"], ["2022-11-16"], ["2022-12-31"], ["2022-12-31"]] == days


def test_the_limit_of_a_date_has_a_proof(graph: rk.Graph) -> None:
    explained = graph.explain("embassy-of-wland", "latestStart", "2022-11-16")

    assert explained
    assert RKG + "speaksFrom" in {str(fact[1].value) for p in explained.proofs for fact in p.leaves}


@pytest.mark.parametrize(
    "text", ["Q4242424", "wd:Q4242424", "http://www.wikidata.org/entity/Q4242424"]
)
def test_a_thing_is_found_by_its_identifier(graph: rk.Graph, text: str) -> None:
    assert ["Embassy of Xland"] == [row.thing.label for row in graph.search(text)]
    assert [] == list(graph.search(text, kind="city"))


def test_a_mission_with_coordinates_places_its_seat_on_the_map(graph: rk.Graph) -> None:
    drawn = mission_map(graph, graph.names.find("yland"), width=340)

    assert [("Ytown", 2)] == [(place.name, len(place.marks)) for place in drawn.places]
    assert [] == drawn.unplaced


def test_well_known_metadata_may_be_stated_of_anything(graph: rk.Graph, tmp_path: Path) -> None:
    said = (
        HEADER
        + """
    id:embassy-of-xland dcterms:source <https://example.org/x> ; dcterms:publisher "A press" ;
        dcterms:identifier "X-1" ; prov:wasDerivedFrom <https://example.org/y> ;
        foaf:homepage <https://example.org/> ; <https://schema.org/telephone> "+1" .
    """.replace("\n    ", "\n")
    )
    report = graph.validate(written(tmp_path, said, "metadata.ttl"))
    wrong = graph.validate(written(tmp_path, said.replace(":publisher", ":publishr"), "wrong.ttl"))

    assert [] == list(report.findings)
    assert ["unknown-term"] == [finding.code for finding in wrong.findings]


def test_rows_with_a_key_are_cited_by_it(graph: rk.Graph, tmp_path: Path) -> None:
    headings, rows = "id,name,kind\n", ["A1,Germania,state\n", "A-2,Lusitania,state\n"]
    more = ["A3,Gallia,state\n"]
    turtle = []
    for number, lines in enumerate((rows, rows[:1] + more + rows[1:])):
        folder = tmp_path / str(number)
        folder.mkdir()
        table = written(folder, "".join([headings, *lines]), "party.csv")
        found = import_table(graph, str(table), "party", columns={"row": "id"})
        assert found.report.conforms, str(found.report)
        turtle.append(found.turtle.decode())

    def of_second(text: str) -> str:
        return "".join(each for each in text.split("\n\n") if "row-a-2" in each)

    assert of_second(turtle[0]) == of_second(turtle[1]) != ""


@pytest.mark.parametrize(
    ("key", "message"),
    [("a1", "line 2 already has the key 'A1'"), ("", "'' cannot be the key of a row")],
)
def test_a_key_that_is_missing_or_given_twice_is_reported(
    graph: rk.Graph, tmp_path: Path, key: str, message: str
) -> None:
    text = f"id,name,kind\nA1,Germania,state\n{key},Lusitania,state\n"
    table = written(tmp_path, text, "party.csv")
    found = import_table(graph, str(table), "party", columns={"row": "id"})

    assert [(3, message)] == [(each.line, each.message) for each in found.report.findings]


def test_the_error_about_a_title_with_a_further_cell_gives_the_setting_that_leaves_it_out(
    graph: rk.Graph, tmp_path: Path
) -> None:
    text = "id,name,kind\nA1,Germania,state\nFURTHER STATES,,state\nA2,Lusitania,state\n"
    table = written(tmp_path, text, "party.csv")
    found = import_table(graph, str(table), "party", columns={"row": "id"})
    (help,) = {e.help or "" for e in found.report.findings if "the key of a row" in e.message}
    assert '"FURTHER STATES" = "none" below [replacements.row] in relations-kg.toml' in help

    out = Settings(columns={"row": "id"}, replacements={"row": {"FURTHER STATES": "none"}})
    assert import_table(graph, str(table), "party", settings=out).report.conforms
