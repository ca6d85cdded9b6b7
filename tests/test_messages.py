"""Tests of messages about facts, files, queries and calls in Python: each says what to do."""

import re
from pathlib import Path
from unicodedata import normalize

import pytest
from command_line import complaint, run

import relations_kg as rk
from relations_kg.engines.connection import Answer
from relations_kg.errors import InputError, QueryTimeout

MISTAKES = {
    "<<http://x.org/a> a <http://x.org/B> .": 'one "<" too many before an IRI; remove it',
    "<urn:a> a <<urn:B> .": 'one "<" too many before an IRI; remove it',
    "<< <urn:a> a <urn:B> >> <urn:p> 1 .": "a triple cannot be a term, since RDF 1.2 is not",
    "@prefix ex: <urn:x#> .\nex:-w a ex:B .": '"-" is not allowed in a prefixed name; write',
    "@prefix ex: <urn:x#> .\nex:a a ex:-w .": '"-" is not allowed in a prefixed name; write',
}


@pytest.mark.parametrize("text", MISTAKES)
def test_a_mistake_in_turtle_has_the_same_words_on_every_command(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.ttl"
    path.write_text(text, encoding="utf-8")
    words = MISTAKES[text].split("; ")[0]

    assert words in run("validate", path, "--against", "none").stdout
    if "RDF 1.2" not in words:
        assert MISTAKES[text] in complaint("info", "--facts", path)
        assert MISTAKES[text] in complaint("diff", path, path)


def test_a_file_that_is_read_is_never_replaced(tmp_path: Path) -> None:
    facts, same = tmp_path / "a.ttl", tmp_path / "b.ttl"
    facts.write_text("<urn:a> a <urn:B> .", encoding="utf-8")
    same.symlink_to(facts)
    query = tmp_path / "a.txt"
    query.write_text("ASK { ?s ?p ?o }", encoding="utf-8")
    before = facts.read_bytes(), query.read_bytes()

    for arguments in (
        ("validate", facts, "-o", facts),
        ("validate", facts, "-o", same),
        ("passages", facts, "-o", facts),
        ("passage", facts, "urn:B", "-o", same),
        ("diff", query, facts, "-o", query),
        ("query", query, "-o", query),
    ):
        assert "the command reads this file and cannot replace it; name another" in complaint(
            *arguments
        )
    assert before == (facts.read_bytes(), query.read_bytes())


@pytest.mark.parametrize("suffix", [".csv", ".xlsx", ".rdf", ".nq", ".json"])
def test_facts_of_forms_are_written_as_turtle_only(tmp_path: Path, suffix: str) -> None:
    table = tmp_path / "relations.csv"
    table.write_text("party,counterpart\nArvenia,Borduria\n", encoding="utf-8")
    output = table.with_suffix(suffix)
    before = table.read_bytes()

    message = complaint("import", table, "--form", "relations", "-o", output)
    assert f"{output}: {suffix} means " in message
    assert "use one of .ttl, .turtle" in message
    message = complaint("new", "place", "--place", "Szohod", "-o", output)
    assert "use one of .ttl, .turtle" in message
    assert before == table.read_bytes()
    assert [table] == [*tmp_path.iterdir()]


def test_texts_that_look_alike_are_distinguished(tmp_path: Path) -> None:
    for form in ("NFC", "NFD"):
        text = normalize(form, '<urn:a> <urn:p> "Perú", "x" .')
        (tmp_path / f"{form}.ttl").write_text(text, encoding="utf-8")

    out = run("diff", tmp_path / "NFC.ttl", tmp_path / "NFD.ttl").stdout
    assert "(they differ in Unicode normalization)" in out


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("Query timed out", QueryTimeout),
        ("QueryCancelledException", QueryTimeout),
        ("The query was cancelled", QueryTimeout),
        ("exceeded the time limit of 5 s", QueryTimeout),
        ("your subscription is cancelled", InputError),
        ("visit cancelled by the host", InputError),
    ],
)
def test_only_a_cancelled_query_is_a_timeout(words: str, kind: type[Exception]) -> None:
    error = Answer("http://x.org/", 500, {"content-type": "text/plain"}, words.encode()).error()

    assert type(error) is kind


def test_mistakes_in_python_are_answered(kg: rk.Graph, tmp_path: Path) -> None:
    rows = kg.run("visits", host="peru")
    file = tmp_path / "file"
    file.write_text("")
    help = {}
    for name, ask in {
        "row as a value": lambda: kg.run("visits", host=rows[0]),
        "row as a thing": lambda: kg.show(rows[0]),  # type: ignore[arg-type]
        "no name": lambda: kg.run("visits", host=" "),
        "number as a flag": lambda: kg.run("visits", all="no"),
        "number as a class": lambda: kg.search("lima", kind=5),  # type: ignore[arg-type]
        "text as a number": lambda: kg.search("lima", limit="5"),  # type: ignore[arg-type]
        "list of files": lambda: kg.validate(["a.ttl"]),  # type: ignore[arg-type]
        "rows as a file": lambda: kg.add(rows),  # type: ignore[arg-type]
        "Turtle as a file": lambda: kg.validate("id:x a rkg:State ."),
        "thing as rows": lambda: kg.evidence("peru"),  # type: ignore[arg-type]
        "name of a graph": lambda: kg.count("stated"),
        "file as a store": lambda: rk.load(store=file),
        "no folder": lambda: rows.timeline().save(tmp_path / "none" / "a.svg"),
        "folder": lambda: kg.export(tmp_path),
    }.items():
        with pytest.raises(rk.RelationsError) as caught:
            ask()
        help[name] = str(caught.value)

    assert {
        "row as a value": "host: a Row is not a value; give one of its values, such as a name, "
        "a date or a number",
        "row as a thing": "a Row does not name a thing; give its name, CURIE or IRI as text",
        "no name": "host: the name ' ' is empty; write a name, such as peru or id:peru",
        "number as a flag": "all: 'no' is neither true nor false; write true or false",
        "number as a class": "kind: 5 is not a text; write the name of a class, such as embassy; "
        "relations-kg info lists them",
        "text as a number": "limit: '5' is not a whole number; give 1 or more",
        "list of files": "a path cannot be of the type list; "
        "pass each path as an argument of its own",
        "rows as a file": "a path cannot be of the type Rows; give a str or a Path",
        "Turtle as a file": "id:x a rkg:State .: there is no such file; "
        "this looks like the facts themselves; write them to a file such as facts.ttl",
        "thing as rows": "evidence: a str has no rows; give rows, or use passages(…) for things",
        "name of a graph": "'stated' is not the IRI of a graph; give one such as "
        "https://w3id.org/relations-kg/graph/stated",
        "file as a store": f"{file}: cannot be written: File exists; it is a file; name a folder",
        "no folder": f"{tmp_path}/none/a.svg: cannot be written: No such file or directory; "
        f"make the folder {tmp_path}/none first",
        "folder": f"{tmp_path}: cannot be written: Is a directory; name a file in it",
    } == help
    for wrong, message in (
        ("visit", "[row.visit for row in rows]"),
        ("head", "to_pandas()"),
        ("to_csv", "serialize"),
    ):
        with pytest.raises(AttributeError, match=re.escape(message)):
            getattr(rows, wrong)
    with pytest.raises(IndexError, match=f"no row 99; the {len(rows)} rows are numbered"):
        rows[99]
