"""Tests of the drafts of former missions and of phases that are made from remarks."""

import csv
from pathlib import Path

import pytest
from click.testing import CliRunner

import relations_kg as rk
from relations_kg.cli import commands

pytestmark = pytest.mark.usefixtures("shared_graphs")

SETTINGS = """\
ignore = ["without-relations"]
without = ["Remarks"]
[dataset]
title = "Posts"
license = "https://creativecommons.org/publicdomain/zero/1.0/"
version = "2024"
as-of = "2024-06-30"
[columns]
row = "id"
[values]
sender = "Arvenia"
[replacements.kind]
"Emb." = "embassy"
"""
GIVEN = ("import", "posts.csv", "--only", "none", "--form", "mission")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("relations-kg.toml").write_text(SETTINGS, "utf-8")
    return tmp_path


def run(*words: str, code: int = 0) -> str:
    result = CliRunner().invoke(commands, words)
    assert code == result.exit_code, result.output
    return result.output


def refusal(*words: str) -> str:
    result = CliRunner().invoke(commands, words)
    assert result.exit_code != 0, result.output
    return str(result.exception)


def posts(*remarks: str, opened: str = "1960", seat: str = "Belport") -> None:
    with Path("posts.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(["id", "kind", "receiver", "seat", "opened", "closed", "Remarks"])
        receivers = ("Belmark", "Corvia", "Dorland", "Elsinia")
        for number, (remark, receiver) in enumerate(zip(remarks, receivers, strict=False), 1):
            table.writerow([f"P{number}", "Emb.", receiver, seat, opened, "present", remark])


def drafted(form: str, *remarks: str, **cells: str) -> tuple[list[dict[str, str]], str]:
    """Return the rows that are drafted from remarks, without empty cells, and what is printed."""
    posts(*remarks, **cells)
    Path("draft.csv").unlink(missing_ok=True)
    said = run(*GIVEN, "--template", form, "-o", "draft.csv")
    with Path("draft.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = [{n: text for n, text in row.items() if text} for row in csv.DictReader(file)]
    return rows, said


@pytest.mark.parametrize(
    "remark",
    [
        "Closed from 06/1990 to 1996",
        "Encerrada de 06/1990 a 1996",
        "Cerrada de junio de 1990 a 1996",
        "Fermée de juin 1990 à 1996",
        "Von Juni 1990 bis 1996 geschlossen",
        "Chiusa da giugno 1990 al 1996",
        "Gesloten van juni 1990 tot 1996",
        "Закрыто на время, 06/1990 до 1996",
        "Founded by treaty; closed 1990-06 to 1996 (no budget)",
    ],
)
def test_a_mission_that_was_closed_for_a_time_is_drafted_as_a_former_one(remark: str) -> None:
    (row,), said = drafted("mission", remark)

    assert {
        "key": "P1-m1",
        "kind": "embassy",
        "sender": "Arvenia",
        "receiver": "Belmark",
        "seat": "Belport",
        "opened": "1960",
        "closed": "1990-06",
        "# remark": remark,
    } == row
    assert '  "P1: 1960" = "1996"\n' in said


def test_several_closures_follow_each_other() -> None:
    rows, said = drafted("mission", "Fermée de 1984 à 1989, puis de 02/2011 à 2013")

    dates = [(row["key"], row["opened"], row["closed"]) for row in rows]
    assert [("P1-m1", "1960", "1984"), ("P1-m2", "1989", "2011-02")] == dates
    assert '  "P1: 1960" = "2013"\n' in said


@pytest.mark.parametrize(
    ("remark", "closed", "again"),
    [
        ("Closed in 1990, reopened in 1996", "1990", "1996"),
        ("Geschlossen 1990; wiedereröffnet 1996", "1990", "1996"),
        ("Cerrada en 1990. Reabierta en 1996.", "1990", "1996"),
        ("Closed from March 3, 1990 to April 2, 1996", "1990-03-03", "1996-04-02"),
        ("Geschlossen von 1. März 1990 bis 2. April 1996", "1990-03-01", "1996-04-02"),
        ("Closed c. 1990 to 1996", "1990~", "1996"),
        ("Fermée dans les années 1990, rouverte en 2003", "199X", "2003"),
        ("Closed from 03/04/2001 to 2003", "03/04/2001", "2003"),
    ],
)
def test_dates_of_a_closure_are_as_exact_as_the_remark(
    remark: str, closed: str, again: str
) -> None:
    (row,), said = drafted("mission", remark)

    assert closed == row["closed"]
    assert f'  "P1: 1960" = "{again}"\n' in said


@pytest.mark.parametrize(
    ("remark", "kind", "opened", "closed"),
    [
        ("Consulate-general from 1950 to 1960", "consulate-general", "1950", "1960"),
        ("Consulat gén. de 1950 à 1960", "consulate-general", "1950", "1960"),
        ("Consulado general hasta 1960", "consulate-general", "", "1960"),
        ("Bis 1960 Generalkonsulat", "consulate-general", "", "1960"),
        ("Legation 1950, raised to embassy in 1960", "legation", "1950", "1960"),
        ("Élevé au rang d'ambassade (cons. gén. 1950-60)", "consulate-general", "1950", "1960"),
    ],
)
def test_another_kind_before_the_opening_is_that_of_a_former_mission(
    remark: str, kind: str, opened: str, closed: str
) -> None:
    (row,), said = drafted("mission", remark)

    assert (kind, opened, closed) == (row["kind"], row.get("opened", ""), row["closed"])
    assert "opened again" not in said


@pytest.mark.parametrize(
    ("remark", "seats"),
    [
        ("Moved from Osk to Belport in 1972", ["Osk 1960-1972", "Belport 1972-"]),
        ("Transférée de Rio de Osk à Belport en 1972", ["Rio de Osk 1960-1972", "Belport 1972-"]),
        ("1972 von Osk nach Belport verlegt", ["Osk 1960-1972", "Belport 1972-"]),
        ("Trasladada a Belport en 1972", ["? 1960-1972", "Belport 1972-"]),
        # The table has the seat before the move.
        ("Moved to Osk in 1972", ["Belport 1960-1972", "Osk 1972-"]),
        ("1972 nach Osk verlegt", ["Belport 1960-1972", "Osk 1972-"]),
        ("Transférée à Osk en 1972", ["Belport 1960-1972", "Osk 1972-"]),
        ("Relocated to Osk from 08/1990 to 03/1991", ["Osk 1990-08-1991-03"]),
        ("Resident since 1998", ["? 1960-1998", "Belport 1998-"]),
        ("Non-resident since 1998, moved in 1999", ["? 1960-1999", "Belport 1999-"]),
        ("Résidente à Osk de 1974 à 1998", ["Osk 1960-1998", "Belport 1998-"]),
    ],
)
def test_moves_are_drafted_as_phases(remark: str, seats: list[str]) -> None:
    rows, _ = drafted("phase", remark)

    found = [f"{row.get('seat', '')} {row.get('since', '')}-{row.get('until', '')}" for row in rows]
    assert seats == found
    assert {"id:posts-p1-mission"} == {row["mission"] for row in rows}


@pytest.mark.parametrize(
    "remark",
    ["Suspended since 04/2023", "Activités suspendues depuis 04/2023", "Suspendida desde 04/2023"],
)
def test_a_suspension_and_another_kind_within_the_mission_are_phases(remark: str) -> None:
    rows, _ = drafted("phase", remark, "High commission from 1982 to 1989")

    status = {"rkg:operatingStatus": "code:operations-suspended", "since": "2023-04"}
    kind = {"kind": "high-commission", "since": "1982", "until": "1989"}
    assert {"key": "P1-p1", "mission": "id:posts-p1-mission", "# remark": remark} | status == rows[
        0
    ]
    assert kind.items() <= rows[1].items()


def test_closures_and_other_remarks_with_dates_are_listed_and_not_drafted() -> None:
    other, undated = "Relations since 1982", "Formerly a consulate"
    rows, said = drafted("mission", "Closed in 1994", other, undated, "Closed from 1990 to 1996")

    assert ["P4-m1"] == [row["key"] for row in rows]
    assert (
        "closures:\n  P1: 1994: Closed in 1994\n"
        f"dates that are not drafted:\n  P2: {other}\n1 row drafted"
    ) in said
    assert undated not in said


@pytest.mark.parametrize(
    "remark",
    [
        "Closed from 1996 to 1990",
        "Consulate closed from 1990 to 1996",
        "Consulate in Osk from 1970 to 1980",
        "Ambassador recalled 1990 to 1991",
        "Temporary office in Osk 1990 to 1992",
        "Sede provisional de 1990 a 1992",
        "Closed 1990 to 1996, relations since 1955",
    ],
)
def test_a_date_that_is_not_drafted_is_listed(remark: str) -> None:
    rows, said = drafted("mission", remark, "Closed from 1990 to 1996")

    assert ["1990"] * (1 + ("relations" in remark)) == [row["closed"] for row in rows]
    assert f"dates that are not drafted:\n  P1: {remark}\n" in said


def test_another_kind_in_another_city_has_its_seat_there() -> None:
    (row,), _ = drafted("mission", "Konsulat in Osk 1950, Botschaft 1960")
    assert ("consulate", "Osk") == (row["kind"], row["seat"])

    (row,), _ = drafted("mission", "Consulado em maio 1950 a 1960")
    assert ("1950-05", "Belport") == (row["opened"], row["seat"])


def test_a_suspension_ends_when_operations_resumed() -> None:
    (row,), _ = drafted("phase", "Suspended in 1990, resumed in 1996")
    assert ("1990", "1996") == (row["since"], row["until"])


def test_what_is_temporary_is_no_suspension() -> None:
    rows, _ = drafted("phase", "Temporary embassy 1950-1952", "Suspended in 1990, resumed in 1996")

    assert ["P2-p1"] == [row["key"] for row in rows]


def test_a_remark_in_two_rows_of_a_mission_is_drafted_once() -> None:
    posts("Closed from 1990 to 1996")
    headings, line = Path("posts.csv").read_text("utf-8").splitlines()
    rows = [f"{line},{each}" for each in ("Ada Ruiz,1999", "Bo Lind,2001")]
    table = "\n".join((f"{headings},head.holder,head.since", *rows))
    Path("posts.csv").write_text(table, "utf-8")

    run(*GIVEN, "--template", "mission", "-o", "draft.csv")
    assert 2 == len(Path("draft.csv").read_text("utf-8-sig").splitlines())


def test_the_embassy_that_a_remark_names_is_no_other_kind() -> None:
    posts("Embassy since 1960, ambassador appointed in 1961", "Voir l'ambassade à Osk")

    said = refusal(*GIVEN, "--template", "mission", "-o", "draft.csv")
    assert "of 2 remarks on missions with a key, none has what the form mission states" in said
    assert not Path("draft.csv").exists()


def test_a_draft_is_a_table_or_is_refused() -> None:
    posts("Closed from 1990 to 1996")
    said = refusal(*GIVEN, "--template", "mission", "-o", "draft.xlsx")
    assert "a draft is written as CSV or TSV" in said

    run(*GIVEN, "--template", "mission", "-o", "draft.tsv")
    assert "P1-m1\tembassy\tArvenia" in Path("draft.tsv").read_text("utf-8")
    assert "has 1 row" in refusal(*GIVEN, "--template", "mission", "-o", "draft.tsv")


@pytest.mark.slow
def test_drafts_that_are_checked_are_imported_as_they_are() -> None:
    remark = "Fermée de 1990 à 1996 ; transférée de Osk à Belport en 2000 ; suspendue 04/2023"
    posts(remark)
    for form in ("mission", "phase"):
        run(*GIVEN, "--template", form, "-o", f"{form}s.csv")
    with Path("relations-kg.toml").open("a") as file:
        file.write('[replacements.opened]\n"P1: 1960" = "1996"\n')
    run(*GIVEN, "-o", "posts.ttl")
    # The move came after the mission had opened again.
    text = Path("phases.csv").read_text("utf-8-sig")
    Path("phases.csv").write_text(text.replace(",1960,2000,", ",1996,2000,"), "utf-8")
    for form in ("mission", "phase"):
        table = ("import", f"{form}s.csv", "--form", form, "--column", "row=key")
        said = run(*table, "--only", "posts.ttl", "-o", f"{form}s.ttl")
        assert "warning[draft]: this table is a draft from remarks" in said
        path = Path(f"{form}s.csv")
        path.write_text(path.read_text("utf-8-sig").replace("# remark", "# compared"), "utf-8")
        assert "[draft]" not in run(*table, "--only", "posts.ttl", "-o", f"{form}s.ttl")

    kg = rk.load(only=["posts.ttl", "missions.ttl", "phases.ttl"])

    def seats(day: str) -> list[str]:
        return [row.seat.label for row in kg.run("missions", on=day)]

    assert [["Belport"], [], ["Osk"], ["Belport"]] == [
        seats(f"{year}-06-30") for year in (1980, 1993, 1998, 2010)
    ]
    phases = kg.run("mission-phases", mission="id:posts-p1-mission")
    (suspended,) = (row for row in phases if row.operation)
    assert "2023-04/.." == suspended.when


def test_a_draft_without_the_seat_is_not_imported() -> None:
    posts("Trasladada a Belport en 1972")
    run(*GIVEN, "-o", "posts.ttl")
    run(*GIVEN, "--template", "phase", "-o", "phases.csv")

    given = ("import", "phases.csv", "--form", "phase", "--column", "row=key")
    result = CliRunner().invoke(commands, [*given, "--only", "posts.ttl", "-o", "phases.ttl"])
    said = result.output
    assert "error[value]: seat: '?' stands for a missing value\n  --> phases.csv:2:3\n" in said
    assert not Path("phases.ttl").exists()


@pytest.mark.parametrize(
    "remark",
    [
        "Never closed, 1990 to 1996",
        "Border closed from 1990 to 1996",
        "Visa section closed 1990 to 1996",
        "Nunca cerrada, de 1990 a 1996",
        "Grenze geschlossen, 1990 bis 1996",
        "N'a jamais fermé, 1990 à 1996",
    ],
)
def test_a_denial_and_what_was_closed_beside_the_mission_are_not_drafted(remark: str) -> None:
    (row,), said = drafted("mission", "Closed from 1990 to 1996", remark)

    assert "P1-m1" == row["key"]
    assert f"dates that are not drafted:\n  P2: {remark}\n" in said
