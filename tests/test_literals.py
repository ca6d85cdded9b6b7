"""Tests of literals: the lexical forms of datatypes, and valid language tags."""

import time
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode

from relations_kg.rdf.dates import DATATYPE
from relations_kg.rdf.literals import Flaw, flaws
from relations_kg.rdf.namespaces import RDF, RKG, XSD

EDTF = DATATYPE.removesuffix("EDTF")
ALLOWED = {
    "integer": ["0", "-0", "+7", "007", "-12", "9" * 5000],
    "decimal": ["1", "1.", ".5", "-1.50", "+0.0"],
    "double": ["1", "1.5", ".5", "1e5", "-1.5E-10", "INF", "-INF", "+INF", "NaN"],
    "float": ["1", "1.e0", "INF", "NaN"],
    "boolean": ["true", "false", "1", "0"],
    "date": ["1971-11-02", "1971-11-02Z", "1971-11-02-05:00", "-0044-03-15", "12345-01-01"],
    "dateTime": [
        "1971-11-02T00:00:00",
        "1971-11-02T23:59:59.999Z",
        "1971-11-02T24:00:00",
        "1971-11-02T24:00:00.00+14:00",
    ],
    "dateTimeStamp": ["1971-11-02T00:00:00Z", "1971-11-02T00:00:00-13:59"],
    "time": ["00:00:00", "24:00:00", "23:59:59.5+08:00"],
    "gYear": ["1971", "0000", "-0044", "12345", "1971Z"],
    "gYearMonth": ["1971-11", "-0044-03", "1971-11+01:00"],
    "gMonthDay": ["--11-02", "--02-29", "--01-31", "--12-31Z"],
    "gMonth": ["--11", "--01Z"],
    "gDay": ["---02", "---31-05:00"],
    "duration": ["P1Y", "-P1Y2M3DT4H5M6.7S", "PT0S", "P1YT1M"],
    "dayTimeDuration": ["P1DT2H", "-PT1.5S"],
    "yearMonthDuration": ["P1Y2M", "-P3M"],
    "hexBinary": ["", "0fB7"],
    "base64Binary": ["", "TGltYQ=="],
    "language": ["es", "zh-Hans-CN", "i-klingon"],
    "nonNegativeInteger": ["0", "-0", "+1", "007"],
    "positiveInteger": ["1", "+01"],
    "nonPositiveInteger": ["0", "-0", "+0", "-1"],
    "negativeInteger": ["-1", "-010"],
    "long": ["9223372036854775807", "-9223372036854775808"],
    "int": ["2147483647", "-2147483648"],
    "short": ["32767", "-32768"],
    "byte": ["127", "-128", "+0127"],
    "unsignedLong": ["18446744073709551615"],
    "unsignedInt": ["4294967295"],
    "unsignedShort": ["65535"],
    "unsignedByte": ["255", "-0", "+255"],
    "string": ["", "anything\n"],
    "token": ["Lima"],
    "anyURI": ["https://example.org/Perú"],
}
REFUSED = {
    "integer": ["", "12 men", "1.0", "1e5", "--1", "+", "1,000", "\u0661"],
    "decimal": ["", ".", "1e5", "INF", "1,5", "1.2.3"],
    "double": ["", "e5", "1e", "inf", "-NaN", "Infinity", "."],
    "float": ["nan", "1f"],
    "boolean": ["", "True", "yes", "01"],
    "date": ["", "1971", "1971-11", "2.11.1971", "71-11-02", "01971-11-02", "1971-11-02T00:00:00"],
    "dateTime": ["1971-11-02", "1971-11-02 00:00:00", "1971-11-02T24:00:01", "1971-11-02T00:00"],
    "dateTimeStamp": ["1971-11-02T00:00:00"],
    "time": ["25:00:00", "00:60:00", "00:00:60", "12:00", "12:00:00+15:00", "12:00:00+14:01"],
    "gYear": ["71", "01971", "1971-11", "196X"],
    "gYearMonth": ["1971", "1971-13", "1971-00", "1971-1"],
    "gMonthDay": ["--13-01", "--11-32", "--02-30", "--04-31", "11-02"],
    "gMonth": ["--13", "11", "--11--"],
    "gDay": ["---00", "---32", "--02"],
    "duration": ["", "P", "PT", "P1YT", "1Y", "P1S", "P-1Y", "P1.5Y", "P1M1Y"],
    "dayTimeDuration": ["P1Y", "P1M", "P"],
    "yearMonthDuration": ["P1D", "PT1H", "P"],
    "hexBinary": ["0", "0g"],
    "base64Binary": ["TGltY", "TGlt*Q=="],
    "language": ["", "es_PE", "spanisch-peru-", "abcdefghi"],
    "nonNegativeInteger": ["-1", "1.0"],
    "positiveInteger": ["0", "-1", "000"],
    "nonPositiveInteger": ["1", "+1"],
    "negativeInteger": ["0", "-0", "1"],
    "long": ["9223372036854775808", "1.0"],
    "int": ["2147483648", "-2147483649"],
    "short": ["32768", "x"],
    "byte": ["128", "-129"],
    "unsignedLong": ["-1", "18446744073709551616"],
    "unsignedInt": ["-1", "4294967296"],
    "unsignedShort": ["65536"],
    "unsignedByte": ["256", "-1"],
}


def typed(text: str, datatype: str) -> list[Flaw]:
    return list(flaws(Literal(text, datatype=NamedNode(datatype))))


def tagged(tag: str) -> list[Flaw]:
    return list(flaws(Literal("Lima", language=tag)))


def pairs(forms: dict[str, list[str]]) -> list[tuple[str, str]]:
    return [(name, text) for name, texts in forms.items() for text in texts]


@pytest.mark.parametrize(("name", "text"), pairs(ALLOWED))
def test_what_a_datatype_allows_has_no_flaw(name: str, text: str) -> None:
    assert [] == typed(text, XSD + name)


@pytest.mark.parametrize(("name", "text"), pairs(REFUSED))
def test_what_a_datatype_does_not_allow_is_a_flaw_of_all_of_the_literal(
    name: str, text: str
) -> None:
    (flaw,) = typed(text, XSD + name)

    assert ("lexical", f'"{text}" is not an xsd:{name}') == (flaw.code, flaw.message)
    assert (None, None) == (flaw.right, flaw.part)


def test_of_common_datatypes_an_example_is_given() -> None:
    helps = {
        "integer": 'write it like "1971"',
        "decimal": 'write it like "16.5"',
        "boolean": 'write it like "true"',
        "date": 'write it like "1971-11-02"',
        "gYear": 'write it like "1971"',
        "gDay": None,
    }

    assert helps == {name: typed("Lima", XSD + name)[0].help for name in helps}
    for text, help in (
        ("5 Nov 1990", 'write "1990-11-05"'),
        ("3/4/1990", "write '1990-03-04' or '1990-04-03', whichever is meant"),
        ("before 1949", "it is '[..1949]' in EDTF; write a day until '1949-12-31'"),
        ("1990-02-30", "1990-02 has 28 days"),
    ):
        assert help == typed(text, XSD + "date")[0].help


def test_a_long_text_is_shown_cut() -> None:
    (flaw,) = typed("x" * 1000, XSD + "integer")

    assert f'"{"x" * 60}" is not an xsd:integer' == flaw.message


@pytest.mark.parametrize(
    ("day", "is_right"),
    [
        ("2024-02-29", True),
        ("2023-02-29", False),
        ("2000-02-29", True),
        ("1900-02-29", False),
        ("0000-02-29", True),
        ("-0004-02-29", True),
        ("-0001-02-29", False),
        ("12400-02-29", True),
        ("12300-02-29", False),
        (f"{'1' * 5000}04-02-29", True),
        ("2023-04-31", False),
        ("2023-12-31", True),
        ("2023-01-32", False),
        ("2023-13-01", False),
        ("2023-00-01", False),
        ("2023-01-00", False),
    ],
)
def test_days_are_those_of_the_calendar(day: str, is_right: bool) -> None:
    expected = [] if is_right else ["lexical"]

    assert expected == [flaw.code for flaw in typed(day, XSD + "date")]
    assert expected == [flaw.code for flaw in typed(f"{day}T12:00:00Z", XSD + "dateTime")]
    assert expected == [flaw.code for flaw in typed(f"{day}T12:00:00Z", XSD + "dateTimeStamp")]


# Languages


@pytest.mark.parametrize(
    "tag", ["es", "ES", "es-PE", "zh-Hans", "zh-Hans-CN", "quy", "nah", "i-klingon", "x-lima"]
)
def test_a_code_of_a_language_has_no_flaw(tag: str) -> None:
    assert [] == tagged(tag)


@pytest.mark.parametrize(
    ("tag", "right"),
    [
        ("jp", "ja"),
        ("CN", "zh"),
        ("pe", "es"),
        ("english", "en"),
        ("Spanish", "es"),
        ("spa", "es"),
        ("zho", "zh"),
    ],
)
def test_what_is_no_code_of_a_language_is_reported_with_what_is_meant(tag: str, right: str) -> None:
    expected = Flaw(
        "language",
        f'"{tag.lower()}" is not the tag of a language',
        f'did you mean "{right}"?',
        f"@{right}",
        tag.lower(),
    )

    assert [expected] == [
        replace(flaw, part=flaw.part and flaw.part.lower()) for flaw in tagged(tag)
    ]


@pytest.mark.parametrize("tag", ["xx", "xi", "qq", "lima", "xx-PE"])
def test_what_nobody_can_know_the_meaning_of_is_not_guessed(tag: str) -> None:
    (flaw,) = tagged(tag)

    assert ("language", None) == (flaw.code, flaw.right)
    assert "write a code of ISO 639, such as en, es, pt or zh" == flaw.help


def test_what_follows_the_language_in_a_tag_is_kept() -> None:
    (flaw,) = tagged("jp-Latn")

    assert "@ja-latn" == (flaw.right or "").lower()


# Dates in EDTF


@pytest.mark.parametrize("text", ["1971", "1971-11-02", "196X", "184X/1949", "2009-04/..", "1850~"])
def test_a_date_of_the_profile_has_no_flaw(text: str) -> None:
    assert [] == typed(text, DATATYPE)


@pytest.mark.parametrize(
    ("text", "help", "right"),
    [
        ("circa 1850", "write '1850~'", "1850~"),
        ("1850 - 1857", "write '1850/1857'", "1850/1857"),
        ("1850s", "write '185X'", "185X"),
        ("2023-02-29", "2023-02 has 28 days", None),
        ("2023-13", "months run from 01 to 12", None),
        ("long ago", "write year, month, day in that order: '1971-11-02', ", None),
        ("07/08/1971", "write '1971-07-08' or '1971-08-07', whichever is meant", None),
        ("until 1949", "write '/1949'", "/1949"),
        (
            "1984..",
            "write '1984/..' for a state that lasted all the time, '[1984..]' for one",
            None,
        ),
        ("", "give what is known: ", None),
    ],
)
def test_a_date_that_is_none_is_reported_with_what_is_certain(
    text: str, help: str, right: str | None
) -> None:
    (flaw,) = typed(text, DATATYPE)

    assert ("date", f'"{text}" is not a date', right) == (flaw.code, flaw.message, flaw.right)
    assert (flaw.help or "").startswith(help)


# Datatypes


@pytest.mark.parametrize(
    ("text", "datatype", "right"),
    [
        ("1", XSD + "interger", XSD + "integer"),
        ("1", XSD + "Integer", XSD + "integer"),
        ("1", XSD + "boolaen", XSD + "boolean"),
        ("1971-11-02T00:00:00", XSD + "datetime", XSD + "dateTime"),
        ("1971", EDTF + "EDFT", DATATYPE),
        ("1971", EDTF + "edtf", DATATYPE),
    ],
)
def test_a_misspelt_datatype_is_reported_with_what_is_meant(
    text: str, datatype: str, right: str
) -> None:
    (flaw,) = typed(text, datatype)

    assert ("unknown-term", right, datatype) == (flaw.code, flaw.right, flaw.part)
    assert flaw.message.endswith(" is not a datatype")


@pytest.mark.parametrize("datatype", [XSD + "money", XSD + "str", EDTF + "level2", RKG + "Date"])
def test_a_datatype_that_nothing_is_near_is_not_guessed(datatype: str) -> None:
    (flaw,) = typed("1", datatype)

    assert ("unknown-term", None) == (flaw.code, flaw.right)


def test_a_near_datatype_that_does_not_allow_the_text_is_not_certain() -> None:
    (flaw,) = typed("Lima", XSD + "interger")

    assert ("unknown-term", None) == (flaw.code, flaw.right)
    assert 'did you mean "xsd:integer"?' == flaw.help


def test_datatypes_of_others_are_theirs_to_judge() -> None:
    assert [] == typed("anything", "https://example.org/datatype")
    assert [] == typed("<p>", RDF + "HTML")


@pytest.mark.parametrize(
    ("text", "help"),
    [
        ("JosÃ© PÃ©rez", 'write "José Pérez"'),
        ("Jos\ufffd", "write the character, and save the text in UTF-8"),
        ("Ada\u202eziuR", "leave it out"),
    ],
)
def test_a_text_that_was_read_wrong_or_is_shown_in_another_order_has_a_flaw(
    text: str, help: str
) -> None:
    for literal in (Literal(text, language="es"), Literal(text)):
        assert [help] == [flaw.help for flaw in flaws(literal)]


@pytest.mark.parametrize("text", ["São Tomé e Príncipe", "习近平", "MAÇÃ", "“Ñuñoa”", "שלום"])
def test_a_text_in_any_script_has_no_flaw(text: str) -> None:
    assert [] == [*flaws(Literal(text, language="pt"))]


def test_only_literals_have_flaws() -> None:
    assert [] == list(flaws(NamedNode("urn:a")))
    assert [] == list(flaws(BlankNode()))


# Any text


@given(st.integers())
def test_any_integer_has_no_flaw(number: int) -> None:
    assert [] == typed(str(number), XSD + "integer")
    assert [] == typed(str(number), XSD + "decimal")
    assert [] == typed(str(number), XSD + "double")


@given(st.decimals(allow_nan=False, allow_infinity=False, places=6))
def test_any_decimal_has_no_flaw(number: Decimal) -> None:
    assert [] == typed(f"{number:f}", XSD + "decimal")


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_any_floating_number_has_no_flaw(number: float) -> None:
    assert [] == typed(repr(number), XSD + "double")


@given(st.dates())
def test_any_day_has_no_flaw(day: date) -> None:
    assert [] == typed(day.isoformat(), XSD + "date")
    assert [] == typed(day.isoformat(), DATATYPE)


@given(st.integers(1, 9999), st.integers(1, 12), st.integers(1, 31))
def test_a_day_has_a_flaw_if_the_calendar_does_not_have_it(year: int, month: int, day: int) -> None:
    text = f"{year:04}-{month:02}-{day:02}"
    try:
        date(year, month, day)
        expected = 0
    except ValueError:
        expected = 1

    assert expected == len(typed(text, XSD + "date"))
    assert expected == len(typed(text, DATATYPE))


@given(
    st.text() | st.text("0123456789-+:.TZPYMDHSeEINFXa/[]~?% ", max_size=30),
    st.sampled_from([DATATYPE, XSD, RDF, EDTF, *(XSD + name for name in (*ALLOWED, "interger"))]),
)
def test_any_text_is_judged_without_harm(text: str, datatype: str) -> None:
    for flaw in typed(text, datatype):
        assert flaw.code in ("date", "lexical", "unknown-term")


@given(st.from_regex(r"[a-zA-Z]{2,8}(-[a-zA-Z0-9]{2,8})?", fullmatch=True))
def test_any_tag_is_judged_without_harm_and_what_is_meant_is_right(tag: str) -> None:
    try:
        literal = Literal("Lima", language=tag)
    except ValueError:  # the engine checks language tags more strictly
        return
    for flaw in flaws(literal):
        assert "language" == flaw.code
        assert flaw.right is None or [] == tagged(flaw.right.removeprefix("@"))


@pytest.mark.slow
@pytest.mark.parametrize("heap", ["0", "1", "-", "1.", "P1Y", "1M", "a-", "0-", " ", "00-", "ca. "])
def test_no_text_takes_longer_than_in_proportion_to_its_length(heap: str) -> None:
    text = heap * (200_000 // len(heap))
    start = time.perf_counter()
    for name in ALLOWED:
        for before, after in (("", ""), ("-", "!"), ("P", "T"), ("1", "Z")):
            typed(before + text + after, XSD + name)
    typed(text, DATATYPE)
    typed(text + "1", DATATYPE)

    assert time.perf_counter() - start < 10  # seconds; it usually takes half a second
