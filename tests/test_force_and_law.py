"""Tests of interrupted relations, force and law: what invented sources state can be queried."""

import pytest
from examples import codes, ids, loaded

import relations_kg as rk
from relations_kg.rdf.namespaces import CODE, ID


@pytest.fixture(scope="module")
def war() -> rk.Graph:
    return loaded("war-and-alliances")


@pytest.fixture(scope="module")
def law() -> rk.Graph:
    return loaded("law-between-states")


@pytest.fixture(scope="module")
def interrupted() -> rk.Graph:
    return loaded("relations-interrupted")


SIDES_AND_ACTORS = f"""
@prefix rkg: <https://w3id.org/relations-kg/ontology#> .
@base <{ID}> .
<war> a rkg:ArmedConflict ; rkg:actor <osk> , <third> ; rkg:counterpart <belm> .
<osk-in-it> a rkg:Participation ; rkg:participant <osk> ; rkg:participationIn <war> ; rkg:side 1 .
<belm-in-it> a rkg:Participation ; rkg:participant <belm> ; rkg:participationIn <war> ; rkg:side 2 .
<osk> a rkg:State . <belm> a rkg:State . <third> a rkg:State .
<talks> a rkg:Conference .
<bo-in-it> a rkg:Participation ; rkg:participant <bo> ; rkg:participationIn <talks> .
<eva-in-it> a rkg:Participation ; rkg:participant <eva> ; rkg:participationIn <talks> .
<bo-in-war> a rkg:Participation ; rkg:participant <bo> ; rkg:participationIn <war> ; rkg:side 1 .
<bo> a rkg:Person . <eva> a rkg:Person .
"""


@pytest.fixture(scope="module")
def sides(tmp_path_factory: pytest.TempPathFactory) -> rk.Graph:
    path = tmp_path_factory.mktemp("sides") / "facts.ttl"
    path.write_text(SIDES_AND_ACTORS, encoding="utf-8")
    return rk.load(only=[path])


def test_a_party_of_a_side_is_not_named_besides_the_sides(sides: rk.Graph) -> None:
    (row,) = sides.run("conflicts")

    assert ids("bo", "osk") == row.one
    assert ids("belm") == row.other
    assert ids("third") == row.besides


def test_those_who_take_part_in_talks_meet_and_those_in_a_war_do_not(sides: rk.Graph) -> None:
    (row,) = sides.run("meetings", person="bo")

    assert (ID + "talks", ID + "eva") == (row.event, row.other)


@pytest.mark.slow
def test_a_war_has_sides_a_winner_helpers_and_declarations(war: rk.Graph) -> None:
    (row,) = war.run("conflicts", kind="interstate-war", party="falmark")

    assert ids("gorlund", "order-of-saint-ive") == row.one
    assert ids("esterin", "falmark") == row.other
    assert ids("gorlund") == row.winners
    assert ids("declaration-of-war-by-falmark", "declaration-of-war-by-gorlund") == row.declarations
    assert ids("occupation-of-isk")[0] in row.events  # type: ignore[operator]


def test_who_declared_war_on_whom_is_reported(war: rk.Graph) -> None:
    acts = {row.act: row for row in war.run("acts", kind="rkg:DeclarationOfWar")}

    (by_gorlund, by_falmark) = (
        acts[ID + f"declaration-of-war-by-{p}"] for p in ("gorlund", "falmark")
    )
    assert (ids("gorlund"), ids("esterin", "falmark")) == (
        by_gorlund.actors,
        by_gorlund.counterparts,
    )
    assert (ids("falmark"), ids("gorlund")) == (by_falmark.actors, by_falmark.counterparts)


def test_a_movement_is_an_ally_against_a_party_and_for_an_end(war: rk.Graph) -> None:
    (row,) = war.run("alliances", ally="free-ilanders")

    assert ids("free-ilanders", "gorlund") == row.allies
    assert ids("falmark") == row.enemies
    assert CODE + "liberation" in row.objectives  # type: ignore[operator]
    assert ids("upper-isles") == row.beneficiaries
    assert "alliance-of-esterin-and-falmark" in str(war.run("alliances", kind="secret")[0].alliance)


def test_an_occupation_has_its_occupier_its_place_and_whose_it_was(war: rk.Graph) -> None:
    (row,) = war.run("occupations", of="esterin")

    assert (ids("gorlund"), ids("isk")) == (row.occupiers, row.places)
    assert "1881/1883" == row.when


def test_a_service_for_the_holder_of_an_office_is_one_for_its_party(war: rk.Graph) -> None:
    (row,) = war.run("services", kind="personal-protection")

    assert ids("guard-of-the-valleys") == row.providers
    assert ids("abbot-of-hesper") == row.beneficiaries
    assert ids("hesper") == row.parties


@pytest.mark.parametrize(
    "party", ["gorlund", "esterin", "falmark", "order-of-saint-ive"], ids=lambda party: party
)
def test_a_war_is_in_the_timeline_of_all_who_took_part(war: rk.Graph, party: str) -> None:
    assert ids("war-of-the-isthmus")[0] in [row.event for row in war.run("timeline", party=party)]


def test_a_court_charges_a_person_and_frees_a_group(law: rk.Graph) -> None:
    (row,) = law.run("legal-cases", party="labourers-of-the-albatross")
    (freed,) = law.run("acts", kind="release")

    assert (ids("court-of-ithaven"), ids("oro-vance")) == (row.courts, row.defendants)
    assert codes("ill-treatment") == row.charges
    assert (ids("court-of-ithaven"), ids("labourers-of-the-albatross")) == (
        freed.actors,
        freed.counterparts,
    )


def test_a_request_is_reported_with_its_answer(law: rk.Graph) -> None:
    (row,) = law.run("requests", kind="extradition-request", reply="refused")

    assert (ids("jessamy"), ids("ithaven"), ids("lio-marn")) == (row.asking, row.asked, row.about)
    assert ids("refusal-to-extradite-lio-marn") == row.answers


def test_a_removal_says_by_whom_whom_and_where_to(law: rk.Graph) -> None:
    (row,) = law.run("acts", kind="deportation")

    assert ids("jessamy") == row.actors
    assert ids("weavers-of-kell") == row.counterparts
    assert ids("ithaven") == row.destinations


def test_votes_are_reported_with_the_resolution(law: rk.Graph) -> None:
    (row,) = law.run(
        "votes", decision="resolution-12-of-the-league-of-straits", cast="vote-against"
    )

    assert ids("kell") == row.voters
    (sanction,) = law.run("sanctions", target="jessamy", kind="arms-embargo")
    assert ids("resolution-12-of-the-league-of-straits") == sanction.basis


def test_statements_are_found_by_their_kind_and_addressee(law: rk.Graph) -> None:
    (row,) = law.run("statements", kind="protest", about="jessamy")

    assert ids("jessamy") == row.against


def test_a_party_that_left_an_agreement_is_reported_with_the_act(law: rk.Graph) -> None:
    (row,) = law.run("treaty-parties", party="kell")

    assert ids("withdrawal-of-kell-from-the-nember-convention") == row.acts


@pytest.mark.parametrize(
    ("on", "status"),
    [
        ("1860-01-01", {"in-force": "certain"}),
        ("1873-06-01", {"downgraded": "possible"}),
        ("1900-01-01", {"severed": "certain"}),
        ("1930-01-01", {"severed": "possible", "resumed": "possible"}),
    ],
)
def test_how_relations_stood_can_be_asked_on_a_day(
    interrupted: rk.Graph, on: str, status: dict[str, str]
) -> None:
    rows = interrupted.run("statuses-on", party="belmar", on=on)

    assert status == {str(row.statuses[0]).removeprefix(CODE): row.certainty for row in rows}  # type: ignore[index]
    (row,) = interrupted.run("statuses", status="severed")
    assert (ids("corvane"), ids("belmar", "corvane")) == (row.starters, row.enders)


def test_a_judgement_of_relations_has_its_judge_and_cause(interrupted: rk.Graph) -> None:
    (row,) = interrupted.run("assessments", quality="strained")

    assert (ids("ada-renn"), ids("quarrel-over-sarn")) == (row.judges, row.causes)
    (improved,) = interrupted.run("assessments", quality="improved")
    assert ids("treaty-of-sarn") == improved.causes


def test_relations_that_continue_others_after_an_interruption_begin_later(
    interrupted: rk.Graph,
) -> None:
    """They need not begin when the earlier relations ended, and this is no contradiction."""
    assert not interrupted.contradictions()
    (row,) = interrupted.query(  # type: ignore[misc]
        "SELECT ?first { id:belmar-corvane-relations-since-the-resumption "
        "rkg:earliestStart ?first }"
    )
    assert "1920-01-01" == str(row.first)
    for on, certainty in (("1900-01-01", "absent"), ("1930-01-01", "possible")):
        (found,) = interrupted.run(
            "relations-on",
            named="belmar-corvane-relations-since-the-resumption",
            on=on,
            party="belmar",
        )
        assert certainty == found.certainty


@pytest.mark.slow
def test_a_recognition_depends_on_a_payment_and_its_deadline() -> None:
    graph = loaded("dependence-and-promises")
    (row,) = graph.query(  # type: ignore[misc]
        "SELECT ?duty { ?r a rkg:Recognition ; rkg:conditionalOn ?duty }"
    )
    (duty,) = graph.run("undertakings", party="ostrava-islands", kind="payment")
    (dependence,) = graph.run("dependences", kind="protectorate")

    assert row.duty == duty.undertaking
    assert CODE + "broken" in duty.fulfilled  # type: ignore[operator]
    assert ids("lindmark") == duty.beneficiaries
    assert (ids("lindmark"), ids("ostrava-islands")) == (dependence.dominant, dependence.dependent)
