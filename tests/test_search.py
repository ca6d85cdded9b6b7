"""Tests of search: by words of names and texts, in memory, on disk and on a server."""

from pathlib import Path

import command_line
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from servers import oxigraph

import relations_kg as rk
from relations_kg.rdf.namespaces import ID, RKG, SOURCE
from relations_kg.rdf.words import words

VISIT = Path("tests/facts/good/visit.ttl")
NEW = """
@prefix id: <https://w3id.org/relations-kg/id/> .
@prefix rkg: <https://w3id.org/relations-kg/ontology#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
id:sao-tome a rkg:State ; rdfs:label "São Tomé"@en , "Santo Tomé"@es .
id:embassy-of-sao-tome a rkg:Embassy ; rdfs:label "Embassy of São Tomé"@en .
id:old-name a rkg:NameUse ; rdfs:label "The name Portuguese mission"@en ;
    rkg:nameOf id:embassy-of-sao-tome ; rkg:name "Portuguese mission"@en .
id:remark a rkg:Statement ; rdfs:label "A remark"@en ; rkg:description "On the accusation."@en .
"""


def slugs(rows: rk.Rows) -> list[str]:
    """Return the slugs of the found things; those of passages include their document."""
    return [str(row.thing).removeprefix(ID).removeprefix(SOURCE) for row in rows]


# Words, the class if any, and the things that must come first, in this order.
FOUND = [
    ("peru", None, ["peru"]),
    ("PERÚ", None, ["peru"]),
    ("Xi Jinping", None, ["xi-jinping"]),
    ("jinping", None, ["xi-jinping"]),
    ("fujimori", None, ["alberto-fujimori"]),
    ("chancay port", None, ["port-of-chancay", "opening-of-the-port-of-chancay"]),
    ("far-east trade center", None, ["taipei-office-in-lima", "name-far-east-trade-center"]),
    ("PRC", None, ["peoples-republic-of-china"]),
    ("prc velasco", None, ["china-peru/s022"]),
    ("embassies lima", None, ["embassy-of-china-in-lima"]),
    ("fujimori", "visit", ["visit-of-alberto-fujimori-1991", "visit-of-alberto-fujimori-1999"]),
    ("lima", "missions", ["embassy-of-china-in-lima"]),
    ("lima", RKG + "Passage", ["china-peru/s007"]),
    ("lima", "person", []),
    # Words such as "in" need not be found.
    ("lady montagne in 1850", None, ["voyage-of-the-lady-montagne"]),
    ("the port at Chancay", None, ["port-of-chancay"]),
    ("coolie AND trade", None, ["coolie-trade", "outlawing-of-the-coolie-trade"]),
    ("coolie && trade", None, ["coolie-trade", "outlawing-of-the-coolie-trade"]),
    # A possessive is a form of a word.
    ("jinping 2024 listed", None, ["discrepancy-over-the-visits-of-xi-jinping-in-2024"]),
    ("usa", None, []),
    ("cusation", None, []),
]


@pytest.mark.parametrize(("words", "kind", "expected"), FOUND)
def test_things_are_found_by_words_the_most_sought_first(
    kg: rk.Graph, words: str, kind: str | None, expected: list[str]
) -> None:
    found = slugs(kg.search(words, kind=kind))

    assert expected == found[: len(expected)]
    assert bool(expected) == bool(found)


def test_a_row_has_the_class_the_text_that_matched_and_the_passages(kg: rk.Graph) -> None:
    rows = kg.search("far east trade center", limit=1)

    assert ["thing", "kind", "text", "passages"] == rows.columns
    assert 1 == len(rows)
    assert "Far East Trade Center" == rows[0].text
    assert rows[0].kind.label
    assert {"src:china-peru/s025"} <= {passage.curie for passage in rows[0].passages}
    passage = kg.search("order RE014 renamed", kind="Passage")[0]
    assert [passage.thing] == passage.passages


def test_things_come_before_passages(kg: rk.Graph) -> None:
    found = slugs(kg.search("lima", limit=200))

    kinds = ["china-peru/" in slug for slug in found]
    assert sorted(kinds) == kinds
    assert {True, False} == set(kinds)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("USA", "nothing has the words 'USA'; try other or fewer words"),
        ("Fujimory", "did you mean person: id:alberto-fujimori (Alberto Fujimori)?"),
        ("chan*", '* is not a wildcard; search finds whole words; did you mean "chancay"'),
        ("lim?", '? is not a wildcard; search finds whole words; did you mean "lima"'),
        ("embassy OR consulate", "OR is not an operator; search for each separately"),
        # A few things have the operator as a word.
        ("xi OR jinping", "OR is not an operator; search for each separately"),
        ("peru NOT china", "NOT is not an operator; a search cannot exclude words"),
        ("Peruvian embassy", "did you mean mission: id:embassy-of-peru-in-beijing"),
        # AND has no effect, so there is no warning.
        ("visit AND zanzibar", "'visit AND zanzibar'; no name or text has 'zanzibar'"),
        ("who was in zanzibar?", "'who was in zanzibar?'; "),
        ("free trade deal", "id:china-peru-free-trade-agreement (Free trade agreement between"),
        ("chancy port", "did you mean place: id:port-of-chancay (Port of Chancay)?"),
    ],
)
def test_words_that_nothing_has_are_answered_with_the_nearest_names(
    kg: rk.Graph, words: str, message: str
) -> None:
    (warning,) = kg.search(words).warnings

    assert message in warning
    assert not kg.search("peru").warnings


IN_NAMES = "terms of the ontology have the words in their names:"
IN_DEFINITIONS = "terms of the ontology have the words in their definitions:"


@pytest.mark.parametrize(
    ("words", "lines"),
    [
        ("inti", [IN_NAMES, "codes of rkg:currency: code:pei (inti)"]),
        ("soles de oro", [IN_NAMES, "codes of rkg:currency: code:peh (sol de oro)"]),
        # Each list with the words has a line, and whole names come first.
        ("sport", ["codes of rkg:aim, rkg:intertwinedWith and rkg:markedBy: code:sport"]),
        ("sport", ["codes of rkg:agreementKind: code:sport-agreement (sport)"]),
        ("sport", ["codes of rkg:eventKind: code:sports-event"]),
        ("appeal", ["codes of rkg:caseKind: code:appeal-case"]),
        # Forms of a word have one stem; the exact form comes first.
        ("visiting", ["properties: rkg:visitingGroup (of rkg:DelegationVisit), rkg:visitingOrg"]),
        ("smuggle", [IN_NAMES, "codes of rkg:charge: code:smuggling"]),
        ("smugglers", [IN_NAMES, "codes of rkg:charge: code:smuggling"]),
        ("smuggle", ["codes of rkg:transferKind: code:smuggling-of-things"]),
        (
            "deserter",
            ["codes of rkg:eventKind: code:desertion", "codes of rkg:placeKind: code:des"],
        ),
        ("expelled", [IN_NAMES, "codes of rkg:departureReason: code:departure-on-expulsion (exp"]),
        ("expelled", ["classes: rkg:ForcedRemoval, rkg:PostingAct"]),
        ("votes", ["codes of rkg:unit: code:votes", "codes of rkg:requestKind: code:request-for-"]),
        # A property is shown with its class, and a hidden label is a name.
        ("neighbour", [IN_NAMES, "properties: rkg:neighbourOf (of rkg:Place)"]),
        (
            "medical staff",
            ["codes of rkg:countKind, rkg:groupKind and rkg:profession: code:doctors-an"],
        ),
        (
            "physician",
            ["codes of rkg:countKind, rkg:groupKind and rkg:profession: code:physicians"],
        ),
        # The names of the list, its property and its class count.
        ("border fight", [IN_DEFINITIONS, "codes of rkg:conflictKind: code:border-clash"]),
        (
            "fear",
            ["codes of rkg:opinion: code:seen-as-a-threat", IN_DEFINITIONS, "codes of rkg:state"],
        ),
        ("secret ambush", ["no term of the ontology has all of them; search for 'secret' and for"]),
        ("smugling", ['did you mean "smuggling"?']),
        # Facts do not use lanes of pictures and other properties of terms.
        ("longest", ["nothing has the words 'longest'; try other or fewer words"]),
        (
            "lane agreements",
            ["nothing has the words 'lane agreements'; no name or text has 'lane'"],
        ),
        # Terms are listed even if things are found.
        ("embassy", [IN_NAMES, "codes of rkg:absentKind and rkg:missionKind: code:embassy, "]),
    ],
)
def test_terms_of_the_ontology_are_named_by_what_takes_them(
    kg: rk.Graph, words: str, lines: list[str]
) -> None:
    known = kg.search(words).warnings

    assert "\n".join(lines) in "\n".join(known)


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("where are we not represented", ["parties-without-mission"]),
        ("countries without an embassy", ["parties-without-mission"]),
        ("States with no mission?", ["parties-without-mission"]),
        ("where does Hong Kong have no embassy", ["relations-without-embassy", "parties-without"]),
        ("who visited whom", ["visits"]),
        ("vacant posts", ["missions-without-head"]),
        ("when were relations broken off?", ["statuses"]),
        ("sanctions", ["sanctions"]),
        # Words for parties and persons, and those of questions such as "who", may be missing.
        ("sanctions against a country", ["sanctions"]),
        ("which treaties are still in force", ["agreements"]),
        # A word is preferred to another with its stem, such as "consulates".
        ("list of consuls", ["office-holders"]),
        ("territorial disputes", ["disputes"]),
        # A word means only itself if things are found.
        ("embassy", ["relations-without-embassy", "missions"]),
        ("visits", ["visits"]),
    ],
)
def test_questions_lead_to_the_stored_queries_that_answer_them(
    kg: rk.Graph, words: str, names: list[str]
) -> None:
    known = kg.search(words).warnings

    listed = known[known.index("stored queries answer such questions:") + 1 :]
    assert len(listed) <= 4
    for name in names:
        assert any(line.startswith(f"query {name}") for line in listed), listed
    assert not any("query" in line for line in kg.search(words, kind="place").warnings)


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("who was ambassador of Peru in Beijing", "office-holders"),
        ("when did Peru recognise the People's Republic of China?", "recognitions"),
        ("did Peru recognize Taiwan?", "recognitions"),
        ("which countries recognised Peru?", "recognitions"),
        ("which Chinese officials visited Peru?", "visits"),
        ("what did China lend to Peru", "payments"),
        ("when were the credentials presented", "postings"),
        ("which cities are twinned", "exchanges"),
        ("who was consul in Lima", "office-holders"),
        ("who visited Formosa?", "visits"),
        ("where is the nunciature", "missions"),
    ],
)
def test_the_query_that_answers_a_question_in_own_words_is_the_first(
    kg: rk.Graph, words: str, first: str
) -> None:
    known = kg.search(words).warnings

    assert known[known.index("stored queries answer such questions:") + 1].startswith(
        f"query {first}"
    )


def test_the_advice_to_search_for_single_words_leaves_out_those_of_questions(kg: rk.Graph) -> None:
    (why, *_) = kg.search("is there a secret ambush").warnings

    assert why.endswith("search for 'secret' and for 'ambush' alone")


@pytest.mark.parametrize(
    ("question", "line", "things"),
    [
        ("Who was governor of Hong Kong in 1870?", "'governor hong kong 1870':", "s043"),
        ("How many coolies died on the Lola?", "'coolies lola', but not 'died':", "s057"),
        ("Which company built Chancay?", "'built', but not 'company chancay':", "s034"),
        ("how many visits did Xi Jinping make", "'visits xi jinping':", "visit-of-xi-jinping-2024"),
        ("is there a free trade agreement", "'free trade agreement':", "china-peru-free-trade"),
        # What the source does not say is named, since what is listed does not answer it.
        ("how long did Kuczynski stay in China", "but not 'stay':", "pedro-pablo-kuczynski-2016"),
        ("ambassador of China to Peru in 2020", "but not '2020':", "list-of-ambassadors-of-china"),
    ],
)
def test_a_question_that_nothing_matches_whole_lists_what_has_most_of_its_words(
    kg: rk.Graph, question: str, line: str, things: str
) -> None:
    rows = kg.search(question)

    _, words, *listed = rows.warnings
    assert not rows
    assert line in words
    assert things in "\n".join(listed[:4])


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        ("consulate in Chengdu", "'chengdu'"),
        ("visit of Martin Vizcarra", "'martin' or 'vizcarra'"),
        ("what is the GDP of China?", "'gdp'"),
        ("is Peru in NATO?", "'nato'"),
    ],
)
def test_a_word_that_nothing_has_is_named(kg: rk.Graph, text: str, gone: str) -> None:
    warnings = kg.search(text).warnings

    assert (f"nothing has the words {text!r}; no name or text has {gone}",) == warnings


def test_a_misspelt_word_of_several_is_corrected(kg: rk.Graph) -> None:
    (warning,) = kg.search("visits by Fujimorri").warnings

    assert "for 'fujimorri', did you mean person: id:alberto-fujimori" in warning


def test_a_query_that_is_named_by_the_question_comes_before_narrower_ones(kg: rk.Graph) -> None:
    for text, first in (("who visited", "visits"), ("when was it closed", "closed-missions")):
        assert kg.query_search.find(text)[0].startswith(f"query {first}:")


def test_a_query_about_all_events_or_situations_answers_no_question_about_one_kind(
    kg: rk.Graph,
) -> None:
    for text, name in (("embargo", "sanctions"), ("expulsions", "postings")):
        (line,) = kg.query_search.find(text)
        assert line.startswith(f"query {name}:")


def test_a_name_leads_to_no_stored_query(kg: rk.Graph) -> None:
    for text in ("peru", "port of chancay", "chancy port", "Peruvian embassy", "xi OR embassy"):
        assert not any(line.startswith("query ") for line in kg.search(text).warnings)


def test_terms_are_not_named_if_a_class_is_asked_for(kg: rk.Graph) -> None:
    assert not kg.search("embassy", kind="mission").warnings


@pytest.mark.slow
@given(st.text() | st.text("peru_ ^*:-\"'()ORAND\0\udc80", max_size=40))
@example("")
@example("???")
@example("xi OR jinping")
@example("peru")
@example("xi " * 5_000)
@example(" ".join(map(str, range(5_000))))
def test_any_text_can_be_searched(kg: rk.Graph, text: str) -> None:
    """A text is never read as a query of SQLite, and only whole words match."""
    if not words(text):
        with pytest.raises(rk.QueryError, match="has no words; write words of a name"):
            kg.search(text)
        return
    rows = kg.search(text, limit=5)

    # A few things have an operator as a word, and are found with a warning.
    has_operator = not {"OR", "NOT", "|", "||"}.isdisjoint(text.split())
    assert rows.warnings or (rows and not has_operator)
    assert all(len(warning) < 1_000 for warning in rows.warnings)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"kind": "peru"}, "kind: there is no class 'peru'"),
        ({"kind": "president"}, "kind: there is no class 'president'; did you mean \"office\"?"),
        ({"kind": "xyz"}, "kind: there is no class 'xyz'; write the name of a class, such as emb"),
        ({"kind": "Embasy"}, "kind: there is no class 'Embasy'"),
        ({"limit": 0}, "limit: the limit must be at least 1, not 0"),
    ],
)
def test_a_wrong_option_is_refused(kg: rk.Graph, options: dict[str, object], message: str) -> None:
    with pytest.raises(rk.RelationsError) as caught:
        kg.search("lima", **options)  # type: ignore[arg-type]

    assert str(caught.value).startswith(message)


@pytest.fixture
def new(tmp_path: Path) -> Path:
    path = tmp_path / "new.ttl"
    path.write_text(NEW)
    return path


def check_changes(graph: rk.Graph, new: Path) -> None:
    for _ in range(2):
        assert not graph.search("tome")
        graph.add(new)
        assert ["sao-tome", "embassy-of-sao-tome"] == slugs(graph.search("Sao Tome"))
        assert ["embassy-of-sao-tome", "old-name"] == slugs(graph.search("portuguese mission"))
        assert ["remark"] == slugs(graph.search("accusations"))
        graph.remove(new)
    assert not graph.search("tome")


def test_the_index_follows_the_facts_that_are_added_and_removed(new: Path) -> None:
    check_changes(rk.load(only=VISIT), new)


@pytest.mark.slow
def test_a_store_on_disk_keeps_the_index(new: Path, tmp_path: Path) -> None:
    store = tmp_path / "store"
    graph = rk.load(only=VISIT, store=store)
    check_changes(graph, new)
    graph.add(new)

    again = rk.load(store=store)
    assert ["sao-tome"] == slugs(again.search("sao tome", kind="state"))


@pytest.mark.slow
def test_a_store_without_an_index_is_searched_too(new: Path, tmp_path: Path) -> None:
    graph = rk.load(only=new, store=tmp_path / "store")
    (index,) = (tmp_path / "store").glob("generation-*/texts.sqlite")
    index.unlink()

    assert ["sao-tome"] == slugs(graph.search("sao tome", kind="state"))


@pytest.mark.slow
def test_a_graph_on_a_server_is_searched_there(kg: rk.Graph) -> None:
    with oxigraph() as base:
        kg.push(base)
        remote = rk.connect(f"{base}/query")

        for words, kind in (("perú", None), ("chancay", "place"), ("usa", None), ("xi", "person")):
            found = slugs(kg.search(words, kind=kind, limit=3))
            assert found[:1] == slugs(remote.search(words, kind=kind, limit=3))[:1]
        row = remote.search("luis garcia")[0]
        assert ("Luis García Corrochano", "person") == (row.thing.label, row.kind.label)
        assert not vars(remote).get("search_index")


@pytest.mark.slow
def test_the_command_prints_rows_and_says_what_else_there_is() -> None:
    found = command_line.run("search", "chancay", "--kind", "place", "-f", "csv")
    assert (0, "") == (found.returncode, found.stderr)
    assert found.stdout.startswith("thing,kind,text,passages")
    assert f"{ID}port-of-chancay," in found.stdout
    assert command_line.run("search", "xi jinping", "--limit", "9" * 30).returncode == 0
    few = command_line.run("search", "peru", "--limit", "2")
    assert "these are the first 2; add words or --kind, or raise --limit" in few.stderr
    year = command_line.run("search", "what happened in 1971?")
    assert "relations-kg query timeline --since 1971-01-01 --until 1971-12-31" in year.stderr
    none = command_line.run("search", "USA")
    assert none.stderr == "nothing has the words 'USA'; try other or fewer words\n"
    assert none.returncode == 0
    for wrong in ("", " ?! "):
        empty = command_line.run("search", wrong)
        assert (2, "") == (empty.returncode, empty.stdout)
        assert "has no words; write words of a name or a description: 'port of" in empty.stderr
