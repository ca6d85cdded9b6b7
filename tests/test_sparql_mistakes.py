"""Tests of the explanations of SPARQL syntax errors, in Python, in a shell and on a server."""

import re
from pathlib import Path
from urllib.parse import quote

import asgi
import pytest
from click.testing import CliRunner
from pyoxigraph import Store

import relations_kg as rk
from relations_kg._files import folder
from relations_kg.cli import commands
from relations_kg.sparql.cursor import Unknown
from relations_kg.sparql.evaluation import ask
from relations_kg.sparql.lexer import tokens
from relations_kg.sparql.mistakes import explain
from relations_kg.sparql.parser import parse
from relations_kg.web.application import application

# Each text with its column and with what its explanation has to contain.
MISTAKES = {
    # The SELECT clause.
    "SELECT ?p (COUNT(?v)) { ?p ?q ?v }": (12, "write (COUNT(?v) AS ?n)"),
    "SELECT ?p (MAX(?v) + 1) { ?p ?q ?v }": (12, "write (MAX(?v) + 1 AS ?n)"),
    "SELECT COUNT(*) { ?p ?q ?v }": (8, "write (COUNT(*) AS ?n)"),
    "SELECT ?p SUM(?v) AS ?all { ?p ?q ?v } GROUP BY ?p": (11, "write (SUM(?v) AS ?all)"),
    "SELECT ?x, ?y { ?x a ?y }": (10, "write SELECT ?x ?y"),
    "SELECT ?x ?y, ?z { ?x ?y ?z }": (13, "write SELECT ?y ?z"),
    "SELECT ?x as ?y { ?x a ?z }": (11, "write (?x AS ?y)"),
    "SELECT (?x) { ?x a ?z }": (8, "write ?x"),
    "SELECT x { ?x a ?z }": (8, "write ?x"),
    "SELECT { ?x a ?z }": (8, "write SELECT * or SELECT ?x"),
    "SELECT WHERE { ?x a ?z }": (8, "SELECT names no variable"),
    "SELECT FROM <urn:g> WHERE { ?x a ?z }": (8, "SELECT names no variable"),
    "SELECT DISTINCT WHERE { ?x a ?z }": (17, "write DISTINCT * or DISTINCT ?x"),
    "SELECT TOP 5 ?x { ?x a ?z }": (8, "write LIMIT 5 at the end"),
    "SELECT (COUNT(*) AS n) { ?x a ?z }": (21, "write AS ?n"),
    "SELECT (1 AS ?x) (2 AS ?x) {}": (24, "?x is selected twice"),
    "SELECT ?a ?a { ?a ?b ?c }": (11, "?a is selected twice"),
    "SELECT (1 AS ?a) { ?a ?b ?c }": (14, "?a after AS is bound by the patterns already"),
    "SELECT * FROM visits": (15, "leave it out, since queries see all graphs"),
    "SELECT ?x { ?x rkg:visitor <xi-jinping> }": (28, "write id:xi-jinping or the whole address"),
    "SELECT ?x { ?x ?y ?z FILTER REGEX(?z 'Peru') }": (38, "a comma is missing before 'Peru'"),
    "SELECT ?x { GRAPH stated { ?x ?y ?z } }": (
        19,
        "GRAPH <https://w3id.org/relations-kg/graph/st",
    ),
    "SELECT ?x { ?x a ?y FILTER(?x.label = 'Xi') }": (30, "write ?x rdfs:label ?label, and use"),
    "SELECT ?x.when { ?x a ?y }": (10, "write ?x rkg:when ?when, and use ?when"),
    "SELECT ?x { ?x rkg:causedBy+ + ?y }": (30, '"+" follows another repetition; delete one'),
    # Escapes.
    "SELECT ('\\uD800' AS ?x) {}": (10, "\\uD800 does not denote a character"),
    'SELECT ("a\\q" AS ?x) {}': (11, "\\q does not denote a character; write \\\\ for"),
    'SELECT ("""a\n\\U00110000""" AS ?x) {}': (1, "\\U00110000 does not denote a character"),
    'SELECT ("\\n AS ?x) {}': (9, 'this string is not closed; end it with "'),
    # Groups and aggregates.
    "SELECT ?p ?q (COUNT(?v) AS ?n) { ?p ?q ?v } GROUP BY ?p": (11, "?q is neither grouped"),
    "SELECT ?p ?n { ?v a ?q ; ?r ?p } GROUP BY ?p": (
        11,
        "nothing binds ?n; to count, write (COUNT(?v) AS ?n)",
    ),
    "SELECT ?p (?n + 1 AS ?m) { ?p a ?q } GROUP BY ?p": (12, "to count, write COUNT(?q)"),
    "SELECT ?host (COUNT(?v) AS ?n) { ?v a ?hots } GROUP BY ?hots": (8, "did you mean ?hots?"),
    "SELECT ?y (COUNT(?v) AS ?n) { ?v a ?x } GROUP BY ?x": (8, "?y; write a pattern with it"),
    "SELECT ?q (SUM(?v) AS ?n) { ?p ?q ?v }": (8, "add GROUP BY ?q"),
    "SELECT * { ?p ?q ?v } GROUP BY ?p": (8, "write SELECT ?p"),
    "SELECT (COUNT(?p) AS ?n) (?n + 1 AS ?m) { ?p ?q ?v }": (27, "?n is named in the same SELECT"),
    "SELECT ?p { ?p ?q ?v FILTER(COUNT(?v) > 1) }": (29, "COUNT is used in a pattern"),
    "SELECT ?p { ?p ?q ?v } GROUP BY ?p HAVING MAX(?v) > 1": (51, "whole condition into brackets"),
    "SELECT ?p { ?p ?q ?v } GROUP ?p": (30, "write GROUP BY ?p"),
    # Triples, groups and brackets.
    "SELECT ?x { ?x ?p ?y": (21, 'the "{" at 1:11 is closed; add "}"'),
    "SELECT ?x {\n  { ?x ?p ?y }\n": (1, 'the "{" at 1:11 is closed; add "}"'),
    "SELECT ?x { ?x ?p ?y }}": (23, 'one "}" too many'),
    "SELECT ?x { ?x ?p }": (19, "write ?x ?p ?value"),
    "SELECT ?x { ?x a rkg:State ; rdfs:label }": (41, "the triple ?x rdfs:label has no value"),
    "SELECT ?x { ?x }": (16, "?x has no property"),
    "SELECT ?x { ?x ?p ?o ?x ?q ?z }": (22, 'write "." before it'),
    "SELECT ?x { ?x ?p ?o . . }": (24, "one dot too many"),
    "SELECT ?x WHERE ?x ?p ?o }": (17, "write WHERE { ?x … }"),
    "SELECT ?x { ?x ?p ?o OPTIONAL ?x ?q ?z }": (31, "write OPTIONAL { ?x … }"),
    "SELECT ?x { { ?x ?p ?o } UNION ?x ?q ?z }": (32, "write UNION { ?x … }"),
    "SELECT ?x { ?x ?p [ ?q ?z }": (27, 'the "[" at 1:19 is not closed'),
    "SELECT ?x { ?x rdfs:label Peru }": (27, "Peru has no prefix"),
    'SELECT ?x { ?x rdfs:label "Peru"en }': (33, 'write "Peru"@en'),
    "SELECT ?x { ?x rdfs:label “Peru” }": (27, "not a quotation mark of SPARQL"),
    "SELECT ?x { ?x rdfs:label 'Peru }": (27, "this string is not closed"),
    "SELECT ?x { ?x rdfs:label 'd'Ivoire' }": (30, "write \\' within a string"),
    "SELECT ?x { ?x a :Embassy }": (18, 'unknown prefix ":"; write rkg:Embassy for a term'),
    "SELECT ?x { ?x a Embassy }": (18, "such as rkg:Embassy"),
    "SELECT ?x { ?x when ?y }": (16, "write it with its prefix"),
    "SELECT ?x { ?x rkg:when ?y AND ?x a ?z }": (28, 'write "." instead'),
    "SELECT ?x { ?x rkg:when ?y . ?y > 1 }": (33, "write FILTER (?y > 1)"),
    "SELECT ?x { ?x a ?y LIMIT 3 }": (21, "write it after the }"),
    "SELECT ?x { ?x ?p <http://a b> }": (19, "this IRI has a space in it"),
    "SELECT ?x { VALUES (?x ?y) { (1) } ?x a ?y }": (30, "1 value for 2 variables"),
    "SELECT ?x { ?x a ?y BIND (1 AS ?y) }": (32, "?y is bound before this BIND"),
    "SELECT ?x { _:a a ?x OPTIONAL { _:a ?p ?y } }": (33, "_:a is used in two groups"),
    # Habits from other languages.
    "SELECT ?x { ?x rkg:hostParty id:peru || id:chile }": (38, "write VALUES ?x { … } for several"),
    "SELECT ?x { ?x a rkg:Visit WHERE ?x a ?y }": (28, "end the triple before it with a dot"),
    "SELECT ?x { ?x rkg:hostParty id:peru OR id:chile }": (38, "write VALUES ?x { … } for several"),
    "SELECT ?x { ?x rkg:hostParty IN (id:peru, id:chile) }": (30, "IN is outside FILTER; write ?x"),
    "SELECT ?x { ?x rkg:earliestStart > '1990' }": (34, "write ?x as the value, and FILTER (?x"),
    "SELECT ?x { ?x a ?y FILTER (?x rkg:seat id:lima) }": (32, "a triple is inside FILTER; write"),
    "@prefix x: <urn:x> . SELECT ?x { ?x a ?y }": (1, "this is Turtle; write PREFIX rkg: <…>,"),
    "SELECT ?x { ?x a rkg:Visit -- all }": (28, "this does not begin a comment in SPARQL; wr"),
    "SELECT ?x { ?x a ?y FILTER (?y != 1) -- all }": (38, "this does not begin a comment"),
    "SELECT ?x { ?x a rkg:Visit # all }": (34, 'this "}" is in a comment; write it on a line'),
    "SELECT ?x { ?x rkg:visitor id:xi jinping }": (28, "write id:xi-jinping"),
    "SELECT ?x { ?x rkg:visitor <Xi Jinping> }": (28, "write a name such as id:xi-jinping"),
    "SELECT ?x { ?x a rkg:Visit } // all": (30, "this does not begin a comment in SPARQL"),
    "SELECT ?x -- the visits": (11, "this does not begin a comment in SPARQL"),
    "/* all */ SELECT ?x { ?x a rkg:Visit }": (1, "this does not begin a comment in SPARQL"),
    "SELECT ?x { ?x a rkg:Visit } LIMIT 10, 20": (38, "write LIMIT 20 OFFSET 10"),
    "SELECT ?host-party { ?v ?p ?host-party }": (8, "no hyphen; write ?host_party"),
    "SELECT ?v { ?v ?p ?host-party }": (19, "no hyphen; write ?host_party"),
    "SELECT ?y { ?x a ?z BIND(1 + 1, ?y) }": (31, "write BIND (1 + 1 AS ?y)"),
    "SELECT ?x { VALUES ?h id:peru ?x ?y ?h }": (23, "write VALUES ?h { id:peru }"),
    "SELECT ?x { ?x ?y ?d FILTER(?d > TODAY()) }": (34, "write xsd:date(NOW())"),
    "SELECT ?x { ?x ?y ?d FILTER(?d > 1990-01-01^^xsd:date) }": (42, 'write "1990-01-01"^^xsd:d'),
    "SELECT ?x { ?x a rkg: Visit }": (18, "write rkg:Visit"),
    "SELECT ?x { ?x rkg:hostParty peru }": (16, "write id:peru"),
    "SELECT (YEAR(?d) AS ?y) { ?x ?p ?d } GROUP BY YEAR(?d)": (
        14,
        "write GROUP BY (YEAR(?d) AS ?y), and SELECT ?y",
    ),
    # Names and addresses of others.
    "ASK { ?x rkg:statedIn src:china-peru/s064 }": (23, "write src:china-peru\\/s064"),
    "ASK { ?x rkg:visitor / label ?y }": (24, "a path is made of properties"),
    "ASK { ?x ?y ?z FILTER (?z = src:china-peru/s064) }": (29, "write src:china-peru\\/s064"),
    "ASK { ?x rkg:statedIn cp:s064 }": (
        23,
        'unknown prefix "cp:"; write src:DOCUMENT\\/s064, such',
    ),
    "ASK { ?x foaf:name ?y }": (10, 'unknown prefix "foaf:"; names are rdfs:label'),
    "ASK { ?x foaf:knows ?y }": (10, "write PREFIX foaf: <http://xmlns.com/foaf/0.1/> before"),
    "ASK { wd:Q419 ?p ?y }": (7, "relations-kg show wd:Q419 finds what it identifies"),
    "ASK { ?x rgk:name ?y }": (10, 'did you mean "rkg"?'),
    "ASK FROM <data/visits.ttl> { ?x a ?y }": (10, "load files with --facts, or rk.load(FILE)"),
    "ASK { GRAPH <stated> { ?x a ?y } }": (
        13,
        "write <https://w3id.org/relations-kg/graph/stated>",
    ),
    # Expressions.
    "SELECT ?x { ?x a ?y FILTER ?y > 1 }": (28, "write FILTER (?y > 1)"),
    "SELECT ?x { ?x a ?y FILTER (?y > 1 }": (36, 'write ")" before it'),
    "SELECT ?x { ?x a ?y FILTER (STR(?y)) = 'a' }": (38, "whole condition into brackets"),
    "SELECT ?x { ?x a ?y FILTER (foo(?y)) }": (29, "there is no function foo"),
    "SELECT ?x { ?x a ?y FILTER (CONTAIN(?y, 'a')) }": (29, "did you mean CONTAINS?"),
    "SELECT ?x { ?x a ?y FILTER (LENGTH(?y) > 1) }": (29, "write STRLEN"),
    "SELECT ?x { ?x a ?y FILTER (CONTAINS(?y)) }": (29, "CONTAINS has 1 argument; it takes 2"),
    "SELECT ?x { ?x a ?y FILTER (?y == 1) }": (32, "write ="),
    "SELECT ?x { ?x a ?y FILTER (?y <> 1) }": (32, "write !="),
    "SELECT ?x { ?x a ?y FILTER (?y > 1 AND ?y < 3) }": (36, "write &&"),
    "SELECT ?x { ?x a ?y FILTER (NOT ?y) }": (29, "write ! (…)"),
    "SELECT ?x { ?x a ?y FILTER (?y LIKE 'a%') }": (32, "CONTAINS(?x, …)"),
    "SELECT ?x { ?x a ?y FILTER (?y IN 1, 2) }": (35, "write IN (…, …)"),
    # Clauses and forms.
    "SELECT ?x { ?x a ?y } ORDER ?x": (29, "write ORDER BY ?x"),
    "SELECT ?x { ?x a ?y } ORDER BY ?x DESC": (39, "write DESC(?x)"),
    "SELECT ?x { ?x a ?y } LIMIT 5 ORDER BY ?x": (31, "ORDER comes after LIMIT"),
    "SELECT ?x { ?x a ?y } LIMIT": (28, "write LIMIT 10"),
    "SELECT ?x { ?x a ?y };": (22, "a semicolon follows the query"),
    "SELEC ?x { ?x a ?y }": (1, "did you mean SELECT?"),
    "CONSTRUCT ?x a ?y WHERE { ?x a ?y }": (11, "write CONSTRUCT { … }"),
    "ASK": (4, "add WHERE { … }"),
    "DESCRIBE": (9, "DESCRIBE names nothing"),
    "PREFIX rkg <urn:a> ASK {}": (8, "write PREFIX rkg: <address>"),
    "PREFIX rkg: http://a ASK {}": (13, "write <http://a>"),
    "": (1, "there is no query"),
}


@pytest.mark.parametrize("text", MISTAKES)
def test_a_mistake_is_explained_where_it_is(text: str) -> None:
    column, words = MISTAKES[text]
    with pytest.raises(rk.QueryError) as caught:
        ask(Store(), text)
    error = caught.value

    assert words in str(error)
    assert (1 + text.count("\n"), column) == (error.line, error.column)
    # The message does not list all tokens that the grammar would allow.
    assert len(str(error)) < 200


def test_the_explanation_is_the_same_in_python_in_a_shell_and_on_a_server(kg: rk.Graph) -> None:
    text = "SELECT ?x,\n?y { ?x a ?y }"
    with pytest.raises(rk.QueryError) as caught:
        kg.query(text)
    shell = CliRunner().invoke(commands, ["query", text])
    served = asgi.get(application(kg), f"/sparql?query={quote(text)}").json()

    assert str(caught.value) == str(shell.exception)
    assert "query:1:10: not SPARQL: there is a comma between variables; write SELECT ?x ?y" == str(
        caught.value
    )
    assert (served["detail"], served["help"]) == (caught.value.message, caught.value.help)
    assert (1, 10) == (served["line"], served["column"])


@pytest.mark.parametrize("path", sorted(Path(folder("queries")).glob("*.rq")))
def test_the_parser_reads_what_the_engine_reads(path: Path) -> None:
    assert parse(path.read_text("utf-8")).where


# Syntax that the grammar allows but that is rare.
ODD = [
    "SELECT*{?s ?p ?o}",
    "BASE <urn:a> PREFIX : <b#> SELECT DISTINCT ?s FROM <urn:c> FROM NAMED <urn:d> WHERE { ?s "
    ":e ?o. }",
    'SELECT ?s { ?s ?p 1,-2,+3.5,1e0,true,\'a\'@en-GB,"""b"""^^xsd:string,<urn:c>,_:d,[],() ; }',
    "SELECT ?s { [ a ?s ; ?p ( 1 ?o [ ?q ?r ] ) ] . ( ?s ) ?p ?o . [] ?p ?o }",
    "SELECT ?s { ?s ^rdfs:label|(rdf:rest*/rdf:first)+|!(a|^rdf:type)|!rdf:nil ?o }",
    "SELECT ?s { ?s ?p ?o ; ; a ?c , ?d ; . ?c ?q ?r FILTER(?o) ?d ?q ?r . { } UNION { } UNION "
    "{ } }",
    "SELECT ?s { FILTER EXISTS { ?s ?p ?o } FILTER NOT EXISTS { ?s a ?o } FILTER (!BOUND(?s)) }",
    "SELECT ?s { ?s ?p ?o FILTER (?o IN () && ?o NOT IN (1, ?s) || -?o * 2 - 1 >= +3 && !(?o != "
    "1)) }",
    "SELECT ?s { ?s ?p ?o FILTER xsd:boolean(?o) FILTER REGEX(STR(?o), 'a', 'i') FILTER (NOW() "
    "= ?o) }",
    "SELECT ?s { ?s ?p ?o MINUS { ?s a ?c } GRAPH ?g { ?s ?q ?r } OPTIONAL { ?s ?t ?u } BIND (1 "
    "AS ?v) }",
    "SELECT ?s { VALUES (?s ?o) { (<urn:a> UNDEF) (UNDEF 1) } VALUES () { () } VALUES ?p { "
    "<urn:b> 'c'@en } }",
    "SELECT ?s (COUNT(DISTINCT *) AS ?n) { ?s ?p ?o } GROUP BY ?s (STR(?o) AS ?t) STR(?p) "
    "HAVING (COUNT(*) > 1) (MIN(?o) < 2) ORDER BY DESC(?n) ?s (?n + 1) STR(?s) LIMIT 5 OFFSET 2",
    "SELECT (GROUP_CONCAT(DISTINCT ?o ; SEPARATOR = ', ') AS ?all) (SUM(?o)/COUNT(?o) AS ?m) { "
    "?s ?p ?o }",
    "SELECT ?s { { SELECT ?s { ?s ?p ?o } OFFSET 1 LIMIT 2 } { SELECT * {} VALUES ?z { 1 } } } "
    "VALUES ?s { <urn:a> }",
    "ASK { ?s ?p ?o } ORDER BY ?s",
    "CONSTRUCT { ?s ?p [ a ?o ] . } WHERE { ?s ?p ?o } LIMIT 1",
    "CONSTRUCT WHERE { ?s ?p ?o }",
    "CONSTRUCT { } FROM <urn:a> { }",
    "DESCRIBE * { ?s ?p ?o }",
    "DESCRIBE ?s <urn:a> id:peru WHERE { ?s a ?c } LIMIT 1",
    "DESCRIBE id:peru FROM <urn:a>",
    "SELECT ?s # a comment { \n { ?s ?p 'a # b' }",
    "SELECT ?s { ?s ?p ?o FILTER (?o < 3 && ?s > 2) FILTER (COALESCE(?o, 1) = IF(?o, 1, 2)) }",
    "SELECT ?s { ?s ?p ?o LATERAL { SELECT ?x { ?s ?q ?x } LIMIT 1 } }",
    "SELECT (?x + 1 AS ?y) (?y + 1 AS ?z) { ?s ?p ?x }",
    "SELECT ?a { ?a ?p 1.?a ?q 2. }",
]


@pytest.mark.parametrize("text", ODD)
def test_what_the_engine_reads_is_no_mistake(text: str) -> None:
    ask(Store(), text)
    assert explain(text) is None


@pytest.mark.parametrize(
    "text",
    ["ASK { << ?s ?p ?o >> ?q ?r }", "ASK { ?s ?p ?o {| ?q ?r |} }", f"ASK {'{' * 99}{'}' * 99}"],
)
def test_unknown_syntax_is_no_mistake(text: str) -> None:
    ask(Store(), text)
    with pytest.raises(Unknown):
        parse(text)
    assert explain(text) is None


@pytest.mark.parametrize(
    "path",
    [
        pytest.param(path, marks=pytest.mark.slow if number % 3 else ())
        for number, path in enumerate(sorted(Path(folder("queries")).glob("[a-e]*.rq")))
    ],
)
def test_a_text_without_one_token_is_explained_if_the_engine_rejects_it(path: Path) -> None:
    """Texts with a token left out or doubled: the parser and the engine agree about each."""
    text = path.read_text("utf-8")
    found = [token for token in tokens(text) if token.lastgroup != "comment"]
    for token in found[:: max(1, len(found) // 12)]:
        for replaced in ("", f"{token[0]} {token[0]}"):
            changed = text[: token.start()] + replaced + text[token.end() :]
            message = ""
            try:
                ask(Store(), changed)
            except rk.QueryError as error:
                message = error.message
            assert not re.search("expected|cannot be read", message), changed
            assert message or explain(changed) is None, changed


@pytest.mark.parametrize(
    ("words", "right"),
    [
        (["DESCRIBE id:peru"], "id:peru a "),
        (["DESCRIBE", "id:peru"], "id:peru a "),
        (["one.sparql"], "true\n"),
        (["one.rq"], "true\n"),
        (["two.sparql"], "two.sparql:2:13: not SPARQL: the triple ?s ?p has no value"),
        (["folder"], "folder: this is a folder"),
        (["none.sparql"], "none.sparql: there is no such file"),
        (["folder/none"], "folder/none: there is no such file"),
        (["DROP ALL"], "DROP is an update, not a query"),
        (["drop", "all"], "DROP is an update, not a query"),
        (["update.sparql"], "update.sparql:1:1: INSERT is an update"),
        (["wide.rq"], "wide.rq: this is text in UTF-16; save it in UTF-8"),
        (["bare.rq"], "bare.rq: this is text in UTF-16; save it in UTF-8"),
        (["visits", "peru"], "'peru' is not a parameter"),
        (["visit"], 'did you mean "visits"?'),
        (["SELECT ?x, ?y { ?x a ?y }", "--format", "csv"], "write SELECT ?x ?y"),
    ],
)
def test_a_shell_recognises_sparql_and_files(
    words: list[str], right: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    asked = "ASK { id:peru a rkg:State }"
    Path("one.rq").write_text(asked, "utf-8")
    Path("one.sparql").write_text(asked, "utf-8")
    Path("two.sparql").write_text("ASK {\n  ?s ?p     }\n")
    Path("update.sparql").write_text("INSERT DATA { id:a id:b id:c }")
    Path("wide.rq").write_text(asked, "utf-16")
    Path("bare.rq").write_text(asked, "utf-16-le")
    Path("folder").mkdir()
    result = CliRunner().invoke(commands, ["query", *words])

    assert right in f"{result.exception} {result.output}"


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("visits", 'use kg.run("visits")'),
        (" office-holders\n", 'use kg.run("office-holders")'),
        ("my.rq", "is the name of a file"),
        ("folder/my.sparql", "is the name of a file"),
        ("visit", "cannot begin a query"),
    ],
)
def test_a_name_is_no_sparql(kg: rk.Graph, text: str, right: str) -> None:
    with pytest.raises(rk.QueryError, match=re.escape(right)):
        kg.query(text)
    served = asgi.get(application(kg), f"/sparql?query={quote(text)}").json()
    assert right in f"{served['detail']}; {served.get('help')}"
