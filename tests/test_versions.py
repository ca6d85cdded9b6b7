"""Tests of two versions of a table of missions: what the new one loses, and how it is kept."""

import csv
import re
import shutil
from pathlib import Path

import pytest
from command_line import complaint, run

import relations_kg as rk
from relations_kg.comparison.days import between
from relations_kg.rdf.namespaces import CODE, RKG

SETTINGS = """
ignore = ["without-relations"]
[dataset]
title = "Missions of Arvenia"
license = "https://creativecommons.org/publicdomain/zero/1.0/"
version = "{day}"
as-of = "{day}"
[columns]
row = "key"
[values]
sender = "Arvenia"
{more}
"""
NAMES = ("Arvenia", "Belmark", "Corvia", "Dorland", "Elandia", "Fulmia")
PARTIES = "name,kind\n" + "".join(f"{name},state\n" for name in NAMES)
HEADINGS = "key,kind,receiver,seat,opened,closed,head.holder,head.rank,head.since\n"
OLD = """P1,embassy,Belmark,Belport,1961,present,Ada Ruiz,ambassador,2019-02-21
P2,embassy,Corvia,Corlund,1963,present,Bo Lind,chargé d'affaires,2023
P3,embassy,Dorland,Dorstad,1964,present,Cy Aro,ambassador,2020
P4,embassy,Elandia,Elton,1965,present,Di Ek,ambassador,
"""
REPLACED = '[replacements.seat]\n"Corhaven" = "Corlund"'


def settle(day: str, more: str = "") -> None:
    Path("relations-kg.toml").write_text(SETTINGS.format(day=day, more=more), encoding="utf-8")


def imported(rows: str, folder: str, day: str, more: str = "") -> str:
    """Import a version of the table into a folder; return the file of its facts."""
    settle(day, more)
    Path(folder).mkdir(exist_ok=True)
    Path(folder, "missions.csv").write_text(HEADINGS + rows, encoding="utf-8")
    file = f"{folder}/missions.ttl"
    only = ["--only", "party.ttl", "--quiet"]
    result = run("import", f"{folder}/missions.csv", "--form", "mission", *only, "-o", file)
    assert result.returncode == 0, result.stderr
    return file


@pytest.fixture(scope="module")
def imported_once(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A folder with the settings, the parties and the first version, and the name of its facts."""
    folder = tmp_path_factory.mktemp("versions")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        settle("2024-01-01")
        Path("party.csv").write_text(PARTIES, encoding="utf-8")
        assert run("import", "party.csv", "--only", "none", "-o", "party.ttl").returncode == 0
        return folder, imported(OLD, "old", "2024-01-01")


@pytest.fixture(autouse=True)
def old(imported_once: tuple[Path, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return the file of facts of the first version, in a new folder."""
    folder, facts = imported_once
    shutil.copytree(folder, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return facts


def of(*files: str) -> rk.Graph:
    return rk.load(only=["party.ttl", *files])


def heads_on(graph: rk.Graph, day: str, receiver: str) -> list[tuple[str, str]]:
    rows = graph.run("office-holders-on", on=day, receiver=receiver)
    return sorted((row.holder.label, row.certainty) for row in rows)


def kept_beside(new: str, option: str) -> str:
    """Import the table that a comparison writes with an option; return the file of its facts."""
    result = run("diff", "old/missions.ttl", new, option, "kept.csv")
    assert "kept.csv: " in result.stderr
    beside = ["--only", "party.ttl", "--only", new, "--column", "row=key"]
    imported_ = run("import", "kept.csv", *beside, "-o", "kept.ttl", "--quiet")
    assert imported_.returncode == 0, imported_.stderr
    return "kept.ttl"


def missions_on(graph: rk.Graph, day: str, **values: str) -> list[tuple[str, str, str]]:
    """Return the receiver, the seats and the certainty of the missions on a day."""
    found = []
    for row in graph.run("missions", on=day, **values):
        seats = row.seat if isinstance(row.seat, list) else [row.seat]
        named = "; ".join(each.label for each in seats)
        found.append((row.to.label, named, row.certainty))
    return sorted(found)


def test_a_changed_seat_is_asked_about_and_a_move_keeps_its_history(old: str) -> None:
    moved = OLD.replace("Corlund", "Corhaven")
    new = imported(moved, "new", "2025-01-01")

    said = run("diff", old, new).stderr
    assert "1 mission has another seat (id:missions-p2-mission: Corlund → Corhaven)" in said
    assert "a move or a correction?" in said
    assert "keep Corlund as the seat until [2024-01-01..2024-12-31]" in said

    graph = of(new, kept_beside(new, "--phases"))
    for day, seat in (
        ("2000-01-01", "Corlund"),
        ("2024-01-01", "Corlund"),
        ("2024-06-01", "Corhaven; Corlund"),
        ("2025-02-01", "Corhaven"),
    ):
        (row,) = missions_on(graph, day, receiver="corvia")
        assert seat == row[1]

    # Instead, the former seat can stay in the row, and a table of phases can state the move.
    kept = imported(moved, "kept", "2025-01-01", REPLACED)
    assert "another seat" not in run("diff", old, kept).stderr
    phases = "mission,seat,since\nid:missions-p2-mission,new: Corhaven,2024-03-01\n"
    Path("phase.csv").write_text(phases, encoding="utf-8")
    beside = ["--only", "party.ttl", "--only", kept]
    assert run("import", "phase.csv", *beside, "-o", "phase.ttl").returncode == 0
    graph = of(kept, "phase.ttl")
    for day, seat in (("2000-01-01", "Corlund"), ("2024-06-01", "Corhaven")):
        assert [("Corvia", seat, "certain")] == missions_on(graph, day, receiver="corvia")
    (opening,) = graph.query("SELECT ?place { id:missions-p2-opening rkg:place ?place }")
    assert "Corlund" == opening.place.label


def rows_of(file: str) -> list[dict[str, str]]:
    return [*csv.DictReader(Path(file).read_text(encoding="utf-8-sig").splitlines())]


def accredited(graph: rk.Graph, day: str) -> dict[str, list[str]]:
    """Return the parties to which each mission is accredited on a day, by its receiver."""
    found = {}
    for row in graph.run("missions", on=day):
        every = row.accredited if isinstance(row.accredited, list) else [row.accredited]
        found[row.to.label] = [each.label for each in every]
    return found


ACCREDITED = "key,kind,receiver,accredited,seat,opened,closed,head.holder,head.since\n"
# P1 loses an accreditation, P2 and its head have no dates, P3 closes, and P4 opens in the year of
# the first version.
FIRST = """P1,consulate,Belmark,Elandia; Fulmia,Belport,1961,present,,
P2,embassy,Corvia,,Corlund,,present,Bo Lind,
P3,embassy,Dorland,,Dorstad,,present,Cy Aro,2020
P4,embassy,Elandia,,Elton,2024,present,Di Ek,2024
"""
SECOND = """P1,consulate-general,Belmark,Fulmia,Belport,1961,present,,
P2,embassy,Corvia,,Corlund,,present,Bo Lind,
P3,embassy,Dorland,,Dorstad,,2024-09,,
P4,embassy,Elandia,,Elton,2024,present,Di Ek,2024
"""
DAY, NEXT = "2024-03-01", "2025-01-01"


@pytest.fixture
def versions(monkeypatch: pytest.MonkeyPatch) -> tuple[str, str]:
    """Return the files of facts of two versions with accreditations and unknown openings."""
    monkeypatch.setattr("test_versions.HEADINGS", ACCREDITED)
    return imported(FIRST, "old", DAY), imported(SECOND, "new", NEXT)


@pytest.mark.slow
def test_what_a_new_version_no_longer_knows_is_warned_of(versions: tuple[str, str]) -> None:
    said = run("diff", *versions).stderr
    lost = "2 receivers, accreditations, kinds or statuses of missions are in the old version only"
    mission = "Consulate-general of Arvenia in Belport"
    assert f"{lost} ({mission}: consulate, {mission}: id:elandia)" in said
    assert "2 heads, certain on the day of the old version, are only possible" in said
    assert "4 missions or accreditations of them, certain on the day of the old version" in said
    assert "--phases phases.csv writes a table that keeps them" in said
    assert "2 accreditations" not in run("diff", *versions, "--phases", "phases.csv").stderr

    only = ["--only", "party.ttl", "--only", versions[0]]
    assert run("info", *only, "--store", "store").returncode == 0
    said = run("store", "replace", "store", *versions).stderr
    assert f"relations-kg diff {' '.join(versions)} --phases phases.csv writes a table" in said


@pytest.mark.slow
def test_answers_about_the_day_of_the_old_version_stay_as_they_were(
    versions: tuple[str, str],
) -> None:
    old, new = versions
    then = of(old)
    before = missions_on(then, DAY)
    assert 4 == len(before)
    assert {"certain"} == {certainty for *_, certainty in before}
    assert before != missions_on(of(new), DAY)

    now = of(new, kept_beside(new, "--phases"))
    assert before == missions_on(now, DAY)
    for values in ({"receiver": "elandia"}, {"kind": "consulate"}, {"receiver": "fulmia"}):
        assert missions_on(then, DAY, **values) == missions_on(now, DAY, **values)
    assert ("Belmark", "Belport", "possible") in missions_on(now, "2024-06-01", receiver="elandia")
    # The new version has no such accreditation on the day from which it speaks.
    on_its_day = missions_on(now, NEXT, receiver="elandia")
    assert [("Elandia", "Elton", "certain")] == on_its_day
    late = missions_on(now, "2025-02-01", receiver="elandia")
    assert [("Elandia", "Elton", "last known")] == late
    absent = now.run("parties-without-mission", sender="arvenia", on=DAY)
    assert then.run("parties-without-mission", sender="arvenia", on=DAY).terms == absent.terms


@pytest.mark.slow
def test_an_accreditation_that_began_holds_from_the_day_after_the_old_version_at_the_earliest(
    versions: tuple[str, str],
) -> None:
    later = SECOND.replace("Belmark,Fulmia,", "Belmark,Fulmia; Dorland,")
    new = imported(later, "later", NEXT)

    assert "in the new version only" not in run("diff", *versions).stderr
    # In the other direction, the second version is not the later one.
    assert "in the new version only" not in run("diff", new, versions[0]).stderr
    said = run("diff", versions[0], new).stderr
    assert "1 further accreditation of missions is in the new version only" in said
    assert "(Consulate-general of Arvenia in Belport: id:dorland)" in said
    assert "states it for the past, too; --phases phases.csv writes a table" in said
    assert "in the new version only" not in run("diff", *versions, "--phases", "p.csv").stderr

    graph = of(new, kept_beside(new, "--phases"))
    (row,) = [row for row in rows_of("kept.csv") if row["until"] == "present"]
    assert ("id:dorland", "[2024-03-02..2025-01-01]") == (row["accredited"], row["since"])

    then = of(versions[0])
    assert missions_on(then, DAY, receiver="dorland") == missions_on(graph, DAY, receiver="dorland")
    assert accredited(then, DAY) == accredited(graph, DAY)
    # The accreditation may have begun between the versions, but not before the old one.
    assert [] == missions_on(graph, "2000-01-01", receiver="dorland", kind="consular-post")
    between_ = missions_on(graph, "2024-06-01", receiver="dorland", kind="consular-post")
    assert [("Belmark", "Belport", "possible")] == between_
    assert ("Belmark", "Belport", "certain") in missions_on(graph, NEXT, receiver="dorland")
    absent = graph.run("parties-without-mission", sender="arvenia", on=DAY, kind="consular-post")
    assert "not yet accredited" in {r.status for r in absent if r.party.label == "Dorland"}
    assert "Dorland" not in {
        row.party.label for row in graph.run("parties-without-mission", sender="arvenia", on=NEXT)
    }
    vacant = graph.run("missions-without-head", on=DAY, receiver="dorland")
    assert "Belmark" not in {row.to.label for row in vacant}


@pytest.mark.slow
def test_a_table_is_written_again_with_its_edited_rows(versions: tuple[str, str]) -> None:
    given = ("diff", *versions, "--ended", "ended.csv", "--phases", "phases.csv")
    assert "as they were" not in run(*given).stderr
    first = Path("phases.csv").read_bytes(), Path("ended.csv").read_bytes()
    assert "phases.csv: 6 rows, 6 of them as they were; " in run(*given).stderr
    assert first == (Path("phases.csv").read_bytes(), Path("ended.csv").read_bytes())

    text = first[0].decode("utf-8-sig")
    edited = text.replace("[2024-03-01..2024-12-31]", "2024-05-05")
    assert text.count("[2024-03-01..2024-12-31]") == 2
    Path("phases.csv").write_text(edited, encoding="utf-8")
    corrected = SECOND.replace("consulate-general,Belmark,Fulmia", "consulate,Belmark,Fulmia")
    new = imported(corrected, "new", NEXT)
    said = run("diff", versions[0], new, "--phases", "phases.csv").stderr

    # The kind differs no longer; the accreditation keeps the day that was written.
    assert "5 rows, 5 of them as they were; 1 left out, since the versions no longer differ" in said
    kept = rows_of("phases.csv")
    assert ["2024-05-05"] == [row["until"] for row in kept if row["until"]]

    # Rows of other versions are not lost.
    other = "key,mission,accredited,until,on\nx,id:missions-p1-mission,Corvia,2019-05,2019-01-01\n"
    Path("phases.csv").write_text(other, encoding="utf-8")
    error = run("diff", versions[0], new, "--phases", "phases.csv").stderr
    assert "phases.csv: the table has 1 other row, which a new one would replace" in error
    assert other == Path("phases.csv").read_text(encoding="utf-8")


@pytest.mark.slow
def test_a_receiver_that_another_mission_still_has_is_kept_for_the_past(
    versions: tuple[str, str],
) -> None:
    consulate = "P5,consulate,Corvia,,Corport,1970,present,,\n"
    old = imported(FIRST + consulate, "old", DAY)
    moved = FIRST.replace("P2,embassy,Corvia", "P2,embassy,Dorland")
    new = imported(moved + consulate, "new", NEXT)

    said = run("diff", old, new).stderr
    assert (
        "a receiver, accreditation, kind or status of missions is in the old version only" in said
    )
    assert "Embassy of Arvenia in Corlund: Corvia" in said.replace("id:corvia", "Corvia")
    graph = of(new, kept_beside(new, "--phases"))
    assert ("Corvia", "Corlund", "certain") in missions_on(graph, DAY, receiver="corvia")
    now = missions_on(graph, NEXT, receiver="corvia")
    assert [("Corvia", "Corport", "certain")] == now


@pytest.mark.slow
def test_a_kind_that_is_a_class_is_kept_for_the_past(versions: tuple[str, str]) -> None:
    honorary = FIRST.replace("P1,consulate,", "P1,honorary consulate,")
    old = imported(honorary, "old", DAY)
    new = imported(FIRST.replace("P1,consulate,", "P1,consulate-general,"), "new", NEXT)

    said = run("diff", old, new).stderr
    assert "(Consulate-general of Arvenia in Belport: honorary post)" in said
    graph = of(new, kept_beside(new, "--phases"))
    # The class and the code mean the same, as on the day of the old version.
    for kind in (f"{CODE}honorary-post", f"{RKG}HonoraryConsulate", "honorary consulate"):
        assert [("Belmark", "Belport", "certain")] == missions_on(graph, DAY, kind=kind)
        assert missions_on(of(old), DAY, kind=kind) == missions_on(graph, DAY, kind=kind)
        assert [] == missions_on(graph, NEXT, kind=kind)
        (row,) = graph.run("mission-history", kind=kind)
        assert "Belport" in row.mission.label
    for kind in (f"{CODE}consulate-general", "consulate-general"):
        assert [] == missions_on(graph, DAY, kind=kind)
        assert [("Belmark", "Belport", "certain")] == missions_on(graph, NEXT, kind=kind)
    assert [("Belmark", "Belport", "certain")] == missions_on(graph, DAY, kind="consular-post")


@pytest.mark.slow
def test_a_kind_with_a_wider_one_is_kept_for_the_past(versions: tuple[str, str]) -> None:
    old = imported(FIRST.replace("P1,consulate,", "P1,trade office,"), "old", DAY)
    new = imported(FIRST.replace("P1,consulate,", "P1,consulate-general,"), "new", NEXT)

    assert "(Consulate-general of Arvenia in Belport: trade office)" in run("diff", old, new).stderr
    graph = of(new, kept_beside(new, "--phases"))
    for kind in (f"{CODE}trade-office", f"{RKG}TradeOffice", "representative office"):
        assert [("Belmark", "Belport", "certain")] == missions_on(graph, DAY, kind=kind)
        assert [] == missions_on(graph, NEXT, kind=kind)
    assert [] == missions_on(graph, DAY, kind="consulate-general")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("1961,present", "2024-03,present", "opened 2024-03"),
        pytest.param("1961,present", "1961,2023-11", "closed 2023-11", marks=pytest.mark.slow),
        pytest.param(
            ",present", ",[..2023-12-31]", "closed [..2023-12-31]", marks=pytest.mark.slow
        ),
    ],
)
def test_a_mission_that_the_new_version_denies_is_warned_of(
    old: str, before: str, after: str, said: str
) -> None:
    old = imported(OLD.replace("1961,present", before), "old", "2024-01-01")
    new = imported(OLD.replace("1961,present", after), "new", "2025-01-01")

    assert (
        "1 mission existed on the day of the old version, and the new one says that it did not "
        f"(Embassy of Arvenia in Belport: {said}): correct opened or closed"
    ) in run("diff", old, new).stderr


@pytest.mark.slow
def test_a_mission_that_opened_again_is_warned_of(old: str) -> None:
    closed = OLD.replace("1961,present,Ada Ruiz,ambassador,2019-02-21", "1961,2023-05-01,,,")
    old = imported(closed, "old", "2024-01-01")
    warning = (
        "1 mission that was closed on the day of the old version existed then according to the new "
        "one (Embassy of Arvenia in Belport: closed 2023-05-01): if it opened again, keep the "
        "closed mission under the old key"
    )

    assert warning in run("diff", old, imported(OLD, "new", "2025-01-01")).stderr
    # The closed mission and the one that opened again each have a row.
    both = closed + "P1-2,embassy,Belmark,Belport,2024-09,present,Ada Ruiz,ambassador,\n"
    new = imported(both, "new", "2025-01-01")
    assert "closed on the day" not in run("diff", old, new).stderr
    assert [] == missions_on(of(new), "2024-01-01", receiver="belmark")
    # If the row of the closed mission is left out, nobody asks whether the two are the same either.
    new = imported(both.replace(closed.splitlines()[0] + "\n", ""), "new", "2025-01-01")
    assert "under another key" not in run("diff", old, new).stderr


@pytest.mark.slow
def test_an_earlier_opening_is_not_taken_for_a_second_one(old: str) -> None:
    planned = OLD.replace("1961,present,Ada Ruiz,ambassador,2019-02-21", "2024-03,present,,,")
    old = imported(planned, "old", "2024-01-01")

    assert "closed on the day" not in run("diff", old, imported(OLD, "new", "2025-01-01")).stderr


@pytest.mark.slow
@pytest.mark.parametrize("day", ["2024-01-01", "2024-06-30", "2025-01-01"])
def test_dates_that_agree_with_the_old_version_are_not_warned_of(old: str, day: str) -> None:
    new = imported(OLD.replace("1961,present", f"1961,{day}"), "new", "2025-01-01")

    assert " existed " not in run("diff", old, new).stderr


@pytest.mark.slow
def test_a_mission_that_only_possibly_existed_may_be_denied_by_the_new_version(old: str) -> None:
    possible = OLD.replace("1961,present", "1961,[2023-06..2024-06]")
    old = imported(possible, "old", "2024-01-01")
    assert ("Belmark", "Belport", "possible") in missions_on(of(old), "2024-01-01")

    new = imported(OLD.replace("1961,present", "1961,2023-11"), "new", "2025-01-01")
    assert " existed " not in run("diff", old, new).stderr


@pytest.mark.parametrize(
    ("before", "after", "limits", "end"),
    [
        ("2024-06-30", "2025-06-30", [], "[2024-06-30..2025-06-29]"),
        ("2024-06-30", "2025-06-30", ["2025-01-10"], "[2024-06-30..2025-01-10]"),
        # The year reaches beyond the day from which the new version speaks.
        ("2024-06-30", "2025-06-30", ["2025"], "[2024-06-30..2025-06-29]"),
        ("2024-06-30", "2025-06-30", ["2025-06-30", ""], "[2024-06-30..2025-06-29]"),
        ("2024-06-30", "2024-07-01", [], "2024-06-30"),
        ("2024", "2025", [], "[2024..2024-12-31]"),
        ("2025", "2025-01-01", [], ""),
        ("2024-06-30", "2024-06-30", [], ""),
        ("2024-06-30", "", [], ""),
        ("", "2024-06-30", [], ""),
    ],
)
def test_what_ended_between_two_versions_ended_before_the_day_of_the_second(
    before: str, after: str, limits: list[str], end: str
) -> None:
    assert end == between(before, after, limits)


@pytest.mark.slow
def test_heads_on_the_day_of_the_old_version_stay_as_they_were(versions: tuple[str, str]) -> None:
    old, new = versions
    receivers = ("corvia", "dorland", "elandia")
    before = [heads_on(of(old), DAY, each) for each in receivers]
    assert [[(name, "certain")] for name in ("Bo Lind", "Cy Aro", "Di Ek")] == before
    assert before != [heads_on(of(new), DAY, each) for each in receivers]

    now = of(new, kept_beside(new, "--ended"))
    with open("kept.csv", encoding="utf-8-sig", newline="") as file:
        ends = {row["key"]: row["until"] for row in csv.DictReader(file)}
    # The mission closed in September, so its head left by then.
    assert "[2024-03-01..2024-09]" == ends["missions-p3-cy-aro-2020"]
    assert before == [heads_on(now, DAY, each) for each in receivers]
    assert [("Cy Aro", "possible")] == heads_on(now, "2024-09-30", "dorland")
    assert [] == heads_on(now, "2024-10-01", "dorland")
    assert [("Bo Lind", "certain")] == heads_on(now, NEXT, "corvia")


@pytest.mark.slow
def test_a_move_that_the_new_version_states_is_not_asked_about(old: str) -> None:
    new = imported(OLD.replace("Corlund", "Corhaven"), "new", "2025-01-01")
    stated = Path(new).read_text(encoding="utf-8") + (
        "id:was a rkg:MissionPhase ; rkg:phaseOfMission id:missions-p2-mission ;\n"
        'rkg:when "1963/2024"^^edtf:EDTF ; rkg:phaseSeat id:corlund .\n'
    )
    Path(new).write_text(stated, encoding="utf-8")

    assert "another seat" not in run("diff", old, new).stderr


@pytest.mark.slow
def test_heads_who_left_are_kept_in_a_table(old: str) -> None:
    rows = OLD.replace("Ada Ruiz,ambassador,2019-02-21", "Ed Orr,ambassador,2024-09-01")
    rows = rows.replace("Bo Lind,chargé d'affaires,2023", "Bo Lind,ambassador,2024-05-01")
    rows = rows.replace("Di Ek,ambassador,", ",,").replace(
        "Cy Aro,ambassador,2020", "Cy Aro,ambassador,2021"
    )
    new = imported(rows, "new", "2025-01-01")

    result = run("diff", old, new, "--ended", "ended.csv")
    assert "ended.csv: 3 rows" in result.stderr
    assert "3 heads of missions" not in result.stderr
    with open("ended.csv", encoding="utf-8-sig", newline="") as file:
        ended = {row["key"]: row for row in csv.DictReader(file)}
    assert {
        "missions-p1-ada-ruiz-2019-02-21": "[2024-01-01..2024-09-01]",
        "missions-p2-bo-lind-2023": "[2024-01-01..2024-05-01]",
        "missions-p4-di-ek": "[2024-01-01..2024-12-31]",
    } == {key: row["until"] for key, row in ended.items()}

    beside = ["--only", "party.ttl", "--only", new, "--column", "row=key"]
    imported_ = run("import", "ended.csv", *beside, "-o", "ended.ttl", "--quiet")
    assert imported_.returncode == 0, imported_.stderr
    graph = of(new, "ended.ttl")
    assert [("Ada Ruiz", "certain")] == heads_on(graph, "2020-01-01", "belmark")
    assert [("Ada Ruiz", "possible")] == heads_on(graph, "2024-08-31", "belmark")
    assert [("Ed Orr", "certain")] == heads_on(graph, "2024-12-31", "belmark")
    assert [("Ed Orr", "last known")] == heads_on(graph, "2025-01-02", "belmark")
    assert [("Di Ek", "possible")] == heads_on(graph, "2024-12-31", "elandia")
    assert [] == heads_on(graph, "2025-01-01", "elandia")
    (vacant,) = graph.run("missions-without-head", on="2025-01-01", receiver="elandia")
    assert "Embassy of Arvenia in Elton" == vacant.mission.label
    assert [("Bo Lind", "certain")] == heads_on(graph, "2024-01-01", "corvia")
    assert ("Bo Lind", "certain") in heads_on(graph, "2025-01-01", "corvia")

    # The rows of the table stay as they are, since their dates may have been corrected by hand.
    written = Path("ended.csv").read_bytes()
    again = run("diff", old, new, "--ended", "ended.csv")
    assert "ended.csv: 3 rows, 3 of them as they were" in again.stderr
    assert Path("ended.csv").read_bytes() == written


@pytest.mark.parametrize("day", ["2024-01-01", "2023-01-01"])
@pytest.mark.parametrize(
    ("option", "rows"),
    [
        ("--ended", OLD.replace("Ada Ruiz", "Ed Orr")),
        ("--closed", "".join(OLD.splitlines(keepends=True)[:3])),
    ],
)
@pytest.mark.slow
def test_without_a_later_day_no_end_is_proposed(old: str, option: str, rows: str, day: str) -> None:
    result = run("diff", old, imported(rows, "new", day), option, "kept.csv")
    assert 2 == result.returncode
    assert "as-of in relations-kg.toml" in result.stderr
    assert not Path("kept.csv").exists()


@pytest.mark.slow
def test_a_change_of_head_is_one_line_of_the_mission(old: str) -> None:
    rows = OLD.replace("Ada Ruiz,ambassador,2019-02-21", "Ed Orr,ambassador,2024-09-01")
    new = imported(rows, "new", "2025-01-01")

    difference = rk.compare(old, new, without="provenance")
    text = str(difference)
    assert "1 thing changed, without provenance" in text.splitlines()[0]
    lines = [line.strip() for line in text.splitlines() if line.startswith("    ")]
    assert [
        "~ head: Ada Ruiz, ambassador (since 2019-02-21) → Ed Orr, ambassador (since 2024-09-01)"
    ] == lines
    assert "Not listed, as part of these changes: office tenure 2, person 2" in text
    assert 4 == len(difference.added + difference.removed)
    assert '"Ed Orr"' in difference.serialize("json")


@pytest.mark.slow
def test_a_person_with_other_facts_is_listed(old: str) -> None:
    rows = OLD.replace("Ada Ruiz,ambassador,2019-02-21", "Ed Orr,ambassador,2024-09-01")
    new = imported(rows, "new", "2025-01-01")
    more = Path(new).read_text(encoding="utf-8") + "id:ed-orr rdfs:seeAlso id:belmark .\n"
    Path(new).write_text(more, encoding="utf-8")

    assert "  person: Ed Orr (id:ed-orr)" in str(rk.compare(old, new))


@pytest.mark.slow
def test_an_update_of_a_file_keeps_heads_who_left(old: str) -> None:
    former = Path(old).read_bytes()
    rows = OLD.replace("Ada Ruiz,ambassador,2019-02-21", "Ed Orr,ambassador,2024-09-01")
    imported(rows, "new", "2025-01-01")
    words = ["import", "new/missions.csv", "--form", "mission", "--only", "party.ttl", "-o", old]

    assert "--ended needs --update" in run(*words, "--ended", "ended.csv").stderr
    Path("kept.csv").write_text("key\nH1\n", encoding="utf-8")
    assert 2 == run(*words, "--update", "--ended", "kept.csv").returncode
    assert former == Path(old).read_bytes()
    said = run(*words, "--update").stderr
    assert "1 head of missions is in the old version only" in said
    assert "restore the earlier file, and add --ended ended.csv" in said
    Path(old).write_bytes(former)
    assert 0 == run(*words, "--update", "--ended", "ended.csv").returncode
    assert "Ada Ruiz <id:ada-ruiz>" in Path("ended.csv").read_text(encoding="utf-8-sig")


@pytest.mark.slow
def test_only_what_follows_from_a_listed_change_is_left_out(old: str) -> None:
    new = imported(OLD.replace("Corlund", "Corhaven"), "new", "2025-01-01")
    place = "id:missions-p2-opening"
    stated = Path(new).read_text(encoding="utf-8")
    elsewhere = stated.replace("rkg:place id:corhaven", "rkg:place id:belport")
    Path("elsewhere.ttl").write_text(elsewhere, encoding="utf-8")
    undated = 'id:bo-lind-2 a rkg:Person ; rdfs:label "Bo Lind"@en .\n'
    other = stated.replace("rkg:holder id:bo-lind ", "rkg:holder id:bo-lind-2 ") + undated
    Path("other.ttl").write_text(other, encoding="utf-8")

    assert place not in str(rk.compare(old, new, without="provenance"))
    assert place in str(rk.compare(old, "elsewhere.ttl", without="provenance"))
    # Another person of the same name is not hidden by the equal text of the two heads.
    assert "~ holder: id:bo-lind → id:bo-lind-2" in str(rk.compare(old, "other.ttl"))


@pytest.mark.slow
def test_a_head_whose_name_is_corrected_keeps_the_tenure(old: str) -> None:
    corrected = OLD.replace("Ada Ruiz,ambassador,2019-02-21", "Ada Ruis <id:ada-ruiz>,ambassador,")
    new = imported(corrected.replace("Bo Lind", "new: Bo Lind"), "new", "2025-01-01")

    run("diff", old, new, "--ended", "ended.csv")
    with open("ended.csv", encoding="utf-8-sig") as file:
        rows = {row["holder"].partition(" <")[0]: row for row in csv.DictReader(file)}
    assert {"Ada Ruis", "Di Ek"} == {*rows}
    assert ("2024-01-01", "") == (rows["Ada Ruis"]["on"], rows["Ada Ruis"]["until"])
    graph = of(new, kept_beside(new, "--ended"))
    assert [("Ada Ruis", "certain")] == heads_on(graph, "2024-01-01", "belmark")


@pytest.mark.slow
def test_keys_of_other_missions_are_warned_of(old: str) -> None:
    lines = ["embassy,Fulmia,Fulton,1970,present,,,\n", *OLD.splitlines(keepends=True)]
    rest = [lines[0], *(line.partition(",")[2] for line in lines[1:])]
    new = imported("".join(f"P{n},{each}" for n, each in enumerate(rest, 1)), "new", "2025-01-01")

    expected = "4 of the 4 missions with the same key are about something else"
    assert expected in run("diff", old, new).stderr
    assert "another seat" not in run("diff", old, new).stderr
    beside = ["--only", "party.ttl", "--form", "mission", "--update", "-o", old]
    assert expected in run("import", "new/missions.csv", *beside).stderr


@pytest.mark.slow
def test_missions_whose_keys_moved_to_others_are_warned_of_even_if_most_stayed() -> None:
    posts = [f"consulate,{name},{name} {n},1970,present,,,\n" for name in NAMES[1:] for n in (1, 2)]

    def numbered(rows: list[str]) -> str:
        return "".join(f"P{n},{row}" for n, row in enumerate(rows, 1))

    old = imported(numbered(posts), "old", "2024-01-01")
    inserted = [*posts[:6], "consulate,Belmark,Fulton,2024,present,,,\n", *posts[6:]]
    said = run("diff", old, imported(numbered(inserted), "new", "2025-01-01")).stderr
    assert "4 of the 10 missions with the same key are about something else than before" in said
    assert "(Consulate of Arvenia in Elandia 1: P7 → P8, " in said
    assert '\n  "P8" = "P7"\n' in said
    assert "another seat" not in said
    assert "calls otherwise" not in said

    # The lines are settings, and the new mission needs a key of its own.
    kept = "".join(line for line in said.splitlines(keepends=True) if line.startswith("  "))
    new = '# "P7" = ""  # its own old key, or a new one: Consulate of Arvenia in Fulton\n'
    assert new in kept
    kept = kept.replace(new, '"P7" = "P11"\n')
    again = imported(numbered(inserted), "again", "2025-01-01", f"[replacements.row]\n{kept}")
    assert "same key" not in run("diff", old, again).stderr

    # A mission that shares only a party with the one that had its key also needs a key of its own.
    beside = [*posts[:6], posts[6].replace("Elandia 1", "Fulton"), *posts[6:]]
    said = run("diff", old, imported(numbered(beside), "beside", "2025-01-01")).stderr
    assert (
        '\n  # "P7" = ""  # its own old key, or a new one: Consulate of Arvenia in Fulton' in said
    )

    # Two missions that exchange their seats, and others that move, are not renumbered.
    moved = [posts[1], posts[0], *posts[2:]]
    moved[4], moved[6] = (posts[n].replace(" 1", " 3") for n in (4, 6))
    said = run("diff", old, imported(numbered(moved), "moved", "2025-01-01")).stderr
    assert "same key" not in said
    assert "4 missions have another seat" in said


@pytest.mark.slow
def test_a_mission_under_another_key_keeps_its_history_with_the_old_key(old: str) -> None:
    rows = OLD.replace("P4,", "P40,").replace("1965,", ",")
    said = run("diff", old, imported(rows, "new", "2025-01-01")).stderr
    assert "1 mission of the old version is in the new one under another key" in said
    assert "(Embassy of Arvenia in Elton: P4 → P40)" in said
    assert "is in the old version only (" not in said
    assert "without a date of the opening" not in said

    assert "'P40' = 'P4' below [replacements.row]" in said
    again = imported(rows, "again", "2025-01-01", "[replacements.row]\n'P40' = 'P4'")
    assert "another key" not in run("diff", old, again).stderr


@pytest.mark.slow
def test_a_new_mission_without_an_opening_is_warned_of(old: str) -> None:
    dated = "P6,consulate,Belmark,Belbridge,2023,present,,,\nP7,consulate,Corvia,Corby,,2020,,,\n"
    new = imported(OLD + "P5,embassy,Fulmia,Fulton,,present,,,\n" + dated, "new", "2025-01-01")
    said = run("diff", old, new).stderr
    expected = "1 mission is in the new version only, without a date of the opening "
    assert expected + "(Embassy of Arvenia in Fulton)" in said
    assert "write [2024-01-02..2025-01-01] in opened" in said
    assert [("Fulmia", "Fulton", "possible")] == missions_on(
        of(new), "2024-01-01", receiver="fulmia"
    )
    # In the other direction, the second version is not the later one, so nothing is new since.
    assert "without a date" not in run("diff", new, old).stderr
    assert "without a date" not in run("diff", "party.ttl", new).stderr

    opened = OLD + "P5,embassy,Fulmia,Fulton,[2024-01-02..2025-01-01],present,,,\n" + dated
    again = imported(opened, "again", "2025-01-01")
    assert "without a date" not in run("diff", old, again).stderr
    graph = of(again)
    assert [] == missions_on(graph, "2024-01-01", receiver="fulmia")
    assert [("Fulmia", "Fulton", "certain")] == missions_on(graph, "2025-01-01", receiver="fulmia")


@pytest.mark.slow
def test_a_store_warns_of_what_its_next_version_loses(old: str) -> None:
    rows = OLD.replace("Ada Ruiz,ambassador,2019-02-21", "Ed Orr,ambassador,2024-09-01")
    rows = "".join(rows.replace("Corlund", "Corhaven").splitlines(keepends=True)[:3])
    new = imported(rows, "new", "2025-01-01")
    assert run("info", "--only", "party.ttl", "--only", old, "--store", "store").returncode == 0

    result = run("store", "replace", "store", old, new)
    assert 0 == result.returncode
    said = [line for line in result.stderr.splitlines() if line.startswith("warning: ")]
    assert "1 mission has another seat" in said[0]
    assert "1 mission is in the old version only (Embassy of Arvenia in Elton)" in said[1]
    assert f"relations-kg diff {old} {new} --closed closed.csv writes a table" in said[1]
    assert "1 head of missions is in the old version only" in said[2]
    assert "Ada Ruiz" in said[2]


@pytest.mark.slow
def test_a_new_head_without_a_beginning_began_between_the_versions(old: str) -> None:
    new = imported(OLD.replace("Di Ek,ambassador,", "Fi Go,ambassador,"), "new", "2025-01-01")
    alone = of(new)
    assert [("Fi Go", "possible")] == heads_on(alone, "2024-01-01", "elandia")

    graph = of(new, kept_beside(new, "--ended"))

    assert [("Di Ek", "certain")] == heads_on(graph, "2024-01-01", "elandia")
    assert {"Di Ek", "Fi Go"} == {name for name, _ in heads_on(graph, "2024-07-01", "elandia")}
    assert [("Fi Go", "certain")] == heads_on(graph, "2025-01-01", "elandia")


@pytest.mark.slow
def test_suspensions_on_the_day_of_the_old_version_are_kept() -> None:
    headings = HEADINGS.replace("head.holder,head.rank,head.since", "phase.operation")
    rows = "".join(
        f"P{n},embassy,{party},City {n},1961,present,{{{n}}}\n"
        for n, party in enumerate(("Belmark", "Corvia", "Dorland", "Elandia"))
    )
    stopped = "operations-suspended"
    for folder, day, cells in (
        ("was", "2024-01-01", (stopped, stopped, "", "")),
        ("now", "2025-01-01", (stopped, "", stopped, "")),
    ):
        settle(day)
        Path(folder).mkdir()
        Path(folder, "posts.csv").write_text(headings + rows.format(*cells), "utf-8")
        done = run(
            *("import", f"{folder}/posts.csv", "--form", "mission", "--only", "party.ttl"),
            *("-q", "-o", f"{folder}/posts.ttl"),
        )
        assert 0 == done.returncode, done.stdout

    said = run("diff", "was/posts.ttl", "now/posts.ttl", "--phases", "phases.csv").stderr
    assert "phases.csv: 2 rows" in said
    done = run(
        *("import", "phases.csv", "--column", "row=key", "--only", "party.ttl"),
        *("--only", "now/posts.ttl", "-q", "-o", "phases.ttl"),
    )
    assert 0 == done.returncode, done.stdout

    graph = of("now/posts.ttl", "phases.ttl")
    for day, expected in (
        ("2000-01-01", set()),
        ("2024-01-01", {"Belmark", "Corvia"}),
        ("2025-01-01", {"Belmark", "Dorland"}),
    ):
        found = graph.run("missions", on=day)
        assert expected == {row.to.label for row in found if row.operation}


def test_missions_whose_rows_are_gone_are_kept_as_closed() -> None:
    old = imported(OLD.replace(",1965,", ",,"), "was", "2024-01-01")
    new = imported("".join(OLD.splitlines(keepends=True)[:3]), "new", "2025-01-01")

    result = run("diff", old, new, "--closed", "closed.csv")
    assert "closed.csv: 1 row; correct the closures" in result.stderr
    assert "in the old version only" not in result.stderr
    text = Path("closed.csv").read_text(encoding="utf-8-sig")
    (row,) = csv.DictReader(text.splitlines())
    assert ("missions-p4", "[2024-01-01..2024-12-31]") == (row["key"], row["closed"])
    done = run(
        *("import", "closed.csv", "--form", "mission", "--column", "row=key", "--quiet"),
        *("--only", "party.ttl", "--only", new, "-o", "closed.ttl"),
    )
    assert 0 == done.returncode, done.stdout

    was, graph = of(old), of(new, "closed.ttl")
    for day in ("2000-01-01", "2024-01-01"):
        assert missions_on(was, day) == missions_on(graph, day)
    assert missions_on(of(new), "2025-01-01") == missions_on(graph, "2025-01-01")
    assert heads_on(was, "2021-01-01", "elandia") == heads_on(graph, "2021-01-01", "elandia")
    assert [] == heads_on(graph, "2025-01-01", "elandia")


def closed_beside(new: str) -> str:
    """Import the table of the missions that are gone; return the file of its facts."""
    assert "closed.csv: " in run("diff", "old/missions.ttl", new, "--closed", "closed.csv").stderr
    done = run(
        *("import", "closed.csv", "--form", "mission", "--column", "row=key", "--quiet"),
        *("--only", "party.ttl", "--only", new, "-o", "closed.ttl"),
    )
    assert 0 == done.returncode, done.stdout
    return "closed.ttl"


@pytest.mark.slow
def test_a_mission_that_is_gone_keeps_its_phases_and_all_its_heads(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    of_phases = "phase.seat,phase.accredited,phase.operation,phase.when,phase.since,phase.until"
    headings = "key,kind,receiver,seat,opened,closed,head.holder,head.when,head.since,"
    monkeypatch.setitem(globals(), "HEADINGS", f"{headings}{of_phases}\n")
    left = (
        "P2,embassy,Corvia,Corlund,1963,present,,,,,,,,,\nP3,embassy,Dorland,Dorstad,,,,,,,,,,,\n"
    )
    first = "P1,embassy,Belmark,Belport,1961,present"
    old = imported(
        f"{first},Ada Ruiz,,2019,Northaven,,,,2021-04-15,\n"
        f"{first},Bo Lind,2015,,,Elandia,,,2010,\n"
        f"{first},,,,,,operations-suspended,,1990,1992\n" + left,
        "old",
        "2024-01-01",
    )
    new = imported(left, "new", "2025-01-01")
    was, graph = of(old), of(new, closed_beside(new))

    for day in ("1991-01-01", "2000-01-01", "2015-06-01", "2020-01-01", "2024-01-01"):
        assert missions_on(was, day) == missions_on(graph, day)
        assert accredited(was, day) == accredited(graph, day)
        assert heads_on(was, day, "belmark") == heads_on(graph, day, "belmark")
    # Who headed the mission in 2015 is not said to have left with its closure.
    (bo,) = (row for row in graph.run("office-holders") if row.holder.label == "Bo Lind")
    assert ("2015", None) == (str(bo.when), bo.ended)
    # A phase that ended earlier did not end with the closure either.
    (stop,) = (row for row in graph.run("mission-phases") if row.operation)
    assert "1990/1992" == str(stop.when)
    assert "Belmark" not in {party for party, _, _ in missions_on(graph, "2025-01-01")}


@pytest.mark.slow
def test_a_mission_that_had_closed_before_its_row_was_left_out_keeps_its_dates() -> None:
    former = "P5,embassy,Fulmia,Fulton,1965,1990-06,,,\n"
    old = imported(OLD + former, "was", "2024-01-01")
    new = imported(OLD, "new", "2025-01-01")

    assert "closed.csv: 1 row" in run("diff", old, new, "--closed", "closed.csv").stderr
    (row,) = rows_of("closed.csv")
    assert ("1965", "1990-06", "") == (row["opened"], row["closed"], row["phase.on"])


@pytest.mark.slow
def test_a_mission_with_several_rows_has_them_once_if_its_table_is_written_again() -> None:
    more = "P4,embassy,Elandia,Elton,1965,present,Ed Voss,ambassador,2009\n"
    old = imported(OLD + more, "was", "2024-01-01")
    new = imported("".join(OLD.splitlines(keepends=True)[:3]), "new", "2025-01-01")

    for _ in range(3):
        said = run("diff", old, new, "--closed", "closed.csv").stderr
    assert "closed.csv: 2 rows, 2 of them as they were; correct" in said
    assert ["Ed Voss <id:ed-voss>", "Di Ek <id:di-ek>"] == sorted(
        (row["head.holder"] for row in rows_of("closed.csv")), reverse=True
    )


@pytest.mark.slow
def test_a_correction_of_other_facts_is_not_warned_of(old: str) -> None:
    new = imported(OLD.replace("1961", "1962"), "new", "2025-01-01")

    said = [line for line in run("diff", old, new).stderr.splitlines() if "warning" in line]
    # Of the heads of the old version, only this one has a tenure without dates.
    assert ["(Di Ek)"] == re.findall(r"alone (\(.+\))", "".join(said))
    assert 1 == len(said)


@pytest.mark.slow
def test_a_former_seat_is_no_misspelling_of_another_place(old: str) -> None:
    former = OLD.replace("Corlund", "Beltport")
    Path("old/missions.csv").write_text(HEADINGS + former, encoding="utf-8")
    settle("2024-01-01", '[replacements.seat]\n"Beltport" = "new: Beltport"')
    only = ["--only", "party.ttl", "--quiet", "--form", "mission"]
    assert run("import", "old/missions.csv", *only, "-o", old).returncode == 0
    new = imported(OLD, "new", "2025-01-01")

    graph = of(new, kept_beside(new, "--phases"))
    assert [("Corvia", "Beltport", "certain")] == missions_on(
        graph, "2024-01-01", receiver="corvia"
    )


@pytest.mark.parametrize("second", ["kept.csv", "./kept.csv"])
def test_two_tables_of_a_comparison_are_not_written_to_one_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, second: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("old.ttl").write_text("")
    Path("kept.csv").write_text("mine")
    named = (("--ended", "--phases"), ("--phases", "--ended"))
    for one, other in named:
        wrong = complaint("diff", "old.ttl", "old.ttl", one, "kept.csv", other, second)
        assert "kept.csv: the command cannot write two things to this file; name a file" in wrong
    update = ("import", "new.csv", "--form", "mission", "--update", "-o", "old.ttl")
    wrong = complaint(*update, "--ended", "kept.csv", "--phases", second)
    assert "cannot write two things to this file" in wrong
    assert "mine" == Path("kept.csv").read_text()
