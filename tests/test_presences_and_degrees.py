"""Tests of presences, degrees, forms of polities, distances, and what is only foreseen."""

import pytest
from command_line import run
from form_examples import SOURCE
from test_force_and_law import codes, ids, loaded

import relations_kg as rk
from relations_kg.rdf.namespaces import CODE, ID

CITED = ("--source", SOURCE)


@pytest.fixture(scope="module")
def told() -> rk.Graph:
    return loaded("presences-and-degrees")


def test_companies_and_a_religion_are_found_by_where_they_are(told: rk.Graph) -> None:
    (banks,) = told.run("presences", place="ardmoor")
    among = [row.who for row in told.run("presences", place="people-of-ardmoor-in-sellow")]

    assert (ids("banks-of-sellow"), codes("doing-business"), "1988/..") == (
        banks.who,
        banks.kinds,
        banks.when,
    )
    assert [ids("rite-of-the-lamp")] == among
    assert ids("rite-of-the-lamp-in-sellow") == [
        row.presence for row in told.run("presences", of="rite-of-the-lamp")
    ]


def test_a_presence_that_was_only_planned_is_none(told: rk.Graph) -> None:
    assert ID + "troops-of-ardmoor-in-sellow" not in [
        row.presence for row in told.run("presences", kind="stationed")
    ]


def test_a_fall_was_sharp_and_sudden_and_a_duty_held_in_part(told: rk.Graph) -> None:
    found = {row.thing: row for row in told.run("manners")}
    fall = found[ID + "fall-of-the-trade-of-sellow"]

    assert (CODE + "sharply", CODE + "suddenly") == (fall.degree, fall.pace)
    assert ids("benefits-of-sellow") == [row.thing for row in told.run("manners", manner="in-part")]
    assert [CODE + "in-part"] == [
        row.degree for row in told.run("undertakings", kind="social-benefits")
    ]


def test_a_signature_was_forced_and_a_request_came_by_letter(told: rk.Graph) -> None:
    (row,) = told.run("manners", manner="under-duress")
    (request,) = told.run("requests")

    assert (ID + "signing-of-the-pact-of-sellow", codes("under-duress")) == (
        row.thing,
        row.consents,
    )
    assert codes("in-a-letter") == request.media


def test_a_union_of_crowns_has_its_members_and_those_that_it_joined(told: rk.Graph) -> None:
    (union,) = told.run("polities", kind="union-of-crowns")

    assert ids("sellow") == union.members
    assert ids("ardmoor", "sellow") == union.before


def test_a_distance_has_two_ends(told: rk.Graph) -> None:
    (row,) = told.run("figures", kind="distance")

    assert (ids("plant-of-gull-point"), ID + "mouth-of-the-sell") == (row.of, row.measuredFrom)


def test_direct_flights_that_are_foreseen_are_no_service_yet(told: rk.Graph) -> None:
    assert [] == list(told.run("exchanges", kind="direct-service"))
    assert ids("ferry-of-sellow") == [
        row.exchange for row in told.run("exchanges", kind="car-ferry")
    ]


def test_a_form_gives_a_polity_its_form_and_a_distance_its_other_end(kg: rk.Graph) -> None:
    union = kg.new(
        "party", name="Union of Osk", kind="Polity", polity_kind="union-of-crowns", source=SOURCE
    )
    distance = kg.new(
        "count",
        of="Callao",
        nature="distance",
        measured_from="Lima",
        amount=12,
        unit="kilometres",
        source=SOURCE,
    )

    assert "rkg:polityKind code:union-of-crowns" in str(union)
    assert "rkg:measuredFrom id:lima" in str(distance)


def test_the_command_reports_what_it_does_not_write_about_a_known_thing() -> None:
    voyage = ("new", "voyage", "--voyage", "Voyage of the Osk", "--origin", "Lima")
    known = run(*voyage, "--vessel", "peruvian-lola", "--vessel-kind", "frigates", *CITED)
    new = run(*voyage, "--vessel", "Vantor", "--vessel-kind", "frigates", *CITED)

    told = "vessel_kind: Peruvian Lola is known, and this does not change its rkg:vesselKind"
    assert told in known.stderr
    assert "rkg:vesselKind" not in known.stdout
    assert "rkg:vesselKind code:frigates" in new.stdout
    assert "does not change" not in new.stderr


@pytest.mark.parametrize(
    ("query", "thing"),
    [
        ("absences", "no-harm-to-ardmoor"),
        ("legal-statuses", "standing-of-gull-point"),
        ("ownerships", "ownership-of-gull-point"),
        ("sanctions", "embargo-of-ardmoor"),
        ("statements", "words-of-ada-finn"),
        ("announcements", "words-of-ada-finn"),
        ("person-profile", "words-of-ada-finn"),
    ],
)
def test_what_is_only_foreseen_or_reported_is_in_no_answer(
    told: rk.Graph, query: str, thing: str
) -> None:
    assert ID + thing not in {row[0] for row in told.run(query)}


def test_words_that_are_only_reported_are_told_with_who_reports_them(told: rk.Graph) -> None:
    (row,) = told.run("allegations", of="ada-finn")

    assert (ids("ardmoor"), ids("ada-finn"), codes("wish")) == (
        row.speakers,
        row.accused,
        row.kinds,
    )
    assert ids("words-of-ada-finn") == [
        each.sayings[0] for each in told.run("allegations", of="sellow")
    ]
