"""Tests of conferences, kinds of visit, memberships, money, cooperation and transport."""

import pytest
from examples import FACTS

import relations_kg as rk
from relations_kg.rdf.namespaces import ID


@pytest.fixture(scope="module")
def graph() -> rk.Graph:
    names = ("summit-in-a-country", "exchanges-of-every-kind", "events-in-countries")
    return rk.load(only=[FACTS / "good" / f"{name}.ttl" for name in (*names, "kinds-of-exchange")])


def found(graph: rk.Graph, name: str, column: str, **asked: str) -> list[str]:
    return [str(row[column]).removeprefix(ID) for row in graph.run(name, **asked)]


def test_a_summit_is_found_by_country_host_number_and_visitor_without_a_name(
    graph: rk.Graph,
) -> None:
    rows = graph.query("""
        SELECT ?summit ?passage WHERE {
          ?summit a rkg:Conference ; rkg:conferenceKind code:summit ; rkg:numberInSeries 12 ;
            rkg:partOfSeries ?series ; rkg:place id:tarin ; rkg:hostParty id:tarin ;
            rkg:heldBy/rkg:organizationKind code:informal-grouping ; rkg:statedIn ?passage .
          ?visit rkg:attends ?summit ; rkg:capacity/rkg:officeOf id:osk ; rkg:visitingParty id:osk .
        }""")

    assert [ID + "twelfth-summit-of-the-eastern-coast-forum"] == [str(row[0]) for row in rows]  # type: ignore[union-attr,index]


def test_who_attended_a_summit_is_reported_with_the_role(graph: rk.Graph) -> None:
    rows = graph.run("attendance", event="twelfth-summit-of-the-eastern-coast-forum")

    assert {
        ("eastern-coast-forum", "held by"),
        ("nuvia", "observer"),
        ("osk", "represented on a visit"),
        ("prime-minister-of-osk", "attended in this office"),
        ("tarin", "host party"),
    } == {(str(row.participant).removeprefix(ID), row.role) for row in rows}


@pytest.mark.parametrize(
    ("kind", "visit"),
    [
        ("official-visit", "visit-of-the-prime-minister-of-osk"),
        ("trade-mission", "trade-mission-of-osk-1999"),
        ("stay-in-exile", "exile-of-edan-kroll"),
        ("transit-stop", "stop-of-sel-arn"),
    ],
)
def test_visits_are_found_by_kind(graph: rk.Graph, kind: str, visit: str) -> None:
    assert [visit] == found(graph, "visits", "visit", kind=kind)


def test_what_was_called_off_is_found_and_is_no_visit(graph: rk.Graph) -> None:
    (row,) = graph.query("""
        SELECT ?when WHERE {
          ?cancellation rkg:calledOff rkg:StateVisit ; rkg:actor id:osk ; rkg:counterpart id:tarin ;
            rkg:when ?when .
        }""")

    assert "2011" == str(row[0])  # type: ignore[index]
    assert [] == found(graph, "visits", "visit", kind="StateVisit")


def test_a_visit_on_behalf_of_an_organisation_needs_no_state(graph: rk.Graph) -> None:
    (visit,) = found(graph, "visits", "visit", visitor="second-mira-holt")

    assert [visit] == found(graph, "visits", "visit", visitor="eastern-coast-forum")


def test_a_delegation_is_found_by_its_head_and_its_members(graph: rk.Graph) -> None:
    mission = "trade-mission-of-osk-1999"

    assert [mission] == found(graph, "visits", "visit", visitor="business-people-of-osk")
    assert mission in found(graph, "visits", "visit", visitor="id:mira-holt")


def test_memberships_are_in_groupings_agreements_and_confederations(graph: rk.Graph) -> None:
    assert ["eastern-coast-forum", "eastern-coast-trade-pact", "eastern-coast-trade-pact"] == found(
        graph, "memberships", "of", member="osk"
    )
    assert ["isle-confederation"] == found(graph, "memberships", "of", member="karlo")
    assert ["osk", "tarin"] == found(graph, "memberships", "party", kind="informal-grouping")


def test_agreements_of_unknown_name_and_number_are_found_by_party_and_kind(
    graph: rk.Graph,
) -> None:
    group = "tax-agreements-of-dalmere-and-yorrin"

    assert [group] == found(graph, "agreements", "agreement", party="yorrin", kind="AgreementGroup")
    assert [group] == found(graph, "agreements", "agreement", party="dalmere", kind="taxation")
    (row,) = graph.query(f"""
        SELECT ?how_many ?from ?to WHERE {{
          id:{group} rkg:vagueQuantity ?how_many ; rkg:earliestStart ?from ; rkg:latestEnd ?to
        }}""")

    assert ["several", "1900-01-01", "1999-12-31"] == list(map(str, row))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "exchanges"),
    [
        ("development-aid", ["aid-of-dalmere-to-yorrin-1985"]),
        ("debt", ["debt-of-yorrin-to-dalmere-1990"]),
        ("remittances", ["remittances-to-yorrin-2010"]),
        ("ransom", ["ransom-of-1978"]),
        ("sister-cities", ["sister-cities-port-dal-and-yor"]),
        ("scholarships", ["scholarships-for-students-of-yorrin"]),
        ("airborne", ["flights-between-port-dal-and-yorrin"]),
        ("guano", ["guano-ships-between-yorrin-and-port-dal"]),
        ("cotton", ["exports-of-yorrin-2015"]),
        ("CulturalInstitute", ["dalmere-institute"]),
        ("overland", []),
    ],
)
def test_exchanges_are_found_by_kind(graph: rk.Graph, kind: str, exchanges: list[str]) -> None:
    assert exchanges == found(graph, "exchanges", "exchange", kind=kind)


def test_exchanges_are_between_givers_and_receivers(graph: rk.Graph) -> None:
    rows = graph.run("exchanges", party="dalmere", other="yorrin")

    assert [
        "scholarships-for-students-of-yorrin",
        "aid-of-dalmere-to-yorrin-1985",
        "debt-of-yorrin-to-dalmere-1990",
        "exports-of-dalmere-2015",
        "exports-of-yorrin-2015",
    ] == [str(row.exchange).removeprefix(ID) for row in rows]
    assert all([ID + "dalmere"] == list(map(str, row["from"])) for row in rows[:4])  # type: ignore[arg-type]


def test_a_cultural_institute_has_a_state_a_city_and_a_founding(graph: rk.Graph) -> None:
    rows = graph.query("""
        SELECT ?institute WHERE {
          ?institute a rkg:CulturalInstitute ; rkg:bodyOf id:dalmere ; rkg:basedIn id:yor ;
            rkg:startedBy/rkg:when "1970"^^edtf:EDTF .
        }""")

    assert 1 == len(list(rows))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("pattern", "least", "most"),
    [
        # The share of the people asked in a poll who have an opinion about a party.
        ("rkg:countedIn/a rkg:Poll ; rkg:opinion code:favourable ; rkg:about id:ostral", 54, 56),
        (
            "rkg:countedIn/a rkg:Poll ; rkg:opinion code:unfavourable ; rkg:about id:ostral",
            20,
            None,
        ),
        # The size of a diaspora and of a delegation.
        ("rkg:countKind code:residents ; rkg:countedIn id:dalmere", 40000, None),
        ("rkg:countKind code:delegates ; rkg:countedIn id:trade-mission-of-osk-1999", 20, 40),
    ],
)
def test_figures_of_polls_diasporas_and_delegations_have_bounds(
    graph: rk.Graph, pattern: str, least: int, most: int | None
) -> None:
    (row,) = graph.query(f"""
        SELECT ?least ?most WHERE {{
          ?figure {pattern} .
          OPTIONAL {{ ?figure rkg:atLeast ?least }}
          OPTIONAL {{ ?figure rkg:atMost ?most }}
        }}""")

    assert (least, most) == (row[0], row[1])  # type: ignore[index]


def test_acts_are_listed_with_the_craft_or_the_mission_where_they_took_place(
    graph: rk.Graph,
) -> None:
    places = {str(row.act): row.places for row in graph.run("acts", by="karlo")}

    assert [ID + "gull"] == places[ID + "signing-aboard-the-gull"]
    assert [ID + "airship-of-karlo", ID + "embassy-of-karlo"] == sorted(
        places[ID + "talks-aboard-the-airship"]
    )


def test_a_term_is_in_hours_too(graph: rk.Graph) -> None:
    assert ["PT48H"] == [str(row.term) for row in graph.run("terms", thing="ultimatum-of-karlo")]
