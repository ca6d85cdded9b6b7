"""Tests of the stored queries on the web: the same answers as in Python, and clear errors."""

import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote

import asgi
import openpyxl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from starlette.applications import Starlette
from test_queries import GIVEN

import relations_kg as rk
from relations_kg._files import folder
from relations_kg.answers.parameters import TYPES
from relations_kg.answers.queries import Queries
from relations_kg.rdf.namespaces import ID
from relations_kg.web import form_pages
from relations_kg.web.answering import ROWS, TRIPLES
from relations_kg.web.application import application
from relations_kg.web.linked_data import DATA
from relations_kg.web.query_api import FORMATS
from relations_kg.web.thing_pages import columns_with_values

NAMES = sorted(Queries(folder("queries")))
MISSIONS = "/q/missions?on=1985-01-01"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
JSON = "application/sparql-results+json"


@pytest.fixture(scope="module")
def app(kg: rk.Graph) -> Starlette:
    return application(kg)


@pytest.fixture(scope="module")
def document(app: Starlette) -> Any:
    return asgi.get(app, "/openapi.json").json()


def address(name: str, ending: str, parameters: dict[str, str]) -> str:
    query = "&".join(f"{name}={quote(value)}" for name, value in parameters.items())
    return f"/q/{name}.{ending}?{query}"


ENDINGS = ("json", "csv", "tsv", "xml")
# Each query is asked in one format, and in `make check-full` in all of them.
ASKED = [
    pytest.param(name, ending, marks=() if number % 4 == place else pytest.mark.whole)
    for number, name in enumerate(NAMES)
    for place, ending in enumerate(ENDINGS)
]


@pytest.mark.parametrize(("name", "ending"), ASKED)
def test_an_answer_is_that_of_run(kg: rk.Graph, app: Starlette, name: str, ending: str) -> None:
    parameters = GIVEN.get(name, {})

    answer = asgi.get(app, address(name, ending, parameters))

    assert answer.status_code == 200
    expected = kg.run(name, **parameters).serialize(ending)
    read = {"json": json.loads, "csv": lambda text: list(csv.reader(io.StringIO(text)))}
    as_read: Callable[[str], Any] = read.get(ending, str.strip)  # type: ignore[assignment]
    assert as_read(answer.text) == as_read(expected)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("path", "accept", "expected"),
    [
        (MISSIONS, "*/*", JSON),
        (MISSIONS, "", JSON),
        (MISSIONS, "application/json", "application/json"),
        (MISSIONS, "text/csv;q=0.5, text/tab-separated-values", "text/tab-separated-values"),
        (f"{MISSIONS}&format=csv", "application/json", "text/csv"),
        ("/q/missions.tsv?on=1985-01-01", "text/csv", "text/tab-separated-values"),
        (MISSIONS, BROWSER, "text/html"),
        ("/q/missions.html", "text/csv", "text/html"),
        ("/q/", "*/*", "application/json"),
        ("/q/", BROWSER, "text/html"),
    ],
)
def test_a_format_is_chosen_by_ending_then_parameter_then_header(
    app: Starlette, path: str, accept: str, expected: str
) -> None:
    answer = asgi.get(app, path, accept=accept)

    assert expected == answer.headers["content-type"].partition(";")[0]


def test_only_what_depends_on_the_header_says_so(app: Starlette) -> None:
    assert "Accept" in asgi.get(app, MISSIONS).headers["vary"].split(", ")
    assert "Accept" not in asgi.get(app, f"{MISSIONS}&format=csv").headers["vary"].split(", ")


def test_what_a_form_leaves_empty_is_not_asked_for(kg: rk.Graph, app: Starlette) -> None:
    answer = asgi.get(app, f"{MISSIONS}&sender=peru&receiver=&kind=")

    assert answer.json() == json.loads(
        kg.run("missions", on="1985-01-01", sender="peru").serialize("json")
    )


def test_an_answer_that_is_known_is_not_sent_again(app: Starlette) -> None:
    tag = asgi.get(app, MISSIONS).headers["etag"]

    assert asgi.get(app, MISSIONS, if_none_match=tag).status_code == 304
    assert asgi.get(app, f"{MISSIONS}&sender=peru", if_none_match=tag).status_code == 200


@pytest.mark.parametrize(
    ("path", "status", "detail", "help"),
    [
        ("/nowhere", 404, "there is no page /nowhere", "begin at /"),
        ("/q/mission", 404, "there is no stored query 'mission'", 'did you mean "missions"'),
        ("/q/qqqqqq", 404, "there is no stored query 'qqqqqq'", "see /q/"),
        ("/q/..%2Fdata", 404, "", ""),
        (f"{MISSIONS}&sendr=peru", 400, "no parameter 'sendr'", 'did you mean "sender"?'),
        ("/q/missions", 400, "missions asks for a day: on=1985-01-01", ""),
        ("/q/missions?on=", 400, "missions asks for a day: on=1985-01-01", ""),
        ("/q/missions?on=yesterday", 400, "'yesterday'", "1971-11-02"),
        (f"{MISSIONS}&sender=peruu", 400, "'peruu'", 'did you mean "peru"?'),
        (f"{MISSIONS}&on=1986-01-01", 400, "'on' is given twice", "one value"),
        (f"{MISSIONS}&format=cvs", 400, "unknown format 'cvs'", 'did you mean "csv"?'),
        ("/q/missions.csv?on=1985-01-01&format=csv", 400, "no parameter 'format'", "sender"),
        ("/q/visits?decade=sixties", 400, "'sixties' is not a decade", "1990s"),
        ("/q/recognitions?mode=de-jur", 400, "not in the code list", "de-facto, de-jure"),
        ("/q/missions?on=%00%ff", 400, "", ""),
    ],
)
def test_what_cannot_be_answered_is_reported_with_what_would_be_right(
    app: Starlette, path: str, status: int, detail: str, help: str
) -> None:
    answer = asgi.get(app, path)

    assert (status, "application/problem+json") == (
        answer.status_code,
        answer.headers["content-type"],
    )
    problem = answer.json()
    assert problem["status"] == status
    assert detail in problem["detail"]
    assert help in problem.get("help", "")


def test_a_format_that_there_is_not_is_not_acceptable(app: Starlette) -> None:
    assert asgi.get(app, MISSIONS, accept="image/png").status_code == 406


def test_a_query_is_only_read(app: Starlette) -> None:
    answer = asgi.request(app, "DELETE", MISSIONS)

    assert (405, "GET, HEAD") == (
        answer.status_code,
        ", ".join(sorted(answer.headers["allow"].split(", "))),
    )


@given(st.text(min_size=1))
@example("listed")
def test_any_text_is_the_value_it_is(app: Starlette, kg: rk.Graph, text: str) -> None:
    answer = asgi.get(app, f"/q/visits?basis={quote(text)}")

    if answer.status_code == 200:
        assert answer.json() == json.loads(kg.run("visits", basis=text).serialize("json"))
    else:
        assert answer.json()["detail"] == f"{text!r} is not a value"


def test_the_list_names_all_queries_with_their_addresses(kg: rk.Graph) -> None:
    app = application(kg, base="/graph/")

    (listed,) = asgi.get(app, "/graph/q/").json().values()

    assert sorted(query["name"] for query in listed) == NAMES
    missions = next(query for query in listed if query["name"] == "missions")
    assert asgi.get(app, f"{missions['address']}?on=1985-01-01").status_code == 200
    assert {"name": "on", "type": "date", "required": True, "default": None} in missions[
        "parameters"
    ]


def test_the_document_is_whole(document: Any) -> None:
    for reference in references(document):
        found = document
        for part in reference.removeprefix("#/").split("/"):
            found = found[part]
    for path, item in document["paths"].items():
        for operation in item.values():
            parameters = [each["name"] for each in operation["parameters"] if each["in"] == "path"]
            assert parameters == re.findall(r"\{(\w+)\}", path)
            assert operation["summary"]
    for schema in document["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)


def references(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        yield from [part["$ref"]] if "$ref" in part else []
    for each in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        yield from references(each)


@pytest.mark.parametrize("name", NAMES)
def test_the_document_says_what_can_be_asked(document: Any, kg: rk.Graph, name: str) -> None:
    operation = document["paths"][f"/q/{name}"]["get"]
    said = {each["name"]: each for each in operation["parameters"]}

    assert operation["summary"] == kg.queries[name].summary
    assert said.pop("format")
    assert {p.name: p.required for p in kg.queries[name].parameters} == {
        name: each["required"] for name, each in said.items()
    }


@pytest.mark.sampled
@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_each_example_is_answered(app: Starlette, document: Any, name: str) -> None:
    parameters = document["paths"][f"/q/{name}"]["get"]["parameters"]
    examples = {each["name"]: str(each["example"]) for each in parameters if "example" in each}
    needed = {each["name"]: examples[each["name"]] for each in parameters if each.get("required")}
    schema = {"$ref": "#/components/schemas/Results", "components": document["components"]}

    for parameter, value in examples.items():
        answer = asgi.get(app, address(name, "json", {**needed, parameter: value}))
        assert answer.status_code == 200, answer.text
        Draft202012Validator(schema).validate(answer.json())


def test_problems_and_the_list_are_as_the_document_says(app: Starlette, document: Any) -> None:
    for path, name in (("/q/", "Queries"), ("/q/missions?on=x", "Problem")):
        schema = {"$ref": f"#/components/schemas/{name}", "components": document["components"]}
        Draft202012Validator(schema).validate(asgi.get(app, path).json())


def test_the_document_says_under_which_path_the_server_is(kg: rk.Graph) -> None:
    document = asgi.get(application(kg, base="/graph/"), "/graph/openapi.json").json()

    assert document["servers"] == [{"url": "/graph"}]


def test_the_static_document_has_the_formats_of_the_server(document: Any) -> None:
    responses = document["components"]["responses"]
    answers = {name: set(each.get("content", ())) for name, each in responses.items()}

    assert {
        "Data": {*DATA.values()},
        "DataOrPage": {*DATA.values(), "text/html"},
        "Rows": {*ROWS, "text/html"},
        "RowsOrTriples": {*ROWS, *TRIPLES},
        "Triples": {*TRIPLES},
    } == {name: found for name, found in answers.items() if name not in ("Elsewhere", "Problem")}
    for path, item in document["paths"].items():
        for each in item["get"]["parameters"] if path.startswith("/q/") else ():
            assert each["name"] != "format" or each["schema"]["enum"] == [*FORMATS]
        for each in item["get"]["parameters"]:
            assert each["name"] != "ending" or each["schema"]["enum"] == [*DATA]


def test_what_is_unknown_is_counted_and_linked(app: Starlette) -> None:
    path = "/q/office-holders-on?on=1850-01-01"
    left_out = int(asgi.get(app, f"{path}&format=json").headers["unknown-rows"])
    everything = asgi.get(app, f"{path}&all=true&format=json")

    assert left_out == len(everything.json()["results"]["bindings"]) > 10
    assert "unknown-rows" not in everything.headers
    assert "unknown-rows" not in asgi.get(app, "/q/policies?format=json").headers
    page = asgi.get(app, f"{path}&format=html").text
    assert f"{left_out} more are unknown at that time" in page
    assert "all=true" in page


def test_every_type_of_a_parameter_is_described(document: Any) -> None:
    assert {*TYPES} <= {*document["components"]["schemas"]}


def test_values_of_a_code_list_are_listed(document: Any) -> None:
    (mode,) = (
        each
        for each in document["paths"]["/q/recognitions"]["get"]["parameters"]
        if each["name"] == "mode"
    )

    assert mode["schema"] == {"enum": ["de-facto", "de-jure"]}


@pytest.mark.parametrize(
    ("query", "first"),
    [
        # Accents and case do not matter, and a word may be given by its beginning.
        ("q=victor j", {"value": "Víctor Joy Way", "label": "person"}),
        ("q=PRC", {"value": "People's Republic of China", "label": "PRC · state"}),
        ("q=al&kinds=person", {"value": "Alberto Fujimori", "label": "person"}),
        # "USA" is in "accUSAtion", but no word begins with it.
        ("q=usa", None),
        ('q="*', None),
    ],
)
def test_a_field_suggests_names_that_begin_with_its_text(
    app: Starlette, query: str, first: dict[str, str] | None
) -> None:
    found = asgi.get(app, f"/suggest?{query}").json()
    assert next(iter(found), None) == first


def test_each_field_has_its_own_suggestions_and_an_example(app: Starlette) -> None:
    text = asgi.get(app, "/q/visits", accept=BROWSER).text

    assert "an office, such as President of Peru" in text
    lists = dict(re.findall(r'<datalist id="([^"]+)">(.*?)</datalist>', text, re.DOTALL))
    assert "Xi Jinping" in lists["l-person-organization-population-group"]
    assert "Xi Jinping" not in lists["l-party"]
    assert 'name="capacity" type="text" value="" aria-describedby="h-capacity" list="l-off' in text


def test_an_answer_is_sorted_by_a_column_in_either_direction(app: Starlette) -> None:
    years = []
    for sort in ("when", "-when"):
        text = asgi.get(app, f"/q/visits?sort={sort}", accept=BROWSER).text
        years.append(re.findall(r'data-label="when"><span title="([0-9]{4})', text))
        assert text.count("aria-sort") == 1
    assert years[0] == sorted(years[0]) == years[1][::-1]
    assert len(years[0]) > 5
    assert asgi.get(app, "/q/visits?sort=x", accept=BROWSER).status_code == 400


def test_a_long_answer_has_pages(app: Starlette, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(form_pages, "ROWS_OF_A_PAGE", 5)
    first, last = (
        asgi.get(app, f"/q/visits?origin=peru&sort=when&page={n}", accept=BROWSER).text
        for n in (1, 2)
    )
    assert "/q/visits?origin=peru&amp;sort=when&amp;page=2" in first
    assert first.count('data-label="visit"') == 5
    assert set(re.findall('/thing/visit[^"]*', first)).isdisjoint(
        re.findall('/thing/visit[^"]*', last)
    )
    assert asgi.get(app, "/q/visits?page=99", accept=BROWSER).status_code == 400
    refused = asgi.get(app, "/q/visits?page=-3", accept=BROWSER)
    assert refused.status_code == 400
    assert "-3&#39; is not the number of a page" in refused.text


def test_an_answer_is_a_workbook_too(app: Starlette) -> None:
    answer = asgi.get(app, "/q/visits.xlsx?visitor=xi-jinping")
    heading, *rows = openpyxl.load_workbook(io.BytesIO(answer.content)).active.iter_rows()

    assert [cell.value for cell in heading][:3] == ["visit", "visit_iri", "who"]
    visits = ["Visit of Xi Jinping to Peru, 2014", "Visit of Xi Jinping to Peru, November 2024"]
    assert [row[0].value for row in rows] == visits
    assert rows[0][1].value.startswith(ID)
    assert asgi.get(app, "/q/missions.xlsx").status_code == 400


def test_questions_are_grouped_and_answers_cite_their_passages(app: Starlette) -> None:
    listed = asgi.get(app, "/q/", accept=BROWSER).text
    assert {f'href="/q/{name}"' for name in NAMES} <= {*re.findall('href="/q/[^"]+"', listed)}
    assert "Further questions" not in listed  # each stored query has a subject
    answer = asgi.get(app, "/q/policies", accept=BROWSER).text
    assert "Peru has kept to the One China policy ever since" in answer


def test_a_column_of_zeros_is_shown_and_one_without_values_is_not(kg: rk.Graph) -> None:
    rows = kg.query(
        "SELECT ?number ?truth ?none { VALUES (?number ?truth ?none) { (0 false UNDEF) } }"
    )

    assert ["number", "truth"] == columns_with_values(rows.columns, rows)
    assert ["truth"] == columns_with_values(rows.columns, rows, without="number")
