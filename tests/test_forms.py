"""Tests of forms: what they compose, and what they refuse."""

import shutil
from pathlib import Path
from unittest.mock import patch

import pytest
from command_line import complaint, printed, run
from form_examples import EXAMPLES, SOURCE
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import NamedNode

import relations_kg as rk
from relations_kg.authoring.composed import turtle
from relations_kg.authoring.forms import Form, forms
from relations_kg.authoring.new_things import NewThings
from relations_kg.errors import QueryError, RelationsError
from relations_kg.rdf.namespaces import STATED

FORMS = forms()


def test_every_form_has_an_example_of_each_of_its_values() -> None:
    assert sorted(FORMS) == sorted(EXAMPLES)


@pytest.mark.slow
def test_the_examples_make_a_file_that_validates_and_a_second_time_nothing(
    kg: rk.Graph, tmp_path: Path
) -> None:
    things, triples = NewThings(kg.names), []
    for name, values in EXAMPLES.items():
        made = FORMS[name].compose({**values, "source": SOURCE}, things)
        assert not made.problems, (name, *map(str, made.problems))
        assert bool(made.new) is (name != "mention"), name
        triples += made.triples
    file = tmp_path / "facts.ttl"
    file.write_bytes(turtle(triples))

    assert kg.validate(file).conforms, str(kg.validate(file))
    again = rk.load(file)
    stated = {q.triple for q in again.store.quads_for_pattern(None, None, None, NamedNode(STATED))}
    for name, values in EXAMPLES.items():
        made = again.new(name, **values, source=SOURCE)
        assert (name, ()) == (name, made.new)
        assert stated.issuperset(made.triples), name


@given(st.data())
def test_the_same_facts_give_the_same_triples_whatever_is_left_out(
    kg: rk.Graph, data: st.DataObject
) -> None:
    form = FORMS[data.draw(st.sampled_from(sorted(FORMS)))]
    required = {p.name for p in form.parameters if p.required}
    values = {
        name: each
        for name, each in {**EXAMPLES[form.name], "source": SOURCE}.items()
        if name in required or data.draw(st.booleans())
    }
    if form.name == "ratification":
        values["agreement"] = "treaty-signed-in-tianjin-1874"
    one = form.compose(values, NewThings(kg.names))
    # The engine composes what Python does for a form that has only a template.
    with patch("relations_kg.authoring.forms._template", return_value=None):
        other = form.compose(values, NewThings(kg.names))

    assert not one.problems
    assert set(one.triples) == set(other.triples)
    assert turtle(one.triples) == turtle(reversed(other.triples))
    described = {str(triple.subject) for triple in one.triples}
    assert {f"<{thing.iri}>" for thing in one.new} <= described


def test_a_known_thing_is_not_described_again(kg: rk.Graph) -> None:
    made = kg.new(
        "mission", kind="Embassy", sender="Peru", seat="Beijing", closed="2030", source=SOURCE
    )

    assert ["closure-of-the-embassy-of-peru-beijing-2030"] == [
        thing.iri.rpartition("/")[2] for thing in made.new
    ]
    assert not [t for t in made.triples if t.predicate.value.endswith("sendingParty")]


def test_the_order_of_parties_does_not_matter(kg: rk.Graph) -> None:
    one = kg.new("relations", party="Belmora", counterpart="Arvenia", begun="1900", source=SOURCE)
    two = kg.new("relations", party="Arvenia", counterpart="Belmora", begun="1900", source=SOURCE)

    assert set(one.triples) == set(two.triples)
    assert "Diplomatic relations of Arvenia and Belmora since 1900" in str(one)


def test_a_composed_thing_can_be_given_another_iri_or_name(kg: rk.Graph) -> None:
    values = {**EXAMPLES["visit"], "source": SOURCE}
    own = kg.new("visit", **values, visit="id:visit-of-ada-ruiz-2024")
    called = kg.new("visit", **values, visit="Ada Ruíz in Lima")

    assert "id:visit-of-ada-ruiz-2024 a rkg:StateVisit" in str(own)
    assert 'rdfs:label "Visit of Ada Ruíz to Peru, 2024-11-05"@en' in str(own)
    assert "id:ada-ruiz-in-lima a rkg:StateVisit" in str(called)


RATIFIED = {"agreement": "treaty-signed-in-tianjin-1874", "party": "Peru"}
VISIT = {"visitor": "Ada Ruiz", "origin": "Arvenia", "host": "Peru", "source": SOURCE}


@pytest.mark.parametrize(
    ("form", "changes", "expected"),
    [
        ("trade", {"currency": "dollars"}, "did you mean usd (US dollar) or "),
        ("trade", {"currency": "pounds"}, "did you mean gbp (pound sterling) or "),
        ("trade", {"currency": "money of Peru"}, "relations-kg show code:currency lists all 2"),
        ("trade", {"amount": "1,5 billion"}, "write '1500000000'"),
        ("trade", {"amount": "about 2,25"}, "write '2.25~'"),
        ("vist", {}, "there is no form 'vist'; did you mean \"visit\"?"),
        ("visit", {"vistor": "x"}, "visit has no parameter 'vistor'; did you mean \"visitor\""),
        ("visit", {"host": None}, "host: visit asks for a state or a party"),
        ("visit", {"host": " "}, "host: visit asks for a state or a party"),
        ("visit", {"visitor": "Xi Jinpin"}, "visitor: 'Xi Jinpin' is not known, but nearly the"),
        ("visit", {"visitor": "Jinping"}, "nearly the same as person: id:xi-jinping"),
        ("visit", {"host": "Q99999999"}, "host: nothing has the identifier 'Q99999999'; write"),
        ("visit", {"host": "FRA"}, 'write the name, or "new: FRA" if it is one'),
        ("visit", {"host": "Lima"}, "host: Lima is a city; host takes"),
        ("visit", {"host": "new: Lima"}, "host: id:lima, the IRI for 'Lima', is a city; write"),
        ("visit", {"host": "id:nowhere-land"}, "host: nothing in the graph is called"),
        ("visit", {"visitor": "Ада Руис"}, "no IRI can be made from 'Ада Руис'; write the name in"),
        ("visit", {"visitor": ["A B", "C D"]}, "visitor: 2 values are given; give one of them"),
        ("visit", {"host": "Peru, Japan"}, "host: 'Peru, Japan' is 2 names; give one of them"),
        ("visit", {"host": "Arvenia/Belmora"}, "host: 'Arvenia/Belmora' is 2 names; give one of"),
        ("visit", {"host": "Peru y Chile"}, "host: 'Peru y Chile' is 2 names; give one of them"),
        ("visit", {"host": "Osk[1]"}, "ends with a note; write 'Osk', or \"new: Osk[1]\" for a"),
        (
            "visit",
            {"host": "• Osk"},
            "'• Osk' begins with a bullet, a number of a list or a note mark; write",
        ),
        (
            "mission",
            {"seat": "Osk (closed 1990)"},
            "has 'closed 1990' beside the name; write 'Osk'",
        ),
        ("visit", {"host": "7"}, "'7' is a number, not a name; write the name, or \"new: 7\""),
        ("visit", {"host": "true"}, "'true' is an answer, not a name; write the name, or"),
        ("visit", {"host": "\u3003"}, "stands for the value above; write the value of the row"),
        ("visit", {"host": "PÃ©rolie"}, "was read in another encoding than UTF-8; write 'Pérolie'"),
        ("visit", {"host": "P\ufffdrolie"}, "has lost a character; write the character, and save"),
        ("visit", {"host": "Osk &amp; Ard"}, "has an entity of HTML, &amp;; write the character"),
        ("visit", {"visitor": "Bo Li, Eva Ost"}, "visitor: 'Bo Li, Eva Ost' is 2 names; give one"),
        ("visit", {"visitor": "Bo Li and Eva Ost"}, 'or write "new: Bo Li and Eva Ost" if it is'),
        ("visit", {"origin": "Arvenia, Belmora"}, "origin: 'Arvenia, Belmora' is 2 names; give"),
        ("visit", {"visitor": "(Bo Ard)"}, "'(Bo Ard)' is in brackets, like a note; write only"),
        ("visit", {"visitor": "A B;C D"}, "visitor: 'A B;C D' has a semicolon, which separates"),
        ("visit", {"source": "s024"}, "no passage 's024'; did you mean \"src:china-peru/s024\"?"),
        ("visit", {"source": "src:a/s1"}, "see relations-kg source, or load the file of the pass"),
        ("mission", {"kind": "Honorary Consul"}, "did you mean honorary consulate?"),
        ("mission", {"kind": "Hon. Consul"}, "did you mean honorary consulate?"),
        ("mission", {"kind": "Permanent Delegation"}, "use one of mission, representative office"),
        ("payment", {"term": "some time"}, "term: not a duration of years, months, weeks and days"),
        ("occupation", {"duration": ".."}, "or words such as 'three years'"),
        ("act", {"time_of_day": "3 pm"}, "'3 pm' is not a time of day; write '11:00' on the 24-"),
        ("act", {"recurs_on": "2 November"}, "write '--05-04' for 4 May, or '--05' for May"),
        ("undertaking", {"language": "Spanish"}, "write its tag, such as 'es' or 'sr-Latn'"),
        (
            "visit",
            {"when": "02/11/1971"},
            "when: not a date of the EDTF profile: '02/11/1971'; write '1971-02-11'",
        ),
        (
            "visit",
            {"when": "sometime"},
            "when: not a date of the EDTF profile: 'sometime'; write year",
        ),
        ("visit", {"kind": "Embassy"}, "kind: embassy is a class; kind takes a kind of visit"),
        (
            "visit",
            {"source": "src:nothing/s1"},
            "source: there is no passage 'src:nothing/s1'",
        ),
        (
            "visit",
            {"origin": "Ada Ruiz"},
            "'Ada Ruiz' is a state here but was a person before; give",
        ),
        (
            "succession",
            {},
            "the form succession makes no fact from these values alone; give nature or declared",
        ),
        (
            "mission",
            {"closed": "1938/.."},
            "'1938/..' has no end, but an event has one date; write '1",
        ),
        ("mission", {"closed": "since 1938"}, "'1938', or 'present' for what still goes on"),
        (
            "mission",
            {"closed": "/.."},
            "closed: '/..' has no end, but an event has one date; leave",
        ),
        ("mission", {"opened": "1938/"}, "write '1938', or when='1938/' for what goes on"),
        ("mission", {"opened": "?"}, "write what is known of the date, such as '1878', '187X'"),
        (
            "mission",
            {"opened": "1938.."},
            "not a date of the EDTF profile: '1938..'; write '[1938..]'",
        ),
        (
            "mission",
            {"closed": "unknown"},
            "or leave it out; or write 'present' for what still goes",
        ),
        (
            "mission",
            {"opened": "present"},
            "such as '1878', '187X' or '[1878..1880]', or leave it out",
        ),
        (
            "mission",
            {"closed": "now", "when": "1928/50"},
            "leave closed empty, or write when='1928/..",
        ),
        ("agreement", {"force": "1938/.."}, "'1938/..' has no end"),
        ("tenure", {"appointed": "1938/.."}, "'1938/..' has no end"),
        (
            "ratification",
            {"when": "1938/.."},
            "has no end, but an event has one date; write '1938'",
        ),
        (
            "mission",
            {"kind": "Consulate", "rank": "vice-consulate"},
            "give 'consular post' as kind, and 'Consulate' as rank",
        ),
        ("mission", {"rank": "special mission"}, "kind: rank 'special mission' may be of another"),
        ("trade", {"amount": "much"}, "amount: not an amount: 'much'; write a number"),
        ("visit", {"host": "Arvenia"}, "visit: origin and host are both Arvenia; give two"),
        ("trade", {"exporter": "PER", "importer": "Peru"}, "exporter and importer are both Peru"),
        ("act", {"kind": "expulsion"}, "kind takes a kind of event; give it as nature"),
        ("act", {"nature": "LegalAct"}, "attack-kind or event-kind; give it as kind"),
        (
            "act",
            {"nature": "vote of thanks"},
            'new code --codelist LIST --name "vote of thanks" --append FILE, where LIST',
        ),
        (
            "mission",
            {"opening": "id:opening-of-osk"},
            "id:opening-of-osk is new and has no label; give its name instead of the IRI, or give"
            " opened too",
        ),
        # A thing whose parts have errors is not composed, and only their errors are reported.
        ("trade", {"exporter": "Lima", "flow": "id:new-flow"}, "exporter: Lima is a"),
    ],
)
def test_what_does_not_fit_is_refused_with_what_would_be_right(
    kg: rk.Graph, form: str, changes: dict[str, object], expected: str
) -> None:
    own = {
        **{"trade": EXAMPLES["trade"], "succession": {"successor": "Peru"}, "act": {"act": "X"}},
        **{"agreement": {"agreement": "Pact of Osk"}, "ratification": RATIFIED},
        **{"mission": {"sender": "Arvenia", "receiver": "Peru"}, "tenure": EXAMPLES["tenure"]},
        **{name: EXAMPLES[name] for name in ("occupation", "payment", "undertaking")},
    }
    values = own.get(form, VISIT)
    values = {**values, "source": SOURCE}

    with pytest.raises(RelationsError) as caught:
        kg.new(form, **{**values, **changes})

    assert expected in str(caught.value)


@pytest.mark.parametrize(
    ("form", "changes", "when"),
    [
        ("mission", {"opened": "Jul. 1928", "closed": "Still open"}, "1928-07/.."),
        ("mission", {"opened": "1928", "closed": "to date", "when": "since 1929"}, "1929/.."),
        ("mission", {"opened": "[1928..1930]", "closed": "in operation"}, "/.."),
        ("mission", {"closed": "now"}, "/.."),
        ("relations", {"begun": "1928", "ended": "present"}, "1928/.."),
    ],
)
def test_present_in_place_of_an_end_is_an_open_end_of_the_thing(
    kg: rk.Graph, form: str, changes: dict[str, object], when: str
) -> None:
    parties = ("sender", "receiver") if form == "mission" else ("party", "counterpart")
    made = kg.new(
        form, **dict(zip(parties, ("Arvenia", "Belmora"), strict=True)), **changes, source=SOURCE
    )

    assert f'rkg:when "{when}"^^edtf:EDTF' in str(made)
    assert "closure" not in str(made)
    assert "severance" not in str(made)


@pytest.mark.parametrize(
    ("rank", "kind"),
    [
        *[("embassy", "Embassy"), ("legation", "Legation"), ("consulate", "ConsularPost")],
        *[("vice-consulate", "ConsularPost"), ("permanent mission", "DiplomaticMission")],
        *[("high commission", "DiplomaticMission"), ("honorary post", "HonoraryConsulate")],
    ],
)
def test_a_mission_without_a_kind_is_of_the_kind_that_its_rank_names(
    kg: rk.Graph, rank: str, kind: str
) -> None:
    made = kg.new("mission", sender="Arvenia", receiver="Belmora", rank=rank, source=SOURCE)

    assert f" a rkg:{kind} ;" in str(made)


def test_a_name_may_be_that_of_another_thing_if_it_is_said_to_be(kg: rk.Graph) -> None:
    made = kg.new("visit", **{**VISIT, "visitor": "new: Xi Jinpin"})

    assert "id:xi-jinpin a rkg:Person" in str(made)


@pytest.mark.parametrize(
    "line",
    [
        "VALUES (?b ?a) { (UNDEF UNDEF) }",
        "VALUES (?a ?b ?c_new) { (UNDEF UNDEF UNDEF) }",
        "VALUES (?a) { (UNDEF) }",
    ],
)
def test_a_form_names_its_parameters_in_order(line: str) -> None:
    head = "#+ summary: A.\n#+ param a: person\n#+ param b: edtf\nCONSTRUCT { ?a ?a ?b } WHERE { "

    with pytest.raises(QueryError, match="in their order: "):
        Form.parse("a", f"{head}{line} }}")


def test_the_command_prints_turtle_and_reports_what_is_new() -> None:
    words = [word for name, each in VISIT.items() for word in (f"--{name}", each)]

    result = run("new", "visit", *words)

    assert 0 == result.returncode
    assert result.stdout.startswith("@prefix china-peru: ")
    assert "new: id:ada-ruiz (Ada Ruiz), a person\n" in result.stderr
    assert "--visitor: person required" in printed("new", "--list")
    assert printed("new", "visit", "--show").startswith("#+ summary: A visit")
    assert "did you mean" in complaint("new", "vist")


@pytest.mark.slow
def test_facts_are_added_to_a_file_once(tmp_path: Path) -> None:
    file = tmp_path / "facts.ttl"
    shutil.copy("tests/facts/good/visit.ttl", file)
    before = file.read_text("utf-8")
    words = ["--member", "arvenia", "--organization"]
    source = ["--source", "src:example-visit/s001", "--append", file]

    for _ in range(2):
        result = run("new", "membership", *words, "League of Osk", *source)
        assert 0 == result.returncode, result.stderr

    added = file.read_text("utf-8").removeprefix(before.rstrip())
    assert "the file already states these facts" in result.stderr
    assert "@prefix" not in added
    assert 1 == added.count("rkg:member id:arvenia")
    assert "rkg:statedIn ex:s001" in added
    assert rk.load().validate(file).conforms


@pytest.mark.parametrize("text", ["", "@prefix x: <urn:x/> .\n"])
def test_facts_are_added_to_a_file_that_has_none(tmp_path: Path, text: str) -> None:
    file = tmp_path / "facts.ttl"
    file.write_text(text)
    words = ["--member", "Peru", "--organization", "League of Osk", "--source", SOURCE]

    result = run("new", "membership", *words, "--append", file)

    assert 0 == result.returncode, result.stderr
    assert "id:membership-of-peru-in-league-of-osk" in file.read_text("utf-8")


@pytest.mark.parametrize("name", ["facts.nt", "facts.csv", "facts"])
def test_facts_are_added_to_turtle_only(tmp_path: Path, name: str) -> None:
    words = [word for name, each in VISIT.items() for word in (f"--{name}", each)]

    assert "facts can only be added to a Turtle file" in complaint(
        "new", "visit", *words, "--append", tmp_path / name
    )


def test_who_broke_off_relations_is_open_unless_it_is_given(kg: rk.Graph) -> None:
    values = {"party": "Peru", "counterpart": "Belmora", "ended": "1943", "source": SOURCE}

    unknown, by_japan = kg.new("relations", **values), kg.new("relations", **values, ender="Japan")

    assert "rkg:leavesOpen rkg:actor" in str(unknown)
    assert "rkg:actor id" not in str(unknown)
    assert "rkg:counterpart id:belmora , id:peru" in str(unknown)
    assert "rkg:actor id:japan" in str(by_japan)
    assert "rkg:counterpart" not in str(by_japan)
