"""Tests of the EDTF profile, against a calculation without calendar rules."""

import re
import time
from collections.abc import Callable
from datetime import date, timedelta
from fnmatch import filter as matching

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from trials import trials

from relations_kg.errors import InputError
from relations_kg.rdf.dates import DATATYPE, Bounds, earlier, later, parse, parse_day

ROWS = """
2009-04               | 2009-04-01 | 2009-04-30 | 2009-04-01 | 2009-04-30 |
196X                  | 1960-01-01 | 1969-12-31 | 1960-01-01 | 1969-12-31 |
2024-06-25/2024-06-29 | 2024-06-25 | 2024-06-25 | 2024-06-29 | 2024-06-29 |
1978/..               | 1978-01-01 | 1978-12-31 | -          | -          | true
1878-05-20/           | 1878-05-20 | 1878-05-20 | -          | -          |
/1949                 | -          | -          | 1949-01-01 | 1949-12-31 |
/..                   | -          | -          | -          | -          | true
[1971-11-02..]        | 1971-11-02 | -          | 1971-11-02 | -          |
[..1865]              | -          | 1865-12-31 | -          | 1865-12-31 |
184X/1949             | 1840-01-01 | 1849-12-31 | 1949-01-01 | 1949-12-31 |
1971-11-02            | 1971-11-02 | 1971-11-02 | 1971-11-02 | 1971-11-02 |
19XX                  | 1900-01-01 | 1999-12-31 | 1900-01-01 | 1999-12-31 |
0001                  | 0001-01-01 | 0001-12-31 | 0001-01-01 | 0001-12-31 |
9999-12               | 9999-12-01 | 9999-12-31 | 9999-12-01 | 9999-12-31 |
99XX                  | 9900-01-01 | 9999-12-31 | 9900-01-01 | 9999-12-31 |
1900-02               | 1900-02-01 | 1900-02-28 | 1900-02-01 | 1900-02-28 |
2000-02               | 2000-02-01 | 2000-02-29 | 2000-02-01 | 2000-02-29 |
[19XX..]              | 1900-01-01 | -          | 1900-01-01 | -          |
[..2009-04]           | -          | 2009-04-30 | -          | 2009-04-30 |
""".strip().splitlines()

FORM = "write year, month, day in that order: '1971-11-02', '196X', '2009-04/..'"
SAY = "say what is known: "
DAY_FORM = "write year, month and day: '1971-11-02'"
YEARS = "years run from 0001 to 9999"
MONTHS = "months run from 01 to 12"

REFUSED = [
    ("circa 1946", "write '1946~'"),
    ("c. 1946", "write '1946~'"),
    ("ca 1946-05", "write '1946-05~'"),
    ("approximately 1946", "write '1946~'"),
    ("~1946", "write '1946~'"),
    ("about 1946/circa 1950", "write '1946~/1950~'"),
    ("1960s", "write '196X'"),
    ("1960's", "write '196X'"),
    ("circa 1960s", "write '196X~'"),
    ("1900s", FORM),
    ("196x", "write '196X'"),
    ("19uu", "write '19XX'"),
    ("2004-XX", "write '2004'"),
    ("2004-06-XX", "write '2004-06'"),
    ("2004-XX-XX", "write '2004'"),
    ("2004-XX-12", FORM),
    ("1XXX", FORM),
    ("19X5", FORM),
    ("[ 1865..]", FORM),
    ("[..1865 ]", FORM),
    ("196X-05", FORM),
    ("1984?~", "write '1984%'"),
    ("1984~~", FORM),
    ("02/11/1971", FORM),
    ("2 November 1971", FORM),
    ("02.11.1971", FORM),
    ("02111971", FORM),
    ("1971/11/02", "write '1971-11-02'"),
    ("1971-1-2", "write '1971-01-02'"),
    ("19711102", "write '1971-11-02'"),
    ("1978-1990", "write '1978/1990'"),
    ("1978\u20131990", "write '1978/1990'"),
    ("circa 1946-1950", "write '1946~/1950'"),
    ("1978 / 1990", "write '1978/1990'"),
    ("1978/unknown", "write '1978/'"),
    ("unknown/1949", "write '/1949'"),
    ("unknown", SAY),
    ("1978/open", "write '1978/..'"),
    ("1978 - present", "write '1978/..'"),
    ("open", SAY),
    ("", SAY),
    ("/", SAY),
    ("..", SAY),
    ("../", SAY),
    ("../1949", "write '/1949'"),
    ("../..", "write '/..'"),
    ("2024-06-25T23:00:00Z", "write '2024-06-25'"),
    ("2024-06-25 23:00", "write '2024-06-25'"),
    ("2024-06-31", "2024-06 has 30 days"),
    ("2024-6-31", "2024-06 has 30 days"),
    ("2024-06-00", "2024-06 has 30 days"),
    ("1900-02-29", "1900-02 has 28 days"),
    ("1971/1900-02-29", "1900-02 has 28 days"),
    ("9999-12-32", "9999-12 has 31 days"),
    ("2024-13", MONTHS),
    ("2024-00-01", MONTHS),
    ("2001-21", MONTHS),
    ("0000", YEARS),
    ("000X", YEARS),
    ("00XX", YEARS),
    ("71", FORM),
    ("-0044", FORM),
    ("Y17E7", FORM),
    ("1971~-11", FORM),
    ("1978/..~", FORM),
    ("1971/1972/1973", FORM),
    ("{1667,1668}", FORM),
    ("[1667,1668]", FORM),
    ("[..]", FORM),
    ("[..1865..]", FORM),
    ("[1865]", FORM),
    ("[1865..]~", FORM),
    ("[1971..]/1980", FORM),
    ("1971-11-02\n", "write '1971-11-02'"),
    ("\xa01971", "write '1971'"),
    ("1971/\n", "write '1971/'"),
    ("\u0661\u0669\u0667\u0661", FORM),
    ("1971-1\uff11", FORM),
]

HOSTILE = [
    "1" * 10_000,
    " " * 9_999 + "1",
    "1971" + "\n" * 9_996,
    "/" * 10_000,
    "[.." * 3_334,
    "1971-" * 2_000,
    "-XX" * 3_334 + "-",
    "circa " * 1_667,
    "~?" * 5_000,
    "\N{ARABIC-INDIC DIGIT ONE}" * 10_000,
    "\udc80" * 10_000,
]


def days_of_century(start: int) -> list[str]:
    first, after = date(start, 1, 1), date(start + 99, 12, 31).toordinal() + 1
    return [(first + timedelta(n)).isoformat() for n in range(after - first.toordinal())]


# A common and a leap century year, and the last century there is.
DAYS = days_of_century(1900) + days_of_century(2000) + days_of_century(9900)


def possible_days(text: str) -> list[str]:
    """Return the ISO dates that match a date digit by digit; X matches any digit.

    An approximate date has those of the dates before and after it too: `~` is a step in the last
    digits that are written.
    """
    days = matching(DAYS, text.rstrip("~?%").replace("X", "?") + "*")
    if text[-1] not in "~%":
        return days
    first, last = (date.fromisoformat(day) for day in (min(days), max(days)))
    written = text.rstrip("~?%")
    if written.count("-") == 2:
        ends = [first.toordinal() - 1, min(last.toordinal() + 1, date.max.toordinal())]
        return [date.fromordinal(end).isoformat() for end in ends]
    months = 1 if "-" in written else 12 * 10 ** written.count("X")
    year, month = divmod(first.year * 12 + first.month - 1 - months, 12)
    # The day before a month that lies two steps later is the last of the next step.
    over, after = divmod(last.year * 12 + last.month + months, 12)
    end = date.max if over > 9999 else date(over, after + 1, 1) - timedelta(1)
    return [date(year, month + 1, 1).isoformat(), end.isoformat()]


def shapes_of(day: str) -> list[str]:
    return [day, day[:7], day[:4], day[:3] + "X", day[:2] + "XX"]


QUALIFIERS = st.sampled_from(["", "~", "?", "%"])
UNQUALIFIED = st.sampled_from(DAYS).flatmap(lambda day: st.sampled_from(shapes_of(day)))
DATES = st.builds(str.__add__, UNQUALIFIED, QUALIFIERS)
TEXTS = st.one_of(
    DATES,
    st.builds("{}/{}".format, DATES, DATES),
    st.builds("{}/..".format, DATES),
    st.builds("{}/".format, DATES),
    st.builds("/{}".format, DATES),
    st.builds("[{}..]".format, DATES),
    st.builds("[..{}]".format, DATES),
)
NEARLY = st.text("0123456789X-/.[]~?% xucT:s\n", max_size=24)


def iso(bounds: Bounds) -> list[str | None]:
    dates = bounds.earliest_start, bounds.latest_start, bounds.earliest_end, bounds.latest_end
    return [day.isoformat() if day else None for day in dates]


def refusal(read: Callable[[str], object], text: str) -> InputError:
    with pytest.raises(InputError) as caught:
        read(text)
    return caught.value


def help_of(read: Callable[[str], object], text: str) -> str | None:
    """Return the help of the error for a text, or None if the text is valid."""
    try:
        read(text)
    except InputError as error:
        return error.help or ""
    return None


@pytest.mark.parametrize("row", ROWS)
def test_a_text_has_the_bounds_of_the_table(row: str) -> None:
    """Each form of the profile gives the four bounds, and `ongoing`, of its row."""
    text, *cells, ongoing = (cell.strip() for cell in row.split("|"))
    expected = [None if cell == "-" else cell for cell in cells]

    bounds = parse(text)

    assert expected == iso(bounds)
    assert (ongoing == "true") == bounds.ongoing
    assert not bounds.approximate
    assert not bounds.uncertain


@pytest.mark.parametrize(("text", "help"), REFUSED)
def test_a_refused_text_is_shown_with_what_would_be_right(text: str, help: str) -> None:
    """The message quotes the whole text; the help is specific where it can be."""
    error = refusal(parse, text)

    assert repr(text) in str(error)
    assert (error.help or "").startswith(help)


@pytest.mark.parametrize(
    ("text", "help"),
    [
        ("02/11/1971", DAY_FORM),
        ("1971-11", DAY_FORM),
        ("1971-11-02~", DAY_FORM),
        ("1971-11-02\n", DAY_FORM),
        ("1971-11-0\uff12", DAY_FORM),
        ("196X-11-02", DAY_FORM),
        ("", DAY_FORM),
        ("2024-06-31", "2024-06 has 30 days"),
        ("2024-13-01", MONTHS),
        ("0000-01-01", YEARS),
    ],
)
def test_a_day_is_year_month_and_day_and_nothing_else(text: str, help: str) -> None:
    """A coarser, a qualified or an impossible day is refused in the same style."""
    error = refusal(parse_day, text)

    assert repr(text) in str(error)
    assert (error.help or "").startswith(help)


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("read", [parse, parse_day])
def test_a_huge_text_is_refused_quickly_and_shown_shortened(
    read: Callable[[str], object], text: str
) -> None:
    """Ten thousand characters cost neither time nor a screenful of message."""
    start = time.perf_counter()
    error = refusal(read, text)
    seconds = time.perf_counter() - start

    assert seconds < 0.1
    assert len(str(error)) < 1_000
    assert "…" in str(error)


@pytest.mark.slow
@pytest.mark.parametrize("year", ["1900", "2000", "2023", "2024"])
def test_a_day_is_read_exactly_when_the_calendar_has_it(year: str) -> None:
    """Of all four-digit endings only those of real days are accepted."""
    expected = [day for day in DAYS if day.startswith(year)]

    texts = [f"{year}-{month:02}-{day:02}" for month in range(100) for day in range(100)]

    assert expected == [text for text in texts if help_of(parse_day, text) is None]


@trials(60)
@given(DATES)
@example("19XX")
@example("2000-02")
@example("9999-12")
def test_a_date_is_bounded_by_its_first_and_last_matching_day(text: str) -> None:
    """The bounds of a date are the extremes of the days that its digits match."""
    possible = possible_days(text)
    expected = [min(possible), max(possible)] * 2

    assert expected == iso(parse(text))


@trials(60)
@given(DATES, DATES)
@example("1949", "194X")
@example("1949-02", "1949-01")
def test_an_interval_takes_its_start_from_the_one_date_and_its_end_from_the_other(
    start: str, end: str
) -> None:
    """They are in order when some possible start is no later than some possible end."""
    starts, ends = possible_days(start), possible_days(end)
    expected = [min(starts), max(starts), min(ends), max(ends)]

    bounds = parse(f"{start}/{end}")

    assert expected == iso(bounds)
    assert (min(starts) <= max(ends)) == bounds.in_order


@given(DATES)
def test_an_end_left_open_or_unknown_bounds_nothing(text: str) -> None:
    """Only the other end has bounds."""
    first, last = iso(parse(text))[:2]

    assert [first, last, None, None] == iso(parse(f"{text}/.."))
    assert [first, last, None, None] == iso(parse(f"{text}/"))
    assert [None, None, first, last] == iso(parse(f"/{text}"))
    assert [first, None, first, None] == iso(parse(f"[{text}..]"))
    assert [None, last, None, last] == iso(parse(f"[..{text}]"))


@given(TEXTS)
def test_only_an_open_end_is_ongoing_and_only_a_closed_interval_can_be_reversed(text: str) -> None:
    """`..` in a set is not an open end, and an end that is missing excludes no start."""
    bounds = parse(text)

    assert text.endswith("/..") == bounds.ongoing
    assert bounds.in_order or re.fullmatch("[^/]+/[0-9][^/]+", text)


@given(TEXTS)
def test_only_what_is_approximate_has_wider_bounds(text: str) -> None:
    """`~` anywhere is approximate, `?` uncertain, `%` both; `?` leaves the bounds as they are."""
    bounds = parse(text)
    exact = parse(re.sub("[~?%]", "", text))

    assert bool(re.search("[~%]", text)) == bounds.approximate
    assert bool(re.search("[?%]", text)) == bounds.uncertain
    assert bounds._replace(uncertain=False) == parse(text.replace("?", "").replace("%", "~"))
    if not bounds.approximate:
        assert exact == bounds._replace(uncertain=False)
    for wide, narrow, side in zip(iso(bounds), iso(exact), (-1, 1, -1, 1), strict=True):
        assert (wide is None) == (narrow is None)
        assert not wide or not narrow or (wide <= narrow if side < 0 else wide >= narrow)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("1923~", "1922-01-01", "1924-12-31"),
        ("1924-02~", "1924-01-01", "1924-03-31"),
        ("1924-03-01%", "1924-02-29", "1924-03-02"),
        ("192X~", "1910-01-01", "1939-12-31"),
        ("19XX~", "1800-01-01", "2099-12-31"),
        ("0001~", "0001-01-01", "0002-12-31"),
        ("9999-12-31~", "9999-12-30", "9999-12-31"),
    ],
)
def test_an_approximate_date_may_be_off_by_one_of_its_unit(
    text: str, first: str, last: str
) -> None:
    assert [first, last] * 2 == iso(parse(text))
    assert [first, last, None, None] == iso(parse(f"{text}/"))


@given(st.dates(), st.integers(0, 300), st.integers(0, 40))
def test_a_day_moved_by_a_duration_moves_back(day: date, months: int, days: int) -> None:
    assert later(day, f"P{days}D").toordinal() == min(day.toordinal() + days, date.max.toordinal())
    assert earlier(day, f"P{days}D").toordinal() == max(day.toordinal() - days, 1)
    moved = later(day, f"P{months}M")
    assert moved == date.max or (moved.year - day.year) * 12 + moved.month - day.month == months
    assert moved == later(day, f"P{months // 12}Y{months % 12}M")


@pytest.mark.parametrize("text", ["", "P", "8Y", "-P1Y", "P1.5Y", "PT1H", "P1Y2", "P1D1M"])
def test_a_duration_has_years_months_and_days(text: str) -> None:
    with pytest.raises(InputError, match="not a duration"):
        later(date(2000, 1, 1), text)


@given(st.dates())
def test_a_day_written_as_iso_text_reads_back(day: date) -> None:
    """Every day that Python supports round-trips, alone and as an interval of one day."""
    text = day.isoformat()

    assert day == parse_day(text)
    assert Bounds(day, day, day, day) == parse(text) == parse(f"{text}/{text}")


@given(TEXTS)
def test_an_interval_of_outer_bounds_has_the_same_outer_bounds(text: str) -> None:
    """The bounds of a date can be written as an interval of days with the same bounds."""
    first, _, _, last = iso(parse(text))

    if first or last:
        again = parse(f"{first or ''}/{last or ''}")

        assert [first, first, last, last] == iso(again)
        assert parse(text).in_order == again.in_order


@trials(500)
@given(st.text() | NEARLY | st.builds("{}{}{}".format, NEARLY, TEXTS, NEARLY))
@example("0000-1")
@example("unknown/open")
def test_any_text_is_read_or_refused_with_help_that_holds(text: str) -> None:
    """Only `InputError` is raised, and a suggested spelling is valid."""
    for read in (parse, parse_day):
        help = help_of(read, text)
        suggested = re.fullmatch(r"write '([^' ]+)'", help or "")

        assert help != ""
        assert not suggested or parse(suggested[1])


@given(TEXTS, st.sampled_from(["\n", " ", "\t", "\u2003", "\x00", "Z"]))
def test_no_character_may_stand_around_a_text(text: str, extra: str) -> None:
    """White space is not trimmed, not even a newline at the end."""
    refusal(parse, text + extra)
    refusal(parse, extra + text)


def test_the_datatype_is_that_of_the_library_of_congress() -> None:
    """`DATATYPE` is the IRI that typed literals carry."""
    assert DATATYPE == "http://id.loc.gov/datatypes/edtf/EDTF"
