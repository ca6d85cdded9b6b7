"""Tests of the stored queries: their answers, in both engines and with each parameter.

`python tests/test_queries.py` writes the expected answers anew; check each changed line against
the source.
"""

import gc
import keyword
import random
import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from functools import cache
from itertools import islice
from pathlib import Path

import pytest
from documents import CHINA_PERU, graph_of
from examples import FACTS, loaded, stated
from hypothesis import example, given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, RdfFormat, serialize
from rdflib import BNode, Dataset
from rdflib.plugins.sparql.algebra import translateQuery
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.query import Result
from rdflib.term import Identifier
from trials import trials

import relations_kg as rk
from relations_kg._files import folder
from relations_kg.answers.cells import Thing
from relations_kg.answers.parameters import TYPES
from relations_kg.answers.queries import Queries
from relations_kg.rdf.namespaces import (
    CODE,
    ID,
    IDENTIFIERS,
    OWL,
    PREFIXES,
    RDF,
    RDFS,
    RKG,
    STATED,
    XSD,
    shorten,
)
from relations_kg.rdf.terms import in_order
from relations_kg.web import headings
from relations_kg.web.headings import subjects

pytestmark = pytest.mark.filterwarnings("ignore:Dataset:DeprecationWarning")

EXAMPLE = "neighbouring-kinds"
EXPECTED = Path(__file__).with_name("expected")
# The document has no facts for these queries and parameters, so an example file is queried.
ASKED_OF = {
    **dict.fromkeys(
        ("alliances", "conflicts", "facilities", "occupations", "services"),
        "war-and-alliances.ttl",
    ),
    **dict.fromkeys(
        ("acts", "disputes", "legal-cases", "requests", "sanctions", "votes"),
        "law-between-states.ttl",
    ),
    **dict.fromkeys(("assessments", "statuses", "statuses-on"), "relations-interrupted.ttl"),
    **dict.fromkeys(("dependences", "undertakings"), "dependence-and-promises.ttl"),
    **dict.fromkeys(
        ("announcements", "instruments", "payments", "sentences"), "law-money-and-goods.ttl"
    ),
    **dict.fromkeys(("absences", "estimates", "legal-statuses"), "events-and-absences.ttl"),
    "durations": "durations-and-lags.ttl",
    **dict.fromkeys(("polities", "presences"), "presences-and-degrees.ttl"),
    "transport-services": "works-and-crafts.ttl",
    "opinions": "uses-and-judgements.ttl",
    **dict.fromkeys(("allegations", "groups", "terms"), "must-may-and-alleged.ttl"),
    **dict.fromkeys(("motives", "ownerships", "people", "plans"), "motives-and-relatives.ttl"),
    **dict.fromkeys(("living-conditions kind", "models", "recurrences"), "further-kinds.ttl"),
    "treaty-parties": "kinds-of-agreement.ttl",
    "participations role": "further-kinds.ttl",
    "neighbours neighbour": "further-kinds.ttl",
    **dict.fromkeys(("migrations group", "people group"), "neighbouring-kinds.ttl"),
    "statements kind": "law-between-states.ttl",
    "office-holders-on mission": "missions-with-heads.ttl",
    "office-holders-on receiver": "missions-with-heads.ttl",
}
QUERIES = Queries(folder("queries"))
NAMES = sorted(QUERIES)
PARAMETERS = [(name, p.name) for name in NAMES for p in QUERIES[name].parameters]
# The values of required parameters in tests that bind no others.
GIVEN = {
    **{
        name: {"on": "1985-01-01"}
        for name in NAMES
        for parameter in QUERIES[name].parameters
        if parameter.name == "on" and parameter.required
    },
    "agreements-on": {"on": "2009-12-31"},
    "administrations-on": {"on": "1985-01-01", "all": "true"},
    "around": {"day": "1971-11-02", "days": "365"},
    "containments-on": {"on": "1985-01-01", "all": "true"},
    "changes": {"since": "1945-01-01", "until": "1975-12-31"},
    "compare-counterparts": {"party": "peru"},
    "days-between": {
        "event": "establishment-of-peru-prc-relations",
        "other": "opening-of-the-embassy-of-china-in-lima",
    },
    "levels-on": {"on": "1950-01-01"},
    "statuses-on": {"on": "1985-01-01", "all": "true"},
    "evidence": {"thing": "embassy-of-china-in-lima"},
    "parties-without-mission": {"sender": "peru", "on": "1975-01-01"},
    "representation": {"party": "peru"},
}
NOWHERE = "rkg:gist"  # occurs in no answer
PERU = ("<https://w3id.org/relations-kg/id/peru>",)
CANDIDATES = {
    "thing": "SELECT DISTINCT ?s WHERE { ?s ?p ?o FILTER (isIRI(?s)) } ORDER BY ?s",
    "date": "SELECT DISTINCT ?d WHERE { ?s rkg:earliestStart ?d } ORDER BY ?d",
    "decade": (
        "SELECT DISTINCT ?y WHERE { ?s rkg:earliestStart ?d "
        "BIND (xsd:integer(FLOOR(YEAR(?d) / 10) * 10) AS ?y) } ORDER BY ?y"
    ),
    "boolean": 'SELECT ("true" AS ?b) {}',
    "year": "SELECT DISTINCT (YEAR(?d) AS ?y) WHERE { ?s rkg:earliestStart ?d } ORDER BY ?y",
}
OPTIONS = (
    "facts only store endpoint allow-service timeout format o output q quiet version h help "
    "list show against strict fix max"
)


def written(term: object) -> str:
    """Return a term in SPARQL syntax, with our prefixes."""
    if isinstance(term, NamedNode):
        return shorten(term.value)
    if isinstance(term, Literal) and term.datatype.value == XSD + "integer":
        return term.value
    if isinstance(term, Literal) and not term.language and term.datatype.value != XSD + "string":
        return f"{Literal(term.value)}^^{shorten(term.datatype.value)}"
    return "" if term is None else str(term)


@cache
def graph_of_file(name: str) -> rk.Graph:
    return rk.load(only=[FACTS / "good" / name])


def asked(kg: rk.Graph, name: str, parameter: str = "") -> rk.Graph:
    """Return the graph for a query: the document's, or that of an example file."""
    file = ASKED_OF.get(f"{name} {parameter}", ASKED_OF.get(name))
    return graph_of_file(file) if file else kg


@cache
def in_rdflib(graph: rk.Graph) -> Dataset:
    return graph.to_rdflib()


def answer(kg: rk.Graph, name: str) -> str:
    kg = asked(kg, name)
    rows = kg.run(name, **GIVEN.get(name, {}))
    lines = [[f"?{column}" for column in rows.columns], *([*map(written, t)] for t in rows.terms)]
    return "".join("\t".join(line) + "\n" for line in lines)


def texts(kg: rk.Graph, sparql: str) -> list[tuple[str | None, ...]]:
    """Return the rows of a query after removing its header, which would require a day."""
    rows = kg.query(re.sub(r"(?m)^#\+.*\n", "", sparql), timeout=None)
    assert isinstance(rows, rk.Rows)
    return [tuple(None if term is None else str(term) for term in terms) for terms in rows.terms]


def texts_in_rdflib(dataset: Dataset, sparql: str) -> list[tuple[str | None, ...]]:
    """Return the rows of rdflib's answer, with terms written like Oxigraph's."""

    def text(term: Identifier) -> str:
        datatype = getattr(term, "datatype", None)
        if datatype is not None:
            (read,) = in_order([Literal(str(term), datatype=NamedNode(datatype))])
            return str(read)
        return term.n3()

    result: Result = dataset.query(sparql)
    return [tuple(None if term is None else text(term) for term in row) for row in result]


def given_for(name: str, **values: object) -> dict[str, object]:
    return {**GIVEN.get(name, {}), **values}


@cache
def candidates(kg: rk.Graph, type: str) -> list[object]:
    return [row[0] for row in kg.query(CANDIDATES[type], timeout=None)]


@cache
def linked(kg: rk.Graph) -> dict[str, set[str]]:
    """Return the nodes that are linked to each node."""
    found: dict[str, set[str]] = defaultdict(set)
    for quad in kg.quad_store:
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode):
            found[quad.subject.value].add(quad.object.value)
            found[quad.object.value].add(quad.subject.value)
    return found


def near(kg: rk.Graph, rows: rk.Rows) -> set[str]:
    """Return the things in rows, and those that are linked to them."""
    things = {str(cell) for row in rows for cell in row if isinstance(cell, Thing)}
    return things.union(*(linked(kg).get(thing, ()) for thing in things))


@cache
def found_by(kg: rk.Graph, name: str, parameter: str) -> list[str]:
    """Return at most two values with which a query has an answer, those in its rows first.

    If no value in or near its rows has an answer, one is sought among all others.
    """
    kg = asked(kg, name, parameter)
    rows = kg.run(name, **GIVEN.get(name, {}))
    asked_for = next(p for p in kg.queries[name].parameters if p.name == parameter)
    type = asked_for.type
    values = [row[parameter] for row in rows] if parameter in rows.columns else []
    if type == "language":
        values += ["en", "es"]
    elif type in ("text", "integer", "non-negative-integer"):
        kind = str if type == "text" else int
        cells = [cell for row in rows for cell in row if not isinstance(cell, Thing)]
        values += [cell for cell in cells if isinstance(cell, kind)]
    elif type in CANDIDATES:
        values += candidates(kg, type)
    elif options := asked_for.options(kg.names):
        values += options
    else:
        values += [each for each in candidates(kg, "thing") if asked_for.accepts(each, kg.names)]
    if type == "non-negative-integer":
        values = [value for value in values if value is not None and value >= 0]
    distinct = dict.fromkeys(str(value) for value in values if value is not None)
    things = {value for value in distinct if value.startswith("http")}
    # A query has no answer for nearly all of the things that are far from its rows.
    far = things - near(kg, rows)

    def found(is_far: bool, most: int) -> list[str]:
        given = (given_for(name, **{parameter: v}) for v in distinct if (v in far) == is_far)
        answered = (each for each in given if not refused(each) and len(kg.run(name, **each)))
        return [str(each[parameter]) for each in islice(answered, most)]

    return found(False, 2) or found(True, 1)


def found_in(kg: rk.Graph, name: str, parameter: str) -> list[str]:
    """Return the values that `found_by` finds in this graph and not in a file."""
    return found_by(kg, name, parameter) if asked(kg, name, parameter) is kg else []


def refused(values: dict[str, object]) -> bool:
    """Return whether the values are a window that ends before it begins."""
    return str(values.get("since", "")) > str(values.get("until", "9999-12-31"))


@cache
def shape(sparql: str) -> object:
    """Return the algebra of a query, without the values in its VALUES blocks."""

    def of(part: object) -> object:
        if isinstance(part, CompValue) and part.name == "ToMultiSet" and part.p.name == "values":
            return "VALUES", len(part.p.res), sorted(map(str, part.p.res[0]))
        if isinstance(part, CompValue):
            return part.name, [(k, of(v)) for k, v in sorted(part.items()) if k != "_vars"]
        if isinstance(part, (list, tuple)):
            return [of(item) for item in part]
        return "a blank node" if isinstance(part, BNode) else str(part)

    return of(translateQuery(parseQuery(sparql), initNs=PREFIXES).algebra)


def parsed(header: str, body: str = "SELECT * WHERE { ?s ?p ?o }") -> rk.StoredQuery:
    return rk.StoredQuery.parse("question", f"{header}\n{body}\n")


@pytest.fixture(scope="module", autouse=True)
def forgotten() -> Iterator[None]:
    """Clear the caches after these tests, since a process with less memory forks faster."""
    yield
    for cached in (graph_of_file, in_rdflib, candidates, linked, found_by, shape, has_passages):
        cached.cache_clear()
    gc.collect()


def test_every_query_has_an_expected_answer_and_every_expected_answer_a_query() -> None:
    assert NAMES == sorted(path.stem for path in EXPECTED.glob("*.tsv"))
    assert set(GIVEN) == {
        name for name in NAMES if any(p.required for p in QUERIES[name].parameters)
    }


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_the_answer_is_the_expected_one(china_peru: rk.Graph, name: str) -> None:
    expected = (EXPECTED / f"{name}.tsv").read_text(encoding="utf-8")

    assert expected.splitlines() == answer(china_peru, name).splitlines()


@pytest.mark.parametrize("name", NAMES)
def test_every_expected_answer_has_rows(name: str) -> None:
    assert len((EXPECTED / f"{name}.tsv").read_text(encoding="utf-8").splitlines()) > 1


@pytest.mark.sampled(6)
@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_both_engines_give_the_same_answer(kg: rk.Graph, name: str) -> None:
    """The query is run as it is in its file, and with its required parameters."""
    kg = asked(kg, name)
    # Without values for a required day, or for two required events, the answer has no rows.
    required = [p.type for p in QUERIES[name].parameters if p.required]
    asks_for_a_day = "date" in required or len(required) > 1
    for sparql in {QUERIES[name].text, kg.queries[name].bind(GIVEN.get(name, {}), kg.names)}:
        rows = texts(kg, sparql)

        assert rows == texts_in_rdflib(in_rdflib(kg), sparql)
        assert len(rows) == len(list(kg.quad_store.query(sparql, use_default_graph_as_union=True)))
        assert rows or (asks_for_a_day and sparql == QUERIES[name].text)


@pytest.mark.sampled(9)
@pytest.mark.slow
@pytest.mark.parametrize(("name", "parameter"), PARAMETERS)
def test_both_engines_give_the_same_answer_with_a_parameter_bound(
    kg: rk.Graph, name: str, parameter: str
) -> None:
    """One value has an answer; if any thing is accepted, another value has none."""
    values = found_by(kg, name, parameter)[:1]
    kg = asked(kg, name, parameter)
    assert values, "nothing is found whatever this parameter is"
    if next(p.type for p in QUERIES[name].parameters if p.name == parameter) == "thing":
        values.append(NOWHERE)

    for value in values:
        bound = kg.queries[name].bind(given_for(name, **{parameter: value}), kg.names)
        rows = texts(kg, bound)

        assert rows == texts_in_rdflib(in_rdflib(kg), bound)
        assert (value == NOWHERE) == (not rows)


@pytest.mark.sampled(6)
@pytest.mark.slow
@pytest.mark.parametrize(("name", "parameter"), PARAMETERS)
def test_a_bound_parameter_narrows_the_answer(kg: rk.Graph, name: str, parameter: str) -> None:
    values = found_by(kg, name, parameter)
    kg = asked(kg, name, parameter)
    query = kg.queries[name]
    free = texts(kg, query.bind(GIVEN.get(name, {}), kg.names))

    for value in values:
        bound = texts(kg, query.bind(given_for(name, **{parameter: value}), kg.names))
        column = list(kg.run(name, **GIVEN.get(name, {})).columns)

        if parameter == "all":
            assert {row for row in bound if '"unknown"' not in row} <= set(free) <= set(bound)
            continue
        if parameter in ("since", "until", "least", "most") and "certainty" in column:
            place = column.index("certainty")
            bound, free = ([row[:place] for row in rows] for rows in (bound, free))
        # With a kind, a party is also listed that has a mission of another kind.
        if (name, parameter) == ("parties-without-mission", "kind"):
            assert set(free) <= set(bound)
            continue
        told_even_if_absent = {row for row in bound if '"absent"' in row}
        assert not told_even_if_absent or parameter == "named"
        assert set(bound) - told_even_if_absent <= set(free) or parameter in GIVEN.get(name, {})
        if parameter in column:
            assert {f"<{value}>", value} & {row[column.index(parameter)] for row in bound}


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_no_two_different_rows_have_the_same_place_in_the_order(kg: rk.Graph, name: str) -> None:
    """ORDER BY has enough variables for a total order."""
    kg = asked(kg, name)
    sparql = kg.queries[name].bind(GIVEN.get(name, {}), kg.names)
    columns = kg.run(name, **GIVEN.get(name, {})).columns
    _, found, order = sparql.rpartition("ORDER BY")
    keys = re.findall(r"\?(\w+)", order)
    assert found, "there is no ORDER BY"

    hidden = "".join(f" ?{key}" for key in dict.fromkeys(keys) if key not in columns)
    head, where, rest = sparql.partition("\nWHERE")
    rows = kg.query(f"{head}{hidden}{where}{rest}", timeout=None)
    places: dict[tuple[object, ...], set[tuple[object, ...]]] = {}
    for row in rows:  # type: ignore[union-attr]
        terms = dict(zip(rows.columns, row.terms, strict=True))  # type: ignore[union-attr]
        place = tuple(terms[key] for key in keys)
        places.setdefault(place, set()).add(tuple(terms[column] for column in columns))

    assert all(len(rows_there) == 1 for rows_there in places.values())


@pytest.fixture(scope="module")
def shuffled(kg: rk.Graph, tmp_path_factory: pytest.TempPathFactory) -> rk.Graph:
    """The same facts, loaded in another order."""
    graphs = map(NamedNode, (STATED, IDENTIFIERS))
    found = (
        quad for name in graphs for quad in kg.quad_store.quads_for_pattern(None, None, None, name)
    )
    quads = sorted(found, key=str)
    path = tmp_path_factory.mktemp("shuffled") / "facts.nt"
    triples = (quad.triple for quad in random.Random(1).sample(quads, len(quads)))
    path.write_bytes(serialize(triples, format=RdfFormat.N_TRIPLES) or b"")
    return rk.load(only=[path])


@pytest.mark.sampled
@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_the_order_of_the_facts_does_not_change_the_answer(
    kg: rk.Graph, shuffled: rk.Graph, name: str
) -> None:
    """The order of rows is total, as the test above shows, so this is about cells with lists."""
    assert answer(kg, name) == answer(shuffled, name)


@cache
def has_passages(kg: rk.Graph, thing: Thing) -> bool:
    """Return whether a thing is a passage or has some."""
    ask = f"ASK {{ <{thing}> a rkg:Passage }}"
    return bool(kg.passages(thing)) or bool(kg.query(ask, timeout=None))


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_the_first_column_is_a_thing_with_passages(kg: rk.Graph, name: str) -> None:
    """The passages below an answer are those of the first column, which may contain passages."""
    kg = asked(kg, name)
    first = {row[0] for row in kg.run(name, **GIVEN.get(name, {}))}

    assert {Thing} == set(map(type, first))
    assert {thing for thing in first if not has_passages(kg, thing)} == set()


@pytest.mark.parametrize("name", NAMES)
def test_a_query_has_a_summary_of_one_sentence_a_question_and_a_subject(name: str) -> None:
    assert re.fullmatch(r"[A-Z][^.]*\.", QUERIES[name].summary)
    assert re.fullmatch(r"[A-Z][^.?]*\?", QUERIES[name].question)
    assert QUERIES[name].subject in subjects()


@pytest.mark.parametrize(("name", "parameter"), PARAMETERS)
def test_a_parameter_can_be_an_option_and_a_keyword_argument(name: str, parameter: str) -> None:
    """Its name is neither an option that all commands have nor a Python keyword."""
    assert parameter not in OPTIONS.split()
    assert not keyword.iskeyword(parameter)
    assert re.fullmatch("[a-z][a-z0-9_]*", parameter)


@pytest.mark.parametrize(("name", "parameter"), PARAMETERS)
def test_the_type_of_a_parameter_is_known_or_has_values(
    kg: rk.Graph, name: str, parameter: str
) -> None:
    asked_for = next(p for p in QUERIES[name].parameters if p.name == parameter)

    assert asked_for.type in TYPES or asked_for.texts or asked_for.kinds(kg.names)
    for kind in asked_for.kinds(kg.names):
        assert kind.is_list or kind.is_defined(kg.names)


def test_a_header_is_read_into_a_summary_and_parameters() -> None:
    query = parsed(
        "#+ summary: Who: with whom?\n#+ subject: Any\n#+ question: Who?\n"
        "#+ param a: thing\n#+ param b: date required\n"
        "#+ param c: official-status = code:official\n#+ param d: integer=3",
        "SELECT * WHERE { VALUES (?a ?b ?c ?d) { (UNDEF UNDEF UNDEF UNDEF) } }",
    )

    assert ("Who: with whom?", "Any", "Who?") == (query.summary, query.subject, query.question)
    assert (
        ("a", "thing", False, None),
        ("b", "date", True, None),
        ("c", "official-status", False, "code:official"),
        ("d", "integer", False, "3"),
    ) == tuple((p.name, p.type, p.required, p.default) for p in query.parameters)
    assert ["a: thing", "b: date required", "c: official-status = code:official"] == [
        str(parameter) for parameter in query.parameters[:3]
    ]


def test_a_header_gives_headings_of_columns() -> None:
    query = parsed("#+ summary: A.\n#+ column to: to whom", "SELECT ?to WHERE { ?from ?by ?to }")

    assert (("to", "to whom"),) == query.headings


@pytest.mark.parametrize("name", sorted(QUERIES))
def test_each_heading_of_a_stored_query_is_of_one_of_its_columns(name: str) -> None:
    """A heading is needed only if it differs from the words in the name of its column."""
    query = QUERIES[name]
    selected = query.text.partition("SELECT ")[2].partition("WHERE")[0]
    for column, heading in query.headings:
        assert re.search(rf"\?{column}\b", selected)
        assert headings.of_columns(query, [column]) == {column: heading}
        assert heading != headings.words(column)


@pytest.mark.parametrize(
    "body",
    ["SELECT ('#+ b' AS ?x) ('''\n#+ c\n''' AS ?y) {}", "SELECT ?x # #+ d\r#+ e\n{ ?x ?y ?z }"],
)
def test_a_header_is_at_the_beginning_of_a_line_and_not_in_a_string(body: str) -> None:
    assert "A." == parsed("#+ summary: A.\r", body).summary


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("SELECT * WHERE { }", 1, "no summary"),
        ("#+ summary:\nSELECT * WHERE { }", 1, "summary"),
        ("#+ summary: A.\n#+ summary: B.\n", 2, "not a header line"),
        ("#+ summary: A.\n#+ sumary: A.\n", 2, "not a header line"),
        ("#+ summary: A.\n#+ subject: B\n#+ subject: B\n", 3, "not a header line"),
        ("#+ endpoint: http://example.org/\n#+ summary: A.\n", 1, "not a header line"),
        ("#+ summary: A.\n#+ just words\n", 2, "not a header line"),
        ("#+ summary: A.\n#+\n", 2, "not a header line"),
        ("#+ summary: A.\n#+ param: thing\n", 2, "not a header line"),
        ("#+ summary: A.\n#+ column: thing\n", 2, "not a header line"),
        ("#+ summary: A.\n#+ column a: thing\n", 2, "not a header line"),
        ("#+ summary: A.\n\n#+ param a:\n", 3, "not a parameter: ''"),
        ("#+ summary: A.\n#+ param a: thing requird\n", 2, "not a parameter: 'thing requird'"),
        ("#+ summary: A.\n#+ param a: a thing\n", 2, "not a parameter: 'a thing'"),
        ("#+ summary: A.\n#+ param a: thing =\n", 2, "not a parameter: 'thing ='"),
        ("#+ summary: A.\n#+ param a: thing\nSELECT * WHERE { ?a ?b ?c }", 1, "no VALUES line"),
        (
            "#+ summary: A.\n#+ param a: thing\n#+ param b: thing\n"
            "SELECT * WHERE {\n VALUES (?b ?a) { (UNDEF UNDEF) }\n}",
            5,
            "names ?b ?a; name the parameters in their order: ?a ?b",
        ),
        (
            "#+ summary: A.\n#+ param a: thing\nSELECT * WHERE {\n"
            " VALUES (?a) { (UNDEF) }\n { VALUES (?c) { (UNDEF) } }\n}",
            5,
            "names ?c",
        ),
        (
            "#+ summary: A.\n#+ param a: thing\n#+ param a: date\n"
            "SELECT * WHERE { VALUES (?a ?a) { (UNDEF UNDEF) } }",
            3,
            "'a'",
        ),
    ],
)
def test_a_bad_header_is_shown_with_its_file_and_line(text: str, line: int, words: str) -> None:
    with pytest.raises(rk.QueryError) as caught:
        rk.StoredQuery.parse("question", text)

    assert ("question.rq", line) == (caught.value.where, caught.value.line)
    assert words in str(caught.value)


@pytest.mark.parametrize("end", ["\r\n", "\n"])
def test_line_ends_make_no_difference_to_a_query(kg: rk.Graph, tmp_path: Path, end: str) -> None:
    for name in ("policies", "causes"):
        text = QUERIES[name].text.replace("\n", end)
        (tmp_path / f"{name}.rq").write_bytes(b"\xef\xbb\xbf" + text.encode())
    read = Queries(str(tmp_path))

    for name in read:
        bound = read[name].bind({}, kg.names)

        assert QUERIES[name][:3] == read[name][:3]
        assert texts(kg, QUERIES[name].text) == texts(kg, bound)


def test_queries_are_a_mapping_by_name() -> None:
    assert len(QUERIES) == len(list(QUERIES)) == len(QUERIES.keys())
    assert "policies" in QUERIES
    assert "../queries/policies" not in QUERIES
    assert QUERIES["policies"] is QUERIES["policies"]
    assert QUERIES.get("polices") is None


@pytest.mark.parametrize("name", ["polices", "Policies", "", "../policies", "a\0", "-"])
def test_an_unknown_query_is_reported_with_the_nearest(kg: rk.Graph, name: str) -> None:
    with pytest.raises(rk.QueryError) as caught:
        kg.run(name)

    assert f"there is no stored query {name!r}" in str(caught.value)
    assert ("policies" in (caught.value.help or "")) == ("olic" in name)


@pytest.mark.parametrize(
    ("name", "values", "message"),
    [
        (
            "policies",
            {"parti": "peru"},
            "policies has no parameter 'parti'; did you mean \"party\"?",
        ),
        ("stages", {"on": "1971-01-01"}, "stages has no parameter 'on'; it has relationship"),
        ("evidence", {"thing": None}, "thing: None is a missing value; give a value"),
        ("timeline", {"since": "02/11/1971"}, "since: not a calendar day: '02/11/1971'"),
        ("missions", {"on": "1971"}, "on: not a calendar day: '1971'"),
        ("policies", {"party": "peruu"}, "party: nothing in the graph is called 'peruu'"),
        ("policies", {"party": "idd:peru"}, 'party: unknown prefix "idd:"'),
        ("relations", {"status": "offical"}, "status: 'offical' is not in the code list"),
    ],
)
def test_a_value_that_does_not_fit_is_reported_with_its_parameter(
    kg: rk.Graph, name: str, values: dict[str, str], message: str
) -> None:
    with pytest.raises(rk.QueryError) as caught:
        kg.run(name, **values)

    assert str(caught.value).startswith(message)
    assert caught.value.help


@pytest.mark.parametrize(
    ("type", "value", "expected"),
    [
        ("year", "1971", "1971"),
        ("year", 1971, "1971"),
        ("integer", "-7", "-7"),
        ("integer", "+7", "7"),
        ("text", 'a "b" \\', '"a \\"b\\" \\\\"'),
        ("date", "1971-11-02", f'"1971-11-02"^^<{XSD}date>'),
        ("thing", "Peru", "<https://w3id.org/relations-kg/id/peru>"),
        ("official-status", "official", f"<{CODE}official>"),
    ],
)
def test_a_value_becomes_a_term_of_its_parameters_type(
    kg: rk.Graph, type: str, value: object, expected: str
) -> None:
    term = rk.Parameter("a", type).term(value, kg.names)

    assert expected in (str(term), term.value)


@pytest.mark.parametrize(
    ("type", "value"),
    [
        ("year", "MCMLXXI"),
        ("year", "1971-11"),
        ("integer", "1.5"),
        ("integer", "1_000"),
        ("integer", "\u0661"),
        ("integer", "9" * 19),
        ("integer", ""),
        ("date", ""),
        ("thing", ""),
        ("text", "\udc80"),
        ("offical-status", "official"),
    ],
)
def test_a_value_that_is_not_of_its_type_is_refused(kg: rk.Graph, type: str, value: str) -> None:
    with pytest.raises(rk.QueryError) as caught:
        rk.Parameter("a", type).term(value, kg.names)

    assert "a" == caught.value.where


def test_a_default_holds_until_a_value_is_given(kg: rk.Graph) -> None:
    query = parsed(
        "#+ summary: A.\n#+ param a: thing = lima", "SELECT ?a WHERE { VALUES (?a) { (UNDEF) } }"
    )

    assert "lima>" in query.bind({}, kg.names)
    assert [PERU] == texts(kg, query.bind({"a": "peru"}, kg.names))


@pytest.mark.sampled(9)
@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_binding_changes_nothing_but_the_values(kg: rk.Graph, name: str) -> None:
    query = kg.queries[name]
    line = r"VALUES \(.*?\) \{ \(.*?\) \}"

    for parameter in query.parameters:
        value = found_by(kg, name, parameter.name)[0]
        bound = query.bind(
            given_for(name, **{parameter.name: value}), asked(kg, name, parameter.name).names
        )

        assert re.split(line, query.text) == re.split(line, bound)
        assert shape(query.text) == shape(bound)
        assert bound.count("UNDEF") < query.text.count("UNDEF")


@pytest.mark.parametrize("line", ["VALUES (?a) { (UNDEF) }", "values(?a)\n{(undef)}"])
def test_every_values_line_of_a_query_is_filled(kg: rk.Graph, line: str) -> None:
    """A branch whose BIND uses a parameter repeats the line, in any spelling."""
    query = parsed(
        "#+ summary: A.\n#+ param a: thing",
        "SELECT ?x WHERE {\n  VALUES (?a) { (UNDEF) }\n"
        f"  {{ VALUES (?a) {{ (UNDEF) }} BIND (?a AS ?x) }} UNION {{ {line} BIND (?a AS ?x) }}\n}}",
    )

    assert [PERU, PERU] == texts(kg, query.bind({"a": "peru"}, kg.names))


HOSTILE = [
    '"',
    "'",
    "\\",
    "}",
    "} DROP ALL",
    ") } } ; DROP ALL #",
    "UNDEF",
    "peru> } DROP ALL {",
    "<https://w3id.org/relations-kg/id/peru> } #",
    "https://w3id.org/relations-kg/id/peru> . ?s ?p ?o }",
    "id:peru } UNION { ?s ?p ?o",
    '1971-11-02"^^xsd:date) } } #',
    "VALUES (?a) { (UNDEF) }",
    "\\1 \\g<names>",
    "?party",
    "\n\r\t\0\u2028",
]
VALUES = (
    st.text()
    | st.sampled_from(HOSTILE)
    | st.builds("{}{}".format, st.sampled_from(["peru", "id:peru", "1971-11-02"]), st.text())
    | st.sampled_from(["peru", "id:peru", "1971-11-02", "code:official", "rkg:Embassy"])
)


@pytest.mark.slow
@trials(60)
@given(st.sampled_from(PARAMETERS), VALUES)
def test_no_value_can_change_a_query(kg: rk.Graph, chosen: tuple[str, str], value: str) -> None:
    """A value replaces one term by another, or is rejected."""
    name, parameter = chosen
    query = kg.queries[name]
    try:
        bound = query.bind(given_for(name, **{parameter: value}), kg.names)
    except rk.QueryError:
        return

    assert shape(query.text) == shape(bound)
    assert isinstance(kg.query(bound, timeout=None), rk.Rows)


@pytest.mark.slow
@trials(40)
@given(st.text() | st.sampled_from(HOSTILE))
@example("\udc80")
def test_any_text_is_bound_as_itself(kg: rk.Graph, value: str) -> None:
    query = parsed(
        "#+ summary: A.\n#+ param a: text", "SELECT ?a WHERE { VALUES (?a) { (UNDEF) } }"
    )
    try:
        bound = query.bind({"a": value}, kg.names)
    except rk.QueryError:
        assert any("\ud800" <= character <= "\udfff" for character in value)
        return

    rows = kg.query(bound, timeout=None)

    assert isinstance(rows, rk.Rows)
    assert [value] == [row.a for row in rows]


def test_a_stored_query_must_be_a_select(tmp_path: Path) -> None:
    (tmp_path / "ask.rq").write_text("#+ summary: A.\nASK { ?s ?p ?o }")
    graph = rk.load(only=[])
    graph.queries = Queries(str(tmp_path))

    with pytest.raises(rk.QueryError, match="must be a SELECT"):
        graph.run("ask")


def test_a_timeline_between_two_days_has_exactly_what_can_have_happened_then(kg: rk.Graph) -> None:
    """An event is left out if a bound or its reach excludes the days, or if it has no bound."""
    since, until = date(1972, 1, 1), date(2009, 4, 15)
    days = {
        (str(row.e), str(row.p).rpartition("#")[2]): row.d
        for row in kg.query("SELECT ?e ?p ?d { ?e a rkg:Event ; ?p ?d FILTER (isLITERAL(?d)) }")  # type: ignore[union-attr]
        if isinstance(row.d, date)
    }

    def expected(event: str) -> str:
        start, end = days.get((event, "earliestStart")), days.get((event, "latestEnd"))
        if (end and end < since) or (start and start > until):
            return ""
        begun, not_ended = days.get((event, "latestStart")), days.get((event, "earliestEnd"))
        if begun and begun <= until and not_ended and not_ended >= since:
            return "certain"
        first, last = days.get((event, "reachStart")), days.get((event, "reachEnd"))
        is_out = (first and first > until) or (last and last < since)
        return "unknown" if is_out or not (begun or not_ended) else "possible"

    everything = {str(row.event): expected(str(row.event)) for row in kg.run("timeline")}
    rows = kg.run("timeline", since=since, until=until)
    more = kg.run("timeline", since=since, until=until, all=True)

    assert {event: is_ for event, is_ in everything.items() if is_} == {
        str(row.event): row.certainty for row in more
    }
    assert [row for row in more if row.certainty != "unknown"] == list(rows)
    assert len(more) - len(rows) == rows.unknown
    assert {"certain", "possible", ""} <= {*everything.values()}
    assert {"certain"} == {row.certainty for row in kg.run("timeline")}


@pytest.mark.parametrize(
    ("since", "until"), [("1971-11-02", "1971-11-01"), ("9999-12-31", "0001-01-01")]
)
def test_a_window_that_ends_before_it_begins_is_refused(
    kg: rk.Graph, since: str, until: str
) -> None:
    with pytest.raises(rk.QueryError, match=f"{since} to {until} ends before it begins") as error:
        kg.run("timeline", since=since, until=until)

    assert "until" == error.value.where
    with pytest.raises(rk.QueryError, match="ends before it begins"):
        kg.run("changes", since=since, until=until)
    assert kg.run("timeline", since=until, until=since, all=True)


@pytest.mark.parametrize(
    ("parameter", "value", "things"),
    [
        (
            "party",
            "prc",
            "embassy-of-peru-in-beijing embassy-of-china-in-lima peru-prc-relations"
            " recognition-of-the-prc-by-peru stage-of-maoist-ideology-transfer",
        ),
        ("place", "lima", "embassy-of-china-in-lima embassy-of-the-republic-of-china-in-lima"),
    ],
)
def test_changes_can_be_those_of_a_party_or_a_place(
    china_peru: rk.Graph, parameter: str, value: str, things: str
) -> None:
    """A stage has the parties of its relationship; diplomatic relations have their own."""
    rows = china_peru.run("changes", since="1945-01-01", until="1975-12-31", **{parameter: value})

    assert {*things.split()} == {row.thing.rpartition("/")[2] for row in rows}


@pytest.mark.parametrize("value", ["true", "True", "TRUE", True])
def test_a_boolean_is_true_or_false(kg: rk.Graph, value: object) -> None:
    on = "1850-01-01"
    rows = kg.run("office-holders-on", on=on)

    assert 0 == len(rows)
    assert len(kg.run("office-holders-on", on=on, all=value)) == rows.unknown > 10
    assert 0 == kg.run("office-holders-on", on=on, all=value).unknown
    assert 0 == len(kg.run("office-holders-on", on=on, all=not value if value is True else "false"))


@pytest.mark.parametrize("value", ["yes", "1", "tru", 0])
def test_a_boolean_is_nothing_else(kg: rk.Graph, value: object) -> None:
    with pytest.raises(rk.QueryError, match="neither true nor false"):
        kg.run("office-holders-on", on="1850-01-01", all=value)


def test_queries_name_only_what_the_ontology_has(kg: rk.Graph) -> None:
    kinds = [OWL + kind for kind in ("Class", "ObjectProperty", "DatatypeProperty")]
    known = {
        shorten(quad.subject.value)
        for kind in (*kinds, OWL + "AnnotationProperty", RDFS + "Datatype")
        for quad in kg.quad_store.quads_for_pattern(None, NamedNode(RDF + "type"), NamedNode(kind))
        if isinstance(quad.subject, NamedNode) and quad.subject.value.startswith(RKG)
    }

    for query in QUERIES.values():
        assert set(re.findall(r"rkg:\w+", query.text)) <= known


# Properties that are inferred from nearly every property that links a fact to something.
GENERAL = {
    f"rkg:{name}"
    for name in ["directlyInvolves", "hasEvent", "involves", "isEventOf", "pertainsTo"]
}
# Properties that no stored query reads, by the reason.
UNREAD = {
    "calculated or inferred": (
        "directlyInvolves durationAtLeast durationAtMost endsBefore hasEverBeenRepresentedIn "
        "hasEverHadRelationsWith hasEverServed hasEvent involves isEventOf lagAtLeast lagAtMost "
        "pertainsTo withinRelations"
    ),
    "about a source, a passage or a cited work, not about a fact": (
        "archive article coversPeriod fieldName fieldValue page publication "
        "publishedOn readOn row sha256 shelfmark speaksFrom subsectionOf textOf version webAddress"
    ),
    "a remark for those who check or compare facts": "distinctFrom knownOn",
    "a description of a place or thing, which its page shows": (
        "artefactKind issuedBy madeOf namedAfter placeKind poweredBy practiceKind"
    ),
    "a description of a relationship, a period or a person, which its page shows": (
        "intertwinedWith involvedIn maturedDuring partyLabel periodOf"
    ),
    "a detail of a fact that other columns of its query identify": (
        "aim maintainedBy numberInSeries representationScope timeOfDay"
    ),
}


def test_every_property_of_facts_is_read_by_a_stored_query_or_listed_with_a_reason(
    kg: rk.Graph,
) -> None:
    """A property is also read through its inverse and through a more general property."""
    kinds = "VALUES ?kind { owl:ObjectProperty owl:DatatypeProperty } ?p a ?kind"
    ours = "FILTER (STRSTARTS(STR(?p), STR(rkg:)))"
    links = "rdfs:subPropertyOf|owl:inverseOf|^owl:inverseOf"
    bodies = (re.sub(r"(?m)^ *#.*$", "", query.text) for query in QUERIES.values())
    named = {name for body in bodies for name in re.findall(r"rkg:\w+", body)} - GENERAL
    rows = kg.query(f"SELECT ?p ?read {{ {kinds} {ours} ?p ({links})* ?read }}")
    assert isinstance(rows, rk.Rows)
    readings: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        readings[shorten(str(row.p))].add(shorten(str(row.read)))

    unread = {each.removeprefix("rkg:") for each, ways in readings.items() if not ways & named}

    assert unread == {*" ".join(UNREAD.values()).split()}


def test_distinct_rows_are_ordered_by_what_they_show() -> None:
    """In any other order, engines differ, because duplicates may come from different places."""
    for name, query in QUERIES.items():
        shown = re.search(r"^SELECT DISTINCT (.+)$", query.text, re.MULTILINE)
        _, _, order = query.text.rpartition("ORDER BY")
        variables = re.compile(r"\?\w+")
        if shown:
            assert set(variables.findall(order)) <= set(variables.findall(shown[1])), name


def test_kinds_that_queries_ask_for_with_one_step_are_one_step_below_others(kg: rk.Graph) -> None:
    lists = (
        "code:diplomatic-rank code:mission-kind code:posting-act-kind code:degree code:pace "
        "code:consent code:criterion code:tone code:permanence code:formality code:timeliness"
    )
    below = "?kind skos:inScheme ?list ; skos:broader/skos:broader ?other"

    assert kg.query(f"ASK {{ VALUES ?list {{ {lists} }} {below} }}") is False


@pytest.mark.parametrize(
    ("name", "given"), [("office-holders", {}), ("office-holders-on", {"on": "1995-01-01"})]
)
def test_a_question_about_members_of_missions_is_also_about_military_attaches(
    example: rk.Graph, name: str, given: dict[str, str]
) -> None:
    (row,) = example.run(name, kind="member-of-mission", **given)

    assert ID + "edda-rowe-as-attache" == row.tenure


def test_the_persons_and_migrations_of_a_group_are_found(example: rk.Graph) -> None:
    group = "citizens-of-the-league"

    (person,) = example.run("people", group=group)
    (migration,) = example.run("migrations", group=group)

    assert (ID + "edda-rowe", [ID + group]) == (person.person, person.groups)
    assert (ID + "migration-within-the-league", [ID + group]) == (
        migration.migration,
        migration.groups,
    )


def test_routes_and_borders_are_found_by_the_places_that_they_follow_and_cross() -> None:
    rows = loaded("further-kinds").run("neighbours", neighbour="wenn")

    assert {(row.place, row.relation) for row in rows} == {
        (ID + "border-of-lune-and-corrow", RKG + "followsCourse"),
        (ID + "land-beyond-the-wenn", RKG + "directionFrom"),
        (ID + "long-bridge", RKG + "crosses"),
    }


@pytest.mark.parametrize(
    ("name", "thing", "column", "shown"),
    [
        ("memberships", "varrin-as-a-member", "started", "entry-of-varrin"),
        ("memberships", "varrin-as-a-member", "ended", "exit-of-varrin"),
        ("migrations", "crossing-of-the-strait", "ended", "exit-of-varrin"),
        ("disputes", "dispute-over-subsidies", "about", "exit-of-varrin"),
        ("services", "teaching-in-varrin", "replaced", "voters-and-newspapers-of-varrin"),
    ],
)
def test_what_is_told_of_a_situation_by_a_link_alone_is_shown(
    example: rk.Graph, name: str, thing: str, column: str, shown: str
) -> None:
    rows = example.run(name)
    (row,) = (row for row in rows if row[0] == ID + thing)

    assert [ID + shown] == getattr(row, column)


ABSENCE = "ostrand-without-an-embassy-in-melisand"
ATTACK = "attack-on-the-offices-of-ostrand-in-harrow-bay"
CHARGE = "charge-of-kinds-of-a-long-story"
EXCHANGE = "scholarships-for-students-of-yorrin"
PROTECTION = "protection-of-the-interests-of-ostrand-by-melisand"
SEAT = "langmouth-as-the-seat-of-the-government-of-pell"
SUPPORT = "support-of-the-order-of-saint-ive-for-gorlund"
TREATMENT = "treatment-of-the-merchants-of-lune"


@pytest.mark.parametrize(
    ("file", "name", "thing", "column", "shown"),
    [
        ("kinds-of-mission", "acts", ATTACK, "kinds", CODE + "arson"),
        ("kinds-of-mission", "acts", ATTACK, "things", CODE + "chancery"),
        ("kinds-of-mission", "acts", ATTACK, "things", ID + "mission-of-ostrand-in-harrow"),
        ("kinds-of-mission", "representation", PROTECTION, "protectors", ID + "melisand"),
        ("kinds-of-mission", "representation", ABSENCE, "missing", CODE + "embassy"),
        ("kinds-of-a-long-story", "acts", CHARGE, "charges", CODE + "tax-avoidance"),
        ("kinds-of-a-long-story", "statements", CHARGE, "charges", CODE + "tax-avoidance"),
        (
            "events-and-absences",
            "acts",
            "vellins-calling-off-of-a-visit",
            "things",
            RKG + "StateVisit",
        ),
        ("further-kinds", "living-conditions", TREATMENT, "kinds", CODE + "segregation"),
        ("further-kinds", "living-conditions", TREATMENT, "where", ID + "corrow"),
        ("ranks-and-works", "manners", "secret-article-of-adel", "formality", CODE + "in-secret"),
        ("war-and-alliances", "participations", SUPPORT, "support", CODE + "funds"),
        ("states-formed-and-ended", "seats", SEAT, "kinds", CODE + "seat-in-exile"),
        (
            "dependence-and-promises",
            "terms",
            "treaty-of-1964-with-the-ostrava-islands",
            "notice",
            "P1Y",
        ),
        ("further-kinds", "neighbours", "land-beyond-the-wenn", "directions", CODE + "north"),
        ("further-kinds", "containments", "land-beyond-the-wenn", "directions", CODE + "east"),
        ("exchanges-of-every-kind", "exchanges", EXCHANGE, "between", ID + "port-dal"),
    ],
)
def test_a_detail_of_a_fact_is_shown(
    file: str, name: str, thing: str, column: str, shown: str
) -> None:
    given = {"party": "ostrand"} if name == "representation" else {}
    rows = loaded(file).run(name, **given)
    (row,) = (row for row in rows if row[0] == ID + thing)

    assert shown in getattr(row, column)


def test_a_border_and_a_bridge_are_listed_with_all_that_they_lie_by() -> None:
    rows = loaded("further-kinds").run("neighbours")
    found = {(row.place.curie, row.neighbour.curie, row.relation.curie) for row in rows}

    assert found == {
        ("id:border-of-lune-and-corrow", "id:cape-lune", "rkg:endsAt"),
        ("id:border-of-lune-and-corrow", "id:corrow", "rkg:connects"),
        ("id:border-of-lune-and-corrow", "id:lune", "rkg:connects"),
        ("id:border-of-lune-and-corrow", "id:tide-line-of-lune", "rkg:beginsAt"),
        ("id:border-of-lune-and-corrow", "id:wenn", "rkg:followsCourse"),
        ("id:land-beyond-the-wenn", "id:wenn", "rkg:directionFrom"),
        ("id:long-bridge", "id:border-of-lune-and-corrow", "rkg:crosses"),
        ("id:long-bridge", "id:wenn", "rkg:crosses"),
    }


def test_the_kind_of_a_vessel_and_the_organ_of_an_act_are_shown(tmp_path: Path) -> None:
    graph = stated(
        "id:crossing a rkg:Voyage ; rkg:vessel id:gull . "
        "id:gull a rkg:Vessel ; rkg:vesselKind code:passenger-ships . "
        "id:act a rkg:Event ; rkg:actor id:lune ; rkg:throughOrgan id:senate .",
        tmp_path,
    )
    (voyage,), (act,) = graph.run("voyages"), graph.run("acts")

    assert [[CODE + "passenger-ships"], [ID + "senate"]] == [voyage.vessels, act.via]


if __name__ == "__main__":
    graph = graph_of(CHINA_PERU)
    EXPECTED.mkdir(exist_ok=True)
    for name in NAMES:
        (EXPECTED / f"{name}.tsv").write_text(answer(graph, name), encoding="utf-8")
