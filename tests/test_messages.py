"""Tests of messages: each names what is wrong in words that help."""

from pathlib import Path
from unicodedata import normalize

import pytest
from command_line import complaint, run

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
        assert "it is read, and cannot be replaced; name another" in complaint(*arguments)
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


def test_texts_that_look_alike_are_told_apart(tmp_path: Path) -> None:
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
