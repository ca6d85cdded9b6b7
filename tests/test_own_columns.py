"""Tests of the columns of a table of one's own: left out, keys, numeric dates and properties."""

import re
from collections.abc import Iterable
from itertools import count
from pathlib import Path

import pytest
from command_line import complaint, run
from examples import empty

import relations_kg as rk
from relations_kg.authoring.importing import Import, import_table
from relations_kg.authoring.settings import Settings
from relations_kg.rdf.namespaces import shorten

MINISTRY = Path(__file__).parent / "vocabularies" / "ministry.ttl"
DATASET = """
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix rkg: <https://w3id.org/relations-kg/ontology#> .
@prefix src: <https://w3id.org/relations-kg/source/> .
src:missions a rkg:Dataset ;
    rdfs:label "Missions of the north"@en ;
    dcterms:license <https://creativecommons.org/publicdomain/zero/1.0/> ;
    rkg:version "2024" .
"""


def written(folder: Path, text: str, name: str) -> Path:
    file = folder / name
    file.write_text(text, "utf-8")
    return file


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> rk.Graph:
    file = written(tmp_path_factory.mktemp("dataset"), DATASET, "dataset.ttl")
    return rk.load(only=file, vocabulary=MINISTRY)


def imported(graph: rk.Graph, folder: Path, text: str, **options: object) -> Import:
    file = written(folder, text, "missions.csv")
    return import_table(graph, file, **options)  # type: ignore[arg-type]


def problems(found: Import) -> list[str]:
    """Return the findings, except those about relations and dates that no cell states."""
    found_ones = (
        f for f in found.report.findings if f.code not in ("without-relations", "undated")
    )
    lines = ("; ".join(filter(None, (each.concise, each.help))) for each in found_ones)
    return [re.sub(r"^\S*/", "", line) for line in lines]


@pytest.mark.parametrize(
    ("heading", "cell", "without", "expected"),
    [
        ("notes", "x", ["Notes"], ""),
        ("# rank", "x", [], ""),
        ("rank", "my own", ["rank"], ""),
        ("notes", "#REF!", ["notes"], ""),
        (
            "notes",
            "#REF!",
            [],
            "missions.csv:1:5: warning[heading] 'notes' is not a parameter of the form mission;"
            " this column is not read; if it means a parameter, add --column PARAM=notes; if it has"
            " no facts, add --without notes",
        ),
        (
            "ranks",
            "x",
            [],
            "missions.csv:1:5: error[heading] 'ranks' is not a parameter of the form mission; this"
            ' column is not read; did you mean "rank"? name it with --column rank=ranks; if it has'
            " no facts, add --without ranks",
        ),
    ],
)
def test_columns_without_facts_can_be_left_out(
    graph: rk.Graph, tmp_path: Path, heading: str, cell: str, without: list[str], expected: str
) -> None:
    table = f"sender,seat,receiver,when,{heading}\nArvenia,Belport,Belmark,1961,{cell}\n"

    assert [expected] * bool(expected) == problems(
        imported(graph, tmp_path, table, without=without)
    )


def test_a_column_that_is_left_out_must_be_there(tmp_path: Path) -> None:
    table = written(tmp_path, "sender,notes\nArvenia,x\n", "missions.csv")

    said = complaint("import", table, "--without", "note")
    assert "missions.csv: no column has the heading 'note'; did you mean \"notes\"?" in said


KEYED = """id,kind,sender,receiver,seat,opened,closed,name
P1,embassy,Arvenia,Belmark,Belport,1961,present,
P2,embassy,Arvenia,Belmark,{0},1970,1990,
P3,embassy,Corvia,Belmark,Belport,1971,1980,The mission
P4,embassy,Dorland,Belmark,Belport,1981,1990,The mission
"""
NAMED = {"row": "id", "mission": "name"}


def test_rows_with_different_keys_describe_different_things(
    graph: rk.Graph, tmp_path: Path
) -> None:
    found = imported(graph, tmp_path, KEYED.format("Belport"), columns=NAMED)

    assert [] == problems(found)
    missions = {
        shorten(thing.iri): thing.label for thing in found.new if "mission" == thing.kind[2:]
    }
    assert missions == {
        "id:missions-p1-mission": "Embassy of Arvenia in Belport",
        "id:missions-p2-mission": "Embassy of Arvenia in Belport",
        "id:missions-p3-mission": "The mission",
        "id:missions-p4-mission": "The mission",
    }
    openings = {shorten(t.iri) for t in found.new if t.label.startswith("Opening")}
    assert {f"id:missions-p{number}-opening" for number in (1, 2, 3, 4)} == openings


@pytest.mark.slow
def test_a_row_that_moves_stays_one_thing(graph: rk.Graph, tmp_path: Path) -> None:
    files = [tmp_path / "old.ttl", tmp_path / "new.ttl"]
    for file, city in zip(files, ("Belport", "Northaven"), strict=True):
        found = imported(graph, tmp_path, KEYED.format(city), columns=NAMED)
        file.write_bytes(found.turtle)

    difference = rk.compare(*files, without="provenance")

    assert ["Northaven"] == [thing.label for thing in difference.added]
    assert () == difference.removed
    moved = {shorten(each.iri): each for each in difference.changed}
    # A mission that is now the only one in its city has a label without its receiver.
    renamed = {f"id:missions-p1-{end}" for end in ("mission", "opening")}
    assert {"label"} == {change.label for name in renamed for change in moved[name].changes}
    ends = {f"id:missions-p2-{end}" for end in ("mission", "opening", "closure")}
    assert ends | renamed == moved.keys()
    seats = [c for c in moved["id:missions-p2-mission"].changes if c.label == "seat"]
    assert [("Belport", "Northaven")] == [(str(c.before), str(c.after)) for c in seats]
    # The earlier version may be in the graph: a thing keeps its key even if it has another's name.
    known = rk.load(only=[written(tmp_path, DATASET, "dataset.ttl"), tmp_path / "old.ttl"])
    swapped = KEYED.format("Belport").replace("P1", "P5")
    found = imported(known, tmp_path, swapped, columns=NAMED)
    assert ["id:missions-p5-mission", "id:missions-p5-opening"] == [
        shorten(thing.iri) for thing in found.new
    ]


def test_two_rows_that_describe_one_known_thing_are_named(kg: rk.Graph, tmp_path: Path) -> None:
    table = "id,sender,receiver,seat\nP1,Peru,PRC,Beijing\nP2,Peru,PRC,Beijing\n"
    found = imported(kg, tmp_path, table, columns={"row": "id"})

    errors = [line for line in problems(found) if "error" in line]
    assert errors == [
        "missions.csv:3:1: error[value] mission: 'Embassy of Peru in Beijing' is the known"
        " id:embassy-of-peru-in-beijing, which row P1 already describes; if it is another thing,"
        " give its IRI: 'Embassy of Peru in Beijing <id:…>' as mission"
    ]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (
            ["Arvenia,Belmark,Belport,1961/..", "Arvenia,Belmark,Belport,1970/.."],
            [r"3:4: error\[max-count\] .* more than one rkg:when; line 2 describes it, too; .*"
             "if these are two things, name a column of keys: --column row=HEADING"],
        ),
        (
            ["Arvenia,Belmark,Belport,1961/..", "Corvia,Belmark,Arvenia,1970/.."],
            [r"3:3: error\[value\] seat: 'Arvenia' is a city here but was a state in line 2; .*"],
        ),
        (
            ["Arvenia,Belmark,Belport <id:port>,1961", "Corvia,Belmark,Newport <id:port>,1961"],
            [r"3:3: error\[value\] seat: id:port was called 'Belport' in line 2, but is called"
             " 'Newport' here; .*"],
        ),
    ],
)  # fmt: skip
def test_a_conflict_of_two_rows_names_both(
    graph: rk.Graph, tmp_path: Path, rows: list[str], expected: list[str]
) -> None:
    table = "\n".join(["sender,receiver,seat,when", *rows])
    errors = [line for line in problems(imported(graph, tmp_path, table)) if "error" in line]

    for pattern, line in zip(expected, errors, strict=True):
        assert re.fullmatch(f"missions.csv:{pattern}", line), line


@pytest.mark.parametrize(
    ("cells", "order", "expected"),
    [
        (
            ["05/06/2001", "07/06/2001", "1.2.1999"],
            None,
            "2:4: error[value] when: '05/06/2001' may be 2001-05-06 or 2001-06-05; add --dates"
            " month-first for 2001-05-06 or add --dates day-first for 2001-06-05;"
            " and 2 more cells: 3:4, 4:4",
        ),
        (
            ["05/06/2001", "31/12/2020"],
            None,
            "2:4: error[value] when: '05/06/2001' may be 2001-05-06 or 2001-06-05; add --dates"
            " day-first, since line 3 has '31/12/2020'",
        ),
        (
            ["05/06/2001", "31/12/2020", "12/31/2020"],
            None,
            "2:4: error[value] when: '05/06/2001' may be 2001-05-06 or 2001-06-05; this column has"
            " both '31/12/2020' and '12/31/2020': write year, month and day, such as '2001-05-06'",
        ),
        (["05/06/2001", "31/12/2020"], "day-first", ["2001-06-05", "2020-12-31"]),
        (["8. 7. 2010", "8.7. 2010"], "day-first", ["2010-07-08", "2010-07-08"]),
        (["8 / 7 / 2010", "1. Jan. 2020"], "day-first", ["2010-07-08", "2020-01-01"]),
        (["31. 12. 1999", "13.5. 2010"], None, ["1999-12-31", "2010-05-13"]),
        (
            ["8. 7. 2010", "13. 5. 2010"],
            None,
            "2:4: error[value] when: '8. 7. 2010' may be 2010-07-08 or 2010-08-07; add --dates "
            "day-first, since line 3 has '13. 5. 2010'",
        ),
        (["05/06/2001", "c. 1.2.1999"], "month-first", ["2001-05-06", "1999-01-02~"]),
        (
            ["05/06/2001", "31/12/2020", "30/12/2020"],
            "month-first",
            "3:4: error[value] when: '31/12/2020' is day-first, but --dates is month-first; write"
            " year, month and day, such as '1971-11-02'; and 1 more cell: 4:4",
        ),
        (
            ["5/6/71", "12/6/98", "x"],
            None,
            "2:4: error[value] when: not a date of the EDTF profile: '5/6/71'; write the year with"
            " four digits; and 1 more cell: 3:4",
        ),
    ],
)
def test_dates_in_one_notation_are_one_finding_of_their_column(
    graph: rk.Graph, tmp_path: Path, cells: list[str], order: str | None, expected: str | list[str]
) -> None:
    rows = [f"Arvenia,Belmark,Port {'ABC'[n]},{cell}" for n, cell in enumerate(cells)]
    table = "\n".join(["sender,receiver,seat,when", *rows])

    found = imported(graph, tmp_path, table, dates=order)

    if isinstance(expected, list):
        assert expected == re.findall('rkg:when "(.+)"', found.turtle.decode())
    else:
        errors = [line.removeprefix("missions.csv:") for line in problems(found)]
        assert expected == errors[0]
        assert len(errors) == 1 + ("x" in cells)


PROPERTIES = """sender,receiver,seat,kind,when,geo:lat,geo:long,Site,owl:sameAs,mfa:runBy
Arvenia,Belmark,Belport,culture centre,1961,1.5,-30,https://a.example;https://b.example,{},Belmark
Arvenia,Belmark,Northaven,embassy,1970,,,,,
"""


def test_columns_may_be_properties_that_no_form_has(graph: rk.Graph, tmp_path: Path) -> None:
    table = PROPERTIES.format("http://www.wikidata.org/entity/Q1").replace(",1.5,", ",1° 30' N,")
    found = imported(
        graph, tmp_path, table.replace("rkg:follows", "# x"), columns={"mfa:website": "Site"}
    )

    assert [] == problems(found)
    text = found.turtle.decode()
    first = text.partition("id:culture-centre-of-arvenia-in-belport a ")[2].partition(" .\n\n")[0]
    for line in (
        'mfa:website "https://a.example"^^xsd:anyURI , "https://b.example"^^xsd:anyURI',
        "geo:lat 1.5",
        'geo:long "-30"^^xsd:decimal',
        "owl:sameAs <http://www.wikidata.org/entity/Q1>",
        "mfa:runBy id:belmark",
    ):
        assert f"    {line} " in first
    assert 1 == text.count("mfa:website ")


def test_a_text_of_ones_own_with_a_semicolon_is_asked_about(tmp_path: Path) -> None:
    vocabulary = MINISTRY.read_text("utf-8").replace(
        "rdfs:range xsd:anyURI", "rdfs:range xsd:string"
    )
    dataset = written(tmp_path, DATASET, "dataset.ttl")
    own = written(tmp_path, vocabulary, "vocabulary.ttl")
    graph = rk.load(only=dataset, vocabulary=own)
    table = (
        "sender,receiver,seat,kind,when,mfa:website\n"
        "Arvenia,Belmark,Belport,embassy,1961,{}\n"
        "Arvenia,Belmark,Northaven,consulate,1970,Leased; see plan\n"
    )

    found = imported(graph, tmp_path, table.format("Opened again; moved"))
    (said,) = problems(found)
    assert said.startswith(
        "missions.csv:2:6: warning[value] mfa:website: 'Opened again; moved' is read as 2 texts, "
        "since it has a semicolon; if it is one text, write \\; for the semicolon"
    )
    assert "1 more cell: 3:6" in said
    found = imported(graph, tmp_path, table.format(r"Opened again\; moved").replace("d; s", "d. S"))
    assert [] == problems(found)
    assert "Opened again; moved" in found.turtle.decode()


def test_names_of_nations_are_no_misspellings_of_known_ones(tmp_path: Path) -> None:
    iran = 'id:iran a rkg:State ; rdfs:label "Iran"@en .\n'
    prefix = "@prefix id: <https://w3id.org/relations-kg/id/> ."
    known = rk.load(only=written(tmp_path, f"{DATASET}{prefix}\n{iran}", "iran.ttl"))
    table = "sender,receiver,seat,when\n{0},Belmark,Belport,1961\n"

    assert [] == problems(imported(known, tmp_path, table.format("Iraq")))
    (expected,) = problems(imported(known, tmp_path, table.format("Irax")))
    assert "'Irax' is not known, but nearly the same as party: id:iran (Iran)" in expected


@pytest.mark.parametrize(
    ("columns", "cells", "expected"),
    [
        ("kind", "", ["'embassy'"]),
        ("kind,rank", ",consulate-general", []),
        ("kind", "Embassy", []),
        ("rank", "", []),
    ],
)
def test_an_empty_cell_that_is_taken_as_an_embassy_is_reported(
    graph: rk.Graph, tmp_path: Path, columns: str, cells: str, expected: list[str]
) -> None:
    table = f"sender,receiver,seat,when,{columns}\nArvenia,Belmark,Belport,1961,{cells}\n"
    found = problems(imported(graph, tmp_path, table))

    assert [
        f"missions.csv:2:5: warning[value] kind: this cell is empty, so {kind} is assumed;"
        f" write the kind, even if it is {kind}"
        for kind in expected
    ] == found


SUPPLEMENT = """
@prefix id: <https://w3id.org/relations-kg/id/> .
@prefix mfa: <https://mfa.example/vocabulary#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
id:missions-p4-mission mfa:website "https://d.example"^^xsd:anyURI .
"""


@pytest.mark.slow
def test_facts_about_things_that_are_gone_are_reported(
    graph: rk.Graph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    facts = imported(graph, tmp_path, KEYED.format("Belport"), columns=NAMED).turtle
    for name in ("old.ttl", "new.ttl"):
        Path(name).write_bytes(facts)
    files = [written(tmp_path, DATASET, "dataset.ttl"), written(tmp_path, SUPPLEMENT, "more.ttl")]
    table = written(tmp_path, KEYED.format("Belport").partition("P4")[0], "missions.csv")
    options = [f"--only={file.name}" for file in files] + [f"--vocabulary={MINISTRY}"]

    result = run(
        *("import", table.name, *options, "--column", "row=id", "--column", "mission=name"),
        *("-o", "new.ttl", "--update"),
    )

    expected = (
        "1 thing is no longer described, but facts about it are left: id:missions-p4-mission"
        " (more.ttl:5:36); remove these facts, or describe it"
    )
    assert 0 == result.returncode, result.stderr
    assert f"warning: {expected}\n" in result.stderr
    loaded = rk.load(
        only=[*map(str, (file.name for file in files)), "old.ttl"], vocabulary=MINISTRY
    )
    with pytest.warns(UserWarning, match=f"^{re.escape(expected)}$") as caught:
        loaded.replace("old.ttl", "new.ttl")
    assert __file__ == caught[0].filename
    # A thing that another file describes is not reported.
    twice = rk.load(only=["dataset.ttl", "old.ttl", "new.ttl"])
    twice.remove("old.ttl")


@pytest.mark.parametrize(
    ("property", "value", "expected"),
    [
        ("geo:lat", "91", "'91' is out of range; write degrees from -90 to 90"),
        ("geo:lat", "48° E", '"48° E" is not'),
        ("owl:sameAs", "Q1", "'Q1' is not an address; write one such as http"),
        ("owl:sameAs", "http://a.example/{b}", "'http://a.example/{b}' is not an address"),
        ("mfa:runBy", "Nobody", "Nobody"),
    ],
)
def test_values_of_properties_are_checked(
    graph: rk.Graph, tmp_path: Path, property: str, value: str, expected: str
) -> None:
    table = f"sender,receiver,seat,when,{property}\nArvenia,Belmark,Belport,1961,{value}\n"

    (line,) = problems(imported(graph, tmp_path, table))
    assert line.startswith("missions.csv:2:5: error[value] " + property), line
    assert expected in line


def test_a_property_that_is_not_there_is_an_error(graph: rk.Graph, tmp_path: Path) -> None:
    for name, expected in (
        ("mfa:webste", 'did you mean "mfa:website"'),
        ("xy:z", "unknown prefix"),
    ):
        with pytest.raises(rk.QueryError, match=expected):
            imported(graph, tmp_path, KEYED, columns={name: "name"})


HEADED = """\
id,kind,sender,receiver,seat,when,Head,head.rank,head.since,head.until,phase.seat,phase.since
P1,embassy,Arvenia,Belmark,Belport,1961/..,Ada Ruiz,ambassador,2019-02,2023,Northaven,2021-04
P1,embassy,Arvenia,Belmark,Belport,1961/..,Bo Lind,ambassador,2023,,,
P2,embassy,Arvenia,Belmark,Milport,1970/..,,,,,,
P3,embassy,Corvia,Belmark,Belport,1971/..,Cy Aro,,2020,present,,
"""
HEAD = {"row": "id", "head.holder": "Head"}


def test_columns_of_a_further_form_state_facts_about_the_thing_of_the_row(
    graph: rk.Graph, tmp_path: Path
) -> None:
    found = imported(graph, tmp_path, HEADED, columns=HEAD)

    assert [] == problems(found)
    new = {shorten(thing.iri)[3:]: thing.label for thing in found.new}
    # Heads of one mission have one office, and rows with the key of a mission are about it.
    assert [name for name in new if name.endswith("mission")] == [
        "missions-p1-mission",
        "ambassador-at-the-missions-p1-mission",
        "missions-p2-mission",
        "missions-p3-mission",
        "head-of-the-missions-p3-mission",
    ]
    text, mission = found.turtle.decode(), "Embassy of Arvenia in Belport"
    for name, label, facts in (
        ("p1-ada-ruiz-tenure", f"Ada Ruiz as Ambassador at the {mission}, 2019-02/2023", ()),
        ("p1-bo-lind-tenure", f"Bo Lind as Ambassador at the {mission}, 2023/..", ()),
        (
            "p1-northaven-phase",
            f"{mission} with its seat in Northaven, 2021-04/..",
            ("rkg:phaseOfMission id:missions-p1-mission", 'rkg:when "2021-04/.."'),
        ),
    ):
        assert label == new[f"missions-{name}"]
        own = text.partition(f"id:missions-{name} a ")[2].partition(" .\n\n")[0]
        assert all(fact in own for fact in facts), own
    assert 2 == text.count("rkg:officeOf ") == text.count("rkg:headOf ")


def test_a_vacant_post_has_no_head_and_its_rank_is_not_read(
    graph: rk.Graph, tmp_path: Path
) -> None:
    found = imported(graph, tmp_path, HEADED.replace("Bo Lind", "vacant"), columns=HEAD)

    assert found.report.conforms
    assert "Bo Lind" not in found.turtle.decode()
    unread = [each for each in problems(found) if "rows without head.holder" in each]
    assert unread[0] == (
        "missions.csv:3:8: warning[value] head.rank: this column is not read in rows without "
        "head.holder; clear the cell, or write the head.holder"
    )
    assert "Ada Ruiz as Ambassador" in found.turtle.decode()


SEATS = re.findall(
    r"\w+",
    "Alfa Bravo Charlie Delta Echo Foxtrot Golf Milport Juliett Kilo Mike November Oscar Papa Romeo"
    " Sierra Tango Uniform Victor Whiskey Xray Yankee Zulu Belport",
)


def one_row_each(column: str, texts: Iterable[str]) -> str:
    """Return a table of missions whose rows have the texts in a column, one each."""
    usual = {"kind": "embassy", "Head": "Bo Lind", "head.rank": "ambassador"}
    rows = ["id,sender,receiver,seat,when,kind,Head,head.rank,head.since"]
    for number, (text, seat) in enumerate(zip(texts, SEATS, strict=False)):
        cells = (usual | {column: text}).values()
        quoted = ",".join(f'"{cell}"' for cell in cells)
        rows.append(f"P{number},Arvenia,Belmark,{seat},1961/..,{quoted},2023")
    return "\n".join(rows) + "\n"


def facts_about(subject: str, found: Import) -> str:
    """Return the Turtle about a thing, from its class on."""
    facts = found.turtle.decode().partition(f"{subject} a ")[2].partition(" .\n")[0]
    assert facts
    return facts


RANKS = {
    "ambassador": "Ambassador extraordinary and plenipotentiary|Ambassador Extraordinary & "
    "Plenipotentiary|AMBASSADOR",
    "envoy": "Envoy Extraordinary and Minister Plenipotentiary|Envoy extraordinary",
    "charge-d-affaires": "Chargé|CDA|Charge d’affaires",
    "charge-d-affaires-ad-interim": "chargé d'affaires a.i.|Chargé d'affaires, a.i.|Charge "
    "d’Affaires A.I.|Chargé d'Affaires ad interim|Acting Chargé d'affaires|CDA a.i.",
    "permanent-representative": "Permanent Representative to the UN",
    "consul-general": "Consul-General|Consul general|CONSUL GENERAL",
    "honorary-consul": "Hon. Consul|Honorary Consul|Hon. Consul General|Honorary Vice-Consul",
    "vice-consul": "Vice-Consul|Vice Consul",
}


def test_common_spellings_of_the_rank_of_a_head_are_read_as_its_code(
    graph: rk.Graph, tmp_path: Path
) -> None:
    spelt = [(code, text) for code, texts in RANKS.items() for text in texts.split("|")]
    table = one_row_each("head.rank", (text for _, text in spelt))
    found = imported(graph, tmp_path, table, columns=HEAD)

    assert [] == problems(found)
    for number, (code, text) in enumerate(spelt):
        office = facts_about(f"the-missions-p{number}-mission", found)
        # Heads of consular posts have a further kind of office, and no diplomatic rank.
        assert f"code:{code} " in office, text
        assert (f"rkg:diplomaticRank code:{code} " in office) == ("consul" not in code), text


KINDS = {
    "Embassy": "Embassy|EMBASSY",
    "Nunciature": "Apostolic Nunciature",
    "ConsulateGeneral": "Consulate General|Consulate-general",
    "HonoraryConsulate": "Hon. Consulate|Honorary Consulate|Hon. Consulate-General|Honorary "
    "Consulate General|Hon. Vice Consulate",
    "permanent-mission": "Permanent Mission|Permanent Representation|Permanent Mission to the UN",
    "branch-of-a-mission": "Embassy Office|Embassy Branch Office",
    # These codes have no class of their own.
    "interests-section": "Interests Section",
    "special-mission": "ad hoc mission",
}


def test_common_spellings_of_kinds_of_mission_are_read_as_classes_or_codes(
    graph: rk.Graph, tmp_path: Path
) -> None:
    spelt = [(kind, text) for kind, texts in KINDS.items() for text in texts.split("|")]
    table = one_row_each("kind", (text for _, text in spelt))
    found = imported(graph, tmp_path, table, columns=HEAD)

    assert [] == problems(found)
    for number, (kind, text) in enumerate(spelt):
        mission = facts_about(f"id:missions-p{number}-mission", found)
        own = f"rkg:{kind} " if kind[0].isupper() else f"rkg:missionKind code:{kind} "
        assert own in mission, text
        assert kind[0].isupper() != ("missionKind" in mission), text


@pytest.mark.slow
def test_a_code_of_ones_own_may_be_given_as_the_kind_of_a_mission(tmp_path: Path) -> None:
    codes = tmp_path / "codes.ttl"
    for name, broader in (("science office", None), ("honorary legation", "legation")):
        given = {"broader": broader} if broader else {}
        made = rk.load().new("code", name=name, codelist="mission-kind", **given)
        codes.write_text(codes.read_text() + str(made) if codes.exists() else str(made))
    graph = rk.load(codes)

    table = one_row_each("kind", ["Science Office", "honorary legation"])
    found = imported(graph, tmp_path, table, columns=HEAD)

    assert [] == problems(found)
    for number, (kind, iri) in enumerate(
        (("Mission", "science-office"), ("Legation", "honorary-legation"))
    ):
        mission = facts_about(f"id:missions-p{number}-mission", found)
        assert mission.startswith(f"rkg:{kind} ")
        assert f"rkg:missionKind id:{iri} " in mission


VACANT = [
    "vacant",
    "Vacant",
    "(vacant)",
    "[vacant]",
    "vacant post",
    "Post vacant",
    "currently vacant",
    "to be appointed",
    "TBD",
    "TBA",
    "to be announced",
    "N.N.",
    "unbesetzt",
    "noch unbesetzt",
    "vakant",
    "vaga",
    "vacante",
    "por designar",
]


def test_a_vacant_post_is_read_as_an_empty_cell_and_reported(
    graph: rk.Graph, tmp_path: Path
) -> None:
    without_heads = one_row_each("Head", [""] * len(VACANT)).replace('"","ambassador",2023', ",,")
    empty = imported(graph, tmp_path, without_heads, columns=HEAD)
    found = imported(graph, tmp_path, one_row_each("Head", VACANT), columns=HEAD)
    (vacant,) = (each for each in found.report.findings if each.code == "vacant")

    expected = "head.holder: 'vacant' means that a post is vacant, so this cell is read as empty"
    assert ("info", expected) == (vacant.severity, vacant.message)
    assert f"; and {len(VACANT) - 1} more cells" in str(vacant.help)
    assert empty.turtle == found.turtle


def test_the_vacant_posts_of_a_column_are_counted_and_other_rows_are_imported(
    graph: rk.Graph, tmp_path: Path
) -> None:
    table = "mission,holder,when,sender\n{0},vacant,,Peru\n{0},TBD,,Peru\n{0},Ada Ruiz,2021,Peru\n"
    text = table.format("embassy-of-peru-in-beijing")
    found = imported(rk.load(), tmp_path, text, form="head")

    (vacant,) = (each for each in found.report.findings if each.code == "vacant")
    assert str(vacant.help).endswith("; and 1 more cell: 3:2")
    assert "Ada Ruiz" in [each.label for each in found.new]
    assert 1 == found.turtle.decode().count("a rkg:OfficeTenure")


def test_what_says_more_than_that_a_post_is_vacant_is_not_the_name_of_a_person(
    graph: rk.Graph, tmp_path: Path
) -> None:
    texts = ["Dr. Vacant", "vacant (chargé d'affaires: Jo Roe)", "Vacant since 2021"]
    found = problems(imported(graph, tmp_path, one_row_each("Head", texts), columns=HEAD))

    for line, text, expected in zip(count(2), texts, found, strict=False):
        assert (
            f"{line}:7: error[value] head.holder: {text!r} means that a post is vacant" in expected
        )
        assert "leave the cell empty" in expected
    assert len(texts) == len(found)
    named = one_row_each("Head", (f"new: {text}" for text in texts))
    assert [] == problems(imported(graph, tmp_path, named, columns=HEAD))


ABOUT = "is about a post, and not only a name; write only the name of the person"
ABOUT_POSTS = {
    "Non-res.": ABOUT,
    "Office closed": ABOUT,
    "Bo Lind, a.i.": ABOUT,
    "acting: Bo Lind": ABOUT,
    "Chargé Bo Lind": ABOUT,
    "CdA: Bo Lind": ABOUT,
    "see Oslo": ABOUT,
    "Bo Lind 2019": ABOUT,
    "no post": ABOUT,
    "E/N Ada Ruiz": ABOUT,
    "Bo Lind, Directora": ABOUT,
    "Cerrada temporalmente": ABOUT,
    "Sede cerrada": ABOUT,
    "Cy Aro y Sra.": ABOUT,
    "Jo Roe (a.i.)": "has 'a.i.' beside the name; write 'Jo Roe', and the rest in columns",
    "(Acting) Cy Aro": "has 'Acting' beside the name; write 'Cy Aro'",
    "Bo Lind [non-resident]": "has 'non-resident' beside the name; write 'Bo Lind'",
}


def test_words_about_a_post_are_not_the_name_of_a_person(graph: rk.Graph, tmp_path: Path) -> None:
    found = problems(imported(graph, tmp_path, one_row_each("Head", ABOUT_POSTS), columns=HEAD))

    for line, (text, expected), problem in zip(count(2), ABOUT_POSTS.items(), found, strict=False):
        assert f"{line}:7: error[value] head.holder: {text!r} {expected}" in problem
        assert f'"new: {text}"' in problem
    assert len(ABOUT_POSTS) == len(found)
    named = one_row_each("Head", (f"new: {text}" for text in ABOUT_POSTS))
    assert [] == problems(imported(graph, tmp_path, named, columns=HEAD))


def test_names_of_persons_that_look_like_words_about_a_post_are_names(
    graph: rk.Graph, tmp_path: Path
) -> None:
    names = ["Emily Post", "Wei Ai", "A.I. Kuznetsov", "Nona Officer"]
    found = imported(graph, tmp_path, one_row_each("Head", names), columns=HEAD)

    assert [] == problems(found)
    assert set(names) <= {thing.label for thing in found.new}


RECEIVERS = {
    "Morocco (until 2013)": "has 'until 2013' beside the name; write 'Morocco'",
    "Osk (non-resident)": "has 'non-resident' beside the name; write 'Osk'",
    "Osk, until 2012": "has 'until 2012' beside the name; write 'Osk'",
    "Osk since May 2012": "has 'since May 2012' beside the name; write 'Osk'",
    "Osk – closed": "has 'closed' beside the name; write 'Osk'",
    "Burma/Myanmar": "is two names of one party; write 'Myanmar'",
    "Peru and Osk Union": "is 2 names",
    "Osk (formerly Moor)": "has 'formerly Moor' beside the name; write 'Osk'",
    "(1) Osk": "begins with a bullet, a number of a list or a note mark; write 'Osk'",
    "** Moor": "begins with a bullet, a number of a list or a note mark; write 'Moor'",
    "Congo (DRC)": None,
    "Former Republic of Osk": None,
    "Osk (the former Yugoslav Republic of)": None,
    "Korea, DPR": None,
    "Gambia, The": None,
    "Food and Agriculture Organization": None,
}


def test_what_a_cell_has_beside_the_name_of_a_party_is_reported(
    graph: rk.Graph, tmp_path: Path
) -> None:
    rows = (f'Arvenia,"{name}",{seat},2001' for name, seat in zip(RECEIVERS, SEATS, strict=False))
    table = "\n".join(["sender,receiver,seat,opened", *rows])
    found = problems(imported(graph, tmp_path, table, form="mission"))

    expected = [(number, *each) for number, each in enumerate(RECEIVERS.items(), 2) if each[1]]
    for (line, name, words), problem in zip(expected, found, strict=True):
        assert f":{line}:2: error[value] receiver: {name!r} {words}" in problem


def test_the_usual_words_for_kinds_of_parties_are_understood(
    graph: rk.Graph, tmp_path: Path
) -> None:
    kinds = {
        "territory": "SubnationalPolity",
        "Overseas territory": "SubnationalPolity",
        "region": "SubnationalPolity",
        "organisation": "Organization",
        "International organization": "IntergovernmentalOrganization",
        "country": "State",
    }
    rows = (f"{name},{kind}" for name, kind in zip(SEATS, kinds, strict=False))
    found = imported(graph, tmp_path, "\n".join(["name,kind", *rows]), form="party")

    assert [] == problems(found)
    for name, of in zip(SEATS, kinds.values(), strict=False):
        assert f"id:{name.lower()} a rkg:{of} ;" in found.turtle.decode()


def test_a_text_for_a_missing_value_is_an_error_where_no_post_can_be_vacant(
    graph: rk.Graph, tmp_path: Path
) -> None:
    texts = ["vacant post", "to be appointed", "unknown", "n/a", "none"]
    rows = (f"P{number},Arvenia,Belmark,Belport,{text},2021" for number, text in enumerate(texts))
    table = "\n".join(["id,sender,receiver,seat,phase.seat,phase.since", *rows])
    found = problems(imported(graph, tmp_path, table, columns={"row": "id"}))

    for text, problem in zip(texts, found, strict=True):
        assert f"phase.seat: {text!r} stands for a missing value" in problem


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (",Head,", ",head.holdr,", "1:7: error[heading]"),
        (",Bo Lind,", ",,", "3:7: error[value] head.holder: head asks for a person;"),
        (
            ",ambassador,2023",
            ",amb,2023",
            "3:8: error[value] head.rank: 'amb' is not the name of a value of this parameter; rank",
        ),
        (",head.until", ",head.when", "2:9: error[value] head.since: head.when is given, too;"),
        (
            "ambassador,2023",
            "ambassador,2023-13",
            "3:9: error[value] head.since: not a date of the EDTF profile: '2023-13'; months run",
        ),
        ("2023,,,", "2023,1999,,", "3:7: error[less-than-or-equals] rkg:earliestStart of"),
        ("1961/..,B", "1999/..,B", "3:6: error[max-count]"),
    ],
)
def test_mistakes_in_columns_of_a_further_form_are_at_their_cells(
    graph: rk.Graph, tmp_path: Path, old: str, new: str, expected: str
) -> None:
    columns = HEAD if "holdr" not in new else {"row": "id"}
    found = imported(graph, tmp_path, HEADED.replace(old, new, 1), columns=columns)

    assert problems(found)[0].startswith(f"missions.csv:{expected}")


def test_texts_that_say_that_there_is_no_party_are_no_states(
    graph: rk.Graph, tmp_path: Path
) -> None:
    expected = {
        "s/d": "stands for a missing value",
        "ninguna": "stands for a missing value",
        "no tiene": "stands for a missing value",
        "Sin datos": "stands for a missing value",
        "Sin concurrencias": "says that there is none",
        "Oskia (1)": "ends with a note; write 'Oskia'",
        "*Oskia": "begins with a bullet, a number of a list or a note mark; write 'Oskia'",
        "New North Oskia - Ostia": "may be two names; write 'New North Oskia; Ostia'",
    }
    rows = "key,sender,receiver,seat,accredited\n" + "".join(
        f"{n},Arvenia,Pell {n}x,Dun {n}x,{text}\n" for n, text in enumerate(expected)
    )
    Path(tmp_path, "posts.csv").write_text(rows)
    own = Settings(columns={"row": "key"}, distinct=("receiver", "seat"))
    found = import_table(empty(), str(tmp_path / "posts.csv"), "mission", settings=own)

    errors = [each for each in found.report.findings if each.severity == "error"]
    assert len(expected) == len(errors)
    for (text, problem), finding in zip(expected.items(), errors, strict=True):
        assert f"accredited: {text!r} {problem}" in f"{finding.message}; {finding.help}"
    for name in ("Sint Oskia", "Guinea - Oskia", "Oskia (Republic of)"):
        Path(tmp_path, "posts.csv").write_text(
            f"key,sender,receiver,seat,accredited\n1,Arvenia,Pell,Dun,{name}\n"
        )
        found = import_table(empty(), str(tmp_path / "posts.csv"), "mission", settings=own)
        assert found.report.conforms, str(found.report)


# Texts that say that a post is vacant, in the languages of most lists of missions.
WITHOUT_HOLDERS = [
    *("not yet appointed", "no ambassador", "being appointed", "à confirmer", "à désigner"),
    *("pas encore nommé", "sans chef", "sin titular", "A confirmar", "por cubrir", "Vacante"),
    *("no designado", "sin embajador", "a indicar", "ainda não nomeado", "sem embaixador"),
    *("zu bestätigen", "noch zu benennen", "noch nicht ernannt", "ohne Leitung", "te benoemen"),
    *("nog te bevestigen", "nog niet benoemd", "zonder hoofd", "da confermare", "non nominato"),
    *("вакансия", "не назначен"),
]


@pytest.mark.parametrize("texts", [WITHOUT_HOLDERS[::2], WITHOUT_HOLDERS[1::2]])
def test_a_post_without_a_holder_has_no_head(
    graph: rk.Graph, tmp_path: Path, texts: list[str]
) -> None:
    found = imported(graph, tmp_path, one_row_each("Head", texts), columns=HEAD)

    assert found.report.conforms
    (vacant,) = (each for each in found.report.findings if each.code == "vacant")
    assert f"; and {len(texts) - 1} more cells" in str(vacant.help)
    assert 0 == found.turtle.decode().count("a rkg:OfficeTenure")


def test_a_name_with_a_word_about_vacant_posts_is_a_name(graph: rk.Graph, tmp_path: Path) -> None:
    names = {"Sem de Jong", "Te Wei", "Ada Vaga", "Chef Ruiz", "Zu Yang"}
    found = imported(graph, tmp_path, one_row_each("Head", names), columns=HEAD)

    assert names <= {each.label for each in found.new}


# Texts for a value that a row does not have, and for the lack of one.
MISSING = ["not applicable", "sans objet", "entfällt", "n.v.t.", "não aplicável", "нет"]
LACKING = [
    "no concurrent accreditation",
    "aucune accréditation",
    "pas d'accréditation",
    "geen accreditaties",
    "nessun’altra",
]


def test_a_text_for_no_party_is_not_the_name_of_a_party(tmp_path: Path) -> None:
    table = tmp_path / "posts.csv"
    texts = [*MISSING, *LACKING]
    rows = (f"{n},Arvenia,Pell,{SEATS[n]},{text}" for n, text in enumerate(texts))
    table.write_text("\n".join(["key,sender,receiver,seat,accredited", *rows]), "utf-8")
    own = Settings(columns={"row": "key"}, values={"kind": "embassy"})
    found = import_table(empty(), str(table), "mission", settings=own).report.findings

    said = [each.message for each in found if each.severity == "error"]
    assert said == [
        *(f"accredited: {text!r} stands for a missing value" for text in MISSING),
        *(f"accredited: {text!r} says that there is none" for text in LACKING),
    ]


def test_a_text_for_a_missing_seat_is_not_the_name_of_a_city(tmp_path: Path) -> None:
    table = tmp_path / "posts.csv"
    rows = (f"{n},Arvenia,Pell,{text}" for n, text in enumerate(MISSING))
    table.write_text("\n".join(["key,sender,receiver,seat", *rows]), "utf-8")
    own = Settings(columns={"row": "key"}, values={"kind": "embassy"})
    found = import_table(empty(), str(table), "mission", settings=own).report.findings

    said = [each.message for each in found if each.severity == "error"]
    assert [f"seat: {text!r} stands for a missing value" for text in MISSING] == said
