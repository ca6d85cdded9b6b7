"""Tests of tables of forms: what is exported as a table is imported as it was."""

import csv
import io
import json
import re
import shutil
from collections.abc import Iterable
from pathlib import Path

import pytest
from command_line import complaint, run
from form_examples import EXAMPLES, SOURCE
from hypothesis import assume, given
from hypothesis import strategies as st
from pyoxigraph import NamedNode, Triple
from trials import trials

import relations_kg as rk
from relations_kg.answers.parameters import Parameter
from relations_kg.authoring import tables
from relations_kg.authoring.columns import Columns, form_of
from relations_kg.authoring.composed import turtle
from relations_kg.authoring.form_tables import FormTables
from relations_kg.authoring.forms import forms
from relations_kg.authoring.importing import import_table
from relations_kg.authoring.nearby_files import NearbyFiles
from relations_kg.authoring.new_things import NewThings
from relations_kg.authoring.value_texts import listed, several
from relations_kg.rdf.namespaces import IDENTIFIERS, RKG, SKOS, STATED

FORMS = forms()
ALSO = NamedNode(SKOS + "altLabel")
SIGNS = ['"or', "x;y", "a,b", "=Sum", "+1", "-M", "@at", "'q", "#tag", "b\\s", "<b>", "{z}", "C|D"]
NAMES = [
    "Öskar",
    "Łódź",
    "Ada",
    "Ruíz",
    "of",
    "O'Brien",
    "A&B",
    "Κίνα",
    "Peru",
    "Lima",
    "1907",
    *SIGNS,
]
DATES = ["1971", "1971-11-02", "1923~", "196X", "[1874..1875]", "{1874,1876}", "1980/2012", "1826/"]
TEXTS = st.lists(st.sampled_from(NAMES), min_size=1, max_size=3).map(" ".join)


def value(kg: rk.Graph, parameter: Parameter) -> st.SearchStrategy[str]:
    """Return texts that people may write for a parameter, such as a new or a known name."""
    written = {
        "edtf": DATES,
        "non-negative-integer": ["1", "7"],
        "amount": ["450", "40~", "[1700..]", "12.5", "37/50"],
        "duration": ["P2Y", "at least three months"],
        "term": ["P2Y", "90 days", ".."],
        "time-of-day": ["11:00", "17~"],
        "day-of-year": ["--05-04", "--09"],
        "language-tag": ["es", "sr-Latn"],
        "passage": [SOURCE, "src:china-peru/s001"],
    }
    if choices := written.get(parameter.type) or parameter.options(kg.names):
        return st.sampled_from(choices)
    kinds = [kind.iri for kind in parameter.kinds(kg.names)] or [RKG + "Party"]
    known = sorted(each.value for kind in kinds for each in kg.names.instances(kind))
    if parameter.type == "text" or not known:
        return TEXTS
    return TEXTS | st.sampled_from(known).map(lambda iri: f"<{iri}>")


def composed(tables_of: FormTables, folder: Path, kg: rk.Graph) -> set[Triple]:
    """Return what the forms compose from the rows of tables, which have no mistakes."""
    found: set[Triple] = set()
    for name in tables_of.sheets:
        (table,) = tables.read(folder / f"{name}.csv")
        form = form_of(table, FORMS, {}, ())
        columns = Columns.of(table, form, {}, {})
        assert [] == [*columns.findings, *columns.check()]
        things = NewThings(kg.names)
        for row in columns.rows:
            cells = {columns.parameters[c.column]: c.text for c in row if not c.is_empty}
            made = form.compose(cells, things)
            assert () == made.problems, cells
            found.update(made.triples)
    return found


def saved(path: Path, facts: Iterable[Triple]) -> Path:
    path.write_bytes(turtle(facts))
    return path


@pytest.mark.slow
@trials(8)
@given(st.data())
def test_what_any_form_composes_is_exported_and_imported_as_it_was(
    kg: rk.Graph, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    form = FORMS[data.draw(st.sampled_from(sorted(FORMS)))]
    values: dict[str, object] = {}
    for each in form.parameters:
        if not form.is_composed(each) and (each.required or data.draw(st.booleans())):
            own = value(kg, each)
            many = st.lists(own, min_size=1, max_size=3)
            values[each.name] = data.draw(many if each.several else own)
    made = form.compose(values, NewThings(kg.names))
    facts = set(made.triples)
    # Another name of a known thing cites no passage of its own, so it has no row.
    assume({fact.predicate for fact in facts} - {ALSO})
    folder = tmp_path_factory.mktemp("tables")

    graph = rk.load(only=saved(folder / "facts.ttl", facts))
    found = graph.tables()
    found.write(folder / "csv", "csv")

    left = facts - found.facts
    assert {fact.predicate for fact in left} <= {ALSO}
    assert facts - left == composed(found, folder / "csv", kg)


@pytest.mark.parametrize("event", ["accusation-of-cesar-a-del-rio", "war-of-the-pacific"])
def test_an_event_beside_the_one_that_the_form_composes_has_its_own_cell(
    kg: rk.Graph, tmp_path: Path, event: str
) -> None:
    dates = {"begun": "1971", "ended": "1980", "start": f"id:{event}", "end": f"id:{event}"}
    values = {"party": "Ada", "counterpart": "Zed", "source": SOURCE}
    made = FORMS["relations"].compose({**values, **dates}, NewThings(kg.names))
    graph = rk.load(only=saved(tmp_path / "facts.ttl", made.triples))

    found = graph.tables()
    found.write(tmp_path / "csv", "csv")

    assert {*made.triples} == found.facts == composed(found, tmp_path / "csv", kg)


@pytest.mark.slow
def test_the_examples_of_all_forms_are_tables_that_give_them_again(
    kg: rk.Graph, tmp_path: Path
) -> None:
    things, facts = NewThings(kg.names), set[Triple]()
    for name, values in EXAMPLES.items():
        facts |= {*FORMS[name].compose({**values, "source": SOURCE}, things).triples}
    graph = rk.load(saved(tmp_path / "facts.ttl", facts))

    found = graph.tables()
    content = found.write(tmp_path / "all.xlsx", "xlsx")

    assert content == (tmp_path / "all.xlsx").read_bytes()
    again = import_table(graph, tmp_path / "all.xlsx")
    stated = {
        q.triple for q in graph.quad_store.quads_for_pattern(None, None, None, NamedNode(STATED))
    }
    assert [] == [f for f in again.report.findings if f.severity == "error"]
    assert () == again.new
    assert stated.issuperset(again.triples)
    assert {fact.predicate for fact in facts - found.facts} <= {ALSO}


def visits(folder: Path) -> Path:
    """Import two visits from a table, whose rows are their passages."""
    table = folder / "visits.csv"
    table.write_text(
        "visitor,origin,host,when,office\n"
        "Ada Ruíz,Arvenia,Peru,5 Nov 2024,President of Arvenia\n"
        "Osk Brode,Arvenia,Peru,5 Nov 2025,Consul of Arvenia\n",
        encoding="utf-8",
    )
    assert 0 == run("import", table, "-o", folder / "visits.ttl").returncode
    return folder / "visits.ttl"


@pytest.mark.slow
def test_an_edited_cell_changes_one_fact_and_an_unedited_table_none(tmp_path: Path) -> None:
    file = visits(tmp_path)
    before = shutil.copy(file, tmp_path / "before.ttl")
    exported = run("export", "--only", file, "--format", "csv", "-o", tmp_path / "tables")
    table = tmp_path / "tables" / "visit.csv"

    assert "visit: 2 rows" in exported.stderr
    assert "in no table" not in exported.stderr
    assert 0 == run("import", table, "-o", file, "--update").returncode
    assert 0 == run("diff", before, file).returncode
    text = table.read_text("utf-8-sig")
    table.write_text(text.replace(",2025-11-05,", ",2025-11-07,"), encoding="utf-8")
    run("import", table, "-o", file, "--update")
    expected = run("diff", before, file).stdout

    assert "1 thing changed" in expected
    assert re.findall(r"^ +[~+-] .*", expected, re.MULTILINE) == [
        "    ~ when: 2025-11-05 → 2025-11-07"
    ]


@pytest.mark.slow
def test_the_bundled_graph_as_tables_says_nothing_else(kg: rk.Graph, tmp_path: Path) -> None:
    found = kg.tables()
    found.write(tmp_path, "csv")

    stated = {
        q.triple
        for name in (STATED, IDENTIFIERS)
        for q in kg.quad_store.quads_for_pattern(None, None, None, NamedNode(name))
    }
    assert stated.issuperset(composed(found, tmp_path, kg))
    # How many things of a class have all their facts in tables, and how many there are.
    whole = {name: _whole(kg.names.instances(RKG + name), stated, found.facts) for name in WHOLE}
    assert whole == WHOLE


WHOLE = {
    "Visit": (8, 13),
    "Agreement": (2, 3),
    "OfficeTenure": (20, 21),
    "OrganizationMembership": (4, 4),
    "TradeFlow": (2, 2),
    "Person": (12, 20),
}


def _whole(
    things: Iterable[NamedNode], stated: set[Triple], in_tables: frozenset[Triple]
) -> tuple[int, int]:
    facts = [{fact for fact in stated if fact.subject == thing} for thing in things]
    return sum(each <= in_tables for each in facts), len(facts)


@pytest.mark.slow
def test_a_table_of_one_thing_has_its_rows_only_and_reports_what_it_lacks(
    kg: rk.Graph, tmp_path: Path
) -> None:
    with pytest.warns(UserWarning, match=r"no form fits \d+ of the facts, about .* with --by kind"):
        kg.export(tmp_path / "t", format="csv", of="Lima")
    text = (tmp_path / "t" / "mission.csv").read_text("utf-8-sig")
    headings, *rows = csv.reader(io.StringIO(text))

    assert [p.name for p in FORMS["mission"].parameters] == headings
    assert {"Lima"} == {row[headings.index("seat")] for row in rows}
    with pytest.raises(
        rk.InputError, match="no fact about src:china-peru/s002 fits a form; export all"
    ):
        kg.tables("src:china-peru/s002")


def test_tables_of_forms_have_no_inferred_facts(tmp_path: Path) -> None:
    assert "tables of forms have no inferred facts; add --by kind" in complaint(
        "export", "--format", "csv", "--all", "-o", tmp_path / "all"
    )
    assert "--by is only for csv and xlsx, not for turtle" in complaint("export", "--by", "kind")


@pytest.mark.parametrize(
    ("text", "options", "expected"),
    [
        ("member;organization;when\nPeru;Pact of Osk;1971\n", (), 'Pact of Osk, 1971"@en'),
        ("member\torganization\nPeru\tPact; of\n", ("--input-format", "tsv"), None),
        (
            "member\torganization\nPeru\tPact\n",
            ("--input-format", "ods"),
            "'ods' is not a format of",
        ),
        (
            "member,organization\nPeru,Pact\n",
            ("--facts", "-"),
            "standard input can be read only once",
        ),
        ("@prefix a: <urn:a> .\n", (), "this begins like Turtle, not like a table; relations-kg"),
        ('{"@id": "a"}', (), "this begins like JSON-LD, not like a table"),
        ("\x7fELF\0\1", (), "this is a binary file; save it as CSV in UTF-8"),
    ],
)
def test_standard_input_is_a_table(
    text: str, options: tuple[str, ...], expected: str | None
) -> None:
    result = run("import", "-", "--set", f"source={SOURCE}", *options, text=text)

    assert expected is None or expected in result.stdout + result.stderr
    assert (0 if '"@en' in (expected or "") else 1 if expected is None else 2) == result.returncode


def test_a_row_of_standard_input_is_no_passage() -> None:
    result = run("import", "-", text="member,organization\nPeru,Pact\n")

    assert 2 == result.returncode
    assert "standard input: a row without a source needs a file with a name" in result.stderr


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Ada Ruiz <id:ada-r>", "id:ada-r a rkg:Person"),
        ("Ada <b> <id:ada-b>", 'rdfs:label "Ada <b>"@en'),
        ("Xi Jinping <id:xi-jinping>", "rkg:visitor id:xi-jinping"),
        ("Ada Ruiz <id:xi-jinping>", "id:xi-jinping is called 'Xi Jinping', and not 'Ada Ruiz'"),
        ("Ada Ruiz <id:Ada_Ruiz>", "id:Ada_Ruiz cannot be the IRI of a new thing; write id: and"),
        ("Lima <id:lima>", "visitor: id:lima, the IRI for 'Lima', is a city"),
    ],
)
def test_a_name_may_have_its_iri(kg: rk.Graph, name: str, expected: str) -> None:
    values = {"visitor": name, "origin": "Arvenia", "host": "Peru", "source": SOURCE}
    made = FORMS["visit"].compose(values, NewThings(kg.names))

    assert expected in (str(made) if not made.problems else str(made.problems[0]))


@given(st.lists(st.text(min_size=1).map(str.strip).filter(bool), min_size=1))
def test_listed_values_are_read_as_they_were(values: list[str]) -> None:
    assert values == several(listed(values))


@pytest.mark.slow
@pytest.mark.parametrize("format", ["csv", "xlsx"])
def test_what_looks_like_a_comment_or_a_formula_is_a_name(
    kg: rk.Graph, tmp_path: Path, format: str
) -> None:
    facts: set[Triple] = set()
    for name in ("#Alba", "'=Bern", "=Celje", "'#Deva", "''Enna"):
        facts |= {*kg.new("party", name=name, kind="Company", source=SOURCE).triples}
    graph = rk.load(only=saved(tmp_path / "facts.ttl", facts))
    path = tmp_path / ("t.xlsx" if format == "xlsx" else "t")
    graph.tables().write(path, format)

    again = import_table(kg, path if format == "xlsx" else path / "party.csv")

    assert facts == set(again.triples)


MISSION = "sender,receiver,seat,opened,mission"
BEIJING = "id:embassy-of-peru-in-beijing"
CHANGES = "Embassy of Peru, Beijing is known, and this does not change its"
AGREEMENT = "agreement,party,signed,ratifier,ratified"
FREE_TRADE = "Free trade agreement between Peru and the People's Republic of China"


@pytest.mark.parametrize(
    ("text", "findings"),
    [
        (f"{MISSION}\nPeru,,Beijing,,{BEIJING}", []),
        (
            f"{MISSION}\nPeru,,Beijing,,{BEIJING}\nPeru,,Lima,,{BEIJING}",
            [("warning", "known", 3, 3, f"seat: {CHANGES} rkg:seat")],
        ),
        (
            f"{MISSION}\nNewland,Newland,,,{BEIJING}",
            [
                ("warning", "known", 2, 1, f"sender: {CHANGES} rkg:sendingParty"),
                ("warning", "known", 2, 2, f"receiver: {CHANGES} rkg:receivingParty"),
            ],
        ),
        (
            f"{AGREEMENT}\n{FREE_TRADE},,2010,,",
            [
                (
                    *("warning", "known", 2, 3),
                    f"signed: {FREE_TRADE} is known with Signing of the free trade agreement "
                    "between Peru and China, and this table adds another rkg:signedAt",
                )
            ],
        ),
        # Another party has its own ratification.
        (f"{AGREEMENT}\n{FREE_TRADE},,,Chile,2010", []),
        # A value with an error gets no warning.
        (
            "exporter,importer,amount,currency,when,flow\n"
            "Peru,id:hong-kong-sar,5,USD,2022,id:exports-of-peru-2022",
            [
                (
                    *("error", "max-count", 2, 3),
                    '"Exports of Peru to Hong Kong, 2022" has more than one rkg:amount',
                )
            ],
        ),
    ],
)
def test_a_value_that_says_something_new_of_a_known_thing_is_reported_with_the_known_one(
    kg: rk.Graph, tmp_path: Path, text: str, findings: list[tuple[str, str, int, int, str]]
) -> None:
    table = tmp_path / "rows.csv"
    table.write_text(text)

    found = import_table(kg, table, given={"source": SOURCE}).report.findings

    own = [each for each in found if each.code in ("known", "max-count")]
    assert findings == [
        (each.severity, each.code, each.line, each.column, each.message) for each in own
    ]
    assert all(each.related[0].place.file.startswith("data/china-peru/") for each in own)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["new.csv", "--update"], "--update needs the file of an earlier import: -o FILE"),
        (
            ["new.csv", "--update", "-o", "none.ttl"],
            "none.ttl: there is no such file of an earlier import; leave out --update to write it",
        ),
        (
            ["new.csv", "--input-format", "csv"],
            "--input-format is for standard input; name - as a file, or leave it out",
        ),
        (
            ["--template", "membership", "-o", "new.csv"],
            "new.csv: the table has 2 rows, which a new one would replace; "
            "name another file with -o",
        ),
    ],
)
def test_what_would_be_lost_or_ignored_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    text = (
        "member,organization\n# the state,the organisation\nPeru,Pact of Osk\nChile,Pact of Osk\n"
    )
    Path("new.csv").write_text(text)

    assert complaint("import", *arguments).endswith(message)
    assert text == Path("new.csv").read_text()
    assert ["new.csv"] == [path.name for path in tmp_path.iterdir()]


@pytest.mark.slow
def test_an_update_keeps_the_facts_of_rows_that_now_have_errors(tmp_path: Path) -> None:
    table, file = tmp_path / "t.csv", tmp_path / "t.ttl"
    given = ["--set", f"source={SOURCE}", "-o", file]
    table.write_text("member,organization\nPeru,Pact of Osk\nChile,Pact of Osk\n")
    run("import", table, *given)
    before = file.read_text()
    table.write_text("member,organization\nPeruu,Pact of Osk\nChile,Pact of Osk\n")

    found = run("import", table, *given, "--update", "--partial")

    assert (1, before) == (found.returncode, file.read_text())
    assert f"{file}: not updated, since the facts of rows with errors" in found.stderr


@pytest.mark.slow
def test_an_edited_table_is_not_exported_over(kg: rk.Graph, tmp_path: Path) -> None:
    tables = kg.tables("embassy-of-china-in-lima")
    more = {name: [*lines, ["Embassy", "Peru"]] for name, lines in tables.sheets.items()}
    assert re.fullmatch(r"<FormTables: \d+ rows of \d+ forms>", repr(tables))
    for suffix, path in (("csv", tmp_path / "tables"), ("xlsx", tmp_path / "tables.xlsx")):
        tables.write(path, suffix)
        tables.write(path, suffix)
        # A table that only gains rows may be replaced.
        FormTables(more, tables.facts, 0, {}).write(path, suffix)
        before = sorted(file.read_bytes() for file in tmp_path.rglob("*.*"))
        with pytest.raises(rk.InputError, match="has 1 row that would be lost, since the new"):
            tables.write(path, suffix)

        assert before == sorted(file.read_bytes() for file in tmp_path.rglob("*.*"))


@pytest.mark.slow
def test_an_error_names_the_file_beside_a_table_that_describes_what_is_not_found(
    tmp_path: Path,
) -> None:
    passages = "@prefix o: <https://w3id.org/relations-kg/source/osk/> .\no:s1 a rkg:Passage .\n"
    tables = {
        "party.csv": "name,kind,source\nArvenia,state,src:osk/s1\n",
        "mission.csv": "kind,sender,mission\nembassy,id:arvenia,Embassy <id:post>\n",
        "head.csv": "holder,mission\nAda Ruiz,id:post\nBo Lind,id:nothing\n",
        "note.ttl": passages,
    }
    for name, text in tables.items():
        (tmp_path / name).write_text(text)

    def help_of(name: str) -> list[str]:
        given = ("--only", "none", "--format", "json")
        found = run("import", tmp_path / name, *given, "-o", tmp_path / "o.ttl")
        return [f["help"] for f in json.loads(found.stdout)["findings"] if f["severity"] == "error"]

    first = "describes it: import it first, and name its facts with --only or --facts"
    assert help_of("party.csv") == [
        f"{tmp_path / 'note.ttl'} describes it: name it with --only, or with --facts"
    ]
    assert help_of("mission.csv") == [f"{tmp_path / 'party.csv'} {first}"]
    known, unknown = help_of("head.csv")
    assert known == f"{tmp_path / 'mission.csv'} {first}"
    assert "describes it" not in unknown


def test_files_that_cannot_be_read_describe_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.csv").mkdir()
    (tmp_path / "a.ttl").symlink_to("nowhere")
    (tmp_path / "b.csv").write_text("name\n" + "x" * 200_000)
    (tmp_path / "b.ttl").write_bytes(b"\xff\xfe\0")
    (tmp_path / "c.csv").write_text("name;kind\nArvenia;state\n")
    (tmp_path / "head.csv").write_text("holder,mission\nAda Ruiz,id:arvenia\nBo Lind,id:osk\n")
    given = ("--only", "none", "--format", "json", "-o", tmp_path / "o.ttl")

    found = json.loads(run("import", tmp_path / "head.csv", *given).stdout)["findings"]

    known, unknown = (f["help"] for f in found if f["severity"] == "error")
    assert known.startswith(f"{tmp_path / 'c.csv'} describes it: import it first")
    assert "describes it" not in unknown


def test_the_files_beside_a_table_are_read_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "party.csv").write_text("name,kind\nArvenia,state\n")
    read: list[str] = []
    own = tables.read
    monkeypatch.setattr(tables, "read", lambda path: [read.append(path), own(path)][1])
    beside = NearbyFiles(str(tmp_path / "mission.csv"))

    problems = [rk.InputError(f"nothing is called 'id:{name}'") for name in ("arvenia", "a", "b")]

    assert [True, False, False] == [bool(beside.help_of(each)) for each in problems]
    assert [str(tmp_path / "party.csv")] == read


@pytest.mark.slow
def test_a_quiet_import_prints_findings_only(tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    table.write_text("member,organization\nArvenia,Pact of Osk\n")
    given = ["import", table, "--set", f"source={SOURCE}", "-o", tmp_path / "t.ttl"]

    # Facts that follow from the column alone are stated about a new thing.
    expected = run(*given).stderr
    assert "new: id:arvenia (Arvenia), a state\n" in expected
    assert "for another kind of party, use the form party first\n" in expected
    assert "" == run(*given, "--quiet").stderr


@pytest.mark.slow
def test_new_parties_come_first_and_whole_and_other_new_things_are_counted(tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    states = [f"Land {letter}" for letter in "abcdefghijklm"]
    rows = [f"{state},Port {state[-1]},P{n}" for n, state in enumerate(states)]
    table.write_text("\n".join(["receiver,seat,row", *rows]))
    given = ["import", table, "--form", "mission", "--only", "none", "--set", "sender=Arvenia"]
    given += ["--set", "kind=embassy", "--column", "row=row", "-o", tmp_path / "t.ttl"]

    expected = run(*given).stderr.splitlines()

    assert ["Arvenia", *states] == [line.split("(")[1].split(")")[0] for line in expected[:14]]
    wider = "for another kind of party or place, use the form party or place first"
    assert [wider, "also new: mission 13, city 13; --max 14 lists them"] == expected[14:16]
    fewer = run(*given, "--max", "1").stderr.splitlines()
    assert ["id:arvenia", "id:t-p0-mission", "id:port-a"] == [each.split()[1] for each in fewer[:3]]
    assert "also new: state 13, mission 12, city 12; --max 14 lists them" in fewer
    assert "also new" not in run(*given, "--max", "14").stderr


def test_a_folder_is_imported_table_by_table(tmp_path: Path) -> None:
    (tmp_path / "visit.csv").write_text("")

    message = complaint("import", tmp_path)

    assert "import one table after another, with parties, places and persons first" in message
    assert message.endswith(f": {tmp_path / 'visit.csv'}")
