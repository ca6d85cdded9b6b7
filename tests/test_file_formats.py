"""Tests of formats of files: their recognition, the cells of workbooks, and RDF/XML."""

import gzip
import io
import re
import subprocess
import sys
import time
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from command_line import complaint, printed, run

import relations_kg as rk
from relations_kg.export.workbooks import Value, workbook
from relations_kg.graph.graph import Graph

FACTS = """@prefix rkg: <https://w3id.org/relations-kg/ontology#> .
@prefix id: <https://w3id.org/relations-kg/id/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .

id:zembla a rkg:State ; rdfs:label "Zembla & <Co>"@en .
id:onhava a rkg:City ; rdfs:label "Onhava"@en ; rkg:inRegion id:zembla .
"""
CHECKED = "3 errors in 5 facts; checked 2 things"
DESCRIBE = "DESCRIBE id:lima"
BEGINNINGS = {
    "json": rb"\{",
    "rdf": rb"<\?xml",
    "xml": rb"<\?xml",
    "ttl": rb"@prefix",
    "n3": rb"@prefix",
    "nt": rb"<http",
    "nq": rb"<http",
    "trig": rb"@prefix",
    "jsonld": rb"\{",
    "sarif": rb"\{",
    "csv": rb"visit,who",
    "tsv": rb"\?visit\t",
    "md": rb"[|*]",
    "txt": rb"\w",
    "xlsx": rb"PK",
    "parquet": rb"PAR1",
}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "suffixes"),
    [
        (["query", "visits"], "csv tsv xlsx json xml md parquet"),
        (["query", DESCRIBE], "ttl n3 jsonld nt rdf"),
        (["export", "--of", "lima"], "ttl jsonld json nt nq trig rdf"),
        (["export", "--of", "lima", "--by", "kind"], "xlsx"),
        (["explain", "lima", "a", "rkg:City"], "txt json md"),
        (["info"], "txt json"),
        (["source"], "txt"),
        (["show", "lima"], "txt"),
        (["search", "lima"], "xlsx json"),
    ],
    ids=lambda each: each if isinstance(each, str) else each[0],
)
def test_the_suffix_of_the_output_is_its_format(
    tmp_path: Path, arguments: list[str], suffixes: str
) -> None:
    for suffix in suffixes.split():
        for path in (tmp_path / f"out.{suffix}", tmp_path / f"OUT.{suffix.upper()}"):
            assert "" == printed(*arguments, "-o", path)
            assert re.match(BEGINNINGS[suffix], path.read_bytes()), suffix


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ("query visits -o v.ods", ".ods cannot be written; use one of .txt, .csv"),
        ("query visits -o v.html", ".html cannot be written"),
        ("query visits -f csv -o v.xls", ".xls cannot be written; use one of .csv"),
        ("query visits -f csv -o v.xlsx", ".xlsx means xlsx, not csv; use one of .csv"),
        ("query visits -o v.ttl", ".ttl means turtle, which cannot contain rows"),
        ("query DESCRIBE~id:lima -o v.csv", ".csv means csv, which cannot contain triples"),
        ("export -o x.parquet", "which cannot contain triples; use one of .ttl"),
        ("export -o x.csv", "x.csv: csv writes a file for each table; name a folder for them"),
        ("export -o x.ttl.gz", ".gz cannot be written"),
        ("query ASK{} -o v.xlsx", ".xlsx means xlsx, which cannot contain true or false"),
        ("export -f xlsx", "xlsx is not text; name a file with -o"),
        ("info -o x.csv", "which cannot contain counts; use one of .txt, .json"),
        ("show lima -o x.ttl", "cannot contain a listing; .*linked data is written by export --of"),
        ("source -o x.json", "which cannot contain a listing; use one of .txt"),
        ("explain lima a rkg:City -o x.ttl", "which cannot contain an explanation"),
        ("validate x.ttl -o x.md", "which cannot contain findings"),
    ],
)
def test_a_suffix_that_cannot_be_written_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, arguments: str, words: str
) -> None:
    monkeypatch.chdir(tmp_path)

    assert re.search(words, complaint(*(word.replace("~", " ") for word in arguments.split())))
    assert [] == [*tmp_path.iterdir()]


def test_a_hyphen_as_the_output_is_standard_output() -> None:
    assert printed("query", "visits") == printed("query", "visits", "-o", "-")


@pytest.mark.slow
def test_tables_are_not_scattered_among_other_files(kg: Graph, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")

    message = complaint("export", "--format", "csv", "-o", tmp_path)
    with pytest.raises(rk.InputError, match=r"not one of these tables: notes\.txt; name a new"):
        kg.export(tmp_path, format="csv", by="kind")

    assert "the folder has a file that is not one of these tables: notes.txt" in message
    assert ["notes.txt"] == [path.name for path in tmp_path.iterdir()]
    kg.export(tmp_path / "new", format="csv", of="lima", by="kind")
    kg.export(tmp_path / "new", format="csv", of="lima", by="kind")


def test_a_workbook_keeps_what_its_cells_mean() -> None:
    values: list[list[Value]] = [
        ["=1+1", "", " <&> ", "a\nb", "é"],
        [1, 10**15, Decimal("1.50"), float("nan"), True],
        [date(1900, 3, 1), date(2024, 2, 29), date(1874, 6, 26), None, "x" * 32_767],
    ]
    content = workbook({"a/b": values, "A-B": [["_x0041_"]], "y" * 40: [], "y" * 41: []})

    book = openpyxl.load_workbook(io.BytesIO(content))
    assert ["a-b", "A-B-2", "y" * 31, "y" * 29 + "-2"] == book.sheetnames
    assert [
        ("=1+1", None, " <&> ", "a\nb", "é"),
        (1, str(10**15), 1.5, "nan", True),
        (datetime(1900, 3, 1), datetime(2024, 2, 29), "1874-06-26", None, "x" * 32_767),
    ] == [*book["a-b"].values]
    assert "s" == book["a-b"]["A1"].data_type
    assert "yyyy-mm-dd" == book["a-b"]["A3"].number_format
    # A spreadsheet shows this as _x0041_, and would show _x0041_ as A.
    assert "_x005F_x0041_" == book["A-B-2"]["A1"].value


def test_equal_sheets_give_equal_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    sheets = {"a": [["h"], ["1"]]}
    content = workbook(sheets)
    monkeypatch.setattr(time, "localtime", lambda *_: time.gmtime(2_000_000_000))

    assert content == workbook(sheets)


@pytest.mark.parametrize(
    "written",
    ["kg.export(format='xlsx', by='kind')", "frames.serialize(kg.run('visits'), 'xlsx')"],
)
def test_without_the_library_of_workbooks_its_extra_is_named(written: str) -> None:
    code = (
        "import sys; sys.modules['openpyxl'] = None; import relations_kg as rk\n"
        f"from relations_kg.answers import frames; kg = rk.load(); {written}"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert re.search(r"xlsx: this needs openpyxl, .*'relations-kg\[tables\]'", done.stderr)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a\0b", "sheet a: a workbook cannot express the character U+0000"),
        ("x" * 32_768, "sheet a: a cell of a workbook has at most 32,767 characters"),
    ],
)
def test_what_a_workbook_cannot_hold_is_refused(text: str, problem: str) -> None:
    with pytest.raises(rk.RelationsError) as caught:
        workbook({"a": [["h"], [text]]})
    assert f"{problem}; write CSV or Parquet" == str(caught.value)


def written(name: str, folder: Path) -> Path:
    """Write FACTS under a name and return the path."""
    path = folder / name
    turtle = folder / "facts.ttl"
    turtle.write_text(FACTS, encoding="utf-8")
    kind = {"rdf": "rdfxml", "owl": "rdfxml", "json": "jsonld"}.get(name.split(".")[1], "turtle")
    text = rk.load(only=[turtle]).export(format=kind)
    path.write_bytes(gzip.compress(text) if name.endswith(".gz") else text)
    return path


@pytest.mark.slow
@pytest.mark.parametrize(
    "name",
    ["a.rdf", "a.owl", "a.json", "a.n3", "a.turtle", "a.TTL", "a.ttl.gz", "a.rdf.gz", "a.GZ"],
)
def test_files_of_each_suffix_state_the_same(tmp_path: Path, name: str) -> None:
    path = written(name.replace("a.GZ", "a.json.GZ"), tmp_path)
    if name.endswith("GZ"):
        path.write_bytes(gzip.compress(path.read_bytes()))

    assert "no difference" in printed("diff", path, tmp_path / "facts.ttl")
    assert CHECKED in run("validate", path, "--against", "none").stdout
    sparql = "SELECT ?l { id:zembla rdfs:label ?l }"
    assert "l\r\nZembla & <Co>\r\n" == printed("query", sparql, "--facts", path, "-f", "csv")


def test_turtle_named_owl_is_read(tmp_path: Path) -> None:
    (tmp_path / "t.owl").write_text(FACTS, encoding="utf-8")

    assert CHECKED in run("validate", tmp_path / "t.owl", "--against", "none").stdout


@pytest.mark.slow
@pytest.mark.parametrize("format", ["turtle", "jsonld", "rdfxml", "ntriples"])
def test_the_format_of_standard_input_is_recognised(tmp_path: Path, format: str) -> None:
    text = rk.load(only=[written("facts.ttl", tmp_path)]).export(format=format)

    for options in ([], ["--input-format", format.upper()]):
        result = run("validate", "-", "--against", "none", *options, text=text)
        assert (1, "") == (result.returncode, result.stderr)
        assert CHECKED in result.stdout
    assert "no difference" in printed("diff", "-", tmp_path / "facts.ttl", text=text)


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("a.ttl", '{"@id": "urn:a"}', "this looks like JSON-LD, not Turtle; give it the suffix"),
        ("a.nt", '<?xml version="1.0"?>', "this looks like RDF/XML, not N-Triples; give it"),
        ("a.json", "# mine\n@prefix a: <urn:a> .", "this looks like Turtle, not JSON-LD; give it"),
        ("a.rdf", "PREFIX a: <urn:a>", "this looks like Turtle, not RDF/XML"),
        ("a.ttl", "<!doctype HTML><html>", "this is a web page, not RDF; download the data"),
        ("a.ttl", "PK\3\4\0", "this is a ZIP archive or a workbook, not text; unpack it"),
        ("a.nt", "SQLite format 3\0", "this is a database, not text; export its tables as CSV"),
        ("a.csv", "a,b", "this is a table; relations-kg import .*a.csv writes its rows"),
        ("a.xlsx", "PK", "this is a table; relations-kg import"),
        ("a.ods", "PK", "this is a table; save it as .xlsx"),
        ("a.rq", "ASK {}", "this is a query; run it with relations-kg query"),
        ("a.pdf", "%PDF", "this is a document; save its text"),
        ("a.txt", "It", "this is a text; "),
        ("a.zip", "PK", "this is an archive; unpack it"),
        ("a.ttl.gz", "\x1f", "cannot be read|not|expected"),
        (
            "a.XML",
            '<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>',
            "this is RDF/XML; name it .*a.rdf$",
        ),
        ("a.txt", '[{"@context": {}}]', "this is JSON-LD; name it .*a.jsonld$"),
        ("noext", "# mine\n@prefix a: <urn:a> .", "this is Turtle; name it .*noext.ttl$"),
        ("a.xml", "<?xml version='1.0'?><a/>", "this is another format; convert it"),
        ("noext", "", "the name has no suffix"),
        ("noext", "", "or give it as standard input with -"),
    ],
)
@pytest.mark.usefixtures("shared_graphs")
def test_files_of_another_kind_are_reported_with_what_to_do(
    tmp_path: Path, name: str, text: str, words: str
) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")

    assert re.search(words, complaint("info", "--facts", tmp_path / name))
    result = run("validate", tmp_path / name, "--against", "none")
    assert re.search(words, result.stderr or result.stdout)


@pytest.mark.slow
def test_a_folder_is_answered_with_the_files_in_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    assert ".: this is a folder; name a file" == complaint("validate", ".")
    (tmp_path / "a.ttl").write_text(FACTS, encoding="utf-8")

    assert "this is a folder; name the files in it: ./a.ttl" in complaint("validate", ".")
    assert "this is a folder; name the files in it" in complaint("info", "--facts", tmp_path)


@pytest.mark.slow
def test_damaged_packed_files_are_reported(tmp_path: Path) -> None:
    whole = gzip.compress(FACTS.encode())
    for content, words in ((whole[:60], "is cut off"), (whole[:10] + b"\xff" * 9, "is damaged")):
        (tmp_path / "a.ttl.gz").write_bytes(content)
        assert f"the gzip file {words}; pack it again" in complaint(
            "validate", tmp_path / "a.ttl.gz"
        )
    (tmp_path / "a.ttl.gz").write_bytes(whole)
    assert "a packed file cannot be repaired" in complaint(
        "validate", "--fix", tmp_path / "a.ttl.gz"
    )


HEAD = '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:u="urn:u#">'


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (f"{HEAD}\n<a>", "facts.rdf:2:4: not well-formed XML: no element found"),
        (f'{HEAD}\n<u:A rdf:about="x"/></rdf:RDF>', "facts.rdf:2:16: .*IRI.*; write IRIs in full"),
        (
            f'<!DOCTYPE r [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]>\n{HEAD}</rdf:RDF>',
            "facts.rdf:1:30: the entity contains other entities, or is too long: b",
        ),
        (
            f'<!DOCTYPE r [<!ENTITY a SYSTEM "file:///etc/passwd">]>\n{HEAD}</rdf:RDF>',
            "a remote entity is not fetched: a",
        ),
    ],
)
def test_mistakes_in_rdf_xml_are_reported_with_their_places(
    tmp_path: Path, text: str, words: str
) -> None:
    path = tmp_path / "facts.rdf"
    path.write_text(text, encoding="utf-8")

    result = run("validate", path, "--against", "none", "--format", "concise")
    assert re.search(words.split("; ")[0].replace(": ", ".*", 1), result.stdout)
    assert re.search(words, complaint("info", "--facts", path))


def test_a_finding_in_rdf_xml_has_a_line_and_no_repair(tmp_path: Path) -> None:
    path = written("facts.rdf", tmp_path)
    wrong = path.read_text(encoding="utf-8").replace("rkg:City", "rkg:Citty")
    path.write_text(wrong, encoding="utf-8")

    result = run("validate", path, "--against", "none", "--fix", "--format", "concise")

    line = wrong[: wrong.index("rkg:Citty")].count("\n") + 1
    assert f"facts.rdf:{line}:" in result.stdout
    assert wrong == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("fact", ["<urn:a> <urn:p/> 1", '<urn:a> <urn:p> "\\u0001"'])
def test_what_rdf_xml_cannot_express_is_refused(tmp_path: Path, fact: str) -> None:
    (tmp_path / "a.ttl").write_text(f"{fact} .", encoding="utf-8")

    message = complaint("export", "--only", tmp_path / "a.ttl", "-o", tmp_path / "a.rdf")
    assert "XML cannot express" in message
