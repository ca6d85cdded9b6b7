"""Tests of durations and lags: their bounds, the dates that follow, proofs and contradictions."""

import random
from datetime import date
from pathlib import Path

import pytest
from examples import empty
from hypothesis import example, given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode
from trials import trials

import relations_kg as rk
from relations_kg.errors import InputError
from relations_kg.rdf import duration_words
from relations_kg.rdf.durations import from_first_to_last, later, parse
from relations_kg.rdf.namespaces import DATES, INFERRED, PREFIXES, RKG
from relations_kg.rdf.terms import TYPE, Statement, statements, value
from relations_kg.reasoning.bounds import BOUNDS, DURATION, LAG, LAG_FROM

GOOD = Path(__file__).with_name("facts") / "good" / "durations-and-lags.ttl"
WHEN, STARTED, ENDED = (NamedNode(RKG + name) for name in ("when", "startedBy", "endedBy"))
THINGS = [NamedNode(f"{PREFIXES['id']}thing-{number}") for number in range(5)]
HEAD = "".join(f"@prefix {p}: <{PREFIXES[p]}> .\n" for p in ("id", "rkg", "rdfs", "edtf"))


@pytest.fixture(scope="module")
def graph() -> rk.Graph:
    return rk.load(only=[GOOD])


def bounds(graph: rk.Graph, thing: str) -> tuple[str, ...]:
    values = {
        name: known
        for _, name, known in statements(
            graph.quad_store.quads_for_pattern(NamedNode(PREFIXES["id"] + thing), None, None)
        )
    }
    return tuple(value(values[bound]) if bound in values else "" for bound in BOUNDS)


def graph_of(tmp_path: Path, facts: str) -> rk.Graph:
    (tmp_path / "facts.ttl").write_text(HEAD + facts)
    return rk.load(only=[tmp_path / "facts.ttl"])


@pytest.mark.parametrize(
    ("text", "least", "most"),
    [
        ("P2Y", "P1Y", "P3Y"),
        ("P1Y", "P0Y", "P2Y"),
        ("P50Y", "P49Y", "P51Y"),
        ("P50Y~", "P40Y", "P60Y"),
        ("P47Y~", "P46Y", "P48Y"),
        ("P10Y~", "P5Y", "P15Y"),
        ("P100Y~", "P50Y", "P150Y"),
        ("P2Y~", "P1Y", "P3Y"),
        ("P1Y6M", "P1Y5M", "P1Y7M"),
        ("P2W", "P1W", "P3W"),
        ("P1D", "P1D", "P1D"),
        ("PT34S", "PT34S", "PT34S"),
        ("[P100Y..]", "P100Y", None),
        ("[..P6M]", None, "P6M"),
        ("[P2Y..P3Y6M]", "P2Y", "P3Y6M"),
        ("P40D", "P40D", "P40D"),
        ("P40D~", "P30D", "P50D"),
        ("P1Y3D", "P1Y3D", "P1Y3D"),
        ("P0D", "P0D", "P0D"),
        ("PT45M", "PT45M", "PT45M"),
        ("PT4H~", "PT3H", "PT5H"),
        ("PT1H50M~", "PT1H40M", "PT1H60M"),
        ("[PT38M..PT45M]", "PT38M", "PT45M"),
    ],
)
def test_a_duration_is_exact_in_days_and_off_by_one_unit_otherwise(
    text: str, least: str, most: str
) -> None:
    assert (least, most) == parse(text)


@pytest.mark.parametrize(
    "text", ["", "P", "P~", "2Y", "PT", "P1DT3H", "PT3S2M", "P1.5Y", "-P1Y", "P1Y~2M", "two years"]
)
def test_a_text_that_is_no_duration_is_refused_with_the_form(text: str) -> None:
    with pytest.raises(InputError, match="not a duration") as caught:
        parse(text)

    assert "'P50Y~'" in (caught.value.help or "")


@given(st.integers(1, 400), st.sampled_from("YMWD"), st.booleans())
def test_the_bounds_of_a_duration_include_it(number: int, unit: str, approximate: bool) -> None:
    text = f"P{number}{unit}"
    start = date(1900, 1, 1)
    least, most = parse(text + "~" * approximate)
    first, last = from_first_to_last(text)

    assert later(start, least) <= later(start, text) <= later(start, most)
    assert later(start, first) <= later(start, text)
    assert (later(start, last) < later(start, text)) == (unit == "D")


@pytest.mark.parametrize(
    ("thing", "expected"),
    [
        ("declaration-of-war-by-torvik", "1879-01-02 1880-01-01 1879-01-02 1880-01-01"),
        ("visit-to-sund", "1881-01-02 1884-01-01 1881-01-04 1884-01-03"),
        ("salute-at-sund", "1881-01-03 1884-01-03 1881-01-03 1884-01-03"),
        ("occupation-of-sund", "1881-01-17 1881-01-17 1882-01-17 1884-01-17"),
        ("earlier-occupation-of-sund", "1869-11-30 1870-01-31 1870-06-30 1870-06-30"),
        ("gap-in-relations", "1873-01-01 1873-12-31 1913-01-01 1933-12-31"),
        ("resumption-by-torvik", "1913-01-01 1933-12-31 1913-01-01 1933-12-31"),
    ],
)
def test_durations_and_lags_bound_dates(graph: rk.Graph, thing: str, expected: str) -> None:
    assert bounds(graph, thing) == tuple(expected.split())


@pytest.mark.parametrize(
    ("words", "written"),
    [
        ("three years", "P3Y"),
        ("Ninety-nine years", "P99Y"),
        ("p3y", "P3Y"),
        ("90-day", "P90D"),
        ("an hour", "PT1H"),
        ("1 year and 6 months", "P1Y6M"),
        ("about 1 year, 6 months", "P1Y6M~"),
        ("~50 years", "P50Y~"),
        ("at least 100 years", "[P100Y..]"),
        ("up to 6 months", "[..P6M]"),
        ("2-3 hrs", "[PT2H..PT3H]"),
        ("two to three years or so", None),
        ("2.5 years", None),
        ("2 days 3 hours", None),
        ("6 months 1 year", None),
        ("3 of 5 years", None),
        ("3", None),
        ("for ever", None),
        ("..", None),
        ("9" * 70 + " years", None),
    ],
)
def test_a_duration_is_read_as_people_write_it(words: str, written: str | None) -> None:
    if written is None:
        with pytest.raises(InputError, match="or words such as 'three years'"):
            duration_words.literal(words)
    else:
        assert written == duration_words.literal(words).value


@pytest.mark.parametrize("words", ["..", "for ever", "indefinitely"])
def test_a_term_may_have_no_end(words: str) -> None:
    assert ".." == duration_words.literal(words, may_be_endless=True).value
    with pytest.raises(InputError, match=r"or '\.\.' if it has no end"):
        duration_words.literal("some time", may_be_endless=True)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("duration", "days"),
    [("PT40M", 1), ("PT4H~", 1), ("PT24H", 1), ("PT36H", 2), ("PT0M", 0), ("PT34S", 1)],
)
def test_hours_and_minutes_reach_at_most_into_the_next_day(
    tmp_path: Path, duration: str, days: int
) -> None:
    """Durations of hours and minutes change no date that the source gives."""
    graph = graph_of(
        tmp_path,
        f'id:a a rkg:Event ; rkg:when "1896-08-27"^^edtf:EDTF ; rkg:duration "{duration}" .\n'
        f'id:b a rkg:Event ; rkg:lag "{duration}" ; rkg:lagFrom id:a .\n',
    )

    assert bounds(graph, "a") == ("1896-08-27",) * 4
    assert bounds(graph, "b")[3] == f"1896-08-{27 + days}"


def test_what_is_near_another_began_no_further_from_it_than_its_lag(tmp_path: Path) -> None:
    graph = graph_of(
        tmp_path,
        'id:a a rkg:Event ; rkg:when "2016-05-06"^^edtf:EDTF .\n'
        'id:b a rkg:Event ; rkg:nearInTime id:a ; rkg:lag "[..P6D]" .\n'
        'id:c a rkg:Event ; rkg:when "1900-02"^^edtf:EDTF ; rkg:nearInTime id:d ; rkg:lag "P2D" .\n'
        "id:d a rkg:Event .\n"
        "id:e a rkg:Event ; rkg:nearInTime id:a .\n",
    )

    assert bounds(graph, "b") == ("2016-04-30", "2016-05-12") * 2
    assert bounds(graph, "d")[:2] == ("1900-01-30", "1900-03-02")
    assert bounds(graph, "e") == ("",) * 4


def test_a_lag_on_to_an_end_bounds_the_start_and_the_end(tmp_path: Path) -> None:
    graph = graph_of(
        tmp_path,
        'id:war a rkg:War ; rkg:when "1914-08/1918-11-11"^^edtf:EDTF .\n'
        'id:offer a rkg:Event ; rkg:lagToEndOf id:war ; rkg:lag "P10D" .\n'
        'id:talks a rkg:Event ; rkg:when "1920-03-01"^^edtf:EDTF ; rkg:lagToEndOf id:peace ; '
        'rkg:lag "P2D" .\n'
        "id:peace a rkg:Situation .\n",
    )

    assert bounds(graph, "offer") == ("1918-11-01",) * 4
    assert bounds(graph, "peace")[2:] == ("1920-03-03", "1920-03-03")


def test_an_exact_day_is_followed_by_an_exact_day(tmp_path: Path) -> None:
    """This holds for a day after an event of a known day, and for one before it."""
    graph = graph_of(
        tmp_path,
        'id:a a rkg:Event ; rkg:when "1879-04-05"^^edtf:EDTF .\n'
        'id:b a rkg:Event ; rkg:lag "P1D" ; rkg:lagFrom id:a .\n'
        'id:c a rkg:Event ; rkg:lag "P2D" ; rkg:lagFrom id:b .\n'
        'id:e a rkg:Event ; rkg:when "1900-03-01"^^edtf:EDTF ; rkg:lag "P1D" ; rkg:lagFrom id:d .\n'
        "id:d a rkg:Event .\n",
    )

    assert bounds(graph, "b") == ("1879-04-06",) * 4
    assert bounds(graph, "c") == ("1879-04-08",) * 4
    assert bounds(graph, "d")[3] == "1900-02-28"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("predicate", "text", "expected"),
    [
        (WHEN, "1879-04-06/1879-05-08", "1879-04-06 1879-04-06 1879-05-08 1879-05-08"),
        (WHEN, "1879-04-06/", "1879-04-06 1879-04-06 1879-04-06 -"),
        (WHEN, "/1879-05-08", "1879-04-06 1879-04-06 1879-05-08 1879-05-08"),
        (DURATION, "[P3D..]", "1879-04-06 1879-04-06 1879-04-08 -"),
        (DURATION, "[..P3D]", "1879-04-06 1879-04-06 1879-04-06 1879-04-08"),
    ],
)
def test_an_event_with_a_lag_lasts_as_its_own_date_or_duration_says(
    tmp_path: Path, predicate: NamedNode, text: str, expected: str
) -> None:
    """Without a date and a duration of its own, the event happened on one day."""
    graph = graph_of(
        tmp_path,
        'id:a a rkg:Event ; rkg:when "1879-04-05"^^edtf:EDTF .\n'
        'id:b a rkg:Event ; rkg:lag "P1D" ; rkg:lagFrom id:a .\n',
    )
    datatype = NamedNode(PREFIXES["edtf"] + "EDTF") if predicate == WHEN else None
    fact = NamedNode(PREFIXES["id"] + "b"), predicate, Literal(text, datatype=datatype)

    graph.inference.add([fact])
    assert bounds(graph, "b") == tuple("" if day == "-" else day for day in expected.split())
    assert graph.contradictions() == []
    graph.inference.remove([fact])
    assert bounds(graph, "b") == ("1879-04-06",) * 4


@pytest.mark.slow
@pytest.mark.parametrize(
    ("earlier_event", "start"),
    [
        ("rkg:Event ; rkg:actor id:torvik", "1900-02-28"),
        ("rkg:Event .\nid:s a rkg:Situation ; rkg:startedBy id:x", "1900-02-28"),
        ("rkg:Event .\nid:s a rkg:Situation ; rkg:endedBy id:x", "1900-02-28"),
        ("rkg:War", ""),
        ('rkg:Event ; rkg:actor id:torvik ; rkg:duration "P5D"', "1900-02-24"),
    ],
)
def test_a_lag_bounds_what_it_is_counted_from(
    tmp_path: Path, earlier_event: str, start: str
) -> None:
    """The end of the earlier event follows; its start only if it is an act or a change."""
    graph = graph_of(
        tmp_path,
        'id:y a rkg:Event ; rkg:when "1900-03-01"^^edtf:EDTF ; rkg:lag "P1D" ; rkg:lagFrom id:x .\n'
        f"id:x a {earlier_event} .\n",
    )

    found = bounds(graph, "x")

    assert (found[0], found[3]) == (start, "1900-02-28")
    explanation = graph.explain("id:x", "rkg:latestEnd", "1900-02-28")
    assert "by ended-a-lag-before: " in str(explanation)
    if "startedBy" in earlier_event:
        explanation = graph.explain("id:x", "rkg:earliestStart", start)
        assert "by act-of-one-day: " in str(explanation)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("thing", "bound", "day", "rule", "stated_as", "passage"),
    [
        (
            "declaration-of-war-by-torvik",
            "latestEnd",
            "1880-01-01",
            "begins-after-its-lag",
            '"P1D"',
            "s001",
        ),
        ("occupation-of-sund", "latestEnd", "1884-01-17", "lasts-its-duration", '"P2Y"', "s002"),
        (
            "earlier-occupation-of-sund",
            "earliestStart",
            "1869-11-30",
            "began-its-duration-before",
            '"P6M"',
            "s002",
        ),
        (
            "resumption-by-torvik",
            "latestEnd",
            "1933-12-31",
            "events-of-a-duration",
            '"P50Y~"',
            "s004",
        ),
    ],
)
def test_a_proof_names_the_rule_the_duration_and_the_passage(
    graph: rk.Graph, thing: str, bound: str, day: str, rule: str, stated_as: str, passage: str
) -> None:
    explanation = graph.explain(f"id:{thing}", f"rkg:{bound}", day)

    assert f"by {rule}: " in str(explanation)
    assert stated_as in {str(leaf[2]) for leaf in explanation.essential}
    assert f"durations-and-lags/{passage}" in str(explanation)
    assert not graph.explain(f"id:{thing}", f"rkg:{bound}", "1800-01-01")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("facts", "words"),
    [
        (
            'id:x a rkg:Situation ; rdfs:label "X"@en ; rkg:when "1881/1890"^^edtf:EDTF ;'
            ' rkg:duration "P2Y" .',
            "X is dated to 1890-01-01, "
            "but by its duration it would end on 1884-12-31 at the latest",
        ),
        (
            'id:y a rkg:Event ; rkg:when "1879-04-05"^^edtf:EDTF .\n'
            'id:x a rkg:Event ; rdfs:label "X"@en ; rkg:when "1879-05"^^edtf:EDTF ; rkg:lag "P1D" ;'
            " rkg:lagFrom id:y .",
            "X is dated to 1879-05-01, but by its lag it would begin on 1879-04-06 at the latest",
        ),
        (
            'id:e a rkg:Event ; rkg:when "1890"^^edtf:EDTF .\n'
            'id:x a rkg:Situation ; rdfs:label "X"@en ; rkg:when "1881/"^^edtf:EDTF ;'
            ' rkg:duration "P2Y" ; rkg:endedBy id:e .',
            "X would begin or end on 1890-01-01 at the earliest and on 1884-12-31 at the latest",
        ),
    ],
)
def test_a_date_that_a_duration_or_a_lag_excludes_is_a_contradiction_and_a_finding(
    tmp_path: Path, facts: str, words: str
) -> None:
    graph = graph_of(tmp_path, facts)

    assert words in [found.message for found in graph.contradictions()]
    findings = empty().validate(tmp_path / "facts.ttl").findings
    assert words in [finding.message for finding in findings if finding.code == "contradiction"]


@pytest.mark.slow
@pytest.mark.parametrize("when", ["1881/1883", "1881-01-17/1884-01", "1881/", "[1881..1884]"])
def test_a_date_that_a_duration_allows_is_no_contradiction(tmp_path: Path, when: str) -> None:
    facts = f'id:x a rkg:Situation ; rkg:when "{when}"^^edtf:EDTF ; rkg:duration "P2Y" .'

    assert graph_of(tmp_path, facts).contradictions() == []


def random_facts(rng: random.Random) -> list[Statement]:
    """Return facts about things that follow each other; their lags form no cycle."""
    facts: list[Statement] = []
    edtf = NamedNode(PREFIXES["edtf"] + "EDTF")
    for number, thing in enumerate(THINGS):
        facts.append((thing, TYPE, NamedNode(RKG + rng.choice(["Event", "Situation"]))))
        if rng.random() < 0.4:
            facts.append(
                (thing, WHEN, Literal(rng.choice(["1900", "1901-05/", "/1903"]), datatype=edtf))
            )
        if rng.random() < 0.5:
            facts.append((thing, DURATION, Literal(rng.choice(["P2Y", "P3D", "P10M~"]))))
        if number and rng.random() < 0.6:
            facts.append((thing, LAG, Literal(rng.choice(["P1D", "P1Y", "P3M"]))))
            facts.append((thing, LAG_FROM, THINGS[rng.randrange(number)]))
        if number and rng.random() < 0.3:
            facts.append((thing, rng.choice([STARTED, ENDED]), THINGS[rng.randrange(number)]))
    return facts


def inferred(graph: rk.Graph) -> set[Statement]:
    return {
        fact
        for name in (DATES, INFERRED)
        for fact in statements(
            graph.quad_store.quads_for_pattern(None, None, None, NamedNode(name))
        )
    }


@pytest.mark.slow
@trials(6, whole=75)
@given(st.integers(0, 10**6))
@example(7)
def test_changes_give_what_the_same_facts_give_at_once(seed: int) -> None:
    """Facts are added and removed in a random order; those left are then added to an empty graph.

    If things each lie before the other, the days differ, but both graphs report a contradiction.
    """
    rng = random.Random(seed)
    facts = random_facts(rng)
    graph = rk.load(only=[])
    for fact in rng.sample(facts, len(facts)):
        graph.inference.add([fact])
    gone = rng.sample(facts, rng.randrange(len(facts)))
    for fact in gone:
        graph.inference.remove([fact])
    fresh = rk.load(only=[])
    fresh.inference.add([fact for fact in facts if fact not in gone])

    if inferred(fresh) != inferred(graph):
        assert fresh.contradictions()
        assert graph.contradictions()


def test_things_that_each_follow_the_other_are_loaded_and_reported(tmp_path: Path) -> None:
    facts = (
        'id:a a rkg:Event ; rdfs:label "A"@en ; rkg:lag "P1D" ; rkg:lagFrom id:b .\n'
        'id:b a rkg:Event ; rdfs:label "B"@en ; rkg:lag "P1D" ; rkg:lagFrom id:a .\n'
        'id:s a rkg:Situation ; rkg:startedBy id:e ; rkg:endedBy id:a ; rkg:duration "P1Y" .\n'
        'id:e a rkg:Event ; rkg:when "1900"^^edtf:EDTF .\n'
    )
    graph_of(tmp_path, facts)

    findings = empty().validate(tmp_path / "facts.ttl").findings
    assert {finding.code for finding in findings} >= {"than-itself"}
