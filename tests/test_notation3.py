"""Tests of the parser of rules in Notation3: rules, their names, and mistakes."""

from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode

import relations_kg as rk
from relations_kg._files import folder
from relations_kg.errors import InputError
from relations_kg.rdf.namespaces import RKG
from relations_kg.rdf.terms import TYPE
from relations_kg.reasoning.closure import Closure
from relations_kg.reasoning.notation3 import parse_rules, time_rules
from relations_kg.reasoning.rules import Rule

TIME = Path(folder("ontology")) / "time.n3"
P, Q, R = (NamedNode(f"urn:{letter}") for letter in "pqr")


def read(text: str) -> list[Rule]:
    return parse_rules(text, "rules.n3")


def test_a_rule_is_read_with_its_name_and_its_words() -> None:
    text = "# p-backwards: P reads\n# both ways.\n{ ?x <urn:p> ?y } => { ?y <urn:q> ?x } ."

    assert [Rule("p-backwards", (("x", P, "y"),), ("y", Q, "x"), "P reads both ways.")] == read(
        text
    )


def test_dots_and_semicolons_join_patterns() -> None:
    text = """
        { ?x <urn:p> ?y ; <urn:q> ?z . ?z <urn:r> true . } => { ?x a <urn:r> } .
        { ?x <urn:p> ?y . ?y <urn:q> <urn:r> ; a <urn:p> } => { ?x <urn:q> true . } .
    """

    assert [
        ((("x", P, "y"), ("x", Q, "z"), ("z", R, Literal(True))), ("x", TYPE, R)),
        ((("x", P, "y"), ("y", Q, R), ("y", TYPE, P)), ("x", Q, Literal(True))),
    ] == [(rule.body, rule.head) for rule in read(text)]


def test_each_of_several_heads_gives_a_rule() -> None:
    text = "# two: Both.\n{ ?x <urn:p> ?y } => { ?x <urn:q> ?y ; <urn:r> ?y . ?y <urn:p> ?x } ."

    assert [("x", Q, "y"), ("x", R, "y"), ("y", P, "x")] == [rule.head for rule in read(text)]
    assert {("two", "Both.", (("x", P, "y"),))} == {(r.name, r.words, r.body) for r in read(text)}


def test_prefixes_stand_for_what_they_are_declared_as() -> None:
    text = "@prefix u: <urn:> . @prefix : <urn:other-> .\n{ ?x u:p ?y } => { ?x :q u:r } ."
    (rule,) = read(text)

    assert ((("x", P, "y"),), ("x", NamedNode("urn:other-q"), R)) == (rule.body, rule.head)


def test_rules_without_a_comment_keep_the_name_of_those_before() -> None:
    text = """
        # first: One.
        { ?x <urn:p> ?y } => { ?y <urn:p> ?x } .
        { ?x <urn:q> ?y } => { ?y <urn:q> ?x } .
        # second: Two.
        { ?x <urn:r> ?y } => { ?y <urn:r> ?x } .
    """

    assert [("first", "One."), ("first", "One."), ("second", "Two.")] == [
        (rule.name, rule.words) for rule in read(text)
    ]


def test_comments_elsewhere_name_nothing() -> None:
    text = """
        # What follows, in general.
        # named: Words.
        { ?x <urn:p> ?y . # not-a-name: within a rule
          ?y <urn:p> ?z } => # other: before a head
        { ?x <urn:p> ?z } .
    """

    assert [("named", "Words.")] == [(rule.name, rule.words) for rule in read(text)]


@pytest.mark.parametrize("text", ["", "\n\n", "# only: a comment", "@prefix u: <urn:> ."])
def test_a_text_without_rules_has_none(text: str) -> None:
    assert [] == read(text)


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("{ ?x <urn:p> ?y } =>\n{ ?x <urn:q> ?y }", 2, "expected ."),
        ("{ ?x <urn:p> ?y }\n{ ?x <urn:q> ?y } .", 2, "expected =>"),
        ("\n{ ?x <urn:p> ?y\n", 2, "expected"),
        ("{ ?x <urn:p> } => { ?x <urn:q> ?y } .", 1, "expected a name with a colon"),
        ("{ ?x\n?p\n?y } => { ?x <urn:q> ?y } .", 3, "a predicate must be an IRI"),
        ("{ ?x true ?y } => { ?x <urn:q> ?y } .", 1, "a predicate must be an IRI"),
        ("\n\n{ ?x rkg:p ?y } => { ?x <urn:q> ?y } .", 3, 'the prefix "rkg:" is not declared'),
        ("{ ?x <urn:p> 'text' } => { ?x <urn:q> ?y } .", 1, "expected a name with a colon"),
        ("{ ?x <urn:p> ?y , ?z } => { ?x <urn:q> ?y } .", 1, "expected"),
        ("@prefix u <urn:> .", 1, "expected"),
        ("@prefix u: urn: .", 1, "expected an IRI in <…>"),
        ("# name: words\n\n=> { ?x <urn:q> ?y } .", 3, "expected {"),
        ("{ ?x <urn:p> ?y } => { ?x <urn:q> ?y } .\nnonsense", 2, "expected {"),
        ("{ ?x <urn:p> ?y } <= { ?x <urn:q> ?y } .", 1, "expected =>"),
    ],
)
def test_a_mistake_is_reported_with_its_file_and_line(text: str, line: int, message: str) -> None:
    with pytest.raises(rk.InputError) as caught:
        read(text)

    assert message in caught.value.message
    assert ("rules.n3", line) == (caught.value.where, caught.value.line)
    assert caught.value.help


## The rules about time


def test_every_rule_about_time_has_a_name_and_words() -> None:
    for rule in time_rules():
        assert rule.name
        assert rule.words.endswith(".")
        assert "#" not in rule.words
        assert rule.words == " ".join(rule.words.split())


def test_the_name_of_a_rule_about_time_is_used_for_nothing_else(kg: rk.Graph) -> None:
    """Rules with the same name are adjacent and have the same description."""
    names = [rule.name for rule in time_rules()]
    words = {(rule.name, rule.words) for rule in time_rules()}
    others = {rule.name for rule in kg.inference.closure.rules[: -len(names)]}

    assert len(set(names)) == len(words)
    assert names == sorted(names, key=names.index)
    assert not others.intersection(names)


def test_every_rule_in_the_file_about_time_is_read() -> None:
    text = TIME.read_text()
    heads = [part.split("}")[0] for part in text.split("=>")[2:]]

    assert sum(head.count("?") > 0 and 1 + head.count(";") for head in heads) == len(time_rules())
    assert {line[2:].split(":")[0] for line in text.split("\n") if line.startswith("# ")} >= {
        rule.name for rule in time_rules()
    }


def test_rules_about_time_use_terms_of_the_ontology(kg: rk.Graph) -> None:
    for rule in time_rules():
        for pattern in (*rule.body, rule.head):
            for term in pattern:
                if isinstance(term, NamedNode) and term != TYPE:
                    assert term.value.startswith(RKG)
                    assert kg.query(f"ASK {{ <{term.value}> a ?kind }}", timeout=None), term


def test_every_variable_of_a_head_is_in_its_body() -> None:
    for rule in time_rules():
        body = {term for pattern in rule.body for term in pattern}
        if rule.shift:
            assert {rule.shift.day, rule.shift.duration} <= body
            body.add(rule.shift.result)

        assert {term for term in rule.head if isinstance(term, str)} <= body


MATH = "@prefix math: <http://www.w3.org/2000/10/swap/math#> . "


def test_a_rule_that_shifts_a_day_infers_the_day() -> None:
    a, day = NamedNode("urn:a"), NamedNode("http://www.w3.org/2001/XMLSchema#date")
    first, last = (Literal(f"1900-0{month}-01", datatype=day) for month in (1, 3))
    body = "?x <urn:p> ?day ; <urn:q> ?time . (?day ?time) math:sum ?later"
    closure = Closure(read(f"{MATH} {{ {body} }} => {{ ?x <urn:r> ?later }} ."), closest={R: max})

    assert [(a, R, last)] == closure.add([(a, P, first), (a, Q, Literal("P2M"))]).added
    assert [(a, R, last)] == closure.remove([(a, Q, Literal("P2M"))]).removed
    assert [] == closure.add([(a, Q, Literal("two months"))]).added


@pytest.mark.parametrize(
    "rule",
    [
        "{ ?x <urn:p> ?d ; <urn:q> ?t . (?d ?t) math:product ?e } => { ?x <urn:r> ?e } .",
        "{ ?x <urn:p> ?d ; <urn:q> ?t . (?d ?t) math:sum ?e } => { ?x <urn:r> ?d } .",
        "{ ?x <urn:p> ?d ; <urn:q> ?t . (?d) math:sum ?e } => { ?x <urn:r> ?e } .",
        "{ ?x <urn:p> ?d . (?d ?t) math:sum ?e . ?x <urn:q> ?t } => { ?x <urn:r> ?e } .",
    ],
)
def test_a_wrong_shift_is_refused_with_its_place(rule: str) -> None:
    with pytest.raises(InputError, match=r"rules\.n3:1: "):
        read(MATH + rule)


def test_rules_that_are_read_infer() -> None:
    a, b = (NamedNode(f"urn:{letter}") for letter in "ab")
    closure = Closure(read("{ ?x <urn:p> ?y ; <urn:q> true } => { ?y <urn:r> ?x } ."))

    assert [] == closure.add([(a, P, b), (b, Q, Literal(True))]).added
    assert [(b, R, a)] == closure.add([(a, Q, Literal(True))]).added
