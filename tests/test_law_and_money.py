"""Tests of instruments, money, sentences and stances that an invented source states."""

from pathlib import Path

import pytest
from examples import FACTS
from test_force_and_law import codes, ids, loaded

import relations_kg as rk
from relations_kg.rdf.namespaces import CODE, ID

FILE = FACTS / "good" / "law-money-and-goods.ttl"
GENOCIDE = CODE + "genocide-in-law"  # an undated stance


@pytest.fixture(scope="module")
def law() -> rk.Graph:
    return loaded("law-money-and-goods")


def test_a_sum_is_told_with_its_instalments_and_the_money_of_its_issuer(law: rk.Graph) -> None:
    (row,) = law.run("payments", giver="tessaly-isles", kind="indemnity")

    assert (ids("orvane-crown"), ["5"], ["P1Y"]) == (row.money, row.instalments, row.intervals)
    assert ids("indemnity-of-the-isles") == row.under
    (money,) = law.query("SELECT ?m { ?m a rkg:CurrencyUnit ; rkg:issuedBy id:orvane }")  # type: ignore[misc]
    assert ID + "orvane-crown" == money.m


def test_an_amount_that_is_reached_each_year_is_told_from_a_whole(law: rk.Graph) -> None:
    (rent,) = law.run("payments", currency="maria-theresa-thaler")
    (pay,) = law.run("payments", kind="payment-for-services")

    assert (40000, "P1Y") == (rent.amount, rent.per)
    assert (None, ids("doctors-of-orvane-in-the-isles")) == (pay.per, pay.under)


def test_a_wording_of_an_article_provides_what_another_does_not(law: rk.Graph) -> None:
    (french,) = law.run("instruments", provides="protectorate-over-the-isles")
    other = {row.instrument: row for row in law.run("instruments", of="treaty-of-brill")}
    serbian = other[ID + "serbian-wording-of-article-17"]

    assert ID + "french-wording-of-article-17" == french.instrument
    assert (["sr-Latn"], ids("protectorate-over-the-isles")) == (serbian.languages, serbian.denied)
    assert "17" == other[ID + "article-17-of-the-treaty-of-brill"].number
    (treaty,) = law.run("instruments", kind="slave-trade-suppression")
    assert codes("opium", "political-offence") == treaty.exceptions


def test_a_party_accepts_the_ordinance_of_another(law: rk.Graph) -> None:
    (row,) = law.run("acts", by="tessaly-isles", kind="acceptance")

    assert ids("ordinance-on-the-isles") == row.things
    assert not law.run("treaty-parties", party="queen-of-the-tessaly-isles")


def test_a_sentence_has_its_length(law: rk.Graph) -> None:
    (row,) = law.run("sentences", party="traders-of-orvane")

    assert (codes("imprisonment"), "P15Y") == (row.kinds, row.length)


def test_a_threat_is_told_with_what_became_of_it(law: rk.Graph) -> None:
    (row,) = law.run("announcements", kind="threat", end="not-carried-out")

    assert CODE + "deportation" in row.on  # type: ignore[operator]


@pytest.mark.parametrize(
    ("entity", "on", "status"),
    [
        ("strait-commission", "1960-01-01", "established-body"),
        ("strait-commission", "2005-01-01", "no-standing"),
        ("annexation-of-the-isles", "1920-01-01", "invalid-act"),
    ],
)
def test_stances_on_bodies_and_acts_end_and_differ(
    law: rk.Graph, entity: str, on: str, status: str
) -> None:
    rows = law.run("recognitions-on", party="tessaly-isles", entity=entity, on=on)

    assert [CODE + status] == [
        str(row["as"]) for row in rows if row.certainty != "absent" and row["as"] != GENOCIDE
    ]


@pytest.mark.parametrize(
    ("stance", "other"),
    [
        ("independent-state", "not-recognized"),
        ("established-body", "no-standing"),
        ("established-body", "not-recognized"),
    ],
)
def test_a_party_does_not_recognise_and_refuse_at_once(
    tmp_path: Path, stance: str, other: str
) -> None:
    """A stance of an earlier time is none of both."""
    text = FILE.read_text()
    for end, codes_found in (("1950/1960", {"contradicted"}), ("1970/1980", set())):
        facts = "".join(
            f"""
            id:stance-{status} a rkg:Recognition ; rdfs:label "Stance {status}"@en ;
              rkg:recognizingParty id:orvane ; rkg:recognizedEntity id:strait-commission ;
              rkg:recognizedAs code:{status} ; rkg:when "{when}"^^edtf:EDTF ; rkg:statedIn ex:s004 .
            """
            for status, when in ((stance, "1950/1960"), (other, end))
        )
        (tmp_path / "stances.ttl").write_text(text + facts)
        report = rk.load(only=FILE).validate(tmp_path / "stances.ttl")

        assert codes_found == {str(finding.shape).rpartition("-")[2] for finding in report.findings}


@pytest.mark.parametrize(
    ("kind", "accepted"),
    [("CurrencyUnit", True), ("Place", False)],
)
def test_money_is_of_the_code_list_or_described(tmp_path: Path, kind: str, accepted: bool) -> None:
    text = FILE.read_text().replace(
        "id:orvane-crown a rkg:CurrencyUnit", f"id:orvane-crown a rkg:{kind}"
    )
    (tmp_path / "money.ttl").write_text(text.replace("    rkg:issuedBy id:orvane ;\n", ""))
    found = {finding.code for finding in rk.load().validate(tmp_path / "money.ttl").findings}

    assert (set() if accepted else {"code-list"}) == found
