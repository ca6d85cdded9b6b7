"""Tests of importing tables: what is read, and what is reported at which cell."""

import csv
import io
import json
import re
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time
from pathlib import Path

import pytest
from command_line import complaint, printed, run
from examples import empty
from form_examples import EXAMPLES, SOURCE

import relations_kg as rk
from relations_kg.authoring.columns import form_of
from relations_kg.authoring.forms import forms
from relations_kg.authoring.importing import Import, import_table
from relations_kg.authoring.settings import Settings
from relations_kg.authoring.tables import read
from relations_kg.errors import RelationsError

openpyxl = pytest.importorskip("openpyxl")
pyarrow = pytest.importorskip("pyarrow")

GIVEN = {"source": SOURCE}
HEADINGS = ["member", "organization", "when"]
ROW = ["Peru", "Pact of Osk", "2 Nov 1971"]


def imported(kg: rk.Graph, file: Path, **options: object) -> Import:
    return import_table(kg, file, **{"given": GIVEN, **options})  # type: ignore[arg-type]


def places(found: Import) -> list[str]:
    """Return the places, codes and messages of the findings, without the folder."""
    return [re.sub(r"^\S*/", "", finding.concise) for finding in found.report.findings]


def workbook(path: Path, rows: list[list[object]], fill: Callable[..., None] | None = None) -> Path:
    book = openpyxl.Workbook()
    book.active.title = "Members"
    for row in rows:
        book.active.append(row)
    if fill:
        fill(book)
    book.save(path)
    return path


def example(name: str) -> tuple[list[str], list[str]]:
    """Return the headings and the cells of the example of a form."""
    values = EXAMPLES[name]
    cells = ["; ".join(each) if isinstance(each, list) else str(each) for each in values.values()]
    return list(values), cells


def write(path: Path, headings: list[str], *rows: list[object]) -> Path:
    """Write a table in the format of the suffix."""
    if path.suffix == ".xlsx":
        return workbook(path, [list(headings), *rows])
    if path.suffix == ".parquet":
        from pyarrow import parquet

        columns = [list(column) for column in zip(*rows, strict=True)]
        parquet.write_table(pyarrow.table(columns, names=headings), path)
        return path
    text = io.StringIO(newline="")
    csv.writer(text, delimiter="\t" if path.suffix == ".tsv" else ",").writerows([headings, *rows])
    path.write_text(text.getvalue(), encoding="utf-8")
    return path


@pytest.mark.parametrize("suffix", [".csv", ".tsv", ".xlsx", ".parquet"])
def test_a_table_gives_what_the_form_gives(kg: rk.Graph, tmp_path: Path, suffix: str) -> None:
    headings, cells = example("visit")
    file = write(tmp_path / f"visits{suffix}", headings, cells)

    found = imported(kg, file)

    assert found.report.conforms, str(found.report)
    assert set(kg.new("visit", **EXAMPLES["visit"], source=SOURCE).triples) == set(found.triples)
    assert (1, 1) == (found.rows, found.kept)


@pytest.mark.slow
def test_every_form_can_be_a_table_and_again_changes_nothing(kg: rk.Graph, tmp_path: Path) -> None:
    for name in forms():
        if name == "ratification":
            continue
        headings, cells = example(name)
        table = write(tmp_path / f"{name}.csv", headings, cells)
        found = imported(kg, table, form=name)
        assert found.report.conforms, (name, str(found.report))
        assert set(kg.new(name, **EXAMPLES[name], source=SOURCE).triples) == set(found.triples)
    headings, cells = example("mission")
    table = write(tmp_path / "missions.csv", headings, cells, cells)
    one = imported(kg, table)
    (tmp_path / "missions.ttl").write_bytes(one.turtle)
    again = imported(rk.load(tmp_path / "missions.ttl"), table)
    assert () == again.new
    assert set(again.triples) <= set(one.triples)


def test_a_row_is_a_passage_if_no_column_names_one(kg: rk.Graph, tmp_path: Path) -> None:
    file = write(tmp_path / "Members of Osk.csv", HEADINGS, ROW)

    found = imported(kg, file, given={})

    assert found.report.conforms, str(found.report)
    text = found.turtle.decode()
    assert 'rkg:row "2"' in text
    assert "rkg:statedIn members-of-osk:row-2" in text


def test_only_rows_that_are_passages_need_a_table_with_a_name_in_latin_letters(
    kg: rk.Graph, tmp_path: Path
) -> None:
    file = write(tmp_path / "\u0422.csv", HEADINGS, ROW)

    assert imported(kg, file).report.conforms
    with pytest.raises(rk.InputError, match=r"no IRI can be made from .*; rename the table, or"):
        imported(kg, file, given={})


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        # Text: encodings, separators, quotation marks.
        ("member,organization,when\nPérù,Pact,1971".encode("latin-1"), "t.csv:2: this text is not"),
        (b"", "t.csv: the file is empty"),
        (b"PK\x03\x04..", "t.csv: this is not text, but a workbook"),
        (b"member\0,when\n", "t.csv: this is a binary file; save it as CSV in UTF-8"),
        (b"a,b,c\n1,2,3\n", "t.csv: its headings fit no form; name one with --form"),
        (
            '[{"member": "Peru"}]',
            "t.csv: this begins like JSON, not like a table; export it as .csv",
        ),
        (
            '{"@id": "a"}',
            "t.csv: this begins like JSON-LD, not like a table; relations-kg validate",
        ),
        ("<table><tr>", "t.csv: this is a web page or XML, not a table; open it in a spreadsheet"),
        ("member;organization;when\nPeru;Pact of Osk;1971", ""),
        ("\ufeffmember\torganization\nPeru\tPact of Osk", ""),
        ("member,organization\nPeru,Pact of Osk".encode("utf-16"), ""),
        ("\n\n,,,\n,member,organization\n,Peru,Pact of Osk\n,,\n", ""),
        (
            "Members of all\nmember,organization\nPeru,Pact of Osk",
            "t.csv:1:1: warning[heading] this",
        ),
        ('member,organization\nPeru,"Pact of Osk\nPeru,X', "t.csv:2:1: error[row] this row cannot"),
        ("member,organization\nPeru,Pact of Osk,1971", "t.csv:2:3: error[heading] no heading is"),
        # Headings.
        (
            "member,organization,Member\nPeru,Pact,Peru",
            "t.csv:1:3: error[heading] 'Member' is given",
        ),
        (
            "member,organization,whn\nPeru,Pact,1971",
            "t.csv:1:3: error[heading] 'whn' is not a parameter",
        ),
        (
            "member,organization,Remarks\nPeru,Pact of Osk,1",
            "t.csv:1:3: warning[heading] 'Remarks' is",
        ),
        # Cells.
        ("member,organization\nPeru,=A1", "t.csv:2:2: error[cell] '=A1' is a formula"),
        ("member,organization\nPeru,#REF!", "t.csv:2:2: error[cell] the cell has the error #REF!"),
        ("member,organization\nPeru,'=Pact", ""),
        (
            "member,organization\n,Pact of Osk",
            "t.csv:2:1: error[value] member: membership asks for",
        ),
        ("member,organization,when\nPeru,Pact,26239", "t.csv:2:3: error[value] when: 26239 is a"),
        (
            "member,organization,when\nPeru,Pact,02/11/1971",
            "t.csv:2:3: error[value] when: '02/11/1971' may be 1971-02-11 or 1971-11-02",
        ),
        (
            "member,organization\n\u041f\u0435\u0440\u0443,Pact",
            "t.csv:2:1: error[value] member: no IRI can be made",
        ),
        (
            "member,organization\nChin,Pact",
            "t.csv:2:1: error[value] member: 'Chin' is not known, but",
        ),
        (
            'member,organization\nPeru,"Pact\nof Osk"\nLima,X',
            "t.csv:4:1: error[value] member: Lima is",
        ),
        ("member,organization\n# a note,x\nPeru,Pact of Osk", ""),
    ],
)
def test_what_is_wrong_with_a_text_is_reported_by_cell(
    kg: rk.Graph, tmp_path: Path, content: bytes | str, expected: str
) -> None:
    file = tmp_path / "t.csv"
    file.write_bytes(content.encode() if isinstance(content, str) else content)

    if expected.startswith(("t.csv: ", "t.csv:2: ")):
        with pytest.raises(RelationsError, match=re.escape(expected)):
            imported(kg, file)
        return
    found = imported(kg, file)
    listed = [line for line in places(found) if "[undated]" not in line]
    assert [expected] == [line[: len(expected)] for line in listed] if expected else not listed, (
        listed
    )
    assert found.report.conforms == ("error" not in expected)
    assert (0 if "error" in expected else 1) == found.kept


def test_a_mission_that_is_still_open_is_warned_of_at_its_cell_if_it_is_known(
    kg: rk.Graph, tmp_path: Path
) -> None:
    headings = ["kind", "sender", "seat", "opened", "closed"]
    row = ["Embassy", "Peru", "Beijing", "1950", "present"]
    found = imported(kg, write(tmp_path / "mission.csv", headings, row))

    assert "mission.csv:2:5: warning[known] closed" in [line[:38] for line in places(found)]


def test_the_columns_that_are_meant_or_missing_are_named(kg: rk.Graph, tmp_path: Path) -> None:
    for headings, row, helps in (
        (
            "visitor,host,date",
            "Xi Jinping,peru,2024",
            {"add a column 'origin'", "--column when=date"},
        ),
        ("visitor,host,origin", "Xi Jinping,peru,", {"fill in the column 'origin'"}),
        ("visitor,host,Visit date", "Xi Jinping,peru,2024", {"--column when='Visit date'"}),
        ("visitor,host,Country", "Xi Jinping,peru,china", {"--column origin=Country"}),
        (
            "visitor,host,origin,when",
            "Xi Jinping,peru,china,2024",
            {"add a column 'office', or give"},
        ),
    ):
        file = tmp_path / "visits.csv"
        file.write_text(f"{headings}\n{row}")
        found = imported(kg, file).report.findings
        assert all(any(help in f"{each.help}" for each in found) for help in helps), headings
        assert not any("leavesOpen" in f"{each.message}{each.help}" for each in found), headings


def test_what_a_table_lacks_is_named_with_each_way_to_give_it(tmp_path: Path) -> None:
    table = tmp_path / "m.csv"
    table.write_text("Art,Stadt\nBotschaft,Peking\n")
    command = ("import", str(table), "--form", "mission")

    lacking = run(*command)
    assert (1, "") == (lacking.returncode, lacking.stdout)
    assert "or give one value for all rows: --set sender=VALUE" in lacking.stderr
    left_out = run(*command, "--set", "sender=Peru", "--without", "Art", "--without", "Stadt")
    assert (1, "") == (left_out.returncode, left_out.stdout)
    assert "error[empty]: all columns are left out" in left_out.stderr
    assert "no rows below the headings" not in left_out.stderr


def _merge(book: "openpyxl.Workbook") -> None:
    book.active.merge_cells("B2:C3")


def _stretch(book: "openpyxl.Workbook") -> None:
    """Move the table to B3, below a title that is as wide as the table."""
    book.active.move_range("A1:C2", rows=2, cols=1)
    book.active["B1"] = "Members"
    book.active.merge_cells("B1:D1")


def _since_1904(book: "openpyxl.Workbook") -> None:
    from openpyxl.utils.datetime import CALENDAR_MAC_1904

    book.epoch = CALENDAR_MAC_1904
    book.active["C2"] = date(1971, 11, 2)


def _stray(book: "openpyxl.Workbook") -> None:
    """Put a blank into the last cell that a sheet can have."""
    book.active["XFD1048576"] = " "


def _month(book: "openpyxl.Workbook") -> None:
    book.active["C2"].number_format = "mmm yyyy"


@pytest.mark.parametrize(
    ("cells", "fill", "expected"),
    [
        (["Peru", "Pact of Osk", datetime(1971, 11, 2)], None, "1971-11-02"),
        (["Peru", "Pact of Osk", datetime(1971, 11, 1)], _month, '"1971-11"'),
        (["Peru", "Pact of Osk", 1971], None, '"1971"'),
        (["Peru", "Pact of Osk", 1971.0], None, '"1971"'),
        (["Peru", "Pact of Osk", "c. 1923"], None, '"1923~"'),
        (["Peru", "Pact of Osk", None], _since_1904, "1971-11-02"),
        (["Peru", "Pact of Osk", "1971"], _stretch, '"1971"'),
        (["Peru", "Pact of Osk", 1971], _stray, '"1971"'),
        (["Peru", "P_x0061_ct_x000D_\nof Osk", 1971], None, '"Pact of Osk"@en'),
        (
            ["Peru", "P_xD83D_act", 1971],
            None,
            "t.xlsx!Members!B2: error[value] organization: 'P\ufffdact' has lost a character",
        ),
        (["Peru", True, 1971], None, "t.xlsx!Members!B2: error[value] organization: 'true' is"),
        (["Peru", "Pact of\u200b Osk", 1971], None, '"Pact of Osk"@en'),
        (
            ["Peru", "NULL", 1971],
            None,
            "t.xlsx!Members!B2: error[value] organization: 'NULL' stands for a missing value",
        ),
        (
            ["Peru", "N.N.", 1971],
            None,
            "t.xlsx!Members!B2: error[value] organization: 'N.N.' stands for a missing value",
        ),
        (["Peru", "new: NULL", 1971], None, '"NULL"@en'),
        (["Peru", "Pact of Osk", 26239], None, "t.xlsx!Members!C2: error[value] when: 26239 is a"),
        (
            ["Peru", "Pact of Osk", time(10, 5)],
            None,
            "t.xlsx!Members!C2: error[cell] 10:05:00 is a",
        ),
        (["Peru", '="Pact "&"of Osk"', 1971], None, "t.xlsx!Members!B2: error[cell] the formula"),
        (
            ["Peru", "#N/A", 1971],
            None,
            "t.xlsx!Members!B2: error[cell] the cell has the error #N/A",
        ),
        (
            ["Peru", "Pact of Osk", 1971],
            _merge,
            "t.xlsx!Members!B2: error[merged] B2:C3 are merged",
        ),
        (
            ["Peruu", "Pact of Osk", 1971],
            None,
            "t.xlsx!Members!A2: error[value] member: 'Peruu' is",
        ),
    ],
)
def test_what_is_wrong_with_a_workbook_is_reported_by_cell(
    kg: rk.Graph,
    tmp_path: Path,
    cells: list[object],
    fill: Callable[..., None] | None,
    expected: str,
) -> None:
    """`expected` is the beginning of the first error or, without errors, a part of the facts."""
    rows = [list(HEADINGS), cells] + ([["Peru", None, 1980]] if fill is _merge else [])
    file = workbook(tmp_path / "t.xlsx", rows, fill)

    found = imported(kg, file)

    errors = [line for line in places(found) if "error[" in line]
    if "error[" in expected:
        assert expected == errors[0][: len(expected)]
        assert not found.triples
    else:
        assert not errors
        assert expected in found.turtle.decode()


def test_a_workbook_that_the_library_cannot_read_is_an_error(kg: rk.Graph, tmp_path: Path) -> None:
    # openpyxl raises AttributeError for a sheet of charts without a chart.
    file = workbook(
        tmp_path / "t.xlsx", [list(HEADINGS), ROW], lambda book: book.create_chartsheet()
    )

    with pytest.raises(
        rk.InputError, match=r"workbook cannot be read: .*; open it in a spreadsheet"
    ):
        imported(kg, file)


def test_sheets_without_facts_are_reported_and_others_read(kg: rk.Graph, tmp_path: Path) -> None:
    def fill(book: "openpyxl.Workbook") -> None:
        book.create_sheet("Notes", 0).append(["To do"])
        book.create_sheet("Empty")
        hidden = book.create_sheet("Old")
        hidden.append(list(HEADINGS))
        hidden.sheet_state = "hidden"

    file = workbook(tmp_path / "t.xlsx", [list(HEADINGS), ROW], fill)
    found = imported(kg, file)

    assert 1 == found.kept
    assert [("t.xlsx!Notes!A1:", "warning[heading]"), ("t.xlsx!Old!A1:", "warning[heading]")] == [
        tuple(line.split()[:2]) for line in places(found)
    ]


def sheets(path: Path, **rows: list[list[str]]) -> Path:
    """Write a workbook with a sheet for each name."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, lines in rows.items():
        sheet = book.create_sheet(name)
        for line in lines:
            sheet.append(line)
    book.save(path)
    return path


KEYED = [
    ["id", "kind", "sender", "receiver", "seat", "head.holder"],
    ["P1", "Embassy", "Arvenia", "Belmark", "Osk", "Ada Ruiz"],
    ["P2", "Embassy", "Arvenia", "Corvia", "Moor", ""],
]


@pytest.mark.slow
def test_a_renamed_sheet_renames_nothing(tmp_path: Path) -> None:
    known = rk.load(only=[])
    texts = []
    for name in ("Sheet1", "Missions 2025"):
        file = sheets(tmp_path / "missions.xlsx", **{name: KEYED, "Notes": [["To do"]]})
        found = imported(known, file, form=None, given={}, columns={"row": "id"})
        assert found.report.conforms, places(found)
        texts.append(found.turtle.decode())
    table = tmp_path / "missions.csv"
    table.write_text("\n".join(map(",".join, KEYED)))
    of_csv = imported(known, table, given={}, columns={"row": "id"}).turtle.decode()

    assert texts[0] == texts[1] == of_csv.replace("missions.csv", "missions.xlsx")
    assert "id:missions-p1-mission a rkg:Embassy" in texts[0]
    assert "missions:row-p1 a rkg:Passage" in texts[0]


@pytest.mark.parametrize("form", ["mission", None])
def test_a_sheet_of_notes_is_not_read_even_if_settings_give_what_a_form_requires(
    tmp_path: Path, form: str | None
) -> None:
    table = [[row[n] for n in (0, 1, 3, 4)] for row in KEYED]
    file = sheets(tmp_path / "mission.xlsx", Posts=table, Notes=[["see", "this"], ["a", "b"]])
    settings = Settings(columns={"row": "id"}, values={"sender": "Arvenia"})
    found = imported(empty(), file, form=form, given={}, settings=settings)

    assert (2, True) == (found.kept, found.report.conforms)
    (notes,) = (each for each in places(found) if "!Notes!" in each)
    assert "warning[heading] this sheet is not read, since " in notes


@pytest.mark.slow
def test_things_of_several_sheets_have_no_sheet_in_their_iris(tmp_path: Path) -> None:
    first, second = KEYED[:2], [KEYED[0], KEYED[2]]
    iris = []
    for names in (("North", "South"), ("A", "B")):
        file = sheets(tmp_path / "missions.xlsx", **dict(zip(names, (first, second), strict=True)))
        found = imported(empty(), file, given={}, columns={"row": "id"})
        assert found.report.conforms, places(found)
        iris.append([thing.iri for thing in found.new])

    assert iris[0] == iris[1]
    assert {"missions-p1-mission", "missions-p2-mission"} <= {
        iri.rpartition("/")[2] for iri in iris[0]
    }


def test_a_key_is_that_of_one_row_in_all_sheets(tmp_path: Path) -> None:
    states = [["id", "name", "kind"], ["A1", "Arvenia", "state"]]
    more = [["id", "name", "kind"], ["A2", "Belmark", "state"], ["A1", "Corvia", "state"]]
    file = sheets(tmp_path / "party.xlsx", North=states, South=more)
    found = imported(empty(), file, form="party", given={}, columns={"row": "id"})

    message = "row 2 of the sheet North already has the key 'A1'"
    assert [f"party.xlsx!South!A3: error[value] {message}"] == [
        each.partition(";")[0] for each in places(found)
    ]


def test_the_stored_value_of_a_formula_is_read(kg: rk.Graph, tmp_path: Path) -> None:
    file = workbook(tmp_path / "t.xlsx", [list(HEADINGS), ["Peru", "=A1", 1971]])
    # Unlike spreadsheets, openpyxl does not store the values of formulas.
    with zipfile.ZipFile(file) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"].decode()
    sheet = re.sub(r'<c r="B2"[^>]*>.*?</c>', '<c r="B2" t="str"><f>A1</f><v>Pact</v></c>', sheet)
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in {**parts, "xl/worksheets/sheet1.xml": sheet.encode()}.items():
            archive.writestr(name, content)

    assert "id:pact a rkg:Organization" in imported(kg, file).turtle.decode()


def test_what_validation_finds_is_at_the_cell(kg: rk.Graph, tmp_path: Path) -> None:
    """Rows that contradict each other are reported at the later one, and left out on request."""
    headings = ["sender", "receiver", "seat", "opened"]
    rows = [
        ["Peru", "Arvenia", "Osk", "1900"],
        ["Peru", "Arvenia", "Osk", "1910"],
        ["Peru", "Peru", "Vell", "1900"],
        ["Belmora", "Arvenia", "Vell", "1900"],
    ]
    file = write(tmp_path / "missions.csv", headings, *rows)

    found = imported(kg, file)
    part = imported(kg, file, partial=True)

    lines = {line.split(" ")[0] for line in places(found) if "error[" in line}
    assert lines <= {f"missions.csv:{n}:{m}:" for n in (2, 3, 4) for m in (1, 2, 3, 4)}
    assert {"missions.csv:3", "missions.csv:4"} <= {line.rpartition(":")[0][:14] for line in lines}
    assert (4, 0, ()) == (found.rows, found.kept, found.triples)
    assert not part.report.conforms
    assert 0 < part.kept < 4
    (tmp_path / "part.ttl").write_bytes(part.turtle)
    assert kg.validate(tmp_path / "part.ttl").conforms
    assert "id:belmora" in part.turtle.decode()


@pytest.mark.slow
def test_a_part_of_a_table_is_written_only_if_it_has_no_errors(
    kg: rk.Graph, tmp_path: Path
) -> None:
    """The eight rows contradict each other, and each validation leaves out one of them."""
    rows = [["Peru", "Arvenia", "Osk", str(year)] for year in range(1900, 1980, 10)]
    file = write(tmp_path / "missions.csv", ["sender", "receiver", "seat", "opened"], *rows)

    part = imported(kg, file, partial=True)

    (tmp_path / "part.ttl").write_bytes(part.turtle)
    assert kg.validate(tmp_path / "part.ttl").conforms
    assert 1 == part.kept


def test_the_same_mistake_in_many_cells_is_one_finding(kg: rk.Graph, tmp_path: Path) -> None:
    rows = [["FRA", f"Pact {number}", "1971"] for number in range(30)]
    found = imported(kg, write(tmp_path / "t.csv", HEADINGS, *rows))

    assert 1 == len(found.report.findings)
    assert str(found.report.findings[0].help).endswith("and 29 more cells")


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ("Peru,Pact of Beijing\nPeru,Pact of Bejing", ["2:2 organization", "3:2 organization"]),
        ("Arvenia,Pact of Osk\nArvennia,Pact of Osk", ["2:1 member", "3:1 member"]),
        ("Peru,Adolf Hugel\nPeru,new: Adolf-Hügel", ["2:2 organization", "3:2 organization"]),
        ("Peru,Pact of Beijing\nPeru,new: Pact of Bejing", []),
        ("Arvenia,Pact of Osk\nARVENIA,pact of  osk\nid:arvenia,Pact of Osk", []),
        # Short words and numbers may differ on purpose, and so may names of things of two classes.
        ("Peru,Pact of Osk\nPeru,Pact of Ost\nPeru,Pact of 1991\nPeru,Pact of 1992", []),
        ("Belmora,Belmorra\nPeru,Belmorra", []),
    ],
)
def test_new_names_that_nearly_agree_are_reported_in_both_rows(
    kg: rk.Graph, tmp_path: Path, rows: str, expected: list[str]
) -> None:
    file = tmp_path / "t.csv"
    file.write_text(f"member,organization\n{rows}\n", encoding="utf-8")

    found = imported(kg, file)
    part = imported(kg, file, partial=True)

    errors = [line for line in places(found) if "error[" in line]
    assert expected == [
        re.sub(r"t.csv:(\S+): error\S+ (\w+): .*", r"\1 \2", line) for line in errors
    ]
    assert (found.rows if not expected else 0) == found.kept
    assert found.rows - len(expected) == part.kept


def test_similar_names_that_occur_twice_are_two_things_and_a_warning(
    kg: rk.Graph, tmp_path: Path
) -> None:
    names = ("Arvenia", "Arvonia", "Peru", "Peri", "Iran", "Iraq")
    rows = [[name, f"Pact {letter}"] for letter in "AB" for name in names]
    file = write(tmp_path / "t.csv", ["member", "organization"], *rows)
    once = write(tmp_path / "once.csv", ["member", "organization"], *rows[:6])

    found = imported(kg, file)

    assert {*names} - {"Peru"} <= {thing.label for thing in found.new}
    why = "but each occurs more than once, so they are taken for two things"
    assert [line.partition(";")[0] for line in places(found) if "spelling" in line] == [
        "t.csv:3:1: warning[spelling] member: 'Arvonia' is nearly the same as the new 'Arvenia', "
        + why,
        "t.csv:5:1: warning[spelling] member: 'Peri' is nearly the same as the known 'Peru', "
        + why,
    ]
    # A name that occurs once may be a typing error, unless both are names of nations.
    errors = [line.split(":")[1] for line in places(imported(kg, once)) if "error[" in line]
    assert ["2", "3", "5"] == errors


@pytest.mark.parametrize(
    ("row", "expected", "help"),
    [
        (["guinea", "Osk"], "guinea is a value of the code list", 'write "new: guinea" for'),
        (["BRL", "Osk"], "real is a value of the code list", 'write "new: BRL" for'),
        (["Craftspeople", "Osk"], "is a value of the code list", 'write "new: Craftspeople" for'),
        (["Osk", "Osk"], "'Osk' is a city here but was a state", "'Osk <id:osk-city>'"),
    ],
)
def test_a_name_that_something_else_has_is_reported_with_what_to_write(
    kg: rk.Graph, tmp_path: Path, row: list[str], expected: str, help: str
) -> None:
    file = write(tmp_path / "t.csv", ["sender", "seat", "receiver"], [*row, "Peru"])
    [found] = imported(kg, file, form="mission").report.findings

    assert expected in found.message
    assert help in str(found.help)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["Córdoba", "Sol", "Gourde", "Colón", "Balboa", "Real"])
def test_the_name_of_a_currency_is_also_that_of_a_place_a_state_or_a_person(
    kg: rk.Graph, tmp_path: Path, name: str
) -> None:
    file = write(tmp_path / "t.csv", ["sender", "seat", "receiver"], ["Peru", name, "Guinea"])
    city = imported(kg, file, form="mission")
    assert [] == [each for each in city.report.findings if each.severity == "error"]
    assert {name, "Guinea"} <= {thing.label for thing in city.new}

    (tmp_path / "city.ttl").write_bytes(city.turtle)
    graph = rk.load(tmp_path / "city.ttl")
    (row,) = graph.run("missions", sender="Peru", receiver="Guinea", on="2000-01-01", all=True)
    assert name == str(row.seat.label)
    person = write(tmp_path / "p.csv", ["name"], [name])
    assert [name] == [thing.label for thing in imported(kg, person, form="person").new]


@pytest.mark.parametrize(
    ("described", "name", "expected"),
    [
        ("src:missions", "mine.csv", ["src:mine is not described, and no row"]),
        ("src:mine", "mine.csv", []),
        ("src:mine a rkg:Dataset . src:missions", "mine.csv", []),
    ],
)
def test_a_table_described_under_another_name_is_a_warning(
    tmp_path: Path, described: str, name: str, expected: list[str]
) -> None:
    facts = tmp_path / "dataset.ttl"
    facts.write_text(f"""PREFIX rkg: <https://w3id.org/relations-kg/ontology#>
PREFIX src: <https://w3id.org/relations-kg/source/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
{described} a rkg:Dataset ; rdfs:label "Missions"@en .""")
    graph = rk.load(only=facts)

    found = imported(graph, write(tmp_path / name, HEADINGS, ["Osk", "Pact of Osk", ""]), given={})

    warnings = [each.message for each in found.report.findings if each.code == "source"]
    assert expected == [message.partition(" cites")[0] for message in warnings]


def test_a_new_name_in_other_letters_is_one_thing_and_a_warning_in_both_rows(
    kg: rk.Graph, tmp_path: Path
) -> None:
    rows = "Peru,Adolf Hugel\nPeru,Osk\nPeru,Adolf Hügel\nPeru,adolf  hugel\n"
    file = tmp_path / "t.csv"
    file.write_text(f"member,organization\n{rows}", encoding="utf-8")

    found = imported(kg, file)

    assert ["Adolf Hugel", "Osk"] == [t.label for t in found.new if t.kind == "an organisation"]
    expected = "warning[spelling] organization: other rows write"
    assert [
        f"t.csv:2:2: {expected} 'Adolf Hugel' as 'Adolf Hügel'",
        f"t.csv:4:2: {expected} 'Adolf Hügel' as 'Adolf Hugel'",
    ] == [line.partition("; ")[0] for line in places(found) if "[spelling]" in line][:2]
    assert 4 == found.kept


def test_the_confidence_of_a_drafted_row_is_not_read(kg: rk.Graph, tmp_path: Path) -> None:
    with_it = write(tmp_path / "t.csv", [*HEADINGS, "confidence"], [*ROW, "low"])
    without = write(tmp_path / "u.csv", HEADINGS, ROW)

    found = imported(kg, with_it)
    assert () == found.report.findings
    assert found.triples == imported(kg, without).triples


@pytest.mark.parametrize(
    ("name", "headings", "form"),
    [
        # If headings fit several forms, the table's name decides, or else the number of headings.
        ("parties", "name,kind", "party"),
        ("03-places", "name,kind", "place"),
        ("People", "name,kind,description", "person"),
        ("t", "agreement,party,signed", "agreement"),
        ("t", "occupier,place,conflict", "occupation"),
        ("t", "name,kind", "fit the forms party, person, place"),
    ],
)
def test_the_form_of_a_table_follows_from_its_name_and_headings(
    tmp_path: Path, name: str, headings: str, form: str
) -> None:
    file = tmp_path / f"{name}.csv"
    file.write_text(f"{headings}\nx\n", encoding="utf-8")
    (table,) = read(file)

    try:
        found = form_of(table, forms(), {}, {}).name
    except RelationsError as error:
        found = str(error)
    assert form in found


@pytest.mark.parametrize("given", [{}, GIVEN])
@pytest.mark.parametrize("partial", [False, True])
def test_a_table_of_known_things_has_nothing_new(
    kg: rk.Graph, tmp_path: Path, given: dict[str, str], partial: bool
) -> None:
    rows = [["Peru", "State"], ["Japan", "State"]]
    file = write(tmp_path / "party.csv", ["name", "kind"], *rows)
    found = imported(kg, file, given=given, partial=partial)

    assert found.report.conforms
    assert [("info", "nothing-new")] == [(f.severity, f.code) for f in found.report.findings]
    assert (2, 0, ()) == (found.rows, found.kept, found.triples)

    write(file, ["name", "kind"], *rows, ["Peruu", "State"])
    other = imported(kg, file, given=given, partial=partial)
    assert ["value"] == [f.code for f in other.report.findings]
    assert () == other.triples

    write(file, ["name", "kind"], *rows, ["Arvenia", "State"])
    more = imported(kg, file, given=given, partial=partial)
    assert [] == [f.code for f in more.report.findings if f.code != "undated"]
    assert ["Arvenia"] == [thing.label for thing in more.new]


@pytest.mark.slow
def test_the_command(tmp_path: Path) -> None:
    table = write(tmp_path / "t.csv", ["Country", "organization"], ["Peru", "Pact of Osk"])
    column, given = ["--column", "member=Country"], ["--set", f"source={SOURCE}"]

    good = run("import", table, *column, *given, "-o", tmp_path / "out.ttl")
    assert (0, "new: id:pact-of-osk" in good.stderr) == (good.returncode, True)
    assert "no errors" in good.stdout
    assert rk.load().validate(tmp_path / "out.ttl").conforms
    shown = run("import", table, *column, *given)
    assert (tmp_path / "out.ttl").read_text("utf-8") == shown.stdout

    write(table, ["Country", "organization"], ["Peruu", "Pact of Osk"])
    bad = run("import", table, *column, *given, "-o", tmp_path / "none.ttl", "--format", "json")
    assert 1 == bad.returncode
    assert [2, 1] == [json.loads(bad.stdout)["findings"][0][name] for name in ("line", "column")]
    assert not (tmp_path / "none.ttl").exists()
    fewer = run("import", table, *column, *given, "--max", "0")
    assert (1, True) == (fewer.returncode, "+ 1 more" in fewer.stderr)

    assert "membr" in complaint(
        "import", table, "--form", "membership", "--column", "membr=Country"
    )
    assert 'did you mean "Country"' in complaint(
        "import", table, "--form", "membership", "--column", "member=Contry"
    )
    assert "there is no form 'member'" in complaint("import", table, "--form", "member")
    assert "no form has the parameter 'mmber'; did you mean \"member\"?" in complaint(
        "import", table, "--set", "mmber=x"
    )
    assert "no column has the heading 'Land'; it has " in complaint(
        "import", table, "--column", "sender=Land"
    )
    assert "this is not a table" in complaint("import", "tests/facts/good/visit.ttl")
    assert "there is no such file" in complaint("import", tmp_path / "nothing.csv")

    write(table, ["name", "kind"], ["Peru", "State"])
    known = run("import", table, "--form", "party", *given, "-o", tmp_path / "none.ttl")
    assert (0, True) == (known.returncode, "there is nothing new in this table" in known.stdout)
    assert not (tmp_path / "none.ttl").exists()


@pytest.mark.slow
def test_an_update_shows_what_changes_and_what_is_gone(tmp_path: Path) -> None:
    out, given = tmp_path / "out.ttl", ["--set", f"source={SOURCE}"]
    rows = [["Peru", "Pact of Osk", "1971"], ["Peru", "Pact of Vell", "1980"]]
    table = write(tmp_path / "t.csv", HEADINGS, *rows)
    assert "needs the file of an earlier import" in run("import", table, "--update").stderr
    run("import", table, *given, "-o", out)
    before = out.read_bytes()

    same = run("import", table, *given, "-o", out, "--update")
    write(table, HEADINGS, rows[0], ["Peru", "Pact of Moor", "1980"])
    other = run("import", table, *given, "-o", out, "--update")

    assert (0, 0) == (same.returncode, other.returncode)
    assert f"{out} → {table}: no difference" in same.stdout
    assert "Pact of Osk" not in other.stdout
    assert re.search("^ *. .*Pact of Moor .id:pact-of-moor", other.stdout, re.MULTILINE)
    assert "2 things added, 2 things removed" in other.stdout
    assert '- label: "Pact of Vell"@en' in other.stdout
    assert before != out.read_bytes()
    assert "id:pact-of-vell" not in out.read_text("utf-8")


@pytest.mark.slow
@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_a_template_can_be_filled_in(kg: rk.Graph, tmp_path: Path, suffix: str) -> None:
    for name in forms():
        file = tmp_path / f"{name}.{suffix}"
        printed("import", "--template", name, "-o", file)
        if suffix == "csv":
            first, second = csv.reader(file.read_text("utf-8-sig").splitlines())
            assert [p.name for p in forms()[name].parameters] == first
            assert second[0].startswith("# ")
            assert all(second)
        found = imported(kg, file, form=name, given={})
        assert 0 == found.rows
        assert ["empty"] == [e.code for e in found.report.findings if e.severity == "error"]
