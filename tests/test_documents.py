"""Tests of graphs of several documents that are partly about the same things."""

import re
from html import unescape
from pathlib import Path

import pytest
from asgi import get
from command_line import run
from documents import ALDORA_PERU, CHINA_PERU, graph_of
from webpages import Page

import relations_kg as rk
from relations_kg.answers.passages import listing
from relations_kg.rdf.namespaces import PREFIXES
from relations_kg.reader.sources import Sources
from relations_kg.web.application import application

FILES = sorted(ALDORA_PERU.glob("*.ttl"))
HTML = "text/html"
TEXT = ALDORA_PERU / "aldora-peru.txt"


@pytest.fixture(scope="module")
def both() -> rk.Graph:
    """The document on China and Peru and the invented one."""
    graph = graph_of(CHINA_PERU)
    graph.add(*FILES)
    return graph


def documents_in(listed: str) -> set[str]:
    return set(re.findall(r"^src:([a-z-]+)/s\d+  ", listed, re.MULTILINE))


def test_the_text_of_a_document_is_compared_with_its_own_passages(both: rk.Graph) -> None:
    listed, mismatches = listing(both.quad_store, both.names, str(TEXT))

    assert {"aldora-peru"} == documents_in(listed)
    assert 0 == mismatches
    assert 11 == listed.count("    “")
    assert {"aldora-peru", "china-peru"} == documents_in(listing(both.quad_store, both.names)[0])


def test_another_version_of_a_document_is_compared_with_its_passages(
    both: rk.Graph, tmp_path: Path
) -> None:
    path = tmp_path / "another.txt"
    path.write_text(TEXT.read_text(encoding="utf-8").replace("1999.", "2000."), encoding="utf-8")
    listed, mismatches = listing(both.quad_store, both.names, str(path))

    assert {"aldora-peru"} == documents_in(listed)
    assert 1 == mismatches == listed.count("! not in this document")


def test_the_text_of_no_document_matches_no_passage(both: rk.Graph, tmp_path: Path) -> None:
    path = tmp_path / "another.txt"
    path.write_text("Avaria has an embassy in Borduria.", encoding="utf-8")
    listed, mismatches = listing(both.quad_store, both.names, str(path))

    assert {"aldora-peru", "china-peru"} == documents_in(listed)
    assert len(both.passages()) == mismatches


def test_the_command_checks_the_document_that_it_is_given() -> None:
    facts = [option for file in FILES for option in ("--facts", file)]
    ran = run("source", "--document", TEXT, *facts)

    assert (0, "") == (ran.returncode, ran.stderr)
    assert {"aldora-peru"} == documents_in(ran.stdout)


def test_how_many_documents_speak_of_a_thing_is_counted(both: rk.Graph) -> None:
    rows = both.run("corroboration", least=2)
    (row,) = both.run("corroboration", thing="establishment-of-peru-prc-relations")

    assert row in rows
    assert {2} == {each.count for each in rows}
    assert ["src:aldora-peru", "src:china-peru"] == curies(row.documents)
    assert ["src:aldora-peru/s010", "src:china-peru/s022", "src:china-peru/s046"] == curies(
        row.passages
    )
    assert {1} == {each.count for each in both.run("corroboration", thing="aldora")}


def test_a_claim_of_one_document_stands_against_what_the_other_states(both: rk.Graph) -> None:
    """They disagree like claims of one document, and each is listed with its own passages."""
    rows = both.run("disagreements")
    (row,) = (each for each in rows if each.between == "two documents")

    assert [row] == list(both.run("disagreements", subject="recognition-of-the-prc-by-peru"))
    assert ("1971-11-09/", "1971-11-02/") == (row.account, row.rivalAccount)
    assert ["src:aldora-peru/s008"] == curies(row.passages)
    assert ["src:china-peru/s022", "src:china-peru/s023"] == curies(row.rivalPassages)


def test_claims_of_two_documents_differ_without_being_said_to(
    both: rk.Graph, tmp_path: Path
) -> None:
    """Two dates exclude each other; two parties do not, unless the claims say so."""
    text = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items())
    of_aldora = "rkg:statedIn <https://w3id.org/relations-kg/source/aldora-peru/s010>"
    about = "rkg:claimSubject id:establishment-of-peru-qing-relations"
    path = tmp_path / "claims.ttl"
    path.write_text(
        f"{text} id:a a rkg:Claim ; {about} ; {of_aldora} ; rkg:claimProperty rkg:when ;\n"
        'rkg:claimedValue "1876"^^edtf:EDTF ; rkg:claimStatus code:alternative .\n'
        f"id:b a rkg:Claim ; {about} ; {of_aldora} ; rkg:claimProperty rkg:actor ;\n"
        "rkg:claimedObject id:aldora ; rkg:claimStatus code:alternative ."
    )
    graph = graph_of(CHINA_PERU)
    graph.add(*FILES, path)
    rows = graph.run("disagreements", subject="establishment-of-peru-qing-relations")
    against = {str(row.rivalAccount) for row in rows if str(row.claim).endswith("/a")}

    assert {"1874-06-26", "1875-08", "[..1865]"} == against
    assert not [row for row in rows if "/b" in (str(row.claim)[-2:], str(row.rival)[-2:])]
    assert {"one document", "two documents"} == {row.between for row in rows}


def test_dates_and_ranks_of_two_documents_that_exclude_each_other_contradict(
    both: rk.Graph, tmp_path: Path
) -> None:
    (rank,) = both.contradictions()
    path = tmp_path / "date.ttl"
    path.write_text(
        "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items())
        + 'id:recognition-of-the-prc-by-peru rkg:when "1971-11-09/"^^edtf:EDTF ;\n'
        "rkg:statedIn <https://w3id.org/relations-kg/source/aldora-peru/s008> ."
    )
    graph = graph_of(CHINA_PERU)
    graph.add(*FILES, path)
    date = next(each for each in graph.contradictions() if each.kind == "bounds")

    assert "ordinals" == rank.kind
    for found in (rank, date):
        assert {"aldora-peru", "china-peru"} == {
            passage.document.rpartition("/")[2] for passage in found.passages
        }


def test_the_evidence_of_a_thing_names_the_document_of_each_passage(both: rk.Graph) -> None:
    rows = both.run("evidence", thing="establishment-of-peru-prc-relations")

    assert [("src:aldora-peru", "src:aldora-peru/s010")] == [
        (row.document.curie, row.passage.curie)  # type: ignore[union-attr]
        for row in rows
        if "aldora" in str(row.document)
    ]
    assert 3 == len(rows)


PAGES = [
    "/timeline/china-peru-relations",
    "/timeline/china-peru-relations/visits",
    "/map/china-peru-relations",
    "/map/hong-kong-peru-relations",
    "/document/china-peru",
    "/thing/one-china-policy",
    "/thing/coolie-trade",
]


@pytest.mark.slow
@pytest.mark.parametrize("path", PAGES)
def test_a_page_about_one_document_is_the_same_beside_another(
    both: rk.Graph, china_peru: rk.Graph, path: str
) -> None:
    alone, beside = (get(application(graph), path, accept=HTML) for graph in (china_peru, both))

    assert 200 == alone.status_code
    assert alone.text == beside.text


@pytest.mark.slow
@pytest.mark.parametrize(
    ("path", "slug"),
    [
        ("/thing/embassy-of-peru-in-port-aldor", "aldora-peru-relations"),
        ("/thing/ione-marsh", "aldora-peru-relations"),
        ("/document/aldora-peru", "aldora-peru-relations"),
        ("/timeline/aldora-peru-relations", "aldora-peru-relations"),
        ("/map/aldora-peru-relations", "aldora-peru-relations"),
        ("/thing/hong-kong-peru-relations", "hong-kong-peru-relations"),
        ("/thing/embassy-of-china-in-lima", "china-peru-relations"),
        ("/document/china-peru", "china-peru-relations"),
        ("/thing/lima", "china-peru-relations"),
        ("/", "china-peru-relations"),
    ],
)
def test_pages_lead_to_the_timeline_and_the_map_of_their_relationship(
    both: rk.Graph, path: str, slug: str
) -> None:
    menu = get(application(both), path, accept=HTML).text.partition("</nav>")[0]

    assert f'href="/timeline/{slug}"' in menu
    assert f'href="/map/{slug}"' in menu


@pytest.mark.slow
def test_the_home_page_has_each_relationship_and_one_map_of_all(both: rk.Graph) -> None:
    text = unescape(get(application(both), "/", accept=HTML).text)
    page = Page(text)
    map_of_all = text.partition('<div class="map')[2]

    for name in ("China–Peru relations", "Aldora–Peru relations"):
        assert f"timeline of {name}" in page.words
        assert f"map of {name}" in page.words
    assert "Map of missions and visits: China–Peru relations, Aldora–Peru relations" in map_of_all
    assert "Embassy of Aldora, Lima" in map_of_all
    assert "Embassy of China, Lima" in map_of_all


def test_the_map_of_a_day_shows_the_missions_of_all_relationships(both: rk.Graph) -> None:
    text = get(application(both), "/day/1930-01-01", accept=HTML).text
    map_of_the_day = text.partition('<div class="map')[2]

    assert "Legation of Aldora in Lima" in map_of_the_day
    assert "Aldora–Peru relations" in map_of_the_day


def curies(things: object) -> list[str]:
    assert isinstance(things, list)
    return [thing.curie for thing in things]


def test_facts_that_two_documents_state_stay_until_both_are_removed(tmp_path: Path) -> None:
    """The files of each document have a folder of their own, as those in data/ do."""
    peru = "<https://w3id.org/relations-kg/id/peru>"
    state = "a <https://w3id.org/relations-kg/ontology#State> ."
    paths = [tmp_path / name / "facts.ttl" for name in ("one", "other")]
    for path in paths:
        path.parent.mkdir()
        path.write_text(f"{peru} {state} # {path.parent.name}\n", encoding="utf-8")

    assert [1] == [*Sources.of(paths).shared.values()]
    assert {} == Sources.of(paths[:1]).shared
