"""Tests of what is said of a SPARQL text that is none."""

import pytest

import relations_kg as rk


def wrong(kg: rk.Graph, text: str) -> rk.QueryError:
    with pytest.raises(rk.QueryError) as caught:
        kg.query(text)
    assert "\n" not in str(caught.value)
    assert "query" == caught.value.where
    return caught.value


@pytest.mark.parametrize(
    ("text", "line", "found"),
    [
        ("SELECT ?x\nWHERE { ?x ?p }", 2, "not SPARQL"),
        ("SELECT ?x WHERE {\n  ?x ?p ?o\n", 3, "too early"),
        ("", 1, "too early"),
    ],
)
def test_a_mistake_is_told_with_its_line_and_what_is_there(
    kg: rk.Graph, text: str, line: int, found: str
) -> None:
    error = wrong(kg, text)

    assert line == error.line
    assert error.column is not None
    assert found in error.message


def test_an_unknown_prefix_is_told_with_what_is_known(kg: rk.Graph) -> None:
    error = wrong(kg, "SELECT ?x WHERE { ?x rkgg:seat ?y }")

    assert 'unknown prefix "rkgg:"' == error.message
    assert error.help
    assert "rkg" in error.help


def test_a_prefix_that_the_text_declares_is_known(kg: rk.Graph) -> None:
    assert "mine" not in wrong(kg, "PREFIX mine: <urn:> SELECT ?x WHERE { ?x mine:p }").message
    assert kg.query("PREFIX mine: <urn:> ASK { FILTER NOT EXISTS { ?x mine:p ?y } }")


@pytest.mark.parametrize("text", ["DELETE WHERE { ?s ?p ?o }", "INSERT DATA { id:a id:b id:c }"])
def test_an_update_is_no_question(kg: rk.Graph, text: str) -> None:
    size = len(kg.store)
    wrong(kg, text)

    assert size == len(kg.store)
