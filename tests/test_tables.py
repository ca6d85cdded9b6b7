"""Tests of answers as tables of text."""

import csv
import io
import json
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, QueryResultsFormat, QuerySolutions, parse_query_results
from trials import trials

import relations_kg as rk
from relations_kg.answers.tables import serialize
from relations_kg.rdf.formats import names

SPARQL = """
SELECT ?z ?label ?a WHERE {
  VALUES (?z ?label ?a) {
    (id:peru "one|two\\\\"@en 1)
    (id:lima "<b>&" UNDEF)
    (<urn:none> "two\\nlines\\t\\u001B[31m\\u202E" "1875-08"^^edtf:EDTF)
  }
}
"""
RESULTS = {
    "csv": QueryResultsFormat.CSV,
    "tsv": QueryResultsFormat.TSV,
    "json": QueryResultsFormat.JSON,
    "xml": QueryResultsFormat.XML,
}


def select(kg: rk.Graph, sparql: str) -> rk.Rows:
    rows = kg.query(sparql)
    assert isinstance(rows, rk.Rows)
    return rows


@pytest.fixture(scope="module")
def rows(kg: rk.Graph) -> rk.Rows:
    return select(kg, SPARQL)


def test_a_table_aligns_its_columns_and_shows_labels(rows: rk.Rows) -> None:
    """Each row is one line, even if its texts contain line breaks."""
    expected = """\
z         label             a
--------  ----------------  -------
Peru      one|two\\          1
Lima      <b>&
urn:none  two lines  [31m   1875-08
"""

    assert expected == serialize(rows, "table") == str(rows)


def test_a_markdown_table_escapes_what_would_end_a_cell(kg: rk.Graph, rows: rk.Rows) -> None:
    expected = """\
| z | label | a |
| --- | --- | --- |
| Peru | one\\|two\\\\ | 1 |
| Lima | \\<b\\>\\& |  |
| urn:none | two lines  \\[31m | 1875-08 |
"""

    assert expected == serialize(rows, "markdown")
    active = select(kg, """SELECT ("<img src=x> *A* @name #1" AS ?a_b) {}""")
    assert r"| \<img src=x\> \*A\* @<!-- -->name \#<!-- -->1 |" in serialize(active, "markdown")


def test_a_table_in_a_notebook_is_escaped(rows: rk.Rows) -> None:
    html = rows._repr_html_()

    assert "<th>z</th><th>label</th><th>a</th>" in html
    assert "<td>Lima</td><td>&lt;b&gt;&amp;</td><td></td>" in html
    assert "<b>" not in html


def test_what_only_a_terminal_would_obey_is_not_shown(rows: rk.Rows) -> None:
    for text in (serialize(rows, "table"), serialize(rows, "markdown"), rows._repr_html_()):
        assert all(character.isprintable() or character == "\n" for character in text)


@pytest.mark.parametrize("format", names("rows"))
def test_columns_come_in_the_order_of_the_select(kg: rk.Graph, format: str) -> None:
    text = serialize(select(kg, "SELECT ?z ?label ?a WHERE { VALUES (?a ?z) { (1 2) } }"), format)

    first = text.partition("\n")[0]
    columns = {
        "table": lambda: first.split(),
        "csv": lambda: first.strip().split(","),
        "tsv": lambda: first.replace("?", "").split("\t"),
        "json": lambda: json.loads(text)["head"]["vars"],
        "xml": lambda: [variable.attrib["name"] for variable in ElementTree.fromstring(text)[0]],
        "markdown": lambda: first.replace("|", " ").split(),
    }
    assert ["z", "label", "a"] == columns[format]()


@pytest.mark.parametrize("format", ["json", "tsv"])
def test_the_result_formats_read_back_as_the_same_terms(rows: rk.Rows, format: str) -> None:
    read = parse_query_results(serialize(rows, format), RESULTS[format])

    assert isinstance(read, QuerySolutions)
    assert rows.terms == [tuple(solution) for solution in read]


def test_csv_has_the_values_and_crlf(rows: rk.Rows) -> None:
    text = serialize(rows, "csv")

    assert [
        ["https://w3id.org/relations-kg/id/lima", "<b>&", ""],
    ] == list(csv.reader(io.StringIO(text)))[2:3]
    assert text.count("\r\n") == 4


def test_a_value_of_any_characters_is_one_cell(kg: rk.Graph) -> None:
    """CSV quotes IRIs, and XML keeps line ends; a character that XML lacks is refused."""
    values = [NamedNode("http://e.org/a,b"), Literal('a "<u:x,y>",\r\nb\tc\r'), Literal("<u:x,y>")]
    pattern = f"VALUES (?x ?y ?z) {{ ({' '.join(map(str, values))}) (<u:1> 2 3) }}"
    rows = select(kg, f"SELECT * {{ {pattern} }}")
    texts = [value.value for value in values]

    assert [texts, ["u:1", "2", "3"]] == list(
        csv.reader(io.StringIO(serialize(rows, "csv"), newline=""))
    )[1:]
    cells = ElementTree.fromstring(serialize(rows, "xml")).iter()
    assert texts == [cell.text for cell in cells if cell.tag.endswith(("}literal", "}uri"))][:3]
    for character in ("\\u0001", "\\u000C", "\uffff"):
        rows = select(kg, f'SELECT ("a{character}" AS ?x) {{}}')
        with pytest.raises(rk.InputError, match=r"XML cannot express the character U\+"):
            serialize(rows, "xml")


@pytest.mark.slow
@trials(40)
@given(
    st.text(st.characters(exclude_categories=["Cs", "Cc"])), st.sampled_from(["", "en", "es-PE"])
)
def test_any_text_is_kept_by_the_result_formats(kg: rk.Graph, text: str, language: str) -> None:
    literal = Literal(text, language=language) if language else Literal(text)
    rows = select(kg, f"SELECT ?a WHERE {{ BIND ({literal} AS ?a) }}")

    for format in ("json", "tsv", "xml"):
        read = parse_query_results(serialize(rows, format), RESULTS[format])

        assert isinstance(read, QuerySolutions)
        assert [(literal,)] == [tuple(solution) for solution in read]


def test_an_answer_without_rows_still_has_its_columns(kg: rk.Graph) -> None:
    rows = select(kg, "SELECT ?z ?a WHERE { FILTER (false) }")

    assert "z  a\n-  -\n" == serialize(rows, "table")
    assert "| z | a |\n| --- | --- |\n" == serialize(rows, "markdown")
    assert "z,a\r\n" == serialize(rows, "csv")
    assert {"head": {"vars": ["z", "a"]}, "results": {"bindings": []}} == json.loads(
        serialize(rows, "json")
    )


def test_an_unknown_format_is_reported_with_those_there_are(rows: rk.Rows) -> None:
    with pytest.raises(rk.InputError) as caught:
        rows.serialize("yaml")

    assert "unknown format 'yaml'; use one of table, csv, tsv, json, xml, markdown" == str(
        caught.value
    )


def test_a_triple_term_is_one_cell_of_each_format(kg: rk.Graph) -> None:
    text = "<<( <urn:a,b> <urn:p> <<( <urn:c> <urn:p> 'd, \"e\"'@en )>> )>>"
    rows = kg.query(f"SELECT ({text} AS ?x) (1 AS ?y) {{}}")
    assert isinstance(rows, rk.Rows)
    written = text.replace("'d, \"e\"'", r'"d, \"e\""')

    lines = csv.reader(io.StringIO(rows.serialize("csv"), newline=""))
    assert [["x", "y"], [written, "1"]] == list(lines)
    assert f"?x\t?y\n{written}\t1\n" == rows.serialize("tsv")
    (binding,) = json.loads(rows.serialize("json"))["results"]["bindings"]
    assert "urn:a,b" == binding["x"]["value"]["subject"]["value"]
    assert 2 == len(ElementTree.fromstring(rows.serialize("xml")).findall(".//{*}triple"))
