"""Tests of instruments, money, sentences and stances that an invented source states."""

from pathlib import Path

import pytest
from examples import codes, ids

import relations_kg as rk
from relations_kg.rdf.namespaces import CODE, ID, PREFIXES, SOURCE

EXAMPLE = "law-money-and-goods"

GENOCIDE = CODE + "genocide-in-law"  # an undated stance


def test_a_sum_is_reported_with_its_instalments_and_the_money_of_its_issuer(
    example: rk.Graph,
) -> None:
    (row,) = example.run("payments", giver="tessaly-isles", kind="indemnity")

    assert (ids("orvane-crown"), ["5"], ["P1Y"]) == (row.money, row.instalments, row.intervals)
    assert ids("indemnity-of-the-isles") == row.under
    (money,) = example.query("SELECT ?m { ?m a rkg:CurrencyUnit ; rkg:issuedBy id:orvane }")  # type: ignore[misc]
    assert ID + "orvane-crown" == money.m


def test_an_amount_that_is_reached_each_year_is_distinguished_from_a_whole(
    example: rk.Graph,
) -> None:
    (rent,) = example.run("payments", currency="maria-theresa-thaler")
    (pay,) = example.run("payments", kind="payment-for-services")

    assert (40000, "P1Y") == (rent.amount, rent.per)
    assert (None, ids("doctors-of-orvane-in-the-isles")) == (pay.per, pay.under)


def test_a_wording_of_an_article_provides_what_another_does_not(example: rk.Graph) -> None:
    (french,) = example.run("instruments", provides="protectorate-over-the-isles")
    other = {row.instrument: row for row in example.run("instruments", of="treaty-of-brill")}
    serbian = other[ID + "serbian-wording-of-article-17"]

    assert ID + "french-wording-of-article-17" == french.instrument
    assert (["sr-Latn"], ids("protectorate-over-the-isles")) == (serbian.languages, serbian.denied)
    assert "17" == other[ID + "article-17-of-the-treaty-of-brill"].number
    (treaty,) = example.run("instruments", kind="slave-trade-suppression")
    assert codes("opium", "political-offence") == treaty.exceptions


def test_a_party_accepts_the_ordinance_of_another(example: rk.Graph) -> None:
    (row,) = example.run("acts", by="tessaly-isles", kind="acceptance")

    assert ids("ordinance-on-the-isles") == row.things
    assert not example.run("treaty-parties", party="queen-of-the-tessaly-isles")


def test_a_sentence_has_its_length(example: rk.Graph) -> None:
    (row,) = example.run("sentences", party="traders-of-orvane")

    assert (codes("imprisonment"), "P15Y") == (row.kinds, row.term)


def test_a_threat_is_reported_with_what_became_of_it(example: rk.Graph) -> None:
    (row,) = example.run("announcements", kind="threat", end="not-carried-out")

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
    example: rk.Graph, entity: str, on: str, status: str
) -> None:
    rows = example.run("recognitions-on", party="tessaly-isles", entity=entity, on=on)

    assert [CODE + status] == [
        str(row["as"]) for row in rows if row.certainty != "absent" and row["as"] != GENOCIDE
    ]


def findings(graph: rk.Graph, facts: str, folder: Path) -> set[str]:
    """Return the codes of the findings about facts that are added to the graph."""
    prefixes = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items())
    source = f"@prefix ex: <{SOURCE}law-money-and-goods/> .\n"
    (folder / "facts.ttl").write_text(prefixes + source + facts)
    return {finding.code for finding in graph.validate(folder / "facts.ttl").findings}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("stance", "other"),
    [
        ("independent-state", "not-recognized"),
        ("established-body", "no-standing"),
        ("established-body", "not-recognized"),
    ],
)
def test_a_party_does_not_recognise_and_refuse_at_once(
    example: rk.Graph, tmp_path: Path, stance: str, other: str
) -> None:
    """Stances at different times do not contradict each other."""
    for end, found in (("1950/1960", {"contradicted"}), ("1970/1980", set())):
        facts = "".join(
            f"""
            id:stance-{status} a rkg:Recognition ; rdfs:label "Stance {status}"@en ;
              rkg:recognizingParty id:orvane ; rkg:recognizedEntity id:strait-commission ;
              rkg:recognizedAs code:{status} ; rkg:when "{when}"^^edtf:EDTF ; rkg:statedIn ex:s004 .
            """
            for status, when in ((stance, "1950/1960"), (other, end))
        )

        assert found == findings(example, facts, tmp_path)


@pytest.mark.parametrize(
    ("money", "found"),
    [("code:sek", set()), ("id:orvane-crown", set()), ("id:brill-strait", {"code-list"})],
)
def test_money_is_of_the_code_list_or_described(
    example: rk.Graph, tmp_path: Path, money: str, found: set[str]
) -> None:
    facts = f"""
        id:toll a rkg:MonetaryObservation ; rdfs:label "Toll"@en ; rkg:monetaryKind code:toll ;
          rkg:giver id:orvane ; rkg:recipient id:tessaly-isles ; rkg:amount 7 ;
          rkg:currency {money} ; rkg:when "1900"^^edtf:EDTF ; rkg:statedIn ex:s001 .
    """

    assert found == findings(example, facts, tmp_path)
