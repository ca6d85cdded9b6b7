"""Tests of why SPARQL texts have no rows, in Python, in a shell and on the pages of a server."""

from pathlib import Path
from urllib.parse import quote

import asgi
import pytest
from command_line import run

import relations_kg as rk
from relations_kg.errors import QueryWarning
from relations_kg.warnings.unmatched import reasons
from relations_kg.web.application import application

LABEL = "?x rdfs:label ?l"
VISIT = "?v a rkg:Visit ; rkg:earliestStart ?d"
GRAPH = "https://w3id.org/relations-kg/graph/inferred"
PERU = "<https://w3id.org/relations-kg/id/peru>"
# Texts that have no rows, each with the reasons and their columns.
EMPTY = {
    # Letter case.
    f"SELECT ?x {{ {LABEL} FILTER REGEX(?l, '^embassy of china') }}": [
        (30, "no row passes FILTER REGEX(?l, '^embassy of china'); "),
        "write REGEX(?l, '^embassy of china', \"i\") for any case",
    ],
    f"SELECT ?x {{ {LABEL} FILTER REGEX(STR(?l), 'XI J', 's') }}": [
        (30, "write REGEX(STR(?l), 'XI J', 'si') for any case")
    ],
    f"SELECT ?x {{ {LABEL} FILTER (?x != id:peru && CONTAINS(?l, 'JINPING')) }}": [
        (30, "write CONTAINS(LCASE(STR(?l)), 'jinping') for any case")
    ],
    f"SELECT ?x {{ {LABEL} BIND ('LIM' AS ?y) FILTER STRSTARTS(STR(?l), ?y) }}": [
        (49, "write STRSTARTS(LCASE(STR(?l)), LCASE(STR(?y))) for any case")
    ],
    f"SELECT ?x {{ {LABEL} FILTER CONTAINS(LCASE(?l), 'Jinping') }}": [
        (30, "write CONTAINS(LCASE(?l), 'jinping') for any case")
    ],
    f"SELECT ?x {{ {LABEL} FILTER (STR(?l) = 'PERU') }}": [
        (30, "write LCASE(STR(?l)) = 'peru' for any case")
    ],
    "SELECT ?x { ?x rkg:gist 'Coolie Trade'@en }": [
        (16, "write ?x rkg:gist ?text FILTER CONTAINS(LCASE(STR(?text)), 'coolie trade') to search")
    ],
    # Names that are no label.
    f"SELECT ?x {{ {LABEL} FILTER (STR(?l) = 'PRC') }}": [
        (30, "no row passes FILTER (STR(?l) = 'PRC'); write rdfs:label|skos:altLabel to match")
    ],
    f"SELECT ?x {{ {LABEL} FILTER STRSTARTS(?l, 'PRC') }}": [
        (30, "write rdfs:label|skos:altLabel to match other names too")
    ],
    # Conditions.
    f"SELECT ?x {{ {LABEL} FILTER CONTAINS(?l, 'no such') }}": [
        (30, "no row passes FILTER CONTAINS(?l, 'no such'); there are ")
    ],
    f"SELECT ?v {{ {VISIT} FILTER (?d > '2030-01-01'^^xsd:date) }}": [
        (51, "no row passes FILTER (?d > '2030-01-01'^^xsd:date); there are 13 without it")
    ],
    f"SELECT ?v {{ {VISIT} FILTER (YEAR(?d) > 2000) FILTER (YEAR(?d) < 1990) }}": [
        (51, "FILTER (YEAR(?d) > 2000); there is 1 without it"),
        (76, "FILTER (YEAR(?d) < 1990); there are 7 without it"),
    ],
    f"SELECT ?x {{ VALUES ?x {{ {PERU} }} ?x a rkg:City }}": [
        (13, "no row has the values of VALUES ?x { id:peru }; there are 6 without it")
    ],
    "SELECT ?x { ?x a rkg:State MINUS { ?x a rkg:Party } }": [
        (28, "MINUS { ?x a rkg:Party } leaves no row; there are 8 without it")
    ],
    # Patterns.
    "SELECT ?x { ?x a rkg:State ; rkg:lag ?y }": [(30, "nothing matches ?x rkg:lag ?y")],
    "SELECT ?x { ?x a rkg:Embassy ; skos:prefLabel ?l }": [
        (32, "nothing matches ?x a rkg:Embassy and ?x skos:prefLabel ?l together")
    ],
    "SELECT ?v { ?v rkg:visitor id:xi-jinping, ?x ; rkg:hostParty id:peoples-republic-of-china }": [
        (48, "?v rkg:hostParty id:peoples-republic-of-china together")
    ],
    # One pattern.
    "SELECT ?x { ?x rkg:rank -5 }": [
        (16, "nothing matches ?x rkg:rank -5; rkg:rank has other values")
    ],
    # 25000000 is an integer, and the value is the same number as a decimal.
    "SELECT ?x { ?x rkg:atLeast 25000000 }": [
        (16, "write a variable and FILTER (?number = 25000000) to compare numbers")
    ],
    "SELECT ?x { ?x rkg:lag ?y }": [
        (16, "nothing matches ?x rkg:lag ?y; nothing in the graph has rkg:lag")
    ],
    "SELECT ?x { id:japan rkg:sendsMission ?x }": [(22, "; other things have rkg:sendsMission")],
    "SELECT ?x { ?x a rkg:Nunciature }": [(16, "; the graph has no instance of it")],
    "SELECT ?x { ?x rkg:visitor/rkg:hostParty/rdfs:label ?y }": [
        (16, "; no such value of rkg:visitor has rkg:hostParty")
    ],
    "SELECT ?x { ?x (rkg:lag|rkg:visitor) id:lima }": [
        (16, "nothing matches ?x (rkg:lag|rkg:visitor) id:lima")
    ],
    "SELECT ?x { ?x rkg:rank -5 ; a ?y }": [(16, "nothing matches ?x rkg:rank -5")],
    "SELECT ?x { ?x rkg:visitor [ rdfs:label 'Lima'@en ] ; a ?y }": [
        (30, "nothing matches ?x rkg:visitor [] and [] rdfs:label 'Lima'@en together")
    ],
    # Clauses after the group.
    "SELECT ?x { ?x a rkg:State } GROUP BY ?x HAVING (COUNT(*) > 5)": [
        (42, "HAVING (COUNT(*) > 5) leaves no row")
    ],
    "SELECT ?x { ?x a rkg:State } ORDER BY ?x OFFSET 500": [(42, "OFFSET 500 leaves no row")],
    # Nested groups.
    "SELECT ?x { { ?x a rkg:Port } { ?x a rkg:City } }": [
        (31, "nothing matches { ?x a rkg:Port } and { ?x a rkg:City } together")
    ],
    "SELECT ?x { ?x a rkg:State { ?x a rkg:Port } UNION { ?x a rkg:City } }": [
        (28, "?x a rkg:State and { ?x a rkg:Port } UNION { ?x a rkg:City } together")
    ],
    f"SELECT ?x {{ GRAPH <{GRAPH}> {{ {LABEL} }} }}": [
        (13, f"nothing matches GRAPH <{GRAPH}> {{ {LABEL} }}; there are rows without GRAPH")
    ],
    f"SELECT ?x FROM <{GRAPH}> {{ {LABEL} }}": [
        (16, "no row is in the graphs of FROM; there are rows without FROM")
    ],
}


@pytest.mark.parametrize("function", ["COUNT", "MIN"])
def test_a_count_of_nothing_is_explained_as_no_row_is(china_peru: rk.Graph, function: str) -> None:
    rows = china_peru.query(
        f"SELECT ({function}(?l) AS ?n) {{ {LABEL} FILTER CONTAINS(?l, 'LIMA') }}"
    )

    assert isinstance(rows, rk.Rows)
    assert len(rows) == 1
    assert "'lima') for any case" in rows.warnings[0]
    for text in ("SELECT (COUNT(?x) - 8 AS ?n) { ?x a rkg:State } LIMIT 1", "SELECT (0 AS ?n) {}"):
        rows = china_peru.query(text)
        assert isinstance(rows, rk.Rows)
        assert rows.warnings == ()


@pytest.mark.parametrize("text", EMPTY)
def test_an_empty_answer_says_what_nothing_meets(china_peru: rk.Graph, text: str) -> None:
    rows = china_peru.query(text)

    assert isinstance(rows, rk.Rows)
    assert not rows
    expected = [(0, each) if isinstance(each, str) else each for each in EMPTY[text]]
    placed = [each for each in expected if each[0]]
    assert len(placed) == len(rows.warnings)
    for (column, _), found in zip(placed, rows.warnings, strict=True):
        assert found.startswith(f"query:1:{column}: ")
    for _, words in expected:
        assert any(words in found for found in rows.warnings)


@pytest.mark.parametrize(
    "form", ["CONSTRUCT { ?v a rkg:Visit } WHERE", "DESCRIBE ?v", "DESCRIBE *"]
)
def test_an_answer_without_triples_says_what_nothing_meets(china_peru: rk.Graph, form: str) -> None:
    patterns = "?v a rkg:StateVisit ; rkg:hostParty id:peru"
    for group, words in (
        (f"{{ {patterns} }}", f"nothing matches {patterns.replace(' ;', ' and ?v')} together"),
        (f"{{ {VISIT} FILTER (?d > '2030-01-01'^^xsd:date) }}", "there are 13 without it"),
        (f"{{ {VISIT} }} OFFSET 5000", "OFFSET 5000 leaves no row"),
    ):
        triples = china_peru.query(f"{form} {group}")
        assert isinstance(triples, rk.Triples)
        assert not triples
        assert [words in each for each in triples.warnings] == [True]
    assert china_peru.query(f"{form} {{ {VISIT} }}").warnings == ()  # type: ignore[union-attr]


def test_an_answer_with_rows_and_one_with_other_warnings_are_not_looked_at(
    china_peru: rk.Graph,
) -> None:
    for text in (f"SELECT ?x {{ {LABEL} }}", "SELECT ?x { ?x a rkg:Embasy ; rkg:lag ?y }"):
        rows = china_peru.query(text)
        assert isinstance(rows, rk.Rows)
        assert rows.warnings == china_peru.warnings(text)


def test_ask_is_warned_of_only_for_letter_case(china_peru: rk.Graph) -> None:
    with pytest.warns(QueryWarning, match="'lima'\\) for any case"):
        assert china_peru.query(f"ASK {{ {LABEL} FILTER CONTAINS(?l, 'LIMA') }}") is False
    # A warning would be an error.
    assert china_peru.query(f"ASK {{ {LABEL} FILTER CONTAINS(?l, 'no such') }}") is False
    assert china_peru.query("ASK { ?x a rkg:State ; rkg:lag ?y }") is False


@pytest.mark.parametrize(
    ("text", "warnings"),
    [
        (f"ASK {{ {LABEL} FILTER CONTAINS(?l, 'LIMA') }}", ["for any case"]),
        (
            "SELECT ?x ?y { ?x a rkg:Mission . ?y rdfs:seeAlso id:peru }",
            ["nothing joins ?x and ?y", "nothing matches ?y rdfs:seeAlso id:peru"],
        ),
        ("SELECT ?x ?y { ?x a rkg:Policy . ?y a rkg:Policy }", ["nothing joins ?x and ?y"]),
    ],
)
def test_the_shell_prints_each_warning_once(text: str, warnings: list[str]) -> None:
    printed = run("query", text).stderr.splitlines()

    assert len(printed) == len(warnings)
    assert all(each in line for line, each in zip(printed, warnings, strict=True))


def test_a_value_is_a_condition_without_a_place(china_peru: rk.Graph) -> None:
    text = "SELECT ?v { ?v rkg:visitor ?who ; rkg:hostParty ?host }"
    rows = china_peru.query(text, host="japan")

    assert isinstance(rows, rk.Rows)
    assert rows.warnings == (
        "query: no row has the values of VALUES (?host) { (id:japan) }; there are 10 without it"
        "; a str names a thing, and a text is an rdflib Literal",
    )
    # A value that can never match has another reason.
    for value, reason in (
        ({"host": "lima"}, "id:lima is not a rkg:Party, and never is a value of rkg:hostParty"),
        ({"w": 1997}, 'rkg:when is EDTF; write "1997"^^edtf:EDTF'),
    ):
        rows = china_peru.query(f"{text[:-1]} ; rkg:when ?w }}", **value)  # type: ignore[arg-type]
        assert isinstance(rows, rk.Rows)
        assert rows.warnings == (f"query: {reason}",)


def test_what_cannot_be_counted_ends_the_search() -> None:
    asked = []

    def count(sparql: str, most: int) -> int | None:
        asked.append(sparql)
        return None if len(asked) == 3 else 0

    assert reasons("SELECT ?x { ?x a rkg:State ; rkg:lag ?y ; rkg:rank ?z }", count) == ()
    assert len(asked) == 3
    assert all(text.endswith(" LIMIT 1") for text in asked)


@pytest.mark.slow
def test_a_shell_and_a_page_have_the_reason_too(china_peru: rk.Graph, tmp_path: Path) -> None:
    file = tmp_path / "lima.rq"
    file.write_text(f"SELECT ?x {{\n {LABEL}\n FILTER CONTAINS(?l, 'LIMA') }}\n", "utf-8")
    words = "no row passes FILTER CONTAINS(?l, 'LIMA'); write CONTAINS(LCASE(STR(?l)), 'lima')"

    for text in (file.read_text("utf-8"), file.read_text("utf-8").replace("SELECT", "DESCRIBE")):
        file.write_text(text, "utf-8")
        result = run("query", file)
        assert result.returncode == 0
        assert f"warning: {file}:3:2: {words}" in result.stderr
    text = file.read_text("utf-8")
    count = "SELECT (COUNT(?v) AS ?n) { ?v a rkg:Visit ; rkg:hostParty ?h ; rkg:capacity ?o }"
    app = application(china_peru)
    page = asgi.get(app, f"/query?query={quote(text)}").text
    assert words.replace("'", "&#39;") in page
    page = asgi.get(app, f"/query?query={quote(count)}").text
    assert "counted once for each ?o" in page


def test_a_pattern_without_a_match_comes_before_patterns_that_nothing_joins(kg: rk.Graph) -> None:
    unjoined = "?v a rkg:Visit . ?p a rkg:Person"
    cause, warning = kg.query(
        f"SELECT * {{ ?v rkg:visitKind code:naval-visit . {unjoined} }}"
    ).warnings

    assert "nothing matches ?v rkg:visitKind code:naval-visit; " in cause
    assert "nothing joins ?v and ?p" in warning
    assert 1 == len(kg.query(f"SELECT * {{ {unjoined} }}").warnings)
