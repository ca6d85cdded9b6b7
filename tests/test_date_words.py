"""Tests of EDTF dates that are written in English words."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relations_kg.rdf.date_words import between_in_words, date_in_words
from relations_kg.rdf.dates import parse


def test_edtf_is_written_in_english() -> None:
    expected = {
        "1971": "1971",
        "1971-11": "November 1971",
        "1971-11-02": "2 November 1971",
        "196X": "the 1960s",
        "18XX": "the 19th century",
        "20XX": "the 21st century",
        "10XX": "the 11th century",
        "1971-11-XX": "November 1971",
        "1971-XX": "1971",
        "156X-12-25": "25 December in the 1560s",
        "1923~": "about 1923",
        "?1923": "perhaps 1923",
        "1923%": "perhaps about 1923",
        "1971?-11~": "perhaps about November 1971",
        "1971-22": "summer 1971",
        "1971-36": "the last quarter of 1971",
        "1971-40": "the first half of 1971",
        "1971-11-02/..": "since 2 November 1971",
        "1874-07/": "from July 1874",
        "/..": "ongoing, start unknown",
        "/1990": "until 1990",
        "184X/1949": "the 1840s to 1949",
        "2024-06-25/2024-06-29": "25 to 29 June 2024",
        "2024-05-30/2024-06-02": "30 May to 2 June 2024",
        "2024-12-30/2025-01-02": "30 December 2024 to 2 January 2025",
        "2024-06-25~/2024-06-29": "about 25 June 2024 to 29 June 2024",
        "[..1865]": "1865 or earlier",
        "[1971-11-02..]": "2 November 1971 or later",
        "[1874..1875]": "between 1874 and 1875",
        "[1874,1875-05-03]": "1874 or 3 May 1875",
        "{1874,1876..1878}": "1874 and 1876 to 1878",
        "-0138": "139 BC",
    }

    assert expected == {text: date_in_words(text) for text in expected}


@pytest.mark.parametrize("text", ["", "/", "[", "soon", "1XXX", "1971-XX-02", "2 November 1971"])
def test_another_text_is_left_as_it_is(text: str) -> None:
    assert text == date_in_words(text)


def test_bounds_are_named_by_a_year_a_decade_or_a_month() -> None:
    days = {
        ("1971-01-01", "1971-12-31"): "1971",
        ("1960-01-01", "1969-12-31"): "the 1960s",
        ("1800-01-01", "1899-12-31"): "the 19th century",
        ("1844-01-01", "1849-12-31"): "between 1844 and 1849",
        ("1972-02-01", "1972-02-29"): "February 1972",
        ("1971-01-01", "1971-06-30"): "between January 1971 and June 1971",
        ("1874-06-26", "1944-12-31"): "between 26 June 1874 and 1944",
        ("1874-06-26", "1874-06-26"): "26 June 1874",
        ("1874-06-26", ""): "26 June 1874 or later",
        ("", "1874-06-26"): "26 June 1874 or earlier",
        ("", "1944-12-31"): "1944 or earlier",
        ("1972-01-01", ""): "1972 or later",
        ("1972-03-05", "1972-06-30"): "between 5 March 1972 and June 1972",
        ("", ""): "",
    }
    for bounds, words in days.items():
        first, last = (date.fromisoformat(day) if day else None for day in bounds)
        assert words == between_in_words(first, last)


@pytest.mark.slow
@given(st.dates(date(1000, 1, 1)))
def test_a_day_is_named_by_its_own_parts(day: date) -> None:
    assert f"{day.day} {day:%B} {day.year}" == date_in_words(day.isoformat())


@pytest.mark.slow
@given(st.from_regex(r"(19[0-9]{2}|19[0-9]X|1[89]XX)(-(0[1-9]|1[0-2]))?[~?]?", fullmatch=True))
def test_what_is_a_date_has_words(text: str) -> None:
    parse(text)

    assert text.isdigit() or text != date_in_words(text)
