"""Tests of calendar days: as people write them, and as programs pass them."""

from collections.abc import Callable
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

import relations_kg as rk
from relations_kg.errors import InputError
from relations_kg.rdf import dates
from relations_kg.rdf.days import Side, day_of

# A text or object, and the day that it means.
DAYS = [
    ("1990-11-05", "1990-11-05"),
    ("5 Nov 1990", "1990-11-05"),
    ("5 November 1990", "1990-11-05"),
    ("November 5, 1990", "1990-11-05"),
    ("Nov. 5th 1990", "1990-11-05"),
    ("5-Nov-1990", "1990-11-05"),
    ("Mon, 5 Nov 1990", "1990-11-05"),
    ("Thursday 12 July, 1990", "1990-07-12"),
    ("5th of November, 1990", "1990-11-05"),
    ("the 5th of May 1990", "1990-05-05"),
    ("on 5  november  1990 ", "1990-11-05"),
    ("1990/11/5", "1990-11-05"),
    ("1990.11.05", "1990-11-05"),
    ("19901105", "1990-11-05"),
    (19901105, "1990-11-05"),
    ("25/12/1990", "1990-12-25"),
    ("12-25-1990", "1990-12-25"),
    ("05.05.1990", "1990-05-05"),
    ("1990-11-05T23:59:59Z", "1990-11-05"),
    ("1990-11-05 10:00", "1990-11-05"),
    ("1990-11-0\uff15", "1990-11-05"),
    (date(1990, 11, 5), "1990-11-05"),
    (datetime(1990, 11, 5, 23, 59), "1990-11-05"),
]

# A text, and the first and last of the days that it means.
SPANS = [
    ("1990", "1990-01-01", "1990-12-31"),
    (1990, "1990-01-01", "1990-12-31"),
    ("Nov 1990", "1990-11-01", "1990-11-30"),
    ("February, 2024", "2024-02-01", "2024-02-29"),
    ("1990-11", "1990-11-01", "1990-11-30"),
    ("1990s", "1990-01-01", "1999-12-31"),
    ("second half of 1990", "1990-07-01", "1990-12-31"),
]

# A text, and what the errors suggest for it as a day, as the first and as the last day of a window,
# and as a date of the data; None if there is no error.
WRITTEN = [
    (
        "before 1949",
        "a day until '1949-12-31'",
        "its last day, '1949-12-31', as the end",
        "'1949-12-31'",
        "'[..1949]'",
    ),
    (
        "prior to 1949",
        "a day until '1949-12-31'",
        "its last day, '1949-12-31'",
        "'1949-12-31'",
        "'[..1949]'",
    ),
    (
        "until 1990",
        "a day until '1990-12-31'",
        "its last day, '1990-12-31'",
        "'1990-12-31'",
        "'/1990'",
    ),
    (
        "..1990",
        "a day until '1990-12-31'",
        "its last day, '1990-12-31'",
        "'1990-12-31'",
        "'/1990' for a state that lasted",
    ),
    (
        "after 1950",
        "a day from '1950-01-01' on",
        "'1950-01-01'",
        "its first day, '1950-01-01', as the start",
        "'[1950..]'",
    ),
    (
        "since 1949",
        "a day from '1949-01-01' on",
        "'1949-01-01'",
        "its first day, '1949-01-01'",
        "'1949/..'",
    ),
    (
        "from May 1949",
        "a day from '1949-05-01' on",
        "'1949-05-01'",
        "its first day, '1949-05-01'",
        "'1949-05/..'",
    ),
    (
        "1949 onwards",
        "a day from '1949-01-01' on",
        "'1949-01-01'",
        "its first day, '1949-01-01'",
        "'1949/..'",
    ),
    (
        "1984\u2013",
        "a day from '1984-01-01' on",
        "'1984-01-01'",
        "its first day, '1984-01-01'",
        "'1984/..'",
    ),
    (
        "1984..",
        "a day from '1984-01-01' on",
        "'1984-01-01'",
        "its first day, '1984-01-01'",
        "'1984/..' for a state that lasted all the time, '[1984..]'",
    ),
    (
        "early 1950s",
        "'1950-01-01' to '1953-12-31'",
        "'1950-01-01'",
        "'1953-12-31'",
        "'[1950..1953]'",
    ),
    ("mid-1960s", "'1964-01-01' to '1966-12-31'", "'1964-01-01'", "'1966-12-31'", "'[1964..1966]'"),
    (
        "late May 1921",
        "'1921-05-21' to '1921-05-31'",
        "'1921-05-21'",
        "'1921-05-31'",
        "'[1921-05-21..1921-05-31]'",
    ),
    ("spring 1971", "'1971-01-01' to '1971-12-31'", "'1971-01-01'", "'1971-12-31'", "'1971-21'"),
    (
        "winter 1971/72",
        "'1971-12-01' to '1972-02-29'",
        "'1971-12-01'",
        "'1972-02-29'",
        "'[1971-12..1972-02]'",
    ),
    ("c. 1950", "'1949-01-01' to '1951-12-31'", "'1949-01-01'", "'1951-12-31'", "'1950~'"),
    ("1949-55", "'1949-01-01' to '1955-12-31'", "'1949-01-01'", "'1955-12-31'", "'1949/1955'"),
    (
        "between 1949 and May 1955",
        "'1949-01-01' to '1955-05-31'",
        "'1949-01-01'",
        "'1955-05-31'",
        "'[1949..1955-05]'",
    ),
    (
        "before the 1950s",
        "a day until '1949-12-31'",
        "its last day, '1949-12-31'",
        "'1949-12-31'",
        "'[..1949]'",
    ),
    (
        "after the 19th century",
        "a day from '1900-01-01' on",
        "'1900-01-01'",
        "its first day, '1900-01-01'",
        "'[1900..]'",
    ),
    ("19th century", "'1800-01-01' to '1899-12-31'", None, None, "'18XX'"),
    ("Q3 1990", "'1990-07-01' to '1990-09-30'", None, None, "'1990-35'"),
    ("11/1990", "'1990-11-01' to '1990-11-30'", None, None, "'1990-11'"),
    ("1971-11-02~", "'1971-11-01' to '1971-11-03'", "'1971-11-01'", "'1971-11-03'", None),
    ("1990/1995", "'1990-01-01' to '1995-12-31'", "'1990-01-01'", "'1995-12-31'", None),
]

FORMS = ["%Y-%m-%d", "%d %b %Y", "%B %d, %Y", "%d-%b-%Y", "%Y/%m/%d", "%a, %d %B %Y"]

# Texts that do not certainly mean one day, each with the help for it.
REFUSED = [
    ("05/11/1990", "write '1990-05-11' or '1990-11-05', whichever is meant"),
    ("2.3.1990", "write '1990-02-03' or '1990-03-02', whichever is meant"),
    ("1-2-2003", "write '2003-01-02' or '2003-02-01', whichever is meant"),
    ("26239", "in a spreadsheet it is the day '1971-11-02'"),
    ("5/11/90", "write the year with four digits"),
    ("5 Nov 90", "write the year with four digits"),
    ("June '74", "write the year with four digits"),
    ("5 Nov", "add the year"),
    ("31 June 1990", "1990-06 has 30 days"),
    ("2024-06-31", "2024-06 has 30 days"),
    ("2024-13-01", "months run from 01 to 12"),
    ("0000-01-01", "years run from 0001 to 9999"),
    ("c. 1990", "it is '1990~' in EDTF"),
    ("before 5 Nov 1990", "it is '[..1990-11-05]' in EDTF"),
    ("spring 1990", "it is '1990-21' in EDTF"),
    ("-0044-03-15", "years run from 0001 to 9999"),
    ("1971-11-0\u0662", "write year, month and day"),
    ("yesterday", "write year, month and day"),
    ("", "write year, month and day"),
    (float("nan"), "write year, month and day"),
]


@pytest.mark.parametrize(("given", "day"), DAYS)
@pytest.mark.parametrize("side", [None, "first", "last"])
def test_a_day_is_taken_in_each_usual_form(given: object, day: str, side: Side | None) -> None:
    assert day == day_of(given, side).isoformat()


def test_dates_of_data_frames_are_taken() -> None:
    pandas, numpy = pytest.importorskip("pandas"), pytest.importorskip("numpy")

    for known in (pandas.Timestamp("1990-11-05 10:00"), numpy.datetime64("1990-11-05T10:00:00")):
        assert date(1990, 11, 5) == day_of(known)
        assert type(day_of(known)) is date
    assert date(1990, 11, 30) == day_of(numpy.datetime64("1990-11"), "last")
    for missing in (pandas.NaT, numpy.datetime64("NaT"), pandas.NA):
        with pytest.raises(InputError, match="not a calendar day"):
            day_of(missing)


@pytest.mark.parametrize(("given", "first", "last"), SPANS)
def test_a_longer_time_gives_a_side_or_is_refused_with_its_days(
    given: object, first: str, last: str
) -> None:
    assert first == day_of(given, "first").isoformat()
    assert last == day_of(given, "last").isoformat()
    with pytest.raises(InputError) as caught:
        day_of(given)
    assert repr(str(given)) in caught.value.message
    assert f"it covers several days; write a day from '{first}' to '{last}'" == caught.value.help


@pytest.mark.parametrize(("given", "help"), REFUSED)
@pytest.mark.parametrize("side", [None, "last"])
def test_a_text_without_a_certain_day_is_refused_with_what_it_may_mean(
    given: object, help: str, side: Side | None
) -> None:
    with pytest.raises(InputError) as caught:
        day_of(given, side)

    assert f"not a calendar day: {str(given)!r}" == caught.value.message
    assert (caught.value.help or "").startswith(help)


def test_help_repeats_the_date_in_the_form_of_its_place(kg: rk.Graph) -> None:
    def help_of(ask: Callable[[], object]) -> str | None:
        try:
            ask()
        except rk.RelationsError as error:
            return error.help or ""
        return None

    for text, on, since, until, data in WRITTEN:
        for asked, expected in (
            (lambda: kg.run("missions", on=text), on),  # noqa: B023
            (lambda: kg.explain("lima", on=text), on),  # noqa: B023
            (lambda: kg.run("timeline", party="peru", since=text), since),  # noqa: B023
            (lambda: kg.run("timeline", party="peru", until=text), until),  # noqa: B023
            (lambda: dates.parse(text), data),  # noqa: B023
        ):
            found = help_of(asked)
            assert (found is None) == (expected is None), text
            assert (expected or "") in (found or ""), (text, found)
    for text, decades in (("before 1949", "1940s"), ("1995", "1990s"), ("mid-1960s", "1960s")):
        assert f"write {decades}" == help_of(lambda: kg.run("visits", decade=text))  # noqa: B023
    assert len(kg.run("visits", decade="the 1990s")) == len(kg.run("visits", decade=1990)) > 0
    unbound = "SELECT ?v { ?v rkg:earliestStart ?since }"
    assert "give a day as date(1950, 1, 1)" in (
        help_of(lambda: kg.query(unbound, since="after 1950")) or ""
    )
    assert help_of(lambda: kg.query(f"#+ param since: year\n{unbound}", since="May 1950")) == (
        "write 1950"
    )


@given(
    st.dates(min_value=date(1000, 1, 1)),
    st.sampled_from(["%Y-%m-%d", "%d %b %Y", "%B %d, %Y", "%d-%b-%Y", "%Y/%m/%d"]),
)
def test_each_day_is_read_back_from_each_form(day: date, form: str) -> None:
    assert day == day_of(day.strftime(form))


@given(st.dates())
def test_digits_are_read_only_if_they_have_one_reading(day: date) -> None:
    text = f"{day.day:02}/{day.month:02}/{day.year:04}"

    if day.day > 12 or day.day == day.month:
        assert day == day_of(text)
    else:
        with pytest.raises(InputError, match="whichever is meant") as caught:
            day_of(text)
        assert repr(day.isoformat()) in (caught.value.help or "")


def test_each_date_of_a_question_is_taken_as_written(kg: rk.Graph) -> None:
    """This holds for parameters of queries and for the day of an explanation."""
    rows = kg.run("timeline", party="peru", since=1990, until="Nov 1990")

    assert [*rows] == [*kg.run("timeline", party="peru", since="1990-01-01", until="1990-11-30")]
    assert rows
    day = date(1985, 1, 1)
    assert [*kg.run("missions", on=day)] == [*kg.run("missions", on="1 January 1985")]
    assert day == kg.explain("embassy-of-china-in-lima", on=datetime(1985, 1, 1)).on
    with pytest.raises(rk.QueryError, match=r"^on: not a calendar day: '05/11/1990'; write "):
        kg.run("missions", on="05/11/1990")
    with pytest.raises(rk.InputError, match=r"^on: not a calendar day: '1990'; it covers "):
        kg.explain("embassy-of-china-in-lima", on="1990")
