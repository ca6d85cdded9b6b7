"""Tests of the EDTF profile, against a calculation without calendar rules."""

import re
import time
from collections.abc import Callable
from datetime import date, timedelta
from fnmatch import filter as matching
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from trials import trials

from relations_kg.errors import InputError
from relations_kg.rdf.dates import DATATYPE, Bounds, correction, parse
from relations_kg.rdf.days import day_of
from relations_kg.rdf.durations import earlier, later

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
1XXX                  | 1000-01-01 | 1999-12-31 | 1000-01-01 | 1999-12-31 |
19X5                  | 1905-01-01 | 1995-12-31 | 1905-01-01 | 1995-12-31 |
2004-XX               | 2004-01-01 | 2004-12-31 | 2004-01-01 | 2004-12-31 |
2004-06-XX            | 2004-06-01 | 2004-06-30 | 2004-06-01 | 2004-06-30 |
2004-XX-12            | 2004-01-12 | 2004-12-12 | 2004-01-12 | 2004-12-12 |
2004-XX-31            | 2004-01-31 | 2004-12-31 | 2004-01-31 | 2004-12-31 |
1984-1X               | 1984-10-01 | 1984-12-31 | 1984-10-01 | 1984-12-31 |
1984-02-2X            | 1984-02-20 | 1984-02-29 | 1984-02-20 | 1984-02-29 |
196X-05               | 1960-05-01 | 1969-05-31 | 1960-05-01 | 1969-05-31 |
156X-12-25            | 1560-12-25 | 1569-12-25 | 1560-12-25 | 1569-12-25 |
190X-02-29            | 1904-02-29 | 1908-02-29 | 1904-02-29 | 1908-02-29 |
1971-21               | 1971-01-01 | 1971-03-31 | 1971-01-01 | 1971-03-31 |
197X-24               | 1970-10-01 | 1979-12-31 | 1970-10-01 | 1979-12-31 |
1971-34               | 1971-04-01 | 1971-06-30 | 1971-04-01 | 1971-06-30 |
1971-41/1972-40       | 1971-07-01 | 1971-12-31 | 1972-01-01 | 1972-06-30 |
[1874..1875]          | 1874-01-01 | 1875-12-31 | 1874-01-01 | 1875-12-31 |
[1874-03..1875-02-11] | 1874-03-01 | 1875-02-11 | 1874-03-01 | 1875-02-11 |
[1874,1875]           | 1874-01-01 | 1875-12-31 | 1874-01-01 | 1875-12-31 |
[1876,1874-05,1870]   | 1870-01-01 | 1876-12-31 | 1870-01-01 | 1876-12-31 |
[1667,1670..1672]     | 1667-01-01 | 1672-12-31 | 1667-01-01 | 1672-12-31 |
[..1760,1762]         | -          | 1762-12-31 | -          | 1762-12-31 |
[1760,1762-05..]      | 1760-01-01 | -          | 1760-01-01 | -          |
{1960,1961-12}        | 1960-01-01 | 1961-12-31 | 1960-01-01 | 1961-12-31 |
{1960..1962,1965}     | 1960-01-01 | 1965-12-31 | 1960-01-01 | 1965-12-31 |
0000                  | -          | 0001-01-01 | -          | 0001-01-01 |
000X                  | -          | 0009-12-31 | -          | 0009-12-31 |
-0138                 | -          | 0001-01-01 | -          | 0001-01-01 |
-01XX/0220            | -          | 0001-01-01 | 0220-01-01 | 0220-12-31 |
[-0138..0097]         | -          | 0097-12-31 | -          | 0097-12-31 |
""".strip().splitlines()

NO_SET = "an interval has one date at each end, not a set"
FORM = "write year, month, day in that order: '1971-11-02', '196X', '2009-04/..'"
SAY = "give what is known: "
YEARS = "years run from 0001 to 9999"
MONTHS = "months run from 01 to 12"

REFUSED = [
    ("circa 1946", "write '1946~'"),
    ("c. 1946", "write '1946~'"),
    ("ca 1946-05", "write '1946-05~'"),
    ("approximately 1946", "write '1946~'"),
    ("about 1946/circa 1950", "write '1946~/1950~'"),
    ("1960s", "write '196X'"),
    ("1960's", "write '196X'"),
    ("circa 1960s", "write '196X~'"),
    ("1900s", "write '190X' for the decade, or '19XX' for the century"),
    ("196x", "write '196X'"),
    ("19uu", "write '19XX'"),
    ("1971-11-uu", "write '1971-11-XX'"),
    ("1971-uu-uu", "write '1971-XX-XX'"),
    ("1971-xx", "write '1971-XX'"),
    ("1971-u", FORM),
    ("2024/11", "write '2024-11'"),
    ("1905/06", "write '1905-06' or '1905/1906', whichever is meant"),
    (
        "1849..1857",
        "write '1849/1857' for a state that lasted all the time, '[1849..1857]' for one date "
        "within it",
    ),
    ("[..1865", "write '[..1865]', with both brackets"),
    ("1971,1972]", "write '[1971,1972]', with both brackets"),
    ("1971/?", "write '1971/' if the end is unknown, '1971/..' if it is still going on"),
    ("?/1971", "write '/1971' if the start is unknown"),
    ("[ 1865..]", FORM),
    ("[..1865 ]", FORM),
    ("1984?~", "write '1984%'"),
    ("1984~~", FORM),
    ("02/11/1971", "write '1971-02-11' or '1971-11-02', whichever is meant"),
    ("1971\u201111\u201102", "write '1971-11-02'"),
    ("+1971-00-00T00:00:00Z", "write '1971'"),
    ("2 de noviembre de 1971", "write '1971-11-02'"),
    ("del 17 al 19 de Setiembre del 1971", "write '1971-09-17/1971-09-19'"),
    ("antes de mayo de 1971", "write '[..1971-05]'"),
    ("1971年11月2日", "write '1971-11-02'"),
    ("1971 年 11 月", "write '1971-11'"),
    ("1971年13月", FORM),
    ("2.XI.1971", "write '1971-11-02'"),
    ("2.XIII.1971", FORM),
    ("2.XI/1971", FORM),
    ("11/22/1971 12:00 AM", "write '1971-11-22'"),
    ("22/11/1971 00:00:00", "write '1971-11-22'"),
    ("13/vi/1971", "write '1971-06-13'"),
    ("Abt. 1809", "write '1809~'"),
    ("BET 1731 AND 1734", "write '[1731..1734]'"),
    ("Bef. 26 May 1776", "write '[..1776-05-26]'"),
    ("May 1990 - June 1991", "write '1990-05/1991-06'"),
    ("07 VIII 1971", "write '1971-08-07'"),
    ("1971-11-00T00:00:00Z", "write '1971-11'"),
    ("+1971-01-01T00:00:00Z/9", "write '1971'"),
    ("-0044-03-01T00:00:00Z/10", "write '-0044-03'"),
    ("+1971-11-02T00:00:00Z/11", "write '1971-11-02'"),
    ("+1800-01-01T00:00:00Z/7", FORM),
    ("1971\u201311\u201302", "write '1971-11-02'"),
    ("\uff11\uff19\uff17\uff11", "write '1971'"),
    ("2\u00a0November\u00a01971", "write '1971-11-02'"),
    ("2 November 1971", "write '1971-11-02'"),
    ("02.11.1971", "write '1971-02-11' or '1971-11-02', whichever is meant"),
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
    ("../1949", "the start cannot be open; if it is unknown, write '/1949'"),
    ("open/1949", "the start cannot be open; if it is unknown, write '/1949'"),
    ("../..", "the start cannot be open; if it is unknown, write '/..'"),
    ("2016-05-02T24:00:00", FORM),
    ("2016-05-02T23:59:59.5Z", "write '2016-05-02'"),
    ("2016-05-02T25:00", FORM),
    ("~ 5 Nov 1990", "write '1990-11-05~'"),
    ("~5 Nov 1990", "write '1990-11-05~'"),
    ("~1990-11 / 1991", "write '~1990-11/1991'"),
    ("?~1990-11", "write '%1990-11'"),
    ("2024-06-25T23:00:00Z", "write '2024-06-25'"),
    ("2024-06-25 23:00", "write '2024-06-25'"),
    ("2024-06-31", "2024-06 has 30 days"),
    ("2024-6-31", "2024-06 has 30 days"),
    ("2024-06-00", "write '2024-06'"),
    ("2024-00-00", "write '2024'"),
    ("2024-00", "leave out a month that is unknown, or write '2024-XX'"),
    ("2024-0X-00", "leave out a day that is unknown, or write '2024-0X-XX'"),
    ("1900-02-29", "1900-02 has 28 days"),
    ("1971/1900-02-29", "1900-02 has 28 days"),
    ("9999-12-32", "9999-12 has 31 days"),
    ("2024-13", MONTHS),
    ("2024-00-01", "leave out a month that is unknown"),
    ("71", "write the year with four digits"),
    ("-138", "write the year with four digits: '-0138'"),
    ("Nov-71", "write the year with four digits"),
    ("Y17E7", "years run from -9999 to 9999"),
    # Brackets, marks and notes around a date, and years that a program read as numbers.
    ("(1971)", "write '1971'"),
    ("[c. 1971]", "write '1971~'"),
    ("{1971}", "write '1971'"),
    ("1971 (?)", "write '1971?'"),
    ("'1971", "write '1971'"),
    ("+1971", "write '1971'"),
    ("1971.0", "write '1971'"),
    ("1971-11-02Z", "write '1971-11-02'"),
    ("2 Nov 1971[3]", "leave out '[3]', and write '1971-11-02'"),
    ("1971*", "leave out '*', and write '1971'"),
    *[(text, SAY) for text in ("n.d.", "s/f", "?", "\u2014", "N/A", "undated")],
    *[(text, "write X for each unknown digit: '196X'") for text in ("196?", "196-", "196-?")],
    ("19--", "write X for each unknown digit: '19XX'"),
    ("Nov\u2013Dec 1971", "write '1971-11/1971-12'"),
    ("1960s-70s", "write '196X/197X'"),
    ("1985-W05", "write '[1985-01-28..1985-02-03]', a day of that week"),
    ("1985W052", "write '1985-01-29'"),
    ("1985-W54", "1985 has no week 54"),
    ("1971-306", "write '1971-11-02'"),
    ("1985/P3Y", "write '1985/1988', the first and the last date"),
    ("1985-04/+3M", "write the last date, and not how long it lasted"),
    # Other languages and eras.
    ("le 2 novembre 1971", "write '1971-11-02'"),
    ("1er août 1971", "write '1971-08-01'"),
    ("2.\u20135. Oktober 1971", "write '1971-10-02/1971-10-05'"),
    ("2. Nov. 1971", "write '1971-11-02'"),
    ("2 de março de 1971", "write '1971-03-02'"),
    ("2 dicembre 1971", "write '1971-12-02'"),
    ("2 ноября 1971 года", "write '1971-11-02'"),
    ("昭和46年11月2日", "write '1971-11-02'"),
    ("Shōwa 46", "write '1971'"),
    ("令和元年", "write '2019'"),
    ("民國60年", "write '1971'"),
    ("明治5年11月2日", FORM),
    ("1978/..~", FORM),
    ("1971/1972/1973", FORM),
    ("[..]", FORM),
    ("[..1865..]", FORM),
    ("[1865]", "write '1865'"),
    ("[1865..]~", FORM),
    (
        "[1971..]/1980",
        f"{NO_SET}: give '[1971..]' to the event in rkg:startedBy, and write '/1980'",
    ),
    ("1880/[1890,1891]", f"{NO_SET}: give '[1890,1891]' to the event in rkg:endedBy, and write"),
    (
        "[1874..]/",
        f"{NO_SET}: give '[1874..]' to the event in rkg:startedBy, and leave the date out",
    ),
    ("[1874-05-03,1874-05-06]/..", f"{NO_SET}: give '[1874-05-03,1874-05-06]' to the event"),
    ("{1874,1875}/[..1880]", f"{NO_SET}: give '{{1874,1875}}' to the event in rkg:startedBy and"),
    ("[1875..1874]/1880", "write the earlier date of a set first"),
    ("[1874..]/1880-13", MONTHS),
    ("[1971..]/1972/1973", FORM),
    ("1971-11-02\n", "write '1971-11-02'"),
    ("\xa01971", "write '1971'"),
    ("1971/\n", "write '1971/'"),
    ("\u0661\u0669\u0667\u0661", FORM),
    ("1971-1\uff11", "write '1971-11'"),
    ("1971-1\u0661", FORM),
    ("before 1949", "write '[..1949]'"),
    ("on or before 5 Nov. 1990", "write '[..1990-11-05]'"),
    ("after c. 1900", "write '[1900~..]'"),
    ("since May 1978", "write '1978-05/..'"),
    ("19th century", "write '18XX'"),
    ("in the nineteenth century", "write '18XX'"),
    ("2nd century BC", "write '-01XX'"),
    ("1st century BC", FORM),
    ("139 BC", "write '-0138'"),
    ("1 BCE", "write '0000'"),
    ("AD 97", "write '0097'"),
    ("spring 1971", "write '1971-21'"),
    ("fall of 1971", "write '1971-23'"),
    ("winter 1971/72", "write a set of the dates that it can be, such as '[1971-12..1972-02]'"),
    ("second quarter of 1971", "write '1971-34'"),
    ("fifth quarter of 1971", FORM),
    ("second half of 1971", "write '1971-41'"),
    ("third half of 1971", FORM),
    ("between 1874 and 1875", "write '[1874..1875]'"),
    ("between 1875 and 1874", "write the earlier date of a set first"),
    ("1874 or 1875", "write '[1874,1875]'"),
    ("1870, 1874-05 or 1875", "write '[1870,1874-05,1875]'"),
    ("1874 and 1876", "write '{1874,1876}'"),
    ("from 1958 to 1967", "write '1958/1967'"),
    ("5 Nov 1990", "write '1990-11-05'"),
    ("November 5th, 1990", "write '1990-11-05'"),
    ("1990 November 5", "write '1990-11-05'"),
    ("31 June 1990", "1990-06 has 30 days"),
    ("Sept. 1990", "write '1990-09'"),
    ("June 25\u201329, 2024", "write '2024-06-25/2024-06-29'"),
    ("13/11/1971", "write '1971-11-13'"),
    ("11/13/1971", "write '1971-11-13'"),
    ("05.05.1971", "write '1971-05-05'"),
    ("1874-75", "write '1874/1875'"),
    ("1978-9", "write '1978-09' or '1978/1979'"),
    ("1971-1", "write '1971-01'"),
    ("1840s\u20131850s", "write '184X/185X'"),
    ("before the 1860s", "write a set of the dates that it can be, such as '[..1859]'"),
    ("early 1960s", "write a set of the dates that it can be, such as '[1960..1963]'"),
    ("mid-1974", "write a set of the dates that it can be, such as '[1974-05..1974-08]'"),
    ("until 1949", "write '/1949'"),
    ("perhaps 1923", "write '1923?'"),
    ("perhaps about 1923", "write '1923%'"),
    ("[1667, 1672-12]", "write '[1667,1672-12]'"),
    ("[1875..1874]", "write the earlier date of a set first"),
    ("[..1760..1762]", FORM),
    ("[1760..1761..1762]", FORM),
    ("[1760..,1761]", FORM),
    ("[1760,]", FORM),
    ("{1760]", FORM),
    ("[[1760,1761]]", FORM),
    ("XXXX", SAY),
    ("XXXX-XX", SAY),
    ("-0000", "write the year before 0001 as '0000'"),
    ("156X-11-31", "156X-11 has no day 31"),
    ("15X3-02-29", "15X3-02 has no day 29"),
    ("15XX-2X-25", MONTHS),
    ("1971-21-05", "a season, a quarter or a half of a year cannot have a day"),
    ("1971-25", MONTHS),
    ("-1914-45", MONTHS),
    ("1971-42", MONTHS),
    ("?1971?~", "write '?1971%'"),
    ("1950S2", "write X for each unknown digit: '19XX'"),
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


# Centuries that begin with a common and with a leap year, and the last one of the profile.
DAYS = days_of_century(1900) + days_of_century(2000) + days_of_century(9900)


def possible_days(text: str) -> list[str]:
    """Return the ISO dates that match a date digit by digit; X matches any digit.

    For an approximate date, the days of the dates before and after it match too: `~` allows one
    step in the last written digits.
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
    # The last day of a month is the day before the next month begins.
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
    st.builds("[{},{}]".format, DATES, DATES),
    st.builds("{{{},{}}}".format, DATES, DATES),
)
NEARLY = st.text("0123456789X-/.,[]{}~?% xucT:s\n", max_size=24)


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


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("read", [parse, day_of])
def test_a_huge_text_is_refused_quickly_and_shown_shortened(
    read: Callable[[str], object], text: str
) -> None:
    """Even ten thousand characters are refused at once, with a short message."""
    start = time.thread_time()
    error = refusal(read, text)
    seconds = time.thread_time() - start

    assert seconds < 0.1
    assert len(str(error)) < 1_000
    assert "…" in str(error)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("year", "months", "days"),
    [
        *(("1900", 14, 33), ("2000", 14, 33), ("2023", 100, 33), ("2024", 14, 100)),
        pytest.param("2024", 100, 100, marks=pytest.mark.whole),
    ],
)
def test_a_day_is_read_exactly_when_the_calendar_has_it(year: str, months: int, days: int) -> None:
    """All months and days below these numbers are tried; only calendar days are accepted."""
    expected = [day for day in DAYS if day.startswith(year)]

    texts = [f"{year}-{month:02}-{day:02}" for month in range(months) for day in range(days)]

    assert expected == [text for text in texts if help_of(day_of, text) is None]


@pytest.mark.slow
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


@pytest.mark.slow
@trials(60)
@given(DATES, DATES)
@example("1949", "194X")
@example("1949-02", "1949-01")
def test_an_interval_takes_its_start_from_the_one_date_and_its_end_from_the_other(
    start: str, end: str
) -> None:
    """Its ends are in order if some possible start is no later than some possible end."""
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
        ("~1923", "1922-01-01", "1924-12-31"),
        ("1971~-11-02", "1970-11-02", "1972-11-02"),
        ("1971-11~-02", "1971-10-02", "1971-12-02"),
        ("1971-~11-02", "1971-10-02", "1971-12-02"),
        ("1971-11-~02", "1971-11-01", "1971-11-03"),
        ("~1971-11-02%", "1970-11-01", "1972-11-03"),
        ("1971?-11-02", "1971-11-02", "1971-11-02"),
        ("1971-22~", "1971-01-01", "1971-09-30"),
        ("1971-40~", "1970-07-01", "1971-12-31"),
        ("196X-12-25~", "1960-12-24", "1969-12-26"),
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

    assert day == day_of(text)
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
    for read in (parse, day_of):
        help = help_of(read, text)
        suggested = re.fullmatch(r"write '([^' ]+)'", help or "")

        assert help != ""
        assert not suggested or parse(suggested[1])


MONTHS_IN_WORDS = [date(2000, month, 1).strftime("%B") for month in range(1, 13)]


def in_words(text: str) -> str:
    """Return a date in words that a source might have."""
    written = text.rstrip("~?%")
    year, month, day = (*written.split("-"), "", "")[:3]
    name = MONTHS_IN_WORDS[int(month) - 1] if month else ""
    words = f"{day} {name} {year}".strip()
    if year.endswith("XX") and year != "99XX":
        words = f"{int(year[:2]) + 1}th century"
    elif year[2].isdigit() and year.endswith("X"):
        words = f"{year[:3]}0s" if year[2] != "0" else year
    before = {"~": "about ", "?": "perhaps ", "%": "possibly circa "}
    return before.get(text[len(written) :], "") + words


EXACT_DATES = st.builds(
    str.__add__,
    st.sampled_from(DAYS).flatmap(lambda day: st.sampled_from(shapes_of(day)[:3])),
    QUALIFIERS,
)
FORMS_IN_WORDS = [
    ("{}", "{}", DATES),
    ("before {}", "[..{}]", EXACT_DATES),
    ("no earlier than {}", "[{}..]", EXACT_DATES),
    ("Since {}", "{}/..", DATES),
]


@trials(200)
@given(
    st.sampled_from(FORMS_IN_WORDS).flatmap(
        lambda form: st.tuples(st.just(form[0]), st.just(form[1]), form[2])
    )
)
@example(("{}", "{}", "1990-11-05"))
def test_a_correction_keeps_bounds_qualifiers_and_value(case: tuple[str, str, str]) -> None:
    """Words written from a date are corrected to that date, with its precision and qualifiers."""
    words, form, date = case
    expected = form.format(date)
    right = correction(words.format(in_words(date)))

    assert right == expected
    assert parse(right) == parse(expected)


@trials(200)
@given(
    DATES,
    DATES,
    st.sampled_from(
        [
            ("between {} and {}", "[{}..{}]"),
            ("{} or {}", "[{},{}]"),
            ("{} and {}", "{{{},{}}}"),
            ("from {} to {}", "{}/{}"),
            ("{} until {}", "{}/{}"),
        ]
    ),
)
def test_a_correction_of_two_dates_keeps_both(one: str, other: str, form: tuple[str, str]) -> None:
    """A date between two in the wrong order is not corrected."""
    right = correction(form[0].format(in_words(one), in_words(other)))
    expected = form[1].format(one, other)

    if form[1] == "[{}..{}]" and not parse(f"{one}/{other}").in_order:
        assert right is None
    else:
        assert right == expected


@trials(300)
@given(NEARLY | st.builds("{}{}{}".format, NEARLY, TEXTS, NEARLY))
def test_a_correction_invents_no_digit(text: str) -> None:
    """Each number of a correction is one of the text, without the zeros that pad it."""
    right = correction(text)
    if right is None or parse_or_none(text) == parse(right):
        return
    numbers = re.findall("[0-9]+", re.sub("[^0-9]", " ", text))
    assert all(
        any(number.lstrip("0") in known for known in numbers)
        for number in re.findall("[0-9]+", right)
    )


def parse_or_none(text: str) -> Bounds | None:
    try:
        return parse(text)
    except InputError:
        return None


PARTLY = st.builds(
    lambda day, marks: "".join(map("".join, zip(marks, day.split("-"), strict=False))).replace(
        "|", "-"
    ),
    st.sampled_from(DAYS).flatmap(lambda day: st.sampled_from(shapes_of(day)[:3])),
    st.tuples(
        *(
            st.sampled_from([f"{dash}{mark}" for mark in ("", "~", "?", "%")])
            for dash in ("", "|", "|")
        )
    ),
)
# Ways in which people spell the same date differently.
SPELLINGS: list[Callable[[str], str]] = [
    lambda text: f" {text}\n",
    lambda text: text.replace("/", " / ").replace("..", " .. ").replace(",", " , "),
    lambda text: text.lower(),
    lambda text: text.replace("X", "u"),
    lambda text: text.replace("%", "?~"),
    lambda text: text.replace("%", "~?"),
    lambda text: re.sub("^/", "unknown/", text),
    lambda text: re.sub("/$", "/unknown", text),
    lambda text: re.sub(r"/\.\.$", "/open", text),
    lambda text: re.sub("[~?%]$", r" \g<0>", text),
    lambda text: "\u200e" + text.replace("-", "\u2011"),
    lambda text: re.sub("[0-9]", lambda digit: chr(0xFF10 + int(digit[0])), text),
]


@trials(300)
@given(TEXTS | PARTLY | st.builds("{}/{}".format, PARTLY, PARTLY), st.sampled_from(SPELLINGS))
@example("~1984-05", SPELLINGS[0])
@example("~1984-05/", SPELLINGS[7])
def test_another_spelling_of_a_date_is_corrected_to_the_same_bounds(
    text: str, spelling: Callable[[str], str]
) -> None:
    """A correction is certain, so its bounds and qualifiers are those of the date."""
    right = correction(spelling(text))

    assert right is None or parse(right) == parse(text)


@given(TEXTS)
def test_a_valid_date_is_its_own_correction(text: str) -> None:
    """No rewrite changes what is valid already."""
    assert correction(text) == text


def test_the_dates_that_other_libraries_call_valid_are_read(judges: Path) -> None:
    """Only vectors with a time of day, or outside the profile, are refused."""
    rows = [line.split("\t") for line in (judges / "edtf.tsv").read_text().splitlines()[1:]]
    outside = re.compile(
        r"T|Y|S\d| |^-?\d{2,3}[~?%]?$|^-?\d{4}-(2[5-9]|3[0-2]|3[7-9])$|^\.\./|^/$|^XXXX(-XX)*$"
    )
    valid = [text for _, text, is_valid, _ in rows if is_valid == "yes"]
    refused = {text for text in valid if parse_or_none(text) is None}

    assert len(valid) > 400
    assert refused == {text for text in valid if outside.search(text)}


def test_the_dates_that_all_libraries_call_invalid_are_refused(judges: Path) -> None:
    """An interval in the wrong order is read, since a shape reports it with its place."""
    rows = [line.split("\t") for line in (judges / "edtf.tsv").read_text().splitlines()[1:]]
    valid = {text for _, text, is_valid, _ in rows if is_valid == "yes"}
    read = {
        text: bounds
        for _, text, is_valid, _ in rows
        if is_valid == "no" and text not in valid and (bounds := parse_or_none(text))
    }

    assert {text for text in read if "/" not in text} == set()
    assert read


@given(TEXTS, st.sampled_from(["\n", " ", "\t", "\u2003", "\x00", "Z"]))
def test_no_character_may_stand_around_a_text(text: str, extra: str) -> None:
    """White space is not trimmed, not even a newline at the end."""
    refusal(parse, text + extra)
    refusal(parse, extra + text)


def test_the_datatype_is_that_of_the_library_of_congress() -> None:
    """`DATATYPE` is the IRI of the datatype in literals."""
    assert DATATYPE == "http://id.loc.gov/datatypes/edtf/EDTF"


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("early 1924", "[1924-01..1924-03]"),
        ("mid-1911", "[1911-05..1911-08]"),
        ("Late February 1904", "[1904-02-21..1904-02-29]"),
        ("the late 1860s", "[1867..1869]"),
        ("in the middle of the 1970s", "[1974..1976]"),
        ("second half of the 17th century", "[1650..1699]"),
        ("late 1800s", "[1867..1899]"),
        ("early 2000s", "[2000..2003]"),
    ],
)
def test_a_part_of_a_period_in_words_is_answered_with_a_set(text: str, right: str) -> None:
    with pytest.raises(InputError) as refused:
        parse(text)

    assert refused.value.help
    assert refused.value.help.endswith(f"such as '{right}'")
    assert parse(right)
    assert correction(text) is None
