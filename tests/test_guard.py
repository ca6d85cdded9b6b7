"""Tests of what a SPARQL text may ask; who would call somebody is in test_hostile."""

import pytest

from relations_kg.engines.guard import DEEPEST, LONGEST, MOST_GROUPS, check
from relations_kg.errors import QueryError

CALL = "SERVICE <http://example.org/sparql> {}"


@pytest.mark.parametrize("host", ["example.org", "EXAMPLE.org"])
def test_an_allowed_host_passes(host: str) -> None:
    check(f"ASK {{ {CALL} }}", [host])
    check(f"ASK {{ {CALL.replace('SERVICE', 'service silent')} }}", [host])
    check(f"ASK {{ {CALL.replace('.org', '.org:8080')} }}", [host])


def test_every_call_has_to_be_allowed() -> None:
    with pytest.raises(QueryError, match=r"other\.org"):
        check(f"ASK {{ {CALL} {CALL.replace('example', 'other')} }}", ["example.org"])


def test_a_call_is_told_with_its_place_and_what_allows_it() -> None:
    with pytest.raises(QueryError) as caught:
        check(f"ASK {{\n  {CALL} }}")

    assert (2, 3) == (caught.value.line, caught.value.column)
    assert "allow it with --allow-service example.org" == caught.value.help


@pytest.mark.parametrize("brackets", ["{}", "()", "[]"])
def test_brackets_may_be_so_deep_and_no_deeper(brackets: str) -> None:
    opening, closing = brackets
    within = "ASK " + opening * DEEPEST + closing * DEEPEST

    check(within)
    with pytest.raises(QueryError, match="nested too deeply") as caught:
        check(within.replace(opening, opening * 2, 1))

    assert (1, DEEPEST + 5) == (caught.value.line, caught.value.column)


@pytest.mark.parametrize("quote", ['"', "'", '"""', "'''"])
def test_brackets_in_strings_iris_and_comments_do_not_count(quote: str) -> None:
    brackets = "(" * (DEEPEST + 1)
    check(f"ASK {{ ?s ?p {quote}{brackets}{quote} }}")
    check(f"ASK {{ ?s ?p {quote}\\{quote[0]}{brackets}{quote} }}")
    check(f"ASK {{ ?s <urn:{brackets}> ?o # {brackets}\n }}")


def test_there_may_be_so_many_groups_and_no_more() -> None:
    check("ASK {" + "{}" * (MOST_GROUPS - 1) + "}")
    with pytest.raises(QueryError, match="too many groups"):
        check("ASK {" + "{}" * MOST_GROUPS + "}")


def test_a_text_may_be_so_long_and_no_longer() -> None:
    check("#" * LONGEST)
    with pytest.raises(QueryError, match="1,048,577 characters"):
        check("#" * (LONGEST + 1))
