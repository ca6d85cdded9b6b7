"""Tests of calendar days: as people write them, and as programs pass them."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

import relations_kg as rk
from relations_kg.errors import InputError
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

FORMS = ["%Y-%m-%d", "%d %b %Y", "%B %d, %Y", "%d-%b-%Y", "%Y/%m/%d", "%a, %d %B %Y"]

# A text without a day that is certain, and what the help says.
REFUSED = [
    ("05/11/1990", "write '1990-05-11' or '1990-11-05', whichever is meant"),
    ("2.3.1990", "write '1990-02-03' or '1990-03-02', whichever is meant"),
    ("1-2-2003", "write '2003-01-02' or '2003-02-01', whichever is meant"),
    ("5/11/90", "write the year with four digits"),
    ("5 Nov 90", "write the year with four digits"),
    ("5 Nov", "add the year"),
    ("31 June 1990", "1990-06 has 30 days"),
    ("2024-06-31", "2024-06 has 30 days"),
    ("2024-13-01", "months run from 01 to 12"),
    ("0000-01-01", "years run from 0001 to 9999"),
    ("c. 1990", "it is '1990~' in EDTF"),
    ("before 5 Nov 1990", "it is '[..1990-11-05]' in EDTF"),
    ("spring 1990", "it is '1990-21' in EDTF"),
    ("1990/1995", "write year, month and day"),
    ("1971-11-02~", "write year, month and day"),
    ("-0044-03-15", "write year, month and day"),
    ("1971-11-0\uff12", "write year, month and day"),
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
    assert f"it has several days; write one of '{first}' to '{last}'" == caught.value.help


@pytest.mark.parametrize(("given", "help"), REFUSED)
@pytest.mark.parametrize("side", [None, "last"])
def test_a_text_without_a_certain_day_is_refused_with_what_it_may_mean(
    given: object, help: str, side: Side | None
) -> None:
    with pytest.raises(InputError) as caught:
        day_of(given, side)

    assert f"not a calendar day: {str(given)!r}" == caught.value.message
    assert (caught.value.help or "").startswith(help)


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
    """Parameters of queries, and the day of an explanation."""
    rows = kg.run("timeline", party="peru", since=1990, until="Nov 1990")

    assert [*rows] == [*kg.run("timeline", party="peru", since="1990-01-01", until="1990-11-30")]
    assert rows
    day = date(1985, 1, 1)
    assert [*kg.run("missions", on=day)] == [*kg.run("missions", on="1 January 1985")]
    assert day == kg.explain("embassy-of-china-in-lima", on=datetime(1985, 1, 1)).on
    with pytest.raises(rk.QueryError, match=r"^on: not a calendar day: '05/11/1990'; write "):
        kg.run("missions", on="05/11/1990")
    with pytest.raises(rk.InputError, match=r"^on: not a calendar day: '1990'; it has "):
        kg.explain("embassy-of-china-in-lima", on="1990")
