"""Tests of relations-kg.toml for the import of tables: its dataset, its columns and its values."""

import tomllib
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner
from command_line import complaint
from examples import empty

import relations_kg as rk
from relations_kg.authoring.importing import Import, import_table
from relations_kg.authoring.settings import Dataset, Settings
from relations_kg.cli import commands, configuration
from relations_kg.rdf.namespaces import shorten

pytestmark = pytest.mark.usefixtures("shared_graphs")

POSTS = """\
Post ID,Type,Country,City,Opened,Closed,Also accredited to,Head of Mission,Rank,Since,Phone,Lat
P1,High Commission,Arvenia,Belport,05/06/1961,present,Dorne,Ada Ruiz,ambassador,21/02/2019,+1,12.5
P2,Consulate-General,Corvia,Northaven,1971,1990,,,,,,
"""
LICENSE = "https://creativecommons.org/publicdomain/zero/1.0/"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("posts.csv").write_text(POSTS)
    return tmp_path


def run(*words: str, code: int = 0) -> str:
    result = CliRunner().invoke(commands, words)
    assert code == result.exit_code, result.output
    return result.output


@pytest.mark.parametrize(
    ("seat", "since"),
    [
        ("Moved to", "Moved on"),
        ("Moved to", "Relocated in"),
        ("Moved to", "Date of move"),
        ("New city after move", "Year moved to new city"),
        ("Relocated in", "Moved"),
        ("Relocation", "When relocated"),
    ],
)
def test_the_columns_of_a_move_are_guessed_in_either_order(
    folder: Path, seat: str, since: str
) -> None:
    for headings, values in ((f"{seat},{since}", "B,2021"), (f"{since},{seat}", "2021,B")):
        rows = f"id,Type,City,{headings},Phone\nP0,Embassy,A,,,1\nP1,Embassy,A,{values},1\n"
        Path("moves.csv").write_text(rows)
        run("import", "moves.csv", "--form", "mission", "--configure")

        file = Path("relations-kg.toml")
        read = tomllib.loads(file.read_text())
        assert {"seat": seat, "since": since} == read["columns"]["phase"]
        assert ["Phone"] == read["without"]
        file.unlink()


@pytest.mark.parametrize("heading", ["Moved", "Moved from", "Date moved from old town"])
def test_a_heading_about_a_move_that_names_neither_time_nor_place_is_listed_as_left_out(
    folder: Path, heading: str
) -> None:
    Path("moves.csv").write_text(f"id,Type,City,{heading}\nP1,Embassy,A,\n")
    run("import", "moves.csv", "--form", "mission", "--configure")

    text = Path("relations-kg.toml").read_text()
    assert (
        "# Headings for which no parameter is guessed. The import leaves these columns out: give "
        "each one\n# that has facts its parameter under [columns], and remove it from this list.\n"
        f'without = ["{heading}"]\n'
    ) in text


@pytest.mark.slow
def test_a_table_of_another_layout_is_imported_by_two_commands(folder: Path) -> None:
    run("import", "posts.csv", "--form", "mission", "--configure")
    file = Path("relations-kg.toml")
    text = file.read_text()
    for name, given in (("sender", "Corland"), ("version", "2024"), ("as-of", "2024-06-30")):
        assert f'{name} = ""' in text
        text = text.replace(f'{name} = ""', f'{name} = "{given}"')
    file.write_text(text.replace("# dates", "dates").replace("# ignore", "ignore"))

    run("import", "posts.csv", "--only", "none", "-o", "posts.ttl", "-q")

    facts = Path("posts.ttl").read_text()
    for fact in (
        'rdfs:label "posts, table posts.csv"@en',
        "rkg:leavesOpen dcterms:license",
        'rkg:speaksFrom "2024-06-30"^^edtf:EDTF',
        "id:posts-p1-mission a rkg:DiplomaticMission",
        "rkg:missionKind code:high-commission",
        'rdfs:label "High commission of Corland in Belport"@en',
        "rkg:alsoAccreditedTo id:dorne",
        "geo:lat 12.5",
        'rkg:when "2019-02-21/.."^^edtf:EDTF',
    ):
        assert fact in facts, fact
    assert "+1" not in facts
    text = file.read_text()
    assert "nothing added" in run("import", "posts.csv", "--form", "mission", "--configure")
    assert text == file.read_text()


def imported(table: str, **settings: object) -> Import:
    Path("missions.csv").write_text(table)
    own = Settings(**settings)  # type: ignore[arg-type]
    return import_table(empty(), "missions.csv", settings=own)


@pytest.mark.slow
def test_settings_matter_only_for_tables_that_have_their_columns(folder: Path) -> None:
    columns = {"row": "Key", "sender": "Of", "name": "Party", "head.holder": "Chief"}
    settings = {
        "dataset": Dataset(
            {"title": "The north", "publisher": "Osk", "license": LICENSE, "as-of": "30 June 2024"}
        ),
        "columns": columns,
        "values": {"receiver": "Belmark", "seat": "Osk", "kind": "embassy"},
        "without": ("Notes", "Phone"),
    }
    table = "Key,Of,seat,when,Notes\nP1,Arvenia,Belport,1961/..,x\n"

    found = imported(table, **settings)

    assert [f.concise for f in found.report.findings if f.code != "without-relations"] == []
    assert {"id:belmark", "id:belport", "id:missions-p1-mission"} <= {
        shorten(thing.iri) for thing in found.new
    }
    text = found.turtle.decode()
    for fact in (
        'rdfs:label "The north, table missions.csv"@en',
        f"dcterms:license <{LICENSE}>",
        'rkg:publication "Osk"',
        'rkg:speaksFrom "2024-06-30"^^edtf:EDTF',
        "rkg:leavesOpen rkg:version",
    ):
        assert fact in text
    # An exported table does not describe the dataset, so it cites the row without the dataset's
    # title, in the form that the import reads.
    Path("facts.ttl").write_text(text)
    row = rk.load(only="facts.ttl").tables().sheets["mission"][1]
    assert "Table missions.csv, row P1" == row[-1]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[dataset]\nlicence = 'x'", 'dataset.licence: there is no such setting; did you mean "l'),
        ("[dataset]\nlicense = 'CC0'", "dataset.license: 'CC0' is not an address; write one such"),
        ("[dataset]\nas-of = 'soon'", 'relations-kg.toml: dataset.as-of: "soon" is not a date'),
        (
            "[columns]\nsender = 1",
            "columns: it is not a table of strings or lists of strings; write columns = {",
        ),
        ("[columns]\nsender = []", "columns: it is not a table of strings or lists of strings;"),
        ("dates = 'dmy'", "dates: it is not day-first or month-first; write dates ="),
        (
            "replacements = ['x']",
            "replacements: it is not a table of strings for each column; write replacements = {",
        ),
        ("[replacements]\nEMB = 'embassy'", "replacements: it is not a table of strings for each"),
        ("[replacements.kind]\nEMB = 1", "replacements: it is not a table of strings for each"),
        (
            "[replacements.knd]\nEMB = 'embassy'",
            "relations-kg.toml: replacements: no form has the parameter 'knd'; did you mean",
        ),
        (
            "[replacements.head]\nCdA = 'none'\nrank = { Amb = 'ambassador' }",
            "relations-kg.toml: replacements: no form has the parameter 'head'; see",
        ),
        (
            "[replacements.kind]\nEMB = 'embassy'\n' emb' = 'legation'",
            "relations-kg.toml: replacements.kind: 'EMB' and ' emb' are the same text with two",
        ),
        (
            "[columns]\nsendr = 'Country'",
            "relations-kg.toml: columns: no form has the parameter 'sendr'; did you mean",
        ),
        ("[values]\nsendr = 'Peru'", "values: no form has the parameter 'sendr'; did you mean"),
        ("distinct = ['']", "relations-kg.toml: distinct: no form has the parameter ''"),
        ("distinct = 'head.holder'", "distinct: it is not a list of strings; write distinct = ["),
    ],
)
def test_mistakes_in_settings_are_named(folder: Path, text: str, message: str) -> None:
    Path("relations-kg.toml").write_text(text)

    assert message in complaint("import", "posts.csv", "--only", "none", "--form", "mission")


ABBREVIATED = """\
Key,Type,Country,Also,City,Opened,Chief,Rank
P1,EMB,Belmark,"Corvia; UN (Osk); Dorn, Elland",Osk,31/12/1961,Ada Ruiz,Amb.
P2,cg,Belmark,-,Moor,1971,to be named,AMB.
P3,Cons. Gen.,EU,,Belmark,2000s,,Kst.
P4,Emb.,Guinea,,Moer,196X,vacant,
"""


@pytest.mark.slow
def test_texts_of_a_table_are_replaced_by_the_settings(folder: Path) -> None:
    Path("missions.csv").write_text(ABBREVIATED)
    run("import", "missions.csv", "--form", "mission", "--configure")
    file = Path("relations-kg.toml")
    text = file.read_text()
    # The order of day and month follows from the dates.
    assert '\ndates = "day-first"\n' in text
    # A state may have the name of a currency.
    assert '"Guinea" =' not in text
    for name, lines in (
        ("kind", ['"EMB" = "embassy"', '"cg" = "consulate-general"', '"Cons. Gen." = "cons']),
        ("receiver", ['"EU" = ""  # nothing here has the abbreviation']),
        ("accredited", ['"Dorn, Elland" = ""  # if it is a list, write ', '"-" = "none"']),
        ("seat", ['"Belmark" = "Belmark <id:belmark-city>"  #', """"Moer" = ""  # 'Moer' is ne"""]),
        (
            "opened",
            ["\"2000s\" = \"\"  # not a date of the EDTF profile: '2000s'; write '200X' for"],
        ),
        ("head.holder", ['"" = "none"  # a row has head.rank, but not head.holder']),
        (
            "head.rank",
            ['"Amb." = "ambassador"', '"Kst." = ""\n', "#   agent, ambassador, apostolic"],
        ),
    ):
        table = text.partition(f"[replacements.{name}]\n")[2].partition("\n\n")[0]
        places = [table.find(line) for line in lines]
        assert places == sorted(places), table
        assert places[0] == 0, table
    for old, new in (
        ('sender = ""', 'sender = "Arvenia"'),
        ('"EU" = ""', '"EU" = "European Union"'),
        ('"Dorn, Elland" = ""', '"Dorn, Elland" = "Dorn; Elland"'),
        ('"Moer" = ""', '"Moer" = "new: Moer"'),
        ('"2000s" = ""', '"2000s" = "200X"'),
        ('"Kst." = ""', '"Kst." = "none"'),
        ('"" = "none"', '"" = "none"\n"To be named" = "none"'),
        ('"-" = "none"', '"-" = "none"\n"UN (Osk)" = "League of Osk"'),
    ):
        assert old in text
        text = text.replace(old, new, 1)
    file.write_text(text)

    assert "replacements.kind" not in run("import", "missions.csv", "--only", "none", "-o", "m.ttl")

    facts = Path("m.ttl").read_text()
    for fact in (
        "id:missions-p1-mission a rkg:Embassy",
        "id:missions-p2-mission a rkg:ConsulateGeneral",
        "rkg:alsoAccreditedTo id:corvia, id:dorn, id:elland, id:league-of-osk",
        "rkg:receivingParty id:european-union",
        'rkg:when "200X"^^edtf:EDTF',
        "rkg:seat id:belmark-city",
        "rkg:diplomaticRank code:ambassador",
    ):
        assert fact in " ".join(facts.split()).replace(" , ", ", "), fact
    assert "to be named" not in facts.lower()


@pytest.mark.slow
def test_the_parties_of_a_table_are_written_as_a_table_to_import_first(folder: Path) -> None:
    Path("missions.csv").write_text(
        "kind,sender,receiver,seat,accredited\nembassy,Arvenia,Australia,Australia <id:osk>,\n"
        "embassy,Arvenia,new: Guinea,Moor,Austria; League of Osk\n"
    )
    given = ["--form", "mission", "--without", "Nothing"]
    assert "no column has the heading" in complaint("import", "missions.csv", *given)
    run("import", "missions.csv", "--only", "none", "--template", "party", "-o", "party.csv")
    text = Path("party.csv").read_text("utf-8-sig")
    names = [line.split(",")[:2] for line in text.splitlines()[2:]]
    # A name has its IRI beside it if it is similar to another one, or is that of other things too.
    assert names == [
        ["Arvenia", "state"],
        ["Australia <id:australia>", "state"],
        ["Austria", "state"],
        ["Guinea <id:guinea>", "state"],
        ["League of Osk", "state"],
    ]
    organization = "League of Osk,intergovernmental organisation,"
    Path("party.csv").write_text(text.replace("League of Osk,state,", organization))
    run("import", "party.csv", "--only", "none", "-o", "party.ttl")

    new = run("import", "missions.csv", "--only", "party.ttl", "-o", "m.ttl")

    assert "a state" not in new
    assert "also new: city 2, mission 2;" in new
    places = run("import", "missions.csv", "--only", "party.ttl", "--template", "place")
    assert ["Australia <id:osk>", "Moor"] == [
        line.split(",")[0] for line in places.splitlines() if ",city," in line
    ]
    message = complaint("import", "missions.csv", "--only", "party.ttl", "--template", "visit")
    assert "the form visit describes nothing by its name; take a form such as party" in message


@pytest.mark.slow
def test_a_table_of_parties_has_those_of_rows_with_errors_except_with_partial(folder: Path) -> None:
    Path("missions.csv").write_text("kind,sender,seat\nembassy,Arvenia,Osk\nEMB,Corvia,Moor\n")
    given = ["import", "missions.csv", "--only", "none", "--form", "mission", "--set"]
    given += ["receiver=Belmark", "--template", "party", "-o"]

    def named(file: str) -> list[str]:
        text = Path(file).read_text("utf-8-sig")
        return [line.split(",")[0] for line in text.splitlines()[2:]]

    message = run(*given, "party.csv")
    assert "error[value]: kind:" in message
    assert "table of the form party: rows with errors may name more; correct them" in message
    assert "[replacements.COLUMN]" in message
    assert ["Arvenia", "Belmark", "Corvia"] == named("party.csv")
    assert "rows with errors" in run(*given, "some.csv", "--partial")
    assert ["Arvenia", "Belmark"] == named("some.csv")


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (["--template", "party", "--configure"], "--template writes a table; leave out --conf"),
        (["--template", "party", "--update", "-o", "t.csv"], "leave out --configure and --update"),
        (["--configure", "-o", "t.toml"], "--configure writes relations-kg.toml; leave out -o"),
        (["--configure", "--partial"], "leave out -o, --update, --partial, --ended, --phases and"),
        (["--configure", "--update"], "--configure writes relations-kg.toml; leave out"),
        (["--configure", "--ended", "t.csv"], "--configure writes relations-kg.toml; leave out"),
        (["--configure", "--phases", "t.csv"], "--configure writes relations-kg.toml; leave out"),
    ],
)
def test_options_of_an_import_that_would_have_no_effect_are_refused(
    folder: Path, more: list[str], message: str
) -> None:
    Path("t.csv").write_text("name\n")

    assert message in complaint("import", "posts.csv", "--form", "mission", *more)
    assert "name\n" == Path("t.csv").read_text()
    assert not Path("t.toml").exists()
    assert not Path("relations-kg.toml").exists()


@pytest.mark.slow
def test_empty_cells_may_mean_that_a_mission_still_exists(folder: Path) -> None:
    # The second row has no cell for the closure.
    Path("missions.csv").write_text("id,Country,City,Closed\nP1,Belmark,Osk,1990\nP2,Corvia,Moor\n")
    run("import", "missions.csv", "--form", "mission", "--configure")
    file = Path("relations-kg.toml")
    text = file.read_text()
    assert '[replacements.closed]\n# "" = "present"' in text
    file.write_text(text.replace('# "" = "p', '"" = "p').replace('er = ""', 'er = "Arvenia"'))

    run("import", "missions.csv", "--only", "none", "-o", "m.ttl")

    facts = Path("m.ttl").read_text()
    second = facts.partition("id:missions-p2-mission a ")[2].partition(" .\n")[0]
    assert 'rkg:when "/.."^^edtf:EDTF' in second
    assert 1 == facts.count("a rkg:MissionClosure") == facts.count('"1990"^^edtf:EDTF')


@pytest.mark.slow
@pytest.mark.parametrize("format", ["csv", "xlsx"])
def test_exported_tables_are_read_back_beside_the_settings(folder: Path, format: str) -> None:
    Path("relations-kg.toml").write_text(
        '[columns]\nrow = "Post ID"\nkind = "Type"\nreceiver = "Country"\nseat = "City"\n'
        'accredited = "Also accredited to"\n'
        'head.holder = "Head of Mission"\nhead.rank = "Rank"\nhead.since = "Since"\n'
        '[values]\nsender = "Corland"\n[dataset]\nversion = "2024"\nas-of = "2024-06-30"\n'
    )
    Path("party.csv").write_text("name,kind\nArvenia,state\nCorvia,state\nCorland,state\n")
    given = ["--without", "Phone", "--without", "Lat", "--dates", "day-first"]
    run("import", "party.csv", "--only", "none", "-o", "party.ttl")
    run("import", "posts.csv", *given, "--form", "mission", "--only", "party.ttl", "-o", "m.ttl")
    both = ["--only", "party.ttl", "--only", "m.ttl"]
    run("export", *both, "-o", "t.xlsx" if format == "xlsx" else "t", "-f", format)
    files = ["t.xlsx"] if format == "xlsx" else ["t/party.csv", "t/mission.csv", "t/head.csv"]

    read: list[str] = []
    for number, file in enumerate(files):
        known = [word for each in read for word in ("--only", each)] or ["--only", "none"]
        read.append(f"{number}.ttl")
        run("import", file, *known, "-o", read[-1])

    Path("before.ttl").write_text(Path("party.ttl").read_text() + Path("m.ttl").read_text())
    Path("after.ttl").write_text("".join(Path(each).read_text() for each in read))
    assert "High commission" in Path("after.ttl").read_text()
    same = run("diff", "before.ttl", "after.ttl", "--without", "provenance")
    assert "no difference, without provenance" in same


@pytest.mark.parametrize("rest", ['"CG" = ""', ""])
def test_a_text_without_a_replacement_is_an_error(folder: Path, rest: str) -> None:
    Path("missions.csv").write_text(ABBREVIATED)
    kinds = f'[replacements.kind]\nEMB = "embassy"\n{rest}\n'
    columns = 'kind = "Type"\nreceiver = "Country"\nhead.rank = "Rank"\n'
    kinds = f'[columns]\n{columns}[values]\nsender = "Arvenia"\n{kinds}'
    Path("relations-kg.toml").write_text(kinds)

    given = ("import", "missions.csv", "--form", "mission", "--only", "none")

    message = run(*given)

    assert "error[value]: kind: nothing in the graph is called 'cg'" in message
    assert "'EMB'" not in message
    assert "to keep the table as it is, replace texts in relations-kg.toml: below [repl" in message
    assert "to keep the table" not in run(*given, "--quiet")


def test_inner_tables_of_columns_are_parameters_of_further_forms(folder: Path) -> None:
    Path("relations-kg.toml").write_text("[columns]\nhead.holder = 'Chief'\nsender = ''\n")

    assert {"head.holder": "Chief"} == configuration.of_imports().columns


def test_a_date_without_its_form_is_refused_beside_columns_of_another_form(folder: Path) -> None:
    table = "sender,receiver,seat,when,head.holder,since\nArvenia,Belmark,Osk,1961/..,Ada,2019\n"

    (finding,) = imported(table).report.findings
    assert finding.concise.endswith("'since' may be that of the mission or of the head")
    assert finding.help == "add --column head.since=since, or --column since=since"


LISTS = """\
{key},Type,Country,Also,City,Head,Rank
1,embassy,Osk,"Korea, DPR",A,Helena Lahtinen,ambassador
2,embassy,Corvia,"Cambodia, Burma/Myanmar",B,Helena Lehtinen,ambassador
3,embassy,Belmark,"Dominican Rep., Nicaragua & Cuba",C,Osmo Aro,ambassador
4,embassy,Dorn,"Osk, Corvia and Belmark",D,Anna Ek,ambassador
5,embassy,Elland,"Osk, ECOWAS",E,Cy Roe,ambassador
6,embassy,Farland,Slovenia / Bosnia & Herzegovina,F,Di Ost,ambassador
7,embassy,Gost,"Congo, Dem. Rep.",G,Jo Ott,Head of branch
"""


def configured(table: str) -> str:
    Path("lists.csv").write_text(table)
    Path("relations-kg.toml").unlink(missing_ok=True)
    run("import", "lists.csv", "--only", "none", "--form", "mission", "--configure")
    return Path("relations-kg.toml").read_text()


def test_a_cell_with_several_parties_is_split_only_if_each_is_known(folder: Path) -> None:
    also = configured(LISTS.format(key="id")).partition("[replacements.accredited]\n")[2]

    assert also.partition("\n\n")[0].splitlines() == [
        '"Cambodia, Burma/Myanmar" = "Cambodia; Myanmar"',
        '"Dominican Rep., Nicaragua & Cuba" = "Dominican Rep.; Nicaragua; Cuba"',
        '"Osk, Corvia and Belmark" = "Osk; Corvia; Belmark"',
        "\"Osk, ECOWAS\" = \"\"  # if it is a list, write 'Osk; ECOWAS'; not known: 'ECOWAS'",
        '"Slovenia / Bosnia & Herzegovina" = "Slovenia; Bosnia & Herzegovina"',
    ]


@pytest.mark.parametrize("between", [", ", " / ", " & ", " and "])
def test_a_cell_with_several_persons_is_split(folder: Path, between: str) -> None:
    Path("asylum.csv").write_text(f'nature,holder,party\nasylum,"Ada Ruiz{between}Bo Li",Arvenia\n')
    run("import", "asylum.csv", "--only", "none", "--form", "legal-status", "--configure")

    text = Path("relations-kg.toml").read_text()
    assert f'"Ada Ruiz{between}Bo Li" = "Ada Ruiz; Bo Li"' in text


@pytest.mark.parametrize("heading", ["No.", "Nr.", "#", "ID", "Code", "Post no."])
def test_a_column_of_keys_is_recognised(folder: Path, heading: str) -> None:
    text = configured(LISTS.format(key=heading))

    assert f'row = "{heading}"  # the key of each row, which must stay the same' in text
    assert f"# {heading} numbers the rows from 1 in their order. Keep" in text


@pytest.mark.slow
def test_a_column_of_keys_is_read(folder: Path) -> None:
    text = configured(LISTS.format(key="Post no."))

    for old, new in (
        ('sender = ""', 'sender = "Arvenia"'),
        ('# distinct = ["head', 'distinct = ["head'),
        ('"Head of branch" = ""', '"Head of branch" = "none"'),
        (
            '"Osk, ECOWAS" = ""',
            '"Osk, ECOWAS" = "Osk; ECOWAS"\n"Dominican Rep." = "Dominican Republic"',
        ),
    ):
        assert old in text
        text = text.replace(old, new, 1)
    Path("relations-kg.toml").write_text(text)
    run("import", "lists.csv", "--only", "none", "--form", "mission", "-o", "lists.ttl")
    facts = Path("lists.ttl").read_text()
    assert "id:lists-3-mission a rkg:Embassy" in facts
    assert "id:nicaragua a rkg:State" in facts
    # If a list replaces a cell, each of its texts is replaced in turn.
    assert "id:dominican-republic a rkg:State" in facts


@pytest.mark.parametrize("heading", ["Phone no.", "Country code", "Post"])
def test_a_column_of_other_numbers_is_not_taken_for_keys(folder: Path, heading: str) -> None:
    assert "\nrow = " not in configured(LISTS.format(key=heading))


def test_keys_that_do_not_number_the_rows_have_no_warning(folder: Path) -> None:
    text = configured(LISTS.format(key="No.").replace("\n7,", "\n9,"))

    assert 'row = "No."  #' in text
    assert "numbers the rows" not in text


def test_only_codes_that_the_import_takes_are_listed_as_possible(folder: Path) -> None:
    text = configured(LISTS.format(key="id"))

    ranks = text.partition("[replacements.head.rank]\n")[2]
    assert "ambassador" in ranks
    assert "consul-general" in ranks
    assert "head-of-mission" not in ranks
    assert "mayor" not in ranks


@pytest.mark.slow
def test_similar_names_of_persons_are_allowed_by_one_setting(folder: Path) -> None:
    text = configured(LISTS.format(key="id"))

    assert '#   Helena Lehtinen, Helena Lahtinen\n# distinct = ["head.holder"]\n' in text
    assert '"Helena Lehtinen" =' not in text
    table = "key,sender,receiver,seat,head.holder,head.rank\n"
    table += "1,Arvenia,Osk,A,Helena Lahtinen,ambassador\n"
    table += "2,Arvenia,Corvia,B,Helena Lehtinen,ambassador\n"
    Path("heads.csv").write_text(table)
    Path("relations-kg.toml").write_text('[columns]\nrow = "key"\n')
    given = ["import", "heads.csv", "--only", "none", "--form", "mission", "-o", "m.ttl"]
    assert 'distinct = ["COLUMN"]' in run(*given)
    distinct = 'distinct = ["head.holder"]\nignore = ["without-relations"]\n'
    Path("relations-kg.toml").write_text(distinct + '[columns]\nrow = "key"\n')
    assert "nearly the same" not in run(*given)
    # A misspelt party is still an error.
    Path("heads.csv").write_text(table.replace("2,Arvenia,Corvia", "2,Arvenja,Corvia"))
    assert "'Arvenja' is nearly the same as the new 'Arvenia'" in run(*given)
    Path("relations-kg.toml").write_text('distinct = ["head.holdr"]\n')
    assert "no form has the parameter 'head.holdr'" in complaint(*given)


def test_a_text_in_its_own_replacement_is_not_replaced_again(folder: Path) -> None:
    Path("posts.csv").write_text(
        "sender,receiver,seat,accredited\nArvenia,Belmark,Osk,Corvia\nArvenia,Dorn,Moor,Corvia;Elland\n"
    )
    Path("relations-kg.toml").write_text('[replacements.accredited]\nCorvia = "Corvia; Farland"\n')

    run("import", "posts.csv", "--only", "none", "--form", "mission", "-o", "m.ttl")

    facts = " ".join(Path("m.ttl").read_text().split()).replace(" , ", ", ")
    assert "rkg:alsoAccreditedTo id:corvia, id:farland" in facts
    assert "rkg:alsoAccreditedTo id:corvia, id:elland, id:farland" in facts


@pytest.mark.parametrize("seat", ["Osk; Moor", "Moor; Osk"])
def test_a_list_that_replaces_the_text_of_one_value_is_reported_as_it_is(
    folder: Path, seat: str
) -> None:
    Path("posts.csv").write_text("sender,receiver,seat\nArvenia,Belmark,Osk\n")
    Path("relations-kg.toml").write_text(f'[replacements.seat]\nOsk = "{seat}"\n')

    message = run("import", "posts.csv", "--only", "none", "--form", "mission")

    assert f"seat: '{seat}' has a semicolon" in message


@pytest.mark.slow
def test_a_replacement_is_a_name_as_it_is(folder: Path) -> None:
    Path("posts.csv").write_text("sender,receiver,seat\nArvenia,Food,Osk\n")
    for name in ("FAO", "Osk and Corvia"):
        text = f'ignore = ["without-relations"]\n[replacements.receiver]\nFood = "{name}"\n'
        Path("relations-kg.toml").write_text(text)
        given = ("--only", "none", "--form", "mission", "-o", "m.ttl")
        run("import", "posts.csv", *given)
        assert f'rdfs:label "{name}"@en' in Path("m.ttl").read_text()
        Path("relations-kg.toml").unlink()
        Path("posts.csv").write_text(f"sender,receiver,seat\nArvenia,{name},Osk\n")
        assert f"'{name}'" in run("import", "posts.csv", *given)
        Path("posts.csv").write_text("sender,receiver,seat\nArvenia,Food,Osk\n")


def test_the_parties_of_a_table_of_parties_are_counted(folder: Path) -> None:
    Path("party.csv").write_text("name,kind,government_of\nOsk,state,\nMoor,state,\n")

    said = run("import", "party.csv", "--only", "none", "-o", "party.ttl")

    assert "new: id:" not in said
    assert "also new: party 2;" in said


def test_a_name_that_one_of_two_sheets_has_is_replaced_without_a_note(folder: Path) -> None:
    Path("relations-kg.toml").write_text(
        '[columns]\nrow = "id"\n[values]\nsender = "Arvenia"\n[replacements.head.holder]\n'
        '"Ada Ruiz" = "Ada Ruis"\n"Bo" = "Bob"\n'
    )
    book = openpyxl.Workbook()
    for title, rows in (
        ("A", [("id", "receiver", "seat", "head.holder"), ("A", "Belmark", "Osk", "Dr. Ada Ruiz")]),
        ("B", [("id", "receiver", "seat", "head.holder"), ("B", "Corvia", "Nor", "Bo Lind")]),
        ("C", [("id", "receiver", "seat"), ("C", "Dorne", "Sund")]),
    ):
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    del book["Sheet"]
    book.save("book.xlsx")

    message = run("import", "book.xlsx", "--form", "mission", "--only", "none", "-o", "m.ttl")

    assert (
        "1 replacement in the settings matches no cell of this table: head.holder 'Bo'" in message
    )
    assert '"Ada Ruis"' in Path("m.ttl").read_text()


AGREEMENTS = """No.,Title,Other party,Date of signature,Entry into force
1992/1,Agreement on Visas,Belmark,1992,3 May 1993 (provisionally)
1992/2,Agreement on Visas,Dorne*,1992,not yet in force
1993/1,Treaty on Trade,"Belmark, Corvia",5 June 1993[2],
"""


def test_a_list_of_agreements_is_guessed_and_its_titles_may_be_those_of_several(
    folder: Path,
) -> None:
    Path("treaties.csv").write_text(AGREEMENTS)
    Path("party.csv").write_text("name,kind\nArvenia,state\nBelmark,state\nCorvia,state\n")
    run("import", "party.csv", "--only", "none", "-o", "party.ttl")
    given = ["import", "treaties.csv", "--only", "party.ttl", "--form", "agreement"]
    run(*given, "--configure")

    path = Path("relations-kg.toml")
    text = path.read_text()
    read = tomllib.loads(text)
    expected = ("No.", "Title", "Other party", "Date of signature", "Entry into force")
    names = ("row", "agreement", "party", "signed", "force")
    assert dict(zip(names, expected, strict=True)) == read["columns"]
    assert {"Dorne*": "Dorne"} == read["replacements"]["party"]
    assert {"5 June 1993[2]": "1993-06-05"} == read["replacements"]["signed"]
    assert {"3 May 1993 (provisionally)": "1993-05-03", "not yet in force": ""} == (
        read["replacements"]["force"]
    )

    text = text.replace("[values]", '[values]\nparty = "Arvenia"')
    path.write_text(text.replace('"not yet in force" = ""', '"not yet in force" = "none"'))
    said = run(*given, "-o", "treaties.ttl")
    assert "agreement: 1 row has the name of an earlier row, and is taken for the same" in said
    assert 'write distinct = ["agreement"] in relations-kg.toml' in said
    path.write_text('distinct = ["agreement"]\n' + path.read_text())
    said = run(*given, "-o", "treaties.ttl")
    assert "the name of an earlier row" not in said

    graph = rk.load(only=["party.ttl", "treaties.ttl"])
    rows = graph.query(
        "SELECT ?agreement (GROUP_CONCAT(?name; SEPARATOR=', ') AS ?parties) {"
        " SELECT ?agreement ?name { ?agreement rkg:signedAt/rkg:actor/rdfs:label ?name }"
        " ORDER BY ?agreement ?name } GROUP BY ?agreement ORDER BY ?agreement"
    )
    assert [
        ("id:treaties-1992-1-agreement", "Arvenia, Belmark"),
        ("id:treaties-1992-2-agreement", "Arvenia, Dorne"),
        ("id:treaties-1993-1-agreement", "Arvenia, Belmark, Corvia"),
    ] == [(row.agreement.curie, str(row.parties)) for row in rows]
