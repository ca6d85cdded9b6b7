"""Tests of `import --configure`: guesses at columns in several languages, and what it completes."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner
from command_line import complaint

import relations_kg as rk
from relations_kg.authoring import tables
from relations_kg.authoring.headings import without_footers
from relations_kg.authoring.values import Values
from relations_kg.cli import commands

pytestmark = pytest.mark.usefixtures("shared_graphs")

HEADINGS = {
    "Portuguese": "ID_POSTO,Tipo,País,Cidade,Abertura,Encerramento,Titular,Categoria,"
    "Em funções desde,Outras acreditações,Organização,Telefone,Obs.",
    "Spanish": "Clave,Tipo,País,Ciudad,Apertura,Cierre,Jefe de misión,Rango,Desde,Concurrencias,"
    "Organización,Teléfono,Observaciones",
    "French": "Clé,Genre,Pays,Ville,Ouverture,Fermeture,Chef de mission,Rang,Depuis,Accréditations,"
    "Organisation,Téléphone,Remarques",
    "German": "Nr.,Art der Vertretung,Land,Stadt,Eröffnung,Schließung,Missionschef,"
    "Amtsbezeichnung,Im Amt seit,Mitakkreditierung,Organisation,Telefon,Bemerkungen",
    "Italian": "Codice,Tipo,Paese,Città,Apertura,Chiusura,Capo missione,Grado,Dal,Accreditamenti,"
    "Organizzazione,Telefono,Osservazioni",
    "Dutch": "Nummer,Soort,Land,Plaats,Opening,Sluiting,Hoofd van de post,Rang,Sinds,Accreditaties,"
    "Organisatie,Telefoon,Opmerkingen",
    "Russian": "Номер,Вид,Страна,Город,Дата открытия,Дата закрытия,Глава представительства,Ранг,"
    "Вступил в должность,Аккредитация,Организация,Телефон,Примечания",
    "English": "No.,Type,Country,City,Opened on,Closed on,Head of mission,Rank,Since,"
    "Also accredited to,Organization,Phone,Remarks",
}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*words: str, code: int = 0) -> str:
    result = CliRunner().invoke(commands, words)
    assert code == result.exit_code, result.output
    return result.output


def configured(table: str, *options: str, name: str = "posts.csv") -> tuple[dict[str, Any], str]:
    Path(name).write_text(table)
    run("import", name, "--only", "none", "--form", "mission", "--configure", *options)
    text = Path("relations-kg.toml").read_text()
    return tomllib.loads(text), text


@pytest.mark.parametrize("language", HEADINGS)
def test_the_usual_headings_are_guessed_in_several_languages(language: str) -> None:
    headings = HEADINGS[language].split(",")
    row = "P1,embassy,Osk,Moor,1961,,Ada Ruiz,ambassador,2019,Dorn,,+1,x"

    read, text = configured(f"{','.join(headings)}\n{row}\n")

    columns, head = read["columns"], read["columns"]["head"]
    assert headings[:2] == [columns["row"], columns["kind"]]
    assert [headings[10], headings[2]] == columns["receiver"]
    assert headings[3:6] == [columns[name] for name in ("seat", "opened", "closed")]
    assert headings[6:9] == [head[name] for name in ("holder", "rank", "since")]
    assert headings[9] == columns["accredited"]
    assert headings[11:] == read["without"]
    assert "# guesses from the headings:\n" in text


def test_headings_with_elided_articles_and_those_of_consuls_are_guessed() -> None:
    french = "Clé,Pays d'accueil,Lieu d'affectation,Date d’ouverture,Nom de l'ambassadeur"
    read, _ = configured(f"{french},Date d'entrée en fonctions\nP1,Osk,Moor,1961,Ada Ruiz,2019\n")

    headings = french.split(",")
    columns = read["columns"]
    assert headings[:4] == [columns[name] for name in ("row", "receiver", "seat", "opened")]
    assert {"holder": headings[4], "since": "Date d'entrée en fonctions"} == columns["head"]

    Path("relations-kg.toml").unlink()
    read, _ = configured("ID,Paese,Data dell'apertura,Console\nP1,Osk,1961,Ada Ruiz\n")
    assert "Data dell'apertura" == read["columns"]["opened"]
    assert {"holder": "Console"} == read["columns"]["head"]


def test_empty_columns_with_the_name_of_a_parameter_are_read() -> None:
    read, text = configured("kind,receiver,seat,residence\nembassy,Peru,Osk,\nlegation,Cuba,Osk,\n")

    assert [] == read["without"]
    assert "# under their own names:\n#   kind, receiver, seat, residence\n" in text


def test_a_column_that_an_option_names_is_read_in_place_of_one_with_the_own_name() -> None:
    table = "Art,kind,receiver,seat\nembassy,1,Peru,Osk\nlegation,2,Cuba,Osk\n"
    read, _ = configured(table, "--column", "kind=Art")

    assert {"kind": "Art"} == read["columns"]
    assert ["kind"] == read["without"]


def test_no_parameter_is_guessed_for_columns_about_something_else() -> None:
    others = (
        "Opening hours,Horario de apertura,Reason for closure,Motivo do encerramento,Deputy head,"
        "Stellvertretender Leiter,Geburtsdatum,Date of birth,Conjoint de l'ambassadeur,Former head,"
        "Ancienne ville,Visa type,Estado civil,Distance from capital,Last updated"
    )
    known = "Type,Country,City,Start date,End date,Ambassador,Start,End"
    rows = [
        f"embassy,{state},Osk,1961,1990,Ada Ruiz,1980,1990,"
        + ",".join(["1950"] * len(others.split(",")))
        for state in ("Peru", "Chile", "Cuba")
    ]

    read, _ = configured("\n".join((f"{known},{others}", *rows)) + "\n")

    assert others.split(",") == read["without"]
    assert ["Start date", "End date"] == [read["columns"][name] for name in ("opened", "closed")]
    assert {"holder": "Ambassador", "since": "Start", "until": "End"} == read["columns"]["head"]


def test_columns_are_guessed_by_their_cells_and_marked_as_guesses() -> None:
    read, text = configured(
        "A,B,C,D,E,F,G\n"
        "P1,Emb.,Peru,Lima,1961,2001,0049 1990 77\n"
        "P2,C.G.,Chile,Arica,05/06/1971,,0049 1991 78\n"
        "P3,Konsulat,Cuba,Havana,1980,2003,0049 1992 79\n"
    )

    assert {"kind": "B", "receiver": "C", "opened": "E", "closed": "F"} == read["columns"]
    assert ["A", "D", "G"] == read["without"]
    for what, line in (
        ("kinds", 'kind = "B"'),
        ("names of states", 'receiver = "C"'),
        ("dates", 'opened = "E"'),
    ):
        assert f"# guesses from the cells, which are mostly {what}; look at each:\n{line}\n" in text
    assert "consulate-general" == read["replacements"]["kind"]["C.G."]


@pytest.mark.parametrize("cells", [("Bolivia", "Chile"), ("2019-05-03", "2020-05-03")])
def test_a_column_of_states_is_not_one_of_dates(cells: tuple[str, str]) -> None:
    Path("visits.csv").write_text("From\n" + "".join(f"{cell}\n" for cell in cells))
    run("import", "visits.csv", "--only", "none", "--form", "visit", "--configure")
    read = tomllib.loads(Path("relations-kg.toml").read_text())

    is_date = cells[0][0] == "2"
    assert ({"since": "From"} if is_date else {}) == read.get("columns", {})
    assert ([] if is_date else ["From"]) == read.get("without", [])


def test_a_heading_with_the_name_of_a_required_parameter_is_that_parameter() -> None:
    Path("trips.csv").write_text("Visitor,Host country,Date,Remarks\nAda Ruiz,Osk,2019-03-02,x\n")

    run("import", "trips.csv", "--only", "none", "--form", "visit", "--configure")

    read = tomllib.loads(Path("relations-kg.toml").read_text())
    assert {"host": "Host country", "when": "Date"} == read["columns"]
    assert ["Remarks"] == read["without"]


def test_a_plain_import_names_the_parameter_that_a_new_configuration_leaves_empty() -> None:
    Path("trips.csv").write_text("Visitor,To,Date\nAda Ruiz,Osk,2019-03-02\n")
    run("import", "trips.csv", "--only", "none", "--form", "visit", "--configure")
    assert {"host": ""} == tomllib.loads(Path("relations-kg.toml").read_text())["values"]

    said = complaint("import", "trips.csv", "--only", "none")

    assert "its headings fit no form; visit also needs host; name the heading" in said
    assert "--column host=HEADING, or give one value for all rows with --set host=VALUE" in said
    assert "in relations-kg.toml, write them below [columns] or [values]" in said


def test_a_column_of_dates_beside_the_head_is_its_beginning() -> None:
    read, _ = configured(
        "Tipo,Titular,X,Y\nEmbaixada,Ada Ruiz,2019,1961\nEmbaixada,Bo Lind,2020,1962\n"
    )

    assert {"holder": "Titular", "since": "X"} == read["columns"]["head"]
    assert "Y" == read["columns"]["opened"]


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ("Emb.,Peru,1960\nC.G.,Chile,1961\nEmb.,Cuba,1962\n", "'Emb.' seems to be a value"),
        ("K1,Peru,Lima\nK2,Chile,Arica\nK3,Cuba,Havana\n", "'Peru' seems to be a value"),
        ("K1,Moor,Osk\nK2,Dorn,Ulm\n", "no heading in row 1 seems to be that of a parameter"),
        ("Posts of Arvenia\n", "there are no rows below it"),
        ("Type,Country,City\n", "there are no rows below it"),
        ("Type,Land,LAND\nEmb.,Peru,Cuba\nEmb.,Cuba,Peru\n", "two columns have the heading 'LAND'"),
        ("No.,Type,Country\n1,Emb.,Peru\n2,Emb.,Cuba\n", "the column of keys numbers the rows"),
        ("Key,Type,Country\na,Emb.,Peru\nb,Emb.,Cuba\n", None),
    ],
)
def test_what_the_guesses_cannot_mend_is_a_warning(table: str, expected: str | None) -> None:
    Path("posts.csv").write_text(table)

    printed = run("import", "posts.csv", "--only", "none", "--form", "mission", "--configure")

    warnings = [line for line in printed.splitlines() if line.startswith("warning: ")]
    assert len(warnings) == (expected is not None)
    assert (expected or "") in printed


def test_one_of_two_columns_with_one_heading_is_neither_read_nor_left_out() -> None:
    read, _ = configured("Type,City,Country,Country\nEmb.,Moor,Peru,Cuba\nEmb.,Osk,Cuba,Peru\n")

    assert {"kind": "Type", "seat": "City", "receiver": "Country"} == read["columns"]
    assert [] == read["without"]
    wrong = run("import", "posts.csv", "--form", "mission", "--set", "sender=Osk")
    assert "'Country' is given twice: another column also has receiver" in wrong


def test_one_column_is_read_as_two_parameters() -> None:
    Path("posts.csv").write_text(
        "Key,Type,City,Country,Status\nP1,embassy,Moor,Corvia,Open\nP2,embassy,Osk,Dorne,Shut\n"
    )
    Path("relations-kg.toml").write_text(
        'ignore = ["without-relations"]\n[columns]\nrow = "Key"\nkind = "Type"\nseat = "City"\n'
        'receiver = "Country"\nclosed = "Status"\n"my:note" = "Status"\n[values]\n'
        'sender = "Arvenia"\n[replacements.closed]\nopen = "present"\n'
    )
    Path("my.ttl").write_text(
        "@prefix my: <https://example.org/my#> .\n@prefix owl: <http://www.w3.org/2002/07/owl#> .\n"
        "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
        "@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n"
        'my:note a owl:DatatypeProperty ; rdfs:label "note"@en ; rdfs:range xsd:string .\n'
    )
    options = (
        "import",
        "posts.csv",
        "--only",
        "none",
        "--vocabulary",
        "my.ttl",
        "--form",
        "mission",
    )

    wrong = run(*options)
    assert "error[value]: closed:" in wrong
    assert "--> posts.csv:3:5\n" in wrong
    with Path("relations-kg.toml").open("a") as file:
        file.write('shut = "1994"\n')
    facts = run(*options, "-o", "posts.ttl") and Path("posts.ttl").read_text()

    assert ["Open", "Shut"] == re.findall(r'my:note "(\w+)"', facts)
    assert 'rkg:when "/.."' in facts
    assert 'rkg:when "1994"' in facts


def test_a_rank_after_an_abbreviation_is_a_guess_but_not_that_of_a_deputy() -> None:
    ranks = ("HM Ambassador", "Deputy High Commissioner", "UK Permanent Representative", "Governor")
    rows = [f"P{n},embassy,Osk,City {n},Ada Ruiz,{rank}" for n, rank in enumerate(ranks)]

    read, text = configured("\n".join(["Key,Type,Country,City,Head,Rank", *rows, ""]))

    assert {
        "HM Ambassador": "ambassador",
        "Deputy High Commissioner": "",
        "UK Permanent Representative": "permanent-representative",
    } == read["replacements"]["head"]["rank"]
    assert '"HM Ambassador" = "ambassador"  # a guess\n' in text


def test_words_before_a_rank_or_a_kind_that_may_change_its_meaning_give_no_guess() -> None:
    ranks = (
        *(
            "Driver of the Ambassador",
            "Goodwill Ambassador",
            "Secretary General",
            "Cónsul retirado",
        ),
        *("General", "Exembajador", "Police Commissioner", "Cónsul jubilado", "EX AMBASSADOR"),
    )
    kinds = ("No embassy", "Escuela de la embajada", "Ehemalige Botschaft", "Branch embassy")
    rows = [f"P{n},embassy,Osk,City {n},Ada Ruiz,{rank}" for n, rank in enumerate(ranks)]
    rows += [f"K{n},{kind},Osk,City {n},," for n, kind in enumerate(kinds)]

    read, _ = configured("\n".join(["Key,Type,Country,City,Head,Rank", *rows, ""]))

    assert dict.fromkeys(ranks, "") == read["replacements"]["head"]["rank"]
    assert dict.fromkeys(kinds, "") == read["replacements"]["kind"]


def test_a_charge_d_affaires_for_a_time_is_guessed_in_other_languages() -> None:
    ranks = ("Encargado de Negocios a.i.", "Chargée d'affaires par intérim", "Enc. Neg., interino")
    rows = [f'P{n},embassy,Osk,City {n},Ada Ruiz,"{rank}"' for n, rank in enumerate(ranks)]

    read, _ = configured("\n".join(["Key,Type,Country,City,Head,Rank", *rows, ""]))

    own = read["replacements"]["head"]["rank"]
    assert dict.fromkeys(ranks, "charge-d-affaires-ad-interim") == own


def test_a_governor_is_head_of_a_mission_and_another_kind_of_office_is_asked_about() -> None:
    row = "P1,representative office,Osk,Moor,Ada Ruiz"
    read, _ = configured(f"Key,Type,Country,City,Head,Rank\n{row},Finance minister\n")
    assert {"Finance minister": ""} == read["replacements"]["head"]["rank"]

    Path("posts.csv").write_text(f"Key,Type,Country,City,Head,Rank\n{row},Governor\n")
    run("import", "posts.csv", "--only", "none", "--set", "sender=Dorne", "-o", "posts.ttl")

    assert "rkg:officeKind code:governor" in Path("posts.ttl").read_text()


def test_a_column_of_statuses_also_states_which_posts_are_suspended() -> None:
    status = ("Open", "Operations suspended", "Temporarily closed", "Open - limited service")
    rows = [f"P{n},embassy,State {n},City {n},{each}" for n, each in enumerate(status)]
    _, text = configured("\n".join(["Key,Type,Country,City,Status", *rows, ""]))
    path = Path("relations-kg.toml")
    text = text.replace('# phase.operation = "Status"', 'phase.operation = "Status"')
    path.write_text(text.replace('as-of = ""', 'as-of = "2025-03-31"'))

    given = ("import", "posts.csv", "--only", "none", "--form", "mission", "--configure")
    run(*given, "--set", "sender=Dorne")
    read = tomllib.loads(path.read_text())
    assert {
        "Open": "none",
        "Temporarily closed": "operations-suspended",
        "Open - limited service": "none",
    } == read["replacements"]["phase"]["operation"]
    run("import", "posts.csv", "--only", "none", "--set", "sender=Dorne", "-o", "posts.ttl")

    graph = rk.load(only=["posts.ttl"])
    for day, suspended in (("2025-03-31", {"State 1", "State 2"}), ("2000-01-01", set())):
        rows_then = graph.run("missions", on=day, all=True)
        assert suspended == {row.to.label for row in rows_then if row.operation}
        assert len(status) == len(rows_then)


def test_a_city_that_is_nearly_one_that_is_asked_about_is_asked_about_too() -> None:
    read, _ = configured(
        "Key,Type,Country,City\n1,embassy,A,Cali\n2,embassy,B,Bali\n3,embassy,C,Bari\n"
    )

    assert {"Bali": "", "Bari": ""} == read["replacements"]["seat"]


def test_a_kind_that_no_code_list_has_is_answered_with_the_command_for_a_code() -> None:
    kinds = ("Governor's Office", "Non-resident")
    rows = [f"P{n},{kind},Osk,City {n}" for n, kind in enumerate(kinds)]
    own = "relations-kg new code --codelist mission-kind --name"

    read, text = configured("\n".join(["Key,Type,Country,City", *rows, ""]))
    assert {"Governor's Office": "", "Non-resident": ""} == read["replacements"]["kind"]
    assert f'or a code of your own: {own} "NAME" --append FILE\n' in text
    assert 'leave it out: "KEY" = "none" below [replacements.row]' in text

    said = run("import", "posts.csv", "--only", "none", "--set", "sender=Dorne")
    assert f'or define it: {own} "Governor\'s Office" --append FILE' in said


def test_a_status_is_guessed_for_what_is_open_or_closed_for_a_time() -> None:
    status = ("Open", "Open - limited service", "Temporarily closed", "Closed", "Suspended")
    rows = [f"P{n},embassy,Osk,City {n},{each}" for n, each in enumerate(status)]

    read, _ = configured("\n".join(["Key,Type,Country,City,Status", *rows, ""]))

    assert "Status" == read["columns"]["closed"]
    assert {
        "Open - limited service": "present",
        "Temporarily closed": "present",
        "Closed": "",
        "Suspended": "present",
    } == read["replacements"]["closed"]


def test_options_name_columns_and_values_of_a_new_configuration() -> None:
    read, text = configured(
        "Art,Wo,Gast,Beginn,Info\nEmb.,Moor,Osk,1/2/2001,x\n",
        *("--column", "receiver=Gast", "--column", "seat=Wo", "--column", "opened=Beginn"),
        *("--set", "sender=Arvenia", "--without", "Info", "--dates", "day-first"),
    )

    assert {"kind": "Art", "receiver": "Gast", "seat": "Wo", "opened": "Beginn"} == read["columns"]
    assert {"sender": "Arvenia"} == read["values"]
    assert ["Info"] == read["without"]
    assert "day-first" == read["dates"]
    assert {"Emb.": "embassy"} == read["replacements"]["kind"]
    assert '# guesses from the headings:\nkind = "Art"\n' in text
    Path("relations-kg.toml").unlink()
    given = ("import", "posts.csv", "--form", "mission", "--configure")
    for option, name in (("--column", "seat=Stadt"), ("--without", "Stadt")):
        assert "no column has the heading 'Stadt'" in complaint(*given, option, name)
    assert "no form has the parameter 'seet'" in complaint(*given, "--column", "seet=Wo")
    assert not Path("relations-kg.toml").exists()


EARLIER = """\
# Mine.
without = ["Was", "Info"]  # look at these

[dataset]
title = "Posts"

[columns]
receiver = "Gast"   # right
kind = "Was"

# All posts.
[values]
sender = ""  # required

[replacements.kind]
"Emb." = "legation"
"KG" = ""
"""


def test_an_earlier_configuration_is_completed_and_what_is_there_stays() -> None:
    Path("relations-kg.toml").write_text(EARLIER)
    table = "Was,Gast,Wo,Info,Notiz,Beginn\nEmb.,Osk,Moor,x,y,31/12/1961\nKG,Osk,Moer,x,y,1990\n"
    table += "Konsulat,Dorn,Ell,x,y,2000s\n"

    read, text = configured(table, "--set", "sender=Arvenia", "--column", "seat=Wo")

    assert 'receiver = "Gast"   # right\nkind = "Was"\nseat = "Wo"\n' in text
    assert "# guesses from the cells, which are mostly dates; look at each:\nopened =" in text
    assert text.startswith('dates = "day-first"\n# Mine.\nwithout = ["Info", "Notiz"]  # look at')
    assert {"sender": "Arvenia"} == read["values"]
    replaced = read["replacements"]
    assert {"Emb.": "legation", "KG": "", "Konsulat": "consulate"} == replaced["kind"]
    assert {"2000s": ""} == replaced["opened"]
    assert {"Moer": ""} == replaced["seat"]
    # Nothing is missing now.
    assert "nothing added" in run("import", "posts.csv", "--form", "mission", "--configure")
    assert text == Path("relations-kg.toml").read_text()


def test_a_configuration_that_is_written_otherwise_is_not_changed() -> None:
    text = 'columns = { kind = "Was" }\n'
    Path("relations-kg.toml").write_text(text)
    Path("posts.csv").write_text("Was,Land\nEmb.,Osk\n")

    output = complaint("import", "posts.csv", "--form", "mission", "--configure")

    assert "nothing can be added to this file as it is written; write [columns]" in output
    assert text == Path("relations-kg.toml").read_text()


TITLED = """\
Liste der Vertretungen 2025,,,,

id,Type,Country,City,Opened
P1,embassy,Osk,Moor,1961
P2,embassy,Dorn,Ell,1962

Source: the ministry,,,,
Total: 2,,,,
"""


def test_headings_below_a_title_are_found_and_rows_below_the_table_are_not_read() -> None:
    Path("posts.csv").write_text(TITLED)
    given = ("import", "posts.csv", "--only", "none", "--form", "mission", "--set", "sender=Arven")
    output = run(*given, "--configure")
    text = Path("relations-kg.toml").read_text()

    assert "posts.csv: the headings seem to be in row 3; what is above is not read" in output
    assert "# The headings seem to be in row 3.\n" in text
    read = tomllib.loads(text)
    assert "id" == read["columns"]["row"]
    assert "City" == read["columns"]["seat"]
    assert [] == read["without"]
    assert "replacements" not in read
    Path("relations-kg.toml").write_text(text.replace("# ignore", "ignore"))
    output = run("import", "posts.csv", "--only", "none", "--form", "mission", "-o", "posts.ttl")
    assert "this row is above the headings and is not read" in output
    assert "this row is below the table and is not read" in output
    assert "2 of 2 rows written" in output


def test_headings_of_several_columns_above_the_headings_are_not_read() -> None:
    read, text = configured(
        "Mission,,,Head,\nType,Country,City,Person,Since\n"
        "embassy,Peru,Moor,Ada Ruiz,2019\nlegation,Cuba,Osk,Bo Lind,2018\n"
    )

    assert "# The headings seem to be in row 2.\n" in text
    assert ("Type", "Country", "City") == tuple(
        read["columns"][name] for name in ("kind", "receiver", "seat")
    )


@pytest.mark.parametrize(
    "last",
    ["P3,embassy,Elland,,", "P3,,,Ost,", "\nP3,embassy,Elland,Ost,", "Elland,,,,"],
)
def test_a_short_last_row_is_read_unless_it_is_below_the_table(last: str) -> None:
    Path("posts.csv").write_text(f"id,Type,Country,City,Opened\nP1,embassy,Osk,Moor,1961\n{last}\n")
    Path("relations-kg.toml").write_text(
        'ignore = ["without-relations"]\n[columns]\nrow = "id"\nkind = "Type"\n'
        'receiver = "Country"\nseat = "City"\n[values]\nsender = "Arvenia"\n'
    )

    given = ("import", "posts.csv", "--only", "none", "--form", "mission", "-o", "posts.ttl")
    output = CliRunner().invoke(commands, given).output

    assert "below the table" not in output
    assert "of 2 rows written" in output


@pytest.mark.parametrize(
    ("last", "is_below"),
    [
        ("Total missions,23,", True),
        (",Total,23", True),
        ("Source: MFA,2024,", True),
        ("Stand 31.12.2023,,", True),
        ("Nota,Osk,", True),
        ("Note verbale,1999,", False),
        ("Notes of Osk,Moor,", False),
        ("Total SA,Paris,", False),
        ("Updated embassy,Osk,", False),
    ],
)
def test_a_last_row_with_a_word_such_as_note_may_have_facts(last: str, is_below: bool) -> None:
    Path("table.csv").write_text(f"a,b,c\nPeru,Lima,x\nChile,Arica,y\n{last}\n")
    (table,) = tables.read("table.csv")

    rows, below = without_footers(table.rows)

    assert (3 if is_below else 4, int(is_below)) == (len(rows), len(below))


@pytest.mark.parametrize(
    ("lines", "number"),
    [
        ("Osk\nDorn\nTotal: 2", 2),
        ("Osk\nDorn\n\nSource: the ministry\nNote 1", 2),
        ("Osk\nTotal\nDorn", 3),
        ("Osk\nDorn\n\nNew Elland", 3),
        ("Osk\nSource Rivers", 2),
        ("Osk,state\nDorn,state\nTotal,2", 2),
        ("Osk,state\nTotal,state", 2),
    ],
)
def test_only_totals_and_notes_are_below_a_narrow_table(lines: str, number: int) -> None:
    Path("table.csv").write_text(f"{lines}\n")
    (table,) = tables.read("table.csv")

    rows, below = without_footers(table.rows)

    assert (number, len(table.rows) - number) == (len(rows), len(below))


def test_commas_separate_parties_if_the_settings_say_so() -> None:
    Path("posts.csv").write_text(
        'id,Type,Country,City,Also\nP1,embassy,Osk,Moor,"Dorn, Elland; Congo, Dem. Rep."\n'
        'P2,embassy,Dorn,Ell,"Osk, the other"\n'
    )
    settings = (
        'split = ["accredited"]\nignore = ["without-relations"]\n[columns]\nrow = "id"\n'
        'kind = "Type"\nreceiver = "Country"\nseat = "City"\naccredited = "Also"\n'
        '[values]\nsender = "Arvenia"\n[replacements.accredited]\n'
        '"Osk, the other" = "Farland"\nElland = "Elland (state)"\n'
    )
    given = ("import", "posts.csv", "--only", "none", "--form", "mission", "-o", "posts.ttl")
    Path("relations-kg.toml").write_text(settings)
    run(*given)
    facts = " ".join(Path("posts.ttl").read_text().split()).replace(" , ", ", ")
    also = "rkg:alsoAccreditedTo id:congo-dem-rep, id:dorn, id:elland-state ;"
    assert also in facts
    assert "rkg:alsoAccreditedTo id:farland" in facts

    Path("relations-kg.toml").write_text(settings.replace('["accredited"]', '["receiver"]'))
    assert "split: receiver takes one value, and not a list" in complaint(*given)
    Path("relations-kg.toml").write_text(settings.replace('["accredited"]', '["acredited"]'))
    assert "split: no form has the parameter 'acredited'; did you mean" in complaint(*given)


def test_a_split_at_commas_is_guessed_if_most_parties_are_known() -> None:
    table = 'id,Type,Country,Also\nP1,embassy,Osk,"Dorn, Elland"\nP2,embassy,Dorn,Osk\n'
    table += 'P3,embassy,Elland,"Osk, Farland"\n'

    read, text = configured(table)

    assert ["accredited"] == read["split"]
    assert "# Not known in accredited: Farland\n" in text
    assert "accredited" not in read.get("replacements", {})
    Path("relations-kg.toml").unlink()
    read, _ = configured(table.replace("Dorn, Elland", "Farland, Gost"))
    assert "split" not in read
    assert "Farland, Gost" in read["replacements"]["accredited"]


SEVERAL = """\
id,Type,Country,Body,City,Also,Further
P1,embassy,Osk,,Moor,Dorn,Elland
P2,mission,Belmark,League of Osk,Ell,,Dorn
P3,embassy,Dorn,,Ost,Elland,
"""
TWO = """\
ignore = ["without-relations"]
[columns]
row = "id"
kind = "Type"
receiver = ["Body", "Country"]
seat = "City"
accredited = ["Also", "Further"]
[values]
sender = "Arvenia"
"""


def test_a_parameter_may_have_several_columns() -> None:
    Path("posts.csv").write_text(SEVERAL)
    Path("relations-kg.toml").write_text(TWO)
    given = ("import", "posts.csv", "--only", "none", "--form", "mission", "-o", "posts.ttl")

    output = run(*given)

    facts = " ".join(Path("posts.ttl").read_text().split()).replace(" , ", ", ")
    for fact in (
        "rkg:alsoAccreditedTo id:dorn, id:elland ;",
        "rkg:alsoAccreditedTo id:dorn ;",
        "rkg:alsoAccreditedTo id:elland ;",
        "rkg:receivingParty id:league-of-osk ;",
        "rkg:receivingParty id:osk ;",
    ):
        assert fact in facts, fact
    # Where both columns are filled in, the other value is not lost without a warning.
    assert "receiver: 1 cell is not read, since another column of receiver has a" in output
    assert "posts.csv:3:3" in output
    Path("relations-kg.toml").write_text(TWO.replace('["Body", "Country"]', '["Country", "Body"]'))
    assert "posts.csv:3:4" in run(*given)
    assert "id:league-of-osk" not in Path("posts.ttl").read_text()
    # An option names one column in place of those of the settings.
    run(*given, "--column", "receiver=Country", "--column", "accredited=Also")
    assert "id:league-of-osk" not in Path("posts.ttl").read_text()


def test_empty_cells_of_several_columns_are_replaced_together() -> None:
    Path("posts.csv").write_text("id,Type,Country,City,A,B\nP1,embassy,Osk,Moor,,\n")
    Path("relations-kg.toml").write_text(
        TWO.replace('["Body", "Country"]', '"Country"').replace('["Also", "Further"]', '["A", "B"]')
        + '[replacements.accredited]\n"" = "Dorn"\n'
    )

    run("import", "posts.csv", "--only", "none", "--form", "mission", "-o", "posts.ttl")

    assert "rkg:alsoAccreditedTo id:dorn" in " ".join(Path("posts.ttl").read_text().split())


def test_a_key_of_two_missions_is_one_error_also_beside_columns_of_heads() -> None:
    Path("posts.csv").write_text(
        "id,Type,Country,City,Opened,Closed,Head,Since\n"
        "P1,Embassy,Finland,Turku,1961,present,Ada Ruiz,2020\n"
        "P1,Embassy,Denmark,Aarhus,1963,present,Bo Lind,2021\n"
        "P2,Embassy,Norway,Bergen,1963,present,Cy Aro,2021\n"
        "P2,embassy,Norway,Bergen,1963,present,Di Ek,2011\n"
    )
    Path("relations-kg.toml").write_text(
        'ignore = ["without-relations"]\n[columns]\nrow = "id"\nkind = "Type"\n'
        'receiver = "Country"\nseat = "City"\nhead.holder = "Head"\nhead.since = "Since"\n'
        '[values]\nsender = "Arvenia"\n'
    )

    output = run("import", "posts.csv", "--only", "none", "--form", "mission")

    assert 1 == output.count("error[")
    assert (
        "line 2 already has the key 'P1', but has 'Finland' as receiver, and not 'Denmark'"
        in output
    )
    assert "give each row about another thing a key of its own" in output


def test_only_none_beside_another_file_is_refused() -> None:
    Path("posts.csv").write_text("kind,sender,receiver,seat\nembassy,Osk,Dorn,Moor\n")
    Path("a.ttl").write_text("")

    output = complaint("import", "posts.csv", "--only", "none", "--only", "a.ttl")

    assert "--only none is an empty graph; leave it out beside another --only" in output


def test_an_unknown_kind_of_mission_is_answered_with_all_that_are_known() -> None:
    Path("posts.csv").write_text("kind,sender,receiver,seat\nREPER,Osk,Dorn,Moor\n")

    output = run("import", "posts.csv", "--only", "none", "--form", "mission")

    for kind in ("embassy", "vice-consulate", "consular-agency", "permanent-mission"):
        assert kind in output


def test_what_may_be_meant_is_found_once_for_equal_values(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    advice = Values._advice

    def counting(*arguments: Any) -> str | None:
        asked.append(arguments[2])
        return advice(*arguments)

    monkeypatch.setattr(Values, "_advice", counting)
    rows = [f"REPER,Osk,State {n}x,City {n}x" for n in range(5)]
    Path("posts.csv").write_text("\n".join(("kind,sender,receiver,seat", *rows)))

    output = run("import", "posts.csv", "--only", "none", "--form", "mission")

    assert ["REPER"] == asked
    assert "; and 4 more cells" in output


def _workbook(sheets: Mapping[str, Sequence[Sequence[str]]]) -> None:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save("posts.xlsx")


EMBASSIES = (
    ("ID", "Tipo", "País", "Ciudad", "Jefe de Misión", "Asunción", "Apertura"),
    ("E1", "Embajada", "Peru", "Lima", "Ada Ruiz", "2020-05-13", "1950"),
    ("E2", "Embajada", "Chile", "Santiago", "Bo Lind", "2021-05-13", "1951"),
)
CONSULATES = (
    ("List of consulates",),
    ("ID", "Categoría", "País", "Ciudad", "Titular", "Fecha de asunción", "Año apertura"),
    ("C1", "Consulado", "Peru", "Tacna", "Cy Aro", "2022-05-13", "1952"),
    ("C2", "Consulado General", "Chile", "Arica", "Di Ek", "2023-05-13", "1953"),
    ("C3", "Consulado", "Chile", "Iquique", "Ed Orr", "2023-06-13", "1954"),
)


def test_the_settings_are_for_all_sheets_of_a_workbook_with_missions() -> None:
    _workbook({"E": EMBASSIES, "C": CONSULATES, "Notes": [("As told by", "the ministry")]})
    run("import", "posts.xlsx", "--form", "mission", "--configure", "--set", "sender=Arvenia")
    text = Path("relations-kg.toml").read_text("utf-8")
    columns = tomllib.loads(text)["columns"]

    assert {
        "row": "ID",
        "kind": ["Categoría", "Tipo"],
        "receiver": "País",
        "seat": "Ciudad",
        "head": {
            "holder": ["Titular", "Jefe de Misión"],
            "since": ["Fecha de asunción", "Asunción"],
        },
        "opened": ["Año apertura", "Apertura"],
    } == columns
    kinds = tomllib.loads(text)["replacements"]["kind"]
    assert {"Consulado", "Consulado General", "Embajada"} == kinds.keys()

    run("import", "posts.xlsx", "--form", "mission", "--only", "none", "-o", "posts.ttl", "--quiet")
    rows = rk.load(only=["posts.ttl"]).run("office-holders-on", on="2024-01-01", all=True)
    assert {"Ada Ruiz", "Bo Lind", "Cy Aro", "Di Ek", "Ed Orr"} == {r.holder.label for r in rows}


def test_the_heading_of_another_sheet_that_the_settings_lack_is_warned_of() -> None:
    _workbook({"E": EMBASSIES, "C": CONSULATES})
    Path("relations-kg.toml").write_text('[columns]\nkind = "Tipo"\n[values]\nsender = "Arvenia"\n')
    said = run("import", "posts.xlsx", "--form", "mission", "--configure")

    assert 'write kind = ["Categoría", "Tipo"]' in said
    assert "2 of 2 sheets with columns of the form: 'C', 'E'" in said


@pytest.mark.parametrize("heading", ["Tipo", "Categoría"])
def test_a_heading_of_one_sheet_that_the_settings_leave_out_stays_left_out(heading: str) -> None:
    _workbook({"E": EMBASSIES, "C": CONSULATES})
    Path("relations-kg.toml").write_text(
        f'without = ["{heading}"]\n[values]\nsender = "Arvenia"\n', "utf-8"
    )
    run("import", "posts.xlsx", "--form", "mission", "--configure")
    settings = tomllib.loads(Path("relations-kg.toml").read_text("utf-8"))

    assert heading in settings["without"]
    assert heading != settings["columns"]["kind"]


def test_a_date_beside_the_opening_is_not_that_of_the_mission() -> None:
    table = (
        "ID,Fecha de visita,País,Ciudad,Apertura\n"
        "P1,2020-05-13,Peru,Lima,1950\nP2,2021-05-13,Chile,Santiago,1951\n"
    )
    settings, _ = configured(table)

    assert "when" not in settings["columns"]
    assert "opened" in settings["columns"]


STATES = ("Belmark", "Corvia", "Dorland", "Elsinia", "Fenwick", "Gaultery")
CITIES = ("Belport", "Corvina", "Dorstad", "Elsburg", "Fenham", "Gaulton")


@pytest.mark.parametrize(
    ("heading", "place", "seats", "host"),
    [
        ("Country", "City", ("Arvport",) * 5 + ("Corlund",), "Arvport"),
        ("Pays", "Résidence", ("Arvport",) * 4 + ("Corlund", "Dorport"), "Arvport"),
        # Seats in different cities, and a heading that names the receivers.
        ("Country", "City", ("Arvport", "Arvport", "Corlund", "Dorport", "Elport", "Fenport"), ""),
        ("Receiving state", "City", ("Arvport",) * 6, ""),
        # Missions to the states in one city, of which the option names the sender.
        ("Country", "City --set sender=Arvenia", ("Arvport",) * 6, ""),
    ],
)
def test_the_states_of_missions_in_one_city_are_guessed_to_be_the_senders(
    heading: str, place: str, seats: Sequence[str], host: str
) -> None:
    column, *options = place.split(maxsplit=1)
    rows = "".join(f"{state},{seat}\n" for state, seat in zip(STATES, seats, strict=True))
    settings, text = configured(f"{heading},{column}\n{rows}", *" ".join(options).split())

    columns = settings["columns"]
    assert (columns["sender" if host else "receiver"], columns["seat"]) == (heading, column)
    assert ("sender" in columns, "receiver" in columns) == (bool(host), not host)
    assert (f"required: the state of {host}" in text) is bool(host)


def test_a_column_of_residence_with_its_codes_is_no_column_of_seats() -> None:
    rows = "Belmark,resident\nCorvia,non-resident\n"
    for cells in (rows, rows.replace("non-resident", "non-résidente")):
        settings, text = configured(f"Country,Residence\n{cells}", name="r.csv")
        assert "seat" not in settings["columns"]
        assert "# under their own names:\n#   residence\n" in text
        Path("relations-kg.toml").unlink()


def test_a_workbook_with_missions_in_both_directions_is_read_in_both() -> None:
    own = [*zip(STATES, CITIES, strict=True)]
    foreign = [(state, "Arvport") for state in STATES]
    _workbook({"Abroad": [("State", "City"), *own], "Here": [("Country", "Residence"), *foreign]})
    given = ("import", "posts.xlsx", "--only", "none", "--form", "mission")
    said = run(*given, "--configure")
    assert "'Here': most seats are in Arvport, so these seem to be missions of other states" in said

    text = Path("relations-kg.toml").read_text()
    for name, why in (("sender", "that of the missions in 'Abroad'"), ("receiver", "the state of")):
        assert f'{name} = ""  # required: {why}' in text
        text = text.replace(f'{name} = ""', f'{name} = "Arvenia"')
    Path("relations-kg.toml").write_text(text)
    run(*given, "-o", "m.ttl")

    kg = rk.load(only=["m.ttl"])
    rows = kg.run("missions", on="2024-06-30", all=True)
    found = {(row.sender.label, row.to.label, row.seat.label) for row in rows}
    expected = {("Arvenia", state, city) for state, city in own}
    assert found == expected | {(state, "Arvenia", "Arvport") for state in STATES}


NUMBERED = {
    "Posts abroad": [
        ("No.", "Country", "Type", "City"),
        (1, "Belmark", "Embassy", "Belport"),
        (2, None, "Consulate", "Milport"),
        ("Asia",),
        (3, "Corvia", "Embassy", "Corlund"),
        (4, None, "Consulate", "Westbury"),
    ],
    "Foreign posts": [
        ("No.", "Sending state", "Type", "City"),
        (1, "Dorland", "Embassy", "Arvport"),
        (2, "Elsinia", "Embassy", "Arvport"),
        (3, "Fenwick", "Embassy", "Arvport"),
    ],
}


def _numbered(sheets: Mapping[str, Sequence[Sequence[Any]]] = NUMBERED) -> str:
    _workbook(sheets)
    given = ("import", "posts.xlsx", "--only", "none", "--form", "mission")
    if not Path("relations-kg.toml").exists():
        run(*given, "--configure")
        text = Path("relations-kg.toml").read_text()
        text = text.replace('sender = ""', 'sender = "Arvenia"')
        text = text.replace("[values]", '[values]\nreceiver = "Arvenia"')
        Path("relations-kg.toml").write_text(text)
    return run(*given, "-o", "m.ttl")


def _missions() -> dict[str, tuple[str, str, str]]:
    rows = rk.load(only=["m.ttl"]).run("missions", on="2024-06-30", all=True)
    ends = [[each.label for each in (row.sender, row.to, row.seat)] for row in rows]
    keys = [row.mission.curie.removeprefix("id:") for row in rows]
    return dict(zip(keys, map(tuple, ends), strict=True))


def test_sheets_with_the_same_keys_get_prefixes_and_empty_cells_the_text_above() -> None:
    _numbered()
    text = Path("relations-kg.toml").read_text()

    assert "# No. numbers the rows from 1 in their order." in text
    assert {"Posts abroad": "P", "Foreign posts": "F"} == tomllib.loads(text)["prefixes"]
    assert ["receiver"] == tomllib.loads(text)["fill"]
    assert {
        "posts-p1-mission": ("Arvenia", "Belmark", "Belport"),
        "posts-p2-mission": ("Arvenia", "Belmark", "Milport"),
        "posts-p3-mission": ("Arvenia", "Corvia", "Corlund"),
        "posts-p4-mission": ("Arvenia", "Corvia", "Westbury"),
        "posts-f1-mission": ("Dorland", "Arvenia", "Arvport"),
        "posts-f2-mission": ("Elsinia", "Arvenia", "Arvport"),
        "posts-f3-mission": ("Fenwick", "Arvenia", "Arvport"),
    } == _missions()

    # Replacements of one row have the whole key, and --configure adds no prefix later.
    settings = f'{text}\n[replacements.seat]\n"P2: Milport" = "Osk"\n'
    Path("relations-kg.toml").write_text(settings)
    assert "replacement in the settings" not in _numbered()
    assert "Osk" == _missions()["posts-p2-mission"][2]
    given = ("import", "posts.xlsx", "--only", "none", "--form", "mission")
    assert "the column of keys numbers the rows from 1" in run(*given, "--configure")
    assert settings == Path("relations-kg.toml").read_text()


def test_a_sheet_without_its_prefix_is_an_error() -> None:
    _numbered()
    renamed = {"Posts 2025": NUMBERED["Posts abroad"], "Foreign posts": NUMBERED["Foreign posts"]}

    said = _numbered(renamed)
    assert "error[prefixes]: the settings have prefixes of keys for 'Posts abroad'" in said
    assert "posts.xlsx!Posts 2025!A1" in said
    assert "0 of 7 rows written" in said
    # A workbook of one sheet may be another table.
    said = _numbered({"Posts 2025": NUMBERED["Posts abroad"]})
    assert "warning[prefixes]: the settings have prefixes of keys for 'Posts abroad'" in said
    assert "4 rows written" in said


def test_nothing_is_filled_below_a_title() -> None:
    rows = [*NUMBERED["Posts abroad"], ("Europe",), (5, None, "Embassy", "Osk")]
    said = _numbered({"Posts abroad": rows, "Foreign posts": NUMBERED["Foreign posts"]})

    assert "are not read, as titles: 'Asia', 'Europe'\n" in said
    assert "error[without-receiver]" in said
    assert re.search("posts.xlsx!Posts abroad![A-D]8\n", said)
    assert "0 of 8 rows written" in said


def test_a_value_that_another_form_requires_is_added_to_be_completed() -> None:
    Path("heads.csv").write_text("Key,Holder,Mission\nH1,Ada Ruiz,Embassy of Arvenia in Belport\n")
    run("import", "heads.csv", "--only", "none", "--form", "head", "--configure")
    assert "prefixes" not in tomllib.loads(Path("relations-kg.toml").read_text())

    settings, text = configured("Country,City\nBelmark,Belport\n")
    assert {"sender": ""} == settings["values"]
    assert 'sender = ""  # required\n' in text
    run("import", "posts.csv", "--only", "none", "--form", "mission", "--configure")
    assert text == Path("relations-kg.toml").read_text()


def test_sheets_about_the_same_missions_get_no_prefixes() -> None:
    heads = [("No.", "Country", "Ambassador"), (1, "Belmark", "Ada Ruiz"), (3, "Corvia", "Bo Lind")]
    _workbook({"Posts": NUMBERED["Posts abroad"], "Heads": heads})
    run("import", "posts.xlsx", "--only", "none", "--form", "mission", "--configure")

    assert "prefixes" not in tomllib.loads(Path("relations-kg.toml").read_text())


def test_merged_titles_are_not_read_and_merged_cells_of_a_column_are_those_of_each_row() -> None:
    _workbook({"Posts": NUMBERED["Posts abroad"]})
    book = openpyxl.load_workbook("posts.xlsx")
    sheet = book.active
    for area in ("A4:D4", "B2:B3", "B5:B6"):
        sheet.merge_cells(area)
    book.save("posts.xlsx")
    given = ("import", "posts.xlsx", "--only", "none", "--form", "mission")
    run(*given, "--configure", "--set", "sender=Arvenia")
    said = run(*given, "-o", "m.ttl")

    assert "fill" not in tomllib.loads(Path("relations-kg.toml").read_text())
    assert "info[heading]: titles in merged cells are not read: 'Asia'\n" in said
    assert ["Belmark", "Belmark", "Corvia", "Corvia"] == [to for _, to, _ in _missions().values()]


@pytest.mark.parametrize(
    ("heading", "closed", "suspended", "away"),
    [
        ("Status", "closed", "suspended", "non-resident"),
        ("Statut", "fermé", "suspendu", "non-résident"),
        ("Estado actual", "cerrada", "suspendida", "no residente"),
        ("Lage", "geschlossen", "ausgesetzt", "nicht residierend"),
        ("Situação da missão", "encerrada", "suspensa", "não residente"),
        ("Status of post", "closed", "suspended", "non-resident"),
    ],
)
def test_a_column_of_statuses_is_that_of_closures(
    heading: str, closed: str, suspended: str, away: str
) -> None:
    cells = [closed, suspended, "", away]
    rows = [",".join(row) for row in zip(STATES, CITIES, cells, strict=False)]
    settings, text = configured("\n".join((f"Country,City,{heading}", *rows)))

    assert heading == settings["columns"]["closed"]
    replaced = settings["replacements"]["closed"]
    assert {closed: "", suspended: "present", away: "present"} == replaced
    assert f'write its date for each row, "KEY: {closed}"' in text
    said = run("import", "posts.csv", "--only", "none", "--set", "sender=Arvenia")
    assert f"{closed!r}" in said
    assert "0 of 4 rows written" in said


@pytest.mark.parametrize(
    "heading",
    [
        *("Border", "Vacancy", "Status of relations", "Relaciones diplomáticas", "Account status"),
        *("Estado de la convocatoria", "Stellenausschreibung", "Statut du visa", "Граница"),
    ],
)
def test_statuses_of_other_things_are_no_closures(heading: str) -> None:
    cells = ("open", "closed", "suspended", "closed")
    rows = [",".join(row) for row in zip(STATES, CITIES, cells, strict=False)]
    settings, _ = configured("\n".join((f"Country,City,{heading}", *rows)))

    assert "closed" not in settings["columns"]
    assert [heading] == settings["without"]


@pytest.mark.parametrize("cells", [("Closed in 1994", "Closed 1995"), ("Nice office", "closed")])
def test_other_texts_are_no_statuses(cells: tuple[str, str]) -> None:
    rows = [",".join(row) for row in zip(STATES, CITIES, cells, strict=False)]
    settings, _ = configured("\n".join(("Country,City,Status", *rows)))

    assert "closed" not in settings["columns"]


def test_a_title_of_the_guessed_language_is_no_rank_to_complete() -> None:
    names = ("Lamine Sarr", "Arben Hoxhaj", "Jean Petit", "Paul Durand", "Salif Ba", "Luc Roy")
    rows = [f"{s},{c},M. {n}" for s, c, n in zip(STATES, CITIES, names, strict=True)]
    settings, _ = configured("\n".join(("Pays,Ville,Chef de mission", *rows)))

    assert "fr" == settings["language"]
    assert "rank" not in settings.get("replacements", {}).get("head", {})
