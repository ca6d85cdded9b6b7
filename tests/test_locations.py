"""Tests of the locations of facts in texts and JSON-LD documents."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from relations_kg.rdf.namespaces import RDFS, XSD
from relations_kg.rdf.terms import TYPE, Statement, Term, statements
from relations_kg.reader.jsonld import parser as jsonld
from relations_kg.reader.locations import Locations, canonical
from relations_kg.reader.parsing import parse_text as read

EX = "http://example.org/"
SUBJECT, PREDICATE, OBJECT = range(3)
LABEL = NamedNode(RDFS + "label")


def ex(name: str) -> NamedNode:
    return NamedNode(EX + name)


def number(text: str, datatype: str = "integer") -> Literal:
    return Literal(text, datatype=NamedNode(XSD + datatype))


def text_spots(text: str, fact: Statement) -> list[list[str]]:
    """Return the places of the three terms of a fact."""
    locations = Locations(read(f"@prefix ex: <{EX}> .\n{text}", "f"))
    return [[str(spot) for spot in locations.term(fact, role)] for role in range(3)]


def json_locations(content: bytes) -> Locations:
    reading = jsonld.read(content, "f")
    assert [] == reading.errors
    return Locations(reading)


def json_spots(document: Any, *terms: Term) -> list[list[Any]]:
    """Return the places of the three terms of a fact."""
    subject, predicate, object_ = terms
    locations = json_locations(json.dumps(document).encode())
    return [locations.term((subject, predicate, object_), role) for role in range(3)]


def at(*pointers: str) -> list[list[str]]:
    return [[pointer] for pointer in pointers]


# Locations in texts


def test_each_term_of_a_fact_has_its_place_in_a_text() -> None:
    assert at("f:2:1", "f:2:6", "f:2:11") == text_spots(
        "ex:s ex:p ex:o .", (ex("s"), ex("p"), ex("o"))
    )


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("007", number("7")),
        ("+5", number("5")),
        ("1.50", number("1.5", "decimal")),
        ("1e3", number("1000", "double")),
        (f'"1"^^<{XSD}boolean>', number("true", "boolean")),
        (f'"2024-01-01T24:00:00Z"^^<{XSD}dateTime>', number("2024-01-02T00:00:00Z", "dateTime")),
        (f'"12 men"^^<{XSD}integer>', number("12 men")),
        ('"007"', Literal("007")),
        ('"Perú"@es', Literal("Perú", language="es")),
    ],
)
def test_a_literal_is_found_by_what_the_engine_makes_of_it(written: str, kept: Literal) -> None:
    kept_by_engine = canonical((ex("s"), ex("p"), kept))

    assert at("f:2:1", "f:2:6", "f:2:11") == text_spots(f"ex:s ex:p {written} .", kept_by_engine)


def test_a_fact_that_is_repeated_has_all_its_places() -> None:
    fact = (ex("s"), ex("p"), number("7"))

    assert [
        ["f:2:1", "f:2:1", "f:3:1"],
        ["f:2:6", "f:2:6", "f:3:6"],
        ["f:2:11", "f:2:15", "f:3:11"],
    ] == text_spots("ex:s ex:p 7 , 007 .\nex:s ex:p +7 .", fact)


def test_a_fact_that_a_text_does_not_state_has_no_place() -> None:
    assert [[], [], []] == text_spots("ex:s ex:p 7 .", (ex("s"), ex("p"), Literal("7")))


def test_the_facts_of_a_text_are_listed_once_in_its_order() -> None:
    text = f"@prefix ex: <{EX}> . ex:z ex:p 02 , 1 . ex:a ex:p 1 . ex:z ex:p 2 ."

    assert [
        (ex("z"), ex("p"), number("2")),
        (ex("z"), ex("p"), number("1")),
        (ex("a"), ex("p"), number("1")),
    ] == list(Locations(read(text, "f")).facts())


@given(st.integers(), st.sampled_from(["integer", "decimal", "double", "gYear", "duration"]))
def test_what_the_engine_keeps_is_kept_as_it_is(value: int, datatype: str) -> None:
    once = canonical((ex("s"), ex("p"), number(str(value), datatype)))

    assert once == canonical(once)


# Locations in JSON-LD


def test_the_pointers_of_a_single_value_are_those_of_its_object_and_its_key() -> None:
    document = [{"@id": EX + "s", EX + "p": {"@id": EX + "o"}}]
    key = "/0/http:~1~1example.org~1p"

    assert at("/0", key, key) == json_spots(document, ex("s"), ex("p"), ex("o"))


def test_the_pointer_of_one_of_several_values_has_its_number() -> None:
    document = [{"@context": {"@vocab": EX}, "@id": EX + "s", "p": ["a", {"@value": "b"}, 3]}]

    assert at("/0", "/0/p", "/0/p/0") == json_spots(document, ex("s"), ex("p"), Literal("a"))
    assert at("/0", "/0/p", "/0/p/1") == json_spots(document, ex("s"), ex("p"), Literal("b"))
    assert at("/0", "/0/p", "/0/p/2") == json_spots(document, ex("s"), ex("p"), number("3"))


def test_the_pointer_of_the_whole_document_is_empty() -> None:
    document = {"@id": EX + "s", "@type": EX + "C"}

    assert at("", "/@type", "/@type") == json_spots(document, ex("s"), TYPE, ex("C"))


def test_one_of_several_classes_has_its_number() -> None:
    document = [{"@id": EX + "s", "@type": [EX + "C", EX + "D"]}]

    assert at("/0", "/0/@type", "/0/@type/1") == json_spots(document, ex("s"), TYPE, ex("D"))


def test_what_is_said_of_a_thing_in_a_value_is_there() -> None:
    document = [
        {
            "@context": {"@vocab": EX},
            "@id": EX + "s",
            "p": [{"@id": EX + "t", "q": {"@id": EX + "u", "r": 1}}],
        }
    ]

    assert at("/0", "/0/p", "/0/p/0") == json_spots(document, ex("s"), ex("p"), ex("t"))
    assert at("/0/p/0", "/0/p/0/q", "/0/p/0/q") == json_spots(document, ex("t"), ex("q"), ex("u"))
    assert at("/0/p/0/q", "/0/p/0/q/r", "/0/p/0/q/r") == json_spots(
        document, ex("u"), ex("r"), number("1")
    )


def test_texts_by_language_have_the_pointers_of_their_tags() -> None:
    document = [
        {
            "@context": {"label": {"@id": LABEL.value, "@container": "@language"}},
            "@id": EX + "s",
            "label": {"en": "Peru", "es": ["Perú", "El Perú"]},
        }
    ]

    for text, language, place in (("Peru", "en", "en"), ("Perú", "es", "es/0")):
        assert at("/0", "/0/label", f"/0/label/{place}") == json_spots(
            document, ex("s"), LABEL, Literal(text, language=language)
        )


@pytest.mark.parametrize("graph", ["@graph", "@included"])
def test_the_things_of_a_graph_have_their_numbers(graph: str) -> None:
    document = {
        "@context": {"@vocab": EX},
        graph: [{"@id": EX + "s", "p": 1}, {"@id": EX + "t", "p": {"@id": EX + "s"}}],
    }
    second = f"/{graph}/1"

    assert at(f"/{graph}/0", f"/{graph}/0/p", f"/{graph}/0/p") == json_spots(
        document, ex("s"), ex("p"), number("1")
    )
    assert at(second, second + "/p", second + "/p") == json_spots(
        document, ex("t"), ex("p"), ex("s")
    )


def test_a_context_holds_for_what_it_stands_in_and_adds_to_those_around_it() -> None:
    document = {
        "@context": {"a": EX, "p": EX + "outer"},
        "@graph": [
            {"@id": "a:s", "p": 1},
            {"@context": {"p": EX + "inner"}, "@id": "a:t", "p": {"@id": "a:u", "p": 2}},
        ],
    }

    assert at("/@graph/0", "/@graph/0/p", "/@graph/0/p") == json_spots(
        document, ex("s"), ex("outer"), number("1")
    )
    assert at("/@graph/1/p", "/@graph/1/p/p", "/@graph/1/p/p") == json_spots(
        document, ex("u"), ex("inner"), number("2")
    )


@pytest.mark.parametrize(
    "context",
    [
        [{"a": EX}, {"p": "a:p"}],
        [None, {"@vocab": EX, "a": EX}],
        {"@base": EX, "@vocab": EX, "a": EX},
    ],
)
def test_a_context_may_be_a_list_and_may_say_what_names_are_short_for(context: Any) -> None:
    document = {"@context": context, "@graph": [{"@id": "a:s", "p": 1}]}

    assert at("/@graph/0", "/@graph/0/p", "/@graph/0/p") == json_spots(
        document, ex("s"), ex("p"), number("1")
    )


def test_tildes_and_slashes_in_keys_are_escaped() -> None:
    document = [{"@context": {"@vocab": EX}, "@id": EX + "s", "~a/b~1": 1}]
    key = "/0/~0a~1b~01"

    assert at("/0", key, key) == json_spots(document, ex("s"), ex("~a/b~1"), number("1"))


def test_what_is_said_twice_has_both_its_pointers() -> None:
    thing = {"@context": {"@vocab": EX}, "@id": EX + "s", "p": ["a", "b", "a"]}

    assert [
        ["/0", "/0", "/1", "/1"],
        ["/0/p", "/0/p", "/1/p", "/1/p"],
        ["/0/p/0", "/0/p/2", "/1/p/0", "/1/p/2"],
    ] == json_spots([thing, thing], ex("s"), ex("p"), Literal("a"))


@pytest.mark.parametrize("written", ["1.50", "1.5E0", "15e-1"])
def test_numbers_are_found_however_they_are_written(written: str) -> None:
    content = f'[{{"@id": "{EX}s", "{EX}p": {written}}}]'.encode()
    (fact,) = map(canonical, statements(parse(content, RdfFormat.JSON_LD)))

    assert ["/0"] == json_locations(content).term(fact, SUBJECT)


def test_what_points_back_is_at_the_key_that_says_so() -> None:
    document = [
        {
            "@context": {"@vocab": EX},
            "@id": EX + "s",
            "@reverse": {"p": {"@id": EX + "t", "q": 1}},
        }
    ]

    predicates = json_spots(document, ex("t"), ex("p"), ex("s"))[PREDICATE]
    assert ["/0/@reverse"] == [pointer[:11] for pointer in predicates]


def test_the_facts_of_a_document_are_listed_once_in_its_order() -> None:
    things = [
        {"@id": EX + "z", EX + "p": [2, 1]},
        {"@id": EX + "a", EX + "p": 1},
        {"@id": EX + "z", EX + "p": 2},
    ]

    assert [
        (ex("z"), ex("p"), number("2")),
        (ex("z"), ex("p"), number("1")),
        (ex("a"), ex("p"), number("1")),
    ] == list(json_locations(json.dumps(things).encode()).facts())


names = st.sampled_from(["a", "b", "c/d", "e~f"])
values = st.recursive(
    st.integers(0, 9) | st.booleans() | st.sampled_from(["x", "y"]),
    lambda inner: st.fixed_dictionaries({"@id": names.map(EX.__add__)}).flatmap(
        lambda thing: st.dictionaries(names, inner | st.lists(inner, max_size=3), max_size=3).map(
            lambda rest: thing | rest
        )
    ),
    max_leaves=8,
)


def resolved(document: Any, pointer: str) -> Any:
    """Return the value at a JSON Pointer (RFC 6901)."""
    for part in pointer.split("/")[1:]:
        part = part.replace("~1", "/").replace("~0", "~")
        document = document[int(part) if isinstance(document, list) else part]
    return document


@given(st.lists(values.filter(lambda value: isinstance(value, dict)), max_size=3))
def test_every_fact_of_a_document_is_found_where_it_is_said(things: list[Any]) -> None:
    # At the top level, a resource without a description is an error.
    said = [thing for thing in things if set(thing) - {"@id"}]
    document = {"@context": {"@vocab": EX}, "@graph": said}
    content = json.dumps(document).encode()
    locations = json_locations(content)
    facts = {canonical(fact) for fact in statements(parse(content, RdfFormat.JSON_LD))}

    assert facts == set(locations.facts())
    for subject, predicate, object_ in facts:
        fact = (subject, predicate, object_)
        assert isinstance(subject, NamedNode)
        assert isinstance(predicate, NamedNode)
        for pointer in locations.term(fact, SUBJECT):
            assert subject.value == resolved(document, str(pointer))["@id"]
        for pointer in locations.term(fact, PREDICATE):
            key = str(pointer).rpartition("/")[2].replace("~1", "/").replace("~0", "~")
            assert predicate.value == EX + key
        for pointer in locations.term(fact, OBJECT):
            value = resolved(document, str(pointer))
            if isinstance(object_, NamedNode):
                assert object_.value == value["@id"]
            else:
                assert isinstance(object_, Literal)
                assert object_.value == (value if isinstance(value, str) else json.dumps(value))
