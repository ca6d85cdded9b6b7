"""Tests of amounts as a source gives them, and of the bounds that are calculated from them."""

import re
import time
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad
from trials import trials

import relations_kg as rk
from relations_kg.errors import InputError
from relations_kg.rdf.amounts import DATATYPE, Amount, parse, written
from relations_kg.rdf.namespaces import ID, RKG, XSD, shorten
from relations_kg.rdf.terms import value
from relations_kg.reasoning.bounds import AMOUNT, own_bounds
from relations_kg.validation import fixes

ROWS = """
450          | 450    | 450  | -
0            | 0      | 0    | -
410.5        | 410.5  | 410.5| -
40~          | 30     | 50   | -
1700~        | 1600   | 1800 | -
1000000~     | 500000 | 1500000 | -
45~          | 44     | 46   | -
100~         | 50     | 150  | -
1~           | 0.5    | 1.5  | -
1.50~        | 1.4    | 1.6  | -
0~           | 0      | 0    | -
[1700..]     | 1700   | -    | -
[..50]       | -      | 50   | -
[30..40]     | 30     | 40   | -
[40..40]     | 40     | 40   | -
[1700~..]    | 1600   | -    | -
[30~..40~]   | 20     | 50   | -
37/50        | 37     | 37   | 50
50/50        | 50     | 50   | 50
0/50         | 0      | 0    | 50
40~/50       | 30     | 50   | 50
45~/45       | 44     | 45   | 45
[30..]/50    | 30     | 50   | 50
[..30~]/50   | -      | 40   | 50
1/3          | 1      | 1    | 3
""".strip().splitlines()

FORM = "write a number: "
REFUSED = [
    *[(f"{word} 40", "write '40~'") for word in ("about", "Around", "c.", "some", "~", "almost")],
    *[(f"{word} 1,700", "write '[1700..]'") for word in ("over", "more than", "at least", "≥")],
    *[(f"{word} 50", "write '[..50]'") for word in ("under", "fewer than", "up to", "<")],
    ("no less than 50", "write '[50..]'"),
    ("no more than 50", "write '[..50]'"),
    ("1700+", "write '[1700..]'"),
    ("1700 or more", "write '[1700..]'"),
    ("1700..", "write '[1700..]'"),
    ("..50", "write '[..50]'"),
    ("30-40", "write '[30..40]'"),
    ("30 – 40", "write '[30..40]'"),
    ("between 30 and 40", "write '[30..40]'"),
    ("from 30 to 40", "write '[30..40]'"),
    ("[30,40]", "write '[30..40]'"),
    ("[ 30..40 ]", "write '[30..40]'"),
    ("37 of 50", "write '37/50'"),
    ("37 out of the 50", "write '37/50'"),
    ("at least 37 of 50", "write '[37..]/50'"),
    ("about 30 of a total of 50", "write '30~/50'"),
    ("three in ten", "write '3/10'"),
    ("two thirds", "write '2/3'"),
    ("half", "write '1/2'"),
    ("about a third", "write '1~/3'"),
    ("over half", "write '[1..]/2'"),
    ("less than two thirds", "write '[..2]/3'"),
    ("two", "write '2'"),
    ("a dozen", "write '12'"),
    ("about twenty-five", "write '25~'"),
    ("about forty", "write '40~'"),
    ("1.5 million", "write '1500000'"),
    ("more than 2 million", "write '[2000000..]'"),
    ("1 234 567", "write '1234567'"),
    ("0450", "write '450'"),
    ("40 ~", "write '40~'"),
    ("40 %", "write '40', with rkg:unit code:percent"),
    ("about 40 per cent", "write '40~', with rkg:unit code:percent"),
    ("several", "write '[2..]', with the words themselves in rkg:vagueQuantity"),
    ("Tens of thousands", "write '[20000..]', with the words themselves in rkg:vagueQuantity"),
    ("[40..30]", "write '[30..40]', the lower number first"),
    ("50/37", "write the part first, and then the total"),
    ("[40..]/37", "write the part first, and then the total"),
    ("[30..40]/37", "write the part first, and then the total"),
    ("[..]", "give one end of the range at least"),
    ("-5", "leave out the sign"),
    ("", FORM),
    ("many people", FORM),
    ("1e6", "write '1000000'"),
    ("1.23E+08", "write '123000000'"),
    ("12m", "write '12000000'"),
    ("3bn", "write '3000000000'"),
    ("1.234.567", "write '1234567'"),
    ("1.234,5", "write '1234.5'"),
    ("12,345.67", "write '12345.67'"),
    ("(500)", "leave out the sign"),
    ("n/a", "leave the amount out"),
    ("US$ 5 million", "write '5000000', with the currency of '$' in rkg:currency"),
    ("3 euros", "write '3', with the currency of 'euros' in rkg:currency"),
    ("1.2.3", FORM),
    ("1.2345", FORM),
    ("1" * 16, FORM),
    ("40?", FORM),
    ("$40", "write '40', with the currency of '$' in rkg:currency"),
    ("37/50/60", FORM),
    ("37/50~", FORM),
    ("[30..40", FORM),
    ("\u0664\u0660", FORM),
    ("40\n", "write '40'"),
]

NUMBERS = st.builds("{}{}".format, st.integers(0, 10**15 - 1), st.sampled_from(["", ".5", ".125"]))
FIGURES = st.builds("{}{}".format, NUMBERS, st.sampled_from(["", "~"]))
RANGES = st.lists(NUMBERS, min_size=2, max_size=2).map(lambda two: sorted(two, key=Decimal))
PARTS = st.one_of(
    FIGURES,
    st.builds("[{}..]".format, FIGURES),
    st.builds("[..{}]".format, FIGURES),
    RANGES.map("{0[0]}..{0[1]}".format).map("[{}]".format),
)
NEARLY = st.text("0123456789.,~[]/ about%-ofinmillion\n", max_size=24)


def help_of(text: str) -> str | None:
    """Return the help of the error for a text, or None if the text is valid."""
    try:
        parse(text)
    except InputError as error:
        return error.help or ""
    return None


@pytest.mark.parametrize("row", ROWS)
def test_a_text_has_the_bounds_of_the_table(row: str) -> None:
    text, *cells = (cell.strip() for cell in row.split("|"))
    expected = [None if cell == "-" else Decimal(cell) for cell in cells]

    assert Amount(*expected) == parse(text)


@pytest.mark.parametrize(("text", "help"), REFUSED)
def test_a_refused_text_is_shown_with_what_would_be_right(text: str, help: str) -> None:
    with pytest.raises(InputError) as caught:
        parse(text)

    assert repr(text) in str(caught.value)
    assert (caught.value.help or "").startswith(help)


@pytest.mark.parametrize("text", ["1" * 10_000, "[" * 10_000, "about " * 2_000, "1/" * 5_000])
def test_a_huge_text_is_refused_quickly_and_shown_shortened(text: str) -> None:
    start = time.perf_counter()
    with pytest.raises(InputError) as caught:
        parse(text)

    assert time.perf_counter() - start < 0.1
    assert len(str(caught.value)) < 1_000


@pytest.mark.slow
@given(NUMBERS)
@example("0")
@example("999999999999999.5")
def test_an_approximate_number_is_off_by_a_unit_of_its_last_digit_and_at_most_by_half(
    text: str,
) -> None:
    number = Decimal(text)
    least, most, _ = parse(f"{text}~")

    assert least is not None
    assert most is not None
    assert most - number == number - least <= number / 2
    unit = most - number
    if 0 < unit < number / 2:
        # The unit is the largest power of ten that divides the number.
        assert re.fullmatch("0*1|10*", written(unit).replace(".", ""))
        assert number % unit == 0
        assert number % (10 * unit) != 0


@given(FIGURES)
def test_an_end_that_is_left_open_bounds_nothing(text: str) -> None:
    least, most, _ = parse(text)

    assert Amount(least, None, None) == parse(f"[{text}..]")
    assert Amount(None, most, None) == parse(f"[..{text}]")


@given(PARTS, NUMBERS)
def test_a_part_of_a_total_is_at_most_the_total(part: str, total: str) -> None:
    least, most, _ = parse(part)
    if help_of(f"{part}/{total}") is None:
        capped = Decimal(total) if most is None else min(most, Decimal(total))

        assert Amount(least, capped, Decimal(total)) == parse(f"{part}/{total}")
        assert least is None or least <= capped


@pytest.mark.slow
@trials(300)
@example("1000000B")
@given(st.text() | NEARLY | st.builds("{}{}{}".format, NEARLY, PARTS, NEARLY))
def test_any_text_is_read_or_refused_with_help_that_holds(text: str) -> None:
    help = help_of(text)
    suggested = re.match(r"write '([^' ]+)'(?!: |,? '|\))", help or "")

    assert help != ""
    assert not suggested or help_of(suggested[1]) is None


## Bounds in the graph


def bounds(amount: Literal) -> dict[str, str]:
    quad = Quad(NamedNode(ID + "x"), AMOUNT, amount)
    return {
        value(p).removeprefix(RKG): number.value
        for _, p, number in own_bounds(quad)
        if isinstance(number, Literal) and number.datatype.value == XSD + "decimal"
    }


@pytest.mark.parametrize(
    ("text", "datatype", "expected"),
    [
        ("40~", DATATYPE, {"atLeast": "30", "atMost": "50"}),
        ("[..2.50]/50", DATATYPE, {"atMost": "2.5", "outOf": "50"}),
        ("450", XSD + "integer", {"atLeast": "450", "atMost": "450"}),
        ("16.50", XSD + "decimal", {"atLeast": "16.5", "atMost": "16.5"}),
        ("1.5e3", XSD + "double", {"atLeast": "1500", "atMost": "1500"}),
        ("-5", XSD + "integer", {"atLeast": "-5", "atMost": "-5"}),
        ("12 men", XSD + "integer", {}),
        ("INF", XSD + "double", {}),
    ],
)
def test_an_amount_of_either_kind_has_bounds(
    text: str, datatype: str, expected: dict[str, str]
) -> None:
    assert expected == bounds(Literal(text, datatype=NamedNode(datatype)))


FACTS = """
@prefix rkg: <https://w3id.org/relations-kg/ontology#> .
@prefix id: <https://w3id.org/relations-kg/id/> .
id:few a rkg:Count ; rkg:amount "[3..5]"^^rkg:Amount .
id:many a rkg:Count ; rkg:amount "1700~"^^rkg:Amount .
id:most a rkg:Share ; rkg:amount "[30..]/50"^^rkg:Amount .
id:all a rkg:Count ; rkg:amount 50 .
"""


@pytest.fixture
def small(tmp_path: Path) -> rk.Graph:
    (tmp_path / "facts.ttl").write_text(FACTS)
    return rk.load(only=[tmp_path / "facts.ttl"])


def test_amounts_are_compared_and_added_by_their_bounds(small: rk.Graph) -> None:
    rows = small.query(
        """SELECT (SUM(?least) AS ?from) (SUM(?most) AS ?to) WHERE {
          ?x rkg:atLeast ?least ; rkg:atMost ?most . FILTER (?least >= 30) }"""
    )

    assert [(1680, 1900)] == [tuple(row) for row in rows]  # type: ignore[union-attr,arg-type]


def test_a_bound_is_explained_by_the_amount_it_is_calculated_from(small: rk.Graph) -> None:
    explanation = small.explain("id:many", "rkg:atLeast", "1600")

    assert explanation
    assert "1700~" in str(explanation)
    assert not small.explain("id:many", "rkg:atLeast", "1700")


@pytest.mark.slow
def test_bounds_follow_their_amount_when_it_changes(small: rk.Graph, tmp_path: Path) -> None:
    ask = "SELECT ?x ?least ?most { ?x rkg:atLeast ?least ; rkg:atMost ?most } ORDER BY ?x"
    before = list(small.query(ask))  # type: ignore[arg-type]
    more = tmp_path / "more.ttl"
    more.write_text(FACTS.partition("id:few")[0] + 'id:one rkg:amount "1/3"^^rkg:Amount .')
    change = small.add(more)

    assert {"atLeast", "atMost", "outOf"} <= {shorten(value(p))[4:] for _, p, _ in change.added}
    assert len(before) + 1 == len(small.query(ask))  # type: ignore[arg-type]
    small.remove(more)
    assert before == list(small.query(ask))  # type: ignore[arg-type]


def test_a_malformed_amount_is_refused_and_changes_nothing(small: rk.Graph, tmp_path: Path) -> None:
    before = len(small.store)
    wrong = tmp_path / "wrong.ttl"
    wrong.write_text(FACTS.partition("id:few")[0] + 'id:one rkg:amount "over 9"^^rkg:Amount .')
    with pytest.raises(InputError, match=r"not an amount: 'over 9'; write '\[9\.\.\]'"):
        small.add(wrong)

    assert before == len(small.store)


## Figures that sources give


ASKED = """
@prefix rkg: <https://w3id.org/relations-kg/ontology#> .
@prefix id: <https://w3id.org/relations-kg/id/> .
@prefix code: <https://w3id.org/relations-kg/code/> .
@prefix edtf: <http://id.loc.gov/datatypes/edtf/> .
id:swiss-people a rkg:PopulationGroup . id:labourers a rkg:PopulationGroup .
id:a a rkg:Share ; rkg:shareOf id:swiss-people ; rkg:countOf id:swiss-catholics ;
  rkg:amount "40~"^^rkg:Amount ; rkg:unit code:percent ; rkg:leavesOpen rkg:when .
id:b a rkg:Count ; rkg:countedIn id:voyage-of-the-maria-luz ; rkg:countOf id:labourers ;
  rkg:countKind code:passengers ; rkg:amount 232 ; rkg:unit code:persons .
id:voyage-of-the-maria-luz a rkg:Voyage ; rkg:when "1872-06"^^edtf:EDTF .
id:c a rkg:Count ; rkg:countedIn id:deportation ; rkg:countOf id:japanese-peruvians ;
  rkg:countKind code:deported ; rkg:amount "[1700..]"^^rkg:Amount ; rkg:unit code:persons .
id:d a rkg:Count ; rkg:countedIn id:raid ; rkg:countOf id:insurgents ; rkg:countKind code:deaths ;
  rkg:amount "14/14"^^rkg:Amount ; rkg:unit code:persons .
id:e a rkg:Count ; rkg:countedIn id:raid ; rkg:countOf id:judges ; rkg:countKind code:deaths ;
  rkg:amount 1 ; rkg:unit code:persons .
id:f a rkg:Count ; rkg:countedIn id:raid ; rkg:countOf id:soldiers ; rkg:countKind code:deaths ;
  rkg:amount 2 ; rkg:unit code:persons .
id:raid a rkg:Event ; rkg:duringEvent id:crisis . id:crisis a rkg:Event .
id:g a rkg:Share ; rkg:shareOf id:assembly ; rkg:countKind code:in-favour ;
  rkg:amount "37/50"^^rkg:Amount ; rkg:unit code:votes .
id:h a rkg:Count ; rkg:countedIn id:crisis ; rkg:countKind code:hostages ;
  rkg:vagueQuantity "hundreds" ; rkg:unit code:persons .
"""


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> rk.Graph:
    file = tmp_path_factory.mktemp("asked") / "facts.ttl"
    file.write_text(ASKED)
    return rk.load(only=[file])


def figures(asked: rk.Graph, **given: object) -> dict[str, tuple[object, ...]]:
    """Return the bounds, the whole and the certainty of each figure found, by local name."""
    rows = asked.run("figures", **given)
    return {
        str(row.figure).removeprefix(ID): (row.atLeast, row.atMost, row.outOf, row.certainty)
        for row in rows
    }


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"within": "swiss-people"}, {"a": (30, 50, None, "certain")}),
        ({"group": "labourers"}, {"b": (232, 232, None, "certain")}),
        ({"kind": "deported", "least": 1700}, {"c": (1700, None, None, "certain")}),
        ({"kind": "deported", "least": 1701}, {"c": (1700, None, None, "possible")}),
        ({"kind": "deported", "most": 1699}, {}),
        ({"unit": "percent", "most": 45}, {"a": (30, 50, None, "possible")}),
        ({"unit": "votes"}, {"g": (37, 37, 50, "certain")}),
        ({"kind": "hostages", "most": 9}, {"h": (None, None, None, "possible")}),
        (
            {"within": "crisis", "kind": "deaths"},
            {
                "d": (14, 14, 14, "certain"),
                "e": (1, 1, None, "certain"),
                "f": (2, 2, None, "certain"),
            },
        ),
    ],
)
def test_a_figure_is_found_by_what_it_counts_and_by_its_bounds(
    asked: rk.Graph, given: dict[str, object], expected: dict[str, tuple[object, ...]]
) -> None:
    assert expected == figures(asked, **given)


def test_a_figure_has_the_date_of_the_event_in_which_it_was_counted(asked: rk.Graph) -> None:
    (row,) = asked.run("figures", group="labourers")

    assert "1872-06" == row.when


@pytest.mark.parametrize("within", ["raid", "crisis"])
def test_counts_by_group_are_added_by_their_bounds(asked: rk.Graph, within: str) -> None:
    (row,) = asked.run("figure-totals", within=within, kind="deaths")

    assert (3, 17, 17, "by group") == (row.figures, row.atLeast, row.atMost, row.basis)


def test_a_total_of_figures_without_a_greatest_number_has_none(asked: rk.Graph) -> None:
    (row,) = asked.run("figure-totals", kind="deported")

    assert (1, 1700, None) == (row.figures, row.atLeast, row.atMost)


def test_shares_are_compared_whatever_their_unit(asked: rk.Graph) -> None:
    rows = asked.query(
        """SELECT ?share WHERE {
          ?share a rkg:Share ; rkg:atLeast ?least .
          OPTIONAL { ?share rkg:outOf ?total }
          BIND (COALESCE(?least / ?total, IF(EXISTS { ?share rkg:unit code:percent }, ?least / 100, ?no)) AS ?part)
          FILTER (?part > 0.5) }"""  # noqa: E501
    )

    assert [ID + "g"] == [str(row[0]) for row in rows]  # type: ignore[union-attr]


## Amounts that are written wrongly

HEAD = """
@prefix rkg: <https://w3id.org/relations-kg/ontology#> .
@prefix id: <https://w3id.org/relations-kg/id/> .
@prefix cp: <https://w3id.org/relations-kg/source/china-peru/> .
@prefix code: <https://w3id.org/relations-kg/code/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
id:figure a rkg:Count ; rdfs:label "A figure"@en ; rkg:countedIn id:peru ;
  rkg:countKind code:residents ; rkg:unit code:persons ; rkg:leavesOpen rkg:when ;
  rkg:statedIn cp:s009 ;
"""


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ('"about 40"^^rkg:Amount', '"40~"^^rkg:Amount'),
        ('"over 1,700"^^rkg:Amount', '"[1700..]"^^rkg:Amount'),
        pytest.param('"about 40"', '"40~"^^rkg:Amount', marks=pytest.mark.slow),
        pytest.param('"40~"', '"40~"^^rkg:Amount', marks=pytest.mark.slow),
        ('"450"', "450"),
        ('"37 of 50"@en', '"37/50"^^rkg:Amount'),
        pytest.param("1.5e3", "1500", marks=pytest.mark.slow),
    ],
)
def test_a_wrong_amount_whose_meaning_is_certain_is_repaired(
    kg: rk.Graph, tmp_path: Path, wrong: str, right: str
) -> None:
    file = tmp_path / "facts.ttl"
    file.write_text(f"{HEAD}  rkg:amount {wrong} .\n")
    (fixed,), report = fixes.fixed(kg, [file])

    assert f"rkg:amount {right} ." in fixed.after.decode()
    assert not report.findings


@pytest.mark.parametrize(
    ("wrong", "help"),
    [
        ('"40 %"^^rkg:Amount', "write '40', with rkg:unit code:percent"),
        ('"several"', "write '[2..]', with the words themselves in rkg:vagueQuantity"),
        ('"[40..30]"^^rkg:Amount', "write '[30..40]', the lower number first"),
        ("-5", "leave out the sign"),
    ],
)
def test_a_wrong_amount_whose_meaning_is_not_certain_is_left_with_advice(
    kg: rk.Graph, tmp_path: Path, wrong: str, help: str
) -> None:
    file = tmp_path / "facts.ttl"
    file.write_text(f"{HEAD}  rkg:amount {wrong} .\n")
    changed, report = fixes.fixed(kg, [file])

    assert [fixed for fixed in changed if fixed.before != fixed.after] == []
    assert report.findings
    assert all((finding.help or "").startswith(help) for finding in report.findings)


def test_deaths_elsewhere_than_on_a_voyage_are_answered_with_a_count(
    kg: rk.Graph, tmp_path: Path
) -> None:
    file = tmp_path / "facts.ttl"
    file.write_text(HEAD.replace("a rkg:Count", "a rkg:Event") + "  rkg:deaths 6 .\n")
    helps = {f.value: f.help for f in kg.validate(file).findings if f.code == "wrong-subject"}

    assert "use a count of the kind code:deaths" in (helps[f"<{RKG}deaths>"] or "")


def test_two_amounts_of_one_thing_contradict_each_other_only_if_both_cannot_hold(
    tmp_path: Path,
) -> None:
    file = tmp_path / "facts.ttl"
    head = FACTS.partition("id:few")[0]
    file.write_text(
        head
        + 'id:near a rkg:Count ; rkg:amount "[1700..]"^^rkg:Amount , 1771 .'
        + 'id:apart a rkg:Count ; rkg:amount "[1700..]"^^rkg:Amount , 900 .'
    )
    (found,) = rk.load(only=[file]).contradictions()

    assert "bounds" == found.kind
    assert "at least 1700 and of at most 900" in found.message
