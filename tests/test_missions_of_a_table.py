"""Tests of answers about a table of missions whose dates are missing or contradict each other."""

from pathlib import Path

import pytest
from examples import empty

import relations_kg as rk
from relations_kg.authoring.importing import Import, import_table
from relations_kg.authoring.settings import Dataset, Settings
from relations_kg.rdf.namespaces import ID, RKG
from relations_kg.web.leads import lead
from relations_kg.web.sentences import Writer

MISSIONS = """\
id,kind,sender,receiver,accredited,seat,opened,closed,head.holder,head.rank,head.since
A,embassy,Arvenia,Belmark,Moorland,Belport,1950,present,Ada Ruiz,ambassador,
B,embassy,Arvenia,Corvia,,Corlund,,present,Bo Lind,ambassador,
C,embassy,Arvenia,Dorland,,Dorstad,,2025-11-30,,,
D,embassy,Arvenia,Elmar,,Elmhaven,1956,2012-06-30,Di Ek,ambassador,2022
E,embassy,Arvenia,Freeland,,Freetown,1956,,Ed Ek,ambassador,
F,embassy,Arvenia,Mandoria,,Mandport,1956,2012-06-30,Fi Ek,ambassador,
"""
AS_OF, BEFORE = "2026-01-01", "2025-06-30"
DATASET = Dataset({"title": "Missions of Arvenia", "version": "2026", "as-of": AS_OF})


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("table"), MISSIONS)


@pytest.fixture(scope="module")
def arvenia(table: Path) -> rk.Graph:
    return rk.load(only=[table])


def written(folder: Path, text: str) -> Path:
    """Return the file of facts into which a table is imported."""
    path, facts = folder / "missions.csv", folder / "missions.ttl"
    path.write_text(text, encoding="utf-8")
    settings = Settings(DATASET, {"row": "id"})
    found = import_table(empty(), path, form="mission", settings=settings)
    assert not [each for each in found.report.findings if each.severity == "error"]
    facts.write_bytes(found.turtle)
    return facts


def holders(graph: rk.Graph, on: str) -> dict[str, str]:
    rows = graph.run("office-holders-on", on=on, all=True)
    return {row.holder.label: row.certainty for row in rows}


def seats(graph: rk.Graph, on: str) -> dict[str, str]:
    rows = graph.run("missions", on=on, all=True)
    return {row.seat.label: row.certainty for row in rows}


def test_a_head_without_dates_is_in_office_on_the_day_of_the_table(arvenia: rk.Graph) -> None:
    now, before, long_before = (holders(arvenia, on) for on in (AS_OF, BEFORE, "1960-01-01"))

    for name in ("Ada Ruiz", "Bo Lind", "Ed Ek"):
        assert ("certain", "possible", "unknown") == (now[name], before[name], long_before[name])
    assert "last known" == holders(arvenia, "2027-01-01")["Ada Ruiz"]
    # The label of the tenure has no dates, since its start is unknown.
    assert "Ada Ruiz as Ambassador at the Embassy of Arvenia in Belport" in {
        row.tenure.label for row in arvenia.run("office-holders-on", on=AS_OF)
    }
    without = [row.mission.label for row in arvenia.run("missions-without-head", on=AS_OF)]
    assert [] == without


def test_a_head_without_dates_of_a_closed_mission_has_no_dates(table: Path) -> None:
    text = table.read_text(encoding="utf-8")
    tenure = text.partition("id:missions-f-fi-ek-tenure a ")[2].partition(" .\n\n")[0]

    assert "rkg:holder id:fi-ek" in tenure
    assert "rkg:when" not in tenure


def test_a_head_of_whom_only_an_uncertain_end_is_known_is_not_in_office(tmp_path: Path) -> None:
    lines = MISSIONS.replace("head.since", "head.until").splitlines(keepends=True)
    ended = lines[1].replace("ambassador,", 'ambassador,"[2019,2020]"')
    text = written(tmp_path, lines[0] + ended).read_text(encoding="utf-8")

    assert "id:ada-ruiz" in text
    assert '"/.."' not in text.partition("-tenure a rkg:OfficeTenure")[2].partition(" .\n\n")[0]


def test_the_head_of_a_mission_that_is_closed_is_no_more_than_possible(arvenia: rk.Graph) -> None:
    assert "certain" == holders(arvenia, "2012-06-30").get("Di Ek", "certain")
    assert "possible" == holders(arvenia, AS_OF)["Di Ek"]
    assert "possible" == holders(arvenia, "2027-01-01")["Di Ek"]


def test_a_mission_whose_opening_is_unknown_is_possible_before_its_end(
    arvenia: rk.Graph,
) -> None:
    before = seats(arvenia, BEFORE)

    assert "possible" == before["Dorstad"]
    # A mission that is only known to exist on the day of the table may have existed before.
    assert "possible" == before["Corlund"]
    assert "Dorstad" not in seats(arvenia, "2025-12-01")
    # No fact shows that its sender existed before 1950.
    assert "unknown" == seats(arvenia, "1949-12-31")["Dorstad"]
    mission = "id:missions-c-mission"
    proof = arvenia.explain(mission, "rkg:reachStart", "1950-01-01")
    assert "Arvenia" in str(proof)


def test_a_mission_whose_relations_have_no_dates_is_possible_before_its_end(
    table: Path, tmp_path: Path
) -> None:
    relations = tmp_path / "relations.ttl"
    relations.write_text(
        f"@prefix id: <https://w3id.org/relations-kg/id/> . @prefix rkg: <{RKG}> .\n"
        "id:r a rkg:DiplomaticRelations ; rkg:firstParty id:arvenia ; rkg:secondParty id:dorland ."
    )
    graph = rk.load(only=[table, relations])

    assert "possible" == seats(graph, BEFORE)["Dorstad"]


@pytest.mark.parametrize("when", ["2025-03-01", "2025"])
def test_what_only_ended_is_not_possible_centuries_before(tmp_path: Path, when: str) -> None:
    path = tmp_path / "facts.ttl"
    path.write_text(
        f"@prefix id: <https://w3id.org/relations-kg/id/> . @prefix rkg: <{RKG}> .\n"
        f"id:a a rkg:State . id:b a rkg:State . id:end a rkg:Event ; rkg:when '{when}' .\n"
        "id:post a rkg:Embassy ; rkg:sendingParty id:a ; rkg:accreditedTo id:b .\n"
        "id:post rkg:endedBy id:end .\n"
        "id:ties a rkg:UnofficialRelations ; rkg:firstParty id:a ; rkg:secondParty id:b .\n"
        "id:ties rkg:endedBy id:end .\n"
    )
    graph = rk.load(only=[path])

    first, day_before = (
        ("1925-03-01", "1925-02-28") if len(when) > 4 else ("1925-01-01", "1924-12-31")
    )

    def answers(query: str, thing: str) -> list[str]:
        days = ("1700-01-01", day_before, first, "2024-12-31", "2026-01-01")
        return [graph.run(query, named=thing, on=on)[0].certainty for on in days]

    expected = ["unknown", "unknown", "possible", "possible", "absent"]
    assert expected == answers("missions", "post")
    assert expected == answers("situations-on", "ties")
    for thing in ("id:post", "id:ties"):
        proof = graph.explain(thing, "rkg:reachStart", first)
        assert "reach-of-a-duration" in str(proof)
        assert "P100Y" in str(proof)
    more = tmp_path / "more.ttl"
    more.write_text(path.read_text().partition("id:a a")[0] + "id:ties rkg:when '1890/..' .")
    graph.add(more)
    # A fact now shows that the parties existed before the end of the mission.
    assert "possible" == graph.run("missions", named="post", on="1890-12-31")[0].certainty
    assert "unknown" == graph.run("missions", named="post", on="1890-12-30")[0].certainty


def test_the_dates_of_a_mission_are_not_those_of_its_seat_and_further_accreditations(
    arvenia: rk.Graph,
) -> None:
    shown = arvenia.show("missions-a-mission").facts
    when = {(fact.predicate, fact.object): fact.when for fact in shown}

    assert "" == when["also accredited to", "Moorland"] == when["accredited to", "Moorland"]
    assert "" == when["seat", "Belport"]
    assert "1950/.." == when["sending party", "Arvenia"] == when["receiving party", "Belmark"]
    opened = [fact.when for fact in shown if fact.predicate == "opened by"]
    assert ["1950"] == opened
    for place in ("moorland", "belport"):
        facts = arvenia.show(place).facts
        assert all(fact.when == "" for fact in facts if "accredited" in fact.predicate)
        assert all(fact.when == "" for fact in facts if fact.predicate == "seat")


def test_a_replacement_for_the_empty_cells_of_no_column_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "missions.csv"
    path.write_text(MISSIONS, encoding="utf-8")
    replacements = {"head.until": {"": "present"}, "phase.until": {"": "present"}}
    settings = Settings(DATASET, {"row": "id"}, replacements=replacements)
    found = import_table(empty(), path, form="mission", settings=settings)

    (warning,) = [each for each in found.report.findings if each.code == "heading"]
    assert "warning" == warning.severity
    assert "head.until: no column has it, so no empty cell is read as 'present'" == warning.message
    assert "for all rows, write head.until = 'present' below [values]" == warning.help


def test_where_a_party_is_not_represented_is_answered(arvenia: rk.Graph) -> None:
    def answers(on: str, **more: object) -> list[tuple[str, str]]:
        rows = arvenia.run("parties-without-mission", sender="arvenia", on=on, **more)
        return [(row.party.label, row.status) for row in rows]

    closed = [("Dorland", "closed"), ("Elmar", "closed"), ("Mandoria", "closed")]
    # No one else sends a mission, and Moorland is only a further accreditation of an open one.
    assert [*closed, ("Freeland", "possible")] == answers(AS_OF)
    assert [("Elmar", "closed")] == answers(AS_OF, receiver="elmar")
    assert {"none", "not yet open", "possible"} >= {status for _, status in answers("1940-01-01")}
    assert ("Elmar", "not yet open") in answers("1940-01-01")
    rows = arvenia.run("parties-without-mission", sender="belmark", on=AS_OF)
    assert {("Arvenia", "none", None)} <= {(r.party.label, r.status, r.mission) for r in rows}


ORGANIZATIONS = """\
@prefix id: <https://w3id.org/relations-kg/id/> .
@prefix rkg: <https://w3id.org/relations-kg/ontology#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
id:league a rkg:IntergovernmentalOrganization ; rdfs:label "League of Osk"@en .
id:forum a rkg:IntergovernmentalOrganization ; rdfs:label "Forum of Lurn"@en .
"""
PERMANENT = """\
id,kind,sender,receiver,seat,opened,closed
A,permanent mission,Arvenia,League of Osk,Oskport,1950,present
B,permanent mission,Arvenia,Forum of Lurn,Oskport,1960,present
D,embassy,Arvenia,Belmark,Oskport,1970,present
"""


@pytest.mark.slow
@pytest.mark.parametrize("key", [True, False])
def test_the_label_of_a_mission_to_an_organization_names_it(tmp_path: Path, key: bool) -> None:
    facts, path = tmp_path / "organizations.ttl", tmp_path / "missions.csv"
    facts.write_text(ORGANIZATIONS, encoding="utf-8")
    text = PERMANENT if key else "\n".join(row.partition(",")[2] for row in PERMANENT.split("\n"))
    path.write_text(text, encoding="utf-8")
    settings = Settings(DATASET, {"row": "id"} if key else {})
    found = import_table(rk.load(only=[facts]), path, form="mission", settings=settings)
    new = {thing.iri.rpartition("/")[2]: thing.label for thing in found.new}

    missions = {
        "missions-a-mission": "Permanent mission of Arvenia to League of Osk in Oskport",
        "missions-b-mission": "Permanent mission of Arvenia to Forum of Lurn in Oskport",
        "missions-d-mission": "Embassy of Arvenia in Oskport",
    }
    assert set(missions.values()) <= set(new.values())
    if key:
        assert missions == {name: new[name] for name in missions}


MOVED = """\
id,kind,sender,receiver,accredited,seat,opened,closed,phase.seat,phase.accredited,phase.since,phase.until
M,embassy,Arvenia,Nigria,,Lagport,1960,present,Abuport,,2002,
N,embassy,Arvenia,Gerland,,Bonnport,1871,present,Berlport,,1999-09-01,
N,embassy,Arvenia,Gerland,,Bonnport,1871,present,,Luxland; Montania,1990-01-01,2010-06-30
O,honorary consulate,Arvenia,Lebland,,Beiport,1990,present,,,,
P,embassy,Arvenia,Quitoria,Bolland,Limport,1970,present,,,,
Q,embassy,Arvenia,Zamland,,Kitwe,1960,2001,Mazabuka,,1980,
"""


@pytest.fixture(scope="module")
def moved(tmp_path_factory: pytest.TempPathFactory) -> rk.Graph:
    return rk.load(only=[written(tmp_path_factory.mktemp("moved"), MOVED)])


def seats_of(graph: rk.Graph, receiver: str, on: str) -> list[str]:
    (row,) = graph.run("missions", on=on, receiver=receiver)
    found = row.seat if isinstance(row.seat, list) else [row.seat]
    return [each.label for each in found]


def test_both_seats_are_listed_while_it_is_open_on_which_day_a_mission_moved(
    moved: rk.Graph,
) -> None:
    for on, expected in (
        ("2001-12-31", ["Lagport"]),
        ("2002-01-01", ["Abuport", "Lagport"]),
        ("2002-12-30", ["Abuport", "Lagport"]),
        ("2002-12-31", ["Abuport"]),
        ("2026-01-01", ["Abuport"]),
    ):
        assert expected == seats_of(moved, "nigria", on)
        heads = moved.run("missions-without-head", on=on, receiver="nigria")
        assert expected == sorted(
            each.label for row in heads for each in (row.seat if len(expected) > 1 else [row.seat])
        )
    assert ["Bonnport"] == seats_of(moved, "gerland", "1999-08-31")
    assert ["Berlport"] == seats_of(moved, "gerland", "1999-09-01")
    # The phase ends with the mission, whose own seat was that before the move.
    assert ["Mazabuka"] == seats_of(moved, "zamland", "1990-01-01")
    assert ["Mazabuka"] == seats_of(moved, "zamland", "2001-06-01")


def test_successive_seats_do_not_bring_back_the_first_one(tmp_path: Path) -> None:
    again = "M,embassy,Arvenia,Nigria,,Lagport,1960,present,Sokoto,,2010,\n"
    table = MOVED.replace("Abuport,,2002,", "Abuport,,2002,2010") + again
    graph = rk.load(only=[written(tmp_path, table)])

    assert ["Abuport"] == seats_of(graph, "nigria", "2009-12-31")
    assert ["Abuport", "Sokoto"] == seats_of(graph, "nigria", "2010-06-01")
    assert ["Sokoto"] == seats_of(graph, "nigria", "2011-01-01")


def test_a_mission_that_moved_is_named_by_its_latest_seat(moved: rk.Graph) -> None:
    names = moved.names
    labels = {row.mission.label for row in moved.run("missions", on="2026-01-01")}
    assert {"Embassy of Arvenia in Abuport", "Embassy of Arvenia in Berlport"} <= labels
    assert not any("Bonnport" in each for each in labels)
    for name in ("Embassy of Arvenia in Bonnport", "Embassy of Arvenia in Berlport"):
        (row,) = moved.run("missions", on="2026-01-01", named=name)
        assert "missions-n-mission" in row.mission
    opening = names.label("https://w3id.org/relations-kg/id/missions-n-opening")
    assert "Opening of the Embassy of Arvenia in Bonnport, 1871" == opening


def test_the_page_of_a_mission_that_moved_says_where_it_is_and_was(moved: rk.Graph) -> None:
    def said(mission: str) -> str:
        iri = f"https://w3id.org/relations-kg/id/missions-{mission}-mission"
        return " ".join(map(str, lead(Writer(moved), iri)))

    assert "Arvenia has an embassy, accredited to Gerland. " in said("n")
    seat = "It has had its seat in Berlport since 1 September 1999, and before that in Bonnport."
    assert seat in said("n")
    assert "It had its seat in Mazabuka since 1980, and before that in Kitwe." in said("q")
    assert "Arvenia has an embassy in Limport, accredited to Quitoria" in said("p")


def test_an_accreditation_with_dates_holds_between_them_and_is_no_mission(
    moved: rk.Graph,
) -> None:
    for receiver in ("luxland", "montania"):
        found = {
            on: [row.certainty for row in moved.run("missions", on=on, receiver=receiver)]
            for on in ("1989-12-31", "1990-01-01", "2010-06-30", "2010-07-01")
        }
        assert [[], ["certain"], ["certain"], []] == list(found.values())
    (row,) = moved.run("missions", on="2000-01-01", receiver="gerland")
    assert ["Gerland", "Luxland", "Montania"] == [each.label for each in row.accredited]
    (row,) = moved.run("missions", on="2011-01-01", receiver="gerland")
    assert ["Gerland"] == [each.label for each in row.accredited]
    closed = moved.run("closed-missions", since="2002-01-01", until="2025-12-31")
    assert [] == [row.mission.label for row in closed]
    absent = {
        on: [
            row.party.label for row in moved.run("parties-without-mission", sender="arvenia", on=on)
        ]
        for on in ("2000-01-01", "2011-01-01")
    }
    assert "Luxland" not in absent["2000-01-01"]
    assert "Luxland" in absent["2011-01-01"]


def test_concurrent_accreditations_are_found_by_their_residence(moved: rk.Graph) -> None:
    def found(on: str, **values: str) -> set[str]:
        rows = moved.run("missions", on=on, residence="non-resident", **values)
        return {row.to.label for row in rows}

    assert {"Gerland", "Quitoria"} == found("2000-01-01")
    assert {"Quitoria"} == found("2011-01-01")
    assert {"Quitoria"} == found("2000-01-01", receiver="bolland")
    assert set() == found("2000-01-01", receiver="quitoria")


def test_an_honorary_consulate_is_no_embassy(moved: rk.Graph) -> None:
    def found(**values: str) -> dict[str, str]:
        rows = moved.run("parties-without-mission", sender="arvenia", on="2026-01-01", **values)
        return {row.party.label: row.status for row in rows}

    assert "Lebland" not in found()
    for kind in ("embassy", "diplomatic mission"):
        assert "of another kind" == found(kind=kind)["Lebland"]
        assert "closed" == found(kind=kind)["Zamland"]
        assert "Quitoria" not in found(kind=kind)
    # The accreditation of an embassy to Luxland has ended.
    assert "no longer accredited, of another kind" == found(kind="trade office")["Luxland"]


def test_the_head_of_a_closed_mission_is_in_office_no_longer(tmp_path: Path) -> None:
    lines = MISSIONS.splitlines(keepends=True)
    lasting = lines[6].replace("2012-06-30,Fi Ek,ambassador,", "2012-06,Fi Ek,ambassador,2005")
    graph = rk.load(only=[written(tmp_path, lines[0] + lasting)])

    assert "Fi Ek" in holders(graph, "2012-06-15")
    assert "Fi Ek" not in holders(graph, "2012-07-01")


def test_missions_in_one_city_are_named_after_their_receivers(tmp_path: Path) -> None:
    rows = """\
id,kind,sender,receiver,seat,opened,closed,phase.seat,phase.since,head.holder,head.rank,head.since
A,embassy,Arvenia,Tuscia,Romport,1950,present,,,Ada Ruiz,ambassador,2020
B,embassy,Arvenia,Holy Hill,Romport,1951,2020,,,Bo Lind,ambassador,2010
C,embassy,Arvenia,Order of Mal,Castle,1952,present,Romport,1990,,,
D,embassy,Arvenia,Corvia,Corlund,1952,present,,,,,
"""
    graph = rk.load(only=[written(tmp_path, rows)])

    labels = {
        str(row.thing).rpartition("/")[2]: str(row.label)
        for row in graph.query(
            "SELECT ?thing ?label { ?thing rdfs:label ?label ; rkg:statedIn ?p }"
        )
    }
    to_hill = "Embassy of Arvenia to Holy Hill in Romport"
    assert "Embassy of Arvenia to Tuscia in Romport" == labels["missions-a-mission"]
    assert to_hill == labels["missions-b-mission"]
    assert "Embassy of Arvenia to Order of Mal in Romport" == labels["missions-c-mission"]
    assert "Embassy of Arvenia in Corlund" == labels["missions-d-mission"]
    assert f"Closure of the {to_hill}, 2020" == labels["missions-b-closure"]
    assert f"Bo Lind as Ambassador at the {to_hill}, 2010/" == labels["missions-b-bo-lind-tenure"]
    opening = "Opening of the Embassy of Arvenia to Order of Mal in Castle, 1952"
    assert opening == labels["missions-c-opening"]
    (row,) = graph.run("missions", on="2000-01-01", named=to_hill)
    assert "Holy Hill" == row.to.label


def _imported(tmp_path: Path, name: str, rows: str, only: rk.Graph, **settings: object) -> Import:
    path = tmp_path / name
    path.write_text(rows, encoding="utf-8")
    own = Settings(columns={"row": "key"}, **settings)  # type: ignore[arg-type]
    return import_table(only, str(path), "mission", settings=own)


@pytest.mark.parametrize(
    ("first", "second", "label"),
    [
        # An embassy to the Holy See may be in the same city as the one to the state.
        ("Belmark,Belport,1961,present", "Corvia,Belport,1961,present", "to Corvia in Belport"),
        # An earlier embassy had been closed before the present one was opened.
        ("Belmark,Belport,1985,present", "Belmark,Belport,1902,1964", "to Belmark in Belport"),
    ],
)
def test_a_row_with_another_key_in_another_table_is_another_mission(
    tmp_path: Path, first: str, second: str, label: str
) -> None:
    headings = "key,sender,kind,receiver,seat,opened,closed\n"
    before = f"{headings}P1,Arvenia,embassy,{first}\n"
    one = _imported(tmp_path, "a.csv", before, empty())
    written = written_to(tmp_path, one)
    known = rk.load(only=[written])

    other = _imported(tmp_path, "b.csv", f"{headings}V1,Arvenia,embassy,{second}\n", known)
    assert other.report.conforms, str(other.report)
    (new,) = [thing for thing in other.new if thing.kind == "a mission"]
    assert new.iri.endswith("/b-v1-mission")
    graph = rk.load(only=[written, written_to(tmp_path, other, "b.ttl")])
    assert graph.names.label(new.iri) == f"Embassy of Arvenia {label}"

    # The same row in a later version of its table is the same mission.
    again = _imported(tmp_path, "a.csv", before, known)
    assert not [thing for thing in again.new if thing.kind == "a mission"]
    # A mission that a row names is not a new one either.
    rows = f"{headings.strip()},mission\nV1,Arvenia,embassy,{first},Embassy of Arvenia in Belport\n"
    named = _imported(tmp_path, "c.csv", rows, known)
    assert not [thing for thing in named.new if thing.kind == "a mission"]


def written_to(folder: Path, found: Import, name: str = "a.ttl") -> Path:
    path = folder / name
    path.write_bytes(found.turtle)
    return path


def test_a_row_that_repeats_the_headings_is_not_read(tmp_path: Path) -> None:
    headings = "key,sender,receiver,seat\n"
    first, second = "P1,Arvenia,Belmark,Belport\n", "P2,Arvenia,Corvia,Corlund\n"
    rows = f"{headings}{first}{headings.upper()}{second}"
    found = _imported(tmp_path, "a.csv", rows, empty())

    assert 2 == found.kept
    (finding,) = [each for each in found.report.findings if each.code == "heading"]
    assert "this row repeats the headings" in finding.message
    assert 3 == finding.line


def test_the_settings_leave_rows_out_by_their_keys(tmp_path: Path) -> None:
    first, second = "P1,Arvenia,Belmark,Belport\n", "P2,Arvenia,Corvia,Corlund\n"
    rows = f"key,sender,receiver,seat\n{first},,Europe,\n{second}"
    out = {"row": {"": "none", "P2": "none"}}
    found = _imported(tmp_path, "a.csv", rows, empty(), replacements=out)

    assert found.report.conforms, str(found.report)
    assert 1 == found.kept
    (finding,) = [each for each in found.report.findings if each.code == "row"]
    assert "the settings replace its key by none" in finding.message
    assert "Corlund" not in found.turtle.decode()


@pytest.mark.parametrize(("kind", "number"), [("embassy", 0), ("consulate", 1)])
def test_the_seat_of_a_non_resident_embassy_is_no_second_city(
    tmp_path: Path, kind: str, number: int
) -> None:
    senders = ("Dorland", "Elsinia", "Fenwick", "Gaultery", "Harrow")
    rows = "key,sender,kind,receiver,seat\nP,Arvenia,embassy,Belmark,Colon\n"
    rows += "".join(f"Q{s},{s},embassy,Arvenia,Arvport\n" for s in senders)
    rows += f"R,Ilmen,{kind},Arvenia,Colon\n"
    found = _imported(tmp_path, "a.csv", rows, empty())

    said = [each.message for each in found.report.findings if each.code == "spelling"]
    assert number == sum("'Colon' is read as one city" in each for each in said)


def test_a_city_with_missions_to_two_states_may_be_two_cities(tmp_path: Path) -> None:
    headings = "key,sender,kind,receiver,seat,opened\n"
    rows = (
        f"{headings}P1,Arvenia,embassy,Belmark,Colon,1961\nP2,Arvenia,embassy,Corvia,Colon,1962\n"
    )
    found = _imported(tmp_path, "a.csv", rows, empty())
    (finding,) = [each for each in found.report.findings if each.code == "spelling"]
    expected = "'Colon' is read as one city, the seat of missions to Belmark (line 2) and to Corvia"
    assert expected in finding.message
    instead = '"P2: Colon" = "Colon (Corvia)" below [replacements.seat]'
    assert instead in str(finding.help)

    # The replacement holds for this row alone.
    own = {"seat": {"P2: Colon": "Colon (Corvia)"}}
    found = _imported(tmp_path, "a.csv", rows, empty(), replacements=own)
    assert not [each for each in found.report.findings if each.code == "spelling"]
    cities = [each.label for each in found.new if each.kind == "a city"]
    assert ["Colon", "Colon (Corvia)"] == cities

    # A replacement has the key that the settings give the row, or else the one in the table.
    for text, keys, receiver in (
        ("P7: Colon", {"P2": "P7"}, "Corvia"),
        ("P2: Colon", {"P2": "P7"}, "Corvia"),
        ("P2: Colon", {"P1": "P2", "P2": "P1"}, "Belmark"),
    ):
        own = {"row": keys, "seat": {text: "Osk"}}
        found = _imported(tmp_path, "a.csv", rows, empty(), replacements=own)
        assert {"Colon", "Osk"} == {each.label for each in found.new if each.kind == "a city"}
        assert f"Arvenia; {receiver}; Osk;" in found.turtle.decode()

    # A mission to an organisation may be in the same city as one to a state.
    known = tmp_path / "org.ttl"
    known.write_text(f"<{ID}corvia> a <{RKG}IntergovernmentalOrganization> .")
    found = _imported(tmp_path, "a.csv", rows, rk.load(only=[known]))
    assert not [each for each in found.report.findings if each.code == "spelling"]


def test_two_rows_of_a_mission_with_accreditations_are_two_phases(tmp_path: Path) -> None:
    head = "id,kind,sender,receiver,seat,opened,closed,phase.accredited,phase.since,phase.until"
    own = "P1,embassy,Arvenia,Belmark,Osk,1961,present"

    facts = written(tmp_path, f"{head}\n{own},Corvia,1970,1980\n{own},Dorland,1990,2000\n")

    rows = rk.load(only=[facts]).run("mission-phases", mission="Embassy of Arvenia in Osk")
    assert ["1970/1980", "1990/2000"] == sorted(f"{row.when}" for row in rows)


def test_a_head_without_a_beginning_is_absent_while_the_mission_is(tmp_path: Path) -> None:
    rows = (
        "P1,embassy,Arvenia,Belmark,Osk,[2025-07-01..2026-01-01],present,Ada Ruiz,ambassador,\n"
        "P2,embassy,Arvenia,Corvia,Moor,1961,[2025-02-01..2025-05-31],Bo Lind,ambassador,\n"
        "P3,embassy,Arvenia,Dorne,Elm,1961,present,Cy Aro,ambassador,\n"
    )

    graph = rk.load(
        only=[written(tmp_path, MISSIONS.splitlines()[0].replace("accredited,", "") + "\n" + rows)]
    )

    assert {"Cy Aro": "possible"} == holders(graph, BEFORE)
    assert {"Ada Ruiz": "certain", "Cy Aro": "certain"} == holders(graph, AS_OF)
    assert {"Bo Lind", "Cy Aro"} == holders(graph, "2025-01-01").keys()
    (now,) = graph.run("office-holders-on", on=AS_OF, receiver="belmark")
    (then,) = graph.run("office-holders-on", on=BEFORE, named=str(now.tenure))
    assert "absent" == then.certainty
