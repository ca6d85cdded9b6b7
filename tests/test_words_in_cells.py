"""Tests of words in cells of a table: since, until and none, and texts that settings replace."""

import re
import tomllib
from collections.abc import Iterable
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

import relations_kg as rk
from relations_kg.cli import commands
from relations_kg.rdf.dates import correction

pytestmark = pytest.mark.usefixtures("shared_graphs")

SETTINGS = """\
ignore = ["without-relations"]
[dataset]
title = "Missions"
license = "https://creativecommons.org/publicdomain/zero/1.0/"
version = "2024"
as-of = "2024-06-30"
[columns]
row = "id"
[values]
sender = "Arvenia"
kind = "embassy"
"""


PORTS = [f"Port {letter}" for letter in "ABCDEFGHIJKL"]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("relations-kg.toml").write_text(SETTINGS, "utf-8")
    return tmp_path


def run(*words: str) -> str:
    result = CliRunner().invoke(commands, words)
    assert result.exit_code == 0, result.output
    return result.output


def imported(table: str, *options: str) -> str:
    Path("m.csv").write_text(table, "utf-8")
    given = ("import", "m.csv", "--form", "mission", "--only", "none", "-o", "m.ttl")
    return run(*given, *options)


SINCE_AND_UNTIL = {
    "since March 2009": "until 2011",
    "desde 03/2009": "hasta el 2011",
    "a partir de marzo de 2009": "hasta 2011",
    "desde março de 2009": "até 2011",
    "à partir de mars 2009": "jusqu'en 2011",
    "depuis mars 2009": "jusqu'au 2011",
    "ab 03/2009": "bis 2011",
    "seit März 2009": "bis zum 2011",
    "dal marzo 2009": "fino al 2011",
    "vanaf 03/2009": "tot 2011",
    "\u0441 марта 2009 года": "до 2011 \u0433.",
}


def test_the_words_for_since_and_until_add_nothing_in_columns_of_starts_and_ends() -> None:
    rows = "".join(
        f"{n},Belmark,{PORTS[n]},{since},{until},Ada Ruiz,{since},{until}\n"
        for n, (since, until) in enumerate(SINCE_AND_UNTIL.items())
    )
    imported(f"id,receiver,seat,opened,closed,head.holder,head.since,head.until\n{rows}")
    kg = rk.load(only=["m.ttl"])

    missions = [([*row.opened], [*row.closed]) for row in kg.run("mission-history")]
    assert [(["2009-03"], ["2011"])] * len(SINCE_AND_UNTIL) == missions
    tenures = [*kg.query("SELECT ?when { ?tenure a rkg:OfficeTenure ; rkg:when ?when }")]
    assert ["2009-03/2011"] * len(SINCE_AND_UNTIL) == [tenure.when for tenure in tenures]
    for since, until in SINCE_AND_UNTIL.items():
        assert (correction(since), correction(until)) == ("2009-03/..", "/2011")


def test_a_date_of_closure_may_begin_with_the_word_for_closed() -> None:
    closed = [
        *("closed in 2011", "Cerrada en 2011", "encerrada em 2011", "fermée en 2011"),
        *("chiusa nel 2011", "geschlossen 2011", "gesloten in 2011", "закрыто в 2011"),
        "cerrado desde 2011",
    ]
    rows = "".join(f"{n},Belmark,{PORTS[n]},1950,{each}\n" for n, each in enumerate(closed))
    imported(f"id,receiver,seat,opened,closed\n{rows}")

    missions = rk.load(only=["m.ttl"]).run("mission-history")
    assert [["2011"]] * len(closed) == [[*mission.closed] for mission in missions]


@pytest.mark.parametrize("date", ["until 2009", "cerrada en 2009", "1971-11-02/.."])
def test_a_date_of_opening_that_is_an_end_or_an_interval_is_an_error(date: str) -> None:
    table = f"id,receiver,seat,opened,closed\nA,Belmark,Belport,{date},present\n"

    assert "error[value]: opened: " in imported(table)


def test_an_end_that_has_not_come_may_be_told_in_other_languages() -> None:
    ends = ["bis heute", "vigente", "até hoje", "en activité", "geöffnet"]
    rows = "".join(f"{n},Belmark,{PORTS[n]},1950,{each}\n" for n, each in enumerate(ends))
    imported(f"id,receiver,seat,opened,closed\n{rows}")

    missions = rk.load(only=["m.ttl"]).run("missions", on="2024-06-30")
    assert ["certain"] * len(ends) == [mission.certainty for mission in missions]


def test_the_order_of_day_and_month_is_known_beside_a_word() -> None:
    table = "id,receiver,seat,opened,closed\nA,Belmark,Belport,desde 05/06/2001,present\n"
    imported(table, "--dates", "day-first")
    (mission,) = rk.load(only=["m.ttl"]).run("mission-history")
    assert ["2001-06-05"] == [*mission.opened]

    said = imported(table)
    assert "'desde 05/06/2001' may be 2001-05-06 or 2001-06-05" in said
    assert "add --dates month-first for 2001-05-06 or add --dates day-first for 2001-06-05" in said


def test_the_settings_list_no_dates_with_words_that_the_import_reads() -> None:
    Path("relations-kg.toml").unlink()
    dates = ("desde 12/2009", "ab 2010", "since 2011", "\u0441 2012", "1º/02/2013", "antes de 1880")
    rows = "".join(f"{n},Belmark,City {n},{each},present\n" for n, each in enumerate(dates))
    Path("m.csv").write_text(f"id,receiver,seat,opened,closed\n{rows}", "utf-8")
    run("import", "m.csv", "--form", "mission", "--only", "none", "--configure")

    assert "opened" not in tomllib.loads(Path("relations-kg.toml").read_text()).get(
        "replacements", {}
    )


def test_a_text_that_there_is_no_accreditation_is_no_party() -> None:
    texts = [
        *("not accredited elsewhere", "não acreditada noutros países", "non accreditata altrove"),
        *("no acreditada en otros países", "non accrédité ailleurs", "nowhere else"),
        *("nicht anderweitig akkreditiert", "niet elders geaccrediteerd"),
        *("не аккредитован в других странах", "in keinem anderen Land", "нет других"),
        "n'est accrédité nulle part",
    ]
    rows = "".join(f"{n},Belmark,{PORTS[n]},1950,present,{text}\n" for n, text in enumerate(texts))
    said = imported(f"id,receiver,seat,opened,closed,accredited\n{rows}", "--max", "12")

    assert f"0 of {len(texts)} rows written" in said
    for text in texts:
        assert f"accredited: {text!r} says that there is none" in said


def test_a_list_with_a_party_that_is_not_known_is_guessed_and_marked_as_a_guess() -> None:
    Path("relations-kg.toml").unlink()
    lists = ("Elland y Chile", "Congo, Rep.", "Dorn, Elland", "Chile; Peru y ECOWAS")
    rows = "".join(f'{n},Belmark,City {n},present,"{each}"\n' for n, each in enumerate(lists))
    Path("m.csv").write_text(f"id,receiver,seat,closed,accredited\n{rows}", "utf-8")
    run("import", "m.csv", "--form", "mission", "--only", "none", "--configure")

    text = Path("relations-kg.toml").read_text("utf-8")
    guess = '"Elland y Chile" = "Elland; Chile"  # a guess, if it is a list; not known: '
    assert f"{guess}'Elland'" in text
    guesses = tomllib.loads(text)["replacements"]["accredited"]
    assert {""} == {guesses.get(each, "") for each in ("Congo, Rep.", "Dorn, Elland")}


@pytest.mark.parametrize("name", ["Norway", "Nonland", "North Macedonia", "Inca"])
def test_the_name_of_a_party_may_begin_like_a_negation(name: str) -> None:
    said = imported(f"id,receiver,seat,accredited\nA,{name},Belport,{name}land\n")

    assert "error" not in said.replace("no errors", "")
    facts = Path("m.ttl").read_text("utf-8")
    assert all(f'"{each}"@en' in facts for each in (name, f"{name}land"))


def test_the_name_of_a_party_in_another_script_may_begin_like_a_negation() -> None:
    said = imported("id,receiver,seat,accredited\nA,Belmark,Belport,Нидерланды\n")
    assert "accredited: no IRI can be made from 'Нидерланды'" in said
    assert "there is none" not in said


def test_names_in_further_latin_letters_have_identifiers_and_are_found_in_plain_letters() -> None:
    plain = {
        "Nuray Alt\u0131nba\u015fo\u011flu": "Nuray Altinbasoglu",
        "\u018fli \u018fliyev": "Eli Eliyev",
        "\u0126a\u017c-\u017bebbu\u0121 Borg": "Haz-Zebbug Borg",
        "D\u0254\u0256e \u0186w\u0254nam": "Dode Owonam",
        "\u02bfAbd Sa\u02bf\u016bd": "Abd Saud",
    }
    rows = "".join(
        f"{n},Belmark,{PORTS[n]},1950,present,{name},2020\n" for n, name in enumerate(plain)
    )
    imported(f"id,receiver,seat,opened,closed,head.holder,head.since\n{rows}")

    kg = rk.load(only=["m.ttl"])
    for name, written in plain.items():
        (row,) = kg.run("office-holders", holder=written)
        assert name == row.holder.label
        assert f"id:{written.lower().replace(' ', '-')}" in Path("m.ttl").read_text("utf-8")


def test_a_sheet_without_a_column_of_heads_is_read_with_the_settings_for_the_other() -> None:
    Path("relations-kg.toml").unlink()
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.title = "Embassies"
    sheet.append(["id", "kind", "receiver", "seat", "opened", "closed", "Head", "Since"])
    sheet.append(["A", "embassy", "Belmark", "Belport", "1961", "present", "Ada Ruiz", "2019"])
    sheet.append(["B", "embassy", "Corvia", "Corlund", "1961", "present", "Bo Lind", "2020"])
    sheet = workbook.create_sheet("Consulates")
    sheet.append(["id", "kind", "receiver", "seat", "opened", "closed", "Since"])
    sheet.append(["C", "consulate", "Belmark", "Milport", "1961", "present", "2018"])
    sheet.append(["D", "consulate", "Corvia", "Westbury", "1961", "present", "2019"])
    workbook.save("m.xlsx")
    given = ("import", "m.xlsx", "--form", "mission", "--only", "none")
    run(*given, "--configure", "--set", "sender=Arvenia")

    said = run(*given, "-o", "m.ttl")
    assert "head.since: this column is not read in rows without head.holder" in said
    rows = rk.load(only=["m.ttl"]).run("office-holders")
    assert {"Ada Ruiz", "Bo Lind"} == {row.holder.label for row in rows}


def test_replacements_that_match_no_cell_are_noted() -> None:
    with Path("relations-kg.toml").open("a") as file:
        file.write(
            '[replacements.seat]\n"Belprot" = "Belport"\n"Osk" = "Oskburg"\n"A: Osk" = "Oskport"\n'
            '"C: Osk" = "Oskholm"\n"A: Orsk" = "Osk"\n[replacements.row]\n"CD-30" = "B"\n'
            '[replacements.head.holder]\n"Emb. Ada" = "Ada Ruiz"\n'
        )
    table = "id,receiver,seat,closed\nA,Belmark,Osk,present\nB,Corvia,Osk,present\n"
    said = imported(table)

    assert (
        "3 replacements in the settings match no cell of this table: seat 'Belprot', "
        "seat 'C: Osk', row 'CD-30'\n"
    ) in said
    assert "match no cell" not in imported(table, "--quiet")


def test_a_replacement_for_a_row_that_has_another_text_is_warned_of() -> None:
    with Path("relations-kg.toml").open("a") as file:
        file.write(
            '[replacements.receiver]\n"B: Corvia" = "Corvian Union"\n"Z: Corvia" = "Zed"\n'
            '[replacements.head.holder]\n"B: Bo Lind" = "Bo Lindt"\n'
        )
    head = "id,receiver,seat,closed,head.holder\n"
    table = f"{head}A,Belmark,Osk,present,\nB,Corvia,Osk,present,Amb. Bo Lind\n"
    assert "for one row" not in imported(table, "--quiet")

    renumbered = "A,Ande,Osk,present,\nB,Belmark,Osk,present,\nC,Corvia,Osk,present,Bo Lind\n"
    said = imported(head + renumbered, "--quiet")
    assert (
        "warning[replacements]: 2 replacements in the settings are for one row, which has another "
        "text in this table: receiver 'B: Corvia', head.holder 'B: Bo Lind'\n  --> m.csv:3:1\n"
    ) in said


def test_a_receiver_of_all_missions_is_not_that_of_their_phases(folder: Path) -> None:
    columns = '[columns]\nrow = "id"\nopened = "Opened"\n'
    values = '[values]\nsender = "Arvenia"\nreceiver = "Arvenia"\nkind = "embassy"\n'
    Path("relations-kg.toml").write_text(SETTINGS.partition("[columns]")[0] + columns + values)
    imported("id,receiver,seat,Opened\nA,Belmark,Berport,1960\n")
    Path("phases.csv").write_text("id,mission,seat,since\nP,id:m-a-mission,Moorend,1970\n")
    given = ("import", "phases.csv", "--form", "phase", "--only", "m.ttl", "-o", "p.ttl")

    message = run(*given)

    facts = Path("p.ttl").read_text()
    assert "phaseSeat id:moorend" in facts
    assert "phaseReceiver" not in facts
    assert "phaseKind" not in facts
    assert "info[values]: receiver: the settings give 'Arvenia' to other tables" in message
    assert "info[values]: kind: the settings give 'embassy' to other tables" in message
    message = run(*given, "--set", "receiver=Belmark")
    assert "phaseReceiver id:belmark" in Path("p.ttl").read_text()
    assert "info[values]: receiver" not in message


def test_empty_cells_that_are_filled_are_noted_and_stay_empty_in_phases(folder: Path) -> None:
    text = SETTINGS.replace("[dataset]", 'fill = ["receiver"]\n[dataset]')
    Path("relations-kg.toml").write_text(text.replace("[values]", 'opened = "Opened"\n[values]'))
    said = imported("id,receiver,seat,Opened\nA,Belmark,Osk,1960\nB,,Ande,1961\nC,,Belport,1962\n")
    assert (
        "info[fill]: receiver: 2 empty cells have the text of the cell above: "
        "'Belmark' in line 3, 'Belmark' in line 4\n  --> m.csv:3:2\n"
    ) in said

    rows = "P,id:m-a-mission,Corvia,Osk,1960,1970\nQ,id:m-b-mission,,Moorend,1961,1970\n"
    Path("phases.csv").write_text(f"id,mission,receiver,seat,since,until\n{rows}")
    said = run("import", "phases.csv", "--form", "phase", "--only", "m.ttl", "-o", "p.ttl")
    assert "info[fill]" not in said
    assert 1 == Path("p.ttl").read_text().count("phaseReceiver")


def test_a_mission_of_a_party_to_itself_is_an_error(folder: Path) -> None:
    Path("relations-kg.toml").write_text(f'{SETTINGS}receiver = "Arvenia"\n')
    Path("m.csv").write_text("id,seat\nA,Berport\n")
    result = CliRunner().invoke(
        commands, ["import", "m.csv", "--form", "mission", "--only", "none"]
    )
    assert "0 of 1 rows written" in result.output
    assert "error[disjoint]" in result.output


def test_settings_for_phases_alone_give_them_a_receiver(folder: Path) -> None:
    imported("id,receiver,seat,opened\nA,Belmark,Berport,1960\n")
    Path("relations-kg.toml").write_text(
        SETTINGS.partition("[values]")[0] + '[values]\nreceiver = "Corvia"\n'
    )
    Path("phases.csv").write_text("id,mission,seat,since\nP,id:m-a-mission,Moorend,1970\n")
    run("import", "phases.csv", "--form", "phase", "--only", "m.ttl", "-o", "p.ttl")
    assert "phaseReceiver id:corvia" in Path("p.ttl").read_text()


def test_the_sender_of_all_missions_is_also_that_of_their_heads(folder: Path) -> None:
    imported("id,receiver,seat,opened\nA,Belmark,Berport,1960\n")
    Path("heads.csv").write_text("id,mission,holder,since\nH,id:m-a-mission,Ada Ruiz,2020\n")
    run("import", "heads.csv", "--form", "head", "--only", "m.ttl", "-o", "h.ttl")
    with_sender = Path("h.ttl").read_text()
    given = ("--set", "sender=Arvenia", "-o", "h2.ttl")
    run("import", "heads.csv", "--form", "head", "--only", "m.ttl", *given)
    assert with_sender == Path("h2.ttl").read_text()
    assert "arvenia" in with_sender


def test_a_note_about_residence_is_no_part_of_an_accredited_party(folder: Path) -> None:
    notes = [
        *("(non-résident)", "(non résidente)", "(no residente)", "(não residente)"),
        *("(nicht resident)", "(non-resident)", "(Non resident)", "(non residente)"),
        *("(niet-residerend)", "(нерезидент)", "[not resident]"),
    ]
    rows = "".join(
        f"{n},Belmark,{PORTS[n]},Corvia {note}; Dorne; Osk {note}\n" for n, note in enumerate(notes)
    )
    imported(f"id,receiver,seat,accredited\n{rows}")
    facts = " ".join(Path("m.ttl").read_text().split())
    assert len(notes) == facts.count("rkg:alsoAccreditedTo id:corvia , id:dorne , id:osk ;")
    assert "resid" not in facts

    rows = "".join(f"{n},Belmark {note},{PORTS[n]}\n" for n, note in enumerate(notes))
    Path("m.csv").write_text(f"id,receiver,seat\n{rows}")
    given = ["import", "m.csv", "--form", "mission", "--only", "none", "--max", "11"]
    result = CliRunner().invoke(commands, given)
    assert f"0 of {len(notes)} rows written" in result.output
    for note in notes:
        assert f"receiver: 'Belmark {note}' has {note[1:-1]!r} beside the name" in result.output
    assert len(notes) == result.output.count("write 'Belmark'")


def test_a_note_beside_a_replaced_or_a_split_party_is_left_out(folder: Path) -> None:
    Path("relations-kg.toml").write_text(
        'split = ["accredited"]\n' + SETTINGS + '[replacements.accredited]\n"Osc" = "Osk"\n'
        '"Dorne (non-resident)" = "Dornland"\n"Pelm" = "Pell (non-resident)"\n'
    )
    accredited = "Corvia (non-resident), Osc (non-resident), Dorne (non-resident), Pelm"
    imported(f'id,receiver,seat,accredited\nA,Belmark,Berport,"{accredited}"\n')
    facts = Path("m.ttl").read_text()
    assert all(f"id:{each} a rkg:State" in facts for each in ("corvia", "osk", "dornland", "pell"))
    assert "resid" not in facts
    assert "osc" not in facts


@pytest.mark.parametrize("split", ['split = ["accredited"]\n', ""])
def test_new_parties_with_a_slash_between_them_are_asked_about(folder: Path, split: str) -> None:
    messages = {
        "Rép. corlandaise / Dorne": "may be several names",
        "Dorne/Rép. corlandaise/Osk": "may be several names",
        "Corvia/Dorne": "is 2 names",
        "Corvia / Dorne / Osk": "is 3 names",
    }
    parts = ["; ".join(part.strip() for part in text.split("/")) for text in messages]
    Path("relations-kg.toml").write_text(split + SETTINGS)
    given = ["import", "m.csv", "--form", "mission", "--only", "none"]

    def accredited(cells: Iterable[str]) -> str:
        rows = "".join(f"{n},Belmark,{PORTS[n]},{cell}\n" for n, cell in enumerate(cells))
        return f"id,receiver,seat,accredited\n{rows}"

    Path("m.csv").write_text(accredited(messages))
    result = CliRunner().invoke(commands, given)
    assert "0 of 4 rows written" in result.output
    for (text, message), names in zip(messages.items(), parts, strict=True):
        right = f"write {names!r} if" if message.startswith("may") else "separate them by"
        assert re.search(
            f"accredited: {text!r} {message}.*\n.*\n.*{re.escape(right)}", result.output
        )
    rows = "".join(f"{n},{text},{PORTS[n]}\n" for n, text in enumerate(messages))
    Path("m.csv").write_text(f"id,receiver,seat\n{rows}")
    result = CliRunner().invoke(commands, given)
    for text, message in messages.items():
        assert f"receiver: {text!r} {message}" in result.output
    assert 4 == result.output.count("give one of them")
    imported(accredited(f"new: {text}" for text in messages))
    assert all(f'"{text}"@en' in Path("m.ttl").read_text() for text in messages)
    imported(accredited(parts))
    facts = " ".join(Path("m.ttl").read_text().split())
    assert "id:dorne a rkg:State" in facts
    assert not any(f'"{text}"@en' in facts for text in messages)


def test_a_known_party_with_a_slash_in_its_name_is_one(folder: Path) -> None:
    Path("party.csv").write_text("name,kind\nCorvia/Dorne,state\n")
    run("import", "party.csv", "--only", "none", "-o", "party.ttl")
    Path("m.csv").write_text("id,receiver,seat,accredited\nA,Belmark,Berport,Corvia/Dorne\n")
    run("import", "m.csv", "--form", "mission", "--only", "party.ttl", "-o", "m.ttl")
    assert "alsoAccreditedTo id:corvia-dorne" in " ".join(Path("m.ttl").read_text().split())


@pytest.mark.parametrize(
    ("before", "now", "parameter"),
    [
        ("Ouv.", "Année d'ouverture", "opened"),
        ("Eröffnung", "Eröffnet am", "opened"),
        ("Titular", "Jefe de misión", "head.holder"),
        ("N.", "Clave", "row"),
    ],
)
def test_a_heading_that_was_renamed_is_an_error(before: str, now: str, parameter: str) -> None:
    settings = SETTINGS.replace('row = "id"', "" if parameter == "row" else 'row = "id"')
    named = f'[columns]\n{parameter} = "{before}"'
    Path("relations-kg.toml").write_text(settings.replace("[columns]", named), "utf-8")
    key, cell = ("", "") if parameter == "row" else ("id,", "A,")
    value = "1950" if parameter == "opened" else "Ada"
    table = f"{key}receiver,seat,{{}}\n{cell}Belmark,Belport,{value}\n"
    assert "seems to be" not in imported(table.format(before))
    Path("m.ttl").unlink()

    Path("m.csv").write_text(table.format(now), "utf-8")
    given = ("import", "m.csv", "--form", "mission", "--only", "none", "-o", "m.ttl")
    said = CliRunner().invoke(commands, given).output
    assert f"seems to be {parameter}, whose heading in the settings this table lacks" in said
    assert f'write {parameter} = ["{before}", "{now}"] below [columns]' in said
    assert not Path("m.ttl").exists()

    # A column that is left out, and one that an option names, are not asked about.
    assert "seems to be" not in imported(table.format(now), "--without", now)
    assert "seems to be" not in imported(table.format(now), "--column", f"{parameter}={now}")


@pytest.mark.parametrize("name", ["\u0410\u0434\u0430 \u0420\u0443\u0438\u0441", "\u738b\u6bc5"])
def test_a_head_with_a_name_in_another_script_is_read_with_an_iri(name: str) -> None:
    head = "id,receiver,seat,opened,closed,head.holder,head.since\n"
    row = f"A,Belmark,Belport,1950,present,{name}{{}},2020\n"
    Path("m.csv").write_text(head + row.format(""), "utf-8")
    given = ("import", "m.csv", "--form", "mission", "--only", "none", "-o", "m.ttl")
    said = CliRunner().invoke(commands, given).output
    assert "or an IRI after it, such as <id:ada-ruiz>" in said

    imported(head + row.format(" <id:ada-ruiz>"))
    (found,) = rk.load(only=["m.ttl"]).run("office-holders")
    assert (name, "id:ada-ruiz") == (found.holder.label, found.holder.curie)
