"""Tests of presences, degrees, forms of polities, distances, and what is only foreseen."""

import pytest
from command_line import run
from examples import codes, ids
from form_examples import SOURCE

import relations_kg as rk
from relations_kg.rdf.namespaces import CODE, ID

EXAMPLE = "presences-and-degrees"

CITED = ("--source", SOURCE)


def test_companies_and_a_religion_are_found_by_where_they_are(example: rk.Graph) -> None:
    (banks,) = example.run("presences", place="ardmoor")
    among = [row.who for row in example.run("presences", place="people-of-ardmoor-in-sellow")]

    assert (ids("banks-of-sellow"), codes("doing-business"), "1988/..") == (
        banks.who,
        banks.kinds,
        banks.when,
    )
    assert [ids("rite-of-the-lamp")] == among
    assert ids("rite-of-the-lamp-in-sellow") == [
        row.presence for row in example.run("presences", of="rite-of-the-lamp")
    ]


def test_a_presence_that_was_only_planned_is_none(example: rk.Graph) -> None:
    assert ID + "troops-of-ardmoor-in-sellow" not in [
        row.presence for row in example.run("presences", kind="stationed")
    ]


def test_a_fall_was_sharp_and_sudden_and_a_duty_held_in_part(example: rk.Graph) -> None:
    found = {row.thing: row for row in example.run("manners")}
    fall = found[ID + "fall-of-the-trade-of-sellow"]

    assert (CODE + "sharply", CODE + "suddenly") == (fall.degree, fall.pace)
    assert ids("benefits-of-sellow") == [
        row.thing for row in example.run("manners", manner="in-part")
    ]
    assert [CODE + "in-part"] == [
        row.degree for row in example.run("undertakings", kind="social-benefits")
    ]


def test_a_signature_was_forced_and_a_request_came_by_letter(example: rk.Graph) -> None:
    (row,) = example.run("manners", manner="under-duress")
    (request,) = example.run("requests")

    assert (ID + "signing-of-the-pact-of-sellow", codes("under-duress")) == (
        row.thing,
        row.consents,
    )
    assert codes("in-a-letter") == request.media


def test_a_union_of_crowns_has_its_members_and_those_that_it_joined(example: rk.Graph) -> None:
    (union,) = example.run("polities", kind="union-of-crowns")

    assert ids("sellow") == union.members
    assert ids("ardmoor", "sellow") == union.before


def test_a_distance_has_two_ends(example: rk.Graph) -> None:
    (row,) = example.run("figures", kind="distance")

    assert (ids("plant-of-gull-point"), ID + "mouth-of-the-sell") == (row.of, row.measuredFrom)


def test_direct_flights_that_are_foreseen_are_no_service_yet(example: rk.Graph) -> None:
    assert [] == list(example.run("exchanges", kind="direct-service"))
    assert ids("ferry-of-sellow") == [
        row.exchange for row in example.run("exchanges", kind="car-ferry")
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

    remark = "vessel_kind: Peruvian Lola is known, and this does not change its rkg:vesselKind"
    assert remark in known.stderr
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
    example: rk.Graph, query: str, thing: str
) -> None:
    assert ID + thing not in {row[0] for row in example.run(query)}


def test_reported_words_are_listed_with_who_reports_them(example: rk.Graph) -> None:
    (row,) = example.run("allegations", of="ada-finn")

    assert (ids("ardmoor"), ids("ada-finn"), codes("wish")) == (
        row.speakers,
        row.accused,
        row.kinds,
    )
    assert ids("words-of-ada-finn") == [
        each.sayings[0] for each in example.run("allegations", of="sellow")
    ]


@pytest.mark.parametrize("owner", ["agent-of-ardmoor", "ardmoor"])
def test_an_office_owns_a_house_for_its_polity(example: rk.Graph, owner: str) -> None:
    (row,) = example.run("ownerships", owner=owner)

    assert (ids("house-of-the-agent"), ids("agent-of-ardmoor")) == (row.things, row.owners)
