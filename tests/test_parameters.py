"""Tests of values that do not fit a parameter, and of answers without rows."""

import json
import random
from decimal import Decimal
from pathlib import Path

import asgi
import pytest
from command_line import run
from pyoxigraph import NamedNode
from starlette.applications import Starlette
from test_queries import GIVEN

import relations_kg as rk
from relations_kg.answers.queries import StoredQuery, stored_queries
from relations_kg.rdf.namespaces import ID, SKOS, STATED, shorten
from relations_kg.rdf.terms import objects, value
from relations_kg.web.application import application

pandas = pytest.importorskip("pandas")
QUERIES = stored_queries()
NOTATION = SKOS + "notation"
ON = {"on": "1985-01-01"}
CHINA = "People's Republic of China (id:peoples-republic-of-china)"
ROC = "Republic of China (id:republic-of-china)"


@pytest.mark.parametrize(
    ("name", "values", "expected"),
    [
        # A place stands for the polity that is named after it, or that its missions belong to.
        ("visits", {"host": "taiwan"}, f"Taiwan is a territory; host takes a party; * {ROC}?"),
        ("visits", {"host": "Taiwan"}, "give it as place"),
        ("relations", {"counterpart": "Taiwan"}, f"takes a polity; did you mean {ROC}?"),
        ("visits", {"origin": "Hong Kong"}, "Hong Kong is a territory; * (id:hong-kong-sar)?"),
        ("timeline", {"party": "Macau"}, "Macau is a territory; * (id:macau-sar)?"),
        (
            "representation",
            {"party": "peru", "other": "hong-kong"},
            "Hong Kong is * (id:british-hong-kong)",
        ),
        ("missions", {"receiver": "macau", **ON}, "Macau is * (id:macau-sar)?"),
        ("governments", {"polity": "beijing"}, f"Beijing is a city; * {CHINA}?"),
        ("visit-counts", {"party": "lima"}, "Lima is a city; * Peru (id:peru) or"),
        ("visits", {"host": "Mainland China"}, f"give it as place, or did you mean {CHINA}?"),
        ("timeline", {"party": "lima"}, "did you mean Peru (id:peru)"),
        ("visit-counts", {"party": "port-of-chancay"}, "did you mean COSCO Shipping Ports"),
        # A person, an office, a body and a mission stand for their state.
        (
            "visits",
            {"host": "xi-jinping"},
            f"Xi Jinping is a person; * give it as visitor, * {CHINA}",
        ),
        ("governments", {"polity": "Alberto Fujimori"}, "did you mean Peru (id:peru)?"),
        ("relations", {"party": "president-of-peru"}, "is an office; * Peru (id:peru)?"),
        ("relations", {"party": "kuomintang-government"}, f"is a government; * {ROC}?"),
        ("representation", {"party": "embassy-of-china-in-lima"}, f"is an embassy; * {CHINA}"),
        # Another parameter takes the value.
        ("neighbours", {"place": "macau-sar"}, "place takes a place; give it as neighbour"),
        ("visits", {"visitor": "peru"}, "Peru is a state; * give it as origin or host"),
        ("visits", {"visitor": "port-of-chancay"}, "Port of Chancay is a port; * give it as place"),
        ("mission-history", {"seat": "peru"}, "seat takes a place; give it as sender or receiver"),
        (
            "office-holders",
            {"office": "peru"},
            "office takes an office; give it as holder or party",
        ),
        ("office-holders", {"rank": "Xi Jinping"}, "diplomatic-rank; give it as holder"),
        ("office-holders", {"kind": "ambassador"}, "not in office-kind; give it as rank"),
        (
            "office-holders",
            {"rank": "president"},
            "did you mean id:president-of-china * (President of Peru) as office, "
            "or head-of-state as kind?",
        ),
        ("visits", {"host": "Xi Jinpin"}, "did you mean id:xi-jinping (Xi Jinping) as visitor?"),
        ("levels", {"relations": "peru"}, "relations takes bilateral relations; give one such as"),
        # Values that can be listed are listed.
        ("visits", {"kind": "embassy"}, "use one of visit, * state visit, * working-visit"),
        ("missions", {"kind": "state visit", **ON}, "state visit is a class; * embassy"),
        ("agreements", {"kind": "war"}, "use one of agreement, treaty, * others"),
        ("mission-history", {"kind": "embasy"}, 'did you mean "embassy"?'),
        ("payments", {"currency": "soles de oro"}, "did you mean peh (sol de oro)?"),
        ("payments", {"currency": "Swiss francs"}, "did you mean chf (Swiss franc)?"),
        # Numbers with units or separators.
        ("around", {"day": "1971-11-02", "days": "2 weeks"}, "is not a whole number; write 14"),
        ("around", {"day": "1971-11-02", "days": "3 moons"}, "write digits, such as 30"),
        ("figures", {"least": "1,000"}, "is not a whole number; write 1000"),
        ("figures", {"least": "10 people"}, "is not a whole number; write 10"),
        ("figures", {"least": "ten"}, "write digits, such as 30"),
        ("visits", {"basis": "foo"}, 'use one of "listed", "told"'),
        ("relations", {"status": "embassy"}, "use one of official, unofficial"),
        ("names-in-languages", {"language": "xx"}, "use one of en, es, pt"),
        ("identifiers", {"scheme": "peru"}, "Peru is a state; scheme takes a concept scheme"),
        ("readings", {"property": "peru"}, "Peru is a state; property takes an object property"),
        (
            "figures",
            {"unit": "peru"},
            "Peru is a state; unit takes * or a currency unit; use one of * others",
        ),
        # Dates and decades.
        ("visits", {"decade": "199"}, "'199' is not a decade; write 1990 or 1990s"),
        ("visits", {"decade": 1995}, "'1995' is not a decade"),
        ("timeline", {"since": "2000-01-01", "until": "1990-01-01"}, "ends before it begins"),
        ("figures", {"least": 100, "most": 20}, "the range from 100 to 20 ends before it begins"),
        (
            "around",
            {"day": "1971-11-02", "days": -5},
            "'-5' is negative; write 5",
        ),
        (
            "relations",
            {"status": "severed"},
            "'severed' is in the code list relations-status and not in official-status; use one",
        ),
        ("office-holders", {"kind": "president"}, "did you mean head-of-state?"),
        ("office-holders", {"kind": "prime minister"}, "did you mean head-of-government?"),
        (
            "attendance",
            {"event": "handover"},
            "did you mean Handover of Hong Kong (id:handover-of-hong-kong) or ",
        ),
        (
            "seats",
            {"party": "Embassy"},
            "did you mean Embassy of China, Lima (id:embassy-of",
        ),
        (
            "timeline",
            {"party": "Sino-Peruvian relations"},
            "you mean bilateral relations: id:pe",
        ),
        (
            "timeline",
            {"since": "the sixties"},
            "write the decade with four digits, such as '1990s'",
        ),
        ("figures", {"unit": "dollars"}, "did you mean usd (US dollar) or"),
        ("identifiers", {"scheme": "wiki"}, "did you mean ident:wikidata (Wikidata) or ident:wi"),
        # A missing value is an error, and so is a required parameter without a value.
        ("visits", {"host": None}, "host: None is a missing value; * leave the parameter out"),
        ("visits", {"host": float("nan")}, "host: nan is a missing value"),
        ("visits", {"since": pandas.NaT}, "since: NaT is a missing value"),
        ("visits", {"decade": pandas.NA}, "decade: <NA> is a missing value"),
        ("around", {"day": "1971-11-02", "days": Decimal("nan")}, "is a missing value"),
        ("visits", {"host": []}, "host: None is a missing value"),
        ("visits", {"host": ["peru", "china"]}, "host: 2 values are given; give one of them"),
        ("visits", {"host": "Peru, China"}, "host: 'Peru, China' is 2 names"),
        (
            "relations-on",
            {"on": "1985-01-01", "party": "Peru and Japan"},
            "ask once for each, or give the other as counterpart",
        ),
        (
            "missions",
            {"on": "tomorrow"},
            "'tomorrow'; write year, month and day, such as '1971-11-02' or '2 Nov 1971'",
        ),
        ("missions", {}, 'missions asks for a day: on="1985-01-01"'),
        ("missions", {"sender": "peru"}, 'missions asks for a day: on="1985-01-01"'),
        ("representation", {}, 'representation asks for a party: party="peru"'),
        (
            "days-between",
            {"event": "lima"},
            "days-between asks for an event, a situation, a mission or an event series",
        ),
    ],
)
def test_a_value_that_does_not_fit_is_refused_with_what_would_fit(
    kg: rk.Graph, name: str, values: dict[str, object], expected: str
) -> None:
    with pytest.raises(rk.QueryError) as caught:
        kg.run(name, **values)

    message = str(caught.value)
    for part in expected.split("*"):
        before, found, message = message.partition(part.strip())
        assert found, f"{before!r} lacks {part!r}"


def test_a_place_is_suggested_for_a_region_if_no_other_parameter_takes_the_region(
    kg: rk.Graph,
) -> None:
    text = "#+ param place: place\nSELECT ?place { VALUES (?place) { (UNDEF) } ?place a rkg:Place }"

    with pytest.raises(rk.QueryError, match=r"did you mean Macau \(id:macau\)\?"):
        kg.query(text, place="macau-sar")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("missions",), "missions asks for a day: --on 1985-01-01\n"),
        (("evidence",), "evidence asks for a thing: --thing peru\n"),
        (("visits", "--host", "taiwan"), "host: Taiwan is a territory; host takes a party; "),
        (("visits", "--kind", "embassy"), "kind: embassy is a class; "),
    ],
)
def test_the_command_line_refuses_it_too(words: tuple[str, ...], expected: str) -> None:
    outcome = run("query", *words)

    assert (2, "") == (outcome.returncode, outcome.stdout)
    assert expected in outcome.stderr


def test_a_query_in_a_file_asks_for_its_parameters(tmp_path: Path) -> None:
    file = tmp_path / "visits.rq"
    file.write_text(
        "#+ param host: party required\n"
        "SELECT ?visit WHERE { VALUES (?host) { (UNDEF) } ?visit rkg:hostParty ?host }"
    )

    assert "asks for a party: --host peru\n" in run("query", file).stderr
    assert "host: Taiwan is a territory" in run("query", file, "--host", "taiwan").stderr
    assert run("query", file, "--host", "peru").returncode == 0


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("visits?host=taiwan", 400),
        ("visits?host=taiwan&format=html", 400),
        ("visits?kind=state+visit", 200),
        ("visits?basis=listed+and+told", 200),
        ("visits?decade=1990s", 200),
        ("visits?place=hong-kong", 200),
    ],
)
def test_the_server_refuses_it_too(app: Starlette, query: str, status: int) -> None:
    assert asgi.get(app, f"/q/{query}").status_code == status


@pytest.fixture(scope="module")
def app(kg: rk.Graph) -> Starlette:
    return application(kg)


@pytest.mark.parametrize(
    ("name", "values", "expected"),
    [
        (
            "relations-on",
            {"party": "china", "on": "1960-01-01"},
            [
                "no row for party china and on 1960-01-01; 2 rows if party is left out",
                f"1 row for party {ROC}",
            ],
        ),
        (
            "visits",
            {"host": "peru", "decade": 1950},
            ["no row for host peru and decade 1950; 3 rows if decade is left out"],
        ),
        ("around", {"day": "1700-01-01"}, ["no row for day 1700-01-01"]),
        (
            "trade-balances",
            {"party": "peru", "other": "PER"},
            [
                "party and other are both Peru; give two different things",
                "no row for party peru and other PER; 1 row if party is left out, "
                "1 row if other is left out",
            ],
        ),
        ("alliances", {}, ["the graph has no rkg:Alliance, and this query lists these"]),
        ("alliances", {"ally": "peru"}, ["no row for ally peru; nor if ally is left out"]),
        (
            "administrations",
            {"territory": "taiwan", "polity": "peru"},
            [
                "no row for territory taiwan and polity peru; "
                "4 rows if territory and polity are left out"
            ],
        ),
        (
            "office-holders",
            {"holder": "Peru"},
            [
                "no row for holder Peru; 21 rows if holder is left out",
                "1 row for holder Peru's first Resident Ambassador (not named) "
                "(id:first-resident-ambassador-of-peru)",
                "12 rows with Peru as party",
            ],
        ),
        ("relations", {"party": "republic-of-china", "counterpart": "peru"}, []),
        # A required value cannot be tried as that of another parameter.
        ("compare-counterparts", {"party": "portugal"}, ["no row for party portugal"]),
    ],
)
def test_an_answer_without_rows_says_which_condition_left_nothing(
    kg: rk.Graph, name: str, values: dict[str, object], expected: list[str]
) -> None:
    rows = kg.run(name, **values)

    assert [*rows.warnings] == expected
    assert all(text in repr(rows) for text in expected)
    assert all(text in rows._repr_html_() for text in expected if "'" not in text)


def test_the_command_line_prints_why_there_are_no_rows() -> None:
    outcome = run("query", "visits", "--host", "peru", "--decade", "1950s", "--format", "csv")

    assert outcome.returncode == 0
    assert outcome.stdout.count("\n") == 1
    assert outcome.stderr == (
        "visits: no row for host peru and decade 1950s; 3 rows if decade is left out\n"
    )


@pytest.mark.parametrize("format", ["csv", "tsv", "json", "xml", "html"])
def test_the_server_says_why_there_are_no_rows(app: Starlette, format: str) -> None:
    why = "no row for host peru and decade 1950s; 3 rows if decade is left out"
    empty = asgi.get(app, f"/q/visits?host=peru&decade=1950s&format={format}")
    full = asgi.get(app, f"/q/visits?host=peru&format={format}")

    if format == "html":
        assert why[1:] in empty.text
        assert why[1:] not in full.text
    else:
        assert empty.headers["relations-kg-warnings"] == json.dumps([why])
        assert "relations-kg-warnings" not in full.headers


@pytest.mark.parametrize(
    ("name", "meant"),
    [("contradictions", "rival-claims"), ("embassies", "relations-without-embassy")],
)
def test_a_query_is_suggested_by_its_summary(kg: rk.Graph, name: str, meant: str) -> None:
    with pytest.raises(rk.QueryError, match=f'did you mean .*"{meant}"'):
        kg.run(name)


def test_a_cell_with_one_thing_is_a_value(kg: rk.Graph) -> None:
    rows = kg.run("visits", visitor="xi-jinping")

    assert isinstance(rows[0].to, list)
    assert len(kg.run("visits", host=rows[0].to)) == 3


def test_a_query_with_rows_is_run_once(kg: rk.Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    answer = kg._answer

    def counted(sparql: str, together: bool | None = None, **stored: str) -> object:
        asked.append(sparql)
        return answer(sparql, together, **stored)

    monkeypatch.setattr(kg, "_answer", counted)

    assert kg.run("visits", host="peru").warnings == ()
    assert len(asked) == 1
    rows = kg.run("visits", host="republic-of-china", since="1900-01-01")
    assert (len(asked), len(rows)) == (2, 0)
    assert rows.warnings == rows.warnings
    assert len(asked) <= 2 + 3 + 3  # each condition, both of them, and others in place of the host


def test_a_new_class_of_the_ontology_is_a_type() -> None:
    query = StoredQuery.parse(
        "ships",
        "#+ summary: A.\n#+ param ship: vessel|kind-of-mission\n"
        "SELECT ?ship WHERE { VALUES (?ship) { (UNDEF) } }",
    )
    names = rk.load().names

    assert "peruvian" not in query.bind({"ship": "embassy"}, names)
    with pytest.raises(rk.QueryError, match="ship takes a vessel or a kind of mission"):
        query.bind({"ship": "lima"}, names)


@pytest.mark.sampled(9)
@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(QUERIES))
def test_no_query_answers_a_value_of_another_class_with_nothing(kg: rk.Graph, name: str) -> None:
    """A thing of another class is refused, with its label; an empty answer to others is explained.

    A parameter that accepts any thing accepts things of all classes.
    """
    quads = kg.quad_store.quads_for_pattern(None, None, None, NamedNode(STATED))
    things = sorted({q.subject.value for q in quads if isinstance(q.subject, NamedNode)})
    things = [thing for thing in things if thing.startswith(ID)]
    given = random.Random(name).sample(things, min(20, len(things)))
    for parameter in QUERIES[name].parameters:
        kinds = parameter.kinds(kg.names)
        for thing in given if kinds else []:
            if any(kind.includes(thing, kg.names) for kind in kinds):
                rows = kg.run(name, **{**GIVEN.get(name, {}), parameter.name: thing})
                assert rows or rows.warnings
                continue
            with pytest.raises(rk.QueryError) as caught:
                parameter.term(shorten(thing), kg.names, QUERIES[name].parameters)
            if not any(kind.is_list for kind in kinds):
                assert str(caught.value).startswith(
                    f"{parameter.name}: {kg.names.label(thing)} is "
                )
            assert caught.value.where == parameter.name


def things(kg: rk.Graph) -> list[str]:
    quads = kg.quad_store.quads_for_pattern(None, None, None, NamedNode(STATED))
    return sorted({q.subject.value for q in quads if isinstance(q.subject, NamedNode)})


def spellings(kg: rk.Graph, thing: str) -> list[object]:
    """Return ways to give a thing: by IRI, CURIE, label, in a list, and by its identifiers."""
    label = kg.names.label(thing)
    identifiers = objects(kg.quad_store, NamedNode(thing), "http://www.w3.org/ns/adms#identifier")
    numbers = [
        value(each) for node in identifiers for each in objects(kg.quad_store, node, NOTATION)
    ]
    return [thing, shorten(thing), label, label.upper(), [label], (thing,), *numbers]


@pytest.mark.slow
@pytest.mark.parametrize("step", [301, pytest.param(17, marks=pytest.mark.whole)])
def test_each_spelling_of_a_thing_is_bound_as_one_of_the_class_or_refused(
    kg: rk.Graph, step: int
) -> None:
    """No spelling makes a parameter take a thing of another class."""
    by_type = {p.type: (p, q) for q in QUERIES.values() for p in q.parameters if p.kinds(kg.names)}
    spelled = [each for thing in things(kg) for each in spellings(kg, thing)]
    bound, wrong = 0, []
    for number, (parameter, query) in enumerate(by_type.values()):
        kinds = parameter.kinds(kg.names)
        for given in spelled[number % step :: step]:
            try:
                term = parameter.term(given, kg.names, query.parameters)
            except rk.QueryError as error:
                unhelpful = error.where != parameter.name or not error.help
                wrong += [(parameter.type, given, str(error))] * unhelpful
                continue
            bound += 1
            assert any(kind.includes(term.value, kg.names) for kind in kinds), (parameter, given)

    assert wrong == []
    assert bound > 50
