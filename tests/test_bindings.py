"""Tests of values for the variables of SPARQL texts: bound by VALUES lines, or refused."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import command_line
import pytest
import rdflib
from click.testing import CliRunner
from pyoxigraph import Literal, NamedNode

import relations_kg as rk
from relations_kg._files import folder
from relations_kg.answers.bindings import bind
from relations_kg.answers.queries import StoredQuery
from relations_kg.cli import commands

PERU = "<https://w3id.org/relations-kg/id/peru>"
XSD = "<http://www.w3.org/2001/XMLSchema#{}>"
SENT = "SELECT ?mission { ?mission rkg:sendingParty ?party }"
SINCE = "SELECT ?x { ?x rkg:earliestStart ?day FILTER (?day >= ?since) }"


@pytest.mark.parametrize(
    ("value", "term"),
    [
        ("peru", PERU),
        ("Peru", PERU),
        ("id:peru", PERU),
        (PERU, PERU),
        (NamedNode(PERU[1:-1]), PERU),
        (rdflib.URIRef(PERU[1:-1]), PERU),
        (Literal("Peru", language="en"), '"Peru"@en'),
        (rdflib.Literal("Peru", lang="en"), '"Peru"@en'),
        (rdflib.Literal("Peru"), '"Peru"'),
        (rdflib.Literal('"\\ ?x }'), r'"\"\\ ?x }"'),
        (rdflib.Literal(5), f'"5"^^{XSD.format("integer")}'),
        (5, f'"5"^^{XSD.format("integer")}'),
        (True, f'"true"^^{XSD.format("boolean")}'),
        (Decimal("1.50"), f'"1.50"^^{XSD.format("decimal")}'),
        (Decimal("1E+3"), f'"1000"^^{XSD.format("decimal")}'),
        (0.5, f'"0.5"^^{XSD.format("double")}'),
        (date(1990, 11, 5), f'"1990-11-05"^^{XSD.format("date")}'),
        (datetime(1990, 11, 5), f'"1990-11-05"^^{XSD.format("date")}'),
        (
            datetime(1990, 11, 5, 12, tzinfo=UTC),
            f'"1990-11-05T12:00:00+00:00"^^{XSD.format("dateTime")}',
        ),
    ],
)
def test_a_value_is_bound_with_its_type_by_a_line_in_the_outermost_group(
    kg: rk.Graph, value: object, term: str
) -> None:
    text = bind("ASK { ?s ?p ?o }", {"o": value}, kg.names)

    assert text == f"ASK {{ VALUES (?o) {{ ({term}) }} ?s ?p ?o }}"
    kg.query("ASK { ?s ?p ?o }", o=value)


def test_values_of_frames_are_bound_with_their_types(kg: rk.Graph) -> None:
    numpy, pandas = pytest.importorskip("numpy"), pytest.importorskip("pandas")
    for value, term in (
        (numpy.int64(5), f'"5"^^{XSD.format("integer")}'),
        (numpy.float64(0.5), f'"0.5"^^{XSD.format("double")}'),
        (numpy.bool_(True), f'"true"^^{XSD.format("boolean")}'),
        (pandas.Timestamp("1990-11-05"), f'"1990-11-05"^^{XSD.format("date")}'),
    ):
        assert f"({term})" in bind("ASK { ?s ?p ?o }", {"o": value}, kg.names)
    for missing in (pandas.NA, pandas.NaT, numpy.nan):
        with pytest.raises(rk.QueryError, match=r"o: .* is not a value; leave the argument out"):
            kg.query("ASK { ?s ?p ?o }", o=missing)


def test_an_answer_is_that_of_the_text_with_the_value_written_in(kg: rk.Graph) -> None:
    assert [*kg.query(SENT, party="peru")] == [*kg.query(SENT.replace("?party", "id:peru"))]  # type: ignore[misc]
    day = date(1990, 1, 1)
    found = kg.query(SINCE, since=day)

    assert isinstance(found, rk.Rows)
    assert 0 < len(found)
    assert [*found] == [*kg.query(SINCE.replace("?since", f'"{day}"^^xsd:date'))]  # type: ignore[misc]
    assert kg.query("ASK { ?x a ?kind }", kind="State") is True
    # A cell of an answer can be given as a value.
    for row in found[:2]:
        assert len(kg.query("SELECT * { ?x ?p ?y }", x=row.x)) > 0  # type: ignore[arg-type]


# Each text with a variable and its value, and what the error message contains.
REFUSED = {
    # Objects that are not values.
    (SENT, "party", None): "party: None is not a value; leave the argument out",
    (SENT, "party", float("nan")): "party: nan is not a value",
    (
        SENT,
        "party",
        "perru",
    ): "party: nothing in the graph is called 'perru'; did you mean \"peru\"",
    (SENT, "party", "https://example.org/x"): "party: nothing in the graph",
    (SENT, "party", ("peru",)): "party: a tuple cannot be written as an RDF term",
    # Names that are not those of variables.
    (SENT, "pary", "peru"): 'the query has no variable ?pary; did you mean "party"?',
    ("ASK {}", "x", 1): "the query has no variable ?x",
    # Uses of a variable that would not get the value.
    (
        "ASK { { ?x a ?c } UNION { ?x rkg:host ?c } }",
        "c",
        "State",
    ): "cannot be bound in a branch of UNION",
    ("ASK { ?x a ?c MINUS { ?y a ?c } }", "c", "State"): "cannot be bound in MINUS",
    ("ASK { ?x a ?c { SELECT ?x { ?x a ?c } } }", "c", "State"): "cannot be bound in a sub-select",
    (
        "ASK { ?x a ?c { SELECT ?x (?n AS ?m) { ?x a ?y } } }",
        "n",
        1,
    ): "cannot be bound in a sub-select",
    ("SELECT ?x { SELECT ?x { ?x a ?c } }", "c", "State"): "cannot be bound in a sub-select",
    (
        "ASK { ?x a ?c { ?x rkg:rank ?r FILTER (?r > ?n) } }",
        "n",
        1,
    ): "cannot be bound in a nested group",
    ("ASK { GRAPH ?g { ?x rkg:rank ?r FILTER (?r > ?n) } }", "n", 1): "cannot be bound in GRAPH",
    ("ASK { ?x a ?c OPTIONAL { { ?x a ?d FILTER (?d != ?n) } } }", "n", "State"): "a nested group",
    (
        "ASK { ?x a ?c MINUS { ?x a ?d FILTER EXISTS { ?d a ?n } } }",
        "n",
        "State",
    ): "cannot be bound in MINUS",
    (
        "ASK { ?x a ?c MINUS { VALUES (?n) { (UNDEF) } { ?x a ?n } UNION { ?x a ?n } } }",
        "n",
        "State",
    ): ("cannot be bound in a branch of UNION"),
    # Variables and texts that accept no value.
    ("ASK { ?x a ?c BIND (1 AS ?n) }", "n", 1): "the query itself assigns a value to ?n",
    ("SELECT (COUNT(?x) AS ?n) { ?x a ?c }", "n", 1): "the query itself assigns a value to ?n",
    ("CONSTRUCT WHERE { ?x a ?c }", "c", "State"): "write CONSTRUCT { … } WHERE { … }",
    ("DESCRIBE ?x", "x", "peru"): "the query has no group for the values",
    ("ASK { << ?x ?y ?z >> ?p ?o }", "x", "peru"): "values cannot be inserted into this syntax",
    ("SELECT ?x, ?c { ?x a ?c }", "c", "State"): "query:1:10: not SPARQL: there is a comma",
    ("SELECT ?x (COUNT(*) AS ?n) { ?x a ?c }", "c", "State"): "?x is neither grouped",
}


@pytest.mark.parametrize(("text", "name", "value"), REFUSED)
def test_a_value_that_cannot_be_bound_is_refused_with_the_reason(
    kg: rk.Graph, text: str, name: str, value: object
) -> None:
    with pytest.raises(rk.RelationsError, match=re.escape(REFUSED[text, name, value])):
        kg.query(text, **{name: value})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text",
    [
        "SELECT ?x { { VALUES (?p) { (UNDEF) } ?x rkg:visitor ?p } "
        "UNION { values(?p){(undef)} ?x rkg:host ?p } }",
        "SELECT ?x { VALUES (?p) { (UNDEF) } ?x a rkg:Visit "
        "MINUS { VALUES (?p) { (UNDEF) } ?x rkg:host ?p } }",
        "SELECT ?x { { SELECT ?x { VALUES (?p) { (UNDEF) } ?x rkg:host ?p } } ?x a rkg:Visit }",
        "SELECT ?x { SELECT ?x { VALUES (?p) { (UNDEF) } ?x rkg:host ?p } }",
        "SELECT ?x { ?x a rkg:Visit { VALUES (?p) { (UNDEF) } ?x ?y ?z FILTER (?z = ?p) } }",
        "SELECT ?x { ?x a rkg:Visit OPTIONAL { ?x ?y ?z FILTER (?z = ?p) } FILTER (BOUND(?z)) }",
        "SELECT ?x { ?x a rkg:Visit FILTER EXISTS { { ?x rkg:host ?p } } FILTER (?p != ?x) }",
        "SELECT ?x { ?x a rkg:Visit { ?x rkg:host ?p } }",
        "SELECT ?x { VALUES (?p ?q) { (UNDEF UNDEF) } ?x a rkg:Visit ; rkg:host ?p ; ?any ?q }",
    ],
)
def test_a_line_for_each_group_that_is_evaluated_alone_brings_the_value_there(
    kg: rk.Graph, text: str
) -> None:
    """The result equals that of the query with id:peru written in its VALUES line."""
    written = re.sub(r"(?i)\(undef( undef)?\)", lambda row: f"(id:peru{row[1] or ''})", text)
    if "VALUES" not in text.upper():
        written = text.replace("{", "{ VALUES (?p) { (id:peru) }", 1)
    found = kg.query(text, p="peru")

    assert isinstance(found, rk.Rows)
    assert set(found) == set(kg.query(written))  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["visits", "missions", "timeline", "attendance", "votes"])
def test_stored_queries_as_texts_answer_as_by_their_names(kg: rk.Graph, name: str) -> None:
    text = (Path(folder("queries")) / f"{name}.rq").read_text("utf-8")
    query = StoredQuery.parse(name, text)
    some = {"party": "peru", "sender": "peru", "on": date(1985, 1, 1), "within": "peru"}
    values = {p.name: some[p.name] for p in query.parameters if p.name in some}
    found = kg.query(text, **values)  # type: ignore[arg-type]

    assert isinstance(found, rk.Rows)
    assert [*found] == [*kg.run(name, **values)]


OWN = """#+ description: What is known of a thing.
#+ column kind: of which kind
#+ param thing: thing required
#+ param since: date = 1900-01-01
#+ param all: boolean = false
SELECT ?x ?day {
  ?x ?p ?thing ; rkg:earliestStart ?day
  FILTER (?day >= ?since || ?all)
}
ORDER BY ?x ?day
"""


def test_a_text_with_a_header_takes_its_parameters_in_python_and_in_a_shell(
    kg: rk.Graph, tmp_path: Path
) -> None:
    file = tmp_path / "my.rq"
    file.write_text(OWN, "utf-8")
    found = kg.query(OWN, thing="peru", since="1 Jan 1990")
    written = CliRunner().invoke(
        commands,
        ["query", str(file), "--thing", "Peru", "--since", "1990-01-01", "--format", "csv"],
    )
    every = CliRunner().invoke(
        commands, ["query", str(file), "--thing", "peru", "--all", "--format", "csv"]
    )

    assert isinstance(found, rk.Rows)
    assert 0 < len(found) < len(every.stdout.splitlines()) - 1
    assert found.serialize("csv").splitlines() == written.stdout.splitlines()


def test_only_a_parameter_that_is_declared_so_takes_no_negative_number(kg: rk.Graph) -> None:
    """The names `days`, `least` and `most` have no meaning of their own."""
    text = "#+ param least: {}\nSELECT (?least AS ?x) {{ BIND (1 AS ?y) }}"

    assert [[-5]] == [[*map(int, row)] for row in kg.query(text.format("integer"), least=-5)]
    with pytest.raises(rk.QueryError, match="'-5' is negative; write 5"):
        kg.query(text.format("non-negative-integer"), least=-5)


@pytest.mark.parametrize(
    ("words", "right"),
    [
        ([], "thing"),
        (["--thng", "peru"], 'did you mean "thing"?'),
        (["--thing", "perru"], "thing: nothing in the graph is called 'perru'"),
        (["--thing", "peru", "--since", "1990-13-01"], "since: "),
        (["--thing", "peru", "peru"], "'peru' is not a parameter"),
    ],
)
def test_a_wrong_value_of_a_declared_parameter_is_refused(
    words: list[str], right: str, tmp_path: Path
) -> None:
    file = tmp_path / "my.rq"
    file.write_text(OWN, "utf-8")
    result = CliRunner().invoke(commands, ["query", str(file), *words])

    assert result.exit_code != 0
    assert right in f"{result.exception} {result.output}"


def test_a_header_that_cannot_be_read_is_refused_with_its_line(kg: rk.Graph) -> None:
    with pytest.raises(rk.QueryError, match=r"query\.rq:2: not a (parameter|header line)"):
        kg.query("\n#+ param thing\nASK { ?thing a ?c }", thing="peru")
    with pytest.raises(rk.QueryError, match=r"query\.rq:2: not a header line"):
        kg.query("#+ param thing: thing\n#+ parm on: date\nASK { ?thing a ?c }", thing="peru")


def test_a_text_without_a_header_takes_names_of_things_in_a_shell() -> None:
    done = CliRunner().invoke(commands, ["query", SENT, "--party", "Peru", "--format", "csv"])
    wrong = CliRunner().invoke(commands, ["query", SENT, "--party", "1990"])

    assert done.exit_code == 0
    assert "embassy-of-peru-in-beijing" in done.stdout
    assert "party: nothing in the graph is called '1990'" in str(wrong.exception)


def test_warnings_about_a_text_with_values_are_those_of_the_text(kg: rk.Graph) -> None:
    found = kg.query("SELECT ?x { ?x rkg:sendingPary ?party }", party="peru")

    assert isinstance(found, rk.Rows)
    assert found.warnings == kg.warnings("SELECT ?x { ?x rkg:sendingPary ?party }") != ()


def test_a_variable_with_a_value_is_not_reported_as_unbound(kg: rk.Graph) -> None:
    text = SINCE.replace("?since)", "?since && ?x != ?not)")

    found = kg.query(text, since=date(2010, 1, 1))
    assert isinstance(found, rk.Rows)
    (warning,) = found.warnings
    assert "nothing binds ?not" in warning
    known = kg.query(SINCE, since=date(2010, 1, 1))
    assert isinstance(known, rk.Rows)
    assert known
    assert not known.warnings


@pytest.mark.parametrize("default", ["", " = 2010-01-01"])
def test_a_parameter_with_a_value_or_a_default_is_not_reported_as_unbound(
    tmp_path: Path, default: str
) -> None:
    path = tmp_path / "since.rq"
    path.write_text(f"#+ param since: date{default}\n{SINCE}\n")
    options = [] if default else ["--since", "2010-01-01"]

    done = command_line.run("query", path, *options, "-f", "csv")

    assert (0, "") == (done.returncode, done.stderr)
    assert "visit-of-xi-jinping-2014" in done.stdout


def test_the_default_of_a_parameter_is_used_without_any_value(kg: rk.Graph) -> None:
    header = "#+ param since: date = 2020-01-01\n"
    filled = header + SINCE.replace("{ ?x", "{ VALUES (?since) { (UNDEF) } ?x", 1)
    own = filled.replace("UNDEF", '"2010-01-01"^^xsd:date')

    since = [kg.query(SINCE, since=date(year, 1, 1)) for year in (2020, 2010)]

    assert [*kg.query(header + SINCE)] == [*kg.query(filled)] == [*since[0]] != []
    assert [*kg.query(own)] == [*since[1]] != [*since[0]]
