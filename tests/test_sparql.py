"""Tests of SPARQL texts: their errors, columns, named graphs and rows of parameters."""

from pathlib import Path

import pytest

import relations_kg as rk
from relations_kg._files import folder
from relations_kg.rdf.namespaces import STATED
from relations_kg.sparql import evaluation
from relations_kg.sparql.evaluation import names, names_graphs, parameter_rows, query_form


def wrong(kg: rk.Graph, text: str) -> rk.QueryError:
    with pytest.raises(rk.QueryError) as caught:
        kg.query(text)
    assert "\n" not in str(caught.value)
    assert "query" == caught.value.where
    return caught.value


@pytest.mark.parametrize(
    ("text", "line", "found"),
    [
        ("SELECT ?x\nWHERE { ?x ?p }", 2, "not SPARQL"),
        ("SELECT ?x WHERE {\n  ?x ?p ?o\n", 3, 'before the "{" at 1:17 is closed'),
        ("", 1, "there is no query"),
    ],
)
def test_a_mistake_is_reported_with_its_line_and_what_is_there(
    kg: rk.Graph, text: str, line: int, found: str
) -> None:
    error = wrong(kg, text)

    assert line == error.line
    assert error.column is not None
    assert found in error.message


def test_an_unknown_prefix_is_reported_with_what_is_known(kg: rk.Graph) -> None:
    error = wrong(kg, "SELECT ?x WHERE { ?x rkgg:seat ?y }")

    assert 'unknown prefix "rkgg:"' == error.message
    assert error.help
    assert "rkg" in error.help


def test_a_prefix_that_the_text_declares_is_known(kg: rk.Graph) -> None:
    assert "prefix" not in wrong(kg, "PREFIX mine: <urn:> SELECT ?x WHERE { ?x mine:p }").message
    assert kg.query("PREFIX mine: <urn:> ASK { FILTER NOT EXISTS { ?x mine:p ?y } }")


@pytest.mark.parametrize("text", ["DELETE WHERE { ?s ?p ?o }", "INSERT DATA { id:a id:b id:c }"])
def test_an_update_is_no_question(kg: rk.Graph, text: str) -> None:
    size = len(kg.quad_store)
    wrong(kg, text)

    assert size == len(kg.quad_store)


@pytest.mark.parametrize(
    "sparql", ["DROP ALL", "PREFIX a: <urn:a> # x\n insert data {}", "Load <x>"]
)
def test_an_update_is_called_one(kg: rk.Graph, sparql: str) -> None:
    assert wrong(kg, sparql).message.endswith(" is an update, not a query")


@pytest.mark.parametrize(
    ("sparql", "columns"),
    [
        ("SELECT * { ?s ?p ?o }", ["s", "p", "o"]),
        ("select distinct*where{ $s ?p ?o FILTER(?o != 1) }", ["s", "p", "o"]),
        ("SELECT * { { SELECT ?b ?a { ?b a ?a ; ?c ?d } } }", ["b", "a"]),
        ("SELECT REDUCED * # all of ?it\nFROM graph:stated { ?z rdfs:label ?a }", ["z", "a"]),
        ("PREFIX s: <urn:a*b> SELECT * { ?z a ?y OPTIONAL { ?y s:b ?x } }", ["z", "y", "x"]),
        ("SELECT ?o ?s { ?s ?p ?o }", ["o", "s"]),
        ("SELECT (COUNT(DISTINCT *) AS ?n) ?s { ?s ?p ?o } GROUP BY ?s", ["n", "s"]),
        ("SELECT ?x (COUNT(*) AS ?a) { { SELECT * { ?x a ?k } } } GROUP BY ?x", ["x", "a"]),
        ("SELECT * { BIND(2 * 3 AS ?six) VALUES ?a { 1 } }", ["six", "a"]),
        ("SELECT * { }", []),
    ],
)
def test_the_columns_of_all_variables_are_in_the_order_of_the_text(
    kg: rk.Graph, sparql: str, columns: list[str]
) -> None:
    limited = f"{sparql.replace('graph:stated', f'<{STATED}>')} LIMIT 3"

    assert columns == kg.query(limited).columns


def test_a_text_that_names_graphs_asks_only_these(kg: rk.Graph) -> None:
    counting = "SELECT (COUNT(*) AS ?n) {graphs} {{ ?s ?p ?o }}"

    stated = kg.query(counting.format(graphs=f"FROM <{STATED}>"))
    nothing = kg.query(counting.format(graphs="FROM NAMED <urn:none>"))

    assert isinstance(stated, rk.Rows)
    assert isinstance(nothing, rk.Rows)
    assert kg.count(STATED) == stated[0].n
    assert 0 == nothing[0].n


@pytest.mark.parametrize(
    "head",
    [
        "SELECT ?from",
        'SELECT ("from" AS ?x)',
        "SELECT * # from <urn:a>\n",
        "SELECT (<urn:from:a> AS ?y)",
    ],
)
def test_a_word_that_looks_like_it_names_no_graphs(kg: rk.Graph, head: str) -> None:
    rows = kg.query(f"{head} {{ ?from ?p ?from_there }} LIMIT 1")

    assert isinstance(rows, rk.Rows)
    assert 1 == len(rows)


@pytest.mark.parametrize(
    "head",
    [
        "SELECT*from<urn:none>",
        "PREFIX x: <urn:#> SELECT * FROM <urn:none>",
        "SELECT ('{' AS ?x) # {\n FROM NAMED <urn:none>",
        "CONSTRUCT { ?s ?p '}' } FROM <urn:none> WHERE",
    ],
)
def test_graphs_are_named_wherever_the_grammar_lets_them(head: str) -> None:
    assert names_graphs(f"{head} {{ ?s ?p ?o }}")


@pytest.mark.parametrize(
    "sparql",
    [
        *("CONSTRUCT WHERE { ?s ?p ?from }", "ASK { ?s ?p 'x' } # from"),
        *("SELECT ('''FROM <urn:a>''' AS ?x) {}", 'SELECT ("\\"FROM <urn:a>" AS ?x) {}'),
    ],
)
def test_what_is_no_dataset_clause_names_no_graphs(sparql: str) -> None:
    assert not names_graphs(sparql)


@pytest.mark.parametrize(
    ("text", "prefix"),
    [
        ("SELECT * { ?s ?p 'no:thing' . ?s rkgg:a ?o }", "rkgg"),
        ("PREFIX a: <urn:> # PREFIX b: <urn:>\n ASK { ?s a:p b:o }", "b"),
        ("ASK { ?s <urn:x:y> a.b:c }", "a.b"),
        ("ASK { ?s ?p '''x:y' z:a''' , q:b }", "q"),
    ],
)
def test_an_unknown_prefix_is_one_of_the_text_and_has_its_place(
    kg: rk.Graph, text: str, prefix: str
) -> None:
    error = wrong(kg, text)

    assert f'unknown prefix "{prefix}:"' == error.message
    assert error.line == text.count("\n") + 1
    assert error.column == text.rpartition("\n")[2].index(f"{prefix}:") + 1


@pytest.mark.parametrize(
    ("sparql", "rows"),
    [
        ("VALUES (?a) { (UNDEF) }", [["a"]]),
        ("values(?a $b){(undef # (UNDEF)\n UNDEF)}", [["a", "b"]]),
        ("VALUES (?a) { (UNDEF) } { VALUES (?b ?c) { (UNDEF UNDEF) } }", [["a"], ["b", "c"]]),
        ("# VALUES (?a) { (UNDEF) }", []),
        ('\'VALUES (?a) { (UNDEF) }\' """VALUES (?a) { (UNDEF) }"""', []),
        ("VALUES (?a) { (UNDEF) (UNDEF) }", []),
        ("VALUES (?a ?b) { (UNDEF 1) }", []),
        ("VALUES ?a { UNDEF }", []),
        ("VALUES (?a) { (ex:UNDEF) }", []),
        ("VALUES (?a ?b) { (UNDEF\tUNDEF) }", [["a", "b"]]),
        ("VALUES (?a ?b) { (UNDEFUNDEF) }", []),
        ("VALUES (?a) { (UNDEF) }\n{ { VALUES (?b) { (UNDEF) } } }", [["a"], ["b"]]),
        ("VALUES (?a) { (UNDEF) }\nvalues (?b) { (undef) }", [["a"], ["b"]]),
        ("VALUES (?\u00e4) { (UNDEF) }\n'\u00e4'", [["\u00e4"]]),
        ("'''\nVALUES (?a) { (UNDEF) }\n'''", []),
        ('"""\nVALUES (?a) { (UNDEF) }\n""" VALUES (?b) { (UNDEF) }', [["b"]]),
        ("# \rVALUES (?a) { (UNDEF) }", [["a"]]),
        ("'\\''\nVALUES (?a) { (UNDEF) } # '", [["a"]]),
        ("'unclosed\nVALUES (?a) { (UNDEF) }", [["a"]]),
    ],
)
def test_a_row_of_parameters_is_found_in_the_tokens(sparql: str, rows: list[list[str]]) -> None:
    found = [*parameter_rows(sparql)]

    assert rows == [variables for _, variables in found]
    for row, _ in found:
        assert sparql[row].upper().startswith("VALUES")
        assert sparql[row].endswith("}")


@pytest.mark.parametrize("path", sorted(Path(folder("queries")).glob("*.rq")))
def test_rows_of_parameters_are_the_same_with_and_without_the_lexer(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = path.read_text("utf-8")
    usual = [*parameter_rows(text)]
    monkeypatch.setattr(evaluation, "begins_lines", lambda _: False)

    assert [*parameter_rows(text)] == usual


def test_names_and_forms_are_those_of_tokens() -> None:
    sparql = "PREFIX ask: <urn:select>\n# ASK\nconstruct { ?select a rkg:A } { 'ASK' ask:b ?c }"

    assert "CONSTRUCT" == query_form(sparql)
    assert "" == query_form("PREFIX ask: <urn:select> # ASK")
    assert ["rkg:A", "ask:b"] == [*names(sparql)]
